/* The processes of the simulated world: broker, registrar, notifier; their lives and deaths. See
 * tests/lib/sim_world.h. */
#include <stdlib.h>
#include <string.h>

#include "core/hash.h"
#include "core/invariant.h"
#include "tests/lib/sim_parts.h"

enum { REF_BASE_MAX = 1 << 30 };

static int64_t between(struct world *w, int64_t least, int64_t most)
{
    return least + (int64_t)sim_world_draw(w, (uint64_t)(most - least + 1));
}

static int64_t disk_ms(struct world *w)
{
    return w->now_ms < w->slow_until_ms ? between(w, 100, 3000) : between(w, 1, 6);
}

/* --- broker -------------------------------------------------------------------------------- */

static enum dd_status emit(void *self, const struct dd_slice *frames, size_t count)
{
    struct world *w = self;
    size_t link;
    if (!sim_world_link_of(w, frames[0], &link)) /* gone; the socket knows or does not */
        return sim_world_chance(w, 50) ? DD_OK : DD_UNAVAILABLE;
    return sim_world_send(w, link, FROM_BROKER, frames + 1, count - 1);
}

static void emit_security(void *self, const char *site, const char *what,
                          const struct dd_message *message)
{
    sim_world_note(self, "security: %s: %s: %s", site, what, message->user_id);
}

static void emit_notice(void *self, const char *what, const char *why)
{
    sim_world_note(self, "broker: %s %s", what, why);
}

static struct dd_route_time route_now(const struct world *w)
{
    return (struct dd_route_time){sim_world_utc(w), w->now_ms};
}

void sim_world_broker_start(struct world *w)
{
    struct dd_route_options options = {.silence_ms = DD_ROUTE_SILENCE_MS,
                                       .ref_base = sim_world_draw(w, REF_BASE_MAX)};
    struct dd_route_emit out = {w, emit, emit, emit_security, emit_notice};
    if (w->broker_up)
        return;
    enum dd_status status = dd_route_open(&options, &out, &w->route);
    DD_ASSERT(status == DD_OK);
    w->broker_up = true;
    w->broker_wake_ms = w->now_ms;
    for (size_t i = 0; i < WORLD_LINKS_MAX; i++)
        w->link[i].down_until_ms = w->now_ms + between(w, 1, 100);
    sim_world_note(w, "broker starts");
}

void sim_world_broker_die(struct world *w)
{
    sim_world_note(w, "broker dies, %zu requests in flight", dd_route_waiting(w->route));
    dd_route_close(w->route);
    w->route = NULL;
    w->broker_up = false;
    w->crashes++;
    for (size_t i = 0; i < LINK_CLIENTS + w->clients; i++)
        sim_world_break_link(w, i, 0);
}

void sim_world_broker_tick(struct world *w)
{
    w->broker_wake_ms = dd_route_tick(w->route, route_now(w));
}

void sim_world_broker_take(struct world *w, const struct world_message *message)
{
    struct dd_message in = {.frame_count = message->count + 1, .kept_count = message->count + 1};
    char id[32];
    in.frame[0] =
        (struct dd_slice){(const uint8_t *)id, sim_world_routing_id(w, message->link, id)};
    for (size_t i = 0; i < message->count; i++)
        in.frame[i + 1] = message->frame[i];
    if (message->link == LINK_REGISTRAR) {
        dd_route_from_worker(w->route, route_now(w), &in);
    } else if (message->link == LINK_NOTIFIER) {
        struct dd_link_key key = {.account = CAST_NOTIFIER};
        memcpy(key.curve_public, w->cast->key[CAST_NOTIFIER].curve_public, 32);
        dd_link_user_id(&key, in.user_id);
        dd_route_from_client(w->route, route_now(w), &in);
    } else {
        memcpy(in.user_id, w->client[message->link - LINK_CLIENTS].user_id, sizeof in.user_id);
        dd_route_from_client(w->route, route_now(w), &in);
    }
    sim_world_broker_tick(w);
}

/* --- registrar ----------------------------------------------------------------------------- */

static void port_send(void *self, const struct dd_worker_message *message)
{
    struct world *w = self;
    uint8_t header[DD_WORKER_HEADER_BYTES_MAX];
    struct dd_slice frames[DD_WORKER_FRAMES];
    dd_worker_encode(message, header, frames);
    (void)sim_world_send(w, LINK_REGISTRAR, TO_BROKER, frames, DD_WORKER_FRAMES);
}

static void port_sync(void *self, const struct dd_batch *batch)
{
    struct world *w = self;
    int64_t delay_ms = disk_ms(w);
    w->registrar.batch = *batch;
    w->registrar.syncing = true;
    sim_world_event_in(w, delay_ms, EVENT_SYNCED, w->registrar.life);
    if (w->faulty && w->enabled[FAULT_REGISTRAR] && sim_world_chance(w, 2))
        sim_world_event_in(w, between(w, 0, delay_ms), EVENT_REGISTRAR_DIES, w->registrar.life);
}

static void port_reserve(void *self)
{
    struct world *w = self;
    sim_world_event_in(w, disk_ms(w), EVENT_RESERVED, w->registrar.life);
}

static void port_flush(void *self)
{
    struct world *w = self;
    sim_world_event_in(w, 2 * disk_ms(w), EVENT_FLUSHED, w->registrar.life);
}

static void port_read(void *self, struct dd_reading *reading)
{
    struct world *w = self;
    w->registrar.reading = reading;
    sim_world_event_in(w, between(w, 0, 2), EVENT_READ, w->registrar.life);
}

static void port_security(void *self, enum dd_status status, uint32_t account)
{
    sim_world_note(self, "security: account %u: %s", account, dd_status_key(status));
}

static void digest_of(struct world *w, struct dd_state *state, uint8_t digest[32])
{
    struct dd_snapshot *snapshot;
    enum dd_status status = dd_snapshot_open(state, &snapshot);
    if (status == DD_OK)
        status = dd_snapshot_digest(snapshot, digest);
    if (status != DD_OK)
        sim_world_fail(w, "no digest: %s", dd_status_key(status));
    dd_snapshot_close(snapshot);
}

/* What was on the disk: the flushed state comes back by replaying up to its cursor, which must give
 * the same rows. */
static void refill(struct world *w, struct world_registrar *r)
{
    struct dd_replay *replay;
    uint8_t digest[32];
    enum dd_status status = dd_replay_open(r->state, &replay);
    if (status == DD_OK)
        status = dd_replay_journal(replay, &r->entries, r->flushed_seq, NULL);
    if (status != DD_OK)
        sim_world_fail(w, "state at %llu cannot be made again: %s",
                       (unsigned long long)r->flushed_seq, dd_status_key(status));
    dd_replay_close(replay);
    digest_of(w, r->state, digest);
    if (memcmp(digest, r->flushed, sizeof digest) != 0)
        sim_world_fail(w, "the state flushed at %llu is not what replay gives",
                       (unsigned long long)r->flushed_seq);
}

void sim_world_registrar_start(struct world *w)
{
    struct world_registrar *r = &w->registrar;
    const struct dd_registrar_ports ports = {w,          port_send, port_sync,    port_reserve,
                                             port_flush, port_read, port_security};
    if (r->up)
        return;
    r->handle = journal_sim_open(&w->journal);
    enum dd_status status = dd_journal_reader(&r->handle, &r->entries);
    if (status == DD_OK)
        status = dd_state_open(NULL, 0, &r->state);
    DD_ASSERT(status == DD_OK);
    bool empty = r->flushed_seq == 0 || sim_world_chance(w, 40);
    if (!empty)
        refill(w, r);
    status = dd_ledger_open(r->state, &r->entries, dd_journal_tail(&r->handle), &r->ledger);
    if (status == DD_OK)
        status = dd_reader_open(r->state, &r->entries, &r->reader);
    if (status == DD_OK)
        status = dd_registrar_open(r->ledger, r->state, &ports, w->now_ms, &r->registrar);
    if (status != DD_OK)
        sim_world_fail(w, "the registrar does not start: %s", dd_status_key(status));
    r->up = true;
    r->wake_ms = w->now_ms;
    sim_world_note(w, "registrar starts from %s, %zu entries", empty ? "nothing" : "its state",
                   w->journal.count);
}

void sim_world_registrar_die(struct world *w)
{
    struct world_registrar *r = &w->registrar;
    struct dd_cursor cursor;
    size_t count = r->syncing ? r->batch.count : 0;
    size_t kept = (size_t)sim_world_draw(w, count + 1);
    uint8_t digest[32];
    sim_world_note(w, "registrar dies, %zu of %zu entries of its batch written", kept, count);
    journal_sim_crash(&w->journal, r->batch.entries, count, kept);
    dd_state_cursor(r->state, &cursor);
    digest_of(w, r->state, digest);
    dd_registrar_close(r->registrar);
    dd_reader_close(r->reader);
    dd_ledger_close(r->ledger);
    dd_state_close(r->state);
    dd_journal_reader_close(&r->entries);
    *r = (struct world_registrar){.life = r->life + 1, .flushed_seq = cursor.next_seq};
    memcpy(r->flushed, digest, sizeof r->flushed);
    w->crashes++;
    sim_world_break_link(w, LINK_REGISTRAR, between(w, 1, 300));
    sim_world_event_in(w, between(w, 10, sim_world_chance(w, 20) ? 9000 : 800),
                       EVENT_REGISTRAR_STARTS, 0);
}

void sim_world_registrar_tick(struct world *w)
{
    struct world_registrar *r = &w->registrar;
    r->wake_ms = dd_registrar_tick(r->registrar, w->now_ms);
    enum dd_status status = dd_registrar_error(r->registrar);
    if (status == DD_OK)
        return;
    if (status != DD_IO || !w->journal.dead)
        sim_world_fail(w, "the registrar stops: %s", dd_status_key(status));
    sim_world_note(w, "registrar stops: %s", dd_status_key(status));
    r->syncing = false; /* what was written is written */
    sim_world_registrar_die(w);
}

void sim_world_registrar_take(struct world *w, const struct world_message *message)
{
    if (!w->registrar.up)
        return;
    dd_registrar_message(w->registrar.registrar, message->frame, message->count, w->now_ms);
    sim_world_registrar_tick(w);
}

static enum dd_status reserve(struct world *w)
{
    return dd_journal_reserve(&w->registrar.handle, 2 * DD_BATCH_ENTRIES_MAX,
                              2 * DD_BATCH_BYTES_MAX);
}

static void synced(struct world *w)
{
    struct world_registrar *r = &w->registrar;
    enum dd_status append =
        dd_journal_append(&r->handle, r->batch.first_seq, r->batch.entries, r->batch.count);
    enum dd_status room = append == DD_OK ? reserve(w) : DD_IO;
    r->syncing = false;
    if (append != DD_OK)
        sim_world_note(w, "an append fails: %s", dd_status_key(append));
    dd_registrar_synced(r->registrar, append, room);
}

static void flushed(struct world *w)
{
    struct world_registrar *r = &w->registrar;
    bool no_space = w->journal.full && sim_world_chance(w, 50);
    r->flush_full = no_space;
    r->flushes_full += no_space;
    dd_registrar_flushed(r->registrar, no_space ? DD_NO_SPACE : dd_state_flush(r->state));
}

void sim_world_registrar_event(struct world *w, const struct world_event *event)
{
    struct world_registrar *r = &w->registrar;
    if (event->kind == EVENT_SYNCED) {
        synced(w);
    } else if (event->kind == EVENT_RESERVED) {
        dd_registrar_reserved(r->registrar, reserve(w));
    } else if (event->kind == EVENT_FLUSHED) {
        flushed(w);
    } else {
        enum dd_status status = dd_reader_answer(r->reader, r->reading);
        if (status != DD_OK)
            sim_world_fail(w, "the reader fails: %s", dd_status_key(status));
        dd_registrar_read(r->registrar, status);
    }
    sim_world_registrar_tick(w);
}

/* --- notifier ------------------------------------------------------------------------------ */

void sim_world_notifier_start(struct world *w)
{
    struct world_notifier *n = &w->notifier;
    struct dd_outbox_standing standing;
    if (n->up)
        return;
    dd_outbox_stands(n->outbox, &standing);
    enum dd_status status = dd_notifier_machine_make(
        dd_slice_of("bacgiang"), sim_world_draw(w, UINT64_MAX), &standing, &n->machine);
    DD_ASSERT(status == DD_OK);
    n->up = true;
    n->wake_ms = w->now_ms;
    sim_world_note(w, "notifier starts");
}

static struct world_letter *letter_of(struct world *w, struct dd_id id)
{
    struct world_notifier *n = &w->notifier;
    for (size_t i = 0; i < n->letters; i++) {
        if (dd_id_equal(n->letter[i].id, id))
            return &n->letter[i];
    }
    DD_ASSERT(n->letters < WORLD_LETTERS_MAX);
    n->letter[n->letters].id = id;
    return &n->letter[n->letters++];
}

/* Notes what stands in the digests that are about to be delivered. */
static void note_digests(struct world *w)
{
    struct dd_digest digests[DD_NOTIFIER_DIGESTS_AT_ONCE];
    struct dd_arena arena = dd_arena_make((size_t)1 << 26);
    size_t count;
    enum dd_status status =
        dd_outbox_queued(w->notifier.outbox, &arena, DD_NOTIFIER_DIGESTS_AT_ONCE, digests, &count);
    DD_ASSERT(status == DD_OK);
    for (size_t i = 0; i < count; i++) {
        struct world_letter *letter = letter_of(w, digests[i].id);
        if (letter->was_delivered)
            sim_world_fail(w, "a digest that was delivered is queued again");
        if (letter->count != 0 && letter->count != digests[i].line_count)
            sim_world_fail(w, "a sealed digest changes");
        if (letter->count != 0)
            continue;
        letter->count = digests[i].line_count;
        letter->refs = dd_arena_take(&w->memory, letter->count * sizeof *letter->refs);
        DD_ASSERT(letter->refs);
        for (size_t k = 0; k < letter->count; k++)
            letter->refs[k] = digests[i].lines[k].ref;
    }
    dd_arena_free(&arena);
}

/* What was queued before and is not any more was delivered. */
static void note_delivered(struct world *w)
{
    struct dd_digest digests[DD_NOTIFIER_DIGESTS_AT_ONCE];
    struct dd_arena arena = dd_arena_make((size_t)1 << 26);
    size_t count;
    enum dd_status status =
        dd_outbox_queued(w->notifier.outbox, &arena, DD_NOTIFIER_DIGESTS_AT_ONCE, digests, &count);
    DD_ASSERT(status == DD_OK);
    for (size_t i = 0; i < w->notifier.letters; i++) {
        struct world_letter *letter = &w->notifier.letter[i];
        bool queued = letter->was_delivered;
        for (size_t k = 0; k < count && !queued; k++)
            queued = dd_id_equal(digests[k].id, letter->id);
        if (!queued && !letter->put)
            sim_world_fail(w, "a digest is gone from the outbox and was never handed over");
        letter->was_delivered = letter->was_delivered || !queued;
    }
    dd_arena_free(&arena);
}

static enum dd_status put_letter(void *self, const struct dd_letter *letter)
{
    struct world *w = self;
    struct dd_id id;
    uint8_t hash[DD_SHA256_BYTES];
    struct dd_slice hex = {letter->message_id.data + 1, 2 * DD_ID_BYTES};
    if (w->faulty && w->enabled[FAULT_LETTER] && sim_world_chance(w, 20))
        return sim_world_chance(w, 50) ? DD_NO_SPACE : DD_IO;
    if (letter->message_id.size < 2 * DD_ID_BYTES + 2 || !dd_id_parse(hex, &id))
        sim_world_fail(w, "a letter without an id: %.*s", (int)letter->message_id.size,
                       (const char *)letter->message_id.data);
    struct world_letter *known = letter_of(w, id);
    dd_sha256(letter->body, hash);
    if (known->count == 0)
        sim_world_fail(w, "a letter of no digest");
    if (known->put && memcmp(known->body_hash, hash, sizeof hash) != 0)
        sim_world_fail(w, "a second copy of a letter differs");
    known->put = true;
    memcpy(known->body_hash, hash, sizeof hash);
    return DD_OK;
}

static enum dd_status sync_letters(void *self)
{
    struct world *w = self;
    bool fails = w->faulty && w->enabled[FAULT_LETTER] && sim_world_chance(w, 10);
    return fails ? DD_IO : DD_OK;
}

static void do_job(struct world *w)
{
    struct world_notifier *n = &w->notifier;
    struct dd_notifier_desk desk = {.outbox = n->outbox,
                                    .delivery = {w, put_letter, sync_letters},
                                    .language = DD_LANGUAGE_EN,
                                    .jurisdiction = dd_slice_of("bacgiang")};
    if (n->job->kind == DD_NOTIFIER_DELIVER)
        note_digests(w);
    dd_notifier_job_do(n->job, &desk);
    if (n->job->kind == DD_NOTIFIER_DELIVER)
        note_delivered(w);
}

void sim_world_notifier_die(struct world *w)
{
    struct world_notifier *n = &w->notifier;
    bool done = n->job && sim_world_chance(w, 50);
    sim_world_note(w, "notifier dies%s", done ? ", its work done and not noted" : "");
    if (done)
        do_job(w);
    dd_notifier_machine_free(n->machine);
    n->machine = NULL;
    n->job = NULL;
    n->up = false;
    n->life++;
    w->crashes++;
    sim_world_break_link(w, LINK_NOTIFIER, between(w, 1, 500));
    sim_world_event_in(w, between(w, 10, 3000), EVENT_NOTIFIER_STARTS, 0);
}

void sim_world_notifier_tick(struct world *w)
{
    struct world_notifier *n = &w->notifier;
    struct dd_notifier_output out;
    bool asks = true;
    while (asks) {
        dd_notifier_machine_tick(n->machine, w->now_ms, &out);
        if (out.failed != DD_OK)
            sim_world_fail(w, "the notifier stops: %s", dd_status_key(out.failed));
        if (dd_status_class(out.refused.status) == DD_CLASS_REFUSED)
            sim_world_fail(w, "the notifier is refused: %s", dd_rule_key(out.refused.rule));
        asks = out.frame_count > 0 || out.job;
        if (out.frame_count > 0 &&
            sim_world_send(w, LINK_NOTIFIER, TO_BROKER, out.frame, out.frame_count) != DD_OK)
            dd_notifier_machine_unsent(n->machine, w->now_ms);
        if (out.job) {
            n->job = out.job;
            sim_world_event_in(w, disk_ms(w), EVENT_JOB, n->life);
        }
    }
    n->wake_ms = out.wake_ms;
}

void sim_world_notifier_take(struct world *w, const struct world_message *message)
{
    if (!w->notifier.up)
        return;
    dd_notifier_machine_receive(w->notifier.machine, message->frame, message->count, w->now_ms);
    sim_world_notifier_tick(w);
}

void sim_world_notifier_event(struct world *w)
{
    do_job(w);
    w->notifier.job = NULL;
    dd_notifier_machine_done(w->notifier.machine, w->now_ms);
    sim_world_notifier_tick(w);
}

/* --- misfortune ---------------------------------------------------------------------------- */

static void break_some_link(struct world *w)
{
    size_t link = (size_t)sim_world_draw(w, LINK_CLIENTS + w->clients);
    if (w->broker_up && w->link[link].down_until_ms <= w->now_ms) {
        sim_world_note(w, "link %zu breaks", link);
        sim_world_break_link(w, link, between(w, 1, sim_world_chance(w, 10) ? 7000 : 500));
    }
}

static void fill_disk(struct world *w)
{
    if (w->journal.full)
        return;
    w->journal.full = true;
    sim_world_note(w, "the disk is full");
    sim_world_event_in(w, between(w, 300, 5000), EVENT_SPACE, 0);
}

static void turn_clock(struct world *w)
{
    int64_t by_ms = between(w, -7200000, 60000);
    w->skew_ms += by_ms;
    sim_world_note(w, "the clock moves by %lld ms", (long long)by_ms);
}

void sim_world_misfortune(struct world *w)
{
    enum world_fault fault = (enum world_fault)sim_world_draw(w, FAULTS);
    if (!w->enabled[fault])
        return;
    if (fault == FAULT_BROKER && w->broker_up) {
        sim_world_broker_die(w);
        sim_world_event_in(w, between(w, 10, 6000), EVENT_BROKER_STARTS, 0);
    } else if (fault == FAULT_REGISTRAR && w->registrar.up) {
        sim_world_registrar_die(w);
    } else if (fault == FAULT_NOTIFIER && w->notifier.up) {
        sim_world_notifier_die(w);
    } else if (fault == FAULT_LINK) {
        break_some_link(w);
    } else if (fault == FAULT_FULL) {
        fill_disk(w);
    } else if (fault == FAULT_SLOW) {
        w->slow_until_ms = w->now_ms + between(w, 300, 4000);
    } else if (fault == FAULT_APPEND) {
        w->journal.fail_append = true;
        w->journal.fail_keeps = (size_t)sim_world_draw(w, 5);
    } else if (fault == FAULT_CLOCK) {
        turn_clock(w);
    }
}
