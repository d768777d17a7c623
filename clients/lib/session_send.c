/*
 * The session's way out: which errand goes into which request, and when. See clients/lib/session.h.
 */
#include "clients/lib/session_parts.h"

#include "core/invariant.h"
#include "proto/codec.h"

enum {
    ID_BYTES = 8 + 8 + 4, /* of a request: nonce, number, attempt */
    BLOCKED_MS = 2,       /* the link took nothing: again after this, doubled */
    BLOCKED_MAX_MS = 64
};

static bool commands_in_flight(const struct dd_session *s)
{
    for (uint32_t i = 0; i < s->flight_count; i++) {
        if (s->flight[i].commands)
            return true;
    }
    return false;
}

static uint32_t credit(const struct dd_session *s)
{
    uint32_t most = s->options.requests_in_flight_max;

    return s->credit < most ? s->credit : most;
}

/* When an errand may be sent, as far as is known now. */
static int64_t sendable_ms(const struct dd_session *s, const struct dd_errand *errand)
{
    int64_t at_ms = s->blocked_until_ms;

    if (errand->in_flight)
        return DD_SESSION_NEVER_MS;
    if (errand->kind != DD_ERRAND_COMMAND)
        return errand->retry_ms > at_ms ? errand->retry_ms : at_ms;
    if (!s->holding)
        return at_ms;
    if (commands_in_flight(s))
        return DD_SESSION_NEVER_MS;
    return s->hold_until_ms > at_ms ? s->hold_until_ms : at_ms;
}

static struct dd_errand *next_to_send(const struct dd_session *s)
{
    struct dd_errand *errand = s->errands.first;

    while (errand && sendable_ms(s, errand) > s->now_ms)
        errand = errand->later;
    return errand;
}

/* The commands of a request: those that wait, in order, from `first` on, up to the limits. Gives
 * the place behind the last. */
static struct dd_errand *pack(struct dd_session *s, struct dd_errand *first,
                              struct dd_request *request)
{
    struct dd_errand *errand;
    size_t bytes = 0;

    for (errand = first; errand && request->command_count < DD_COMMANDS_PER_REQUEST_MAX;
         errand = errand->later) {
        if (errand->kind != DD_ERRAND_COMMAND || errand->in_flight)
            continue;
        bytes += errand->command.size + errand->signature.size;
        if (errand != first && bytes > DD_COALESCE_BYTES_MAX)
            break;
        request->commands[request->command_count++] =
            (struct dd_signed_command){errand->command, errand->signature};
    }
    s->counters.commands += request->command_count;
    return errand;
}

static void take_off(struct dd_errand *errand, const struct dd_session_flight *flight, size_t place)
{
    errand->in_flight = true;
    errand->request = flight->number;
    errand->attempts = flight->attempt;
    errand->place = place;
}

/* The request that `errand` opens: alone, or with the commands that wait behind it. */
static struct dd_errand *fill(struct dd_session *s, struct dd_errand *errand,
                              struct dd_request *request)
{
    switch (errand->kind) {
    case DD_ERRAND_COMMAND:
        return pack(s, errand, request);
    case DD_ERRAND_QUESTION:
        request->has_question = true;
        request->question = errand->question;
        break;
    case DD_ERRAND_CLOCK:
        request->has_clock_advance = true;
        request->clock_to_ms = errand->clock_to_ms;
        break;
    }
    return errand->later;
}

static struct dd_session_flight flight_of(const struct dd_session *s,
                                          const struct dd_errand *errand)
{
    bool commands = errand->kind == DD_ERRAND_COMMAND;
    bool again = !commands && errand->request != 0;
    uint32_t doublings = commands ? s->failures : errand->attempts;
    int64_t attempt_ms = s->options.attempt_ms;

    if (doublings > DD_SESSION_ATTEMPT_DOUBLINGS)
        doublings = DD_SESSION_ATTEMPT_DOUBLINGS;
    for (uint32_t i = 0; i < doublings && attempt_ms < s->options.timeout_ms; i++)
        attempt_ms *= 2;
    return (struct dd_session_flight){.number = again ? errand->request : s->last_number + 1,
                                      .attempt = again ? errand->attempts + 1 : 1,
                                      .commands = commands,
                                      .until_ms = dd_session_later(s, attempt_ms)};
}

static enum dd_status hand_over(struct dd_session *s, const struct dd_session_flight *flight,
                                struct dd_request *request)
{
    uint8_t id[ID_BYTES];
    struct dd_writer w = dd_writer_make(id, sizeof id);
    struct dd_slice body;
    enum dd_status status;

    dd_write_u64(&w, s->options.nonce);
    dd_write_u64(&w, flight->number);
    dd_write_u32(&w, flight->attempt);
    request->protocol = DD_PROTOCOL_MAX;
    request->request_id = dd_writer_slice(&w);
    status = dd_codec_request_encode(request, &s->request_arena, &body);
    DD_ASSERT(status == DD_OK || status == DD_NO_MEMORY); /* sizes were checked on the way in */
    if (status != DD_OK)
        return status;
    const struct dd_slice frames[DD_SESSION_FRAMES] = {
        dd_slice_of(""), dd_slice_of(DD_SESSION_MAGIC), dd_slice_of(s->service), body};
    return s->link.send(s->link.self, frames, DD_SESSION_FRAMES);
}

static void mark(struct dd_errand *first, const struct dd_errand *end,
                 const struct dd_session_flight *flight)
{
    size_t place = 0;

    for (struct dd_errand *errand = first; errand != end; errand = errand->later) {
        if (errand == first ||
            (flight->commands && errand->kind == DD_ERRAND_COMMAND && !errand->in_flight))
            take_off(errand, flight, place++);
    }
}

/* Sends one request, opened by `first`. False: the link takes nothing now. */
static bool send_one(struct dd_session *s, struct dd_errand *first)
{
    struct dd_signed_command commands[DD_COMMANDS_PER_REQUEST_MAX];
    struct dd_request request = {.commands = commands};
    const struct dd_session_flight flight = flight_of(s, first);

    dd_arena_reset(&s->request_arena);
    const struct dd_errand *end = fill(s, first, &request);
    if (hand_over(s, &flight, &request) != DD_OK) {
        s->counters.commands -= request.command_count;
        s->blocked_ms = s->blocked_ms == 0 ? BLOCKED_MS : s->blocked_ms * 2;
        if (s->blocked_ms > BLOCKED_MAX_MS)
            s->blocked_ms = BLOCKED_MAX_MS;
        s->blocked_until_ms = dd_session_later(s, s->blocked_ms);
        return false;
    }
    mark(first, end, &flight);
    s->flight[s->flight_count++] = flight;
    if (flight.number > s->last_number)
        s->last_number = flight.number;
    if (flight.commands)
        s->holding = false;
    s->blocked_ms = 0;
    s->counters.requests++;
    return true;
}

static int64_t next_tick(const struct dd_session *s)
{
    int64_t at_ms = s->errands.first ? s->errands.first->deadline_ms : DD_SESSION_NEVER_MS;

    for (uint32_t i = 0; i < s->flight_count; i++) {
        if (s->flight[i].until_ms < at_ms)
            at_ms = s->flight[i].until_ms;
    }
    if (s->flight_count >= credit(s))
        return at_ms;
    for (const struct dd_errand *e = s->errands.first; e; e = e->later) {
        int64_t send_ms = sendable_ms(s, e);
        if (send_ms < at_ms)
            at_ms = send_ms;
    }
    return at_ms;
}

int64_t dd_session_tick(struct dd_session *session, int64_t now_ms)
{
    DD_ASSERT(!session->calling);
    dd_session_clock(session, now_ms);
    /* All have the same time, so the first of the list is the first to end. */
    while (session->errands.first && session->errands.first->deadline_ms <= session->now_ms)
        dd_session_give_up(session, session->errands.first);
    for (uint32_t i = session->flight_count; i-- > 0;) {
        if (session->flight[i].until_ms <= session->now_ms)
            dd_session_unanswered(session, i);
    }
    while (session->flight_count < credit(session)) {
        struct dd_errand *errand = next_to_send(session);
        if (!errand || !send_one(session, errand))
            break;
    }
    return next_tick(session);
}
