/*
 * The journal as everybody else sees it: entries in a row, numbered from 0 without a gap, durable
 * when an append has returned. Says nothing of where they lie: files on this machine (storage/
 * journal_file.h) are one implementation, a replicated sequencer may be another. Knows nothing of
 * what an entry says.
 */
#ifndef DD_STORAGE_JOURNAL_H
#define DD_STORAGE_JOURNAL_H

#include "core/bytes.h"
#include "core/status.h"

/* A reading handle, for one thread at a time; any number of them beside the one writer. */
struct dd_journal_reader {
    void *self;
    enum dd_status (*read)(void *self, uint64_t seq, struct dd_slice *entry);
    void (*set_limit)(void *self, uint64_t end_seq);
    uint64_t (*fault_seq)(void *self);
    void (*close)(void *self);
};

/* The writing handle, for one thread at a time; at most one is open. */
struct dd_journal {
    void *self;
    enum dd_status (*reserve)(void *self, size_t entries, size_t bytes);
    enum dd_status (*append)(void *self, uint64_t first_seq, const struct dd_slice *entries,
                             size_t count);
    uint64_t (*tail)(void *self);
    enum dd_status (*reader)(void *self, struct dd_journal_reader *out);
    void (*close)(void *self);
};

/* Makes sure that appends of together up to `entries` entries and `bytes` bytes from now on will
 * not fail for want of space. DD_NO_SPACE: not now, and nothing has changed; it may be asked again.
 * DD_TOO_LARGE: more than can ever be reserved at once. DD_IO: the journal is dead. */
static inline enum dd_status dd_journal_reserve(struct dd_journal *journal, size_t entries,
                                                size_t bytes)
{
    return journal->reserve(journal->self, entries, bytes);
}

/* Appends entries (borrowed, each 1 to DD_ENTRY_BYTES_MAX bytes) under first_seq, which is the
 * tail, and those after it; DD_OK when they are on stable storage. DD_NO_SPACE: none was written
 * (cannot happen within what was reserved). DD_TOO_LARGE: an entry, or the batch, is; none was
 * written. DD_IO: it is unknown which of them will be there after a restart, the journal is dead
 * and every later call gives DD_IO. */
static inline enum dd_status dd_journal_append(struct dd_journal *journal, uint64_t first_seq,
                                               const struct dd_slice *entries, size_t count)
{
    return journal->append(journal->self, first_seq, entries, count);
}

/* The seq that the next entry will have: how many there are. */
static inline uint64_t dd_journal_tail(const struct dd_journal *journal)
{
    return journal->tail(journal->self);
}

/* A reading handle of the same journal into *out, to be closed on its own, before or after the
 * journal. Its limit is the tail of now. DD_NO_MEMORY, DD_IO. */
static inline enum dd_status dd_journal_reader(struct dd_journal *journal,
                                               struct dd_journal_reader *out)
{
    return journal->reader(journal->self, out);
}

/* Closes; a journal that is all zero (never opened) is fine. */
static inline void dd_journal_close(struct dd_journal *journal)
{
    if (journal->self)
        journal->close(journal->self);
    journal->self = NULL;
}

/* The entry under seq, borrowed until the next read or close. In order of seq this is fastest.
 * DD_NOT_FOUND: at or beyond the limit, or not whole yet. DD_CORRUPT: an entry at or before seq is
 * not what was written, fault_seq names it. DD_IO, DD_NO_MEMORY. */
static inline enum dd_status dd_journal_read(struct dd_journal_reader *reader, uint64_t seq,
                                             struct dd_slice *entry)
{
    return reader->read(reader->self, seq, entry);
}

/* Tells how far entries are known to be durable: reads give those below end_seq, of which one that
 * is not whole is then corrupt. Entries that lie beyond may still vanish in a crash. */
static inline void dd_journal_reader_set_limit(struct dd_journal_reader *reader, uint64_t end_seq)
{
    reader->set_limit(reader->self, end_seq);
}

/* The entry that the last DD_CORRUPT was about. */
static inline uint64_t dd_journal_reader_fault_seq(const struct dd_journal_reader *reader)
{
    return reader->fault_seq(reader->self);
}

/* Closes; a reader that is all zero is fine. */
static inline void dd_journal_reader_close(struct dd_journal_reader *reader)
{
    if (reader->self)
        reader->close(reader->self);
    reader->self = NULL;
}

#endif
