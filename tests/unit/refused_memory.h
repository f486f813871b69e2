/*
 * Refused memory, for tests of the edge: each allocation of a scenario is refused once, alone or with all that follow.
 *
 * The C library's own allocator is replaced, so that jansson, libyaml and libcurl are refused too; so are the requests
 * to the arenas of the edge, whose blocks are large (the Makefile wraps these three functions). Included once, by the
 * test program. Sanitizers replace the allocator too: under them NO_REFUSALS is defined and nothing is refused.
 */
#ifndef TESTS_REFUSED_MEMORY_H
#define TESTS_REFUSED_MEMORY_H

#include "runtime/edge/edge_base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>

#include <cmocka.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define NO_REFUSALS
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__GLIBC__)
#define NO_REFUSALS
#endif

static struct {
    bool armed, all_after, fired, every_arena;
    size_t calls, refused;              /* the call that is refused, from 0 */
    long live;                          /* blocks, while armed */
} memory;

static bool refuses(void)
{
    if (!memory.armed)
        return false;
    if (memory.calls++ == memory.refused || (memory.all_after && memory.calls > memory.refused)) {
        memory.fired = true;
        return true;
    }
    return false;
}

#ifndef NO_REFUSALS

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void __libc_free(void *block);

/* Seen by the shared libraries too, whatever the visibility that this file is compiled with. */
#define EVERYWHERE __attribute__((visibility("default")))

EVERYWHERE void *malloc(size_t size);
EVERYWHERE void *calloc(size_t count, size_t size);
EVERYWHERE void *realloc(void *block, size_t size);
EVERYWHERE void free(void *block);

void *malloc(size_t size)
{
    void *block = refuses() ? NULL : __libc_malloc(size);

    memory.live += memory.armed && block;
    return block;
}

void *calloc(size_t count, size_t size)
{
    void *block = refuses() ? NULL : __libc_calloc(count, size);

    memory.live += memory.armed && block;
    return block;
}

void *realloc(void *block, size_t size)
{
    void *moved = refuses() ? NULL : __libc_realloc(block, size);

    memory.live += memory.armed && moved && !block;
    return moved;
}

void free(void *block)
{
    memory.live -= memory.armed && block;
    __libc_free(block);
}

#endif

/* ---- Arenas of the edge: those of the core have tests of their own, but where a scenario asks for them ---- */

void *__real_arena_alloc(struct arena *arena, size_t count, size_t size);
char *__real_arena_copy_text(struct arena *arena, const char *bytes, size_t length);
void *__real_arena_push_(struct arena *arena, void **items, size_t *count, size_t *capacity, size_t size);
void *__wrap_arena_alloc(struct arena *arena, size_t count, size_t size);
char *__wrap_arena_copy_text(struct arena *arena, const char *bytes, size_t length);
void *__wrap_arena_push_(struct arena *arena, void **items, size_t *count, size_t *capacity, size_t size);

static void arena_may_refuse(struct arena *arena)
{
    if ((memory.every_arena || arena->allocator.resize == edge_allocator().resize) && refuses()) {
        arena->exhausted = true;
        if (arena->escape)
            longjmp(*arena->escape, 1);
    }
}

void *__wrap_arena_alloc(struct arena *arena, size_t count, size_t size)
{
    arena_may_refuse(arena);
    return __real_arena_alloc(arena, count, size);
}

char *__wrap_arena_copy_text(struct arena *arena, const char *bytes, size_t length)
{
    arena_may_refuse(arena);
    return __real_arena_copy_text(arena, bytes, length);
}

void *__wrap_arena_push_(struct arena *arena, void **items, size_t *count, size_t *capacity, size_t size)
{
    if (*count == *capacity)
        arena_may_refuse(arena);
    return __real_arena_push_(arena, items, count, capacity, size);
}

/* ---- A scenario, again and again ---- */

/* The status of what it tried, and whether the result was the right one. */
struct attempt {
    delib_status status;
    bool right;
};

/* One turn; `live` is what it did not release. */
static struct attempt refuse_one(struct attempt (*scenario)(void), size_t nth, bool all_after, long *live)
{
    struct attempt attempt;

    memory.live = 0;
    memory.calls = 0;
    memory.refused = nth;
    memory.all_after = all_after;
    memory.fired = false;
    memory.armed = true;
    attempt = scenario();
    memory.armed = false;
    *live = memory.live;
    return attempt;
}

/*
 * Refuses the nth allocation until none is left to refuse. A first turn, with memory, is for what the outside libraries
 * keep for the life of the process; so is a second try where something leaks: only what leaks each time is a leak.
 */
static void refuse_each(struct attempt (*scenario)(void), bool all_after)
{
    assert_true(scenario().right);
    for (size_t nth = 0; nth < 10000; nth++) {
        struct attempt attempt;
        long live;

        attempt = refuse_one(scenario, nth, all_after, &live);
        if (live != 0)
            attempt = refuse_one(scenario, nth, all_after, &live);
        if (live != 0)
            fail_msg("allocation %zu: %ld blocks leak", nth, live);
        if (attempt.status == DELIB_OK && !attempt.right)
            fail_msg("allocation %zu: a wrong result", nth);
        /* jansson sometimes says « malformed » when it means « no memory »; a value is never made up. */
        if (attempt.status != DELIB_OK && (!memory.fired || (attempt.status != DELIB_NO_MEMORY
                                                             && attempt.status != DELIB_INVALID)))
            fail_msg("allocation %zu: status %d", nth, attempt.status);
        if (!memory.fired) {
            assert_true(nth > 5);          /* there was something to refuse */
            return;
        }
    }
    fail_msg("never the last allocation");
}

#define EACH(scenario) \
    static void scenario##_without_memory(void **state) \
    { \
        (void)state; \
        refuse_each(scenario, false); \
        refuse_each(scenario, true); \
    }

#endif
