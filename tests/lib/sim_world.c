/* Time, the net and clients of the simulated world. See tests/lib/sim_world.h. */
#include "tests/lib/sim_world.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/invariant.h"
#include "tests/lib/sim_parts.h"

enum { MISFORTUNE_ONCE_IN = 120 };

/* --- chance and words ---------------------------------------------------------------------- */

uint64_t sim_world_draw(struct world *w, uint64_t below)
{
    w->random += 0x9e3779b97f4a7c15u;
    uint64_t z = w->random;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (z ^ (z >> 31)) % below;
}

bool sim_world_chance(struct world *w, unsigned percent)
{
    return sim_world_draw(w, 100) < percent;
}

int64_t sim_world_utc(const struct world *w)
{
    return w->now_ms + w->skew_ms;
}

void sim_world_note(struct world *w, const char *format, ...)
{
    char *line = w->trace[w->traced++ % WORLD_TRACE_LINES];
    va_list arguments;
    int used = snprintf(line, WORLD_TRACE_BYTES, "%9lld ", (long long)w->now_ms);
    va_start(arguments, format);
    vsnprintf(line + used, (size_t)(WORLD_TRACE_BYTES - used), format, arguments);
    va_end(arguments);
    if (w->loud)
        fprintf(stderr, "%s\n", line);
}

_Noreturn void sim_world_fail(struct world *w, const char *format, ...)
{
    va_list arguments;
    size_t from = w->traced > WORLD_TRACE_LINES ? w->traced - WORLD_TRACE_LINES : 0;
    for (size_t i = from; i < w->traced && !w->loud; i++)
        fprintf(stderr, "%s\n", w->trace[i % WORLD_TRACE_LINES]);
    fprintf(stderr, "seed %llu, at %lld: ", (unsigned long long)w->seed, (long long)w->now_ms);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fprintf(stderr, "\n");
    exit(1);
}

/* --- events: a heap by time, then by the order in which they were made --------------------- */

static bool before(const struct world_event *a, const struct world_event *b)
{
    return a->at_ms < b->at_ms || (a->at_ms == b->at_ms && a->order < b->order);
}

static void swap(struct world_event *a, struct world_event *b)
{
    struct world_event kept = *a;
    *a = *b;
    *b = kept;
}

static void push(struct world *w, struct world_event event)
{
    if (w->events == w->event_capacity) {
        w->event_capacity = w->event_capacity ? 2 * w->event_capacity : 256;
        w->event = realloc(w->event, w->event_capacity * sizeof *w->event);
        DD_ASSERT(w->event);
    }
    event.order = ++w->ordered;
    size_t at = w->events++;
    w->event[at] = event;
    for (; at > 0 && before(&w->event[at], &w->event[(at - 1) / 2]); at = (at - 1) / 2)
        swap(&w->event[at], &w->event[(at - 1) / 2]);
}

static struct world_event pop(struct world *w)
{
    struct world_event first = w->event[0];
    size_t at = 0;
    w->event[0] = w->event[--w->events];
    for (;;) {
        size_t child = 2 * at + 1;
        if (child + 1 < w->events && before(&w->event[child + 1], &w->event[child]))
            child++;
        if (child >= w->events || !before(&w->event[child], &w->event[at]))
            return first;
        swap(&w->event[child], &w->event[at]);
        at = child;
    }
}

void sim_world_event_in(struct world *w, int64_t delay_ms, enum world_event_kind kind,
                        unsigned life)
{
    push(w, (struct world_event){.at_ms = w->now_ms + delay_ms, .kind = kind, .life = life});
}

void sim_world_later(struct world *w, int64_t delay_ms, uint64_t what)
{
    push(w, (struct world_event){.at_ms = w->now_ms + delay_ms, .kind = EVENT_LATER, .what = what});
}

/* --- links --------------------------------------------------------------------------------- */

size_t sim_world_routing_id(const struct world *w, size_t link, char out[32])
{
    return (size_t)snprintf(out, 32, "%u.%u", (unsigned)link, w->link[link].generation);
}

bool sim_world_link_of(const struct world *w, struct dd_slice id, size_t *link)
{
    char now[32];
    for (*link = 0; *link < LINK_CLIENTS + w->clients; ++*link) {
        size_t size = sim_world_routing_id(w, *link, now);
        if (size == id.size && memcmp(now, id.data, size) == 0)
            return true;
    }
    return false;
}

static struct world_message *pack(size_t link, int way, const struct dd_slice *frames, size_t count)
{
    size_t size = 0;
    DD_ASSERT(count <= DD_FRAMES_MAX);
    for (size_t i = 0; i < count; i++)
        size += frames[i].size;
    struct world_message *message = malloc(sizeof *message + size);
    DD_ASSERT(message);
    uint8_t *at = message->bytes;
    message->link = link;
    message->way = way;
    message->count = count;
    for (size_t i = 0; i < count; i++) {
        message->frame[i] = (struct dd_slice){at, frames[i].size};
        if (frames[i].size > 0)
            memcpy(at, frames[i].data, frames[i].size);
        at += frames[i].size;
    }
    return message;
}

/* A link that is down takes messages and sends them when it is up; one whose broker is dead loses
 * them. */
enum dd_status sim_world_send(struct world *w, size_t number, int way,
                              const struct dd_slice *frames, size_t count)
{
    struct world_link *link = &w->link[number];
    int64_t from_ms = link->down_until_ms > w->now_ms ? link->down_until_ms : w->now_ms;
    if (w->faulty && w->enabled[FAULT_BUSY] && number != LINK_REGISTRAR && sim_world_chance(w, 2))
        return DD_BUSY;
    if (from_ms == INT64_MAX)
        return sim_world_chance(w, 50) ? DD_OK : DD_UNAVAILABLE;
    int64_t at_ms = from_ms + 1 + (int64_t)sim_world_draw(w, sim_world_chance(w, 5) ? 200 : 4);
    if (at_ms < link->last_at_ms[way])
        at_ms = link->last_at_ms[way];
    link->last_at_ms[way] = at_ms;
    struct world_message *message = pack(number, way, frames, count);
    message->generation = link->generation;
    push(w, (struct world_event){.at_ms = at_ms, .kind = EVENT_MESSAGE, .message = message});
    w->messages++;
    return DD_OK;
}

void sim_world_break_link(struct world *w, size_t number, int64_t down_ms)
{
    struct world_link *link = &w->link[number];
    link->generation++;
    link->last_at_ms[TO_BROKER] = link->last_at_ms[FROM_BROKER] = 0;
    link->down_until_ms = w->broker_up ? w->now_ms + down_ms : INT64_MAX;
    if (number >= LINK_CLIENTS && sim_world_chance(w, 50)) { /* the library is told, or finds out */
        struct world_client *client = &w->client[number - LINK_CLIENTS];
        dd_session_link_lost(client->session, w->now_ms);
        client->wake_ms = w->now_ms;
    }
    w->breaks++;
}

/* --- clients ------------------------------------------------------------------------------- */

static enum dd_status client_send(void *self, const struct dd_slice *frames, size_t count)
{
    struct world_client *client = self;
    return sim_world_send(client->world, client->link, TO_BROKER, frames, count);
}

struct world_client *sim_world_add_client(struct world *w, uint32_t account)
{
    DD_ASSERT(w->clients < WORLD_CLIENTS_MAX && account < SIM_ACCOUNTS_MAX);
    struct world_client *client = &w->client[w->clients];
    struct dd_session_options options = {.jurisdiction = dd_slice_of("bacgiang"),
                                         .nonce = sim_world_draw(w, UINT64_MAX),
                                         .jitter_seed = sim_world_draw(w, UINT64_MAX),
                                         .timeout_ms = 15000,
                                         .attempt_ms = 1000,
                                         .queue_max = 1000,
                                         .queue_bytes_max = 1 << 24,
                                         .requests_in_flight_max =
                                             1 + (uint32_t)sim_world_draw(w, 6)};
    struct dd_session_link link = {client, client_send};
    struct dd_link_key key = {.account = account};
    memcpy(key.curve_public, w->cast->key[account].curve_public, sizeof key.curve_public);
    client->world = w;
    client->account = account;
    client->link = LINK_CLIENTS + w->clients++;
    client->wake_ms = INT64_MAX;
    dd_link_user_id(&key, client->user_id);
    enum dd_status status = dd_session_open(&options, &link, &client->session);
    DD_ASSERT(status == DD_OK);
    return client;
}

void sim_world_wake(struct world_client *client)
{
    client->wake_ms = client->world->now_ms;
}

static void client_take(struct world *w, const struct world_message *message)
{
    struct world_client *client = &w->client[message->link - LINK_CLIENTS];
    dd_session_receive(client->session, w->now_ms, message->frame, message->count);
    client->wake_ms = w->now_ms;
}

/* --- time ---------------------------------------------------------------------------------- */

static void deliver(struct world *w, struct world_message *message)
{
    if (message->generation != w->link[message->link].generation) {
        free(message);
        return;
    }
    if (message->way == TO_BROKER)
        sim_world_broker_take(w, message);
    else if (message->link == LINK_REGISTRAR)
        sim_world_registrar_take(w, message);
    else if (message->link == LINK_NOTIFIER)
        sim_world_notifier_take(w, message);
    else
        client_take(w, message);
    free(message);
}

static void happen(struct world *w, const struct world_event *event)
{
    switch (event->kind) {
    case EVENT_MESSAGE:
        deliver(w, event->message);
        return;
    case EVENT_SYNCED:
    case EVENT_RESERVED:
    case EVENT_FLUSHED:
    case EVENT_READ:
        if (w->registrar.up && event->life == w->registrar.life)
            sim_world_registrar_event(w, event);
        return;
    case EVENT_JOB:
        if (w->notifier.up && event->life == w->notifier.life)
            sim_world_notifier_event(w);
        return;
    case EVENT_REGISTRAR_DIES:
        if (w->faulty && w->registrar.up && event->life == w->registrar.life)
            sim_world_registrar_die(w);
        return;
    case EVENT_BROKER_STARTS:
        sim_world_broker_start(w);
        return;
    case EVENT_REGISTRAR_STARTS:
        sim_world_registrar_start(w);
        return;
    case EVENT_NOTIFIER_STARTS:
        sim_world_notifier_start(w);
        return;
    case EVENT_SPACE:
        w->journal.full = false;
        sim_world_note(w, "the disk has space");
        return;
    case EVENT_LATER:
        w->on_time(w->on_time_self, event->what);
        return;
    }
}

/* Wakes whoever wanted to be woken by now. */
static void wake_all(struct world *w)
{
    if (w->broker_up && w->broker_wake_ms <= w->now_ms)
        sim_world_broker_tick(w);
    if (w->registrar.up && w->registrar.wake_ms <= w->now_ms)
        sim_world_registrar_tick(w);
    if (w->notifier.up && w->notifier.wake_ms <= w->now_ms)
        sim_world_notifier_tick(w);
    for (size_t i = 0; i < w->clients; i++) {
        struct world_client *client = &w->client[i];
        if (client->wake_ms <= w->now_ms)
            client->wake_ms = dd_session_tick(client->session, w->now_ms);
    }
}

static void earlier(int64_t *at_ms, bool holds, int64_t other_ms)
{
    if (holds && other_ms < *at_ms)
        *at_ms = other_ms;
}

static int64_t next_ms(const struct world *w)
{
    int64_t at_ms = w->events > 0 ? w->event[0].at_ms : INT64_MAX;
    earlier(&at_ms, w->broker_up, w->broker_wake_ms);
    earlier(&at_ms, w->registrar.up, w->registrar.wake_ms);
    earlier(&at_ms, w->notifier.up, w->notifier.wake_ms);
    for (size_t i = 0; i < w->clients; i++)
        earlier(&at_ms, true, w->client[i].wake_ms);
    return at_ms;
}

void sim_world_run(struct world *w, int64_t until_ms)
{
    for (;;) {
        int64_t at_ms = next_ms(w);
        if (at_ms > until_ms)
            break;
        if (at_ms > w->now_ms)
            w->now_ms = at_ms;
        if (w->events > 0 && w->event[0].at_ms <= w->now_ms) {
            struct world_event event = pop(w);
            happen(w, &event);
            if (w->faulty && sim_world_draw(w, MISFORTUNE_ONCE_IN) == 0)
                sim_world_misfortune(w);
        }
        wake_all(w);
    }
    w->now_ms = until_ms;
}

/* --- the beginning and the end ------------------------------------------------------------- */

struct world *sim_world_make(uint64_t seed, struct sim_cast *cast, int64_t utc_ms)
{
    struct world *w = calloc(1, sizeof *w);
    DD_ASSERT(w);
    w->seed = seed;
    w->random = seed;
    w->cast = cast;
    w->memory = dd_arena_make((size_t)1 << 30);
    w->now_ms = 1000;
    w->skew_ms = utc_ms - w->now_ms;
    w->faulty = true;
    for (size_t i = 0; i < FAULTS; i++)
        w->enabled[i] = sim_world_chance(w, 40);
    journal_sim_make(&w->journal);
    journal_sim_copy(&cast->founding, &w->journal);
    enum dd_status status = dd_outbox_open(NULL, &w->notifier.outbox);
    DD_ASSERT(status == DD_OK);
    for (size_t i = 0; i < WORLD_LINKS_MAX; i++)
        w->link[i].down_until_ms = INT64_MAX;
    sim_world_broker_start(w);
    sim_world_registrar_start(w);
    sim_world_notifier_start(w);
    return w;
}

void sim_world_heal(struct world *w)
{
    w->faulty = false;
    w->journal.full = false;
    w->journal.fail_append = false;
    w->slow_until_ms = 0;
    if (!w->broker_up)
        sim_world_broker_start(w);
    if (!w->registrar.up)
        sim_world_registrar_start(w);
    if (!w->notifier.up)
        sim_world_notifier_start(w);
}

bool sim_world_is_quiet(struct world *w)
{
    struct dd_cursor cursor;
    struct dd_outbox_standing outbox;
    dd_outbox_stands(w->notifier.outbox, &outbox);
    if (!w->broker_up || !w->registrar.up || !w->notifier.up || w->registrar.syncing ||
        outbox.gathering || outbox.queued || outbox.to_report)
        return false;
    dd_state_cursor(w->registrar.state, &cursor);
    return cursor.next_seq == w->journal.count && !dd_ledger_dirty(w->registrar.ledger);
}

void sim_world_free(struct world *w)
{
    if (w->broker_up)
        sim_world_broker_die(w);
    if (w->registrar.up)
        sim_world_registrar_die(w);
    if (w->notifier.up)
        sim_world_notifier_die(w);
    for (size_t i = 0; i < w->clients; i++)
        dd_session_close(w->client[i].session);
    dd_outbox_close(w->notifier.outbox);
    for (size_t i = 0; i < w->events; i++)
        free(w->event[i].message);
    free(w->event);
    journal_sim_free(&w->journal);
    dd_arena_free(&w->memory);
    free(w);
}
