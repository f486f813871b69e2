/*
 * What the checks say: diagnostics of the text and of all the families, properties, and what was not decided.
 */
#include "rapport.h"

/* ---- Diagnostics ---- */

static void write_place(struct rapport *r, const delib_diagnostic *d)
{
    html_open(&r->html, "td");
    if (d->file && slice_is(slice_of(d->file), r->source->name))
        rapport_write_line(r, d->line);
    else
        html_format(&r->html, "%s, ligne %u", d->file ? d->file : "", d->line);
    html_close(&r->html);
}

static void write_note(struct rapport *r, const char *title, const char *text)
{
    if (!text || !*text)
        return;
    html_open(&r->html, "p");
    html_element(&r->html, "strong", NULL, title);
    html_format(&r->html, " : %s", text);
    html_close(&r->html);
}

static void write_diagnostic(struct rapport *r, const delib_diagnostic *d)
{
    html_open(&r->html, "tr");
    html_open(&r->html, "th");
    html_attribute(&r->html, "scope", "row");
    html_attribute(&r->html, "class", d->is_error ? "mal" : "attention");
    html_format(&r->html, "%s %s", d->is_error ? "Erreur" : "Avertissement", d->code);
    html_close(&r->html);
    write_place(r, d);
    html_open(&r->html, "td");
    html_element(&r->html, "p", NULL, d->message);
    write_note(r, "Effet", d->effect);
    write_note(r, "Aide", d->help);
    html_close(&r->html);
    html_close(&r->html);
}

static void write_diagnostics(struct rapport *r)
{
    static const char *const columns[] = { "Défaut", "Où", "Ce qu'il est" };
    const struct diagnostic_list *list = &r->programme.diagnostics;

    if (r->programme.problem)
        html_element(&r->html, "p", "mal", r->programme.problem);
    if (!list->count) {
        html_element(&r->html, "p", "bien", "Aucun défaut.");
        return;
    }
    html_open(&r->html, "div");
    html_attribute(&r->html, "class", "large");
    html_table(&r->html, "defauts", NULL, columns, 3);
    for (size_t i = 0; i < list->count; i++)
        write_diagnostic(r, &list->items[i]);
    html_table_end(&r->html);
    html_close(&r->html);
}

/* ---- Properties ---- */

static const char *verdict_class(delib_verdict verdict)
{
    return verdict == DELIB_DEMONTREE ? "bien" : verdict == DELIB_REFUTEE ? "mal" : "attention";
}

static void write_properties(struct rapport *r)
{
    static const char *const columns[] = { "Propriété", "Où", "Verdict" };
    delib_property property;

    if (!delib_check_property_count(r->check))
        return;
    html_heading(&r->html, 3, NULL, "Propriétés énoncées par l'acte");
    html_element(&r->html, "p", NULL, "« Démontrée » vaut pour toutes les familles, sans exception ni échantillon.");
    html_table(&r->html, NULL, NULL, columns, 3);
    for (size_t i = 0; delib_check_property(r->check, i, &property) == DELIB_OK; i++) {
        html_open(&r->html, "tr");
        html_row_title(&r->html, property.title);
        html_open(&r->html, "td");
        rapport_write_line(r, property.line);
        html_close(&r->html);
        html_element(&r->html, "td", verdict_class(property.verdict), delib_verdict_text(property.verdict));
        html_close(&r->html);
    }
    html_table_end(&r->html);
}

/* ---- What was looked at ---- */

static void write_families(struct rapport *r)
{
    const char *why;
    size_t regions;

    html_heading(&r->html, 3, NULL, "Toutes les familles");
    html_open(&r->html, "ul");
    for (delib_tariff i = 0; delib_check_tariff(r->check, i, &regions, &why) == DELIB_OK; i++) {
        html_open(&r->html, "li");
        html_format(&r->html, "Tarif « %s » : %zu situation%s à distinguer", r->program->tariffs[i].name, regions,
                    regions > 1 ? "s" : "");
        if (why)
            html_format(&r->html, " ; non démontré pour certaines familles : %s", why);
        html_text(&r->html, ".");
        html_close(&r->html);
    }
    html_close(&r->html);
}

void rapport_write_checks(struct rapport *r)
{
    write_diagnostics(r);
    if (!r->check)
        return;
    write_properties(r);
    write_families(r);
}
