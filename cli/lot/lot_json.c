/*
 * A line of NDJSON: one object whose members are texts, numbers, true, false or null. Strict (RFC 8259), in place,
 * and without a float: a number is kept as it is written. A JSON library would make a tree of each line, at some
 * fifteen times the cost of the whole computation, and read numbers as doubles. Lists, objects and escaped texts,
 * that only some délibérations need, are checked here and left to the library that knows them.
 */
#include "lot.h"

#include <string.h>

struct reader {
    const char *at, *end;
};

static inline bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static inline void skip_space(struct reader *r)
{
    while (r->at < r->end && is_space(*r->at))
        r->at++;
}

static inline bool next_is(struct reader *r, char c)
{
    skip_space(r);
    if (r->at == r->end || *r->at != c)
        return false;
    r->at++;
    return true;
}

/* A text; *plain is false when it has escapes. */
static bool read_text(struct reader *r, struct slice *out, bool *plain)
{
    const char *start;

    *plain = true;
    if (!next_is(r, '"'))
        return false;
    for (start = r->at; r->at < r->end && *r->at != '"'; r->at++) {
        if ((unsigned char)*r->at < 0x20)
            return false;
        if (*r->at == '\\') {
            *plain = false;
            if (++r->at == r->end)
                return false;
        }
    }
    *out = (struct slice){start, (size_t)(r->at - start)};
    return next_is(r, '"');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool read_number(struct reader *r, struct slice *out)
{
    const char *start = r->at;

    if (*r->at == '-')
        r->at++;
    if (r->at == r->end || !is_digit(*r->at))
        return false;
    if (*r->at == '0' && r->at + 1 < r->end && is_digit(r->at[1]))
        return false;
    while (r->at < r->end && is_digit(*r->at))
        r->at++;
    if (r->at < r->end && *r->at == '.') {
        if (++r->at == r->end || !is_digit(*r->at))
            return false;
        while (r->at < r->end && is_digit(*r->at))
            r->at++;
    }
    *out = (struct slice){start, (size_t)(r->at - start)};
    return r->at == r->end || (*r->at != 'e' && *r->at != 'E');
}

static inline bool read_word(struct reader *r, const char *word, size_t length)
{
    if ((size_t)(r->end - r->at) < length || memcmp(r->at, word, length) != 0)
        return false;
    r->at += length;
    return true;
}

/* From the opening bracket to the closing one; texts inside are skipped whole. */
static bool skip_nested(struct reader *r)
{
    unsigned depth = 0;
    struct slice text;
    bool plain;

    do {
        if (*r->at == '"') {
            if (!read_text(r, &text, &plain))
                return false;
            continue;
        }
        depth += *r->at == '{' || *r->at == '[';
        depth -= *r->at == '}' || *r->at == ']';
        r->at++;
    } while (depth && r->at < r->end);
    return depth == 0;
}

static bool read_value(struct reader *r, struct lot_json_cell *out)
{
    const char *start;
    bool plain;

    skip_space(r);
    start = r->at;
    if (r->at == r->end)
        return false;
    if (*r->at == '"') {
        if (!read_text(r, &out->text, &plain))
            return false;
        out->kind = plain ? LOT_JSON_TEXT : LOT_JSON_OTHER;
    } else if (*r->at == '{' || *r->at == '[') {
        out->kind = LOT_JSON_OTHER;
        if (!skip_nested(r))
            return false;
    } else if (read_word(r, "null", 4)) {
        out->kind = LOT_JSON_NULL;
    } else {
        out->kind = LOT_JSON_WORD;
        if (!read_word(r, "true", 4) && !read_word(r, "false", 5))
            return read_number(r, &out->text);
    }
    if (out->kind != LOT_JSON_TEXT)
        out->text = (struct slice){start, (size_t)(r->at - start)};
    return true;
}

static const char NOT_OBJECT[] = "une ligne est un objet JSON : {\"nom\": valeur, …}";
static const char BAD_VALUE[] =
    "cette valeur n'est pas du JSON : un texte, un nombre sans exposant, true, false ou null est attendu";

static size_t find_column(struct slice name, const struct lot_column *columns, size_t count, size_t expected)
{
    for (size_t i = 0; i < count; i++) {
        size_t k = expected + i < count ? expected + i : expected + i - count;

        if (name.length == columns[k].name_length && memcmp(name.bytes, columns[k].name, name.length) == 0)
            return k;
    }
    return count;
}

const char *lot_json_read(struct slice line, const struct lot_column *columns, size_t count,
                          struct lot_json_cell *cells, const char **at)
{
    struct reader r = {line.bytes, line.bytes + line.length};
    struct slice name;
    size_t expected = 0;
    bool plain;

    memset(cells, 0, count * sizeof *cells);
    *at = r.at;
    if (!next_is(&r, '{'))
        return NOT_OBJECT;
    if (!next_is(&r, '}'))
        do {
            size_t k;

            skip_space(&r);
            *at = r.at;
            if (!read_text(&r, &name, &plain) || !next_is(&r, ':'))
                return NOT_OBJECT;
            k = find_column(name, columns, count, expected);
            if (k == count)
                return "ce nom n'est pas dans le premier objet du fichier";
            if (cells[k].kind != LOT_JSON_MISSING)
                return "ce nom est donné deux fois";
            skip_space(&r);
            *at = r.at;
            if (!read_value(&r, &cells[k]))
                return BAD_VALUE;
            expected = k + 1 < count ? k + 1 : 0;
        } while (next_is(&r, ','));
    else
        return NULL;
    *at = r.at;
    if (!next_is(&r, '}'))
        return NOT_OBJECT;
    skip_space(&r);
    *at = r.at;
    return r.at == r.end ? NULL : NOT_OBJECT;
}

const char *lot_json_names(struct arena *arena, struct slice line, const char **names, size_t limit, size_t *count,
                           const char **at)
{
    struct reader r = {line.bytes, line.bytes + line.length};
    struct lot_json_cell cell;
    struct slice name;
    bool plain;

    *count = 0;
    *at = r.at;
    if (!next_is(&r, '{'))
        return NOT_OBJECT;
    do {
        skip_space(&r);
        *at = r.at;
        if (!read_text(&r, &name, &plain) || !plain || !next_is(&r, ':'))
            return NOT_OBJECT;
        if (*count == limit)
            return "cet objet a trop de noms";
        names[(*count)++] = arena_copy_text(arena, name.bytes, name.length);
        skip_space(&r);
        *at = r.at;
        if (!read_value(&r, &cell))
            return BAD_VALUE;
    } while (next_is(&r, ','));
    *at = r.at;
    return next_is(&r, '}') ? NULL : NOT_OBJECT;
}

/* ---- Escapes ---- */

static unsigned hex4(const char *p, const char *end)
{
    unsigned value = 0;

    for (int i = 0; i < 4 && p < end; i++, p++)
        value = 16 * value + (unsigned)(is_digit(*p) ? *p - '0' : (*p | 32) - 'a' + 10) % 16;
    return value;
}

/* UTF-8, never longer than the escape that it replaces. A lone surrogate is U+FFFD. */
static char *put_utf8(char *out, unsigned c)
{
    if (c < 0x80) {
        *out++ = (char)c;
    } else if (c < 0x800) {
        *out++ = (char)(0xC0 | c >> 6);
        *out++ = (char)(0x80 | (c & 63));
    } else if (c < 0x10000) {
        c = c >= 0xD800 && c < 0xE000 ? 0xFFFD : c;
        *out++ = (char)(0xE0 | c >> 12);
        *out++ = (char)(0x80 | (c >> 6 & 63));
        *out++ = (char)(0x80 | (c & 63));
    } else {
        *out++ = (char)(0xF0 | c >> 18);
        *out++ = (char)(0x80 | (c >> 12 & 63));
        *out++ = (char)(0x80 | (c >> 6 & 63));
        *out++ = (char)(0x80 | (c & 63));
    }
    return out;
}

size_t lot_json_unescape(struct slice text, char *out)
{
    static const char FROM[] = "bfnrt", TO[] = "\b\f\n\r\t";
    const char *p = text.bytes + 1, *end = text.bytes + text.length - 1, *found;
    char *start = out;

    while (p < end) {
        if (*p != '\\') {
            *out++ = *p++;
        } else if (p[1] == 'u') {
            unsigned c = hex4(p + 2, end), low = p + 8 < end && p[6] == '\\' && p[7] == 'u' ? hex4(p + 8, end) : 0;
            bool pair = c >= 0xD800 && c < 0xDC00 && low >= 0xDC00 && low < 0xE000;

            out = put_utf8(out, pair ? 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00) : c);
            p += pair ? 12 : 6;
        } else {
            found = strchr(FROM, p[1]);
            *out++ = found && *found ? TO[found - FROM] : p[1];
            p += 2;
        }
    }
    return (size_t)(out - start);
}
