/*
 * The algebra of guards: sets of values per variable, cases, unions of cases, kept short by three rules. A case inside
 * another goes. A case whose other terms are inside those of another takes the values that the other has for the
 * remaining variable. A term that allows every value goes.
 */
#include "guard.h"

/* ------------------------------------------------------------------ sets of values */

static bool set_is_empty(const struct guard_set *set)
{
    return set->count == 0 && !set->absent;
}

static bool set_is_whole(const struct guard_variable *v, const struct guard_set *set)
{
    return set->count == 1 && set->ranges[0].lo <= v->lo && set->ranges[0].hi >= v->hi &&
           (set->absent || !v->may_be_absent);
}

static struct guard_set set_and(struct guards *g, const struct guard_set *a, const struct guard_set *b)
{
    struct guard_set out = {arena_array(g->arena, struct guard_range, a->count + b->count), 0,
                            a->absent && b->absent};
    size_t i = 0, j = 0;

    while (i < a->count && j < b->count) {
        struct guard_range x = a->ranges[i], y = b->ranges[j];
        struct guard_range both = { x.lo > y.lo ? x.lo : y.lo, x.hi < y.hi ? x.hi : y.hi };

        if (both.lo <= both.hi)
            out.ranges[out.count++] = both;
        if (x.hi < y.hi)
            i++;
        else
            j++;
    }
    return out;
}

static struct guard_set set_or(struct guards *g, const struct guard_set *a, const struct guard_set *b)
{
    struct guard_set out = {arena_array(g->arena, struct guard_range, a->count + b->count), 0,
                            a->absent || b->absent};
    size_t i = 0, j = 0;

    while (i < a->count || j < b->count) {
        bool first = j == b->count || (i < a->count && a->ranges[i].lo <= b->ranges[j].lo);
        struct guard_range next = first ? a->ranges[i++] : b->ranges[j++];
        struct guard_range *last = out.count ? &out.ranges[out.count - 1] : NULL;

        if (last && next.lo <= last->hi + 1)
            last->hi = next.hi > last->hi ? next.hi : last->hi;
        else
            out.ranges[out.count++] = next;
    }
    return out;
}

static bool set_inside(const struct guard_set *a, const struct guard_set *b)
{
    size_t j = 0;

    if (a->absent && !b->absent)
        return false;
    for (size_t i = 0; i < a->count; i++) {
        while (j < b->count && b->ranges[j].hi < a->ranges[i].lo)
            j++;
        if (j == b->count || a->ranges[i].lo < b->ranges[j].lo || a->ranges[i].hi > b->ranges[j].hi)
            return false;
    }
    return true;
}

/* ------------------------------------------------------------------ cases */

static const struct guard_set *case_set(const struct guard_case *c, size_t variable)
{
    for (size_t i = 0; i < c->count; i++)
        if (c->terms[i].variable == variable)
            return &c->terms[i].set;
    return NULL;
}

/* Every situation of `a` is in `b`, the terms of `but` apart. */
static bool case_inside(const struct guard_case *a, const struct guard_case *b, size_t but)
{
    for (size_t i = 0; i < b->count; i++) {
        const struct guard_set *mine = case_set(a, b->terms[i].variable);

        if (b->terms[i].variable != but && (!mine || !set_inside(mine, &b->terms[i].set)))
            return false;
    }
    return true;
}

/* False when no situation is left. */
static bool case_and(struct guards *g, const struct guard_case *a, const struct guard_case *b, struct guard_case *out)
{
    size_t i = 0, j = 0;

    *out = (struct guard_case){ arena_array(g->arena, struct guard_term, a->count + b->count), 0 };
    while (i < a->count || j < b->count) {
        const struct guard_term *x = i < a->count ? &a->terms[i] : NULL, *y = j < b->count ? &b->terms[j] : NULL;
        struct guard_term *term = &out->terms[out->count++];

        if (x && y && x->variable == y->variable) {
            *term = (struct guard_term){ x->variable, set_and(g, &x->set, &y->set) };
            i++, j++;
            if (set_is_empty(&term->set))
                return false;
        } else if (x && (!y || x->variable < y->variable)) {
            *term = *x;
            i++;
        } else {
            *term = *y;                  /* one of the two is there. NOLINT(clang-analyzer-core.NullDereference) */
            j++;
        }
    }
    return true;
}

static void case_drop_term(struct guard_case *c, size_t at)
{
    c->count--;
    for (size_t i = at; i < c->count; i++)
        c->terms[i] = c->terms[i + 1];
}

/* ------------------------------------------------------------------ unions */

struct guard guard_never(void)
{
    return (struct guard){ NULL, 0, false };
}

struct guard guard_always(struct guards *g)
{
    return (struct guard){ arena_new(g->arena, struct guard_case), 1, false };
}

static bool holds_always(const struct guard *guard)
{
    for (size_t i = 0; i < guard->count; i++)
        if (guard->cases[i].count == 0)
            return true;
    return false;
}

bool guard_is_always(const struct guard *guard)
{
    return !guard->vague && holds_always(guard);
}

static void drop_case(struct guard *guard, size_t at)
{
    guard->count--;
    for (size_t i = at; i < guard->count; i++)
        guard->cases[i] = guard->cases[i + 1];
}

/* Case i takes the values of case j for one variable. True when that changed it. */
static bool widen(struct guards *g, struct guard_case *i, const struct guard_case *j)
{
    for (size_t t = 0; t < i->count; t++) {
        struct guard_term *term = &i->terms[t];
        const struct guard_set *other = case_set(j, term->variable);
        struct guard_set wider;

        if (!other || !case_inside(i, j, term->variable) || set_inside(other, &term->set))
            continue;
        wider = set_or(g, &term->set, other);
        term->set = wider;
        if (set_is_whole(&g->variables.items[term->variable], &wider))
            case_drop_term(i, t);
        return true;
    }
    return false;
}

static bool shorten(struct guards *g, struct guard *guard)
{
    for (size_t i = 0; i < guard->count; i++)
        for (size_t j = 0; j < guard->count; j++) {
            if (i == j)
                continue;
            if (case_inside(&guard->cases[i], &guard->cases[j], SIZE_MAX)) {
                drop_case(guard, i);
                return true;
            }
            if (widen(g, &guard->cases[i], &guard->cases[j]))
                return true;
        }
    return false;
}

static struct guard settle(struct guards *g, struct guard guard)
{
    while (shorten(g, &guard))
        continue;
    for (size_t i = 0; i < guard.count; i++)
        for (size_t t = 0; t < guard.cases[i].count; t++)
            if (guard.cases[i].terms[t].set.count > GUARD_RANGES)
                guard.vague = true, case_drop_term(&guard.cases[i], t--);
    if (guard.count > GUARD_CASES) {
        guard = guard_always(g);
        guard.vague = true;
    }
    return guard;
}

static struct guard_case case_copy(struct guards *g, const struct guard_case *c)
{
    struct guard_case none = { NULL, 0 }, out;

    (void)case_and(g, c, &none, &out);
    return out;
}

struct guard guard_or(struct guards *g, struct guard a, struct guard b)
{
    struct guard out = { arena_array(g->arena, struct guard_case, a.count + b.count), 0, false };

    if (guard_is_always(&a) || guard_is_always(&b))
        return guard_always(g);
    out.vague = a.vague || b.vague;
    for (size_t i = 0; i < a.count; i++)
        out.cases[out.count++] = case_copy(g, &a.cases[i]);
    for (size_t i = 0; i < b.count; i++)
        out.cases[out.count++] = case_copy(g, &b.cases[i]);
    return settle(g, out);
}

struct guard guard_and(struct guards *g, struct guard a, struct guard b)
{
    struct guard out = { arena_array(g->arena, struct guard_case, a.count * b.count), 0, a.vague || b.vague };

    if (guard_is_always(&a))
        return b;
    if (guard_is_always(&b))
        return a;
    for (size_t i = 0; i < a.count; i++)
        for (size_t j = 0; j < b.count; j++)
            out.count += case_and(g, &a.cases[i], &b.cases[j], &out.cases[out.count]);
    return settle(g, out);
}

bool guard_covers(const struct guard *a, const struct guard *b)
{
    if (a->vague && !b->vague)
        return false;
    for (size_t i = 0; i < b->count; i++) {
        bool inside = false;

        for (size_t j = 0; j < a->count && !inside; j++)
            inside = case_inside(&b->cases[i], &a->cases[j], SIZE_MAX);
        if (!inside)
            return false;
    }
    return true;
}

/* ------------------------------------------------------------------ variables */

size_t guard_variable(struct guards *g, struct guard_variable variable)
{
    struct guard_variable *item;

    for (size_t i = 0; i < g->variables.count; i++)
        if (g->variables.items[i].identity == variable.identity)
            return i;
    item = arena_push(g->arena, &g->variables);
    *item = variable;
    return g->variables.count - 1;
}

struct guard guard_range(struct guards *g, size_t variable, int128 lo, int128 hi, bool absent)
{
    const struct guard_variable *v = &g->variables.items[variable];
    struct guard_term term = { variable, { arena_new(g->arena, struct guard_range), 0, absent && v->may_be_absent } };
    struct guard out = guard_always(g);

    lo = lo > v->lo ? lo : v->lo;
    hi = hi < v->hi ? hi : v->hi;
    if (lo <= hi)
        term.set.ranges[term.set.count++] = (struct guard_range){ lo, hi };
    if (set_is_empty(&term.set))
        return guard_never();
    if (set_is_whole(v, &term.set))
        return out;
    out.cases[0].terms = arena_new(g->arena, struct guard_term);
    out.cases[0].terms[0] = term;
    out.cases[0].count = 1;
    return out;
}
