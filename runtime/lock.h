/*
 * The lock of a data folder: who holds it owns everything inside. Held by the open file, so that a
 * killed process leaves none behind. Knows nothing of what the folder holds.
 */
#ifndef DD_RUNTIME_LOCK_H
#define DD_RUNTIME_LOCK_H

#include <stdint.h>

#include "core/status.h"

struct dd_lock {
    int fd;
};

/* Takes the lock DIR/lock without waiting and writes the own pid into it. DD_LOCKED: another holds
 * it, *holder_pid is who (0 if unknown; may be NULL); DD_NOT_FOUND: no such folder; DD_TOO_LARGE
 * (path); DD_NO_SPACE; DD_IO. */
enum dd_status dd_lock_take(const char *dir, struct dd_lock *lock, int64_t *holder_pid);

/* Gives the lock back. The file stays: removing it would let two hold it. */
void dd_lock_release(struct dd_lock *lock);

#endif
