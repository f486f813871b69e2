/*
 * Exact questions about one formula on one box: where it is positive, zero or negative, and its greatest or least
 * value. Directions answer most of them at once; where a formula goes up and down (a difference of two rounded
 * amounts), the box is halved as long as the budget lasts.
 */
#ifndef ANALYSIS_SEARCH_H
#define ANALYSIS_SEARCH_H

#include "regions.h"

enum sign { SIGN_NEGATIVE, SIGN_ZERO, SIGN_POSITIVE, SIGN_UNKNOWN };

struct search;

/* Everything lives in `arena`, within arena_guard(); `pool` and `budget` are borrowed. */
struct search *search_new(struct arena *arena, const struct axes *axes, struct formula_pool *pool,
                          struct region_budget *budget);

/* False stops the visit. */
typedef bool (*sign_visitor)(void *context, const struct box *part, enum sign sign);

/*
 * Visits parts that cover the box without overlap, ascending along each axis that is cut. SIGN_UNKNOWN: the budget
 * ran out. DELIB_NO_MEMORY, or DELIB_OK.
 */
delib_status search_signs(struct search *s, const struct formula *f, const struct box *box, sign_visitor visit,
                          void *context);

struct extremum {
    bool proved;                       /* `value` is the greatest (least) of the box; otherwise only the best seen */
    struct number value;               /* attained at `point` */
    struct number bound;               /* no value of the box is beyond it */
    struct box point;                  /* in the arena of the search */
};

/* DELIB_NO_MEMORY; DELIB_LIMIT: a number did not fit, nothing is known. */
delib_status search_extremum(struct search *s, const struct formula *f, const struct box *box, bool greatest,
                             struct extremum *out);

#endif
