/* The arena: a chain of blocks. See core/arena.h. */
#include "core/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_BYTES = 64 * 1024 }; /* a larger wish gets a block of its own size */

struct dd_arena_block {
    struct dd_arena_block *older;
    size_t size_bytes;
    size_t used_bytes;
    alignas(max_align_t) uint8_t data[];
};

struct dd_arena dd_arena_make(size_t limit_bytes)
{
    return (struct dd_arena){.blocks = NULL, .used_bytes = 0, .limit_bytes = limit_bytes};
}

static size_t round_up(size_t size)
{
    const size_t step = alignof(max_align_t);

    return (size + step - 1) / step * step;
}

static struct dd_arena_block *block_new(size_t wanted_bytes)
{
    size_t size_bytes = wanted_bytes > BLOCK_BYTES ? wanted_bytes : BLOCK_BYTES;
    struct dd_arena_block *block = malloc(sizeof *block + size_bytes);

    if (block)
        *block = (struct dd_arena_block){.size_bytes = size_bytes};
    return block;
}

void *dd_arena_take(struct dd_arena *arena, size_t size)
{
    struct dd_arena_block *block = arena->blocks;

    if (size > SIZE_MAX / 2) /* rounding up, or the block's head, could wrap */
        return NULL;
    /* Nothing asked still gets a place of its own. */
    size_t taken = round_up(size > 0 ? size : 1);
    if (taken > arena->limit_bytes - arena->used_bytes)
        return NULL;
    if (!block || taken > block->size_bytes - block->used_bytes) {
        block = block_new(taken);
        if (!block)
            return NULL;
        block->older = arena->blocks;
        arena->blocks = block;
    }
    void *place = block->data + block->used_bytes;
    block->used_bytes += taken;
    arena->used_bytes += taken;
    return memset(place, 0, size);
}

static void free_chain(struct dd_arena_block *block)
{
    while (block) {
        struct dd_arena_block *older = block->older;
        free(block);
        block = older;
    }
}

void dd_arena_reset(struct dd_arena *arena)
{
    arena->used_bytes = 0;
    if (!arena->blocks)
        return;
    free_chain(arena->blocks->older);
    arena->blocks->older = NULL;
    arena->blocks->used_bytes = 0;
}

void dd_arena_free(struct dd_arena *arena)
{
    free_chain(arena->blocks);
    arena->blocks = NULL;
    arena->used_bytes = 0;
}
