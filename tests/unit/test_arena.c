/*
 * Arenas: zeroed and aligned memory, limits, sticky exhaustion, reset that keeps a block, lists that grow.
 */
#include "tests/fault/failing_memory.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct fixture {
    struct failing_memory memory;
    struct arena arena;
};

static struct fixture *fixture_start(struct fixture *fixture, size_t limit)
{
    memset(fixture, 0, sizeof(*fixture));
    arena_init(&fixture->arena, failing_allocator(&fixture->memory), limit);
    return fixture;
}

static void fixture_end(struct fixture *fixture)
{
    arena_release(&fixture->arena);
    assert_int_equal(fixture->memory.live, 0);
}

static bool is_zero(const unsigned char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (bytes[i])
            return false;
    return true;
}

static void memory_is_zeroed_aligned_and_separate(void **state)
{
    struct fixture f;
    unsigned char *blocks[300];

    (void)state;
    fixture_start(&f, 0);
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < 300; i++) {
            blocks[i] = arena_alloc(&f.arena, i, 7);
            assert_non_null(blocks[i]);
            assert_int_equal((uintptr_t)blocks[i] % alignof(max_align_t), 0);
            assert_true(is_zero(blocks[i], i * 7));
            memset(blocks[i], (int)(i % 251) + 1, i * 7);
        }
        for (size_t i = 0; i < 300; i++)
            for (size_t j = 0; j < i * 7; j++)
                assert_int_equal(blocks[i][j], i % 251 + 1);
        arena_reset(&f.arena);       /* the memory given again was written to */
    }
    fixture_end(&f);
}

static void empty_allocations_have_an_address(void **state)
{
    struct fixture f;
    void *first, *second;

    (void)state;
    fixture_start(&f, 0);
    first = arena_alloc(&f.arena, 0, 8);
    second = arena_alloc(&f.arena, 8, 0);
    assert_non_null(first);
    assert_non_null(second);
    assert_ptr_not_equal(first, second);
    fixture_end(&f);
}

static void small_allocations_share_blocks(void **state)
{
    struct fixture f;

    (void)state;
    fixture_start(&f, 0);
    for (int i = 0; i < 60; i++)
        assert_non_null(arena_alloc(&f.arena, 1, 1000));
    assert_int_equal(f.memory.requests, 1);
    fixture_end(&f);
}

static void a_large_allocation_leaves_the_current_block_in_use(void **state)
{
    struct fixture f;

    (void)state;
    fixture_start(&f, 0);
    assert_non_null(arena_alloc(&f.arena, 1, 16));
    assert_non_null(arena_alloc(&f.arena, 1, 5 * 1024 * 1024));
    assert_int_equal(f.memory.requests, 2);
    assert_true(f.memory.largest >= 5 * 1024 * 1024);
    assert_non_null(arena_alloc(&f.arena, 1, 16));
    assert_int_equal(f.memory.requests, 2);
    fixture_end(&f);
}

static void overflow_of_count_times_size_exhausts(void **state)
{
    static const struct { size_t count, size; } TOO_LARGE[] = {
        { SIZE_MAX, 1 }, { SIZE_MAX / 2, 3 }, { 1, SIZE_MAX }, { SIZE_MAX / 16 + 1, 16 }, { SIZE_MAX - 32, 1 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(TOO_LARGE) / sizeof(TOO_LARGE[0]); i++) {
        struct fixture f;

        fixture_start(&f, 0);
        f.memory.refuse_at = 2;        /* nobody really gives 16 exabytes */
        f.memory.for_ever = true;
        assert_non_null(arena_alloc(&f.arena, 1, 16));
        assert_null(arena_alloc(&f.arena, TOO_LARGE[i].count, TOO_LARGE[i].size));
        assert_true(f.arena.exhausted);
        fixture_end(&f);
    }
}

static void the_limit_is_sticky_until_reset(void **state)
{
    struct fixture f;

    (void)state;
    fixture_start(&f, 1024);
    assert_non_null(arena_alloc(&f.arena, 1, 1024));
    assert_false(f.arena.exhausted);
    assert_int_equal(f.arena.used, 1024);
    assert_null(arena_alloc(&f.arena, 1, 1));
    assert_true(f.arena.exhausted);
    assert_null(arena_alloc(&f.arena, 0, 1));
    arena_reset(&f.arena);
    assert_false(f.arena.exhausted);
    assert_non_null(arena_alloc(&f.arena, 1, 512));
    assert_null(arena_alloc(&f.arena, 1, 1024));
    assert_null(arena_alloc(&f.arena, 1, 1));       /* it would fit, but what came before is missing */
    fixture_end(&f);
}

static void a_refusal_is_sticky(void **state)
{
    struct fixture f;

    (void)state;
    fixture_start(&f, 0);
    f.memory.refuse_at = 2;
    f.memory.for_ever = true;
    assert_non_null(arena_alloc(&f.arena, 1, 60000));
    assert_null(arena_alloc(&f.arena, 1, 60000));
    assert_true(f.arena.exhausted);
    f.memory.refuse_at = 0;
    assert_null(arena_alloc(&f.arena, 1, 8));
    assert_null(arena_copy_text(&f.arena, "a", 1));
    assert_int_equal(f.memory.requests, 2);
    fixture_end(&f);
}

/* Whatever one round needs, a few rounds are enough for the next ones to ask for nothing. */
static void a_warm_arena_allocates_nothing(void **state)
{
    static const size_t ROUND_BYTES[] = { 1000, 64 * 1024, 200 * 1024, 900 * 1024 };

    (void)state;
    for (size_t i = 0; i < sizeof(ROUND_BYTES) / sizeof(ROUND_BYTES[0]); i++) {
        struct fixture f;
        size_t cold = 0;

        fixture_start(&f, 0);
        for (int round = 0; round < 20; round++) {
            for (size_t bytes = 0; bytes < ROUND_BYTES[i]; bytes += 1000)
                assert_non_null(arena_alloc(&f.arena, 1, 1000));
            arena_reset(&f.arena);
            assert_int_equal(f.arena.used, 0);
            assert_int_equal(f.memory.live, 1);
            if (round == 9)
                cold = f.memory.requests;
        }
        assert_int_equal(f.memory.requests, cold);
        fixture_end(&f);
    }
}

static void texts_are_copied_with_a_nul(void **state)
{
    struct fixture f;
    char source[] = "délib\0suite";
    char *copy;

    (void)state;
    fixture_start(&f, 0);
    copy = arena_copy_text(&f.arena, source, sizeof(source) - 1);
    source[0] = 'X';
    assert_memory_equal(copy, "délib\0suite", sizeof(source));
    assert_string_equal(arena_copy_text(&f.arena, NULL, 0), "");
    assert_null(arena_copy_text(&f.arena, source, SIZE_MAX));
    fixture_end(&f);
}

struct pair {
    int first;
    char second;
};

struct pairs {
    struct pair *items;
    size_t count, capacity;
};

static void lists_grow_and_keep_their_items(void **state)
{
    struct fixture f;
    struct pairs list = { 0 };

    (void)state;
    fixture_start(&f, 0);
    for (int i = 0; i < 10000; i++) {
        struct pair *pair = arena_push(&f.arena, &list);

        assert_non_null(pair);
        assert_ptr_equal(pair, &list.items[i]);
        assert_int_equal(pair->first, 0);
        assert_int_equal(pair->second, 0);
        *pair = (struct pair){ i, 'x' };
    }
    assert_int_equal(list.count, 10000);
    for (int i = 0; i < 10000; i++)
        assert_int_equal(list.items[i].first, i);
    fixture_end(&f);
}

static void a_list_is_intact_when_memory_runs_out(void **state)
{
    struct fixture f;
    struct pairs list = { 0 };
    int pushed = 0;
    struct pair *pair;

    (void)state;
    fixture_start(&f, 4096);
    while ((pair = arena_push(&f.arena, &list)) != NULL)
        pair->first = pushed++;
    assert_true(pushed > 8);
    assert_int_equal(list.count, pushed);
    for (int i = 0; i < pushed; i++)
        assert_int_equal(list.items[i].first, i);
    list.capacity = list.count + 1;          /* even where there is room: exhaustion stops everything */
    assert_null(arena_push(&f.arena, &list));
    fixture_end(&f);
}

static void release_can_be_repeated(void **state)
{
    struct fixture f;

    (void)state;
    fixture_start(&f, 0);
    arena_release(&f.arena);
    assert_non_null(arena_alloc(&f.arena, 1, 1));
    arena_release(&f.arena);
    assert_int_equal(f.memory.live, 0);
    arena_reset(&f.arena);
    fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_aligned_and_separate),
        cmocka_unit_test(empty_allocations_have_an_address),
        cmocka_unit_test(small_allocations_share_blocks),
        cmocka_unit_test(a_large_allocation_leaves_the_current_block_in_use),
        cmocka_unit_test(overflow_of_count_times_size_exhausts),
        cmocka_unit_test(the_limit_is_sticky_until_reset),
        cmocka_unit_test(a_refusal_is_sticky),
        cmocka_unit_test(a_warm_arena_allocates_nothing),
        cmocka_unit_test(texts_are_copied_with_a_nul),
        cmocka_unit_test(lists_grow_and_keep_their_items),
        cmocka_unit_test(a_list_is_intact_when_memory_runs_out),
        cmocka_unit_test(release_can_be_repeated),
    };

    return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
