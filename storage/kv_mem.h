/*
 * Ordered bytes in memory: a B+tree whose leaves are chained. It remembers removals as tombstones,
 * so that it can lie over other rows, and can also forget rows for good. Memory comes from one
 * arena and goes back all at once; values written over come back earlier, at a settle.
 *
 * One thread writes, and nobody reads meanwhile; while nobody writes any number of threads may
 * read.
 */
#ifndef DD_STORAGE_KV_MEM_H
#define DD_STORAGE_KV_MEM_H

#include "core/arena.h"
#include "core/status.h"
#include "storage/kv.h"

enum {
    DD_KV_MEM_CLASSES = 74, /* sizes of value memory: steps of 16 to 1 KiB, then powers of two */
};

struct dd_kv_mem_node;
struct dd_kv_mem_chunk;

/* Caller-owned; all fields are kv_mem.c's, of which rows and arena.used_bytes may be read. */
struct dd_kv_mem {
    struct dd_arena arena;
    struct dd_kv_mem_node *root;
    unsigned inner_levels;         /* above the leaves */
    size_t rows;                   /* tombstones count */
    struct dd_kv_mem_chunk *limbo; /* written over since the last settle, still readable */
    struct dd_kv_mem_chunk *spare[DD_KV_MEM_CLASSES];
};

/* A row as it lies: key and value borrowed from the map until the row is written over and settled,
 * erased, or the map cleared. */
struct dd_kv_row {
    struct dd_slice key;
    struct dd_slice value;
    bool deleted; /* a tombstone; value is empty */
};

/* A place in the map. Writing to the map makes it invalid. */
struct dd_kv_mem_at {
    const struct dd_kv_mem_node *leaf;
    unsigned index;
};

/* An empty map that takes at most limit_bytes. Takes no memory yet. */
void dd_kv_mem_init(struct dd_kv_mem *mem, size_t limit_bytes);

/* Gives all rows and memory back; the map is then empty and may be used again. */
void dd_kv_mem_clear(struct dd_kv_mem *mem);

/* Writes a row, copying both. The value may be of this map, and what it replaces stays readable
 * until the next settle. DD_NO_MEMORY at the limit: the map is as before. */
enum dd_status dd_kv_mem_put(struct dd_kv_mem *mem, struct dd_slice key, struct dd_slice value);

/* Writes a tombstone. DD_NO_MEMORY as above. */
enum dd_status dd_kv_mem_del(struct dd_kv_mem *mem, struct dd_slice key);

/* Forgets the row or tombstone, if there is one; the memory of its key is not had back before
 * clear. */
void dd_kv_mem_erase(struct dd_kv_mem *mem, struct dd_slice key);

/* From now on values written over before this call are no longer readable: their memory is used
 * anew. */
void dd_kv_mem_settle(struct dd_kv_mem *mem);

/* The row or tombstone under the key; false if there is neither. */
bool dd_kv_mem_find(const struct dd_kv_mem *mem, struct dd_slice key, struct dd_kv_row *row);

/* The place of the first row or tombstone >= from. */
struct dd_kv_mem_at dd_kv_mem_seek(const struct dd_kv_mem *mem, struct dd_slice from);

/* What lies at the place; false at the end. */
bool dd_kv_mem_row(const struct dd_kv_mem_at *at, struct dd_kv_row *row);

/* Moves to the next place; not to be called at the end. */
void dd_kv_mem_step(struct dd_kv_mem_at *at);

/* The map as rows to read, without the tombstones. Borrows the map. */
struct dd_kv dd_kv_mem_view(struct dd_kv_mem *mem);

#endif
