/*
 * Places in a file: lines and columns, computed only when something is shown.
 */
#include "source.h"

#include <string.h>

/* Editors do not show a byte order mark: the first line and its columns begin after it. */
static const char *source_start(const struct source *source)
{
    bool marked = source->length >= 3 && memcmp(source->bytes, "\xEF\xBB\xBF", 3) == 0;

    return source->bytes + (marked ? 3 : 0);
}

static const char *source_end(const struct source *source)
{
    return source->bytes + source->length;
}

/* From `start` to its end of line (LF or CR LF), which is left out. */
static struct slice line_from(const char *start, const char *end)
{
    const char *feed = start < end ? memchr(start, '\n', (size_t)(end - start)) : NULL;
    const char *stop = feed ? feed : end;

    if (feed && stop > start && stop[-1] == '\r')
        stop--;
    return (struct slice){ start, (size_t)(stop - start) };
}

struct position source_position(const struct source *source, uint32_t offset)
{
    const char *line = source_start(source), *end = source_end(source);
    const char *place = source->bytes + (offset < source->length ? offset : source->length);
    struct position position = { 1, 1 };
    const char *feed;

    while (line < place && (feed = memchr(line, '\n', (size_t)(place - line))) != NULL) {
        line = feed + 1;
        position.line++;
    }
    end = line + line_from(line, end).length;
    while (line < place && line < end) {
        size_t step = utf8_sequence(line, end);

        line += step ? step : 1;
        if (line <= place)
            position.column++;
    }
    return position;
}

struct slice source_line(const struct source *source, unsigned line)
{
    const char *start = source_start(source), *end = source_end(source);

    while (--line > 0) {
        const char *feed = start < end ? memchr(start, '\n', (size_t)(end - start)) : NULL;

        if (!feed)
            return (struct slice){ end, 0 };
        start = feed + 1;
    }
    return line_from(start, end);
}

struct slice source_slice(const struct source *source, struct span span)
{
    uint32_t end = span.end < source->length ? span.end : source->length;
    uint32_t start = span.start < end ? span.start : end;

    return (struct slice){ source->bytes + start, end - start };
}

struct span span_join(struct span first, struct span last)
{
    if (first.file != last.file)
        return first;
    return (struct span){
        .start = first.start < last.start ? first.start : last.start,
        .end = first.end > last.end ? first.end : last.end,
        .file = first.file,
    };
}
