/*
 * The evaluation of nodes. Every operation is exact: the ranges proved by lang/facts.c say that nothing overflows.
 * Strict operators evaluate both operands, so that the requests of both are made together; conditions stop at the first
 * thing that is not known.
 */
#include "session.h"

#include <string.h>

static struct value eval(struct machine *m, const struct node *n);

/* ------------------------------------------------------------------ values */

static struct value number(int128 num, int128 d)
{
    return (struct value){ .state = VALUE_OK, .num = num, .d = d };
}

static struct value boolean(bool b)
{
    return number(b, 1);
}

static struct value state(enum value_state s, const char *reason)
{
    return (struct value){ .state = s, .reason = reason, .d = 1 };
}

bool state_ends(enum value_state s)
{
    return s == VALUE_INVALID || s == VALUE_NON_PREVU || s == VALUE_DECISION || s == VALUE_SANS_OBJET;
}

bool state_prevails(enum value_state a, enum value_state b)
{
    static const unsigned char order[] = {
        [VALUE_PENDING] = 0, [VALUE_MISSING] = 1, [VALUE_FAILED] = 2, [VALUE_REFUSED] = 3, [VALUE_ABSENT] = 4};

    if (state_ends(a) || b == VALUE_OK)
        return true;
    if (state_ends(b) || a == VALUE_OK)
        return false;
    return order[a] <= order[b];
}

static struct value combine(const struct value *a, const struct value *b)
{
    return state_prevails(a->state, b->state) ? *a : *b;
}

/* Evaluates both operands of a strict operator; true when both are known. */
static bool both(struct machine *m, const struct node *n, struct value *a, struct value *b, struct value *out)
{
    *a = eval(m, n->a);
    if (state_ends(a->state)) {
        *out = *a;
        return false;
    }
    *b = eval(m, n->b);
    if (a->state == VALUE_OK && b->state == VALUE_OK)
        return true;
    *out = combine(a, b);
    return false;
}

/*
 * A number brought from one static denominator to another. The second is a multiple of the first: typing proved it.
 * Were it not so, the fault would be ours and must not become a price.
 */
static struct value rescale(struct value v, int128 from, int128 to)
{
    if (v.state != VALUE_OK || from == to)
        return v;
    if (to % from != 0)
        return state(VALUE_INVALID, "erreur interne : échelle non prouvée");
    v.num *= to / from;
    return v;
}

static struct value scaled(struct value v, int128 scale)
{
    v.num *= scale;
    return v;
}

/* ------------------------------------------------------------------ arithmetic */

static struct value eval_sum(struct machine *m, const struct node *n)
{
    struct value a, b, out;
    int128 x, y;

    if (!both(m, n, &a, &b, &out))
        return out;
    x = a.num * n->scale_a * b.d;
    y = b.num * n->scale_b * a.d;
    return number(n->kind == NODE_ADD ? x + y : x - y, a.d * b.d);
}

static struct value eval_product(struct machine *m, const struct node *n)
{
    struct value a, b, out;

    if (!both(m, n, &a, &b, &out))
        return out;
    return n->kind == NODE_MULTIPLY ? number(a.num * b.num, a.d * b.d)
                                    : number(a.num * n->scale_a * b.d, a.d * b.num);
}

static struct value eval_scale(struct machine *m, const struct node *n)
{
    struct value v = eval(m, n->a);

    if (v.state == VALUE_OK)
        v.num = v.num * n->scale_a / n->scale_b;
    return v;
}

static struct value eval_round(struct machine *m, const struct node *n)
{
    struct value v = eval(m, n->a);
    const struct number step = n->as.round.step;

    if (v.state != VALUE_OK)
        return v;
    return number(int128_round_div(v.num * step.den, n->a->den * v.d * step.num, n->as.round.mode) * step.num, 1);
}

static int compare_values(const struct value *a, const struct value *b, int128 scale_a, int128 scale_b)
{
    int128 x = a->num * scale_a, y = b->num * scale_b;

    if (a->d == 1 && b->d == 1)
        return x < y ? -1 : x > y;
    return int128_compare_fractions(x, a->d, y, b->d);
}

static struct value eval_extreme(struct machine *m, const struct node *n)
{
    struct value a, b, out;
    int order;

    if (!both(m, n, &a, &b, &out))
        return out;
    if (a.d == 0 || b.d == 0)
        return state(VALUE_ABSENT, "la date n'est pas complète");
    order = compare_values(&a, &b, n->scale_a, n->scale_b);
    return (n->kind == NODE_MAXIMUM) == (order >= 0) ? scaled(a, n->scale_a) : scaled(b, n->scale_b);
}

/* ------------------------------------------------------------------ dates */

static struct date date_of(const struct value *v)
{
    if (v->d == 1)
        return date_from_days((int32_t)v->num);
    return (struct date){ (int16_t)(v->num / 10000), (uint8_t)(v->num / 100 % 100), (uint8_t)(v->num % 100) };
}

static struct value date_value(struct date d)
{
    return number(date_to_days(d), 1);
}

/* The first and the last value that a partial date may be; any other value is both. */
static struct value earliest_of(const struct value *v)
{
    return v->d == 0 ? date_value(date_earliest(date_of(v))) : *v;
}

static struct value latest_of(const struct value *v)
{
    return v->d == 0 ? date_value(date_latest(date_of(v))) : *v;
}

static struct value of_ternary(enum ternary t)
{
    return t == TERNARY_UNKNOWN ? state(VALUE_ABSENT, "la date n'est pas complète") : boolean(t == TERNARY_TRUE);
}

static struct value negate_boolean(struct value v)
{
    if (v.state == VALUE_OK)
        v.num = !v.num;
    return v;
}

static struct value compare_partial_dates(enum binary_op op, const struct value *a, const struct value *b)
{
    struct date x = date_of(a), y = date_of(b);
    enum ternary below = date_before(x, y), above = date_before(y, x);

    if (op == OP_LESS)
        return of_ternary(below);
    if (op == OP_GREATER)
        return of_ternary(above);
    if (op == OP_LESS_EQUAL)
        return of_ternary(date_not_after(x, y));
    if (op == OP_GREATER_EQUAL)
        return of_ternary(date_not_after(y, x));
    if (below == TERNARY_TRUE || above == TERNARY_TRUE)
        return boolean(op == OP_DIFFERENT);
    return of_ternary(TERNARY_UNKNOWN);
}

static struct value session_date(struct machine *m, struct date d)
{
    if (d.year)
        return date_value(d);
    m->session->date_wanted = true;
    return state(VALUE_MISSING, "la date du service n'est pas donnée");
}

static struct value eval_dates(struct machine *m, const struct node *n)
{
    struct value v = eval(m, n->a), on;
    struct date d;
    int result = 0;

    if (v.state != VALUE_OK)
        return v;
    d = date_of(&v);
    switch (n->as.date) {
    case DATE_AGE: case DATE_AGE_MONTHS:
        on = n->b ? eval(m, n->b) : session_date(m, m->session->date);
        if (on.state != VALUE_OK)
            return on;
        if (!(n->as.date == DATE_AGE ? date_age(d, date_of(&on), &result)
                                     : date_age_months(d, date_of(&on), &result)))
            return state(VALUE_ABSENT, "la date de naissance n'est pas complète");
        if (result < 0)
            return state(VALUE_INVALID, "la date de naissance est postérieure à la date du service");
        break;
    case DATE_YEAR: result = d.year; break;
    case DATE_MONTH: result = d.month; break;
    case DATE_WEEKDAY: result = date_is_complete(d) ? (int)date_weekday(d) : 0; break;
    case DATE_SCHOOL_YEAR: result = d.month ? d.year - (d.month < 9) : 0; break;
    }
    return result || n->as.date == DATE_AGE || n->as.date == DATE_AGE_MONTHS
               ? number(result, 1)
               : state(VALUE_ABSENT, "la date n'est pas complète");
}

/* ------------------------------------------------------------------ conditions */

static bool holds(enum binary_op op, int order)
{
    return (op == OP_EQUAL && order == 0) || (op == OP_DIFFERENT && order != 0) || (op == OP_LESS && order < 0) ||
           (op == OP_LESS_EQUAL && order <= 0) || (op == OP_GREATER && order > 0) ||
           (op == OP_GREATER_EQUAL && order >= 0);
}

static struct value eval_compare(struct machine *m, const struct node *n)
{
    struct value a, b, out;

    if (!both(m, n, &a, &b, &out))
        return out;
    if (a.ref)
        return boolean(holds(n->as.compare, slice_compare(slice_of(a.ref), slice_of(b.ref))));
    if (a.d == 0 || b.d == 0)
        return compare_partial_dates(n->as.compare, &a, &b);
    return boolean(holds(n->as.compare, compare_values(&a, &b, n->scale_a, n->scale_b)));
}

static bool beyond(const struct value *v, int128 den, const struct edge *e, int sign)
{
    int order;

    if (!e->set)
        return false;
    order = int128_compare_fractions(v->num, den * v->d, e->num, e->den) * sign;
    return order < 0 || (order == 0 && !e->included);
}

/* -1: below the interval, 0: within, 1: above. */
static int side_of(const struct node *n, const struct value *v)
{
    if (beyond(v, n->a->den, &n->as.between.low, 1))
        return -1;
    return beyond(v, n->a->den, &n->as.between.high, -1);
}

static struct value eval_between(struct machine *m, const struct node *n)
{
    struct value v = eval(m, n->a), first, last;

    if (v.state != VALUE_OK)
        return v;
    first = earliest_of(&v);
    last = latest_of(&v);
    if (side_of(n, &first) != side_of(n, &last))
        return state(VALUE_ABSENT, "la date n'est pas complète");
    return boolean(side_of(n, &first) == 0);
}

/* Kleene: one operand may decide alone. The one that needs no source is looked at first. */
static struct value eval_logic(struct machine *m, const struct node *n)
{
    int128 decisive = n->kind == NODE_OR;
    const struct node *first = n->a_first ? n->a : n->b, *second = n->a_first ? n->b : n->a;
    struct value x = eval(m, first), y;

    if (state_ends(x.state) || (x.state == VALUE_OK && x.num == decisive))
        return x;
    /* What waits is not guessed at: a second source is asked only once the first has answered. */
    if (x.state == VALUE_PENDING && second->expr->facts->reads_source)
        return x;
    y = eval(m, second);
    if (y.state == VALUE_OK && y.num == decisive)
        return y;
    return x.state == VALUE_OK ? y : combine(&x, &y);
}

static struct value eval_known(struct machine *m, const struct node *n)
{
    struct value v = eval(m, n->a);

    if (v.state == VALUE_OK || v.state == VALUE_ABSENT)
        return boolean(v.state == VALUE_OK);
    return v;
}

/* ------------------------------------------------------------------ clauses of data */

/* A value as a number over `den`; outcomes and unknowns pass unchanged. */
static struct value over(struct value v, const struct node *from, int128 den)
{
    return rescale(v, from->den, den);
}

static const struct node *datum_clause(const struct machine *m, const struct value *v)
{
    if (!v->datum)
        return NULL;
    return v->state == VALUE_ABSENT ? m->program->absent_clauses[v->datum->index]
                                    : m->program->failed_clauses[v->datum->index];
}

static bool is_last_row(const struct node *n)
{
    return n && n->kind == NODE_OUTCOME && n->as.outcome.outcome == OUTCOME_LAST_ROW;
}

static bool is_no_effect(const struct node *n)
{
    return n && n->kind == NODE_OUTCOME && n->as.outcome.outcome == OUTCOME_NO_EFFECT;
}

static bool is_unknown_fact(enum value_state s)
{
    return s == VALUE_ABSENT || s == VALUE_FAILED || s == VALUE_REFUSED;
}

/* ------------------------------------------------------------------ tables */

/* Its rank; plan->segment_count: in none. */
static size_t find_segment(const struct table_plan *plan, const struct value *key, int128 den)
{
    size_t low = 0, high = plan->segment_count;
    bool ratio = plan->key->facts->ratio;

    while (low < high) {
        size_t middle = (low + high) / 2;
        const struct segment *s = &plan->segments[middle];
        int order;

        if (!ratio)
            order = key->num <= s->upper ? -1 : 1;
        else
            order = int128_compare_fractions(key->num, den * key->d, s->bound.num, s->bound.den);
        if (order < 0 || (order == 0 && s->bound_included))
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static int segment_row(const struct table_plan *plan, size_t segment)
{
    return segment < plan->segment_count ? plan->segments[segment].row : ROW_HOLE;
}

int machine_row(const struct node *table, const struct value *key)
{
    const struct table_plan *plan = table->as.table.plan;

    if (plan->by_index)
        return key->num >= 0 && (size_t)key->num < plan->row_count ? plan->rows[key->num] : ROW_HOLE;
    return segment_row(plan, find_segment(plan, key, table->a->den));
}

static void note_hit(struct machine *m, const struct node *n, int row, struct value key, bool clause)
{
    struct hit *hit;

    if (!m->trace)
        return;
    hit = arena_push(&m->session->run, &m->session->hits);
    *hit = (struct hit){ n, row, key, clause, m->depth };
}

static struct value table_cell(struct machine *m, const struct node *n, int row, struct value key)
{
    const struct node *cell;

    note_hit(m, n, row, key, false);
    if (row == ROW_HOLE)
        return state(VALUE_NON_PREVU, "aucune ligne du tableau ne prévoit ce cas");
    cell = n->as.table.cells[row];
    if (!cell)
        return state(VALUE_NON_PREVU, "la case du tableau est vide");
    return over(eval(m, cell), cell, n->den);
}

/* The key is not known: a row of the table says what then, or the act does once for the datum. */
static struct value table_unknown(struct machine *m, const struct node *n, struct value key)
{
    const struct table_plan *plan = n->as.table.plan;
    int row = key.state == VALUE_ABSENT ? plan->absent_row : plan->failed_row;
    const struct node *clause = datum_clause(m, &key);

    if (row != ROW_HOLE)
        return table_cell(m, n, row, key);
    if (!clause || (key.state == VALUE_ABSENT && !plan->datum_clause))
        return key;
    if (is_last_row(clause))
        return table_cell(m, n, plan->last_row, key);
    if (clause->kind != NODE_OUTCOME && !type_unify(clause->expr->type, n->expr->type))
        return key;
    note_hit(m, n, ROW_HOLE, key, true);
    return over(eval(m, clause), clause, n->den);
}

/* A partial date has a row when all that it may be is in the same segment. */
static struct value table_partial_date(struct machine *m, const struct node *n, struct value key)
{
    const struct table_plan *plan = n->as.table.plan;
    struct value first = earliest_of(&key), last = latest_of(&key);
    size_t segment = find_segment(plan, &first, n->a->den);

    if (segment != find_segment(plan, &last, n->a->den))
        return table_unknown(m, n, state(VALUE_ABSENT, "la date n'est pas complète"));
    return table_cell(m, n, segment_row(plan, segment), key);
}

static struct value eval_table(struct machine *m, const struct node *n)
{
    const struct table_plan *plan = n->as.table.plan;
    struct value key;

    for (size_t i = 0; i < plan->condition_count; i++) {
        struct value c = eval(m, n->as.table.conditions[i]);

        if (c.state != VALUE_OK)
            return c;
        if (c.num)
            return table_cell(m, n, plan->conditions[i], c);
    }
    key = eval(m, n->a);
    if (is_unknown_fact(key.state))
        return table_unknown(m, n, key);
    if (key.state != VALUE_OK)
        return key;
    return key.d == 0 ? table_partial_date(m, n, key) : table_cell(m, n, machine_row(n, &key), key);
}

/* ------------------------------------------------------------------ best-of, shifts, outcomes */

static struct value eval_best(struct machine *m, const struct node *n)
{
    bool lowest = n->as.best.mode == BEST_FAVORABLE || n->as.best.mode == BEST_LOWEST;
    struct value best = state(VALUE_SANS_OBJET, "aucune alternative ne s'applique"), unknown = number(0, 1);

    for (size_t i = 0; i < n->as.best.count; i++) {
        const struct alternative_node *a = &n->as.best.items[i];
        struct value v = a->condition ? eval(m, a->condition) : boolean(true);
        int order;

        if (v.state == VALUE_OK && !v.num)
            continue;
        if (v.state == VALUE_OK)
            v = over(eval(m, a->value), a->value, n->den);
        if (v.state == VALUE_SANS_OBJET)
            continue;
        if (state_ends(v.state))
            return v;
        if (v.state != VALUE_OK) {
            unknown = unknown.state == VALUE_OK ? v : combine(&unknown, &v);
            continue;
        }
        order = best.state == VALUE_OK ? compare_values(&v, &best, 1, 1) : lowest ? -1 : 1;
        if (lowest ? order < 0 : order > 0)
            best = v;
    }
    return unknown.state == VALUE_OK ? best : unknown;
}

static struct value eval_shift(struct machine *m, const struct node *n)
{
    struct value v = eval(m, n->a), by, condition = boolean(true), limit;
    int128 shifted;

    if (v.state != VALUE_OK)
        return v;
    if (n->c)
        condition = eval(m, n->c);
    if (condition.state != VALUE_OK)
        return condition;
    if (!condition.num)
        return v;
    by = eval(m, n->b);
    limit = eval(m, n->as.shift.limit);
    if (by.state != VALUE_OK || limit.state != VALUE_OK)
        return combine(&by, &limit);
    shifted = n->as.shift.down ? v.num - by.num : v.num + by.num;
    if (n->as.shift.down ? shifted < limit.num : shifted > limit.num)
        shifted = (n->as.shift.down ? v.num < limit.num : v.num > limit.num) ? v.num : limit.num;
    return number(shifted, 1);
}

static struct value eval_outcome(const struct node *n)
{
    const char *reason = n->as.outcome.reason;

    switch ((int)n->as.outcome.outcome) { /* the others are words of a clause: whoever reads it knows them */
    case OUTCOME_DECISION: return state(VALUE_DECISION, reason);
    case OUTCOME_SANS_OBJET: return state(VALUE_SANS_OBJET, reason);
    default: return state(VALUE_NON_PREVU, reason ? reason : "l'acte ne prévoit pas ce cas");
    }
}

/* ------------------------------------------------------------------ names */

static struct value eval_let(struct machine *m, const struct node *n)
{
    struct memo *memo = &m->session->memos[n->as.let.slot];

    if (memo->run == m->session->runs && memo->frame == m->frame)
        return memo->value;
    memo->value = eval(m, n->as.let.value);
    memo->run = m->session->runs;
    memo->frame = m->frame;
    return memo->value;
}

static struct value stored(const struct datum_value *v, const struct symbol *field)
{
    switch (v->state) {
    case DATUM_SET: return (struct value){ .state = VALUE_OK, .num = v->num, .d = v->d, .ref = v->ref };
    case DATUM_BAD: return state(VALUE_INVALID, v->problem);
    case DATUM_NULL:
        /* As for an answer: what the act takes for known is still to be given. */
        if (!data_set_is_empty(&field->facts.absent))
            return (struct value){ .state = VALUE_ABSENT, .reason = "non communiqué", .d = 1 };
        break;
    case DATUM_FAILED: case DATUM_UNSET: break;
    }
    return (struct value){.state = VALUE_MISSING,
                          .reason = "une information d'une fiche manque",
                          .d = 1,
                          .datum = field->kind == SYMBOL_FIELD ? NULL : field};
}

static struct value eval_field(struct machine *m, const struct node *n)
{
    const struct record_value *record = m->element;
    struct value object, out;
    const struct record_value *saved = m->element;
    uint64_t frame = m->frame;

    if (n->a) {
        object = eval(m, n->a);
        if (object.state != VALUE_OK)
            return object;
        record = object.ref;
    }
    if (!record)
        return state(VALUE_MISSING, "aucune fiche n'est désignée");
    if (n->as.symbol->kind != SYMBOL_LET)
        return stored(&record->fields[n->as.symbol->index], n->as.symbol);
    m->element = record;
    m->frame = ++m->frames;
    out = eval(m, n->b);
    m->element = saved;
    m->frame = frame;
    return out;
}

static bool in_period(const struct period *p, struct date d)
{
    return (!p->from.year || date_compare(d, p->from) >= 0) && (!p->to.year || date_compare(d, p->to) <= 0);
}

/* The value in force: the latest that began on or before the date of the service. */
static struct value eval_national(struct machine *m, const struct node *n)
{
    const struct national_value *found = NULL;
    struct value date = session_date(m, m->session->date);

    if (date.state != VALUE_OK)
        return date;
    for (size_t i = 0; i < n->as.national.count; i++) {
        const struct national_value *v = &n->as.national.items[i];

        if (date_compare(v->period.from, m->session->date) <= 0 &&
            (!found || date_compare(v->period.from, found->period.from) > 0))
            found = v;
    }
    if (!found)
        return state(VALUE_NON_PREVU, "aucune valeur nationale n'est en vigueur à cette date");
    return over(eval(m, found->value), found->value, n->den);
}

/* ------------------------------------------------------------------ lists and calls */

struct saved_frame {
    const struct record_value *element;
    size_t rank;
    struct value variable;
    uint64_t frame;
};

static struct saved_frame enter_element(struct machine *m, const struct list_value *list, size_t i)
{
    static const struct symbol plain = {.kind = SYMBOL_FIELD};     /* an element that is not a record */
    struct saved_frame saved = { m->element, m->element_rank, m->variable, m->frame };
    const struct datum_value *item = &list->items[i];

    m->frame = ++m->frames;
    m->element_rank = i;
    m->variable =
        item->ref ? (struct value){.state = VALUE_OK, .d = 1, .ref = item->ref} : stored(item, &plain);
    if (item->ref)
        m->element = item->ref;
    return saved;
}

static void leave_element(struct machine *m, const struct saved_frame *saved)
{
    m->element = saved->element;
    m->element_rank = saved->rank;
    m->variable = saved->variable;
    m->frame = saved->frame;
}

static bool is_basket(const struct node *list)
{
    return list->expr->type->basket;
}

static struct value fold_start(const struct node *n)
{
    return n->as.fold.op == AGGREGATE_COUNT || n->as.fold.op == AGGREGATE_SUM ? number(0, 1)
                                                                              : state(VALUE_SANS_OBJET, NULL);
}

static struct value fold_step(const struct node *n, struct value sofar, struct value v)
{
    int order;

    if (n->as.fold.op == AGGREGATE_COUNT)
        return number(sofar.num + 1, 1);
    if (n->as.fold.op == AGGREGATE_SUM)
        return number(sofar.num + v.num, 1);
    if (sofar.state != VALUE_OK)
        return v;
    order = compare_values(&v, &sofar, 1, 1);
    return (n->as.fold.op == AGGREGATE_MAXIMUM ? order > 0 : order < 0) ? v : sofar;
}

static struct value fold_element(struct machine *m, const struct node *n, bool *counts)
{
    struct value keep = n->b ? eval(m, n->b) : boolean(true), v = number(0, 1);

    *counts = keep.state == VALUE_OK && keep.num;
    if (keep.state != VALUE_OK)
        return keep;
    if (*counts && n->c)
        v = over(eval(m, n->c), n->c, n->den);
    return v;
}

static struct value eval_fold(struct machine *m, const struct node *n)
{
    struct value list = eval(m, n->a), sofar = fold_start(n), unknown = number(0, 1);
    const struct list_value *items;

    if (list.state != VALUE_OK)
        return list;
    items = list.ref;
    for (size_t i = 0; i < items->count; i++) {
        struct saved_frame saved;
        struct value v;
        bool counts;

        if (is_basket(n->a) && items->items[i].state == DATUM_UNSET)
            continue;
        saved = enter_element(m, items, i);
        if (is_basket(n->a))
            m->variable = number((int128)i, 1);
        v = fold_element(m, n, &counts);
        leave_element(m, &saved);
        if (state_ends(v.state))
            return v;
        if (v.state != VALUE_OK)
            unknown = unknown.state == VALUE_OK ? v : combine(&unknown, &v);
        else if (counts)
            sofar = fold_step(n, sofar, v);
    }
    if (unknown.state != VALUE_OK)
        return unknown;
    if (sofar.state == VALUE_SANS_OBJET)
        return over(eval(m, n->as.fold.if_empty), n->as.fold.if_empty, n->den);
    return sofar;
}

/* Order of two elements by the key, then by the tie key, then as listed. */
static int rank_order(const struct node *n, const struct value keys[2], const struct value ties[2])
{
    int order = compare_values(&keys[0], &keys[1], 1, 1);

    if (n->as.rank.descending)
        order = -order;
    if (order == 0 && n->as.rank.tie)
        order = compare_values(&ties[0], &ties[1], 1, 1);
    return order;
}

static struct value rank_keys(struct machine *m, const struct node *n, struct value *key, struct value *tie,
                              bool *counts)
{
    struct value keep = n->b ? eval(m, n->b) : boolean(true);

    *counts = keep.state == VALUE_OK && keep.num;
    if (keep.state != VALUE_OK || !*counts)
        return keep;
    *key = eval(m, n->c);
    if (key->state == VALUE_OK && key->d == 0)
        *key = state(VALUE_ABSENT, "la date n'est pas complète");
    *tie = n->as.rank.tie ? eval(m, n->as.rank.tie) : number(0, 1);
    return key->state == VALUE_OK && tie->state == VALUE_OK ? *key : combine(key, tie);
}

static struct value eval_rank(struct machine *m, const struct node *n)
{
    struct value list = eval(m, n->a), mine[2], keys[2], ties[2], v;
    const struct list_value *items;
    size_t rank = 1, own = m->element_rank;
    bool counts, trace = m->trace;

    if (list.state != VALUE_OK)
        return list;
    if (!m->element)
        return state(VALUE_MISSING, "aucune fiche n'est désignée");
    items = list.ref;
    m->trace = false;                  /* how the others are ranked is not how this one is priced */
    v = rank_keys(m, n, &mine[0], &mine[1], &counts);
    m->trace = trace;
    if (v.state != VALUE_OK)
        return v;
    if (!counts)
        return state(VALUE_SANS_OBJET, "cette personne n'est pas dans le classement");
    for (size_t i = 0; i < items->count; i++) {
        struct saved_frame saved;
        int order;

        if (i == own)
            continue;
        saved = enter_element(m, items, i);
        m->trace = false;
        v = rank_keys(m, n, &keys[0], &ties[0], &counts);
        m->trace = trace;
        leave_element(m, &saved);
        if (v.state != VALUE_OK)
            return v;
        if (!counts)
            continue;
        keys[1] = mine[0];
        ties[1] = mine[1];
        order = rank_order(n, keys, ties);
        rank += order < 0 || (order == 0 && i < own);
    }
    return number((int128)rank, 1);
}

static struct value eval_call(struct machine *m, const struct node *n)
{
    struct value arguments[PARAMETERS_MAX], out;
    const struct value *saved = m->slots;
    uint64_t frame = m->frame;

    for (size_t i = 0; i < n->as.call.count; i++) {
        arguments[i] = scaled(eval(m, n->as.call.arguments[i]), n->as.call.scales[i]);
        if (arguments[i].state != VALUE_OK)
            return arguments[i];
    }
    m->slots = arguments;
    m->frame = ++m->frames;
    out = over(eval(m, n->as.call.function->body), n->as.call.function->body, n->den);
    m->slots = saved;
    m->frame = frame;
    return out;
}

static struct value eval_basket(struct machine *m, const struct node *n)
{
    struct value list = session_datum(m, n->as.symbol), member = eval(m, n->a);
    const struct list_value *items;

    if (list.state != VALUE_OK || member.state != VALUE_OK)
        return combine(&list, &member);
    items = list.ref;
    if (items->items[member.num].state == DATUM_UNSET)
        return number(0, 1);
    return stored(&items->items[member.num], n->as.symbol);
}

/* A tariff read as a value: its own price and steps, for the current element. */
static struct value read_tariff(struct machine *m, const struct node *n, size_t tariff,
                                const struct override *overrides)
{
    struct machine inner = *m;
    struct outcome_value out;

    inner.overrides = overrides;
    inner.depth = m->depth + 1;
    inner.frame = ++m->frames;
    inner.frames = m->frames;
    out = machine_run(&inner, tariff, NULL);
    m->frames = inner.frames;
    return rescale(out.value, out.den, n->den);
}

static struct value eval_with(struct machine *m, const struct node *n)
{
    struct override other = { n->as.with.input, scaled(eval(m, n->a), n->scale_a), m->overrides };

    if (other.value.state != VALUE_OK)
        return other.value;
    return read_tariff(m, n, n->as.with.tariff, &other);
}

/* « est après X » is after its last day; « est avant » before its first. */
static struct value eval_when(struct machine *m, const struct node *n)
{
    struct value v = eval(m, n->a), other;
    struct period period = n->as.when.period;
    struct date d;

    if (v.state != VALUE_OK)
        return v;
    d = date_of(&v);
    if (n->as.when.day.month)
        return d.month && d.day ? boolean(d.month == n->as.when.day.month && d.day == n->as.when.day.day)
                                : of_ternary(TERNARY_UNKNOWN);
    if (n->b) {
        other = eval(m, n->b);
        if (other.state != VALUE_OK)
            return other;
        period.from = period.to = date_of(&other);
    }
    if (n->as.when.when == WHEN_BEFORE)
        return of_ternary(date_before(d, period.from));
    if (n->as.when.when == WHEN_AFTER)
        return period.to.year ? of_ternary(date_before(period.to, d)) : boolean(false);
    if (date_before(d, period.from) == TERNARY_TRUE || (period.to.year && date_before(period.to, d) == TERNARY_TRUE))
        return boolean(false);
    if (date_not_after(period.from, d) == TERNARY_TRUE &&
        (!period.to.year || date_not_after(d, period.to) == TERNARY_TRUE))
        return boolean(true);
    return of_ternary(TERNARY_UNKNOWN);
}

/* ------------------------------------------------------------------ the walk */

static struct value eval(struct machine *m, const struct node *n)
{
    switch (n->kind) {
    case NODE_CONSTANT: {
        struct value v = number(n->as.constant, 1);

        if (n->expr->kind == EXPR_TEXT)
            v.ref = arena_copy_text(&m->session->run, n->expr->as.text.bytes, n->expr->as.text.length);
        return v;
    }
    case NODE_DATUM: return session_datum(m, n->as.symbol);
    case NODE_LET: return eval_let(m, n);
    case NODE_SLOT: return m->slots[n->as.slot];
    case NODE_FIELD: return eval_field(m, n);
    case NODE_VARIABLE: return m->variable;
    case NODE_PRICE: return m->price;
    case NODE_BASE: return m->base;
    case NODE_DATE: return session_date(m, m->session->date);
    case NODE_TODAY: return session_date(m, m->session->today.year ? m->session->today : m->session->date);
    case NODE_NATIONAL: return eval_national(m, n);
    case NODE_NEGATE: {
        struct value v = eval(m, n->a);

        v.num = -v.num;
        return v;
    }
    case NODE_NOT: return negate_boolean(eval(m, n->a));
    case NODE_ADD: case NODE_SUBTRACT: return eval_sum(m, n);
    case NODE_MULTIPLY: case NODE_DIVIDE: return eval_product(m, n);
    case NODE_SCALE: return eval_scale(m, n);
    case NODE_ROUND: return eval_round(m, n);
    case NODE_MAXIMUM: case NODE_MINIMUM: return eval_extreme(m, n);
    case NODE_COMPARE: return eval_compare(m, n);
    case NODE_AND: case NODE_OR: return eval_logic(m, n);
    case NODE_BETWEEN: return eval_between(m, n);
    case NODE_KNOWN: return eval_known(m, n);
    case NODE_TABLE: return eval_table(m, n);
    case NODE_BEST: return eval_best(m, n);
    case NODE_OUTCOME: return eval_outcome(n);
    case NODE_SHIFT: return eval_shift(m, n);
    case NODE_FOLD: return eval_fold(m, n);
    case NODE_RANK: return eval_rank(m, n);
    case NODE_CALL: return eval_call(m, n);
    case NODE_TARIFF: return read_tariff(m, n, n->as.tariff, m->overrides);
    case NODE_WITH: return eval_with(m, n);
    case NODE_WHEN: return eval_when(m, n);
    case NODE_BASKET: return eval_basket(m, n);
    case NODE_DATES: return eval_dates(m, n);
    }
    return state(VALUE_INVALID, "calcul inconnu");
}

struct value machine_value(struct machine *m, const struct node *n)
{
    return eval(m, n);
}

/* ------------------------------------------------------------------ tariffs */

struct price {
    struct value value;
    int128 den;
    bool final;                /* « sans réduction ni majoration » */
};

/* Called only where there is a trace: an entry is large. */
static void note(struct machine *m, const struct trace_entry *entry, size_t first_hit)
{
    struct trace_entry *out = arena_push(&m->session->run, &m->session->trace);

    *out = *entry;
    out->first_hit = first_hit;
    out->hit_count = m->session->hits.count - first_hit;
    out->depth = m->depth;
    out->tariff = m->tariff;
    out->element = m->element ? m->element_rank + 1 : 0;
}

/* Absence or failure at the top of a price: the clause that was written, or the one of the datum. */
static struct price settle(struct machine *m, struct value v, const struct node *from, const struct node *absent,
                           const struct node *failed, const struct type *type, size_t first_hit)
{
    const struct node *clause = v.state == VALUE_ABSENT ? absent : failed;
    struct price p = { v, from->den, false };

    if (!is_unknown_fact(v.state))
        return p;
    if (!clause)
        clause = datum_clause(m, &v);
    if (!clause || is_last_row(clause))
        return p;
    p.value = eval(m, clause);
    p.den = clause->den;
    if (m->trace)
        note(m,
             &(struct trace_entry){.kind = TRACE_CLAUSE,
                                  .expr = clause->expr,
                                  .symbol = v.datum,
                                  .before = v,
                                  .after = p.value,
                                  .den_after = p.den,
                                  .type = type},
             first_hit);
    return p;
}

static struct price initial_price(struct machine *m, const struct tariff_version *v)
{
    size_t first_hit = m->session->hits.count;
    struct price p;

    for (size_t i = 0; i < v->exception_count; i++) {
        const struct exception_code *e = &v->exceptions[i];
        struct value c = eval(m, e->condition);

        if (is_unknown_fact(c.state)) {
            const struct node *clause = c.state == VALUE_ABSENT ? e->absent : e->failed;

            if (is_no_effect(clause))
                continue;
            return settle(m, c, e->condition, e->absent, e->failed, v->type, first_hit);
        }
        if (c.state != VALUE_OK)
            return (struct price){ c, 1, true };
        if (!c.num)
            continue;
        first_hit = m->session->hits.count;
        c = eval(m, e->value);
        if (is_unknown_fact(c.state) && is_no_effect(c.state == VALUE_ABSENT ? e->absent : e->failed))
            continue;
        p = settle(m, c, e->value, e->absent, e->failed, v->type, first_hit);
        p.final = e->source->final;
        if (m->trace)
            note(m,
                 &(struct trace_entry){.kind = TRACE_EXCEPTION,
                                      .exception = e->source,
                                      .expr = e->source->value,
                                      .after = p.value,
                                      .den_after = p.den,
                                      .type = v->type},
                 first_hit);
        return p;
    }
    first_hit = m->session->hits.count;
    p = settle(m, eval(m, v->price), v->price, v->price_absent, v->price_failed, v->type, first_hit);
    if (m->trace)
        note(m,
             &(struct trace_entry){.kind = TRACE_PRICE,
                                   .expr = v->price->expr,
                                   .after = p.value,
                                   .den_after = p.den,
                                   .type = v->source->base->type},
             first_hit);
    return p;
}

/* What a step gives when its condition or its value is not known. */
static struct value step_clause(struct machine *m, const struct step_code *s, struct value unknown,
                                const struct node **from)
{
    const struct node *clause = unknown.state == VALUE_ABSENT ? s->absent : s->failed;

    if (!clause)
        clause = datum_clause(m, &unknown);
    if (!clause || is_last_row(clause))
        return unknown;
    if (is_no_effect(clause)) {
        *from = NULL;
        return m->price;
    }
    *from = clause;
    return eval(m, clause);
}

/* For the explanation; the rows it reads were noted with the step itself. */
static struct value step_quantity(struct machine *m, const struct step_code *s)
{
    struct value quantity;

    m->trace = false;
    quantity = eval(m, s->value);
    m->trace = true;
    return quantity;
}

static struct value run_step(struct machine *m, const struct step_code *s)
{
    size_t first_hit = m->session->hits.count;
    struct value c = s->condition ? eval(m, s->condition) : boolean(true), v, before = m->price;
    const struct node *from = s->next;
    const struct expr *clause = NULL;
    struct value unknown = { .datum = NULL };

    if (c.state == VALUE_OK && !c.num)
        return rescale(m->price, s->den_before, s->den_after);
    v = c.state == VALUE_OK ? eval(m, s->next) : c;
    if (is_unknown_fact(v.state)) {
        unknown = v;
        clause = v.state == VALUE_ABSENT ? s->source->clauses.absent : s->source->clauses.failed;
        v = step_clause(m, s, v, &from);
    }
    if (v.state != VALUE_OK)
        return v;
    v = rescale(v, from ? from->den : s->den_before, s->den_after);
    if (s->negative && v.num < 0) {
        v = eval(m, s->negative);
        v = rescale(v, s->negative->den, s->den_after);
        if (v.state != VALUE_OK)
            return v;
    }
    if (m->trace && from)
        note(m,
             &(struct trace_entry){.kind = TRACE_STEP,
                                  .step = s,
                                  .expr = clause,
                                  .symbol = unknown.datum,
                                  .before = before,
                                  .after = v,
                                  .den_before = s->den_before,
                                  .den_after = s->den_after,
                                  .type = s->source->type,
                                  .quantity = from != s->next ? unknown
                                              : s->value      ? step_quantity(m, s)
                                                              : boolean(true),
                                  .den_quantity = s->value ? s->value->den : 1},
             first_hit);
    return v;
}

const struct tariff_version *machine_version(struct machine *m, size_t tariff, struct value *why)
{
    const struct tariff_code *t = &m->program->tariffs[tariff];
    struct date d = m->session->date;

    if (d.year && !in_period(&m->program->model.period, d)) {
        *why = state(VALUE_NON_PREVU, "la date est en dehors de la période d'application de l'acte");
        return NULL;
    }
    if (t->version_count == 1 && (!t->versions[0].source->period.written || !d.year))
        return &t->versions[0];
    if (!d.year) {
        *why = session_date(m, d);
        return NULL;
    }
    for (size_t i = 0; i < t->version_count; i++)
        if (in_period(&t->versions[i].source->period, d))
            return &t->versions[i];
    *why = state(VALUE_NON_PREVU, "aucune version de ce tarif n'est en vigueur à cette date");
    return NULL;
}

struct outcome_value machine_output(struct machine *m, const struct tariff_version *v, struct slice name)
{
    for (size_t i = 0; i < v->output_count; i++) {
        const struct output_code *o = &v->outputs[i];
        const struct node *from = o->value, *clause;
        struct value value;

        if (!text_fold_equal(o->symbol->name.text, name))
            continue;
        value = eval(m, from);
        clause = value.state == VALUE_ABSENT ? o->absent : o->failed;
        if (is_unknown_fact(value.state) && clause) {
            from = clause;
            value = eval(m, clause);
        }
        return (struct outcome_value){ value, from->den, o->symbol->type, v };
    }
    return (struct outcome_value){state(VALUE_NON_PREVU, "ce résultat n'existe pas dans cette version"), 1, v->type,
                                  v};
}

/* The price waits for a source: what the steps need whatever it answers is asked at the same time. */
static void ask_steps(struct machine *m, const struct tariff_version *v)
{
    for (size_t i = 0; i < v->step_count; i++) {
        struct value c = v->steps[i].condition ? eval(m, v->steps[i].condition) : boolean(true);

        if (c.state == VALUE_OK && c.num && v->steps[i].value)
            (void)eval(m, v->steps[i].value);
    }
}

struct outcome_value machine_run(struct machine *m, size_t tariff, const struct symbol *output)
{
    struct outcome_value out = { .value = state(VALUE_NON_PREVU, NULL), .den = 1 };
    const struct tariff_version *v = machine_version(m, tariff, &out.value);
    struct price p;

    if (!v)
        return out;
    out.version = v;
    out.type = v->type;
    m->tariff = tariff;
    m->finalite = v->finalite;
    if (m->depth == 0)
        m->asked_finalite = v->finalite;
    p = initial_price(m, v);
    if (p.value.state == VALUE_PENDING && !p.final)
        ask_steps(m, v);
    out.value = p.value;
    out.den = p.den;
    if (p.value.state == VALUE_OK && !p.final && v->type->kind == TYPE_NUMBER) {
        m->price = m->base = rescale(p.value, p.den, v->den_initial);
        out.den = v->den_initial;
        for (size_t i = 0; i < v->step_count && m->price.state == VALUE_OK; i++) {
            m->price = run_step(m, &v->steps[i]);
            out.den = v->steps[i].den_after;
        }
        out.value = m->price;
    } else {
        m->price = m->base = rescale(p.value, p.den, v->source->facts.den);
    }
    if (output && out.value.state == VALUE_OK)
        return machine_output(m, v, output->name.text);
    return out;
}
