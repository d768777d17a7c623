/* The registrar. See workers/registrar.h. */
#include "workers/registrar.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/invariant.h"
#include "core/office.h"

enum {
    REQUEST_ARENA_BYTES = 16 * 1024 * 1024,
    HEARTBEAT_MS = 1000,
    BROKER_SILENT_MS = 5000,
    RESERVE_RETRY_MS = 1000
};

/* A message that waits: for room in a batch, for the sync behind its answer, or for the reader. */
struct waiting {
    struct waiting *next;
    uint64_t ref;
    uint32_t account;
    int64_t at_ms;
    bool is_tick;
    bool exhausted;
    uint64_t
        need_end; /* may go when entries below this are durable (answers) or flushed (questions) */
    uint64_t asked_end; /* of a question: the least that the asker itself insists on */
    size_t size;
    uint8_t bytes[];
};

struct queue {
    struct waiting *first;
    struct waiting **last;
};

struct dd_registrar {
    struct dd_ledger *ledger;
    struct dd_state *state;
    struct dd_registrar_ports ports;
    struct dd_registrar_counts counts;
    struct dd_arena arena;
    struct dd_arena question_arena;
    char jurisdiction[DD_CODE_BYTES_MAX + 1];
    bool rehearsal;
    struct queue backlog;   /* requests and Ticks without room */
    struct queue answers;   /* replies whose entries are not durable */
    struct queue questions; /* for a newer state, or for the reader */
    struct waiting *reading_item;
    struct dd_reading reading;
    struct dd_request reading_request;
    bool syncing;
    bool frozen; /* a frozen state waits for its flush */
    bool flush_after_sync;
    bool flushing;
    bool reserving;
    bool reserved; /* the journal said once whether it can grow: before that nothing is taken */
    bool no_space;
    bool flush_no_space;
    size_t rows_bytes_max;
    uint64_t flushed_end;
    int64_t last_freeze_ms;
    int64_t last_sent_ms;
    int64_t last_heard_ms;
    int64_t last_reserve_ms;
    uint64_t keys_sent;
    bool greeted;
    enum dd_status error;
};

static void queue_make(struct queue *queue)
{
    queue->first = NULL;
    queue->last = &queue->first;
}

static void queue_put(struct queue *queue, struct waiting *item)
{
    item->next = NULL;
    *queue->last = item;
    queue->last = &item->next;
}

static struct waiting *queue_take(struct queue *queue)
{
    struct waiting *item = queue->first;
    if (item) {
        queue->first = item->next;
        if (!queue->first)
            queue->last = &queue->first;
    }
    return item;
}

static void queue_free(struct queue *queue)
{
    struct waiting *item;
    while ((item = queue_take(queue)) != NULL)
        free(item);
}

static void keep_error(struct dd_registrar *r, enum dd_status status)
{
    if (r->error == DD_OK)
        r->error = status;
}

static struct waiting *waiting_make(struct dd_registrar *r, const struct dd_worker_message *message,
                                    struct dd_slice bytes)
{
    struct waiting *item = calloc(1, sizeof *item + bytes.size);
    if (!item) {
        keep_error(r, DD_NO_MEMORY);
        return NULL;
    }
    item->ref = message->ref;
    item->account = message->account;
    item->at_ms = message->at_ms;
    item->is_tick = message->kind == DD_WORKER_TICK;
    item->size = bytes.size;
    if (bytes.size > 0)
        memcpy(item->bytes, bytes.data, bytes.size);
    return item;
}

enum dd_status dd_registrar_open(struct dd_ledger *ledger, struct dd_state *state,
                                 const struct dd_registrar_ports *ports, int64_t now_ms,
                                 struct dd_registrar **out)
{
    struct dd_meta_row meta;
    struct dd_cursor cursor;
    *out = NULL;
    if (!dd_get_meta(dd_ledger_view(ledger), &meta))
        return DD_FORMAT;
    struct dd_registrar *r = calloc(1, sizeof *r);
    if (!r)
        return DD_NO_MEMORY;
    r->ledger = ledger;
    r->state = state;
    r->ports = *ports;
    r->arena = dd_arena_make(REQUEST_ARENA_BYTES);
    r->question_arena = dd_arena_make(REQUEST_ARENA_BYTES);
    r->rehearsal = meta.rehearsal;
    r->rows_bytes_max = DD_FLUSH_BYTES_MAX;
    dd_slice_text(meta.jurisdiction, r->jurisdiction, sizeof r->jurisdiction);
    queue_make(&r->backlog);
    queue_make(&r->answers);
    queue_make(&r->questions);
    dd_state_cursor(state, &cursor);
    r->flushed_end = cursor.next_seq;
    r->last_freeze_ms = now_ms;
    r->last_heard_ms = now_ms;
    r->last_sent_ms = now_ms;
    *out = r;
    return DD_OK;
}

void dd_registrar_bound_rows(struct dd_registrar *r, size_t bytes)
{
    r->rows_bytes_max = bytes;
}

void dd_registrar_close(struct dd_registrar *r)
{
    if (!r)
        return;
    queue_free(&r->backlog);
    queue_free(&r->answers);
    queue_free(&r->questions);
    free(r->reading_item);
    dd_arena_free(&r->arena);
    dd_arena_free(&r->question_arena);
    free(r);
}

/* --- the key table ------------------------------------------------------------------------- */

static_assert(DD_ACCOUNTS_MAX * DD_WORKER_KEY_BYTES <= DD_REPLY_BYTES_MAX, "it fits a frame");

static bool moves_clock(const struct dd_registrar *r, const struct dd_account_row *account)
{
    for (size_t i = 0; r->rehearsal && i < account->office_count; i++) {
        if (account->office[i].role == DD_ROLE_ADMINISTRATOR && account->office[i].unit == 0)
            return true;
    }
    return false;
}

static void send_keys(struct dd_registrar *r, enum dd_worker_kind kind, int64_t now_ms)
{
    const struct dd_view *view = dd_ledger_view(r->ledger);
    struct dd_meta_row meta;
    dd_arena_reset(&r->arena);
    if (!dd_get_meta(view, &meta))
        return;
    size_t size = (size_t)meta.accounts * DD_WORKER_KEY_BYTES;
    uint8_t *table = dd_arena_take(&r->arena, size + 1);
    if (!table) {
        keep_error(r, DD_NO_MEMORY);
        return;
    }
    struct dd_writer w = dd_writer_make(table, size);
    for (uint32_t i = 1; i <= meta.accounts; i++) {
        struct dd_account_row account;
        if (!dd_get_account(view, i, &account))
            continue;
        struct dd_worker_key key = {.account = i,
                                    .revoked = account.revoked_ms != 0,
                                    .moves_clock = moves_clock(r, &account),
                                    .valid_from_ms = account.from_ms,
                                    .valid_to_ms = account.to_ms};
        memcpy(key.curve_public, account.link_key, sizeof key.curve_public);
        dd_worker_key_write(&w, &key);
    }
    struct dd_worker_message message = {.kind = kind, .body = dd_writer_slice(&w)};
    if (kind == DD_WORKER_READY) {
        message.at_ms = dd_ledger_last_ms(r->ledger);
        message.rehearsal = r->rehearsal;
        message.jurisdiction = dd_slice_of(r->jurisdiction);
    }
    r->ports.send(r->ports.self, &message);
    r->keys_sent = dd_ledger_keys_version(r->ledger);
    r->last_sent_ms = now_ms;
    r->greeted = true;
}

/* --- answers ------------------------------------------------------------------------------- */

static void send_reply(struct dd_registrar *r, uint64_t ref, struct dd_slice body)
{
    struct dd_worker_message message = {.kind = DD_WORKER_REPLY, .ref = ref, .body = body};
    r->ports.send(r->ports.self, &message);
}

static void send_ticked(struct dd_registrar *r, const struct waiting *item)
{
    struct dd_worker_message message = {.kind = DD_WORKER_TICKED,
                                        .ref = item->ref,
                                        .at_ms = item->at_ms,
                                        .exhausted = item->exhausted};
    r->ports.send(r->ports.self, &message);
}

/* Sends what is durable, in order. */
static void send_durable(struct dd_registrar *r)
{
    while (r->answers.first && r->answers.first->need_end <= dd_ledger_durable(r->ledger)) {
        struct waiting *item = queue_take(&r->answers);
        if (item->is_tick)
            send_ticked(r, item);
        else
            send_reply(r, item->ref, (struct dd_slice){item->bytes, item->size});
        free(item);
    }
}

static void refuse_request(struct dd_registrar *r, const struct dd_worker_message *message,
                           struct dd_slice request_id, const struct dd_refusal *refusal)
{
    uint8_t bytes[DD_ENVELOPE_REPLY_BYTES_MAX];
    struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
    dd_envelope_reply(&w, request_id, DD_CLIENT_CREDIT, refusal, message->at_ms);
    send_reply(r, message->ref, dd_writer_slice(&w));
}

/* --- commands ------------------------------------------------------------------------------ */

static void count_result(struct dd_registrar *r, uint32_t account, const struct dd_result *result)
{
    enum dd_status status = result->refusal.status;
    if (result->remembered)
        r->counts.commands_remembered++;
    else if (status == DD_OK)
        r->counts.commands_accepted++;
    else if (dd_status_class(status) == DD_CLASS_REFUSED)
        r->counts.commands_refused++;
    else
        r->counts.commands_not_taken++;
    if (status == DD_ID_CONFLICT || status == DD_BAD_SIGNATURE || status == DD_FORBIDDEN ||
        status == DD_KEY_EXPIRED || status == DD_KEY_NOT_YET_VALID)
        r->ports.security(r->ports.self, status, account);
}

static void take_commands(struct dd_registrar *r, const struct dd_worker_message *message,
                          const struct dd_request *request)
{
    struct dd_reply reply = {.request_id = request->request_id,
                             .credit = DD_CLIENT_CREDIT,
                             .result_count = request->command_count,
                             .now_ms = message->at_ms};
    struct dd_slice body;
    uint64_t need_end = 0;
    reply.results = dd_arena_take(&r->arena, request->command_count * sizeof *reply.results);
    if (!reply.results) {
        keep_error(r, DD_NO_MEMORY);
        return;
    }
    for (size_t i = 0; i < request->command_count; i++) {
        struct dd_result *result = &reply.results[i];
        dd_ledger_take(r->ledger, message->account, message->at_ms, &request->commands[i], result);
        count_result(r, message->account, result);
        bool logged = dd_status_class(result->refusal.status) == DD_CLASS_DONE ||
                      dd_status_class(result->refusal.status) == DD_CLASS_REFUSED;
        if (logged && result->seq + 1 > need_end)
            need_end = result->seq + 1;
    }
    enum dd_status status = dd_codec_reply_encode(&reply, &r->arena, &body);
    if (status == DD_OK)
        status = dd_ledger_error(r->ledger);
    if (status != DD_OK) {
        keep_error(r, status);
        return;
    }
    if (need_end <= dd_ledger_durable(r->ledger) && !r->answers.first) {
        send_reply(r, message->ref, body);
        return;
    }
    struct waiting *item = waiting_make(r, message, body);
    if (!item)
        return;
    item->need_end = need_end;
    queue_put(&r->answers, item);
}

/* --- questions ----------------------------------------------------------------------------- */

/* The entries that the state must hold before the question may be read: all that was answered when
 * it came, whoever asks (what one account wrote, another may be told to read); for the digest, all.
 */
static void note_need(const struct dd_registrar *r, const struct dd_question *question,
                      struct waiting *item)
{
    uint64_t durable = dd_ledger_durable(r->ledger);
    item->asked_end = question->min_seq + 1;
    if (question->kind == DD_QUESTION_DIGEST)
        item->asked_end = dd_ledger_next_seq(r->ledger);
    item->need_end = item->asked_end > durable ? item->asked_end : durable;
}

/* Whether the state is there. While it cannot be flushed nobody knows when it will be: then an
 * older one does, unless the asker insists; the answer says how old it is. */
static bool readable(const struct dd_registrar *r, const struct waiting *item)
{
    return (r->flush_no_space ? item->asked_end : item->need_end) <= r->flushed_end;
}

static void take_question(struct dd_registrar *r, const struct dd_worker_message *message,
                          const struct dd_request *request)
{
    struct dd_refusal refusal;
    if (request->question.min_seq >= dd_ledger_next_seq(r->ledger)) {
        dd_refuse_number(&refusal, DD_NOT_FOUND, DD_RULE_NO_SUCH_ENTRY, "min_seq",
                         (int64_t)request->question.min_seq);
        refuse_request(r, message, request->request_id, &refusal);
        return;
    }
    struct waiting *item = waiting_make(r, message, message->body);
    if (!item)
        return;
    note_need(r, &request->question, item);
    r->counts.questions++;
    queue_put(&r->questions, item);
}

static void refuse_question(struct dd_registrar *r, struct waiting *item, enum dd_status status)
{
    struct dd_worker_message message = {.ref = item->ref, .at_ms = item->at_ms};
    struct dd_envelope envelope;
    struct dd_refusal refusal;
    (void)dd_envelope_peek((struct dd_slice){item->bytes, item->size}, &envelope);
    dd_refuse(&refusal, status, DD_RULE_NONE, NULL);
    refuse_request(r, &message, envelope.request_id, &refusal);
    free(item);
}

static struct waiting *take_out(struct queue *queue, struct waiting **at)
{
    struct waiting *item = *at;
    *at = item->next;
    if (queue->last == &item->next)
        queue->last = at;
    return item;
}

/* Who insists on a state that cannot be flushed now is told so, instead of waiting without an end.
 */
static void refuse_unreadable(struct dd_registrar *r)
{
    struct waiting **at = &r->questions.first;
    while (r->flush_no_space && *at) {
        if (readable(r, *at))
            at = &(*at)->next;
        else
            refuse_question(r, take_out(&r->questions, at), DD_READ_ONLY);
    }
}

/* Gives the reader the first question whose state is there. */
static void start_reading(struct dd_registrar *r)
{
    struct dd_refusal refusal;
    struct waiting **at = &r->questions.first;
    while (*at && !readable(r, *at))
        at = &(*at)->next;
    if (r->reading_item || !*at)
        return;
    struct waiting *item = take_out(&r->questions, at);
    dd_arena_reset(&r->question_arena);
    enum dd_status status =
        dd_codec_request_decode((struct dd_slice){item->bytes, item->size}, &r->question_arena,
                                &r->reading_request, &refusal);
    if (status != DD_OK) { /* it was decoded when it came: there is no memory now */
        refuse_question(r, item, DD_BUSY);
        return;
    }
    r->reading_item = item;
    r->reading = (struct dd_reading){.ref = item->ref,
                                     .account = item->account,
                                     .at_ms = item->at_ms,
                                     .durable_end = dd_ledger_durable(r->ledger),
                                     .request_id = r->reading_request.request_id,
                                     .question = &r->reading_request.question};
    r->ports.read(r->ports.self, &r->reading);
}

void dd_registrar_read(struct dd_registrar *r, enum dd_status status)
{
    DD_ASSERT(r->reading_item != NULL);
    if (status == DD_OK) {
        send_reply(r, r->reading.ref, r->reading.reply);
    } else {
        struct dd_worker_message message = {.ref = r->reading.ref, .at_ms = r->reading.at_ms};
        struct dd_refusal refusal;
        dd_refuse(&refusal, DD_UNAVAILABLE, DD_RULE_NONE, NULL);
        refuse_request(r, &message, r->reading.request_id, &refusal);
        if (status != DD_NO_MEMORY)
            keep_error(r, status);
    }
    free(r->reading_item);
    r->reading_item = NULL;
}

/* --- messages ------------------------------------------------------------------------------ */

/* Whether commands of together `bytes` bytes fit the batch being filled, and memory the rows that
 * they write: while a slow flush is under way those of all that comes after it are kept. */
static bool has_room(const struct dd_registrar *r, size_t commands, size_t bytes)
{
    bool far_behind = (r->frozen || r->flushing) && !r->flush_no_space &&
                      dd_state_bytes_pending(r->state) >= r->rows_bytes_max;
    return !far_behind && dd_ledger_room(r->ledger, commands, bytes);
}

/* False: there is no room; it must wait for the sync or the flush under way. */
static bool take_tick(struct dd_registrar *r, const struct dd_worker_message *message)
{
    static const struct dd_slice none = {NULL, 0};
    if (!has_room(r, 1, DD_EVENTS_BYTES_MAX))
        return false;
    struct waiting *item = waiting_make(r, message, none);
    if (!item)
        return true;
    int64_t at_ms = message->at_ms;
    if (at_ms < dd_ledger_last_ms(r->ledger))
        at_ms = dd_ledger_last_ms(r->ledger);
    item->exhausted = dd_ledger_tick(r->ledger, at_ms);
    item->need_end = dd_ledger_next_seq(r->ledger);
    if (item->need_end <= dd_ledger_durable(r->ledger) && !r->answers.first) {
        send_ticked(r, item);
        free(item);
    } else {
        queue_put(&r->answers, item);
    }
    return true;
}

static bool take_request(struct dd_registrar *r, const struct dd_worker_message *message)
{
    struct dd_request request;
    struct dd_refusal refusal;
    dd_arena_reset(&r->arena);
    enum dd_status status = dd_codec_request_decode(message->body, &r->arena, &request, &refusal);
    if (status == DD_NO_MEMORY)
        dd_refuse(&refusal, DD_BUSY, DD_RULE_NONE, NULL);
    if (status == DD_OK && request.has_clock_advance)
        status = dd_refuse(&refusal, DD_REFUSED, DD_RULE_NOT_A_REHEARSAL, "clock_advance");
    if (status == DD_OK && message->at_ms < dd_ledger_last_ms(r->ledger))
        status = dd_refuse(&refusal, DD_UNAVAILABLE, DD_RULE_NONE, NULL);
    if (status != DD_OK) {
        struct dd_envelope envelope;
        (void)dd_envelope_peek(message->body, &envelope);
        refuse_request(r, message, envelope.request_id, &refusal);
        r->counts.commands_not_taken++;
        return true;
    }
    if (request.has_question) {
        take_question(r, message, &request);
        return true;
    }
    if (!has_room(r, request.command_count, message->body.size))
        return false;
    r->counts.requests++;
    take_commands(r, message, &request);
    return true;
}

static bool take(struct dd_registrar *r, const struct dd_worker_message *message)
{
    return message->kind == DD_WORKER_TICK ? take_tick(r, message) : take_request(r, message);
}

static void start_sync(struct dd_registrar *r, int64_t now_ms);

static void take_or_wait(struct dd_registrar *r, const struct dd_worker_message *message,
                         int64_t now_ms)
{
    if (!r->backlog.first) {
        if (take(r, message))
            return;
        start_sync(r, now_ms);
        if (r->syncing && take(r, message))
            return;
    }
    struct waiting *item = waiting_make(r, message, message->body);
    if (item)
        queue_put(&r->backlog, item);
}

void dd_registrar_message(struct dd_registrar *r, const struct dd_slice *frames, size_t count,
                          int64_t now_ms)
{
    struct dd_worker_message message;
    if (!dd_worker_decode(frames, count, &message)) {
        r->counts.broken_messages++;
        return;
    }
    r->last_heard_ms = now_ms;
    switch (message.kind) {
    case DD_WORKER_REQUEST:
    case DD_WORKER_TICK:
        take_or_wait(r, &message, now_ms);
        return;
    case DD_WORKER_DISCONNECT:
        r->greeted = false;
        return;
    case DD_WORKER_HEARTBEAT:
        return;
    case DD_WORKER_READY:
    case DD_WORKER_REPLY:
    case DD_WORKER_KEYS:
    case DD_WORKER_TICKED:
        r->counts.broken_messages++;
        return;
    }
}

/* --- sync and flush ------------------------------------------------------------------------ */

static bool wants_flush(const struct dd_registrar *r, int64_t now_ms)
{
    int64_t age_ms = now_ms - r->last_freeze_ms;
    if (r->frozen || r->flushing || dd_state_rows_pending(r->state) == 0)
        return false;
    for (const struct waiting *item = r->questions.first; item; item = item->next) {
        if (item->need_end > r->flushed_end && age_ms >= DD_FLUSH_FORCED_MS_MIN)
            return true;
    }
    return age_ms >= DD_FLUSH_LAG_MS_MAX || dd_state_rows_pending(r->state) >= DD_FLUSH_ENTRIES_MAX;
}

static void start_sync(struct dd_registrar *r, int64_t now_ms)
{
    struct dd_batch batch;
    if (dd_ledger_error(r->ledger) != DD_OK) { /* the batch may hold what was decided on bad rows */
        keep_error(r, dd_ledger_error(r->ledger));
        return;
    }
    if (r->syncing || r->reserving || !r->reserved || !dd_ledger_dirty(r->ledger))
        return;
    dd_ledger_begin_sync(r->ledger, wants_flush(r, now_ms), &batch, &r->flush_after_sync);
    if (r->flush_after_sync) {
        r->frozen = true;
        r->last_freeze_ms = now_ms;
    }
    r->syncing = true;
    r->counts.syncs++;
    r->ports.sync(r->ports.self, &batch);
}

static void start_flush(struct dd_registrar *r)
{
    if (!r->frozen || r->flushing || r->flush_after_sync)
        return;
    r->flushing = true;
    r->counts.flushes++;
    r->ports.flush(r->ports.self);
}

static void set_space(struct dd_registrar *r, enum dd_status reserve)
{
    if (reserve != DD_OK && reserve != DD_NO_SPACE)
        keep_error(r, reserve);
    r->no_space = reserve == DD_NO_SPACE;
    dd_ledger_set_read_only(r->ledger, r->no_space || r->flush_no_space);
}

void dd_registrar_synced(struct dd_registrar *r, enum dd_status append, enum dd_status reserve)
{
    DD_ASSERT(r->syncing);
    if (append != DD_OK) {
        keep_error(r, append);
        return;
    }
    r->syncing = false;
    dd_ledger_end_sync(r->ledger);
    r->flush_after_sync = false;
    set_space(r, reserve);
    send_durable(r);
}

void dd_registrar_reserved(struct dd_registrar *r, enum dd_status reserve)
{
    r->reserving = false;
    r->reserved = true;
    set_space(r, reserve);
}

void dd_registrar_flushed(struct dd_registrar *r, enum dd_status status)
{
    struct dd_cursor cursor;
    DD_ASSERT(r->flushing);
    r->flushing = false;
    r->flush_no_space = status == DD_NO_SPACE;
    dd_ledger_set_read_only(r->ledger, r->no_space || r->flush_no_space);
    if (status == DD_NO_SPACE)
        return;
    if (status == DD_OK)
        status = dd_state_flushed(r->state);
    if (status != DD_OK) {
        keep_error(r, status);
        return;
    }
    r->frozen = false;
    dd_state_cursor(r->state, &cursor);
    r->flushed_end = cursor.next_seq;
}

static void drain_backlog(struct dd_registrar *r, int64_t now_ms)
{
    while (r->backlog.first) {
        struct waiting *item = r->backlog.first;
        struct dd_worker_message message = {.kind =
                                                item->is_tick ? DD_WORKER_TICK : DD_WORKER_REQUEST,
                                            .ref = item->ref,
                                            .account = item->account,
                                            .at_ms = item->at_ms,
                                            .body = {item->bytes, item->size}};
        if (!take(r, &message)) {
            start_sync(r, now_ms);
            if (!take(r, &message))
                return;
        }
        free(queue_take(&r->backlog));
    }
}

static void keep_in_touch(struct dd_registrar *r, int64_t now_ms)
{
    if (!r->reserved)
        return;
    if (now_ms - r->last_heard_ms >= BROKER_SILENT_MS) {
        r->greeted = false;
        r->last_heard_ms = now_ms;
    }
    if (!r->greeted) {
        send_keys(r, DD_WORKER_READY, now_ms);
        return;
    }
    if (r->keys_sent != dd_ledger_keys_version(r->ledger)) {
        send_keys(r, DD_WORKER_KEYS, now_ms);
        return;
    }
    if (now_ms - r->last_sent_ms >= HEARTBEAT_MS) {
        struct dd_worker_message message = {.kind = DD_WORKER_HEARTBEAT};
        r->ports.send(r->ports.self, &message);
        r->last_sent_ms = now_ms;
    }
}

static void retry_space(struct dd_registrar *r, int64_t now_ms)
{
    if (!r->reserved && !r->reserving) {
        r->reserving = true;
        r->last_reserve_ms = now_ms;
        r->ports.reserve(r->ports.self);
    }
    if (now_ms - r->last_reserve_ms < RESERVE_RETRY_MS)
        return;
    if (r->no_space && !r->syncing && !r->reserving && !dd_ledger_dirty(r->ledger)) {
        r->reserving = true;
        r->last_reserve_ms = now_ms;
        r->ports.reserve(r->ports.self);
    }
    if (r->flush_no_space && !r->flushing) {
        r->last_reserve_ms = now_ms;
        start_flush(r);
    }
}

/* When time alone is a reason to look again; whatever is under way comes back by itself. */
static int64_t next_tick(const struct dd_registrar *r, int64_t now_ms)
{
    int64_t next_ms = r->last_sent_ms + HEARTBEAT_MS;
    int64_t flush_ms = r->last_freeze_ms + DD_FLUSH_LAG_MS_MAX;
    bool may_freeze = !r->syncing && !r->reserving && !r->flushing && !r->frozen &&
                      dd_state_rows_pending(r->state) > 0;
    if (r->questions.first && !r->reading_item)
        flush_ms = r->last_freeze_ms + DD_FLUSH_FORCED_MS_MIN;
    if (may_freeze && flush_ms < next_ms)
        next_ms = flush_ms;
    return next_ms > now_ms ? next_ms : now_ms + 1;
}

int64_t dd_registrar_tick(struct dd_registrar *r, int64_t now_ms)
{
    drain_backlog(r, now_ms);
    start_sync(r, now_ms);
    if (!r->syncing && wants_flush(r, now_ms) && dd_ledger_freeze(r->ledger)) {
        r->frozen = true;
        r->last_freeze_ms = now_ms;
    }
    if (!r->flush_no_space)
        start_flush(r);
    retry_space(r, now_ms);
    refuse_unreadable(r);
    start_reading(r);
    keep_in_touch(r, now_ms);
    keep_error(r, dd_ledger_error(r->ledger));
    return next_tick(r, now_ms);
}

bool dd_registrar_idle(struct dd_registrar *r, int64_t now_ms)
{
    r->last_freeze_ms = now_ms - DD_FLUSH_LAG_MS_MAX;
    (void)dd_registrar_tick(r, now_ms);
    return !r->syncing && !r->reserving && !r->flushing && !r->frozen && !r->reading_item &&
           !r->backlog.first && !r->answers.first && !dd_ledger_dirty(r->ledger) &&
           dd_state_rows_pending(r->state) == 0;
}

enum dd_status dd_registrar_error(const struct dd_registrar *r)
{
    return r->error;
}

const struct dd_registrar_counts *dd_registrar_counts(const struct dd_registrar *r)
{
    return &r->counts;
}
