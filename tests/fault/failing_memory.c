/*
 * An allocator for tests: see failing_memory.h.
 */
#include "failing_memory.h"

#include <stdlib.h>
#include <string.h>

void *failing_resize(void *context, void *block, size_t size)
{
    struct failing_memory *memory = context;
    void *resized;

    if (size == 0) {
        memory->live -= block != NULL;
        free(block);
        return NULL;
    }
    memory->requests++;
    if (size > memory->largest)
        memory->largest = size;
    if (memory->refuse_at &&
        (memory->for_ever ? memory->requests >= memory->refuse_at : memory->requests == memory->refuse_at)) {
        memory->refused++;
        return NULL;
    }
    resized = realloc(block, size);
    if (resized && !block) {
        memory->live++;
        memset(resized, 0xA5, size);
    }
    return resized;
}

struct allocator failing_allocator(struct failing_memory *memory)
{
    return (struct allocator){ failing_resize, memory };
}
