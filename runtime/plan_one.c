/*
 * One family at a time. What costs there is to go from one operation to the next and to pass values through memory:
 * the operations of a plan are therefore joined into fewer, wider steps — a choice and its product, a look-up and what
 * stands for an absent key, and after them a rounding and bounds.
 */
#if defined(__GNUC__)
#pragma GCC diagnostic ignored "-Wpedantic" /* addresses of labels; elsewhere, a switch */
#define THREADED 1
#else
#define THREADED 0
#endif
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("O3")
#endif

#include "plan_ops.h"

/* ------------------------------------------------------------------ what a step computes */

#define A                  v[s->a]
#define B                  v[s->b]
#define C                  v[s->c]
#define WHERE              v[s->mask]
#define BINARY(OP)         OP(uint64_t, int64_t, A, B)
#define PRODUCT(x, factor) OP_PRODUCT(uint64_t, int64_t, x, factor)

/* CORE(name, value): then its ending. */
#define PLAN_CORES(CORE)                                                                                             \
    CORE(VALUE, A)                                                                                                   \
    CORE(ADD, BINARY(OP_SUM))                                                                                        \
    CORE(SUBTRACT, BINARY(OP_DIFFERENCE))                                                                            \
    CORE(MULTIPLY, BINARY(OP_PRODUCT))                                                                               \
    CORE(MINIMUM, BINARY(OP_LEAST))                                                                                  \
    CORE(MAXIMUM, BINARY(OP_MOST))                                                                                   \
    CORE(LESS, BINARY(OP_BELOW))                                                                                     \
    CORE(LESS_EQUAL, BINARY(OP_AT_MOST))                                                                             \
    CORE(EQUAL, BINARY(OP_SAME))                                                                                     \
    CORE(AND, BINARY(OP_BOTH))                                                                                       \
    CORE(OR, BINARY(OP_EITHER))                                                                                      \
    CORE(AND_NOT, BINARY(OP_BUT))                                                                                    \
    CORE(SELECT, OP_CHOOSE(WHERE, B, C))                                                                             \
    CORE(SELECT_PRODUCT, PRODUCT(A, OP_CHOOSE(WHERE, B, C)))                                                         \
    CORE(LOOKUP, look_up(s->table, A))                                                                               \
    CORE(LOOKUP_FEW, LOOK_UP_FEW(s->table, A))                                                                       \
    CORE(LOOKUP_FEW_UNLESS, OP_CHOOSE(WHERE, B, LOOK_UP_FEW(s->table, A)))                                           \
    CORE(ROUND_SIGNED, ROUNDED_SIGNED(&s->round, A))

#define NAME(core, value) CORE_##core,
enum plan_core { PLAN_CORES(NAME) CORE_COUNT };
enum plan_ending { ENDING_NONE, ENDING_CLAMP, ENDING_ROUND, ENDING_ROUND_CLAMP, ENDING_CLAMP_ROUND, ENDINGS };

#define END_NONE(x)        (x)
#define END_CLAMP(x)       bounded(s, x)
#define END_ROUND(x)       ROUNDED(&s->round, x)
#define END_ROUND_CLAMP(x) bounded(s, ROUNDED(&s->round, x))
#define END_CLAMP_ROUND(x) ROUNDED(&s->round, bounded(s, x))

static inline int64_t bounded(const struct plan_step *s, int64_t x)
{
    x = OP_MOST(uint64_t, int64_t, x, s->low);
    return OP_LEAST(uint64_t, int64_t, x, s->high);
}

#define STEPS                run_narrow
#define LOOK_UP_FEW          look_up_few_narrow
#define ROUNDED(r, x)        round_narrow(r, (int32_t)(x))
#define ROUNDED_SIGNED(r, x) round_narrow_signed(r, (int32_t)(x))
#include "plan_one.h"

#define STEPS          run_wide
#define LOOK_UP_FEW    look_up_few
#define ROUNDED        round_wide
#define ROUNDED_SIGNED round_wide_signed
#include "plan_one.h"

void plan_run_one(const struct plan *plan, int64_t *values)
{
    if (plan->narrow)
        run_narrow(plan->steps, values);
    else
        run_wide(plan->steps, values);
}

/* ------------------------------------------------------------------ from operations to steps */

struct joiner {
    const struct plan *plan;
    int *reader;  /* per operation: the only one that reads it; NONE: none or several, or a result */
    bool *joined; /* it is part of the step of another */
};

enum { NONE = -1, SEVERAL = -2 };

static void note_reader(struct joiner *j, int op, int reader)
{
    if (op >= 0)
        j->reader[op] = j->reader[op] == NONE ? reader : SEVERAL;
}

static void find_readers(struct joiner *j)
{
    for (size_t i = 0; i < j->plan->count; i++)
        j->reader[i] = NONE;
    for (size_t i = 0; i < j->plan->count; i++) {
        const struct plan_op *op = &j->plan->ops[i];

        note_reader(j, op->a, (int)i);
        note_reader(j, op->b, (int)i);
        note_reader(j, op->c, (int)i);
    }
    for (size_t i = 0; i < j->plan->result_count; i++)
        if (j->plan->results[i].planned) {
            note_reader(j, j->plan->results[i].value, SEVERAL);
            note_reader(j, j->plan->results[i].aside, SEVERAL);
        }
}

static const struct plan_op *only_for(const struct joiner *j, int op, int reader, enum plan_code code)
{
    return op >= 0 && j->reader[op] == reader && !j->joined[op] && j->plan->ops[op].code == code ? &j->plan->ops[op]
                                                                                                 : NULL;
}

static bool is_few(const struct plan_op *op)
{
    return op->as.table->count <= PLAN_FEW;
}

static bool is_joined(const struct joiner *j, int op, enum plan_code code)
{
    return op >= 0 && j->joined[op] && j->plan->ops[op].code == code;
}

/* A look-up whose key may be absent; then a choice between two factors. */
static void join_operands(struct joiner *j)
{
    for (size_t i = j->plan->first_computed; i < j->plan->count; i++) {
        const struct plan_op *op = &j->plan->ops[i], *inner;

        inner = op->code == PLAN_SELECT ? only_for(j, op->c, (int)i, PLAN_LOOKUP) : NULL;
        if (inner && is_few(inner))
            j->joined[op->c] = true;
    }
    for (size_t i = j->plan->first_computed; i < j->plan->count; i++) {
        const struct plan_op *op = &j->plan->ops[i];
        int factor = op->code != PLAN_MULTIPLY                         ? NONE
                     : only_for(j, op->b, (int)i, PLAN_SELECT) != NULL ? op->b
                     : only_for(j, op->a, (int)i, PLAN_SELECT) != NULL ? op->a
                                                                       : NONE;

        if (factor >= 0 && !is_joined(j, j->plan->ops[factor].c, PLAN_LOOKUP))
            j->joined[factor] = true;
    }
}

static struct plan_step core_of(const struct joiner *j, size_t index)
{
    static const enum plan_core CORES[] = {
        [PLAN_ADD] = CORE_ADD,         [PLAN_SUBTRACT] = CORE_SUBTRACT, [PLAN_MULTIPLY] = CORE_MULTIPLY,
        [PLAN_MINIMUM] = CORE_MINIMUM, [PLAN_MAXIMUM] = CORE_MAXIMUM,   [PLAN_LESS] = CORE_LESS,
        [PLAN_EQUAL] = CORE_EQUAL,     [PLAN_AND] = CORE_AND,           [PLAN_LESS_EQUAL] = CORE_LESS_EQUAL,
        [PLAN_OR] = CORE_OR,           [PLAN_AND_NOT] = CORE_AND_NOT,   [PLAN_SELECT] = CORE_SELECT,
        [PLAN_LOOKUP] = CORE_LOOKUP,   [PLAN_ROUND] = CORE_VALUE,
    };
    const struct plan_op *op = &j->plan->ops[index], *inner;
    struct plan_step s = {.code = CORES[op->code], .out = (uint32_t)index, .low = INT64_MIN, .high = INT64_MAX};

    s.a = op->a < 0 ? 0 : (uint32_t)op->a;
    s.b = op->b < 0 ? 0 : (uint32_t)op->b;
    if (op->code == PLAN_LOOKUP) {
        s.table = op->as.table;
        s.code = is_few(op) ? CORE_LOOKUP_FEW : CORE_LOOKUP;
    } else if (op->code == PLAN_ROUND) {
        s.round = op->as.round;
        s.code = op->as.round.negative ? CORE_ROUND_SIGNED : CORE_VALUE;
    } else if (op->code == PLAN_SELECT) {
        s.mask = (uint32_t)op->a;
        s.c = (uint32_t)op->c;
        if (is_joined(j, op->c, PLAN_LOOKUP)) {
            inner = &j->plan->ops[op->c];
            s.code = CORE_LOOKUP_FEW_UNLESS;
            s.a = (uint32_t)inner->a;
            s.table = inner->as.table;
        }
    } else if (op->code == PLAN_MULTIPLY && (is_joined(j, op->a, PLAN_SELECT) || is_joined(j, op->b, PLAN_SELECT))) {
        bool second = is_joined(j, op->b, PLAN_SELECT);

        inner = &j->plan->ops[second ? op->b : op->a];
        s.code = CORE_SELECT_PRODUCT;
        s.a = (uint32_t)(second ? op->a : op->b);
        s.mask = (uint32_t)inner->a;
        s.b = (uint32_t)inner->b;
        s.c = (uint32_t)inner->c;
    }
    return s;
}

/* A bound that is a constant, narrowed into the step; false when it is not one, or would cross the other. */
static bool join_bound(const struct joiner *j, struct plan_step *s, const struct plan_op *op, int value)
{
    const struct plan_op *bound = &j->plan->ops[op->a == value ? op->b : op->a];
    int64_t k = bound->as.constant;

    if (bound->code != PLAN_CONSTANT || (op->code == PLAN_MAXIMUM ? k > s->high : k < s->low))
        return false;
    if (op->code == PLAN_MAXIMUM)
        s->low = k > s->low ? k : s->low;
    else
        s->high = k < s->high ? k : s->high;
    return true;
}

/* A rounding and bounds, in one of the orders that an ending knows, as long as nothing else reads what they read. */
static enum plan_ending join_ending(struct joiner *j, struct plan_step *s, size_t index)
{
    const struct plan_op *head = &j->plan->ops[index];
    enum plan_ending ending = head->code == PLAN_ROUND && !head->as.round.negative ? ENDING_ROUND : ENDING_NONE;
    bool may_round = head->code != PLAN_ROUND;

    for (;;) {
        int next = j->reader[s->out];
        const struct plan_op *op = next >= 0 ? &j->plan->ops[next] : NULL;

        if (op && op->code == PLAN_ROUND && !op->as.round.negative && may_round &&
            (ending == ENDING_NONE || ending == ENDING_CLAMP)) {
            s->round = op->as.round;
            ending = ending == ENDING_NONE ? ENDING_ROUND : ENDING_CLAMP_ROUND;
            may_round = false;
        } else if (op && (op->code == PLAN_MAXIMUM || op->code == PLAN_MINIMUM) && ending != ENDING_CLAMP_ROUND &&
                   join_bound(j, s, op, (int)s->out)) {
            ending = ending == ENDING_NONE ? ENDING_CLAMP : ending == ENDING_ROUND ? ENDING_ROUND_CLAMP : ending;
        } else {
            return ending;
        }
        s->out = (uint32_t)next;
        j->joined[next] = true;
    }
}

void plan_make_steps(struct arena *arena, struct plan *plan)
{
    struct joiner j = {.plan = plan};
    size_t count = 0;

    j.reader = arena_array(arena, int, plan->count + 1);
    j.joined = arena_array(arena, bool, plan->count + 1);
    plan->steps = arena_array(arena, struct plan_step, plan->count - plan->first_computed + 1);
    find_readers(&j);
    join_operands(&j);
    for (size_t i = plan->first_computed; i < plan->count; i++) {
        struct plan_step s;

        if (j.joined[i])
            continue;
        s = core_of(&j, i);
        s.code = s.code * ENDINGS + join_ending(&j, &s, i);
        plan->steps[count++] = s;
    }
    plan->steps[count].code = CORE_COUNT * ENDINGS; /* the end */
}
