/*
 * JSON and YAML texts: what they become, what is refused and where, and JSON written back.
 */
#include "runtime/delib_io.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- Helpers ---- */

static delib_io_document *read_text(const char *text, delib_io_format format, delib_status expected)
{
    delib_io_document *document = NULL;

    assert_int_equal(delib_io_document_read("essai", text, strlen(text), format, NULL, &document), expected);
    assert_non_null(document);
    return document;
}

/* The tree written back as compact JSON. */
static void check_json(const char *text, delib_io_format format, const char *expected)
{
    delib_io_document *document = read_text(text, format, DELIB_OK);
    delib_io_json *json = NULL;
    const char *written = NULL;
    size_t length = 0;

    assert_int_equal(delib_io_json_new(&json), DELIB_OK);
    delib_io_json_value(json, NULL, delib_io_document_root(document));
    assert_int_equal(delib_io_json_finish(json, 0, &written, &length), DELIB_OK);
    assert_string_equal(written, expected);
    assert_int_equal(length, strlen(expected));
    delib_io_json_free(json);
    delib_io_document_free(document);
}

static void check_refused(const char *text, delib_io_format format, const char *code, unsigned line, unsigned column)
{
    delib_io_document *document = read_text(text, format, DELIB_INVALID);
    delib_diagnostic diagnostic;

    assert_true(delib_io_document_diagnostic_count(document) >= 1);
    assert_int_equal(delib_io_document_diagnostic(document, 0, &diagnostic), DELIB_OK);
    if (strcmp(diagnostic.code, code) != 0 || diagnostic.line != line || diagnostic.column != column)
        fail_msg("%s: %s instead of %s, %u:%u", text, diagnostic.printed, code, line, column);
    assert_non_null(strstr(diagnostic.printed, diagnostic.message));
    assert_int_equal(delib_io_document_diagnostic(document, delib_io_document_diagnostic_count(document),
                                                  &diagnostic),
                     DELIB_MISUSE);
    delib_io_document_free(document);
}

/* ---- JSON ---- */

static void json_values_are_exact(void **state)
{
    (void)state;
    check_json("{\"a\":1,\"b\":[true,false,null],\"c\":\"\\u00e9\\n\"}", DELIB_IO_AUTO,
               "{\"a\":1,\"b\":[true,false,null],\"c\":\"é\\n\"}");
    check_json("[1.50, -0.05, 0.0, 1e3, 12e-2, -7, 0]", DELIB_IO_AUTO,
               "[\"1.50\",\"-0.05\",\"0.0\",1000,\"0.12\",-7,0]");
    check_json("622.50", DELIB_IO_JSON, "\"622.50\"");
    check_json(" \n\t{} ", DELIB_IO_AUTO, "{}");
    check_json("\xEF\xBB\xBF[]", DELIB_IO_AUTO, "[]");
    check_json("[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\u20AC\\uD83D\\uDE00\\u0041x\", \"\"]", DELIB_IO_JSON,
               "[\"\\\"\\\\/\\b\\f\\n\\r\\té€😀Ax\",\"\"]");
    check_json("{\"\\u00e9\": \"\\\\\", \"\": 1}", DELIB_IO_JSON, "{\"é\":\"\\\\\",\"\":1}");
    check_json("{\"z\":1,\"a\":2,\"m\":3}", DELIB_IO_JSON, "{\"z\":1,\"a\":2,\"m\":3}");
}

static void json_numbers_keep_fifteen_digits_and_no_more(void **state)
{
    (void)state;
    check_json("123456789012345", DELIB_IO_JSON, "123456789012345");
    check_json("1234567890123.45", DELIB_IO_JSON, "\"1234567890123.45\"");
    check_json("0.000000000000001", DELIB_IO_JSON, "\"0.000000000000001\"");
    check_json("1000000000000000000", DELIB_IO_JSON, "1000000000000000000");
    check_json("-999999999999999", DELIB_IO_JSON, "-999999999999999");
    check_json("[-0, -0.00, 0e5, 0.000e-30, 1e+2, 1E2, 100e-20, 12.500e1]", DELIB_IO_JSON,
               "[0,\"0.00\",0,0,100,100,\"0.000000000000000001\",\"125.00\"]");
    check_refused("[1.0e-19]", DELIB_IO_JSON, "D735", 1, 2);
    check_refused("[12345678901234500000]", DELIB_IO_JSON, "D735", 1, 2);
    check_refused("[1e]", DELIB_IO_JSON, "D735", 1, 2);
    check_refused("[1e+]", DELIB_IO_JSON, "D735", 1, 2);
    check_refused("[1e5e]", DELIB_IO_JSON, "D735", 1, 2);
    check_refused("[1.2.3]", DELIB_IO_JSON, "D735", 1, 2);
    check_refused("[-]", DELIB_IO_JSON, "D736", 1, 2);
    check_refused("{\"a\": 1234567890123456}", DELIB_IO_JSON, "D735", 1, 7);
    check_refused("[0.1000000000000000055]", DELIB_IO_JSON, "D735", 1, 2);
    check_refused("[1,\n 1e400]", DELIB_IO_JSON, "D735", 2, 2);
    check_refused("[1e-30]", DELIB_IO_JSON, "D735", 1, 2);
    check_refused("[10000000000000000000]", DELIB_IO_JSON, "D735", 1, 2);
    check_refused("[1e999999999999]", DELIB_IO_JSON, "D735", 1, 2);
}

static void json_errors_have_a_place(void **state)
{
    (void)state;
    check_refused("", DELIB_IO_JSON, "D732", 1, 1);
    check_refused(" \n ", DELIB_IO_JSON, "D732", 1, 1);
    check_refused("{\"a\": 1,\n \"é\": 2, \"a\": 3}", DELIB_IO_JSON, "D734", 2, 10);
    check_refused("{\"a\": [1, 2", DELIB_IO_JSON, "D739", 1, 11);
    check_refused("{\"a\": \"b", DELIB_IO_JSON, "D739", 1, 8);
    check_refused("[1] 2", DELIB_IO_JSON, "D736", 1, 5);
    check_refused("{\"a\": tru}", DELIB_IO_JSON, "D736", 1, 9);
    check_refused("[\"\\u0000\"]", DELIB_IO_JSON, "D736", 1, 9);
    check_refused("[\"a\",\n \"\xff\"]", DELIB_IO_JSON, "D730", 2, 3);
    check_refused("[01]", DELIB_IO_JSON, "D736", 1, 2);
    check_refused("]", DELIB_IO_JSON, "D736", 1, 1);
    check_refused("[1;2]", DELIB_IO_JSON, "D736", 1, 3);
    check_refused("[\"\\", DELIB_IO_JSON, "D739", 1, 3);
    check_refused("[\"\\u12\"]", DELIB_IO_JSON, "D736", 1, 7);
    check_refused("[\"\\uD83D\"]", DELIB_IO_JSON, "D736", 1, 9);
    check_refused("[\"\\uD83D\\u0041\"]", DELIB_IO_JSON, "D736", 1, 15);
    check_refused("[\"\\uDE00\"]", DELIB_IO_JSON, "D736", 1, 9);
    check_refused("[\"\\x\"]", DELIB_IO_JSON, "D736", 1, 4);
    check_refused("{\"a\": 1, \"\\u0061\": 2}", DELIB_IO_JSON, "D734", 1, 10);
    check_refused("nul", DELIB_IO_JSON, "D739", 1, 3);
}

static void zeros_are_refused(void **state)
{
    static const char json[] = "{\"a\": false\0, \"b\": 1}", yaml[] = "a: b\0\nc: d\n";
    delib_io_document *document = NULL;

    (void)state;
    assert_int_equal(delib_io_document_read("x", json, sizeof(json) - 1, DELIB_IO_JSON, NULL, &document),
                     DELIB_INVALID);
    delib_io_document_free(document);
    assert_int_equal(delib_io_document_read("x", yaml, sizeof(yaml) - 1, DELIB_IO_YAML, NULL, &document),
                     DELIB_INVALID);
    delib_io_document_free(document);
}

static void depth_and_sizes_are_limited(void **state)
{
    delib_io_limits limits = DELIB_IO_LIMITS_INIT;
    delib_io_document *document = NULL;
    delib_diagnostic diagnostic;
    char deep[4096];

    (void)state;
    memset(deep, '[', 64);
    memset(deep + 64, ']', 64);
    deep[128] = '\0';
    delib_io_document_free(read_text(deep, DELIB_IO_JSON, DELIB_OK));
    delib_io_document_free(read_text(deep, DELIB_IO_YAML, DELIB_OK));
    memset(deep, '[', 65);
    memset(deep + 65, ']', 65);
    deep[130] = '\0';
    check_refused(deep, DELIB_IO_JSON, "D733", 1, 65);
    check_refused(deep, DELIB_IO_YAML, "D733", 1, 65);
    memset(deep, '[', sizeof(deep) - 1);
    deep[sizeof(deep) - 1] = '\0';
    check_refused(deep, DELIB_IO_JSON, "D733", 1, 65);

    limits.byte_limit = 10;
    assert_int_equal(delib_io_document_read("x", "[1,2,3,4,5,6]", 13, DELIB_IO_JSON, &limits, &document),
                     DELIB_INVALID);
    assert_int_equal(delib_io_document_diagnostic(document, 0, &diagnostic), DELIB_OK);
    assert_string_equal(diagnostic.code, "D731");
    delib_io_document_free(document);

    limits.byte_limit = 0;
    limits.depth_limit = 2;
    assert_int_equal(delib_io_document_read("x", "[[[1]]]", 7, DELIB_IO_JSON, &limits, &document), DELIB_INVALID);
    assert_int_equal(delib_io_document_diagnostic(document, 0, &diagnostic), DELIB_OK);
    assert_string_equal(diagnostic.message, "trop de niveaux imbriqués : 2 au plus sont lus");
    delib_io_document_free(document);
    limits.depth_limit = 1000;             /* never more than the library's own */
    assert_int_equal(delib_io_document_read("x", deep, strlen(deep), DELIB_IO_JSON, &limits, &document), DELIB_INVALID);
    delib_io_document_free(document);

    /* Keys are not values; a text with far too many of both is not read to its end. */
    limits.depth_limit = 0;
    limits.value_limit = 2;
    assert_int_equal(delib_io_document_read("x", "{\"a\":1}", 7, DELIB_IO_JSON, &limits, &document), DELIB_OK);
    delib_io_document_free(document);
    assert_int_equal(delib_io_document_read("x", "[1,2,3,4,5,6", 12, DELIB_IO_JSON, &limits, &document),
                     DELIB_INVALID);
    assert_int_equal(delib_io_document_diagnostic(document, 0, &diagnostic), DELIB_OK);
    assert_string_equal(diagnostic.message, "texte trop grand : plus de 2 valeurs");
    delib_io_document_free(document);
    limits.value_limit = 5;
    for (int format = DELIB_IO_JSON; format <= DELIB_IO_YAML; format++) {
        assert_int_equal(delib_io_document_read("x", "[1,2,3,4,5,6]", 13, (delib_io_format)format, &limits,
                                                &document),
                         DELIB_INVALID);
        assert_int_equal(delib_io_document_diagnostic(document, 0, &diagnostic), DELIB_OK);
        assert_string_equal(diagnostic.code, "D731");
        delib_io_document_free(document);
    }
}

/* ---- YAML ---- */

static void yaml_scalars_stay_texts(void **state)
{
    (void)state;
    check_json("a: 1\nb: 1,50 €\nc: oui\nd: true\ne: 2026-09-01\nf: \"null\"\ng: 'x'\n", DELIB_IO_AUTO,
               "{\"a\":\"1\",\"b\":\"1,50 €\",\"c\":\"oui\",\"d\":\"true\",\"e\":\"2026-09-01\",\"f\":\"null\","
               "\"g\":\"x\"}");
    check_json("a: ~\nb: null\nc:\nd: \"\"\n", DELIB_IO_YAML, "{\"a\":null,\"b\":null,\"c\":null,\"d\":\"\"}");
    check_json("- a\n- [b, {c: d}]\n-\n", DELIB_IO_YAML, "[\"a\",[\"b\",{\"c\":\"d\"}],null]");
    check_json("{a: 1}", DELIB_IO_YAML, "{\"a\":\"1\"}");
    check_json("a: |\n  un\n  deux\n", DELIB_IO_YAML, "{\"a\":\"un\\ndeux\\n\"}");
}

static void yaml_surprises_are_refused(void **state)
{
    (void)state;
    check_refused("a: 1\nb: 2\na: 3\n", DELIB_IO_YAML, "D734", 3, 1);
    check_refused("a: &x 1\nb: *x\n", DELIB_IO_YAML, "D738", 1, 4);
    check_refused("a: !!int 1\n", DELIB_IO_YAML, "D738", 1, 4);
    check_refused("a: !<!x> {}\n", DELIB_IO_YAML, "D738", 1, 4);
    check_refused("? [a]\n: b\n", DELIB_IO_YAML, "D738", 1, 3);
    check_refused("a: 1\n---\nb: 2\n", DELIB_IO_YAML, "D738", 2, 1);
    check_refused("\ta: 1\n", DELIB_IO_YAML, "D737", 1, 1);
    check_refused("a: b: c\n", DELIB_IO_YAML, "D737", 1, 5);
    check_refused("# rien\n", DELIB_IO_YAML, "D732", 1, 1);
    check_refused("a: \x01\n", DELIB_IO_YAML, "D737", 1, 4);
}

static void laughs_do_not_multiply(void **state)
{
    (void)state;
    check_refused("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", DELIB_IO_YAML, "D738", 1, 4);
}

/* ---- Places ---- */

static void each_value_knows_its_place(void **state)
{
    static const char json[] = "{\"é\": {\"cas\": [\n  {\"id\": \"c01\"},\n  {\"id\": 2.5, \"x\": null}]}}";
    static const char yaml[] = "é:\n  cas:\n    - id: c01\n    - id: 2.5\n      x: ~\n";
    const struct { const char *text; unsigned line, column, x_line, x_column; } cases[] = {
        { json, 3, 10, 3, 20 }, { yaml, 4, 11, 5, 10 },
    };

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        delib_io_document *document = read_text(cases[i].text, DELIB_IO_AUTO, DELIB_OK);
        const delib_value *list = delib_io_value_get(
            delib_io_value_get(delib_io_document_root(document), "é"), "cas");
        const delib_value stranger = { .kind = DELIB_VALUE_ABSENT };
        unsigned line = 0, column = 0;

        assert_non_null(list);
        assert_int_equal(list->count, 2);
        assert_int_equal(delib_io_document_place(document, delib_io_value_get(&list->items[1], "id"), &line, &column),
                         DELIB_OK);
        assert_int_equal(line, cases[i].line);
        assert_int_equal(column, cases[i].column);
        assert_int_equal(delib_io_document_place(document, delib_io_value_get(&list->items[1], "x"), &line, &column),
                         DELIB_OK);
        assert_int_equal(line, cases[i].x_line);
        assert_int_equal(column, cases[i].x_column);
        assert_int_equal(delib_io_document_place(document, delib_io_document_root(document), &line, &column),
                         DELIB_OK);
        assert_int_equal(line, 1);
        assert_int_equal(delib_io_document_place(document, &stranger, &line, &column), DELIB_MISUSE);
        assert_null(delib_io_value_get(list, "id"));
        delib_io_document_free(document);
    }
}

/* ---- Mutations ---- */

static uint64_t seed = 20261123;

static uint32_t random_below(uint32_t limit)
{
    uint64_t z = seed += 0x9E3779B97F4A7C15u;

    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return (uint32_t)((z ^ z >> 31) >> 32) % limit;
}

/* Whatever the bytes, a text is read or refused with a diagnostic; nothing crashes (run under sanitizers too). */
static void mutated_texts_are_read_or_refused(void **state)
{
    static const char *const seeds[] = {
        "{\"data\":{\"quotient_familial\":{\"valeur\":650,\"mois\":4},\"enfants\":[{\"prenoms\":\"LÉO\"}]},"
        "\"x\":-1.5e2}",
        "tarif: cantine\ndemandeur:\n  prenoms: [Jeanne, 'O''Neil']\n  sexe: F\nentrees: { qf: \"622,50\", r: ~ }\n",
    };
    unsigned refused = 0, read = 0;

    (void)state;
    for (unsigned round = 0; round < 40000; round++) {
        char text[256];
        const char *source = seeds[round % 2];
        size_t length = strlen(source);
        delib_io_document *document = NULL;
        delib_status status;

        memcpy(text, source, length);
        for (unsigned i = 0; i <= random_below(4); i++) {
            const uint32_t at = random_below((uint32_t)length);

            switch (random_below(3)) {
            case 0:  text[at] = (char)random_below(256); break;
            case 1:  text[at] = "{}[],:\"'-&*!#|>%@\n\t0e."[random_below(23)]; break;
            default: length = at + 1; break;
            }
        }
        status = delib_io_document_read("x", text, length, (delib_io_format)random_below(3), NULL, &document);
        assert_true(status == DELIB_OK || status == DELIB_INVALID);
        assert_int_equal(status == DELIB_INVALID, delib_io_document_diagnostic_count(document) > 0);
        refused += status == DELIB_INVALID;
        read += status == DELIB_OK;
        delib_io_document_free(document);
    }
    assert_true(refused > 1000 && read > 1000);
}

/* ---- Writing ---- */

static void json_is_written_in_order(void **state)
{
    delib_io_json *json = NULL;
    const char *text = NULL;

    (void)state;
    assert_int_equal(delib_io_json_new(&json), DELIB_OK);
    delib_io_json_object(json, NULL);
    delib_io_json_text(json, "statut", "calculé");
    delib_io_json_decimal(json, "montant", 130, 2);
    delib_io_json_decimal(json, "petit", -5, 2);
    delib_io_json_decimal(json, "extrême", INT64_MIN, 18);
    delib_io_json_text(json, "unité", NULL);
    delib_io_json_list(json, "étapes");
    delib_io_json_integer(json, NULL, INT64_MAX);
    delib_io_json_boolean(json, NULL, 2);
    delib_io_json_end(json);
    delib_io_json_object(json, "vide");
    delib_io_json_end(json);
    delib_io_json_end(json);
    assert_int_equal(delib_io_json_finish(json, 0, &text, NULL), DELIB_OK);
    assert_string_equal(text, "{\"statut\":\"calculé\",\"montant\":\"1.30\",\"petit\":\"-0.05\","
                              "\"extrême\":\"-9.223372036854775808\",\"unité\":null,"
                              "\"étapes\":[9223372036854775807,true],\"vide\":{}}");
    assert_int_equal(delib_io_json_finish(json, 1, &text, NULL), DELIB_OK);
    assert_non_null(strstr(text, "\n  \"montant\": \"1.30\""));
    delib_io_json_free(json);
}

/* Each writes something that JSON cannot hold there, after a root that is open. */
static void write_second_root(delib_io_json *json)
{
    delib_io_json_end(json);
    delib_io_json_null(json, NULL);
}

static void write_key_in_list(delib_io_json *json)
{
    delib_io_json_list(json, "liste");
    delib_io_json_null(json, "clé");
    delib_io_json_end(json);
    delib_io_json_end(json);
}

static void write_wrong_key(delib_io_json *json)
{
    delib_io_json_null(json, "\xC3");
    delib_io_json_end(json);
}

static void write_too_deep(delib_io_json *json)
{
    for (int i = 0; i < 64; i++)
        delib_io_json_list(json, i == 0 ? "liste" : NULL);
}

static void write_unclosed(delib_io_json *json)
{
    delib_io_json_list(json, "liste");
}

static void what_json_cannot_hold_is_told(void **state)
{
    static const struct { void (*write)(delib_io_json *json); delib_status expected; } cases[] = {
        { write_second_root, DELIB_MISUSE }, { write_key_in_list, DELIB_MISUSE }, { write_wrong_key, DELIB_INVALID },
        { write_too_deep, DELIB_LIMIT },     { write_unclosed, DELIB_MISUSE },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        delib_io_json *json = NULL;
        const char *text = NULL;

        assert_int_equal(delib_io_json_new(&json), DELIB_OK);
        delib_io_json_object(json, NULL);
        cases[i].write(json);
        delib_io_json_integer(json, "après", 1);        /* nothing that follows makes it good again */
        assert_int_equal(delib_io_json_finish(json, 0, &text, NULL), cases[i].expected);
        assert_null(text);
        delib_io_json_free(json);
    }
}

static void misplaced_json_is_told(void **state)
{
    delib_io_json *json = NULL;
    const char *text = NULL;

    (void)state;
    assert_int_equal(delib_io_json_new(&json), DELIB_OK);
    assert_int_equal(delib_io_json_finish(json, 0, &text, NULL), DELIB_MISUSE);
    delib_io_json_free(json);
    for (int fault = 0; fault < 6; fault++) {
        assert_int_equal(delib_io_json_new(&json), DELIB_OK);
        delib_io_json_object(json, fault == 0 ? "racine" : NULL);
        if (fault == 1)
            delib_io_json_integer(json, NULL, 1);
        if (fault == 2)
            delib_io_json_text(json, "a", "\xff");
        if (fault == 3)
            delib_io_json_end(json);
        if (fault == 4)
            delib_io_json_decimal(json, "a", 1, 19);
        if (fault != 5)
            delib_io_json_end(json);
        assert_int_equal(delib_io_json_finish(json, 0, &text, NULL), fault == 2 ? DELIB_INVALID : DELIB_MISUSE);
        assert_null(text);
        delib_io_json_free(json);
    }
    delib_io_json_free(NULL);
    delib_io_document_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_values_are_exact),
        cmocka_unit_test(json_numbers_keep_fifteen_digits_and_no_more),
        cmocka_unit_test(json_errors_have_a_place),
        cmocka_unit_test(zeros_are_refused),
        cmocka_unit_test(depth_and_sizes_are_limited),
        cmocka_unit_test(yaml_scalars_stay_texts),
        cmocka_unit_test(yaml_surprises_are_refused),
        cmocka_unit_test(laughs_do_not_multiply),
        cmocka_unit_test(each_value_knows_its_place),
        cmocka_unit_test(mutated_texts_are_read_or_refused),
        cmocka_unit_test(json_is_written_in_order),
        cmocka_unit_test(misplaced_json_is_told),
        cmocka_unit_test(what_json_cannot_hold_is_told),
    };

    return cmocka_run_group_tests_name("texts of the edge", tests, NULL, NULL);
}
