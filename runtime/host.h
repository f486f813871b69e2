/*
 * What a host gives, looked at before anything follows its pointers. The core and the edge ask the same.
 */
#ifndef DELIB_HOST_H
#define DELIB_HOST_H

#include "delib.h"

#include <stdbool.h>
#include <string.h>

/*
 * Options over their defaults in `out`: as many members as the host's `size` covers, it being compiled with an older or
 * a newer header. False when that is none: the structure was not made with its _INIT, and what was put there is lost.
 */
static inline bool options_read(void *out, size_t known, const void *given)
{
    size_t size;

    memcpy(&size, given, sizeof size);          /* the first member of them all */
    if (size <= sizeof size)
        return false;
    memcpy(out, given, size < known ? size : known);
    return true;
}

/* Whether `text` means something: in the other kinds a host may leave it as it found it. */
static inline bool value_has_text(const delib_value *value)
{
    return value->text && (value->kind == DELIB_VALUE_TEXT || value->kind == DELIB_VALUE_ABSENT);
}

/* The pointers that its kinds and counts announce are there, and it is not nested deeper than `depth`. */
static inline bool value_is_sound(const delib_value *value, unsigned depth)
{
    switch (value->kind) {
    case DELIB_VALUE_ABSENT: case DELIB_VALUE_BOOLEAN: case DELIB_VALUE_NUMBER: case DELIB_VALUE_NOT_GRANTED:
        return true;
    case DELIB_VALUE_TEXT:
        return value->text;
    case DELIB_VALUE_LIST: case DELIB_VALUE_RECORD:
        if (depth == 0 || (value->count > 0 && !value->items))
            return false;
        if (value->kind == DELIB_VALUE_RECORD && value->count > 0 && !value->names)
            return false;
        for (size_t i = 0; i < value->count; i++)
            if ((value->kind == DELIB_VALUE_RECORD && !value->names[i]) || !value_is_sound(&value->items[i], depth - 1))
                return false;
        return true;
    }
    return false;
}

#endif
