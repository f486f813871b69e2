/*
 * Two calculations compared node by node; see same_rules.h.
 */
#include "same_rules.h"

#include <string.h>

/* Definitions, functions and tariffs are compared once for each pair: a pair in progress is taken for the same. */
struct seen_pair {
    const void *a, *b;
};

struct sameness {
    const struct matching *m;
    const struct date *dates;
    struct arena *arena;
    struct { struct seen_pair *items; size_t count, capacity; } seen;
};

static bool same(struct sameness *s, const struct node *a, const struct node *b);
static bool same_tariffs(struct sameness *s, size_t a, size_t b);

static bool already(struct sameness *s, const void *a, const void *b)
{
    for (size_t i = 0; i < s->seen.count; i++)
        if (s->seen.items[i].a == a && s->seen.items[i].b == b)
            return true;
    *(struct seen_pair *)arena_push(s->arena, &s->seen) = (struct seen_pair){ a, b };
    return false;
}

static bool same_number(struct number a, struct number b)
{
    return number_compare(a, b) == 0;
}

static bool same_date(struct date a, struct date b)
{
    return date_compare(a, b) == 0;
}

static bool same_dates_of_service(const struct sameness *s)
{
    return same_date(s->dates[BEFORE], s->dates[AFTER]);
}

/* ------------------------------------------------------------------ names */

/* Members are known by their rank: the same names in the same order. */
static bool same_members(const struct sameness *s, const struct symbol *a, const struct symbol *b)
{
    const struct symbol *y = b->first;

    if (a->count != b->count)
        return false;
    for (const struct symbol *x = a->first; x; x = x->next, y = y->next)
        if (matching_member(s->m, x, b) != y)
            return false;
    return true;
}

static bool same_type(const struct sameness *s, const struct type *a, const struct type *b)
{
    if (!matching_same_quantity(s->m, a, b) || (a->kind == TYPE_ENUM && !same_members(s, a->symbol, b->symbol)))
        return false;
    if (a->kind != TYPE_LIST)
        return true;
    if (!a->basket != !b->basket || (a->basket && !same_members(s, a->basket, b->basket)))
        return false;
    return a->max_items == b->max_items && same_type(s, a->element, b->element);
}

/* One datum, with the same domain (or there is a remark), and what the act says once of its absence. */
static bool same_datum(struct sameness *s, const struct symbol *a, const struct symbol *b)
{
    const struct binding *x = &s->m->bindings[BEFORE][a->index], *y = &s->m->bindings[AFTER][b->index];
    const struct delib_program *const *p = s->m->programs;

    if (x->axis != y->axis || s->m->remarks[x->axis] || y->members || !same_type(s, a->type, b->type) ||
        data_set_is_empty(&a->facts.absent) != data_set_is_empty(&b->facts.absent))
        return false;
    if (already(s, a, b))
        return true;
    return same(s, p[BEFORE]->absent_clauses[a->index], p[AFTER]->absent_clauses[b->index]) &&
           same(s, p[BEFORE]->failed_clauses[a->index], p[AFTER]->failed_clauses[b->index]);
}

/* What a field is when a record does not give it. */
static bool same_default(const struct symbol *a, const struct symbol *b)
{
    if (!a->value || !b->value)
        return !a->value == !b->value;
    return same_number(facts_low(a->value->facts), facts_low(b->value->facts));
}

/* Fields are reached by their name: the records of both must have it in common, with the same values. */
static bool same_field(const struct sameness *s, const struct symbol *a, const struct symbol *b)
{
    return text_fold_equal(a->name.text, b->name.text) && same_type(s, a->type, b->type) &&
           same_default(a, b) && a->facts.den == b->facts.den && a->facts.lo == b->facts.lo &&
           a->facts.hi == b->facts.hi && data_set_is_empty(&a->facts.absent) == data_set_is_empty(&b->facts.absent);
}

static bool same_symbol(struct sameness *s, const struct symbol *a, const struct symbol *b)
{
    return a->kind == SYMBOL_FIELD ? same_field(s, a, b) : same_datum(s, a, b);
}

/* ------------------------------------------------------------------ nodes */

static bool same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

/* Of a constant that is no text: empty. */
static struct slice text_of(const struct node *constant)
{
    return constant->expr && constant->expr->kind == EXPR_TEXT ? constant->expr->as.text : SLICE("");
}

static bool same_edge(const struct edge *a, const struct edge *b)
{
    if (!a->set || !b->set)
        return a->set == b->set;
    return a->included == b->included && a->num == b->num && a->den == b->den;
}

static bool same_cells(struct sameness *s, const struct node *a, int x, const struct node *b, int y)
{
    if (x == ROW_HOLE || y == ROW_HOLE)
        return x == y;
    return same(s, a->as.table.cells[x], b->as.table.cells[y]);
}

static bool same_segments(struct sameness *s, const struct node *a, const struct node *b)
{
    const struct table_plan *p = a->as.table.plan, *q = b->as.table.plan;

    if (p->segment_count != q->segment_count)
        return false;
    for (size_t i = 0; i < p->segment_count; i++) {
        const struct segment *x = &p->segments[i], *y = &q->segments[i];

        if (x->upper != y->upper || !same_number(x->bound, y->bound) || x->bound_included != y->bound_included ||
            !same_cells(s, a, x->row, b, y->row))
            return false;
    }
    return true;
}

static bool same_table(struct sameness *s, const struct node *a, const struct node *b)
{
    const struct table_plan *p = a->as.table.plan, *q = b->as.table.plan;

    if (p->by_index != q->by_index || p->row_count != q->row_count || p->condition_count != q->condition_count ||
        p->datum_clause != q->datum_clause || !same_segments(s, a, b) ||
        !same_cells(s, a, p->absent_row, b, q->absent_row) || !same_cells(s, a, p->failed_row, b, q->failed_row) ||
        !same_cells(s, a, p->last_row, b, q->last_row))
        return false;
    for (size_t i = 0; p->by_index && i < p->row_count; i++)
        if (!same_cells(s, a, p->rows[i], b, q->rows[i]))
            return false;
    for (size_t i = 0; i < p->condition_count; i++)
        if (!same(s, a->as.table.conditions[i], b->as.table.conditions[i]) ||
            !same_cells(s, a, p->conditions[i], b, q->conditions[i]))
            return false;
    return true;
}

static bool same_best(struct sameness *s, const struct node *a, const struct node *b)
{
    if (a->as.best.mode != b->as.best.mode || a->as.best.count != b->as.best.count)
        return false;
    for (size_t i = 0; i < a->as.best.count; i++)
        if (!same(s, a->as.best.items[i].value, b->as.best.items[i].value) ||
            !same(s, a->as.best.items[i].condition, b->as.best.items[i].condition))
            return false;
    return true;
}

static bool same_call(struct sameness *s, const struct node *a, const struct node *b)
{
    const struct function_code *f = a->as.call.function, *g = b->as.call.function;

    if (a->as.call.count != b->as.call.count)
        return false;
    for (size_t i = 0; i < a->as.call.count; i++)
        if (a->as.call.scales[i] != b->as.call.scales[i] ||
            !same(s, a->as.call.arguments[i], b->as.call.arguments[i]))
            return false;
    return already(s, f, g) || same(s, f->body, g->body);
}

/* The values in force on the dates compared. */
static bool same_national(struct sameness *s, const struct node *a, const struct node *b)
{
    if (!same_dates_of_service(s) || a->as.national.count != b->as.national.count)
        return false;
    for (size_t i = 0; i < a->as.national.count; i++)
        if (!same_date(a->as.national.items[i].period.from, b->as.national.items[i].period.from) ||
            !same(s, a->as.national.items[i].value, b->as.national.items[i].value))
            return false;
    return true;
}

static bool same_let(struct sameness *s, const struct node *a, const struct node *b)
{
    return already(s, a->as.let.value, b->as.let.value) || same(s, a->as.let.value, b->as.let.value);
}

static bool same_period(const struct period *a, const struct period *b)
{
    return same_date(a->from, b->from) && same_date(a->to, b->to);
}

static bool same_kind(struct sameness *s, const struct node *a, const struct node *b)
{
    switch (a->kind) {
    case NODE_CONSTANT: return a->as.constant == b->as.constant && slice_equal(text_of(a), text_of(b));
    case NODE_DATUM: case NODE_BASKET: case NODE_FIELD: return same_symbol(s, a->as.symbol, b->as.symbol);
    case NODE_LET: return same_let(s, a, b);
    case NODE_SLOT: return a->as.slot == b->as.slot;
    case NODE_DATE: case NODE_TODAY: return same_dates_of_service(s);
    case NODE_NATIONAL: return same_national(s, a, b);
    case NODE_ROUND: return same_number(a->as.round.step, b->as.round.step) && a->as.round.mode == b->as.round.mode;
    case NODE_COMPARE: return a->as.compare == b->as.compare;
    case NODE_AND: case NODE_OR: return a->a_first == b->a_first;
    case NODE_BETWEEN: return same_edge(&a->as.between.low, &b->as.between.low) &&
                              same_edge(&a->as.between.high, &b->as.between.high);
    case NODE_TABLE: return same_table(s, a, b);
    case NODE_BEST: return same_best(s, a, b);
    case NODE_OUTCOME: return a->as.outcome.outcome == b->as.outcome.outcome &&
                              same_text(a->as.outcome.reason, b->as.outcome.reason);
    case NODE_SHIFT: return a->as.shift.count == b->as.shift.count && a->as.shift.down == b->as.shift.down &&
                            same(s, a->as.shift.limit, b->as.shift.limit);
    case NODE_FOLD: return a->as.fold.op == b->as.fold.op && same(s, a->as.fold.if_empty, b->as.fold.if_empty);
    case NODE_RANK: return a->as.rank.descending == b->as.rank.descending && same(s, a->as.rank.tie, b->as.rank.tie);
    case NODE_CALL: return same_call(s, a, b);
    case NODE_TARIFF: return same_tariffs(s, a->as.tariff, b->as.tariff);
    case NODE_WITH: return same_datum(s, a->as.with.input, b->as.with.input) &&
                           same_tariffs(s, a->as.with.tariff, b->as.with.tariff);
    case NODE_WHEN:
        return a->as.when.when == b->as.when.when && same_period(&a->as.when.period, &b->as.when.period) &&
               same_date(a->as.when.day, b->as.when.day);
    case NODE_DATES: return a->as.date == b->as.date && (a->b || same_dates_of_service(s));
    case NODE_VARIABLE: case NODE_PRICE: case NODE_BASE: case NODE_NEGATE: case NODE_NOT: case NODE_ADD:
    case NODE_SUBTRACT: case NODE_MULTIPLY: case NODE_DIVIDE: case NODE_SCALE: case NODE_MAXIMUM: case NODE_MINIMUM:
    case NODE_KNOWN: break;
    }
    return true;
}

static bool same(struct sameness *s, const struct node *a, const struct node *b)
{
    if (!a || !b)
        return a == b;
    return a->kind == b->kind && a->den == b->den && a->scale_a == b->scale_a && a->scale_b == b->scale_b &&
           same(s, a->a, b->a) && same(s, a->b, b->b) && same(s, a->c, b->c) && same_kind(s, a, b);
}

/* ------------------------------------------------------------------ tariffs */

static bool in_period(const struct period *p, struct date d)
{
    return (!p->from.year || date_compare(d, p->from) >= 0) && (!p->to.year || date_compare(d, p->to) <= 0);
}

static const struct tariff_version *version_on(const struct delib_program *p, size_t tariff, struct date d)
{
    const struct tariff_code *t = &p->tariffs[tariff];

    if (d.year && !in_period(&p->model.period, d))
        return NULL;
    for (size_t i = 0; i < t->version_count; i++)
        if (d.year ? in_period(&t->versions[i].source->period, d) : t->version_count == 1)
            return &t->versions[i];
    return NULL;
}

static bool same_exceptions(struct sameness *s, const struct tariff_version *a, const struct tariff_version *b)
{
    if (a->exception_count != b->exception_count)
        return false;
    for (size_t i = 0; i < a->exception_count; i++) {
        const struct exception_code *x = &a->exceptions[i], *y = &b->exceptions[i];

        if (x->source->final != y->source->final || !same(s, x->condition, y->condition) ||
            !same(s, x->value, y->value) || !same(s, x->absent, y->absent) || !same(s, x->failed, y->failed))
            return false;
    }
    return true;
}

static bool same_steps(struct sameness *s, const struct tariff_version *a, const struct tariff_version *b)
{
    if (a->step_count != b->step_count)
        return false;
    for (size_t i = 0; i < a->step_count; i++) {
        const struct step_code *x = &a->steps[i], *y = &b->steps[i];

        if (x->den_before != y->den_before || x->den_after != y->den_after || !same(s, x->condition, y->condition) ||
            !same(s, x->next, y->next) || !same(s, x->absent, y->absent) || !same(s, x->failed, y->failed) ||
            !same(s, x->negative, y->negative))
            return false;
    }
    return true;
}

static bool same_outputs(struct sameness *s, const struct tariff_version *a, const struct tariff_version *b)
{
    if (a->output_count != b->output_count)
        return false;
    for (size_t i = 0; i < a->output_count; i++) {
        const struct output_code *x = &a->outputs[i], *y = &b->outputs[i];

        if (!text_fold_equal(matching_name(s->m, x->symbol->name.text), y->symbol->name.text) ||
            !same_type(s, x->symbol->type, y->symbol->type) || !same(s, x->value, y->value) ||
            !same(s, x->absent, y->absent) || !same(s, x->failed, y->failed))
            return false;
    }
    return true;
}

static bool same_tariffs(struct sameness *s, size_t a, size_t b)
{
    const struct delib_program *const *p = s->m->programs;
    const struct tariff_version *x = version_on(p[BEFORE], a, s->dates[BEFORE]);
    const struct tariff_version *y = version_on(p[AFTER], b, s->dates[AFTER]);

    if (!x || !y || strcmp(x->unit, y->unit) != 0 || x->type->kind != TYPE_NUMBER || y->type->kind != TYPE_NUMBER)
        return false;
    if (already(s, x, y))
        return true;
    return x->den_initial == y->den_initial && same_exceptions(s, x, y) && same(s, x->price, y->price) &&
           same(s, x->price_absent, y->price_absent) && same(s, x->price_failed, y->price_failed) &&
           same_steps(s, x, y) && same_outputs(s, x, y);
}

const struct tariff_version *same_rules(struct arena *arena, const struct matching *m, const size_t tariffs[SIDES],
                                        const struct date dates[SIDES])
{
    struct sameness s = { .m = m, .dates = dates, .arena = arena };

    return same_tariffs(&s, tariffs[BEFORE], tariffs[AFTER])
               ? version_on(m->programs[BEFORE], tariffs[BEFORE], dates[BEFORE]) : NULL;
}
