/*
 * What the files that make a plan share: operations made once and with their range, masks, and parts — the value of a
 * node with who is absent and who is set aside.
 *
 *   plan_build.c  operations and masks        plan_tables.c   rows of a table
 *   plan_parts.c  parts, data of the family   plan_tariffs.c  prices, exceptions, steps
 *   plan_dates.c  ages, years                 plan.c          the whole, without what no result needs
 *   plan_nodes.c  every other node
 */
#ifndef RUNTIME_PLAN_BUILD_H
#define RUNTIME_PLAN_BUILD_H

#include "plan.h"
#include "session.h"

#define PLAN_LIMIT ((int128)1 << 62)

enum { PLAN_MAX_DEPTH = 200, PLAN_MAX_TARIFFS = 8, PLAN_BUCKETS = 4096, NONE = -1, NO_MASK = -1, UNPLANNED = -2 };

/* Who made a value absent, for the clause that the act writes once for a datum. */
extern const struct symbol PART_SEVERAL_DATA;

struct part {
    int value;                  /* an operation, always valid */
    int absent, aside;          /* masks; NO_MASK: never */
    const struct symbol *datum; /* of absent; &PART_SEVERAL_DATA: it depends on the family */
    bool mask;                  /* value is a boolean */
};

struct frame {
    const struct part *slots; /* parameters of the function being compiled */
    struct part price, base;
    struct part *lets; /* per definition, outside functions; value NONE: not yet */
    unsigned depth;
};

struct planner {
    struct arena *arena;
    const struct plan_request *request;
    struct {
        struct plan_op *items;
        size_t count, capacity;
    } ops;
    int buckets[PLAN_BUCKETS];
    struct {
        int *items;
        size_t count, capacity;
    } chain; /* next of the same bucket */
    struct plan_input *inputs;
    int *input_of; /* per datum: rank in inputs; NONE: not given; UNPLANNED: given, but not a number */
    int tariff_depth; /* of tariffs that read one another */
    bool full;        /* too many operations: nothing is planned */
};

static inline int128 lowest(int128 a, int128 b)
{
    return a < b ? a : b;
}

static inline int128 highest(int128 a, int128 b)
{
    return a > b ? a : b;
}

/* ---- plan_build.c: each gives an operation; arithmetic and roundings, NONE when their range is too wide ---- */

int op_make(struct planner *p, struct plan_op op);
int op_constant(struct planner *p, int64_t value);
const struct plan_op *op_at(const struct planner *p, int op);
bool op_is_constant(const struct planner *p, int op, int64_t *value);
bool plan_fits(int128 lo, int128 hi);
int op_add(struct planner *p, int a, int b);
int op_subtract(struct planner *p, int a, int b);
int op_multiply(struct planner *p, int a, int b);
int op_scale(struct planner *p, int a, int128 factor);
int op_extreme(struct planner *p, int a, int b, bool maximum);
int op_compare(struct planner *p, enum plan_code code, int a, int b);
/* `a` where the mask is set, else `b`. */
int op_select(struct planner *p, int mask, int a, int b);
/* round(a × scale / divisor) × factor */
int op_round(struct planner *p, int a, int128 scale, int128 divisor, int128 factor, enum rounding mode);
/* values[i] for the first i with key ≤ uppers[i], values[count] beyond. */
int op_lookup(struct planner *p, int key, const int64_t *uppers, const int64_t *values, size_t count);

int mask_all(struct planner *p);
int mask_none(struct planner *p);
int mask_and(struct planner *p, int a, int b);
int mask_or(struct planner *p, int a, int b);
int mask_and_not(struct planner *p, int a, int b);
int mask_not(struct planner *p, int a);
/* Of optional masks, NO_MASK being nobody: in one or the other; in `mask` and in `limit`; in `mask` and not in
 * `limit`. */
int mask_either(struct planner *p, int a, int b);
int mask_within(struct planner *p, int mask, int limit);
int mask_outside(struct planner *p, int mask, int limit);

/* ---- plan_parts.c ---- */

struct part part_known(int value);
struct part part_boolean(int mask);
/* Not decided here, for anyone. */
struct part part_aside(struct planner *p);
bool part_is_aside(const struct planner *p, const struct part *x);
const struct symbol *part_datum(const struct part *a, const struct part *b);
/* The states of a strict operation on both, whose value is `value`. */
struct part part_strict(struct planner *p, int value, const struct part *a, const struct part *b);
/* `x` with another value; aside when it is NONE. */
struct part part_valued(struct planner *p, struct part x, int value);
/* `a` where the mask is set, else `b`; their states follow. */
struct part part_choose(struct planner *p, int mask, const struct part *a, const struct part *b);
struct part part_scaled(struct planner *p, struct part x, int128 factor);
/* As over() of evaluate.c. */
struct part part_over(struct planner *p, struct part x, int128 from, int128 den);
/* Those for whom `x` is absent are set aside. */
struct part part_settled(struct planner *p, struct part x);
/* What the act says once of the datum that is absent; NULL when it says nothing or when it depends on the family. */
const struct node *part_clause(const struct planner *p, const struct part *x);
struct part plan_datum(struct planner *p, const struct symbol *datum);

/* ---- plan_nodes.c, plan_dates.c, plan_tables.c, plan_tariffs.c ---- */

bool node_is_outcome(const struct node *n, enum outcome outcome);
struct part plan_node(struct planner *p, struct frame *f, const struct node *n);
struct part plan_day(struct planner *p, struct date d);
struct part plan_dates(struct planner *p, struct frame *f, const struct node *n);
struct part plan_table(struct planner *p, struct frame *f, const struct node *n);
struct part plan_tariff(struct planner *p, const struct node *n);
/* The result of one tariff; not planned when the general engine computes it for everyone. */
void plan_result_of(struct planner *p, size_t tariff, struct plan_result *out);

#endif
