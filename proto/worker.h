/*
 * DDW01: what the broker and the registrar say to each other (docs/protocol.md). A message is three
 * frames: "DDW01", a header of fixed layout, a body. The broker stamps and queues; the registrar
 * answers in any order. Knows nothing of what bodies mean.
 *
 * registrar -> broker: READY (first, and again after a restart), KEYS (the key table changed),
 * REPLY, TICKED, HEARTBEAT, DISCONNECT broker -> registrar: REQUEST, TICK, HEARTBEAT, DISCONNECT
 */
#ifndef DD_PROTO_WORKER_H
#define DD_PROTO_WORKER_H

#include <stdbool.h>

#include "core/bytes.h"
#include "core/limits.h"

enum dd_worker_kind {
    DD_WORKER_READY = 1,
    DD_WORKER_REQUEST = 2,
    DD_WORKER_REPLY = 3,
    DD_WORKER_HEARTBEAT = 4,
    DD_WORKER_DISCONNECT = 5,
    DD_WORKER_KEYS = 6,
    DD_WORKER_TICK = 7,
    DD_WORKER_TICKED = 8
};

enum { DD_WORKER_FRAMES = 3, DD_WORKER_HEADER_BYTES_MAX = 96 };

struct dd_worker_message {
    enum dd_worker_kind kind;
    uint64_t
        ref; /* REQUEST, REPLY: the broker's number of the request. TICK, TICKED: of the Tick */
    uint32_t account; /* REQUEST: who, by the link's key */
    int64_t at_ms;    /* REQUEST: receipt stamp; TICK, TICKED: its instant; READY: the log's last
                         instant,    the floor of every stamp */
    bool rehearsal;   /* READY: the log is a rehearsal's */
    bool exhausted;   /* TICKED: nothing more is due up to this instant; else send the same again */
    struct dd_slice jurisdiction; /* READY */
    struct dd_slice body; /* REQUEST, REPLY: protobuf; READY, KEYS: the key table; else empty */
};

/* One row of the key table. */
struct dd_worker_key {
    uint8_t curve_public[32];
    uint32_t account;
    bool revoked;
    bool moves_clock; /* an administrator of a rehearsal */
    int64_t valid_from_ms;
    int64_t valid_to_ms; /* excluded; INT64_MAX: no end */
};

enum { DD_WORKER_KEY_BYTES = 54 };

/* Writes the header into memory of the caller and points frames[0..2] at magic, header and body. */
void dd_worker_encode(const struct dd_worker_message *message,
                      uint8_t header[DD_WORKER_HEADER_BYTES_MAX],
                      struct dd_slice frames[DD_WORKER_FRAMES]);

/* Reads three frames (borrowed); false for anything that is not exactly a message of DDW01. */
bool dd_worker_decode(const struct dd_slice *frames, size_t count, struct dd_worker_message *out);

/* A row of the table to bytes and back, one behind the other. */
void dd_worker_key_write(struct dd_writer *w, const struct dd_worker_key *key);
bool dd_worker_key_read(struct dd_reader *r, struct dd_worker_key *out);

#endif
