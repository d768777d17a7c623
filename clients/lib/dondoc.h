/*
 * The client library of dondoc: hand in commands, ask questions, over one encrypted link. It packs
 * what waits into few messages, keeps several of them on their way, sends again what got no answer
 * with the same command id (so that a command has one effect however often it is sent), and says
 * clearly when it gives up. Knows nothing of what commands mean: that is the server's business.
 *
 *     struct dd_client_options options = {.endpoint = "tcp://dondoc.example:7013",
 *                                         .jurisdiction = "bacgiang",
 *                                         .server_key_file = "server.pub",
 *                                         .key_file = "so-noi-vu.key"};
 *     struct dd_client *client;
 *     if (dd_client_open(&options, &client) == DD_OK) {
 *         dd_client_do(client, &command, &outcome);
 *         dd_client_close(client);
 *     }
 *
 * A client belongs to one thread. It does nothing on its own: messages go out and come in inside
 * dd_client_run and the calls that wait (flush, do, question, clock_advance), and callbacks are
 * called from there and from dd_client_close. A callback may submit and ask, but not call what
 * waits, and not close. Each callback is called exactly once.
 *
 * Order: commands of one client are sent in the order in which they were submitted, and sent again
 * in that order. Where the server puts off one request (BUSY) while a later one is already on its
 * way, the later one may be taken first. Who needs one command to have been taken before another
 * waits for its answer, or sets requests_in_flight_max to 1.
 */
#ifndef DD_CLIENTS_LIB_DONDOC_H
#define DD_CLIENTS_LIB_DONDOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/command.h"
#include "core/question.h"
#include "core/rule.h"
#include "core/status.h"

struct dd_client;
struct dd_key_pair; /* runtime/keys.h */
struct dd_net;      /* runtime/net.h */

enum {
    DD_CLIENT_TIMEOUT_MS = 10000, /* until a command or a question is given up */
    DD_CLIENT_ATTEMPT_MS = 2500,  /* until a request without an answer is sent again */
    DD_CLIENT_QUEUE_MAX = 8192,   /* commands and questions outstanding, */
    DD_CLIENT_QUEUE_BYTES_MAX = 16 * 1024 * 1024,          /* and their bytes */
    DD_CLIENT_ANSWER_ARENA_BYTES = 24 * DD_REPLY_BYTES_MAX /* holds any answer, decoded */
};

/* Everything is borrowed during dd_client_open only, but for net. Zero means the default. */
struct dd_client_options {
    const char *endpoint;     /* "tcp://HOST:PORT", "ipc://PATH", or "inproc://NAME" within net */
    const char *jurisdiction; /* its code */

    /* The server's CURVE key, pinned: 32 bytes, or else its public key file. */
    const uint8_t *server_public;
    const char *server_key_file;

    /* The keys of the account, both secrets needed: loaded, or else their file. */
    const struct dd_key_pair *keys;
    const char *key_file;

    int64_t timeout_ms;              /* DD_CLIENT_TIMEOUT_MS */
    int64_t attempt_ms;              /* DD_CLIENT_ATTEMPT_MS; doubles while nothing comes */
    size_t queue_max;                /* DD_CLIENT_QUEUE_MAX */
    size_t queue_bytes_max;          /* DD_CLIENT_QUEUE_BYTES_MAX */
    uint32_t requests_in_flight_max; /* as many as the server grants, at most DD_CLIENT_CREDIT */
    bool sign_progress;              /* for programmes that want Progress signed too */

    struct dd_net *net; /* shared by many clients, outlives them; NULL: one of its own */

    char *why; /* where to say in words why opening failed, 0-ended; NULL: nowhere */
    size_t why_size;
};

/* What became of a command. */
struct dd_command_outcome {
    struct dd_id id;
    /*
     * DD_OK: accepted. Refused by a rule, for good: DD_FORBIDDEN, DD_STALE, DD_REFUSED. Not taken:
     * another status, of which a retry later makes sense for class DD_CLASS_RETRY. The client sent
     * it again until its time was over; then
     *   DD_TIMEOUT      it was sent and nobody said what became of it: the outcome is unknown, and
     *                   the same command with the same id may be submitted again;
     *   DD_BUSY, DD_READ_ONLY  the server's last word: it was surely not taken;
     *   DD_UNAVAILABLE  it never left: surely not taken.
     * DD_KEY_UNKNOWN: the server refuses this client's key. Not one of the table (see
     * dd_status_known): a newer server's word, final.
     */
    enum dd_status status;
    struct dd_refusal refusal; /* the same status with rule, field and parameters, if there are */
    uint64_t seq;              /* its entry, if accepted or refused by a rule */
    bool remembered;           /* the answer of the first time, again */
    int64_t now_ms;            /* the server's clock when it came in; 0: no answer of the server */
};

/* What became of a question or an act on the clock. */
struct dd_question_outcome {
    /* As a command's, but when given up simply the server's last word, DD_TIMEOUT if it said
     * nothing. DD_FORMAT: an answer that this library cannot read. */
    enum dd_status status;
    struct dd_refusal refusal;
    const struct dd_answer *answer; /* NULL unless DD_OK, and for the clock. Borrowed until the
                                       callback returns, and all that it points to */
    struct dd_slice reply;          /* the reply's bytes, borrowed the same way; may be empty */
    int64_t now_ms;                 /* as above */
};

/*
 * Opens a client; *client is closed by dd_client_close. Connects in the background: DD_OK says
 * nothing of the server. DD_INVALID: an option is missing or wrong, keys without their secrets;
 * DD_NOT_FOUND, DD_FORMAT, DD_TOO_LARGE: a key file, as dd_keys_load; DD_NO_MEMORY; DD_IO.
 */
enum dd_status dd_client_open(const struct dd_client_options *options, struct dd_client **client);

/* Gives up everything outstanding (callbacks are called, see dd_command_outcome), closes the link,
 * wipes the keys. NULL is fine. */
void dd_client_close(struct dd_client *client);

/*
 * Queues a command; it leaves with the next dd_client_run. An id of zeros is replaced, in *command
 * too, by a new UUIDv7: keep it to submit the same command again. Texts are brought into Unicode
 * normal form C (in the bytes sent, not in *command), the bytes signed where the kind needs it.
 * Nothing of *command is kept. `done` (may be NULL) is called with arg and the outcome, which is
 * borrowed until it returns.
 *
 * Anything but DD_OK: not queued, `done` is not called. DD_BUSY: the queue is full, run first;
 * DD_TOO_LARGE: more than DD_COMMAND_BYTES_MAX; DD_INVALID: a kind that only the server makes, or a
 * text that is not UTF-8 or holds a NUL; DD_KEY_UNKNOWN: the server refused this client's key;
 * DD_NO_MEMORY; DD_IO: the socket failed before.
 */
enum dd_status dd_client_submit(struct dd_client *client, struct dd_command *command,
                                void (*done)(void *arg, const struct dd_command_outcome *outcome),
                                void *arg);

/*
 * Queues a question. A min_seq of 0 is replaced by dd_client_last_seq, so that you read what you
 * wrote. Nothing of *question is kept. Failures as dd_client_submit's; DD_TOO_LARGE: more than a
 * request may hold.
 */
enum dd_status dd_client_ask(struct dd_client *client, const struct dd_question *question,
                             void (*done)(void *arg, const struct dd_question_outcome *outcome),
                             void *arg);

/*
 * Sends, receives and calls callbacks until something completes. DD_OK: something did, or nothing
 * is outstanding; DD_TIMEOUT: timeout_ms passed first (0: looks once, -1: no limit but that of what
 * is outstanding); DD_KEY_UNKNOWN or DD_IO: the link is of no use any more and everything
 * outstanding was completed with that status.
 */
enum dd_status dd_client_run(struct dd_client *client, int64_t timeout_ms);

/* Runs until nothing is outstanding, which takes at most the time after which each is given up.
 * DD_OK whatever the outcomes; DD_KEY_UNKNOWN, DD_IO as above. */
enum dd_status dd_client_flush(struct dd_client *client);

/* Submits a command and waits for its outcome. Returns outcome->status, which also says what
 * dd_client_submit would have returned. *outcome is always filled. Others may complete meanwhile.
 */
enum dd_status dd_client_do(struct dd_client *client, struct dd_command *command,
                            struct dd_command_outcome *outcome);

/*
 * Asks and waits. DD_OK: *answer lies in the caller's arena, whose limit should be
 * DD_CLIENT_ANSWER_ARENA_BYTES; it takes no more than an answer needs. Else the status of the
 * outcome or of dd_client_ask, DD_NO_MEMORY if the arena is too small, with *refusal saying the
 * same; *answer is then not to be used. A long answer comes in pages: see dd_client_next_page.
 */
enum dd_status dd_client_question(struct dd_client *client, const struct dd_question *question,
                                  struct dd_arena *arena, struct dd_answer *answer,
                                  struct dd_refusal *refusal);

/* Makes of a question the question for the page after `answer`; false if that was the last. The
 * question then borrows from the answer. Each page says in its seq which state it was read from. */
bool dd_client_next_page(const struct dd_answer *answer, struct dd_question *question);

/*
 * Moves a rehearsal's clock to an instant (ms of UTC) and waits until all that is due by then is
 * done. It does not wait for commands that are outstanding: flush first. DD_OK; DD_REFUSED (not a
 * rehearsal, or backwards), DD_FORBIDDEN, and otherwise as dd_client_question. After DD_TIMEOUT it
 * may be called again with the same instant.
 */
enum dd_status dd_client_clock_advance(struct dd_client *client, int64_t to_ms,
                                       struct dd_refusal *refusal);

/* Commands and questions that have not completed. */
size_t dd_client_pending(const struct dd_client *client);

/* The highest position in the log that any answer named; 0: none yet. */
uint64_t dd_client_last_seq(const struct dd_client *client);

/* The server's clock (ms of UTC) when it took in what it answered last: the one that decides, which
 * in a rehearsal is not the world's. 0: it has not answered yet. */
int64_t dd_client_now_ms(const struct dd_client *client);

/* How the link stands: DD_OK, DD_UNAVAILABLE (trying), DD_KEY_UNKNOWN or DD_IO (given up). As of
 * the last run. */
enum dd_status dd_client_link(const struct dd_client *client);

#endif
