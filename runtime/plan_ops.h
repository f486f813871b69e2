/*
 * What each operation of a plan computes, on one number: the only definition, used by the loops over columns
 * (plan_lanes.h, in 32 and 64 bits) and by the evaluation of one family (plan_run.c).
 *
 * Families that are set aside compute on whatever is there; sums and products are therefore made unsigned, where
 * wrapping is defined, and no operation can trap.
 */
#ifndef RUNTIME_PLAN_OPS_H
#define RUNTIME_PLAN_OPS_H

#include "plan.h"

#define OP_SUM(U, T, x, y)        ((T)((U)(x) + (U)(y)))
#define OP_DIFFERENCE(U, T, x, y) ((T)((U)(x) - (U)(y)))
#define OP_PRODUCT(U, T, x, y)    ((T)((U)(x) * (U)(y)))
#define OP_LEAST(U, T, x, y)      ((x) < (y) ? (x) : (y))
#define OP_MOST(U, T, x, y)       ((x) > (y) ? (x) : (y))
#define OP_BELOW(U, T, x, y)      ((T) - (T)((x) < (y)))
#define OP_AT_MOST(U, T, x, y)    ((T) - (T)((x) <= (y)))
#define OP_SAME(U, T, x, y)       ((T) - (T)((x) == (y)))
#define OP_BOTH(U, T, x, y)       ((x) & (y))
#define OP_EITHER(U, T, x, y)     ((x) | (y))
#define OP_BUT(U, T, x, y)        ((x) & ~(y))
#define OP_CHOOSE(mask, x, y)     (((x) & (mask)) | ((y) & ~(mask)))

/* Rounding of a magnitude below 2^31: a product instead of a division. */
static inline int32_t round_narrow(const struct plan_round *r, int32_t x)
{
    uint32_t n = (uint32_t)x * (uint32_t)r->scale + (uint32_t)r->bias;

    return (int32_t)((uint32_t)(((uint64_t)n * r->magic) >> r->shift) * (uint32_t)r->factor);
}

static inline int64_t round_wide(const struct plan_round *r, int64_t x)
{
    uint64_t n = (uint64_t)x * (uint64_t)r->scale + (uint64_t)r->bias;

    return (int64_t)(n / (uint64_t)r->divisor * (uint64_t)r->factor);
}

/* Any sign: the magnitude is rounded, as the language says, and the sign comes back. */
static inline int32_t round_narrow_signed(const struct plan_round *r, int32_t x)
{
    int32_t sign = -(int32_t)(x < 0), y = round_narrow(r, (int32_t)(((uint32_t)x ^ (uint32_t)sign) - (uint32_t)sign));

    return (int32_t)(((uint32_t)y ^ (uint32_t)sign) - (uint32_t)sign);
}

static inline int64_t round_wide_signed(const struct plan_round *r, int64_t x)
{
    int64_t sign = -(int64_t)(x < 0), y = round_wide(r, (int64_t)(((uint64_t)x ^ (uint64_t)sign) - (uint64_t)sign));

    return (int64_t)(((uint64_t)y ^ (uint64_t)sign) - (uint64_t)sign);
}

/* The first value whose threshold is not passed: branch-free up to a few thresholds, by halves beyond. */
static inline int64_t look_up_few(const struct plan_table *t, int64_t key)
{
    size_t passed = 0;

    for (size_t i = 0; i < PLAN_FEW; i++)
        passed += key > t->uppers[i];
    return t->values[passed];
}

static inline int64_t look_up_few_narrow(const struct plan_table *t, int64_t key)
{
    const int32_t k = (int32_t)key;
    int32_t passed = 0;

    for (size_t i = 0; i < PLAN_FEW; i++)
        passed += k > t->few[i];
    return t->values[passed];
}

static inline int64_t look_up(const struct plan_table *t, int64_t key)
{
    const int64_t *first = t->uppers;
    size_t left = t->count;

    while (left > 1) {
        const size_t half = left / 2;

        first += half & (0 - (size_t)(key > first[half - 1])); /* no jump: which half is anyone's guess */
        left -= half;
    }
    return t->values[(size_t)(first - t->uppers) + (left && key > *first)];
}

#endif
