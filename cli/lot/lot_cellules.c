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

/* Eight bytes, the first one lowest. What reads them never depends on those after the cell. */
static inline uint64_t word_at(const char *p)
{
    const unsigned char *b = (const unsigned char *)p;

    return (uint64_t)b[0] | (uint64_t)b[1] << 8 | (uint64_t)b[2] << 16 | (uint64_t)b[3] << 24 | (uint64_t)b[4] << 32 |
           (uint64_t)b[5] << 40 | (uint64_t)b[6] << 48 | (uint64_t)b[7] << 56;
}

#define EACH(byte) (0x0101010101010101u * (byte))

/* The high bit of each byte that is not a digit, exactly: nothing is carried from one byte to the next. */
static inline uint64_t other_bytes(uint64_t word)
{
    const uint64_t digits = word ^ EACH('0');

    return (((digits & EACH(0x7F)) + EACH(0x7F - 9)) | digits) & EACH(0x80);
}

/* The rank of the lowest byte marked, 8 when none is. */
static inline unsigned first_byte(uint64_t marks)
{
    return marks ? (unsigned)__builtin_ctzll(marks) / 8 : 8;
}

/* The number that its first `count` digits write, at most seven: pairs, then fours, then all, without a jump. */
static inline int64_t digits_value(uint64_t word, unsigned count)
{
    word = (word & EACH(0x0F)) << (56 - 8 * count) << 8;
    word = (word * (10 * 256 + 1)) >> 8 & 0x00FF00FF00FF00FFu;
    word = (word * (100 * 65536 + 1)) >> 16 & 0x0000FFFF0000FFFFu;
    return (int64_t)((word * (10000 * 4294967296u + 1)) >> 32);
}

/* Longer numbers, digit by digit. */
static const char *long_number(const char *p, char decimal, unsigned scale, int64_t *out)
{
    const char *start = p;
    uint64_t value = 0; /* too many digits wrap, and are refused */

    while (is_digit(*p))
        value = value * 10 + (unsigned)(*p++ - '0');
    if (p == start || p - start > PLAIN_DIGITS)
        return NULL;
    if (*p == decimal && is_digit(p[1])) {
        for (p++; is_digit(*p); p++) {
            if (scale-- == 0)
                return NULL;
            value = value * 10 + (unsigned)(*p - '0');
        }
    }
    while (scale--)
        value *= 10;
    *out = (int64_t)value;
    return p;
}

/*
 * digits, at most `scale` decimals: units in *out. The byte after, or NULL when it is not that plain. A cell of seven
 * bytes or fewer is read whole, its mark taken out, without a jump that depends on its length.
 */
static inline const char *plain_number(const char *p, char decimal, unsigned scale, int64_t *out)
{
    static const int32_t POWERS[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000};
    const uint64_t word = word_at(p), others = other_bytes(word), first = others & (0 - others);
    const bool marked = scale && (word & first / 0x80 * 0xFF) == first / 0x80 * (unsigned char)decimal;
    const uint64_t ends = marked ? others ^ first : others, before = first / 0x80 - 1;
    const unsigned whole = first_byte(others), end = first_byte(ends), decimals = marked ? end - whole - 1 : 0;

    if (!ends || scale > 7)
        return long_number(p, decimal, scale, out);
    if (whole == 0 || decimals > scale || (marked && decimals == 0))
        return NULL;
    *out = digits_value(marked ? (word & before) | (word >> 8 & ~before) : word, end - marked) *
           POWERS[scale - decimals];
    return p + end;
}

/* An integer below 100, whose domain says so: one digit or two. */
static inline const char *plain_small(const char *p, int64_t *out)
{
    const unsigned first = (unsigned char)(p[0] - '0'), second = (unsigned char)(p[1] - '0'), two = second < 10;

    *out = two ? first * 10 + second : first;
    return first < 10 ? p + 1 + two : NULL;
}

/* The words as programs write them; other spellings are left to the library. True and false come in no order: no
 * jump. */
static inline const char *plain_boolean(const char *p, int64_t *out)
{
    const uint64_t word = word_at(p), three = word & 0xFFFFFFu;
    const unsigned is_true = (word & 0xFFFFFFFFu) == 0x65757274u, is_false = (word & 0xFFFFFFFFFFu) == 0x65736C6166u;

    *out = is_true;
    if (is_true | is_false)
        return p + 5 - is_true;
    *out = three == 0x69756Fu; /* oui */
    return *out || three == 0x6E6F6Eu ? p + 3 : NULL;
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
static inline const char *plain_cell(struct lot_worker *w, const struct cell_reader *r, size_t row, const char *p,
                                     const char *end)
{
    const char *after = NULL;
    int64_t value = 0;

    switch (r->kind) {
    case CELL_SMALL: after = plain_small(p, &value); break;
    case CELL_NUMBER: after = plain_number(p, w->lot->decimal, r->scale, &value); break;
    case CELL_BOOLEAN: after = plain_boolean(p, &value); break;
    case CELL_TEXT: after = plain_text(w, r->input, p, end, &value); break;
    case CELL_OTHER: break;
    }
    if (!after || value < r->low || value > r->high)
        return NULL;
    put_value(r->lanes, row, value);
    return after;
}

/* ---- A record of CSV ---- */

/* The byte after a kept or date cell, quotes included; NULL when it spans lines or is not well formed. */
static inline const char *raw_cell(const char *p, const char *end, char separator)
{
    unsigned digits;

    if (*p == '"') {
        for (p++; p < end && *p != '"' && *p != '\n'; p++)
            ;
        return *p == '"' ? p + 1 : NULL;
    }
    do /* most are a number */
        p += digits = first_byte(other_bytes(word_at(p)));
    while (digits == 8);
    while (*p != separator && *p != '\n' && *p != '\r' && *p != '"')
        p++;
    return p;
}

static bool ends_cell(const char *p, const struct cell_reader *r)
{
    return *p == r->end || (*p == '\r' && r->end == '\n' && p[1] == '\n');
}

/* An empty cell, or a plain one between quotes. */
static __attribute__((noinline)) const char *odd_cell(struct lot_worker *w, const struct cell_reader *r, size_t row,
                                                      const char *p, const char *end)
{
    if (r->lanes && ends_cell(p, r)) {
        put_absent(r->lanes, row);
        return p;
    }
    p = r->lanes && *p == '"' ? plain_cell(w, r, row, p + 1, end) : NULL;
    return p && *p == '"' ? p + 1 : NULL;
}

/* Every kind of cell is read inside this one loop; what is odd, apart. */
__attribute__((flatten)) const char *lot_read_plain(struct lot_worker *w, size_t row, const char *p, const char *end)
{
    const struct lot *lot = w->lot;
    struct slice *kept = w->rows->kept + row * lot->kept_count;

    for (const struct cell_reader *r = w->rows->readers, *after = r + lot->column_count; r < after; r++) {
        const char *start = p;

        p = r->lanes ? plain_cell(w, r, row, p, end) : raw_cell(p, end, lot->separator);
        if (!p)
            p = odd_cell(w, r, row, start, end);
        if (!p || !ends_cell(p, r))
            return NULL;
        if (r->kept)
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
    lot_add_fault(w, row, at, strbuf_string(&text));
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

static bool plain_member(struct lot_worker *w, const struct cell_reader *r, size_t row,
                         const struct lot_json_cell *cell)
{
    const char *end = cell->text.bytes + cell->text.length;

    if (cell->kind == LOT_JSON_NULL) {
        put_absent(r->lanes, row);
        return true;
    }
    if (cell->kind != LOT_JSON_WORD && cell->kind != LOT_JSON_TEXT)
        return false;
    /*
     * Amounts and codes may be texts; a boolean is not one. The byte after the cell is a quote, a comma or a
     * brace.
     */
    return (cell->kind == LOT_JSON_TEXT) <= (r->kind != CELL_BOOLEAN) && cell->text.length &&
           plain_cell(w, r, row, cell->text.bytes, end) == end;
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
        if (*plain && !plain_member(w, &w->rows->readers[i], row, &w->rows->members[i]))
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
