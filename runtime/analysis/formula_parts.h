/*
 * What a formula is made of, for the files that know: formula.c, which makes them, formula_ranges.c, which asks what
 * they are on a box, and formula_changes.c.
 */
#ifndef ANALYSIS_FORMULA_PARTS_H
#define ANALYSIS_FORMULA_PARTS_H

#include "formula.h"

enum { POOL_BUCKETS = 1024 };

struct term {
    const struct formula *atom;
    struct number factor;
};

struct formula {
    enum formula_kind kind;
    uint32_t id, hash;
    unsigned depth;
    struct formula *next;              /* of the same bucket */
    struct number constant;            /* SUM; ROUND: the step */
    struct term *terms;                /* SUM */
    size_t term_count;
    size_t axis;                       /* AXIS */
    const struct formula *a, *b;
    enum rounding mode;                /* ROUND */
    enum date_operation date;          /* DATE */
    struct slice text;                 /* TEXT */
    struct number grain;               /* every value is a multiple of it; 0: nothing known */
    uint64_t *depends;                 /* a bit per axis */
    /* What the question in progress (its number is `stamp`) found. */
    struct {
        uint64_t stamp;
        bool known;
        struct number lo, hi;
        uint64_t *up, *down;           /* a bit per axis: never falls, never rises, when the axis rises */
    } found;
};

struct formula_pool {
    struct arena *arena;
    const struct axes *axes;
    struct formula *buckets[POOL_BUCKETS];
    uint32_t count;
    size_t words;                      /* of a set of axes */
    uint64_t stamp, work;
};

/* 1 / n, which fits; n > 0. */
static inline struct number inverse_of(struct number n)
{
    return (struct number){ n.den, n.num };
}

/* The operation on two days (the second where there is one). */
int formula_date_result(enum date_operation op, struct number a, struct number b);

#endif
