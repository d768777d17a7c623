/* Entries: golden bytes of each kind, which never change; there and back; bytes that are no entry.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/entry.h"
#include "core/ids.h"

static struct dd_event written[2];

static struct dd_entry genesis(void)
{
    written[0] = (struct dd_event){.kind = DD_EVENT_FOUNDED};
    return (struct dd_entry){.kind = DD_ENTRY_GENESIS,
                             .received_ms = 1357866000000,
                             .command = dd_slice_of("GENESIS"),
                             .events = {written, 1, 2}};
}

static struct dd_entry accepted(void)
{
    static const uint8_t signature[64] = {[0] = 0x51, [63] = 0x52};
    written[0] = (struct dd_event){
        .kind = DD_EVENT_REPORT_RECEIVED, .number = 1, .version = 2, .end = DD_END_ON_TIME};
    return (struct dd_entry){.kind = DD_ENTRY_COMMAND,
                             .seq = 0x0102030405060708,
                             .received_ms = 1357866000001,
                             .account = 7,
                             .through = 9,
                             .signature = {signature, sizeof signature},
                             .command = dd_slice_of("SUBMIT"),
                             .events = {written, 1, 2}};
}

static struct dd_entry refused(void)
{
    struct dd_entry entry = {.kind = DD_ENTRY_COMMAND,
                             .seq = 2,
                             .received_ms = 1357866000002,
                             .account = 7,
                             .command = dd_slice_of("DECIDE"),
                             .events = {written, 0, 2}};
    dd_refuse_number(&entry.refusal, DD_STALE, DD_RULE_NEWER_VERSION, "version", 3);
    return entry;
}

static struct dd_entry tick(void)
{
    written[0] = (struct dd_event){.kind = DD_EVENT_DUTY_LAPSED, .duty = {1, 2, 3, 4, 5}};
    written[1] = (struct dd_event){.kind = DD_EVENT_RUNG_REACHED,
                                   .duty = {1, 2, 0, 0, 0},
                                   .rung = -7,
                                   .superior = true,
                                   .at_ms = 1358470800000};
    return (struct dd_entry){.kind = DD_ENTRY_TICK,
                             .seq = 3,
                             .received_ms = 1358470800000,
                             .command = dd_slice_of("TICK"),
                             .events = {written, 2, 2}};
}

static size_t write_entry(const struct dd_entry *entry, uint8_t *bytes, size_t size)
{
    struct dd_writer w = dd_writer_make(bytes, size);
    dd_entry_write(&w, entry);
    assert_false(w.overflow);
    return w.at;
}

static void expect_bytes(const struct dd_entry *entry, const char *hex)
{
    uint8_t bytes[512];
    char text[2 * sizeof bytes + 1];
    size_t size = write_entry(entry, bytes, sizeof bytes);
    dd_hex_encode((struct dd_slice){bytes, size}, text);
    assert_string_equal(text, hex);
}

/* magic, version, kind | seq | received | account, through | status ... | signature | command |
 * events */
static void the_bytes_of_a_genesis_never_change(void **state)
{
    (void)state;
    struct dd_entry entry = genesis();
    expect_bytes(&entry, "44444c450100"
                         "0000000000000000"
                         "0000013c271ede80"
                         "0000000000000000"
                         "0000"
                         "00"
                         "0000000747454e45534953"
                         "0001"
                         "010000");
}

static void the_bytes_of_an_accepted_command_never_change(void **state)
{
    (void)state;
    struct dd_entry entry = accepted();
    expect_bytes(&entry, "44444c450101"
                         "0102030405060708"
                         "0000013c271ede81"
                         "0000000700000009"
                         "0000"
                         "40"
                         "5100000000000000000000000000000000000000000000000000000000000000"
                         "0000000000000000000000000000000000000000000000000000000000000052"
                         "000000065355424d4954"
                         "0001"
                         "0c000401000202");
}

static void the_bytes_of_a_refused_command_never_change(void **state)
{
    (void)state;
    struct dd_entry entry = refused();
    expect_bytes(&entry, "44444c450101"
                         "0000000000000002"
                         "0000013c271ede82"
                         "0000000700000000"
                         "000b0056"
                         "0776657273696f6e"
                         "0133"
                         "00"
                         "00"
                         "00000006444543494445"
                         "0000");
}

static void the_bytes_of_a_tick_never_change(void **state)
{
    (void)state;
    struct dd_entry entry = tick();
    expect_bytes(&entry, "44444c450102"
                         "0000000000000003"
                         "0000013c4b2b6280"
                         "0000000000000000"
                         "0000"
                         "00"
                         "000000045449434b"
                         "0002"
                         "13000d00000001000000020300040005"
                         "14001700000001000000020000000000f9010000013c4b2b6280");
}

static enum dd_status read_entry(const uint8_t *bytes, size_t size, struct dd_entry *out)
{
    static struct dd_event read[2];
    *out = (struct dd_entry){.events = {read, 0, 2}};
    return dd_entry_read((struct dd_slice){bytes, size}, out);
}

static void expect_same(const struct dd_entry *a, const struct dd_entry *b)
{
    assert_int_equal(a->kind, b->kind);
    assert_int_equal(a->seq, b->seq);
    assert_int_equal(a->received_ms, b->received_ms);
    assert_int_equal(a->account, b->account);
    assert_int_equal(a->through, b->through);
    assert_memory_equal(&a->refusal, &b->refusal, sizeof a->refusal);
    assert_true(dd_slice_equal(a->signature, b->signature));
    assert_true(dd_slice_equal(a->command, b->command));
    assert_int_equal(a->events.count, b->events.count);
    for (size_t i = 0; i < a->events.count; i++)
        assert_int_equal(a->events.event[i].kind, b->events.event[i].kind);
}

static void entries_come_back_as_they_were(void **state)
{
    struct dd_entry (*const makers[])(void) = {genesis, accepted, refused, tick};
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        uint8_t bytes[512];
        struct dd_entry entry = makers[i]();
        struct dd_entry read;
        size_t size = write_entry(&entry, bytes, sizeof bytes);
        assert_int_equal(read_entry(bytes, size, &read), DD_OK);
        expect_same(&entry, &read);
        bytes[size] = 0;
        assert_int_equal(read_entry(bytes, size + 1, &read), DD_CORRUPT);
    }
}

static void an_entry_cut_anywhere_is_no_entry(void **state)
{
    struct dd_entry (*const makers[])(void) = {genesis, accepted, refused, tick};
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        uint8_t bytes[512];
        struct dd_entry entry = makers[i]();
        size_t size = write_entry(&entry, bytes, sizeof bytes);
        for (size_t cut = 0; cut < size; cut++) {
            struct dd_entry read;
            uint8_t *alone = malloc(cut + 1); /* so that a sanitizer sees a byte read behind it */
            assert_non_null(alone);
            memcpy(alone, bytes, cut);
            enum dd_status status = read_entry(alone, cut, &read);
            assert_true(status == DD_CORRUPT || status == DD_FORMAT);
            free(alone);
        }
    }
}

static void any_one_byte_may_be_wrong(void **state)
{
    uint8_t bytes[512];
    (void)state;
    struct dd_entry entry = tick();
    size_t size = write_entry(&entry, bytes, sizeof bytes);
    for (size_t i = 0; i < size; i++) {
        for (unsigned wrong = 1; wrong < 256; wrong++) {
            struct dd_entry read;
            bytes[i] ^= (uint8_t)wrong;
            enum dd_status status = read_entry(bytes, size, &read);
            assert_true(status == DD_OK || status == DD_CORRUPT || status == DD_FORMAT);
            bytes[i] ^= (uint8_t)wrong;
        }
    }
}

static void unknown_formats_are_told_from_damage(void **state)
{
    uint8_t bytes[512];
    struct dd_entry read;
    (void)state;
    struct dd_entry entry = tick();
    size_t size = write_entry(&entry, bytes, sizeof bytes);
    bytes[0] ^= 1;
    assert_int_equal(read_entry(bytes, size, &read), DD_FORMAT);
    bytes[0] ^= 1;
    bytes[4] = DD_ENTRY_VERSION + 1;
    assert_int_equal(read_entry(bytes, size, &read), DD_FORMAT);
    bytes[4] = DD_ENTRY_VERSION;
    bytes[5] = DD_ENTRY_TICK + 1;
    assert_int_equal(read_entry(bytes, size, &read), DD_FORMAT);
    bytes[5] = DD_ENTRY_TICK;
    size_t first_event = size - 26 - 16; /* two events of 3 + 13 and 3 + 23 bytes */
    assert_int_equal(bytes[first_event], DD_EVENT_DUTY_LAPSED);
    bytes[first_event] = 200;
    assert_int_equal(read_entry(bytes, size, &read), DD_FORMAT);
    bytes[first_event] = DD_EVENT_DUTY_LAPSED;
    assert_int_equal(read_entry(bytes, size, &read), DD_OK);
}

static void an_outcome_of_a_later_program_is_a_format(void **state)
{
    uint8_t bytes[512];
    struct dd_entry read;
    struct dd_entry entry = refused();
    (void)state;
    size_t size = write_entry(&entry, bytes, sizeof bytes);
    assert_int_equal(bytes[31], DD_STALE);
    bytes[31] = 13;
    assert_int_equal(read_entry(bytes, size, &read), DD_FORMAT);
    bytes[31] = DD_STALE;
    assert_int_equal(bytes[33], DD_RULE_NEWER_VERSION);
    bytes[33] = 200;
    assert_int_equal(read_entry(bytes, size, &read), DD_FORMAT);
    bytes[33] = DD_RULE_NEWER_VERSION;
    assert_int_equal(read_entry(bytes, size, &read), DD_OK);
}

static void what_was_refused_has_no_events(void **state)
{
    uint8_t bytes[512];
    struct dd_entry read;
    struct dd_entry entry = refused();
    (void)state;
    written[0] = (struct dd_event){.kind = DD_EVENT_UNITS_PUT};
    entry.events.count = 1;
    size_t size = write_entry(&entry, bytes, sizeof bytes);
    assert_int_equal(read_entry(bytes, size, &read), DD_CORRUPT);
}

static void the_largest_command_and_events_fit_an_entry(void **state)
{
    static uint8_t command[DD_COMMAND_BYTES_MAX];
    static uint8_t bytes[DD_ENTRY_BYTES_MAX];
    static struct dd_event full[DD_TICK_EVENTS_MAX];
    struct dd_entry entry = accepted();
    struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
    (void)state;
    for (size_t i = 0; i < DD_TICK_EVENTS_MAX; i++)
        full[i].kind = DD_EVENT_RUNG_REACHED;
    entry.command = (struct dd_slice){command, sizeof command};
    entry.events = (struct dd_events){full, DD_TICK_EVENTS_MAX, DD_TICK_EVENTS_MAX};
    dd_refuse(&entry.refusal, DD_FORBIDDEN, DD_RULE_NO_OFFICE, "f");
    memset(entry.refusal.field, 'f', DD_FIELD_PATH_BYTES_MAX);
    memset(entry.refusal.param[0], 'p', DD_PARAM_BYTES_MAX);
    memset(entry.refusal.param[1], 'p', DD_PARAM_BYTES_MAX);
    dd_entry_write(&w, &entry);
    assert_false(w.overflow);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bytes_of_a_genesis_never_change),
        cmocka_unit_test(the_bytes_of_an_accepted_command_never_change),
        cmocka_unit_test(the_bytes_of_a_refused_command_never_change),
        cmocka_unit_test(the_bytes_of_a_tick_never_change),
        cmocka_unit_test(entries_come_back_as_they_were),
        cmocka_unit_test(an_entry_cut_anywhere_is_no_entry),
        cmocka_unit_test(any_one_byte_may_be_wrong),
        cmocka_unit_test(unknown_formats_are_told_from_damage),
        cmocka_unit_test(an_outcome_of_a_later_program_is_a_format),
        cmocka_unit_test(what_was_refused_has_no_events),
        cmocka_unit_test(the_largest_command_and_events_fit_an_entry),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
