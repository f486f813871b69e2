/*
 * One chunk of a batch in lanes of one width. Included twice by columns.c, with LANE, LANES(name) and PLAN_RUN.
 */
#define VALUE      int8_t
#define VALUE_MOST INT8_MAX
#define LOAD       LANES(load_1)
#include "columns_load.h"
#define VALUE      int32_t
#define VALUE_MOST INT32_MAX
#define LOAD       LANES(load_4)
#include "columns_load.h"
#define VALUE      int64_t
#define VALUE_MOST INT64_MAX
#define LOAD       LANES(load_8)
#include "columns_load.h"

/* A chunk begins on a byte of the bitmap, and its lanes have room for eight rows at a time. */
static void LANES(expand)(const uint8_t *bits, size_t first, size_t rows, LANE *restrict out)
{
    for (size_t byte = 0; byte < (rows + 7) / 8; byte++) {
        const LANE b = bits[first / 8 + byte];

        for (int k = 0; k < 8; k++)
            out[8 * byte + (size_t)k] = (LANE) - ((b >> k) & 1);
    }
}

static void LANES(absences)(const LANE *restrict valid, LANE *restrict out, size_t rows)
{
    for (size_t i = 0; i < rows; i++)
        out[i] = valid ? (LANE)~valid[i] : 0;
}

static void LANES(bind)(struct delib_batch *b, size_t index, const delib_column *column, size_t first, size_t rows)
{
    const struct plan_input *in = &b->plan.inputs[index];
    LANE *out = b->values[index], *bad = b->bad, *valid = NULL;
    const char *values = (const char *)column->values + first * column->width;

    if (column->validity) {
        valid = b->valid;
        LANES(expand)(column->validity, first, rows, valid);
        for (size_t i = 0; !in->may_be_absent && i < rows; i++)
            bad[i] |= ~valid[i];
    }
    if (b->absences[index])
        LANES(absences)(valid, b->absences[index], rows);
    if (column->width == 1)
        LANES(load_1)(values, in, valid, out, bad, rows);
    else if (column->width == 4)
        LANES(load_4)(values, in, valid, out, bad, rows);
    else
        LANES(load_8)(values, in, valid, out, bad, rows);
}

static void LANES(deliver)(struct delib_batch *b, size_t index, const delib_column_result *out, size_t first,
                           size_t rows)
{
    const struct plan_result *r = &b->plan.results[index];
    const struct plan_op *op = &b->plan.ops[r->value];
    const LANE *restrict value = b->lanes[r->value], *restrict aside =
                                                         r->aside < 0 ? NULL : (const LANE *)b->lanes[r->aside];
    const LANE *restrict bad = b->bad;
    uint8_t *restrict statuts = out->statuts + first;
    int32_t *restrict narrow = (int32_t *)out->units + first;
    int64_t *restrict wide = (int64_t *)out->units + first;

    if (aside)
        for (size_t i = 0; i < rows; i++)
            statuts[i] = (uint8_t)(bad[i] | aside[i]);
    else
        for (size_t i = 0; i < rows; i++)
            statuts[i] = (uint8_t)bad[i];
    for (size_t i = 0; out->width == 4 && i < rows; i++)
        narrow[i] = op->code == PLAN_CONSTANT ? (int32_t)op->as.constant : (int32_t)value[i];
    for (size_t i = 0; out->width == 8 && i < rows; i++)
        wide[i] = op->code == PLAN_CONSTANT ? op->as.constant : (int64_t)value[i];
}

CLONED static void LANES(chunk)(struct delib_batch *b, const delib_column *columns,
                                const delib_column_result *results, size_t first, size_t rows)
{
    memset(b->bad, 0, rows * sizeof(LANE));
    for (size_t i = 0; i < b->plan.input_count; i++)
        if (b->plan.inputs[i].read)
            LANES(bind)(b, i, &columns[i], first, rows);
    PLAN_RUN(&b->plan, (LANE *const *)b->lanes, rows);
    for (size_t i = 0; i < b->plan.result_count; i++)
        if (b->plan.results[i].planned)
            LANES(deliver)(b, i, &results[i], first, rows);
}

#undef LANE
#undef LANES
#undef PLAN_RUN
