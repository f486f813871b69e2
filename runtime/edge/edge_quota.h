/*
 * When a call may leave: quotas per token and per host, Retry-After, and circuits that open on a provider in trouble.
 * Times are milliseconds of a monotonic clock.
 */
#ifndef EDGE_QUOTA_H
#define EDGE_QUOTA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * At most `limit` departures in any `period_ms`: a sliding window, stricter than a bucket that refills, since a
 * server may count by fixed or by sliding windows.
 */
struct edge_limiter {
    char *key;
    size_t limit, next;
    int64_t period_ms;
    int64_t *departures;            /* ring of the last `limit` ones */
    int64_t blocked_until;          /* by Retry-After */
    struct edge_limiter *following;
};

struct edge_breaker {
    char *key;
    int64_t failures;               /* one after the other */
    int64_t silences;               /* timeouts without one byte, one after the other */
    int64_t open_until;
    struct edge_breaker *following;
};

struct edge_quota {
    struct edge_limiter *limiters;
    struct edge_breaker *breakers;
};

void edge_quota_free(struct edge_quota *quota);
/* The limiter of a key, made when new; NULL when memory runs out. */
struct edge_limiter *edge_quota_limiter(struct edge_quota *quota, const char *key, size_t limit, int64_t period_ms);
struct edge_breaker *edge_quota_breaker(struct edge_quota *quota, const char *key);

/* Milliseconds before a call may leave; 0: now. */
int64_t edge_limiter_wait(const struct edge_limiter *limiter, int64_t now);
void edge_limiter_take(struct edge_limiter *limiter, int64_t now);
/* The server asked to wait. */
void edge_limiter_block(struct edge_limiter *limiter, int64_t until);

#endif
