/*
 * Ordered bytes on disk: one LMDB environment with its one unnamed database, read through snapshots
 * and written by sorted batches, each in one synced transaction. The only user of <lmdb.h>.
 *
 * An environment is opened at most once in a process, after any fork; who may open it at all is
 * decided by a lock elsewhere. No flag trades safety for speed.
 */
#ifndef DD_STORAGE_KV_LMDB_H
#define DD_STORAGE_KV_LMDB_H

#include "core/status.h"
#include "storage/kv.h"
#include "storage/kv_mem.h"

/* The map when nothing else is asked: address space, not disk. Fixed once, never grown online. */
#define DD_KV_LMDB_MAP_BYTES ((uint64_t)64 * 1024 * 1024 * 1024)

struct dd_kv_lmdb;
struct dd_kv_lmdb_snapshot;

/* Opens the environment in the folder, making the folder (mode 0700) if it is not there. 0 for
 * map_bytes means DD_KV_LMDB_MAP_BYTES. *out belongs to the caller until close.
 * DD_CORRUPT: the file is shorter than its own pages say, or no LMDB file. DD_IO, DD_NO_SPACE,
 * DD_NO_MEMORY: the system's answer; *out is then NULL. */
enum dd_status dd_kv_lmdb_open(const char *path, uint64_t map_bytes, struct dd_kv_lmdb **out);

/* Closes; every snapshot must be closed before. NULL is fine. */
void dd_kv_lmdb_close(struct dd_kv_lmdb *db);

/* Removes the files of an environment that nobody has open. None there is fine. DD_IO. */
enum dd_status dd_kv_lmdb_remove(const char *path);

/* Frees the slots of readers that died. To be called now and then by any thread. DD_IO. */
enum dd_status dd_kv_lmdb_reader_check(struct dd_kv_lmdb *db);

/* Writes all rows and tombstones in one transaction and syncs it: all or nothing. By one thread at
 * a time. DD_NO_SPACE: the map or the disk is full, nothing changed, may be tried again. Anything
 * else: the outcome is unknown, every later write gives DD_IO, and the process is to stop. */
enum dd_status dd_kv_lmdb_write(struct dd_kv_lmdb *db, const struct dd_kv_mem *rows);

/* A snapshot of what is committed now. It may move between threads but serves one at a time.
 * DD_NO_MEMORY, DD_IO (no reader slot free, too). */
enum dd_status dd_kv_lmdb_snapshot_open(struct dd_kv_lmdb *db, struct dd_kv_lmdb_snapshot **out);

/* Lets go of the rows, keeping the slot: all slices are dead, reads find nothing until renewed. To
 * be called before any wait, since a held snapshot keeps LMDB from using pages again. */
void dd_kv_lmdb_snapshot_release(struct dd_kv_lmdb_snapshot *snapshot);

/* Moves to what is committed now; slices handed out before are dead. DD_IO. */
enum dd_status dd_kv_lmdb_snapshot_renew(struct dd_kv_lmdb_snapshot *snapshot);

void dd_kv_lmdb_snapshot_close(struct dd_kv_lmdb_snapshot *snapshot);

/* The first error that a read met since open, or DD_OK. */
enum dd_status dd_kv_lmdb_snapshot_error(const struct dd_kv_lmdb_snapshot *snapshot);

/* The snapshot as rows to read; slices hold until release, renew or close. Borrows the snapshot. */
struct dd_kv dd_kv_lmdb_view(struct dd_kv_lmdb_snapshot *snapshot);

#endif
