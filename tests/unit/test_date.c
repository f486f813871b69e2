/*
 * Dates: the whole calendar walked day by day, ages against their definition, partial dates against all their
 * completions, reading and writing.
 */
#include "arena_fixture.h"
#include "lang/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static uint64_t seed = 20260901;

static int random_below(int limit)         /* splitmix64: the same sequence everywhere */
{
    uint64_t z = seed += 0x9E3779B97F4A7C15u;

    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return (int)((z ^ z >> 31) % (unsigned)limit);
}

static struct date ymd(int year, int month, int day)
{
    return (struct date){ (int16_t)year, (uint8_t)month, (uint8_t)day };
}

static bool same(struct date a, struct date b)
{
    return a.year == b.year && a.month == b.month && a.day == b.day;
}

static const char *french(struct date date)
{
    struct strbuf out = strbuf_in(&arena);

    strbuf_date(&out, date);
    return out.bytes;
}

static const char *iso(struct date date)
{
    struct strbuf out = strbuf_in(&arena);

    strbuf_date_iso(&out, date);
    return out.bytes;
}

/* ---- Calendar ---- */

/* Every day of ten thousand years, counted one by one from 1 January of year 1, a Monday. */
static void the_whole_calendar_is_walked(void **state)
{
    static const int LENGTHS[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int32_t days = -719162;
    unsigned weekday = 1;

    (void)state;
    for (int year = 1; year <= 9999; year++) {
        bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

        for (int month = 1; month <= 12; month++) {
            int length = LENGTHS[month - 1] + (month == 2 && leap);

            assert_int_equal(date_days_in_month(year, month), length);
            for (int day = 1; day <= length; day++, days++, weekday = weekday % 7 + 1) {
                struct date date = ymd(year, month, day);

                if (date_to_days(date) != days || !same(date_from_days(days), date)
                    || date_weekday(date) != weekday || !date_exists(year, month, day))
                    fail_msg("%s", iso(date));
            }
            assert_false(date_exists(year, month, length + 1));
        }
    }
    assert_int_equal(days, 2932897);
}

static void known_days(void **state)
{
    (void)state;
    assert_int_equal(date_to_days(ymd(1970, 1, 1)), 0);
    assert_int_equal(date_to_days(ymd(2026, 9, 1)), 20697);
    assert_int_equal(date_weekday(ymd(2026, 9, 1)), 2);           /* a Tuesday */
    assert_int_equal(date_weekday(ymd(1970, 1, 1)), 4);
    assert_int_equal(date_compare(ymd(2026, 8, 31), ymd(2026, 9, 1)), -1);
    assert_int_equal(date_compare(ymd(2026, 9, 1), ymd(2026, 9, 1)), 0);
    assert_int_equal(date_compare(ymd(2027, 1, 1), ymd(2026, 12, 31)), 1);
}

static void days_that_do_not_exist(void **state)
{
    (void)state;
    assert_false(date_exists(2026, 2, 29));
    assert_true(date_exists(2028, 2, 29));
    assert_false(date_exists(1900, 2, 29));
    assert_true(date_exists(2000, 2, 29));
    assert_false(date_exists(2026, 4, 31));
    assert_false(date_exists(2026, 0, 1));
    assert_false(date_exists(2026, 13, 1));
    assert_false(date_exists(2026, 1, 0));
    assert_false(date_exists(2026, 1, -1));
    assert_false(date_exists(0, 1, 1));
    assert_false(date_exists(10000, 1, 1));
    assert_int_equal(date_days_in_month(2026, 0), 0);
    assert_int_equal(date_days_in_month(2026, 13), 0);
    assert_true(date_is_complete(ymd(2026, 1, 1)));
    assert_false(date_is_complete(ymd(2026, 1, 0)));
    assert_false(date_is_complete(ymd(2026, 0, 0)));
    assert_false(date_is_complete(ymd(0, 0, 0)));
}

/* ---- Ages ---- */

/* The n-th monthly anniversary: the same day, or the first of the next month when it does not exist. */
static struct date anniversary(struct date birth, int months)
{
    int total = birth.year * 12 + birth.month - 1 + months;

    if (date_exists(total / 12, total % 12 + 1, birth.day))
        return ymd(total / 12, total % 12 + 1, birth.day);
    total++;
    return ymd(total / 12, total % 12 + 1, 1);
}

/* Counted: how many anniversaries have come. */
static int counted_age(struct date birth, struct date on, int months_each)
{
    int age = 0;

    while (date_compare(anniversary(birth, (age + 1) * months_each), on) <= 0)
        age++;
    return age;
}

static void ages_are_counts_of_anniversaries(void **state)
{
    (void)state;
    for (int i = 0; i < 30000; i++) {
        struct date birth = date_from_days(10000 + random_below(8000));
        struct date on = date_from_days(date_to_days(birth) + random_below(i % 2 ? 8000 : 100));
        int years = -1, months = -1;

        assert_true(date_age(birth, on, &years));
        assert_true(date_age_months(birth, on, &months));
        if (years != counted_age(birth, on, 12) || months != counted_age(birth, on, 1))
            fail_msg("%s on %s: %d years, %d months", iso(birth), iso(on), years, months);
    }
}

static void assert_age(struct date birth, struct date on, int expected)
{
    int years = -99;

    assert_true(date_age(birth, on, &years));
    assert_int_equal(years, expected);
}

static void birthdays_of_29_february_fall_on_1_march(void **state)
{
    struct date birth = ymd(2020, 2, 29);
    int months;

    (void)state;
    assert_age(birth, ymd(2023, 2, 28), 2);
    assert_age(birth, ymd(2023, 3, 1), 3);
    assert_age(birth, ymd(2024, 2, 28), 3);
    assert_age(birth, ymd(2024, 2, 29), 4);
    assert_age(ymd(2020, 3, 1), ymd(2023, 2, 28), 2);
    assert_age(ymd(2020, 9, 1), ymd(2026, 8, 31), 5);
    assert_age(ymd(2020, 9, 1), ymd(2026, 9, 1), 6);
    assert_true(date_age_months(ymd(2026, 1, 31), ymd(2026, 2, 28), &months));
    assert_int_equal(months, 0);
    assert_true(date_age_months(ymd(2026, 1, 31), ymd(2026, 3, 1), &months));
    assert_int_equal(months, 1);
}

static void ages_before_birth_are_negative(void **state)
{
    int months;

    (void)state;
    assert_age(ymd(2026, 9, 2), ymd(2026, 9, 1), -1);
    assert_age(ymd(2027, 9, 1), ymd(2026, 9, 1), -1);
    assert_age(ymd(2027, 9, 2), ymd(2026, 9, 1), -2);
    assert_age(ymd(2026, 9, 1), ymd(2026, 9, 1), 0);
    assert_true(date_age_months(ymd(2026, 9, 2), ymd(2026, 9, 1), &months));
    assert_int_equal(months, -1);
}

/* ---- Partial dates ---- */

enum { WINDOW_FIRST = 2019, WINDOW_LAST = 2022 };

static bool completes(struct date day, struct date partial)
{
    return (!partial.year || partial.year == day.year)
        && (!partial.year || !partial.month
            || (partial.month == day.month && (!partial.day || partial.day == day.day)));
}

static struct date random_partial(void)
{
    struct date date = date_from_days(date_to_days(ymd(WINDOW_FIRST, 1, 1)) + random_below(4 * 365));

    if (random_below(3) == 0)
        date.day = 0;
    if (date.day == 0 && random_below(2) == 0)
        date.month = 0;
    return date;
}

/* First and last completions are found by trying each day: what a question says of them all is then direct. */
static void completions(struct date partial, struct date *first, struct date *last)
{
    int32_t day = date_to_days(ymd(WINDOW_FIRST, 1, 1)), stop = date_to_days(ymd(WINDOW_LAST, 12, 31));

    while (!completes(date_from_days(day), partial))
        day++;
    *first = date_from_days(day);
    for (; day <= stop; day++)
        if (completes(date_from_days(day), partial))
            *last = date_from_days(day);
}

static void partial_dates_answer_when_all_completions_agree(void **state)
{
    int unknown = 0;

    (void)state;
    for (int i = 0; i < 400; i++) {
        struct date a = random_partial(), b = random_partial(), a_first, a_last, b_first, b_last;
        bool always, never, always_not_after, never_not_after;

        completions(a, &a_first, &a_last);
        completions(b, &b_first, &b_last);
        always = never = always_not_after = never_not_after = true;
        for (int32_t x = date_to_days(a_first); x <= date_to_days(a_last); x++) {
            for (int32_t y = date_to_days(b_first); y <= date_to_days(b_last); y++) {
                always = always && x < y;
                never = never && x >= y;
                always_not_after = always_not_after && x <= y;
                never_not_after = never_not_after && x > y;
            }
        }
        assert_int_equal(date_before(a, b), always ? TERNARY_TRUE : never ? TERNARY_FALSE : TERNARY_UNKNOWN);
        assert_int_equal(date_not_after(a, b), always_not_after  ? TERNARY_TRUE
                                               : never_not_after ? TERNARY_FALSE
                                                                 : TERNARY_UNKNOWN);
        unknown += !always && !never;
    }
    assert_in_range(unknown, 20, 380);
}

static void partial_births_have_an_age_when_all_completions_agree(void **state)
{
    int agreed = 0, disagreed = 0;

    (void)state;
    for (int i = 0; i < 2000; i++) {
        struct date birth = random_partial(), first, last;
        struct date on = date_from_days(date_to_days(ymd(2023, 1, 1)) + random_below(2000));
        int youngest, oldest, age = -99, expected;
        bool known = date_age(birth, on, &age);

        completions(birth, &first, &last);
        youngest = oldest = counted_age(first, on, 12);
        for (int32_t day = date_to_days(first); day <= date_to_days(last); day++) {
            expected = counted_age(date_from_days(day), on, 12);
            youngest = expected < youngest ? expected : youngest;
            oldest = expected > oldest ? expected : oldest;
        }
        assert_int_equal(known, youngest == oldest);
        assert_int_equal(age, known ? youngest : -99);
        agreed += known;
        disagreed += !known;
    }
    assert_true(agreed > 100 && disagreed > 100);
}

static void a_date_of_which_nothing_is_known(void **state)
{
    struct date nothing = ymd(0, 0, 0);
    int age;

    (void)state;
    assert_int_equal(date_before(nothing, ymd(2026, 9, 1)), TERNARY_UNKNOWN);
    assert_int_equal(date_before(nothing, nothing), TERNARY_UNKNOWN);
    assert_int_equal(date_not_after(nothing, nothing), TERNARY_UNKNOWN);
    assert_int_equal(date_before(nothing, ymd(1, 1, 1)), TERNARY_FALSE);
    assert_int_equal(date_not_after(nothing, ymd(9999, 12, 31)), TERNARY_TRUE);
    assert_false(date_age(nothing, ymd(2026, 9, 1), &age));
    assert_false(date_age(ymd(2020, 1, 1), nothing, &age));
    assert_int_equal(date_before(ymd(2020, 4, 0), ymd(2020, 5, 0)), TERNARY_TRUE);
    assert_int_equal(date_before(ymd(2020, 4, 0), ymd(2020, 4, 30)), TERNARY_UNKNOWN);
    assert_int_equal(date_not_after(ymd(2020, 4, 0), ymd(2020, 4, 30)), TERNARY_TRUE);
    assert_int_equal(date_before(ymd(2020, 0, 0), ymd(2020, 1, 1)), TERNARY_FALSE);
}

/* ---- Adding months ---- */

static void months_are_added_to_the_same_day(void **state)
{
    struct date out;

    (void)state;
    for (int i = 0; i < 20000; i++) {
        struct date date = date_from_days(random_below(40000));
        int months = random_below(400) - 200, total = date.year * 12 + date.month - 1 + months;
        struct date expected = ymd(total / 12, total % 12 + 1, date.day);
        bool exists = date_exists(expected.year, expected.month, expected.day);

        out = ymd(0, 0, 0);
        assert_int_equal(date_add_months(date, months, &out), exists);
        assert_true(same(out, exists ? expected : ymd(0, 0, 0)));
    }
    assert_false(date_add_months(ymd(2026, 1, 31), 1, &out));
    assert_true(date_add_months(ymd(2028, 1, 29), 1, &out));
    assert_false(date_add_months(ymd(2026, 1, 0), 1, &out));
    assert_false(date_add_months(ymd(9999, 12, 1), 1, &out));
    assert_false(date_add_months(ymd(1, 1, 1), -1, &out));
    assert_false(date_add_months(ymd(2026, 1, 1), 2147483647, &out));
    assert_false(date_add_months(ymd(2026, 1, 1), -2147483647 - 1, &out));
    assert_true(date_add_months(ymd(1, 1, 1), 9998 * 12 + 11, &out));
    assert_true(same(out, ymd(9999, 12, 1)));
}

/* ---- Reading and writing ---- */

static void months_have_names(void **state)
{
    (void)state;
    for (int month = 1; month <= 12; month++)
        assert_int_equal(date_month_of(slice_of(date_month_name(month))), month);
    assert_int_equal(date_month_of(SLICE("FEVRIER")), 2);
    assert_int_equal(date_month_of(SLICE("Août")), 8);
    assert_int_equal(date_month_of(SLICE("aout")), 8);
    assert_int_equal(date_month_of(SLICE("décembre")), 12);
    assert_int_equal(date_month_of(SLICE("sept")), 0);
    assert_int_equal(date_month_of(SLICE("")), 0);
    assert_int_equal(date_month_of(SLICE("mai ")), 0);
    assert_string_equal(date_month_name(0), "");
    assert_string_equal(date_month_name(13), "");
}

static void dates_are_read(void **state)
{
    static const struct { const char *text; int year, month, day; } CASES[] = {
        { "2026-09-01", 2026, 9, 1 },               { "01/09/2026", 2026, 9, 1 },  { "1/9/2026", 2026, 9, 1 },
        { "1er septembre 2026", 2026, 9, 1 },       { "1 septembre 2026", 2026, 9, 1 },
        { "31 AOUT 2027", 2027, 8, 31 },            { "29 février 2028", 2028, 2, 29 },
        { "1er\xC2\xA0septembre\xE2\x80\xAF" "2026", 2026, 9, 1 },                 { "05 mai 2026", 2026, 5, 5 },
        { "1er  janvier  2026", 2026, 1, 1 },       { "0001-01-01", 1, 1, 1 },     { "9999-12-31", 9999, 12, 31 },
    };
    struct date date;

    (void)state;
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        if (!date_parse(slice_of(CASES[i].text), &date))
            fail_msg("« %s » is not read", CASES[i].text);
        assert_true(same(date, ymd(CASES[i].year, CASES[i].month, CASES[i].day)));
        assert_true(date_parse_partial(slice_of(CASES[i].text), &date));
        assert_true(same(date, ymd(CASES[i].year, CASES[i].month, CASES[i].day)));
    }
}

static void other_texts_are_refused(void **state)
{
    static const char *const CASES[] = {
        "", " ", "2026", "2026-09", "2026-9-1", "26-09-01", "2026-09-01 ", " 2026-09-01", "2026-09-01T00:00:00",
        "2026/09/01", "2026-09/01", "20260901", "12026-09-01", "2026-02-29", "2026-13-01", "2026-00-10",
        "2026-04-31", "0000-01-01", "29/02/2026", "31/04/2026", "1/9/26", "001/09/2026", "1er/09/2026",
        "2er septembre 2026", "1er septembre", "1erseptembre 2026", "1er septembre2026", "1er septembre 26",
        "31 avril 2026", "0 mai 2026", "1er germinal 2026", "septembre 2026", "1er septembre 2026 ", "200&-04-23",
        "-2026-09-01", "+2026-09-01", "1e septembre 2026", "1er  2026", "\xC2\xA0", "2026-09-0\xC2\xB2",
    };
    struct date date = { 1, 2, 3 };

    (void)state;
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++)
        if (date_parse(slice_of(CASES[i]), &date))
            fail_msg("« %s » is read as %s", CASES[i], iso(date));
    assert_true(same(date, ymd(1, 2, 3)));
}

static void partial_dates_are_read_as_the_apis_give_them(void **state)
{
    static const struct { const char *text; int year, month; } READ[] = {
        { "", 0, 0 }, { "0000-00-00", 0, 0 }, { "2020-00-00", 2020, 0 }, { "2020-04-00", 2020, 4 },
        { "0000-04-23", 0, 0 }, { "2020-00-15", 2020, 0 }, { "0000-04-00", 0, 0 },
    };
    static const char *const REFUSED[] = {
        "200&-04-23", "2020-13-00", "2020-04-31", "2020-02-30", "2020-00-32", "0000-13-00", "0000-00-99", " ", "2020",
        "2020-04", "2020-0-0", "2020-00-00 ", "00/00/2020", "inconnue", "null", "2020-02-3", "2020-99-99",
    };
    struct date date;

    (void)state;
    for (size_t i = 0; i < sizeof(READ) / sizeof(READ[0]); i++) {
        date = ymd(1, 2, 3);
        if (!date_parse_partial(slice_of(READ[i].text), &date))
            fail_msg("« %s » is not read", READ[i].text);
        assert_true(same(date, ymd(READ[i].year, READ[i].month, 0)));
    }
    date = ymd(1, 2, 3);
    for (size_t i = 0; i < sizeof(REFUSED) / sizeof(REFUSED[0]); i++)
        if (date_parse_partial(slice_of(REFUSED[i]), &date))
            fail_msg("« %s » is read as %s", REFUSED[i], iso(date));
    assert_true(same(date, ymd(1, 2, 3)));
    assert_true(date_parse_partial((struct slice){ NULL, 0 }, &date));
}

static void dates_are_written(void **state)
{
    struct date back;

    (void)state;
    assert_string_equal(french(ymd(2026, 9, 1)), "1er septembre 2026");
    assert_string_equal(french(ymd(2026, 8, 31)), "31 août 2026");
    assert_string_equal(french(ymd(2020, 4, 0)), "avril 2020");
    assert_string_equal(french(ymd(2020, 0, 0)), "2020");
    assert_string_equal(french(ymd(0, 0, 0)), "date inconnue");
    assert_string_equal(iso(ymd(2026, 9, 1)), "2026-09-01");
    assert_string_equal(iso(ymd(2020, 4, 0)), "2020-04-00");
    assert_string_equal(iso(ymd(0, 0, 0)), "0000-00-00");
    assert_string_equal(iso(ymd(7, 12, 31)), "0007-12-31");
    for (int i = 0; i < 5000; i++) {
        struct date date = date_from_days(random_below(40000));

        assert_true(date_parse(slice_of(french(date)), &back) && same(back, date));
        assert_true(date_parse(slice_of(iso(date)), &back) && same(back, date));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_whole_calendar_is_walked, start, end),
        cmocka_unit_test_setup_teardown(known_days, start, end),
        cmocka_unit_test_setup_teardown(days_that_do_not_exist, start, end),
        cmocka_unit_test_setup_teardown(ages_are_counts_of_anniversaries, start, end),
        cmocka_unit_test_setup_teardown(birthdays_of_29_february_fall_on_1_march, start, end),
        cmocka_unit_test_setup_teardown(ages_before_birth_are_negative, start, end),
        cmocka_unit_test_setup_teardown(partial_dates_answer_when_all_completions_agree, start, end),
        cmocka_unit_test_setup_teardown(partial_births_have_an_age_when_all_completions_agree, start, end),
        cmocka_unit_test_setup_teardown(a_date_of_which_nothing_is_known, start, end),
        cmocka_unit_test_setup_teardown(months_are_added_to_the_same_day, start, end),
        cmocka_unit_test_setup_teardown(months_have_names, start, end),
        cmocka_unit_test_setup_teardown(dates_are_read, start, end),
        cmocka_unit_test_setup_teardown(other_texts_are_refused, start, end),
        cmocka_unit_test_setup_teardown(partial_dates_are_read_as_the_apis_give_them, start, end),
        cmocka_unit_test_setup_teardown(dates_are_written, start, end),
    };

    return cmocka_run_group_tests_name("date", tests, NULL, NULL);
}
