/*
 * What is proved of a value before any family is: every value of the operands gives a result inside the range of the
 * result, and a range that might not fit in 128 bits is refused, never wrapped.
 */
#include "lang/facts.h"

#include "draw.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { DRAWS = 4000 };

static const int128 HUGE_RANGE = FACTS_LIMIT;

static struct facts drawn(int64_t lo)
{
    static const int dens[] = { 1, 2, 3, 8, 100 };
    int64_t low = lo + (int64_t)draw(40), high = low + (int64_t)draw(40);

    return facts_of_range(dens[draw(5)], low, high);
}

static struct number value_in(const struct facts *f)
{
    struct number out;

    assert_true(number_make(f->lo + (int128)draw((uint64_t)(f->hi - f->lo) + 1), f->den, &out));
    return out;
}

static void assert_holds(const struct facts *f, struct number value)
{
    assert_true(number_compare(facts_low(f), value) <= 0);
    assert_true(number_compare(facts_high(f), value) >= 0);
    assert_true(f->den > 0 && f->lo <= f->hi);
    if (f->constant)
        assert_true(!f->ratio && number_compare(facts_low(f), value) == 0);
}

static void results_stay_in_range(void **state)
{
    (void)state;
    for (int i = 0; i < DRAWS; i++) {
        struct facts a = drawn(-20), b = drawn(-20), d = drawn(1), f, sum;
        struct number x = value_in(&a), y = value_in(&b), z = value_in(&d), v, w;

        assert_true(facts_add(&a, &b, false, &f) && number_add(x, y, &v));
        assert_holds(&f, v);
        assert_true(facts_add(&a, &b, true, &f) && number_sub(x, y, &v));
        assert_holds(&f, v);
        assert_true(facts_multiply(&a, &b, &f) && number_mul(x, y, &v));
        assert_holds(&f, v);
        assert_true(facts_join(&a, &b, &f));
        assert_holds(&f, x);
        assert_holds(&f, y);
        assert_true(facts_max(&a, &b, false, &f));
        assert_holds(&f, number_compare(x, y) >= 0 ? x : y);
        assert_true(facts_max(&a, &b, true, &f));
        assert_holds(&f, number_compare(x, y) <= 0 ? x : y);
        assert_true(facts_divide(&a, &d, &f) && number_div(x, z, &v));
        assert_holds(&f, v);
        assert_true(number_add(v, y, &w) && facts_add(&f, &b, false, &sum));
        assert_holds(&sum, w);
        assert_true(number_mul(w, y, &w) && facts_multiply(&sum, &b, &f));
        assert_holds(&f, w);
    }
}

static void roundings_stay_in_range(void **state)
{
    static const enum rounding modes[] = { ROUNDING_NEAREST, ROUNDING_UP, ROUNDING_DOWN };
    const struct number cent = { 1, 100 };

    (void)state;
    for (int i = 0; i < DRAWS; i++) {
        struct facts a = drawn(-20), d = drawn(1), quotient, f;
        enum rounding mode = modes[i % 3];
        struct number v;

        assert_true(number_div(value_in(&a), value_in(&d), &v) && facts_divide(&a, &d, &quotient));
        assert_true(number_round(v, cent, mode, &v) && facts_round(&quotient, cent, mode, &f));
        assert_false(f.ratio);
        assert_holds(&f, v);
    }
}

/* A ratio is never « the value », even where its numerator is one. */
static void a_ratio_is_not_constant(void **state)
{
    struct facts one = facts_of_range(1, 1, 1), divisor = facts_of_range(1, 2, 3), f, product;

    (void)state;
    assert_true(one.constant && facts_divide(&one, &divisor, &f));
    assert_true(f.ratio && !f.constant);
    assert_true(facts_multiply(&f, &one, &product));
    assert_true(product.ratio && !product.constant);
    divisor = facts_of_range(1, 4, 4);
    assert_true(facts_divide(&one, &divisor, &f));
    assert_true(!f.ratio && f.constant && f.den == 4);
}

/* Each operand in turn at the limit, on each side of zero. */
static void what_may_not_fit_is_refused(void **state)
{
    const struct facts large = facts_of_range(1, 0, HUGE_RANGE), deep = facts_of_range(1, -HUGE_RANGE, 0),
                       two = facts_of_range(1, 2, 2), range = facts_of_range(1, 1, 2), half = facts_of_range(2, 1, 1),
                       fine = facts_of_range(HUGE_RANGE, 1, 2), third = facts_of_range(3, 1, 1),
                       positive = facts_of_range(1, 1, HUGE_RANGE);
    struct facts f, quotient, quotient_large;
    int128 den;

    (void)state;
    assert_false(facts_add(&large, &large, false, &f));
    assert_false(facts_add(&deep, &deep, false, &f));
    assert_false(facts_add(&large, &half, false, &f));
    assert_false(facts_add(&half, &large, false, &f));
    assert_false(facts_add(&deep, &half, false, &f));
    assert_false(facts_add(&fine, &third, false, &f));
    assert_false(facts_multiply(&large, &two, &f));
    assert_false(facts_multiply(&two, &deep, &f));
    assert_false(facts_multiply(&deep, &range, &f));
    assert_false(facts_multiply(&range, &large, &f));
    assert_false(facts_multiply(&fine, &half, &f));
    assert_false(facts_join(&large, &half, &f));
    assert_false(facts_join(&half, &deep, &f));
    assert_false(facts_join(&fine, &third, &f));
    assert_false(facts_max(&large, &half, false, &f));
    assert_false(facts_max(&half, &large, true, &f));
    assert_false(facts_max(&fine, &third, true, &f));
    assert_false(facts_common(&fine, &third, &den));
    assert_true(facts_common(&half, &third, &den) && den == 6);

    assert_true(facts_divide(&range, &range, &quotient) && quotient.ratio);
    assert_true(facts_divide(&large, &range, &quotient_large));
    assert_false(facts_divide(&large, &half, &f));
    assert_false(facts_divide(&large, &(struct facts){ .den = 2, .lo = 1, .hi = 3, .d_lo = 1, .d_hi = 1 }, &f));
    assert_false(facts_divide(&large, &quotient, &f));
    assert_false(facts_divide(&quotient, &positive, &f));
    assert_false(facts_add(&quotient, &large, false, &f));
    assert_false(facts_add(&large, &quotient, false, &f));
    assert_false(facts_max(&half, &quotient_large, false, &f));

    assert_false(facts_round(&large, (struct number){ 1, 100 }, ROUNDING_UP, &f));
    assert_false(facts_round(&deep, (struct number){ 1, 100 }, ROUNDING_UP, &f));
    assert_false(facts_round(&fine, (struct number){ 10, 1 }, ROUNDING_UP, &f));
    assert_false(facts_round(&large, (struct number){ HUGE_RANGE - 1, 1 }, ROUNDING_UP, &f));
    assert_false(facts_round(&deep, (struct number){ HUGE_RANGE - 1, 1 }, ROUNDING_UP, &f));
    assert_false(facts_has_decimals(&quotient, 2));
    assert_false(facts_has_decimals(&third, 2));
    assert_true(facts_has_decimals(&half, 2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(results_stay_in_range),
        cmocka_unit_test(roundings_stay_in_range),
        cmocka_unit_test(a_ratio_is_not_constant),
        cmocka_unit_test(what_may_not_fit_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
