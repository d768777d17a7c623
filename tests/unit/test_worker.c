/* DDW01: one form a message, read back as it was written, and nothing else read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/ids.h"
#include "proto/worker.h"

#define CODE_48 "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuv"

static const uint8_t two_rows[2 * DD_WORKER_KEY_BYTES];

static const struct dd_worker_message messages[] = {
    {.kind = DD_WORKER_READY,
     .at_ms = 1700000000123,
     .rehearsal = true,
     .jurisdiction = {(const uint8_t *)CODE_48, DD_CODE_BYTES_MAX},
     .body = {two_rows, sizeof two_rows}},
    {.kind = DD_WORKER_READY, .jurisdiction = {(const uint8_t *)"bg", 2}},
    {.kind = DD_WORKER_REQUEST,
     .ref = UINT64_MAX,
     .account = UINT32_MAX,
     .at_ms = INT64_MAX,
     .body = {(const uint8_t *)"x", 1}},
    {.kind = DD_WORKER_REPLY, .ref = 1, .body = {(const uint8_t *)"yz", 2}},
    {.kind = DD_WORKER_HEARTBEAT},
    {.kind = DD_WORKER_DISCONNECT},
    {.kind = DD_WORKER_KEYS},
    {.kind = DD_WORKER_KEYS, .body = {two_rows, DD_WORKER_KEY_BYTES}},
    {.kind = DD_WORKER_TICK, .ref = 7, .at_ms = -1},
    {.kind = DD_WORKER_TICKED, .ref = 7, .at_ms = 9, .exhausted = true},
    {.kind = DD_WORKER_TICKED, .ref = 8},
};

enum { MESSAGES = sizeof messages / sizeof messages[0] };

static void worker_reads_back_every_kind_as_it_was_written(void **state)
{
    (void)state;
    for (size_t i = 0; i < MESSAGES; i++) {
        uint8_t header[DD_WORKER_HEADER_BYTES_MAX];
        struct dd_slice frames[DD_WORKER_FRAMES];
        struct dd_worker_message read;

        dd_worker_encode(&messages[i], header, frames);
        assert_true(dd_worker_decode(frames, DD_WORKER_FRAMES, &read));
        assert_int_equal(read.kind, messages[i].kind);
        assert_true(read.ref == messages[i].ref);
        assert_int_equal(read.account, messages[i].account);
        assert_true(read.at_ms == messages[i].at_ms);
        assert_int_equal(read.rehearsal, messages[i].rehearsal);
        assert_int_equal(read.exhausted, messages[i].exhausted);
        assert_true(dd_slice_equal(read.jurisdiction, messages[i].jurisdiction));
        assert_true(dd_slice_equal(read.body, messages[i].body));
    }
}

static void worker_writes_the_bytes_of_the_protocol(void **state)
{
    uint8_t header[DD_WORKER_HEADER_BYTES_MAX];
    struct dd_slice frames[DD_WORKER_FRAMES];
    char text[2 * DD_WORKER_HEADER_BYTES_MAX + 1];
    (void)state;

    dd_worker_encode(&(struct dd_worker_message){.kind = DD_WORKER_REQUEST,
                                                 .ref = 0x0102030405060708,
                                                 .account = 0x0a0b0c0d,
                                                 .at_ms = 0x1112131415161718,
                                                 .body = dd_slice_of("body")},
                     header, frames);
    dd_hex_encode(frames[1], text);
    assert_string_equal(text, "02000001020304050607080a0b0c0d111213141516171800");
    assert_true(dd_slice_equal(frames[0], dd_slice_of("DDW01")));
    assert_true(dd_slice_equal(frames[2], dd_slice_of("body")));
    dd_worker_encode(&(struct dd_worker_message){.kind = DD_WORKER_READY,
                                                 .rehearsal = true,
                                                 .at_ms = 5,
                                                 .jurisdiction = dd_slice_of("bg")},
                     header, frames);
    dd_hex_encode(frames[1], text);
    assert_string_equal(text, "0101000000000000000000000000000000000000000005026267");
}

static void worker_refuses_every_cut_and_every_longer_header(void **state)
{
    (void)state;
    for (size_t i = 0; i < MESSAGES; i++) {
        uint8_t header[DD_WORKER_HEADER_BYTES_MAX + 1] = {0};
        struct dd_slice frames[DD_WORKER_FRAMES];
        struct dd_worker_message read;
        size_t whole;

        dd_worker_encode(&messages[i], header, frames);
        whole = frames[1].size;
        for (size_t size = 0; size < whole; size++) {
            frames[1].size = size;
            assert_false(dd_worker_decode(frames, DD_WORKER_FRAMES, &read));
        }
        header[whole] = 0;
        frames[1].size = whole + 1;
        assert_false(dd_worker_decode(frames, DD_WORKER_FRAMES, &read));
    }
}

static void worker_refuses_other_frames(void **state)
{
    uint8_t header[DD_WORKER_HEADER_BYTES_MAX];
    struct dd_slice frames[DD_WORKER_FRAMES + 1];
    struct dd_worker_message read;
    (void)state;

    dd_worker_encode(&messages[2], header, frames);
    frames[3] = frames[2];
    assert_false(dd_worker_decode(frames, 0, &read));
    assert_false(dd_worker_decode(frames, 2, &read));
    assert_false(dd_worker_decode(frames, 4, &read));
    frames[0] = dd_slice_of("DDW02");
    assert_false(dd_worker_decode(frames, 3, &read));
    frames[0] = dd_slice_of("");
    assert_false(dd_worker_decode(frames, 3, &read));
}

/* Byte `at` of the header of a message set to `value`. */
static bool reads_with(size_t message, size_t at, uint8_t value)
{
    uint8_t header[DD_WORKER_HEADER_BYTES_MAX];
    struct dd_slice frames[DD_WORKER_FRAMES];
    struct dd_worker_message read;

    dd_worker_encode(&messages[message], header, frames);
    assert_true(at < frames[1].size);
    header[at] = value;
    return dd_worker_decode(frames, DD_WORKER_FRAMES, &read);
}

static void worker_refuses_what_a_kind_does_not_use(void **state)
{
    enum { KIND, REHEARSAL, EXHAUSTED, REF = 10, ACCOUNT = 14, AT = 22 };
    (void)state;

    assert_false(reads_with(4, KIND, 0));
    assert_false(reads_with(4, KIND, 9));
    assert_true(reads_with(4, KIND, DD_WORKER_DISCONNECT));
    assert_false(reads_with(0, REHEARSAL, 2)); /* neither true nor false */
    assert_true(reads_with(0, REHEARSAL, 0));
    assert_false(reads_with(9, EXHAUSTED, 255));
    assert_true(reads_with(9, EXHAUSTED, 0));
    assert_false(reads_with(4, REHEARSAL, 1));
    assert_false(reads_with(4, EXHAUSTED, 1));
    assert_false(reads_with(4, REF, 1));
    assert_false(reads_with(4, ACCOUNT, 1));
    assert_false(reads_with(4, AT, 1));
    assert_false(reads_with(3, ACCOUNT, 1));
    assert_false(reads_with(8, EXHAUSTED, 1));
}

static void worker_refuses_a_body_that_is_not_the_kinds(void **state)
{
    uint8_t header[DD_WORKER_HEADER_BYTES_MAX];
    struct dd_slice frames[DD_WORKER_FRAMES];
    struct dd_worker_message read;
    (void)state;

    dd_worker_encode(&messages[0], header, frames); /* READY: whole rows */
    frames[2].size--;
    assert_false(dd_worker_decode(frames, 3, &read));
    frames[2].size = DD_WORKER_KEY_BYTES;
    assert_true(dd_worker_decode(frames, 3, &read));
    dd_worker_encode(&messages[2], header, frames); /* REQUEST: something */
    frames[2].size = 0;
    assert_false(dd_worker_decode(frames, 3, &read));
    dd_worker_encode(&messages[4], header, frames); /* HEARTBEAT: nothing */
    frames[2] = dd_slice_of("x");
    assert_false(dd_worker_decode(frames, 3, &read));
}

static void worker_refuses_a_jurisdiction_that_is_no_code(void **state)
{
    (void)state;
    assert_true(reads_with(1, 24, 'x'));
    assert_false(reads_with(1, 24, '/'));
    assert_false(reads_with(1, 24, 0));
    assert_false(reads_with(1, 23, 1)); /* a byte is left over */
    assert_false(reads_with(1, 23, 3));
}

static void worker_keys_are_read_back_and_have_their_size(void **state)
{
    const struct dd_worker_key keys[] = {{{1, 2, 3}, UINT32_MAX, true, false, INT64_MIN, INT64_MAX},
                                         {{255}, 0, false, true, -1, 1}};
    uint8_t bytes[2 * DD_WORKER_KEY_BYTES + 1];
    struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
    struct dd_reader r;
    struct dd_worker_key read;
    (void)state;

    dd_worker_key_write(&w, &keys[0]);
    assert_int_equal(w.at, DD_WORKER_KEY_BYTES);
    dd_worker_key_write(&w, &keys[1]);
    r = dd_reader_make(dd_writer_slice(&w));
    for (size_t i = 0; i < 2; i++) {
        assert_true(dd_worker_key_read(&r, &read));
        assert_memory_equal(read.curve_public, keys[i].curve_public, 32);
        assert_int_equal(read.account, keys[i].account);
        assert_int_equal(read.revoked, keys[i].revoked);
        assert_int_equal(read.moves_clock, keys[i].moves_clock);
        assert_true(read.valid_from_ms == keys[i].valid_from_ms);
        assert_true(read.valid_to_ms == keys[i].valid_to_ms);
    }
    assert_true(dd_reader_done(&r));
    assert_false(dd_worker_key_read(&r, &read));
    bytes[36] = 2; /* revoked: neither true nor false */
    r = dd_reader_make(dd_writer_slice(&w));
    assert_false(dd_worker_key_read(&r, &read));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(worker_reads_back_every_kind_as_it_was_written),
        cmocka_unit_test(worker_writes_the_bytes_of_the_protocol),
        cmocka_unit_test(worker_refuses_every_cut_and_every_longer_header),
        cmocka_unit_test(worker_refuses_other_frames),
        cmocka_unit_test(worker_refuses_what_a_kind_does_not_use),
        cmocka_unit_test(worker_refuses_a_body_that_is_not_the_kinds),
        cmocka_unit_test(worker_refuses_a_jurisdiction_that_is_no_code),
        cmocka_unit_test(worker_keys_are_read_back_and_have_their_size),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
