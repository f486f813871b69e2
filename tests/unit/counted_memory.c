/*
 * An allocator for tests: see counted_memory.h.
 */
#include "counted_memory.h"

#include <stdlib.h>
#include <string.h>

static void *counted_resize(void *context, void *block, size_t size)
{
    struct counted_memory *memory = context;
    void *resized;

    if (size == 0) {
        memory->live -= block != NULL;
        free(block);
        return NULL;
    }
    memory->calls++;
    if (size > memory->largest)
        memory->largest = size;
    if (memory->refuse_from && memory->calls >= memory->refuse_from)
        return NULL;
    resized = realloc(block, size);
    if (resized && !block) {
        memory->live++;
        memset(resized, 0xA5, size);
    }
    return resized;
}

struct allocator counted_allocator(struct counted_memory *memory)
{
    return (struct allocator){ counted_resize, memory };
}
