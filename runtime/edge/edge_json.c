/*
 * JSON by jansson: the only file that includes jansson.h. Reading gives a tree of values; writing serves `--json`.
 *
 * jansson reads numbers as doubles and forgets places, so numbers and places come from the lexical pass
 * (edge_scan.c), which sees the same values in the same order.
 */
#include "edge_scan.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------ reading */

struct edge_json_reader {
    struct edge_builder builder;
    struct slice text;
    struct edge_marks marks;
    size_t next;                /* mark of the next key or value */
};

static const struct {
    enum json_error_code code;
    const char *message;
} edge_json_problems[] = {
    { json_error_premature_end_of_input, "le texte s'arrête avant la fin : JSON tronqué" },
    { json_error_end_of_input_expected,  "il y a du texte après la fin du JSON" },
    { json_error_invalid_utf8,           "texte qui n'est pas en UTF-8" },
    { json_error_null_character,         "le caractère U+0000 n'est pas accepté" },
    { json_error_null_byte_in_key,       "le caractère U+0000 n'est pas accepté" },
    { json_error_duplicate_key,          "une clé est donnée deux fois dans le même objet" },
    { json_error_numeric_overflow,       "nombre trop grand" },
    { json_error_stack_overflow,         "trop de niveaux imbriqués" },
};

static const char *edge_json_problem(enum json_error_code code)
{
    for (size_t i = 0; i < sizeof(edge_json_problems) / sizeof(*edge_json_problems); i++) {
        if (edge_json_problems[i].code == code)
            return edge_json_problems[i].message;
    }
    return "JSON mal formé : virgule, guillemet ou accolade attendus par ici";
}

/* jansson tells where the wrong token ends; a key that is given twice is shown where it starts. */
static struct edge_place edge_json_place(const struct edge_json_reader *reader, const json_error_t *error)
{
    struct edge_place place = { error->line > 0 ? (unsigned)error->line : 1,
                                error->column > 0 ? (unsigned)error->column : 1 };
    if (json_error_code(error) != json_error_duplicate_key)
        return place;
    for (size_t i = 0; i < reader->marks.count; i++) {
        const struct edge_mark *mark = &reader->marks.items[i];
        if (mark->is_key && (long long)mark->offset < (long long)error->position)
            place = mark->place;
    }
    return place;
}

static enum edge_code edge_json_diagnostic(enum json_error_code code)
{
    if (code == json_error_duplicate_key)
        return EDGE_TEXT_DUPLICATE;
    return code == json_error_premature_end_of_input ? EDGE_JSON_TRUNCATED : EDGE_JSON_SYNTAX;
}

/* « fal » at the end of the text is a false that was cut, which jansson calls an invalid token. */
static enum json_error_code edge_json_code(const struct edge_json_reader *reader, const json_error_t *error)
{
    const enum json_error_code code = json_error_code(error);
    if (code == json_error_invalid_syntax && reader->marks.count > 0 && error->position >= 0
        && (size_t)error->position >= reader->text.length)
        return json_error_premature_end_of_input;
    return code;
}

static void edge_json_refuse(struct edge_json_reader *reader, const json_error_t *error)
{
    struct edge_tree *tree = reader->builder.tree;
    const enum json_error_code code = edge_json_code(reader, error);
    if (code == json_error_out_of_memory || code == json_error_unknown) {
        tree->arena->exhausted = true;
        return;
    }
    edge_report(tree->diagnostics, edge_json_diagnostic(code), edge_json_place(reader, error), NULL, "%s",
                edge_json_problem(code));
}

static const struct edge_mark *edge_json_mark(struct edge_json_reader *reader)
{
    static const struct edge_mark none = { { 0, 0 }, 0, 0, false };
    return reader->next < reader->marks.count ? &reader->marks.items[reader->next++] : &none;
}

/* The text of a string, from the source. NULL: memory, or both readings disagree for want of it. */
static const char *edge_json_text(struct edge_json_reader *reader, const struct edge_mark *mark)
{
    const char *text = NULL;
    if (mark->length >= 2)
        text = edge_scan_text(reader->builder.tree->arena,
                              (struct slice){ reader->text.bytes + mark->offset, mark->length });
    if (!text) {
        reader->builder.tree->arena->exhausted = true;
        reader->builder.failed = true;
    }
    return text;
}

static void edge_json_value(struct edge_json_reader *reader, const json_t *json);

static void edge_json_object(struct edge_json_reader *reader, const json_t *json)
{
    /* jansson iterates in the order of insertion; the iterators take a non-const object, unchanged. */
    json_t *object = (json_t *)(uintptr_t)json;
    for (void *at = json_object_iter(object); at && !reader->builder.failed; at = json_object_iter_next(object, at)) {
        const struct edge_mark *mark = edge_json_mark(reader);
        const char *key = edge_json_text(reader, mark);
        if (key)
            edge_builder_key(&reader->builder, mark->place, key, strlen(key));
        edge_json_value(reader, json_object_iter_value(at));
    }
}

static void edge_json_value(struct edge_json_reader *reader, const json_t *json)
{
    const struct edge_mark *mark = edge_json_mark(reader);
    struct edge_builder *builder = &reader->builder;
    delib_value value = { .kind = DELIB_VALUE_ABSENT };
    switch (json_typeof(json)) {
    case JSON_OBJECT:
        edge_builder_open(builder, mark->place, DELIB_VALUE_RECORD);
        edge_json_object(reader, json);
        edge_builder_close(builder);
        return;
    case JSON_ARRAY:
        edge_builder_open(builder, mark->place, DELIB_VALUE_LIST);
        for (size_t i = 0; i < json_array_size(json) && !builder->failed; i++)
            edge_json_value(reader, json_array_get(json, i));
        edge_builder_close(builder);
        return;
    case JSON_STRING:
        value = (delib_value){ .kind = DELIB_VALUE_TEXT, .text = edge_json_text(reader, mark) };
        break;
    case JSON_INTEGER:
    case JSON_REAL:     /* the digits, not the double */
        if (!edge_number_parse((struct slice){ reader->text.bytes + mark->offset, mark->length }, &value))
            builder->failed = true;
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        value = (delib_value){ .kind = DELIB_VALUE_BOOLEAN, .boolean = json_is_true(json) };
        break;
    case JSON_NULL:
        break;
    }
    edge_builder_scalar(builder, mark->place, value);
}

static bool edge_is_blank(struct slice text)
{
    for (size_t i = 0; i < text.length; i++) {
        if (!strchr(" \t\r\n", text.bytes[i]) || text.bytes[i] == '\0')
            return false;
    }
    return true;
}

void edge_read_json(struct edge_tree *tree, struct slice text)
{
    struct edge_json_reader reader = { .text = text };
    const char *zero = text.length > 0 ? memchr(text.bytes, '\0', text.length) : NULL;
    json_error_t error;
    json_t *json;
    if (edge_is_blank(text)) {
        edge_report(tree->diagnostics, EDGE_TEXT_EMPTY, (struct edge_place){ 1, 1 }, NULL, "le texte est vide");
        return;
    }
    if (zero) {         /* jansson takes it for a space */
        edge_report(tree->diagnostics, EDGE_JSON_SYNTAX, edge_place_at(text, (size_t)(zero - text.bytes)), NULL,
                    "le caractère U+0000 n'est pas accepté");
        return;
    }
    edge_builder_init(&reader.builder, tree);
    if (!edge_scan_json(tree, text, &reader.marks))
        return;
    json = json_loadb(text.bytes, text.length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (!json) {
        edge_json_refuse(&reader, &error);
        return;
    }
    edge_json_value(&reader, json);
    edge_builder_finish(&reader.builder);
    json_decref(json);
}

/* ------------------------------------------------------------------ writing */

#define EDGE_WRITER_DEPTH 64

struct delib_io_json {
    json_t *root;                           /* owned */
    json_t *open[EDGE_WRITER_DEPTH];        /* borrowed from the root */
    unsigned depth;
    delib_status status;                    /* the first thing that went wrong */
    char *text;                             /* owned: what finish() gave */
    size_t length, capacity;
    bool lost;                              /* jansson was told that memory ran out, whether it minds or not */
};

delib_status delib_io_json_new(delib_io_json **out)
{
    if (!out)
        return DELIB_MISUSE;
    *out = calloc(1, sizeof(**out));
    return *out ? DELIB_OK : DELIB_NO_MEMORY;
}

void delib_io_json_free(delib_io_json *json)
{
    if (!json)
        return;
    json_decref(json->root);
    free(json->text);
    free(json);
}

static void edge_writer_fail(delib_io_json *json, delib_status status)
{
    if (json && json->status == DELIB_OK)
        json->status = status;
}

void edge_json_exhausted(delib_io_json *json)
{
    edge_writer_fail(json, DELIB_NO_MEMORY);
}

void edge_json_misused(delib_io_json *json)
{
    edge_writer_fail(json, DELIB_MISUSE);
}

/* Puts a new value (transferred, NULL when it could not be made) where the next one goes. */
static void edge_writer_put(delib_io_json *json, const char *key, json_t *value)
{
    json_t *parent;
    int refused = 0;
    if (!value) {
        edge_writer_fail(json, DELIB_NO_MEMORY);
        return;
    }
    if (!json || json->status != DELIB_OK) {
        json_decref(value);
        return;
    }
    parent = json->depth > 0 ? json->open[json->depth - 1] : NULL;
    if (!parent && !json->root && !key) {
        json->root = value;
    } else if (json_is_array(parent) && !key) {
        refused = json_array_append_new(parent, value);
    } else if (json_is_object(parent) && key) {
        if (utf8_validate(key, strlen(key)) < strlen(key))
            edge_writer_fail(json, DELIB_INVALID);
        refused = json_object_set_new(parent, key, value);
    } else {
        json_decref(value);
        edge_writer_fail(json, DELIB_MISUSE);
    }
    if (refused)
        edge_writer_fail(json, DELIB_NO_MEMORY);
}

static void edge_writer_open(delib_io_json *json, const char *key, json_t *container)
{
    edge_writer_put(json, key, container);
    if (!json || json->status != DELIB_OK)
        return;
    if (json->depth == EDGE_WRITER_DEPTH)
        edge_writer_fail(json, DELIB_LIMIT);
    else
        json->open[json->depth++] = container;
}

void delib_io_json_object(delib_io_json *json, const char *key)
{
    edge_writer_open(json, key, json_object());
}

void delib_io_json_list(delib_io_json *json, const char *key)
{
    edge_writer_open(json, key, json_array());
}

void delib_io_json_end(delib_io_json *json)
{
    if (json && json->depth > 0)
        json->depth--;
    else
        edge_writer_fail(json, DELIB_MISUSE);
}

void delib_io_json_text(delib_io_json *json, const char *key, const char *text)
{
    if (!text) {
        delib_io_json_null(json, key);
        return;
    }
    if (utf8_validate(text, strlen(text)) < strlen(text)) {
        edge_writer_fail(json, DELIB_INVALID);
        return;
    }
    edge_writer_put(json, key, json_string(text));
}

void delib_io_json_integer(delib_io_json *json, const char *key, int64_t value)
{
    edge_writer_put(json, key, json_integer((json_int_t)value));
}

void delib_io_json_boolean(delib_io_json *json, const char *key, int value)
{
    edge_writer_put(json, key, json_boolean(value != 0));
}

void delib_io_json_null(delib_io_json *json, const char *key)
{
    edge_writer_put(json, key, json_null());
}

/* units / 10^scale, written backwards from the end of `buffer`, which is large enough for scale ≤ 18. */
static const char *edge_decimal_text(char buffer[24], int64_t units, unsigned scale)
{
    uint64_t magnitude = units < 0 ? (uint64_t)0 - (uint64_t)units : (uint64_t)units;
    char *at = buffer + 23;
    unsigned written = 0;
    *at = '\0';
    while (magnitude > 0 || written <= scale) {
        if (written == scale && scale > 0)
            *--at = '.';
        *--at = (char)('0' + magnitude % 10);
        magnitude /= 10;
        written++;
    }
    if (units < 0)
        *--at = '-';
    return at;
}

void delib_io_json_decimal(delib_io_json *json, const char *key, int64_t units, unsigned scale)
{
    char buffer[24];
    if (scale > 18) {
        edge_writer_fail(json, DELIB_MISUSE);
        return;
    }
    delib_io_json_text(json, key, edge_decimal_text(buffer, units, scale));
}

static void edge_writer_value(delib_io_json *json, const char *key, const delib_value *value);

static void edge_writer_children(delib_io_json *json, const delib_value *value)
{
    if (json->status != DELIB_OK)
        return;
    for (size_t i = 0; i < value->count; i++)
        edge_writer_value(json, value->kind == DELIB_VALUE_RECORD ? value->names[i] : NULL, &value->items[i]);
    delib_io_json_end(json);
}

static void edge_writer_value(delib_io_json *json, const char *key, const delib_value *value)
{
    switch (value->kind) {
    case DELIB_VALUE_ABSENT:
    case DELIB_VALUE_NOT_GRANTED:
        delib_io_json_null(json, key);
        return;
    case DELIB_VALUE_BOOLEAN:
        delib_io_json_boolean(json, key, value->boolean);
        return;
    case DELIB_VALUE_NUMBER:
        if (value->scale == 0)
            delib_io_json_integer(json, key, value->units);
        else
            delib_io_json_decimal(json, key, value->units, value->scale);
        return;
    case DELIB_VALUE_TEXT:
        delib_io_json_text(json, key, value->text);
        return;
    case DELIB_VALUE_LIST:
        delib_io_json_list(json, key);
        edge_writer_children(json, value);
        return;
    case DELIB_VALUE_RECORD:
        delib_io_json_object(json, key);
        edge_writer_children(json, value);
        return;
    }
}

void delib_io_json_value(delib_io_json *json, const char *key, const delib_value *value)
{
    if (!json || !value || !value_is_sound(value, EDGE_WRITER_DEPTH))
        edge_writer_fail(json, DELIB_MISUSE);
    else
        edge_writer_value(json, key, value);
}

/* jansson's own growing text loses what does not fit without a word; this one remembers. */
static int edge_writer_collect(const char *bytes, size_t count, void *context)
{
    delib_io_json *json = context;
    if (json->lost || json->capacity - json->length <= count) {
        const size_t capacity = 2 * json->capacity + count + 1;
        char *grown = json->lost ? NULL : realloc(json->text, capacity);
        json->lost = json->lost || !grown;
        if (json->lost)
            return -1;
        json->text = grown;
        json->capacity = capacity;
    }
    memcpy(json->text + json->length, bytes, count);
    json->length += count;
    json->text[json->length] = '\0';
    return 0;
}

delib_status delib_io_json_finish(delib_io_json *json, int pretty, const char **text, size_t *length)
{
    const size_t flags = JSON_ENCODE_ANY | (pretty ? JSON_INDENT(2) : JSON_COMPACT);
    if (!text)
        return DELIB_MISUSE;
    *text = NULL;
    if (length)
        *length = 0;
    if (!json)
        return DELIB_MISUSE;
    if (json->status != DELIB_OK)
        return json->status;
    if (json->depth > 0 || !json->root)
        return DELIB_MISUSE;
    json->length = 0;
    json->lost = false;
    if (json_dump_callback(json->root, edge_writer_collect, json, flags) != 0 || json->lost)
        return DELIB_NO_MEMORY;
    *text = json->text;
    if (length)
        *length = json->length;
    return DELIB_OK;
}
