/*
 * The service routes of API Particulier: errors, introspection, pings, and the closed route by numéro d'allocataire.
 */
#ifndef SABLE_SERVICES_H
#define SABLE_SERVICES_H

#include "sable_exchange.h"
#include "sable_server.h"

/* False: the path is none of these. */
bool services_answer(struct server *server, const struct request *request, struct answer *answer);

#endif
