/*
 * The texts that the editor holds, and places in them.
 */
#include "lsp.h"

#include <stdlib.h>
#include <string.h>

/* ---- Addresses ---- */

static int hexadecimal(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* « file:///tmp/a%20b.delib » → « /tmp/a b.delib »; another address as it stands: its modules are not found. */
static char *path_of(const char *uri)
{
    char *path = malloc(strlen(uri) + 1), *out = path;

    if (!path)
        return NULL;
    if (strncmp(uri, "file://", 7) == 0)
        uri += 7;
    for (; *uri; uri++) {
        if (*uri == '%' && hexadecimal(uri[1]) >= 0 && hexadecimal(uri[2]) >= 0) {
            *out++ = (char)(hexadecimal(uri[1]) * 16 + hexadecimal(uri[2]));
            uri += 2;
        } else {
            *out++ = *uri;
        }
    }
    *out = '\0';
    return path;
}

const char *lsp_uri(struct arena *arena, const char *path)
{
    static const char PLAIN[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
    static const char DIGITS[] = "0123456789ABCDEF";
    struct strbuf out = strbuf_in(arena);

    strbuf_text(&out, "file://");
    for (; *path; path++)
        if (strchr(PLAIN, *path))
            strbuf_char(&out, *path);
        else
            strbuf_format(&out, "%%%c%c", DIGITS[(unsigned char)*path >> 4], DIGITS[(unsigned char)*path & 15]);
    return strbuf_string(&out);
}

/* ---- The documents ---- */

struct lsp_document *lsp_find(struct lsp *lsp, const char *uri)
{
    for (struct lsp_document *d = lsp->documents; uri && d; d = d->next)
        if (strcmp(d->uri, uri) == 0)
            return d;
    return NULL;
}

static void release(struct lsp_document *d)
{
    delib_program_release(d->last);
    free(d->uri);
    free(d->path);
    free(d->text);
    free(d);
}

static struct lsp_document *add(struct lsp *lsp, const char *uri)
{
    struct lsp_document *d = calloc(1, sizeof *d);

    if (!d)
        return NULL;
    d->uri = strdup(uri);
    d->path = path_of(uri);
    if (!d->uri || !d->path) {
        release(d);
        return NULL;
    }
    d->next = lsp->documents;
    lsp->documents = d;
    return d;
}

bool lsp_store(struct lsp *lsp, const char *uri, const char *text)
{
    struct lsp_document *d = lsp_find(lsp, uri);
    char *copy = strdup(text);

    if (!d && copy)
        d = add(lsp, uri);
    if (!d || !copy) {
        free(copy);
        return false;
    }
    free(d->text);
    d->text = copy;
    d->length = strlen(copy);
    return true;
}

void lsp_forget(struct lsp *lsp, const char *uri)
{
    for (struct lsp_document **at = &lsp->documents; *at; at = &(*at)->next)
        if (strcmp((*at)->uri, uri) == 0) {
            struct lsp_document *d = *at;

            *at = d->next;
            release(d);
            return;
        }
}

void lsp_forget_all(struct lsp *lsp)
{
    while (lsp->documents)
        lsp_forget(lsp, lsp->documents->uri);
}

/* ---- Places ---- */

/* The length of the character at `at`, and how many UTF-16 code units it is: two beyond the basic plane. */
static size_t character(const char *at, const char *end, unsigned *units)
{
    size_t length = utf8_sequence(at, end);

    *units = length == 4 ? 2 : 1;
    return length ? length : 1;
}

size_t lsp_offset(const char *text, size_t length, struct lsp_place place)
{
    const char *at = text, *end = text + length;
    unsigned units, seen = 0;

    for (unsigned line = 0; line < place.line; line++) {
        const char *next = memchr(at, '\n', (size_t)(end - at));

        if (!next)
            return length;
        at = next + 1;
    }
    while (at < end && *at != '\n' && seen < place.character) {
        at += character(at, end, &units);
        seen += units;
    }
    return (size_t)(at - text);
}

struct lsp_place lsp_place(const char *text, size_t length, size_t offset)
{
    const char *at = text, *end = text + (offset < length ? offset : length);
    struct lsp_place place = { 0, 0 };
    unsigned units;

    while (at < end) {
        bool ends_line = *at == '\n';

        at += character(at, text + length, &units);
        place = ends_line ? (struct lsp_place){ place.line + 1, 0 }
                          : (struct lsp_place){ place.line, place.character + units };
    }
    return place;
}

static unsigned coordinate(const delib_value *position, const char *name)
{
    int64_t value = lsp_integer(position, name, 0);

    return value < 0 ? 0 : value > UINT32_MAX ? UINT32_MAX : (unsigned)value;
}

struct lsp_place lsp_read_place(const delib_value *position)
{
    return (struct lsp_place){ coordinate(position, "line"), coordinate(position, "character") };
}

static void write_place(struct lsp *lsp, delib_io_json *json, const char *key, struct lsp_place place)
{
    lsp->io->json_object(json, key);
    lsp->io->json_integer(json, "line", place.line);
    lsp->io->json_integer(json, "character", place.character);
    lsp->io->json_end(json);
}

void lsp_write_range(struct lsp *lsp, delib_io_json *json, const char *key, struct lsp_place from, struct lsp_place to)
{
    lsp->io->json_object(json, key);
    write_place(lsp, json, "start", from);
    write_place(lsp, json, "end", to);
    lsp->io->json_end(json);
}
