/*
 * What all exchanges share: the world, the tokens, the faults, and the two small tables that remember requests.
 */
#ifndef SABLE_SERVER_H
#define SABLE_SERVER_H

#include "sable_exchange.h"
#include "sable_tokens.h"

#include <stdio.h>

enum { FLIGHT_COUNT = 1024, CACHE_COUNT = 4096 };

struct server {
    struct arena arena;                  /* world and tokens: as long as the server */
    struct world world;
    struct tokens tokens;
    struct faults faults;
    struct date fixed_today;             /* year 0: the clock's */
    FILE *journal;
    int stop_pipe[2];                    /* readable once the server stops: wakes the threads that wait */
    pthread_mutex_t lock;                /* of the two tables */
    uint64_t flights[FLIGHT_COUNT];      /* requests being answered; 0: free */
    struct { uint64_t key; int64_t expires_ms; } cache[CACHE_COUNT];
};

/* The body "data, links, meta" of a success. */
void answer_data(struct arena *arena, struct answer *answer, const struct datum *data);

/* A key of the request, the same whatever the order of its parameters; never 0. `token` may be empty. */
uint64_t request_key(const struct request *request, struct slice token);
/* False when the same request is in flight; to be ended by flight_end. */
bool flight_begin(struct server *server, uint64_t key);
void flight_end(struct server *server, uint64_t key);
/* Seconds that a cached answer still lives; 0: it was not in the cache, and now is. */
long cache_look(struct server *server, uint64_t key, long life_s, int64_t now_ms, bool bypass);

/* HTTP, in sable_http.c. */
struct http;
struct http_options {
    unsigned port;                       /* 0: any */
    bool has_tls;
    const char *certificate, *key;       /* of the server, PEM texts; borrowed until http_stop */
    const char *client_authority;        /* signs the certificates of the clients, PEM; NULL: none is asked for */
};
/* NULL when the port cannot be listened to. */
struct http *http_start(struct server *server, const struct http_options *options);
unsigned http_port(const struct http *http);
void http_stop(struct http *http);

#endif
