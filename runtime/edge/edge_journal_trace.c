/*
 * What a decision adds to an entry: what was asked, what was given, what the sources answered, the result, and the
 * fingerprint of the explanation.
 */
#include "edge_journal.h"

#include <string.h>

/* ------------------------------------------------------------------ fingerprint of the explanation */

/*
 * The texts of the explanation one after the other, each as « length:bytes, » and « - » for none: two explanations
 * have the same fingerprint only if every text is the same. This layout never changes: entries of years ago depend
 * on it.
 */
static void edge_trace_text(struct strbuf *out, const char *text)
{
    const struct slice bytes = slice_of(text);
    if (!text) {
        strbuf_text(out, "-,");
        return;
    }
    strbuf_format(out, "%zu:", bytes.length);
    strbuf_slice(out, bytes);
    strbuf_char(out, ',');
}

static void edge_trace_result(struct strbuf *out, const delib_result *result)
{
    edge_trace_text(out, delib_statut_text(result->statut));
    edge_trace_text(out, result->tariff);
    strbuf_format(out, "%lld/%u,", (long long)result->units, result->scale);
    edge_trace_text(out, result->text);
    edge_trace_text(out, result->unit);
    edge_trace_text(out, result->reason);
}

static delib_status edge_trace_steps(struct strbuf *out, const delib_session *session)
{
    const size_t count = delib_session_step_count(session);
    delib_step step;
    edge_trace_text(out, "étapes");
    for (size_t i = 0; i < count; i++) {
        const delib_status status = delib_session_step(session, i, &step);
        if (status != DELIB_OK)
            return status;
        edge_trace_text(out, step.kind);
        edge_trace_text(out, step.text);
        edge_trace_text(out, step.article);
        edge_trace_text(out, step.quote);
        edge_trace_text(out, step.amount);
        strbuf_format(out, "%u,", step.line);
    }
    return DELIB_OK;
}

static delib_status edge_trace_data(struct strbuf *out, const delib_session *session)
{
    const size_t count = delib_session_datum_count(session);
    delib_datum datum;
    edge_trace_text(out, "données");
    for (size_t i = 0; i < count; i++) {
        const delib_status status = delib_session_datum(session, i, &datum);
        if (status != DELIB_OK)
            return status;
        edge_trace_text(out, datum.name);
        edge_trace_text(out, datum.label);
        edge_trace_text(out, datum.value);
        edge_trace_text(out, datum.origin);
        edge_trace_text(out, datum.period);
        edge_trace_text(out, datum.obtained);
    }
    return DELIB_OK;
}

static void edge_trace_rest(struct strbuf *out, const delib_session *session)
{
    delib_result result;
    const char *label;
    edge_trace_text(out, "résultats");
    for (size_t i = 0; delib_session_output(session, i, &result, &label) == DELIB_OK; i++) {
        edge_trace_text(out, label);
        edge_trace_result(out, &result);
    }
    edge_trace_text(out, "manquantes");
    for (size_t i = 0; i < delib_session_missing_count(session); i++)
        edge_trace_text(out, delib_session_missing(session, i));
}

delib_status edge_journal_trace(struct arena *arena, const delib_session *session, const delib_result *result,
                                char hash[EDGE_HASH_TEXT])
{
    struct strbuf out = strbuf_in(arena);
    delib_status status;
    edge_trace_result(&out, result);
    status = edge_trace_steps(&out, session);
    if (status == DELIB_OK)
        status = edge_trace_data(&out, session);
    if (status != DELIB_OK)
        return status;
    edge_trace_rest(&out, session);
    if (arena->exhausted)
        return DELIB_NO_MEMORY;
    edge_fingerprint(strbuf_result(&out), hash);
    return DELIB_OK;
}

/* ------------------------------------------------------------------ members of the entry */

void edge_journal_write_decision(delib_io_json *json, void *context)
{
    const struct edge_journal_decision *decision = context;
    delib_io_json_text(json, "tarif", decision->tariff);
    delib_io_json_text(json, "finalité", decision->finalite);
    delib_io_json_text(json, "date", decision->context.date);
    delib_io_json_text(json, "aujourd_hui", decision->context.today);
    delib_io_json_boolean(json, "sources_interrogées", decision->context.ask_sources);
}

static void edge_write_text(delib_io_json *json, const char *key, const void *value)
{
    delib_io_json_text(json, key, value);
}

static void edge_write_value(delib_io_json *json, const char *key, const void *value)
{
    edge_journal_write_value(json, key, value);
}

static void edge_write_given(delib_io_json *json, struct edge_journal_decision *decision)
{
    struct edge_protection *protection = decision->protection;
    delib_given given;
    delib_io_json_list(json, "données");
    for (size_t i = 0; delib_session_given(decision->session, i, &given) == DELIB_OK; i++) {
        delib_io_json_object(json, NULL);
        delib_io_json_text(json, "nom", given.name);
        delib_io_json_text(json, "canal", given.channel);
        delib_io_json_text(json, "catégorie", given.category);
        edge_protect(protection, json, "valeur", given.name, edge_policy_treatment(protection->policy, given.name),
                     edge_write_value, given.value);
        delib_io_json_end(json);
    }
    delib_io_json_end(json);
}

const char *const edge_journal_answers[] = {
    [DELIB_ANSWER_VALUE] = "valeur",
    [DELIB_ANSWER_ABSENT] = "absence",
    [DELIB_ANSWER_REFUSED] = "refus",
    [DELIB_ANSWER_FAILED] = "échec",
};

static void edge_write_answer(delib_io_json *json, const char *key, const void *value)
{
    const delib_answer *answer = value;
    delib_io_json_object(json, key);
    delib_io_json_text(json, "genre", edge_journal_answers[answer->kind]);
    delib_io_json_text(json, "code", answer->code);
    delib_io_json_text(json, "message", answer->message);
    delib_io_json_text(json, "fournisseur", answer->provider);
    delib_io_json_text(json, "période", answer->period);
    delib_io_json_text(json, "obtenue", answer->obtained);
    if (answer->kind == DELIB_ANSWER_VALUE)
        edge_journal_write_value(json, "valeur", &answer->record);
    else
        delib_io_json_null(json, "valeur");
    delib_io_json_end(json);
}

/* An answer serves every datum of its function: the strongest of their treatments protects it. */
static enum edge_treatment edge_answer_treatment(const struct edge_journal_decision *decision,
                                                 const delib_request *request)
{
    const struct edge_policy *policy = decision->protection->policy;
    enum edge_treatment strongest = edge_policy_treatment(policy, request->source);
    delib_need need;
    for (size_t i = 0; delib_program_need(decision->context.program, i, &need) == DELIB_OK; i++) {
        const enum edge_treatment one = edge_policy_treatment(policy, need.name);
        if (need.function && strcmp(need.function, request->function) == 0 && one > strongest)
            strongest = one;
    }
    return strongest;
}

static void edge_write_exchange(delib_io_json *json, const struct edge_journal_decision *decision,
                                const delib_request *request, const delib_answer *answer)
{
    delib_io_json_object(json, NULL);
    delib_io_json_text(json, "fonction", request->function);
    delib_io_json_text(json, "sujet", request->subject);
    delib_io_json_text(json, "finalité", request->finalite);
    delib_io_json_integer(json, "année", request->year);
    delib_io_json_integer(json, "mois", request->month);
    edge_protect(decision->protection, json, "réponse", request->function, edge_answer_treatment(decision, request),
                 edge_write_answer, answer);
    delib_io_json_end(json);
}

static void edge_write_answers(delib_io_json *json, struct edge_journal_decision *decision)
{
    const size_t count = delib_session_answer_count(decision->session);
    delib_request request;
    delib_answer answer;
    delib_io_json_list(json, "réponses");
    for (size_t i = 0; i < count && decision->status == DELIB_OK; i++) {
        decision->status = delib_session_answered(decision->session, i, &request, &answer);
        if (decision->status == DELIB_OK)
            edge_write_exchange(json, decision, &request, &answer);
    }
    delib_io_json_end(json);
}

static void edge_write_result(delib_io_json *json, const char *key, const void *value)
{
    const delib_result *result = value;
    delib_io_json_object(json, key);
    delib_io_json_text(json, "statut", delib_statut_text(result->statut));
    if (result->statut == DELIB_CALCULE && !result->text)
        delib_io_json_decimal(json, "montant", result->units, result->scale);
    else
        delib_io_json_null(json, "montant");
    delib_io_json_text(json, "texte", result->text);
    delib_io_json_text(json, "unité", result->unit);
    delib_io_json_end(json);
}

/* The fingerprint of the explanation comes last, as protected as anything that the explanation says. */
void edge_journal_write_personal(delib_io_json *json, void *context)
{
    struct edge_journal_decision *decision = context;
    struct edge_protection *protection = decision->protection;
    const struct edge_policy *policy = protection->policy;
    if (decision->reference)
        edge_protect(protection, json, "référence", "référence", policy ? policy->reference : EDGE_KEPT,
                     edge_write_text, decision->reference);
    else
        delib_io_json_null(json, "référence");
    protection->strongest = EDGE_KEPT;
    edge_write_given(json, decision);
    edge_write_answers(json, decision);
    edge_protect(protection, json, "résultat", "résultat", policy ? policy->result : EDGE_KEPT, edge_write_result,
                 decision->result);
    edge_protect(protection, json, "trace", "trace", protection->strongest, edge_write_text, decision->trace);
    if (protection->failed && decision->status == DELIB_OK)
        decision->status = DELIB_NO_MEMORY;
}
