/*
 * The lines of a journal: a buffer that grows to the longest line, and no further than an entry may be.
 */
#include "edge_journal_lines.h"
#include "edge_journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int edge_lines_open(struct edge_lines *lines, const char *path)
{
    struct stat about;
    lines->file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (lines->file < 0 || fstat(lines->file, &about) != 0)
        return errno;
    if (!S_ISREG(about.st_mode))
        return S_ISDIR(about.st_mode) ? EISDIR : EINVAL;
    lines->left = about.st_size;
    return 0;
}

void edge_lines_close(struct edge_lines *lines)
{
    if (lines->file >= 0)
        close(lines->file);
    free(lines->bytes);
}

/* More of the file behind what is there. */
static int edge_lines_fill(struct edge_lines *lines)
{
    size_t want;
    ssize_t got;
    if (lines->start > 0) {
        /* What starts beyond 0 was read. NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker) */
        memmove(lines->bytes, lines->bytes + lines->start, lines->length);
        lines->start = 0;
    }
    if (lines->length == lines->capacity) {
        const size_t capacity = lines->capacity ? 2 * lines->capacity : 1 << 16;
        char *grown = realloc(lines->bytes, capacity);
        if (!grown)
            return ENOMEM;
        lines->bytes = grown;
        lines->capacity = capacity;
    }
    want = lines->capacity - lines->length;
    if ((off_t)want > lines->left)
        want = (size_t)lines->left;
    do
        got = read(lines->file, lines->bytes + lines->length, want);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return errno;
    lines->left = got == 0 ? 0 : lines->left - got;     /* cut by someone since it was opened */
    lines->length += (size_t)got;
    return 0;
}

static void edge_lines_drop(struct edge_lines *lines, size_t count)
{
    lines->start += count;
    lines->length -= count;
}

/* Up to the end of a line that nobody wrote so long. */
static int edge_lines_skip(struct edge_lines *lines)
{
    for (;;) {
        /* A line too long was read. NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker) */
        const char *from = lines->bytes + lines->start, *end = memchr(from, '\n', lines->length);
        int error;
        edge_lines_drop(lines, end ? (size_t)(end - from) + 1 : lines->length);
        if (end || lines->left == 0)
            return 0;
        error = edge_lines_fill(lines);
        if (error)
            return error;
    }
}

int edge_lines_next(struct edge_lines *lines, enum edge_line_kind *kind, struct slice *out)
{
    size_t seen = 0;                    /* bytes of the line where its end is not */
    edge_lines_drop(lines, lines->used);
    lines->used = 0;
    *out = (struct slice){ NULL, 0 };
    for (;;) {
        const char *from = lines->length ? lines->bytes + lines->start : NULL;
        const char *end = from ? memchr(from + seen, '\n', lines->length - seen) : NULL;
        int error;
        if (end && (size_t)(end - from) <= EDGE_JOURNAL_LINE_LIMIT) {
            *kind = EDGE_LINES_LINE;
            *out = (struct slice){ from, (size_t)(end - from) };
            lines->used = out->length + 1;
            return 0;
        }
        if (lines->length > EDGE_JOURNAL_LINE_LIMIT) {
            *kind = EDGE_LINES_LONG;
            return edge_lines_skip(lines);
        }
        if (lines->left == 0) {
            *kind = lines->length ? EDGE_LINES_CUT : EDGE_LINES_END;
            *out = (struct slice){ from, lines->length };
            lines->used = lines->length;
            return 0;
        }
        seen = lines->length;
        error = edge_lines_fill(lines);
        if (error)
            return error;
    }
}
