/* What replies do to the client's session: results, answers, refusals, strange bytes. */
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

/* ---- answers ---- */

static void session_hands_out_what_the_server_said(void **state)
{
    struct session_script *f = *state;
    struct dd_reply reply;

    script_submit(f, 0, 3);
    dd_session_tick(f->session, 0);
    reply = script_reply_to(f, 0, 64, DD_OK);
    reply.results[1].refusal = (struct dd_refusal){
        .status = DD_REFUSED, .rule = DD_RULE_EMPTY_DRAFT, .field = "cycle", .param = {"a", "b"}};
    reply.results[2].remembered = true;
    script_deliver(f, 1, &reply);
    script_assert_outcome(f, 0, DD_OK);
    assert_int_equal(f->seen[0].outcome.seq, 100);
    assert_false(f->seen[0].outcome.remembered);
    assert_int_equal(f->seen[0].outcome.now_ms, 5000);
    script_assert_outcome(f, 1, DD_REFUSED);
    assert_int_equal(f->seen[1].outcome.refusal.rule, DD_RULE_EMPTY_DRAFT);
    assert_string_equal(f->seen[1].outcome.refusal.field, "cycle");
    assert_string_equal(f->seen[1].outcome.refusal.param[1], "b");
    assert_int_equal(f->seen[1].outcome.seq, 101);
    script_assert_outcome(f, 2, DD_OK);
    assert_true(f->seen[2].outcome.remembered);
    assert_int_equal(dd_session_last_seq(f->session), 102);
    assert_int_equal(dd_session_server_ms(f->session), 5000);
    assert_int_equal(dd_session_pending(f->session), 0);
    assert_true(dd_session_tick(f->session, 2) == DD_SESSION_NEVER_MS);
}

static void session_completes_all_of_a_request_that_was_refused_for_good(void **state)
{
    static const enum dd_status final[] = {DD_KEY_UNKNOWN, DD_KEY_EXPIRED, DD_KEY_NOT_YET_VALID,
                                           DD_NO_SERVICE,  DD_VERSION,     DD_INVALID,
                                           DD_TOO_LARGE,   DD_ID_CONFLICT};
    struct session_script *f = *state;

    for (size_t i = 0; i < sizeof final / sizeof final[0]; i++) {
        script_submit(f, 0, 2);
        dd_session_tick(f->session, 0);
        assert_int_equal(f->sent_count, i + 1);
        script_refuse(f, 1, i, 64, final[i]);
        script_assert_outcome(f, 2 * i, final[i]);
        script_assert_outcome(f, 2 * i + 1, final[i]);
        assert_string_equal(f->seen[2 * i].outcome.refusal.field, "somewhere");
    }
}

static void session_takes_an_unknown_status_as_final_and_keeps_its_number(void **state)
{
    struct session_script *f = *state;
    struct dd_reply reply;

    script_submit(f, 0, 2);
    dd_session_tick(f->session, 0);
    reply = script_reply_to(f, 0, 64, DD_OK);
    reply.results[0].refusal.status = (enum dd_status)977;
    reply.results[0].refusal.rule = (enum dd_rule)555;
    script_deliver(f, 1, &reply);
    script_assert_outcome(f, 0, (enum dd_status)977);
    assert_int_equal(f->seen[0].outcome.refusal.rule, 555);
    script_assert_outcome(f, 1, DD_OK);
}

static void session_matches_a_result_without_an_id_by_its_place(void **state)
{
    struct session_script *f = *state;
    struct dd_reply reply;

    script_submit(f, 0, 3);
    dd_session_tick(f->session, 0);
    reply = script_reply_to(f, 0, 64, DD_OK);
    memset(&reply.results[1].id, 0, sizeof reply.results[1].id);
    reply.results[1].refusal.status = DD_INVALID;
    script_deliver(f, 1, &reply);
    script_assert_outcome(f, 0, DD_OK);
    script_assert_outcome(f, 1, DD_INVALID);
    script_assert_outcome(f, 2, DD_OK);
}

static void session_matches_results_by_id_whatever_their_order(void **state)
{
    struct session_script *f = *state;
    struct dd_reply reply;
    struct dd_result first;

    script_submit(f, 0, 3);
    dd_session_tick(f->session, 0);
    reply = script_reply_to(f, 0, 64, DD_OK);
    first = reply.results[0];
    reply.results[0] = reply.results[2];
    reply.results[2] = first;
    script_deliver(f, 1, &reply);
    for (size_t i = 0; i < 3; i++) {
        script_assert_outcome(f, i, DD_OK);
        assert_int_equal(f->seen[i].outcome.seq, 100 + i);
    }
}

static void session_asks_again_for_results_that_are_missing(void **state)
{
    struct session_script *f = *state;
    struct dd_reply reply;

    script_submit(f, 0, 2);
    dd_session_tick(f->session, 0);
    reply = script_reply_to(f, 0, 64, DD_OK);
    reply.results[1].id = script_id_of(700);
    script_deliver(f, 1, &reply);
    script_assert_outcome(f, 0, DD_OK);
    assert_int_equal(f->seen[1].count, 0);
    dd_session_tick(f->session, 100);
    assert_int_equal(f->sent_count, 2);
    assert_int_equal(f->sent[1].command_count, 1);
    assert_int_equal(script_number_in(&f->sent[1], 0), 1);
}

static void session_counts_strange_messages_and_goes_on(void **state)
{
    struct session_script *f = *state;
    const struct dd_slice good[] = {dd_slice_of(""), dd_slice_of("MDPC01"),
                                    dd_slice_of("dondoc.bacgiang"), dd_slice_of("")};
    struct dd_slice bad[4];
    struct dd_reply reply;
    uint8_t other[20];

    script_submit(f, 0, 1);
    dd_session_tick(f->session, 0);
    dd_session_receive(f->session, 1, good, 3);
    for (size_t i = 0; i < 4; i++) {
        memcpy(bad, good, sizeof bad);
        bad[i] = dd_slice_of("other");
        dd_session_receive(f->session, 1, bad, 4);
    }
    reply = script_reply_to(f, 0, 64, DD_OK);
    reply.request_id = dd_slice_of("a stranger's id");
    script_deliver(f, 1, &reply);
    memcpy(other, f->sent[0].request_id.data, sizeof other);
    other[0] ^= 1; /* of another session */
    reply.request_id = (struct dd_slice){other, sizeof other};
    script_deliver(f, 1, &reply);
    assert_int_equal(dd_session_counters(f->session)->strange, 7);
    assert_int_equal(f->seen[0].count, 0);
    script_answer(f, 2, 0, 64, DD_OK);
    script_assert_outcome(f, 0, DD_OK);
}

/* ---- questions and the clock ---- */

static void ask_hello(struct session_script *f, int64_t now_ms)
{
    const struct dd_question question = {.kind = DD_QUESTION_HELLO};

    assert_int_equal(dd_session_ask(f->session, now_ms, &question, script_on_answer, f), DD_OK);
}

static void answer_question(struct session_script *f, int64_t now_ms, size_t at,
                            enum dd_question_kind kind, uint64_t seq)
{
    struct dd_reply reply = {
        .request_id = f->sent[at].request_id, .credit = 64, .has_answer = true};

    reply.answer.kind = kind;
    reply.answer.seq = seq;
    script_deliver(f, now_ms, &reply);
}

static void session_asks_and_hands_out_the_answer(void **state)
{
    struct session_script *f = *state;
    const struct dd_question question = {.kind = DD_QUESTION_TABLE,
                                         .cycle = dd_slice_of("key-tasks/2013"),
                                         .period = dd_slice_of("H1"),
                                         .after = dd_slice_of("\1\2")};

    assert_int_equal(dd_session_ask(f->session, 0, &question, script_on_answer, f), DD_OK);
    dd_session_tick(f->session, 0);
    assert_true(f->sent[0].has_question);
    assert_int_equal(f->sent[0].question.kind, DD_QUESTION_TABLE);
    assert_true(dd_slice_equal(f->sent[0].question.cycle, dd_slice_of("key-tasks/2013")));
    assert_true(dd_slice_equal(f->sent[0].question.period, dd_slice_of("H1")));
    assert_true(dd_slice_equal(f->sent[0].question.after, dd_slice_of("\1\2")));
    answer_question(f, 1, 0, DD_QUESTION_TABLE, 77);
    assert_int_equal(f->answer.count, 1);
    assert_int_equal(f->answer.status, DD_OK);
    assert_int_equal(f->answer.kind, DD_QUESTION_TABLE);
    assert_int_equal(dd_session_last_seq(f->session), 77);
}

static void session_asks_for_what_it_wrote_unless_told_otherwise(void **state)
{
    struct session_script *f = *state;
    const struct dd_question question = {.kind = DD_QUESTION_HELLO, .min_seq = 5};

    script_submit(f, 0, 3);
    dd_session_tick(f->session, 0);
    script_answer(f, 1, 0, 64, DD_OK);
    ask_hello(f, 1);
    assert_int_equal(dd_session_ask(f->session, 1, &question, script_on_answer, f), DD_OK);
    dd_session_tick(f->session, 1);
    assert_int_equal(f->sent[1].question.min_seq, 102);
    assert_int_equal(f->sent[2].question.min_seq, 5);
}

static void session_asks_again_and_takes_an_answer_to_any_attempt(void **state)
{
    struct session_script *f = *state;
    int64_t now_ms;

    ask_hello(f, 0);
    now_ms = dd_session_tick(f->session, 0);
    now_ms = dd_session_tick(f->session, now_ms);
    dd_session_tick(f->session, now_ms);
    assert_int_equal(f->sent_count, 2);
    assert_false(dd_slice_equal(f->sent[0].request_id, f->sent[1].request_id));
    script_refuse(f, now_ms, 0, 64, DD_BUSY); /* of the first attempt: says nothing of the second */
    assert_int_equal(f->answer.count, 0);
    answer_question(f, now_ms, 0, DD_QUESTION_HELLO, 9);
    assert_int_equal(f->answer.count, 1);
    answer_question(f, now_ms, 1, DD_QUESTION_HELLO, 9);
    assert_int_equal(f->answer.count, 1);
}

static void session_asks_again_when_put_off_and_ends_with_the_last_word(void **state)
{
    struct session_script *f = *state;
    int64_t now_ms = 0;
    size_t refused = 0;

    ask_hello(f, 0);
    while (f->answer.count == 0) {
        now_ms = dd_session_tick(f->session, now_ms);
        while (refused < f->sent_count)
            script_refuse(f, now_ms, refused++, 64, DD_UNAVAILABLE);
    }
    assert_true(refused > 3);
    assert_int_equal(f->answer.status, DD_UNAVAILABLE);
    assert_true(now_ms >= SCRIPT_TIMEOUT_MS);
}

static void session_goes_on_with_commands_while_a_question_is_put_off(void **state)
{
    struct session_script *f = *state;

    ask_hello(f, 0);
    script_submit(f, 0, 1);
    dd_session_tick(f->session, 0);
    script_refuse(f, 0, 0, 64, DD_BUSY);
    dd_session_tick(f->session, 0);
    assert_int_equal(f->sent_count, 2);
    assert_int_equal(f->sent[1].command_count, 1);
}

static void session_refuses_an_answer_to_another_question(void **state)
{
    struct session_script *f = *state;

    ask_hello(f, 0);
    dd_session_tick(f->session, 0);
    answer_question(f, 1, 0, DD_QUESTION_UNITS, 9);
    assert_int_equal(f->answer.status, DD_FORMAT);
    assert_int_equal(f->answer.refusal.status, DD_FORMAT);
    assert_int_equal(f->answer.kind, 0);
}

static void session_hands_out_the_refusal_of_a_question(void **state)
{
    struct session_script *f = *state;

    ask_hello(f, 0);
    dd_session_tick(f->session, 0);
    script_refuse(f, 1, 0, 64, DD_FORBIDDEN);
    assert_int_equal(f->answer.status, DD_FORBIDDEN);
    assert_string_equal(f->answer.refusal.field, "somewhere");
}

static void session_refuses_to_queue_a_question_that_cannot_be_sent(void **state)
{
    struct session_script *f = *state;
    struct dd_question question = {.kind = DD_QUESTION_CYCLE,
                                   .cycle = {(const uint8_t *)"a\0b", 3}};
    static uint8_t large[DD_REQUEST_BYTES_MAX];

    assert_int_equal(dd_session_ask(f->session, 0, &question, script_on_answer, f), DD_INVALID);
    question = (struct dd_question){.kind = DD_QUESTION_HELLO, .after = {large, sizeof large}};
    assert_int_equal(dd_session_ask(f->session, 0, &question, script_on_answer, f), DD_TOO_LARGE);
    assert_int_equal(dd_session_pending(f->session), 0);
}

static void session_moves_the_clock_by_a_request_of_its_own(void **state)
{
    struct session_script *f = *state;
    struct dd_reply reply = {.credit = 64};

    script_submit(f, 0, 1);
    assert_int_equal(dd_session_clock_advance(f->session, 0, 1357866000000, script_on_answer, f),
                     DD_OK);
    script_submit(f, 0, 1);
    dd_session_tick(f->session, 0);
    assert_int_equal(f->sent[0].command_count, 2);
    script_answer(f, 1, 0, 64, DD_OK);
    dd_session_tick(f->session, 1);
    assert_true(f->sent[1].has_clock_advance);
    assert_int_equal(f->sent[1].clock_to_ms, 1357866000000);
    reply.request_id = f->sent[1].request_id;
    script_deliver(f, 2, &reply);
    assert_int_equal(f->answer.count, 1);
    assert_int_equal(f->answer.status, DD_OK);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, script_open, script_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(session_hands_out_what_the_server_said),
        TEST(session_completes_all_of_a_request_that_was_refused_for_good),
        TEST(session_takes_an_unknown_status_as_final_and_keeps_its_number),
        TEST(session_matches_a_result_without_an_id_by_its_place),
        TEST(session_matches_results_by_id_whatever_their_order),
        TEST(session_asks_again_for_results_that_are_missing),
        TEST(session_counts_strange_messages_and_goes_on),
        TEST(session_asks_and_hands_out_the_answer),
        TEST(session_asks_for_what_it_wrote_unless_told_otherwise),
        TEST(session_asks_again_and_takes_an_answer_to_any_attempt),
        TEST(session_asks_again_when_put_off_and_ends_with_the_last_word),
        TEST(session_goes_on_with_commands_while_a_question_is_put_off),
        TEST(session_refuses_an_answer_to_another_question),
        TEST(session_hands_out_the_refusal_of_a_question),
        TEST(session_refuses_to_queue_a_question_that_cannot_be_sent),
        TEST(session_moves_the_clock_by_a_request_of_its_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
