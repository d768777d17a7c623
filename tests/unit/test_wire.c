/* The wire format by hand: what is read, what is refused, and that writing is the reverse. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "proto/wire.h"

#define WIRE(...) wire_of((const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

static struct dd_wire wire_of(const uint8_t *data, size_t size)
{
    return dd_wire_make((struct dd_slice){data, size});
}

static void wire_reads_back_every_width_of_integer(void **state)
{
    static const uint64_t values[] = {
        0, 1, 127, 128, 16383, 16384, UINT32_MAX, (uint64_t)UINT32_MAX + 1, INT64_MAX, UINT64_MAX};
    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        uint8_t bytes[DD_WIRE_VARINT_BYTES_MAX];
        struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
        dd_wire_put_varint(&w, values[i]);
        assert_false(w.overflow);
        struct dd_wire wire = dd_wire_make(dd_writer_slice(&w));
        uint64_t value;
        assert_true(dd_wire_varint(&wire, &value));
        assert_true(value == values[i]);
        assert_int_equal(wire.at, wire.size);
    }
}

static void wire_refuses_integers_cut_short_or_too_long(void **state)
{
    uint64_t value;
    struct dd_wire wire;
    (void)state;

    wire = WIRE(0x80);
    assert_false(dd_wire_varint(&wire, &value));
    wire = WIRE(0x80, 0x00); /* zero in two bytes */
    assert_false(dd_wire_varint(&wire, &value));
    wire = WIRE(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01);
    assert_true(dd_wire_varint(&wire, &value));
    assert_true(value == UINT64_MAX);
    wire = WIRE(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02); /* 65 bits */
    assert_false(dd_wire_varint(&wire, &value));
    wire = WIRE(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01);
    assert_false(dd_wire_varint(&wire, &value));
}

static void wire_refuses_groups_and_field_number_zero(void **state)
{
    enum dd_wire_type type;
    uint32_t number;
    struct dd_wire wire;
    (void)state;

    wire = WIRE(0x0a);
    assert_true(dd_wire_tag(&wire, &number, &type));
    assert_int_equal(number, 1);
    assert_int_equal(type, DD_WIRE_BYTES);
    for (uint8_t wrong = 0; wrong < 8; wrong++) {
        uint8_t tag = (uint8_t)(1u << 3 | wrong);
        wire = wire_of(&tag, 1);
        bool known = wrong == 0 || wrong == 1 || wrong == 2 || wrong == 5;
        assert_int_equal(dd_wire_tag(&wire, &number, &type), known);
    }
    wire = WIRE(0x02); /* number 0 */
    assert_false(dd_wire_tag(&wire, &number, &type));
    wire = WIRE(0xf8, 0xff, 0xff, 0xff, 0x0f);
    assert_true(dd_wire_tag(&wire, &number, &type));
    assert_int_equal(number, DD_WIRE_NUMBER_MAX);
    wire = WIRE(0x80, 0x80, 0x80, 0x80, 0x10);
    assert_false(dd_wire_tag(&wire, &number, &type));
}

static void wire_never_reads_beyond_a_length(void **state)
{
    struct dd_slice bytes;
    struct dd_wire wire;
    (void)state;

    wire = WIRE(0x02, 'a', 'b');
    assert_true(dd_wire_bytes(&wire, &bytes));
    assert_int_equal(bytes.size, 2);
    wire = WIRE(0x03, 'a', 'b');
    assert_false(dd_wire_bytes(&wire, &bytes));
    wire = WIRE(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01);
    assert_false(dd_wire_bytes(&wire, &bytes));
    wire = WIRE(1, 2, 3, 4, 5, 6, 7);
    assert_false(dd_wire_skip(&wire, DD_WIRE_FIXED64));
    assert_true(dd_wire_skip(&wire, DD_WIRE_FIXED32));
    assert_int_equal(wire.at, 4);
    assert_false(dd_wire_skip(&wire, DD_WIRE_FIXED32));
}

static void wire_leaves_out_zero_and_empty_but_writes_elements(void **state)
{
    uint8_t bytes[16];
    struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
    (void)state;

    dd_wire_put_number(&w, 1, 0);
    dd_wire_put_bytes(&w, 2, (struct dd_slice){NULL, 0});
    assert_int_equal(dd_writer_slice(&w).size, 0);
    dd_wire_put_element(&w, 2, (struct dd_slice){NULL, 0});
    dd_wire_put_number(&w, 3, 300);
    static const uint8_t wanted[] = {0x12, 0x00, 0x18, 0xac, 0x02};
    assert_int_equal(dd_writer_slice(&w).size, sizeof wanted);
    assert_memory_equal(bytes, wanted, sizeof wanted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wire_reads_back_every_width_of_integer),
        cmocka_unit_test(wire_refuses_integers_cut_short_or_too_long),
        cmocka_unit_test(wire_refuses_groups_and_field_number_zero),
        cmocka_unit_test(wire_never_reads_beyond_a_length),
        cmocka_unit_test(wire_leaves_out_zero_and_empty_but_writes_elements),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
