/* The router's bench. See tests/lib/route_bench.h. */
#include "tests/lib/route_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/envelope.h"
#include "proto/wire.h"

enum { ROWS_BYTES = BENCH_KEYS * DD_WORKER_KEY_BYTES };

static const struct dd_worker_key bench_rows[BENCH_KEYS] = {
    [BENCH_GOOD] = {{1}, BENCH_ACCOUNT, false, false, 0, INT64_MAX},
    [BENCH_OTHER] = {{2}, 13, false, false, 0, INT64_MAX},
    [BENCH_REVOKED] = {{3}, 14, true, false, 0, INT64_MAX},
    [BENCH_EARLY] = {{4}, 15, false, false, BENCH_UTC_MS + 1000, BENCH_UTC_MS + 2000},
};

/* ---- what leaves ---- */

static void copy_text(struct dd_slice text, char *out, size_t size)
{
    dd_slice_text(text, out, size);
}

static void read_refusal(struct dd_slice bytes, struct bench_sent *sent)
{
    struct dd_wire wire = dd_wire_make(bytes);
    size_t params = 0;
    enum dd_wire_type type;
    uint32_t number;
    uint64_t value;
    struct dd_slice text;

    while (wire.at < wire.size) {
        assert_true(dd_wire_tag(&wire, &number, &type));
        if (type == DD_WIRE_VARINT) {
            assert_true(dd_wire_varint(&wire, &value));
            if (number == 1)
                sent->status = (uint32_t)value;
            else if (number == 3)
                sent->rule = (uint32_t)value;
        } else {
            assert_true(dd_wire_bytes(&wire, &text));
            if (number == 6 && params < 2)
                copy_text(text, sent->param[params++], sizeof sent->param[0]);
        }
    }
}

void bench_read_reply(struct dd_slice body, struct bench_sent *sent)
{
    struct dd_wire wire = dd_wire_make(body);
    enum dd_wire_type type;
    uint32_t number;
    uint64_t value;
    struct dd_slice bytes;

    while (wire.at < wire.size && dd_wire_tag(&wire, &number, &type)) {
        if (type == DD_WIRE_VARINT && dd_wire_varint(&wire, &value)) {
            if (number == 2)
                sent->credit = (uint32_t)value;
            else if (number == 6)
                sent->now_ms = (int64_t)value;
        } else if (type == DD_WIRE_BYTES && dd_wire_bytes(&wire, &bytes)) {
            if (number == 1)
                copy_text(bytes, sent->request_id, sizeof sent->request_id);
            else if (number == 5)
                read_refusal(bytes, sent);
        } else {
            return;
        }
    }
}

static struct bench_sent *keep(struct bench *bench, struct dd_slice id, struct dd_slice body)
{
    struct bench_sent *sent = &bench->sent[bench->count++];

    assert_true(bench->count < BENCH_SENT_MAX);
    memset(sent, 0, sizeof *sent);
    copy_text(id, sent->id, sizeof sent->id);
    sent->body_size = body.size;
    copy_text(body, sent->body, sizeof sent->body);
    return sent;
}

static enum dd_status to_client(void *self, const struct dd_slice *frames, size_t count)
{
    struct bench *bench = self;
    struct bench_sent *sent;

    assert_int_equal(count, DD_ROUTE_REPLY_FRAMES);
    assert_int_equal(frames[1].size, 0);
    assert_true(dd_slice_equal(frames[2], dd_slice_of("MDPC01")));
    if (bench->client_status != DD_OK)
        return bench->client_status;
    sent = keep(bench, frames[0], frames[4]);
    copy_text(frames[3], sent->service, sizeof sent->service);
    bench_read_reply(frames[4], sent);
    return DD_OK;
}

static enum dd_status to_worker(void *self, const struct dd_slice *frames, size_t count)
{
    struct bench *bench = self;
    struct bench_sent *sent;

    assert_int_equal(count, DD_ROUTE_WORKER_FRAMES);
    if (bench->worker_status != DD_OK)
        return bench->worker_status;
    sent = keep(bench, frames[0], frames[3]);
    sent->to_worker = true;
    assert_true(dd_worker_decode(frames + 1, count - 1, &sent->worker));
    sent->worker.body = sent->worker.jurisdiction = (struct dd_slice){NULL, 0};
    return DD_OK;
}

static void security(void *self, const char *site, const char *what,
                     const struct dd_message *message)
{
    assert_true(site && what && message);
    ((struct bench *)self)->security++;
}

static void notice(void *self, const char *what, const char *why)
{
    assert_true(what && why);
    ((struct bench *)self)->notices++;
}

void bench_open(struct bench *bench, const struct dd_route_options *options)
{
    const struct dd_route_emit emit = {bench, to_client, to_worker, security, notice};
    struct dd_route_options taken = {.jurisdiction = "bg", .silence_ms = DD_ROUTE_SILENCE_MS};

    if (options)
        taken = *options;
    memset(bench, 0, sizeof *bench);
    bench->now = (struct dd_route_time){BENCH_UTC_MS, BENCH_UTC_MS};
    assert_int_equal(dd_route_open(&taken, &emit, &bench->route), DD_OK);
}

void bench_close(struct bench *bench)
{
    dd_route_close(bench->route);
}

/* ---- what comes ---- */

const char *bench_user(enum bench_key key)
{
    static char user_id[DD_USER_ID_BYTES];
    struct dd_link_key row = {{99}, 99, DD_LINK_KEY_ACTIVE, false, 0, 0};

    if (key < BENCH_KEYS) {
        memcpy(row.curve_public, bench_rows[key].curve_public, sizeof row.curve_public);
        row.account = bench_rows[key].account;
    }
    dd_link_user_id(&row, user_id);
    return user_id;
}

static void fill(struct dd_message *message, const char *user, const struct dd_slice *frames,
                 size_t count)
{
    *message = (struct dd_message){.frame_count = count};
    message->kept_count = count < DD_FRAMES_KEPT_MAX ? count : DD_FRAMES_KEPT_MAX;
    for (size_t i = 0; i < message->kept_count; i++)
        message->frame[i] = frames[i];
    (void)snprintf(message->user_id, sizeof message->user_id, "%s", user);
}

void bench_from_client(struct bench *bench, const char *user, const struct dd_slice *frames,
                       size_t count)
{
    struct dd_message message;

    fill(&message, user, frames, count);
    dd_route_from_client(bench->route, bench->now, &message);
}

size_t bench_body(const struct bench_request *request, uint8_t *out, size_t size)
{
    struct dd_writer w = dd_writer_make(out, size);
    uint8_t clock[16];
    struct dd_writer inner = dd_writer_make(clock, sizeof clock);

    dd_wire_put_number(&w, 1, request->protocol ? request->protocol : 1);
    dd_wire_put_bytes(&w, 2, dd_slice_of(request->request_id));
    dd_wire_put_number(&w, 3, (uint64_t)request->deadline_ms);
    if (request->question)
        dd_wire_put_element(&w, 6, dd_slice_of(""));
    dd_wire_put_number(&inner, 1, (uint64_t)request->clock_to_ms);
    if (request->clock)
        dd_wire_put_element(&w, 7, dd_writer_slice(&inner));
    if (request->padding_bytes > 0) {
        uint8_t *padding = calloc(1, request->padding_bytes);

        assert_non_null(padding);
        dd_wire_put_bytes(&w, 15, (struct dd_slice){padding, request->padding_bytes});
        free(padding);
    }
    assert_false(w.overflow);
    return w.at;
}

void bench_request(struct bench *bench, const char *id, const struct bench_request *request)
{
    size_t room = request->padding_bytes + 256;
    uint8_t *body = malloc(room);
    struct dd_slice frames[] = {
        dd_slice_of(id), {NULL, 0}, dd_slice_of("MDPC01"), dd_slice_of("dondoc.bg"), {body, 0}};

    assert_non_null(body);
    frames[4].size = bench_body(request, body, room);
    bench_from_client(bench, bench_user(BENCH_GOOD), frames, 5);
    free(body);
}

void bench_from_worker(struct bench *bench, const char *id, const struct dd_worker_message *message)
{
    uint8_t header[DD_WORKER_HEADER_BYTES_MAX];
    struct dd_slice frames[DD_ROUTE_WORKER_FRAMES] = {dd_slice_of(id)};
    struct dd_message taken;

    dd_worker_encode(message, header, frames + 1);
    fill(&taken, DD_REGISTRAR_USER_ID, frames, DD_ROUTE_WORKER_FRAMES);
    dd_route_from_worker(bench->route, bench->now, &taken);
}

struct dd_slice bench_keys(bool moves_clock)
{
    static uint8_t rows[ROWS_BYTES];
    struct dd_writer w = dd_writer_make(rows, sizeof rows);

    for (size_t i = 0; i < BENCH_KEYS; i++) {
        struct dd_worker_key row = bench_rows[i];

        row.moves_clock = moves_clock && i == BENCH_GOOD;
        dd_worker_key_write(&w, &row);
    }
    assert_false(w.overflow);
    return dd_writer_slice(&w);
}

void bench_ready(struct bench *bench, const char *id, int64_t floor_ms)
{
    const struct dd_worker_message ready = {.kind = DD_WORKER_READY,
                                            .at_ms = floor_ms,
                                            .rehearsal = true,
                                            .jurisdiction = dd_slice_of("bg"),
                                            .body = bench_keys(true)};

    bench_from_worker(bench, id, &ready);
}

void bench_reply(struct bench *bench, const char *id, uint64_t ref, const char *body)
{
    const struct dd_worker_message reply = {
        .kind = DD_WORKER_REPLY, .ref = ref, .body = dd_slice_of(body)};

    bench_from_worker(bench, id, &reply);
}

void bench_ticked(struct bench *bench, const char *id, uint64_t ref, bool exhausted)
{
    const struct dd_worker_message ticked = {
        .kind = DD_WORKER_TICKED, .ref = ref, .exhausted = exhausted};

    bench_from_worker(bench, id, &ticked);
}

int64_t bench_pass(struct bench *bench, int64_t ms)
{
    bench->now.utc_ms += ms;
    bench->now.mono_ms += ms;
    return dd_route_tick(bench->route, bench->now);
}

/* ---- what the test asks ---- */

const struct bench_sent *bench_next(struct bench *bench)
{
    return bench->seen < bench->count ? &bench->sent[bench->seen++] : NULL;
}

const struct bench_sent *bench_expect_reply(struct bench *bench, const char *id,
                                            enum dd_status status)
{
    const struct bench_sent *sent = bench_next(bench);

    assert_non_null(sent);
    assert_false(sent->to_worker);
    assert_string_equal(sent->id, id);
    assert_int_equal(sent->status, status);
    assert_int_equal(sent->credit, DD_CLIENT_CREDIT);
    return sent;
}

const struct bench_sent *bench_expect_worker(struct bench *bench, const char *id,
                                             enum dd_worker_kind kind)
{
    const struct bench_sent *sent = bench_next(bench);

    assert_non_null(sent);
    assert_true(sent->to_worker);
    assert_string_equal(sent->id, id);
    assert_int_equal(sent->worker.kind, kind);
    return sent;
}

void bench_expect_nothing(struct bench *bench)
{
    assert_null(bench_next(bench));
}

void bench_forget(struct bench *bench)
{
    bench->count = bench->seen = 0;
}
