/*
 * delib_io_evaluate_json: every status, and what its JSON says of a fault.
 */
#include "runtime/delib_io.h"
#include "tests/fault/failing_memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char TWO[] =
    "entrée âge : entier de 0 à 20 « Âge ? »\n"
    "tarif petit « Petit » en €\n  prix 2,60 €\n  exception jeune si âge < 6 : 1,30 €\nfin tarif\n"
    "tarif grand « Grand » en €\n  prix 3,00 €\nfin tarif\n";

static delib_program *compile(const char *text, delib_status expected)
{
    const delib_source source = { "essai.delib", text, strlen(text) };
    delib_engine *engine = NULL;
    delib_program *program = NULL;
    assert_int_equal(delib_engine_new(NULL, &engine), DELIB_OK);
    assert_int_equal(delib_compile(engine, &source, NULL, NULL, &program), expected);
    delib_engine_free(engine);
    return program;
}

/* The status, and every text that the answer must hold, "|" between them. */
static void check(delib_program *program, const char *demande, delib_status expected, const char *parts)
{
    char wanted[256], *json = NULL;
    assert_int_equal(delib_io_evaluate_json(program, demande, NULL, &json), expected);
    assert_non_null(json);
    assert_true(strlen(parts) < sizeof(wanted));
    memcpy(wanted, parts, strlen(parts) + 1);
    for (char *part = wanted, *next; part; part = next) {
        next = strchr(part, '|');
        if (next)
            *next++ = '\0';
        if (!strstr(json, part))
            fail_msg("%s\nis not in %s", part, json);
    }
    delib_io_text_free(json);
}

static void computes(void **state)
{
    delib_program *program = compile(TWO, DELIB_OK);
    (void)state;
    check(program, "{\"tarif\":\"petit\",\"date\":\"2026-09-01\",\"entrees\":{\"age\":5}}", DELIB_OK,
          "\"statut\":\"calculé\"|\"montant\":\"1.30\"|\"tarif\":\"petit\"|\"motif\":null");
    check(program, "{\"tarif\":\"petit\",\"date\":\"2026-09-01\"}", DELIB_OK,
          "\"statut\":\"à compléter\"|\"montant\":null|\"manquantes\":[{");
    check(program, "{\"tarif\":\"petit\",\"date\":\"2026-09-01\",\"entrees\":{\"age\":5}}", DELIB_OK,
          "\"étapes\":[{|\"données\":[{");
    check(program, "{\"tarif\":\"petit\",\"explication\":false,\"date\":\"2026-09-01\",\"entrees\":{\"age\":5}}",
          DELIB_OK, "\"montant\":\"1.30\"|\"étapes\":[]|\"données\":[]");
    check(program, "{\"tarif\":\"petit\",\"explication\":\"un peu\"}", DELIB_INVALID,
          "explication|oui ou non est attendu");
    delib_program_release(program);
}

/* Amounts are machine amounts everywhere, in whatever unit. */
static void writes_every_kind_of_result(void **state)
{
    static const char act[] =
        "énumération tranche : a « 1 » ; b « 2 »\n"
        "entrée aide : montant de 0 € à 10 € facultatif\n"
        "tarif repas en €\n  prix 1 234,50 €\n  puis réduction de 10 %\n  puis arrondi à l'euro\n"
        "  résultat reste « Reste à payer » en € = 10 € - aide\n    non communiqué : non prévu\n"
        "  résultat palier = a\nfin\n"
        "unité lot2\n"
        "tarif lots en lot2\n  prix 3 lot2\nfin\n"
        "tarif prix_des_lots en € par lot2\n  prix 1 003,50 € par lot2\nfin\n"
        "tarif taux en %\n  prix 12,5 %\nfin\n"
        "tarif ouvert en €\n  prix selon aide\n    moins de 5 € : non prévu\n    5 € et plus : 1 €\n"
        "    non communiqué : 2 €\n  fin\nfin\n";
    delib_program *program = compile(act, DELIB_OK);
    (void)state;
    check(program, "{\"tarif\":\"repas\",\"date\":\"2026-09-01\",\"entrees\":{\"aide\":\"2.50\"}}", DELIB_OK,
          "\"montant\":\"1111.00\"|\"résultats\":[{\"nom\":\"reste\",\"libellé\":\"Reste à payer\","
          "\"statut\":\"calculé\",\"montant\":\"7.50\",\"résultat\":null,\"unité\":\"€\"}|"
          "{\"nom\":\"palier\"|\"montant\":\"1111.05\"");
    check(program, "{\"tarif\":\"repas\",\"date\":\"2026-09-01\",\"entrees\":{\"aide\":null}}", DELIB_OK,
          "{\"nom\":\"reste\",\"libellé\":\"Reste à payer\",\"statut\":\"non prévu\",\"montant\":null");
    check(program, "{\"tarif\":\"lots\",\"date\":\"2026-09-01\"}", DELIB_OK,
          "\"unité\":\"lot2\"|\"montant\":\"3.00\",\"article\"");
    check(program, "{\"tarif\":\"prix_des_lots\",\"date\":\"2026-09-01\"}", DELIB_OK,
          "\"unité\":\"€ par lot2\"|\"montant\":\"1003.50\",\"article\"");
    check(program, "{\"tarif\":\"taux\",\"date\":\"2026-09-01\"}", DELIB_OK, "\"montant\":\"12.50\",\"article\"");
    check(program, "{\"tarif\":\"ouvert\",\"date\":\"2026-09-01\",\"entrees\":{\"aide\":4}}", DELIB_OK,
          "\"statut\":\"non prévu\",\"tarif\":\"ouvert\",\"montant\":null|\"montant\":null,\"article\"");
    delib_program_release(program);
}

/* What is only worth a warning does not keep a family from its amount. */
static void warnings_are_no_faults(void **state)
{
    delib_program *program = compile("entrée vide : entier de 0 à 3\ntarif t en €\n  prix 1 €\nfin\n", DELIB_OK);
    delib_diagnostic diagnostic;
    (void)state;
    assert_int_equal(delib_program_diagnostic(program, 0, &diagnostic), DELIB_OK);
    assert_int_equal(diagnostic.is_error, 0);
    check(program, "{\"date\":\"2026-09-01\"}", DELIB_OK, "\"montant\":\"1.00\"");
    delib_program_release(program);
}

/* Whatever memory the host refuses to the core, nothing is half told. */
static void refused_memory_is_told(void **state)
{
    static const char demande[] = "{\"tarif\":\"petit\",\"date\":\"2026-09-01\",\"entrees\":{\"age\":5}}";
    const delib_source source = { "essai.delib", TWO, sizeof(TWO) - 1 };
    struct failing_memory memory = { .live = 0 };
    delib_options options = DELIB_OPTIONS_INIT;
    delib_engine *engine = NULL;
    delib_program *program = NULL;
    char *whole = NULL, *json = NULL;
    size_t before, needed;
    (void)state;
    options.resize = failing_resize;
    options.resize_context = &memory;
    assert_int_equal(delib_engine_new(&options, &engine), DELIB_OK);
    assert_int_equal(delib_compile(engine, &source, NULL, NULL, &program), DELIB_OK);
    before = memory.requests;
    assert_int_equal(delib_io_evaluate_json(program, demande, NULL, &whole), DELIB_OK);
    needed = memory.requests - before;
    assert_true(needed > 0);
    for (size_t nth = 1; nth <= needed; nth++) {
        memory.refuse_at = memory.requests + nth;
        assert_int_equal(delib_io_evaluate_json(program, demande, NULL, &json), DELIB_NO_MEMORY);
        assert_null(json);
    }
    memory.refuse_at = 0;
    assert_int_equal(delib_io_evaluate_json(program, demande, NULL, &json), DELIB_OK);
    assert_string_equal(json, whole);
    delib_io_text_free(json);
    delib_io_text_free(whole);
    delib_program_release(program);
    delib_engine_free(engine);
    assert_int_equal(memory.live, 0);
}

static void says_what_is_wrong(void **state)
{
    delib_program *program = compile(TWO, DELIB_OK), *faulty = compile("tarif t en €\n", DELIB_INVALID);
    (void)state;
    check(program, "{", DELIB_INVALID, "\"erreur\"|\"code\":\"D739\"|\"ligne\":1");
    check(program, "", DELIB_INVALID, "\"erreur\"|\"diagnostics\":[{");
    check(program, "{\"inconnu\":1}", DELIB_INVALID, "\"code\":\"D720\"");
    check(program, "{\"tarif\":\"aucun\"}", DELIB_INVALID, "pas de tarif de ce nom|\"diagnostics\":[]");
    check(program, "{}", DELIB_INVALID, "plusieurs tarifs");
    check(program, "{\"tarif\":\"petit\",\"entrees\":{\"taille\":5}}", DELIB_INVALID, "\"code\":\"D724\"");
    check(faulty, "{}", DELIB_INVALID, "la délibération est en faute|\"fichier\":\"essai.delib\"");
    delib_program_release(program);
    delib_program_release(faulty);
}

static void refuses_misuse(void **state)
{
    delib_program *program = compile(TWO, DELIB_OK);
    char *json = NULL;
    (void)state;
    assert_int_equal(delib_io_evaluate_json(NULL, "{}", NULL, &json), DELIB_MISUSE);
    assert_int_equal(delib_io_evaluate_json(program, NULL, NULL, &json), DELIB_MISUSE);
    assert_null(json);
    assert_int_equal(delib_io_evaluate_json(program, "{}", NULL, NULL), DELIB_MISUSE);
    delib_io_text_free(NULL);
    delib_program_release(program);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(computes), cmocka_unit_test(writes_every_kind_of_result),
        cmocka_unit_test(refused_memory_is_told), cmocka_unit_test(warnings_are_no_faults),
        cmocka_unit_test(says_what_is_wrong), cmocka_unit_test(refuses_misuse),
    };
    return cmocka_run_group_tests_name("evaluate_json", tests, NULL, NULL);
}
