/*
 * Numbers at random for tests, the same at each run (xorshift64). Included once, by the file that has the tests; a test
 * may set the seed.
 */
#ifndef TESTS_DRAW_H
#define TESTS_DRAW_H

#include <stdint.h>

static uint64_t seed = 88172645463325252u;

/* From 0 to n - 1. */
static inline uint64_t draw(uint64_t n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed % n;
}

#endif
