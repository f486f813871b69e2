/*
 * Data: the tree of values that fixtures hold and answers send. A number keeps the digits it was written with, so
 * that nothing passes through a binary floating point between the YAML of a family and the JSON of its answer.
 *
 * Trees live in an arena; a tree of a fixture is immutable and may be shared by the answers of all threads. Functions
 * that build accept NULL (memory has run out) and return NULL: the caller looks at the arena once, at the end.
 */
#ifndef SABLE_DATUM_H
#define SABLE_DATUM_H

#include "lang/text.h"

enum datum_kind { DATUM_NULL, DATUM_BOOLEAN, DATUM_NUMBER, DATUM_TEXT, DATUM_LIST, DATUM_OBJECT };

struct datum_member {
    struct slice name;                   /* empty in a list */
    const struct datum *value;
};

struct datum {
    enum datum_kind kind;
    unsigned line;                       /* in the fixture file; 0 in what is built for an answer */
    bool truth;                          /* DATUM_BOOLEAN */
    struct slice text;                   /* DATUM_TEXT; DATUM_NUMBER: its digits */
    struct {                             /* DATUM_LIST, DATUM_OBJECT: in the order written */
        struct datum_member *items;
        size_t count, capacity;
    } members;
};

struct datum *datum_new(struct arena *arena, enum datum_kind kind);
struct datum *datum_boolean(struct arena *arena, bool truth);
struct datum *datum_integer(struct arena *arena, long long value);
struct datum *datum_text(struct arena *arena, struct slice text);                 /* the text is borrowed */
struct datum *datum_text_or_null(struct arena *arena, struct slice text);         /* empty: null */
/* `name` is borrowed; a name put twice is written twice, which is what the fault « doublons » wants. */
void datum_put(struct arena *arena, struct datum *object, struct slice name, const struct datum *value);
void datum_push(struct arena *arena, struct datum *list, const struct datum *value);

/* NULL when `datum` is NULL, is no object or has no such key. */
const struct datum *datum_get(const struct datum *datum, const char *name);
const struct datum *datum_get_slice(const struct datum *datum, struct slice name);
/* The text of a text or number; an empty slice otherwise (NULL included). */
struct slice datum_scalar(const struct datum *datum);

/* Compact JSON. */
void datum_write(struct strbuf *out, const struct datum *datum);

/*
 * The part of `source` below `paths` ("identite", "statut_actuel.organisme_accueil"); lists are crossed silently.
 * What no path names is left out. The rest is shared with `source`.
 */
const struct datum *datum_select(struct arena *arena, const struct datum *source, const char *const *paths,
                                 size_t path_count);

/* Is the text one of these words? They end with NULL. */
bool datum_word_is(struct slice text, const char *const *words);

#endif
