/*
 * A session that only asks: it stands for the core in tests of the driver, which then needs no délibération. It asks
 * for each function of a list and keeps the answers. Included once, by the test program that uses it instead of the
 * core.
 */
#ifndef TESTS_API_SCRIPTED_SESSION_H
#define TESTS_API_SCRIPTED_SESSION_H

#include "runtime/delib_io.h"

#include <stdio.h>
#include <string.h>

#define SCRIPT_LIMIT 12

struct delib_session {
    const char *functions[SCRIPT_LIMIT];
    size_t count;
    const char *subject, *finalite;
    int year, month;
    bool one_by_one;                        /* each is asked once the one before is answered */
    size_t enough;                          /* so many answers are; 0: all */
    bool full;                              /* an answer cannot be kept */
    bool answered[SCRIPT_LIMIT];
    delib_answer_kind kinds[SCRIPT_LIMIT];
    char codes[SCRIPT_LIMIT][64], messages[SCRIPT_LIMIT][256];
    char period[SCRIPT_LIMIT][16], provider[SCRIPT_LIMIT][32];
    int64_t number[SCRIPT_LIMIT];           /* first field: a number, or 0 and 1 for a boolean */
    delib_value_kind first_kind[SCRIPT_LIMIT];
    unsigned evaluations;
};

delib_status delib_evaluate(delib_session *session, delib_tariff tariff, delib_result *out)
{
    size_t answered = 0;

    (void)tariff;
    memset(out, 0, sizeof(*out));
    session->evaluations++;
    for (size_t i = 0; i < session->count; i++)
        answered += session->answered[i];
    if (answered < (session->enough ? session->enough : session->count))
        return DELIB_PENDING;
    out->statut = DELIB_CALCULE;
    return DELIB_OK;
}

size_t delib_session_request_count(const delib_session *session)
{
    size_t count = 0;

    for (size_t i = 0; i < session->count; i++)
        count += !session->answered[i];
    return count > 1 && session->one_by_one ? 1 : count;
}

delib_status delib_session_request(const delib_session *session, size_t index, delib_request *out)
{
    for (size_t i = 0; i < session->count; i++) {
        if (session->answered[i] || index-- > 0)
            continue;
        *out = (delib_request){ .id = i, .function = session->functions[i], .source = "s", .label = "s",
                                .subject = session->subject, .finalite = session->finalite, .year = session->year,
                                .month = session->month };
        return DELIB_OK;
    }
    return DELIB_MISUSE;
}

delib_status delib_session_answer(delib_session *session, size_t id, const delib_answer *answer)
{
    if (id >= session->count || session->answered[id])
        return DELIB_MISUSE;
    if (session->full)
        return DELIB_NO_MEMORY;
    session->answered[id] = true;
    session->kinds[id] = answer->kind;
    snprintf(session->codes[id], sizeof(session->codes[id]), "%s", answer->code ? answer->code : "valeur");
    snprintf(session->messages[id], sizeof(session->messages[id]), "%s", answer->message ? answer->message : "");
    snprintf(session->period[id], sizeof(session->period[id]), "%s", answer->period ? answer->period : "");
    snprintf(session->provider[id], sizeof(session->provider[id]), "%s", answer->provider ? answer->provider : "");
    session->first_kind[id] = DELIB_VALUE_ABSENT;
    if (answer->kind == DELIB_ANSWER_VALUE && answer->record.count > 0) {
        const delib_value *first = &answer->record.items[0];

        session->first_kind[id] = first->kind;
        session->number[id] = first->kind == DELIB_VALUE_BOOLEAN ? first->boolean : first->units;
    }
    return DELIB_OK;
}

delib_status delib_session_set(delib_session *session, const char *name, const delib_value *value)
{
    (void)session;
    (void)name;
    (void)value;
    return DELIB_OK;
}

const char *delib_session_error(const delib_session *session)
{
    (void)session;
    return "";
}

#endif
