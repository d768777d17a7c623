/* The registrar's shell. See workers/registrar_shell.h. */
#include "workers/registrar_shell.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "runtime/clock.h"
#include "runtime/log.h"
#include "runtime/loop.h"
#include "runtime/task.h"
#include "storage/journal_file.h"
#include "workers/registrar.h"

enum { GREET_MS_MAX = 2000, CLOSING_MS_MAX = 30000, READER_CHECK_MS = 10000, UNSENT_MAX = 65536 };

/* A message that the broker's queue had no room for. */
struct unsent {
    struct unsent *next;
    size_t header_size;
    size_t body_size;
    uint8_t bytes[];
};

struct dd_registrar_shell {
    struct dd_journal journal;
    struct dd_journal_reader recovery;
    struct dd_journal_reader reading;
    struct dd_state *state;
    struct dd_ledger *ledger;
    struct dd_registrar *registrar;
    struct dd_reader_desk *reader;
    struct dd_socket *socket;
    struct dd_loop *loop;
    struct dd_task *sync_task;
    struct dd_task *flush_task;
    struct dd_task *read_task;
    struct dd_batch batch;
    bool reserve_only;
    enum dd_status append_status;
    enum dd_status reserve_status;
    struct dd_reading *reading_now;
    struct unsent *unsent;
    struct unsent **unsent_last;
    size_t unsent_count;
    int64_t last_reader_check_ms;
    char jurisdiction[DD_CODE_BYTES_MAX + 1];
    bool rehearsal;
    int64_t last_ms;
};

/* --- jobs, each on its own thread ---------------------------------------------------------- */

static enum dd_status reserve_ahead(struct dd_registrar_shell *shell)
{
    return dd_journal_reserve(&shell->journal, 2 * DD_BATCH_ENTRIES_MAX, 2 * DD_BATCH_BYTES_MAX);
}

static enum dd_status sync_job(void *arg)
{
    struct dd_registrar_shell *shell = arg;
    shell->append_status = DD_OK;
    if (!shell->reserve_only)
        shell->append_status = dd_journal_append(&shell->journal, shell->batch.first_seq,
                                                 shell->batch.entries, shell->batch.count);
    shell->reserve_status = shell->append_status == DD_OK ? reserve_ahead(shell) : DD_IO;
    return shell->append_status;
}

static enum dd_status flush_job(void *arg)
{
    struct dd_registrar_shell *shell = arg;
    return dd_state_flush(shell->state);
}

static enum dd_status read_job(void *arg)
{
    struct dd_registrar_shell *shell = arg;
    return dd_reader_answer(shell->reader, shell->reading_now);
}

static void on_synced(void *self)
{
    struct dd_registrar_shell *shell = self;
    enum dd_status status;
    if (!dd_task_fetch(shell->sync_task, &status, NULL))
        return;
    if (shell->reserve_only)
        dd_registrar_reserved(shell->registrar, shell->reserve_status);
    else
        dd_registrar_synced(shell->registrar, shell->append_status, shell->reserve_status);
}

static void on_flushed(void *self)
{
    struct dd_registrar_shell *shell = self;
    enum dd_status status;
    if (dd_task_fetch(shell->flush_task, &status, NULL))
        dd_registrar_flushed(shell->registrar, status);
}

static void on_read(void *self)
{
    struct dd_registrar_shell *shell = self;
    enum dd_status status;
    if (dd_task_fetch(shell->read_task, &status, NULL))
        dd_registrar_read(shell->registrar, status);
}

/* --- ports --------------------------------------------------------------------------------- */

static void keep_unsent(struct dd_registrar_shell *shell, const struct dd_slice frames[3])
{
    if (shell->unsent_count >= UNSENT_MAX)
        return; /* the broker's own limits keep requests below this; the client asks again */
    struct unsent *item = malloc(sizeof *item + frames[1].size + frames[2].size);
    if (!item)
        return;
    item->next = NULL;
    item->header_size = frames[1].size;
    item->body_size = frames[2].size;
    memcpy(item->bytes, frames[1].data, frames[1].size);
    if (frames[2].size > 0)
        memcpy(item->bytes + frames[1].size, frames[2].data, frames[2].size);
    *shell->unsent_last = item;
    shell->unsent_last = &item->next;
    shell->unsent_count++;
}

static void send_unsent(struct dd_registrar_shell *shell)
{
    while (shell->unsent) {
        struct unsent *item = shell->unsent;
        struct dd_slice frames[DD_WORKER_FRAMES] = {
            dd_slice_of("DDW01"),
            {item->bytes, item->header_size},
            {item->bytes + item->header_size, item->body_size}};
        if (dd_net_send(shell->socket, frames, DD_WORKER_FRAMES) == DD_BUSY)
            return;
        shell->unsent = item->next;
        if (!shell->unsent)
            shell->unsent_last = &shell->unsent;
        shell->unsent_count--;
        free(item);
    }
}

static void port_send(void *self, const struct dd_worker_message *message)
{
    struct dd_registrar_shell *shell = self;
    uint8_t header[DD_WORKER_HEADER_BYTES_MAX];
    struct dd_slice frames[DD_WORKER_FRAMES];
    bool chatter = message->kind == DD_WORKER_HEARTBEAT || message->kind == DD_WORKER_READY;
    dd_worker_encode(message, header, frames);
    if (shell->unsent && !chatter) {
        keep_unsent(shell, frames);
        return;
    }
    if (dd_net_send(shell->socket, frames, DD_WORKER_FRAMES) == DD_BUSY && !chatter)
        keep_unsent(shell, frames);
}

static void port_sync(void *self, const struct dd_batch *batch)
{
    struct dd_registrar_shell *shell = self;
    shell->batch = *batch;
    shell->reserve_only = false;
    dd_task_submit(shell->sync_task, sync_job, shell);
}

static void port_reserve(void *self)
{
    struct dd_registrar_shell *shell = self;
    shell->reserve_only = true;
    dd_task_submit(shell->sync_task, sync_job, shell);
}

static void port_flush(void *self)
{
    struct dd_registrar_shell *shell = self;
    dd_task_submit(shell->flush_task, flush_job, shell);
}

static void port_read(void *self, struct dd_reading *reading)
{
    struct dd_registrar_shell *shell = self;
    shell->reading_now = reading;
    dd_task_submit(shell->read_task, read_job, shell);
}

static void port_security(void *self, enum dd_status status, uint32_t account)
{
    (void)self;
    dd_log_security("registrar", "command not allowed", "status", dd_status_key(status), "account",
                    dd_log_number(account).text, NULL);
}

/* --- the loop ------------------------------------------------------------------------------ */

static void on_message(void *self, struct dd_message *message)
{
    struct dd_registrar_shell *shell = self;
    if (message->frame_count == message->kept_count)
        dd_registrar_message(shell->registrar, message->frame, message->kept_count,
                             dd_clock_mono_ms());
}

static int64_t on_tick(void *self, int64_t now_ms)
{
    struct dd_registrar_shell *shell = self;
    send_unsent(shell);
    int64_t next_ms = dd_registrar_tick(shell->registrar, now_ms);
    if (dd_registrar_error(shell->registrar) != DD_OK)
        dd_loop_stop(shell->loop);
    if (now_ms - shell->last_reader_check_ms >= READER_CHECK_MS) {
        (void)dd_state_reader_check(shell->state);
        shell->last_reader_check_ms = now_ms;
    }
    return shell->unsent && now_ms + 5 < next_ms ? now_ms + 5 : next_ms;
}

/* --- opening ------------------------------------------------------------------------------- */

static enum dd_status fail(struct dd_why *why, enum dd_status status, const char *path,
                           const char *what)
{
    snprintf(why->text, sizeof why->text, "%.300s: %.180s", path, what);
    return status;
}

static enum dd_status open_journal(struct dd_registrar_shell *shell, const char *data,
                                   struct dd_why *why)
{
    struct dd_journal_file_report report = {0, 0};
    char path[DD_PATH_BYTES];
    char what[160];
    struct stat found;
    if (!dd_data_path(data, "journal", path))
        return fail(why, DD_INVALID, data, "the path is too long");
    if (stat(path, &found) != 0)
        return fail(why, DD_NOT_FOUND, path,
                    "there is no journal; make a data folder with `dondoc init`");
    enum dd_status status = dd_journal_file_open(path, 0, &shell->journal, &report);
    if (status != DD_OK) {
        snprintf(what, sizeof what, "%s (entry %llu)", dd_status_english(status),
                 (unsigned long long)report.fault_seq);
        return fail(why, status, path, what);
    }
    if (report.cut_bytes > 0)
        dd_log(DD_LOG_WARN, "cut the torn end of a batch that was never answered", "bytes",
               dd_log_number((int64_t)report.cut_bytes).text, NULL);
    status = reserve_ahead(shell);
    if (status != DD_OK && status != DD_NO_SPACE)
        return fail(why, status, path, dd_status_english(status));
    status = dd_journal_reader(&shell->journal, &shell->recovery);
    if (status == DD_OK)
        status = dd_journal_reader(&shell->journal, &shell->reading);
    return status == DD_OK ? DD_OK : fail(why, status, path, dd_status_english(status));
}

/* State that another format wrote, or that is damaged, is only a copy: it is made again. */
static enum dd_status open_state(struct dd_registrar_shell *shell, const char *path,
                                 struct dd_why *why)
{
    enum dd_status status = dd_state_open(path, 0, &shell->state);
    if (status == DD_FORMAT || status == DD_CORRUPT) {
        dd_log(DD_LOG_WARN, "state is made again from the journal", "why", dd_status_key(status),
               NULL);
        status = dd_state_wipe(path);
        if (status == DD_OK)
            status = dd_state_open(path, 0, &shell->state);
    }
    return status == DD_OK ? DD_OK : fail(why, status, path, dd_status_english(status));
}

static enum dd_status open_ledger(struct dd_registrar_shell *shell, const char *data,
                                  struct dd_why *why)
{
    char path[DD_PATH_BYTES];
    struct dd_meta_row meta;
    if (!dd_data_path(data, "state", path))
        return fail(why, DD_INVALID, data, "the path is too long");
    enum dd_status status = open_state(shell, path, why);
    if (status != DD_OK)
        return status;
    uint64_t tail = dd_journal_tail(&shell->journal);
    status = dd_ledger_open(shell->state, &shell->recovery, tail, &shell->ledger);
    if (status != DD_OK)
        return fail(why, status, path,
                    status == DD_CORRUPT
                        ? "the journal does not hold what state and its own entries"
                          " say; restore the journal from a copy"
                        : dd_status_english(status));
    if (!dd_get_meta(dd_ledger_view(shell->ledger), &meta))
        return fail(why, DD_FORMAT, path, "the journal has no genesis");
    dd_slice_text(meta.jurisdiction, shell->jurisdiction, sizeof shell->jurisdiction);
    shell->rehearsal = meta.rehearsal;
    shell->last_ms = dd_ledger_last_ms(shell->ledger);
    return DD_OK;
}

static enum dd_status open_threads(struct dd_registrar_shell *shell)
{
    enum dd_status status = dd_reader_open(shell->state, &shell->reading, &shell->reader);
    if (status == DD_OK)
        status = dd_task_open("dd-sync", &shell->sync_task);
    if (status == DD_OK)
        status = dd_task_open("dd-flush", &shell->flush_task);
    if (status == DD_OK)
        status = dd_task_open("dd-read", &shell->read_task);
    return status;
}

static enum dd_status open_socket(struct dd_registrar_shell *shell, struct dd_net *net,
                                  const struct dd_registrar_options *options, struct dd_why *why)
{
    struct dd_link_options link = {.endpoint = options->workers_endpoint,
                                   .curve_server = options->server_public,
                                   .send_queue = 10000,
                                   .receive_queue = 10000};
    if (options->keys) {
        link.curve_public = options->keys->curve_public;
        link.curve_secret = options->keys->curve_secret;
    }
    enum dd_status status = dd_net_client(net, &link, &shell->socket);
    if (status != DD_OK)
        return fail(why, status, options->workers_endpoint, dd_net_error());
    return DD_OK;
}

static enum dd_status open_loop(struct dd_registrar_shell *shell)
{
    struct dd_registrar_ports ports = {shell,      port_send, port_sync,    port_reserve,
                                       port_flush, port_read, port_security};
    enum dd_status status = dd_registrar_open(shell->ledger, shell->state, &ports,
                                              dd_clock_mono_ms(), &shell->registrar);
    if (status == DD_OK)
        status = dd_loop_open(&shell->loop);
    if (status != DD_OK)
        return status;
    dd_loop_add_socket(shell->loop, shell->socket, on_message, shell);
    dd_loop_add_fd(shell->loop, dd_task_fd(shell->sync_task), on_synced, shell);
    dd_loop_add_fd(shell->loop, dd_task_fd(shell->flush_task), on_flushed, shell);
    dd_loop_add_fd(shell->loop, dd_task_fd(shell->read_task), on_read, shell);
    dd_loop_set_tick(shell->loop, on_tick, shell);
    return DD_OK;
}

enum dd_status dd_registrar_shell_open(struct dd_net *net,
                                       const struct dd_registrar_options *options,
                                       struct dd_registrar_shell **out, struct dd_why *why)
{
    struct dd_registrar_shell *shell = calloc(1, sizeof *shell);
    *out = NULL;
    why->text[0] = '\0';
    if (!shell)
        return fail(why, DD_NO_MEMORY, options->data, dd_status_english(DD_NO_MEMORY));
    shell->unsent_last = &shell->unsent;
    enum dd_status status = open_journal(shell, options->data, why);
    if (status == DD_OK)
        status = open_ledger(shell, options->data, why);
    if (status == DD_OK)
        status = open_socket(shell, net, options, why);
    if (status == DD_OK) {
        status = open_threads(shell);
        if (status == DD_OK)
            status = open_loop(shell);
        if (status != DD_OK)
            fail(why, status, options->data, dd_status_english(status));
    }
    if (status == DD_OK)
        *out = shell;
    else
        dd_registrar_shell_close(shell);
    return status;
}

const char *dd_registrar_shell_jurisdiction(const struct dd_registrar_shell *shell)
{
    return shell->jurisdiction;
}

bool dd_registrar_shell_rehearsal(const struct dd_registrar_shell *shell)
{
    return shell->rehearsal;
}

int64_t dd_registrar_shell_last_ms(const struct dd_registrar_shell *shell)
{
    return shell->last_ms;
}

/* The last round: what was decided is made durable and flushed, within a bound. */
static void settle(struct dd_registrar_shell *shell)
{
    int64_t end_ms = dd_clock_mono_ms() + CLOSING_MS_MAX;
    while (dd_registrar_error(shell->registrar) == DD_OK && dd_clock_mono_ms() < end_ms &&
           !dd_registrar_idle(shell->registrar, dd_clock_mono_ms())) {
        struct dd_poll_item items[3] = {{.fd = dd_task_fd(shell->sync_task)},
                                        {.fd = dd_task_fd(shell->flush_task)},
                                        {.fd = dd_task_fd(shell->read_task)}};
        (void)dd_net_poll(items, 3, 50);
        on_synced(shell);
        on_flushed(shell);
        on_read(shell);
        send_unsent(shell);
    }
}

void dd_registrar_shell_greet(struct dd_registrar_shell *shell)
{
    struct dd_poll_item item = {.fd = dd_task_fd(shell->sync_task)};
    (void)on_tick(shell, dd_clock_mono_ms());
    /* READY needs to know once whether the journal can grow: the other thread says it. */
    if (dd_net_poll(&item, 1, GREET_MS_MAX) == DD_OK && item.ready) {
        on_synced(shell);
        (void)on_tick(shell, dd_clock_mono_ms());
    }
}

enum dd_status dd_registrar_shell_run(struct dd_registrar_shell *shell)
{
    enum dd_status status = dd_loop_run(shell->loop);
    if (status == DD_OK)
        status = dd_registrar_error(shell->registrar);
    if (status == DD_OK) {
        settle(shell);
        status = dd_registrar_error(shell->registrar);
    }
    if (status != DD_OK)
        dd_log(DD_LOG_ERROR, "the registrar stops: nothing more can be trusted", "status",
               dd_status_key(status), NULL);
    return status;
}

void dd_registrar_shell_stop(struct dd_registrar_shell *shell)
{
    dd_loop_stop(shell->loop);
}

void dd_registrar_shell_close(struct dd_registrar_shell *shell)
{
    if (!shell)
        return;
    dd_task_close(shell->sync_task);
    dd_task_close(shell->flush_task);
    dd_task_close(shell->read_task);
    dd_loop_close(shell->loop);
    dd_registrar_close(shell->registrar);
    dd_reader_close(shell->reader);
    dd_ledger_close(shell->ledger);
    dd_state_close(shell->state);
    dd_journal_reader_close(&shell->recovery);
    dd_journal_reader_close(&shell->reading);
    dd_journal_close(&shell->journal);
    dd_net_socket_close(shell->socket);
    while (shell->unsent) {
        struct unsent *item = shell->unsent;
        shell->unsent = item->next;
        free(item);
    }
    free(shell);
}
