/* Letters into files. See workers/deliver_folder.h. */
#include "workers/deliver_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/calendar.h"
#include "core/invariant.h"
#include "core/text.h"

enum { NAME_BYTES = DD_CODE_BYTES_MAX + 32, PENDING_MAX = 32 };

/* A letter whose bytes are written, under the name `temp`, which a kill may leave behind: the next
 * try writes over it. */
struct pending {
    int fd;
    char name[NAME_BYTES];
    char temp[NAME_BYTES];
};

struct dd_deliver_folder {
    char *path;
    int day_fd; /* the folder of the day below; -1: none is open */
    int32_t day;
    struct pending pending[PENDING_MAX]; /* all of that day */
    size_t pending_count;
    enum dd_status lost; /* of what had to be synced before the caller asked for it */
};

static enum dd_status status_of(int error)
{
    bool full = error == ENOSPC || error == EDQUOT || error == EFBIG;
    return full ? DD_NO_SPACE : DD_IO;
}

enum dd_status dd_deliver_folder_open(const char *path, struct dd_deliver_folder **out)
{
    struct dd_deliver_folder *folder = calloc(1, sizeof *folder);
    *out = NULL;
    if (!folder)
        return DD_NO_MEMORY;
    folder->day_fd = -1;
    folder->path = strdup(path);
    if (!folder->path) {
        free(folder);
        return DD_NO_MEMORY;
    }
    *out = folder;
    return DD_OK;
}

/* Makes one letter's bytes safe and gives it its name. */
static enum dd_status settle(struct dd_deliver_folder *folder, struct pending *pending)
{
    enum dd_status status = fsync(pending->fd) == 0 ? DD_OK : status_of(errno);
    if (close(pending->fd) != 0 && status == DD_OK)
        status = status_of(errno);
    if (status == DD_OK &&
        renameat(folder->day_fd, pending->temp, folder->day_fd, pending->name) != 0)
        status = status_of(errno);
    if (status != DD_OK)
        (void)unlinkat(folder->day_fd, pending->temp, 0);
    return status;
}

static enum dd_status settle_all(struct dd_deliver_folder *folder)
{
    enum dd_status status = DD_OK;
    for (size_t i = 0; i < folder->pending_count; i++) {
        enum dd_status one = settle(folder, &folder->pending[i]);
        status = status == DD_OK ? one : status;
    }
    if (folder->pending_count > 0 && fsync(folder->day_fd) != 0 && status == DD_OK)
        status = status_of(errno);
    folder->pending_count = 0;
    return status;
}

/* Settles early; how that went is told by the next sync. */
static void settle_early(struct dd_deliver_folder *folder)
{
    enum dd_status status = settle_all(folder);
    if (folder->lost == DD_OK)
        folder->lost = status;
}

static void leave_day(struct dd_deliver_folder *folder)
{
    if (folder->day_fd < 0)
        return;
    settle_early(folder);
    (void)close(folder->day_fd);
    folder->day_fd = -1;
}

void dd_deliver_folder_close(struct dd_deliver_folder *folder)
{
    if (!folder)
        return;
    leave_day(folder);
    free(folder->path);
    free(folder);
}

/* Opens the folder `name` within `parent`, making it; a new one's name is synced, as ought to be
 * that of one which an earlier try made and could not sync. */
static enum dd_status open_within(int parent, const char *name, int *out)
{
    if (mkdirat(parent, name, 0700) != 0 && errno != EEXIST)
        return status_of(errno);
    *out = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (*out < 0)
        return status_of(errno);
    if (parent != AT_FDCWD && fsync(parent) != 0) {
        enum dd_status status = status_of(errno);
        (void)close(*out);
        *out = -1;
        return status;
    }
    return DD_OK;
}

/* The name of the whole folder is synced in the one it lies in. */
static enum dd_status sync_parent(int root)
{
    enum dd_status status = DD_OK;
    int parent = openat(root, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (parent < 0)
        return status_of(errno);
    if (fsync(parent) != 0)
        status = status_of(errno);
    (void)close(parent);
    return status;
}

static enum dd_status enter_day(struct dd_deliver_folder *folder, int32_t day)
{
    char name[DD_DAY_TEXT_BYTES];
    int root = -1;
    if (folder->day_fd >= 0 && folder->day == day)
        return DD_OK;
    leave_day(folder);
    dd_day_format(day, name);
    enum dd_status status = open_within(AT_FDCWD, folder->path, &root);
    if (status == DD_OK)
        status = sync_parent(root);
    if (status == DD_OK)
        status = open_within(root, name, &folder->day_fd);
    if (root >= 0)
        (void)close(root);
    folder->day = day;
    return status;
}

static enum dd_status write_all(int fd, struct dd_slice bytes)
{
    size_t at = 0;
    while (at < bytes.size) {
        ssize_t written = write(fd, bytes.data + at, bytes.size - at);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return status_of(errno);
        if (written == 0)
            return DD_IO;
        at += (size_t)written;
    }
    return DD_OK;
}

static enum dd_status write_header(int fd, const char *name, struct dd_slice value)
{
    enum dd_status status = write_all(fd, dd_slice_of(name));
    if (status == DD_OK)
        status = write_all(fd, value);
    return status == DD_OK ? write_all(fd, dd_slice_of("\n")) : status;
}

static enum dd_status write_letter(int fd, const struct dd_letter *letter)
{
    enum dd_status status = write_header(fd, "Message-ID: ", letter->message_id);
    if (status == DD_OK)
        status = write_header(fd, "To: ", letter->to_unit);
    if (status == DD_OK)
        status = write_header(fd, "Date: ", letter->date);
    if (status == DD_OK)
        status = write_header(fd, "Subject: ", letter->subject);
    if (status == DD_OK)
        status = write_all(fd, dd_slice_of("\n"));
    if (status == DD_OK)
        status = write_all(fd, letter->body);
    return status;
}

/* The names that a letter gets first and last. */
static void name_files(const struct dd_letter *letter, struct pending *out)
{
    char unit[DD_CODE_BYTES_MAX + 1];
    char number[8] = "";
    dd_slice_text(letter->to_unit, unit, sizeof unit);
    if (letter->number > 1)
        (void)snprintf(number, sizeof number, "+%u", (unsigned)letter->number);
    (void)snprintf(out->name, sizeof out->name, "%s%s.txt", unit, number);
    (void)snprintf(out->temp, sizeof out->temp, ".%s%s.new", unit, number);
}

static bool is_pending(const struct dd_deliver_folder *folder, const char *name)
{
    for (size_t i = 0; i < folder->pending_count; i++) {
        if (strcmp(folder->pending[i].name, name) == 0)
            return true;
    }
    return false;
}

enum dd_status dd_deliver_folder_put(struct dd_deliver_folder *folder,
                                     const struct dd_letter *letter)
{
    struct pending made;
    DD_ASSERT(dd_text_code_ok(letter->to_unit) && letter->number > 0);
    enum dd_status status = enter_day(folder, letter->day);
    if (status != DD_OK)
        return status;
    name_files(letter, &made);
    if (folder->pending_count == PENDING_MAX || is_pending(folder, made.name))
        settle_early(folder);
    made.fd = openat(folder->day_fd, made.temp,
                     O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (made.fd < 0) {
        status = status_of(errno);
        leave_day(folder); /* somebody may have removed the folder: open it anew next time */
        return status;
    }
    status = write_letter(made.fd, letter);
    if (status != DD_OK) {
        (void)close(made.fd);
        (void)unlinkat(folder->day_fd, made.temp, 0);
        return status;
    }
    /* Starts the writing now, so that the syncs to come wait once together and not in turn. */
    (void)posix_fadvise(made.fd, 0, 0, POSIX_FADV_DONTNEED);
    folder->pending[folder->pending_count++] = made;
    return DD_OK;
}

enum dd_status dd_deliver_folder_sync(struct dd_deliver_folder *folder)
{
    settle_early(folder);
    enum dd_status status = folder->lost;
    folder->lost = DD_OK;
    return status;
}
