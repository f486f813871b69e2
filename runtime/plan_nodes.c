/*
 * From nodes to parts: arithmetic, conditions, best-of, names and calls, each as evaluate.c says it. A node that is not
 * known here sets its families aside, so that nothing has to be complete, only right.
 */
#include "plan_build.h"

/* ------------------------------------------------------------------ arithmetic and conditions */

static struct part plan_sum(struct planner *p, struct frame *f, const struct node *n)
{
    struct part a = part_scaled(p, plan_node(p, f, n->a), n->scale_a),
                b = part_scaled(p, plan_node(p, f, n->b), n->scale_b);

    return part_strict(p, n->kind == NODE_ADD ? op_add(p, a.value, b.value) : op_subtract(p, a.value, b.value), &a,
                       &b);
}

static struct part plan_product(struct planner *p, struct frame *f, const struct node *n)
{
    struct part a = plan_node(p, f, n->a), b = plan_node(p, f, n->b);

    return part_strict(p, op_multiply(p, a.value, b.value), &a, &b);
}

static struct part plan_extreme(struct planner *p, struct frame *f, const struct node *n)
{
    struct part a = part_scaled(p, plan_node(p, f, n->a), n->scale_a),
                b = part_scaled(p, plan_node(p, f, n->b), n->scale_b);

    return part_strict(p, op_extreme(p, a.value, b.value, n->kind == NODE_MAXIMUM), &a, &b);
}

static struct part plan_round(struct planner *p, struct frame *f, const struct node *n)
{
    struct part x = plan_node(p, f, n->a);
    const struct number step = n->as.round.step;

    return part_valued(p, x, op_round(p, x.value, step.den, n->a->den * step.num, step.num, n->as.round.mode));
}

/* × scale_a, then a division that is exact or drops its remainder, as in C. */
static struct part plan_scale(struct planner *p, struct frame *f, const struct node *n)
{
    struct part x = plan_node(p, f, n->a);

    return part_valued(p, x, op_round(p, x.value, n->scale_a, n->scale_b, 1, ROUNDING_DOWN));
}

static int compare_masks(struct planner *p, enum binary_op op, int a, int b)
{
    static const struct {
        enum plan_code code;
        bool swapped, negated;
    } COMPARISONS[] = {
        [OP_EQUAL] = {PLAN_EQUAL, false, false},     [OP_DIFFERENT] = {PLAN_EQUAL, false, true},
        [OP_LESS] = {PLAN_LESS, false, false},       [OP_LESS_EQUAL] = {PLAN_LESS_EQUAL, false, false},
        [OP_GREATER] = {PLAN_LESS, true, false},     [OP_GREATER_EQUAL] = {PLAN_LESS_EQUAL, true, false},
    };
    const bool swapped = COMPARISONS[op].swapped;
    int mask = op_compare(p, COMPARISONS[op].code, swapped ? b : a, swapped ? a : b);

    return COMPARISONS[op].negated ? mask_not(p, mask) : mask;
}

static struct part plan_compare(struct planner *p, struct frame *f, const struct node *n)
{
    struct part a = part_scaled(p, plan_node(p, f, n->a), n->scale_a),
                b = part_scaled(p, plan_node(p, f, n->b), n->scale_b), out;

    out = part_strict(p, compare_masks(p, n->as.compare, a.value, b.value), &a, &b);
    out.mask = true;
    return out;
}

/* v / den on the right side of a bound num / bound_den. */
static int beyond(struct planner *p, int v, int128 den, const struct edge *e, bool low)
{
    int128 scaled_bound;

    if (!e->set)
        return mask_none(p);
    if (!int128_mul_checked(e->num, den, &scaled_bound))
        return NONE;
    if (low) /* beyond: v < bound, or v ≤ bound when it is not included */
        scaled_bound =
            e->included ? int128_ceil_div(scaled_bound, e->den) - 1 : int128_floor_div(scaled_bound, e->den);
    else /* beyond: v > bound, or v ≥ bound */
        scaled_bound =
            e->included ? int128_floor_div(scaled_bound, e->den) + 1 : int128_ceil_div(scaled_bound, e->den);
    if (!plan_fits(scaled_bound, scaled_bound))
        return NONE;
    return low ? op_compare(p, PLAN_LESS_EQUAL, v, op_constant(p, (int64_t)scaled_bound))
               : op_compare(p, PLAN_LESS_EQUAL, op_constant(p, (int64_t)scaled_bound), v);
}

static struct part plan_between(struct planner *p, struct frame *f, const struct node *n)
{
    struct part x = plan_node(p, f, n->a);
    int below = beyond(p, x.value, n->a->den, &n->as.between.low, true);
    int above = beyond(p, x.value, n->a->den, &n->as.between.high, false);

    if (below == NONE || above == NONE)
        return part_aside(p);
    x.value = mask_not(p, mask_or(p, below, above));
    x.mask = true;
    return x;
}

/* What a condition is, or what would not decide alone where it is absent. */
static int undecided(struct planner *p, const struct part *x, bool is_and)
{
    return x->absent == NO_MASK ? x->value
           : is_and             ? mask_or(p, x->value, x->absent)
                                : mask_and_not(p, x->value, x->absent);
}

/*
 * Kleene: a known operand may decide alone. « x or absent » of both gives the value, and the result is absent where
 * an operand is and nothing decides. Aside: that of the first operand, and of the second where the first does not
 * decide.
 */
static struct part plan_logic(struct planner *p, struct frame *f, const struct node *n)
{
    struct part a = plan_node(p, f, n->a_first ? n->a : n->b), b = plan_node(p, f, n->a_first ? n->b : n->a), out;
    bool is_and = n->kind == NODE_AND;
    int may_a, may_b, decided;

    if (part_is_aside(p, &a))
        return part_aside(p);
    out = (struct part){.mask = true, .datum = part_datum(&a, &b)};
    may_a = undecided(p, &a, is_and);
    may_b = undecided(p, &b, is_and);
    out.value = is_and ? mask_and(p, may_a, may_b) : mask_or(p, may_a, may_b);
    decided = is_and ? mask_not(p, out.value) : out.value;
    out.absent = mask_outside(p, mask_either(p, a.absent, b.absent), decided);
    decided = is_and ? mask_not(p, may_a) : may_a;
    out.aside = mask_either(p, a.aside, mask_outside(p, b.aside, decided));
    return out;
}

static struct part plan_known(struct planner *p, struct frame *f, const struct node *n)
{
    struct part x = plan_node(p, f, n->a);

    return (struct part){.value = x.absent == NO_MASK ? mask_all(p) : mask_not(p, x.absent),
                         .absent = NO_MASK,
                         .aside = x.aside,
                         .mask = true};
}

bool node_is_outcome(const struct node *n, enum outcome outcome)
{
    return n && n->kind == NODE_OUTCOME && n->as.outcome.outcome == outcome;
}

/* ------------------------------------------------------------------ best-of, shifts, calls */

static struct part plan_best(struct planner *p, struct frame *f, const struct node *n)
{
    bool low = n->as.best.mode == BEST_FAVORABLE || n->as.best.mode == BEST_LOWEST;
    struct part best = part_known(mask_none(p));
    int has = mask_none(p);

    for (size_t i = 0; i < n->as.best.count; i++) {
        const struct alternative_node *a = &n->as.best.items[i];
        struct part c = a->condition ? part_settled(p, plan_node(p, f, a->condition)) : part_boolean(mask_all(p));
        struct part v = part_settled(p, part_over(p, plan_node(p, f, a->value), a->value->den, n->den));
        int better;

        if (part_is_aside(p, &c))
            return part_aside(p);
        better = low ? op_compare(p, PLAN_LESS, v.value, best.value) : op_compare(p, PLAN_LESS, best.value, v.value);
        better = mask_and(p, c.value, mask_or(p, mask_not(p, has), better));
        best.value = op_select(p, better, v.value, best.value);
        best.aside = mask_either(p, best.aside, mask_either(p, c.aside, mask_within(p, v.aside, c.value)));
        has = mask_or(p, has, c.value);
    }
    best.aside = mask_either(p, best.aside, mask_within(p, mask_not(p, has), mask_all(p)));
    return best;
}

static struct part plan_shift(struct planner *p, struct frame *f, const struct node *n)
{
    struct part v = plan_node(p, f, n->a),
                c = n->c ? part_settled(p, plan_node(p, f, n->c)) : part_boolean(mask_all(p));
    struct part by = part_settled(p, plan_node(p, f, n->b)),
                limit = part_settled(p, plan_node(p, f, n->as.shift.limit)), out = v;
    bool down = n->as.shift.down;
    int shifted, stop;

    shifted = down ? op_subtract(p, v.value, by.value) : op_add(p, v.value, by.value);
    if (part_is_aside(p, &c) || op_at(p, by.value)->lo < 0 || shifted == NONE)
        return part_aside(p);
    stop = op_extreme(p, v.value, limit.value, !down); /* already beyond the limit: it stays */
    out.value = op_extreme(p, shifted, stop, down);
    out.value = op_select(p, c.value, out.value, v.value);
    out.aside = mask_either(p, v.aside,
                            mask_either(p, c.aside, mask_within(p, mask_either(p, by.aside, limit.aside), c.value)));
    return out;
}

static struct part plan_call(struct planner *p, struct frame *f, const struct node *n)
{
    struct part arguments[PARAMETERS_MAX], out, states = part_known(mask_none(p));
    struct frame inner = *f;

    if (++inner.depth > PLAN_MAX_DEPTH)
        return part_aside(p);
    for (size_t i = 0; i < n->as.call.count; i++) {
        arguments[i] = plan_node(p, f, n->as.call.arguments[i]);
        if (!arguments[i].mask)
            arguments[i] = part_scaled(p, arguments[i], n->as.call.scales[i]);
        states = part_strict(p, states.value, &states, &arguments[i]);
        arguments[i].absent = arguments[i].aside = NO_MASK;
        arguments[i].datum = NULL;
    }
    inner.slots = arguments;
    inner.lets = NULL;
    out = part_over(p, plan_node(p, &inner, n->as.call.function->body), n->as.call.function->body->den, n->den);
    states.datum = part_datum(&states, &out);
    states.absent = mask_either(p, states.absent, out.absent);
    out.absent = states.absent;
    out.datum = states.datum;
    out.aside = mask_either(p, out.aside, states.aside);
    return out;
}

static struct part plan_let(struct planner *p, struct frame *f, const struct node *n)
{
    struct frame inner = *f;
    struct part out;

    if (f->lets && f->lets[n->as.let.slot].value != NONE)
        return f->lets[n->as.let.slot];
    if (++inner.depth > PLAN_MAX_DEPTH)
        return part_aside(p);
    inner.price = inner.base = part_aside(p); /* its value would depend on when it is first read */
    out = plan_node(p, &inner, n->as.let.value);
    if (f->lets)
        f->lets[n->as.let.slot] = out;
    return out;
}

static struct part plan_national(struct planner *p, struct frame *f, const struct node *n)
{
    const struct national_value *found = NULL;
    const struct date date = p->request->session->date;

    if (!date.year)
        return part_aside(p);
    for (size_t i = 0; i < n->as.national.count; i++) {
        const struct national_value *v = &n->as.national.items[i];

        if (date_compare(v->period.from, date) <= 0 &&
            (!found || date_compare(v->period.from, found->period.from) > 0))
            found = v;
    }
    return found ? part_over(p, plan_node(p, f, found->value), found->value->den, n->den) : part_aside(p);
}

struct part plan_day(struct planner *p, struct date d)
{
    return d.year ? part_known(op_constant(p, date_to_days(d))) : part_aside(p);
}

static struct part plan_constant(struct planner *p, const struct node *n)
{
    if (n->expr->kind == EXPR_TEXT || !plan_fits(n->as.constant, n->as.constant))
        return part_aside(p);
    if (n->expr->kind == EXPR_BOOLEAN)
        return part_boolean(n->as.constant ? mask_all(p) : mask_none(p));
    return part_known(op_constant(p, (int64_t)n->as.constant));
}

static struct part plan_unary(struct planner *p, struct frame *f, const struct node *n)
{
    struct part x = plan_node(p, f, n->a);

    x.value = n->kind == NODE_NOT ? mask_not(p, x.value) : op_subtract(p, mask_none(p), x.value);
    return x;
}

struct part plan_node(struct planner *p, struct frame *f, const struct node *n)
{
    const struct date today = p->request->session->today;

    if (p->full)
        return part_aside(p);
    switch ((int)n->kind) { /* not every kind: the others are set aside */
    case NODE_CONSTANT: return plan_constant(p, n);
    case NODE_DATUM: return plan_datum(p, n->as.symbol);
    case NODE_LET: return plan_let(p, f, n);
    case NODE_SLOT: return f->slots[n->as.slot];
    case NODE_PRICE: return f->price;
    case NODE_BASE: return f->base;
    case NODE_DATE: return plan_day(p, p->request->session->date);
    case NODE_TODAY: return plan_day(p, today.year ? today : p->request->session->date);
    case NODE_NATIONAL: return plan_national(p, f, n);
    case NODE_NEGATE:
    case NODE_NOT: return plan_unary(p, f, n);
    case NODE_ADD:
    case NODE_SUBTRACT: return plan_sum(p, f, n);
    case NODE_MULTIPLY: return plan_product(p, f, n);
    case NODE_SCALE: return plan_scale(p, f, n);
    case NODE_ROUND: return plan_round(p, f, n);
    case NODE_MAXIMUM:
    case NODE_MINIMUM: return plan_extreme(p, f, n);
    case NODE_COMPARE: return plan_compare(p, f, n);
    case NODE_AND:
    case NODE_OR: return plan_logic(p, f, n);
    case NODE_BETWEEN: return plan_between(p, f, n);
    case NODE_KNOWN: return plan_known(p, f, n);
    case NODE_TABLE: return plan_table(p, f, n);
    case NODE_BEST: return plan_best(p, f, n);
    case NODE_SHIFT: return plan_shift(p, f, n);
    case NODE_CALL: return plan_call(p, f, n);
    case NODE_TARIFF: return plan_tariff(p, n);
    case NODE_DATES: return plan_dates(p, f, n);
    default: return part_aside(p);
    }
}
