/*
 * Where a decision changes; see cuts.h.
 */
#include "cuts.h"

#include <string.h>

/* Where all axes but the widest have no more points than this together, they are cut first: the last one is exact. */
enum { FEW_POINTS = 4096, VERY_FEW_POINTS = 16 };

const char WHY_NUMBER[] = "un calcul dépasse les nombres que l'analyse sait représenter";
const char WHY_BUDGET[] = "le nombre d'étapes accordé à l'analyse est épuisé";

bool cutter_spend(struct cutter *c)
{
    uint64_t work = formula_pool_work(c->pool), cost = work - c->counted + 1;

    c->counted = work;
    c->budget->left -= cost < c->budget->left ? cost : c->budget->left;
    if (c->budget->left == 0)
        c->why = WHY_BUDGET;
    return c->budget->left > 0;
}

/* ------------------------------------------------------------------ ladders */

static bool is_beyond(struct number value, struct threshold t)
{
    int order = number_compare(value, t.value);

    return t.included ? order > 0 : order >= 0;
}

static bool is_end_beyond(struct end e, struct threshold t)
{
    int order = number_compare(e.value, t.value);

    return order ? order > 0 : t.included ? e.lean > 0 : e.lean >= 0;
}

static size_t step_of(const struct ladder *ladder, struct end end)
{
    size_t low = 0, high = ladder->count;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (is_end_beyond(end, ladder->at(ladder->context, middle)))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Of two steps. */
static bool same_place(const struct ladder *ladder, size_t a, size_t b)
{
    return ladder->key && ladder->key(ladder->context, a) == ladder->key(ladder->context, b);
}

static bool all_one_place(const struct ladder *ladder, size_t first, size_t last)
{
    for (size_t i = first; i < last; i++)
        if (!same_place(ladder, i, i + 1))
            return false;
    return true;
}

/* ------------------------------------------------------------------ cutting */

/* Of an axis that is known. */
static int64_t points(const struct cutter *c, size_t axis)
{
    const struct coordinate *k = &c->box->items[axis];

    return k->hi - k->lo + 1;
}

static bool varies(const struct cutter *c, const struct formula *f, size_t axis)
{
    return formula_depends(f, axis) && points(c, axis) > 1;
}

bool cutter_several_axes(const struct cutter *c, const struct formula *f)
{
    size_t count = 0;

    for (size_t i = 0; i < c->axes->count; i++)
        count += varies(c, f, i);
    return count > 1;
}

static void begin_cut(struct cutter *c, size_t axis)
{
    c->cut.axis = axis;
    c->cut.states = false;
    c->cut.count = 0;
    c->cut.parts.count = 0;
}

static enum settling cut_at(struct cutter *c, int64_t n)
{
    *(int64_t *)arena_push(c->arena, &c->cut) = n;
    return TO_CUT;
}

static enum settling halve(struct cutter *c, size_t axis)
{
    const struct coordinate *k = &c->box->items[axis];

    begin_cut(c, axis);
    return cut_at(c, k->lo + (k->hi - k->lo) / 2 + 1);
}

enum settling cutter_enumerate(struct cutter *c, size_t axis)
{
    const struct coordinate *k = &c->box->items[axis];

    if (k->hi - k->lo >= FEW_POINTS)
        return halve(c, axis);
    begin_cut(c, axis);
    for (int64_t n = k->lo + 1; n <= k->hi; n++)
        cut_at(c, n);
    return TO_CUT;
}

/* How many points the axes of f but the widest have together, FEW_POINTS + 1 when more. */
static int64_t points_but_the_widest(const struct cutter *c, const struct formula *f)
{
    int64_t rest = 1, widest = 1;

    for (size_t i = 0; i < c->axes->count; i++) {
        int64_t here = varies(c, f, i) ? points(c, i) : 1, smaller = here < widest ? here : widest;

        widest = here > widest ? here : widest;
        rest = smaller > FEW_POINTS || rest > FEW_POINTS ? FEW_POINTS + 1 : rest * smaller;
    }
    return rest > FEW_POINTS ? FEW_POINTS + 1 : rest;
}

/* Of several axes: the smallest while the widest alone will remain, else the widest. */
static size_t axis_to_halve(const struct cutter *c, const struct formula *f)
{
    size_t widest = SIZE_MAX, smallest = SIZE_MAX;

    for (size_t i = 0; i < c->axes->count; i++)
        if (varies(c, f, i) && (widest == SIZE_MAX || points(c, i) > points(c, widest)))
            widest = i;
    for (size_t i = 0; i < c->axes->count; i++)
        if (i != widest && varies(c, f, i) && (smallest == SIZE_MAX || points(c, i) < points(c, smallest)))
            smallest = i;
    return smallest != SIZE_MAX && points_but_the_widest(c, f) <= FEW_POINTS ? smallest : widest;
}

/* f = factor × n / den + constant: the first n that is beyond (or, for a falling f, that no longer is). */
static bool solve_linear(const struct cutter *c, const struct formula *f, struct threshold t, int64_t *out)
{
    struct number factor, constant, root;
    size_t axis;
    bool after;

    if (!formula_is_linear(f, &axis, &factor, &constant) || !number_sub(t.value, constant, &root) ||
        !number_div(root, factor, &root) || !number_mul(root, number_of(c->axes->items[axis].den), &root))
        return false;
    after = t.included == (factor.num > 0);
    *out = (int64_t)(after ? int128_floor_div(root.num, root.den) + 1 : int128_ceil_div(root.num, root.den));
    return true;
}

/* Same, by bisection, for any f that goes one way. */
static enum settling bisect(struct cutter *c, const struct formula *f, size_t axis, struct threshold t, bool rising,
                            int64_t *out)
{
    int64_t low = c->box->items[axis].lo, high = c->box->items[axis].hi;

    memcpy(c->probe.items, c->box->items, c->probe.count * sizeof *c->probe.items);
    while (high - low > 1) {
        int64_t middle = low + (high - low) / 2;
        struct number value;

        if (!cutter_spend(c))
            return NOT_KNOWN;
        c->probe.items[axis].lo = middle;
        if (!formula_at(c->pool, f, &c->probe, &value)) {
            c->why = WHY_NUMBER;
            return NOT_KNOWN;
        }
        if (is_beyond(value, t) == rising)
            high = middle;
        else
            low = middle;
    }
    *out = high;
    return TO_CUT;
}

/*
 * A single axis varies, and f goes one way along it: a cut at each threshold that changes the place. Its range is then
 * exact, so that each threshold is met within the box.
 */
static enum settling cut_exactly(struct cutter *c, const struct formula *f, size_t axis, bool rising,
                                 const struct ladder *ladder, size_t first, size_t last)
{
    begin_cut(c, axis);
    for (size_t k = first; k < last; k++) {
        size_t i = rising ? k : last - 1 - (k - first);
        struct threshold t = ladder->at(ladder->context, i);
        int64_t n;

        if (same_place(ladder, i, i + 1))
            continue;
        if (!solve_linear(c, f, t, &n) && bisect(c, f, axis, t, rising, &n) == NOT_KNOWN)
            return NOT_KNOWN;
        if (c->cut.count == 0 || n > c->cut.items[c->cut.count - 1])
            cut_at(c, n);
    }
    return TO_CUT;
}

/* ------------------------------------------------------------------ conditions */

/* f as a quantity that conditions bound: factor × core + constant. */
struct bounded {
    const struct formula *core;
    struct number factor, constant;
};

/* An end of the core as an end of f. */
static struct end end_of_formula(const struct bounded *b, struct end e)
{
    e.set = e.set && number_mul(e.value, b->factor, &e.value) && number_add(e.value, b->constant, &e.value);
    if (number_sign(b->factor) < 0)
        e.lean = -e.lean;
    return e;
}

/* Narrows the ends of f on the box by what the conditions say of it. */
static void narrow(const struct cutter *c, const struct bounded *b, struct end *low, struct end *high)
{
    const struct condition *known = conditions_find(c->conditions, b->core);
    bool turned = number_sign(b->factor) < 0;

    if (!known)
        return;
    *low = end_tighter(*low, end_of_formula(b, turned ? known->high : known->low), true);
    *high = end_tighter(*high, end_of_formula(b, turned ? known->low : known->high), false);
}

/* The place of a threshold of f among the values of its core: what lies below it ends there, the rest begins. */
static bool threshold_of_core(const struct bounded *b, struct threshold t, struct end *below, struct end *above)
{
    struct number value;
    bool turned = number_sign(b->factor) < 0, stays = t.included != turned;

    if (!number_sub(t.value, b->constant, &value) || !number_div(value, b->factor, &value))
        return false;
    *below = (struct end){ true, value, stays ? 0 : -1 };
    *above = (struct end){ true, value, stays ? 1 : 0 };
    return true;
}

/* One part per place of the ladder between two steps. */
static enum settling cut_by_condition(struct cutter *c, const struct bounded *b, const struct ladder *ladder,
                                      size_t first, size_t last)
{
    bool turned = number_sign(b->factor) < 0;
    struct condition part = { .core = b->core };
    struct end below, above;

    begin_cut(c, SIZE_MAX);
    for (size_t k = first; k < last; k++) {
        size_t i = turned ? last - 1 - (k - first) : k;

        if (same_place(ladder, i, i + 1))
            continue;
        if (!threshold_of_core(b, ladder->at(ladder->context, i), &below, &above)) {
            c->why = WHY_NUMBER;
            return NOT_KNOWN;
        }
        part.high = below;
        *(struct condition *)arena_push(c->arena, &c->cut.parts) = part;
        part.low = above;
    }
    part.high.set = false;
    *(struct condition *)arena_push(c->arena, &c->cut.parts) = part;
    return TO_CUT;
}

enum settling cutter_settle(struct cutter *c, const struct formula *f, const struct ladder *ladder, size_t *step)
{
    struct formula_range range;
    struct bounded bounded;
    struct end low, high;
    enum direction direction;
    size_t first, last, axis;
    bool several;

    if (!cutter_spend(c))
        return NOT_KNOWN;
    if (!formula_range_on(c->pool, f, c->box, &range)) {
        c->why = WHY_NUMBER;
        return NOT_KNOWN;
    }
    low = (struct end){ true, range.lo, 0 };
    high = (struct end){ true, range.hi, 0 };
    several = cutter_several_axes(c, f);
    if (c->conditions && !formula_core(c->pool, f, &bounded.core, &bounded.factor, &bounded.constant))
        several = false;               /* a constant */
    else if (c->conditions)
        narrow(c, &bounded, &low, &high);
    if (ends_cross(low, high))
        return NOBODY;
    first = step_of(ladder, low);
    last = step_of(ladder, high);
    *step = first;
    if (all_one_place(ladder, first, last))
        return SETTLED;
    if (c->conditions && several && points_but_the_widest(c, f) > VERY_FEW_POINTS)
        return cut_by_condition(c, &bounded, ladder, first, last);
    axis = axis_to_halve(c, f);
    if (axis == SIZE_MAX) {
        c->why = WHY_NUMBER;           /* nothing varies, and yet two steps: cannot happen */
        return NOT_KNOWN;
    }
    direction = formula_direction(c->pool, f, c->box, axis);
    if (several || direction == DIRECTION_UNKNOWN)
        return halve(c, axis);
    return cut_exactly(c, f, axis, direction == DIRECTION_RISING, ladder, first, last);
}

static struct threshold only(const void *context, size_t i)
{
    (void)i;
    return *(const struct threshold *)context;
}

enum settling cutter_beyond(struct cutter *c, const struct formula *f, struct threshold threshold, bool *out)
{
    const struct ladder ladder = { .count = 1, .at = only, .context = &threshold };
    size_t step = 0;
    enum settling settling = cutter_settle(c, f, &ladder, &step);

    *out = step > 0;
    return settling;
}
