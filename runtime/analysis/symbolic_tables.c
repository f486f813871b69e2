/*
 * Tables, the better of several, shifts of a member, on a box; and the marks of the path.
 */
#include "symbolic_parts.h"

#include "lang/typing.h"

/* ------------------------------------------------------------------ tables */

const struct node *symbolic_clause(const struct symbolic *s, const struct symbolic_value *v)
{
    if (!v->datum)
        return NULL;
    return v->state == VALUE_ABSENT ? s->target->program->absent_clauses[v->datum->index]
                                    : s->target->program->failed_clauses[v->datum->index];
}

void symbolic_mark(struct symbolic *s, struct region_mark m)
{
    m.tariff = s->tariff;
    *(struct region_mark *)arena_push(s->cutter.arena, &s->marks) = m;
}

static struct symbolic_value table_cell(struct symbolic *s, const struct node *n, int row)
{
    const struct node *cell;

    symbolic_mark(s, (struct region_mark){ .kind = MARK_ROW, .table = n, .row = row });
    if (row == ROW_HOLE)
        return state(VALUE_NON_PREVU, "aucune ligne du tableau ne prévoit ce cas");
    cell = n->as.table.cells[row];
    if (!cell)
        return state(VALUE_NON_PREVU, "la case du tableau est vide");
    return over(s, symbolic_eval(s, cell), cell, n->den);
}

static struct symbolic_value table_unknown(struct symbolic *s, const struct node *n, struct symbolic_value key)
{
    const struct table_plan *plan = n->as.table.plan;
    int row = key.state == VALUE_ABSENT ? plan->absent_row : plan->failed_row;
    const struct node *clause = symbolic_clause(s, &key);

    if (row != ROW_HOLE)
        return table_cell(s, n, row);
    if (!clause || (key.state == VALUE_ABSENT && !plan->datum_clause))
        return key;
    if (is_outcome(clause, OUTCOME_LAST_ROW))
        return table_cell(s, n, plan->last_row);
    if (clause->kind != NODE_OUTCOME && !type_unify(clause->expr->type, n->expr->type))
        return key;
    symbolic_mark(s, (struct region_mark){ .kind = MARK_CLAUSE, .expr = clause->expr });
    return over(s, symbolic_eval(s, clause), clause, n->den);
}

/* The steps of a table by segments are its segments, on the grid of the key; beyond the last is a hole. */
static struct threshold segment_end(const void *context, size_t i)
{
    const struct table_plan *plan = ((const struct node *)context)->as.table.plan;

    return (struct threshold){ number_of(plan->segments[i].upper), true };
}

/* Those of a ratio, which has no grid. */
static struct threshold ratio_end(const void *context, size_t i)
{
    const struct segment *segment = &((const struct node *)context)->as.table.plan->segments[i];

    return (struct threshold){ segment->bound, segment->bound_included };
}

static int segment_row(const void *context, size_t step)
{
    const struct table_plan *plan = ((const struct node *)context)->as.table.plan;

    return step < plan->segment_count ? plan->segments[step].row : ROW_HOLE;
}

/* Those of a table by index are its entries, after what is below the first. */
static struct threshold index_begin(const void *context, size_t i)
{
    (void)context;
    return (struct threshold){ number_of((int128)i), false };
}

static int index_row(const void *context, size_t step)
{
    const struct table_plan *plan = ((const struct node *)context)->as.table.plan;

    return step > 0 && step <= plan->row_count ? plan->rows[step - 1] : ROW_HOLE;
}

struct symbolic_value symbolic_table(struct symbolic *s, const struct node *n)
{
    const struct table_plan *plan = n->as.table.plan;
    bool ratio = plan->key->facts->ratio;
    struct ladder ladder = { .count = plan->segment_count, .at = ratio ? ratio_end : segment_end, .key = segment_row,
                             .context = n };
    struct symbolic_value key;
    size_t step = 0;
    bool holds;

    for (size_t i = 0; i < plan->condition_count; i++) {
        struct symbolic_value c = symbolic_eval(s, n->as.table.conditions[i]);

        if (c.state != VALUE_OK)
            return c;
        if (!decide_true(s, &c, &holds))
            return stopped();
        if (holds)
            return table_cell(s, n, plan->conditions[i]);
    }
    key = symbolic_eval(s, n->a);
    if (is_unknown_fact(key.state))
        return table_unknown(s, n, key);
    if (key.state != VALUE_OK)
        return key;
    if (plan->by_index)
        ladder = (struct ladder){ .count = plan->row_count + 1, .at = index_begin, .key = index_row, .context = n };
    decision_about(s, n->a, key.num);
    if (ratio)
        key.num = times(s, key.num, 1, n->a->den);
    if (!decide(s, cutter_settle(&s->cutter, key.num, &ladder, &step)))
        return stopped();
    return table_cell(s, n, ladder.key(n, step));
}

/* ------------------------------------------------------------------ best-of, shifts */

struct symbolic_value symbolic_best(struct symbolic *s, const struct node *n)
{
    bool lowest = n->as.best.mode == BEST_FAVORABLE || n->as.best.mode == BEST_LOWEST, holds = true;
    struct symbolic_value best = state(VALUE_SANS_OBJET, "aucune alternative ne s'applique");
    struct symbolic_value unknown = { .state = VALUE_OK };

    for (size_t i = 0; i < n->as.best.count; i++) {
        const struct alternative_node *a = &n->as.best.items[i];
        struct symbolic_value v = a->condition ? symbolic_eval(s, a->condition) : constant(s, 1);

        if (v.state == VALUE_OK && !decide_true(s, &v, &holds))
            return stopped();
        if (v.state == VALUE_OK && !holds)
            continue;
        if (v.state == VALUE_OK)
            v = over(s, symbolic_eval(s, a->value), a->value, n->den);
        if (v.state == VALUE_SANS_OBJET)
            continue;
        if (has_stopped(&v) || state_ends(v.state))
            return v;
        if (v.state != VALUE_OK)
            unknown = unknown.state == VALUE_OK ? v : combine(&unknown, &v);
        else
            best = best.state == VALUE_OK ? symbolic_extreme(s, best.num, v.num, !lowest) : v;
        if (has_stopped(&best))
            return best;
    }
    return unknown.state == VALUE_OK ? best : unknown;
}

struct symbolic_value symbolic_shift(struct symbolic *s, const struct node *n)
{
    struct symbolic_value v = symbolic_eval(s, n->a), by, limit;
    const struct formula *shifted;
    bool down = n->as.shift.down, holds = true;

    if (v.state != VALUE_OK)
        return v;
    if (n->c) {
        struct symbolic_value condition = symbolic_eval(s, n->c);

        if (condition.state != VALUE_OK)
            return condition;
        if (!decide_true(s, &condition, &holds))
            return stopped();
    }
    if (!holds)
        return v;
    by = symbolic_eval(s, n->b);
    limit = has_stopped(&by) ? by : symbolic_eval(s, n->as.shift.limit);
    if (by.state != VALUE_OK || limit.state != VALUE_OK)
        return combine(&by, &limit);
    shifted = down ? formula_subtract(s->cutter.pool, v.num, by.num) : formula_add(s->cutter.pool, v.num, by.num);
    if (!decide_order(s, down ? OP_LESS : OP_GREATER, shifted, limit.num, &holds))
        return stopped();
    if (!holds)
        return value(shifted);
    if (!decide_order(s, down ? OP_LESS : OP_GREATER, v.num, limit.num, &holds))
        return stopped();
    return holds ? v : limit;
}

