/*
 * Two délibérations compared; see comparison.h. Both tariffs are walked on the same boxes; where their formulas
 * differ, the sign of the difference says who pays more; what is shown was computed by the engine of each program.
 */
#include "comparison.h"

#include "runtime/session.h"
#include "same_rules.h"
#include "search.h"

#include <string.h>

enum { PARTS_MAX = 12, MERGED_MAX = 1500 };

/* One tariff being compared. */
struct comparer {
    struct arena *arena;
    struct comparison *comparison;
    struct comparison_tariff *out;
    struct region_target targets[SIDES];
    struct regions *regions;
    struct region_budget budget;
    struct search *search;
    struct region_budget search_budget;        /* the share of one change */
    delib_session *sessions[SIDES];
    const struct tariff_version *same;         /* it is the same calculation, node by node: in this version; NULL */
};

/* ------------------------------------------------------------------ regions whose outcomes differ */

/* « résultat code = formule »: which member it is depends on the family. */
static bool is_varying_member(const struct region_outcome *o)
{
    struct number rank;

    return o->statut == DELIB_CALCULE && o->type->kind == TYPE_ENUM && !formula_is_constant(o->formula, &rank);
}

/* Members by their names, since their ranks are those of each program. */
static bool same_member(const struct matching *m, const struct region_outcome *a, const struct region_outcome *b)
{
    struct number x, y;

    return formula_is_constant(a->formula, &x) && formula_is_constant(b->formula, &y) &&
           matching_member(m, symbol_at(a->type->symbol, x.num), b->type->symbol) == symbol_at(b->type->symbol, y.num);
}

static bool same_outcome(const struct matching *m, const struct region_outcome *a, const struct region_outcome *b)
{
    if (a->statut != b->statut || a->statut != DELIB_CALCULE)
        return a->statut == b->statut;
    if (!matching_same_quantity(m, a->type, b->type))
        return false;
    return a->type->kind == TYPE_ENUM ? same_member(m, a, b) : a->formula == b->formula;
}

static void add_doubt(struct comparer *c, const struct box *box, const struct conditions *conditions, const char *why)
{
    struct comparison_doubt *last = c->out->doubts.count ? &c->out->doubts.items[c->out->doubts.count - 1] : NULL, *d;

    c->out->complete = false;
    if (last && last->why == why && !last->bounded && conditions_equal(&last->conditions, conditions) &&
        box_join(&c->comparison->matching.axes, &last->box, box, &last->box))
        return;
    d = arena_push(c->arena, &c->out->doubts);
    *d = (struct comparison_doubt){ .box = box_copy(c->arena, box), .why = why };
    conditions_copy(c->arena, &d->conditions, conditions);
}

static const char *unit_text(struct comparer *c, enum side side, const struct type *type)
{
    struct strbuf text = strbuf_in(c->arena);

    strbuf_unit(&text, &c->comparison->matching.programs[side]->model, type);
    return strbuf_string(&text);
}

/* A « résultat » has a unit of its own. */
static void note_units(struct comparer *c, const struct region_outcome *o)
{
    for (int side = BEFORE; side < SIDES; side++)
        if (o[side].version && !c->targets[side].output)
            c->out->units[side] = o[side].version->unit;
        else if (o[side].version && !c->out->units[side])
            c->out->units[side] = unit_text(c, (enum side)side, o[side].type);
    if (o[BEFORE].type)
        c->out->type = o[BEFORE].type;
}

static bool visit(void *context, const struct region *region)
{
    struct comparer *c = context;
    const struct matching *m = &c->comparison->matching;
    const struct region_outcome *o = region->outcomes;
    struct comparison_change *change;

    for (size_t i = 0; i < region->box->count; i++)
        c->comparison->read[i] |= region->box->items[i].read;
    if (o[BEFORE].why || o[AFTER].why) {
        add_doubt(c, region->box, region->conditions, o[BEFORE].why ? o[BEFORE].why : o[AFTER].why);
        return true;
    }
    note_units(c, o);
    if (is_varying_member(&o[BEFORE]) || is_varying_member(&o[AFTER])) {
        add_doubt(c, region->box, region->conditions, "le résultat n'est pas un nombre");
        return true;
    }
    if (same_outcome(m, &o[BEFORE], &o[AFTER]))
        return true;
    change = arena_push(c->arena, &c->out->changes);
    *change = (struct comparison_change){ .box = box_copy(c->arena, region->box),
                                          .outcomes = { o[BEFORE], o[AFTER] }, .changed = 1, .points = 1 };
    conditions_copy(c->arena, &change->conditions, region->conditions);
    for (int side = BEFORE; side < SIDES; side++) {
        change->outcomes[side].path = NULL;
        change->outcomes[side].path_count = 0;
    }
    change->amounts = o[BEFORE].statut == DELIB_CALCULE && o[AFTER].statut == DELIB_CALCULE &&
                      o[BEFORE].type->kind == TYPE_NUMBER && matching_same_quantity(m, o[BEFORE].type, o[AFTER].type);
    return true;
}

/* ------------------------------------------------------------------ joining what changes in the same way */

static bool same_change(const struct comparison_change *a, const struct comparison_change *b)
{
    return outcomes_equal(&a->outcomes[BEFORE], &b->outcomes[BEFORE]) &&
           outcomes_equal(&a->outcomes[AFTER], &b->outcomes[AFTER]) && a->amounts == b->amounts &&
           conditions_equal(&a->conditions, &b->conditions) &&
           a->changed == a->points && b->changed == b->points;
}

static void remove_change(struct comparer *c, size_t i)
{
    struct comparison_change *all = c->out->changes.items;

    memmove(&all[i], &all[i + 1], (--c->out->changes.count - i) * sizeof *all);
}

static bool join_pair(struct comparer *c, size_t i, size_t k)
{
    struct comparison_change *all = c->out->changes.items;

    if (!same_change(&all[i], &all[k]) ||
        !box_join(&c->comparison->matching.axes, &all[i].box, &all[k].box, &all[i].box))
        return false;
    remove_change(c, k);
    return true;
}

static void join_changes(struct comparer *c)
{
    bool joined = c->out->changes.count <= MERGED_MAX;

    for (size_t i = 0; i + 1 < c->out->changes.count; )
        if (!join_pair(c, i, i + 1))
            i++;
    while (joined) {
        joined = false;
        for (size_t i = 0; i < c->out->changes.count; i++)
            for (size_t k = i + 1; k < c->out->changes.count; )
                if (join_pair(c, i, k))
                    joined = true;
                else
                    k++;
    }
}

/* ------------------------------------------------------------------ who pays more */

/* Parts of a box by sign of the difference; too many: only counted. */
struct parts {
    struct comparer *c;
    struct { struct box box; enum sign sign; } items[PARTS_MAX];
    size_t count;
    bool too_many, unknown;
    int64_t points[SIGN_UNKNOWN + 1];
};

static bool note_part(void *context, const struct box *part, enum sign sign)
{
    struct parts *p = context;
    const struct axes *axes = &p->c->comparison->matching.axes;
    int64_t size = box_size(axes, part);

    p->points[sign] = p->points[sign] > INT64_MAX - size ? INT64_MAX : p->points[sign] + size;
    p->unknown |= sign == SIGN_UNKNOWN;
    for (size_t i = 0; i < p->count; i++)
        if (p->items[i].sign == sign && box_join(axes, &p->items[i].box, part, &p->items[i].box))
            return true;
    if (p->count == PARTS_MAX) {
        p->too_many = true;
    } else {
        p->items[p->count].box = box_copy(p->c->arena, part);
        p->items[p->count++].sign = sign;
    }
    return true;
}

static const struct formula *difference(struct comparer *c, const struct comparison_change *change)
{
    return formula_subtract(regions_formulas(c->regions), change->outcomes[AFTER].formula,
                            change->outcomes[BEFORE].formula);
}

/* The engine of each program at one point; false when it does not say what the formulas say. */
static bool engine_agrees(struct comparer *c, const struct comparison_change *change, const struct box *point,
                          struct number amounts[SIDES])
{
    for (int side = BEFORE; side < SIDES; side++) {
        const struct outcome_value *last = &c->sessions[side]->last;
        struct number expected;
        delib_result result;
        int128 den;

        if (region_evaluate(&c->targets[side], &c->comparison->matching.axes, c->sessions[side], point, &result) !=
                DELIB_OK || result.statut != change->outcomes[side].statut)
            return false;
        if (!change->amounts)
            continue;
        if (!int128_mul_checked(last->den, last->value.d, &den) ||
            !number_make(last->value.num, den, &amounts[side]) ||
            !formula_at(regions_formulas(c->regions), change->outcomes[side].formula, point, &expected) ||
            number_compare(amounts[side], expected) != 0)
            return false;
    }
    return true;
}

static void keep_extreme(struct comparer *c, struct comparison_extreme *kept, const struct box *point,
                         const struct number amounts[SIDES])
{
    struct number here, before;
    int order;

    if (!number_sub(amounts[AFTER], amounts[BEFORE], &here) || here.num == 0)
        return;
    if (kept->found) {
        if (!number_sub(kept->amounts[AFTER], kept->amounts[BEFORE], &before))
            return;
        order = number_compare(here, before);
        if (kept == &c->out->rise ? order <= 0 : order >= 0)
            return;
    }
    *kept = (struct comparison_extreme){ true, box_copy(c->arena, point), { amounts[BEFORE], amounts[AFTER] } };
}

/* Bounds of the change, attained where they can be, and checked with the engines. False: the engines disagree. */
static bool bound_change(struct comparer *c, struct comparison_change *change)
{
    const struct formula *f = difference(c, change);
    struct number *bounds[2] = { &change->least, &change->greatest };

    change->proved = true;
    for (int side = BEFORE; side < SIDES; side++)
        if (!formula_range_on(regions_formulas(c->regions), change->outcomes[side].formula, &change->box,
                              &change->ranges[side]))
            return false;
    for (int greatest = 0; greatest < 2; greatest++) {
        struct extremum extremum;
        struct number amounts[SIDES] = { { 0, 1 }, { 0, 1 } };

        if (search_extremum(c->search, f, &change->box, greatest, &extremum) != DELIB_OK ||
            !engine_agrees(c, change, &extremum.point, amounts))
            return false;
        *bounds[greatest] = extremum.proved ? extremum.value : extremum.bound;
        change->proved &= extremum.proved;
        if (number_sign(extremum.value) > 0)
            keep_extreme(c, &c->out->rise, &extremum.point, amounts);
        if (number_sign(extremum.value) < 0)
            keep_extreme(c, &c->out->fall, &extremum.point, amounts);
    }
    c->out->complete &= change->proved;
    return true;
}

static const char WHY_ENGINE[] = "l'analyse et le moteur ne donnent pas le même résultat : merci de le signaler";
static const char WHY_NOBODY[] = "aucune famille n'est connue qui soit dans ce cas";
static const char WHY_PARTS[] = "le nombre d'étapes accordé ne permet pas de dire pour quelles valeurs";

static void keep_change(struct comparer *c, const struct comparison_change *change)
{
    *(struct comparison_change *)arena_push(c->arena, &c->out->changes) = *change;
}

static void push_change(struct comparer *c, struct comparison_change change)
{
    if (bound_change(c, &change))
        keep_change(c, &change);
    else
        add_doubt(c, &change.box, &change.conditions, WHY_ENGINE);
}

static void doubt_parts(struct comparer *c, const struct comparison_change *change)
{
    struct comparison_change bounded = *change;
    struct comparison_doubt *d;

    d = arena_push(c->arena, &c->out->doubts);
    *d = (struct comparison_doubt){ .box = change->box, .conditions = change->conditions, .why = WHY_PARTS };
    c->out->complete = false;
    if (!bound_change(c, &bounded))
        return;
    d->bounded = true;
    d->least = bounded.least;
    d->greatest = bounded.greatest;
}

/* A change of two amounts becomes the parts of its box where they really differ. */
static void refine(struct comparer *c, const struct comparison_change *change)
{
    struct parts parts = { .c = c };
    struct comparison_change part = *change;

    (void)search_signs(c->search, difference(c, change), &change->box, note_part, &parts);
    if (parts.unknown) {
        doubt_parts(c, change);
        return;
    }
    if (parts.too_many) {
        part.points = box_size(&c->comparison->matching.axes, &change->box);
        part.changed = part.points == INT64_MAX ? INT64_MAX - 1 : part.points - parts.points[SIGN_ZERO];
        if (part.changed == part.points)
            part.changed = part.points = 1;        /* every point, some up and some down */
        push_change(c, part);
        return;
    }
    for (size_t i = 0; i < parts.count; i++) {
        part.box = parts.items[i].box;
        if (parts.items[i].sign != SIGN_ZERO)
            push_change(c, part);
    }
}

/* A family that is concerned, when one is known. */
static bool find_family(struct comparer *c, const struct comparison_change *change, struct box *out)
{
    const struct axes *axes = &c->comparison->matching.axes;

    *out = box_new(c->arena, axes);
    return conditions_witness(&change->conditions, axes, regions_formulas(c->regions), &change->box, out);
}

static void check_statuses(struct comparer *c, const struct comparison_change *change)
{
    struct number unused[SIDES];
    struct box family;

    if (!find_family(c, change, &family))
        add_doubt(c, &change->box, &change->conditions, WHY_NOBODY);
    else if (!engine_agrees(c, change, &family, unused))
        add_doubt(c, &change->box, &change->conditions, WHY_ENGINE);
    else
        keep_change(c, change);
}

/* Families that conditions choose: prices that do not vary are exact; others have bounds, over the whole box. */
static void refine_conditional(struct comparer *c, struct comparison_change *change)
{
    struct formula_pool *pool = regions_formulas(c->regions);
    struct formula_range range;
    struct number amounts[SIDES] = { { 0, 1 }, { 0, 1 } }, here;
    struct box family;

    if (!find_family(c, change, &family)) {
        add_doubt(c, &change->box, &change->conditions, WHY_NOBODY);
        return;
    }
    if (!engine_agrees(c, change, &family, amounts) || !number_sub(amounts[AFTER], amounts[BEFORE], &here) ||
        !formula_range_on(pool, difference(c, change), &change->box, &range) ||
        !formula_range_on(pool, change->outcomes[BEFORE].formula, &change->box, &change->ranges[BEFORE]) ||
        !formula_range_on(pool, change->outcomes[AFTER].formula, &change->box, &change->ranges[AFTER])) {
        add_doubt(c, &change->box, &change->conditions, WHY_ENGINE);
        return;
    }
    change->least = range.lo;
    change->greatest = range.hi;
    change->proved = number_compare(range.lo, range.hi) == 0;
    change->ranges[BEFORE].exact = change->ranges[AFTER].exact = change->proved;
    c->out->complete &= change->proved;
    keep_extreme(c, number_sign(here) > 0 ? &c->out->rise : &c->out->fall, &family, amounts);
    if (number_sign(range.lo) > 0 || number_sign(range.hi) < 0) {
        keep_change(c, change);
        return;
    }
    add_doubt(c, &change->box, &change->conditions, WHY_PARTS);
    c->out->doubts.items[c->out->doubts.count - 1].bounded = true;
    c->out->doubts.items[c->out->doubts.count - 1].least = range.lo;
    c->out->doubts.items[c->out->doubts.count - 1].greatest = range.hi;
}

static void refine_all(struct comparer *c)
{
    struct comparison_change *found = c->out->changes.items;
    size_t count = c->out->changes.count;

    c->out->changes.items = NULL;
    c->out->changes.count = c->out->changes.capacity = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t share = c->budget.left / (count - i);

        c->search_budget.left = share;
        if (!found[i].amounts)
            check_statuses(c, &found[i]);
        else if (found[i].conditions.count > 0)
            refine_conditional(c, &found[i]);
        else
            refine(c, &found[i]);
        c->budget.left -= share - c->search_budget.left;
    }
}

/* ------------------------------------------------------------------ tariffs */

static void compare_tariff(struct comparer *c, uint64_t steps)
{
    const struct regions_options options = { .conditions = true };

    c->regions = regions_new(c->arena, &c->comparison->matching.axes, c->targets, SIDES, &options);
    c->budget.left = steps - steps / 4;        /* what is left, and a quarter, says who pays more */
    regions_walk(c->regions, NULL, &c->budget, visit, c);
    c->budget.left += steps / 4;
    c->out->pool = regions_formulas(c->regions);
    c->search = search_new(c->arena, &c->comparison->matching.axes, regions_formulas(c->regions), &c->search_budget);
    join_changes(c);
    refine_all(c);
}

static size_t find_tariff(const delib_program *p, struct slice name)
{
    for (size_t i = 0; i < p->tariff_count; i++)
        if (text_fold_equal(slice_of(p->tariffs[i].name), name))
            return i;
    return SIZE_MAX;
}

static const struct symbol *find_output(const delib_program *p, size_t tariff, struct slice name)
{
    for (size_t i = 0; i < p->output_count; i++)
        if (p->outputs[i].tariff == tariff && text_fold_equal(p->outputs[i].symbol->name.text, name))
            return p->outputs[i].symbol;
    return NULL;
}

static void add_lone(struct comparer *c, enum side side, const char *name)
{
    *(struct comparison_lone *)arena_push(c->arena, &c->comparison->lone) = (struct comparison_lone){ side, name };
}

static const char *copy(struct comparer *c, struct slice text)
{
    return arena_copy_text(c->arena, text.bytes, text.length);
}

static void compare_one(struct comparer *c, const struct comparison_options *options,
                        const struct tariff_code *tariff, const struct symbol *before, const struct symbol *after)
{
    c->out = arena_push(c->arena, &c->comparison->tariffs);
    *c->out = (struct comparison_tariff){ .name = tariff->name, .label = tariff->label, .complete = true,
                                          .output = before ? copy(c, before->name.text) : NULL };
    if (c->same) {
        c->out->units[BEFORE] = c->out->units[AFTER] = before ? unit_text(c, BEFORE, before->type) : c->same->unit;
        return;
    }
    c->targets[BEFORE].output = before;
    c->targets[AFTER].output = after;
    compare_tariff(c, options->steps);
}

/* Is it what a result of the tariff of the first program is called in the second? */
static bool is_matched_output(const struct comparer *c, struct slice name)
{
    const delib_program *before = c->comparison->matching.programs[BEFORE];

    for (size_t i = 0; i < before->output_count; i++)
        if (before->outputs[i].tariff == c->targets[BEFORE].tariff &&
            text_fold_equal(matching_name(&c->comparison->matching, before->outputs[i].symbol->name.text), name))
            return true;
    return false;
}

/* The results of a tariff that both have. */
static void compare_outputs(struct comparer *c, const struct comparison_options *options,
                            const struct tariff_code *tariff)
{
    const delib_program *const *p = c->comparison->matching.programs;

    for (size_t i = 0; i < p[BEFORE]->output_count; i++) {
        const struct symbol *before = p[BEFORE]->outputs[i].symbol, *after;

        if (p[BEFORE]->outputs[i].tariff != c->targets[BEFORE].tariff)
            continue;
        after = find_output(p[AFTER], c->targets[AFTER].tariff,
                            matching_name(&c->comparison->matching, before->name.text));
        if (after)
            compare_one(c, options, tariff, before, after);
        else
            add_lone(c, BEFORE, copy(c, before->name.text));
    }
    for (size_t i = 0; i < p[AFTER]->output_count; i++)
        if (p[AFTER]->outputs[i].tariff == c->targets[AFTER].tariff &&
            !is_matched_output(c, p[AFTER]->outputs[i].symbol->name.text))
            add_lone(c, AFTER, copy(c, p[AFTER]->outputs[i].symbol->name.text));
}

static bool is_matched(const struct comparer *c, const char *name)
{
    const delib_program *before = c->comparison->matching.programs[BEFORE];

    for (size_t i = 0; i < before->tariff_count; i++)
        if (text_fold_equal(matching_name(&c->comparison->matching, slice_of(before->tariffs[i].name)),
                            slice_of(name)))
            return true;
    return false;
}

static bool is_wanted(const struct comparison_options *options, const char *name)
{
    return !options->tariff || text_fold_equal(slice_of(options->tariff), slice_of(name));
}

static void compare_tariffs(struct comparer *c, const struct comparison_options *options)
{
    const delib_program *const *p = c->comparison->matching.programs;

    for (size_t i = 0; i < p[BEFORE]->tariff_count; i++) {
        const struct tariff_code *tariff = &p[BEFORE]->tariffs[i];
        size_t other = find_tariff(p[AFTER], matching_name(&c->comparison->matching, slice_of(tariff->name)));

        if (!is_wanted(options, tariff->name))
            continue;
        if (other == SIZE_MAX) {
            add_lone(c, BEFORE, tariff->name);
            continue;
        }
        c->targets[BEFORE].tariff = i;
        c->targets[AFTER].tariff = other;
        c->same = same_rules(c->arena, &c->comparison->matching, (size_t[]){ i, other }, options->dates);
        compare_one(c, options, tariff, NULL, NULL);
        compare_outputs(c, options, tariff);
    }
    for (size_t i = 0; i < p[AFTER]->tariff_count; i++)
        if (is_wanted(options, p[AFTER]->tariffs[i].name) && !is_matched(c, p[AFTER]->tariffs[i].name))
            add_lone(c, AFTER, p[AFTER]->tariffs[i].name);
}

/* ------------------------------------------------------------------ the whole */

struct making {
    struct comparer comparer;
    const struct comparison_options *options;
    delib_program *programs[SIDES];
    const char *fault;
};

static bool make(void *context)
{
    struct making *g = context;
    struct comparer *c = &g->comparer;
    struct comparison *out = c->comparison;

    g->fault = matching_make(c->arena, g->programs[BEFORE], g->programs[AFTER], g->options->pairs,
                             g->options->pair_count, g->options->dates, &out->matching);
    if (g->fault)
        return true;
    out->read = arena_array(c->arena, bool, out->matching.axes.count);
    for (int side = BEFORE; side < SIDES; side++)
        c->targets[side] = (struct region_target){ .program = g->programs[side],
                                                   .bindings = out->matching.bindings[side] };
    compare_tariffs(c, g->options);
    return !c->arena->exhausted;
}

delib_status comparison_make(struct arena *arena, delib_program *before, delib_program *after,
                             const struct comparison_options *options, struct comparison *out, const char **fault)
{
    delib_session_options session = DELIB_SESSION_OPTIONS_INIT;
    struct making g = { .comparer = { .arena = arena, .comparison = out }, .options = options,
                        .programs = { before, after } };
    delib_status status = DELIB_NO_MEMORY;

    *out = (struct comparison){ .read = NULL };
    session.ask_sources = session.trace = 0;
    if (delib_session_new(before, &session, &g.comparer.sessions[BEFORE]) == DELIB_OK &&
        delib_session_new(after, &session, &g.comparer.sessions[AFTER]) == DELIB_OK && arena_guard(arena, make, &g))
        status = g.fault ? DELIB_INVALID : DELIB_OK;
    delib_session_free(g.comparer.sessions[BEFORE]);
    delib_session_free(g.comparer.sessions[AFTER]);
    *fault = g.fault;
    return status;
}

struct date comparison_usual_date(const delib_program *program)
{
    struct date last = program->model.period.from;

    for (size_t i = 0; !program->model.period.from.year && i < program->tariff_count; i++)
        for (size_t k = 0; k < program->tariffs[i].version_count; k++) {
            struct date from = program->tariffs[i].versions[k].source->period.from;

            if (from.year && (!last.year || date_compare(from, last) > 0))
                last = from;
        }
    return last;
}

bool comparison_is_complete(const struct comparison *c)
{
    for (size_t i = 0; i < c->tariffs.count; i++)
        if (c->tariffs.items[i].doubts.count > 0)
            return false;
    return true;
}

bool comparison_is_equal(const struct comparison *c)
{
    for (size_t i = 0; i < c->tariffs.count; i++)
        if (c->tariffs.items[i].changes.count > 0)
            return false;
    return comparison_is_complete(c) && c->lone.count == 0;
}
