/* The registrar between a scripted broker and scripted disks: what is sent, and when. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/lib/sim_desk.h"

/* --- beginning ----------------------------------------------------------------------------- */

static void registrar_is_ready_when_the_journal_can_grow(void **unused)
{
    (void)unused;
    struct dd_worker_key key;
    desk_tick(0);
    assert_true(desk.reserving);
    desk_tick(10);
    desk_nothing_sent();
    desk_reserved(DD_OK);
    const struct desk_sent *ready = desk_next_sent(DD_WORKER_READY);
    assert_true(ready->message.rehearsal);
    assert_int_equal(ready->message.at_ms, desk_cast.founded_ms);
    assert_true(dd_slice_equal(ready->message.jurisdiction, dd_slice_of("bacgiang")));
    assert_int_equal(ready->message.body.size, desk_cast.accounts * DD_WORKER_KEY_BYTES);
    struct dd_reader r = dd_reader_make(ready->message.body);
    assert_true(dd_worker_key_read(&r, &key));
    assert_int_equal(key.account, CAST_ADMIN);
    assert_true(key.moves_clock);
    assert_false(key.revoked);
    assert_memory_equal(key.curve_public, desk_cast.key[CAST_ADMIN].curve_public, 32);
    assert_true(dd_worker_key_read(&r, &key));
    assert_false(key.moves_clock);
    desk_nothing_sent();
}

static void registrar_starts_read_only_on_a_full_disk_and_recovers(void **unused)
{
    (void)unused;
    desk_tick(0);
    desk_reserved(DD_NO_SPACE);
    desk_next_sent(DD_WORKER_READY);
    desk_refused_command(1, "2013-01-14T09:00");
    assert_int_equal(desk_next_reply(1)->reply.results[0].refusal.status, DD_READ_ONLY);
    desk_question(2, "2013-01-14T09:00", DD_QUESTION_CYCLE, 0);
    desk_tick(0);
    assert_non_null(desk.reading);
    desk_read_done(DD_OK);
    desk_next_reply(2);
    desk_tick(999);
    assert_false(desk.reserving);
    desk_tick(1);
    desk_reserved(DD_NO_SPACE);
    desk_tick(1000);
    desk_reserved(DD_OK);
    desk.seen = desk.sent_count; /* heartbeats */
    desk_refused_command(3, "2013-01-14T09:00");
    desk_tick(0);
    desk_synced(DD_OK, DD_OK);
    assert_int_equal(desk_next_reply(3)->reply.results[0].refusal.status, DD_REFUSED);
    assert_int_equal(dd_registrar_error(desk.registrar), DD_OK);
}

static void registrar_does_not_open_without_a_genesis(void **unused)
{
    (void)unused;
    const struct dd_registrar_ports ports = {0};
    struct journal_sim empty;
    struct dd_state *state = NULL;
    struct dd_registrar *registrar;
    journal_sim_make(&empty);
    struct dd_ledger *ledger = sim_ledger(&empty, &state);
    assert_int_equal(dd_registrar_open(ledger, state, &ports, 0, &registrar), DD_FORMAT);
    assert_null(registrar);
    dd_ledger_close(ledger);
    dd_state_close(state);
}

/* --- commands ------------------------------------------------------------------------------ */

static void registrar_answers_only_when_the_entry_is_durable(void **unused)
{
    (void)unused;
    uint64_t seq = desk.journal.count;
    desk_refused_command(7, "2013-01-14T09:00");
    desk_nothing_sent();
    desk_tick(0);
    assert_true(desk.syncing);
    assert_int_equal(desk.batch.count, 1);
    desk_tick(50);
    desk_nothing_sent();
    desk_synced(DD_OK, DD_OK);
    const struct desk_sent *sent = desk_next_reply(7);
    assert_int_equal(sent->reply.result_count, 1);
    assert_int_equal(sent->reply.results[0].seq, seq);
    assert_int_equal(sent->reply.results[0].refusal.rule, DD_RULE_NOT_IN_FORCE);
    assert_int_equal(sent->reply.credit, DD_CLIENT_CREDIT);
    assert_int_equal(sent->reply.now_ms, cast_at("2013-01-14T09:00"));
    desk_nothing_sent();
    assert_int_equal(dd_registrar_counts(desk.registrar)->commands_refused, 1);
}

static void registrar_fills_the_next_batch_while_one_is_synced(void **unused)
{
    (void)unused;
    desk_refused_command(1, "2013-01-14T09:00");
    desk_tick(0);
    desk_refused_command(2, "2013-01-14T09:00");
    desk_refused_command(3, "2013-01-14T09:00");
    desk_tick(0);
    assert_int_equal(desk.batch.count, 1);
    desk_nothing_sent();
    desk_synced(DD_OK, DD_OK); /* its tick begins the next */
    desk_next_reply(1);
    desk_nothing_sent();
    assert_true(desk.syncing);
    assert_int_equal(desk.batch.count, 2);
    desk_synced(DD_OK, DD_OK);
    desk_next_reply(2);
    desk_next_reply(3);
    desk_nothing_sent();
}

static void registrar_answers_what_is_remembered_once_that_is_durable(void **unused)
{
    (void)unused;
    struct dd_command made = sim_progress("a1", 1, 1, DD_OUTCOME_COMPLETED, "2013-01-14");
    sim_cast_encode(&desk_cast, &made);
    desk_command(1, cast_head(CAST_A1), "2013-01-14T09:00", made);
    desk_command(2, cast_head(CAST_A1), "2013-01-14T09:00", made); /* not durable yet */
    desk_tick(0);
    desk_nothing_sent();
    desk_synced(DD_OK, DD_OK);
    assert_false(desk_next_reply(1)->reply.results[0].remembered);
    assert_true(desk_next_reply(2)->reply.results[0].remembered);
    desk_command(3, cast_head(CAST_A1), "2013-01-14T09:00", made);
    assert_true(desk_next_reply(3)->reply.results[0].remembered);
    assert_int_equal(dd_registrar_counts(desk.registrar)->commands_remembered, 2);
}

static void registrar_keeps_answers_in_order(void **unused)
{
    (void)unused;
    struct dd_signed_command broken = {.command = dd_slice_of("?")};
    struct dd_request request = {.commands = &broken, .command_count = 1};
    desk_refused_command(1, "2013-01-14T09:00");
    desk_hand_in_request(2, CAST_ADMIN, "2013-01-14T09:00", &request);
    desk_tick(0);
    desk_nothing_sent();
    desk_synced(DD_OK, DD_OK);
    desk_next_reply(1);
    assert_int_equal(desk_next_reply(2)->reply.results[0].refusal.status, DD_INVALID);
    desk_hand_in_request(3, CAST_ADMIN, "2013-01-14T09:00", &request);
    desk_next_reply(3); /* nothing before it, nothing to wait for */
}

static void registrar_puts_by_what_has_no_room_and_loses_none(void **unused)
{
    (void)unused;
    enum { PACKS = 40 };
    desk_refused_command(1, "2013-01-14T09:00");
    desk_tick(0);
    for (uint64_t i = 0; i < PACKS; i++)
        desk_refused_pack(2 + i, "2013-01-14T09:00");
    desk_question(2 + PACKS, "2013-01-14T09:00", DD_QUESTION_CYCLE, 0); /* waits its turn */
    desk_tick(0);
    assert_null(desk.reading);
    desk_nothing_sent();
    size_t syncs = 0;
    for (; desk.syncing; syncs++) {
        assert_true(desk.batch.count <= DD_BATCH_ENTRIES_MAX);
        desk_synced(DD_OK, DD_OK);
    }
    assert_true(syncs >= 1 + PACKS * DESK_PACK / DD_BATCH_ENTRIES_MAX);
    for (uint64_t i = 0; i < PACKS + 1; i++)
        assert_int_equal(desk_next_reply(1 + i)->reply.result_count, i == 0 ? 1 : DESK_PACK);
    desk_nothing_sent();
    for (int i = 0; i < 3 && !desk.reading; i++) {
        desk_tick(DD_FLUSH_FORCED_MS_MIN);
        desk_flushed(DD_OK);
    }
    assert_int_equal(desk.reading->ref, 2 + PACKS);
    assert_int_equal(desk.journal.count, desk_cast.founding.count + 1 + PACKS * DESK_PACK);
}

static void registrar_begins_a_sync_by_itself_when_a_batch_is_full(void **unused)
{
    (void)unused;
    uint64_t ref = 0;
    while (!desk.syncing)
        desk_refused_pack(++ref, "2013-01-14T09:00");
    assert_true(desk.batch.count > DD_BATCH_ENTRIES_MAX / 4);
    while (desk.syncing)
        desk_synced(DD_OK, DD_OK);
    for (uint64_t i = 1; i <= ref; i++)
        desk_next_reply(i);
    desk_nothing_sent();
}

static void registrar_stops_when_an_append_fails_and_answers_nothing(void **unused)
{
    (void)unused;
    desk_refused_command(1, "2013-01-14T09:00");
    desk_tick(0);
    desk.syncing = false;
    dd_registrar_synced(desk.registrar, DD_IO, DD_IO);
    assert_int_equal(dd_registrar_error(desk.registrar), DD_IO);
    desk_nothing_sent();
}

static void registrar_turns_read_only_while_the_journal_cannot_grow(void **unused)
{
    (void)unused;
    desk_refused_command(1, "2013-01-14T09:00");
    desk_tick(0);
    desk_refused_command(2, "2013-01-14T09:00"); /* taken: its room is reserved */
    desk_synced(DD_OK, DD_NO_SPACE);
    desk_next_reply(1);
    desk_refused_command(3, "2013-01-14T09:00");
    desk_tick(0);
    desk_synced(DD_OK, DD_NO_SPACE);
    desk_next_reply(2);
    assert_int_equal(desk_next_reply(3)->reply.results[0].refusal.status, DD_READ_ONLY);
    desk_tick(1000);
    desk_reserved(DD_OK);
    desk.seen = desk.sent_count; /* a heartbeat */
    desk_refused_command(4, "2013-01-14T09:00");
    desk_tick(0);
    desk_synced(DD_OK, DD_OK);
    assert_int_equal(desk_next_reply(4)->reply.results[0].refusal.status, DD_REFUSED);
}

static void registrar_refuses_what_it_cannot_read(void **unused)
{
    (void)unused;
    struct dd_request request = {.has_clock_advance = true, .clock_to_ms = 1};
    desk_hand_in(&(struct dd_worker_message){.kind = DD_WORKER_REQUEST,
                                             .ref = 1,
                                             .account = CAST_ADMIN,
                                             .at_ms = cast_at("2013-01-14T09:00"),
                                             .body = dd_slice_of("?")});
    assert_int_equal(desk_next_reply(1)->reply.refusal.status, DD_INVALID);
    desk_hand_in_request(2, CAST_ADMIN, "2013-01-14T09:00", &request); /* the broker's to do */
    assert_int_equal(desk_next_reply(2)->reply.refusal.status, DD_REFUSED);
    dd_registrar_message(desk.registrar, NULL, 0, desk.now_ms);
    desk_hand_in(&(struct dd_worker_message){.kind = DD_WORKER_TICKED});
    assert_int_equal(dd_registrar_counts(desk.registrar)->broken_messages, 2);
    desk_nothing_sent();
}

static void registrar_takes_nothing_stamped_before_the_log(void **unused)
{
    (void)unused;
    desk_refused_command(1, "2013-01-11T07:59");
    assert_int_equal(desk_next_reply(1)->reply.refusal.status, DD_UNAVAILABLE);
    desk_refused_command(2, "2013-01-11T08:00");
    desk_tick(0);
    desk_synced(DD_OK, DD_OK);
    desk_next_reply(2);
}

static void registrar_tells_the_security_log(void **unused)
{
    (void)unused;
    struct dd_command made = sim_register(&desk_cast, "a1", 1, 1, "2013-06-01");
    struct dd_signed_command carried = sim_cast_sign(&desk_cast, CAST_CHAIR, &made);
    struct dd_request request = {.commands = &carried, .command_count = 1};
    desk_hand_in_request(1, cast_head(CAST_A1), "2013-01-14T09:00", &request);
    assert_int_equal(desk.security, 1); /* signed by another */
    desk_command(2, cast_head(CAST_A2), "2013-01-14T09:00", made);
    assert_int_equal(desk.security, 2); /* forbidden */
}

/* --- questions and flushes ----------------------------------------------------------------- */

static void registrar_has_questions_answered_one_at_a_time(void **unused)
{
    (void)unused;
    desk_question(1, "2013-01-14T09:00", DD_QUESTION_CYCLE, 0);
    desk_question(2, "2013-01-14T09:00", DD_QUESTION_HELLO, 0);
    desk_tick(0);
    assert_int_equal(desk.reading->ref, 1);
    assert_int_equal(desk.reading->account, CAST_ADMIN);
    assert_int_equal(desk.reading->question->kind, DD_QUESTION_CYCLE);
    assert_int_equal(desk.reading->durable_end, desk.journal.count);
    desk_read_done(DD_OK);
    desk_next_reply(1);
    assert_int_equal(desk.reading->ref, 2);
    assert_int_equal(desk.reading->question->kind, DD_QUESTION_HELLO);
    desk_read_done(DD_NO_MEMORY);
    assert_int_equal(desk_next_reply(2)->reply.refusal.status, DD_UNAVAILABLE);
    assert_int_equal(dd_registrar_error(desk.registrar), DD_OK);
    desk_question(3, "2013-01-14T09:00", DD_QUESTION_CYCLE, 0);
    desk_tick(0);
    desk_read_done(DD_IO);
    desk_next_reply(3);
    assert_int_equal(dd_registrar_error(desk.registrar), DD_IO);
}

static void registrar_lets_you_read_what_you_wrote(void **unused)
{
    (void)unused;
    uint64_t seq = desk.journal.count;
    desk_refused_command(1, "2013-01-14T09:00");
    desk_question(3, "2013-01-14T09:00", DD_QUESTION_CYCLE, seq); /* of what is not durable yet */
    desk_question(2, "2013-01-14T09:00", DD_QUESTION_CYCLE, seq - 1); /* state has it: goes first */
    desk_tick(0);
    assert_int_equal(desk.reading->ref, 2);
    desk_read_done(DD_OK);
    desk_next_reply(2);
    desk_synced(DD_OK, DD_OK);
    desk_next_reply(1);
    assert_null(desk.reading);
    assert_false(desk.flushing);
    assert_int_equal(desk.next_ms, DESK_START_MS + DD_FLUSH_FORCED_MS_MIN);
    desk_tick(DD_FLUSH_FORCED_MS_MIN - 1);
    assert_false(desk.flushing);
    desk_tick(1);
    assert_true(desk.flushing);
    assert_null(desk.reading);
    desk_flushed(DD_OK);
    assert_int_equal(desk.reading->ref, 3);
    desk_read_done(DD_OK);
    desk_next_reply(3);
}

static void registrar_lets_anybody_read_what_was_durable_when_they_asked(void **unused)
{
    (void)unused;
    desk_refused_command(1, "2013-01-14T09:00");
    desk_tick(0);
    desk_synced(DD_OK, DD_OK);
    desk_next_reply(1);
    desk_question(2, "2013-01-14T09:00", DD_QUESTION_CYCLE, 0);
    desk_tick(0);
    assert_null(desk.reading);
    desk_tick(DD_FLUSH_FORCED_MS_MIN);
    desk_refused_command(3, "2013-01-14T09:00"); /* later, and not waited for */
    desk_tick(0);
    desk_flushed(DD_OK);
    assert_int_equal(desk.reading->ref, 2);
    desk_read_done(DD_OK);
    desk_next_reply(2);
}

static void registrar_refuses_a_question_about_what_is_not_there_yet(void **unused)
{
    (void)unused;
    desk_question(1, "2013-01-14T09:00", DD_QUESTION_CYCLE, desk.journal.count);
    const struct desk_sent *sent = desk_next_reply(1);
    assert_int_equal(sent->reply.refusal.status, DD_NOT_FOUND);
    assert_int_equal(sent->reply.refusal.rule, DD_RULE_NO_SUCH_ENTRY);
    desk_question(2, "2013-01-14T09:00", DD_QUESTION_CYCLE, desk.journal.count - 1);
    desk_tick(0);
    assert_non_null(desk.reading);
}

static void registrar_gives_the_digest_of_all_that_was_taken_before(void **unused)
{
    (void)unused;
    desk_refused_command(1, "2013-01-14T09:00");
    desk_question(2, "2013-01-14T09:00", DD_QUESTION_DIGEST, 0);
    desk_tick(DD_FLUSH_FORCED_MS_MIN); /* the sync takes the freeze along */
    assert_true(desk.syncing);
    assert_false(desk.flushing);
    desk_synced(DD_OK, DD_OK);
    desk_next_reply(1);
    assert_null(desk.reading);
    desk_flushed(DD_OK);
    assert_int_equal(desk.reading->ref, 2);
    desk_read_done(DD_OK);
    desk_next_reply(2);
}

static void registrar_flushes_within_the_lag(void **unused)
{
    (void)unused;
    desk_refused_command(1, "2013-01-14T09:00");
    desk_tick(0);
    desk_synced(DD_OK, DD_OK);
    assert_false(desk.flushing);
    assert_true(desk.next_ms <= DESK_START_MS + DD_FLUSH_LAG_MS_MAX);
    desk_tick(DD_FLUSH_LAG_MS_MAX - 1);
    assert_false(desk.flushing);
    desk_tick(1);
    assert_true(desk.flushing);
    desk_refused_command(2, "2013-01-14T09:00"); /* nobody waits for the flush */
    desk_tick(0);
    desk_synced(DD_OK, DD_OK);
    desk_flushed(DD_OK);
    assert_int_equal(dd_registrar_counts(desk.registrar)->flushes, 1);
}

static void registrar_turns_read_only_while_state_cannot_grow(void **unused)
{
    (void)unused;
    desk_refused_command(1, "2013-01-14T09:00");
    desk_tick(0);
    desk_synced(DD_OK, DD_OK);
    desk_tick(DD_FLUSH_LAG_MS_MAX);
    desk_flushed(DD_NO_SPACE); /* tried again at once the first time, then every second */
    desk.seen = desk.sent_count;
    if (desk.flushing)
        desk_flushed(DD_NO_SPACE);
    desk_refused_command(2, "2013-01-14T09:00");
    assert_int_equal(desk_next_reply(2)->reply.results[0].refusal.status, DD_READ_ONLY);
    desk_tick(999);
    assert_false(desk.flushing);
    desk_tick(1);
    desk_flushed(DD_OK);
    desk.seen = desk.sent_count;
    desk_refused_command(3, "2013-01-14T09:00");
    desk_tick(0);
    desk_synced(DD_OK, DD_OK);
    assert_int_equal(desk_next_reply(3)->reply.results[0].refusal.status, DD_REFUSED);
}

/* What was written since the last flush cannot be read then: an older state is, and says so; who
 * insists on more, and the digest, are told to come again. */
static void registrar_answers_questions_while_state_cannot_grow(void **unused)
{
    (void)unused;
    uint64_t seq = desk.journal.count;
    desk_refused_command(1, "2013-01-14T09:00");
    desk_tick(0);
    desk_synced(DD_OK, DD_OK);
    desk_next_reply(1);
    desk_question(2, "2013-01-14T09:00", DD_QUESTION_CYCLE,
                  seq); /* came before the disk was full */
    desk_tick(DD_FLUSH_LAG_MS_MAX);
    while (desk.flushing)
        desk_flushed(DD_NO_SPACE);
    desk.seen = 0;
    while (desk.sent[desk.seen].message.kind != DD_WORKER_REPLY ||
           desk.sent[desk.seen].message.ref != 2)
        desk.seen++;
    assert_int_equal(desk_next_reply(2)->reply.refusal.status, DD_READ_ONLY);
    desk.seen = desk.sent_count; /* heartbeats */
    desk_question(3, "2013-01-14T09:00", DD_QUESTION_CYCLE, 0);
    desk_tick(0);
    assert_int_equal(desk.reading->ref, 3);
    desk_read_done(DD_OK);
    desk_next_reply(3);
    desk_question(4, "2013-01-14T09:00", DD_QUESTION_CYCLE, seq - 1);
    desk_tick(0);
    assert_int_equal(desk.reading->ref, 4);
    desk_read_done(DD_OK);
    desk_next_reply(4);
    desk_question(5, "2013-01-14T09:00", DD_QUESTION_DIGEST, 0);
    desk_tick(0);
    assert_int_equal(desk_next_reply(5)->reply.refusal.status, DD_READ_ONLY);
    desk_tick(1000);
    desk_flushed(DD_OK);
    desk.seen = desk.sent_count;
    desk_question(6, "2013-01-14T09:00", DD_QUESTION_DIGEST, seq);
    desk_tick(0);
    assert_int_equal(desk.reading->ref, 6);
    desk_read_done(DD_OK);
}

static void registrar_lets_commands_wait_for_a_flush_when_memory_is_short(void **unused)
{
    (void)unused;
    desk_refused_command(1, "2013-01-14T09:00");
    desk_tick(0);
    desk_synced(DD_OK, DD_OK);
    desk_next_reply(1);
    desk_tick(DD_FLUSH_LAG_MS_MAX);
    assert_true(desk.flushing);
    dd_registrar_bound_rows(desk.registrar, dd_state_bytes_pending(desk.state) + 1);
    desk.seen = desk.sent_count;                 /* a heartbeat */
    desk_refused_command(2, "2013-01-14T09:00"); /* still has room, and takes it */
    desk_refused_command(3, "2013-01-14T09:00");
    desk_tick(0);
    assert_int_equal(desk.batch.count, 1);
    desk_synced(DD_OK, DD_OK);
    desk_next_reply(2);
    desk_nothing_sent();
    assert_false(desk.syncing);
    desk_flushed(DD_OK);
    assert_true(desk.syncing);
    desk_synced(DD_OK, DD_OK);
    desk_next_reply(3);
}

/* --- the broker comes and goes ------------------------------------------------------------- */

static void registrar_beats_and_says_ready_again_after_silence(void **unused)
{
    (void)unused;
    desk_tick(999);
    desk_nothing_sent();
    for (int i = 0; i < 4; i++) {
        desk_tick(i == 0 ? 1 : 1000);
        desk_next_sent(DD_WORKER_HEARTBEAT);
    }
    desk_tick(999);
    desk_nothing_sent();
    desk_tick(1); /* five seconds of silence */
    desk_next_sent(DD_WORKER_READY);
    desk_hand_in(&(struct dd_worker_message){.kind = DD_WORKER_HEARTBEAT});
    for (int i = 0; i < 4; i++) {
        desk_tick(1000);
        desk_next_sent(DD_WORKER_HEARTBEAT);
    }
    desk_hand_in(&(struct dd_worker_message){.kind = DD_WORKER_HEARTBEAT});
    desk_tick(1000);
    desk_next_sent(DD_WORKER_HEARTBEAT);
}

static void registrar_says_ready_again_when_it_is_told_to(void **unused)
{
    (void)unused;
    desk_refused_command(1, "2013-01-14T09:00");
    desk_hand_in(&(struct dd_worker_message){.kind = DD_WORKER_DISCONNECT});
    desk_tick(0);
    assert_int_equal(desk_next_sent(DD_WORKER_READY)->message.at_ms, cast_at("2013-01-14T09:00"));
    desk_synced(DD_OK, DD_OK);
    desk_next_reply(1);
}

static void registrar_sends_the_keys_before_the_answer_that_made_them(void **unused)
{
    (void)unused;
    static struct dd_office office = {DD_ROLE_AUDITOR, {NULL, 0}, INT32_MIN, INT32_MAX};
    struct dd_command made = {.kind = DD_COMMAND_PUT_ACCOUNT};
    uint32_t number = desk_cast.accounts + 1;
    made.as.put_account = (struct dd_put_account){
        .code = dd_slice_of("auditor"), .to_ms = INT64_MAX, .offices = &office, .office_count = 1};
    memcpy(made.as.put_account.link_key, desk_cast.key[number].curve_public, 32);
    memcpy(made.as.put_account.sign_key, desk_cast.key[number].sign_public, 32);
    desk_command(1, CAST_ADMIN, "2013-01-14T09:00", made);
    desk_tick(0);
    const struct desk_sent *keys = desk_next_sent(DD_WORKER_KEYS);
    assert_int_equal(keys->message.body.size, number * DD_WORKER_KEY_BYTES);
    desk_nothing_sent();
    desk_synced(DD_OK, DD_OK);
    desk_next_reply(1);
    desk_nothing_sent();
}

/* --- time ---------------------------------------------------------------------------------- */

static void registrar_says_ticked_when_all_before_is_durable(void **unused)
{
    (void)unused;
    desk_clock_tick(1, "2013-01-18T07:59");
    const struct desk_sent *sent = desk_next_sent(DD_WORKER_TICKED);
    assert_true(sent->message.exhausted);
    assert_int_equal(sent->message.ref, 1);
    assert_int_equal(sent->message.at_ms, cast_at("2013-01-18T07:59"));
    desk_clock_tick(2, "2013-01-18T08:00");
    desk_clock_tick(3, "2013-01-18T08:00");
    desk_tick(0);
    desk_nothing_sent();
    desk_synced(DD_OK, DD_OK);
    assert_false(desk_next_sent(DD_WORKER_TICKED)->message.exhausted);
    sent = desk_next_sent(DD_WORKER_TICKED);
    assert_true(sent->message.exhausted);
    assert_int_equal(sent->message.ref, 3);
    desk_clock_tick(4, "2013-01-11T08:00"); /* a broker's clock that was set back */
    assert_true(desk_next_sent(DD_WORKER_TICKED)->message.exhausted);
}

static void registrar_makes_a_tick_wait_for_room(void **unused)
{
    (void)unused;
    uint64_t ref = 0;
    desk_refused_command(++ref, "2013-01-14T09:00");
    desk_tick(0);
    while (dd_ledger_room(desk.ledger, DESK_PACK, 64 * 1024))
        desk_refused_pack(++ref, "2013-01-14T09:00");
    desk_refused_pack(++ref, "2013-01-14T09:00");
    desk_clock_tick(++ref, "2013-01-18T08:00");
    while (desk.syncing)
        desk_synced(DD_OK, DD_OK);
    for (uint64_t i = 1; i < ref; i++)
        desk_next_reply(i);
    assert_false(desk_next_sent(DD_WORKER_TICKED)->message.exhausted);
    desk_nothing_sent();
}

/* --- the end ------------------------------------------------------------------------------- */

static void registrar_is_idle_when_all_is_durable_and_flushed(void **unused)
{
    (void)unused;
    struct dd_cursor cursor;
    assert_true(dd_registrar_idle(desk.registrar, desk.now_ms));
    desk_refused_command(1, "2013-01-14T09:00");
    assert_false(dd_registrar_idle(desk.registrar, desk.now_ms));
    assert_true(desk.syncing);
    desk.syncing = false;
    assert_int_equal(dd_journal_reserve(&desk.handle, 10, 10000), DD_OK);
    assert_int_equal(
        dd_journal_append(&desk.handle, desk.batch.first_seq, desk.batch.entries, desk.batch.count),
        DD_OK);
    dd_registrar_synced(desk.registrar, DD_OK, DD_OK);
    assert_false(dd_registrar_idle(desk.registrar, desk.now_ms));
    assert_true(desk.flushing);
    desk.flushing = false;
    assert_int_equal(dd_state_flush(desk.state), DD_OK);
    dd_registrar_flushed(desk.registrar, DD_OK);
    assert_true(dd_registrar_idle(desk.registrar, desk.now_ms));
    desk_next_reply(1);
    dd_state_cursor(desk.state, &cursor);
    assert_int_equal(cursor.next_seq, desk.journal.count);
}

int main(void)
{
#define RAW(name) cmocka_unit_test_setup_teardown(name, desk_open, desk_close)
#define CASE(name) cmocka_unit_test_setup_teardown(name, desk_open_ready, desk_close)
    const struct CMUnitTest tests[] = {
        RAW(registrar_is_ready_when_the_journal_can_grow),
        RAW(registrar_starts_read_only_on_a_full_disk_and_recovers),
        CASE(registrar_does_not_open_without_a_genesis),
        CASE(registrar_answers_only_when_the_entry_is_durable),
        CASE(registrar_fills_the_next_batch_while_one_is_synced),
        CASE(registrar_answers_what_is_remembered_once_that_is_durable),
        CASE(registrar_keeps_answers_in_order),
        CASE(registrar_puts_by_what_has_no_room_and_loses_none),
        CASE(registrar_begins_a_sync_by_itself_when_a_batch_is_full),
        CASE(registrar_stops_when_an_append_fails_and_answers_nothing),
        CASE(registrar_turns_read_only_while_the_journal_cannot_grow),
        CASE(registrar_refuses_what_it_cannot_read),
        CASE(registrar_takes_nothing_stamped_before_the_log),
        CASE(registrar_tells_the_security_log),
        CASE(registrar_has_questions_answered_one_at_a_time),
        CASE(registrar_lets_you_read_what_you_wrote),
        CASE(registrar_lets_anybody_read_what_was_durable_when_they_asked),
        CASE(registrar_refuses_a_question_about_what_is_not_there_yet),
        CASE(registrar_gives_the_digest_of_all_that_was_taken_before),
        CASE(registrar_flushes_within_the_lag),
        CASE(registrar_turns_read_only_while_state_cannot_grow),
        CASE(registrar_answers_questions_while_state_cannot_grow),
        CASE(registrar_lets_commands_wait_for_a_flush_when_memory_is_short),
        CASE(registrar_beats_and_says_ready_again_after_silence),
        CASE(registrar_says_ready_again_when_it_is_told_to),
        CASE(registrar_sends_the_keys_before_the_answer_that_made_them),
        CASE(registrar_says_ticked_when_all_before_is_durable),
        CASE(registrar_makes_a_tick_wait_for_room),
        CASE(registrar_is_idle_when_all_is_durable_and_flushed),
    };
    return cmocka_run_group_tests(tests, desk_make_cast, desk_free_cast);
}
