/*
 * Properties: a condition is true or false, an amount varies with a datum that has an order, limits are fixed. They are
 * typed after everything else, and leave no trace on it: a datum that only a property reads is not used.
 */
#include "typing.h"

static struct diag *report(struct typing *t, struct span span, const char *text)
{
    return diag_add(t->diags, DIAG_BAD_PROPERTY, span, "%s", text);
}

/* The datum after « quand »: an entrée, a source, the date of the service. */
static const struct symbol *datum_of(const struct expr *e)
{
    return e->kind == EXPR_NAME ? e->as.reference.symbol : e->kind == EXPR_FIELD ? e->as.field.symbol : NULL;
}

static bool has_order(const struct type *type)
{
    return type->kind == TYPE_NUMBER || type->kind == TYPE_ENUM || type->kind == TYPE_DATE;
}

static void type_datum(struct typing *t, const struct property *p)
{
    const struct type *type = typing_expr(t, p->datum, NULL);
    const struct symbol *datum = datum_of(p->datum);

    if (type->kind == TYPE_ERROR)
        return;
    if (!datum || (datum->kind != SYMBOL_INPUT && datum->kind != SYMBOL_SOURCE && datum->kind != SYMBOL_DATE))
        diag_help(t->diags, report(t, p->datum->span, "ce qui varie est une donnée : une entrée ou une source"),
                  "par exemple « quand qf augmente »");
    else if (!has_order(type))
        diag_help(t->diags, report(t, p->datum->span, "les valeurs de cette donnée n'ont pas d'ordre"),
                  "comparez deux réponses : « cantine avec résident = oui ≤ cantine avec résident = non »");
}

/* « de plus de 2 € quand qf augmente de 1 € » */
static void type_distance(struct typing *t, const struct property *p, const struct type *subject)
{
    const struct type *limit = typing_expect(t, p->limit, subject, "écart permis");
    const struct type *datum = p->datum->type;

    if (limit->kind != TYPE_ERROR && (!p->limit->facts->constant || p->limit->facts->lo < 0))
        diag_help(t->diags, report(t, p->limit->span, "l'écart permis est une valeur fixe, positive ou nulle"),
                  "par exemple « de plus de 2 € »");
    if (!datum || datum->kind == TYPE_ERROR)
        return;
    if (datum->kind != TYPE_NUMBER) {
        report(t, p->distance->span, "seul un nombre augmente ou baisse d'une quantité");
        return;
    }
    if (typing_expect(t, p->distance, datum, "variation de la donnée")->kind == TYPE_ERROR)
        return;
    if (p->distance->facts->lo <= 0 || datum_of(p->datum)->facts.den % p->distance->facts->den != 0)
        diag_help(t->diags,
                  report(t, p->distance->span, "cette variation n'est pas un pas possible de la donnée"),
                  "donnez une variation positive qui n'a pas plus de décimales que la donnée");
}

static void type_variation(struct typing *t, const struct property *p)
{
    const struct type *subject = typing_expr(t, p->subject, NULL);

    type_datum(t, p);
    if (subject->kind == TYPE_ERROR)
        return;
    if (subject->kind != TYPE_NUMBER)
        diag_help(t->diags, report(t, p->subject->span, "ce qui ne baisse ou n'augmente jamais est un nombre"),
                  "nommez un tarif, ou un calcul sur des tarifs");
    else if (p->limit)
        type_distance(t, p, subject);
}

static void type_statement(struct typing *t, const struct property *p)
{
    switch (p->kind) {
    case PROPERTY_HOLDS:
        typing_expect(t, p->subject, type_boolean(), "ce qui est toujours vrai");
        break;
    case PROPERTY_NEVER_FALLS:
    case PROPERTY_NEVER_RISES:
        type_variation(t, p);
        break;
    case PROPERTY_HAS_AMOUNT:
    case PROPERTY_HAS_ANSWER:
        typing_expr(t, p->subject, NULL);
        break;
    }
    if (p->condition)
        typing_expect(t, p->condition, type_boolean(), "condition de la propriété");
}

void typing_property(struct typing *t, struct decl *decl)
{
    const struct property *p = &decl->as.property;
    const size_t data = t->model->data.count;

    t->scope = &t->model->globals;
    type_statement(t, p);
    if (t->model->data.count != data)
        diag_help(t->diags, report(t, decl->span, "cette propriété parle d'une donnée qu'aucun tarif ne lit"),
                  "une propriété porte sur ce que les tarifs demandent");
}
