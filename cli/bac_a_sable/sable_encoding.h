/*
 * The two encodings of credentials: base64 of HTTP Basic, and the scheme before it.
 */
#ifndef SABLE_ENCODING_H
#define SABLE_ENCODING_H

#include "sable_exchange.h"

/* "Authorization: Basic …" as a user and a password; false when it is anything else. */
bool request_basic(const struct request *request, struct slice *user, struct slice *password);

#endif
