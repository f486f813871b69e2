/*
 * Demandes: what is read, and the message for each field that is missing, mistyped or unknown.
 */
#include "runtime/edge/edge_demande.h"

#include <setjmp.h>
#include <stdarg.h>
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
    check_refused("demandeur:\n" IDENTITY "  pays_naissance: \"99127\"\n  date_naissance: hier\n", "D723", 6,
                  "« demandeur.date_naissance » : une date est attendue");
    check_refused("demandeur:\n  spi: \"123\"\n", "D723", 2, "« demandeur.spi » : un numéro fiscal de treize "
                                                             "chiffres");
    check_refused("demandeur:\n  ine: 12\n", "D723", 2, "« demandeur.ine » : un INE de onze");
    check_refused("{\"demandeur\": {\"spi\": 3000000000010}}", "D722", 1, "« demandeur.spi » : un numéro fiscal");
    check_refused("demandeur:\n  jeton_france_connect: a b\n", "D723", 2, "« demandeur.jeton_france_connect »");
    check_refused("demandeur:\n  jeton_france_connect: { valeur: a, obtenu: hier }\n", "D722", 2,
                  "« demandeur.jeton_france_connect.obtenu »");
    check_refused("personnes:\n  demandeur: {}\ndemandeur: { ine: 0000000001A }\n", "D734", 2,
                  "« personnes.demandeur » est déjà donné");
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
        cmocka_unit_test(unknown_keys_are_refused),
        cmocka_unit_test(missing_fields_are_named),
        cmocka_unit_test(mistyped_fields_say_what_is_expected),
        cmocka_unit_test(values_are_never_quoted),
        cmocka_unit_test(all_faults_are_told_in_order),
    };

    return cmocka_run_group_tests_name("demandes", tests, NULL, NULL);
}
