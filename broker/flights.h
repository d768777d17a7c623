/*
 * Requests in flight: who waits for the answer to which number, and how many each client has. All
 * memory is taken at once and every table has a bound, so that a flood is answered and not stored.
 * Knows nothing of what is asked, nor of when a request is too old.
 */
#ifndef DD_BROKER_FLIGHTS_H
#define DD_BROKER_FLIGHTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/bytes.h"
#include "core/limits.h"
#include "core/status.h"
#include "proto/envelope.h"

enum { DD_ROUTING_ID_BYTES_MAX = 255 };

enum dd_flight_kind {
    DD_FLIGHT_REQUEST, /* the registrar answers it */
    DD_FLIGHT_ADVANCE  /* the broker does, when the Tick of to_ms has nothing more to do */
};

struct dd_flight {
    enum dd_flight_kind kind;
    uint32_t account;
    int64_t received_ms; /* its stamp */
    int64_t mono_ms;     /* when it came, for its age */
    int64_t to_ms;       /* ADVANCE */
    size_t bytes;        /* of its body, for the queue's bound */

    /* Given by dd_flights_add. */
    uint64_t ref;
    uint32_t client;
    uint32_t older; /* neighbours in order of arrival */
    uint32_t newer;
    uint8_t request_id_size;
    uint8_t request_id[DD_REQUEST_ID_BYTES_MAX];
};

struct dd_flights;

/* An empty set, closed by dd_flights_close. ref_base: where the numbers start; take it at random,
 * so that a late answer to a request of an earlier set fits none of this one. DD_NO_MEMORY. */
enum dd_status dd_flights_open(uint64_t ref_base, struct dd_flights **flights);
void dd_flights_close(struct dd_flights *flights);

/* True if this client (a routing id of 1..DD_ROUTING_ID_BYTES_MAX bytes) may have one more, of so
 * many bytes: it is below DD_CLIENT_CREDIT, and the whole below DD_QUEUE_REQUESTS_MAX and within
 * DD_QUEUE_BYTES_MAX. */
bool dd_flights_has_room(const struct dd_flights *flights, struct dd_slice client, size_t bytes);

/* Adds a copy of *flight, whose ref is then set; there must be room. Borrowed until removed. */
struct dd_flight *dd_flights_add(struct dd_flights *flights, struct dd_slice client,
                                 struct dd_slice request_id, const struct dd_flight *flight);

/* The one with this number; NULL if there is none (any more). */
struct dd_flight *dd_flights_find(struct dd_flights *flights, uint64_t ref);

/* The one that came first, and the one that came after; NULL if there is none. */
struct dd_flight *dd_flights_oldest(struct dd_flights *flights);
struct dd_flight *dd_flights_newer(struct dd_flights *flights, const struct dd_flight *flight);

/* Forgets it. */
void dd_flights_remove(struct dd_flights *flights, struct dd_flight *flight);

/* Borrowed until the flight is removed. */
struct dd_slice dd_flight_client(const struct dd_flights *flights, const struct dd_flight *flight);
struct dd_slice dd_flight_request_id(const struct dd_flight *flight);

size_t dd_flights_count(const struct dd_flights *flights);
size_t dd_flights_bytes(const struct dd_flights *flights);

#endif
