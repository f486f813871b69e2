/*
 * The C API as a host may misuse it: every call with wrong arguments has a status, every limit is reached and told,
 * handles live as long as delib.h says.
 */
#include "runtime/delib.h"

#include <errno.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char act[] = "entrée usager : usager par défaut enfant\n"
                          "énumération usager : enfant ; adulte\n"
                          "entrée rang : entier de 1 à 9 « Rang de l'enfant »\n"
                          "entrée qf : quotient\n"
                          "source emploi « situation » : api_particulier.demandeur_emploi(demandeur)\n"
                          "tarif cantine « Restauration » en € par repas\n"
                          "  prix selon qf\n"
                          "    moins de 450,50 : 1,30 €\n"
                          "    450,50 et plus : 3,30 €\n"
                          "    non communiqué : sur décision individuelle « à étudier »\n"
                          "  fin\n"
                          "  puis réduction de 12,5 % si emploi\n"
                          "    non communiqué : sans réduction\n"
                          "  puis arrondi au centime\n"
                          "fin\n"
                          "tarif garde en € par heure\n"
                          "  prix 2 € × rang\n"
                          "fin\n"
                          "essai « un »\n"
                          "  rang = 2\n"
                          "  attendu garde = 4 €\n"
                          "fin\n";

static delib_program *compile_with(const delib_options *options, const char *text, delib_status expected)
{
    delib_source source = {"acte.delib", text, strlen(text)};
    delib_engine *engine;
    delib_program *program;

    assert_int_equal(delib_engine_new(options, &engine), DELIB_OK);
    assert_int_equal(delib_compile(engine, &source, NULL, NULL, &program), expected);
    delib_engine_free(engine); /* programs that it compiled stay valid */
    return program;
}

static delib_session *session_of(delib_program *program, int ask_sources)
{
    delib_session_options options = DELIB_SESSION_OPTIONS_INIT;
    delib_session *session;

    options.ask_sources = ask_sources;
    assert_int_equal(delib_session_new(program, &options, &session), DELIB_OK);
    return session;
}

/* ------------------------------------------------------------------ wrong arguments */

static void test_null_arguments(void **state)
{
    delib_engine *engine;
    delib_program *program = (delib_program *)&engine;
    delib_session *session = (delib_session *)&engine;
    delib_source source = {"x", NULL, 3};
    delib_diagnostic diagnostic;
    delib_result result;
    delib_request request;
    delib_step step;
    delib_datum datum;
    delib_essai_result essai;

    (void)state;
    assert_int_equal(delib_engine_new(NULL, NULL), DELIB_MISUSE);
    assert_int_equal(delib_engine_new(NULL, &engine), DELIB_OK);
    assert_int_equal(delib_compile(engine, &source, NULL, NULL, NULL), DELIB_MISUSE);
    assert_int_equal(delib_compile(engine, NULL, NULL, NULL, &program), DELIB_MISUSE);
    assert_null(program);
    assert_int_equal(delib_compile(engine, &source, NULL, NULL, &program), DELIB_MISUSE); /* 3 bytes at NULL */
    assert_int_equal(delib_compile(NULL, &source, NULL, NULL, &program), DELIB_MISUSE);
    assert_int_equal(delib_session_new(NULL, NULL, &session), DELIB_MISUSE);
    assert_null(session);
    assert_int_equal(delib_session_set_text(NULL, "a", "1"), DELIB_MISUSE);
    assert_int_equal(delib_evaluate(NULL, 0, &result), DELIB_MISUSE);
    assert_int_equal(delib_session_answer(NULL, 0, NULL), DELIB_MISUSE);
    assert_int_equal(delib_session_run_essai(NULL, 0, &essai), DELIB_MISUSE);
    assert_int_equal(delib_session_request(NULL, 0, &request), DELIB_MISUSE);
    assert_int_equal(delib_session_step(NULL, 0, &step), DELIB_MISUSE);
    assert_int_equal(delib_session_datum(NULL, 0, &datum), DELIB_MISUSE);
    assert_int_equal(delib_program_diagnostic(NULL, 0, &diagnostic), DELIB_MISUSE);
    assert_int_equal(delib_program_diagnostic_count(NULL), 0);
    assert_int_equal(delib_program_tariff_count(NULL), 0);
    assert_int_equal(delib_program_essai_count(NULL), 0);
    assert_int_equal(delib_session_request_count(NULL), 0);
    assert_int_equal(delib_session_step_count(NULL), 0);
    assert_int_equal(delib_session_datum_count(NULL), 0);
    assert_int_equal(delib_session_missing_count(NULL), 0);
    assert_int_equal(delib_session_explore(NULL, 0), DELIB_MISUSE);
    assert_int_equal(delib_session_question_count(NULL), 0);
    assert_int_equal(delib_session_question(NULL, 0, NULL), DELIB_MISUSE);
    assert_int_equal(delib_session_call_count(NULL), 0);
    assert_int_equal(delib_session_call(NULL, 0, NULL), DELIB_MISUSE);
    assert_int_equal(delib_session_call_most(NULL), 0);
    assert_null(delib_session_missing(NULL, 0));
    assert_null(delib_session_missing_label(NULL, 0));
    assert_int_equal(delib_program_tariff(NULL, NULL), DELIB_NO_TARIFF);
    assert_null(delib_program_tariff_name(NULL, 0));
    assert_string_equal(delib_session_error(NULL), "");
    delib_session_reset(NULL);
    delib_session_free(NULL);
    delib_program_release(NULL);
    assert_null(delib_program_retain(NULL));
    delib_engine_free(engine);
    delib_engine_free(NULL);
}

static void test_out_of_range(void **state)
{
    delib_program *program = compile_with(NULL, act, DELIB_OK);
    delib_session *session = session_of(program, 0);
    delib_result result;
    delib_step step;
    delib_datum datum;
    delib_request request;
    delib_essai_result essai;

    (void)state;
    assert_int_equal(delib_program_tariff(program, NULL), DELIB_NO_TARIFF); /* there are two */
    assert_int_equal(delib_program_tariff(program, "CANTINE"), 0);
    assert_int_equal(delib_program_tariff(program, "absent"), DELIB_NO_TARIFF);
    assert_int_equal(delib_evaluate(session, DELIB_NO_TARIFF, &result), DELIB_MISUSE);
    assert_int_equal(delib_evaluate(session, 2, &result), DELIB_MISUSE);
    assert_int_equal(delib_evaluate(session, INT32_MAX, &result), DELIB_MISUSE);
    assert_int_equal(delib_evaluate(session, INT32_MIN, &result), DELIB_MISUSE);
    assert_int_equal(delib_evaluate(session, 0, NULL), DELIB_MISUSE);
    assert_int_equal(delib_session_step(session, 1000, &step), DELIB_MISUSE);
    assert_int_equal(delib_session_datum(session, 1000, &datum), DELIB_MISUSE);
    assert_int_equal(delib_session_request(session, 0, &request), DELIB_MISUSE);
    assert_int_equal(delib_session_run_essai(session, 1, &essai), DELIB_MISUSE);
    assert_int_equal(delib_session_run_essai(session, 0, NULL), DELIB_MISUSE);
    assert_int_equal(delib_session_run_essai(session, 0, &essai), DELIB_OK);
    assert_true(essai.passed);
    assert_null(delib_program_tariff_name(program, 2));
    assert_null(delib_program_tariff_name(program, -1));
    assert_null(delib_session_missing(session, 50));
    delib_session_free(session);
    delib_program_release(program);
}

/* A text at fault serves its diagnostics, nothing else. */
static void test_faulty_program(void **state)
{
    delib_program *program = compile_with(NULL, "tarif t en €\n  prix 1 + 1 €\nfin\n", DELIB_INVALID);
    delib_session *session;

    (void)state;
    assert_true(delib_program_diagnostic_count(program) > 0);
    assert_int_equal(delib_program_tariff_count(program), 0);
    assert_int_equal(delib_program_essai_count(program), 0);
    assert_int_equal(delib_program_tariff(program, "t"), DELIB_NO_TARIFF);
    assert_int_equal(delib_session_new(program, NULL, &session), DELIB_MISUSE);
    assert_null(session);
    delib_program_release(program);
}

/* ------------------------------------------------------------------ values */

static void refuse(delib_session *session, const char *name, delib_value value)
{
    assert_int_equal(delib_session_set(session, name, &value), DELIB_INVALID);
    assert_true(strlen(delib_session_error(session)) > 0);
}

static void test_mistyped_values(void **state)
{
    delib_program *program = compile_with(NULL, act, DELIB_OK);
    delib_session *session = session_of(program, 0);
    delib_result result;

    (void)state;
    assert_int_equal(delib_session_set_text(session, "rang", "2"), DELIB_OK);
    refuse(session, "inconnu", (delib_value){.kind = DELIB_VALUE_TEXT, .text = "1"});
    refuse(session, "rang", (delib_value){.kind = DELIB_VALUE_TEXT, .text = "deux"});
    refuse(session, "rang", (delib_value){.kind = DELIB_VALUE_BOOLEAN, .boolean = 1});
    refuse(session, "rang", (delib_value){.kind = DELIB_VALUE_LIST});
    refuse(session, "rang", (delib_value){.kind = DELIB_VALUE_RECORD});
    refuse(session, "rang", (delib_value){.kind = DELIB_VALUE_NUMBER, .units = 1, .scale = 19});
    refuse(session, "rang", (delib_value){.kind = DELIB_VALUE_NUMBER, .units = 1, .scale = 4000000000u});
    refuse(session, "usager", (delib_value){.kind = DELIB_VALUE_TEXT, .text = "chat"});
    assert_non_null(strstr(delib_session_error(session), "enfant"));
    refuse(session, "cantine", (delib_value){.kind = DELIB_VALUE_TEXT, .text = "1"}); /* a tariff is no datum */
    assert_int_equal(delib_session_set(session, "rang", NULL), DELIB_MISUSE);
    assert_int_equal(delib_session_set_from(session, "rang", NULL, "déclaration"), DELIB_MISUSE);
    assert_int_equal(delib_session_set(session, NULL, &(delib_value){.kind = DELIB_VALUE_ABSENT}), DELIB_MISUSE);
    assert_int_equal(delib_evaluate(session, 1, &result), DELIB_OK); /* unchanged by refusals */
    assert_int_equal(result.units, 400);
    delib_session_free(session);
    delib_program_release(program);
}

/* Its sentences are made when they are read: those of the evaluation, whatever was given since. */
static void test_late_reading(void **state)
{
    delib_program *program = compile_with(NULL, act, DELIB_OK);
    delib_session *session = session_of(program, 0);
    delib_result result;
    delib_step step, again;
    delib_datum datum;

    (void)state;
    assert_int_equal(delib_session_set_text(session, "qf", "449"), DELIB_OK);
    assert_int_equal(delib_session_set_text(session, "emploi", "oui"), DELIB_OK);
    assert_int_equal(delib_evaluate(session, 0, &result), DELIB_OK);
    assert_int_equal(delib_session_set_text(session, "qf", "900"), DELIB_OK);
    assert_int_equal(delib_session_set_text(session, "usager", "adulte"), DELIB_OK);
    assert_int_equal(delib_session_step_count(session), 3);
    assert_int_equal(delib_session_step(session, 0, &step), DELIB_OK);
    assert_non_null(strstr(step.text, "449"));
    assert_string_equal(step.amount, "1,30\u00A0€");
    assert_int_equal(delib_session_step(session, 0, &again), DELIB_OK);
    assert_ptr_equal(step.text, again.text);
    assert_int_equal(delib_session_datum_count(session), 2);
    assert_int_equal(delib_session_datum(session, 0, &datum), DELIB_OK);
    assert_string_equal(datum.value, "449\u00A0€");
    assert_int_equal(delib_evaluate(session, 0, &result), DELIB_OK);
    assert_int_equal(delib_session_step(session, 0, &step), DELIB_OK);
    assert_non_null(strstr(step.text, "900"));
    delib_session_reset(session);
    assert_int_equal(delib_session_step_count(session), 0);
    assert_int_equal(delib_session_datum_count(session), 0);
    delib_session_free(session);
    delib_program_release(program);
}

/* Off the grid or the bounds: « donnée invalide » if a rule reads it, nothing otherwise. */
static void test_values_outside_domain(void **state)
{
    static const char *const values[] = {"0", "10", "2,5", "-1", "99999999999999999999", "2.000000000000000001"};
    delib_program *program = compile_with(NULL, act, DELIB_OK);
    delib_session *session = session_of(program, 0);
    delib_result result;

    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        delib_session_reset(session);
        assert_int_equal(delib_session_set_text(session, "rang", values[i]), DELIB_OK);
        assert_int_equal(delib_session_set_text(session, "qf", "450,49"), DELIB_OK);
        assert_int_equal(delib_session_set_text(session, "emploi", NULL), DELIB_OK);
        assert_int_equal(delib_evaluate(session, 1, &result), DELIB_OK);
        assert_int_equal(result.statut, DELIB_DONNEE_INVALIDE);
        assert_non_null(result.reason);
        assert_int_equal(delib_evaluate(session, 0, &result), DELIB_OK);
        assert_int_equal(result.statut, DELIB_CALCULE);
        assert_int_equal(result.units, 130);
    }
    delib_session_free(session);
    delib_program_release(program);
}

static void test_extreme_numbers(void **state)
{
    const delib_value values[] = {{.kind = DELIB_VALUE_NUMBER, .units = INT64_MAX, .scale = 0},
                                  {.kind = DELIB_VALUE_NUMBER, .units = INT64_MIN, .scale = 0},
                                  {.kind = DELIB_VALUE_NUMBER, .units = INT64_MIN, .scale = 18},
                                  {.kind = DELIB_VALUE_NUMBER, .units = 1, .scale = 18}};
    delib_program *program = compile_with(NULL, act, DELIB_OK);
    delib_session *session = session_of(program, 0);
    delib_result result;

    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        assert_int_equal(delib_session_set(session, "qf", &values[i]), DELIB_OK);
        assert_int_equal(delib_evaluate(session, 0, &result), DELIB_OK);
        assert_int_equal(result.statut, DELIB_DONNEE_INVALIDE);
    }
    delib_session_free(session);
    delib_program_release(program);
}

/* ------------------------------------------------------------------ requests */

static void test_requests(void **state)
{
    delib_program *program = compile_with(NULL, act, DELIB_OK);
    delib_session *session = session_of(program, 1);
    delib_answer answer = {.size = sizeof answer, .kind = DELIB_ANSWER_FAILED, .code = "panne", .message = "panne"};
    delib_request request;
    delib_result result;

    (void)state;
    assert_int_equal(delib_session_set_text(session, "qf", "450,50"), DELIB_OK);
    assert_int_equal(delib_evaluate(session, 0, &result), DELIB_PENDING);
    assert_int_equal(delib_session_request_count(session), 1);
    assert_int_equal(delib_session_request(session, 0, &request), DELIB_OK);
    assert_string_equal(request.source, "emploi");
    assert_int_equal(delib_session_answer(session, request.id + 7, &answer), DELIB_MISUSE);
    assert_int_equal(delib_session_answer(session, request.id, NULL), DELIB_MISUSE);
    assert_int_equal(delib_session_answer(session, request.id, &answer), DELIB_OK);
    assert_int_not_equal(delib_session_answer(session, request.id, &answer), DELIB_OK); /* one answer per request */
    assert_int_equal(delib_evaluate(session, 0, &result), DELIB_OK);
    assert_int_equal(result.statut, DELIB_SOURCE_INDISPONIBLE); /* a failure is no absence */
    assert_int_equal(delib_session_request_count(session), 0);
    delib_session_free(session);
    delib_program_release(program);
}

/* ------------------------------------------------------------------ limits */

static void expect_code(const delib_program *program, const char *code)
{
    delib_diagnostic d;

    assert_int_equal(delib_program_diagnostic(program, 0, &d), DELIB_OK);
    assert_string_equal(d.code, code);
}

static void test_limits(void **state)
{
    delib_options options = DELIB_OPTIONS_INIT;
    delib_program *program;

    (void)state;
    options.source_limit = sizeof act - 1;
    delib_program_release(compile_with(&options, act, DELIB_OK));
    options.source_limit = sizeof act - 2;
    program = compile_with(&options, act, DELIB_INVALID);
    expect_code(program, "D103");
    delib_program_release(program);

    options = (delib_options)DELIB_OPTIONS_INIT;
    options.nesting_limit = 5;
    delib_program_release(compile_with(&options, "tarif t en €\n  prix (((1 €)))\nfin\n", DELIB_OK));
    program = compile_with(&options, "tarif t en €\n  prix ((((((1 €))))))\nfin\n", DELIB_INVALID);
    expect_code(program, "D111");
    delib_program_release(program);

    options = (delib_options)DELIB_OPTIONS_INIT;
    options.step_limit = 3;
    delib_program_release(compile_with(&options, "fonction double(x : entier de 1 à 9) en € = 2 € × x\n"
                                                 "tarif t en €\n  prix double(1) + double(2)\nfin\n", DELIB_OK));
    program = compile_with(&options, "fonction double(x : entier de 1 à 9) en € = 2 € × x\n"
                                     "tarif t en €\n"
                                     "  prix double(1) + double(2) + double(3) + double(4)\nfin\n",
                           DELIB_INVALID);
    expect_code(program, "D111");
    delib_program_release(program);

    options = (delib_options)DELIB_OPTIONS_INIT;
    options.memory_limit = 2000;
    assert_null(compile_with(&options, act, DELIB_NO_MEMORY));
}

static void test_request_limit(void **state)
{
    delib_options options = DELIB_OPTIONS_INIT;
    delib_program *program;
    delib_session *session;
    delib_result result;

    (void)state;
    options.request_limit = 1;
    program = compile_with(&options,
                           "source a « a » : api_particulier.quotient_familial(un)\n"
                           "source b « b » : api_particulier.quotient_familial(deux)\n"
                           "tarif t en €\n  prix 1 €\n  puis plancher 2 € si a < 5 ou b < 5\n"
                           "    non communiqué : non prévu\nfin\n",
                           DELIB_OK);
    session = session_of(program, 1);
    for (int run = 0; run < 3; run++) {
        const delib_answer absent = {.size = sizeof absent, .kind = DELIB_ANSWER_ABSENT, .code = "x", .message = "x"};
        delib_status status = delib_evaluate(session, 0, &result);
        delib_request request;

        assert_true(delib_session_request_count(session) <= 1);
        if (status != DELIB_PENDING)
            break;
        assert_int_equal(delib_session_request(session, 0, &request), DELIB_OK);
        assert_int_equal(delib_session_answer(session, request.id, &absent), DELIB_OK);
    }
    assert_int_not_equal(result.statut, DELIB_CALCULE);
    delib_session_free(session);
    delib_program_release(program);
}

/* A host compiled with an older, shorter structure: the fields that it does not know have their defaults. */
static void test_shorter_options(void **state)
{
    delib_options options = DELIB_OPTIONS_INIT;

    (void)state;
    options.size = offsetof(delib_options, source_limit);
    options.source_limit = 1;
    delib_program_release(compile_with(&options, act, DELIB_OK));
}

/* ------------------------------------------------------------------ the rest of the process */

/* A decimal comma of the C library changes nothing, and errno is the host's. */
static void test_locale_and_errno(void **state)
{
    static const char *const locales[] = {"fr_FR.UTF-8", "fr_FR.utf8", "de_DE.UTF-8", "C.UTF-8"};
    delib_program *program;
    delib_session *session;
    delib_result result;

    (void)state;
    for (size_t i = 0; i < sizeof locales / sizeof *locales && !setlocale(LC_ALL, locales[i]); i++)
        continue;
    errno = 4321;
    program = compile_with(NULL, act, DELIB_OK);
    session = session_of(program, 0);
    assert_int_equal(delib_session_set_text(session, "qf", "450.49"), DELIB_OK);
    assert_int_equal(delib_session_set_text(session, "emploi", "oui"), DELIB_OK);
    assert_int_equal(delib_evaluate(session, 0, &result), DELIB_OK);
    assert_int_equal(result.units, 114); /* 1,30 € less 12,5 %: 1,1375 € */
    assert_int_equal(errno, 4321);
    setlocale(LC_ALL, "C");
    delib_session_free(session);
    delib_program_release(program);
}

/* A session keeps its program; a program keeps what it needs of its engine and of the text. */
static void test_lifetimes(void **state)
{
    char text[sizeof act];
    delib_source source = {"acte.delib", text, sizeof act - 1};
    delib_engine *engine;
    delib_program *program;
    delib_session *session;
    delib_result result;

    (void)state;
    memcpy(text, act, sizeof act);
    assert_int_equal(delib_engine_new(NULL, &engine), DELIB_OK);
    assert_int_equal(delib_compile(engine, &source, NULL, NULL, &program), DELIB_OK);
    memset(text, 'x', sizeof text);
    delib_engine_free(engine);
    assert_ptr_equal(delib_program_retain(program), program);
    delib_program_release(program);
    session = session_of(program, 0);
    delib_program_release(program);
    assert_int_equal(delib_session_set_text(session, "rang", "3"), DELIB_OK);
    assert_int_equal(delib_evaluate(session, 1, &result), DELIB_OK);
    assert_int_equal(result.units, 600);
    assert_string_equal(result.unit, "€ par heure");
    assert_string_equal(result.tariff, "garde");
    delib_session_free(session);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_null_arguments),
        cmocka_unit_test(test_out_of_range),
        cmocka_unit_test(test_faulty_program),
        cmocka_unit_test(test_mistyped_values),
        cmocka_unit_test(test_late_reading),
        cmocka_unit_test(test_values_outside_domain),
        cmocka_unit_test(test_extreme_numbers),
        cmocka_unit_test(test_requests),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_request_limit),
        cmocka_unit_test(test_shorter_options),
        cmocka_unit_test(test_locale_and_errno),
        cmocka_unit_test(test_lifetimes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
