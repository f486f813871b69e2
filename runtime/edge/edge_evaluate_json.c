/*
 * JSON in, JSON out: one call for hosts that would rather not describe structures to their foreign function
 * interface. The text is the one of `delib calculer --json`; tests/embarquer compares them.
 */
#include "edge_base.h"

#include <stdlib.h>
#include <string.h>

struct edge_call {
    delib_program *program;
    delib_io_driver *driver;
    delib_io_demande *demande;
    delib_session *session;
    delib_result result;
    const char *problem;                 /* French sentence, of DELIB_INVALID; NULL: the diagnostics say it */
};

/* ------------------------------------------------------------------ what is written */

static void edge_write_correction(delib_io_json *json, const delib_correction *correction)
{
    delib_io_json_object(json, NULL);
    delib_io_json_integer(json, "ligne", correction->line);
    delib_io_json_integer(json, "colonne", correction->column);
    delib_io_json_integer(json, "ligne_fin", correction->end_line);
    delib_io_json_integer(json, "colonne_fin", correction->end_column);
    delib_io_json_text(json, "texte", correction->text);
    delib_io_json_end(json);
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
    delib_io_json_list(json, "corrections");
    for (size_t i = 0; i < diag->correction_count; i++)
        edge_write_correction(json, &diag->corrections[i]);
    delib_io_json_end(json);
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
    options.trace = delib_io_demande_explication(call->demande);
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
        delib_io_json_result(json, call->session, &call->result);
    else
        edge_write_fault(call, json);
    delib_io_json_end(json);
    status = delib_io_json_finish(json, 0, &text, &length);
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
    status = edge_call_run(&call, demande_json);
    if (status == DELIB_OK || status == DELIB_INVALID)
        status = edge_call_write(&call, status, out_json);
    delib_session_free(call.session);
    delib_io_demande_free(call.demande);
    return status;
}

void delib_io_text_free(char *text)
{
    free(text);
}
