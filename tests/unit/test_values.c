/*
 * What a host gives: each type of the language, each spelling that it accepts, what it refuses at once and what makes
 * the result « donnée invalide »; and how the data are written back for people.
 */
#include "runtime/delib.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define NB "\xC2\xA0"      /* the no-break space of French typography */

static const char act[] =
    "énumération formule : \"1\" ; \"2\" ; soir\n"
    "enregistrement enfant\n"
    "  âge : entier de 0 à 17\n"
    "  résident : oui_non par défaut oui\n"
    "  forfait : montant de 0 € à 10 € par défaut 2 €\n"
    "  soit double = âge × 2\n"
    "fin\n"
    "entrée qf : quotient\n"
    "entrée part : taux\n"
    "entrée temps : durée de 0 min à 600 min\n"
    "entrée naissance : date facultatif\n"
    "entrée résident : oui_non\n"
    "entrée formule : formule\n"
    "entrée nom : texte\n"
    "entrée rang : entier de 1 à 9\n"
    "entrée enfants : liste de enfant au plus 2\n"
    "entrée panier : entier par formule\n"
    "entrée chef : enfant\n"
    "entrée notes : liste de entier au plus 3\n"
    "entrée fine : nombre de 0,000000000000000001 à 5\n"
    "tarif quotient en €\n  prix selon qf\n    moins de 450 : 1 €\n    450 et plus : 2 €\n"
    "    non communiqué : 3 €\n  fin\nfin\n"
    "tarif effort en €\n  prix 100 € × part\n  puis arrondi au centime\nfin\n"
    "tarif garde en €\n  prix 1 € par heure × (temps en heures)\n  puis arrondi au centime\nfin\n"
    "tarif crèche en €\n  prix selon âge(naissance)\n    moins de 3 : 1 €\n    3 et plus : 2 €\n"
    "    non communiqué : 3 €\n  fin\nfin\n"
    "tarif lieu en €\n  prix 2 €\n  exception ici si résident : 1 €\nfin\n"
    "tarif repas en €\n  prix selon formule\n    \"1\" : 1 €\n    \"2\" : 2 €\n    soir : 3 €\n  fin\nfin\n"
    "tarif nommé en €\n  prix 2 €\n  exception x si nom = \"Zoé\" : 1 €\nfin\n"
    "tarif fratrie en €\n  prix 1 € × (nombre de enfants tels que résident et âge < 12)\nfin\n"
    "tarif lot en €\n  prix somme de (1 € × panier(p)) pour chaque p de panier\nfin\n"
    "tarif place en €\n  prix 1 € × rang\nfin\n"
    "tarif aîné en €\n  prix 1 € × chef.âge + 1 € × chef.double + chef.forfait\nfin\n"
    "tarif points en €\n  prix 1 € × (somme de n pour chaque n de notes)\nfin\n"
    "tarif mesure en €\n  prix 1 €\n  exception e si fine > 1 : 2 €\nfin\n";

static delib_engine *engine;
static delib_program *program;
static delib_session *session;

static int start(void **state)
{
    delib_source source = { "acte.delib", act, sizeof act - 1 };
    delib_session_options options = DELIB_SESSION_OPTIONS_INIT;
    delib_diagnostic d;

    (void)state;
    options.date = "2026-09-15";
    assert_int_equal(delib_engine_new(NULL, &engine), DELIB_OK);
    if (delib_compile(engine, &source, NULL, NULL, &program) != DELIB_OK &&
        delib_program_diagnostic(program, 0, &d) == DELIB_OK)
        fail_msg("%s", d.printed);
    assert_int_equal(delib_session_new(program, &options, &session), DELIB_OK);
    return 0;
}

static int end(void **state)
{
    (void)state;
    delib_session_free(session);
    delib_program_release(program);
    delib_engine_free(engine);
    return 0;
}

/* ------------------------------------------------------------------ texts */

/* units: the amount in centimes; -1: the text is refused; -2: « donnée invalide »; -3: « à compléter ». */
enum { REFUSED = -1, INVALID = -2, MISSING = -3 };

static const struct { const char *name, *tariff, *text; int64_t units; } texts[] = {
    { "qf", "quotient", "449,99", 100 },        { "qf", "quotient", "450", 200 },
    { "qf", "quotient", "450,00 €", 200 },      { "qf", "quotient", "450€", 200 },
    { "qf", "quotient", "1 200,50", 200 },      { "qf", "quotient", NULL, 300 },
    { "qf", "quotient", "449.999", INVALID },   { "qf", "quotient", "-1", INVALID },
    { "qf", "quotient", "abc", REFUSED },       { "qf", "quotient", "", REFUSED },
    { "qf", "quotient", "€", REFUSED },         { "qf", "quotient", "12 %%", REFUSED },
    { "part", "effort", "20", 2000 },           { "part", "effort", "12,5 %", 1250 },
    { "part", "effort", "0,05 %", 5 },          { "part", "effort", "101 %", INVALID },
    { "temps", "garde", "1 h 10", 117 },        { "temps", "garde", "1h10", 117 },
    { "temps", "garde", "01:10", 117 },         { "temps", "garde", "70 min", 117 },
    { "temps", "garde", "70", 117 },            { "temps", "garde", "45 minutes", 75 },
    { "temps", "garde", "2 h", 200 },           { "temps", "garde", "1 h 60", REFUSED },
    { "temps", "garde", "1 h 10 h", REFUSED },  { "temps", "garde", "h", REFUSED },
    { "temps", "garde", "1 jour", REFUSED },    { "temps", "garde", "99999999 h", REFUSED },
    { "temps", "garde", "601 min", INVALID },   { "temps", "garde", "70 min.", REFUSED },
    { "naissance", "crèche", "2023-09-16", 100 },       { "naissance", "crèche", "15/09/2023", 200 },
    { "naissance", "crèche", "15 septembre 2023", 200 }, { "naissance", "crèche", "2023-02-30", INVALID },
    { "naissance", "crèche", "30/02/2023", INVALID },   { "naissance", "crèche", "hier", REFUSED },
    { "naissance", "crèche", "2020-00-00", 300 }, { "naissance", "crèche", "2023-09-00", 300 },
    { "naissance", "crèche", "2023-09", REFUSED },  { "naissance", "crèche", "20230230", INVALID },
    { "naissance", "crèche", "2027-01-01", INVALID },   { "naissance", "crèche", NULL, 300 },
    { "résident", "lieu", "oui", 100 },         { "résident", "lieu", "NON", 200 },
    { "résident", "lieu", "vrai", 100 },        { "résident", "lieu", "false", 200 },
    { "résident", "lieu", "1", REFUSED },       { "résident", "lieu", "", REFUSED },
    { "formule", "repas", "soir", 300 },        { "formule", "repas", "SOIR", 300 },
    { "formule", "repas", "2", 200 },           { "formule", "repas", "3", REFUSED },
    { "formule", "repas", NULL, MISSING },
    { "nom", "nommé", "Zoé", 100 },             { "nom", "nommé", "Zoe", 200 },
    { "rang", "place", "9", 900 },              { "rang", "place", "10", INVALID },
    { "rang", "place", "2,5", INVALID },        { "rang", "place", "deux", REFUSED },
    { "enfants", "fratrie", "2", REFUSED },     { "panier", "lot", "2", REFUSED },
    { "qf", "quotient", " ", REFUSED },         { "qf", "quotient", "1000000,01", INVALID },
    { "temps", "garde", "min", REFUSED },       { "temps", "garde", "1:m", REFUSED },
    { "temps", "garde", "1 h 5 m", 108 },       { "temps", "garde", "1 h : 5", REFUSED },
    { "naissance", "crèche", "12.03.2026", REFUSED },   { "naissance", "crèche", "2026-13-45", INVALID },
    { "naissance", "crèche", "1-2-3", REFUSED },        { "naissance", "crèche", "123456789", REFUSED },
    { "naissance", "crèche", "12-345678", REFUSED },    { "naissance", "crèche", "2026:13:45", REFUSED },
    { "chef", "aîné", "9", REFUSED },           { "notes", "points", "9", REFUSED },
    { "fine", "mesure", "1", 100 },             { "fine", "mesure", "1,000000000000000001", 200 },
    { "fine", "mesure", "1,0000000000000000001", INVALID },
    { "fine", "mesure", "123456789012345678901234567890", INVALID },
};

static void expect(const char *tariff, int64_t units, const char *what)
{
    delib_result result;
    int64_t got;

    assert_int_equal(delib_evaluate(session, delib_program_tariff(program, tariff), &result), DELIB_OK);
    got = result.statut == DELIB_CALCULE ? result.units
          : result.statut == DELIB_DONNEE_INVALIDE ? INVALID : result.statut == DELIB_A_COMPLETER ? MISSING : -9;
    if (result.statut == DELIB_CALCULE)
        assert_int_equal(result.scale, 2);
    if (got != units)
        fail_msg("%s: %s: %lld instead of %lld", tariff, what, (long long)got, (long long)units);
    if (result.statut == DELIB_DONNEE_INVALIDE)
        assert_true(result.reason && (!what || !strstr(result.reason, what)));     /* never the value itself */
}

static void test_texts(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        delib_status status;

        delib_session_reset(session);
        status = delib_session_set_text(session, texts[i].name, texts[i].text);
        if (status != (texts[i].units == REFUSED ? DELIB_INVALID : DELIB_OK))
            fail_msg("%s = %s: status %d", texts[i].name, texts[i].text ? texts[i].text : "null", status);
        if (status == DELIB_INVALID) {
            assert_non_null(strstr(delib_session_error(session), texts[i].name));
            assert_true(texts[i].text[0] == '\0' || strlen(texts[i].text) < 3 ||
                        !strstr(delib_session_error(session), texts[i].text));
        } else {
            expect(texts[i].tariff, texts[i].units, texts[i].text);
        }
    }
}

/* Why a value is refused, or makes « donnée invalide »: in French, agreed, without the value. */
static void test_reasons(void **state)
{
    static const struct { const char *name, *text, *said; } refused[] = {
        { "qf", "abc", "« qf » : un nombre (par exemple 622,50) est attendu" },
        { "rang", "deux", "« rang » : un nombre entier est attendu" },
        { "rang", "1234567890123456789012345678901", "« rang » : un nombre de trente chiffres au plus est attendu" },
        { "naissance", "hier", "« naissance » : une date (AAAA-MM-JJ) est attendue" },
        { "résident", "peut-être", "« résident » : « oui » ou « non » est attendu" },
        { "formule", "3", "« formule » : une de ces valeurs (1, 2, soir) est attendue" },
        { "enfants", "2", "« enfants » : une liste est attendue" },
        { "chef", "2", "« chef » : une fiche (des noms et des valeurs) est attendue" },
        { "panier", "2", "« panier » : un panier (des noms et des nombres) est attendu" },
    };
    static const struct { const char *name, *tariff, *text, *said; } invalid[] = {
        { "qf", "quotient", "449,999", "« qf » : cette valeur a trop de décimales" },
        { "qf", "quotient", "-1", "« qf » : cette valeur est hors du domaine déclaré" },
        { "rang", "place", "2,5", "« rang » : une valeur entière est attendue" },
        { "naissance", "crèche", "2023-02-30", "« naissance » : ce jour n'existe pas dans le calendrier" },
        { "fine", "mesure", "123456789012345678901234567890", "« fine » : cette valeur est hors du domaine déclaré" },
    };
    delib_result result;

    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        assert_int_equal(delib_session_set_text(session, refused[i].name, refused[i].text), DELIB_INVALID);
        assert_string_equal(delib_session_error(session), refused[i].said);
    }
    for (size_t i = 0; i < sizeof invalid / sizeof *invalid; i++) {
        assert_int_equal(delib_session_set_text(session, invalid[i].name, invalid[i].text), DELIB_OK);
        assert_int_equal(delib_evaluate(session, delib_program_tariff(program, invalid[i].tariff), &result), DELIB_OK);
        assert_string_equal(result.reason, invalid[i].said);
    }
}

/* ------------------------------------------------------------------ values */

static void test_numbers(void **state)
{
    static const struct { int64_t units; unsigned scale; int64_t price; } cases[] = {
        { 44999, 2, 100 }, { 45000, 2, 200 }, { 450, 0, 200 }, { 4500000, 4, 200 }, { 4499999, 4, INVALID },
        { 45, 19, REFUSED }, { INT64_MAX, 0, INVALID }, { INT64_MIN, 18, INVALID },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        delib_value value = { .kind = DELIB_VALUE_NUMBER, .units = cases[i].units, .scale = cases[i].scale };
        delib_status expected = cases[i].price == REFUSED ? DELIB_INVALID : DELIB_OK;

        delib_session_reset(session);
        assert_int_equal(delib_session_set(session, "qf", &value), expected);
        if (expected == DELIB_OK)
            expect("quotient", cases[i].price, NULL);
    }
}

static void test_other_kinds(void **state)
{
    const delib_value yes = { .kind = DELIB_VALUE_BOOLEAN, .boolean = 7 }, none = { .kind = DELIB_VALUE_NOT_GRANTED },
                      two = { .kind = DELIB_VALUE_NUMBER, .units = 2 },
                      part = { .kind = DELIB_VALUE_NUMBER, .units = 25, .scale = 1 };

    (void)state;
    assert_int_equal(delib_session_set(session, "résident", &yes), DELIB_OK);
    expect("lieu", 100, NULL);
    assert_int_equal(delib_session_set(session, "résident", &two), DELIB_INVALID);
    assert_int_equal(delib_session_set(session, "formule", &two), DELIB_OK);      /* a code that is a number */
    expect("repas", 200, NULL);
    assert_int_equal(delib_session_set(session, "formule", &part), DELIB_INVALID);
    assert_int_equal(delib_session_set(session, "formule", &yes), DELIB_INVALID);
    assert_int_equal(delib_session_set(session, "naissance", &two), DELIB_INVALID);
    assert_int_equal(delib_session_set(session, "nom", &two), DELIB_INVALID);
    assert_int_equal(delib_session_set(session, "qf", &none), DELIB_OK);
    expect("quotient", 300, NULL);
    assert_int_equal(delib_session_set(session, "qf", &yes), DELIB_INVALID);
    assert_int_equal(delib_session_set(session, "temps", &yes), DELIB_INVALID);
}

/* ------------------------------------------------------------------ lists, records, baskets */

static delib_value list_of(const delib_value *items, size_t count)
{
    return (delib_value){ .kind = DELIB_VALUE_LIST, .items = items, .count = count };
}

static delib_value record_of(const char *const *names, const delib_value *items, size_t count)
{
    return (delib_value){ .kind = DELIB_VALUE_RECORD, .items = items, .names = names, .count = count };
}

static void test_lists(void **state)
{
    static const char *const names[] = { "âge", "résident" }, *const unknown[] = { "taille" };
    const delib_value young[] = {{.kind = DELIB_VALUE_TEXT, .text = "9"}, {.kind = DELIB_VALUE_TEXT, .text = "non"}},
                      old[] = {{.kind = DELIB_VALUE_TEXT, .text = "18"}};
    const delib_value children[] = { record_of(names, young, 1), record_of(names, young, 2), record_of(names, old, 1),
                                     record_of(unknown, young, 1) };
    const delib_value unknown_age[] = {{.kind = DELIB_VALUE_ABSENT}},
                      without_age[] = {record_of(names, unknown_age, 1)};
    delib_value list;

    (void)state;
    list = list_of(children, 1);                  /* « résident » takes its default */
    assert_int_equal(delib_session_set(session, "enfants", &list), DELIB_OK);
    expect("fratrie", 100, NULL);
    list = list_of(children, 2);
    assert_int_equal(delib_session_set(session, "enfants", &list), DELIB_OK);
    expect("fratrie", 100, NULL);
    list = list_of(children, 0);
    assert_int_equal(delib_session_set(session, "enfants", &list), DELIB_OK);
    expect("fratrie", 0, NULL);
    list = list_of(children, 3);                  /* two at most */
    assert_int_equal(delib_session_set(session, "enfants", &list), DELIB_OK);
    expect("fratrie", INVALID, NULL);
    list = list_of(&children[2], 1);              /* an age outside its domain */
    assert_int_equal(delib_session_set(session, "enfants", &list), DELIB_OK);
    expect("fratrie", INVALID, NULL);
    list = list_of(without_age, 1);               /* what the act takes for known is still to be given */
    assert_int_equal(delib_session_set(session, "enfants", &list), DELIB_OK);
    expect("fratrie", MISSING, NULL);
    list = list_of(&children[3], 1);
    assert_int_equal(delib_session_set(session, "enfants", &list), DELIB_INVALID);
    list = list_of(young, 1);
    assert_int_equal(delib_session_set(session, "enfants", &list), DELIB_INVALID);
}

static void test_records(void **state)
{
    static const char *const names[] = { "âge", "forfait" }, *const of_the_act[] = { "double" };
    const delib_value values[] = {{.kind = DELIB_VALUE_NUMBER, .units = 9}, {.kind = DELIB_VALUE_TEXT, .text = "3,50"}},
                      notes[] = {{.kind = DELIB_VALUE_NUMBER, .units = 4}, {.kind = DELIB_VALUE_TEXT, .text = "8"}};
    delib_value value = record_of(names, values, 1);

    (void)state;
    assert_int_equal(delib_session_set(session, "chef", &value), DELIB_OK);        /* 9 + 18 + the default */
    expect("aîné", 2900, NULL);
    value = record_of(names, values, 2);
    assert_int_equal(delib_session_set(session, "chef", &value), DELIB_OK);
    expect("aîné", 3050, NULL);
    value = record_of(of_the_act, values, 1);
    assert_int_equal(delib_session_set(session, "chef", &value), DELIB_INVALID);
    assert_string_equal(delib_session_error(session), "« enfant » : un nom de champ déclaré est attendu");
    value = list_of(notes, 2);
    assert_int_equal(delib_session_set(session, "notes", &value), DELIB_OK);
    expect("points", 1200, NULL);
    assert_int_equal(delib_session_set_text(session, "chef", NULL), DELIB_OK);
    expect("aîné", MISSING, NULL);
}

static void test_baskets(void **state)
{
    static const char *const names[] = { "1", "soir" }, *const unknown[] = { "midi" };
    const delib_value counts[] = {{.kind = DELIB_VALUE_NUMBER, .units = 3}, {.kind = DELIB_VALUE_NUMBER, .units = 4}},
                      word[] = {{.kind = DELIB_VALUE_TEXT, .text = "beaucoup"}};
    delib_value basket = record_of(names, counts, 2);

    (void)state;
    assert_int_equal(delib_session_set(session, "panier", &basket), DELIB_OK);
    expect("lot", 700, NULL);
    basket = record_of(names, counts, 0);
    assert_int_equal(delib_session_set(session, "panier", &basket), DELIB_OK);
    expect("lot", 0, NULL);
    basket = record_of(unknown, counts, 1);
    assert_int_equal(delib_session_set(session, "panier", &basket), DELIB_INVALID);
    basket = record_of(names, word, 1);
    assert_int_equal(delib_session_set(session, "panier", &basket), DELIB_INVALID);
    basket = list_of(counts, 2);
    assert_int_equal(delib_session_set(session, "panier", &basket), DELIB_INVALID);
}

/* ------------------------------------------------------------------ writing */

static void expect_written(const char *tariff, const char *name, const char *value)
{
    delib_result result;
    delib_datum datum;

    assert_int_equal(delib_evaluate(session, delib_program_tariff(program, tariff), &result), DELIB_OK);
    for (size_t i = 0; i < delib_session_datum_count(session); i++) {
        assert_int_equal(delib_session_datum(session, i, &datum), DELIB_OK);
        if (strcmp(datum.name, name) == 0) {
            assert_string_equal(datum.value, value);
            return;
        }
    }
    fail_msg("%s is not said to be used", name);
}

static void test_written(void **state)
{
    static const struct { const char *name, *tariff, *text, *written; } cases[] = {
        { "qf", "quotient", "1200,5", "1\xE2\x80\xAF" "200,50" NB "€" }, { "qf", "quotient", "450", "450" NB "€" },
        { "part", "effort", "12.5", "12,5" NB "%" },      { "temps", "garde", "130", "2 h 10" },
        { "temps", "garde", "65", "1 h 05" },             { "temps", "garde", "45", "45 min" },
        { "temps", "garde", "120", "2 h" },               { "naissance", "crèche", "2020-09-01", "1er septembre 2020" },
        { "naissance", "crèche", "2020-09-00", "septembre 2020" }, { "résident", "lieu", "oui", "oui" },
        { "formule", "repas", "SOIR", "soir" },           { "nom", "nommé", "Zoé", "Zoé" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        delib_session_reset(session);
        assert_int_equal(delib_session_set_text(session, cases[i].name, cases[i].text), DELIB_OK);
        expect_written(cases[i].tariff, cases[i].name, cases[i].written);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_texts, start, end),
        cmocka_unit_test_setup_teardown(test_reasons, start, end),
        cmocka_unit_test_setup_teardown(test_numbers, start, end),
        cmocka_unit_test_setup_teardown(test_other_kinds, start, end),
        cmocka_unit_test_setup_teardown(test_lists, start, end),
        cmocka_unit_test_setup_teardown(test_records, start, end),
        cmocka_unit_test_setup_teardown(test_baskets, start, end),
        cmocka_unit_test_setup_teardown(test_written, start, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
