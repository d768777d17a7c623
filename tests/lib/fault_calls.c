/* The calls, interposed: a program's own definition comes before libc's. See
 * tests/lib/fault_calls.h. */
#include "tests/lib/fault_calls.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static struct {
    bool armed;
    bool fired;
    enum fault_call call;
    unsigned nth;
    int error;
    enum fault_how how;
    bool on;
    unsigned count; /* of the armed call */
} plan;

void fault_arm(enum fault_call call, unsigned nth, int error, enum fault_how how, bool on)
{
    plan.armed = true;
    plan.fired = false;
    plan.call = call;
    plan.nth = nth;
    plan.error = error;
    plan.how = how;
    plan.on = on;
    plan.count = 0;
}

bool fault_disarm(void)
{
    plan.armed = false;
    return plan.fired;
}

static bool fails(enum fault_call call)
{
    if (!plan.armed || plan.call != call)
        return false;
    plan.count++;
    if (plan.count < plan.nth || (plan.count > plan.nth && !plan.on))
        return false;
    plan.fired = true;
    return true;
}

/* What an armed write of size bytes returns after `half` of them were (or were not) written. */
static ssize_t half_result(ssize_t half)
{
    if (plan.how == FAULT_HALF)
        return half;
    errno = plan.error;
    return -1;
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t offset)
{
    if (!fails(FAULT_WRITE))
        return (ssize_t)syscall(SYS_pwrite64, fd, bytes, size, offset);
    ssize_t half = 0;
    if (plan.how != FAULT_NOTHING)
        half = (ssize_t)syscall(SYS_pwrite64, fd, bytes, size / 2, offset);
    return half_result(half);
}

ssize_t write(int fd, const void *bytes, size_t size)
{
    if (!fails(FAULT_WRITE))
        return (ssize_t)syscall(SYS_write, fd, bytes, size);
    ssize_t half = 0;
    if (plan.how != FAULT_NOTHING)
        half = (ssize_t)syscall(SYS_write, fd, bytes, size / 2);
    return half_result(half);
}

ssize_t writev(int fd, const struct iovec *parts, int count)
{
    if (!fails(FAULT_WRITE))
        return (ssize_t)syscall(SYS_writev, fd, parts, count);
    ssize_t half = 0;
    if (plan.how != FAULT_NOTHING)
        half = (ssize_t)syscall(SYS_writev, fd, parts, count / 2);
    return half_result(half);
}

static int plain(enum fault_call call, long number, int fd)
{
    if (!fails(call))
        return (int)syscall(number, fd);
    errno = plan.error;
    return -1;
}

int fsync(int fd)
{
    return plain(FAULT_SYNC, SYS_fsync, fd);
}

int fdatasync(int fd)
{
    return plain(FAULT_SYNC, SYS_fdatasync, fd);
}

int posix_fallocate(int fd, off_t offset, off_t size)
{
    if (fails(FAULT_ALLOCATE))
        return plan.error;
    return syscall(SYS_fallocate, fd, 0, offset, size) == 0 ? 0 : errno;
}

int renameat(int from_folder, const char *from, int to_folder, const char *to)
{
    if (!fails(FAULT_RENAME))
        return (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, 0);
    errno = plan.error;
    return -1;
}
