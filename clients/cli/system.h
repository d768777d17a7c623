/*
 * A system of one's own: a dondocd over a data folder as a child process, and the folder that it
 * lives in. Knows nothing of what is done with it.
 */
#ifndef DD_CLIENTS_CLI_SYSTEM_H
#define DD_CLIENTS_CLI_SYSTEM_H

#include <stdbool.h>
#include <sys/types.h>

#include "core/status.h"
#include "ledger/data.h"

enum { DD_SYSTEM_ENDPOINT_BYTES = 256, DD_SYSTEM_START_MS = 30000, DD_SYSTEM_STOP_MS = 30000 };

/* A child that runs; pid 0: none. */
struct dd_system {
    pid_t pid;
    const char *data; /* borrowed */
    char endpoint[DD_SYSTEM_ENDPOINT_BYTES];
};

/*
 * Starts dondocd over a founded data folder (borrowed until it is stopped) with the rehearsal clock
 * at `clock` ("2013-01-11T08:00:00+07:00") and waits until it serves; system->endpoint is then
 * where. It is looked for beside the running program, in DONDOCD, in PATH. What it says goes to
 * DATA/dondocd.log. It never outlives the caller's thread, and a terminal's interrupt does not
 * reach it. DD_NOT_FOUND: no dondocd; DD_TIMEOUT: it does not serve; DD_UNAVAILABLE: it ended;
 * DD_IO; each with *why, and nothing left running.
 */
enum dd_status dd_system_start(const char *data, const char *clock, struct dd_system *system,
                               struct dd_why *why);

/* True while the child runs. */
bool dd_system_runs(struct dd_system *system);

/* Ends it in order and waits; one that does not end is killed. DD_OK; DD_TIMEOUT: it was killed;
 * DD_IO: it ended with a failure, its last lines are in *why. Without a child DD_OK. */
enum dd_status dd_system_stop(struct dd_system *system, struct dd_why *why);

/* DD_OK: the folder is not there, or empty. DD_EXISTS: it holds something, or is no folder; DD_IO;
 * DD_NOT_FOUND: the folder above it is not there; with *why. */
enum dd_status dd_folder_free(const char *path, struct dd_why *why);

/* Removes a folder with all that is in it; what cannot be removed stays. */
void dd_folder_remove(const char *path);

#endif
