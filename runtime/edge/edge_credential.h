/*
 * Credentials as strategies: which secret headers a request takes, from where, for how long.
 */
#ifndef EDGE_CREDENTIAL_H
#define EDGE_CREDENTIAL_H

#include "edge_http.h"
#include "edge_request.h"

#define EDGE_SECRET_HEADERS 2

/* Headers that hold secrets; wiped by edge_secrets_free(). */
struct edge_secrets {
    char *headers[EDGE_SECRET_HEADERS];
    size_t count;
};

/* An OAuth2 token of the DGFiP, kept until it expires, for one habilitation and one resource. */
struct edge_oauth {
    char *key;
    char *token;                            /* secret; NULL: none is valid */
    int64_t expires_ms;                     /* monotonic clock */
    bool asking;                            /* `call` is under way */
    struct edge_call call;
    struct edge_oauth *following;
};

bool edge_needs_oauth(const struct edge_request *request);
struct edge_oauth *edge_oauth_find(struct edge_oauth **list, const struct edge_request *request);
bool edge_oauth_is_valid(const struct edge_oauth *oauth, int64_t now);
/* Prepares and starts the call for a token; otherwise fills *outcome and *detail (in request->arena). */
bool edge_oauth_ask(struct edge_oauth *oauth, struct edge_http *http, const struct edge_request *request,
                    const char **outcome, const char **detail);
/* Reads the answer of the call; false: *outcome says what it was, NULL for a transport fault. */
bool edge_oauth_receive(struct edge_oauth *oauth, int64_t now, const char **outcome);
void edge_oauth_forget(struct edge_oauth *oauth);
void edge_oauth_free(struct edge_oauth *list, struct edge_http *http);

/* The secret headers of a request; otherwise *outcome and *detail. `oauth` is NULL unless the request needs one. */
bool edge_secrets_fetch(struct edge_secrets *secrets, const struct edge_request *request,
                        const struct edge_oauth *oauth, const char **outcome, const char **detail);
void edge_secrets_free(struct edge_secrets *secrets);

#endif
