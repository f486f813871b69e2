/*
 * Where a host got a value: what the finalité of a tariff does not admit never reaches its price, directly or through
 * another tariff, and the host's word is kept for the journal.
 */
#include "runtime/delib.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char ACT[] = "entrée ressources : ressources « Ressources »\n"
                          "entrée habite : oui_non « La famille habite la commune »\n"
                          "source foyer « foyer fiscal » : api_impot_particulier.situation(demandeur)\n"
                          "tarif place en €\n"
                          "  finalité place_en_creche\n"
                          "  prix 10 €\n"
                          "  exception si ressources < 20 000 : 20 €\n"
                          "    non communiqué : sans effet\n"
                          "fin\n"
                          "tarif crèche en €\n"
                          "  finalité tarification_eaje\n"
                          "  prix 1 €\n"
                          "  exception si ressources < 20 000 : 2 €\n"
                          "    non communiqué : sans effet\n"
                          "fin\n"
                          "tarif supplément en €\n"
                          "  finalité tarification_eaje\n"
                          "  prix place\n"
                          "fin\n"
                          "tarif libre en €\n"
                          "  prix 3 €\n"
                          "  exception si ressources < 20 000 et foyer.enfants > 1 : 4 €\n"
                          "    non communiqué : sans effet\n"
                          "fin\n";

static const char FISCAL[] = "api_impot_particulier.situation";

static delib_session *open_session(delib_program **program)
{
    delib_source source = { "acte.delib", ACT, sizeof ACT - 1 };
    delib_session_options options = DELIB_SESSION_OPTIONS_INIT;
    delib_engine *engine = NULL;
    delib_session *session = NULL;

    options.ask_sources = 0;
    options.record = 1;
    assert_int_equal(delib_engine_new(NULL, &engine), DELIB_OK);
    assert_int_equal(delib_compile(engine, &source, NULL, NULL, program), DELIB_OK);
    delib_engine_free(engine);
    assert_int_equal(delib_session_new(*program, &options, &session), DELIB_OK);
    return session;
}

static delib_status give(delib_session *session, const char *name, int64_t units, const char *origin)
{
    delib_value value = { .kind = DELIB_VALUE_NUMBER, .units = units };

    return delib_session_set_from(session, name, &value, origin);
}

static delib_result evaluate(delib_session *session, delib_program *program, const char *tariff)
{
    delib_result result;

    assert_int_equal(delib_evaluate(session, delib_program_tariff(program, tariff), &result), DELIB_OK);
    return result;
}

static void a_forbidden_origin_never_makes_a_price(void **state)
{
    delib_program *program;
    delib_session *session = open_session(&program);
    delib_result result;

    (void)state;
    assert_int_equal(give(session, "ressources", 10000, FISCAL), DELIB_OK);
    result = evaluate(session, program, "crèche");
    assert_int_equal(result.statut, DELIB_DONNEE_INVALIDE);
    assert_non_null(strstr(result.reason, "provenance"));
    /* Through a tariff of another service, whose finalité admits it, the price is still that of an Eaje. */
    assert_int_equal(evaluate(session, program, "supplément").statut, DELIB_DONNEE_INVALIDE);
    assert_int_equal(evaluate(session, program, "place").units, 2000);
    assert_int_equal(evaluate(session, program, "place").statut, DELIB_CALCULE);
    delib_session_free(session);
    delib_program_release(program);
}

static void what_the_family_declares_serves_everywhere(void **state)
{
    static const char *const DECLARED[] = { NULL, "déclaration", "justificatif", "sur l'honneur", "hôte.communale" };
    delib_program *program;
    delib_session *session = open_session(&program);

    (void)state;
    for (size_t i = 0; i < sizeof DECLARED / sizeof *DECLARED; i++) {
        assert_int_equal(give(session, "ressources", 10000, DECLARED[i]), DELIB_OK);
        assert_int_equal(evaluate(session, program, "crèche").statut, DELIB_CALCULE);
        assert_int_equal(evaluate(session, program, "crèche").units, 200);
    }
    /* Given again, a value has the provenance that is said last. */
    assert_int_equal(give(session, "ressources", 10000, "hôte.fiscale"), DELIB_OK);
    assert_int_equal(evaluate(session, program, "crèche").statut, DELIB_DONNEE_INVALIDE);
    delib_session_reset(session);
    assert_int_equal(give(session, "ressources", 10000, NULL), DELIB_OK);
    assert_int_equal(evaluate(session, program, "crèche").statut, DELIB_CALCULE);
    delib_session_free(session);
    delib_program_release(program);
}

/* That a datum is absent tells something too, and where it was learnt counts. */
static void an_absence_has_an_origin(void **state)
{
    delib_value absent = { .kind = DELIB_VALUE_ABSENT };
    delib_program *program;
    delib_session *session = open_session(&program);

    (void)state;
    assert_int_equal(delib_session_set_from(session, "ressources", &absent, FISCAL), DELIB_OK);
    assert_int_equal(evaluate(session, program, "crèche").statut, DELIB_DONNEE_INVALIDE);
    assert_int_equal(delib_session_set_from(session, "ressources", &absent, NULL), DELIB_OK);
    assert_int_equal(evaluate(session, program, "crèche").units, 100);
    delib_session_free(session);
    delib_program_release(program);
}

static void wrong_labels_are_refused(void **state)
{
    delib_program *program;
    delib_session *session = open_session(&program);

    (void)state;
    assert_int_equal(give(session, "ressources", 10000, "api_impots.situation"), DELIB_INVALID);
    assert_non_null(strstr(delib_session_error(session), "provenance"));
    assert_int_equal(give(session, "ressources", 10000, "hôte."), DELIB_INVALID);
    assert_int_equal(give(session, "ressources", 10000, ""), DELIB_INVALID);
    assert_int_equal(give(session, "foyer.enfants", 2, "api_particulier.quotient_familial"), DELIB_INVALID);
    assert_int_equal(give(session, "foyer.enfants", 2, FISCAL), DELIB_OK);
    assert_int_equal(give(session, "ressources", 10000, FISCAL), DELIB_OK);
    /* Without a finalité, nothing is refused. */
    assert_int_equal(evaluate(session, program, "libre").units, 400);
    delib_session_free(session);
    delib_program_release(program);
}

static void the_journal_says_what_the_host_said(void **state)
{
    delib_program *program;
    delib_session *session = open_session(&program);
    delib_given given;
    delib_datum datum;

    (void)state;
    assert_int_equal(give(session, "ressources", 10000, FISCAL), DELIB_OK);
    evaluate(session, program, "place");
    assert_int_equal(delib_session_datum(session, 0, &datum), DELIB_OK);
    assert_string_equal(datum.origin, FISCAL);
    assert_int_equal(delib_session_given_count(session), 1);
    assert_int_equal(delib_session_given(session, 0, &given), DELIB_OK);
    assert_string_equal(given.channel, FISCAL);
    assert_int_equal(give(session, "ressources", 10000, NULL), DELIB_OK);
    evaluate(session, program, "place");
    assert_int_equal(delib_session_given(session, 0, &given), DELIB_OK);
    assert_string_equal(given.channel, "déclaration");
    delib_session_free(session);
    delib_program_release(program);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_forbidden_origin_never_makes_a_price),
        cmocka_unit_test(what_the_family_declares_serves_everywhere),
        cmocka_unit_test(an_absence_has_an_origin),
        cmocka_unit_test(wrong_labels_are_refused),
        cmocka_unit_test(the_journal_says_what_the_host_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
