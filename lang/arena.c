/*
 * Memory of one lifetime, in blocks of 64 KiB or more taken from an allocator. What it holds is left to others.
 */
#include "arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <string.h>

enum { BLOCK_SIZE = 64 * 1024, BLOCK_GROWTH_LIMIT = 1024 * 1024 };

struct arena_block {
    struct arena_block *next;
    size_t used, size;                   /* of `bytes` */
    alignas(max_align_t) unsigned char bytes[];
};

void arena_init(struct arena *arena, struct allocator allocator, size_t limit)
{
    *arena = (struct arena){ .allocator = allocator, .limit = limit };
}

static void block_free(struct arena *arena, struct arena_block *block)
{
    arena->allocator.resize(arena->allocator.context, block, 0);
}

/* The largest block is the one kept: a session that repeats the same work ends up needing no other. */
void arena_reset(struct arena *arena)
{
    struct arena_block *kept = NULL, *next;

    for (struct arena_block *block = arena->blocks; block; block = next) {
        struct arena_block *dropped = block;

        next = block->next;
        if (!kept || block->size > kept->size) {
            dropped = kept;
            kept = block;
        }
        if (dropped)
            block_free(arena, dropped);
    }
    if (kept) {
        kept->next = NULL;
        kept->used = 0;
    }
    arena->blocks = kept;
    arena->used = 0;
    arena->exhausted = false;
}

void arena_release(struct arena *arena)
{
    struct arena_block *next;

    for (struct arena_block *block = arena->blocks; block; block = next) {
        next = block->next;
        block_free(arena, block);
    }
    arena->blocks = NULL;
    arena->used = 0;
    arena->exhausted = false;
}

/* Twice what is in use: the largest block, kept by a reset, soon holds a whole round of work (of 1 MiB at most). */
static size_t block_size_for(const struct arena *arena, size_t bytes)
{
    size_t size = arena->used < BLOCK_GROWTH_LIMIT / 2 ? arena->used * 2 : BLOCK_GROWTH_LIMIT;

    if (size < BLOCK_SIZE)
        size = BLOCK_SIZE;
    return bytes > size ? bytes : size;
}

static struct arena_block *block_new(struct arena *arena, size_t bytes)
{
    size_t size = block_size_for(arena, bytes);
    struct arena_block *block, *first = arena->blocks;

    if (size > SIZE_MAX - sizeof(*block))
        return NULL;
    block = arena->allocator.resize(arena->allocator.context, NULL, sizeof(*block) + size);
    if (!block)
        return NULL;
    block->used = 0;
    block->size = size;
    /* A block that one request fills goes second: the room left in the first one stays in use. */
    if (first && size - bytes < first->size - first->used) {
        block->next = first->next;
        first->next = block;
    } else {
        block->next = first;
        arena->blocks = block;
    }
    return block;
}

static bool round_up(size_t count, size_t size, size_t *bytes)
{
    const size_t align = alignof(max_align_t);

    if (size && count > (SIZE_MAX - align) / size)
        return false;
    *bytes = (count * size + align - 1) / align * align;
    if (*bytes == 0)
        *bytes = align;                  /* an empty array has an address of its own, too */
    return true;
}

void *arena_alloc(struct arena *arena, size_t count, size_t size)
{
    struct arena_block *block = arena->blocks;
    size_t bytes;
    void *place;

    if (arena->exhausted && arena->escape)
        longjmp(*arena->escape, 1);
    if (arena->exhausted)
        return NULL;
    if (!round_up(count, size, &bytes) || bytes > SIZE_MAX - arena->used
        || (arena->limit && arena->used + bytes > arena->limit))
        goto exhausted;
    if (!block || bytes > block->size - block->used)
        block = block_new(arena, bytes);
    if (!block)
        goto exhausted;
    place = block->bytes + block->used;
    block->used += bytes;
    arena->used += bytes;
    return memset(place, 0, bytes);

exhausted:
    arena->exhausted = true;
    if (arena->escape)
        longjmp(*arena->escape, 1);
    return NULL;
}

char *arena_copy_text(struct arena *arena, const char *bytes, size_t length)
{
    char *copy = length < SIZE_MAX ? arena_alloc(arena, length + 1, 1) : NULL;

    if (copy && length)
        memcpy(copy, bytes, length);
    return copy;
}

static bool grow(struct arena *arena, void **items, size_t count, size_t *capacity, size_t size)
{
    size_t wanted = *capacity ? *capacity * 2 : 4;      /* no overflow: what exists fills at most half the memory */
    void *old, *grown = arena_alloc(arena, wanted, size);

    if (!grown)
        return false;
    memcpy(&old, items, sizeof(old));    /* `items` is a pointer to some other pointer type: read it as bytes */
    if (count)
        memcpy(grown, old, count * size);
    memcpy(items, &grown, sizeof(grown));
    *capacity = wanted;
    return true;
}

void *arena_push_(struct arena *arena, void **items, size_t *count, size_t *capacity, size_t size)
{
    unsigned char *base;

    if (arena->exhausted)
        return NULL;
    if (*count == *capacity && !grow(arena, items, *count, capacity, size))
        return NULL;
    memcpy(&base, items, sizeof(base));
    return memset(base + (*count)++ * size, 0, size);
}

bool arena_guard(struct arena *arena, bool (*body)(void *context), void *context)
{
    jmp_buf *volatile outer = arena->escape;
    volatile bool done = false;
    jmp_buf here;

    if (setjmp(here) == 0) {
        arena->escape = &here;
        done = body(context);
    }
    arena->escape = outer;
    return done && !arena->exhausted;
}
