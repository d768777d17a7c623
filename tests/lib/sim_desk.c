/* The registrar on a desk. See tests/lib/sim_desk.h. */
#include "tests/lib/sim_desk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct sim_cast desk_cast;
struct desk desk;

/* --- ports --------------------------------------------------------------------------------- */

static void on_send(void *self, const struct dd_worker_message *message)
{
    (void)self;
    struct dd_refusal refusal;
    assert_true(desk.sent_count < DESK_SENT_MAX);
    struct desk_sent *sent = &desk.sent[desk.sent_count++];
    sent->message = *message;
    uint8_t *copy = dd_arena_take(&desk.arena, message->body.size + 1);
    assert_non_null(copy);
    if (message->body.size > 0)
        memcpy(copy, message->body.data, message->body.size);
    sent->message.body.data = copy;
    if (message->kind == DD_WORKER_REPLY)
        assert_int_equal(
            dd_codec_reply_decode(sent->message.body, &desk.arena, &sent->reply, &refusal), DD_OK);
}

static void on_sync(void *self, const struct dd_batch *batch)
{
    (void)self;
    assert_false(desk.syncing || desk.reserving);
    desk.syncing = true;
    desk.batch = *batch;
}

static void on_reserve(void *self)
{
    (void)self;
    assert_false(desk.syncing || desk.reserving);
    desk.reserving = true;
}

static void on_flush(void *self)
{
    (void)self;
    assert_false(desk.flushing);
    desk.flushing = true;
}

static void on_read(void *self, struct dd_reading *reading)
{
    (void)self;
    assert_null(desk.reading);
    desk.reading = reading;
}

static void on_security(void *self, enum dd_status status, uint32_t account)
{
    (void)self;
    assert_int_not_equal(status, DD_OK);
    assert_true(account > 0);
    desk.security++;
}

/* --- completions, time --------------------------------------------------------------------- */

void desk_tick(int64_t pass_ms)
{
    desk.now_ms += pass_ms;
    desk.next_ms = dd_registrar_tick(desk.registrar, desk.now_ms);
    assert_true(desk.next_ms > desk.now_ms);
}

void desk_reserved(enum dd_status status)
{
    assert_true(desk.reserving);
    desk.reserving = false;
    dd_registrar_reserved(desk.registrar, status);
    desk_tick(0);
}

void desk_synced(enum dd_status append, enum dd_status reserve)
{
    assert_true(desk.syncing);
    desk.syncing = false;
    if (append == DD_OK) {
        assert_int_equal(dd_journal_reserve(&desk.handle, DD_BATCH_ENTRIES_MAX, DD_BATCH_BYTES_MAX),
                         DD_OK);
        assert_int_equal(dd_journal_append(&desk.handle, desk.batch.first_seq, desk.batch.entries,
                                           desk.batch.count),
                         DD_OK);
    }
    dd_registrar_synced(desk.registrar, append, reserve);
    desk_tick(0);
}

void desk_flushed(enum dd_status status)
{
    assert_true(desk.flushing);
    desk.flushing = false;
    if (status == DD_OK)
        status = dd_state_flush(desk.state);
    dd_registrar_flushed(desk.registrar, status);
    desk_tick(0);
}

void desk_read_done(enum dd_status status)
{
    static const uint8_t bytes[] = {0x0a, 0x01, 'q'}; /* a Reply with a request id */
    assert_non_null(desk.reading);
    desk.reading->reply = (struct dd_slice){bytes, sizeof bytes};
    desk.reading = NULL;
    dd_registrar_read(desk.registrar, status);
    desk_tick(0);
}

/* --- the broker ---------------------------------------------------------------------------- */

void desk_hand_in(const struct dd_worker_message *message)
{
    uint8_t header[DD_WORKER_HEADER_BYTES_MAX];
    struct dd_slice frames[DD_WORKER_FRAMES];
    dd_worker_encode(message, header, frames);
    dd_registrar_message(desk.registrar, frames, DD_WORKER_FRAMES, desk.now_ms);
}

void desk_hand_in_request(uint64_t ref, uint32_t account, const char *at,
                          struct dd_request *request)
{
    struct dd_worker_message message = {
        .kind = DD_WORKER_REQUEST, .ref = ref, .account = account, .at_ms = cast_at(at)};
    request->protocol = DD_PROTOCOL_MAX;
    request->request_id = dd_slice_of("q");
    assert_int_equal(dd_codec_request_encode(request, &desk_cast.bytes, &message.body), DD_OK);
    desk_hand_in(&message);
}

void desk_command(uint64_t ref, uint32_t account, const char *at, struct dd_command made)
{
    struct dd_signed_command carried = sim_cast_sign(&desk_cast, account, &made);
    struct dd_request request = {.commands = &carried, .command_count = 1};
    desk_hand_in_request(ref, account, at, &request);
}

/* A command that a rule refuses: the least to be logged. */
void desk_refused_command(uint64_t ref, const char *at)
{
    desk_command(ref, cast_head(CAST_A1), at,
                 sim_progress("a1", 1, 1, DD_OUTCOME_COMPLETED, "2013-01-14"));
}

void desk_refused_pack(uint64_t ref, const char *at)
{
    struct dd_signed_command carried[DESK_PACK];
    struct dd_request request = {.commands = carried, .command_count = DESK_PACK};
    for (size_t i = 0; i < DESK_PACK; i++) {
        struct dd_command made = sim_progress("a1", 1, 1, DD_OUTCOME_COMPLETED, "2013-01-14");
        carried[i] = sim_cast_sign(&desk_cast, cast_head(CAST_A1), &made);
    }
    desk_hand_in_request(ref, cast_head(CAST_A1), at, &request);
}

void desk_question(uint64_t ref, const char *at, enum dd_question_kind kind, uint64_t min_seq)
{
    struct dd_request request = {
        .has_question = true,
        .question = {.kind = kind, .min_seq = min_seq, .cycle = dd_slice_of("key-tasks/2013")}};
    desk_hand_in_request(ref, CAST_ADMIN, at, &request);
}

void desk_clock_tick(uint64_t ref, const char *at)
{
    desk_hand_in(
        &(struct dd_worker_message){.kind = DD_WORKER_TICK, .ref = ref, .at_ms = cast_at(at)});
}

/* The next message that was sent; it must be of that kind. */
const struct desk_sent *desk_next_sent(enum dd_worker_kind kind)
{
    assert_true(desk.seen < desk.sent_count);
    const struct desk_sent *sent = &desk.sent[desk.seen++];
    assert_int_equal(sent->message.kind, kind);
    return sent;
}

const struct desk_sent *desk_next_reply(uint64_t ref)
{
    const struct desk_sent *sent = desk_next_sent(DD_WORKER_REPLY);
    assert_int_equal(sent->message.ref, ref);
    return sent;
}

void desk_nothing_sent(void)
{
    assert_int_equal(desk.seen, desk.sent_count);
}

/* --- opening and closing ------------------------------------------------------------------- */

int desk_make_cast(void **unused)
{
    (void)unused;
    sim_cast_make(&desk_cast, 2);
    return 0;
}

int desk_free_cast(void **unused)
{
    (void)unused;
    sim_cast_free(&desk_cast);
    return 0;
}

int desk_open(void **unused)
{
    (void)unused;
    const struct dd_registrar_ports ports = {NULL,     on_send, on_sync,    on_reserve,
                                             on_flush, on_read, on_security};
    memset(&desk, 0, sizeof desk);
    journal_sim_make(&desk.journal);
    journal_sim_copy(&desk_cast.founding, &desk.journal);
    desk.ledger = sim_ledger(&desk.journal, &desk.state);
    desk.handle = journal_sim_open(&desk.journal);
    desk.arena = dd_arena_make((size_t)1 << 30);
    desk.now_ms = DESK_START_MS;
    assert_int_equal(
        dd_registrar_open(desk.ledger, desk.state, &ports, desk.now_ms, &desk.registrar), DD_OK);
    return 0;
}

int desk_open_ready(void **unused)
{
    desk_open(unused);
    desk_tick(0);
    desk_reserved(DD_OK);
    desk_next_sent(DD_WORKER_READY);
    return 0;
}

int desk_close(void **unused)
{
    (void)unused;
    dd_registrar_close(desk.registrar);
    dd_ledger_close(desk.ledger);
    dd_state_close(desk.state);
    journal_sim_free(&desk.journal);
    dd_arena_free(&desk.arena);
    return 0;
}
