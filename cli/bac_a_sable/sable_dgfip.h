/*
 * API Impôt particulier (DGFiP) and the token endpoint of its gateway.
 */
#ifndef SABLE_DGFIP_H
#define SABLE_DGFIP_H

#include "sable_exchange.h"
#include "sable_server.h"

/* False: the path is neither /token nor below /impotparticulier/1.0. */
bool dgfip_answer(struct server *server, const struct request *request, struct answer *answer);

/* The bit of a resource ("RessourceIR"); 0 when there is no such resource. */
unsigned dgfip_resource_bit(struct slice name);

#endif
