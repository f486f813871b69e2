/*
 * Quotas: never more than the limit in any window, never less than what is allowed, Retry-After.
 */
#include "runtime/edge/edge_quota.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { CALLS = 2000, LIMIT = 20, PERIOD = 1000 };

/* Calls that always want to leave: the whole quota is used, and no window of a period holds more than the limit. */
static void the_whole_quota_and_no_more(void **state)
{
    struct edge_quota quota = { NULL, NULL };
    struct edge_limiter *limiter = edge_quota_limiter(&quota, "jeton", LIMIT, PERIOD);
    static int64_t departures[CALLS];
    int64_t now = 12345;

    (void)state;
    assert_non_null(limiter);
    for (size_t i = 0; i < CALLS; i++) {
        now += edge_limiter_wait(limiter, now);
        assert_int_equal(edge_limiter_wait(limiter, now), 0);
        edge_limiter_take(limiter, now);
        departures[i] = now;
    }
    for (size_t i = LIMIT; i < CALLS; i++)
        assert_true(departures[i] - departures[i - LIMIT] > PERIOD);
    /* The theoretical minimum is (CALLS / LIMIT - 1) periods; 2 % are added for calls that bunch up. */
    assert_true(departures[CALLS - 1] - departures[0] <= (CALLS / LIMIT - 1) * PERIOD * 102 / 100);
    edge_quota_free(&quota);
}

static void irregular_calls_stay_under_the_limit(void **state)
{
    struct edge_quota quota = { NULL, NULL };
    struct edge_limiter *limiter = edge_quota_limiter(&quota, "jeton", LIMIT, PERIOD);
    static int64_t departures[CALLS];
    uint64_t seed = 7;
    int64_t now = 0;

    (void)state;
    assert_non_null(limiter);
    for (size_t i = 0; i < CALLS; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        now += (int64_t)((seed >> 33) % 100);
        now += edge_limiter_wait(limiter, now);
        edge_limiter_take(limiter, now);
        departures[i] = now;
        assert_true(i < LIMIT || departures[i] - departures[i - LIMIT] > PERIOD);
    }
    edge_quota_free(&quota);
}

static void a_server_that_asks_to_wait_is_obeyed(void **state)
{
    struct edge_quota quota = { NULL, NULL };
    struct edge_limiter *limiter = edge_quota_limiter(&quota, "jeton", LIMIT, PERIOD);

    (void)state;
    assert_int_equal(edge_limiter_wait(limiter, 1000), 0);
    edge_limiter_block(limiter, 6000);
    edge_limiter_block(limiter, 3000);      /* an earlier end does not shorten it */
    assert_int_equal(edge_limiter_wait(limiter, 1000), 5000);
    assert_int_equal(edge_limiter_wait(limiter, 6000), 0);
    edge_quota_free(&quota);
}

static void each_key_has_its_own(void **state)
{
    struct edge_quota quota = { NULL, NULL };
    struct edge_limiter *a = edge_quota_limiter(&quota, "a", 1, PERIOD);
    struct edge_limiter *b = edge_quota_limiter(&quota, "b", 1, PERIOD);

    (void)state;
    assert_ptr_not_equal(a, b);
    assert_ptr_equal(edge_quota_limiter(&quota, "a", 1, PERIOD), a);
    edge_limiter_take(a, 0);
    assert_true(edge_limiter_wait(a, 0) > 0);
    assert_int_equal(edge_limiter_wait(b, 0), 0);
    assert_ptr_equal(edge_quota_breaker(&quota, "a"), edge_quota_breaker(&quota, "a"));
    assert_ptr_not_equal(edge_quota_breaker(&quota, "a"), edge_quota_breaker(&quota, "b"));
    edge_quota_free(&quota);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_whole_quota_and_no_more),
        cmocka_unit_test(irregular_calls_stay_under_the_limit),
        cmocka_unit_test(a_server_that_asks_to_wait_is_obeyed),
        cmocka_unit_test(each_key_has_its_own),
    };

    return cmocka_run_group_tests_name("quotas", tests, NULL, NULL);
}
