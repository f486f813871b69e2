/*
 * The clock and dates typed by people. Calendar rules are in lang/date.h.
 */
#include "horloge.h"

#include "lang/date.h"

#include <time.h>

static const char *iso_text(struct arena *arena, struct date date)
{
    struct strbuf text = strbuf_in(arena);

    strbuf_date_iso(&text, date);
    return text.bytes;
}

const char *clock_today(struct arena *arena)
{
    time_t now = time(NULL);
    struct tm local;

    if (!localtime_r(&now, &local))
        return NULL;
    return iso_text(arena, (struct date){ .year = (int16_t)(local.tm_year + 1900),
                                          .month = (uint8_t)(local.tm_mon + 1),
                                          .day = (uint8_t)local.tm_mday });
}

const char *date_to_iso(struct arena *arena, const char *text)
{
    struct date date;

    return date_parse(slice_of(text), &date) ? iso_text(arena, date) : NULL;
}
