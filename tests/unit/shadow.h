/*
 * Random formulas beside what they compute, worked out by GMP: what the analysis says of a formula is compared with
 * the values of its shadow. Small numbers always fit; large ones go to the limits of 128 bits, where the analysis may
 * say that it does not know, and nothing else.
 */
#ifndef TESTS_SHADOW_H
#define TESTS_SHADOW_H

#include "runtime/analysis/cuts.h"

#include <gmp.h>

enum { SHADOW_NODES = 36, SHADOW_AXES = 6, SHADOW_DAYS = 4, SHADOW_BIRTHS = 5 };

enum shadow_operation {
    SHADOW_CONSTANT, SHADOW_AXIS, SHADOW_ADD, SHADOW_SUBTRACT, SHADOW_MULTIPLY, SHADOW_DIVIDE, SHADOW_ROUND,
    SHADOW_MAXIMUM, SHADOW_MINIMUM, SHADOW_DATE
};

struct shadow_node {
    enum shadow_operation operation;
    size_t a, b;                       /* operands: earlier nodes */
    size_t axis;                       /* SHADOW_AXIS */
    struct number number;              /* SHADOW_CONSTANT; SHADOW_ROUND: the step */
    enum rounding mode;                /* SHADOW_ROUND */
    enum date_operation date;          /* SHADOW_DATE */
    bool positive, day;                /* every value is above zero; is a day */
    bool divides;                      /* somewhere in it: its range may be unknown */
    unsigned degree;
    const struct formula *formula;     /* NULL: a number did not fit */
};

struct shadow {
    struct arena arena;
    struct axes axes;
    struct formula_pool *pool;
    struct shadow_node nodes[SHADOW_NODES];
    bool large;
    struct box point;                  /* of the values */
    mpq_t values[SHADOW_NODES];
};

/* SHADOW_NODES formulas, the same for the same number. */
void shadow_begin(struct shadow *s, uint64_t number, bool large);
void shadow_end(struct shadow *s);
/* From 0 to n - 1. */
uint64_t shadow_draw(uint64_t n);
/* A box of known ranges. */
struct box shadow_box(struct shadow *s);
/* A point of the box becomes that of the values. */
void shadow_move(struct shadow *s, const struct box *box);
/* Works out the values at s->point. */
void shadow_compute(struct shadow *s);
/* Sign of the value of a node minus n. */
int shadow_compare(const struct shadow *s, size_t node, struct number n);
/* The value of a node; false when 128 bits do not hold it. */
bool shadow_value(const struct shadow *s, size_t node, struct number *out);
void shadow_set(mpq_t out, struct number n);

#endif
