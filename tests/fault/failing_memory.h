/*
 * An allocator for tests that refuses one request, or every request from one on; it counts what it gave. Each new block
 * is filled with 0xA5, so that memory taken for zeroed without being so is seen.
 */
#ifndef TESTS_FAILING_MEMORY_H
#define TESTS_FAILING_MEMORY_H

#include "lang/arena.h"

struct failing_memory {
    size_t live;      /* blocks not released */
    size_t requests;  /* so far */
    size_t refused;   /* of them */
    size_t refuse_at; /* the request that is refused, from 1; 0: none */
    bool for_ever;    /* and all those after it */
    size_t largest;   /* request */
};

/* A `delib_resize`; the context is a struct failing_memory. */
void *failing_resize(void *context, void *block, size_t size);
struct allocator failing_allocator(struct failing_memory *memory);

#endif
