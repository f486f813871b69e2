/*
 * Civil dates of the proleptic Gregorian calendar. A partial date stands for all its completions: a question about it
 * has an answer only when they all agree.
 */
#include "date.h"

enum { YEAR_FIRST = 1, YEAR_LAST = 9999, MONTHS = 12, DAYS_IN_ERA = 146097, EPOCH_FROM_ERA = 719468 };

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int floor_div(int n, int d)
{
    return n / d - (n % d < 0);
}

unsigned date_days_in_month(int year, int month)
{
    static const unsigned char DAYS[MONTHS] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

    if (month < 1 || month > MONTHS)
        return 0;
    return DAYS[month - 1] + (month == 2 && is_leap(year) ? 1u : 0u);
}

bool date_is_complete(struct date date)
{
    return date.year && date.month && date.day;
}

bool date_exists(int year, int month, int day)
{
    return year >= YEAR_FIRST && year <= YEAR_LAST && day >= 1 && (unsigned)day <= date_days_in_month(year, month);
}

static struct date date_of(int year, int month, int day)
{
    return (struct date){ (int16_t)year, (uint8_t)month, (uint8_t)day };
}

/* Years that begin in March put the leap day last; eras of 400 years all have the same number of days. */
int32_t date_to_days(struct date date)
{
    int year = date.year - (date.month <= 2);
    int era = floor_div(year, 400), year_of_era = year - era * 400;
    int day_of_year = (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

    return era * DAYS_IN_ERA + day_of_era - EPOCH_FROM_ERA;
}

struct date date_from_days(int32_t days)
{
    int shifted = days + EPOCH_FROM_ERA;
    int era = floor_div(shifted, DAYS_IN_ERA), day_of_era = shifted - era * DAYS_IN_ERA;
    int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int march_month = (5 * day_of_year + 2) / 153;
    int month = march_month < 10 ? march_month + 3 : march_month - 9;

    return date_of(year_of_era + era * 400 + (month <= 2), month, day_of_year - (153 * march_month + 2) / 5 + 1);
}

unsigned date_weekday(struct date date)
{
    int days = date_to_days(date) + 3;     /* 1970-01-01 was a Thursday */

    return (unsigned)(days - floor_div(days, 7) * 7 + 1);
}

int date_compare(struct date a, struct date b)
{
    int32_t left = date_to_days(a), right = date_to_days(b);

    return (left > right) - (left < right);
}

/* ---- Partial dates ---- */

struct date date_earliest(struct date date)
{
    if (!date.year)
        return date_of(YEAR_FIRST, 1, 1);
    if (!date.month)
        return date_of(date.year, 1, 1);
    return date.day ? date : date_of(date.year, date.month, 1);
}

struct date date_latest(struct date date)
{
    if (!date.year)
        return date_of(YEAR_LAST, MONTHS, 31);
    if (!date.month)
        return date_of(date.year, MONTHS, 31);
    return date.day ? date : date_of(date.year, date.month, (int)date_days_in_month(date.year, date.month));
}

enum ternary date_before(struct date a, struct date b)
{
    if (date_compare(date_latest(a), date_earliest(b)) < 0)
        return TERNARY_TRUE;
    return date_compare(date_earliest(a), date_latest(b)) >= 0 ? TERNARY_FALSE : TERNARY_UNKNOWN;
}

enum ternary date_not_after(struct date a, struct date b)
{
    switch (date_before(b, a)) {
    case TERNARY_FALSE:   return TERNARY_TRUE;
    case TERNARY_TRUE:    return TERNARY_FALSE;
    case TERNARY_UNKNOWN: break;
    }
    return TERNARY_UNKNOWN;
}

/* ---- Ages ---- */

/* A month is full on the same day, or on the next first when that day does not exist; negative before the birth. */
static int full_months(struct date birth, struct date on)
{
    return (on.year - birth.year) * MONTHS + (on.month - birth.month) - (on.day < birth.day);
}

/* 29 February comes to 1 March by the same rule, so full years are full twelves of months. */
static bool age_in(struct date birth, struct date on, int months_each, int *age)
{
    int youngest = floor_div(full_months(date_latest(birth), date_earliest(on)), months_each);
    int oldest = floor_div(full_months(date_earliest(birth), date_latest(on)), months_each);

    if (youngest != oldest)
        return false;
    *age = youngest;
    return true;
}

bool date_age(struct date birth, struct date on, int *years)
{
    return age_in(birth, on, MONTHS, years);
}

bool date_age_months(struct date birth, struct date on, int *months)
{
    return age_in(birth, on, 1, months);
}

bool date_add_months(struct date date, int months, struct date *out)
{
    int total, year, month;

    if (!date_is_complete(date) || months < -YEAR_LAST * MONTHS || months > YEAR_LAST * MONTHS)
        return false;
    total = date.year * MONTHS + date.month - 1 + months;
    year = floor_div(total, MONTHS);
    month = total - year * MONTHS + 1;
    if (!date_exists(year, month, date.day))
        return false;
    *out = date_of(year, month, date.day);
    return true;
}

/* ---- Reading ---- */

static const char *const MONTH_NAMES[MONTHS] = {
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
};

int date_month_of(struct slice word)
{
    for (int month = 1; month <= MONTHS; month++)
        if (text_fold_equal(word, slice_of(MONTH_NAMES[month - 1])))
            return month;
    return 0;
}

const char *date_month_name(int month)
{
    return month >= 1 && month <= MONTHS ? MONTH_NAMES[month - 1] : "";
}

static void advance(struct slice *rest, size_t bytes)
{
    rest->bytes += bytes;
    rest->length -= bytes;
}

static bool skip_spaces(struct slice *rest)
{
    if (!slice_skip_space(rest))
        return false;
    while (slice_skip_space(rest))
        continue;
    return true;
}

/* A whole run of `least` to `most` digits. */
static bool read_digits(struct slice *rest, size_t least, size_t most, int *value)
{
    size_t count = 0;

    *value = 0;
    while (rest->length && *rest->bytes >= '0' && *rest->bytes <= '9') {
        if (++count > most)
            return false;
        *value = *value * 10 + (*rest->bytes - '0');
        advance(rest, 1);
    }
    return count >= least;
}

struct ymd {
    int year, month, day;
};

static bool read_iso(struct slice text, struct ymd *read)
{
    return read_digits(&text, 4, 4, &read->year) && slice_skip(&text, "-")
        && read_digits(&text, 2, 2, &read->month) && slice_skip(&text, "-")
        && read_digits(&text, 2, 2, &read->day) && text.length == 0;
}

static bool read_slashes(struct slice text, struct ymd *read)
{
    return read_digits(&text, 1, 2, &read->day) && slice_skip(&text, "/")
        && read_digits(&text, 1, 2, &read->month) && slice_skip(&text, "/")
        && read_digits(&text, 4, 4, &read->year) && text.length == 0;
}

static bool read_month_name(struct slice *rest, int *month)
{
    struct slice word = { rest->bytes, 0 }, after = *rest;

    while (after.length && !slice_skip_space(&after)) {
        advance(&after, 1);
        word.length++;
    }
    advance(rest, word.length);
    *month = date_month_of(word);
    return *month != 0;
}

/* 1er septembre 2026: « er » is for the first of the month only. */
static bool read_words(struct slice text, struct ymd *read)
{
    if (!read_digits(&text, 1, 2, &read->day))
        return false;
    if (slice_skip(&text, "er") && read->day != 1)
        return false;
    return skip_spaces(&text) && read_month_name(&text, &read->month) && skip_spaces(&text)
        && read_digits(&text, 4, 4, &read->year) && text.length == 0;
}

bool date_parse(struct slice text, struct date *out)
{
    struct ymd read;

    if (!read_iso(text, &read) && !read_slashes(text, &read) && !read_words(text, &read))
        return false;
    if (!date_exists(read.year, read.month, read.day))
        return false;
    *out = date_of(read.year, read.month, read.day);
    return true;
}

/* A part is worth something only with those before it: 0000-04-23 and 2020-00-15 keep nothing after the zeros. */
bool date_parse_partial(struct slice text, struct date *out)
{
    struct ymd read = { 0, 0, 0 };

    if (date_parse(text, out))
        return true;
    if (text.length && !read_iso(text, &read))
        return false;
    if (read.year && read.month && read.day)
        return false;                      /* complete, and not a day that exists */
    if (read.month > MONTHS || read.day > 31)
        return false;
    if (!read.year)
        read.month = 0;
    *out = date_of(read.year, read.month, 0);
    return true;
}

/* ---- Writing ---- */

void strbuf_date(struct strbuf *out, struct date date)
{
    if (!date.year) {
        strbuf_text(out, "date inconnue");
        return;
    }
    if (date.month && date.day)
        strbuf_format(out, "%d%s ", date.day, date.day == 1 ? "er" : "");
    if (date.month)
        strbuf_format(out, "%s ", date_month_name(date.month));
    strbuf_format(out, "%d", date.year);
}

/* `first` is the power of ten of the first digit. */
static void write_padded(struct strbuf *out, int value, int first)
{
    for (int power = first; power > 0; power /= 10)
        strbuf_char(out, (char)('0' + value / power % 10));
}

void strbuf_date_iso(struct strbuf *out, struct date date)
{
    write_padded(out, date.year, 1000);
    strbuf_char(out, '-');
    write_padded(out, date.month, 10);
    strbuf_char(out, '-');
    write_padded(out, date.day, 10);
}
