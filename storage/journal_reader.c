/* Reading segment files. See storage/journal_reader.h. */
#include "storage/journal_reader.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/limits.h"

enum { WINDOW_BYTES = 256 * 1024, NO_SEGMENT = -1 };

static_assert(WINDOW_BYTES >= DD_RECORD_HEADER_BYTES + DD_ENTRY_BYTES_MAX, "a record fits");

/* The place is a record: number seq, at offset of the segment. The window is what was last read of
 * the file; what lies beyond the tail in it may be out of date. */
struct dd_file_reader {
    int folder;
    struct dd_segment_list segments;
    uint64_t limit_seq;
    uint64_t fault_seq;

    int fd;
    long long segment; /* index of the open one, or NO_SEGMENT */
    uint64_t file_bytes;
    uint64_t seq;
    uint64_t offset;

    uint64_t window_offset;
    size_t window_size;
    uint8_t window[WINDOW_BYTES];
};

/* ---- the window ---- */

static enum dd_status fill_window(struct dd_file_reader *reader)
{
    reader->window_offset = reader->offset;
    reader->window_size = 0;
    if (reader->offset >= reader->file_bytes)
        return DD_OK;
    uint64_t left = reader->file_bytes - reader->offset;
    size_t size = left < WINDOW_BYTES ? (size_t)left : WINDOW_BYTES;
    return dd_segment_pread(reader->fd, reader->window, size, reader->offset, &reader->window_size);
}

static struct dd_slice window_here(const struct dd_file_reader *reader)
{
    if (reader->offset < reader->window_offset)
        return (struct dd_slice){reader->window, 0};
    uint64_t skip = reader->offset - reader->window_offset;
    if (skip >= reader->window_size)
        return (struct dd_slice){reader->window, 0};
    return (struct dd_slice){reader->window + skip, reader->window_size - (size_t)skip};
}

/* What lies at the place. Only a whole record is believed at first sight; for everything else the
 * bytes are read again. */
static enum dd_status look(struct dd_file_reader *reader, enum dd_record_kind *kind,
                           struct dd_slice *entry)
{
    *kind = dd_record_decode(window_here(reader), reader->offset, reader->seq, entry);
    if (*kind == DD_RECORD_WHOLE)
        return DD_OK;
    enum dd_status status = fill_window(reader);
    if (status == DD_OK)
        *kind = dd_record_decode(window_here(reader), reader->offset, reader->seq, entry);
    return status;
}

/* ---- the place ---- */

static enum dd_status corrupt(struct dd_file_reader *reader, uint64_t seq)
{
    reader->fault_seq = seq;
    return DD_CORRUPT;
}

static void leave_segment(struct dd_file_reader *reader)
{
    if (reader->fd >= 0)
        close(reader->fd);
    reader->fd = -1;
    reader->segment = NO_SEGMENT;
    reader->window_size = 0;
}

static enum dd_status enter_segment(struct dd_file_reader *reader, size_t index)
{
    uint64_t first_seq = reader->segments.items[index].first_seq;
    leave_segment(reader);
    enum dd_status status =
        dd_segment_open(reader->folder, first_seq, O_RDONLY, &reader->fd, &reader->file_bytes);
    if (status != DD_OK) {
        reader->fault_seq = first_seq;
        return status;
    }
    reader->segment = (long long)index;
    reader->seq = first_seq;
    reader->offset = DD_SEGMENT_HEADER_BYTES;
    return DD_OK;
}

/* The last segment that begins at or before seq; there is one. */
static size_t segment_of(const struct dd_file_reader *reader, uint64_t seq)
{
    size_t low = 0;
    size_t high = reader->segments.count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (reader->segments.items[middle].first_seq <= seq)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* Moves to the nearest known place at or before seq, in seq's segment. */
static enum dd_status approach(struct dd_file_reader *reader, uint64_t seq)
{
    size_t index = segment_of(reader, seq);
    if (reader->segment != (long long)index) {
        enum dd_status status = enter_segment(reader, index);
        if (status != DD_OK)
            return status;
    }
    const struct dd_segment *segment = &reader->segments.items[index];
    uint64_t known_seq = segment->first_seq;
    uint64_t known_offset = DD_SEGMENT_HEADER_BYTES;
    if (segment->offset_count > 0) {
        uint64_t known = (seq - segment->first_seq) / DD_INDEX_STRIDE;
        if (known >= segment->offset_count)
            known = segment->offset_count - 1;
        known_seq += known * DD_INDEX_STRIDE;
        known_offset = segment->offsets[known];
    }
    if (seq < reader->seq || known_seq > reader->seq) {
        reader->seq = known_seq;
        reader->offset = known_offset;
    }
    return DD_OK;
}

/* The record at the place is not whole, in the last segment, with no limit to say whether it should
 * be: DD_NOT_FOUND at a tail, clean or torn, DD_CORRUPT before a later batch. A batch may be on its
 * way to the file at this moment, so the record is looked at once more after a later one was seen.
 */
static enum dd_status judge_end(struct dd_file_reader *reader)
{
    struct dd_tail tail;
    struct dd_slice entry;
    enum dd_status status =
        dd_segment_judge_tail(reader->fd, reader->offset, reader->file_bytes, reader->seq, &tail);
    if (status != DD_OK)
        return status;
    if (!tail.damaged)
        return DD_NOT_FOUND;
    status = fill_window(reader);
    if (status != DD_OK)
        return status;
    enum dd_record_kind kind =
        dd_record_decode(window_here(reader), reader->offset, reader->seq, &entry);
    return kind == DD_RECORD_WHOLE ? DD_BUSY : corrupt(reader, reader->seq);
}

/* The record at the place is not whole. DD_BUSY: look again, from the start of the search. */
static enum dd_status at_end(struct dd_file_reader *reader)
{
    size_t known = reader->segments.count;
    bool last = (size_t)reader->segment + 1 == known;
    if (!last)
        return corrupt(reader, reader->seq);
    enum dd_status status = dd_segment_list_update(&reader->segments, reader->folder);
    if (status != DD_OK)
        return status;
    if (reader->segments.count > known)
        return DD_BUSY;
    /* Below a limit everything was durable once. */
    return reader->limit_seq < UINT64_MAX ? corrupt(reader, reader->seq) : judge_end(reader);
}

/* Walks from the place to seq. */
static enum dd_status walk(struct dd_file_reader *reader, uint64_t seq, struct dd_slice *entry)
{
    for (;;) {
        enum dd_record_kind kind;
        enum dd_status status = look(reader, &kind, entry);
        if (status != DD_OK)
            return status;
        if (kind != DD_RECORD_WHOLE)
            return at_end(reader);
        dd_segment_note(&reader->segments.items[reader->segment], reader->seq, reader->offset);
        bool found = reader->seq == seq;
        reader->seq++;
        reader->offset += DD_RECORD_HEADER_BYTES + entry->size;
        if (found)
            return DD_OK;
    }
}

static enum dd_status read_seq(void *self, uint64_t seq, struct dd_slice *entry)
{
    struct dd_file_reader *reader = self;
    if (seq >= reader->limit_seq)
        return DD_NOT_FOUND;
    if (reader->segments.count == 0) {
        enum dd_status status = dd_segment_list_update(&reader->segments, reader->folder);
        if (status != DD_OK)
            return status;
    }
    if (reader->segments.count == 0)
        return DD_NOT_FOUND;
    if (reader->segments.items[0].first_seq != 0)
        return corrupt(reader, 0);
    enum dd_status status;
    do {
        status = approach(reader, seq);
        if (status == DD_OK)
            status = walk(reader, seq, entry);
    } while (status == DD_BUSY);
    return status;
}

/* ---- the rest ---- */

enum dd_status dd_file_reader_new(int folder, struct dd_file_reader **out)
{
    *out = NULL;
    struct dd_file_reader *reader = malloc(sizeof *reader);
    if (!reader)
        return DD_NO_MEMORY;
    reader->segments = (struct dd_segment_list){0};
    reader->limit_seq = UINT64_MAX;
    reader->fault_seq = 0;
    reader->fd = -1;
    leave_segment(reader);
    reader->folder = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum dd_status status =
        reader->folder < 0 ? DD_IO : dd_segment_list_update(&reader->segments, reader->folder);
    if (status != DD_OK)
        dd_file_reader_free(reader);
    else
        *out = reader;
    return status;
}

void dd_file_reader_free(struct dd_file_reader *reader)
{
    if (!reader)
        return;
    leave_segment(reader);
    if (reader->folder >= 0)
        close(reader->folder);
    dd_segment_list_free(&reader->segments);
    free(reader);
}

static void set_limit(void *self, uint64_t end_seq)
{
    ((struct dd_file_reader *)self)->limit_seq = end_seq;
}

static uint64_t fault_seq(void *self)
{
    return ((struct dd_file_reader *)self)->fault_seq;
}

static void close_reader(void *self)
{
    dd_file_reader_free(self);
}

struct dd_journal_reader dd_file_reader_interface(struct dd_file_reader *reader)
{
    return (struct dd_journal_reader){
        .self = reader,
        .read = read_seq,
        .set_limit = set_limit,
        .fault_seq = fault_seq,
        .close = close_reader,
    };
}

enum dd_status dd_file_reader_find_tail(struct dd_file_reader *reader, uint64_t *seq,
                                        uint64_t *offset)
{
    struct dd_slice entry;
    enum dd_status status = DD_OK;
    *seq = reader->segments.items[reader->segments.count - 1].first_seq;
    while (status == DD_OK) {
        status = read_seq(reader, *seq, &entry);
        if (status == DD_OK)
            (*seq)++;
    }
    *offset = reader->offset;
    return status == DD_NOT_FOUND ? DD_OK : status;
}

enum dd_status dd_file_reader_check_headers(struct dd_file_reader *reader)
{
    if (reader->segments.items[0].first_seq != 0)
        return corrupt(reader, 0);
    enum dd_status status = DD_OK;
    for (size_t i = 0; i < reader->segments.count && status == DD_OK; i++)
        status = enter_segment(reader, i);
    leave_segment(reader);
    return status;
}

const struct dd_segment_list *dd_file_reader_segments(const struct dd_file_reader *reader)
{
    return &reader->segments;
}
