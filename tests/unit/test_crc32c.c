/* CRC-32C against the values of RFC 3720, and in parts against in one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "storage/crc32c.h"

static void crc32c_gives_the_published_values(void **unused)
{
    (void)unused;
    uint8_t bytes[32] = {0};
    assert_int_equal(dd_crc32c(0, dd_slice_of("")), 0);
    assert_int_equal(dd_crc32c(0, dd_slice_of("123456789")), 0xe3069283);
    assert_int_equal(dd_crc32c(0, (struct dd_slice){bytes, 32}), 0x8a9136aa);
    memset(bytes, 0xff, sizeof bytes);
    assert_int_equal(dd_crc32c(0, (struct dd_slice){bytes, 32}), 0x62a8ab43);
    for (uint8_t i = 0; i < 32; i++)
        bytes[i] = i;
    assert_int_equal(dd_crc32c(0, (struct dd_slice){bytes, 32}), 0x46dd794e);
}

static void crc32c_in_parts_equals_crc32c_in_one(void **unused)
{
    (void)unused;
    uint8_t bytes[100];
    for (uint8_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 37);
    uint32_t whole = dd_crc32c(0, (struct dd_slice){bytes, sizeof bytes});
    for (size_t cut = 0; cut <= sizeof bytes; cut++) {
        uint32_t first = dd_crc32c(0, (struct dd_slice){bytes, cut});
        struct dd_slice rest = {bytes + cut, sizeof bytes - cut};
        assert_int_equal(dd_crc32c(first, rest), whole);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(crc32c_gives_the_published_values),
        cmocka_unit_test(crc32c_in_parts_equals_crc32c_in_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
