/*
 * Memory of one lifetime: what is allocated together is released together.
 *
 * Source, tree and program share an arena; a session has its own. Exhaustion is sticky. Inside arena_guard() it goes
 * straight back to the guard: what was being built is in the arena, so nothing leaks, and the passes need not look for
 * NULL. Outside, every later allocation returns NULL.
 */
#ifndef LANG_ARENA_H
#define LANG_ARENA_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>

/* realloc-like: size 0 releases and returns NULL. NULL on refusal, the old block being untouched. */
struct allocator {
    void *(*resize)(void *context, void *block, size_t size);
    void *context;
};

struct arena_block;

struct arena {
    struct allocator allocator;
    struct arena_block *blocks;
    size_t used;                /* bytes handed out since the last reset */
    size_t limit;               /* 0: none. Beyond it the arena is exhausted */
    bool exhausted;
    jmp_buf *escape;            /* where to go on exhaustion; NULL: allocations return NULL */
};

/* Runs `body`; false when it returned false or when `arena` ran out of memory in the middle of it. */
bool arena_guard(struct arena *arena, bool (*body)(void *context), void *context);

void arena_init(struct arena *arena, struct allocator allocator, size_t limit);
/* Everything allocated becomes invalid; one block is kept, so a warm session allocates nothing. */
void arena_reset(struct arena *arena);
void arena_release(struct arena *arena);

/* Zeroed memory aligned for any type; NULL once memory has run out. count × size is checked for overflow. */
void *arena_alloc(struct arena *arena, size_t count, size_t size);
/* A NUL-terminated copy. */
char *arena_copy_text(struct arena *arena, const char *bytes, size_t length);

#define arena_new(arena, type) ((type *)arena_alloc((arena), 1, sizeof(type)))
#define arena_array(arena, type, count) ((type *)arena_alloc((arena), (count), sizeof(type)))

/* Grow an array by doubling: returns the place of the new last element, zeroed, or NULL. */
void *arena_push_(struct arena *arena, void **items, size_t *count, size_t *capacity, size_t size);
#define arena_push(arena, list) \
    arena_push_((arena), (void **)&(list)->items, &(list)->count, &(list)->capacity, sizeof(*(list)->items))

#endif
