/*
 * An allocator for tests that refuses one request, or every request from one on; it counts what it gave.
 */
#ifndef TESTS_FAILING_MEMORY_H
#define TESTS_FAILING_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

struct failing_memory {
    size_t live;      /* blocks not released */
    size_t requests;  /* so far */
    size_t refused;   /* of them */
    size_t refuse_at; /* the request that is refused, from 1; 0: none */
    bool for_ever;    /* and all those after it */
};

/* A `delib_resize`; the context is a struct failing_memory. */
void *failing_resize(void *context, void *block, size_t size);

#endif
