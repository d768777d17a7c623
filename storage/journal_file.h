/*
 * The journal as a row of pre-allocated segment files in one folder (their layout:
 * storage/journal_segment.h). One write and one sync a batch; a segment is allocated whole before
 * anything is written to it. That only one writer has the folder open is the caller's business.
 */
#ifndef DD_STORAGE_JOURNAL_FILE_H
#define DD_STORAGE_JOURNAL_FILE_H

#include "storage/journal.h"

/* What opening found. */
struct dd_journal_file_report {
    uint64_t fault_seq; /* with DD_CORRUPT and DD_FORMAT: the entry that is not as written, or the
                           first of a segment whose header is not */
    uint64_t cut_bytes; /* of a torn tail that was zeroed, 0 after a clean end */
};

/* Opens the journal in the folder, making both (mode 0700) if they are not there, with new segments
 * of segment_bytes (0 means DD_SEGMENT_BYTES; at most 1 GiB). Finds the tail: the torn end of a
 * batch that was never answered is zeroed, whole entries are synced. *out is the caller's until
 * dd_journal_close. report may be NULL.
 * DD_CORRUPT: damage that a crash cannot have made. DD_FORMAT: segments of another program version.
 * DD_NO_SPACE: no room for a first segment. DD_IO, DD_NO_MEMORY. On failure *out is all zero. */
enum dd_status dd_journal_file_open(const char *path, uint64_t segment_bytes,
                                    struct dd_journal *out, struct dd_journal_file_report *report);

/* A reading handle on a folder of segments, also while a writer in this or another process appends.
 * It has no limit until one is set: it then gives all whole entries, durable or not, and tells
 * damage from a torn tail as open does, at the price of reading the last segment's rest at each
 * end. DD_NOT_FOUND: no such folder. DD_IO, DD_NO_MEMORY. On failure *out is all zero. */
enum dd_status dd_journal_file_reader_open(const char *path, struct dd_journal_reader *out);

#endif
