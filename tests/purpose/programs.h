/*
 * Random programs with finalités and labelled data, as text, and random families for them. One datum, `z`, is forbidden
 * to the tariff `t`; it may be written anywhere, sometimes where it cannot matter. The same seed gives the same program
 * everywhere.
 */
#ifndef TESTS_PURPOSE_PROGRAMS_H
#define TESTS_PURPOSE_PROGRAMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PROGRAM_MAX = 1 << 15 };

/* What the forbidden datum is, and under which finalité. */
enum forbidden {
    FORBIDDEN_FISCAL,                  /* API Impôt particulier, in an Eaje tariff */
    FORBIDDEN_QUOTIENT,                /* quotient of the CAF, by API, in an Eaje tariff */
    FORBIDDEN_DECLARED,                /* the same, declared by the family */
    FORBIDDEN_EAJE,                    /* participation of the Eaje, in a tariff of another service */
    FORBIDDEN_COUNT
};

struct purpose_program {
    uint64_t random;
    enum forbidden forbidden;
    unsigned rate;                     /* how often z is written where something else could be, in 1/1000 */
    bool defining;                     /* `c` is being defined: it cannot be named */
    bool purposeless;                  /* the same text without its finalités: what the checks no longer refuse */
    char text[PROGRAM_MAX];
    size_t length;
};

/* Writes the program of this seed. */
void purpose_program(struct purpose_program *out, uint64_t seed, bool purposeless);

uint64_t purpose_random(uint64_t *state);

#endif
