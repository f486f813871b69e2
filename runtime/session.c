/*
 * Sessions: the public side of an evaluation. Data of the family in, requests out, answers in, results and explanation
 * out.
 */
#include "reach.h"

#include "lang/purpose.h"

#include <string.h>

/* ------------------------------------------------------------------ life */

static bool read_iso(const char *text, struct date *out)
{
    *out = (struct date){ 0 };
    return !text || text[0] == '\0' || date_parse(slice_of(text), out);
}

/* Both memories of a session are guarded: an exhausted one ends the call with DELIB_NO_MEMORY. */
struct guarded_call {
    struct delib_session *session;
    bool (*body)(void *context);
    void *context;
};

static bool guard_run(void *context)
{
    struct guarded_call *g = context;

    return arena_guard(&g->session->run, g->body, g->context);
}

static bool guarded(struct delib_session *s, bool (*body)(void *context), void *context)
{
    struct guarded_call g = { s, body, context };

    return arena_guard(&s->data, guard_run, &g);
}

/* The arguments and the result of one public call. */
struct call {
    struct delib_session *session;
    const char *name;
    const delib_value *value;
    const char *origin;
    size_t index;
    const delib_answer *answer;
    delib_result *result;
    delib_essai_result *essai;
    delib_status status;
};

static delib_status finish(const struct call *call, bool done)
{
    return done ? call->status : DELIB_NO_MEMORY;
}

static bool allocate(void *context)
{
    struct delib_session *s = context;
    struct delib_program *p = s->program;

    s->values = arena_array(&s->data, struct datum_value, p->model.data.count);
    s->used = arena_array(&s->data, bool, p->model.data.count);
    s->seen = arena_array(&s->data, struct value, p->model.data.count);
    s->from_fallback = arena_array(&s->data, bool, p->model.data.count);
    s->failures = arena_array(&s->data, const char *, p->model.data.count);
    s->memos = arena_array(&s->data, struct memo, p->let_count);
    s->given = s->recording ? arena_array(&s->data, const delib_value *, p->model.data.count) : NULL;
    return true;
}

delib_status delib_session_new(delib_program *program, const delib_session_options *options, delib_session **out)
{
    delib_session_options o = DELIB_SESSION_OPTIONS_INIT;
    struct delib_session *s;

    if (!out)
        return DELIB_MISUSE;
    *out = NULL;
    if (!program || !program->usable)
        return DELIB_MISUSE;
    if (options && !options_read(&o, sizeof o, options))
        return DELIB_MISUSE;
    s = program->allocator.resize(program->allocator.context, NULL, sizeof *s);
    if (!s)
        return DELIB_NO_MEMORY;
    memset(s, 0, sizeof *s);
    s->program = delib_program_retain(program);
    s->decided = DELIB_NO_TARIFF;
    s->ask_sources = o.ask_sources != 0;
    s->tracing = o.trace != 0;
    s->recording = o.record != 0;
    arena_init(&s->data, program->allocator, program->options.memory_limit);
    arena_init(&s->run, program->allocator, program->options.memory_limit);
    arena_init(&s->curve.arena, program->allocator, program->options.memory_limit);
    if (!read_iso(o.date, &s->date) || !read_iso(o.today, &s->today)) {
        delib_session_free(s);
        return DELIB_INVALID;
    }
    s->first_date = s->date;
    s->first_today = s->today;
    if (!guarded(s, allocate, s)) {
        delib_session_free(s);
        return DELIB_NO_MEMORY;
    }
    *out = s;
    return DELIB_OK;
}

void delib_session_free(delib_session *session)
{
    struct allocator allocator;

    if (!session)
        return;
    allocator = session->program->allocator;
    delib_session_free(session->shadow);
    arena_release(&session->data);
    arena_release(&session->run);
    arena_release(&session->curve.arena);
    delib_program_release(session->program);
    allocator.resize(allocator.context, session, 0);
}

static void forget_run(struct delib_session *s)
{
    arena_reset(&s->run);
    s->exploring = EXPLORING_NOTHING;
    s->missing.items = NULL;
    s->missing.count = s->missing.capacity = 0;
    s->trace.items = NULL;
    s->trace.count = s->trace.capacity = 0;
    s->hits.items = NULL;
    s->hits.count = s->hits.capacity = 0;
    s->steps = NULL;
    s->outputs.items = NULL;
    s->outputs.count = s->outputs.capacity = 0;
    s->questions.items = NULL;
    s->questions.count = s->questions.capacity = 0;
    s->calls.items = NULL;
    s->calls.count = s->calls.capacity = 0;
    s->call_most = 0;
    s->data_used.items = NULL;
    s->data_used.count = s->data_used.capacity = 0;
    s->explainable = s->explained = false;
    s->date_wanted = false;
    s->decided = DELIB_NO_TARIFF;
}

void delib_session_reset(delib_session *session)
{
    if (!session)
        return;
    forget_run(session);
    arena_reset(&session->data);
    session->supposed = NULL;
    session->supposing = session->date_supposed = false;
    session->requests.items = NULL;
    session->requests.count = session->requests.capacity = 0;
    session->runs = 0;
    session->date = session->first_date;
    session->today = session->first_today;
    session->error[0] = '\0';
    (void)guarded(session, allocate, session);     /* exhaustion shows in data.exhausted, looked at by every call */
}

/* ------------------------------------------------------------------ data */

const char *delib_session_error(const delib_session *session)
{
    return session ? session->error : "";
}

/* Names come from outside: what is told of them is one line of UTF-8, cut between two characters. */
void session_tell(struct delib_session *s, struct slice sentence)
{
    const size_t room = sizeof s->error - sizeof "…";
    struct strbuf shown = strbuf_in(&s->run);
    struct slice text;

    diag_print_text(&shown, sentence);
    text = strbuf_result(&shown);
    if (text.length > room) {
        for (text.length = room; utf8_validate(text.bytes, text.length) < text.length;)
            text.length--;
        memcpy(s->error + text.length, "…", sizeof "…");
    } else {
        s->error[text.length] = '\0';
    }
    if (text.length)
        memcpy(s->error, text.bytes, text.length);
}

static void set_error(struct delib_session *s, const char *before, struct slice name, const char *after,
                      const struct symbol *close)
{
    struct strbuf out = strbuf_in(&s->run);

    strbuf_format(&out, "%s%.*s%s", before, SLICE_ARG(name), after);
    if (close)
        strbuf_format(&out, " ; vouliez-vous dire « %.*s » ?", SLICE_ARG(close->name.text));
    session_tell(s, strbuf_result(&out));
}

static const struct symbol *closest_datum(const struct delib_session *s, struct slice name)
{
    const struct model *m = &s->program->model;
    const struct symbol *best = NULL;
    struct nearest nearest = nearest_to(name);

    for (size_t i = 0; i < m->data.count; i++)
        if (nearest_consider(&nearest, m->data.items[i]->name.text))
            best = m->data.items[i];
    return best;
}

delib_status session_set_date(struct delib_session *s, const struct symbol *symbol, const delib_value *value)
{
    struct date date;

    if (value->kind != DELIB_VALUE_TEXT || !date_parse(slice_of(value->text), &date)) {
        set_error(s, "« ", symbol->name.text, " » : une date (AAAA-MM-JJ) est attendue", NULL);
        return DELIB_INVALID;
    }
    *(symbol->kind == SYMBOL_DATE ? &s->date : &s->today) = date;
    return DELIB_OK;
}

const struct symbol *session_find(struct delib_session *session, const char *name)
{
    const struct symbol *symbol;

    session->error[0] = '\0';
    symbol = scope_find(&session->program->model.globals, slice_of(name));
    if (symbol && (symbol->kind == SYMBOL_DATE || symbol->kind == SYMBOL_TODAY))
        return symbol;
    for (size_t i = 0; !symbol && i < session->program->model.data.count; i++)
        if (text_fold_equal(session->program->model.data.items[i]->name.text, slice_of(name)))
            symbol = session->program->model.data.items[i];          /* « foyer.nombre_de_parts » */
    if (symbol && (symbol->kind == SYMBOL_INPUT || symbol->kind == SYMBOL_SOURCE))
        return symbol;
    set_error(session, "cet acte ne demande aucune donnée « ", slice_of(name), " »",
              closest_datum(session, slice_of(name)));
    return NULL;
}

/* What a host may say of a value that no API gave it: the family does. */
static bool is_declared(const char *origin)
{
    static const char *const DECLARED[] = { "déclaration", "justificatif", "sur l'honneur" };

    for (size_t i = 0; i < sizeof DECLARED / sizeof *DECLARED; i++)
        if (text_fold_equal(slice_of(origin), slice_of(DECLARED[i])))
            return true;
    return false;
}

/*
 * The name under which finalités judge a provenance, in *out; NULL for what the family declares. A value that claims to
 * come from elsewhere than the source asks is refused, as is a provenance that nobody knows.
 */
static bool read_origin(struct delib_session *s, const struct symbol *symbol, const char *origin, const char **out)
{
    static const char REGISTER[] = "hôte.";
    const struct catalogue_function *function;

    *out = NULL;
    if (!origin || is_declared(origin))
        return true;
    function = catalogue_find(s->program->model.catalogue, origin, strlen(origin));
    if (function)
        *out = purpose_name(function);
    else if (strncmp(origin, REGISTER, sizeof REGISTER - 1) == 0 && origin[sizeof REGISTER - 1])
        *out = value_copy_text(&s->data, origin);
    if (!*out)
        set_error(
            s, "« ", slice_of(origin),
            " » n'est pas une provenance connue : « déclaration », la fonction d'une API, ou « hôte.CATÉGORIE »",
            NULL);
    else if (symbol->function && strcmp(*out, purpose_name(symbol->function)) != 0) {
        set_error(s, "« ", symbol->name.text, " » : cette provenance n'est pas celle que l'acte demande", NULL);
        *out = NULL;
    }
    return *out != NULL;
}

static delib_status set_value(struct delib_session *session, const char *name, const delib_value *value,
                              const char *origin)
{
    const struct symbol *symbol = session_find(session, name);
    struct datum_value read = { 0 };

    if (!symbol)
        return DELIB_INVALID;
    session->decided = DELIB_NO_TARIFF;
    if (symbol->kind == SYMBOL_DATE || symbol->kind == SYMBOL_TODAY)
        return session_set_date(session, symbol, value);
    if (!value_read(session, symbol, symbol->type, &symbol->facts, value, &read) ||
        !read_origin(session, symbol, origin, &read.origin))
        return DELIB_INVALID;
    session->values[symbol->index] = read;
    if (session->given)
        session_keep(session, symbol, value);
    return DELIB_OK;
}

static bool call_set(void *context)
{
    struct call *call = context;

    call->status = set_value(call->session, call->name, call->value, call->origin);
    return true;
}

delib_status delib_session_set(delib_session *session, const char *name, const delib_value *value)
{
    return delib_session_set_from(session, name, value, NULL);
}

delib_status delib_session_set_from(delib_session *session, const char *name, const delib_value *value,
                                    const char *origin)
{
    struct call call = { .session = session, .name = name, .value = value, .origin = origin };

    if (!session || !name || !value || !value_is_sound(value, VALUE_DEPTH))
        return DELIB_MISUSE;
    if (session->data.exhausted)
        return DELIB_NO_MEMORY;
    return finish(&call, guarded(session, call_set, &call));
}

delib_status delib_session_set_text(delib_session *session, const char *name, const char *text)
{
    delib_value value = { .kind = text ? DELIB_VALUE_TEXT : DELIB_VALUE_ABSENT, .text = text };

    return delib_session_set(session, name, &value);
}

/* ------------------------------------------------------------------ the value of a datum */

static struct value about(enum value_state state, const struct symbol *datum, const char *reason)
{
    return (struct value){ .state = state, .datum = datum, .reason = reason, .d = 1 };
}

static struct value missing(struct machine *m, const struct symbol *datum)
{
    struct delib_session *s = m->session;
    const struct symbol **item;

    for (size_t i = 0; i < s->missing.count; i++)
        if (s->missing.items[i] == datum)
            return about(VALUE_MISSING, datum, "une réponse manque");
    item = arena_push(&s->run, &s->missing);
    *item = datum;
    return about(VALUE_MISSING, datum, "une réponse manque");
}

/* A value serves a tariff only if its finalité, and that of the tariff that was asked, admit where it comes from. */
static bool origin_is_admitted(const struct machine *m, const char *origin)
{
    return purpose_level(m->finalite, origin, NULL) == PURPOSE_ADMIS &&
           purpose_level(m->asked_finalite, origin, NULL) == PURPOSE_ADMIS;
}

static struct value given(struct machine *m, const struct symbol *datum, const struct datum_value *v)
{
    if (v->origin && !origin_is_admitted(m, v->origin))
        return about(VALUE_INVALID, datum, "la finalité du tarif n'admet pas cette provenance");
    if (v->state == DATUM_BAD && m->session->exploring == EXPLORING_ALL)
        return missing(m, datum);                   /* to be asked again */
    switch (v->state) {
    case DATUM_SET: return (struct value){ .state = VALUE_OK, .num = v->num, .d = v->d, .ref = v->ref };
    case DATUM_BAD: return about(VALUE_INVALID, datum, v->problem);
    case DATUM_FAILED: return about(VALUE_FAILED, datum, "la source n'a pas répondu");
    case DATUM_NULL:
        /* A compulsory answer that is null is still to be given. */
        return data_set_is_empty(&datum->facts.absent) ? missing(m, datum)
                                                       : about(VALUE_ABSENT, datum, "non communiqué");
    case DATUM_UNSET: break;
    }
    return missing(m, datum);
}

static struct value input_value(struct machine *m, const struct symbol *datum)
{
    const struct datum_value *v = &m->session->values[datum->index];
    const struct node *fallback = m->program->defaults[datum->index];

    if (v->state == DATUM_UNSET && m->session->exploring == EXPLORING_ALL)
        return missing(m, datum);
    if (v->state == DATUM_UNSET && fallback) {
        /* Fixed, and on the grid of the datum: typing saw to it. */
        const struct facts *fixed = fallback->expr->facts;
        int128 scale = datum->type->kind == TYPE_NUMBER ? datum->facts.den / fixed->den : 1;

        return (struct value){.state = VALUE_OK,
                              .num = fixed->lo * scale,
                              .d = 1,
                              .ref = fallback->expr->kind == EXPR_TEXT
                                         ? arena_copy_text(&m->session->run, fallback->expr->as.text.bytes,
                                                           fallback->expr->as.text.length)
                                         : NULL};
    }
    if (v->state == DATUM_UNSET && datum->decl->clauses.optional)
        return about(VALUE_ABSENT, datum, "non communiqué");
    return given(m, datum, v);
}

/* ------------------------------------------------------------------ sources */

static const char *subject_of(struct machine *m, const struct symbol *datum)
{
    struct slice name = datum->decl->as.source.arguments.items[0]->as.reference.name.text;

    return arena_copy_text(&m->session->data, name.bytes, name.length);
}

/* The month asked: that of the date given after the subject. */
struct date session_source_period(const struct machine *m, const struct symbol *datum)
{
    const expr_list *arguments = &datum->decl->as.source.arguments;
    const struct expr *e = arguments->count > 1 ? arguments->items[1] : NULL;

    if (!e)
        return (struct date){ 0 };
    if (e->kind == EXPR_DATE)
        return e->as.date;
    return e->kind == EXPR_NAME && e->as.reference.symbol->kind == SYMBOL_TODAY && m->session->today.year
               ? m->session->today
               : m->session->date;
}

/* One request for one function, one subject and one month, whoever asks. */
struct request *session_request_of(const struct machine *m, const struct symbol *datum)
{
    const struct delib_session *s = m->session;
    struct slice subject = datum->decl->as.source.arguments.items[0]->as.reference.name.text;
    struct date period = session_source_period(m, datum);

    for (size_t i = 0; i < s->requests.count; i++) {
        struct request *r = s->requests.items[i];

        if (strcmp(r->function, datum->function->name) == 0 && text_fold_equal(slice_of(r->subject), subject) &&
            r->year == period.year && r->month == period.month)
            return r;
    }
    return NULL;
}

static struct request *find_request(struct machine *m, const struct symbol *datum)
{
    struct delib_session *s = m->session;
    struct date period = session_source_period(m, datum);
    struct request *r = session_request_of(m, datum), **item;

    if (r)
        return r;
    if (s->requests.count >= m->program->options.request_limit)
        return NULL;
    r = arena_new(&s->data, struct request);
    item = arena_push(&s->data, &s->requests);
    *r = (struct request){.function = datum->function->name,
                          .subject = subject_of(m, datum),
                          .finalite = m->finalite,
                          .source = datum,
                          .year = period.year,
                          .month = period.month};
    *item = r;
    return r;
}

static const delib_value *record_field(const delib_value *record, const char *name)
{
    for (size_t i = 0; i < record->count; i++)
        if (strcmp(record->names[i], name) == 0)
            return &record->items[i];
    return NULL;
}

static struct value answered_value(struct machine *m, const struct symbol *datum, const struct answer *a)
{
    const delib_value *field;
    struct datum_value v = { 0 };

    switch (a->kind) {
    case DELIB_ANSWER_ABSENT: return about(VALUE_ABSENT, datum, a->message);
    case DELIB_ANSWER_REFUSED: return about(VALUE_REFUSED, datum, a->message);
    case DELIB_ANSWER_FAILED: return about(VALUE_FAILED, datum, a->message);
    case DELIB_ANSWER_VALUE: break;
    }
    field = record_field(&a->record, datum->field ? datum->field->name : datum->function->main_field);
    if (!field || field->kind == DELIB_VALUE_NOT_GRANTED)
        return about(VALUE_REFUSED, datum, "la donnée n'est pas accordée par l'habilitation");
    if (field->kind == DELIB_VALUE_ABSENT)
        return about(VALUE_ABSENT, datum, field->text ? field->text : "la source ne connaît pas cette donnée");
    if (!value_read(m->session, datum, datum->type, &datum->facts, field, &v))
        return about(VALUE_FAILED, datum, "la réponse de la source n'a pas la forme attendue");
    return given(m, datum, &v);
}

/* What the family declares takes over from an absence, a failure or a refusal; never from a value. */
static struct value declared_or(struct machine *m, const struct symbol *datum, struct value first)
{
    const struct datum_value *v = &m->session->values[datum->index];

    if (datum->decl->as.source.fallback == FALLBACK_NONE || v->state == DATUM_NULL)
        return first;
    m->session->from_fallback[datum->index] = true;
    if (v->state == DATUM_UNSET)
        m->session->failures[datum->index] = first.reason;
    return given(m, datum, v);
}

static bool source_is_granted(const struct machine *m, const struct symbol *datum)
{
    return purpose_level(m->finalite, purpose_name(datum->function), NULL) != PURPOSE_NON_ACCORDE;
}

static struct value source_value(struct machine *m, const struct symbol *datum)
{
    struct request *r;
    struct value v;

    if (m->session->ask_sources && !source_is_granted(m, datum))
        return declared_or(m, datum,
                           about(VALUE_REFUSED, datum, "l'habilitation de cette finalité ne donne pas cette donnée"));
    if (!m->session->ask_sources) {
        m->session->from_fallback[datum->index] = true;
        return given(m, datum, &m->session->values[datum->index]);
    }
    r = m->session->exploring ? session_request_of(m, datum) : find_request(m, datum);
    if (m->session->exploring && (!r || !r->answered))
        return about(VALUE_MISSING, datum, "la source n'a pas encore répondu");
    if (!r)
        return about(VALUE_FAILED, datum, "cet acte demande plus d'appels que la limite fixée");
    r->wanted = true;
    if (!r->answered)
        return about(VALUE_PENDING, datum, "la réponse de la source est attendue");
    v = answered_value(m, datum, &r->answer);
    if (v.state == VALUE_ABSENT || v.state == VALUE_FAILED || v.state == VALUE_REFUSED)
        return declared_or(m, datum, v);
    return v;
}

struct value session_datum(struct machine *m, const struct symbol *datum)
{
    struct value v;

    for (const struct override *o = m->overrides; o; o = o->outer)
        if (o->datum == datum)
            return o->value;
    if (m->session->supposed && m->session->supposed[datum->index].state != DATUM_UNSET)
        v = given(m, datum, &m->session->supposed[datum->index]);
    else
        v = datum->kind == SYMBOL_SOURCE ? source_value(m, datum) : input_value(m, datum);
    m->session->used[datum->index] = true;
    m->session->seen[datum->index] = v;
    return v;
}

/* ------------------------------------------------------------------ evaluation */

delib_statut state_statut(enum value_state state)
{
    switch (state) {
    case VALUE_OK: return DELIB_CALCULE;
    case VALUE_NON_PREVU: case VALUE_ABSENT: return DELIB_NON_PREVU;
    case VALUE_DECISION: return DELIB_DECISION_INDIVIDUELLE;
    case VALUE_MISSING: case VALUE_PENDING: return DELIB_A_COMPLETER;
    case VALUE_INVALID: return DELIB_DONNEE_INVALIDE;
    case VALUE_FAILED: case VALUE_REFUSED: return DELIB_SOURCE_INDISPONIBLE;
    case VALUE_SANS_OBJET: return DELIB_SANS_OBJET;
    }
    return DELIB_DONNEE_INVALIDE;
}

/* The amount as units / 10^scale: two decimals for euros, as many as needed elsewhere. */
static delib_status fill_amount(const struct outcome_value *last, delib_result *out)
{
    struct number n;
    int128 power = 1, d, units;
    unsigned scale = 0;
    bool amount = type_is_number(last->type, QUANTITY_MONTANT);

    /* Typing sees to the width of every value and to the decimals of every result. */
    if (!int128_mul_checked(last->den, last->value.d, &d) || !number_make(last->value.num, d, &n) ||
        !number_mul(n, number_of(type_is_number(last->type, QUANTITY_TAUX) ? 100 : 1), &n))
        return DELIB_INTERNAL;
    while (power % n.den != 0 || (amount && scale < 2)) {
        if (++scale > 9)
            return DELIB_INTERNAL;
        power *= 10;
    }
    if (!int128_mul_checked(n.num, power / n.den, &units) || units > INT64_MAX || units < INT64_MIN)
        return DELIB_LIMIT;
    out->units = (int64_t)units;
    out->scale = scale;
    return DELIB_OK;
}

static const char *member_text(struct delib_session *s, const struct outcome_value *last)
{
    struct strbuf text = strbuf_in(&s->run);

    if (last->type->kind == TYPE_NUMBER)
        return NULL;
    if (last->type->kind == TYPE_ENUM)
        strbuf_slice(&text, symbol_at(last->type->symbol, last->value.num)->name.text);
    else
        strbuf_value(&text, &s->program->model, last->type, &last->value, last->den);
    return strbuf_result(&text).bytes;
}

/* « en € par prestation »: the unit is that of the value given (« déjeuner » par repas). NULL: the unit of the
 * tariff. */
static const char *unit_of_choice(struct delib_session *s, const struct type *type)
{
    const struct model *model = &s->program->model;
    const struct symbol *e = type && type->kind == TYPE_NUMBER && type->unit.per_count == 1
                                 ? unit_enum(model, type->unit.per[0]) : NULL;

    for (size_t i = 0; e && i < model->data.count; i++) {
        const struct symbol *datum = model->data.items[i], *member;
        struct strbuf out = strbuf_in(&s->run);

        if (datum->type->kind != TYPE_ENUM || datum->type->symbol != e || !s->used[i] || s->seen[i].state != VALUE_OK)
            continue;
        member = symbol_at(e, s->seen[i].num);
        if (!member->unit)
            return NULL;
        strbuf_text(&out, "€");
        for (size_t k = 0; k < member->unit->per.count; k++)
            strbuf_format(&out, " %s %.*s", k ? "et par" : "par", SLICE_ARG(member->unit->per.items[k].text));
        return out.bytes;
    }
    return NULL;
}

static delib_status fill_result(struct delib_session *s, const struct outcome_value *last, size_t tariff,
                                const struct symbol *output, delib_result *out)
{
    struct strbuf unit = strbuf_in(&s->run);
    const char *of_choice = unit_of_choice(s, last->type);

    *out = (delib_result){
        .statut = state_statut(last->value.state), .tariff = s->program->tariffs[tariff].name, .unit = ""};
    if (last->version)
        out->unit = last->version->unit;
    if (output) {
        strbuf_unit(&unit, &s->program->model, output->type);
        out->unit = strbuf_result(&unit).bytes;
    }
    out->reason = last->value.reason;
    if (of_choice)
        out->unit = of_choice;
    if (last->value.state == VALUE_OK) {
        out->text = member_text(s, last);
        return out->text ? DELIB_OK : fill_amount(last, out);
    }
    if (last->value.state == VALUE_MISSING && s->missing.count > 0) {
        struct strbuf why = strbuf_in(&s->run);

        strbuf_text(&why, s->missing.count > 1 ? "il manque : " : "il manque ");
        for (size_t i = 0; i < s->missing.count; i++) {
            size_t datum = s->missing.items[i]->index;

            strbuf_format(&why, "%s« %s »", i ? ", " : "", s->program->data_labels[datum]);
            if (s->failures[datum])
                strbuf_format(&why, " (%s)", s->failures[datum]);
        }
        out->reason = why.bytes;
    }
    return DELIB_OK;
}

static delib_status fill_outputs(struct delib_session *s, struct machine *m, size_t tariff)
{
    delib_status status = DELIB_OK;

    m->trace = false;
    for (size_t i = 0; i < s->last.version->output_count && status == DELIB_OK; i++) {
        const struct symbol *symbol = s->last.version->outputs[i].symbol;
        struct outcome_value value = machine_output(m, s->last.version, symbol->name.text);
        delib_result *out = arena_push(&s->run, &s->outputs);

        status = fill_result(s, &value, tariff, symbol, out);
        out->tariff = arena_copy_text(&s->run, symbol->name.text.bytes, symbol->name.text.length);
    }
    return status;
}

/* Something waits: the sources that every family of this kind needs are asked at the same time. */
static void ask_certain(struct delib_session *s, size_t tariff, const struct symbol *output)
{
    struct machine m = { .session = s, .program = s->program };
    struct reach reach;

    reach_tariff(s, tariff, output, EXPLORING_SOURCES, output != NULL, &reach);
    for (size_t i = 0; i < s->program->model.data.count; i++) {
        const struct symbol *datum = s->program->model.data.items[i];
        const struct reach_read *r = &reach.data[i];
        struct request *request = NULL;

        m.finalite = r->finalite;
        if (r->reached && datum->function && guard_is_always(&r->when) && source_is_granted(&m, datum))
            request = find_request(&m, datum);
        if (request)
            request->wanted = true;
    }
}

static delib_status run(struct delib_session *s, size_t tariff, const struct symbol *output, delib_result *out)
{
    struct machine m = { .session = s, .program = s->program, .trace = s->tracing };
    delib_status status = DELIB_OK;

    forget_run(s);
    s->asked_tariff = tariff;
    s->asked_output = output;
    s->runs++;
    for (size_t i = 0; i < s->program->model.data.count; i++)
        s->used[i] = s->from_fallback[i] = false, s->failures[i] = NULL;
    for (size_t i = 0; i < s->requests.count; i++)
        s->requests.items[i]->wanted = false;
    s->last = machine_run(&m, tariff, output);
    if (s->last.value.state == VALUE_PENDING) {
        ask_certain(s, tariff, output);
        return DELIB_PENDING;
    }
    if (s->tracing)
        session_note_data(s);
    s->explainable = s->tracing;
    if (!output && s->last.value.state == VALUE_OK)
        status = fill_outputs(s, &m, tariff);
    return status == DELIB_OK ? fill_result(s, &s->last, tariff, output, out) : status;
}

/* « entrée prestation : tarif »: the datum says which tariff. */
static delib_status choose(struct delib_session *s, size_t *tariff, delib_result *out)
{
    struct machine m = { .session = s, .program = s->program };
    struct value v;

    forget_run(s);
    v = session_datum(&m, s->program->model.choice);
    if (v.state == VALUE_OK) {
        *tariff = (size_t)v.num;
        return DELIB_PENDING;
    }
    s->last = (struct outcome_value){ .value = v, .den = 1 };
    return fill_result(s, &s->last, 0, NULL, out);
}

static bool call_evaluate(void *context)
{
    struct call *call = context;
    size_t tariff = call->index;

    call->status =
        tariff == call->session->program->tariff_count ? choose(call->session, &tariff, call->result) : DELIB_PENDING;
    if (call->status == DELIB_PENDING && tariff > call->session->program->tariff_count) {
        size_t output = tariff - call->session->program->tariff_count - 1;

        call->status = run(call->session, call->session->program->outputs[output].tariff,
                           call->session->program->outputs[output].symbol, call->result);
    } else if (call->status == DELIB_PENDING) {
        call->status = run(call->session, tariff, NULL, call->result);
    }
    if (call->index == call->session->program->tariff_count)
        call->session->used[call->session->program->model.choice->index] = true;
    return true;
}

/* Tariffs, then the one that an input names, then their other results. */
static bool is_tariff(const struct delib_session *s, delib_tariff tariff)
{
    size_t index = (size_t)tariff, count = s->program->tariff_count;

    return tariff >= 0 && index <= count + s->program->output_count && (index != count || s->program->model.choice);
}

delib_status delib_evaluate(delib_session *session, delib_tariff tariff, delib_result *out)
{
    struct call call = { .session = session, .index = (size_t)tariff, .result = out };

    if (!session || !out || !is_tariff(session, tariff))
        return DELIB_MISUSE;
    if (session->data.exhausted)
        return DELIB_NO_MEMORY;
    call.status = finish(&call, guarded(session, call_evaluate, &call));
    if (call.status == DELIB_OK && !session->supposing) {
        session->decided = tariff;
        session->decision = *out;
    }
    return call.status;
}

/* ------------------------------------------------------------------ exploring */

static bool call_explore(void *context)
{
    struct call *call = context;
    const struct delib_program *p = call->session->program;

    forget_run(call->session);
    if (call->index == p->tariff_count)
        session_explore_choice(call->session);
    else if (call->index > p->tariff_count)
        session_explore(call->session, p->outputs[call->index - p->tariff_count - 1].tariff,
                        p->outputs[call->index - p->tariff_count - 1].symbol);
    else
        session_explore(call->session, call->index, NULL);
    return true;
}

delib_status delib_session_explore(delib_session *session, delib_tariff tariff)
{
    struct call call = { .session = session, .index = (size_t)tariff };
    bool done;

    if (!session || !is_tariff(session, tariff))
        return DELIB_MISUSE;
    if (session->data.exhausted)
        return DELIB_NO_MEMORY;
    done = guarded(session, call_explore, &call);
    session->exploring = EXPLORING_NOTHING;
    return finish(&call, done);
}

/* ------------------------------------------------------------------ requests */

static struct request *waiting(const struct delib_session *s, size_t index, size_t *id)
{
    for (size_t i = 0; i < s->requests.count; i++)
        if (s->requests.items[i]->wanted && !s->requests.items[i]->answered && index-- == 0) {
            *id = i;
            return s->requests.items[i];
        }
    return NULL;
}

delib_request session_request(const struct delib_session *session, size_t id)
{
    const struct request *r = session->requests.items[id];

    return (delib_request){ .id = id, .function = r->function,
                            .source = session->program->data_names[r->source->index],
                            .label = session->program->data_labels[r->source->index], .subject = r->subject,
                            .finalite = r->finalite, .year = r->year, .month = r->month };
}

size_t delib_session_request_count(const delib_session *session)
{
    size_t count = 0, id;

    while (session && waiting(session, count, &id))
        count++;
    return count;
}

delib_status delib_session_request(const delib_session *session, size_t index, delib_request *out)
{
    size_t id = 0;
    const struct request *r = session ? waiting(session, index, &id) : NULL;

    if (!r || !out)
        return DELIB_MISUSE;
    *out = session_request(session, id);
    return DELIB_OK;
}

/* What a host answers for a source of its own has the fields that it declared. */
static bool answer_is_declared(struct delib_session *s, const struct catalogue_function *function,
                               const delib_answer *answer)
{
    if (answer->kind != DELIB_ANSWER_VALUE || function->api != CATALOGUE_API_HOST)
        return true;
    for (size_t i = 0; i < answer->record.count; i++) {
        const struct catalogue_field *field = function->fields;

        while (field->name && strcmp(field->name, answer->record.names[i]) != 0)
            field++;
        if (!field->name) {
            struct strbuf out = strbuf_in(&s->run);

            strbuf_format(&out, "la source « %s » n'a pas de champ « %s »", function->name, answer->record.names[i]);
            session_tell(s, strbuf_result(&out));
            return false;
        }
    }
    return true;
}

static delib_status take_answer(struct delib_session *session, size_t id, const delib_answer *answer)
{
    struct request *r = session->requests.items[id];

    if (!answer_is_declared(session, r->source->function, answer))
        return DELIB_INVALID;
    session->decided = DELIB_NO_TARIFF;
    r->answer = (struct answer){ .kind = answer->kind, .code = value_copy_text(&session->data, answer->code),
                                 .message = value_copy_text(&session->data, answer->message),
                                 .provider = value_copy_text(&session->data, answer->provider),
                                 .period = value_copy_text(&session->data, answer->period),
                                 .obtained = value_copy_text(&session->data, answer->obtained) };
    if (answer->kind == DELIB_ANSWER_VALUE)
        value_copy(&session->data, &answer->record, &r->answer.record);
    r->answered = true;
    return DELIB_OK;
}

static bool call_answer(void *context)
{
    struct call *call = context;

    call->status = take_answer(call->session, call->index, call->answer);
    return true;
}

static bool answer_is_sound(const delib_answer *answer)
{
    if (answer->size < sizeof *answer || (unsigned)answer->kind > DELIB_ANSWER_FAILED)
        return false;
    return answer->kind != DELIB_ANSWER_VALUE ||
           (answer->record.kind == DELIB_VALUE_RECORD && value_is_sound(&answer->record, VALUE_DEPTH));
}

delib_status delib_session_answer(delib_session *session, size_t id, const delib_answer *answer)
{
    struct call call = { .session = session, .index = id, .answer = answer };

    if (!session || !answer || !answer_is_sound(answer))
        return DELIB_MISUSE;
    if (id >= session->requests.count || session->requests.items[id]->answered)
        return DELIB_MISUSE;
    return finish(&call, guarded(session, call_answer, &call));
}

/* ------------------------------------------------------------------ what is missing, what was used */

size_t delib_session_missing_count(const delib_session *session)
{
    return session ? session->missing.count + session->date_wanted : 0;
}

const char *delib_session_missing(const delib_session *session, size_t index)
{
    if (!session || index >= session->missing.count)
        return session && session->date_wanted && index == session->missing.count ? "date" : NULL;
    return session->program->data_names[session->missing.items[index]->index];
}

const char *delib_session_missing_label(const delib_session *session, size_t index)
{
    if (!session || index >= session->missing.count)
        return session && session->date_wanted && index == session->missing.count ? "date du service" : NULL;
    return session->program->data_labels[session->missing.items[index]->index];
}

static bool call_explain(void *context)
{
    session_explain(context);
    return true;
}

/* Sentences are made when the first one is read: const is what the caller sees, and a session has one thread at a
 * time. */
static delib_status explain(const delib_session *session)
{
    struct delib_session *s = (struct delib_session *)session;

    if (!s->explained)
        s->explained = guarded(s, call_explain, s);
    return s->explained ? DELIB_OK : DELIB_NO_MEMORY;
}

size_t delib_session_step_count(const delib_session *session)
{
    return session && session->explainable ? session->trace.count : 0;
}

delib_status delib_session_step(const delib_session *session, size_t index, delib_step *out)
{
    delib_status status;

    if (!out || index >= delib_session_step_count(session))
        return DELIB_MISUSE;
    status = explain(session);
    if (status == DELIB_OK)
        *out = session->steps[index];
    return status;
}

size_t delib_session_output_count(const delib_session *session)
{
    return session ? session->outputs.count : 0;
}

delib_status delib_session_output(const delib_session *session, size_t index, delib_result *out, const char **label)
{
    if (!session || !out || index >= session->outputs.count)
        return DELIB_MISUSE;
    *out = session->outputs.items[index];
    if (label) {
        const struct slice text = session->last.version->outputs[index].symbol->label;

        *label = text.length ? session->last.version->output_labels[index] : out->tariff;
    }
    return DELIB_OK;
}

size_t delib_session_datum_count(const delib_session *session)
{
    return session ? session->data_used.count : 0;
}

delib_status delib_session_datum(const delib_session *session, size_t index, delib_datum *out)
{
    delib_status status;

    if (!out || index >= delib_session_datum_count(session))
        return DELIB_MISUSE;
    status = explain(session);
    if (status == DELIB_OK)
        *out = session->data_used.items[index].told;
    return status;
}

/* ------------------------------------------------------------------ essais */

static struct datum_value fixed_value(struct delib_session *s, const struct type *type, const struct facts *domain,
                                      const struct expr *e)
{
    struct datum_value out = { .state = DATUM_SET, .d = 1 };
    struct number n = { 0, 1 };
    int128 num;

    if (e->kind == EXPR_OUTCOME && e->as.outcome.outcome == OUTCOME_SOURCE_FAILED)
        return (struct datum_value){ .state = DATUM_FAILED, .d = 1 };
    if (e->kind == EXPR_OUTCOME)
        return (struct datum_value){ .state = DATUM_NULL, .d = 1 };
    if (e->kind == EXPR_TEXT) {
        out.ref = arena_copy_text(&s->data, e->as.text.bytes, e->as.text.length);
        return out;
    }
    (void)number_make(e->facts->lo, e->facts->den, &n);       /* a constant that typing computed */
    if (type->kind != TYPE_NUMBER) {
        out.num = n.num;
        return out;
    }
    if (!int128_mul_checked(n.num, domain->den, &num) || num % n.den != 0 || num / n.den < domain->lo ||
        num / n.den > domain->hi)
        return (struct datum_value){
            .state = DATUM_BAD, .d = 1, .problem = "une valeur de l'essai est hors de son domaine"};
    out.num = num / n.den;
    return out;
}

static void set_records(struct delib_session *s, const struct symbol *symbol, const struct table *grid)
{
    const struct symbol *record = symbol->type->element->symbol;
    struct list_value *list = arena_new(&s->data, struct list_value);

    list->items = arena_array(&s->data, struct datum_value, grid->rows.count);
    list->count = grid->rows.count;
    for (size_t r = 0; r < grid->rows.count; r++) {
        struct record_value *value = arena_new(&s->data, struct record_value);

        value->fields = arena_array(&s->data, struct datum_value, record->count);
        for (size_t c = 0; c < grid->columns.count; c++) {
            const struct symbol *field = grid->columns.items[c].value->as.reference.symbol;
            const struct expr *cell = grid->rows.items[r].cells.items[c];

            if (cell)
                value->fields[field->index] = fixed_value(s, field->type, &field->facts, cell);
        }
        for (const struct symbol *f = record->first; f; f = f->next)
            if (f->kind == SYMBOL_FIELD && value->fields[f->index].state == DATUM_UNSET && f->value)
                value->fields[f->index] = fixed_value(s, f->type, &f->facts, f->value);
        list->items[r] = (struct datum_value){ .state = DATUM_SET, .d = 1, .ref = value };
    }
    s->values[symbol->index] = (struct datum_value){ .state = DATUM_SET, .d = 1, .ref = list };
}

static void set_fixed(struct delib_session *s, const struct symbol *symbol, const expr_list *values)
{
    if (symbol->kind == SYMBOL_DATE || symbol->kind == SYMBOL_TODAY) {
        struct date d = date_from_days((int32_t)values->items[0]->facts->lo);

        *(symbol->kind == SYMBOL_DATE ? &s->date : &s->today) = d;
        return;
    }
    if (symbol->type->kind == TYPE_LIST && values->items[0]->kind != EXPR_OUTCOME) {
        struct list_value *list = arena_new(&s->data, struct list_value);

        list->items = arena_array(&s->data, struct datum_value, values->count);
        list->count = values->count;
        for (size_t i = 0; i < values->count; i++)
            list->items[i] = fixed_value(s, symbol->type->element, &symbol->facts, values->items[i]);
        s->values[symbol->index] = (struct datum_value){ .state = DATUM_SET, .d = 1, .ref = list };
        return;
    }
    s->values[symbol->index] = fixed_value(s, symbol->type, &symbol->facts, values->items[0]);
}

static void set_essai(struct delib_session *s, const struct essai_code *essai)
{
    const struct decl *d = essai->decl;

    for (size_t i = 0; i < d->as.essai.assignments.count; i++) {
        const struct assignment *a = &d->as.essai.assignments.items[i];

        if (a->expected)
            continue;
        if (a->records)
            set_records(s, a->symbol, a->records);
        else
            set_fixed(s, a->symbol, &a->values);
    }
    for (size_t c = 0; essai->row && c + 1 < d->as.essai.grid->columns.count; c++) {
        const struct symbol *symbol = d->as.essai.grid->columns.items[c].value->as.reference.symbol;
        struct expr *cell = essai->row->cells.items[c];
        expr_list one = { &cell, 1, 1 };

        if (cell)
            set_fixed(s, symbol, &one);
    }
}

static const struct expr *expected_value(const struct essai_code *essai)
{
    return essai->row ? essai->row->cells.items[essai->row->cells.count - 1] : essai->expected->values.items[0];
}

static delib_statut expected_statut(const struct expr *e)
{
    if (!e)
        return DELIB_NON_PREVU;
    if (e->kind != EXPR_OUTCOME)
        return DELIB_CALCULE;
    switch (e->as.outcome.outcome) {
    case OUTCOME_DECISION: return DELIB_DECISION_INDIVIDUELLE;
    case OUTCOME_SANS_OBJET: return DELIB_SANS_OBJET;
    case OUTCOME_SOURCE_FAILED: return DELIB_SOURCE_INDISPONIBLE;
    case OUTCOME_NON_PREVU: case OUTCOME_ABSENT: case OUTCOME_NO_EFFECT: case OUTCOME_LAST_ROW: break;
    }
    return DELIB_NON_PREVU;
}

static const char *outcome_text(struct delib_session *s, delib_statut statut, const struct type *type,
                                const struct value *value, int128 den)
{
    struct strbuf out = strbuf_in(&s->run);

    if (statut != DELIB_CALCULE)
        return delib_statut_text(statut);
    strbuf_value(&out, &s->program->model, type, value, den);
    return strbuf_result(&out).bytes;
}

static delib_status run_essai(struct delib_session *session, size_t index, delib_essai_result *out)
{
    const struct essai_code *essai;
    const struct expr *expected;
    struct number wanted = { 0, 1 }, found = { 0, 1 };
    struct value value;
    delib_result result;
    delib_status status;
    delib_statut statut;
    bool asks;

    essai = &session->program->essais[index];
    expected = expected_value(essai);
    asks = session->ask_sources;
    delib_session_reset(session);
    session->ask_sources = false;
    session->date = session->today = (struct date){ 0 };
    set_essai(session, essai);
    status = run(session, essai->tariff, essai->output, &result);
    session->ask_sources = asks;
    if (status != DELIB_OK)
        return status;
    statut = expected_statut(expected);
    *out = (delib_essai_result){.tariff = result.tariff,
                                .reason = result.reason,
                                .line =
                                    source_position(session->program->sources[essai->decl->span.file],
                                                    essai->row ? essai->row->span.start : essai->expected->span.start)
                                        .line};
    out->name = arena_copy_text(&session->run, essai->decl->label.bytes, essai->decl->label.length);
    out->passed = result.statut == statut;
    if (statut == DELIB_CALCULE)
        (void)number_make(expected->facts->lo, expected->facts->den, &wanted);
    if (statut == DELIB_CALCULE && out->passed) {
        (void)number_make(session->last.value.num, session->last.den * session->last.value.d, &found);
        out->passed = number_compare(wanted, found) == 0;
    }
    value = (struct value){ .state = VALUE_OK, .num = wanted.num, .d = 1 };
    out->expected = outcome_text(session, statut, expected ? expected->type : NULL, &value, wanted.den);
    out->obtained =
        outcome_text(session, result.statut, session->last.type, &session->last.value, session->last.den);
    if (!out->passed && !out->reason)
        out->reason = "le montant n'est pas celui attendu";
    if (out->passed)
        out->reason = NULL;
    return DELIB_OK;
}

static bool call_essai(void *context)
{
    struct call *call = context;

    call->status = run_essai(call->session, call->index, call->essai);
    return true;
}

delib_status delib_session_run_essai(delib_session *session, size_t index, delib_essai_result *out)
{
    struct call call = { .session = session, .index = index, .essai = out };

    if (!session || !out || index >= session->program->essai_count)
        return DELIB_MISUSE;
    return finish(&call, guarded(session, call_essai, &call));
}
