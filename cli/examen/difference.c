/*
 * Unified differences: the shortest script between two lists of lines (Myers, 1986), cut into hunks. Texts that differ
 * by more than SCRIPT_LIMIT lines are shown as replaced whole between what they begin and end with alike.
 */
#include "difference.h"

#include <string.h>

enum { SCRIPT_LIMIT = 400, CONTEXT = 3 };

struct lines {
    struct slice *items;
    size_t count, capacity;
};

/* One line of the script: ' ' kept, '-' removed, '+' added. */
struct change {
    char kind;
    struct slice line;
};

struct script {
    struct arena *arena;
    struct change *items;
    size_t count, capacity;
};

/* Each line with its end; the last one may have none. */
static struct lines cut(struct arena *arena, struct slice text)
{
    struct lines lines = { 0 };

    while (text.length > 0) {
        const char *end = memchr(text.bytes, '\n', text.length);
        size_t length = end ? (size_t)(end - text.bytes) + 1 : text.length;
        struct slice *line = arena_push(arena, &lines);

        *line = (struct slice){ text.bytes, length };
        text.bytes += length;
        text.length -= length;
    }
    return lines;
}

static void add(struct script *script, char kind, struct slice line)
{
    struct change *change = arena_push(script->arena, script);

    *change = (struct change){ kind, line };
}

/* ---- The shortest script ---- */

/* reach[d][k + d]: how far in `a` the best path of d changes on diagonal k goes; k has the parity of d. */
struct search {
    const struct slice *a, *b;
    ptrdiff_t n, m;
    ptrdiff_t **reach;
};

static ptrdiff_t reached(const struct search *search, ptrdiff_t d, ptrdiff_t k)
{
    return k < -d || k > d ? -1 : search->reach[d][k + d];
}

/* From the paths of d − 1 changes: one line removed, or one added, then every line that is kept. */
static ptrdiff_t step(const struct search *search, ptrdiff_t d, ptrdiff_t k)
{
    ptrdiff_t removed = reached(search, d - 1, k - 1) + 1, added = reached(search, d - 1, k + 1);
    ptrdiff_t x = d == 0 ? 0 : k == -d || (k != d && removed <= added) ? added : removed;

    while (x < search->n && x - k < search->m && slice_equal(search->a[x], search->b[x - k]))
        x++;
    return x;
}

/* The number of changes, -1 when there are too many. */
static ptrdiff_t find_path(struct arena *arena, struct search *search)
{
    search->reach = arena_array(arena, ptrdiff_t *, SCRIPT_LIMIT + 1);
    for (ptrdiff_t d = 0; search->reach && d <= SCRIPT_LIMIT; d++) {
        search->reach[d] = arena_array(arena, ptrdiff_t, (size_t)(2 * d + 1));
        if (!search->reach[d])
            return -1;
        for (ptrdiff_t k = -d; k <= d; k += 2) {
            ptrdiff_t x = step(search, d, k);

            search->reach[d][k + d] = x;
            if (x >= search->n && x - k >= search->m)
                return d;
        }
    }
    return -1;
}

/* Walks the path back from its end; the script comes out reversed. */
static void walk_back(const struct search *search, ptrdiff_t changes, struct script *reversed)
{
    ptrdiff_t x = search->n, y = search->m;

    for (ptrdiff_t d = changes; d > 0; d--) {
        ptrdiff_t k = x - y;
        bool added = k == -d || (k != d && reached(search, d - 1, k - 1) + 1 <= reached(search, d - 1, k + 1));
        ptrdiff_t from = added ? reached(search, d - 1, k + 1) : reached(search, d - 1, k - 1);
        ptrdiff_t start = added ? from : from + 1;

        while (x > start)
            add(reversed, ' ', search->a[--x]), y--;
        if (added)
            add(reversed, '+', search->b[--y]);
        else
            add(reversed, '-', search->a[--x]);
    }
    while (x > 0)
        add(reversed, ' ', search->a[--x]), y--;
}

static void compare(struct script *script, const struct slice *a, size_t n, const struct slice *b, size_t m)
{
    struct search search = { a, b, (ptrdiff_t)n, (ptrdiff_t)m, NULL };
    struct script reversed = { .arena = script->arena };
    ptrdiff_t changes = find_path(script->arena, &search);

    for (size_t i = 0; changes < 0 && i < n; i++)
        add(script, '-', a[i]);
    for (size_t i = 0; changes < 0 && i < m; i++)
        add(script, '+', b[i]);
    if (changes >= 0)
        walk_back(&search, changes, &reversed);
    for (size_t i = reversed.count; i-- > 0;)
        add(script, reversed.items[i].kind, reversed.items[i].line);
}

/* ---- Hunks ---- */

static void write_line(struct strbuf *out, const struct change *change)
{
    strbuf_char(out, change->kind);
    strbuf_slice(out, change->line);
    if (change->line.bytes[change->line.length - 1] != '\n')
        strbuf_text(out, "\n\\ pas de fin de ligne à la fin du fichier\n");
}

/* « 3,7 »: the first line and how many; an empty range is named by the line before it. */
static void write_range(struct strbuf *out, size_t start, size_t count)
{
    strbuf_format(out, count == 1 ? "%zu" : "%zu,%zu", count ? start + 1 : start, count);
}

/* Changes nearer than two contexts are told together. */
static size_t hunk_end(const struct script *script, size_t from)
{
    size_t end = from;

    for (size_t i = from; i < script->count && i <= end + (size_t)2 * CONTEXT; i++)
        if (script->items[i].kind != ' ')
            end = i;
    return end + 1 + CONTEXT < script->count ? end + 1 + CONTEXT : script->count;
}

static void write_hunk(struct strbuf *out, const struct script *script, size_t from, size_t to, size_t a, size_t b)
{
    size_t removed = 0, added = 0;

    for (size_t i = from; i < to; i++) {
        removed += script->items[i].kind != '+';
        added += script->items[i].kind != '-';
    }
    strbuf_text(out, "@@ -");
    write_range(out, a, removed);
    strbuf_text(out, " +");
    write_range(out, b, added);
    strbuf_text(out, " @@\n");
    for (size_t i = from; i < to; i++)
        write_line(out, &script->items[i]);
}

static void write_hunks(struct strbuf *out, const struct script *script)
{
    size_t a = 0, b = 0;

    for (size_t i = 0; i < script->count;) {
        size_t next = i, end;

        while (next < script->count && script->items[next].kind == ' ')
            next++;
        if (next == script->count)
            return;
        end = hunk_end(script, next);
        for (; i + CONTEXT < next; i++, a++, b++)
            ;
        write_hunk(out, script, i, end, a, b);
        for (; i < end; i++) {
            a += script->items[i].kind != '+';
            b += script->items[i].kind != '-';
        }
    }
}

struct slice difference_unified(struct arena *arena, const char *name, struct slice before, struct slice after)
{
    struct lines a = cut(arena, before), b = cut(arena, after);
    struct script script = { .arena = arena };
    struct strbuf out = strbuf_in(arena);
    size_t head = 0, tail = 0;

    if (slice_equal(before, after))
        return SLICE("");
    while (head < a.count && head < b.count && slice_equal(a.items[head], b.items[head]))
        add(&script, ' ', a.items[head++]);
    while (tail < a.count - head && tail < b.count - head &&
           slice_equal(a.items[a.count - 1 - tail], b.items[b.count - 1 - tail]))
        tail++;
    compare(&script, a.items + head, a.count - head - tail, b.items + head, b.count - head - tail);
    for (size_t i = a.count - tail; i < a.count; i++)
        add(&script, ' ', a.items[i]);
    strbuf_format(&out, "--- %s\n+++ %s\n", name, name);
    write_hunks(&out, &script);
    return strbuf_result(&out);
}

/* ---- For people ---- */

static enum style style_of(char first)
{
    return first == '+' ? STYLE_GOOD : first == '-' ? STYLE_BAD : first == '@' ? STYLE_DIM : STYLE_PLAIN;
}

void difference_print(struct terminal *terminal, struct slice difference)
{
    while (difference.length > 0) {
        const char *end = memchr(difference.bytes, '\n', difference.length);
        size_t length = end ? (size_t)(end - difference.bytes) : difference.length;

        terminal_print(terminal, style_of(difference.bytes[0]), "%.*s", (int)length, difference.bytes);
        terminal_print(terminal, STYLE_PLAIN, "\n");
        difference.bytes += length + (end != NULL);
        difference.length -= length + (end != NULL);
    }
}
