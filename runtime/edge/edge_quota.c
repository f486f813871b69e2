/*
 * Quotas and circuits.
 */
#include "edge_quota.h"

#include <stdlib.h>
#include <string.h>

static char *edge_key_copy(const char *key)
{
    const size_t size = strlen(key) + 1;
    char *copy = malloc(size);
    if (copy)
        memcpy(copy, key, size);
    return copy;
}

void edge_quota_free(struct edge_quota *quota)
{
    while (quota->limiters) {
        struct edge_limiter *limiter = quota->limiters;
        quota->limiters = limiter->following;
        free(limiter->departures);
        free(limiter->key);
        free(limiter);
    }
    while (quota->breakers) {
        struct edge_breaker *breaker = quota->breakers;
        quota->breakers = breaker->following;
        free(breaker->key);
        free(breaker);
    }
}

struct edge_limiter *edge_quota_limiter(struct edge_quota *quota, const char *key, size_t limit, int64_t period_ms)
{
    struct edge_limiter *limiter = quota->limiters;
    while (limiter && strcmp(limiter->key, key) != 0)
        limiter = limiter->following;
    if (limiter)
        return limiter;
    limiter = calloc(1, sizeof(*limiter));
    if (!limiter)
        return NULL;
    limiter->key = edge_key_copy(key);
    limiter->departures = calloc(limit, sizeof(*limiter->departures));
    if (!limiter->key || !limiter->departures) {
        free(limiter->key);
        free(limiter->departures);
        free(limiter);
        return NULL;
    }
    for (size_t i = 0; i < limit; i++)
        limiter->departures[i] = INT64_MIN / 2;
    limiter->limit = limit;
    limiter->period_ms = period_ms + period_ms / 50;    /* 2 % for calls that bunch up on their way */
    limiter->blocked_until = INT64_MIN / 2;
    limiter->following = quota->limiters;
    quota->limiters = limiter;
    return limiter;
}

struct edge_breaker *edge_quota_breaker(struct edge_quota *quota, const char *key)
{
    struct edge_breaker *breaker = quota->breakers;
    while (breaker && strcmp(breaker->key, key) != 0)
        breaker = breaker->following;
    if (breaker)
        return breaker;
    breaker = calloc(1, sizeof(*breaker));
    if (!breaker)
        return NULL;
    breaker->key = edge_key_copy(key);
    if (!breaker->key) {
        free(breaker);
        return NULL;
    }
    breaker->open_until = INT64_MIN / 2;
    breaker->following = quota->breakers;
    quota->breakers = breaker;
    return breaker;
}

int64_t edge_limiter_wait(const struct edge_limiter *limiter, int64_t now)
{
    const int64_t ready = limiter->departures[limiter->next] + limiter->period_ms;
    const int64_t until = ready > limiter->blocked_until ? ready : limiter->blocked_until;
    return until > now ? until - now : 0;
}

void edge_limiter_take(struct edge_limiter *limiter, int64_t now)
{
    limiter->departures[limiter->next] = now;
    limiter->next = (limiter->next + 1) % limiter->limit;
}

void edge_limiter_block(struct edge_limiter *limiter, int64_t until)
{
    if (until > limiter->blocked_until)
        limiter->blocked_until = until;
}
