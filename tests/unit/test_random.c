/* Random bytes and UUIDv7. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/random.h"

static int64_t time_of(const uint8_t id[16])
{
    int64_t at_ms = 0;

    for (int i = 0; i < 6; i++)
        at_ms = at_ms << 8 | id[i];
    return at_ms;
}

static void random_bytes_fill_exactly_what_was_asked(void **state)
{
    uint8_t bytes[34];
    bool changed[32] = {false};
    (void)state;

    for (int round = 0; round < 64; round++) {
        memset(bytes, 0xaa, sizeof bytes);
        dd_random_bytes(bytes + 1, 32);
        assert_int_equal(bytes[0], 0xaa);
        assert_int_equal(bytes[33], 0xaa);
        for (int i = 0; i < 32; i++)
            changed[i] = changed[i] || bytes[1 + i] != 0xaa;
    }
    for (int i = 0; i < 32; i++)
        assert_true(changed[i]);
}

static void random_number_stays_below_its_bound(void **state)
{
    bool seen[3] = {false};
    (void)state;

    for (int i = 0; i < 300; i++) {
        uint32_t number = dd_random_below(3);
        assert_true(number < 3);
        seen[number] = true;
    }
    assert_true(seen[0] && seen[1] && seen[2]);
    assert_int_equal(dd_random_below(1), 0);
}

static void uuid_carries_its_time_version_and_variant(void **state)
{
    struct dd_uuid_maker maker = {0};
    const int64_t now_ms = 0x0123456789ab;
    uint8_t id[16];
    (void)state;

    dd_uuid_make(&maker, now_ms, id);
    assert_int_equal(time_of(id), now_ms);
    assert_int_equal(id[6] >> 4, 7);
    assert_int_equal(id[8] >> 6, 2);
}

static void uuid_grows_within_a_millisecond_beyond_its_counter(void **state)
{
    struct dd_uuid_maker maker = {0};
    uint8_t last[16];
    uint8_t id[16];
    (void)state;

    dd_uuid_make(&maker, 1700000000000, last);
    for (int i = 0; i < 20000; i++) {
        dd_uuid_make(&maker, 1700000000000, id);
        assert_true(memcmp(last, id, sizeof id) < 0);
        assert_int_equal(id[6] >> 4, 7);
        assert_int_equal(id[8] >> 6, 2);
        memcpy(last, id, sizeof id);
    }
    assert_true(time_of(last) < 1700000000000 + 20);
}

static void uuid_grows_when_the_clock_goes_back_and_follows_it_when_it_goes_on(void **state)
{
    struct dd_uuid_maker maker = {0};
    uint8_t last[16];
    uint8_t id[16];
    (void)state;

    dd_uuid_make(&maker, 1700000000000, last);
    dd_uuid_make(&maker, 1600000000000, id);
    assert_true(memcmp(last, id, sizeof id) < 0);
    assert_int_equal(time_of(id), 1700000000000);
    dd_uuid_make(&maker, 1700000000001, last);
    assert_true(memcmp(id, last, sizeof id) < 0);
    assert_int_equal(time_of(last), 1700000000001);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_bytes_fill_exactly_what_was_asked),
        cmocka_unit_test(random_number_stays_below_its_bound),
        cmocka_unit_test(uuid_carries_its_time_version_and_variant),
        cmocka_unit_test(uuid_grows_within_a_millisecond_beyond_its_counter),
        cmocka_unit_test(uuid_grows_when_the_clock_goes_back_and_follows_it_when_it_goes_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
