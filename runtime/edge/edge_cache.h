/*
 * Answers kept for the life of a driver, in memory only: a batch asks once for what several lines need. Off unless
 * the host gives it a size.
 */
#ifndef EDGE_CACHE_H
#define EDGE_CACHE_H

#include "lang/text.h"

/* Borrowed from the cache until the next edge_cache_add(). */
struct edge_cached {
    char *key;                      /* URL and credential: holds an identity */
    char *body;
    size_t length;
    int http_status;
    char obtained[21];
    uint64_t hash;
    size_t following;               /* in its bucket; index + 1, 0: none */
};

struct edge_cache {
    struct edge_cached *entries;
    size_t capacity, count, oldest;
    size_t *buckets, bucket_count;
};

/* False when memory runs out; capacity 0: nothing is ever kept. */
bool edge_cache_init(struct edge_cache *cache, size_t capacity);
void edge_cache_free(struct edge_cache *cache);
const struct edge_cached *edge_cache_find(const struct edge_cache *cache, const char *key);
/* Copies; the oldest entry leaves when it is full. Nothing happens when memory runs out. */
void edge_cache_add(struct edge_cache *cache, const char *key, int http_status, struct slice body,
                    const char *obtained);
uint64_t edge_hash(const char *text);

#endif
