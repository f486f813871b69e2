/*
 * What remains to be known, for who asks it: readings (reach.c) become questions with their type, their domain and the
 * situations in which they matter, and the calls of sources with their order.
 */
#include "reach.h"

#include "lang/purpose.h"

#include <string.h>

enum { CALLS_COUNTED = 16 };

struct survey {
    struct delib_session *session;
    const struct delib_program *program;
    struct arena *arena;
    struct machine machine;
    struct reach reach;
    size_t *call_of;                     /* per datum: its call, from 1; 0: none */
};

/* ------------------------------------------------------------------ values as texts */

static const char *copy(struct survey *s, struct slice text)
{
    return arena_copy_text(s->arena, text.bytes, text.length);
}

/* As delib_session_set_text() reads it. */
static const char *typed_text(struct survey *s, const struct type *type, int128 num, int128 den)
{
    struct strbuf out = strbuf_in(s->arena);
    struct number value = { 0, 1 };

    if (type->kind == TYPE_BOOLEAN)
        return num ? "oui" : "non";
    if (type->kind == TYPE_ENUM)
        return copy(s, symbol_at(type->symbol, num)->name.text);
    if (type->kind == TYPE_DATE) {
        strbuf_date_iso(&out, date_from_days((int32_t)num));
        return out.bytes;
    }
    (void)number_make(type_is_number(type, QUANTITY_TAUX) ? num * 100 : num, den, &value);
    strbuf_number_machine(&out, value, 0);
    return out.bytes;
}

static const char *default_text(struct survey *s, const struct expr *value, const struct type *type)
{
    if (!value)
        return NULL;
    if (value->kind == EXPR_TEXT)
        return copy(s, value->as.text);
    return typed_text(s, type, value->facts->lo, value->facts->den);
}

/* ------------------------------------------------------------------ types and domains */

static void add_choices(struct survey *s, const struct symbol *owner, delib_question *out)
{
    const char **names = arena_array(s->arena, const char *, owner->count),
               **labels = arena_array(s->arena, const char *, owner->count);
    struct strbuf domain = strbuf_in(s->arena);
    size_t count = 0;

    for (const struct symbol *m = owner->first; m; m = m->next, count++) {
        names[count] = copy(s, m->name.text);
        labels[count] = copy(s, m->label.length ? m->label : m->name.text);
        strbuf_format(&domain, "%s%s", count ? " ; " : "", labels[count]);
    }
    out->choices = names;
    out->choice_labels = labels;
    out->choice_count = count;
    out->domain = domain.bytes;
}

static void add_bounds(struct survey *s, const struct type *type, const struct facts *facts, delib_question *out)
{
    struct strbuf domain = strbuf_in(s->arena);
    struct number step = { 0, 1 };
    int decimals;

    out->low = typed_text(s, type, facts->lo, facts->den);
    out->high = typed_text(s, type, facts->hi, facts->den);
    (void)number_make(type->quantity == QUANTITY_TAUX ? 100 : 1, facts->den, &step);
    decimals = number_decimals(step);
    out->decimals = decimals > 0 ? (unsigned)decimals : 0;
    strbuf_text(&domain, "de ");
    strbuf_typed_number(&domain, &s->program->model, type, facts_low(facts));
    strbuf_text(&domain, " à ");
    strbuf_typed_number(&domain, &s->program->model, type, facts_high(facts));
    out->domain = domain.bytes;
}

static void describe_list(struct survey *s, const struct type *list, const struct facts *facts, delib_question *out);

static void describe(struct survey *s, const struct type *type, const struct facts *facts, delib_question *out)
{
    struct strbuf text = strbuf_in(s->arena);

    strbuf_type(&text, &s->program->model, type);
    out->type = text.bytes;
    if (type->kind == TYPE_ENUM)
        add_choices(s, type->symbol, out);
    else if (type->kind == TYPE_NUMBER)
        add_bounds(s, type, facts, out);
    else if (type->kind == TYPE_LIST || type->kind == TYPE_RECORD)
        describe_list(s, type, facts, out);
}

/* The type of what is listed; the domain of plain items is that of the datum. */
static void describe_item(struct survey *s, const struct type *item, const struct facts *facts, delib_question *out)
{
    delib_question *one = arena_new(s->arena, delib_question);

    describe(s, item, facts, one);
    out->fields = one;
    out->field_count = 1;
}

static void describe_field(struct survey *s, const struct type *list, const struct symbol *f, const struct facts *facts,
                           delib_question *out)
{
    *out =
        (delib_question){.name = copy(s, f->name.text), .label = copy(s, f->label.length ? f->label : f->name.text)};
    if (list->basket) {
        describe(s, list->element, facts, out);
        return;
    }
    out->fallback = default_text(s, f->value, f->type);
    out->may_be_absent = !data_set_is_empty(&f->facts.absent);
    describe(s, f->type, &f->facts, out);
}

/* A record, or a list of them: a question per field. A basket: one per member. */
static void describe_list(struct survey *s, const struct type *list, const struct facts *facts, delib_question *out)
{
    const struct symbol *owner = list->kind == TYPE_RECORD               ? list->symbol
                                 : list->basket                          ? list->basket
                                 : list->element->kind == TYPE_RECORD ? list->element->symbol
                                                                      : NULL;
    delib_question *fields = owner ? arena_array(s->arena, delib_question, owner->count) : NULL;
    size_t count = 0;

    out->most = list->kind == TYPE_RECORD || list->basket ? 0 : list->max_items;
    if (!owner) {
        describe_item(s, list->element, facts, out);
        return;
    }
    for (const struct symbol *f = owner->first; f; f = f->next)
        if (list->basket || f->kind == SYMBOL_FIELD)
            describe_field(s, list, f, facts, &fields[count++]);
    out->fields = fields;
    out->field_count = count;
}

/* ------------------------------------------------------------------ questions */

static const char *condition_text(struct survey *s, const struct guard *when)
{
    struct strbuf out = strbuf_in(s->arena);

    strbuf_guard(&out, &s->reach.guards, s->program, when);
    return out.bytes;
}

static void place(struct survey *s, const struct expr *at, const char **article, unsigned *line)
{
    if (at)
        program_place(s->program, s->arena, at->span, article, line);
}

static enum purpose_level level_of(const struct symbol *datum, const char *finalite)
{
    return purpose_level(finalite, purpose_name(datum->function), NULL);
}

/* What a source will not say: it is not granted, or it answered without a value. */
static bool is_declared(struct survey *s, const struct symbol *datum, const struct reach_read *r)
{
    const struct request *request = session_request_of(&s->machine, datum);

    return level_of(datum, r->finalite) == PURPOSE_NON_ACCORDE || (request && request->answered);
}

static const char *subject_text(struct survey *s, const struct symbol *datum)
{
    return copy(s, datum->decl->as.source.arguments.items[0]->as.reference.name.text);
}

static void add_question(struct survey *s, const struct symbol *datum, const struct reach_read *r)
{
    delib_question *q = arena_push(s->arena, &s->session->questions);

    q->name = s->program->data_names[datum->index];
    q->label = s->program->data_labels[datum->index];
    q->may_be_absent = !data_set_is_empty(&datum->facts.absent);
    describe(s, datum->type, &datum->facts, q);
    if (datum->function) {
        q->function = datum->function->name;
        q->subject = subject_text(s, datum);
        q->declared = is_declared(s, datum, r);
        q->proof = program_fallback(s->arena, datum);
    } else {
        q->fallback = default_text(s, datum->value, datum->type);
    }
    if (s->session->values[datum->index].state == DATUM_BAD)
        q->problem = s->session->values[datum->index].problem;
    q->condition = condition_text(s, &r->when);
    place(s, r->at, &q->article, &q->line);
}

static void add_date_question(struct survey *s, const struct reach_read *r)
{
    delib_question *q = arena_push(s->arena, &s->session->questions);

    *q = (delib_question){ .name = "date", .label = "date du service", .type = "une date",
                           .condition = condition_text(s, &r->when) };
    place(s, r->at, &q->article, &q->line);
}

/* 0: needed whatever else is said, and the family knows it; 1: the same from a source; 2: only in some situations. */
static int rank_of(struct survey *s, size_t index)
{
    const struct reach_read *r = &s->reach.data[index];
    const struct symbol *datum = index < s->program->model.data.count ? s->program->model.data.items[index] : NULL;

    if (!guard_is_always(&r->when))
        return 2;
    return datum && datum->function && !is_declared(s, datum, r);
}

static void list_questions(struct survey *s)
{
    size_t count = s->program->model.data.count + 1;

    for (int rank = 0; rank < 3; rank++)
        for (size_t order = 0; order < s->reach.count; order++)
            for (size_t i = 0; i < count; i++) {
                const struct reach_read *r = &s->reach.data[i];

                if (!r->reached || r->order != order || rank_of(s, i) != rank)
                    continue;
                if (i + 1 == count)
                    add_date_question(s, r);
                else
                    add_question(s, s->program->model.data.items[i], r);
            }
}

/* ------------------------------------------------------------------ calls */

struct call_group {
    const struct symbol *first;
    const struct reach_read *read;
    struct guard when;
    struct date period;
    const char *subject;
    delib_call call;
};

typedef LIST_OF(struct call_group) group_list;

static bool same_call(const struct call_group *g, const struct symbol *datum, const char *subject, struct date period)
{
    return g->first->function == datum->function && text_fold_equal(slice_of(g->subject), slice_of(subject)) &&
           g->period.year == period.year && g->period.month == period.month;
}

static void add_scope(struct survey *s, delib_call *call, const char *scope)
{
    struct strbuf out = strbuf_in(s->arena);

    if (!scope || (call->scopes && strstr(call->scopes, scope)))
        return;
    strbuf_format(&out, "%s%s%s", call->scopes ? call->scopes : "", call->scopes ? ", " : "", scope);
    call->scopes = out.bytes;
}

static void add_to_group(struct survey *s, group_list *groups, const struct symbol *datum, const struct reach_read *r)
{
    const char *subject = subject_text(s, datum);
    struct date period = session_source_period(&s->machine, datum);
    struct call_group *g = NULL;

    for (size_t i = 0; i < groups->count && !g; i++)
        if (same_call(&groups->items[i], datum, subject, period))
            g = &groups->items[i];
    if (!g) {
        g = arena_push(s->arena, groups);
        *g = (struct call_group){ datum, r, guard_never(), period, subject, { .subject = subject } };
    }
    if (r->order < g->read->order)
        g->read = r;
    g->when = guard_or(&s->reach.guards, g->when, r->when);
    add_scope(s, &g->call, datum->field ? datum->field->scope : NULL);
    s->call_of[datum->index] = (size_t)(g - groups->items) + 1;
}

static bool is_granted(const struct call_group *g)
{
    return level_of(g->first, g->read->finalite) != PURPOSE_NON_ACCORDE;
}

static void describe_call(struct survey *s, struct call_group *g)
{
    const struct catalogue_function *f = g->first->function;
    const struct catalogue_provider *provider = catalogue_provider_find(&catalogue_standard, f->prefix);
    const struct catalogue_quota *quota = catalogue_quota_find(&catalogue_standard, f->api);

    g->call.function = f->name;
    g->call.label = f->label;
    g->call.api = f->channel;
    g->call.provider = provider ? provider->name : NULL;
    g->call.finalite = g->read->finalite;
    g->call.year = f->has_period ? g->period.year : 0;
    g->call.month = f->has_period ? g->period.month : 0;
    g->call.level = is_granted(g) ? "admis" : "non accordé";
    g->call.condition = condition_text(s, &g->when);
    g->call.requests = quota ? quota->requests : 0;
    g->call.period_s = quota ? quota->period_s : 0;
    place(s, g->read->at, &g->call.article, &g->call.line);
}

/* A call waits for those whose answer says whether it is needed. */
static unsigned turn_of(struct survey *s, group_list *groups, size_t index, size_t depth)
{
    const struct guard *when = &groups->items[index].when;
    unsigned turn = 1;

    if (depth == groups->count)
        return turn;                     /* they wait for each other */
    for (size_t c = 0; c < when->count; c++)
        for (size_t t = 0; t < when->cases[c].count; t++) {
            const struct guard_variable *v = &s->reach.guards.variables.items[when->cases[c].terms[t].variable];
            const struct facts *facts = v->symbol ? &v->symbol->facts : v->expr->facts;

            for (size_t d = 0; d < s->program->model.data.count; d++) {
                bool reads = v->symbol == s->program->model.data.items[d] || data_set_has(&facts->reads, d);
                unsigned before;

                if (!reads || !s->call_of[d] || s->call_of[d] == index + 1 ||
                    !is_granted(&groups->items[s->call_of[d] - 1]))
                    continue;
                before = turn_of(s, groups, s->call_of[d] - 1, depth + 1);
                turn = before + 1 > turn ? before + 1 : turn;
            }
        }
    return turn;
}

/* The greatest number of calls from `from` on that one situation of `when` may need. */
static size_t most_calls(struct survey *s, const group_list *groups, size_t from, struct guard when)
{
    size_t with, without;

    while (from < groups->count && !is_granted(&groups->items[from]))
        from++;
    if (from == groups->count)
        return 0;
    if (guard_is_always(&groups->items[from].when))
        return 1 + most_calls(s, groups, from + 1, when);
    without = most_calls(s, groups, from + 1, when);
    when = guard_and(&s->reach.guards, when, groups->items[from].when);
    with = when.count ? 1 + most_calls(s, groups, from + 1, when) : 0;
    return with > without ? with : without;
}

static void list_calls(struct survey *s)
{
    group_list groups = { NULL, 0, 0 };
    size_t granted = 0;
    unsigned last = 0;

    for (size_t i = 0; i < s->program->model.data.count; i++) {
        const struct symbol *datum = s->program->model.data.items[i];
        const struct request *request = datum->function ? session_request_of(&s->machine, datum) : NULL;

        if (s->reach.data[i].reached && datum->function && !(request && request->answered))
            add_to_group(s, &groups, datum, &s->reach.data[i]);
    }
    for (size_t i = 0; i < groups.count; i++) {
        describe_call(s, &groups.items[i]);
        groups.items[i].call.turn = is_granted(&groups.items[i]) ? turn_of(s, &groups, i, 0) : 0;
        granted += is_granted(&groups.items[i]);
        last = groups.items[i].call.turn > last ? groups.items[i].call.turn : last;
    }
    for (unsigned turn = 1; turn <= last + 1; turn++)
        for (size_t i = 0; i < groups.count; i++) {
            delib_call *call;

            if (groups.items[i].call.turn != (turn <= last ? turn : 0))
                continue;
            call = arena_push(s->arena, &s->session->calls);
            *call = groups.items[i].call;
        }
    s->session->call_most = groups.count <= CALLS_COUNTED ? most_calls(s, &groups, 0, guard_always(&s->reach.guards))
                                                          : granted;
}

/* ------------------------------------------------------------------ the whole */

void session_explore(struct delib_session *session, size_t tariff, const struct symbol *output)
{
    struct survey s = { .session = session, .program = session->program, .arena = &session->run,
                        .machine = { .session = session, .program = session->program } };

    reach_tariff(session, tariff, output, EXPLORING_ALL, true, &s.reach);
    list_questions(&s);
    /* An evaluation asks no source for results that nobody named. */
    reach_tariff(session, tariff, output, EXPLORING_ALL, output != NULL, &s.reach);
    s.call_of = arena_array(s.arena, size_t, session->program->model.data.count);
    list_calls(&s);
}

void session_explore_choice(struct delib_session *session)
{
    const struct symbol *choice = session->program->model.choice;
    struct survey s = { .session = session, .program = session->program, .arena = &session->run,
                        .machine = { .session = session, .program = session->program } };
    struct reach_read first = { .reached = true };
    struct value v;

    session->exploring = EXPLORING_ALL;
    v = session_datum(&s.machine, choice);
    session->exploring = EXPLORING_NOTHING;
    if (v.state == VALUE_OK) {
        session_explore(session, (size_t)v.num, NULL);
        return;
    }
    s.reach.guards.arena = s.arena;
    first.when = guard_always(&s.reach.guards);
    if (v.state == VALUE_MISSING)
        add_question(&s, choice, &first);
}

size_t delib_session_question_count(const delib_session *session)
{
    return session ? session->questions.count : 0;
}

delib_status delib_session_question(const delib_session *session, size_t index, delib_question *out)
{
    if (!session || !out || index >= session->questions.count)
        return DELIB_MISUSE;
    *out = session->questions.items[index];
    return DELIB_OK;
}

size_t delib_session_call_count(const delib_session *session)
{
    return session ? session->calls.count : 0;
}

delib_status delib_session_call(const delib_session *session, size_t index, delib_call *out)
{
    if (!session || !out || index >= session->calls.count)
        return DELIB_MISUSE;
    *out = session->calls.items[index];
    return DELIB_OK;
}

size_t delib_session_call_most(const delib_session *session)
{
    return session ? session->call_most : 0;
}
