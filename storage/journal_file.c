/*
 * Writing the segment files of a journal, and finding their end again. See storage/journal_file.h.
 *
 * A segment comes into being as "spare.tmp", allocated and synced; it gets its header and its name
 * (that of its first seq) when the batch comes that no longer fits the one before. So a name with
 * ".seg" always has a whole header, and running out of space happens only while a spare is made.
 */
#include "storage/journal_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/invariant.h"
#include "core/limits.h"
#include "storage/journal_reader.h"
#include "storage/journal_segment.h"

struct file_journal {
    int folder;
    uint64_t new_segment_bytes;
    int fd; /* of the last segment */
    uint64_t file_bytes;
    uint64_t offset; /* where the next record goes */
    uint64_t tail_seq;
    int spare; /* -1 if none is ready */
    bool dead;
    uint8_t *batch;
    size_t batch_room;
};

/* ---- the folder ---- */

static enum dd_status space_status(int error)
{
    return error == ENOSPC || error == EDQUOT || error == EFBIG ? DD_NO_SPACE : DD_IO;
}

static enum dd_status open_folder(const char *path, int *folder)
{
    bool made = mkdir(path, 0700) == 0;
    if (!made && errno != EEXIST)
        return space_status(errno);
    *folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (*folder < 0)
        return DD_IO;
    if (!made)
        return DD_OK;
    int parent = openat(*folder, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (parent < 0)
        return DD_IO;
    int failed = fsync(parent);
    close(parent);
    return failed ? DD_IO : DD_OK;
}

static enum dd_status write_at(int fd, const uint8_t *bytes, size_t size, uint64_t offset)
{
    while (size > 0) {
        ssize_t part = pwrite(fd, bytes, size, (off_t)offset);
        if (part < 0 && errno == EINTR)
            continue;
        if (part <= 0)
            return DD_IO;
        bytes += part;
        size -= (size_t)part;
        offset += (uint64_t)part;
    }
    return DD_OK;
}

static enum dd_status sync_data(int fd)
{
    return fdatasync(fd) == 0 ? DD_OK : DD_IO;
}

/* ---- segments ---- */

/* Allocates the spare. Leaves nothing behind where that fails. */
static enum dd_status make_spare(struct file_journal *journal)
{
    int fd = openat(journal->folder, DD_SEGMENT_SPARE_NAME, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC,
                    0600);
    if (fd < 0)
        return space_status(errno);
    int error = posix_fallocate(fd, 0, (off_t)journal->new_segment_bytes);
    if (error == 0 && fsync(fd) != 0)
        error = errno;
    if (error == 0) {
        journal->spare = fd;
        return DD_OK;
    }
    close(fd);
    (void)unlinkat(journal->folder, DD_SEGMENT_SPARE_NAME, 0);
    return space_status(error);
}

/* Makes the spare the last segment, beginning at the tail. */
static enum dd_status use_spare(struct file_journal *journal)
{
    uint8_t header[DD_SEGMENT_HEADER_BYTES];
    char name[DD_SEGMENT_NAME_BYTES];
    dd_segment_header_encode(journal->tail_seq, journal->new_segment_bytes, header);
    dd_segment_name(journal->tail_seq, name);
    enum dd_status status = write_at(journal->spare, header, sizeof header, 0);
    if (status == DD_OK)
        status = sync_data(journal->spare);
    if (status != DD_OK)
        return status;
    if (renameat(journal->folder, DD_SEGMENT_SPARE_NAME, journal->folder, name) != 0 ||
        fsync(journal->folder) != 0)
        return DD_IO;
    if (journal->fd >= 0)
        close(journal->fd);
    journal->fd = journal->spare;
    journal->spare = -1;
    journal->file_bytes = journal->new_segment_bytes;
    journal->offset = DD_SEGMENT_HEADER_BYTES;
    return DD_OK;
}

/* ---- appending ---- */

static enum dd_status die(struct file_journal *journal, enum dd_status status)
{
    if (status != DD_OK)
        journal->dead = true;
    return status;
}

/* A spare is enough: a batch that no longer fits the last segment goes to it with all that follow.
 */
static enum dd_status reserve_bytes(struct file_journal *journal, uint64_t bytes)
{
    if (journal->dead)
        return DD_IO;
    if (bytes > journal->new_segment_bytes - DD_SEGMENT_HEADER_BYTES)
        return DD_TOO_LARGE;
    if (bytes <= journal->file_bytes - journal->offset || journal->spare >= 0)
        return DD_OK;
    enum dd_status status = make_spare(journal);
    return status == DD_NO_SPACE ? status : die(journal, status);
}

static enum dd_status file_reserve(void *self, size_t entries, size_t bytes)
{
    if (entries > DD_SEGMENT_BYTES_MAX || bytes > DD_SEGMENT_BYTES_MAX)
        return DD_TOO_LARGE;
    return reserve_bytes(self, (uint64_t)entries * DD_RECORD_HEADER_BYTES + bytes);
}

static enum dd_status batch_bytes(const struct dd_slice *entries, size_t count, uint64_t *bytes)
{
    *bytes = 0;
    for (size_t i = 0; i < count; i++) {
        DD_ASSERT(entries[i].size > 0);
        if (entries[i].size > DD_ENTRY_BYTES_MAX)
            return DD_TOO_LARGE;
        *bytes += DD_RECORD_HEADER_BYTES + entries[i].size;
    }
    return DD_OK;
}

static bool grow_batch(struct file_journal *journal, size_t bytes)
{
    if (bytes <= journal->batch_room)
        return true;
    uint8_t *batch = realloc(journal->batch, bytes);
    if (!batch)
        return false;
    journal->batch = batch;
    journal->batch_room = bytes;
    return true;
}

/* Lays the records out as they will lie from journal->offset on. */
static void lay_out(struct file_journal *journal, const struct dd_slice *entries, size_t count)
{
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        dd_record_encode(journal->offset + at, journal->tail_seq + i, i == 0, entries[i],
                         journal->batch + at);
        at += DD_RECORD_HEADER_BYTES + entries[i].size;
    }
}

static enum dd_status file_append(void *self, uint64_t first_seq, const struct dd_slice *entries,
                                  size_t count)
{
    struct file_journal *journal = self;
    uint64_t bytes;
    if (journal->dead)
        return DD_IO;
    DD_ASSERT(count > 0 && first_seq == journal->tail_seq);
    enum dd_status status = batch_bytes(entries, count, &bytes);
    if (status == DD_OK)
        status = reserve_bytes(journal, bytes);
    if (status != DD_OK)
        return status;
    if (!grow_batch(journal, (size_t)bytes))
        return DD_NO_MEMORY;
    if (bytes > journal->file_bytes - journal->offset)
        status = use_spare(journal);
    if (status != DD_OK)
        return die(journal, status);
    lay_out(journal, entries, count);
    status = write_at(journal->fd, journal->batch, (size_t)bytes, journal->offset);
    if (status == DD_OK)
        status = sync_data(journal->fd);
    if (status != DD_OK)
        return die(journal, status);
    journal->offset += bytes;
    journal->tail_seq += count;
    return DD_OK;
}

static uint64_t file_tail(void *self)
{
    return ((struct file_journal *)self)->tail_seq;
}

static enum dd_status file_reader(void *self, struct dd_journal_reader *out)
{
    const struct file_journal *journal = self;
    struct dd_file_reader *reader;
    *out = (struct dd_journal_reader){0};
    enum dd_status status = dd_file_reader_new(journal->folder, &reader);
    if (status != DD_OK)
        return status;
    *out = dd_file_reader_interface(reader);
    dd_journal_reader_set_limit(out, journal->tail_seq);
    return DD_OK;
}

static void file_close(void *self)
{
    struct file_journal *journal = self;
    if (journal->fd >= 0)
        close(journal->fd);
    if (journal->spare >= 0) {
        close(journal->spare);
        (void)unlinkat(journal->folder, DD_SEGMENT_SPARE_NAME, 0);
    }
    if (journal->folder >= 0)
        close(journal->folder);
    free(journal->batch);
    free(journal);
}

/* ---- opening ---- */

/* Zeroes what a torn batch left after the tail, so that no old record can come back behind a new
 * one, and syncs: what is whole but was never synced is part of the log from now on. */
static enum dd_status settle_tail(struct file_journal *journal,
                                  struct dd_journal_file_report *report)
{
    static const uint8_t zeros[64 * 1024];
    struct dd_tail tail;
    enum dd_status status = dd_segment_judge_tail(journal->fd, journal->offset, journal->file_bytes,
                                                  journal->tail_seq, &tail);
    if (status != DD_OK)
        return status;
    /* The reader has judged the same bytes and found no damage; this look is for used_bytes. */
    if (tail.damaged)
        return DD_IO;
    report->cut_bytes = tail.used_bytes - journal->offset;
    for (uint64_t at = journal->offset; at < tail.used_bytes && status == DD_OK;) {
        uint64_t left = tail.used_bytes - at;
        size_t size = left < sizeof zeros ? (size_t)left : sizeof zeros;
        status = write_at(journal->fd, zeros, size, at);
        at += size;
    }
    return status == DD_OK ? sync_data(journal->fd) : status;
}

static enum dd_status open_last(struct file_journal *journal, struct dd_file_reader *reader,
                                struct dd_journal_file_report *report)
{
    const struct dd_segment_list *segments = dd_file_reader_segments(reader);
    uint64_t last_seq = segments->items[segments->count - 1].first_seq;
    enum dd_status status = dd_file_reader_check_headers(reader);
    if (status == DD_OK)
        status = dd_file_reader_find_tail(reader, &journal->tail_seq, &journal->offset);
    if (status == DD_OK)
        status =
            dd_segment_open(journal->folder, last_seq, O_RDWR, &journal->fd, &journal->file_bytes);
    if (status == DD_OK)
        status = settle_tail(journal, report);
    return status;
}

static enum dd_status open_first(struct file_journal *journal)
{
    enum dd_status status = make_spare(journal);
    return status == DD_OK ? use_spare(journal) : status;
}

static enum dd_status open_segments(struct file_journal *journal,
                                    struct dd_journal_file_report *report)
{
    struct dd_file_reader *reader;
    /* A spare of a run before is not worth trusting. */
    if (unlinkat(journal->folder, DD_SEGMENT_SPARE_NAME, 0) != 0 && errno != ENOENT)
        return DD_IO;
    enum dd_status status = dd_file_reader_new(journal->folder, &reader);
    if (status != DD_OK)
        return status;
    if (dd_file_reader_segments(reader)->count == 0) {
        status = open_first(journal);
    } else {
        status = open_last(journal, reader, report);
        struct dd_journal_reader interface = dd_file_reader_interface(reader);
        report->fault_seq = dd_journal_reader_fault_seq(&interface);
    }
    dd_file_reader_free(reader);
    return status;
}

enum dd_status dd_journal_file_open(const char *path, uint64_t segment_bytes,
                                    struct dd_journal *out, struct dd_journal_file_report *report)
{
    struct dd_journal_file_report unasked;
    struct dd_journal_file_report *told = report ? report : &unasked;
    *told = (struct dd_journal_file_report){0};
    *out = (struct dd_journal){0};
    struct file_journal *journal = calloc(1, sizeof *journal);
    if (!journal)
        return DD_NO_MEMORY;
    journal->new_segment_bytes = segment_bytes > 0 ? segment_bytes : (uint64_t)DD_SEGMENT_BYTES;
    DD_ASSERT(journal->new_segment_bytes > DD_SEGMENT_HEADER_BYTES &&
              journal->new_segment_bytes <= DD_SEGMENT_BYTES_MAX);
    journal->folder = journal->fd = journal->spare = -1;
    enum dd_status status = open_folder(path, &journal->folder);
    if (status == DD_OK)
        status = open_segments(journal, told);
    if (status != DD_OK) {
        file_close(journal);
        return status;
    }
    *out = (struct dd_journal){
        .self = journal,
        .reserve = file_reserve,
        .append = file_append,
        .tail = file_tail,
        .reader = file_reader,
        .close = file_close,
    };
    return DD_OK;
}

enum dd_status dd_journal_file_reader_open(const char *path, struct dd_journal_reader *out)
{
    struct dd_file_reader *reader;
    *out = (struct dd_journal_reader){0};
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return errno == ENOENT ? DD_NOT_FOUND : DD_IO;
    enum dd_status status = dd_file_reader_new(folder, &reader);
    close(folder);
    if (status == DD_OK)
        *out = dd_file_reader_interface(reader);
    return status;
}
