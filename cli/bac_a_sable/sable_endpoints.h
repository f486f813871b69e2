/*
 * The endpoints of API Particulier that the bac à sable serves: one row each. Following a change of version, scope or
 * error code of the real API is an edit of one row of sable_endpoints.c.
 */
#ifndef SABLE_ENDPOINTS_H
#define SABLE_ENDPOINTS_H

#include "lang/text.h"

enum modality {
    MODALITY_IDENTITE = 1,
    MODALITY_FRANCE_CONNECT = 2,
    MODALITY_INE = 4,
    MODALITY_IDENTIFIANT = 8
};

/* Which parameters the modality `identite` takes, and with which error codes. */
enum identity_rules { IDENTITY_NONE, IDENTITY_DSS, IDENTITY_CNOUS, IDENTITY_MEN, IDENTITY_MESRI, IDENTITY_CIVIQUE };

/* Where the answer is found. */
enum record {
    RECORD_QUOTIENT,                     /* composed from the dossier */
    RECORD_EAJE,                         /* composed from the dossier */
    RECORD_BENEFIT,                      /* of the person; with a dossier and nothing said: no right */
    RECORD_ANSWER                        /* of the person, as written in the fixture */
};

enum { MASK_PATHS = 4, MASK_ROWS = 9 };

/* A scope and the parts of `data` that it opens. What no granted scope opens is absent from the answer. */
struct mask_row {
    const char *scope;
    const char *paths[MASK_PATHS];
};

struct endpoint {
    const char *product;                 /* name in the fixtures, in --panne and in the ping route */
    unsigned version;
    const char *path;                    /* without version and modality: "dss/quotient_familial" */
    unsigned modalities;
    enum identity_rules identity;
    bool has_period;                     /* annee, mois */
    enum record record;
    const char *provider;                /* prefix of its error codes */
    const char *unknown_person;          /* code when nobody has this identity; NULL: as `not_found` */
    const char *not_found;
    unsigned cache_s;                    /* 0: not cached */
    const char *hidden_from_france_connect;      /* a path of `data`; NULL */
    struct mask_row masks[MASK_ROWS];    /* ends with a NULL scope */
    const char *no_right;                /* RECORD_BENEFIT: "name=value …", value among true, false, null or a text */
    const char *origin;
};

/*
 * The endpoint and modality of a path ("/v3/dss/quotient_familial/identite"). NULL when there is none;
 * *wrong_version is then true when the product exists under another version.
 */
const struct endpoint *endpoint_find(const char *path, enum modality *modality, bool *wrong_version);
/* The row of a product, whatever its version; NULL. */
const struct endpoint *endpoint_of_product(struct slice product);
/* Rows in order; NULL at the end. */
const struct endpoint *endpoint_at(size_t index);
const char *modality_name(enum modality modality);
/* All the paths that the masks of this endpoint can open; returns how many. */
size_t endpoint_paths(const struct endpoint *endpoint, const char *paths[MASK_ROWS * MASK_PATHS]);
bool endpoint_has_scope(const struct endpoint *endpoint, struct slice scope);

#endif
