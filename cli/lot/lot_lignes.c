/*
 * One block of a batch: cells become columns of integers, the batch of the library computes them, amounts become
 * text. Whatever is not plain — another spelling, a fault, an outcome that is not an amount — goes row by row through
 * a session.
 */
#include "lot_rows.h"

#include <stdlib.h>
#include <string.h>

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
        next = lot_read_plain(w, row, p, end);
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
            lot_add_fault(w, row, rows->record[row].bytes + bad,
                          "un octet n'est pas de l'UTF-8 : enregistrez le fichier en UTF-8");
    }
    if (!rows->fault[row] && w->lot->json && w->batch)
        (void)lot_read_json(w, row, &plain);
    if (!plain)
        lot_fill_general(w, row);
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
        if (!lot_write_row(w, row))
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
    return true;
}

/* ---- A worker ---- */

static bool fits_narrow(const delib_batch_input *d)
{
    return d->low >= INT32_MIN && d->high <= INT32_MAX;
}

static void describe_cells(struct cell_reader *r, const struct lot_column *c, struct input_lanes *lanes)
{
    const delib_batch_input *d = &c->described;

    r->scale = d->scale;
    r->low = d->low;
    r->high = d->high;
    r->lanes = lanes;
    r->input = c->input;
    switch (d->kind) {
    case DELIB_COLUMN_NUMBER: r->kind = d->scale == 0 && d->high < 100 ? CELL_SMALL : CELL_NUMBER; break;
    case DELIB_COLUMN_BOOLEAN: r->kind = CELL_BOOLEAN; break;
    case DELIB_COLUMN_MEMBER:
    case DELIB_COLUMN_DATE: r->kind = CELL_TEXT; break;
    case DELIB_COLUMN_OTHER: r->kind = CELL_OTHER; break;
    }
}

static bool open_lanes(struct lot *lot, struct lot_rows *rows)
{
    rows->inputs = calloc(lot->input_count + 1, sizeof *rows->inputs);
    rows->readers = calloc(lot->column_count, sizeof *rows->readers);
    rows->columns = calloc(lot->input_count + 1, sizeof *rows->columns);
    rows->results = calloc(lot->output_count + 1, sizeof *rows->results);
    rows->told = calloc(lot->output_count + 1, sizeof *rows->told);
    rows->kept = calloc(ROWS * lot->kept_count + 1, sizeof *rows->kept);
    if (!rows->inputs || !rows->readers || !rows->columns || !rows->results || !rows->told || !rows->kept)
        return false;
    for (size_t i = 0; i < lot->column_count; i++) {
        const struct lot_column *c = &lot->columns[i];
        struct input_lanes *in;
        size_t width = c->input != LOT_NO_INPUT && fits_narrow(&c->described) ? 4 : 8;
        void *values;

        rows->readers[i].kept = c->kept;
        rows->readers[i].end = i + 1 < lot->column_count ? lot->separator : '\n';
        if (c->input == LOT_NO_INPUT)
            continue;
        in = &rows->inputs[c->input];
        describe_cells(&rows->readers[i], c, in);
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
    arena_init(&w->arena, lot->run->arena.allocator, 0);
    w->rows = calloc(1, sizeof *w->rows);
    session.date = lot->date;
    session.today = lot->today;
    session.ask_sources = 0;
    session.trace = session.record = lot->journal != NULL;
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
             (lot->date_column || lot->journal || delib_batch_new(lot->program, &batch, NULL, &w->batch) == DELIB_OK);
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
        free(w->rows->readers);
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
