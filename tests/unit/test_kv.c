/*
 * One suite over every implementation of ordered bytes: the map in memory, LMDB, and the overlay of
 * two maps over LMDB. Each test writes to a map; what commit makes of it differs. The model is an
 * array that is searched from end to end.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "storage/kv_lmdb.h"
#include "storage/kv_mem.h"
#include "storage/kv_overlay.h"
#include "tests/lib/fault_folder.h"

enum kind { MEM, LMDB, OVERLAY };

struct world {
    enum kind kind;
    struct fault_folder folder;
    struct dd_kv_lmdb *db;
    struct dd_kv_lmdb_snapshot *snapshot;
    struct dd_kv_mem maps[2];
    struct dd_kv_mem *active;
    struct dd_kv_overlay overlay;
    struct dd_kv view;
};

static int make_world(void **state, enum kind kind)
{
    struct world *world = calloc(1, sizeof *world);
    assert_non_null(world);
    world->kind = kind;
    dd_kv_mem_init(&world->maps[0], SIZE_MAX / 2);
    dd_kv_mem_init(&world->maps[1], SIZE_MAX / 2);
    world->active = &world->maps[0];
    world->view = dd_kv_mem_view(world->active);
    if (kind != MEM) {
        fault_folder_make(&world->folder);
        assert_int_equal(dd_kv_lmdb_open(world->folder.path, 64 << 20, &world->db), DD_OK);
        assert_int_equal(dd_kv_lmdb_snapshot_open(world->db, &world->snapshot), DD_OK);
        world->view = dd_kv_lmdb_view(world->snapshot);
    }
    if (kind == OVERLAY) {
        world->overlay.active = world->active;
        world->overlay.below = world->view;
        world->view = dd_kv_overlay_view(&world->overlay);
    }
    *state = world;
    return 0;
}

static int make_mem(void **state)
{
    return make_world(state, MEM);
}

static int make_lmdb(void **state)
{
    return make_world(state, LMDB);
}

static int make_overlay(void **state)
{
    return make_world(state, OVERLAY);
}

static int end_world(void **state)
{
    struct world *world = *state;
    dd_kv_lmdb_snapshot_close(world->snapshot);
    dd_kv_lmdb_close(world->db);
    if (world->kind != MEM)
        fault_folder_remove(&world->folder);
    dd_kv_mem_clear(&world->maps[0]);
    dd_kv_mem_clear(&world->maps[1]);
    free(world);
    return 0;
}

static void put(struct world *world, const char *key, const char *value)
{
    assert_int_equal(dd_kv_mem_put(world->active, dd_slice_of(key), dd_slice_of(value)), DD_OK);
}

static void del(struct world *world, const char *key)
{
    assert_int_equal(dd_kv_mem_del(world->active, dd_slice_of(key)), DD_OK);
}

/* Writes a map to LMDB and moves the snapshot. */
static void write_down(struct world *world, struct dd_kv_mem *map)
{
    assert_int_equal(dd_kv_lmdb_write(world->db, map), DD_OK);
    assert_int_equal(dd_kv_lmdb_snapshot_renew(world->snapshot), DD_OK);
    dd_kv_mem_clear(map);
}

/* Moves what was written one layer down. */
static void commit(struct world *world)
{
    if (world->kind == MEM)
        dd_kv_mem_settle(world->active);
    if (world->kind == LMDB)
        write_down(world, world->active);
    if (world->kind != OVERLAY)
        return;
    struct dd_kv_mem *other = &world->maps[world->active == &world->maps[0]];
    if (world->overlay.frozen)
        write_down(world, other);
    world->overlay.frozen = world->active;
    world->active = other;
    world->overlay.active = other;
}

static void assert_row(struct world *world, const char *key, const char *value)
{
    struct dd_slice got;
    assert_true(world->view.get(world->view.self, dd_slice_of(key), &got));
    assert_true(dd_slice_equal(got, dd_slice_of(value)));
}

static void assert_no_row(struct world *world, const char *key)
{
    struct dd_slice got;
    assert_false(world->view.get(world->view.self, dd_slice_of(key), &got));
}

static void assert_next(struct world *world, const char *from, const char *key, const char *value)
{
    struct dd_slice got_key, got;
    bool found = world->view.next(world->view.self, dd_slice_of(from), &got_key, &got);
    assert_int_equal(found, key != NULL);
    if (key) {
        assert_true(dd_slice_equal(got_key, dd_slice_of(key)));
        assert_true(dd_slice_equal(got, dd_slice_of(value)));
    }
}

static void kv_empty_finds_nothing(void **state)
{
    struct world *world = *state;
    assert_no_row(world, "a");
    assert_next(world, "", NULL, NULL);
    commit(world);
    assert_no_row(world, "a");
    assert_next(world, "", NULL, NULL);
}

static void kv_get_after_put_finds_the_last_value(void **state)
{
    struct world *world = *state;
    put(world, "a", "1");
    put(world, "a", "22");
    commit(world);
    assert_row(world, "a", "22");
    put(world, "a", "");
    commit(world);
    assert_row(world, "a", "");
    assert_no_row(world, "aa");
    assert_no_row(world, "A");
}

static void kv_get_after_delete_finds_nothing(void **state)
{
    struct world *world = *state;
    put(world, "a", "1");
    put(world, "b", "2");
    commit(world);
    del(world, "a");
    del(world, "never");
    commit(world);
    assert_no_row(world, "a");
    assert_row(world, "b", "2");
    assert_next(world, "", "b", "2");
    put(world, "a", "3");
    commit(world);
    assert_row(world, "a", "3");
    assert_next(world, "", "a", "3");
}

static void kv_next_gives_rows_in_order_of_bytes(void **state)
{
    struct world *world = *state;
    put(world, "b", "2");
    put(world, "\xff", "9");
    put(world, "ab", "1");
    commit(world);
    put(world, "a", "0");
    put(world, "b1", "3");
    commit(world);
    assert_next(world, "", "a", "0");
    assert_next(world, "a", "a", "0");
    assert_next(world, "aa", "ab", "1");
    assert_next(world, "ab0", "b", "2");
    assert_next(world, "b0", "b1", "3");
    assert_next(world, "c", "\xff", "9");
    assert_next(world, "\xff\x01", NULL, NULL);
}

static void kv_keys_that_differ_in_zeros_at_the_end_are_other_keys(void **state)
{
    struct world *world = *state;
    uint8_t zeros[40] = {0};
    for (size_t size = 1; size <= sizeof zeros; size++) {
        struct dd_slice key = {zeros, size};
        assert_int_equal(dd_kv_mem_put(world->active, key, key), DD_OK);
        if (size % 7 == 0)
            commit(world);
    }
    commit(world);
    for (size_t size = 1; size <= sizeof zeros; size++) {
        struct dd_slice key = {zeros, size}, got, found;
        assert_true(world->view.get(world->view.self, key, &got));
        assert_int_equal(got.size, size);
        assert_true(world->view.next(world->view.self, key, &found, &got));
        assert_int_equal(found.size, size);
    }
}

static void kv_takes_the_longest_key_and_a_large_value(void **state)
{
    struct world *world = *state;
    static uint8_t key_bytes[DD_KV_KEY_BYTES_MAX], value_bytes[256 * 1024];
    memset(key_bytes, 'k', sizeof key_bytes);
    memset(value_bytes, 'v', sizeof value_bytes);
    struct dd_slice key = {key_bytes, sizeof key_bytes}, value = {value_bytes, sizeof value_bytes};
    struct dd_slice got, found;
    assert_int_equal(dd_kv_mem_put(world->active, key, value), DD_OK);
    commit(world);
    commit(world);
    assert_true(world->view.get(world->view.self, key, &got));
    assert_true(dd_slice_equal(got, value));
    assert_int_equal(dd_kv_mem_del(world->active, key), DD_OK);
    commit(world);
    assert_false(world->view.next(world->view.self, key, &found, &got));
}

/* ---- the model ---- */

enum { MODEL_ROWS = 400, MODEL_KEY_BYTES = 20, ROUNDS = 120, WRITES_A_ROUND = 60 };

struct model_row {
    uint8_t key[MODEL_KEY_BYTES];
    size_t key_size;
    uint32_t value;
    bool there;
};

static struct model_row model[MODEL_ROWS];
static uint64_t random_state;

static uint64_t random_u64(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

/* Keys of few different bytes: many share a beginning, some of them are longer than a node's heads.
 */
static size_t random_key(uint8_t out[MODEL_KEY_BYTES])
{
    size_t size = 1 + random_u64() % MODEL_KEY_BYTES;
    memset(out, 'p', size);
    for (size_t at = size > 3 ? size - 3 : 0; at < size; at++)
        out[at] = (uint8_t)(random_u64() % 3 * 127);
    return size;
}

static struct dd_slice model_key(const struct model_row *row)
{
    return (struct dd_slice){row->key, row->key_size};
}

static struct model_row *model_find(struct dd_slice key)
{
    for (size_t i = 0; i < MODEL_ROWS; i++) {
        if (model[i].key_size > 0 && dd_slice_equal(model_key(&model[i]), key))
            return &model[i];
    }
    return NULL;
}

static struct model_row *model_next(struct dd_slice from)
{
    struct model_row *best = NULL;
    for (size_t i = 0; i < MODEL_ROWS; i++) {
        struct dd_slice key = model_key(&model[i]);
        if (!model[i].there || dd_slice_compare(key, from) < 0)
            continue;
        if (!best || dd_slice_compare(key, model_key(best)) < 0)
            best = &model[i];
    }
    return best;
}

static void write_random(struct world *world)
{
    struct model_row *row = &model[random_u64() % MODEL_ROWS];
    if (row->key_size == 0) {
        uint8_t key[MODEL_KEY_BYTES];
        size_t size = random_key(key);
        struct model_row *same = model_find((struct dd_slice){key, size});
        row = same ? same : row;
        memcpy(row->key, key, size);
        row->key_size = size;
    }
    row->there = random_u64() % 3 > 0;
    row->value = (uint32_t)random_u64();
    struct dd_slice value = {(const uint8_t *)&row->value, 1 + row->value % 4};
    enum dd_status status = row->there ? dd_kv_mem_put(world->active, model_key(row), value)
                                       : dd_kv_mem_del(world->active, model_key(row));
    assert_int_equal(status, DD_OK);
}

static void check_random(struct world *world)
{
    uint8_t bytes[MODEL_KEY_BYTES];
    struct dd_slice key = {bytes, random_key(bytes)}, found, value;
    if (random_u64() % 2)
        key = model_key(&model[random_u64() % MODEL_ROWS]);
    if (key.size > 0) {
        const struct model_row *row = model_find(key);
        bool there = row && row->there;
        assert_int_equal(world->view.get(world->view.self, key, &value), there);
        if (there)
            assert_memory_equal(value.data, &row->value, 1 + row->value % 4);
    }
    const struct model_row *next = model_next(key);
    assert_int_equal(world->view.next(world->view.self, key, &found, &value), next != NULL);
    if (next) {
        assert_true(dd_slice_equal(found, model_key(next)));
        assert_int_equal(value.size, 1 + next->value % 4);
        assert_memory_equal(value.data, &next->value, value.size);
    }
}

static void kv_random_writes_agree_with_the_model(void **state)
{
    struct world *world = *state;
    random_state = (uint64_t)time(NULL) | 1;
    print_message("seed %llu\n", (unsigned long long)random_state);
    memset(model, 0, sizeof model);
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < WRITES_A_ROUND; i++)
            write_random(world);
        if (world->kind == LMDB || random_u64() % 2)
            commit(world);
        for (int i = 0; i < WRITES_A_ROUND; i++)
            check_random(world);
    }
}

#define SUITE(make) \
    cmocka_unit_test_setup_teardown(kv_empty_finds_nothing, make, end_world), \
        cmocka_unit_test_setup_teardown(kv_get_after_put_finds_the_last_value, make, end_world), \
        cmocka_unit_test_setup_teardown(kv_get_after_delete_finds_nothing, make, end_world), \
        cmocka_unit_test_setup_teardown(kv_next_gives_rows_in_order_of_bytes, make, end_world), \
        cmocka_unit_test_setup_teardown(kv_keys_that_differ_in_zeros_at_the_end_are_other_keys, \
                                        make, end_world), \
        cmocka_unit_test_setup_teardown(kv_takes_the_longest_key_and_a_large_value, make, \
                                        end_world), \
        cmocka_unit_test_setup_teardown(kv_random_writes_agree_with_the_model, make, end_world)

int main(void)
{
    const struct CMUnitTest tests[] = {SUITE(make_mem), SUITE(make_lmdb), SUITE(make_overlay)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
