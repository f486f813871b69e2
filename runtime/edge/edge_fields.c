/*
 * Fields of a record: lookup, unknown keys, and the few forms that demandes and configurations use.
 */
#include "edge_check.h"
#include "edge_fields.h"

#include <string.h>

bool edge_fields_open(struct edge_fields *fields, const struct edge_fields *parent, const char *name,
                      const delib_value *value)
{
    struct strbuf path = strbuf_in(parent->arena);
    strbuf_format(&path, "%s%s", parent->path, name ? name : "");
    *fields = *parent;
    fields->record = value;
    if (value->kind != DELIB_VALUE_RECORD) {
        edge_report(parent->diagnostics, EDGE_FIELD_TYPE, edge_place_of(parent->tree, value),
                    "écrivez une clé par ligne, « nom: valeur », alignées",
                    name ? "« %s » : un groupe de champs est attendu" : "%sun groupe de champs est attendu",
                    strbuf_string(&path));
        return false;
    }
    if (name)
        strbuf_char(&path, '.');
    fields->path = strbuf_string(&path);
    return true;
}

const char *edge_suggestion(struct arena *arena, const char *name, const char *const *known)
{
    const unsigned limit = (unsigned)(utf8_count(slice_of(name)) / 3) + 1;
    const char *best = NULL;
    unsigned best_distance = limit + 1;
    struct strbuf out = strbuf_in(arena);
    for (; *known; known++) {
        const unsigned distance = text_distance(slice_of(name), slice_of(*known), limit);
        if (distance < best_distance) {
            best = *known;
            best_distance = distance;
        }
    }
    if (!best)
        return NULL;
    strbuf_format(&out, "vouliez-vous dire « %s » ?", best);
    return out.bytes;
}

static bool edge_is_known(const char *name, const char *const *known)
{
    for (; *known; known++) {
        if (text_fold_equal(slice_of(name), slice_of(*known)))
            return true;
    }
    return false;
}

static void edge_field_check_key(const struct edge_fields *fields, size_t index, const char *const *known)
{
    const char *name = fields->record->names[index];
    const struct edge_place place = edge_key_place(fields->tree, fields->record, index);
    const bool too_long = slice_of(name).length > 100;
    if (too_long || !edge_is_known(name, known)) {
        const char *help = too_long ? NULL : edge_suggestion(fields->arena, name, known);
        edge_report(fields->diagnostics, EDGE_FIELD_UNKNOWN, place, help, "« %s%s » : clé inconnue", fields->path,
                    edge_shown(fields->arena, name));
        return;
    }
    for (size_t i = 0; i < index; i++) {
        if (text_fold_equal(slice_of(name), slice_of(fields->record->names[i])))
            edge_report(fields->diagnostics, EDGE_TEXT_DUPLICATE, place, "gardez une seule des deux",
                        "« %s%s » est déjà donné à la ligne %u", fields->path, name,
                        edge_key_place(fields->tree, fields->record, i).line);
    }
}

void edge_fields_check(const struct edge_fields *fields, const char *const *known)
{
    for (size_t i = 0; i < fields->record->count && fields->diagnostics->count < EDGE_DIAGNOSTIC_LIMIT; i++)
        edge_field_check_key(fields, i, known);
}

bool edge_fields_group(struct edge_fields *fields, const struct edge_fields *parent, const char *name,
                       const char *const *keys)
{
    const delib_value *value = edge_field(parent, name);
    if (!value || !edge_fields_open(fields, parent, name, value))
        return false;
    edge_fields_check(fields, keys);
    return true;
}

static const delib_value *edge_field_find(const struct edge_fields *fields, const char *name)
{
    for (size_t i = 0; i < fields->record->count; i++) {
        if (text_fold_equal(slice_of(fields->record->names[i]), slice_of(name)))
            return &fields->record->items[i];
    }
    return NULL;
}

const delib_value *edge_field(const struct edge_fields *fields, const char *name)
{
    const delib_value *value = edge_field_find(fields, name);
    return value && value->kind != DELIB_VALUE_ABSENT ? value : NULL;
}

struct edge_place edge_field_place(const struct edge_fields *fields, const char *name)
{
    const delib_value *value = edge_field_find(fields, name);
    return edge_place_of(fields->tree, value ? value : fields->record);
}

void edge_field_refuse(const struct edge_fields *fields, const char *name, const char *expected, const char *help)
{
    edge_report(fields->diagnostics, EDGE_FIELD_TYPE, edge_field_place(fields, name), help, "« %s%s » : %s",
                fields->path, name, expected);
}

void edge_field_missing(const struct edge_fields *fields, const char *name, const char *expected)
{
    edge_report(fields->diagnostics, EDGE_FIELD_MISSING, edge_place_of(fields->tree, fields->record), NULL,
                "« %s%s » manque : %s", fields->path, name, expected);
}

struct slice edge_trim(struct slice text)
{
    while (text.length > 0 && strchr(" \t\r\n", text.bytes[0])) {
        text.bytes++;
        text.length--;
    }
    while (text.length > 0 && strchr(" \t\r\n", text.bytes[text.length - 1]))
        text.length--;
    return text;
}

const char *edge_field_text(const struct edge_fields *fields, const char *name, const char *expected)
{
    const delib_value *value = edge_field(fields, name);
    struct slice text;
    if (!value)
        return NULL;
    text = value->kind == DELIB_VALUE_TEXT ? edge_trim(slice_of(value->text)) : SLICE("");
    if (text.length == 0) {
        edge_field_refuse(fields, name, expected,
                          value->kind == DELIB_VALUE_NUMBER ? "écrivez-le entre guillemets" : NULL);
        return NULL;
    }
    return arena_copy_text(fields->arena, text.bytes, text.length);
}

const char *edge_field_checked(const struct edge_fields *fields, const char *name, bool (*check)(struct slice),
                               const char *expected)
{
    const char *text = edge_field_text(fields, name, expected);
    if (!text || check(slice_of(text)))
        return text;
    edge_report(fields->diagnostics, EDGE_FIELD_DOMAIN, edge_field_place(fields, name), NULL, "« %s%s » : %s",
                fields->path, name, expected);
    return NULL;
}

#define EDGE_DATE_EXPECTED "une date qui existe est attendue, comme 2026-09-15 ou 15/09/2026"

bool edge_field_date(const struct edge_fields *fields, const char *name, struct date *out)
{
    const char *text = edge_field_text(fields, name, EDGE_DATE_EXPECTED);
    if (!text)
        return false;
    if (date_parse(slice_of(text), out))
        return true;
    edge_report(fields->diagnostics, EDGE_FIELD_DOMAIN, edge_field_place(fields, name), NULL,
                "« %s%s » : " EDGE_DATE_EXPECTED, fields->path, name);
    return false;
}

/* "1990" or "1990-03": the parts that people leave out; a year alone may be a number. */
static bool edge_date_short(struct slice text, struct date *out)
{
    char padded[] = "0000-00-00";
    if (text.length != 4 && text.length != 7)
        return false;
    memcpy(padded, text.bytes, text.length);
    return date_parse_partial(slice_of(padded), out) && (text.length == 4 || out->month > 0);
}

bool edge_field_partial_date(const struct edge_fields *fields, const char *name, struct date *out)
{
    static const char expected[] = "une date est attendue, comme 1990-03-18, 18/03/1990, 1990-03 ou 1990";
    const delib_value *value = edge_field(fields, name);
    const char *text;
    int64_t year = 0;
    bool read;
    if (value && value->kind == DELIB_VALUE_NUMBER) {
        read = edge_field_integer(fields, name, 1850, 9999, &year);
        *out = (struct date){ .year = (int16_t)year };
        return read;
    }
    text = edge_field_text(fields, name, expected);
    if (!text)
        return false;
    read = edge_date_short(slice_of(text), out) || date_parse_partial(slice_of(text), out);
    if (read && out->year > 0)
        return true;
    edge_report(fields->diagnostics, EDGE_FIELD_DOMAIN, edge_field_place(fields, name), NULL, "« %s%s » : %s",
                fields->path, name, expected);
    return false;
}

bool edge_field_integer(const struct edge_fields *fields, const char *name, int64_t least, int64_t most, int64_t *out)
{
    const delib_value *value = edge_field(fields, name);
    struct strbuf expected = strbuf_in(fields->arena);
    int64_t read = 0;
    bool good = false;
    if (!value)
        return false;
    if (value->kind == DELIB_VALUE_NUMBER && value->scale == 0) {
        read = value->units;
        good = true;
    } else if (value->kind == DELIB_VALUE_TEXT) {
        good = edge_read_digits(edge_trim(slice_of(value->text)), 1, 15, &read);
    }
    if (good && read >= least && read <= most) {
        *out = read;
        return true;
    }
    strbuf_format(&expected, "un nombre entier de %lld à %lld est attendu", (long long)least, (long long)most);
    edge_field_refuse(fields, name, strbuf_string(&expected), NULL);
    return false;
}

bool edge_field_boolean(const struct edge_fields *fields, const char *name, bool *out)
{
    static const struct { const char *spelling; bool means; } spellings[] = {
        { "oui", true }, { "non", false }, { "true", true }, { "false", false }, { "vrai", true }, { "faux", false },
    };
    const delib_value *value = edge_field(fields, name);
    if (!value)
        return false;
    if (value->kind == DELIB_VALUE_BOOLEAN) {
        *out = value->boolean != 0;
        return true;
    }
    for (size_t i = 0; value->kind == DELIB_VALUE_TEXT && i < sizeof(spellings) / sizeof(*spellings); i++) {
        if (text_fold_equal(edge_trim(slice_of(value->text)), slice_of(spellings[i].spelling))) {
            *out = spellings[i].means;
            return true;
        }
    }
    edge_field_refuse(fields, name, "oui ou non est attendu", NULL);
    return false;
}

const delib_value *edge_field_list(const struct edge_fields *fields, const char *name, const char *expected)
{
    const delib_value *value = edge_field(fields, name);
    if (!value || value->kind == DELIB_VALUE_LIST)
        return value;
    edge_field_refuse(fields, name, expected, NULL);
    return NULL;
}

const char *edge_date_iso(struct arena *arena, struct date date)
{
    struct strbuf out = strbuf_in(arena);
    strbuf_date_iso(&out, date);
    return out.bytes;
}

static void edge_two_digits(char *at, int64_t value)
{
    at[0] = (char)('0' + value / 10 % 10);
    at[1] = (char)('0' + value % 10);
}

void edge_instant_text(int64_t seconds, char out[21])
{
    static const char shape[] = "0000-00-00T00:00:00Z";
    const int64_t rest = seconds % 86400;
    const struct date date = date_from_days((int32_t)(seconds / 86400));
    memcpy(out, shape, sizeof(shape));
    edge_two_digits(out, date.year / 100);
    edge_two_digits(out + 2, date.year);
    edge_two_digits(out + 5, date.month);
    edge_two_digits(out + 8, date.day);
    edge_two_digits(out + 11, rest / 3600);
    edge_two_digits(out + 14, rest / 60 % 60);
    edge_two_digits(out + 17, rest % 60);
}

const char *edge_field_path(const struct edge_fields *fields, const char *name, const char *expected)
{
    const char *text = edge_field_text(fields, name, expected);
    const char *text_file = fields->diagnostics->file;
    const char *slash = text_file ? strrchr(text_file, '/') : NULL;
    struct strbuf out = strbuf_in(fields->arena);
    if (!text || text[0] == '/' || !slash)
        return text;
    strbuf_bytes(&out, text_file, (size_t)(slash - text_file) + 1);
    strbuf_text(&out, text);
    return out.bytes;
}
