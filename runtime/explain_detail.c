/*
 * What an explanation says of one step beyond delib_step: the sentence for a family, the rows that were used with their
 * bounds, the calculation with its numbers, the rule as written. Made when it is asked for.
 */
#include "explain.h"
#include "phrases.h"

static const char *text_of(const struct strbuf *b)
{
    return strbuf_result(b).bytes;
}

static const char *copy_words(struct delib_session *s, struct span span)
{
    struct strbuf out = strbuf_in(&s->run);

    strbuf_words(&out, s->program, span);
    return text_of(&out);
}

static const char *value_text(struct delib_session *s, const struct type *type, const struct value *value, int128 den)
{
    struct strbuf out = strbuf_in(&s->run);

    if (value->state != VALUE_OK)
        return NULL;
    strbuf_value(&out, &s->program->model, type, value, den);
    return text_of(&out);
}

/* ------------------------------------------------------------------ rows */

static const struct title *hit_title(const struct hit *hit)
{
    return hit->row == ROW_HOLE ? NULL : &hit->table->as.table.table->rows.items[hit->row].titles.items[0];
}

/* The rows of the tariff that the step belongs to; those of tariffs that it reads have steps of their own. */
static const struct hit *hit_at(const struct delib_session *s, const struct trace_entry *entry, size_t index)
{
    for (size_t i = 0; i < entry->hit_count; i++) {
        const struct hit *hit = &s->hits.items[entry->first_hit + i];

        if (hit->depth == entry->depth && index-- == 0)
            return hit;
    }
    return NULL;
}

static size_t hit_count(const struct delib_session *s, const struct trace_entry *entry)
{
    size_t count = 0;

    while (hit_at(s, entry, count))
        count++;
    return count;
}

static const struct symbol *key_symbol(const struct hit *hit)
{
    const struct expr *key = hit->table->as.table.plan->key;

    return key->kind == EXPR_NAME ? key->as.reference.symbol : NULL;
}

/* « la réponse à « Quel cours ? » est « danse » », « « quotient familial » vaut 430 € (« de 300 à moins de 450 ») » */
static void strbuf_hit(struct strbuf *out, struct delib_session *s, const struct hit *hit)
{
    const struct table_plan *plan = hit->table->as.table.plan;
    const struct title *title = hit_title(hit);
    const struct symbol *symbol = key_symbol(hit);

    if (title && title->kind == TITLE_CONDITION) {
        strbuf_condition(out, s->program, title->value);
        return;
    }
    if (symbol)
        strbuf_subject(out, symbol);
    else
        strbuf_expression(out, s->program, plan->key);
    if (hit->key.state != VALUE_OK) {
        strbuf_text(out, unknown_words(&hit->key));
        return;
    }
    if (plan->key->type->kind == TYPE_DATE)
        strbuf_text(out, " : ");
    else
        strbuf_text(out, plan->by_index ? " est « " : " vaut ");
    strbuf_value(out, &s->program->model, hit->table->a->expr->type, &hit->key, hit->table->a->den);
    strbuf_text(out, plan->by_index ? " »" : "");
    if (title && title->kind == TITLE_INTERVAL) {
        strbuf_text(out, " (« ");
        strbuf_words(out, s->program, title->span);
        strbuf_text(out, " »)");
    }
}

/* Two tables read by the same key give the same reason: it is said once. */
static bool is_repeated(struct delib_session *s, const struct trace_entry *entry, size_t index, struct slice reason)
{
    for (size_t i = 0; i < index; i++) {
        struct strbuf before = strbuf_in(&s->run);

        strbuf_hit(&before, s, hit_at(s, entry, i));
        if (slice_equal(strbuf_result(&before), reason))
            return true;
    }
    return false;
}

/* Read again with another key: for the elements of a list. No row of theirs is the reason. */
static bool is_iterated(const struct delib_session *s, const struct trace_entry *entry, const struct hit *hit)
{
    const struct hit *other;

    for (size_t i = 0; (other = hit_at(s, entry, i)) != NULL; i++) {
        bool same_key = key_symbol(hit) && key_symbol(hit) == key_symbol(other);

        if (other != hit && (other->table == hit->table || (same_key && other->key.num != hit->key.num)))
            return true;
    }
    return false;
}

/* « , car … et … ». False when there is no reason to tell. */
static bool strbuf_hits(struct strbuf *out, struct delib_session *s, const struct trace_entry *entry)
{
    const char *before = ", car ";
    const struct hit *hit;

    for (size_t i = 0; (hit = hit_at(s, entry, i)) != NULL; i++) {
        struct strbuf reason = strbuf_in(&s->run);

        strbuf_hit(&reason, s, hit);
        if (is_iterated(s, entry, hit) || is_repeated(s, entry, i, strbuf_result(&reason)))
            continue;
        strbuf_text(out, before);
        strbuf_slice(out, strbuf_result(&reason));
        before = " et ";
    }
    return before[0] == ' ';
}

/* « , car … » or, after the reasons already told, « et … ». */
static void strbuf_reason(struct strbuf *out, const struct delib_session *s, const struct trace_entry *entry, bool told)
{
    if (!entry_has_reason(entry))
        return;
    strbuf_text(out, told ? " et " : ", car ");
    strbuf_entry_reason(out, s, entry);
}

static const char *bound_text(struct delib_session *s, const struct expr *bound)
{
    struct strbuf out = strbuf_in(&s->run);

    if (!bound)
        return NULL;
    strbuf_expression(&out, s->program, bound);
    return text_of(&out);
}

static void fill_row(struct delib_session *s, const struct hit *hit, delib_row *out)
{
    const struct title *title = hit_title(hit);
    const struct expr *key = hit->table->as.table.plan->key;
    const struct symbol *symbol = key_symbol(hit);
    struct span span = title ? title->span : hit->table->expr->span;
    struct slice words = symbol ? symbol_words(symbol) : SLICE("");

    *out = (delib_row){ .file = s->program->sources[span.file]->name,
                        .line = source_position(s->program->sources[span.file], span.start).line };
    out->key = symbol ? arena_copy_text(&s->run, words.bytes, words.length) : copy_words(s, key->span);
    if (title)
        out->title = copy_words(s, title->span);
    if (hit->key.state == VALUE_OK && !(title && title->kind == TITLE_CONDITION))
        out->value = value_text(s, hit->table->a->expr->type, &hit->key, hit->table->a->den);
    if (!title || title->kind != TITLE_INTERVAL)
        return;
    out->low = bound_text(s, title->low);
    out->high = bound_text(s, title->high);
    out->low_included = title->low_included;
    out->high_included = title->high_included;
}

/* ------------------------------------------------------------------ data */

static bool reads(const struct expr *e, size_t datum)
{
    return e && data_set_has(&e->facts->reads, datum);
}

static bool rule_reads(const struct trace_entry *entry, size_t datum)
{
    switch (entry->kind) {
    case TRACE_PRICE: return reads(entry->expr, datum);
    case TRACE_EXCEPTION: return reads(entry->exception->condition, datum) || reads(entry->exception->value, datum);
    case TRACE_STEP: return reads(entry->step->source->condition, datum) || reads(entry->step->source->value, datum);
    case TRACE_CLAUSE: return entry->symbol && entry->symbol->index == datum;
    }
    return false;
}

/* The rank, among the data that were used, of the datum number `index` of that entry; their count when there is none.
 */
static size_t datum_at(const struct delib_session *s, const struct trace_entry *entry, size_t index)
{
    size_t i = 0;

    for (; i < s->data_used.count; i++)
        if (rule_reads(entry, s->data_used.items[i].datum->index) && index-- == 0)
            break;
    return i;
}

static size_t datum_count(const struct delib_session *s, const struct trace_entry *entry)
{
    size_t count = 0;

    while (datum_at(s, entry, count) < s->data_used.count)
        count++;
    return count;
}

/* ------------------------------------------------------------------ the calculation of a price */

/* Values as the evaluation saw them, whatever the host has given since. */
static const struct override *seen_values(struct delib_session *s)
{
    const struct override *list = NULL;

    for (size_t i = 0; i < s->program->model.data.count; i++) {
        struct override *o;

        if (!s->used[i])
            continue;
        o = arena_new(&s->run, struct override);
        *o = (struct override){ s->program->model.data.items[i], s->seen[i], list };
        list = o;
    }
    return list;
}

static bool is_calculation(const struct node *n)
{
    return n->expr->kind == EXPR_BINARY && n->a;
}

enum { CALCULATION_DEPTH = 6 };

static void strbuf_calculation(struct strbuf *out, struct machine *m, const struct node *n, unsigned depth)
{
    struct value value;

    if (is_calculation(n) && depth > 0) {
        bool sum = n->expr->as.binary.op == OP_ADD || n->expr->as.binary.op == OP_SUBTRACT;
        bool enclosed = depth < CALCULATION_DEPTH && sum;

        strbuf_text(out, enclosed ? "(" : "");
        strbuf_calculation(out, m, n->a, depth - 1);
        strbuf_format(out, " %s ", tree_op_text(n->expr->as.binary.op));
        strbuf_calculation(out, m, n->b, depth - 1);
        strbuf_text(out, enclosed ? ")" : "");
        return;
    }
    value = machine_value(m, n);
    strbuf_value(out, &m->program->model, n->expr->type, &value, n->den);
}

/* The cell that the table gave; what is under a rounding; else the node itself. */
static const struct node *followed(const struct delib_session *s, const struct trace_entry *entry, const struct node *n)
{
    const struct hit *found = NULL;

    for (size_t i = 0; n && n->kind == NODE_TABLE && i < entry->hit_count; i++) {
        const struct hit *hit = &s->hits.items[entry->first_hit + i];

        if (hit->table == n && hit->row != ROW_HOLE)
            found = hit;
    }
    if (found)
        return followed(s, entry, n->as.table.cells[found->row]);
    return n && n->kind == NODE_ROUND ? n->a : n;
}

/* The node of the price or of the exception of this entry; NULL when it belongs to another tariff, that has gone. */
static const struct node *node_of(const struct delib_session *s, const struct trace_entry *entry)
{
    const struct tariff_version *v = s->last.version;

    if (entry->depth > 0)
        return NULL;
    if (entry->kind == TRACE_PRICE)
        return v->price;
    if (entry->kind != TRACE_EXCEPTION)
        return NULL;
    for (size_t i = 0;; i++)
        if (v->exceptions[i].source == entry->exception)
            return v->exceptions[i].value;
}

static const char *calculation(struct delib_session *s, const struct trace_entry *entry)
{
    const struct node *n = followed(s, entry, node_of(s, entry));
    struct machine m = {
        .session = s, .program = s->program, .finalite = s->last.version->finalite};
    struct strbuf out = strbuf_in(&s->run);

    if (!n || !is_calculation(n) || entry->after.state != VALUE_OK)
        return NULL;
    m.overrides = seen_values(s);
    strbuf_calculation(&out, &m, n, CALCULATION_DEPTH);
    return text_of(&out);
}

/* ------------------------------------------------------------------ sentences for a family */

static const char *noun(const struct trace_entry *entry)
{
    return type_is_number(entry->type, QUANTITY_MONTANT) ? "le prix" : "le résultat";
}

/* Does a later step of the same tariff, for the same element, change the price? */
static bool is_start(const struct delib_session *s, const struct trace_entry *entry)
{
    for (const struct trace_entry *e = entry + 1; e < s->trace.items + s->trace.count; e++)
        if (e->kind == TRACE_STEP && e->depth == entry->depth && e->tariff == entry->tariff &&
            e->element == entry->element && trace_effect(e))
            return true;
    return false;
}

/* « Le prix ne peut pas… ; il passe de… », but « une réduction… ; le prix passe de… ». */
static bool is_about_price(enum step_kind kind)
{
    return kind == STEP_FLOOR || kind == STEP_CEILING || kind == STEP_ROUND || kind == STEP_MULTIPLY ||
           kind == STEP_DIVIDE;
}

static void step_operation(struct strbuf *out, struct delib_session *s, const struct trace_entry *entry)
{
    static const struct { const char *before, *after; } WORDS[] = {
        [STEP_REDUCTION] = { "une réduction de ", " s'applique" },
        [STEP_MAJORATION] = { "une majoration de ", " s'applique" },
        [STEP_SUPPLEMENT] = { "un supplément de ", " s'ajoute" },
        [STEP_DEDUCTION] = { "une somme de ", " est déduite" },
        [STEP_FLOOR] = { " ne peut pas être inférieur à ", "" },
        [STEP_CEILING] = { " ne peut pas dépasser ", "" },
        [STEP_MULTIPLY] = { " est multiplié par ", "" },
        [STEP_DIVIDE] = { " est divisé par ", "" },
    };
    const struct step *step = entry->step->source;

    if (step->kind == STEP_ROUND) {
        struct strbuf words = strbuf_in(&s->run);

        /* « arrondi au centime le plus proche », as written after « puis ». */
        strbuf_words(&words, s->program, step->rounding->span);
        strbuf_format(out, "%s est %s", noun(entry), text_of(&words));
        return;
    }
    if (is_about_price(step->kind))
        strbuf_text(out, noun(entry));
    strbuf_text(out, WORDS[step->kind].before);
    strbuf_quantity(out, s, entry);
    strbuf_text(out, WORDS[step->kind].after);
}

static void step_sentence(struct strbuf *out, struct delib_session *s, const struct trace_entry *entry)
{
    const struct step *step = entry->step->source;
    const char *before = value_text(s, entry->type, &entry->before, entry->den_before);
    const char *after = value_text(s, entry->type, &entry->after, entry->den_after);
    bool reason;

    step_operation(out, s, entry);
    reason = strbuf_hits(out, s, entry);
    strbuf_reason(out, s, entry, reason);
    if (trace_effect(entry))
        strbuf_format(out, " ; %s passe de %s à %s", is_about_price(step->kind) ? "il" : noun(entry), before, after);
    else
        strbuf_text(out, " ; cela ne change rien ici");
}

static void price_sentence(struct strbuf *out, struct delib_session *s, const struct trace_entry *entry)
{
    const char *amount = value_text(s, entry->type, &entry->after, entry->den_after);
    const char *figures = calculation(s, entry);

    if (entry->kind == TRACE_EXCEPTION)
        strbuf_text(out, "par exception, ");
    strbuf_format(out, "%s%s est de %s", noun(entry), is_start(s, entry) ? " de départ" : "", amount);
    if (figures)
        strbuf_format(out, " (%s)", figures);
    strbuf_reason(out, s, entry, strbuf_hits(out, s, entry));
}

/* What the act says when it gives no amount; of a datum that is missing, invalid or unavailable it says nothing. */
static const char *ending(enum value_state state)
{
    if (state == VALUE_DECISION)
        return "l'acte demande une décision individuelle";
    return state == VALUE_NON_PREVU || state == VALUE_SANS_OBJET ? "l'acte ne fixe pas de montant"
                                                                 : "le montant ne peut pas être calculé";
}

static void end_sentence(struct strbuf *out, struct delib_session *s, const struct trace_entry *entry)
{
    strbuf_text(out, ending(entry->after.state));
    if (entry->after.reason)
        strbuf_format(out, " (%s)", entry->after.reason);
    strbuf_reason(out, s, entry, strbuf_hits(out, s, entry));
}

static void clause_sentence(struct strbuf *out, struct delib_session *s, const struct trace_entry *entry)
{
    const char *amount = value_text(s, entry->type, &entry->after, entry->den_after);

    strbuf_unknown(out, entry->symbol, &entry->before);
    strbuf_format(out, " ; l'acte prévoit alors : %s", amount ? amount : ending_words(&entry->after));
}

static const char *sentence(struct delib_session *s, const struct trace_entry *entry)
{
    struct strbuf text = strbuf_in(&s->run), out = strbuf_in(&s->run);

    if (entry->kind == TRACE_STEP)
        step_sentence(&text, s, entry);
    else if (entry->kind == TRACE_CLAUSE)
        clause_sentence(&text, s, entry);
    else if (entry->after.state == VALUE_OK)
        price_sentence(&text, s, entry);
    else
        end_sentence(&text, s, entry);
    if (entry->depth > 0) {
        const struct tariff_code *t = &s->program->tariffs[entry->tariff];

        strbuf_format(&out, "Pour « %s »", t->label[0] ? t->label : t->name);
        if (entry->element)
            strbuf_format(&out, " (n° %zu)", entry->element);
        strbuf_text(&out, ", ");
        strbuf_slice(&out, strbuf_result(&text));
    } else {
        strbuf_capital(&out, strbuf_result(&text));
    }
    strbuf_char(&out, '.');
    return text_of(&out);
}

/* ------------------------------------------------------------------ public */

static struct span rule_span(const struct trace_entry *entry)
{
    if (entry->kind == TRACE_STEP)
        return entry->step->source->span;
    if (entry->kind == TRACE_EXCEPTION)
        return entry->exception->span;
    return entry->expr->span;
}

struct detail_call {
    struct delib_session *session;
    size_t index, row;
    delib_step_detail *detail;
    delib_row *out_row;
};

static bool fill_detail(void *context)
{
    struct detail_call *call = context;
    struct delib_session *s = call->session;
    const struct trace_entry *entry = &s->trace.items[call->index];
    struct span span = rule_span(entry);
    const struct source *source = s->program->sources[span.file];

    *call->detail = (delib_step_detail){
        .sentence = sentence(s, entry),
        .before = entry->kind == TRACE_STEP ? value_text(s, entry->type, &entry->before, entry->den_before) : NULL,
        .effect = trace_effect(entry),
        .calculation = calculation(s, entry),
        .rule = copy_words(s, span),
        .file = source->name,
        .line = source_position(source, span.start).line,
        .end_line = source_position(source, span.end).line,
        .tariff = s->program->tariffs[entry->tariff].name,
        .element = entry->element,
        .row_count = hit_count(s, entry),
        .datum_count = datum_count(s, entry),
    };
    return true;
}

static bool fill_row_call(void *context)
{
    struct detail_call *call = context;
    const struct trace_entry *entry = &call->session->trace.items[call->index];

    fill_row(call->session, hit_at(call->session, entry, call->row), call->out_row);
    return true;
}

delib_status delib_session_step_detail(delib_session *session, size_t index, delib_step_detail *out)
{
    struct detail_call call = { .session = session, .index = index, .detail = out };

    if (!session || !out || index >= delib_session_step_count(session))
        return DELIB_MISUSE;
    return arena_guard(&session->run, fill_detail, &call) ? DELIB_OK : DELIB_NO_MEMORY;
}

delib_status delib_session_step_row(delib_session *session, size_t step, size_t index, delib_row *out)
{
    struct detail_call call = { .session = session, .index = step, .row = index, .out_row = out };

    if (!session || !out || step >= delib_session_step_count(session) ||
        !hit_at(session, &session->trace.items[step], index))
        return DELIB_MISUSE;
    return arena_guard(&session->run, fill_row_call, &call) ? DELIB_OK : DELIB_NO_MEMORY;
}

delib_status delib_session_step_datum(const delib_session *session, size_t step, size_t index, size_t *out)
{
    if (!session || !out || step >= delib_session_step_count(session))
        return DELIB_MISUSE;
    *out = datum_at(session, &session->trace.items[step], index);
    return *out < session->data_used.count ? DELIB_OK : DELIB_MISUSE;
}
