/*
 * The walk of everything that an evaluation may still read. A node whose value the session already settles is not
 * entered; a decision that it does not settle sends the walk into each branch, under the guard of that branch.
 */
#include "reach.h"

enum { VISITS = 16, ARGUMENTS = 16 };

/* The call whose function is being walked. */
struct call_frame {
    const struct node *const *arguments;
    struct value values[ARGUMENTS];
    const struct call_frame *outer;
    const struct value *outer_slots;
};

/* Of a definition or of a tariff. */
struct visits {
    struct guard seen;                   /* situations in which it was walked already */
    unsigned count;
};

struct walk {
    struct machine m;
    struct reach *out;
    struct guards *guards;
    struct guard now;                    /* where the walk is */
    const struct call_frame *frame;
    bool element;                        /* inside the element of a list: its fields are not those of one family */
    struct visits *lets, *tariffs;
};

static void visit(struct walk *w, const struct node *n);

/* ------------------------------------------------------------------ what is known */

static struct value value_of(struct walk *w, const struct node *n)
{
    return machine_value(&w->m, n);
}

static bool is_open(const struct value *v)
{
    return v->state == VALUE_MISSING;
}

static bool is_unknown(const struct value *v)
{
    return v->state == VALUE_ABSENT || v->state == VALUE_FAILED || v->state == VALUE_REFUSED;
}

static bool is_failed(const struct value *v)
{
    return v->state == VALUE_FAILED || v->state == VALUE_REFUSED;
}

static struct guard always(struct walk *w)
{
    return guard_always(w->guards);
}

/* Not expressible: anything may be. */
static struct guard somehow(struct walk *w)
{
    struct guard out = always(w);

    out.vague = true;
    return out;
}

static struct guard either(struct walk *w, bool holds)
{
    return holds ? always(w) : guard_never();
}

/* ------------------------------------------------------------------ variables */

static bool is_plain(const struct type *type)
{
    return type->kind == TYPE_NUMBER || type->kind == TYPE_BOOLEAN || type->kind == TYPE_ENUM ||
           type->kind == TYPE_DATE;
}

static bool add_variable(struct walk *w, const struct symbol *symbol, const struct expr *expr, const struct type *type,
                         const struct facts *facts, size_t *out)
{
    if (!is_plain(type) || facts->ratio || facts->lo > facts->hi)
        return false;
    *out = guard_variable(w->guards, (struct guard_variable){ symbol, expr, symbol ? (const void *)symbol : expr, type,
                                                              facts->den, facts->lo, facts->hi,
                                                              !data_set_is_empty(&facts->absent) });
    return true;
}

/* A datum whose values are not numbers: a list is empty (0) or not (1), a text is given or not. */
static bool datum_variable(struct walk *w, const struct symbol *datum, size_t *out)
{
    static const struct type boolean = { .kind = TYPE_BOOLEAN };

    if (is_plain(datum->type))
        return add_variable(w, datum, NULL, datum->type, &datum->facts, out);
    *out = guard_variable(w->guards, (struct guard_variable){ datum, NULL, datum, &boolean, 1, 0, 1,
                                                              !data_set_is_empty(&datum->facts.absent) });
    return true;
}

static bool expr_variable(struct walk *w, const struct node *n, size_t *out)
{
    /* The words of a function or of an element of a list do not say of which call, of which element. */
    if (w->frame || w->element)
        return false;
    return add_variable(w, NULL, n->expr, n->expr->type, n->expr->facts, out);
}

/* The variable that a node is; false when no situation can be told by it. */
static bool variable_of(struct walk *w, const struct node *n, size_t *out)
{
    const struct call_frame *frame = w->frame;
    bool found;

    switch ((int)n->kind) {
    case NODE_DATUM:
        for (const struct override *o = w->m.overrides; o; o = o->outer)
            if (o->datum == n->as.symbol)
                return false;
        return datum_variable(w, n->as.symbol, out);
    case NODE_LET:
        if ((n->as.let.value->kind == NODE_DATUM || n->as.let.value->kind == NODE_LET) &&
            n->as.let.value->den == n->den)
            return variable_of(w, n->as.let.value, out);
        return add_variable(w, n->as.let.symbol, NULL, n->as.let.symbol->type, &n->as.let.symbol->facts, out);
    case NODE_SLOT:
        w->frame = frame->outer;
        found = frame->arguments[n->as.slot]->den == n->den && variable_of(w, frame->arguments[n->as.slot], out);
        w->frame = frame;
        return found;
    case NODE_FIELD: case NODE_VARIABLE: case NODE_PRICE: case NODE_BASE: case NODE_BASKET: return false;
    default: return expr_variable(w, n, out);
    }
}

/* ------------------------------------------------------------------ guards of conditions */

static struct guard guard_of(struct walk *w, const struct node *n, bool wanted, bool or_unknown);

static struct guard variable_is(struct walk *w, const struct node *n, int128 lo, int128 hi, bool absent)
{
    size_t variable;

    return variable_of(w, n, &variable) ? guard_range(w->guards, variable, lo, hi, absent) : somehow(w);
}

static struct guard outside(struct walk *w, size_t variable, int128 lo, int128 hi, bool absent)
{
    const struct guard_variable v = w->guards->variables.items[variable];

    return guard_or(w->guards, guard_range(w->guards, variable, v.lo, lo - 1, absent),
                    guard_range(w->guards, variable, hi + 1, v.hi, absent));
}

/* The points of the grid of `variable` that are x OP num/den. */
static struct guard compared(struct walk *w, size_t variable, enum binary_op op, int128 num, int128 den, bool absent)
{
    const struct guard_variable v = w->guards->variables.items[variable];
    int128 floor = int128_floor_div(num, den), ceil = int128_ceil_div(num, den);

    switch ((int)op) {
    case OP_LESS: return guard_range(w->guards, variable, v.lo, ceil - 1, absent);
    case OP_LESS_EQUAL: return guard_range(w->guards, variable, v.lo, floor, absent);
    case OP_GREATER: return guard_range(w->guards, variable, floor + 1, v.hi, absent);
    case OP_GREATER_EQUAL: return guard_range(w->guards, variable, ceil, v.hi, absent);
    case OP_EQUAL: return guard_range(w->guards, variable, ceil, floor, absent);
    default: return outside(w, variable, ceil, floor, absent);
    }
}

static enum binary_op opposite(enum binary_op op)
{
    switch ((int)op) {
    case OP_EQUAL: return OP_DIFFERENT;
    case OP_DIFFERENT: return OP_EQUAL;
    case OP_LESS: return OP_GREATER_EQUAL;
    case OP_LESS_EQUAL: return OP_GREATER;
    case OP_GREATER: return OP_LESS_EQUAL;
    default: return OP_LESS;
    }
}

/* a OP b as b OP' a */
static enum binary_op mirrored(enum binary_op op)
{
    switch ((int)op) {
    case OP_LESS: return OP_GREATER;
    case OP_LESS_EQUAL: return OP_GREATER_EQUAL;
    case OP_GREATER: return OP_LESS;
    case OP_GREATER_EQUAL: return OP_LESS_EQUAL;
    default: return op;
    }
}

static struct guard guard_of_compare(struct walk *w, const struct node *n, bool wanted, bool or_unknown)
{
    enum binary_op op = wanted ? n->as.compare : opposite(n->as.compare);
    struct value a = value_of(w, n->a), b = value_of(w, n->b);
    size_t variable;

    if (b.state == VALUE_OK && b.d == 1 && variable_of(w, n->a, &variable))
        return compared(w, variable, op, b.num * n->scale_b, n->scale_a, or_unknown);
    if (a.state == VALUE_OK && a.d == 1 && variable_of(w, n->b, &variable))
        return compared(w, variable, mirrored(op), a.num * n->scale_a, n->scale_b, or_unknown);
    return variable_is(w, n, wanted, wanted, or_unknown);
}

/* The first or the last value of the grid of `v` that the edge lets in; that of the variable when there is no edge. */
static bool edge_point(const struct edge *e, const struct guard_variable *v, bool low, int128 *out)
{
    int128 num;

    *out = low ? v->lo : v->hi;
    if (!e->set)
        return true;
    if (!int128_mul_checked(e->num, v->den, &num))
        return false;
    if (low)
        *out = e->included ? int128_ceil_div(num, e->den) : int128_floor_div(num, e->den) + 1;
    else
        *out = e->included ? int128_floor_div(num, e->den) : int128_ceil_div(num, e->den) - 1;
    return true;
}

static struct guard guard_of_between(struct walk *w, const struct node *n, bool wanted, bool or_unknown)
{
    size_t variable;
    struct guard_variable v;
    int128 lo, hi;

    if (!variable_of(w, n->a, &variable))
        return variable_is(w, n, wanted, wanted, or_unknown);
    v = w->guards->variables.items[variable];
    if (!edge_point(&n->as.between.low, &v, true, &lo) || !edge_point(&n->as.between.high, &v, false, &hi))
        return variable_is(w, n, wanted, wanted, or_unknown);        /* beyond 128 bits: a condition of its own */
    return wanted ? guard_range(w->guards, variable, lo, hi, or_unknown) : outside(w, variable, lo, hi, or_unknown);
}

static struct guard guard_of_known(struct walk *w, const struct node *n, bool wanted)
{
    size_t variable;
    struct guard_variable v;

    if (!variable_of(w, n->a, &variable))
        return somehow(w);
    v = w->guards->variables.items[variable];
    return wanted ? guard_range(w->guards, variable, v.lo, v.hi, false)
                  : guard_range(w->guards, variable, 1, 0, true);
}

/* The situations in which the condition is `wanted`, and with `or_unknown` those in which nobody can say. */
static struct guard guard_of(struct walk *w, const struct node *n, bool wanted, bool or_unknown)
{
    struct value v = value_of(w, n);
    struct guard a, b;

    if (v.state == VALUE_OK)
        return either(w, (v.num != 0) == wanted);
    if (!is_open(&v))
        return either(w, or_unknown && is_unknown(&v));
    switch ((int)n->kind) {
    case NODE_NOT: return guard_of(w, n->a, !wanted, or_unknown);
    case NODE_AND: case NODE_OR:
        a = guard_of(w, n->a, wanted, or_unknown);
        b = guard_of(w, n->b, wanted, or_unknown);
        return (n->kind == NODE_AND) == wanted ? guard_and(w->guards, a, b) : guard_or(w->guards, a, b);
    case NODE_COMPARE: return guard_of_compare(w, n, wanted, or_unknown);
    case NODE_BETWEEN: return guard_of_between(w, n, wanted, or_unknown);
    case NODE_KNOWN: return guard_of_known(w, n, wanted);
    case NODE_LET: return guard_of(w, n->as.let.value, wanted, or_unknown);
    default: return variable_is(w, n, wanted, wanted, or_unknown);
    }
}

/* ------------------------------------------------------------------ readings */

static void note(struct walk *w, size_t datum, const struct expr *at)
{
    struct reach_read *r = &w->out->data[datum];

    if (!r->reached)
        *r = (struct reach_read){ true, w->out->count++, guard_never(), at, w->m.finalite };
    r->when = guard_or(w->guards, r->when, w->now);
}

static void note_date(struct walk *w, const struct expr *at)
{
    if (!w->m.session->date.year)
        note(w, w->m.program->model.data.count, at);
}

static void note_datum(struct walk *w, const struct symbol *datum, const struct expr *at)
{
    struct value v = session_datum(&w->m, datum);

    for (const struct override *o = w->m.overrides; o; o = o->outer)
        if (o->datum == datum)
            return;
    if (is_open(&v))
        note(w, datum->index, at);
}

/* ------------------------------------------------------------------ branches */

static void visit_under(struct walk *w, struct guard guard, const struct node *n)
{
    struct guard before = w->now;

    if (!n)
        return;
    w->now = guard_and(w->guards, w->now, guard);
    visit(w, n);
    w->now = before;
}

/* Rows of a table by its key: the values that lead to `row`. */
static struct guard guard_of_row(struct walk *w, const struct node *n, int row)
{
    const struct table_plan *plan = n->as.table.plan;
    struct value key = value_of(w, n->a);
    struct guard out = guard_never();
    struct guard_variable v;
    size_t variable;

    if (key.state == VALUE_OK && key.d)
        return either(w, machine_row(n, &key) == row);
    if (!is_open(&key))
        return guard_never();
    if (!variable_of(w, n->a, &variable) || w->guards->variables.items[variable].den != n->a->den)
        return somehow(w);
    v = w->guards->variables.items[variable];
    for (size_t i = 0; plan->by_index && i < plan->row_count; i++)
        if (plan->rows[i] == row)
            out = guard_or(w->guards, out, guard_range(w->guards, variable, (int128)i, (int128)i, false));
    for (size_t i = 0; !plan->by_index && i < plan->segment_count; i++)
        if (plan->segments[i].row == row)
            out = guard_or(w->guards, out, guard_range(w->guards, variable, i ? plan->segments[i - 1].upper + 1 : v.lo,
                                                       plan->segments[i].upper, false));
    return out;
}

static struct guard guard_of_absence(struct walk *w, const struct node *n)
{
    struct value v = value_of(w, n);

    return is_open(&v) ? variable_is(w, n, 1, 0, true) : either(w, v.state == VALUE_ABSENT);
}

static bool may_be_absent(const struct node *n)
{
    return !data_set_is_empty(&n->expr->facts->absent);
}

/* The clause of the source that has failed, when the rule has none. */
static const struct node *clause_for_failure(const struct walk *w, const struct value *failed, const struct node *own)
{
    return own || !failed->datum ? own : w->m.program->failed_clauses[failed->datum->index];
}

/* What is evaluated in the place of a value whose source has failed. Before it does, nobody is asked for that case. */
static void visit_failure(struct walk *w, const struct node *n, const struct node *clause)
{
    struct value v = value_of(w, n);

    if (is_failed(&v))
        visit_under(w, always(w), clause_for_failure(w, &v, clause));
}

/* The same of a value that may be absent, in the situations in which it is. */
static void visit_absence(struct walk *w, const struct node *n, const struct node *clause)
{
    if (may_be_absent(n))
        visit_under(w, guard_of_absence(w, n), clause);
}

static void visit_unknown_key(struct walk *w, const struct node *n)
{
    const struct table_plan *plan = n->as.table.plan;
    struct guard absent;

    visit_failure(w, n->a, plan->failed_row == ROW_HOLE ? NULL : n->as.table.cells[plan->failed_row]);
    if (!may_be_absent(n->a))
        return;
    absent = guard_of_absence(w, n->a);
    if (plan->absent_row != ROW_HOLE) {
        visit_under(w, absent, n->as.table.cells[plan->absent_row]);
        return;
    }
    for (size_t i = 0; i < w->m.program->model.data.count; i++) {
        const struct node *clause = w->m.program->absent_clauses[i];

        if (!clause || !data_set_has(&n->a->expr->facts->absent, i))
            continue;
        if (clause->kind == NODE_OUTCOME && clause->as.outcome.outcome == OUTCOME_LAST_ROW &&
            plan->last_row != ROW_HOLE)
            clause = n->as.table.cells[plan->last_row];
        visit_under(w, absent, clause);
    }
}

static void visit_table(struct walk *w, const struct node *n)
{
    const struct table_plan *plan = n->as.table.plan;
    struct guard before = w->now;

    for (size_t i = 0; i < plan->condition_count; i++) {
        const struct node *condition = n->as.table.conditions[i];

        visit(w, condition);
        visit_under(w, guard_of(w, condition, true, false), n->as.table.cells[plan->conditions[i]]);
        w->now = guard_and(w->guards, w->now, guard_of(w, condition, false, false));
    }
    visit(w, n->a);
    for (size_t r = 0; r < n->as.table.table->rows.count; r++) {
        bool titled = (int)r != plan->absent_row && (int)r != plan->failed_row;

        for (size_t i = 0; i < plan->condition_count; i++)
            titled = titled && plan->conditions[i] != (int)r;
        if (titled)
            visit_under(w, guard_of_row(w, n, (int)r), n->as.table.cells[r]);
    }
    visit_unknown_key(w, n);
    w->now = before;
}

static void visit_logic(struct walk *w, const struct node *n)
{
    const struct node *first = n->a_first ? n->a : n->b, *second = n->a_first ? n->b : n->a;

    visit(w, first);
    visit_under(w, guard_of(w, first, n->kind == NODE_AND, true), second);
}

static void visit_best(struct walk *w, const struct node *n)
{
    for (size_t i = 0; i < n->as.best.count; i++) {
        const struct alternative_node *a = &n->as.best.items[i];

        if (a->condition)
            visit(w, a->condition);
        visit_under(w, a->condition ? guard_of(w, a->condition, true, false) : always(w), a->value);
    }
}

static void visit_shift(struct walk *w, const struct node *n)
{
    struct guard applies = n->c ? guard_of(w, n->c, true, false) : always(w);

    visit(w, n->a);
    if (n->c)
        visit(w, n->c);
    visit_under(w, applies, n->b);
    visit_under(w, applies, n->as.shift.limit);
}

/* What is read for each element is read when there is one. */
static struct guard guard_of_elements(struct walk *w, const struct node *list)
{
    struct value v = value_of(w, list);

    return is_open(&v) ? variable_is(w, list, 1, 1, false) : always(w);
}

/* No element counts. Which ones a condition leaves, or which quantities of a basket are given, is not looked at. */
static struct guard guard_of_emptiness(struct walk *w, const struct node *n)
{
    struct value list = value_of(w, n->a);

    if (n->b || n->a->expr->type->basket)
        return somehow(w);
    if (is_open(&list))
        return variable_is(w, n->a, 0, 0, false);
    return either(w, list.state == VALUE_OK && ((const struct list_value *)list.ref)->count == 0);
}

static void visit_elements(struct walk *w, const struct node *n)
{
    struct guard before = w->now;
    bool element = w->element;

    visit(w, n->a);
    w->now = guard_and(w->guards, w->now, guard_of_elements(w, n->a));
    w->element = true;
    if (n->b)
        visit(w, n->b);
    if (n->c)
        visit_under(w, n->b ? guard_of(w, n->b, true, false) : always(w), n->c);
    if (n->kind == NODE_RANK && n->as.rank.tie)
        visit(w, n->as.rank.tie);
    w->element = element;
    w->now = before;
    if (n->kind == NODE_FOLD)
        visit_under(w, guard_of_emptiness(w, n), n->as.fold.if_empty);
}

/* ------------------------------------------------------------------ names and calls */

/* Walked already where the walk is. After too many situations it is walked a last time, whatever the situation. */
static bool is_visited(struct walk *w, struct visits *visits)
{
    if (visits->count > VISITS || (visits->count && guard_covers(&visits->seen, &w->now)))
        return true;
    visits->seen = visits->count ? guard_or(w->guards, visits->seen, w->now) : w->now;
    if (visits->count++ == VISITS)
        w->now = somehow(w);
    return false;
}

static void visit_let(struct walk *w, const struct node *n)
{
    struct guard before = w->now;

    if (!is_visited(w, &w->lets[n->as.let.slot]))
        visit(w, n->as.let.value);
    w->now = before;
}

static struct guard guard_of_presence(struct walk *w, const struct node *n)
{
    struct value v = value_of(w, n);
    size_t variable;
    struct guard_variable found;

    if (!is_open(&v) || !may_be_absent(n))
        return either(w, !is_unknown(&v));
    if (!variable_of(w, n, &variable))
        return somehow(w);
    found = w->guards->variables.items[variable];
    return guard_range(w->guards, variable, found.lo, found.hi, false);
}

/* An argument that is absent ends the call. */
static void visit_call(struct walk *w, const struct node *n)
{
    struct call_frame frame = { n->as.call.arguments, { { .state = VALUE_MISSING } }, w->frame, w->m.slots };
    struct guard before = w->now;

    for (size_t i = 0; i < n->as.call.count && i < ARGUMENTS; i++) {
        visit(w, n->as.call.arguments[i]);
        frame.values[i] = value_of(w, n->as.call.arguments[i]);
        frame.values[i].num *= n->as.call.scales[i];
        w->now = guard_and(w->guards, w->now, guard_of_presence(w, n->as.call.arguments[i]));
    }
    w->frame = &frame;
    w->m.slots = frame.values;
    visit(w, n->as.call.function->body);
    w->frame = frame.outer;
    w->m.slots = frame.outer_slots;
    w->now = before;
}

/* The other day is read once the first one is known. */
static void visit_dates(struct walk *w, const struct node *n)
{
    struct guard before = w->now;

    visit(w, n->a);
    w->now = guard_and(w->guards, w->now, guard_of_presence(w, n->a));
    if (n->b)
        visit(w, n->b);
    else if (n->kind == NODE_DATES && (n->as.date == DATE_AGE || n->as.date == DATE_AGE_MONTHS))
        note_date(w, n->expr);
    w->now = before;
}

static void visit_field(struct walk *w, const struct node *n)
{
    bool element = w->element;

    if (n->a)
        visit(w, n->a);
    w->element = true;
    if (n->as.symbol->kind == SYMBOL_LET)
        visit(w, n->b);
    w->element = element;
}

static void visit_tariff(struct walk *w, size_t tariff, const struct symbol *output, bool outputs);

/* A tariff read as a value: its own price and steps. */
static void visit_inner(struct walk *w, size_t tariff, const struct override *overrides)
{
    struct walk saved = *w;

    w->m.frame = ++w->m.frames;
    w->m.overrides = overrides;
    if (overrides != saved.m.overrides) {
        w->lets = arena_array(w->guards->arena, struct visits, w->m.program->let_count);
        w->tariffs = arena_array(w->guards->arena, struct visits, w->m.program->tariff_count);
    }
    if (!is_visited(w, &w->tariffs[tariff]))
        visit_tariff(w, tariff, NULL, false);
    saved.m.frames = w->m.frames;
    *w = saved;
}

static void visit_with(struct walk *w, const struct node *n)
{
    struct override other = { n->as.with.input, value_of(w, n->a), w->m.overrides };

    visit(w, n->a);
    other.value.num *= n->scale_a;
    visit_inner(w, n->as.with.tariff, &other);
}

static void visit(struct walk *w, const struct node *n)
{
    struct value v;

    if (w->now.count == 0)
        return;
    v = value_of(w, n);
    if (!is_open(&v))
        return;
    switch (n->kind) {
    case NODE_CONSTANT: case NODE_SLOT: case NODE_VARIABLE: case NODE_PRICE: case NODE_BASE: case NODE_OUTCOME: break;
    case NODE_DATUM: note_datum(w, n->as.symbol, n->expr); break;
    case NODE_BASKET:
        note_datum(w, n->as.symbol, n->expr);
        visit(w, n->a);
        break;
    case NODE_DATE: case NODE_TODAY: case NODE_NATIONAL: note_date(w, n->expr); break;
    case NODE_LET: visit_let(w, n); break;
    case NODE_FIELD: visit_field(w, n); break;
    case NODE_AND: case NODE_OR: visit_logic(w, n); break;
    case NODE_TABLE: visit_table(w, n); break;
    case NODE_BEST: visit_best(w, n); break;
    case NODE_SHIFT: visit_shift(w, n); break;
    case NODE_FOLD: case NODE_RANK: visit_elements(w, n); break;
    case NODE_CALL: visit_call(w, n); break;
    case NODE_TARIFF: visit_inner(w, n->as.tariff, w->m.overrides); break;
    case NODE_WITH: visit_with(w, n); break;
    case NODE_DATES: case NODE_WHEN: visit_dates(w, n); break;
    case NODE_NEGATE: case NODE_NOT: case NODE_ADD: case NODE_SUBTRACT: case NODE_MULTIPLY: case NODE_DIVIDE:
    case NODE_SCALE: case NODE_ROUND: case NODE_MAXIMUM: case NODE_MINIMUM: case NODE_COMPARE: case NODE_BETWEEN:
    case NODE_KNOWN:
        visit(w, n->a);
        if (n->b)
            visit(w, n->b);
        break;
    }
}

/* ------------------------------------------------------------------ tariffs */

static bool is_whole_result(const struct node *n)
{
    return n && n->kind == NODE_OUTCOME && n->as.outcome.outcome != OUTCOME_LAST_ROW &&
           n->as.outcome.outcome != OUTCOME_NO_EFFECT;
}

/* Said once for a datum: « non communiqué : comme la dernière tranche ». */
static bool absence_is_an_amount(struct walk *w, const struct node *key)
{
    for (size_t i = 0; i < w->m.program->model.data.count; i++) {
        const struct node *clause = w->m.program->absent_clauses[i];

        if (clause && data_set_has(&key->expr->facts->absent, i) && !is_whole_result(clause))
            return true;
    }
    return false;
}

/* The situations in which a price is an amount, so that its steps are run; too many when it is not simple. */
static struct guard guard_of_amount(struct walk *w, const struct node *n, const struct node *absent,
                                    const struct node *failed)
{
    struct guard out = guard_never();
    const struct table_plan *plan;
    struct value key;

    if (is_whole_result(n))
        return out;
    if (n->kind == NODE_LET)
        return guard_of_amount(w, n->as.let.value, absent, failed);
    if (n->kind != NODE_TABLE || n->as.table.plan->condition_count)
        return always(w);
    plan = n->as.table.plan;
    key = value_of(w, n->a);
    if (is_failed(&key)) {
        failed =
            plan->failed_row == ROW_HOLE ? clause_for_failure(w, &key, failed) : n->as.table.cells[plan->failed_row];
        return either(w, failed && !is_whole_result(failed));
    }
    for (size_t r = 0; r < n->as.table.table->rows.count; r++)
        if ((int)r != plan->absent_row && (int)r != plan->failed_row && n->as.table.cells[r] &&
            !is_whole_result(n->as.table.cells[r]))
            out = guard_or(w->guards, out, guard_of_row(w, n, (int)r));
    if (plan->absent_row != ROW_HOLE)
        absent = n->as.table.cells[plan->absent_row];
    if (may_be_absent(n->a) && (absent ? !is_whole_result(absent) : absence_is_an_amount(w, n->a)))
        out = guard_or(w->guards, out, guard_of_absence(w, n->a));
    return out;
}

static bool has_no_effect(const struct node *clause)
{
    return clause && clause->kind == NODE_OUTCOME && clause->as.outcome.outcome == OUTCOME_NO_EFFECT;
}

/* The clauses of a value that is read under `guard`. */
static void visit_absence_under(struct walk *w, struct guard guard, const struct node *n, const struct node *absent,
                                const struct node *failed)
{
    struct guard before = w->now;

    w->now = guard_and(w->guards, w->now, guard);
    visit_absence(w, n, absent);
    visit_failure(w, n, failed);
    w->now = before;
}

/* Exceptions, then the price. The situations in which the steps are run afterwards. */
static struct guard visit_price(struct walk *w, const struct tariff_version *v)
{
    struct guard before = w->now, steps = guard_never();

    for (size_t i = 0; i < v->exception_count; i++) {
        const struct exception_code *e = &v->exceptions[i];
        struct value condition = value_of(w, e->condition);
        const struct node *clause = is_failed(&condition) ? clause_for_failure(w, &condition, e->failed) : e->absent;
        struct guard applies = guard_of(w, e->condition, true, false), unknown = guard_never();

        visit(w, e->condition);
        visit_under(w, applies, e->value);
        visit_absence_under(w, applies, e->value, e->absent, e->failed);
        if (!e->source->final)
            steps = guard_or(w->guards, steps,
                             guard_and(w->guards, guard_and(w->guards, w->now, applies),
                                       guard_of_amount(w, e->value, e->absent, e->failed)));
        if (is_failed(&condition))
            unknown = either(w, clause != NULL);
        else if (may_be_absent(e->condition))
            unknown = guard_of_absence(w, e->condition);
        if (!has_no_effect(clause)) {
            visit_under(w, unknown, clause);
            if (!is_whole_result(clause))
                steps = guard_or(w->guards, steps, guard_and(w->guards, w->now, unknown));
        }
        w->now = guard_and(w->guards, w->now, guard_of(w, e->condition, false, has_no_effect(clause)));
    }
    visit(w, v->price);
    visit_failure(w, v->price, v->price_failed);
    visit_absence(w, v->price->kind == NODE_TABLE ? v->price->a : v->price, v->price_absent);
    steps = guard_or(w->guards, steps,
                     guard_and(w->guards, w->now, guard_of_amount(w, v->price, v->price_absent, v->price_failed)));
    w->now = before;
    return steps;
}

static void visit_steps(struct walk *w, const struct tariff_version *v)
{
    for (size_t i = 0; i < v->step_count; i++) {
        const struct step_code *s = &v->steps[i];
        struct guard applies = s->condition ? guard_of(w, s->condition, true, false) : always(w);

        if (s->condition) {
            visit(w, s->condition);
            visit_absence_under(w, always(w), s->condition, s->absent, s->failed);
        }
        visit_under(w, applies, s->next);
        if (s->value)
            visit_absence_under(w, applies, s->value, s->absent, s->failed);
        /* Whether the amount is negative is not looked at. */
        applies.vague = true;
        visit_under(w, applies, s->negative);
    }
}

static void visit_outputs(struct walk *w, const struct tariff_version *v, const struct symbol *output)
{
    for (size_t i = 0; i < v->output_count; i++)
        if (!output || text_fold_equal(v->outputs[i].symbol->name.text, output->name.text)) {
            visit(w, v->outputs[i].value);
            if (may_be_absent(v->outputs[i].value))
                visit_under(w, guard_of_absence(w, v->outputs[i].value), v->outputs[i].absent);
        }
}

static void visit_tariff(struct walk *w, size_t tariff, const struct symbol *output, bool outputs)
{
    struct value why = { .state = VALUE_OK };
    const struct tariff_version *v = machine_version(&w->m, tariff, &why);
    struct guard before = w->now;
    bool element = w->element;

    if (!v) {
        if (is_open(&why))
            note_date(w, NULL);
        return;
    }
    w->m.tariff = tariff;
    w->m.finalite = v->finalite;
    w->element = w->element || v->source->decl->as.tariff.subject.text.length > 0;
    w->now = visit_price(w, v);
    if (v->type->kind == TYPE_NUMBER)
        visit_steps(w, v);
    if (outputs)
        visit_outputs(w, v, output);
    w->element = element;
    w->now = before;
}

void reach_tariff(struct delib_session *s, size_t tariff, const struct symbol *output, enum exploring what,
                  bool outputs, struct reach *out)
{
    static const struct value open = { .state = VALUE_MISSING, .d = 1 };
    struct walk w = { .m = { .session = s, .program = s->program, .variable = open, .price = open, .base = open },
                      .out = out, .guards = &out->guards };

    *out = (struct reach){ .guards = { .arena = &s->run } };
    s->runs++;
    out->data = arena_array(&s->run, struct reach_read, s->program->model.data.count + 1);
    w.lets = arena_array(&s->run, struct visits, s->program->let_count);
    w.tariffs = arena_array(&s->run, struct visits, s->program->tariff_count);
    w.now = guard_always(&out->guards);
    s->exploring = what;
    visit_tariff(&w, tariff, output, outputs);
    s->exploring = EXPLORING_NOTHING;
}
