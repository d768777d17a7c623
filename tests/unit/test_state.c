/* The state: the core's view, flushing, snapshots, the digest; on LMDB and in memory alike. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "core/hash.h"
#include "storage/kv_lmdb.h"
#include "storage/state.h"
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

static struct dd_state *open_state(const char *path)
{
    struct dd_state *state;
    assert_int_equal(dd_state_open(path, 0, &state), DD_OK);
    return state;
}

static struct dd_key unit(uint64_t number)
{
    return (struct dd_key){.table = DD_TABLE_UNIT, .part = {number}};
}

static void put(struct dd_state *state, uint64_t number, const char *value)
{
    struct dd_view view = dd_state_view(state);
    struct dd_key key = unit(number);
    view.put(view.self, &key, dd_slice_of(value));
}

static void del(struct dd_state *state, uint64_t number)
{
    struct dd_view view = dd_state_view(state);
    struct dd_key key = unit(number);
    view.del(view.self, &key);
}

/* NULL stands for no row. */
static void assert_row(struct dd_view view, uint64_t number, const char *value)
{
    struct dd_key key = unit(number);
    struct dd_slice got;
    assert_int_equal(view.get(view.self, &key, &got), value != NULL);
    if (value)
        assert_true(dd_slice_equal(got, dd_slice_of(value)));
}

/* The first unit >= from; UINT64_MAX stands for none. */
static uint64_t next_unit(struct dd_view view, uint64_t from)
{
    struct dd_key key = unit(from), found;
    struct dd_slice got;
    if (!view.next(view.self, &key, &found, &got))
        return UINT64_MAX;
    assert_int_equal(found.table, DD_TABLE_UNIT);
    return found.part[0];
}

static struct dd_cursor cursor_at(uint64_t seq)
{
    struct dd_cursor cursor = {.next_seq = seq, .last_received_at_ms = -5 + (int64_t)seq};
    for (uint64_t i = 0; i < seq; i++)
        dd_merkle_append(&cursor.log, dd_slice_of("entry"));
    return cursor;
}

static void flush(struct dd_state *state, uint64_t seq)
{
    struct dd_cursor cursor = cursor_at(seq);
    assert_true(dd_state_freeze(state, &cursor));
    assert_int_equal(dd_state_flush(state), DD_OK);
    assert_int_equal(dd_state_flushed(state), DD_OK);
}

static void digest(struct dd_state *state, uint8_t out[DD_HASH_BYTES])
{
    struct dd_snapshot *snapshot;
    assert_int_equal(dd_snapshot_open(state, &snapshot), DD_OK);
    assert_int_equal(dd_snapshot_digest(snapshot, out), DD_OK);
    dd_snapshot_close(snapshot);
}

static void state_reads_its_own_writes(const char *path)
{
    struct dd_state *state = open_state(path);
    struct dd_view view = dd_state_view(state);
    assert_row(view, 1, NULL);
    put(state, 1, "one");
    put(state, 2, "two");
    del(state, 1);
    del(state, 9);
    assert_row(view, 1, NULL);
    assert_row(view, 2, "two");
    assert_int_equal(next_unit(view, 0), 2);
    assert_int_equal(next_unit(view, 3), UINT64_MAX);
    assert_int_equal(dd_state_rows_pending(state), 3);
    assert_int_equal(dd_state_error(state), DD_OK);
    dd_state_close(state);
}

static void state_reads_its_own_writes_on_disk(void **unused)
{
    (void)unused;
    state_reads_its_own_writes(folder.path);
}

static void state_reads_its_own_writes_in_memory(void **unused)
{
    (void)unused;
    state_reads_its_own_writes(NULL);
}

static void state_next_stays_in_its_table(void **unused)
{
    (void)unused;
    struct dd_state *state = open_state(NULL);
    struct dd_view view = dd_state_view(state);
    struct dd_key group = {.table = DD_TABLE_GROUP, .part = {7}};
    struct dd_key code = {.table = DD_TABLE_UNIT_CODE, .tail = dd_slice_of("so-noi-vu")}, found;
    struct dd_slice got;
    view.put(view.self, &group, dd_slice_of("g"));
    view.put(view.self, &code, dd_slice_of("c"));
    assert_int_equal(next_unit(view, 0), UINT64_MAX);
    code.tail = dd_slice_of("so");
    assert_true(view.next(view.self, &code, &found, &got));
    assert_true(dd_slice_equal(found.tail, dd_slice_of("so-noi-vu")));
    flush(state, 1);
    assert_int_equal(next_unit(view, 0), UINT64_MAX);
    group.part[0] = 0;
    assert_true(view.next(view.self, &group, &found, &got));
    assert_int_equal(found.part[0], 7);
    dd_state_close(state);
}

static void state_key_that_does_not_fit_is_not_found(void **unused)
{
    (void)unused;
    struct dd_state *state = open_state(NULL);
    struct dd_view view = dd_state_view(state);
    put(state, UINT32_MAX, "last");
    assert_row(view, UINT32_MAX, "last");
    assert_row(view, (uint64_t)UINT32_MAX + 1, NULL);
    assert_int_equal(next_unit(view, (uint64_t)UINT32_MAX + 1), UINT64_MAX);
    dd_state_close(state);
}

static void state_value_read_holds_while_the_row_is_written_over(void **unused)
{
    (void)unused;
    struct dd_state *state = open_state(folder.path);
    struct dd_view view = dd_state_view(state);
    struct dd_key key = unit(1);
    struct dd_slice old;
    put(state, 1, "old");
    assert_true(view.get(view.self, &key, &old));
    for (int i = 0; i < 1000; i++)
        put(state, 1, "new");
    assert_true(dd_slice_equal(old, dd_slice_of("old")));
    dd_state_settle(state);
    size_t pending = dd_state_bytes_pending(state);
    for (int i = 0; i < 1000; i++) {
        put(state, 1, "wax");
        dd_state_settle(state);
    }
    assert_int_equal(dd_state_bytes_pending(state), pending);
    assert_row(view, 1, "wax");
    dd_state_close(state);
}

/* ---- flushing ---- */

static void state_on_disk_is_what_was_flushed(void **unused)
{
    (void)unused;
    struct dd_cursor cursor, expected = cursor_at(7);
    struct dd_state *state = open_state(folder.path);
    dd_state_cursor(state, &cursor);
    assert_int_equal(cursor.next_seq, 0);
    put(state, 1, "one");
    flush(state, 7);
    put(state, 2, "two");
    dd_state_close(state);
    state = open_state(folder.path);
    assert_row(dd_state_view(state), 1, "one");
    assert_row(dd_state_view(state), 2, NULL);
    dd_state_cursor(state, &cursor);
    assert_int_equal(cursor.next_seq, 7);
    assert_int_equal(cursor.last_received_at_ms, 2);
    uint8_t root[DD_HASH_BYTES], expected_root[DD_HASH_BYTES];
    dd_merkle_root(&cursor.log, root);
    dd_merkle_root(&expected.log, expected_root);
    assert_memory_equal(root, expected_root, sizeof root);
    dd_state_close(state);
}

static void state_is_seen_whole_while_it_is_flushed(const char *path)
{
    struct dd_state *state = open_state(path);
    struct dd_view view = dd_state_view(state);
    struct dd_cursor cursor = cursor_at(2);
    put(state, 1, "flushed");
    put(state, 2, "flushed");
    flush(state, 1);
    put(state, 2, "frozen");
    put(state, 3, "frozen");
    del(state, 1);
    assert_true(dd_state_freeze(state, &cursor));
    assert_false(dd_state_freeze(state, &cursor));
    assert_int_equal(dd_state_error(state), DD_OK);
    assert_int_equal(dd_state_rows_pending(state), 0);
    put(state, 3, "active");
    del(state, 2);
    for (int step = 0; step < 3; step++) {
        assert_row(view, 1, NULL);
        assert_row(view, 2, NULL);
        assert_row(view, 3, "active");
        assert_int_equal(next_unit(view, 0), 3);
        if (step == 0)
            assert_int_equal(dd_state_flush(state), DD_OK);
        if (step == 1)
            assert_int_equal(dd_state_flushed(state), DD_OK);
    }
    dd_state_cursor(state, &cursor);
    assert_int_equal(cursor.next_seq, 2);
    flush(state, 3);
    assert_row(view, 2, NULL);
    assert_row(view, 3, "active");
    dd_state_close(state);
}

static void state_is_seen_whole_while_it_is_flushed_on_disk(void **unused)
{
    (void)unused;
    state_is_seen_whole_while_it_is_flushed(folder.path);
}

static void state_is_seen_whole_while_it_is_flushed_in_memory(void **unused)
{
    (void)unused;
    state_is_seen_whole_while_it_is_flushed(NULL);
}

static void state_full_map_leaves_the_frozen_rows_to_try_again(void **unused)
{
    (void)unused;
    static char large[200 * 1024];
    struct dd_state *state;
    struct dd_cursor cursor = cursor_at(1);
    assert_int_equal(dd_state_open(folder.path, 1 << 20, &state), DD_OK);
    memset(large, 'x', sizeof large - 1);
    for (uint64_t i = 0; i < 8; i++)
        put(state, i, large);
    assert_true(dd_state_freeze(state, &cursor));
    assert_int_equal(dd_state_flush(state), DD_NO_SPACE);
    assert_int_equal(dd_state_flush(state), DD_NO_SPACE);
    assert_row(dd_state_view(state), 7, large);
    assert_int_equal(dd_state_error(state), DD_OK);
    dd_state_cursor(state, &cursor);
    assert_int_equal(cursor.next_seq, 0);
    dd_state_close(state);
}

/* ---- snapshots and the digest ---- */

static void snapshot_stands_still_until_renewed(void **unused)
{
    (void)unused;
    struct dd_snapshot *snapshot;
    struct dd_state *state = open_state(folder.path);
    put(state, 1, "one");
    flush(state, 1);
    assert_int_equal(dd_snapshot_open(state, &snapshot), DD_OK);
    put(state, 1, "two");
    assert_row(dd_snapshot_view(snapshot), 1, "one");
    flush(state, 2);
    assert_row(dd_snapshot_view(snapshot), 1, "one");
    assert_int_equal(dd_snapshot_cursor(snapshot)->next_seq, 1);
    dd_snapshot_release(snapshot);
    assert_row(dd_snapshot_view(snapshot), 1, NULL);
    assert_int_equal(dd_snapshot_renew(snapshot), DD_OK);
    assert_row(dd_snapshot_view(snapshot), 1, "two");
    assert_int_equal(next_unit(dd_snapshot_view(snapshot), 0), 1);
    assert_int_equal(dd_snapshot_cursor(snapshot)->next_seq, 2);
    assert_int_equal(dd_snapshot_error(snapshot), DD_OK);
    assert_int_equal(dd_state_reader_check(state), DD_OK);
    dd_snapshot_close(snapshot);
    dd_state_close(state);
}

static void snapshot_in_memory_shows_what_was_flushed(void **unused)
{
    (void)unused;
    struct dd_snapshot *snapshot;
    struct dd_state *state = open_state(NULL);
    put(state, 1, "one");
    flush(state, 1);
    put(state, 1, "two");
    assert_int_equal(dd_snapshot_open(state, &snapshot), DD_OK);
    assert_row(dd_snapshot_view(snapshot), 1, "one");
    flush(state, 2);
    assert_int_equal(dd_snapshot_renew(snapshot), DD_OK);
    assert_row(dd_snapshot_view(snapshot), 1, "two");
    assert_int_equal(dd_snapshot_cursor(snapshot)->next_seq, 2);
    dd_snapshot_close(snapshot);
    dd_state_close(state);
}

static void digest_is_sha256_of_sized_keys_and_values(void **unused)
{
    (void)unused;
    uint8_t got[DD_HASH_BYTES], expected[DD_HASH_BYTES];
    static const uint8_t rows[] = {0,   0, 0, 5, 3, 0, 0, 0, 1, 0, 0, 0, 3, 'o', 'n',
                                   'e', 0, 0, 0, 5, 3, 0, 0, 1, 0, 0, 0, 0, 0};
    struct dd_state *state = open_state(folder.path);
    digest(state, got);
    dd_sha256((struct dd_slice){NULL, 0}, expected);
    assert_memory_equal(got, expected, sizeof got);
    put(state, 256, "");
    put(state, 1, "one");
    put(state, 2, "gone");
    del(state, 2);
    flush(state, 3);
    digest(state, got);
    dd_sha256((struct dd_slice){rows, sizeof rows}, expected);
    assert_memory_equal(got, expected, sizeof got);
    /* The cursor is no core row. */
    flush(state, 4);
    digest(state, got);
    assert_memory_equal(got, expected, sizeof got);
    put(state, 256, "x");
    flush(state, 5);
    digest(state, got);
    assert_memory_not_equal(got, expected, sizeof got);
    dd_state_close(state);
}

static uint64_t random_state;

static uint64_t random_u64(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

/* However the flushes fall, disk and memory hold the same rows. */
static void state_on_disk_and_in_memory_are_equal(void **unused)
{
    (void)unused;
    uint8_t on_disk[DD_HASH_BYTES], in_memory[DD_HASH_BYTES];
    struct dd_state *disk = open_state(folder.path), *memory = open_state(NULL);
    random_state = (uint64_t)time(NULL) | 1;
    print_message("seed %llu\n", (unsigned long long)random_state);
    for (uint64_t round = 1; round <= 5000; round++) {
        uint64_t number = random_u64() % 300;
        char value[24];
        (void)snprintf(value, sizeof value, "%llu", (unsigned long long)random_u64());
        if (random_u64() % 3) {
            put(disk, number, value);
            put(memory, number, value);
        } else {
            del(disk, number);
            del(memory, number);
        }
        if (random_u64() % 50 == 0)
            flush(disk, 1);
        if (random_u64() % 50 == 0)
            flush(memory, 1);
        number = random_u64() % 300;
        assert_int_equal(next_unit(dd_state_view(disk), number),
                         next_unit(dd_state_view(memory), number));
    }
    flush(disk, 2);
    flush(memory, 2);
    digest(disk, on_disk);
    digest(memory, in_memory);
    assert_memory_equal(on_disk, in_memory, sizeof on_disk);
    dd_state_close(disk);
    dd_state_close(memory);
}

/* ---- refusals ---- */

static void overwrite_row(const char *key, size_t key_size, struct dd_slice value, bool deleted)
{
    struct dd_kv_lmdb *db;
    struct dd_kv_mem rows;
    struct dd_slice bytes = {(const uint8_t *)key, key_size};
    dd_kv_mem_init(&rows, SIZE_MAX / 2);
    assert_int_equal(dd_kv_lmdb_open(folder.path, 0, &db), DD_OK);
    assert_int_equal(deleted ? dd_kv_mem_del(&rows, bytes) : dd_kv_mem_put(&rows, bytes, value),
                     DD_OK);
    assert_int_equal(dd_kv_lmdb_write(db, &rows), DD_OK);
    dd_kv_lmdb_close(db);
    dd_kv_mem_clear(&rows);
}

static void assert_open_gives(enum dd_status expected)
{
    struct dd_state *state;
    assert_int_equal(dd_state_open(folder.path, 0, &state), expected);
    assert_int_equal(state == NULL, expected != DD_OK);
    dd_state_close(state);
}

static void state_of_another_format_is_refused_until_wiped(void **unused)
{
    (void)unused;
    const uint8_t other[4] = {0, 0, 0, DD_STATE_FORMAT + 1};
    struct dd_state *state = open_state(folder.path);
    put(state, 1, "one");
    flush(state, 1);
    dd_state_close(state);
    overwrite_row("\0f", 2, (struct dd_slice){other, 4}, false);
    assert_open_gives(DD_FORMAT);
    assert_int_equal(dd_state_wipe(folder.path), DD_OK);
    state = open_state(folder.path);
    assert_row(dd_state_view(state), 1, NULL);
    dd_state_close(state);
}

static void state_without_its_system_rows_is_corrupt(void **unused)
{
    (void)unused;
    struct dd_state *state = open_state(folder.path);
    put(state, 1, "one");
    flush(state, 1);
    dd_state_close(state);
    overwrite_row("\0c", 2, dd_slice_of("short"), false);
    assert_open_gives(DD_CORRUPT);
    overwrite_row("\0c", 2, dd_slice_of(""), true);
    assert_open_gives(DD_CORRUPT);
    overwrite_row("\0f", 2, dd_slice_of(""), true);
    assert_open_gives(DD_CORRUPT);
}

static void state_cut_on_disk_is_refused_until_wiped(void **unused)
{
    (void)unused;
    struct dd_state *state = open_state(folder.path);
    for (uint64_t i = 0; i < 1000; i++)
        put(state, i, "some row to fill a few pages with");
    flush(state, 1);
    dd_state_close(state);
    fault_cut(&folder, "data.mdb", 3 * 4096);
    assert_open_gives(DD_CORRUPT);
    assert_int_equal(dd_state_wipe(folder.path), DD_OK);
    assert_open_gives(DD_OK);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(state_reads_its_own_writes_on_disk),
        CASE(state_reads_its_own_writes_in_memory),
        CASE(state_next_stays_in_its_table),
        CASE(state_key_that_does_not_fit_is_not_found),
        CASE(state_value_read_holds_while_the_row_is_written_over),
        CASE(state_on_disk_is_what_was_flushed),
        CASE(state_is_seen_whole_while_it_is_flushed_on_disk),
        CASE(state_is_seen_whole_while_it_is_flushed_in_memory),
        CASE(state_full_map_leaves_the_frozen_rows_to_try_again),
        CASE(snapshot_stands_still_until_renewed),
        CASE(snapshot_in_memory_shows_what_was_flushed),
        CASE(digest_is_sha256_of_sized_keys_and_values),
        CASE(state_on_disk_and_in_memory_are_equal),
        CASE(state_of_another_format_is_refused_until_wiped),
        CASE(state_without_its_system_rows_is_corrupt),
        CASE(state_cut_on_disk_is_refused_until_wiped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
