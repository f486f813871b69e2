/*
 * Running a plan: by columns in 32 or 64 bits, and one family at a time. The three read the operations of plan_ops.h.
 */
#include "vectors.h"

#include "plan_ops.h"

#define LANE         int32_t
#define ULANE        uint32_t
#define LANES(name)  name##_narrow
#define ROUND        round_narrow
#define ROUND_SIGNED round_narrow_signed
#include "plan_lanes.h"

#define LANE         int64_t
#define ULANE        uint64_t
#define LANES(name)  name##_wide
#define ROUND        round_wide
#define ROUND_SIGNED round_wide_signed
#include "plan_lanes.h"

static CLONED void run_one(const struct plan *plan, int64_t *restrict v)
{
    const struct plan_op *const end = plan->ops + plan->count;
    size_t k = plan->first_computed;

#define OF(OP) OP(uint64_t, int64_t, v[op->a], v[op->b])
    for (const struct plan_op *op = plan->ops + k; op < end; op++, k++) {
        switch (op->code) {
        case PLAN_CONSTANT:
        case PLAN_INPUT:
        case PLAN_ABSENT: break;
        case PLAN_ADD: v[k] = OF(OP_SUM); break;
        case PLAN_SUBTRACT: v[k] = OF(OP_DIFFERENCE); break;
        case PLAN_MULTIPLY: v[k] = OF(OP_PRODUCT); break;
        case PLAN_MINIMUM: v[k] = OF(OP_LEAST); break;
        case PLAN_MAXIMUM: v[k] = OF(OP_MOST); break;
        case PLAN_LESS: v[k] = OF(OP_BELOW); break;
        case PLAN_LESS_EQUAL: v[k] = OF(OP_AT_MOST); break;
        case PLAN_EQUAL: v[k] = OF(OP_SAME); break;
        case PLAN_AND: v[k] = OF(OP_BOTH); break;
        case PLAN_OR: v[k] = OF(OP_EITHER); break;
        case PLAN_AND_NOT: v[k] = OF(OP_BUT); break;
        case PLAN_SELECT: v[k] = OP_CHOOSE(v[op->a], v[op->b], v[op->c]); break;
        case PLAN_LOOKUP: v[k] = look_up(op->as.table, v[op->a]); break;
        case PLAN_ROUND:
            if (plan->narrow)
                v[k] = round_narrow_signed(&op->as.round, (int32_t)v[op->a]);
            else
                v[k] = round_wide_signed(&op->as.round, v[op->a]);
            break;
        }
    }
#undef OF
}

void plan_run_one(const struct plan *plan, int64_t *values)
{
    run_one(plan, values);
}
