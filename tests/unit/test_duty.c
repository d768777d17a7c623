/* Duties by themselves: how they arise, end, open again and are walked; their names; bounds at the
 * edges of the calendar. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/lib/rules_cast.h"

static struct cast cast;
static struct dd_process process;

static int open_cast(void **state)
{
    (void)state;
    cast_ready(&cast, 1);
    assert_true(dd_process_get(&cast.view, 1, &process));
    return 0;
}

static int close_cast(void **state)
{
    (void)state;
    cast_free(&cast);
    return 0;
}

static const struct dd_duty_key some = {1, CAST_A1, CAST_APPRAISE, 7, 0};
static const int64_t now_ms = 1358000000000; /* 2013-01-12T21:13:20+07:00 */

static size_t due_rows(void)
{
    return naive_count(&cast.rows, DD_TABLE_DUE);
}

static struct dd_duty_row get(void)
{
    return cast_duty(&cast, some.unit, some.stage, some.a, some.b);
}

static void a_process_is_found_by_code_and_number(void **state)
{
    struct dd_process found;
    (void)state;
    assert_true(dd_process_find(&cast.view, dd_slice_of("key-tasks/2013"), &found));
    assert_int_equal(found.number, 1);
    assert_int_equal(found.programme.stage_count, CAST_STAGES);
    assert_false(dd_process_find(&cast.view, dd_slice_of("key-tasks/2014"), &found));
    assert_false(dd_process_find(&cast.view, dd_slice_of(""), &found));
    assert_false(dd_process_get(&cast.view, 2, &found));
}

static void a_duty_without_a_bound_is_never_late_nor_due(void **state)
{
    (void)state;
    size_t due = due_rows();
    dd_duty_arise(&cast.view, &process, &some, INT32_MAX, now_ms);
    assert_int_equal(get().bound_ms, INT64_MAX);
    assert_int_equal(get().next_at_ms, INT64_MAX);
    assert_int_equal(due_rows(), due);
    assert_int_equal(dd_duty_met(&cast.view, &process, &some, INT64_MAX - 1), DD_END_ON_TIME);
}

static void a_duty_without_a_bound_may_count_working_days(void **state)
{
    (void)state;
    process.programme.stage[CAST_APPRAISE].working_days = true;
    process.programme.stage[CAST_APPRAISE].rung_count = 1;
    dd_duty_arise(&cast.view, &process, &some, INT32_MAX, now_ms);
    assert_int_equal(get().next_at_ms, INT64_MAX);
}

static void an_act_just_before_the_bound_is_on_time_and_at_it_late(void **state)
{
    (void)state;
    assert_int_equal(dd_duty_met(&cast.view, &process, &some, now_ms), 0);
    dd_duty_arise(&cast.view, &process, &some, cast_day("2013-02-01"), now_ms);
    int64_t bound_ms = cast_at("2013-02-02T00:00");
    assert_int_equal(get().bound_ms, bound_ms);
    assert_int_equal(dd_duty_met(&cast.view, &process, &some, bound_ms - 1), DD_END_ON_TIME);
    assert_int_equal(dd_duty_met(&cast.view, &process, &some, bound_ms), DD_END_LATE);
}

static void a_duty_ends_once_and_keeps_how(void **state)
{
    (void)state;
    size_t due = due_rows();
    process.programme.stage[CAST_APPRAISE].rung_count = 1;
    dd_duty_arise(&cast.view, &process, &some, cast_day("2013-02-01"), now_ms);
    assert_int_equal(due_rows(), due + 1);
    dd_duty_end(&cast.view, &some, DD_END_LATE, now_ms + 5, 42);
    assert_int_equal(due_rows(), due);
    dd_duty_end(&cast.view, &some, DD_END_ON_TIME, now_ms + 6, 43);
    assert_int_equal(get().end, DD_END_LATE);
    assert_int_equal(get().ended_ms, now_ms + 5);
    assert_int_equal(get().ended_seq, 42);
    assert_int_equal(dd_duty_met(&cast.view, &process, &some, now_ms), 0);
    dd_duty_reopen(&cast.view, &process, &some, now_ms + 7);
    assert_int_equal(get().end, DD_END_OPEN);
    assert_int_equal(get().ended_seq, 0);
    assert_int_equal(due_rows(), due + 1);
    dd_duty_reopen(&cast.view, &process, &some, now_ms + 8);
    assert_int_equal(due_rows(), due + 1);
}

static void a_duty_of_a_closed_cycle_opens_without_waking_time(void **state)
{
    (void)state;
    size_t due = due_rows();
    process.programme.stage[CAST_APPRAISE].rung_count = 1;
    dd_duty_arise(&cast.view, &process, &some, cast_day("2013-02-01"), now_ms);
    dd_duty_end(&cast.view, &some, DD_END_LATE, now_ms + 5, 42);
    process.cycle.state = DD_CYCLE_CLOSED;
    dd_duty_reopen(&cast.view, &process, &some, now_ms + 7);
    assert_int_equal(get().end, DD_END_OPEN);
    assert_int_equal(due_rows(), due);
}

static void a_duty_that_arises_anew_forgets_the_old_deadline(void **state)
{
    (void)state;
    size_t due = due_rows();
    process.programme.stage[CAST_APPRAISE].rung_count = 1;
    dd_duty_arise(&cast.view, &process, &some, cast_day("2013-02-01"), now_ms);
    dd_duty_rung_reached(&cast.view, &process, &some);
    assert_int_equal(get().next_rung, 1);
    dd_duty_arise(&cast.view, &process, &some, cast_day("2013-03-01"), now_ms + 1);
    assert_int_equal(get().next_rung, 0);
    assert_int_equal(get().next_at_ms, cast_at("2013-03-01T08:00"));
    dd_duty_arise(&cast.view, &process, &some, cast_day("2013-04-01"), now_ms + 1);
    assert_int_equal(due_rows(), due + 1);
}

static void a_rung_at_the_instant_at_which_the_duty_arose_is_not_skipped(void **state)
{
    int64_t rung_ms = cast_at("2013-02-01T08:00");
    (void)state;
    process.programme.stage[CAST_APPRAISE].rung_count = 1;
    dd_duty_arise(&cast.view, &process, &some, cast_day("2013-02-01"), rung_ms);
    assert_int_equal(get().next_at_ms, rung_ms);
    dd_duty_arise(&cast.view, &process, &some, cast_day("2013-02-01"), rung_ms + 1);
    assert_int_equal(get().next_at_ms, INT64_MAX);
}

static void rungs_may_count_working_days(void **state)
{
    (void)state;
    struct dd_stage *stage = &process.programme.stage[CAST_APPRAISE];
    stage->working_days = true;
    stage->rung_count = 2;
    stage->rung[0] = -1;
    stage->rung[1] = 1;
    dd_duty_arise(&cast.view, &process, &some, cast_day("2013-02-04"), now_ms); /* a Monday */
    assert_int_equal(get().next_at_ms, cast_at("2013-02-01T08:00"));
    dd_duty_rung_reached(&cast.view, &process, &some);
    assert_int_equal(get().next_at_ms, cast_at("2013-02-05T08:00"));
    dd_duty_rung_reached(&cast.view, &process, &some);
    assert_int_equal(get().next_at_ms, INT64_MAX);
}

static void silence_lapses_at_the_bound_before_a_later_rung(void **state)
{
    (void)state;
    struct dd_stage *stage = &process.programme.stage[CAST_APPRAISE];
    stage->silence = DD_SILENCE_LAPSES;
    stage->rung_count = 2;
    stage->rung[0] = 0;
    stage->rung[1] = 1;
    dd_duty_arise(&cast.view, &process, &some, cast_day("2013-02-01"), now_ms);
    struct dd_duty_row duty = get();
    assert_int_equal(duty.next_at_ms, cast_at("2013-02-01T08:00"));
    assert_false(dd_duty_lapses_next(&process, &some, &duty));
    dd_duty_rung_reached(&cast.view, &process, &some);
    duty = get();
    assert_int_equal(duty.next_at_ms, cast_at("2013-02-02T00:00"));
    assert_true(dd_duty_lapses_next(&process, &some, &duty));
}

static void silence_may_lapse_on_the_first_day_that_there_is(void **state)
{
    (void)state;
    process.programme.stage[CAST_APPRAISE].silence = DD_SILENCE_LAPSES;
    dd_duty_arise(&cast.view, &process, &some, cast_day("1970-01-01") - 1, now_ms);
    struct dd_duty_row duty = get();
    assert_int_equal(duty.next_at_ms, 0);
    assert_true(dd_duty_lapses_next(&process, &some, &duty));
    dd_duty_end(&cast.view, &some, DD_END_LAPSED, duty.bound_ms, 9);
}

static void bounds_at_the_last_day_that_there_is_are_instants(void **state)
{
    (void)state;
    struct dd_stage *stage = &process.programme.stage[CAST_APPRAISE];
    stage->rung_count = 2;
    stage->rung[1] = 120;
    dd_duty_arise(&cast.view, &process, &some, cast_day("9999-12-31"), now_ms);
    dd_duty_rung_reached(&cast.view, &process, &some);
    assert_true(get().next_at_ms > now_ms);
    stage->working_days = true;
    dd_duty_arise(&cast.view, &process, &some, cast_day("9999-12-31"), now_ms);
    assert_true(get().next_at_ms > now_ms);
}

static void stopping_leaves_other_cycles_alone(void **state)
{
    (void)state;
    struct dd_process other = process;
    struct dd_duty_key key = some;
    size_t due = due_rows();
    other.number = key.cycle = 2;
    other.programme.stage[CAST_APPRAISE].rung_count = 1;
    dd_duty_arise(&cast.view, &other, &key, cast_day("2013-02-01"), now_ms);
    dd_duty_stop_all(&cast.view, 1);
    assert_true(due > 0);
    assert_int_equal(due_rows(), 1);
    dd_duty_stop_all(&cast.view, 2);
    assert_int_equal(due_rows(), 0);
}

static void duties_are_walked_in_their_order(void **state)
{
    struct dd_duty_key key = {1, 0, 0, 0, 0};
    struct dd_duty_key last = key;
    struct dd_duty_row row;
    size_t count = 0;
    (void)state;
    for (; dd_duty_next(&cast.view, &key, &row); dd_duty_step(&key)) {
        assert_true(
            key.unit > last.unit ||
            (key.unit == last.unit && key.stage * 65536 + key.a > last.stage * 65536 + last.a));
        last = key;
        count++;
    }
    assert_int_equal(count, 9); /* three parties: to register and two reports */
}

static void stepping_carries_over_from_field_to_field(void **state)
{
    struct dd_duty_key key = {1, 4, 2, 3, UINT16_MAX};
    (void)state;
    dd_duty_step(&key);
    assert_int_equal(key.a, 4);
    assert_int_equal(key.b, 0);
    key = (struct dd_duty_key){1, 4, 2, UINT16_MAX, UINT16_MAX};
    dd_duty_step(&key);
    assert_int_equal(key.stage, 3);
    assert_int_equal(key.a, 0);
    key = (struct dd_duty_key){1, 4, UINT8_MAX, UINT16_MAX, UINT16_MAX};
    dd_duty_step(&key);
    assert_int_equal(key.unit, 5);
    assert_int_equal(key.stage, 0);
}

static void expect_text(uint8_t stage, uint16_t a, uint16_t b, const char *expected)
{
    struct dd_duty_key key = {1, CAST_A1, stage, a, b};
    char text[DD_DUTY_TEXT_BYTES];
    dd_duty_text(&process, &key, text);
    assert_string_equal(text, expected);
}

static void a_duty_is_called_by_its_stage_and_what_it_is_of(void **state)
{
    (void)state;
    expect_text(CAST_REGISTER, 0, 0, "register");
    expect_text(CAST_APPRAISE, 2, 0, "appraise/2");
    expect_text(CAST_APPROVE, 999, 0, "approve/999");
    expect_text(CAST_REPORT, 1, 0, "report/year");
    expect_text(CAST_INDICATOR, 3, 2, "indicator/3.2");
    expect_text(CAST_INDICATOR, 9999, 9999, "indicator/9999.9999");
}

static void the_longest_name_fits(void **state)
{
    static const char code[] = "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijkl";
    char expected[2 * sizeof code];
    (void)state;
    assert_int_equal(sizeof code, DD_CODE_BYTES_MAX + 1);
    process.programme.stage[CAST_REPORT].key = dd_slice_of(code);
    process.cycle.report[0].code = dd_slice_of(code);
    memcpy(expected, code, sizeof code);
    expected[DD_CODE_BYTES_MAX] = '/';
    memcpy(expected + sizeof code, code, sizeof code);
    expect_text(CAST_REPORT, 0, 0, expected);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_cast, close_cast)

/* --- what recurs --- */

static void a_duty_is_found_by_the_name_that_it_is_shown_under(void **state)
{
    struct cast rules;
    struct dd_process book;
    struct dd_duty_key key = {0, 0, 0, 0, 0};
    struct dd_duty_row row;
    size_t walked = 0;
    (void)state;
    rules_ready(&rules);
    assert_true(dd_process_get(&rules.view, rules_number(&rules), &book));
    key.cycle = book.number;
    for (; dd_duty_next(&rules.view, &key, &row); dd_duty_step(&key)) {
        char text[DD_DUTY_TEXT_BYTES];
        struct dd_duty_key found;
        dd_duty_text(&book, &key, text);
        assert_true(dd_duty_find(&rules.view, &book, key.unit, dd_slice_of(text), &found, &row));
        assert_int_equal(found.stage, key.stage);
        assert_int_equal(found.a, key.a);
        assert_int_equal(found.unit, key.unit);
        walked++;
    }
    assert_int_equal(walked, naive_count(&rules.rows, DD_TABLE_DUTY));
    assert_false(
        dd_duty_find(&rules.view, &book, CAST_A1, dd_slice_of("district/2013-H1"), &key, &row));
    assert_false(dd_duty_find(&rules.view, &book, CAST_ROOT, dd_slice_of("self"), &key, &row));
    cast_free(&rules);
}

static void duties_of_matters_are_named_by_their_number(void **state)
{
    struct dd_duty_key key = {1, CAST_A1, CAST_INDICATOR, 7, 0};
    char text[DD_DUTY_TEXT_BYTES];
    (void)state;
    process.programme.stage[CAST_INDICATOR].of = dd_slice_of("directive");
    dd_duty_text(&process, &key, text);
    assert_string_equal(text, "indicator/7");
    key.stage = CAST_APPROVE;
    process.programme.stage[CAST_APPROVE].of = dd_slice_of("directive");
    dd_duty_text(&process, &key, text);
    assert_string_equal(text, "approve/7");
    process.programme.stage[CAST_APPROVE].act = DD_ACT_ANSWER;
    dd_duty_text(&process, &key, text);
    assert_string_equal(text, "approve/7");
}

static void the_stage_of_named_reports_is_the_one_without_a_day_of_its_own(void **state)
{
    struct dd_programme programme = rules_programme();
    struct dd_programme old = cast_programme();
    (void)state;
    assert_int_equal(dd_named_report_stage(&programme), RULES_NAMED);
    programme.stage[RULES_NAMED].any_time = true;
    assert_int_equal(dd_named_report_stage(&programme), RULES_STAGES);
    assert_int_equal(dd_named_report_stage(&old), CAST_REPORT);
}

static void a_duty_that_counts_from_its_arising_has_a_day_of_its_own(void **state)
{
    (void)state;
    struct dd_deadline_rule *rule = &process.programme.stage[CAST_APPRAISE].deadline;
    int64_t friday_ms = cast_at("2013-03-08T23:59");
    assert_int_equal(dd_duty_last_day(&cast.view, &process, CAST_APPRAISE, friday_ms),
                     cast_day("2013-02-01"));
    *rule = (struct dd_deadline_rule){.anchor = DD_ANCHOR_OPENING, .days = 3};
    assert_int_equal(dd_duty_last_day(&cast.view, &process, CAST_APPRAISE, friday_ms),
                     cast_day("2013-03-11"));
    rule->working = true;
    assert_int_equal(dd_duty_last_day(&cast.view, &process, CAST_APPRAISE, friday_ms),
                     cast_day("2013-03-13"));
}

static void an_indicators_day_rolls_where_the_stage_says_so(void **state)
{
    struct dd_stage stage = {.deadline = {.word = DD_WORD_ON}};
    int32_t saturday = cast_day("2013-03-09");
    (void)state;
    assert_int_equal(dd_outcome_last_day(&cast.view, &stage, saturday), saturday);
    stage.deadline.roll = true;
    assert_int_equal(dd_outcome_last_day(&cast.view, &stage, saturday), saturday + 2);
    stage.deadline.word = 0;
    assert_int_equal(dd_outcome_last_day(&cast.view, &stage, saturday), INT32_MAX);
}

static void a_duty_that_arises_anew_forgets_how_its_time_was_bent(void **state)
{
    (void)state;
    dd_duty_arise(&cast.view, &process, &some, cast_day("2013-02-01"), now_ms);
    dd_duty_extend(&cast.view, &process, &some, cast_day("2013-02-05"), now_ms);
    dd_duty_suspend(&cast.view, &process, &some, now_ms);
    assert_true(get().suspended);
    assert_int_equal(get().left_days, 24);
    assert_int_equal(get().extensions, 1);
    dd_duty_arise(&cast.view, &process, &some, cast_day("2013-02-01"), now_ms);
    assert_false(get().suspended);
    assert_int_equal(get().extensions, 0);
    assert_int_equal(get().left_days, 0);
}

static void a_suspended_duty_that_is_opened_again_is_still_suspended(void **state)
{
    (void)state;
    size_t due = due_rows();
    dd_duty_arise(&cast.view, &process, &some, cast_day("2013-02-01"), now_ms);
    dd_duty_suspend(&cast.view, &process, &some, now_ms);
    dd_duty_end(&cast.view, &some, DD_END_ON_TIME, now_ms, 9);
    dd_duty_reopen(&cast.view, &process, &some, now_ms);
    assert_true(get().suspended);
    assert_int_equal(get().bound_ms, INT64_MAX);
    assert_int_equal(due_rows(), due);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_process_is_found_by_code_and_number),
        TEST(a_duty_without_a_bound_is_never_late_nor_due),
        TEST(a_duty_without_a_bound_may_count_working_days),
        TEST(an_act_just_before_the_bound_is_on_time_and_at_it_late),
        TEST(a_duty_ends_once_and_keeps_how),
        TEST(a_duty_of_a_closed_cycle_opens_without_waking_time),
        TEST(a_duty_that_arises_anew_forgets_the_old_deadline),
        TEST(a_rung_at_the_instant_at_which_the_duty_arose_is_not_skipped),
        TEST(rungs_may_count_working_days),
        TEST(silence_lapses_at_the_bound_before_a_later_rung),
        TEST(silence_may_lapse_on_the_first_day_that_there_is),
        TEST(bounds_at_the_last_day_that_there_is_are_instants),
        TEST(stopping_leaves_other_cycles_alone),
        TEST(duties_are_walked_in_their_order),
        TEST(stepping_carries_over_from_field_to_field),
        TEST(a_duty_is_called_by_its_stage_and_what_it_is_of),
        TEST(the_longest_name_fits),
        TEST(a_duty_is_found_by_the_name_that_it_is_shown_under),
        TEST(duties_of_matters_are_named_by_their_number),
        TEST(the_stage_of_named_reports_is_the_one_without_a_day_of_its_own),
        TEST(a_duty_that_counts_from_its_arising_has_a_day_of_its_own),
        TEST(an_indicators_day_rolls_where_the_stage_says_so),
        TEST(a_duty_that_arises_anew_forgets_how_its_time_was_bent),
        TEST(a_suspended_duty_that_is_opened_again_is_still_suspended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
