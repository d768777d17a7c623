/* The merge of up to three layers. See storage/kv_overlay.h. */
#include "storage/kv_overlay.h"

#include <string.h>

#include "core/invariant.h"

static bool overlay_get(void *self, struct dd_slice key, struct dd_slice *value)
{
    const struct dd_kv_overlay *overlay = self;
    struct dd_kv_row row;
    bool found = dd_kv_mem_find(overlay->active, key, &row) ||
                 (overlay->frozen && dd_kv_mem_find(overlay->frozen, key, &row));
    if (!found)
        return overlay->below.get(overlay->below.self, key, value);
    if (!row.deleted)
        *value = row.value;
    return !row.deleted;
}

/* One layer of the merge: its row now, if it has one left. */
struct layer {
    struct dd_kv_mem_at at; /* of a map */
    struct dd_kv_row row;
    bool has;
};

enum { ACTIVE, FROZEN, BELOW, LAYERS };

static struct layer mem_layer(const struct dd_kv_mem *mem, struct dd_slice from)
{
    struct layer layer = {0};
    if (mem) {
        layer.at = dd_kv_mem_seek(mem, from);
        layer.has = dd_kv_mem_row(&layer.at, &layer.row);
    }
    return layer;
}

static void below_seek(const struct dd_kv *below, struct layer *layer, struct dd_slice from)
{
    layer->row.deleted = false;
    layer->has = below->next(below->self, from, &layer->row.key, &layer->row.value);
}

static void below_step(const struct dd_kv *below, struct layer *layer)
{
    uint8_t successor[DD_KV_KEY_BYTES_MAX + 1];
    struct dd_slice key = layer->row.key;
    DD_ASSERT(key.size <= DD_KV_KEY_BYTES_MAX);
    memcpy(successor, key.data, key.size);
    successor[key.size] = 0;
    below_seek(below, layer, (struct dd_slice){successor, key.size + 1});
}

static void step(const struct dd_kv_overlay *overlay, struct layer *layer, bool below)
{
    if (below) {
        below_step(&overlay->below, layer);
        return;
    }
    dd_kv_mem_step(&layer->at);
    layer->has = dd_kv_mem_row(&layer->at, &layer->row);
}

/* The layer with the smallest key, the upper one of equals; LAYERS if all are at their end. */
static int smallest(const struct layer layers[LAYERS])
{
    int best = LAYERS;
    for (int i = 0; i < LAYERS; i++) {
        if (!layers[i].has)
            continue;
        if (best == LAYERS || dd_slice_compare(layers[i].row.key, layers[best].row.key) < 0)
            best = i;
    }
    return best;
}

static bool overlay_next(void *self, struct dd_slice from, struct dd_slice *key,
                         struct dd_slice *value)
{
    const struct dd_kv_overlay *overlay = self;
    struct layer layers[LAYERS] = {
        [ACTIVE] = mem_layer(overlay->active, from),
        [FROZEN] = mem_layer(overlay->frozen, from),
    };
    below_seek(&overlay->below, &layers[BELOW], from);
    for (int best = smallest(layers); best != LAYERS; best = smallest(layers)) {
        struct dd_kv_row row = layers[best].row;
        if (!row.deleted) {
            *key = row.key;
            *value = row.value;
            return true;
        }
        for (int i = LAYERS - 1; i >= best; i--) {
            if (layers[i].has && dd_slice_equal(layers[i].row.key, row.key))
                step(overlay, &layers[i], i == BELOW);
        }
    }
    return false;
}

struct dd_kv dd_kv_overlay_view(struct dd_kv_overlay *overlay)
{
    return (struct dd_kv){.self = overlay, .get = overlay_get, .next = overlay_next};
}
