/*
 * What an API must know of a person: the fields of each endpoint, which of them a demande gives, and requests that lack
 * one, or leave by another modality.
 */
#include "runtime/edge/edge_exchange.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define AP "api_particulier."

static delib_io_demande *read_demande(const char *text, delib_status expected)
{
    delib_io_demande *demande = NULL;

    assert_int_equal(delib_io_demande_read("d", text, strlen(text), DELIB_IO_AUTO, &demande), expected);
    return demande;
}

/* ---- The fields of an endpoint ---- */

/* « modalite.champ » of each, « ! » when it is required, « = » when it is given. */
static void write_fields(const delib_io_demande *demande, const char *function, char *out, size_t size)
{
    delib_io_identity_field field;

    out[0] = '\0';
    for (size_t i = 0; delib_io_identity(demande, "demandeur", function, i, &field) == DELIB_OK; i++) {
        const size_t used = strlen(out);

        snprintf(out + used, size - used, "%s%s.%s%s%s", used ? " " : "", field.modality, field.name,
                 field.required ? "!" : "", field.given ? "=" : "");
    }
}

static void check_fields(const char *text, const char *function, const char *expected)
{
    delib_io_demande *demande = text ? read_demande(text, DELIB_OK) : NULL;
    char fields[1000];

    write_fields(demande, function, fields, sizeof fields);
    assert_string_equal(fields, expected);
    delib_io_demande_free(demande);
}

static void each_endpoint_has_its_fields(void **state)
{
    (void)state;
    check_fields(NULL, AP "quotient_familial",
                 "identite.nom_naissance! identite.prenoms! identite.date_naissance identite.sexe! "
                 "identite.commune_naissance! identite.pays_naissance identite.nom_usage "
                 "france_connect.jeton_france_connect!");
    check_fields(NULL, AP "service_civique",
                 "identite.nom_naissance! identite.prenoms! identite.date_naissance! "
                 "france_connect.jeton_france_connect!");
    check_fields(NULL, AP "etudiant_boursier",
                 "identite.nom_naissance! identite.prenoms! identite.date_naissance! identite.sexe "
                 "identite.commune_naissance france_connect.jeton_france_connect! ine.ine!");
    check_fields(NULL, AP "eleve",
                 "identite.nom_naissance! identite.prenoms! identite.date_naissance! identite.sexe! "
                 "identite.annee_scolaire identite.code_etablissement!");
    check_fields(NULL, AP "demandeur_emploi", "identifiant.identifiant_france_travail!");
    check_fields(NULL, "api_impot_particulier.situation", "france_connect.jeton_france_connect! spi.spi!");
    check_fields(NULL, AP "quotient_familial_allocataire", "allocataire.numero_allocataire! allocataire.code_postal!");
    check_fields(NULL, AP "carte_grise", "");
}

#define LEA "demandeur:\n  nom_naissance: Martin\n  prenoms: Léa\n  sexe: F\n"

static void what_a_demande_gives_is_seen(void **state)
{
    (void)state;
    check_fields(LEA "  nom_usage: Durand\n  date_naissance: 1988\n  commune_naissance: \"75112\"\n"
                     "  jeton_france_connect: abc\n", AP "quotient_familial",
                 "identite.nom_naissance!= identite.prenoms!= identite.date_naissance= identite.sexe!= "
                 "identite.commune_naissance!= identite.pays_naissance= identite.nom_usage= "
                 "france_connect.jeton_france_connect!=");
    /* A year is a date of birth where it is enough. */
    check_fields(LEA "  date_naissance: 1988\n  pays_naissance: \"99127\"\n", AP "service_civique",
                 "identite.nom_naissance!= identite.prenoms!= identite.date_naissance! "
                 "france_connect.jeton_france_connect!");
    check_fields("demandeur: { ine: 0000000001A }\n", AP "etudiant_boursier",
                 "identite.nom_naissance! identite.prenoms! identite.date_naissance! identite.sexe "
                 "identite.commune_naissance france_connect.jeton_france_connect! ine.ine!=");
    check_fields("demandeur: { identifiant_france_travail: a }\n", AP "demandeur_emploi",
                 "identifiant.identifiant_france_travail!=");
    check_fields("demandeur: { spi: \"3000000000010\" }\n", "api_impot_particulier.situation",
                 "france_connect.jeton_france_connect! spi.spi!=");
    check_fields("demandeur: { numero_allocataire: \"0004301\", code_postal: \"31000\" }\n",
                 AP "quotient_familial_allocataire", "allocataire.numero_allocataire!= allocataire.code_postal!=");
    check_fields("conjoint: { ine: 0000000001A }\n", AP "demandeur_emploi", "identifiant.identifiant_france_travail!");
}

/* A field is given, too, by what may stand in its place. */
static void what_stands_in_place_is_seen(void **state)
{
    static const struct { const char *lines, *name; int given; } cases[] = {
        { "  commune_naissance: \"75112\"\n", "commune_naissance", 1 },
        { "  nom_commune_naissance: Paris\n  departement_naissance: \"75\"\n  date_naissance: 1988\n",
          "commune_naissance", 1 },
        { "  pays_naissance: \"99127\"\n", "commune_naissance", 1 },
        { "  annee_scolaire: \"2026\"\n", "commune_naissance", 0 },
        { "  annee_scolaire: \"2026\"\n  pays_naissance: \"99100\"\n", "commune_naissance", 0 },
        { "  code_etablissement: 0310001A\n", "code_etablissement", 1 },
        { "  annee_scolaire: \"2026\"\n  degre_etablissement: 1D\n  codes_departements: [\"031\"]\n",
          "code_etablissement", 1 },
        { "  annee_scolaire: \"2026\"\n  degre_etablissement: 1D\n  codes_regions: "
          "[\"10\"]\n", "code_etablissement", 1 },
        { "  annee_scolaire: \"2026\"\n  degre_etablissement: 1D\n", "code_etablissement", 0 },
        { "  annee_scolaire: \"2026\"\n  codes_regions: [\"10\"]\n", "code_etablissement", 0 },
        { "  annee_scolaire: \"2026\"\n", "annee_scolaire", 1 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        const char *function = strstr(cases[i].name, "commune") ? AP "quotient_familial" : AP "eleve";
        delib_io_identity_field field = { .name = "" };
        delib_io_demande *demande;
        char text[400];

        snprintf(text, sizeof text, LEA "%s", cases[i].lines);
        demande = read_demande(text, DELIB_OK);
        for (size_t at = 0; strcmp(field.name, cases[i].name) != 0; at++)
            assert_int_equal(delib_io_identity(demande, "demandeur", function, at, &field), DELIB_OK);
        if (field.given != cases[i].given)
            fail_msg("%s: %s", cases[i].lines, cases[i].name);
        assert_non_null(field.instead);
        delib_io_demande_free(demande);
    }
}

static void misuse_is_told(void **state)
{
    delib_io_identity_field field;

    (void)state;
    assert_int_equal(delib_io_identity(NULL, NULL, AP "eleve", 6, &field), DELIB_MISUSE);
    assert_int_equal(delib_io_identity(NULL, NULL, AP "eleve", 0, NULL), DELIB_MISUSE);
    assert_int_equal(delib_io_identity(NULL, NULL, AP "eleve", 0, &field), DELIB_OK);
    assert_string_equal(field.needs, "son état civil");
    assert_int_equal(field.given, 0);
}

/* ---- Requests ---- */

#define CONFIG \
    "destinataire: \"13002526500013\"\napi_particulier: { adresse: \"https://particulier.api.gouv.fr\"%s }\n" \
    "habilitations:\n  essai:\n    api_particulier: { jeton: { variable: J }%s }\n"

static delib_io_exchange *exchange_of(delib_io_config **config, delib_io_demande **demande, const char *host,
                                      const char *grant, const char *text, const char *function)
{
    const delib_request request = { .function = function, .source = "s", .label = "s", .subject = "demandeur",
                                    .finalite = "essai" };
    delib_io_exchange *exchange = NULL;
    char config_text[500];

    *demande = NULL;
    snprintf(config_text, sizeof config_text, CONFIG, host, grant);
    delib_io_config_read("c", config_text, strlen(config_text), config);
    delib_io_demande_read("d", text, strlen(text), DELIB_IO_AUTO, demande);
    assert_int_equal(delib_io_exchange_new(*config, *demande, &request, &exchange), DELIB_OK);
    return exchange;
}

static void check_lacks(const char *text, const char *function, const char *words)
{
    delib_io_config *config;
    delib_io_demande *demande;
    delib_io_exchange *exchange = exchange_of(&config, &demande, "", "", text, function);
    const delib_answer *answer = delib_io_exchange_answer(exchange);

    assert_non_null(answer);
    assert_string_equal(answer->code, "identite_incomplete");
    if (!strstr(answer->message, words))
        fail_msg("%s", answer->message);
    delib_io_exchange_free(exchange);
    delib_io_demande_free(demande);
    delib_io_config_free(config);
}

static void check_sent(const char *host, const char *grant, const char *text, const char *function, const char *part)
{
    delib_io_config *config;
    delib_io_demande *demande;
    delib_io_exchange *exchange = exchange_of(&config, &demande, host, grant, text, function);
    delib_io_http_request http;

    if (delib_io_exchange_request(exchange, &http) != DELIB_OK)
        fail_msg("%s", delib_io_exchange_answer(exchange)->message);
    if (!strstr(http.url, part))
        fail_msg("%s", http.url);
    delib_io_exchange_free(exchange);
    delib_io_demande_free(demande);
    delib_io_config_free(config);
}

/* A pupil says neither where they were born nor, with a region alone, which degree: enough for one API, not for all. */
static void what_is_lacking_is_named(void **state)
{
    (void)state;
    check_lacks(LEA "  annee_scolaire: \"2026\"\n", AP "quotient_familial", "il manque « pays_naissance »");
    check_lacks(LEA "  annee_scolaire: \"2026\"\n  pays_naissance: \"99100\"\n", AP "quotient_familial",
                "il manque « commune_naissance »");
    check_lacks(LEA "  annee_scolaire: \"2026\"\n  codes_regions: [\"10\"]\n", AP "eleve",
                "il manque « date_naissance », « degre_etablissement »");
    check_lacks(LEA "  annee_scolaire: \"2026\"\n  date_naissance: 2017-06\n  code_etablissement: 0310001A\n",
                AP "eleve", "il manque « date_naissance »");
}

/* A host that goes on with a demande at fault does not send half an identity. */
static void a_demande_at_fault_is_not_sent(void **state)
{
    (void)state;
    check_lacks("demandeur:\n  nom_naissance: Martin\n  prenoms: Léa\n  pays_naissance: \"99127\"\n",
                AP "quotient_familial", "il manque « sexe »");
    check_lacks(LEA "  nom_commune_naissance: Paris\n  date_naissance: 1988\n", AP "quotient_familial",
                "il manque « commune_naissance »");
    check_lacks(LEA "  nom_commune_naissance: Paris\n  departement_naissance: \"75\"\n", AP "quotient_familial",
                "il manque « commune_naissance »");
}

static void a_region_is_sent(void **state)
{
    (void)state;
    check_sent("", "", LEA "  date_naissance: 2017-06-02\n  annee_scolaire: \"2026\"\n  degre_etablissement: 2D\n"
                           "  codes_regions: [\"10\", \"11\"]\n", AP "eleve",
               "&degreEtablissement=2D&codesBcnRegions%5B%5D=10&codesBcnRegions%5B%5D=11&recipient=");
    /* Départements are more precise: regions beside them are not sent. */
    check_sent("", "", LEA "  date_naissance: 2017-06-02\n  annee_scolaire: \"2026\"\n  degre_etablissement: 2D\n"
                           "  codes_regions: [\"10\"]\n  codes_departements: [\"031\"]\n", AP "eleve",
               "&degreEtablissement=2D&codesBcnDepartements%5B%5D=031&recipient=");
}

static void plain_characters_stay(void **state)
{
    (void)state;
    check_sent("", "", "demandeur: { identifiant_france_travail: aZ09-._~@ }\n", AP "demandeur_emploi",
               "?identifiant=aZ09-._~%40&recipient=");
}

/* The configuration may prefer the état civil to a FranceConnect token, when it is there and the endpoint takes it. */
static void the_preferred_modality_is_used(void **state)
{
#define BOTH LEA "  pays_naissance: \"99127\"\n  jeton_france_connect: abc\n"
    (void)state;
    check_sent("", "", BOTH, AP "rsa", "/france_connect?");
    check_sent(", modalite: france_connect", "", BOTH, AP "rsa", "/france_connect?");
    check_sent(", modalite: identite", "", BOTH, AP "rsa", "/identite?");
    check_sent(", modalite: identite", "", "demandeur: { jeton_france_connect: abc }\n", AP "rsa", "/france_connect?");
}

/* One scope of the endpoint is enough; a list at fault opens what it says, not more. */
static void scopes_open_a_function(void **state)
{
    delib_io_config *config;
    delib_io_demande *demande;
    delib_io_exchange *exchange;

    (void)state;
    check_sent("", ", portees: [cnaf_enfants, "
                   "cnaf_quotient_familial]", BOTH, AP "quotient_familial", "/france_connect?");
    check_sent("", ", portees: [[x], cnaf_quotient_familial]", BOTH, AP "quotient_familial", "/france_connect?");
    exchange = exchange_of(&config, &demande, "", ", portees: []", BOTH, AP "quotient_familial");
    assert_string_equal(delib_io_exchange_answer(exchange)->code, "portee_non_accordee");
    delib_io_exchange_free(exchange);
    delib_io_demande_free(demande);
    delib_io_config_free(config);
}

/* A habilitation whose token has no place is none: nothing is asked. */
static void a_token_without_a_place_is_not_granted(void **state)
{
    static const char text[] = "destinataire: \"13002526500013\"\n"
                               "api_particulier: { adresse: \"https://particulier.api.gouv.fr\" }\n"
                               "habilitations:\n  essai:\n    api_particulier: {}\n";
    const delib_request request = { .function = AP "rsa", .source = "s", .label = "s", .subject = "demandeur",
                                    .finalite = "essai" };
    delib_io_config *config = NULL;
    delib_io_demande *demande = read_demande(BOTH, DELIB_OK);
    delib_io_exchange *exchange = NULL;

    (void)state;
    assert_int_equal(delib_io_config_read("c", text, strlen(text), &config), DELIB_INVALID);
    assert_int_equal(delib_io_exchange_new(config, demande, &request, &exchange), DELIB_OK);
    assert_int_equal(delib_io_exchange_answer(exchange)->kind, DELIB_ANSWER_REFUSED);
    assert_string_equal(delib_io_exchange_answer(exchange)->code, "habilitation_absente");
    delib_io_exchange_free(exchange);
    delib_io_demande_free(demande);
    delib_io_config_free(config);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_endpoint_has_its_fields),
        cmocka_unit_test(what_a_demande_gives_is_seen),
        cmocka_unit_test(what_stands_in_place_is_seen),
        cmocka_unit_test(misuse_is_told),
        cmocka_unit_test(what_is_lacking_is_named),
        cmocka_unit_test(a_demande_at_fault_is_not_sent),
        cmocka_unit_test(a_region_is_sent),
        cmocka_unit_test(plain_characters_stay),
        cmocka_unit_test(the_preferred_modality_is_used),
        cmocka_unit_test(scopes_open_a_function),
        cmocka_unit_test(a_token_without_a_place_is_not_granted),
    };

    return cmocka_run_group_tests_name("identities", tests, NULL, NULL);
}
