/*
 * Pairs of regions along an axis; see variation.h.
 */
#include "variation.h"

#include <string.h>

enum { PIECES_OF_A_PAIR = 20000 };

bool variation_keep(struct arena *arena, struct formula_pool *pool, const struct box *box,
                    const struct region_outcome *outcome, struct variation_parts *parts)
{
    struct formula_range range;
    struct variation_part *part;
    struct region_mark *path;

    if (!formula_range_on(pool, outcome->formula, box, &range))
        return false;
    part = arena_push(arena, parts);
    path = arena_array(arena, struct region_mark, outcome->path_count);
    for (size_t i = 0; i < outcome->path_count; i++)
        path[i] = outcome->path[i];
    *part = (struct variation_part){ box_copy(arena, box), outcome->formula, range.lo, range.hi, path,
                                     outcome->path_count };
    return true;
}

/* ------------------------------------------------------------------ what two regions share */

static bool meet(const struct coordinate *a, const struct coordinate *b, struct coordinate *out)
{
    *out = a->kind == COORDINATE_FREE ? *b : *a;
    out->read = a->read || b->read;
    if (a->kind == COORDINATE_FREE || b->kind == COORDINATE_FREE)
        return true;
    if (a->kind != b->kind)
        return false;
    if (b->lo > out->lo)
        out->lo = b->lo;
    if (b->hi < out->hi)
        out->hi = b->hi;
    return a->kind != COORDINATE_RANGE || out->lo <= out->hi;
}

/* A range of values of each family along the axis; what they share is in the search. */
struct piece {
    int64_t x_lo, x_hi, y_lo, y_hi;
};

struct search {
    struct variation *v;
    const struct variation_part *low, *high;
    struct box shared;                 /* by the two families, the axis apart; narrowed while pieces are cut */
    struct box at_x, at_y, both, family;       /* scratch */
    variation_visitor visit;
    void *context;
    bool told, stopped;
    size_t pieces;                     /* of the current pair */
    uint64_t work;                     /* of the pool, that the budget has paid */
};

/* The values that have a partner: x < y ≤ x + distance. False when there is none. */
static bool restrict_piece(const struct variation *v, struct piece *p)
{
    if (p->x_hi >= p->y_hi)
        p->x_hi = p->y_hi - 1;
    if (p->y_lo <= p->x_lo)
        p->y_lo = p->x_lo + 1;
    if (v->distance > 0) {
        if (p->x_lo < p->y_lo - v->distance)
            p->x_lo = p->y_lo - v->distance;
        if (p->y_hi > p->x_hi + v->distance)
            p->y_hi = p->x_hi + v->distance;
    }
    return p->x_lo <= p->x_hi && p->y_lo <= p->y_hi;
}

static void put_range(const struct search *s, struct box *box, int64_t lo, int64_t hi)
{
    memcpy(box->items, s->shared.items, s->shared.count * sizeof *box->items);
    box->items[s->v->axis] = (struct coordinate){ .kind = COORDINATE_RANGE, .read = true, .lo = lo, .hi = hi };
}

static bool pay(struct search *s)
{
    uint64_t work = formula_pool_work(s->v->pool), cost = 1 + work - s->work;

    s->work = work;
    if (s->v->budget->left <= cost) {
        s->v->budget->left = 0;
        s->v->undecided = s->stopped = true;
        return false;
    }
    s->v->budget->left -= cost;
    return true;
}

/* ------------------------------------------------------------------ bounds */

static bool is_below(struct number a, struct number b)
{
    return number_compare(a, b) < 0;
}

/* Two families of one formula are close to each other, and so are their amounts. */
static bool change_bound(struct search *s, const struct piece *p, struct number *out)
{
    int64_t distance = p->y_hi - p->x_lo;

    if (s->low->formula != s->high->formula || s->v->distance == 0)
        return false;
    if (distance > s->v->distance)
        distance = s->v->distance;
    put_range(s, &s->both, p->x_lo, p->y_hi);
    return formula_change(s->v->pool, s->low->formula, &s->both, s->v->axis, distance, out);
}

/* The end of a range where a formula is greatest, or least. False when it has no direction there. */
static bool best_end(struct search *s, const struct formula *f, const struct box *box, bool greatest, int64_t *out)
{
    const struct coordinate *c = &box->items[s->v->axis];
    enum direction d = formula_depends(f, s->v->axis) ? formula_direction(s->v->pool, f, box, s->v->axis)
                                                      : DIRECTION_CONSTANT;

    *out = (d == DIRECTION_RISING) == greatest ? c->hi : c->lo;
    return d != DIRECTION_UNKNOWN;
}

/* Each amount where the axis serves it best: what is left is a difference of what the two families share. */
static bool difference_bound(struct search *s, struct number *out)
{
    struct variation *v = s->v;
    const struct formula *low, *high;
    int64_t x, y;

    if (!best_end(s, s->low->formula, &s->at_x, !v->rising, &x) ||
        !best_end(s, s->high->formula, &s->at_y, v->rising, &y))
        return false;
    low = formula_fix(v->pool, s->low->formula, v->axis, x);
    high = formula_fix(v->pool, s->high->formula, v->axis, y);
    return formula_excess(v->pool, v->rising ? high : low, v->rising ? low : high, &s->at_x, out);
}

/* An upper bound of the excess on the piece. False when a number did not fit. */
static bool bound(struct search *s, const struct piece *p, struct number *out)
{
    struct variation *v = s->v;
    struct formula_range x, y;
    struct number better;

    put_range(s, &s->at_x, p->x_lo, p->x_hi);
    put_range(s, &s->at_y, p->y_lo, p->y_hi);
    if (!formula_range_on(v->pool, s->low->formula, &s->at_x, &x) ||
        !formula_range_on(v->pool, s->high->formula, &s->at_y, &y))
        return false;
    if (!(v->rising ? number_sub(y.hi, x.lo, out) : number_sub(x.hi, y.lo, out)))
        return false;
    if (is_below(v->limit, *out) && change_bound(s, p, &better) && is_below(better, *out))
        *out = better;
    if (is_below(v->limit, *out) && difference_bound(s, &better) && is_below(better, *out))
        *out = better;
    return true;
}

/* ------------------------------------------------------------------ witnesses */

static bool varies(const struct search *s, size_t axis)
{
    return formula_depends(s->low->formula, axis) || formula_depends(s->high->formula, axis);
}

static void to_point(struct box *box, bool highest)
{
    for (size_t i = 0; i < box->count; i++)
        if (box->items[i].kind == COORDINATE_RANGE)
            box->items[i].lo = box->items[i].hi = highest ? box->items[i].hi : box->items[i].lo;
}

/* The first family, in words: an answer that changes nothing, whatever it is, stays whole. */
static void name_family(struct search *s)
{
    memcpy(s->family.items, s->at_x.items, s->at_x.count * sizeof *s->family.items);
    for (size_t i = 0; i < s->shared.count; i++) {
        const struct coordinate *c = &s->shared.items[i];
        const struct axis *axis = &s->v->axes->items[i];

        if (i != s->v->axis && c->kind == COORDINATE_RANGE && c->lo == axis->lo && c->hi == axis->hi && !varies(s, i))
            s->family.items[i] = *c;
    }
}

/* One pair of families; told when it goes beyond the limit. */
static void try_pair(struct search *s, int64_t from, int64_t to, bool highest)
{
    struct variation *v = s->v;
    struct variation_pair pair = { .low = s->low, .high = s->high, .family = &s->family, .from = from, .to = to };

    if (s->told || s->stopped || from >= to || (v->distance > 0 && to - from > v->distance))
        return;
    put_range(s, &s->at_x, from, from);
    put_range(s, &s->at_y, to, to);
    to_point(&s->at_x, highest);
    to_point(&s->at_y, highest);
    if (!formula_at(v->pool, s->low->formula, &s->at_x, &pair.before) ||
        !formula_at(v->pool, s->high->formula, &s->at_y, &pair.after) ||
        !(v->rising ? number_sub(pair.after, pair.before, &pair.excess)
                    : number_sub(pair.before, pair.after, &pair.excess)) ||
        !is_below(v->limit, pair.excess))
        return;
    name_family(s);
    s->stopped = s->visit(s->context, v, &pair) == VARIATION_STOP;
    s->told = is_below(v->limit, pair.excess);         /* the limit was not raised: enough for these two */
}

/* ------------------------------------------------------------------ cutting */

/* The side to cut: an axis, or the datum itself for the lower (SIZE_MAX - 1) or the higher family (SIZE_MAX). */
static size_t widest_side(const struct search *s, const struct piece *p, int64_t *width)
{
    size_t side = SIZE_MAX - 1;

    *width = formula_depends(s->low->formula, s->v->axis) ? p->x_hi - p->x_lo : 0;
    if (formula_depends(s->high->formula, s->v->axis) && p->y_hi - p->y_lo > *width) {
        *width = p->y_hi - p->y_lo;
        side = SIZE_MAX;
    }
    for (size_t i = 0; i < s->shared.count; i++) {
        const struct coordinate *c = &s->shared.items[i];

        if (i == s->v->axis || c->kind != COORDINATE_RANGE || c->hi - c->lo <= *width || !varies(s, i))
            continue;
        *width = c->hi - c->lo;
        side = i;
    }
    return side;
}

static void search_piece(struct search *s, const struct piece *piece);

static void search_halves(struct search *s, const struct piece *p, size_t side)
{
    struct piece first = *p, second = *p;
    int64_t middle;

    if (side >= SIZE_MAX - 1) {
        bool higher = side == SIZE_MAX;

        middle = higher ? p->y_lo + (p->y_hi - p->y_lo) / 2 : p->x_lo + (p->x_hi - p->x_lo) / 2;
        *(higher ? &first.y_hi : &first.x_hi) = middle;
        *(higher ? &second.y_lo : &second.x_lo) = middle + 1;
        search_piece(s, &first);
        search_piece(s, &second);
    } else {
        struct coordinate *c = &s->shared.items[side], whole = *c;

        middle = c->lo + (c->hi - c->lo) / 2;
        c->hi = middle;
        search_piece(s, p);
        c->lo = middle + 1;
        c->hi = whole.hi;
        search_piece(s, p);
        *c = whole;
    }
}

static void search_piece(struct search *s, const struct piece *piece)
{
    struct piece p = *piece;
    struct number most;
    int64_t width;
    size_t side;

    if (s->told || s->stopped || !restrict_piece(s->v, &p) || !pay(s))
        return;
    if (!bound(s, &p, &most) || ++s->pieces > PIECES_OF_A_PAIR) {
        s->v->undecided = true;
        s->told = true;                /* nothing more can be said of these two */
        return;
    }
    if (!is_below(s->v->limit, most))
        return;
    try_pair(s, p.x_hi, p.y_lo, false);
    try_pair(s, p.x_hi, p.y_lo, true);
    try_pair(s, p.x_lo, p.y_lo, false);
    try_pair(s, p.x_lo, p.y_hi, false);
    try_pair(s, p.x_lo, p.y_hi, true);
    side = widest_side(s, &p, &width);
    if (width > 0)
        search_halves(s, &p, side);
}

/* ------------------------------------------------------------------ pairs */

static bool meet_boxes(const struct variation *v, const struct box *a, const struct box *b, struct box *out)
{
    for (size_t i = 0; i < out->count; i++)
        if (i != v->axis && !meet(&a->items[i], &b->items[i], &out->items[i]))
            return false;
    return true;
}

/* The values of the axis in a region; false when the datum is absent there. */
static bool span_of(const struct variation *v, const struct variation_part *part, int64_t *lo, int64_t *hi)
{
    const struct coordinate *c = &part->box.items[v->axis];

    *lo = c->kind == COORDINATE_FREE ? v->axes->items[v->axis].lo : c->lo;
    *hi = c->kind == COORDINATE_FREE ? v->axes->items[v->axis].hi : c->hi;
    return c->kind == COORDINATE_FREE || c->kind == COORDINATE_RANGE;
}

/* Nothing to see: bounds of the whole regions, or the direction inside one. */
static bool is_settled(struct search *s)
{
    struct variation *v = s->v;
    struct number most;
    enum direction direction;

    if (!(v->rising ? number_sub(s->high->hi, s->low->lo, &most) : number_sub(s->low->hi, s->high->lo, &most)))
        return false;
    if (!is_below(v->limit, most))
        return true;
    if (s->low != s->high)
        return false;
    if (!formula_depends(s->low->formula, v->axis))
        return true;
    direction = formula_direction(v->pool, s->low->formula, &s->low->box, v->axis);
    return direction == DIRECTION_CONSTANT || direction == (v->rising ? DIRECTION_FALLING : DIRECTION_RISING);
}

static void search_pair(struct search *s)
{
    struct piece p;

    if (!span_of(s->v, s->low, &p.x_lo, &p.x_hi) || !span_of(s->v, s->high, &p.y_lo, &p.y_hi) ||
        !restrict_piece(s->v, &p) || is_settled(s) || !meet_boxes(s->v, &s->low->box, &s->high->box, &s->shared))
        return;
    s->told = false;
    s->pieces = 0;
    search_piece(s, &p);
}

void variation_search(struct variation *v, const struct variation_parts *parts, variation_visitor visit, void *context)
{
    struct search s = {.v = v,
                       .visit = visit,
                       .context = context,
                       .at_x = box_new(v->arena, v->axes),
                       .at_y = box_new(v->arena, v->axes),
                       .shared = box_new(v->arena, v->axes),
                       .family = box_new(v->arena, v->axes),
                       .both = box_new(v->arena, v->axes),
                       .work = formula_pool_work(v->pool)};

    for (size_t i = 0; i < parts->count && !s.stopped; i++)
        for (size_t j = 0; j < parts->count && !s.stopped; j++) {
            s.low = &parts->items[i];
            s.high = &parts->items[j];
            if (pay(&s))
                search_pair(&s);
        }
}
