/*
 * Formulas on a box: range, directions, greatest corner; and at one point. See formula.h.
 */
#include "formula_parts.h"

#include <string.h>

/* The operation on two days (the second where there is one). */
int formula_date_result(enum date_operation op, struct number a, struct number b)
{
    struct date d = date_from_days((int32_t)a.num);
    int result = 0;

    switch (op) {
    case DATE_AGE: (void)date_age(d, date_from_days((int32_t)b.num), &result); break;
    case DATE_AGE_MONTHS: (void)date_age_months(d, date_from_days((int32_t)b.num), &result); break;
    case DATE_YEAR: return d.year;
    case DATE_MONTH: return d.month;
    case DATE_WEEKDAY: return (int)date_weekday(d);
    case DATE_SCHOOL_YEAR: return d.year - (d.month < 9);
    }
    return result;
}

/* ------------------------------------------------------------------ ranges and directions on a box */

/* One question about a box: what is found is kept in the formulas until the next question. */
struct question {
    struct formula_pool *pool;
    const struct box *box;
};

static bool examine(const struct question *q, struct formula *f);

static struct formula *scratch(const struct formula *f)
{
    return (struct formula *)(uintptr_t)f;     /* what is found is ours to write */
}

static bool found_axis(const struct question *q, struct formula *f)
{
    const struct axis *axis = &q->pool->axes->items[f->axis];
    const struct coordinate *c = &q->box->items[f->axis];

    if (c->kind != COORDINATE_RANGE)
        return false;
    memset(f->found.up, 0xFF, q->pool->words * sizeof *f->found.up);
    memset(f->found.down, 0xFF, q->pool->words * sizeof *f->found.down);
    if (c->lo < c->hi)
        f->found.down[f->axis / 64] &= ~((uint64_t)1 << f->axis % 64);
    f->found.lo = axis_number(axis, c->lo);
    f->found.hi = axis_number(axis, c->hi);
    return true;
}

static bool found_sum(const struct question *q, struct formula *f)
{
    memset(f->found.up, 0xFF, q->pool->words * sizeof *f->found.up);
    memset(f->found.down, 0xFF, q->pool->words * sizeof *f->found.down);
    f->found.lo = f->found.hi = f->constant;
    for (size_t i = 0; i < f->term_count; i++) {
        struct formula *atom = scratch(f->terms[i].atom);
        bool falls = f->terms[i].factor.num < 0;
        struct number x, y;

        if (!examine(q, atom) || !number_mul(atom->found.lo, f->terms[i].factor, &x) ||
            !number_mul(atom->found.hi, f->terms[i].factor, &y) ||
            !number_add(f->found.lo, falls ? y : x, &f->found.lo) ||
            !number_add(f->found.hi, falls ? x : y, &f->found.hi))
            return false;
        for (size_t w = 0; w < q->pool->words; w++) {
            f->found.up[w] &= falls ? atom->found.down[w] : atom->found.up[w];
            f->found.down[w] &= falls ? atom->found.up[w] : atom->found.down[w];
        }
    }
    return true;
}

/* An operand of a product: its bounds, its sign and its directions. */
struct operand {
    struct number lo, hi;
    const uint64_t *up, *down;
};

static int sign_of(const struct operand *x)
{
    return x->lo.num >= 0 ? 1 : x->hi.num <= 0 ? -1 : 0;
}

/*
 * Where `a` does not vary, a product follows `b` according to the sign of `a`; where both vary, their signs must be
 * known.
 */
static void product_directions(const struct question *q, struct formula *f, const struct operand *a,
                               const struct operand *b)
{
    int sa = sign_of(a), sb = sign_of(b);

    for (size_t w = 0; w < q->pool->words; w++) {
        uint64_t a_up = sb >= 0 ? a->up[w] : a->down[w], a_down = sb >= 0 ? a->down[w] : a->up[w];
        uint64_t b_up = sa >= 0 ? b->up[w] : b->down[w], b_down = sa >= 0 ? b->down[w] : b->up[w];
        uint64_t a_fixed = a->up[w] & a->down[w], b_fixed = b->up[w] & b->down[w];
        uint64_t a_sure = (sb ? ~(uint64_t)0 : 0) | a_fixed, b_sure = (sa ? ~(uint64_t)0 : 0) | b_fixed;

        f->found.up[w] = a_up & b_up & a_sure & b_sure;
        f->found.down[w] = a_down & b_down & a_sure & b_sure;
    }
}

static bool product_range(const struct operand *a, const struct operand *b, struct number *lo, struct number *hi)
{
    const struct number *x[2] = { &a->lo, &a->hi }, *y[2] = { &b->lo, &b->hi };
    struct number p;

    for (int i = 0; i < 4; i++) {
        if (!number_mul(*x[i / 2], *y[i % 2], &p))
            return false;
        if (i == 0 || number_compare(p, *lo) < 0)
            *lo = p;
        if (i == 0 || number_compare(p, *hi) > 0)
            *hi = p;
    }
    return true;
}

static bool found_product(const struct question *q, struct formula *f)
{
    struct formula *a = scratch(f->a), *b = scratch(f->b);
    struct operand x, y;

    if (!examine(q, a) || !examine(q, b))
        return false;
    x = (struct operand){ a->found.lo, a->found.hi, a->found.up, a->found.down };
    y = (struct operand){ b->found.lo, b->found.hi, b->found.up, b->found.down };
    if (f->kind == FORMULA_RATIO) {
        if (b->found.lo.num <= 0)
            return false;              /* it is positive, but its bounds do not show it */
        y = (struct operand){ inverse_of(b->found.hi), inverse_of(b->found.lo), b->found.down, b->found.up };
    }
    product_directions(q, f, &x, &y);
    return product_range(&x, &y, &f->found.lo, &f->found.hi);
}

static bool found_round(const struct question *q, struct formula *f)
{
    struct formula *a = scratch(f->a);

    if (!examine(q, a))
        return false;
    memcpy(f->found.up, a->found.up, q->pool->words * sizeof *f->found.up);
    memcpy(f->found.down, a->found.down, q->pool->words * sizeof *f->found.down);
    return number_round(a->found.lo, f->constant, f->mode, &f->found.lo) &&
           number_round(a->found.hi, f->constant, f->mode, &f->found.hi);
}

static bool found_extreme(const struct question *q, struct formula *f)
{
    struct formula *a = scratch(f->a), *b = scratch(f->b);
    bool maximum = f->kind == FORMULA_MAXIMUM;

    if (!examine(q, a) || !examine(q, b))
        return false;
    for (size_t w = 0; w < q->pool->words; w++) {
        f->found.up[w] = a->found.up[w] & b->found.up[w];
        f->found.down[w] = a->found.down[w] & b->found.down[w];
    }
    f->found.lo = (number_compare(a->found.lo, b->found.lo) >= 0) == maximum ? a->found.lo : b->found.lo;
    f->found.hi = (number_compare(a->found.hi, b->found.hi) >= 0) == maximum ? a->found.hi : b->found.hi;
    return true;
}

/* Months and days of the week go round: their direction is known within one turn only. */
static bool within_a_turn(enum date_operation op, struct number lo, struct number hi)
{
    if (op == DATE_MONTH)
        return date_from_days((int32_t)lo.num).year == date_from_days((int32_t)hi.num).year;
    return op != DATE_WEEKDAY ||
           (hi.num - lo.num < 7 && formula_date_result(op, lo, lo) <= formula_date_result(op, hi, hi));
}

/* With two dates, an age: it falls when the first one rises. */
static bool found_date(const struct question *q, struct formula *f)
{
    struct formula *a = scratch(f->a), *b = scratch(f->b);
    struct number none = { 0, 1 };
    bool turn;

    if (!examine(q, a) || (b && !examine(q, b)))
        return false;
    turn = within_a_turn(f->date, a->found.lo, a->found.hi);
    for (size_t w = 0; w < q->pool->words; w++) {
        f->found.up[w] = b ? a->found.down[w] & b->found.up[w] : a->found.up[w];
        f->found.down[w] = b ? a->found.up[w] & b->found.down[w] : a->found.down[w];
        if (!turn) {
            uint64_t fixed = a->found.up[w] & a->found.down[w];

            f->found.up[w] = f->found.down[w] = fixed;
        }
    }
    if (b) {
        f->found.lo = number_of(formula_date_result(f->date, a->found.hi, b->found.lo));
        f->found.hi = number_of(formula_date_result(f->date, a->found.lo, b->found.hi));
    } else {
        f->found.lo = number_of(turn ? formula_date_result(f->date, a->found.lo, none) : 1);
        f->found.hi = number_of(turn                    ? formula_date_result(f->date, a->found.hi, none)
                                : f->date == DATE_MONTH ? 12
                                                        : 7);
    }
    return true;
}

static bool examine(const struct question *q, struct formula *f)
{
    if (f->found.stamp == q->pool->stamp)
        return f->found.known;
    q->pool->work++;
    f->found.stamp = q->pool->stamp;
    f->found.known = false;            /* a formula does not contain itself */
    switch (f->kind) {
    case FORMULA_SUM: f->found.known = found_sum(q, f); break;
    case FORMULA_AXIS: f->found.known = found_axis(q, f); break;
    case FORMULA_PRODUCT: case FORMULA_RATIO: f->found.known = found_product(q, f); break;
    case FORMULA_ROUND: f->found.known = found_round(q, f); break;
    case FORMULA_MAXIMUM: case FORMULA_MINIMUM: f->found.known = found_extreme(q, f); break;
    case FORMULA_DATE: f->found.known = found_date(q, f); break;
    case FORMULA_TEXT: break;
    }
    return f->found.known;
}

static bool ask(struct formula_pool *pool, const struct formula *f, const struct box *box)
{
    struct question q = { pool, box };

    pool->stamp++;
    return f && examine(&q, scratch(f));
}

static bool directions_known(const struct formula_pool *pool, const struct formula *f)
{
    for (size_t w = 0; w < pool->words; w++)
        if (f->depends[w] & ~(f->found.up[w] | f->found.down[w]))
            return false;
    return true;
}

bool formula_range_on(struct formula_pool *pool, const struct formula *f, const struct box *box,
                      struct formula_range *out)
{
    if (!ask(pool, f, box))
        return false;
    *out = (struct formula_range){ f->found.lo, f->found.hi, directions_known(pool, f) };
    return true;
}

static enum direction direction_found(const struct formula *f, size_t axis)
{
    bool up = f->found.up[axis / 64] >> axis % 64 & 1, down = f->found.down[axis / 64] >> axis % 64 & 1;

    if (!formula_depends(f, axis) || (up && down))
        return DIRECTION_CONSTANT;
    return up ? DIRECTION_RISING : down ? DIRECTION_FALLING : DIRECTION_UNKNOWN;
}

enum direction formula_direction(struct formula_pool *pool, const struct formula *f, const struct box *box,
                                 size_t axis)
{
    if (f && f->kind == FORMULA_TEXT)
        return DIRECTION_CONSTANT;
    return ask(pool, f, box) ? direction_found(f, axis) : DIRECTION_UNKNOWN;
}

bool formula_corner(struct formula_pool *pool, const struct formula *f, const struct box *box, bool greatest,
                    struct box *corner)
{
    if (!ask(pool, f, box) || !directions_known(pool, f))
        return false;
    for (size_t i = 0; i < box->count; i++) {
        enum direction d = formula_depends(f, i) ? direction_found(f, i) : DIRECTION_CONSTANT;
        struct coordinate *c = &corner->items[i];

        *c = box->items[i];
        if (d == DIRECTION_RISING || d == DIRECTION_FALLING)
            c->lo = c->hi = (d == DIRECTION_RISING) == greatest ? c->hi : c->lo;
    }
    return true;
}

/* ------------------------------------------------------------------ at one point */

static bool value_at(const struct question *q, struct formula *f);

static bool value_sum(const struct question *q, struct formula *f)
{
    struct number part;

    f->found.lo = f->constant;
    for (size_t i = 0; i < f->term_count; i++)
        if (!value_at(q, scratch(f->terms[i].atom)) ||
            !number_mul(f->terms[i].atom->found.lo, f->terms[i].factor, &part) ||
            !number_add(f->found.lo, part, &f->found.lo))
            return false;
    return true;
}

static bool value_axis(const struct question *q, struct formula *f)
{
    const struct coordinate *c = &q->box->items[f->axis];

    f->found.lo = axis_number(&q->pool->axes->items[f->axis], c->lo);
    return c->kind == COORDINATE_RANGE;
}

/* True also without operand. */
static bool value_of_operand(const struct question *q, const struct formula *f, struct number *out)
{
    *out = number_of(0);
    if (f && !value_at(q, scratch(f)))
        return false;
    if (f)
        *out = f->found.lo;
    return true;
}

static bool value_of(const struct question *q, struct formula *f)
{
    struct number a, b;

    if (!value_of_operand(q, f->a, &a) || !value_of_operand(q, f->b, &b))
        return false;
    switch (f->kind) {
    case FORMULA_SUM: return value_sum(q, f);
    case FORMULA_AXIS: return value_axis(q, f);
    case FORMULA_PRODUCT: return number_mul(a, b, &f->found.lo);
    case FORMULA_RATIO: return number_div(a, b, &f->found.lo);
    case FORMULA_ROUND: return number_round(a, f->constant, f->mode, &f->found.lo);
    case FORMULA_MAXIMUM: f->found.lo = number_compare(a, b) >= 0 ? a : b; return true;
    case FORMULA_MINIMUM: f->found.lo = number_compare(a, b) <= 0 ? a : b; return true;
    case FORMULA_DATE: f->found.lo = number_of(formula_date_result(f->date, a, b)); return true;
    case FORMULA_TEXT: break;
    }
    return false;
}

static bool value_at(const struct question *q, struct formula *f)
{
    if (f->found.stamp == q->pool->stamp)
        return f->found.known;
    q->pool->work++;
    f->found.stamp = q->pool->stamp;
    f->found.known = false;
    f->found.known = value_of(q, f);
    return f->found.known;
}

bool formula_at(struct formula_pool *pool, const struct formula *f, const struct box *point, struct number *out)
{
    struct question q = { pool, point };

    pool->stamp++;
    if (!f || !value_at(&q, scratch(f)))
        return false;
    *out = f->found.lo;
    return true;
}
