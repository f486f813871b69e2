/*
 * Comparisons against brute force: each délibération of the corpus and of the methods against copies of itself where
 * one number was changed or one line dropped. A family is in a change if and only if the two engines do not give it
 * the same result; nobody rises or falls more than the comparison says.
 *
 *   DELIB_COMPARISON_POINTS=20000 DELIB_COMPARISON_MUTANTS=1000 build/x/tests/unit/test_comparison
 */
#include "draw.h"
#include "runtime/analysis/comparison.h"
#include "runtime/session.h"
#include "act_files.h"

#include <ctype.h>
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void *plain_resize(void *context, void *block, size_t size)
{
    (void)context;
    if (size == 0) {
        free(block);
        return NULL;
    }
    return realloc(block, size);
}

static size_t wanted(const char *variable, size_t otherwise)
{
    const char *text = getenv(variable);

    return text ? (size_t)strtoul(text, NULL, 10) : otherwise;
}

struct tally {
    size_t pairs, differing, changes, doubts, points, changed;
};

/* ---- One pair ---- */

struct pair {
    const char *name;
    const delib_program *programs[SIDES];
    delib_session *sessions[SIDES];
    struct comparison comparison;
    struct comparison_options options;
    struct arena arena;
    struct box point;
    struct tally *tally;
};

static void fail_at(const struct pair *p, const struct comparison_tariff *t, const char *what)
{
    struct arena arena;
    struct strbuf text;

    arena_init(&arena, (struct allocator){ plain_resize, NULL }, 0);
    text = strbuf_in(&arena);
    strbuf_box(&text, &p->comparison.matching.axes, &p->point);
    print_error("%s, tarif %s: %s — %s\n", p->name, t->name, what, text.bytes);
    arena_release(&arena);
    fail();
}

/* Bounds of the changes and their neighbours, and values anywhere. */
static int64_t draw_value(const struct pair *p, const struct comparison_tariff *t, size_t axis)
{
    const struct axis *a = &p->comparison.matching.axes.items[axis];
    uint64_t span = (uint64_t)(a->hi - a->lo) + 1;
    int64_t n = a->lo + (int64_t)draw(span);

    if (draw(3) == 0)
        n = a->lo + (int64_t)draw(span < 300000 ? span : 300000);
    if (t->changes.count > 0 && draw(2) == 0) {
        const struct coordinate *c = &t->changes.items[draw(t->changes.count)].box.items[axis];

        if (c->kind == COORDINATE_RANGE)
            n = (draw(2) ? c->lo : c->hi) + (int64_t)draw(5) - 2;
    }
    return n < a->lo ? a->lo : n > a->hi ? a->hi : n;
}

static void draw_point(struct pair *p, const struct comparison_tariff *t)
{
    for (size_t i = 0; i < p->comparison.matching.axes.count; i++) {
        const struct axis *a = &p->comparison.matching.axes.items[i];
        struct coordinate *c = &p->point.items[i];

        *c = (struct coordinate){ .kind = COORDINATE_RANGE, .read = true };
        if (a->may_be_absent && draw(8) == 0)
            c->kind = COORDINATE_ABSENT;
        else if (a->may_fail && draw(8) == 0)
            c->kind = COORDINATE_FAILED;
        else
            c->lo = c->hi = draw_value(p, t, i);
    }
}

struct engine_result {
    delib_statut statut;
    struct number value;
    char text[64];
};

static struct engine_result engine_result(struct pair *p, const struct region_target *target, enum side side)
{
    struct engine_result r = { .value = { 0, 1 } };
    const struct outcome_value *last = &p->sessions[side]->last;
    delib_result result = { 0 };

    assert_int_equal(region_evaluate(target, &p->comparison.matching.axes, p->sessions[side], &p->point, &result),
                     DELIB_OK);
    r.statut = result.statut;
    if (result.statut == DELIB_CALCULE && result.text)
        snprintf(r.text, sizeof r.text, "%s", result.text);
    else if (result.statut == DELIB_CALCULE)
        assert_true(number_make(last->value.num, last->den * last->value.d, &r.value));
    return r;
}

static bool concerns(const struct pair *p, const struct comparison_tariff *t, const struct box *box,
                     const struct conditions *conditions)
{
    return box_contains(&p->comparison.matching.axes, box, &p->point) &&
           conditions_hold(conditions, t->pool, &p->point);
}

static bool in_doubt(const struct pair *p, const struct comparison_tariff *t)
{
    for (size_t i = 0; i < t->doubts.count; i++)
        if (concerns(p, t, &t->doubts.items[i].box, &t->doubts.items[i].conditions))
            return true;
    return false;
}

static const struct comparison_change *change_of(const struct pair *p, const struct comparison_tariff *t)
{
    const struct comparison_change *found = NULL;

    for (size_t i = 0; i < t->changes.count; i++) {
        if (!concerns(p, t, &t->changes.items[i].box, &t->changes.items[i].conditions))
            continue;
        if (found)
            fail_at(p, t, "in two changes");
        found = &t->changes.items[i];
    }
    return found;
}

static void check_amounts(struct pair *p, const struct comparison_tariff *t, const struct comparison_change *change,
                          const struct engine_result r[SIDES])
{
    const struct comparison_extreme *e;
    struct number difference, most;

    assert_true(number_sub(r[AFTER].value, r[BEFORE].value, &difference));
    for (int side = BEFORE; side < SIDES; side++)
        if (number_compare(r[side].value, change->ranges[side].lo) < 0 ||
            number_compare(r[side].value, change->ranges[side].hi) > 0)
            fail_at(p, t, "an amount out of its range");
    if (number_compare(difference, change->least) < 0 || number_compare(difference, change->greatest) > 0)
        fail_at(p, t, "a change beyond its bounds");
    e = number_sign(difference) > 0 ? &t->rise : &t->fall;
    if (!t->complete || number_sign(difference) == 0)
        return;
    if (!e->found || !number_sub(e->amounts[AFTER], e->amounts[BEFORE], &most) ||
        (number_sign(difference) > 0 ? number_compare(difference, most) > 0 : number_compare(difference, most) < 0))
        fail_at(p, t, "changes more than the greatest change");
}

static void check_point(struct pair *p, const struct comparison_tariff *t, const struct region_target targets[SIDES])
{
    struct engine_result r[SIDES] = { engine_result(p, &targets[BEFORE], BEFORE),
                                      engine_result(p, &targets[AFTER], AFTER) };
    bool differs = r[BEFORE].statut != r[AFTER].statut || number_compare(r[BEFORE].value, r[AFTER].value) != 0 ||
                   strcmp(r[BEFORE].text, r[AFTER].text) != 0;
    const struct comparison_change *change = change_of(p, t);

    p->tally->points++;
    p->tally->changed += differs;
    if (in_doubt(p, t))
        return;
    if (differs && !change)
        fail_at(p, t, "changes, and the comparison does not say so");
    if (!differs && change && change->changed == change->points &&
        (change->amounts || r[BEFORE].statut != DELIB_CALCULE))
        fail_at(p, t, "does not change, and the comparison says so");
    if (change && change->amounts)
        check_amounts(p, t, change, r);
}

static const struct symbol *output_named(const delib_program *p, const char *name)
{
    for (size_t i = 0; name && i < p->output_count; i++)
        if (slice_is(p->outputs[i].symbol->name.text, name))
            return p->outputs[i].symbol;
    return NULL;
}

static void check_tariff(struct pair *p, const struct comparison_tariff *t)
{
    struct region_target targets[SIDES];

    p->tally->changes += t->changes.count;
    p->tally->doubts += t->doubts.count;
    for (int side = BEFORE; side < SIDES; side++) {
        targets[side] = (struct region_target){ .program = p->programs[side],
                                                .bindings = p->comparison.matching.bindings[side],
                                                .output = output_named(p->programs[side], t->output) };
        targets[side].tariff = (size_t)delib_program_tariff(p->programs[side], t->name);
    }
    for (size_t i = 0; i < wanted("DELIB_COMPARISON_POINTS", 60); i++) {
        draw_point(p, t);
        check_point(p, t, targets);
    }
}

static void compare(const char *name, delib_program *before, delib_program *after, struct tally *tally)
{
    static struct pair p;
    delib_session_options session = DELIB_SESSION_OPTIONS_INIT;
    const char *fault = NULL;

    p = (struct pair){ .name = name, .programs = { before, after }, .tally = tally, .options.steps = 300000 };
    arena_init(&p.arena, (struct allocator){ plain_resize, NULL }, (size_t)1 << 30);
    p.options.dates[BEFORE] = comparison_usual_date(before);
    p.options.dates[AFTER] = comparison_usual_date(after);
    session.ask_sources = session.trace = 0;
    assert_int_equal(delib_session_new(before, &session, &p.sessions[BEFORE]), DELIB_OK);
    assert_int_equal(delib_session_new(after, &session, &p.sessions[AFTER]), DELIB_OK);
    assert_int_equal(comparison_make(&p.arena, before, after, &p.options, &p.comparison, &fault), DELIB_OK);
    p.point = box_new(&p.arena, &p.comparison.matching.axes);
    tally->pairs++;
    tally->differing += !comparison_is_equal(&p.comparison);
    for (size_t i = 0; i < p.comparison.tariffs.count; i++)
        check_tariff(&p, &p.comparison.tariffs.items[i]);
    delib_session_free(p.sessions[BEFORE]);
    delib_session_free(p.sessions[AFTER]);
    arena_release(&p.arena);
}

/* ---- Copies of a text with one difference ---- */

/* The nth number of the rules moves by one in its last digit. False: there is no such number. */
static bool move_number(char *text, size_t nth)
{
    char *c = strstr(text, "```delib");

    for (c = c ? c : text; *c; c++) {
        if (!isdigit((unsigned char)*c) || isdigit((unsigned char)c[1]) || nth-- > 0)
            continue;
        *c = "1234567898"[*c - '0'];
        return true;
    }
    return false;
}

/* The nth line of the rules with a price becomes blank. */
static bool drop_line(char *text, size_t nth)
{
    char *c = strstr(text, "```delib");

    for (c = c ? c : text; c && *c; c = strchr(c, '\n') ? strchr(c, '\n') + 1 : NULL) {
        char *end = strchr(c, '\n'), *euro = strstr(c, "€");

        if (!end || !euro || euro > end || nth-- > 0)
            continue;
        memset(c, ' ', (size_t)(end - c));
        return true;
    }
    return false;
}

static void compare_mutants(delib_engine *engine, const char *path, struct tally *tally)
{
    size_t length, limit = wanted("DELIB_COMPARISON_MUTANTS", 14);
    char *text = act_read(path, &length), *copy = malloc(length + 1);
    delib_program *before = act_compile(engine, path), *again = act_compile(engine, path);

    assert_non_null(copy);
    if (before) {
        size_t differing = tally->differing;

        compare(path, before, again, tally);
        if (tally->differing != differing)
            fail_msg("%s is not equal to itself", path);
    }
    for (size_t i = 0; before && i < 2 * limit; i++) {
        char name[300];
        delib_program *after;

        memcpy(copy, text, length + 1);
        if (!(i % 2 ? drop_line : move_number)(copy, limit > 500 ? i / 2 : draw(80)))
            continue;
        snprintf(name, sizeof name, "%s, mutant %zu", path, i);
        after = act_compile_text(engine, path, copy, length);
        if (after)
            compare(name, before, after, tally);
        delib_program_release(after);
    }
    delib_program_release(before);
    delib_program_release(again);
    free(text);
    free(copy);
}

static void changes_are_those_of_the_engines(void **unused)
{
    static const char *const PATTERNS[] = { "examples/corpus/*.delib.md", "examples/cantine/*.delib.md",
                                            "examples/methodes/*.delib", "examples/periscolaire/*.delib.md" };
    struct tally total = { 0 };
    delib_engine *engine;

    (void)unused;
    assert_int_equal(delib_engine_new(NULL, &engine), DELIB_OK);
    for (size_t k = 0; k < sizeof PATTERNS / sizeof *PATTERNS; k++) {
        glob_t found;

        if (glob(PATTERNS[k], 0, NULL, &found) != 0)
            continue;
        for (size_t i = 0; i < found.gl_pathc; i++)
            compare_mutants(engine, found.gl_pathv[i], &total);
        globfree(&found);
    }
    delib_engine_free(engine);
    print_message("%zu pairs, %zu differing, %zu changes, %zu doubts, %zu points of which %zu change\n", total.pairs,
                  total.differing, total.changes, total.doubts, total.points, total.changed);
    assert_true(total.pairs > 300);
    assert_true(total.differing > 100);
    assert_true(total.changed > 1000);
}

/* ---- Memory that is refused, at every place ---- */

static void no_memory_is_a_status(void **unused)
{
    const struct comparison_options options = { .steps = 200000 };
    struct comparison comparison;
    delib_engine *engine;
    delib_program *before, *after;
    size_t length, tries = 0, changes;
    char *text = act_read("examples/cantine/cantine.delib.md", &length), *price = strstr(text, "3,30 €\n");
    delib_status status = DELIB_NO_MEMORY;
    const char *fault;

    (void)unused;
    assert_non_null(price);
    price[3] = '9';
    assert_int_equal(delib_engine_new(NULL, &engine), DELIB_OK);
    before = act_compile(engine, "examples/cantine/cantine.delib.md");
    after = act_compile_text(engine, "examples/cantine/cantine.delib.md", text, length);
    assert_non_null(before);
    assert_non_null(after);
    for (size_t limit = 1; status != DELIB_OK; limit += 1 + limit / 97, tries++) {
        struct arena arena;

        arena_init(&arena, (struct allocator){ plain_resize, NULL }, limit);
        status = comparison_make(&arena, before, after, &options, &comparison, &fault);
        assert_true(status == DELIB_OK || status == DELIB_NO_MEMORY);
        changes = status == DELIB_OK ? comparison.tariffs.items[0].changes.count : 0;
        arena_release(&arena);
    }
    assert_true(tries > 100);
    assert_int_equal(changes, 4);
    delib_program_release(before);
    delib_program_release(after);
    delib_engine_free(engine);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changes_are_those_of_the_engines),
        cmocka_unit_test(no_memory_is_a_status),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
