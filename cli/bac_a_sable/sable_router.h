/*
 * Which of the APIs a path belongs to.
 */
#ifndef SABLE_ROUTER_H
#define SABLE_ROUTER_H

#include "sable_server.h"

/* Fills `answer` whatever the path. */
void router_answer(struct server *server, const struct request *request, struct answer *answer);

#endif
