/*
 * Verdicts in French: the family that refutes a property and what it pays, or what to bound for it to be decided.
 */
#include "proof_words.h"

struct span region_mark_span(const struct region_mark *mark)
{
    const struct row *row;

    switch (mark->kind) {
    case MARK_ROW:
        if (mark->row == ROW_HOLE)
            return mark->table->as.table.table->head;
        row = &mark->table->as.table.table->rows.items[mark->row];
        return row->cells.count == 1 && row->cells.items[0] ? row->cells.items[0]->span : row->span;
    case MARK_EXCEPTION: return mark->exception->source->span;
    case MARK_STEP: return mark->step->source->span;
    case MARK_PRICE: case MARK_CLAUSE: break;
    }
    return mark->expr->span;
}

void strbuf_amount(struct strbuf *out, const struct delib_program *program, const struct type *type,
                   struct number value)
{
    strbuf_typed_number(out, &program->model, type, value);
}

static struct slice words_of(const struct delib_program *program, const struct expr *e)
{
    return source_slice(program->sources[e->span.file], e->span);
}

static void strbuf_source(struct strbuf *out, const struct delib_program *program, const struct expr *e)
{
    strbuf_slice(out, words_of(program, e));
}

void strbuf_family(struct strbuf *out, const struct axes *axes, const struct box *family, size_t except)
{
    bool others = false;

    for (size_t i = 0; i < axes->count; i++)
        others = others || (i != except && family->items[i].read && family->items[i].kind != COORDINATE_FREE);
    if (except < axes->count)
        family->items[except].read = false;
    if (others)
        strbuf_box(out, axes, family);
}

void strbuf_move(struct strbuf *out, const struct axis *axis, int64_t from, int64_t to)
{
    bool days = axis->type->kind == TYPE_DATE;

    strbuf_format(out, "« %s » passe %s ", axis->name, days ? "du" : "de");
    strbuf_axis_value(out, axis, from);
    strbuf_text(out, days ? " au " : " à ");
    strbuf_axis_value(out, axis, to);
}

/* ------------------------------------------------------------------ refuted */

/* Has the same value been said? « cantine ≥ 1 € et cantine ≤ 3 € » looks at one twice. */
static bool is_said(const struct delib_program *program, const struct proof *proof, size_t i)
{
    for (size_t before = 0; before < i; before++)
        if (slice_equal(words_of(program, proof->values[before].expr), words_of(program, proof->values[i].expr)))
            return true;
    return false;
}

static void strbuf_values(struct strbuf *out, const struct delib_program *program, const struct proof *proof)
{
    for (size_t i = 0; i < proof->value_count; i++) {
        const struct proof_value *v = &proof->values[i];

        if (is_said(program, proof, i))
            continue;
        strbuf_text(out, i ? " ; « " : "« ");
        strbuf_source(out, program, v->expr);
        strbuf_text(out, " » = ");
        if (v->statut == DELIB_CALCULE)
            strbuf_amount(out, program, v->expr->type, v->value);
        else
            strbuf_text(out, delib_statut_text(v->statut));
    }
}

static void strbuf_variation(struct strbuf *out, const struct delib_program *program, const struct proof *proof)
{
    const struct property *said = &proof->property->decl->as.property;

    strbuf_text(out, "« ");
    strbuf_source(out, program, said->subject);
    strbuf_text(out, " » passe de ");
    strbuf_amount(out, program, said->subject->type, proof->before);
    strbuf_text(out, " à ");
    strbuf_amount(out, program, said->subject->type, proof->after);
    strbuf_text(out, " quand ");
    strbuf_move(out, &proof->axes.items[proof->axis], proof->from, proof->to);
}

static const char *refuted(struct diag_list *diags, const struct delib_program *program, const struct proof *proof)
{
    const struct decl *d = proof->property->decl;
    struct strbuf family = strbuf_in(diags->arena), effect = strbuf_in(diags->arena);
    struct diag *diag = diag_add(diags, DIAG_PROPERTY_REFUTED, d->as.property.span, "la propriété « %.*s » est fausse",
                                 SLICE_ARG(d->label));

    switch (d->as.property.kind) {
    case PROPERTY_HOLDS: strbuf_values(&effect, program, proof); break;
    case PROPERTY_NEVER_FALLS:
    case PROPERTY_NEVER_RISES: strbuf_variation(&effect, program, proof); break;
    case PROPERTY_HAS_AMOUNT:
    case PROPERTY_HAS_ANSWER:
        strbuf_text(&effect, delib_statut_text(proof->statut));
        if (proof->reason)
            strbuf_format(&effect, " (%s)", proof->reason);
        break;
    }
    if (proof->has_place)
        diag_note(diags, diag, region_mark_span(&proof->place), "ce que l'acte dit de cette famille");
    strbuf_family(&family, &proof->axes, &proof->family, proof->axis);
    if (family.length && effect.length)
        diag_effect(diags, diag, "%s : %s", family.bytes, effect.bytes);
    else if (family.length || effect.length)
        diag_effect(diags, diag, "%s", family.length ? family.bytes : effect.bytes);
    diag_help(diags, diag, "corrigez la règle, ou ce que dit la propriété (« si … » la limite à certaines familles)");
    return diag ? diag->effect : NULL;
}

/* ------------------------------------------------------------------ not proved */

static const char *undecided(struct diag_list *diags, const struct proof *proof)
{
    const struct decl *d = proof->property->decl;
    const struct axis *axis = proof->widest == SIZE_MAX ? NULL : &proof->axes.items[proof->widest];
    struct strbuf domain = strbuf_in(diags->arena);
    struct diag *diag = diag_add(diags, DIAG_NOT_PROVED, d->as.property.span,
                                 "la propriété « %.*s » n'est pas démontrée : %s", SLICE_ARG(d->label), proof->why);

    if (!axis) {
        diag_help(diags, diag, "limitez la propriété par « si … », ou retirez-la et vérifiez par des essais");
        return proof->why;
    }
    strbuf_axis_value(&domain, axis, axis->lo);
    strbuf_text(&domain, " à ");
    strbuf_axis_value(&domain, axis, axis->hi);
    diag_help(diags, diag, "bornez « %s », qui va de %s : dans sa déclaration, ou par « si … » dans la propriété",
              axis->name, domain.bytes);
    return proof->why;
}

const char *proof_diagnose(struct diag_list *diags, const struct delib_program *program, const struct proof *proof)
{
    switch (proof->verdict) {
    case VERDICT_PROVED: break;
    case VERDICT_REFUTED: return refuted(diags, program, proof);
    case VERDICT_UNDECIDED: return undecided(diags, proof);
    }
    return NULL;
}
