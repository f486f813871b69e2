/*
 * Ranges of numbers: made, written, read, subtracted.
 */
#include "edge_journal_ranges.h"

static void edge_ranges_push(struct arena *arena, struct edge_ranges *ranges, struct edge_range range)
{
    struct edge_range *item = arena_push(arena, ranges);
    if (item)
        *item = range;
}

void edge_ranges_add(struct arena *arena, struct edge_ranges *ranges, int64_t number)
{
    if (ranges->count > 0 && ranges->items[ranges->count - 1].to == number - 1)
        ranges->items[ranges->count - 1].to = number;
    else
        edge_ranges_push(arena, ranges, (struct edge_range){ number, number });
}

void edge_ranges_write(struct strbuf *out, const struct edge_ranges *ranges)
{
    for (size_t i = 0; i < ranges->count; i++) {
        const struct edge_range *range = &ranges->items[i];
        strbuf_format(out, "%s%lld", i ? "," : "", (long long)range->from);
        if (range->to > range->from)
            strbuf_format(out, "-%lld", (long long)range->to);
    }
}

static bool edge_read_number(const char **text, int64_t *out)
{
    size_t digits = 0;
    *out = 0;
    for (; **text >= '0' && **text <= '9' && digits < 18; digits++)
        *out = 10 * *out + (*(*text)++ - '0');
    return digits > 0 && *out > 0;
}

bool edge_ranges_read(struct arena *arena, const char *text, struct edge_ranges *out)
{
    int64_t last = 0;
    *out = (struct edge_ranges){ NULL, 0, 0 };
    while (*text) {
        struct edge_range range;
        if ((out->count > 0 && *text++ != ',') || !edge_read_number(&text, &range.from))
            return false;
        range.to = range.from;
        if (*text == '-') {
            text++;
            if (!edge_read_number(&text, &range.to))
                return false;
        }
        if (range.from <= last || range.to < range.from)
            return false;
        last = range.to;
        edge_ranges_push(arena, out, range);
    }
    return !arena->exhausted;
}

struct edge_ranges edge_ranges_without(struct arena *arena, const struct edge_ranges *ranges,
                                       const struct edge_ranges *taken)
{
    struct edge_ranges left = { NULL, 0, 0 };
    size_t t = 0;
    for (size_t i = 0; i < ranges->count; i++) {
        struct edge_range range = ranges->items[i];
        while (t < taken->count && taken->items[t].to < range.from)
            t++;
        for (size_t k = t; k < taken->count && taken->items[k].from <= range.to; k++) {
            if (taken->items[k].from > range.from)
                edge_ranges_push(arena, &left, (struct edge_range){ range.from, taken->items[k].from - 1 });
            range.from = taken->items[k].to + 1;
        }
        if (range.from <= range.to)
            edge_ranges_push(arena, &left, range);
    }
    return left;
}
