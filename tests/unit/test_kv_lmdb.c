/* What only LMDB promises: rows outlive the process, snapshots stand still, bad files are refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "storage/kv_lmdb.h"
#include "tests/lib/fault_folder.h"

static struct fault_folder folder;

static int make_folder(void **unused)
{
    (void)unused;
    fault_folder_make(&folder);
    return 0;
}

static int remove_folder(void **unused)
{
    (void)unused;
    fault_folder_remove(&folder);
    return 0;
}

static struct dd_kv_lmdb *open_db(uint64_t map_bytes)
{
    struct dd_kv_lmdb *db;
    assert_int_equal(dd_kv_lmdb_open(folder.path, map_bytes, &db), DD_OK);
    return db;
}

/* Rows "00000" ... with values of value_bytes, or tombstones. */
static enum dd_status write_rows(struct dd_kv_lmdb *db, int count, size_t value_bytes, bool deleted)
{
    static uint8_t value[4096];
    struct dd_kv_mem rows;
    dd_kv_mem_init(&rows, SIZE_MAX / 2);
    memset(value, 'v', sizeof value);
    for (int i = 0; i < count; i++) {
        char key[16];
        (void)snprintf(key, sizeof key, "%05d", i);
        enum dd_status status =
            deleted ? dd_kv_mem_del(&rows, dd_slice_of(key))
                    : dd_kv_mem_put(&rows, dd_slice_of(key), (struct dd_slice){value, value_bytes});
        assert_int_equal(status, DD_OK);
    }
    enum dd_status status = dd_kv_lmdb_write(db, &rows);
    dd_kv_mem_clear(&rows);
    return status;
}

static size_t value_size(struct dd_kv_lmdb_snapshot *snapshot, const char *key)
{
    struct dd_kv view = dd_kv_lmdb_view(snapshot);
    struct dd_slice value;
    return view.get(view.self, dd_slice_of(key), &value) ? value.size : 0;
}

static void kv_lmdb_rows_are_there_after_a_reopen(void **unused)
{
    (void)unused;
    struct dd_kv_lmdb *db = open_db(0);
    assert_int_equal(write_rows(db, 1000, 100, false), DD_OK);
    dd_kv_lmdb_close(db);
    struct dd_kv_lmdb_snapshot *snapshot;
    db = open_db(0);
    assert_int_equal(dd_kv_lmdb_snapshot_open(db, &snapshot), DD_OK);
    assert_int_equal(value_size(snapshot, "00999"), 100);
    assert_int_equal(value_size(snapshot, "01000"), 0);
    dd_kv_lmdb_snapshot_close(snapshot);
    dd_kv_lmdb_close(db);
}

static void kv_lmdb_snapshot_stands_still_until_renewed(void **unused)
{
    (void)unused;
    struct dd_kv_lmdb *db = open_db(0);
    struct dd_kv_lmdb_snapshot *old;
    assert_int_equal(write_rows(db, 10, 1, false), DD_OK);
    assert_int_equal(dd_kv_lmdb_snapshot_open(db, &old), DD_OK);
    assert_int_equal(write_rows(db, 10, 2, false), DD_OK);
    assert_int_equal(value_size(old, "00001"), 1);
    dd_kv_lmdb_snapshot_release(old);
    assert_int_equal(value_size(old, "00001"), 0);
    assert_int_equal(dd_kv_lmdb_snapshot_error(old), DD_OK);
    assert_int_equal(dd_kv_lmdb_snapshot_renew(old), DD_OK);
    assert_int_equal(value_size(old, "00001"), 2);
    assert_int_equal(dd_kv_lmdb_reader_check(db), DD_OK);
    assert_int_equal(value_size(old, "00001"), 2);
    dd_kv_lmdb_snapshot_close(old);
    dd_kv_lmdb_close(db);
}

static void kv_lmdb_full_map_changes_nothing_and_may_be_tried_again(void **unused)
{
    (void)unused;
    struct dd_kv_lmdb *db = open_db(1 << 20);
    struct dd_kv_lmdb_snapshot *snapshot;
    assert_int_equal(write_rows(db, 100, 100, false), DD_OK);
    assert_int_equal(write_rows(db, 1000, 4000, false), DD_NO_SPACE);
    assert_int_equal(dd_kv_lmdb_snapshot_open(db, &snapshot), DD_OK);
    assert_int_equal(value_size(snapshot, "00050"), 100);
    assert_int_equal(value_size(snapshot, "00999"), 0);
    dd_kv_lmdb_snapshot_close(snapshot);
    assert_int_equal(write_rows(db, 1000, 4000, false), DD_NO_SPACE);
    assert_int_equal(write_rows(db, 100, 200, false), DD_OK);
    dd_kv_lmdb_close(db);
    db = open_db(16 << 20);
    assert_int_equal(write_rows(db, 1000, 4000, false), DD_OK);
    dd_kv_lmdb_close(db);
}

static void kv_lmdb_deletes_free_their_pages(void **unused)
{
    (void)unused;
    struct dd_kv_lmdb *db = open_db(16 << 20);
    for (int round = 0; round < 6; round++) {
        assert_int_equal(write_rows(db, 1000, 4000, false), DD_OK);
        assert_int_equal(write_rows(db, 1000, 0, true), DD_OK);
    }
    dd_kv_lmdb_close(db);
}

static void kv_lmdb_refuses_a_file_that_was_cut(void **unused)
{
    (void)unused;
    struct dd_kv_lmdb *db = open_db(0);
    assert_int_equal(write_rows(db, 1000, 1000, false), DD_OK);
    dd_kv_lmdb_close(db);
    long long size = fault_file_size(&folder, "data.mdb");
    assert_true(size > 1000 * 1000);
    const long long cuts[] = {size - 1, size / 2, 2 * 4096, 2 * 4096 - 1, 4096, 100, 1};
    for (size_t i = 0; i < sizeof cuts / sizeof cuts[0]; i++) {
        fault_cut(&folder, "data.mdb", (uint64_t)cuts[i]);
        assert_int_equal(dd_kv_lmdb_open(folder.path, 0, &db), DD_CORRUPT);
        assert_null(db);
    }
}

static void kv_lmdb_refuses_a_foreign_file(void **unused)
{
    (void)unused;
    struct dd_kv_lmdb *db = open_db(0);
    dd_kv_lmdb_close(db);
    static const uint8_t noise[8192] = "this is no database";
    fault_poke(&folder, "data.mdb", 0, noise, sizeof noise);
    assert_int_equal(dd_kv_lmdb_open(folder.path, 0, &db), DD_CORRUPT);
}

static void kv_lmdb_remove_leaves_an_empty_environment(void **unused)
{
    (void)unused;
    struct dd_kv_lmdb *db = open_db(0);
    struct dd_kv_lmdb_snapshot *snapshot;
    assert_int_equal(write_rows(db, 10, 10, false), DD_OK);
    dd_kv_lmdb_close(db);
    assert_int_equal(dd_kv_lmdb_remove(folder.path), DD_OK);
    assert_int_equal(dd_kv_lmdb_remove(folder.path), DD_OK);
    assert_int_equal(dd_kv_lmdb_remove("/nonexistent/dondoc"), DD_OK);
    db = open_db(0);
    assert_int_equal(dd_kv_lmdb_snapshot_open(db, &snapshot), DD_OK);
    assert_int_equal(value_size(snapshot, "00001"), 0);
    dd_kv_lmdb_snapshot_close(snapshot);
    dd_kv_lmdb_close(db);
}

static void kv_lmdb_open_fails_where_no_folder_can_be_made(void **unused)
{
    (void)unused;
    struct dd_kv_lmdb *db;
    assert_int_equal(dd_kv_lmdb_open("/nonexistent/a/b", 0, &db), DD_IO);
    assert_null(db);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(kv_lmdb_rows_are_there_after_a_reopen),
        CASE(kv_lmdb_snapshot_stands_still_until_renewed),
        CASE(kv_lmdb_full_map_changes_nothing_and_may_be_tried_again),
        CASE(kv_lmdb_deletes_free_their_pages),
        CASE(kv_lmdb_refuses_a_file_that_was_cut),
        CASE(kv_lmdb_refuses_a_foreign_file),
        CASE(kv_lmdb_remove_leaves_an_empty_environment),
        CASE(kv_lmdb_open_fails_where_no_folder_can_be_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
