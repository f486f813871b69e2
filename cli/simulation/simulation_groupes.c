/*
 * Groups of families, after a column of the population: the tranches of the act when it is a number, its values
 * otherwise.
 */
#include "simulation.h"

#include "runtime/coverage.h"

static void name_bounds(struct simulation *s)
{
    struct grouping *g = &s->grouping;

    for (size_t i = 0; i < g->count; i++) {
        struct strbuf title = strbuf_in(&s->run->arena);

        if (i == 0)
            strbuf_text(&title, "moins de ");
        else if (i + 1 < g->count)
            strbuf_text(&title, "de ");
        if (i > 0)
            strbuf_number(&title, g->items[i].from, 0);
        if (i > 0 && i + 1 < g->count)
            strbuf_text(&title, " à moins de ");
        if (i + 1 < g->count)
            strbuf_number(&title, g->items[i + 1].from, 0);
        else
            strbuf_text(&title, " et plus");
        g->items[i].title = strbuf_string(&title);
    }
    g->absent = g->count;
}

/* In order, each once. Bounds beyond the room are left out: their families join the last group. */
static void add_bound(struct grouping *g, struct number bound)
{
    size_t at = g->count ? 1 : 0;

    if (!g->count)
        g->count = at = 1;                       /* below the first bound */
    while (at < g->count && number_compare(g->items[at].from, bound) < 0)
        at++;
    if ((at < g->count && number_compare(g->items[at].from, bound) == 0) || g->count == GROUPS_MAX - 1)
        return;
    for (size_t i = g->count++; i > at; i--)
        g->items[i] = g->items[i - 1];
    g->items[at].from = bound;
}

static const struct symbol *find_datum(const struct delib_program *program, const char *name)
{
    for (size_t i = 0; program && i < program->model.data.count; i++)
        if (text_fold_equal(program->model.data.items[i]->name.text, slice_of(name)))
            return program->model.data.items[i];
    return NULL;
}

/* Where the tables and conditions of the acts cut this datum. */
static void add_bounds_of(struct simulation *s, const struct delib_program *program)
{
    const struct symbol *datum = find_datum(program, s->request->by);
    struct coverage coverage;

    if (!datum || !coverage_new(&s->run->arena, program, &coverage))
        return;
    for (size_t i = 0; i < coverage.bound_count; i++)
        if (coverage.bounds[i].datum == datum)
            add_bound(&s->grouping, coverage.bounds[i].value);
}

bool grouping_open(struct simulation *s)
{
    struct grouping *g = &s->grouping;
    const struct symbol *datum = NULL;

    g->column = s->request->by;
    if (!g->column)
        return true;
    for (int side = BEFORE; side < SIDES && !datum; side++)
        datum = find_datum(s->acts[side].program, g->column);
    g->numeric = s->request->bound_count || (datum && datum->type->kind == TYPE_NUMBER);
    for (size_t i = 0; i < s->request->bound_count; i++)
        add_bound(g, s->request->bounds[i]);
    for (int side = BEFORE; g->numeric && !s->request->bound_count && side < SIDES; side++)
        if (s->acts[side].program)
            add_bounds_of(s, s->acts[side].program);
    if (g->numeric && g->count == 0) {
        s->problem = "--selon : l'acte n'a pas de tranche sur cette donnée ; donnez les bornes des groupes, par "
                     "exemple --bornes \"500;1000;1500\"";
        return false;
    }
    name_bounds(s);
    return true;
}

static size_t group_of_number(const struct grouping *g, struct number value)
{
    size_t group = 0;

    while (group + 1 < g->absent && number_compare(value, g->items[group + 1].from) >= 0)
        group++;
    return group;
}

static size_t group_of_text(struct simulation *s, struct slice text)
{
    struct grouping *g = &s->grouping;

    for (size_t i = 0; i < g->count; i++)
        if (slice_equal(slice_of(g->items[i].title), text))
            return i;
    if (g->count == GROUPS_MAX)
        return GROUPS_MAX;
    g->items[g->count].title = arena_copy_text(&s->run->arena, text.bytes, text.length);
    return g->count++;
}

size_t grouping_find(struct simulation *s, struct slice cell)
{
    struct grouping *g = &s->grouping;
    struct number value;

    if (g->numeric && number_parse(cell, &value))
        return group_of_number(g, value);
    if (!g->numeric && cell.length)
        return group_of_text(s, cell);
    if (!g->numeric)
        return group_of_text(s, SLICE("non communiqué"));
    if (g->absent == g->count)
        g->items[g->count++].title = "non communiqué";
    return g->absent;
}
