/*
 * Formulas of the analysis against GMP: values, ranges, corners, directions, changes, cores and grains of random
 * formulas, with numbers of every day and with numbers that 128 bits hardly hold. Those of every day are always known;
 * of the others, what is said is true.
 *
 *   DELIB_FORMULA_POOLS=20000 build/x/tests/unit/test_formula     random pools of each kind, by default 60
 */
#include "shadow.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { BOXES = 3, POINTS = 4 };

/* Answers that the analysis may decline only where numbers are large, or a divisor is not seen to be positive. */
struct tally {
    size_t known, unknown;
};

static struct shadow s;
static struct tally tally;

static bool known(size_t node, bool answered)
{
    tally.known += answered;
    tally.unknown += !answered;
    if (!answered && !s.large && !s.nodes[node].divides)
        fail_msg("node %zu: not known, though no number is large", node);
    return answered;
}

#define says(node, n) assert_int_equal(shadow_compare(&s, (node), (n)), 0)

/* ---- One formula on one box ---- */

static void check_values(size_t i, const struct box *box, const struct formula_range *range)
{
    struct number value, times;

    for (int n = 0; n < POINTS; n++) {
        shadow_move(&s, box);
        if (known(i, formula_at(s.pool, s.nodes[i].formula, &s.point, &value)))
            says(i, value);
        if (range) {
            assert_true(shadow_compare(&s, i, range->lo) >= 0);
            assert_true(shadow_compare(&s, i, range->hi) <= 0);
        }
        if (formula_grain(s.nodes[i].formula).num != 0 && shadow_value(&s, i, &value) &&
            number_div(value, formula_grain(s.nodes[i].formula), &times))
            assert_true(number_is_integer(times));
    }
}

/* What is said to be exact is attained. */
static void check_corners(size_t i, const struct box *box, const struct formula_range *range)
{
    struct box corner = box_copy(&s.arena, box);

    for (int greatest = 0; greatest < 2; greatest++) {
        bool found = formula_corner(s.pool, s.nodes[i].formula, box, greatest, &corner);

        assert_true(found == (range && range->exact));
        if (!found)
            return;
        box_point(&s.axes, &corner, 0, &s.point);
        shadow_compute(&s);
        says(i, greatest ? range->hi : range->lo);
    }
}

/* From one point to another on one axis: the direction, and how much it may change. */
static void check_move(size_t i, const struct box *box, size_t axis)
{
    const struct formula *f = s.nodes[i].formula;
    const struct coordinate *c = &box->items[axis];
    enum direction d = formula_direction(s.pool, f, box, axis);
    int64_t steps = 1 + (int64_t)shadow_draw(5);
    struct number before, change;
    bool bounded = formula_change(s.pool, f, box, axis, steps, &change);
    mpq_t difference, most;

    if (c->hi - c->lo < steps)
        return;
    shadow_move(&s, box);
    if (s.point.items[axis].lo > c->hi - steps)
        s.point.items[axis].lo = c->hi - steps;
    shadow_compute(&s);
    if (!shadow_value(&s, i, &before))
        return;
    s.point.items[axis].lo += steps;
    shadow_compute(&s);
    if (d == DIRECTION_RISING || d == DIRECTION_CONSTANT)
        assert_true(shadow_compare(&s, i, before) >= 0);
    if (d == DIRECTION_FALLING || d == DIRECTION_CONSTANT)
        assert_true(shadow_compare(&s, i, before) <= 0);
    if (!bounded)
        return;
    mpq_inits(difference, most, NULL);
    shadow_set(difference, before);
    shadow_set(most, change);
    mpq_sub(difference, difference, s.values[i]);
    mpq_abs(difference, difference);
    assert_true(mpq_cmp(difference, most) <= 0);
    mpq_clears(difference, most, NULL);
}

/* Where one axis is fixed, the formula no longer depends on it. */
static void check_fixed(size_t i, const struct box *box, size_t axis)
{
    int64_t at = box->items[axis].lo;
    const struct formula *fixed;
    struct number value;

    shadow_move(&s, box);
    s.point.items[axis].lo = s.point.items[axis].hi = at;
    shadow_compute(&s);
    fixed = formula_fix(s.pool, s.nodes[i].formula, axis, at);
    if (!fixed)
        return;
    assert_false(formula_depends(fixed, axis) && formula_kind_of(fixed) != FORMULA_DATE);
    if (formula_at(s.pool, fixed, &s.point, &value))
        says(i, value);
}

/* f = factor × core + constant */
static void check_core(size_t i, const struct box *box)
{
    const struct formula *f = s.nodes[i].formula, *core, *again;
    struct number factor, constant, value;
    size_t axis;

    shadow_move(&s, box);
    if (formula_is_constant(f, &value)) {
        says(i, value);
        assert_false(formula_core(s.pool, f, &core, &factor, &constant));
        return;
    }
    if (!formula_core(s.pool, f, &core, &factor, &constant))
        return;
    again = formula_add(s.pool, formula_multiply(s.pool, core, formula_constant(s.pool, factor)),
                        formula_constant(s.pool, constant));
    assert_true(!again || again == f);         /* made once */
    if (!formula_is_linear(f, &axis, &factor, &constant))
        return;
    assert_true(formula_depends(f, axis));
    value = axis_number(&s.axes.items[axis], s.point.items[axis].lo);
    if (number_mul(value, factor, &value) && number_add(value, constant, &value))
        says(i, value);
}

/* An upper bound of one formula minus another. */
static void check_excess(size_t i, size_t j, const struct box *box)
{
    struct number excess;
    mpq_t difference, most;

    if (!formula_excess(s.pool, s.nodes[i].formula, s.nodes[j].formula, box, &excess))
        return;
    mpq_inits(difference, most, NULL);
    shadow_set(most, excess);
    for (int n = 0; n < POINTS; n++) {
        shadow_move(&s, box);
        mpq_sub(difference, s.values[i], s.values[j]);
        assert_true(mpq_cmp(difference, most) <= 0);
    }
    mpq_clears(difference, most, NULL);
}

static void check_formula(size_t i, const struct box *box)
{
    struct formula_range range;
    bool ranged = known(i, formula_range_on(s.pool, s.nodes[i].formula, box, &range));

    check_values(i, box, ranged ? &range : NULL);
    check_corners(i, box, ranged ? &range : NULL);
    for (size_t axis = 0; axis < SHADOW_AXES; axis++) {
        check_move(i, box, axis);
        check_fixed(i, box, axis);
    }
    check_core(i, box);
    check_excess(i, shadow_draw(SHADOW_NODES), box);
}

static unsigned long pools_wanted(void)
{
    const char *wanted = getenv("DELIB_FORMULA_POOLS");

    return wanted ? strtoul(wanted, NULL, 10) : 60;
}

static void check_pools(bool large)
{
    tally = (struct tally){ 0 };
    for (unsigned long pool = 1; pool <= pools_wanted(); pool++) {
        shadow_begin(&s, pool, large);
        for (int b = 0; b < BOXES; b++) {
            struct box box = shadow_box(&s);

            for (size_t i = 0; i < SHADOW_NODES; i++)
                if (known(i, s.nodes[i].formula != NULL))
                    check_formula(i, &box);
        }
        shadow_end(&s);
    }
    print_message("%zu answers, %zu not known\n", tally.known, tally.unknown);
}

static void everyday_numbers_are_known(void **unused)
{
    (void)unused;
    check_pools(false);
    assert_true(tally.known > 100 * tally.unknown);
}

static void large_numbers_are_known_or_not_said(void **unused)
{
    (void)unused;
    check_pools(true);
    assert_true(tally.unknown > 100);
    assert_true(tally.known > 10 * tally.unknown);
}

/* ---- What random formulas hardly meet ---- */

static struct formula_pool *plain_pool(void)
{
    shadow_begin(&s, 1, false);
    return s.pool;
}

static const struct formula *of(int128 n)
{
    return formula_constant(s.pool, number_of(n));
}

static struct box known_box(void)
{
    struct box box = box_new(&s.arena, &s.axes);

    for (size_t i = 0; i < SHADOW_AXES; i++)
        box.items[i] = coordinate_known(&s.axes.items[i]);
    return box;
}

/* A product that rises and falls on the same box, whatever its sign. */
static void products_of_falling_and_negative_values(void **unused)
{
    struct formula_pool *p = plain_pool();
    const struct formula *x = formula_axis(p, 0), *y = formula_axis(p, 1), *f;
    struct box box = known_box();
    struct formula_range range;

    (void)unused;
    /* (x - 3 000) × (y - 1 000), both below zero: falls with x and with y. */
    f = formula_multiply(p, formula_subtract(p, x, of(3000)), formula_subtract(p, y, of(1000)));
    assert_int_equal(formula_direction(p, f, &box, 0), DIRECTION_FALLING);
    assert_int_equal(formula_direction(p, f, &box, 1), DIRECTION_FALLING);
    assert_true(formula_range_on(p, f, &box, &range) && range.exact);
    assert_int_equal(number_compare(range.lo, number_of(1000 * 100)), 0);
    assert_int_equal(number_compare(range.hi, number_of(3000 * 1000)), 0);
    /* (x - 1 000) × (y - 500): neither keeps its sign. */
    f = formula_multiply(p, formula_subtract(p, x, of(1000)), formula_subtract(p, y, of(500)));
    assert_int_equal(formula_direction(p, f, &box, 0), DIRECTION_UNKNOWN);
    assert_true(formula_range_on(p, f, &box, &range) && !range.exact);
    shadow_end(&s);
}

/* 10 + x - x to the nearest 20 is never zero, but no interval shows it. */
static void a_divisor_that_is_not_seen_positive_is_not_known(void **unused)
{
    struct formula_pool *p = plain_pool();
    const struct formula *x = formula_axis(p, 0), *divisor, *f;
    struct box box = known_box();
    struct formula_range range;
    struct number out;

    (void)unused;
    divisor = formula_subtract(p, formula_add(p, x, of(11)), formula_round(p, x, number_of(20), ROUNDING_NEAREST));
    f = formula_divide(p, formula_axis(p, 1), divisor);
    assert_false(formula_range_on(p, f, &box, &range));
    assert_false(formula_change(p, f, &box, 1, 1, &out));
    assert_false(formula_change(p, f, &box, 0, 1, &out));
    assert_false(formula_excess(p, f, x, &box, &out));
    assert_int_equal(formula_direction(p, f, &box, 1), DIRECTION_UNKNOWN);
    /* On one point it is. */
    box.items[0].hi = box.items[0].lo;
    assert_true(formula_range_on(p, f, &box, &range));
    shadow_end(&s);
}

static void roundings_of_the_same_step_keep_whole_steps(void **unused)
{
    struct formula_pool *p = plain_pool();
    const struct formula *x = formula_axis(p, 1), *low, *high;
    const struct number cents = { 1, 10 };
    struct box box = known_box();
    struct number out;

    (void)unused;
    low = formula_round(p, x, cents, ROUNDING_NEAREST);
    high = formula_round(p, formula_add(p, x, formula_constant(p, (struct number){ 3, 100 })), cents, ROUNDING_NEAREST);
    /* At most 3 cents apart: at most ten once rounded, instead of any difference. */
    assert_true(formula_excess(p, high, low, &box, &out));
    assert_int_equal(number_compare(out, cents), 0);
    assert_true(formula_excess(p, low, high, &box, &out));
    assert_int_equal(number_sign(out), 0);
    /* Across zero, modes mirror: nothing is said. */
    low = formula_round(p, formula_subtract(p, x, of(10)), cents, ROUNDING_NEAREST);
    high = formula_round(p, formula_subtract(p, x, of(9)), cents, ROUNDING_NEAREST);
    assert_false(formula_excess(p, high, low, &box, &out));
    /* Other steps, another mode: only the plain difference. */
    high = formula_round(p, x, number_of(1), ROUNDING_NEAREST);
    assert_true(formula_excess(p, high, formula_round(p, x, cents, ROUNDING_NEAREST), &box, &out));
    assert_int_equal(number_compare(out, number_of(900)), 0);
    assert_true(formula_excess(p, high, formula_round(p, x, number_of(1), ROUNDING_UP), &box, &out));
    assert_int_equal(number_compare(out, number_of(900)), 0);
    /* One of the two on the other side of zero. */
    high = formula_round(p, x, cents, ROUNDING_NEAREST);
    low = formula_round(p, formula_subtract(p, x, of(2)), cents, ROUNDING_NEAREST);
    assert_false(formula_excess(p, high, low, &box, &out));
    shadow_end(&s);
}

static void a_text_has_no_value(void **unused)
{
    struct formula_pool *p = plain_pool();
    const struct formula *text = formula_text(p, slice_of("A")), *core;
    struct box box = box_new(&s.arena, &s.axes);
    struct formula_range range;
    struct number n, factor;

    (void)unused;
    assert_ptr_equal(text, formula_text(p, slice_of("A")));
    assert_ptr_not_equal(text, formula_text(p, slice_of("B")));
    assert_true(slice_equal(formula_text_of(text), slice_of("A")));
    assert_false(formula_range_on(p, text, &box, &range));
    assert_false(formula_at(p, text, &box, &n));
    assert_false(formula_is_constant(text, &n));
    assert_false(formula_core(p, text, &core, &factor, &n));
    assert_int_equal(formula_direction(p, text, &box, 0), DIRECTION_CONSTANT);
    assert_ptr_equal(formula_fix(p, text, 0, 1), text);
    assert_int_equal(formula_grain(text).num, 0);
    shadow_end(&s);
}

static void an_axis_that_a_box_does_not_know_has_no_value(void **unused)
{
    static const enum coordinate_kind KINDS[] = { COORDINATE_FREE, COORDINATE_ABSENT, COORDINATE_FAILED };
    struct formula_pool *p = plain_pool();
    const struct formula *x = formula_axis(p, 0), *both = formula_add(p, x, formula_axis(p, 1));
    struct box box = box_new(&s.arena, &s.axes);
    struct formula_range range;
    struct number n;

    (void)unused;
    box.items[0] = coordinate_known(&s.axes.items[0]);
    for (int i = 0; i < 3; i++) {
        box.items[1].kind = KINDS[i];
        assert_true(formula_range_on(p, x, &box, &range));
        assert_false(formula_range_on(p, both, &box, &range));
        assert_false(formula_corner(p, both, &box, true, &box));
        assert_true(formula_at(p, x, &box, &n));
        assert_false(formula_at(p, both, &box, &n));
    }
    shadow_end(&s);
}

static void what_does_not_fit_stays_unknown(void **unused)
{
    struct formula_pool *p = plain_pool();
    const struct formula *x = formula_axis(p, 0), *most = of(INT128_MAX), *tiny, *core;
    struct box box = box_new(&s.arena, &s.axes);
    struct formula_range range;
    struct number n, factor;

    (void)unused;
    tiny = formula_divide(p, of(1), most);
    assert_null(formula_add(p, most, of(1)));
    assert_null(formula_add(p, NULL, x));
    assert_null(formula_subtract(p, x, NULL));
    assert_null(formula_multiply(p, most, of(2)));
    assert_null(formula_multiply(p, NULL, x));
    assert_null(formula_multiply(p, x, NULL));
    assert_null(formula_divide(p, x, NULL));
    assert_null(formula_divide(p, NULL, x));
    assert_null(formula_divide(p, x, of(0)));
    assert_null(formula_divide(p, most, formula_divide(p, tiny, x)));
    assert_null(formula_round(p, NULL, number_of(1), ROUNDING_UP));
    assert_null(formula_round(p, most, number_of(10), ROUNDING_UP));
    assert_null(formula_extreme(p, NULL, x, true));
    assert_null(formula_extreme(p, x, NULL, true));
    assert_null(formula_date(p, DATE_YEAR, NULL, NULL));
    assert_false(formula_core(p, NULL, &core, &factor, &n));
    assert_false(formula_is_constant(NULL, &n));
    assert_false(formula_at(p, NULL, &box, &n));
    assert_false(formula_range_on(p, NULL, &box, &range));
    assert_false(formula_excess(p, NULL, x, &box, &n));
    assert_false(formula_excess(p, x, NULL, &box, &n));
    assert_int_equal(formula_direction(p, NULL, &box, 0), DIRECTION_UNKNOWN);
    /* The opposite of the least number does not fit either. */
    assert_null(formula_multiply(p, formula_multiply(p, x, of(INT128_MIN)), formula_axis(p, 1)));
    assert_int_equal(formula_grain(formula_multiply(p, x, of(INT128_MIN))).num, 0);
    assert_false(formula_core(p, formula_multiply(p, x, of(INT128_MIN)), &core, &factor, &n));
    assert_false(formula_core(p, formula_add(p, x, of(INT128_MIN)), &core, &factor, &n));
    shadow_end(&s);
}

/* Sums whose terms no longer fit, and what has a common factor that no longer fits. */
static void large_factors_stay_unknown(void **unused)
{
    struct formula_pool *p = plain_pool();
    const struct formula *x = formula_axis(p, 0), *y = formula_axis(p, 1), *most = of(INT128_MAX);
    const struct formula *wide = formula_add(p, formula_multiply(p, x, most), y);
    const struct formula *uneven = formula_add(p, formula_multiply(p, x, most), formula_divide(p, y, of(3)));

    (void)unused;
    assert_non_null(wide);
    assert_null(formula_add(p, formula_multiply(p, x, most), x));
    assert_null(formula_add(p, wide, wide));
    assert_null(formula_multiply(p, wide, of(2)));
    assert_null(formula_multiply(p, wide, wide));
    assert_null(formula_multiply(p, uneven, x));
    assert_null(formula_multiply(p, x, uneven));
    assert_null(formula_divide(p, uneven, y));
    assert_null(formula_divide(p, y, uneven));
    shadow_end(&s);
}

/* How much something changes is not known where a number on the way to it does not fit. */
static void large_changes_stay_unknown(void **unused)
{
    struct formula_pool *p = plain_pool();
    const struct formula *x = formula_axis(p, 0), *z = formula_axis(p, 2), *parts = formula_axis(p, 3);
    const struct formula *huge = of((int128)1 << 90), *beyond, *f;
    struct box box = known_box();
    struct number out;

    (void)unused;
    assert_false(formula_change(p, formula_multiply(p, x, of(INT128_MIN)), &box, 0, 1, &out));
    f = formula_multiply(p, formula_round(p, formula_multiply(p, x, huge), number_of(3), ROUNDING_UP),
                         formula_round(p, formula_multiply(p, parts, huge), number_of(3), ROUNDING_UP));
    assert_false(formula_change(p, f, &box, 0, 1, &out));
    assert_false(formula_change(p, f, &box, 3, 1, &out));
    assert_true(formula_change(p, f, &box, 1, 1, &out));
    assert_int_equal(number_sign(out), 0);
    /* A step of 2^126, across zero: two of them do not fit. */
    f = formula_round(p, z, number_of((int128)1 << 126), ROUNDING_UP);
    assert_false(formula_change(p, f, &box, 2, 1, &out));
    /* A divisor, and amounts, whose own bounds do not fit. */
    beyond = formula_multiply(p, formula_multiply(p, formula_multiply(p, x, huge), parts), of((int128)1 << 30));
    f = formula_divide(p, z, formula_extreme(p, beyond, of(1), true));
    assert_false(formula_change(p, f, &box, 2, 1, &out));
    assert_false(formula_excess(p, formula_round(p, formula_add(p, beyond, x), number_of(7), ROUNDING_UP),
                                formula_round(p, beyond, number_of(7), ROUNDING_UP), &box, &out));
    assert_false(
        formula_excess(p, formula_round(p, formula_multiply(p, x, of(INT128_MAX)), number_of(7), ROUNDING_UP),
                       formula_round(p, formula_subtract(p, parts, x), number_of(7), ROUNDING_UP), &box, &out));
    shadow_end(&s);
}

/* Days of the week go round: their direction is known within one week. */
static void days_of_the_week_go_round(void **unused)
{
    struct formula_pool *p = plain_pool();
    const struct formula *day = formula_date(p, DATE_WEEKDAY, formula_axis(p, SHADOW_DAYS), NULL), *f;
    struct box box = known_box();
    struct coordinate *c = &box.items[SHADOW_DAYS];
    struct formula_range range;
    struct number n;

    (void)unused;
    c->lo = date_to_days((struct date){ 2001, 1, 1 });     /* a Monday */
    c->hi = c->lo + 6;
    assert_int_equal(formula_direction(p, day, &box, SHADOW_DAYS), DIRECTION_RISING);
    assert_true(formula_range_on(p, day, &box, &range) && range.lo.num == 1 && range.hi.num == 7 && range.exact);
    c->lo += 3;
    c->hi += 3;                                            /* Thursday to Wednesday */
    assert_int_equal(formula_direction(p, day, &box, SHADOW_DAYS), DIRECTION_UNKNOWN);
    assert_true(formula_range_on(p, day, &box, &range) && range.lo.num == 1 && range.hi.num == 7 && !range.exact);
    /* An age between two fixed days is a number; it is unknown where a day is. */
    f = formula_date(p, DATE_AGE, of(date_to_days((struct date){ 2016, 9, 2 })),
                     of(date_to_days((struct date){ 2026, 9, 1 })));
    assert_true(formula_is_constant(f, &n) && n.num == 9);
    f = formula_date(p, DATE_AGE, formula_axis(p, SHADOW_BIRTHS), formula_axis(p, SHADOW_DAYS));
    box.items[SHADOW_BIRTHS].kind = COORDINATE_ABSENT;
    assert_false(formula_range_on(p, f, &box, &range));
    f = formula_date(p, DATE_AGE, formula_axis(p, SHADOW_DAYS), formula_axis(p, SHADOW_BIRTHS));
    assert_false(formula_range_on(p, f, &box, &range));
    shadow_end(&s);
}

/* Operations are followed by recursion: a thousand inside one another, and no more. */
static void the_depth_of_a_formula_is_bounded(void **unused)
{
    struct formula_pool *p = plain_pool();
    const struct formula *f = formula_axis(p, 1);
    struct box box = known_box();
    struct formula_range range;
    int levels = 0;

    (void)unused;
    for (; f && levels < 5000; levels++) {
        assert_true(formula_range_on(p, f, &box, &range));
        f = formula_round(p, formula_multiply(p, f, formula_constant(p, (struct number){ 10, 9 })), number_of(1),
                          ROUNDING_DOWN);
        f = formula_extreme(p, f, of(1000 + levels), false);
    }
    assert_null(f);
    assert_in_range(levels, 300, 1001);
    for (f = formula_axis(p, 1); f; levels--)
        f = formula_multiply(p, formula_round(p, f, number_of(1), ROUNDING_UP), formula_axis(p, 0));
    shadow_end(&s);
}

/* More formulas than hashes of 32 bits tell apart: each is itself all the same. */
static void formulas_of_one_hash_are_not_confused(void **unused)
{
    enum { MANY = 80000, KINDS = 4 };
    static const struct formula *made[KINDS][MANY];
    static char texts[MANY][8];
    struct formula_pool *p = plain_pool();
    const struct formula *x = formula_axis(p, 0);
    struct box lowest = known_box();

    (void)unused;
    for (int pass = 0; pass < 2; pass++)
        for (int n = 0; n < MANY; n++) {
            const struct formula *f[KINDS];

            snprintf(texts[n], sizeof texts[n], "%d", n);
            f[0] = of(n);
            f[1] = formula_text(p, slice_of(texts[n]));
            f[2] = formula_round(p, formula_add(p, x, f[0]), number_of(7), ROUNDING_UP);
            f[3] = formula_extreme(p, x, formula_add(p, f[2], f[0]), true);
            for (int k = 0; k < KINDS; k++) {
                assert_true(pass == 0 || made[k][n] == f[k]);
                made[k][n] = f[k];
            }
        }
    for (int n = 0; n < MANY; n++) {
        struct number value;

        assert_true(formula_is_constant(made[0][n], &value) && value.num == n);
        assert_true(slice_equal(formula_text_of(made[1][n]), slice_of(texts[n])));
        assert_true(formula_at(p, made[2][n], &lowest, &value) && value.num == (n + 6) / 7 * 7);
    }
    shadow_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everyday_numbers_are_known),
        cmocka_unit_test(large_numbers_are_known_or_not_said),
        cmocka_unit_test(products_of_falling_and_negative_values),
        cmocka_unit_test(a_divisor_that_is_not_seen_positive_is_not_known),
        cmocka_unit_test(roundings_of_the_same_step_keep_whole_steps),
        cmocka_unit_test(a_text_has_no_value),
        cmocka_unit_test(an_axis_that_a_box_does_not_know_has_no_value),
        cmocka_unit_test(what_does_not_fit_stays_unknown),
        cmocka_unit_test(large_factors_stay_unknown),
        cmocka_unit_test(large_changes_stay_unknown),
        cmocka_unit_test(days_of_the_week_go_round),
        cmocka_unit_test(the_depth_of_a_formula_is_bounded),
        cmocka_unit_test(formulas_of_one_hash_are_not_confused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
