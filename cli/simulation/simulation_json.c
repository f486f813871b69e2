/*
 * A simulation in JSON: the sums of the report, exact, as decimal strings.
 */
#include "simulation.h"

static const char *const SIDE_NAMES[SIDES] = { [BEFORE] = "avant", [AFTER] = "après" };

struct writer {
    struct run *run;
    const delib_io_api *io;
    delib_io_json *json;
};

/* Sums of exact prices are finite decimals; a quantity may have any number of them. */
static void write_number(struct writer *w, const char *name, struct number value, int decimals)
{
    struct strbuf text = strbuf_in(&w->run->arena);

    strbuf_number_machine(&text, value, decimals);
    w->io->json_text(w->json, name, strbuf_string(&text));
}

static void write_sides(struct writer *w, const char *name, const struct simulation_tariff *t,
                        const struct number *values)
{
    w->io->json_object(w->json, name);
    for (int side = BEFORE; side < SIDES; side++)
        if (t->present[side])
            write_number(w, SIDE_NAMES[side], values[side], 2);
    w->io->json_end(w->json);
}

static void write_tally(struct writer *w, const struct simulation_tariff *t, const struct tally *tally)
{
    write_number(w, "familles", tally->families, 0);
    write_sides(w, "recette", t, tally->total);
    if (!t->present[BEFORE] || !t->present[AFTER])
        return;
    write_number(w, "paient_moins", tally->less, 0);
    write_number(w, "paient_plus", tally->more, 0);
    write_number(w, "économies", tally->gained, 2);
    write_number(w, "surcoûts", tally->lost, 2);
}

static void write_extreme(struct writer *w, const char *name, const struct extreme *e)
{
    if (!e->row) {
        w->io->json_null(w->json, name);
        return;
    }
    w->io->json_object(w->json, name);
    w->io->json_integer(w->json, "famille", (int64_t)e->row);
    for (int side = BEFORE; side < SIDES; side++)
        write_number(w, SIDE_NAMES[side], e->prices[side], 2);
    w->io->json_end(w->json);
}

static void write_statuts(struct writer *w, const struct simulation_tariff *t)
{
    w->io->json_object(w->json, "statuts");
    for (int side = BEFORE; side < SIDES; side++) {
        if (!t->present[side])
            continue;
        w->io->json_object(w->json, SIDE_NAMES[side]);
        for (size_t i = 0; i < STATUTS; i++)
            if (number_sign(t->statuts[side][i]) > 0)
                write_number(w, simulation_statut_text(i), t->statuts[side][i], 0);
        w->io->json_end(w->json);
    }
    w->io->json_end(w->json);
}

static void write_groups(struct writer *w, const struct simulation *s, const struct simulation_tariff *t)
{
    w->io->json_list(w->json, "groupes");
    for (size_t i = 0; i < s->grouping.count; i++) {
        w->io->json_object(w->json, NULL);
        w->io->json_text(w->json, "groupe", s->grouping.items[i].title);
        write_tally(w, t, &t->groups[i]);
        w->io->json_end(w->json);
    }
    w->io->json_end(w->json);
}

static void write_tariff(struct writer *w, const struct simulation *s, const struct simulation_tariff *t)
{
    w->io->json_object(w->json, NULL);
    w->io->json_text(w->json, "nom", t->name);
    w->io->json_text(w->json, "libellé", t->label);
    w->io->json_text(w->json, "unité", t->unit);
    write_sides(w, "recette_de_tous", t, t->receipts);
    write_tally(w, t, &t->all);
    if (t->present[BEFORE] && t->present[AFTER]) {
        w->io->json_object(w->json, "changements");
        for (int c = 0; c < SIMULATION_CLASSES; c++)
            write_number(w, simulation_class_text((enum simulation_class)c), t->classes[c], 0);
        w->io->json_end(w->json);
        write_extreme(w, "plus_forte_baisse", &t->fall);
        write_extreme(w, "plus_forte_hausse", &t->rise);
    }
    write_statuts(w, t);
    if (s->grouping.column)
        write_groups(w, s, t);
    w->io->json_end(w->json);
}

void simulation_json(struct run *run, delib_io_json *json, const struct simulation *s)
{
    struct writer w = { run, run->io, json };

    w.io->json_text(json, "population", s->request->population);
    write_number(&w, "familles", s->families, 0);
    w.io->json_integer(json, "illisibles", (int64_t)s->faulty);
    w.io->json_text(json, "quantité", s->request->quantity);
    w.io->json_text(json, "poids", s->request->weight);
    w.io->json_text(json, "selon", s->request->by);
    w.io->json_list(json, "tarifs");
    for (size_t i = 0; i < s->tariff_count; i++)
        write_tariff(&w, s, &s->tariffs[i]);
    w.io->json_end(json);
}
