/*
 * Replay: entries of the journal become state, one behind the other, without deciding anything
 * again. Recovery after a crash, the audit's rebuild and the registrar's own bookkeeping are this
 * one path. Knows no wire and no client.
 */
#ifndef DD_LEDGER_REPLAY_H
#define DD_LEDGER_REPLAY_H

#include "core/entry.h"
#include "storage/journal.h"
#include "storage/state.h"

struct dd_replay;

/* A replay into the state (borrowed), going on from its cursor. DD_NO_MEMORY. */
enum dd_status dd_replay_open(struct dd_state *state, struct dd_replay **out);
void dd_replay_close(struct dd_replay *replay);

/* How far the state is: what a freeze takes as its cursor. Borrowed. */
const struct dd_cursor *dd_replay_cursor(const struct dd_replay *replay);

/* Reads an entry's bytes, checks that it is the next one, applies it. DD_CORRUPT: broken bytes,
 * another seq, an instant before the last; DD_FORMAT: an entry that this program does not know;
 * DD_NO_MEMORY; or the state's error. On failure the state is not to be trusted. */
enum dd_status dd_replay_entry(struct dd_replay *replay, struct dd_slice bytes);

/* Steps over an entry whose events were applied by its maker (core/apply): the cursor and the tree
 * move on. */
void dd_replay_note(struct dd_replay *replay, struct dd_slice bytes, int64_t received_ms);

/* Told how far a long replay is. */
struct dd_replay_progress {
    void *self;
    void (*at)(void *self, uint64_t seq);
};

/* Replays from the cursor to end_seq (excluded) and flushes the state as it goes and at the end.
 * progress may be NULL. DD_NOT_FOUND: the journal ends before; else as dd_replay_entry. */
enum dd_status dd_replay_journal(struct dd_replay *replay, struct dd_journal_reader *journal,
                                 uint64_t end_seq, const struct dd_replay_progress *progress);

/* Freezes, flushes and drops what is in memory, in this thread. */
enum dd_status dd_replay_flush(struct dd_replay *replay);

#endif
