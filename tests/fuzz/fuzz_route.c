/*
 * The router under any sequence of messages, well-formed and not, of clients and workers, with time
 * that jumps and sends that fail. The input is a program: a byte says what happens next, the bytes
 * after it fill in. Whatever it is, every reply has its five frames, every message to a worker can
 * be read, stamps never go back, and what is in flight stays within its bounds.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "broker/route.h"
#include "core/invariant.h"
#include "proto/wire.h"
#include "proto/worker.h"

enum { KEYS = 3, BODY_BYTES = 512, STEPS_MAX = 20000 };

enum step {
    STEP_READY,
    STEP_REQUEST,
    STEP_ADVANCE,
    STEP_REPLY,
    STEP_TICKED,
    STEP_SAY, /* any other message of DDW01 */
    STEP_RAW_CLIENT,
    STEP_RAW_WORKER,
    STEP_PASS,
    STEP_FAIL,
    STEPS
};

struct fuzz {
    struct dd_reader in;
    struct dd_route *route;
    struct dd_route_time now;
    enum dd_status client_status;
    enum dd_status worker_status;
    uint64_t ref; /* the last of a request, and of a Tick */
    uint64_t tick_ref;
    int64_t stamp_ms;
};

static enum dd_status to_client(void *self, const struct dd_slice *frames, size_t count)
{
    struct fuzz *fuzz = self;

    DD_ASSERT(count == DD_ROUTE_REPLY_FRAMES && frames[0].size > 0 && frames[1].size == 0);
    DD_ASSERT(dd_slice_equal(frames[2], dd_slice_of("MDPC01")) && frames[4].size > 0);
    return fuzz->client_status;
}

static enum dd_status to_worker(void *self, const struct dd_slice *frames, size_t count)
{
    struct fuzz *fuzz = self;
    struct dd_worker_message message;

    DD_ASSERT(count == DD_ROUTE_WORKER_FRAMES && frames[0].size > 0);
    DD_ASSERT(dd_worker_decode(frames + 1, count - 1, &message));
    if (message.kind == DD_WORKER_REQUEST || message.kind == DD_WORKER_TICK) {
        DD_ASSERT(message.at_ms >= fuzz->stamp_ms);
        fuzz->stamp_ms = message.at_ms;
    }
    if (message.kind == DD_WORKER_REQUEST)
        fuzz->ref = message.ref;
    if (message.kind == DD_WORKER_TICK)
        fuzz->tick_ref = message.ref;
    return fuzz->worker_status;
}

static void security(void *self, const char *site, const char *what,
                     const struct dd_message *message)
{
    (void)self;
    DD_ASSERT(site && what && message);
}

static void notice(void *self, const char *what, const char *why)
{
    (void)self;
    DD_ASSERT(what && why);
}

/* ---- what comes in ---- */

static struct dd_link_key link_of(unsigned number)
{
    struct dd_link_key key = {.account = number, .valid_to_ms = INT64_MAX};

    key.curve_public[0] = (uint8_t)number;
    return key;
}

static void message_of(struct dd_message *message, unsigned user)
{
    struct dd_link_key key = link_of(user % (KEYS + 2));

    *message = (struct dd_message){.frame_count = 0};
    if (user % (KEYS + 2) <= KEYS) /* the last has none */
        dd_link_user_id(&key, message->user_id);
}

static void add_frame(struct dd_message *message, struct dd_slice frame)
{
    if (message->kept_count < DD_FRAMES_KEPT_MAX)
        message->frame[message->kept_count++] = frame;
    message->frame_count++;
}

/* One of a few names, so that they meet again. */
static struct dd_slice name_of(uint8_t byte)
{
    static const char names[] = "abcdefghijklmnop";

    return (struct dd_slice){(const uint8_t *)names + byte % 8, 1 + (size_t)byte % 3};
}

static void say(struct fuzz *fuzz, struct dd_slice from, const struct dd_worker_message *said)
{
    uint8_t header[DD_WORKER_HEADER_BYTES_MAX];
    struct dd_slice frames[DD_WORKER_FRAMES];
    struct dd_message message = {.frame_count = 0};

    dd_worker_encode(said, header, frames);
    add_frame(&message, from);
    for (size_t i = 0; i < DD_WORKER_FRAMES; i++)
        add_frame(&message, frames[i]);
    dd_route_from_worker(fuzz->route, fuzz->now, &message);
}

static void step_ready(struct fuzz *fuzz, uint8_t byte)
{
    uint8_t rows[KEYS * DD_WORKER_KEY_BYTES];
    struct dd_writer w = dd_writer_make(rows, sizeof rows);
    struct dd_worker_message ready = {.kind = DD_WORKER_READY,
                                      .at_ms = (int64_t)dd_read_u32(&fuzz->in),
                                      .rehearsal = (byte & 8) == 0,
                                      .jurisdiction = dd_slice_of(byte & 16 ? "bn" : "bg")};

    for (unsigned i = 0; i < KEYS; i++) {
        struct dd_worker_key key = {.account = i, .moves_clock = i == 1, .valid_to_ms = INT64_MAX};

        key.curve_public[0] = (uint8_t)(byte & 32 ? 0 : i);
        dd_worker_key_write(&w, &key);
    }
    ready.body = dd_writer_slice(&w);
    say(fuzz, name_of(byte & 1), &ready);
}

static void step_request(struct fuzz *fuzz, uint8_t byte, bool advance)
{
    uint8_t body[BODY_BYTES];
    uint8_t clock[16];
    struct dd_writer w = dd_writer_make(body, sizeof body);
    struct dd_writer inner = dd_writer_make(clock, sizeof clock);
    struct dd_message message;

    message_of(&message, byte & 16 ? byte : 1);
    dd_wire_put_number(&w, 1, byte & 64 ? dd_read_u8(&fuzz->in) : 1);
    dd_wire_put_bytes(&w, 2, name_of(byte));
    dd_wire_put_number(&w, 3, byte & 128 ? dd_read_u32(&fuzz->in) : 0);
    dd_wire_put_number(&inner, 1, dd_read_u32(&fuzz->in));
    if (advance)
        dd_wire_put_element(&w, 7, dd_writer_slice(&inner));
    add_frame(&message, name_of(byte));
    add_frame(&message, dd_slice_of(""));
    add_frame(&message, dd_slice_of("MDPC01"));
    add_frame(&message, dd_slice_of(byte & 32 ? "mmi.service" : "dondoc.bg"));
    add_frame(&message, dd_writer_slice(&w));
    dd_route_from_client(fuzz->route, fuzz->now, &message);
}

static void step_say(struct fuzz *fuzz, uint8_t byte)
{
    static const enum dd_worker_kind kinds[] = {DD_WORKER_HEARTBEAT, DD_WORKER_DISCONNECT,
                                                DD_WORKER_KEYS, DD_WORKER_TICK};

    say(fuzz, name_of(byte & 1), &(struct dd_worker_message){.kind = kinds[(byte >> 1) % 4]});
}

/* Frames of any bytes, up to more than are kept. */
static void step_raw(struct fuzz *fuzz, uint8_t byte, bool worker)
{
    struct dd_message message;
    size_t count = byte % 12;

    message_of(&message, byte);
    for (size_t i = 0; i < count; i++)
        add_frame(&message, dd_read_text8(&fuzz->in));
    if (worker)
        dd_route_from_worker(fuzz->route, fuzz->now, &message);
    else
        dd_route_from_client(fuzz->route, fuzz->now, &message);
}

static void step_pass(struct fuzz *fuzz, uint8_t byte)
{
    fuzz->now.mono_ms += (int64_t)byte * byte;
    fuzz->now.utc_ms += (int64_t)(int32_t)dd_read_u32(&fuzz->in);
    DD_ASSERT(dd_route_tick(fuzz->route, fuzz->now) >= fuzz->now.mono_ms);
}

static enum dd_status failure(unsigned number)
{
    static const enum dd_status failures[] = {DD_OK, DD_BUSY, DD_UNAVAILABLE, DD_IO};

    return failures[number % 4];
}

static void step(struct fuzz *fuzz)
{
    enum step what = (enum step)(dd_read_u8(&fuzz->in) % STEPS);
    uint8_t byte = dd_read_u8(&fuzz->in);

    switch (what) {
    case STEP_READY:
        step_ready(fuzz, byte);
        break;
    case STEP_REQUEST:
    case STEP_ADVANCE:
        step_request(fuzz, byte, what == STEP_ADVANCE);
        break;
    case STEP_REPLY:
        say(fuzz, name_of(byte & 1),
            &(struct dd_worker_message){
                .kind = DD_WORKER_REPLY, .ref = fuzz->ref - (byte >> 1), .body = dd_slice_of("x")});
        break;
    case STEP_TICKED:
        say(fuzz, name_of(byte & 1),
            &(struct dd_worker_message){.kind = DD_WORKER_TICKED,
                                        .ref = fuzz->tick_ref - (byte >> 2),
                                        .exhausted = (byte & 2) == 0});
        break;
    case STEP_SAY:
        step_say(fuzz, byte);
        break;
    case STEP_RAW_CLIENT:
    case STEP_RAW_WORKER:
        step_raw(fuzz, byte, what == STEP_RAW_WORKER);
        break;
    case STEP_PASS:
        step_pass(fuzz, byte);
        break;
    case STEP_FAIL:
        fuzz->client_status = failure(byte);
        fuzz->worker_status = failure(byte >> 2);
        break;
    case STEPS:
        break;
    }
}

static void check(struct fuzz *fuzz)
{
    DD_ASSERT(dd_route_waiting(fuzz->route) <= DD_QUEUE_REQUESTS_MAX);
    DD_ASSERT(dd_route_waiting_bytes(fuzz->route) <= DD_QUEUE_BYTES_MAX);
    DD_ASSERT(dd_route_is_ready(fuzz->route) || dd_route_waiting(fuzz->route) == 0);
    DD_ASSERT(dd_route_stamp_ms(fuzz->route) >= fuzz->stamp_ms);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz fuzz = {.in = dd_reader_make((struct dd_slice){data, size}),
                        .now = {1000, 1000},
                        .client_status = DD_OK,
                        .worker_status = DD_OK};
    const struct dd_route_emit emit = {&fuzz, to_client, to_worker, security, notice};
    uint8_t flags = dd_read_u8(&fuzz.in);
    const struct dd_route_options options = {.jurisdiction = flags & 1 ? "bg" : NULL,
                                             .rehearsal = (flags & 2) != 0,
                                             .clock_ms = flags,
                                             .worker_has_keys = (flags & 4) != 0,
                                             .silence_ms = flags & 8 ? DD_ROUTE_SILENCE_MS : 0,
                                             .ref_base = UINT64_MAX - flags};

    if (dd_route_open(&options, &emit, &fuzz.route) != DD_OK)
        return 0;
    for (size_t i = 0; i < STEPS_MAX && !fuzz.in.broken && fuzz.in.at < size; i++) {
        step(&fuzz);
        check(&fuzz);
    }
    dd_route_close(fuzz.route);
    return 0;
}
