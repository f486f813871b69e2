/*
 * A tariff is accepted when everything its definition can reach is admitted by its finalité. The set of what it reaches
 * comes from typing (facts.reads: values, conditions, keys, dead branches); here it is judged, and the path told.
 */
#include "purpose.h"

#include "walk.h"

#include <string.h>

/* ------------------------------------------------------------------ the table */

static const struct purpose_row *find_finalite(struct slice name)
{
    for (const struct purpose_row *row = purposes_standard; row->name || row->function; row++)
        if (row->name && text_fold_equal(slice_of(row->name), name))
            return row;
    return NULL;
}

static bool row_matches(const char *row, const char *function)
{
    size_t n = strlen(row);

    return row[n - 1] == '.' ? strncmp(row, function, n) == 0 : strcmp(row, function) == 0;
}

enum purpose_level purpose_level(const char *finalite, const char *function, const char **reason)
{
    const struct purpose_row *row = finalite ? find_finalite(slice_of(finalite)) : NULL;

    if (reason)
        *reason = NULL;
    if (!row)
        return PURPOSE_ADMIS;
    for (row++; row->function; row++)
        if (row_matches(row->function, function)) {
            if (reason)
                *reason = row->reason;
            return row->level;
        }
    if (strncmp(function, "déclaration.", sizeof "déclaration." - 1) == 0)
        return PURPOSE_ADMIS;
    if (reason)
        *reason = "cette finalité ne l'admet pas";
    return PURPOSE_INTERDIT;
}

const char *purpose_name(const struct catalogue_function *function)
{
    return function->judged_as ? function->judged_as : function->name;
}

/* ------------------------------------------------------------------ how a datum reaches a tariff */

enum { PATH_MAX_STEPS = 32 };

struct path {
    const struct symbol *target;
    const struct symbol *steps[PATH_MAX_STEPS];
    size_t count;
    const struct expr *at;             /* where the datum is named */
    bool found;
};

static void follow(void *context, const struct expr *e);

static void follow_if(struct path *path, const struct expr *e)
{
    if (e && !path->found)
        follow(path, e);
}

/* A datum leads to what stands for it when it is absent, and to the month that its API is asked for. */
static void follow_datum(struct path *path, const struct symbol *s)
{
    const struct decl *d = s->decl;

    follow_if(path, s->clauses->absent);
    follow_if(path, s->clauses->failed);
    if (d->kind == DECL_SOURCE && d->as.source.arguments.count > 1)
        follow_if(path, d->as.source.arguments.items[1]);
}

static void follow_symbol(struct path *path, const struct symbol *s)
{
    if (path->count >= PATH_MAX_STEPS)
        return;
    path->steps[path->count++] = s;
    if (s->value && s->kind != SYMBOL_INPUT)
        follow(path, s->value);
    if ((s->kind == SYMBOL_INPUT || s->kind == SYMBOL_SOURCE) && !path->found)
        follow_datum(path, s);
    if (!path->found)
        path->count--;
}

static void follow(void *context, const struct expr *e)
{
    struct path *path = context;
    const struct symbol *s = e->kind == EXPR_NAME ? e->as.reference.symbol : e->kind == EXPR_CALL ? e->as.call.symbol
                             : e->kind == EXPR_FIELD ? e->as.field.symbol : NULL;

    if (path->found)
        return;
    if (s == path->target) {
        path->found = true;
        path->at = e;
        return;
    }
    if (s)
        follow_symbol(path, s);
    if (!path->found)
        expr_parts(e, follow, path);
}

static void follow_clauses(struct path *path, const struct clauses *clauses)
{
    follow_if(path, clauses->absent);
    follow_if(path, clauses->failed);
    follow_if(path, clauses->negative);
}

static void follow_tariff(struct path *path, const struct decl *d)
{
    follow_if(path, d->as.tariff.price);
    follow_clauses(path, &d->as.tariff.price_clauses);
    for (size_t i = 0; i < d->as.tariff.exceptions.count && !path->found; i++) {
        const struct exception *e = &d->as.tariff.exceptions.items[i];

        follow_if(path, e->condition);
        follow_if(path, e->value);
        follow_clauses(path, &e->clauses);
    }
    for (size_t i = 0; i < d->as.tariff.steps.count && !path->found; i++) {
        const struct step *s = &d->as.tariff.steps.items[i];

        follow_if(path, s->condition);
        follow_if(path, s->value);
        follow_clauses(path, &s->clauses);
    }
    for (const struct decl *out = d->as.tariff.outputs; out && !path->found; out = out->next) {
        follow_if(path, out->as.let.value);
        follow_clauses(path, &out->clauses);
    }
}

const struct expr *purpose_place(const struct decl *tariff, const struct symbol *datum)
{
    struct path path = { .target = datum };

    follow_tariff(&path, tariff);
    return path.at;
}

/* « tarif → définition → donnée » */
static void strbuf_path(struct strbuf *out, const struct symbol *tariff, const struct path *path)
{
    strbuf_slice(out, tariff->name.text);
    for (size_t i = 0; i < path->count; i++)
        strbuf_format(out, " → %.*s", SLICE_ARG(path->steps[i]->name.text));
    strbuf_format(out, " → %.*s", SLICE_ARG(path->target->name.text));
}

/* ------------------------------------------------------------------ the check */

static const char *function_of(struct model *model, const struct symbol *datum)
{
    struct strbuf out = strbuf_in(model->arena);

    if (datum->function)
        return purpose_name(datum->function);
    strbuf_text(&out, "déclaration.");
    if (type_is_number(datum->type, QUANTITY_QUOTIENT))
        strbuf_text(&out, "quotient");
    else if (type_is_number(datum->type, QUANTITY_QUOTIENT_FISCAL))
        strbuf_text(&out, "quotient_fiscal");
    return out.bytes;
}

static void judge(struct model *model, const struct symbol *tariff, const struct decl *d,
                  const struct purpose_row *finalite, const struct symbol *datum)
{
    struct path path = { .target = datum };
    struct strbuf words = strbuf_in(model->arena);
    const char *reason = NULL;
    enum purpose_level level = purpose_level(finalite->name, function_of(model, datum), &reason);
    struct diag *diag;

    if (level == PURPOSE_ADMIS)
        return;
    follow_tariff(&path, d);
    strbuf_path(&words, tariff, &path);
    if (level == PURPOSE_NON_ACCORDE) {
        diag = diag_add(model->diags, DIAG_NOT_GRANTED, datum->name.span,
                        "« %.*s » ne sera pas demandé à l'API : %s (%s)", SLICE_ARG(datum->name.text),
                        reason, finalite->label);
        diag_help(model->diags, diag,
                  "la déclaration de la famille est utilisée ; gardez « à défaut, sur justificatif « … » »");
        return;
    }
    diag = diag_add(model->diags, DIAG_FORBIDDEN_FLOW, path.at ? path.at->span : datum->name.span,
                    "« %.*s » ne doit pas servir à la %s : %s", SLICE_ARG(datum->name.text), finalite->label,
                    reason);
    diag_note(model->diags, diag, datum->name.span, "donnée déclarée ici");
    diag_effect(model->diags, diag, "chemin : %s", words.bytes);
    diag_help(model->diags, diag, "retirez cette donnée du tarif (base : %s)", finalite->basis);
}

static void unknown_finalite(struct model *model, struct name name)
{
    struct nearest nearest = nearest_to(name.text);
    struct strbuf known = strbuf_in(model->arena);
    struct diag *d = diag_add(model->diags, DIAG_UNKNOWN_FINALITE, name.span, "la finalité « %.*s » n'est pas connue",
                              SLICE_ARG(name.text));

    for (const struct purpose_row *row = purposes_standard; row->name || row->function; row++)
        if (row->name) {
            strbuf_format(&known, "%s%s", known.length ? ", " : "", row->name);
            nearest_consider(&nearest, slice_of(row->name));
        }
    diag_help(model->diags, d, "les finalités sont : %s", known.bytes);
    if (nearest.best.bytes)
        diag_fix(model->diags, d, name.span, "%.*s", SLICE_ARG(nearest.best));
}

void purpose_check(struct model *model)
{
    for (size_t i = 0; i < model->tariffs.count; i++)
        for (const struct version *v = model->tariffs.items[i]->versions; v; v = v->next) {
            struct name name =
                v->decl->as.tariff.finalite.text.length ? v->decl->as.tariff.finalite : model->act->finalite;
            const struct purpose_row *finalite = name.text.length ? find_finalite(name.text) : NULL;

            if (name.text.length && !finalite)
                unknown_finalite(model, name);
            for (size_t k = 0; finalite && k < model->data.count; k++)
                if (data_set_has(&v->facts.reads, k) && model->data.items[k]->type->kind != TYPE_ERROR)
                    judge(model, model->tariffs.items[i], v->decl, finalite, model->data.items[k]);
        }
}
