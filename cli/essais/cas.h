/*
 * Case files: situations with the amount that is expected, for `delib tester --cas`.
 *
 *   {"cas": [{"id": "c01", "tarif": "cantine", "entrees": {"qf": "622.50"}, "attendu": "3.30"}, …]}
 *
 * Keys are names of `entrée` and `source`, matched without accents; `date` is the date of the service when no input
 * has that name. A missing key takes its default, null is absent. `attendu` is a decimal string, a member of an
 * enumeration, the name of a status (« à compléter »), or null: a result that is not an amount. Other members are
 * comments.
 */
#ifndef CLI_CAS_H
#define CLI_CAS_H

#include "essais.h"

struct cas_file;

/* Reads a case file. NULL: it cannot be read, which is a failure of its own among the outcomes. */
struct cas_file *cas_file_new(struct run *run, const char *path, struct test_results *outcomes);
void cas_file_free(struct run *run, struct cas_file *file);       /* NULL is accepted */
/* Computes its cases, without asking any source and without reading the clock. `coverage` may be NULL. */
void cas_file_run(struct run *run, const struct cas_file *file, delib_program *program, struct test_results *outcomes,
                  struct coverage *coverage);
/*
 * Computes the cases of a file, without asking any source and without reading the clock, and appends how each ended; a
 * file that cannot be read is a failure of its own. What they reach goes to `coverage`, which may be NULL.
 */
void cas_run_file(struct run *run, const struct programme *programme, const char *path, struct test_results *outcomes,
                  struct coverage *coverage);

#endif
