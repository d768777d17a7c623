/* What the client's session sends, and when: requests, their limits, credit. */
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

static void session_sends_nothing_before_a_tick_and_then_what_waits_in_one_request(void **state)
{
    struct session_script *f = *state;

    script_submit(f, 0, 3);
    assert_int_equal(f->sent_count, 0);
    dd_session_tick(f->session, 0);
    assert_int_equal(f->sent_count, 1);
    assert_int_equal(f->sent[0].protocol, 1);
    assert_int_equal(f->sent[0].command_count, 3);
    assert_int_equal(f->sent[0].commands[0].signature.size, 0);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(script_number_in(&f->sent[0], i), i);
}

static void session_sends_the_signature_beside_the_command(void **state)
{
    struct session_script *f = *state;
    const uint8_t command[3] = {0};
    uint8_t signature[64];

    memset(signature, 9, sizeof signature);
    assert_int_equal(dd_session_submit(f->session, 0, script_id_of(0),
                                       (struct dd_slice){command, sizeof command},
                                       (struct dd_slice){signature, sizeof signature}, NULL, NULL),
                     DD_OK);
    dd_session_tick(f->session, 0);
    assert_int_equal(f->sent[0].commands[0].signature.size, 64);
    assert_memory_equal(f->sent[0].commands[0].signature.data, signature, 64);
    script_answer(f, 1, 0, 1, DD_OK); /* nobody listens, which is fine */
}

static void session_packs_256_commands_and_no_more(void **state)
{
    struct session_script *f = *state;

    script_submit(f, 0, DD_COMMANDS_PER_REQUEST_MAX + 1);
    dd_session_tick(f->session, 0);
    assert_int_equal(f->sent_count, 1);
    assert_int_equal(f->sent[0].command_count, DD_COMMANDS_PER_REQUEST_MAX);
    script_answer(f, 1, 0, 64, DD_OK);
    dd_session_tick(f->session, 1);
    assert_int_equal(f->sent_count, 2);
    assert_int_equal(f->sent[1].command_count, 1);
    assert_int_equal(script_number_in(&f->sent[1], 0), DD_COMMANDS_PER_REQUEST_MAX);
}

static void session_packs_64_kib_and_no_more(void **state)
{
    struct session_script *f = *state;

    assert_int_equal(script_submit_sized(f, 0, DD_COALESCE_BYTES_MAX - 40000), DD_OK);
    assert_int_equal(script_submit_sized(f, 0, 40000), DD_OK);
    dd_session_tick(f->session, 0);
    assert_int_equal(f->sent[0].command_count, 2);
    script_answer(f, 1, 0, 64, DD_OK);
    assert_int_equal(script_submit_sized(f, 1, DD_COALESCE_BYTES_MAX - 40000), DD_OK);
    assert_int_equal(script_submit_sized(f, 1, 40001), DD_OK);
    dd_session_tick(f->session, 1);
    assert_int_equal(f->sent_count, 3);
    assert_int_equal(f->sent[1].command_count, 1);
    assert_int_equal(f->sent[2].command_count, 1);
}

static void session_takes_a_command_of_48_kib_and_no_larger(void **state)
{
    struct session_script *f = *state;

    assert_int_equal(script_submit_sized(f, 0, DD_COMMAND_BYTES_MAX), DD_OK);
    assert_int_equal(script_submit_sized(f, 0, DD_COMMAND_BYTES_MAX + 1), DD_TOO_LARGE);
    assert_int_equal(dd_session_pending(f->session), 1);
    dd_session_tick(f->session, 0);
    assert_int_equal(f->sent[0].commands[0].command.size, DD_COMMAND_BYTES_MAX);
}

static void session_is_busy_when_its_queue_is_full(void **state)
{
    struct session_script *f = *state;

    script_submit(f, 0, SCRIPT_QUEUE_MAX);
    assert_int_equal(script_submit_sized(f, 0, 20), DD_BUSY);
    dd_session_tick(f->session, 0);
    script_answer(f, 1, 0, 1, DD_OK);
    script_submit(f, 1, DD_COMMANDS_PER_REQUEST_MAX);
    assert_int_equal(script_submit_sized(f, 1, 20), DD_BUSY);
}

static void session_is_busy_when_its_bytes_are_used_up(void **state)
{
    struct session_script *f = *state;
    struct dd_session_options options = script_options();
    size_t taken = 0;

    options.queue_bytes_max = 100000;
    script_reopen(f, &options);
    while (script_submit_sized(f, 0, 20000) == DD_OK)
        taken++;
    assert_int_equal(taken, 4); /* each with what is noted of it */
    assert_int_equal(script_submit_sized(f, 0, 20000), DD_BUSY);
    assert_int_equal(script_submit_sized(f, 0, 10000), DD_OK);
}

static void session_starts_with_one_request_and_keeps_to_the_credit_of_each_reply(void **state)
{
    struct session_script *f = *state;

    for (size_t i = 0; i < 8; i++)
        assert_int_equal(script_submit_sized(f, 0, 40000), DD_OK);
    dd_session_tick(f->session, 0);
    assert_int_equal(f->sent_count, 1);
    script_answer(f, 1, 0, 3, DD_OK);
    dd_session_tick(f->session, 1);
    assert_int_equal(f->sent_count, 4); /* three in flight */
    script_answer(f, 2, 1, 1, DD_OK);
    dd_session_tick(f->session, 2);
    assert_int_equal(f->sent_count, 4); /* two still are, one may be */
    script_answer(f, 3, 2, 0, DD_OK);
    script_answer(f, 3, 3, 0, DD_OK);
    dd_session_tick(f->session, 3);
    assert_int_equal(f->sent_count, 5); /* none granted still means one */
}

static void session_keeps_to_its_own_limit_of_requests_whatever_is_granted(void **state)
{
    struct session_script *f = *state;
    struct dd_session_options options = script_options();

    options.requests_in_flight_max = 2;
    script_reopen(f, &options);
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(script_submit_sized(f, 0, 40000), DD_OK);
    dd_session_tick(f->session, 0);
    script_answer(f, 1, 0, 4000000, DD_OK);
    dd_session_tick(f->session, 1);
    assert_int_equal(f->sent_count, 3);
}

static void session_waits_while_the_link_takes_nothing_and_then_sends(void **state)
{
    struct session_script *f = *state;
    int64_t next_ms;

    f->blocked = true;
    script_submit(f, 0, 2);
    next_ms = dd_session_tick(f->session, 0);
    assert_in_range(next_ms, 1, 100);
    f->blocked = false;
    dd_session_tick(f->session, next_ms);
    assert_int_equal(f->sent_count, 1);
    assert_int_equal(f->sent[0].command_count, 2);
    assert_int_equal(dd_session_counters(f->session)->commands, 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, script_open, script_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(session_sends_nothing_before_a_tick_and_then_what_waits_in_one_request),
        TEST(session_sends_the_signature_beside_the_command),
        TEST(session_packs_256_commands_and_no_more),
        TEST(session_packs_64_kib_and_no_more),
        TEST(session_takes_a_command_of_48_kib_and_no_larger),
        TEST(session_is_busy_when_its_queue_is_full),
        TEST(session_is_busy_when_its_bytes_are_used_up),
        TEST(session_starts_with_one_request_and_keeps_to_the_credit_of_each_reply),
        TEST(session_keeps_to_its_own_limit_of_requests_whatever_is_granted),
        TEST(session_waits_while_the_link_takes_nothing_and_then_sends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
