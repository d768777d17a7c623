/* Tests of core/decide_report.c: which duty a report is for, who hands it in, what it must bring.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/lib/rules_cast.h"

static struct cast cast;

enum { HEAD = CAST_FIRST_HEAD + 4, HEAD_A2 = HEAD + 2 };

#define OK(call) CAST_OK(&cast, call)
#define NO(broken, call) CAST_NO(&cast, DD_REFUSED, broken, call)
#define FORBIDDEN(broken, call) CAST_NO(&cast, DD_FORBIDDEN, broken, call)

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

static enum dd_status report(uint32_t account, const char *at, const char *unit, const char *stage,
                             const char *name)
{
    struct dd_command c = rules_report(unit, stage, name);
    return rules_do(&cast, account, at, &c);
}

static enum dd_status monthly(const char *at, const char *name, int64_t total, int64_t ytd)
{
    struct dd_command c = rules_report("a1", "monthly", name);
    rules_figures(&cast, &c, 1, total - 1, total, ytd);
    return rules_do(&cast, HEAD, at, &c);
}

static void a_period_finds_its_duty_in_its_stage(void **state)
{
    (void)state;
    OK(report(HEAD, "2013-03-01T09:00", "a1", "quarterly", "2013-Q1"));
    const struct dd_event *event = &cast.event[0];
    assert_int_equal(event->kind, DD_EVENT_REPORT_TAKEN);
    assert_int_equal(event->stage, RULES_QUARTERLY);
    assert_int_equal(event->number, 10); /* behind ten months */
    assert_int_equal(event->version, 1);
    assert_int_equal(event->end, DD_END_ON_TIME);
    OK(report(HEAD, "2013-03-01T09:01", "a1", "quarterly", "2013-Q1"));
    assert_int_equal(cast.event[0].version, 2);
    assert_int_equal(cast.event[0].end, 0);
}

static void a_period_that_is_not_owed_is_no_report(void **state)
{
    (void)state;
    static const char *const none[] = {"2013-06", "2013-12", "2013-13", "2012-12", "2014-01",
                                       "2013-Q1", "2013",    "",        "H1"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        NO(NO_SUCH_REPORT, monthly("2013-02-01T09:00", none[i], 3, -1));
        assert_string_equal(cast.refusal.field, "report");
    }
    NO(NO_SUCH_REPORT, report(HEAD, "2013-03-01T09:00", "a1", "self", "2013"));
    OK(report(HEAD, "2013-03-01T09:00", "a1", "self", ""));
}

static void a_stage_must_be_one_that_takes_reports(void **state)
{
    (void)state;
    NO(NO_SUCH_STAGE, report(HEAD, "2013-03-01T09:00", "a1", "nothing", "2013-01"));
    assert_string_equal(cast.refusal.field, "stage");
    NO(NO_SUCH_STAGE, report(HEAD, "2013-03-01T09:00", "a1", "register", ""));
}

static void without_a_stage_the_only_one_that_fits_is_meant(void **state)
{
    (void)state;
    OK(report(HEAD, "2013-03-01T09:00", "a1", "", "2013-Q1"));
    assert_int_equal(cast.event[0].stage, RULES_QUARTERLY);
    OK(report(HEAD, "2013-03-01T09:00", "a1", "", "H1"));
    assert_int_equal(cast.event[0].stage, RULES_NAMED);
    NO(MISSING, report(HEAD, "2013-03-01T09:00", "a1", "", "2013-02")); /* monthly, or check */
    assert_string_equal(cast.refusal.field, "stage");
    NO(NO_SUCH_REPORT, report(HEAD, "2013-03-01T09:00", "a1", "", "H3")); /* no alert */
    NO(NO_SUCH_REPORT, report(HEAD, "2013-03-01T09:00", "a1", "", "2013-H1"));
    OK(report(HEAD_A2, "2013-03-01T09:00", "a2", "", "2013-H1")); /* a district */
    assert_int_equal(cast.event[0].stage, RULES_DISTRICT);
}

static void a_group_owes_only_what_is_for_it(void **state)
{
    (void)state;
    NO(NO_SUCH_DUTY, report(HEAD, "2013-03-01T09:00", "a1", "district", "2013-H1"));
    assert_string_equal(cast.refusal.param[0], "a1");
    assert_string_equal(cast.refusal.param[1], "district");
    OK(report(HEAD_A2, "2013-03-01T09:00", "a2", "district", "2013-H1"));
}

static void at_any_time_nothing_is_owed_and_any_name_is_taken(void **state)
{
    (void)state;
    OK(report(HEAD, "2013-03-01T09:00", "a1", "alert", "07/BC khẩn"));
    assert_int_equal(cast.event[0].number, 0);
    assert_int_equal(cast.event[0].end, 0);
    OK(report(HEAD, "2013-12-31T09:00", "a1", "alert", ""));
    assert_int_equal(cast.event[0].version, 2);
}

static void the_last_instant_before_the_bound_is_on_time(void **state)
{
    (void)state;
    OK(monthly("2013-02-24T23:59:59.999", "2013-02", 3, -1));
    assert_int_equal(cast.event[0].end, DD_END_ON_TIME);
    OK(monthly("2013-03-25T00:00", "2013-03", 3, -1));
    assert_int_equal(cast.event[0].end, DD_END_LATE);
}

static void after_the_bound_a_stage_may_refuse(void **state)
{
    (void)state;
    OK(report(HEAD_A2, "2013-03-20T23:59:59.999", "a2", "quarterly", "2013-Q1"));
    NO(AFTER_BOUND, report(HEAD, "2013-03-21T00:00", "a1", "quarterly", "2013-Q1"));
    assert_string_equal(cast.refusal.param[0], "2013-03-21T00:00:00+07:00");
}

static void a_late_report_says_why_where_the_stage_asks(void **state)
{
    (void)state;
    struct dd_command c = rules_report("a1", "self", "");
    OK(report(HEAD_A2, "2013-11-30T23:59:59.999", "a2", "self", ""));
    NO(REASON_NEEDED, rules_do(&cast, HEAD, "2013-12-01T00:00", &c));
    assert_string_equal(cast.refusal.field, "reason");
    c.as.submit.reason = dd_slice_of("mất điện");
    OK(rules_do(&cast, HEAD, "2013-12-01T00:00", &c));
    assert_int_equal(cast.event[0].end, DD_END_LATE);
}

static void an_appraiser_hands_in_what_is_required_first(void **state)
{
    (void)state;
    NO(REQUIRES, report(CAST_APPRAISER, "2013-02-01T09:00", "a1", "check", "2013-02"));
    assert_string_equal(cast.refusal.param[0], "monthly");
    OK(monthly("2013-02-01T09:00", "2013-03", 3, -1)); /* another month */
    NO(REQUIRES, report(CAST_APPRAISER, "2013-02-01T09:00", "a1", "check", "2013-02"));
    OK(monthly("2013-02-01T09:00", "2013-02", 3, -1));
    OK(report(CAST_APPRAISER, "2013-02-01T09:01", "a1", "check", "2013-02"));
}

static void what_was_waived_is_required_no_more(void **state)
{
    (void)state;
    struct dd_command c = rules_bend("a1", "monthly/2013-02", DD_BEND_WAIVE, "");
    OK(rules_do(&cast, CAST_CHAIR, "2013-02-01T09:00", &c));
    OK(report(CAST_APPRAISER, "2013-02-01T09:01", "a1", "check", "2013-02"));
}

static void nobody_appraises_their_own(void **state)
{
    (void)state;
    struct dd_command c = rules_report("snv", "monthly", "2013-02");
    rules_figures(&cast, &c, 1, 2, 3, -1);
    OK(rules_do(&cast, cast_head(CAST_SNV), "2013-02-01T09:00", &c));
    FORBIDDEN(FOUR_EYES, report(CAST_APPRAISER, "2013-02-01T09:01", "snv", "check", "2013-02"));
    FORBIDDEN(NO_OFFICE, report(HEAD, "2013-02-01T09:01", "snv", "check", "2013-02"));
    OK(report(CAST_OFFICE_APPRAISER, "2013-02-01T09:01", "snv", "check", "2013-02"));
}

static void an_approver_of_the_cycle_hands_in_what_is_approved(void **state)
{
    (void)state;
    struct dd_command c = rules_report("a1", "approved", "");
    FORBIDDEN(NO_OFFICE, rules_do(&cast, CAST_APPRAISER, "2013-02-01T09:00", &c));
    assert_string_equal(cast.refusal.param[0], "approver");
    FORBIDDEN(FOUR_EYES, rules_do(&cast, HEAD, "2013-02-01T09:00", &c));
    OK(rules_do(&cast, CAST_VICE, "2013-02-01T09:00", &c));
    c.as.submit.capacity = DD_CAPACITY_FOR_COLLECTIVE;
    OK(rules_do(&cast, CAST_CHAIR, "2013-02-01T09:00", &c));
    c.as.submit.capacity = DD_CAPACITY_FOR_HEAD;
    FORBIDDEN(CAPACITY, rules_do(&cast, CAST_VICE, "2013-02-01T09:00", &c));
}

static void figures_must_be_what_the_form_asks_for(void **state)
{
    (void)state;
    struct dd_command c = rules_report("a1", "monthly", "2013-02");
    NO(FIGURE_MISSING, rules_do(&cast, HEAD, "2013-02-01T09:00", &c));
    rules_figures(&cast, &c, 1, 2, 4, -1);
    NO(FIGURE_SUM, rules_do(&cast, HEAD, "2013-02-01T09:00", &c));
    assert_string_equal(cast.refusal.param[0], "total");
    assert_string_equal(cast.refusal.param[1], "3");
    rules_figures(&cast, &c, 1, 2, 3, -1);
    c.as.submit.figures[0].estimate = true;
    NO(NO_ESTIMATE, rules_do(&cast, HEAD, "2013-02-01T09:00", &c));
    c.as.submit.figures[0].estimate = false;
    c.as.submit.figures[0].key = dd_slice_of("z");
    NO(NO_SUCH_FIGURE, rules_do(&cast, HEAD, "2013-02-01T09:00", &c));
    c.as.submit.figures[0].key = dd_slice_of("a");
    c.as.submit.attachments[0].part = dd_slice_of("");
    NO(PART_MISSING, rules_do(&cast, HEAD, "2013-02-01T09:00", &c));
    assert_string_equal(cast.refusal.param[0], "text");
    c.as.submit.attachments[0].part = dd_slice_of("text");
    OK(rules_do(&cast, HEAD, "2013-02-01T09:00", &c));
}

static void figures_that_no_form_asks_for_are_refused(void **state)
{
    (void)state;
    struct dd_command c = rules_report("a1", "quarterly", "2013-Q1");
    rules_figures(&cast, &c, 1, 2, 3, -1);
    NO(NOT_NEEDED, rules_do(&cast, HEAD, "2013-02-01T09:00", &c));
    assert_string_equal(cast.refusal.field, "figures");
}

static void running_figures_go_on_from_the_period_before(void **state)
{
    (void)state;
    NO(FIGURE_RUNNING, monthly("2013-02-01T09:00", "2013-01", 3, 4));
    OK(monthly("2013-02-01T09:00", "2013-01", 3, 3));
    NO(FIGURE_RUNNING, monthly("2013-03-01T09:00", "2013-02", 10, 10));
    OK(monthly("2013-03-01T09:00", "2013-02", 10, 13));
    OK(monthly("2013-03-01T09:01", "2013-02", 11, 14)); /* its own first try does not count */
    OK(monthly("2013-03-02T09:00", "2013-03", 1, 15));
    NO(FIGURE_RUNNING, monthly("2013-04-01T09:00", "2013-04", 1, 15));
}

static void what_is_unknown_of_the_period_before_is_not_taken_for_zero(void **state)
{
    (void)state;
    OK(monthly("2013-02-01T09:00", "2013-01", 3, 3));
    OK(monthly("2013-04-01T09:00", "2013-03", 5, 12)); /* February had 4: nobody has said so yet */
    OK(monthly("2013-04-01T09:01", "2013-02", 4, 7));
    NO(FIGURE_RUNNING, monthly("2013-04-01T09:02", "2013-03", 5, 13));
    OK(monthly("2013-06-01T09:00", "2013-05", 5, 22));
    OK(monthly("2013-08-01T09:00", "2013-07", 5, 33)); /* June, which owes no report, had 6 */
    NO(FIGURE_RUNNING, monthly("2013-08-02T09:00", "2013-08", 5, 39));
}

static void what_silence_has_ended_no_report_meets_with_or_without_a_tick(void **state)
{
    (void)state;
    OK(report(HEAD_A2, "2013-05-20T00:00", "a2", "district", "2013-H1")); /* no Tick yet */
    assert_int_equal(cast.event[0].end, 0);
    cast_time(&cast, "2013-05-20T00:00");
    struct dd_duty_row duty = rules_duty(&cast, CAST_A2, "district/2013-H1");
    assert_int_equal(duty.end, DD_END_LAPSED);
    assert_int_equal(duty.ended_ms, duty.bound_ms);
}

/* The head of a1 becomes an appraiser and leaves the unit behind. */
static void nobody_appraises_what_they_handed_in_themselves(void **state)
{
    (void)state;
    struct dd_office now = {DD_ROLE_APPRAISER, dd_slice_of("snv"), INT32_MIN, INT32_MAX};
    struct dd_command c = {.kind = DD_COMMAND_PUT_ACCOUNT};
    struct dd_account_row row;
    OK(monthly("2013-02-01T09:00", "2013-01", 3, 3));
    assert_true(dd_get_account(&cast.view, HEAD, &row));
    c.as.put_account = (struct dd_put_account){
        .code = row.code, .to_ms = INT64_MAX, .offices = &now, .office_count = 1};
    c.as.put_account.link_key[0] = 0xaa;
    OK(rules_do(&cast, CAST_ADMIN, "2013-02-02T09:00", &c));
    FORBIDDEN(FOUR_EYES, report(HEAD, "2013-02-02T09:01", "a1", "check", "2013-01"));
    OK(report(CAST_APPRAISER, "2013-02-02T09:01", "a1", "check", "2013-01"));
}

static void a_report_closes_with_its_cycle(void **state)
{
    (void)state;
    struct dd_command c = {.kind = DD_COMMAND_CLOSE_CYCLE};
    c.as.close_cycle.cycle = dd_slice_of("rules/2013");
    OK(rules_do(&cast, CAST_ADMIN, "2013-02-01T09:00", &c));
    NO(CLOSED, report(HEAD, "2013-02-01T09:00", "a1", "alert", "1"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, begin, end)
        CASE(a_period_finds_its_duty_in_its_stage),
        CASE(a_period_that_is_not_owed_is_no_report),
        CASE(a_stage_must_be_one_that_takes_reports),
        CASE(without_a_stage_the_only_one_that_fits_is_meant),
        CASE(a_group_owes_only_what_is_for_it),
        CASE(at_any_time_nothing_is_owed_and_any_name_is_taken),
        CASE(the_last_instant_before_the_bound_is_on_time),
        CASE(after_the_bound_a_stage_may_refuse),
        CASE(a_late_report_says_why_where_the_stage_asks),
        CASE(an_appraiser_hands_in_what_is_required_first),
        CASE(what_was_waived_is_required_no_more),
        CASE(nobody_appraises_their_own),
        CASE(an_approver_of_the_cycle_hands_in_what_is_approved),
        CASE(figures_must_be_what_the_form_asks_for),
        CASE(figures_that_no_form_asks_for_are_refused),
        CASE(running_figures_go_on_from_the_period_before),
        CASE(what_is_unknown_of_the_period_before_is_not_taken_for_zero),
        CASE(what_silence_has_ended_no_report_meets_with_or_without_a_tick),
        CASE(nobody_appraises_what_they_handed_in_themselves),
        CASE(a_report_closes_with_its_cycle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
