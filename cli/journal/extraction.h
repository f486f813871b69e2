/*
 * Entries of a journal that answer to a filter, printed for people or as JSON lines.
 */
#ifndef CLI_EXTRACTION_H
#define CLI_EXTRACTION_H

#include "cli/base/commande.h"

struct extraction_request {
    const char *path;
    const char *id, *tariff, *since, *reference;     /* NULL: all; since: ISO date */
    const struct option_values *keys;    /* files of private keys; NULL */
    bool json;
};

enum exit_code extraction_execute(struct run *run, const struct extraction_request *request);

#endif
