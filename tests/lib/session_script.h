/*
 * A client's session between a script and its tests: what it sends is decoded and kept, replies are
 * made of what was sent, outcomes are noted by the command's number, which is in its id and its
 * bytes. Knows no socket and no clock.
 */
#ifndef DD_TESTS_LIB_SESSION_SCRIPT_H
#define DD_TESTS_LIB_SESSION_SCRIPT_H

#include "clients/lib/session.h"
#include "proto/codec.h"

enum {
    SCRIPT_SENT_MAX = 4096,
    SCRIPT_OUTCOMES_MAX = 2048,
    SCRIPT_TIMEOUT_MS = 10000,
    SCRIPT_ATTEMPT_MS = 1000,
    SCRIPT_QUEUE_MAX = 1000,
    SCRIPT_ARENA_BYTES = 512 * 1024 * 1024
};

/* A command of the test: its number is in its id and in its bytes. */
struct script_seen {
    size_t count; /* callbacks */
    struct dd_command_outcome outcome;
};

struct script_answer_seen {
    size_t count;
    enum dd_status status;
    struct dd_refusal refusal;
    enum dd_question_kind kind; /* 0: no answer came */
    uint64_t seq;
};

/* A session whose link is this struct. It is large: never on the stack. */
struct session_script {
    struct dd_session *session;
    struct dd_arena arena; /* holds what was sent, until the end */
    bool blocked;          /* the link takes nothing */
    size_t sent_count;
    struct dd_request sent[SCRIPT_SENT_MAX];
    size_t command_count;
    struct script_seen seen[SCRIPT_OUTCOMES_MAX];
    struct script_answer_seen answer;
};

/* A setup and a teardown of cmocka: *state is a script with a session of script_options. */
int script_open(void **state);
int script_close(void **state);

struct dd_session_options script_options(void);

/* Begins anew with another session. */
void script_reopen(struct session_script *f, const struct dd_session_options *options);

struct dd_id script_id_of(size_t number);

/* The number of a command that was sent. */
size_t script_number_in(const struct dd_request *request, size_t at);

/* Callbacks that note what they are told; arg is the script. */
void script_on_command(void *arg, const struct dd_command_outcome *outcome);
void script_on_answer(void *arg, const struct dd_question_outcome *outcome);

/* Submits the next command, of `size` bytes that begin with its number. */
enum dd_status script_submit_sized(struct session_script *f, int64_t now_ms, size_t size);

/* Submits so many small commands, all of which are taken. */
void script_submit(struct session_script *f, int64_t now_ms, size_t count);

/* A reply to the request sent[at]: each of its commands gets the status and the seq 100 + its
 * number. Lies in the script's arena. */
struct dd_reply script_reply_to(struct session_script *f, size_t at, uint32_t credit,
                                enum dd_status status);

/* Gives a reply to the session; such a one as above; one that speaks of the request as a whole. */
void script_deliver(struct session_script *f, int64_t now_ms, const struct dd_reply *reply);
void script_answer(struct session_script *f, int64_t now_ms, size_t at, uint32_t credit,
                   enum dd_status status);
void script_refuse(struct session_script *f, int64_t now_ms, size_t at, uint32_t credit,
                   enum dd_status status);

/* That a command completed once, with this status. */
void script_assert_outcome(const struct session_script *f, size_t number, enum dd_status status);

#endif
