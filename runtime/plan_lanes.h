/*
 * Loops of a plan over columns. Included twice by plan_run.c, with LANE and ULANE the signed and unsigned type of a
 * number, LANES(name) the name of each function, and ROUND, ROUND_SIGNED the rounding of that width. The loops are
 * plain, without jumps, for the compiler to make vectors of.
 */

static void LANES(binary)(const struct plan *plan, const struct plan_op *op, LANE *const *lanes, size_t rows)
{
    const struct plan_op *left = &plan->ops[op->a], *right = &plan->ops[op->b];
    const LANE *restrict a = lanes[op->a], *restrict b = lanes[op->b];
    LANE *restrict out = lanes[op - plan->ops];
    const LANE x = (LANE)left->as.constant, y = (LANE)right->as.constant;

#define LOOP(value)                                                                                                  \
    for (size_t i = 0; i < rows; i++)                                                                                \
    out[i] = (value)
#define SHAPES(OP)                                                                                                   \
    if (right->code == PLAN_CONSTANT)                                                                                \
        LOOP(OP(ULANE, LANE, a[i], y));                                                                              \
    else if (left->code == PLAN_CONSTANT)                                                                            \
        LOOP(OP(ULANE, LANE, x, b[i]));                                                                              \
    else                                                                                                             \
        LOOP(OP(ULANE, LANE, a[i], b[i]));                                                                           \
    break

    switch ((int)op->code) {
    case PLAN_ADD: SHAPES(OP_SUM);
    case PLAN_SUBTRACT: SHAPES(OP_DIFFERENCE);
    case PLAN_MULTIPLY: SHAPES(OP_PRODUCT);
    case PLAN_MINIMUM: SHAPES(OP_LEAST);
    case PLAN_MAXIMUM: SHAPES(OP_MOST);
    case PLAN_LESS: SHAPES(OP_BELOW);
    case PLAN_LESS_EQUAL: SHAPES(OP_AT_MOST);
    case PLAN_EQUAL: SHAPES(OP_SAME);
    case PLAN_AND: SHAPES(OP_BOTH);
    case PLAN_OR: SHAPES(OP_EITHER);
    case PLAN_AND_NOT: SHAPES(OP_BUT);
    default: break;
    }
#undef SHAPES
}

static void LANES(select)(const struct plan *plan, const struct plan_op *op, LANE *const *lanes, size_t rows)
{
    const bool fixed_b = plan->ops[op->b].code == PLAN_CONSTANT, fixed_c = plan->ops[op->c].code == PLAN_CONSTANT;
    const LANE *restrict m = lanes[op->a], *restrict b = lanes[op->b], *restrict c = lanes[op->c];
    LANE *restrict out = lanes[op - plan->ops];
    const LANE x = (LANE)plan->ops[op->b].as.constant, y = (LANE)plan->ops[op->c].as.constant;

    if (fixed_b && fixed_c)
        LOOP(OP_CHOOSE(m[i], x, y));
    else if (fixed_b)
        LOOP(OP_CHOOSE(m[i], x, c[i]));
    else if (fixed_c)
        LOOP(OP_CHOOSE(m[i], b[i], y));
    else
        LOOP(OP_CHOOSE(m[i], b[i], c[i]));
}

/* Thresholds four at a time: each adds its step to the keys that are beyond it. */
static void LANES(steps)(const struct plan_table *t, size_t first, const LANE *restrict key, LANE *restrict out,
                         size_t rows)
{
    LANE upper[4] = {0}, step[4] = {0};

    for (size_t k = 0; k < 4 && first + k < t->count; k++) {
        upper[k] = (LANE)t->uppers[first + k];
        step[k] = (LANE)((ULANE)t->values[first + k + 1] - (ULANE)t->values[first + k]);
    }
    LOOP((LANE)((ULANE)out[i] + (ULANE)(step[0] & -(LANE)(key[i] > upper[0])) +
                (ULANE)(step[1] & -(LANE)(key[i] > upper[1])) + (ULANE)(step[2] & -(LANE)(key[i] > upper[2])) +
                (ULANE)(step[3] & -(LANE)(key[i] > upper[3]))));
}

static void LANES(table)(const struct plan *plan, const struct plan_op *op, LANE *const *lanes, size_t rows)
{
    const struct plan_table *t = op->as.table;
    const LANE *restrict key = lanes[op->a];
    LANE *restrict out = lanes[op - plan->ops];
    const LANE first = (LANE)t->values[0];

    if (t->count > 64) {
        LOOP((LANE)look_up(t, key[i]));
        return;
    }
    LOOP(first);
    for (size_t k = 0; k < t->count; k += 4)
        LANES(steps)(t, k, key, out, rows);
}

static void LANES(rounding)(const struct plan *plan, const struct plan_op *op, LANE *const *lanes, size_t rows)
{
    const struct plan_round r = op->as.round;
    const LANE *restrict a = lanes[op->a];
    LANE *restrict out = lanes[op - plan->ops];

    if (r.negative)
        LOOP(ROUND_SIGNED(&r, a[i]));
    else
        LOOP(ROUND(&r, a[i]));
}

static CLONED void LANES(run)(const struct plan *plan, LANE *const *lanes, size_t rows)
{
    for (size_t k = plan->first_computed; k < plan->count; k++) {
        const struct plan_op *op = &plan->ops[k];

        if (op->code == PLAN_SELECT)
            LANES(select)(plan, op, lanes, rows);
        else if (op->code == PLAN_LOOKUP)
            LANES(table)(plan, op, lanes, rows);
        else if (op->code == PLAN_ROUND)
            LANES(rounding)(plan, op, lanes, rows);
        else
            LANES(binary)(plan, op, lanes, rows);
    }
}

/* Apart from its clones, whose names the compiler would export. */
void LANES(plan_run)(const struct plan *plan, LANE *const *lanes, size_t rows)
{
    LANES(run)(plan, lanes, rows);
}

#undef LOOP
#undef LANE
#undef ULANE
#undef LANES
#undef ROUND
#undef ROUND_SIGNED
