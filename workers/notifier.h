/*
 * The notifier, pure: follows the reminders in the order of the log, gathers them into digests, has
 * those delivered and tells the log what was told. What a stage is called its cycle says, once: a
 * cycle keeps its programme. Frames, time and the results of its jobs go in;
 * frames to send, one job at a time and the time of the next look come out. Opens no socket, reads
 * no clock, writes no file: workers/notifier_job does the jobs, workers/notifier_shell the rest.
 *
 * It is a client like any other: one question or command in flight, asked again with a new request
 * id when no answer comes. A command Reminded has an id made of what it says (and, after a refusal,
 * of how often), so that sending it again, also after a crash, has one effect.
 */
#ifndef DD_WORKERS_NOTIFIER_H
#define DD_WORKERS_NOTIFIER_H

#include "core/rule.h"
#include "workers/outbox.h"

enum {
    DD_NOTIFIER_POLL_MS = 500,
    DD_NOTIFIER_QUIET_MS = 1500,  /* no reminder for so long: a day's digests are complete. Longer
                                     than state may be behind the log */
    DD_NOTIFIER_ANSWER_MS = 5000, /* silence for so long: ask again */
    DD_NOTIFIER_NAMES_MS = 60000, /* how old the names of units may be in a new line */
    DD_NOTIFIER_FRAMES = 4,
    DD_NOTIFIER_ARENA_BYTES = 128 * 1024 * 1024, /* a page and its decoding, twice at most */
    DD_NOTIFIER_NAMES_BYTES = 64 * 1024 * 1024,  /* beyond it lines have codes for names */
    DD_NOTIFIER_STAGES_BYTES = 16 * 1024 * 1024  /* beyond it names of stages are asked for anew */
};

/* How long it waits after a "no", doubling up to the second. */
enum {
    DD_NOTIFIER_RETRY_MS = 100, /* the world: busy, read only, full disk, no link */
    DD_NOTIFIER_RETRY_MS_MAX = 10000,
    DD_NOTIFIER_DENIED_MS = 5000, /* a question that may not be asked */
    DD_NOTIFIER_DENIED_MS_MAX = 60000,
    DD_NOTIFIER_REFUSED_MS =
        60000, /* a command that was refused: each try is an entry of the log */
    DD_NOTIFIER_REFUSED_MS_MAX = 3600000
};

enum dd_notifier_job_kind {
    DD_NOTIFIER_GATHER,  /* dd_outbox_gather(lines, next, seal_all) */
    DD_NOTIFIER_DELIVER, /* deliver some of the queued digests */
    DD_NOTIFIER_REPORT   /* dd_outbox_report(how) */
};

/* What is to be done where waiting is allowed. Lent to whoever does it until
 * dd_notifier_machine_done. */
struct dd_notifier_job {
    enum dd_notifier_job_kind kind;
    const struct dd_digest_line *lines;
    size_t line_count;
    struct dd_reminder_ref next;
    bool seal_all;
    enum dd_outbox_report how;
    /* filled by who does it */
    enum dd_status status;          /* of the outbox */
    enum dd_status delivery_status; /* of the first delivery that failed */
    size_t delivered;
    struct dd_outbox_standing standing;
    struct dd_outbox_batch batch;
};

/* What is to be done now. Borrowed from the notifier until its next call. */
struct dd_notifier_output {
    struct dd_slice frame[DD_NOTIFIER_FRAMES]; /* to send, if frame_count > 0 */
    size_t frame_count;
    struct dd_notifier_job *job; /* to start, if not NULL */
    int64_t wake_ms;           /* when to call again at the latest; INT64_MAX: on the next input */
    struct dd_refusal refused; /* a new "no", for the operator; status DD_OK: none */
    enum dd_status failed;     /* not DD_OK: the outbox cannot be trusted any more; stop */
};

struct dd_notifier_machine;

/* Makes a notifier that goes on where the outbox stands. `seed` tells the request ids of two runs
 * apart. The jurisdiction (a code) is copied. DD_NO_MEMORY. */
enum dd_status dd_notifier_machine_make(struct dd_slice jurisdiction, uint64_t seed,
                                        const struct dd_outbox_standing *standing,
                                        struct dd_notifier_machine **out);

/* No job may be lent out. NULL is fine. */
void dd_notifier_machine_free(struct dd_notifier_machine *notifier);

/* Time has come to now_ms (of a clock that never goes back); *out says what to do. To be called
 * again, until it asks for nothing, after it asked for something and after each input. */
void dd_notifier_machine_tick(struct dd_notifier_machine *notifier, int64_t now_ms,
                              struct dd_notifier_output *out);

/* A message came: its frames without a routing id, borrowed during the call. Anything that is not
 * the answer that is waited for is passed over. */
void dd_notifier_machine_receive(struct dd_notifier_machine *notifier,
                                 const struct dd_slice *frames, size_t count, int64_t now_ms);

/* The frames of the last tick could not be sent. */
void dd_notifier_machine_unsent(struct dd_notifier_machine *notifier, int64_t now_ms);

/* The job of an earlier tick is done; its results are filled in. */
void dd_notifier_machine_done(struct dd_notifier_machine *notifier, int64_t now_ms);

/* True if it has nothing in flight and nothing that it knows of to deliver or to report. */
bool dd_notifier_machine_idle(const struct dd_notifier_machine *notifier);

/* The command id of a batch: a hash of its refs and, if not 0, its attempt. */
struct dd_id dd_notifier_command_id(const struct dd_outbox_batch *batch);

#endif
