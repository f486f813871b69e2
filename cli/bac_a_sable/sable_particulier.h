/*
 * API Particulier, versions 3 and more: from a request to its answer.
 */
#ifndef SABLE_PARTICULIER_H
#define SABLE_PARTICULIER_H

#include "sable_exchange.h"
#include "sable_server.h"

/* False: the path is no route of API Particulier. */
bool particulier_answer(struct server *server, const struct request *request, struct answer *answer);

#endif
