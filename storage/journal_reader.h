/*
 * Reading the segment files of a journal: by seq through a sparse index that is built as it goes,
 * and in order through large reads. Used by journal_file.c alone, also to find the tail when it
 * opens.
 */
#ifndef DD_STORAGE_JOURNAL_READER_H
#define DD_STORAGE_JOURNAL_READER_H

#include "storage/journal.h"
#include "storage/journal_segment.h"

struct dd_file_reader;

/* A reader of the folder (the descriptor is borrowed for this call only), without a limit.
 * DD_IO, DD_NO_MEMORY; *out is then NULL. */
enum dd_status dd_file_reader_new(int folder, struct dd_file_reader **out);
void dd_file_reader_free(struct dd_file_reader *reader);

/* The reader as the journal's interface; its close frees the reader. */
struct dd_journal_reader dd_file_reader_interface(struct dd_file_reader *reader);

/* Reads through the last segment to its end. DD_OK: *seq is the first that is not there and *offset
 * where it would begin in the last segment. DD_CORRUPT, DD_FORMAT, DD_IO, DD_NO_MEMORY. */
enum dd_status dd_file_reader_find_tail(struct dd_file_reader *reader, uint64_t *seq,
                                        uint64_t *offset);

/* Checks the headers of all segments; the first must begin at 0. DD_CORRUPT, DD_FORMAT, DD_IO. */
enum dd_status dd_file_reader_check_headers(struct dd_file_reader *reader);

/* The segments as far as the reader knows them; borrowed. */
const struct dd_segment_list *dd_file_reader_segments(const struct dd_file_reader *reader);

#endif
