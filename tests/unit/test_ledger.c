/* The ledger: what is judged, remembered, batched; with real keys over a journal in memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/hash.h"
#include "tests/lib/sim_cast.h"

static struct sim_cast sim;

struct fixture {
    struct journal_sim journal;
    struct dd_state *state;
    struct dd_ledger *ledger;
    struct dd_result result; /* of the last command */
};

static struct fixture f;

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

static int open_ledger(void **unused)
{
    (void)unused;
    memset(&f, 0, sizeof f);
    journal_sim_make(&f.journal);
    journal_sim_copy(&sim.founding, &f.journal);
    f.ledger = sim_ledger(&f.journal, &f.state);
    return 0;
}

static int close_ledger(void **unused)
{
    (void)unused;
    dd_ledger_close(f.ledger);
    dd_state_close(f.state);
    journal_sim_free(&f.journal);
    return 0;
}

static void reopen(void)
{
    dd_ledger_close(f.ledger);
    dd_state_close(f.state);
    f.state = NULL;
    f.ledger = sim_ledger(&f.journal, &f.state);
}

static enum dd_status take(uint32_t account, const char *at, struct dd_signed_command carried)
{
    dd_ledger_take(f.ledger, account, cast_at(at), &carried, &f.result);
    return f.result.refusal.status;
}

static enum dd_status act(uint32_t account, const char *at, struct dd_command command)
{
    return take(account, at, sim_cast_sign(&sim, account, &command));
}

static struct dd_command registering(void)
{
    return sim_register(&sim, "a1", 1, 1, "2013-06-01");
}

static struct dd_entry entry_at(uint64_t seq)
{
    static struct dd_event events[DD_TICK_EVENTS_MAX];
    struct dd_entry entry = {.events = {events, 0, DD_TICK_EVENTS_MAX}};
    assert_true(seq < f.journal.count);
    assert_int_equal(dd_entry_read(f.journal.entry[seq], &entry), DD_OK);
    return entry;
}

/* --- what is taken ------------------------------------------------------------------------- */

static void ledger_accepts_and_keeps_the_bytes_as_they_came(void **unused)
{
    (void)unused;
    struct dd_command command = registering();
    uint32_t head = cast_head(CAST_A1);
    struct dd_signed_command carried = sim_cast_sign(&sim, head, &command);
    uint64_t seq = dd_ledger_next_seq(f.ledger);
    assert_int_equal(take(head, "2013-01-14T09:00", carried), DD_OK);
    assert_int_equal(f.result.seq, seq);
    assert_false(f.result.remembered);
    assert_true(dd_id_equal(f.result.id, command.id));
    assert_int_equal(dd_ledger_next_seq(f.ledger), seq + 1);
    assert_int_equal(dd_ledger_last_ms(f.ledger), cast_at("2013-01-14T09:00"));
    assert_int_equal(dd_ledger_durable(f.ledger), seq);
    sim_sync(f.ledger, &f.journal);
    assert_int_equal(dd_ledger_durable(f.ledger), seq + 1);
    struct dd_entry entry = entry_at(seq);
    assert_int_equal(entry.kind, DD_ENTRY_COMMAND);
    assert_int_equal(entry.account, head);
    assert_int_equal(entry.received_ms, cast_at("2013-01-14T09:00"));
    assert_true(dd_slice_equal(entry.command, carried.command));
    assert_true(dd_slice_equal(entry.signature, carried.signature));
    assert_int_equal(entry.refusal.status, DD_OK);
    assert_int_equal(entry.events.count, 1);
}

static void ledger_logs_a_refusal_and_changes_nothing_but_memory(void **unused)
{
    (void)unused;
    struct dd_dossier_row before, after;
    memset(&before, 0, sizeof before);
    memset(&after, 0, sizeof after);
    assert_true(dd_get_dossier(dd_ledger_view(f.ledger), 1, CAST_A1, &before));
    assert_int_equal(act(cast_head(CAST_A2), "2013-01-14T09:00", registering()), DD_FORBIDDEN);
    uint64_t seq = f.result.seq;
    sim_sync(f.ledger, &f.journal);
    struct dd_entry entry = entry_at(seq);
    assert_int_equal(entry.refusal.status, DD_FORBIDDEN);
    assert_int_equal(entry.refusal.rule, DD_RULE_NO_OFFICE);
    assert_int_equal(entry.events.count, 0);
    assert_true(dd_get_dossier(dd_ledger_view(f.ledger), 1, CAST_A1, &after));
    assert_memory_equal(&before, &after, sizeof before);
}

static void ledger_answers_the_same_for_ever(void **unused)
{
    (void)unused;
    struct dd_command accepted = registering();
    struct dd_command refused = registering();
    uint32_t head = cast_head(CAST_A1);
    uint32_t other = cast_head(CAST_A2);
    assert_int_equal(act(head, "2013-01-14T09:00", accepted), DD_OK);
    sim_cast_encode(&sim, &accepted); /* gives it the id that is then sent again */
    sim_cast_encode(&sim, &refused);
    assert_int_equal(act(head, "2013-01-14T09:00", accepted), DD_OK);
    uint64_t seq = f.result.seq;
    assert_int_equal(act(other, "2013-01-14T09:00", refused), DD_FORBIDDEN);
    struct dd_refusal refusal = f.result.refusal;
    uint64_t next = dd_ledger_next_seq(f.ledger);
    for (int round = 0; round < 3; round++) {
        assert_int_equal(act(head, "2013-02-14T09:00", accepted), DD_OK);
        assert_true(f.result.remembered);
        assert_int_equal(f.result.seq, seq);
        assert_int_equal(act(other, "2013-02-14T09:00", refused), DD_FORBIDDEN);
        assert_true(f.result.remembered);
        assert_memory_equal(&f.result.refusal, &refusal, sizeof refusal);
        assert_int_equal(dd_ledger_next_seq(f.ledger), next);
        sim_sync(f.ledger, &f.journal);
        if (round == 1)
            reopen();
    }
}

static void ledger_refuses_an_id_that_comes_with_other_bytes(void **unused)
{
    (void)unused;
    struct dd_command first = registering();
    uint32_t head = cast_head(CAST_A1);
    sim_cast_encode(&sim, &first);
    assert_int_equal(act(head, "2013-01-14T09:00", first), DD_OK);
    uint64_t next = dd_ledger_next_seq(f.ledger);
    struct dd_command second = sim_register(&sim, "a1", 2, 1, "2013-06-01");
    second.id = first.id;
    assert_int_equal(act(head, "2013-01-14T09:01", second), DD_ID_CONFLICT);
    assert_true(dd_id_equal(f.result.id, first.id));
    assert_int_equal(f.result.seq, 0);
    assert_int_equal(dd_ledger_next_seq(f.ledger), next);
    assert_int_equal(act(head, "2013-01-14T09:02", first), DD_OK);
    assert_true(f.result.remembered);
}

static void ledger_keeps_the_ids_of_accounts_apart(void **unused)
{
    (void)unused;
    struct dd_command first = registering();
    sim_cast_encode(&sim, &first);
    struct dd_command second = sim_register(&sim, "a2", 2, 1, "2013-06-01");
    second.id = first.id;
    assert_int_equal(act(cast_head(CAST_A1), "2013-01-14T09:00", first), DD_OK);
    assert_int_equal(act(cast_head(CAST_A2), "2013-01-14T09:00", second), DD_OK);
    assert_false(f.result.remembered);
}

/* --- what is not --------------------------------------------------------------------------- */

/* Nothing of it stays: no entry, no memory, not a bit of state. */
static void assert_not_taken(uint32_t account, struct dd_signed_command carried,
                             enum dd_status status)
{
    uint8_t before[32], after[32];
    uint64_t next = dd_ledger_next_seq(f.ledger);
    sim_sync(f.ledger, &f.journal);
    sim_digest(f.ledger, f.state, before);
    assert_int_equal(take(account, "2013-01-14T09:00", carried), status);
    assert_int_equal(f.result.seq, 0);
    assert_int_equal(dd_ledger_next_seq(f.ledger), next);
    assert_false(dd_ledger_dirty(f.ledger));
    sim_digest(f.ledger, f.state, after);
    assert_memory_equal(before, after, sizeof before);
}

static void ledger_leaves_nothing_of_bytes_that_are_no_command(void **unused)
{
    (void)unused;
    static const uint8_t bytes[] = {0xff, 0xff, 0xff};
    struct dd_signed_command carried = {.command = {bytes, sizeof bytes}};
    assert_not_taken(cast_head(CAST_A1), carried, DD_INVALID);
    carried.command.size = 0;
    assert_not_taken(cast_head(CAST_A1), carried, DD_INVALID);
}

static void ledger_wants_the_authors_signature(void **unused)
{
    (void)unused;
    uint8_t signature[DD_SIGNATURE_BYTES];
    struct dd_command command = registering();
    uint32_t head = cast_head(CAST_A1);
    struct dd_signed_command good = sim_cast_sign(&sim, head, &command);
    struct dd_signed_command bad = good;
    bad.signature.size = 0;
    assert_not_taken(head, bad, DD_BAD_SIGNATURE);
    assert_int_equal(f.result.refusal.rule, DD_RULE_NOT_SIGNED);
    bad.signature.size = DD_SIGNATURE_BYTES - 1;
    assert_not_taken(head, bad, DD_BAD_SIGNATURE);
    memcpy(signature, good.signature.data, sizeof signature);
    signature[DD_SIGNATURE_BYTES - 1] ^= 1;
    bad.signature = (struct dd_slice){signature, sizeof signature};
    assert_not_taken(head, bad, DD_BAD_SIGNATURE);
    bad = sim_cast_sign(&sim, cast_officer(CAST_A1), &command); /* somebody else's */
    assert_not_taken(head, bad, DD_BAD_SIGNATURE);
    assert_int_equal(
        dd_keys_sign_command(&sim.key[head], dd_slice_of("elsewhere"), good.command, signature),
        DD_OK);
    bad.signature = (struct dd_slice){signature, sizeof signature};
    assert_not_taken(head, bad, DD_BAD_SIGNATURE);
    assert_int_equal(take(head, "2013-01-14T09:00", good), DD_OK);
    assert_false(f.result.remembered);
}

static void ledger_takes_progress_unsigned_but_not_signed_wrongly(void **unused)
{
    (void)unused;
    uint8_t signature[DD_SIGNATURE_BYTES] = {0};
    uint32_t head = cast_head(CAST_A1);
    struct dd_command command = sim_progress("a1", 1, 1, DD_OUTCOME_COMPLETED, "2013-01-14");
    struct dd_signed_command carried = sim_cast_sign(&sim, head, &command);
    assert_int_equal(carried.signature.size, 0);
    carried.signature = (struct dd_slice){signature, sizeof signature};
    assert_not_taken(head, carried, DD_BAD_SIGNATURE);
    carried.signature.size = 0;
    assert_int_equal(take(head, "2013-01-14T09:00", carried), DD_REFUSED); /* judged */
    assert_int_equal(f.result.refusal.rule, DD_RULE_NOT_IN_FORCE);
}

static void ledger_takes_nothing_from_an_account_that_is_none(void **unused)
{
    (void)unused;
    struct dd_command command = registering();
    struct dd_signed_command carried = sim_cast_sign(&sim, 0, &command);
    assert_not_taken(sim.accounts + 1, carried, DD_KEY_UNKNOWN);
    assert_not_taken(0, carried, DD_KEY_UNKNOWN);
}

static void ledger_takes_genesis_and_ticks_from_no_client(void **unused)
{
    (void)unused;
    struct dd_command tick = {.kind = DD_COMMAND_TICK};
    struct dd_signed_command carried = {.command = sim_cast_encode(&sim, &tick)};
    assert_not_taken(CAST_ADMIN, carried, DD_INVALID);
    assert_int_equal(f.result.refusal.rule, DD_RULE_NOT_YOURS);
    carried.command = sim_cast_genesis(&sim);
    assert_not_taken(CAST_ADMIN, carried, DD_INVALID);
}

static struct dd_command put_account(uint32_t number, int64_t from_ms, int64_t to_ms)
{
    static struct dd_office office = {DD_ROLE_OFFICER, {NULL, 0}, INT32_MIN, INT32_MAX};
    struct dd_command command = {.kind = DD_COMMAND_PUT_ACCOUNT};
    office.unit = dd_slice_of("a1");
    command.as.put_account = (struct dd_put_account){.code = dd_slice_of("new"),
                                                     .from_ms = from_ms,
                                                     .to_ms = to_ms,
                                                     .offices = &office,
                                                     .office_count = 1};
    memcpy(command.as.put_account.link_key, sim.key[number].curve_public, 32);
    memcpy(command.as.put_account.sign_key, sim.key[number].sign_public, 32);
    return command;
}

static void ledger_looks_at_the_keys_term_on_both_sides(void **unused)
{
    (void)unused;
    uint32_t number = sim.accounts + 1;
    int64_t from_ms = cast_at("2013-01-15T00:00");
    int64_t to_ms = cast_at("2013-01-16T00:00");
    struct dd_signed_command carried;
    struct dd_command command = registering();
    uint64_t version = dd_ledger_keys_version(f.ledger);
    assert_int_equal(act(CAST_ADMIN, "2013-01-14T09:00", put_account(number, from_ms, to_ms)),
                     DD_OK);
    assert_int_not_equal(dd_ledger_keys_version(f.ledger), version);
    carried = sim_cast_sign(&sim, number, &command);
    dd_ledger_take(f.ledger, number, from_ms - 1, &carried, &f.result);
    assert_int_equal(f.result.refusal.status, DD_KEY_NOT_YET_VALID);
    dd_ledger_take(f.ledger, number, from_ms, &carried, &f.result);
    assert_int_equal(f.result.refusal.status, DD_OK);
    dd_ledger_take(f.ledger, number, to_ms - 1, &carried, &f.result);
    assert_true(f.result.remembered);
    dd_ledger_take(f.ledger, number, to_ms, &carried, &f.result);
    assert_int_equal(f.result.refusal.status, DD_KEY_EXPIRED);
}

static void ledger_takes_nothing_from_a_revoked_key(void **unused)
{
    (void)unused;
    struct dd_command revoke = {.kind = DD_COMMAND_REVOKE};
    char code[16] = "head-4";
    revoke.as.revoke =
        (struct dd_revoke){.account = dd_slice_of(code), .reason = dd_slice_of("chuyển công tác")};
    uint64_t version = dd_ledger_keys_version(f.ledger);
    assert_int_equal(act(cast_head(CAST_A1), "2013-01-14T09:00", revoke), DD_FORBIDDEN);
    assert_int_equal(dd_ledger_keys_version(f.ledger), version);
    assert_int_equal(act(CAST_ADMIN, "2013-01-14T09:00", revoke), DD_OK);
    assert_int_not_equal(dd_ledger_keys_version(f.ledger), version);
    assert_int_equal(act(cast_head(CAST_A1), "2013-01-14T09:00", registering()), DD_KEY_EXPIRED);
}

static void ledger_takes_nothing_while_read_only_but_remembers(void **unused)
{
    (void)unused;
    struct dd_command old = registering();
    struct dd_command command = registering();
    uint32_t head = cast_head(CAST_A1);
    sim_cast_encode(&sim, &old);
    assert_int_equal(act(head, "2013-01-14T09:00", old), DD_OK);
    dd_ledger_set_read_only(f.ledger, true);
    struct dd_signed_command carried = sim_cast_sign(&sim, head, &command);
    assert_not_taken(head, carried, DD_READ_ONLY);
    assert_int_equal(act(head, "2013-01-14T09:00", old), DD_OK);
    assert_true(f.result.remembered);
    assert_true(dd_ledger_tick(f.ledger, cast_at("2013-01-20T09:00")));
    assert_false(dd_ledger_dirty(f.ledger));
    dd_ledger_set_read_only(f.ledger, false);
    assert_int_equal(take(head, "2013-01-14T09:00", carried), DD_OK);
    assert_false(f.result.remembered);
    assert_false(dd_ledger_tick(f.ledger, cast_at("2013-01-20T09:00")));
}

/* --- batches ------------------------------------------------------------------------------- */

static void ledger_has_room_up_to_the_limits(void **unused)
{
    (void)unused;
    size_t most = DD_BATCH_BYTES_MAX - DD_ENTRY_OVERHEAD_BYTES;
    assert_true(dd_ledger_room(f.ledger, DD_BATCH_ENTRIES_MAX, 0));
    assert_false(dd_ledger_room(f.ledger, DD_BATCH_ENTRIES_MAX + 1, 0));
    assert_true(dd_ledger_room(f.ledger, 1, most));
    assert_false(dd_ledger_room(f.ledger, 1, most + 1));
}

static void ledger_fills_a_batch_and_goes_on_while_it_is_synced(void **unused)
{
    (void)unused;
    struct dd_batch batch;
    bool frozen;
    size_t taken = 0;
    uint64_t first = dd_ledger_next_seq(f.ledger);
    while (dd_ledger_room(f.ledger, 1, DD_COMMAND_BYTES_MAX)) {
        dd_arena_reset(&sim.bytes);
        struct dd_command c = sim_progress("a1", 1, 1, DD_OUTCOME_COMPLETED, "2013-01-14");
        assert_int_equal(act(cast_head(CAST_A1), "2013-01-14T09:00", c), DD_REFUSED);
        taken++;
    }
    assert_true(taken > DD_BATCH_ENTRIES_MAX / 4 && taken <= DD_BATCH_ENTRIES_MAX);
    dd_ledger_begin_sync(f.ledger, false, &batch, &frozen);
    assert_int_equal(batch.first_seq, first);
    assert_int_equal(batch.count, taken);
    assert_true(dd_ledger_room(f.ledger, 1, DD_COMMAND_BYTES_MAX));
    assert_false(dd_ledger_dirty(f.ledger));
    assert_int_equal(act(cast_head(CAST_A1), "2013-01-14T09:00", registering()), DD_OK);
    assert_true(dd_ledger_dirty(f.ledger));
    assert_int_equal(dd_ledger_durable(f.ledger), first);
    dd_ledger_end_sync(f.ledger);
    assert_int_equal(dd_ledger_durable(f.ledger), first + taken);
    dd_ledger_begin_sync(f.ledger, false, &batch, &frozen);
    assert_int_equal(batch.first_seq, first + taken);
    assert_int_equal(batch.count, 1);
    dd_ledger_end_sync(f.ledger);
    assert_int_equal(dd_ledger_durable(f.ledger), first + taken + 1);
}

static void ledger_freezes_only_what_is_durable(void **unused)
{
    (void)unused;
    struct dd_batch batch;
    struct dd_cursor cursor;
    bool frozen;
    uint64_t first = dd_ledger_next_seq(f.ledger);
    assert_int_equal(act(cast_head(CAST_A1), "2013-01-14T09:00", registering()), DD_OK);
    assert_false(dd_ledger_freeze(f.ledger));
    dd_ledger_begin_sync(f.ledger, false, &batch, &frozen);
    assert_false(frozen);
    assert_false(dd_ledger_freeze(f.ledger));
    dd_ledger_end_sync(f.ledger);
    assert_int_equal(act(cast_head(CAST_A1), "2013-01-14T09:01", registering()), DD_OK);
    dd_ledger_begin_sync(f.ledger, true, &batch, &frozen);
    assert_true(frozen);
    dd_ledger_end_sync(f.ledger);
    assert_false(dd_ledger_freeze(f.ledger)); /* one is left */
    assert_int_equal(dd_state_flush(f.state), DD_OK);
    assert_int_equal(dd_state_flushed(f.state), DD_OK);
    dd_state_cursor(f.state, &cursor);
    assert_int_equal(cursor.next_seq, first + 2);
    assert_int_equal(cursor.last_received_at_ms, cast_at("2013-01-14T09:01"));
    assert_true(dd_ledger_freeze(f.ledger));
}

/* --- time ---------------------------------------------------------------------------------- */

static void ledger_makes_an_entry_of_a_tick_only_if_something_is_due(void **unused)
{
    (void)unused;
    int64_t rung_ms = cast_at("2013-01-18T08:00");
    uint64_t seq = dd_ledger_next_seq(f.ledger);
    assert_true(dd_ledger_tick(f.ledger, rung_ms - 1));
    assert_false(dd_ledger_dirty(f.ledger));
    assert_false(dd_ledger_tick(f.ledger, rung_ms));
    assert_true(dd_ledger_tick(f.ledger, rung_ms));
    assert_int_equal(dd_ledger_next_seq(f.ledger), seq + 1);
    sim_sync(f.ledger, &f.journal);
    struct dd_entry entry = entry_at(seq);
    assert_int_equal(entry.kind, DD_ENTRY_TICK);
    assert_int_equal(entry.account, 0);
    assert_int_equal(entry.received_ms, rung_ms);
    assert_int_equal(entry.events.count, 4); /* both departments and both agencies */
    reopen();
    assert_true(dd_ledger_tick(f.ledger, rung_ms));
}

/* --- the beginning ------------------------------------------------------------------------- */

static void ledger_is_founded_once_and_by_a_genesis(void **unused)
{
    (void)unused;
    struct journal_sim journal;
    struct dd_state *state = NULL;
    struct dd_command command = registering();
    struct dd_meta_row meta;
    assert_int_equal(dd_ledger_found(f.ledger, sim_cast_genesis(&sim), 0), DD_EXISTS);
    journal_sim_make(&journal);
    struct dd_ledger *ledger = sim_ledger(&journal, &state);
    assert_int_equal(dd_ledger_found(ledger, sim_cast_encode(&sim, &command), 0), DD_INVALID);
    assert_int_equal(dd_ledger_found(ledger, dd_slice_of("?"), 0), DD_INVALID);
    assert_false(dd_ledger_dirty(ledger));
    assert_int_equal(dd_ledger_found(ledger, sim_cast_genesis(&sim), 5), DD_OK);
    assert_int_equal(dd_ledger_found(ledger, sim_cast_genesis(&sim), 5), DD_EXISTS);
    assert_true(dd_get_meta(dd_ledger_view(ledger), &meta));
    assert_true(dd_slice_equal(meta.jurisdiction, dd_slice_of("bacgiang")));
    sim_sync(ledger, &journal);
    assert_int_equal(journal.count, 1);
    dd_ledger_close(ledger);
    dd_state_close(state);
    journal_sim_free(&journal);
}

static void ledger_goes_on_from_what_state_has(void **unused)
{
    (void)unused;
    uint8_t live[32], replayed[32], root[32];
    assert_int_equal(act(cast_head(CAST_A1), "2013-01-14T09:00", registering()), DD_OK);
    sim_sync(f.ledger, &f.journal);
    sim_digest(f.ledger, f.state, live); /* flushes */
    assert_int_equal(act(cast_head(CAST_A1), "2013-01-14T09:01", sim_submit("a1")), DD_OK);
    sim_sync(f.ledger, &f.journal); /* durable, not flushed */
    dd_ledger_close(f.ledger);
    f.ledger = sim_ledger(&f.journal, &f.state);
    assert_int_equal(dd_ledger_next_seq(f.ledger), f.journal.count);
    assert_int_equal(dd_ledger_durable(f.ledger), f.journal.count);
    sim_digest(f.ledger, f.state, live);
    sim_replayed(&f.journal, replayed, root);
    assert_memory_equal(live, replayed, sizeof live);
}

static void ledger_refuses_a_journal_that_ends_before_state(void **unused)
{
    (void)unused;
    struct dd_journal handle = journal_sim_open(&f.journal);
    struct dd_journal_reader reader;
    struct dd_ledger *ledger;
    uint64_t tail = dd_journal_tail(&handle);
    assert_int_equal(dd_journal_reader(&handle, &reader), DD_OK);
    assert_int_equal(dd_ledger_open(f.state, &reader, tail - 1, &ledger), DD_CORRUPT);
    assert_null(ledger);
    assert_int_equal(dd_ledger_open(f.state, &reader, tail + 1, &ledger), DD_CORRUPT);
    assert_int_equal(dd_ledger_open(f.state, &reader, tail, &ledger), DD_OK);
    dd_ledger_close(ledger);
    dd_journal_reader_close(&reader);
}

/* Of two logs that begin alike. */
static void ledger_refuses_a_state_of_another_log(void **unused)
{
    (void)unused;
    uint8_t digest[32];
    struct journal_sim other;
    struct dd_state *state = NULL;
    struct dd_journal_reader reader;
    struct dd_ledger *ledger;
    journal_sim_make(&other);
    journal_sim_copy(&f.journal, &other);
    assert_int_equal(act(cast_head(CAST_A1), "2013-01-14T09:00", registering()), DD_OK);
    sim_sync(f.ledger, &f.journal);
    sim_digest(f.ledger, f.state, digest); /* flushes */
    struct dd_ledger *others = sim_ledger(&other, &state);
    struct dd_command of_a2 = sim_register(&sim, "a2", 1, 1, "2013-06-01");
    struct dd_signed_command carried = sim_cast_sign(&sim, cast_head(CAST_A2), &of_a2);
    dd_ledger_take(others, cast_head(CAST_A2), cast_at("2013-01-14T09:00"), &carried, &f.result);
    assert_int_equal(f.result.refusal.status, DD_OK);
    sim_sync(others, &other);
    assert_int_equal(other.count, f.journal.count);
    struct dd_journal handle = journal_sim_open(&other);
    assert_int_equal(dd_journal_reader(&handle, &reader), DD_OK);
    assert_int_equal(dd_ledger_open(f.state, &reader, other.count, &ledger), DD_CORRUPT);
    assert_null(ledger);
    dd_journal_reader_close(&reader);
    dd_ledger_close(others);
    dd_state_close(state);
    journal_sim_free(&other);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, open_ledger, close_ledger)
    const struct CMUnitTest tests[] = {
        CASE(ledger_accepts_and_keeps_the_bytes_as_they_came),
        CASE(ledger_logs_a_refusal_and_changes_nothing_but_memory),
        CASE(ledger_answers_the_same_for_ever),
        CASE(ledger_refuses_an_id_that_comes_with_other_bytes),
        CASE(ledger_keeps_the_ids_of_accounts_apart),
        CASE(ledger_leaves_nothing_of_bytes_that_are_no_command),
        CASE(ledger_wants_the_authors_signature),
        CASE(ledger_takes_progress_unsigned_but_not_signed_wrongly),
        CASE(ledger_takes_nothing_from_an_account_that_is_none),
        CASE(ledger_takes_genesis_and_ticks_from_no_client),
        CASE(ledger_looks_at_the_keys_term_on_both_sides),
        CASE(ledger_takes_nothing_from_a_revoked_key),
        CASE(ledger_takes_nothing_while_read_only_but_remembers),
        CASE(ledger_has_room_up_to_the_limits),
        CASE(ledger_fills_a_batch_and_goes_on_while_it_is_synced),
        CASE(ledger_freezes_only_what_is_durable),
        CASE(ledger_makes_an_entry_of_a_tick_only_if_something_is_due),
        CASE(ledger_is_founded_once_and_by_a_genesis),
        CASE(ledger_goes_on_from_what_state_has),
        CASE(ledger_refuses_a_journal_that_ends_before_state),
        CASE(ledger_refuses_a_state_of_another_log),
    };
    return cmocka_run_group_tests(tests, make_cast, free_cast);
}
