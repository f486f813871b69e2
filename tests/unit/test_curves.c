/*
 * The curves of a report against the engine, and the coverage of proposals, on every example: pieces cover the domain
 * in order, each point of each situation has the amount that the engine gives; memory refused is a status.
 */
#include "act_files.h"
#include "arena_fixture.h"
#include "runtime/analysis/curves.h"
#include "runtime/analysis/proposals.h"

#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { POINTS = 40 };

static uint64_t seed = 2463534242u;

static int64_t draw_between(int64_t lo, int64_t hi)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return lo + (int64_t)(seed % ((uint64_t)(hi - lo) + 1));
}

struct tally {
    size_t curves, points, acts;
};

static void same_at(const struct curves *c, const struct curve *curve, const struct curve_piece *piece,
                    delib_session *session, const struct box *point, int64_t n)
{
    struct number found, expected;
    delib_result result;

    assert_int_equal(region_evaluate(&c->target, &c->axes, session, point, &result), DELIB_OK);
    assert_int_equal(result.statut, piece->outcome.statut);
    if (result.statut != DELIB_CALCULE || session->last.value.ref)
        return;
    assert_true(curve_value(c, curve, piece, n, &found));
    assert_true(number_make(session->last.value.num, session->last.den * session->last.value.d, &expected));
    assert_int_equal(number_compare(found, expected), 0);
}

/* A family of one of the situations, the quantity being n. */
static void draw_family(const struct curves *c, const struct curve *curve, int64_t n, struct box *point)
{
    const struct box *situation = &curve->situations[draw_between(0, (int64_t)curve->situation_count - 1)];

    for (size_t i = 0; i < c->axes.count; i++) {
        point->items[i] = situation->items[i];
        if (point->items[i].kind == COORDINATE_RANGE)
            point->items[i].lo = point->items[i].hi = draw_between(point->items[i].lo, point->items[i].hi);
    }
    point->items[c->axis] = (struct coordinate){ .kind = COORDINATE_RANGE, .read = true, .lo = n, .hi = n };
}

static void check_curve(const struct curves *c, const struct curve *curve, delib_session *session, struct tally *tally)
{
    struct box point = box_new(c->arena, &c->axes);
    const struct axis *axis = &c->axes.items[c->axis];

    assert_int_equal(curve->pieces[0].lo, axis->lo);
    assert_int_equal(curve->pieces[curve->count - 1].hi, axis->hi);
    for (size_t i = 0; i < curve->count; i++) {
        const struct curve_piece *piece = &curve->pieces[i];

        assert_true(piece->lo <= piece->hi);
        if (i > 0)
            assert_int_equal(piece->lo, piece[-1].hi + 1);
        for (int k = 0; k < POINTS && !piece->outcome.why; k++) {
            int64_t n = k == 0 ? piece->lo : k == 1 ? piece->hi : draw_between(piece->lo, piece->hi);

            draw_family(c, curve, n, &point);
            same_at(c, curve, piece, session, &point, n);
            tally->points++;
        }
    }
    tally->curves++;
}

static delib_session *session_at(delib_program *program, struct date date, struct arena *a)
{
    delib_session_options options = DELIB_SESSION_OPTIONS_INIT;
    struct strbuf iso = strbuf_in(a);
    delib_session *session;

    options.ask_sources = 0;
    if (date.year)
        strbuf_date_iso(&iso, date);
    options.date = date.year ? iso.bytes : NULL;
    assert_int_equal(delib_session_new(program, &options, &session), DELIB_OK);
    return session;
}

static void check_program(delib_program *program, struct tally *tally)
{
    for (size_t t = 0; t < program->tariff_count; t++)
        for (size_t v = 0; v < program->tariffs[t].version_count; v++) {
            struct region_budget budget = { 300000 };
            struct curves c;
            delib_session *session;

            curves_make(&arena, program, t, v, &budget, &c);
            session = session_at(program, c.date, &arena);
            for (size_t i = 0; c.axis != SIZE_MAX && i < c.count; i++)
                if (c.items[i].count)
                    check_curve(&c, &c.items[i], session, tally);
            delib_session_free(session);
            arena_reset(&arena);
        }
    tally->acts++;
}

static void curves_of_examples(void **state)
{
    struct tally tally = { 0 };
    delib_engine *engine;
    glob_t files;

    (void)state;
    assert_int_equal(delib_engine_new(NULL, &engine), DELIB_OK);
    assert_int_equal(glob("examples/*/*.delib*", 0, NULL, &files), 0);
    assert_int_equal(glob("tests/unit/*/*.delib", GLOB_APPEND, NULL, &files), 0);
    assert_int_equal(glob("tests/golden/semantique/*.delib", GLOB_APPEND, NULL, &files), 0);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        delib_program *program = act_compile(engine, files.gl_pathv[i]);

        if (program)
            check_program(program, &tally);
        delib_program_release(program);
    }
    globfree(&files);
    delib_engine_free(engine);
    print_message("%zu acts, %zu curves, %zu points\n", tally.acts, tally.curves, tally.points);
    assert_true(tally.curves > 60 && tally.points > 5000);
}

/* ---- Memory ---- */

struct everything {
    struct arena arena;
    delib_program *program;
};

static bool make_everything(void *context)
{
    struct everything *e = context;
    struct region_budget budget = { 300000 };
    struct curves curves;
    struct coverage coverage;
    struct proposals proposals;

    curves_make(&e->arena, e->program, 0, 0, &budget, &curves);
    (void)coverage_new(&e->arena, e->program, &coverage);
    return proposals_make(&coverage, e->program, &budget, &proposals);
}

/* Curves, coverage and proposals of one act, in an arena that stops after `limit` bytes. */
static bool everything_within(delib_program *program, size_t limit)
{
    struct failing_memory given = { 0 };
    struct everything e = { .program = program };
    bool done;

    arena_init(&e.arena, failing_allocator(&given), limit);
    done = arena_guard(&e.arena, make_everything, &e);
    arena_release(&e.arena);
    assert_int_equal(given.live, 0);
    return done;
}

static void memory_that_runs_out_is_a_status(void **state)
{
    delib_engine *engine;
    delib_program *program;
    size_t limit = 1, refused = 0;

    (void)state;
    assert_int_equal(delib_engine_new(NULL, &engine), DELIB_OK);
    program = act_compile(engine, "examples/cantine/cantine.delib.md");
    assert_non_null(program);
    for (; !everything_within(program, limit); limit += 1 + limit / 61)
        refused++;
    assert_true(refused > 100);
    delib_program_release(program);
    delib_engine_free(engine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(curves_of_examples, start, end),
        cmocka_unit_test(memory_that_runs_out_is_a_status),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
