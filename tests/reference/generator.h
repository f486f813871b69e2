/*
 * Random programs in the subset of the reference evaluator, as text, and random inputs for them. The same seed gives
 * the same program everywhere. Most are accepted by the checks; those that are not are only counted.
 */
#ifndef TESTS_GENERATOR_H
#define TESTS_GENERATOR_H

#include "reference.h"

#include <stdint.h>

enum { PROGRAM_MAX = 1 << 16, INPUTS_MAX = 16, VALUE_MAX = 32, BOUNDS_MAX = 256 };

enum input_kind {
    INPUT_QUOTIENT,
    INPUT_AMOUNT,
    INPUT_RANK,
    INPUT_COUNT,
    INPUT_RATE,
    INPUT_ENUM,
    INPUT_BOOLEAN,
    INPUT_DATE,
    INPUT_DURATION
};

struct generated_input {
    enum input_kind kind;
    char name[24];
    bool nullable, clause;
    bool source; /* asked to an API */
    int members; /* INPUT_ENUM */
    const char *const *member;
    long low, high; /* domain, in hundredths */
};

struct generated {
    uint64_t random;
    char text[PROGRAM_MAX];
    size_t length;
    int indent;
    struct generated_input inputs[INPUTS_MAX];
    size_t input_count;
    int lets[3]; /* global definitions of each kind: amounts, rates, conditions */
    int functions;
    bool in_function;
    int parentheses;         /* open here: no table inside, its lines would not count */
    long bounds[BOUNDS_MAX]; /* written somewhere, in hundredths: inputs are drawn near them */
    size_t bound_count;
    char values[INPUTS_MAX][VALUE_MAX];
};

void generate_program(struct generated *g, uint64_t seed);
/* Another set of inputs; at least INPUTS_MAX places. Returns their number. */
size_t generate_inputs(struct generated *g, struct ref_input *out);

#endif
