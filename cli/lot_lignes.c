/*
 * One block of a batch: cells become columns of integers, the batch of the library computes them, amounts become
 * text.
 *
 * Plain cells (digits, oui, non, true, false, members already seen) are read in place. Whatever is not plain —
 * another spelling, a fault, an outcome that is not an amount — goes row by row through a session, which reads the
 * text and says why: statuses, reasons and faults are those of `delib calculer` for one family because the same code
 * makes them.
 */
#include "edge_loader.h"
#include "lot.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS = 1024, SEEN = 32, PLAIN_DIGITS = 15 };

/* Texts of a column (members, dates) and what they mean, as read once by the library. */
struct seen {
    char text[32];
    size_t length;
    int64_t value;
};

struct input_lanes {
    int64_t *wide; /* one of the two */
    int32_t *narrow;
    uint8_t *validity;
    bool absences; /* in this group */
    struct seen seen[SEEN];
    size_t seen_count;
};

/* A result told by the session. */
struct told {
    delib_statut statut;
    int64_t units;
    unsigned scale;
    const char *text, *reason;
};

struct lot_rows {
    size_t count;
    struct input_lanes *inputs;
    delib_column *columns;
    delib_column_result *results;
    uint64_t line[ROWS];
    struct slice record[ROWS];
    const char *fault[ROWS];
    bool general[ROWS]; /* some cell is not plain */
    struct slice *kept; /* ROWS × kept_count, as they are in the file */
    struct csv_cell cells[LOT_COLUMNS + 1];
    struct lot_json_cell members[LOT_COLUMNS + 1];
    struct told *told; /* per output */
    bool valid_utf8;   /* of the whole block */
};

/* ---- Faults ---- */

static void add_fault(struct lot_worker *w, size_t row, const char *at, const char *text)
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

/*
 * The whole record when every cell is plain: the byte after its line end; NULL otherwise. The block ends with
 * '\n'.
 */
static const char *plain_record(struct lot_worker *w, size_t row, const char *p, const char *end)
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
    add_fault(w, row, at, text.bytes ? text.bytes : "");
}

/* Any record, plain or not: its cells in rows->cells. False: the row is at fault. */
static bool split_record(struct lot_worker *w, size_t row)
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

/* False: the row is at fault. *plain: its cells are in the columns. */
static bool read_json(struct lot_worker *w, size_t row, bool *plain)
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
        add_fault(w, row, at, problem);
    return !problem;
}

/* ---- One row through the session ---- */

/* The library names the datum first; here the column does. */
static const char *after_name(const char *problem, const char *column)
{
    struct slice rest = slice_of(problem);

    if (slice_skip(&rest, "« ") && slice_skip(&rest, column) && slice_skip(&rest, " » : "))
        return rest.bytes;
    return problem;
}

static bool refuse_cell(struct lot_worker *w, size_t row, const char *at, const char *column, const char *problem)
{
    struct strbuf text = strbuf_in(&w->arena);

    strbuf_format(&text, "colonne « %s » : %s", column, after_name(problem, column));
    add_fault(w, row, at, text.bytes ? text.bytes : problem);
    return false;
}

static bool wrong_decimal(const struct lot *lot, const struct lot_column *c, const char *text)
{
    return c->described.kind == DELIB_COLUMN_NUMBER && c->input != LOT_NO_INPUT && !lot->json &&
           strchr(text, lot->decimal == ',' ? '.' : ',') != NULL;
}

static bool bind_text(struct lot_worker *w, size_t row, const struct lot_column *c, const char *at, const char *text,
                      bool absent)
{
    delib_status status;

    if (!absent && wrong_decimal(w->lot, c, text))
        return refuse_cell(w, row, at, c->name,
                           w->lot->decimal == ',' ? "un point au lieu de la virgule décimale de ce fichier"
                                                  : "une virgule au lieu du point décimal de ce fichier");
    status = delib_session_set_text(w->session, c->name, absent ? NULL : text);
    if (status == DELIB_INVALID)
        return refuse_cell(w, row, at, c->name, delib_session_error(w->session));
    return status == DELIB_OK || refuse_cell(w, row, at, c->name, status_text(status));
}

static bool bind_csv(struct lot_worker *w, size_t row)
{
    const struct lot *lot = w->lot;

    if (!split_record(w, row))
        return false;
    for (size_t i = 0; i < lot->column_count; i++) {
        const struct lot_column *c = &lot->columns[i];
        const struct csv_cell *cell = &w->rows->cells[i];
        char *text;

        if (c->input == LOT_NO_INPUT && !c->date)
            continue;
        text = arena_alloc(&w->arena, cell->text.length + 1, 1);
        if (!text)
            return false;
        if (csv_unquote(cell, text) != strlen(text))
            return refuse_cell(w, row, cell->raw.bytes, c->name, "un octet nul n'a pas sa place dans un texte");
        if (!bind_text(w, row, c, cell->raw.bytes, text, text[0] == '\0'))
            return false;
    }
    return true;
}

/* Lists, objects and escaped texts: the line as a tree of the edge library. */
static bool bind_json_tree(struct lot_worker *w, size_t row)
{
    const delib_io_api *io = w->lot->run->io;
    const struct slice line = w->rows->record[row];
    delib_io_document *document = NULL;
    const delib_value *root;
    bool bound = true;

    if (!io || io->document_read(w->lot->name, line.bytes, line.length, DELIB_IO_JSON, NULL, &document) != DELIB_OK) {
        if (io)
            io->document_free(document);
        add_fault(w, row, line.bytes, "cette ligne n'est pas un objet JSON lisible");
        return false;
    }
    root = io->document_root(document);
    for (size_t i = 0; bound && i < root->count; i++)
        for (size_t k = 0; bound && k < w->lot->column_count; k++) {
            const struct lot_column *c = &w->lot->columns[k];

            if (strcmp(root->names[i], c->name) != 0 || (c->input == LOT_NO_INPUT && !c->date))
                continue;
            if (delib_session_set(w->session, c->name, &root->items[i]) != DELIB_OK)
                bound = refuse_cell(w, row, line.bytes, c->name, delib_session_error(w->session));
        }
    io->document_free(document);
    return bound;
}

static bool bind_json(struct lot_worker *w, size_t row)
{
    const struct lot *lot = w->lot;
    bool plain;

    if (!read_json(w, row, &plain))
        return false;
    for (size_t i = 0; i < lot->column_count; i++) {
        const struct lot_column *c = &lot->columns[i];
        const struct lot_json_cell *cell = &w->rows->members[i];
        const char *text;
        delib_value value = {.kind = DELIB_VALUE_BOOLEAN};

        if ((c->input == LOT_NO_INPUT && !c->date) || cell->kind == LOT_JSON_MISSING)
            continue;
        if (cell->kind == LOT_JSON_OTHER)
            return bind_json_tree(w, row);
        text = arena_copy_text(&w->arena, cell->text.bytes, cell->text.length);
        if (!text)
            return false;
        if (cell->kind == LOT_JSON_WORD && (text[0] == 't' || text[0] == 'f')) {
            value.boolean = text[0] == 't';
            if (delib_session_set(w->session, c->name, &value) != DELIB_OK)
                return refuse_cell(w, row, cell->text.bytes, c->name, delib_session_error(w->session));
        } else if (!bind_text(w, row, c, cell->text.bytes, text, cell->kind == LOT_JSON_NULL)) {
            return false;
        }
    }
    return true;
}

static bool tell_result(struct lot_worker *w, size_t row, size_t output)
{
    struct told *told = &w->rows->told[output];
    delib_result r;
    delib_status status = delib_evaluate(w->session, w->lot->outputs[output].tariff, &r);

    if (status != DELIB_OK) {
        add_fault(w, row, w->rows->record[row].bytes,
                  status == DELIB_INVALID ? delib_session_error(w->session) : status_text(status));
        return false;
    }
    *told = (struct told){.statut = r.statut,
                          .units = r.units,
                          .scale = r.scale,
                          .text = r.text ? arena_copy_text(&w->arena, r.text, strlen(r.text)) : NULL,
                          .reason = r.reason ? arena_copy_text(&w->arena, r.reason, strlen(r.reason)) : NULL};
    return true;
}

/* Fills rows->told, or makes the row a fault. */
static void compute_general(struct lot_worker *w, size_t row)
{
    delib_session_reset(w->session);
    if (!(w->lot->json ? bind_json(w, row) : bind_csv(w, row)))
        return;
    for (size_t i = 0; i < w->lot->output_count; i++)
        if (!tell_result(w, row, i))
            return;
}

/* ---- Writing ---- */

static bool reserve(struct lot_worker *w, size_t more)
{
    size_t capacity = w->out_capacity;
    char *grown;

    if (w->out_length + more <= capacity)
        return true;
    while (capacity < w->out_length + more)
        capacity = capacity ? 2 * capacity : LOT_BLOCK;
    grown = realloc(w->out, capacity);
    if (!grown)
        return false;
    w->out = grown;
    w->out_capacity = capacity;
    return true;
}

static char *put_digits(char *out, uint64_t value)
{
    char digits[20];
    size_t n = 0;

    do
        digits[n++] = (char)('0' + value % 10);
    while (value /= 10);
    while (n)
        *out++ = digits[--n];
    return out;
}

static char *put_amount(char *out, int64_t units, unsigned scale, unsigned least, char decimal)
{
    uint64_t magnitude = units < 0 ? -(uint64_t)units : (uint64_t)units, power = 1;

    if (units < 0)
        *out++ = '-';
    for (; scale > least && magnitude % 10 == 0; scale--)
        magnitude /= 10;
    if (scale == 2) { /* euros and cents, by far the most common */
        uint32_t cents = (uint32_t)(magnitude % 100), euros = (uint32_t)(magnitude / 100);

        if (magnitude < 10000) {
            if (euros >= 10)
                *out++ = (char)('0' + euros / 10);
            *out++ = (char)('0' + euros % 10);
        } else {
            out = put_digits(out, magnitude / 100);
        }
        out[0] = decimal;
        out[1] = (char)('0' + cents / 10);
        out[2] = (char)('0' + cents % 10);
        return out + 3;
    }
    for (unsigned i = 0; i < scale; i++)
        power *= 10;
    out = put_digits(out, magnitude / power);
    if (scale)
        *out++ = decimal;
    for (magnitude %= power; scale--; magnitude %= power) {
        power /= 10;
        *out++ = (char)('0' + magnitude / power);
    }
    return out;
}

static bool is_kept_again(const struct lot *lot, const struct slice *raw)
{
    return lot->json && raw->length > 0;
}

/* Cells of a CSV are written as they were read; those of NDJSON are quoted when they must be. */
static bool write_kept(struct lot_worker *w, size_t row)
{
    const struct lot *lot = w->lot;
    const struct slice *kept = w->rows->kept + row * lot->kept_count;

    for (size_t i = 0; i < lot->kept_count; i++) {
        char *out;

        if (!reserve(w, 2 * kept[i].length + 4))
            return false;
        out = w->out + w->out_length;
        if (is_kept_again(lot, &kept[i])) {
            out = csv_put(out, kept[i], lot->separator);
        } else if (kept[i].length) {
            memcpy(out, kept[i].bytes, kept[i].length);
            out += kept[i].length;
        }
        *out++ = lot->separator;
        w->out_length = (size_t)(out - w->out);
    }
    return true;
}

static char *put_status(char *out, const struct lot *lot, const char *statut, const char *reason)
{
    if (lot->amounts_only)
        return out;
    *out++ = lot->separator;
    out = csv_put(out, slice_of(statut), lot->separator);
    *out++ = lot->separator;
    return csv_put(out, slice_of(reason), lot->separator);
}

static char *put_told(char *out, const struct lot *lot, const struct lot_output *o, const struct told *told)
{
    if (told->statut == DELIB_CALCULE && told->text)
        out = csv_put(out, slice_of(told->text), lot->separator);
    else if (told->statut == DELIB_CALCULE)
        out = put_amount(out, told->units, told->scale, o->least, lot->decimal);
    return put_status(out, lot, delib_statut_text(told->statut), told->reason);
}

static bool write_general(struct lot_worker *w, size_t row)
{
    const struct lot *lot = w->lot;
    size_t longest = 64;

    if (!w->rows->fault[row])
        compute_general(w, row);
    if (!write_kept(w, row))
        return false;
    w->counts.results[LOT_ERROR] += w->rows->fault[row] != NULL;
    for (size_t i = 0; i < lot->output_count; i++) {
        const struct told *told = &w->rows->told[i];
        const char *fault = w->rows->fault[row];
        char *out;

        longest =
            128 + 2 * (slice_of(fault ? fault : told->reason).length + slice_of(fault ? NULL : told->text).length);
        if (!reserve(w, longest))
            return false;
        out = w->out + w->out_length;
        out = fault ? put_status(out, lot, "erreur", fault) : put_told(out, lot, &lot->outputs[i], told);
        w->counts.results[fault ? LOT_ERROR : told->statut] += !fault;
        *out++ = i + 1 < lot->output_count ? lot->separator : '\n';
        w->out_length = (size_t)(out - w->out);
    }
    return true;
}

static bool is_decided(const struct lot_worker *w, size_t row)
{
    const struct lot_rows *rows = w->rows;

    if (rows->general[row] || rows->fault[row])
        return false;
    for (size_t i = 0; i < w->lot->output_count; i++)
        if (rows->results[i].statuts[row] != DELIB_CALCULE)
            return false;
    return true;
}

static bool write_decided(struct lot_worker *w, size_t row)
{
    const struct lot *lot = w->lot;
    char *out;

    if (!write_kept(w, row) || !reserve(w, lot->output_count * 128))
        return false;
    out = w->out + w->out_length;
    for (size_t i = 0; i < lot->output_count; i++) {
        const struct lot_output *o = &lot->outputs[i];
        int64_t units = ((const int64_t *)w->rows->results[i].units)[row];

        if (o->described.kind == DELIB_COLUMN_MEMBER)
            out = csv_put(out, slice_of(o->members[units]), lot->separator);
        else
            out = put_amount(out, units, o->described.scale, o->least, lot->decimal);
        if (!lot->amounts_only)
            out = put_status(out, lot, "calculé", "");
        *out++ = i + 1 < lot->output_count ? lot->separator : '\n';
    }
    w->counts.results[DELIB_CALCULE] += lot->output_count;
    w->out_length = (size_t)(out - w->out);
    return true;
}

/* ---- A block ---- */

static void start_group(struct lot_worker *w)
{
    struct lot_rows *rows = w->rows;

    rows->count = 0;
    for (size_t i = 0; i < w->lot->input_count; i++)
        if (rows->inputs[i].absences) {
            memset(rows->inputs[i].validity, 0xFF, ROWS / 8);
            rows->inputs[i].absences = false;
        }
}

/* A row whose cells are not all plain still has a place in the columns. */
static void fill_general(struct lot_worker *w, size_t row)
{
    w->rows->general[row] = true;
    for (size_t i = 0; i < w->lot->input_count; i++)
        put_value(&w->rows->inputs[i], row, 0);
}

static const char *read_row(struct lot_worker *w, const char *p, const char *end)
{
    struct lot_rows *rows = w->rows;
    size_t row = rows->count;
    const char *next = NULL;
    bool plain = false;

    if (*p == '\n' || (*p == '\r' && p[1] == '\n')) {
        w->lines++;
        return p + 1 + (*p == '\r');
    }
    rows->fault[row] = NULL;
    rows->general[row] = false;
    rows->line[row] = w->lines;
    if (!w->lot->json && w->batch && rows->valid_utf8)
        next = plain_record(w, row, p, end);
    if (next) {
        rows->record[row] = (struct slice){p, (size_t)(next - p) - 1 - (next[-2] == '\r')};
        w->lines++;
        rows->count++;
        return next;
    }
    next = w->lot->json ? (const char *)memchr(p, '\n', (size_t)(end - p)) + 1 : csv_next(p, end);
    rows->record[row] = csv_trim(p, next);
    for (const char *c = p; c < next; c++)
        w->lines += *c == '\n';
    for (size_t i = 0; i < w->lot->kept_count; i++)
        rows->kept[row * w->lot->kept_count + i] = SLICE("");
    if (!rows->valid_utf8) {
        size_t bad = utf8_validate(rows->record[row].bytes, rows->record[row].length);

        if (bad < rows->record[row].length)
            add_fault(w, row, rows->record[row].bytes + bad,
                      "un octet n'est pas de l'UTF-8 : enregistrez le fichier en UTF-8");
    }
    if (!rows->fault[row] && w->lot->json && w->batch)
        (void)read_json(w, row, &plain);
    if (!plain)
        fill_general(w, row);
    rows->count++;
    return next;
}

static bool compute_group(struct lot_worker *w)
{
    struct lot_rows *rows = w->rows;

    for (size_t i = 0; i < w->lot->input_count; i++)
        rows->columns[i].validity = rows->inputs[i].absences ? rows->inputs[i].validity : NULL;
    if (w->batch && delib_batch_run(w->batch, rows->count, rows->columns, rows->results) != DELIB_OK)
        return false;
    for (size_t i = 0; w->batch && i < w->lot->output_count; i++)
        if (w->lot->outputs[i].described.kind != DELIB_COLUMN_NUMBER && !w->lot->outputs[i].members)
            memset(rows->results[i].statuts, DELIB_DEFERRED, rows->count);
    for (size_t row = 0; row < rows->count; row++)
        if (!(is_decided(w, row) ? write_decided(w, row) : write_general(w, row)))
            return false;
    w->counts.rows += rows->count;
    return true;
}

static bool is_ascii(const char *bytes, size_t length)
{
    uint64_t seen = 0, word;
    size_t i = 0;

    for (; i + sizeof word <= length; i += sizeof word) {
        memcpy(&word, bytes + i, sizeof word);
        seen |= word;
    }
    for (; i < length; i++)
        seen |= (uint64_t)(unsigned char)bytes[i] << 56;
    return (seen & 0x8080808080808080u) == 0;
}

/* A group first reads all its rows, then computes some of them: faults come in two waves. */
static int compare_faults(const void *a, const void *b)
{
    const struct lot_fault *x = a, *y = b;

    return x->line != y->line ? (x->line < y->line ? -1 : 1) : (int)x->column - (int)y->column;
}

bool lot_compute_block(struct lot_worker *w)
{
    const char *p = w->in, *end = w->in + w->in_length;

    arena_reset(&w->arena);
    w->faults.items = NULL;
    w->faults.count = w->faults.capacity = 0;
    w->counts = (struct lot_counts){0};
    w->out_length = 0;
    w->lines = 0;
    if (w->problem)
        return true;
    w->rows->valid_utf8 = is_ascii(p, w->in_length) || utf8_validate(p, w->in_length) == w->in_length;
    while (p < end) {
        for (start_group(w); p < end && w->rows->count < ROWS;)
            p = read_row(w, p, end);
        if (!compute_group(w))
            return false;
    }
    if (w->faults.count > 1)
        qsort(w->faults.items, w->faults.count, sizeof *w->faults.items, compare_faults);
    return !w->arena.exhausted;
}

/* ---- A worker ---- */

static void *c_resize(void *context, void *block, size_t size)
{
    (void)context;
    if (size)
        return realloc(block, size);
    free(block);
    return NULL;
}

static bool fits_narrow(const delib_batch_input *d)
{
    return d->low >= INT32_MIN && d->high <= INT32_MAX;
}

static bool open_lanes(struct lot *lot, struct lot_rows *rows)
{
    rows->inputs = calloc(lot->input_count + 1, sizeof *rows->inputs);
    rows->columns = calloc(lot->input_count + 1, sizeof *rows->columns);
    rows->results = calloc(lot->output_count + 1, sizeof *rows->results);
    rows->told = calloc(lot->output_count + 1, sizeof *rows->told);
    rows->kept = calloc(ROWS * lot->kept_count + 1, sizeof *rows->kept);
    if (!rows->inputs || !rows->columns || !rows->results || !rows->told || !rows->kept)
        return false;
    for (size_t i = 0; i < lot->column_count; i++) {
        const struct lot_column *c = &lot->columns[i];
        struct input_lanes *in;
        size_t width = c->input != LOT_NO_INPUT && fits_narrow(&c->described) ? 4 : 8;
        void *values;

        if (c->input == LOT_NO_INPUT)
            continue;
        in = &rows->inputs[c->input];
        values = calloc(ROWS, width);
        in->validity = malloc(ROWS / 8);
        in->absences = true; /* the first group sets every bit */
        *(width == 4 ? (void **)&in->narrow : (void **)&in->wide) = values;
        rows->columns[c->input] = (delib_column){values, (unsigned)width, NULL};
        if (!values || !in->validity)
            return false;
    }
    for (size_t i = 0; i < lot->output_count; i++) {
        rows->results[i] = (delib_column_result){calloc(ROWS, 8), 8, calloc(ROWS, 1)};
        if (!rows->results[i].units || !rows->results[i].statuts)
            return false;
        memset(rows->results[i].statuts, DELIB_DEFERRED, ROWS);
    }
    return true;
}

bool lot_worker_open(struct lot *lot, struct lot_worker *w)
{
    delib_session_options session = DELIB_SESSION_OPTIONS_INIT;
    delib_batch_options batch = DELIB_BATCH_OPTIONS_INIT;
    delib_tariff *tariffs = calloc(lot->output_count + 1, sizeof *tariffs);
    bool opened;

    *w = (struct lot_worker){.lot = lot};
    arena_init(&w->arena, (struct allocator){c_resize, NULL}, 0);
    w->rows = calloc(1, sizeof *w->rows);
    session.date = lot->date;
    session.today = lot->today;
    session.ask_sources = session.trace = 0;
    batch.date = lot->date;
    batch.today = lot->today;
    batch.inputs = lot->inputs;
    batch.input_count = lot->input_count;
    batch.tariffs = tariffs;
    batch.tariff_count = lot->output_count;
    batch.defer = 1;
    for (size_t i = 0; tariffs && i < lot->output_count; i++)
        tariffs[i] = lot->outputs[i].tariff;
    opened = tariffs && w->rows && open_lanes(lot, w->rows) &&
             delib_session_new(lot->program, &session, &w->session) == DELIB_OK &&
             (lot->date_column || delib_batch_new(lot->program, &batch, NULL, &w->batch) == DELIB_OK);
    free(tariffs);
    return opened;
}

void lot_worker_close(struct lot_worker *w)
{
    for (size_t i = 0; w->rows && w->rows->inputs && i < w->lot->input_count; i++) {
        free(w->rows->inputs[i].narrow);
        free(w->rows->inputs[i].wide);
        free(w->rows->inputs[i].validity);
    }
    for (size_t i = 0; w->rows && w->rows->results && i < w->lot->output_count; i++) {
        free(w->rows->results[i].units);
        free(w->rows->results[i].statuts);
    }
    if (w->rows) {
        free(w->rows->inputs);
        free(w->rows->columns);
        free(w->rows->results);
        free(w->rows->told);
        free(w->rows->kept);
    }
    free(w->rows);
    delib_batch_free(w->batch);
    delib_session_free(w->session);
    arena_release(&w->arena);
    free(w->in);
    free(w->out);
}
