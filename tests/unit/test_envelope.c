/* The broker's view of a request, and its own replies: against the real codec. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "proto/codec.h"
#include "proto/envelope.h"
#include "proto/wire.h"

static struct dd_arena arena;

static int begin(void **state)
{
    (void)state;
    arena = dd_arena_make(1024 * 1024);
    return 0;
}

static int end(void **state)
{
    (void)state;
    dd_arena_free(&arena);
    return 0;
}

static struct dd_slice encoded(const struct dd_request *request)
{
    struct dd_slice bytes = {NULL, 0};
    assert_int_equal(dd_codec_request_encode(request, &arena, &bytes), DD_OK);
    return bytes;
}

static void peek_reads_what_the_codec_wrote(void **state)
{
    struct dd_signed_command commands[2] = {{dd_slice_of("one"), {NULL, 0}},
                                            {dd_slice_of("two"), {NULL, 0}}};
    struct dd_request request = {.protocol = 1,
                                 .request_id = dd_slice_of("r-17"),
                                 .deadline_ms = 1372093200000,
                                 .trace_id = dd_slice_of("trace/1"),
                                 .commands = commands,
                                 .command_count = 2};
    struct dd_envelope envelope;
    (void)state;
    assert_true(dd_envelope_peek(encoded(&request), &envelope));
    assert_int_equal(envelope.protocol, 1);
    assert_true(dd_slice_equal(envelope.request_id, request.request_id));
    assert_true(envelope.deadline_ms == request.deadline_ms);
    assert_true(dd_slice_equal(envelope.trace_id, request.trace_id));
    assert_int_equal(envelope.command_count, 2);
    assert_false(envelope.has_question);
    assert_false(envelope.has_clock_advance);
}

static void peek_tells_a_question_from_an_act_on_the_clock(void **state)
{
    struct dd_request request = {.protocol = 1,
                                 .request_id = dd_slice_of("1"),
                                 .has_question = true,
                                 .question = {.kind = DD_QUESTION_HELLO}};
    struct dd_envelope envelope;
    (void)state;
    assert_true(dd_envelope_peek(encoded(&request), &envelope));
    assert_true(envelope.has_question);
    request.has_question = false;
    request.has_clock_advance = true;
    request.clock_to_ms = -5;
    assert_true(dd_envelope_peek(encoded(&request), &envelope));
    assert_false(envelope.has_question);
    assert_true(envelope.has_clock_advance);
    assert_true(envelope.clock_to_ms == -5);
}

static void peek_tells_what_is_unknown_of_another_type_or_twice(void **state)
{
    static const struct {
        const char *bytes;
        size_t size;
        bool strange;
    } cases[] = {
        {"\x08\x01\x12\x01x\x3a\x02\x08\x05", 9, false},
        {"\x08\x01\x2a\x00\x2a\x00", 6, false},        /* commands are repeated */
        {"\x08\x01\x12\x01x\x12\x01y", 8, true},       /* request_id twice */
        {"\x08\x01\x3a\x00\x3a\x00", 6, true},         /* clock_advance twice */
        {"\x08\x01\x10\x01", 4, true},                 /* request_id as a number */
        {"\x0a\x01\x01", 3, true},                     /* protocol as bytes */
        {"\x08\x01\x42\x00", 4, true},                 /* field 8 */
        {"\x08\x01\x3a\x04\x08\x05\x08\x06", 8, true}, /* to_ms twice */
        {"\x08\x01\x3a\x04\x08\x05\x10\x06", 8, true}, /* field 2 of clock_advance */
        {"\x08\x01\x3a\x03\x0a\x01\x05", 7, true},     /* to_ms as bytes */
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct dd_envelope envelope;
        assert_true(dd_envelope_peek(
            (struct dd_slice){(const uint8_t *)cases[i].bytes, cases[i].size}, &envelope));
        assert_int_equal(envelope.strange, cases[i].strange);
    }
}

static void peek_passes_over_fields_of_a_later_protocol(void **state)
{
    uint8_t bytes[64];
    struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
    struct dd_envelope envelope;
    (void)state;
    dd_wire_put_number(&w, 1, 2);
    dd_wire_put_element(&w, 77, dd_slice_of("later"));
    dd_wire_put_number(&w, 78, 5);
    dd_wire_put_bytes(&w, 2, dd_slice_of("id"));
    assert_true(dd_envelope_peek(dd_writer_slice(&w), &envelope));
    assert_int_equal(envelope.protocol, 2);
    assert_true(dd_slice_equal(envelope.request_id, dd_slice_of("id")));
}

static void peek_refuses_what_is_no_message(void **state)
{
    static const uint8_t cut[] = {0x08, 0x01, 0x12, 0x05, 'a'};
    static const uint8_t group[] = {0x0b};
    static const uint8_t clock[] = {0x3a, 0x02, 0x08, 0x80};
    struct dd_envelope envelope;
    (void)state;
    assert_false(dd_envelope_peek((struct dd_slice){cut, sizeof cut}, &envelope));
    assert_int_equal(envelope.protocol, 0);
    assert_false(dd_envelope_peek((struct dd_slice){group, sizeof group}, &envelope));
    assert_false(dd_envelope_peek((struct dd_slice){clock, sizeof clock}, &envelope));
    assert_false(envelope.has_clock_advance);
    assert_true(dd_envelope_peek((struct dd_slice){NULL, 0}, &envelope));
}

static void peek_hands_on_no_id_above_its_limit(void **state)
{
    static const char text[] =
        "0123456789012345678901234567890123456789012345678901234567890123456";
    uint8_t bytes[256];
    struct dd_envelope envelope;
    (void)state;
    for (size_t over = 0; over < 2; over++) {
        struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
        dd_wire_put_bytes(&w, 2,
                          (struct dd_slice){(const uint8_t *)text, DD_REQUEST_ID_BYTES_MAX + over});
        dd_wire_put_bytes(&w, 4,
                          (struct dd_slice){(const uint8_t *)text, DD_TRACE_ID_BYTES_MAX + over});
        assert_true(dd_envelope_peek(dd_writer_slice(&w), &envelope));
        assert_int_equal(envelope.request_id.size, over ? 0 : DD_REQUEST_ID_BYTES_MAX);
        assert_int_equal(envelope.trace_id.size, over ? 0 : DD_TRACE_ID_BYTES_MAX);
    }
    struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
    dd_wire_put_bytes(&w, 4, dd_slice_of("line\nof a forged log"));
    assert_true(dd_envelope_peek(dd_writer_slice(&w), &envelope));
    assert_int_equal(envelope.trace_id.size, 0);
}

/* The bytes are those that the codec makes of the same reply, and it reads them. */
static void assert_as_codec(const struct dd_refusal *refusal, int64_t now_ms)
{
    uint8_t bytes[DD_ENVELOPE_REPLY_BYTES_MAX];
    struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
    struct dd_slice id = dd_slice_of("01234567890123456789012345678901");
    struct dd_reply reply = {.request_id = id, .credit = 64, .now_ms = now_ms};
    struct dd_slice wanted = {NULL, 0};
    struct dd_refusal fault;

    if (refusal)
        reply.refusal = *refusal;
    dd_envelope_reply(&w, id, 64, refusal, now_ms);
    assert_false(w.overflow);
    assert_int_equal(dd_codec_reply_encode(&reply, &arena, &wanted), DD_OK);
    assert_true(dd_slice_equal(dd_writer_slice(&w), wanted));
    assert_int_equal(dd_codec_reply_decode(dd_writer_slice(&w), &arena, &reply, &fault), DD_OK);
    assert_true(dd_slice_equal(reply.request_id, id));
    assert_int_equal(reply.credit, 64);
    assert_true(reply.now_ms == now_ms);
    assert_int_equal(reply.refusal.status, refusal ? refusal->status : DD_OK);
}

static void reply_is_the_bytes_that_the_codec_makes(void **state)
{
    struct dd_refusal refusal;
    (void)state;
    assert_as_codec(NULL, 1372093200000);
    assert_as_codec(NULL, -1);
    dd_refuse(&refusal, DD_UNAVAILABLE, DD_RULE_NONE, NULL);
    assert_as_codec(&refusal, 0);
    dd_refuse_text(&refusal, DD_INVALID, DD_RULE_NO_SUCH_UNIT, "commands[3]",
                   dd_slice_of("sở-nội-vụ"));
    assert_as_codec(&refusal, 5);
    memset(refusal.field, 'f', sizeof refusal.field - 1);
    memset(refusal.param[0], 'p', sizeof refusal.param[0] - 1);
    memset(refusal.param[1], 'q', sizeof refusal.param[1] - 1);
    assert_as_codec(&refusal, 5); /* the largest fits */
    refusal.param[0][0] = '\0';
    assert_as_codec(&refusal, 5); /* an empty parameter before another keeps its place */
}

static void reply_makes_parameters_printable(void **state)
{
    uint8_t bytes[DD_ENVELOPE_REPLY_BYTES_MAX];
    struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
    struct dd_refusal refusal;
    struct dd_reply reply;
    (void)state;
    dd_refuse_text(&refusal, DD_NO_SERVICE, DD_RULE_NONE, NULL, dd_slice_of("a\x1b[2J\xff"));
    dd_envelope_reply(&w, dd_slice_of("1"), 1, &refusal, 0);
    assert_int_equal(dd_codec_reply_decode(dd_writer_slice(&w), &arena, &reply, &refusal), DD_OK);
    assert_string_equal(reply.refusal.param[0], "a?[2J?");
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        CASE(peek_reads_what_the_codec_wrote),
        CASE(peek_tells_a_question_from_an_act_on_the_clock),
        CASE(peek_tells_what_is_unknown_of_another_type_or_twice),
        CASE(peek_passes_over_fields_of_a_later_protocol),
        CASE(peek_refuses_what_is_no_message),
        CASE(peek_hands_on_no_id_above_its_limit),
        CASE(reply_is_the_bytes_that_the_codec_makes),
        CASE(reply_makes_parameters_printable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
