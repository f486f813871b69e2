/*
 * Data: building trees of values, reading them, masking them, writing them as JSON.
 */
#include "sable_datum.h"

#include <string.h>

struct datum *datum_new(struct arena *arena, enum datum_kind kind)
{
    struct datum *datum = arena_new(arena, struct datum);

    if (datum)
        datum->kind = kind;
    return datum;
}

struct datum *datum_boolean(struct arena *arena, bool truth)
{
    struct datum *datum = datum_new(arena, DATUM_BOOLEAN);

    if (datum)
        datum->truth = truth;
    return datum;
}

struct datum *datum_integer(struct arena *arena, long long value)
{
    struct datum *datum = datum_new(arena, DATUM_NUMBER);
    struct strbuf digits = strbuf_in(arena);

    strbuf_format(&digits, "%lld", value);
    if (datum)
        datum->text = strbuf_result(&digits);
    return datum;
}

struct datum *datum_text(struct arena *arena, struct slice text)
{
    struct datum *datum = datum_new(arena, DATUM_TEXT);

    if (datum)
        datum->text = text;
    return datum;
}

struct datum *datum_text_or_null(struct arena *arena, struct slice text)
{
    return text.length ? datum_text(arena, text) : datum_new(arena, DATUM_NULL);
}

void datum_put(struct arena *arena, struct datum *object, struct slice name, const struct datum *value)
{
    struct datum_member *member;

    if (!object || !value)
        return;
    member = arena_push(arena, &object->members);
    if (member)
        *member = (struct datum_member){ .name = name, .value = value };
}

void datum_push(struct arena *arena, struct datum *list, const struct datum *value)
{
    datum_put(arena, list, (struct slice){ "", 0 }, value);
}

const struct datum *datum_get_slice(const struct datum *datum, struct slice name)
{
    if (!datum || datum->kind != DATUM_OBJECT)
        return NULL;
    for (size_t i = 0; i < datum->members.count; i++)
        if (slice_equal(datum->members.items[i].name, name))
            return datum->members.items[i].value;
    return NULL;
}

const struct datum *datum_get(const struct datum *datum, const char *name)
{
    return datum_get_slice(datum, slice_of(name));
}

struct slice datum_scalar(const struct datum *datum)
{
    if (datum && (datum->kind == DATUM_TEXT || datum->kind == DATUM_NUMBER))
        return datum->text;
    return (struct slice){ "", 0 };
}

/* ------------------------------------------------------------------ JSON */

static void write_escaped(struct strbuf *out, unsigned char c)
{
    static const char hexadecimal[] = "0123456789abcdef";

    switch (c) {
    case '"':  strbuf_text(out, "\\\""); break;
    case '\\': strbuf_text(out, "\\\\"); break;
    case '\n': strbuf_text(out, "\\n"); break;
    case '\r': strbuf_text(out, "\\r"); break;
    case '\t': strbuf_text(out, "\\t"); break;
    default:
        if (c >= 0x20) {
            strbuf_char(out, (char)c);
        } else {
            strbuf_text(out, "\\u00");
            strbuf_char(out, hexadecimal[c >> 4]);
            strbuf_char(out, hexadecimal[c & 15]);
        }
    }
}

static void write_string(struct strbuf *out, struct slice text)
{
    strbuf_char(out, '"');
    for (size_t i = 0; i < text.length; i++)
        write_escaped(out, (unsigned char)text.bytes[i]);
    strbuf_char(out, '"');
}

static void write_members(struct strbuf *out, const struct datum *datum, bool named)
{
    for (size_t i = 0; i < datum->members.count; i++) {
        const struct datum_member *member = &datum->members.items[i];

        if (i)
            strbuf_char(out, ',');
        if (named) {
            write_string(out, member->name);
            strbuf_char(out, ':');
        }
        datum_write(out, member->value);
    }
}

void datum_write(struct strbuf *out, const struct datum *datum)
{
    if (!datum)
        return;
    switch (datum->kind) {
    case DATUM_NULL:    strbuf_text(out, "null"); break;
    case DATUM_BOOLEAN: strbuf_text(out, datum->truth ? "true" : "false"); break;
    case DATUM_NUMBER:  strbuf_slice(out, datum->text); break;
    case DATUM_TEXT:    write_string(out, datum->text); break;
    case DATUM_LIST:
        strbuf_char(out, '[');
        write_members(out, datum, false);
        strbuf_char(out, ']');
        break;
    case DATUM_OBJECT:
        strbuf_char(out, '{');
        write_members(out, datum, true);
        strbuf_char(out, '}');
        break;
    }
}

/* ------------------------------------------------------------------ masks */

enum { PATH_DEPTH = 8 };

/* The names that lead from the root to a value: what a path of the mask is compared with. */
struct place {
    struct slice names[PATH_DEPTH];
    size_t depth;
};

enum match { MATCH_NO, MATCH_INSIDE, MATCH_WHOLE };

/* Does `path` open this place, or something below it? */
static enum match path_match(const char *path, const struct place *place)
{
    for (size_t i = 0; i < place->depth; i++) {
        size_t length = strcspn(path, ".");

        if (!slice_equal((struct slice){ path, length }, place->names[i]))
            return MATCH_NO;
        path += length;
        if (*path == '\0')
            return MATCH_WHOLE;
        path++;
    }
    return MATCH_INSIDE;
}

struct mask {
    struct arena *arena;
    const char *const *paths;
    size_t count;
};

static enum match mask_match(const struct mask *mask, const struct place *place)
{
    enum match best = MATCH_NO;

    for (size_t i = 0; i < mask->count; i++) {
        enum match match = path_match(mask->paths[i], place);

        if (match > best)
            best = match;
    }
    return best;
}

static const struct datum *select_below(const struct mask *mask, const struct datum *source, struct place *place);

static const struct datum *select_member(const struct mask *mask, const struct datum_member *member,
                                         struct place *place)
{
    const struct datum *kept = NULL;
    enum match match;

    if (place->depth == PATH_DEPTH)
        return NULL;
    place->names[place->depth++] = member->name;
    match = mask_match(mask, place);
    if (match == MATCH_WHOLE)
        kept = member->value;
    else if (match == MATCH_INSIDE)
        kept = select_below(mask, member->value, place);
    place->depth--;
    return kept;
}

static const struct datum *select_below(const struct mask *mask, const struct datum *source, struct place *place)
{
    struct datum *copy;

    if (!source || (source->kind != DATUM_LIST && source->kind != DATUM_OBJECT))
        return source;
    copy = datum_new(mask->arena, source->kind);
    for (size_t i = 0; i < source->members.count; i++) {
        const struct datum_member *member = &source->members.items[i];

        datum_put(mask->arena, copy, member->name,
                  source->kind == DATUM_LIST ? select_below(mask, member->value, place)
                                             : select_member(mask, member, place));
    }
    return copy;
}

const struct datum *datum_select(struct arena *arena, const struct datum *source, const char *const *paths,
                                 size_t path_count)
{
    const struct mask mask = { arena, paths, path_count };
    struct place place = { .depth = 0 };

    return select_below(&mask, source, &place);
}

bool datum_word_is(struct slice text, const char *const *words)
{
    for (; *words; words++)
        if (slice_is(text, *words))
            return true;
    return false;
}
