/*
 * The explanation: each step of the last evaluation as a French sentence, with the article and the amount it leaves;
 * and the data that mattered, with where they come from.
 */
#include "explain.h"
#include "phrases.h"

static const struct model *model_of(const struct delib_session *s)
{
    return &s->program->model;
}

static const char *text_of(const struct strbuf *b)
{
    return strbuf_result(b).bytes;
}

static const char *copy_slice(struct delib_session *s, struct slice text)
{
    return text.length ? arena_copy_text(&s->run, text.bytes, text.length) : NULL;
}

/* ------------------------------------------------------------------ what any reader is told */

bool trace_effect(const struct trace_entry *entry)
{
    int128 before, after;

    if (entry->kind != TRACE_STEP)
        return true;
    return !int128_mul_checked(entry->den_before, entry->before.d, &before) ||
           !int128_mul_checked(entry->den_after, entry->after.d, &after) ||
           int128_compare_fractions(entry->before.num, before, entry->after.num, after) != 0;
}

const char *unknown_words(const struct value *unknown)
{
    return unknown->state == VALUE_ABSENT ? " : non communiqué" : " : source indisponible";
}

void strbuf_unknown(struct strbuf *out, const struct symbol *datum, const struct value *unknown)
{
    if (datum)
        strbuf_format(out, "« %.*s »", SLICE_ARG(symbol_words(datum)));
    else
        strbuf_text(out, "une information d'une fiche");
    strbuf_text(out, unknown_words(unknown));
}

const char *ending_words(const struct value *value)
{
    return value->reason ? value->reason : delib_statut_text(state_statut(value->state));
}

static const struct expr *condition_of(const struct trace_entry *entry)
{
    return entry->kind == TRACE_EXCEPTION ? entry->exception->condition
           : entry->kind == TRACE_STEP    ? entry->step->source->condition
                                          : NULL;
}

/* A datum that its rule needs is not known: the clause of the step applied. */
static bool is_by_clause(const struct trace_entry *entry)
{
    return entry->kind == TRACE_STEP && entry->quantity.state != VALUE_OK;
}

bool entry_has_reason(const struct trace_entry *entry)
{
    return condition_of(entry) || is_by_clause(entry);
}

void strbuf_entry_reason(struct strbuf *out, const struct delib_session *s, const struct trace_entry *entry)
{
    if (is_by_clause(entry))
        strbuf_unknown(out, entry->symbol, &entry->quantity);
    else
        strbuf_condition(out, s->program, condition_of(entry));
}

void strbuf_quantity(struct strbuf *out, const struct delib_session *s, const struct trace_entry *entry)
{
    if (entry->expr)
        strbuf_expression(out, s->program, entry->expr);
    else
        strbuf_value(out, model_of(s), entry->step->source->value->type, &entry->quantity, entry->den_quantity);
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
    } else if (!title || (title->kind != TITLE_ABSENT && title->kind != TITLE_FAILED)) {
        strbuf_text(out, unknown_words(&hit->key));
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

    if (value->state != VALUE_OK)
        return NULL;
    strbuf_value(&out, model_of(s), entry->type, value, den);
    return text_of(&out);
}

static void step_operation(struct strbuf *out, struct delib_session *s, const struct trace_entry *entry)
{
    const struct step *step = entry->step->source;
    static const char *const verbs[] = {
        [STEP_REDUCTION] = "Réduction de ", [STEP_MAJORATION] = "Majoration de ", [STEP_SUPPLEMENT] = "Supplément de ",
        [STEP_DEDUCTION] = "Déduction de ", [STEP_FLOOR] = "Plancher de ", [STEP_CEILING] = "Plafond de ",
        [STEP_MULTIPLY] = "Multiplication par ", [STEP_DIVIDE] = "Division par ",
    };

    if (step->kind == STEP_ROUND) {
        /* « arrondi au centime le plus proche », as written after « puis ». */
        struct strbuf words = strbuf_in(&s->run);

        strbuf_words(&words, s->program, step->rounding->span);
        strbuf_capital(out, strbuf_result(&words));
        return;
    }
    strbuf_text(out, verbs[step->kind]);
    strbuf_quantity(out, s, entry);
    if (step->base == STEP_BASE_CURRENT)
        strbuf_text(out, " du prix obtenu");
    else if (step->base == STEP_BASE_INITIAL)
        strbuf_text(out, " du prix de base");
}

/* « , car « rang de l'enfant » : 3 ou plus », « , car « élève boursier » : non communiqué » */
static void strbuf_reason(struct strbuf *out, const struct delib_session *s, const struct trace_entry *entry)
{
    if (!entry_has_reason(entry))
        return;
    strbuf_text(out, ", car ");
    strbuf_entry_reason(out, s, entry);
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
        strbuf_format(&text, " : %s → %s", before, out->amount);
    strbuf_reason(&text, s, entry);
    out->kind = tree_step_word(step->kind);
    out->text = text_of(&text);
    cite(s, out, step->clauses.citation ? step->clauses.citation : hit_citation(s, entry), step->span);
}

/* What « prix … cite » says, in the version that ran. */
static const struct citation *price_citation(const struct delib_session *s, const struct trace_entry *entry)
{
    const struct tariff_code *t = &s->program->tariffs[entry->tariff];

    size_t ran = 0;

    while (t->versions[ran].price->expr != entry->expr)
        ran++;
    return t->versions[ran].source->decl->as.tariff.price_clauses.citation;
}

static void explain_price(struct delib_session *s, const struct trace_entry *entry, delib_step *out)
{
    struct strbuf text = strbuf_in(&s->run);
    const struct citation *row = hit_citation(s, entry), *own = NULL;

    if (entry->kind == TRACE_EXCEPTION)
        own = entry->exception->clauses.citation;
    else if (!row)
        own = price_citation(s, entry);
    out->kind = entry->kind == TRACE_EXCEPTION ? "exception" : "prix";
    strbuf_text(&text, entry->kind == TRACE_EXCEPTION ? "Par exception" : "Prix");
    out->amount = amount_text(s, entry, &entry->after, entry->den_after);
    strbuf_format(&text, " : %s", out->amount ? out->amount : ending_words(&entry->after));
    strbuf_hits(&text, s, entry);
    strbuf_reason(&text, s, entry);
    out->text = text_of(&text);
    cite(s, out, own ? own : row, entry->expr->span);
}

static void explain_clause(struct delib_session *s, const struct trace_entry *entry, delib_step *out)
{
    struct strbuf text = strbuf_in(&s->run);

    out->kind = "clause";
    out->amount = amount_text(s, entry, &entry->after, entry->den_after);
    if (entry->symbol)
        strbuf_format(&text, "« %s » n'est pas connu", s->program->data_labels[entry->symbol->index]);
    else
        strbuf_text(&text, "Une information d'une fiche n'est pas connue");
    strbuf_format(&text, " : %s", out->amount ? out->amount : ending_words(&entry->after));
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

static const char *fallback_origin(struct delib_session *s, const struct symbol *datum)
{
    struct strbuf out = strbuf_in(&s->run);

    if (datum->decl->as.source.fallback == FALLBACK_HONNEUR)
        return "sur l'honneur";
    strbuf_text(&out, "justificatif");
    if (datum->decl->as.source.document.length)
        strbuf_format(&out, " (%.*s)", SLICE_ARG(datum->decl->as.source.document));
    return text_of(&out);
}

static void tell_answer(struct delib_session *s, struct used_datum *used, const struct answer *answer)
{
    struct strbuf origin = strbuf_in(&s->run);

    strbuf_text(&origin, used->datum->function->channel);
    if (answer->provider)
        strbuf_format(&origin, " (%s)", answer->provider);
    used->told.origin = text_of(&origin);
    used->told.period = answer->period;
    used->told.obtained = answer->obtained;
}

/* What is missing was not used: it is told apart. */
static bool datum_is_told(const struct delib_session *s, size_t datum)
{
    return s->used[datum] && s->seen[datum].state != VALUE_MISSING;
}

static void note_datum(struct delib_session *s, size_t i)
{
    struct used_datum *used = arena_push(&s->run, &s->data_used);
    const struct machine m = { .session = s };

    used->datum = s->program->model.data.items[i];
    used->supposed = s->supposed && s->supposed[i].state != DATUM_UNSET;
    used->told = (delib_datum){ .name = s->program->data_names[i], .label = s->program->data_labels[i] };
    if (used->supposed)
        used->told.origin = "supposition";
    else if (used->datum->kind == SYMBOL_SOURCE && !s->from_fallback[i])
        used->request = session_request_of(&m, used->datum), used->told.origin = used->datum->function->channel;
    else if (s->values[i].origin)
        used->told.origin = s->values[i].origin;
    else if (used->datum->kind != SYMBOL_SOURCE)
        used->told.origin = s->values[i].state == DATUM_UNSET ? "par défaut" : "réponse";
}

void session_note_data(struct delib_session *s)
{
    for (size_t i = 0; i < s->program->model.data.count; i++)
        if (datum_is_told(s, i))
            note_datum(s, i);
}

static void explain_datum(struct delib_session *s, struct used_datum *used)
{
    const struct symbol *datum = used->datum;
    struct strbuf text = strbuf_in(&s->run);

    strbuf_value(&text, model_of(s), datum->type, &s->seen[datum->index], datum->facts.den);
    used->told.value = text_of(&text);
    if (used->request)
        tell_answer(s, used, &used->request->answer);
    else if (!used->told.origin)
        used->told.origin = fallback_origin(s, datum);
}

void session_explain(struct delib_session *s)
{
    s->steps = arena_array(&s->run, delib_step, s->trace.count);
    for (size_t i = 0; i < s->trace.count; i++) {
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
