/*
 * Fuzz target: any bytes as a délibération in plain form. It is compiled, its diagnostics read, its essais run, its
 * tariffs computed with a few answers, all its families looked at. With -DLITERATE the same bytes are Markdown.
 */
#include "runtime/delib.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifdef LITERATE
#define FILE_NAME "fuzz.delib.md"
#else
#define FILE_NAME "fuzz.delib"
#endif

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A condition that must hold whatever the bytes: a fault of ours otherwise. */
static void must(int condition)
{
    if (!condition)
        abort();
}

static void read_diagnostics(const delib_program *program, size_t size)
{
    for (size_t i = 0; i < delib_program_diagnostic_count(program); i++) {
        delib_diagnostic d;

        must(delib_program_diagnostic(program, i, &d) == DELIB_OK);
        must(d.line >= 1 && d.column >= 1 && d.end_line >= d.line && d.line <= size + 1);
        must(d.code && strlen(d.code) == 4 && d.message && d.message[0] && !strchr(d.message, '\n'));
        must(d.printed && strstr(d.printed, d.code));
    }
}

static void give_answers(delib_session *session)
{
    static const struct {
        const char *name, *text;
    } answers[] = {
        {"qf", "449,50"},        {"quotient", "622"},    {"usager", "enfant"}, {"résident", "oui"},
        {"rang", "2"},           {"rang_enfant", "3"},   {"lieu", "commune"},  {"sans_emploi", NULL},
        {"ressources", "21000"}, {"date", "2026-09-15"}, {"âge", "7"},         {"enfants", "2"},
    };

    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
        (void)delib_session_set_text(session, answers[i].name, answers[i].text);
}

static void read_session(const delib_session *session)
{
    for (size_t i = 0; i < delib_session_step_count(session); i++) {
        delib_step step;

        must(delib_session_step(session, i, &step) == DELIB_OK && step.text != NULL);
    }
    for (size_t i = 0; i < delib_session_datum_count(session); i++) {
        delib_datum datum;

        must(delib_session_datum(session, i, &datum) == DELIB_OK && datum.name != NULL);
    }
    for (size_t i = 0; i < delib_session_missing_count(session); i++)
        must(delib_session_missing(session, i) != NULL);
}

static delib_status evaluate(delib_session *session, delib_tariff tariff, delib_result *result)
{
    static const delib_answer absent = {
        .size = sizeof absent, .kind = DELIB_ANSWER_ABSENT, .code = "dossier_absent", .message = "aucun dossier"};
    delib_status status = DELIB_PENDING;

    for (int run = 0; run < 70 && status == DELIB_PENDING; run++) {
        status = delib_evaluate(session, tariff, result);
        for (size_t i = 0; status == DELIB_PENDING && i < delib_session_request_count(session); i++) {
            delib_request request;

            must(delib_session_request(session, i, &request) == DELIB_OK);
            must(delib_session_answer(session, request.id, &absent) == DELIB_OK);
        }
    }
    return status;
}

/* All the families, for a budget that keeps the target fast. */
static void check_families(delib_program *program)
{
    delib_check_options options = DELIB_CHECK_OPTIONS_INIT;
    delib_check *check;
    delib_status status;

    options.step_limit = 20000;
    status = delib_check_new(program, &options, &check);
    must(status == DELIB_OK || status == DELIB_NO_MEMORY);
    for (size_t i = 0; i < delib_check_diagnostic_count(check); i++) {
        delib_diagnostic d;

        must(delib_check_diagnostic(check, i, &d) == DELIB_OK);
        must(d.message && d.message[0] && !strchr(d.message, '\n') && d.printed && strstr(d.printed, d.code));
    }
    for (size_t i = 0; i < delib_check_property_count(check); i++) {
        delib_property property;

        must(delib_check_property(check, i, &property) == DELIB_OK && property.title != NULL);
    }
    delib_check_free(check);
}

static void use_program(delib_program *program)
{
    delib_session *session;
    delib_result result;
    delib_essai_result essai;

    must(delib_session_new(program, NULL, &session) == DELIB_OK);
    for (int given = 0; given < 2; given++) {
        delib_session_reset(session);
        if (given)
            give_answers(session);
        for (size_t t = 0; t < delib_program_tariff_count(program); t++) {
            delib_status status = evaluate(session, (delib_tariff)t, &result);

            must(status == DELIB_OK || status == DELIB_NO_MEMORY || status == DELIB_LIMIT);
            read_session(session);
        }
    }
    for (size_t i = 0; i < delib_program_essai_count(program) && i < 50; i++) {
        delib_status status = delib_session_run_essai(session, i, &essai);

        must(status == DELIB_OK || status == DELIB_NO_MEMORY || status == DELIB_LIMIT);
    }
    delib_session_free(session);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    delib_options options = DELIB_OPTIONS_INIT;
    delib_source source = {FILE_NAME, (const char *)data, size};
    delib_engine *engine;
    delib_program *program;
    delib_status status;

    options.source_limit = 1 << 20;
    options.memory_limit = 256 << 20;
    must(delib_engine_new(&options, &engine) == DELIB_OK);
    status = delib_compile(engine, &source, NULL, NULL, &program);
    must(status == DELIB_OK || status == DELIB_INVALID || status == DELIB_NO_MEMORY || status == DELIB_LIMIT);
    if (program)
        read_diagnostics(program, size);
    if (status == DELIB_INVALID)
        must(delib_program_diagnostic_count(program) > 0);
    if (status == DELIB_OK) {
        use_program(program);
        check_families(program);
    }
    delib_program_release(program);
    delib_engine_free(engine);
    return 0;
}
