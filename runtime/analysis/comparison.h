/*
 * What changes from one délibération to another: for each tariff that both have, the exact situations whose outcome
 * is not the same, with the old and the new one. Pure; `delib comparer` prints it.
 */
#ifndef ANALYSIS_COMPARISON_H
#define ANALYSIS_COMPARISON_H

#include "matching.h"

/* Families whose outcome changes in one way. */
struct comparison_change {
    struct box box;
    struct conditions conditions;              /* that they meet too */
    struct region_outcome outcomes[SIDES];     /* without their paths */
    /* Both calculés, of one unit: */
    bool amounts;
    struct formula_range ranges[SIDES];
    struct number least, greatest;             /* of after - before */
    bool proved;                               /* … attained; otherwise bounds */
    int64_t changed, points;                   /* points of the box that change; all when equal */
};

/* Families of which it is not known whether their outcome changes. */
struct comparison_doubt {
    struct box box;
    struct conditions conditions;
    const char *why;                           /* French */
    bool bounded;                              /* the price changes by `least` to `greatest` at most */
    struct number least, greatest;
};

/* The greatest rise or fall, as the engine computes it. */
struct comparison_extreme {
    bool found;
    struct box point;
    struct number amounts[SIDES];
};

struct comparison_tariff {
    const char *name, *label;                  /* of the first program */
    const char *output;                        /* a « résultat » of it; NULL: the price */
    const char *units[SIDES];                  /* they differ: prices are not compared */
    struct { struct comparison_change *items; size_t count, capacity; } changes;
    struct { struct comparison_doubt *items; size_t count, capacity; } doubts;
    struct comparison_extreme rise, fall;
    bool complete;                             /* rise and fall are the greatest of all */
    const struct type *type;                   /* of the price before; NULL when there is none */
    struct formula_pool *pool;                 /* of what the conditions bound; NULL: nothing was walked */
};

struct comparison_lone {
    enum side side;
    const char *name;                          /* of a tariff or of a « résultat » */
};

struct comparison {
    struct matching matching;
    bool *read;                                /* per axis: some outcome depends on it */
    struct { struct comparison_tariff *items; size_t count, capacity; } tariffs;
    struct { struct comparison_lone *items; size_t count, capacity; } lone;
};

struct comparison_options {
    struct date dates[SIDES];                  /* of the service; year 0: none */
    const struct name_pair *pairs;
    size_t pair_count;
    const char *tariff;                        /* this one alone; NULL: all */
    uint64_t steps;                            /* budget of each tariff */
};

/*
 * DELIB_OK; DELIB_INVALID: *fault says in French what is wrong with the options; DELIB_NO_MEMORY. What it makes lives
 * in `arena`; programs are borrowed.
 */
delib_status comparison_make(struct arena *arena, delib_program *before, delib_program *after,
                             const struct comparison_options *options, struct comparison *out, const char **fault);
/* The day on which a délibération is compared when none is given: the first of its period, or of its last version. */
struct date comparison_usual_date(const delib_program *program);
/* Nothing changes, and this is proved. */
bool comparison_is_equal(const struct comparison *c);
bool comparison_is_complete(const struct comparison *c);       /* without doubts */

#endif
