/* The router and its clients: what is forwarded, what is refused and with which words, and that
 * nothing that is refused reaches the registrar. Without a socket. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/envelope.h"
#include "tests/lib/route_bench.h"

static struct bench bench;

/* A bench whose registrar "reg" is there; what it said so far is forgotten. */
static int open_ready(void **state)
{
    (void)state;
    bench_open(&bench, NULL);
    bench_ready(&bench, "reg", 0);
    bench_expect_nothing(&bench);
    return 0;
}

static int open_alone(void **state)
{
    (void)state;
    bench_open(&bench, NULL);
    return 0;
}

static int close_bench(void **state)
{
    (void)state;
    bench_close(&bench);
    return 0;
}

static const struct dd_route_counters *counters(void)
{
    return dd_route_counters(bench.route);
}

static void ask(const char *client, const char *request_id)
{
    bench_request(&bench, client, &(struct bench_request){.request_id = request_id});
}

/* As ask, from a link with another key. */
static void ask_as(enum bench_key key, const char *client, const char *service)
{
    uint8_t body[64];
    struct dd_slice frames[] = {
        dd_slice_of(client), {NULL, 0}, dd_slice_of("MDPC01"), dd_slice_of(service), {body, 0}};

    frames[4].size = bench_body(&(struct bench_request){.request_id = "r"}, body, sizeof body);
    bench_from_client(&bench, bench_user(key), frames, 5);
}

static void route_forwards_a_request_and_brings_its_reply_back(void **state)
{
    const struct bench_sent *sent;
    (void)state;

    bench.now.utc_ms += 5;
    ask("c1", "r1");
    sent = bench_expect_worker(&bench, "reg", DD_WORKER_REQUEST);
    assert_int_equal(sent->worker.account, BENCH_ACCOUNT);
    assert_int_equal(sent->worker.at_ms, BENCH_UTC_MS + 5);
    assert_int_equal(dd_route_waiting(bench.route), 1);
    bench_reply(&bench, "reg", sent->worker.ref, "the answer");
    sent = bench_next(&bench);
    assert_non_null(sent);
    assert_string_equal(sent->id, "c1");
    assert_string_equal(sent->service, "dondoc.bg");
    assert_string_equal(sent->body, "the answer");
    assert_int_equal(dd_route_waiting(bench.route), 0);
    bench_expect_nothing(&bench);
    assert_int_equal(counters()->forwarded, 1);
    assert_int_equal(counters()->replied, 1);
}

static void route_brings_replies_to_who_asked_in_whatever_order_they_come(void **state)
{
    static const char *const order[] = {"c2", "c1", "c3"};
    uint64_t ref[3];
    (void)state;

    for (size_t i = 0; i < 3; i++) {
        ask(order[i], "same id");
        ref[i] = bench_expect_worker(&bench, "reg", DD_WORKER_REQUEST)->worker.ref;
    }
    for (size_t i = 3; i-- > 0;) {
        bench_reply(&bench, "reg", ref[i], order[i]);
        const struct bench_sent *sent = bench_next(&bench);
        assert_non_null(sent);
        assert_string_equal(sent->id, order[i]);
        assert_string_equal(sent->body, order[i]);
    }
}

static void route_gives_stamps_that_never_go_back(void **state)
{
    (void)state;
    ask("c", "1");
    bench.now.utc_ms -= 3600000;
    ask("c", "2");
    bench.now.utc_ms += 3600000 + 7;
    ask("c", "3");
    assert_int_equal(bench_next(&bench)->worker.at_ms, BENCH_UTC_MS);
    assert_int_equal(bench_next(&bench)->worker.at_ms, BENCH_UTC_MS);
    assert_int_equal(bench_next(&bench)->worker.at_ms, BENCH_UTC_MS + 7);
}

/* ---- frames ---- */

static void route_answers_bad_frames_with_bad_envelope_and_keeps_the_peer(void **state)
{
    const struct dd_slice id = dd_slice_of("c");
    const struct dd_slice none = {NULL, 0};
    const struct dd_slice magic = dd_slice_of("MDPC01");
    const struct dd_slice service = dd_slice_of("dondoc.bg");
    const struct dd_slice body = dd_slice_of("\x08\x01");
    const struct {
        size_t count;
        struct dd_slice frame[DD_FRAMES_KEPT_MAX];
        const char *service; /* given back */
    } rows[] = {
        {1, {id}, ""},
        {2, {id, none}, ""},
        {3, {id, none, magic}, ""},
        {4, {id, none, magic, service}, "dondoc.bg"},
        {4, {id, magic, service, body}, "\x08\x01"}, /* no delimiter */
        {5, {id, dd_slice_of("x"), magic, service, body}, "dondoc.bg"},
        {5, {id, none, dd_slice_of("MDPW01"), service, body}, "dondoc.bg"},
        {5, {id, none, dd_slice_of("MDPC0"), service, body}, "dondoc.bg"},
        {5, {id, none, none, service, body}, "dondoc.bg"},
        {5, {id, none, magic, none, body}, ""},
        {5, {id, none, magic, service, none}, "dondoc.bg"},
        {6, {id, none, magic, service, body, none}, "dondoc.bg"},
        {9, {id, none, magic, service, body, body, body, body, body}, "dondoc.bg"},
        {1000, {id, none, magic, service, body, body, body, body, body}, "dondoc.bg"},
    };
    const size_t count = sizeof rows / sizeof rows[0];
    (void)state;

    for (size_t i = 0; i < count; i++) {
        struct dd_slice frames[1000] = {{NULL, 0}};
        const struct bench_sent *sent;

        memcpy(frames, rows[i].frame, sizeof rows[i].frame);
        bench_from_client(&bench, bench_user(BENCH_GOOD), frames, rows[i].count);
        sent = bench_expect_reply(&bench, "c", DD_BAD_ENVELOPE);
        assert_string_equal(sent->service, rows[i].service);
        bench_expect_nothing(&bench);
    }
    assert_int_equal(counters()->bad_envelope, count);
    ask("c", "and then a good one");
    (void)bench_expect_worker(&bench, "reg", DD_WORKER_REQUEST);
}

static void route_does_not_give_back_a_service_of_any_length(void **state)
{
    uint8_t name[256];
    struct dd_slice frames[] = {
        dd_slice_of("c"), {NULL, 0}, dd_slice_of("MDPC01"), {name, 255}, dd_slice_of("\x08\x01")};
    (void)state;

    memset(name, 'x', sizeof name);
    bench_from_client(&bench, bench_user(BENCH_GOOD), frames, 5);
    assert_true(strlen(bench_expect_reply(&bench, "c", DD_NO_SERVICE)->service) > 0);
    frames[3].size = 256;
    bench_from_client(&bench, bench_user(BENCH_GOOD), frames, 5);
    assert_string_equal(bench_expect_reply(&bench, "c", DD_NO_SERVICE)->service, "");
}

static void route_drops_and_counts_what_has_no_user_id_or_no_routing_id(void **state)
{
    struct dd_slice frames[] = {dd_slice_of("c"),
                                {NULL, 0},
                                dd_slice_of("MDPC01"),
                                dd_slice_of("dondoc.bg"),
                                dd_slice_of("\x08\x01")};
    (void)state;

    bench_from_client(&bench, "", frames, 5);
    bench_from_client(&bench, "", frames, 1);
    bench_from_client(&bench, bench_user(BENCH_GOOD), frames, 0);
    frames[0].size = 0;
    bench_from_client(&bench, bench_user(BENCH_GOOD), frames, 5);
    bench_expect_nothing(&bench);
    assert_int_equal(counters()->unnamed, 4);
    assert_int_equal(bench.security, 4);
}

/* ---- keys ---- */

static void route_refuses_a_key_that_is_not_good_now_and_tells_the_security_log(void **state)
{
    static const struct {
        enum bench_key key;
        int64_t after_ms;
        enum dd_status status;
    } rows[] = {
        {BENCH_REVOKED, 0, DD_KEY_EXPIRED},
        {BENCH_STRANGER, 0, DD_KEY_UNKNOWN},
        {BENCH_EARLY, 999, DD_KEY_NOT_YET_VALID},
        {BENCH_EARLY, 1000, DD_OK},
        {BENCH_EARLY, 1999, DD_OK},
        {BENCH_EARLY, 2000, DD_KEY_EXPIRED},
    };
    unsigned refused = 0;
    (void)state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bench.now.utc_ms = BENCH_UTC_MS + rows[i].after_ms;
        ask_as(rows[i].key, "c", "dondoc.bg");
        if (rows[i].status == DD_OK) {
            (void)bench_expect_worker(&bench, "reg", DD_WORKER_REQUEST);
        } else {
            const struct bench_sent *sent = bench_expect_reply(&bench, "c", rows[i].status);
            assert_string_equal(sent->request_id, "r");
            refused++;
        }
        bench_expect_nothing(&bench);
        assert_int_equal(bench.security, refused);
    }
    assert_int_equal(counters()->key_refused, refused);
}

static void route_takes_the_registrars_own_key_for_no_clients(void **state)
{
    struct dd_slice frames[] = {dd_slice_of("c"),
                                {NULL, 0},
                                dd_slice_of("MDPC01"),
                                dd_slice_of("dondoc.bg"),
                                dd_slice_of("\x08\x01")};
    (void)state;

    bench_from_client(&bench, DD_REGISTRAR_USER_ID, frames, 5);
    (void)bench_expect_reply(&bench, "c", DD_KEY_UNKNOWN);
    bench_expect_nothing(&bench);
}

static void route_refuses_a_revoked_key_at_its_next_message_on_a_live_link(void **state)
{
    const struct dd_worker_message keys = {.kind = DD_WORKER_KEYS};
    (void)state;

    ask("c", "1");
    (void)bench_expect_worker(&bench, "reg", DD_WORKER_REQUEST);
    bench_from_worker(&bench, "reg", &keys); /* a table without any key */
    ask("c", "2");
    (void)bench_expect_reply(&bench, "c", DD_KEY_UNKNOWN);
    bench_expect_nothing(&bench);
}

/* ---- services ---- */

static void ask_mmi(const char *service, const char *body, const char *answer)
{
    struct dd_slice frames[] = {dd_slice_of("c"),
                                {NULL, 0},
                                dd_slice_of("MDPC01"),
                                dd_slice_of(service),
                                dd_slice_of(body)};
    const struct bench_sent *sent;

    bench_from_client(&bench, bench_user(BENCH_GOOD), frames, 5);
    sent = bench_next(&bench);
    assert_non_null(sent);
    assert_string_equal(sent->service, service);
    assert_string_equal(sent->body, answer);
}

static void route_answers_mmi_as_rfc_8_has_it(void **state)
{
    (void)state;
    ask_mmi("mmi.service", "dondoc.bg", "200");
    ask_mmi("mmi.service", "dondoc.bn", "404");
    ask_mmi("mmi.service", "dondoc.", "404");
    ask_mmi("mmi.service", "mmi.service", "404");
    ask_mmi("mmi.echo", "x", "501");
    ask_mmi("mmi.", "x", "501");
    assert_int_equal(counters()->mmi, 6);
}

static void route_without_a_registrar_says_404_and_unavailable(void **state)
{
    (void)state;
    ask_mmi("mmi.service", "dondoc.bg", "404");
    ask("c", "r");
    assert_string_equal(bench_expect_reply(&bench, "c", DD_UNAVAILABLE)->request_id, "r");
    bench_expect_nothing(&bench);
    bench_ready(&bench, "reg", 0);
    ask("c", "r");
    (void)bench_expect_worker(&bench, "reg", DD_WORKER_REQUEST);
}

static void route_refuses_another_service(void **state)
{
    static const char *const services[] = {"dondoc.bn", "dondoc.", "dondoc.bg2", "echo", "mmi"};
    (void)state;

    for (size_t i = 0; i < sizeof services / sizeof services[0]; i++) {
        ask_as(BENCH_GOOD, "c", services[i]);
        assert_string_equal(bench_expect_reply(&bench, "c", DD_NO_SERVICE)->service, services[i]);
    }
    bench_expect_nothing(&bench);
    assert_int_equal(counters()->no_service, sizeof services / sizeof services[0]);
}

/* ---- bodies ---- */

static void route_takes_a_body_of_the_limit_and_refuses_a_larger_one(void **state)
{
    struct bench_request request = {.request_id = "r", .padding_bytes = DD_REQUEST_BYTES_MAX - 9};
    const struct bench_sent *sent;
    (void)state;

    bench_request(&bench, "c", &request);
    sent = bench_expect_worker(&bench, "reg", DD_WORKER_REQUEST);
    assert_int_equal(sent->body_size, DD_REQUEST_BYTES_MAX);
    request.padding_bytes++;
    bench_request(&bench, "c", &request);
    sent = bench_expect_reply(&bench, "c", DD_TOO_LARGE);
    assert_string_equal(sent->request_id, "r");
    assert_int_equal(sent->rule, DD_RULE_TOO_LONG);
    assert_string_equal(sent->param[0], "262144");
    bench_expect_nothing(&bench);
}

static void route_refuses_a_body_that_is_no_message(void **state)
{
    struct dd_slice frames[] = {dd_slice_of("c"),
                                {NULL, 0},
                                dd_slice_of("MDPC01"),
                                dd_slice_of("dondoc.bg"),
                                dd_slice_of("\xff\xff\xff")};
    (void)state;

    bench_from_client(&bench, bench_user(BENCH_GOOD), frames, 5);
    assert_int_equal(bench_expect_reply(&bench, "c", DD_INVALID)->rule, DD_RULE_MALFORMED);
    bench_expect_nothing(&bench);
    assert_int_equal(counters()->malformed, 1);
}

static void route_refuses_other_versions_and_names_those_it_speaks(void **state)
{
    static const uint32_t versions[] = {DD_PROTOCOL_MAX + 1, UINT32_MAX};
    const struct bench_sent *sent;
    struct dd_slice no_version[] = {dd_slice_of("c"),
                                    {NULL, 0},
                                    dd_slice_of("MDPC01"),
                                    dd_slice_of("dondoc.bg"),
                                    dd_slice_of("\x12\x01r")};
    (void)state;

    for (size_t i = 0; i < 2; i++) {
        bench_request(&bench, "c",
                      &(struct bench_request){.protocol = versions[i], .request_id = "r"});
        sent = bench_expect_reply(&bench, "c", DD_VERSION);
        assert_int_equal(sent->rule, DD_RULE_BAD_PROTOCOL);
        assert_string_equal(sent->param[0], "1");
        assert_string_equal(sent->param[1], "1");
        assert_string_equal(sent->request_id, "r");
    }
    bench_from_client(&bench, bench_user(BENCH_GOOD), no_version, 5);
    (void)bench_expect_reply(&bench, "c", DD_VERSION);
    bench_expect_nothing(&bench);
    assert_int_equal(counters()->version, 3);
}

static void route_does_not_forward_what_nobody_waits_for_any_more(void **state)
{
    static const struct {
        int64_t deadline_ms;
        bool forwarded;
    } rows[] = {
        {0, true},  {BENCH_UTC_MS + 1, true}, {BENCH_UTC_MS, false}, {BENCH_UTC_MS - 1, false},
        {1, false}, {INT64_MAX, true}};
    (void)state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bench_request(
            &bench, "c",
            &(struct bench_request){.request_id = "r", .deadline_ms = rows[i].deadline_ms});
        if (rows[i].forwarded)
            (void)bench_expect_worker(&bench, "reg", DD_WORKER_REQUEST);
        else
            (void)bench_expect_reply(&bench, "c", DD_TIMEOUT);
        bench_expect_nothing(&bench);
    }
    assert_int_equal(counters()->expired, 3);
}

/* ---- bounds ---- */

static void route_is_busy_for_a_client_above_its_credit_and_for_no_other(void **state)
{
    uint64_t ref = 0;
    (void)state;

    for (int i = 0; i < DD_CLIENT_CREDIT; i++) {
        ask("greedy", "r");
        ref = bench_expect_worker(&bench, "reg", DD_WORKER_REQUEST)->worker.ref;
    }
    ask("greedy", "one more");
    assert_string_equal(bench_expect_reply(&bench, "greedy", DD_BUSY)->request_id, "one more");
    ask("modest", "r");
    (void)bench_expect_worker(&bench, "reg", DD_WORKER_REQUEST);
    bench_reply(&bench, "reg", ref, "done");
    (void)bench_next(&bench);
    ask("greedy", "and now");
    (void)bench_expect_worker(&bench, "reg", DD_WORKER_REQUEST);
    bench_expect_nothing(&bench);
    assert_int_equal(counters()->busy, 1);
}

static void route_is_busy_when_the_queue_is_full(void **state)
{
    char client[16];
    (void)state;

    for (int i = 0; i < DD_QUEUE_REQUESTS_MAX; i++) {
        (void)snprintf(client, sizeof client, "c%d", i / DD_CLIENT_CREDIT);
        ask(client, "r");
    }
    assert_int_equal(counters()->forwarded, DD_QUEUE_REQUESTS_MAX);
    bench_forget(&bench);
    ask("late", "r");
    (void)bench_expect_reply(&bench, "late", DD_BUSY);
}

static void route_is_busy_when_the_queue_holds_its_bytes(void **state)
{
    const struct bench_request large = {.request_id = "r",
                                        .padding_bytes = DD_REQUEST_BYTES_MAX - 9};
    const int fit = DD_QUEUE_BYTES_MAX / DD_REQUEST_BYTES_MAX;
    char client[16];
    (void)state;

    for (int i = 0; i < fit; i++) {
        (void)snprintf(client, sizeof client, "c%d", i / DD_CLIENT_CREDIT);
        bench_request(&bench, client, &large);
    }
    assert_int_equal(counters()->forwarded, fit);
    assert_int_equal(dd_route_waiting_bytes(bench.route), DD_QUEUE_BYTES_MAX);
    bench_forget(&bench);
    ask("late", "r");
    (void)bench_expect_reply(&bench, "late", DD_BUSY);
}

static void route_is_busy_when_the_registrars_link_is_full(void **state)
{
    (void)state;
    bench.worker_status = DD_BUSY;
    ask("c", "r");
    (void)bench_expect_reply(&bench, "c", DD_BUSY);
    assert_int_equal(dd_route_waiting(bench.route), 0);
    bench.worker_status = DD_NO_MEMORY;
    ask("c", "r");
    (void)bench_expect_reply(&bench, "c", DD_UNAVAILABLE);
    bench.worker_status = DD_OK;
    ask("c", "r");
    (void)bench_expect_worker(&bench, "reg", DD_WORKER_REQUEST);
}

static void route_drops_and_counts_replies_that_cannot_leave(void **state)
{
    static const enum dd_status failures[] = {DD_BUSY, DD_UNAVAILABLE, DD_IO};
    (void)state;

    for (size_t i = 0; i < 3; i++) {
        ask("c", "r");
        uint64_t ref = bench_expect_worker(&bench, "reg", DD_WORKER_REQUEST)->worker.ref;
        bench.client_status = failures[i];
        bench_reply(&bench, "reg", ref, "lost");
        bench.client_status = DD_OK;
    }
    bench_expect_nothing(&bench);
    assert_int_equal(counters()->replies_dropped, 3);
    assert_int_equal(counters()->replied, 0);
    assert_int_equal(dd_route_waiting(bench.route), 0);
}

static void route_answers_timeout_after_a_minute_and_drops_the_late_reply(void **state)
{
    uint64_t ref;
    (void)state;

    ask("c", "r");
    ref = bench_expect_worker(&bench, "reg", DD_WORKER_REQUEST)->worker.ref;
    bench.now.utc_ms += 86400000; /* a clock that was set is not a minute that passed */
    for (int64_t past_ms = 0; past_ms < DD_ROUTE_TIMEOUT_MS - 1000; past_ms += 1000) {
        bench_from_worker(&bench, "reg", &(struct dd_worker_message){.kind = DD_WORKER_HEARTBEAT});
        (void)bench_pass(&bench, 1000);
    }
    bench_from_worker(&bench, "reg", &(struct dd_worker_message){.kind = DD_WORKER_HEARTBEAT});
    (void)bench_pass(&bench, 999);
    assert_int_equal(dd_route_waiting(bench.route), 1);
    bench_forget(&bench);
    (void)bench_pass(&bench, 1);
    assert_string_equal(bench_expect_reply(&bench, "c", DD_TIMEOUT)->request_id, "r");
    bench_forget(&bench);
    bench_reply(&bench, "reg", ref, "late");
    bench_expect_nothing(&bench);
    assert_int_equal(counters()->timed_out, 1);
    assert_int_equal(counters()->replies_late, 1);
}

static void route_open_refuses_a_jurisdiction_or_a_clock_that_is_none(void **state)
{
    const struct dd_route_emit emit = {0};
    static const struct dd_route_options bad[] = {{.jurisdiction = ""},
                                                  {.jurisdiction = "b/g"},
                                                  {.clock_ms = -1},
                                                  {.clock_ms = DD_ROUTE_CLOCK_MAX_MS + 1}};
    struct dd_route *route = NULL;
    (void)state;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(dd_route_open(&bad[i], &emit, &route), DD_INVALID);
    assert_null(route);
}

#define READY(test) cmocka_unit_test_setup_teardown(test, open_ready, close_bench)
#define ALONE(test) cmocka_unit_test_setup_teardown(test, open_alone, close_bench)

int main(void)
{
    const struct CMUnitTest tests[] = {
        READY(route_forwards_a_request_and_brings_its_reply_back),
        READY(route_brings_replies_to_who_asked_in_whatever_order_they_come),
        READY(route_gives_stamps_that_never_go_back),
        READY(route_answers_bad_frames_with_bad_envelope_and_keeps_the_peer),
        READY(route_does_not_give_back_a_service_of_any_length),
        READY(route_drops_and_counts_what_has_no_user_id_or_no_routing_id),
        READY(route_refuses_a_key_that_is_not_good_now_and_tells_the_security_log),
        READY(route_takes_the_registrars_own_key_for_no_clients),
        READY(route_refuses_a_revoked_key_at_its_next_message_on_a_live_link),
        READY(route_answers_mmi_as_rfc_8_has_it),
        ALONE(route_without_a_registrar_says_404_and_unavailable),
        READY(route_refuses_another_service),
        READY(route_takes_a_body_of_the_limit_and_refuses_a_larger_one),
        READY(route_refuses_a_body_that_is_no_message),
        READY(route_refuses_other_versions_and_names_those_it_speaks),
        READY(route_does_not_forward_what_nobody_waits_for_any_more),
        READY(route_is_busy_for_a_client_above_its_credit_and_for_no_other),
        READY(route_is_busy_when_the_queue_is_full),
        READY(route_is_busy_when_the_queue_holds_its_bytes),
        READY(route_is_busy_when_the_registrars_link_is_full),
        READY(route_drops_and_counts_replies_that_cannot_leave),
        READY(route_answers_timeout_after_a_minute_and_drops_the_late_reply),
        cmocka_unit_test(route_open_refuses_a_jurisdiction_or_a_clock_that_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
