/* Sockets: who is let in over a real CURVE link, what reaches whom, and what a send answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <zmq.h>

#include "broker/zap.h"
#include "runtime/clock.h"
#include "runtime/keys.h"
#include "runtime/net.h"

enum { DEADLINE_MS = 20000, ACCOUNT = 7, SMALL_FRAME_BYTES_MAX = 1000 };

struct fixture {
    struct dd_net *net;
    struct dd_socket *zap;
    struct dd_socket *server;
    struct dd_link_table *table;
    struct dd_key_pair server_keys;
    struct dd_key_pair known;
    struct dd_key_pair unknown;
};

static void fixture_open(struct fixture *f, bool with_zap, const char *endpoint)
{
    struct dd_link_options options = {
        .endpoint = endpoint, .frame_bytes_max = SMALL_FRAME_BYTES_MAX, .receive_queue = 5000};
    struct dd_link_key row = {.account = ACCOUNT, .valid_to_ms = INT64_MAX};

    memset(f, 0, sizeof *f);
    dd_keys_generate(&f->server_keys);
    dd_keys_generate(&f->known);
    dd_keys_generate(&f->unknown);
    memcpy(row.curve_public, f->known.curve_public, sizeof row.curve_public);
    assert_int_equal(dd_link_table_make(&row, 1, &f->table), DD_OK);
    assert_int_equal(dd_net_open(&f->net), DD_OK);
    if (with_zap)
        assert_int_equal(dd_net_zap(f->net, &f->zap), DD_OK);
    options.curve_secret = f->server_keys.curve_secret;
    assert_int_equal(dd_net_server(f->net, &options, &f->server), DD_OK);
}

static void fixture_close(struct fixture *f)
{
    dd_net_socket_close(f->server);
    dd_net_socket_close(f->zap);
    dd_net_close(f->net);
    dd_link_table_free(f->table);
}

static struct dd_socket *client_open(struct fixture *f, const struct dd_key_pair *keys)
{
    const struct dd_link_options options = {.endpoint = dd_net_endpoint(f->server),
                                            .curve_secret = keys->curve_secret,
                                            .curve_public = keys->curve_public,
                                            .curve_server = f->server_keys.curve_public};
    struct dd_socket *client = NULL;

    assert_int_equal(dd_net_client(f->net, &options, &client), DD_OK);
    return client;
}

static void answer_zap(struct fixture *f, const struct dd_link_table *table)
{
    struct dd_message request;
    struct dd_zap_reply reply;

    if (!f->zap || dd_net_receive(f->zap, &request) != DD_OK)
        return;
    dd_zap_answer(&request, table, &reply);
    assert_int_equal(dd_net_send(f->zap, reply.frame, DD_ZAP_REPLY_FRAMES), DD_OK);
    dd_message_free(&request);
}

/* One turn of the ZAP handler; waits for something to do at most 20 ms. */
static void turn(struct fixture *f, struct dd_socket *other)
{
    struct dd_poll_item items[2] = {{.socket = other}, {.socket = f->zap}};

    assert_int_equal(dd_net_poll(items, f->zap ? 2 : 1, 20), DD_OK);
    answer_zap(f, f->table);
}

static void await_status(struct fixture *f, struct dd_socket *client, enum dd_status status)
{
    int64_t deadline_ms = dd_clock_mono_ms() + DEADLINE_MS;

    while (dd_net_client_status(client) != status && dd_clock_mono_ms() < deadline_ms)
        turn(f, client);
    assert_int_equal(dd_net_client_status(client), status);
}

static struct dd_message await_message(struct fixture *f, struct dd_socket *socket)
{
    int64_t deadline_ms = dd_clock_mono_ms() + DEADLINE_MS;
    struct dd_message message;
    enum dd_status status;

    while ((status = dd_net_receive(socket, &message)) == DD_NOT_FOUND &&
           dd_clock_mono_ms() < deadline_ms)
        turn(f, socket);
    assert_int_equal(status, DD_OK);
    return message;
}

static void send_text(struct dd_socket *socket, const char *text)
{
    const struct dd_slice frame = dd_slice_of(text);

    assert_int_equal(dd_net_send(socket, &frame, 1), DD_OK);
}

static void assert_text(struct dd_slice frame, const char *text)
{
    assert_int_equal(frame.size, strlen(text));
    assert_memory_equal(frame.data, text, frame.size);
}

static void round_trip(struct fixture *f, struct dd_socket *client)
{
    struct dd_message message;
    struct dd_slice reply[2];

    await_status(f, client, DD_OK);
    send_text(client, "question");
    message = await_message(f, f->server);
    assert_int_equal(message.frame_count, 2);
    assert_text(message.frame[1], "question");
    reply[0] = message.frame[0];
    reply[1] = dd_slice_of("answer");
    assert_int_equal(dd_net_send(f->server, reply, 2), DD_OK);
    dd_message_free(&message);
    message = await_message(f, client);
    assert_int_equal(message.frame_count, 1);
    assert_text(message.frame[0], "answer");
    dd_message_free(&message);
}

static void net_lets_a_known_key_in_and_says_whose_it_is(void **state)
{
    struct fixture f;
    struct dd_socket *client;
    struct dd_message message;
    uint32_t account = 0;
    (void)state;

    fixture_open(&f, true, "tcp://127.0.0.1:*");
    client = client_open(&f, &f.known);
    await_status(&f, client, DD_OK);
    send_text(client, "hello");
    message = await_message(&f, f.server);
    assert_text(message.frame[1], "hello");
    assert_int_equal(strncmp(message.user_id, "7.", 2), 0);
    assert_int_equal(dd_link_status(f.table, message.user_id, 1, &account), DD_OK);
    assert_int_equal(account, ACCOUNT);
    assert_string_equal(message.peer_address, "127.0.0.1");
    dd_message_free(&message);
    round_trip(&f, client);
    dd_net_socket_close(client);
    fixture_close(&f);
}

static void net_speaks_curve_over_ipc_too(void **state)
{
    const char *base = getenv("TMPDIR");
    char dir[96]; /* the address of a local socket is short */
    char endpoint[128];
    struct fixture f;
    struct dd_socket *client;
    (void)state;

    (void)snprintf(dir, sizeof dir, "%s/dd-net-XXXXXX", base && strlen(base) < 70 ? base : "/tmp");
    assert_non_null(mkdtemp(dir));
    (void)snprintf(endpoint, sizeof endpoint, "ipc://%s/s", dir);
    fixture_open(&f, true, endpoint);
    client = client_open(&f, &f.known);
    round_trip(&f, client);
    dd_net_socket_close(client);
    fixture_close(&f);
    (void)remove(endpoint + strlen("ipc://"));
    assert_int_equal(remove(dir), 0);
}

static void net_keeps_an_unknown_key_out_and_tells_it_so(void **state)
{
    struct fixture f;
    struct dd_socket *stranger;
    struct dd_socket *client;
    const struct dd_slice frame = dd_slice_of("let me in");
    struct dd_message message;
    (void)state;

    fixture_open(&f, true, "tcp://127.0.0.1:*");
    stranger = client_open(&f, &f.unknown);
    await_status(&f, stranger, DD_KEY_UNKNOWN);
    assert_int_equal(dd_net_send(stranger, &frame, 1), DD_BUSY);
    /* The first message that the server gets is that of the client that may. */
    client = client_open(&f, &f.known);
    round_trip(&f, client);
    assert_int_equal(dd_net_receive(f.server, &message), DD_NOT_FOUND);
    assert_int_equal(dd_net_client_status(stranger), DD_KEY_UNKNOWN);
    dd_net_socket_close(stranger);
    dd_net_socket_close(client);
    fixture_close(&f);
}

/* Connects a bare socket of a context of its own and gives the event that ends its handshake. */
static int raw_handshake(struct fixture *f, const struct dd_key_pair *keys)
{
    const int events = ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH |
                       ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |
                       ZMQ_EVENT_DISCONNECTED;
    void *context = zmq_ctx_new();
    void *socket = zmq_socket(context, ZMQ_DEALER);
    void *watch = zmq_socket(context, ZMQ_PAIR);
    int64_t deadline_ms = dd_clock_mono_ms() + DEADLINE_MS;
    int linger = 0;
    uint16_t event = 0;
    uint8_t head[6];

    (void)zmq_setsockopt(socket, ZMQ_LINGER, &linger, sizeof linger);
    if (keys) {
        (void)zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, f->server_keys.curve_public, 32);
        (void)zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, keys->curve_public, 32);
        (void)zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, keys->curve_secret, 32);
    }
    assert_int_equal(zmq_socket_monitor(socket, "inproc://watch", events), 0);
    assert_int_equal(zmq_connect(watch, "inproc://watch"), 0);
    assert_int_equal(zmq_connect(socket, dd_net_endpoint(f->server)), 0);
    (void)zmq_send(socket, "sneaked", 7, ZMQ_DONTWAIT);
    while (event == 0 && dd_clock_mono_ms() < deadline_ms) {
        turn(f, f->server);
        if (zmq_recv(watch, head, sizeof head, ZMQ_DONTWAIT) == (int)sizeof head)
            memcpy(&event, head, sizeof event);
    }
    (void)zmq_socket_monitor(socket, NULL, 0);
    (void)zmq_close(watch);
    (void)zmq_close(socket);
    (void)zmq_ctx_term(context);
    return event;
}

static void net_keeps_a_client_without_keys_out(void **state)
{
    struct fixture f;
    struct dd_message message;
    int event;
    (void)state;

    fixture_open(&f, true, "tcp://127.0.0.1:*");
    event = raw_handshake(&f, NULL);
    assert_int_not_equal(event, 0);
    assert_int_not_equal(event, ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
    assert_int_equal(dd_net_receive(f.server, &message), DD_NOT_FOUND);
    assert_int_equal(raw_handshake(&f, &f.known), ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
    fixture_close(&f);
}

static void net_lets_nobody_in_without_a_zap_handler(void **state)
{
    struct fixture f;
    struct dd_message message;
    int event;
    (void)state;

    fixture_open(&f, false, "tcp://127.0.0.1:*");
    event = raw_handshake(&f, &f.known);
    assert_int_not_equal(event, 0);
    assert_int_not_equal(event, ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
    assert_int_equal(dd_net_receive(f.server, &message), DD_NOT_FOUND);
    fixture_close(&f);
}

static void net_lets_a_client_in_once_the_keys_are_known(void **state)
{
    struct fixture f;
    struct dd_socket *client;
    struct dd_poll_item item;
    (void)state;

    fixture_open(&f, true, "tcp://127.0.0.1:*");
    client = client_open(&f, &f.known);
    item = (struct dd_poll_item){.socket = f.zap};
    assert_int_equal(dd_net_poll(&item, 1, DEADLINE_MS), DD_OK);
    assert_true(item.ready);
    answer_zap(&f, NULL); /* the table is not there yet */
    round_trip(&f, client);
    dd_net_socket_close(client);
    fixture_close(&f);
}

static void net_delivers_a_frame_at_the_limit_and_drops_the_link_above_it(void **state)
{
    uint8_t bytes[SMALL_FRAME_BYTES_MAX + DD_FRAME_OVERHEAD_BYTES + 1] = {0};
    struct dd_slice frame = {bytes, SMALL_FRAME_BYTES_MAX};
    struct fixture f;
    struct dd_socket *client;
    struct dd_message message;
    (void)state;

    fixture_open(&f, true, "tcp://127.0.0.1:*");
    client = client_open(&f, &f.known);
    await_status(&f, client, DD_OK);
    assert_int_equal(dd_net_send(client, &frame, 1), DD_OK);
    message = await_message(&f, f.server);
    assert_int_equal(message.frame[1].size, SMALL_FRAME_BYTES_MAX);
    dd_message_free(&message);

    frame.size = sizeof bytes;
    assert_int_equal(dd_net_send(client, &frame, 1), DD_OK);
    await_status(&f, client, DD_UNAVAILABLE);
    assert_int_equal(dd_net_receive(f.server, &message), DD_NOT_FOUND);
    round_trip(&f, client); /* it comes back, and the frame is not heard of again */
    dd_net_socket_close(client);
    fixture_close(&f);
}

static void net_refuses_links_without_keys(void **state)
{
    static const uint8_t key[32] = {1};
    struct dd_link_options options = {.endpoint = "tcp://127.0.0.1:*"};
    struct dd_socket *socket = NULL;
    struct dd_net *net;
    (void)state;

    assert_int_equal(dd_net_open(&net), DD_OK);
    assert_int_equal(dd_net_server(net, &options, &socket), DD_INVALID);
    options.endpoint = "ipc:///tmp/never";
    assert_int_equal(dd_net_server(net, &options, &socket), DD_INVALID);
    options.endpoint = "tcp://127.0.0.1:9";
    options.curve_secret = options.curve_public = key;
    assert_int_equal(dd_net_client(net, &options, &socket), DD_INVALID);
    options.curve_server = key;
    options.endpoint = "no endpoint";
    assert_int_equal(dd_net_client(net, &options, &socket), DD_INVALID);
    assert_null(socket);
    dd_net_close(net);
}

static void net_says_when_an_address_is_taken(void **state)
{
    struct fixture f;
    struct dd_link_options options = {.endpoint = NULL};
    struct dd_socket *second = NULL;
    (void)state;

    fixture_open(&f, true, "tcp://127.0.0.1:*");
    assert_int_equal(strncmp(dd_net_endpoint(f.server), "tcp://127.0.0.1:", 16), 0);
    assert_null(strchr(dd_net_endpoint(f.server), '*'));
    options.endpoint = dd_net_endpoint(f.server);
    options.curve_secret = f.server_keys.curve_secret;
    assert_int_equal(dd_net_server(f.net, &options, &second), DD_EXISTS);
    assert_string_equal(dd_net_error(), "Address already in use");
    assert_int_equal(dd_net_zap(f.net, &second), DD_EXISTS);
    fixture_close(&f);
}

/* A server and a client of threads of one process, here of one thread. */
struct line {
    struct fixture f; /* net and server only */
    struct dd_socket *client;
};

static void line_open(struct line *line)
{
    struct dd_link_options options = {.endpoint = "inproc://line"};

    memset(line, 0, sizeof *line);
    assert_int_equal(dd_net_open(&line->f.net), DD_OK);
    assert_int_equal(dd_net_server(line->f.net, &options, &line->f.server), DD_OK);
    assert_int_equal(dd_net_client(line->f.net, &options, &line->client), DD_OK);
}

static void line_close(struct line *line)
{
    dd_net_socket_close(line->client);
    dd_net_socket_close(line->f.server);
    dd_net_close(line->f.net);
}

static void net_links_threads_without_keys_and_names_no_user(void **state)
{
    struct line line;
    struct dd_message message;
    (void)state;

    line_open(&line);
    round_trip(&line.f, line.client);
    send_text(line.client, "who am I");
    message = await_message(&line.f, line.f.server);
    assert_string_equal(message.user_id, "");
    dd_message_free(&message);
    line_close(&line);
}

static void send_frames(struct dd_socket *socket, size_t count)
{
    struct dd_slice *frames = calloc(count, sizeof *frames);

    assert_non_null(frames);
    for (size_t i = 0; i < count; i++)
        frames[i] = dd_slice_of("x");
    assert_int_equal(dd_net_send(socket, frames, count), DD_OK);
    free(frames);
}

static void net_counts_all_frames_and_keeps_the_first(void **state)
{
    static const size_t counts[] = {DD_FRAMES_MAX, DD_FRAMES_MAX + 1, 100,
                                    DD_PARTS_PER_RECEIVE_MAX - 1};
    struct line line;
    struct dd_message message;
    (void)state;

    line_open(&line);
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        send_frames(line.client, counts[i]);
        message = await_message(&line.f, line.f.server);
        assert_int_equal(message.frame_count, counts[i] + 1); /* and the routing id */
        assert_int_equal(message.kept_count, DD_FRAMES_KEPT_MAX);
        dd_message_free(&message);
        assert_int_equal(dd_net_receive(line.f.server, &message), DD_NOT_FOUND);
    }
    line_close(&line);
}

static void net_throws_an_endless_message_away_piece_by_piece(void **state)
{
    struct line line;
    struct dd_message message;
    (void)state;

    line_open(&line);
    send_frames(line.client, 3 * DD_PARTS_PER_RECEIVE_MAX);
    send_text(line.client, "after");
    assert_int_equal(dd_net_receive(line.f.server, &message), DD_OK);
    assert_int_equal(message.frame_count, DD_PARTS_PER_RECEIVE_MAX);
    assert_int_equal(message.kept_count, DD_FRAMES_KEPT_MAX);
    dd_message_free(&message);
    assert_int_equal(dd_net_receive(line.f.server, &message), DD_NOT_FOUND);
    assert_int_equal(dd_net_receive(line.f.server, &message), DD_NOT_FOUND);
    message = await_message(&line.f, line.f.server);
    assert_int_equal(message.frame_count, 2);
    assert_text(message.frame[1], "after");
    dd_message_free(&message);
    line_close(&line);
}

static void net_send_says_busy_when_the_queue_is_full(void **state)
{
    const struct dd_slice frame = dd_slice_of("x");
    enum dd_status status = DD_OK;
    struct line line;
    int sent = 0;
    (void)state;

    line_open(&line);
    while (status == DD_OK && sent < 10000) {
        status = dd_net_send(line.client, &frame, 1);
        sent++;
    }
    assert_int_equal(status, DD_BUSY);
    assert_int_equal(sent - 1, DD_LINK_SEND_QUEUE + DD_LINK_RECEIVE_QUEUE);
    line_close(&line);
}

static void net_server_says_unavailable_for_a_peer_that_is_not_there(void **state)
{
    struct dd_slice frames[2] = {dd_slice_of("nobody"), dd_slice_of("hello")};
    struct line line;
    (void)state;

    line_open(&line);
    assert_int_equal(dd_net_send(line.f.server, frames, 2), DD_UNAVAILABLE);
    round_trip(&line.f, line.client); /* nothing half-sent is in the way */
    line_close(&line);
}

static void net_server_says_busy_for_a_peer_that_does_not_read(void **state)
{
    struct dd_slice frames[2] = {{NULL, 0}, dd_slice_of("hello")};
    enum dd_status status = DD_OK;
    struct dd_message message;
    struct line line;
    (void)state;

    line_open(&line);
    send_text(line.client, "hello");
    message = await_message(&line.f, line.f.server);
    frames[0] = message.frame[0];
    for (int i = 0; i < 10000 && status == DD_OK; i++)
        status = dd_net_send(line.f.server, frames, 2);
    assert_int_equal(status, DD_BUSY);
    dd_message_free(&message);
    line_close(&line);
}

static void net_pair_carries_messages_both_ways(void **state)
{
    struct dd_socket *left = NULL;
    struct dd_socket *right = NULL;
    struct dd_message message;
    struct dd_net *net;
    (void)state;

    assert_int_equal(dd_net_open(&net), DD_OK);
    assert_int_equal(dd_net_pair_bind(net, "tcp://127.0.0.1:*", &left), DD_INVALID);
    assert_int_equal(dd_net_pair_bind(net, "inproc://pair", &left), DD_OK);
    assert_int_equal(dd_net_pair_connect(net, "inproc://pair", &right), DD_OK);
    send_text(left, "there");
    assert_int_equal(dd_net_receive(right, &message), DD_OK);
    assert_text(message.frame[0], "there");
    dd_message_free(&message);
    send_text(right, "back");
    assert_int_equal(dd_net_receive(left, &message), DD_OK);
    assert_text(message.frame[0], "back");
    dd_message_free(&message);
    dd_net_socket_close(left);
    dd_net_socket_close(right);
    dd_net_close(net);
}

static void net_message_can_be_taken_and_outlives_its_socket(void **state)
{
    struct line line;
    struct dd_message message;
    struct dd_message kept;
    (void)state;

    line_open(&line);
    send_text(line.client, "keep me");
    message = await_message(&line.f, line.f.server);
    kept = dd_message_take(&message);
    assert_int_equal(message.frame_count, 0);
    dd_message_free(&message);
    line_close(&line);
    assert_text(kept.frame[1], "keep me");
    dd_message_free(&kept);
}

static void net_key_text_is_forty_characters_and_read_back(void **state)
{
    /* The test key of ZeroMQ RFC 32. */
    static const char good[] = "JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6";
    static const uint8_t bytes[32] = {0x8e, 0x0b, 0xdd, 0x69, 0x76, 0x28, 0xb9, 0x1d,
                                      0x8f, 0x24, 0x55, 0x87, 0xee, 0x95, 0xc5, 0xb0,
                                      0x4d, 0x48, 0x96, 0x3f, 0x79, 0x25, 0x98, 0x77,
                                      0xb4, 0x9c, 0xd9, 0x06, 0x3a, 0xea, 0xd3, 0xb7};
    char text[DD_CURVE_TEXT_BYTES];
    uint8_t key[32];
    (void)state;

    assert_true(dd_net_key_parse(good, key));
    assert_memory_equal(key, bytes, sizeof key);
    dd_net_key_text(key, text);
    assert_string_equal(text, good);
    assert_false(dd_net_key_parse("", key));
    assert_false(dd_net_key_parse("JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh", key));
    assert_false(dd_net_key_parse("JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh60", key));
    assert_false(dd_net_key_parse("JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh\"", key));
    assert_false(dd_net_key_parse("JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!N#####", key));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(net_lets_a_known_key_in_and_says_whose_it_is),
        cmocka_unit_test(net_speaks_curve_over_ipc_too),
        cmocka_unit_test(net_keeps_an_unknown_key_out_and_tells_it_so),
        cmocka_unit_test(net_keeps_a_client_without_keys_out),
        cmocka_unit_test(net_lets_nobody_in_without_a_zap_handler),
        cmocka_unit_test(net_lets_a_client_in_once_the_keys_are_known),
        cmocka_unit_test(net_delivers_a_frame_at_the_limit_and_drops_the_link_above_it),
        cmocka_unit_test(net_refuses_links_without_keys),
        cmocka_unit_test(net_says_when_an_address_is_taken),
        cmocka_unit_test(net_links_threads_without_keys_and_names_no_user),
        cmocka_unit_test(net_counts_all_frames_and_keeps_the_first),
        cmocka_unit_test(net_throws_an_endless_message_away_piece_by_piece),
        cmocka_unit_test(net_send_says_busy_when_the_queue_is_full),
        cmocka_unit_test(net_server_says_unavailable_for_a_peer_that_is_not_there),
        cmocka_unit_test(net_server_says_busy_for_a_peer_that_does_not_read),
        cmocka_unit_test(net_pair_carries_messages_both_ways),
        cmocka_unit_test(net_message_can_be_taken_and_outlives_its_socket),
        cmocka_unit_test(net_key_text_is_forty_characters_and_read_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
