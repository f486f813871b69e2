/*
 * Decoding of answers. The status decides first, then the code; a value exists only when everything that the
 * catalogue reads in it has the expected form.
 */
#include "edge_decode.h"
#include "edge_config.h"
#include "edge_fields.h"
#include "edge_meaning.h"

#include <string.h>

/* The state of one decoding: JSON being read, and what went wrong. */
struct edge_reading {
    const struct edge_decoder *decoder;
    struct arena *arena;
    const char *wrong_field;                /* the first field that has not the expected form */
};

/* ------------------------------------------------------------------ headers */

struct slice edge_header(struct slice headers, const char *name)
{
    const size_t wanted = strlen(name);
    while (headers.length > 0) {
        const char *end = memchr(headers.bytes, '\n', headers.length);
        const size_t length = end ? (size_t)(end - headers.bytes) : headers.length;
        if (length > wanted && headers.bytes[wanted] == ':'
            && text_fold_equal((struct slice){ headers.bytes, wanted }, slice_of(name)))
            return edge_trim((struct slice){ headers.bytes + wanted + 1, length - wanted - 1 });
        headers.bytes += length + (end != NULL);
        headers.length -= length + (end != NULL);
    }
    return (struct slice){ "", 0 };
}

long edge_retry_after(struct slice headers)
{
    const struct slice text = edge_header(headers, "Retry-After");
    long seconds = 0;
    if (text.length == 0)
        return -1;
    for (size_t i = 0; i < text.length; i++) {
        if (text.bytes[i] < '0' || text.bytes[i] > '9')
            return 60;
        if (seconds < 100000)
            seconds = seconds * 10 + (text.bytes[i] - '0');
    }
    return seconds;
}

/* ------------------------------------------------------------------ fields */

static delib_value edge_absent(const char *reason)
{
    return (delib_value){ .kind = DELIB_VALUE_ABSENT, .text = reason };
}

/*
 * A key that is not there is masked for want of a scope: never an absence, unless the key above it came and the
 * configuration says that the scope is granted.
 */
static delib_value edge_missing(const struct edge_reading *reading, const struct catalogue_field *field, bool deep)
{
    if (!field->scope || (deep && edge_config_has_scope(reading->decoder->scopes, field->scope)))
        return edge_absent("non renseigné");
    return (delib_value){ .kind = DELIB_VALUE_NOT_GRANTED };
}

/* Walks "a.b.c". NULL: something on the way is missing (*missing) or null. */
static const delib_value *edge_walk(struct edge_reading *reading, const struct catalogue_field *field,
                                    const delib_value *object, delib_value *missing)
{
    struct slice path = slice_of(field->json);
    bool deep = false;
    while (path.length > 0) {
        const char *dot = memchr(path.bytes, '.', path.length);
        const size_t length = dot ? (size_t)(dot - path.bytes) : path.length;
        const char *key = arena_copy_text(reading->arena, path.bytes, length);
        const delib_value *next = key ? delib_io_value_get(object, key) : NULL;
        if (object->kind != DELIB_VALUE_RECORD) {
            reading->wrong_field = field->json;
            return NULL;
        }
        if (!next) {
            *missing = edge_missing(reading, field, deep);
            return NULL;
        }
        if (next->kind == DELIB_VALUE_ABSENT) {
            *missing = edge_absent("non renseigné");
            return NULL;
        }
        object = next;
        deep = true;
        path.bytes += length + (dot != NULL);
        path.length -= length + (dot != NULL);
    }
    return object;
}

static delib_value edge_wrong(struct edge_reading *reading, const struct catalogue_field *field)
{
    if (!reading->wrong_field)
        reading->wrong_field = field->json;
    return edge_absent(NULL);
}

/* 650, 650.0 and 12.50 are numbers; "650" is not: the text of an answer is never guessed at. */
static delib_value edge_read_number(struct edge_reading *reading, const struct catalogue_field *field,
                                    const delib_value *json)
{
    delib_value value = *json;
    if (json->kind != DELIB_VALUE_NUMBER)
        return edge_wrong(reading, field);
    while (value.scale > field->decimals && value.units % 10 == 0) {
        value.units /= 10;
        value.scale--;
    }
    if (field->kind == FIELD_INTEGER && value.scale > 0)
        return edge_wrong(reading, field);
    return value;
}

/* ["Jeanne", "Marie"] and "JEANNE MARIE" are the same given names. */
static delib_value edge_read_text(struct edge_reading *reading, const struct catalogue_field *field,
                                  const delib_value *json)
{
    struct strbuf out = strbuf_in(reading->arena);
    if (json->kind == DELIB_VALUE_TEXT) {
        strbuf_slice(&out, edge_trim(slice_of(json->text)));
    } else if (json->kind == DELIB_VALUE_NUMBER && json->scale == 0) {
        strbuf_format(&out, "%lld", (long long)json->units);
    } else if (json->kind == DELIB_VALUE_LIST) {
        for (size_t i = 0; i < json->count; i++) {
            if (json->items[i].kind != DELIB_VALUE_TEXT)
                return edge_wrong(reading, field);
            strbuf_format(&out, "%s%s", i > 0 ? " " : "", json->items[i].text);
        }
    } else {
        return edge_wrong(reading, field);
    }
    if (out.length == 0)
        return edge_absent("non renseigné");
    return (delib_value){ .kind = DELIB_VALUE_TEXT, .text = out.bytes };
}

/* "14031988": dates of the older routes. False when it is something else. */
static bool edge_eight_digits(struct slice text, struct date *out)
{
    char iso[] = "0000-00-00";
    if (text.length != 8)
        return false;
    memcpy(iso, text.bytes + 4, 4);
    memcpy(iso + 5, text.bytes + 2, 2);
    memcpy(iso + 8, text.bytes, 2);
    return date_parse_partial(slice_of(iso), out);
}

/* Dates of the caisses may be partial (2020-00-00), unknown (0000-00-00) or dirty (200&-04-23). */
static delib_value edge_read_day(struct edge_reading *reading, const struct catalogue_field *field,
                                 const delib_value *json)
{
    struct date date;
    struct slice text;
    if (json->kind != DELIB_VALUE_TEXT)
        return edge_wrong(reading, field);
    text = edge_trim(slice_of(json->text));
    if (text.length > 10 && text.bytes[10] == 'T')
        text.length = 10;
    if (!edge_eight_digits(text, &date) && !date_parse_partial(text, &date))
        return edge_absent("date illisible");
    if (date.year == 0)
        return edge_absent("date inconnue");
    return (delib_value){ .kind = DELIB_VALUE_TEXT, .text = edge_date_iso(reading->arena, date) };
}

static delib_value edge_read_record(struct edge_reading *reading, const struct catalogue_field *fields,
                                    const delib_value *json);

static delib_value edge_read_items(struct edge_reading *reading, const struct catalogue_field *field,
                                   const delib_value *json)
{
    delib_value *items;
    if (json->kind != DELIB_VALUE_LIST || json->count > field->max_items)
        return edge_wrong(reading, field);
    items = json->count > 0 ? arena_array(reading->arena, delib_value, json->count) : NULL;
    for (size_t i = 0; items && i < json->count; i++) {
        if (json->items[i].kind != DELIB_VALUE_RECORD)
            return edge_wrong(reading, field);
        items[i] = edge_read_record(reading, field->fields, &json->items[i]);
    }
    return (delib_value){ .kind = DELIB_VALUE_LIST, .items = items, .count = items ? json->count : 0 };
}

static delib_value edge_read_plain(struct edge_reading *reading, const struct catalogue_field *field,
                                   const delib_value *json)
{
    switch (field->kind) {
    case FIELD_BOOLEAN:
        return json->kind == DELIB_VALUE_BOOLEAN ? *json : edge_wrong(reading, field);
    case FIELD_INTEGER:
    case FIELD_DECIMAL:
        return edge_read_number(reading, field, json);
    case FIELD_TEXT:
        return edge_read_text(reading, field, json);
    case FIELD_DATE:
        return edge_read_day(reading, field, json);
    case FIELD_LIST:
        return edge_read_items(reading, field, json);
    case FIELD_RECORD:
        if (json->kind != DELIB_VALUE_RECORD)
            return edge_wrong(reading, field);
        return edge_read_record(reading, field->fields, json);
    }
    return edge_wrong(reading, field);
}

static delib_value edge_read_field(struct edge_reading *reading, const struct catalogue_field *field,
                                   const delib_value *object)
{
    delib_value value = { .kind = DELIB_VALUE_ABSENT };
    const delib_value *json = edge_walk(reading, field, object, &value);
    if (!json)
        return value;
    if (field->rule == FIELD_AS_IT_IS)
        return edge_read_plain(reading, field, json);
    if (!edge_meaning(field, json, reading->decoder->today, &value))
        return edge_wrong(reading, field);
    return value;
}

static delib_value edge_read_record(struct edge_reading *reading, const struct catalogue_field *fields,
                                    const delib_value *json)
{
    size_t count = 0;
    const char **names;
    delib_value *items;
    while (fields[count].name)
        count++;
    names = arena_array(reading->arena, const char *, count);
    items = arena_array(reading->arena, delib_value, count);
    for (size_t i = 0; names && items && i < count; i++) {
        names[i] = fields[i].name;
        items[i] = edge_read_field(reading, &fields[i], json);
    }
    return (delib_value){ .kind = DELIB_VALUE_RECORD, .items = items, .names = names, .count = items ? count : 0 };
}

/* ------------------------------------------------------------------ a value */

static struct edge_words edge_decoder_words(const struct edge_decoder *decoder)
{
    return (struct edge_words){ .api = decoder->function->api, .provider_prefix = decoder->function->prefix,
                                .person = decoder->person };
}

static void edge_decode_outcome(const struct edge_decoder *decoder, const char *code, const char *detail,
                                delib_answer *out)
{
    struct edge_words words = edge_decoder_words(decoder);
    words.detail = detail;
    edge_outcome(decoder->arena, code, &words, out);
    out->obtained = decoder->obtained;
}

static const char *edge_provider_name(struct edge_reading *reading, const delib_value *data)
{
    const struct catalogue_provider *usual =
        catalogue_provider_find(&catalogue_standard, reading->decoder->function->prefix);
    const struct catalogue_field field = { .json = reading->decoder->function->provider };
    const delib_value *json = NULL;
    delib_value missing;
    if (field.json)
        json = edge_walk(reading, &field, data, &missing);
    if (json && json->kind == DELIB_VALUE_TEXT && strlen(json->text) <= 20)
        return edge_shown(reading->arena, json->text);
    return usual ? usual->name : NULL;
}

static int64_t edge_integer_of(const delib_value *record, const char *name)
{
    const delib_value *value = delib_io_value_get(record, name);
    return value && value->kind == DELIB_VALUE_NUMBER && value->scale == 0 ? value->units : 0;
}

/* What the answer is about: "2026-09", or a year of income. */
static const char *edge_period(const struct edge_reading *reading, const delib_value *record)
{
    static const char *const years[] = { "annee", "annee_revenus", "annee_ressources" };
    const int64_t month = edge_integer_of(record, "mois");
    struct strbuf out = strbuf_in(reading->arena);
    int64_t year = 0;
    for (size_t i = 0; i < 3 && year == 0; i++)
        year = edge_integer_of(record, years[i]);
    if (year == 0 && reading->decoder->function->has_period && month == 0)
        year = reading->decoder->year;
    if (year < 1900 || year > 9999)
        return NULL;
    strbuf_format(&out, "%lld", (long long)year);
    if (month >= 1 && month <= 12)
        strbuf_format(&out, "-%s%lld", month < 10 ? "0" : "", (long long)month);
    return out.bytes;
}

static void edge_decode_data(struct edge_reading *reading, const delib_value *data, delib_answer *out)
{
    const struct edge_decoder *decoder = reading->decoder;
    const delib_value record = edge_read_record(reading, decoder->function->fields, data);
    if (reading->wrong_field) {
        edge_decode_outcome(decoder, "type_inattendu", reading->wrong_field, out);
        return;
    }
    if (decoder->function->holder && decoder->subject
        && !edge_same_person(decoder->subject, delib_io_value_get(data, decoder->function->holder))) {
        edge_decode_outcome(decoder, "identite_differente", NULL, out);
        return;
    }
    edge_answer_init(out);
    out->kind = DELIB_ANSWER_VALUE;
    out->record = record;
    out->provider = edge_provider_name(reading, data);
    out->period = edge_period(reading, &record);
    out->obtained = decoder->obtained;
}

/* ------------------------------------------------------------------ an error */

#define EDGE_CODE_LIMIT 8

/* A code as text: "10003", or the number 4101. */
static const char *edge_code_text(struct arena *arena, const delib_value *value)
{
    struct strbuf out = strbuf_in(arena);
    if (!value)
        return NULL;
    if (value->kind == DELIB_VALUE_TEXT)
        return strlen(value->text) <= 20 ? value->text : NULL;
    if (value->kind != DELIB_VALUE_NUMBER || value->scale != 0)
        return NULL;
    strbuf_format(&out, "%lld", (long long)value->units);
    return out.bytes;
}

/* v3: errors[].code; v2: error; DGFiP: codeapp or code, at the root or below `erreur`. */
static size_t edge_collect_codes(struct arena *arena, const delib_value *root, const char *codes[EDGE_CODE_LIMIT])
{
    static const char *const names[] = { "code", "codeapp", "codeApp", "error" };
    const delib_value *errors = delib_io_value_get(root, "errors");
    const delib_value *erreur = delib_io_value_get(root, "erreur");
    size_t count = 0;
    for (size_t i = 0; errors && errors->kind == DELIB_VALUE_LIST && i < errors->count; i++) {
        const char *code = edge_code_text(arena, delib_io_value_get(&errors->items[i], "code"));
        if (code && count < EDGE_CODE_LIMIT)
            codes[count++] = code;
    }
    for (size_t i = 0; count == 0 && i < 2 * sizeof(names) / sizeof(*names); i++) {
        const delib_value *from = i % 2 == 0 ? root : erreur;
        const char *code = edge_code_text(arena, from ? delib_io_value_get(from, names[i / 2]) : NULL);
        if (code)
            codes[count++] = code;
    }
    return count;
}

/* The provider that a code names: "23003" is the CAF. NULL: the one of the function. */
static const char *edge_code_prefix(struct arena *arena, const char *code)
{
    const char *prefix = strlen(code) == 5 ? arena_copy_text(arena, code, 2) : NULL;
    return catalogue_provider_find(&catalogue_standard, prefix) ? prefix : NULL;
}

static void edge_decode_error(const struct edge_decoder *decoder, int http_status, const delib_value *root,
                              delib_answer *out)
{
    const char *codes[EDGE_CODE_LIMIT] = { NULL };
    const size_t count = root ? edge_collect_codes(decoder->arena, root, codes) : 0;
    struct edge_words words = edge_decoder_words(decoder);
    const char *prefix = NULL;
    for (size_t i = 0; i < count && !prefix; i++)
        prefix = edge_code_prefix(decoder->arena, codes[i]);
    if (prefix)
        words.provider_prefix = prefix;
    edge_outcome(decoder->arena, edge_outcome_of_error(decoder->function, http_status, codes, count), &words, out);
    out->obtained = decoder->obtained;
}

/* ------------------------------------------------------------------ the whole */

/* What makes a body unreadable, by the diagnostic of the reader. */
static const struct {
    const char *diagnostic, *outcome, *detail;
} edge_unreadable[] = {
    { "D730", "reponse_illisible", "texte qui n'est pas en UTF-8" },
    { "D731", "reponse_trop_grande", NULL },
    { "D732", "reponse_vide", NULL },
    { "D733", "reponse_illisible", "trop de niveaux imbriqués" },
    { "D734", "reponse_illisible", "clé répétée" },
    { "D735", "reponse_illisible", "nombre trop long pour être exact" },
    { "D736", "reponse_illisible", "ce n'est pas du JSON" },
    { "D739", "json_tronque", NULL },
};

/* The JSON of the body in `tree`; NULL: it is none, *outcome and *detail saying how. */
static const delib_value *edge_decode_body(struct edge_tree *tree, struct slice body, const char **outcome,
                                           const char **detail)
{
    const char *code;
    if (body.length == 0) {
        *outcome = "reponse_vide";
        return NULL;
    }
    edge_read(tree, body, DELIB_IO_JSON);
    if (tree->diagnostics->count == 0)
        return &tree->root;
    code = tree->diagnostics->items[0].code;
    *outcome = "reponse_illisible";
    *detail = "ce n'est pas du JSON";
    for (size_t i = 0; i < sizeof(edge_unreadable) / sizeof(*edge_unreadable); i++) {
        if (strcmp(edge_unreadable[i].diagnostic, code) == 0) {
            *outcome = edge_unreadable[i].outcome;
            *detail = edge_unreadable[i].detail;
        }
    }
    return NULL;
}

static void edge_decode_success(const struct edge_decoder *decoder, const delib_value *root, delib_answer *out)
{
    struct edge_reading reading = { .decoder = decoder, .arena = decoder->arena };
    const delib_value *data = root;
    if (decoder->function->api == CATALOGUE_API_PARTICULIER)
        data = delib_io_value_get(root, "data");
    if (!data || data->kind != DELIB_VALUE_RECORD)
        edge_decode_outcome(decoder, "reponse_sans_donnees", NULL, out);
    else
        edge_decode_data(&reading, data, out);
}

void edge_decode(const struct edge_decoder *decoder, int http_status, struct slice body, delib_answer *out)
{
    static const delib_io_limits limits = { sizeof(delib_io_limits), EDGE_BODY_LIMIT, 100000, 32 };
    struct arena scratch;
    struct edge_diagnostics diagnostics;
    struct edge_tree tree;
    const char *outcome = NULL, *detail = NULL;
    const delib_value *root;
    edge_tree_open(&tree, &scratch, &diagnostics, "", &limits);
    root = edge_decode_body(&tree, body, &outcome, &detail);
    if (scratch.exhausted)
        decoder->arena->exhausted = true;
    if (http_status != 200)
        edge_decode_error(decoder, http_status, root, out);
    else if (root)
        edge_decode_success(decoder, root, out);
    else
        edge_decode_outcome(decoder, outcome, detail, out);
    /* What the answer keeps is its own: `plain` values share texts with the scratch tree. */
    out->record = edge_value_copy(decoder->arena, &out->record);
    arena_release(&scratch);
}
