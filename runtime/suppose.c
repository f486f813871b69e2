/*
 * Suppositions: « what would I pay if ». A supposed value stands before whatever was given, answered or declared for
 * its datum; everything else, answers of sources included, stays as it is.
 */
#include "session.h"

static void forget(struct delib_session *s)
{
    for (size_t i = 0; s->supposed && i < s->program->model.data.count; i++)
        s->supposed[i] = (struct datum_value){ .state = DATUM_UNSET };
    if (s->date_supposed) {
        s->date = s->date_before;
        s->today = s->today_before;
    }
    s->supposing = s->date_supposed = false;
    s->decided = DELIB_NO_TARIFF;
}

struct supposition {
    struct delib_session *session;
    const char *name;
    const delib_value *value;
    delib_status status;
};

static bool suppose(void *context)
{
    struct supposition *call = context;
    struct delib_session *s = call->session;
    const struct symbol *symbol = session_find(s, call->name);
    struct datum_value read = { 0 };

    call->status = DELIB_INVALID;
    if (!symbol)
        return true;
    s->supposing = true;
    s->decided = DELIB_NO_TARIFF;
    if (!s->supposed)
        s->supposed = arena_array(&s->data, struct datum_value, s->program->model.data.count);
    if (symbol->kind == SYMBOL_DATE || symbol->kind == SYMBOL_TODAY) {
        struct date date = s->date, today = s->today;

        call->status = session_set_date(s, symbol, call->value);
        if (call->status == DELIB_OK && !s->date_supposed) {
            s->date_before = date;
            s->today_before = today;
            s->date_supposed = true;
        }
        return true;
    }
    if (!value_read(s, symbol, symbol->type, &symbol->facts, call->value, &read))
        return true;
    s->supposed[symbol->index] = read;
    call->status = DELIB_OK;
    return true;
}

static bool suppose_guarded(void *context)
{
    struct supposition *call = context;

    return arena_guard(&call->session->run, suppose, call);
}

delib_status delib_session_suppose(delib_session *session, const char *name, const delib_value *value)
{
    struct supposition call = { .session = session, .name = name, .value = value };

    if (!session || (name && (!value || !value_is_sound(value, VALUE_DEPTH))))
        return DELIB_MISUSE;
    if (session->data.exhausted)
        return DELIB_NO_MEMORY;
    if (!name) {
        forget(session);
        return DELIB_OK;
    }
    return arena_guard(&session->data, suppose_guarded, &call) ? call.status : DELIB_NO_MEMORY;
}
