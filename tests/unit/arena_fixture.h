/*
 * An arena for each test of a program, whose memory must all have been given back at its end. Included once, by the
 * file that has the tests: cmocka_unit_test_setup_teardown(test, start, end).
 */
#ifndef TESTS_ARENA_FIXTURE_H
#define TESTS_ARENA_FIXTURE_H

#include "tests/fault/failing_memory.h"

static struct failing_memory memory;
static struct arena arena;

static inline int start(void **state)
{
    (void)state;
    memory = (struct failing_memory){ .live = 0 };
    arena_init(&arena, failing_allocator(&memory), 0);
    return 0;
}

static inline int end(void **state)
{
    (void)state;
    arena_release(&arena);
    return memory.live == 0 ? 0 : -1;
}

#endif
