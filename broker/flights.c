/* Requests in flight: a pool of slots, a list in order of arrival, a hash table of the clients that
 * have any. See broker/flights.h. Knows no time: ages are the caller's. */
#include "broker/flights.h"

#include <stdlib.h>
#include <string.h>

#include "core/invariant.h"

enum {
    SLOTS = DD_QUEUE_REQUESTS_MAX,
    BUCKETS = 4096,
    NONE = UINT16_MAX /* no slot */
};

static_assert((SLOTS & (SLOTS - 1)) == 0, "a number ends in its slot");
static_assert((int)SLOTS < (int)NONE, "slots and no slot are told apart");

/* A client with requests in flight; there are never more of them than requests. */
struct client {
    uint32_t next; /* of the same bucket, or of the free ones */
    uint32_t count;
    uint8_t id_size;
    uint8_t id[DD_ROUTING_ID_BYTES_MAX];
};

struct dd_flights {
    uint64_t serial;
    size_t count;
    size_t bytes;
    uint32_t oldest;
    uint32_t newest;
    uint32_t free_slot; /* free slots hang together by `newer` */
    uint32_t free_client;
    uint32_t bucket[BUCKETS];
    struct dd_flight slot[SLOTS];
    struct client client[SLOTS];
};

enum dd_status dd_flights_open(uint64_t ref_base, struct dd_flights **flights)
{
    struct dd_flights *made = calloc(1, sizeof *made);

    if (!made)
        return DD_NO_MEMORY;
    made->serial = ref_base;
    made->oldest = made->newest = NONE;
    for (uint32_t i = 0; i < BUCKETS; i++)
        made->bucket[i] = NONE;
    for (uint32_t i = 0; i < SLOTS; i++)
        made->slot[i].newer = made->client[i].next = i + 1 < SLOTS ? i + 1 : NONE;
    *flights = made;
    return DD_OK;
}

void dd_flights_close(struct dd_flights *flights)
{
    free(flights);
}

/* FNV-1a. A client that chooses its routing id can make its own chain longer, up to SLOTS. */
static uint32_t bucket_of(struct dd_slice id)
{
    uint32_t hash = 2166136261u;

    for (size_t i = 0; i < id.size; i++)
        hash = (hash ^ id.data[i]) * 16777619u;
    return (hash ^ hash >> 16) % BUCKETS;
}

static struct dd_slice id_of(const struct client *client)
{
    return (struct dd_slice){client->id, client->id_size};
}

static uint32_t client_find(const struct dd_flights *flights, struct dd_slice id)
{
    uint32_t at = flights->bucket[bucket_of(id)];

    while (at != NONE && !dd_slice_equal(id_of(&flights->client[at]), id))
        at = flights->client[at].next;
    return at;
}

static uint32_t client_add(struct dd_flights *flights, struct dd_slice id)
{
    uint32_t bucket = bucket_of(id);
    uint32_t at = flights->free_client;
    struct client *client = &flights->client[at];

    DD_ASSERT(at != NONE);
    flights->free_client = client->next;
    client->next = flights->bucket[bucket];
    client->count = 0;
    client->id_size = (uint8_t)id.size;
    memcpy(client->id, id.data, id.size);
    flights->bucket[bucket] = at;
    return at;
}

static void client_remove(struct dd_flights *flights, uint32_t at)
{
    uint32_t *link = &flights->bucket[bucket_of(id_of(&flights->client[at]))];

    while (*link != at)
        link = &flights->client[*link].next;
    *link = flights->client[at].next;
    flights->client[at].next = flights->free_client;
    flights->free_client = at;
}

bool dd_flights_has_room(const struct dd_flights *flights, struct dd_slice client, size_t bytes)
{
    uint32_t at;

    if (flights->count >= SLOTS || bytes > DD_QUEUE_BYTES_MAX - flights->bytes)
        return false;
    at = client_find(flights, client);
    return at == NONE || flights->client[at].count < DD_CLIENT_CREDIT;
}

/* Numbers are never 0 and end in their slot. */
static uint64_t next_ref(struct dd_flights *flights, uint32_t at)
{
    uint64_t ref;

    do
        ref = ++flights->serial * SLOTS + at;
    while (ref == 0);
    return ref;
}

static void list_append(struct dd_flights *flights, uint32_t at)
{
    flights->slot[at].older = flights->newest;
    flights->slot[at].newer = NONE;
    if (flights->newest != NONE)
        flights->slot[flights->newest].newer = at;
    else
        flights->oldest = at;
    flights->newest = at;
}

struct dd_flight *dd_flights_add(struct dd_flights *flights, struct dd_slice client,
                                 struct dd_slice request_id, const struct dd_flight *flight)
{
    uint32_t at = flights->free_slot;
    struct dd_flight *slot;
    uint32_t of;

    DD_ASSERT(dd_flights_has_room(flights, client, flight->bytes));
    DD_ASSERT(client.size > 0 && client.size <= DD_ROUTING_ID_BYTES_MAX);
    DD_ASSERT(request_id.size <= DD_REQUEST_ID_BYTES_MAX && at != NONE);
    slot = &flights->slot[at];
    flights->free_slot = slot->newer;
    of = client_find(flights, client);
    if (of == NONE)
        of = client_add(flights, client);
    flights->client[of].count++;
    *slot = *flight;
    slot->ref = next_ref(flights, at);
    slot->client = of;
    slot->request_id_size = (uint8_t)request_id.size;
    if (request_id.size > 0)
        memcpy(slot->request_id, request_id.data, request_id.size);
    list_append(flights, at);
    flights->count++;
    flights->bytes += flight->bytes;
    return slot;
}

struct dd_flight *dd_flights_find(struct dd_flights *flights, uint64_t ref)
{
    struct dd_flight *slot = &flights->slot[ref % SLOTS];

    return ref != 0 && slot->ref == ref ? slot : NULL;
}

static struct dd_flight *slot_at(struct dd_flights *flights, uint32_t at)
{
    return at == NONE ? NULL : &flights->slot[at];
}

struct dd_flight *dd_flights_oldest(struct dd_flights *flights)
{
    return slot_at(flights, flights->oldest);
}

struct dd_flight *dd_flights_newer(struct dd_flights *flights, const struct dd_flight *flight)
{
    return slot_at(flights, flight->newer);
}

void dd_flights_remove(struct dd_flights *flights, struct dd_flight *flight)
{
    uint32_t at = (uint32_t)(flight - flights->slot);

    DD_ASSERT(flight->ref != 0);
    if (flight->older != NONE)
        flights->slot[flight->older].newer = flight->newer;
    else
        flights->oldest = flight->newer;
    if (flight->newer != NONE)
        flights->slot[flight->newer].older = flight->older;
    else
        flights->newest = flight->older;
    if (--flights->client[flight->client].count == 0)
        client_remove(flights, flight->client);
    flights->count--;
    flights->bytes -= flight->bytes;
    flight->ref = 0;
    flight->newer = flights->free_slot;
    flights->free_slot = at;
}

struct dd_slice dd_flight_client(const struct dd_flights *flights, const struct dd_flight *flight)
{
    return id_of(&flights->client[flight->client]);
}

struct dd_slice dd_flight_request_id(const struct dd_flight *flight)
{
    return (struct dd_slice){flight->request_id, flight->request_id_size};
}

size_t dd_flights_count(const struct dd_flights *flights)
{
    return flights->count;
}

size_t dd_flights_bytes(const struct dd_flights *flights)
{
    return flights->bytes;
}
