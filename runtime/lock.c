/* The lock of a data folder. See runtime/lock.h. */
#include "runtime/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum { LOCK_PATH_BYTES = 4096, PID_TEXT_BYTES = 24 };

static enum dd_status status_of(int error)
{
    switch (error) {
    case ENOENT:
    case ENOTDIR:
        return DD_NOT_FOUND;
    case EWOULDBLOCK:
        return DD_LOCKED;
    case ENOSPC:
    case EDQUOT:
        return DD_NO_SPACE;
    default:
        return DD_IO;
    }
}

static int64_t read_pid(int fd)
{
    char text[PID_TEXT_BYTES];
    ssize_t size = pread(fd, text, sizeof text - 1, 0);
    long long pid;

    if (size <= 0)
        return 0;
    text[size] = '\0';
    pid = strtoll(text, NULL, 10);
    return pid > 0 ? pid : 0;
}

static enum dd_status write_pid(int fd)
{
    char text[PID_TEXT_BYTES];
    int size = snprintf(text, sizeof text, "%lld\n", (long long)getpid());

    if (ftruncate(fd, 0) != 0 || pwrite(fd, text, (size_t)size, 0) != size)
        return status_of(errno);
    return DD_OK;
}

enum dd_status dd_lock_take(const char *dir, struct dd_lock *lock, int64_t *holder_pid)
{
    char path[LOCK_PATH_BYTES];
    int length = snprintf(path, sizeof path, "%s/lock", dir);
    enum dd_status status;
    int fd;

    lock->fd = -1;
    if (length < 0 || (size_t)length >= sizeof path)
        return DD_TOO_LARGE;
    fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return status_of(errno);
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        status = status_of(errno);
        if (status == DD_LOCKED && holder_pid)
            *holder_pid = read_pid(fd);
    } else {
        status = write_pid(fd);
    }
    if (status == DD_OK)
        lock->fd = fd;
    else
        (void)close(fd);
    return status;
}

void dd_lock_release(struct dd_lock *lock)
{
    if (lock->fd >= 0)
        (void)close(lock->fd);
    lock->fd = -1;
}
