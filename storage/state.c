/* Overlays over LMDB or memory, and snapshots. See storage/state.h. */
#include "storage/state.h"

#include <stdlib.h>
#include <string.h>

#include "core/hash.h"
#include "core/invariant.h"
#include "core/limits.h"
#include "storage/key.h"
#include "storage/kv_lmdb.h"
#include "storage/kv_mem.h"
#include "storage/kv_overlay.h"

/* Rows of the state itself, under a table byte that no core table has. */
static const uint8_t format_key[] = {0x00, 'f'};
static const uint8_t cursor_key[] = {0x00, 'c'};

enum { CURSOR_BYTES_MAX = 16 + DD_MERKLE_BYTES_MAX };

struct dd_state {
    struct dd_kv_lmdb *db;             /* NULL in memory */
    struct dd_kv_lmdb_snapshot *below; /* NULL in memory */
    struct dd_kv_mem base;             /* in memory: what LMDB would hold */
    struct dd_kv_mem maps[2];          /* the overlays, taking turns */
    struct dd_kv_mem *active;
    struct dd_kv_mem *frozen; /* NULL if none */
    struct dd_kv_overlay overlay;
    struct dd_kv rows; /* all layers */
    struct dd_cursor cursor;
    bool flushed; /* by dd_state_flush, for dd_state_flushed */
    enum dd_status error;
};

struct dd_snapshot {
    struct dd_state *state;
    struct dd_kv_lmdb_snapshot *lmdb; /* NULL in memory */
    struct dd_kv rows;
    struct dd_cursor cursor;
};

/* ---- system rows ---- */

static struct dd_slice format_slice(void)
{
    return (struct dd_slice){format_key, sizeof format_key};
}

static struct dd_slice cursor_slice(void)
{
    return (struct dd_slice){cursor_key, sizeof cursor_key};
}

static enum dd_status put_system_rows(struct dd_kv_mem *mem, const struct dd_cursor *cursor)
{
    uint8_t bytes[CURSOR_BYTES_MAX];
    struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
    dd_write_u32(&w, DD_STATE_FORMAT);
    enum dd_status status = dd_kv_mem_put(mem, format_slice(), dd_writer_slice(&w));
    if (status != DD_OK)
        return status;
    w = dd_writer_make(bytes, sizeof bytes);
    dd_write_u64(&w, cursor->next_seq);
    dd_write_i64(&w, cursor->last_received_at_ms);
    dd_merkle_encode(&cursor->log, &w);
    DD_ASSERT(!w.overflow);
    return dd_kv_mem_put(mem, cursor_slice(), dd_writer_slice(&w));
}

/* Rows without a format, and a format without a cursor, were not written by this program. */
static enum dd_status read_system_rows(struct dd_kv rows, struct dd_cursor *cursor)
{
    struct dd_slice key, value;
    *cursor = (struct dd_cursor){0};
    if (!rows.get(rows.self, format_slice(), &value)) {
        bool empty = !rows.next(rows.self, (struct dd_slice){NULL, 0}, &key, &value);
        return empty ? DD_OK : DD_CORRUPT;
    }
    struct dd_reader r = dd_reader_make(value);
    uint32_t format = dd_read_u32(&r);
    if (!dd_reader_done(&r))
        return DD_CORRUPT;
    if (format != DD_STATE_FORMAT)
        return DD_FORMAT;
    if (!rows.get(rows.self, cursor_slice(), &value))
        return DD_CORRUPT;
    r = dd_reader_make(value);
    cursor->next_seq = dd_read_u64(&r);
    cursor->last_received_at_ms = dd_read_i64(&r);
    return dd_merkle_decode(&r, &cursor->log) && dd_reader_done(&r) ? DD_OK : DD_CORRUPT;
}

/* ---- open and close ---- */

static enum dd_status open_below(struct dd_state *state, const char *path, uint64_t map_bytes)
{
    if (!path) {
        dd_kv_mem_init(&state->base, SIZE_MAX / 4);
        state->overlay.below = dd_kv_mem_view(&state->base);
        return DD_OK;
    }
    enum dd_status status = dd_kv_lmdb_open(path, map_bytes, &state->db);
    if (status == DD_OK)
        status = dd_kv_lmdb_snapshot_open(state->db, &state->below);
    if (status != DD_OK)
        return status;
    state->overlay.below = dd_kv_lmdb_view(state->below);
    status = read_system_rows(state->overlay.below, &state->cursor);
    enum dd_status read = dd_kv_lmdb_snapshot_error(state->below);
    return read != DD_OK ? read : status;
}

enum dd_status dd_state_open(const char *path, uint64_t map_bytes, struct dd_state **out)
{
    *out = NULL;
    struct dd_state *state = calloc(1, sizeof *state);
    if (!state)
        return DD_NO_MEMORY;
    dd_kv_mem_init(&state->maps[0], DD_STATE_OVERLAY_BYTES_MAX / 2);
    dd_kv_mem_init(&state->maps[1], DD_STATE_OVERLAY_BYTES_MAX / 2);
    state->active = &state->maps[0];
    state->overlay.active = state->active;
    state->rows = dd_kv_overlay_view(&state->overlay);
    enum dd_status status = open_below(state, path, map_bytes);
    if (status != DD_OK)
        dd_state_close(state);
    else
        *out = state;
    return status;
}

void dd_state_close(struct dd_state *state)
{
    if (!state)
        return;
    dd_kv_lmdb_snapshot_close(state->below);
    dd_kv_lmdb_close(state->db);
    dd_kv_mem_clear(&state->maps[0]);
    dd_kv_mem_clear(&state->maps[1]);
    dd_kv_mem_clear(&state->base);
    free(state);
}

enum dd_status dd_state_wipe(const char *path)
{
    return dd_kv_lmdb_remove(path);
}

/* ---- the core's view ---- */

static bool rows_get(struct dd_kv rows, const struct dd_key *key, struct dd_slice *value)
{
    uint8_t bytes[DD_KEY_BYTES_MAX];
    if (!dd_key_fits(key))
        return false;
    return rows.get(rows.self, (struct dd_slice){bytes, dd_key_encode(key, bytes)}, value);
}

static bool rows_next(struct dd_kv rows, const struct dd_key *from, struct dd_key *found,
                      struct dd_slice *value)
{
    uint8_t bytes[DD_KEY_BYTES_MAX];
    struct dd_slice key;
    struct dd_key decoded;
    if (!dd_key_fits(from))
        return false;
    if (!rows.next(rows.self, (struct dd_slice){bytes, dd_key_encode(from, bytes)}, &key, value))
        return false;
    if (!dd_key_decode(key, &decoded) || decoded.table != from->table)
        return false;
    *found = decoded;
    return true;
}

static void stick(struct dd_state *state, enum dd_status status)
{
    if (state->error == DD_OK)
        state->error = status;
}

static bool state_get(void *self, const struct dd_key *key, struct dd_slice *value)
{
    return rows_get(((struct dd_state *)self)->rows, key, value);
}

static bool state_next(void *self, const struct dd_key *from, struct dd_key *found,
                       struct dd_slice *value)
{
    return rows_next(((struct dd_state *)self)->rows, from, found, value);
}

static void state_put(void *self, const struct dd_key *key, struct dd_slice value)
{
    struct dd_state *state = self;
    uint8_t bytes[DD_KEY_BYTES_MAX];
    DD_ASSERT(value.size <= DD_VALUE_BYTES_MAX);
    struct dd_slice encoded = {bytes, dd_key_encode(key, bytes)};
    stick(state, dd_kv_mem_put(state->active, encoded, value));
}

static void state_del(void *self, const struct dd_key *key)
{
    struct dd_state *state = self;
    uint8_t bytes[DD_KEY_BYTES_MAX];
    struct dd_slice encoded = {bytes, dd_key_encode(key, bytes)};
    stick(state, dd_kv_mem_del(state->active, encoded));
}

struct dd_view dd_state_view(struct dd_state *state)
{
    return (struct dd_view){
        .self = state, .get = state_get, .put = state_put, .del = state_del, .next = state_next};
}

void dd_state_settle(struct dd_state *state)
{
    dd_kv_mem_settle(state->active);
}

enum dd_status dd_state_error(const struct dd_state *state)
{
    if (state->error != DD_OK || !state->below)
        return state->error;
    return dd_kv_lmdb_snapshot_error(state->below);
}

/* ---- flushing ---- */

size_t dd_state_rows_pending(const struct dd_state *state)
{
    return state->active->rows;
}

size_t dd_state_bytes_pending(const struct dd_state *state)
{
    return state->maps[0].arena.used_bytes + state->maps[1].arena.used_bytes;
}

bool dd_state_freeze(struct dd_state *state, const struct dd_cursor *cursor)
{
    if (state->frozen)
        return false;
    enum dd_status status = put_system_rows(state->active, cursor);
    if (status != DD_OK) {
        stick(state, status);
        return false;
    }
    state->frozen = state->active;
    state->active = state->frozen == &state->maps[0] ? &state->maps[1] : &state->maps[0];
    state->overlay.frozen = state->frozen;
    state->overlay.active = state->active;
    state->flushed = false;
    return true;
}

enum dd_status dd_state_flush(struct dd_state *state)
{
    DD_ASSERT(state->frozen && !state->flushed);
    enum dd_status status = state->db ? dd_kv_lmdb_write(state->db, state->frozen) : DD_OK;
    state->flushed = status == DD_OK;
    return status;
}

/* In memory: what a flush would have written goes to the base. */
static enum dd_status merge_to_base(struct dd_state *state)
{
    struct dd_kv_mem_at at = dd_kv_mem_seek(state->frozen, (struct dd_slice){NULL, 0});
    struct dd_kv_row row;
    enum dd_status status = DD_OK;
    while (status == DD_OK && dd_kv_mem_row(&at, &row)) {
        if (row.deleted)
            dd_kv_mem_erase(&state->base, row.key);
        else
            status = dd_kv_mem_put(&state->base, row.key, row.value);
        dd_kv_mem_step(&at);
    }
    dd_kv_mem_settle(&state->base);
    return status;
}

enum dd_status dd_state_flushed(struct dd_state *state)
{
    DD_ASSERT(state->frozen && state->flushed);
    enum dd_status status =
        state->db ? dd_kv_lmdb_snapshot_renew(state->below) : merge_to_base(state);
    if (status == DD_OK)
        status = read_system_rows(state->overlay.below, &state->cursor);
    if (status != DD_OK) {
        stick(state, status);
        return status;
    }
    dd_kv_mem_clear(state->frozen);
    state->frozen = NULL;
    state->overlay.frozen = NULL;
    return DD_OK;
}

void dd_state_cursor(const struct dd_state *state, struct dd_cursor *cursor)
{
    *cursor = state->cursor;
}

enum dd_status dd_state_reader_check(struct dd_state *state)
{
    return state->db ? dd_kv_lmdb_reader_check(state->db) : DD_OK;
}

/* ---- snapshots ---- */

enum dd_status dd_snapshot_open(struct dd_state *state, struct dd_snapshot **out)
{
    *out = NULL;
    struct dd_snapshot *snapshot = calloc(1, sizeof *snapshot);
    if (!snapshot)
        return DD_NO_MEMORY;
    snapshot->state = state;
    enum dd_status status = DD_OK;
    if (state->db) {
        status = dd_kv_lmdb_snapshot_open(state->db, &snapshot->lmdb);
        snapshot->rows = dd_kv_lmdb_view(snapshot->lmdb);
    } else {
        snapshot->rows = dd_kv_mem_view(&state->base);
    }
    if (status == DD_OK)
        status = read_system_rows(snapshot->rows, &snapshot->cursor);
    if (status != DD_OK)
        dd_snapshot_close(snapshot);
    else
        *out = snapshot;
    return status;
}

void dd_snapshot_close(struct dd_snapshot *snapshot)
{
    if (!snapshot)
        return;
    dd_kv_lmdb_snapshot_close(snapshot->lmdb);
    free(snapshot);
}

void dd_snapshot_release(struct dd_snapshot *snapshot)
{
    if (snapshot->lmdb)
        dd_kv_lmdb_snapshot_release(snapshot->lmdb);
}

enum dd_status dd_snapshot_renew(struct dd_snapshot *snapshot)
{
    enum dd_status status = DD_OK;
    if (snapshot->lmdb)
        status = dd_kv_lmdb_snapshot_renew(snapshot->lmdb);
    if (status == DD_OK)
        status = read_system_rows(snapshot->rows, &snapshot->cursor);
    return status;
}

static bool snapshot_get(void *self, const struct dd_key *key, struct dd_slice *value)
{
    return rows_get(((struct dd_snapshot *)self)->rows, key, value);
}

static bool snapshot_next(void *self, const struct dd_key *from, struct dd_key *found,
                          struct dd_slice *value)
{
    return rows_next(((struct dd_snapshot *)self)->rows, from, found, value);
}

static void snapshot_put(void *self, const struct dd_key *key, struct dd_slice value)
{
    const bool snapshot_is_for_reading = false;
    (void)self;
    (void)key;
    (void)value;
    DD_ASSERT(snapshot_is_for_reading);
}

static void snapshot_del(void *self, const struct dd_key *key)
{
    snapshot_put(self, key, (struct dd_slice){NULL, 0});
}

struct dd_view dd_snapshot_view(struct dd_snapshot *snapshot)
{
    return (struct dd_view){.self = snapshot,
                            .get = snapshot_get,
                            .put = snapshot_put,
                            .del = snapshot_del,
                            .next = snapshot_next};
}

const struct dd_cursor *dd_snapshot_cursor(const struct dd_snapshot *snapshot)
{
    return &snapshot->cursor;
}

enum dd_status dd_snapshot_error(const struct dd_snapshot *snapshot)
{
    return snapshot->lmdb ? dd_kv_lmdb_snapshot_error(snapshot->lmdb) : DD_OK;
}

static void add_sized(struct dd_sha256_stream *stream, struct dd_slice bytes)
{
    uint8_t size[4];
    struct dd_writer w = dd_writer_make(size, sizeof size);
    dd_write_u32(&w, (uint32_t)bytes.size);
    dd_sha256_add(stream, dd_writer_slice(&w));
    dd_sha256_add(stream, bytes);
}

enum dd_status dd_snapshot_digest(struct dd_snapshot *snapshot, uint8_t out[DD_HASH_BYTES])
{
    uint8_t from[DD_KV_KEY_BYTES_MAX + 1] = {DD_TABLE_META};
    size_t from_size = 1;
    struct dd_kv rows = snapshot->rows;
    struct dd_slice key, value;
    struct dd_sha256_stream stream;
    dd_sha256_begin(&stream);
    while (rows.next(rows.self, (struct dd_slice){from, from_size}, &key, &value)) {
        add_sized(&stream, key);
        add_sized(&stream, value);
        memcpy(from, key.data, key.size);
        from[key.size] = 0; /* the smallest key after this one */
        from_size = key.size + 1;
    }
    dd_sha256_end(&stream, out);
    return dd_snapshot_error(snapshot);
}
