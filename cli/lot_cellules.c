/*
 * The cells of a row. Plain ones (digits, oui, non, true, false, members already seen) are read in place into the
 * columns; the others are only cut, for the session to read them.
 */
#include "lot_rows.h"

#include <string.h>

enum { PLAIN_DIGITS = 15 };

/* ---- Faults ---- */

void lot_add_fault(struct lot_worker *w, size_t row, const char *at, const char *text)
{
    struct lot_rows *rows = w->rows;
    const char *start = rows->record[row].bytes, *line_start = start;
    struct lot_fault *fault = arena_push(&w->arena, &w->faults);
    uint64_t line = rows->line[row];

    for (const char *p = start; p < at; p++)
        if (*p == '\n') {
            line++;
            line_start = p + 1;
        }
    rows->fault[row] = arena_copy_text(&w->arena, text, strlen(text));
    if (fault)
        *fault = (struct lot_fault){
            line, (unsigned)utf8_count((struct slice){line_start, (size_t)(at - line_start)}) + 1, rows->fault[row]};
}

/* ---- Plain cells ---- */

static bool is_digit(char c)
{
    return (unsigned char)(c - '0') < 10;
}

/* digits, at most `scale` decimals: units in *out. The byte after, or NULL when it is not that plain. */
static const char *plain_number(const char *p, char decimal, unsigned scale, int64_t *out)
{
    const char *start = p;
    int64_t value = 0;

    while (is_digit(*p))
        value = value * 10 + (*p++ - '0');
    if (p == start || p - start > PLAIN_DIGITS)
        return NULL;
    if (*p == decimal && is_digit(p[1])) {
        for (p++; is_digit(*p); p++) {
            if (scale-- == 0)
                return NULL;
            value = value * 10 + (*p - '0');
        }
    }
    while (scale--)
        value *= 10;
    *out = value;
    return p;
}

/*
 * The words as programs write them; other spellings are left to the library. The block has room after its last
 * byte.
 */
static const char *plain_boolean(const char *p, int64_t *out)
{
    *out = memcmp(p, "true", 4) == 0 || memcmp(p, "oui", 3) == 0;
    if (*out)
        return p + (*p == 't' ? 4 : 3);
    if (memcmp(p, "false", 5) == 0)
        return p + 5;
    return memcmp(p, "non", 3) == 0 ? p + 3 : NULL;
}

/* A member or a date, read by the library the first time. */
static bool seen_text(struct lot_worker *w, size_t input, struct slice text, int64_t *out)
{
    struct input_lanes *in = &w->rows->inputs[input];
    struct seen *s;
    char copy[sizeof in->seen[0].text];

    for (size_t i = 0; i < in->seen_count; i++)
        if (in->seen[i].length == text.length && memcmp(in->seen[i].text, text.bytes, text.length) == 0) {
            *out = in->seen[i].value;
            return true;
        }
    if (text.length == 0 || text.length >= sizeof copy)
        return false;
    memcpy(copy, text.bytes, text.length);
    copy[text.length] = '\0';
    if (delib_batch_read(w->batch, input, copy, out) != DELIB_OK)
        return false;
    s = &in->seen[in->seen_count < SEEN ? in->seen_count++ : SEEN - 1];
    memcpy(s->text, copy, text.length);
    s->length = text.length;
    s->value = *out;
    return true;
}

static void put_value(struct input_lanes *in, size_t row, int64_t value)
{
    if (in->narrow)
        in->narrow[row] = (int32_t)value;
    else
        in->wide[row] = value;
}

static void put_absent(struct input_lanes *in, size_t row)
{
    put_value(in, row, 0);
    in->validity[row >> 3] &= (uint8_t) ~(1u << (row & 7));
    in->absences = true;
}

/* Apart, so that its buffer does not slow the other kinds down. */
static const char *plain_text(struct lot_worker *w, size_t input, const char *p, const char *end, int64_t *out)
    __attribute__((noinline));

static const char *plain_text(struct lot_worker *w, size_t input, const char *p, const char *end, int64_t *out)
{
    const char *after = p;

    while (after < end && *after != w->lot->separator && *after != '\n' && *after != '\r' && *after != '"')
        after++;
    return seen_text(w, input, (struct slice){p, (size_t)(after - p)}, out) ? after : NULL;
}

/* The byte after a plain cell whose value is in its domain and in its lane; NULL when it is not that plain. */
static inline const char *plain_cell(struct lot_worker *w, const struct lot_column *c, size_t row, const char *p,
                                     const char *end)
{
    struct input_lanes *in = &w->rows->inputs[c->input];
    const char *after = NULL;
    int64_t value = 0;

    switch (c->described.kind) {
    case DELIB_COLUMN_NUMBER: after = plain_number(p, w->lot->decimal, c->described.scale, &value); break;
    case DELIB_COLUMN_BOOLEAN: after = plain_boolean(p, &value); break;
    case DELIB_COLUMN_MEMBER:
    case DELIB_COLUMN_DATE: after = plain_text(w, c->input, p, end, &value); break;
    case DELIB_COLUMN_OTHER: break;
    }
    if (!after || value < c->described.low || value > c->described.high)
        return NULL;
    put_value(in, row, value);
    return after;
}

/* ---- A record of CSV ---- */

static bool ends_cell(const char *p, bool last, char separator)
{
    return last ? *p == '\n' || (*p == '\r' && p[1] == '\n') : *p == separator;
}

/* The byte after a kept or date cell, quotes included; NULL when it spans lines or is not well formed. */
static const char *raw_cell(const char *p, const char *end, char separator)
{
    if (*p == '"') {
        for (p++; p < end && *p != '"' && *p != '\n'; p++)
            ;
        return *p == '"' ? p + 1 : NULL;
    }
    while (*p != separator && *p != '\n' && *p != '\r' && *p != '"')
        p++;
    return p;
}

const char *lot_read_plain(struct lot_worker *w, size_t row, const char *p, const char *end)
{
    const struct lot *lot = w->lot;
    struct slice *kept = w->rows->kept + row * lot->kept_count;

    for (size_t i = 0; i < lot->column_count; i++) {
        const struct lot_column *c = &lot->columns[i];
        const char *start = p;
        bool last = i + 1 == lot->column_count, quoted = *p == '"';

        if (c->input == LOT_NO_INPUT) {
            p = raw_cell(p, end, lot->separator);
        } else if (ends_cell(p, last, lot->separator)) {
            put_absent(&w->rows->inputs[c->input], row);
        } else {
            p = plain_cell(w, c, row, p + quoted, end);
            if (p && quoted && *p++ != '"')
                return NULL;
        }
        if (!p || !ends_cell(p, last, lot->separator))
            return NULL;
        if (c->kept)
            *kept++ = (struct slice){start, (size_t)(p - start)};
        p += 1 + (*p == '\r');
    }
    return p;
}

static void describe_split(struct lot_worker *w, size_t row, enum csv_fault fault, const char *at, size_t count)
{
    struct strbuf text = strbuf_in(&w->arena);

    switch (fault) {
    case CSV_TEXT_AFTER_QUOTE: strbuf_text(&text, "un séparateur est attendu après le guillemet fermant"); break;
    case CSV_QUOTE_INSIDE:
        strbuf_text(&text, "un guillemet au milieu d'une cellule : mettez la cellule entre guillemets et doublez-le");
        break;
    case CSV_OK:
    case CSV_TOO_MANY:
        strbuf_format(&text, "cette ligne a %zu colonne%s, l'en-tête %zu", count, count > 1 ? "s" : "",
                      w->lot->column_count);
        break;
    }
    lot_add_fault(w, row, at, text.bytes ? text.bytes : "");
}

bool lot_split_record(struct lot_worker *w, size_t row)
{
    const struct lot *lot = w->lot;
    struct lot_rows *rows = w->rows;
    struct slice *kept = rows->kept + row * lot->kept_count;
    const char *at = rows->record[row].bytes;
    size_t count;
    enum csv_fault fault = csv_split(rows->record[row], lot->separator, rows->cells, lot->column_count, &count, &at);

    for (size_t i = 0; i < lot->column_count; i++)
        if (lot->columns[i].kept)
            *kept++ = i < count ? rows->cells[i].raw : SLICE("");
    if (fault == CSV_OK && count == lot->column_count)
        return true;
    describe_split(w, row, fault, fault == CSV_OK || fault == CSV_TOO_MANY ? rows->record[row].bytes : at, count);
    return false;
}

/* ---- A line of NDJSON ---- */

static bool plain_member(struct lot_worker *w, const struct lot_column *c, size_t row,
                         const struct lot_json_cell *cell)
{
    const char *end = cell->text.bytes + cell->text.length;

    if (cell->kind == LOT_JSON_NULL) {
        put_absent(&w->rows->inputs[c->input], row);
        return true;
    }
    if (cell->kind != LOT_JSON_WORD && cell->kind != LOT_JSON_TEXT)
        return false;
    /*
     * Amounts and codes may be texts; a boolean is not one. The byte after the cell is a quote, a comma or a
     * brace.
     */
    return (cell->kind == LOT_JSON_TEXT) <= (c->described.kind != DELIB_COLUMN_BOOLEAN) && cell->text.length &&
           plain_cell(w, c, row, cell->text.bytes, end) == end;
}

/* A text without its escapes; a list or an object as it is written. */
static struct slice kept_member(struct lot_worker *w, const struct lot_json_cell *cell)
{
    char *copy;

    if (cell->kind == LOT_JSON_NULL)
        return SLICE("");
    if (cell->kind != LOT_JSON_OTHER || cell->text.bytes[0] != '"')
        return cell->text;
    copy = arena_alloc(&w->arena, cell->text.length, 1);
    return copy ? (struct slice){copy, lot_json_unescape(cell->text, copy)} : SLICE("");
}

bool lot_read_json(struct lot_worker *w, size_t row, bool *plain)
{
    const struct lot *lot = w->lot;
    struct slice *kept = w->rows->kept + row * lot->kept_count;
    const char *at;
    const char *problem = lot_json_read(w->rows->record[row], lot->columns, lot->column_count, w->rows->members, &at);

    *plain = true;
    for (size_t i = 0; i < lot->column_count; i++) {
        const struct lot_column *c = &lot->columns[i];

        if (c->kept)
            *kept++ = kept_member(w, &w->rows->members[i]);
        if (problem || c->input == LOT_NO_INPUT)
            continue;
        if (*plain && !plain_member(w, c, row, &w->rows->members[i]))
            *plain = false;
    }
    if (problem)
        lot_add_fault(w, row, at, problem);
    return !problem;
}

void lot_fill_general(struct lot_worker *w, size_t row)
{
    w->rows->general[row] = true;
    for (size_t i = 0; i < w->lot->input_count; i++)
        put_value(&w->rows->inputs[i], row, 0);
}
