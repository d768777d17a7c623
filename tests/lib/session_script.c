/* Sessions under a script. See tests/lib/session_script.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/lib/session_script.h"

static enum dd_status take_frames(void *self, const struct dd_slice *frames, size_t count)
{
    struct session_script *f = self;
    struct dd_refusal refusal;

    if (f->blocked)
        return DD_BUSY;
    assert_int_equal(count, 4);
    assert_int_equal(frames[0].size, 0);
    assert_true(dd_slice_equal(frames[1], dd_slice_of("MDPC01")));
    assert_true(dd_slice_equal(frames[2], dd_slice_of("dondoc.bacgiang")));
    assert_true(f->sent_count < SCRIPT_SENT_MAX);
    assert_int_equal(
        dd_codec_request_decode(frames[3], &f->arena, &f->sent[f->sent_count], &refusal), DD_OK);
    f->sent_count++;
    return DD_OK;
}

struct dd_session_options script_options(void)
{
    return (struct dd_session_options){.jurisdiction = dd_slice_of("bacgiang"),
                                       .nonce = 0x1122334455667788u,
                                       .jitter_seed = 7,
                                       .timeout_ms = SCRIPT_TIMEOUT_MS,
                                       .attempt_ms = SCRIPT_ATTEMPT_MS,
                                       .queue_max = SCRIPT_QUEUE_MAX,
                                       .queue_bytes_max = DD_CLIENT_QUEUE_BYTES_MAX,
                                       .requests_in_flight_max = DD_CLIENT_CREDIT};
}

static void start(struct session_script *f, const struct dd_session_options *options)
{
    const struct dd_session_link link = {.self = f, .send = take_frames};

    memset(f, 0, sizeof *f);
    f->arena = dd_arena_make(SCRIPT_ARENA_BYTES);
    assert_int_equal(dd_session_open(options, &link, &f->session), DD_OK);
}

int script_open(void **state)
{
    const struct dd_session_options options = script_options();
    struct session_script *f = malloc(sizeof *f);

    assert_non_null(f);
    start(f, &options);
    *state = f;
    return 0;
}

void script_reopen(struct session_script *f, const struct dd_session_options *options)
{
    dd_session_close(f->session);
    dd_arena_free(&f->arena);
    start(f, options);
}

int script_close(void **state)
{
    struct session_script *f = *state;

    dd_session_close(f->session);
    dd_arena_free(&f->arena);
    free(f);
    return 0;
}

struct dd_id script_id_of(size_t number)
{
    struct dd_id id = {{0}};

    id.byte[0] = 1;
    id.byte[14] = (uint8_t)(number >> 8);
    id.byte[15] = (uint8_t)number;
    return id;
}

static size_t number_of(struct dd_id id)
{
    return (size_t)id.byte[14] << 8 | id.byte[15];
}

void script_on_command(void *arg, const struct dd_command_outcome *outcome)
{
    struct session_script *f = arg;
    size_t number = number_of(outcome->id);

    assert_true(number < SCRIPT_OUTCOMES_MAX);
    f->seen[number].count++;
    f->seen[number].outcome = *outcome;
}

void script_on_answer(void *arg, const struct dd_question_outcome *outcome)
{
    struct session_script *f = arg;

    f->answer.count++;
    f->answer.status = outcome->status;
    f->answer.refusal = outcome->refusal;
    f->answer.kind = outcome->answer ? outcome->answer->kind : 0;
    f->answer.seq = outcome->answer ? outcome->answer->seq : 0;
}

enum dd_status script_submit_sized(struct session_script *f, int64_t now_ms, size_t size)
{
    static uint8_t bytes[DD_COMMAND_BYTES_MAX + 1];
    struct dd_id id = script_id_of(f->command_count);
    enum dd_status status;

    memcpy(bytes, id.byte + 14, 2);
    status = dd_session_submit(f->session, now_ms, id, (struct dd_slice){bytes, size},
                               (struct dd_slice){0}, script_on_command, f);
    if (status == DD_OK)
        f->command_count++;
    return status;
}

void script_submit(struct session_script *f, int64_t now_ms, size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_int_equal(script_submit_sized(f, now_ms, 20), DD_OK);
}

size_t script_number_in(const struct dd_request *request, size_t at)
{
    const uint8_t *bytes = request->commands[at].command.data;

    return (size_t)bytes[0] << 8 | bytes[1];
}

void script_deliver(struct session_script *f, int64_t now_ms, const struct dd_reply *reply)
{
    struct dd_slice frames[4] = {dd_slice_of(""), dd_slice_of("MDPC01"),
                                 dd_slice_of("dondoc.bacgiang")};
    struct dd_arena arena = dd_arena_make(SCRIPT_ARENA_BYTES);

    assert_int_equal(dd_codec_reply_encode(reply, &arena, &frames[3]), DD_OK);
    dd_session_receive(f->session, now_ms, frames, 4);
    dd_arena_free(&arena);
}

struct dd_reply script_reply_to(struct session_script *f, size_t at, uint32_t credit,
                                enum dd_status status)
{
    const struct dd_request *request = &f->sent[at];
    struct dd_reply reply = {.request_id = request->request_id, .credit = credit, .now_ms = 5000};

    reply.result_count = request->command_count;
    reply.results = dd_arena_take(&f->arena, reply.result_count * sizeof *reply.results);
    assert_non_null(reply.results);
    for (size_t i = 0; i < reply.result_count; i++) {
        reply.results[i].id = script_id_of(script_number_in(request, i));
        reply.results[i].seq = 100 + script_number_in(request, i);
        reply.results[i].refusal.status = status;
    }
    return reply;
}

void script_answer(struct session_script *f, int64_t now_ms, size_t at, uint32_t credit,
                   enum dd_status status)
{
    const struct dd_reply reply = script_reply_to(f, at, credit, status);

    script_deliver(f, now_ms, &reply);
}

void script_refuse(struct session_script *f, int64_t now_ms, size_t at, uint32_t credit,
                   enum dd_status status)
{
    const struct dd_reply reply = {.request_id = f->sent[at].request_id,
                                   .credit = credit,
                                   .refusal = {.status = status, .field = "somewhere"}};

    script_deliver(f, now_ms, &reply);
}

void script_assert_outcome(const struct session_script *f, size_t number, enum dd_status status)
{
    assert_int_equal(f->seen[number].count, 1);
    assert_int_equal(f->seen[number].outcome.status, status);
    assert_int_equal(f->seen[number].outcome.refusal.status, status);
}
