/*
 * An allocator for tests: counts the blocks that live, and refuses on demand. Each block is filled with 0xA5, so that
 * memory taken for zeroed without being so is seen.
 */
#ifndef TESTS_COUNTED_MEMORY_H
#define TESTS_COUNTED_MEMORY_H

#include "lang/arena.h"

struct counted_memory {
    size_t live;             /* blocks not released */
    size_t calls;            /* requests for memory */
    size_t refuse_from;      /* requests are refused from this one on; 0: never */
    size_t largest;          /* largest request */
};

struct allocator counted_allocator(struct counted_memory *memory);

#endif
