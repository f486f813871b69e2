/*
 * Values of a session as JSON and back, without losing what they were: an absence and its reason, a masked field, a
 * number and its decimals.
 *
 *   text "…"   boolean   integer 449   list […]   null (absent, without reason)
 *   {"nombre":"12.50"}   {"absent":"REASON"}   {"non_accordé":true}   {"fiche":{…}}
 */
#include "edge_journal.h"

#include <string.h>

/* Every JSON reader keeps fifteen digits. */
#define EDGE_PLAIN_INTEGER INT64_C(999999999999999)

static void edge_write_children(delib_io_json *json, const delib_value *value)
{
    for (size_t i = 0; i < value->count; i++)
        edge_journal_write_value(json, value->kind == DELIB_VALUE_RECORD ? value->names[i] : NULL, &value->items[i]);
    delib_io_json_end(json);
}

static void edge_write_number(delib_io_json *json, const char *key, const delib_value *value)
{
    if (value->scale == 0 && value->units >= -EDGE_PLAIN_INTEGER && value->units <= EDGE_PLAIN_INTEGER) {
        delib_io_json_integer(json, key, value->units);
        return;
    }
    delib_io_json_object(json, key);
    delib_io_json_decimal(json, "nombre", value->units, value->scale);
    delib_io_json_end(json);
}

void edge_journal_write_value(delib_io_json *json, const char *key, const delib_value *value)
{
    switch (value->kind) {
    case DELIB_VALUE_ABSENT:
        if (!value->text) {
            delib_io_json_null(json, key);
            return;
        }
        delib_io_json_object(json, key);
        delib_io_json_text(json, "absent", value->text);
        delib_io_json_end(json);
        return;
    case DELIB_VALUE_NOT_GRANTED:
        delib_io_json_object(json, key);
        delib_io_json_boolean(json, "non_accordé", 1);
        delib_io_json_end(json);
        return;
    case DELIB_VALUE_BOOLEAN:
        delib_io_json_boolean(json, key, value->boolean);
        return;
    case DELIB_VALUE_NUMBER:
        edge_write_number(json, key, value);
        return;
    case DELIB_VALUE_TEXT:
        delib_io_json_text(json, key, value->text ? value->text : "");
        return;
    case DELIB_VALUE_LIST:
        delib_io_json_list(json, key);
        edge_write_children(json, value);
        return;
    case DELIB_VALUE_RECORD:
        delib_io_json_object(json, key);
        delib_io_json_object(json, "fiche");
        edge_write_children(json, value);
        delib_io_json_end(json);
        return;
    }
}

/* ------------------------------------------------------------------ reading */

/* "-12.50": what delib_io_json_decimal() writes. */
static bool edge_read_decimal(const char *text, delib_value *out)
{
    const bool negative = *text == '-';
    uint64_t units = 0;
    unsigned scale = 0, digits = 0;
    bool point = false;
    for (text += negative; *text; text++) {
        if (*text == '.' && !point && digits > 0) {
            point = true;
            continue;
        }
        if (*text < '0' || *text > '9' || units > (UINT64_C(1) << 63) / 10)
            return false;
        units = units * 10 + (uint64_t)(*text - '0');
        scale += point;
        digits++;
    }
    if (digits == 0 || scale > 18 || units > (uint64_t)INT64_MAX + negative)
        return false;
    *out = (delib_value){ .kind = DELIB_VALUE_NUMBER, .scale = scale };
    out->units = !negative ? (int64_t)units : units == 0 ? 0 : -(int64_t)(units - 1) - 1;
    return true;
}

static bool edge_read_children(struct arena *arena, const delib_value *json, delib_value *out)
{
    delib_value *items = arena_array(arena, delib_value, json->count ? json->count : 1);
    if (!items)
        return false;
    *out = (delib_value){ .kind = json->kind, .items = items, .names = json->names, .count = json->count };
    for (size_t i = 0; i < json->count; i++) {
        if (!edge_journal_read_value(arena, &json->items[i], &items[i]))
            return false;
    }
    return true;
}

static bool edge_read_tagged(struct arena *arena, const delib_value *json, delib_value *out)
{
    const delib_value *only = json->count == 1 ? &json->items[0] : NULL;
    const char *tag = only ? json->names[0] : "";
    if (strcmp(tag, "nombre") == 0)
        return only->kind == DELIB_VALUE_TEXT && edge_read_decimal(only->text, out);
    if (strcmp(tag, "absent") == 0) {
        *out = (delib_value){ .kind = DELIB_VALUE_ABSENT, .text = only->text };
        return only->kind == DELIB_VALUE_TEXT;
    }
    if (strcmp(tag, "non_accordé") == 0) {
        *out = (delib_value){ .kind = DELIB_VALUE_NOT_GRANTED };
        return true;
    }
    if (strcmp(tag, "fiche") == 0)
        return only->kind == DELIB_VALUE_RECORD && edge_read_children(arena, only, out);
    return false;
}

bool edge_journal_read_value(struct arena *arena, const delib_value *json, delib_value *out)
{
    switch (json->kind) {
    case DELIB_VALUE_RECORD:
        return edge_read_tagged(arena, json, out);
    case DELIB_VALUE_LIST:
        return edge_read_children(arena, json, out);
    case DELIB_VALUE_ABSENT: case DELIB_VALUE_BOOLEAN: case DELIB_VALUE_NUMBER: case DELIB_VALUE_TEXT:
    case DELIB_VALUE_NOT_GRANTED:
        *out = *json;
        return true;
    }
    return false;
}
