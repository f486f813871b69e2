/*
 * Texts that nobody should write: each gives a diagnostic in reasonable time, never a crash. Run also by `make asan`.
 */
#include "runtime/delib.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pthread.h>

#include <cmocka.h>

/* A growing text. */
struct text {
    char *bytes;
    size_t length, capacity;
};

static void add(struct text *text, const char *bytes, size_t length)
{
    if (text->length + length > text->capacity) {
        text->capacity = 2 * (text->length + length);
        text->bytes = realloc(text->bytes, text->capacity);
        assert_non_null(text->bytes);
    }
    if (length)
        memcpy(text->bytes + text->length, bytes, length);
    text->length += length;
}

static void add_times(struct text *text, const char *bytes, size_t times)
{
    while (times-- > 0)
        add(text, bytes, strlen(bytes));
}

struct outcome {
    delib_status status;
    size_t diagnostics;
    char code[8]; /* of the first error */
    unsigned line, column;
};

/* Compiles, computes the first tariff without any data when there is one, and releases the text. */
static struct outcome outcome_of(struct text text, const char *name, size_t source_limit)
{
    delib_options options = DELIB_OPTIONS_INIT;
    delib_source source = {name, text.bytes ? text.bytes : "", text.length};
    struct outcome out = {.diagnostics = 0};
    delib_engine *engine;
    delib_program *program;

    options.source_limit = source_limit;
    assert_int_equal(delib_engine_new(&options, &engine), DELIB_OK);
    out.status = delib_compile(engine, &source, NULL, NULL, &program);
    out.diagnostics = delib_program_diagnostic_count(program);
    for (size_t i = 0; i < out.diagnostics && !out.code[0]; i++) {
        delib_diagnostic d;

        assert_int_equal(delib_program_diagnostic(program, i, &d), DELIB_OK);
        if (!d.is_error)
            continue;
        snprintf(out.code, sizeof out.code, "%s", d.code);
        out.line = d.line;
        out.column = d.column;
    }
    if (out.status == DELIB_OK) {
        delib_session *session;
        delib_result result;

        assert_int_equal(delib_session_new(program, NULL, &session), DELIB_OK);
        assert_int_equal(delib_evaluate(session, 0, &result), DELIB_OK);
        delib_session_free(session);
    }
    delib_program_release(program);
    delib_engine_free(engine);
    free(text.bytes);
    return out;
}

static void assert_code(struct text text, const char *code)
{
    struct outcome out = outcome_of(text, "essai.delib", 0);

    assert_int_equal(out.status, DELIB_INVALID);
    assert_string_equal(out.code, code);
}

static struct text text_of(const char *bytes)
{
    struct text text = {NULL, 0, 0};

    add(&text, bytes, strlen(bytes));
    return text;
}

/* ------------------------------------------------------------------ bytes */

static void test_empty(void **state)
{
    struct text nothing = {NULL, 0, 0};

    (void)state;
    assert_code(nothing, "D102");
    assert_code(text_of(" \r\n\t"), "D102");
    assert_int_equal(outcome_of(text_of(" "), "vide.delib.md", 0).status, DELIB_INVALID);
}

static void test_binary_junk(void **state)
{
    uint32_t random = 12345;

    (void)state;
    for (int round = 0; round < 200; round++) {
        struct text text = {NULL, 0, 0};

        for (int i = 0; i < 5000; i++) {
            char byte;

            random = random * 1664525 + 1013904223;
            byte = (char)(round % 2 ? random >> 24 : (random >> 24) & 0x7F);
            add(&text, &byte, 1);
        }
        assert_int_equal(outcome_of(text, round % 3 ? "bruit.delib" : "bruit.delib.md", 0).status, DELIB_INVALID);
    }
}

static void test_zero_bytes(void **state)
{
    static const char bytes[] = "tarif t en € par repas\n  prix 1\0 €\nfin\n";
    struct text text = {NULL, 0, 0};
    struct text zeros = {NULL, 0, 0};

    (void)state;
    add(&text, bytes, sizeof bytes - 1);
    assert_int_equal(outcome_of(text, "nul.delib", 0).status, DELIB_INVALID);
    add(&zeros, "\0\0\0\0\0\0\0\0", 8);
    assert_int_equal(outcome_of(zeros, "nul.delib", 0).status, DELIB_INVALID);
}

static void test_not_utf8(void **state)
{
    (void)state;
    assert_code(text_of("tarif t en \xA4 par repas\n  prix 1 \xA4\nfin\n"), "D101"); /* Latin-9 */
    assert_code(text_of("\xED\xA0\x80"), "D101");                                    /* a surrogate */
    assert_code(text_of("\xC0\x80"), "D101");                                        /* an overlong zero */
}

/* Ends of line and marks of other systems change neither the meaning nor the place of a fault. */
static void test_ends_of_line(void **state)
{
    static const char *const texts[] = {
        "entrée a : oui_non\ntarif t en € par repas\n  prix 1 €\n  puis réduction de 2 € si b\nfin\n",
        "entrée a : oui_non\r\ntarif t en € par repas\r\n  prix 1 €\r\n  puis réduction de 2 € si b\r\nfin\r\n",
        ("\xEF\xBB\xBF"
         "entrée a : oui_non\ntarif t en € par repas\n  prix 1 €\n  puis réduction de 2 € si b\nfin\n"),
        "entrée a : oui_non\ntarif t en € par repas\n  prix 1 €\n  puis réduction de 2 € si b\nfin",
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct outcome out = outcome_of(text_of(texts[i]), "lignes.delib", 0);

        assert_int_equal(out.status, DELIB_INVALID);
        assert_int_equal(out.line, 4);
    }
}

static void test_unterminated(void **state)
{
    struct text text = text_of("entrée a : oui_non « ");

    (void)state;
    assert_code(text_of("tarif t en € par repas\n  prix 1 €\nfin\nentrée a : oui_non « Oui ?\n"), "D106");
    assert_code(text_of("entrée a : oui_non « Oui ?"), "D106");
    add_times(&text, "a", 200000);
    assert_code(text, "D106");
}

static void test_markdown_without_rule(void **state)
{
    struct outcome out = outcome_of(text_of("# Tarifs\n\nLe repas coûte 3,30 €.\n"), "acte.delib.md", 0);

    (void)state;
    assert_string_equal(out.code, "D114");
    out = outcome_of(text_of("```delib\ntarif t en € par repas\n  prix 1 €\nfin\n"), "acte.delib.md", 0);
    assert_string_equal(out.code, "D115");
    out = outcome_of(text_of("```delib"), "acte.delib.md", 0);
    assert_int_equal(out.status, DELIB_INVALID);
}

/* ------------------------------------------------------------------ sizes */

static void test_source_limit(void **state)
{
    struct text text = {NULL, 0, 0};
    struct outcome out;

    (void)state;
    add_times(&text, "0123456789abcdef", (16 << 20) / 16 + 1);
    out = outcome_of(text, "grand.delib", 0);
    assert_int_equal(out.status, DELIB_INVALID);
    assert_string_equal(out.code, "D103");
    assert_int_equal(out.diagnostics, 1);
}

static void test_long_line(void **state)
{
    const char *const pieces[] = {"a", " a", "(", "9", "« ", "é", "--", "# ", "e\xCC\x81", "|"};

    (void)state;
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        struct text text = text_of("tarif t en € par repas\n  prix ");
        struct outcome out;

        add_times(&text, pieces[i], (256 << 10) / strlen(pieces[i]));
        out = outcome_of(text, i % 2 ? "ligne.delib" : "ligne.delib.md", 0);
        assert_true(out.status == DELIB_INVALID || out.status == DELIB_NO_MEMORY);
    }
}

/* Beyond every default: 100 MB accepted by the host, on one line. */
static void test_hundred_megabytes(void **state)
{
    struct text text = text_of("tarif t en € par repas\n  prix 1 € ");
    struct outcome out;

    (void)state;
    add_times(&text, "+ 1 €      ", 100000000 / 12);
    out = outcome_of(text, "ligne.delib", 200 << 20);
    assert_true(out.status == DELIB_INVALID || out.status == DELIB_NO_MEMORY);
}

static void test_nested_parentheses(void **state)
{
    struct text text = text_of("tarif t en € par repas\n  prix ");
    struct text open = text_of("tarif t en € par repas\n  prix ");

    (void)state;
    add_times(&text, "(", 10000);
    add_times(&text, "1 €", 1);
    add_times(&text, ")", 10000);
    add_times(&text, "\nfin\n", 1);
    assert_code(text, "D111");
    add_times(&open, "(", 1000000);
    assert_code(open, "D111");
}

/* Accepted or refused with a diagnostic: the depth of the tree must not be that of our stack. */
static void assert_survives(const char *before, const char *piece, size_t times, const char *middle,
                            const char *piece_after, const char *after)
{
    struct text text = text_of(before);
    struct outcome out;

    add_times(&text, piece, times);
    add_times(&text, middle, 1);
    add_times(&text, piece_after, times);
    add_times(&text, after, 1);
    out = outcome_of(text, "profond.delib", 0);
    assert_true(out.status == DELIB_OK || (out.status == DELIB_INVALID && out.code[0]) ||
                out.status == DELIB_NO_MEMORY);
}

static void test_long_sums(void **state)
{
    (void)state;
    assert_survives("tarif t en € par repas\n  prix ", "1 € + ", 100000, "1 €", "", "\nfin\n");
    assert_survives("tarif t en € par repas\n  prix 1 €", " - 1 €", 100000, "", "", "\nfin\n");
    assert_survives("entrée a : oui_non\ntarif t en € par repas\n  prix 1 €\n  puis plancher 2 € si a", " ou a",
                    100000, "", "", "\nfin\n");
    assert_survives("tarif t en € par repas\n  prix 1 €", " × 1", 100000, "", "", "\nfin\n");
    assert_survives("tarif t en € par repas\n  prix ", "-", 100000, "1 €", "", "\nfin\n");
    assert_survives("tarif t en € par repas\n  prix 1 €\n  puis plancher 2 € si ", "non ", 100000, "oui", "",
                    "\nfin\n");
    assert_survives("tarif t en € par repas\n  prix 1 €", " arrondi au centime", 50000, "", "", "\nfin\n");
    assert_survives("tarif t en € par repas\n  prix ", "1 % de ", 50000, "1 €", "",
                    "\n  puis arrondi au centime\nfin\n");
}

static void test_nested_blocks(void **state)
{
    const char *data = "entrée n : entier de 1 à 9\ntarif t en € par repas\n  prix ";

    (void)state;
    assert_survives(data, "selon n\n 1 : 1 €\n 2 et plus : ", 1000, "1 €", "\nfin\n", "\nfin\n");
    assert_survives(data, "la plus favorable de 1 € ; ", 1000, "1 €", " fin", "\nfin\n");
    assert_survives("tarif t en € par repas\n  prix ", "maximum(1 € ; ", 1000, "1 €", ")", "\nfin\n");
    assert_survives(data, "selon n\n", 20000, "", "", "");
}

/* Definitions that each use the one before: a chain as deep as the file is long. */
enum { DEFINITIONS = 50000 };

static void test_chain_of_definitions(void **state)
{
    struct text lets = text_of("soit a0 = 1 €\n"), functions = text_of("fonction f0(x : entier de 0 à 9) = x + 1\n");
    struct outcome out;

    (void)state;
    for (int i = 1; i < DEFINITIONS; i++) {
        char line[64];

        add(&lets, line, (size_t)snprintf(line, sizeof line, "soit a%d = a%d\n", i, i - 1));
    }
    for (int i = 1; i < DEFINITIONS; i++) {
        char line[96];

        add(&functions, line,
            (size_t)snprintf(line, sizeof line, "fonction f%d(x : entier de 0 à 9) = f%d(x)\n", i, i - 1));
    }
    add_times(&lets, "tarif t en € par repas\n  prix a49999\nfin\n", 1);
    add_times(&functions, "tarif t en € par repas\n  prix f49999(1) × 1 €\nfin\n", 1);
    out = outcome_of(lets, "chaîne.delib", 0);
    assert_true(out.status == DELIB_OK || out.status == DELIB_INVALID);
    out = outcome_of(functions, "chaîne.delib", 0);
    assert_true(out.status == DELIB_OK || out.status == DELIB_INVALID);
}

/* The same, each used before it is written. */
static void test_chain_backwards(void **state)
{
    struct text text = text_of("");
    struct outcome out;
    char line[96];

    (void)state;
    for (int i = 0; i < DEFINITIONS; i++)
        add(&text, line, (size_t)snprintf(line, sizeof line, "soit a%d = a%d\n", i, i + 1));
    add(&text, line,
        (size_t)snprintf(line, sizeof line, "soit a%d = 1 €\ntarif t en € par repas\n  prix a0\nfin\n", DEFINITIONS));
    out = outcome_of(text, "chaîne.delib", 0);
    assert_int_equal(out.status, DELIB_INVALID);
    assert_string_equal(out.code, "D111");
}

/* The threads of a portal may have a stack of one mebibyte: the deepest chains that are accepted stay within it. */
static void *compile_chains(void *unused)
{
    static const struct { const char *line, *last; } CHAINS[] = {
        { "soit a%d = a%d\n", "soit a%d = 1 €\n" },
        { "soit a%d = la plus favorable de a%d ; 5 € fin\n", "soit a%d = 1 €\n" },
        { "soit a%d = (a%d + 1 €) × 1\n", "soit a%d = 1 €\n" },
        { "soit a%d = selon q\n  moins de 5 : a%d\n  5 et plus : 2 €\nfin\n", "soit a%d = 1 €\n" },
    };
    char line[128];

    for (size_t k = 0; k < sizeof CHAINS / sizeof *CHAINS; k++)
        for (int length = 50; length <= 800; length *= 2) {
            struct text text = text_of("entrée q : entier de 0 à 9\n");

            for (int i = 0; i < length; i++)
                add(&text, line, (size_t)snprintf(line, sizeof line, CHAINS[k].line, i, i + 1));
            add(&text, line, (size_t)snprintf(line, sizeof line, CHAINS[k].last, length));
            add_times(&text, "tarif t en € par repas\n  prix a0\nfin\n", 1);
            (void)outcome_of(text, "chaîne.delib", 0);
        }
    return unused;
}

static void test_small_stack(void **state)
{
    pthread_attr_t attributes;
    pthread_t thread;

    (void)state;
#ifdef __SANITIZE_ADDRESS__
    skip();                              /* its frames are several times larger */
#endif
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 1 << 20);
    assert_int_equal(pthread_create(&thread, &attributes, compile_chains, NULL), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    pthread_attr_destroy(&attributes);
}

static void test_many_rows(void **state)
{
    struct text text =
        text_of("entrée n : entier de 0 à 900 000\ntarif t en € par repas\n  prix selon n\n    moins de 1 : 1 €\n");
    char line[96];

    (void)state;
    for (int i = 1; i < 20000; i++)
        add(&text, line,
            (size_t)snprintf(line, sizeof line, "    de %d à moins de %d : %d,%02d €\n", i, i + 1, i / 100, i % 100));
    add_times(&text, "    20000 et plus : 300 €\n  fin\nfin\n", 1);
    assert_int_equal(outcome_of(text, "lignes.delib", 0).status, DELIB_OK);
}

/* Before a declaration, in a block, between two words: each run is read once, not once for each of its lines. */
static void test_many_comments(void **state)
{
    struct text text = {NULL, 0, 0};

    (void)state;
    add_times(&text, "-- x\n", 300000);
    add_times(&text, "tarif t en € par repas\n", 1);
    add_times(&text, "-- x\n", 300000);
    add_times(&text, "  prix\n", 1);
    add_times(&text, "-- x\n", 300000);
    add_times(&text, "  1 €\nfin\n", 1);
    assert_int_equal(outcome_of(text, "commentaires.delib", 0).status, DELIB_OK);
}

static void test_many_faults(void **state)
{
    struct text text = {NULL, 0, 0};
    struct outcome out;

    (void)state;
    for (int i = 0; i < 20000; i++)
        add_times(&text, "tarif t en € par repas\n  prix 1 € €\nfin\n", 1);
    out = outcome_of(text, "fautes.delib", 0);
    assert_int_equal(out.status, DELIB_INVALID);
    assert_true(out.diagnostics >= 1);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_empty),
        cmocka_unit_test(test_binary_junk),
        cmocka_unit_test(test_zero_bytes),
        cmocka_unit_test(test_not_utf8),
        cmocka_unit_test(test_ends_of_line),
        cmocka_unit_test(test_unterminated),
        cmocka_unit_test(test_markdown_without_rule),
        cmocka_unit_test(test_source_limit),
        cmocka_unit_test(test_long_line),
        cmocka_unit_test(test_hundred_megabytes),
        cmocka_unit_test(test_nested_parentheses),
        cmocka_unit_test(test_long_sums),
        cmocka_unit_test(test_nested_blocks),
        cmocka_unit_test(test_chain_of_definitions),
        cmocka_unit_test(test_chain_backwards),
        cmocka_unit_test(test_small_stack),
        cmocka_unit_test(test_many_rows),
        cmocka_unit_test(test_many_comments),
        cmocka_unit_test(test_many_faults),
    };

    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
