/*
 * The ledger: the one writer of a jurisdiction. Judges what comes in, makes its entry, applies it,
 * and gathers entries into batches; the shell syncs a batch and tells, and only then may its
 * answers leave. A batch is filled while the one before is synced. Sync and flush are requests with
 * completions: this room has no threads, sockets or clocks, so the simulator runs it as it is.
 */
#ifndef DD_LEDGER_LEDGER_H
#define DD_LEDGER_LEDGER_H

#include "ledger/replay.h"
#include "proto/codec.h"

struct dd_ledger;

/* A batch on its way to the journal; borrowed by the shell between begin and end of its sync. */
struct dd_batch {
    uint64_t first_seq;
    const struct dd_slice *entries;
    size_t count;
};

/* Opens over a state and a journal's reader (both borrowed): replays what the journal has and the
 * state has not. tail: the journal's. DD_CORRUPT: the journal ends before the state (something that
 * was there is gone), holds another entry where the state ends, or a broken entry
 * (dd_ledger_fault_seq); DD_FORMAT; DD_NO_MEMORY; DD_IO. */
enum dd_status dd_ledger_open(struct dd_state *state, struct dd_journal_reader *journal,
                              uint64_t tail, struct dd_ledger **out);
void dd_ledger_close(struct dd_ledger *ledger);

/* Makes entry 0 of an empty ledger. DD_EXISTS: it has entries; DD_INVALID: the command is no
 * genesis. */
enum dd_status dd_ledger_found(struct dd_ledger *ledger, struct dd_slice genesis, int64_t at_ms);

enum {
    DD_ENTRY_OVERHEAD_BYTES = 1024 /* of an entry beside its command, but for a Tick's events */
};

/* True if the batch that is being filled has room for that many commands of together `bytes` bytes;
 * a Tick is a command of DD_EVENTS_BYTES_MAX bytes. Ask before each take and tick: without room
 * sync first. */
bool dd_ledger_room(const struct dd_ledger *ledger, size_t commands, size_t bytes);

/* Judges a command of an account, received at at_ms. *result gets its id, the answer and the seq
 * that must be durable before the answer leaves (dd_ledger_durable); a command that is not taken
 * leaves no entry. Errors of the world are sticky (dd_ledger_error). */
void dd_ledger_take(struct dd_ledger *ledger, uint32_t account, int64_t at_ms,
                    const struct dd_signed_command *command, struct dd_result *result);

/* Time: makes an entry if something is due up to at_ms. True: nothing was due (or nothing can be
 * written now); false: an entry was made, and there may be more at the same instant. */
bool dd_ledger_tick(struct dd_ledger *ledger, int64_t at_ms);

/* Entries from here on are refused with READ_ONLY (the journal cannot grow) or taken again. */
void dd_ledger_set_read_only(struct dd_ledger *ledger, bool read_only);

/* Entries wait for a sync. */
bool dd_ledger_dirty(const struct dd_ledger *ledger);

/* Hands out the batch for the journal and starts a new one. freeze: freezes the state as of this
 * batch's end, too, if no frozen one is left; *frozen says whether. Only one batch at a time. */
void dd_ledger_begin_sync(struct dd_ledger *ledger, bool freeze, struct dd_batch *batch,
                          bool *frozen);

/* The batch is durable. */
void dd_ledger_end_sync(struct dd_ledger *ledger);

/* Freezes the state when no entry waits for a sync; false if that cannot be now. */
bool dd_ledger_freeze(struct dd_ledger *ledger);

/* Entries below this seq are durable. */
uint64_t dd_ledger_durable(const struct dd_ledger *ledger);

/* The next entry's seq, the instant of the last one. */
uint64_t dd_ledger_next_seq(const struct dd_ledger *ledger);
int64_t dd_ledger_last_ms(const struct dd_ledger *ledger);

/* Changes whenever an account was put or revoked: the key table must be sent again. */
uint64_t dd_ledger_keys_version(const struct dd_ledger *ledger);

/* The state's rows, to read. */
const struct dd_view *dd_ledger_view(const struct dd_ledger *ledger);

/* The first error of the world, or DD_OK: nothing decided since is to be answered; stop. */
enum dd_status dd_ledger_error(const struct dd_ledger *ledger);

#endif
