/*
 * French typography: which spaces do not break.
 */
#include "typographie.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define HARD_SPACE "\xC2\xA0"            /* U+00A0 */
#define THIN_SPACE "\xE2\x80\xAF"        /* U+202F */

static bool begins(const char *bytes, const char *end, const char *prefix)
{
    size_t length = strlen(prefix);

    return (size_t)(end - bytes) >= length && memcmp(bytes, prefix, length) == 0;
}

static bool digit_at(const char *bytes, const char *end)
{
    return bytes < end && *bytes >= '0' && *bytes <= '9';
}

const char *typography_space(const char *start, const char *at, const char *end)
{
    static const struct { const char *before, *space; } BEFORE[] = {
        { ";", THIN_SPACE }, { "!", THIN_SPACE }, { "?", THIN_SPACE },
        { ":", HARD_SPACE }, { "»", HARD_SPACE }, { "%", HARD_SPACE }, { "€", HARD_SPACE },
    };
    const char *next = at + 1;

    if (at - start >= 2 && memcmp(at - 2, "«", 2) == 0)
        return HARD_SPACE;
    for (size_t i = 0; i < sizeof(BEFORE) / sizeof(BEFORE[0]); i++)
        if (begins(next, end, BEFORE[i].before))
            return BEFORE[i].space;
    if (at > start && digit_at(at - 1, end) && digit_at(next, end) && digit_at(next + 1, end) && digit_at(next + 2, end)
        && !digit_at(next + 3, end))
        return THIN_SPACE;
    return NULL;
}
