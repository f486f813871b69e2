/*
 * The plan of the calls to APIs, before anything runs: for each tariff, which calls, in which situations, in which
 * order, how many at most.
 */
#ifndef CLI_APPELS_H
#define CLI_APPELS_H

#include "cli/base/commande.h"

/* For people, on stdout, or in JSON. `date` (ISO 8601) picks the versions. False when it could not be, which is told.
 */
bool appels_print(struct run *run, delib_program *program, const char *date);
bool appels_json(struct run *run, delib_program *program, const char *date);

#endif
