/*
 * Axes, boxes and points: where families are. An axis is a datum (an entrée, a source, the date of the service) with
 * its grid; a box gives each axis a range of its grid, or says that the datum is absent, that its source failed, or
 * that nobody looked at it; a point is a box whose ranges hold one value.
 */
#ifndef ANALYSIS_BOXES_H
#define ANALYSIS_BOXES_H

#include "runtime/program.h"

struct axis {
    const char *name;                  /* as declared: "qf"; "date" for the date of the service */
    const char *label;                 /* « quotient familial »; the name when there is none */
    const struct symbol *symbol;       /* the datum of the first program that has it; NULL for the date */
    const struct model *model;         /* of that program, for words */
    const struct type *type;
    int128 den;                        /* the value of n is n / den; rank of a member, 0 and 1, days since 1970 */
    int64_t lo, hi;                    /* domain */
    bool may_be_absent;                /* « non communiqué » is an answer that the act expects */
    bool may_fail;                     /* a source, when the walk also asks what happens if it does not answer */
    const struct symbol *const *members;       /* of n, where it is not the rank in the enumeration; NULL: it is */
    bool opaque;                       /* a text or a list: only its presence is described, lo = hi = 0 */
};

struct axes {
    struct axis *items;
    size_t count, capacity;
};

enum coordinate_kind {
    COORDINATE_FREE,                   /* not looked at: any value, absent or not */
    COORDINATE_RANGE,                  /* known, lo ≤ n ≤ hi */
    COORDINATE_ABSENT,                 /* not communicated */
    COORDINATE_FAILED                  /* its source did not answer */
};

struct coordinate {
    enum coordinate_kind kind;
    bool read;                         /* the result depends on it, or may: an explanation names only these */
    int64_t lo, hi;                    /* COORDINATE_RANGE */
    bool or_absent, or_failed;         /* joined with those families; a walk neither takes nor gives such boxes */
};

/* One coordinate per axis, in the order of the axes. */
struct box {
    struct coordinate *items;
    size_t count;
};

/* Known, any value of the axis. */
struct coordinate coordinate_known(const struct axis *axis);
/* n / den: n being of 64 bits, it always fits. */
struct number axis_number(const struct axis *axis, int64_t n);

/* A box where every axis is free. */
struct box box_new(struct arena *arena, const struct axes *axes);
struct box box_copy(struct arena *arena, const struct box *box);
bool box_contains(const struct axes *axes, const struct box *box, const struct box *point);
/* How many points, axes that are not read counting for one; INT64_MAX when more than fit. */
int64_t box_size(const struct axes *axes, const struct box *box);
/* The point of that rank (< box_size), the last axis turning fastest; free axes take their lowest value. */
void box_point(const struct axes *axes, const struct box *box, int64_t rank, struct box *point);
/*
 * The same families but for one axis, where the two ranges touch, or where one is absent or failed: `out` (a copy of
 * `a`, or `a` itself) then holds both, and nothing else.
 */
bool box_join(const struct axes *axes, const struct box *a, const struct box *b, struct box *out);

/* The value n of an axis, as people write it: « 449,99 », « 1,30 € », « adulte », « oui », « 1er mai 2026 ». */
void strbuf_axis_value(struct strbuf *out, const struct axis *axis, int64_t n);
/* The same as `--avec` and JSON want it: « 449.99 », « 20 » (a rate, in percents), « adulte », « 2026-05-01 ». */
void strbuf_axis_machine(struct strbuf *out, const struct axis *axis, int64_t n);
/* « de 450 à 1 699,99 », « adulte ou enfant », « non communiqué »; nothing when all are there. */
void strbuf_coordinate(struct strbuf *out, const struct axis *axis, const struct coordinate *c);
/*
 * « quotient familial de 450 à 1 699,99, usager adulte, résident non »: axes that are read and restricted; « toutes
 * les familles » when none is. With a point: « quotient familial 449,99, … ».
 */
void strbuf_box(struct strbuf *out, const struct axes *axes, const struct box *box);
/* Does strbuf_box say anything else than « toutes les familles »? */
bool box_restricts(const struct axes *axes, const struct box *box);

#endif
