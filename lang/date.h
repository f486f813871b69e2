/*
 * Civil dates (proleptic Gregorian), possibly partial as the APIs give them.
 */
#ifndef LANG_DATE_H
#define LANG_DATE_H

#include "text.h"

struct date {
    int16_t year;            /* 1 to 9999; 0: unknown (nothing is known) */
    uint8_t month;           /* 1 to 12; 0: unknown */
    uint8_t day;             /* 1 to 31; 0: unknown */
};

enum ternary { TERNARY_FALSE, TERNARY_TRUE, TERNARY_UNKNOWN };

bool date_is_complete(struct date date);
bool date_exists(int year, int month, int day);
unsigned date_days_in_month(int year, int month);
/* Days since 1970-01-01; complete dates only. */
int32_t date_to_days(struct date date);
struct date date_from_days(int32_t days);
int date_compare(struct date a, struct date b);                  /* complete dates */
/* The first and the last day that a partial date may be; its year is known. */
struct date date_earliest(struct date date);
struct date date_latest(struct date date);
/* a < b; a ≤ b: unknown unless every completion of the partial dates agrees. */
enum ternary date_before(struct date a, struct date b);
enum ternary date_not_after(struct date a, struct date b);
/*
 * Full years at `on`; a birthday of 29 February falls on 1 March in other years (a monthly one of the 31st, on the next
 * first). Negative before the birth. False unless every completion agrees.
 */
bool date_age(struct date birth, struct date on, int *years);
bool date_age_months(struct date birth, struct date on, int *months);
/* Same day `months` later (or earlier). False when that day does not exist (31 January + 1 month). */
bool date_add_months(struct date date, int months, struct date *out);
unsigned date_weekday(struct date date);                          /* 1 Monday … 7 Sunday */

/* 1 to 12 for a French month name (accents and case ignored), 0 otherwise. */
int date_month_of(struct slice word);
const char *date_month_name(int month);
/* 2026-09-01, 01/09/2026, 1er septembre 2026, 1 septembre 2026. False when malformed or not a day that exists. */
bool date_parse(struct slice text, struct date *out);
/*
 * As the APIs give them: also 2020-00-00, 0000-00-00, "" (all unknown parts); false when not even that (200&-04-23).
 * What follows an unknown part is not kept: 2020-00-15 is read as 2020-00-00.
 */
bool date_parse_partial(struct slice text, struct date *out);
/* « 1er septembre 2026 », « avril 2020 », « 2020 », « date inconnue ». */
void strbuf_date(struct strbuf *out, struct date date);
void strbuf_date_iso(struct strbuf *out, struct date date);       /* 2026-09-01; 2020-04-00 when partial */

#endif
