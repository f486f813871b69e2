/*
 * Curves and nearest changes against the engine, value by value: every tariff and « résultat » of every example, with
 * random families, some of whose answers are missing. Between the family and the change that is said, the engine
 * gives the same result at every value of the grid; at the change, another; where none is said, none is found.
 * Segments cover the domain without gap, their ends are what the engine gives, constant ones are constant and the
 * others move one way.
 *
 *   DELIB_CURVE_FAMILIES=400 build/x/tests/unit/test_family_curve     families per tariff, by default 14
 *   DELIB_CURVE_SCAN=100000000 …                               values tried one by one on each side, by default 10000
 */
#include "draw.h"
#include "runtime/delib.h"
#include "runtime/session.h"
#include "act_files.h"

#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct tally {
    size_t curves, changes, none, unknown, segments;
    uint64_t points;
};

struct check {
    const char *name;
    delib_program *program;
    delib_session *session, *plain;      /* the one that is asked, and the one that tries */
    delib_tariff tariff;
    const struct symbol *datum;
    delib_curve curve;
    struct tally *tally;
};

static size_t setting(const char *name, size_t otherwise)
{
    const char *text = getenv(name);

    return text ? strtoul(text, NULL, 10) : otherwise;
}

/* ---- A family ---- */

static int64_t draw_value(const struct symbol *datum)
{
    int64_t lo = (int64_t)datum->facts.lo, hi = (int64_t)datum->facts.hi;
    uint64_t span = (uint64_t)(hi - lo) + 1, small = 300000;

    if (datum->type->kind == TYPE_DATE)
        return 14000 + (int64_t)draw(6500);
    return lo + (int64_t)draw(draw(8) && span > small ? small : span);
}

/* A few elements; a record has every field. */
static const void *draw_list(struct check *c, const struct symbol *datum)
{
    const struct type *type = datum->type;
    struct list_value *list = arena_new(&c->session->data, struct list_value);

    list->count = type->basket ? type->basket->count : 1 + draw(type->max_items < 4 ? type->max_items : 4);
    list->items = arena_array(&c->session->data, struct datum_value, list->count);
    for (size_t i = 0; i < list->count; i++) {
        struct record_value *record;

        list->items[i] = (struct datum_value){ .state = DATUM_SET, .d = 1 };
        if (type->element->kind != TYPE_RECORD) {
            list->items[i].num = (int64_t)datum->facts.lo + (int64_t)draw(9);
            continue;
        }
        record = arena_new(&c->session->data, struct record_value);
        record->fields = arena_array(&c->session->data, struct datum_value, type->element->symbol->count);
        for (const struct symbol *f = type->element->symbol->first; f; f = f->next)
            if (f->kind == SYMBOL_FIELD)
                record->fields[f->index] = (struct datum_value){ .state = DATUM_SET, .d = 1, .num = draw_value(f) };
        list->items[i].ref = record;
    }
    return list;
}

static void draw_family(struct check *c)
{
    const struct model *model = &c->program->model;

    delib_session_reset(c->session);
    delib_session_reset(c->plain);
    for (size_t i = 0; i < model->data.count; i++) {
        const struct symbol *datum = model->data.items[i];
        struct datum_value v = { .state = DATUM_SET, .d = 1 };

        if (draw(datum->type->kind == TYPE_TEXT ? 2 : 12) == 0)
            v.state = DATUM_NULL;
        else if (datum->kind == SYMBOL_SOURCE && draw(12) == 0)
            v.state = DATUM_FAILED;
        else if (draw(20) == 0)
            v.state = DATUM_UNSET;
        else if (datum->type->kind == TYPE_TEXT)
            v.ref = "Élancourt";
        else if (datum->type->kind == TYPE_LIST)
            v.ref = draw_list(c, datum);
        else if (datum->type->kind == TYPE_DATE && draw(12) == 0)      /* its year, or its month: machine.h */
            v = (struct datum_value){ .state = DATUM_SET, .num = (2008 + draw(16)) * 10000 + draw(13) * 100 };
        else
            v.num = draw_value(datum);
        c->session->values[i] = c->plain->values[i] = v;
    }
}

/* ---- What the engine says ---- */

static delib_result at(struct check *c, int64_t n)
{
    delib_result result;

    c->tally->points++;
    c->plain->values[c->datum->index] = (struct datum_value){ .state = DATUM_SET, .num = n, .d = 1 };
    assert_int_equal(delib_evaluate(c->plain, c->tariff, &result), DELIB_OK);
    return result;
}

static bool same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool same(const delib_result *a, const delib_result *b)
{
    if (a->statut != b->statut)
        return false;
    if (a->statut != DELIB_CALCULE)
        return same_text(a->reason, b->reason);
    return a->text ? same_text(a->text, b->text)
                   : a->units == b->units && a->scale == b->scale && same_text(a->unit, b->unit);
}

static void fail_at(const struct check *c, int64_t n, const char *what)
{
    print_error("%s, tarif %s, %s : %lld depuis %lld — %s\n", c->name, delib_program_tariff_name(c->program, c->tariff),
                c->curve.name, (long long)n, (long long)c->curve.here.units, what);
    fail();
}

static void check_point(struct check *c, const delib_point *p)
{
    delib_result result = at(c, p->units);

    if (!same(&result, &p->result))
        fail_at(c, p->units, "the result that is said is not the engine's");
}

/* ---- The nearest change on one side ---- */

static void check_side(struct check *c, const delib_point *found, int step)
{
    int64_t end = step > 0 ? (int64_t)c->datum->facts.hi : (int64_t)c->datum->facts.lo, last = end;
    int64_t limit = (int64_t)setting("DELIB_CURVE_SCAN", 10000), n = c->curve.here.units;
    bool hidden = false;

    for (size_t i = 0; i < c->curve.segment_count; i++) {
        delib_segment s;

        assert_int_equal(delib_session_segment(c->session, i, &s), DELIB_OK);
        hidden = hidden || s.unknown;
    }
    c->tally->changes += found->text != NULL;
    c->tally->none += !found->text && !hidden;
    c->tally->unknown += !found->text && hidden;
    if (!found->text && hidden)
        return;
    if (found->text) {
        check_point(c, found);
        if (same(&found->result, &c->curve.here.result))
            fail_at(c, found->units, "a change that changes nothing");
        last = found->units - step;
    }
    /* Nothing changes before: each value near the family, and near the end, then others at random. */
    for (int64_t i = 0; i < limit && (step > 0 ? n < last : n > last); i++) {
        delib_result result = at(c, n += step);

        if (!same(&result, &c->curve.here.result))
            fail_at(c, n, "a nearer change");
    }
    for (int64_t i = 0; i < limit / 10 && (step > 0 ? n < last : n > last); i++) {
        uint64_t left = (uint64_t)(step > 0 ? last - n : n - last);
        int64_t m = last - step * (int64_t)(i < limit / 20 ? (uint64_t)i % left : draw(left));
        delib_result result = at(c, m);

        if (!same(&result, &c->curve.here.result))
            fail_at(c, m, "a nearer change");
    }
}

/* ---- Segments ---- */

static void check_segment(struct check *c, const delib_segment *s)
{
    delib_result previous, result;
    int64_t span = s->to.units - s->from.units;
    bool rising = s->from.result.units <= s->to.result.units;

    if (s->unknown)
        return;
    check_point(c, &s->from);
    check_point(c, &s->to);
    previous = s->from.result;
    for (int64_t i = 0; i < 40 && span > 1; i++) {
        result = at(c, s->from.units + span / 41 * (i + 1) + (span < 41 ? i % span : 0) * (span / 41 == 0));
        if (s->constant && !same(&result, &s->from.result))
            fail_at(c, s->from.units, "a constant segment that is not");
        if (!s->constant && span >= 41) {
            assert_int_equal(result.statut, DELIB_CALCULE);
            if (rising ? result.units < previous.units : result.units > previous.units)
                fail_at(c, s->from.units, "a segment that turns back");
            previous = result;
        }
    }
}

static void check_segments(struct check *c)
{
    int64_t next = (int64_t)c->datum->facts.lo;
    size_t current = 0;

    for (size_t i = 0; i < c->curve.segment_count; i++) {
        delib_segment s;

        assert_int_equal(delib_session_segment(c->session, i, &s), DELIB_OK);
        if (s.from.units != next || s.to.units < s.from.units)
            fail_at(c, next, "a gap between segments");
        next = s.to.units + 1;
        current += s.current != 0;
        assert_true(s.current == (s.from.units <= c->curve.here.units && c->curve.here.units <= s.to.units));
        check_segment(c, &s);
        c->tally->segments++;
    }
    if (next != (int64_t)c->datum->facts.hi + 1 || current != 1)
        fail_at(c, next, "segments do not cover the domain");
}

/* ---- Tariffs ---- */

static void check_datum(struct check *c, size_t index)
{
    const struct datum_value own = c->session->values[index];
    delib_status status;

    c->datum = c->program->model.data.items[index];
    status = delib_session_curve(c->session, c->program->data_names[index], &c->curve);
    if (status == DELIB_INVALID) {
        assert_true(strlen(delib_session_error(c->session)) > 0);
        return;
    }
    assert_int_equal(status, DELIB_OK);
    c->tally->curves++;
    check_point(c, &c->curve.here);
    check_segments(c);
    if (c->curve.ordered) {
        check_side(c, &c->curve.below, -1);
        check_side(c, &c->curve.above, 1);
    }
    c->plain->values[index] = own;
}

static void check_family(struct check *c)
{
    delib_result result;
    bool *read = calloc(c->program->model.data.count + 1, sizeof *read);

    draw_family(c);
    assert_int_equal(delib_evaluate(c->session, c->tariff, &result), DELIB_OK);
    for (size_t i = 0; i < c->session->data_used.count; i++)
        read[c->session->data_used.items[i].datum->index] = true;
    for (size_t i = 0; i < c->program->model.data.count; i++) {
        if (read[i]) {
            check_datum(c, i);
        } else {
            /* Nothing is told about what was not read. */
            assert_int_equal(delib_session_curve(c->session, c->program->data_names[i], &c->curve), DELIB_INVALID);
            assert_null(c->curve.here.text);
        }
    }
    free(read);
}

/* A day on which the act applies, and a version of its last tariff does. */
static const char *date_of_act(const delib_program *p, char out[16])
{
    const struct tariff_code *last = &p->tariffs[p->tariff_count - 1];
    struct date d = last->versions[0].source->period.from;

    if (!d.year)
        d = p->model.period.from;
    if (!d.year)
        d = (struct date){ 2026, 11, 23 };
    snprintf(out, 16, "%04d-%02d-%02d", d.year, d.month, d.day);
    return out;
}

static void check_act(delib_engine *engine, const char *path, struct tally *tally)
{
    struct check c = { .name = path, .program = act_compile(engine, path), .tally = tally };
    delib_session_options options = DELIB_SESSION_OPTIONS_INIT;
    size_t families = setting("DELIB_CURVE_FAMILIES", 14);
    char date[16];

    if (!c.program)
        return;
    options.ask_sources = 0;
    options.date = date_of_act(c.program, date);
    assert_int_equal(delib_session_new(c.program, &options, &c.session), DELIB_OK);
    options.trace = 0;
    assert_int_equal(delib_session_new(c.program, &options, &c.plain), DELIB_OK);
    for (c.tariff = 0; (size_t)c.tariff < c.program->tariff_count; c.tariff++)
        for (size_t i = 0; i < families; i++)
            check_family(&c);
    for (size_t k = 0; k < c.program->output_count; k++) {
        c.tariff = delib_program_tariff(c.program, c.program->outputs[k].name);
        for (size_t i = 0; i < families; i++)
            check_family(&c);
    }
    delib_session_free(c.session);
    delib_session_free(c.plain);
    delib_program_release(c.program);
}

static void curves_agree_with_the_engine(void **state)
{
    static const char *const PATTERNS[] = { "examples/*/*.delib.md", "examples/*/*.delib",
                                            "tests/golden/semantique/*.delib", "tests/unit/same_rules/*.delib",
                                            "tests/unit/curves/*.delib" };
    delib_engine *engine = NULL;
    struct tally tally = { 0 };
    glob_t files = { 0 };

    (void)state;
    assert_int_equal(delib_engine_new(NULL, &engine), DELIB_OK);
    for (size_t i = 0; i < sizeof PATTERNS / sizeof *PATTERNS; i++)
        assert_int_equal(glob(PATTERNS[i], i > 0 ? GLOB_APPEND : 0, NULL, &files), 0);
    for (size_t i = 0; i < files.gl_pathc; i++)
        check_act(engine, files.gl_pathv[i], &tally);
    globfree(&files);
    delib_engine_free(engine);
    print_message("%zu curves, %zu segments, %zu changes, %zu sides without change, %zu not known, %llu evaluations\n",
                  tally.curves, tally.segments, tally.changes, tally.none, tally.unknown,
                  (unsigned long long)tally.points);
    assert_true(tally.curves > 500 && tally.changes > 300 && tally.unknown > 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(curves_agree_with_the_engine),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
