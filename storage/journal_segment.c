/* The files of a journal, byte by byte. See storage/journal_segment.h. */
#include "storage/journal_segment.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/limits.h"
#include "storage/crc32c.h"

static const uint8_t magic[8] = "DONDOCSG";
static const uint32_t format = 1;
static const uint32_t batch_bit = UINT32_C(1) << 31;

/* ---- the folder ---- */

void dd_segment_name(uint64_t first_seq, char out[DD_SEGMENT_NAME_BYTES])
{
    (void)snprintf(out, DD_SEGMENT_NAME_BYTES, "%020" PRIu64 ".seg", first_seq);
}

static bool seq_of_name(const char *name, uint64_t *seq)
{
    char again[DD_SEGMENT_NAME_BYTES];
    if (name[0] < '0' || name[0] > '9')
        return false;
    *seq = strtoull(name, NULL, 10);
    dd_segment_name(*seq, again);
    return strcmp(name, again) == 0;
}

static enum dd_status list_add(struct dd_segment_list *list, uint64_t first_seq)
{
    if (list->count == list->room) {
        size_t room = list->room > 0 ? list->room * 2 : 16;
        struct dd_segment *items = realloc(list->items, room * sizeof *items);
        if (!items)
            return DD_NO_MEMORY;
        list->items = items;
        list->room = room;
    }
    list->items[list->count++] = (struct dd_segment){.first_seq = first_seq};
    return DD_OK;
}

static int by_first_seq(const void *a, const void *b)
{
    uint64_t left = ((const struct dd_segment *)a)->first_seq;
    uint64_t right = ((const struct dd_segment *)b)->first_seq;
    return (left > right) - (left < right);
}

enum dd_status dd_segment_list_update(struct dd_segment_list *list, int folder)
{
    size_t known = list->count;
    int copy = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *stream = copy >= 0 ? fdopendir(copy) : NULL;
    if (!stream) {
        if (copy >= 0)
            close(copy);
        return DD_IO;
    }
    enum dd_status status = DD_OK;
    struct dirent *file;
    for (errno = 0; status == DD_OK && (file = readdir(stream)); errno = 0) {
        uint64_t seq;
        bool is_new = seq_of_name(file->d_name, &seq) &&
                      (known == 0 || seq > list->items[known - 1].first_seq);
        if (is_new)
            status = list_add(list, seq);
    }
    if (status == DD_OK && errno != 0)
        status = DD_IO;
    closedir(stream);
    if (list->count > known)
        qsort(list->items + known, list->count - known, sizeof *list->items, by_first_seq);
    return status;
}

void dd_segment_list_free(struct dd_segment_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i].offsets);
    free(list->items);
    *list = (struct dd_segment_list){0};
}

void dd_segment_note(struct dd_segment *segment, uint64_t seq, uint64_t offset)
{
    if (seq - segment->first_seq != (uint64_t)segment->offset_count * DD_INDEX_STRIDE)
        return;
    if (segment->offset_count == segment->offset_room) {
        size_t room = segment->offset_room > 0 ? segment->offset_room * 2 : 64;
        uint32_t *offsets = realloc(segment->offsets, room * sizeof *offsets);
        if (!offsets)
            return;
        segment->offsets = offsets;
        segment->offset_room = room;
    }
    segment->offsets[segment->offset_count++] = (uint32_t)offset;
}

/* ---- the header of a segment ---- */

void dd_segment_header_encode(uint64_t first_seq, uint64_t file_bytes,
                              uint8_t out[DD_SEGMENT_HEADER_BYTES])
{
    struct dd_writer w = dd_writer_make(out, DD_SEGMENT_HEADER_BYTES);
    dd_write_raw(&w, magic, sizeof magic);
    dd_write_u32(&w, format);
    dd_write_u64(&w, first_seq);
    dd_write_u64(&w, file_bytes);
    dd_write_u32(&w, dd_crc32c(0, dd_writer_slice(&w)));
}

static enum dd_status check_header(const uint8_t bytes[DD_SEGMENT_HEADER_BYTES], uint64_t first_seq,
                                   uint64_t file_bytes)
{
    struct dd_reader r = dd_reader_make((struct dd_slice){bytes, DD_SEGMENT_HEADER_BYTES});
    uint8_t found_magic[sizeof magic];
    dd_read_raw(&r, found_magic, sizeof found_magic);
    uint32_t found_format = dd_read_u32(&r);
    uint64_t found_seq = dd_read_u64(&r);
    uint64_t found_bytes = dd_read_u64(&r);
    uint32_t crc = dd_crc32c(0, (struct dd_slice){bytes, r.at});
    if (memcmp(found_magic, magic, sizeof magic) != 0)
        return DD_CORRUPT;
    if (dd_read_u32(&r) != crc)
        return DD_CORRUPT;
    if (found_format != format)
        return DD_FORMAT;
    return found_seq == first_seq && found_bytes == file_bytes ? DD_OK : DD_CORRUPT;
}

enum dd_status dd_segment_pread(int fd, uint8_t *out, size_t size, uint64_t offset, size_t *got)
{
    *got = 0;
    while (*got < size) {
        ssize_t part = pread(fd, out + *got, size - *got, (off_t)(offset + *got));
        if (part < 0 && errno == EINTR)
            continue;
        if (part < 0)
            return DD_IO;
        if (part == 0)
            break;
        *got += (size_t)part;
    }
    return DD_OK;
}

enum dd_status dd_segment_open(int folder, uint64_t first_seq, int flags, int *fd,
                               uint64_t *file_bytes)
{
    char name[DD_SEGMENT_NAME_BYTES];
    uint8_t header[DD_SEGMENT_HEADER_BYTES];
    struct stat file;
    size_t got = 0;
    dd_segment_name(first_seq, name);
    *fd = openat(folder, name, flags | O_CLOEXEC);
    if (*fd < 0)
        return DD_IO;
    enum dd_status status = fstat(*fd, &file) == 0 ? DD_OK : DD_IO;
    if (status == DD_OK)
        status = dd_segment_pread(*fd, header, sizeof header, 0, &got);
    if (status == DD_OK && got < sizeof header)
        status = DD_CORRUPT;
    if (status == DD_OK) {
        *file_bytes = (uint64_t)file.st_size;
        status = check_header(header, first_seq, *file_bytes);
    }
    if (status != DD_OK) {
        close(*fd);
        *fd = -1;
    }
    return status;
}

/* ---- records ---- */

static void store_be32(uint8_t *out, uint32_t value)
{
    for (int i = 3; i >= 0; i--, value >>= 8)
        out[i] = (uint8_t)value;
}

static uint32_t load_be32(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
           (uint32_t)bytes[3];
}

static uint64_t load_be64(const uint8_t *bytes)
{
    return (uint64_t)load_be32(bytes) << 32 | load_be32(bytes + 4);
}

/* Over the place, the size (bytes 0..3), the seq (8..15) and the entry, not over itself (4..7). */
static uint32_t record_crc(uint64_t offset, const uint8_t *record, size_t size)
{
    uint8_t head[12];
    store_be32(head, (uint32_t)(offset >> 32));
    store_be32(head + 4, (uint32_t)offset);
    memcpy(head + 8, record, 4);
    uint32_t crc = dd_crc32c(0, (struct dd_slice){head, sizeof head});
    return dd_crc32c(crc, (struct dd_slice){record + 8, 8 + size});
}

void dd_record_encode(uint64_t offset, uint64_t seq, bool starts_batch, struct dd_slice entry,
                      uint8_t *out)
{
    store_be32(out, (uint32_t)entry.size | (starts_batch ? batch_bit : 0));
    store_be32(out + 8, (uint32_t)(seq >> 32));
    store_be32(out + 12, (uint32_t)seq);
    memcpy(out + DD_RECORD_HEADER_BYTES, entry.data, entry.size);
    store_be32(out + 4, record_crc(offset, out, entry.size));
}

enum dd_record_kind dd_record_decode(struct dd_slice bytes, uint64_t offset, uint64_t seq,
                                     struct dd_slice *entry)
{
    if (bytes.size < DD_RECORD_HEADER_BYTES)
        return DD_RECORD_SHORT;
    uint32_t word = load_be32(bytes.data);
    size_t size = word & ~batch_bit;
    if (word == 0)
        return DD_RECORD_ABSENT;
    if (size == 0 || size > DD_ENTRY_BYTES_MAX || load_be64(bytes.data + 8) != seq)
        return DD_RECORD_BROKEN;
    if (bytes.size - DD_RECORD_HEADER_BYTES < size)
        return DD_RECORD_SHORT;
    if (load_be32(bytes.data + 4) != record_crc(offset, bytes.data, size))
        return DD_RECORD_BROKEN;
    *entry = (struct dd_slice){bytes.data + DD_RECORD_HEADER_BYTES, size};
    return DD_RECORD_WHOLE;
}

/* ---- the tail ---- */

/* True if a whole record with a seq after `seq` that starts a batch lies at the start of the bytes.
 * The cheap looks come first: this is asked at every byte of a torn tail. */
static bool starts_later_batch(struct dd_slice bytes, uint64_t offset, uint64_t seq)
{
    struct dd_slice entry;
    if (bytes.size < DD_RECORD_HEADER_BYTES || !(bytes.data[0] & 0x80))
        return false;
    uint64_t found = load_be64(bytes.data + 8);
    /* A segment has fewer records than bytes. */
    if (found <= seq || found - seq > DD_SEGMENT_BYTES_MAX)
        return false;
    return dd_record_decode(bytes, offset, found, &entry) == DD_RECORD_WHOLE;
}

static struct dd_tail judge(struct dd_slice bytes, uint64_t offset, uint64_t seq)
{
    struct dd_tail tail = {0};
    size_t used = bytes.size;
    while (used > 0 && bytes.data[used - 1] == 0)
        used--;
    tail.used_bytes = offset + used;
    for (size_t at = 0; at < used && !tail.damaged; at++) {
        struct dd_slice rest = {bytes.data + at, bytes.size - at};
        tail.damaged = starts_later_batch(rest, offset + at, seq);
    }
    return tail;
}

enum dd_status dd_segment_judge_tail(int fd, uint64_t offset, uint64_t file_bytes, uint64_t seq,
                                     struct dd_tail *tail)
{
    *tail = (struct dd_tail){.used_bytes = offset};
    if (offset >= file_bytes)
        return DD_OK;
    size_t size = (size_t)(file_bytes - offset);
    size_t got = 0;
    uint8_t *bytes = malloc(size);
    if (!bytes)
        return DD_NO_MEMORY;
    enum dd_status status = dd_segment_pread(fd, bytes, size, offset, &got);
    if (status == DD_OK)
        *tail = judge((struct dd_slice){bytes, got}, offset, seq);
    free(bytes);
    return status;
}
