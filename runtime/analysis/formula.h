/*
 * Formulas: what an amount is, as a function of the axes, once every decision on the way to it is settled. Formulas
 * are made once (equal ones are the same pointer within one pool) and in a canonical form, so that two tariffs, of
 * two programs even, that compute the same thing from the same names and constants have the same formula: « qf × 0,5
 * % + qf × 0,5 % » is « qf × 1 % », and a rounding that cannot change anything is not there.
 *
 * Exact rationals throughout. A number that does not fit in 128 bits makes the formula NULL, and the walk says that
 * it does not know.
 */
#ifndef ANALYSIS_FORMULA_H
#define ANALYSIS_FORMULA_H

#include "boxes.h"

enum formula_kind {
    FORMULA_SUM,                       /* constant + Σ factor × atom; a constant when there is no term */
    FORMULA_AXIS,
    FORMULA_PRODUCT, FORMULA_RATIO,    /* of two that vary */
    FORMULA_ROUND,
    FORMULA_MAXIMUM, FORMULA_MINIMUM,
    FORMULA_DATE,                      /* an age, a year… */
    FORMULA_TEXT                       /* a result that is a text */
};

enum direction { DIRECTION_CONSTANT, DIRECTION_RISING, DIRECTION_FALLING, DIRECTION_UNKNOWN };

struct formula;
struct formula_pool;

/* A pool for these axes, in `arena`. Formulas live as long as the arena: within arena_guard(). */
struct formula_pool *formula_pool_new(struct arena *arena, const struct axes *axes);
/* Elementary operations done so far: the walk counts them against its budget. */
uint64_t formula_pool_work(const struct formula_pool *pool);

/* NULL operands give NULL. */
const struct formula *formula_constant(struct formula_pool *pool, struct number value);
const struct formula *formula_axis(struct formula_pool *pool, size_t axis);
const struct formula *formula_text(struct formula_pool *pool, struct slice text);
const struct formula *formula_add(struct formula_pool *pool, const struct formula *a, const struct formula *b);
const struct formula *formula_subtract(struct formula_pool *pool, const struct formula *a, const struct formula *b);
const struct formula *formula_multiply(struct formula_pool *pool, const struct formula *a, const struct formula *b);
/* b excludes zero and is positive: typing proved it. */
const struct formula *formula_divide(struct formula_pool *pool, const struct formula *a, const struct formula *b);
const struct formula *formula_round(struct formula_pool *pool, const struct formula *a, struct number step,
                                    enum rounding mode);
const struct formula *formula_extreme(struct formula_pool *pool, const struct formula *a, const struct formula *b,
                                      bool maximum);
/* b: the other date; NULL where the operation has none. Complete dates. */
const struct formula *formula_date(struct formula_pool *pool, enum date_operation op, const struct formula *a,
                                   const struct formula *b);

enum formula_kind formula_kind_of(const struct formula *f);
/* True, and its value, when it does not vary. */
bool formula_is_constant(const struct formula *f, struct number *value);
/* FORMULA_TEXT: the text. */
struct slice formula_text_of(const struct formula *f);
/* factor × axis + constant, of one axis. */
bool formula_is_linear(const struct formula *f, size_t *axis, struct number *factor, struct number *constant);
/*
 * f = factor × core + constant, the core having neither a constant nor a common factor: what « f < 450 » and
 * « 2 × f + 1 < 901 » both bound. The factor may be negative. False when f is a constant, a text, or a number did not
 * fit.
 */
bool formula_core(struct formula_pool *pool, const struct formula *f, const struct formula **core,
                  struct number *factor, struct number *constant);
/* Every value of f is a multiple of it; 0 when nothing is known. */
struct number formula_grain(const struct formula *f);
/* Does it depend on this axis, for some value of the others? (It may not: false is sure.) */
bool formula_depends(const struct formula *f, size_t axis);

/* What a formula is on a box. */
struct formula_range {
    struct number lo, hi;
    bool exact;                        /* both are attained, at corners of the box; otherwise bounds, sure but wide */
};

/* False when a number did not fit (f is NULL), for a text, or when f depends on an axis that the box does not know. */
bool formula_range_on(struct formula_pool *pool, const struct formula *f, const struct box *box,
                      struct formula_range *out);
enum direction formula_direction(struct formula_pool *pool, const struct formula *f, const struct box *box,
                                 size_t axis);
/* The value where each axis is at its lowest of `point`; the same of false. */
bool formula_at(struct formula_pool *pool, const struct formula *f, const struct box *point, struct number *out);
/* f where the axis has this value of its grid; NULL when a number did not fit, or f divides by or dates with it. */
const struct formula *formula_fix(struct formula_pool *pool, const struct formula *f, size_t axis, int64_t at);
/* An upper bound of a - b on the box; a rounding that both share is looked through. */
bool formula_excess(struct formula_pool *pool, const struct formula *a, const struct formula *b, const struct box *box,
                    struct number *out);
/*
 * The most that f may change, up or down, between two points of the box that differ on this axis only, by at most
 * `distance` of its grid. False when nothing is known; a bound, sure but not always attained.
 */
bool formula_change(struct formula_pool *pool, const struct formula *f, const struct box *box, size_t axis,
                    int64_t distance, struct number *out);
/*
 * The corner of the box where f is greatest (or least), when its direction is known on every axis: axes on which it
 * does not depend stay as in the box. False otherwise.
 */
bool formula_corner(struct formula_pool *pool, const struct formula *f, const struct box *box, bool greatest,
                    struct box *corner);

#endif
