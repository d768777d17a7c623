/*
 * What the disk can do at most: writes of one size, one after another, each followed by a
 * fdatasync, in a file that was allocated before, as a segment of the journal is. Prints "NAME
 * VALUE" lines for tests/bench/run.
 *
 * usage: bench_sync FOLDER SECONDS KIB...
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runtime/clock.h"
#include "tests/bench/latency.h"
#include "tests/bench/world.h"

enum { FILE_BYTES = 512 * 1024 * 1024, WRITE_KIB_MAX = 4096 };

static int make_file(const char *folder)
{
    char path[1024];
    if (snprintf(path, sizeof path, "%s/sync.tmp", folder) >= (int)sizeof path)
        bench_die(folder, "too long");
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0 || posix_fallocate(fd, 0, FILE_BYTES) != 0 || fsync(fd) != 0 || unlink(path) != 0)
        bench_die(path, "cannot be made");
    return fd;
}

/* Until the time is over or the file is full. */
static void measure(int fd, uint32_t kib, uint32_t seconds)
{
    static struct bench_latency latency;
    static char bytes[WRITE_KIB_MAX * 1024];
    size_t size = (size_t)kib * 1024;
    int64_t from_us = dd_clock_mono_us();
    int64_t now_us = from_us;
    memset(&latency, 0, sizeof latency);
    memset(bytes, 0x5a, size);
    for (off_t at = 0; at + (off_t)size <= FILE_BYTES && now_us < from_us + seconds * 1000000LL;
         at += (off_t)size) {
        int64_t before_us = now_us;
        if (pwrite(fd, bytes, size, at) != (ssize_t)size || fdatasync(fd) != 0)
            bench_die("sync", "the disk fails");
        now_us = dd_clock_mono_us();
        bench_latency_add(&latency, now_us - before_us);
    }
    printf("sync_%ukib.per_s %.3f\n", kib,
           (double)latency.count * 1e6 / (double)(now_us - from_us));
    printf("sync_%ukib.p50_us %lld\n", kib, (long long)bench_latency_within_us(&latency, 500));
    printf("sync_%ukib.p99_us %lld\n", kib, (long long)bench_latency_within_us(&latency, 990));
}

int main(int argc, char **argv)
{
    enum { FOLDER = 1, SECONDS, SIZES };
    if (argc <= SIZES)
        bench_die("usage", "bench_sync FOLDER SECONDS KIB...");
    for (int i = SIZES; i < argc; i++) {
        int fd = make_file(argv[FOLDER]);
        measure(fd, bench_number(argv[i], WRITE_KIB_MAX), bench_number(argv[SECONDS], 3600));
        close(fd);
    }
    return 0;
}
