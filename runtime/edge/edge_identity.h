/*
 * Who a person is, for an API: the modalities of a function, and what each endpoint takes of a demande.
 */
#ifndef EDGE_IDENTITY_H
#define EDGE_IDENTITY_H

#include "edge_request.h"

enum edge_need { EDGE_NEVER, EDGE_IF_KNOWN, EDGE_REQUIRED };

/* What an endpoint takes of the état civil. */
struct edge_identity_need {
    enum edge_need usage, birth, sexe, country, place;      /* a birth that is required is a whole date */
    bool one_given_name;
};

const char *edge_modality_name(enum edge_modality modality);        /* "identite" */
bool edge_modality_is_offered(const struct catalogue_function *function, enum edge_modality modality);
bool edge_modality_is_known(const struct edge_subject *subject, enum edge_modality modality);
/* « son état civil ou une connexion FranceConnect » */
const char *edge_modality_needs(struct arena *arena, const struct catalogue_function *function);
const struct edge_identity_need *edge_identity_need(const struct catalogue_function *function);

#endif
