/*
 * Storage when the system's calls fail: the n-th write or sync of a flush, of an append, of a new
 * segment; no space. After each: all or nothing, nothing acknowledged is lost, and dead stays dead.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "storage/journal_file.h"
#include "storage/state.h"
#include "tests/lib/fault_calls.h"
#include "tests/lib/fault_folder.h"

enum { SEGMENT = 1024, ENTRY = 50, FAULTS_MAX = 100 };

static struct fault_folder folder;

static int make_folder(void **unused)
{
    (void)unused;
    fault_folder_make(&folder);
    return 0;
}

static int remove_folder(void **unused)
{
    (void)unused;
    (void)fault_disarm();
    fault_folder_remove(&folder);
    return 0;
}

/* ---- the journal ---- */

static struct dd_journal open_journal(void)
{
    struct dd_journal journal;
    assert_int_equal(dd_journal_file_open(folder.path, SEGMENT, &journal, NULL), DD_OK);
    return journal;
}

static enum dd_status append(struct dd_journal *journal, size_t count)
{
    uint8_t bytes[16][ENTRY];
    struct dd_slice entries[16];
    uint64_t seq = dd_journal_tail(journal);
    for (size_t i = 0; i < count; i++) {
        memset(bytes[i], (int)(seq + i + 1), ENTRY);
        entries[i] = (struct dd_slice){bytes[i], ENTRY};
    }
    return dd_journal_append(journal, seq, entries, count);
}

static void assert_all(struct dd_journal *journal)
{
    struct dd_journal_reader reader;
    assert_int_equal(dd_journal_reader(journal, &reader), DD_OK);
    for (uint64_t seq = 0; seq < dd_journal_tail(journal); seq++) {
        struct dd_slice got;
        assert_int_equal(dd_journal_read(&reader, seq, &got), DD_OK);
        assert_int_equal(got.size, ENTRY);
        assert_int_equal(got.data[ENTRY - 1], (uint8_t)(seq + 1));
    }
    dd_journal_reader_close(&reader);
}

/* Appends batches of 5 with the n-th call failing, then opens again: every acknowledged entry is
 * there, and of the batch that failed any whole number. False when the fault no longer comes. */
static bool journal_survives(enum fault_call call, unsigned nth, enum fault_how how)
{
    enum { BATCHES = 8, BATCH = 5 };
    struct dd_journal journal = open_journal();
    uint64_t acknowledged = 0;
    fault_arm(call, nth, EIO, how, false);
    enum dd_status status = DD_OK;
    for (int i = 0; i < BATCHES && status == DD_OK; i++) {
        status = append(&journal, BATCH);
        if (status == DD_OK)
            acknowledged += BATCH;
    }
    bool fired = fault_disarm();
    /* Half a write is no failure: the rest is written after it. */
    bool harmless = !fired || (call == FAULT_WRITE && how == FAULT_HALF);
    assert_int_equal(status, harmless ? DD_OK : DD_IO);
    if (!harmless) {
        assert_int_equal(append(&journal, 1), DD_IO);
        assert_int_equal(dd_journal_reserve(&journal, 1, 1), DD_IO);
    }
    dd_journal_close(&journal);
    journal = open_journal();
    assert_true(dd_journal_tail(&journal) >= acknowledged);
    assert_true(dd_journal_tail(&journal) <= acknowledged + BATCH);
    assert_int_equal(append(&journal, BATCH), DD_OK);
    assert_all(&journal);
    dd_journal_close(&journal);
    fault_folder_empty(&folder);
    return fired;
}

static unsigned journal_faults(enum fault_call call, enum fault_how how)
{
    unsigned nth = 1;
    while (nth < FAULTS_MAX && journal_survives(call, nth, how))
        nth++;
    assert_true(nth < FAULTS_MAX);
    return nth - 1;
}

static void journal_survives_the_nth_write_failing(void **unused)
{
    (void)unused;
    /* 8 batches in 3 segments: with a header each, but the first was written by open. */
    assert_int_equal(journal_faults(FAULT_WRITE, FAULT_NOTHING), 10);
    assert_int_equal(journal_faults(FAULT_WRITE, FAULT_HALF), 10);
    assert_int_equal(journal_faults(FAULT_WRITE, FAULT_TORN), 10);
}

static void journal_survives_the_nth_sync_failing(void **unused)
{
    (void)unused;
    assert_true(journal_faults(FAULT_SYNC, FAULT_NOTHING) > 8);
}

static void journal_survives_a_failed_rename(void **unused)
{
    (void)unused;
    assert_int_equal(journal_faults(FAULT_RENAME, FAULT_NOTHING), 2);
}

static void journal_without_space_refuses_unharmed_and_takes_later(void **unused)
{
    (void)unused;
    struct dd_journal journal = open_journal();
    assert_int_equal(append(&journal, 14), DD_OK); /* 14 * 66 + 32 = 956 of 1024 */
    fault_arm(FAULT_ALLOCATE, 1, ENOSPC, FAULT_NOTHING, true);
    assert_int_equal(dd_journal_reserve(&journal, 2, 2 * ENTRY), DD_NO_SPACE);
    assert_int_equal(append(&journal, 2), DD_NO_SPACE);
    assert_int_equal(dd_journal_tail(&journal), 14);
    assert_int_equal(fault_file_size(&folder, "spare.tmp"), -1);
    /* What fits is still taken. */
    assert_int_equal(append(&journal, 1), DD_OK);
    assert_true(fault_disarm());
    assert_int_equal(dd_journal_reserve(&journal, 2, 2 * ENTRY), DD_OK);
    assert_int_equal(append(&journal, 2), DD_OK);
    assert_int_equal(dd_journal_tail(&journal), 17);
    assert_all(&journal);
    dd_journal_close(&journal);
    journal = open_journal();
    assert_int_equal(dd_journal_tail(&journal), 17);
    assert_all(&journal);
    dd_journal_close(&journal);
}

static void journal_takes_what_was_reserved_when_space_runs_out(void **unused)
{
    (void)unused;
    struct dd_journal journal = open_journal();
    assert_int_equal(append(&journal, 10), DD_OK);
    assert_int_equal(dd_journal_reserve(&journal, 15, 15 * ENTRY), DD_OK);
    fault_arm(FAULT_ALLOCATE, 1, ENOSPC, FAULT_NOTHING, true);
    assert_int_equal(append(&journal, 3), DD_OK);
    assert_int_equal(append(&journal, 4), DD_OK);
    assert_int_equal(append(&journal, 8), DD_OK);
    assert_int_equal(dd_journal_reserve(&journal, 15, 15 * ENTRY), DD_NO_SPACE);
    assert_true(fault_disarm());
    assert_int_equal(dd_journal_tail(&journal), 25);
    assert_all(&journal);
    dd_journal_close(&journal);
}

static void journal_without_space_for_its_first_segment_does_not_open(void **unused)
{
    (void)unused;
    struct dd_journal journal;
    fault_arm(FAULT_ALLOCATE, 1, ENOSPC, FAULT_NOTHING, true);
    assert_int_equal(dd_journal_file_open(folder.path, SEGMENT, &journal, NULL), DD_NO_SPACE);
    assert_null(journal.self);
    (void)fault_disarm();
    journal = open_journal();
    assert_int_equal(dd_journal_tail(&journal), 0);
    dd_journal_close(&journal);
}

/* Recovery itself may be interrupted: what the next one finds is the same. */
static void journal_recovery_that_fails_can_be_done_again(void **unused)
{
    (void)unused;
    for (unsigned nth = 1; nth < FAULTS_MAX; nth++) {
        const char name[] = "00000000000000000000.seg";
        struct dd_journal journal = open_journal();
        assert_int_equal(append(&journal, 3), DD_OK);
        assert_int_equal(append(&journal, 4), DD_OK);
        dd_journal_close(&journal);
        fault_flip(&folder, name, 32 + 4 * (16 + ENTRY) + 20);
        fault_arm(nth % 2 ? FAULT_WRITE : FAULT_SYNC, (nth + 1) / 2, EIO, FAULT_TORN, false);
        enum dd_status status = dd_journal_file_open(folder.path, SEGMENT, &journal, NULL);
        bool fired = fault_disarm();
        assert_int_equal(status, fired ? DD_IO : DD_OK);
        dd_journal_close(&journal);
        journal = open_journal();
        assert_int_equal(dd_journal_tail(&journal), 4);
        assert_int_equal(append(&journal, 3), DD_OK);
        assert_all(&journal);
        dd_journal_close(&journal);
        fault_folder_empty(&folder);
        if (!fired && nth % 2 == 0)
            return;
    }
    fail_msg("the fault came at every call");
}

/* ---- the state ---- */

static struct dd_state *open_state(void)
{
    struct dd_state *state;
    assert_int_equal(dd_state_open(folder.path, 64 << 20, &state), DD_OK);
    return state;
}

enum { ROWS = 500 };

static void put_rows(struct dd_state *state, const char *value)
{
    struct dd_view view = dd_state_view(state);
    for (uint64_t i = 0; i < ROWS; i++) {
        struct dd_key key = {.table = DD_TABLE_UNIT, .part = {i}};
        view.put(view.self, &key, dd_slice_of(value));
    }
}

static void assert_rows(struct dd_state *state, const char *value)
{
    struct dd_view view = dd_state_view(state);
    for (uint64_t i = 0; i < ROWS; i++) {
        struct dd_key key = {.table = DD_TABLE_UNIT, .part = {i}};
        struct dd_slice got;
        assert_true(view.get(view.self, &key, &got));
        assert_true(dd_slice_equal(got, dd_slice_of(value)));
    }
}

/* A flush of "new" over "old" with the n-th call failing, then a reopen: all old at cursor 1 or all
 * new at cursor 2. False when the fault no longer comes. */
static bool state_survives(enum fault_call call, unsigned nth, int error, enum fault_how how)
{
    struct dd_cursor cursor = {.next_seq = 1};
    struct dd_state *state = open_state();
    put_rows(state, "old");
    assert_true(dd_state_freeze(state, &cursor));
    assert_int_equal(dd_state_flush(state), DD_OK);
    assert_int_equal(dd_state_flushed(state), DD_OK);
    put_rows(state, "new");
    cursor.next_seq = 2;
    assert_true(dd_state_freeze(state, &cursor));
    fault_arm(call, nth, error, how, false);
    enum dd_status status = dd_state_flush(state);
    bool fired = fault_disarm();
    if (!fired)
        assert_int_equal(status, DD_OK);
    else if (how == FAULT_HALF || error == EIO)
        assert_int_equal(status, DD_IO);
    if (status == DD_IO)
        assert_int_equal(dd_state_flush(state), DD_IO); /* dead stays dead */
    if (status == DD_NO_SPACE)
        status = dd_state_flush(state); /* DD_IO if it was the meta page that failed */
    assert_rows(state, "new");
    dd_state_close(state);
    state = open_state();
    dd_state_cursor(state, &cursor);
    if (status == DD_OK)
        assert_int_equal(cursor.next_seq, 2);
    assert_true(cursor.next_seq == 1 || cursor.next_seq == 2);
    assert_rows(state, cursor.next_seq == 1 ? "old" : "new");
    dd_state_close(state);
    fault_folder_empty(&folder);
    return fired;
}

static unsigned state_faults(enum fault_call call, int error, enum fault_how how)
{
    unsigned nth = 1;
    while (nth < FAULTS_MAX && state_survives(call, nth, error, how))
        nth++;
    assert_true(nth < FAULTS_MAX);
    return nth - 1;
}

static void state_survives_the_nth_write_of_a_flush_failing(void **unused)
{
    (void)unused;
    assert_true(state_faults(FAULT_WRITE, EIO, FAULT_NOTHING) >= 2);
    assert_true(state_faults(FAULT_WRITE, EIO, FAULT_TORN) >= 2);
    assert_true(state_faults(FAULT_WRITE, ENOSPC, FAULT_NOTHING) >= 2);
}

static void state_survives_the_sync_of_a_flush_failing(void **unused)
{
    (void)unused;
    assert_true(state_faults(FAULT_SYNC, EIO, FAULT_NOTHING) >= 1);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(journal_survives_the_nth_write_failing),
        CASE(journal_survives_the_nth_sync_failing),
        CASE(journal_survives_a_failed_rename),
        CASE(journal_without_space_refuses_unharmed_and_takes_later),
        CASE(journal_takes_what_was_reserved_when_space_runs_out),
        CASE(journal_without_space_for_its_first_segment_does_not_open),
        CASE(journal_recovery_that_fails_can_be_done_again),
        CASE(state_survives_the_nth_write_of_a_flush_failing),
        CASE(state_survives_the_sync_of_a_flush_failing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
