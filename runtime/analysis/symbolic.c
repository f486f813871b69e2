/*
 * The evaluation of nodes on a box; see symbolic.h. It follows evaluate.c function by function: same names, same order
 * of evaluation, same scales. What only concerns lists is not known here.
 */
#include "symbolic.h"

#include "lang/typing.h"

static const char WHY_LIST[] = "le calcul parcourt une liste";
static const char WHY_TEXT[] = "une condition porte sur un texte";
static const char WHY_PERIOD[] = "une période n'a pas de début";
static const char WHY_DATE[] = "une date de l'année peut tomber trop souvent dans l'intervalle examiné";
static const char WHY_SCALE[] = "une échelle n'est pas prouvée";

static struct symbolic_value eval(struct symbolic *s, const struct node *n);
static struct region_outcome run_tariff(struct symbolic *s, size_t tariff, const struct symbol *output, int128 *den);

/* ------------------------------------------------------------------ values */

static struct symbolic_value stopped(void)
{
    return (struct symbolic_value){ .state = VALUE_PENDING };
}

static struct symbolic_value not_known(struct symbolic *s, const char *why)
{
    if (!s->cutter.why)
        s->cutter.why = why;
    return stopped();
}

static struct symbolic_value state(enum value_state of, const char *reason)
{
    return (struct symbolic_value){ .state = of, .reason = reason };
}

static struct symbolic_value about(enum value_state of, const struct symbol *datum, const char *reason)
{
    return (struct symbolic_value){ .state = of, .datum = datum, .reason = reason };
}

static struct symbolic_value value(const struct formula *num)
{
    return (struct symbolic_value){ .state = VALUE_OK, .num = num };
}

static const struct formula *whole(struct symbolic *s, int128 n)
{
    return formula_constant(s->cutter.pool, number_of(n));
}

static struct symbolic_value constant(struct symbolic *s, int128 n)
{
    return value(whole(s, n));
}

static bool has_stopped(const struct symbolic_value *v)
{
    return v->state == VALUE_PENDING;
}

static struct symbolic_value combine(const struct symbolic_value *a, const struct symbolic_value *b)
{
    return state_prevails(a->state, b->state) ? *a : *b;
}

/* f × num / den */
static const struct formula *times(struct symbolic *s, const struct formula *f, int128 num, int128 den)
{
    struct number factor;

    if (num == den)
        return f;
    return number_make(num, den, &factor) ? formula_multiply(s->cutter.pool, f, formula_constant(s->cutter.pool, factor))
                                          : NULL;
}

static struct symbolic_value rescale(struct symbolic *s, struct symbolic_value v, int128 from, int128 to)
{
    if (v.state != VALUE_OK || from == to || (v.num && formula_kind_of(v.num) == FORMULA_TEXT))
        return v;
    if (to % from != 0)
        return not_known(s, WHY_SCALE);
    v.num = times(s, v.num, to, from);
    return v;
}

static struct symbolic_value over(struct symbolic *s, struct symbolic_value v, const struct node *from, int128 den)
{
    return rescale(s, v, from->den, den);
}

/* ------------------------------------------------------------------ decisions */

/* What a decision looks at, should it become a condition: `num` is the numerator of `n`. */
static void look_at(struct symbolic *s, const struct node *n, const struct formula *num)
{
    if (!s->options->conditions || !n->expr)
        return;
    s->looked.expr = n->expr;
    s->looked.type = n->expr->type;
    s->looked.value = times(s, num, 1, n->den);
}

/* A name without its underscores. */
static const char *words_of(struct symbolic *s, struct slice name)
{
    struct strbuf text = strbuf_in(s->cutter.arena);

    for (size_t i = 0; i < name.length; i++)
        strbuf_char(&text, name.bytes[i] == '_' ? ' ' : name.bytes[i]);
    return text.bytes;
}

/* « as the act writes it », on one line. */
static const char *quote_of(struct symbolic *s, const struct expr *e)
{
    struct slice words = source_slice(s->target->program->sources[e->span.file], e->span);
    struct strbuf text = strbuf_in(s->cutter.arena);

    strbuf_text(&text, "« ");
    for (size_t i = 0; i < words.length; i++)
        strbuf_char(&text, words.bytes[i] == '\n' ? ' ' : words.bytes[i]);
    strbuf_text(&text, " »");
    return text.bytes;
}

static const struct condition_subject *name_of(const struct symbolic *s, const struct formula *core)
{
    for (size_t i = 0; i < s->names.count; i++)
        if (s->names.items[i].core == core)
            return &s->names.items[i].subject;
    return NULL;
}

/* « soit quotient = … »: what bounds its value is said of « quotient ». */
static void remember_name(struct symbolic *s, const struct node *let, const struct symbolic_value *v)
{
    const struct symbol *symbol = let->as.let.symbol;
    struct condition_subject subject = { .model = &s->target->program->model, .type = symbol->type };
    struct symbolic_name *item;
    const struct formula *core;

    if (!s->options->conditions || v->state != VALUE_OK || !v->num || !symbol->type ||
        !formula_core(s->cutter.pool, times(s, v->num, 1, let->as.let.value->den), &core, &subject.factor,
                      &subject.constant) ||
        formula_kind_of(core) == FORMULA_AXIS || name_of(s, core))
        return;
    subject.text = words_of(s, symbol->label.length ? symbol->label : symbol->name.text);
    item = arena_push(s->cutter.arena, &s->names);
    if (item)
        *item = (struct symbolic_name){ core, subject };
}

/* The name of a « soit » when it has one, else the words of what is looked at. */
static void name_parts(struct symbolic *s)
{
    struct conditions *parts = &s->cutter.cut.parts;
    const struct condition_subject *named = name_of(s, parts->items[0].core);
    struct condition_subject subject = { .model = &s->target->program->model, .type = s->looked.type };
    const struct formula *core;
    const struct expr *e = s->looked.expr;

    if (named) {
        subject = *named;
    } else if (e && s->looked.type && formula_core(s->cutter.pool, s->looked.value, &core, &subject.factor,
                                                   &subject.constant) && core == parts->items[0].core) {
        subject.text = quote_of(s, e);
    } else {
        subject = (struct condition_subject){ .model = subject.model, .type = type_plain_number(),
                                              .factor = { 1, 1 }, .constant = { 0, 1 } };
    }
    for (size_t i = 0; i < parts->count; i++)
        parts->items[i].subject = subject;
}

/* False: the evaluation stops here. */
static bool went_on(struct symbolic *s, enum settling settling)
{
    s->cut_wanted |= settling == TO_CUT;
    s->nobody |= settling == NOBODY;
    if (settling == TO_CUT && s->cutter.cut.parts.count > 0)
        name_parts(s);
    return settling == SETTLED;
}

static bool is_at_least(struct symbolic *s, const struct formula *f, int128 limit, bool *out)
{
    return went_on(s, cutter_beyond(&s->cutter, f, (struct threshold){ number_of(limit), false }, out));
}

static bool is_true(struct symbolic *s, const struct symbolic_value *v, bool *out)
{
    return is_at_least(s, v->num, 1, out);
}

static struct threshold around_zero(const void *context, size_t i)
{
    (void)context;
    return (struct threshold){ number_of(0), i > 0 };
}

/* Sign of a - b. Tests of equality only tell apart zero from the rest. */
static int zero_or_not(const void *context, size_t step)
{
    (void)context;
    return step == 1;
}

static bool difference_sign(struct symbolic *s, const struct formula *a, const struct formula *b, bool equality,
                            int *out)
{
    const struct ladder ladder = { .count = 2, .at = around_zero, .key = equality ? zero_or_not : NULL };
    size_t step = 0;
    bool settled = went_on(s, cutter_settle(&s->cutter, formula_subtract(s->cutter.pool, a, b), &ladder, &step));

    *out = (int)step - 1;
    return settled;
}

/* Only one side matters: < and ≥ (strict), ≤ and >. */
static bool is_below(struct symbolic *s, const struct formula *a, const struct formula *b, bool or_equal, bool *out)
{
    bool beyond, settled = went_on(s, cutter_beyond(&s->cutter, formula_subtract(s->cutter.pool, a, b),
                                                    (struct threshold){ number_of(0), or_equal }, &beyond));

    *out = !beyond;
    return settled;
}

static bool compare(struct symbolic *s, enum binary_op op, const struct formula *a, const struct formula *b, bool *out)
{
    bool settled;
    int sign;

    if (op == OP_EQUAL || op == OP_DIFFERENT) {
        settled = difference_sign(s, a, b, true, &sign);
        *out = (sign == 0) == (op == OP_EQUAL);
        return settled;
    }
    settled = is_below(s, a, b, op == OP_LESS_EQUAL || op == OP_GREATER, out);
    if (op == OP_GREATER || op == OP_GREATER_EQUAL)
        *out = !*out;
    return settled;
}

/* ------------------------------------------------------------------ arithmetic */

static bool both(struct symbolic *s, const struct node *n, struct symbolic_value *a, struct symbolic_value *b,
                 struct symbolic_value *out)
{
    *out = *a = eval(s, n->a);
    if (has_stopped(a) || state_ends(a->state))
        return false;
    *out = *b = eval(s, n->b);
    if (has_stopped(b))
        return false;
    if (a->state == VALUE_OK && b->state == VALUE_OK)
        return true;
    *out = combine(a, b);
    return false;
}

static struct symbolic_value eval_sum(struct symbolic *s, const struct node *n)
{
    struct symbolic_value a, b, out;
    const struct formula *x, *y;

    if (!both(s, n, &a, &b, &out))
        return out;
    x = times(s, a.num, n->scale_a, 1);
    y = times(s, b.num, n->scale_b, 1);
    return value(n->kind == NODE_ADD ? formula_add(s->cutter.pool, x, y) : formula_subtract(s->cutter.pool, x, y));
}

static struct symbolic_value eval_product(struct symbolic *s, const struct node *n)
{
    struct symbolic_value a, b, out;

    if (!both(s, n, &a, &b, &out))
        return out;
    return value(n->kind == NODE_MULTIPLY ? formula_multiply(s->cutter.pool, a.num, b.num)
                                          : formula_divide(s->cutter.pool, times(s, a.num, n->scale_a, 1), b.num));
}

static struct symbolic_value eval_scale(struct symbolic *s, const struct node *n)
{
    struct symbolic_value v = eval(s, n->a);

    if (v.state == VALUE_OK)
        v.num = times(s, v.num, n->scale_a, n->scale_b);
    return v;
}

static struct symbolic_value eval_round(struct symbolic *s, const struct node *n)
{
    struct symbolic_value v = eval(s, n->a);

    if (v.state == VALUE_OK)
        v.num = times(s, formula_round(s->cutter.pool, times(s, v.num, 1, n->a->den), n->as.round.step,
                                       n->as.round.mode),
                      n->as.round.step.den, 1);
    return v;
}

/*
 * The greater (or the lesser) of two: the one that wins in the whole box, after a cut where they cross if one axis
 * alone decides; else both stay in the formula.
 */
static struct symbolic_value extreme(struct symbolic *s, const struct formula *a, const struct formula *b, bool maximum)
{
    const struct formula *difference = formula_subtract(s->cutter.pool, a, b);
    struct formula_range range;
    bool below;

    if (!difference || !formula_range_on(s->cutter.pool, difference, s->box, &range))
        return value(NULL);
    if (range.lo.num < 0 && range.hi.num > 0 && (!range.exact || cutter_several_axes(&s->cutter, difference)))
        return value(formula_extreme(s->cutter.pool, a, b, maximum));
    if (!is_below(s, a, b, true, &below))
        return stopped();
    return value(below == maximum ? b : a);
}

static struct symbolic_value eval_extreme(struct symbolic *s, const struct node *n)
{
    struct symbolic_value a, b, out;

    if (!both(s, n, &a, &b, &out))
        return out;
    out = extreme(s, times(s, a.num, n->scale_a, n->den), times(s, b.num, n->scale_b, n->den),
                  n->kind == NODE_MAXIMUM);
    if (out.state == VALUE_OK)
        out.num = times(s, out.num, n->den, 1);
    return out;
}

/* ------------------------------------------------------------------ dates */

static struct symbolic_value session_date(struct symbolic *s)
{
    const struct binding *b = &s->target->bindings[s->target->program->model.data.count];
    struct coordinate *c;

    if (b->kind == BINDING_FIXED)
        return constant(s, b->fixed);
    if (b->kind == BINDING_AXIS && b->axis >= s->box->count && s->options->date.year)
        return constant(s, date_to_days(s->options->date));
    if (b->kind != BINDING_AXIS || b->axis >= s->box->count)
        return state(VALUE_MISSING, "la date du service n'est pas donnée");
    c = &s->box->items[b->axis];
    if (c->kind != COORDINATE_RANGE)
        *c = coordinate_known(&s->cutter.axes->items[b->axis]);
    c->read = true;
    return value(formula_add(s->cutter.pool, formula_axis(s->cutter.pool, b->axis), whole(s, b->shift)));
}

static struct symbolic_value today(struct symbolic *s)
{
    return s->options->today.year ? constant(s, date_to_days(s->options->today)) : session_date(s);
}

static struct symbolic_value eval_dates(struct symbolic *s, const struct node *n)
{
    struct symbolic_value v = eval(s, n->a), on = { .state = VALUE_OK };
    bool age = n->as.date == DATE_AGE || n->as.date == DATE_AGE_MONTHS, born = true;

    if (v.state != VALUE_OK)
        return v;
    if (age)
        on = n->b ? eval(s, n->b) : session_date(s);
    if (on.state != VALUE_OK)
        return on;
    v.num = formula_date(s->cutter.pool, n->as.date, v.num, age ? on.num : NULL);
    if (age && !is_at_least(s, v.num, 0, &born))
        return stopped();
    return born ? v : state(VALUE_INVALID, "la date de naissance est postérieure à la date du service");
}

/* The days on which a decision by date changes, ascending: those of a calendar day, from the year before the box. */
struct day_ladder {
    struct date day;
    int first_year;
};

static struct threshold nth_occurrence(const void *context, size_t i)
{
    const struct day_ladder *l = context;
    int year = l->first_year + (int)(i / 2);
    struct date d = { (int16_t)year, l->day.month, l->day.day };
    /* 29 February exists in some years only: in the others the ladder has an empty step on 1 March. */
    bool exists = date_exists(year, d.month, d.day);

    if (!exists)
        d = (struct date){ (int16_t)year, 3, 1 };
    return (struct threshold){ number_of(date_to_days(d) + (exists ? (int)(i % 2) : 0)), false };
}

static int on_the_day(const void *context, size_t step)
{
    (void)context;
    return (int)(step % 2);
}

static struct symbolic_value eval_day(struct symbolic *s, const struct symbolic_value *v, struct date day)
{
    struct formula_range range;
    struct day_ladder context = { .day = day };
    struct ladder ladder = { .at = nth_occurrence, .key = on_the_day, .context = &context };
    size_t step = 0;
    int last;

    if (!formula_range_on(s->cutter.pool, v->num, s->box, &range))
        return value(NULL);
    context.first_year = date_from_days((int32_t)range.lo.num).year;
    last = date_from_days((int32_t)range.hi.num).year;
    if (last - context.first_year > 500)
        return not_known(s, WHY_DATE);
    ladder.count = 2 * (size_t)(last - context.first_year + 1);
    if (!went_on(s, cutter_settle(&s->cutter, v->num, &ladder, &step)))
        return stopped();
    return constant(s, (int128)(step % 2));
}

static bool is_before(struct symbolic *s, const struct formula *f, struct date d, bool *out)
{
    bool settled = is_at_least(s, f, date_to_days(d), out);

    *out = !*out;
    return settled;
}

static bool is_after(struct symbolic *s, const struct formula *f, struct date d, bool *out)
{
    return is_at_least(s, f, (int128)date_to_days(d) + 1, out);
}

static bool in_period(struct symbolic *s, const struct formula *d, const struct period *p, bool *out)
{
    bool outside = false;

    if (p->from.year && !is_before(s, d, p->from, &outside))
        return false;
    if (!outside && p->to.year && !is_after(s, d, p->to, &outside))
        return false;
    *out = !outside;
    return true;
}

static struct symbolic_value eval_when(struct symbolic *s, const struct node *n)
{
    struct symbolic_value v = eval(s, n->a), other;
    const struct period *period = &n->as.when.period;
    bool holds = false;

    if (v.state != VALUE_OK)
        return v;
    if (n->as.when.day.month)
        return eval_day(s, &v, n->as.when.day);
    if (n->b) {
        other = eval(s, n->b);
        if (other.state != VALUE_OK)
            return other;
        if (!compare(s, n->as.when.when == WHEN_BEFORE ? OP_LESS : n->as.when.when == WHEN_AFTER ? OP_GREATER : OP_EQUAL,
                     v.num, other.num, &holds))
            return stopped();
        return constant(s, holds);
    }
    if (!period->from.year && n->as.when.when != WHEN_AFTER)
        return not_known(s, WHY_PERIOD);
    if (n->as.when.when == WHEN_BEFORE ? !is_before(s, v.num, period->from, &holds)
        : n->as.when.when == WHEN_AFTER ? period->to.year && !is_after(s, v.num, period->to, &holds)
                                        : !in_period(s, v.num, period, &holds))
        return stopped();
    return constant(s, holds);
}

static struct symbolic_value eval_national(struct symbolic *s, const struct node *n)
{
    const struct national_value *found = NULL;
    struct symbolic_value date = session_date(s);

    if (date.state != VALUE_OK)
        return date;
    for (size_t i = 0; i < n->as.national.count; i++) {
        const struct national_value *v = &n->as.national.items[i];
        bool before;

        if (!is_before(s, date.num, v->period.from, &before))
            return stopped();
        if (!before && (!found || date_compare(v->period.from, found->period.from) > 0))
            found = v;
    }
    if (!found)
        return state(VALUE_NON_PREVU, "aucune valeur nationale n'est en vigueur à cette date");
    return over(s, eval(s, found->value), found->value, n->den);
}

/* ------------------------------------------------------------------ data */

static struct symbolic_value absent(const struct symbol *datum)
{
    return data_set_is_empty(&datum->facts.absent) ? about(VALUE_MISSING, datum, "une réponse manque")
                                                   : about(VALUE_ABSENT, datum, "non communiqué");
}

static struct symbolic_value failed(const struct symbol *datum)
{
    return about(VALUE_FAILED, datum, "la source n'a pas répondu");
}

/* The value of an axis as a numerator of this datum; another order of members needs one member at a time. */
static struct symbolic_value on_axis(struct symbolic *s, const struct symbol *datum, const struct binding *b)
{
    const struct coordinate *c = &s->box->items[b->axis];
    const struct formula *f;

    if (b->members && c->lo < c->hi) {
        (void)went_on(s, cutter_enumerate(&s->cutter, b->axis));
        return stopped();
    }
    if (b->members)
        return constant(s, b->members[c->lo]);
    f = times(s, formula_axis(s->cutter.pool, b->axis), datum->type->kind == TYPE_NUMBER ? datum->facts.den : 1, 1);
    return value(b->shift ? formula_add(s->cutter.pool, f, whole(s, b->shift)) : f);
}

static struct symbolic_value datum_value(struct symbolic *s, const struct symbol *datum)
{
    const struct binding *b = &s->target->bindings[datum->index];
    const struct axis *axis = &s->cutter.axes->items[b->axis];
    struct coordinate *c = &s->box->items[b->axis];

    for (const struct symbolic_override *o = s->overrides; o; o = o->outer)
        if (o->datum == datum)
            return o->value;
    switch (b->kind) {
    case BINDING_FIXED: return constant(s, b->fixed);
    case BINDING_ABSENT: return absent(datum);
    case BINDING_FAILED: return failed(datum);
    case BINDING_AXIS: break;
    }
    if (c->kind == COORDINATE_FREE && (axis->may_be_absent || axis->may_fail)) {
        s->cutter.cut.axis = b->axis;
        s->cutter.cut.states = s->cut_wanted = true;
        s->cutter.cut.parts.count = 0;
        return stopped();
    }
    if (c->kind == COORDINATE_FREE)
        *c = coordinate_known(axis);
    c->read = true;
    if (c->kind == COORDINATE_ABSENT)
        return absent(datum);
    return c->kind == COORDINATE_FAILED ? failed(datum) : on_axis(s, datum, b);
}

/* ------------------------------------------------------------------ conditions */

static bool is_text(const struct node *n)
{
    return n->expr && n->expr->type && n->expr->type->kind == TYPE_TEXT;
}

static struct symbolic_value eval_compare(struct symbolic *s, const struct node *n)
{
    struct symbolic_value a, b, out;
    bool holds;

    if (!both(s, n, &a, &b, &out))
        return out;
    if (is_text(n->a) || is_text(n->b)) {
        if (!a.num || !b.num || formula_kind_of(a.num) != FORMULA_TEXT || formula_kind_of(b.num) != FORMULA_TEXT)
            return not_known(s, WHY_TEXT);
        return constant(s, (a.num == b.num) == (n->as.compare == OP_EQUAL));
    }
    look_at(s, n->a, a.num);
    if (!compare(s, n->as.compare, times(s, a.num, n->scale_a, 1), times(s, b.num, n->scale_b, 1), &holds))
        return stopped();
    return constant(s, holds);
}

static bool edge_number(const struct edge *e, struct number *out)
{
    return number_make(e->num, e->den, out);
}

static struct symbolic_value eval_between(struct symbolic *s, const struct node *n)
{
    const struct edge *low = &n->as.between.low, *high = &n->as.between.high;
    struct symbolic_value v = eval(s, n->a);
    const struct formula *f;
    struct number limit;
    bool inside = true, beyond;

    if (v.state != VALUE_OK)
        return v;
    look_at(s, n->a, v.num);
    f = times(s, v.num, 1, n->a->den);
    if (low->set) {
        if (!edge_number(low, &limit) ||
            !went_on(s, cutter_beyond(&s->cutter, f, (struct threshold){ limit, !low->included }, &inside)))
            return stopped();
    }
    if (inside && high->set) {
        if (!edge_number(high, &limit) ||
            !went_on(s, cutter_beyond(&s->cutter, f, (struct threshold){ limit, high->included }, &beyond)))
            return stopped();
        inside = !beyond;
    }
    return constant(s, inside);
}

static struct symbolic_value eval_logic(struct symbolic *s, const struct node *n)
{
    bool decisive = n->kind == NODE_OR, holds;
    const struct node *first = n->a_first ? n->a : n->b, *second = n->a_first ? n->b : n->a;
    struct symbolic_value x = eval(s, first), y;

    if (has_stopped(&x) || state_ends(x.state))
        return x;
    if (x.state == VALUE_OK && !is_true(s, &x, &holds))
        return stopped();
    if (x.state == VALUE_OK && holds == decisive)
        return x;
    y = eval(s, second);
    if (has_stopped(&y) || x.state == VALUE_OK)
        return y;
    if (y.state != VALUE_OK)
        return combine(&x, &y);
    if (!is_true(s, &y, &holds))
        return stopped();
    return holds == decisive ? y : x;
}

static struct symbolic_value eval_not(struct symbolic *s, const struct node *n)
{
    struct symbolic_value v = eval(s, n->a);

    if (v.state == VALUE_OK)
        v.num = formula_subtract(s->cutter.pool, whole(s, 1), v.num);
    return v;
}

static struct symbolic_value eval_known(struct symbolic *s, const struct node *n)
{
    struct symbolic_value v = eval(s, n->a);

    return v.state == VALUE_OK || v.state == VALUE_ABSENT ? constant(s, v.state == VALUE_OK) : v;
}

/* ------------------------------------------------------------------ clauses and tables */

static const struct node *datum_clause(const struct symbolic *s, const struct symbolic_value *v)
{
    if (!v->datum)
        return NULL;
    return v->state == VALUE_ABSENT ? s->target->program->absent_clauses[v->datum->index]
                                    : s->target->program->failed_clauses[v->datum->index];
}

static bool is_outcome(const struct node *n, enum outcome outcome)
{
    return n && n->kind == NODE_OUTCOME && n->as.outcome.outcome == outcome;
}

static bool is_unknown_fact(enum value_state of)
{
    return of == VALUE_ABSENT || of == VALUE_FAILED || of == VALUE_REFUSED;
}

static void mark(struct symbolic *s, struct region_mark m)
{
    struct region_mark *item = arena_push(s->cutter.arena, &s->marks);

    m.tariff = s->tariff;
    if (item)
        *item = m;
}

static struct symbolic_value table_cell(struct symbolic *s, const struct node *n, int row)
{
    const struct node *cell;

    mark(s, (struct region_mark){ .kind = MARK_ROW, .table = n, .row = row });
    if (row == ROW_HOLE)
        return state(VALUE_NON_PREVU, "aucune ligne du tableau ne prévoit ce cas");
    cell = n->as.table.cells[row];
    if (!cell)
        return state(VALUE_NON_PREVU, "la case du tableau est vide");
    return over(s, eval(s, cell), cell, n->den);
}

static struct symbolic_value table_unknown(struct symbolic *s, const struct node *n, struct symbolic_value key)
{
    const struct table_plan *plan = n->as.table.plan;
    int row = key.state == VALUE_ABSENT ? plan->absent_row : plan->failed_row;
    const struct node *clause = datum_clause(s, &key);

    if (row != ROW_HOLE)
        return table_cell(s, n, row);
    if (!clause || (key.state == VALUE_ABSENT && !plan->datum_clause))
        return key;
    if (is_outcome(clause, OUTCOME_LAST_ROW))
        return table_cell(s, n, plan->last_row);
    if (clause->kind != NODE_OUTCOME &&
        (!clause->expr->type || !n->expr->type || !type_unify(clause->expr->type, n->expr->type)))
        return key;
    mark(s, (struct region_mark){ .kind = MARK_CLAUSE, .expr = clause->expr });
    return over(s, eval(s, clause), clause, n->den);
}

/* The steps of a table by segments are its segments; beyond the last is a hole. */
static struct threshold segment_end(const void *context, size_t i)
{
    const struct node *n = context;
    const struct segment *segment = &n->as.table.plan->segments[i];
    struct threshold t = { number_of(segment->upper), true };

    if (n->as.table.plan->key->facts->ratio &&
        number_mul(segment->bound, number_of(n->a->den), &t.value))
        t.included = segment->bound_included;
    return t;
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

static struct symbolic_value eval_table(struct symbolic *s, const struct node *n)
{
    const struct table_plan *plan = n->as.table.plan;
    struct ladder ladder = { .count = plan->segment_count, .at = segment_end, .key = segment_row, .context = n };
    struct symbolic_value key;
    size_t step = 0;
    bool holds;

    for (size_t i = 0; i < plan->condition_count; i++) {
        struct symbolic_value c = eval(s, n->as.table.conditions[i]);

        if (c.state != VALUE_OK)
            return c;
        if (!is_true(s, &c, &holds))
            return stopped();
        if (holds)
            return table_cell(s, n, plan->conditions[i]);
    }
    key = eval(s, n->a);
    if (is_unknown_fact(key.state))
        return table_unknown(s, n, key);
    if (key.state != VALUE_OK)
        return key;
    if (plan->by_index)
        ladder = (struct ladder){ .count = plan->row_count + 1, .at = index_begin, .key = index_row, .context = n };
    look_at(s, n->a, key.num);
    if (!went_on(s, cutter_settle(&s->cutter, key.num, &ladder, &step)))
        return stopped();
    return table_cell(s, n, ladder.key(n, step));
}

/* ------------------------------------------------------------------ best-of, shifts, outcomes */

static struct symbolic_value eval_best(struct symbolic *s, const struct node *n)
{
    bool lowest = n->as.best.mode == BEST_FAVORABLE || n->as.best.mode == BEST_LOWEST, holds = true;
    struct symbolic_value best = state(VALUE_SANS_OBJET, "aucune alternative ne s'applique");
    struct symbolic_value unknown = { .state = VALUE_OK };

    for (size_t i = 0; i < n->as.best.count; i++) {
        const struct alternative_node *a = &n->as.best.items[i];
        struct symbolic_value v = a->condition ? eval(s, a->condition) : constant(s, 1);

        if (v.state == VALUE_OK && !is_true(s, &v, &holds))
            return stopped();
        if (v.state == VALUE_OK && !holds)
            continue;
        if (v.state == VALUE_OK)
            v = over(s, eval(s, a->value), a->value, n->den);
        if (v.state == VALUE_SANS_OBJET)
            continue;
        if (has_stopped(&v) || state_ends(v.state))
            return v;
        if (v.state != VALUE_OK)
            unknown = unknown.state == VALUE_OK ? v : combine(&unknown, &v);
        else
            best = best.state == VALUE_OK ? extreme(s, best.num, v.num, !lowest) : v;
        if (has_stopped(&best))
            return best;
    }
    return unknown.state == VALUE_OK ? best : unknown;
}

static struct symbolic_value eval_shift(struct symbolic *s, const struct node *n)
{
    struct symbolic_value v = eval(s, n->a), by, limit;
    const struct formula *shifted;
    bool down = n->as.shift.down, holds = true;

    if (v.state != VALUE_OK)
        return v;
    if (n->c) {
        struct symbolic_value condition = eval(s, n->c);

        if (condition.state != VALUE_OK)
            return condition;
        if (!is_true(s, &condition, &holds))
            return stopped();
    }
    if (!holds)
        return v;
    by = eval(s, n->b);
    if (has_stopped(&by))
        return by;
    limit = eval(s, n->as.shift.limit);
    if (has_stopped(&limit))
        return limit;
    if (by.state != VALUE_OK || limit.state != VALUE_OK)
        return combine(&by, &limit);
    shifted = down ? formula_subtract(s->cutter.pool, v.num, by.num) : formula_add(s->cutter.pool, v.num, by.num);
    if (!compare(s, down ? OP_LESS : OP_GREATER, shifted, limit.num, &holds))
        return stopped();
    if (!holds)
        return value(shifted);
    if (!compare(s, down ? OP_LESS : OP_GREATER, v.num, limit.num, &holds))
        return stopped();
    return holds ? v : limit;
}

static struct symbolic_value written(enum value_state of, const char *reason)
{
    return (struct symbolic_value){ .state = of, .reason = reason, .written = true };
}

static struct symbolic_value eval_outcome(const struct node *n)
{
    const char *reason = n->as.outcome.reason;

    switch (n->as.outcome.outcome) {
    case OUTCOME_NON_PREVU: return written(VALUE_NON_PREVU, reason ? reason : "l'acte ne prévoit pas ce cas");
    case OUTCOME_DECISION: return written(VALUE_DECISION, reason);
    case OUTCOME_SANS_OBJET: return written(VALUE_SANS_OBJET, reason);
    case OUTCOME_ABSENT: case OUTCOME_NO_EFFECT: case OUTCOME_LAST_ROW: case OUTCOME_SOURCE_FAILED: break;
    }
    return state(VALUE_ABSENT, NULL);
}

/* ------------------------------------------------------------------ names and calls */

static struct symbolic_value eval_let(struct symbolic *s, const struct node *n)
{
    struct symbolic_memo *memo = &s->memos[n->as.let.slot];

    if (memo->run == s->run && memo->frame == s->frame)
        return memo->value;
    memo->value = eval(s, n->as.let.value);
    memo->run = s->run;
    memo->frame = s->frame;
    remember_name(s, n, &memo->value);
    return memo->value;
}

static struct symbolic_value eval_call(struct symbolic *s, const struct node *n)
{
    struct symbolic_value arguments[16], out;
    const struct symbolic_value *saved = s->slots;
    uint64_t frame = s->frame;

    if (n->as.call.count > sizeof arguments / sizeof *arguments)
        return state(VALUE_INVALID, "trop de paramètres");
    for (size_t i = 0; i < n->as.call.count; i++) {
        arguments[i] = eval(s, n->as.call.arguments[i]);
        if (arguments[i].state != VALUE_OK)
            return arguments[i];
        if (arguments[i].num && formula_kind_of(arguments[i].num) != FORMULA_TEXT)
            arguments[i].num = times(s, arguments[i].num, n->as.call.scales[i], 1);
    }
    s->slots = arguments;
    s->frame = ++s->frames;
    out = over(s, eval(s, n->as.call.function->body), n->as.call.function->body, n->den);
    s->slots = saved;
    s->frame = frame;
    return out;
}

/* A tariff read as a value: its own price and steps. */
static struct symbolic_value read_tariff(struct symbolic *s, const struct node *n, size_t tariff,
                                         const struct symbolic_override *overrides)
{
    const struct symbolic_override *outer = s->overrides;
    struct symbolic_value price = s->price, base = s->base, out;
    size_t running = s->tariff;
    uint64_t frame = s->frame;
    struct region_outcome o;
    int128 den = 1;

    if (s->depth > 20)
        return state(VALUE_INVALID, "tarifs trop imbriqués");
    s->overrides = overrides;
    s->depth++;
    s->frame = ++s->frames;
    o = run_tariff(s, tariff, NULL, &den);
    out = s->price;
    out.reason = o.reason;
    s->overrides = outer;
    s->depth--;
    s->frame = frame;
    s->price = price;
    s->base = base;
    s->tariff = running;
    return rescale(s, out, den, n->den);
}

static struct symbolic_value eval_with(struct symbolic *s, const struct node *n)
{
    struct symbolic_override other = { n->as.with.input, eval(s, n->a), s->overrides };

    if (other.value.state != VALUE_OK)
        return other.value;
    if (other.value.num && formula_kind_of(other.value.num) != FORMULA_TEXT)
        other.value.num = times(s, other.value.num, n->scale_a, 1);
    return read_tariff(s, n, n->as.with.tariff, &other);
}

/* ------------------------------------------------------------------ the walk */

static struct symbolic_value eval_constant(struct symbolic *s, const struct node *n)
{
    if (n->expr && n->expr->kind == EXPR_TEXT)
        return value(formula_text(s->cutter.pool, n->expr->as.text));
    return constant(s, n->as.constant);
}

static struct symbolic_value eval_negate(struct symbolic *s, const struct node *n)
{
    struct symbolic_value v = eval(s, n->a);

    if (v.state == VALUE_OK)
        v.num = times(s, v.num, -1, 1);
    return v;
}

static struct symbolic_value eval_kind(struct symbolic *s, const struct node *n)
{
    switch (n->kind) {
    case NODE_CONSTANT: return eval_constant(s, n);
    case NODE_DATUM: return datum_value(s, n->as.symbol);
    case NODE_LET: return eval_let(s, n);
    case NODE_SLOT: return s->slots[n->as.slot];
    case NODE_PRICE: return s->price;
    case NODE_BASE: return s->base;
    case NODE_DATE: return session_date(s);
    case NODE_TODAY: return today(s);
    case NODE_NATIONAL: return eval_national(s, n);
    case NODE_NEGATE: return eval_negate(s, n);
    case NODE_NOT: return eval_not(s, n);
    case NODE_ADD: case NODE_SUBTRACT: return eval_sum(s, n);
    case NODE_MULTIPLY: case NODE_DIVIDE: return eval_product(s, n);
    case NODE_SCALE: return eval_scale(s, n);
    case NODE_ROUND: return eval_round(s, n);
    case NODE_MAXIMUM: case NODE_MINIMUM: return eval_extreme(s, n);
    case NODE_COMPARE: return eval_compare(s, n);
    case NODE_AND: case NODE_OR: return eval_logic(s, n);
    case NODE_BETWEEN: return eval_between(s, n);
    case NODE_KNOWN: return eval_known(s, n);
    case NODE_TABLE: return eval_table(s, n);
    case NODE_BEST: return eval_best(s, n);
    case NODE_OUTCOME: return eval_outcome(n);
    case NODE_SHIFT: return eval_shift(s, n);
    case NODE_CALL: return eval_call(s, n);
    case NODE_TARIFF: return read_tariff(s, n, n->as.tariff, s->overrides);
    case NODE_WITH: return eval_with(s, n);
    case NODE_WHEN: return eval_when(s, n);
    case NODE_DATES: return eval_dates(s, n);
    case NODE_FIELD: case NODE_VARIABLE: case NODE_FOLD: case NODE_RANK: case NODE_BASKET: break;
    }
    return not_known(s, WHY_LIST);
}

static struct symbolic_value eval(struct symbolic *s, const struct node *n)
{
    struct symbolic_value v;

    if (!cutter_spend(&s->cutter))
        return stopped();
    v = eval_kind(s, n);
    if (v.state == VALUE_OK && !v.num)
        return not_known(s, "un calcul dépasse les nombres que l'analyse sait représenter");
    return v;
}

/* ------------------------------------------------------------------ tariffs */

struct price {
    struct symbolic_value value;
    int128 den;
    bool final;
};

static struct price settle(struct symbolic *s, struct symbolic_value v, const struct node *from,
                           const struct node *absent_clause, const struct node *failed_clause)
{
    const struct node *clause = v.state == VALUE_ABSENT ? absent_clause : failed_clause;
    struct price p = { v, from ? from->den : 1, false };

    if (!is_unknown_fact(v.state))
        return p;
    if (!clause)
        clause = datum_clause(s, &v);
    if (!clause || is_outcome(clause, OUTCOME_LAST_ROW))
        return p;
    mark(s, (struct region_mark){ .kind = MARK_CLAUSE, .expr = clause->expr });
    p.value = eval(s, clause);
    p.den = clause->den;
    return p;
}

static struct price initial_price(struct symbolic *s, const struct tariff_version *v)
{
    struct price p;

    for (size_t i = 0; i < v->exception_count; i++) {
        const struct exception_code *e = &v->exceptions[i];
        struct symbolic_value c = eval(s, e->condition);
        size_t marks = s->marks.count;
        bool holds = false;

        if (is_unknown_fact(c.state)) {
            if (is_outcome(c.state == VALUE_ABSENT ? e->absent : e->failed, OUTCOME_NO_EFFECT))
                continue;
            return settle(s, c, e->condition, e->absent, e->failed);
        }
        if (c.state != VALUE_OK)
            return (struct price){ c, 1, true };
        if (!is_true(s, &c, &holds))
            return (struct price){ stopped(), 1, true };
        if (!holds)
            continue;
        mark(s, (struct region_mark){ .kind = MARK_EXCEPTION, .exception = e });
        c = eval(s, e->value);
        if (is_unknown_fact(c.state) &&
            is_outcome(c.state == VALUE_ABSENT ? e->absent : e->failed, OUTCOME_NO_EFFECT)) {
            s->marks.count = marks;
            continue;
        }
        p = settle(s, c, e->value, e->absent, e->failed);
        p.final = e->source->final;
        return p;
    }
    mark(s, (struct region_mark){ .kind = MARK_PRICE, .expr = v->price->expr });
    return settle(s, eval(s, v->price), v->price, v->price_absent, v->price_failed);
}

static struct symbolic_value step_clause(struct symbolic *s, const struct step_code *step,
                                         struct symbolic_value unknown, const struct node **from)
{
    const struct node *clause = unknown.state == VALUE_ABSENT ? step->absent : step->failed;

    if (!clause)
        clause = datum_clause(s, &unknown);
    if (!clause || is_outcome(clause, OUTCOME_LAST_ROW))
        return unknown;
    if (is_outcome(clause, OUTCOME_NO_EFFECT)) {
        *from = NULL;
        return s->price;
    }
    *from = clause;
    mark(s, (struct region_mark){ .kind = MARK_CLAUSE, .expr = clause->expr });
    return eval(s, clause);
}

static struct symbolic_value run_step(struct symbolic *s, const struct step_code *step)
{
    struct symbolic_value c = step->condition ? eval(s, step->condition) : constant(s, 1), v;
    const struct node *from = step->next;
    bool holds = true, positive = true;

    if (c.state == VALUE_OK && !is_true(s, &c, &holds))
        return stopped();
    if (!holds)
        return rescale(s, s->price, step->den_before, step->den_after);
    v = c.state == VALUE_OK ? eval(s, step->next) : c;
    if (v.state == VALUE_OK)
        mark(s, (struct region_mark){ .kind = MARK_STEP, .step = step });
    if (is_unknown_fact(v.state))
        v = step_clause(s, step, v, &from);
    v = rescale(s, v, from ? from->den : step->den_before, step->den_after);
    if (v.state != VALUE_OK || !step->negative)
        return v;
    if (!is_at_least(s, v.num, 0, &positive))
        return stopped();
    if (positive)
        return v;
    return rescale(s, eval(s, step->negative), step->negative->den, step->den_after);
}

static const struct tariff_version *pick_version(struct symbolic *s, const struct tariff_code *t,
                                                 struct symbolic_value *why)
{
    const struct period *act = &s->target->program->model.period;
    bool alone = t->version_count == 1 && !t->versions[0].source->period.written, dated, applies = true;
    struct symbolic_value d;

    if (alone && !act->from.year && !act->to.year)
        return &t->versions[0];
    d = session_date(s);
    dated = d.state == VALUE_OK;
    if (dated && !in_period(s, d.num, act, &applies))
        goto stop;
    if (!applies) {
        *why = state(VALUE_NON_PREVU, "la date est en dehors de la période d'application de l'acte");
        return NULL;
    }
    if (t->version_count == 1 && (alone || !dated))
        return &t->versions[0];
    *why = d;
    if (!dated)
        return NULL;
    for (size_t i = 0; i < t->version_count; i++) {
        if (!in_period(s, d.num, &t->versions[i].source->period, &applies))
            goto stop;
        if (applies)
            return &t->versions[i];
    }
    *why = state(VALUE_NON_PREVU, "aucune version de ce tarif n'est en vigueur à cette date");
    return NULL;
stop:
    *why = stopped();
    return NULL;
}

static struct symbolic_value find_output(struct symbolic *s, const struct tariff_version *v, struct slice name,
                                         int128 *den, const struct type **type)
{
    for (size_t i = 0; i < v->output_count; i++) {
        const struct output_code *o = &v->outputs[i];
        const struct node *from = o->value;
        struct symbolic_value out;

        if (!slice_equal(o->symbol->name.text, name))
            continue;
        out = eval(s, from);
        if (out.state == VALUE_ABSENT && o->absent) {
            from = o->absent;
            out = eval(s, from);
        }
        *den = from->den;
        *type = o->symbol->type;
        return out;
    }
    *type = v->type;
    return state(VALUE_NON_PREVU, "ce résultat n'existe pas dans cette version");
}

/* As machine_run(). The value is left in s->price, over *den. */
static struct region_outcome run_tariff(struct symbolic *s, size_t tariff, const struct symbol *output, int128 *den)
{
    struct symbolic_value why = { .state = VALUE_NON_PREVU };
    const struct tariff_version *v = pick_version(s, &s->target->program->tariffs[tariff], &why);
    struct region_outcome out = { .version = v };
    struct symbolic_value result;
    struct price p;

    *den = 1;
    s->price = why;
    out.reason = why.reason;
    if (!v)
        return out;
    out.type = v->type;
    s->tariff = tariff;
    p = initial_price(s, v);
    *den = p.den;
    result = p.value;
    if (p.value.state == VALUE_OK && !p.final && v->type->kind == TYPE_NUMBER) {
        s->price = s->base = rescale(s, p.value, p.den, v->den_initial);
        *den = v->den_initial;
        for (size_t i = 0; i < v->step_count && s->price.state == VALUE_OK; i++) {
            s->price = run_step(s, &v->steps[i]);
            *den = v->steps[i].den_after;
        }
        result = s->price;
    } else {
        s->price = s->base = rescale(s, p.value, p.den, v->source->facts.den);
    }
    if (output && result.state == VALUE_OK)
        result = find_output(s, v, output->name.text, den, &out.type);
    s->price = result;
    out.reason = result.reason;
    return out;
}

/* A value of the program that is not a tariff; a condition is true (1) or false (0) on the whole box. */
static struct region_outcome run_value(struct symbolic *s, const struct node *n, int128 *den)
{
    const struct type *type = n->expr ? n->expr->type : NULL;
    bool holds = false;

    *den = n->den;
    s->price = eval(s, n);
    if (s->price.state == VALUE_OK && type && type->kind == TYPE_BOOLEAN)
        s->price = is_true(s, &s->price, &holds) ? constant(s, holds) : stopped();
    return (struct region_outcome){ .type = type };
}

bool symbolic_evaluate(struct symbolic *s, const struct region_target *target, struct symbolic_memo *memos,
                       struct region_outcome *out)
{
    struct symbolic_value result;
    int128 den = 1;

    s->target = target;
    s->memos = memos;
    s->run++;
    s->frame = s->frames = 0;
    s->slots = NULL;
    s->overrides = NULL;
    s->tariff = target->tariff;
    s->depth = 0;
    s->cut_wanted = s->nobody = false;
    s->looked.expr = NULL;
    s->cutter.why = NULL;
    s->cutter.box = s->box;
    *out = target->value ? run_value(s, target->value, &den) : run_tariff(s, target->tariff, target->output, &den);
    result = s->price;
    if (s->cut_wanted)
        return false;
    if (result.state == VALUE_OK && formula_kind_of(result.num) != FORMULA_TEXT) {
        result.num = times(s, result.num, 1, den);
        if (!result.num)
            result = not_known(s, "un calcul dépasse les nombres que l'analyse sait représenter");
    }
    if (has_stopped(&result)) {
        *out = (struct region_outcome){ .why = s->cutter.why ? s->cutter.why : WHY_SCALE };
        return true;
    }
    out->statut = state_statut(result.state);
    out->written = result.written;
    out->reason = result.state == VALUE_OK ? NULL : result.reason;
    out->datum = result.state == VALUE_OK ? NULL : result.datum;
    out->formula = result.state == VALUE_OK ? result.num : NULL;
    return true;
}
