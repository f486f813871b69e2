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

struct cas {
    const char *id;
    unsigned line;
    const char *tariff;                  /* NULL: the default tariff of the file */
    const delib_value *inputs;           /* a record; NULL: none */
    const delib_value *expected;         /* NULL when `fault` is set */
    const char *fault;                   /* French: why the case cannot be run; NULL */
};

struct cas_file {
    const char *name;
    delib_io_document *document;         /* owned; the cases are borrowed from it */
    struct cas *items;
    size_t count, capacity;
    struct diagnostic_list diagnostics;
    const char *problem;                 /* French: why there is nothing to run; NULL */
};

/* Loads the edge library when needed. False: `problem` or `diagnostics` says why. Close it in both cases. */
bool cas_file_open(struct run *run, const char *path, struct cas_file *out);
void cas_file_close(struct run *run, struct cas_file *file);

/* Computes one case, without asking any source and without reading the clock. */
void cas_run(struct run *run, delib_program *program, const struct cas_file *file, const struct cas *cas,
             struct test_result *out);

#endif
