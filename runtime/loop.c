/* The loop of a thread. See runtime/loop.h. */
#include "runtime/loop.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "core/invariant.h"
#include "runtime/clock.h"

struct item {
    struct dd_socket *socket; /* NULL: an fd */
    int fd;
    bool paused;
    void (*on_message)(void *self, struct dd_message *message);
    void (*on_readable)(void *self);
    void *self;
};

struct dd_loop {
    size_t count;
    struct item item[DD_LOOP_ITEMS_MAX];
    int64_t (*tick)(void *self, int64_t now_ms);
    void *tick_self;
    int64_t due_ms; /* when the tick wants to be called */
    int stop_fd;    /* an eventfd; item 0 */
    int signal_fd;  /* -1: signals do not stop this loop */
    bool stopped;
};

static struct item *add(struct dd_loop *loop)
{
    DD_ASSERT(loop->count < DD_LOOP_ITEMS_MAX);
    return &loop->item[loop->count++];
}

static void on_stop(void *self)
{
    struct dd_loop *loop = self;

    loop->stopped = true; /* the eventfd stays readable: a stop is for good */
}

static void on_signal(void *self)
{
    struct dd_loop *loop = self;
    struct signalfd_siginfo info;

    if (read(loop->signal_fd, &info, sizeof info) == (ssize_t)sizeof info)
        loop->stopped = true;
}

enum dd_status dd_loop_open(struct dd_loop **loop)
{
    struct dd_loop *made = calloc(1, sizeof *made);

    if (!made)
        return DD_NO_MEMORY;
    made->signal_fd = -1;
    made->due_ms = DD_NEVER_MS;
    made->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (made->stop_fd < 0) {
        free(made);
        return DD_IO;
    }
    dd_loop_add_fd(made, made->stop_fd, on_stop, made);
    *loop = made;
    return DD_OK;
}

void dd_loop_close(struct dd_loop *loop)
{
    if (!loop)
        return;
    (void)close(loop->stop_fd);
    if (loop->signal_fd >= 0)
        (void)close(loop->signal_fd);
    free(loop);
}

void dd_loop_add_socket(struct dd_loop *loop, struct dd_socket *socket,
                        void (*on_message)(void *self, struct dd_message *message), void *self)
{
    *add(loop) = (struct item){.socket = socket, .fd = -1, .on_message = on_message, .self = self};
}

void dd_loop_add_fd(struct dd_loop *loop, int fd, void (*on_readable)(void *self), void *self)
{
    *add(loop) = (struct item){.fd = fd, .on_readable = on_readable, .self = self};
}

void dd_loop_pause_socket(struct dd_loop *loop, const struct dd_socket *socket, bool paused)
{
    for (size_t i = 0; i < loop->count; i++) {
        if (loop->item[i].socket == socket)
            loop->item[i].paused = paused;
    }
}

void dd_loop_set_tick(struct dd_loop *loop, int64_t (*tick)(void *self, int64_t now_ms), void *self)
{
    loop->tick = tick;
    loop->tick_self = self;
    loop->due_ms = INT64_MIN;
}

enum dd_status dd_loop_stop_on_signals(struct dd_loop *loop)
{
    sigset_t set;

    DD_ASSERT(loop->signal_fd < 0);
    DD_ASSERT(sigemptyset(&set) == 0 && sigaddset(&set, SIGINT) == 0 &&
              sigaddset(&set, SIGTERM) == 0);
    DD_ASSERT(pthread_sigmask(SIG_BLOCK, &set, NULL) == 0);
    loop->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (loop->signal_fd < 0)
        return DD_IO;
    dd_loop_add_fd(loop, loop->signal_fd, on_signal, loop);
    return DD_OK;
}

void dd_loop_stop(struct dd_loop *loop)
{
    const uint64_t one = 1;
    ssize_t written = write(loop->stop_fd, &one, sizeof one);

    DD_ASSERT(written == (ssize_t)sizeof one || errno == EAGAIN); /* EAGAIN: stopped long since */
}

static enum dd_status drain(struct item *item)
{
    for (int i = 0; i < DD_LOOP_DRAIN_MAX && !item->paused; i++) {
        struct dd_message message;
        enum dd_status status = dd_net_receive(item->socket, &message);

        if (status == DD_NOT_FOUND)
            return DD_OK;
        if (status != DD_OK && status != DD_NO_MEMORY)
            return status;
        if (status == DD_OK)
            item->on_message(item->self, &message);
        dd_message_free(&message);
    }
    return DD_OK;
}

/* How long to wait: the caller's bound, or less if the tick is due before. -1: for ever. */
static int64_t wait_ms(const struct dd_loop *loop, int64_t timeout_ms)
{
    int64_t left_ms;

    if (!loop->tick || loop->due_ms == DD_NEVER_MS)
        return timeout_ms;
    if (loop->due_ms == INT64_MIN)
        return 0;
    left_ms = loop->due_ms - dd_clock_mono_ms();
    if (left_ms < 0)
        left_ms = 0;
    return timeout_ms >= 0 && timeout_ms < left_ms ? timeout_ms : left_ms;
}

enum dd_status dd_loop_round(struct dd_loop *loop, int64_t timeout_ms)
{
    struct dd_poll_item polled[DD_LOOP_ITEMS_MAX];
    struct item *of[DD_LOOP_ITEMS_MAX];
    size_t count = 0;
    enum dd_status status;

    for (size_t i = 0; i < loop->count; i++) {
        if (loop->item[i].paused)
            continue;
        of[count] = &loop->item[i];
        polled[count] = (struct dd_poll_item){.socket = of[count]->socket, .fd = of[count]->fd};
        count++;
    }
    status = dd_net_poll(polled, count, wait_ms(loop, timeout_ms));
    for (size_t i = 0; i < count && status == DD_OK; i++) {
        if (!polled[i].ready)
            continue;
        if (of[i]->socket)
            status = drain(of[i]);
        else
            of[i]->on_readable(of[i]->self);
    }
    if (status == DD_OK && loop->tick)
        loop->due_ms = loop->tick(loop->tick_self, dd_clock_mono_ms());
    return status;
}

enum dd_status dd_loop_run(struct dd_loop *loop)
{
    enum dd_status status = DD_OK;

    while (status == DD_OK && !loop->stopped)
        status = dd_loop_round(loop, -1);
    return status;
}
