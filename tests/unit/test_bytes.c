/* Slices, writers and readers: layouts byte by byte, and both sides of every end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/bytes.h"

static const struct dd_slice none = {NULL, 0};

static void slice_of_null_and_of_nothing_is_empty(void **state)
{
    (void)state;
    assert_int_equal(dd_slice_of(NULL).size, 0);
    assert_int_equal(dd_slice_of("").size, 0);
    assert_int_equal(dd_slice_of("đôn").size, 5);
}

static void slice_equal_looks_at_every_byte(void **state)
{
    (void)state;
    assert_true(dd_slice_equal(dd_slice_of("abc"), dd_slice_of("abc")));
    assert_false(dd_slice_equal(dd_slice_of("abc"), dd_slice_of("abd")));
    assert_false(dd_slice_equal(dd_slice_of("abc"), dd_slice_of("ab")));
    assert_true(dd_slice_equal(none, dd_slice_of("")));
}

static void slice_compare_puts_a_prefix_first_and_bytes_unsigned(void **state)
{
    static const char *const rising[] = {"", "a", "ab", "a\x7f", "a\xff", "b", "\xff"};
    const size_t count = sizeof rising / sizeof rising[0];
    (void)state;

    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < count; j++) {
            int found = dd_slice_compare(dd_slice_of(rising[i]), dd_slice_of(rising[j]));
            assert_int_equal((found > 0) - (found < 0), (i > j) - (i < j));
        }
    }
    assert_int_equal(dd_slice_compare(none, none), 0);
}

static void slice_text_cuts_what_does_not_fit(void **state)
{
    char out[4] = "???";
    (void)state;
    dd_slice_text(dd_slice_of("abc"), out, sizeof out);
    assert_string_equal(out, "abc");
    dd_slice_text(dd_slice_of("abcd"), out, sizeof out);
    assert_string_equal(out, "abc");
    dd_slice_text(none, out, sizeof out);
    assert_string_equal(out, "");
    dd_slice_text(dd_slice_of("abc"), out, 1);
    assert_string_equal(out, "");
}

static void writer_lays_integers_out_big_endian(void **state)
{
    static const uint8_t expected[] = {0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09,
                                       0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0xff, 0xff, 0xff,
                                       0xfe, 0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00};
    uint8_t memory[64];
    struct dd_writer w = dd_writer_make(memory, sizeof memory);
    (void)state;

    dd_write_u8(&w, 0x01);
    dd_write_u16(&w, 0x0203);
    dd_write_u32(&w, 0x04050607);
    dd_write_u64(&w, UINT64_C(0x08090a0b0c0d0e0f));
    dd_write_i32(&w, -2);
    dd_write_i64(&w, INT64_MIN);
    assert_false(w.overflow);
    assert_int_equal(dd_writer_slice(&w).size, sizeof expected);
    assert_memory_equal(dd_writer_slice(&w).data, expected, sizeof expected);
}

static void writer_lays_text_out_behind_its_length(void **state)
{
    static const uint8_t expected[] = {2, 'a', 'b', 0, 1, 'c', 0, 0, 0, 3, 'd', 'e', 'f', 0, 'g'};
    uint8_t memory[sizeof expected];
    struct dd_writer w = dd_writer_make(memory, sizeof memory);
    (void)state;

    dd_write_text8(&w, dd_slice_of("ab"));
    dd_write_text16(&w, dd_slice_of("c"));
    dd_write_bytes32(&w, dd_slice_of("def"));
    dd_write_text8(&w, none);
    dd_write_raw(&w, "g", 1);
    dd_write_raw(&w, NULL, 0);
    assert_false(w.overflow);
    assert_int_equal(w.at, sizeof expected);
    assert_memory_equal(memory, expected, sizeof expected);
}

static void writer_overflow_is_sticky_and_writes_nothing(void **state)
{
    uint8_t memory[4] = {9, 9, 9, 9};
    struct dd_writer w = dd_writer_make(memory, 3);
    (void)state;

    dd_write_u16(&w, 0x0102);
    dd_write_u16(&w, 0x0304);
    assert_true(w.overflow);
    dd_write_u8(&w, 5); /* would fit, but comes after the overflow */
    assert_true(w.overflow);
    assert_int_equal(w.at, 2);
    assert_int_equal(memory[2], 9);
    assert_int_equal(memory[3], 9);
}

static void writer_takes_exactly_what_fits(void **state)
{
    uint8_t memory[8];
    (void)state;

    for (size_t size = 0; size <= sizeof memory; size++) {
        struct dd_writer w = dd_writer_make(memory, size);
        dd_write_text16(&w, dd_slice_of("abc"));
        assert_int_equal(w.overflow, size < 5);
        assert_int_equal(w.at, size < 5 ? 0 : 5); /* the length is not written alone */
        w = dd_writer_make(memory, size);
        dd_write_u8(&w, 1);
        dd_write_text8(&w, dd_slice_of("abc"));
        assert_int_equal(w.overflow, size < 5);
        assert_int_equal(w.at, size < 1 ? 0 : size < 5 ? 1 : 5);
        w = dd_writer_make(memory, size);
        dd_write_u64(&w, 1);
        assert_int_equal(w.overflow, size < 8);
    }
}

static void writer_text_longer_than_its_length_can_say_overflows(void **state)
{
    static uint8_t text[70000];
    static uint8_t memory[80000];
    static const struct {
        void (*write)(struct dd_writer *w, struct dd_slice text);
        size_t size;
        bool fits;
    } cases[] = {
        {dd_write_text8, 255, true},     {dd_write_text8, 256, false},
        {dd_write_text16, 65535, true},  {dd_write_text16, 65536, false},
        {dd_write_bytes32, 65536, true},
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct dd_writer w = dd_writer_make(memory, sizeof memory);
        cases[i].write(&w, (struct dd_slice){text, cases[i].size});
        assert_int_equal(!w.overflow, cases[i].fits);
    }
}

static void reader_reads_back_what_the_writer_wrote(void **state)
{
    uint8_t memory[128];
    uint8_t raw[3];
    struct dd_writer w = dd_writer_make(memory, sizeof memory);
    (void)state;

    dd_write_u8(&w, UINT8_MAX);
    dd_write_u16(&w, UINT16_MAX - 1);
    dd_write_u32(&w, UINT32_MAX - 1);
    dd_write_u64(&w, UINT64_MAX - 1);
    dd_write_i32(&w, INT32_MIN);
    dd_write_i32(&w, INT32_MAX);
    dd_write_i64(&w, -1);
    dd_write_raw(&w, "xyz", 3);
    dd_write_text8(&w, dd_slice_of("tám"));
    dd_write_text16(&w, none);
    dd_write_bytes32(&w, dd_slice_of("32"));
    struct dd_reader r = dd_reader_make(dd_writer_slice(&w));
    assert_int_equal(dd_read_u8(&r), UINT8_MAX);
    assert_int_equal(dd_read_u16(&r), UINT16_MAX - 1);
    assert_int_equal(dd_read_u32(&r), UINT32_MAX - 1);
    assert_true(dd_read_u64(&r) == UINT64_MAX - 1);
    assert_int_equal(dd_read_i32(&r), INT32_MIN);
    assert_int_equal(dd_read_i32(&r), INT32_MAX);
    assert_true(dd_read_i64(&r) == -1);
    dd_read_raw(&r, raw, sizeof raw);
    assert_memory_equal(raw, "xyz", 3);
    assert_true(dd_slice_equal(dd_read_text8(&r), dd_slice_of("tám")));
    assert_int_equal(dd_read_text16(&r).size, 0);
    assert_false(dd_reader_done(&r));
    assert_true(dd_slice_equal(dd_read_bytes32(&r), dd_slice_of("32")));
    assert_true(dd_reader_done(&r));
}

static void reader_break_is_sticky_and_gives_zeros(void **state)
{
    static const uint8_t bytes[] = {1, 2, 3};
    uint8_t raw[2] = {7, 7};
    struct dd_reader r = dd_reader_make((struct dd_slice){bytes, sizeof bytes});
    (void)state;

    assert_int_equal(dd_read_u16(&r), 0x0102);
    assert_int_equal(dd_read_u16(&r), 0);
    assert_true(r.broken);
    assert_int_equal(dd_read_u8(&r), 0); /* there, but after the break */
    dd_read_raw(&r, raw, sizeof raw);
    assert_int_equal(raw[0] + raw[1], 0);
    assert_int_equal(dd_read_slice(&r, 0).size, 0);
    assert_false(dd_reader_done(&r));
}

static void reader_refuses_a_length_beyond_the_end(void **state)
{
    static const uint8_t exact[] = {2, 'a', 'b'};
    static const uint8_t beyond[] = {3, 'a', 'b'};
    static const uint8_t huge[] = {0xff, 0xff, 0xff, 0xff, 'a'};
    struct dd_reader r = dd_reader_make((struct dd_slice){exact, sizeof exact});
    (void)state;

    assert_true(dd_slice_equal(dd_read_text8(&r), dd_slice_of("ab")));
    assert_true(dd_reader_done(&r));
    r = dd_reader_make((struct dd_slice){beyond, sizeof beyond});
    assert_int_equal(dd_read_text8(&r).size, 0);
    assert_true(r.broken);
    r = dd_reader_make((struct dd_slice){huge, sizeof huge});
    assert_int_equal(dd_read_bytes32(&r).size, 0);
    assert_true(r.broken);
    r = dd_reader_make((struct dd_slice){huge, sizeof huge});
    assert_int_equal(dd_read_slice(&r, SIZE_MAX).size, 0);
    assert_true(r.broken);
}

static void reader_of_nothing_is_done_until_read(void **state)
{
    struct dd_reader r = dd_reader_make(none);
    (void)state;
    assert_true(dd_reader_done(&r));
    dd_read_u8(&r);
    assert_false(dd_reader_done(&r));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slice_of_null_and_of_nothing_is_empty),
        cmocka_unit_test(slice_equal_looks_at_every_byte),
        cmocka_unit_test(slice_compare_puts_a_prefix_first_and_bytes_unsigned),
        cmocka_unit_test(slice_text_cuts_what_does_not_fit),
        cmocka_unit_test(writer_lays_integers_out_big_endian),
        cmocka_unit_test(writer_lays_text_out_behind_its_length),
        cmocka_unit_test(writer_overflow_is_sticky_and_writes_nothing),
        cmocka_unit_test(writer_takes_exactly_what_fits),
        cmocka_unit_test(writer_text_longer_than_its_length_can_say_overflows),
        cmocka_unit_test(reader_reads_back_what_the_writer_wrote),
        cmocka_unit_test(reader_break_is_sticky_and_gives_zeros),
        cmocka_unit_test(reader_refuses_a_length_beyond_the_end),
        cmocka_unit_test(reader_of_nothing_is_done_until_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
