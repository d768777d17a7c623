/*
 * The session's way in: what a reply does to the errands that wait for it. See
 * clients/lib/session.h.
 */
#include "clients/lib/session_parts.h"

#include "core/invariant.h"
#include "proto/codec.h"

enum { REPLY_BYTES_USUAL = 64 * 1024 /* after a longer reply the arena's memory goes back */ };

/* A reply being taken in. */
struct arrival {
    const struct dd_reply *reply;
    struct dd_slice body;
    uint64_t number;
    uint32_t attempt;
    bool late;    /* its request was given up before */
    bool put_off; /* something in it is to be sent again */
    struct dd_session_flight flight;
};

static void note_seq(struct dd_session *s, uint64_t seq)
{
    if (seq > s->last_seq)
        s->last_seq = seq;
}

static bool surely_not_taken(enum dd_status status)
{
    return status == DD_BUSY || status == DD_READ_ONLY;
}

/* One result, for one command that waits for it. */
static void take_result(struct dd_session *s, struct dd_errand *errand,
                        const struct dd_result *result, struct arrival *a)
{
    enum dd_status status = result->refusal.status;
    struct dd_command_outcome outcome = {.id = errand->id,
                                         .status = status,
                                         .refusal = result->refusal,
                                         .seq = result->seq,
                                         .remembered = result->remembered,
                                         .now_ms = a->reply->now_ms};

    if (dd_status_class(status) != DD_CLASS_RETRY) {
        note_seq(s, result->seq);
        dd_session_complete_command(s, errand, &outcome);
    } else if (errand->in_flight && errand->request == a->number) {
        errand->in_flight = false;
        errand->putoff = status;
        errand->unknown = errand->unknown || !surely_not_taken(status);
        a->put_off = true;
    }
}

/* The first command of the reply's request at or behind `from` whose place is not before `place`.
 */
static struct dd_errand *of_request(struct dd_errand *from, uint64_t number, size_t place)
{
    while (from && (from->kind != DD_ERRAND_COMMAND || !from->in_flight ||
                    from->request != number || from->place < place))
        from = from->later;
    return from;
}

/* Any command of that id: of an earlier attempt, it may be anywhere. */
static struct dd_errand *of_id(const struct dd_session *s, struct dd_id id)
{
    struct dd_errand *errand = s->errands.first;

    while (errand && (errand->kind != DD_ERRAND_COMMAND || !dd_id_equal(errand->id, id)))
        errand = errand->later;
    return errand;
}

/* Results belong to commands by id; first looked for where they stood in the request. A command so
 * broken that the server could not read its id has a result without one, and only its place. */
static void take_results(struct dd_session *s, struct arrival *a)
{
    const struct dd_reply *reply = a->reply;
    struct dd_errand *cursor = s->errands.first;

    for (size_t i = 0; i < reply->result_count && i < DD_COMMANDS_PER_REQUEST_MAX; i++) {
        const struct dd_result *result = &reply->results[i];
        bool nameless = dd_id_is_zero(result->id);
        struct dd_errand *errand;

        cursor = of_request(cursor, a->number, i);
        errand = cursor && cursor->place == i ? cursor : NULL;
        if (errand && (nameless || dd_id_equal(errand->id, result->id))) {
            cursor = errand->later;
            take_result(s, errand, result, a);
        } else if (!nameless && (errand = of_id(s, result->id))) {
            take_result(s, errand, result, a);
            cursor = s->errands.first; /* it may have been the cursor, and is gone */
        }
    }
}

/* What of a request with commands is left after its results: refused as a whole, or put off, or
 * passed over in silence. */
static void take_rest(struct dd_session *s, struct arrival *a)
{
    const struct dd_refusal *refusal = &a->reply->refusal;
    enum dd_status word = refusal->status == DD_OK ? DD_TIMEOUT : refusal->status;
    struct dd_errand *later;

    if (!of_request(s->errands.first, a->number, 0))
        return;
    if (dd_status_class(word) == DD_CLASS_RETRY) {
        dd_session_wait_again(s, &a->flight, word, !surely_not_taken(word));
        a->put_off = true;
        return;
    }
    for (struct dd_errand *errand = of_request(s->errands.first, a->number, 0); errand;
         errand = of_request(later, a->number, 0)) {
        later = errand->later;
        dd_session_complete_refused(s, errand, refusal, a->reply->now_ms);
    }
}

static void take_commands(struct dd_session *s, struct arrival *a)
{
    take_results(s, a);
    if (a->late)
        return; /* a word on the whole of it was about that attempt */
    take_rest(s, a);
    if (a->put_off) {
        s->counters.put_off++;
        dd_session_hold(s);
    } else if (!s->holding) {
        s->failures = 0;
    }
}

static struct dd_errand *question_of(const struct dd_session *s, uint64_t number)
{
    struct dd_errand *errand = s->errands.first;

    while (errand && (errand->kind == DD_ERRAND_COMMAND || errand->request != number))
        errand = errand->later;
    return errand;
}

static void take_answer(struct dd_session *s, struct dd_errand *errand, const struct arrival *a)
{
    const struct dd_reply *reply = a->reply;
    struct dd_question_outcome outcome = {.status = reply->refusal.status,
                                          .refusal = reply->refusal,
                                          .reply = a->body,
                                          .now_ms = reply->now_ms};
    bool fits = reply->has_answer && reply->answer.kind == errand->question.kind;

    if (dd_status_class(outcome.status) == DD_CLASS_RETRY) {
        if (a->late)
            return;
        s->counters.put_off++;
        dd_session_wait_again(s, &a->flight, outcome.status, !surely_not_taken(outcome.status));
        return;
    }
    if (outcome.status == DD_OK && errand->kind == DD_ERRAND_QUESTION) {
        if (fits) {
            note_seq(s, reply->answer.seq);
            outcome.answer = &reply->answer;
        } else {
            outcome.status = outcome.refusal.status = DD_FORMAT;
        }
    }
    dd_session_complete_question(s, errand, &outcome);
}

/* Ends the flight that a reply answers; a->late if there is none any more. */
static void land(struct dd_session *s, struct arrival *a)
{
    a->late = true;
    for (uint32_t i = 0; i < s->flight_count; i++) {
        if (s->flight[i].number != a->number || s->flight[i].attempt != a->attempt)
            continue;
        a->late = false;
        a->flight = s->flight[i];
        dd_session_flight_ended(s, i);
        break;
    }
    if (a->late) {
        s->counters.late_replies++;
        return;
    }
    /* A server that grants nothing would never be heard again. */
    s->credit = a->reply->credit > 0 ? a->reply->credit : 1;
}

/* True if a reply's id is one that this session made. */
static bool read_id(const struct dd_session *s, struct dd_slice id, struct arrival *a)
{
    struct dd_reader r = dd_reader_make(id);
    uint64_t nonce = dd_read_u64(&r);

    a->number = dd_read_u64(&r);
    a->attempt = dd_read_u32(&r);
    return dd_reader_done(&r) && nonce == s->options.nonce && a->number > 0 &&
           a->number <= s->last_number;
}

static bool is_reply(const struct dd_session *s, const struct dd_slice *frames, size_t count)
{
    return count == DD_SESSION_FRAMES && frames[0].size == 0 &&
           dd_slice_equal(frames[1], dd_slice_of(DD_SESSION_MAGIC)) &&
           (frames[2].size == 0 || dd_slice_equal(frames[2], dd_slice_of(s->service)));
}

void dd_session_receive(struct dd_session *session, int64_t now_ms, const struct dd_slice *frames,
                        size_t count)
{
    struct arrival a = {0};
    struct dd_reply reply;
    struct dd_refusal refusal;
    struct dd_errand *question;

    DD_ASSERT(!session->calling);
    dd_session_clock(session, now_ms);
    if (is_reply(session, frames, count)) {
        a.body = frames[3];
        a.reply = &reply;
    }
    if (!a.reply ||
        dd_codec_reply_decode(a.body, &session->reply_arena, &reply, &refusal) != DD_OK ||
        !read_id(session, reply.request_id, &a)) {
        session->counters.strange++;
    } else {
        if (reply.now_ms > 0)
            session->server_ms = reply.now_ms;
        land(session, &a);
        question = question_of(session, a.number);
        if (question)
            take_answer(session, question, &a);
        else if (a.late || a.flight.commands)
            take_commands(session, &a);
    }
    if (session->reply_arena.used_bytes > REPLY_BYTES_USUAL)
        dd_arena_free(&session->reply_arena);
    else
        dd_arena_reset(&session->reply_arena);
}
