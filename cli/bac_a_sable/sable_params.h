/*
 * Checking the parameters of a request to API Particulier, with the error codes of the real one.
 */
#ifndef SABLE_PARAMS_H
#define SABLE_PARAMS_H

#include "sable_endpoints.h"
#include "sable_exchange.h"
#include "sable_world.h"

enum { CODE_LIMIT = 12 };

/* The codes of what is wrong, in the order found; none: the request is well formed. */
struct codes {
    const char *items[CODE_LIMIT];
    size_t count;
};

void codes_add(struct codes *codes, const char *code);

void params_check_recipient(const struct request *request, struct codes *codes);
/* A SIRET: 14 digits, Luhn on all of them, but for La Poste. */
bool siret_is_valid(struct slice siret);
/* The person that the parameters of the modality `identite` describe. */
void params_read_identity(const struct request *request, const struct endpoint *endpoint, struct codes *codes,
                          struct identity *out);
/* The month asked for, checked against the rules of the quotient familial. */
void params_read_period(const struct request *request, struct codes *codes, int *year, int *month);
bool params_is_ine(struct slice ine);

#endif
