/* The registrar between a scripted broker and scripted disks: what is sent, and when. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/lib/sim_cast.h"
#include "workers/registrar.h"

enum { SENT_MAX = 512, START_MS = 100000, PACK = DD_COMMANDS_PER_REQUEST_MAX };

struct sent {
    struct dd_worker_message message; /* its body in the fixture's arena */
    struct dd_reply reply;            /* of a REPLY */
};

struct fixture {
    struct journal_sim journal;
    struct dd_journal handle;
    struct dd_state *state;
    struct dd_ledger *ledger;
    struct dd_registrar *registrar;
    struct dd_arena arena;
    int64_t now_ms;
    int64_t next_ms; /* what the last tick gave */
    struct sent sent[SENT_MAX];
    size_t sent_count;
    size_t seen; /* what next_sent has given */
    struct dd_batch batch;
    bool syncing, reserving, flushing;
    struct dd_reading *reading;
    unsigned security;
};

static struct sim_cast sim;
static struct fixture f;

/* --- ports --------------------------------------------------------------------------------- */

static void on_send(void *self, const struct dd_worker_message *message)
{
    (void)self;
    struct dd_refusal refusal;
    assert_true(f.sent_count < SENT_MAX);
    struct sent *sent = &f.sent[f.sent_count++];
    sent->message = *message;
    uint8_t *copy = dd_arena_take(&f.arena, message->body.size + 1);
    assert_non_null(copy);
    if (message->body.size > 0)
        memcpy(copy, message->body.data, message->body.size);
    sent->message.body.data = copy;
    if (message->kind == DD_WORKER_REPLY)
        assert_int_equal(
            dd_codec_reply_decode(sent->message.body, &f.arena, &sent->reply, &refusal), DD_OK);
}

static void on_sync(void *self, const struct dd_batch *batch)
{
    (void)self;
    assert_false(f.syncing || f.reserving);
    f.syncing = true;
    f.batch = *batch;
}

static void on_reserve(void *self)
{
    (void)self;
    assert_false(f.syncing || f.reserving);
    f.reserving = true;
}

static void on_flush(void *self)
{
    (void)self;
    assert_false(f.flushing);
    f.flushing = true;
}

static void on_read(void *self, struct dd_reading *reading)
{
    (void)self;
    assert_null(f.reading);
    f.reading = reading;
}

static void on_security(void *self, enum dd_status status, uint32_t account)
{
    (void)self;
    assert_int_not_equal(status, DD_OK);
    assert_true(account > 0);
    f.security++;
}

/* --- completions, time --------------------------------------------------------------------- */

static void tick(int64_t pass_ms)
{
    f.now_ms += pass_ms;
    f.next_ms = dd_registrar_tick(f.registrar, f.now_ms);
    assert_true(f.next_ms > f.now_ms);
}

static void reserved(enum dd_status status)
{
    assert_true(f.reserving);
    f.reserving = false;
    dd_registrar_reserved(f.registrar, status);
    tick(0);
}

static void synced(enum dd_status append, enum dd_status reserve)
{
    assert_true(f.syncing);
    f.syncing = false;
    if (append == DD_OK) {
        assert_int_equal(dd_journal_reserve(&f.handle, DD_BATCH_ENTRIES_MAX, DD_BATCH_BYTES_MAX),
                         DD_OK);
        assert_int_equal(
            dd_journal_append(&f.handle, f.batch.first_seq, f.batch.entries, f.batch.count), DD_OK);
    }
    dd_registrar_synced(f.registrar, append, reserve);
    tick(0);
}

static void flushed(enum dd_status status)
{
    assert_true(f.flushing);
    f.flushing = false;
    if (status == DD_OK)
        status = dd_state_flush(f.state);
    dd_registrar_flushed(f.registrar, status);
    tick(0);
}

static void read_done(enum dd_status status)
{
    static const uint8_t bytes[] = {0x0a, 0x01, 'q'}; /* a Reply with a request id */
    assert_non_null(f.reading);
    f.reading->reply = (struct dd_slice){bytes, sizeof bytes};
    f.reading = NULL;
    dd_registrar_read(f.registrar, status);
    tick(0);
}

/* --- the broker ---------------------------------------------------------------------------- */

static void hand_in(const struct dd_worker_message *message)
{
    uint8_t header[DD_WORKER_HEADER_BYTES_MAX];
    struct dd_slice frames[DD_WORKER_FRAMES];
    dd_worker_encode(message, header, frames);
    dd_registrar_message(f.registrar, frames, DD_WORKER_FRAMES, f.now_ms);
}

static void hand_in_request(uint64_t ref, uint32_t account, const char *at,
                            struct dd_request *request)
{
    struct dd_worker_message message = {
        .kind = DD_WORKER_REQUEST, .ref = ref, .account = account, .at_ms = cast_at(at)};
    request->protocol = DD_PROTOCOL_MAX;
    request->request_id = dd_slice_of("q");
    assert_int_equal(dd_codec_request_encode(request, &sim.bytes, &message.body), DD_OK);
    hand_in(&message);
}

static void command(uint64_t ref, uint32_t account, const char *at, struct dd_command made)
{
    struct dd_signed_command carried = sim_cast_sign(&sim, account, &made);
    struct dd_request request = {.commands = &carried, .command_count = 1};
    hand_in_request(ref, account, at, &request);
}

/* A command that a rule refuses: the least to be logged. */
static void refused_command(uint64_t ref, const char *at)
{
    command(ref, cast_head(CAST_A1), at,
            sim_progress("a1", 1, 1, DD_OUTCOME_COMPLETED, "2013-01-14"));
}

static void refused_pack(uint64_t ref, const char *at)
{
    struct dd_signed_command carried[PACK];
    struct dd_request request = {.commands = carried, .command_count = PACK};
    for (size_t i = 0; i < PACK; i++) {
        struct dd_command made = sim_progress("a1", 1, 1, DD_OUTCOME_COMPLETED, "2013-01-14");
        carried[i] = sim_cast_sign(&sim, cast_head(CAST_A1), &made);
    }
    hand_in_request(ref, cast_head(CAST_A1), at, &request);
}

static void question(uint64_t ref, const char *at, enum dd_question_kind kind, uint64_t min_seq)
{
    struct dd_request request = {
        .has_question = true,
        .question = {.kind = kind, .min_seq = min_seq, .cycle = dd_slice_of("key-tasks/2013")}};
    hand_in_request(ref, CAST_ADMIN, at, &request);
}

static void clock_tick(uint64_t ref, const char *at)
{
    hand_in(&(struct dd_worker_message){.kind = DD_WORKER_TICK, .ref = ref, .at_ms = cast_at(at)});
}

/* The next message that was sent; it must be of that kind. */
static const struct sent *next_sent(enum dd_worker_kind kind)
{
    assert_true(f.seen < f.sent_count);
    const struct sent *sent = &f.sent[f.seen++];
    assert_int_equal(sent->message.kind, kind);
    return sent;
}

static const struct sent *next_reply(uint64_t ref)
{
    const struct sent *sent = next_sent(DD_WORKER_REPLY);
    assert_int_equal(sent->message.ref, ref);
    return sent;
}

static void nothing_sent(void)
{
    assert_int_equal(f.seen, f.sent_count);
}

/* --- fixture ------------------------------------------------------------------------------- */

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

static int open_fixture(void **unused)
{
    (void)unused;
    const struct dd_registrar_ports ports = {NULL,     on_send, on_sync,    on_reserve,
                                             on_flush, on_read, on_security};
    memset(&f, 0, sizeof f);
    journal_sim_make(&f.journal);
    journal_sim_copy(&sim.founding, &f.journal);
    f.ledger = sim_ledger(&f.journal, &f.state);
    f.handle = journal_sim_open(&f.journal);
    f.arena = dd_arena_make((size_t)1 << 30);
    f.now_ms = START_MS;
    assert_int_equal(dd_registrar_open(f.ledger, f.state, &ports, f.now_ms, &f.registrar), DD_OK);
    return 0;
}

static int open_ready(void **unused)
{
    open_fixture(unused);
    tick(0);
    reserved(DD_OK);
    next_sent(DD_WORKER_READY);
    return 0;
}

static int close_fixture(void **unused)
{
    (void)unused;
    dd_registrar_close(f.registrar);
    dd_ledger_close(f.ledger);
    dd_state_close(f.state);
    journal_sim_free(&f.journal);
    dd_arena_free(&f.arena);
    return 0;
}

/* --- beginning ----------------------------------------------------------------------------- */

static void registrar_is_ready_when_the_journal_can_grow(void **unused)
{
    (void)unused;
    struct dd_worker_key key;
    tick(0);
    assert_true(f.reserving);
    tick(10);
    nothing_sent();
    reserved(DD_OK);
    const struct sent *ready = next_sent(DD_WORKER_READY);
    assert_true(ready->message.rehearsal);
    assert_int_equal(ready->message.at_ms, sim.founded_ms);
    assert_true(dd_slice_equal(ready->message.jurisdiction, dd_slice_of("bacgiang")));
    assert_int_equal(ready->message.body.size, sim.accounts * DD_WORKER_KEY_BYTES);
    struct dd_reader r = dd_reader_make(ready->message.body);
    assert_true(dd_worker_key_read(&r, &key));
    assert_int_equal(key.account, CAST_ADMIN);
    assert_true(key.moves_clock);
    assert_false(key.revoked);
    assert_memory_equal(key.curve_public, sim.key[CAST_ADMIN].curve_public, 32);
    assert_true(dd_worker_key_read(&r, &key));
    assert_false(key.moves_clock);
    nothing_sent();
}

static void registrar_starts_read_only_on_a_full_disk_and_recovers(void **unused)
{
    (void)unused;
    tick(0);
    reserved(DD_NO_SPACE);
    next_sent(DD_WORKER_READY);
    refused_command(1, "2013-01-14T09:00");
    assert_int_equal(next_reply(1)->reply.results[0].refusal.status, DD_READ_ONLY);
    question(2, "2013-01-14T09:00", DD_QUESTION_CYCLE, 0);
    tick(0);
    assert_non_null(f.reading);
    read_done(DD_OK);
    next_reply(2);
    tick(999);
    assert_false(f.reserving);
    tick(1);
    reserved(DD_NO_SPACE);
    tick(1000);
    reserved(DD_OK);
    f.seen = f.sent_count; /* heartbeats */
    refused_command(3, "2013-01-14T09:00");
    tick(0);
    synced(DD_OK, DD_OK);
    assert_int_equal(next_reply(3)->reply.results[0].refusal.status, DD_REFUSED);
    assert_int_equal(dd_registrar_error(f.registrar), DD_OK);
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
    uint64_t seq = f.journal.count;
    refused_command(7, "2013-01-14T09:00");
    nothing_sent();
    tick(0);
    assert_true(f.syncing);
    assert_int_equal(f.batch.count, 1);
    tick(50);
    nothing_sent();
    synced(DD_OK, DD_OK);
    const struct sent *sent = next_reply(7);
    assert_int_equal(sent->reply.result_count, 1);
    assert_int_equal(sent->reply.results[0].seq, seq);
    assert_int_equal(sent->reply.results[0].refusal.rule, DD_RULE_NOT_IN_FORCE);
    assert_int_equal(sent->reply.credit, DD_CLIENT_CREDIT);
    assert_int_equal(sent->reply.now_ms, cast_at("2013-01-14T09:00"));
    nothing_sent();
    assert_int_equal(dd_registrar_counts(f.registrar)->commands_refused, 1);
}

static void registrar_fills_the_next_batch_while_one_is_synced(void **unused)
{
    (void)unused;
    refused_command(1, "2013-01-14T09:00");
    tick(0);
    refused_command(2, "2013-01-14T09:00");
    refused_command(3, "2013-01-14T09:00");
    tick(0);
    assert_int_equal(f.batch.count, 1);
    nothing_sent();
    synced(DD_OK, DD_OK); /* its tick begins the next */
    next_reply(1);
    nothing_sent();
    assert_true(f.syncing);
    assert_int_equal(f.batch.count, 2);
    synced(DD_OK, DD_OK);
    next_reply(2);
    next_reply(3);
    nothing_sent();
}

static void registrar_answers_what_is_remembered_once_that_is_durable(void **unused)
{
    (void)unused;
    struct dd_command made = sim_progress("a1", 1, 1, DD_OUTCOME_COMPLETED, "2013-01-14");
    sim_cast_encode(&sim, &made);
    command(1, cast_head(CAST_A1), "2013-01-14T09:00", made);
    command(2, cast_head(CAST_A1), "2013-01-14T09:00", made); /* not durable yet */
    tick(0);
    nothing_sent();
    synced(DD_OK, DD_OK);
    assert_false(next_reply(1)->reply.results[0].remembered);
    assert_true(next_reply(2)->reply.results[0].remembered);
    command(3, cast_head(CAST_A1), "2013-01-14T09:00", made);
    assert_true(next_reply(3)->reply.results[0].remembered);
    assert_int_equal(dd_registrar_counts(f.registrar)->commands_remembered, 2);
}

static void registrar_keeps_answers_in_order(void **unused)
{
    (void)unused;
    struct dd_signed_command broken = {.command = dd_slice_of("?")};
    struct dd_request request = {.commands = &broken, .command_count = 1};
    refused_command(1, "2013-01-14T09:00");
    hand_in_request(2, CAST_ADMIN, "2013-01-14T09:00", &request);
    tick(0);
    nothing_sent();
    synced(DD_OK, DD_OK);
    next_reply(1);
    assert_int_equal(next_reply(2)->reply.results[0].refusal.status, DD_INVALID);
    hand_in_request(3, CAST_ADMIN, "2013-01-14T09:00", &request);
    next_reply(3); /* nothing before it, nothing to wait for */
}

static void registrar_puts_by_what_has_no_room_and_loses_none(void **unused)
{
    (void)unused;
    enum { PACKS = 40 };
    refused_command(1, "2013-01-14T09:00");
    tick(0);
    for (uint64_t i = 0; i < PACKS; i++)
        refused_pack(2 + i, "2013-01-14T09:00");
    question(2 + PACKS, "2013-01-14T09:00", DD_QUESTION_CYCLE, 0); /* waits its turn */
    tick(0);
    assert_null(f.reading);
    nothing_sent();
    size_t syncs = 0;
    for (; f.syncing; syncs++) {
        assert_true(f.batch.count <= DD_BATCH_ENTRIES_MAX);
        synced(DD_OK, DD_OK);
    }
    assert_true(syncs >= 1 + PACKS * PACK / DD_BATCH_ENTRIES_MAX);
    for (uint64_t i = 0; i < PACKS + 1; i++)
        assert_int_equal(next_reply(1 + i)->reply.result_count, i == 0 ? 1 : PACK);
    nothing_sent();
    for (int i = 0; i < 3 && !f.reading; i++) {
        tick(DD_FLUSH_FORCED_MS_MIN);
        flushed(DD_OK);
    }
    assert_int_equal(f.reading->ref, 2 + PACKS);
    assert_int_equal(f.journal.count, sim.founding.count + 1 + PACKS * PACK);
}

static void registrar_begins_a_sync_by_itself_when_a_batch_is_full(void **unused)
{
    (void)unused;
    uint64_t ref = 0;
    while (!f.syncing)
        refused_pack(++ref, "2013-01-14T09:00");
    assert_true(f.batch.count > DD_BATCH_ENTRIES_MAX / 4);
    while (f.syncing)
        synced(DD_OK, DD_OK);
    for (uint64_t i = 1; i <= ref; i++)
        next_reply(i);
    nothing_sent();
}

static void registrar_stops_when_an_append_fails_and_answers_nothing(void **unused)
{
    (void)unused;
    refused_command(1, "2013-01-14T09:00");
    tick(0);
    f.syncing = false;
    dd_registrar_synced(f.registrar, DD_IO, DD_IO);
    assert_int_equal(dd_registrar_error(f.registrar), DD_IO);
    nothing_sent();
}

static void registrar_turns_read_only_while_the_journal_cannot_grow(void **unused)
{
    (void)unused;
    refused_command(1, "2013-01-14T09:00");
    tick(0);
    refused_command(2, "2013-01-14T09:00"); /* taken: its room is reserved */
    synced(DD_OK, DD_NO_SPACE);
    next_reply(1);
    refused_command(3, "2013-01-14T09:00");
    tick(0);
    synced(DD_OK, DD_NO_SPACE);
    next_reply(2);
    assert_int_equal(next_reply(3)->reply.results[0].refusal.status, DD_READ_ONLY);
    tick(1000);
    reserved(DD_OK);
    f.seen = f.sent_count; /* a heartbeat */
    refused_command(4, "2013-01-14T09:00");
    tick(0);
    synced(DD_OK, DD_OK);
    assert_int_equal(next_reply(4)->reply.results[0].refusal.status, DD_REFUSED);
}

static void registrar_refuses_what_it_cannot_read(void **unused)
{
    (void)unused;
    struct dd_request request = {.has_clock_advance = true, .clock_to_ms = 1};
    hand_in(&(struct dd_worker_message){.kind = DD_WORKER_REQUEST,
                                        .ref = 1,
                                        .account = CAST_ADMIN,
                                        .at_ms = cast_at("2013-01-14T09:00"),
                                        .body = dd_slice_of("?")});
    assert_int_equal(next_reply(1)->reply.refusal.status, DD_INVALID);
    hand_in_request(2, CAST_ADMIN, "2013-01-14T09:00", &request); /* the broker's to do */
    assert_int_equal(next_reply(2)->reply.refusal.status, DD_REFUSED);
    dd_registrar_message(f.registrar, NULL, 0, f.now_ms);
    hand_in(&(struct dd_worker_message){.kind = DD_WORKER_TICKED});
    assert_int_equal(dd_registrar_counts(f.registrar)->broken_messages, 2);
    nothing_sent();
}

static void registrar_takes_nothing_stamped_before_the_log(void **unused)
{
    (void)unused;
    refused_command(1, "2013-01-11T07:59");
    assert_int_equal(next_reply(1)->reply.refusal.status, DD_UNAVAILABLE);
    refused_command(2, "2013-01-11T08:00");
    tick(0);
    synced(DD_OK, DD_OK);
    next_reply(2);
}

static void registrar_tells_the_security_log(void **unused)
{
    (void)unused;
    struct dd_command made = sim_register(&sim, "a1", 1, 1, "2013-06-01");
    struct dd_signed_command carried = sim_cast_sign(&sim, CAST_CHAIR, &made);
    struct dd_request request = {.commands = &carried, .command_count = 1};
    hand_in_request(1, cast_head(CAST_A1), "2013-01-14T09:00", &request);
    assert_int_equal(f.security, 1); /* signed by another */
    command(2, cast_head(CAST_A2), "2013-01-14T09:00", made);
    assert_int_equal(f.security, 2); /* forbidden */
}

/* --- questions and flushes ----------------------------------------------------------------- */

static void registrar_has_questions_answered_one_at_a_time(void **unused)
{
    (void)unused;
    question(1, "2013-01-14T09:00", DD_QUESTION_CYCLE, 0);
    question(2, "2013-01-14T09:00", DD_QUESTION_HELLO, 0);
    tick(0);
    assert_int_equal(f.reading->ref, 1);
    assert_int_equal(f.reading->account, CAST_ADMIN);
    assert_int_equal(f.reading->question->kind, DD_QUESTION_CYCLE);
    assert_int_equal(f.reading->durable_end, f.journal.count);
    read_done(DD_OK);
    next_reply(1);
    assert_int_equal(f.reading->ref, 2);
    assert_int_equal(f.reading->question->kind, DD_QUESTION_HELLO);
    read_done(DD_NO_MEMORY);
    assert_int_equal(next_reply(2)->reply.refusal.status, DD_UNAVAILABLE);
    assert_int_equal(dd_registrar_error(f.registrar), DD_OK);
    question(3, "2013-01-14T09:00", DD_QUESTION_CYCLE, 0);
    tick(0);
    read_done(DD_IO);
    next_reply(3);
    assert_int_equal(dd_registrar_error(f.registrar), DD_IO);
}

static void registrar_lets_you_read_what_you_wrote(void **unused)
{
    (void)unused;
    uint64_t seq = f.journal.count;
    refused_command(1, "2013-01-14T09:00");
    question(3, "2013-01-14T09:00", DD_QUESTION_CYCLE, seq);     /* of what is not durable yet */
    question(2, "2013-01-14T09:00", DD_QUESTION_CYCLE, seq - 1); /* state has it: goes first */
    tick(0);
    assert_int_equal(f.reading->ref, 2);
    read_done(DD_OK);
    next_reply(2);
    synced(DD_OK, DD_OK);
    next_reply(1);
    assert_null(f.reading);
    assert_false(f.flushing);
    assert_int_equal(f.next_ms, START_MS + DD_FLUSH_FORCED_MS_MIN);
    tick(DD_FLUSH_FORCED_MS_MIN - 1);
    assert_false(f.flushing);
    tick(1);
    assert_true(f.flushing);
    assert_null(f.reading);
    flushed(DD_OK);
    assert_int_equal(f.reading->ref, 3);
    read_done(DD_OK);
    next_reply(3);
}

static void registrar_lets_anybody_read_what_was_durable_when_they_asked(void **unused)
{
    (void)unused;
    refused_command(1, "2013-01-14T09:00");
    tick(0);
    synced(DD_OK, DD_OK);
    next_reply(1);
    question(2, "2013-01-14T09:00", DD_QUESTION_CYCLE, 0);
    tick(0);
    assert_null(f.reading);
    tick(DD_FLUSH_FORCED_MS_MIN);
    refused_command(3, "2013-01-14T09:00"); /* later, and not waited for */
    tick(0);
    flushed(DD_OK);
    assert_int_equal(f.reading->ref, 2);
    read_done(DD_OK);
    next_reply(2);
}

static void registrar_refuses_a_question_about_what_is_not_there_yet(void **unused)
{
    (void)unused;
    question(1, "2013-01-14T09:00", DD_QUESTION_CYCLE, f.journal.count);
    const struct sent *sent = next_reply(1);
    assert_int_equal(sent->reply.refusal.status, DD_NOT_FOUND);
    assert_int_equal(sent->reply.refusal.rule, DD_RULE_NO_SUCH_ENTRY);
    question(2, "2013-01-14T09:00", DD_QUESTION_CYCLE, f.journal.count - 1);
    tick(0);
    assert_non_null(f.reading);
}

static void registrar_gives_the_digest_of_all_that_was_taken_before(void **unused)
{
    (void)unused;
    refused_command(1, "2013-01-14T09:00");
    question(2, "2013-01-14T09:00", DD_QUESTION_DIGEST, 0);
    tick(DD_FLUSH_FORCED_MS_MIN); /* the sync takes the freeze along */
    assert_true(f.syncing);
    assert_false(f.flushing);
    synced(DD_OK, DD_OK);
    next_reply(1);
    assert_null(f.reading);
    flushed(DD_OK);
    assert_int_equal(f.reading->ref, 2);
    read_done(DD_OK);
    next_reply(2);
}

static void registrar_flushes_within_the_lag(void **unused)
{
    (void)unused;
    refused_command(1, "2013-01-14T09:00");
    tick(0);
    synced(DD_OK, DD_OK);
    assert_false(f.flushing);
    assert_true(f.next_ms <= START_MS + DD_FLUSH_LAG_MS_MAX);
    tick(DD_FLUSH_LAG_MS_MAX - 1);
    assert_false(f.flushing);
    tick(1);
    assert_true(f.flushing);
    refused_command(2, "2013-01-14T09:00"); /* nobody waits for the flush */
    tick(0);
    synced(DD_OK, DD_OK);
    flushed(DD_OK);
    assert_int_equal(dd_registrar_counts(f.registrar)->flushes, 1);
}

static void registrar_turns_read_only_while_state_cannot_grow(void **unused)
{
    (void)unused;
    refused_command(1, "2013-01-14T09:00");
    tick(0);
    synced(DD_OK, DD_OK);
    tick(DD_FLUSH_LAG_MS_MAX);
    flushed(DD_NO_SPACE); /* tried again at once the first time, then every second */
    f.seen = f.sent_count;
    if (f.flushing)
        flushed(DD_NO_SPACE);
    refused_command(2, "2013-01-14T09:00");
    assert_int_equal(next_reply(2)->reply.results[0].refusal.status, DD_READ_ONLY);
    tick(999);
    assert_false(f.flushing);
    tick(1);
    flushed(DD_OK);
    f.seen = f.sent_count;
    refused_command(3, "2013-01-14T09:00");
    tick(0);
    synced(DD_OK, DD_OK);
    assert_int_equal(next_reply(3)->reply.results[0].refusal.status, DD_REFUSED);
}

/* --- the broker comes and goes ------------------------------------------------------------- */

static void registrar_beats_and_says_ready_again_after_silence(void **unused)
{
    (void)unused;
    tick(999);
    nothing_sent();
    for (int i = 0; i < 4; i++) {
        tick(i == 0 ? 1 : 1000);
        next_sent(DD_WORKER_HEARTBEAT);
    }
    tick(999);
    nothing_sent();
    tick(1); /* five seconds of silence */
    next_sent(DD_WORKER_READY);
    hand_in(&(struct dd_worker_message){.kind = DD_WORKER_HEARTBEAT});
    for (int i = 0; i < 4; i++) {
        tick(1000);
        next_sent(DD_WORKER_HEARTBEAT);
    }
    hand_in(&(struct dd_worker_message){.kind = DD_WORKER_HEARTBEAT});
    tick(1000);
    next_sent(DD_WORKER_HEARTBEAT);
}

static void registrar_says_ready_again_when_it_is_told_to(void **unused)
{
    (void)unused;
    refused_command(1, "2013-01-14T09:00");
    hand_in(&(struct dd_worker_message){.kind = DD_WORKER_DISCONNECT});
    tick(0);
    assert_int_equal(next_sent(DD_WORKER_READY)->message.at_ms, cast_at("2013-01-14T09:00"));
    synced(DD_OK, DD_OK);
    next_reply(1);
}

static void registrar_sends_the_keys_before_the_answer_that_made_them(void **unused)
{
    (void)unused;
    static struct dd_office office = {DD_ROLE_AUDITOR, {NULL, 0}, INT32_MIN, INT32_MAX};
    struct dd_command made = {.kind = DD_COMMAND_PUT_ACCOUNT};
    uint32_t number = sim.accounts + 1;
    made.as.put_account = (struct dd_put_account){
        .code = dd_slice_of("auditor"), .to_ms = INT64_MAX, .offices = &office, .office_count = 1};
    memcpy(made.as.put_account.link_key, sim.key[number].curve_public, 32);
    memcpy(made.as.put_account.sign_key, sim.key[number].sign_public, 32);
    command(1, CAST_ADMIN, "2013-01-14T09:00", made);
    tick(0);
    const struct sent *keys = next_sent(DD_WORKER_KEYS);
    assert_int_equal(keys->message.body.size, number * DD_WORKER_KEY_BYTES);
    nothing_sent();
    synced(DD_OK, DD_OK);
    next_reply(1);
    nothing_sent();
}

/* --- time ---------------------------------------------------------------------------------- */

static void registrar_says_ticked_when_all_before_is_durable(void **unused)
{
    (void)unused;
    clock_tick(1, "2013-01-18T07:59");
    const struct sent *sent = next_sent(DD_WORKER_TICKED);
    assert_true(sent->message.exhausted);
    assert_int_equal(sent->message.ref, 1);
    assert_int_equal(sent->message.at_ms, cast_at("2013-01-18T07:59"));
    clock_tick(2, "2013-01-18T08:00");
    clock_tick(3, "2013-01-18T08:00");
    tick(0);
    nothing_sent();
    synced(DD_OK, DD_OK);
    assert_false(next_sent(DD_WORKER_TICKED)->message.exhausted);
    sent = next_sent(DD_WORKER_TICKED);
    assert_true(sent->message.exhausted);
    assert_int_equal(sent->message.ref, 3);
    clock_tick(4, "2013-01-11T08:00"); /* a broker's clock that was set back */
    assert_true(next_sent(DD_WORKER_TICKED)->message.exhausted);
}

static void registrar_makes_a_tick_wait_for_room(void **unused)
{
    (void)unused;
    uint64_t ref = 0;
    refused_command(++ref, "2013-01-14T09:00");
    tick(0);
    while (dd_ledger_room(f.ledger, PACK, 64 * 1024))
        refused_pack(++ref, "2013-01-14T09:00");
    refused_pack(++ref, "2013-01-14T09:00");
    clock_tick(++ref, "2013-01-18T08:00");
    while (f.syncing)
        synced(DD_OK, DD_OK);
    for (uint64_t i = 1; i < ref; i++)
        next_reply(i);
    assert_false(next_sent(DD_WORKER_TICKED)->message.exhausted);
    nothing_sent();
}

/* --- the end ------------------------------------------------------------------------------- */

static void registrar_is_idle_when_all_is_durable_and_flushed(void **unused)
{
    (void)unused;
    struct dd_cursor cursor;
    assert_true(dd_registrar_idle(f.registrar, f.now_ms));
    refused_command(1, "2013-01-14T09:00");
    assert_false(dd_registrar_idle(f.registrar, f.now_ms));
    assert_true(f.syncing);
    f.syncing = false;
    assert_int_equal(dd_journal_reserve(&f.handle, 10, 10000), DD_OK);
    assert_int_equal(
        dd_journal_append(&f.handle, f.batch.first_seq, f.batch.entries, f.batch.count), DD_OK);
    dd_registrar_synced(f.registrar, DD_OK, DD_OK);
    assert_false(dd_registrar_idle(f.registrar, f.now_ms));
    assert_true(f.flushing);
    f.flushing = false;
    assert_int_equal(dd_state_flush(f.state), DD_OK);
    dd_registrar_flushed(f.registrar, DD_OK);
    assert_true(dd_registrar_idle(f.registrar, f.now_ms));
    next_reply(1);
    dd_state_cursor(f.state, &cursor);
    assert_int_equal(cursor.next_seq, f.journal.count);
}

int main(void)
{
#define RAW(name) cmocka_unit_test_setup_teardown(name, open_fixture, close_fixture)
#define CASE(name) cmocka_unit_test_setup_teardown(name, open_ready, close_fixture)
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
        CASE(registrar_beats_and_says_ready_again_after_silence),
        CASE(registrar_says_ready_again_when_it_is_told_to),
        CASE(registrar_sends_the_keys_before_the_answer_that_made_them),
        CASE(registrar_says_ticked_when_all_before_is_durable),
        CASE(registrar_makes_a_tick_wait_for_room),
        CASE(registrar_is_idle_when_all_is_durable_and_flushed),
    };
    return cmocka_run_group_tests(tests, make_cast, free_cast);
}
