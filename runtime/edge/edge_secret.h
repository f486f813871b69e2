/*
 * Secrets: where they are, and how they are fetched when a call needs them. They are never kept nor shown.
 */
#ifndef EDGE_SECRET_H
#define EDGE_SECRET_H

#include "edge_base.h"

struct edge_fields;

/* One place out of three; none when all are NULL. */
struct edge_secret {
    const char *variable;               /* of the environment */
    const char *file;                   /* readable by its owner alone */
    const char *fictive;                /* public token of the bac à sable */
    struct edge_place place;            /* in the configuration */
};

enum edge_secret_status {
    EDGE_SECRET_OK,
    EDGE_SECRET_UNSET,                  /* the variable does not exist, or is empty */
    EDGE_SECRET_NO_FILE,
    EDGE_SECRET_OPEN_TO_OTHERS,
    EDGE_SECRET_MALFORMED,              /* empty, too long, or with a space or control character inside */
    EDGE_SECRET_NO_MEMORY
};

/* A copy in *out, owned: edge_secret_free(), which wipes it. */
enum edge_secret_status edge_secret_fetch(const struct edge_secret *secret, char **out);
void edge_secret_free(char *secret);
/* Something of the owner alone: a private file that is handed to libcurl (client key). */
enum edge_secret_status edge_secret_check_file(const char *path);
/* When a JWT expires, seconds since 1970; false when it is not one, or does not say. */
bool edge_token_expiry(const char *token, int64_t *out);
bool edge_secret_is_given(const struct edge_secret *secret);
/* The field { variable: NAME } or { fichier: PATH }; a secret written there in clear is refused. */
void edge_secret_field(const struct edge_fields *fields, const char *name, struct edge_secret *out);
/* Why a secret of a variable or a file could not be fetched, without the secret: a French sentence. */
const char *edge_secret_problem(struct arena *arena, const struct edge_secret *secret,
                                enum edge_secret_status status);
/* The same at the place that names it; nothing when it could be. */
void edge_secret_tell(struct edge_diagnostics *list, const struct edge_secret *secret,
                      enum edge_secret_status status);

#endif
