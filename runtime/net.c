/*
 * Sockets over libzmq; the only file that includes <zmq.h>. See runtime/net.h. Knows nothing of
 * what frames mean.
 */
#include "runtime/net.h"

#include <errno.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#include "core/invariant.h"

/* In libzmq 4.3 this option is declared for drafts only, but is there and obeyed: with it a server
 * without a ZAP handler lets nobody in, without it everybody. A unit test holds it to that. */
#ifndef ZMQ_ZAP_ENFORCE_DOMAIN
#define ZMQ_ZAP_ENFORCE_DOMAIN 93
#endif

#define ZAP_ENDPOINT "inproc://zeromq.zap.01"

enum {
    BACKLOG = 1024,
    HEARTBEAT_TIMEOUT_MS = 2 * DD_HEARTBEAT_MS,
    HEARTBEAT_TTL_MS = 3 * DD_HEARTBEAT_MS,
    KEEPALIVE_IDLE_S = 60,
    KEEPALIVE_INTERVAL_S = 10,
    KEEPALIVE_COUNT = 3,
    TCP_RETRANSMIT_MS = 30000,
    RECONNECT_MS = 200,
    RECONNECT_MAX_MS = 30000,
    WATCH_EVENTS_MAX = 64 /* of a client's monitor, read by one call */
};

struct dd_net {
    void *context;
    atomic_uint watched; /* monitors made so far: their names */
};

struct dd_socket {
    void *handle;
    void *watch; /* the monitor of a client over tcp or ipc */
    enum dd_status link;
    bool skipping; /* the rest of an overlong message is still to be thrown away */
    char endpoint[DD_ENDPOINT_BYTES];
};

struct parts {
    size_t count;
    zmq_msg_t part[DD_FRAMES_KEPT_MAX];
};

static enum dd_status status_of(int error)
{
    switch (error) {
    case EAGAIN:
        return DD_BUSY;
    case EHOSTUNREACH:
        return DD_UNAVAILABLE;
    case ENOMEM:
        return DD_NO_MEMORY;
    case EADDRINUSE:
        return DD_EXISTS;
    case EINVAL:
    case EPROTONOSUPPORT:
        return DD_INVALID;
    default:
        return DD_IO;
    }
}

const char *dd_net_error(void)
{
    return zmq_strerror(zmq_errno());
}

enum dd_status dd_net_open(struct dd_net **net)
{
    struct dd_net *made = calloc(1, sizeof *made);

    if (!made)
        return DD_NO_MEMORY;
    made->context = zmq_ctx_new();
    if (!made->context) {
        free(made);
        return DD_IO;
    }
    *net = made;
    return DD_OK;
}

void dd_net_close(struct dd_net *net)
{
    if (!net)
        return;
    while (zmq_ctx_term(net->context) != 0 && zmq_errno() == EINTR)
        ;
    free(net);
}

void dd_net_socket_close(struct dd_socket *socket)
{
    if (!socket)
        return;
    if (socket->watch) {
        (void)zmq_socket_monitor(socket->handle, NULL, 0);
        (void)zmq_close(socket->watch);
    }
    if (socket->handle)
        (void)zmq_close(socket->handle);
    free(socket);
}

static enum dd_status socket_make(struct dd_net *net, int type, struct dd_socket **socket)
{
    struct dd_socket *made = calloc(1, sizeof *made);

    if (!made)
        return DD_NO_MEMORY;
    made->link = DD_OK;
    made->handle = zmq_socket(net->context, type);
    if (!made->handle) {
        enum dd_status status = status_of(zmq_errno());
        free(made);
        return status == DD_NO_MEMORY ? status : DD_IO;
    }
    *socket = made;
    return DD_OK;
}

struct option {
    int name;
    int value;
};

static enum dd_status set_options(struct dd_socket *socket, const struct option *options,
                                  size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (zmq_setsockopt(socket->handle, options[i].name, &options[i].value, sizeof(int)) != 0)
            return status_of(zmq_errno());
    }
    return DD_OK;
}

#define SET(socket, options) set_options(socket, options, sizeof(options) / sizeof(options)[0])

static bool set_key(struct dd_socket *socket, int option, const uint8_t *key)
{
    return zmq_setsockopt(socket->handle, option, key, DD_CURVE_KEY_BYTES) == 0;
}

static bool is_inproc(const char *endpoint)
{
    return strncmp(endpoint, "inproc://", 9) == 0;
}

/* Queues, sizes and the signs of life of a link, alike at both ends. */
static enum dd_status set_link(struct dd_socket *socket, const struct dd_link_options *options,
                               size_t frame_bytes_default)
{
    size_t body_bytes = options->frame_bytes_max ? options->frame_bytes_max : frame_bytes_default;
    int64_t frame_bytes_max = (int64_t)(body_bytes + DD_FRAME_OVERHEAD_BYTES);
    const struct option common[] = {
        {ZMQ_SNDHWM, options->send_queue ? options->send_queue : DD_LINK_SEND_QUEUE},
        {ZMQ_RCVHWM, options->receive_queue ? options->receive_queue : DD_LINK_RECEIVE_QUEUE},
        {ZMQ_HANDSHAKE_IVL, DD_HANDSHAKE_MS},
        {ZMQ_HEARTBEAT_IVL, DD_HEARTBEAT_MS},
        {ZMQ_HEARTBEAT_TIMEOUT, HEARTBEAT_TIMEOUT_MS},
        {ZMQ_HEARTBEAT_TTL, HEARTBEAT_TTL_MS},
        {ZMQ_TCP_KEEPALIVE, 1},
        {ZMQ_TCP_KEEPALIVE_IDLE, KEEPALIVE_IDLE_S},
        {ZMQ_TCP_KEEPALIVE_INTVL, KEEPALIVE_INTERVAL_S},
        {ZMQ_TCP_KEEPALIVE_CNT, KEEPALIVE_COUNT},
        {ZMQ_TCP_MAXRT, TCP_RETRANSMIT_MS},
    };

    if (zmq_setsockopt(socket->handle, ZMQ_MAXMSGSIZE, &frame_bytes_max, sizeof frame_bytes_max) !=
        0)
        return status_of(zmq_errno());
    return SET(socket, common);
}

static enum dd_status bind_to(struct dd_socket *socket, const char *endpoint)
{
    size_t size = sizeof socket->endpoint;

    if (zmq_bind(socket->handle, endpoint) != 0 ||
        zmq_getsockopt(socket->handle, ZMQ_LAST_ENDPOINT, socket->endpoint, &size) != 0)
        return status_of(zmq_errno());
    return DD_OK;
}

static enum dd_status connect_to(struct dd_socket *socket, const char *endpoint)
{
    if (strlen(endpoint) >= sizeof socket->endpoint)
        return DD_INVALID;
    memcpy(socket->endpoint, endpoint, strlen(endpoint) + 1);
    return zmq_connect(socket->handle, endpoint) == 0 ? DD_OK : status_of(zmq_errno());
}

/* Hands out a socket that is ready, or closes it. */
static enum dd_status hand_out(enum dd_status status, struct dd_socket *made,
                               struct dd_socket **socket)
{
    int error = errno; /* for dd_net_error */

    if (status == DD_OK)
        *socket = made;
    else
        dd_net_socket_close(made);
    errno = error;
    return status;
}

enum dd_status dd_net_zap(struct dd_net *net, struct dd_socket **socket)
{
    const struct option options[] = {{ZMQ_LINGER, 0}};
    struct dd_socket *made = NULL;
    enum dd_status status = socket_make(net, ZMQ_REP, &made);

    if (status == DD_OK)
        status = SET(made, options);
    if (status == DD_OK)
        status = bind_to(made, ZAP_ENDPOINT);
    return hand_out(status, made, socket);
}

static enum dd_status server_keys(struct dd_socket *socket, const struct dd_link_options *options)
{
    const struct option curve[] = {{ZMQ_CURVE_SERVER, 1}, {ZMQ_ZAP_ENFORCE_DOMAIN, 1}};
    enum dd_status status;

    if (is_inproc(options->endpoint))
        return DD_OK;
    if (!options->curve_secret)
        return DD_INVALID;
    if (zmq_setsockopt(socket->handle, ZMQ_ZAP_DOMAIN, DD_ZAP_DOMAIN, strlen(DD_ZAP_DOMAIN)) != 0)
        return status_of(zmq_errno());
    status = SET(socket, curve);
    if (status == DD_OK && !set_key(socket, ZMQ_CURVE_SECRETKEY, options->curve_secret))
        status = status_of(zmq_errno());
    return status;
}

enum dd_status dd_net_server(struct dd_net *net, const struct dd_link_options *options,
                             struct dd_socket **socket)
{
    const struct option server[] = {
        {ZMQ_LINGER, 0}, {ZMQ_ROUTER_MANDATORY, 1}, {ZMQ_BACKLOG, BACKLOG}};
    struct dd_socket *made = NULL;
    enum dd_status status = socket_make(net, ZMQ_ROUTER, &made);

    if (status == DD_OK)
        status = SET(made, server);
    if (status == DD_OK)
        status = set_link(made, options, DD_REQUEST_BYTES_MAX);
    if (status == DD_OK)
        status = server_keys(made, options);
    if (status == DD_OK)
        status = bind_to(made, options->endpoint);
    return hand_out(status, made, socket);
}

static enum dd_status client_keys(struct dd_socket *socket, const struct dd_link_options *options)
{
    if (is_inproc(options->endpoint))
        return DD_OK;
    if (!options->curve_server || !options->curve_public || !options->curve_secret)
        return DD_INVALID;
    if (!set_key(socket, ZMQ_CURVE_SERVERKEY, options->curve_server) ||
        !set_key(socket, ZMQ_CURVE_PUBLICKEY, options->curve_public) ||
        !set_key(socket, ZMQ_CURVE_SECRETKEY, options->curve_secret))
        return status_of(zmq_errno());
    return DD_OK;
}

/* Listens to what the socket notices of its link. */
static enum dd_status watch(struct dd_net *net, struct dd_socket *socket)
{
    const int events =
        ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH | ZMQ_EVENT_DISCONNECTED;
    const int linger = 0;
    char name[64];

    (void)snprintf(name, sizeof name, "inproc://dondoc.watch.%u",
                   atomic_fetch_add(&net->watched, 1));
    if (zmq_socket_monitor(socket->handle, name, events) != 0)
        return status_of(zmq_errno());
    socket->link = DD_UNAVAILABLE;
    socket->watch = zmq_socket(net->context, ZMQ_PAIR);
    if (!socket->watch || zmq_setsockopt(socket->watch, ZMQ_LINGER, &linger, sizeof linger) != 0 ||
        zmq_connect(socket->watch, name) != 0)
        return status_of(zmq_errno());
    return DD_OK;
}

enum dd_status dd_net_client(struct dd_net *net, const struct dd_link_options *options,
                             struct dd_socket **socket)
{
    const struct option client[] = {{ZMQ_LINGER, options->linger_ms},
                                    {ZMQ_RECONNECT_IVL, RECONNECT_MS},
                                    {ZMQ_RECONNECT_IVL_MAX, RECONNECT_MAX_MS},
                                    {ZMQ_IMMEDIATE, 1}};
    struct dd_socket *made = NULL;
    enum dd_status status = socket_make(net, ZMQ_DEALER, &made);

    if (status == DD_OK)
        status = SET(made, client);
    if (status == DD_OK)
        status = set_link(made, options, DD_REPLY_BYTES_MAX);
    if (status == DD_OK)
        status = client_keys(made, options);
    if (status == DD_OK && !is_inproc(options->endpoint))
        status = watch(net, made);
    if (status == DD_OK)
        status = connect_to(made, options->endpoint);
    return hand_out(status, made, socket);
}

static void notice(struct dd_socket *socket, unsigned event, uint32_t value)
{
    if (event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED)
        socket->link = DD_OK;
    else if (event == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH && value == 400)
        socket->link = DD_KEY_UNKNOWN;
    else if (socket->link == DD_OK) /* a refusal is followed by a disconnection: it stands */
        socket->link = DD_UNAVAILABLE;
}

enum dd_status dd_net_client_status(struct dd_socket *socket)
{
    for (int i = 0; socket->watch && i < WATCH_EVENTS_MAX; i++) {
        uint8_t head[6];
        uint8_t endpoint[DD_ENDPOINT_BYTES];
        uint16_t event;
        uint32_t value;

        if (zmq_recv(socket->watch, head, sizeof head, ZMQ_DONTWAIT) != (int)sizeof head)
            break;
        (void)zmq_recv(socket->watch, endpoint, sizeof endpoint, ZMQ_DONTWAIT);
        memcpy(&event, head, sizeof event);
        memcpy(&value, head + 2, sizeof value);
        notice(socket, event, value);
    }
    return socket->link;
}

static enum dd_status pair_make(struct dd_net *net, const char *endpoint, struct dd_socket **socket)
{
    const struct option options[] = {{ZMQ_LINGER, 0}};
    enum dd_status status;

    if (!is_inproc(endpoint))
        return DD_INVALID;
    status = socket_make(net, ZMQ_PAIR, socket);
    return status == DD_OK ? SET(*socket, options) : status;
}

enum dd_status dd_net_pair_bind(struct dd_net *net, const char *endpoint, struct dd_socket **socket)
{
    struct dd_socket *made = NULL;
    enum dd_status status = pair_make(net, endpoint, &made);

    if (status == DD_OK)
        status = bind_to(made, endpoint);
    return hand_out(status, made, socket);
}

enum dd_status dd_net_pair_connect(struct dd_net *net, const char *endpoint,
                                   struct dd_socket **socket)
{
    struct dd_socket *made = NULL;
    enum dd_status status = pair_make(net, endpoint, &made);

    if (status == DD_OK)
        status = connect_to(made, endpoint);
    return hand_out(status, made, socket);
}

const char *dd_net_endpoint(const struct dd_socket *socket)
{
    return socket->endpoint;
}

static void parts_release(void *owned)
{
    struct parts *parts = owned;

    for (size_t i = 0; i < parts->count; i++)
        (void)zmq_msg_close(&parts->part[i]);
    free(parts);
}

/* Reads frames and throws them away until the message ends (true) or *budget is used up. */
static bool skip_rest(struct dd_socket *socket, size_t *budget)
{
    while (*budget > 0) {
        zmq_msg_t part;
        bool more;

        (void)zmq_msg_init(&part);
        if (zmq_msg_recv(&part, socket->handle, ZMQ_DONTWAIT) < 0) {
            (void)zmq_msg_close(&part);
            return true; /* a message arrives whole: there was no rest */
        }
        (*budget)--;
        more = zmq_msg_more(&part) != 0;
        (void)zmq_msg_close(&part);
        if (!more)
            return true;
    }
    return false;
}

static void copy_property(zmq_msg_t *part, const char *property, char *out, size_t out_size)
{
    const char *text = zmq_msg_gets(part, property);

    if (text && strlen(text) < out_size)
        memcpy(out, text, strlen(text) + 1);
}

static void fill_message(struct parts *parts, struct dd_message *message)
{
    for (size_t i = 0; i < parts->count; i++) {
        message->frame[i].data = zmq_msg_data(&parts->part[i]);
        message->frame[i].size = zmq_msg_size(&parts->part[i]);
    }
    message->frame_count = message->kept_count = parts->count;
    /* What is known of the peer hangs on the frames that it sent, the last of which is always
     * there; the routing id before them is the socket's own. */
    copy_property(&parts->part[parts->count - 1], "User-Id", message->user_id,
                  sizeof message->user_id);
    copy_property(&parts->part[parts->count - 1], "Peer-Address", message->peer_address,
                  sizeof message->peer_address);
    message->owned = parts;
    message->release = parts_release;
}

/* Receives frames until the message ends or no more are kept; *more says which. */
static enum dd_status receive_parts(struct dd_socket *socket, struct parts *parts, bool *more)
{
    *more = true;
    while (*more && parts->count < DD_FRAMES_KEPT_MAX) {
        zmq_msg_t *part = &parts->part[parts->count];

        (void)zmq_msg_init(part);
        if (zmq_msg_recv(part, socket->handle, ZMQ_DONTWAIT) < 0) {
            int error = zmq_errno();
            (void)zmq_msg_close(part);
            return error == EAGAIN || error == EINTR ? DD_NOT_FOUND : status_of(error);
        }
        parts->count++;
        *more = zmq_msg_more(part) != 0;
    }
    return DD_OK;
}

enum dd_status dd_net_receive(struct dd_socket *socket, struct dd_message *message)
{
    size_t budget = DD_PARTS_PER_RECEIVE_MAX;
    struct parts *parts;
    enum dd_status status;
    bool more;

    *message = (struct dd_message){0};
    if (socket->skipping) {
        socket->skipping = !skip_rest(socket, &budget);
        return DD_NOT_FOUND;
    }
    parts = malloc(sizeof *parts);
    if (!parts) {
        socket->skipping = !skip_rest(socket, &budget);
        return DD_NO_MEMORY;
    }
    parts->count = 0;
    status = receive_parts(socket, parts, &more);
    if (status != DD_OK) {
        parts_release(parts);
        return status;
    }
    fill_message(parts, message);
    if (more) {
        budget -= parts->count;
        socket->skipping = !skip_rest(socket, &budget);
        message->frame_count = DD_PARTS_PER_RECEIVE_MAX - budget;
    }
    return DD_OK;
}

enum dd_status dd_net_send(struct dd_socket *socket, const struct dd_slice *frames, size_t count)
{
    DD_ASSERT(count > 0);
    for (size_t i = 0; i < count; i++) {
        int flags = ZMQ_DONTWAIT | (i + 1 < count ? ZMQ_SNDMORE : 0);
        int sent;

        do
            sent = zmq_send(socket->handle, frames[i].data, frames[i].size, flags);
        while (sent < 0 && zmq_errno() == EINTR);
        /* Only the first frame can be refused: later ones follow it, or are dropped with it. */
        if (sent < 0)
            return status_of(zmq_errno());
    }
    return DD_OK;
}

enum dd_status dd_net_poll(struct dd_poll_item *items, size_t count, int64_t timeout_ms)
{
    zmq_pollitem_t polled[DD_POLL_ITEMS_MAX];
    long timeout = timeout_ms > LONG_MAX ? LONG_MAX : (long)timeout_ms;
    int found;

    DD_ASSERT(count <= DD_POLL_ITEMS_MAX);
    for (size_t i = 0; i < count; i++) {
        polled[i] = (zmq_pollitem_t){.socket = items[i].socket ? items[i].socket->handle : NULL,
                                     .fd = items[i].fd,
                                     .events = ZMQ_POLLIN};
        items[i].ready = false;
    }
    found = zmq_poll(polled, (int)count, timeout);
    if (found < 0)
        return zmq_errno() == EINTR ? DD_OK : DD_IO;
    for (size_t i = 0; i < count; i++)
        items[i].ready = (polled[i].revents & (ZMQ_POLLIN | ZMQ_POLLERR)) != 0;
    return DD_OK;
}

void dd_net_key_text(const uint8_t key[DD_CURVE_KEY_BYTES], char text[DD_CURVE_TEXT_BYTES])
{
    const char *done = zmq_z85_encode(text, key, DD_CURVE_KEY_BYTES);

    DD_ASSERT(done != NULL);
}

bool dd_net_key_parse(const char *text, uint8_t key[DD_CURVE_KEY_BYTES])
{
    return strlen(text) == DD_CURVE_TEXT_BYTES - 1 && zmq_z85_decode(key, text) != NULL;
}
