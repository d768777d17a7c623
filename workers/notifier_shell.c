/* The notifier's thread. See workers/notifier_shell.h. */
#include "workers/notifier_shell.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "core/invariant.h"
#include "core/text.h"
#include "runtime/clock.h"
#include "runtime/keys.h"
#include "runtime/log.h"
#include "runtime/random.h"
#include "runtime/task.h"
#include "workers/deliver_folder.h"
#include "workers/notifier_job.h"

enum {
    PATH_BYTES = 4096,
    RECEIVES_AT_ONCE = 16,
    STARTS_AT_ONCE = 4,   /* the machine asks for at most one thing and then waits */
    RECONNECT_MS = 10000, /* after the server refused the key for good */
    LOG_LINES_PER_MINUTE = 6
};

/* What the second thread is lent. */
struct work {
    struct dd_notifier_job *job;
    struct dd_notifier_desk desk;
};

struct dd_notifier_shell {
    struct dd_net *net;
    struct dd_socket *socket;
    struct dd_link_options link;
    char endpoint[DD_ENDPOINT_BYTES];
    uint8_t curve_server[DD_CURVE_KEY_BYTES];
    struct dd_key_pair keys; /* kept to connect anew */
    char jurisdiction[DD_CODE_BYTES_MAX + 1];
    struct dd_outbox *outbox;
    struct dd_deliver_folder *folder;
    struct work work;
    struct dd_notifier_machine *machine;
    struct dd_task *task;
    int stop_fd;
    bool stopped;
    enum dd_status failed;
    int64_t reconnect_ms; /* when to open a new socket; 0: no reason to */
    struct dd_log_limit limit;
};

/* ---- open and close ---- */

static enum dd_status put_letter(void *self, const struct dd_letter *letter)
{
    return dd_deliver_folder_put(self, letter);
}

static enum dd_status sync_letters(void *self)
{
    return dd_deliver_folder_sync(self);
}

static const uint8_t *keep_key(uint8_t kept[DD_CURVE_KEY_BYTES], const uint8_t *key)
{
    if (!key)
        return NULL;
    memcpy(kept, key, DD_CURVE_KEY_BYTES);
    return kept;
}

static enum dd_status keep_options(struct dd_notifier_shell *shell,
                                   const struct dd_notifier_options *options)
{
    if (!dd_text_code_ok(dd_slice_of(options->jurisdiction)) ||
        strlen(options->endpoint) >= sizeof shell->endpoint)
        return DD_INVALID;
    memcpy(shell->jurisdiction, options->jurisdiction, strlen(options->jurisdiction) + 1);
    memcpy(shell->endpoint, options->endpoint, strlen(options->endpoint) + 1);
    shell->work.desk.language = options->language;
    shell->link.endpoint = shell->endpoint;
    shell->link.curve_server = keep_key(shell->curve_server, options->curve_server);
    shell->link.curve_public = keep_key(shell->keys.curve_public, options->curve_public);
    shell->link.curve_secret = keep_key(shell->keys.curve_secret, options->curve_secret);
    return DD_OK;
}

static enum dd_status path_in(const char *data, const char *name, char out[PATH_BYTES])
{
    int length = snprintf(out, PATH_BYTES, "%s/%s", data, name);
    return length < 0 || length >= PATH_BYTES ? DD_TOO_LARGE : DD_OK;
}

static enum dd_status open_desk(struct dd_notifier_shell *shell,
                                const struct dd_notifier_options *options)
{
    char outbox[PATH_BYTES];
    char reminders[PATH_BYTES];
    enum dd_status status = path_in(options->data, "outbox", outbox);
    if (status == DD_OK)
        status = path_in(options->data, "reminders", reminders);
    if (status == DD_OK)
        status = dd_outbox_open(outbox, &shell->outbox);
    if (status == DD_OK)
        status = dd_deliver_folder_open(reminders, &shell->folder);
    shell->work.desk.outbox = shell->outbox;
    shell->work.desk.delivery =
        (struct dd_delivery){.self = shell->folder, .put = put_letter, .sync = sync_letters};
    shell->work.desk.jurisdiction = dd_slice_of(shell->jurisdiction);
    return status;
}

static enum dd_status open_machine(struct dd_notifier_shell *shell)
{
    struct dd_outbox_standing standing;
    uint64_t seed;
    dd_random_bytes(&seed, sizeof seed);
    dd_outbox_stands(shell->outbox, &standing);
    enum dd_status status = dd_notifier_machine_make(dd_slice_of(shell->jurisdiction), seed,
                                                     &standing, &shell->machine);
    if (status == DD_OK)
        status = dd_task_open("outbox", &shell->task);
    if (status == DD_OK && (shell->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) < 0)
        status = DD_IO;
    return status;
}

enum dd_status dd_notifier_open(struct dd_net *net, const struct dd_notifier_options *options,
                                struct dd_notifier_shell **out)
{
    struct dd_notifier_shell *shell = calloc(1, sizeof *shell);
    *out = NULL;
    if (!shell)
        return DD_NO_MEMORY;
    shell->net = net;
    shell->stop_fd = -1;
    enum dd_status status = keep_options(shell, options);
    if (status == DD_OK)
        status = open_desk(shell, options);
    if (status == DD_OK)
        status = open_machine(shell);
    if (status == DD_OK)
        status = dd_net_client(net, &shell->link, &shell->socket);
    if (status == DD_OK)
        *out = shell;
    else
        dd_notifier_close(shell);
    return status;
}

void dd_notifier_close(struct dd_notifier_shell *shell)
{
    if (!shell)
        return;
    dd_task_close(shell->task); /* first: its job uses the machine's lines and the outbox */
    dd_net_socket_close(shell->socket);
    dd_notifier_machine_free(shell->machine);
    dd_deliver_folder_close(shell->folder);
    dd_outbox_close(shell->outbox);
    if (shell->stop_fd >= 0)
        (void)close(shell->stop_fd);
    dd_keys_wipe(&shell->keys);
    free(shell);
}

/* ---- the operator's lines ---- */

static bool may_log(struct dd_notifier_shell *shell, int64_t now_ms)
{
    uint64_t suppressed;
    return dd_log_limit_pass(&shell->limit, now_ms, LOG_LINES_PER_MINUTE, &suppressed);
}

static void log_refusal(struct dd_notifier_shell *shell, const struct dd_refusal *refusal,
                        int64_t now_ms)
{
    if (refusal->status == DD_OK || !may_log(shell, now_ms))
        return;
    dd_log(DD_LOG_WARN, "the notifier was told no; it tries again", "status",
           dd_status_key(refusal->status), "rule", dd_rule_key(refusal->rule), "field",
           refusal->field, NULL);
}

static void log_job(struct dd_notifier_shell *shell, const struct dd_notifier_job *job,
                    int64_t now_ms)
{
    if (job->status == DD_OK && job->delivery_status == DD_OK)
        return;
    if (job->status != DD_OK && may_log(shell, now_ms))
        dd_log(DD_LOG_ERROR, "the outbox cannot be written", "status", dd_status_key(job->status),
               NULL);
    if (job->delivery_status != DD_OK && may_log(shell, now_ms))
        dd_log(DD_LOG_WARN, "reminders cannot be delivered; they wait", "status",
               dd_status_key(job->delivery_status), NULL);
}

/* ---- one round ---- */

static enum dd_status run_job(void *arg)
{
    const struct work *work = arg;
    dd_notifier_job_do(work->job, &work->desk);
    return DD_OK;
}

static void on_job_done(struct dd_notifier_shell *shell)
{
    enum dd_status result;
    void *arg;
    if (!dd_task_fetch(shell->task, &result, &arg))
        return;
    int64_t now_ms = dd_clock_mono_ms();
    log_job(shell, shell->work.job, now_ms);
    dd_notifier_machine_done(shell->machine, now_ms);
}

static enum dd_status receive(struct dd_notifier_shell *shell)
{
    for (int i = 0; i < RECEIVES_AT_ONCE; i++) {
        struct dd_message message = {0};
        enum dd_status status = dd_net_receive(shell->socket, &message);
        if (status == DD_NOT_FOUND)
            return DD_OK;
        if (status != DD_OK && status != DD_NO_MEMORY)
            return status;
        if (status == DD_OK && message.kept_count == message.frame_count)
            dd_notifier_machine_receive(shell->machine, message.frame, message.frame_count,
                                        dd_clock_mono_ms());
        dd_message_free(&message);
    }
    return DD_OK;
}

/* Lets the machine start what it can; when to look again. */
static int64_t start(struct dd_notifier_shell *shell)
{
    struct dd_notifier_output out = {.wake_ms = INT64_MAX};
    for (int i = 0; i < STARTS_AT_ONCE; i++) {
        int64_t now_ms = dd_clock_mono_ms();
        dd_notifier_machine_tick(shell->machine, now_ms, &out);
        log_refusal(shell, &out.refused, now_ms);
        if (out.failed != DD_OK) {
            shell->failed = out.failed;
            break;
        }
        if (out.frame_count > 0 && dd_net_send(shell->socket, out.frame, out.frame_count) != DD_OK)
            dd_notifier_machine_unsent(shell->machine, now_ms);
        if (out.job) {
            shell->work.job = out.job;
            dd_task_submit(shell->task, run_job, &shell->work);
        }
        if (out.frame_count == 0 && !out.job)
            break;
    }
    return out.wake_ms;
}

/* A socket whose key was refused for good does not try again: a new one does, in case the account
 * gets its key later. */
static enum dd_status mind_link(struct dd_notifier_shell *shell)
{
    int64_t now_ms = dd_clock_mono_ms();
    if (dd_net_client_status(shell->socket) != DD_KEY_UNKNOWN)
        return DD_OK;
    if (shell->reconnect_ms == 0) {
        dd_log(DD_LOG_WARN, "the broker does not know the notifier's key", "status",
               dd_status_key(DD_KEY_UNKNOWN), NULL);
        shell->reconnect_ms = now_ms + RECONNECT_MS;
    }
    if (now_ms < shell->reconnect_ms)
        return DD_OK;
    shell->reconnect_ms = 0;
    dd_net_socket_close(shell->socket);
    shell->socket = NULL;
    return dd_net_client(shell->net, &shell->link, &shell->socket);
}

static int64_t time_left(int64_t wake_ms)
{
    int64_t left_ms = wake_ms == INT64_MAX ? RECONNECT_MS : wake_ms - dd_clock_mono_ms();
    if (left_ms < 0)
        left_ms = 0;
    return left_ms < RECONNECT_MS ? left_ms : RECONNECT_MS;
}

static enum dd_status run_round(struct dd_notifier_shell *shell)
{
    enum dd_status status = mind_link(shell);
    if (status != DD_OK)
        return status;
    int64_t wake_ms = start(shell);
    if (shell->failed != DD_OK)
        return shell->failed;
    struct dd_poll_item items[] = {
        {.socket = shell->socket}, {.fd = dd_task_fd(shell->task)}, {.fd = shell->stop_fd}};
    status = dd_net_poll(items, sizeof items / sizeof items[0], time_left(wake_ms));
    if (status == DD_OK && items[0].ready)
        status = receive(shell);
    if (status == DD_OK && items[1].ready)
        on_job_done(shell);
    shell->stopped = items[2].ready;
    return status;
}

enum dd_status dd_notifier_run(struct dd_notifier_shell *shell)
{
    enum dd_status status = DD_OK;
    while (status == DD_OK && !shell->stopped)
        status = run_round(shell);
    return status;
}

void dd_notifier_stop(struct dd_notifier_shell *shell)
{
    const uint64_t one = 1;
    ssize_t written = write(shell->stop_fd, &one, sizeof one);
    DD_ASSERT(written == (ssize_t)sizeof one || errno == EAGAIN); /* EAGAIN: stopped long since */
}
