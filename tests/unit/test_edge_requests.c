/*
 * Requests: the URL of each modality, headers, the habilitation chosen, and what is refused before any call.
 */
#include "runtime/edge/edge_exchange.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define CONFIG \
    "destinataire: \"13002526500013\"\n" \
    "api_particulier: { adresse: \"https://particulier.api.gouv.fr\" }\n" \
    "api_impot_particulier:\n  adresse: https://gw.example/impotparticulier/1.0\n" \
    "  adresse_jeton: https://gw.example/token\n" \
    "habilitations:\n" \
    "  tarification_enfance:\n" \
    "    api_particulier: { jeton: { variable: JETON_SECRET } }\n" \
    "    api_impot_particulier:\n" \
    "      identifiant: { variable: A }\n      secret: { variable: B }\n      id_teleservice: T-1\n" \
    "  tarification_eaje:\n" \
    "    api_particulier:\n      jeton: { variable: JETON_EAJE }\n" \
    "      portees: [cnav_participation_familiale_eaje_parametres_calcul]\n"

#define MARTIN \
    "date: 2026-09-15\n" \
    "demandeur:\n  nom_naissance: Martin\n  nom_usage: Durand\n  prenoms: [Claire, Anne-Lou]\n" \
    "  date_naissance: 1988-03-14\n  sexe: F\n  commune_naissance: \"75112\"\n"

#define HOST "https://particulier.api.gouv.fr"

/* ---- Helpers ---- */

struct scene {
    delib_io_config *config;
    delib_io_demande *demande;
    delib_io_exchange *exchange;
};

static void open_scene(struct scene *scene, const char *config, const char *demande, const delib_request *request,
                       int64_t now)
{
    assert_int_equal(delib_io_config_read("c", config, strlen(config), &scene->config), DELIB_OK);
    if (delib_io_demande_read("d", demande, strlen(demande), DELIB_IO_AUTO, &scene->demande) != DELIB_OK) {
        delib_diagnostic diagnostic;

        delib_io_demande_diagnostic(scene->demande, 0, &diagnostic);
        fail_msg("%s", diagnostic.printed);
    }
    assert_int_equal(edge_exchange_new(scene->config, scene->demande, request, now, &scene->exchange), DELIB_OK);
}

static void close_scene(struct scene *scene)
{
    delib_io_exchange_free(scene->exchange);
    delib_io_demande_free(scene->demande);
    delib_io_config_free(scene->config);
}

static delib_request request_for(const char *function)
{
    return (delib_request){ .function = function, .source = "s", .label = "s", .subject = "demandeur",
                            .finalite = "tarification_enfance" };
}

static void check_url(const char *demande, delib_request request, const char *url, const char *credential)
{
    struct scene scene;
    delib_io_http_request http;

    open_scene(&scene, CONFIG, demande, &request, 0);
    if (delib_io_exchange_request(scene.exchange, &http) != DELIB_OK)
        fail_msg("%s: %s", request.function, delib_io_exchange_answer(scene.exchange)->message);
    assert_string_equal(http.url, url);
    assert_string_equal(http.credential, credential);
    assert_string_equal(http.method, "GET");
    assert_null(strchr(http.logged_url, '?'));
    assert_null(strstr(http.logged_url, "Martin"));
    assert_int_equal(http.connect_timeout_ms, 5000);
    assert_int_equal(http.total_timeout_ms, 15000);
    assert_int_equal(http.body_limit, 1 << 20);
    close_scene(&scene);
}

/* Refused without a call, with this code, and a message that holds these words. */
static void check_refused(const char *demande, delib_request request, int64_t now, delib_answer_kind kind,
                          const char *code, const char *words)
{
    struct scene scene;
    delib_io_http_request http;
    const delib_answer *answer;

    open_scene(&scene, CONFIG, demande, &request, now);
    assert_int_equal(delib_io_exchange_request(scene.exchange, &http), DELIB_MISUSE);
    answer = delib_io_exchange_answer(scene.exchange);
    assert_non_null(answer);
    assert_int_equal(answer->kind, kind);
    assert_string_equal(answer->code, code);
    if (!strstr(answer->message, words))
        fail_msg("%s", answer->message);
    close_scene(&scene);
}

/* ---- URLs ---- */

static void the_identity_of_the_dss_is_whole(void **state)
{
    (void)state;
    check_url(MARTIN, request_for("api_particulier.quotient_familial"),
              HOST "/v3/dss/quotient_familial/identite?nomNaissance=Martin&nomUsage=Durand&prenoms%5B%5D=Claire"
              "&prenoms%5B%5D=Anne-Lou&anneeDateNaissance=1988&moisDateNaissance=3&jourDateNaissance=14"
              "&sexeEtatCivil=F&codeCogInseePaysNaissance=99100&codeCogInseeCommuneNaissance=75112"
              "&recipient=13002526500013", "api_particulier/tarification_enfance");
}

static void the_period_has_both_parts(void **state)
{
    delib_request request = request_for("api_particulier.quotient_familial");
    struct scene scene;
    delib_io_http_request http;

    (void)state;
    request.year = 2026;
    request.month = 2;
    open_scene(&scene, CONFIG, MARTIN, &request, 0);
    assert_int_equal(delib_io_exchange_request(scene.exchange, &http), DELIB_OK);
    assert_non_null(strstr(http.url, "&annee=2026&mois=2&recipient="));
    close_scene(&scene);
    request.month = 0;
    check_refused(MARTIN, request, 0, DELIB_ANSWER_FAILED, "periode_incomplete", "mois sans année");
    request.year = 0;
    request.month = 2;
    check_refused(MARTIN, request, 0, DELIB_ANSWER_FAILED, "periode_incomplete", "mois sans année");
}

static void texts_are_percent_encoded(void **state)
{
    (void)state;
    check_url("demandeur:\n  nom_naissance: L’Épée du Bois\n  nom_usage: l'épée du bois\n  prenoms: [Zoé]\n  sexe: "
              "F\n"
              "  date_naissance: 1990\n  nom_commune_naissance: Saint-Étienne & x=1?\n  departement_naissance: "
              "\"42\"\n",
              request_for("api_particulier.rsa"),
              HOST "/v3/dss/revenu_solidarite_active/identite?nomNaissance=L%27%C3%89p%C3%A9e%20du%20Bois"
              "&prenoms%5B%5D=Zo%C3%A9&anneeDateNaissance=1990&sexeEtatCivil=F&codeCogInseePaysNaissance=99100"
              "&nomCommuneNaissance=Saint-%C3%89tienne%20%26%20x%3D1%3F&codeCogInseeDepartementNaissance=42"
              "&recipient=13002526500013", "api_particulier/tarification_enfance");
}

static void a_birth_abroad_has_no_commune(void **state)
{
    (void)state;
    check_url("demandeur:\n  nom_naissance: Rossi\n  prenoms: Mona\n  sexe: F\n  pays_naissance: \"99127\"\n",
              request_for("api_particulier.c2s"),
              HOST "/v3/dss/complementaire_sante_solidaire/identite?nomNaissance=Rossi&prenoms%5B%5D=Mona"
              "&sexeEtatCivil=F&codeCogInseePaysNaissance=99127&recipient=13002526500013",
              "api_particulier/tarification_enfance");
}

static void each_family_of_endpoints_has_its_parameters(void **state)
{
    (void)state;
    check_url("demandeur: { identifiant_france_travail: a.b@c }\n", request_for("api_particulier.demandeur_emploi"),
              HOST "/v3/france_travail/statut/identifiant?identifiant=a.b%40c&recipient=13002526500013",
              "api_particulier/tarification_enfance");
    check_url("demandeur: { ine: 0000000001A }\n", request_for("api_particulier.etudiant"),
              HOST "/v3/mesri/statut_etudiant/ine?ine=0000000001A&recipient=13002526500013",
              "api_particulier/tarification_enfance");
    check_url("demandeur: { ine: 0000000001A }\n", request_for("api_particulier.etudiant_boursier"),
              HOST "/v5/cnous/etudiant_boursier/ine?ine=0000000001A&recipient=13002526500013",
              "api_particulier/tarification_enfance");
    check_url(MARTIN, request_for("api_particulier.etudiant"),
              HOST "/v3/mesri/statut_etudiant/identite?nomNaissance=Martin&prenoms%5B%5D=Claire&"
                   "anneeDateNaissance=1988"
              "&moisDateNaissance=3&jourDateNaissance=14&sexeEtatCivil=F&codeCogInseeCommuneNaissance=75112"
              "&recipient=13002526500013", "api_particulier/tarification_enfance");
    check_url(MARTIN, request_for("api_particulier.service_civique"),
              HOST "/v3/gip_mds/service_civique/identite?nomNaissance=Martin&prenoms%5B%5D=Claire&"
                   "prenoms%5B%5D=Anne-Lou"
              "&anneeDateNaissance=1988&moisDateNaissance=3&jourDateNaissance=14&recipient=13002526500013",
              "api_particulier/tarification_enfance");
    check_url(MARTIN, request_for("api_particulier.etudiant_boursier"),
              HOST "/v5/cnous/etudiant_boursier/identite?nomNaissance=Martin&prenoms%5B%5D=Claire"
              "&prenoms%5B%5D=Anne-Lou&anneeDateNaissance=1988&moisDateNaissance=3&jourDateNaissance=14"
              "&sexeEtatCivil=F&codeCogInseeCommuneNaissance=75112&recipient=13002526500013",
              "api_particulier/tarification_enfance");
}

#define PUPIL \
    "demandeur:\n  nom_naissance: Martin\n  prenoms: Léa\n  date_naissance: 2017-06-02\n  sexe: F\n"
#define PUPIL_URL \
    HOST "/v5/men/scolarites/identite?nomNaissance=Martin&prenoms%5B%5D=L%C3%A9a&anneeDateNaissance=2017" \
    "&moisDateNaissance=6&jourDateNaissance=2&sexeEtatCivil=F&anneeScolaire="

static void a_pupil_has_one_place_and_a_school_year(void **state)
{
    (void)state;
    check_url("date: 2026-09-15\n" PUPIL "  code_etablissement: 0310001A\n", request_for("api_particulier.eleve"),
              PUPIL_URL "2026-2027&codeEtablissement=0310001A&recipient=13002526500013",
              "api_particulier/tarification_enfance");
    check_url("date: 2027-07-31\n" PUPIL "  code_etablissement: 0310001A\n", request_for("api_particulier.eleve"),
              PUPIL_URL "2026-2027&codeEtablissement=0310001A&recipient=13002526500013",
              "api_particulier/tarification_enfance");
    check_url(PUPIL "  annee_scolaire: \"2025\"\n  codes_departements: [\"031\", \"081\"]\n  degre_etablissement: "
                    "1D\n",
              request_for("api_particulier.eleve"),
              PUPIL_URL "2025&degreEtablissement=1D&codesBcnDepartements%5B%5D=031&codesBcnDepartements%5B%5D=081"
              "&recipient=13002526500013", "api_particulier/tarification_enfance");
    check_refused(PUPIL "  annee_scolaire: \"2025\"\n", request_for("api_particulier.eleve"), 0, DELIB_ANSWER_FAILED,
                  "identite_incomplete", "« code_etablissement »");
    check_refused(PUPIL "  code_etablissement: 0310001A\n", request_for("api_particulier.eleve"), 0,
                  DELIB_ANSWER_FAILED, "identite_incomplete", "« annee_scolaire »");
}

static void france_connect_sends_no_identity(void **state)
{
    delib_request request = request_for("api_particulier.quotient_familial");

    (void)state;
    check_url(MARTIN "  jeton_france_connect: fc-SECRET\n", request,
              HOST "/v3/dss/quotient_familial/france_connect?recipient=13002526500013", "france_connect/demandeur");
    request.year = 2026;
    request.month = 8;
    check_url(MARTIN "  jeton_france_connect: fc-SECRET\n", request,
              HOST "/v3/dss/quotient_familial/france_connect?annee=2026&mois=8&recipient=13002526500013",
              "france_connect/demandeur");
}

#define LATE "  jeton_france_connect: { valeur: fc-SECRET, obtenu: 2026-09-15T10:20:30Z }\n"
#define LATE_AT 1789467630

static void a_late_france_connect_token_is_not_sent(void **state)
{
    const delib_request request = request_for("api_particulier.quotient_familial");
    struct scene scene;
    delib_io_http_request http;

    (void)state;
    check_refused("demandeur:\n" LATE, request, LATE_AT + 61, DELIB_ANSWER_FAILED, "france_connect_expire",
                  "60 secondes");
    open_scene(&scene, CONFIG, "demandeur:\n" LATE, &request, LATE_AT + 60);
    assert_int_equal(delib_io_exchange_request(scene.exchange, &http), DELIB_OK);
    close_scene(&scene);
    /* With an état civil beside it, the other modality is used. */
    open_scene(&scene, CONFIG, MARTIN LATE, &request, LATE_AT + 61);
    assert_int_equal(delib_io_exchange_request(scene.exchange, &http), DELIB_OK);
    assert_non_null(strstr(http.url, "/identite?"));
    close_scene(&scene);
}

static void the_clock_gives_the_day_that_the_demande_does_not(void)
{
    const delib_request request = request_for("api_impot_particulier.situation");
    struct scene scene;
    delib_io_http_request http;

    open_scene(&scene, CONFIG, "demandeur: { spi: \"3000000000010\" }\n", &request, LATE_AT);
    assert_int_equal(delib_io_exchange_request(scene.exchange, &http), DELIB_OK);
    assert_non_null(strstr(http.url, "/annrev/2025"));
    close_scene(&scene);
}

static void the_dgfip_is_asked_for_a_year_of_income(void **state)
{
    static const struct { const char *date; int year; const char *end; } cases[] = {
        { "2026-07-21", 0, "2024" }, { "2026-07-22", 0, "2025" }, { "2026-01-01", 0, "2024" },
        { "2026-12-31", 0, "2025" }, { "2026-12-31", 2023, "2023" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        char demande[200], url[200];
        delib_request request = request_for("api_impot_particulier.situation");
        struct scene scene;
        delib_io_http_request http;
        bool correlation = false, teleservice = false;

        request.year = cases[i].year;
        snprintf(demande, sizeof(demande), "date: %s\ndemandeur: { spi: \"3000000000010\" }\n", cases[i].date);
        snprintf(url, sizeof(url), "https://gw.example/impotparticulier/1.0/spi/3000000000010/situations/ir/"
                 "assiettes/annrev/%s", cases[i].end);
        open_scene(&scene, CONFIG, demande, &request, 0);
        assert_int_equal(delib_io_exchange_request(scene.exchange, &http), DELIB_OK);
        assert_string_equal(http.url, url);
        assert_null(strstr(http.logged_url, "3000000000010"));
        assert_string_equal(http.credential, "api_impot_particulier/tarification_enfance");
        for (size_t j = 0; j < http.header_count; j++) {
            unsigned groups = 0;

            teleservice = teleservice || strcmp(http.headers[j], "ID_Teleservice: T-1") == 0;
            if (strncmp(http.headers[j], "X-Correlation-ID: ", 18) == 0) {
                assert_int_equal(strspn(http.headers[j] + 18, "0123456789abcdef-"), 36);
                for (const char *c = http.headers[j] + 18; *c; c++)
                    groups += *c == '-';
                correlation = groups == 4;
            }
        }
        assert_true(correlation && teleservice);
        close_scene(&scene);
    }
    the_clock_gives_the_day_that_the_demande_does_not();
    check_url("demandeur: { jeton_france_connect: fc }\n", request_for("api_impot_particulier.derniere_situation"),
              "https://gw.example/impotparticulier/1.0/dernieresituation/ir/assiettes/deuxans",
              "api_impot_particulier/tarification_enfance + france_connect/demandeur");
}

/* ---- Refusals without a call ---- */

static void what_cannot_be_asked_is_said(void **state)
{
    delib_request request = request_for("api_particulier.quotient_familial");

    (void)state;
    check_refused("demandeur: { ine: 0000000001A }\n", request, 0, DELIB_ANSWER_FAILED, "modalite_impossible",
                  "son état civil ou une connexion FranceConnect");
    check_refused(MARTIN, request_for("api_particulier.demandeur_emploi"), 0, DELIB_ANSWER_FAILED,
                  "modalite_impossible", "son identifiant France Travail");
    request.subject = "conjoint";
    check_refused(MARTIN, request, 0, DELIB_ANSWER_FAILED, "personne_absente", "« conjoint »");
    check_refused("demandeur:\n  nom_naissance: Martin\n  prenoms: Claire\n  sexe: F\n  pays_naissance: \"99127\"\n",
                  request_for("api_particulier.service_civique"), 0, DELIB_ANSWER_FAILED, "identite_incomplete",
                  "« date_naissance »");
}

static void no_call_without_a_grant(void **state)
{
    delib_request request = request_for("api_particulier.quotient_familial");

    (void)state;
    request.finalite = "place_en_creche";
    check_refused(MARTIN, request, 0, DELIB_ANSWER_REFUSED, "habilitation_absente", "finalité");
    request.finalite = NULL;
    check_refused(MARTIN, request, 0, DELIB_ANSWER_REFUSED, "habilitation_absente", "finalité");
    request.finalite = "tarification_eaje";
    check_refused(MARTIN, request, 0, DELIB_ANSWER_REFUSED, "portee_non_accordee", "rien n'a été demandé");
    request.function = "api_impot_particulier.situation";
    check_refused(MARTIN, request, 0, DELIB_ANSWER_REFUSED, "habilitation_absente", "l'API Impôt particulier");
    request.function = "api_particulier.participation_familiale_eaje";
    {
        struct scene scene;
        delib_io_http_request http;

        open_scene(&scene, CONFIG, MARTIN, &request, 0);
        assert_int_equal(delib_io_exchange_request(scene.exchange, &http), DELIB_OK);
        assert_string_equal(http.credential, "api_particulier/tarification_eaje");
        close_scene(&scene);
    }
}

static void the_older_route_is_closed(void **state)
{
    static const char demande[] = "demandeur: { numero_allocataire: \"0004301\", code_postal: \"31000\" }\n";
    const delib_request request = request_for("api_particulier.quotient_familial_allocataire");
    struct scene scene;
    delib_io_http_request http;

    (void)state;
    check_refused(demande, request, 0, DELIB_ANSWER_FAILED, "service_ferme", "fermée depuis octobre 2025");
    assert_int_equal(delib_io_config_local("http://127.0.0.1:9", &scene.config), DELIB_OK);
    assert_int_equal(delib_io_demande_read("d", demande, strlen(demande), DELIB_IO_AUTO, &scene.demande), DELIB_OK);
    assert_int_equal(delib_io_exchange_new(scene.config, scene.demande, &request, &scene.exchange), DELIB_OK);
    assert_int_equal(delib_io_exchange_request(scene.exchange, &http), DELIB_OK);
    assert_string_equal(http.url, "http://127.0.0.1:9/api/v2/composition-familiale?codePostal=31000"
                                  "&numeroAllocataire=0004301");
    close_scene(&scene);
}

static void an_api_without_address_is_not_called(void **state)
{
    static const char config[] = "destinataire: \"13002526500013\"\nhabilitations:\n  tarification_enfance:\n"
                                 "    api_particulier: { jeton: { variable: A } }\n";
    const delib_request request = request_for("api_particulier.quotient_familial");
    struct scene scene;

    (void)state;
    open_scene(&scene, config, MARTIN, &request, 0);
    assert_string_equal(delib_io_exchange_answer(scene.exchange)->code, "api_non_configuree");
    close_scene(&scene);
}

static void an_unknown_function_has_no_exchange(void **state)
{
    const delib_request request = request_for("api_particulier.carte_grise");
    delib_io_exchange *exchange = NULL;
    delib_io_config *config = NULL;
    delib_io_demande *demande = NULL;

    (void)state;
    assert_int_equal(delib_io_config_local("http://127.0.0.1:9", &config), DELIB_OK);
    assert_int_equal(delib_io_demande_read("d", MARTIN, strlen(MARTIN), DELIB_IO_AUTO, &demande), DELIB_OK);
    assert_int_equal(delib_io_exchange_new(config, demande, &request, &exchange), DELIB_INVALID);
    assert_null(exchange);
    delib_io_demande_free(demande);
    delib_io_config_free(config);
}

/* ---- A host with its own HTTP stack ---- */

static void a_host_answers_by_itself(void **state)
{
    static const char body[] = "{\"data\":{\"quotient_familial\":{\"fournisseur\":\"MSA\",\"valeur\":650,"
                               "\"annee\":2026,"
                               "\"mois\":9,\"annee_calcul\":2026,\"mois_calcul\":9}},\"links\":{},\"meta\":{}}";
    const delib_request request = request_for("api_particulier.quotient_familial");
    struct scene scene;
    const delib_answer *answer;

    (void)state;
    open_scene(&scene, CONFIG, MARTIN, &request, 0);
    assert_null(delib_io_exchange_answer(scene.exchange));
    assert_int_equal(delib_io_exchange_receive(scene.exchange, 200, NULL, 0, body, strlen(body),
                                               "2026-09-15T10:20:30Z"), DELIB_OK);
    answer = delib_io_exchange_answer(scene.exchange);
    assert_int_equal(answer->kind, DELIB_ANSWER_VALUE);
    assert_string_equal(answer->provider, "MSA");
    assert_string_equal(answer->period, "2026-09");
    assert_string_equal(answer->obtained, "2026-09-15T10:20:30Z");
    assert_int_equal(delib_io_value_get(&answer->record, "valeur")->units, 650);
    assert_int_equal(delib_io_value_get(&answer->record, "enfants")->kind, DELIB_VALUE_NOT_GRANTED);
    /* One answer per request. */
    assert_int_equal(delib_io_exchange_fail(scene.exchange, DELIB_IO_DNS), DELIB_MISUSE);
    assert_int_equal(delib_io_exchange_receive(scene.exchange, 500, NULL, 0, NULL, 0, NULL), DELIB_MISUSE);
    close_scene(&scene);
}

static void each_fault_has_its_own_sentence(void **state)
{
    const delib_request request = request_for("api_particulier.quotient_familial");
    char messages[DELIB_IO_PROTOCOL + 1][200];

    (void)state;
    for (int fault = DELIB_IO_REFUSED; fault <= DELIB_IO_PROTOCOL; fault++) {
        struct scene scene;
        const delib_answer *answer;

        open_scene(&scene, CONFIG, MARTIN, &request, 0);
        assert_int_equal(delib_io_exchange_fail(scene.exchange, (delib_io_fault)fault), DELIB_OK);
        answer = delib_io_exchange_answer(scene.exchange);
        assert_int_equal(answer->kind, DELIB_ANSWER_FAILED);
        assert_null(strstr(answer->message, "Martin"));
        snprintf(messages[fault], sizeof(messages[fault]), "%s", answer->message);
        for (int other = 0; other < fault; other++)
            assert_string_not_equal(messages[other], messages[fault]);
        close_scene(&scene);
    }
    assert_non_null(strstr(messages[DELIB_IO_CONNECT_TIMEOUT], "5 s"));
    assert_non_null(strstr(messages[DELIB_IO_TOTAL_TIMEOUT], "15 s"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_identity_of_the_dss_is_whole),
        cmocka_unit_test(the_period_has_both_parts),
        cmocka_unit_test(texts_are_percent_encoded),
        cmocka_unit_test(a_birth_abroad_has_no_commune),
        cmocka_unit_test(each_family_of_endpoints_has_its_parameters),
        cmocka_unit_test(a_pupil_has_one_place_and_a_school_year),
        cmocka_unit_test(france_connect_sends_no_identity),
        cmocka_unit_test(a_late_france_connect_token_is_not_sent),
        cmocka_unit_test(the_dgfip_is_asked_for_a_year_of_income),
        cmocka_unit_test(what_cannot_be_asked_is_said),
        cmocka_unit_test(no_call_without_a_grant),
        cmocka_unit_test(the_older_route_is_closed),
        cmocka_unit_test(an_api_without_address_is_not_called),
        cmocka_unit_test(an_unknown_function_has_no_exchange),
        cmocka_unit_test(a_host_answers_by_itself),
        cmocka_unit_test(each_fault_has_its_own_sentence),
    };

    return cmocka_run_group_tests_name("requests", tests, NULL, NULL);
}
