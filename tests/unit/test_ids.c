/* Ids and hexadecimal text: what is read, what is refused, and the way back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/ids.h"

static const struct dd_id sample = {{0x01, 0x8f, 0x3a, 0x2b, 0x4c, 0x5d, 0x7e, 0x6f, 0x80, 0x91,
                                     0xa2, 0xb3, 0xc4, 0xd5, 0xe6, 0xf7}};

static void id_is_read_from_uuid_text_and_from_bare_hex(void **state)
{
    static const char *const texts[] = {
        "018f3a2b-4c5d-7e6f-8091-a2b3c4d5e6f7",
        "018F3A2B-4C5D-7E6F-8091-A2B3C4D5E6F7",
        "018f3a2b4c5d7e6f8091a2b3c4d5e6f7",
        "018F3a2b4C5d7e6f8091A2B3c4d5e6F7",
    };
    (void)state;

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct dd_id id = {{0}};
        assert_true(dd_id_parse(dd_slice_of(texts[i]), &id));
        assert_true(dd_id_equal(id, sample));
    }
}

static void id_text_that_is_not_exact_is_refused_and_leaves_the_result_alone(void **state)
{
    static const char *const texts[] = {
        "",
        "018f3a2b",
        "018f3a2b-4c5d-7e6f-8091-a2b3c4d5e6f",
        "018f3a2b-4c5d-7e6f-8091-a2b3c4d5e6f70",
        "018f3a2b4-c5d-7e6f-8091-a2b3c4d5e6f7",
        "018f3a2b-4c5d-7e6f-8091+a2b3c4d5e6f7",
        "018f3a2b-4c5d-7e6f-8091-a2b3c4d5e6fg",
        "{18f3a2b-4c5d-7e6f-8091-a2b3c4d5e6f}",
        "018f3a2b4c5d7e6f8091a2b3c4d5e6f",
        "018f3a2b4c5d7e6f8091a2b3c4d5e6f7a",
        "018f3a2b4c5d7e6f8091a2b3c4d5e6f ",
        "018f3a2b4c5d7e6f8091a2b3c4d5e6-7",
    };
    (void)state;

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct dd_id id = sample;
        assert_false(dd_id_parse(dd_slice_of(texts[i]), &id));
        assert_true(dd_id_equal(id, sample));
    }
}

static void id_is_written_in_lower_case_with_hyphens(void **state)
{
    char text[DD_ID_TEXT_BYTES];
    struct dd_id back;
    (void)state;

    dd_id_format(sample, text);
    assert_string_equal(text, "018f3a2b-4c5d-7e6f-8091-a2b3c4d5e6f7");
    assert_true(dd_id_parse(dd_slice_of(text), &back));
    assert_true(dd_id_equal(back, sample));
}

static void id_compare_is_the_order_of_the_bytes(void **state)
{
    (void)state;
    for (size_t i = 0; i < DD_ID_BYTES; i++) {
        struct dd_id other = sample;
        other.byte[i] ^= 0x80;
        assert_false(dd_id_equal(sample, other));
        assert_int_equal(dd_id_compare(sample, other) < 0, sample.byte[i] < other.byte[i]);
        assert_int_equal(dd_id_compare(other, sample) < 0, other.byte[i] < sample.byte[i]);
    }
    assert_int_equal(dd_id_compare(sample, sample), 0);
}

static void id_of_zeros_is_none(void **state)
{
    struct dd_id id = {{0}};
    (void)state;
    assert_true(dd_id_is_zero(id));
    id.byte[15] = 1;
    assert_false(dd_id_is_zero(id));
}

static void id_comes_from_sixteen_bytes_only(void **state)
{
    uint8_t bytes[DD_ID_BYTES + 1] = {0};
    struct dd_id id = sample;
    (void)state;

    assert_false(dd_id_from_slice((struct dd_slice){bytes, DD_ID_BYTES - 1}, &id));
    assert_false(dd_id_from_slice((struct dd_slice){bytes, DD_ID_BYTES + 1}, &id));
    assert_true(dd_id_equal(id, sample));
    assert_true(dd_id_from_slice((struct dd_slice){bytes, DD_ID_BYTES}, &id));
    assert_true(dd_id_is_zero(id));
    assert_true(dd_id_from_slice(dd_id_slice(&sample), &id));
    assert_true(dd_id_equal(id, sample));
}

static void hex_of_every_byte_comes_back(void **state)
{
    uint8_t bytes[256];
    uint8_t back[256];
    char text[513];
    (void)state;

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)i;
    dd_hex_encode((struct dd_slice){bytes, sizeof bytes}, text);
    assert_int_equal(strlen(text), 512);
    assert_memory_equal(text, "000102030405060708090a0b0c0d0e0f10", 34);
    assert_true(dd_hex_decode(dd_slice_of(text), back, sizeof back));
    assert_memory_equal(back, bytes, sizeof bytes);
    dd_hex_encode((struct dd_slice){NULL, 0}, text);
    assert_string_equal(text, "");
}

static void hex_of_another_length_or_character_is_refused(void **state)
{
    uint8_t out[4];
    (void)state;

    assert_true(dd_hex_decode(dd_slice_of("00fF"), out, 2));
    assert_int_equal(out[1], 0xff);
    assert_true(dd_hex_decode(dd_slice_of(""), out, 0));
    assert_false(dd_hex_decode(dd_slice_of("00f"), out, 2));
    assert_false(dd_hex_decode(dd_slice_of("00f"), out, 1));
    assert_false(dd_hex_decode(dd_slice_of("00ff00"), out, 2));
    for (int c = 0; c < 256; c++) {
        uint8_t text[2] = {'0', (uint8_t)c};
        bool digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        assert_int_equal(dd_hex_decode((struct dd_slice){text, 2}, out, 1), digit);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(id_is_read_from_uuid_text_and_from_bare_hex),
        cmocka_unit_test(id_text_that_is_not_exact_is_refused_and_leaves_the_result_alone),
        cmocka_unit_test(id_is_written_in_lower_case_with_hyphens),
        cmocka_unit_test(id_compare_is_the_order_of_the_bytes),
        cmocka_unit_test(id_of_zeros_is_none),
        cmocka_unit_test(id_comes_from_sixteen_bytes_only),
        cmocka_unit_test(hex_of_every_byte_comes_back),
        cmocka_unit_test(hex_of_another_length_or_character_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
