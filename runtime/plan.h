/*
 * A plan: the scalar tariffs of a program as one straight list of operations over 64-bit integers, for one date and
 * one set of given inputs, without trace. It decides the ordinary family; whatever it does not decide (an outcome, a
 * list, a partial date, a value outside its domain) it sets aside, and the general engine (evaluate.c), which is the
 * definition, computes. So a plan never has to know every status: only to be right when it answers.
 *
 *   tree of nodes → plan.c → operations, each used once found equal → plan_run.c: by columns, or one family at a time
 *
 * Every operation carries the range of its result, proved from the domains of the inputs; one that would not fit in
 * 62 bits is set aside when it is compiled. Booleans are masks: 0 or -1.
 */
#ifndef RUNTIME_PLAN_H
#define RUNTIME_PLAN_H

#include "machine.h"

enum plan_code {
    PLAN_CONSTANT,
    PLAN_INPUT,
    PLAN_ABSENT, /* mask: this input is not communicated */
    PLAN_ADD,
    PLAN_SUBTRACT,
    PLAN_MULTIPLY,
    PLAN_MINIMUM,
    PLAN_MAXIMUM,
    PLAN_LESS,
    PLAN_LESS_EQUAL,
    PLAN_EQUAL, /* masks */
    PLAN_AND,
    PLAN_OR,
    PLAN_AND_NOT, /* of masks; AND_NOT: a and not b */
    PLAN_SELECT,  /* a: mask; b where it is set, else c */
    PLAN_LOOKUP,  /* a: key, in a table of thresholds */
    PLAN_ROUND    /* a × scale / divisor rounded, × factor */
};

enum { PLAN_FEW = 8 };

/*
 * values[i] for the first i with key ≤ uppers[i], values[count] beyond the last. Up to PLAN_FEW uppers are always
 * there.
 */
struct plan_table {
    int64_t *uppers, *values;
    size_t count;
    int32_t few[PLAN_FEW]; /* the same uppers where 32 bits suffice */
};

/* |a| × scale + bias, divided by divisor without remainder, × factor; the sign comes back. */
struct plan_round {
    int64_t scale, bias, divisor, factor;
    uint32_t magic; /* 32-bit lanes: n / divisor = n × magic >> shift, for 0 ≤ n < 2^31 */
    unsigned shift;
    bool negative; /* a may be negative */
};

struct plan_op {
    enum plan_code code;
    int a, b, c;    /* operations before this one; -1 */
    int64_t lo, hi; /* proved range of the result */
    union {
        int64_t constant;
        size_t input; /* PLAN_INPUT, PLAN_ABSENT */
        const struct plan_table *table;
        struct plan_round round;
    } as;
};

/* An input that the plan reads: in this order they are bound. */
struct plan_input {
    const struct symbol *datum;
    int64_t lo, hi;
    bool mask, may_be_absent;
    bool read; /* by some tariff, even where its value changes nothing: it is checked for every family */
};

/* A tariff: its amount is value / 10^scale where `aside` is not set. */
struct plan_result {
    bool planned;     /* false: the general engine computes it for everyone */
    int value, aside; /* operations; aside: -1 when never */
    unsigned scale;
};

/* For one family: operations joined into one step; plan_one.c. Numbers of registers are those of operations. */
struct plan_step {
    uint32_t code;
    uint32_t out, a, b, c, mask;
    int64_t low, high; /* bounds of the result */
    const struct plan_table *table;
    struct plan_round round;
};

struct plan {
    struct plan_op *ops; /* constants, then inputs, then what is computed */
    size_t first_input, first_computed, count;
    struct plan_input *inputs;
    size_t input_count;
    struct plan_result *results;
    size_t result_count;
    bool narrow; /* 32-bit lanes suffice for every operation */
    struct plan_step *steps;
};

/* What a plan is made for. `session` holds the date; its data are not read. */
struct plan_request {
    const struct delib_program *program;
    delib_session *session;
    const struct symbol *const *inputs; /* given data; the others are not */
    size_t input_count;
    const size_t *tariffs;
    size_t tariff_count;
};

/* Under a guard of `arena`. */
void plan_make(struct arena *arena, const struct plan_request *request, struct plan *out);
void plan_make_steps(struct arena *arena, struct plan *plan);

/* ------------------------------------------------------------------ running one */

enum { PLAN_ROWS = 512 };

/*
 * Lanes of one operation are `rows` numbers of 32 or 64 bits. Fills those of every operation that is neither a
 * constant nor an input; lanes of constants are not read.
 */
void plan_run_narrow(const struct plan *plan, int32_t *const *lanes, size_t rows);
void plan_run_wide(const struct plan *plan, int64_t *const *lanes, size_t rows);
/* One family: values[i] is the result of operation i. Those of constants and inputs are already there. */
void plan_run_one(const struct plan *plan, int64_t *values);

#endif
