/*
 * The tree over the log (RFC 6962, SHA-256), grown leaf by leaf: it keeps one hash for each set bit
 * of its size and gives the root at any time. Knows nothing of what a leaf says or where it is
 * kept.
 */
#ifndef DD_STORAGE_MERKLE_H
#define DD_STORAGE_MERKLE_H

#include "core/bytes.h"

enum {
    DD_HASH_BYTES = 32,
    DD_MERKLE_LEVELS = 64,
    DD_MERKLE_BYTES_MAX = 8 + DD_MERKLE_LEVELS * DD_HASH_BYTES /* the longest encoding */
};

/* All zero is the empty tree. hash[i] counts only where bit i of size is set: the root of a whole
 * subtree of 2^i leaves. */
struct dd_merkle {
    uint64_t size;
    uint8_t hash[DD_MERKLE_LEVELS][DD_HASH_BYTES];
};

/* The hash of a leaf: SHA-256 of 0x00 and the data. */
void dd_merkle_leaf(struct dd_slice data, uint8_t out[DD_HASH_BYTES]);

/* Appends a leaf by its data, or by the hash that dd_merkle_leaf gave. */
void dd_merkle_append(struct dd_merkle *tree, struct dd_slice data);
void dd_merkle_append_hash(struct dd_merkle *tree, const uint8_t leaf[DD_HASH_BYTES]);

/* The root over all leaves so far; the empty tree gives SHA-256 of nothing. */
void dd_merkle_root(const struct dd_merkle *tree, uint8_t out[DD_HASH_BYTES]);

/* Writes the size and the hashes that count, lowest first. Overflow is the writer's. */
void dd_merkle_encode(const struct dd_merkle *tree, struct dd_writer *w);

/* Reads what encode wrote; false (and the empty tree) if the bytes end early. Leaves further bytes
 * to the caller. */
bool dd_merkle_decode(struct dd_reader *r, struct dd_merkle *tree);

#endif
