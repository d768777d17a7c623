/*
 * The inside of a session, shared by the files clients/lib/session*.c and nobody else: what it
 * remembers, how errands end, and what a failed request does. See clients/lib/session.h.
 */
#ifndef DD_CLIENTS_LIB_SESSION_PARTS_H
#define DD_CLIENTS_LIB_SESSION_PARTS_H

#include "clients/lib/errand.h"
#include "clients/lib/session.h"
#include "core/arena.h"

#define DD_SESSION_MAGIC "MDPC01"
#define DD_SESSION_SERVICE "dondoc." /* and the jurisdiction */

/* A request on its way. A question keeps its request's number however often it is sent. */
struct dd_session_flight {
    uint64_t number;
    uint32_t attempt;
    bool commands;
    int64_t until_ms; /* then it counts as unanswered */
};

struct dd_session {
    struct dd_session_options options;
    struct dd_session_link link;
    struct dd_session_counters counters;
    struct dd_errands errands;
    struct dd_session_flight flight[DD_CLIENT_CREDIT];
    uint32_t flight_count;
    uint32_t credit;
    uint64_t last_number;
    uint64_t last_seq;
    int64_t server_ms; /* its clock at the last reply; 0: none yet */
    uint64_t chance;
    int64_t now_ms;
    bool holding; /* commands wait for what is on its way, and until */
    int64_t hold_until_ms;
    uint32_t failures; /* in a row */
    int64_t blocked_until_ms;
    int64_t blocked_ms;
    bool calling; /* a callback is running */
    struct dd_arena request_arena;
    struct dd_arena reply_arena;
    char service[sizeof DD_SESSION_SERVICE + DD_CODE_BYTES_MAX];
};

/* Sets the time, which does not go back here, whatever is given. */
void dd_session_clock(struct dd_session *s, int64_t now_ms);

/* The instant so much later, DD_SESSION_NEVER_MS at most. */
int64_t dd_session_later(const struct dd_session *s, int64_t delay_ms);

/* The wait (ms) after so many failures in a row (> 0): half of it fixed, half by chance. */
int64_t dd_session_backoff(struct dd_session *s, uint32_t failures);

/* Complete an errand: take it out, call its callback, free it. */
void dd_session_complete_command(struct dd_session *s, struct dd_errand *errand,
                                 const struct dd_command_outcome *outcome);
void dd_session_complete_question(struct dd_session *s, struct dd_errand *errand,
                                  const struct dd_question_outcome *outcome);

/* The same for either kind, with a refusal (its status not DD_OK) and nothing else. */
void dd_session_complete_refused(struct dd_session *s, struct dd_errand *errand,
                                 const struct dd_refusal *refusal, int64_t now_ms);

/* The end of an errand whose time is over, as dd_command_outcome tells it. */
void dd_session_give_up(struct dd_session *s, struct dd_errand *errand);

/* What was in a request and is not answered waits again. `word`: why; `unknown`: whether it may
 * have been taken all the same. */
void dd_session_wait_again(struct dd_session *s, const struct dd_session_flight *flight,
                           enum dd_status word, bool unknown);

/* A request with commands failed: holds the others back, to begin with one request later. */
void dd_session_hold(struct dd_session *s);

/* Forgets the request at that place of s->flight. */
void dd_session_flight_ended(struct dd_session *s, uint32_t at);

/* The same, because no answer came in time. */
void dd_session_unanswered(struct dd_session *s, uint32_t at);

#endif
