/*
 * FranceConnect, as far as a portal needs it to obtain an access token: authorisation, token, user information.
 */
#ifndef SABLE_FRANCE_CONNECT_H
#define SABLE_FRANCE_CONNECT_H

#include "sable_exchange.h"
#include "sable_server.h"

/* False: the path is not below /api/v2/{authorize,token,userinfo}. */
bool france_connect_answer(struct server *server, const struct request *request, struct answer *answer);

#endif
