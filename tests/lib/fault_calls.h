/*
 * System calls that fail when a test says so. A test program that uses any of these functions gets
 * its own write, pwrite, writev, fsync, fdatasync, posix_fallocate and renameat, also inside
 * liblmdb: they do what the system's do until one is armed. Counts the calls of the whole process;
 * for tests with one thread.
 */
#ifndef DD_TESTS_LIB_FAULT_CALLS_H
#define DD_TESTS_LIB_FAULT_CALLS_H

#include <stdbool.h>

enum fault_call {
    FAULT_WRITE, /* write, pwrite, writev */
    FAULT_SYNC,  /* fsync, fdatasync */
    FAULT_ALLOCATE,
    FAULT_RENAME
};

/* What an armed call does. */
enum fault_how {
    FAULT_NOTHING, /* does nothing and fails */
    FAULT_HALF,    /* a write: writes half and says so; everything else as FAULT_NOTHING */
    FAULT_TORN     /* a write: writes half and fails; everything else as FAULT_NOTHING */
};

/* Counts from 0 again; the nth call (1 is the next) fails with the errno, and with `on` all after
 * it. */
void fault_arm(enum fault_call call, unsigned nth, int error, enum fault_how how, bool on);

/* Nothing fails any more. True if the armed call came. */
bool fault_disarm(void);

#endif
