/*
 * Sources that a host adds: what may be added, how the language, the finalités and evaluation see them, what the driver
 * does with them, and memory refused at every place.
 */
#include "runtime/delib_io.h"
#include "tests/fault/failing_memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const delib_field fields[] = {
    { "valeur", "entier", NULL, 0, 120, 0 },
    { "quotient_local", "quotient", NULL, 0, 500000, 2 },
    { "reste_du", "montant", "an", -100000, 100000, 2 },
    { "inscrit", "oui_non", NULL, 0, 0, 0 },
    { "depuis", "date", NULL, 0, 0, 0 },
};

static delib_function anciennete(void)
{
    delib_function f = DELIB_FUNCTION_INIT;

    f.name = "portail.anciennete";
    f.label = "années de présence dans la commune";
    f.channel = "Portail famille";
    f.category = "communale";
    f.fields = fields;
    f.field_count = sizeof fields / sizeof *fields;
    return f;
}

static const char act[] =
    "source ancienneté « années de présence » : portail.anciennete(demandeur)\n"
    "tarif cantine en € par repas\n"
    "  finalité tarification_enfance\n"
    "  prix selon ancienneté\n"
    "    moins de 3 : 5 €\n"
    "    3 et plus : 4 €\n"
    "    non communiqué : 6 €\n"
    "  fin\n"
    "fin\n"
    "tarif fidélité en € par an\n"
    "  prix 10 €\n"
    "  exception dette si ancienneté.reste_du > 0 € par an : 12,50 €\n"
    "    non communiqué : sans effet\n"
    "fin\n";

static delib_engine *engine_with(const delib_options *options)
{
    delib_function f = anciennete();
    delib_engine *engine;
    const char *problem = "?";

    assert_int_equal(delib_engine_new(options, &engine), DELIB_OK);
    assert_int_equal(delib_engine_add_function(engine, &f, &problem), DELIB_OK);
    assert_null(problem);
    return engine;
}

static delib_program *compile(delib_engine *engine, const char *text, delib_status expected)
{
    delib_source source = { "acte.delib", text, strlen(text) };
    delib_program *program;
    delib_diagnostic d = { 0 };

    assert_int_equal(delib_compile(engine, &source, NULL, NULL, &program), expected);
    if (expected == DELIB_OK && delib_program_diagnostic_count(program) > 0) {
        assert_int_equal(delib_program_diagnostic(program, 0, &d), DELIB_OK);
        fail_msg("%s", d.printed);
    }
    return program;
}

static delib_session *session_of(delib_program *program)
{
    delib_session *session;

    assert_int_equal(delib_session_new(program, NULL, &session), DELIB_OK);
    return session;
}

static const char *const names[] = { "valeur", "reste_du" };

/* The answer of a family there for `years`, who owes `cents`. */
static delib_answer answer_of(const delib_value *values, delib_answer_kind kind)
{
    delib_answer a = { .size = sizeof a, .kind = kind, .code = "x", .message = "le registre est en panne" };

    a.record = (delib_value){ .kind = DELIB_VALUE_RECORD, .items = values, .names = names, .count = 2 };
    return a;
}

static void evaluate_to(delib_answer_kind kind, int64_t years, delib_statut statut, int64_t units)
{
    delib_engine *engine = engine_with(NULL);
    delib_program *program = compile(engine, act, DELIB_OK);
    delib_session *session = session_of(program);
    delib_value values[2] = { { .kind = DELIB_VALUE_NUMBER, .units = years },
                              { .kind = DELIB_VALUE_NUMBER, .units = 100, .scale = 2 } };
    delib_answer answer = answer_of(values, kind);
    delib_request request;
    delib_result result;

    delib_engine_free(engine);          /* the program keeps the source */
    assert_int_equal(delib_evaluate(session, 0, &result), DELIB_PENDING);
    assert_int_equal(delib_session_request_count(session), 1);
    assert_int_equal(delib_session_request(session, 0, &request), DELIB_OK);
    assert_string_equal(request.function, "portail.anciennete");
    assert_string_equal(request.subject, "demandeur");
    assert_int_equal(delib_session_answer(session, request.id, &answer), DELIB_OK);
    assert_int_equal(delib_evaluate(session, 0, &result), DELIB_OK);
    assert_int_equal(result.statut, statut);
    assert_int_equal(result.units, units);
    delib_session_free(session);
    delib_program_release(program);
}

static void test_it_is_asked_and_answered(void **state)
{
    (void)state;
    evaluate_to(DELIB_ANSWER_VALUE, 2, DELIB_CALCULE, 500);
    evaluate_to(DELIB_ANSWER_VALUE, 120, DELIB_CALCULE, 400);
    evaluate_to(DELIB_ANSWER_ABSENT, 0, DELIB_CALCULE, 600);
    evaluate_to(DELIB_ANSWER_FAILED, 0, DELIB_SOURCE_INDISPONIBLE, 0);
    evaluate_to(DELIB_ANSWER_VALUE, 121, DELIB_DONNEE_INVALIDE, 0);
}

static void test_a_second_field(void **state)
{
    delib_engine *engine = engine_with(NULL);
    delib_program *program = compile(engine, act, DELIB_OK);
    delib_session *session = session_of(program);
    delib_value values[2] = { { .kind = DELIB_VALUE_NUMBER, .units = 1 },
                              { .kind = DELIB_VALUE_NUMBER, .units = 1, .scale = 2 } };
    delib_answer answer = answer_of(values, DELIB_ANSWER_VALUE);
    delib_request request;
    delib_result result;
    delib_datum datum;

    (void)state;
    assert_int_equal(delib_evaluate(session, 1, &result), DELIB_PENDING);
    assert_int_equal(delib_session_request(session, 0, &request), DELIB_OK);
    assert_int_equal(delib_session_answer(session, request.id, &answer), DELIB_OK);
    assert_int_equal(delib_evaluate(session, 1, &result), DELIB_OK);
    assert_int_equal(result.units, 1250);
    assert_int_equal(delib_session_datum(session, 0, &datum), DELIB_OK);
    assert_string_equal(datum.origin, "Portail famille");
    delib_session_free(session);
    delib_program_release(program);
    delib_engine_free(engine);
}

static void test_the_needs_of_a_habilitation(void **state)
{
    delib_engine *engine = engine_with(NULL);
    delib_program *program = compile(engine, act, DELIB_OK);
    delib_need need;

    (void)state;
    assert_int_equal(delib_program_need(program, 0, &need), DELIB_OK);
    assert_string_equal(need.function, "portail.anciennete");
    assert_string_equal(need.api, "Portail famille");
    assert_string_equal(need.category, "communale");
    assert_string_equal(need.level, "admis");
    assert_null(need.scope);
    delib_program_release(program);
    delib_engine_free(engine);
}

static void test_a_finalite_judges_the_category(void **state)
{
    static const struct { const char *category, *finalite; delib_status expected; } cases[] = {
        { "communale", "tarification_eaje", DELIB_OK },      { "communale", "tarification_enfance", DELIB_OK },
        { "fiscale", "tarification_enfance", DELIB_OK },     { "fiscale", "tarification_eaje", DELIB_INVALID },
        { "sociale", "tarification_eaje", DELIB_INVALID },   { "fiscale", "place_en_creche", DELIB_OK },
        { "emploi", "tarification_enfance", DELIB_INVALID }, { "scolarité", "place_en_creche", DELIB_INVALID },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        delib_function f = anciennete();
        delib_engine *engine;
        delib_program *program;
        delib_diagnostic d;
        char text[512];

        f.category = cases[i].category;
        snprintf(text, sizeof text,
                 "source a « années » : portail.anciennete(demandeur)\ntarif t en €\n  finalité %s\n  prix 3 €\n"
                 "  exception x si a > 3 : 2 €\n    non communiqué : sans effet\nfin\n", cases[i].finalite);
        assert_int_equal(delib_engine_new(NULL, &engine), DELIB_OK);
        assert_int_equal(delib_engine_add_function(engine, &f, NULL), DELIB_OK);
        program = compile(engine, text, cases[i].expected);
        if (cases[i].expected == DELIB_INVALID) {
            assert_int_equal(delib_program_diagnostic_count(program), 1);
            assert_int_equal(delib_program_diagnostic(program, 0, &d), DELIB_OK);
            assert_string_equal(d.code, "D503");
        }
        delib_program_release(program);
        delib_engine_free(engine);
    }
}

static void test_what_may_not_be_added(void **state)
{
    static const delib_field bad[] = {
        {"Valeur", "entier", NULL, 0, 1, 0}, {"é", "entier", NULL, 0, 1, 0},  {NULL, "entier", NULL, 0, 1, 0},
        {"v", "int", NULL, 0, 1, 0},         {"v", NULL, NULL, 0, 1, 0},      {"v", "entier", NULL, 2, 1, 0},
        {"v", "entier", NULL, 0, 1, 2},      {"v", "nombre", NULL, 0, 1, 10}, {"v", "entier", "an", 0, 1, 0},
        {"v", "montant", "", 0, 1, 2},
    };
    static const delib_field twice[] = { { "v", "entier", NULL, 0, 1, 0 }, { "v", "date", NULL, 0, 0, 0 } };
    static const char *const bad_names[] = {NULL,
                                            "",
                                            "portail",
                                            "portail.",
                                            ".x",
                                            "Portail.x",
                                            "a.b.c",
                                            "1a.b",
                                            "a{.b",
                                            "a:1.b",
                                            "portail.anciennete",
                                            "api_particulier.quotient_familial",
                                            "é.x"};
    delib_engine *engine = engine_with(NULL);
    delib_function older = anciennete();
    const char *problem;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        delib_function f = anciennete();

        f.name = "portail.autre";
        f.fields = &bad[i];
        f.field_count = 1;
        problem = NULL;
        assert_int_equal(delib_engine_add_function(engine, &f, &problem), DELIB_INVALID);
        assert_non_null(problem);
    }
    for (size_t i = 0; i < sizeof bad_names / sizeof *bad_names; i++) {
        delib_function f = anciennete();

        f.name = bad_names[i];
        assert_int_equal(delib_engine_add_function(engine, &f, &problem), DELIB_INVALID);
    }
    for (int i = 0; i < 8; i++) {
        delib_function f = anciennete();

        f.name = "portail.autre";
        switch (i) {
        case 0: f.label = "\xff"; break;
        case 1: f.channel = NULL; break;
        case 2: f.category = "inconnue"; break;
        case 3: f.category = NULL; break;
        case 4: f.field_count = 0; break;
        case 5: f.fields = twice; f.field_count = 2; break;
        case 6: f.fields = NULL; break;
        case 7: f.field_count = 1001; break;
        }
        assert_int_equal(delib_engine_add_function(engine, &f, &problem), DELIB_INVALID);
        assert_non_null(problem);
    }
    assert_int_equal(delib_engine_add_function(engine, NULL, &problem), DELIB_MISUSE);
    assert_int_equal(delib_engine_add_function(NULL, NULL, &problem), DELIB_MISUSE);
    older.size = sizeof older - 1;
    assert_int_equal(delib_engine_add_function(engine, &older, &problem), DELIB_MISUSE);
    delib_engine_free(engine);
}

/* A call of the host's own source: no administration is behind it, no quota limits it. */
static void test_its_call(void **state)
{
    delib_engine *engine = engine_with(NULL);
    delib_program *program = compile(engine, act, DELIB_OK);
    delib_session *session = session_of(program);
    delib_call call;

    (void)state;
    assert_int_equal(delib_session_explore(session, delib_program_tariff(program, "cantine")), DELIB_OK);
    assert_int_equal(delib_session_call_count(session), 1);
    assert_int_equal(delib_session_call(session, 0, &call), DELIB_OK);
    assert_string_equal(call.function, "portail.anciennete");
    assert_string_equal(call.api, "Portail famille");
    assert_null(call.provider);
    assert_null(call.scopes);
    assert_int_equal(call.requests, 0);
    assert_int_equal(call.period_s, 0);
    delib_session_free(session);
    delib_program_release(program);
    delib_engine_free(engine);
}

/* Without the addition, the same text names an unknown source; with a misspelt name, the host's is suggested. */
static void test_names_are_known_or_suggested(void **state)
{
    delib_engine *plain, *engine = engine_with(NULL);
    delib_program *program;
    delib_diagnostic d;
    static const char misspelt[] = "source a « x » : portail.ancienete(demandeur)\ntarif t en €\n  prix 3 €\nfin\n";

    (void)state;
    assert_int_equal(delib_engine_new(NULL, &plain), DELIB_OK);
    delib_program_release(compile(plain, act, DELIB_INVALID));
    program = compile(engine, misspelt, DELIB_INVALID);
    assert_int_equal(delib_program_diagnostic(program, 0, &d), DELIB_OK);
    assert_non_null(strstr(d.help, "portail.anciennete"));
    delib_program_release(program);
    delib_engine_free(plain);
    delib_engine_free(engine);
}

static void test_later_additions_leave_programs_alone(void **state)
{
    delib_engine *engine = engine_with(NULL);
    delib_program *program = compile(engine, act, DELIB_OK), *second;
    delib_session *session = session_of(program);
    delib_function f = anciennete();
    delib_result result;
    char name[32];

    (void)state;
    for (int i = 0; i < 100; i++) {
        snprintf(name, sizeof name, "portail.autre%d", i);
        f.name = name;
        assert_int_equal(delib_engine_add_function(engine, &f, NULL), DELIB_OK);
    }
    second = compile(engine, "source a « x » : portail.autre99(demandeur)\ntarif t en €\n  prix selon a\n"
                             "    3 et plus : 1 €\n    moins de 3 : 2 €\n    non communiqué : 0 €\n  fin\nfin\n",
                     DELIB_OK);
    delib_engine_free(engine);
    assert_int_equal(delib_evaluate(session, 0, &result), DELIB_PENDING);
    delib_session_free(session);
    delib_program_release(program);
    session = session_of(second);
    assert_int_equal(delib_evaluate(session, 0, &result), DELIB_PENDING);
    delib_session_free(session);
    delib_program_release(second);
}

/* ------------------------------------------------------------------ the driver */

struct host {
    unsigned calls;
    delib_status status;
};

static delib_status answer(void *context, const delib_io_demande *demande, const delib_request *request,
                           delib_answer *out)
{
    static const delib_value values[2] = { { .kind = DELIB_VALUE_NUMBER, .units = 7 },
                                           { .kind = DELIB_VALUE_NUMBER, .units = 0 } };
    struct host *host = context;

    assert_null(demande);
    assert_string_equal(request->function, "portail.anciennete");
    host->calls++;
    *out = answer_of(values, DELIB_ANSWER_VALUE);
    return host->status;
}

static delib_status drive(const delib_io_driver_options *options, delib_result *result)
{
    delib_engine *engine = engine_with(NULL);
    delib_program *program = compile(engine, act, DELIB_OK);
    delib_session *session = session_of(program);
    delib_io_config *config;
    delib_io_driver *driver;
    delib_status status;

    assert_int_equal(delib_io_config_local("http://127.0.0.1:9", &config), DELIB_OK);
    assert_int_equal(delib_io_driver_new(config, options, &driver), DELIB_OK);
    status = delib_io_evaluate(driver, NULL, session, 0, result);
    delib_io_driver_free(driver);
    delib_io_config_free(config);
    delib_session_free(session);
    delib_program_release(program);
    delib_engine_free(engine);
    return status;
}

static void test_the_driver_asks_the_host(void **state)
{
    delib_io_driver_options options = DELIB_IO_DRIVER_OPTIONS_INIT;
    struct host host = { .status = DELIB_OK };
    delib_result result;

    (void)state;
    assert_int_equal(drive(&options, &result), DELIB_INVALID);      /* nobody answers */
    options.answer = answer;
    options.context = &host;
    assert_int_equal(drive(&options, &result), DELIB_OK);
    assert_int_equal(result.units, 400);
    assert_int_equal(host.calls, 1);
    host.status = DELIB_NO_MEMORY;
    assert_int_equal(drive(&options, &result), DELIB_NO_MEMORY);
}

/* ------------------------------------------------------------------ memory */

static delib_status whole(struct failing_memory *memory)
{
    delib_options options = DELIB_OPTIONS_INIT;
    delib_source source = { "acte.delib", act, strlen(act) };
    delib_function f = anciennete(), other = anciennete();
    delib_engine *engine = NULL;
    delib_program *program = NULL;
    delib_status status;

    options.resize = failing_resize;
    options.resize_context = memory;
    other.name = "portail.autre";
    status = delib_engine_new(&options, &engine);
    if (status == DELIB_OK)
        status = delib_engine_add_function(engine, &f, NULL);
    if (status == DELIB_OK)
        status = delib_engine_add_function(engine, &other, NULL);
    if (status == DELIB_OK)
        status = delib_compile(engine, &source, NULL, NULL, &program);
    delib_program_release(program);
    delib_engine_free(engine);
    return status;
}

static void test_memory_refused_at_every_place(void **state)
{
    struct failing_memory count = { .live = 0 };

    (void)state;
    assert_int_equal(whole(&count), DELIB_OK);
    assert_true(count.requests >= 4);
    for (size_t nth = 1; nth <= count.requests; nth++) {
        struct failing_memory memory = { .refuse_at = nth };

        assert_int_equal(whole(&memory), DELIB_NO_MEMORY);
        assert_int_equal(memory.live, 0);
    }
}

/* What memory stopped is not there; what was there before still is, and it may be added again. */
static void test_an_addition_is_whole_or_not_at_all(void **state)
{
    delib_options options = DELIB_OPTIONS_INIT;
    struct failing_memory memory = { .live = 0 };
    delib_function f = anciennete();
    delib_engine *engine;
    char name[32];
    int added = 0;

    (void)state;
    options.resize = failing_resize;
    options.resize_context = &memory;
    engine = engine_with(&options);
    memory.refuse_at = memory.requests + 1;
    memory.for_ever = true;
    for (int i = 0; i < 1000; i++) {
        snprintf(name, sizeof name, "portail.autre%d", i);
        f.name = name;
        if (delib_engine_add_function(engine, &f, NULL) != DELIB_OK)
            break;
        added++;
    }
    assert_true(added < 1000);
    assert_int_equal(delib_engine_add_function(engine, &f, NULL), DELIB_NO_MEMORY);
    memory.refuse_at = 0;
    assert_int_equal(delib_engine_add_function(engine, &f, NULL), DELIB_OK);
    delib_program_release(compile(engine, act, DELIB_OK));
    delib_engine_free(engine);
    assert_int_equal(memory.live, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_it_is_asked_and_answered),
        cmocka_unit_test(test_a_second_field),
        cmocka_unit_test(test_the_needs_of_a_habilitation),
        cmocka_unit_test(test_a_finalite_judges_the_category),
        cmocka_unit_test(test_what_may_not_be_added),
        cmocka_unit_test(test_names_are_known_or_suggested),
        cmocka_unit_test(test_later_additions_leave_programs_alone),
        cmocka_unit_test(test_the_driver_asks_the_host),
        cmocka_unit_test(test_its_call),
        cmocka_unit_test(test_memory_refused_at_every_place),
        cmocka_unit_test(test_an_addition_is_whole_or_not_at_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
