/* The broker over real CURVE links, with a small registrar in a thread: who is served, who gets
 * nowhere, and what clients are told when the registrar is silent. Every wait has a bound. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "broker/broker.h"
#include "proto/envelope.h"
#include "proto/wire.h"
#include "runtime/clock.h"
#include "tests/lib/route_bench.h"

enum {
    DEADLINE_MS = 20000,
    SILENCE_MS = 400,
    PATIENCE_MS = 60000, /* silence that no machine's load makes */
    CLIENTS = 2,
    LARGE_BYTES = 256 * 1024,
    MANY_REQUESTS = 150 /* more than all queues on the way to a client hold */
};

/* A registrar that answers every request with a success, and 'L...' with a large one. */
struct registrar {
    struct dd_socket *socket;
    pthread_t thread;
    atomic_bool stop;
    atomic_bool mute;  /* reads and says nothing */
    atomic_bool known; /* the broker has taken its READY */
    atomic_uint requests;
    struct dd_slice keys;
};

struct fixture {
    struct dd_net *net;
    struct dd_broker *broker;
    pthread_t thread;
    struct registrar registrar;
    struct dd_key_pair server_keys;
    struct dd_key_pair registrar_keys;
    struct dd_key_pair client_keys[CLIENTS];
    struct dd_key_pair stranger_keys;
    uint8_t rows[CLIENTS * DD_WORKER_KEY_BYTES];
};

/* ---- the registrar ---- */

static void registrar_say(struct registrar *r, const struct dd_worker_message *message)
{
    uint8_t header[DD_WORKER_HEADER_BYTES_MAX];
    struct dd_slice frames[DD_WORKER_FRAMES];

    dd_worker_encode(message, header, frames);
    (void)dd_net_send(r->socket, frames, DD_WORKER_FRAMES);
}

static void registrar_ready(struct registrar *r)
{
    registrar_say(r, &(struct dd_worker_message){.kind = DD_WORKER_READY,
                                                 .jurisdiction = dd_slice_of("bg"),
                                                 .body = r->keys});
}

static void registrar_answer(struct registrar *r, const struct dd_worker_message *request)
{
    struct dd_worker_message reply = {.kind = DD_WORKER_REPLY, .ref = request->ref};
    uint8_t *bytes = calloc(1, LARGE_BYTES);
    struct dd_writer w = dd_writer_make(bytes, LARGE_BYTES);
    struct dd_envelope envelope;

    if (bytes && dd_envelope_peek(request->body, &envelope)) {
        dd_envelope_reply(&w, envelope.request_id, DD_CLIENT_CREDIT, NULL, request->at_ms);
        reply.body = dd_writer_slice(&w);
        if (envelope.request_id.size > 0 && envelope.request_id.data[0] == 'L')
            reply.body.size = LARGE_BYTES;
        registrar_say(r, &reply);
    }
    free(bytes);
}

static void registrar_hear(struct registrar *r, const struct dd_worker_message *said)
{
    if (said->kind == DD_WORKER_HEARTBEAT) {
        atomic_store(&r->known, true);
    } else if (said->kind == DD_WORKER_REQUEST) {
        atomic_fetch_add(&r->requests, 1);
        registrar_answer(r, said);
    } else if (said->kind == DD_WORKER_TICK) {
        registrar_say(r, &(struct dd_worker_message){.kind = DD_WORKER_TICKED,
                                                     .ref = said->ref,
                                                     .at_ms = said->at_ms,
                                                     .exhausted = true});
    } else if (said->kind == DD_WORKER_DISCONNECT) {
        registrar_ready(r);
    }
}

static void *registrar_run(void *arg)
{
    struct registrar *r = arg;
    bool ready = false;

    while (!atomic_load(&r->stop)) {
        struct dd_poll_item item = {.socket = r->socket};
        struct dd_message message;

        if (!ready && dd_net_client_status(r->socket) == DD_OK) {
            registrar_ready(r);
            ready = true;
        }
        (void)dd_net_poll(&item, 1, 20);
        if (ready && !atomic_load(&r->mute))
            registrar_say(r, &(struct dd_worker_message){.kind = DD_WORKER_HEARTBEAT});
        while (dd_net_receive(r->socket, &message) == DD_OK) {
            struct dd_worker_message said;

            if (dd_worker_decode(message.frame, message.frame_count, &said) &&
                !atomic_load(&r->mute))
                registrar_hear(r, &said);
            dd_message_free(&message);
        }
    }
    return NULL;
}

/* ---- the fixture ---- */

static void *broker_run(void *arg)
{
    (void)dd_broker_run(arg);
    return NULL;
}

static struct dd_socket *connect_as(struct fixture *f, const char *endpoint,
                                    const struct dd_key_pair *keys)
{
    const struct dd_link_options options = {.endpoint = endpoint,
                                            .curve_secret = keys->curve_secret,
                                            .curve_public = keys->curve_public,
                                            .curve_server = f->server_keys.curve_public,
                                            .receive_queue = 1};
    struct dd_socket *socket = NULL;

    assert_int_equal(dd_net_client(f->net, &options, &socket), DD_OK);
    return socket;
}

/* Starts it and waits until the broker knows the keys: a client that comes before is let in only at
 * its next try, seconds later. */
static void start_registrar(struct fixture *f)
{
    struct registrar *r = &f->registrar;
    int64_t end_ms = dd_clock_mono_ms() + DEADLINE_MS;
    struct dd_link_options options = {.endpoint = dd_broker_workers_endpoint(f->broker),
                                      .curve_secret = f->registrar_keys.curve_secret,
                                      .curve_public = f->registrar_keys.curve_public,
                                      .curve_server = f->server_keys.curve_public,
                                      .send_queue = 1000};

    r->keys = (struct dd_slice){f->rows, sizeof f->rows};
    assert_int_equal(dd_net_client(f->net, &options, &r->socket), DD_OK);
    assert_int_equal(pthread_create(&r->thread, NULL, registrar_run, r), 0);
    while (!atomic_load(&r->known)) {
        assert_true(dd_clock_mono_ms() < end_ms);
        (void)dd_net_poll(NULL, 0, 5);
    }
}

static void fixture_open(struct fixture *f, const char *workers_endpoint, int64_t silence_ms)
{
    struct dd_writer w;
    struct dd_broker_options options = {.endpoint = "tcp://127.0.0.1:*",
                                        .server_keys = &f->server_keys,
                                        .workers_endpoint = workers_endpoint,
                                        .registrar_public = f->registrar_keys.curve_public,
                                        .jurisdiction = "bg",
                                        .silence_ms = silence_ms};

    memset(f, 0, sizeof *f);
    dd_keys_generate(&f->server_keys);
    dd_keys_generate(&f->registrar_keys);
    dd_keys_generate(&f->stranger_keys);
    w = dd_writer_make(f->rows, sizeof f->rows);
    for (uint32_t i = 0; i < CLIENTS; i++) {
        struct dd_worker_key key = {.account = i + 1, .valid_to_ms = INT64_MAX};

        dd_keys_generate(&f->client_keys[i]);
        memcpy(key.curve_public, f->client_keys[i].curve_public, sizeof key.curve_public);
        dd_worker_key_write(&w, &key);
    }
    assert_int_equal(dd_net_open(&f->net), DD_OK);
    assert_int_equal(dd_broker_open(f->net, &options, &f->broker), DD_OK);
    assert_int_equal(pthread_create(&f->thread, NULL, broker_run, f->broker), 0);
    start_registrar(f);
}

/* Stops both threads; the broker's counters may then be read. */
static void fixture_stop(struct fixture *f)
{
    atomic_store(&f->registrar.stop, true);
    assert_int_equal(pthread_join(f->registrar.thread, NULL), 0);
    dd_broker_stop(f->broker);
    assert_int_equal(pthread_join(f->thread, NULL), 0);
}

static void fixture_close(struct fixture *f)
{
    dd_net_socket_close(f->registrar.socket);
    dd_broker_close(f->broker);
    dd_net_close(f->net);
}

/* ---- a client ---- */

/* Sends once the link is up; false if it is not within the deadline. */
static bool send_request(struct dd_socket *socket, const char *service, const char *request_id)
{
    int64_t end_ms = dd_clock_mono_ms() + DEADLINE_MS;
    uint8_t body[64];
    struct dd_slice frames[] = {{NULL, 0}, dd_slice_of("MDPC01"), dd_slice_of(service), {body, 0}};

    frames[3].size =
        bench_body(&(struct bench_request){.request_id = request_id}, body, sizeof body);
    while (dd_clock_mono_ms() < end_ms) {
        if (dd_net_client_status(socket) == DD_OK && dd_net_send(socket, frames, 4) == DD_OK)
            return true;
        (void)dd_net_poll(NULL, 0, 5);
    }
    return false;
}

/* The next reply; false if none came within the deadline. */
static bool receive_reply(struct dd_socket *socket, struct bench_sent *reply)
{
    int64_t end_ms = dd_clock_mono_ms() + DEADLINE_MS;

    while (dd_clock_mono_ms() < end_ms) {
        struct dd_poll_item item = {.socket = socket};
        struct dd_message message;

        (void)dd_net_poll(&item, 1, 100);
        if (dd_net_receive(socket, &message) != DD_OK)
            continue;
        assert_int_equal(message.frame_count, 4);
        memset(reply, 0, sizeof *reply);
        reply->body_size = message.frame[3].size;
        dd_slice_text(message.frame[3], reply->body, sizeof reply->body);
        bench_read_reply(message.frame[3], reply);
        dd_message_free(&message);
        return true;
    }
    return false;
}

/* Asks until the answer has this status, as a client does that tries again. */
static void ask_until(struct dd_socket *socket, enum dd_status status)
{
    int64_t end_ms = dd_clock_mono_ms() + DEADLINE_MS;
    struct bench_sent reply;

    do {
        assert_true(dd_clock_mono_ms() < end_ms);
        assert_true(send_request(socket, "dondoc.bg", "id"));
        assert_true(receive_reply(socket, &reply));
        assert_string_equal(reply.request_id, "id");
        (void)dd_net_poll(NULL, 0, 5);
    } while (reply.status != (uint32_t)status);
}

/* ---- the cases ---- */

static void serve_two_clients(const char *workers_endpoint)
{
    struct fixture f;
    struct dd_socket *client[CLIENTS];
    struct bench_sent reply;

    fixture_open(&f, workers_endpoint, PATIENCE_MS);
    for (int i = 0; i < CLIENTS; i++) {
        client[i] = connect_as(&f, dd_broker_endpoint(f.broker), &f.client_keys[i]);
        ask_until(client[i], DD_OK);
    }
    for (int round = 0; round < 20; round++) {
        assert_true(send_request(client[0], "dondoc.bg", "of the first"));
        assert_true(send_request(client[1], "dondoc.bg", "of the second"));
        assert_true(receive_reply(client[1], &reply));
        assert_string_equal(reply.request_id, "of the second");
        assert_true(receive_reply(client[0], &reply));
        assert_string_equal(reply.request_id, "of the first");
        assert_int_equal(reply.status, DD_OK);
        assert_int_equal(reply.credit, DD_CLIENT_CREDIT);
    }
    assert_true(send_request(client[0], "dondoc.bn", "elsewhere"));
    assert_true(receive_reply(client[0], &reply));
    assert_int_equal(reply.status, DD_NO_SERVICE);
    fixture_stop(&f);
    assert_true(dd_broker_counters(f.broker)->replied >= 2 * 20);
    assert_int_equal(dd_broker_counters(f.broker)->unnamed, 0);
    for (int i = 0; i < CLIENTS; i++)
        dd_net_socket_close(client[i]);
    fixture_close(&f);
}

static void broker_serves_two_clients_through_a_registrar_process(void **state)
{
    (void)state;
    serve_two_clients("tcp://127.0.0.1:*");
}

static void broker_serves_two_clients_through_a_registrar_thread(void **state)
{
    (void)state;
    serve_two_clients("inproc://workers");
}

static void broker_lets_an_unknown_key_nowhere(void **state)
{
    struct fixture f;
    struct dd_socket *known;
    struct dd_socket *stranger;
    int64_t end_ms = dd_clock_mono_ms() + DEADLINE_MS;
    (void)state;

    fixture_open(&f, "inproc://workers", PATIENCE_MS);
    known = connect_as(&f, dd_broker_endpoint(f.broker), &f.client_keys[0]);
    ask_until(known, DD_OK); /* the keys are there */
    stranger = connect_as(&f, dd_broker_endpoint(f.broker), &f.stranger_keys);
    while (dd_net_client_status(stranger) != DD_KEY_UNKNOWN) {
        assert_true(dd_clock_mono_ms() < end_ms);
        (void)dd_net_poll(NULL, 0, 5);
    }
    fixture_stop(&f);
    assert_int_equal(dd_broker_counters(f.broker)->from_clients,
                     atomic_load(&f.registrar.requests) +
                         dd_broker_counters(f.broker)->unavailable);
    dd_net_socket_close(known);
    dd_net_socket_close(stranger);
    fixture_close(&f);
}

static void broker_says_unavailable_while_the_registrar_is_silent_and_then_serves_again(
    void **state)
{
    struct fixture f;
    struct dd_socket *client;
    struct bench_sent reply;
    (void)state;

    fixture_open(&f, "tcp://127.0.0.1:*", SILENCE_MS);
    client = connect_as(&f, dd_broker_endpoint(f.broker), &f.client_keys[0]);
    ask_until(client, DD_OK);
    atomic_store(&f.registrar.mute, true);
    assert_true(send_request(client, "dondoc.bg", "in flight"));
    assert_true(receive_reply(client, &reply));
    if (reply.status == DD_OK) { /* it was answered just before */
        assert_true(send_request(client, "dondoc.bg", "in flight"));
        assert_true(receive_reply(client, &reply));
    }
    assert_int_equal(reply.status, DD_UNAVAILABLE);
    assert_string_equal(reply.request_id, "in flight");
    ask_until(client, DD_UNAVAILABLE);
    atomic_store(&f.registrar.mute, false);
    ask_until(client, DD_OK);
    fixture_stop(&f);
    assert_true(dd_broker_counters(f.broker)->registrars_gone >= 1);
    dd_net_socket_close(client);
    fixture_close(&f);
}

static void broker_takes_each_key_at_its_own_endpoint_only(void **state)
{
    struct fixture f;
    struct dd_socket *client;
    struct dd_socket *as_client;
    struct registrar false_one = {0};
    int64_t end_ms = dd_clock_mono_ms() + DEADLINE_MS;
    (void)state;

    fixture_open(&f, "tcp://127.0.0.1:*", PATIENCE_MS);
    client = connect_as(&f, dd_broker_endpoint(f.broker), &f.client_keys[0]);
    ask_until(client, DD_OK);
    as_client = connect_as(&f, dd_broker_endpoint(f.broker), &f.registrar_keys);
    ask_until(as_client, DD_KEY_UNKNOWN);
    false_one.socket = connect_as(&f, dd_broker_workers_endpoint(f.broker), &f.client_keys[1]);
    while (dd_net_client_status(false_one.socket) != DD_OK) {
        assert_true(dd_clock_mono_ms() < end_ms);
        (void)dd_net_poll(NULL, 0, 5);
    }
    for (int i = 0; i < 3; i++)
        registrar_ready(&false_one); /* with an empty table of keys */
    for (int i = 0; i < 10; i++)
        ask_until(client, DD_OK); /* it has taken nobody's place */
    fixture_stop(&f);
    assert_int_equal(dd_broker_counters(f.broker)->registrars_gone, 0);
    dd_net_socket_close(false_one.socket);
    dd_net_socket_close(as_client);
    dd_net_socket_close(client);
    fixture_close(&f);
}

static void broker_serves_others_while_a_client_never_reads_its_large_replies(void **state)
{
    struct fixture f;
    struct dd_socket *slow;
    struct dd_socket *quick;
    (void)state;

    fixture_open(&f, "inproc://workers", PATIENCE_MS);
    slow = connect_as(&f, dd_broker_endpoint(f.broker), &f.client_keys[0]);
    quick = connect_as(&f, dd_broker_endpoint(f.broker), &f.client_keys[1]);
    ask_until(slow, DD_OK);
    ask_until(quick, DD_OK);
    for (int i = 0; i < MANY_REQUESTS; i++) {
        assert_true(send_request(slow, "dondoc.bg", "Large"));
        if (i % 10 == 0)
            ask_until(quick, DD_OK);
    }
    ask_until(quick, DD_OK);
    fixture_stop(&f);
    assert_true(dd_broker_counters(f.broker)->replies_dropped > 0);
    dd_net_socket_close(slow);
    dd_net_socket_close(quick);
    fixture_close(&f);
}

static void broker_open_refuses_endpoints_without_the_keys_they_need(void **state)
{
    struct dd_key_pair keys;
    struct dd_broker_options options = {.endpoint = "inproc://clients",
                                        .server_keys = &keys,
                                        .workers_endpoint = "inproc://workers"};
    struct dd_broker *broker = NULL;
    struct dd_net *net;
    (void)state;

    dd_keys_generate(&keys);
    assert_int_equal(dd_net_open(&net), DD_OK);
    assert_int_equal(dd_broker_open(net, &options, &broker), DD_INVALID);
    options.endpoint = "tcp://127.0.0.1:*";
    options.workers_endpoint = "tcp://127.0.0.1:*";
    assert_int_equal(dd_broker_open(net, &options, &broker), DD_INVALID);
    options.registrar_public = keys.curve_public;
    assert_int_equal(dd_broker_open(net, &options, &broker), DD_OK);
    dd_broker_close(broker);
    dd_net_close(net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(broker_serves_two_clients_through_a_registrar_process),
        cmocka_unit_test(broker_serves_two_clients_through_a_registrar_thread),
        cmocka_unit_test(broker_lets_an_unknown_key_nowhere),
        cmocka_unit_test(
            broker_says_unavailable_while_the_registrar_is_silent_and_then_serves_again),
        cmocka_unit_test(broker_takes_each_key_at_its_own_endpoint_only),
        cmocka_unit_test(broker_serves_others_while_a_client_never_reads_its_large_replies),
        cmocka_unit_test(broker_open_refuses_endpoints_without_the_keys_they_need),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
