/*
 * Coverage: which rows, exceptions and steps of an act were reached by evaluations, and for each bound whether one
 * stood just below it, on it and just above it. A bound that nobody tried is where a slip of « moins de » for « ou
 * moins » hides.
 *
 *   coverage_new → (evaluate with a trace → coverage_add)… → rules[], bounds[]
 *
 * Internal to the library: no function here is exported.
 */
#ifndef RUNTIME_COVERAGE_H
#define RUNTIME_COVERAGE_H

#include "session.h"

enum coverage_kind { COVERAGE_PRICE, COVERAGE_ROW, COVERAGE_EXCEPTION, COVERAGE_STEP };

struct coverage_rule {
    enum coverage_kind kind;
    const struct decl *decl;           /* the tariff, or the definition that tariffs share */
    const struct table *table;         /* COVERAGE_ROW */
    size_t row;
    const char *outside;               /* titles of the rows around a nested table, "" when none */
    const struct exception *exception; /* COVERAGE_EXCEPTION */
    const struct step *step;           /* COVERAGE_STEP */
    struct span span;
    size_t hits;                       /* evaluations that reached it */
};

/* Where an evaluation may stand next to a bound. */
enum coverage_side { SIDE_BELOW, SIDE_AT, SIDE_ABOVE, SIDE_COUNT };

struct coverage_bound {
    const struct decl *decl;
    const struct expr *key;            /* what is compared: the axis of a table, a datum in a condition */
    const struct expr *comparison;     /* NULL for a table */
    const struct symbol *datum;        /* when the key is one; NULL: it is computed */
    const struct type *type;
    struct number value;
    struct number grid;                /* distance to the next value; « just below » is value - grid */
    /*
     * The key is a datum: the sides are exactly one step of its grid away. Otherwise nobody can say which values are
     * reached: a side is any value of the row that lies there.
     */
    bool exact;
    bool possible[SIDE_COUNT];         /* in the domain */
    size_t hits[SIDE_COUNT];
    struct span span;
};

struct coverage {
    struct arena *arena;
    const struct delib_program *program;
    struct coverage_rule *rules;
    size_t rule_count, rule_capacity;
    struct coverage_bound *bounds;
    size_t bound_count, bound_capacity;
    struct { struct covered_table *items; size_t count, capacity; } tables;
    size_t evaluations;
};

/* Every rule of the main file. The program is valid and borrowed; what is made lives in `arena`. */
bool coverage_new(struct arena *arena, const struct delib_program *program, struct coverage *out);
/* What the last evaluation of this session, which recorded a trace, reached. False when memory ran out. */
bool coverage_add(struct coverage *coverage, const struct delib_session *session);

struct coverage_count {
    size_t reached, total;
};

struct coverage_count coverage_rules(const struct coverage *coverage);
/* Sides of bounds that are possible, all bounds together. */
struct coverage_count coverage_sides(const struct coverage *coverage);

/* « Restauration scolaire, ligne « de 300 à moins de 450 » », « exception adulte », « réduction de 20 % ». */
void strbuf_coverage_rule(struct strbuf *out, const struct coverage *coverage, const struct coverage_rule *rule);
/* The same as the title of an essai: without « ». */
void strbuf_coverage_title(struct strbuf *out, const struct coverage *coverage, const struct coverage_rule *rule);
/* « quotient familial » */
void strbuf_coverage_key(struct strbuf *out, const struct coverage *coverage, const struct coverage_bound *bound);
/* « 449,99 € »: the value on that side. */
void strbuf_coverage_side(struct strbuf *out, const struct coverage *coverage, const struct coverage_bound *bound,
                          enum coverage_side side);

#endif
