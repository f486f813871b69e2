/*
 * Operations of a plan, made once (value numbering), with constants folded and the range of each result proved from
 * those of its operands.
 */
#include "plan_build.h"

#include "plan_ops.h"

#include <string.h>

enum { PLAN_MAX_OPS = 20000 };

static uint32_t op_hash(const struct plan_op *op)
{
    uint64_t h = (uint64_t)op->code * 0x9E3779B97F4A7C15u;

    h = (h ^ (uint64_t)(uint32_t)op->a) * 0xBF58476D1CE4E5B9u;
    h = (h ^ (uint64_t)(uint32_t)op->b) * 0x94D049BB133111EBu;
    h = (h ^ (uint64_t)(uint32_t)op->c) * 0x9E3779B97F4A7C15u;
    if (op->code == PLAN_CONSTANT)
        h ^= (uint64_t)op->as.constant * 0xBF58476D1CE4E5B9u;
    return (uint32_t)(h >> 40) % PLAN_BUCKETS;
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
    if (a->code == PLAN_CONSTANT)
        return a->as.constant == b->as.constant;
    if (a->code == PLAN_INPUT || a->code == PLAN_ABSENT)
        return a->as.input == b->as.input;
    if (a->code == PLAN_LOOKUP)
        return same_table(a->as.table, b->as.table);
    if (a->code == PLAN_ROUND)
        return a->as.round.scale == b->as.round.scale && a->as.round.bias == b->as.round.bias &&
               a->as.round.divisor == b->as.round.divisor && a->as.round.factor == b->as.round.factor;
    return true;
}

int op_make(struct planner *p, struct plan_op op)
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
    *item = op;
    next = arena_push(p->arena, &p->chain);
    *next = p->buckets[bucket];
    p->buckets[bucket] = (int)p->ops.count - 1;
    return (int)p->ops.count - 1;
}

int op_constant(struct planner *p, int64_t value)
{
    return op_make(
        p,
        (struct plan_op){
            .code = PLAN_CONSTANT, .a = NONE, .b = NONE, .c = NONE, .lo = value, .hi = value, .as.constant = value});
}

const struct plan_op *op_at(const struct planner *p, int op)
{
    return &p->ops.items[op];
}

bool op_is_constant(const struct planner *p, int op, int64_t *value)
{
    *value = op_at(p, op)->lo;
    return op_at(p, op)->code == PLAN_CONSTANT;
}

bool plan_fits(int128 lo, int128 hi)
{
    return lo > -PLAN_LIMIT && hi < PLAN_LIMIT;
}

static bool is_negation(const struct planner *p, int op)
{
    int64_t k;

    return op_at(p, op)->code == PLAN_SUBTRACT && op_is_constant(p, op_at(p, op)->a, &k) && k == 0;
}

/* A new operation on a and b with this range; NONE when the range is too wide. */
static int ranged(struct planner *p, enum plan_code code, int a, int b, int128 lo, int128 hi)
{
    if (!plan_fits(lo, hi))
        return NONE;
    if (lo == hi)
        return op_constant(p, (int64_t)lo);
    return op_make(p,
                   (struct plan_op){.code = code, .a = a, .b = b, .c = NONE, .lo = (int64_t)lo, .hi = (int64_t)hi});
}

int op_add(struct planner *p, int a, int b)
{
    int64_t k;

    if (op_is_constant(p, b, &k) && k == 0)
        return a;
    if (op_is_constant(p, a, &k) && k == 0)
        return b;
    /* x + (0 − y) = x − y */
    if (is_negation(p, b))
        return op_subtract(p, a, op_at(p, b)->b);
    if (is_negation(p, a))
        return op_subtract(p, b, op_at(p, a)->b);
    return ranged(p, PLAN_ADD, a, b, (int128)op_at(p, a)->lo + op_at(p, b)->lo,
                  (int128)op_at(p, a)->hi + op_at(p, b)->hi);
}

int op_subtract(struct planner *p, int a, int b)
{
    int64_t k;

    if (op_is_constant(p, b, &k) && k == 0)
        return a;
    return ranged(p, PLAN_SUBTRACT, a, b, (int128)op_at(p, a)->lo - op_at(p, b)->hi,
                  (int128)op_at(p, a)->hi - op_at(p, b)->lo);
}

int op_multiply(struct planner *p, int a, int b)
{
    int128 al = op_at(p, a)->lo, ah = op_at(p, a)->hi, bl = op_at(p, b)->lo, bh = op_at(p, b)->hi;
    int64_t k;

    if (op_is_constant(p, a, &k) && !op_is_constant(p, b, &k))
        return op_multiply(p, b, a);
    if (op_is_constant(p, b, &k) && k == 1)
        return a;
    /* (x × j) × k = x × (j × k) */
    if (op_is_constant(p, b, &k) && op_at(p, a)->code == PLAN_MULTIPLY &&
        op_at(p, op_at(p, a)->b)->code == PLAN_CONSTANT && plan_fits(0, (int128)op_at(p, op_at(p, a)->b)->lo * k) &&
        k > 0 && op_at(p, op_at(p, a)->b)->lo > 0)
        return op_multiply(p, op_at(p, a)->a, op_constant(p, op_at(p, op_at(p, a)->b)->lo * k));
    return ranged(p, PLAN_MULTIPLY, a, b, lowest(lowest(al * bl, al * bh), lowest(ah * bl, ah * bh)),
                  highest(highest(al * bl, al * bh), highest(ah * bl, ah * bh)));
}

int op_scale(struct planner *p, int a, int128 factor)
{
    if (factor == 1 || a == NONE)
        return a;
    return plan_fits(factor, factor) ? op_multiply(p, a, op_constant(p, (int64_t)factor)) : NONE;
}

int op_extreme(struct planner *p, int a, int b, bool maximum)
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

int mask_all(struct planner *p)
{
    return op_constant(p, -1);
}

int mask_none(struct planner *p)
{
    return op_constant(p, 0);
}

static int mask_op(struct planner *p, enum plan_code code, int a, int b)
{
    return op_make(p, (struct plan_op){.code = code, .a = a, .b = b, .c = NONE, .lo = -1, .hi = 0});
}

int mask_and(struct planner *p, int a, int b)
{
    int64_t k;

    if (a == b)
        return a;
    if (op_is_constant(p, a, &k))
        return k ? b : a;
    if (op_is_constant(p, b, &k))
        return k ? a : b;
    return mask_op(p, PLAN_AND, a, b);
}

int mask_or(struct planner *p, int a, int b)
{
    int64_t k;

    if (a == b)
        return a;
    if (op_is_constant(p, a, &k))
        return k ? a : b;
    if (op_is_constant(p, b, &k))
        return k ? b : a;
    return mask_op(p, PLAN_OR, a, b);
}

int mask_and_not(struct planner *p, int a, int b)
{
    int64_t k;

    if (a == b)
        return mask_none(p);
    if (op_is_constant(p, b, &k))
        return k ? mask_none(p) : a;
    if (op_is_constant(p, a, &k) && !k)
        return a;
    return mask_op(p, PLAN_AND_NOT, a, b);
}

/* « all and not b »: no other constant is ever on the left of PLAN_AND_NOT. */
static bool is_mask_not(const struct planner *p, int mask)
{
    int64_t k;

    return op_at(p, mask)->code == PLAN_AND_NOT && op_is_constant(p, op_at(p, mask)->a, &k);
}

int mask_not(struct planner *p, int a)
{
    if (is_mask_not(p, a))
        return op_at(p, a)->b;
    return mask_and_not(p, mask_all(p), a);
}

/* Optional masks: NO_MASK is nobody. */
int mask_either(struct planner *p, int a, int b)
{
    return a == NO_MASK ? b : b == NO_MASK ? a : mask_or(p, a, b);
}

int mask_within(struct planner *p, int mask, int limit)
{
    int64_t k;
    int both = mask == NO_MASK ? NO_MASK : mask_and(p, mask, limit);

    return both != NO_MASK && op_is_constant(p, both, &k) && k == 0 ? NO_MASK : both;
}

int mask_outside(struct planner *p, int mask, int limit)
{
    return mask_within(p, mask, mask_not(p, limit));
}

/* ------------------------------------------------------------------ conditions, choices, roundings, look-ups */

static bool compares(enum plan_code code, int64_t a, int64_t b)
{
    return code == PLAN_LESS ? a < b : code == PLAN_LESS_EQUAL ? a <= b : a == b;
}

/* A long table compared with a constant is a short table of masks. `swapped`: the constant is on the left. */
static int fold_compare(struct planner *p, const struct plan_op *inner, enum plan_code code, int64_t k, bool swapped)
{
    const struct plan_table *t = inner->as.table;
    int64_t *values = arena_array(p->arena, int64_t, t->count + 1);

    for (size_t i = 0; i <= t->count; i++)
        values[i] = -(int64_t)(swapped ? compares(code, k, t->values[i]) : compares(code, t->values[i], k));
    return op_lookup(p, inner->a, t->uppers, values, t->count);
}

static bool is_long_table(const struct plan_op *op)
{
    return op->code == PLAN_LOOKUP && op->as.table->count > PLAN_FEW;
}

int op_compare(struct planner *p, enum plan_code code, int a, int b)
{
    int128 al = op_at(p, a)->lo, ah = op_at(p, a)->hi, bl = op_at(p, b)->lo, bh = op_at(p, b)->hi;

    if (code == PLAN_LESS && (ah < bl || al >= bh))
        return ah < bl ? mask_all(p) : mask_none(p);
    if (code == PLAN_LESS_EQUAL && (ah <= bl || al > bh))
        return ah <= bl ? mask_all(p) : mask_none(p);
    if (code == PLAN_EQUAL && (ah < bl || al > bh))
        return mask_none(p);
    if (code == PLAN_EQUAL && al == ah && bl == bh)
        return al == bl ? mask_all(p) : mask_none(p);
    if (is_long_table(op_at(p, a)) && bl == bh)
        return fold_compare(p, op_at(p, a), code, (int64_t)bl, false);
    if (is_long_table(op_at(p, b)) && al == ah)
        return fold_compare(p, op_at(p, b), code, (int64_t)al, true);
    return mask_op(p, code, a, b);
}

/* x × j and x × k: what they multiply, and by what. */
struct shared_factor {
    int factor, a, b;
};

static bool shared_factor(const struct planner *p, int a, int b, struct shared_factor *out)
{
    const struct plan_op *x = op_at(p, a), *y = op_at(p, b);

    if (x->code != PLAN_MULTIPLY || y->code != PLAN_MULTIPLY)
        return false;
    if (x->a == y->a)
        *out = (struct shared_factor){x->a, x->b, y->b};
    else if (x->a == y->b)
        *out = (struct shared_factor){x->a, x->b, y->a};
    else if (x->b == y->a)
        *out = (struct shared_factor){x->b, x->a, y->b};
    else if (x->b == y->b)
        *out = (struct shared_factor){x->b, x->a, y->a};
    else
        return false;
    return op_at(p, out->factor)->code != PLAN_CONSTANT;
}

int op_select(struct planner *p, int mask, int a, int b)
{
    struct shared_factor shared;
    int64_t k;

    if (a == b)
        return a;
    if (op_is_constant(p, mask, &k))
        return k ? a : b;
    if (is_mask_not(p, mask))
        return op_select(p, op_at(p, mask)->b, b, a);
    if (shared_factor(p, a, b, &shared))
        return op_multiply(p, shared.factor, op_select(p, mask, shared.a, shared.b));
    return op_make(p, (struct plan_op){.code = PLAN_SELECT,
                                       .a = mask,
                                       .b = a,
                                       .c = b,
                                       .lo = (int64_t)lowest(op_at(p, a)->lo, op_at(p, b)->lo),
                                       .hi = (int64_t)highest(op_at(p, a)->hi, op_at(p, b)->hi)});
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

int op_round(struct planner *p, int a, int128 scale, int128 divisor, int128 factor, enum rounding mode)
{
    int128 common = (int128)uint128_gcd((uint128)scale, (uint128)divisor), lo = op_at(p, a)->lo, hi = op_at(p, a)->hi,
           bias;
    struct plan_op op = {.code = PLAN_ROUND, .a = a, .b = NONE, .c = NONE};

    scale /= common;
    divisor /= common;
    bias = mode == ROUNDING_NEAREST ? divisor / 2 : mode == ROUNDING_UP ? divisor - 1 : 0;
    if (divisor == 1)
        return op_scale(p, op_scale(p, a, scale), factor);
    if (!plan_fits(0, scale) || !plan_fits(0, divisor) || !plan_fits(0, factor) ||
        !plan_fits(lo * scale - bias, hi * scale + bias))
        return NONE;
    op.as.round = (struct plan_round){.scale = (int64_t)scale,
                                      .bias = (int64_t)bias,
                                      .divisor = (int64_t)divisor,
                                      .factor = (int64_t)factor,
                                      .negative = lo < 0};
    find_magic(&op.as.round);
    lo = int128_round_div(lo * scale, divisor, mode);
    hi = int128_round_div(hi * scale, divisor, mode);
    if (!plan_fits(lowest(lo, lo * factor), highest(hi, hi * factor)))
        return NONE;
    op.lo = (int64_t)(lo * factor);
    op.hi = (int64_t)(hi * factor);
    return op.lo == op.hi ? op_constant(p, op.lo) : op_make(p, op);
}

/* Neighbours with one value are one segment; those out of reach of the key are dropped. NULL out: only counts. */
static size_t merge_segments(const struct plan_op *key, const int64_t *uppers, const int64_t *values, size_t count,
                             struct plan_table *out)
{
    size_t kept = 0;

    for (size_t i = 0;; i++) {
        if (i < count && (uppers[i] < key->lo || values[i] == values[i + 1]))
            continue;
        if (out)
            out->values[kept] = values[i];
        if (i == count || uppers[i] >= key->hi)
            return kept;
        if (out)
            out->uppers[kept] = uppers[i];
        kept++;
    }
}

/* A table of a table: the inner one with the values of the outer. */
static int fold_lookup(struct planner *p, const struct plan_op *inner, const struct plan_table *outer)
{
    const struct plan_table *t = inner->as.table;
    int64_t *values = arena_array(p->arena, int64_t, t->count + 1);

    for (size_t i = 0; i <= t->count; i++)
        values[i] = look_up(outer, t->values[i]);
    return op_lookup(p, inner->a, t->uppers, values, t->count);
}

int op_lookup(struct planner *p, int key, const int64_t *uppers, const int64_t *values, size_t count)
{
    struct plan_table *t = arena_new(p->arena, struct plan_table);
    struct plan_op op = {.code = PLAN_LOOKUP, .a = key, .b = NONE, .c = NONE};

    t->count = merge_segments(op_at(p, key), uppers, values, count, NULL);
    t->uppers = arena_array(p->arena, int64_t, t->count < PLAN_FEW ? PLAN_FEW : t->count);
    t->values = arena_array(p->arena, int64_t, t->count + 1);
    (void)merge_segments(op_at(p, key), uppers, values, count, t);
    if (op_at(p, key)->code == PLAN_LOOKUP)
        return fold_lookup(p, op_at(p, key), t);
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
    for (size_t i = 0; i < PLAN_FEW; i++)
        t->few[i] = t->uppers[i] > INT32_MAX ? INT32_MAX : (int32_t)t->uppers[i];
    op.as.table = t;
    return t->count == 0 ? op_constant(p, t->values[0]) : op_make(p, op);
}
