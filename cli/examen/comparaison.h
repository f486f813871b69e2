/*
 * A comparison of two délibérations, shown to people or written in JSON.
 */
#ifndef CLI_COMPARAISON_H
#define CLI_COMPARAISON_H

#include "cli/base/commande.h"
#include "runtime/analysis/comparison.h"

/* What was compared: the names of the files, and the dates of the service (year 0: none). */
struct compared_files {
    const char *names[SIDES];
    struct date dates[SIDES];
};

void comparaison_print(struct run *run, const struct compared_files *files, const struct comparison *c);
/* The members of the object being written. */
void comparaison_json(struct run *run, delib_io_json *json, const struct compared_files *files,
                      const struct comparison *c);

#endif
