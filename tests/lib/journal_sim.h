/*
 * A journal in memory, for tests and the simulator, with the faults of a disk: a crash loses what
 * was not synced but for a torn beginning of the batch, an append fails, space runs out for a
 * while, an entry is damaged. What is on the disk outlives the handles. Knows nothing of what
 * entries say.
 */
#ifndef DD_TESTS_LIB_JOURNAL_SIM_H
#define DD_TESTS_LIB_JOURNAL_SIM_H

#include <stdbool.h>

#include "storage/journal.h"

enum { JOURNAL_SIM_ENTRIES_MAX = 200000 };

/* Caller-owned, zeroed by journal_sim_make; entry and count may be read. */
struct journal_sim {
    struct dd_slice *entry; /* on the disk; the bytes are the journal's */
    size_t count;
    size_t capacity;
    bool full;         /* reserving gives DD_NO_SPACE */
    bool fail_append;  /* the next append fails with DD_IO, the journal is then dead, */
    size_t fail_keeps; /* and so many entries of the batch are on the disk all the same */
    size_t reserved_entries;
    size_t reserved_bytes;
    bool dead;
    uint64_t damaged; /* this entry cannot be read; UINT64_MAX: none */
    size_t appends;
};

void journal_sim_make(struct journal_sim *sim);
void journal_sim_free(struct journal_sim *sim);

/* The writing handle, and readers made of it. An append beyond what was reserved gives DD_NO_SPACE,
 * as a disk that is full would. Handles are borrowed from the sim and dead after a crash. */
struct dd_journal journal_sim_open(struct journal_sim *sim);

/* The process died while this batch (count may be 0) was being written: its first `kept` entries
 * are on the disk, the others never were. Nothing is reserved any more. */
void journal_sim_crash(struct journal_sim *sim, const struct dd_slice *entries, size_t count,
                       size_t kept);

/* Makes *to (made and empty) hold the same entries. */
void journal_sim_copy(const struct journal_sim *from, struct journal_sim *to);

#endif
