/*
 * Where decisions change, on random formulas and ladders, against GMP: a settled box is on one step, a cut is made of
 * parts that cover it without overlap, exactly where one axis varies; families are found that meet conditions; signs
 * and extremes of a formula are those of its values.
 *
 *   DELIB_CUTS_POOLS=20000 build/x/tests/unit/test_cuts     random pools of each kind, by default 100
 */
#include "shadow.h"

#include "runtime/analysis/search.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { STEPS_MAX = 6, POINTS = 12, QUESTIONS = 30 };

static struct shadow s;
static struct tally {
    size_t settled, cut, parted, nobody, unknown;
} tally;

static unsigned long pools_wanted(void)
{
    const char *wanted = getenv("DELIB_CUTS_POOLS");

    return wanted ? strtoul(wanted, NULL, 10) : 100;
}

/* ---- Ladders ---- */

static struct {
    struct threshold at[STEPS_MAX];
    int key[STEPS_MAX + 1];
    struct ladder ladder;
} rungs;

static struct threshold threshold_at(const void *context, size_t i)
{
    (void)context;
    return rungs.at[i];
}

static int key_of(const void *context, size_t step)
{
    (void)context;
    return rungs.key[step];
}

static int threshold_order(const void *a, const void *b)
{
    const struct threshold *x = a, *y = b;
    int order = number_compare(x->value, y->value);

    return order ? order : x->included - y->included;
}

/* Thresholds among the values of the node, and beside them. */
static void draw_ladder(size_t node, const struct box *box)
{
    size_t wanted = 1 + shadow_draw(STEPS_MAX), count = 0;

    for (size_t i = 0; i < wanted; i++) {
        struct number value;

        shadow_move(&s, box);
        if (!shadow_value(&s, node, &value) ||
            (shadow_draw(3) == 0 && !number_round(value, number_of(1), ROUNDING_UP, &value)))
            continue;
        rungs.at[count++] = (struct threshold){ value, shadow_draw(2) };
    }
    qsort(rungs.at, count, sizeof *rungs.at, threshold_order);
    wanted = count;
    count = 0;
    for (size_t i = 0; i < wanted; i++)
        if (count == 0 || threshold_order(&rungs.at[count - 1], &rungs.at[i]) != 0)
            rungs.at[count++] = rungs.at[i];
    for (size_t i = 0; i <= count; i++)
        rungs.key[i] = (int)shadow_draw(3);
    rungs.ladder = (struct ladder){ .count = count, .at = threshold_at, .key = shadow_draw(2) ? key_of : NULL };
}

static size_t step_of_value(size_t node)
{
    size_t step = 0;

    for (; step < rungs.ladder.count; step++) {
        int order = shadow_compare(&s, node, rungs.at[step].value);

        if (order < 0 || (order == 0 && rungs.at[step].included))
            break;
    }
    return step;
}

static int place(size_t step)
{
    return rungs.ladder.key ? rungs.key[step] : (int)step;
}

/* ---- One question ---- */

static bool meets(const struct conditions *c)
{
    return !c || conditions_hold(c, s.pool, &s.point);
}

static void check_settled(const struct cutter *c, size_t node, size_t step)
{
    tally.settled++;
    for (int n = 0; n < POINTS; n++) {
        shadow_move(&s, c->box);
        if (meets(c->conditions))
            assert_int_equal(place(step_of_value(node)), place(step));
    }
}

/* Ranges that begin within the box, ascending. */
static void check_ranges(const struct cutter *c)
{
    const struct coordinate *k = &c->box->items[c->cut.axis];
    int64_t last = k->lo;

    tally.cut++;
    assert_false(c->cut.states);
    assert_true(c->cut.count > 0);
    for (size_t i = 0; i < c->cut.count; i++) {
        assert_true(c->cut.items[i] > last && c->cut.items[i] <= k->hi);
        last = c->cut.items[i];
    }
}

/* Each family of the box is in one part, with those of the same place. */
static void check_parts(const struct cutter *c, size_t node)
{
    const struct conditions *parts = &c->cut.parts;
    int places[STEPS_MAX + 1];
    bool seen[STEPS_MAX + 1] = { false };

    tally.parted++;
    assert_in_range(parts->count, 2, STEPS_MAX + 1);
    for (int n = 0; n < 4 * POINTS; n++) {
        size_t in = SIZE_MAX;

        shadow_move(&s, c->box);
        if (!meets(c->conditions))
            continue;
        for (size_t i = 0; i < parts->count; i++) {
            struct conditions one = { .items = &parts->items[i], .count = 1 };

            if (!conditions_hold(&one, s.pool, &s.point))
                continue;
            assert_int_equal(in, SIZE_MAX);
            in = i;
        }
        if (in == SIZE_MAX) {
            assert_true(s.large);
            continue;
        }
        assert_true(!seen[in] || places[in] == place(step_of_value(node)));
        seen[in] = true;
        places[in] = place(step_of_value(node));
    }
}

/* What one axis decides alone, and one way, is settled by the first cut. */
static void check_exact(struct cutter *c, size_t node, bool exact)
{
    struct box part = box_copy(&s.arena, c->box);
    struct coordinate *k = &part.items[c->cut.axis];
    const struct box *whole = c->box;
    int64_t begins[STEPS_MAX + 1];
    size_t count = c->cut.count, axis = c->cut.axis, step;

    memcpy(begins, c->cut.items, count * sizeof *begins);
    for (size_t i = 0; exact && i <= count; i++) {
        k->lo = i == 0 ? whole->items[axis].lo : begins[i - 1];
        k->hi = i == count ? whole->items[axis].hi : begins[i] - 1;
        c->box = &part;
        assert_int_equal(cutter_settle(c, s.nodes[node].formula, &rungs.ladder, &step), SETTLED);
        check_settled(c, node, step);
    }
    c->box = whole;
}

static bool is_exact(struct cutter *c, const struct formula *f)
{
    return !cutter_several_axes(c, f) &&
           formula_direction(s.pool, f, c->box, c->cut.axis) != DIRECTION_UNKNOWN;
}

static void ask(struct cutter *c, size_t node)
{
    const struct formula *f = s.nodes[node].formula;
    size_t step = 0;

    draw_ladder(node, c->box);
    switch (cutter_settle(c, f, &rungs.ladder, &step)) {
    case SETTLED: check_settled(c, node, step); break;
    case TO_CUT:
        if (c->cut.parts.count > 0) {
            check_parts(c, node);
            break;
        }
        check_ranges(c);
        check_exact(c, node, is_exact(c, f));
        break;
    case NOBODY:
        tally.nobody++;
        for (int n = 0; n < POINTS; n++) {
            shadow_move(&s, c->box);
            assert_false(meets(c->conditions));
        }
        break;
    case NOT_KNOWN:
        tally.unknown++;
        assert_true(s.large || s.nodes[node].divides);
        assert_string_equal(c->why, WHY_NUMBER);
        break;
    }
}

/* ---- Conditions ---- */

static void draw_conditions(struct conditions *c, const struct box *box)
{
    c->count = 0;
    for (size_t n = shadow_draw(3); n > 0; n--) {
        size_t node = shadow_draw(SHADOW_NODES);
        struct condition one = { .core = NULL };
        struct number factor, constant, values[2];
        const struct formula *core;

        if (!formula_core(s.pool, s.nodes[node].formula, &core, &factor, &constant))
            continue;
        one.core = core;
        for (int i = 0; i < 2; i++) {
            shadow_move(&s, box);
            if (!formula_at(s.pool, core, &s.point, &values[i]))
                values[i] = number_of(0);
        }
        one.low = (struct end){ shadow_draw(3) > 0, values[0], (int)shadow_draw(2) };
        one.high = (struct end){ shadow_draw(3) > 0, values[1], -(int)shadow_draw(2) };
        if (!conditions_add(&s.arena, c, &one)) {
            c->count = 0;              /* nobody meets them: a walk drops such a part */
            return;
        }
    }
}

/* A family that is found meets them. Adding what they say once more changes nothing. */
static void check_witness(const struct conditions *c, const struct box *box)
{
    struct conditions again = { .items = NULL };
    struct box point = box_new(&s.arena, &s.axes);

    conditions_copy(&s.arena, &again, c);
    for (size_t i = 0; i < c->count; i++)
        assert_true(conditions_add(&s.arena, &again, &c->items[i]));
    assert_true(conditions_equal(&again, c));
    if (!conditions_witness(c, &s.axes, s.pool, box, &point))
        return;
    assert_true(conditions_hold(c, s.pool, &point));
    assert_true(box_contains(&s.axes, box, &point));
}

static void check_cuts(bool large)
{
    tally = (struct tally){ 0 };
    for (unsigned long pool = 1; pool <= pools_wanted(); pool++) {
        struct conditions conditions = { .items = NULL };
        struct region_budget budget = { UINT64_MAX };
        struct cutter c = { .arena = &s.arena, .budget = &budget };

        shadow_begin(&s, pool, large);
        c.axes = &s.axes;
        c.pool = s.pool;
        c.probe = box_new(&s.arena, &s.axes);
        for (int n = 0; n < QUESTIONS; n++) {
            struct box box = shadow_box(&s);
            size_t node = shadow_draw(SHADOW_NODES);

            draw_conditions(&conditions, &box);
            check_witness(&conditions, &box);
            c.conditions = shadow_draw(2) ? &conditions : NULL;
            c.box = &box;
            if (s.nodes[node].formula)
                ask(&c, node);
        }
        shadow_end(&s);
    }
    print_message("%zu settled, %zu cut along an axis, %zu into conditions, %zu without family, %zu not known\n",
                  tally.settled, tally.cut, tally.parted, tally.nobody, tally.unknown);
    assert_true(tally.settled > 100 && tally.cut > 100 && tally.parted > 20 && tally.nobody > 0);
}

static void everyday_decisions(void **unused)
{
    (void)unused;
    check_cuts(false);
    assert_true(100 * tally.unknown < tally.settled);
}

static void decisions_on_large_numbers(void **unused)
{
    (void)unused;
    check_cuts(true);
    assert_true(tally.unknown > 0);
}

/* ---- Signs and extremes ---- */

struct sign_check {
    const struct box *box;
    size_t node, unknown;
    uint64_t covered, stop_after;
};

static bool check_sign(void *context, const struct box *part, enum sign sign)
{
    struct sign_check *k = context;

    k->covered += (uint64_t)box_size(&s.axes, part);
    k->unknown += sign == SIGN_UNKNOWN;
    shadow_move(&s, part);
    assert_true(box_contains(&s.axes, k->box, &s.point));
    if (sign != SIGN_UNKNOWN)
        assert_int_equal((int)sign - 1, shadow_compare(&s, k->node, number_of(0)));
    return k->stop_after-- > 0;
}

static void check_signs(struct search *search, size_t node, const struct box *box, const struct region_budget *budget)
{
    struct sign_check k = { .box = box, .node = node, .stop_after = UINT64_MAX };
    int64_t size = box_size(&s.axes, box);

    assert_int_equal(search_signs(search, s.nodes[node].formula, box, check_sign, &k), DELIB_OK);
    if (size < INT64_MAX)
        assert_true(k.covered == (uint64_t)size);
    assert_true(k.unknown == 0 || budget->left == 0 || s.large || s.nodes[node].divides);
    if (k.unknown > 0)
        return;
    k.covered = k.stop_after = 0;
    assert_int_equal(search_signs(search, s.nodes[node].formula, box, check_sign, &k), DELIB_OK);
    assert_true(k.stop_after == UINT64_MAX);       /* once, and no more */
}

static void check_extremum(struct search *search, size_t node, const struct box *box, bool greatest)
{
    struct extremum found;
    delib_status status = search_extremum(search, s.nodes[node].formula, box, greatest, &found);

    if (status != DELIB_OK) {
        assert_int_equal(status, DELIB_LIMIT);
        assert_true(s.large || s.nodes[node].divides);
        return;
    }
    memcpy(s.point.items, found.point.items, s.point.count * sizeof *s.point.items);
    shadow_compute(&s);
    assert_true(box_contains(&s.axes, box, &s.point));
    assert_int_equal(shadow_compare(&s, node, found.value), 0);
    for (int n = 0; n < POINTS; n++) {
        struct number limit = found.proved ? found.value : found.bound;

        shadow_move(&s, box);
        assert_true(greatest ? shadow_compare(&s, node, limit) <= 0 : shadow_compare(&s, node, limit) >= 0);
    }
}

static void check_searches(bool large)
{
    for (unsigned long pool = 1; pool <= pools_wanted() / 4; pool++) {
        shadow_begin(&s, pool, large);
        for (int n = 0; n < QUESTIONS; n++) {
            struct region_budget budget = { 1 + shadow_draw(20000) };
            struct search *search = search_new(&s.arena, &s.axes, s.pool, &budget);
            struct box box = shadow_box(&s);
            size_t node = shadow_draw(SHADOW_NODES);

            if (!s.nodes[node].formula)
                continue;
            check_extremum(search, node, &box, true);
            check_extremum(search, node, &box, false);
            check_signs(search, node, &box, &budget);
        }
        shadow_end(&s);
    }
}

static void signs_and_extremes(void **unused)
{
    (void)unused;
    check_searches(false);
    check_searches(true);
}

/* ---- Single cases ---- */

static struct box known_box(void)
{
    struct box box = box_new(&s.arena, &s.axes);

    for (size_t i = 0; i < SHADOW_AXES; i++)
        box.items[i] = coordinate_known(&s.axes.items[i]);
    return box;
}

/* x + y < 10 where x is 2 000: such families do not exist, and no family is given. */
static void conditions_that_nobody_meets(void **unused)
{
    struct conditions c = { .items = NULL };
    struct condition one = { .core = NULL };
    struct number factor, constant;
    struct box box, point;

    (void)unused;
    shadow_begin(&s, 1, false);
    box = known_box();
    point = box_new(&s.arena, &s.axes);
    assert_true(formula_core(s.pool, formula_add(s.pool, formula_axis(s.pool, 0), formula_axis(s.pool, 1)), &one.core,
                             &factor, &constant));
    one.high = (struct end){ true, number_of(10), -1 };
    assert_true(conditions_add(&s.arena, &c, &one));
    assert_true(conditions_witness(&c, &s.axes, s.pool, &box, &point));
    box.items[0].lo = box.items[0].hi;
    box.items[2].kind = COORDINATE_ABSENT;         /* what they do not depend on does not matter */
    box.items[3].read = false;
    assert_false(conditions_witness(&c, &s.axes, s.pool, &box, &point));
    /* From 20 on too: they cross. */
    one.high.set = false;
    one.low = (struct end){ true, number_of(20), 0 };
    assert_false(conditions_add(&s.arena, &c, &one));
    shadow_end(&s);
}

static void check_words(struct conditions *c, const char *expected)
{
    struct strbuf text = strbuf_in(&s.arena);

    strbuf_conditions(&text, c);
    assert_string_equal(text.bytes, expected);
}

/* What a condition bounds, in words: inclusion is always said. */
static void conditions_in_french(void **unused)
{
    static const struct model model;
    struct condition items[2];
    struct conditions c = { .items = items, .count = 1 };
    const struct number whole = { 1, 1 };

    (void)unused;
    shadow_begin(&s, 1, false);
    items[0] = (struct condition){ .low = { true, { 450, 1 }, 0 }, .high = { true, { 699, 1 }, 0 } };
    items[0].subject = (struct condition_subject){ "quotient", &model, type_plain_number(), whole, { 0, 1 } };
    items[1] = items[0];
    check_words(&c, "quotient de 450 à 699");
    items[0].high.lean = -1;
    check_words(&c, "quotient de 450 à moins de 699");
    items[0].low.lean = 1;
    check_words(&c, "quotient de plus de 450 à moins de 699");
    items[0].low.set = false;
    check_words(&c, "quotient moins de 699");
    items[0].high.lean = 0;
    check_words(&c, "quotient jusqu'à 699");
    items[0].high.set = false;
    items[0].low = (struct end){ true, { 450, 1 }, 0 };
    check_words(&c, "quotient à partir de 450");
    items[0].low.lean = 1;
    check_words(&c, "quotient de plus de 450");
    items[0].high = items[0].low = (struct end){ true, { 450, 1 }, 0 };
    check_words(&c, "quotient 450");
    /* « 1 000 - 2 × core »: its ends are turned. */
    items[0].high = (struct end){ true, { 500, 1 }, -1 };
    items[0].low.lean = 0;
    items[0].subject.factor = (struct number){ -2, 1 };
    items[0].subject.constant = number_of(2000);
    check_words(&c, "quotient de plus de 1 000 à 1 100");
    /* Without a name; two of them. */
    items[0] = items[1];
    items[0].subject.text = NULL;
    c.count = 2;
    check_words(&c, "une quantité calculée de 450 à 699, quotient de 450 à 699");
    /* An end that does not fit is not said. */
    c.count = 1;
    items[0].high.value = number_of(INT128_MAX);
    items[0].subject.factor = number_of(3);
    check_words(&c, "une quantité calculée à partir de 1 350");
    items[0].subject.factor = number_of(1);
    items[0].subject.constant = number_of(5);
    check_words(&c, "une quantité calculée à partir de 455");
    shadow_end(&s);
}

/* An axis that has few values is cut into each of them; one that has many, in halves first. */
static void members_are_told_apart(void **unused)
{
    struct region_budget budget = { 1000 };
    struct cutter c = { .arena = &s.arena, .axes = &s.axes, .budget = &budget };
    struct box box;

    (void)unused;
    shadow_begin(&s, 1, false);
    c.pool = s.pool;
    box = known_box();
    c.box = &box;
    assert_int_equal(cutter_enumerate(&c, 3), TO_CUT);
    assert_int_equal(c.cut.count, 11);
    for (size_t i = 0; i < 11; i++)
        assert_int_equal(c.cut.items[i], i + 2);
    assert_int_equal(cutter_enumerate(&c, 1), TO_CUT);
    assert_int_equal(c.cut.count, 1);
    assert_int_equal(c.cut.items[0], 45001);
    shadow_end(&s);
}

/* A cutter for the pool and a box where everything is known. */
static struct cutter known_cutter(struct region_budget *budget, struct box *box, bool large)
{
    shadow_begin(&s, 1, large);
    *box = known_box();
    return (struct cutter){ .arena = &s.arena, .axes = &s.axes, .pool = s.pool, .budget = budget, .box = box,
                            .probe = box_new(&s.arena, &s.axes) };
}

static void a_spent_budget_is_said(void **unused)
{
    struct region_budget budget = { 20 };
    struct box box;
    struct cutter c = known_cutter(&budget, &box, false);
    const struct formula *f = formula_round(s.pool, formula_axis(s.pool, 1), number_of(7), ROUNDING_UP);
    bool beyond;

    (void)unused;
    c.counted = formula_pool_work(s.pool);
    /* By halves: a rounding is not solved at once. */
    assert_int_equal(cutter_beyond(&c, f, (struct threshold){ number_of(450), true }, &beyond), NOT_KNOWN);
    assert_string_equal(c.why, WHY_BUDGET);
    assert_int_equal(budget.left, 0);
    budget.left = 1000;
    assert_int_equal(cutter_beyond(&c, f, (struct threshold){ number_of(450), true }, &beyond), TO_CUT);
    assert_int_equal(c.cut.items[0], 44801);               /* 448,01 is rounded to 455 */
    shadow_end(&s);
}

/* Where the equation has numbers that do not fit, halves find the same cut. */
static void thresholds_that_cannot_be_solved_are_found(void **unused)
{
    static const int128 BIG = (int128)1 << 70, Q = ((int128)1 << 50) + 1;
    struct region_budget budget = { 100000 };
    struct box box;
    struct cutter c = known_cutter(&budget, &box, false);
    const struct formula *x = formula_axis(s.pool, 0), *y = formula_axis(s.pool, 1);
    const struct formula *shifted = formula_add(s.pool, x, formula_constant(s.pool, (struct number){ 1, BIG + 1 }));
    const struct formula *times =
        formula_multiply(s.pool, x, formula_constant(s.pool, (struct number){BIG + 1, BIG - 1}));
    bool beyond;

    (void)unused;
    assert_int_equal(cutter_beyond(&c, shifted, (struct threshold){ { 450 * BIG + 1, BIG }, false }, &beyond), TO_CUT);
    assert_int_equal(c.cut.items[0], 451);
    assert_int_equal(cutter_beyond(&c, times, (struct threshold){ { 450 * Q + 1, Q }, false }, &beyond), TO_CUT);
    assert_int_equal(c.cut.items[0], 451);
    assert_int_equal(cutter_beyond(&c, y, (struct threshold){ { ((int128)1 << 126) + 1, (int128)1 << 117 }, true },
                                   &beyond), TO_CUT);
    assert_int_equal(c.cut.items[0], 51201);               /* just above 512 */
    shadow_end(&s);
}

/* As conditions, they are not known. */
static void thresholds_that_cannot_be_solved_are_no_conditions(void **unused)
{
    static const int128 BIG = (int128)1 << 70;
    struct region_budget budget = { 100000 };
    struct conditions none = { .items = NULL };
    struct box box;
    struct cutter c = known_cutter(&budget, &box, false);
    const struct formula *both = formula_multiply(s.pool, formula_axis(s.pool, 0), formula_axis(s.pool, 1)), *more;
    bool beyond;

    (void)unused;
    c.conditions = &none;
    assert_int_equal(cutter_beyond(&c, both, (struct threshold){ { 450 * BIG + 1, BIG }, false }, &beyond), TO_CUT);
    assert_int_equal(c.cut.parts.count, 2);
    more = formula_add(s.pool, both, formula_constant(s.pool, (struct number){ 1, BIG + 1 }));
    assert_int_equal(cutter_beyond(&c, more, (struct threshold){ { 450 * BIG + 1, BIG }, false }, &beyond), NOT_KNOWN);
    assert_string_equal(c.why, WHY_NUMBER);
    more = formula_multiply(s.pool, both, formula_constant(s.pool, (struct number){ BIG + 1, BIG - 1 }));
    assert_int_equal(cutter_beyond(&c, more, (struct threshold){ { 450 * BIG + 1, BIG }, false }, &beyond), NOT_KNOWN);
    shadow_end(&s);
}

/* What conditions say of a quantity is left aside where its numbers do not fit. */
static void ends_that_do_not_fit_say_nothing(void **unused)
{
    struct region_budget budget = { 100000 };
    struct conditions conditions = { .items = NULL };
    struct box box;
    struct cutter c = known_cutter(&budget, &box, false);
    struct condition known = { .core = formula_axis(s.pool, 0),
                               .high = { true, number_of((int128)1 << 60), 0 } };
    const struct formula *f =
        formula_multiply(s.pool, known.core, formula_constant(s.pool, number_of((int128)1 << 100)));
    bool beyond;

    (void)unused;
    assert_true(conditions_add(&s.arena, &conditions, &known));
    c.conditions = &conditions;
    assert_int_equal(cutter_beyond(&c, f, (struct threshold){ number_of(1), false }, &beyond), TO_CUT);
    assert_int_equal(c.cut.items[0], 1);
    f = formula_add(s.pool, known.core, formula_constant(s.pool, number_of(INT128_MAX - 2000)));
    assert_int_equal(cutter_beyond(&c, f, (struct threshold){ number_of(INT128_MAX - 1000), true }, &beyond), TO_CUT);
    assert_int_equal(c.cut.items[0], 1001);
    shadow_end(&s);
}

/* Up to hi, from 0 to 1 each: between its ends, the sum has three large denominators at once. */
static const struct formula *awkward(int64_t hi)
{
    const struct formula *sum = formula_constant(s.pool, number_of(0));

    for (int i = 0; i < 3; i++) {
        int64_t width = ((int64_t)1 << (59 - i)) + 1 + 2 * i;

        sum = formula_add(s.pool, sum, formula_divide(s.pool, formula_extreme(s.pool, formula_subtract(s.pool,
                              formula_axis(s.pool, 0), formula_constant(s.pool, number_of(hi - width))),
                              formula_constant(s.pool, number_of(0)), true),
                              formula_constant(s.pool, number_of(width))));
    }
    return sum;
}

static void values_that_do_not_fit_are_not_known(void **unused)
{
    struct region_budget budget = { 100000 };
    struct box box;
    struct cutter c = known_cutter(&budget, &box, true);
    const struct formula *f = awkward((int64_t)1 << 60), *zero = formula_constant(s.pool, number_of(0));
    const struct formula *x = formula_axis(s.pool, 0);
    struct search *search = search_new(&s.arena, &s.axes, s.pool, &budget);
    struct formula_range range;
    struct extremum found;
    bool beyond;

    (void)unused;
    box.items[0].lo = 0;
    box.items[0].hi = (int64_t)1 << 60;
    assert_true(formula_range_on(s.pool, f, &box, &range) && range.hi.num == 3);
    assert_int_equal(cutter_beyond(&c, f, (struct threshold){ number_of(2), true }, &beyond), NOT_KNOWN);
    assert_string_equal(c.why, WHY_NUMBER);
    /* Up and down: its extremes are looked for between the ends. */
    f = formula_subtract(s.pool, f,
                         formula_multiply(s.pool, formula_constant(s.pool, (struct number){1, (int128)1 << 60}),
                                          formula_round(s.pool, x, number_of((int64_t)1 << 50), ROUNDING_UP)));
    assert_int_equal(search_extremum(search, f, &box, true, &found), DELIB_LIMIT);
    /* A range that does not fit, though the first value does. */
    f = formula_multiply(s.pool, formula_multiply(s.pool, x, x), x);
    assert_int_equal(search_extremum(search, f, &box, true, &found), DELIB_LIMIT);
    /* An answer that is absent is no axis to look along. */
    box.items[1].kind = COORDINATE_ABSENT;
    assert_int_equal(search_extremum(search, formula_subtract(s.pool, x, zero), &box, true, &found), DELIB_OK);
    assert_int_equal(number_compare(found.value, number_of((int64_t)1 << 60)), 0);
    assert_true(found.proved);
    shadow_end(&s);
}

static bool go_on(void *context, const struct box *part, enum sign sign)
{
    (void)part;
    (void)sign;
    ++*(size_t *)context;
    return true;
}

static void searches_say_when_memory_runs_out(void **unused)
{
    struct region_budget budget = { 100000 };
    struct box box;
    struct search *search;
    struct extremum found;
    size_t seen = 0;

    (void)unused;
    for (int wanted = 0; wanted < 2; wanted++) {
        shadow_begin(&s, 1, false);
        box = known_box();
        search = search_new(&s.arena, &s.axes, s.pool, &budget);
        s.arena.limit = s.arena.used + 64;
        if (wanted == 0)
            assert_int_equal(search_signs(search, formula_axis(s.pool, 1), &box, go_on, &seen), DELIB_NO_MEMORY);
        else
            assert_int_equal(search_extremum(search, formula_axis(s.pool, 1), &box, true, &found), DELIB_NO_MEMORY);
        shadow_end(&s);
    }
    assert_int_equal(seen, 0);
}

static void conditions_are_equal_or_not(void **unused)
{
    struct conditions a = { .items = NULL }, b = { .items = NULL };
    struct condition one = { .core = NULL };

    (void)unused;
    shadow_begin(&s, 1, false);
    one.core = formula_axis(s.pool, 0);
    one.low = (struct end){ true, number_of(3), 0 };
    assert_true(conditions_add(&s.arena, &a, &one));
    assert_false(conditions_equal(&a, &b));
    assert_false(conditions_equal(&b, &a));
    conditions_copy(&s.arena, &b, &a);
    assert_true(conditions_equal(&a, &b));
    b.items[0].low.value = number_of(4);
    assert_false(conditions_equal(&a, &b));
    b.items[0].low = a.items[0].low;
    b.items[0].high = (struct end){ true, number_of(9), 0 };
    assert_false(conditions_equal(&a, &b));
    a.items[0].high = b.items[0].high;
    assert_true(conditions_equal(&a, &b));
    one.core = formula_axis(s.pool, 1);
    assert_true(conditions_add(&s.arena, &b, &one));
    assert_false(conditions_equal(&a, &b));
    shadow_end(&s);
}

/* On a grid, « above 450 » is « from 451 »; an end that the grid cannot hold stays as it is. */
static void ends_are_put_on_the_grid(void **unused)
{
    static const struct { size_t axis; int low_lean; struct number low, found; } CASES[] = {
        { 0, 1, { 450, 1 }, { 451, 1 } }, { 0, 0, { 450, 1 }, { 450, 1 } }, { 0, 0, { 901, 2 }, { 451, 1 } },
        { 0, 1, { 901, 2 }, { 451, 1 } }, { 1, 1, { 450, 1 }, { 45001, 100 } },
    };

    (void)unused;
    shadow_begin(&s, 1, false);
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct conditions c = { .items = NULL };
        struct condition one = { .core = formula_axis(s.pool, CASES[i].axis) };
        struct number opposite;

        one.low = (struct end){ true, CASES[i].low, CASES[i].low_lean };
        assert_true(conditions_add(&s.arena, &c, &one));
        assert_int_equal(number_compare(c.items[0].low.value, CASES[i].found), 0);
        assert_int_equal(c.items[0].low.lean, 0);
        /* The other end mirrors. */
        c.count = 0;
        one.low.set = false;
        assert_true(number_sub(number_of(0), CASES[i].low, &one.high.value));
        one.high.set = true;
        one.high.lean = -CASES[i].low_lean;
        assert_true(conditions_add(&s.arena, &c, &one));
        assert_true(number_sub(number_of(0), CASES[i].found, &opposite));
        assert_int_equal(number_compare(c.items[0].high.value, opposite), 0);
    }
    for (int lean = 0; lean < 2; lean++) {
        struct conditions c = { .items = NULL };
        struct condition one = { .low = { true, number_of(INT128_MAX), lean } };

        one.core = lean ? formula_axis(s.pool, 0)
                        : formula_round(s.pool, formula_axis(s.pool, 0), number_of(8), ROUNDING_UP);
        assert_true(conditions_add(&s.arena, &c, &one));
        assert_true(c.items[0].low.value.num == INT128_MAX && c.items[0].low.lean == lean);
    }
    shadow_end(&s);
}

static void families_in_french(void **unused)
{
    static const struct model model;
    struct condition one = { .low = { true, { 450, 1 }, 0 } };
    struct conditions c = { .items = &one, .count = 1 }, none = { .items = NULL };
    struct box box;
    struct strbuf text;

    (void)unused;
    shadow_begin(&s, 1, false);
    one.subject = (struct condition_subject){ "quotient", &model, type_plain_number(), { 1, 1 }, { 0, 1 } };
    for (size_t i = 0; i < SHADOW_DAYS; i++) {
        s.axes.items[i].type = type_plain_number();
        s.axes.items[i].model = &model;
    }
    box = box_new(&s.arena, &s.axes);
    text = strbuf_in(&s.arena);
    strbuf_families(&text, &s.axes, &box, &none);
    assert_string_equal(text.bytes, "toutes les familles");
    text = strbuf_in(&s.arena);
    strbuf_families(&text, &s.axes, &box, &c);
    assert_string_equal(text.bytes, "quotient à partir de 450");
    box.items[3] = coordinate_known(&s.axes.items[3]);
    box.items[3].lo = 4;
    text = strbuf_in(&s.arena);
    strbuf_families(&text, &s.axes, &box, &c);
    assert_string_equal(text.bytes, "parts à partir de 1, quotient à partir de 450");
    text = strbuf_in(&s.arena);
    strbuf_families(&text, &s.axes, &box, &none);
    assert_string_equal(text.bytes, "parts à partir de 1");
    shadow_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everyday_decisions),
        cmocka_unit_test(decisions_on_large_numbers),
        cmocka_unit_test(signs_and_extremes),
        cmocka_unit_test(conditions_that_nobody_meets),
        cmocka_unit_test(conditions_in_french),
        cmocka_unit_test(members_are_told_apart),
        cmocka_unit_test(a_spent_budget_is_said),
        cmocka_unit_test(thresholds_that_cannot_be_solved_are_found),
        cmocka_unit_test(thresholds_that_cannot_be_solved_are_no_conditions),
        cmocka_unit_test(ends_that_do_not_fit_say_nothing),
        cmocka_unit_test(values_that_do_not_fit_are_not_known),
        cmocka_unit_test(searches_say_when_memory_runs_out),
        cmocka_unit_test(conditions_are_equal_or_not),
        cmocka_unit_test(ends_are_put_on_the_grid),
        cmocka_unit_test(families_in_french),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
