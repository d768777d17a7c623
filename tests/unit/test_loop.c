/* The loop: who is called, how often, and what stops it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cmocka.h>

#include "runtime/clock.h"
#include "runtime/loop.h"

struct fixture {
    struct dd_loop *loop;
    struct dd_net *net;
    struct dd_socket *server;
    struct dd_socket *client;
    int messages;
    int fd;
    int fd_calls;
    int ticks;
    int ticks_until_stop;
    int64_t tick_after_ms;
    struct dd_message kept;
};

static void on_message(void *self, struct dd_message *message)
{
    struct fixture *f = self;

    f->messages++;
    if (f->messages == 1)
        f->kept = dd_message_take(message);
}

static void on_readable(void *self)
{
    struct fixture *f = self;
    uint64_t count;

    assert_int_equal(read(f->fd, &count, sizeof count), sizeof count);
    f->fd_calls++;
}

static int64_t on_tick(void *self, int64_t now_ms)
{
    struct fixture *f = self;

    f->ticks++;
    if (f->ticks == f->ticks_until_stop)
        dd_loop_stop(f->loop);
    return f->tick_after_ms == DD_NEVER_MS ? DD_NEVER_MS : now_ms + f->tick_after_ms;
}

static void fixture_open(struct fixture *f)
{
    const struct dd_link_options options = {.endpoint = "inproc://loop", .receive_queue = 1000};

    memset(f, 0, sizeof *f);
    f->tick_after_ms = DD_NEVER_MS;
    f->fd = eventfd(0, EFD_NONBLOCK);
    assert_true(f->fd >= 0);
    assert_int_equal(dd_loop_open(&f->loop), DD_OK);
    assert_int_equal(dd_net_open(&f->net), DD_OK);
    assert_int_equal(dd_net_server(f->net, &options, &f->server), DD_OK);
    assert_int_equal(dd_net_client(f->net, &options, &f->client), DD_OK);
    dd_loop_add_socket(f->loop, f->server, on_message, f);
    dd_loop_add_fd(f->loop, f->fd, on_readable, f);
    dd_loop_set_tick(f->loop, on_tick, f);
}

static void fixture_close(struct fixture *f)
{
    dd_message_free(&f->kept);
    dd_loop_close(f->loop);
    dd_net_socket_close(f->client);
    dd_net_socket_close(f->server);
    dd_net_close(f->net);
    (void)close(f->fd);
}

static void send_many(struct fixture *f, int count)
{
    const struct dd_slice frame = dd_slice_of("x");

    for (int i = 0; i < count; i++)
        assert_int_equal(dd_net_send(f->client, &frame, 1), DD_OK);
}

static void ring(struct fixture *f)
{
    const uint64_t one = 1;

    assert_int_equal(write(f->fd, &one, sizeof one), sizeof one);
}

static void loop_hands_messages_and_descriptors_to_their_handlers(void **state)
{
    struct fixture f;
    (void)state;

    fixture_open(&f);
    send_many(&f, 3);
    ring(&f);
    assert_int_equal(dd_loop_round(f.loop, 20000), DD_OK);
    assert_int_equal(f.messages, 3);
    assert_int_equal(f.fd_calls, 1);
    assert_int_equal(f.ticks, 1);
    assert_int_equal(f.kept.frame_count, 2); /* taken by the handler, still ours */
    fixture_close(&f);
}

static void loop_drains_a_flooded_socket_only_so_far_in_a_round(void **state)
{
    struct fixture f;
    (void)state;

    fixture_open(&f);
    send_many(&f, 2 * DD_LOOP_DRAIN_MAX + 1);
    ring(&f);
    assert_int_equal(dd_loop_round(f.loop, 20000), DD_OK);
    assert_int_equal(f.messages, DD_LOOP_DRAIN_MAX);
    assert_int_equal(f.fd_calls, 1); /* the flood did not starve it */
    assert_int_equal(f.ticks, 1);
    assert_int_equal(dd_loop_round(f.loop, 20000), DD_OK);
    assert_int_equal(dd_loop_round(f.loop, 20000), DD_OK);
    assert_int_equal(f.messages, 2 * DD_LOOP_DRAIN_MAX + 1);
    fixture_close(&f);
}

static void loop_leaves_a_paused_socket_alone(void **state)
{
    struct fixture f;
    (void)state;

    fixture_open(&f);
    send_many(&f, 2);
    dd_loop_pause_socket(f.loop, f.server, true);
    assert_int_equal(dd_loop_round(f.loop, 0), DD_OK);
    assert_int_equal(f.messages, 0);
    dd_loop_pause_socket(f.loop, f.server, false);
    assert_int_equal(dd_loop_round(f.loop, 20000), DD_OK);
    assert_int_equal(f.messages, 2);
    fixture_close(&f);
}

static void loop_calls_the_tick_when_it_asked_to_be_called(void **state)
{
    struct fixture f;
    int64_t before_ms;
    (void)state;

    fixture_open(&f);
    f.tick_after_ms = 10;
    f.ticks_until_stop = 4; /* the first at once, then three times 10 ms */
    before_ms = dd_clock_mono_ms();
    assert_int_equal(dd_loop_run(f.loop), DD_OK);
    assert_true(f.ticks >= 4);
    assert_true(dd_clock_mono_ms() - before_ms >= 30);
    fixture_close(&f);
}

static void *stop_it(void *self)
{
    struct fixture *f = self;

    dd_loop_stop(f->loop);
    dd_loop_stop(f->loop);
    return NULL;
}

static void loop_is_stopped_from_another_thread(void **state)
{
    struct fixture f;
    pthread_t thread;
    (void)state;

    fixture_open(&f);
    assert_int_equal(pthread_create(&thread, NULL, stop_it, &f), 0);
    assert_int_equal(dd_loop_run(f.loop), DD_OK);
    assert_int_equal(pthread_join(thread, NULL), 0);
    fixture_close(&f);
}

static void loop_is_stopped_by_sigterm(void **state)
{
    struct fixture f;
    sigset_t before;
    (void)state;

    assert_int_equal(pthread_sigmask(SIG_SETMASK, NULL, &before), 0);
    fixture_open(&f);
    assert_int_equal(dd_loop_stop_on_signals(f.loop), DD_OK);
    assert_int_equal(kill(getpid(), SIGTERM), 0);
    assert_int_equal(dd_loop_run(f.loop), DD_OK);
    fixture_close(&f);
    assert_int_equal(pthread_sigmask(SIG_SETMASK, &before, NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loop_hands_messages_and_descriptors_to_their_handlers),
        cmocka_unit_test(loop_drains_a_flooded_socket_only_so_far_in_a_round),
        cmocka_unit_test(loop_leaves_a_paused_socket_alone),
        cmocka_unit_test(loop_calls_the_tick_when_it_asked_to_be_called),
        cmocka_unit_test(loop_is_stopped_from_another_thread),
        cmocka_unit_test(loop_is_stopped_by_sigterm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
