/*
 * The sentences of an explanation: for each way a rule can apply, what a family reads (delib_step_detail.sentence) and
 * what an auditor does (delib_step.text). In both, nothing is said that the
 * evaluation did not see. The act is sentences.delib.
 */
#include "act_files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* What every source that is asked answers. */
enum answers { DECLARED, QUOTIENT_40, NO_FILE, FAILURE };

struct said {
    const char *tariff, *data;      /* « n=3 libre=6 » */
    enum answers answers;
    size_t step;
    const char *family, *auditor;
};

static const struct said SAID[] = {
    /* keys of tables */
    {"expression", "", DECLARED, 0, "Le prix est de 3,00 €, car âge(naissance) vaut 8 (« 6 ans et plus »).",
     "Prix : 3,00 € (âge(naissance) : 8, ligne « 6 ans et plus »)"},
    {"jour", "", DECLARED, 0,
     "Le prix est de 1,00 €, car « Date de naissance » : 1er mars 2018 (« avant le 1er janvier "
     "2020 »).",
     "Prix : 1,00 € (Date de naissance : 1er mars 2018, ligne « avant le 1er janvier 2020 »)"},
    {"deux", "", DECLARED, 0,
     "Le prix est de 4,00 € (1,00 € + 3,00 €), car la réponse à « Où habite la famille ? » est « commune ».",
     "Prix : 4,00 € (Où habite la famille ? : commune, ligne « commune » ; Où habite la famille ? : commune, ligne "
     "« commune »)"},
    {"grille_si", "boursier=oui", DECLARED, 0,
     "Le prix est de 1,25 €, car « élève boursier » : oui et la réponse à « Où habite la famille ? » est « commune "
     "».",
     "Prix : 1,25 € (si boursier ; Où habite la famille ? : commune, ligne « commune »)"},
    {"grille_si", "libre=6 lieu=extérieur", DECLARED, 0,
     "L'acte ne fixe pas de montant (la case du tableau est vide), car « libre » vaut 6 (« 5 et plus ») et la "
     "réponse à "
     "« Où habite la famille ? » est « extérieur ».",
     "Prix : la case du tableau est vide (libre : 6, ligne « 5 et plus » ; Où habite la famille ? : extérieur, ligne "
     "« extérieur »)"},
    {"calcul", "n=3", DECLARED, 0, "Le prix est de 52,50 € ((1,00 € + 2,00 € × 3) × (3 − 0,5) × 3).",
     "Prix : 52,50 €"},

    /* elements of a list: read again with other keys, no row of theirs is the reason */
    {"famille", "", DECLARED, 0,
     "Pour « Par élève » (n° 1), le prix de départ est de 1,00 €, car « qf » vaut 40 € (« moins de 100 »).",
     "Par élève, n° 1 — Prix : 1,00 € (qf : 40 €, ligne « moins de 100 »)"},
    {"famille", "", DECLARED, 1,
     "Pour « Par élève » (n° 1), une réduction de 1,00 € s'applique, car « qf » : moins de 50 € ; le prix passe de "
     "1,00 € "
     "à 0,00 €.",
     "Par élève, n° 1 — Réduction de 1,00 € : 1,00 € → 0,00 €, car « qf » : moins de 50 €"},
    {"direct", "", DECLARED, 0, "Le prix est de 3,00 €.",
     "Prix : 3,00 € (âge : 5, ligne « moins de 6 » ; âge : 9, ligne « 6 et plus »)"},

    /* conditions */
    {"cas", "libre=2 boursier=oui", DECLARED, 0,
     "Par exception, le prix de départ est de 5,00 €, car « cours » : « danse » et « libre » : 3 au plus et (« élève "
     "boursier » : oui ou « rang » : 9).",
     "Par exception : 5,00 €, car « cours » : « danse » et « libre » : 3 au plus et (« élève boursier » : oui ou « "
     "rang » "
     ": 9)"},
    {"cas", "n=2 lieu=extérieur", DECLARED, 1,
     "Une réduction de 1,00 € s'applique, car la réponse à « Où habite la famille ? » est autre que « commune » ; le "
     "prix "
     "passe de 10,00 € à 9,00 €.",
     "Réduction de 1,00 € : 10,00 € → 9,00 €, car la réponse à « Où habite la famille ? » est autre que « commune »"},
    {"cas", "n=2", DECLARED, 1,
     "Le prix est multiplié par 1,5, car « rang » : « de 2 à 3 » ; il passe de 10,00 € à "
     "15,00 €.",
     "Multiplication par 1,5 : 10,00 € → 15,00 €, car « rang » : « de 2 à 3 »"},
    {"cas", "", DECLARED, 1,
     "Le prix est divisé par 2, car « âge(naissance) est 6 et plus » ; il passe de 10,00 € à 5,00 €.",
     "Division par 2 : 10,00 € → 5,00 €, car « âge(naissance) est 6 et plus »"},
    {"cas", "", DECLARED, 2,
     "Un supplément de 1,00 € s'ajoute, car nombre de « élèves » : 2 ou plus ; le prix passe de "
     "5,00 € à 6,00 €.",
     "Supplément de 1,00 € : 5,00 € → 6,00 €, car nombre de « élèves » : 2 ou plus"},
    {"cas", "libre=2", DECLARED, 3,
     "Un supplément de 2,00 € s'ajoute, car 0,1 % de (« libre » × 10,00 € − 5,00 €) : plus de 0,01 € ; le prix passe "
     "de "
     "6,00 € à 8,00 €.",
     "Supplément de 2,00 € : 6,00 € → 8,00 €, car 0,1 % de (« libre » × 10,00 € − 5,00 €) : plus de 0,01 €"},
    {"cas", "libre=2", DECLARED, 4,
     "Un supplément de 3,00 € s'ajoute, car « date est après naissance » ; le prix passe de 8,00 € à 11,00 €.",
     "Supplément de 3,00 € : 8,00 € → 11,00 €, car « date est après naissance »"},
    {"cas", "libre=2 aide=non", DECLARED, 5,
     "Une majoration de 10 % s'applique, car « La famille est-elle aidée ? » : renseigné ; le prix passe de 11,00 € "
     "à "
     "12,10 €.",
     "Majoration de 10 % : 11,00 € → 12,10 €, car « La famille est-elle aidée ? » : renseigné"},
    {"cas", "libre=2 aide=non", DECLARED, 6, "Le prix est arrondi au centime ; cela ne change rien ici.",
     "Arrondi au centime : sans effet"},

    /* the same, denied */
    {"niés", "", DECLARED, 1,
     "Une réduction de 1,00 € s'applique, car « rang » : hors de « de 2 à 3 » ; le prix passe de "
     "10,00 € à 9,00 €.",
     "Réduction de 1,00 € : 10,00 € → 9,00 €, car « rang » : hors de « de 2 à 3 »"},
    {"niés", "n=2 lieu=extérieur", DECLARED, 1,
     "Une réduction de 1,00 € s'applique, car la réponse à « Où habite la famille ? » est autre que « commune » ; le "
     "prix "
     "passe de 10,00 € à 9,00 €.",
     "Réduction de 1,00 € : 10,00 € → 9,00 €, car la réponse à « Où habite la famille ? » est autre que « commune »"},
    {"niés", "n=2 naissance=2026-12-01", DECLARED, 1,
     "Une réduction de 1,00 € s'applique, car la condition « (date est après naissance) » n'est pas remplie ; le "
     "prix "
     "passe de 10,00 € à 9,00 €.",
     "Réduction de 1,00 € : 10,00 € → 9,00 €, car la condition « (date est après naissance) » n'est pas remplie"},
    {"niés", "n=2", DECLARED, 1,
     "Une somme de 1,00 € est déduite, car « La famille est-elle aidée ? » : non renseigné ; "
     "le prix passe de 10,00 € à 9,00 €.",
     "Déduction de 1,00 € : 10,00 € → 9,00 €, car « La famille est-elle aidée ? » : non renseigné"},

    {"connus", "", DECLARED, 1,
     "Une réduction de 1,00 € s'applique, car « (n + libre) est renseigné » ; le prix passe de "
     "10,00 € à 9,00 €.",
     "Réduction de 1,00 € : 10,00 € → 9,00 €, car « (n + libre) est renseigné »"},

    /* known, not communicated, out of reach */
    {"panne", "", QUOTIENT_40, 0,
     "Le prix de départ est de 1,00 €, car « quotient familial » vaut 40 € (« moins de 100 »).",
     "Prix : 1,00 € (quotient familial : 40 €, ligne « moins de 100 »)"},
    {"panne", "", NO_FILE, 0, "Le prix de départ est de 3,00 €, car « quotient familial » : non communiqué.",
     "Prix : 3,00 € (quotient familial, ligne « non communiqué »)"},
    {"panne", "", FAILURE, 0, "Le prix de départ est de 4,00 €, car « quotient familial » : source indisponible.",
     "Prix : 4,00 € (quotient familial, ligne « source indisponible »)"},
    {"panne", "", QUOTIENT_40, 1,
     "Une réduction de 0,50 € s'applique, car « quotient familial » : moins de 50 € ; le prix passe de 1,00 € à 0,50 "
     "€.",
     "Réduction de 0,50 € : 1,00 € → 0,50 €, car « quotient familial » : moins de 50 €"},
    {"panne", "", NO_FILE, 1,
     "Une réduction de 0,20 € s'applique, car « quotient familial » : non communiqué ; le prix passe de 3,00 € à "
     "2,80 €.",
     "Réduction de 0,20 € : 3,00 € → 2,80 €, car « quotient familial » : non communiqué"},
    {"panne", "", FAILURE, 1,
     "Une réduction de 0,30 € s'applique, car « quotient familial » : source indisponible ; le prix passe de 4,00 € "
     "à "
     "3,70 €.",
     "Réduction de 0,30 € : 4,00 € → 3,70 €, car « quotient familial » : source indisponible"},
    {"effort", "", NO_FILE, 0, "« quotient familial » : non communiqué ; l'acte prévoit alors : 2,00 €.",
     "« quotient familial » n'est pas connu : 2,00 €"},
    {"effort", "", FAILURE, 0, "« quotient familial » : source indisponible ; l'acte prévoit alors : 3,00 €.",
     "« quotient familial » n'est pas connu : 3,00 €"},
    {"effort", "", QUOTIENT_40, 1,
     "Le prix ne peut pas dépasser 90,00 €, car « cours » est « danse » ; cela ne "
     "change rien ici.",
     "Plafond de 90,00 € (cours : danse, ligne « danse ») : sans effet"},
    {"effort", "", QUOTIENT_40, 2, "Le prix est tronqué au centime ; cela ne change rien ici.",
     "Tronqué au centime : sans effet"},
    {"enfants_du_foyer", "", QUOTIENT_40, 0,
     "Une information d'une fiche : non communiqué ; l'acte prévoit alors : "
     "9,00 €.",
     "Une information d'une fiche n'est pas connue : 9,00 €"},

    {"clause_de_donnée", "qfd=", DECLARED, 0, "Le prix est de 5,60 €, car « quotient déclaré » : non communiqué.",
     "Prix : 5,60 € (quotient déclaré : non communiqué)"},
    {"sans_repli", "", NO_FILE, 0, "« quotient familial » : non communiqué ; l'acte prévoit alors : sans objet.",
     "« quotient familial » n'est pas connu : sans objet"},

    /* calculations and tariffs that read another */
    {"exception_en_tableau", "boursier=oui", DECLARED, 0,
     "Par exception, le prix est de 1,00 €, car la réponse à « Où habite la famille ? » est « commune » et « élève "
     "boursier » : oui.",
     "Par exception : 1,00 € (Où habite la famille ? : commune, ligne « commune »), car « élève boursier » : oui"},
    {"profond", "n=2", DECLARED, 0, "Le prix est de 382,00 € (2 × (1,00 € + 2 × (1,00 € + 2 × (1,00 € + 46,00 €)))).",
     "Prix : 382,00 €"},
    {"arrondi_dedans", "n=3", DECLARED, 0, "Le prix est de 3,33 € (3 × 1,111 €).", "Prix : 3,33 €"},
    {"pour_cent", "", DECLARED, 1, "Le résultat est divisé par 2 ; il passe de 50 % à 25 %.",
     "Division par 2 : 50 % → 25 %"},
    {"lecteur", "", DECLARED, 0,
     "Pour « expression », le prix est de 3,00 €, car âge(naissance) vaut 8 (« 6 ans et plus »).",
     "expression — Prix : 3,00 € (âge(naissance) : 8, ligne « 6 ans et plus »)"},

    /* no amount */
    {"fermé", "lieu=extérieur", DECLARED, 0,
     "L'acte demande une décision individuelle (place à vérifier), car la réponse à « Où habite la famille ? » est "
     "« extérieur ».",
     "Prix : place à vérifier (Où habite la famille ? : extérieur, ligne « extérieur »)"},
    {"fermé", "", DECLARED, 0,
     "L'acte ne fixe pas de montant, car la réponse à « Où habite la famille ? » est « commune ».",
     "Prix : sans objet (Où habite la famille ? : commune, ligne « commune »)"},
    {"fermé", "n=9", DECLARED, 0, "L'acte ne fixe pas de montant (le rang 9 est réservé), car « rang » : 9.",
     "Par exception : le rang 9 est réservé, car « rang » : 9"},
    {"grille_si", "libre=10", DECLARED, 0,
     "Le montant ne peut pas être calculé (« libre » : cette valeur est hors du domaine déclaré).",
     "Prix : « libre » : cette valeur est hors du domaine déclaré"},
    {"effort", "", DECLARED, 0, "Le montant ne peut pas être calculé (une réponse manque).",
     "Prix : une réponse manque"},
};

/* Hard spaces are written as spaces here. */
static void assert_text(const char *found, const char *expected)
{
    char plain[600];
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

static delib_program *compile(void)
{
    delib_engine *engine = NULL;
    delib_program *program;

    assert_int_equal(delib_engine_new(NULL, &engine), DELIB_OK);
    program = act_compile(engine, "tests/unit/sentences.delib");
    assert_non_null(program);
    delib_engine_free(engine);
    return program;
}

static delib_session *open_session(delib_program *program, enum answers answers)
{
    delib_session_options options = DELIB_SESSION_OPTIONS_INIT;
    delib_session *session;

    options.ask_sources = answers != DECLARED;
    options.trace = 1;
    options.date = "2026-09-15";
    assert_int_equal(delib_session_new(program, &options, &session), DELIB_OK);
    return session;
}

static delib_value number(int64_t units)
{
    return (delib_value){ .kind = DELIB_VALUE_NUMBER, .units = units };
}

/* Two, of 5 and 9 years. */
static void give_pupils(delib_session *session)
{
    static const char *const names[] = { "âge", "qf" };
    const delib_value fields[2][2] = { { number(5), number(40) }, { number(9), number(500) } };
    const delib_value items[] = {
        { .kind = DELIB_VALUE_RECORD, .items = fields[0], .names = names, .count = 2 },
        { .kind = DELIB_VALUE_RECORD, .items = fields[1], .names = names, .count = 2 },
    };
    const delib_value list = { .kind = DELIB_VALUE_LIST, .items = items, .count = 2 };

    assert_int_equal(delib_session_set(session, "élèves", &list), DELIB_OK);
}

/* « n=3 libre=6 »; « qf= »: not communicated. */
static void give(delib_session *session, const char *data)
{
    char text[200], *rest = text;

    snprintf(text, sizeof text, "%s", data);
    for (char *pair = strtok_r(text, " ", &rest); pair; pair = strtok_r(NULL, " ", &rest)) {
        char *value = strchr(pair, '=');

        *value++ = '\0';
        assert_int_equal(delib_session_set_text(session, pair, *value ? value : NULL), DELIB_OK);
    }
}

/* The quotient, and a child whose date of birth is not told. */
static void answer(delib_session *session, enum answers answers)
{
    static const char *const names[] = { "valeur", "enfants" };
    static const char *const birth[] = { "date_naissance" };
    const delib_value unknown = { .kind = DELIB_VALUE_ABSENT };
    const delib_value child = { .kind = DELIB_VALUE_RECORD, .items = &unknown, .names = birth, .count = 1 };
    const delib_value fields[] = { number(40), { .kind = DELIB_VALUE_LIST, .items = &child, .count = 1 } };
    delib_answer answer = { .size = sizeof answer, .kind = DELIB_ANSWER_FAILED, .message = "en maintenance" };
    delib_request request;

    if (answers == QUOTIENT_40) {
        answer.kind = DELIB_ANSWER_VALUE;
        answer.record = (delib_value){ .kind = DELIB_VALUE_RECORD, .items = fields, .names = names, .count = 2 };
    } else if (answers == NO_FILE) {
        answer.kind = DELIB_ANSWER_ABSENT;
    }
    while (delib_session_request(session, 0, &request) == DELIB_OK)
        assert_int_equal(delib_session_answer(session, request.id, &answer), DELIB_OK);
}

static delib_result evaluate(delib_session *session, delib_program *program, const char *tariff, enum answers answers)
{
    delib_result result;

    while (delib_evaluate(session, delib_program_tariff(program, tariff), &result) == DELIB_PENDING)
        answer(session, answers);

    return result;
}

static void test_sentences(void **state)
{
    delib_program *program = compile();

    (void)state;
    for (size_t i = 0; i < sizeof SAID / sizeof *SAID; i++) {
        const struct said *said = &SAID[i];
        delib_session *session = open_session(program, said->answers);
        delib_step_detail detail;
        delib_step step;

        give_pupils(session);
        give(session, said->data);
        evaluate(session, program, said->tariff, said->answers);
        assert_int_equal(delib_session_step(session, said->step, &step), DELIB_OK);
        assert_int_equal(delib_session_step_detail(session, said->step, &detail), DELIB_OK);
        assert_text(detail.sentence, said->family);
        assert_text(step.text, said->auditor);
        delib_session_free(session);
    }
    delib_program_release(program);
}

/* ---- Articles, rows, data ---- */

static delib_datum datum_named(const delib_session *session, const char *name)
{
    delib_datum datum = { 0 };

    for (size_t i = 0; delib_session_datum(session, i, &datum) == DELIB_OK; i++)
        if (strcmp(datum.name, name) == 0)
            return datum;
    fail_msg("%s was not used", name);
    return datum;
}

static void test_citations(void **state)
{
    delib_program *program = compile();
    delib_session *session = open_session(program, DECLARED);
    delib_step step;

    (void)state;
    evaluate(session, program, "expression", DECLARED);
    assert_int_equal(delib_session_step(session, 0, &step), DELIB_OK);
    assert_text(step.article, "article 3");
    assert_text(step.quote, "Trois euros dès six ans.");
    give(session, "naissance=2024-01-01");
    evaluate(session, program, "expression", DECLARED);
    assert_int_equal(delib_session_step(session, 0, &step), DELIB_OK);
    assert_null(step.article);
    assert_null(step.quote);
    delib_session_free(session);
    delib_program_release(program);
}

static void test_rows(void **state)
{
    delib_program *program = compile();
    delib_session *session = open_session(program, NO_FILE);
    delib_row row;
    size_t which;

    (void)state;
    evaluate(session, program, "expression", NO_FILE);
    assert_int_equal(delib_session_step_row(session, 0, 0, &row), DELIB_OK);
    assert_text(row.key, "âge(naissance)");
    assert_text(row.value, "8");
    assert_text(row.low, "6");
    assert_null(row.high);
    give(session, "boursier=oui");
    evaluate(session, program, "grille_si", NO_FILE);
    assert_int_equal(delib_session_step_row(session, 0, 0, &row), DELIB_OK);
    assert_text(row.title, "si boursier");
    assert_null(row.value);                /* the condition decided: its key was not read */
    assert_null(row.low);
    evaluate(session, program, "panne", NO_FILE);
    assert_int_equal(delib_session_step_row(session, 0, 0, &row), DELIB_OK);
    assert_text(row.title, "non communiqué");
    assert_null(row.value);
    assert_int_equal(delib_session_step_row(session, 2, 0, &row), DELIB_MISUSE);
    give(session, "qfd=");
    evaluate(session, program, "clause_de_donnée", NO_FILE);
    assert_int_equal(delib_session_step_row(session, 0, 0, &row), DELIB_OK);
    assert_text(row.key, "quotient déclaré");
    assert_null(row.title);                /* no row of the table: the clause of the datum */
    assert_int_equal(row.line, 149);
    assert_int_equal(delib_session_step_row(session, 0, 0, NULL), DELIB_MISUSE);
    assert_int_equal(delib_session_step_row(NULL, 0, 0, &row), DELIB_MISUSE);
    assert_int_equal(delib_session_step_detail(session, 0, NULL), DELIB_MISUSE);
    assert_int_equal(delib_session_step_detail(NULL, 0, NULL), DELIB_MISUSE);
    assert_int_equal(delib_session_step_datum(session, 0, 0, NULL), DELIB_MISUSE);
    assert_int_equal(delib_session_step_datum(NULL, 0, 0, &which), DELIB_MISUSE);
    assert_int_equal(delib_session_step(session, 0, NULL), DELIB_MISUSE);
    assert_int_equal(delib_session_datum(session, 0, NULL), DELIB_MISUSE);
    delib_session_free(session);
    delib_program_release(program);
}

/* The data that the rule of an entry reads: an exception by its condition or value, a clause by what is unknown. */
static void assert_step_datum(delib_session *session, size_t step, const char *name)
{
    delib_datum datum;
    size_t which;

    assert_int_equal(delib_session_step_datum(session, step, 0, &which), DELIB_OK);
    assert_int_equal(delib_session_datum(session, which, &datum), DELIB_OK);
    assert_text(datum.name, name);
}

static void test_data_of_steps(void **state)
{
    delib_program *program = compile();
    delib_session *session = open_session(program, NO_FILE);

    (void)state;
    give(session, "n=9");
    evaluate(session, program, "fermé", NO_FILE);
    assert_step_datum(session, 0, "n");
    evaluate(session, program, "par_exception", NO_FILE);
    assert_step_datum(session, 0, "libre");
    evaluate(session, program, "effort", NO_FILE);
    assert_step_datum(session, 0, "quotient");
    delib_session_free(session);
    delib_program_release(program);
}

/* Where each datum comes from, as the evaluation had it, whatever the host gives before the sentences are read. */
static void test_origins(void **state)
{
    const delib_value yes = { .kind = DELIB_VALUE_BOOLEAN, .boolean = 1 };
    delib_program *program = compile();
    delib_session *session = open_session(program, DECLARED);

    (void)state;
    assert_int_equal(delib_session_set(session, "inscrit", &yes), DELIB_OK);
    evaluate(session, program, "honneur", DECLARED);
    assert_text(datum_named(session, "inscrit").origin, "sur l'honneur");
    assert_int_equal(delib_session_set_from(session, "inscrit", &yes, "api_particulier.demandeur_emploi"), DELIB_OK);
    evaluate(session, program, "honneur", DECLARED);
    assert_int_equal(delib_session_set(session, "inscrit", &yes), DELIB_OK);
    assert_text(datum_named(session, "inscrit").origin, "api_particulier.demandeur_emploi");
    delib_session_free(session);
    session = open_session(program, QUOTIENT_40);
    evaluate(session, program, "panne", QUOTIENT_40);
    assert_int_equal(delib_session_set_text(session, "quotient", "900"), DELIB_OK);
    assert_text(datum_named(session, "quotient").origin, "API Particulier");
    assert_text(datum_named(session, "quotient").value, "40 €");
    delib_session_free(session);
    delib_program_release(program);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sentences),
        cmocka_unit_test(test_citations),
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_data_of_steps),
        cmocka_unit_test(test_origins),
    };

    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
