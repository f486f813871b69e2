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

const char *date_in_words(struct arena *arena, const char *iso)
{
    struct strbuf complete = strbuf_in(arena), words = strbuf_in(arena);
    struct date date;

    /* Ten characters of a day, or a month that "-00" makes a partial date. */
    strbuf_format(&complete, "%.*s%s", 10, iso, slice_of(iso).length == 7 ? "-00" : "");
    if (!date_parse_partial(strbuf_result(&complete), &date) || !date.month)
        return iso;
    strbuf_date(&words, date);
    return words.bytes;
}

const char *date_to_iso(struct arena *arena, const char *text)
{
    struct date date;

    return date_parse(slice_of(text), &date) ? iso_text(arena, date) : NULL;
}
