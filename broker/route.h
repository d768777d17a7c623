/*
 * The router: takes what clients and the registrar send, stamps it, and says what goes to whom.
 * Pure: message, instant -> frames, handed out through a table of functions; so the same code runs
 * behind sockets and in the simulator. Knows no socket, clock, randomness or disk, and of a
 * request no more than its envelope.
 *
 * It is the one place that gives receipt stamps, and they never go back. Everything it holds is
 * bounded (broker/flights.h); what it does not take it answers, and what it cannot answer it
 * counts.
 */
#ifndef DD_BROKER_ROUTE_H
#define DD_BROKER_ROUTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "broker/zap.h"
#include "core/bytes.h"
#include "core/calendar.h"
#include "core/status.h"
#include "runtime/frames.h"

/* The User-Id of the registrar's link where the link has keys. */
#define DD_REGISTRAR_USER_ID "registrar"

enum {
    DD_ROUTE_HEARTBEAT_MS = 1000, /* to the registrar */
    DD_ROUTE_SILENCE_MS = 5000,   /* of the registrar, after which it is taken for gone */
    DD_ROUTE_TICK_MS = 1000,
    DD_ROUTE_TIMEOUT_MS = 60000, /* a request's age at which nobody waits for it any more */
    DD_ROUTE_REPLY_FRAMES = 5,
    DD_ROUTE_WORKER_FRAMES = 4 /* the routing id, and those of DDW01 */
};

/* The last instant that a clock may show: the end of DD_DAY_MAX. */
#define DD_ROUTE_CLOCK_MAX_MS (((int64_t)DD_DAY_MAX + 1) * 86400000 - 1)

/* The time, twice: stamps come from utc_ms, which may jump; ages and timeouts from mono_ms, which
 * may not. */
struct dd_route_time {
    int64_t utc_ms;
    int64_t mono_ms;
};

/* Where things go. The functions borrow their arguments and must not call the route. A send gives
 * what dd_net_send gives: DD_OK; DD_BUSY (the queue of that peer is full); DD_UNAVAILABLE (there is
 * no such peer any more); or another failure. frames[0] is the routing id. */
struct dd_route_emit {
    void *self;
    enum dd_status (*to_client)(void *self, const struct dd_slice *frames, size_t count);
    enum dd_status (*to_worker)(void *self, const struct dd_slice *frames, size_t count);
    /* Something for the security log: `site` and `what` are static, the message says who. */
    void (*security)(void *self, const char *site, const char *what,
                     const struct dd_message *message);
    /* Something for the operator: the registrar came or went, and why. Both static. */
    void (*notice)(void *self, const char *what, const char *why);
};

struct dd_route_options {
    const char *jurisdiction; /* NULL: that of the first READY. Copied */
    bool rehearsal;           /* the clock stands at clock_ms until an administrator moves it */
    int64_t clock_ms;
    bool worker_has_keys; /* the registrar's link must carry DD_REGISTRAR_USER_ID */
    int64_t silence_ms;   /* 0: silence says nothing (the registrar is a thread of this process) */
    uint64_t ref_base;    /* where the numbers of requests start; random */
};

/* What happened so far. */
struct dd_route_counters {
    uint64_t from_clients; /* messages, good or not */
    uint64_t forwarded;
    uint64_t replied; /* replies of the registrar that left */
    uint64_t advanced;
    uint64_t mmi;
    uint64_t ticks;

    /* Answered with a refusal. */
    uint64_t bad_envelope;
    uint64_t malformed;
    uint64_t too_large;
    uint64_t version;
    uint64_t no_service;
    uint64_t key_refused;
    uint64_t clock_refused;
    uint64_t unavailable;
    uint64_t busy;
    uint64_t expired;   /* the deadline had passed at receipt */
    uint64_t timed_out; /* no answer came for DD_ROUTE_TIMEOUT_MS */

    /* Dropped. */
    uint64_t unnamed;          /* messages of clients without a User-Id */
    uint64_t replies_dropped;  /* the client is gone, or reads nothing */
    uint64_t replies_late;     /* the registrar answered what nobody waits for any more */
    uint64_t worker_malformed; /* not DDW01, or not the registrar's to send */
    uint64_t worker_strangers; /* from links that are not the registrar's */
    uint64_t ready_refused;
    uint64_t registrars_gone;
};

struct dd_route;

/* A router without a registrar, closed by dd_route_close. *emit and *options are copied, what they
 * point at is borrowed for the router's life (but the jurisdiction). DD_INVALID: a jurisdiction
 * that is no code, or a clock outside 0..DD_ROUTE_CLOCK_MAX_MS; DD_NO_MEMORY. */
enum dd_status dd_route_open(const struct dd_route_options *options,
                             const struct dd_route_emit *emit, struct dd_route **route);

/* Frees it; who waits is not answered. NULL is fine. */
void dd_route_close(struct dd_route *route);

/* A message of a client's link: its routing id, "", "MDPC01", service, body. Borrowed. */
void dd_route_from_client(struct dd_route *route, struct dd_route_time now,
                          const struct dd_message *message);

/* A message of a worker's link: its routing id and the frames of DDW01. Borrowed. */
void dd_route_from_worker(struct dd_route *route, struct dd_route_time now,
                          const struct dd_message *message);

/* Does what time asks for: Ticks, heartbeats, timeouts. Gives the mono_ms at which it wants to be
 * called again at the latest; INT64_MAX: when there is a message. */
int64_t dd_route_tick(struct dd_route *route, struct dd_route_time now);

/* The keys of the last READY or KEYS; NULL before. Borrowed until the next call. */
const struct dd_link_table *dd_route_links(const struct dd_route *route);

const struct dd_route_counters *dd_route_counters(const struct dd_route *route);

/* Whether the registrar is there; the last stamp given (a rehearsal's clock); requests in flight
 * and their bytes. */
bool dd_route_is_ready(const struct dd_route *route);
int64_t dd_route_stamp_ms(const struct dd_route *route);
size_t dd_route_waiting(const struct dd_route *route);
size_t dd_route_waiting_bytes(const struct dd_route *route);

#endif
