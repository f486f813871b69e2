/*
 * Numbers of entries as ranges, "1-12,15": which ones a purge erased.
 */
#ifndef EDGE_JOURNAL_RANGES_H
#define EDGE_JOURNAL_RANGES_H

#include "edge_base.h"

struct edge_range {
    int64_t from, to;                   /* both included */
};

/* Ascending, apart from each other. */
struct edge_ranges {
    struct edge_range *items;
    size_t count, capacity;
};

/* A number above all those that are there. */
void edge_ranges_add(struct arena *arena, struct edge_ranges *ranges, int64_t number);
void edge_ranges_write(struct strbuf *out, const struct edge_ranges *ranges);
/* False: not such a text, or memory. */
bool edge_ranges_read(struct arena *arena, const char *text, struct edge_ranges *out);
/* What is in `ranges` and not in `taken`, in the arena. */
struct edge_ranges edge_ranges_without(struct arena *arena, const struct edge_ranges *ranges,
                                       const struct edge_ranges *taken);

#endif
