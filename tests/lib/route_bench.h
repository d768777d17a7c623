/*
 * A router on a bench: what it emits is kept for the test to look at, and what comes in is made by
 * one call. Knows no socket; the test turns the clock.
 */
#ifndef DD_TESTS_LIB_ROUTE_BENCH_H
#define DD_TESTS_LIB_ROUTE_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "broker/route.h"
#include "core/rule.h"
#include "proto/worker.h"

enum {
    BENCH_SENT_MAX = 8192,
    BENCH_ACCOUNT = 12,       /* of bench_user(BENCH_GOOD) */
    BENCH_UTC_MS = 1700000000 /* when the bench opens, by both clocks */
};

/* The keys of the bench's table. */
enum bench_key { BENCH_GOOD, BENCH_OTHER, BENCH_REVOKED, BENCH_EARLY, BENCH_KEYS, BENCH_STRANGER };

/* A message that left: to a client (with its reply read) or to a worker (with its message read). */
struct bench_sent {
    bool to_worker;
    char id[32];
    char service[64];
    size_t body_size;
    char body[64]; /* its beginning as text */

    char request_id[33]; /* of a Reply */
    uint32_t credit;
    int64_t now_ms;
    uint32_t status;
    uint32_t rule;
    char param[2][96];

    struct dd_worker_message worker; /* without its slices */
};

struct bench {
    struct dd_route *route;
    struct dd_route_time now;
    size_t count;
    size_t seen; /* what bench_next has given */
    struct bench_sent sent[BENCH_SENT_MAX];
    enum dd_status client_status; /* what the next sends give */
    enum dd_status worker_status;
    unsigned security;
    unsigned notices;
};

/* A request, as a client makes one. */
struct bench_request {
    uint32_t protocol; /* 0: 1 */
    const char *request_id;
    int64_t deadline_ms;
    bool clock;
    int64_t clock_to_ms;
    bool question;
    size_t padding_bytes; /* unknown to the router, makes the body larger */
};

/* Opens a router of jurisdiction "bg". options may be NULL. */
void bench_open(struct bench *bench, const struct dd_route_options *options);
void bench_close(struct bench *bench);

/* The User-Id of a key. Static. */
const char *bench_user(enum bench_key key);

/* Hands in frames, the first a routing id. */
void bench_from_client(struct bench *bench, const char *user, const struct dd_slice *frames,
                       size_t count);
/* A request of the client `id` with the good key for "dondoc.bg". */
void bench_request(struct bench *bench, const char *id, const struct bench_request *request);
/* The body of a request into out; its size. */
size_t bench_body(const struct bench_request *request, uint8_t *out, size_t size);

/* Hands in a message of the worker `id`. */
void bench_from_worker(struct bench *bench, const char *id,
                       const struct dd_worker_message *message);
/* READY of "bg" with the bench's keys, its log's last instant floor_ms. */
void bench_ready(struct bench *bench, const char *id, int64_t floor_ms);
/* The bench's key table as rows; borrowed until the next call. moves_clock: the good key's. */
struct dd_slice bench_keys(bool moves_clock);
void bench_reply(struct bench *bench, const char *id, uint64_t ref, const char *body);
void bench_ticked(struct bench *bench, const char *id, uint64_t ref, bool exhausted);

/* Reads a Reply as far as the tests ask; what is none (of mmi, of a fake registrar) stays text. */
void bench_read_reply(struct dd_slice body, struct bench_sent *sent);

/* Lets time pass on both clocks and ticks. */
int64_t bench_pass(struct bench *bench, int64_t ms);

/* The next message that left and was not looked at; NULL if there is none. */
const struct bench_sent *bench_next(struct bench *bench);
/* The next to a client, which must be a refusal or a success of that status, passing over none. */
const struct bench_sent *bench_expect_reply(struct bench *bench, const char *id,
                                            enum dd_status status);
/* The next to a worker, which must be of that kind, passing over none. */
const struct bench_sent *bench_expect_worker(struct bench *bench, const char *id,
                                             enum dd_worker_kind kind);
/* Nothing left that was not looked at. */
void bench_expect_nothing(struct bench *bench);
/* Forgets what has left. */
void bench_forget(struct bench *bench);

#endif
