/*
 * What a host asks of an explanation: details of a step, suppositions, curves; with sources that answered, with misuse,
 * and with memory refused at every place. The curves themselves are compared with the engine in test_family_curve.c.
 */
#include "runtime/delib.h"
#include "tests/fault/failing_memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char ACT[] =
    "entrée usager : usager « Qui mange ? » par défaut enfant\n"
    "énumération usager : enfant ; adulte\n"
    "entrée enfants : entier de 1 à 8 « Enfants à charge » par défaut 1\n"
    "entrée naissance : date « Date de naissance » facultatif\n"
    "source qf « quotient familial » : api_particulier.quotient_familial(demandeur)\n"
    "  à défaut, sur justificatif « attestation »\n"
    "tarif cantine « Restauration » en € par repas\n"
    "  prix selon qf\n"
    "    moins de 300          : 1 €\n"
    "    de 300 à moins de 900 : 3,30 €\n"
    "    900 et plus           : 3,30 €\n"
    "    non communiqué        : 5 €\n"
    "  fin\n"
    "  exception adulte si usager = adulte : 7,20 €, sans réduction ni majoration\n"
    "  puis réduction de 20 % si enfants ≥ 3\n"
    "  puis plancher 0,50 €\n"
    "  puis arrondi au centime le plus proche\n"
    "fin\n"
    "tarif effort en € par heure\n"
    "  prix 0,10 % de qf\n"
    "    non communiqué : 2 €\n"
    "  puis plancher 0,50 €\n"
    "  puis plafond 2 €\n"
    "  puis arrondi au centime le plus proche\n"
    "fin\n"
    "tarif petit en €\n"
    "  prix 4 €\n"
    "  exception bébé si naissance est renseigné et âge(naissance) < 3 : 2 €\n"
    "    non communiqué : sans effet\n"
    "fin\n";

/* Hard spaces are written as spaces here. */
static void assert_text(const char *found, const char *expected)
{
    char plain[400];
    size_t n = 0;

    assert_non_null(found);
    for (const char *c = found; *c && n + 1 < sizeof plain; c++) {
        bool hard = (unsigned char)c[0] == 0xC2 && (unsigned char)c[1] == 0xA0;

        plain[n++] = hard ? ' ' : *c;
        c += hard;
    }
    plain[n] = '\0';
    assert_string_equal(plain, expected);
}

static delib_program *compile(const delib_options *options)
{
    const delib_source source = { "acte.delib", ACT, strlen(ACT) };
    delib_engine *engine = NULL;
    delib_program *program = NULL;

    assert_int_equal(delib_engine_new(options, &engine), DELIB_OK);
    if (delib_compile(engine, &source, NULL, NULL, &program) != DELIB_OK) {
        delib_diagnostic d;

        assert_int_equal(delib_program_diagnostic(program, 0, &d), DELIB_OK);
        fail_msg("%s", d.printed);
    }
    delib_engine_free(engine);
    return program;
}

static delib_session *open_session(delib_program *program, int ask, int trace)
{
    delib_session_options options = DELIB_SESSION_OPTIONS_INIT;
    delib_session *session;

    options.ask_sources = ask;
    options.trace = trace;
    options.date = "2026-09-15";
    assert_int_equal(delib_session_new(program, &options, &session), DELIB_OK);
    return session;
}

static delib_status suppose(delib_session *session, const char *name, const char *text)
{
    const delib_value value = { .kind = DELIB_VALUE_TEXT, .text = text };

    return delib_session_suppose(session, name, &value);
}

static delib_result evaluate(delib_session *session, delib_program *program, const char *tariff)
{
    delib_result result;

    assert_int_equal(delib_evaluate(session, delib_program_tariff(program, tariff), &result), DELIB_OK);
    return result;
}

/* The only source answers. */
static delib_result evaluate_with_answer(delib_session *session, delib_program *program, int64_t quotient)
{
    static const char *const names[] = { "valeur" };
    const delib_value field = { .kind = DELIB_VALUE_NUMBER, .units = quotient };
    delib_answer answer = {
        .size = sizeof answer, .kind = DELIB_ANSWER_VALUE, .provider = "CNAF", .period = "2026-09"};
    delib_request request;
    delib_result result;

    assert_int_equal(delib_evaluate(session, delib_program_tariff(program, "cantine"), &result), DELIB_PENDING);
    assert_int_equal(delib_session_request(session, 0, &request), DELIB_OK);
    answer.record = (delib_value){ .kind = DELIB_VALUE_RECORD, .items = &field, .names = names, .count = 1 };
    assert_int_equal(delib_session_answer(session, request.id, &answer), DELIB_OK);
    return evaluate(session, program, "cantine");
}

static delib_datum datum_named(const delib_session *session, const char *name)
{
    delib_datum datum = { 0 };

    for (size_t i = 0; delib_session_datum(session, i, &datum) == DELIB_OK; i++)
        if (strcmp(datum.name, name) == 0)
            return datum;
    fail_msg("%s was not used", name);
    return datum;
}

/* ---- Details ---- */

/* The reduction reads the number of children alone; the floor, nothing. */
static void check_step_data(delib_session *session)
{
    delib_datum datum;
    size_t which;

    assert_int_equal(delib_session_step_datum(session, 1, 0, &which), DELIB_OK);
    assert_int_equal(delib_session_datum(session, which, &datum), DELIB_OK);
    assert_text(datum.name, "enfants");
    assert_int_equal(delib_session_step_datum(session, 1, 1, &which), DELIB_MISUSE);
    assert_int_equal(delib_session_step_datum(session, 2, 0, &which), DELIB_MISUSE);
    assert_int_equal(delib_session_step_datum(session, 9, 0, &which), DELIB_MISUSE);
}

static void test_details(void **state)
{
    delib_program *program = compile(NULL);
    delib_session *session = open_session(program, 0, 1);
    delib_step_detail detail;
    delib_row row;

    (void)state;
    assert_int_equal(delib_session_step_detail(session, 0, &detail), DELIB_MISUSE);
    assert_int_equal(delib_session_set_text(session, "qf", "450"), DELIB_OK);
    assert_int_equal(delib_session_set_text(session, "enfants", "3"), DELIB_OK);
    assert_int_equal(evaluate(session, program, "cantine").units, 264);
    assert_int_equal(delib_session_step_count(session), 4);
    assert_int_equal(delib_session_step_detail(session, 0, &detail), DELIB_OK);
    assert_text(detail.sentence, "Le prix de départ est de 3,30 €, car « quotient familial » vaut 450 € "
                                         "(« de 300 à moins de 900 »).");
    assert_null(detail.before);
    assert_null(detail.calculation);
    assert_int_equal(detail.line, 8);
    assert_int_equal(detail.end_line, 13);
    assert_int_equal(detail.row_count, 1);
    assert_int_equal(delib_session_step_row(session, 0, 0, &row), DELIB_OK);
    assert_text(row.key, "quotient familial");
    assert_text(row.value, "450 €");
    assert_text(row.low, "300 €");
    assert_text(row.high, "900 €");
    assert_true(row.low_included && !row.high_included);
    assert_int_equal(row.line, 10);
    assert_int_equal(delib_session_step_row(session, 0, 1, &row), DELIB_MISUSE);
    assert_int_equal(delib_session_step_detail(session, 1, &detail), DELIB_OK);
    assert_text(detail.sentence, "Une réduction de 20 % s'applique, car « Enfants à charge » : 3 ou plus ; "
                                         "le prix passe de 3,30 € à 2,64 €.");
    assert_text(detail.before, "3,30 €");
    assert_text(detail.rule, "puis réduction de 20 % si enfants ≥ 3");
    assert_int_equal(delib_session_step_detail(session, 2, &detail), DELIB_OK);
    assert_int_equal(detail.effect, 0);
    assert_int_equal(delib_session_step_detail(session, 4, &detail), DELIB_MISUSE);
    check_step_data(session);
    assert_int_equal(evaluate(session, program, "effort").units, 50);
    assert_int_equal(delib_session_step_detail(session, 0, &detail), DELIB_OK);
    assert_text(detail.calculation, "0,1 % de 450 €");
    /* The numbers are those of the evaluation, whatever was given since. */
    assert_int_equal(delib_session_set_text(session, "qf", "777"), DELIB_OK);
    assert_int_equal(delib_session_step_detail(session, 0, &detail), DELIB_OK);
    assert_text(detail.calculation, "0,1 % de 450 €");
    delib_session_free(session);
    delib_program_release(program);
}

/* ---- Suppositions ---- */

static void test_suppositions(void **state)
{
    const delib_value absent = { .kind = DELIB_VALUE_ABSENT };
    delib_program *program = compile(NULL);
    delib_session *session = open_session(program, 1, 1);

    (void)state;
    assert_int_equal(evaluate_with_answer(session, program, 622).units, 330);
    assert_text(datum_named(session, "qf").origin, "API Particulier (CNAF)");
    assert_int_equal(suppose(session, "qf", "299"), DELIB_OK);
    assert_int_equal(evaluate(session, program, "cantine").units, 100);
    assert_text(datum_named(session, "qf").origin, "supposition");
    assert_text(datum_named(session, "qf").value, "299 €");
    assert_null(datum_named(session, "qf").period);
    assert_int_equal(delib_session_suppose(session, "qf", &absent), DELIB_OK);
    assert_int_equal(evaluate(session, program, "cantine").units, 500);
    assert_int_equal(suppose(session, "usager", "adulte"), DELIB_OK);
    assert_int_equal(evaluate(session, program, "cantine").units, 720);
    /* Forgotten: the answer is still there, and nothing is asked again. */
    assert_int_equal(delib_session_suppose(session, NULL, NULL), DELIB_OK);
    assert_int_equal(evaluate(session, program, "cantine").units, 330);
    assert_text(datum_named(session, "qf").origin, "API Particulier (CNAF)");
    /* Wrong ones change nothing. */
    assert_int_equal(suppose(session, "quotient", "3"), DELIB_INVALID);
    assert_true(strlen(delib_session_error(session)) > 0);
    assert_int_equal(suppose(session, "enfants", "beaucoup"), DELIB_INVALID);
    assert_int_equal(delib_session_suppose(session, "qf", NULL), DELIB_MISUSE);
    assert_int_equal(delib_session_suppose(NULL, NULL, NULL), DELIB_MISUSE);
    assert_int_equal(evaluate(session, program, "cantine").units, 330);
    /* Out of its domain: said when it is read. */
    assert_int_equal(suppose(session, "enfants", "99"), DELIB_OK);
    assert_int_equal(evaluate(session, program, "cantine").statut, DELIB_DONNEE_INVALIDE);
    delib_session_free(session);
    delib_program_release(program);
}

static void test_supposed_dates(void **state)
{
    delib_program *program = compile(NULL);
    delib_session *session = open_session(program, 0, 1);

    (void)state;
    assert_int_equal(delib_session_set_text(session, "naissance", "2024-09-16"), DELIB_OK);
    assert_int_equal(evaluate(session, program, "petit").units, 200);
    assert_int_equal(suppose(session, "date", "2027-09-16"), DELIB_OK);
    assert_int_equal(evaluate(session, program, "petit").units, 400);
    assert_int_equal(suppose(session, "date", "2027-09-15"), DELIB_OK);
    assert_int_equal(evaluate(session, program, "petit").units, 200);
    assert_int_equal(suppose(session, "naissance", "2020-01-01"), DELIB_OK);
    assert_int_equal(evaluate(session, program, "petit").units, 400);
    assert_int_equal(delib_session_suppose(session, NULL, NULL), DELIB_OK);
    assert_int_equal(evaluate(session, program, "petit").units, 200);
    delib_session_free(session);
    delib_program_release(program);
}

/* ---- Curves ---- */

static void test_curve_after_an_answer(void **state)
{
    delib_program *program = compile(NULL);
    delib_session *session = open_session(program, 1, 1);
    delib_segment segment;
    delib_curve curve;
    delib_step step;

    (void)state;
    assert_int_equal(delib_session_curve(session, "qf", &curve), DELIB_MISUSE);
    evaluate_with_answer(session, program, 622);
    assert_int_equal(delib_session_curve(session, "qf", &curve), DELIB_OK);
    assert_true(curve.ordered && curve.proven);
    assert_text(curve.here.text, "622 €");
    assert_text(curve.below.text, "299 €");
    assert_text(curve.below.distance, "323 €");
    assert_int_equal(curve.below.result.units, 100);
    assert_null(curve.above.text);         /* two rows of one price are one segment */
    assert_int_equal(curve.segment_count, 2);
    assert_int_equal(delib_session_segment(session, 1, &segment), DELIB_OK);
    assert_true(segment.constant && segment.current && !segment.unknown);
    assert_int_equal(delib_session_segment(session, 2, &segment), DELIB_MISUSE);
    assert_int_equal(delib_session_request_count(session), 0);
    /* Answers that have no order. */
    assert_int_equal(delib_session_curve(session, "usager", &curve), DELIB_OK);
    assert_false(curve.ordered);
    assert_int_equal(curve.segment_count, 2);
    assert_int_equal(delib_session_segment(session, 1, &segment), DELIB_OK);
    assert_text(segment.from.text, "adulte");
    assert_int_equal(segment.from.result.units, 720);
    /* The explanation of the family is untouched. */
    assert_int_equal(delib_session_step(session, 0, &step), DELIB_OK);
    assert_text(step.amount, "3,30 €");
    assert_text(datum_named(session, "qf").value, "622 €");
    delib_session_free(session);
    delib_program_release(program);
}

static void test_curve_of_a_formula(void **state)
{
    delib_program *program = compile(NULL);
    delib_session *session = open_session(program, 0, 1);
    delib_curve curve;

    (void)state;
    assert_int_equal(delib_session_set_text(session, "qf", "1000"), DELIB_OK);
    assert_int_equal(evaluate(session, program, "effort").units, 100);
    assert_int_equal(delib_session_curve(session, "qf", &curve), DELIB_OK);
    assert_int_equal(curve.below.result.units, 99);
    assert_int_equal(curve.above.result.units, 101);
    assert_int_equal(curve.segment_count, 3);
    delib_session_free(session);
    delib_program_release(program);
}

/* Nothing is said of what was not read, is not known, or has no values to list. */
static void test_curve_refusals(void **state)
{
    static const char *const UNREAD[] = { "qf", "enfants", "naissance", "inconnue", "date" };
    delib_program *program = compile(NULL);
    delib_session *session = open_session(program, 0, 1), *silent = open_session(program, 0, 0);
    delib_curve curve;

    (void)state;
    assert_int_equal(delib_session_set_text(session, "usager", "adulte"), DELIB_OK);
    assert_int_equal(delib_session_set_text(session, "qf", "622"), DELIB_OK);
    evaluate(session, program, "cantine");
    for (size_t i = 0; i < sizeof UNREAD / sizeof *UNREAD; i++) {
        assert_int_equal(delib_session_curve(session, UNREAD[i], &curve), DELIB_INVALID);
        assert_null(curve.here.text);
        assert_null(strstr(delib_session_error(session), "622"));
    }
    assert_int_equal(delib_session_curve(session, NULL, &curve), DELIB_MISUSE);
    assert_int_equal(delib_session_set_text(silent, "qf", "622"), DELIB_OK);
    evaluate(silent, program, "cantine");
    assert_int_equal(delib_session_curve(silent, "qf", &curve), DELIB_MISUSE);
    delib_session_free(session);
    delib_session_free(silent);
    delib_program_release(program);
}

/* The other answer needs a source that was not asked: it is said, and no amount is invented. */
static void test_curve_not_known(void **state)
{
    delib_program *program = compile(NULL);
    delib_session *session = open_session(program, 1, 1);
    delib_segment segment;
    delib_curve curve;

    (void)state;
    assert_int_equal(delib_session_set_text(session, "usager", "adulte"), DELIB_OK);
    assert_int_equal(evaluate(session, program, "cantine").units, 720);
    assert_int_equal(delib_session_curve(session, "usager", &curve), DELIB_OK);
    assert_false(curve.proven);
    assert_int_equal(delib_session_segment(session, 0, &segment), DELIB_OK);
    assert_non_null(segment.unknown);
    assert_int_equal(segment.from.result.statut, DELIB_A_COMPLETER);
    delib_session_free(session);
    delib_program_release(program);
}

/* ---- Memory ---- */

static delib_status use_all(delib_session *session, delib_program *program)
{
    delib_step_detail detail;
    delib_result result;
    delib_curve curve;
    delib_row row;
    delib_status status = delib_session_set_text(session, "qf", "1000");

    if (status == DELIB_OK)
        status = suppose(session, "enfants", "3");
    if (status == DELIB_OK)
        status = delib_evaluate(session, delib_program_tariff(program, "effort"), &result);
    if (status == DELIB_OK)
        status = delib_session_step_detail(session, 0, &detail);
    if (status == DELIB_OK)
        status = delib_evaluate(session, delib_program_tariff(program, "cantine"), &result);
    if (status == DELIB_OK)
        status = delib_session_step_row(session, 0, 0, &row);
    if (status == DELIB_OK)
        status = delib_session_curve(session, "qf", &curve);
    if (status == DELIB_OK)
        status = delib_session_curve(session, "enfants", &curve);
    if (status == DELIB_OK)
        assert_int_equal(curve.segment_count, 2);
    return status;
}

static void test_memory_refused(void **state)
{
    struct failing_memory memory = { 0 };
    delib_options options = DELIB_OPTIONS_INIT;
    delib_session_options session_options = DELIB_SESSION_OPTIONS_INIT;
    delib_program *program;
    size_t refused = 0;

    (void)state;
    options.resize = failing_resize;
    options.resize_context = &memory;
    program = compile(&options);
    session_options.ask_sources = 0;
    for (size_t nth = 1;; nth++) {
        size_t live = memory.live;
        delib_session *session = NULL;
        delib_status status;
        bool fired;

        memory.refuse_at = memory.requests + nth;
        status = delib_session_new(program, &session_options, &session);
        if (status == DELIB_OK)
            status = use_all(session, program);
        fired = memory.requests >= memory.refuse_at;
        memory.refuse_at = 0;
        assert_int_equal(status, fired ? DELIB_NO_MEMORY : DELIB_OK);
        delib_session_free(session);
        assert_int_equal(memory.live, live);
        refused += fired;
        if (!fired)
            break;
    }
    assert_true(refused > 5);
    delib_program_release(program);
    assert_int_equal(memory.live, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_details),
        cmocka_unit_test(test_suppositions),
        cmocka_unit_test(test_supposed_dates),
        cmocka_unit_test(test_curve_after_an_answer),
        cmocka_unit_test(test_curve_of_a_formula),
        cmocka_unit_test(test_curve_refusals),
        cmocka_unit_test(test_curve_not_known),
        cmocka_unit_test(test_memory_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
