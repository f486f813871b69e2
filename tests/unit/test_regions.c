/*
 * The partition into regions against the engine: every tariff and every « résultat » of every example, of the
 * workload « portail » and of random programs. Regions cover all families without overlap; in each, the engine gives
 * the status and, to the last digit, the value of the formula; ranges said exact are attained, directions hold.
 *
 *   DELIB_REGIONS_PROGRAMS=20000 build/x/tests/unit/test_regions     random programs, by default 300
 */
#include "draw.h"
#include "runtime/analysis/search.h"
#include "runtime/session.h"
#include "tests/reference/generator.h"
#include "act_files.h"

#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { POINTS_OF_A_REGION = 12, RANDOM_POINTS = 60, REGIONS_KEPT = 4000 };

static void *plain_resize(void *context, void *block, size_t size)
{
    (void)context;
    if (size == 0) {
        free(block);
        return NULL;
    }
    return realloc(block, size);
}

struct tally {
    size_t tariffs, regions, undecided, points;
};

/* One walk that is being checked. */
struct check {
    const char *name;
    struct arena arena;
    struct axes axes;
    struct region_target target;
    struct regions *regions;
    delib_session *session;
    struct box point;
    struct box kept[REGIONS_KEPT];
    struct conditions kept_conditions[REGIONS_KEPT];
    size_t kept_count, told, seen_empty;
    struct tally *tally;
};

static void fail_at(const struct check *c, const struct box *box, const char *what)
{
    struct arena arena;
    struct strbuf text;

    arena_init(&arena, (struct allocator){ plain_resize, NULL }, 0);
    text = strbuf_in(&arena);
    strbuf_box(&text, &c->axes, box);
    print_error("%s, tarif %zu: %s — %s\n", c->name, c->target.tariff, what, text.bytes);
    arena_release(&arena);
    fail();
}

/* ---- Points ---- */

static struct coordinate draw_state(const struct axis *axis)
{
    struct coordinate c = { .kind = COORDINATE_RANGE, .read = true };

    if (axis->may_be_absent && draw(8) == 0)
        c.kind = COORDINATE_ABSENT;
    else if (axis->may_fail && draw(8) == 0)
        c.kind = COORDINATE_FAILED;
    return c;
}

static int64_t draw_between(int64_t lo, int64_t hi)
{
    uint64_t span = (uint64_t)(hi - lo) + 1;

    switch (draw(4)) {
    case 0: return lo;
    case 1: return hi;
    case 2: return lo + (int64_t)draw(span < 400000 ? span : 400000);
    default: return lo + (int64_t)draw(span);
    }
}

static void draw_point(struct check *c, const struct box *within)
{
    for (size_t i = 0; i < c->axes.count; i++) {
        const struct coordinate *k = within ? &within->items[i] : NULL;
        struct coordinate *p = &c->point.items[i];

        *p = k && k->kind != COORDINATE_FREE ? *k : draw_state(&c->axes.items[i]);
        if (p->kind == COORDINATE_RANGE)
            p->lo = p->hi = k && k->kind == COORDINATE_RANGE ? draw_between(k->lo, k->hi)
                                                             : draw_between(c->axes.items[i].lo, c->axes.items[i].hi);
    }
}

/* ---- The engine ---- */

static delib_statut engine_value(struct check *c, const struct box *point, struct number *value)
{
    delib_result result = { 0 };

    c->tally->points++;
    if (region_evaluate(&c->target, &c->axes, c->session, point, &result) != DELIB_OK)
        fail_at(c, point, "the engine does not answer");
    *value = number_of(0);
    if (result.statut == DELIB_CALCULE && !c->session->last.value.ref)
        assert_true(number_make(c->session->last.value.num, c->session->last.den * c->session->last.value.d, value));
    return result.statut;
}

static void same_at(struct check *c, const struct region_outcome *o, const struct box *point)
{
    struct formula_pool *pool = regions_formulas(c->regions);
    struct formula_range range;
    struct number found, expected;

    if (engine_value(c, point, &expected) != o->statut)
        fail_at(c, point, "another status");
    if (o->statut != DELIB_CALCULE || formula_kind_of(o->formula) == FORMULA_TEXT)
        return;
    if (!formula_at(pool, o->formula, point, &found) || number_compare(found, expected) != 0)
        fail_at(c, point, "another amount");
    if (!formula_range_on(pool, o->formula, point, &range) || number_compare(range.lo, found) != 0 ||
        number_compare(range.hi, found) != 0)
        fail_at(c, point, "the range of a point is not its value");
}

/* ---- A region ---- */

static void check_corner(struct check *c, const struct box *box, const struct region_outcome *o, bool greatest,
                         struct number bound)
{
    struct formula_pool *pool = regions_formulas(c->regions);
    struct box corner = box_copy(&c->arena, box);
    struct number value;

    if (!formula_corner(pool, o->formula, box, greatest, &corner))
        fail_at(c, box, "an exact range without corner");
    box_point(&c->axes, &corner, 0, &corner);
    if (engine_value(c, &corner, &value) != DELIB_CALCULE || number_compare(value, bound) != 0)
        fail_at(c, &corner, "an exact bound that is not attained");
}

/* One value more on an axis: the amount goes the way that is said. */
static void check_direction(struct check *c, const struct box *box, const struct region_outcome *o, size_t axis)
{
    enum direction d = formula_direction(regions_formulas(c->regions), o->formula, box, axis);
    const struct coordinate *k = &box->items[axis];
    struct number before, after;
    int order;

    if (k->kind != COORDINATE_RANGE || k->lo == k->hi || d == DIRECTION_UNKNOWN)
        return;
    draw_point(c, box);
    if (c->point.items[axis].lo == k->hi)
        c->point.items[axis].lo = c->point.items[axis].hi = k->lo;
    engine_value(c, &c->point, &before);
    c->point.items[axis].lo = ++c->point.items[axis].hi;
    engine_value(c, &c->point, &after);
    order = number_compare(after, before);
    if ((d == DIRECTION_CONSTANT && order != 0) || (d == DIRECTION_RISING && order < 0) ||
        (d == DIRECTION_FALLING && order > 0))
        fail_at(c, &c->point, "another direction");
}

/* ---- Signs and extremes ---- */

struct sign_check {
    struct check *c;
    const struct formula *f;
    const struct box *box;
    uint64_t covered;                  /* points; without meaning where the box has too many to count */
    size_t unknown;
};

static bool check_sign(void *context, const struct box *part, enum sign sign)
{
    struct sign_check *k = context;
    struct number value;
    int64_t size = box_size(&k->c->axes, part);

    k->covered += (uint64_t)size;
    k->unknown += sign == SIGN_UNKNOWN;
    draw_point(k->c, part);
    assert_true(formula_at(regions_formulas(k->c->regions), k->f, &k->c->point, &value));
    if (sign != SIGN_UNKNOWN && (int)sign - 1 != number_sign(value))
        fail_at(k->c, &k->c->point, "another sign");
    if (!box_contains(&k->c->axes, k->box, &k->c->point))
        fail_at(k->c, &k->c->point, "a part outside its box");
    return true;
}

static void check_search(struct check *c, const struct box *box, const struct formula *f)
{
    struct formula_pool *pool = regions_formulas(c->regions);
    struct region_budget budget = { 20000 };
    struct search *search = search_new(&c->arena, &c->axes, pool, &budget);
    struct sign_check k = { .c = c, .box = box };
    struct extremum least, greatest;
    struct number value;

    assert_int_equal(search_extremum(search, f, box, false, &least), DELIB_OK);
    assert_int_equal(search_extremum(search, f, box, true, &greatest), DELIB_OK);
    for (int i = 0; i < POINTS_OF_A_REGION; i++) {
        draw_point(c, box);
        assert_true(formula_at(pool, f, &c->point, &value));
        if (number_compare(value, least.proved ? least.value : least.bound) < 0 ||
            number_compare(value, greatest.proved ? greatest.value : greatest.bound) > 0)
            fail_at(c, &c->point, "beyond the extremes");
    }
    if (engine_value(c, &greatest.point, &value) != DELIB_CALCULE || number_compare(value, greatest.value) != 0)
        fail_at(c, &greatest.point, "an extreme that is not attained");
    draw_point(c, box);
    assert_true(formula_at(pool, f, &c->point, &value));
    k.f = formula_subtract(pool, f, formula_constant(pool, value));
    assert_int_equal(search_signs(search, k.f, box, check_sign, &k), DELIB_OK);
    if (box_size(&c->axes, box) < INT64_MAX && k.covered != (uint64_t)box_size(&c->axes, box))
        fail_at(c, box, "signs do not cover the box");
    assert_true(k.unknown == 0 || budget.left == 0);
}

/* A region with conditions: families of its box that meet them, the one that is found and others at random. */
static void check_conditions(struct check *c, const struct region *region)
{
    struct formula_pool *pool = regions_formulas(c->regions);
    size_t met = 0;

    for (int i = 0; i < 4 * POINTS_OF_A_REGION && met < POINTS_OF_A_REGION; i++) {
        draw_point(c, region->box);
        if (!conditions_hold(region->conditions, pool, &c->point))
            continue;
        same_at(c, &region->outcomes[0], &c->point);
        met++;
    }
    if (!conditions_witness(region->conditions, &c->axes, pool, region->box, &c->point)) {
        assert_in_range(met, 0, 2);        /* what chance finds easily is found */
        c->seen_empty++;
        return;
    }
    if (!conditions_hold(region->conditions, pool, &c->point) || !box_contains(&c->axes, region->box, &c->point))
        fail_at(c, &c->point, "a witness that is none");
    same_at(c, &region->outcomes[0], &c->point);
}

static bool check_region(void *context, const struct region *region)
{
    struct check *c = context;
    const struct region_outcome *o = &region->outcomes[0];
    struct formula_range range;

    c->tally->regions++;
    c->told++;
    if (c->kept_count < REGIONS_KEPT) {
        conditions_copy(&c->arena, &c->kept_conditions[c->kept_count], region->conditions);
        c->kept[c->kept_count++] = box_copy(&c->arena, region->box);
    }
    if (o->why) {
        c->tally->undecided++;
        return true;
    }
    if (region->conditions->count > 0) {
        check_conditions(c, region);
        return true;
    }
    for (int i = 0; i < POINTS_OF_A_REGION; i++) {
        draw_point(c, region->box);
        same_at(c, o, &c->point);
    }
    if (o->statut != DELIB_CALCULE || formula_kind_of(o->formula) == FORMULA_TEXT)
        return true;
    if (!formula_range_on(regions_formulas(c->regions), o->formula, region->box, &range))
        fail_at(c, region->box, "no range");
    if (range.exact) {
        check_corner(c, region->box, o, false, range.lo);
        check_corner(c, region->box, o, true, range.hi);
    }
    if (draw(4) == 0)
        check_search(c, region->box, o->formula);
    for (size_t i = 0; i < c->axes.count; i++)
        if (region->box->items[i].read)
            check_direction(c, region->box, o, i);
    return true;
}

static size_t regions_with(const struct check *c, const struct box *point)
{
    size_t count = 0;

    for (size_t i = 0; i < c->kept_count; i++)
        count += box_contains(&c->axes, &c->kept[i], point) &&
                 conditions_hold(&c->kept_conditions[i], regions_formulas(c->regions), point);
    return count;
}

/* Every point is in one region: random ones, and those on each side of each bound. */
static void check_cover(struct check *c)
{
    if (c->told != c->kept_count)
        return;
    for (int i = 0; i < RANDOM_POINTS; i++) {
        draw_point(c, NULL);
        if (regions_with(c, &c->point) != 1)
            fail_at(c, &c->point, "not in one region");
    }
    for (size_t i = 0; c->axes.count > 0 && i < c->kept_count && i < 200; i++) {
        const struct box *box = &c->kept[draw(c->kept_count)];
        size_t axis = draw(c->axes.count);

        draw_point(c, box);
        if (c->point.items[axis].kind != COORDINATE_RANGE)
            continue;
        c->point.items[axis].lo += c->point.items[axis].lo < c->axes.items[axis].hi;
        c->point.items[axis].hi = c->point.items[axis].lo;
        if (regions_with(c, &c->point) != 1)
            fail_at(c, &c->point, "not in one region, beside a bound");
    }
}

/* ---- Programs ---- */

static void check_tariff(const char *name, delib_program *p, size_t tariff, const struct symbol *output,
                         const char *date, bool dates, bool conditions, uint64_t steps, struct tally *tally)
{
    static struct check c;
    delib_session_options options = DELIB_SESSION_OPTIONS_INIT;
    struct regions_options walk_options = { .conditions = conditions };
    struct region_budget budget = { steps };

    memset(&c, 0, sizeof c);
    c.name = name;
    c.tally = tally;
    arena_init(&c.arena, (struct allocator){ plain_resize, NULL }, (size_t)1 << 30);
    if (date && !dates)
        assert_true(date_parse(slice_of(date), &walk_options.date));
    c.axes = axes_of_program(&c.arena, p, dates ? (struct date){ 2020, 1, 1 } : (struct date){ 0 },
                             (struct date){ 2030, 12, 31 }, true);
    c.target = target_of_program(&c.arena, p, tariff);
    c.target.output = output;
    c.point = box_new(&c.arena, &c.axes);
    options.ask_sources = options.trace = 0;
    options.date = dates ? NULL : date;
    assert_int_equal(delib_session_new(p, &options, &c.session), DELIB_OK);
    c.regions = regions_new(&c.arena, &c.axes, &c.target, 1, &walk_options);
    regions_walk(c.regions, NULL, &budget, check_region, &c);
    check_cover(&c);
    tally->tariffs++;
    if (getenv("DELIB_REGIONS_SAID"))
        print_message("%s %zu %s%s: %zu regions, %zu perhaps empty, %llu steps left\n", name, tariff,
                      date ? date : dates ? "dates" : "-", conditions ? ", conditions" : "", c.told, c.seen_empty,
                      (unsigned long long)budget.left);
    delib_session_free(c.session);
    arena_release(&c.arena);
}

static void check_program(const char *name, delib_program *p, const char *date, bool dates, bool conditions,
                          uint64_t steps, struct tally *tally)
{
    for (size_t t = 0; t < p->tariff_count; t++)
        check_tariff(name, p, t, NULL, date, dates, conditions, steps, tally);
    for (size_t i = 0; i < p->output_count; i++)
        check_tariff(name, p, p->outputs[i].tariff, p->outputs[i].symbol, date, dates, conditions, steps, tally);
}

static void check_file(const char *path, struct tally *tally)
{
    delib_engine *engine;
    delib_program *p;
    struct tally here = { 0 };

    assert_int_equal(delib_engine_new(NULL, &engine), DELIB_OK);
    p = act_compile(engine, path);
    if (p) {
        check_program(path, p, "2026-10-01", false, false, 2000000, &here);
        check_program(path, p, NULL, false, false, 2000000, &here);
        check_program(path, p, NULL, true, false, 2000000, &here);
        check_program(path, p, "2026-10-01", false, true, 2000000, &here);
        check_program(path, p, NULL, true, true, 2000000, &here);
    }
    if (getenv("DELIB_REGIONS_SAID"))
        print_message("%s: %zu tariffs, %zu regions, %zu undecided, %zu points\n", path, here.tariffs, here.regions,
                      here.undecided, here.points);
    tally->tariffs += here.tariffs;
    tally->regions += here.regions;
    tally->undecided += here.undecided;
    tally->points += here.points;
    delib_program_release(p);
    delib_engine_free(engine);
}

static void regions_of_examples(void **unused)
{
    static const char *const PATTERNS[] = { "examples/*/*.delib", "examples/*/*.delib.md", "tests/bench/*.delib",
                                            "tests/golden/semantique/*.delib", "tests/unit/same_rules/*.delib",
                                            "tests/unit/regions/*.delib" };
    struct tally total = { 0 };
    size_t files = 0;

    (void)unused;
    for (size_t k = 0; k < sizeof PATTERNS / sizeof *PATTERNS; k++) {
        glob_t found;

        if (glob(PATTERNS[k], 0, NULL, &found) != 0)
            continue;
        for (size_t i = 0; i < found.gl_pathc; i++, files++)
            check_file(found.gl_pathv[i], &total);
        globfree(&found);
    }
    print_message("%zu files, %zu tariffs, %zu regions, %zu undecided, %zu points\n", files, total.tariffs,
                  total.regions, total.undecided, total.points);
    assert_true(files > 10);
}

/* ---- Random programs ---- */

static void regions_of_random_programs(void **unused)
{
    static struct generated g;
    const char *wanted = getenv("DELIB_REGIONS_PROGRAMS");
    unsigned long programs = wanted ? strtoul(wanted, NULL, 10) : 300, accepted = 0;
    struct tally total = { 0 };
    delib_engine *engine;

    (void)unused;
    assert_int_equal(delib_engine_new(NULL, &engine), DELIB_OK);
    for (unsigned long i = 1; i <= programs; i++) {
        delib_program *p = NULL;
        delib_source source;
        char name[32];

        generate_program(&g, i);
        snprintf(name, sizeof name, "seed %lu", i);
        source = (delib_source){ "aleatoire.delib", g.text, g.length };
        if (delib_compile(engine, &source, NULL, NULL, &p) == DELIB_OK) {
            check_program(name, p, "2026-10-01", false, false, 200000, &total);
            check_program(name, p, "2026-10-01", false, true, 200000, &total);
            accepted++;
        }
        delib_program_release(p);
    }
    delib_engine_free(engine);
    print_message("%lu programs accepted of %lu, %zu regions, %zu undecided, %zu points\n", accepted, programs,
                  total.regions, total.undecided, total.points);
    assert_true(accepted > programs / 4);
    assert_true(total.undecided < total.regions / 2);
}

/* ---- The lists of one family ---- */

/* Known most of the time; else not given, not communicated, at fault, or a date of which only the year is known. */
static struct datum_value draw_field(const struct symbol *field)
{
    struct datum_value v = { .state = DATUM_SET, .d = 1 };
    unsigned n = (unsigned)draw(24);

    if (n < 3) {
        v.state = n == 0 ? DATUM_NULL : n == 1 ? DATUM_UNSET : DATUM_BAD;
        v.problem = "hors du domaine";
    } else if (field->type->kind == TYPE_TEXT) {
        v.ref = n % 2 ? "texte" : "un autre";
    } else if (field->type->kind == TYPE_DATE) {
        v.d = n != 3;
        v.num = n == 3 ? 2018 * 10000 : 12000 + (int64_t)draw(8000);
    } else {
        v.num = draw_between((int64_t)field->facts.lo, (int64_t)field->facts.hi);
    }
    return v;
}

static struct datum_value draw_record(struct check *c, const struct symbol *record)
{
    struct record_value *value = arena_new(&c->arena, struct record_value);

    value->fields = arena_array(&c->arena, struct datum_value, record->count);
    for (const struct symbol *f = record->first; f; f = f->next)
        if (f->kind == SYMBOL_FIELD)
            value->fields[f->index] = draw_field(f);
    return (struct datum_value){ .state = DATUM_SET, .d = 1, .ref = value };
}

static const void *draw_list(struct check *c, const struct symbol *datum)
{
    const struct type *type = datum->type;
    struct list_value *list = arena_new(&c->arena, struct list_value);

    list->count = type->basket ? type->basket->count : draw(type->max_items < 4 ? type->max_items + 1 : 5);
    list->items = arena_array(&c->arena, struct datum_value, list->count);
    for (size_t i = 0; i < list->count; i++)
        if (type->element->kind == TYPE_RECORD)
            list->items[i] = draw_record(c, type->element->symbol);
        else if (!type->basket || draw(3) > 0)
            list->items[i] = (struct datum_value){
                .state = DATUM_SET, .d = 1, .num = draw_between((int64_t)datum->facts.lo, (int64_t)datum->facts.hi) };
    return list;
}

/* The lists and the texts of a family, now and then another answer too, or that it is absent; true for the former. */
static bool bind_datum(struct check *c, size_t i)
{
    static const char *const TEXTS[] = { "Saint-Aubin-des-Prés", "Élancourt", "" };
    const struct symbol *datum = c->target.program->model.data.items[i];
    struct binding *b = &c->target.bindings[i];
    bool list = datum->type->kind == TYPE_LIST;

    if (draw(8) == 0)
        b->kind = datum->kind == SYMBOL_SOURCE && draw(2) ? BINDING_FAILED : BINDING_ABSENT;
    else if (list)
        *b = (struct binding){ .kind = BINDING_FIXED, .ref = draw_list(c, datum) };
    else if (datum->type->kind == TYPE_TEXT)
        *b = (struct binding){ .kind = BINDING_FIXED, .ref = TEXTS[draw(3)] };
    else if (draw(6) == 0)
        *b = (struct binding){ .kind = BINDING_FIXED,
                               .fixed = draw_between((int64_t)datum->facts.lo, (int64_t)datum->facts.hi) };
    return list || datum->type->kind == TYPE_TEXT;
}

/* Lists that a family has are walked whole, the other answers being those of any family. */
static size_t check_family(const char *path, delib_program *p, size_t tariff, struct tally *tally)
{
    static struct check c;
    const struct regions_options walk_options = { .date = { 2026, 10, 1 } };
    delib_session_options options = DELIB_SESSION_OPTIONS_INIT;
    struct region_budget budget = { 300000 };
    size_t lists = 0;

    memset(&c, 0, sizeof c);
    c.name = path;
    c.tally = tally;
    arena_init(&c.arena, (struct allocator){ plain_resize, NULL }, (size_t)1 << 30);
    c.axes = axes_of_program(&c.arena, p, (struct date){ 0 }, (struct date){ 0 }, true);
    c.target = target_of_program(&c.arena, p, tariff);
    for (size_t i = 0; i < p->model.data.count; i++)
        lists += bind_datum(&c, i);
    c.point = box_new(&c.arena, &c.axes);
    options.ask_sources = options.trace = 0;
    options.date = "2026-10-01";
    assert_int_equal(delib_session_new(p, &options, &c.session), DELIB_OK);
    c.regions = regions_new(&c.arena, &c.axes, &c.target, 1, &walk_options);
    if (lists > 0) {
        regions_walk(c.regions, NULL, &budget, check_region, &c);
        check_cover(&c);
    }
    delib_session_free(c.session);
    arena_release(&c.arena);
    return lists;
}

static size_t check_families(const char *path, delib_program *p, struct tally *tally)
{
    size_t families = 0;

    for (size_t t = 0; t < p->tariff_count; t++)
        for (int n = 0; n < 60 && check_family(path, p, t, tally) > 0; n++)
            families++;
    return families;
}

/* Lists and a quotient together: a basket, the least and the greatest, ranks with ties, definitions of a record. */
static const char EVERY_LIST[] =
    "énumération prestation : déjeuner ; étude\n"
    "énumération cours : danse ; éveil ; orchestre\n"
    "enregistrement élève\n"
    "  âge   : entier de 3 à 99\n"
    "  cours : cours\n"
    "fin\n"
    "entrée panier : entier par prestation\n"
    "entrée élèves : liste de élève au plus 6\n"
    "entrée qf : quotient de 0 à 5 000 « ? »\n"
    "  non communiqué : 5 €\n"
    "tarif repas en €\n"
    "  prix selon qf\n"
    "    moins de 600   : 1 € × panier(déjeuner) + 2 € × panier(étude)\n"
    "    à partir de 600 : 3 € × panier(déjeuner)\n"
    "  fin\n"
    "fin\n"
    "tarif inscription pour un élève en € par an\n"
    "  soit place = rang parmi élèves tels que cours ≠ orchestre, par âge décroissant, à égalité sans effet\n"
    "  prix selon cours\n"
    "    danse     : 210 €\n"
    "    éveil     : 120 €\n"
    "    orchestre : 95 €\n"
    "  fin\n"
    "  puis réduction de 20 % si cours ≠ orchestre et place ≥ 2 et qf < 900\n"
    "    non communiqué : sans effet\n"
    "fin\n"
    "tarif famille en € par an\n"
    "  prix somme de inscription pour chaque élève de élèves\n"
    "  puis supplément de 12 € si nombre de élèves ≥ 2\n"
    "fin\n"
    "tarif aîné en € par an\n"
    "  prix maximum de (selon cours\n"
    "      danse     : 210 €\n"
    "      éveil     : 120 €\n"
    "      orchestre : 95 €\n"
    "    fin) pour chaque élève de élèves, si vide : 0 €\n"
    "fin\n";

static void lists_of_a_family(void **unused)
{
    static const char *const PATTERNS[] = { "examples/*/*.delib", "examples/*/*.delib.md",
                                            "tests/golden/semantique/*.delib", "tests/unit/regions/*.delib" };
    const delib_source source = { "listes.delib", EVERY_LIST, sizeof EVERY_LIST - 1 };
    struct tally total = { 0 };
    size_t families = 0;
    delib_engine *engine;
    delib_program *p;

    (void)unused;
    assert_int_equal(delib_engine_new(NULL, &engine), DELIB_OK);
    assert_int_equal(delib_compile(engine, &source, NULL, NULL, &p), DELIB_OK);
    families += check_families(source.name, p, &total);
    delib_program_release(p);
    for (size_t k = 0; k < sizeof PATTERNS / sizeof *PATTERNS; k++) {
        glob_t found;

        assert_int_equal(glob(PATTERNS[k], 0, NULL, &found), 0);
        for (size_t i = 0; i < found.gl_pathc; i++) {
            p = act_compile(engine, found.gl_pathv[i]);
            families += p ? check_families(found.gl_pathv[i], p, &total) : 0;
            delib_program_release(p);
        }
        globfree(&found);
    }
    delib_engine_free(engine);
    print_message("%zu families with lists, %zu regions, %zu undecided, %zu points\n", families, total.regions,
                  total.undecided, total.points);
    assert_true(families >= 300);
    assert_true(total.undecided < total.regions / 3);    /* tariffs of one element, asked alone */
}

/* ---- One axis, value by value ---- */

enum { INTEGERS = 10000 };

static struct region_outcome line[INTEGERS + 1];

struct line_check {
    struct check *c;
    size_t axis;
};

static bool check_segment(void *context, const struct region *region)
{
    const struct line_check *k = context;
    const struct coordinate *on = &region->box->items[k->axis];
    int64_t den = (int64_t)k->c->axes.items[k->axis].den, lo = on->lo, hi = on->hi;

    if (on->kind == COORDINATE_FREE) {
        lo = k->c->axes.items[k->axis].lo;
        hi = k->c->axes.items[k->axis].hi;
    } else if (on->kind != COORDINATE_RANGE) {
        return true;
    }
    for (int64_t n = lo > 0 ? (lo + den - 1) / den : 0; n <= INTEGERS && n * den <= hi; n++) {
        assert_true(!line[n].type && !line[n].why && !line[n].version);      /* in one region only */
        line[n] = region->outcomes[0];
    }
    /* Cents around both ends, where the grid has them. */
    for (int64_t n = lo > 3 ? lo - 3 : lo; n <= hi && n <= hi + 3; n = n == lo + 3 && hi - 3 > n ? hi - 3 : n + 1) {
        if (n < lo || region->outcomes[0].why)
            continue;
        k->c->point.items[k->axis] = (struct coordinate){ .kind = COORDINATE_RANGE, .read = true, .lo = n, .hi = n };
        same_at(k->c, &region->outcomes[0], &k->c->point);
    }
    return true;
}

/* The other answers being those of one family, each integer of the axis agrees with the engine. */
static void check_line(struct check *c, size_t axis)
{
    struct line_check k = { c, axis };
    struct region_budget budget = { 2000000 };
    struct box start = box_new(&c->arena, &c->axes);
    int64_t den = (int64_t)c->axes.items[axis].den;

    draw_point(c, NULL);
    memcpy(start.items, c->point.items, start.count * sizeof *start.items);
    start.items[axis].kind = COORDINATE_FREE;
    memset(line, 0, sizeof line);
    regions_walk(c->regions, &start, &budget, check_segment, &k);
    for (int64_t n = 0; n <= INTEGERS; n++) {
        if (n * den < c->axes.items[axis].lo || n * den > c->axes.items[axis].hi || line[n].why)
            continue;
        c->point.items[axis] =
            (struct coordinate){.kind = COORDINATE_RANGE, .read = true, .lo = n * den, .hi = n * den};
        same_at(c, &line[n], &c->point);
    }
}

static void check_lines(const char *path, delib_program *p, struct tally *tally)
{
    static struct check c;
    delib_session_options options = DELIB_SESSION_OPTIONS_INIT;
    const struct regions_options walk_options = { .date = { 2026, 10, 1 } };

    for (size_t t = 0; t < p->tariff_count; t++)
        for (size_t axis = 0; axis < p->model.data.count; axis++) {
            if (p->model.data.items[axis]->type->kind != TYPE_NUMBER)
                continue;
            memset(&c, 0, sizeof c);
            c.name = path;
            c.tally = tally;
            arena_init(&c.arena, (struct allocator){ plain_resize, NULL }, (size_t)1 << 30);
            c.axes = axes_of_program(&c.arena, p, (struct date){ 0 }, (struct date){ 0 }, false);
            c.target = target_of_program(&c.arena, p, t);
            c.point = box_new(&c.arena, &c.axes);
            options.ask_sources = options.trace = 0;
            options.date = "2026-10-01";
            assert_int_equal(delib_session_new(p, &options, &c.session), DELIB_OK);
            c.regions = regions_new(&c.arena, &c.axes, &c.target, 1, &walk_options);
            check_line(&c, axis);
            delib_session_free(c.session);
            arena_release(&c.arena);
        }
}

static void every_integer_agrees(void **unused)
{
    struct tally total = { 0 };
    delib_engine *engine;
    glob_t found;

    (void)unused;
    assert_int_equal(delib_engine_new(NULL, &engine), DELIB_OK);
    assert_int_equal(glob("examples/corpus/*.delib.md", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        delib_program *p = act_compile(engine, found.gl_pathv[i]);

        assert_non_null(p);
        check_lines(found.gl_pathv[i], p, &total);
        delib_program_release(p);
    }
    globfree(&found);
    delib_engine_free(engine);
    print_message("%zu points of the corpus, one axis at a time\n", total.points);
    assert_true(total.points > 100000);
}

/* ---- Délibérations made to explode ---- */

static struct {
    char bytes[1 << 20];
    size_t length;
} bomb;

static void bomb_add(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    bomb.length += (size_t)vsnprintf(bomb.bytes + bomb.length, sizeof bomb.bytes - bomb.length, format, args);
    va_end(args);
    assert_true(bomb.length < sizeof bomb.bytes);
}

/* Forty answers that all matter, a grid of a thousand rows on a quotient of two of them, nested choices. */
static void make_bomb(void)
{
    bomb.length = 0;
    for (int i = 0; i < 40; i++)
        bomb_add("entrée a%d : oui_non « ? »\n", i);
    bomb_add("entrée x : montant de 0 € à 1 000 000 € « ? »\n    non communiqué : 1 €\n");
    bomb_add("entrée y : nombre de 1 à 100 « ? »\n    non communiqué : 1 €\n");
    bomb_add("entrée z : entier de 0 à 1 000 000 « ? »\n");
    bomb_add("    non communiqué : 1 €\nsoit q = x / y arrondi au centime le plus proche\n");
    bomb_add("tarif t en €\n  prix selon q\n");
    for (int i = 0; i < 1000; i++)
        bomb_add("    de %d € à moins de %d € : %d,%02d €\n", i * 7, (i + 1) * 7, i / 100, i % 100);
    bomb_add("    à partir de 7 000 € : 12 €\n  fin\n");
    for (int i = 0; i < 40; i++)
        bomb_add("  puis supplément de %d € si a%d %s z > %d\n    non communiqué : sans effet\n", i + 1, i,
                 i % 2 ? "et" : "ou", i * 1000);
    bomb_add("  puis arrondi au centime le plus proche\n  puis plafond 1 000 000 000 €\nfin\n");
}

struct bomb_count {
    const struct axes *axes;
    struct box point;
    size_t told, undecided, holding;
};

static bool count_bomb(void *context, const struct region *region)
{
    struct bomb_count *b = context;

    b->told++;
    b->undecided += region->outcomes[0].why != NULL;
    b->holding += box_contains(b->axes, region->box, &b->point);
    return true;
}

static void a_bomb_ends_within_its_budget(void **unused)
{
    static struct check c;
    struct region_budget budget = { 3000000 };
    struct bomb_count count = { .axes = &c.axes };
    delib_engine *engine;
    delib_program *p = NULL;
    delib_source source;

    (void)unused;
    make_bomb();
    source = (delib_source){ "bombe.delib", bomb.bytes, bomb.length };
    assert_int_equal(delib_engine_new(NULL, &engine), DELIB_OK);
    if (delib_compile(engine, &source, NULL, NULL, &p) != DELIB_OK) {
        delib_diagnostic d;

        assert_int_equal(delib_program_diagnostic(p, 0, &d), DELIB_OK);
        fail_msg("%s", d.printed);
    }
    arena_init(&c.arena, (struct allocator){ plain_resize, NULL }, (size_t)256 << 20);
    c.axes = axes_of_program(&c.arena, p, (struct date){ 0 }, (struct date){ 0 }, true);
    c.target = target_of_program(&c.arena, p, 0);
    c.point = count.point = box_new(&c.arena, &c.axes);
    draw_point(&c, NULL);
    c.regions = regions_new(&c.arena, &c.axes, &c.target, 1, NULL);
    regions_walk(c.regions, NULL, &budget, count_bomb, &count);
    assert_int_equal(budget.left, 0);
    assert_true(count.undecided > 0);
    assert_int_equal(count.holding, 1);
    arena_release(&c.arena);
    delib_program_release(p);
    delib_engine_free(engine);
}

/* ---- Every refused allocation ---- */

struct refusals {
    long left; /* allocations before the refused one; negative: none is */
    long live;
};

static void *refusing_resize(void *context, void *block, size_t size)
{
    struct refusals *r = context;

    if (size == 0) {
        r->live -= block != NULL;
        free(block);
        return NULL;
    }
    if (r->left == 0)
        return NULL;
    r->left -= r->left > 0;
    r->live += block == NULL;
    return realloc(block, size);
}

static bool count_region(void *context, const struct region *region)
{
    (void)region;
    ++*(size_t *)context;
    return true;
}

struct counting {
    struct arena arena;
    const delib_program *program;
    size_t *count;
};

static bool walk_all(void *context)
{
    struct counting *c = context;
    struct axes axes = axes_of_program(&c->arena, c->program, (struct date){ 0 }, (struct date){ 0 }, true);
    struct region_target target = target_of_program(&c->arena, c->program, 0);
    struct region_budget budget = { 1000000 };

    regions_walk(regions_new(&c->arena, &axes, &target, 1, NULL), NULL, &budget, count_region, c->count);
    return true;
}

static delib_status walk_with(struct refusals *refusals, size_t limit, delib_program *p, size_t *count)
{
    struct counting c = { .program = p, .count = count };
    bool done;

    arena_init(&c.arena, (struct allocator){ refusing_resize, refusals }, limit);
    *count = 0;
    done = arena_guard(&c.arena, walk_all, &c);
    arena_release(&c.arena);
    return done ? DELIB_OK : DELIB_NO_MEMORY;
}

static void no_memory_is_a_status(void **unused)
{
    struct refusals refusals = { .left = -1 };
    delib_engine *engine;
    delib_program *p;
    delib_status status;
    size_t whole, count;
    long nth = 0;

    (void)unused;
    assert_int_equal(delib_engine_new(NULL, &engine), DELIB_OK);
    p = act_compile(engine, "examples/corpus/cnaf-eaje-bareme.delib.md");
    assert_int_equal(walk_with(&refusals, 0, p, &whole), DELIB_OK);
    do {
        refusals.left = nth++;
        status = walk_with(&refusals, 0, p, &count);
        assert_int_equal(refusals.live, 0);
        assert_true(status == DELIB_NO_MEMORY || (status == DELIB_OK && count == whole));
    } while (status != DELIB_OK);
    assert_true(nth > 1);
    refusals.left = -1;
    /* Blocks are large: a limit in bytes stops at many more places. */
    for (size_t limit = 1; (status = walk_with(&refusals, limit, p, &count)) != DELIB_OK; limit += 1 + limit / 97) {
        assert_int_equal(status, DELIB_NO_MEMORY);
        assert_int_equal(refusals.live, 0);
        nth++;
    }
    assert_true(nth > 300);
    assert_int_equal(count, whole);
    delib_program_release(p);
    delib_engine_free(engine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(regions_of_examples),
        cmocka_unit_test(regions_of_random_programs),
        cmocka_unit_test(lists_of_a_family),
        cmocka_unit_test(every_integer_agrees),
        cmocka_unit_test(a_bomb_ends_within_its_budget),
        cmocka_unit_test(no_memory_is_a_status),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
