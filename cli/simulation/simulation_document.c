/*
 * The report of a simulation, for an elected council: receipts, who pays less, who pays more, group by group.
 */
#include "simulation.h"

#include "cli/base/horloge.h"
#include "cli/document/document.h"
#include "runtime/phrases.h"

const char *simulation_class_text(enum simulation_class class)
{
    static const char *const TEXTS[SIMULATION_CLASSES] = {
        [CLASS_FALL_50] = "baisse de 50 % ou plus", [CLASS_FALL_20] = "baisse de 20 à 50 %",
        [CLASS_FALL_5] = "baisse de 5 à 20 %",      [CLASS_FALL] = "baisse de moins de 5 %",
        [CLASS_SAME] = "sans changement",           [CLASS_RISE] = "hausse de moins de 5 %",
        [CLASS_RISE_5] = "hausse de 5 à 20 %",      [CLASS_RISE_20] = "hausse de 20 à 50 %",
        [CLASS_RISE_50] = "hausse de 50 % ou plus", [CLASS_NO_LONGER_FREE] = "payant, après la gratuité",
    };

    return TEXTS[class];
}

const char *simulation_statut_text(size_t statut)
{
    return statut == STATUT_ERROR ? "erreur" : delib_statut_text((delib_statut)statut);
}

/* ---- Texts ---- */

struct report {
    const struct simulation *s;
    struct document *out;
    struct arena *arena;
    bool both;                           /* the tariff is in the two acts */
    const char *unit;                    /* of its price */
};

static const char *text_of(struct report *r, struct number value, int decimals, const char *unit)
{
    struct strbuf text = strbuf_in(r->arena);
    struct number rounded = value;

    (void)number_round(value, decimals ? (struct number){ 1, 100 } : number_of(1), ROUNDING_NEAREST, &rounded);
    strbuf_number(&text, rounded, decimals);
    if (unit)
        strbuf_format(&text, " %s", unit);
    return strbuf_string(&text);
}

static const char *euros(struct report *r, struct number value)
{
    return text_of(r, value, 2, "€");
}

static const char *count(struct report *r, struct number families)
{
    return number_is_integer(families) ? text_of(r, families, 0, NULL) : text_of(r, families, 2, NULL);
}

/* A difference has its sign: « +1,20 € ». */
static const char *difference(struct report *r, struct number before, struct number after)
{
    struct number gap = number_of(0);
    struct strbuf text = strbuf_in(r->arena);

    (void)number_sub(after, before, &gap);
    strbuf_format(&text, "%s%s", number_sign(gap) > 0 ? "+" : "", euros(r, gap));
    return strbuf_string(&text);
}

static const char *percent(struct report *r, struct number part, struct number whole, bool sign)
{
    struct strbuf text = strbuf_in(r->arena);
    struct number value;

    if (!simulation_percent(part, whole, &value))
        return "";
    strbuf_text(&text, sign && number_sign(value) > 0 ? "+" : "");
    strbuf_number(&text, value, 1);
    strbuf_text(&text, " %");
    return strbuf_string(&text);
}

static const char *evolution(struct report *r, struct number before, struct number after)
{
    struct number gap = number_of(0);

    (void)number_sub(after, before, &gap);
    return percent(r, gap, before, true);
}

static const char *mean(struct report *r, struct number total, struct number of)
{
    struct number value;

    return number_div(total, of, &value) ? euros(r, value) : "";
}

/* ---- Sections ---- */

static void write_receipts(struct report *r, const struct simulation_tariff *t)
{
    static const struct column BOTH[] = { { "", false }, { "Avant", true }, { "Après", true },
                                          { "Différence", true }, { "Évolution", true } };
    static const struct column ALONE[] = { { "", false }, { "Montant", true } };
    const struct number *total = t->receipts;

    if (!r->both) {
        int side = t->present[AFTER] ? AFTER : BEFORE;
        const char *cells[] = { "Recette", euros(r, total[side]) };
        const char *means[] = { "Recette par famille", mean(r, t->all.total[side], t->all.families) };

        document_table(r->out, NULL, ALONE, 2);
        document_row(r->out, cells);
        document_row(r->out, means);
        return;
    }
    document_table(r->out, NULL, BOTH, 5);
    document_row(r->out, (const char *const[]){ "Recette", euros(r, total[BEFORE]), euros(r, total[AFTER]),
                                                difference(r, total[BEFORE], total[AFTER]),
                                                evolution(r, total[BEFORE], total[AFTER]) });
    document_row(r->out, (const char *const[]){ "Recette par famille", mean(r, t->all.total[BEFORE], t->all.families),
                                                mean(r, t->all.total[AFTER], t->all.families),
                                                "", evolution(r, t->all.total[BEFORE], t->all.total[AFTER]) });
}

static const char *price(struct report *r, struct number value)
{
    return text_of(r, value, 2, r->unit);
}

static void write_extreme(struct report *r, const char *name, const struct extreme *e)
{
    struct strbuf text = strbuf_in(r->arena);

    if (!e->row)
        return;
    strbuf_format(&text, "de %s à %s (famille n° %zu)", text_of(r, e->prices[BEFORE], 2, NULL),
                  price(r, e->prices[AFTER]), (size_t)e->row);
    document_add(r->out, BLOCK_FACT, "%s", name);
    document_note(r->out, strbuf_string(&text));
}

static void write_winners(struct report *r, const struct simulation_tariff *t)
{
    static const struct column COLUMNS[] = { { "", false }, { "Familles", true }, { "Part", true },
                                             { "Au total", true }, { "Par famille", true } };
    const struct tally *all = &t->all;
    struct number same = number_of(0);

    (void)number_sub(all->families, all->less, &same);
    (void)number_sub(same, all->more, &same);
    document_table(r->out, "Qui paie moins, qui paie plus", COLUMNS, 5);
    document_row(r->out, (const char *const[]){ "paient moins", count(r, all->less),
                                                percent(r, all->less, all->families, false), euros(r, all->gained),
                                                mean(r, all->gained, all->less) });
    document_row(r->out, (const char *const[]){ "paient autant", count(r, same),
                                                percent(r, same, all->families, false), "", "" });
    document_row(r->out, (const char *const[]){ "paient plus", count(r, all->more),
                                                percent(r, all->more, all->families, false), euros(r, all->lost),
                                                mean(r, all->lost, all->more) });
    write_extreme(r, "Plus forte baisse", &t->fall);
    write_extreme(r, "Plus forte hausse", &t->rise);
}

static void write_classes(struct report *r, const struct simulation_tariff *t)
{
    static const struct column COLUMNS[] = { { "Changement du prix", false }, { "Familles", true } };

    document_chart(r->out, "Familles, selon le changement de leur prix", NULL, COLUMNS, 2);
    for (int c = 0; c < SIMULATION_CLASSES; c++)
        if (number_sign(t->classes[c]) > 0)
            document_bar(r->out, simulation_class_text((enum simulation_class)c), &t->classes[c], 1);
}

static void write_groups(struct report *r, const struct simulation_tariff *t)
{
    static const struct column BOTH[] = { { "", false }, { "Familles", true }, { "Moins", true },
                                          { "Plus", true }, { "Recette avant", true },
                                          { "Recette après", true }, { "Évolution", true } };
    static const struct column ALONE[] = { { "", false }, { "Familles", true }, { "Recette", true },
                                           { "Par famille", true } };
    const struct grouping *g = &r->s->grouping;
    int side = t->present[AFTER] ? AFTER : BEFORE;
    struct strbuf title = strbuf_in(r->arena);

    strbuf_format(&title, "Selon « %s »", g->column);
    document_table(r->out, strbuf_string(&title), r->both ? BOTH : ALONE, r->both ? 7 : 4);
    for (size_t i = 0; i < g->count; i++) {
        const struct tally *n = &t->groups[i];

        if (number_sign(n->families) == 0)
            continue;
        if (r->both)
            document_row(r->out, (const char *const[]){ g->items[i].title, count(r, n->families), count(r, n->less),
                                                        count(r, n->more), euros(r, n->total[BEFORE]),
                                                        euros(r, n->total[AFTER]),
                                                        evolution(r, n->total[BEFORE], n->total[AFTER]) });
        else
            document_row(r->out, (const char *const[]){ g->items[i].title, count(r, n->families),
                                                        euros(r, n->total[side]),
                                                        mean(r, n->total[side], n->families) });
    }
}

static void write_means(struct report *r, const struct simulation_tariff *t)
{
    static const struct column BOTH[] = { { "", false }, { "Avant", true }, { "Après", true } };
    static const struct column ALONE[] = { { "", false }, { "Par famille", true } };
    const struct grouping *g = &r->s->grouping;
    int side = t->present[AFTER] ? AFTER : BEFORE;

    document_chart(r->out, "Recette par famille", "€", r->both ? BOTH : ALONE, r->both ? 3 : 2);
    for (size_t i = 0; i < g->count; i++) {
        const struct tally *n = &t->groups[i];
        struct number values[SIDES] = { { 0, 1 }, { 0, 1 } };

        if (number_sign(n->families) == 0)
            continue;
        for (int k = BEFORE; k < SIDES; k++)
            (void)number_div(n->total[k], n->families, &values[k]);
        document_bar(r->out, g->items[i].title, r->both ? values : &values[side], r->both ? 2 : 1);
    }
}

/* Families that have no amount, which no total counts. */
static void write_statuts(struct report *r, const struct simulation_tariff *t)
{
    static const struct column BOTH[] = { { "", false }, { "Avant", true }, { "Après", true } };
    static const struct column ALONE[] = { { "", false }, { "Familles", true } };
    int side = t->present[AFTER] ? AFTER : BEFORE;

    document_table(r->out, "Familles sans montant, que les recettes ne comptent pas", r->both ? BOTH : ALONE,
                   r->both ? 3 : 2);
    for (size_t i = 0; i < STATUTS; i++) {
        const struct number *before = &t->statuts[BEFORE][i], *after = &t->statuts[AFTER][i];

        if (i == DELIB_CALCULE || (number_sign(*before) == 0 && number_sign(*after) == 0))
            continue;
        document_row(r->out, (const char *const[]){ simulation_statut_text(i),
                                                    count(r, r->both ? *before : t->statuts[side][i]),
                                                    r->both ? count(r, *after) : NULL });
    }
}

static void write_tariff(struct report *r, const struct simulation_tariff *t)
{
    r->both = t->present[BEFORE] && t->present[AFTER];
    r->unit = t->unit;
    document_heading(r->out, 2, "%s", t->label ? t->label : t->name);
    if (!r->both && r->s->request->paths[BEFORE])
        document_add(r->out, BLOCK_PARAGRAPH, "%s",
                     t->present[AFTER] ? "Ce tarif n'est pas dans l'acte d'avant."
                                       : "L'acte d'après n'a plus ce tarif.");
    write_receipts(r, t);
    if (r->both) {
        write_winners(r, t);
        write_classes(r, t);
    }
    if (r->s->grouping.column) {
        write_groups(r, t);
        write_means(r, t);
    }
    write_statuts(r, t);
}

static void write_act(struct report *r, const char *name, int side)
{
    const struct programme *act = &r->s->acts[side];
    struct strbuf text = strbuf_in(r->arena);

    if (!act->program)
        return;
    strbuf_format(&text, "%s, ", act->file.name);
    if (strbuf_act(&text, act->program))
        strbuf_text(&text, ", ");
    strbuf_format(&text, "prestation du %s", date_in_words(r->arena, r->s->request->dates[side]));
    document_add(r->out, BLOCK_FACT, "%s", name);
    document_note(r->out, strbuf_string(&text));
}

static void write_measure(struct report *r, const char *name, const char *column, const char *otherwise)
{
    struct strbuf text = strbuf_in(r->arena);

    if (column)
        strbuf_format(&text, "colonne « %s »", column);
    document_add(r->out, BLOCK_FACT, "%s", name);
    document_note(r->out, column ? strbuf_string(&text) : otherwise);
}

void simulation_document(struct document *out, const struct simulation *s)
{
    struct report r = { .s = s, .out = out, .arena = out->arena };
    struct strbuf population = strbuf_in(r.arena);

    if (s->request->paths[BEFORE])
        write_act(&r, "Avant", BEFORE);
    write_act(&r, s->request->paths[BEFORE] ? "Après" : "Acte", AFTER);
    strbuf_format(&population, "%s, %s familles", s->request->population, count(&r, s->families));
    document_add(out, BLOCK_FACT, "Population");
    document_note(out, strbuf_string(&population));
    write_measure(&r, "Quantité", s->request->quantity, "une unité par famille (--quantite nomme la colonne)");
    if (s->request->weight)
        write_measure(&r, "Poids", s->request->weight, NULL);
    if (s->faulty) {
        document_add(out, BLOCK_PARAGRAPH,
                     "%s familles ne sont pas comptées : leur quantité ou leur poids est illisible.",
                     text_of(&r, number_of((int128)s->faulty), 0, NULL));
    }
    for (size_t i = 0; i < s->tariff_count; i++)
        write_tariff(&r, &s->tariffs[i]);
    document_finish(out);
}
