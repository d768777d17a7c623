/*
 * The parts of broker/route: its state, and what its files ask of each other. Private to
 * broker/route*.c; knows nothing that broker/route.h does not.
 */
#ifndef DD_BROKER_ROUTE_PARTS_H
#define DD_BROKER_ROUTE_PARTS_H

#include "broker/flights.h"
#include "broker/route.h"
#include "core/rule.h"
#include "proto/worker.h"

#define DD_SERVICE_PREFIX "dondoc."

enum { DD_SERVICE_BYTES = sizeof DD_SERVICE_PREFIX + DD_CODE_BYTES_MAX };

/* The Tick: at most one is with the registrar. */
struct dd_route_ticking {
    bool wanted; /* send one as soon as none is out */
    bool repeat; /* it is the last instant again: the clock is not read for it */
    bool out;
    uint64_t ref; /* of the last one; never starts anew, so that a late answer fits no other */
    int64_t at_ms;
    int64_t sent_mono_ms;
    int64_t due_mono_ms; /* when the next is wanted; not in a rehearsal */
};

struct dd_route {
    struct dd_route_options options;
    struct dd_route_emit emit;
    struct dd_route_counters counters;
    struct dd_flights *flights;
    struct dd_link_table *links;
    char service[DD_SERVICE_BYTES]; /* "" until the jurisdiction is known */
    int64_t stamp_ms;               /* the last given */

    bool ready; /* the registrar is there, and this is its routing id: */
    uint8_t registrar[DD_ROUTING_ID_BYTES_MAX];
    size_t registrar_size;
    int64_t heard_mono_ms;
    int64_t heartbeat_mono_ms; /* when the next is due */
    int64_t refuse_mono_ms;    /* when a READY may be refused again */
    struct dd_route_ticking tick;
};

/* The instant of a receipt now: never before an earlier one. */
int64_t dd_route_stamp(struct dd_route *route, struct dd_route_time now);

/* True if it is a code; the service is then named after it. */
bool dd_route_name(struct dd_route *route, struct dd_slice jurisdiction);

/* The jurisdiction; empty if it is not known yet. */
struct dd_slice dd_route_jurisdiction(const struct dd_route *route);

/* Sends a client a body; what cannot leave is counted. True if it left. */
bool dd_route_reply(struct dd_route *route, struct dd_slice client, struct dd_slice service,
                    struct dd_slice body);

/* Answers a request in flight and forgets it: with a refusal of that status, or DD_OK. */
void dd_route_answer(struct dd_route *route, struct dd_flight *flight, enum dd_status status);

/* Sends the registrar a message. DD_UNAVAILABLE if it is not there; as emit gives, else. */
enum dd_status dd_route_to_registrar(struct dd_route *route,
                                     const struct dd_worker_message *message);

/* The registrar is gone: everything in flight is answered UNAVAILABLE. `why` is static. */
void dd_route_lose_registrar(struct dd_route *route, const char *why);

/* Wants a Tick, and sends it if none is out. repeat: of the last stamp, without a new one. */
void dd_route_want_tick(struct dd_route *route, struct dd_route_time now, bool repeat);

#endif
