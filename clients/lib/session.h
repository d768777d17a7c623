/*
 * A client's session as a pure state machine: errands go in, MDP frames come out, replies come in,
 * outcomes come out. Packs waiting commands into requests, keeps to the credit that the server
 * grants, sends again what got no answer. Knows no socket, no clock and no randomness: instants
 * (monotonic ms), ids and seeds are given, so that it runs in the simulator as it does over a link.
 *
 * Retrying: a request that fails (no answer in time, an answer of class RETRY, a lost link) stops
 * the sending of commands until every request on its way has been answered or failed and a back-off
 * with jitter is over; then all unanswered commands go out again in their order, with the same
 * bytes, under new request ids, one request first and more when it is answered. A reply that comes
 * late still counts: results are matched by command id.
 *
 * Requests carry no deadline: it would be an instant of the server's clock, which a client does not
 * know well enough, and an answer that nobody waited for is remembered for the retry.
 */
#ifndef DD_CLIENTS_LIB_SESSION_H
#define DD_CLIENTS_LIB_SESSION_H

#include "clients/lib/dondoc.h"

enum {
    DD_SESSION_BACKOFF_MS = 20,       /* after the first failure; doubles */
    DD_SESSION_BACKOFF_MAX_MS = 2000, /* and its end */
    DD_SESSION_ATTEMPT_DOUBLINGS = 4,
    DD_SESSION_FRAMES = 4
};

#define DD_SESSION_NEVER_MS INT64_MAX

struct dd_session;

struct dd_session_options {
    struct dd_slice jurisdiction; /* a code; copied */
    uint64_t nonce;               /* at the head of this session's request ids; random */
    uint64_t jitter_seed;         /* random */
    int64_t timeout_ms;           /* all of these: > 0 */
    int64_t attempt_ms;
    size_t queue_max;
    size_t queue_bytes_max;
    uint32_t requests_in_flight_max; /* 1 to DD_CLIENT_CREDIT */
};

/* Where frames go. DD_OK: they are on their way; anything else: not now, try again soon. */
struct dd_session_link {
    void *self;
    enum dd_status (*send)(void *self, const struct dd_slice *frames, size_t count);
};

struct dd_session_counters {
    uint64_t requests;     /* sent */
    uint64_t commands;     /* sent in them, each time */
    uint64_t completed;    /* commands, questions and acts on the clock */
    uint64_t put_off;      /* requests answered by a status of class RETRY */
    uint64_t unanswered;   /* requests that got no answer in time, or whose link went */
    uint64_t late_replies; /* to requests that were given up before */
    uint64_t strange;      /* messages that are no reply to this session */
};

/* Opens a session, closed by dd_session_close. DD_INVALID: the jurisdiction is no code;
 * DD_NO_MEMORY. */
enum dd_status dd_session_open(const struct dd_session_options *options,
                               const struct dd_session_link *link, struct dd_session **session);

/* Gives up what is outstanding, calling the callbacks, and frees the session. NULL is fine. */
void dd_session_close(struct dd_session *session);

/* Queue an errand, to be sent by the next tick. The bytes are copied; a signature may be empty. As
 * dd_client_submit and dd_client_ask: DD_OK, DD_BUSY, DD_TOO_LARGE, DD_INVALID (a text with a NUL),
 * DD_NO_MEMORY. */
enum dd_status dd_session_submit(struct dd_session *session, int64_t now_ms, struct dd_id id,
                                 struct dd_slice command, struct dd_slice signature,
                                 void (*done)(void *arg, const struct dd_command_outcome *outcome),
                                 void *arg);
enum dd_status dd_session_ask(struct dd_session *session, int64_t now_ms,
                              const struct dd_question *question,
                              void (*done)(void *arg, const struct dd_question_outcome *outcome),
                              void *arg);
enum dd_status dd_session_clock_advance(struct dd_session *session, int64_t now_ms, int64_t to_ms,
                                        void (*done)(void *arg,
                                                     const struct dd_question_outcome *outcome),
                                        void *arg);

/* Takes a message from the link, borrowed; calls the callbacks of what it completes. */
void dd_session_receive(struct dd_session *session, int64_t now_ms, const struct dd_slice *frames,
                        size_t count);

/* Gives up what is over its time, sends what may be sent. Returns the instant at which it wants to
 * be called again at the latest, DD_SESSION_NEVER_MS if there is none. Take in what the link has
 * received before: an answer that is there comes before the end of its time. */
int64_t dd_session_tick(struct dd_session *session, int64_t now_ms);

/* The link went: no request on its way will be answered. */
void dd_session_link_lost(struct dd_session *session, int64_t now_ms);

/* Completes everything outstanding with a status. */
void dd_session_fail(struct dd_session *session, enum dd_status status);

/* What has not completed. */
size_t dd_session_pending(const struct dd_session *session);

/* The highest seq that any reply named. */
uint64_t dd_session_last_seq(const struct dd_session *session);

/* The server's clock at the last reply that told it; 0: none did. */
int64_t dd_session_server_ms(const struct dd_session *session);

/* Borrowed from the session. */
const struct dd_session_counters *dd_session_counters(const struct dd_session *session);

#endif
