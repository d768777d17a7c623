/*
 * Ordered bytes, read: the interface that kv_mem, kv_lmdb and kv_overlay share. Order is memcmp's,
 * a prefix before its longer continuation. Knows nothing of tables, rows or entries.
 */
#ifndef DD_STORAGE_KV_H
#define DD_STORAGE_KV_H

#include "core/bytes.h"

/* Keys are 1 to this many bytes: what LMDB allows. */
enum { DD_KV_KEY_BYTES_MAX = 511 };

/* A reader of rows. Slices handed out are borrowed for as long as the implementation says. An error
 * of the world is "not there" here and sticky in the implementation. */
struct dd_kv {
    void *self;
    /* The value under the key; false if there is none. */
    bool (*get)(void *self, struct dd_slice key, struct dd_slice *value);
    /* The first row whose key is >= from (which may be empty); false if there is none. */
    bool (*next)(void *self, struct dd_slice from, struct dd_slice *key, struct dd_slice *value);
};

#endif
