/*
 * The notifier as a thread: the pure machine (workers/notifier.h) between a socket, a clock, and a
 * second thread that does its jobs, so that the socket never waits for a disk. Logs what goes
 * wrong. Knows nothing of what is said or delivered.
 */
#ifndef DD_WORKERS_NOTIFIER_SHELL_H
#define DD_WORKERS_NOTIFIER_SHELL_H

#include "core/status.h"
#include "runtime/net.h"
#include "workers/digest_text.h"

/* Everything is borrowed during open only. Keys are 32 bytes, and not needed for inproc. */
struct dd_notifier_options {
    const char *endpoint; /* the broker's, for clients */
    const uint8_t *curve_server;
    const uint8_t *curve_public; /* of the notifier's account */
    const uint8_t *curve_secret;
    const char *jurisdiction; /* a code */
    const char *data;         /* the folder that outbox/ and reminders/ lie in; it must be there */
    enum dd_language language;
};

struct dd_notifier_shell;

/*
 * Opens the outbox and connects; nothing moves before run. The lock of the data folder is the
 * caller's business. *out belongs to the caller until close, NULL after a failure: DD_INVALID (the
 * jurisdiction, the endpoint, missing keys), DD_TOO_LARGE (path), DD_FORMAT or
 * DD_CORRUPT (the outbox), DD_NO_SPACE, DD_IO, DD_NO_MEMORY.
 */
enum dd_status dd_notifier_open(struct dd_net *net, const struct dd_notifier_options *options,
                                struct dd_notifier_shell **out);

/* Follows, delivers and reports in the calling thread until stopped: DD_OK. DD_IO or DD_CORRUPT:
 * the outbox or the polling failed; the process is to stop. */
enum dd_status dd_notifier_run(struct dd_notifier_shell *shell);

/* Makes run return, after the job that is being done. Any thread, any time between open and close.
 */
void dd_notifier_stop(struct dd_notifier_shell *shell);

/* Not while run runs. NULL is fine. */
void dd_notifier_close(struct dd_notifier_shell *shell);

#endif
