/*
 * Findings on tariffs; see findings.h. One walk per tariff serves them all.
 */
#include "findings.h"

#include <string.h>

/* A tariff alone may not spend the whole budget, nor so much that a person waits. */
enum { SHARE = 4, MOST = 1000000 };

/* ------------------------------------------------------------------ what is reached */

/* Rows of one table, whoever reads it. */
struct table_reach {
    const struct node *table;
    bool *rows;
};

struct reach {
    struct arena *arena;
    struct {
        struct table_reach *items;
        size_t count, capacity;
    } tables;
    bool complete;                     /* every family of every tariff was decided */
};

static struct table_reach *reach_of(struct reach *r, const struct node *table)
{
    struct table_reach *item;

    for (size_t i = r->tables.count; i-- > 0;)
        if (r->tables.items[i].table == table)
            return &r->tables.items[i];
    item = arena_push(r->arena, &r->tables);
    *item = (struct table_reach){ table, arena_array(r->arena, bool, table->as.table.table->rows.count) };
    return item;
}

/* ------------------------------------------------------------------ one tariff */

struct looking {
    struct findings *findings;
    struct reach *reach;
    size_t tariff;
    struct axes axes;
    struct regions *regions;
    struct variation_parts parts;
    bool **exceptions, **steps;        /* reached, per version */
    const char *why;
    bool exhausted;                    /* the budget of the walk */
    size_t region_count;
    /* a family without answer */
    bool unanswered;
    struct box family;
    struct region_outcome outcome;
    /* a pair of families: prices that fall, thresholds */
    struct variation_pair pair;
    struct box pair_family;
    struct variation_part pair_low, pair_high;
    bool found;
};

static const struct tariff_code *code_of(const struct looking *l)
{
    return &l->findings->program->tariffs[l->tariff];
}

static void note_reached(struct looking *l, const struct region_mark *mark)
{
    const struct tariff_code *t = code_of(l);
    struct table_reach *table;

    if (mark->kind == MARK_ROW && mark->row != ROW_HOLE) {
        table = reach_of(l->reach, mark->table);
        table->rows[mark->row] = true;
    }
    for (size_t v = 0; v < t->version_count && mark->tariff == l->tariff; v++) {
        const struct tariff_version *version = &t->versions[v];

        if (mark->kind == MARK_EXCEPTION && mark->exception >= version->exceptions &&
            mark->exception < version->exceptions + version->exception_count)
            l->exceptions[v][mark->exception - version->exceptions] = true;
        if (mark->kind == MARK_STEP && mark->step >= version->steps &&
            mark->step < version->steps + version->step_count)
            l->steps[v][mark->step - version->steps] = true;
    }
}

static bool is_amount(const struct region_outcome *o)
{
    return o->statut == DELIB_CALCULE && type_is_number(o->type, QUANTITY_MONTANT);
}

static bool visit_region(void *context, const struct region *region)
{
    struct looking *l = context;
    const struct region_outcome *o = region->outcomes;

    l->region_count++;
    if (o->why) {
        l->why = l->why ? l->why : o->why;
        return true;
    }
    for (size_t i = 0; i < o->path_count; i++)
        note_reached(l, &o->path[i]);
    if (is_amount(o))
        (void)variation_keep(l->findings->scratch, regions_formulas(l->regions), region->box, o, &l->parts);
    if (!l->unanswered && o->version && !outcome_is_answer(o)) {
        l->unanswered = true;
        l->family = box_copy(l->findings->scratch, region->box);
        l->outcome = *o;
    }
    return true;
}

/* ------------------------------------------------------------------ what the act says already */

static bool mark_is_deliberate(const struct region_mark *mark)
{
    switch (mark->kind) {
    case MARK_ROW: return mark->row != ROW_HOLE && mark->table->as.table.table->rows.items[mark->row].deliberate;
    case MARK_EXCEPTION: return mark->exception->source->clauses.deliberate;
    case MARK_STEP: return mark->step->source->clauses.deliberate;
    case MARK_PRICE: case MARK_CLAUSE: break;
    }
    return false;
}

static bool is_deliberate(const struct variation_part *part)
{
    for (size_t i = 0; i < part->path_count; i++)
        if (mark_is_deliberate(&part->path[i]))
            return true;
    return false;
}

static bool node_reads(const struct node *n, size_t tariff)
{
    if (!n)
        return false;
    if ((n->kind == NODE_TARIFF && n->as.tariff == tariff) || (n->kind == NODE_WITH && n->as.with.tariff == tariff))
        return true;
    return node_reads(n->a, tariff) || node_reads(n->b, tariff) || node_reads(n->c, tariff);
}

/* A property of the act on this tariff, this datum and this direction says how far it goes: nothing more to tell. */
static bool is_stated(const struct looking *l, const struct symbol *datum, bool rising)
{
    const struct delib_program *p = l->findings->program;

    for (size_t i = 0; i < p->property_count; i++) {
        const struct property *said = &p->properties[i].decl->as.property;

        if (p->properties[i].datum == datum && rising == ((said->kind == PROPERTY_NEVER_RISES) != said->downwards) &&
            node_reads(p->properties[i].subject, l->tariff))
            return true;
    }
    return false;
}

/* ------------------------------------------------------------------ pairs of families */

static void keep_pair(struct looking *l, const struct variation_pair *pair)
{
    l->found = true;
    l->pair = *pair;
    l->pair_low = *pair->low;
    l->pair_high = *pair->high;
    if (!l->pair_family.items)
        l->pair_family = box_new(l->findings->scratch, &l->axes);
    memcpy(l->pair_family.items, pair->family->items, pair->family->count * sizeof *pair->family->items);
}

/* The row, the exception or the step that the two paths do not share: the last one that differs. */
static const struct region_mark *differing_mark(const struct variation_part *a, const struct variation_part *b)
{
    for (size_t i = a->path_count; i-- > 0;) {
        const struct region_mark *m = &a->path[i];
        bool shared = false;

        for (size_t j = 0; j < b->path_count; j++)
            shared = shared || (b->path[j].kind == m->kind && b->path[j].table == m->table &&
                                b->path[j].row == m->row && b->path[j].exception == m->exception &&
                                b->path[j].step == m->step && b->path[j].expr == m->expr);
        if (!shared)
            return m;
    }
    return a->path_count > 0 ? &a->path[a->path_count - 1] : NULL;
}

static struct span span_of(const struct looking *l, const struct variation_part *part,
                           const struct variation_part *other)
{
    const struct region_mark *mark = differing_mark(part, other);

    return mark ? region_mark_span(mark) : code_of(l)->symbol->name.span;
}

/* The compiler said it already, of the table alone. */
static bool is_told(const struct looking *l, struct span span)
{
    const struct diag_list *diags = &l->findings->program->diags;

    for (size_t i = 0; i < diags->count; i++)
        if (diags->items[i].code == DIAG_PRICE_FALLS && diags->items[i].span.file == span.file &&
            diags->items[i].span.start == span.start)
            return true;
    return false;
}

/* What a module says is its own business; « volontaire » says that the act means it. */
static bool is_meant(const struct looking *l, const struct variation_pair *pair)
{
    return is_deliberate(pair->low) || is_deliberate(pair->high) || span_of(l, pair->high, pair->low).file != 0;
}

static enum variation_answer visit_fall(void *context, struct variation *v, const struct variation_pair *pair)
{
    struct looking *l = context;

    (void)v;
    if ((l->found && pair->to - pair->from >= l->pair.to - l->pair.from) || is_meant(l, pair) ||
        is_told(l, span_of(l, pair->high, pair->low)))
        return VARIATION_GO_ON;
    keep_pair(l, pair);
    return VARIATION_GO_ON;
}

/* The dearest threshold: each that is found raises the limit. */
static enum variation_answer visit_jump(void *context, struct variation *v, const struct variation_pair *pair)
{
    struct looking *l = context;

    if (is_meant(l, pair))
        return VARIATION_GO_ON;
    keep_pair(l, pair);
    v->limit = pair->excess;
    return VARIATION_GO_ON;
}

static void tell_pair(struct looking *l, struct diag *d, size_t axis)
{
    struct diag_list *diags = l->findings->diags;
    struct strbuf family = strbuf_in(diags->arena), move = strbuf_in(diags->arena);

    strbuf_family(&family, &l->axes, &l->pair_family, axis);
    strbuf_move(&move, &l->axes.items[axis], l->pair.from, l->pair.to);
    diag_note(diags, d, span_of(l, &l->pair_low, &l->pair_high), "prix de la famille qui a moins");
    diag_effect(diags, d, "%s%s%s", family.length ? family.bytes : "", family.length ? " : " : "", move.bytes);
}

static const struct type *type_of(const struct looking *l)
{
    return code_of(l)->symbol->type;
}

static struct variation variation_of(struct looking *l, size_t axis, bool rising)
{
    l->found = false;
    return (struct variation){ .arena = l->findings->scratch, .axes = &l->axes, .pool = regions_formulas(l->regions),
                               .axis = axis, .rising = rising, .limit = number_of(0) };
}

/* Each piece of work on a tariff has its part of the budget. */
static struct region_budget share_of(const struct findings *f)
{
    return (struct region_budget){ f->budget->left / SHARE < MOST ? f->budget->left / SHARE : MOST };
}

static void search(struct looking *l, struct variation *v, variation_visitor visit)
{
    struct region_budget budget = share_of(l->findings);
    uint64_t given = budget.left;

    /* cppcheck-suppress autoVariables ; for the time of the search */
    v->budget = &budget;
    variation_search(v, &l->parts, visit, l);
    l->findings->budget->left -= given - budget.left;
    if (v->undecided && !l->why)
        l->findings->tariffs[l->tariff].why =
            "trop de familles différentes pour le nombre d'étapes accordé à l'analyse";
}

static void look_for_falls(struct looking *l, size_t axis)
{
    struct variation v = variation_of(l, axis, false);
    struct diag_list *diags = l->findings->diags;
    struct strbuf before = strbuf_in(diags->arena), after = strbuf_in(diags->arena);
    struct diag *d;

    if (is_stated(l, l->axes.items[axis].symbol, false))
        return;
    search(l, &v, visit_fall);
    if (!l->found)
        return;
    strbuf_amount(&before, l->findings->program, type_of(l), l->pair.before);
    strbuf_amount(&after, l->findings->program, type_of(l), l->pair.after);
    d = diag_add(diags, DIAG_PRICE_FALLS, span_of(l, &l->pair_high, &l->pair_low),
                 "le prix de « %s » baisse quand « %s » augmente : %s puis %s", code_of(l)->name,
                 l->axes.items[axis].name, before.bytes, after.bytes);
    tell_pair(l, d, axis);
    diag_help(diags, d, "corrigez la règle ; si l'acte le veut ainsi, ajoutez « volontaire » à la ligne, à l'exception "
                        "ou à l'étape");
}

/* ------------------------------------------------------------------ thresholds */

static const struct frequency {
    const char *unit;
    int times;
} frequencies[] = {
    /* Four days in each of the 36 weeks of a school year; whole days are those without school, one a week. */
    { "repas", 144 }, { "goûter", 144 }, { "présence", 144 }, { "ticket", 144 },
    { "heure", 144 }, { "demi_heure", 144 }, { "quart_heure", 144 },
    { "jour", 36 }, { "journée", 36 }, { "demi_journée", 36 }, { "semaine", 36 }, { "séance", 36 }, { "cours", 36 },
    { "mois", 10 }, { "période", 5 }, { "trimestre", 3 }, { "semestre", 2 },
    { "an", 1 }, { "année", 1 }, { "forfait", 1 },
};

int yearly_frequency(const struct model *model, const struct type *type)
{
    int times = 0;

    for (unsigned i = 0; i < type->unit.per_count; i++)
        for (size_t k = 0; k < sizeof frequencies / sizeof *frequencies; k++)
            if (unit_find(model, slice_of(frequencies[k].unit)) == type->unit.per[i] && frequencies[k].times > times)
                times = frequencies[k].times;
    return times;
}

static void look_for_thresholds(struct looking *l, size_t axis)
{
    const struct delib_program *p = l->findings->program;
    struct variation v = variation_of(l, axis, true);
    struct diag_list *diags = l->findings->diags;
    struct strbuf before = strbuf_in(diags->arena), after = strbuf_in(diags->arena), cost = strbuf_in(diags->arena);
    int times = yearly_frequency(&p->model, type_of(l));
    struct number yearly;
    struct diag *d;

    if (times == 0 || is_stated(l, l->axes.items[axis].symbol, true))
        return;
    v.distance = (int64_t)l->axes.items[axis].den;
    (void)number_make(THRESHOLD_EUROS_A_YEAR, times, &v.limit);
    search(l, &v, visit_jump);
    if (!l->found || !number_mul(l->pair.excess, number_of(times), &yearly))
        return;
    strbuf_amount(&before, p, type_of(l), l->pair.before);
    strbuf_amount(&after, p, type_of(l), l->pair.after);
    strbuf_number(&cost, yearly, number_is_integer(yearly) ? 0 : 2);
    d = diag_add(diags, DIAG_THRESHOLD, span_of(l, &l->pair_high, &l->pair_low),
                 "un euro de « %s » de plus coûte %s € par an : %s puis %s", l->axes.items[axis].name, cost.bytes,
                 before.bytes, after.bytes);
    tell_pair(l, d, axis);
    diag_help(diags, d, "adoucissez la marche ; si l'acte la veut ainsi, ajoutez « volontaire » à la ligne, ou une "
                        "propriété qui dit l'écart permis");
}

/* ------------------------------------------------------------------ rules that nobody reaches */

static void tell_unreached(struct looking *l, struct span span, const char *what)
{
    struct diag_list *diags = l->findings->diags;
    struct diag *d = diag_add(diags, DIAG_UNREACHED, span, "%s ne s'applique à aucune famille", what);

    diag_help(diags, d, "supprimez-la, ou revoyez ce qui passe avant elle et les bornes des données");
}

static void look_for_unreached(struct looking *l)
{
    const struct tariff_code *t = code_of(l);

    for (size_t v = 0; v < t->version_count; v++) {
        for (size_t i = 0; i < t->versions[v].exception_count; i++)
            if (!l->exceptions[v][i])
                tell_unreached(l, t->versions[v].exceptions[i].source->span, "cette exception");
        for (size_t i = 0; i < t->versions[v].step_count; i++)
            if (!l->steps[v][i])
                tell_unreached(l, t->versions[v].steps[i].source->span, "cette étape");
    }
}

/*
 * Rows that could go: those of « non communiqué », of failures and of the rest are there in case, members and answers
 * must all be there. Those of a module serve others.
 */
static bool is_ordinary(const struct table_plan *plan, const struct row *row, int index)
{
    struct span title;

    if (plan->by_index || index == plan->absent_row || index == plan->failed_row || index == plan->others_row)
        return false;
    title = row->titles.items[0].span;
    return title.file == row->span.file && title.start >= row->span.start && title.end <= row->span.end;
}

static void look_for_unreached_rows(struct findings *f, const struct reach *reach)
{
    for (size_t i = 0; i < reach->tables.count && reach->complete; i++) {
        const struct node *n = reach->tables.items[i].table;
        const struct table *table = n->as.table.table;

        for (size_t r = 0; r < table->rows.count; r++)
            if (table->rows.items[r].span.file == 0 && !reach->tables.items[i].rows[r] &&
                is_ordinary(n->as.table.plan, &table->rows.items[r], (int)r))
                diag_help(f->diags,
                          diag_add(f->diags, DIAG_UNREACHED, table->rows.items[r].span,
                                   "cette ligne ne s'applique à aucune famille"),
                          "supprimez-la ou réunissez-la à sa voisine, ou revoyez ce qui passe avant elle et les "
                          "bornes des données");
    }
}

/* ------------------------------------------------------------------ families without an answer */

static void tell_unanswered(struct looking *l)
{
    struct diag_list *diags = l->findings->diags;
    struct strbuf family = strbuf_in(diags->arena);
    struct box point;
    struct diag *d;

    if (!l->unanswered)
        return;
    point = proof_family(l->findings->scratch, &l->axes, &l->family);
    strbuf_box(&family, &l->axes, &point);
    d = diag_add(diags, DIAG_NO_ANSWER, code_of(l)->symbol->name.span,
                 "des familles n'ont ni montant ni réponse écrite pour « %s » : %s", code_of(l)->name,
                 l->outcome.reason ? l->outcome.reason : delib_statut_text(l->outcome.statut));
    diag_effect(diags, d, "%s", family.bytes);
    diag_help(diags, d, "ajoutez la règle qui manque, ou écrivez « non prévu » là où l'acte se tait");
}

/* ------------------------------------------------------------------ the whole */

static bool is_quotient(const struct axis *axis)
{
    return type_is_number(axis->type, QUANTITY_QUOTIENT) ||
           type_is_number(axis->type, QUANTITY_QUOTIENT_FISCAL) ||
           type_is_number(axis->type, QUANTITY_RESSOURCES);
}

static bool is_read(const struct looking *l, size_t axis)
{
    for (size_t i = 0; i < l->parts.count; i++)
        if (l->parts.items[i].box.items[axis].read)
            return true;
    return false;
}

static void walk(struct looking *l, bool dated)
{
    struct findings *f = l->findings;
    const struct proof_period undated = { { 0 }, { 0 } }, *period = dated ? &f->period : &undated;
    struct region_target target = target_of_program(f->scratch, f->program, l->tariff);
    struct regions_options options = { .date = f->period.from };
    struct region_budget budget = share_of(f);
    uint64_t given = budget.left;

    l->parts = (struct variation_parts){ 0 };
    l->unanswered = false;
    l->why = NULL;
    l->region_count = 0;
    l->axes = axes_of_program(f->scratch, f->program, period->from, period->to, false);
    l->regions = regions_new(f->scratch, &l->axes, &target, 1, &options);
    regions_walk(l->regions, NULL, &budget, visit_region, l);
    f->budget->left -= given - budget.left;
    l->exhausted = budget.left == 0;
}

static bool look(void *context)
{
    struct looking *l = context;
    const struct tariff_code *t = code_of(l);

    l->exceptions = arena_array(l->findings->scratch, bool *, t->version_count);
    l->steps = arena_array(l->findings->scratch, bool *, t->version_count);
    for (size_t v = 0; v < t->version_count; v++) {
        l->exceptions[v] = arena_array(l->findings->scratch, bool, t->versions[v].exception_count);
        l->steps[v] = arena_array(l->findings->scratch, bool, t->versions[v].step_count);
    }
    walk(l, true);
    l->findings->tariffs[l->tariff] = (struct tariff_findings){ l->region_count, l->why };
    l->reach->complete = l->reach->complete && !l->why;
    if (!l->why)
        look_for_unreached(l);
    else if (l->exhausted)             /* the first day of the period, where ages depend on one date only */
        walk(l, false);
    tell_unanswered(l);
    for (size_t i = 0; i < l->axes.count; i++)
        if (is_quotient(&l->axes.items[i]) && is_read(l, i)) {
            look_for_falls(l, i);
            look_for_thresholds(l, i);
        }
    return true;
}

delib_status findings_of_program(struct findings *f)
{
    struct reach reach = { .arena = f->diags->arena, .complete = true };

    for (size_t i = 0; i < f->program->tariff_count; i++) {
        struct looking l = { .findings = f, .reach = &reach, .tariff = i };

        if (!arena_guard(f->scratch, look, &l))
            return DELIB_NO_MEMORY;
        arena_reset(f->scratch);
    }
    look_for_unreached_rows(f, &reach);
    return DELIB_OK;
}
