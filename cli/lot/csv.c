/*
 * Reading and writing CSV: see csv.h.
 */
#include "csv.h"

#include <string.h>

/* From the opening quote to the byte after the closing one; NULL when it does not close. */
static const char *skip_quoted(const char *at, const char *end)
{
    for (at++; at < end; at += 2) {
        at = memchr(at, '"', (size_t)(end - at));
        if (!at)
            return NULL;
        if (at + 1 == end || at[1] != '"')
            return at + 1;
    }
    return NULL;
}

static const char *cell_end(const char *at, const char *end, char separator)
{
    const char *found = memchr(at, separator, (size_t)(end - at));

    return found ? found : end;
}

enum csv_fault csv_split(struct slice record, char separator, struct csv_cell *cells, size_t limit, size_t *count,
                         const char **at)
{
    const char *p = record.bytes, *end = record.bytes + record.length;

    *count = 0;
    for (;; p++) {
        struct csv_cell cell = {.quoted = p < end && *p == '"'};
        const char *stop = cell.quoted ? skip_quoted(p, end) : cell_end(p, end, separator);

        *at = p;
        if (!stop)
            return CSV_TEXT_AFTER_QUOTE;
        cell.raw = (struct slice){p, (size_t)(stop - p)};
        cell.text = cell.quoted ? (struct slice){p + 1, cell.raw.length - 2} : cell.raw;
        if (!cell.quoted && memchr(p, '"', cell.raw.length)) {
            *at = memchr(p, '"', cell.raw.length);
            return CSV_QUOTE_INSIDE;
        }
        if (stop < end && *stop != separator) {
            *at = stop;
            return CSV_TEXT_AFTER_QUOTE;
        }
        if (*count < limit)
            cells[*count] = cell;
        ++*count;
        p = stop;
        if (p >= end)
            return *count > limit ? CSV_TOO_MANY : CSV_OK;
    }
}

const char *csv_next(const char *bytes, const char *end)
{
    bool inside = false;

    for (const char *p = bytes; p < end; p++) {
        if (*p == '"')
            inside = !inside;
        else if (*p == '\n' && !inside)
            return p + 1;
    }
    return end;
}

static const char *last_line_end(const char *bytes, const char *end)
{
    while (end > bytes)
        if (*--end == '\n')
            return end + 1;
    return NULL;
}

const char *csv_last_end(const char *bytes, const char *end)
{
    const char *last = NULL, *p = bytes;

    if (!memchr(bytes, '"', (size_t)(end - bytes)))
        return last_line_end(bytes, end);
    for (bool inside = false; p < end; p++) {
        if (*p == '"')
            inside = !inside;
        else if (*p == '\n' && !inside)
            last = p + 1;
    }
    return last;
}

struct slice csv_trim(const char *bytes, const char *next)
{
    if (next > bytes && next[-1] == '\n')
        next--;
    if (next > bytes && next[-1] == '\r')
        next--;
    return (struct slice){bytes, (size_t)(next - bytes)};
}

size_t csv_unquote(const struct csv_cell *cell, char *out)
{
    size_t n = 0;

    for (size_t i = 0; i < cell->text.length; i++) {
        out[n++] = cell->text.bytes[i];
        i += cell->quoted && cell->text.bytes[i] == '"';
    }
    out[n] = '\0';
    return n;
}

char *csv_put(char *out, struct slice text, char separator)
{
    bool quoted = false;

    for (size_t i = 0; i < text.length && !quoted; i++)
        quoted = text.bytes[i] == separator || text.bytes[i] == '"' || text.bytes[i] == '\n' || text.bytes[i] == '\r';
    if (quoted)
        *out++ = '"';
    for (size_t i = 0; i < text.length; i++) {
        if (text.bytes[i] == '"')
            *out++ = '"';
        *out++ = text.bytes[i];
    }
    if (quoted)
        *out++ = '"';
    return out;
}
