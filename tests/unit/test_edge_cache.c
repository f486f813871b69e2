/*
 * The cache of answers: what was put is found, byte for byte, until it is the oldest of a full cache.
 */
#include "runtime/edge/edge_cache.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define OBTAINED "2026-09-15T10:20:30Z"

static void put(struct edge_cache *cache, const char *key, const char *body)
{
    edge_cache_add(cache, key, 200, slice_of(body), OBTAINED);
}

static bool holds(const struct edge_cache *cache, const char *key, const char *body)
{
    const struct edge_cached *entry = edge_cache_find(cache, key);

    return entry && entry->length == strlen(body) && memcmp(entry->body, body, entry->length) == 0
        && entry->http_status == 200 && strcmp(entry->obtained, OBTAINED) == 0;
}

static void what_was_put_is_found(void **state)
{
    struct edge_cache cache;

    (void)state;
    assert_true(edge_cache_init(&cache, 3));
    assert_null(edge_cache_find(&cache, "a"));
    put(&cache, "a", "un");
    put(&cache, "b", "");
    assert_true(holds(&cache, "a", "un"));
    assert_true(holds(&cache, "b", ""));
    put(&cache, "a", "autre");          /* the first answer stays: it was given to a family */
    assert_true(holds(&cache, "a", "un"));
    edge_cache_free(&cache);
    assert_null(edge_cache_find(&cache, "a"));
}

static void a_cache_of_nothing_keeps_nothing(void **state)
{
    struct edge_cache cache;

    (void)state;
    assert_true(edge_cache_init(&cache, 0));
    put(&cache, "a", "un");
    assert_null(edge_cache_find(&cache, "a"));
    edge_cache_free(&cache);
}

/* Whatever the order of the keys in the buckets, the last ones are there, and only they. */
static void the_oldest_leaves(void **state)
{
    enum { CAPACITY = 5, KEYS = 300 };
    struct edge_cache cache;
    char key[20];

    (void)state;
    assert_true(edge_cache_init(&cache, CAPACITY));
    for (int i = 0; i < KEYS; i++) {
        snprintf(key, sizeof key, "clé %d", i);
        put(&cache, key, key);
        for (int j = 0; j <= i; j++) {
            snprintf(key, sizeof key, "clé %d", j);
            assert_int_equal(holds(&cache, key, key), j > i - CAPACITY);
        }
    }
    edge_cache_free(&cache);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_put_is_found),
        cmocka_unit_test(a_cache_of_nothing_keeps_nothing),
        cmocka_unit_test(the_oldest_leaves),
    };

    return cmocka_run_group_tests_name("cache", tests, NULL, NULL);
}
