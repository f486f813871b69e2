/*
 * A configuration, read: where the APIs are, for whom the data is, with which habilitations.
 */
#ifndef EDGE_CONFIG_H
#define EDGE_CONFIG_H

#include "edge_base.h"
#include "edge_secret.h"

/* What one habilitation gives on one API. */
struct edge_grant {
    bool given;
    struct edge_secret token;                   /* API Particulier: the bearer */
    struct edge_secret client_id, client_secret;    /* API Impôt particulier */
    const char *teleservice;                    /* API Impôt particulier: ID_Teleservice */
    const delib_value *scopes;                  /* a list of texts; NULL: not said, nothing is refused locally */
};

struct edge_habilitation {
    const char *finalite;
    struct edge_grant particulier, impot;
};

/* One API: API Particulier or API Impôt particulier. */
struct edge_host {
    const char *address;                        /* without a final '/'; NULL: not configured */
    const char *token_address;                  /* of OAuth2; NULL when there is none */
    const char *certificate, *key;              /* files of the client certificate; NULL */
    const char *authorities;                    /* file of certificates to trust instead of the system's; NULL */
    int64_t requests, period_s;                 /* quota of one credential */
    int64_t host_requests, host_period_s;       /* quota of the address, whatever the credential */
    bool prefers_identite;                      /* even when a FranceConnect token is there */
};

struct delib_io_config {
    struct arena arena;
    struct edge_diagnostics diagnostics;
    struct edge_tree tree;
    const char *recipient;                      /* SIRET, 14 digits */
    long connect_timeout_ms, total_timeout_ms;
    int64_t retries;                            /* on 429, 502, 503; 0 by default */
    int64_t breaker_failures, breaker_pause_s;
    struct edge_host particulier, impot;
    struct { struct edge_habilitation *items; size_t count, capacity; } habilitations;
    bool any_finalite;                          /* bac à sable: the only habilitation serves every purpose */
};

/* NULL finalite: the habilitation named "sans_finalite". NULL when there is none. */
const struct edge_habilitation *edge_config_habilitation(const delib_io_config *config, const char *finalite);
/* Whether a list of scopes has that one; NULL has none. */
bool edge_config_has_scope(const delib_value *scopes, const char *scope);

#endif
