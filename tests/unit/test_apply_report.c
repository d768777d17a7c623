/* Tests of core/apply_report.c: what a report leaves in state, and that old logs replay. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/apply.h"
#include "tests/lib/rules_cast.h"

static struct cast cast;

enum { HEAD = CAST_FIRST_HEAD + 4 };

#define OK(call) CAST_OK(&cast, call)

static int begin(void **state)
{
    (void)state;
    rules_ready(&cast);
    return 0;
}

static int end(void **state)
{
    (void)state;
    cast_free(&cast);
    return 0;
}

static void monthly(const char *at, const char *name, int64_t a)
{
    struct dd_command c = rules_report("a1", "monthly", name);
    rules_figures(&cast, &c, a, 1, a + 1, -1);
    OK(rules_do(&cast, HEAD, at, &c));
}

static void a_report_ends_its_duty_and_no_other(void **state)
{
    (void)state;
    monthly("2013-02-25T00:00", "2013-02", 4);
    struct dd_duty_row duty = rules_duty(&cast, CAST_A1, "monthly/2013-02");
    assert_int_equal(duty.end, DD_END_LATE);
    assert_int_equal(duty.ended_ms, cast_at("2013-02-25T00:00"));
    assert_int_equal(duty.ended_seq, cast.next_seq - 1);
    assert_int_equal(rules_duty(&cast, CAST_A1, "monthly/2013-01").end, DD_END_OPEN);
    assert_int_equal(rules_duty(&cast, CAST_A1, "check/2013-02").end, DD_END_OPEN);
    assert_int_equal(rules_duty(&cast, CAST_A3, "monthly/2013-02").end, DD_END_OPEN);
}

static void a_report_handed_in_again_keeps_the_first_end_and_both_figures(void **state)
{
    (void)state;
    struct dd_report_row row;
    struct dd_figure_value value;
    uint32_t cycle = rules_number(&cast);
    monthly("2013-02-24T09:00", "2013-02", 4);
    monthly("2013-02-26T09:00", "2013-02", 5);
    assert_int_equal(rules_duty(&cast, CAST_A1, "monthly/2013-02").end, DD_END_ON_TIME);
    assert_int_equal(dd_last_report(&cast.view, cycle, CAST_A1, RULES_MONTHLY, 1, &row), 2);
    assert_true(dd_figures_find(row.figures, dd_slice_of("a"), &value));
    assert_int_equal(value.value.mantissa, 5);
    assert_true(dd_get_report(&cast.view, cycle, CAST_A1, RULES_MONTHLY, 1, 1, &row));
    assert_true(dd_figures_find(row.figures, dd_slice_of("a"), &value));
    assert_int_equal(value.value.mantissa, 4);
    assert_true(dd_figures_find(row.figures, dd_slice_of("est"), &value));
    assert_true(value.estimate);
}

static void a_report_at_any_time_leaves_no_duty(void **state)
{
    (void)state;
    struct dd_report_row row;
    struct dd_command c = rules_report("a1", "alert", "khẩn");
    size_t duties = naive_count(&cast.rows, DD_TABLE_DUTY);
    OK(rules_do(&cast, HEAD, "2013-02-01T09:00", &c));
    assert_int_equal(naive_count(&cast.rows, DD_TABLE_DUTY), duties);
    assert_int_equal(dd_last_report(&cast.view, rules_number(&cast), CAST_A1, RULES_ALERT, 0, &row),
                     1);
    assert_int_equal(row.figures.size, 0);
}

/* The event of logs from before: it names no stage. */
static void an_old_event_goes_to_the_programmes_first_report_stage(void **state)
{
    (void)state;
    struct cast old;
    struct dd_event event = {
        .kind = DD_EVENT_REPORT_RECEIVED, .number = 1, .version = 1, .end = DD_END_ON_TIME};
    struct dd_entry entry = {.kind = DD_ENTRY_COMMAND,
                             .seq = 99,
                             .received_ms = cast_at("2013-03-01T09:00"),
                             .account = HEAD,
                             .events = {&event, 1, 1}};
    struct dd_command c = {.kind = DD_COMMAND_SUBMIT};
    struct dd_report_row row;
    cast_ready(&old, 1);
    c.as.submit = (struct dd_submit){.cycle = dd_slice_of("key-tasks/2013"),
                                     .unit = dd_slice_of("a1"),
                                     .what = DD_SUBMISSION_REPORT,
                                     .report = dd_slice_of("year"),
                                     .capacity = DD_CAPACITY_HEAD};
    cast_apply(&old, &old.view, &entry, &c);
    assert_int_equal(cast_duty(&old, CAST_A1, CAST_REPORT, 1, 0).end, DD_END_ON_TIME);
    assert_int_equal(cast_duty(&old, CAST_A1, CAST_REPORT, 0, 0).end, DD_END_OPEN);
    assert_int_equal(dd_last_report(&old.view, 1, CAST_A1, CAST_REPORT, 1, &row), 1);
    assert_int_equal(row.account, HEAD);
    cast_free(&old);
}

static void replay_gives_the_same_rows(void **state)
{
    (void)state;
    struct naive rows = naive_make();
    struct dd_view view = naive_view(&rows);
    monthly("2013-02-24T09:00", "2013-02", 4);
    cast_time(&cast, "2013-06-01T09:00");
    cast_replay(&cast, &view);
    assert_true(naive_equal(&rows, &cast.rows));
    naive_free(&rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, begin, end)
        CASE(a_report_ends_its_duty_and_no_other),
        CASE(a_report_handed_in_again_keeps_the_first_end_and_both_figures),
        CASE(a_report_at_any_time_leaves_no_duty),
        CASE(an_old_event_goes_to_the_programmes_first_report_stage),
        CASE(replay_gives_the_same_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
