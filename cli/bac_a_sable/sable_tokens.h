/*
 * Who calls: the tokens and clients of the fixtures, the tokens issued while the server runs, and their quotas.
 *
 * What is read from the fixtures is immutable; windows of quota and issued tokens change under one lock.
 */
#ifndef SABLE_TOKENS_H
#define SABLE_TOKENS_H

#include "sable_world.h"

#include <pthread.h>

/* A fixed window, as the real API counts: `limit` calls from the first one until the window ends. */
struct quota {
    long limit;                          /* 0: none */
    int64_t period_ms, window_start_ms;
    long used;
};

struct quota_state {
    bool allowed;
    long limit, remaining;               /* limit 0: nothing is counted */
    int64_t reset_s;                     /* Unix time at which the window ends */
    long retry_after_s;
};

struct scopes {
    bool all;
    const struct datum *list;            /* texts; NULL: none */
};

struct token {
    struct slice text;
    const char *refusal;                 /* the error code that this token meets; NULL: valid */
    struct scopes scopes;
    const struct datum *recipients;      /* SIRET; NULL: any */
    const struct person *person;         /* FranceConnect: whose login it is */
    struct quota quota;
};

struct client {
    struct slice id, secret;
    struct scopes scopes;                /* DGFiP: resources */
    const struct datum *fields;          /* DGFiP: contracted fields; NULL: all */
    const struct datum *teleservices;    /* DGFiP: accepted ID_Teleservice; NULL: any, even none */
    bool needs_certificate;              /* DGFiP: the call must come with a client certificate */
    long life_s;                         /* of the tokens it is given */
    struct quota quota;
};

enum { ISSUED_TEXT = 48, ISSUED_COUNT = 1024 };

enum issued_kind { ISSUED_NONE, ISSUED_DGFIP, ISSUED_FRANCE_CONNECT, ISSUED_CODE };

struct issued {
    enum issued_kind kind;
    char text[ISSUED_TEXT];
    int64_t expires_ms;
    struct client *client;
    const struct person *person;         /* NULL for the DGFiP */
    unsigned resources;                  /* DGFiP: a bit per resource granted */
};

struct token_list { struct token **items; size_t count, capacity; };
struct client_list { struct client **items; size_t count, capacity; };

struct tokens {
    pthread_mutex_t lock;
    const struct world *world;
    struct token_list api, france_connect;
    struct client_list france_connect_clients, dgfip_clients;
    struct quota address;                /* all the calls to API Particulier: one address, loopback */
    struct issued issued[ISSUED_COUNT];
    size_t issued_next;
    long quota_per_second;               /* of a token that says nothing else */
};

/* Reads the sections of all the fixtures of `world`. `limit_per_second`: -1, what the fixtures say; 0: none. */
bool tokens_load(struct tokens *tokens, struct world *world, long limit_per_second, long limit_per_minute,
                 const struct world_reporter *reporter);
void tokens_release(struct tokens *tokens);

struct token *tokens_find_api(struct tokens *tokens, struct slice text);
/*
 * A FranceConnect token of the fixtures, "fc-famille-personne" (valid, all scopes), or one issued by the token
 * endpoint. False: unknown or expired. `out` is a copy. Such calls are counted by address only, a login making few.
 */
bool tokens_find_france_connect(struct tokens *tokens, struct slice text, int64_t now_ms, struct token *out);
bool scopes_have(const struct scopes *scopes, const char *scope);
/* "fc-martin-claire", "code-martin-claire": the person named after `prefix`; NULL. */
const struct person *tokens_named_person(const struct world *world, struct slice text, const char *prefix);

struct client *clients_find(const struct client_list *clients, struct slice id, struct slice secret);
struct client *clients_find_id(const struct client_list *clients, struct slice id);
/* Keeps `issued`, of which kind, client, person and resources are set, under a new random text, for `life_s`. False
   when there is no randomness to be had. */
bool tokens_issue(struct tokens *tokens, struct issued *issued, long life_s, int64_t now_ms);
/* Copies what was issued under this text; false: unknown or expired. An ISSUED_CODE serves once. */
bool tokens_find_issued(struct tokens *tokens, enum issued_kind kind, struct slice text, int64_t now_ms,
                        struct issued *out);

/* Counts a call. */
struct quota_state quota_take(struct tokens *tokens, struct quota *quota, int64_t now_ms);

#endif
