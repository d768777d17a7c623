/*
 * What the files of a journal look like: names, the header of a segment, the header of a record,
 * and how a torn tail is told from damage. Shared by journal_file.c (which writes) and
 * journal_reader.c; nobody else includes it. Integers are big-endian.
 *
 *     segment   magic "DONDOCSG" | u32 format 1 | u64 first seq | u64 bytes of the file
 *               | u32 CRC-32C of these
 *     record    u32 size, bit 31 set on the first record of a batch | u32 CRC-32C of the record's
 *               offset in the file (u64), size, seq, entry | u64 seq | entry
 *
 * A batch is written when the one before it is synced. So a whole record that starts a later batch
 * proves that everything before it was durable once, and a record that is not whole before it is
 * damage. Without such a proof it is the torn end of the last batch, whose sectors may have reached
 * the disk in any order; nobody was told that it is there. After the last record there are only
 * zeros. The offset is in the CRC so that a client cannot pass off a part of its entry as such a
 * proof.
 */
#ifndef DD_STORAGE_JOURNAL_SEGMENT_H
#define DD_STORAGE_JOURNAL_SEGMENT_H

#include "core/bytes.h"
#include "core/status.h"

enum {
    DD_SEGMENT_HEADER_BYTES = 32,
    DD_RECORD_HEADER_BYTES = 16,
    DD_SEGMENT_NAME_BYTES = 32, /* 20 digits, ".seg" and the final 0, with room */
    DD_INDEX_STRIDE = 256       /* one offset is kept for this many records */
};

#define DD_SEGMENT_BYTES_MAX ((uint64_t)1 << 30)
#define DD_SEGMENT_SPARE_NAME "spare.tmp"

/* What a reader remembers of a segment: its first seq, and where every DD_INDEX_STRIDE-th record
 * is. */
struct dd_segment {
    uint64_t first_seq;
    uint32_t *offsets;
    size_t offset_count;
    size_t offset_room;
};

/* The segments of a folder in order of first seq. Owns its memory. */
struct dd_segment_list {
    struct dd_segment *items;
    size_t count;
    size_t room;
};

/* "00000000000000000000.seg" */
void dd_segment_name(uint64_t first_seq, char out[DD_SEGMENT_NAME_BYTES]);

/* Adds what the folder holds beyond the list's last segment. Other names are left alone.
 * DD_NO_MEMORY, DD_IO. */
enum dd_status dd_segment_list_update(struct dd_segment_list *list, int folder);

void dd_segment_list_free(struct dd_segment_list *list);

/* Remembers where record number `seq` of the segment begins, if it is the next that the index
 * wants. Without memory it is forgotten again: the index only saves time. */
void dd_segment_note(struct dd_segment *segment, uint64_t seq, uint64_t offset);

/* Opens the segment and checks its header and size. flags as open(2)'s. *fd is the caller's.
 * DD_CORRUPT, DD_FORMAT, DD_IO. */
enum dd_status dd_segment_open(int folder, uint64_t first_seq, int flags, int *fd,
                               uint64_t *file_bytes);

void dd_segment_header_encode(uint64_t first_seq, uint64_t file_bytes,
                              uint8_t out[DD_SEGMENT_HEADER_BYTES]);

/* Writes header and entry, which will lie at the offset, to out, which has room for both. */
void dd_record_encode(uint64_t offset, uint64_t seq, bool starts_batch, struct dd_slice entry,
                      uint8_t *out);

/* What lies at the start of some bytes. */
enum dd_record_kind {
    DD_RECORD_WHOLE,  /* a record with this seq, its CRC right */
    DD_RECORD_SHORT,  /* a record could be there, the bytes end before it does */
    DD_RECORD_ABSENT, /* a size of 0: nothing was written here */
    DD_RECORD_BROKEN  /* neither */
};

/* Looks for the record `seq` at the start of the bytes, which lie at the offset; gives its entry
 * where it is whole (borrowed from the bytes). */
enum dd_record_kind dd_record_decode(struct dd_slice bytes, uint64_t offset, uint64_t seq,
                                     struct dd_slice *entry);

/* What is in a segment from an offset at which the record `seq` is not whole. */
struct dd_tail {
    bool damaged;        /* a later batch is there */
    uint64_t used_bytes; /* end of the last byte that is not zero, or the offset */
};

/* Reads the segment from the offset to its end. DD_NO_MEMORY, DD_IO. */
enum dd_status dd_segment_judge_tail(int fd, uint64_t offset, uint64_t file_bytes, uint64_t seq,
                                     struct dd_tail *tail);

/* pread until size bytes or the end of the file; *got is how many. DD_IO. */
enum dd_status dd_segment_pread(int fd, uint8_t *out, size_t size, uint64_t offset, size_t *got);

#endif
