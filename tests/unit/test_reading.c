/*
 * Texts that come through the reader of the host: modules, grids and the voted document, absent, too long, in a circle,
 * asked twice; what an explanation and the list of needs say of a rule that is not in the first file.
 */
#include "runtime/delib.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* The texts that a host has, by the name that is asked; the last has no name. */
struct shelf {
    const char *name, *text;
    const char *called;            /* what the host calls it; NULL: as it was asked */
};

static delib_status take(void *context, const char *name, delib_source *out)
{
    for (const struct shelf *s = context; s->name; s++)
        if (strcmp(s->name, name) == 0) {
            *out = (delib_source){ s->called, s->text, strlen(s->text) };
            return DELIB_OK;
        }
    return DELIB_INVALID;
}

static delib_program *compile(const char *name, const char *text, struct shelf *shelf, size_t limit)
{
    const delib_source source = { name, text, strlen(text) };
    delib_options options = DELIB_OPTIONS_INIT;
    delib_engine *engine;
    delib_program *program;

    options.source_limit = limit;
    options.step_limit = 1000;
    assert_int_equal(delib_engine_new(&options, &engine), DELIB_OK);
    assert_int_not_equal(delib_compile(engine, &source, shelf ? take : NULL, shelf, &program), DELIB_NO_MEMORY);
    delib_engine_free(engine);
    return program;
}

/* Its first fault, and no other. */
static void assert_fault(delib_program *program, const char *code, const char *message, const char *file)
{
    delib_diagnostic d;

    assert_int_equal(delib_program_diagnostic_count(program), 1);
    assert_int_equal(delib_program_diagnostic(program, 0, &d), DELIB_OK);
    assert_string_equal(d.code, code);
    assert_string_equal(d.message, message);
    assert_string_equal(d.file, file);
    assert_non_null(d.help);
    delib_program_release(program);
}

static void assert_sound(delib_program *program, size_t texts)
{
    delib_diagnostic d;

    if (delib_program_diagnostic(program, 0, &d) == DELIB_OK)
        fail_msg("%s", d.printed);
    assert_int_equal(delib_program_text_count(program), texts);
    delib_program_release(program);
}

#define TARIFF "tarif t en €\n  prix double(1 €)\nfin\n"
#define DOUBLE "fonction double(x : montant) en € = 2 × x\n"

static void test_modules(void **state)
{
    struct shelf one[] = { { "deux", DOUBLE, NULL }, { NULL, NULL, NULL } };
    /* a uses b and c, b uses c: no circle, and c is read once */
    struct shelf diamond[] = {
        { "b", "utilise c\nsoit bb = 1 €\n", "b.delib" }, { "c", DOUBLE, "c.delib" }, { NULL, NULL, NULL } };
    struct shelf circle[] = { { "b", "utilise c\n", "b.delib" }, { "c", "utilise d\n", "c.delib" },
                              { "d", "utilise b\n", "d.delib" }, { NULL, NULL, NULL } };

    (void)state;
    assert_sound(compile("a.delib", "utilise deux\n" TARIFF, one, 0), 2);
    assert_sound(compile("a.delib", "utilise b\nutilise c\n" TARIFF, diamond, 0), 3);
    assert_fault(compile("a.delib", "utilise b\ntarif t en €\n  prix 1 €\nfin\n", circle, 0), "D303",
                 "les modules s'utilisent en rond : « b » mène ici", "d.delib");
    assert_fault(compile("a.delib", "utilise deux\ntarif t en €\n  prix 1 €\nfin\n", NULL, 0), "D301",
                 "le module « deux » est introuvable", "a.delib");
    one[0].text = DOUBLE "-- beaucoup de texte, bien plus que ce que la limite accepte ici : il n'est pas lu\n";
    assert_fault(compile("a.delib", "utilise deux\ntarif t en €\n  prix 1 €\nfin\n", one, 60), "D301",
                 "le module « deux » est introuvable", "a.delib");
}

#define GRID "énumération lieu : ici ; ailleurs\nentrée lieu : lieu\nentrée usager : lieu\ntarif t en €\n" \
             "  prix grille en € selon usager et lieu depuis \"g.csv\"\n  fin\nfin\n"

static void test_grids(void **state)
{
    struct shelf good[] = {{"g.csv", ";ici;ailleurs\nici;1,00;2,00\nailleurs;3,00;4,00\n", NULL}, {NULL, NULL, NULL}};

    (void)state;
    assert_sound(compile("a.delib", GRID, good, 0), 2);
    assert_sound(compile("a.delib",
                         GRID "tarif u en €\n  prix grille en € selon usager et lieu depuis \"g.csv\"\n  fin\nfin\n",
                         good, 0),
                 2);
    assert_fault(compile("a.delib", GRID, NULL, 0), "D209", "la grille « g.csv » est introuvable", "a.delib");
}

#define ACT "délibération \"12\" du 30 juin 2026\n  document \"acte.md\"\nfin\n" \
            "tarif t en €\n  prix 3 €\n    cite article 1 « Le repas coûte trois euros. »\nfin\n"

/* Quotes are looked for in the text that was voted. */
static void test_document(void **state)
{
    struct shelf voted[] = {{"acte.md", "# Article 1\n\nLe repas coûte trois euros.\n", NULL}, {NULL, NULL, NULL}};
    delib_diagnostic d;
    delib_program *program;

    (void)state;
    assert_sound(compile("a.delib", ACT, voted, 0), 2);
    program = compile("a.delib", ACT, NULL, 0);
    assert_int_equal(delib_program_diagnostic(program, 0, &d), DELIB_OK);
    assert_string_equal(d.message, "le document « acte.md » est introuvable");
    assert_int_equal(d.line, 2);
    assert_string_equal(d.help, "placez le texte de l'acte à côté du fichier");
    delib_program_release(program);
    voted[0].text = "# Article 1\n\nLe repas coûte quatre euros.\n";
    program = compile("a.delib", ACT, voted, 0);
    assert_int_equal(delib_program_diagnostic(program, 0, &d), DELIB_OK);
    assert_int_equal(d.line, 6);
    delib_program_release(program);
}

/* A text without a name, as a host that has no file gives it. */
static void test_nameless_text(void **state)
{
    delib_program *program = compile(NULL, "tarif t en €\n  prix 1 + 1 €\nfin\n", NULL, 0);
    delib_diagnostic d;

    (void)state;
    assert_int_equal(delib_program_diagnostic(program, 0, &d), DELIB_OK);
    assert_string_equal(d.file, "");
    assert_int_equal(d.line, 2);
    delib_program_release(program);
}

/* A heading of the act belongs to its own rules, not to those of a module. */
static void test_articles_of_modules(void **state)
{
    static const char ACTE[] = "# Délibération\n\n## Article 1 : prix\n\n```delib\nutilise module\n"
                               "tarif ici en €\n  prix 1 € × n\nfin\n```\n";
    struct shelf shelf[] = {
        { "module", "entrée n : entier de 1 à 9\ntarif ailleurs en €\n  prix 2 € × n\nfin\n", "module.delib" },
        { NULL, NULL, NULL } };
    static const struct { const char *tariff, *article; unsigned line; } EXPECTED[] = {
        { "ici", "Article 1 : prix", 8 }, { "ailleurs", NULL, 3 } };
    delib_program *program = compile("acte.delib.md", ACTE, shelf, 0);
    delib_session *session;
    delib_result result;
    delib_step step;
    delib_need need;

    (void)state;
    assert_int_equal(delib_program_diagnostic_count(program), 0);
    assert_int_equal(delib_session_new(program, NULL, &session), DELIB_OK);
    assert_int_equal(delib_session_set_text(session, "n", "2"), DELIB_OK);
    assert_int_equal(delib_program_need_count(program), 2);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(delib_evaluate(session, delib_program_tariff(program, EXPECTED[i].tariff), &result), DELIB_OK);
        assert_int_equal(delib_session_step(session, 0, &step), DELIB_OK);
        assert_int_equal(step.line, EXPECTED[i].line);
        assert_int_equal(delib_program_need(program, i, &need), DELIB_OK);
        assert_string_equal(need.tariff, EXPECTED[i].tariff);
        assert_int_equal(need.line, EXPECTED[i].line);
        if (EXPECTED[i].article) {
            assert_string_equal(step.article, EXPECTED[i].article);
            assert_string_equal(need.article, EXPECTED[i].article);
        } else {
            assert_null(step.article);
            assert_null(need.article);
        }
    }
    assert_int_equal(delib_program_need(program, 2, &need), DELIB_MISUSE);
    assert_int_equal(delib_program_need(program, 0, NULL), DELIB_MISUSE);
    assert_int_equal(delib_program_need(NULL, 0, &need), DELIB_MISUSE);
    assert_int_equal(delib_program_need_count(NULL), 0);
    delib_session_free(session);
    delib_program_release(program);
}

/* What a program says of itself, asked wrongly. */
static void test_names(void **state)
{
    delib_program *program = compile("a.delib",
                                     "délibération \"1\"\n  finalité tarification_enfance\nfin\n"
                                     "tarif t « Titre » en €\n  prix 1 €\n  résultat r en € = 2 €\nfin\n", NULL, 0);
    delib_program *faulty = compile("a.delib", "tarif t en €\n  prix 1 + 1 €\nfin\n", NULL, 0);
    delib_diagnostic d;
    delib_need need;

    (void)state;
    assert_string_equal(delib_program_tariff_label(program, 0), "Titre");
    assert_string_equal(delib_program_tariff_finalite(program, 0), "tarification_enfance");
    assert_int_equal(delib_program_tariff(program, "r"), 2);
    assert_string_equal(delib_program_tariff_name(program, 2), "r");
    assert_null(delib_program_tariff_name(program, 3));
    assert_null(delib_program_tariff_label(program, 2));
    assert_null(delib_program_tariff_label(program, -1));
    assert_null(delib_program_tariff_label(NULL, 0));
    assert_null(delib_program_tariff_finalite(program, 2));
    assert_null(delib_program_tariff_finalite(program, -1));
    assert_null(delib_program_tariff_finalite(NULL, 0));
    assert_null(delib_program_tariff_label(faulty, 0));
    assert_null(delib_program_tariff_finalite(faulty, 0));
    assert_int_equal(delib_program_tariff(NULL, "t"), DELIB_NO_TARIFF);
    assert_int_equal(delib_program_need_count(faulty), 0);
    assert_int_equal(delib_program_need(faulty, 0, &need), DELIB_MISUSE);
    assert_int_equal(delib_program_diagnostic(program, 0, NULL), DELIB_MISUSE);
    assert_int_equal(delib_program_diagnostic(faulty, 0, &d), DELIB_OK);
    assert_int_equal(delib_program_diagnostic(faulty, 0, NULL), DELIB_MISUSE);
    assert_string_equal(delib_statut_text((delib_statut)99), "?");
    assert_string_equal(delib_verdict_text((delib_verdict)99), "?");
    delib_program_release(program);
    delib_program_release(faulty);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_modules),       cmocka_unit_test(test_grids),
        cmocka_unit_test(test_document),      cmocka_unit_test(test_nameless_text),
        cmocka_unit_test(test_articles_of_modules), cmocka_unit_test(test_names),
    };

    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
