/*
 * Guards: in which situations something is read. A situation gives a value, or none, to each variable: a datum, or a
 * quantity that the rules compute from data. A guard is a union of cases, each case giving a set of values to some
 * variables. Guards never leave out a situation; `vague` says that they may hold too many.
 */
#ifndef RUNTIME_GUARD_H
#define RUNTIME_GUARD_H

#include "program.h"

/* A number on a grid (booleans are 0 and 1, members their rank, dates their day), or nothing. */
struct guard_variable {
    const struct symbol *symbol;         /* a datum or a definition; NULL: only `expr` names it */
    const struct expr *expr;
    const void *identity;                /* what makes two of them the same */
    const struct type *type;
    int128 den, lo, hi;
    bool may_be_absent;
};

struct guard_range {
    int128 lo, hi;                       /* both included, over the den of the variable */
};

enum { GUARD_RANGES = 24, GUARD_CASES = 16 };

/* Values in order, apart from each other by at least one point of the grid. */
struct guard_set {
    struct guard_range *ranges;
    size_t count;
    bool absent;
};

struct guard_term {
    size_t variable;
    struct guard_set set;
};

/* All its terms hold; terms are in the order of their variables. */
struct guard_case {
    struct guard_term *terms;
    size_t count;
};

/* One of its cases holds. No case: never; a case without terms: always. */
struct guard {
    struct guard_case *cases;
    size_t count;
    bool vague;
};

struct guards {
    struct arena *arena;
    LIST_OF(struct guard_variable) variables;
};

struct guard guard_always(struct guards *g);
struct guard guard_never(void);
bool guard_is_always(const struct guard *guard);       /* and not vague */
/* The variable of that identity, added when it is new. */
size_t guard_variable(struct guards *g, struct guard_variable variable);
/* The values from lo to hi, cut to the domain of the variable. */
struct guard guard_range(struct guards *g, size_t variable, int128 lo, int128 hi, bool absent);
struct guard guard_and(struct guards *g, struct guard a, struct guard b);
struct guard guard_or(struct guards *g, struct guard a, struct guard b);
/* Nothing of b is outside a. Sound, not complete. */
bool guard_covers(const struct guard *a, const struct guard *b);

/* « si « quotient familial » est inférieur à 1 100 € », « dans certains cas ». Nothing for « always ». */
void strbuf_guard(struct strbuf *out, const struct guards *g, const struct delib_program *program,
                  const struct guard *guard);

#endif
