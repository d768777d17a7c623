/* The router's side of the registrar: who it is, whether it lives, its answers, and the Ticks. See
 * broker/route.h. Knows nothing of what requests ask. */
#include <stdlib.h>
#include <string.h>

#include "broker/route_parts.h"
#include "core/invariant.h"

enum { SEND_AGAIN_MS = 50 }; /* a Tick that found the registrar's queue full */

/* A message of a worker's link. */
struct arrival {
    const struct dd_message *message;
    struct dd_route_time now;
    struct dd_slice from;
    struct dd_worker_message read;
};

static struct dd_slice registrar_id(const struct dd_route *route)
{
    return (struct dd_slice){route->registrar, route->registrar_size};
}

static enum dd_status send_to(struct dd_route *route, struct dd_slice id,
                              const struct dd_worker_message *message)
{
    uint8_t header[DD_WORKER_HEADER_BYTES_MAX];
    struct dd_slice frames[DD_ROUTE_WORKER_FRAMES] = {id};

    dd_worker_encode(message, header, frames + 1);
    return route->emit.to_worker(route->emit.self, frames, DD_ROUTE_WORKER_FRAMES);
}

enum dd_status dd_route_to_registrar(struct dd_route *route,
                                     const struct dd_worker_message *message)
{
    return route->ready ? send_to(route, registrar_id(route), message) : DD_UNAVAILABLE;
}

static void disconnect(struct dd_route *route, struct dd_slice id)
{
    const struct dd_worker_message message = {.kind = DD_WORKER_DISCONNECT};

    (void)send_to(route, id, &message); /* it asks again if this is lost */
}

void dd_route_lose_registrar(struct dd_route *route, const char *why)
{
    struct dd_flight *flight;

    if (!route->ready)
        return;
    route->ready = false;
    route->tick = (struct dd_route_ticking){.ref = route->tick.ref};
    route->counters.registrars_gone++;
    route->emit.notice(route->emit.self, "the registrar is gone", why);
    while ((flight = dd_flights_oldest(route->flights)))
        dd_route_answer(route, flight, DD_UNAVAILABLE);
}

/* ---- Ticks ---- */

static void send_tick(struct dd_route *route, struct dd_route_time now)
{
    struct dd_route_ticking *tick = &route->tick;
    enum dd_status status;

    if (!tick->wanted || tick->out || !route->ready)
        return;
    tick->ref++;
    tick->at_ms = tick->repeat ? route->stamp_ms : dd_route_stamp(route, now);
    status = dd_route_to_registrar(route, &(struct dd_worker_message){.kind = DD_WORKER_TICK,
                                                                      .ref = tick->ref,
                                                                      .at_ms = tick->at_ms});
    if (status == DD_UNAVAILABLE) {
        dd_route_lose_registrar(route, "its link is gone");
        return;
    }
    if (status != DD_OK) /* it stays wanted */
        return;
    tick->wanted = tick->repeat = false;
    tick->out = true;
    tick->sent_mono_ms = now.mono_ms;
    route->counters.ticks++;
}

void dd_route_want_tick(struct dd_route *route, struct dd_route_time now, bool repeat)
{
    route->tick.wanted = true;
    route->tick.repeat = repeat;
    send_tick(route, now);
}

/* The clock's moves up to this instant have done all their work. */
static void answer_advances(struct dd_route *route, int64_t at_ms)
{
    struct dd_flight *flight = dd_flights_oldest(route->flights);

    while (flight) {
        struct dd_flight *newer = dd_flights_newer(route->flights, flight);

        if (flight->kind == DD_FLIGHT_ADVANCE && flight->to_ms <= at_ms)
            dd_route_answer(route, flight, DD_OK);
        flight = newer;
    }
}

/* While there is more to do the instant is sent again: the last stamp, which is the same unless
 * something was received meanwhile, and never before what was. */
static void on_ticked(struct dd_route *route, const struct arrival *a)
{
    struct dd_route_ticking *tick = &route->tick;

    if (!tick->out || a->read.ref != tick->ref) {
        route->counters.replies_late++;
        return;
    }
    tick->out = false;
    if (a->read.exhausted) {
        if (route->options.rehearsal)
            answer_advances(route, tick->at_ms);
        send_tick(route, a->now);
    } else {
        dd_route_want_tick(route, a->now, true);
    }
}

/* ---- the registrar comes ---- */

/* Makes the table of links from rows of DDW01. DD_INVALID, DD_NO_MEMORY. */
static enum dd_status read_keys(struct dd_slice rows, struct dd_link_table **table)
{
    size_t count = rows.size / DD_WORKER_KEY_BYTES;
    struct dd_link_key *keys = calloc(count + 1, sizeof *keys);
    struct dd_reader r = dd_reader_make(rows);
    enum dd_status status = DD_INVALID;

    if (!keys)
        return DD_NO_MEMORY;
    for (size_t i = 0; i < count; i++) {
        struct dd_worker_key row;

        if (!dd_worker_key_read(&r, &row))
            goto out;
        memcpy(keys[i].curve_public, row.curve_public, sizeof keys[i].curve_public);
        keys[i].account = row.account;
        keys[i].status = row.revoked ? DD_LINK_KEY_REVOKED : DD_LINK_KEY_ACTIVE;
        keys[i].moves_clock = row.moves_clock;
        keys[i].valid_from_ms = row.valid_from_ms;
        keys[i].valid_to_ms = row.valid_to_ms;
    }
    status = dd_link_table_make(keys, count, table);
out:
    free(keys);
    return status;
}

static void replace_links(struct dd_route *route, struct dd_link_table *table)
{
    dd_link_table_free(route->links);
    route->links = table;
}

/* Why a READY cannot be taken; NULL if it can, with its table. */
static const char *ready_fault(const struct dd_route *route, const struct arrival *a,
                               struct dd_link_table **table)
{
    struct dd_slice ours = dd_route_jurisdiction(route);

    if (a->from.size > DD_ROUTING_ID_BYTES_MAX)
        return "its routing id is too long";
    if (ours.size > 0 && !dd_slice_equal(a->read.jurisdiction, ours))
        return "it serves another jurisdiction";
    if (route->options.rehearsal && !a->read.rehearsal)
        return "its log is no rehearsal's, but the clock is";
    if (a->read.at_ms < 0 || a->read.at_ms > DD_ROUTE_CLOCK_MAX_MS)
        return "its log's last instant is none";
    if (read_keys(a->read.body, table) != DD_OK)
        return "its keys cannot be read";
    return NULL;
}

/* At most one answer a second: a registrar that says READY at each of them must not go round and
 * round with the broker. It is told again after its own timeout. */
static void refuse_ready(struct dd_route *route, const struct arrival *a, const char *why)
{
    route->counters.ready_refused++;
    if (a->now.mono_ms < route->refuse_mono_ms)
        return;
    route->refuse_mono_ms = a->now.mono_ms + DD_ROUTE_HEARTBEAT_MS;
    route->emit.notice(route->emit.self, "a registrar is refused", why);
    disconnect(route, a->from);
}

static void on_ready(struct dd_route *route, const struct arrival *a)
{
    struct dd_link_table *table = NULL;
    const char *fault = ready_fault(route, a, &table);

    if (fault) {
        if (route->ready && dd_slice_equal(a->from, registrar_id(route)))
            dd_route_lose_registrar(route, fault);
        refuse_ready(route, a, fault);
        return;
    }
    dd_route_lose_registrar(route, "a new one takes its place");
    replace_links(route, table);
    if (!route->service[0])
        DD_ASSERT(dd_route_name(route, a->read.jurisdiction));
    if (a->read.at_ms > route->stamp_ms)
        route->stamp_ms = a->read.at_ms;
    memcpy(route->registrar, a->from.data, a->from.size);
    route->registrar_size = a->from.size;
    route->ready = true;
    route->heard_mono_ms = a->now.mono_ms;
    route->heartbeat_mono_ms = a->now.mono_ms;
    route->tick.due_mono_ms = a->now.mono_ms;
    route->emit.notice(route->emit.self, "the registrar is there", "");
}

/* ---- what it says then ---- */

static void on_reply(struct dd_route *route, const struct arrival *a)
{
    struct dd_flight *flight = dd_flights_find(route->flights, a->read.ref);

    if (!flight || flight->kind != DD_FLIGHT_REQUEST) {
        route->counters.replies_late++;
        return;
    }
    if (a->read.body.size > DD_REPLY_BYTES_MAX) { /* a page of an answer: results are smaller */
        route->counters.worker_malformed++;
        dd_route_answer(route, flight, DD_TOO_LARGE);
        return;
    }
    if (dd_route_reply(route, dd_flight_client(route->flights, flight), dd_slice_of(route->service),
                       a->read.body))
        route->counters.replied++;
    dd_flights_remove(route->flights, flight);
}

/* A table that cannot be taken may be the one that revokes a key: nothing is served on the old one
 * until the registrar says READY again. */
static void on_keys(struct dd_route *route, const struct arrival *a)
{
    struct dd_link_table *table = NULL;

    if (read_keys(a->read.body, &table) == DD_OK) {
        replace_links(route, table);
        return;
    }
    route->counters.worker_malformed++;
    dd_route_lose_registrar(route, "its keys cannot be read");
    disconnect(route, a->from);
}

static void on_message(struct dd_route *route, const struct arrival *a)
{
    switch (a->read.kind) {
    case DD_WORKER_REPLY:
        on_reply(route, a);
        break;
    case DD_WORKER_TICKED:
        on_ticked(route, a);
        break;
    case DD_WORKER_KEYS:
        on_keys(route, a);
        break;
    case DD_WORKER_HEARTBEAT:
        break;
    case DD_WORKER_DISCONNECT:
        dd_route_lose_registrar(route, "it says so");
        break;
    case DD_WORKER_READY: /* on_ready has it */
    case DD_WORKER_REQUEST:
    case DD_WORKER_TICK:
        route->counters.worker_malformed++;
        break;
    }
}

/* Who is not the registrar is told so, and says READY if it is one. */
static void on_stranger(struct dd_route *route, const struct arrival *a)
{
    route->counters.worker_strangers++;
    if (a->read.kind != DD_WORKER_DISCONNECT)
        disconnect(route, a->from);
}

static bool may_work(const struct dd_route *route, const struct dd_message *message)
{
    return !route->options.worker_has_keys || strcmp(message->user_id, DD_REGISTRAR_USER_ID) == 0;
}

void dd_route_from_worker(struct dd_route *route, struct dd_route_time now,
                          const struct dd_message *message)
{
    struct arrival a = {.message = message, .now = now};
    bool readable;

    if (message->kept_count == 0 || message->frame[0].size == 0 || !may_work(route, message)) {
        route->counters.worker_strangers++;
        route->emit.security(route->emit.self, "worker-key", "not the registrar's key", message);
        return;
    }
    a.from = message->frame[0];
    readable = message->frame_count == message->kept_count &&
               dd_worker_decode(message->frame + 1, message->kept_count - 1, &a.read);
    if (!readable)
        route->counters.worker_malformed++;
    if (readable && a.read.kind == DD_WORKER_READY) {
        on_ready(route, &a);
    } else if (!route->ready || !dd_slice_equal(a.from, registrar_id(route))) {
        on_stranger(route, &a);
    } else {
        route->heard_mono_ms = now.mono_ms; /* any traffic is a sign of life */
        if (readable)
            on_message(route, &a);
    }
}

/* ---- time ---- */

static void time_out(struct dd_route *route, int64_t mono_ms)
{
    struct dd_flight *flight;

    while ((flight = dd_flights_oldest(route->flights)) &&
           mono_ms - flight->mono_ms >= DD_ROUTE_TIMEOUT_MS)
        dd_route_answer(route, flight, DD_TIMEOUT);
}

static bool is_silent(const struct dd_route *route, int64_t mono_ms)
{
    return route->options.silence_ms > 0 &&
           mono_ms - route->heard_mono_ms >= route->options.silence_ms;
}

static void beat(struct dd_route *route, int64_t mono_ms)
{
    const struct dd_worker_message message = {.kind = DD_WORKER_HEARTBEAT};

    if (!route->ready || mono_ms < route->heartbeat_mono_ms)
        return;
    route->heartbeat_mono_ms = mono_ms + DD_ROUTE_HEARTBEAT_MS;
    if (dd_route_to_registrar(route, &message) == DD_UNAVAILABLE)
        dd_route_lose_registrar(route, "its link is gone");
}

/* In a rehearsal time passes by the administrator's word alone. A Tick that is not answered is
 * given up as a request is. */
static void tick(struct dd_route *route, struct dd_route_time now)
{
    struct dd_route_ticking *ticking = &route->tick;

    if (ticking->out && now.mono_ms - ticking->sent_mono_ms >= DD_ROUTE_TIMEOUT_MS) {
        ticking->out = false;
        ticking->wanted = true;
    }
    if (!route->options.rehearsal && now.mono_ms >= ticking->due_mono_ms) {
        ticking->due_mono_ms = now.mono_ms + DD_ROUTE_TICK_MS;
        if (!ticking->out) {
            ticking->wanted = true;
            ticking->repeat = false;
        }
    }
    send_tick(route, now);
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t next_due(struct dd_route *route, int64_t mono_ms)
{
    const struct dd_flight *oldest = dd_flights_oldest(route->flights);
    int64_t due = INT64_MAX;

    if (!route->ready) /* nothing is in flight either */
        return due;
    due = route->heartbeat_mono_ms;
    if (!route->options.rehearsal)
        due = earlier(due, route->tick.due_mono_ms);
    if (route->options.silence_ms > 0)
        due = earlier(due, route->heard_mono_ms + route->options.silence_ms);
    if (route->tick.wanted && !route->tick.out)
        due = earlier(due, mono_ms + SEND_AGAIN_MS);
    if (oldest)
        due = earlier(due, oldest->mono_ms + DD_ROUTE_TIMEOUT_MS);
    return due;
}

int64_t dd_route_tick(struct dd_route *route, struct dd_route_time now)
{
    if (route->ready && is_silent(route, now.mono_ms))
        dd_route_lose_registrar(route, "it is silent");
    time_out(route, now.mono_ms);
    if (route->ready) {
        beat(route, now.mono_ms);
        tick(route, now);
    }
    return next_due(route, now.mono_ms);
}
