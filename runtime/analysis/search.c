/*
 * Signs and extremes of a formula on a box; see search.h.
 */
#include "search.h"

#include "cuts.h"

#include <string.h>

struct search {
    struct cutter cutter;
    struct {
        struct box *items;
        size_t count, capacity;
    } boxes;                           /* one per level */
};

struct search *search_new(struct arena *arena, const struct axes *axes, struct formula_pool *pool,
                          struct region_budget *budget)
{
    struct search *s = arena_new(arena, struct search);

    s->cutter = (struct cutter){ .arena = arena, .axes = axes, .pool = pool, .budget = budget,
                                 .probe = box_new(arena, axes), .counted = formula_pool_work(pool) };
    return s;
}

static struct box *box_at(struct search *s, size_t level)
{
    struct box *item;

    if (level < s->boxes.count)
        return &s->boxes.items[level];
    item = arena_push(s->cutter.arena, &s->boxes);
    *item = box_new(s->cutter.arena, s->cutter.axes);
    return item;
}

static void copy_box(struct box *to, const struct box *from)
{
    memcpy(to->items, from->items, from->count * sizeof *from->items);
}

/* ------------------------------------------------------------------ signs */

struct sign_walk {
    struct search *s;
    const struct formula *f;
    const struct box *box;
    sign_visitor visit;
    void *context;
};

static struct threshold sign_threshold(const void *context, size_t i)
{
    (void)context;
    return (struct threshold){ number_of(0), i > 0 };
}

/* The box of this level; false: the visitor stopped. */
static bool visit_signs(struct sign_walk *w, size_t level)
{
    static const struct ladder ladder = { .count = 2, .at = sign_threshold };
    struct search *s = w->s;
    const struct box box = s->boxes.items[level];
    int64_t begins[3], hi;
    size_t step = SIGN_UNKNOWN, parts, axis;

    s->cutter.box = &box;
    switch (cutter_settle(&s->cutter, w->f, &ladder, &step)) {
    case SETTLED: return w->visit(w->context, &box, (enum sign)step);
    case NOBODY:                       /* without conditions, there is somebody */
    case NOT_KNOWN: return w->visit(w->context, &box, SIGN_UNKNOWN);
    case TO_CUT: break;
    }
    axis = s->cutter.cut.axis;
    parts = s->cutter.cut.count + 1;   /* three signs: two cuts at most */
    begins[0] = box.items[axis].lo;
    hi = box.items[axis].hi;
    for (size_t i = 1; i < parts; i++)
        begins[i] = s->cutter.cut.items[i - 1];
    (void)box_at(s, level + 1);
    for (size_t i = 0; i < parts; i++) {
        copy_box(&s->boxes.items[level + 1], &s->boxes.items[level]);
        s->boxes.items[level + 1].items[axis].lo = begins[i];
        s->boxes.items[level + 1].items[axis].hi = i + 1 < parts ? begins[i + 1] - 1 : hi;
        if (!visit_signs(w, level + 1))
            return false;
    }
    return true;
}

static bool walk_signs(void *context)
{
    struct sign_walk *w = context;

    copy_box(box_at(w->s, 0), w->box);
    (void)visit_signs(w, 0);
    return true;
}

delib_status search_signs(struct search *s, const struct formula *f, const struct box *box, sign_visitor visit,
                          void *context)
{
    struct sign_walk w = { s, f, box, visit, context };

    return arena_guard(s->cutter.arena, walk_signs, &w) ? DELIB_OK : DELIB_NO_MEMORY;
}

/* ------------------------------------------------------------------ extremes */

struct extremum_walk {
    struct search *s;
    const struct formula *f;
    const struct box *box;
    bool greatest, seen, failed;
    struct extremum *out;
};

static bool is_better(const struct extremum_walk *w, struct number a, struct number b)
{
    int order = number_compare(a, b);

    return w->greatest ? order > 0 : order < 0;
}

static void see(struct extremum_walk *w, const struct box *point)
{
    struct number value;

    if (!formula_at(w->s->cutter.pool, w->f, point, &value)) {
        w->failed = true;
    } else if (!w->seen || is_better(w, value, w->out->value)) {
        w->seen = true;
        w->out->value = value;
        copy_box(&w->out->point, point);
    }
}

/* Along an axis on which f goes one way, only one end of the box matters. The axis left to halve; SIZE_MAX: none. */
static size_t keep_ends(struct extremum_walk *w, struct box *box)
{
    size_t widest = SIZE_MAX;

    for (size_t i = 0; i < box->count; i++) {
        struct coordinate *c = &box->items[i];
        enum direction d;

        if (c->kind != COORDINATE_RANGE || c->lo == c->hi)
            continue;
        d = formula_depends(w->f, i) ? formula_direction(w->s->cutter.pool, w->f, box, i) : DIRECTION_CONSTANT;
        if (d == DIRECTION_UNKNOWN) {
            if (widest == SIZE_MAX || c->hi - c->lo > box->items[widest].hi - box->items[widest].lo)
                widest = i;
        } else if (d != DIRECTION_CONSTANT) {
            c->lo = c->hi = (d == DIRECTION_RISING) == w->greatest ? c->hi : c->lo;
        }
    }
    return widest;
}

/* What the box may hold at best; false: it cannot better what was seen. */
static bool promises(struct extremum_walk *w, const struct box *box, struct number *best)
{
    struct formula_range range;

    if (!formula_range_on(w->s->cutter.pool, w->f, box, &range)) {
        w->failed = true;
        return false;
    }
    *best = w->greatest ? range.hi : range.lo;
    return is_better(w, *best, w->out->value);
}

static void note_left(struct extremum_walk *w, struct number best)
{
    w->out->proved = false;
    if (is_better(w, best, w->out->bound))
        w->out->bound = best;
}

static void visit_extremum(struct extremum_walk *w, size_t level)
{
    struct search *s = w->s;
    struct box box = s->boxes.items[level];
    struct number best;
    int64_t ends[4];
    size_t axis;

    if (w->failed || !promises(w, &box, &best))
        return;
    if (!cutter_spend(&s->cutter)) {
        note_left(w, best);
        return;
    }
    axis = keep_ends(w, &box);
    see(w, &box);                      /* its lowest point */
    if (axis == SIZE_MAX || w->failed)
        return;
    ends[0] = box.items[axis].lo;
    ends[3] = box.items[axis].hi;
    ends[1] = ends[0] + (ends[3] - ends[0]) / 2;
    ends[2] = ends[1] + 1;
    (void)box_at(s, level + 1);
    for (size_t half = 2; half-- > 0;) {
        struct box *part = &s->boxes.items[level + 1];

        copy_box(part, &s->boxes.items[level]);
        part->items[axis].lo = ends[2 * half];
        part->items[axis].hi = ends[2 * half + 1];
        visit_extremum(w, level + 1);
    }
}

static bool walk_extremum(void *context)
{
    struct extremum_walk *w = context;
    struct search *s = w->s;

    w->out->point = box_new(s->cutter.arena, s->cutter.axes);
    w->out->proved = true;
    box_point(s->cutter.axes, w->box, 0, &s->cutter.probe);
    see(w, &s->cutter.probe);
    if (w->failed)
        return true;
    w->out->bound = w->out->value;
    copy_box(box_at(s, 0), w->box);
    visit_extremum(w, 0);
    if (is_better(w, w->out->value, w->out->bound))
        w->out->bound = w->out->value;
    box_point(s->cutter.axes, &w->out->point, 0, &w->out->point);
    return true;
}

delib_status search_extremum(struct search *s, const struct formula *f, const struct box *box, bool greatest,
                             struct extremum *out)
{
    struct extremum_walk w = { .s = s, .f = f, .box = box, .greatest = greatest, .out = out };

    *out = (struct extremum){ .proved = false };
    if (!arena_guard(s->cutter.arena, walk_extremum, &w))
        return DELIB_NO_MEMORY;
    return w.failed ? DELIB_LIMIT : DELIB_OK;
}
