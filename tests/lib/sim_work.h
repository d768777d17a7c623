/*
 * The workload of the simulated world: agencies that register, hand in, are appraised, make
 * progress and report, in bursts, with mistakes; who sends what again, who uses an id twice. It
 * remembers what it was answered, and looks at once whether an answer is on the disk. Knows nothing
 * of what the answers should be: that is tests/lib/sim_check.h's.
 */
#ifndef DD_TESTS_LIB_SIM_WORK_H
#define DD_TESTS_LIB_SIM_WORK_H

#include "tests/lib/sim_oracle.h"
#include "tests/lib/sim_world.h"

enum { WORK_ACTS_MAX = 8192, WORK_ASKS_MAX = 4096, WORK_TABLES_MAX = 48, WORK_DIGESTS_MAX = 3 };

struct work;

/* A command on its way, or done. */
struct work_act {
    struct work *work;
    struct world_client *client;
    struct dd_id id;
    struct dd_signed_command carried; /* in the cast's memory */
    const char *what;
    bool waiting; /* for an answer, or to be sent again */
    bool done;
    enum dd_status status;
    struct dd_refusal refusal;
    uint64_t seq;
    unsigned answers;
    bool reused; /* its id was given to another act */
};

/* A question on its way. */
struct work_ask {
    struct work *work;
    uint64_t known_seq;    /* the newest entry that anybody was told of when it was asked, */
    uint64_t flushes_full; /* flushes that had found no space, and whether the last had: */
    bool full_then;        /* while state cannot grow an older one may answer */
};

/* A table as it was answered. */
struct work_table {
    uint64_t seq;
    int period;
    size_t rows;
    struct dd_counts row[ORACLE_UNITS_MAX]; /* by the oracle's units */
    struct dd_counts whole;
    uint64_t none_registered, all_completed, incomplete;
};

struct work_digest {
    uint64_t seq;
    uint8_t root[32];
    uint8_t digest[32];
};

struct work {
    struct world *world;
    unsigned agencies;
    struct world_client *client[SIM_ACCOUNTS_MAX]; /* by account, and */
    struct world_client *other[SIM_ACCOUNTS_MAX];  /* the same keys on another machine, or NULL */
    struct work_act act[WORK_ACTS_MAX];
    size_t acts;
    size_t waiting;
    uint64_t known_seq;
    struct work_ask ask[WORK_ASKS_MAX];
    size_t asks;
    struct work_table table[WORK_TABLES_MAX];
    size_t tables;
    struct work_digest digest[WORK_DIGESTS_MAX];
    size_t digests;
    size_t asking;
    bool over; /* answers are no longer looked at */
    bool revoked;
    bool added;
};

/* Clients for everybody of the cast, in the world. */
void work_make(struct work *work, struct world *world, unsigned agencies);

/* A burst of commands and questions, now. */
void work_burst(struct work *work);

/* The administrator closes the cycle. */
void work_close_cycle(struct work *work);

/* True when everything was answered. */
bool work_is_done(const struct work *work);

#endif
