/*
 * Where a decision changes. A decision compares a formula with a ladder of thresholds; on a box it is settled, or the
 * box is to be cut along one axis: exactly where the decision changes when a single axis varies, otherwise in halves.
 */
#ifndef ANALYSIS_CUTS_H
#define ANALYSIS_CUTS_H

#include "conditions.h"
#include "regions.h"

/* Beyond it: above `value`, or on it when it is not `included` below. */
struct threshold {
    struct number value;
    bool included;
};

/*
 * Ascending thresholds cut the numbers into count + 1 steps, numbered from 0. Steps of one key lead to the same
 * place; NULL: each is a place of its own.
 */
struct ladder {
    size_t count;
    struct threshold (*at)(const void *context, size_t i);
    int (*key)(const void *context, size_t step);
    const void *context;
};

/* What a box is to be cut into: along an axis, or by a quantity that follows from several. */
struct cut {
    size_t axis;
    bool states;                       /* into known, absent, failed; otherwise into ranges that begin at `items` */
    int64_t *items;                    /* ascending, within the range but for its first value */
    size_t count, capacity;
    struct conditions parts;           /* not empty: into the families of each, about one core */
};

/* Why something is not known, in French. */
extern const char WHY_NUMBER[], WHY_BUDGET[];

enum settling {
    SETTLED,
    TO_CUT,                            /* the cut is in `cut` */
    NOBODY,                            /* no family of the box meets the conditions */
    NOT_KNOWN                          /* `why` says it */
};

struct cutter {
    struct arena *arena;
    const struct axes *axes;
    struct formula_pool *pool;
    struct region_budget *budget;
    uint64_t counted;                  /* work of the pool that the budget has paid */
    const struct box *box;
    const struct conditions *conditions;       /* that the families of the box meet; NULL: boxes alone are cut */
    struct box probe;                  /* a point, for bisections */
    struct cut cut;
    const char *why;                   /* French */
};

/* One step of work, and what the pool did since: false, with the reason, once the budget is spent. */
bool cutter_spend(struct cutter *c);
/* On which step of the ladder the whole box is. */
enum settling cutter_settle(struct cutter *c, const struct formula *f, const struct ladder *ladder, size_t *step);
/* Is f beyond the threshold? */
enum settling cutter_beyond(struct cutter *c, const struct formula *f, struct threshold threshold, bool *out);
/* Cuts the axis into each of its values in the box. */
enum settling cutter_enumerate(struct cutter *c, size_t axis);
/* Does f vary along several axes of the box? */
bool cutter_several_axes(const struct cutter *c, const struct formula *f);

#endif
