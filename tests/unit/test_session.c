/* How the client's session tries again, backs off, and gives up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "clients/lib/session.h"
#include "proto/codec.h"
#include "tests/lib/session_script.h"

/* ---- again ---- */

static void session_sends_what_got_no_answer_again_with_the_same_bytes(void **state)
{
    struct session_script *f = *state;
    int64_t next_ms;

    script_submit(f, 0, 2);
    next_ms = dd_session_tick(f->session, 0);
    assert_int_equal(next_ms, SCRIPT_ATTEMPT_MS);
    dd_session_tick(f->session, SCRIPT_ATTEMPT_MS - 1);
    assert_int_equal(dd_session_counters(f->session)->unanswered, 0);
    next_ms = dd_session_tick(f->session, SCRIPT_ATTEMPT_MS);
    assert_int_equal(dd_session_counters(f->session)->unanswered, 1);
    assert_in_range(next_ms, SCRIPT_ATTEMPT_MS + DD_SESSION_BACKOFF_MS / 2,
                    SCRIPT_ATTEMPT_MS + DD_SESSION_BACKOFF_MS);
    dd_session_tick(f->session, next_ms - 1);
    assert_int_equal(f->sent_count, 1);
    dd_session_tick(f->session, next_ms);
    assert_int_equal(f->sent_count, 2);
    assert_false(dd_slice_equal(f->sent[0].request_id, f->sent[1].request_id));
    assert_int_equal(f->sent[1].command_count, 2);
    for (size_t i = 0; i < 2; i++)
        assert_true(dd_slice_equal(f->sent[0].commands[i].command, f->sent[1].commands[i].command));
    script_answer(f, next_ms, 1, 64, DD_OK);
    script_assert_outcome(f, 0, DD_OK);
    script_assert_outcome(f, 1, DD_OK);
}

static void session_waits_longer_for_each_attempt_and_starts_anew_after_an_answer(void **state)
{
    struct session_script *f = *state;
    int64_t now_ms;

    script_submit(f, 0, 1);
    now_ms = dd_session_tick(f->session, 0);      /* no answer */
    now_ms = dd_session_tick(f->session, now_ms); /* back-off over: */
    assert_int_equal(dd_session_tick(f->session, now_ms), now_ms + 2 * SCRIPT_ATTEMPT_MS);
    script_answer(f, now_ms, 1, 64, DD_OK);
    script_submit(f, now_ms, 1);
    assert_int_equal(dd_session_tick(f->session, now_ms), now_ms + SCRIPT_ATTEMPT_MS);
}

static void session_counts_a_late_reply_and_answers_once(void **state)
{
    struct session_script *f = *state;
    int64_t now_ms;

    script_submit(f, 0, 2);
    now_ms = dd_session_tick(f->session, 0);
    now_ms = dd_session_tick(f->session, now_ms);
    dd_session_tick(f->session, now_ms);
    assert_int_equal(f->sent_count, 2);
    script_answer(f, now_ms, 0, 64, DD_OK); /* the first attempt's, after all */
    script_assert_outcome(f, 0, DD_OK);
    script_assert_outcome(f, 1, DD_OK);
    script_answer(f, now_ms, 1, 64, DD_OK);
    assert_int_equal(f->seen[0].count, 1);
    assert_int_equal(dd_session_counters(f->session)->late_replies, 1);
    assert_int_equal(dd_session_pending(f->session), 0);
}

static void session_lets_no_late_word_on_a_whole_request_end_its_next_attempt(void **state)
{
    struct session_script *f = *state;
    int64_t now_ms;

    script_submit(f, 0, 1);
    now_ms = dd_session_tick(f->session, 0);
    now_ms = dd_session_tick(f->session, now_ms);
    dd_session_tick(f->session, now_ms);
    script_refuse(f, now_ms, 0, 64, DD_BUSY);
    script_refuse(f, now_ms, 0, 64, DD_INVALID);
    script_answer(f, now_ms, 0, 64, DD_BUSY);
    assert_int_equal(f->seen[0].count, 0);
    script_answer(f, now_ms, 1, 64, DD_OK);
    script_assert_outcome(f, 0, DD_OK);
}

static void session_backs_off_further_each_time_that_it_is_put_off(void **state)
{
    struct session_script *f = *state;
    struct dd_session_options options = script_options();
    int64_t whole_ms = DD_SESSION_BACKOFF_MS;
    int64_t now_ms = 0;

    options.timeout_ms = 100000;
    script_reopen(f, &options);
    script_submit(f, 0, 1);
    dd_session_tick(f->session, now_ms);
    for (size_t i = 0; i < 10; i++) {
        script_refuse(f, now_ms, i, 64, i % 2 == 0 ? DD_BUSY : DD_READ_ONLY);
        int64_t next_ms = dd_session_tick(f->session, now_ms);
        assert_int_equal(f->sent_count, i + 1);
        assert_in_range(next_ms - now_ms, whole_ms / 2, whole_ms);
        now_ms = next_ms;
        dd_session_tick(f->session, now_ms);
        assert_int_equal(f->sent_count, i + 2);
        whole_ms =
            2 * whole_ms < DD_SESSION_BACKOFF_MAX_MS ? 2 * whole_ms : DD_SESSION_BACKOFF_MAX_MS;
    }
    assert_int_equal(dd_session_counters(f->session)->put_off, 10);
}

static void session_spreads_its_retries_by_its_seed(void **state)
{
    struct session_script *f = *state;
    struct dd_session_options options = script_options();
    int64_t first_ms = 0;
    bool other = false;

    for (uint64_t seed = 0; seed < 20; seed++) {
        options.jitter_seed = seed;
        script_reopen(f, &options);
        script_submit(f, 0, 1);
        dd_session_tick(f->session, 0);
        script_refuse(f, 0, 0, 64, DD_BUSY);
        int64_t next_ms = dd_session_tick(f->session, 0);
        if (seed == 0)
            first_ms = next_ms;
        other = other || next_ms != first_ms;
    }
    assert_true(other);
}

static void session_keeps_the_order_when_one_of_several_requests_is_put_off(void **state)
{
    struct session_script *f = *state;

    for (size_t i = 0; i < 5; i++)
        assert_int_equal(script_submit_sized(f, 0, 40000), DD_OK);
    dd_session_tick(f->session, 0);
    script_answer(f, 0, 0, 3, DD_OK);
    dd_session_tick(f->session, 0); /* 1, 2 and 3 are on their way */
    assert_int_equal(f->sent_count, 4);
    script_refuse(f, 1, 1, 3, DD_BUSY);
    script_answer(f, 2, 2, 3, DD_OK);
    dd_session_tick(f->session, 500); /* the back-off is over, but 3 is not back */
    assert_int_equal(f->sent_count, 4);
    script_refuse(f, 502, 3, 3, DD_BUSY);
    dd_session_tick(f->session, 502);
    assert_int_equal(f->sent_count, 5);
    script_answer(f, 503, 4, 3, DD_OK);
    dd_session_tick(f->session, 503);
    assert_int_equal(f->sent_count, 7);
    assert_int_equal(script_number_in(&f->sent[4], 0), 1); /* first alone, */
    assert_int_equal(script_number_in(&f->sent[5], 0), 3); /* then the others, in their order */
    assert_int_equal(script_number_in(&f->sent[6], 0), 4);
    script_assert_outcome(f, 2, DD_OK);
}

static void session_sends_only_those_again_that_were_put_off(void **state)
{
    struct session_script *f = *state;
    struct dd_reply reply;
    int64_t now_ms;

    script_submit(f, 0, 4);
    dd_session_tick(f->session, 0);
    reply = script_reply_to(f, 0, 64, DD_OK);
    reply.results[1].refusal.status = DD_READ_ONLY;
    reply.results[3].refusal.status = DD_UNAVAILABLE;
    script_deliver(f, 1, &reply);
    script_assert_outcome(f, 0, DD_OK);
    script_assert_outcome(f, 2, DD_OK);
    script_submit(f, 1, 1);
    now_ms = dd_session_tick(f->session, 1);
    dd_session_tick(f->session, now_ms);
    assert_int_equal(f->sent[1].command_count, 3);
    assert_int_equal(script_number_in(&f->sent[1], 0), 1);
    assert_int_equal(script_number_in(&f->sent[1], 1), 3);
    assert_int_equal(script_number_in(&f->sent[1], 2), 4);
}

static void session_takes_what_was_on_its_way_as_unanswered_when_the_link_goes(void **state)
{
    struct session_script *f = *state;
    int64_t next_ms;

    script_submit(f, 0, 2);
    dd_session_tick(f->session, 0);
    dd_session_link_lost(f->session, 10);
    next_ms = dd_session_tick(f->session, 10);
    assert_in_range(next_ms, 10, 10 + DD_SESSION_BACKOFF_MS);
    dd_session_tick(f->session, next_ms);
    assert_int_equal(f->sent_count, 2);
    assert_int_equal(f->sent[1].command_count, 2);
}

/* On a network that only loses and delays, one request at a time keeps the order at the server. */
static void session_with_one_request_in_flight_keeps_the_order_through_put_offs(void **state)
{
    struct session_script *f = *state;
    struct dd_session_options options = script_options();
    size_t expected = 0;
    size_t served = 0;
    int64_t now_ms = 0;

    options.requests_in_flight_max = 1;
    options.timeout_ms = 100000;
    script_reopen(f, &options);
    script_submit(f, 0, 900);
    for (size_t round = 0; dd_session_pending(f->session) > 0; round++) {
        now_ms = dd_session_tick(f->session, now_ms);
        if (served == f->sent_count)
            continue;
        assert_int_equal(script_number_in(&f->sent[served], 0), expected);
        if (round % 3 == 0) {
            script_refuse(f, now_ms, served, 64, DD_BUSY);
        } else if (round % 3 == 1) {
            expected += f->sent[served].command_count;
            script_answer(f, now_ms, served, 64, DD_OK);
        }
        served++; /* else lost */
    }
    assert_int_equal(expected, 900);
}

/* ---- ends ---- */

static void session_gives_up_what_was_sent_and_not_answered_as_unknown(void **state)
{
    struct session_script *f = *state;

    script_submit(f, 0, 1);
    dd_session_tick(f->session, 0);
    dd_session_tick(f->session, SCRIPT_TIMEOUT_MS - 1);
    assert_int_equal(f->seen[0].count, 0);
    dd_session_tick(f->session, SCRIPT_TIMEOUT_MS);
    script_assert_outcome(f, 0, DD_TIMEOUT);
    assert_int_equal(f->seen[0].outcome.now_ms, 0);
}

/* Puts command 0 off with `status` for as long as it lives. */
static void put_off_to_the_end(struct session_script *f, enum dd_status status)
{
    int64_t now_ms = 0;
    size_t refused = 0;

    script_submit(f, 0, 1);
    while (f->seen[0].count == 0) {
        now_ms = dd_session_tick(f->session, now_ms);
        while (refused < f->sent_count)
            script_refuse(f, now_ms, refused++, 64, status);
    }
}

static void session_says_what_the_server_said_last_when_it_was_surely_not_taken(void **state)
{
    struct session_script *f = *state;
    const struct dd_session_options options = script_options();

    put_off_to_the_end(f, DD_BUSY);
    script_assert_outcome(f, 0, DD_BUSY);
    script_reopen(f, &options);
    put_off_to_the_end(f, DD_READ_ONLY);
    script_assert_outcome(f, 0, DD_READ_ONLY);
    script_reopen(f, &options);
    put_off_to_the_end(f, DD_UNAVAILABLE); /* says nothing of what was taken before */
    script_assert_outcome(f, 0, DD_TIMEOUT);
    script_reopen(f, &options);
    put_off_to_the_end(f, DD_TIMEOUT);
    script_assert_outcome(f, 0, DD_TIMEOUT);
}

static void session_remembers_doubt_over_a_later_busy(void **state)
{
    struct session_script *f = *state;
    int64_t now_ms;

    script_submit(f, 0, 1);
    now_ms = dd_session_tick(f->session, 0);
    now_ms = dd_session_tick(f->session, now_ms); /* unanswered */
    dd_session_tick(f->session, now_ms);
    script_refuse(f, SCRIPT_TIMEOUT_MS - 1, 1, 64, DD_BUSY);
    dd_session_tick(f->session, SCRIPT_TIMEOUT_MS);
    script_assert_outcome(f, 0, DD_TIMEOUT);
}

static void session_knows_that_what_never_left_was_not_taken(void **state)
{
    struct session_script *f = *state;

    f->blocked = true;
    script_submit(f, 0, 1);
    dd_session_tick(f->session, 0);
    dd_session_tick(f->session, SCRIPT_TIMEOUT_MS);
    script_assert_outcome(f, 0, DD_UNAVAILABLE);
}

static void session_ignores_the_answer_to_what_was_given_up(void **state)
{
    struct session_script *f = *state;

    script_submit(f, 0, 1);
    dd_session_tick(f->session, 0);
    dd_session_tick(f->session, SCRIPT_TIMEOUT_MS);
    script_answer(f, SCRIPT_TIMEOUT_MS + 1, 0, 64, DD_OK);
    assert_int_equal(f->seen[0].count, 1);
}

static void session_fails_everything_at_once_when_told_to(void **state)
{
    struct session_script *f = *state;
    const struct dd_question question = {.kind = DD_QUESTION_HELLO};

    script_submit(f, 0, 300);
    assert_int_equal(dd_session_ask(f->session, 0, &question, script_on_answer, f), DD_OK);
    dd_session_tick(f->session, 0);
    dd_session_fail(f->session, DD_KEY_UNKNOWN);
    for (size_t i = 0; i < 300; i++)
        script_assert_outcome(f, i, DD_KEY_UNKNOWN);
    assert_int_equal(f->answer.status, DD_KEY_UNKNOWN);
    assert_int_equal(dd_session_pending(f->session), 0);
    dd_session_fail(f->session, DD_KEY_UNKNOWN); /* none left */
}

static void session_completes_everything_when_it_is_closed(void **state)
{
    struct session_script *f = *state;

    script_submit(f, 0, DD_COMMANDS_PER_REQUEST_MAX + 1);
    dd_session_tick(f->session, 0);
    dd_session_close(f->session);
    f->session = NULL;
    script_assert_outcome(f, 0, DD_TIMEOUT);
    script_assert_outcome(f, DD_COMMANDS_PER_REQUEST_MAX, DD_UNAVAILABLE); /* had not left */
}

static void on_command_submit_another(void *arg, const struct dd_command_outcome *outcome)
{
    struct session_script *f = arg;

    script_on_command(f, outcome);
    if (f->command_count < 5)
        assert_int_equal(script_submit_sized(f, 0, 20), DD_OK);
}

static void session_takes_commands_from_a_callback(void **state)
{
    struct session_script *f = *state;
    uint8_t bytes[2] = {0};

    assert_int_equal(dd_session_submit(f->session, 0, script_id_of(0), (struct dd_slice){bytes, 2},
                                       (struct dd_slice){0}, on_command_submit_another, f),
                     DD_OK);
    f->command_count = 1;
    dd_session_tick(f->session, 0);
    script_answer(f, 1, 0, 64, DD_OK);
    script_assert_outcome(f, 0, DD_OK);
    assert_int_equal(dd_session_pending(f->session), 1);
    dd_session_tick(f->session, 1);
    script_answer(f, 2, 1, 64, DD_OK);
    script_assert_outcome(f, 1, DD_OK);
}

static enum dd_status send_nothing(void *self, const struct dd_slice *frames, size_t count)
{
    (void)self;
    (void)frames;
    (void)count;
    return DD_BUSY;
}

static void session_refuses_a_jurisdiction_that_is_no_code(void **state)
{
    const struct dd_session_link link = {.send = send_nothing};
    struct dd_session_options options = script_options();
    struct dd_session *session = NULL;
    char longest[DD_CODE_BYTES_MAX + 2];
    (void)state;

    options.jurisdiction = dd_slice_of("Bắc Giang");
    assert_int_equal(dd_session_open(&options, &link, &session), DD_INVALID);
    options.jurisdiction = dd_slice_of("");
    assert_int_equal(dd_session_open(&options, &link, &session), DD_INVALID);
    memset(longest, 'a', sizeof longest);
    options.jurisdiction = (struct dd_slice){(uint8_t *)longest, DD_CODE_BYTES_MAX + 1};
    assert_int_equal(dd_session_open(&options, &link, &session), DD_INVALID);
    options.jurisdiction.size = DD_CODE_BYTES_MAX;
    assert_int_equal(dd_session_open(&options, &link, &session), DD_OK);
    dd_session_close(session);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, script_open, script_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(session_sends_what_got_no_answer_again_with_the_same_bytes),
        TEST(session_waits_longer_for_each_attempt_and_starts_anew_after_an_answer),
        TEST(session_counts_a_late_reply_and_answers_once),
        TEST(session_lets_no_late_word_on_a_whole_request_end_its_next_attempt),
        TEST(session_backs_off_further_each_time_that_it_is_put_off),
        TEST(session_spreads_its_retries_by_its_seed),
        TEST(session_keeps_the_order_when_one_of_several_requests_is_put_off),
        TEST(session_sends_only_those_again_that_were_put_off),
        TEST(session_takes_what_was_on_its_way_as_unanswered_when_the_link_goes),
        TEST(session_with_one_request_in_flight_keeps_the_order_through_put_offs),
        TEST(session_gives_up_what_was_sent_and_not_answered_as_unknown),
        TEST(session_says_what_the_server_said_last_when_it_was_surely_not_taken),
        TEST(session_remembers_doubt_over_a_later_busy),
        TEST(session_knows_that_what_never_left_was_not_taken),
        TEST(session_ignores_the_answer_to_what_was_given_up),
        TEST(session_fails_everything_at_once_when_told_to),
        TEST(session_completes_everything_when_it_is_closed),
        TEST(session_takes_commands_from_a_callback),
        TEST(session_refuses_a_jurisdiction_that_is_no_code),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
