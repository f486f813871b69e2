/*
 * What all exchanges share: the tables of requests in flight (409) and of cached answers.
 */
#include "sable_server.h"

#include <string.h>

void answer_data(struct arena *arena, struct answer *answer, const struct datum *data)
{
    struct datum *body = datum_new(arena, DATUM_OBJECT);

    datum_put(arena, body, SLICE("data"), data);
    datum_put(arena, body, SLICE("links"), datum_new(arena, DATUM_OBJECT));
    datum_put(arena, body, SLICE("meta"), datum_new(arena, DATUM_OBJECT));
    answer->status = 200;
    answer->body = body;
}

static uint64_t hash_bytes(uint64_t hash, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)bytes[i]) * UINT64_C(1099511628211);
    return (hash ^ 0xff) * UINT64_C(1099511628211);
}

static const uint64_t hash_start = UINT64_C(14695981039346656037);

uint64_t request_key(const struct request *request, struct slice token)
{
    uint64_t key = hash_bytes(hash_start, request->path, strlen(request->path));

    key = hash_bytes(key, token.bytes, token.length);
    for (size_t i = 0; i < request->query.count; i++) {
        const struct parameter *parameter = &request->query.items[i];

        key += hash_bytes(hash_bytes(hash_start, parameter->name.bytes, parameter->name.length),
                          parameter->value.bytes, parameter->value.length);
    }
    return key ? key : 1;
}

/* A full table lets requests through: the lock is a courtesy of the provider, not ours to enforce. */
bool flight_begin(struct server *server, uint64_t key)
{
    uint64_t *free_place = NULL;
    bool alone = true;

    pthread_mutex_lock(&server->lock);
    for (size_t i = 0; i < FLIGHT_COUNT && alone; i++) {
        if (server->flights[i] == 0 && !free_place)
            free_place = &server->flights[i];
        alone = server->flights[i] != key;
    }
    if (alone && free_place)
        *free_place = key;
    pthread_mutex_unlock(&server->lock);
    return alone;
}

void flight_end(struct server *server, uint64_t key)
{
    pthread_mutex_lock(&server->lock);
    for (size_t i = 0; i < FLIGHT_COUNT; i++)
        if (server->flights[i] == key) {
            server->flights[i] = 0;
            break;
        }
    pthread_mutex_unlock(&server->lock);
}

long cache_look(struct server *server, uint64_t key, long life_s, int64_t now_ms, bool bypass)
{
    size_t slot = key % CACHE_COUNT;
    long remaining_s = 0;

    pthread_mutex_lock(&server->lock);
    if (!bypass && server->cache[slot].key == key && server->cache[slot].expires_ms > now_ms) {
        remaining_s = (long)((server->cache[slot].expires_ms - now_ms + 999) / 1000);
    } else {
        server->cache[slot].key = key;
        server->cache[slot].expires_ms = now_ms + (int64_t)life_s * 1000;
    }
    pthread_mutex_unlock(&server->lock);
    return remaining_s;
}
