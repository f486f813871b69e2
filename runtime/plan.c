/*
 * From nodes to operations. Each node becomes a part: the operation of its value, and masks of the families for
 * which it is absent or for which the plan does not decide. Equal operations are made once, whichever tariff asks
 * (value numbering); constants are folded; what no result needs is dropped. Nodes that are not plain numbers,
 * booleans, members or dates set their families aside, so that nothing here has to be complete, only right.
 */
#include "plan.h"
#include "session.h"

#include <string.h>

#define PLAN_LIMIT ((int128)1 << 62)

enum { PLAN_MAX_OPS = 20000, PLAN_MAX_DEPTH = 200, HASH_SIZE = 4096, NONE = -1, NO_MASK = -1, UNPLANNED = -2 };

/* Who made a value absent, for the clause that the act writes once for a datum. */
static const struct symbol SEVERAL_DATA;

struct part {
    int value;                  /* an operation, always valid */
    int absent, aside;          /* masks; NO_MASK: never */
    const struct symbol *datum; /* of absent; &SEVERAL_DATA: it depends on the family */
    bool mask;                  /* value is a boolean */
};

struct frame {
    const struct part *slots; /* parameters of the function being compiled */
    struct part price, base;
    struct part *lets; /* per definition, outside functions; value NONE: not yet */
    unsigned depth;
};

struct planner {
    struct arena *arena;
    const struct plan_request *request;
    struct {
        struct plan_op *items;
        size_t count, capacity;
    } ops;
    int buckets[HASH_SIZE];
    struct {
        int *items;
        size_t count, capacity;
    } chain; /* next of the same bucket */
    struct plan_input *inputs;
    int *input_of; /* per datum: rank in inputs; NONE: not given; UNPLANNED: given, but not a number */
    int tariff_depth;
    bool full; /* too many operations: what follows is set aside */
};

static struct part plan_node(struct planner *p, struct frame *f, const struct node *n);

/* ------------------------------------------------------------------ operations */

static uint32_t op_hash(const struct plan_op *op)
{
    uint64_t h = (uint64_t)op->code * 0x9E3779B97F4A7C15u;

    h = (h ^ (uint64_t)(uint32_t)op->a) * 0xBF58476D1CE4E5B9u;
    h = (h ^ (uint64_t)(uint32_t)op->b) * 0x94D049BB133111EBu;
    h = (h ^ (uint64_t)(uint32_t)op->c) * 0x9E3779B97F4A7C15u;
    if (op->code == PLAN_CONSTANT)
        h ^= (uint64_t)op->as.constant * 0xBF58476D1CE4E5B9u;
    return (uint32_t)(h >> 40) % HASH_SIZE;
}

static bool same_table(const struct plan_table *a, const struct plan_table *b)
{
    return a->count == b->count && memcmp(a->uppers, b->uppers, a->count * sizeof *a->uppers) == 0 &&
           memcmp(a->values, b->values, (a->count + 1) * sizeof *a->values) == 0;
}

static bool same_op(const struct plan_op *a, const struct plan_op *b)
{
    if (a->code != b->code || a->a != b->a || a->b != b->b || a->c != b->c)
        return false;
    switch (a->code) {
    case PLAN_CONSTANT: return a->as.constant == b->as.constant;
    case PLAN_INPUT:
    case PLAN_ABSENT: return a->as.input == b->as.input;
    case PLAN_LOOKUP: return same_table(a->as.table, b->as.table);
    case PLAN_ROUND:
        return a->as.round.scale == b->as.round.scale && a->as.round.bias == b->as.round.bias &&
               a->as.round.divisor == b->as.round.divisor && a->as.round.factor == b->as.round.factor;
    case PLAN_ADD:
    case PLAN_SUBTRACT:
    case PLAN_MULTIPLY:
    case PLAN_MINIMUM:
    case PLAN_MAXIMUM:
    case PLAN_LESS:
    case PLAN_LESS_EQUAL:
    case PLAN_EQUAL:
    case PLAN_AND:
    case PLAN_OR:
    case PLAN_AND_NOT:
    case PLAN_SELECT: break;
    }
    return true;
}

static int add_op(struct planner *p, struct plan_op op)
{
    uint32_t bucket = op_hash(&op);
    struct plan_op *item;
    int *next;

    for (int i = p->buckets[bucket]; i != NONE; i = p->chain.items[i])
        if (same_op(&p->ops.items[i], &op))
            return i;
    if (p->ops.count >= PLAN_MAX_OPS) {
        p->full = true;
        return 0;
    }
    item = arena_push(p->arena, &p->ops);
    next = arena_push(p->arena, &p->chain);
    if (!item || !next) {
        p->full = true;
        return 0;
    }
    *item = op;
    *next = p->buckets[bucket];
    p->buckets[bucket] = (int)p->ops.count - 1;
    return (int)p->ops.count - 1;
}

static int constant(struct planner *p, int64_t value)
{
    return add_op(
        p,
        (struct plan_op){
            .code = PLAN_CONSTANT, .a = NONE, .b = NONE, .c = NONE, .lo = value, .hi = value, .as.constant = value});
}

static const struct plan_op *op_at(const struct planner *p, int op)
{
    return &p->ops.items[op];
}

static bool is_constant(const struct planner *p, int op, int64_t *value)
{
    *value = op_at(p, op)->lo;
    return op_at(p, op)->code == PLAN_CONSTANT;
}

static bool fits(int128 lo, int128 hi)
{
    return lo > -PLAN_LIMIT && hi < PLAN_LIMIT;
}

/* A new operation on a and b with this range; NONE when the range is too wide. */
static int ranged(struct planner *p, enum plan_code code, int a, int b, int128 lo, int128 hi)
{
    if (!fits(lo, hi))
        return NONE;
    if (lo == hi)
        return constant(p, (int64_t)lo);
    return add_op(p, (struct plan_op){.code = code, .a = a, .b = b, .c = NONE, .lo = (int64_t)lo, .hi = (int64_t)hi});
}

static int128 lowest(int128 a, int128 b)
{
    return a < b ? a : b;
}

static int128 highest(int128 a, int128 b)
{
    return a > b ? a : b;
}

static int add(struct planner *p, int a, int b)
{
    int64_t k;

    if (is_constant(p, b, &k) && k == 0)
        return a;
    if (is_constant(p, a, &k) && k == 0)
        return b;
    return ranged(p, PLAN_ADD, a, b, (int128)op_at(p, a)->lo + op_at(p, b)->lo,
                  (int128)op_at(p, a)->hi + op_at(p, b)->hi);
}

static int subtract(struct planner *p, int a, int b)
{
    int64_t k;

    if (is_constant(p, b, &k) && k == 0)
        return a;
    return ranged(p, PLAN_SUBTRACT, a, b, (int128)op_at(p, a)->lo - op_at(p, b)->hi,
                  (int128)op_at(p, a)->hi - op_at(p, b)->lo);
}

static int multiply(struct planner *p, int a, int b)
{
    int128 al = op_at(p, a)->lo, ah = op_at(p, a)->hi, bl = op_at(p, b)->lo, bh = op_at(p, b)->hi;
    int64_t k;

    if (is_constant(p, a, &k) && !is_constant(p, b, &k))
        return multiply(p, b, a);
    if (is_constant(p, b, &k) && k == 1)
        return a;
    /* (x × j) × k = x × (j × k) */
    if (is_constant(p, b, &k) && op_at(p, a)->code == PLAN_MULTIPLY &&
        op_at(p, op_at(p, a)->b)->code == PLAN_CONSTANT && fits(0, (int128)op_at(p, op_at(p, a)->b)->lo * k) &&
        k > 0 && op_at(p, op_at(p, a)->b)->lo > 0)
        return multiply(p, op_at(p, a)->a, constant(p, op_at(p, op_at(p, a)->b)->lo * k));
    return ranged(p, PLAN_MULTIPLY, a, b, lowest(lowest(al * bl, al * bh), lowest(ah * bl, ah * bh)),
                  highest(highest(al * bl, al * bh), highest(ah * bl, ah * bh)));
}

static int scale_by(struct planner *p, int a, int128 factor)
{
    if (factor == 1 || a == NONE)
        return a;
    return fits(factor, factor) ? multiply(p, a, constant(p, (int64_t)factor)) : NONE;
}

static int extreme(struct planner *p, int a, int b, bool maximum)
{
    int128 al = op_at(p, a)->lo, ah = op_at(p, a)->hi, bl = op_at(p, b)->lo, bh = op_at(p, b)->hi;

    if (a == b || (maximum ? al >= bh : ah <= bl))
        return a;
    if (maximum ? bl >= ah : bh <= al)
        return b;
    return ranged(p, maximum ? PLAN_MAXIMUM : PLAN_MINIMUM, a, b, maximum ? highest(al, bl) : lowest(al, bl),
                  maximum ? highest(ah, bh) : lowest(ah, bh));
}

/* ------------------------------------------------------------------ masks */

static int all_of(struct planner *p)
{
    return constant(p, -1);
}

static int none_of(struct planner *p)
{
    return constant(p, 0);
}

static int mask_op(struct planner *p, enum plan_code code, int a, int b)
{
    return add_op(p, (struct plan_op){.code = code, .a = a, .b = b, .c = NONE, .lo = -1, .hi = 0});
}

static int mask_and(struct planner *p, int a, int b)
{
    int64_t k;

    if (a == b)
        return a;
    if (is_constant(p, a, &k))
        return k ? b : a;
    if (is_constant(p, b, &k))
        return k ? a : b;
    return mask_op(p, PLAN_AND, a, b);
}

static int mask_or(struct planner *p, int a, int b)
{
    int64_t k;

    if (a == b)
        return a;
    if (is_constant(p, a, &k))
        return k ? a : b;
    if (is_constant(p, b, &k))
        return k ? b : a;
    return mask_op(p, PLAN_OR, a, b);
}

static int mask_and_not(struct planner *p, int a, int b)
{
    int64_t k;

    if (a == b)
        return none_of(p);
    if (is_constant(p, b, &k))
        return k ? none_of(p) : a;
    if (is_constant(p, a, &k) && !k)
        return a;
    return mask_op(p, PLAN_AND_NOT, a, b);
}

static int mask_not(struct planner *p, int a)
{
    const struct plan_op *op = op_at(p, a);
    int64_t k;

    if (op->code == PLAN_AND_NOT && is_constant(p, op->a, &k) && k == -1)
        return op->b;
    return mask_and_not(p, all_of(p), a);
}

/* Optional masks: NO_MASK is nobody. */
static int either(struct planner *p, int a, int b)
{
    return a == NO_MASK ? b : b == NO_MASK ? a : mask_or(p, a, b);
}

static int within(struct planner *p, int mask, int limit)
{
    int64_t k;
    int both = mask == NO_MASK ? NO_MASK : mask_and(p, mask, limit);

    return both != NO_MASK && is_constant(p, both, &k) && k == 0 ? NO_MASK : both;
}

static int outside(struct planner *p, int mask, int limit)
{
    return mask == NO_MASK || limit == NO_MASK ? mask : within(p, mask, mask_not(p, limit));
}

static int compare_op(struct planner *p, enum plan_code code, int a, int b)
{
    int128 al = op_at(p, a)->lo, ah = op_at(p, a)->hi, bl = op_at(p, b)->lo, bh = op_at(p, b)->hi;

    if (code == PLAN_LESS && (ah < bl || al >= bh))
        return ah < bl ? all_of(p) : none_of(p);
    if (code == PLAN_LESS_EQUAL && (ah <= bl || al > bh))
        return ah <= bl ? all_of(p) : none_of(p);
    if (code == PLAN_EQUAL && (ah < bl || al > bh))
        return none_of(p);
    if (code == PLAN_EQUAL && al == ah && bl == bh)
        return al == bl ? all_of(p) : none_of(p);
    return mask_op(p, code, a, b);
}

static int select_op(struct planner *p, int mask, int a, int b)
{
    int64_t k;

    if (a == b)
        return a;
    if (is_constant(p, mask, &k))
        return k ? a : b;
    if (op_at(p, mask)->code == PLAN_AND_NOT && is_constant(p, op_at(p, mask)->a, &k) && k == -1)
        return select_op(p, op_at(p, mask)->b, b, a);
    /* x × j or x × k: one product by the factor chosen. */
    if (op_at(p, a)->code == PLAN_MULTIPLY && op_at(p, b)->code == PLAN_MULTIPLY &&
        op_at(p, a)->a == op_at(p, b)->a && op_at(p, op_at(p, a)->b)->code == PLAN_CONSTANT &&
        op_at(p, op_at(p, b)->b)->code == PLAN_CONSTANT)
        return multiply(p, op_at(p, a)->a, select_op(p, mask, op_at(p, a)->b, op_at(p, b)->b));
    return add_op(p, (struct plan_op){.code = PLAN_SELECT,
                                      .a = mask,
                                      .b = a,
                                      .c = b,
                                      .lo = (int64_t)lowest(op_at(p, a)->lo, op_at(p, b)->lo),
                                      .hi = (int64_t)highest(op_at(p, a)->hi, op_at(p, b)->hi)});
}

/* ------------------------------------------------------------------ parts */

static struct part known(int value)
{
    return (struct part){.value = value, .absent = NO_MASK, .aside = NO_MASK};
}

static struct part boolean(int mask)
{
    return (struct part){.value = mask, .absent = NO_MASK, .aside = NO_MASK, .mask = true};
}

/* Not decided here, for anyone. */
static struct part aside(struct planner *p)
{
    return (struct part){.value = none_of(p), .absent = NO_MASK, .aside = all_of(p)};
}

static bool is_aside(const struct planner *p, const struct part *x)
{
    int64_t k;

    return x->aside != NO_MASK && is_constant(p, x->aside, &k) && k == -1;
}

static const struct symbol *common_datum(const struct part *a, const struct part *b)
{
    if (a->absent == NO_MASK)
        return b->datum;
    return b->absent == NO_MASK || a->datum == b->datum ? a->datum : &SEVERAL_DATA;
}

/* The states of a strict operation on both. */
static struct part strict(struct planner *p, int value, const struct part *a, const struct part *b)
{
    if (value == NONE)
        return aside(p);
    return (struct part){.value = value,
                         .absent = either(p, a->absent, b->absent),
                         .aside = either(p, a->aside, b->aside),
                         .datum = common_datum(a, b)};
}

/* `a` where the mask is set, else `b`; their states follow. */
static struct part choose(struct planner *p, int mask, const struct part *a, const struct part *b)
{
    struct part out = {.absent = NO_MASK, .aside = NO_MASK, .mask = a->mask};
    int not_mask = mask_not(p, mask);

    if (a->mask != b->mask && !is_aside(p, a) && !is_aside(p, b))
        return aside(p);
    if (is_aside(p, a))
        out.mask = b->mask;
    out.value = is_aside(p, a) ? b->value : is_aside(p, b) ? a->value : select_op(p, mask, a->value, b->value);
    out.absent = either(p, within(p, a->absent, mask), within(p, b->absent, not_mask));
    out.aside = either(p, within(p, a->aside, mask), within(p, b->aside, not_mask));
    out.datum = common_datum(a, b);
    return out;
}

static struct part scaled(struct planner *p, struct part x, int128 factor)
{
    x.value = scale_by(p, x.value, factor);
    return x.value == NONE ? aside(p) : x;
}

/* As over() of evaluate.c. */
static struct part over(struct planner *p, struct part x, int128 from, int128 den)
{
    return from != den && den % from == 0 ? scaled(p, x, den / from) : x;
}

/* ------------------------------------------------------------------ data */

static struct part given_datum(struct planner *p, const struct symbol *datum, int rank)
{
    struct plan_input *in = &p->inputs[rank];
    struct part out = known(NONE);

    out.value = add_op(p, (struct plan_op){.code = PLAN_INPUT,
                                           .a = NONE,
                                           .b = NONE,
                                           .c = NONE,
                                           .lo = in->mask ? -1 : in->lo,
                                           .hi = in->mask ? 0 : in->hi,
                                           .as.input = (size_t)rank});
    out.mask = in->mask;
    if (in->may_be_absent) {
        out.absent = add_op(
            p,
            (struct plan_op){
                .code = PLAN_ABSENT, .a = NONE, .b = NONE, .c = NONE, .lo = -1, .hi = 0, .as.input = (size_t)rank});
        out.datum = datum;
    }
    return out;
}

static struct part plan_datum(struct planner *p, const struct symbol *datum)
{
    const struct node *fallback = p->request->program->defaults[datum->index];
    bool boolean_type = datum->type->kind == TYPE_BOOLEAN;
    int128 value;

    if (p->input_of[datum->index] == UNPLANNED)
        return aside(p);
    if (p->input_of[datum->index] != NONE)
        return given_datum(p, datum, p->input_of[datum->index]);
    if (datum->kind == SYMBOL_INPUT && fallback && fallback->kind == NODE_CONSTANT &&
        datum->type->kind != TYPE_TEXT) {
        value = fallback->as.constant * (datum->type->kind == TYPE_NUMBER ? datum->facts.den / fallback->den : 1);
        if (fits(value, value))
            return boolean_type ? boolean(value ? all_of(p) : none_of(p)) : known(constant(p, (int64_t)value));
    } else if (datum->kind == SYMBOL_INPUT && datum->decl->clauses.optional) {
        return (struct part){
            .value = none_of(p), .absent = all_of(p), .aside = NO_MASK, .datum = datum, .mask = boolean_type};
    }
    return aside(p);
}

/* What the act says once of the datum that is absent; NULL when it says nothing or when it depends on the family. */
static const struct node *datum_clause(const struct planner *p, const struct part *x)
{
    return x->datum && x->datum != &SEVERAL_DATA ? p->request->program->absent_clauses[x->datum->index] : NULL;
}

static bool is_outcome(const struct node *n, enum outcome outcome)
{
    return n && n->kind == NODE_OUTCOME && n->as.outcome.outcome == outcome;
}

/* Those for whom `x` is absent are set aside. */
static struct part settled(struct planner *p, struct part x)
{
    x.aside = either(p, x.aside, x.absent);
    x.absent = NO_MASK;
    x.datum = NULL;
    return x;
}

/* ------------------------------------------------------------------ arithmetic and conditions */

static struct part plan_sum(struct planner *p, struct frame *f, const struct node *n)
{
    struct part a = scaled(p, plan_node(p, f, n->a), n->scale_a), b = scaled(p, plan_node(p, f, n->b), n->scale_b);

    return strict(p, n->kind == NODE_ADD ? add(p, a.value, b.value) : subtract(p, a.value, b.value), &a, &b);
}

static struct part plan_product(struct planner *p, struct frame *f, const struct node *n)
{
    struct part a = plan_node(p, f, n->a), b = plan_node(p, f, n->b);

    return strict(p, multiply(p, a.value, b.value), &a, &b);
}

static struct part plan_extreme(struct planner *p, struct frame *f, const struct node *n)
{
    struct part a = scaled(p, plan_node(p, f, n->a), n->scale_a), b = scaled(p, plan_node(p, f, n->b), n->scale_b);

    return strict(p, extreme(p, a.value, b.value, n->kind == NODE_MAXIMUM), &a, &b);
}

/* For 0 ≤ n < 2^31: with l = ⌈log2 d⌉, m = ⌈2^(31+l) / d⌉ < 2^32 and n × m >> (31+l) is the quotient exactly. */
static void find_magic(struct plan_round *r)
{
    unsigned l = 0;

    if (r->divisor >= (int64_t)1 << 31)
        return;
    while (((int64_t)1 << l) < r->divisor)
        l++;
    r->shift = 31 + l;
    r->magic = (uint32_t)((((uint64_t)1 << r->shift) + (uint64_t)r->divisor - 1) / (uint64_t)r->divisor);
}

/* round(a × scale / divisor) × factor */
static int round_op(struct planner *p, int a, int128 scale, int128 divisor, int128 factor, enum rounding mode)
{
    int128 common = (int128)uint128_gcd((uint128)scale, (uint128)divisor), lo = op_at(p, a)->lo, hi = op_at(p, a)->hi,
           bias;
    struct plan_op op = {.code = PLAN_ROUND, .a = a, .b = NONE, .c = NONE};

    scale /= common;
    divisor /= common;
    bias = mode == ROUNDING_NEAREST ? divisor / 2 : mode == ROUNDING_UP ? divisor - 1 : 0;
    if (divisor == 1)
        return scale_by(p, scale_by(p, a, scale), factor);
    if (!fits(0, scale) || !fits(0, divisor) || !fits(0, factor) || !fits(lo * scale - bias, hi * scale + bias))
        return NONE;
    op.as.round = (struct plan_round){.scale = (int64_t)scale,
                                      .bias = (int64_t)bias,
                                      .divisor = (int64_t)divisor,
                                      .factor = (int64_t)factor,
                                      .negative = lo < 0};
    find_magic(&op.as.round);
    lo = int128_round_div(lo * scale, divisor, mode);
    hi = int128_round_div(hi * scale, divisor, mode);
    if (!fits(lowest(lo, lo * factor), highest(hi, hi * factor)))
        return NONE;
    op.lo = (int64_t)(lo * factor);
    op.hi = (int64_t)(hi * factor);
    return op.lo == op.hi ? constant(p, op.lo) : add_op(p, op);
}

static struct part plan_round(struct planner *p, struct frame *f, const struct node *n)
{
    struct part x = plan_node(p, f, n->a);
    const struct number step = n->as.round.step;
    int128 divisor;

    if (!int128_mul_checked(n->a->den, step.num, &divisor))
        return aside(p);
    x.value = round_op(p, x.value, step.den, divisor, step.num, n->as.round.mode);
    return x.value == NONE ? aside(p) : x;
}

/* × scale_a, then a division that is exact or drops its remainder, as in C. */
static struct part plan_scale(struct planner *p, struct frame *f, const struct node *n)
{
    struct part x = plan_node(p, f, n->a);

    x.value = round_op(p, x.value, n->scale_a, n->scale_b, 1, ROUNDING_DOWN);
    return x.value == NONE ? aside(p) : x;
}

static int compare_masks(struct planner *p, enum binary_op op, int a, int b)
{
    switch (op) {
    case OP_EQUAL: return compare_op(p, PLAN_EQUAL, a, b);
    case OP_DIFFERENT: return mask_not(p, compare_op(p, PLAN_EQUAL, a, b));
    case OP_LESS: return compare_op(p, PLAN_LESS, a, b);
    case OP_LESS_EQUAL: return compare_op(p, PLAN_LESS_EQUAL, a, b);
    case OP_GREATER: return compare_op(p, PLAN_LESS, b, a);
    case OP_GREATER_EQUAL: return compare_op(p, PLAN_LESS_EQUAL, b, a);
    case OP_ADD:
    case OP_SUBTRACT:
    case OP_MULTIPLY:
    case OP_DIVIDE:
    case OP_PERCENT_OF:
    case OP_AND:
    case OP_OR: break;
    }
    return NONE;
}

static struct part plan_compare(struct planner *p, struct frame *f, const struct node *n)
{
    struct part a = scaled(p, plan_node(p, f, n->a), n->scale_a), b = scaled(p, plan_node(p, f, n->b), n->scale_b),
                out;

    if (a.mask != b.mask || (a.mask && n->as.compare != OP_EQUAL && n->as.compare != OP_DIFFERENT))
        return aside(p);
    out = strict(p, compare_masks(p, n->as.compare, a.value, b.value), &a, &b);
    out.mask = true;
    return out;
}

/* v / den on the right side of a bound num / bound_den. */
static int beyond(struct planner *p, int v, int128 den, const struct edge *e, bool low)
{
    int128 scaled_bound;

    if (!e->set)
        return none_of(p);
    if (!int128_mul_checked(e->num, den, &scaled_bound))
        return NONE;
    if (low) /* beyond: v < bound, or v ≤ bound when it is not included */
        scaled_bound =
            e->included ? int128_ceil_div(scaled_bound, e->den) - 1 : int128_floor_div(scaled_bound, e->den);
    else /* beyond: v > bound, or v ≥ bound */
        scaled_bound =
            e->included ? int128_floor_div(scaled_bound, e->den) + 1 : int128_ceil_div(scaled_bound, e->den);
    if (!fits(scaled_bound, scaled_bound))
        return NONE;
    return low ? compare_op(p, PLAN_LESS_EQUAL, v, constant(p, (int64_t)scaled_bound))
               : compare_op(p, PLAN_LESS_EQUAL, constant(p, (int64_t)scaled_bound), v);
}

static struct part plan_between(struct planner *p, struct frame *f, const struct node *n)
{
    struct part x = plan_node(p, f, n->a);
    int below = beyond(p, x.value, n->a->den, &n->as.between.low, true);
    int above = beyond(p, x.value, n->a->den, &n->as.between.high, false);

    if (below == NONE || above == NONE || x.mask)
        return aside(p);
    x.value = mask_not(p, mask_or(p, below, above));
    x.mask = true;
    return x;
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

    if (!a.mask && !is_aside(p, &a))
        return aside(p);
    if (is_aside(p, &a) || (!b.mask && !is_aside(p, &b)))
        return aside(p);
    out = (struct part){.mask = true, .datum = common_datum(&a, &b)};
    may_a = is_and ? (a.absent == NO_MASK ? a.value : mask_or(p, a.value, a.absent))
                   : (a.absent == NO_MASK ? a.value : mask_and_not(p, a.value, a.absent));
    may_b = is_and ? (b.absent == NO_MASK ? b.value : mask_or(p, b.value, b.absent))
                   : (b.absent == NO_MASK ? b.value : mask_and_not(p, b.value, b.absent));
    out.value = is_and ? mask_and(p, may_a, may_b) : mask_or(p, may_a, may_b);
    decided = is_and ? mask_not(p, out.value) : out.value;
    out.absent = outside(p, either(p, a.absent, b.absent), decided);
    decided = is_and ? mask_not(p, may_a) : may_a;
    out.aside = either(p, a.aside, outside(p, b.aside, decided));
    return out;
}

static struct part plan_known(struct planner *p, struct frame *f, const struct node *n)
{
    struct part x = plan_node(p, f, n->a);

    return (struct part){.value = x.absent == NO_MASK ? all_of(p) : mask_not(p, x.absent),
                         .absent = NO_MASK,
                         .aside = x.aside,
                         .mask = true};
}

/* ------------------------------------------------------------------ tables */

static int lookup(struct planner *p, int key, const int64_t *uppers, const int64_t *values, size_t count)
{
    struct plan_table *t = arena_new(p->arena, struct plan_table);
    struct plan_op op = {.code = PLAN_LOOKUP, .a = key, .b = NONE, .c = NONE};

    if (!t)
        return NONE;
    t->uppers = arena_array(p->arena, int64_t, count + PLAN_FEW);
    t->values = arena_array(p->arena, int64_t, count + 1);
    if (!t->uppers || !t->values)
        return NONE;
    /* Neighbours with one value are one segment; those out of reach of the key are dropped. */
    for (size_t i = 0; i <= count; i++) {
        if (i < count && (uppers[i] < op_at(p, key)->lo || values[i] == values[i + 1]))
            continue;
        t->values[t->count] = values[i];
        if (i == count || uppers[i] >= op_at(p, key)->hi)
            break;
        t->uppers[t->count++] = uppers[i];
    }
    op.lo = op.hi = t->values[0];
    for (size_t i = 1; i <= t->count; i++) {
        op.lo = t->values[i] < op.lo ? t->values[i] : op.lo;
        op.hi = t->values[i] > op.hi ? t->values[i] : op.hi;
    }
    /* 0 for 0 and 1 for 1: the key itself. */
    if (t->count == 1 && op_at(p, key)->lo == 0 && op_at(p, key)->hi == 1 && t->uppers[0] == 0 && t->values[0] == 0 &&
        t->values[1] == 1)
        return key;
    for (size_t i = t->count; i < PLAN_FEW; i++)
        t->uppers[i] = INT64_MAX;
    op.as.table = t;
    return t->count == 0 ? constant(p, t->values[0]) : add_op(p, op);
}

/* The rows of a table, by thresholds of its key. */
struct layout {
    int64_t *uppers, *values;
    int *rows; /* count + 1: the last is a hole */
    size_t count;
};

static bool lay_out(struct planner *p, const struct table_plan *plan, struct layout *out)
{
    size_t count = plan->by_index ? plan->row_count : plan->segment_count;

    out->count = count;
    out->uppers = arena_array(p->arena, int64_t, count + 1);
    out->values = arena_array(p->arena, int64_t, count + 1);
    out->rows = arena_array(p->arena, int, count + 1);
    if (!out->uppers || !out->values || !out->rows)
        return false;
    for (size_t i = 0; i < count; i++) {
        int128 upper = plan->by_index ? (int128)i : plan->segments[i].upper;

        out->uppers[i] = (int64_t)lowest(highest(upper, -PLAN_LIMIT + 1), PLAN_LIMIT - 1);
        out->rows[i] = plan->by_index ? plan->rows[i] : plan->segments[i].row;
    }
    out->rows[count] = ROW_HOLE;
    return true;
}

static struct part table_cell(struct planner *p, struct frame *f, const struct node *n, int row)
{
    const struct node *cell = row == ROW_HOLE ? NULL : n->as.table.cells[row];

    return cell ? over(p, plan_node(p, f, cell), cell->den, n->den) : aside(p);
}

static int row_mask(struct planner *p, const struct layout *l, int key, int row)
{
    for (size_t i = 0; i <= l->count; i++)
        l->values[i] = l->rows[i] == row ? -1 : 0;
    return lookup(p, key, l->uppers, l->values, l->count);
}

/* First the rows that are constants, in one look-up; then each of the others, where its row is the one. */
static struct part plan_rows(struct planner *p, struct frame *f, const struct node *n, int key)
{
    size_t rows = n->as.table.table->rows.count;
    struct part *cells = arena_array(p->arena, struct part, rows + 1), out;
    struct layout l;
    int64_t filler = 0, k;
    bool filled = false, mask = false;
    int hole;

    if (!cells || !lay_out(p, n->as.table.plan, &l))
        return aside(p);
    for (size_t r = 0; r < rows; r++) {
        bool used = false;

        for (size_t i = 0; i < l.count; i++)
            used |= l.rows[i] == (int)r;
        cells[r] = used ? table_cell(p, f, n, (int)r) : aside(p);
        if (!is_aside(p, &cells[r]))
            mask |= cells[r].mask;
        if (used && is_constant(p, cells[r].value, &k) && cells[r].aside == NO_MASK && cells[r].absent == NO_MASK &&
            !filled) {
            filler = k;
            filled = true;
        }
    }
    cells[rows] = aside(p);
    for (size_t i = 0; i <= l.count; i++) {
        const struct part *cell = &cells[l.rows[i] == ROW_HOLE ? rows : (size_t)l.rows[i]];

        l.values[i] = !is_aside(p, cell) && is_constant(p, cell->value, &k) ? k : filler;
        if (!is_constant(p, cell->value, &k))
            l.values[i] = filler;
    }
    out = known(lookup(p, key, l.uppers, l.values, l.count));
    out.mask = mask;
    for (size_t i = 0; i <= l.count; i++)
        l.values[i] = is_aside(p, &cells[l.rows[i] == ROW_HOLE ? rows : (size_t)l.rows[i]]) ? -1 : 0;
    hole = lookup(p, key, l.uppers, l.values, l.count);
    if (out.value == NONE || hole == NONE)
        return aside(p);
    if (!is_constant(p, hole, &k) || k)
        out.aside = hole;
    for (size_t r = 0; r < rows; r++) {
        int here;

        if (is_aside(p, &cells[r]) ||
            (is_constant(p, cells[r].value, &k) && cells[r].aside == NO_MASK && cells[r].absent == NO_MASK))
            continue;
        here = row_mask(p, &l, key, (int)r);
        if (here == NONE)
            return aside(p);
        out = choose(p, here, &cells[r], &out);
    }
    return out;
}

/* As table_unknown() of evaluate.c. */
static struct part plan_key_absent(struct planner *p, struct frame *f, const struct node *n, const struct part *key)
{
    const struct table_plan *plan = n->as.table.plan;
    const struct node *clause;
    struct part out;

    if (plan->absent_row != ROW_HOLE)
        return table_cell(p, f, n, plan->absent_row);
    if (key->datum == &SEVERAL_DATA)
        return aside(p);
    clause = plan->datum_clause ? datum_clause(p, key) : NULL;
    if (!clause) {
        out = *key;
        out.value = none_of(p);
        out.absent = all_of(p);
        return out;
    }
    if (is_outcome(clause, OUTCOME_LAST_ROW))
        return table_cell(p, f, n, plan->last_row);
    if (clause->kind == NODE_OUTCOME || !clause->expr->type || !n->expr->type ||
        !type_unify(clause->expr->type, n->expr->type))
        return aside(p);
    return over(p, plan_node(p, f, clause), clause->den, n->den);
}

static struct part plan_keyed(struct planner *p, struct frame *f, const struct node *n)
{
    struct part key, out, unknown;
    int k;

    if (!n->as.table.plan->key)
        return aside(p);
    if (n->as.table.plan->key->facts && n->as.table.plan->key->facts->ratio)
        return aside(p);
    key = plan_node(p, f, n->a);
    if (is_aside(p, &key))
        return key;
    /* A boolean is the index 0 or 1 of its row. */
    k = key.mask ? subtract(p, none_of(p), key.value) : key.value;
    out = plan_rows(p, f, n, k);
    if (key.absent != NO_MASK) {
        unknown = plan_key_absent(p, f, n, &key);
        unknown.mask = is_aside(p, &unknown) ? out.mask : unknown.mask;
        if (!unknown.mask && out.mask)
            unknown.mask = true;
        out = choose(p, key.absent, &unknown, &out);
    }
    out.aside = either(p, out.aside, key.aside);
    return out;
}

static struct part plan_table(struct planner *p, struct frame *f, const struct node *n)
{
    const struct table_plan *plan = n->as.table.plan;
    struct part out = plan_keyed(p, f, n);

    for (size_t i = plan->condition_count; i-- > 0;) {
        struct part c = plan_node(p, f, n->as.table.conditions[i]), cell = table_cell(p, f, n, plan->conditions[i]);

        if (!c.mask)
            return aside(p);
        c = settled(p, c);
        out = choose(p, c.value, &cell, &out);
        out.aside = either(p, out.aside, c.aside);
    }
    return out;
}

/* ------------------------------------------------------------------ best-of, shifts, calls */

static struct part plan_best(struct planner *p, struct frame *f, const struct node *n)
{
    bool low = n->as.best.mode == BEST_FAVORABLE || n->as.best.mode == BEST_LOWEST;
    struct part best = known(none_of(p));
    int has = none_of(p);

    for (size_t i = 0; i < n->as.best.count; i++) {
        const struct alternative_node *a = &n->as.best.items[i];
        struct part c = a->condition ? settled(p, plan_node(p, f, a->condition)) : boolean(all_of(p));
        struct part v = settled(p, over(p, plan_node(p, f, a->value), a->value->den, n->den));
        int better;

        if (!c.mask || v.mask)
            return aside(p);
        better = low ? compare_op(p, PLAN_LESS, v.value, best.value) : compare_op(p, PLAN_LESS, best.value, v.value);
        better = mask_and(p, c.value, mask_or(p, mask_not(p, has), better));
        best.value = select_op(p, better, v.value, best.value);
        best.aside = either(p, best.aside, either(p, c.aside, within(p, v.aside, c.value)));
        has = mask_or(p, has, c.value);
    }
    best.aside = either(p, best.aside, within(p, mask_not(p, has), all_of(p)));
    return best;
}

static struct part plan_shift(struct planner *p, struct frame *f, const struct node *n)
{
    struct part v = plan_node(p, f, n->a), c = n->c ? settled(p, plan_node(p, f, n->c)) : boolean(all_of(p));
    struct part by = settled(p, plan_node(p, f, n->b)), limit = settled(p, plan_node(p, f, n->as.shift.limit)),
                out = v;
    bool down = n->as.shift.down;
    int shifted, stop;

    if (!c.mask || v.mask || by.mask || op_at(p, by.value)->lo < 0)
        return aside(p);
    shifted = down ? subtract(p, v.value, by.value) : add(p, v.value, by.value);
    if (shifted == NONE)
        return aside(p);
    stop = extreme(p, v.value, limit.value, !down); /* already beyond the limit: it stays */
    out.value = extreme(p, shifted, stop, down);
    out.value = select_op(p, c.value, out.value, v.value);
    out.aside = either(p, v.aside, either(p, c.aside, within(p, either(p, by.aside, limit.aside), c.value)));
    return out;
}

static struct part plan_call(struct planner *p, struct frame *f, const struct node *n)
{
    struct part arguments[16], out, states = known(none_of(p));
    struct frame inner = *f;

    if (n->as.call.count > sizeof arguments / sizeof *arguments || ++inner.depth > PLAN_MAX_DEPTH)
        return aside(p);
    for (size_t i = 0; i < n->as.call.count; i++) {
        arguments[i] = plan_node(p, f, n->as.call.arguments[i]);
        if (!arguments[i].mask)
            arguments[i] = scaled(p, arguments[i], n->as.call.scales[i]);
        states = strict(p, states.value, &states, &arguments[i]);
        arguments[i].absent = arguments[i].aside = NO_MASK;
        arguments[i].datum = NULL;
    }
    inner.slots = arguments;
    inner.lets = NULL;
    out = over(p, plan_node(p, &inner, n->as.call.function->body), n->as.call.function->body->den, n->den);
    states.datum = common_datum(&states, &out);
    states.absent = either(p, states.absent, out.absent);
    out.absent = states.absent;
    out.datum = states.datum;
    out.aside = either(p, out.aside, states.aside);
    return out;
}

static struct part plan_let(struct planner *p, struct frame *f, const struct node *n)
{
    struct frame inner = *f;
    struct part out;

    if (f->lets && f->lets[n->as.let.slot].value != NONE)
        return f->lets[n->as.let.slot];
    if (++inner.depth > PLAN_MAX_DEPTH)
        return aside(p);
    inner.price = inner.base = aside(p); /* its value would depend on when it is first read */
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
        return aside(p);
    for (size_t i = 0; i < n->as.national.count; i++) {
        const struct national_value *v = &n->as.national.items[i];

        if (date_compare(v->period.from, date) <= 0 &&
            (!found || date_compare(v->period.from, found->period.from) > 0))
            found = v;
    }
    return found ? over(p, plan_node(p, f, found->value), found->value->den, n->den) : aside(p);
}

static struct part plan_date(struct planner *p, struct date d)
{
    return d.year && date_is_complete(d) ? known(constant(p, date_to_days(d))) : aside(p);
}

static struct part plan_constant(struct planner *p, const struct node *n)
{
    if ((n->expr && n->expr->kind == EXPR_TEXT) || !fits(n->as.constant, n->as.constant))
        return aside(p);
    if (n->expr && n->expr->kind == EXPR_BOOLEAN)
        return boolean(n->as.constant ? all_of(p) : none_of(p));
    return known(constant(p, (int64_t)n->as.constant));
}

static struct part plan_tariff(struct planner *p, const struct node *n);

static struct part plan_unary(struct planner *p, struct frame *f, const struct node *n)
{
    struct part x = plan_node(p, f, n->a);

    if (n->kind == NODE_NOT && !x.mask)
        return aside(p);
    x.value = n->kind == NODE_NOT ? mask_not(p, x.value) : subtract(p, none_of(p), x.value);
    return x.value == NONE ? aside(p) : x;
}

static struct part plan_node(struct planner *p, struct frame *f, const struct node *n)
{
    const struct date today = p->request->session->today;

    if (!n || p->full || p->arena->exhausted)
        return aside(p);
    switch ((int)n->kind) { /* not every kind: the others are set aside */
    case NODE_CONSTANT: return plan_constant(p, n);
    case NODE_DATUM: return plan_datum(p, n->as.symbol);
    case NODE_LET: return plan_let(p, f, n);
    case NODE_SLOT: return f->slots ? f->slots[n->as.slot] : aside(p);
    case NODE_PRICE: return f->price;
    case NODE_BASE: return f->base;
    case NODE_DATE: return plan_date(p, p->request->session->date);
    case NODE_TODAY: return plan_date(p, today.year ? today : p->request->session->date);
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
    default: return aside(p);
    }
}

/* ------------------------------------------------------------------ tariffs */

/* A price on the way: its denominator, and where it is not settled yet. */
struct plan_price {
    struct part part;
    int128 den;
};

static struct plan_price price_aside(struct planner *p)
{
    return (struct plan_price){aside(p), 1};
}

/* Both on one denominator; a whole « aside » takes the other's. */
static bool same_den(struct planner *p, struct plan_price *a, struct plan_price *b)
{
    int128 den;

    if (is_aside(p, &a->part) || is_aside(p, &b->part)) {
        den = is_aside(p, &a->part) ? b->den : a->den;
    } else {
        if (!int128_lcm_checked(a->den, b->den, &den))
            return false;
        a->part = scaled(p, a->part, den / a->den);
        b->part = scaled(p, b->part, den / b->den);
    }
    a->den = b->den = den;
    return true;
}

static struct plan_price choose_price(struct planner *p, int mask, struct plan_price a, struct plan_price b)
{
    int64_t k;

    if (is_constant(p, mask, &k))
        return k ? a : b;
    if (!same_den(p, &a, &b))
        return price_aside(p);
    return (struct plan_price){choose(p, mask, &a.part, &b.part), a.den};
}

/* As settle() of evaluate.c: a clause where the value is absent; who is still absent is set aside. */
static struct plan_price settle(struct planner *p, struct frame *f, struct part x, int128 den,
                                const struct node *absent)
{
    struct plan_price price = {x, den};
    const struct node *clause = absent ? absent : datum_clause(p, &x);
    int where = x.absent;

    if (where == NO_MASK)
        return price;
    if (!clause || is_outcome(clause, OUTCOME_LAST_ROW) || (!absent && x.datum == &SEVERAL_DATA)) {
        price.part = settled(p, x);
        return price;
    }
    price.part.absent = NO_MASK;
    price = choose_price(p, where, (struct plan_price){settled(p, plan_node(p, f, clause)), clause->den}, price);
    price.part.aside = either(p, price.part.aside, x.aside); /* also where it is absent */
    return price;
}

/* What a price is before its steps; `final` where none of them applies. */
static struct plan_price initial_price(struct planner *p, struct frame *f, const struct tariff_version *v, int *final)
{
    struct plan_price price = settle(p, f, plan_node(p, f, v->price), v->price->den, v->price_absent);
    int reached_final = none_of(p);

    for (size_t i = v->exception_count; i-- > 0;) {
        const struct exception_code *e = &v->exceptions[i];
        struct part c = plan_node(p, f, e->condition), unknown = c;
        struct plan_price value = settle(p, f, plan_node(p, f, e->value), e->value->den, e->absent);
        int here;

        if (!c.mask)
            return price_aside(p);
        here = c.absent == NO_MASK ? c.value : mask_and_not(p, c.value, c.absent);
        price = choose_price(p, here, value, price);
        reached_final = e->source->final ? mask_or(p, here, reached_final) : mask_and_not(p, reached_final, here);
        if (c.absent != NO_MASK && !is_outcome(e->absent, OUTCOME_NO_EFFECT)) {
            unknown.value = none_of(p);
            unknown.mask = false;
            price = choose_price(p, c.absent, settle(p, f, unknown, 1, e->absent), price);
            reached_final = mask_and_not(p, reached_final, c.absent);
        }
        price.part.aside = either(p, price.part.aside, c.aside);
    }
    *final = reached_final;
    return price;
}

static struct part rescaled(struct planner *p, struct part x, int128 from, int128 to)
{
    return over(p, x, from, to);
}

/* Where the condition or the value of a step is absent: as step_clause() of evaluate.c. */
static struct part step_unknown(struct planner *p, struct frame *f, const struct step_code *s,
                                const struct part *unknown)
{
    const struct node *clause = s->absent ? s->absent : datum_clause(p, unknown);

    if (!clause || is_outcome(clause, OUTCOME_LAST_ROW) || (!s->absent && unknown->datum == &SEVERAL_DATA))
        return aside(p);
    if (is_outcome(clause, OUTCOME_NO_EFFECT))
        return rescaled(p, f->price, s->den_before, s->den_after);
    return rescaled(p, settled(p, plan_node(p, f, clause)), clause->den, s->den_after);
}

static struct part plan_step(struct planner *p, struct frame *f, const struct step_code *s)
{
    struct part c = s->condition ? plan_node(p, f, s->condition) : boolean(all_of(p)), v = plan_node(p, f, s->next),
                out;
    struct part same = rescaled(p, f->price, s->den_before, s->den_after), unknown;
    int applies, where;

    if (!c.mask)
        return aside(p);
    applies = c.absent == NO_MASK ? c.value : mask_and_not(p, c.value, c.absent);
    where = either(p, c.absent, within(p, v.absent, applies));
    unknown = (struct part){.datum = common_datum(&c, &v)};
    out = rescaled(p, v, s->next->den, s->den_after);
    out.absent = NO_MASK;
    out = choose(p, applies, &out, &same);
    if (where != NO_MASK) {
        unknown = step_unknown(p, f, s, &unknown);
        out = choose(p, where, &unknown, &out);
    }
    if (s->negative && op_at(p, out.value)->lo < 0) {
        struct part other = rescaled(p, settled(p, plan_node(p, f, s->negative)), s->negative->den, s->den_after);
        int below = mask_and(p, applies, compare_op(p, PLAN_LESS, out.value, none_of(p)));

        out = choose(p, below, &other, &out);
    }
    out.aside = either(p, out.aside, either(p, c.aside, f->price.aside));
    out.aside = either(p, out.aside, within(p, v.aside, applies));
    return out;
}

/* The version in force is the one that the general engine picks. NULL: none is. */
static const struct tariff_version *version_in_force(const struct planner *p, size_t tariff)
{
    delib_result result;

    if (delib_evaluate(p->request->session, (delib_tariff)tariff, &result) != DELIB_OK)
        return NULL;
    return p->request->session->last.version;
}

static struct plan_price plan_version(struct planner *p, const struct tariff_version *v)
{
    struct frame f = {.slots = NULL};
    struct plan_price price, stepped;
    int final = none_of(p);

    f.lets = arena_array(p->arena, struct part, p->request->program->let_count);
    if (!f.lets)
        return price_aside(p);
    for (size_t i = 0; i < p->request->program->let_count; i++)
        f.lets[i].value = NONE;
    f.price = f.base = aside(p);
    price = initial_price(p, &f, v, &final);
    if (v->type->kind != TYPE_NUMBER || is_aside(p, &price.part))
        return price;
    stepped = price;
    if (v->den_initial % price.den == 0) {
        stepped.part = scaled(p, price.part, v->den_initial / price.den);
        stepped.den = v->den_initial;
    } else if (v->step_count) {
        return price_aside(p);
    }
    f.price = f.base = stepped.part;
    for (size_t i = 0; i < v->step_count; i++) {
        f.price = plan_step(p, &f, &v->steps[i]);
        stepped = (struct plan_price){f.price, v->steps[i].den_after};
    }
    return choose_price(p, final, price, stepped);
}

static struct part plan_tariff(struct planner *p, const struct node *n)
{
    const struct tariff_version *v = version_in_force(p, n->as.tariff);
    struct plan_price price;

    if (!v || ++p->tariff_depth > 8)
        return aside(p);
    price = plan_version(p, v);
    p->tariff_depth--;
    if (n->den % price.den != 0)
        return aside(p);
    return scaled(p, price.part, n->den / price.den);
}

/* Amounts in euros have two decimals at least; a rate is given in percents. False: not a plain decimal. */
static bool to_decimal(struct planner *p, const struct type *type, struct plan_price *price, struct plan_result *out)
{
    int128 power = 1, num = type_is_number(type, QUANTITY_TAUX) ? 100 : 1;
    unsigned scale = 0, least = type_is_number(type, QUANTITY_MONTANT) ? 2 : 0;

    while (scale < least || (power * num) % price->den != 0) {
        if (++scale > 9)
            return false;
        power *= 10;
    }
    price->part = scaled(p, price->part, power * num / price->den);
    out->scale = scale;
    return true;
}

static void plan_one(struct planner *p, size_t tariff, struct plan_result *out)
{
    const struct tariff_version *v = tariff < p->request->program->tariff_count ? version_in_force(p, tariff) : NULL;
    struct plan_price price;

    *out = (struct plan_result){.value = 0, .aside = NONE};
    if (!v)
        return;
    price = plan_version(p, v);
    price.part = settled(p, price.part);
    if (is_aside(p, &price.part) || !to_decimal(p, v->type, &price, out) || is_aside(p, &price.part))
        return;
    out->value = price.part.mask ? subtract(p, none_of(p), price.part.value) : price.part.value;
    out->aside = price.part.aside;
    out->planned = !p->full && !p->arena->exhausted && v->type->kind != TYPE_TEXT;
}

/* ------------------------------------------------------------------ the whole */

/* What is bound as a plain integer; false: this datum is for the general engine. */
static bool plan_domain(const struct symbol *datum, struct plan_input *out)
{
    *out = (struct plan_input){.datum = datum, .may_be_absent = !data_set_is_empty(&datum->facts.absent)};
    switch (datum->type->kind) {
    case TYPE_NUMBER:
        if (datum->facts.ratio || !fits(datum->facts.lo, datum->facts.hi))
            return false;
        out->lo = (int64_t)datum->facts.lo;
        out->hi = (int64_t)datum->facts.hi;
        return true;
    case TYPE_BOOLEAN:
        out->mask = true;
        out->hi = 1;
        return true;
    case TYPE_ENUM: out->hi = (int64_t)datum->type->symbol->count - 1; return true;
    case TYPE_DATE:
        out->lo = date_to_days((struct date){1, 1, 1});
        out->hi = date_to_days((struct date){9999, 12, 31});
        return true;
    case TYPE_ERROR:
    case TYPE_DAY:
    case TYPE_TEXT:
    case TYPE_RECORD:
    case TYPE_LIST:
    case TYPE_CALENDAR:
    case TYPE_OUTCOME: break;
    }
    return false;
}

static void mark(struct planner *p, int *rank, int op)
{
    const struct plan_op *o;

    if (op < 0 || rank[op])
        return;
    o = op_at(p, op);
    rank[op] = 1;
    mark(p, rank, o->a);
    mark(p, rank, o->b);
    mark(p, rank, o->c);
}

/* Constants, then inputs, then what is computed, each in its order: an operation comes after those that it reads. */
static int group_of(enum plan_code code)
{
    return code == PLAN_CONSTANT ? 0 : code == PLAN_INPUT || code == PLAN_ABSENT ? 1 : 2;
}

static void move_ops(const struct planner *p, const int *used, int *rank, int group, struct plan *out)
{
    for (size_t i = 0; i < p->ops.count; i++) {
        struct plan_op o = p->ops.items[i];

        if (!used[i] || group_of(o.code) != group)
            continue;
        o.a = o.a < 0 ? NONE : rank[o.a];
        o.b = o.b < 0 ? NONE : rank[o.b];
        o.c = o.c < 0 ? NONE : rank[o.c];
        if (group == 1)
            out->inputs[o.as.input].read = true;
        rank[i] = (int)out->count;
        out->ops[out->count++] = o;
    }
}

/* Drops what no result needs. */
static bool sweep(struct planner *p, struct plan *out)
{
    int *used = arena_array(p->arena, int, p->ops.count + 1), *rank = arena_array(p->arena, int, p->ops.count + 1);

    out->ops = arena_array(p->arena, struct plan_op, p->ops.count + 1);
    if (!used || !rank || !out->ops)
        return false;
    for (size_t i = 0; i < out->result_count; i++)
        if (out->results[i].planned) {
            mark(p, used, out->results[i].value);
            mark(p, used, out->results[i].aside);
        }
    move_ops(p, used, rank, 0, out);
    out->first_input = out->count;
    move_ops(p, used, rank, 1, out);
    out->first_computed = out->count;
    move_ops(p, used, rank, 2, out);
    for (size_t i = 0; i < out->result_count; i++)
        if (out->results[i].planned) {
            out->results[i].value = rank[out->results[i].value];
            out->results[i].aside = out->results[i].aside < 0 ? NONE : rank[out->results[i].aside];
        }
    return true;
}

static bool is_narrow(const struct plan *plan)
{
    const int64_t limit = ((int64_t)1 << 31) - 1;

    for (size_t i = 0; i < plan->count; i++) {
        const struct plan_op *o = &plan->ops[i];
        const struct plan_round *r = &o->as.round;

        if (o->lo < -limit || o->hi > limit)
            return false;
        if (o->code == PLAN_ROUND) {
            int128 a = plan->ops[o->a].lo, b = plan->ops[o->a].hi, most = highest(-a, b);

            if (r->divisor > limit || r->scale > limit || r->factor > limit || most * r->scale + r->bias > limit)
                return false;
        }
        for (size_t k = 0; o->code == PLAN_LOOKUP && k < o->as.table->count; k++)
            if (o->as.table->uppers[k] < -limit || o->as.table->uppers[k] > limit)
                return false;
    }
    return true;
}

bool plan_make(struct arena *arena, const struct plan_request *request, struct plan *out)
{
    struct planner p = {.arena = arena, .request = request};
    size_t data = request->program->model.data.count;

    *out = (struct plan){.input_count = request->input_count, .result_count = request->tariff_count};
    for (size_t i = 0; i < HASH_SIZE; i++)
        p.buckets[i] = NONE;
    out->inputs = p.inputs = arena_array(arena, struct plan_input, request->input_count);
    out->results = arena_array(arena, struct plan_result, request->tariff_count);
    p.input_of = arena_array(arena, int, data);
    if (!out->inputs || !out->results || !p.input_of)
        return false;
    for (size_t i = 0; i < data; i++)
        p.input_of[i] = NONE;
    for (size_t i = 0; i < request->input_count; i++)
        p.input_of[request->inputs[i]->index] = plan_domain(request->inputs[i], &p.inputs[i]) ? (int)i : UNPLANNED;
    (void)none_of(&p);
    for (size_t i = 0; i < request->tariff_count; i++)
        plan_one(&p, request->tariffs[i], &out->results[i]);
    for (size_t i = 0; p.full && i < request->tariff_count; i++)
        out->results[i].planned = false;
    if (arena->exhausted || !sweep(&p, out))
        return false;
    out->narrow = is_narrow(out);
    return true;
}
