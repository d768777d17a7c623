/*
 * The cast on the wire: the same small province as tests/lib/cast.h, with real keys, its commands
 * encoded and signed as a client does it, and the log of its founding, ready to be copied. For
 * tests of what stands round the core. Keys follow from the account's number, so that two runs are
 * alike.
 */
#ifndef DD_TESTS_LIB_SIM_CAST_H
#define DD_TESTS_LIB_SIM_CAST_H

#include "ledger/ledger.h"
#include "runtime/keys.h"
#include "tests/lib/cast.h"
#include "tests/lib/journal_sim.h"

enum { SIM_ACCOUNTS_MAX = 64 };

struct sim_cast {
    struct cast cast;      /* organisation, programme and cycle; its rows are not played further */
    struct dd_arena bytes; /* of what was encoded, until sim_cast_forget */
    struct dd_key_pair key[SIM_ACCOUNTS_MAX]; /* by account number; 0 is a stranger's */
    uint32_t accounts;                        /* numbers given out by the founding */
    uint64_t next_id;
    struct journal_sim founding; /* genesis to OpenCycle, as entries */
    int64_t founded_ms;          /* the instant of the last of them */
};

/* The cast with that many agencies (at most 12), played through a ledger of its own into
 * `founding`. */
void sim_cast_make(struct sim_cast *sim, unsigned agencies);
void sim_cast_free(struct sim_cast *sim);

/* The keys that an account of that number has. */
void sim_cast_key(uint32_t account, struct dd_key_pair *key);

/* The bytes of a command; gives it an id if it has none. They lie in sim->bytes. */
struct dd_slice sim_cast_encode(struct sim_cast *sim, struct dd_command *command);

/* The same with the account's signature, if the kind needs one. */
struct dd_signed_command sim_cast_sign(struct sim_cast *sim, uint32_t account,
                                       struct dd_command *command);

/* Genesis as bytes. */
struct dd_slice sim_cast_genesis(struct sim_cast *sim);

/* A few commands of the cycle, made: texts are borrowed from literals or the caller. */
struct dd_command sim_register(struct sim_cast *sim, const char *unit, uint16_t task,
                               uint16_t indicator, const char *due);
struct dd_command sim_submit(const char *unit);
struct dd_command sim_report(const char *unit, const char *report);
struct dd_command sim_progress(const char *unit, uint16_t task, uint16_t indicator,
                               enum dd_outcome outcome, const char *day);
struct dd_command sim_decide(const char *unit, uint16_t version, const uint8_t hash[32],
                             enum dd_verdict verdict);

/* Opens a ledger over the journal and a state, which is made in memory if *state is NULL. Stops the
 * test if that fails. */
struct dd_ledger *sim_ledger(struct journal_sim *journal, struct dd_state **state);

/* Appends what the ledger gathered to the journal (reserving before) and tells the ledger. */
void sim_sync(struct dd_ledger *ledger, struct journal_sim *journal);

/* Freezes and flushes what the ledger wrote, everything being durable; the digest of the rows then.
 */
void sim_digest(struct dd_ledger *ledger, struct dd_state *state, uint8_t digest[32]);

/* The digest and root of the journal replayed from its first entry into memory. */
void sim_replayed(struct journal_sim *journal, uint8_t digest[32], uint8_t root[32]);

#endif
