/*
 * The essais of a délibération: run them, and tell the failed ones as diagnostics of their file.
 */
#ifndef CLI_ESSAIS_H
#define CLI_ESSAIS_H

#include "cli/base/programme.h"

struct coverage;

/* How one test ended, for an essai or for a case of a file. Texts are French, in the arena of the run. */
struct test_result {
    const char *file;                    /* where the test stands */
    const char *name;
    const char *tariff;                  /* NULL when none was found */
    unsigned line;
    bool passed;
    const char *expected;                /* NULL: a result without an amount */
    const char *obtained;                /* NULL: there is no result, `reason` says why */
    const char *reason;
};

struct test_results {
    struct test_result *items;
    size_t count, capacity;
    size_t failed;
};

/*
 * Appends one outcome per result that the essais expect, and what they reach to `coverage`, which may be NULL. False
 * when memory has run out.
 */
bool essais_run(struct run *run, const struct programme *programme, struct test_results *outcomes,
                struct coverage *coverage);
/* The member "essais" of the object being written. */
void essais_json(struct run *run, delib_io_json *json, const struct test_results *outcomes);
/* Adds a diagnostic for each failed essai of a valid program. */
void essais_diagnose(struct run *run, struct programme *programme);

#endif
