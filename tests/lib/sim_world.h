/*
 * A whole dondoc in one thread: the real router, registrar (ledger, replay, reader), notifier and
 * client sessions over a simulated net, disk and clock. Time jumps from event to event; links break
 * and come again under new routing ids, processes die and start anew, disks are slow, full or fail.
 * Everything follows from the seed. Knows nothing of what commands say: tests/lib/sim_work.h draws
 * them.
 *
 * What the net does is what ZeroMQ does: messages of one link stay in order and are not doubled;
 * those on their way when a link breaks are lost.
 */
#ifndef DD_TESTS_LIB_SIM_WORLD_H
#define DD_TESTS_LIB_SIM_WORLD_H

#include "broker/route.h"
#include "clients/lib/session.h"
#include "tests/lib/sim_cast.h"
#include "workers/notifier_job.h"
#include "workers/registrar.h"

enum {
    WORLD_CLIENTS_MAX = 32,
    WORLD_LINKS_MAX = WORLD_CLIENTS_MAX + 2,
    WORLD_TRACE_LINES = 120,
    WORLD_TRACE_BYTES = 160,
    WORLD_LETTERS_MAX = 4096
};

/* What may go wrong; each seed draws which of them do. */
enum world_fault {
    FAULT_BROKER,
    FAULT_REGISTRAR,
    FAULT_NOTIFIER,
    FAULT_LINK,
    FAULT_FULL,
    FAULT_SLOW,
    FAULT_APPEND,
    FAULT_CLOCK,
    FAULT_BUSY,
    FAULT_LETTER,
    FAULTS
};

struct world_link {
    unsigned generation;   /* counts its breaks; part of the routing id */
    int64_t down_until_ms; /* INT64_MAX: until the broker is there again */
    int64_t last_at_ms[2]; /* of what goes each way, to keep its order */
};

struct world_client {
    struct world *world;
    uint32_t account;
    size_t link;
    struct dd_session *session;
    int64_t wake_ms;
    char user_id[DD_USER_ID_BYTES];
};

struct world_registrar {
    bool up;
    unsigned life;
    int64_t wake_ms;
    struct dd_journal handle;
    struct dd_journal_reader entries;
    struct dd_state *state;
    struct dd_ledger *ledger;
    struct dd_reader_desk *reader;
    struct dd_registrar *registrar;
    bool syncing;
    struct dd_batch batch;
    struct dd_reading *reading;
    bool flush_full;       /* the last flush found no space, */
    uint64_t flushes_full; /* and how many did, in all lives */
    uint64_t flushed_seq;  /* how far the state on the disk is, */
    uint8_t flushed[32];   /* and its digest, noted when the process died */
};

/* A digest that the notifier delivered. */
struct world_letter {
    struct dd_id id;
    bool put;           /* it was handed over, perhaps more than once, */
    bool was_delivered; /* and the outbox knows */
    uint8_t body_hash[32];
    size_t count;
    struct dd_reminder_ref *refs; /* in the world's memory */
};

struct world_notifier {
    bool up;
    unsigned life;
    int64_t wake_ms;
    struct dd_notifier_machine *machine;
    struct dd_notifier_job *job;
    struct dd_outbox *outbox; /* outlives the process */
    struct world_letter letter[WORLD_LETTERS_MAX];
    size_t letters;
};

struct world_event;

struct world {
    uint64_t seed;
    uint64_t random;
    struct sim_cast *cast;
    struct dd_arena memory; /* of the world, until its end */
    int64_t now_ms;         /* monotonic, and */
    int64_t skew_ms;        /* what makes UTC of it */
    bool faulty;            /* faults still happen */
    bool enabled[FAULTS];
    int64_t slow_until_ms;
    struct world_event *event; /* a heap */
    size_t events;
    size_t event_capacity;
    uint64_t ordered;
    struct world_link link[WORLD_LINKS_MAX];
    struct world_client client[WORLD_CLIENTS_MAX];
    size_t clients;
    bool broker_up;
    int64_t broker_wake_ms;
    struct dd_route *route;
    struct journal_sim journal;
    struct world_registrar registrar;
    struct world_notifier notifier;
    void (*on_time)(void *self, uint64_t what); /* of world_later */
    void *on_time_self;
    uint64_t crashes; /* counts, for the summary */
    uint64_t breaks;
    uint64_t messages;
    bool loud;
    char trace[WORLD_TRACE_LINES][WORLD_TRACE_BYTES];
    size_t traced;
};

/* A world whose log is the cast's founding, its clock at utc_ms; everything is started. */
struct world *sim_world_make(uint64_t seed, struct sim_cast *cast, int64_t utc_ms);
void sim_world_free(struct world *world);

/* A client with the account's keys; borrowed from the world. */
struct world_client *sim_world_add_client(struct world *world, uint32_t account);

/* Runs until the monotonic instant. */
void sim_world_run(struct world *world, int64_t until_ms);

/* Has on_time called with `what` after so long. */
void sim_world_later(struct world *world, int64_t delay_ms, uint64_t what);

/* No more faults: whatever is down comes up, space is there, disks are fast. */
void sim_world_heal(struct world *world);

/* True if all that is known is done: no process is down, everything is durable and flushed, the
 * outbox is empty. (What the notifier has not asked for yet it does not know.) */
bool sim_world_is_quiet(struct world *world);

/* The client was given something: it looks at it now. */
void sim_world_wake(struct world_client *client);

int64_t sim_world_utc(const struct world *world);
uint64_t sim_world_draw(struct world *world, uint64_t below);
bool sim_world_chance(struct world *world, unsigned percent);

/* A line of the trace; the newest are printed with a failure. */
void sim_world_note(struct world *world, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Prints seed, why and the trace, and ends the program with status 1. */
_Noreturn void sim_world_fail(struct world *world, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
