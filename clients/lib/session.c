/*
 * The session: what waits, how it ends, and what a failed request does. See clients/lib/session.h;
 * session_send.c sends, session_reply.c takes replies in.
 */
#include "clients/lib/session.h"

#include <stdlib.h>
#include <string.h>

#include "clients/lib/session_parts.h"
#include "core/invariant.h"
#include "core/text.h"
#include "proto/codec.h"

enum { REQUEST_ARENA_BYTES = 8 * DD_REQUEST_BYTES_MAX };

enum dd_status dd_session_open(const struct dd_session_options *options,
                               const struct dd_session_link *link, struct dd_session **session)
{
    struct dd_session *made;

    DD_ASSERT(options->timeout_ms > 0 && options->attempt_ms > 0);
    DD_ASSERT(options->requests_in_flight_max > 0 &&
              options->requests_in_flight_max <= DD_CLIENT_CREDIT);
    if (!dd_text_code_ok(options->jurisdiction))
        return DD_INVALID;
    made = calloc(1, sizeof *made);
    if (!made)
        return DD_NO_MEMORY;
    made->options = *options;
    made->options.jurisdiction = (struct dd_slice){0}; /* was borrowed: the service has it */
    made->link = *link;
    made->errands.count_max = options->queue_max;
    made->errands.bytes_max = options->queue_bytes_max;
    made->credit = 1;
    made->chance = options->jitter_seed;
    made->request_arena = dd_arena_make(REQUEST_ARENA_BYTES);
    made->reply_arena = dd_arena_make(DD_CLIENT_ANSWER_ARENA_BYTES);
    memcpy(made->service, DD_SESSION_SERVICE, sizeof DD_SESSION_SERVICE - 1);
    memcpy(made->service + sizeof DD_SESSION_SERVICE - 1, options->jurisdiction.data,
           options->jurisdiction.size);
    *session = made;
    return DD_OK;
}

size_t dd_session_pending(const struct dd_session *session)
{
    return session->errands.count;
}

uint64_t dd_session_last_seq(const struct dd_session *session)
{
    return session->last_seq;
}

int64_t dd_session_server_ms(const struct dd_session *session)
{
    return session->server_ms;
}

const struct dd_session_counters *dd_session_counters(const struct dd_session *session)
{
    return &session->counters;
}

void dd_session_clock(struct dd_session *s, int64_t now_ms)
{
    if (now_ms > s->now_ms)
        s->now_ms = now_ms;
}

int64_t dd_session_later(const struct dd_session *s, int64_t delay_ms)
{
    return s->now_ms > DD_SESSION_NEVER_MS - delay_ms ? DD_SESSION_NEVER_MS : s->now_ms + delay_ms;
}

/* SplitMix64: enough to spread retries. */
static uint64_t chance_next(struct dd_session *s)
{
    uint64_t x = s->chance += 0x9e3779b97f4a7c15u;

    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

int64_t dd_session_backoff(struct dd_session *s, uint32_t failures)
{
    int64_t whole = DD_SESSION_BACKOFF_MS;

    for (uint32_t i = 1; i < failures && whole < DD_SESSION_BACKOFF_MAX_MS; i++)
        whole *= 2;
    if (whole > DD_SESSION_BACKOFF_MAX_MS)
        whole = DD_SESSION_BACKOFF_MAX_MS;
    return whole / 2 + (int64_t)(chance_next(s) % (uint64_t)(whole / 2 + 1));
}

/* ---- ends ---- */

static void completed(struct dd_session *s, struct dd_errand *errand)
{
    dd_errands_take(&s->errands, errand);
    s->counters.completed++;
    s->calling = true;
}

void dd_session_complete_command(struct dd_session *s, struct dd_errand *errand,
                                 const struct dd_command_outcome *outcome)
{
    completed(s, errand);
    if (errand->command_done)
        errand->command_done(errand->arg, outcome);
    s->calling = false;
    dd_errand_free(errand);
}

void dd_session_complete_question(struct dd_session *s, struct dd_errand *errand,
                                  const struct dd_question_outcome *outcome)
{
    completed(s, errand);
    if (errand->question_done)
        errand->question_done(errand->arg, outcome);
    s->calling = false;
    dd_errand_free(errand);
}

void dd_session_complete_refused(struct dd_session *s, struct dd_errand *errand,
                                 const struct dd_refusal *refusal, int64_t now_ms)
{
    if (errand->kind == DD_ERRAND_COMMAND) {
        struct dd_command_outcome outcome = {
            .id = errand->id, .status = refusal->status, .refusal = *refusal, .now_ms = now_ms};
        dd_session_complete_command(s, errand, &outcome);
    } else {
        struct dd_question_outcome outcome = {
            .status = refusal->status, .refusal = *refusal, .now_ms = now_ms};
        dd_session_complete_question(s, errand, &outcome);
    }
}

static void complete_status(struct dd_session *s, struct dd_errand *errand, enum dd_status status)
{
    const struct dd_refusal refusal = {.status = status};

    dd_session_complete_refused(s, errand, &refusal, 0);
}

void dd_session_give_up(struct dd_session *s, struct dd_errand *errand)
{
    enum dd_status word = errand->putoff;

    if (errand->kind == DD_ERRAND_COMMAND && (errand->unknown || errand->in_flight))
        word = DD_TIMEOUT;
    else if (word == DD_OK)
        word = errand->in_flight ? DD_TIMEOUT : DD_UNAVAILABLE;
    complete_status(s, errand, word);
}

void dd_session_fail(struct dd_session *session, enum dd_status status)
{
    const struct dd_errand *last = session->errands.last; /* callbacks may add more behind it */
    bool more = last != NULL;

    DD_ASSERT(!session->calling && status != DD_OK);
    session->flight_count = 0;
    while (more) {
        struct dd_errand *errand = session->errands.first;
        more = errand != last;
        complete_status(session, errand, status);
    }
}

void dd_session_close(struct dd_session *session)
{
    if (!session)
        return;
    DD_ASSERT(!session->calling);
    session->errands.count_max = 0; /* callbacks find the queue full */
    while (session->errands.first)
        dd_session_give_up(session, session->errands.first);
    dd_arena_free(&session->request_arena);
    dd_arena_free(&session->reply_arena);
    free(session);
}

/* ---- in ---- */

enum dd_status dd_session_submit(struct dd_session *session, int64_t now_ms, struct dd_id id,
                                 struct dd_slice command, struct dd_slice signature,
                                 void (*done)(void *arg, const struct dd_command_outcome *outcome),
                                 void *arg)
{
    struct dd_errand *errand;
    enum dd_status status;

    if (command.size > DD_COMMAND_BYTES_MAX)
        return DD_TOO_LARGE;
    status = dd_errands_add_command(&session->errands, id, command, signature, &errand);
    if (status != DD_OK)
        return status;
    dd_session_clock(session, now_ms);
    errand->deadline_ms = dd_session_later(session, session->options.timeout_ms);
    errand->command_done = done;
    errand->arg = arg;
    return DD_OK;
}

/* What a question and an act on the clock have in common once they are queued. */
static enum dd_status asked(struct dd_session *s, int64_t now_ms, struct dd_errand *errand,
                            void (*done)(void *arg, const struct dd_question_outcome *outcome),
                            void *arg)
{
    dd_session_clock(s, now_ms);
    errand->deadline_ms = dd_session_later(s, s->options.timeout_ms);
    errand->question_done = done;
    errand->arg = arg;
    return DD_OK;
}

enum dd_status dd_session_ask(struct dd_session *session, int64_t now_ms,
                              const struct dd_question *question,
                              void (*done)(void *arg, const struct dd_question_outcome *outcome),
                              void *arg)
{
    const struct dd_request request = {.protocol = DD_PROTOCOL_MAX,
                                       .request_id = dd_slice_of("longest-id-of-request"),
                                       .has_question = true,
                                       .question = *question};
    struct dd_errand *errand;
    struct dd_slice bytes;
    enum dd_status status;

    /* Encoded here once to be told at once what can never be sent. */
    dd_arena_reset(&session->request_arena);
    status = dd_codec_request_encode(&request, &session->request_arena, &bytes);
    if (status == DD_OK)
        status = dd_errands_add_question(&session->errands, question, &errand);
    if (status != DD_OK)
        return status;
    if (errand->question.min_seq == 0)
        errand->question.min_seq = session->last_seq;
    return asked(session, now_ms, errand, done, arg);
}

enum dd_status dd_session_clock_advance(struct dd_session *session, int64_t now_ms, int64_t to_ms,
                                        void (*done)(void *arg,
                                                     const struct dd_question_outcome *outcome),
                                        void *arg)
{
    struct dd_errand *errand;
    enum dd_status status = dd_errands_add_clock(&session->errands, to_ms, &errand);

    return status == DD_OK ? asked(session, now_ms, errand, done, arg) : status;
}

/* ---- failures ---- */

void dd_session_wait_again(struct dd_session *s, const struct dd_session_flight *flight,
                           enum dd_status word, bool unknown)
{
    for (struct dd_errand *errand = s->errands.first; errand; errand = errand->later) {
        if (!errand->in_flight || errand->request != flight->number ||
            (!flight->commands && errand->attempts != flight->attempt))
            continue;
        errand->in_flight = false;
        errand->putoff = word;
        errand->unknown = errand->unknown || unknown;
        if (!flight->commands)
            errand->retry_ms = dd_session_later(s, dd_session_backoff(s, flight->attempt));
    }
}

void dd_session_hold(struct dd_session *s)
{
    s->credit = 1;
    if (s->holding)
        return;
    s->holding = true;
    if (s->failures < UINT32_MAX)
        s->failures++;
    s->hold_until_ms = dd_session_later(s, dd_session_backoff(s, s->failures));
}

void dd_session_flight_ended(struct dd_session *s, uint32_t at)
{
    s->flight[at] = s->flight[--s->flight_count];
}

void dd_session_unanswered(struct dd_session *s, uint32_t at)
{
    const struct dd_session_flight flight = s->flight[at];

    dd_session_flight_ended(s, at);
    s->counters.unanswered++;
    s->credit = 1;
    dd_session_wait_again(s, &flight, DD_TIMEOUT, true);
    if (flight.commands)
        dd_session_hold(s);
}

void dd_session_link_lost(struct dd_session *session, int64_t now_ms)
{
    dd_session_clock(session, now_ms);
    while (session->flight_count > 0)
        dd_session_unanswered(session, session->flight_count - 1);
}
