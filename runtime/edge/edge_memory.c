/*
 * Memory of the edge: the C library's, behind the same arenas as the core.
 */
#include "edge_base.h"

#include <stdlib.h>
#include <string.h>

static void *edge_resize(void *context, void *block, size_t size)
{
    (void)context;
    if (size == 0) {
        free(block);
        return NULL;
    }
    return realloc(block, size);
}

struct allocator edge_allocator(void)
{
    return (struct allocator){ edge_resize, NULL };
}

void edge_wipe(void *bytes, size_t length)
{
    /* A plain memset before free may be removed by the compiler. */
    volatile unsigned char *byte = bytes;
    while (length-- > 0)
        *byte++ = 0;
}

delib_status edge_status(const struct arena *arena, const struct edge_diagnostics *diagnostics)
{
    if (arena->exhausted)
        return DELIB_NO_MEMORY;
    return diagnostics->count > 0 ? DELIB_INVALID : DELIB_OK;
}

delib_value edge_value_copy(struct arena *arena, const delib_value *value)
{
    delib_value copy = *value;
    copy.text = value_has_text(value) ? arena_copy_text(arena, value->text, strlen(value->text)) : NULL;
    copy.items = NULL;
    copy.names = NULL;
    if (value->count > 0 && (value->kind == DELIB_VALUE_LIST || value->kind == DELIB_VALUE_RECORD)) {
        delib_value *items = arena_array(arena, delib_value, value->count);
        const char **names = value->names ? arena_array(arena, const char *, value->count) : NULL;
        for (size_t i = 0; i < value->count && !arena->exhausted; i++) {
            items[i] = edge_value_copy(arena, &value->items[i]);
            if (names)
                names[i] = arena_copy_text(arena, value->names[i], strlen(value->names[i]));
        }
        copy.items = items;
        copy.names = names;
    }
    if (arena->exhausted)
        copy = (delib_value){ .kind = DELIB_VALUE_ABSENT };
    return copy;
}
