/*
 * Text: slices, growing text, its formatter (against snprintf), UTF-8 (exhaustively), folding, distances.
 */
#include "arena_fixture.h"
#include "lang/text.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static uint64_t seed = 20260901;

static uint32_t random_below(uint32_t limit)       /* splitmix64: the same sequence everywhere */
{
    uint64_t z = seed += 0x9E3779B97F4A7C15u;

    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return (uint32_t)((z ^ z >> 31) >> 32) % limit;
}

/* ---- Slices ---- */

static void slices_compare_as_bytes(void **state)
{
    struct slice nothing = { NULL, 0 };

    (void)state;
    assert_int_equal(slice_of(NULL).length, 0);
    assert_int_equal(slice_of("été").length, 5);
    assert_int_equal(SLICE("été").length, 5);
    assert_true(slice_equal(nothing, slice_of("")));
    assert_true(slice_is(nothing, ""));
    assert_true(slice_is(SLICE("abc"), "abc"));
    assert_false(slice_is(SLICE("abc"), "abd"));
    assert_false(slice_is(SLICE("abc"), "ab"));
    assert_int_equal(slice_compare(nothing, nothing), 0);
    assert_int_equal(slice_compare(SLICE("ab"), SLICE("abc")), -1);
    assert_int_equal(slice_compare(SLICE("abc"), SLICE("ab")), 1);
    assert_int_equal(slice_compare(SLICE("abz"), SLICE("\xC3\xA9")), -1);      /* bytes are unsigned */
    assert_int_equal(slice_compare(SLICE("abc"), SLICE("abc")), 0);
}

static void prefixes_are_skipped(void **state)
{
    struct slice text = SLICE("1\xC2\xA0" "2\xE2\x80\xAF" "3\xE2\x80\x89 fin");

    (void)state;
    assert_false(slice_skip(&text, "10"));
    assert_true(slice_skip(&text, "1"));
    assert_true(slice_skip_space(&text));
    assert_false(slice_skip_space(&text));
    assert_true(slice_skip(&text, "2"));
    assert_true(slice_skip_space(&text));
    assert_true(slice_skip(&text, "3"));
    assert_true(slice_skip_space(&text));
    assert_true(slice_skip_space(&text));
    assert_true(slice_is(text, "fin"));
    assert_false(slice_skip(&text, "final"));
    assert_true(slice_skip(&text, "fin"));
    assert_false(slice_skip(&text, "fin"));
    assert_true(slice_skip(&text, ""));
}

/* ---- Growing text ---- */

static void growing_text_stays_terminated(void **state)
{
    struct strbuf buffer = strbuf_in(&arena);

    (void)state;
    assert_null(buffer.bytes);
    assert_string_equal(strbuf_result(&buffer).bytes, "");
    strbuf_text(&buffer, "");
    assert_string_equal(buffer.bytes, "");
    for (size_t i = 1; i <= 5000; i++) {
        strbuf_char(&buffer, (char)('a' + i % 26));
        assert_int_equal(buffer.length, i);
        assert_true(buffer.capacity > i);          /* the NUL is inside */
        assert_int_equal(buffer.bytes[i], 0);
    }
    for (size_t i = 1; i <= 5000; i++)
        assert_int_equal(buffer.bytes[i - 1], 'a' + i % 26);
    strbuf_slice(&buffer, (struct slice){ NULL, 0 });
    strbuf_bytes(&buffer, "\0x", 2);
    assert_int_equal(strbuf_result(&buffer).length, 5002);
}

static void growing_text_stops_when_memory_runs_out(void **state)
{
    struct failing_memory few = { .refuse_at = 2, .for_ever = true };
    struct arena small;
    struct strbuf buffer;
    size_t length;

    (void)state;
    arena_init(&small, failing_allocator(&few), 0);
    buffer = strbuf_in(&small);
    while (!small.exhausted)
        strbuf_text(&buffer, "0123456789");
    length = buffer.length;
    assert_true(length > 1000);
    assert_int_equal(strlen(buffer.bytes), length);
    strbuf_char(&buffer, 'x');
    strbuf_format(&buffer, "%d", 3);
    assert_int_equal(buffer.length, length);
    arena_release(&small);
    assert_int_equal(few.live, 0);
}

/* ---- Formatter ---- */

static const char *formatted(const char *format, ...) __attribute__((format(printf, 1, 2)));

static const char *formatted(const char *format, ...)
{
    struct strbuf buffer = strbuf_in(&arena);
    va_list args;

    va_start(args, format);
    strbuf_vformat(&buffer, format, args);
    va_end(args);
    return strbuf_result(&buffer).bytes;
}

static void formats_are_those_of_the_contract(void **state)
{
    (void)state;
    assert_string_equal(formatted("sans rien"), "sans rien");
    assert_string_equal(formatted("%s|%.*s|%c|%%|", "é", 3, "abcdef", '!'), "é|abc|!|%|");
    assert_string_equal(formatted("%.*s|%.*s|%.*s", 10, "abc", 0, "abc", -1, "abc"), "abc||abc");
    assert_string_equal(formatted("%.*s", SLICE_ARG(SLICE("tranche"))), "tranche");
    assert_string_equal(formatted("%d %u %zu %ld %lld", -5, 7u, (size_t)9, -11L, 13LL), "-5 7 9 -11 13");
    assert_string_equal(formatted("%d %d", INT_MIN, INT_MAX), "-2147483648 2147483647");
    assert_string_equal(formatted("%lld %lld", LLONG_MIN, LLONG_MAX), "-9223372036854775808 9223372036854775807");
    assert_string_equal(formatted("%zu %lu %llu", SIZE_MAX, 3ul, 4ull), "18446744073709551615 3 4");
}

static void a_null_text_is_empty(void **state)
{
    const char *nothing = NULL;

    (void)state;
    assert_string_equal(formatted("[%s]", nothing ? "x" : nothing), "[]");
    assert_string_equal(formatted("[%.*s]", 0, nothing), "[]");
}

static void an_unknown_format_is_shown(void **state)
{
    (void)state;
    assert_string_equal(formatted("a %d b %x c %d", 1, 2u, 3), "a 1 b %x c %d");
    assert_string_equal(formatted("a %5d", 1), "a %5d");
}

static void numbers_are_those_of_snprintf(void **state)
{
    char expected[200];

    (void)state;
    for (int i = 0; i < 20000; i++) {
        long long wide = (long long)((uint64_t)random_below(UINT32_MAX) << 32 | random_below(UINT32_MAX));
        int narrow = (int)(wide >> random_below(63)), shift = (int)random_below(63);

        snprintf(expected, sizeof(expected), "%d %u %ld %lld %zu", narrow, (unsigned)narrow, (long)(wide >> shift),
                 wide >> shift, (size_t)wide >> shift);
        assert_string_equal(formatted("%d %u %ld %lld %zu", narrow, (unsigned)narrow, (long)(wide >> shift),
                                      wide >> shift, (size_t)wide >> shift), expected);
    }
}

/* ---- UTF-8 ---- */

/* The encoding as RFC 3629 writes it, surrogates left out by the caller. */
static size_t encode(uint32_t c, char *out)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3F));
        out[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3F));
    out[2] = (char)(0x80 | (c >> 6 & 0x3F));
    out[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

static void every_character_is_valid_and_cut_ones_are_not(void **state)
{
    char bytes[4];

    (void)state;
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        size_t length;

        if (c >= 0xD800 && c <= 0xDFFF)
            continue;
        length = encode(c, bytes);
        if (utf8_sequence(bytes, bytes + length) != length || utf8_count((struct slice){ bytes, length }) != 1)
            fail_msg("U+%04X", (unsigned)c);
        for (size_t cut = 0; cut < length; cut++)
            if (utf8_sequence(bytes, bytes + cut) != 0)
                fail_msg("U+%04X cut after %zu bytes", (unsigned)c, cut);
    }
}

/* Together with the test above: what is accepted is as many sequences as there are characters, hence only them. */
static void nothing_else_is_valid(void **state)
{
    static const unsigned char EDGES[] = { 0x00, 0x7F, 0x80, 0xBF, 0xC0, 0xFF };
    size_t counts[5] = { 0 };
    char b[4];

    (void)state;
    for (int i = 0; i < 256; i++) {
        b[0] = (char)i;
        counts[1] += utf8_sequence(b, b + 1) == 1;
        for (int j = 0; j < 256; j++) {
            b[1] = (char)j;
            counts[2] += utf8_sequence(b, b + 2) == 2;
            for (int k = 0; k < 256; k++) {
                b[2] = (char)k;
                counts[3] += utf8_sequence(b, b + 3) == 3;
            }
            for (size_t k = 0; k < sizeof(EDGES) * sizeof(EDGES); k++) {
                b[2] = (char)EDGES[k % sizeof(EDGES)];
                b[3] = (char)EDGES[k / sizeof(EDGES)];
                counts[4] += utf8_sequence(b, b + 4) == 4;
            }
        }
    }
    assert_int_equal(counts[1], 0x80);
    assert_int_equal(counts[2], 0x800 - 0x80);
    assert_int_equal(counts[3], 0x10000 - 0x800 - 0x800);
    assert_int_equal(counts[4], (0x110000 - 0x10000) / (64 * 64) * 4);       /* two last bytes: 80 and BF of six */
}

static void the_first_invalid_byte_is_found(void **state)
{
    (void)state;
    assert_int_equal(utf8_validate("", 0), 0);
    assert_int_equal(utf8_validate(NULL, 0), 0);
    assert_int_equal(utf8_validate("été à 12 €", 15), 15);
    assert_int_equal(utf8_validate("\xE9t\xE9", 3), 0);             /* Latin-1 */
    assert_int_equal(utf8_validate("é\xC0\x80", 4), 2);             /* overlong NUL */
    assert_int_equal(utf8_validate("ab\xED\xA0\x80", 5), 2);        /* surrogate */
    assert_int_equal(utf8_validate("abc\xE2\x82", 5), 3);           /* cut */
    assert_int_equal(utf8_validate("a\0b", 3), 3);
}

static void characters_are_counted(void **state)
{
    (void)state;
    assert_int_equal(utf8_count(SLICE("")), 0);
    assert_int_equal(utf8_count((struct slice){ NULL, 0 }), 0);
    assert_int_equal(utf8_count(SLICE("été à 12 €")), 10);
    assert_int_equal(utf8_count(SLICE("a\xFF\xC3z")), 4);
}

/* ---- Folding ---- */

static void assert_folds(const char *text, const char *expected)
{
    struct slice folded = text_fold(&arena, slice_of(text));

    assert_string_equal(folded.bytes, expected);
    assert_int_equal(folded.length, strlen(expected));
    assert_true(text_fold_equal(slice_of(text), slice_of(expected)));
}

static void names_fold_to_one_form(void **state)
{
    (void)state;
    assert_folds("", "");
    assert_folds("Quotient_Familial", "quotient_familial");
    assert_folds("quotient-familial", "quotient_familial");
    assert_folds("ÀÁÂÃÄÅ Æ Ç ÈÉÊË ÌÍÎÏ Ñ ÒÓÔÕÖØ ÙÚÛÜ ÝŸ Œ", "aaaaaa ae c eeee iiii n oooooo uuuu yy oe");
    assert_folds("àáâãäå æ ç èéêë ìíîï ñ òóôõöø ùúûü ýÿ œ", "aaaaaa ae c eeee iiii n oooooo uuuu yy oe");
    assert_folds("ÐðÞþß", "ddththss");
    assert_folds("l’école", "l'ecole");
    assert_folds("l\xE2\x80\x98" "e", "l'e");
    assert_folds("une\xC2\xA0 fois\xE2\x80\xAF\t\r\npar\xE2\x80\x89jour", "une fois par jour");
    assert_folds("demi\xE2\x80\x91journ\xE2\x80\x90" "e", "demi_journ_e");
    assert_folds("e\xCC\x81te\xCC\x81", "ete");                       /* decomposed */
    assert_folds("3 × 4 ÷ 2 ≥ 1 €", "3 × 4 ÷ 2 ≥ 1 €");
    assert_folds("\xFF\xC3", "\xFF\xC3");                             /* not UTF-8: as it is */
}

static void different_names_stay_different(void **state)
{
    (void)state;
    assert_false(text_fold_equal(SLICE("ete"), SLICE("etes")));
    assert_false(text_fold_equal(SLICE("étés"), SLICE("ete")));
    assert_false(text_fold_equal(SLICE("a b"), SLICE("ab")));
    assert_false(text_fold_equal(SLICE("coeur"), SLICE("cour")));
    assert_true(text_fold_equal(SLICE("CŒUR"), SLICE("coeur")));
    assert_true(text_fold_equal((struct slice){ NULL, 0 }, SLICE("")));
    assert_true(text_fold_equal(SLICE("\xCC\x81"), SLICE("")));
}

static const char *const PIECES[] = {
    "a", "A", "é", "E", "œ", "oe", "-", "_", " ", "\xC2\xA0", "’", "'", "\xCC\x81", "ç",
};

static struct slice random_text(size_t pieces)
{
    struct strbuf buffer = strbuf_in(&arena);

    while (pieces-- > 0)
        strbuf_text(&buffer, PIECES[random_below(sizeof(PIECES) / sizeof(PIECES[0]))]);
    return strbuf_result(&buffer);
}

static void equality_is_that_of_the_folded_forms(void **state)
{
    int equal = 0;

    (void)state;
    for (int i = 0; i < 20000; i++) {
        struct slice a = random_text(random_below(4)), b = random_text(random_below(4));
        struct slice folded = text_fold(&arena, a);
        bool same = slice_equal(folded, text_fold(&arena, b));

        assert_int_equal(text_fold_equal(a, b), same);
        assert_true(slice_equal(text_fold(&arena, folded), folded));
        equal += same;
    }
    assert_in_range(equal, 500, 15000);
}

static void folding_without_memory_is_empty(void **state)
{
    struct failing_memory none = { .refuse_at = 1, .for_ever = true };
    struct arena empty;

    (void)state;
    arena_init(&empty, failing_allocator(&none), 0);
    assert_int_equal(text_fold(&empty, SLICE("abc")).length, 0);
}

/* ---- Distance ---- */

/* The definition, by recursion. */
static unsigned naive_distance(struct slice a, struct slice b)
{
    unsigned best, other;
    struct slice a_rest = { a.bytes + 1, a.length - 1 }, b_rest = { b.bytes + 1, b.length - 1 };

    if (!a.length || !b.length)
        return (unsigned)(a.length + b.length);
    if (*a.bytes == *b.bytes)
        return naive_distance(a_rest, b_rest);
    best = naive_distance(a_rest, b_rest);
    other = naive_distance(a_rest, b);
    best = other < best ? other : best;
    other = naive_distance(a, b_rest);
    return 1 + (other < best ? other : best);
}

static void distances_are_those_of_the_definition(void **state)
{
    (void)state;
    for (int i = 0; i < 3000; i++) {
        struct slice a = random_text(random_below(6)), b = random_text(random_below(6));
        struct slice x = text_fold(&arena, a), y = text_fold(&arena, b);
        unsigned expected = naive_distance(x, y), limit = random_below(6);

        assert_int_equal(text_distance(a, b, 100), expected);
        assert_int_equal(text_distance(a, b, limit), expected > limit ? limit + 1 : expected);
    }
}

static void suggestions_ignore_accents(void **state)
{
    char long_name[300], longer_name[300];

    (void)state;
    assert_int_equal(text_distance(SLICE("résident"), SLICE("RESIDENT"), 3), 0);
    assert_int_equal(text_distance(SLICE("quotient"), SLICE("quotien"), 3), 1);
    assert_int_equal(text_distance(SLICE("cantine"), SLICE("garderie"), 3), 4);
    memset(long_name, 'a', sizeof(long_name));
    memset(longer_name, 'a', sizeof(longer_name));
    longer_name[299] = 'b';
    assert_int_equal(text_distance((struct slice){ long_name, 300 }, (struct slice){ long_name, 300 }, 2), 0);
    assert_int_equal(text_distance((struct slice){ long_name, 300 }, (struct slice){ longer_name, 300 }, 2), 3);
    assert_int_equal(text_distance((struct slice){ long_name, 128 }, (struct slice){ long_name, 127 }, 2), 1);
    assert_int_equal(text_distance((struct slice){ long_name, 300 }, SLICE("a"), 2), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(slices_compare_as_bytes, start, end),
        cmocka_unit_test_setup_teardown(prefixes_are_skipped, start, end),
        cmocka_unit_test_setup_teardown(growing_text_stays_terminated, start, end),
        cmocka_unit_test_setup_teardown(growing_text_stops_when_memory_runs_out, start, end),
        cmocka_unit_test_setup_teardown(formats_are_those_of_the_contract, start, end),
        cmocka_unit_test_setup_teardown(a_null_text_is_empty, start, end),
        cmocka_unit_test_setup_teardown(an_unknown_format_is_shown, start, end),
        cmocka_unit_test_setup_teardown(numbers_are_those_of_snprintf, start, end),
        cmocka_unit_test_setup_teardown(every_character_is_valid_and_cut_ones_are_not, start, end),
        cmocka_unit_test_setup_teardown(nothing_else_is_valid, start, end),
        cmocka_unit_test_setup_teardown(the_first_invalid_byte_is_found, start, end),
        cmocka_unit_test_setup_teardown(characters_are_counted, start, end),
        cmocka_unit_test_setup_teardown(names_fold_to_one_form, start, end),
        cmocka_unit_test_setup_teardown(different_names_stay_different, start, end),
        cmocka_unit_test_setup_teardown(equality_is_that_of_the_folded_forms, start, end),
        cmocka_unit_test_setup_teardown(folding_without_memory_is_empty, start, end),
        cmocka_unit_test_setup_teardown(distances_are_those_of_the_definition, start, end),
        cmocka_unit_test_setup_teardown(suggestions_ignore_accents, start, end),
    };

    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
