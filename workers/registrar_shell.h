/*
 * The registrar's shell: the threads, files and sockets round the state machine of
 * workers/registrar. One thread decides; one syncs the journal, one flushes state, one reads. A
 * failed sync or a broken entry stops it with an error; it never goes on from a state that it
 * cannot trust.
 */
#ifndef DD_WORKERS_REGISTRAR_SHELL_H
#define DD_WORKERS_REGISTRAR_SHELL_H

#include "ledger/data.h"
#include "runtime/keys.h"
#include "runtime/net.h"

struct dd_registrar_options {
    const char *data;               /* the data folder; the caller holds its lock */
    const char *workers_endpoint;   /* the broker's: inproc://..., ipc:// or tcp:// */
    const struct dd_key_pair *keys; /* the registrar's own, for ipc and tcp; else NULL */
    const uint8_t *server_public;   /* the broker's CURVE key, for ipc and tcp; else NULL */
};

struct dd_registrar_shell;

/* Opens journal and state, replays what state lacks, connects. On failure *why says what and where:
 * DD_CORRUPT, DD_FORMAT, DD_NOT_FOUND (no journal), DD_NO_SPACE, DD_IO, DD_NO_MEMORY. */
enum dd_status dd_registrar_shell_open(struct dd_net *net,
                                       const struct dd_registrar_options *options,
                                       struct dd_registrar_shell **out, struct dd_why *why);

/* What the log says of itself: its jurisdiction (borrowed), whether it is a rehearsal's, its last
 * instant. */
const char *dd_registrar_shell_jurisdiction(const struct dd_registrar_shell *shell);
bool dd_registrar_shell_rehearsal(const struct dd_registrar_shell *shell);
int64_t dd_registrar_shell_last_ms(const struct dd_registrar_shell *shell);

/* Says READY to a broker that is bound already, before either runs: so that the first client which
 * knocks finds the key table there (a handshake put off is tried again only seconds later). */
void dd_registrar_shell_greet(struct dd_registrar_shell *shell);

/* Serves until stopped (any thread), then syncs and flushes what is left. DD_OK, or the error that
 * ended it. */
enum dd_status dd_registrar_shell_run(struct dd_registrar_shell *shell);
void dd_registrar_shell_stop(struct dd_registrar_shell *shell);
void dd_registrar_shell_close(struct dd_registrar_shell *shell);

#endif
