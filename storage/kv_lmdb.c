/* The LMDB environment, its traps fenced. See storage/kv_lmdb.h. */
#include "storage/kv_lmdb.h"

#include <errno.h>
#include <fcntl.h>
#include <lmdb.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "core/invariant.h"

enum {
    READERS_MAX = 1024,
    FULL_BYTES = 4 * 1024 * 1024 /* with less left on the disk, a short write means a full disk */
};

struct dd_kv_lmdb {
    MDB_env *env;
    MDB_dbi dbi;
    int folder;
    enum dd_status dead; /* not DD_OK after a write whose outcome is unknown */
};

struct dd_kv_lmdb_snapshot {
    struct dd_kv_lmdb *db;
    MDB_txn *txn;
    MDB_cursor *cursor;
    bool live;
    enum dd_status error;
};

static enum dd_status status_of(int rc)
{
    switch (rc) {
    case 0:
        return DD_OK;
    case MDB_MAP_FULL:
    case MDB_TXN_FULL:
    case ENOSPC:
    case EDQUOT:
        return DD_NO_SPACE;
    case ENOMEM:
        return DD_NO_MEMORY;
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
    case MDB_INVALID:
    case MDB_VERSION_MISMATCH:
    case MDB_INCOMPATIBLE:
        return DD_CORRUPT;
    default:
        return DD_IO;
    }
}

/* ---- the environment ---- */

/* The folder, made if it is not there and then synced in its parent. */
static enum dd_status open_folder(const char *path, int *folder)
{
    bool made = mkdir(path, 0700) == 0;
    if (!made && errno != EEXIST)
        return status_of(errno);
    *folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (*folder < 0)
        return status_of(errno);
    if (!made)
        return DD_OK;
    int parent = openat(*folder, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (parent < 0)
        return DD_IO;
    int failed = fsync(parent);
    close(parent);
    return failed ? DD_IO : DD_OK;
}

/* Touching a page beyond the end of a file that was cut is a SIGBUS: look before. */
static enum dd_status check_file_size(MDB_env *env)
{
    MDB_envinfo info;
    MDB_stat shape;
    struct stat file;
    mdb_filehandle_t fd;
    if (mdb_env_get_fd(env, &fd) != 0 || fstat(fd, &file) != 0)
        return DD_IO;
    /* Both metas are there: the opening itself has read them, and not through the map. */
    if (mdb_env_stat(env, &shape) != 0 || mdb_env_info(env, &info) != 0)
        return DD_IO;
    uint64_t pages = (uint64_t)info.me_last_pgno + 1;
    return (uint64_t)file.st_size < pages * shape.ms_psize ? DD_CORRUPT : DD_OK;
}

static enum dd_status open_database(struct dd_kv_lmdb *db)
{
    MDB_txn *txn;
    int rc = mdb_txn_begin(db->env, NULL, MDB_RDONLY, &txn);
    if (rc != 0)
        return status_of(rc);
    rc = mdb_dbi_open(txn, NULL, 0, &db->dbi);
    if (rc == 0)
        rc = mdb_txn_commit(txn);
    else
        mdb_txn_abort(txn);
    return status_of(rc);
}

static enum dd_status open_env(struct dd_kv_lmdb *db, const char *path, uint64_t map_bytes)
{
    int rc = mdb_env_create(&db->env);
    if (rc != 0) {
        db->env = NULL;
        return status_of(rc);
    }
    rc = mdb_env_set_mapsize(db->env, map_bytes ? map_bytes : DD_KV_LMDB_MAP_BYTES);
    if (rc == 0)
        rc = mdb_env_set_maxreaders(db->env, READERS_MAX);
    if (rc == 0)
        rc = mdb_env_open(db->env, path, MDB_NOTLS, 0600);
    if (rc != 0)
        return status_of(rc);
    enum dd_status status = check_file_size(db->env);
    if (status == DD_OK)
        status = dd_kv_lmdb_reader_check(db);
    if (status == DD_OK)
        status = open_database(db);
    /* The names of new files are to outlive a power loss as their bytes do. */
    if (status == DD_OK && fsync(db->folder) != 0)
        status = DD_IO;
    return status;
}

enum dd_status dd_kv_lmdb_open(const char *path, uint64_t map_bytes, struct dd_kv_lmdb **out)
{
    *out = NULL;
    struct dd_kv_lmdb *db = calloc(1, sizeof *db);
    if (!db)
        return DD_NO_MEMORY;
    db->folder = -1;
    enum dd_status status = open_folder(path, &db->folder);
    if (status == DD_OK)
        status = open_env(db, path, map_bytes);
    if (status != DD_OK)
        dd_kv_lmdb_close(db);
    else
        *out = db;
    return status;
}

void dd_kv_lmdb_close(struct dd_kv_lmdb *db)
{
    if (!db)
        return;
    if (db->env)
        mdb_env_close(db->env);
    if (db->folder >= 0)
        close(db->folder);
    free(db);
}

enum dd_status dd_kv_lmdb_remove(const char *path)
{
    enum dd_status status = DD_OK;
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return errno == ENOENT ? DD_OK : DD_IO;
    if (unlinkat(folder, "data.mdb", 0) != 0 && errno != ENOENT)
        status = DD_IO;
    if (unlinkat(folder, "lock.mdb", 0) != 0 && errno != ENOENT)
        status = DD_IO;
    if (fsync(folder) != 0)
        status = DD_IO;
    close(folder);
    return status;
}

enum dd_status dd_kv_lmdb_reader_check(struct dd_kv_lmdb *db)
{
    int dead;
    return status_of(mdb_reader_check(db->env, &dead));
}

/* ---- writing ---- */

static MDB_val val_of(struct dd_slice slice)
{
    return (MDB_val){.mv_size = slice.size, .mv_data = (void *)(uintptr_t)slice.data};
}

static int write_one(MDB_cursor *cursor, const struct dd_kv_row *row)
{
    MDB_val key = val_of(row->key);
    MDB_val value = val_of(row->value);
    if (!row->deleted)
        return mdb_cursor_put(cursor, &key, &value, 0);
    int rc = mdb_cursor_get(cursor, &key, &value, MDB_SET);
    if (rc == MDB_NOTFOUND)
        return 0;
    return rc == 0 ? mdb_cursor_del(cursor, 0) : rc;
}

static int write_all(struct dd_kv_lmdb *db, MDB_txn *txn, const struct dd_kv_mem *rows)
{
    MDB_cursor *cursor;
    int rc = mdb_cursor_open(txn, db->dbi, &cursor);
    if (rc != 0)
        return rc;
    struct dd_kv_mem_at at = dd_kv_mem_seek(rows, (struct dd_slice){NULL, 0});
    struct dd_kv_row row;
    while (rc == 0 && dd_kv_mem_row(&at, &row)) {
        rc = write_one(cursor, &row);
        dd_kv_mem_step(&at);
    }
    mdb_cursor_close(cursor);
    return rc;
}

/* LMDB says EIO where the disk took only a part of what was written, which is how a full disk shows
 * itself. Nothing is lost by trying again: the pages of an aborted transaction are all written
 * anew. */
static bool disk_is_full(const struct dd_kv_lmdb *db)
{
    struct statvfs disk;
    return fstatvfs(db->folder, &disk) == 0 &&
           (uint64_t)disk.f_bavail * disk.f_frsize < (uint64_t)FULL_BYTES;
}

enum dd_status dd_kv_lmdb_write(struct dd_kv_lmdb *db, const struct dd_kv_mem *rows)
{
    MDB_txn *txn = NULL;
    if (db->dead != DD_OK)
        return DD_IO;
    int rc = mdb_txn_begin(db->env, NULL, 0, &txn);
    if (rc == 0) {
        rc = write_all(db, txn, rows);
        if (rc == 0)
            rc = mdb_txn_commit(txn);
        else
            mdb_txn_abort(txn);
    }
    enum dd_status status = status_of(rc);
    if (rc == EIO && disk_is_full(db))
        status = DD_NO_SPACE;
    if (status != DD_OK && status != DD_NO_SPACE)
        db->dead = status;
    return status;
}

/* ---- snapshots ---- */

enum dd_status dd_kv_lmdb_snapshot_open(struct dd_kv_lmdb *db, struct dd_kv_lmdb_snapshot **out)
{
    *out = NULL;
    struct dd_kv_lmdb_snapshot *snapshot = calloc(1, sizeof *snapshot);
    if (!snapshot)
        return DD_NO_MEMORY;
    snapshot->db = db;
    int rc = mdb_txn_begin(db->env, NULL, MDB_RDONLY, &snapshot->txn);
    if (rc == 0) {
        rc = mdb_cursor_open(snapshot->txn, db->dbi, &snapshot->cursor);
        if (rc != 0)
            mdb_txn_abort(snapshot->txn);
    }
    if (rc != 0) {
        free(snapshot);
        return status_of(rc);
    }
    snapshot->live = true;
    *out = snapshot;
    return DD_OK;
}

void dd_kv_lmdb_snapshot_release(struct dd_kv_lmdb_snapshot *snapshot)
{
    if (snapshot->live)
        mdb_txn_reset(snapshot->txn);
    snapshot->live = false;
}

enum dd_status dd_kv_lmdb_snapshot_renew(struct dd_kv_lmdb_snapshot *snapshot)
{
    dd_kv_lmdb_snapshot_release(snapshot);
    int rc = mdb_txn_renew(snapshot->txn);
    if (rc == 0) {
        snapshot->live = true;
        rc = mdb_cursor_renew(snapshot->txn, snapshot->cursor);
    }
    if (rc != 0 && snapshot->error == DD_OK)
        snapshot->error = status_of(rc);
    return status_of(rc);
}

void dd_kv_lmdb_snapshot_close(struct dd_kv_lmdb_snapshot *snapshot)
{
    if (!snapshot)
        return;
    mdb_cursor_close(snapshot->cursor);
    mdb_txn_abort(snapshot->txn);
    free(snapshot);
}

enum dd_status dd_kv_lmdb_snapshot_error(const struct dd_kv_lmdb_snapshot *snapshot)
{
    return snapshot->error;
}

/* A read's result; any error but "not found" sticks. */
static bool found(struct dd_kv_lmdb_snapshot *snapshot, int rc)
{
    if (rc != 0 && rc != MDB_NOTFOUND && snapshot->error == DD_OK)
        snapshot->error = status_of(rc);
    return rc == 0;
}

static struct dd_slice slice_of(MDB_val val)
{
    return (struct dd_slice){val.mv_data, val.mv_size};
}

static bool snapshot_get(void *self, struct dd_slice key, struct dd_slice *value)
{
    struct dd_kv_lmdb_snapshot *snapshot = self;
    MDB_val sought = val_of(key);
    MDB_val data;
    if (!snapshot->live ||
        !found(snapshot, mdb_cursor_get(snapshot->cursor, &sought, &data, MDB_SET)))
        return false;
    *value = slice_of(data);
    return true;
}

static bool snapshot_next(void *self, struct dd_slice from, struct dd_slice *key,
                          struct dd_slice *value)
{
    struct dd_kv_lmdb_snapshot *snapshot = self;
    MDB_val at = val_of(from);
    MDB_val data;
    MDB_cursor_op op = from.size > 0 ? MDB_SET_RANGE : MDB_FIRST;
    if (!snapshot->live || !found(snapshot, mdb_cursor_get(snapshot->cursor, &at, &data, op)))
        return false;
    *key = slice_of(at);
    *value = slice_of(data);
    return true;
}

struct dd_kv dd_kv_lmdb_view(struct dd_kv_lmdb_snapshot *snapshot)
{
    return (struct dd_kv){.self = snapshot, .get = snapshot_get, .next = snapshot_next};
}
