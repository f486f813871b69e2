/*
 * Corrections that need to know tables and tariffs: rows added, bounds moved, clauses and roundings that were
 * forgotten. Each is one way of mending that the author may mean; where the act leaves a choice, all the ways are
 * given.
 */
#include "typing.h"

void typing_propose_row(struct typing *t, struct diag *d, const struct table *table, const char *row)
{
    if (table->end.end > 0 && table->rows.count > 0)
        correction_line_before(t->diags, d, typing_source(t, table->end), table->end, table->rows.items[0].span, row);
}

void typing_propose_clause(struct typing *t, struct diag *d, struct span owner, const char *clause)
{
    struct strbuf line = strbuf_in(t->arena);

    strbuf_format(&line, "  %s", clause);
    correction_line_after(t->diags, d, typing_source(t, owner), owner, owner, line.bytes);
}

void typing_propose_rounding(struct typing *t, struct diag *d, const struct decl *tariff)
{
    struct span fin = tariff->span;
    struct span last = tariff->as.tariff.price_span;

    fin.start = fin.end - 3;
    if (tariff->as.tariff.steps.count > 0)
        last = tariff->as.tariff.steps.items[tariff->as.tariff.steps.count - 1].span;
    correction_line_before(t->diags, d, typing_source(t, fin), fin, last, "puis arrondi au centime le plus proche");
}

void typing_propose_bounds(struct typing *t, struct diag *d, const struct title *title, struct bounds bounds)
{
    const struct source *source = typing_source(t, title->span);
    struct strbuf words = strbuf_in(t->arena);

    if (title->kind != TITLE_INTERVAL || title->beyond || (!bounds.low && !bounds.high))
        return;
    correction_tranche(&words, bounds.low ? source_slice(source, bounds.low->span) : SLICE(""), bounds.low_included,
                       bounds.high ? source_slice(source, bounds.high->span) : SLICE(""), bounds.high_included);
    if (title->or_absent)
        strbuf_text(&words, " ou non communiqué");
    diag_fix(t->diags, d, title->span, "%s", words.bytes);
}

struct bounds title_bounds(const struct title *title)
{
    return (struct bounds){ title->low, title->high, title->low_included, title->high_included };
}

void typing_unknown_unit(struct typing *t, struct name name)
{
    struct diag *d = diag_add(t->diags, DIAG_UNKNOWN_UNIT, name.span, "« %.*s » n'est pas une unité connue",
                              SLICE_ARG(name.text));
    struct slice close = unit_suggest(t->model, name.text);
    const struct decl *first = t->model->act->first;
    struct strbuf line = strbuf_in(t->arena);

    if (close.length) {
        correction_word(t->diags, d, name.span, close);
        return;
    }
    diag_help(t->diags, d, "déclarez-la en tête du fichier : « unité %.*s »", SLICE_ARG(name.text));
    while (first->kind == DECL_HEADER || first->kind == DECL_USE)       /* what names the unit comes after them */
        first = first->next;
    strbuf_format(&line, "unité %.*s", SLICE_ARG(name.text));
    if (first->span.file == name.span.file)
        correction_line_before(t->diags, d, typing_source(t, first->span), first->span, first->span, line.bytes);
}
