/*
 * Conditions of a region that no box can say: « ressources / 12 / parts from 450 to 699 ». Where a decision depends
 * on several wide axes, a walk that was asked to may keep the decision itself instead of cutting the axes; the region
 * is then the families of its box that meet its conditions. It may be empty; what is said of it is true of every
 * family that it holds.
 */
#ifndef ANALYSIS_CONDITIONS_H
#define ANALYSIS_CONDITIONS_H

#include "formula.h"

/* A bound, or just below it (-1), or just above (1). */
struct end {
    bool set;
    struct number value;
    int lean;
};

/* What people call the quantity: its words, and how it follows from the core of the condition. */
struct condition_subject {
    const char *text;                  /* French; NULL: unnamed */
    const struct model *model;
    const struct type *type;
    struct number factor, constant;    /* subject = factor × core + constant */
};

struct condition {
    const struct formula *core;        /* without constant nor factor */
    struct end low, high;
    struct condition_subject subject;
};

struct conditions {
    struct condition *items;
    size_t count, capacity;
};

/* NULL when there is none about that core. */
struct condition *conditions_find(const struct conditions *c, const struct formula *core);
/* Adds what a condition says; false when no family can meet them all. */
bool conditions_add(struct arena *arena, struct conditions *c, const struct condition *condition);
void conditions_copy(struct arena *arena, struct conditions *to, const struct conditions *from);
bool conditions_equal(const struct conditions *a, const struct conditions *b);
/* Does the point meet them? False also when a number did not fit. */
bool conditions_hold(const struct conditions *c, struct formula_pool *pool, const struct box *point);
/*
 * A family of the box that meets them, in `point`; false when none was found, which does not say that there is none.
 */
bool conditions_witness(const struct conditions *c, const struct axes *axes, struct formula_pool *pool,
                        const struct box *box, struct box *point);
/* « quotient de 450 € à 699 €, taux à partir de 2 % »; nothing when there are none. */
void strbuf_conditions(struct strbuf *out, const struct conditions *c);

/* The families of the box that meet them: « résident oui, quotient de 450 € à 699 € ». */
void strbuf_families(struct strbuf *out, const struct axes *axes, const struct box *box, const struct conditions *c);

/* Of two low (high) ends, the tighter one. */
struct end end_tighter(struct end a, struct end b, bool low);
bool ends_cross(struct end low, struct end high);

#endif
