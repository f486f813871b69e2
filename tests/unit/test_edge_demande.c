/*
 * Demandes: what is read, and the message for each field that is missing, mistyped or unknown.
 */
#include "runtime/edge/edge_demande.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- Helpers ---- */

static delib_io_demande *read_demande(const char *text, delib_status expected)
{
    delib_io_demande *demande = NULL;
    delib_status status = delib_io_demande_read("demande.yaml", text, strlen(text), DELIB_IO_AUTO, &demande);

    if (status != expected && status == DELIB_INVALID) {
        delib_diagnostic diagnostic;

        delib_io_demande_diagnostic(demande, 0, &diagnostic);
        fail_msg("%s", diagnostic.printed);
    }
    assert_int_equal(status, expected);
    return demande;
}

/* Refused, and the first diagnostic begins with these words at this line. */
static void check_refused(const char *text, const char *code, unsigned line, const char *message)
{
    delib_io_demande *demande = read_demande(text, DELIB_INVALID);
    delib_diagnostic diagnostic;

    assert_int_equal(delib_io_demande_diagnostic(demande, 0, &diagnostic), DELIB_OK);
    if (strcmp(diagnostic.code, code) != 0 || diagnostic.line != line
        || strncmp(diagnostic.message, message, strlen(message)) != 0)
        fail_msg("%s\n-> %s\ninstead of %s line %u: %s", text, diagnostic.printed, code, line, message);
    delib_io_demande_free(demande);
}

#define IDENTITY "  nom_naissance: Martin\n  prenoms: [Claire]\n  sexe: F\n"

/* ---- Reading ---- */

static void a_whole_demande_is_read(void **state)
{
    delib_io_demande *demande = read_demande(
        "tarif: cantine\ndate: 15/09/2026\naujourd_hui: 1er septembre 2026\n"
        "demandeur:\n"
        "  nom_naissance: D’Arc-Épinay\n  nom_usage: Durand\n  prenoms: [Claire, Anne, Lou, Zoé]\n"
        "  date_naissance: 14/03/1988\n  sexe: Féminin\n  commune_naissance: \"2A004\"\n"
        "  numero_allocataire: \"0004301\"\n  code_postal: \"31000\"\n"
        "  identifiant_france_travail: claire.martin\n  ine: 0000000001A\n  spi: \"3000000000010\"\n"
        "  jeton_france_connect: { valeur: abc, obtenu: 2026-09-15T10:20:30Z }\n"
        "personnes:\n  grand_père:\n    spi: \"3000000000011\"\n"
        "entrees:\n  résident: oui\n  qf: \"622.50\"\n  enfants:\n    - { âge: 4 }\n  sans_emploi: ~\n",
        DELIB_OK);
    const struct edge_subject *subject = edge_demande_subject(demande, "demandeur");

    (void)state;
    assert_string_equal(delib_io_demande_tarif(demande), "cantine");
    assert_string_equal(delib_io_demande_date(demande), "2026-09-15");
    assert_string_equal(delib_io_demande_aujourd_hui(demande), "2026-09-01");
    assert_non_null(subject);
    assert_string_equal(subject->nom_naissance, "D'Arc-Épinay");
    assert_int_equal(subject->prenom_count, 3);
    assert_string_equal(subject->prenoms[2], "Lou");
    assert_int_equal(subject->naissance.day, 14);
    assert_int_equal(subject->sexe, 'F');
    assert_string_equal(subject->pays, "99100");
    assert_string_equal(subject->jeton_france_connect, "abc");
    assert_int_equal(subject->jeton_obtenu, 1789467630);
    assert_non_null(edge_demande_subject(demande, "grand_pere"));
    assert_null(edge_demande_subject(demande, "conjoint"));
    assert_int_equal(delib_io_demande_entree_count(demande), 4);
    assert_string_equal(delib_io_demande_entree_name(demande, 1), "qf");
    assert_string_equal(delib_io_demande_entree_value(demande, 1)->text, "622.50");
    assert_int_equal(delib_io_demande_entree_value(demande, 2)->kind, DELIB_VALUE_LIST);
    assert_int_equal(delib_io_demande_entree_value(demande, 3)->kind, DELIB_VALUE_ABSENT);
    assert_null(delib_io_demande_entree_value(demande, 4));
    delib_io_demande_free(demande);
}

static void given_names_are_split(void **state)
{
    static const struct { const char *written; size_t count; const char *first, *second; } cases[] = {
        { "Claire", 1, "Claire", NULL },
        { "CLAIRE ANNE", 2, "CLAIRE", "ANNE" },
        { "Marie Anne, Lou", 2, "Marie Anne", "Lou" },
        { "\"Claire, , Lou,\"", 2, "Claire", "Lou" },
        { "[Jean-Paul, Marie Lou]", 2, "Jean-Paul", "Marie Lou" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        char text[300] = "demandeur:\n  nom_naissance: Martin\n  sexe: F\n  pays_naissance: \"99127\"\n  prenoms: ";
        delib_io_demande *demande;
        const struct edge_subject *subject;

        strncat(text, cases[i].written, 100);
        demande = read_demande(text, DELIB_OK);
        subject = edge_demande_subject(demande, "demandeur");
        assert_int_equal(subject->prenom_count, cases[i].count);
        assert_string_equal(subject->prenoms[0], cases[i].first);
        if (cases[i].second)
            assert_string_equal(subject->prenoms[1], cases[i].second);
        delib_io_demande_free(demande);
    }
}

static void birth_dates_may_be_partial(void **state)
{
    static const struct { const char *written; int year, month, day; } cases[] = {
        { "1988", 1988, 0, 0 }, { "1988-03", 1988, 3, 0 }, { "1988-03-14", 1988, 3, 14 },
        { "1988-00-00", 1988, 0, 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        char text[200] = "demandeur:\n" IDENTITY "  pays_naissance: \"99127\"\n  date_naissance: ";
        delib_io_demande *demande;
        struct date date;

        strncat(text, cases[i].written, 40);
        demande = read_demande(text, DELIB_OK);
        date = edge_demande_subject(demande, "demandeur")->naissance;
        assert_int_equal(date.year, cases[i].year);
        assert_int_equal(date.month, cases[i].month);
        assert_int_equal(date.day, cases[i].day);
        delib_io_demande_free(demande);
    }
}

static void json_is_a_demande_too(void **state)
{
    delib_io_demande *demande = read_demande(
        "{\"date\": \"2026-09-15\", \"demandeur\": {\"nom_naissance\": \"Martin\", \"prenoms\": [\"Claire\"], "
        "\"sexe\": \"F\","
        " \"date_naissance\": 1988, \"commune_naissance\": \"75112\"}, \"entrees\": {\"qf\": 622.50, \"résident\": "
        "true}}",
        DELIB_OK);

    (void)state;
    assert_int_equal(edge_demande_subject(demande, "demandeur")->naissance.year, 1988);
    assert_int_equal(delib_io_demande_entree_value(demande, 0)->units, 62250);
    assert_int_equal(delib_io_demande_entree_value(demande, 0)->scale, 2);
    assert_int_equal(delib_io_demande_entree_value(demande, 1)->boolean, 1);
    delib_io_demande_free(demande);
}

static void a_value_of_the_host_is_a_demande(void **state)
{
    const delib_value items[] = { { .kind = DELIB_VALUE_TEXT, .text = "cantine" },
                                  { .kind = DELIB_VALUE_TEXT, .text = "mercredi" } };
    const char *const names[] = { "tarif", "date" };
    delib_value root = { .kind = DELIB_VALUE_RECORD, .items = items, .names = names, .count = 1 };
    delib_io_demande *demande = NULL;
    delib_diagnostic diagnostic;

    (void)state;
    assert_int_equal(delib_io_demande_from("ligne 3", &root, &demande), DELIB_OK);
    assert_string_equal(delib_io_demande_tarif(demande), "cantine");
    assert_ptr_not_equal(delib_io_demande_tarif(demande), items[0].text);
    assert_int_equal(delib_io_demande_at(demande, "2026-09-15", NULL), DELIB_OK);
    assert_string_equal(delib_io_demande_date(demande), "2026-09-15");
    assert_int_equal(delib_io_demande_at(demande, "mercredi", NULL), DELIB_INVALID);
    assert_int_equal(delib_io_demande_at(demande, NULL, "32/01/2026"), DELIB_INVALID);
    assert_string_equal(delib_io_demande_date(demande), "2026-09-15");
    assert_int_equal(delib_io_demande_at(demande, NULL, "16/09/2026"), DELIB_OK);
    assert_string_equal(delib_io_demande_aujourd_hui(demande), "2026-09-16");
    assert_string_equal(delib_io_demande_date(demande), "2026-09-15");
    assert_null(delib_io_demande_entree_name(demande, 0));
    delib_io_demande_free(demande);
    root.count = 2;
    assert_int_equal(delib_io_demande_from("ligne 3", &root, &demande), DELIB_INVALID);
    assert_int_equal(delib_io_demande_diagnostic(demande, 0, &diagnostic), DELIB_OK);
    assert_int_equal(diagnostic.line, 0);
    assert_string_equal(diagnostic.printed, "ligne 3: erreur[D723]: « date » : une date qui existe est attendue, "
                                            "comme "
                                            "2026-09-15 ou 15/09/2026");
    delib_io_demande_free(demande);
}

/* Each identifier has the form that its API takes: accepted, or refused with what is expected. */
static void identifiers_have_a_form(void **state)
{
    static const struct { const char *key, *good, *bad, *expected; } cases[] = {
        { "annee_scolaire", "\"2026-2027\" \"2026\"",
          "\"2026-2028\" \"2026-2026\" \"20a6-2027\" \"2026-202x\" \"2026/2027\" \"26-27\" \"202\" \"20266\"",
          "une année scolaire est attendue" },
        { "code_etablissement", "\"0310001A\" \"0310001a\"", "\"0310001\" \"03100010\" \"031000AA\" \"0310001AA\"",
          "le code UAI" },
        { "degre_etablissement", "1D 2D", "3D 1d 1", "« 1D »" },
        { "codes_departements", "[\"031\",\"2A\"] []", "\"031\" [\"0311\"] [[\"031\"]] [\"03é\"]",
          "une liste de codes" },
        { "codes_regions", "[\"10\"]", "{} [\"1000\"]", "une liste de codes" },
        { "departement_naissance", "\"75\" \"2A\" \"2B\" \"974\"", "\"1\" \"2C\" \"A2\" \"9740\" \"2a\"",
          "le code du département" },
        { "commune_naissance", "\"75112\" \"2A004\" \"2B033\"",
          "\"7511\" \"751122\" \"2C004\" \"2A0x4\" \"2A04\" \"2A00400\" Paris", "le code Insee de la commune" },
        { "ine", "0000000001A abcdefghijk", "000000000-A 000000001A 00000000001A \"0000000001@\" \"0000000001[\"",
          "un INE de onze" },
        { "spi", "\"3000000000010\"", "\"300000000001\" \"30000000000100\" \"300000000001x\" \"30000000000:0\"",
          "un numéro fiscal" },
        { "code_postal", "\"31000\"", "\"3100\" \"310000\" \"3100a\"", "un code postal de cinq chiffres" },
        { "numero_allocataire", "\"0004301\"", "\"0004301 A\" \"0123456789012345\"", "le numéro d'allocataire" },
        { "identifiant_france_travail", "claire.martin@x", "\"claire martin\" \"claire\\tmartin\" clairé",
          "l'identifiant choisi" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        for (int wrong = 0; wrong < 2; wrong++) {
            char values[200], *rest = values;

            snprintf(values, sizeof(values), "%s", wrong ? cases[i].bad : cases[i].good);
            for (char *end; *rest; rest = end) {
                char text[300], message[200];

                /* The values that hold a space are between quotes. */
                end = *rest == '"' ? strchr(rest + 1, '"') + 1 : rest + strcspn(rest, " ");
                snprintf(text, sizeof(text), "demandeur:\n" IDENTITY "  date_naissance: 1988\n%s  %s: %.*s\n",
                         strstr(cases[i].key, "commune") ? "" : "  pays_naissance: \"99127\"\n", cases[i].key,
                         (int)(end - rest), rest);
                snprintf(message, sizeof(message), "« demandeur.%s » : %s", cases[i].key, cases[i].expected);
                if (wrong)
                    check_refused(text, strstr(cases[i].key, "codes") ? "D722" : "D723",
                                  strstr(cases[i].key, "commune") ? 6 : 7, message);
                else
                    delib_io_demande_free(read_demande(text, DELIB_OK));
                end += *end == ' ';
            }
        }
    }
}

static void names_are_names(void **state)
{
    static const char *const bad[] = { "\"---\"", "\"' .\"", "Martin_2", "\"A@B\"", "\"A[B\"", "\"A{B\"" };
    char text[1000], name[420];

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        snprintf(text, sizeof(text), "demandeur:\n  nom_naissance: %s\n  prenoms: Léa\n  sexe: F\n"
                                     "  pays_naissance: \"99127\"\n", bad[i]);
        check_refused(text, "D723", 2, "« demandeur.nom_naissance » : des lettres");
    }
    /* A hundred characters, whatever their bytes. */
    for (size_t length = 100; length <= 101; length++) {
        name[0] = '\0';
        for (size_t i = 0; i < length; i++)
            strcat(name, "É");
        snprintf(text, sizeof(text), "demandeur:\n  nom_naissance: %s\n  prenoms: [d'Arc, J.-P., É]\n  sexe: M\n"
                                     "  pays_naissance: \"99127\"\n", name);
        if (length == 100)
            delib_io_demande_free(read_demande(text, DELIB_OK));
        else
            check_refused(text, "D723", 2, "« demandeur.nom_naissance »");
    }
}

static void a_school_may_be_said_by_its_region(void **state)
{
    char text[900] = "demandeur:\n" IDENTITY "  pays_naissance: \"99127\"\n  degre_etablissement: 2D\n  "
                                             "codes_regions: [\"01\"";
    delib_io_demande *demande;

    (void)state;
    for (int i = 1; i < 32; i++)
        strcat(text, ", \"02\"");
    strcat(text, "]\n");
    demande = read_demande(text, DELIB_OK);
    assert_int_equal(edge_demande_subject(demande, "demandeur")->region_count, 32);
    assert_string_equal(edge_demande_subject(demande, "demandeur")->codes_regions[31], "02");
    delib_io_demande_free(demande);
    strcpy(strrchr(text, ']'), ", \"03\"]\n");
    check_refused(text, "D722", 7, "« demandeur.codes_regions » : une liste de codes");
}

/* With both, the code is the one that is sent; the name alone needs its département and the year. */
static void a_commune_may_have_its_name_too(void **state)
{
    (void)state;
    delib_io_demande_free(read_demande("demandeur:\n" IDENTITY "  commune_naissance: \"75112\"\n"
                                       "  nom_commune_naissance: Paris\n", DELIB_OK));
}

static void a_pupil_needs_no_birthplace(void **state)
{
    (void)state;
    delib_io_demande_free(read_demande("demandeur:\n" IDENTITY "  annee_scolaire: \"2026\"\n", DELIB_OK));
    delib_io_demande_free(read_demande("demandeur:\n" IDENTITY "  code_etablissement: 0310001A\n", DELIB_OK));
}

static void a_provenance_is_that_of_an_answer(void **state)
{
    delib_io_demande *demande = read_demande(
        "entrees:\n  résident: oui\n  rang: 2\nprovenances:\n  RESIDENT: hôte.communale\n", DELIB_OK);

    (void)state;
    assert_string_equal(edge_demande_origin(demande, "résident"), "hôte.communale");
    assert_null(edge_demande_origin(demande, "rang"));
    delib_io_demande_free(demande);
    check_refused("{\"entrees\": {\"rang\": 2}, \"provenances\": {\"rang\": 2}}", "D722", 1,
                  "« provenances.rang » : une provenance est attendue");
    check_refused("provenances: { rang: déclaration }\n", "D723", 1,
                  "« provenances.rang » : « entrees » ne donne pas");
}

static void an_explanation_may_be_declined(void **state)
{
    static const struct { const char *text; int wanted; } cases[] = {
        { "explication: false\n", 0 }, { "explication: non\n", 0 }, { "explication: Faux\n", 0 },
        { "explication: true\n", 1 },  { "explication: oui\n", 1 }, { "explication: vrai\n", 1 },
        { "explication: ~\n", 1 },     { "date: 2026-09-15\n", 1 }, { "{\"explication\": false}", 0 },
        { "{\"explication\": true}", 1 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        delib_io_demande *demande = read_demande(cases[i].text, DELIB_OK);

        assert_int_equal(delib_io_demande_explication(demande), cases[i].wanted);
        delib_io_demande_free(demande);
    }
    check_refused("explication: un peu\n", "D722", 1, "« explication » : oui ou non est attendu");
    check_refused("explication: [oui]\n", "D722", 1, "« explication » : oui ou non est attendu");
}

/* ---- Refusals ---- */

static void unknown_keys_are_refused(void **state)
{
    delib_io_demande *demande = read_demande("tarifs: cantine\n", DELIB_INVALID);
    delib_diagnostic diagnostic;

    (void)state;
    assert_int_equal(delib_io_demande_diagnostic(demande, 0, &diagnostic), DELIB_OK);
    assert_string_equal(diagnostic.message, "« tarifs » : clé inconnue");
    assert_string_equal(diagnostic.help, "vouliez-vous dire « tarif » ?");
    delib_io_demande_free(demande);
    check_refused("date: 2026-09-15\ndemandeur:\n  nom_de_naissance: Martin\n", "D720", 3,
                  "« demandeur.nom_de_naissance » : clé inconnue");
    check_refused("entrees: {}\nentrées: {}\n", "D734", 2, "« entrées » est déjà donné à la ligne 1");
    check_refused("entrees:\n  résident: oui\n  resident: non\n", "D734", 3,
                  "« entrees.resident » est déjà donné à la ligne 2");
}

static void missing_fields_are_named(void **state)
{
    (void)state;
    check_refused("demandeur:\n  prenoms: [Claire]\n  sexe: F\n  pays_naissance: \"99127\"\n", "D721", 2,
                  "« demandeur.nom_naissance » manque : le nom de naissance");
    check_refused("demandeur:\n  nom_naissance: Martin\n  sexe: F\n  pays_naissance: \"99127\"\n", "D721", 2,
                  "« demandeur.prenoms » manque");
    check_refused("demandeur:\n  nom_naissance: Martin\n  prenoms: Claire\n  pays_naissance: \"99127\"\n", "D721", 2,
                  "« demandeur.sexe » manque : « F » ou « M »");
    check_refused("demandeur:\n" IDENTITY, "D721", 2, "« demandeur.commune_naissance » manque");
    check_refused("demandeur:\n" IDENTITY "  pays_naissance: \"99100\"\n", "D721", 2,
                  "« demandeur.commune_naissance » manque");
    check_refused("demandeur:\n" IDENTITY "  nom_commune_naissance: Paris\n  date_naissance: 1988\n", "D721", 2,
                  "« demandeur.departement_naissance » manque");
    check_refused("demandeur:\n" IDENTITY "  nom_commune_naissance: Paris\n  departement_naissance: \"75\"\n", "D721",
                  2,
                  "« demandeur.date_naissance » manque");
    check_refused("demandeur:\n  jeton_france_connect: { obtenu: 2026-09-15T10:20:30Z }\n", "D721", 2,
                  "« demandeur.jeton_france_connect.valeur » manque");
}

static void mistyped_fields_say_what_is_expected(void **state)
{
    (void)state;
    check_refused("- a\n", "D722", 1, "un groupe de champs est attendu");
    check_refused("date: 31/02/2026\n", "D723", 1, "« date » : une date qui existe est attendue");
    check_refused("date: [2026]\n", "D722", 1, "« date » : une date qui existe est attendue");
    check_refused("tarif:\n  - a\n", "D722", 2, "« tarif » : le nom d'un tarif est attendu");
    check_refused("demandeur: Martin\n", "D722", 1, "« demandeur » : un groupe de champs est attendu");
    check_refused("entrees: 12\n", "D722", 1, "« entrees » : un groupe de champs est attendu");
    check_refused("demandeur:\n  nom_naissance: Martin2\n  prenoms: Claire\n  sexe: F\n  pays_naissance: \"99127\"\n",
                  "D723", 2, "« demandeur.nom_naissance » : des lettres");
    check_refused("demandeur:\n  nom_naissance: Martin\n  prenoms: {a: b}\n  sexe: F\n  pays_naissance: \"99127\"\n",
                  "D722", 3, "« demandeur.prenoms » : un prénom par élément");
    check_refused("demandeur:\n" IDENTITY "  commune_naissance: Paris\n", "D723", 5,
                  "« demandeur.commune_naissance » : le code Insee");
    check_refused("demandeur:\n" IDENTITY "  commune_naissance: \"75112\"\n  pays_naissance: \"99127\"\n", "D722", 5,
                  "« demandeur.commune_naissance » : pas de commune de naissance");
    check_refused("demandeur:\n" IDENTITY "  pays_naissance: Italie\n", "D723", 5, "« demandeur.pays_naissance »");
    check_refused("demandeur:\n" IDENTITY "  pays_naissance: \"98127\"\n", "D723", 5, "« demandeur.pays_naissance »");
    check_refused("demandeur:\n" IDENTITY "  pays_naissance: \"19127\"\n", "D723", 5, "« demandeur.pays_naissance »");
    check_refused("demandeur:\n" IDENTITY "  pays_naissance: \"99127\"\n  date_naissance: hier\n", "D723", 6,
                  "« demandeur.date_naissance » : une date est attendue");
    check_refused("demandeur:\n  spi: \"123\"\n", "D723", 2, "« demandeur.spi » : un numéro fiscal de treize "
                                                             "chiffres");
    check_refused("demandeur:\n  ine: 12\n", "D723", 2, "« demandeur.ine » : un INE de onze");
    check_refused("{\"demandeur\": {\"spi\": 3000000000010}}", "D722", 1, "« demandeur.spi » : un numéro fiscal");
    check_refused("demandeur:\n  jeton_france_connect: a b\n", "D723", 2, "« demandeur.jeton_france_connect »");
    check_refused("demandeur:\n  jeton_france_connect: { valeur: a, obtenu: hier }\n", "D722", 2,
                  "« demandeur.jeton_france_connect.obtenu »");
    check_refused("demandeur:\n  nom_naissance: Martin\n  prenoms: []\n  sexe: F\n  pays_naissance: \"99127\"\n",
                  "D722", 3, "« demandeur.prenoms » : un prénom par élément");
    check_refused("demandeur:\n  nom_naissance: Martin\n  prenoms: [Léa, [Lou]]\n  sexe: F\n  pays_naissance: "
                  "\"99127\"\n",
                  "D722", 3, "« demandeur.prenoms » : un prénom par élément");
    check_refused("demandeur:\n  nom_naissance: Martin\n  prenoms: [\" \"]\n  sexe: F\n  pays_naissance: \"99127\"\n",
                  "D723", 3, "« demandeur.prenoms » : des lettres");
    check_refused("demandeur:\n  nom_naissance: Martin\n  prenoms: Léa\n  sexe: X\n  pays_naissance: \"99127\"\n",
                  "D722", 4, "« demandeur.sexe » : « F » ou « M » est attendu");
    check_refused("personnes: 12\n", "D722", 1, "« personnes » : un groupe de champs est attendu");
    check_refused("personnes:\n  demandeur: {}\ndemandeur: { ine: 0000000001A }\n", "D734", 2,
                  "« personnes.demandeur » est déjà donné");
}

/* "2026-09-15T10:20:30Z" and nothing else: a clock is judged on it. */
static void the_hour_of_a_token_is_exact(void **state)
{
    static const char good[] = "2026-09-15T10:20:30Z";
    static const char *const bad[] = {
        "2026-09-15 10:20:30Z", "2026-09-15T10:20:30", "2026-09-15T10:20:30+", "2026-09-15T10.20:30Z",
        "2026-09-15T10:20.30Z", "2026-02-31T10:20:30Z", "2026-09-15T24:20:30Z", "2026-09-15T10:60:30Z",
        "2026-09-15T10:20:61Z", "2026-09-15Tx0:20:30Z", "2026-09-15T10:2x:30Z", "2026-09-15T10:20:-1Z",
    };
    char text[200];

    (void)state;
    snprintf(text, sizeof(text), "demandeur:\n  jeton_france_connect: { valeur: a, obtenu: \"%s\" }\n", good);
    delib_io_demande_free(read_demande(text, DELIB_OK));
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        snprintf(text, sizeof(text), "demandeur:\n  jeton_france_connect: { valeur: a, obtenu: \"%s\" }\n", bad[i]);
        check_refused(text, "D722", 2, "« demandeur.jeton_france_connect.obtenu » : l'heure de réception");
    }
}

static void dates_of_birth_have_a_range(void **state)
{
    static const char *const bad[] = { "1849", "10000", "1988.5", "\"1988-13\"", "\"0000\"", "\"0000-03\"",
                                       "\"1988-3\"",
                                       "\"198x\"", "[1988]", "true", "\"0000-00-00\"" };
    char text[300];

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        delib_io_demande *demande;
        delib_diagnostic diagnostic;

        snprintf(text, sizeof(text), "{\"demandeur\": {\"nom_naissance\": \"A\", \"prenoms\": \"B\", \"sexe\": \"F\", "
                                     "\"pays_naissance\": \"99127\", \"date_naissance\": %s}}", bad[i]);
        demande = read_demande(text, DELIB_INVALID);
        assert_int_equal(delib_io_demande_diagnostic_count(demande), 1);
        assert_int_equal(delib_io_demande_diagnostic(demande, 0, &diagnostic), DELIB_OK);
        if (strncmp(diagnostic.message, "« demandeur.date_naissance » : ", 31) != 0)
            fail_msg("%s: %s", bad[i], diagnostic.message);
        delib_io_demande_free(demande);
    }
}

/* A person of whom nothing is said is nobody; a person without a name of their own is one. */
static void an_empty_person_is_nobody(void **state)
{
    delib_io_demande *demande = read_demande("personnes:\n  grand_mere: ~\n  oncle: {}\n", DELIB_OK);

    (void)state;
    assert_null(edge_demande_subject(demande, "grand_mere"));
    assert_non_null(edge_demande_subject(demande, "oncle"));
    delib_io_demande_free(demande);
}

static void no_more_than_a_hundred_faults_are_told(void **state)
{
    char *text = calloc(1, 20000);
    delib_io_demande *demande;

    (void)state;
    assert_non_null(text);
    strcpy(text, "personnes:\n");
    for (int i = 0; i < 120; i++)
        snprintf(text + strlen(text), 100, "  p%d: { ine: 1, spi: 2 }\n", i);
    demande = read_demande(text, DELIB_INVALID);
    assert_int_equal(delib_io_demande_diagnostic_count(demande), 100);
    delib_io_demande_free(demande);
    text[0] = '\0';
    for (int i = 0; i < 120; i++)
        snprintf(text + strlen(text), 100, "cle%d: 1\n", i);
    demande = read_demande(text, DELIB_INVALID);
    assert_int_equal(delib_io_demande_diagnostic_count(demande), 100);
    delib_io_demande_free(demande);
    free(text);
}

/* A key is shown cut, and without what would move the cursor of a terminal. */
static void odd_keys_are_shown_tamely(void **state)
{
    const delib_value item = { .kind = DELIB_VALUE_TEXT, .text = "x" };
    const char *name = "a\x1b[2Jb\x7f" "c\xff" "d";
    const delib_value root = { .kind = DELIB_VALUE_RECORD, .items = &item, .names = &name, .count = 1 };
    delib_io_demande *demande = NULL;
    delib_diagnostic diagnostic;
    char text[300];

    (void)state;
    assert_int_equal(delib_io_demande_from(NULL, &root, &demande), DELIB_INVALID);
    assert_int_equal(delib_io_demande_diagnostic(demande, 0, &diagnostic), DELIB_OK);
    assert_string_equal(diagnostic.message, "« a?[2Jb?c?d » : clé inconnue");
    delib_io_demande_free(demande);
    for (size_t length = 30; length <= 120; length += 30) {
        text[0] = '\0';
        for (size_t i = 0; i < length / 2; i++)
            strcat(text, "é");
        strcat(text, "é: 1\n");
        check_refused(text, "D720", 1, length < 60 ? "« ééééééééééééééé" : "« éééééééééééééééééééééééééééééé… » : clé");
    }
}

/* Nothing of the family is ever quoted, whatever is wrong. */
static void values_are_never_quoted(void **state)
{
    static const char *const texts[] = {
        "demandeur:\n  nom_naissance: SECRET9\n  prenoms: [SECRET9]\n  sexe: SECRET9\n  date_naissance: SECRET9\n"
        "  commune_naissance: SECRET9\n  pays_naissance: SECRET9\n  spi: SECRET9\n  ine: SECRET9+\n"
        "  code_postal: SECRET9\n  jeton_france_connect: { valeur: SECRET9 x, obtenu: SECRET9 }\ndate: SECRET9\n"
        "  identifiant_france_travail: SECRET9 x\n",
        "{\"demandeur\": {\"nom_naissance\": \"SECRET9\", \"x\": \"SECRET9}}",
        "demandeur:\n  nom_naissance: SECRET9: SECRET9\n",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        delib_io_demande *demande = read_demande(texts[i], DELIB_INVALID);
        const size_t count = delib_io_demande_diagnostic_count(demande);

        assert_true(count > 0);
        for (size_t j = 0; j < count; j++) {
            delib_diagnostic diagnostic;

            assert_int_equal(delib_io_demande_diagnostic(demande, j, &diagnostic), DELIB_OK);
            if (strstr(diagnostic.printed, "SECRET9"))
                fail_msg("%s", diagnostic.printed);
        }
        delib_io_demande_free(demande);
    }
}

static void all_faults_are_told_in_order(void **state)
{
    delib_io_demande *demande = read_demande("date: x\ndemandeur:\n  spi: x\n  ine: x\nentree: {}\n", DELIB_INVALID);
    delib_diagnostic diagnostic;
    unsigned line = 0;

    (void)state;
    assert_int_equal(delib_io_demande_diagnostic_count(demande), 4);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(delib_io_demande_diagnostic(demande, i, &diagnostic), DELIB_OK);
        assert_true(diagnostic.line > line);
        line = diagnostic.line;
    }
    delib_io_demande_free(demande);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_demande_is_read),
        cmocka_unit_test(given_names_are_split),
        cmocka_unit_test(birth_dates_may_be_partial),
        cmocka_unit_test(json_is_a_demande_too),
        cmocka_unit_test(a_value_of_the_host_is_a_demande),
        cmocka_unit_test(identifiers_have_a_form),
        cmocka_unit_test(names_are_names),
        cmocka_unit_test(a_school_may_be_said_by_its_region),
        cmocka_unit_test(a_commune_may_have_its_name_too),
        cmocka_unit_test(a_pupil_needs_no_birthplace),
        cmocka_unit_test(a_provenance_is_that_of_an_answer),
        cmocka_unit_test(an_explanation_may_be_declined),
        cmocka_unit_test(the_hour_of_a_token_is_exact),
        cmocka_unit_test(dates_of_birth_have_a_range),
        cmocka_unit_test(an_empty_person_is_nobody),
        cmocka_unit_test(no_more_than_a_hundred_faults_are_told),
        cmocka_unit_test(odd_keys_are_shown_tamely),
        cmocka_unit_test(unknown_keys_are_refused),
        cmocka_unit_test(missing_fields_are_named),
        cmocka_unit_test(mistyped_fields_say_what_is_expected),
        cmocka_unit_test(values_are_never_quoted),
        cmocka_unit_test(all_faults_are_told_in_order),
    };

    return cmocka_run_group_tests_name("demandes", tests, NULL, NULL);
}
