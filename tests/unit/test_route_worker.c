/* The router and its registrar: who may be one, whether it lives, Ticks, and a rehearsal's clock.
 * Without a socket. */
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

enum { CLOCK_MS = 1357866000 };

static struct bench bench;

static int open_alone(void **state)
{
    (void)state;
    bench_open(&bench, NULL);
    return 0;
}

static int open_ready(void **state)
{
    (void)open_alone(state);
    bench_ready(&bench, "reg", 0);
    return 0;
}

static void open_with(bool rehearsal, const char *jurisdiction)
{
    const struct dd_route_options options = {.jurisdiction = jurisdiction,
                                             .rehearsal = rehearsal,
                                             .clock_ms = rehearsal ? CLOCK_MS : 0,
                                             .silence_ms = DD_ROUTE_SILENCE_MS,
                                             .ref_base = UINT64_MAX};

    bench_open(&bench, &options);
}

static int open_rehearsal(void **state)
{
    (void)state;
    open_with(true, "bg");
    bench_ready(&bench, "reg", 0);
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

static uint64_t ask(const char *client, const char *request_id)
{
    bench_request(&bench, client, &(struct bench_request){.request_id = request_id});
    return bench_expect_worker(&bench, "reg", DD_WORKER_REQUEST)->worker.ref;
}

static void say(const char *id, enum dd_worker_kind kind)
{
    bench_from_worker(&bench, id, &(struct dd_worker_message){.kind = kind});
}

static struct dd_worker_message ready_of(const char *jurisdiction)
{
    return (struct dd_worker_message){.kind = DD_WORKER_READY,
                                      .rehearsal = true,
                                      .jurisdiction = dd_slice_of(jurisdiction),
                                      .body = bench_keys(true)};
}

/* ---- READY ---- */

static void route_takes_the_jurisdiction_of_the_first_ready_when_none_is_given(void **state)
{
    struct dd_worker_message ready = ready_of("bn");
    (void)state;

    open_with(false, NULL);
    bench_request(&bench, "c", &(struct bench_request){.request_id = "r"});
    (void)bench_expect_reply(&bench, "c", DD_UNAVAILABLE); /* it may be the right one */
    bench_from_worker(&bench, "reg", &ready);
    bench_request(&bench, "c", &(struct bench_request){.request_id = "r"});
    (void)bench_expect_reply(&bench, "c", DD_NO_SERVICE);
    ready = ready_of("bg");
    bench_from_worker(&bench, "other", &ready);
    (void)bench_expect_worker(&bench, "other", DD_WORKER_DISCONNECT);
    assert_true(dd_route_is_ready(bench.route));
    assert_int_equal(counters()->ready_refused, 1);
    bench_close(&bench);
}

static void route_refuses_a_registrar_that_it_cannot_serve_and_tells_why_once_a_second(void **state)
{
    struct dd_worker_message row[] = {ready_of("bn"), ready_of("bg"), ready_of("bg"),
                                      ready_of("bg")};
    uint8_t twice[2 * DD_WORKER_KEY_BYTES];
    (void)state;

    memset(twice, 0, sizeof twice);
    row[1].rehearsal = false;
    row[2].at_ms = DD_ROUTE_CLOCK_MAX_MS + 1;
    row[3].body = (struct dd_slice){twice, sizeof twice}; /* a key that is there twice */
    open_with(true, "bg");
    for (size_t i = 0; i < 4; i++) {
        bench_from_worker(&bench, "reg", &row[i]);
        (void)bench_expect_worker(&bench, "reg", DD_WORKER_DISCONNECT);
        assert_false(dd_route_is_ready(bench.route));
        assert_int_equal(bench.notices, i + 1);
        bench_from_worker(&bench, "reg", &row[i]);
        bench.now.mono_ms += 999;
        bench_from_worker(&bench, "reg", &row[i]);
        bench_expect_nothing(&bench);
        assert_int_equal(bench.notices, i + 1);
        bench.now.mono_ms += 1;
    }
    assert_int_equal(counters()->ready_refused, 12);
    bench_close(&bench);
}

static void route_takes_a_rehearsals_log_under_a_clock_that_runs(void **state)
{
    const struct bench_sent *sent;
    (void)state;

    (void)bench_pass(&bench, 0); /* the bench's READY is of a rehearsal */
    (void)bench_expect_worker(&bench, "reg", DD_WORKER_HEARTBEAT);
    sent = bench_expect_worker(&bench, "reg", DD_WORKER_TICK);
    assert_int_equal(sent->worker.at_ms, BENCH_UTC_MS);
}

static void route_keeps_stamps_above_the_logs_last_instant(void **state)
{
    (void)state;
    bench_ready(&bench, "reg", BENCH_UTC_MS + 500);
    (void)ask("c", "1");
    assert_int_equal(bench.sent[0].worker.at_ms, BENCH_UTC_MS + 500);
    bench.now.utc_ms += 501;
    (void)ask("c", "2");
    assert_int_equal(bench.sent[1].worker.at_ms, BENCH_UTC_MS + 501);
    bench_ready(&bench, "reg", 7); /* a floor does not lower anything */
    assert_int_equal(dd_route_stamp_ms(bench.route), BENCH_UTC_MS + 501);
}

static void route_answers_unavailable_when_a_new_registrar_takes_the_place(void **state)
{
    uint64_t ref = ask("c1", "r1");
    (void)state;

    (void)ask("c2", "r2");
    bench_ready(&bench, "new", 0);
    assert_string_equal(bench_expect_reply(&bench, "c1", DD_UNAVAILABLE)->request_id, "r1");
    assert_string_equal(bench_expect_reply(&bench, "c2", DD_UNAVAILABLE)->request_id, "r2");
    bench_reply(&bench, "reg", ref, "of the old one"); /* is dropped, and it is told */
    (void)bench_expect_worker(&bench, "reg", DD_WORKER_DISCONNECT);
    bench_request(&bench, "c1", &(struct bench_request){.request_id = "r1"});
    (void)bench_expect_worker(&bench, "new", DD_WORKER_REQUEST);
    bench_expect_nothing(&bench);
    assert_int_equal(counters()->registrars_gone, 1);
}

static void route_drops_an_answer_from_before_the_registrar_said_ready_again(void **state)
{
    uint64_t old = ask("c1", "r1");
    uint64_t new;
    (void)state;

    bench_ready(&bench, "reg", 0);
    (void)bench_expect_reply(&bench, "c1", DD_UNAVAILABLE);
    new = ask("c2", "r2");
    assert_true(new != old);
    bench_reply(&bench, "reg", old, "to c1");
    bench_expect_nothing(&bench);
    assert_int_equal(counters()->replies_late, 1);
}

static void route_tells_a_registrar_that_it_does_not_know_to_say_ready(void **state)
{
    static const struct dd_worker_message said[] = {
        {.kind = DD_WORKER_HEARTBEAT},
        {.kind = DD_WORKER_KEYS},
        {.kind = DD_WORKER_REPLY, .ref = 1, .body = {(const uint8_t *)"x", 1}},
        {.kind = DD_WORKER_TICKED}};
    (void)state;

    for (size_t i = 0; i < sizeof said / sizeof said[0]; i++) {
        bench_from_worker(&bench, "reg", &said[i]);
        (void)bench_expect_worker(&bench, "reg", DD_WORKER_DISCONNECT);
    }
    say("reg", DD_WORKER_DISCONNECT); /* goodbye needs no answer */
    bench_expect_nothing(&bench);
    assert_int_equal(counters()->worker_strangers, 5);
    assert_null(dd_route_links(bench.route));
}

static void route_ignores_workers_whose_link_is_not_the_registrars(void **state)
{
    const struct dd_route_options options = {.jurisdiction = "bg", .worker_has_keys = true};
    struct dd_message message = {.frame_count = 1, .kept_count = 1};
    (void)state;

    bench_open(&bench, &options);
    message.frame[0] = dd_slice_of("client");
    memcpy(message.user_id, bench_user(BENCH_GOOD), DD_USER_ID_BYTES);
    dd_route_from_worker(bench.route, bench.now, &message);
    message.user_id[0] = '\0';
    dd_route_from_worker(bench.route, bench.now, &message);
    bench_expect_nothing(&bench);
    assert_int_equal(bench.security, 2);
    bench_ready(&bench, "reg", 0); /* the bench's workers have the registrar's key */
    assert_true(dd_route_is_ready(bench.route));
    bench_close(&bench);
}

static void route_counts_and_survives_what_is_not_ddw01(void **state)
{
    const struct dd_slice frames[] = {
        dd_slice_of("reg"), dd_slice_of("DDW01"), dd_slice_of("x"), {NULL, 0}};
    struct dd_message message = {.frame_count = 4, .kept_count = 4};
    (void)state;

    memcpy(message.frame, frames, sizeof frames);
    dd_route_from_worker(bench.route, bench.now, &message);
    message.frame_count = 1000;
    dd_route_from_worker(bench.route, bench.now, &message);
    message.frame_count = message.kept_count = 1;
    dd_route_from_worker(bench.route, bench.now, &message);
    bench_from_worker(&bench, "reg", &(struct dd_worker_message){.kind = DD_WORKER_TICK, .ref = 1});
    bench_expect_nothing(&bench);
    assert_int_equal(counters()->worker_malformed, 4);
    assert_true(dd_route_is_ready(bench.route));
}

static void route_serves_nothing_on_an_old_table_when_a_new_one_cannot_be_read(void **state)
{
    uint8_t twice[2 * DD_WORKER_KEY_BYTES];
    const struct dd_worker_message keys = {.kind = DD_WORKER_KEYS, .body = {twice, sizeof twice}};
    (void)state;

    memset(twice, 0, sizeof twice);
    (void)ask("c", "r");
    bench_from_worker(&bench, "reg", &keys);
    (void)bench_expect_reply(&bench, "c", DD_UNAVAILABLE);
    (void)bench_expect_worker(&bench, "reg", DD_WORKER_DISCONNECT);
    assert_false(dd_route_is_ready(bench.route));
}

/* ---- life ---- */

static void route_sends_a_heartbeat_each_second(void **state)
{
    (void)state;
    (void)bench_pass(&bench, 0);
    bench_forget(&bench);
    (void)bench_pass(&bench, 999);
    bench_expect_nothing(&bench);
    (void)bench_pass(&bench, 1);
    (void)bench_expect_worker(&bench, "reg", DD_WORKER_HEARTBEAT);
}

static void route_takes_a_silent_registrar_for_gone_until_the_next_ready(void **state)
{
    uint64_t ref = ask("c", "r");
    (void)state;

    bench.now.utc_ms += 86400000; /* a clock that was set is not silence */
    (void)bench_pass(&bench, DD_ROUTE_SILENCE_MS - 1);
    assert_true(dd_route_is_ready(bench.route));
    say("reg", DD_WORKER_HEARTBEAT);
    (void)bench_pass(&bench, DD_ROUTE_SILENCE_MS - 1);
    assert_true(dd_route_is_ready(bench.route));
    bench_reply(&bench, "reg", ref + 1, "any traffic is life");
    (void)bench_pass(&bench, DD_ROUTE_SILENCE_MS - 1);
    bench_forget(&bench);
    (void)bench_pass(&bench, 1);
    assert_string_equal(bench_expect_reply(&bench, "c", DD_UNAVAILABLE)->request_id, "r");
    bench_expect_nothing(&bench);
    bench_request(&bench, "c", &(struct bench_request){.request_id = "r"});
    (void)bench_expect_reply(&bench, "c", DD_UNAVAILABLE);
    say("reg", DD_WORKER_HEARTBEAT); /* it wakes up */
    (void)bench_expect_worker(&bench, "reg", DD_WORKER_DISCONNECT);
    bench_ready(&bench, "reg", 0);
    (void)ask("c", "r");
}

static void route_asks_no_sign_of_life_of_a_thread(void **state)
{
    const struct dd_route_options options = {.jurisdiction = "bg"};
    (void)state;

    bench_open(&bench, &options);
    bench_ready(&bench, "reg", 0);
    (void)bench_pass(&bench, 100 * DD_ROUTE_SILENCE_MS);
    assert_true(dd_route_is_ready(bench.route));
    bench_close(&bench);
}

static void route_lets_a_registrar_go_that_says_so_or_whose_link_is_gone(void **state)
{
    (void)ask("c", "r");
    (void)state;

    say("reg", DD_WORKER_DISCONNECT);
    (void)bench_expect_reply(&bench, "c", DD_UNAVAILABLE);
    bench_expect_nothing(&bench);

    bench_ready(&bench, "reg", 0);
    (void)ask("c1", "r1");
    bench.worker_status = DD_UNAVAILABLE;
    bench_request(&bench, "c2", &(struct bench_request){.request_id = "r2"});
    (void)bench_expect_reply(&bench, "c1", DD_UNAVAILABLE);
    (void)bench_expect_reply(&bench, "c2", DD_UNAVAILABLE);
    bench_expect_nothing(&bench);

    bench.worker_status = DD_OK;
    bench_ready(&bench, "reg", 0);
    bench.worker_status = DD_UNAVAILABLE;
    (void)bench_pass(&bench, 0);
    assert_false(dd_route_is_ready(bench.route));
    assert_int_equal(bench_pass(&bench, 0), INT64_MAX); /* nothing to wait for */
    assert_int_equal(counters()->registrars_gone, 3);
}

static void route_answers_too_large_for_a_reply_above_the_limit(void **state)
{
    char *body = malloc(DD_REPLY_BYTES_MAX + 2);
    (void)state;

    assert_non_null(body);
    memset(body, 'x', DD_REPLY_BYTES_MAX + 1);
    body[DD_REPLY_BYTES_MAX + 1] = '\0';
    bench_reply(&bench, "reg", ask("c", "r"), body);
    (void)bench_expect_reply(&bench, "c", DD_TOO_LARGE);
    body[DD_REPLY_BYTES_MAX] = '\0';
    bench_reply(&bench, "reg", ask("c", "r"), body);
    assert_int_equal(bench_next(&bench)->body_size, DD_REPLY_BYTES_MAX);
    free(body);
}

/* ---- Ticks ---- */

/* The next message to the worker that is no heartbeat; NULL if there is none. */
static const struct bench_sent *next_tick(void)
{
    const struct bench_sent *sent = bench_next(&bench);

    while (sent && sent->to_worker && sent->worker.kind == DD_WORKER_HEARTBEAT)
        sent = bench_next(&bench);
    if (sent)
        assert_int_equal(sent->worker.kind, DD_WORKER_TICK);
    return sent;
}

static void route_offers_a_tick_each_second_when_none_is_out(void **state)
{
    const struct bench_sent *tick;
    (void)state;

    assert_int_equal(bench_pass(&bench, 0), BENCH_UTC_MS + 1000);
    tick = next_tick();
    assert_int_equal(tick->worker.at_ms, BENCH_UTC_MS);
    (void)bench_pass(&bench, 1000);
    assert_null(next_tick()); /* one is out */
    bench_ticked(&bench, "reg", tick->worker.ref, true);
    assert_null(next_tick());
    (void)bench_pass(&bench, 999);
    assert_null(next_tick());
    (void)bench_pass(&bench, 1);
    tick = next_tick();
    assert_int_equal(tick->worker.at_ms, BENCH_UTC_MS + 2000);
    assert_int_equal(counters()->ticks, 2);
}

static void route_repeats_the_instant_until_it_is_exhausted_and_never_goes_back(void **state)
{
    const struct bench_sent *tick;
    (void)state;

    (void)bench_pass(&bench, 0);
    tick = next_tick();
    bench.now.utc_ms += 300;
    bench_ticked(&bench, "reg", tick->worker.ref, false);
    tick = next_tick();
    assert_int_equal(tick->worker.at_ms, BENCH_UTC_MS); /* the same again */
    (void)ask("c", "r");                                /* received at +300 */
    bench_ticked(&bench, "reg", tick->worker.ref, false);
    tick = next_tick();
    assert_int_equal(tick->worker.at_ms, BENCH_UTC_MS + 300);
    bench_ticked(&bench, "reg", tick->worker.ref, true);
    assert_null(next_tick());
    assert_int_equal(counters()->ticks, 3);
}

static void route_counts_a_ticked_that_fits_no_tick(void **state)
{
    uint64_t ref;
    (void)state;

    (void)bench_pass(&bench, 0);
    ref = next_tick()->worker.ref;
    bench_ticked(&bench, "reg", ref + 1, false);
    assert_null(next_tick());
    bench_ticked(&bench, "reg", ref, true);
    bench_ticked(&bench, "reg", ref, false);
    assert_null(next_tick());
    assert_int_equal(counters()->replies_late, 2);

    (void)bench_pass(&bench, 1000);
    ref = next_tick()->worker.ref;
    bench_ready(&bench, "reg", 0); /* again: what was out is no more */
    (void)bench_pass(&bench, 0);
    assert_true(next_tick()->worker.ref != ref);
    bench_ticked(&bench, "reg", ref, false);
    assert_null(next_tick());
}

static void route_sends_a_tick_later_that_found_the_queue_full(void **state)
{
    (void)state;
    bench.worker_status = DD_BUSY;
    assert_int_equal(bench_pass(&bench, 0), BENCH_UTC_MS + 50);
    bench.worker_status = DD_OK;
    (void)bench_pass(&bench, 50);
    assert_int_equal(next_tick()->worker.at_ms, BENCH_UTC_MS + 50);
}

static void route_gives_up_a_tick_that_is_not_answered_for_a_minute(void **state)
{
    const struct dd_route_options options = {.jurisdiction = "bg"};
    uint64_t ref;
    (void)state;

    bench_open(&bench, &options);
    bench_ready(&bench, "reg", 0);
    (void)bench_pass(&bench, 0);
    ref = next_tick()->worker.ref;
    (void)bench_pass(&bench, DD_ROUTE_TIMEOUT_MS - 1);
    assert_null(next_tick());
    (void)bench_pass(&bench, 1);
    assert_true(next_tick()->worker.ref != ref);
    bench_close(&bench);
}

/* ---- a rehearsal ---- */

static void advance(const char *client, const char *request_id, int64_t to_ms)
{
    bench_request(
        &bench, client,
        &(struct bench_request){.request_id = request_id, .clock = true, .clock_to_ms = to_ms});
}

static void rehearsal_stands_still_and_offers_no_tick(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++)
        (void)bench_pass(&bench, 1000);
    assert_null(next_tick());
    (void)ask("c", "r");
    assert_int_equal(bench.sent[bench.seen - 1].worker.at_ms, CLOCK_MS);
    bench_ready(&bench, "reg", CLOCK_MS + 9); /* the log is further on */
    (void)bench_expect_reply(&bench, "c", DD_UNAVAILABLE);
    (void)ask("c", "r");
    assert_int_equal(bench.sent[bench.seen - 1].worker.at_ms, CLOCK_MS + 9);
}

static void rehearsal_still_notices_a_silent_registrar(void **state)
{
    (void)state;
    (void)bench_pass(&bench, DD_ROUTE_SILENCE_MS);
    assert_false(dd_route_is_ready(bench.route));
}

static void rehearsal_compares_no_deadlines(void **state)
{
    (void)state;
    bench_request(&bench, "c", &(struct bench_request){.request_id = "r", .deadline_ms = 1});
    (void)bench_expect_worker(&bench, "reg", DD_WORKER_REQUEST);
}

static void rehearsal_moves_the_clock_at_once_and_answers_when_it_is_exhausted(void **state)
{
    const struct bench_sent *tick;
    const struct bench_sent *reply;
    (void)state;

    advance("admin", "go", CLOCK_MS + 1000);
    tick = next_tick();
    assert_int_equal(tick->worker.at_ms, CLOCK_MS + 1000);
    (void)ask("c", "r"); /* others see the new clock */
    assert_int_equal(bench.sent[bench.seen - 1].worker.at_ms, CLOCK_MS + 1000);
    bench_ticked(&bench, "reg", tick->worker.ref, false);
    tick = next_tick();
    assert_int_equal(tick->worker.at_ms, CLOCK_MS + 1000);
    bench_expect_nothing(&bench);
    bench_ticked(&bench, "reg", tick->worker.ref, true);
    reply = bench_expect_reply(&bench, "admin", DD_OK);
    assert_string_equal(reply->request_id, "go");
    assert_int_equal(reply->now_ms, CLOCK_MS + 1000);
    bench_expect_nothing(&bench);
    assert_int_equal(dd_route_waiting(bench.route), 1); /* that of c */
    advance("admin", "again", CLOCK_MS + 1000);         /* the same instant is fine */
    bench_ticked(&bench, "reg", next_tick()->worker.ref, true);
    (void)bench_expect_reply(&bench, "admin", DD_OK);
}

static void rehearsal_lets_several_moves_wait(void **state)
{
    uint64_t first;
    (void)state;

    advance("a", "1", CLOCK_MS + 10);
    advance("b", "2", CLOCK_MS + 20);
    advance("b", "3", CLOCK_MS + 20);
    first = next_tick()->worker.ref;
    assert_null(next_tick()); /* one at a time */
    bench_ticked(&bench, "reg", first, true);
    (void)bench_expect_reply(&bench, "a", DD_OK);
    const struct bench_sent *tick = next_tick();
    assert_int_equal(tick->worker.at_ms, CLOCK_MS + 20);
    bench_ticked(&bench, "reg", tick->worker.ref, true);
    assert_string_equal(bench_expect_reply(&bench, "b", DD_OK)->request_id, "2");
    assert_string_equal(bench_expect_reply(&bench, "b", DD_OK)->request_id, "3");
    bench_expect_nothing(&bench);
}

static void rehearsal_answers_waiting_moves_unavailable_when_the_registrar_goes(void **state)
{
    (void)state;
    advance("a", "1", CLOCK_MS + 10);
    (void)next_tick();
    say("reg", DD_WORKER_DISCONNECT);
    (void)bench_expect_reply(&bench, "a", DD_UNAVAILABLE);
    advance("a", "1", CLOCK_MS + 10);
    (void)bench_expect_reply(&bench, "a", DD_UNAVAILABLE);
    bench_ready(&bench, "reg", 0);
    advance("a", "1", CLOCK_MS + 10); /* the same again, and it is done */
    bench_ticked(&bench, "reg", next_tick()->worker.ref, true);
    (void)bench_expect_reply(&bench, "a", DD_OK);
}

static void rehearsal_refuses_to_move_the_clock_back(void **state)
{
    const struct bench_sent *reply;
    (void)state;

    advance("a", "1", CLOCK_MS - 1);
    reply = bench_expect_reply(&bench, "a", DD_REFUSED);
    assert_int_equal(reply->rule, DD_RULE_CLOCK_BACKWARDS);
    assert_string_equal(reply->param[0], "1970-01-16T17:11:06+00:00");
    advance("a", "1", -1);
    assert_int_equal(bench_expect_reply(&bench, "a", DD_INVALID)->rule, DD_RULE_OUT_OF_RANGE);
    advance("a", "1", DD_ROUTE_CLOCK_MAX_MS + 1);
    assert_int_equal(bench_expect_reply(&bench, "a", DD_INVALID)->rule, DD_RULE_OUT_OF_RANGE);
    bench_expect_nothing(&bench);
    assert_int_equal(dd_route_stamp_ms(bench.route), CLOCK_MS);
    advance("a", "1", DD_ROUTE_CLOCK_MAX_MS);
    assert_true(next_tick()->worker.at_ms == DD_ROUTE_CLOCK_MAX_MS);
}

static void rehearsal_lets_nobody_move_the_clock_who_may_not(void **state)
{
    const struct dd_worker_message keys = {.kind = DD_WORKER_KEYS, .body = bench_keys(false)};
    const struct bench_sent *reply;
    (void)state;

    bench_from_worker(&bench, "reg", &keys);
    advance("a", "1", CLOCK_MS + 1);
    reply = bench_expect_reply(&bench, "a", DD_FORBIDDEN);
    assert_int_equal(reply->rule, DD_RULE_NO_OFFICE);
    assert_string_equal(reply->param[0], "administrator");
    assert_string_equal(reply->param[1], "bg");
    bench_expect_nothing(&bench);
    assert_int_equal(dd_route_stamp_ms(bench.route), CLOCK_MS);
    assert_int_equal(bench.security, 1);
    assert_int_equal(counters()->clock_refused, 1);
}

static void rehearsal_refuses_a_move_of_the_clock_that_is_not_well_formed(void **state)
{
    (void)state;
    advance("a", "", CLOCK_MS + 1);
    assert_int_equal(bench_expect_reply(&bench, "a", DD_INVALID)->rule, DD_RULE_MISSING);
    bench_request(
        &bench, "a",
        &(struct bench_request){
            .request_id = "r", .clock = true, .clock_to_ms = CLOCK_MS + 1, .question = true});
    assert_int_equal(bench_expect_reply(&bench, "a", DD_INVALID)->rule, DD_RULE_MALFORMED);
    assert_int_equal(dd_route_stamp_ms(bench.route), CLOCK_MS);
}

static void route_refuses_to_move_a_clock_that_is_not_a_rehearsals(void **state)
{
    (void)state;
    advance("a", "1", BENCH_UTC_MS + 1000);
    assert_int_equal(bench_expect_reply(&bench, "a", DD_REFUSED)->rule, DD_RULE_NOT_A_REHEARSAL);
    bench_expect_nothing(&bench);
}

#define READY(test) cmocka_unit_test_setup_teardown(test, open_ready, close_bench)
#define ALONE(test) cmocka_unit_test_setup_teardown(test, open_alone, close_bench)
#define REHEARSAL(test) cmocka_unit_test_setup_teardown(test, open_rehearsal, close_bench)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(route_takes_the_jurisdiction_of_the_first_ready_when_none_is_given),
        cmocka_unit_test(
            route_refuses_a_registrar_that_it_cannot_serve_and_tells_why_once_a_second),
        READY(route_takes_a_rehearsals_log_under_a_clock_that_runs),
        ALONE(route_keeps_stamps_above_the_logs_last_instant),
        READY(route_answers_unavailable_when_a_new_registrar_takes_the_place),
        READY(route_drops_an_answer_from_before_the_registrar_said_ready_again),
        ALONE(route_tells_a_registrar_that_it_does_not_know_to_say_ready),
        cmocka_unit_test(route_ignores_workers_whose_link_is_not_the_registrars),
        READY(route_counts_and_survives_what_is_not_ddw01),
        READY(route_serves_nothing_on_an_old_table_when_a_new_one_cannot_be_read),
        READY(route_sends_a_heartbeat_each_second),
        READY(route_takes_a_silent_registrar_for_gone_until_the_next_ready),
        cmocka_unit_test(route_asks_no_sign_of_life_of_a_thread),
        READY(route_lets_a_registrar_go_that_says_so_or_whose_link_is_gone),
        READY(route_answers_too_large_for_a_reply_above_the_limit),
        READY(route_offers_a_tick_each_second_when_none_is_out),
        READY(route_repeats_the_instant_until_it_is_exhausted_and_never_goes_back),
        READY(route_counts_a_ticked_that_fits_no_tick),
        READY(route_sends_a_tick_later_that_found_the_queue_full),
        cmocka_unit_test(route_gives_up_a_tick_that_is_not_answered_for_a_minute),
        REHEARSAL(rehearsal_stands_still_and_offers_no_tick),
        REHEARSAL(rehearsal_still_notices_a_silent_registrar),
        REHEARSAL(rehearsal_compares_no_deadlines),
        REHEARSAL(rehearsal_moves_the_clock_at_once_and_answers_when_it_is_exhausted),
        REHEARSAL(rehearsal_lets_several_moves_wait),
        REHEARSAL(rehearsal_answers_waiting_moves_unavailable_when_the_registrar_goes),
        REHEARSAL(rehearsal_refuses_to_move_the_clock_back),
        REHEARSAL(rehearsal_lets_nobody_move_the_clock_who_may_not),
        REHEARSAL(rehearsal_refuses_a_move_of_the_clock_that_is_not_well_formed),
        READY(route_refuses_to_move_a_clock_that_is_not_a_rehearsals),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
