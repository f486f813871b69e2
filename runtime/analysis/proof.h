/*
 * Properties: proved for all families, refuted by a family, or not proved with the reason. Nothing is claimed: a
 * region that the walk did not decide, or a number that did not fit, makes the property « non démontrée » unless
 * another family refutes it.
 */
#ifndef ANALYSIS_PROOF_H
#define ANALYSIS_PROOF_H

#include "variation.h"

enum verdict { VERDICT_PROVED, VERDICT_REFUTED, VERDICT_UNDECIDED };

/* What an expression of the property comes to for the family that refutes it. */
struct proof_value {
    const struct expr *expr;
    delib_statut statut;
    struct number value;               /* calculé */
};

enum { PROOF_VALUES = 4 };

struct proof {
    const struct property_code *property;
    enum verdict verdict;
    struct axes axes;                  /* for the words of what follows */
    struct box family;                 /* refuted: a point; undecided: families that are not settled */
    /* refuted */
    struct proof_value values[PROOF_VALUES];   /* PROPERTY_HOLDS: what its comparisons compare */
    size_t value_count;
    size_t axis;                       /* a direction or a slope: the datum, which goes from `from` to `to` */
    int64_t from, to;
    struct number before, after;
    delib_statut statut;               /* an answer is missing: what the family gets */
    const char *reason;
    struct region_mark place;          /* where the act says it: the last mark of the path */
    bool has_place;
    /* undecided */
    const char *why;                   /* French */
    size_t widest;                     /* the axis to bound; SIZE_MAX when none is at stake */
};

/* Days between which properties are proved, when they depend on the date at all. */
struct proof_period {
    struct date from, to;
};

/* Of the act, or of its tariffs; ten years where one end is open. `date`: for an act without a date. */
struct proof_period proof_period_of(const struct delib_program *program, struct date date);

/* DELIB_OK with the verdict, or DELIB_NO_MEMORY. What `out` points to lives in `arena`. */
delib_status proof_of(struct arena *arena, const struct delib_program *program, const struct property_code *property,
                      const struct proof_period *period, struct region_budget *budget, struct proof *out);

/* The first family of a box; an answer that changes nothing, whatever it is, stays whole. */
struct box proof_family(struct arena *arena, const struct axes *axes, const struct box *box);

/* Did the act write this result, or does nothing of it answer the family? */
bool outcome_is_answer(const struct region_outcome *outcome);

#endif
