/*
 * The allocator of every arena of the server.
 */
#include "sable_memory.h"

#include <stdlib.h>

static void *resize(void *context, void *block, size_t size)
{
    (void)context;
    if (size)
        return realloc(block, size);
    free(block);
    return NULL;
}

struct allocator sable_allocator(void)
{
    return (struct allocator){ resize, NULL };
}
