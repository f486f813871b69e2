/*
 * delib_check_…: verdicts and warnings by the interface, délibérations made to explode, every refused allocation.
 */
#include "runtime/program.h"
#include "tests/reference/generator.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char ACT[] =
    "entrée qf : quotient\nentrée résident : oui_non\n"
    "tarif t en € par repas\n  prix selon qf\n    moins de 500 : 1 €\n    500 et plus : 4 €\n    non communiqué : 4 "
    "€\n"
    "  fin\n  exception dehors si non résident : 6 €\n    l'emporte sur deux\n  exception deux si non résident et qf "
    "< 3 : 5 €\n"
    "    non communiqué : sans effet\n  exception trois si résident et qf > 900 000 : 2 €\n"
    "    non communiqué : sans effet\nfin\n"
    "propriété « vraie »\n  t est toujours de 1 € à 6 €\nfin\n"
    "propriété « fausse »\n  t ne baisse jamais quand qf augmente\nfin\n"
    "propriété « trop »\n  t n'augmente jamais de plus de 3,50 € quand qf augmente de 1 €\n    si résident\nfin\n";

static delib_program *compile(delib_engine *engine, const char *bytes, size_t length)
{
    delib_source source = { "acte.delib", bytes, length };
    delib_program *p = NULL;
    delib_diagnostic d;

    if (delib_compile(engine, &source, NULL, NULL, &p) != DELIB_OK) {
        assert_int_equal(delib_program_diagnostic(p, 0, &d), DELIB_OK);
        fail_msg("%s", d.printed);
    }
    return p;
}

/* ---- The interface ---- */

static void verdicts_and_warnings(void **unused)
{
    const delib_verdict expected[] = { DELIB_DEMONTREE, DELIB_REFUTEE, DELIB_DEMONTREE };
    const char *titles[] = { "vraie", "fausse", "trop" };
    delib_engine *engine;
    delib_program *p;
    delib_check *check;
    delib_diagnostic d;
    delib_property property;
    size_t regions, errors = 0;
    const char *why;

    (void)unused;
    assert_int_equal(delib_engine_new(NULL, &engine), DELIB_OK);
    p = compile(engine, "entrée résident : oui_non\ntarif t en €\n  prix 1 €\n  exception si résident : 2 €\nfin\n",
                strlen("entrée résident : oui_non\ntarif t en €\n  prix 1 €\n  exception si résident : 2 €\nfin\n"));
    assert_int_equal(delib_check_new(p, NULL, &check), DELIB_OK);
    assert_int_equal(delib_check_diagnostic_count(check), 0);
    assert_int_equal(delib_check_property_count(check), 0);
    delib_check_free(check);
    delib_program_release(p);

    p = compile(engine, ACT, strlen(ACT));
    assert_int_equal(delib_check_new(p, NULL, &check), DELIB_OK);
    delib_program_release(p);                          /* the check keeps what it needs */
    assert_int_equal(delib_check_property_count(check), 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(delib_check_property(check, i, &property), DELIB_OK);
        assert_string_equal(property.title, titles[i]);
        assert_int_equal(property.verdict, expected[i]);
        assert_int_equal(property.line, 16 + 3 * i);
    }
    for (size_t i = 0; i < delib_check_diagnostic_count(check); i++) {
        assert_int_equal(delib_check_diagnostic(check, i, &d), DELIB_OK);
        errors += d.is_error != 0;
        if (d.is_error) {
            assert_string_equal(d.code, "D802");
            assert_string_equal(d.message, "la propriété « fausse » est fausse");
            assert_non_null(strstr(d.effect, "« t » passe de 4,00"));
            assert_non_null(strstr(d.effect, " à 2,00"));
            assert_non_null(strstr(d.printed, "exception trois"));
        }
    }
    assert_int_equal(errors, 1);
    assert_int_equal(delib_check_tariff(check, 0, &regions, &why), DELIB_OK);
    assert_true(regions >= 4);
    assert_null(why);
    delib_check_free(check);
    delib_engine_free(engine);
}

static void misuse_is_a_status(void **unused)
{
    delib_check_options options = DELIB_CHECK_OPTIONS_INIT;
    delib_engine *engine;
    delib_program *p = NULL;
    delib_check *check;
    delib_source wrong = { "acte.delib", "tarif", 5 };
    delib_diagnostic d;
    delib_property property;
    size_t regions;
    const char *why;

    (void)unused;
    assert_int_equal(delib_engine_new(NULL, &engine), DELIB_OK);
    assert_int_equal(delib_check_new(NULL, NULL, &check), DELIB_MISUSE);
    assert_int_equal(delib_compile(engine, &wrong, NULL, NULL, &p), DELIB_INVALID);
    assert_int_equal(delib_check_new(p, NULL, &check), DELIB_INVALID);
    delib_program_release(p);
    p = compile(engine, ACT, strlen(ACT));
    assert_int_equal(delib_check_new(p, NULL, NULL), DELIB_MISUSE);
    options.date = "hier";
    assert_int_equal(delib_check_new(p, &options, &check), DELIB_INVALID);
    assert_null(check);
    options.date = "2026-11-23";
    assert_int_equal(delib_check_new(p, &options, &check), DELIB_OK);
    assert_int_equal(delib_check_diagnostic(check, 99, &d), DELIB_MISUSE);
    assert_int_equal(delib_check_property(check, 3, &property), DELIB_MISUSE);
    assert_int_equal(delib_check_tariff(check, 1, &regions, &why), DELIB_MISUSE);
    assert_int_equal(delib_check_tariff(check, -1, &regions, &why), DELIB_MISUSE);
    assert_int_equal(delib_check_tariff(NULL, 0, &regions, &why), DELIB_MISUSE);
    assert_int_equal(delib_check_tariff(check, 0, NULL, &why), DELIB_MISUSE);
    assert_int_equal(delib_check_tariff(check, 0, &regions, NULL), DELIB_MISUSE);
    assert_int_equal(delib_check_diagnostic(NULL, 0, &d), DELIB_MISUSE);
    assert_int_equal(delib_check_diagnostic(check, 0, NULL), DELIB_MISUSE);
    assert_int_equal(delib_check_property(check, 0, NULL), DELIB_MISUSE);
    assert_int_equal(delib_check_diagnostic_count(NULL), 0);
    assert_int_equal(delib_check_property_count(NULL), 0);
    assert_string_equal(delib_verdict_text(DELIB_NON_DEMONTREE), "non démontrée");
    delib_check_free(check);
    delib_check_free(NULL);
    delib_program_release(p);
    delib_engine_free(engine);
}

/* ---- Délibérations made to explode ---- */

static struct {
    char bytes[1 << 20];
    size_t length;
} bomb;

static void add(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    bomb.length += (size_t)vsnprintf(bomb.bytes + bomb.length, sizeof bomb.bytes - bomb.length, format, args);
    va_end(args);
    assert_true(bomb.length < sizeof bomb.bytes);
}

/* Forty answers that all count, each with its own amount: two to the forty families. */
static void forty_axes(void)
{
    for (int i = 0; i < 40; i++)
        add("entrée a%d : oui_non\n", i);
    add("entrée qf : quotient\ntarif t en € par repas\n  prix selon qf\n    moins de 500 : 1 €\n    500 et plus : 2 €\n"
        "    non communiqué : 2 €\n  fin\n");
    for (int i = 0; i < 40; i++)
        add("  puis supplément de %d,%02d € si a%d et qf > %d\n    non communiqué : sans effet\n", i, i, i, i * 13);
    add("fin\n");
}

/* A grid of a thousand rows and ten columns on a derived quotient that no axis follows. */
static void thousand_rows(void)
{
    add("entrée revenu : ressources en € par an de 0 à 1 000 000\n  non communiqué : non prévu\n"
        "entrée parts : nombre de 1 à 20\nentrée rang : entier de 1 à 10\n"
        "soit quotient = revenu / parts tronqué à l'euro\n"
        "tarif t en € par repas\n  prix grille en € selon quotient et rang\n    | |");
    for (int c = 1; c <= 10; c++)
        add(" %d |", c);
    for (int r = 0; r < 1000; r++) {
        r < 999 ? add("\n    | de %d à %d |", r * 50, r * 50 + 49) : add("\n    | %d et plus |", r * 50);
        for (int c = 0; c < 10; c++)
            add(" %d,%02d |", r / 100, (r * 7 + c * 13) % 100);
    }
    add("\n  fin\nfin\n");
}

/* Conditions inside conditions, each with a quotient of its own. */
static void nested_conditions(void)
{
    for (int i = 0; i < 12; i++)
        add("entrée q%d : montant de 0 € à 100 000 €\n", i);
    add("tarif t en €\n  prix 1 €\n");
    for (int i = 0; i < 60; i++)
        add("  puis supplément de 0,%02d € si (q%d > q%d ou (q%d < q%d et (q%d ≤ 7 € ou non (q%d > q%d))))\n", i,
            i % 12, (i * 5 + 1) % 12, (i * 7 + 2) % 12, (i + 3) % 12, (i + 4) % 12, (i + 5) % 12, (i * 11 + 6) % 12);
    add("fin\n");
}

static void check_bomb(void (*make)(void), bool property)
{
    delib_options limits = DELIB_OPTIONS_INIT;
    delib_check_options options = DELIB_CHECK_OPTIONS_INIT;
    delib_engine *engine;
    delib_program *p;
    delib_check *check;
    delib_property said;
    size_t regions;
    const char *why;

    bomb.length = 0;
    make();
    if (property)
        add("propriété « monte »\n  t ne baisse jamais quand %s augmente\nfin\n",
            make == forty_axes ? "qf" : make == thousand_rows ? "revenu" : "q3");
    limits.memory_limit = (size_t)400 << 20;
    assert_int_equal(delib_engine_new(&limits, &engine), DELIB_OK);
    p = compile(engine, bomb.bytes, bomb.length);
    options.step_limit = 2000000;
    assert_int_equal(delib_check_new(p, &options, &check), DELIB_OK);
    assert_int_equal(delib_check_tariff(check, 0, &regions, &why), DELIB_OK);
    assert_non_null(why);
    if (property) {
        assert_int_equal(delib_check_property(check, 0, &said), DELIB_OK);
        assert_int_not_equal(said.verdict, DELIB_DEMONTREE);
        assert_true(delib_check_diagnostic_count(check) > 0);
    }
    delib_check_free(check);
    delib_program_release(p);
    delib_engine_free(engine);
}

static void bombs_end_undecided(void **unused)
{
    (void)unused;
    check_bomb(forty_axes, true);
    check_bomb(thousand_rows, true);
    check_bomb(nested_conditions, true);
    check_bomb(forty_axes, false);
}

/* ---- Random programs ---- */

/* Every tariff bounded, and along every quotient: whatever is said, it is said; a budget of one step proves nothing. */
static void random_programs_are_judged(void **unused)
{
    static struct generated g;
    static const uint64_t budgets[] = { 1, 300000 };
    const char *wanted = getenv("DELIB_CHECK_PROGRAMS");
    unsigned long programs = wanted ? strtoul(wanted, NULL, 10) : 150, proved = 0, refuted = 0, judged = 0;
    delib_engine *engine;

    (void)unused;
    assert_int_equal(delib_engine_new(NULL, &engine), DELIB_OK);
    for (unsigned long seed = 1; seed <= programs; seed++) {
        delib_program *p = NULL;
        delib_source source;

        generate_program(&g, seed);
        source = (delib_source){ "aleatoire.delib", g.text, g.length };
        bomb.length = 0;
        add("%s\n", g.text);
        if (delib_compile(engine, &source, NULL, NULL, &p) == DELIB_OK)
            for (size_t t = 0; t < p->tariff_count; t++) {
                if (!type_is_number(p->tariffs[t].symbol->type, QUANTITY_MONTANT))
                    continue;
                add("propriété « bornes »\n  %s est toujours de 0 € à 5 €\nfin\n", p->tariffs[t].name);
                for (size_t i = 0; i < p->model.data.count; i++)
                    if (type_is_number(p->model.data.items[i]->type, QUANTITY_QUOTIENT))
                        add("propriété « sens »\n  %s ne baisse jamais quand %s augmente\nfin\n", p->tariffs[t].name,
                            p->data_names[i]);
            }
        delib_program_release(p);
        source = (delib_source){ "aleatoire.delib", bomb.bytes, bomb.length };
        p = NULL;
        for (size_t b = 0; delib_compile(engine, &source, NULL, NULL, &p) == DELIB_OK && b < 2; b++) {
            delib_check_options options = DELIB_CHECK_OPTIONS_INIT;
            delib_property property;
            delib_check *check;

            options.step_limit = budgets[b];
            assert_int_equal(delib_check_new(p, &options, &check), DELIB_OK);
            for (size_t i = 0; delib_check_property(check, i, &property) == DELIB_OK; i++) {
                assert_true(b > 0 || property.verdict == DELIB_NON_DEMONTREE);
                judged += b;
                proved += property.verdict == DELIB_DEMONTREE;
                refuted += property.verdict == DELIB_REFUTEE;
            }
            delib_check_free(check);
            delib_program_release(p);
            p = NULL;
        }
        delib_program_release(p);
    }
    delib_engine_free(engine);
    print_message("%lu properties of random programs: %lu proved, %lu refuted\n", judged, proved, refuted);
    assert_true(proved > 0 && refuted > 0);
}

/* ---- Every refused allocation ---- */

struct refusals {
    long left; /* allocations before the refused one; negative: none is */
    long live;
};

static void *refusing_resize(void *context, void *block, size_t size)
{
    struct refusals *r = context;

    if (size == 0) {
        r->live -= block != NULL;
        free(block);
        return NULL;
    }
    if (r->left == 0)
        return NULL;
    r->left -= r->left > 0;
    r->live += block == NULL;
    return realloc(block, size);
}

static void no_memory_is_a_status(void **unused)
{
    struct refusals refusals = { .left = -1 };
    delib_options options = DELIB_OPTIONS_INIT;
    delib_engine *engine;
    delib_program *p;
    delib_check *check;
    delib_status status;
    long before, nth = 0;

    (void)unused;
    options.resize = refusing_resize;
    options.resize_context = &refusals;
    assert_int_equal(delib_engine_new(&options, &engine), DELIB_OK);
    p = compile(engine, ACT, strlen(ACT));
    before = refusals.live;
    do {
        refusals.left = nth++;
        status = delib_check_new(p, NULL, &check);
        refusals.left = -1;
        assert_true(status == DELIB_OK || status == DELIB_NO_MEMORY);
        assert_true(status == DELIB_OK || !check);
        delib_check_free(check);
        assert_int_equal(refusals.live, before);
    } while (status != DELIB_OK);
    assert_true(nth > 2);
    /* Blocks are large: a limit in bytes stops at many more places. */
    for (size_t limit = 1;; limit += 1 + limit / 97, nth++) {
        p->options.memory_limit = limit;
        status = delib_check_new(p, NULL, &check);
        delib_check_free(check);
        assert_int_equal(refusals.live, before);
        if (status == DELIB_OK)
            break;
        assert_int_equal(status, DELIB_NO_MEMORY);
    }
    assert_true(nth > 100);
    delib_program_release(p);
    delib_engine_free(engine);
    assert_int_equal(refusals.live, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verdicts_and_warnings),
        cmocka_unit_test(misuse_is_a_status),
        cmocka_unit_test(bombs_end_undecided),
        cmocka_unit_test(random_programs_are_judged),
        cmocka_unit_test(no_memory_is_a_status),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
