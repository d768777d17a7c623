/*
 * One loop a thread: waits on sockets and file descriptors, hands each message to its handler and,
 * after each round, calls the tick, which says when it wants to be called again. Every drain is
 * bounded, so that a flood on one socket starves nothing else. Knows nothing of what handlers do.
 */
#ifndef DD_RUNTIME_LOOP_H
#define DD_RUNTIME_LOOP_H

#include <stdint.h>

#include "core/status.h"
#include "runtime/net.h"

enum {
    DD_LOOP_ITEMS_MAX = 16, /* sockets and descriptors of one loop */
    DD_LOOP_DRAIN_MAX = 256 /* messages of one socket in one round */
};

/* A tick that wants nothing returns this. */
#define DD_NEVER_MS INT64_MAX

struct dd_loop;

/* Opens a loop, closed by dd_loop_close. DD_NO_MEMORY, DD_IO. */
enum dd_status dd_loop_open(struct dd_loop **loop);

/* Frees the loop; sockets and descriptors stay their owners'. NULL is fine. */
void dd_loop_close(struct dd_loop *loop);

/* Each message of `socket` goes to on_message, which borrows it (dd_message_take keeps it). The
 * loop borrows socket and self. At most DD_LOOP_ITEMS_MAX items: more is a bug. */
void dd_loop_add_socket(struct dd_loop *loop, struct dd_socket *socket,
                        void (*on_message)(void *self, struct dd_message *message), void *self);

/* on_readable is called once a round while `fd` is readable; it reads the fd, within a bound. */
void dd_loop_add_fd(struct dd_loop *loop, int fd, void (*on_readable)(void *self), void *self);

/* Stops or takes up again the reading of a socket: what waits then waits in its peers' queues. */
void dd_loop_pause_socket(struct dd_loop *loop, const struct dd_socket *socket, bool paused);

/* `tick` is called after each round with the monotonic time and returns when it wants to be called
 * again at the latest (monotonic ms, or DD_NEVER_MS). */
void dd_loop_set_tick(struct dd_loop *loop, int64_t (*tick)(void *self, int64_t now_ms),
                      void *self);

/* SIGINT and SIGTERM stop this loop. Call it in the first thread before others are started: it
 * blocks both signals for the thread and those it starts. DD_IO. */
enum dd_status dd_loop_stop_on_signals(struct dd_loop *loop);

/* Makes dd_loop_run return after the round it is in. The one call that any thread may make. */
void dd_loop_stop(struct dd_loop *loop);

/* Runs until stopped: DD_OK; DD_IO if polling or a socket fails. A loop that was stopped may not
 * run again. */
enum dd_status dd_loop_run(struct dd_loop *loop);

/* One round that waits at most timeout_ms (-1: until the tick is due). For callers that own the
 * thread, like the client library. DD_IO as above. */
enum dd_status dd_loop_round(struct dd_loop *loop, int64_t timeout_ms);

#endif
