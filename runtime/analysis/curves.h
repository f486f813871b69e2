/*
 * What a tariff costs against one quantity (the quotient, the income), for each situation that the other answers make:
 * exact pieces, cut where the amount changes. For drawings and tables.
 */
#ifndef ANALYSIS_CURVES_H
#define ANALYSIS_CURVES_H

#include "regions.h"

/* From `lo` to `hi` on the grid of the axis, both included. */
struct curve_piece {
    int64_t lo, hi;
    struct region_outcome outcome;     /* its path is not kept */
};

struct curve {
    struct box *situations;            /* the families that it is about: the axis drawn is free in them */
    size_t situation_count;
    struct box point;                  /* one of them, the axis drawn apart */
    struct curve_piece *pieces;        /* ascending */
    size_t count, capacity;
    bool has_absent;
    struct region_outcome absent;      /* when the quantity is not communicated */
};

struct curves {
    struct arena *arena;
    struct axes axes;
    size_t axis;                  /* SIZE_MAX: the tariff depends on no such quantity (as far as is known, see `why`) */
    struct region_target target;
    struct regions *regions;
    struct date date;                  /* for which it is drawn; year 0: the tariff is the same on any day */
    struct curve *items;               /* different from one another */
    size_t count, capacity;
    bool partial;                      /* too many situations: some answers keep their usual value */
    const char *why;                   /* some situations were not told apart, French; NULL when all were */
};

/*
 * The curves of one version of a tariff, on the first day of its period. Everything lives in `arena`; the program is
 * borrowed. Inside arena_guard().
 */
void curves_make(struct arena *arena, const struct delib_program *program, size_t tariff, size_t version,
                 struct region_budget *budget, struct curves *out);

/* The amount at `n` of a piece that is calculé. False when a number did not fit. */
bool curve_value(const struct curves *curves, const struct curve *curve, const struct curve_piece *piece, int64_t n,
                 struct number *out);
/* Whether the amount varies inside the piece. */
bool curve_varies(const struct curves *curves, const struct curve_piece *piece);

#endif
