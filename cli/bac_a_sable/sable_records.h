/*
 * What the providers of API Particulier hold on a person: the quotient and the Eaje participation are composed from
 * the dossier, a benefit that nothing grants is a refusal, the rest is not found.
 */
#ifndef SABLE_RECORDS_H
#define SABLE_RECORDS_H

#include "sable_endpoints.h"
#include "sable_exchange.h"
#include "sable_world.h"

/* The `data` of the answer, all scopes granted; or NULL and the code of the error. */
const struct datum *record_find(const struct request *request, const struct endpoint *endpoint,
                                const struct person *person, const char **code);
/* The flat answer of the closed route by numéro d'allocataire. */
const struct datum *record_composition_v2(struct arena *arena, const struct dossier *dossier, struct date today);

#endif
