/*
 * Interval arithmetic on exact numerators; see facts.h.
 */
#include "facts.h"

static bool within(int128 v)
{
    return v <= FACTS_LIMIT && v >= -FACTS_LIMIT;
}

static bool multiply(int128 a, int128 b, int128 *out)
{
    return int128_mul_checked(a, b, out) && within(*out);
}

/* Range of x × y for x in [a, b], y in [c, d]. */
static bool multiply_ranges(int128 a, int128 b, int128 c, int128 d, int128 *lo, int128 *hi)
{
    int128 p[4];

    if (!multiply(a, c, &p[0]) || !multiply(a, d, &p[1]) || !multiply(b, c, &p[2]) || !multiply(b, d, &p[3]))
        return false;
    *lo = *hi = p[0];
    for (int i = 1; i < 4; i++) {
        if (p[i] < *lo)
            *lo = p[i];
        if (p[i] > *hi)
            *hi = p[i];
    }
    return true;
}

struct facts facts_of_range(int128 den, int128 lo, int128 hi)
{
    return (struct facts){ .den = den, .lo = lo, .hi = hi, .d_lo = 1, .d_hi = 1, .constant = lo == hi };
}

struct facts facts_of_number(struct number value)
{
    return facts_of_range(value.den, value.num, value.num);
}

static struct number value_of(int128 num, int128 den)
{
    struct number out = { 0, 1 };

    (void)number_make(num, den, &out);      /* den > 0 and no larger than what made it: always fits */
    return out;
}

struct number facts_low(const struct facts *f)
{
    return value_of(f->lo, f->ratio && f->lo < 0 ? f->den * f->d_lo : f->ratio ? f->den * f->d_hi : f->den);
}

struct number facts_high(const struct facts *f)
{
    return value_of(f->hi, f->ratio && f->hi > 0 ? f->den * f->d_lo : f->ratio ? f->den * f->d_hi : f->den);
}

bool facts_rescale(struct facts *f, int128 den)
{
    int128 k = den / f->den;

    if (!multiply(f->lo, k, &f->lo) || !multiply(f->hi, k, &f->hi))
        return false;
    f->den = den;
    return within(den);
}

bool facts_common(const struct facts *a, const struct facts *b, int128 *den)
{
    return int128_lcm_checked(a->den, b->den, den) && within(*den);
}

/* Both over the same static denominator and the same variable divisor. */
static bool align(struct facts *a, struct facts *b, struct facts *out)
{
    int128 den;

    if (!facts_common(a, b, &den) || !facts_rescale(a, den) || !facts_rescale(b, den))
        return false;
    *out = facts_of_range(den, 0, 0);
    if (!a->ratio && !b->ratio)
        return true;
    out->ratio = true;
    if (!multiply_ranges(a->lo, a->hi, b->d_lo, b->d_hi, &a->lo, &a->hi))
        return false;
    if (!multiply_ranges(b->lo, b->hi, a->d_lo, a->d_hi, &b->lo, &b->hi))
        return false;
    return multiply_ranges(a->d_lo, a->d_hi, b->d_lo, b->d_hi, &out->d_lo, &out->d_hi);
}

bool facts_add(const struct facts *a, const struct facts *b, bool subtract, struct facts *out)
{
    struct facts x = *a, y = *b;

    if (!align(&x, &y, out))
        return false;
    out->lo = subtract ? x.lo - y.hi : x.lo + y.lo;
    out->hi = subtract ? x.hi - y.lo : x.hi + y.hi;
    out->constant = !out->ratio && out->lo == out->hi;
    return within(out->lo) && within(out->hi);
}

bool facts_multiply(const struct facts *a, const struct facts *b, struct facts *out)
{
    int128 den;

    if (!multiply(a->den, b->den, &den))
        return false;
    *out = facts_of_range(den, 0, 0);
    out->ratio = a->ratio || b->ratio;
    if (!multiply_ranges(a->lo, a->hi, b->lo, b->hi, &out->lo, &out->hi))
        return false;
    out->constant = a->constant && b->constant;
    return multiply_ranges(a->d_lo, a->d_hi, b->d_lo, b->d_hi, &out->d_lo, &out->d_hi);
}

bool facts_divide(const struct facts *a, const struct facts *b, struct facts *out)
{
    if (b->constant) {
        struct facts inverse = facts_of_range(b->lo, b->den, b->den);

        return facts_multiply(a, &inverse, out);
    }
    /* (n / (den d)) / (m / (e f)) = n × e × f / (den × d × m) */
    *out = facts_of_range(a->den, 0, 0);
    out->ratio = true;
    out->constant = false;
    if (!multiply_ranges(a->lo, a->hi, b->den, b->den, &out->lo, &out->hi) ||
        !multiply_ranges(out->lo, out->hi, b->d_lo, b->d_hi, &out->lo, &out->hi))
        return false;
    return multiply_ranges(a->d_lo, a->d_hi, b->lo, b->hi, &out->d_lo, &out->d_hi);
}

bool facts_round(const struct facts *a, struct number step, enum rounding mode, struct facts *out)
{
    int128 scaled_lo, scaled_hi, divisor, largest;
    int128 lo, hi;

    /* value / step = n × step.den / (den × d × step.num), rounded, then × step.num over step.den */
    if (!multiply(a->lo, step.den, &scaled_lo) || !multiply(a->hi, step.den, &scaled_hi) ||
        !multiply(a->den, step.num, &divisor) || !multiply(divisor, a->d_hi, &largest))
        return false;
    lo = int128_round_div(scaled_lo, scaled_lo < 0 ? divisor * a->d_lo : largest, mode);
    hi = int128_round_div(scaled_hi, scaled_hi > 0 ? divisor * a->d_lo : largest, mode);
    *out = facts_of_range(step.den, 0, 0);
    if (!multiply(lo, step.num, &out->lo) || !multiply(hi, step.num, &out->hi))
        return false;
    out->constant = a->constant;
    return true;
}

bool facts_join(const struct facts *a, const struct facts *b, struct facts *out)
{
    struct facts x = *a, y = *b;
    int128 den;

    if (!facts_common(a, b, &den) || !facts_rescale(&x, den) || !facts_rescale(&y, den))
        return false;
    *out = facts_of_range(den, x.lo < y.lo ? x.lo : y.lo, x.hi > y.hi ? x.hi : y.hi);
    out->ratio = x.ratio || y.ratio;
    out->d_lo = x.d_lo < y.d_lo ? x.d_lo : y.d_lo;
    out->d_hi = x.d_hi > y.d_hi ? x.d_hi : y.d_hi;
    out->constant = !out->ratio && out->lo == out->hi;
    return true;
}

bool facts_max(const struct facts *a, const struct facts *b, bool minimum, struct facts *out)
{
    struct facts x = *a, y = *b;
    int128 den;

    if (x.ratio || y.ratio)
        return facts_join(a, b, out);
    if (!facts_common(a, b, &den) || !facts_rescale(&x, den) || !facts_rescale(&y, den))
        return false;
    if (minimum)
        *out = facts_of_range(den, x.lo < y.lo ? x.lo : y.lo, x.hi < y.hi ? x.hi : y.hi);
    else
        *out = facts_of_range(den, x.lo > y.lo ? x.lo : y.lo, x.hi > y.hi ? x.hi : y.hi);
    return true;
}

bool facts_has_decimals(const struct facts *f, int decimals)
{
    int128 power = 1;

    for (int i = 0; i < decimals; i++)
        power *= 10;
    return !f->ratio && power % f->den == 0;
}
