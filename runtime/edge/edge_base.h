/*
 * What the files of the edge share: memory, diagnostics with a place, and trees of values being built.
 *
 * Every handle of delib_io.h owns one arena on the C library's allocator; what it hands out lives as long as it does.
 */
#ifndef EDGE_BASE_H
#define EDGE_BASE_H

#include "lang/arena.h"
#include "lang/text.h"
#include "runtime/delib_io.h"
#include "runtime/host.h"

/* ------------------------------------------------------------------ memory */

struct allocator edge_allocator(void);
/* Bytes that held a secret. */
void edge_wipe(void *bytes, size_t length);
/* The status of a pass that ended: memory first, then what the diagnostics say. */
struct edge_diagnostics;
delib_status edge_status(const struct arena *arena, const struct edge_diagnostics *diagnostics);

/* ------------------------------------------------------------------ diagnostics */

enum edge_code {
#define EDGE_CODE(name, code, title) EDGE_##name,
#include "edge_codes.def"
#undef EDGE_CODE
    EDGE_CODE_COUNT
};

struct edge_place {
    unsigned line, column;              /* from 1; 0: no place */
};

struct edge_diagnostics {
    struct arena *arena;
    const char *file;
    delib_diagnostic *items;
    size_t count, capacity;
};

/* More than this many are counted by no one: the text is not what it was taken for. */
#define EDGE_DIAGNOSTIC_LIMIT 100

void edge_diagnostics_init(struct edge_diagnostics *list, struct arena *arena, const char *file);
/* `help`: NULL or a French sentence. The message never quotes a value of the family or of the configuration. */
void edge_report(struct edge_diagnostics *list, enum edge_code code, struct edge_place place, const char *help,
                 const char *format, ...) __attribute__((format(printf, 5, 6)));
/* Something to know that is no fault. */
void edge_warn(struct edge_diagnostics *list, enum edge_code code, struct edge_place place, const char *help,
               const char *format, ...) __attribute__((format(printf, 5, 6)));
/* A diagnostic of another list, whose texts live as long. */
void edge_diagnostics_take(struct edge_diagnostics *list, const delib_diagnostic *diagnostic);
/* By place in the text. */
void edge_diagnostics_sort(struct edge_diagnostics *list);
/* A key as it may be shown: cut at 60 bytes, control characters replaced. */
const char *edge_shown(struct arena *arena, const char *text);
delib_status edge_diagnostic_get(const struct edge_diagnostics *list, size_t index, delib_diagnostic *out);

/* ------------------------------------------------------------------ JSON being written */

/* What it should have held could not be made: delib_io_json_finish() will say DELIB_NO_MEMORY, or DELIB_MISUSE. */
void edge_json_exhausted(delib_io_json *json);
void edge_json_misused(delib_io_json *json);

/* ------------------------------------------------------------------ trees of values */

#define EDGE_DEPTH_LIMIT 64
#define EDGE_BYTE_LIMIT ((size_t)64 << 20)
#define EDGE_VALUE_LIMIT ((size_t)4000000)

/* The values of one container, so that a value's place can be found again. */
struct edge_block {
    const delib_value *items;
    const struct edge_place *places, *key_places;       /* `count` each; key_places: records only */
    size_t count;
};

struct edge_tree {
    struct arena *arena;
    struct edge_diagnostics *diagnostics;
    size_t byte_limit, value_limit;
    unsigned depth_limit;
    delib_value root;
    struct edge_place root_place;
    struct { struct edge_block *items; size_t count, capacity; } blocks;    /* sorted by address once built */
};

void edge_tree_init(struct edge_tree *tree, struct arena *arena, struct edge_diagnostics *diagnostics,
                    const delib_io_limits *limits);
/* The same with the arena and the diagnostics of a text, made here. */
void edge_tree_open(struct edge_tree *tree, struct arena *arena, struct edge_diagnostics *diagnostics,
                    const char *name, const delib_io_limits *limits);
/* Each fills tree->root, or reports why not. */
void edge_read_json(struct edge_tree *tree, struct slice text);
void edge_read_yaml(struct edge_tree *tree, struct slice text);
/* What a host gave as a text: an empty one may be NULL, as an empty std::string_view or an empty buffer is. */
static inline bool edge_is_text(const char *bytes, size_t length)
{
    return bytes || length == 0;
}
/* Checks size and UTF-8, chooses the format, reads. */
void edge_read(struct edge_tree *tree, struct slice text, delib_io_format format);
struct edge_place edge_place_of(const struct edge_tree *tree, const delib_value *value);
/* Line and column of a byte of `text`. */
struct edge_place edge_place_at(struct slice text, size_t offset);
/* Place of the key number `index` of a record. */
struct edge_place edge_key_place(const struct edge_tree *tree, const delib_value *record, size_t index);

/* Builds a tree from events; a reader calls these in the order of the text. */
struct edge_level {
    delib_value_kind kind;              /* LIST or RECORD */
    struct edge_place place;
    const char *key;                    /* read, its value is not */
    struct edge_place key_place;
    struct { delib_value *items; size_t count, capacity; } values;
    struct { const char **items; size_t count, capacity; } names;
    struct { struct edge_place *items; size_t count, capacity; } places, key_places;
};

struct edge_builder {
    struct edge_tree *tree;
    struct edge_level levels[EDGE_DEPTH_LIMIT];
    unsigned depth;
    size_t value_count;
    bool failed;                        /* reported, or memory is exhausted: stop reading */
};

void edge_builder_init(struct edge_builder *builder, struct edge_tree *tree);
void edge_builder_scalar(struct edge_builder *builder, struct edge_place place, delib_value value);
void edge_builder_key(struct edge_builder *builder, struct edge_place place, const char *bytes, size_t length);
void edge_builder_open(struct edge_builder *builder, struct edge_place place, delib_value_kind kind);
void edge_builder_close(struct edge_builder *builder);
/* Sorts the blocks. */
void edge_builder_finish(struct edge_builder *builder);

/* A deep copy in `arena`, NULL texts staying NULL. */
delib_value edge_value_copy(struct arena *arena, const delib_value *value);

/*
 * Digits of a JSON number as units / 10^scale, exact. False when it has more than 15 significant digits or does not
 * fit: jansson, like most readers, would have made it a double.
 */
bool edge_number_parse(struct slice text, delib_value *out);

#endif
