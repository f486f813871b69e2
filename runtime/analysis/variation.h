/*
 * How an amount varies along one axis: two families that differ by that datum only are in two regions of a partition
 * (or in the same one), so pairs of regions say all there is to say. Exact on the grid of every axis: a pair whose
 * bounds do not settle it is cut in halves, down to single families.
 */
#ifndef ANALYSIS_VARIATION_H
#define ANALYSIS_VARIATION_H

#include "regions.h"

/* A region that is kept: the amount there, and how the tariff came to it. */
struct variation_part {
    struct box box;
    const struct formula *formula;
    struct number lo, hi;              /* bounds of the amount on the box */
    const struct region_mark *path;
    size_t path_count;
};

struct variation_parts {
    struct variation_part *items;
    size_t count, capacity;
};

/* Keeps a copy of a region whose outcome is an amount. False when a number did not fit. */
bool variation_keep(struct arena *arena, struct formula_pool *pool, const struct box *box,
                    const struct region_outcome *outcome, struct variation_parts *parts);

/* Two families that differ along the axis only. */
struct variation_pair {
    const struct variation_part *low, *high;
    const struct box *family;          /* the first one; answers that change nothing may stay whole. Borrowed */
    int64_t from, to;                  /* the axis: from < to */
    struct number before, after;       /* the amounts */
    struct number excess;              /* after - before when rising, before - after when falling */
};

enum variation_answer { VARIATION_GO_ON, VARIATION_STOP };

struct variation {
    struct arena *arena;
    const struct axes *axes;
    struct formula_pool *pool;
    struct region_budget *budget;
    size_t axis;
    bool rising;                       /* looked for: the amount rises (else: falls) when the datum rises … */
    struct number limit;               /* … by more than this, not negative; the visitor may raise it */
    int64_t distance;                  /* between two families at most this many points of the grid; 0: any */
    bool undecided;                    /* set when some pair was not settled */
};

/* Called for a pair that goes beyond the limit, at most once per pair of parts unless it raises the limit. */
typedef enum variation_answer (*variation_visitor)(void *context, struct variation *v,
                                                   const struct variation_pair *pair);

/* Inside arena_guard(). */
void variation_search(struct variation *v, const struct variation_parts *parts, variation_visitor visit, void *context);

#endif
