/*
 * Proofs of properties; see proof.h. A condition is walked like a tariff; a direction or a slope looks at the pairs of
 * regions; an answer looks at what each region comes to.
 */
#include "proof.h"

#include <string.h>

static const char WHY_MEMORY[] = "un calcul dépasse les nombres que l'analyse sait représenter";
static const char WHY_PAIRS[] = "le nombre d'étapes accordé à l'analyse est épuisé";

/* ------------------------------------------------------------------ dates */

enum { OPEN_YEARS = 10 };

static void widen(struct period *all, const struct period *one)
{
    if (!one->written)
        return;
    if (!all->from.year || date_compare(one->from, all->from) < 0)
        all->from = one->from;
    if (one->to.year && (!all->to.year || date_compare(one->to, all->to) > 0))
        all->to = one->to;
}

static struct date years_later(struct date d, int years)
{
    d.year = (int16_t)(d.year + years);
    if (d.month == 2 && d.day == 29)
        d.day = 28;
    return d;
}

struct proof_period proof_period_of(const struct delib_program *program, struct date date)
{
    struct period all = program->model.period;
    const struct decl *header = program->act.header;

    for (size_t i = 0; i < program->tariff_count && !program->model.period.written; i++)
        for (const struct version *v = program->tariffs[i].symbol->versions; v; v = v->next)
            widen(&all, &v->period);
    if (!all.from.year && header && header->as.header.date.year)
        all.from = header->as.header.date;
    if (!all.from.year)
        all.from = date.year ? date : (struct date){ 2026, 9, 1 };
    if (!all.to.year)
        all.to = years_later(all.from, OPEN_YEARS);
    return (struct proof_period){ all.from, all.to };
}

/* ------------------------------------------------------------------ a proof in the making */

enum { CONDITION, SUBJECT };

struct proving {
    struct arena *arena;
    const struct property_code *property;
    struct region_budget *budget;
    struct region_target targets[2];
    struct regions *regions;
    struct variation_parts parts;
    struct proof *out;
};

/* Is the condition known to be so on the whole region? */
static bool is_known_as(const struct region_outcome *o, bool truth)
{
    struct number value = { 0, 1 };

    return o->statut == DELIB_CALCULE && formula_is_constant(o->formula, &value) && (value.num != 0) == truth;
}

static size_t widest_axis(const struct axes *axes, const struct box *box)
{
    size_t widest = SIZE_MAX;
    int64_t width = 1000;

    for (size_t i = 0; i < axes->count; i++) {
        const struct axis *axis = &axes->items[i];

        if (!box->items[i].read || !axis->symbol || axis->opaque || axis->type->kind == TYPE_ENUM ||
            axis->hi - axis->lo <= width)
            continue;
        width = axis->hi - axis->lo;
        widest = i;
    }
    return widest;
}

/* The first reason stays; a refutation found later prevails. */
static void leave_undecided(struct proving *p, const struct box *box, const char *why)
{
    if (p->out->verdict != VERDICT_PROVED)
        return;
    p->out->verdict = VERDICT_UNDECIDED;
    p->out->why = why;
    p->out->widest = widest_axis(&p->out->axes, box);
    p->out->family = box_copy(p->arena, box);
}

/* The row or the exception that made the price: steps run for nearly everyone. */
static void keep_place(struct proof *out, const struct region_mark *path, size_t count)
{
    size_t last = count;

    while (last > 0 && path[last - 1].kind != MARK_ROW && path[last - 1].kind != MARK_EXCEPTION)
        last--;
    out->has_place = count > 0;
    if (count > 0)
        out->place = path[last > 0 ? last - 1 : count - 1];
}

struct box proof_family(struct arena *arena, const struct axes *axes, const struct box *box)
{
    struct box family = box_new(arena, axes);

    box_point(axes, box, 0, &family);
    for (size_t i = 0; i < box->count; i++)
        if (box->items[i].lo == axes->items[i].lo && box->items[i].hi == axes->items[i].hi)
            family.items[i] = box->items[i];
    return family;
}

static void refute(struct proving *p, const struct box *box, const struct region_outcome *o)
{
    struct proof *out = p->out;

    out->verdict = VERDICT_REFUTED;
    out->family = proof_family(p->arena, &out->axes, box);
    out->statut = o->statut;
    out->reason = o->reason;
    keep_place(out, o->path, o->path_count);
}

/* ------------------------------------------------------------------ answers */

/* « non prévu » as the act wrote it: not the reason of a hole, of a date without version, of a missing national
 * value. */
static bool is_written(const struct region_outcome *o)
{
    const struct region_mark *last = o->path_count > 0 ? &o->path[o->path_count - 1] : NULL;
    bool empty_cell = last && last->kind == MARK_ROW && last->row != ROW_HOLE &&
                      !last->table->as.table.cells[last->row];

    return o->written || empty_cell;
}

bool outcome_is_answer(const struct region_outcome *o)
{
    switch (o->statut) {
    case DELIB_CALCULE:
    case DELIB_DECISION_INDIVIDUELLE:
    case DELIB_DONNEE_INVALIDE: return true;           /* a birth after the service: no such family */
    case DELIB_NON_PREVU: return is_written(o);
    case DELIB_A_COMPLETER: case DELIB_SOURCE_INDISPONIBLE: case DELIB_SANS_OBJET: break;
    }
    return false;
}

/* ------------------------------------------------------------------ regions */

static bool breaks_statement(const struct proving *p, const struct region_outcome *o)
{
    switch (p->property->decl->as.property.kind) {
    case PROPERTY_HOLDS: return is_known_as(o, false);
    case PROPERTY_HAS_AMOUNT: return o->statut != DELIB_CALCULE && o->statut != DELIB_DONNEE_INVALIDE;
    case PROPERTY_HAS_ANSWER: return !outcome_is_answer(o);
    case PROPERTY_NEVER_FALLS: case PROPERTY_NEVER_RISES: break;
    }
    return false;
}

static bool is_variation(const struct property_code *property)
{
    return property->datum != NULL;
}

static bool visit_region(void *context, const struct region *region)
{
    struct proving *p = context;
    const struct region_outcome *subject = &region->outcomes[region->count - 1];

    if (region->count > 1 && region->outcomes[CONDITION].why)
        leave_undecided(p, region->box, region->outcomes[CONDITION].why);
    else if (region->count > 1 && !is_known_as(&region->outcomes[CONDITION], true))
        return true;
    else if (subject->why)
        leave_undecided(p, region->box, subject->why);
    else if (breaks_statement(p, subject))
        refute(p, region->box, subject);
    else if (is_variation(p->property) && subject->statut == DELIB_CALCULE &&
             !variation_keep(p->arena, regions_formulas(p->regions), region->box, subject, &p->parts))
        leave_undecided(p, region->box, WHY_MEMORY);
    return p->out->verdict != VERDICT_REFUTED;
}

/* ------------------------------------------------------------------ directions and slopes */

/* The families that are closest to each other refute best: « 449,99 puis 450 ». */
static enum variation_answer visit_pair(void *context, struct variation *v, const struct variation_pair *pair)
{
    struct proving *p = context;
    struct proof *out = p->out;

    if (out->verdict == VERDICT_REFUTED && pair->to - pair->from >= out->to - out->from)
        return VARIATION_GO_ON;
    out->verdict = VERDICT_REFUTED;
    out->family = box_copy(p->arena, pair->family);
    out->axis = v->axis;
    out->from = pair->from;
    out->to = pair->to;
    out->before = pair->before;
    out->after = pair->after;
    keep_place(out, pair->high->path, pair->high->path_count);
    return out->to - out->from == 1 ? VARIATION_STOP : VARIATION_GO_ON;
}

static size_t axis_of(const struct proving *p, const struct symbol *datum)
{
    const struct model *model = &p->targets[0].program->model;

    return datum == model->date ? model->data.count : datum->index;
}

static void look_at_pairs(struct proving *p)
{
    const struct property *said = &p->property->decl->as.property;
    struct variation v = { .arena = p->arena, .axes = &p->out->axes, .pool = regions_formulas(p->regions),
                           .budget = p->budget, .axis = axis_of(p, p->property->datum),
                           .rising = (said->kind == PROPERTY_NEVER_RISES) != said->downwards,
                           .limit = p->property->limit, .distance = (int64_t)p->property->distance };

    if (v.limit.den == 0)
        v.limit = number_of(0);
    variation_search(&v, &p->parts, visit_pair, p);
    if (v.undecided)
        leave_undecided(p, &p->parts.items[0].box, WHY_PAIRS);
}

/* ------------------------------------------------------------------ what a comparison compares */

static void add_operand(const struct node *n, const struct node **operands, size_t *count)
{
    if (n && n->kind != NODE_CONSTANT && n->expr->type->kind == TYPE_NUMBER && *count < PROOF_VALUES)
        operands[(*count)++] = n;
}

static void collect_operands(const struct node *n, const struct node **operands, size_t *count)
{
    if (n->kind == NODE_AND || n->kind == NODE_OR || n->kind == NODE_NOT) {
        collect_operands(n->a, operands, count);
        if (n->b)
            collect_operands(n->b, operands, count);
    } else if (n->kind == NODE_COMPARE || n->kind == NODE_BETWEEN) {
        add_operand(n->a, operands, count);
        add_operand(n->kind == NODE_COMPARE ? n->b : NULL, operands, count);
    }
}

static bool visit_values(void *context, const struct region *region)
{
    const struct proving *p = context;
    struct proof *out = p->out;

    for (size_t i = 0; i < region->count; i++) {
        const struct region_outcome *o = &region->outcomes[i];

        if (o->why || (o->statut == DELIB_CALCULE && !formula_at(regions_formulas(p->regions), o->formula, region->box,
                                                                 &out->values[i].value)))
            continue;
        for (size_t k = 0; k < region->box->count && o->formula; k++)
            if (formula_depends(o->formula, k))
                out->family.items[k].hi = out->family.items[k].lo;
        out->values[out->value_count] = out->values[i];
        out->values[out->value_count++].statut = o->statut;
    }
    return false;
}

/* The amounts of the family that refutes a condition. */
static void look_at_values(struct proving *p)
{
    const struct node *operands[PROOF_VALUES];
    struct region_target *targets;
    struct region_budget budget = { REGION_BUDGET_USUAL };
    struct box start = box_copy(p->arena, &p->out->family);
    size_t count = 0;

    collect_operands(p->property->subject, operands, &count);
    targets = arena_array(p->arena, struct region_target, count);
    for (size_t i = 0; i < count; i++) {
        targets[i] = p->targets[SUBJECT];
        targets[i].value = operands[i];
        p->out->values[i].expr = operands[i]->expr;
    }
    if (count == 0)
        return;
    p->regions = regions_new(p->arena, &p->out->axes, targets, count, NULL);
    regions_walk(p->regions, &start, &budget, visit_values, p);
}

/* ------------------------------------------------------------------ the whole */

struct work {
    struct arena *arena;
    const struct delib_program *program;
    const struct property_code *property;
    const struct proof_period *period;
    struct region_budget *budget;
    struct proof *out;
};

static bool prove(void *context)
{
    const struct work *w = context;
    struct proving p = { .arena = w->arena, .property = w->property, .budget = w->budget, .out = w->out };
    bool conditional = w->property->condition != NULL;

    w->out->axes = axes_of_program(w->arena, w->program, w->period->from, w->period->to, false);
    p.targets[CONDITION] = p.targets[SUBJECT] = target_of_program(w->arena, w->program, 0);
    p.targets[CONDITION].value = w->property->condition;
    p.targets[SUBJECT].value = w->property->subject;
    p.regions = regions_new(w->arena, &w->out->axes, conditional ? p.targets : p.targets + SUBJECT,
                            conditional ? 2 : 1, NULL);
    regions_walk(p.regions, NULL, w->budget, visit_region, &p);
    if (is_variation(w->property))
        look_at_pairs(&p);
    if (w->out->verdict == VERDICT_REFUTED && w->property->decl->as.property.kind == PROPERTY_HOLDS)
        look_at_values(&p);
    return true;
}

delib_status proof_of(struct arena *arena, const struct delib_program *program, const struct property_code *property,
                      const struct proof_period *period, struct region_budget *budget, struct proof *out)
{
    struct work w = { arena, program, property, period, budget, out };

    *out = (struct proof){ .property = property, .verdict = VERDICT_PROVED, .axis = SIZE_MAX, .widest = SIZE_MAX };
    return arena_guard(arena, prove, &w) ? DELIB_OK : DELIB_NO_MEMORY;
}
