/*
 * What a decision rests on, for those who keep journals: the texts of its rules, the data that were given and read,
 * the answers of sources with the fields that were read. What the last evaluation did not look at is left out.
 */
#include "session.h"

#include <string.h>

/* ------------------------------------------------------------------ texts of a program */

size_t delib_program_text_count(const delib_program *program)
{
    return program ? program->texts.count : 0;
}

delib_status delib_program_text(const delib_program *program, size_t index, delib_text *out)
{
    if (!program || !out || index >= program->texts.count)
        return DELIB_MISUSE;
    *out = program->texts.items[index];
    return DELIB_OK;
}

/* ------------------------------------------------------------------ dates */

static const char *iso_text(struct delib_session *s, struct date date)
{
    struct strbuf text = strbuf_in(&s->run);

    if (!date.year)
        return NULL;
    strbuf_date_iso(&text, date);
    return text.bytes;
}

delib_status delib_session_describe(delib_session *session, delib_session_context *out)
{
    if (!session || !out)
        return DELIB_MISUSE;
    *out = (delib_session_context){
        .program = session->program,
        .date = iso_text(session, session->date),
        .today = iso_text(session, session->today),
        .ask_sources = session->ask_sources,
        .trace = session->tracing,
        .record = session->recording,
        .tariff = session->decided,
        .result = session->decision,
    };
    return session->run.exhausted ? DELIB_NO_MEMORY : DELIB_OK;
}

/* ------------------------------------------------------------------ data given */

void session_keep(struct delib_session *session, const struct symbol *symbol, const delib_value *value)
{
    delib_value *copy = arena_new(&session->data, delib_value);

    value_copy(&session->data, value, copy);
    session->given[symbol->index] = copy;
}

/* What a family declares for a source counts where no answer prevailed, and where null refuses to declare. */
static bool was_read(const struct delib_session *s, const struct symbol *datum)
{
    if (!s->given || !s->given[datum->index] || !s->used[datum->index])
        return false;
    return datum->kind != SYMBOL_SOURCE || s->from_fallback[datum->index] ||
           s->values[datum->index].state == DATUM_NULL;
}

static const struct symbol *given_at(const struct delib_session *s, size_t index)
{
    for (size_t i = 0; i < s->program->model.data.count; i++)
        if (was_read(s, s->program->model.data.items[i]) && index-- == 0)
            return s->program->model.data.items[i];
    return NULL;
}

size_t delib_session_given_count(const delib_session *session)
{
    size_t count = 0;

    for (size_t i = 0; session && i < session->program->model.data.count; i++)
        count += was_read(session, session->program->model.data.items[i]);
    return count;
}

static const char *channel_of(const struct symbol *datum)
{
    static const char *const CHANNELS[] = {[FALLBACK_NONE] = "déclaration",
                                           [FALLBACK_JUSTIFICATIF] = "justificatif",
                                           [FALLBACK_HONNEUR] = "sur l'honneur"};

    if (datum->kind != SYMBOL_SOURCE)
        return "déclaration";
    return CHANNELS[datum->decl->as.source.fallback];
}

delib_status delib_session_given(const delib_session *session, size_t index, delib_given *out)
{
    const struct symbol *datum = session ? given_at(session, index) : NULL;

    const char *origin = datum ? session->values[datum->index].origin : NULL;

    if (!datum || !out)
        return DELIB_MISUSE;
    *out = (delib_given){
        .name = session->program->data_names[datum->index],
        .label = session->program->data_labels[datum->index],
        .value = session->given[datum->index],
        .channel = origin ? origin : channel_of(datum),
        .category = datum->function ? datum->function->category : NULL,
    };
    return DELIB_OK;
}

/* ------------------------------------------------------------------ answers */

static const struct request *answered_at(const struct delib_session *s, size_t index, size_t *id)
{
    for (size_t i = 0; i < s->requests.count; i++)
        if (s->requests.items[i]->wanted && s->requests.items[i]->answered && index-- == 0) {
            *id = i;
            return s->requests.items[i];
        }
    return NULL;
}

size_t delib_session_answer_count(const delib_session *session)
{
    size_t count = 0, id;

    while (session && answered_at(session, count, &id))
        count++;
    return count;
}

/* A datum of that function and subject takes its field from the answer. */
static bool field_is_read(const struct delib_session *s, const struct request *r, const char *field)
{
    for (size_t i = 0; i < s->program->model.data.count; i++) {
        const struct symbol *datum = s->program->model.data.items[i];

        if (s->used[i] && datum->function && strcmp(datum->function->name, r->function) == 0 &&
            text_fold_equal(datum->decl->as.source.arguments.items[0]->as.reference.name.text,
                            slice_of(r->subject)) &&
            strcmp(datum->field ? datum->field->name : datum->function->main_field, field) == 0)
            return true;
    }
    return false;
}

struct pruning {
    struct delib_session *session;
    const struct request *request;
    delib_value record;
};

static bool prune(void *context)
{
    struct pruning *p = context;
    const delib_value *whole = &p->request->answer.record;
    delib_value *items = arena_array(&p->session->run, delib_value, whole->count);
    const char **names = arena_array(&p->session->run, const char *, whole->count);

    p->record = (delib_value){ .kind = whole->kind, .items = items, .names = names };
    for (size_t i = 0; i < whole->count; i++)
        if (field_is_read(p->session, p->request, whole->names[i])) {
            items[p->record.count] = whole->items[i];
            names[p->record.count++] = whole->names[i];
        }
    return true;
}

delib_status delib_session_answered(delib_session *session, size_t index, delib_request *request,
                                    delib_answer *answer)
{
    struct pruning p = { .session = session };
    size_t id = 0;

    p.request = session ? answered_at(session, index, &id) : NULL;
    if (!p.request || !request || !answer)
        return DELIB_MISUSE;
    if (p.request->answer.kind == DELIB_ANSWER_VALUE && !arena_guard(&session->run, prune, &p))
        return DELIB_NO_MEMORY;
    *request = session_request(session, id);
    *answer = (delib_answer){ .size = sizeof *answer,
                              .kind = p.request->answer.kind,
                              .code = p.request->answer.code,
                              .message = p.request->answer.message,
                              .record = p.record,
                              .provider = p.request->answer.provider,
                              .period = p.request->answer.period,
                              .obtained = p.request->answer.obtained };
    return DELIB_OK;
}
