/*
 * Memory of one lifetime: what is allocated together is released together.
 *
 * Source, tree and program each own an arena; so does a session. Exhaustion is sticky: after the first refused
 * allocation every later one returns NULL, and the caller looks at `exhausted` once per pass.
 */
#ifndef LANG_ARENA_H
#define LANG_ARENA_H

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
};

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
