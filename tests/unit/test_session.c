/*
 * Sessions as a host drives them: dates, the tariff that a datum names, other results, periods and answers of sources,
 * calls, results that do not fit, memory that runs out and comes back.
 */
#include "runtime/delib.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* ---- Programs and sessions ---- */

static delib_program *compile_with(const delib_options *options, const char *text)
{
    const delib_source source = { "acte.delib", text, strlen(text) };
    delib_engine *engine;
    delib_program *program;
    delib_diagnostic d;

    assert_int_equal(delib_engine_new(options, &engine), DELIB_OK);
    if (delib_compile(engine, &source, NULL, NULL, &program) != DELIB_OK) {
        assert_int_equal(delib_program_diagnostic(program, 0, &d), DELIB_OK);
        fail_msg("%s", d.printed);
    }
    delib_engine_free(engine);
    return program;
}

static delib_session *open_with(delib_program *program, delib_session_options options)
{
    delib_session *session;

    assert_int_equal(delib_session_new(program, &options, &session), DELIB_OK);
    delib_program_release(program);              /* the session keeps it */
    return session;
}

/* A session on that text, its sources asked or not. */
static delib_session *open_text(const char *text, int ask)
{
    delib_session_options options = DELIB_SESSION_OPTIONS_INIT;

    options.ask_sources = ask;
    options.date = "2026-09-15";
    return open_with(compile_with(NULL, text), options);
}

static delib_program *program_of(delib_session *session)
{
    delib_session_context context;

    assert_int_equal(delib_session_describe(session, &context), DELIB_OK);
    return context.program;
}

static delib_result evaluate(delib_session *session, const char *tariff)
{
    delib_result result;

    assert_int_equal(delib_evaluate(session, delib_program_tariff(program_of(session), tariff), &result), DELIB_OK);
    return result;
}

static void give(delib_session *session, const char *name, const char *text)
{
    assert_int_equal(delib_session_set_text(session, name, text), DELIB_OK);
}

/* Hard spaces are written as spaces here. */
static void assert_text(const char *found, const char *expected)
{
    char plain[400];
    size_t n = 0;

    assert_non_null(found);
    for (const char *c = found; *c && n + 1 < sizeof plain; c++) {
        const int hard = (unsigned char)c[0] == 0xC2 && (unsigned char)c[1] == 0xA0;

        plain[n++] = hard ? ' ' : *c;
        c += hard;
    }
    plain[n] = '\0';
    assert_string_equal(plain, expected);
}

/* ---- Dates ---- */

static const char DATED[] = "entrée naissance : date\n"
                            "tarif jeune en €\n"
                            "  prix selon âge(naissance)\n"
                            "    moins de 3 ans : 1 €\n"
                            "    3 ans et plus  : 2 €\n"
                            "  fin\n"
                            "fin\n"
                            "tarif tard en €\n"
                            "  prix selon âge(naissance ; aujourd'hui)\n"
                            "    moins de 3 ans : 1 €\n"
                            "    3 ans et plus  : 2 €\n"
                            "  fin\n"
                            "fin\n"
                            "tarif versions en €\n"
                            "  applicable du 1er septembre 2025 au 31 août 2026\n"
                            "  prix 2 €\n"
                            "fin\n"
                            "tarif versions en €\n"
                            "  applicable à compter du 1er septembre 2026\n"
                            "  prix 3 €\n"
                            "fin\n";

static void test_dates_of_options(void **state)
{
    static const char *const WRONG[] = { "2026-02-30", "demain", "15/9", "2026-09-15T10:00" };
    delib_session_options options = DELIB_SESSION_OPTIONS_INIT;
    delib_program *program = compile_with(NULL, DATED);
    delib_session *session;

    (void)state;
    assert_int_equal(delib_session_new(program, &options, NULL), DELIB_MISUSE);
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        options.date = WRONG[i];
        options.today = NULL;
        assert_int_equal(delib_session_new(program, &options, &session), DELIB_INVALID);
        assert_null(session);
        options.date = "2026-09-15";
        options.today = WRONG[i];
        assert_int_equal(delib_session_new(program, &options, &session), DELIB_INVALID);
    }
    options.date = options.today = "";               /* as a form leaves them */
    session = open_with(program, options);
    give(session, "naissance", "2024-01-01");
    assert_int_equal(evaluate(session, "versions").statut, DELIB_A_COMPLETER);
    delib_session_free(session);
}

/* Without a date, the date itself is what is missing, and a question like the others. */
static void test_missing_date(void **state)
{
    delib_session_options options = DELIB_SESSION_OPTIONS_INIT;
    delib_session *session = open_with(compile_with(NULL, DATED), options);
    delib_question question;
    delib_result result;

    (void)state;
    give(session, "naissance", "2024-01-01");
    for (int i = 0; i < 2; i++) {
        const delib_tariff tariff = delib_program_tariff(program_of(session), i ? "jeune" : "versions");

        assert_int_equal(delib_session_explore(session, tariff), DELIB_OK);
        assert_int_equal(delib_session_question_count(session), 1);
        assert_int_equal(delib_session_question(session, 0, &question), DELIB_OK);
        assert_string_equal(question.name, "date");
        assert_string_equal(question.label, "date du service");
        assert_string_equal(question.type, "une date");
        assert_int_equal(delib_evaluate(session, tariff, &result), DELIB_OK);
        assert_int_equal(result.statut, DELIB_A_COMPLETER);
        assert_int_equal(delib_session_missing_count(session), 1);
        assert_string_equal(delib_session_missing(session, 0), "date");
        assert_string_equal(delib_session_missing_label(session, 0), "date du service");
        assert_null(delib_session_missing(session, 1));
        assert_null(delib_session_missing_label(session, 1));
    }
    give(session, "date", "2026-09-15");
    assert_int_equal(evaluate(session, "jeune").units, 100);
    assert_int_equal(evaluate(session, "versions").units, 300);
    assert_int_equal(delib_session_question(session, 0, NULL), DELIB_MISUSE);
    delib_session_reset(session);                    /* the dates of the options are back: none */
    assert_int_equal(evaluate(session, "versions").statut, DELIB_A_COMPLETER);
    delib_session_free(session);
}

/* Everything that is missing is said at once. */
static void test_several_missing(void **state)
{
    delib_session *session = open_text("entrée a : entier de 1 à 9 « Âge »\nentrée b : entier de 1 à 9\n"
                                       "tarif t en €\n  prix 1 € × a × b\nfin\n", 0);

    (void)state;
    assert_text(evaluate(session, "t").reason, "il manque : « Âge », « b »");
    assert_int_equal(delib_session_missing_count(session), 2);
    assert_string_equal(delib_session_missing_label(session, 0), "Âge");
    give(session, "a", "2");
    assert_text(evaluate(session, "t").reason, "il manque « b »");
    assert_int_equal(delib_session_set_text(session, "bb", "1"), DELIB_INVALID);
    assert_text(delib_session_error(session), "cet acte ne demande aucune donnée « bb » ; vouliez-vous dire « b » ?");
    delib_session_free(session);
}

static void test_dates_given(void **state)
{
    const delib_value number = { .kind = DELIB_VALUE_NUMBER, .units = 2026 };
    delib_session *session = open_text(DATED, 0);
    delib_session_context context;

    (void)state;
    give(session, "naissance", "2024-01-01");
    assert_int_equal(evaluate(session, "tard").units, 100);
    give(session, "aujourd'hui", "2030-01-01");
    assert_int_equal(evaluate(session, "tard").units, 200);
    assert_int_equal(evaluate(session, "jeune").units, 100);
    assert_int_equal(delib_session_set(session, "date", &number), DELIB_INVALID);
    assert_text(delib_session_error(session), "« date » : une date (AAAA-MM-JJ) est attendue");
    assert_int_equal(delib_session_set_text(session, "date", NULL), DELIB_INVALID);
    assert_int_equal(delib_session_set_text(session, "date", "hier"), DELIB_INVALID);
    assert_int_equal(delib_session_describe(session, &context), DELIB_OK);
    assert_string_equal(context.date, "2026-09-15");
    assert_string_equal(context.today, "2030-01-01");
    assert_int_equal(delib_session_describe(NULL, &context), DELIB_MISUSE);
    assert_int_equal(delib_session_describe(session, NULL), DELIB_MISUSE);
    delib_session_free(session);
}

/* « What if it were that day »: both dates come back when suppositions are forgotten. */
static void test_supposed_today(void **state)
{
    const delib_value later = { .kind = DELIB_VALUE_TEXT, .text = "2030-01-01" };
    const delib_value wrong = { .kind = DELIB_VALUE_TEXT, .text = "un jour" };
    delib_session *session = open_text(DATED, 0);

    (void)state;
    assert_int_equal(delib_session_suppose(session, NULL, NULL), DELIB_OK);      /* nothing to forget */
    give(session, "naissance", "2024-01-01");
    assert_int_equal(delib_session_suppose(session, "aujourd'hui", &wrong), DELIB_INVALID);
    assert_int_equal(delib_session_suppose(session, "aujourd'hui", &later), DELIB_OK);
    assert_int_equal(evaluate(session, "tard").units, 200);
    assert_int_equal(delib_session_suppose(session, "date", &later), DELIB_OK);
    assert_int_equal(evaluate(session, "jeune").units, 200);
    assert_int_equal(delib_session_suppose(session, NULL, NULL), DELIB_OK);
    assert_int_equal(evaluate(session, "tard").units, 100);
    assert_int_equal(evaluate(session, "jeune").units, 100);
    delib_session_free(session);
}

/* ---- The tariff that a datum names; other results ---- */

static const char SEVERAL[] = "énumération lieu : commune ; extérieur\n"
                              "énumération service\n"
                              "  déjeuner « Déjeuner » par repas\n"
                              "  garde « Garde » par heure et par enfant\n"
                              "  sortie « Sortie »\n"
                              "fin\n"
                              "entrée prestation : tarif\n"
                              "entrée lieu : lieu par défaut commune\n"
                              "entrée service : service par défaut déjeuner\n"
                              "entrée autre : service par défaut garde\n"
                              "entrée n : entier de 0 à 1 000 000\n"
                              "tarif cantine en €\n"
                              "  prix 2 € × n\n"
                              "  résultat part « Part de la commune » en € = 1 € × n\n"
                              "  résultat taux en % = 12,5 %\n"
                              "  résultat commune_de = lieu\n"
                              "  résultat local = lieu = commune\n"
                              "  résultat jour = date\n"
                              "fin\n"
                              "tarif garde en €\n"
                              "  prix 3 €\n"
                              "fin\n"
                              "tarif énorme en €\n"
                              "  prix 1 €\n"
                              "  résultat total en € = n × n × n × n × 1 000 000 €\n"
                              "fin\n"
                              "tarif accueil en € par service\n"
                              "  prix selon service\n"
                              "    déjeuner : 3 €\n"
                              "    autres   : 2 €\n"
                              "  fin\n"
                              "fin\n"
                              "tarif fixe en € par service\n"
                              "  prix 3 €\n"
                              "fin\n";

static void test_tariff_named_by_a_datum(void **state)
{
    delib_session *session = open_text(SEVERAL, 0);
    delib_question question;
    delib_result result;
    delib_datum datum;

    (void)state;
    assert_int_equal(delib_session_explore(session, delib_program_tariff(program_of(session), NULL)), DELIB_OK);
    assert_int_equal(delib_session_question_count(session), 1);
    assert_int_equal(delib_session_question(session, 0, &question), DELIB_OK);
    assert_string_equal(question.name, "prestation");
    assert_int_equal(question.choice_count, 5);
    result = evaluate(session, NULL);
    assert_int_equal(result.statut, DELIB_A_COMPLETER);
    assert_text(result.reason, "il manque « prestation »");
    give(session, "prestation", "GARDE");
    assert_int_equal(delib_session_explore(session, delib_program_tariff(program_of(session), NULL)), DELIB_OK);
    assert_int_equal(delib_session_question_count(session), 0);
    result = evaluate(session, NULL);
    assert_int_equal(result.units, 300);
    assert_string_equal(result.tariff, "garde");
    assert_int_equal(delib_session_set_text(session, "prestation", "piscine"), DELIB_INVALID);
    give(session, "prestation", "cantine");
    give(session, "n", "4");
    assert_int_equal(evaluate(session, NULL).units, 800);
    assert_int_equal(delib_session_datum(session, 0, &datum), DELIB_OK);
    assert_string_equal(datum.name, "n");
    assert_null(delib_program_tariff_name(program_of(session), delib_program_tariff(program_of(session), NULL)));
    delib_session_free(session);
}

static void test_other_results(void **state)
{
    static const struct { const char *name, *label, *text; int64_t units; unsigned scale; } EXPECTED[] = {
        { "part", "Part de la commune", NULL, 400, 2 }, { "taux", "taux", NULL, 125, 1 },
        { "commune_de", "commune_de", "commune", 0, 0 },{ "local", "local", "oui", 0, 0 },
        { "jour", "jour", "15 septembre 2026", 0, 0 },
    };
    delib_session *session = open_text(SEVERAL, 0);
    delib_result result;
    const char *label;

    (void)state;
    give(session, "n", "4");
    evaluate(session, "cantine");
    assert_int_equal(delib_session_output_count(session), 5);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(delib_session_output(session, i, &result, &label), DELIB_OK);
        assert_string_equal(result.tariff, EXPECTED[i].name);
        assert_string_equal(label, EXPECTED[i].label);
        assert_int_equal(result.units, EXPECTED[i].units);
        assert_int_equal(result.scale, EXPECTED[i].scale);
        if (EXPECTED[i].text)
            assert_text(result.text, EXPECTED[i].text);
        else
            assert_null(result.text);
        /* asked for by its own name */
        result = evaluate(session, EXPECTED[i].name);
        assert_int_equal(result.units, EXPECTED[i].units);
        assert_int_equal(delib_session_output_count(session), 0);
        assert_string_equal(
            delib_program_tariff_name(program_of(session), delib_program_tariff(program_of(session), EXPECTED[i].name)),
            EXPECTED[i].name);
        evaluate(session, "cantine");
    }
    assert_int_equal(delib_session_output(session, 0, &result, NULL), DELIB_OK);
    assert_int_equal(delib_session_output(session, 5, &result, &label), DELIB_MISUSE);
    assert_int_equal(delib_session_output(session, 0, NULL, &label), DELIB_MISUSE);
    assert_int_equal(delib_session_output(NULL, 0, &result, &label), DELIB_MISUSE);
    assert_int_equal(delib_session_output_count(NULL), 0);
    assert_int_equal(delib_session_explore(session, delib_program_tariff(program_of(session), "part")), DELIB_OK);
    assert_int_equal(delib_session_question_count(session), 0);
    delib_session_free(session);
}

/* Never a wrong cent: what does not fit is told, even when the price itself does. */
static void test_results_that_do_not_fit(void **state)
{
    delib_session *session = open_text(SEVERAL, 0);
    delib_result result;

    (void)state;
    give(session, "n", "100");
    assert_int_equal(delib_evaluate(session, delib_program_tariff(program_of(session), "énorme"), &result), DELIB_OK);
    assert_int_equal(delib_session_output(session, 0, &result, NULL), DELIB_OK);
    assert_int_equal(result.units, INT64_C(10000000000000000));
    give(session, "n", "1000000");
    assert_int_equal(delib_evaluate(session, delib_program_tariff(program_of(session), "énorme"), &result),
                     DELIB_LIMIT);
    assert_int_equal(delib_evaluate(session, delib_program_tariff(program_of(session), "total"), &result), DELIB_LIMIT);
    delib_session_free(session);
}

/* « en € par service »: the unit is that of the service asked for. */
static void test_unit_of_a_choice(void **state)
{
    static const struct { const char *service, *unit; } EXPECTED[] = {
        { "déjeuner", "€ par repas" }, { "garde", "€ par heure et par enfant" }, { "sortie", "€ par service" },
    };
    delib_session *session = open_text(SEVERAL, 0);

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        give(session, "service", EXPECTED[i].service);
        assert_text(evaluate(session, "accueil").unit, EXPECTED[i].unit);
    }
    assert_text(evaluate(session, "fixe").unit, "€ par service");        /* no service was read */
    assert_int_equal(delib_session_set(session, "service", &(delib_value){ .kind = DELIB_VALUE_ABSENT }), DELIB_OK);
    assert_int_equal(evaluate(session, "accueil").statut, DELIB_A_COMPLETER);
    assert_text(evaluate(session, "accueil").unit, "€ par service");
    delib_session_free(session);
}

/* ---- Sources ---- */

static const char ASKED[] =
    "entrée jour : date par défaut 1er mars 2026\n"
    "entrée lieu : oui_non par défaut oui\n"
    "source foyer « foyer fiscal » : api_impot_particulier.derniere_situation(demandeur)\n"
    "source conjoint « foyer du conjoint » : api_impot_particulier.derniere_situation(conjoint)\n"
    "source qf « quotient » : api_particulier.quotient_familial(demandeur ; date)\n"
    "  à défaut, sur justificatif « attestation »\n"
    "source mars « quotient de mars » : api_particulier.quotient_familial(demandeur ; 1er mars 2026)\n"
    "source ce_mois « quotient de ce mois » : api_particulier.quotient_familial(demandeur ; aujourd'hui)\n"
    "tarif impôts en €\n"
    "  prix 1 % de (foyer.revenu_fiscal / foyer.parts en € par mois)\n"
    "    non communiqué : 5 €\n"
    "  puis supplément de 1 € si conjoint.parts > 2\n"
    "    non communiqué : sans effet\n"
    "  puis plafond 50 €\n"
    "  puis arrondi au centime\n"
    "fin\n"
    "tarif mois en €\n"
    "  prix 1 % de (qf + mars + ce_mois)\n"
    "    non communiqué : 5 €\n"
    "  puis arrondi au centime\n"
    "fin\n"
    "tarif un_mois en €\n"
    "  prix 1 % de qf\n"
    "    non communiqué : 5 €\n"
    "  puis arrondi au centime\n"
    "fin\n";

static delib_answer quotient_answer(delib_value field)
{
    static const char *const names[] = { "valeur" };
    static delib_value kept;
    delib_answer answer = { .size = sizeof answer, .kind = DELIB_ANSWER_VALUE };

    kept = field;
    answer.record = (delib_value){ .kind = DELIB_VALUE_RECORD, .items = &kept, .names = names, .count = 1 };
    return answer;
}

/* One call per function, subject and month, whatever the number of fields and of sources. */
static void test_calls(void **state)
{
    delib_session *session = open_text(ASKED, 1);
    delib_call call;

    (void)state;
    assert_int_equal(delib_session_explore(session, delib_program_tariff(program_of(session), "impôts")), DELIB_OK);
    assert_int_equal(delib_session_question_count(session), 3);
    assert_int_equal(delib_session_call_count(session), 2);
    assert_int_equal(delib_session_call_most(session), 2);
    assert_int_equal(delib_session_call(session, 0, &call), DELIB_OK);
    assert_string_equal(call.function, "api_impot_particulier.derniere_situation");
    assert_string_equal(call.subject, "demandeur");
    assert_string_equal(call.scopes, "dgfip_rfr, dgfip_nbpart");
    assert_string_equal(call.level, "admis");
    assert_null(call.condition);
    assert_int_equal(delib_session_call(session, 1, &call), DELIB_OK);
    assert_string_equal(call.subject, "conjoint");
    assert_string_equal(call.scopes, "dgfip_nbpart");
    assert_int_equal(delib_session_call(session, 2, &call), DELIB_MISUSE);
    assert_int_equal(delib_session_call(session, 0, NULL), DELIB_MISUSE);
    assert_int_equal(delib_session_explore(session, delib_program_tariff(program_of(session), "mois")), DELIB_OK);
    assert_int_equal(delib_session_call_count(session), 2);
    delib_session_free(session);
}

/* The month of the service, that of a written day, that of today; what was asked for one serves no other. */
static void test_periods(void **state)
{
    delib_session *session = open_text(ASKED, 1);
    delib_answer answer = quotient_answer((delib_value){ .kind = DELIB_VALUE_NUMBER, .units = 500 });
    delib_request request;
    delib_result result;
    const delib_tariff mois = delib_program_tariff(program_of(session), "mois");

    (void)state;
    give(session, "aujourd'hui", "2026-11-02");
    assert_int_equal(delib_evaluate(session, mois, &result), DELIB_PENDING);
    assert_int_equal(delib_session_request_count(session), 3);
    for (size_t i = 0; i < 3; i++) {
        static const int MONTHS[] = { 9, 3, 11 };

        assert_int_equal(delib_session_request(session, i, &request), DELIB_OK);
        assert_int_equal(request.year, 2026);
        assert_int_equal(request.month, MONTHS[i]);
    }
    assert_int_equal(delib_session_request(session, 0, NULL), DELIB_MISUSE);
    assert_int_equal(delib_session_request(session, 3, &request), DELIB_MISUSE);
    while (delib_session_request(session, 0, &request) == DELIB_OK)
        assert_int_equal(delib_session_answer(session, request.id, &answer), DELIB_OK);
    assert_int_equal(delib_evaluate(session, mois, &result), DELIB_OK);
    assert_int_equal(result.units, 1500);
    give(session, "date", "2026-10-15");                 /* another month: another request */
    assert_int_equal(delib_evaluate(session, mois, &result), DELIB_PENDING);
    assert_int_equal(delib_session_request_count(session), 1);
    assert_int_equal(delib_session_request(session, 0, &request), DELIB_OK);
    assert_int_equal(request.month, 10);
    delib_session_free(session);
}

static void assert_after_answer(delib_value field, delib_statut statut, const char *reason)
{
    delib_session *session = open_text(ASKED, 1);
    delib_answer answer = quotient_answer(field);
    const delib_tariff tariff = delib_program_tariff(program_of(session), "un_mois");
    delib_request request;
    delib_result result;

    assert_int_equal(delib_evaluate(session, tariff, &result), DELIB_PENDING);
    assert_int_equal(delib_session_request(session, 0, &request), DELIB_OK);
    assert_int_equal(delib_session_answer(session, request.id, &answer), DELIB_OK);
    assert_int_equal(delib_session_answer(session, request.id, &answer), DELIB_MISUSE);          /* once */
    assert_int_equal(delib_session_answer(session, request.id + 1, &answer), DELIB_MISUSE);
    assert_int_equal(delib_evaluate(session, tariff, &result), DELIB_OK);
    assert_int_equal(result.statut, statut);
    assert_text(result.reason, reason);
    delib_session_free(session);
}

/* An answer that is no value: the family declares it, and is told why. */
static void test_answers_without_a_value(void **state)
{
    (void)state;
    assert_after_answer((delib_value){ .kind = DELIB_VALUE_TEXT, .text = "cinq cents" }, DELIB_A_COMPLETER,
                        "il manque « quotient » (la réponse de la source n'a pas la forme attendue)");
    assert_after_answer((delib_value){ .kind = DELIB_VALUE_NOT_GRANTED }, DELIB_A_COMPLETER,
                        "il manque « quotient » (la donnée n'est pas accordée par l'habilitation)");
    assert_after_answer((delib_value){ .kind = DELIB_VALUE_ABSENT }, DELIB_A_COMPLETER,
                        "il manque « quotient » (la source ne connaît pas cette donnée)");
    assert_after_answer((delib_value){ .kind = DELIB_VALUE_ABSENT, .text = "hors de son département" },
                        DELIB_A_COMPLETER, "il manque « quotient » (hors de son département)");
}

/* Once a source has failed, what its clauses read is asked; before, nobody is asked for that case. */
static void test_questions_after_a_failure(void **state)
{
    static const char TEXT[] =
        "entrée revenu : montant de 0 € à 1 000 €\n"
        "entrée reste : montant de 0 € à 1 000 €\n"
        "source qf « quotient » : api_particulier.quotient_familial(demandeur)\n"
        "source rsa « RSA » : api_particulier.rsa(demandeur)\n"
        "  source indisponible : 7 €\n"
        "tarif ligne en €\n"
        "  prix selon qf\n"
        "    moins de 300        : 1 €\n"
        "    300 et plus         : 3 €\n"
        "    non communiqué      : 3 €\n"
        "    source indisponible : revenu\n"
        "  fin\n"
        "  puis supplément de reste\n"
        "fin\n"
        "tarif formule en €\n"
        "  prix 1 % de qf\n"
        "    non communiqué : 3 €\n"
        "    source indisponible : revenu\n"
        "  puis supplément de reste\n"
        "  puis arrondi au centime\n"
        "fin\n"
        "tarif étape en €\n"
        "  prix 10 €\n"
        "  puis supplément de 1 € si qf < 300\n"
        "    non communiqué : 3 €\n"
        "    source indisponible : revenu\n"
        "  puis supplément de reste\n"
        "fin\n"
        "tarif exception en €\n"
        "  prix 10 €\n"
        "  exception x si qf < 300 : 5 €\n"
        "    non communiqué : 3 €\n"
        "    source indisponible : revenu\n"
        "  puis supplément de reste\n"
        "fin\n"
        "tarif donnée en €\n"
        "  prix selon rsa\n"
        "    oui : 1 €\n"
        "    non : 2 €\n"
        "    non communiqué : 3 €\n"
        "  fin\n"
        "  puis supplément de reste\n"
        "fin\n"
        "tarif rien en €\n"
        "  prix selon qf\n"
        "    moins de 300   : 1 €\n"
        "    300 et plus    : 3 €\n"
        "    non communiqué : 3 €\n"
        "  fin\n"
        "  puis supplément de reste\n"
        "fin\n";
    static const struct { const char *tariff, *questions; delib_statut statut; int64_t units; } EXPECTED[] = {
        { "ligne", "revenu reste ", DELIB_CALCULE, 700 },     { "formule", "revenu reste ", DELIB_CALCULE, 700 },
        { "étape", "revenu reste ", DELIB_CALCULE, 1700 },    { "exception", "revenu reste ", DELIB_CALCULE, 700 },
        { "donnée", "reste ", DELIB_CALCULE, 1100 },          { "rien", "", DELIB_SOURCE_INDISPONIBLE, 0 },
    };
    const delib_answer failed = { .size = sizeof failed, .kind = DELIB_ANSWER_FAILED, .message = "en maintenance" };

    (void)state;
    for (size_t i = 0; i < sizeof EXPECTED / sizeof *EXPECTED; i++) {
        delib_session *session = open_text(TEXT, 1);
        const delib_tariff tariff = delib_program_tariff(program_of(session), EXPECTED[i].tariff);
        char asked[100] = "";
        delib_question question;
        delib_request request;
        delib_result result;

        assert_int_equal(delib_session_explore(session, tariff), DELIB_OK);
        for (size_t k = 0; delib_session_question(session, k, &question) == DELIB_OK; k++)
            assert_string_not_equal(question.name, "revenu");
        while (delib_evaluate(session, tariff, &result) == DELIB_PENDING) {
            assert_int_equal(delib_session_request(session, 0, &request), DELIB_OK);
            assert_int_equal(delib_session_answer(session, request.id, &failed), DELIB_OK);
        }
        assert_int_equal(delib_session_explore(session, tariff), DELIB_OK);
        for (size_t k = 0; delib_session_question(session, k, &question) == DELIB_OK; k++)
            if (!question.function)
                strcat(strcat(asked, question.name), " ");
        assert_string_equal(asked, EXPECTED[i].questions);
        give(session, "revenu", "3");
        give(session, "reste", "4");
        result = evaluate(session, EXPECTED[i].tariff);
        assert_int_equal(result.statut, EXPECTED[i].statut);
        assert_int_equal(result.units, EXPECTED[i].units);
        delib_session_free(session);
    }
}

/* ---- What a decision rests on ---- */

static void test_what_a_decision_rests_on(void **state)
{
    delib_session_options options = DELIB_SESSION_OPTIONS_INIT;
    const delib_value declared = { .kind = DELIB_VALUE_NUMBER, .units = 500 };
    delib_session *session, *unrecorded = open_text(ASKED, 1);
    delib_answer answer, kept;
    delib_request request;
    delib_result result;
    delib_given given;
    delib_text text;

    (void)state;
    options.record = 1;
    options.date = "2026-09-15";
    session = open_with(compile_with(NULL, ASKED), options);
    assert_int_equal(delib_session_set(session, "qf", &declared), DELIB_OK);
    assert_int_equal(delib_evaluate(session, delib_program_tariff(program_of(session), "un_mois"), &result),
                     DELIB_PENDING);
    assert_int_equal(delib_session_request(session, 0, &request), DELIB_OK);
    assert_int_equal(delib_session_answer_count(session), 0);
    answer = (delib_answer){ .size = sizeof answer, .kind = DELIB_ANSWER_VALUE,
                             .record = { .kind = DELIB_VALUE_RECORD } };                 /* nothing in it */
    assert_int_equal(delib_session_answer(session, request.id, &answer), DELIB_OK);
    assert_int_equal(evaluate(session, "un_mois").units, 500);
    assert_int_equal(delib_session_given_count(session), 1);
    assert_int_equal(delib_session_given(session, 0, &given), DELIB_OK);
    assert_string_equal(given.channel, "justificatif");
    assert_string_equal(given.category, "sociale");
    assert_int_equal(given.value->units, 500);
    assert_int_equal(delib_session_given(session, 1, &given), DELIB_MISUSE);
    assert_int_equal(delib_session_given(session, 0, NULL), DELIB_MISUSE);
    assert_int_equal(delib_session_given(NULL, 0, &given), DELIB_MISUSE);
    assert_int_equal(delib_session_given_count(NULL), 0);
    assert_int_equal(delib_session_answer_count(session), 1);
    assert_int_equal(delib_session_answered(session, 0, &request, &kept), DELIB_OK);
    assert_int_equal(kept.record.count, 0);
    assert_int_equal(delib_session_answered(session, 1, &request, &kept), DELIB_MISUSE);
    assert_int_equal(delib_session_answered(session, 0, NULL, &kept), DELIB_MISUSE);
    assert_int_equal(delib_session_answered(session, 0, &request, NULL), DELIB_MISUSE);
    assert_int_equal(delib_session_answered(NULL, 0, &request, &kept), DELIB_MISUSE);
    assert_int_equal(delib_session_answer_count(NULL), 0);
    /* the text of the rules, as it was given */
    assert_int_equal(delib_program_text_count(program_of(session)), 1);
    assert_int_equal(delib_program_text(program_of(session), 0, &text), DELIB_OK);
    assert_null(text.asked);
    assert_string_equal(text.name, "acte.delib");
    assert_string_equal(text.bytes, ASKED);
    assert_int_equal(delib_program_text(program_of(session), 1, &text), DELIB_MISUSE);
    assert_int_equal(delib_program_text(program_of(session), 0, NULL), DELIB_MISUSE);
    assert_int_equal(delib_program_text(NULL, 0, &text), DELIB_MISUSE);
    assert_int_equal(delib_program_text_count(NULL), 0);
    delib_session_free(session);
    /* nothing is kept that was not asked to be */
    assert_int_equal(delib_session_set(unrecorded, "qf", &declared), DELIB_OK);
    assert_int_equal(delib_session_given_count(unrecorded), 0);
    delib_session_free(unrecorded);
}

/* A source without « à défaut » that the host declares all the same, and « sur l'honneur ». */
static void test_channels(void **state)
{
    static const char TEXT[] = "source a : api_particulier.rsa(demandeur)\n"
                               "source b : api_particulier.c2s(demandeur)\n"
                               "  à défaut, sur l'honneur « déclaration »\n"
                               "tarif t en €\n"
                               "  prix 4 €\n"
                               "  puis réduction de 1 € si a et b\n"
                               "    non communiqué : sans effet\n"
                               "fin\n";
    delib_session_options options = DELIB_SESSION_OPTIONS_INIT;
    delib_session *session;
    delib_given given;

    (void)state;
    options.record = 1;
    options.ask_sources = 0;
    session = open_with(compile_with(NULL, TEXT), options);
    give(session, "a", "oui");
    give(session, "b", "oui");
    assert_int_equal(evaluate(session, "t").units, 300);
    assert_int_equal(delib_session_given(session, 0, &given), DELIB_OK);
    assert_string_equal(given.channel, "déclaration");
    assert_int_equal(delib_session_given(session, 1, &given), DELIB_OK);
    assert_string_equal(given.channel, "sur l'honneur");
    delib_session_free(session);
}

/* ---- Essais ---- */

static void test_essais(void **state)
{
    static const char TEXT[] = "énumération lieu : commune ; extérieur\n"
                               "entrée n : entier de 1 à 9\n"
                               "entrée lieu : lieu par défaut commune\n"
                               "entrée nom : texte facultatif\n"
                               "enregistrement élève\n"
                               "  âge : entier de 0 à 20\n"
                               "  inscrit : oui_non par défaut oui\n"
                               "fin\n"
                               "entrée élèves : liste de élève au plus 4\n"
                               "entrée notes : liste de entier au plus 4\n"
                               "tarif t en €\n"
                               "  prix 1 € × n\n"
                               "  exception neuf si n = 9 : sans objet\n"
                               "  résultat où_donc = lieu\n"
                               "fin\n"
                               "tarif listes en €\n"
                               "  prix 1 € × (nombre de notes)\n"
                               "  puis supplément de 1 € si nom est renseigné\n"
                               "fin\n"
                               "tarif fiches en €\n"
                               "  prix 1 € × (nombre de élèves tels que inscrit)\n"
                               "fin\n"
                               "tarif énorme en €\n"
                               "  prix n × n × n × n × n × n × 1 000 000 000 000 000 €\n"
                               "fin\n"
                               "essai « hors du domaine »\n"
                               "  n = 10\n"
                               "  attendu t = 10 €\n"
                               "fin\n"
                               "essai « sans objet »\n"
                               "  n = 9\n"
                               "  attendu t = sans objet\n"
                               "fin\n"
                               "essai « un code »\n"
                               "  n = 1 ; lieu = extérieur\n"
                               "  attendu où_donc = extérieur\n"
                               "fin\n"
                               "essai « trop précis »\n"
                               "  n = 1,5\n"
                               "  attendu t = 1 €\n"
                               "fin\n"
                               "essai « des listes »\n"
                               "  notes = 12 ; 15\n"
                               "  nom = « Claire »\n"
                               "  attendu listes = 3 €\n"
                               "fin\n"
                               "essai « un autre montant »\n"
                               "  n = 3\n"
                               "  attendu t = 4 €\n"
                               "fin\n"
                               "essai « des fiches »\n"
                               "  élèves =\n"
                               "    | âge | inscrit |\n"
                               "    |   3 |         |\n"
                               "    |   4 | non     |\n"
                               "  attendu fiches = 1 €\n"
                               "fin\n"
                               "essai « trop grand »\n"
                               "  n = 9\n"
                               "  attendu énorme = 1 €\n"
                               "fin\n"
                               "essais t\n"
                               "  | n | attendu    |\n"
                               "  | 2 |        2 € |\n"
                               "  | 9 |            |\n"
                               "fin\n";
    static const struct { const char *name; int passed; const char *expected, *obtained, *reason; } EXPECTED[] = {
        { "hors du domaine", 0, "10,00 €", "donnée invalide", "une valeur de l'essai est hors de son domaine" },
        { "sans objet", 1, "sans objet", "sans objet", NULL },
        { "un code", 1, "extérieur", "extérieur", NULL },
        { "trop précis", 0, "1,00 €", "donnée invalide", "une valeur de l'essai est hors de son domaine" },
        { "des listes", 1, "3,00 €", "3,00 €", NULL },
        { "un autre montant", 0, "4,00 €", "3,00 €", "le montant n'est pas celui attendu" },
        { "des fiches", 1, "1,00 €", "1,00 €", NULL },
        { "trop grand", 0, NULL, NULL, NULL },
        { "", 1, "2,00 €", "2,00 €", NULL },
        { "", 0, "non prévu", "sans objet", "le montant n'est pas celui attendu" },
    };
    delib_session *session = open_text(TEXT, 0);
    delib_essai_result essai;

    (void)state;
    assert_int_equal(delib_program_essai_count(program_of(session)), 10);
    for (size_t i = 0; i < 10; i++) {
        if (!EXPECTED[i].expected) {
            assert_int_equal(delib_session_run_essai(session, i, &essai), DELIB_LIMIT);
            continue;
        }
        assert_int_equal(delib_session_run_essai(session, i, &essai), DELIB_OK);
        assert_string_equal(essai.name, EXPECTED[i].name);
        assert_text(essai.expected, EXPECTED[i].expected);
        assert_text(essai.obtained, EXPECTED[i].obtained);
        assert_int_equal(essai.passed, EXPECTED[i].passed);
        if (EXPECTED[i].reason)
            assert_text(essai.reason, EXPECTED[i].reason);
        else
            assert_null(essai.reason);
    }
    delib_session_free(session);
}

/* ---- Memory ---- */

/* Exhausted, a session says so to every call; emptied, it serves again. */
static void test_memory_that_comes_back(void **state)
{
    static const char TEXT[] = "entrée nom : texte par défaut « x »\n"
                               "tarif t en €\n"
                               "  prix 1 €\n"
                               "  puis supplément de 1 € si nom est renseigné\n"
                               "fin\n";
    static char name[100 * 1024];
    const delib_value value = { .kind = DELIB_VALUE_TEXT, .text = "x" };
    delib_options options = DELIB_OPTIONS_INIT;
    delib_session *session;
    delib_status status = DELIB_OK;
    delib_result result;

    (void)state;
    options.memory_limit = 400 * 1024;
    session = open_with(compile_with(&options, TEXT), (delib_session_options)DELIB_SESSION_OPTIONS_INIT);
    assert_int_equal(evaluate(session, "t").units, 200);
    memset(name, 'x', sizeof name - 1);
    for (int i = 0; i < 10 && status == DELIB_OK; i++)
        status = delib_session_set_text(session, "nom", name);
    assert_int_equal(status, DELIB_NO_MEMORY);
    assert_int_equal(delib_session_set_text(session, "nom", "x"), DELIB_NO_MEMORY);
    assert_int_equal(delib_session_suppose(session, "nom", &value), DELIB_NO_MEMORY);
    assert_int_equal(delib_session_explore(session, 0), DELIB_NO_MEMORY);
    assert_int_equal(delib_evaluate(session, 0, &result), DELIB_NO_MEMORY);
    delib_session_reset(session);
    assert_int_equal(evaluate(session, "t").units, 200);
    delib_session_free(session);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dates_of_options),      cmocka_unit_test(test_missing_date),
        cmocka_unit_test(test_several_missing),       cmocka_unit_test(test_dates_given),
        cmocka_unit_test(test_supposed_today),
        cmocka_unit_test(test_tariff_named_by_a_datum), cmocka_unit_test(test_other_results),
        cmocka_unit_test(test_results_that_do_not_fit), cmocka_unit_test(test_unit_of_a_choice),
        cmocka_unit_test(test_calls),                 cmocka_unit_test(test_periods),
        cmocka_unit_test(test_answers_without_a_value), cmocka_unit_test(test_questions_after_a_failure),
        cmocka_unit_test(test_what_a_decision_rests_on),
        cmocka_unit_test(test_channels),              cmocka_unit_test(test_essais),
        cmocka_unit_test(test_memory_that_comes_back),
    };

    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
