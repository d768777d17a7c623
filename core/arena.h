/*
 * An arena: memory of one batch, handed out by moving a mark, given back all at once. Bounded:
 * beyond its limit it hands out NULL, which the caller passes up as DD_NO_MEMORY or DD_TOO_LARGE.
 */
#ifndef DD_CORE_ARENA_H
#define DD_CORE_ARENA_H

#include <stddef.h>

struct dd_arena_block;

struct dd_arena {
    struct dd_arena_block *blocks; /* newest first */
    size_t used_bytes;             /* handed out since the last reset */
    size_t limit_bytes;
};

/* An empty arena that hands out at most limit_bytes between resets. Takes no memory yet. */
struct dd_arena dd_arena_make(size_t limit_bytes);

/* `size` zeroed bytes aligned for any object; owned by the arena until reset. NULL at the limit or
 * when the system has no memory. */
void *dd_arena_take(struct dd_arena *arena, size_t size);

/* Takes everything back; keeps one block for the next batch. Pointers handed out are dead. */
void dd_arena_reset(struct dd_arena *arena);

/* Gives all memory back to the system. */
void dd_arena_free(struct dd_arena *arena);

#endif
