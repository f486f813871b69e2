/*
 * JSON in, JSON out: one call for hosts that would rather not describe structures to their foreign function
 * interface. The text is the one of `delib calculer --json`; tests/embarquer compares them.
 */
#include "edge_base.h"

#include "lang/number.h"

#include <stdlib.h>
#include <string.h>

struct edge_call {
    delib_program *program;
    delib_io_driver *driver;
    struct arena arena;                  /* texts that are only written */
    delib_io_demande *demande;
    delib_session *session;
    delib_result result;
    const char *problem;                 /* French sentence, of DELIB_INVALID; NULL: the diagnostics say it */
};

/* ------------------------------------------------------------------ amounts as machines read them */

static const char *edge_amount(struct arena *arena, int64_t units, unsigned scale)
{
    struct strbuf text = strbuf_in(arena);
    struct number value = number_of(0);
    int128 power = 1;
    while (scale-- > 0)
        power *= 10;
    number_make(units, power, &value);
    strbuf_number_machine(&text, value, 2);
    return text.bytes;
}

/* « 2,64 € » as "2.64"; what is not an amount stays as it is. */
static const char *edge_step_amount(struct arena *arena, const char *text)
{
    const char *unit = text ? strstr(text, "€") : NULL;
    struct strbuf machine = strbuf_in(arena);
    struct slice amount;
    struct number value;
    if (text && !unit)
        unit = strchr(text, '%');
    if (!text)
        return NULL;
    amount = slice_of(text);
    if (unit)
        amount.length = (size_t)(unit - text);
    while (amount.length > 0 && (amount.bytes[amount.length - 1] < '0' || amount.bytes[amount.length - 1] > '9'))
        amount.length--;
    if (!number_parse(amount, &value))
        return text;
    strbuf_number_machine(&machine, value, 2);
    return machine.bytes;
}

/* ------------------------------------------------------------------ what is written */

static void edge_write_steps(struct edge_call *call, delib_io_json *json)
{
    delib_step step;
    delib_io_json_list(json, "étapes");
    for (size_t i = 0; delib_session_step(call->session, i, &step) == DELIB_OK; i++) {
        delib_io_json_object(json, NULL);
        delib_io_json_text(json, "genre", step.kind);
        delib_io_json_text(json, "texte", step.text);
        delib_io_json_text(json, "montant", edge_step_amount(&call->arena, step.amount));
        delib_io_json_text(json, "article", step.article);
        delib_io_json_text(json, "citation", step.quote);
        delib_io_json_integer(json, "ligne", step.line);
        delib_io_json_end(json);
    }
    delib_io_json_end(json);
}

static void edge_write_data(const struct edge_call *call, delib_io_json *json)
{
    delib_datum datum;
    delib_io_json_list(json, "données");
    for (size_t i = 0; delib_session_datum(call->session, i, &datum) == DELIB_OK; i++) {
        delib_io_json_object(json, NULL);
        delib_io_json_text(json, "nom", datum.name);
        delib_io_json_text(json, "libellé", datum.label);
        delib_io_json_text(json, "valeur", datum.value);
        delib_io_json_text(json, "origine", datum.origin);
        delib_io_json_text(json, "période", datum.period);
        delib_io_json_text(json, "obtenue", datum.obtained);
        delib_io_json_end(json);
    }
    delib_io_json_end(json);
}

static void edge_write_missing(const struct edge_call *call, delib_io_json *json)
{
    delib_io_json_list(json, "manquantes");
    for (size_t i = 0; i < delib_session_missing_count(call->session); i++) {
        delib_io_json_object(json, NULL);
        delib_io_json_text(json, "nom", delib_session_missing(call->session, i));
        delib_io_json_text(json, "libellé", delib_session_missing_label(call->session, i));
        delib_io_json_end(json);
    }
    delib_io_json_end(json);
}

static void edge_write_result(struct edge_call *call, delib_io_json *json)
{
    const delib_result *result = &call->result;
    const bool computed = result->statut == DELIB_CALCULE;
    const bool amount = computed && !result->text;
    delib_io_json_text(json, "statut", delib_statut_text(result->statut));
    delib_io_json_text(json, "tarif", result->tariff);
    delib_io_json_text(json, "montant", amount ? edge_amount(&call->arena, result->units, result->scale) : NULL);
    delib_io_json_text(json, "résultat", computed ? result->text : NULL);
    delib_io_json_text(json, "unité", result->unit);
    edge_write_steps(call, json);
    edge_write_data(call, json);
    edge_write_missing(call, json);
    delib_io_json_text(json, "motif", result->reason);
}

static void edge_write_diagnostic(delib_io_json *json, const delib_diagnostic *diag)
{
    delib_io_json_object(json, NULL);
    delib_io_json_text(json, "code", diag->code);
    delib_io_json_text(json, "niveau", diag->is_error ? "erreur" : "avertissement");
    delib_io_json_text(json, "fichier", diag->file);
    delib_io_json_integer(json, "ligne", diag->line);
    delib_io_json_integer(json, "colonne", diag->column);
    delib_io_json_integer(json, "ligne_fin", diag->end_line);
    delib_io_json_integer(json, "colonne_fin", diag->end_column);
    delib_io_json_text(json, "message", diag->message);
    delib_io_json_text(json, "effet", diag->effect);
    delib_io_json_text(json, "aide", diag->help);
    delib_io_json_end(json);
}

static void edge_write_fault(const struct edge_call *call, delib_io_json *json)
{
    const bool in_demande = call->demande && delib_io_demande_diagnostic_count(call->demande) > 0;
    delib_diagnostic diag;
    delib_io_json_text(json, "erreur", call->problem ? call->problem : "la demande est en faute");
    delib_io_json_list(json, "diagnostics");
    for (size_t i = 0; in_demande && delib_io_demande_diagnostic(call->demande, i, &diag) == DELIB_OK; i++)
        edge_write_diagnostic(json, &diag);
    for (size_t i = 0; !call->demande && delib_program_diagnostic(call->program, i, &diag) == DELIB_OK; i++)
        edge_write_diagnostic(json, &diag);
    delib_io_json_end(json);
}

/* ------------------------------------------------------------------ steps of a call */

static delib_status edge_refuse(struct edge_call *call, const char *problem)
{
    call->problem = problem;
    return DELIB_INVALID;
}

/* A program at fault has no tariff: its diagnostics are the answer. */
static delib_status edge_check_program(struct edge_call *call)
{
    delib_diagnostic diag;
    for (size_t i = 0; delib_program_diagnostic(call->program, i, &diag) == DELIB_OK; i++) {
        if (diag.is_error)
            return edge_refuse(call, "la délibération est en faute");
    }
    return DELIB_OK;
}

static delib_status edge_choose_tariff(struct edge_call *call, delib_tariff *tariff)
{
    const char *name = delib_io_demande_tarif(call->demande);
    *tariff = delib_program_tariff(call->program, name);
    if (*tariff != DELIB_NO_TARIFF)
        return DELIB_OK;
    return edge_refuse(call, name ? "la délibération n'a pas de tarif de ce nom"
                                  : "la délibération a plusieurs tarifs : la demande doit dire lequel (« tarif »)");
}

static delib_status edge_open_session(struct edge_call *call)
{
    delib_session_options options = DELIB_SESSION_OPTIONS_INIT;
    options.date = delib_io_demande_date(call->demande);
    options.today = delib_io_demande_aujourd_hui(call->demande);
    options.ask_sources = call->driver != NULL;
    return delib_session_new(call->program, &options, &call->session);
}

static delib_status edge_compute(struct edge_call *call, delib_tariff tariff)
{
    const delib_status status =
        call->driver ? delib_io_evaluate(call->driver, call->demande, call->session, tariff, &call->result)
                     : delib_evaluate(call->session, tariff, &call->result);
    return status == DELIB_INVALID ? edge_refuse(call, delib_session_error(call->session)) : status;
}

static delib_status edge_call_run(struct edge_call *call, const char *demande_json)
{
    delib_tariff tariff = DELIB_NO_TARIFF;
    delib_status status = edge_check_program(call);
    if (status == DELIB_OK)
        status = delib_io_demande_read("demande", demande_json, strlen(demande_json), DELIB_IO_JSON, &call->demande);
    if (status == DELIB_OK)
        status = edge_choose_tariff(call, &tariff);
    if (status == DELIB_OK)
        status = edge_open_session(call);
    if (status == DELIB_OK)
        status = delib_io_demande_apply(call->demande, call->session);
    if (status == DELIB_OK)
        status = edge_compute(call, tariff);
    return status;
}

static delib_status edge_call_write(struct edge_call *call, delib_status computed, char **out_json)
{
    delib_io_json *json = NULL;
    const char *text = NULL;
    size_t length = 0;
    delib_status status = delib_io_json_new(&json);
    if (status != DELIB_OK)
        return status;
    delib_io_json_object(json, NULL);
    if (computed == DELIB_OK)
        edge_write_result(call, json);
    else
        edge_write_fault(call, json);
    delib_io_json_end(json);
    status = call->arena.exhausted ? DELIB_NO_MEMORY : delib_io_json_finish(json, 0, &text, &length);
    if (status == DELIB_OK) {
        *out_json = malloc(length + 1);
        if (*out_json)
            memcpy(*out_json, text, length + 1);
        else
            status = DELIB_NO_MEMORY;
    }
    delib_io_json_free(json);
    return status == DELIB_OK ? computed : status;
}

delib_status delib_io_evaluate_json(delib_program *program, const char *demande_json, delib_io_driver *driver,
                                    char **out_json)
{
    struct edge_call call = { .program = program, .driver = driver };
    delib_status status;
    if (!out_json)
        return DELIB_MISUSE;
    *out_json = NULL;
    if (!program || !demande_json)
        return DELIB_MISUSE;
    arena_init(&call.arena, edge_allocator(), 0);
    status = edge_call_run(&call, demande_json);
    if (status == DELIB_OK || status == DELIB_INVALID)
        status = edge_call_write(&call, status, out_json);
    delib_session_free(call.session);
    delib_io_demande_free(call.demande);
    arena_release(&call.arena);
    return status;
}

void delib_io_text_free(char *text)
{
    free(text);
}
