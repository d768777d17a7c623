/*
 * The B+tree in memory. A node keeps the first 16 bytes of each key beside it as two integers, so
 * that most steps of a search touch one node and no key. Nodes are never merged: an overlay only
 * grows until it is dropped. See storage/kv_mem.h.
 */
#include "storage/kv_mem.h"

#include <assert.h>
#include <string.h>

#include "core/invariant.h"

enum {
    FANOUT = 32,     /* keys of a node */
    LEVELS_MAX = 16, /* 16^16 rows: never reached */
    HEAD_BYTES = 16,
    SMALL_STEP = 16, /* value classes up to SMALL_MAX go by steps of this */
    SMALL_MAX = 1024,
    LARGE_CLASSES = 9 /* 2 KiB ... 512 KiB */
};

static_assert(DD_KV_MEM_CLASSES == SMALL_MAX / SMALL_STEP + 1 + LARGE_CLASSES, "one list a class");

struct head {
    uint64_t high;
    uint64_t low;
};

struct dd_kv_mem_chunk {
    struct dd_kv_mem_chunk *next;
    size_t class_;
    uint8_t data[];
};

struct row {
    struct dd_kv_mem_chunk *chunk; /* NULL where the value is empty */
    uint32_t value_size;
    uint16_t key_size;
    bool deleted;
    uint8_t key[];
};

/* A leaf has rows and a next leaf. An inner node has count rows as separators (only their keys
 * count, they may be erased by now) and count + 1 children: children[i] holds keys below rows[i].
 */
struct dd_kv_mem_node {
    unsigned count;
    struct dd_kv_mem_node *next;
    struct head heads[FANOUT];
    struct row *rows[FANOUT];
};

struct inner {
    struct dd_kv_mem_node node; /* first, so that a pointer to it is one to the inner */
    struct dd_kv_mem_node *children[FANOUT + 1];
};

struct path {
    struct inner *inner[LEVELS_MAX];
    unsigned child[LEVELS_MAX];
    struct dd_kv_mem_node *leaf;
};

static uint64_t load_be64(const uint8_t *bytes)
{
    uint64_t value = 0;
    for (int i = 0; i < 8; i++)
        value = value << 8 | bytes[i];
    return value;
}

static struct head head_of(struct dd_slice key)
{
    uint8_t bytes[HEAD_BYTES] = {0};
    if (key.size > 0)
        memcpy(bytes, key.data, key.size < HEAD_BYTES ? key.size : HEAD_BYTES);
    return (struct head){load_be64(bytes), load_be64(bytes + 8)};
}

/* Order of two keys whose heads are equal. The heads are padded with zeros, so where one key ends
 * within its head it is a prefix of the other, and the sizes decide. */
static int compare_rest(const struct row *row, struct dd_slice key)
{
    if (row->key_size > HEAD_BYTES && key.size > HEAD_BYTES) {
        size_t shorter = row->key_size < key.size ? row->key_size : key.size;
        int order = memcmp(row->key + HEAD_BYTES, key.data + HEAD_BYTES, shorter - HEAD_BYTES);
        if (order != 0)
            return order;
    }
    return (row->key_size > key.size) - (row->key_size < key.size);
}

static int compare(const struct dd_kv_mem_node *node, unsigned i, struct head head,
                   struct dd_slice key)
{
    if (node->heads[i].high != head.high)
        return node->heads[i].high < head.high ? -1 : 1;
    if (node->heads[i].low != head.low)
        return node->heads[i].low < head.low ? -1 : 1;
    return compare_rest(node->rows[i], key);
}

/* How many keys of the node are below the key; with `or_equal`, not above it. */
static unsigned rank(const struct dd_kv_mem_node *node, struct head head, struct dd_slice key,
                     bool or_equal)
{
    unsigned low = 0;
    unsigned high = node->count;
    while (low < high) {
        unsigned middle = (low + high) / 2;
        int order = compare(node, middle, head, key);
        if (order < 0 || (or_equal && order == 0))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct dd_kv_mem_node *leaf_of(const struct dd_kv_mem *mem, struct head head,
                                      struct dd_slice key, struct path *path)
{
    struct dd_kv_mem_node *node = mem->root;
    for (unsigned level = 0; level < mem->inner_levels; level++) {
        struct inner *inner = (struct inner *)node;
        unsigned child = rank(node, head, key, true);
        if (path) {
            path->inner[level] = inner;
            path->child[level] = child;
        }
        node = inner->children[child];
    }
    return node;
}

/* ---- memory of values ---- */

static size_t class_of(size_t size)
{
    if (size <= SMALL_MAX)
        return (size + SMALL_STEP - 1) / SMALL_STEP;
    size_t class_ = SMALL_MAX / SMALL_STEP + 1;
    for (size_t bytes = 2 * (size_t)SMALL_MAX; bytes < size; bytes *= 2)
        class_++;
    DD_ASSERT(class_ < DD_KV_MEM_CLASSES);
    return class_;
}

static size_t class_bytes(size_t class_)
{
    const size_t small = SMALL_MAX / SMALL_STEP;
    return class_ <= small ? class_ * SMALL_STEP : (size_t)SMALL_MAX << (class_ - small);
}

static struct dd_kv_mem_chunk *chunk_take(struct dd_kv_mem *mem, size_t size)
{
    size_t class_ = class_of(size);
    struct dd_kv_mem_chunk *chunk = mem->spare[class_];
    if (chunk) {
        mem->spare[class_] = chunk->next;
        return chunk;
    }
    chunk = dd_arena_take(&mem->arena, sizeof *chunk + class_bytes(class_));
    if (chunk)
        chunk->class_ = class_;
    return chunk;
}

static void chunk_to_limbo(struct dd_kv_mem *mem, struct dd_kv_mem_chunk *chunk)
{
    if (!chunk)
        return;
    chunk->next = mem->limbo;
    mem->limbo = chunk;
}

void dd_kv_mem_settle(struct dd_kv_mem *mem)
{
    while (mem->limbo) {
        struct dd_kv_mem_chunk *chunk = mem->limbo;
        mem->limbo = chunk->next;
        chunk->next = mem->spare[chunk->class_];
        mem->spare[chunk->class_] = chunk;
    }
}

/* ---- writing ---- */

void dd_kv_mem_init(struct dd_kv_mem *mem, size_t limit_bytes)
{
    *mem = (struct dd_kv_mem){.arena = dd_arena_make(limit_bytes)};
}

void dd_kv_mem_clear(struct dd_kv_mem *mem)
{
    size_t limit_bytes = mem->arena.limit_bytes;
    dd_arena_free(&mem->arena);
    dd_kv_mem_init(mem, limit_bytes);
}

static void put_key(struct dd_kv_mem_node *node, unsigned at, struct head head, struct row *row)
{
    size_t after = node->count - at;
    memmove(node->heads + at + 1, node->heads + at, after * sizeof node->heads[0]);
    memmove(node->rows + at + 1, node->rows + at, after * sizeof node->rows[0]);
    node->heads[at] = head;
    node->rows[at] = row;
    node->count++;
}

static void move_keys(struct dd_kv_mem_node *to, struct dd_kv_mem_node *from, unsigned first)
{
    unsigned count = from->count - first;
    memcpy(to->heads, from->heads + first, count * sizeof to->heads[0]);
    memcpy(to->rows, from->rows + first, count * sizeof to->rows[0]);
    to->count = count;
    from->count = first;
}

/* Where a full node is cut: in the middle, but keys that come in order leave full nodes behind. */
static unsigned cut_of(unsigned at)
{
    return at == FANOUT ? FANOUT : FANOUT / 2;
}

static struct row *split_leaf(struct dd_kv_mem_node *left, struct dd_kv_mem_node *right,
                              unsigned at, struct head head, struct row *row)
{
    unsigned cut = cut_of(at);
    move_keys(right, left, cut);
    right->next = left->next;
    left->next = right;
    if (at < cut)
        put_key(left, at, head, row);
    else
        put_key(right, at - cut, head, row);
    return right->rows[0];
}

static void put_child(struct inner *inner, unsigned at, struct row *separator,
                      struct dd_kv_mem_node *child)
{
    size_t after = inner->node.count - at;
    memmove(inner->children + at + 2, inner->children + at + 1, after * sizeof inner->children[0]);
    inner->children[at + 1] = child;
    put_key(&inner->node, at, head_of((struct dd_slice){separator->key, separator->key_size}),
            separator);
}

/* Cuts a full inner node, puts the separator and its child where they belong, and returns the
 * separator between both halves, which neither of them keeps. */
static struct row *split_inner(struct inner *left, struct inner *right, unsigned at,
                               struct row *separator, struct dd_kv_mem_node *child)
{
    unsigned cut = at == FANOUT ? FANOUT - 1 : FANOUT / 2;
    struct row *between = left->node.rows[cut];
    move_keys(&right->node, &left->node, cut + 1);
    memcpy(right->children, left->children + cut + 1,
           (right->node.count + 1) * sizeof right->children[0]);
    left->node.count = cut;
    if (at <= cut)
        put_child(left, at, separator, child);
    else
        put_child(right, at - cut - 1, separator, child);
    return between;
}

/* The nodes that an insert will need, taken before anything is changed. */
struct new_nodes {
    struct dd_kv_mem_node *leaf;
    struct inner *inner[LEVELS_MAX + 1]; /* from the lowest level up */
};

static bool take_nodes(struct dd_kv_mem *mem, const struct path *path, struct new_nodes *nodes)
{
    *nodes = (struct new_nodes){0};
    if (path->leaf->count < FANOUT)
        return true;
    nodes->leaf = dd_arena_take(&mem->arena, sizeof *nodes->leaf);
    if (!nodes->leaf)
        return false;
    for (unsigned taken = 0; taken <= mem->inner_levels; taken++) {
        bool root = taken == mem->inner_levels;
        if (!root && path->inner[mem->inner_levels - 1 - taken]->node.count < FANOUT)
            break;
        nodes->inner[taken] = dd_arena_take(&mem->arena, sizeof *nodes->inner[taken]);
        if (!nodes->inner[taken])
            return false;
    }
    return true;
}

static void grow_root(struct dd_kv_mem *mem, struct inner *root, struct row *separator,
                      struct dd_kv_mem_node *right)
{
    DD_ASSERT(mem->inner_levels < LEVELS_MAX);
    root->children[0] = mem->root;
    put_child(root, 0, separator, right);
    mem->root = &root->node;
    mem->inner_levels++;
}

static void insert_splitting(struct dd_kv_mem *mem, const struct path *path, unsigned at,
                             struct head head, struct row *row, const struct new_nodes *nodes)
{
    struct row *separator = split_leaf(path->leaf, nodes->leaf, at, head, row);
    struct dd_kv_mem_node *right = nodes->leaf;
    unsigned taken = 0;
    for (unsigned level = mem->inner_levels; level > 0; level--) {
        struct inner *inner = path->inner[level - 1];
        if (inner->node.count < FANOUT) {
            put_child(inner, path->child[level - 1], separator, right);
            return;
        }
        struct inner *half = nodes->inner[taken++];
        separator = split_inner(inner, half, path->child[level - 1], separator, right);
        right = &half->node;
    }
    grow_root(mem, nodes->inner[taken], separator, right);
}

static struct row *row_new(struct dd_kv_mem *mem, struct dd_slice key)
{
    struct row *row = dd_arena_take(&mem->arena, sizeof *row + key.size);
    if (row) {
        row->key_size = (uint16_t)key.size;
        memcpy(row->key, key.data, key.size);
    }
    return row;
}

/* The row under the key, made empty if there is none. NULL without memory. */
static struct row *row_at(struct dd_kv_mem *mem, struct dd_slice key)
{
    struct head head = head_of(key);
    struct path path = {0};
    struct new_nodes nodes;
    if (!mem->root)
        mem->root = dd_arena_take(&mem->arena, sizeof *mem->root);
    if (!mem->root)
        return NULL;
    path.leaf = leaf_of(mem, head, key, &path);
    unsigned at = rank(path.leaf, head, key, false);
    if (at < path.leaf->count && compare(path.leaf, at, head, key) == 0)
        return path.leaf->rows[at];
    struct row *row = row_new(mem, key);
    if (!row || !take_nodes(mem, &path, &nodes))
        return NULL;
    if (nodes.leaf)
        insert_splitting(mem, &path, at, head, row, &nodes);
    else
        put_key(path.leaf, at, head, row);
    mem->rows++;
    return row;
}

static enum dd_status write_row(struct dd_kv_mem *mem, struct dd_slice key, struct dd_slice value,
                                bool deleted)
{
    DD_ASSERT(key.size > 0 && key.size <= DD_KV_KEY_BYTES_MAX);
    struct dd_kv_mem_chunk *chunk = NULL;
    if (value.size > 0) {
        chunk = chunk_take(mem, value.size);
        if (!chunk)
            return DD_NO_MEMORY;
        memcpy(chunk->data, value.data, value.size);
    }
    struct row *row = row_at(mem, key);
    if (!row) {
        chunk_to_limbo(mem, chunk);
        return DD_NO_MEMORY;
    }
    chunk_to_limbo(mem, row->chunk);
    row->chunk = chunk;
    row->value_size = (uint32_t)value.size;
    row->deleted = deleted;
    return DD_OK;
}

enum dd_status dd_kv_mem_put(struct dd_kv_mem *mem, struct dd_slice key, struct dd_slice value)
{
    return write_row(mem, key, value, false);
}

enum dd_status dd_kv_mem_del(struct dd_kv_mem *mem, struct dd_slice key)
{
    return write_row(mem, key, (struct dd_slice){NULL, 0}, true);
}

void dd_kv_mem_erase(struct dd_kv_mem *mem, struct dd_slice key)
{
    if (!mem->root)
        return;
    struct head head = head_of(key);
    struct dd_kv_mem_node *leaf = leaf_of(mem, head, key, NULL);
    unsigned at = rank(leaf, head, key, false);
    if (at == leaf->count || compare(leaf, at, head, key) != 0)
        return;
    chunk_to_limbo(mem, leaf->rows[at]->chunk);
    size_t after = leaf->count - at - 1;
    memmove(leaf->heads + at, leaf->heads + at + 1, after * sizeof leaf->heads[0]);
    memmove(leaf->rows + at, leaf->rows + at + 1, after * sizeof leaf->rows[0]);
    leaf->count--;
    mem->rows--;
}

/* ---- reading ---- */

static struct dd_kv_row row_out(const struct row *row)
{
    static const uint8_t nothing[1];
    return (struct dd_kv_row){
        .key = {row->key, row->key_size},
        .value = {row->chunk ? row->chunk->data : nothing, row->value_size},
        .deleted = row->deleted,
    };
}

bool dd_kv_mem_find(const struct dd_kv_mem *mem, struct dd_slice key, struct dd_kv_row *row)
{
    if (!mem->root)
        return false;
    struct head head = head_of(key);
    const struct dd_kv_mem_node *leaf = leaf_of(mem, head, key, NULL);
    unsigned at = rank(leaf, head, key, false);
    if (at == leaf->count || compare(leaf, at, head, key) != 0)
        return false;
    *row = row_out(leaf->rows[at]);
    return true;
}

/* Past the end of a leaf the place is the next leaf that has rows (an erase may empty one). */
static void skip_empty(struct dd_kv_mem_at *at)
{
    while (at->leaf && at->index >= at->leaf->count) {
        at->leaf = at->leaf->next;
        at->index = 0;
    }
}

struct dd_kv_mem_at dd_kv_mem_seek(const struct dd_kv_mem *mem, struct dd_slice from)
{
    struct dd_kv_mem_at at = {NULL, 0};
    if (!mem->root)
        return at;
    struct head head = head_of(from);
    at.leaf = leaf_of(mem, head, from, NULL);
    at.index = rank(at.leaf, head, from, false);
    skip_empty(&at);
    return at;
}

bool dd_kv_mem_row(const struct dd_kv_mem_at *at, struct dd_kv_row *row)
{
    if (!at->leaf)
        return false;
    *row = row_out(at->leaf->rows[at->index]);
    return true;
}

void dd_kv_mem_step(struct dd_kv_mem_at *at)
{
    DD_ASSERT(at->leaf);
    at->index++;
    skip_empty(at);
}

static bool view_get(void *self, struct dd_slice key, struct dd_slice *value)
{
    struct dd_kv_row row;
    if (!dd_kv_mem_find(self, key, &row) || row.deleted)
        return false;
    *value = row.value;
    return true;
}

static bool view_next(void *self, struct dd_slice from, struct dd_slice *key,
                      struct dd_slice *value)
{
    struct dd_kv_mem_at at = dd_kv_mem_seek(self, from);
    struct dd_kv_row row;
    while (dd_kv_mem_row(&at, &row)) {
        if (!row.deleted) {
            *key = row.key;
            *value = row.value;
            return true;
        }
        dd_kv_mem_step(&at);
    }
    return false;
}

struct dd_kv dd_kv_mem_view(struct dd_kv_mem *mem)
{
    return (struct dd_kv){.self = mem, .get = view_get, .next = view_next};
}
