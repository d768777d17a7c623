/* Slices and cursors. See core/bytes.h. */
#include "core/bytes.h"

#include <string.h>

struct dd_slice dd_slice_of(const char *text)
{
    if (!text)
        return (struct dd_slice){NULL, 0};
    return (struct dd_slice){(const uint8_t *)text, strlen(text)};
}

bool dd_slice_equal(struct dd_slice a, struct dd_slice b)
{
    /* memcmp may not be given NULL, even for no bytes; an empty slice often is NULL. */
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

int dd_slice_compare(struct dd_slice a, struct dd_slice b)
{
    size_t common = a.size < b.size ? a.size : b.size;

    if (common > 0) {
        int order = memcmp(a.data, b.data, common);
        if (order != 0)
            return order;
    }
    return (a.size > b.size) - (a.size < b.size);
}

void dd_slice_text(struct dd_slice slice, char *out, size_t out_size)
{
    size_t size = slice.size < out_size ? slice.size : out_size - 1;

    if (size > 0)
        memcpy(out, slice.data, size);
    out[size] = '\0';
}

struct dd_writer dd_writer_make(uint8_t *data, size_t size)
{
    return (struct dd_writer){.data = data, .size = size, .at = 0, .overflow = false};
}

/* Room for `size` bytes, the mark moved behind them; NULL if there is not enough. */
static uint8_t *room_for(struct dd_writer *w, size_t size)
{
    if (w->overflow || size > w->size - w->at) {
        w->overflow = true;
        return NULL;
    }
    uint8_t *room = w->data + w->at;
    w->at += size;
    return room;
}

static void write_big_endian(struct dd_writer *w, uint64_t value, size_t size)
{
    uint8_t *room = room_for(w, size);

    if (!room)
        return;
    for (size_t i = size; i > 0; i--) {
        room[i - 1] = (uint8_t)value;
        value >>= 8;
    }
}

void dd_write_u8(struct dd_writer *w, uint8_t value)
{
    write_big_endian(w, value, 1);
}

void dd_write_u16(struct dd_writer *w, uint16_t value)
{
    write_big_endian(w, value, 2);
}

void dd_write_u32(struct dd_writer *w, uint32_t value)
{
    write_big_endian(w, value, 4);
}

void dd_write_u64(struct dd_writer *w, uint64_t value)
{
    write_big_endian(w, value, 8);
}

void dd_write_i32(struct dd_writer *w, int32_t value)
{
    write_big_endian(w, (uint32_t)value, 4);
}

void dd_write_i64(struct dd_writer *w, int64_t value)
{
    write_big_endian(w, (uint64_t)value, 8);
}

void dd_write_raw(struct dd_writer *w, const void *data, size_t size)
{
    uint8_t *room = room_for(w, size);

    if (room && size > 0)
        memcpy(room, data, size);
}

/* A length of length_size bytes and the bytes, both or neither. */
static void write_counted(struct dd_writer *w, struct dd_slice bytes, size_t length_size,
                          size_t longest)
{
    size_t left = w->size - w->at;

    if (w->overflow || bytes.size > longest || left < length_size ||
        bytes.size > left - length_size) {
        w->overflow = true;
        return;
    }
    write_big_endian(w, bytes.size, length_size);
    dd_write_raw(w, bytes.data, bytes.size);
}

void dd_write_text8(struct dd_writer *w, struct dd_slice text)
{
    write_counted(w, text, 1, UINT8_MAX);
}

void dd_write_text16(struct dd_writer *w, struct dd_slice text)
{
    write_counted(w, text, 2, UINT16_MAX);
}

void dd_write_bytes32(struct dd_writer *w, struct dd_slice text)
{
    write_counted(w, text, 4, UINT32_MAX);
}

struct dd_slice dd_writer_slice(const struct dd_writer *w)
{
    return (struct dd_slice){w->data, w->at};
}

struct dd_reader dd_reader_make(struct dd_slice bytes)
{
    return (struct dd_reader){.bytes = bytes, .at = 0, .broken = false};
}

struct dd_slice dd_read_slice(struct dd_reader *r, size_t size)
{
    if (r->broken || size > r->bytes.size - r->at) {
        r->broken = true;
        return (struct dd_slice){NULL, 0};
    }
    if (size == 0)
        return (struct dd_slice){NULL, 0};
    struct dd_slice found = {r->bytes.data + r->at, size};
    r->at += size;
    return found;
}

static uint64_t read_big_endian(struct dd_reader *r, size_t size)
{
    struct dd_slice bytes = dd_read_slice(r, size);
    uint64_t value = 0;

    for (size_t i = 0; i < bytes.size; i++)
        value = value << 8 | bytes.data[i];
    return value;
}

uint8_t dd_read_u8(struct dd_reader *r)
{
    return (uint8_t)read_big_endian(r, 1);
}

uint16_t dd_read_u16(struct dd_reader *r)
{
    return (uint16_t)read_big_endian(r, 2);
}

uint32_t dd_read_u32(struct dd_reader *r)
{
    return (uint32_t)read_big_endian(r, 4);
}

uint64_t dd_read_u64(struct dd_reader *r)
{
    return read_big_endian(r, 8);
}

int32_t dd_read_i32(struct dd_reader *r)
{
    return (int32_t)(uint32_t)read_big_endian(r, 4);
}

int64_t dd_read_i64(struct dd_reader *r)
{
    return (int64_t)read_big_endian(r, 8);
}

void dd_read_raw(struct dd_reader *r, void *out, size_t size)
{
    struct dd_slice bytes = dd_read_slice(r, size);

    if (size == 0)
        return;
    if (r->broken)
        memset(out, 0, size);
    else
        memcpy(out, bytes.data, size);
}

struct dd_slice dd_read_text8(struct dd_reader *r)
{
    return dd_read_slice(r, dd_read_u8(r));
}

struct dd_slice dd_read_text16(struct dd_reader *r)
{
    return dd_read_slice(r, dd_read_u16(r));
}

struct dd_slice dd_read_bytes32(struct dd_reader *r)
{
    return dd_read_slice(r, dd_read_u32(r));
}

bool dd_reader_done(const struct dd_reader *r)
{
    return !r->broken && r->at == r->bytes.size;
}
