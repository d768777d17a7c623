/*
 * Slices, and cursors that write and read bytes: the one way in which rows, keys and entries are
 * laid out. Integers are big-endian; text is a length and its bytes. A cursor's error is sticky:
 * check once at the end. Knows nothing of what the bytes mean.
 */
#ifndef DD_CORE_BYTES_H
#define DD_CORE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Borrowed bytes; the owner is named by whoever hands the slice out. Text is UTF-8, not 0-ended. */
struct dd_slice {
    const uint8_t *data;
    size_t size;
};

/* A slice over a 0-ended string (without the 0). NULL gives the empty slice. */
struct dd_slice dd_slice_of(const char *text);

/* True if both hold the same bytes. */
bool dd_slice_equal(struct dd_slice a, struct dd_slice b);

/* memcmp order, a prefix before its longer continuation: <0, 0, >0. */
int dd_slice_compare(struct dd_slice a, struct dd_slice b);

/* Copies into out as a 0-ended string; cuts what does not fit (out_size includes the 0, > 0). */
void dd_slice_text(struct dd_slice slice, char *out, size_t out_size);

/* Writes into memory of the caller, `size` bytes at `data`. After an overflow `overflow` stays true
 * and nothing more is written. */
struct dd_writer {
    uint8_t *data;
    size_t size;
    size_t at;
    bool overflow;
};

struct dd_writer dd_writer_make(uint8_t *data, size_t size);
void dd_write_u8(struct dd_writer *w, uint8_t value);
void dd_write_u16(struct dd_writer *w, uint16_t value);
void dd_write_u32(struct dd_writer *w, uint32_t value);
void dd_write_u64(struct dd_writer *w, uint64_t value);
void dd_write_i32(struct dd_writer *w, int32_t value); /* two's complement */
void dd_write_i64(struct dd_writer *w, int64_t value);
void dd_write_raw(struct dd_writer *w, const void *data, size_t size);
void dd_write_text8(struct dd_writer *w, struct dd_slice text);   /* u8 length; longer overflows */
void dd_write_text16(struct dd_writer *w, struct dd_slice text);  /* u16 length */
void dd_write_bytes32(struct dd_writer *w, struct dd_slice text); /* u32 length */
/* What was written so far; borrowed from the writer's memory. */
struct dd_slice dd_writer_slice(const struct dd_writer *w);

/* Reads a slice from its start. After a read beyond the end `broken` stays true and every read
 * gives zero or the empty slice. Slices read are borrowed from the bytes read. */
struct dd_reader {
    struct dd_slice bytes;
    size_t at;
    bool broken;
};

struct dd_reader dd_reader_make(struct dd_slice bytes);
uint8_t dd_read_u8(struct dd_reader *r);
uint16_t dd_read_u16(struct dd_reader *r);
uint32_t dd_read_u32(struct dd_reader *r);
uint64_t dd_read_u64(struct dd_reader *r);
int32_t dd_read_i32(struct dd_reader *r);
int64_t dd_read_i64(struct dd_reader *r);
void dd_read_raw(struct dd_reader *r, void *out, size_t size); /* zeros when broken */
struct dd_slice dd_read_slice(struct dd_reader *r, size_t size);
struct dd_slice dd_read_text8(struct dd_reader *r);
struct dd_slice dd_read_text16(struct dd_reader *r);
struct dd_slice dd_read_bytes32(struct dd_reader *r);
/* True if nothing is broken and every byte was read. */
bool dd_reader_done(const struct dd_reader *r);

#endif
