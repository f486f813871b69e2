/*
 * From a request of the core to an HTTP request: modality, habilitation, identity, URL, headers without secrets.
 */
#ifndef EDGE_REQUEST_H
#define EDGE_REQUEST_H

#include "edge_config.h"
#include "edge_demande.h"
#include "lang/catalogue.h"

enum edge_modality {
    EDGE_IDENTITE, EDGE_FRANCE_CONNECT, EDGE_INE, EDGE_IDENTIFIANT, EDGE_SPI, EDGE_ALLOCATAIRE,
    EDGE_MODALITY_COUNT
};

struct edge_request {
    struct arena *arena;
    const delib_io_config *config;
    const struct catalogue_function *function;
    const struct edge_subject *subject;
    const struct edge_host *host;
    const struct edge_habilitation *habilitation;
    const struct edge_grant *grant;
    enum edge_modality modality;
    const char *person;                     /* name of the subject */
    int year, month;
    const char *method, *url, *logged_url, *credential, *correlation;
    struct { const char **items; size_t count, capacity; } headers;
    /* When it cannot be sent: the outcome, and its {detail}. */
    const char *outcome, *detail;
};

/* Fills `out`; out->outcome is NULL when it can be sent. `now`: seconds since 1970. */
void edge_request_build(struct edge_request *out, struct arena *arena, const delib_io_config *config,
                        const delib_io_demande *demande, const struct catalogue_function *function,
                        const delib_request *request, int64_t now);

#endif
