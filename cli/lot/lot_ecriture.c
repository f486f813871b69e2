/*
 * The line of results of a row: the cells that it keeps, then amounts, statuses and reasons.
 */
#include "lot_rows.h"

#include <stdlib.h>
#include <string.h>

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

/* 00 01 … 99, and a byte more for reading from the second digit of the last. */
static const char PAIRS[] = "00010203040506070809101112131415161718192021222324252627282930313233343536373839"
                            "40414243444546474849505152535455565758596061626364656667686970717273747576777879"
                            "8081828384858687888990919293949596979899";

static char *put_amount(char *out, int64_t units, unsigned scale, unsigned least, char decimal)
{
    uint64_t magnitude = units < 0 ? -(uint64_t)units : (uint64_t)units, power = 1;

    if (units < 0)
        *out++ = '-';
    for (; scale > least && magnitude % 10 == 0; scale--)
        magnitude /= 10;
    if (scale == 2 && magnitude < 10000) { /* euros and cents, by far the most common: without a jump */
        const size_t euros = magnitude / 100, cents = magnitude % 100, one = euros < 10;

        memcpy(out, PAIRS + 2 * euros + one, 2);
        out += 2 - one;
        *out = decimal;
        memcpy(out + 1, PAIRS + 2 * cents, 2);
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

bool lot_write_told(struct lot_worker *w, size_t row)
{
    const struct lot *lot = w->lot;
    size_t longest = 64;

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

static bool write_general(struct lot_worker *w, size_t row)
{
    if (!w->rows->fault[row])
        lot_compute_general(w, row);
    return lot_write_told(w, row);
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

bool lot_write_row(struct lot_worker *w, size_t row)
{
    return is_decided(w, row) ? write_decided(w, row) : write_general(w, row);
}
