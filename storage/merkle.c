/* RFC 6962 §2.1 hashing, incremental. See storage/merkle.h. */
#include "storage/merkle.h"

#include <string.h>

#include "core/hash.h"
#include "core/invariant.h"

static void node_hash(const uint8_t *left, const uint8_t *right, uint8_t out[DD_HASH_BYTES])
{
    dd_sha256_pair(0x01, (struct dd_slice){left, DD_HASH_BYTES},
                   (struct dd_slice){right, DD_HASH_BYTES}, out);
}

void dd_merkle_leaf(struct dd_slice data, uint8_t out[DD_HASH_BYTES])
{
    dd_sha256_pair(0x00, data, (struct dd_slice){NULL, 0}, out);
}

void dd_merkle_append_hash(struct dd_merkle *tree, const uint8_t leaf[DD_HASH_BYTES])
{
    DD_ASSERT(tree->size < UINT64_MAX);
    uint8_t hash[DD_HASH_BYTES];
    memcpy(hash, leaf, sizeof hash);
    unsigned level = 0;
    for (; tree->size >> level & 1U; level++)
        node_hash(tree->hash[level], hash, hash);
    memcpy(tree->hash[level], hash, sizeof hash);
    tree->size++;
}

void dd_merkle_append(struct dd_merkle *tree, struct dd_slice data)
{
    uint8_t leaf[DD_HASH_BYTES];
    dd_merkle_leaf(data, leaf);
    dd_merkle_append_hash(tree, leaf);
}

void dd_merkle_root(const struct dd_merkle *tree, uint8_t out[DD_HASH_BYTES])
{
    bool first = true;
    if (tree->size == 0)
        dd_sha256((struct dd_slice){NULL, 0}, out);
    for (unsigned level = 0; level < DD_MERKLE_LEVELS; level++) {
        if (!(tree->size >> level & 1U))
            continue;
        if (first)
            memcpy(out, tree->hash[level], DD_HASH_BYTES);
        else
            node_hash(tree->hash[level], out, out);
        first = false;
    }
}

void dd_merkle_encode(const struct dd_merkle *tree, struct dd_writer *w)
{
    dd_write_u64(w, tree->size);
    for (unsigned level = 0; level < DD_MERKLE_LEVELS; level++) {
        if (tree->size >> level & 1U)
            dd_write_raw(w, tree->hash[level], DD_HASH_BYTES);
    }
}

bool dd_merkle_decode(struct dd_reader *r, struct dd_merkle *tree)
{
    *tree = (struct dd_merkle){0};
    uint64_t size = dd_read_u64(r);
    for (unsigned level = 0; level < DD_MERKLE_LEVELS; level++) {
        if (size >> level & 1U)
            dd_read_raw(r, tree->hash[level], DD_HASH_BYTES);
    }
    if (r->broken) {
        *tree = (struct dd_merkle){0};
        return false;
    }
    tree->size = size;
    return true;
}
