/*
 * Conditions on formulas; see conditions.h.
 */
#include "conditions.h"

#include <string.h>

enum { WITNESS_DRAWS = 400, MENDING_ROUNDS = 4 };

/* ------------------------------------------------------------------ ends */

static int end_compare(struct end a, struct end b)
{
    int order = number_compare(a.value, b.value);

    return order ? order : a.lean - b.lean;
}

struct end end_tighter(struct end a, struct end b, bool low)
{
    if (!a.set || !b.set)
        return a.set ? a : b;
    return (end_compare(a, b) > 0) == low ? a : b;
}

bool ends_cross(struct end low, struct end high)
{
    return low.set && high.set && end_compare(low, high) > 0;
}

static bool end_equal(struct end a, struct end b)
{
    return a.set == b.set && (!a.set || end_compare(a, b) == 0);
}

/* On a grid, « above 450 » is « from 451 ». */
static struct end end_on_grid(struct end e, struct number grain, bool low)
{
    bool beyond = low ? e.lean > 0 : e.lean < 0;
    struct number times;
    int128 n;

    if (!e.set || grain.num == 0 || !number_div(e.value, grain, &times))
        return e;
    n = low == beyond ? int128_floor_div(times.num, times.den) : int128_ceil_div(times.num, times.den);
    if ((beyond && !int128_add_checked(n, low ? 1 : -1, &n)) || !number_mul(number_of(n), grain, &e.value))
        return e;
    e.lean = 0;
    return e;
}

/* ------------------------------------------------------------------ sets of conditions */

struct condition *conditions_find(const struct conditions *c, const struct formula *core)
{
    for (size_t i = 0; i < c->count; i++)
        if (c->items[i].core == core)
            return &c->items[i];
    return NULL;
}

bool conditions_add(struct arena *arena, struct conditions *c, const struct condition *condition)
{
    struct condition *item = conditions_find(c, condition->core);
    struct number grain = formula_grain(condition->core);

    if (!item) {
        item = arena_push(arena, c);
        *item = *condition;
    }
    item->low = end_on_grid(end_tighter(item->low, condition->low, true), grain, true);
    item->high = end_on_grid(end_tighter(item->high, condition->high, false), grain, false);
    return !ends_cross(item->low, item->high);
}

void conditions_copy(struct arena *arena, struct conditions *to, const struct conditions *from)
{
    to->count = 0;
    for (size_t i = 0; i < from->count; i++)
        *(struct condition *)arena_push(arena, to) = from->items[i];
}

bool conditions_equal(const struct conditions *a, const struct conditions *b)
{
    for (size_t i = 0; i < a->count; i++) {
        const struct condition *other = conditions_find(b, a->items[i].core);

        if (!other || !end_equal(a->items[i].low, other->low) || !end_equal(a->items[i].high, other->high))
            return false;
    }
    return a->count == b->count;
}

static bool holds(const struct condition *c, struct formula_pool *pool, const struct box *point, int *side)
{
    struct end here = { .set = true };

    if (!formula_at(pool, c->core, point, &here.value))
        return false;
    *side = ends_cross(c->low, here) ? -1 : ends_cross(here, c->high);
    return *side == 0;
}

bool conditions_hold(const struct conditions *c, struct formula_pool *pool, const struct box *point)
{
    int side;

    for (size_t i = 0; i < c->count; i++)
        if (!holds(&c->items[i], pool, point, &side))
            return false;
    return true;
}

/* ------------------------------------------------------------------ a family that meets them */

struct witness_search {
    const struct conditions *conditions;
    const struct axes *axes;
    struct formula_pool *pool;
    const struct box *box;
    struct box *point;
};

static enum direction direction_along(const struct witness_search *w, const struct condition *c, size_t axis)
{
    return formula_depends(c->core, axis) ? formula_direction(w->pool, c->core, w->box, axis) : DIRECTION_CONSTANT;
}

/*
 * Moves one axis towards the condition, from its side: to the end of the box when the condition lies beyond it, else by
 * halves to a value that meets it, or next to it.
 */
static void move_towards(struct witness_search *w, const struct condition *c, size_t axis, bool rising, int side)
{
    const struct coordinate *k = &w->box->items[axis];
    struct coordinate *p = &w->point->items[axis];
    int64_t near = p->lo, far = rising == (side < 0) ? k->hi : k->lo;
    int here = side;

    p->lo = p->hi = far;
    (void)holds(c, w->pool, w->point, &here);
    while (here != side && here != 0 && (near < far ? far - near : near - far) > 1) {
        p->lo = p->hi = near + (far - near) / 2;
        (void)holds(c, w->pool, w->point, &here);
        if (here == side) {
            near = p->lo;
            here = -side;
        } else {
            far = p->lo;
        }
    }
}

/* Each condition that the point does not meet, in turn: along one axis after another, or from the last one back. */
static bool mend(struct witness_search *w, bool backwards)
{
    size_t axes = w->axes->count;

    for (size_t n = 0; n < w->conditions->count; n++) {
        const struct condition *c = &w->conditions->items[n];
        int side = 0;

        for (size_t i = 0; i < axes && !holds(c, w->pool, w->point, &side); i++) {
            size_t axis = backwards ? axes - 1 - i : i;
            enum direction d = direction_along(w, c, axis);

            if (d == DIRECTION_RISING || d == DIRECTION_FALLING)
                move_towards(w, c, axis, d == DIRECTION_RISING, side);
        }
    }
    return conditions_hold(w->conditions, w->pool, w->point);
}

/*
 * From the corner where the core is least to the one where it is greatest, an axis at a time: along each axis that
 * brings the core above its lower end, by halves, the first value that does.
 */
static bool climb(struct witness_search *w, const struct condition *c)
{
    int side = -1;

    for (size_t i = 0; i < w->axes->count && !holds(c, w->pool, w->point, &side) && side < 0; i++) {
        const struct coordinate *k = &w->box->items[i];
        struct coordinate *p = &w->point->items[i];
        enum direction d = direction_along(w, c, i);
        int64_t near, far;

        if (d != DIRECTION_RISING && d != DIRECTION_FALLING)
            continue;
        near = p->lo;
        far = d == DIRECTION_RISING ? k->hi : k->lo;
        p->lo = p->hi = far;
        (void)holds(c, w->pool, w->point, &side);
        while (side >= 0 && (near < far ? far - near : near - far) > 1) {
            int64_t middle = near + (far - near) / 2;

            p->lo = p->hi = middle;
            (void)holds(c, w->pool, w->point, &side);
            if (side < 0)
                near = middle;
            else
                far = middle;
            side = 0;
        }
        p->lo = p->hi = far;
    }
    return conditions_hold(w->conditions, w->pool, w->point);
}

static bool from_least(struct witness_search *w, const struct condition *c)
{
    if (!formula_corner(w->pool, c->core, w->box, false, w->point))
        return false;
    box_point(w->axes, w->point, 0, w->point);
    return climb(w, c);
}

/* Values anywhere, near and far: what remains when no corner led there. */
static bool draw(struct witness_search *w)
{
    uint64_t random = 88172645463325252u;

    for (int n = 0; n < WITNESS_DRAWS; n++) {
        box_point(w->axes, w->box, 0, w->point);
        for (size_t i = 0; i < w->axes->count; i++) {
            const struct coordinate *k = &w->box->items[i];
            struct coordinate *p = &w->point->items[i];
            uint64_t span;

            if (k->kind != COORDINATE_RANGE || !k->read)
                continue;
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            span = (uint64_t)(k->hi - k->lo) + 1;
            span = n % 3 == 1 && span > 1000000 ? 1000000 : n % 3 == 2 && span > 20000 ? 20000 : span;
            p->lo = p->hi = k->lo + (int64_t)(random % span);
        }
        if (conditions_hold(w->conditions, w->pool, w->point))
            return true;
    }
    return false;
}

bool conditions_witness(const struct conditions *c, const struct axes *axes, struct formula_pool *pool,
                        const struct box *box, struct box *point)
{
    struct witness_search w = { c, axes, pool, box, point };

    box_point(axes, box, 0, point);
    if (conditions_hold(c, pool, point))
        return true;
    for (size_t i = 0; i < c->count; i++)
        if (from_least(&w, &c->items[i]))
            return true;
    box_point(axes, box, 0, point);
    for (int round = 0; round < MENDING_ROUNDS; round++)
        if (mend(&w, round % 2 == 1))
            return true;
    return draw(&w);
}

/* ------------------------------------------------------------------ words */

static bool subject_value(const struct condition *c, struct end end, struct number *out)
{
    return end.set && number_mul(end.value, c->subject.factor, out) && number_add(*out, c->subject.constant, out);
}

static void strbuf_end(struct strbuf *out, const struct condition *c, struct number value)
{
    strbuf_typed_number(out, c->subject.model, c->subject.type, value);
}

static void strbuf_condition(struct strbuf *out, const struct condition *c)
{
    bool turned = number_sign(c->subject.factor) < 0;
    struct end low = turned ? c->high : c->low, high = turned ? c->low : c->high;
    struct number from, to;
    bool has_from = subject_value(c, low, &from), has_to = subject_value(c, high, &to);

    strbuf_format(out, "%s ", c->subject.text ? c->subject.text : "une quantité calculée");
    if (has_from && has_to && !low.lean && !high.lean && number_compare(from, to) == 0) {
        strbuf_end(out, c, from);
        return;
    }
    if (has_from) {
        strbuf_text(out, low.lean ? "de plus de " : has_to ? "de " : "à partir de ");
        strbuf_end(out, c, from);
    }
    if (has_to) {
        strbuf_text(out, has_from ? (high.lean ? " à moins de " : " à ") : high.lean ? "moins de " : "jusqu'à ");
        strbuf_end(out, c, to);
    }
}

void strbuf_conditions(struct strbuf *out, const struct conditions *c)
{
    for (size_t i = 0; i < c->count; i++) {
        strbuf_text(out, i ? ", " : "");
        strbuf_condition(out, &c->items[i]);
    }
}

void strbuf_families(struct strbuf *out, const struct axes *axes, const struct box *box, const struct conditions *c)
{
    bool boxed = box_restricts(axes, box);

    if (boxed || c->count == 0)
        strbuf_box(out, axes, box);
    if (boxed && c->count > 0)
        strbuf_text(out, ", ");
    strbuf_conditions(out, c);
}
