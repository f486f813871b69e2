/*
 * Walks a declaration for its citations.
 */
#include "citations.h"

#include "walk.h"

struct walk {
    citation_visitor visit;
    void *context;
    size_t count;
};

static void visit_list(struct walk *w, const struct citation *citation)
{
    for (; citation; citation = citation->next) {
        w->visit(w->context, citation);
        w->count++;
    }
}

static void visit_table(struct walk *w, const struct table *table)
{
    for (size_t i = 0; i < table->rows.count; i++)
        visit_list(w, table->rows.items[i].citation);
}

static void visit_expr(void *context, const struct expr *e)
{
    struct walk *w = context;

    if (e->kind == EXPR_TABLE)
        visit_table(w, e->as.table);
    expr_parts(e, visit_expr, w);
}

static void visit_value(struct walk *w, const struct expr *e)
{
    if (e)
        visit_expr(w, e);
}

static void visit_tariff(struct walk *w, const struct decl *decl)
{
    visit_list(w, decl->as.tariff.price_clauses.citation);
    visit_value(w, decl->as.tariff.price);
    for (const struct decl *let = decl->as.tariff.lets; let; let = let->next)
        w->count += citations_of(let, w->visit, w->context);
    for (size_t i = 0; i < decl->as.tariff.exceptions.count; i++) {
        visit_list(w, decl->as.tariff.exceptions.items[i].clauses.citation);
        visit_value(w, decl->as.tariff.exceptions.items[i].value);
    }
    for (size_t i = 0; i < decl->as.tariff.steps.count; i++) {
        visit_list(w, decl->as.tariff.steps.items[i].clauses.citation);
        visit_value(w, decl->as.tariff.steps.items[i].value);
    }
    for (const struct decl *output = decl->as.tariff.outputs; output; output = output->next)
        w->count += citations_of(output, w->visit, w->context);
}

size_t citations_of(const struct decl *decl, citation_visitor visit, void *context)
{
    struct walk w = { visit, context, 0 };

    visit_list(&w, decl->clauses.citation);
    switch (decl->kind) {
    case DECL_TARIFF: visit_tariff(&w, decl); break;
    case DECL_LET:
    case DECL_OUTPUT: visit_value(&w, decl->as.let.value); break;
    case DECL_FUNCTION: visit_value(&w, decl->as.function.value); break;
    case DECL_NATIONAL: visit_value(&w, decl->as.national.value); break;
    case DECL_TRANCHES: visit_table(&w, decl->as.tranches.table); break;
    case DECL_TABLEAU: visit_table(&w, decl->as.tableau.table); break;
    case DECL_ERROR: case DECL_HEADER: case DECL_ENUM: case DECL_INPUT: case DECL_SOURCE: case DECL_ESSAI:
    case DECL_RECORD: case DECL_UNIT: case DECL_CALENDAR: case DECL_USE: case DECL_FINALITE: case DECL_PROPERTY: break;
    }
    return w.count;
}
