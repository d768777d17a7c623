/*
 * A registrar on a desk: the broker and the disks are the test's, which says when a sync, a flush
 * or a reading is done and looks at every message that is sent. There is one desk, in a program of
 * cmocka.
 */
#ifndef DD_TESTS_LIB_SIM_DESK_H
#define DD_TESTS_LIB_SIM_DESK_H

#include "tests/lib/sim_cast.h"
#include "workers/registrar.h"

enum { DESK_SENT_MAX = 512, DESK_START_MS = 100000, DESK_PACK = DD_COMMANDS_PER_REQUEST_MAX };

struct desk_sent {
    struct dd_worker_message message; /* its body in the fixture's arena */
    struct dd_reply reply;            /* of a REPLY */
};

struct desk {
    struct journal_sim journal;
    struct dd_journal handle;
    struct dd_state *state;
    struct dd_ledger *ledger;
    struct dd_registrar *registrar;
    struct dd_arena arena;
    int64_t now_ms;
    int64_t next_ms; /* what the last tick gave */
    struct desk_sent sent[DESK_SENT_MAX];
    size_t sent_count;
    size_t seen; /* what next_sent has given */
    struct dd_batch batch;
    bool syncing, reserving, flushing;
    struct dd_reading *reading;
    unsigned security;
};

extern struct sim_cast desk_cast;
extern struct desk desk;

/* For cmocka: the cast of a group; a registrar just opened, or one that said READY; and the end. */
int desk_make_cast(void **unused);
int desk_free_cast(void **unused);
int desk_open(void **unused);
int desk_open_ready(void **unused);
int desk_close(void **unused);

/* Time passes, and the registrar looks. */
void desk_tick(int64_t pass_ms);

/* The disks have done what was asked of them; the registrar looks again. */
void desk_reserved(enum dd_status status);
void desk_synced(enum dd_status append, enum dd_status reserve);
void desk_flushed(enum dd_status status);
void desk_read_done(enum dd_status status);

/* Messages of the broker. */
void desk_hand_in(const struct dd_worker_message *message);
void desk_hand_in_request(uint64_t ref, uint32_t account, const char *at,
                          struct dd_request *request);
void desk_command(uint64_t ref, uint32_t account, const char *at, struct dd_command made);
void desk_refused_command(uint64_t ref, const char *at);
void desk_refused_pack(uint64_t ref, const char *at);
void desk_question(uint64_t ref, const char *at, enum dd_question_kind kind, uint64_t min_seq);
void desk_clock_tick(uint64_t ref, const char *at);

/* What the registrar sent that was not looked at: the next must be of that kind, or nothing be
 * left. */
const struct desk_sent *desk_next_sent(enum dd_worker_kind kind);
const struct desk_sent *desk_next_reply(uint64_t ref);
void desk_nothing_sent(void);

#endif
