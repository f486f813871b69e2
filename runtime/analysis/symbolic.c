/*
 * The evaluation of nodes on a box; see symbolic.h. It follows evaluate.c function by function: same names, same
 * order of evaluation, same scales.
 */
#include "symbolic_parts.h"

static const char WHY_TEXT[] = "une condition porte sur un texte";

/* ------------------------------------------------------------------ arithmetic */

static bool both(struct symbolic *s, const struct node *n, struct symbolic_value *a, struct symbolic_value *b,
                 struct symbolic_value *out)
{
    *out = *a = symbolic_eval(s, n->a);
    if (has_stopped(a) || state_ends(a->state))
        return false;
    *out = *b = symbolic_eval(s, n->b);
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
    struct symbolic_value v = symbolic_eval(s, n->a);

    if (v.state == VALUE_OK)
        v.num = times(s, v.num, n->scale_a, n->scale_b);
    return v;
}

static struct symbolic_value eval_round(struct symbolic *s, const struct node *n)
{
    struct symbolic_value v = symbolic_eval(s, n->a);

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
struct symbolic_value symbolic_extreme(struct symbolic *s, const struct formula *a, const struct formula *b,
                                       bool maximum)
{
    const struct formula *difference = formula_subtract(s->cutter.pool, a, b);
    struct formula_range range;
    bool below;

    if (!formula_range_on(s->cutter.pool, difference, s->box, &range))
        return value(NULL);
    if (range.lo.num < 0 && range.hi.num > 0 && (!range.exact || cutter_several_axes(&s->cutter, difference)))
        return value(formula_extreme(s->cutter.pool, a, b, maximum));
    if (!decide_below(s, a, b, true, &below))
        return stopped();
    return value(below == maximum ? b : a);
}

static struct symbolic_value eval_extreme(struct symbolic *s, const struct node *n)
{
    struct symbolic_value a, b, out;

    if (!both(s, n, &a, &b, &out))
        return out;
    out = symbolic_extreme(s, times(s, a.num, n->scale_a, n->den), times(s, b.num, n->scale_b, n->den),
                  n->kind == NODE_MAXIMUM);
    if (out.state == VALUE_OK)
        out.num = times(s, out.num, n->den, 1);
    return out;
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
        (void)decide(s, cutter_enumerate(&s->cutter, b->axis));
        return stopped();
    }
    if (b->members)
        return constant(s, b->members[c->lo]);
    f = times(s, formula_axis(s->cutter.pool, b->axis), datum->type->kind == TYPE_NUMBER ? datum->facts.den : 1, 1);
    return value(f);
}

static struct symbolic_value fixed_value(struct symbolic *s, const struct symbol *datum, const struct binding *b)
{
    if (datum->type->kind == TYPE_TEXT)
        return value(formula_text(s->cutter.pool, slice_of(b->ref)));
    return b->ref ? (struct symbolic_value){ .state = VALUE_OK, .ref = b->ref } : constant(s, b->fixed);
}

struct symbolic_value symbolic_datum(struct symbolic *s, const struct symbol *datum)
{
    const struct binding *b = &s->target->bindings[datum->index];
    const struct axis *axis = &s->cutter.axes->items[b->axis];
    struct coordinate *c = &s->box->items[b->axis];

    for (const struct symbolic_override *o = s->overrides; o; o = o->outer)
        if (o->datum == datum)
            return o->value;
    switch (b->kind) {
    case BINDING_FIXED: return fixed_value(s, datum, b);
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
    return n->expr->type->kind == TYPE_TEXT;
}

static struct symbolic_value eval_compare(struct symbolic *s, const struct node *n)
{
    struct symbolic_value a, b, out;
    bool holds;

    if (!both(s, n, &a, &b, &out))
        return out;
    if (is_text(n->a) || is_text(n->b)) {
        if (formula_kind_of(a.num) != FORMULA_TEXT || formula_kind_of(b.num) != FORMULA_TEXT)
            return not_known(s, WHY_TEXT);
        return constant(s, (a.num == b.num) == (n->as.compare == OP_EQUAL));
    }
    decision_about(s, n->a, a.num);
    if (!decide_order(s, n->as.compare, times(s, a.num, n->scale_a, 1), times(s, b.num, n->scale_b, 1), &holds))
        return stopped();
    return constant(s, holds);
}

static struct threshold threshold_of(const struct edge *e, bool included)
{
    return (struct threshold){ fraction(e->num, e->den), included };
}

static struct symbolic_value eval_between(struct symbolic *s, const struct node *n)
{
    const struct edge *low = &n->as.between.low, *high = &n->as.between.high;
    struct symbolic_value v = symbolic_eval(s, n->a);
    const struct formula *f;
    bool inside = true, beyond;

    if (v.state != VALUE_OK)
        return v;
    decision_about(s, n->a, v.num);
    f = times(s, v.num, 1, n->a->den);
    if (low->set && !decide(s, cutter_beyond(&s->cutter, f, threshold_of(low, !low->included), &inside)))
        return stopped();
    if (inside && high->set) {
        if (!decide(s, cutter_beyond(&s->cutter, f, threshold_of(high, high->included), &beyond)))
            return stopped();
        inside = !beyond;
    }
    return constant(s, inside);
}

static struct symbolic_value eval_logic(struct symbolic *s, const struct node *n)
{
    bool decisive = n->kind == NODE_OR, holds;
    const struct node *first = n->a_first ? n->a : n->b, *second = n->a_first ? n->b : n->a;
    struct symbolic_value x = symbolic_eval(s, first), y;

    if (has_stopped(&x) || state_ends(x.state))
        return x;
    if (x.state == VALUE_OK && !decide_true(s, &x, &holds))
        return stopped();
    if (x.state == VALUE_OK && holds == decisive)
        return x;
    y = symbolic_eval(s, second);
    if (has_stopped(&y) || x.state == VALUE_OK)
        return y;
    if (y.state != VALUE_OK)
        return combine(&x, &y);
    if (!decide_true(s, &y, &holds))
        return stopped();
    return holds == decisive ? y : x;
}

static struct symbolic_value eval_not(struct symbolic *s, const struct node *n)
{
    struct symbolic_value v = symbolic_eval(s, n->a);

    if (v.state == VALUE_OK)
        v.num = formula_subtract(s->cutter.pool, whole(s, 1), v.num);
    return v;
}

static struct symbolic_value eval_known(struct symbolic *s, const struct node *n)
{
    struct symbolic_value v = symbolic_eval(s, n->a);

    return v.state == VALUE_OK || v.state == VALUE_ABSENT ? constant(s, v.state == VALUE_OK) : v;
}

/* ------------------------------------------------------------------ outcomes, names and calls */

/* The others are titles and clauses, never values. */
static struct symbolic_value eval_outcome(const struct node *n)
{
    static const enum value_state states[] = { [OUTCOME_NON_PREVU] = VALUE_NON_PREVU,
                                               [OUTCOME_DECISION] = VALUE_DECISION,
                                               [OUTCOME_SANS_OBJET] = VALUE_SANS_OBJET };
    enum outcome outcome = n->as.outcome.outcome;
    const char *reason = n->as.outcome.reason;

    if (outcome == OUTCOME_NON_PREVU && !reason)
        reason = "l'acte ne prévoit pas ce cas";
    return (struct symbolic_value){ .state = states[outcome], .reason = reason, .written = true };
}

static struct symbolic_value eval_let(struct symbolic *s, const struct node *n)
{
    struct symbolic_memo *memo = &s->memos[n->as.let.slot];

    if (memo->run == s->run && memo->frame == s->frame)
        return memo->value;
    memo->value = symbolic_eval(s, n->as.let.value);
    memo->run = s->run;
    memo->frame = s->frame;
    decision_name(s, n, &memo->value);
    return memo->value;
}

static struct symbolic_value eval_call(struct symbolic *s, const struct node *n)
{
    struct symbolic_value arguments[PARAMETERS_MAX], out;
    const struct symbolic_value *saved = s->slots;
    uint64_t frame = s->frame;

    for (size_t i = 0; i < n->as.call.count; i++) {
        arguments[i] = symbolic_eval(s, n->as.call.arguments[i]);
        if (arguments[i].state != VALUE_OK)
            return arguments[i];
        arguments[i].num = times(s, arguments[i].num, n->as.call.scales[i], 1);
    }
    s->slots = arguments;
    s->frame = ++s->frames;
    out = over(s, symbolic_eval(s, n->as.call.function->body), n->as.call.function->body, n->den);
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
    o = symbolic_run_tariff(s, tariff, NULL, &den);
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
    struct symbolic_override other = { n->as.with.input, symbolic_eval(s, n->a), s->overrides };

    if (other.value.state != VALUE_OK)
        return other.value;
    other.value.num = times(s, other.value.num, n->scale_a, 1);
    return read_tariff(s, n, n->as.with.tariff, &other);
}

/* ------------------------------------------------------------------ the walk */

static struct symbolic_value eval_constant(struct symbolic *s, const struct node *n)
{
    if (n->expr->kind == EXPR_TEXT)
        return value(formula_text(s->cutter.pool, n->expr->as.text));
    return constant(s, n->as.constant);
}

static struct symbolic_value eval_negate(struct symbolic *s, const struct node *n)
{
    struct symbolic_value v = symbolic_eval(s, n->a);

    if (v.state == VALUE_OK)
        v.num = times(s, v.num, -1, 1);
    return v;
}

static struct symbolic_value eval_kind(struct symbolic *s, const struct node *n)
{
    switch (n->kind) {
    case NODE_CONSTANT: return eval_constant(s, n);
    case NODE_DATUM: return symbolic_datum(s, n->as.symbol);
    case NODE_LET: return eval_let(s, n);
    case NODE_SLOT: return s->slots[n->as.slot];
    case NODE_PRICE: return s->price;
    case NODE_BASE: return s->base;
    case NODE_DATE: return symbolic_date(s);
    case NODE_TODAY: return symbolic_today(s);
    case NODE_NATIONAL: return symbolic_national(s, n);
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
    case NODE_TABLE: return symbolic_table(s, n);
    case NODE_BEST: return symbolic_best(s, n);
    case NODE_OUTCOME: return eval_outcome(n);
    case NODE_SHIFT: return symbolic_shift(s, n);
    case NODE_CALL: return eval_call(s, n);
    case NODE_TARIFF: return read_tariff(s, n, n->as.tariff, s->overrides);
    case NODE_WITH: return eval_with(s, n);
    case NODE_WHEN: return symbolic_when(s, n);
    case NODE_DATES: return symbolic_dates(s, n);
    case NODE_FIELD: return symbolic_field(s, n);
    case NODE_VARIABLE: return symbolic_variable(s);
    case NODE_FOLD: return symbolic_fold(s, n);
    case NODE_RANK: return symbolic_rank(s, n);
    case NODE_BASKET: return symbolic_basket(s, n);
    }
    return not_known(s, "un calcul que l'analyse ne connaît pas");
}

struct symbolic_value symbolic_eval(struct symbolic *s, const struct node *n)
{
    struct symbolic_value v;

    if (!cutter_spend(&s->cutter))
        return stopped();
    v = eval_kind(s, n);
    if (v.state == VALUE_OK && !v.num && !v.ref)
        return not_known(s, WHY_NUMBER);
    return v;
}
