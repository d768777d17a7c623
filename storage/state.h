/*
 * The state as the core sees it: rows of LMDB, seen through one snapshot, under the rows written
 * since (an overlay in memory), which a flush brings to LMDB from time to time together with the
 * cursor: how far in the log the rows in LMDB are. Without a path everything stays in memory, for
 * tests and the simulator. Knows keys and bytes, not what rows say; never reads the journal.
 *
 * Threads: one thread, the writer, calls everything but dd_state_flush, which one other thread may
 * run between the writer's freeze and its flushed, and the snapshots, of which each serves one
 * thread at a time. A state in memory serves one thread alone.
 */
#ifndef DD_STORAGE_STATE_H
#define DD_STORAGE_STATE_H

#include "core/status.h"
#include "core/view.h"
#include "storage/merkle.h"

/* Changes whenever rows are laid out differently; the state is then rebuilt from the journal. */
enum { DD_STATE_FORMAT = 2 };

/* What the overlays may take together; beyond it writes fail with DD_NO_MEMORY. */
#define DD_STATE_OVERLAY_BYTES_MAX ((size_t)4 * 1024 * 1024 * 1024)

/* How far in the log rows are. All zero: before the first entry. */
struct dd_cursor {
    uint64_t next_seq;           /* the first entry that is not in the rows */
    int64_t last_received_at_ms; /* of the entry before */
    struct dd_merkle log;        /* the tree over the entries before */
};

struct dd_state;
struct dd_snapshot;

/* Opens the state in the folder path (made if it is not there), or one in memory if path is NULL.
 * map_bytes as dd_kv_lmdb_open's: 0 is the default. *out is the caller's until close.
 * DD_FORMAT: written under another state format; wipe it and replay. DD_CORRUPT: cut or foreign
 * files or no cursor; likewise. DD_IO, DD_NO_SPACE, DD_NO_MEMORY. On failure *out is NULL. */
enum dd_status dd_state_open(const char *path, uint64_t map_bytes, struct dd_state **out);

/* Closes, forgetting what was not flushed; every snapshot must be closed before. NULL is fine. */
void dd_state_close(struct dd_state *state);

/* Removes the state in the folder, which nobody has open, so that it can be rebuilt. None there is
 * fine. DD_IO. */
enum dd_status dd_state_wipe(const char *path);

/* The rows to read and write. Slices that get and next hand out hold until the next settle, freeze,
 * flushed or close, also where the row is written over meanwhile. A key whose parts do not fit
 * their widths is not found, and may not be written. Borrows the state. */
struct dd_view dd_state_view(struct dd_state *state);

/* Tells that a batch is over: slices handed out are dead, and memory of rows written over is used
 * again. Not calling it costs memory only. */
void dd_state_settle(struct dd_state *state);

/* The first error that a read, a write, a freeze or a renewal met, or DD_OK. Once it is not DD_OK,
 * nothing decided since is to be trusted. */
enum dd_status dd_state_error(const struct dd_state *state);

/* Rows in the overlay that is being written (a removed row counts), and the memory of both
 * overlays. */
size_t dd_state_rows_pending(const struct dd_state *state);
size_t dd_state_bytes_pending(const struct dd_state *state);

/* Freezes the rows written so far as the state at the cursor, for a flush; later writes go to a new
 * overlay. The caller sees to it that the cursor is not ahead of the synced journal. False, and
 * nothing has happened: an overlay is frozen already, or (dd_state_error) there is no memory. */
bool dd_state_freeze(struct dd_state *state, const struct dd_cursor *cursor);

/* Brings the frozen rows to LMDB in one synced transaction, while the writer goes on. DD_NO_SPACE:
 * nothing changed, to be tried again. Any other failure: the process is to stop. */
enum dd_status dd_state_flush(struct dd_state *state);

/* After a flush that gave DD_OK, on the writer's thread: moves to the rows in LMDB and drops the
 * frozen ones. DD_IO: sticky, too. */
enum dd_status dd_state_flushed(struct dd_state *state);

/* Where the rows in LMDB are, as of open or the last flushed. */
void dd_state_cursor(const struct dd_state *state, struct dd_cursor *cursor);

/* Frees the reader slots of threads and processes that died. Any thread. DD_IO. */
enum dd_status dd_state_reader_check(struct dd_state *state);

/* A reader's snapshot of the rows in LMDB. *out is the caller's until close, before the state's.
 * DD_NO_MEMORY, DD_IO, DD_CORRUPT. (In memory it shows the last flushed rows at any time; renew
 * only moves the cursor.) */
enum dd_status dd_snapshot_open(struct dd_state *state, struct dd_snapshot **out);
void dd_snapshot_close(struct dd_snapshot *snapshot);

/* Lets go of the rows; to be called before any wait. Slices handed out are dead, reads find
 * nothing. */
void dd_snapshot_release(struct dd_snapshot *snapshot);

/* Moves to the rows and the cursor that are in LMDB now. DD_IO, DD_CORRUPT. */
enum dd_status dd_snapshot_renew(struct dd_snapshot *snapshot);

/* The rows to read; writing through it is a bug. Slices hold until release, renew or close. */
struct dd_view dd_snapshot_view(struct dd_snapshot *snapshot);

/* The cursor of the snapshot. Borrowed, holds until renew or close. */
const struct dd_cursor *dd_snapshot_cursor(const struct dd_snapshot *snapshot);

/* The first error that a read met, or DD_OK. */
enum dd_status dd_snapshot_error(const struct dd_snapshot *snapshot);

/* SHA-256 over all core rows in key order: u32 key length, key, u32 value length, value. What
 * dd_snapshot_error gives afterwards. */
enum dd_status dd_snapshot_digest(struct dd_snapshot *snapshot, uint8_t out[DD_HASH_BYTES]);

#endif
