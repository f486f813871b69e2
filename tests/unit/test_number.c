/*
 * Numbers: reading and writing as people and machines do, roundings of money, the edges of 128 bits. Arithmetic at
 * large is compared with GMP in test_number_gmp.c.
 */
#include "arena_fixture.h"
#include "lang/number.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define THIN "\xE2\x80\x89"
#define NARROW "\xE2\x80\xAF"
#define HARD "\xC2\xA0"
#define MINUS "\xE2\x88\x92"

static const char *text_of(int128 value)
{
    struct strbuf out = strbuf_in(&arena);

    strbuf_int128(&out, value);
    return out.bytes;
}

static const char *french(struct number value, int min_decimals)
{
    struct strbuf out = strbuf_in(&arena);

    strbuf_number(&out, value, min_decimals);
    return out.bytes;
}

static const char *machine(struct number value, int min_decimals)
{
    struct strbuf out = strbuf_in(&arena);

    strbuf_number_machine(&out, value, min_decimals);
    return out.bytes;
}

static struct number fraction(int128 num, int128 den)
{
    struct number value;

    assert_true(number_make(num, den, &value));
    return value;
}

static struct number parsed(const char *text)
{
    struct number value = { 0, 1 };

    if (!number_parse(slice_of(text), &value))
        fail_msg("« %s » is not read", text);
    return value;
}

/* ---- Reading ---- */

static void numbers_are_read_as_people_write_them(void **state)
{
    static const struct { const char *text; long num, den; } CASES[] = {
        { "0", 0, 1 },                        { "7", 7, 1 },                      { "007", 7, 1 },
        { "622,50", 1245, 2 },                { "622.50", 1245, 2 },              { "0,01", 1, 100 },
        { "1234", 1234, 1 },                  { "1 234", 1234, 1 },               { "12 345 678,9", 123456789, 10 },
        { "1" HARD "234,50", 2469, 2 },       { "1" NARROW "234,50", 2469, 2 },   { "1" THIN "234,50", 2469, 2 },
        { "1 234" HARD "567", 1234567, 1 },   { "-3,30", -33, 10 },               { MINUS "3,30", -33, 10 },
        { "+3,30", 33, 10 },                  { "-0", 0, 1 },                     { "-0,00", 0, 1 },
        { "1 234.5", 2469, 2 },               { "0,10", 1, 10 },                  { "12,5", 25, 2 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        struct number value = parsed(CASES[i].text);

        if (value.num != CASES[i].num || value.den != CASES[i].den)
            fail_msg("« %s » is read as %s/%s", CASES[i].text, text_of(value.num), text_of(value.den));
    }
}

static void anything_else_is_refused(void **state)
{
    static const char *const CASES[] = {
        "", " ", "-", "+", ",", ".", ",5", ".5", "5,", "5.", "--5", "+-5", "- 5", "5-", " 5", "5 ", "5 €", "5%",
        "1,2,3", "1.234,56", "1,234.56", "1,234,567", "1  234", "1 23", "1 2345", "1234 567", "12 34", "1 234 56",
        "1 234 ", "1 ,5", "1, 5", "1,234 5", "0x10", "1e3", "1_000", "1'234", "½", "٣", "cinq", "NaN", "inf",
        "1" NARROW, NARROW "1", "\xE2\x80", "1\xE2\x80\xA6" "234", MINUS, MINUS MINUS "1", MINUS "-1",
        "1234567890123456789012345678901", "0,1234567890123456789012345678901",
        "0000000000000000000000000000001", "1234567890123456,789012345678901",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        struct number value = { 42, 1 };

        if (number_parse(slice_of(CASES[i]), &value))
            fail_msg("« %s » is read as %s", CASES[i], machine(value, 0));
        assert_true(value.num == 42 && value.den == 1);
    }
    assert_false(number_parse((struct slice){ NULL, 0 }, &(struct number){ 0, 1 }));
    assert_false(number_parse((struct slice){ "1\0", 2 }, &(struct number){ 0, 1 }));
}

static void thirty_digits_are_read(void **state)
{
    (void)state;
    assert_string_equal(machine(parsed("123456789012345678901234567890"), 0), "123456789012345678901234567890");
    assert_string_equal(machine(parsed("-999 999 999 999 999 999 999 999 999 999"), 0),
                        "-999999999999999999999999999999");
    assert_string_equal(machine(parsed("0,00000000000000000000000000001"), 0), "0.00000000000000000000000000001");
    assert_string_equal(machine(parsed("123456789012345,678901234567891"), 0), "123456789012345.678901234567891");
}

/* ---- Writing ---- */

static void french_text(void **state)
{
    (void)state;
    assert_string_equal(french(number_of(0), 0), "0");
    assert_string_equal(french(number_of(0), 2), "0,00");
    assert_string_equal(french(fraction(3, 2), 2), "1,50");
    assert_string_equal(french(fraction(3, 2), 0), "1,5");
    assert_string_equal(french(fraction(3, 2), -1), "1,5");
    assert_string_equal(french(fraction(1, 8), 2), "0,125");
    assert_string_equal(french(number_of(999), 0), "999");
    assert_string_equal(french(number_of(1000), 0), "1" NARROW "000");
    assert_string_equal(french(fraction(-123456789, 100), 2), "-1" NARROW "234" NARROW "567,89");
    assert_string_equal(french(number_of(100000), 2), "100" NARROW "000,00");
    assert_string_equal(french(fraction(1, 3), 2), "1/3");
    assert_string_equal(french(fraction(-1234, 3), 2), "-1" NARROW "234/3");
}

static void machine_text(void **state)
{
    (void)state;
    assert_string_equal(machine(fraction(2469, 2), 2), "1234.50");
    assert_string_equal(machine(fraction(-1, 1000), 2), "-0.001");
    assert_string_equal(machine(number_of(1000000), 0), "1000000");
    assert_string_equal(machine(number_of(-5), 3), "-5.000");
    assert_string_equal(machine(fraction(-7, 3), 2), "-7/3");
}

static void what_is_written_is_read_back(void **state)
{
    static const int DENS[] = { 1, 2, 4, 5, 8, 10, 16, 20, 25, 40, 100, 125, 1000, 1024, 3125 };

    (void)state;
    for (int num = -3000000; num <= 3000000; num += 997) {
        for (size_t i = 0; i < sizeof(DENS) / sizeof(DENS[0]); i++) {
            struct number value = fraction(num, DENS[i]);
            struct number from_french = parsed(french(value, (int)(i % 4)));
            struct number from_machine = parsed(machine(value, (int)(i % 4)));

            assert_true(number_compare(value, from_french) == 0 && from_french.den == value.den);
            assert_true(number_compare(value, from_machine) == 0 && from_machine.den == value.den);
        }
        arena_reset(&arena);
    }
}

static void extreme_numbers_are_written(void **state)
{
    const char *tiny;

    (void)state;
    assert_string_equal(text_of(0), "0");
    assert_string_equal(text_of(INT128_MAX), "170141183460469231731687303715884105727");
    assert_string_equal(text_of(INT128_MIN), "-170141183460469231731687303715884105728");
    assert_string_equal(french(number_of(INT128_MIN), 0),
                        "-170" NARROW "141" NARROW "183" NARROW "460" NARROW "469" NARROW "231" NARROW "731" NARROW
                        "687" NARROW "303" NARROW "715" NARROW "884" NARROW "105" NARROW "728");
    tiny = machine((struct number){ 1, (int128)1 << 126 }, 0);
    assert_int_equal(strlen(tiny), 2 + 126);
    assert_string_equal(tiny, "0.00000000000000000000000000000000000001175494350822287507968736"
                              "5372222456778186655567720875215087517062784172594547271728515625");
}

static void decimals_are_counted(void **state)
{
    (void)state;
    assert_int_equal(number_decimals(number_of(5)), 0);
    assert_int_equal(number_decimals(fraction(1, 2)), 1);
    assert_int_equal(number_decimals(fraction(1, 4)), 2);
    assert_int_equal(number_decimals(fraction(1, 5)), 1);
    assert_int_equal(number_decimals(fraction(1, 40)), 3);
    assert_int_equal(number_decimals(fraction(1, 3125)), 5);
    assert_int_equal(number_decimals(fraction(1, 3)), -1);
    assert_int_equal(number_decimals(fraction(1, 30)), -1);
    assert_int_equal(number_decimals((struct number){ 1, (int128)1 << 126 }), 126);
}

/* ---- Rounding ---- */

static void assert_rounds(const char *value, const char *step, enum rounding mode, const char *expected)
{
    struct number result = { 0, 1 };

    assert_true(number_round(parsed(value), parsed(step), mode, &result));
    if (number_compare(result, parsed(expected)) != 0)
        fail_msg("%s to %s gives %s, not %s", value, step, machine(result, 0), expected);
}

static void amounts_are_rounded_as_the_act_says(void **state)
{
    (void)state;
    assert_rounds("1,005", "0,01", ROUNDING_NEAREST, "1,01");
    assert_rounds("1,0049", "0,01", ROUNDING_NEAREST, "1,00");
    assert_rounds("1,009", "0,01", ROUNDING_DOWN, "1,00");
    assert_rounds("1,001", "0,01", ROUNDING_UP, "1,01");
    assert_rounds("1,00", "0,01", ROUNDING_UP, "1,00");
    assert_rounds("1,05", "0,10", ROUNDING_NEAREST, "1,10");
    assert_rounds("1,04", "0,10", ROUNDING_NEAREST, "1,00");
    assert_rounds("1,02", "0,05", ROUNDING_NEAREST, "1,00");
    assert_rounds("1,03", "0,05", ROUNDING_NEAREST, "1,05");
    assert_rounds("622,50", "1", ROUNDING_NEAREST, "623");
    assert_rounds("622,99", "1", ROUNDING_DOWN, "622");
    assert_rounds("12,5", "5", ROUNDING_NEAREST, "15");
}

static void negative_amounts_mirror(void **state)
{
    (void)state;
    assert_rounds("-1,005", "0,01", ROUNDING_NEAREST, "-1,01");
    assert_rounds("-1,009", "0,01", ROUNDING_DOWN, "-1,00");
    assert_rounds("-1,001", "0,01", ROUNDING_UP, "-1,01");
    assert_rounds("-0,004", "0,01", ROUNDING_NEAREST, "0");
    assert_true(int128_round_div(-5, 2, ROUNDING_NEAREST) == -3);
    assert_true(int128_round_div(-5, 2, ROUNDING_DOWN) == -2);
    assert_true(int128_round_div(-4, 3, ROUNDING_UP) == -2);
}

static void extreme_divisions_do_not_overflow(void **state)
{
    (void)state;
    for (int mode = ROUNDING_NEAREST; mode <= ROUNDING_UP; mode++) {
        assert_true(int128_round_div(INT128_MIN, 1, (enum rounding)mode) == INT128_MIN);
        assert_true(int128_round_div(INT128_MAX, 1, (enum rounding)mode) == INT128_MAX);
        assert_true(int128_round_div(INT128_MAX, INT128_MAX, (enum rounding)mode) == 1);
        assert_true(int128_round_div(0, INT128_MAX, (enum rounding)mode) == 0);
    }
    assert_true(int128_round_div(INT128_MIN, INT128_MAX, ROUNDING_NEAREST) == -1);
    assert_true(int128_round_div(INT128_MIN, INT128_MAX, ROUNDING_UP) == -2);
    assert_true(int128_round_div(INT128_MAX / 2 + 1, INT128_MAX, ROUNDING_NEAREST) == 1);
    assert_true(int128_round_div(INT128_MAX / 2, INT128_MAX, ROUNDING_NEAREST) == 0);
    assert_true(int128_floor_div(INT128_MIN, INT128_MAX) == -2);
    assert_true(int128_ceil_div(INT128_MIN, INT128_MAX) == -1);
    assert_true(int128_floor_div(-1, INT128_MAX) == -1);
    assert_true(int128_ceil_div(1, INT128_MAX) == 1);
    assert_true(int128_floor_div(INT128_MIN, 1) == INT128_MIN);
}

/* ---- The edges of 128 bits ---- */

static void results_beyond_128_bits_are_refused(void **state)
{
    int128 unset = 42;
    struct number value = { 42, 1 };

    (void)state;
    assert_false(int128_add_checked(INT128_MAX, 1, &unset));
    assert_false(int128_sub_checked(INT128_MIN, 1, &unset));
    assert_false(int128_sub_checked(0, INT128_MIN, &unset));
    assert_false(int128_mul_checked(INT128_MIN, -1, &unset));
    assert_false(int128_mul_checked((int128)1 << 64, (int128)1 << 63, &unset));
    assert_false(int128_lcm_checked(INT128_MAX, INT128_MAX - 1, &unset));
    assert_false(number_make(1, 0, &value));
    assert_false(number_make(0, 0, &value));
    assert_false(number_make(INT128_MIN, -1, &value));
    assert_false(number_make(1, INT128_MIN, &value));
    assert_false(number_div(number_of(1), number_of(0), &value));
    assert_false(number_div(number_of(1), number_of(INT128_MIN), &value));
    assert_true(unset == 42 && value.num == 42);
    assert_true(int128_mul_checked(-((int128)1 << 64), (int128)1 << 63, &unset));
    assert_true(unset == INT128_MIN);
}

static void numbers_are_reduced(void **state)
{
    struct number value;

    (void)state;
    value = fraction(6, -4);
    assert_true(value.num == -3 && value.den == 2);
    value = fraction(0, -7);
    assert_true(value.num == 0 && value.den == 1);
    value = fraction(INT128_MIN, INT128_MIN);
    assert_true(value.num == 1 && value.den == 1);
    value = fraction(INT128_MIN, 2);
    assert_true(value.num == INT128_MIN / 2 && value.den == 1);
    assert_true(number_is_integer(value));
    assert_false(number_is_integer(fraction(1, 2)));
    assert_int_equal(number_sign(value), -1);
    assert_int_equal(number_sign(number_of(0)), 0);
    assert_int_equal(number_sign(fraction(1, 9)), 1);
}

/* The way to it is beyond 128 bits, the result is not. */
static void results_that_fit_are_given_whatever_the_way(void **state)
{
    const struct number large = { INT128_MAX, INT128_MAX - 1 }, inverse = { INT128_MAX - 1, INT128_MAX };
    struct number value;

    (void)state;
    assert_true(number_mul(large, inverse, &value));
    assert_true(value.num == 1 && value.den == 1);
    assert_true(number_sub(large, large, &value));
    assert_true(value.num == 0 && value.den == 1);
    assert_true(number_sub(large, (struct number){ 1, INT128_MAX - 1 }, &value));
    assert_true(value.num == 1 && value.den == 1);
    assert_true(number_round(number_of(INT128_MAX), (struct number){ 1, 100 }, ROUNDING_NEAREST, &value));
    assert_true(value.num == INT128_MAX && value.den == 1);
    assert_false(number_round(number_of(INT128_MAX), number_of(1000), ROUNDING_UP, &value));
}

static void comparisons_of_neighbours_are_exact(void **state)
{
    (void)state;
    assert_int_equal(int128_compare_fractions(INT128_MAX - 1, INT128_MAX, INT128_MAX - 2, INT128_MAX - 1), 1);
    assert_int_equal(int128_compare_fractions(INT128_MIN, 1, INT128_MIN, 2), -1);
    assert_int_equal(int128_compare_fractions(INT128_MIN, INT128_MAX, -1, 1), -1);
    assert_int_equal(int128_compare_fractions(2, 4, 1, 2), 0);
    assert_int_equal(int128_compare_fractions(-2, 4, -1, 2), 0);
    assert_int_equal(int128_compare_fractions(0, 5, 0, INT128_MAX), 0);
    assert_int_equal(int128_compare_fractions(-1, INT128_MAX, 0, 1), -1);
    assert_int_equal(int128_compare_fractions(0, 1, 1, INT128_MAX), -1);
    assert_int_equal(number_compare(fraction(1, 3), fraction(333333333, 1000000000)), 1);
}

static void gcd_and_lcm(void **state)
{
    int128 value;

    (void)state;
    assert_true(uint128_gcd(0, 0) == 0);
    assert_true(uint128_gcd(0, 7) == 7);
    assert_true(uint128_gcd(7, 0) == 7);
    assert_true(uint128_gcd(48, 36) == 12);
    assert_true(uint128_gcd((uint128)1 << 127, (uint128)1 << 100) == (uint128)1 << 100);
    assert_true(int128_lcm_checked(4, 6, &value) && value == 12);
    assert_true(int128_lcm_checked(INT128_MAX, INT128_MAX, &value) && value == INT128_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(numbers_are_read_as_people_write_them, start, end),
        cmocka_unit_test_setup_teardown(anything_else_is_refused, start, end),
        cmocka_unit_test_setup_teardown(thirty_digits_are_read, start, end),
        cmocka_unit_test_setup_teardown(french_text, start, end),
        cmocka_unit_test_setup_teardown(machine_text, start, end),
        cmocka_unit_test_setup_teardown(what_is_written_is_read_back, start, end),
        cmocka_unit_test_setup_teardown(extreme_numbers_are_written, start, end),
        cmocka_unit_test_setup_teardown(decimals_are_counted, start, end),
        cmocka_unit_test_setup_teardown(amounts_are_rounded_as_the_act_says, start, end),
        cmocka_unit_test_setup_teardown(negative_amounts_mirror, start, end),
        cmocka_unit_test_setup_teardown(extreme_divisions_do_not_overflow, start, end),
        cmocka_unit_test_setup_teardown(results_beyond_128_bits_are_refused, start, end),
        cmocka_unit_test_setup_teardown(numbers_are_reduced, start, end),
        cmocka_unit_test_setup_teardown(results_that_fit_are_given_whatever_the_way, start, end),
        cmocka_unit_test_setup_teardown(comparisons_of_neighbours_are_exact, start, end),
        cmocka_unit_test_setup_teardown(gcd_and_lcm, start, end),
    };

    return cmocka_run_group_tests_name("number", tests, NULL, NULL);
}
