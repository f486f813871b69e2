/*
 * A comparison in French, or in JSON. Changes of one price to another are said once, with the families that they
 * concern below.
 */
#include "comparaison.h"

#include <string.h>

enum { CHANGES_SHOWN = 40, SITUATIONS_SHOWN = 40 };

/* ---- Amounts ---- */

static void append_amount(struct strbuf *out, const struct comparison *c, const struct comparison_tariff *t,
                          struct number amount)
{
    strbuf_typed_number(out, &c->matching.programs[BEFORE]->model, t->type, amount);
}

/* « +6,1 % » of what was paid before; nothing when nothing was. */
static void append_percent(struct strbuf *out, struct number before, struct number change)
{
    struct number percent;

    if (number_sign(before) <= 0 || !number_div(change, before, &percent) ||
        !number_mul(percent, number_of(100), &percent) ||
        !number_round(percent, (struct number){ 1, 10 }, ROUNDING_NEAREST, &percent))
        return;
    strbuf_text(out, number_sign(percent) >= 0 ? ", +" : ", ");
    strbuf_number(out, percent, 0);
    strbuf_text(out, " %");
}

static void append_change(struct strbuf *out, const struct comparison *c, const struct comparison_tariff *t,
                          struct number change)
{
    if (number_sign(change) >= 0)
        strbuf_char(out, '+');
    append_amount(out, c, t, change);
}

static bool is_one(const struct formula_range *r)
{
    return number_compare(r->lo, r->hi) == 0;
}

static void append_outcome(struct strbuf *out, const struct comparison *c, const struct comparison_tariff *t,
                           const struct comparison_change *change, enum side side)
{
    const struct region_outcome *o = &change->outcomes[side];
    const struct formula_range *r = &change->ranges[side];
    struct number value;

    if (o->statut != DELIB_CALCULE) {
        strbuf_text(out, delib_statut_text(o->statut));
        if (o->reason)
            strbuf_format(out, " (%s)", o->reason);
    } else if (change->amounts && is_one(r)) {
        append_amount(out, c, t, r->lo);
    } else if (change->amounts) {
        strbuf_text(out, r->exact ? "de " : "entre ");
        append_amount(out, c, t, r->lo);
        strbuf_text(out, r->exact ? " à " : " et ");
        append_amount(out, c, t, r->hi);
    } else if (formula_kind_of(o->formula) == FORMULA_TEXT) {
        strbuf_slice(out, formula_text_of(o->formula));
    } else if (formula_is_constant(o->formula, &value)) {
        strbuf_typed_number(out, &c->matching.programs[side]->model, o->type, value);
        strbuf_text(out, strchr(t->units[side], ' ') ? strchr(t->units[side], ' ') : "");
    } else {
        strbuf_format(out, "un montant calculé en %s", t->units[side]);
    }
}

/* « 3,30 € → 3,50 € (+0,20 €, +6,1 %) » */
static const char *change_text(struct arena *arena, const struct comparison *c, const struct comparison_tariff *t,
                               const struct comparison_change *change)
{
    struct strbuf out = strbuf_in(arena);

    append_outcome(&out, c, t, change, BEFORE);
    strbuf_text(&out, " → ");
    append_outcome(&out, c, t, change, AFTER);
    if (change->amounts) {
        strbuf_text(&out, " (");
        if (number_compare(change->least, change->greatest) == 0) {
            append_change(&out, c, t, change->least);
            if (is_one(&change->ranges[BEFORE]))
                append_percent(&out, change->ranges[BEFORE].lo, change->least);
        } else {
            strbuf_text(&out, change->proved ? "de " : "entre ");
            append_change(&out, c, t, change->least);
            strbuf_text(&out, change->proved ? " à " : " et ");
            append_change(&out, c, t, change->greatest);
        }
        strbuf_text(&out, ")");
    }
    return out.bytes;
}

static const struct conditions NO_CONDITIONS;

static const char *families_text(struct arena *arena, const struct comparison *c, const struct box *box,
                                 const struct conditions *conditions)
{
    struct strbuf out = strbuf_in(arena);

    strbuf_families(&out, &c->matching.axes, box, conditions);
    return out.bytes;
}

/* ---- For people ---- */

static void print_situation(struct run *run, const struct comparison *c, const struct comparison_change *change)
{
    terminal_print(&run->terminal, STYLE_PLAIN, "    - %s",
                   families_text(&run->arena, c, &change->box, &change->conditions));
    if (change->changed < change->points && change->points < INT64_MAX)
        terminal_print(&run->terminal, STYLE_PLAIN, " (%lld valeurs sur %lld)", (long long)change->changed,
                       (long long)change->points);
    else if (change->changed < change->points)
        terminal_print(&run->terminal, STYLE_PLAIN, " (une partie des valeurs)");
    terminal_print(&run->terminal, STYLE_PLAIN, "\n");
}

static void print_changes(struct run *run, const struct comparison *c, const struct comparison_tariff *t)
{
    const char **texts = arena_array(&run->arena, const char *, t->changes.count);
    size_t shown = 0;

    for (size_t i = 0; i < t->changes.count; i++)
        texts[i] = change_text(&run->arena, c, t, &t->changes.items[i]);
    for (size_t i = 0; i < t->changes.count; i++) {
        size_t count = 0;

        if (!texts[i])
            continue;
        if (shown++ == CHANGES_SHOWN) {
            terminal_print(&run->terminal, STYLE_PLAIN, "  et d'autres changements (--json les donne tous)\n");
            return;
        }
        terminal_print(&run->terminal, STYLE_STRONG, "  %s\n", texts[i]);
        for (size_t k = i; k < t->changes.count; k++) {
            if (!texts[k] || strcmp(texts[k], texts[i]) != 0)
                continue;
            if (count++ < SITUATIONS_SHOWN)
                print_situation(run, c, &t->changes.items[k]);
            if (k > i)
                texts[k] = NULL;       /* said */
        }
        if (count > SITUATIONS_SHOWN)
            terminal_print(&run->terminal, STYLE_PLAIN, "    - et %zu autres situations (--json les donne toutes)\n",
                           count - SITUATIONS_SHOWN);
    }
}

static void print_extreme(struct run *run, const struct comparison *c, const struct comparison_tariff *t,
                          const char *title, const struct comparison_extreme *e)
{
    struct strbuf out = strbuf_in(&run->arena);
    struct number change;

    if (!e->found || !number_sub(e->amounts[AFTER], e->amounts[BEFORE], &change))
        return;
    append_change(&out, c, t, change);
    append_percent(&out, e->amounts[BEFORE], change);
    strbuf_text(&out, ", de ");
    append_amount(&out, c, t, e->amounts[BEFORE]);
    strbuf_text(&out, " à ");
    append_amount(&out, c, t, e->amounts[AFTER]);
    strbuf_text(&out, " : ");
    strbuf_text(&out, families_text(&run->arena, c, &e->point, &NO_CONDITIONS));
    terminal_print(&run->terminal, STYLE_PLAIN, "  %s%s : %s\n", title, t->complete ? "" : " trouvée", out.bytes);
}

static void print_doubts(struct run *run, const struct comparison *c, const struct comparison_tariff *t)
{
    if (t->doubts.count > 0)
        terminal_print(&run->terminal, STYLE_WARNING, "  Non démontré :\n");
    for (size_t i = 0; i < t->doubts.count && i < SITUATIONS_SHOWN; i++) {
        const struct comparison_doubt *d = &t->doubts.items[i];
        struct strbuf out = strbuf_in(&run->arena);

        strbuf_format(&out, "%s : %s", families_text(&run->arena, c, &d->box, &d->conditions), d->why);
        if (d->bounded) {
            strbuf_text(&out, " ; le prix y change de ");
            append_change(&out, c, t, d->least);
            strbuf_text(&out, " à ");
            append_change(&out, c, t, d->greatest);
            strbuf_text(&out, " au plus");
        }
        terminal_print(&run->terminal, STYLE_PLAIN, "    - %s\n", out.bytes);
    }
    if (t->doubts.count > SITUATIONS_SHOWN)
        terminal_print(&run->terminal, STYLE_PLAIN, "    - et %zu autres situations (--json les donne toutes)\n",
                       t->doubts.count - SITUATIONS_SHOWN);
}

static void print_tariff(struct run *run, const struct comparison *c, const struct comparison_tariff *t)
{
    struct terminal *out = &run->terminal;

    terminal_print(out, STYLE_STRONG, "Tarif %s%s%s", t->name, t->output ? ", résultat " : "",
                   t->output ? t->output : "");
    if (t->units[BEFORE] && t->units[AFTER] && strcmp(t->units[BEFORE], t->units[AFTER]) != 0)
        terminal_print(out, STYLE_WARNING, ", en %s avant, en %s après", t->units[BEFORE], t->units[AFTER]);
    else if (t->units[BEFORE] && *t->units[BEFORE] && !t->output)
        terminal_print(out, STYLE_PLAIN, ", en %s", t->units[BEFORE]);
    if (t->changes.count == 0 && t->doubts.count == 0)
        terminal_print(out, STYLE_GOOD, " : aucun prix ne change\n");
    else if (t->changes.count == 0)
        terminal_print(out, STYLE_PLAIN, " : aucun changement démontré\n");
    else
        terminal_print(out, STYLE_PLAIN, "\n");
    print_changes(run, c, t);
    print_extreme(run, c, t, "Plus forte hausse", &t->rise);
    print_extreme(run, c, t, "Plus forte baisse", &t->fall);
    print_doubts(run, c, t);
}

static void print_file(struct run *run, const char *title, const char *name, struct date date)
{
    struct strbuf out = strbuf_in(&run->arena);

    strbuf_format(&out, "%s : %s", title, name);
    if (date.year) {
        strbuf_text(&out, ", au ");
        strbuf_date(&out, date);
    }
    terminal_print(&run->terminal, STYLE_PLAIN, "%s\n", out.bytes);
}

void comparaison_print(struct run *run, const struct compared_files *files, const struct comparison *c)
{
    print_file(run, "Avant", files->names[BEFORE], files->dates[BEFORE]);
    print_file(run, "Après", files->names[AFTER], files->dates[AFTER]);
    for (size_t i = 0; i < c->matching.axes.count; i++)
        if (c->read[i] && c->matching.remarks[i])
            terminal_print(&run->terminal, STYLE_WARNING, "Remarque : %s\n", c->matching.remarks[i]);
    for (size_t i = 0; i < c->lone.count; i++)
        terminal_print(&run->terminal, STYLE_WARNING, "Remarque : « %s » n'est que dans le %s fichier\n",
                       c->lone.items[i].name, c->lone.items[i].side == BEFORE ? "premier" : "second");
    for (size_t i = 0; i < c->tariffs.count; i++) {
        terminal_print(&run->terminal, STYLE_PLAIN, "\n");
        print_tariff(run, c, &c->tariffs.items[i]);
    }
    if (c->tariffs.count == 0)
        terminal_print(&run->terminal, STYLE_WARNING, "\nAucun tarif n'est dans les deux fichiers.\n");
    else if (comparison_is_equal(c))
        terminal_print(&run->terminal, STYLE_GOOD, "\nAucun prix ne change.\n");
}

/* ---- JSON ---- */

struct writer {
    struct run *run;
    const delib_io_api *io;
    delib_io_json *json;
    const struct comparison *c;
};

static void write_number(struct writer *w, const char *key, const struct comparison_tariff *t, struct number value)
{
    struct strbuf out = strbuf_in(&w->run->arena);
    bool rate = type_is_number(t->type, QUANTITY_TAUX);

    if (rate && !number_mul(value, number_of(100), &value)) {
        w->io->json_null(w->json, key);
        return;
    }
    strbuf_number_machine(&out, value, type_is_number(t->type, QUANTITY_MONTANT) ? 2 : 0);
    w->io->json_text(w->json, key, out.bytes);
}

static void write_percent(struct writer *w, struct number before, struct number after)
{
    struct strbuf out = strbuf_in(&w->run->arena);
    struct number percent;

    if (number_sign(before) > 0 && number_sub(after, before, &percent) && number_div(percent, before, &percent) &&
        number_mul(percent, number_of(100), &percent) &&
        number_round(percent, (struct number){ 1, 10 }, ROUNDING_NEAREST, &percent))
        strbuf_number_machine(&out, percent, 0);
    w->io->json_text(w->json, "pourcentage", out.bytes);
}

static void write_coordinate(struct writer *w, const struct axis *axis, const struct coordinate *c)
{
    static const char *const STATES[] = { "indifférent", "communiqué", "non communiqué", "indisponible" };
    const char *ends[2] = { NULL, NULL };

    for (int i = 0; i < 2 && c->kind == COORDINATE_RANGE && !axis->opaque; i++) {
        struct strbuf out = strbuf_in(&w->run->arena);

        strbuf_axis_machine(&out, axis, i ? c->hi : c->lo);
        ends[i] = out.bytes;
    }
    w->io->json_object(w->json, NULL);
    w->io->json_text(w->json, "nom", axis->name);
    w->io->json_text(w->json, "état", STATES[c->kind]);
    w->io->json_text(w->json, "de", ends[0]);
    w->io->json_text(w->json, "à", ends[1]);
    w->io->json_boolean(w->json, "ou non communiqué", c->or_absent);
    w->io->json_boolean(w->json, "ou indisponible", c->or_failed);
    w->io->json_end(w->json);
}

static void write_families(struct writer *w, const struct box *box, const struct conditions *conditions)
{
    w->io->json_text(w->json, "situation", families_text(&w->run->arena, w->c, box, conditions));
    w->io->json_list(w->json, "données");
    for (size_t i = 0; i < box->count; i++)
        if (box->items[i].read && box->items[i].kind != COORDINATE_FREE)
            write_coordinate(w, &w->c->matching.axes.items[i], &box->items[i]);
    w->io->json_end(w->json);
    w->io->json_list(w->json, "conditions");
    for (size_t i = 0; i < conditions->count; i++) {
        const struct conditions one = { &conditions->items[i], 1, 1 };
        struct strbuf text = strbuf_in(&w->run->arena);

        strbuf_conditions(&text, &one);
        w->io->json_text(w->json, NULL, text.bytes);
    }
    w->io->json_end(w->json);
}

static void write_outcome(struct writer *w, const char *key, const struct comparison_tariff *t,
                          const struct comparison_change *change, enum side side)
{
    const struct region_outcome *o = &change->outcomes[side];
    struct strbuf text = strbuf_in(&w->run->arena);

    append_outcome(&text, w->c, t, change, side);
    w->io->json_object(w->json, key);
    w->io->json_text(w->json, "statut", delib_statut_text(o->statut));
    w->io->json_text(w->json, "texte", text.bytes);
    w->io->json_text(w->json, "motif", o->reason);
    if (change->amounts) {
        write_number(w, "minimum", t, change->ranges[side].lo);
        write_number(w, "maximum", t, change->ranges[side].hi);
    } else {
        w->io->json_null(w->json, "minimum");
        w->io->json_null(w->json, "maximum");
    }
    w->io->json_end(w->json);
}

static void write_bounds(struct writer *w, const struct comparison_tariff *t, bool known, struct number least,
                         struct number greatest, bool attained)
{
    if (!known) {
        w->io->json_null(w->json, "écart");
        return;
    }
    w->io->json_object(w->json, "écart");
    write_number(w, "minimum", t, least);
    write_number(w, "maximum", t, greatest);
    w->io->json_boolean(w->json, "atteint", attained);
    w->io->json_end(w->json);
}

static void write_count(struct writer *w, const char *key, int64_t count)
{
    if (count >= INT64_MAX - 1)
        w->io->json_null(w->json, key);
    else
        w->io->json_integer(w->json, key, count);
}

static void write_change(struct writer *w, const struct comparison_tariff *t, const struct comparison_change *change)
{
    int64_t points = box_size(&w->c->matching.axes, &change->box);

    w->io->json_object(w->json, NULL);
    write_families(w, &change->box, &change->conditions);
    write_outcome(w, "avant", t, change, BEFORE);
    write_outcome(w, "après", t, change, AFTER);
    write_bounds(w, t, change->amounts, change->least, change->greatest, change->proved);
    if (change->conditions.count > 0)
        points = INT64_MAX;            /* those that meet the conditions are not counted */
    write_count(w, "valeurs", points);
    write_count(w, "valeurs changées", change->changed < change->points ? change->changed : points);
    w->io->json_end(w->json);
}

static void write_extreme(struct writer *w, const char *key, const struct comparison_tariff *t,
                          const struct comparison_extreme *e)
{
    struct number change;

    if (!e->found || !number_sub(e->amounts[AFTER], e->amounts[BEFORE], &change)) {
        w->io->json_null(w->json, key);
        return;
    }
    w->io->json_object(w->json, key);
    write_number(w, "écart", t, change);
    write_percent(w, e->amounts[BEFORE], e->amounts[AFTER]);
    write_number(w, "avant", t, e->amounts[BEFORE]);
    write_number(w, "après", t, e->amounts[AFTER]);
    write_families(w, &e->point, &NO_CONDITIONS);
    w->io->json_end(w->json);
}

static void write_tariff(struct writer *w, const struct comparison_tariff *t)
{
    w->io->json_object(w->json, NULL);
    w->io->json_text(w->json, "tarif", t->name);
    w->io->json_text(w->json, "résultat", t->output);
    w->io->json_text(w->json, "unité avant", t->units[BEFORE]);
    w->io->json_text(w->json, "unité après", t->units[AFTER]);
    w->io->json_boolean(w->json, "démontré", t->doubts.count == 0);
    w->io->json_list(w->json, "changements");
    for (size_t i = 0; i < t->changes.count; i++)
        write_change(w, t, &t->changes.items[i]);
    w->io->json_end(w->json);
    write_extreme(w, "plus forte hausse", t, &t->rise);
    write_extreme(w, "plus forte baisse", t, &t->fall);
    w->io->json_list(w->json, "non démontré");
    for (size_t i = 0; i < t->doubts.count; i++) {
        const struct comparison_doubt *d = &t->doubts.items[i];

        w->io->json_object(w->json, NULL);
        write_families(w, &d->box, &d->conditions);
        w->io->json_text(w->json, "motif", d->why);
        write_bounds(w, t, d->bounded, d->least, d->greatest, false);
        w->io->json_end(w->json);
    }
    w->io->json_end(w->json);
    w->io->json_end(w->json);
}

static void write_file(struct writer *w, const char *key, const char *name, struct date date)
{
    struct strbuf text = strbuf_in(&w->run->arena);

    if (date.year)
        strbuf_date_iso(&text, date);
    w->io->json_object(w->json, key);
    w->io->json_text(w->json, "fichier", name);
    w->io->json_text(w->json, "date", text.bytes);
    w->io->json_end(w->json);
}

static void write_lone(struct writer *w, const char *key, enum side side)
{
    w->io->json_list(w->json, key);
    for (size_t i = 0; i < w->c->lone.count; i++)
        if (w->c->lone.items[i].side == side)
            w->io->json_text(w->json, NULL, w->c->lone.items[i].name);
    w->io->json_end(w->json);
}

void comparaison_json(struct run *run, delib_io_json *json, const struct compared_files *files,
                      const struct comparison *c)
{
    struct writer w = { run, run->io, json, c };

    write_file(&w, "avant", files->names[BEFORE], files->dates[BEFORE]);
    write_file(&w, "après", files->names[AFTER], files->dates[AFTER]);
    run->io->json_boolean(json, "identiques", comparison_is_equal(c));
    run->io->json_list(json, "remarques");
    for (size_t i = 0; i < c->matching.axes.count; i++)
        if (c->read[i] && c->matching.remarks[i])
            run->io->json_text(json, NULL, c->matching.remarks[i]);
    run->io->json_end(json);
    write_lone(&w, "seulement avant", BEFORE);
    write_lone(&w, "seulement après", AFTER);
    run->io->json_list(json, "tarifs");
    for (size_t i = 0; i < c->tariffs.count; i++)
        write_tariff(&w, &c->tariffs.items[i]);
    run->io->json_end(json);
}
