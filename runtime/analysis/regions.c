/*
 * The walk: boxes are evaluated, cut, and their parts evaluated again, depth first, until each has its outcomes. See
 * regions.h.
 */
#include "regions.h"

#include "runtime/session.h"
#include "symbolic.h"

#include <string.h>

/* A box that is being cut, and which part comes next. */
struct frame {
    struct box box;
    struct conditions conditions;      /* that its families meet */
    struct conditions parts;           /* not empty: cut into those of each */
    size_t axis;
    bool states;
    struct {
        int64_t *items;
        size_t count, capacity;
    } cuts;
    size_t next;
};

struct regions {
    struct arena *arena;
    const struct axes *axes;
    const struct region_target *targets;
    size_t target_count;
    struct regions_options options;
    struct symbolic symbolic;
    struct symbolic_memo **memos;      /* per target */
    struct region_outcome *outcomes;   /* per target */
    struct box whole;
    struct {
        struct frame **items;
        size_t count, capacity;
    } frames;                          /* kept from one walk to the next */
};

/* ------------------------------------------------------------------ axes and targets */

static struct axis axis_of_datum(const struct delib_program *program, size_t i, bool failures)
{
    const struct symbol *datum = program->model.data.items[i];
    const struct type *type = datum->type;
    struct axis axis = { .name = program->data_names[i], .label = program->data_labels[i], .symbol = datum,
                         .model = &program->model, .type = type, .den = 1 };

    axis.opaque = type->kind == TYPE_TEXT || type->kind == TYPE_LIST || type->kind == TYPE_RECORD;
    axis.may_be_absent = !data_set_is_empty(&datum->facts.absent);
    axis.may_fail = failures && datum->kind == SYMBOL_SOURCE;
    if (axis.opaque)
        return axis;
    axis.den = type->kind == TYPE_NUMBER ? datum->facts.den : 1;
    axis.lo = (int64_t)datum->facts.lo;
    axis.hi = (int64_t)datum->facts.hi;
    return axis;
}

/* The symbol « date » has a type only where the act names it. */
static const struct type DATE_OF_SERVICE = { .kind = TYPE_DATE };

struct axes axes_of_program(struct arena *arena, const struct delib_program *program, struct date from, struct date to,
                            bool failures)
{
    size_t count = program->model.data.count;
    struct axes axes = { .items = arena_array(arena, struct axis, count + 1), .count = count, .capacity = count + 1 };

    for (size_t i = 0; i < count; i++)
        axes.items[i] = axis_of_datum(program, i, failures);
    if (from.year && to.year)
        axes.items[axes.count++] = (struct axis){ .name = "date", .label = "date du service",
                                                  .model = &program->model, .type = &DATE_OF_SERVICE, .den = 1,
                                                  .lo = date_to_days(from), .hi = date_to_days(to) };
    return axes;
}

struct region_target target_of_program(struct arena *arena, const struct delib_program *program, size_t tariff)
{
    struct region_target t = { .program = program, .tariff = tariff };

    t.bindings = arena_array(arena, struct binding, program->model.data.count + 1);
    for (size_t i = 0; i <= program->model.data.count; i++)
        t.bindings[i] = (struct binding){ .kind = BINDING_AXIS, .axis = i };
    return t;
}

/* ------------------------------------------------------------------ a walker */

struct regions *regions_new(struct arena *arena, const struct axes *axes, const struct region_target *targets,
                            size_t target_count, const struct regions_options *options)
{
    struct regions *r = arena_new(arena, struct regions);

    r->arena = arena;
    r->axes = axes;
    r->targets = targets;
    r->target_count = target_count;
    if (options)
        r->options = *options;
    r->memos = arena_array(arena, struct symbolic_memo *, target_count);
    r->outcomes = arena_array(arena, struct region_outcome, target_count);
    r->whole = box_new(arena, axes);
    for (size_t i = 0; i < target_count; i++)
        r->memos[i] = arena_array(arena, struct symbolic_memo, targets[i].program->let_count);
    r->symbolic.options = &r->options;
    r->symbolic.cutter = (struct cutter){ .arena = arena, .axes = axes, .pool = formula_pool_new(arena, axes),
                                          .probe = box_new(arena, axes) };
    return r;
}

struct formula_pool *regions_formulas(struct regions *r)
{
    return r->symbolic.cutter.pool;
}

/* ------------------------------------------------------------------ the walk */

struct walk {
    struct regions *r;
    region_visitor visit;
    void *context;
    size_t depth;                      /* frames in use */
    bool stopped;
};

static struct frame *frame_at(struct regions *r, size_t depth)
{
    struct frame **item;

    if (depth < r->frames.count)
        return r->frames.items[depth];
    item = arena_push(r->arena, &r->frames);     /* NOLINT(bugprone-sizeof-expression): pointers */
    *item = arena_new(r->arena, struct frame);
    (*item)->box = box_new(r->arena, r->axes);
    return *item;
}

static void copy_box(struct box *to, const struct box *from)
{
    memcpy(to->items, from->items, from->count * sizeof *from->items);
}

/* How a frame is cut from now on. */
static void keep_cut(struct regions *r, struct frame *f, const struct cut *cut)
{
    f->axis = cut->axis;
    f->states = cut->states;
    f->next = 0;
    f->cuts.count = 0;
    f->parts.count = 0;
    if (!cut->states)
        conditions_copy(r->arena, &f->parts, &cut->parts);
    for (size_t i = 0; !cut->states && f->parts.count == 0 && i < cut->count; i++)
        *(int64_t *)arena_push(r->arena, &f->cuts) = cut->items[i];
}

/* The next part of a frame cut by the states of an axis; false when there is none left. */
static bool next_state(const struct regions *r, struct frame *f, struct coordinate *part)
{
    const struct axis *axis = &r->axes->items[f->axis];

    *part = (struct coordinate){ .read = true };
    switch (f->next++) {
    case 0: *part = coordinate_known(axis); return true;
    case 1:
        part->kind = COORDINATE_ABSENT;
        return axis->may_be_absent || next_state(r, f, part);
    case 2:
        part->kind = COORDINATE_FAILED;
        return axis->may_fail;
    default: return false;
    }
}

/* By ranges; `rest`: all that is left, at once. */
static bool next_range(struct frame *f, struct coordinate *part, bool rest)
{
    if (f->next > f->cuts.count)
        return false;
    *part = f->box.items[f->axis];
    if (f->next > 0)
        part->lo = f->cuts.items[f->next - 1];
    if (f->next < f->cuts.count && !rest)
        part->hi = f->cuts.items[f->next] - 1;
    f->next = rest ? f->cuts.count + 1 : f->next + 1;
    return true;
}

/* By conditions: those that somebody may meet. */
static bool next_condition(struct regions *r, struct frame *f, struct conditions *out)
{
    while (f->next < f->parts.count) {
        conditions_copy(r->arena, out, &f->conditions);
        if (conditions_add(r->arena, out, &f->parts.items[f->next++]))
            return true;
    }
    return false;
}

/* The next part of a frame, in the frame below it. */
static bool next_part(struct regions *r, struct frame *f, struct frame *below, bool rest)
{
    copy_box(&below->box, &f->box);
    if (f->parts.count > 0)
        return next_condition(r, f, &below->conditions);
    conditions_copy(r->arena, &below->conditions, &f->conditions);
    return f->states ? next_state(r, f, &below->box.items[f->axis]) : next_range(f, &below->box.items[f->axis], rest);
}

static bool tell(struct walk *w, const struct frame *f)
{
    const struct region region = { &f->box, &f->conditions, w->r->outcomes, w->r->target_count };

    w->stopped = !w->visit(w->context, &region);
    return !w->stopped;
}

/* False: the box is to be cut. */
static bool evaluate_box(struct walk *w, struct frame *f)
{
    struct regions *r = w->r;
    struct symbolic *s = &r->symbolic;
    size_t first = 0;

    s->box = &f->box;
    s->cutter.conditions = r->options.conditions ? &f->conditions : NULL;
    s->marks.count = 0;
    s->nobody = false;
    for (size_t i = 0; i < r->target_count && !s->nobody; i++) {
        first = s->marks.count;
        if (!symbolic_evaluate(s, &r->targets[i], r->memos[i], &r->outcomes[i]))
            return false;
        r->outcomes[i].path_count = s->marks.count - first;
    }
    first = 0;
    for (size_t i = 0; i < r->target_count && !s->nobody; i++) {
        r->outcomes[i].path = s->marks.items + first;
        first += r->outcomes[i].path_count;
    }
    return true;
}

/* The budget is spent: what is left of the frames is visited without being looked at. */
static void tell_the_rest(struct walk *w)
{
    for (size_t i = 0; i < w->r->target_count; i++)
        w->r->outcomes[i] = (struct region_outcome){ .why = WHY_BUDGET };
    while (w->depth > 0 && !w->stopped) {
        struct frame *below = frame_at(w->r, w->depth), *f = w->r->frames.items[w->depth - 1];

        if (next_part(w->r, f, below, true))
            tell(w, below);
        else
            w->depth--;
    }
}

/* The box of the frame at w->depth: an outcome to tell, or a frame to cut. */
static void take(struct walk *w)
{
    struct regions *r = w->r;
    struct frame *f = r->frames.items[w->depth];

    if (!evaluate_box(w, f)) {
        keep_cut(r, f, &r->symbolic.cutter.cut);
        w->depth++;
    } else if (!r->symbolic.nobody) {
        tell(w, f);
    }
}

void regions_walk(struct regions *r, const struct box *start, struct region_budget *budget, region_visitor visit,
                  void *context)
{
    struct walk w = { .r = r, .visit = visit, .context = context };

    r->symbolic.cutter.budget = budget;
    r->symbolic.cutter.counted = formula_pool_work(r->symbolic.cutter.pool);
    copy_box(&frame_at(r, 0)->box, start ? start : &r->whole);
    r->frames.items[0]->conditions.count = 0;
    take(&w);
    while (w.depth > 0 && !w.stopped) {
        struct frame *below = frame_at(r, w.depth), *f = r->frames.items[w.depth - 1];

        if (budget->left == 0)
            tell_the_rest(&w);
        else if (next_part(r, f, below, false))
            take(&w);
        else
            w.depth--;
    }
}

bool outcomes_equal(const struct region_outcome *a, const struct region_outcome *b)
{
    if (a->why || b->why || a->statut != b->statut)
        return false;
    return a->statut != DELIB_CALCULE || a->formula == b->formula;
}

/* ------------------------------------------------------------------ the engine on one point */

static const int64_t *value_of(const struct coordinate *c, const struct axis *axis)
{
    return c->kind == COORDINATE_RANGE ? &c->lo : &axis->lo;
}

static struct datum_value bound_value(const struct region_target *t, const struct axes *axes,
                                      const struct symbol *datum, delib_session *session, const struct box *point)
{
    static const enum datum_state states[] = { DATUM_SET, DATUM_SET, DATUM_NULL, DATUM_FAILED };
    const struct binding *b = &t->bindings[datum->index];
    struct datum_value v = { .state = DATUM_SET, .d = 1, .num = b->fixed, .ref = b->ref };
    const struct axis *axis = &axes->items[b->axis];
    const struct coordinate *c = &point->items[b->axis];
    int64_t n;

    if (b->kind == BINDING_ABSENT || b->kind == BINDING_FAILED)
        v.state = b->kind == BINDING_ABSENT ? DATUM_NULL : DATUM_FAILED;
    if (b->kind != BINDING_AXIS)
        return v;
    v.state = states[c->kind];
    if (v.state != DATUM_SET)
        return v;
    n = *value_of(c, axis);
    v.num = b->members ? b->members[n]
            : datum->type->kind == TYPE_NUMBER ? (int128)n * datum->facts.den / axis->den : n;
    if (datum->type->kind == TYPE_TEXT)
        v.ref = "";
    if (datum->type->kind == TYPE_LIST)
        v.ref = arena_new(&session->data, struct list_value);
    return v;
}

struct setting {
    const struct region_target *target;
    const struct axes *axes;
    delib_session *session;
    const struct box *point;
};

static bool set_point(void *context)
{
    const struct setting *g = context;
    const struct region_target *t = g->target;
    size_t count = t->program->model.data.count;
    const struct binding *date = &t->bindings[count];

    for (size_t i = 0; i < count; i++)
        g->session->values[i] = bound_value(t, g->axes, t->program->model.data.items[i], g->session, g->point);
    if (date->kind == BINDING_FIXED)
        g->session->date = date_from_days((int32_t)date->fixed);
    else if (date->kind == BINDING_ABSENT)
        g->session->date = (struct date){ 0 };
    else if (date->axis < g->axes->count)
        g->session->date =
            date_from_days((int32_t)*value_of(&g->point->items[date->axis], &g->axes->items[date->axis]));
    return true;
}

static delib_tariff handle_of(const struct region_target *t)
{
    for (size_t i = 0; t->output && i < t->program->output_count; i++)
        if (t->program->outputs[i].symbol == t->output)
            return (delib_tariff)(t->program->tariff_count + 1 + i);
    return (delib_tariff)t->tariff;
}

delib_status region_evaluate(const struct region_target *target, const struct axes *axes, delib_session *session,
                             const struct box *point, delib_result *out)
{
    struct setting setting = { target, axes, session, point };

    delib_session_reset(session);
    if (session->data.exhausted || !arena_guard(&session->data, set_point, &setting))
        return DELIB_NO_MEMORY;
    return delib_evaluate(session, handle_of(target), out);
}
