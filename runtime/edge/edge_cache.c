/*
 * The cache of answers: a ring of entries, found by the hash of their key.
 */
#include "edge_cache.h"
#include "edge_base.h"

#include <stdlib.h>
#include <string.h>

uint64_t edge_hash(const char *text)
{
    uint64_t hash = 14695981039346656037u;      /* FNV-1a */
    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * 1099511628211u;
    return hash;
}

bool edge_cache_init(struct edge_cache *cache, size_t capacity)
{
    *cache = (struct edge_cache){ .capacity = capacity, .bucket_count = 1 };
    if (capacity == 0)
        return true;
    while (cache->bucket_count < capacity && cache->bucket_count < (size_t)1 << 24)
        cache->bucket_count *= 2;
    cache->entries = calloc(capacity, sizeof(*cache->entries));
    cache->buckets = calloc(cache->bucket_count, sizeof(*cache->buckets));
    if (cache->entries && cache->buckets)
        return true;
    edge_cache_free(cache);
    return false;
}

static void edge_cached_clear(struct edge_cached *entry)
{
    edge_wipe(entry->key, strlen(entry->key));       /* an entry has its key. NOLINT(clang-analyzer-core.*) */
    edge_wipe(entry->body, entry->length);
    free(entry->key);
    free(entry->body);
    *entry = (struct edge_cached){ .key = NULL };
}

void edge_cache_free(struct edge_cache *cache)
{
    for (size_t i = 0; cache->entries && i < cache->count; i++)
        edge_cached_clear(&cache->entries[i]);
    free(cache->entries);
    free(cache->buckets);
    *cache = (struct edge_cache){ .capacity = 0 };
}

const struct edge_cached *edge_cache_find(const struct edge_cache *cache, const char *key)
{
    const uint64_t hash = edge_hash(key);
    size_t at = cache->capacity > 0 ? cache->buckets[hash % cache->bucket_count] : 0;
    while (at > 0) {
        const struct edge_cached *entry = &cache->entries[at - 1];
        if (entry->hash == hash && strcmp(entry->key, key) == 0)
            return entry;
        at = entry->following;
    }
    return NULL;
}

/* Takes the entry out of its bucket, where it is. */
static void edge_cache_unlink(struct edge_cache *cache, const struct edge_cached *entry)
{
    size_t *at = &cache->buckets[entry->hash % cache->bucket_count];
    while (&cache->entries[*at - 1] != entry)
        at = &cache->entries[*at - 1].following;
    *at = entry->following;
}

static struct edge_cached *edge_cache_slot(struct edge_cache *cache)
{
    struct edge_cached *entry;
    if (cache->count < cache->capacity)
        return &cache->entries[cache->count++];
    entry = &cache->entries[cache->oldest];
    cache->oldest = (cache->oldest + 1) % cache->capacity;
    edge_cache_unlink(cache, entry);
    edge_cached_clear(entry);
    return entry;
}

void edge_cache_add(struct edge_cache *cache, const char *key, int http_status, struct slice body,
                    const char *obtained)
{
    char *key_copy, *body_copy;
    struct edge_cached *entry;
    size_t *bucket;
    if (cache->capacity == 0 || edge_cache_find(cache, key))
        return;
    key_copy = malloc(strlen(key) + 1);
    body_copy = malloc(body.length + 1);
    if (!key_copy || !body_copy) {
        free(key_copy);
        free(body_copy);
        return;
    }
    memcpy(key_copy, key, strlen(key) + 1);
    memcpy(body_copy, body.bytes, body.length);
    entry = edge_cache_slot(cache);
    *entry = (struct edge_cached){ .key = key_copy, .body = body_copy, .length = body.length,
                                   .http_status = http_status, .hash = edge_hash(key) };
    memcpy(entry->obtained, obtained, sizeof(entry->obtained));
    bucket = &cache->buckets[entry->hash % cache->bucket_count];
    entry->following = *bucket;
    *bucket = (size_t)(entry - cache->entries) + 1;
}
