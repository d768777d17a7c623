/* The scan before unpacking: each rule on both sides, on messages made by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/scan.h"
#include "proto/wire.h"

/* The real messages, without the generated header: only the codec includes that. */
extern const ProtobufCMessageDescriptor dondoc__v1__command__descriptor;
extern const ProtobufCMessageDescriptor dondoc__v1__request__descriptor;

#define COMMAND (&dondoc__v1__command__descriptor)
#define REQUEST (&dondoc__v1__request__descriptor)

/* A message that holds itself, which no message of ours does: Node { Node child = 1; repeated
 * sint32 small = 2; int32 whole = 3; fixed32 four = 4; fixed64 eight = 5; bool flag = 6; } */
struct node {
    ProtobufCMessage base;
    struct node *child;
    size_t n_small;
    int32_t *small;
    int32_t whole;
    uint32_t four;
    uint64_t eight;
    protobuf_c_boolean flag;
};

static const ProtobufCMessageDescriptor node_shape;

static const ProtobufCFieldDescriptor node_fields[] = {
    {.name = "child",
     .id = 1,
     .label = PROTOBUF_C_LABEL_NONE,
     .type = PROTOBUF_C_TYPE_MESSAGE,
     .offset = offsetof(struct node, child),
     .descriptor = &node_shape},
    {.name = "small",
     .id = 2,
     .label = PROTOBUF_C_LABEL_REPEATED,
     .type = PROTOBUF_C_TYPE_SINT32,
     .quantifier_offset = offsetof(struct node, n_small),
     .offset = offsetof(struct node, small)},
    {.name = "whole",
     .id = 3,
     .label = PROTOBUF_C_LABEL_NONE,
     .type = PROTOBUF_C_TYPE_INT32,
     .offset = offsetof(struct node, whole)},
    {.name = "four",
     .id = 4,
     .label = PROTOBUF_C_LABEL_NONE,
     .type = PROTOBUF_C_TYPE_FIXED32,
     .offset = offsetof(struct node, four)},
    {.name = "eight",
     .id = 5,
     .label = PROTOBUF_C_LABEL_NONE,
     .type = PROTOBUF_C_TYPE_FIXED64,
     .offset = offsetof(struct node, eight)},
    {.name = "flag",
     .id = 6,
     .label = PROTOBUF_C_LABEL_NONE,
     .type = PROTOBUF_C_TYPE_BOOL,
     .offset = offsetof(struct node, flag)},
};
static const ProtobufCIntRange node_ranges[] = {{1, 0}, {0, 6}};
static const ProtobufCMessageDescriptor node_shape = {
    .magic = PROTOBUF_C__MESSAGE_DESCRIPTOR_MAGIC,
    .name = "Node",
    .sizeof_message = sizeof(struct node),
    .n_fields = 6,
    .fields = node_fields,
    .n_field_ranges = 1,
    .field_ranges = node_ranges,
};

static uint8_t memory[1024 * 1024 * 8];
static struct dd_writer w;
static struct dd_refusal refusal;

static int begin(void **state)
{
    (void)state;
    w = dd_writer_make(memory, sizeof memory);
    memset(&refusal, 0, sizeof refusal);
    return 0;
}

static enum dd_status scan_as(const ProtobufCMessageDescriptor *shape, enum dd_scan_mode mode)
{
    assert_false(w.overflow);
    /* memory of exactly the size, so that a read beyond the end is found */
    struct dd_slice made = dd_writer_slice(&w);
    uint8_t *copy = malloc(made.size > 0 ? made.size : 1);
    assert_non_null(copy);
    memcpy(copy, made.data, made.size);
    enum dd_status status = dd_scan((struct dd_slice){copy, made.size}, shape, mode, &refusal);
    free(copy);
    return status;
}

static void assert_taken(const ProtobufCMessageDescriptor *shape)
{
    assert_int_equal(scan_as(shape, DD_SCAN_STRICT), DD_OK);
    assert_int_equal(refusal.status, DD_OK);
    begin(NULL);
}

static void assert_refused(const ProtobufCMessageDescriptor *shape, enum dd_rule rule,
                           const char *field, const char *param)
{
    assert_int_equal(scan_as(shape, DD_SCAN_STRICT), DD_INVALID);
    assert_int_equal(refusal.status, DD_INVALID);
    assert_string_equal(dd_rule_key(refusal.rule), dd_rule_key(rule));
    assert_string_equal(refusal.field, field);
    assert_string_equal(refusal.param[0], param);
    begin(NULL);
}

static void put_text(uint32_t number, const char *text)
{
    dd_wire_put_element(&w, number, dd_slice_of(text));
}

/* Wraps what is in the writer as the field of an outer message. */
static void wrap(uint32_t number)
{
    struct dd_slice inner = dd_writer_slice(&w);
    uint8_t *copy = malloc(inner.size > 0 ? inner.size : 1);
    assert_non_null(copy);
    memcpy(copy, inner.data, inner.size);
    size_t size = inner.size;
    begin(NULL);
    dd_wire_put_element(&w, number, (struct dd_slice){copy, size});
    free(copy);
}

enum { GENESIS = 10, REGISTER = 20, PROGRESS = 24, TICK = 40 }; /* fields of Command */

static void scan_takes_the_empty_message_and_known_fields(void **state)
{
    (void)state;
    assert_taken(COMMAND);
    put_text(1, "0123456789abcdef");
    put_text(TICK, "");
    assert_taken(COMMAND);
}

static void scan_names_an_unknown_field_by_number_and_place(void **state)
{
    (void)state;
    dd_wire_put_number(&w, 99, 1);
    assert_refused(COMMAND, DD_RULE_UNKNOWN_FIELD, "", "99");
    dd_wire_put_number(&w, 99, 1);
    wrap(5); /* indicators[0] */
    wrap(REGISTER);
    assert_refused(COMMAND, DD_RULE_UNKNOWN_FIELD, "register.indicators[0]", "99");
}

static void scan_passes_over_unknown_fields_when_tolerant(void **state)
{
    (void)state;
    dd_wire_put_number(&w, 99, 1);
    put_text(98, "later");
    assert_int_equal(scan_as(COMMAND, DD_SCAN_TOLERANT), DD_OK);
    dd_wire_put_varint(&w, 97 << 3 | 3); /* but a group is no message of ours */
    assert_int_equal(scan_as(COMMAND, DD_SCAN_TOLERANT), DD_INVALID);
}

static void scan_refuses_a_wrong_wire_type(void **state)
{
    (void)state;
    dd_wire_put_number(&w, 1, 5); /* id as a number */
    assert_refused(COMMAND, DD_RULE_MALFORMED, "id", "");
    put_text(3, "task as text");
    wrap(REGISTER);
    assert_refused(COMMAND, DD_RULE_MALFORMED, "register.task", "");
}

static void scan_refuses_groups(void **state)
{
    (void)state;
    dd_wire_put_varint(&w, 1 << 3 | 3);
    dd_wire_put_varint(&w, 1 << 3 | 4);
    assert_refused(COMMAND, DD_RULE_MALFORMED, "", "");
}

static void scan_refuses_bytes_cut_at_any_place(void **state)
{
    static const uint8_t task[] = {0x0a, 3, 'a', 'b',  'c',  0xa2, 0x01, 7,
                                   0x0a, 1, 'c', 0x18, 0x83, 0x01, 0x30};
    static const uint8_t whole[] = {0x0a, 3,    'a', 'b', 'c',  0xa2, 0x01,
                                    6,    0x0a, 1,   'c', 0x18, 0x83, 0x01};
    (void)state;
    dd_write_raw(&w, task, sizeof task); /* the last tag has no value */
    assert_refused(COMMAND, DD_RULE_MALFORMED, "register.removed", "");
    for (size_t size = 1; size < sizeof whole; size++) {
        dd_write_raw(&w, whole, size);
        bool at_a_field = size == 5;
        assert_int_equal(scan_as(COMMAND, DD_SCAN_STRICT), at_a_field ? DD_OK : DD_INVALID);
        begin(NULL);
    }
    dd_write_raw(&w, whole, sizeof whole);
    assert_taken(COMMAND);
}

static void scan_refuses_a_length_beyond_its_message(void **state)
{
    static const uint8_t bytes[] = {0xa2, 0x01, 3,   0x0a, 9,   'c', 0x0a, 8,
                                    'a',  'b',  'c', 'd',  'e', 'f', 'g',  'h'};
    (void)state;
    dd_write_raw(&w, bytes, sizeof bytes); /* the inner text would reach into the outer message */
    assert_refused(COMMAND, DD_RULE_MALFORMED, "register.cycle", "");
}

static void scan_refuses_numbers_in_more_bytes_than_needed(void **state)
{
    static const uint8_t bytes[] = {0x18, 0x83, 0x80, 0x00};
    (void)state;
    dd_write_raw(&w, bytes, sizeof bytes);
    wrap(REGISTER);
    assert_refused(COMMAND, DD_RULE_MALFORMED, "register.task", "");
}

static void scan_refuses_what_stands_twice(void **state)
{
    (void)state;
    put_text(1, "a");
    put_text(1, "a");
    assert_refused(COMMAND, DD_RULE_DUPLICATE_FIELD, "id", "");
    dd_wire_put_number(&w, 3, 1);
    dd_wire_put_varint(&w, 3 << 3); /* zero, which a writer leaves out, counts too */
    dd_wire_put_varint(&w, 0);
    wrap(REGISTER);
    assert_refused(COMMAND, DD_RULE_DUPLICATE_FIELD, "register.task", "");
}

static void scan_refuses_two_members_of_a_oneof(void **state)
{
    (void)state;
    put_text(REGISTER, "");
    put_text(TICK, "");
    assert_refused(COMMAND, DD_RULE_DUPLICATE_FIELD, "tick", "");
    put_text(REGISTER, "");
    put_text(REGISTER, "");
    assert_refused(COMMAND, DD_RULE_DUPLICATE_FIELD, "register", "");
}

static void nest(int levels)
{
    for (int i = 1; i < levels; i++)
        wrap(1);
}

static void scan_counts_depth(void **state)
{
    (void)state;
    dd_wire_put_number(&w, 3, 1);
    nest(DD_NESTING_MAX);
    assert_taken(&node_shape);
    dd_wire_put_number(&w, 3, 1);
    nest(DD_NESTING_MAX + 1);
    assert_refused(&node_shape, DD_RULE_TOO_DEEP, "child.child.child.child.child.child.child.child",
                   "8");
}

static void scan_refuses_ten_thousand_levels(void **state)
{
    (void)state;
    nest(10000);
    assert_refused(&node_shape, DD_RULE_TOO_DEEP, "child.child.child.child.child.child.child.child",
                   "8");
    for (int i = 0; i < 10000; i++)
        wrap(REGISTER);
    assert_int_equal(scan_as(COMMAND, DD_SCAN_STRICT), DD_INVALID);
    assert_int_equal(scan_as(COMMAND, DD_SCAN_TOLERANT),
                     DD_OK); /* one unknown field, not entered */
}

static void put_removed(size_t count)
{
    for (size_t i = 0; i < count; i++)
        dd_wire_put_number(&w, 6, 7);
}

static void scan_counts_the_elements_of_a_repeated_field(void **state)
{
    (void)state;
    put_removed(DD_REPEATED_MAX);
    wrap(REGISTER);
    assert_taken(COMMAND);
    put_removed(DD_REPEATED_MAX + 1);
    wrap(REGISTER);
    assert_refused(COMMAND, DD_RULE_TOO_MANY, "register.removed", "1024");
}

static void put_packed(size_t count)
{
    for (size_t i = 0; i < count; i++)
        dd_wire_put_varint(&w, 300);
    wrap(6);
}

static void scan_counts_packed_elements_too(void **state)
{
    (void)state;
    put_packed(DD_REPEATED_MAX);
    wrap(REGISTER);
    assert_taken(COMMAND);
    put_packed(DD_REPEATED_MAX + 1);
    wrap(REGISTER);
    assert_refused(COMMAND, DD_RULE_TOO_MANY, "register.removed", "1024");
    put_packed(0);
    wrap(REGISTER);
    assert_taken(COMMAND);
    dd_wire_put_varint(&w, (uint64_t)UINT32_MAX + 1);
    wrap(6);
    wrap(REGISTER);
    assert_refused(COMMAND, DD_RULE_OUT_OF_RANGE, "register.removed", "0");
    dd_write_u8(&w, 0x80); /* an element cut at the end of its run */
    wrap(6);
    wrap(REGISTER);
    assert_refused(COMMAND, DD_RULE_MALFORMED, "register.removed", "");
}

static void scan_refuses_a_million_elements(void **state)
{
    (void)state;
    for (size_t i = 0; i < 1000000; i++)
        put_text(5, "");
    wrap(REGISTER);
    assert_refused(COMMAND, DD_RULE_TOO_MANY, "register.indicators", "1024");
}

/* 16 accounts of 1,024 empty offices each: 1 + 16 * 1,025 fields. */
static void scan_counts_fields_of_all_levels_together(void **state)
{
    (void)state;
    for (size_t i = 0; i < DD_REPEATED_MAX; i++)
        put_text(6, "");
    wrap(5);
    struct dd_slice made = dd_writer_slice(&w);
    uint8_t *account = malloc(made.size);
    assert_non_null(account);
    memcpy(account, made.data, made.size);
    size_t size = made.size;
    for (size_t i = 0; i < 14; i++)
        dd_write_raw(&w, account, size);
    size_t fields = 1 + 15 * (1 + DD_REPEATED_MAX);
    assert_true(fields < DD_FIELDS_MAX);
    uint8_t *keep = malloc(dd_writer_slice(&w).size);
    assert_non_null(keep);
    size_t keep_size = dd_writer_slice(&w).size;
    memcpy(keep, memory, keep_size);
    size_t left = DD_FIELDS_MAX - fields; /* of empty accounts */
    for (size_t i = 0; i < left; i++)
        put_text(5, "");
    wrap(GENESIS);
    assert_taken(COMMAND);
    dd_write_raw(&w, keep, keep_size);
    for (size_t i = 0; i < left + 1; i++)
        put_text(5, "");
    wrap(GENESIS);
    assert_refused(COMMAND, DD_RULE_TOO_MANY, "genesis", "16384");
    free(account);
    free(keep);
}

static void scan_refuses_enum_values_that_are_no_words(void **state)
{
    enum { CORRECT = 5, WRONG = 6 };
    (void)state;
    dd_wire_put_number(&w, 5, CORRECT);
    wrap(PROGRESS);
    assert_taken(COMMAND);
    dd_wire_put_number(&w, 5, WRONG);
    wrap(PROGRESS);
    assert_refused(COMMAND, DD_RULE_UNKNOWN_WORD, "progress.outcome", "6");
    dd_wire_put_number(&w, 5, (uint64_t)-1);
    wrap(PROGRESS);
    assert_refused(COMMAND, DD_RULE_UNKNOWN_WORD, "progress.outcome", "-1");
    dd_wire_put_number(&w, 5, (uint64_t)INT32_MAX + 1);
    wrap(PROGRESS);
    assert_refused(COMMAND, DD_RULE_OUT_OF_RANGE, "progress.outcome", "-2147483648");
    dd_wire_put_number(&w, 5, WRONG);
    wrap(PROGRESS);
    assert_int_equal(scan_as(COMMAND, DD_SCAN_TOLERANT), DD_OK);
}

static void scan_refuses_numbers_that_their_type_would_cut(void **state)
{
    (void)state;
    dd_wire_put_number(&w, 3, UINT32_MAX);
    wrap(REGISTER);
    assert_taken(COMMAND);
    dd_wire_put_number(&w, 3, (uint64_t)UINT32_MAX + 1);
    wrap(REGISTER);
    assert_refused(COMMAND, DD_RULE_OUT_OF_RANGE, "register.task", "0");
    dd_wire_put_number(&w, 3, (uint64_t)(int64_t)INT32_MIN); /* int32 */
    assert_taken(&node_shape);
    dd_wire_put_number(&w, 3, (uint64_t)((int64_t)INT32_MIN - 1));
    assert_refused(&node_shape, DD_RULE_OUT_OF_RANGE, "whole", "-2147483648");
    dd_wire_put_number(&w, 2, UINT32_MAX); /* sint32 */
    assert_taken(&node_shape);
    dd_wire_put_number(&w, 2, (uint64_t)UINT32_MAX + 1);
    assert_refused(&node_shape, DD_RULE_OUT_OF_RANGE, "small", "-2147483648");
    dd_wire_put_number(&w, 6, 1);
    assert_taken(&node_shape);
    dd_wire_put_number(&w, 6, 2);
    assert_refused(&node_shape, DD_RULE_OUT_OF_RANGE, "flag", "0");
}

static void scan_steps_over_fixed_numbers(void **state)
{
    (void)state;
    dd_wire_put_varint(&w, 4 << 3 | DD_WIRE_FIXED32);
    dd_write_u32(&w, 1);
    dd_wire_put_varint(&w, 5 << 3 | DD_WIRE_FIXED64);
    dd_write_u64(&w, 1);
    assert_taken(&node_shape);
    dd_wire_put_varint(&w, 5 << 3 | DD_WIRE_FIXED64);
    dd_write_u32(&w, 1);
    assert_refused(&node_shape, DD_RULE_MALFORMED, "eight", "");
}

static void put_title(const char *title)
{
    put_text(2, title);
    wrap(5);
    wrap(REGISTER);
}

static void scan_checks_texts(void **state)
{
    const char *title = "register.indicators[0].title";
    (void)state;
    put_title("Thu ngân sách\n\tđạt kế hoạch");
    assert_taken(COMMAND);
    put_title("caf\xe9");
    assert_refused(COMMAND, DD_RULE_NOT_UTF8, title, "");
    put_title("a\rb");
    assert_refused(COMMAND, DD_RULE_CONTROL_CHARACTER, title, "");
    put_title("a\xe2\x80\xae"
              "b"); /* U+202E turns the reading direction */
    assert_refused(COMMAND, DD_RULE_CONTROL_CHARACTER, title, "");
    put_title("o\xcc\x82");
    assert_refused(COMMAND, DD_RULE_NOT_NFC, title, "");
    put_title("o\xcc\x82");
    assert_int_equal(scan_as(COMMAND, DD_SCAN_TOLERANT), DD_OK);
    begin(NULL);
    dd_wire_put_element(&w, 2, (struct dd_slice){(const uint8_t *)"a\0b", 3});
    wrap(5);
    wrap(REGISTER);
    assert_int_equal(scan_as(COMMAND, DD_SCAN_TOLERANT), DD_INVALID);
    assert_refused(COMMAND, DD_RULE_CONTROL_CHARACTER, title, "");
}

static void scan_bounds_every_text(void **state)
{
    static char text[DD_REASON_BYTES_MAX + 2];
    (void)state;
    memset(text, 'x', DD_REASON_BYTES_MAX);
    put_title(text);
    assert_taken(COMMAND);
    text[DD_REASON_BYTES_MAX] = 'x';
    put_title(text);
    assert_refused(COMMAND, DD_RULE_TOO_LONG, "register.indicators[0].title", "4000");
}

static void scan_leaves_bytes_fields_alone(void **state)
{
    (void)state;
    put_text(1, "\xff\x01"); /* the command inside a request */
    wrap(5);
    assert_taken(REQUEST);
}

static void scan_names_the_element_that_is_wrong(void **state)
{
    (void)state;
    put_text(2, "first");
    wrap(5);
    struct dd_slice first = dd_writer_slice(&w);
    uint8_t copy[64];
    memcpy(copy, first.data, first.size);
    struct dd_slice element = {copy, first.size};
    begin(NULL);
    dd_write_raw(&w, element.data, element.size);
    dd_write_raw(&w, element.data, element.size);
    put_text(5, "\x12\x01\xff");
    wrap(REGISTER);
    assert_refused(COMMAND, DD_RULE_NOT_UTF8, "register.indicators[2].title", "");
}

static void path_is_cut_at_its_limit(void **state)
{
    struct dd_path path = {.depth = DD_NESTING_MAX};
    char out[DD_FIELD_PATH_BYTES_MAX + 1];
    (void)state;
    for (size_t i = 0; i < DD_NESTING_MAX; i++)
        path.step[i] = (struct dd_path_step){"a_rather_long_name", 1023, true};
    dd_path_text(&path, "last", out);
    assert_true(strlen(out) <= DD_FIELD_PATH_BYTES_MAX);
    assert_memory_equal(out, "a_rather_long_name[1023].a_rather", 33);
    path.depth = 0;
    dd_path_text(&path, NULL, out);
    assert_string_equal(out, "");
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup(name, begin)
    const struct CMUnitTest tests[] = {
        CASE(scan_takes_the_empty_message_and_known_fields),
        CASE(scan_names_an_unknown_field_by_number_and_place),
        CASE(scan_passes_over_unknown_fields_when_tolerant),
        CASE(scan_refuses_a_wrong_wire_type),
        CASE(scan_refuses_groups),
        CASE(scan_refuses_bytes_cut_at_any_place),
        CASE(scan_refuses_a_length_beyond_its_message),
        CASE(scan_refuses_numbers_in_more_bytes_than_needed),
        CASE(scan_refuses_what_stands_twice),
        CASE(scan_refuses_two_members_of_a_oneof),
        CASE(scan_counts_depth),
        CASE(scan_refuses_ten_thousand_levels),
        CASE(scan_counts_the_elements_of_a_repeated_field),
        CASE(scan_counts_packed_elements_too),
        CASE(scan_refuses_a_million_elements),
        CASE(scan_counts_fields_of_all_levels_together),
        CASE(scan_refuses_enum_values_that_are_no_words),
        CASE(scan_refuses_numbers_that_their_type_would_cut),
        CASE(scan_steps_over_fixed_numbers),
        CASE(scan_checks_texts),
        CASE(scan_bounds_every_text),
        CASE(scan_leaves_bytes_fields_alone),
        CASE(scan_names_the_element_that_is_wrong),
        CASE(path_is_cut_at_its_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
