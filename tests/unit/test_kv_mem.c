/* What only the map in memory promises: tombstones, erasing, borrowed values, bounded memory, many
 * rows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "storage/kv_mem.h"

static struct dd_slice key_of(uint32_t number, uint8_t out[4])
{
    for (int i = 3; i >= 0; i--, number >>= 8)
        out[i] = (uint8_t)number;
    return (struct dd_slice){out, 4};
}

static void put_number(struct dd_kv_mem *mem, uint32_t number)
{
    uint8_t bytes[4];
    struct dd_slice key = key_of(number, bytes);
    assert_int_equal(dd_kv_mem_put(mem, key, key), DD_OK);
}

/* Every row from the start, in order and each once. */
static void assert_rows(const struct dd_kv_mem *mem, uint32_t count, uint32_t step)
{
    struct dd_kv_mem_at at = dd_kv_mem_seek(mem, (struct dd_slice){NULL, 0});
    struct dd_kv_row row;
    for (uint32_t i = 0; i < count; i++) {
        uint8_t bytes[4];
        assert_true(dd_kv_mem_row(&at, &row));
        assert_true(dd_slice_equal(row.key, key_of(i * step, bytes)));
        assert_true(dd_slice_equal(row.value, row.key));
        dd_kv_mem_step(&at);
    }
    assert_false(dd_kv_mem_row(&at, &row));
}

enum { MANY = 50000 };

static void kv_mem_keeps_many_rows_in_whatever_order_they_come(void **unused)
{
    (void)unused;
    struct dd_kv_mem mem;
    dd_kv_mem_init(&mem, SIZE_MAX / 2);
    for (uint32_t i = 0; i < MANY; i++)
        put_number(&mem, i);
    assert_int_equal(mem.rows, MANY);
    assert_rows(&mem, MANY, 1);
    dd_kv_mem_clear(&mem);
    for (uint32_t i = MANY; i > 0; i--)
        put_number(&mem, i - 1);
    assert_rows(&mem, MANY, 1);
    dd_kv_mem_clear(&mem);
    for (uint32_t i = 0; i < MANY; i++)
        put_number(&mem, i * 7919U % MANY); /* 7919 is prime to MANY: every number comes once */
    assert_int_equal(mem.rows, MANY);
    assert_rows(&mem, MANY, 1);
    dd_kv_mem_clear(&mem);
    assert_int_equal(mem.rows, 0);
    assert_rows(&mem, 0, 1);
}

static void kv_mem_erases_rows_for_good(void **unused)
{
    (void)unused;
    struct dd_kv_mem mem;
    uint8_t bytes[4];
    struct dd_kv_row row;
    dd_kv_mem_init(&mem, SIZE_MAX / 2);
    dd_kv_mem_erase(&mem, key_of(1, bytes));
    for (uint32_t i = 0; i < MANY; i++)
        put_number(&mem, i);
    for (uint32_t i = 0; i < MANY; i++) {
        if (i % 100 != 0)
            dd_kv_mem_erase(&mem, key_of(i, bytes));
    }
    dd_kv_mem_erase(&mem, key_of(MANY, bytes));
    assert_int_equal(mem.rows, MANY / 100);
    assert_rows(&mem, MANY / 100, 100);
    assert_false(dd_kv_mem_find(&mem, key_of(1, bytes), &row));
    for (uint32_t i = 0; i < MANY; i++)
        put_number(&mem, i);
    assert_rows(&mem, MANY, 1);
    dd_kv_mem_clear(&mem);
}

static void kv_mem_find_tells_tombstones_from_nothing(void **unused)
{
    (void)unused;
    struct dd_kv_mem mem;
    struct dd_kv_row row;
    dd_kv_mem_init(&mem, SIZE_MAX / 2);
    assert_int_equal(dd_kv_mem_del(&mem, dd_slice_of("gone")), DD_OK);
    assert_true(dd_kv_mem_find(&mem, dd_slice_of("gone"), &row));
    assert_true(row.deleted);
    assert_false(dd_kv_mem_find(&mem, dd_slice_of("never"), &row));
    assert_int_equal(mem.rows, 1);
    assert_int_equal(dd_kv_mem_put(&mem, dd_slice_of("gone"), dd_slice_of("back")), DD_OK);
    assert_true(dd_kv_mem_find(&mem, dd_slice_of("gone"), &row));
    assert_false(row.deleted);
    assert_int_equal(mem.rows, 1);
    dd_kv_mem_clear(&mem);
}

static void kv_mem_value_stays_readable_until_settled(void **unused)
{
    (void)unused;
    struct dd_kv_mem mem;
    struct dd_kv_row before, after;
    dd_kv_mem_init(&mem, SIZE_MAX / 2);
    assert_int_equal(dd_kv_mem_put(&mem, dd_slice_of("k"), dd_slice_of("old value")), DD_OK);
    assert_true(dd_kv_mem_find(&mem, dd_slice_of("k"), &before));
    for (int i = 0; i < 100; i++)
        assert_int_equal(dd_kv_mem_put(&mem, dd_slice_of("k"), dd_slice_of("new value")), DD_OK);
    assert_true(dd_slice_equal(before.value, dd_slice_of("old value")));
    /* A value may be written to where it was read from. */
    assert_int_equal(dd_kv_mem_put(&mem, dd_slice_of("k"), before.value), DD_OK);
    assert_true(dd_kv_mem_find(&mem, dd_slice_of("k"), &after));
    assert_true(dd_slice_equal(after.value, dd_slice_of("old value")));
    dd_kv_mem_clear(&mem);
}

static void kv_mem_uses_the_memory_of_settled_values_again(void **unused)
{
    (void)unused;
    struct dd_kv_mem mem;
    static uint8_t value[40000];
    dd_kv_mem_init(&mem, SIZE_MAX / 2);
    for (size_t size = 1; size <= sizeof value; size = size * 3 + 1) {
        struct dd_slice bytes = {value, size};
        assert_int_equal(dd_kv_mem_put(&mem, dd_slice_of("k"), bytes), DD_OK);
        assert_int_equal(dd_kv_mem_put(&mem, dd_slice_of("k"), bytes), DD_OK);
        size_t used = mem.arena.used_bytes;
        for (int i = 0; i < 1000; i++) {
            dd_kv_mem_settle(&mem);
            assert_int_equal(dd_kv_mem_put(&mem, dd_slice_of("k"), bytes), DD_OK);
        }
        assert_int_equal(mem.arena.used_bytes, used);
    }
    dd_kv_mem_clear(&mem);
}

static void kv_mem_refuses_at_its_limit_and_stays_whole(void **unused)
{
    (void)unused;
    struct dd_kv_mem mem;
    dd_kv_mem_init(&mem, 100000);
    uint32_t count = 0;
    uint8_t bytes[4];
    enum dd_status status = DD_OK;
    while (status == DD_OK) {
        struct dd_slice key = key_of(count, bytes);
        status = dd_kv_mem_put(&mem, key, key);
        count += status == DD_OK;
    }
    assert_int_equal(status, DD_NO_MEMORY);
    assert_true(count > 500);
    assert_int_equal(mem.rows, count);
    assert_true(mem.arena.used_bytes <= 100000);
    assert_rows(&mem, count, 1);
    dd_kv_mem_clear(&mem);
    put_number(&mem, 0);
    assert_rows(&mem, 1, 1);
    dd_kv_mem_clear(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kv_mem_keeps_many_rows_in_whatever_order_they_come),
        cmocka_unit_test(kv_mem_erases_rows_for_good),
        cmocka_unit_test(kv_mem_find_tells_tombstones_from_nothing),
        cmocka_unit_test(kv_mem_value_stays_readable_until_settled),
        cmocka_unit_test(kv_mem_uses_the_memory_of_settled_values_again),
        cmocka_unit_test(kv_mem_refuses_at_its_limit_and_stays_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
