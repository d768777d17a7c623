/*
 * Rows over rows: a map being written, over a frozen one (or none) that is on its way to disk, over
 * the rows below. A tombstone above hides a row below. Reads only.
 */
#ifndef DD_STORAGE_KV_OVERLAY_H
#define DD_STORAGE_KV_OVERLAY_H

#include "storage/kv_mem.h"

/* Caller-owned; borrows what it points to. */
struct dd_kv_overlay {
    const struct dd_kv_mem *active;
    const struct dd_kv_mem *frozen; /* may be NULL */
    struct dd_kv below;
};

/* The merged rows. Slices are borrowed from the layer that they lie in. Borrows the overlay. */
struct dd_kv dd_kv_overlay_view(struct dd_kv_overlay *overlay);

#endif
