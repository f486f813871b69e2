/*
 * Coverage as `tester` shows it: how much of the rules and of their bounds the tests reach, what they leave, and the
 * essais that would fill the gap.
 */
#ifndef CLI_COUVERTURE_H
#define CLI_COUVERTURE_H

#include "cli/base/programme.h"

#include "runtime/analysis/proposals.h"

/* What is missing, found when it is asked for: it costs a walk through the whole act. In the arena of the run. */
struct missing_tests {
    struct proposals proposals;
    struct coverage trial;               /* the coverage with them */
};

bool missing_tests_find(struct run *run, const struct programme *programme, const struct coverage *coverage,
                        struct missing_tests *out);

/* « 9 règles sur 9 atteintes ; 14 côtés de bornes sur 21 essayés » */
const char *coverage_summary(struct arena *arena, const struct coverage *coverage);
/* What no test reaches, then the essais proposed. */
void coverage_print(struct run *run, const struct programme *programme, const struct coverage *coverage);
/* The member "couverture" of the object being written. */
void coverage_json(struct run *run, delib_io_json *json, const struct coverage *coverage);

/* « juste en dessous », « à la borne », « juste au-dessus » */
const char *coverage_side_words(enum coverage_side side);

#endif
