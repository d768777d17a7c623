/* Key layouts: the bytes of each table, the limits, and that byte order is logical order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "storage/key.h"

/* Widths as docs and journal tools rely on them; written down a second time on purpose. */
static const struct {
    enum dd_table table;
    uint8_t width[DD_KEY_PARTS_MAX];
    bool tail;
} expected[] = {
    {DD_TABLE_META, {0}, false},
    {DD_TABLE_GROUP, {4}, false},
    {DD_TABLE_UNIT, {4}, false},
    {DD_TABLE_UNIT_CODE, {0}, true},
    {DD_TABLE_UNIT_STAGED, {4, 4}, false},
    {DD_TABLE_ACCOUNT, {4}, false},
    {DD_TABLE_ACCOUNT_CODE, {0}, true},
    {DD_TABLE_LINK_KEY, {0}, true},
    {DD_TABLE_CALENDAR, {2}, false},
    {DD_TABLE_PROGRAMME, {4}, false},
    {DD_TABLE_PROGRAMME_CODE, {0}, true},
    {DD_TABLE_CYCLE, {4}, false},
    {DD_TABLE_CYCLE_CODE, {0}, true},
    {DD_TABLE_DOSSIER, {4, 4}, false},
    {DD_TABLE_DRAFT, {4, 4}, false},
    {DD_TABLE_VERSION, {4, 4, 2}, false},
    {DD_TABLE_CONTENT, {4, 4, 2, 2, 2}, false},
    {DD_TABLE_ITEM, {4, 4, 2, 2}, false},
    {DD_TABLE_DUTY, {4, 4, 1, 2, 2}, false},
    {DD_TABLE_DUE, {8, 4, 4, 1, 2, 2}, false},
    {DD_TABLE_TALLY, {4, 1, 4, 1}, false},
    {DD_TABLE_REMINDER, {8, 2}, false},
    {DD_TABLE_REPORT, {4, 4, 1, 2, 2}, false},
    {DD_TABLE_REMEMBERED, {4}, true},
    {DD_TABLE_MATTER, {4, 2}, false},
    {DD_TABLE_ANSWER, {4, 2, 1, 4, 2}, false},
    {DD_TABLE_DELEGATION, {4, 2}, false},
    {DD_TABLE_PUBLICATION, {4}, false},
    {DD_TABLE_PUBLICATION_CODE, {0}, true},
    {DD_TABLE_PLACES, {0}, true},
};

enum { TABLES = sizeof expected / sizeof expected[0] };

static uint64_t random_state;

static uint64_t random_u64(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

static uint64_t part_max(uint8_t width)
{
    return width == 8 ? UINT64_MAX : ((uint64_t)1 << (8 * width)) - 1;
}

/* Few values, at the ends of bytes, so that parts are often equal or one apart. */
static uint64_t random_part(uint8_t width)
{
    static const uint64_t picks[] = {0, 1, 127, 128, 255, 256, 65535, 65536, UINT64_MAX};
    uint64_t pick = picks[random_u64() % (sizeof picks / sizeof picks[0])];
    return pick & part_max(width);
}

static struct dd_key random_key(size_t i, uint8_t tail[8])
{
    struct dd_key key = {.table = expected[i].table};
    for (size_t p = 0; p < DD_KEY_PARTS_MAX; p++)
        key.part[p] = expected[i].width[p] ? random_part(expected[i].width[p]) : 0;
    if (expected[i].tail) {
        key.tail = (struct dd_slice){tail, random_u64() % 4};
        for (size_t t = 0; t < key.tail.size; t++)
            tail[t] = (uint8_t)(random_u64() % 3 * 127);
    }
    return key;
}

static int sign(int value)
{
    return (value > 0) - (value < 0);
}

static int logical_order(const struct dd_key *a, const struct dd_key *b)
{
    if (a->table != b->table)
        return a->table < b->table ? -1 : 1;
    for (size_t p = 0; p < DD_KEY_PARTS_MAX; p++) {
        if (a->part[p] != b->part[p])
            return a->part[p] < b->part[p] ? -1 : 1;
    }
    return sign(dd_slice_compare(a->tail, b->tail));
}

static void key_order_is_logical_order(void **unused)
{
    (void)unused;
    random_state = (uint64_t)time(NULL) | 1;
    print_message("seed %llu\n", (unsigned long long)random_state);
    for (int round = 0; round < 200000; round++) {
        uint8_t tail_a[8], tail_b[8], bytes_a[DD_KEY_BYTES_MAX], bytes_b[DD_KEY_BYTES_MAX];
        size_t table = random_u64() % TABLES;
        struct dd_key a = random_key(table, tail_a);
        struct dd_key b = random_key(round % 4 ? table : random_u64() % TABLES, tail_b);
        struct dd_slice encoded_a = {bytes_a, dd_key_encode(&a, bytes_a)};
        struct dd_slice encoded_b = {bytes_b, dd_key_encode(&b, bytes_b)};
        assert_int_equal(sign(dd_slice_compare(encoded_a, encoded_b)), logical_order(&a, &b));
        struct dd_key again;
        assert_true(dd_key_decode(encoded_a, &again));
        assert_int_equal(logical_order(&a, &again), 0);
    }
}

static void key_of_each_table_has_its_widths(void **unused)
{
    (void)unused;
    assert_int_equal(TABLES, DD_TABLE_END - 1);
    for (size_t i = 0; i < TABLES; i++) {
        uint8_t bytes[DD_KEY_BYTES_MAX];
        struct dd_key key = {.table = expected[i].table};
        size_t size = 1;
        for (size_t p = 0; p < DD_KEY_PARTS_MAX; p++) {
            key.part[p] = expected[i].width[p] ? part_max(expected[i].width[p]) : 0;
            size += expected[i].width[p];
        }
        assert_int_equal(dd_key_encode(&key, bytes), size);
        assert_int_equal(bytes[0], i + 1);
        for (size_t at = 1; at < size; at++)
            assert_int_equal(bytes[at], 0xff);
    }
}

static void key_bytes_are_big_endian_in_order(void **unused)
{
    (void)unused;
    const uint8_t due[] = {20, 0, 0, 1, 2, 3, 4, 5, 6, 0, 0, 0, 7, 0, 0, 1, 0, 9, 0, 10, 1, 1};
    struct dd_key key = {.table = DD_TABLE_DUE, .part = {0x010203040506, 7, 256, 9, 10, 257}};
    uint8_t bytes[DD_KEY_BYTES_MAX];
    assert_int_equal(dd_key_encode(&key, bytes), sizeof due);
    assert_memory_equal(bytes, due, sizeof due);
    const uint8_t remembered[] = {24, 0, 0, 0, 5, 'a', 'b'};
    key = (struct dd_key){.table = DD_TABLE_REMEMBERED, .part = {5}, .tail = dd_slice_of("ab")};
    assert_int_equal(dd_key_encode(&key, bytes), sizeof remembered);
    assert_memory_equal(bytes, remembered, sizeof remembered);
}

static void key_fits_up_to_its_widths_and_not_beyond(void **unused)
{
    (void)unused;
    struct dd_key key = {.table = DD_TABLE_CALENDAR, .part = {65535}};
    assert_true(dd_key_fits(&key));
    key.part[0] = 65536;
    assert_false(dd_key_fits(&key));
    key = (struct dd_key){.table = DD_TABLE_CALENDAR, .part = {1, 1}};
    assert_false(dd_key_fits(&key));
    key = (struct dd_key){.table = DD_TABLE_CALENDAR, .tail = dd_slice_of("x")};
    assert_false(dd_key_fits(&key));
    key = (struct dd_key){.table = DD_TABLE_END};
    assert_false(dd_key_fits(&key));
    key = (struct dd_key){.table = (enum dd_table)0};
    assert_false(dd_key_fits(&key));
    key = (struct dd_key){.table = DD_TABLE_REMINDER, .part = {UINT64_MAX, 65535}};
    assert_true(dd_key_fits(&key));
}

static void key_tail_fits_up_to_the_longest_key_and_not_beyond(void **unused)
{
    (void)unused;
    uint8_t tail[DD_KEY_BYTES_MAX] = {0}, bytes[DD_KEY_BYTES_MAX];
    struct dd_key key = {.table = DD_TABLE_UNIT_CODE, .tail = {tail, DD_KEY_BYTES_MAX - 1}};
    assert_true(dd_key_fits(&key));
    assert_int_equal(dd_key_encode(&key, bytes), DD_KEY_BYTES_MAX);
    key.tail.size = DD_KEY_BYTES_MAX;
    assert_false(dd_key_fits(&key));
    key = (struct dd_key){.table = DD_TABLE_REMEMBERED, .tail = {tail, DD_KEY_BYTES_MAX - 5}};
    assert_true(dd_key_fits(&key));
    key.tail.size++;
    assert_false(dd_key_fits(&key));
}

static void key_decode_refuses_what_is_no_key(void **unused)
{
    (void)unused;
    struct dd_key key;
    const uint8_t system[] = {0, 'f'}, beyond[] = {DD_TABLE_END},
                  lone[] = {DD_TABLE_GROUP, 0, 0, 1};
    const uint8_t more[] = {DD_TABLE_GROUP, 0, 0, 0, 1, 9};
    assert_false(dd_key_decode((struct dd_slice){NULL, 0}, &key));
    assert_false(dd_key_decode((struct dd_slice){system, sizeof system}, &key));
    assert_false(dd_key_decode((struct dd_slice){beyond, sizeof beyond}, &key));
    assert_false(dd_key_decode((struct dd_slice){lone, sizeof lone}, &key));
    assert_false(dd_key_decode((struct dd_slice){more, sizeof more}, &key));
    assert_true(dd_key_decode((struct dd_slice){more, sizeof more - 1}, &key));
    assert_int_equal(key.part[0], 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(key_order_is_logical_order),
        cmocka_unit_test(key_of_each_table_has_its_widths),
        cmocka_unit_test(key_bytes_are_big_endian_in_order),
        cmocka_unit_test(key_fits_up_to_its_widths_and_not_beyond),
        cmocka_unit_test(key_tail_fits_up_to_the_longest_key_and_not_beyond),
        cmocka_unit_test(key_decode_refuses_what_is_no_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
