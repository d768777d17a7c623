/* The broker's sockets and loop. See broker/broker.h. Decides nothing. */
#include "broker/broker.h"

#include <stdlib.h>
#include <string.h>

#include "broker/zap.h"
#include "runtime/clock.h"
#include "runtime/log.h"
#include "runtime/loop.h"
#include "runtime/random.h"

enum {
    ZAP_ADDRESS = 3, /* frames of a request */
    ZAP_CREDENTIALS = 6,
    ZAP_USER_ID = 4,                               /* of a reply */
    WORKER_SEND_QUEUE = DD_QUEUE_REQUESTS_MAX + 64 /* and Ticks, heartbeats */
};

struct dd_broker {
    struct dd_loop *loop;
    struct dd_socket *zap;
    struct dd_socket *clients;
    struct dd_socket *workers;
    struct dd_route *route;
    struct dd_link_table *registrar; /* its key alone; NULL on inproc */
};

static struct dd_route_time time_now(void)
{
    return (struct dd_route_time){dd_clock_utc_ms(), dd_clock_mono_ms()};
}

/* ---- what the router says ---- */

static enum dd_status to_client(void *self, const struct dd_slice *frames, size_t count)
{
    return dd_net_send(((struct dd_broker *)self)->clients, frames, count);
}

static enum dd_status to_worker(void *self, const struct dd_slice *frames, size_t count)
{
    return dd_net_send(((struct dd_broker *)self)->workers, frames, count);
}

static void security(void *self, const char *site, const char *what,
                     const struct dd_message *message)
{
    (void)self;
    dd_log_security(site, what, "key", message->user_id, "peer", message->peer_address, NULL);
}

static void notice(void *self, const char *what, const char *why)
{
    (void)self;
    dd_log(DD_LOG_INFO, what, "why", why, NULL);
}

/* ---- what the sockets say ---- */

static void on_client(void *self, struct dd_message *message)
{
    dd_route_from_client(((struct dd_broker *)self)->route, time_now(), message);
}

static void on_worker(void *self, struct dd_message *message)
{
    dd_route_from_worker(((struct dd_broker *)self)->route, time_now(), message);
}

static bool is_registrar(const struct dd_broker *broker, const struct dd_message *request)
{
    const struct dd_slice *key = &request->frame[ZAP_CREDENTIALS];

    return broker->registrar && request->kept_count > ZAP_CREDENTIALS &&
           key->size == DD_LINK_KEY_BYTES && dd_link_table_by_key(broker->registrar, key->data);
}

/* The registrar's key is judged like any other, but by a table of its own and under its own name:
 * it is good for the workers' endpoint, and unknown to the router as a client. */
static void on_zap(void *self, struct dd_message *request)
{
    struct dd_broker *broker = self;
    bool registrar = is_registrar(broker, request);
    struct dd_zap_reply reply;

    dd_zap_answer(request, registrar ? broker->registrar : dd_route_links(broker->route), &reply);
    if (registrar && reply.user_id[0])
        reply.frame[ZAP_USER_ID] = dd_slice_of(DD_REGISTRAR_USER_ID);
    if (strcmp(reply.code, "200") != 0 && strcmp(reply.code, "300") != 0) {
        char peer[DD_PEER_ADDRESS_BYTES] = "";

        if (request->kept_count > ZAP_ADDRESS)
            dd_slice_text(request->frame[ZAP_ADDRESS], peer, sizeof peer);
        dd_log_security("zap", reply.text, "peer", peer, NULL);
    }
    if (dd_net_send(broker->zap, reply.frame, DD_ZAP_REPLY_FRAMES) != DD_OK)
        dd_log(DD_LOG_WARN, "a handshake could not be answered", "why", dd_net_error(), NULL);
}

static int64_t on_tick(void *self, int64_t mono_ms)
{
    struct dd_broker *broker = self;
    const struct dd_route_time now = {dd_clock_utc_ms(), mono_ms};

    return dd_route_tick(broker->route, now);
}

/* ---- opening ---- */

static bool is_inproc(const char *endpoint)
{
    return strncmp(endpoint, "inproc://", 9) == 0;
}

static enum dd_status open_route(struct dd_broker *broker, const struct dd_broker_options *options)
{
    bool inproc = is_inproc(options->workers_endpoint);
    const struct dd_route_emit emit = {.self = broker,
                                       .to_client = to_client,
                                       .to_worker = to_worker,
                                       .security = security,
                                       .notice = notice};
    struct dd_route_options route = {.jurisdiction = options->jurisdiction,
                                     .rehearsal = options->rehearsal,
                                     .clock_ms = options->clock_ms,
                                     .worker_has_keys = !inproc};

    if (!inproc)
        route.silence_ms = options->silence_ms > 0 ? options->silence_ms : DD_ROUTE_SILENCE_MS;
    dd_random_bytes(&route.ref_base, sizeof route.ref_base);
    return dd_route_open(&route, &emit, &broker->route);
}

static enum dd_status open_registrar(struct dd_broker *broker,
                                     const struct dd_broker_options *options)
{
    struct dd_link_key key = {.valid_to_ms = INT64_MAX};

    if (is_inproc(options->workers_endpoint))
        return DD_OK;
    if (!options->registrar_public)
        return DD_INVALID;
    memcpy(key.curve_public, options->registrar_public, sizeof key.curve_public);
    return dd_link_table_make(&key, 1, &broker->registrar);
}

/* The ZAP handler comes first: until it is there every handshake is refused. */
static enum dd_status open_sockets(struct dd_net *net, struct dd_broker *broker,
                                   const struct dd_broker_options *options)
{
    const struct dd_link_options clients = {.endpoint = options->endpoint,
                                            .curve_secret = options->server_keys->curve_secret};
    const struct dd_link_options workers = {.endpoint = options->workers_endpoint,
                                            .curve_secret = options->server_keys->curve_secret,
                                            .frame_bytes_max = DD_REPLY_BYTES_MAX,
                                            .send_queue = WORKER_SEND_QUEUE};
    enum dd_status status = dd_net_zap(net, &broker->zap);

    if (status == DD_OK)
        status = dd_net_server(net, &clients, &broker->clients);
    if (status == DD_OK)
        status = dd_net_server(net, &workers, &broker->workers);
    return status;
}

/* Workers before clients: their answers make room for what comes. */
static enum dd_status open_loop(struct dd_broker *broker, const struct dd_broker_options *options)
{
    enum dd_status status = dd_loop_open(&broker->loop);

    if (status != DD_OK)
        return status;
    /* The registrar's key table before the handshakes that need it: a handshake that is put off is
     * tried again only seconds later. */
    dd_loop_add_socket(broker->loop, broker->workers, on_worker, broker);
    dd_loop_add_socket(broker->loop, broker->zap, on_zap, broker);
    dd_loop_add_socket(broker->loop, broker->clients, on_client, broker);
    dd_loop_set_tick(broker->loop, on_tick, broker);
    return options->stop_on_signals ? dd_loop_stop_on_signals(broker->loop) : DD_OK;
}

enum dd_status dd_broker_open(struct dd_net *net, const struct dd_broker_options *options,
                              struct dd_broker **broker)
{
    struct dd_broker *made;
    enum dd_status status;

    if (is_inproc(options->endpoint)) /* links without keys have no User-Id */
        return DD_INVALID;
    made = calloc(1, sizeof *made);
    if (!made)
        return DD_NO_MEMORY;
    status = open_route(made, options);
    if (status == DD_OK)
        status = open_registrar(made, options);
    if (status == DD_OK)
        status = open_sockets(net, made, options);
    if (status == DD_OK)
        status = open_loop(made, options);
    if (status == DD_OK)
        *broker = made;
    else
        dd_broker_close(made);
    return status;
}

void dd_broker_close(struct dd_broker *broker)
{
    if (!broker)
        return;
    dd_loop_close(broker->loop);
    dd_net_socket_close(broker->clients);
    dd_net_socket_close(broker->workers);
    dd_net_socket_close(broker->zap);
    dd_route_close(broker->route);
    dd_link_table_free(broker->registrar);
    free(broker);
}

const char *dd_broker_endpoint(const struct dd_broker *broker)
{
    return dd_net_endpoint(broker->clients);
}

const char *dd_broker_workers_endpoint(const struct dd_broker *broker)
{
    return dd_net_endpoint(broker->workers);
}

enum dd_status dd_broker_run(struct dd_broker *broker)
{
    const struct dd_route_counters *c = dd_broker_counters(broker);
    enum dd_status status;

    dd_log(DD_LOG_INFO, "the broker runs", "clients", dd_broker_endpoint(broker), "workers",
           dd_broker_workers_endpoint(broker), NULL);
    status = dd_loop_run(broker->loop);
    dd_log(status == DD_OK ? DD_LOG_INFO : DD_LOG_ERROR, "the broker stops", "messages",
           dd_log_number((int64_t)c->from_clients).text, "forwarded",
           dd_log_number((int64_t)c->forwarded).text, "replied",
           dd_log_number((int64_t)c->replied).text, "dropped",
           dd_log_number((int64_t)(c->unnamed + c->replies_dropped + c->replies_late)).text,
           "status", dd_status_key(status), NULL);
    return status;
}

void dd_broker_stop(struct dd_broker *broker)
{
    dd_loop_stop(broker->loop);
}

const struct dd_route_counters *dd_broker_counters(const struct dd_broker *broker)
{
    return dd_route_counters(broker->route);
}
