/*
 * The explanation: each step of the last evaluation as a French sentence, with the article and the amount it leaves;
 * and the data that mattered, with where they come from.
 */
#include "phrases.h"
#include "session.h"

#include <string.h>

static const struct model *model_of(const struct delib_session *s)
{
    return &s->program->model;
}

static const char *text_of(struct strbuf *b)
{
    return b->bytes ? b->bytes : "";
}

static const char *copy_slice(struct delib_session *s, struct slice text)
{
    return text.length ? arena_copy_text(&s->run, text.bytes, text.length) : NULL;
}

/* ------------------------------------------------------------------ articles */

static void cite(struct delib_session *s, delib_step *step, const struct citation *citation, struct span span)
{
    const struct heading *heading;

    step->line = source_position(s->program->sources[span.file], span.start).line;
    if (citation) {
        step->article = copy_slice(s, citation->place);
        step->quote = copy_slice(s, citation->quote);
        return;
    }
    heading = span.file == 0 ? literate_heading(&s->program->literate, span.start) : NULL;
    if (heading)
        step->article = copy_slice(s, heading->text);
}

/* ------------------------------------------------------------------ why this row */

static void strbuf_key(struct strbuf *out, const struct delib_session *s, const struct hit *hit)
{
    const struct expr *key = hit->table->as.table.plan->key;
    const struct symbol *symbol = key->kind == EXPR_NAME ? key->as.reference.symbol : NULL;

    if (symbol && symbol->label.length)
        strbuf_slice(out, symbol->label);
    else if (symbol)
        strbuf_slice(out, symbol->name.text);
    else
        strbuf_words(out, s->program, key->span);
}

static void strbuf_row(struct strbuf *out, const struct delib_session *s, const struct hit *hit)
{
    const struct table *table = hit->table->as.table.table;
    const struct title *title = hit->row == ROW_HOLE ? NULL : &table->rows.items[hit->row].titles.items[0];

    if (title && title->kind == TITLE_CONDITION) {
        strbuf_words(out, s->program, title->span);
        return;
    }
    strbuf_key(out, s, hit);
    if (hit->key.state == VALUE_OK) {
        strbuf_text(out, " : ");
        strbuf_value(out, model_of(s), hit->table->a->expr->type, &hit->key, hit->table->a->den);
    } else if (!title || title->kind != TITLE_ABSENT) {
        strbuf_text(out, " : non communiqué");
    }
    if (!title)
        return;
    strbuf_text(out, ", ligne « ");
    strbuf_words(out, s->program, title->span);
    strbuf_text(out, " »");
}

static void strbuf_hits(struct strbuf *out, const struct delib_session *s, const struct trace_entry *entry)
{
    bool any = false;

    for (size_t i = 0; i < entry->hit_count; i++) {
        const struct hit *hit = &s->hits.items[entry->first_hit + i];

        if (hit->depth != entry->depth)
            continue;
        strbuf_text(out, any ? " ; " : " (");
        strbuf_row(out, s, hit);
        any = true;
    }
    if (any)
        strbuf_char(out, ')');
}

static const struct citation *hit_citation(const struct delib_session *s, const struct trace_entry *entry)
{
    for (size_t i = entry->hit_count; i-- > 0;) {
        const struct hit *hit = &s->hits.items[entry->first_hit + i];

        if (hit->row != ROW_HOLE && hit->table->as.table.table->rows.items[hit->row].citation)
            return hit->table->as.table.table->rows.items[hit->row].citation;
    }
    return NULL;
}

/* ------------------------------------------------------------------ sentences */

static const char *amount_text(struct delib_session *s, const struct trace_entry *entry, const struct value *value,
                               int128 den)
{
    struct strbuf out = strbuf_in(&s->run);

    if (value->state != VALUE_OK || !entry->type || entry->type->kind == TYPE_OUTCOME)
        return NULL;
    strbuf_value(&out, model_of(s), entry->type, value, den);
    return text_of(&out);
}

static void step_operation(struct strbuf *out, struct delib_session *s, const struct trace_entry *entry)
{
    const struct step *step = entry->step->source;
    static const char *const verbs[] = {
        [STEP_REDUCTION] = "Réduction", [STEP_MAJORATION] = "Majoration", [STEP_SUPPLEMENT] = "Supplément",
        [STEP_DEDUCTION] = "Déduction", [STEP_FLOOR] = "Plancher", [STEP_CEILING] = "Plafond",
        [STEP_ROUND] = "Arrondi", [STEP_MULTIPLY] = "Multiplication par", [STEP_DIVIDE] = "Division par",
    };

    if (step->kind == STEP_ROUND) {
        /* « arrondi au centime le plus proche », as written after « puis ». */
        struct strbuf words = strbuf_in(&s->run);

        strbuf_words(&words, s->program,
                     (struct span){step->rounding->span.start, step->rounding->span.end, step->rounding->span.file});
        strbuf_text(out, "A");
        if (words.length > 1)
            strbuf_bytes(out, words.bytes + 1, words.length - 1);
        return;
    }
    strbuf_text(out, verbs[step->kind]);
    if (entry->quantity.state == VALUE_OK && step->value->type) {
        strbuf_text(out, step->kind == STEP_REDUCTION || step->kind == STEP_MAJORATION ||
                                 step->kind == STEP_SUPPLEMENT || step->kind == STEP_DEDUCTION ||
                                 step->kind == STEP_FLOOR || step->kind == STEP_CEILING
                             ? " de "
                             : " ");
        strbuf_value(out, model_of(s), step->value->type, &entry->quantity, entry->den_quantity);
    }
    if (step->base == STEP_BASE_CURRENT)
        strbuf_text(out, " du prix obtenu");
    else if (step->base == STEP_BASE_INITIAL)
        strbuf_text(out, " du prix de base");
}

/* « , car « rang de l'enfant » : 3 ou plus » */
static void strbuf_reason(struct strbuf *out, const struct delib_session *s, const struct expr *condition)
{
    if (!condition)
        return;
    strbuf_text(out, ", car ");
    strbuf_condition(out, s->program, condition);
}

static void explain_step(struct delib_session *s, const struct trace_entry *entry, delib_step *out)
{
    const struct step *step = entry->step->source;
    struct strbuf text = strbuf_in(&s->run);
    const char *before = amount_text(s, entry, &entry->before, entry->den_before);

    step_operation(&text, s, entry);
    strbuf_hits(&text, s, entry);
    out->amount = amount_text(s, entry, &entry->after, entry->den_after);
    if (!trace_effect(entry))
        strbuf_text(&text, " : sans effet");
    else
        strbuf_format(&text, " : %s → %s", before ? before : "?", out->amount ? out->amount : "?");
    strbuf_reason(&text, s, step->condition);
    out->kind = tree_step_word(step->kind);
    out->text = text_of(&text);
    cite(s, out, step->clauses.citation ? step->clauses.citation : hit_citation(s, entry), step->span);
}

/* What « prix … cite » says, in the version that ran. */
static const struct citation *price_citation(const struct delib_session *s, const struct trace_entry *entry)
{
    const struct tariff_code *t = &s->program->tariffs[entry->tariff];

    for (size_t i = 0; i < t->version_count; i++)
        if (t->versions[i].price->expr == entry->expr)
            return t->versions[i].source->decl->as.tariff.price_clauses.citation;
    return NULL;
}

static void explain_price(struct delib_session *s, const struct trace_entry *entry, delib_step *out)
{
    struct strbuf text = strbuf_in(&s->run);
    const struct citation *citation = hit_citation(s, entry);

    if (!citation && entry->kind == TRACE_PRICE)
        citation = price_citation(s, entry);
    out->kind = entry->kind == TRACE_EXCEPTION ? "exception" : "prix";
    strbuf_text(&text, entry->kind == TRACE_EXCEPTION ? "Par exception" : "Prix");
    if (entry->kind == TRACE_EXCEPTION && entry->exception->clauses.citation)
        citation = entry->exception->clauses.citation;
    out->amount = amount_text(s, entry, &entry->after, entry->den_after);
    strbuf_format(&text, " : %s",
                  out->amount           ? out->amount
                  : entry->after.reason ? entry->after.reason
                                        : "non prévu");
    strbuf_hits(&text, s, entry);
    if (entry->kind == TRACE_EXCEPTION)
        strbuf_reason(&text, s, entry->exception->condition);
    out->text = text_of(&text);
    cite(s, out, citation, entry->expr ? entry->expr->span : entry->exception->span);
}

static void explain_clause(struct delib_session *s, const struct trace_entry *entry, delib_step *out)
{
    struct strbuf text = strbuf_in(&s->run);

    out->kind = "clause";
    out->amount = amount_text(s, entry, &entry->after, entry->den_after);
    if (entry->symbol)
        strbuf_format(&text, "« %s » n'est pas connu : ", s->program->data_labels[entry->symbol->index]);
    strbuf_text(&text, out->amount ? out->amount : entry->after.reason ? entry->after.reason : "");
    out->text = text_of(&text);
    cite(s, out, entry->symbol ? entry->symbol->clauses->citation : NULL, entry->expr->span);
}

/* A step of a tariff that the one asked for reads: « Cotisation, n° 2 — Prix : … » */
static void name_tariff(struct delib_session *s, const struct trace_entry *entry, delib_step *out)
{
    const struct tariff_code *t = &s->program->tariffs[entry->tariff];
    struct strbuf text = strbuf_in(&s->run);

    strbuf_text(&text, t->label[0] ? t->label : t->name);
    if (entry->element)
        strbuf_format(&text, ", n° %zu", entry->element);
    strbuf_format(&text, " — %s", out->text);
    out->text = text_of(&text);
}

/* ------------------------------------------------------------------ data that mattered */

static const struct request *request_of(const struct delib_session *s, const struct symbol *datum)
{
    for (size_t i = 0; i < s->requests.count; i++)
        if (datum->function && strcmp(s->requests.items[i]->function, datum->function->name) == 0 &&
            text_fold_equal(slice_of(s->requests.items[i]->subject),
                            datum->decl->as.source.arguments.items[0]->as.reference.name.text))
            return s->requests.items[i];
    return NULL;
}

static const char *fallback_origin(struct delib_session *s, const struct symbol *datum)
{
    struct strbuf out = strbuf_in(&s->run);

    if (s->values[datum->index].origin)
        return s->values[datum->index].origin;
    if (datum->decl->as.source.fallback == FALLBACK_HONNEUR)
        return "sur l'honneur";
    strbuf_text(&out, "justificatif");
    if (datum->decl->as.source.document.length)
        strbuf_format(&out, " (%.*s)", SLICE_ARG(datum->decl->as.source.document));
    return text_of(&out);
}

static void source_origin(struct delib_session *s, const struct symbol *datum, delib_datum *out)
{
    const struct request *r = request_of(s, datum);
    struct strbuf origin = strbuf_in(&s->run);

    if (s->from_fallback[datum->index] || !r) {
        out->origin = fallback_origin(s, datum);
        return;
    }
    strbuf_text(&origin, datum->function->channel);
    if (r->answer.provider)
        strbuf_format(&origin, " (%s)", r->answer.provider);
    out->origin = text_of(&origin);
    out->period = r->answer.period;
    out->obtained = r->answer.obtained;
}

/* What is missing was not used: it is told apart. */
static bool datum_is_told(const struct delib_session *s, size_t datum)
{
    return s->used[datum] && s->seen[datum].state != VALUE_MISSING;
}

void session_note_data(struct delib_session *s)
{
    for (size_t i = 0; i < s->program->model.data.count; i++) {
        struct used_datum *used = datum_is_told(s, i) ? arena_push(&s->run, &s->data_used) : NULL;

        if (!used)
            continue;
        used->datum = s->program->model.data.items[i];
        used->supposed = s->supposed && s->supposed[i].state != DATUM_UNSET;
        used->told = (delib_datum){.name = s->program->data_names[i],
                                   .label = s->program->data_labels[i],
                                   .origin = used->supposed                        ? "supposition"
                                             : s->values[i].origin               ? s->values[i].origin
                                             : s->values[i].state == DATUM_UNSET ? "par défaut"
                                                                                   : "réponse"};
    }
}

static void explain_datum(struct delib_session *s, struct used_datum *used)
{
    const struct symbol *datum = used->datum;
    struct strbuf text = strbuf_in(&s->run);

    strbuf_value(&text, model_of(s), datum->type, &s->seen[datum->index], datum->facts.den);
    used->told.value = text_of(&text);
    if (datum->kind == SYMBOL_SOURCE && !used->supposed)
        source_origin(s, datum, &used->told);
}

void session_explain(struct delib_session *s)
{
    s->steps = arena_array(&s->run, delib_step, s->trace.count);
    for (size_t i = 0; s->steps && i < s->trace.count; i++) {
        const struct trace_entry *entry = &s->trace.items[i];
        delib_step *out = &s->steps[i];

        switch (entry->kind) {
        case TRACE_STEP: explain_step(s, entry, out); break;
        case TRACE_PRICE: case TRACE_EXCEPTION: explain_price(s, entry, out); break;
        case TRACE_CLAUSE: explain_clause(s, entry, out); break;
        }
        if (entry->depth > 0)
            name_tariff(s, entry, out);
    }
    for (size_t i = 0; i < s->data_used.count; i++)
        explain_datum(s, &s->data_used.items[i]);
}
