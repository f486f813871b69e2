/*
 * A plan from its request: inputs, tariffs one after the other, then only what some result needs, constants and inputs
 * first.
 */
#include "plan_build.h"

/* What is bound as a plain integer; false: this datum is for the general engine. */
static bool plan_domain(const struct symbol *datum, struct plan_input *out)
{
    *out = (struct plan_input){.datum = datum, .may_be_absent = !data_set_is_empty(&datum->facts.absent)};
    switch (datum->type->kind) {
    case TYPE_NUMBER:
        if (!plan_fits(datum->facts.lo, datum->facts.hi))
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
        rank[i] = (int)out->count;
        out->ops[out->count++] = o;
    }
}

/* Drops what no result needs. */
static void sweep(struct planner *p, struct plan *out)
{
    int *used = arena_array(p->arena, int, p->ops.count + 1), *rank = arena_array(p->arena, int, p->ops.count + 1);

    out->ops = arena_array(p->arena, struct plan_op, p->ops.count + 1);
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
}

/*
 * 32 bits suffice when every range fits in them, and what roundings multiply: a divisor is then within what it divides,
 * or the result would be a constant. Thresholds are within the range of their key.
 */
static bool is_narrow(const struct plan *plan)
{
    const int64_t limit = ((int64_t)1 << 31) - 1;

    for (size_t i = 0; i < plan->count; i++) {
        const struct plan_op *o = &plan->ops[i];

        if (o->lo < -limit || o->hi > limit)
            return false;
        if (o->code == PLAN_ROUND) {
            int128 a = plan->ops[o->a].lo, b = plan->ops[o->a].hi, most = highest(-a, b);

            if (most * o->as.round.scale + o->as.round.bias > limit)
                return false;
        }
    }
    return true;
}

void plan_make(struct arena *arena, const struct plan_request *request, struct plan *out)
{
    struct planner p = {.arena = arena, .request = request};
    size_t data = request->program->model.data.count;

    *out = (struct plan){.input_count = request->input_count, .result_count = request->tariff_count};
    for (size_t i = 0; i < PLAN_BUCKETS; i++)
        p.buckets[i] = NONE;
    out->inputs = p.inputs = arena_array(arena, struct plan_input, request->input_count);
    out->results = arena_array(arena, struct plan_result, request->tariff_count);
    p.input_of = arena_array(arena, int, data);
    for (size_t i = 0; i < data; i++)
        p.input_of[i] = NONE;
    for (size_t i = 0; i < request->input_count; i++)
        p.input_of[request->inputs[i]->index] = plan_domain(request->inputs[i], &p.inputs[i]) ? (int)i : UNPLANNED;
    (void)mask_none(&p);
    for (size_t i = 0; i < request->tariff_count; i++)
        plan_result_of(&p, request->tariffs[i], &out->results[i]);
    for (size_t i = 0; p.full && i < request->tariff_count; i++)
        out->results[i].planned = false;
    sweep(&p, out);
    out->narrow = is_narrow(out);
    plan_make_steps(arena, out);
}
