/* Replay: entries become state, and what is not the next entry is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/lib/sim_cast.h"

enum { VERSION_AT = 4, KIND_AT = 5 }; /* in an entry's bytes */

static struct sim_cast sim;
static struct dd_state *state;
static struct dd_replay *replay;
static struct journal_sim journal;

static int make_cast(void **unused)
{
    (void)unused;
    sim_cast_make(&sim, 2);
    return 0;
}

static int free_cast(void **unused)
{
    (void)unused;
    sim_cast_free(&sim);
    return 0;
}

static int open_replay(void **unused)
{
    (void)unused;
    journal_sim_make(&journal);
    journal_sim_copy(&sim.founding, &journal);
    assert_int_equal(dd_state_open(NULL, 0, &state), DD_OK);
    assert_int_equal(dd_replay_open(state, &replay), DD_OK);
    return 0;
}

static int close_replay(void **unused)
{
    (void)unused;
    dd_replay_close(replay);
    dd_state_close(state);
    journal_sim_free(&journal);
    return 0;
}

static enum dd_status run(uint64_t end_seq, const struct dd_replay_progress *progress)
{
    struct dd_journal handle = journal_sim_open(&journal);
    struct dd_journal_reader reader;
    assert_int_equal(dd_journal_reader(&handle, &reader), DD_OK);
    enum dd_status status = dd_replay_journal(replay, &reader, end_seq, progress);
    dd_journal_reader_close(&reader);
    return status;
}

static struct dd_entry read_entry(uint64_t seq)
{
    static struct dd_event events[DD_TICK_EVENTS_MAX];
    struct dd_entry entry = {.events = {events, 0, DD_TICK_EVENTS_MAX}};
    assert_int_equal(dd_entry_read(sim.founding.entry[seq], &entry), DD_OK);
    return entry;
}

static enum dd_status replay_made(const struct dd_entry *entry)
{
    static uint8_t bytes[DD_ENTRY_BYTES_MAX];
    struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
    dd_entry_write(&w, entry);
    return dd_replay_entry(replay, dd_writer_slice(&w));
}

/* The entry after the founding: made of a command. */
static struct dd_entry next_entry(struct dd_slice command, enum dd_event_kind kind)
{
    static struct dd_event event;
    event = (struct dd_event){.kind = kind};
    return (struct dd_entry){.kind = DD_ENTRY_COMMAND,
                             .seq = sim.founding.count,
                             .received_ms = sim.founded_ms,
                             .account = CAST_ADMIN,
                             .command = command,
                             .events = {&event, kind != 0, 1}};
}

/* --- what goes well ------------------------------------------------------------------------ */

static void replay_makes_the_state_that_the_ledger_made(void **unused)
{
    (void)unused;
    uint8_t live[32], again[32], root[32], tree[32];
    struct dd_state *other = NULL;
    struct dd_command command = sim_register(&sim, "a1", 1, 1, "2013-06-01");
    struct dd_signed_command carried = sim_cast_sign(&sim, cast_head(CAST_A1), &command);
    struct dd_result result;
    struct dd_cursor cursor;
    struct dd_ledger *ledger = sim_ledger(&journal, &other);
    dd_ledger_take(ledger, cast_head(CAST_A1), sim.founded_ms, &carried, &result);
    assert_int_equal(result.refusal.status, DD_OK);
    assert_false(dd_ledger_tick(ledger, cast_at("2013-01-18T08:00")));
    sim_sync(ledger, &journal);
    sim_digest(ledger, other, live);
    dd_state_cursor(other, &cursor);
    dd_merkle_root(&cursor.log, tree);
    sim_replayed(&journal, again, root);
    assert_memory_equal(live, again, sizeof live);
    assert_memory_equal(tree, root, sizeof root);
    dd_ledger_close(ledger);
    dd_state_close(other);
}

static void replay_stops_where_it_is_told_and_goes_on_from_there(void **unused)
{
    (void)unused;
    struct dd_cursor cursor;
    uint64_t middle = journal.count / 2;
    assert_int_equal(run(middle, NULL), DD_OK);
    dd_state_cursor(state, &cursor);
    assert_int_equal(cursor.next_seq, middle);
    assert_int_equal(cursor.log.size, middle);
    dd_replay_close(replay);
    assert_int_equal(dd_replay_open(state, &replay), DD_OK);
    assert_int_equal(dd_replay_cursor(replay)->next_seq, middle);
    assert_int_equal(run(journal.count, NULL), DD_OK);
    dd_state_cursor(state, &cursor);
    assert_int_equal(cursor.next_seq, journal.count);
    assert_int_equal(cursor.last_received_at_ms, sim.founded_ms);
}

static void replay_takes_a_text_that_was_normal_form_once(void **unused)
{
    (void)unused;
    struct dd_slice bytes;
    struct dd_command command = sim_register(&sim, "a1", 1, 1, "2013-06-01");
    command.as.register_.indicators[0].title = dd_slice_of("o\xcc\x82");
    assert_int_equal(run(journal.count, NULL), DD_OK);
    assert_int_equal(dd_codec_command_encode(&command, &sim.bytes, &bytes), DD_OK);
    struct dd_entry entry = next_entry(bytes, DD_EVENT_TASK_DRAFTED);
    entry.account = cast_head(CAST_A1);
    assert_int_equal(replay_made(&entry), DD_OK);
}

static void note_progress(void *self, uint64_t seq)
{
    *(uint64_t *)self = seq + 1;
}

static void replay_tells_how_far_it_is(void **unused)
{
    (void)unused;
    uint64_t told = 0;
    struct dd_replay_progress progress = {&told, note_progress};
    assert_int_equal(run(journal.count, &progress), DD_OK);
    assert_true(told > 0 && told <= journal.count);
}

/* --- what does not ------------------------------------------------------------------------- */

static void replay_finds_the_journal_ending_early(void **unused)
{
    (void)unused;
    assert_int_equal(run(journal.count + 1, NULL), DD_NOT_FOUND);
}

static void replay_finds_a_damaged_entry(void **unused)
{
    (void)unused;
    journal.damaged = journal.count - 1;
    assert_int_equal(run(journal.count, NULL), DD_CORRUPT);
}

static void replay_refuses_a_gap_and_a_repetition(void **unused)
{
    (void)unused;
    assert_int_equal(dd_replay_entry(replay, journal.entry[1]), DD_CORRUPT);
    assert_int_equal(dd_replay_entry(replay, journal.entry[0]), DD_OK);
    assert_int_equal(dd_replay_entry(replay, journal.entry[0]), DD_CORRUPT);
    assert_int_equal(dd_replay_entry(replay, journal.entry[2]), DD_CORRUPT);
    assert_int_equal(dd_replay_entry(replay, journal.entry[1]), DD_OK);
}

static void replay_refuses_time_that_goes_back(void **unused)
{
    (void)unused;
    assert_int_equal(run(1, NULL), DD_OK);
    struct dd_entry entry = read_entry(1);
    entry.received_ms = dd_replay_cursor(replay)->last_received_at_ms - 1;
    assert_int_equal(replay_made(&entry), DD_CORRUPT);
    entry.received_ms++;
    assert_int_equal(replay_made(&entry), DD_OK);
}

static void replay_refuses_a_genesis_in_the_middle_and_a_beginning_without(void **unused)
{
    (void)unused;
    struct dd_entry entry = read_entry(1);
    entry.seq = 0;
    assert_int_equal(replay_made(&entry), DD_CORRUPT);
    assert_int_equal(run(1, NULL), DD_OK);
    entry = read_entry(0);
    entry.seq = 1;
    assert_int_equal(replay_made(&entry), DD_CORRUPT);
}

static void replay_refuses_kinds_and_versions_that_it_does_not_know(void **unused)
{
    (void)unused;
    uint8_t bytes[DD_ENTRY_BYTES_MAX];
    struct dd_slice first = journal.entry[0];
    struct dd_slice changed = {bytes, first.size};
    memcpy(bytes, first.data, first.size);
    bytes[KIND_AT] = DD_ENTRY_TICK + 1;
    assert_int_equal(dd_replay_entry(replay, changed), DD_FORMAT);
    bytes[KIND_AT] = DD_ENTRY_GENESIS;
    bytes[VERSION_AT]++;
    assert_int_equal(dd_replay_entry(replay, changed), DD_FORMAT);
    bytes[VERSION_AT]--;
    bytes[0] ^= 1;
    assert_int_equal(dd_replay_entry(replay, changed), DD_FORMAT);
    bytes[0] ^= 1;
    changed.size--;
    assert_int_not_equal(dd_replay_entry(replay, changed), DD_OK);
    changed.size++;
    assert_int_equal(dd_replay_entry(replay, changed), DD_OK);
}

static void replay_refuses_a_command_that_it_cannot_read(void **unused)
{
    (void)unused;
    assert_int_equal(run(journal.count, NULL), DD_OK);
    struct dd_entry entry = next_entry(dd_slice_of("\xff\xff"), 0);
    assert_int_equal(replay_made(&entry), DD_FORMAT);
}

static void replay_refuses_events_that_are_not_the_commands(void **unused)
{
    (void)unused;
    struct dd_command report = sim_report("a1", "H1");
    assert_int_equal(run(journal.count, NULL), DD_OK);
    struct dd_entry entry = next_entry(sim_cast_encode(&sim, &report), DD_EVENT_OUTCOME_RECORDED);
    assert_int_equal(replay_made(&entry), DD_CORRUPT);
    entry = next_entry(entry.command, DD_EVENT_CYCLE_CLOSED);
    assert_int_equal(replay_made(&entry), DD_CORRUPT);
    entry = next_entry(entry.command, 0);
    entry.kind = DD_ENTRY_TICK;
    assert_int_equal(replay_made(&entry), DD_CORRUPT);
    entry.kind = DD_ENTRY_COMMAND;
    entry.account = 0;
    assert_int_equal(replay_made(&entry), DD_CORRUPT);
    entry.account = CAST_ADMIN;
    entry.refusal.status = DD_REFUSED;
    assert_int_equal(replay_made(&entry), DD_OK);
}

static void replay_refuses_each_event_under_a_command_of_another_kind(void **unused)
{
    (void)unused;
    static const enum dd_event_kind kinds[] = {
#define KIND(name, number, word) DD_EVENT_##name,
        DD_EVENT_TABLE(KIND)
#undef KIND
    };
    struct dd_command command = {.kind = DD_COMMAND_REVOKE};
    command.as.revoke.account = dd_slice_of("head-4");
    struct dd_slice bytes = sim_cast_encode(&sim, &command);
    assert_int_equal(run(journal.count, NULL), DD_OK);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        struct dd_entry entry = next_entry(bytes, kinds[i]);
        entry.events.event[0].list = dd_slice_of("");
        if (kinds[i] != DD_EVENT_ACCOUNT_REVOKED)
            assert_int_equal(replay_made(&entry), DD_CORRUPT);
    }
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, open_replay, close_replay)
    const struct CMUnitTest tests[] = {
        CASE(replay_makes_the_state_that_the_ledger_made),
        CASE(replay_stops_where_it_is_told_and_goes_on_from_there),
        CASE(replay_takes_a_text_that_was_normal_form_once),
        CASE(replay_tells_how_far_it_is),
        CASE(replay_finds_the_journal_ending_early),
        CASE(replay_finds_a_damaged_entry),
        CASE(replay_refuses_a_gap_and_a_repetition),
        CASE(replay_refuses_time_that_goes_back),
        CASE(replay_refuses_a_genesis_in_the_middle_and_a_beginning_without),
        CASE(replay_refuses_kinds_and_versions_that_it_does_not_know),
        CASE(replay_refuses_a_command_that_it_cannot_read),
        CASE(replay_refuses_events_that_are_not_the_commands),
        CASE(replay_refuses_each_event_under_a_command_of_another_kind),
    };
    return cmocka_run_group_tests(tests, make_cast, free_cast);
}
