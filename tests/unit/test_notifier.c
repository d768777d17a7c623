/* The notifier, step by step, against replies of a script. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/lib/notifier_world.h"

static void notifier_makes_one_digest_per_recipient_and_day(void **state)
{
    (void)state;
    for (uint16_t i = 0; i < 6; i++)
        world_remind(10, i, i % 3, 100);
    for (uint16_t i = 0; i < 4; i++)
        world_remind(20, i, i % 2, 101);
    world_run_for(5000);
    world_each_told_once();
    assert_int_equal(world.letters, 5);
    assert_non_null(world_letter_to("u02", 100, 1));
    assert_null(world_letter_to("u02", 101, 1));
    assert_non_null(strstr(world_letter_to("u00", 101, 1)->body, "Kính gửi: Sở Y tế\n"));
    assert_int_equal(world.commands, 2); /* the first day's need not wait for the second's */
    assert_int_equal(world.command_refs[0], 6);
    assert_int_equal(world.command_refs[1], 4);
}

static void notifier_waits_for_quiet_before_it_delivers_a_day(void **state)
{
    (void)state;
    world_remind(10, 0, 0, 100);
    world_run_for(1000);
    assert_int_equal(world.letters, 0);
    world_remind(11, 0, 0, 100); /* the same day, an entry later */
    world_run_for(1400);
    assert_int_equal(world.letters, 0);
    world_run_for(3000);
    assert_int_equal(world.letters, 1);
    world_each_told_once();
}

static void notifier_makes_a_second_digest_for_a_day_that_was_delivered(void **state)
{
    (void)state;
    world_remind(10, 0, 0, 100);
    world_run_for(5000);
    world_remind(11, 0, 0, 100);
    world_run_for(5000);
    assert_int_equal(world.letters, 2);
    assert_non_null(world_letter_to("u00", 100, 2));
    world_each_told_once();
}

static void notifier_polls_twice_a_second_when_there_is_nothing(void **state)
{
    (void)state;
    int steps = world_run_for(10 * DD_NOTIFIER_POLL_MS - 1);
    assert_int_equal(steps, 10);
    assert_int_equal(world.asked_reminders, 10);
    assert_int_equal(world.asked_units, 0);
}

static void notifier_reads_on_at_once_while_pages_come(void **state)
{
    (void)state;
    world.page = 7;
    for (uint16_t i = 0; i < 70; i++)
        world_remind(10, i, i % WORLD_UNITS, 100);
    world_run_for(DD_NOTIFIER_POLL_MS - 1);
    assert_int_equal(world.asked_reminders, 10);
    assert_int_equal(world.asked_units, 3); /* twelve units, five a page, once */
    world_run_for(5000);
    world_each_told_once();
    assert_int_equal(world.letters, WORLD_UNITS);
}

static void notifier_goes_on_from_its_cursor_also_after_a_crash(void **state)
{
    (void)state;
    world_remind(10, 65535, 0, 100);
    world_run_for(5000);
    assert_int_equal(world.last_seq_asked, 11);
    world_crash();
    world_remind(12, 3, 0, 100);
    world_run_for(5000);
    assert_int_equal(world.last_seq_asked, 12);
    world_each_told_once();
}

static void notifier_asks_for_names_again_when_they_are_old_or_one_is_unknown(void **state)
{
    (void)state;
    world.units = 4;
    world_remind(10, 0, 0, 100);
    world_run_for(5000);
    assert_int_equal(world.asked_units, 1);
    world_remind(11, 0, 1, 101);
    world_run_for(5000);
    assert_int_equal(world.asked_units, 1);
    world_remind(12, 0, 7, 102); /* nobody tells its name: the code serves */
    world_run_for(5000);
    assert_int_equal(world.asked_units, 2);
    assert_non_null(strstr(world_letter_to("u07", 102, 1)->body, "Kính gửi: u07\n"));
    world_run_for(DD_NOTIFIER_NAMES_MS);
    assert_int_equal(world.asked_units, 2);
    world_remind(13, 0, 1, 103);
    world_run_for(5000);
    assert_int_equal(world.asked_units, 3);
    world_each_told_once();
}

static void notifier_asks_each_cycle_once_what_its_stages_are_called(void **state)
{
    (void)state;
    world_remind(10, 0, 0, 100);
    world_remind(10, 1, 1, 100);
    world_remind(10, 2, 1, 100);
    world.reminder[2].line.cycle = dd_slice_of("plans/2014");
    world_run_for(5000);
    assert_int_equal(world.asked_cycles, 2);
    assert_non_null(strstr(world_letter_to("u00", 100, 1)->body, "- Chỉ tiêu <10.0> (plans/2013)"));
    assert_non_null(strstr(world_letter_to("u01", 100, 1)->body, "- Chỉ tiêu <10.2> (plans/2014)"));
    world_run_for(DD_NOTIFIER_NAMES_MS);
    world_remind(11, 0, 0, 101);
    world_run_for(5000);
    assert_int_equal(world.asked_cycles, 2); /* a cycle keeps its programme */
    world_crash();
    world_remind(12, 0, 0, 102);
    world_run_for(5000);
    assert_int_equal(world.asked_cycles, 3);
    world_each_told_once();
}

static void notifier_calls_duties_by_their_keys_where_there_are_no_names(void **state)
{
    (void)state;
    world.cycle_unknown = true;
    world_remind(10, 0, 0, 100);
    world_run_for(5000);
    assert_non_null(strstr(world_letter_to("u00", 100, 1)->body, "- indicator/<10.0> (plans"));
    assert_int_equal(world.refused.status, DD_NOT_FOUND);
    world_remind(11, 0, 0, 101);
    world_run_for(5000);
    assert_int_equal(world.asked_cycles, 1);
    world_each_told_once();
}

static void notifier_tells_nobody_of_a_duty_that_silence_has_ended(void **state)
{
    static const enum dd_silence silences[] = {DD_SILENCE_LAPSES, DD_SILENCE_AGREES,
                                               DD_SILENCE_NO_NEED, DD_SILENCE_NOT_YES};
    for (size_t i = 0; i < 4; i++) {
        (void)world_end(state);
        (void)world_make(state);
        world.silence = silences[i];
        world_remind(10, 0, 0, 100);
        world_remind(10, 1, 0, 100);
        world.reminder[0].line.at_ms = world.reminder[0].line.bound_ms;
        world.reminder[1].line.bound_ms = world.reminder[1].line.at_ms + 1;
        world_run_for(5000);
        const struct world_letter *letter = world_letter_to("u00", 100, 1);
        assert_non_null(letter);
        assert_null(strstr(letter->body, "<10.0>"));
        assert_non_null(strstr(letter->body, "<10.1>"));
        assert_int_equal(world.letters, 1);
        assert_int_equal(world.reminder[0].noted, 0);
        assert_int_equal(world.reminder[1].noted, 1);
        assert_int_equal(world.last_seq_asked, 10);
        assert_true(dd_notifier_machine_idle(world.machine));
    }
}

static void notifier_tells_of_a_missing_duty_also_after_its_bound(void **state)
{
    (void)state;
    world_remind(10, 0, 0, 100);
    world.reminder[0].line.bound_ms = world.reminder[0].line.at_ms;
    world_run_for(5000);
    world_each_told_once();
}

static void notifier_reports_in_commands_of_limited_size(void **state)
{
    (void)state;
    world.page = WORLD_REMINDERS_MAX;
    for (uint16_t i = 0; i < DD_OUTBOX_REFS_MAX + 1; i++)
        world_remind(10, i, 0, 100);
    world_run_for(5000);
    world_each_told_once();
    assert_int_equal(world.letters, 1);
    assert_int_equal(world.commands, 2);
    assert_int_equal(world.command_refs[0], DD_OUTBOX_REFS_MAX);
    assert_int_equal(world.command_refs[1], 1);
}

static void notifier_passes_over_what_the_log_says_was_told(void **state)
{
    (void)state;
    world_remind(10, 0, 0, 100);
    world.reminder[0].line.delivered_ms = 5;
    world_run_for(5000);
    assert_int_equal(world.letters, 0);
    assert_int_equal(world.commands, 0);
    assert_int_equal(world.last_seq_asked, 10);
    assert_true(dd_notifier_machine_idle(world.machine));
}

static void notifier_asks_again_when_there_is_silence(void **state)
{
    (void)state;
    world_remind(10, 0, 0, 100);
    world.silent = true;
    world_run_for(2 * DD_NOTIFIER_ANSWER_MS + 1000);
    assert_int_equal(world.asked_reminders,
                     3); /* each with an id of its own: world_answer() looks */
    world.silent = false;
    world_run_for(20000);
    world_each_told_once();
}

static void notifier_sends_the_same_command_when_its_answer_is_lost(void **state)
{
    (void)state;
    world_remind(10, 0, 0, 100);
    while (world.commands == 0) {
        int64_t wake_ms;
        while (world.commands == 0 && world_step(&wake_ms))
            world.silent = world.letters == 1;
        world.now_ms += world.commands == 0;
    }
    world.silent = false;
    world_crash(); /* the command is in the log, the answer never came */
    world_run_for(20000);
    assert_int_equal(world.commands, 1);
    world_each_told_once();
}

static void notifier_waits_longer_and_longer_while_the_broker_is_busy(void **state)
{
    static const enum dd_status statuses[] = {DD_UNAVAILABLE, DD_BUSY, DD_READ_ONLY};
    (void)state;
    world_remind(10, 0, 0, 100);
    for (size_t i = 0; i < 3; i++) {
        world.question_status = statuses[i];
        world.refused.status = DD_OK;
        int steps = world_run_for(60000);
        assert_in_range(steps, 5, 16);
        assert_int_equal(world.refused.status, statuses[i]);
    }
    world.question_status = DD_OK;
    world_run_for(20000);
    world_each_told_once();
}

static void notifier_reads_and_delivers_while_the_log_is_read_only(void **state)
{
    (void)state;
    world.command_status = DD_READ_ONLY;
    world_remind(10, 0, 0, 100);
    world_run_for(5000);
    world_remind(11, 0, 0, 101);
    world_run_for(5000);
    assert_int_equal(world.letters, 2);
    assert_int_equal(world.reminder[0].noted, 0);
    world.command_status = DD_OK;
    world.commands = 0; /* what is not taken is not remembered */
    world_run_for(20000);
    world_each_told_once();
}

static void notifier_reports_under_another_id_after_a_refusal_and_not_often(void **state)
{
    (void)state;
    world_remind(10, 0, 0, 100);
    world.command_status = DD_FORBIDDEN;
    world_run_for(DD_NOTIFIER_REFUSED_MS);
    assert_int_equal(world.commands, 1);
    world_run_for(10000);
    assert_int_equal(world.commands, 2);
    world_crash();
    world_run_for(1000); /* a new process tries at once, the refused id is not used again */
    assert_int_equal(world.commands, 2);
    world_run_for(2 * DD_NOTIFIER_REFUSED_MS);
    assert_true(world.commands >= 3);
    world.command_status = DD_OK;
    world_run_for(3 * DD_NOTIFIER_REFUSED_MS_MAX);
    world_each_told_once();
    assert_int_equal(world.letters, 1);
}

static void notifier_may_be_denied_questions_and_goes_on_when_allowed(void **state)
{
    (void)state;
    world_remind(10, 0, 0, 100);
    world.question_status = DD_FORBIDDEN;
    assert_in_range(world_run_for(600000), 5, 16);
    world.question_status = DD_OK;
    world_run_for(DD_NOTIFIER_DENIED_MS_MAX + 20000);
    world_each_told_once();
}

static void notifier_follows_while_letters_cannot_be_delivered(void **state)
{
    static const enum dd_status statuses[] = {DD_NO_SPACE, DD_IO};
    (void)state;
    for (uint64_t i = 0; i < 2; i++) {
        world.put_status = statuses[i];
        world_remind(10 + 2 * i, 0, 0, (int32_t)(100 + 2 * i));
        world_run_for(30000);
        world_remind(11 + 2 * i, 0, 0, (int32_t)(101 + 2 * i));
        world_run_for(30000);
        assert_int_equal(world.letters, 2 * i);
        assert_int_equal(world.last_seq_asked, 11 + 2 * i);
        world.put_status = DD_OK;
        world_run_for(30000);
        world_each_told_once();
    }
}

static void notifier_passes_over_frames_that_are_no_answer_to_it(void **state)
{
    static const uint8_t noise[] = {0xff, 0x00, 0x13};
    struct dd_notifier_output out;
    (void)state;
    world_remind(10, 0, 0, 100);
    dd_notifier_machine_tick(world.machine, world.now_ms, &out);
    struct dd_slice right = world_answer(&out);
    struct dd_slice frames[4] = {
        {NULL, 0}, dd_slice_of("MDPC01"), dd_slice_of("dondoc.bacgiang"), {noise, sizeof noise}};
    dd_notifier_machine_receive(world.machine, frames, 4, world.now_ms);
    dd_notifier_machine_receive(world.machine, frames, 3, world.now_ms);
    dd_notifier_machine_receive(world.machine, frames, 0, world.now_ms);
    frames[3] = right;
    frames[2] = dd_slice_of("dondoc.hue");
    dd_notifier_machine_receive(world.machine, frames, 4, world.now_ms);
    frames[2] = dd_slice_of("dondoc.bacgiang");
    frames[1] = dd_slice_of("MDPC02");
    dd_notifier_machine_receive(world.machine, frames, 4, world.now_ms);
    dd_notifier_machine_tick(world.machine, world.now_ms, &out);
    assert_int_equal(out.frame_count, 0); /* it still waits */
    world_receive(right);
    world_receive(right);
    world_run_for(5000);
    world_each_told_once();
}

static void notifier_stores_no_line_whose_unit_is_no_code(void **state)
{
    (void)state;
    world_remind(10, 0, 0, 100);
    world.reminder[0].line.to_unit = dd_slice_of("../escape");
    world_run_for(20000);
    assert_int_equal(world.letters, 0);
    assert_int_equal(world.last_seq_asked, 0);
    world.reminder[0].line.to_unit = dd_slice_of("u00");
    world_run_for(20000);
    world_each_told_once();
}

static void notifier_stops_when_its_outbox_cannot_be_trusted(void **state)
{
    struct dd_notifier_output out = {0};
    (void)state;
    world_remind(10, 0, 0, 100);
    while (!out.job) {
        dd_notifier_machine_tick(world.machine, world.now_ms, &out);
        if (out.frame_count > 0)
            world_receive(world_answer(&out));
    }
    world_do_job(out.job);
    out.job->status = DD_IO;
    dd_notifier_machine_done(world.machine, world.now_ms);
    assert_int_equal(world_run_for(60000), 0);
    assert_int_equal(world.failed, DD_IO);
}

static void notifier_tries_the_outbox_again_when_the_disk_was_full(void **state)
{
    struct dd_notifier_output out = {0};
    (void)state;
    world_remind(10, 0, 0, 100);
    while (!out.job) {
        dd_notifier_machine_tick(world.machine, world.now_ms, &out);
        if (out.frame_count > 0)
            world_receive(world_answer(&out));
    }
    out.job->status = DD_NO_SPACE;
    dd_notifier_machine_done(world.machine, world.now_ms);
    world_run_for(10000);
    world_each_told_once();
}

static void notifier_whose_frames_cannot_leave_tries_again_soon(void **state)
{
    struct dd_notifier_output out;
    (void)state;
    dd_notifier_machine_tick(world.machine, world.now_ms, &out);
    assert_int_equal(out.frame_count, 4);
    dd_notifier_machine_unsent(world.machine, world.now_ms);
    dd_notifier_machine_tick(world.machine, world.now_ms, &out);
    assert_int_equal(out.frame_count, 0);
    assert_int_equal(out.wake_ms, world.now_ms + DD_NOTIFIER_RETRY_MS);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, world_make, world_end)
    const struct CMUnitTest tests[] = {
        CASE(notifier_makes_one_digest_per_recipient_and_day),
        CASE(notifier_waits_for_quiet_before_it_delivers_a_day),
        CASE(notifier_makes_a_second_digest_for_a_day_that_was_delivered),
        CASE(notifier_polls_twice_a_second_when_there_is_nothing),
        CASE(notifier_reads_on_at_once_while_pages_come),
        CASE(notifier_goes_on_from_its_cursor_also_after_a_crash),
        CASE(notifier_asks_for_names_again_when_they_are_old_or_one_is_unknown),
        CASE(notifier_asks_each_cycle_once_what_its_stages_are_called),
        CASE(notifier_calls_duties_by_their_keys_where_there_are_no_names),
        CASE(notifier_tells_nobody_of_a_duty_that_silence_has_ended),
        CASE(notifier_tells_of_a_missing_duty_also_after_its_bound),
        CASE(notifier_reports_in_commands_of_limited_size),
        CASE(notifier_passes_over_what_the_log_says_was_told),
        CASE(notifier_asks_again_when_there_is_silence),
        CASE(notifier_sends_the_same_command_when_its_answer_is_lost),
        CASE(notifier_waits_longer_and_longer_while_the_broker_is_busy),
        CASE(notifier_reads_and_delivers_while_the_log_is_read_only),
        CASE(notifier_reports_under_another_id_after_a_refusal_and_not_often),
        CASE(notifier_may_be_denied_questions_and_goes_on_when_allowed),
        CASE(notifier_follows_while_letters_cannot_be_delivered),
        CASE(notifier_passes_over_frames_that_are_no_answer_to_it),
        CASE(notifier_stores_no_line_whose_unit_is_no_code),
        CASE(notifier_stops_when_its_outbox_cannot_be_trusted),
        CASE(notifier_tries_the_outbox_again_when_the_disk_was_full),
        CASE(notifier_whose_frames_cannot_leave_tries_again_soon),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
