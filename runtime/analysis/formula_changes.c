/*
 * Formulas along one axis, and one against another: how much one may change when the axis moves a little (sums add,
 * products weigh, a rounding changes by whole steps), what it is where the axis is fixed, how much it may exceed
 * another.
 */
#include "formula_parts.h"

static bool magnitude(struct number n, struct number *out)
{
    *out = n;
    return n.num >= 0 || number_sub(number_of(0), n, out);
}

static struct number greater(struct number a, struct number b)
{
    return number_compare(a, b) < 0 ? b : a;
}

struct asked {
    struct formula_pool *pool;
    const struct box *box;
    size_t axis;
    struct number distance;
};

static bool change(const struct asked *q, const struct formula *f, struct number *out);

/* The greatest magnitude on the box. */
static bool most(const struct asked *q, const struct formula *f, struct number *out)
{
    struct formula_range range;

    if (!formula_range_on(q->pool, f, q->box, &range) || !magnitude(range.lo, out))
        return false;
    *out = greater(*out, range.hi);
    return true;
}

static bool change_of_sum(const struct asked *q, const struct formula *f, struct number *out)
{
    struct number part, factor;

    for (size_t i = 0; i < f->term_count; i++)
        if (!change(q, f->terms[i].atom, &part) || !magnitude(f->terms[i].factor, &factor) ||
            !number_mul(part, factor, &part) || !number_add(*out, part, out))
            return false;
    return true;
}

/* a′b′ - ab = a′(b′ - b) + b(a′ - a) */
static bool change_of_product(const struct asked *q, const struct formula *f, struct number *out)
{
    struct number a, b, x, y;

    return change(q, f->a, &a) && change(q, f->b, &b) && most(q, f->a, &x) && most(q, f->b, &y) &&
           number_mul(x, b, &x) && number_mul(y, a, &y) && number_add(x, y, out);
}

static bool change_of_ratio(const struct asked *q, const struct formula *f, struct number *out)
{
    struct formula_range divisor;

    if (formula_depends(f->b, q->axis) || !change(q, f->a, out) ||
        !formula_range_on(q->pool, f->b, q->box, &divisor) || divisor.lo.num <= 0)
        return false;
    return number_div(*out, divisor.lo, out);
}

/*
 * Two values at most n steps apart, on one side of zero, are rounded at most n steps apart, n being rounded up. Modes
 * mirror at zero: across it, one step more (-0,5 and 0,5 are rounded to -1 and 1).
 */
static bool change_of_round(const struct asked *q, const struct formula *f, struct number *out)
{
    struct formula_range inner;

    return change(q, f->a, out) && number_round(*out, f->constant, ROUNDING_UP, out) &&
           formula_range_on(q->pool, f->a, q->box, &inner) &&
           (inner.lo.num >= 0 || inner.hi.num <= 0 || number_add(*out, f->constant, out));
}

static bool change(const struct asked *q, const struct formula *f, struct number *out)
{
    struct number other;

    q->pool->work++;
    *out = number_of(0);
    if (!formula_depends(f, q->axis))
        return true;
    switch (f->kind) {
    case FORMULA_SUM: return change_of_sum(q, f, out);
    case FORMULA_AXIS: *out = q->distance; return true;
    case FORMULA_PRODUCT: return change_of_product(q, f, out);
    case FORMULA_RATIO: return change_of_ratio(q, f, out);
    case FORMULA_ROUND: return change_of_round(q, f, out);
    case FORMULA_MAXIMUM:
    case FORMULA_MINIMUM:
        if (!change(q, f->a, out) || !change(q, f->b, &other))
            return false;
        *out = greater(*out, other);
        return true;
    case FORMULA_DATE: case FORMULA_TEXT: break;
    }
    return false;
}

bool formula_change(struct formula_pool *pool, const struct formula *f, const struct box *box, size_t axis,
                    int64_t distance, struct number *out)
{
    struct asked q = { pool, box, axis, axis_number(&pool->axes->items[axis], distance) };

    return change(&q, f, out);
}

/* ------------------------------------------------------------------ one axis fixed */

const struct formula *formula_fix(struct formula_pool *pool, const struct formula *f, size_t axis, int64_t at)
{
    const struct formula *sum;

    if (!formula_depends(f, axis))
        return f;
    pool->work++;
    switch (f->kind) {
    case FORMULA_AXIS:
        return formula_constant(pool, axis_number(&pool->axes->items[axis], at));
    case FORMULA_SUM:
        sum = formula_constant(pool, f->constant);
        for (size_t i = 0; i < f->term_count; i++)
            sum = formula_add(pool, sum, formula_multiply(pool, formula_fix(pool, f->terms[i].atom, axis, at),
                                                          formula_constant(pool, f->terms[i].factor)));
        return sum;
    case FORMULA_PRODUCT:
        return formula_multiply(pool, formula_fix(pool, f->a, axis, at), formula_fix(pool, f->b, axis, at));
    case FORMULA_ROUND: return formula_round(pool, formula_fix(pool, f->a, axis, at), f->constant, f->mode);
    case FORMULA_MAXIMUM:
    case FORMULA_MINIMUM:
        return formula_extreme(pool, formula_fix(pool, f->a, axis, at), formula_fix(pool, f->b, axis, at),
                               f->kind == FORMULA_MAXIMUM);
    case FORMULA_RATIO: case FORMULA_DATE: case FORMULA_TEXT: break;
    }
    return NULL;
}

/* ------------------------------------------------------------------ one against another */

static bool plain_excess(struct formula_pool *pool, const struct formula *a, const struct formula *b,
                         const struct box *box, struct number *out)
{
    const struct formula *difference = formula_subtract(pool, a, b);
    struct formula_range range;

    if (!formula_range_on(pool, difference, box, &range))
        return false;
    *out = range.hi;
    return true;
}

bool formula_excess(struct formula_pool *pool, const struct formula *a, const struct formula *b, const struct box *box,
                    struct number *out)
{
    struct formula_range x, y;

    if (!a || !b)
        return false;
    if (a->kind != FORMULA_ROUND || b->kind != FORMULA_ROUND || a->mode != b->mode ||
        number_compare(a->constant, b->constant) != 0 || !plain_excess(pool, a->a, b->a, box, out))
        return plain_excess(pool, a, b, box, out);
    /* Rounding keeps the order; on one side of zero it also keeps whole steps. */
    if (out->num <= 0) {
        *out = number_of(0);
        return true;
    }
    return formula_range_on(pool, a->a, box, &x) && formula_range_on(pool, b->a, box, &y) && x.lo.num >= 0 &&
           y.lo.num >= 0 && number_round(*out, a->constant, ROUNDING_UP, out);
}
