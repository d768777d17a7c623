/* The router's side of clients: what is taken, what is refused and why. See broker/route.h. Knows
 * of a request its envelope only; broker/route_worker.c has the registrar's side. */
#include "broker/route.h"

#include <stdlib.h>
#include <string.h>

#include "broker/route_parts.h"
#include "core/invariant.h"
#include "core/text.h"

#define MDP_CLIENT "MDPC01"

enum {
    FRAME_CLIENT,
    FRAME_EMPTY,
    FRAME_MAGIC,
    FRAME_SERVICE,
    FRAME_BODY,
    FRAMES,
    SERVICE_ECHO_BYTES_MAX = 255 /* of a service's name that is given back */
};

/* A message of a client on its way through the checks. */
struct incoming {
    const struct dd_message *message;
    struct dd_route_time now;
    int64_t at_ms; /* its stamp */
    struct dd_slice client;
    struct dd_slice service; /* empty when there is none, or too long to give back */
    struct dd_slice body;
    struct dd_envelope envelope; /* zeros when the body cannot be read */
    bool framed;
    bool readable;
    uint32_t account;
};

enum dd_status dd_route_open(const struct dd_route_options *options,
                             const struct dd_route_emit *emit, struct dd_route **route)
{
    struct dd_route *made = NULL;
    enum dd_status status = DD_INVALID;

    if (options->clock_ms < 0 || options->clock_ms > DD_ROUTE_CLOCK_MAX_MS)
        return DD_INVALID;
    made = calloc(1, sizeof *made);
    if (!made)
        return DD_NO_MEMORY;
    made->options = *options;
    made->options.jurisdiction = NULL;
    made->emit = *emit;
    made->stamp_ms = options->rehearsal ? options->clock_ms : 0;
    made->tick.ref = options->ref_base;
    if (options->jurisdiction && !dd_route_name(made, dd_slice_of(options->jurisdiction)))
        goto out;
    status = dd_flights_open(options->ref_base, &made->flights);
out:
    if (status == DD_OK)
        *route = made;
    else
        dd_route_close(made);
    return status;
}

void dd_route_close(struct dd_route *route)
{
    if (!route)
        return;
    dd_flights_close(route->flights);
    dd_link_table_free(route->links);
    free(route);
}

bool dd_route_name(struct dd_route *route, struct dd_slice jurisdiction)
{
    const size_t prefix = sizeof DD_SERVICE_PREFIX - 1;

    if (!dd_text_code_ok(jurisdiction))
        return false;
    memcpy(route->service, DD_SERVICE_PREFIX, prefix);
    dd_slice_text(jurisdiction, route->service + prefix, sizeof route->service - prefix);
    return true;
}

struct dd_slice dd_route_jurisdiction(const struct dd_route *route)
{
    if (!route->service[0])
        return (struct dd_slice){NULL, 0};
    return dd_slice_of(route->service + sizeof DD_SERVICE_PREFIX - 1);
}

int64_t dd_route_stamp(struct dd_route *route, struct dd_route_time now)
{
    if (!route->options.rehearsal && now.utc_ms > route->stamp_ms &&
        now.utc_ms <= DD_ROUTE_CLOCK_MAX_MS)
        route->stamp_ms = now.utc_ms;
    return route->stamp_ms;
}

bool dd_route_reply(struct dd_route *route, struct dd_slice client, struct dd_slice service,
                    struct dd_slice body)
{
    const struct dd_slice frames[DD_ROUTE_REPLY_FRAMES] = {
        client, {NULL, 0}, dd_slice_of(MDP_CLIENT), service, body};
    bool left = route->emit.to_client(route->emit.self, frames, DD_ROUTE_REPLY_FRAMES) == DD_OK;

    if (!left)
        route->counters.replies_dropped++;
    return left;
}

/* Writes and sends a Reply without results. */
static void send_reply(struct dd_route *route, struct dd_slice client, struct dd_slice service,
                       struct dd_slice request_id, const struct dd_refusal *refusal, int64_t at_ms)
{
    uint8_t bytes[DD_ENVELOPE_REPLY_BYTES_MAX];
    struct dd_writer w = dd_writer_make(bytes, sizeof bytes);

    dd_envelope_reply(&w, request_id, DD_CLIENT_CREDIT, refusal, at_ms);
    DD_ASSERT(!w.overflow);
    (void)dd_route_reply(route, client, service, dd_writer_slice(&w));
}

/* Counts a refusal by its status. */
static void count(struct dd_route_counters *counters, enum dd_status status)
{
    if (status == DD_BAD_ENVELOPE)
        counters->bad_envelope++;
    else if (status == DD_INVALID)
        counters->malformed++;
    else if (status == DD_TOO_LARGE)
        counters->too_large++;
    else if (status == DD_VERSION)
        counters->version++;
    else if (status == DD_NO_SERVICE)
        counters->no_service++;
    else if (status == DD_FORBIDDEN || status == DD_REFUSED)
        counters->clock_refused++;
    else if (status == DD_UNAVAILABLE)
        counters->unavailable++;
    else if (status == DD_BUSY)
        counters->busy++;
    else if (status == DD_TIMEOUT)
        counters->expired++;
    else
        counters->key_refused++;
}

static void refuse(struct dd_route *route, const struct incoming *in,
                   const struct dd_refusal *refusal)
{
    count(&route->counters, refusal->status);
    send_reply(route, in->client, in->service, in->envelope.request_id, refusal, in->at_ms);
}

void dd_route_answer(struct dd_route *route, struct dd_flight *flight, enum dd_status status)
{
    struct dd_refusal refusal;

    (void)dd_refuse(&refusal, status, DD_RULE_NONE, NULL);
    if (status == DD_UNAVAILABLE)
        route->counters.unavailable++;
    else if (status == DD_TIMEOUT)
        route->counters.timed_out++;
    send_reply(route, dd_flight_client(route->flights, flight), dd_slice_of(route->service),
               dd_flight_request_id(flight), status == DD_OK ? NULL : &refusal,
               flight->received_ms);
    dd_flights_remove(route->flights, flight);
}

/* ---- the checks, in the order in which they are asked ---- */

struct check {
    enum dd_status (*ask)(struct dd_route *route, struct incoming *in, struct dd_refusal *refusal);
};

static enum dd_status check_key(struct dd_route *route, struct incoming *in,
                                struct dd_refusal *refusal)
{
    enum dd_status status;

    if (!route->links) /* before the first READY: nothing is taken anyway */
        return DD_OK;
    status = dd_link_status(route->links, in->message->user_id, in->at_ms, &in->account);
    if (status == DD_OK)
        return DD_OK;
    route->emit.security(route->emit.self, "link-key", dd_status_key(status), in->message);
    return dd_refuse(refusal, status, DD_RULE_NONE, NULL);
}

static enum dd_status check_frames(struct dd_route *route, struct incoming *in,
                                   struct dd_refusal *refusal)
{
    (void)route;
    if (in->framed)
        return DD_OK;
    return dd_refuse(refusal, DD_BAD_ENVELOPE, DD_RULE_MALFORMED, NULL);
}

static bool starts_with(struct dd_slice text, const char *prefix)
{
    size_t size = strlen(prefix);

    return text.size >= size && memcmp(text.data, prefix, size) == 0;
}

/* While the jurisdiction is not known, any may be the right one. */
static enum dd_status check_service(struct dd_route *route, struct incoming *in,
                                    struct dd_refusal *refusal)
{
    struct dd_slice ours = dd_slice_of(route->service);

    if (ours.size > 0 ? dd_slice_equal(in->service, ours)
                      : starts_with(in->service, DD_SERVICE_PREFIX))
        return DD_OK;
    return dd_refuse(refusal, DD_NO_SERVICE, DD_RULE_NONE, NULL);
}

static enum dd_status check_body(struct dd_route *route, struct incoming *in,
                                 struct dd_refusal *refusal)
{
    (void)route;
    if (in->body.size > DD_REQUEST_BYTES_MAX)
        return dd_refuse_number(refusal, DD_TOO_LARGE, DD_RULE_TOO_LONG, NULL,
                                DD_REQUEST_BYTES_MAX);
    if (!in->readable)
        return dd_refuse(refusal, DD_INVALID, DD_RULE_MALFORMED, NULL);
    return DD_OK;
}

static enum dd_status refuse_range(struct dd_refusal *refusal, enum dd_status status,
                                   enum dd_rule rule, const char *field, int64_t from, int64_t to)
{
    (void)dd_refuse_number(refusal, status, rule, field, from);
    (void)dd_decimal(to, refusal->param[1]);
    return status;
}

static enum dd_status check_protocol(struct dd_route *route, struct incoming *in,
                                     struct dd_refusal *refusal)
{
    (void)route;
    if (in->envelope.protocol >= DD_PROTOCOL_MIN && in->envelope.protocol <= DD_PROTOCOL_MAX)
        return DD_OK;
    return refuse_range(refusal, DD_VERSION, DD_RULE_BAD_PROTOCOL, "protocol", DD_PROTOCOL_MIN,
                        DD_PROTOCOL_MAX);
}

static enum dd_status check_registrar(struct dd_route *route, struct incoming *in,
                                      struct dd_refusal *refusal)
{
    (void)in;
    return route->ready ? DD_OK : dd_refuse(refusal, DD_UNAVAILABLE, DD_RULE_NONE, NULL);
}

/* A rehearsal's clock and that of the client tell different times: deadlines are not compared. */
static enum dd_status check_deadline(struct dd_route *route, struct incoming *in,
                                     struct dd_refusal *refusal)
{
    if (!route->options.rehearsal && in->envelope.deadline_ms != 0 &&
        in->envelope.deadline_ms <= in->at_ms)
        return dd_refuse(refusal, DD_TIMEOUT, DD_RULE_NONE, "deadline_ms");
    return DD_OK;
}

static enum dd_status check_room(struct dd_route *route, struct incoming *in,
                                 struct dd_refusal *refusal)
{
    if (dd_flights_has_room(route->flights, in->client, in->body.size))
        return DD_OK;
    return dd_refuse(refusal, DD_BUSY, DD_RULE_NONE, NULL);
}

static enum dd_status check_all(struct dd_route *route, struct incoming *in,
                                const struct check *check, size_t checks,
                                struct dd_refusal *refusal)
{
    for (size_t i = 0; i < checks; i++) {
        enum dd_status status = check[i].ask(route, in, refusal);

        if (status != DD_OK)
            return status;
    }
    return DD_OK;
}

/* ---- what is done with what passed ---- */

/* RFC 8. */
static void answer_mmi(struct dd_route *route, const struct incoming *in)
{
    const char *code = "501";

    if (dd_slice_equal(in->service, dd_slice_of("mmi.service"))) {
        bool served = route->ready && dd_slice_equal(in->body, dd_slice_of(route->service));

        code = served ? "200" : "404";
    }
    route->counters.mmi++;
    (void)dd_route_reply(route, in->client, in->service, dd_slice_of(code));
}

static struct dd_flight *take_off(struct dd_route *route, const struct incoming *in,
                                  enum dd_flight_kind kind)
{
    const struct dd_flight flight = {.kind = kind,
                                     .account = in->account,
                                     .received_ms = in->at_ms,
                                     .mono_ms = in->now.mono_ms,
                                     .to_ms = in->envelope.clock_to_ms,
                                     .bytes = in->body.size};

    return dd_flights_add(route->flights, in->client, in->envelope.request_id, &flight);
}

/* A request that the registrar's queue does not take is as if it had not come. */
static void forward(struct dd_route *route, const struct incoming *in)
{
    struct dd_flight *flight = take_off(route, in, DD_FLIGHT_REQUEST);
    const struct dd_worker_message message = {.kind = DD_WORKER_REQUEST,
                                              .ref = flight->ref,
                                              .account = in->account,
                                              .at_ms = in->at_ms,
                                              .body = in->body};
    enum dd_status status = dd_route_to_registrar(route, &message);
    struct dd_refusal refusal;

    if (status == DD_OK) {
        route->counters.forwarded++;
        return;
    }
    dd_flights_remove(route->flights, flight);
    if (status == DD_UNAVAILABLE)
        dd_route_lose_registrar(route, "its link is gone");
    (void)dd_refuse(&refusal, status == DD_BUSY ? DD_BUSY : DD_UNAVAILABLE, DD_RULE_NONE, NULL);
    refuse(route, in, &refusal);
}

static enum dd_status judge_advance(struct dd_route *route, const struct incoming *in,
                                    struct dd_refusal *refusal)
{
    const struct dd_envelope *envelope = &in->envelope;
    char instant[DD_INSTANT_TEXT_BYTES];

    if (envelope->request_id.size == 0)
        return dd_refuse(refusal, DD_INVALID, DD_RULE_MISSING, "request_id");
    if (envelope->command_count > 0 || envelope->has_question || envelope->strange)
        return dd_refuse(refusal, DD_INVALID, DD_RULE_MALFORMED, "clock_advance");
    if (!route->options.rehearsal)
        return dd_refuse(refusal, DD_REFUSED, DD_RULE_NOT_A_REHEARSAL, "clock_advance");
    if (!dd_link_moves_clock(route->links, in->message->user_id)) {
        (void)dd_refuse_text(refusal, DD_FORBIDDEN, DD_RULE_NO_OFFICE, NULL,
                             dd_slice_of("administrator"));
        dd_slice_text(dd_route_jurisdiction(route), refusal->param[1], sizeof refusal->param[1]);
        return DD_FORBIDDEN;
    }
    if (envelope->clock_to_ms < 0 || envelope->clock_to_ms > DD_ROUTE_CLOCK_MAX_MS)
        return refuse_range(refusal, DD_INVALID, DD_RULE_OUT_OF_RANGE, "clock_advance.to_ms", 0,
                            DD_ROUTE_CLOCK_MAX_MS);
    if (envelope->clock_to_ms < route->stamp_ms) {
        dd_instant_format(route->stamp_ms, 0, instant);
        return dd_refuse_text(refusal, DD_REFUSED, DD_RULE_CLOCK_BACKWARDS, "clock_advance.to_ms",
                              dd_slice_of(instant));
    }
    return DD_OK;
}

/* Moves the clock at once; the client is answered when the Tick of that instant is exhausted. */
static void advance(struct dd_route *route, struct incoming *in)
{
    struct dd_refusal refusal;
    enum dd_status status = judge_advance(route, in, &refusal);

    if (status != DD_OK) {
        if (status == DD_FORBIDDEN)
            route->emit.security(route->emit.self, "clock", "forbidden", in->message);
        refuse(route, in, &refusal);
        return;
    }
    route->stamp_ms = in->envelope.clock_to_ms;
    in->at_ms = route->stamp_ms;
    (void)take_off(route, in, DD_FLIGHT_ADVANCE);
    route->counters.advanced++;
    dd_route_want_tick(route, in->now, true);
}

static void read_frames(struct incoming *in)
{
    const struct dd_message *message = in->message;

    if (message->kept_count > FRAME_SERVICE &&
        message->frame[FRAME_SERVICE].size <= SERVICE_ECHO_BYTES_MAX)
        in->service = message->frame[FRAME_SERVICE];
    in->framed = message->frame_count == FRAMES && message->kept_count == FRAMES &&
                 message->frame[FRAME_EMPTY].size == 0 &&
                 dd_slice_equal(message->frame[FRAME_MAGIC], dd_slice_of(MDP_CLIENT)) &&
                 message->frame[FRAME_SERVICE].size > 0 && message->frame[FRAME_BODY].size > 0;
    if (!in->framed)
        return;
    in->body = message->frame[FRAME_BODY];
    in->readable = dd_envelope_peek(in->body, &in->envelope);
}

static void judge(struct dd_route *route, struct incoming *in)
{
    static const struct check of_link[] = {{check_key}, {check_frames}};
    static const struct check of_request[] = {{check_service},   {check_body},     {check_protocol},
                                              {check_registrar}, {check_deadline}, {check_room}};
    struct dd_refusal refusal;

    if (check_all(route, in, of_link, sizeof of_link / sizeof of_link[0], &refusal) != DD_OK)
        refuse(route, in, &refusal);
    else if (starts_with(in->service, "mmi."))
        answer_mmi(route, in);
    else if (check_all(route, in, of_request, sizeof of_request / sizeof of_request[0], &refusal) !=
             DD_OK)
        refuse(route, in, &refusal);
    else if (in->envelope.has_clock_advance)
        advance(route, in);
    else
        forward(route, in);
}

void dd_route_from_client(struct dd_route *route, struct dd_route_time now,
                          const struct dd_message *message)
{
    struct incoming in = {.message = message, .now = now};

    route->counters.from_clients++;
    if (message->kept_count > 0)
        in.client = message->frame[FRAME_CLIENT];
    if (in.client.size == 0 || in.client.size > DD_ROUTING_ID_BYTES_MAX || !message->user_id[0]) {
        route->counters.unnamed++;
        route->emit.security(route->emit.self, "no-user-id", "message dropped", message);
        return;
    }
    in.at_ms = dd_route_stamp(route, now);
    read_frames(&in);
    judge(route, &in);
}

const struct dd_link_table *dd_route_links(const struct dd_route *route)
{
    return route->links;
}

const struct dd_route_counters *dd_route_counters(const struct dd_route *route)
{
    return &route->counters;
}

bool dd_route_is_ready(const struct dd_route *route)
{
    return route->ready;
}

int64_t dd_route_stamp_ms(const struct dd_route *route)
{
    return route->stamp_ms;
}

size_t dd_route_waiting(const struct dd_route *route)
{
    return dd_flights_count(route->flights);
}

size_t dd_route_waiting_bytes(const struct dd_route *route)
{
    return dd_flights_bytes(route->flights);
}
