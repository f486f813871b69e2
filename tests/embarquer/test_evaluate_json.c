/*
 * delib_io_evaluate_json: every status, and what its JSON says of a fault.
 */
#include "runtime/delib_io.h"

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
        cmocka_unit_test(computes), cmocka_unit_test(says_what_is_wrong), cmocka_unit_test(refuses_misuse),
    };
    return cmocka_run_group_tests_name("evaluate_json", tests, NULL, NULL);
}
