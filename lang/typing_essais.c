/*
 * Essais: each name is a datum, each value of its type; each « attendu » names a tariff or one of its outputs.
 */
#include "typing.h"

/* A tariff, or another result of one. */
static struct symbol *find_result(struct model *model, struct slice name)
{
    struct symbol *s = scope_find(&model->globals, name);

    if (s && s->kind == SYMBOL_TARIFF)
        return s;
    for (size_t i = 0; i < model->tariffs.count; i++)
        for (struct version *v = model->tariffs.items[i]->versions; v; v = v->next)
            for (size_t k = 0; k < v->outputs.count; k++)
                if (text_fold_equal(v->outputs.items[k]->name.text, name))
                    return v->outputs.items[k];
    return NULL;
}

/* What a family answers, or the day of the service. */
static struct symbol *find_datum(struct model *model, struct slice name)
{
    static const bool answered[] = {
        [SYMBOL_INPUT] = true, [SYMBOL_SOURCE] = true, [SYMBOL_DATE] = true, [SYMBOL_TODAY] = true,
        [SYMBOL_STEP_PRICE] = false,
    };
    struct symbol *s = scope_find(&model->globals, name);

    return s && answered[s->kind] ? s : NULL;
}

static void report_unknown(struct typing *t, const struct assignment *a, const char *what)
{
    const struct symbol *close = scope_suggest(&t->model->globals, a->name.text);
    struct diag *d = diag_add(t->diags, DIAG_UNKNOWN_NAME, a->name.span, "%s ne s'appelle « %.*s »", what,
                              SLICE_ARG(a->name.text));

    if (close)
        correction_word(t->diags, d, a->name.span, close->name.text);
}

/* A price where an answer of the family is due: « attendu » was left out. */
static void report_result(struct typing *t, const struct assignment *a)
{
    struct diag *d = diag_add(t->diags, DIAG_BAD_ESSAI, a->name.span, "« %.*s » est un résultat, pas une donnée",
                              SLICE_ARG(a->name.text));

    diag_help(t->diags, d, "écrivez « attendu %.*s = … »", SLICE_ARG(a->name.text));
    diag_fix(t->diags, d, a->name.span, "attendu %.*s", SLICE_ARG(a->name.text));
}

static bool is_special(const struct expr *e)
{
    return e->kind == EXPR_OUTCOME;
}

static void type_value(struct typing *t, struct expr *e, const struct type *type)
{
    if (is_special(e))
        return;
    if (typing_expect(t, e, type, "valeur de l'essai")->kind != TYPE_ERROR && type->kind != TYPE_TEXT &&
        !e->facts->constant)
        diag_help(t->diags, diag_add(t->diags, DIAG_BAD_ESSAI, e->span, "une valeur d'essai est fixe"),
                  "écrivez la valeur elle-même : un essai est une famille, pas une règle");
}

static void type_records(struct typing *t, struct assignment *a)
{
    const struct type *type = a->symbol->type;
    const struct symbol *record =
        type->kind == TYPE_LIST && type->element->kind == TYPE_RECORD ? type->element->symbol : NULL;
    struct table *grid = a->records;

    if (!record) {
        diag_add(t->diags, DIAG_BAD_ESSAI, a->span, "« %.*s » n'est pas une liste de fiches",
                 SLICE_ARG(a->name.text));
        return;
    }
    for (size_t c = 0; c < grid->columns.count; c++) {
        const struct title *title = &grid->columns.items[c];
        struct symbol *field = title->kind == TITLE_VALUE && title->value->kind == EXPR_NAME
                                   ? symbol_member(record, title->value->as.reference.name.text) : NULL;

        if (!field || field->kind != SYMBOL_FIELD) {
            diag_add(t->diags, DIAG_BAD_ESSAI, title->span, "cette colonne n'est pas un champ de « %.*s »",
                     SLICE_ARG(record->name.text));
            continue;
        }
        title->value->as.reference.symbol = field;
        typing_symbol(t, field);
        for (size_t r = 0; r < grid->rows.count; r++)
            if (grid->rows.items[r].cells.items[c])
                type_value(t, grid->rows.items[r].cells.items[c], field->type);
    }
}

/* False: it was a result, without « attendu ». */
static bool type_datum(struct typing *t, struct assignment *a)
{
    struct symbol *s = find_datum(t->model, a->name.text);

    if (!s && find_result(t->model, a->name.text)) {
        report_result(t, a);
        return false;
    }
    if (!s) {
        report_unknown(t, a, "aucune donnée");
        return true;
    }
    typing_symbol(t, s);
    a->symbol = s;
    if (s->type->kind == TYPE_ERROR)
        return true;
    if (a->records) {
        type_records(t, a);
        return true;
    }
    if (s->type->kind == TYPE_LIST && !s->type->basket) {
        for (size_t i = 0; i < a->values.count; i++)
            type_value(t, a->values.items[i], s->type->element);
        return true;
    }
    if (a->values.count != 1) {
        diag_add(t->diags, DIAG_BAD_ESSAI, a->span, "« %.*s » n'a qu'une valeur", SLICE_ARG(a->name.text));
        return true;
    }
    type_value(t, a->values.items[0], s->type);
    return true;
}

static void type_expected(struct typing *t, struct assignment *a)
{
    struct symbol *s = find_result(t->model, a->name.text);

    if (!s) {
        report_unknown(t, a, "aucun tarif");
        return;
    }
    a->symbol = s;
    typing_symbol(t, s);
    if (a->values.count == 1)
        type_value(t, a->values.items[0], s->type);
}

/* « essais cantine » and its grid: one column per datum, the last one « attendu ». */
static void type_grid(struct typing *t, struct decl *essai)
{
    struct table *grid = essai->as.essai.grid;
    struct symbol *tariff = scope_find(&t->model->globals, essai->name.text);

    if (!tariff || tariff->kind != SYMBOL_TARIFF) {
        diag_add(t->diags, DIAG_UNKNOWN_NAME, essai->name.span, "aucun tarif ne s'appelle « %.*s »",
                 SLICE_ARG(essai->name.text));
        return;
    }
    essai->symbol = tariff;
    for (size_t c = 0; c < grid->columns.count; c++) {
        const struct title *title = &grid->columns.items[c];
        bool named = title->kind == TITLE_VALUE && title->value->kind == EXPR_NAME;
        struct symbol *s = !named ? NULL
                           : c + 1 == grid->columns.count
                               ? tariff
                               : find_datum(t->model, title->value->as.reference.name.text);

        if (!s) {
            diag_add(t->diags, DIAG_BAD_ESSAI, title->span, "cette colonne n'est le nom d'aucune donnée");
            continue;
        }
        typing_symbol(t, s);
        title->value->as.reference.symbol = s;
        for (size_t r = 0; r < grid->rows.count; r++) {
            struct expr *cell = grid->rows.items[r].cells.items[c];

            if (cell && s->type->kind != TYPE_ERROR)
                type_value(t, cell, s->type);
        }
    }
}

void typing_essai(struct typing *t, struct decl *essai)
{
    bool expected = essai->as.essai.grid != NULL;

    t->scope = &t->model->globals;
    if (essai->as.essai.grid)
        type_grid(t, essai);
    for (size_t i = 0; i < essai->as.essai.assignments.count; i++) {
        struct assignment *a = &essai->as.essai.assignments.items[i];

        if (a->expected)
            type_expected(t, a);
        expected = a->expected || !type_datum(t, a) || expected;
    }
    if (!expected)
        diag_help(t->diags, diag_add(t->diags, DIAG_BAD_ESSAI, essai->span, "cet essai ne dit pas ce qu'il attend"),
                  "ajoutez « attendu nom_du_tarif = 1,30 € »");
}
