/* Tests of core/decide_bend.c: who bends time and how far, who delegates, who passes duties on, who
 * publishes what. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/lib/rules_cast.h"

static struct cast cast;

enum { HEAD = CAST_FIRST_HEAD + 4, OFFICER, HEAD_A2, OFFICER_A2, HEAD_A3 };

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

static enum dd_status bend(uint32_t account, const char *at, const char *duty, enum dd_bend_act act,
                           const char *day)
{
    struct dd_command c = rules_bend("a1", duty, act, day);
    return rules_do(&cast, account, at, &c);
}

static enum dd_status extend(const char *at, const char *duty, const char *day)
{
    return bend(CAST_CHAIR, at, duty, DD_BEND_EXTEND, day);
}

static void an_approver_of_the_cycle_extends(void **state)
{
    (void)state;
    FORBIDDEN(FOUR_EYES,
              bend(HEAD, "2013-02-01T09:00", "monthly/2013-02", DD_BEND_EXTEND, "2013-02-26"));
    FORBIDDEN(NO_OFFICE, bend(CAST_APPRAISER, "2013-02-01T09:00", "monthly/2013-02", DD_BEND_EXTEND,
                              "2013-02-26"));
    assert_string_equal(cast.refusal.param[0], "approver");
    OK(bend(CAST_VICE, "2013-02-01T09:00", "monthly/2013-02", DD_BEND_EXTEND, "2013-02-26"));
    assert_int_equal(cast.event[0].kind, DD_EVENT_DUTY_BENT);
    assert_int_equal(cast.event[0].duty.unit, CAST_A1);
    assert_int_equal(cast.event[0].duty.stage, RULES_MONTHLY);
}

static void a_stage_may_name_who_bends_it(void **state)
{
    (void)state;
    struct dd_command c = rules_bend("a2", "district/2013-H1", DD_BEND_EXTEND, "2013-05-24");
    FORBIDDEN(NO_OFFICE, rules_do(&cast, CAST_CHAIR, "2013-05-01T09:00", &c));
    FORBIDDEN(FOUR_EYES, rules_do(&cast, HEAD_A2, "2013-05-01T09:00", &c));
    OK(rules_do(&cast, CAST_APPRAISER, "2013-05-01T09:00", &c));
}

static void a_bend_names_a_duty_of_the_unit_and_a_reason(void **state)
{
    (void)state;
    struct dd_command c = rules_bend("a1", "monthly/2013-02", DD_BEND_WAIVE, "");
    c.as.bend.reason.size = 0;
    NO(REASON_NEEDED, rules_do(&cast, CAST_CHAIR, "2013-02-01T09:00", &c));
    NO(NO_SUCH_DUTY, bend(CAST_CHAIR, "2013-02-01T09:00", "monthly/2013-06", DD_BEND_WAIVE, ""));
    assert_string_equal(cast.refusal.param[0], "a1");
    assert_string_equal(cast.refusal.param[1], "monthly/2013-06");
    NO(NO_SUCH_DUTY, bend(CAST_CHAIR, "2013-02-01T09:00", "monthly", DD_BEND_WAIVE, ""));
    OK(bend(CAST_CHAIR, "2013-02-01T09:00", "self", DD_BEND_WAIVE, ""));
}

static void an_extension_comes_before_the_bound_and_not_at_it(void **state)
{
    (void)state;
    NO(EXPIRED, extend("2013-02-25T00:00", "monthly/2013-02", "2013-02-26"));
    assert_string_equal(cast.refusal.param[0], "2013-02-25T00:00:00+07:00");
    NO(EXPIRED, bend(CAST_CHAIR, "2013-02-25T00:00", "monthly/2013-02", DD_BEND_SUSPEND, ""));
    OK(extend("2013-02-24T23:59:59.999", "monthly/2013-02", "2013-02-26"));
}

static void an_extension_is_bounded_on_both_sides(void **state)
{
    (void)state;
    NO(NOT_LATER, extend("2013-02-01T09:00", "monthly/2013-02", "2013-02-24"));
    assert_string_equal(cast.refusal.param[0], "2013-02-24");
    NO(EXTENSION_TOO_LONG, extend("2013-02-01T09:00", "monthly/2013-02", "2013-03-07"));
    assert_string_equal(cast.refusal.param[0], "2013-03-06");
    OK(extend("2013-02-01T09:00", "monthly/2013-02", "2013-03-06"));
    OK(extend("2013-02-01T09:00", "monthly/2013-02", "2013-03-16")); /* from the new day on */
    NO(TOO_MANY_EXTENSIONS, extend("2013-02-01T09:00", "monthly/2013-02", "2013-03-17"));
    assert_string_equal(cast.refusal.param[0], "2");
    NO(TOO_MANY_EXTENSIONS, extend("2013-02-01T09:00", "quarterly/2013-Q1", "2013-03-21"));
    assert_string_equal(cast.refusal.param[0], "0");
}

static void what_has_ended_is_not_bent(void **state)
{
    (void)state;
    OK(bend(CAST_CHAIR, "2013-02-01T09:00", "monthly/2013-02", DD_BEND_WAIVE, ""));
    for (int act = DD_BEND_EXTEND; act <= DD_BEND_WAIVE; act++)
        NO(DUTY_ENDED, bend(CAST_CHAIR, "2013-02-01T09:00", "monthly/2013-02",
                            (enum dd_bend_act)act, "2013-02-26"));
}

static void what_silence_ends_is_not_waived_after_its_bound(void **state)
{
    (void)state;
    struct dd_command c = rules_bend("a2", "district/2013-H1", DD_BEND_WAIVE, "");
    NO(DUTY_ENDED, rules_do(&cast, CAST_APPRAISER, "2013-05-20T00:00", &c)); /* no Tick yet */
    OK(rules_do(&cast, CAST_APPRAISER, "2013-05-19T23:59:59.999", &c));
}

static void a_missing_duty_may_still_be_waived(void **state)
{
    (void)state;
    OK(bend(CAST_CHAIR, "2013-04-01T09:00", "monthly/2013-02", DD_BEND_WAIVE, ""));
}

static void suspended_and_resumed_take_turns(void **state)
{
    (void)state;
    const char *duty = "monthly/2013-02";
    NO(NOT_SUSPENDED, bend(CAST_CHAIR, "2013-02-01T09:00", duty, DD_BEND_RESUME, ""));
    OK(bend(CAST_CHAIR, "2013-02-01T09:00", duty, DD_BEND_SUSPEND, ""));
    NO(SUSPENDED_ALREADY, bend(CAST_CHAIR, "2013-02-01T09:00", duty, DD_BEND_SUSPEND, ""));
    NO(SUSPENDED_ALREADY, extend("2013-02-01T09:00", duty, "2013-02-26"));
    OK(bend(CAST_CHAIR, "2013-04-01T09:00", duty, DD_BEND_RESUME, ""));
    NO(NOT_SUSPENDED, bend(CAST_CHAIR, "2013-04-01T09:00", duty, DD_BEND_RESUME, ""));
}

static void a_duty_without_a_deadline_has_no_time_to_bend(void **state)
{
    (void)state;
    struct cast other;
    struct dd_programme programme = rules_programme();
    struct dd_command c = rules_bend("a1", "register", DD_BEND_SUSPEND, "");
    programme.stage[RULES_REGISTER].deadline = (struct dd_deadline_rule){.word = 0};
    cast_make(&other, 3);
    rules_open(&other, &programme);
    CAST_NO(&other, DD_REFUSED, NO_BOUND, rules_do(&other, CAST_CHAIR, "2013-02-01T09:00", &c));
    c = rules_bend("a1", "register", DD_BEND_WAIVE, "");
    CAST_OK(&other, rules_do(&other, CAST_CHAIR, "2013-02-01T09:00", &c));
    cast_free(&other);
}

/* Working days of a year that nobody has put are not guessed. */
static void a_day_that_moves_needs_the_calendar_of_its_year(void **state)
{
    (void)state;
    struct cast other;
    struct dd_programme programme = rules_programme();
    struct dd_command put = {.kind = DD_COMMAND_PUT_CALENDAR};
    struct dd_command c = rules_bend("a1", "self", DD_BEND_EXTEND, "2014-01-15");
    put.as.put_calendar = (struct dd_put_calendar){.year = 2014, .offset_min = CAST_OFFSET_MIN};
    programme.stage[RULES_SELF].extensions = 2;
    programme.stage[RULES_SELF].extension_days = 90;
    programme.stage[RULES_SELF].deadline.roll = true;
    cast_make(&other, 3);
    rules_open(&other, &programme);
    CAST_NO(&other, DD_REFUSED, NO_CALENDAR, rules_do(&other, CAST_CHAIR, "2013-11-18T09:00", &c));
    assert_string_equal(other.refusal.param[0], "2014");
    c = rules_bend("a1", "self", DD_BEND_SUSPEND, "");
    CAST_OK(&other, rules_do(&other, CAST_CHAIR, "2013-11-20T09:00", &c)); /* ten days left */
    c = rules_bend("a1", "self", DD_BEND_RESUME, "");
    CAST_NO(&other, DD_REFUSED, NO_CALENDAR, rules_do(&other, CAST_CHAIR, "2013-12-25T09:00", &c));
    CAST_OK(&other, rules_do(&other, CAST_ADMIN, "2013-12-25T09:00", &put));
    CAST_OK(&other, rules_do(&other, CAST_CHAIR, "2013-12-25T09:00", &c));
    c = rules_bend("a1", "self", DD_BEND_EXTEND, "2014-01-15");
    CAST_OK(&other, rules_do(&other, CAST_CHAIR, "2013-12-25T10:00", &c));
    cast_free(&other);
}

/* --- delegations --- */

static enum dd_status delegate(uint32_t account, const char *to_account, const char *from,
                               const char *to)
{
    struct dd_command c = {.kind = DD_COMMAND_DELEGATE};
    c.as.delegate = (struct dd_delegate){.unit = dd_slice_of("a1"),
                                         .account = dd_slice_of(to_account),
                                         .from_day = cast_day(from),
                                         .to_day = cast_day(to)};
    return rules_do(&cast, account, "2013-02-01T09:00", &c);
}

static enum dd_status end_delegation(uint32_t account, const char *at, uint16_t number)
{
    struct dd_command c = {.kind = DD_COMMAND_DELEGATE};
    c.as.delegate = (struct dd_delegate){.unit = dd_slice_of("a1"), .ends = number};
    return rules_do(&cast, account, at, &c);
}

static void the_head_alone_delegates_and_only_to_the_units_own(void **state)
{
    (void)state;
    FORBIDDEN(NO_OFFICE, delegate(rules_deputy(&cast), "deputy", "2013-02-01", "2013-02-02"));
    FORBIDDEN(NO_OFFICE, delegate(CAST_ADMIN, "deputy", "2013-02-01", "2013-02-02"));
    NO(NO_SUCH_ACCOUNT, delegate(HEAD, "nobody", "2013-02-01", "2013-02-02"));
    NO(NOT_A_DEPUTY, delegate(HEAD, "chair", "2013-02-01", "2013-02-02"));
    NO(NOT_A_DEPUTY, delegate(HEAD, "officer-5", "2013-02-01", "2013-02-02")); /* of a2 */
    OK(delegate(HEAD, "officer-4", "2013-02-01", "2013-02-02"));
    assert_int_equal(cast.event[0].number, 1);
    OK(delegate(HEAD, "deputy", "2013-02-01", "2013-02-02"));
    assert_int_equal(cast.event[0].number, 2);
}

static void a_delegation_is_for_a_time_that_is_not_past_and_not_too_long(void **state)
{
    (void)state;
    NO(DATES_OUT_OF_ORDER, delegate(HEAD, "deputy", "2013-02-03", "2013-02-02"));
    NO(ALREADY_PAST, delegate(HEAD, "deputy", "2013-01-01", "2013-01-31"));
    NO(OUT_OF_RANGE, delegate(HEAD, "deputy", "2013-02-01", "2014-02-02"));
    assert_string_equal(cast.refusal.param[1], "2014-02-01");
    OK(delegate(HEAD, "deputy", "2013-02-01", "2014-02-01")); /* 366 days */
    OK(delegate(HEAD, "deputy", "2013-02-01", "2013-02-01"));
}

static void a_delegate_holds_the_office_all_that_time(void **state)
{
    (void)state;
    struct dd_office office = {DD_ROLE_DEPUTY, dd_slice_of("a1"), INT32_MIN,
                               cast_day("2013-02-10")};
    struct dd_command c = {.kind = DD_COMMAND_PUT_ACCOUNT};
    c.as.put_account = (struct dd_put_account){
        .code = dd_slice_of("deputy"), .to_ms = INT64_MAX, .offices = &office, .office_count = 1};
    c.as.put_account.link_key[0] = 0xab;
    OK(rules_do(&cast, CAST_ADMIN, "2013-02-01T08:00", &c));
    NO(NOT_A_DEPUTY, delegate(HEAD, "deputy", "2013-02-01", "2013-02-11"));
    OK(delegate(HEAD, "deputy", "2013-02-01", "2013-02-10"));
}

static void a_delegation_is_taken_back_once(void **state)
{
    (void)state;
    NO(NO_SUCH_DELEGATION, end_delegation(HEAD, "2013-02-01T09:00", 1));
    OK(delegate(HEAD, "deputy", "2013-02-01", "2013-12-31"));
    FORBIDDEN(NO_OFFICE, end_delegation(rules_deputy(&cast), "2013-02-05T09:00", 1));
    OK(end_delegation(HEAD, "2013-02-05T09:00", 1));
    NO(ALREADY_PAST, end_delegation(HEAD, "2013-02-05T09:00", 1));
}

/* --- reorganisation --- */

static void close_unit(struct cast *c, const char *code, const char *last_day)
{
    static struct dd_unit_put unit;
    struct dd_command command = {.kind = DD_COMMAND_PUT_UNITS};
    unit = (struct dd_unit_put){.code = dd_slice_of(code),
                                .name = dd_slice_of("Đã giải thể"),
                                .group = dd_slice_of("province"),
                                .parent = dd_slice_of("ubnd"),
                                .from_day = INT32_MIN,
                                .to_day = cast_day(last_day)};
    command.as.put_units =
        (struct dd_put_units){.page = 1, .last = true, .units = &unit, .unit_count = 1};
    CAST_OK(c, rules_do(c, CAST_ADMIN, "2013-02-01T08:00", &command));
}

static enum dd_status transfer(uint32_t account, const char *at, const char *unit,
                               const char *successor)
{
    struct dd_command c = {.kind = DD_COMMAND_TRANSFER};
    c.as.transfer = (struct dd_transfer){.cycle = dd_slice_of("rules/2013"),
                                         .unit = dd_slice_of(unit),
                                         .successor = dd_slice_of(successor)};
    return rules_do(&cast, account, at, &c);
}

static void duties_pass_on_from_a_unit_that_is_no_more(void **state)
{
    (void)state;
    NO(STILL_VALID, transfer(CAST_ADMIN, "2013-02-01T09:00", "a1", "a3"));
    close_unit(&cast, "a1", "2013-02-28");
    NO(STILL_VALID, transfer(CAST_ADMIN, "2013-02-28T23:59", "a1", "a3"));
    FORBIDDEN(NO_OFFICE, transfer(CAST_CHAIR, "2013-03-01T00:00", "a1", "a3"));
    NO(SAME_UNIT, transfer(CAST_ADMIN, "2013-03-01T00:00", "a1", "a1"));
    NO(NO_SUCH_UNIT, transfer(CAST_ADMIN, "2013-03-01T00:00", "a1", "nowhere"));
    NO(NO_SUCH_PARTY, transfer(CAST_ADMIN, "2013-03-01T00:00", "ubnd", "a3"));
    OK(transfer(CAST_ADMIN, "2013-03-01T00:00", "a1", "a3"));
}

static void a_successor_must_itself_be_there(void **state)
{
    (void)state;
    close_unit(&cast, "a1", "2013-02-10");
    close_unit(&cast, "a3", "2013-02-20");
    OK(transfer(CAST_ADMIN, "2013-02-20T09:00", "a1", "a3"));
    NO(NO_SUCH_UNIT, transfer(CAST_ADMIN, "2013-02-21T09:00", "a1", "a3"));
}

static void a_successor_must_leave_somebody_to_approve(void **state)
{
    (void)state;
    close_unit(&cast, "a1", "2013-02-10");
    FORBIDDEN(NO_OFFICE, transfer(HEAD, "2013-03-01T09:00", "a1", "a3"));
    NO(FOUR_EYES, transfer(CAST_ADMIN, "2013-03-01T09:00", "a1", "ubnd"));
    OK(transfer(CAST_ADMIN, "2013-03-01T09:00", "a1", "snv")); /* vp appraises it then */
    struct dd_command c = rules_bend("a1", "monthly/2013-02", DD_BEND_WAIVE, "");
    OK(rules_do(&cast, CAST_CHAIR, "2013-03-01T09:01", &c));
    c = rules_report("a1", "check", "2013-02");
    FORBIDDEN(FOUR_EYES, rules_do(&cast, CAST_APPRAISER, "2013-03-01T09:01", &c));
    OK(rules_do(&cast, CAST_OFFICE_APPRAISER, "2013-03-01T09:01", &c));
}

static void the_successors_people_act_for_the_unit_and_its_own_no_more(void **state)
{
    (void)state;
    struct dd_command c = rules_report("a1", "self", "");
    close_unit(&cast, "a1", "2013-02-10");
    OK(transfer(CAST_ADMIN, "2013-03-01T09:00", "a1", "a3"));
    FORBIDDEN(NO_OFFICE, rules_do(&cast, HEAD, "2013-03-01T09:01", &c));
    assert_string_equal(cast.refusal.param[1], "a3");
    OK(rules_do(&cast, HEAD_A3, "2013-03-01T09:01", &c));
    c = rules_bend("a1", "quarterly/2013-Q1", DD_BEND_WAIVE, "");
    FORBIDDEN(FOUR_EYES, rules_do(&cast, HEAD_A3, "2013-03-01T09:01", &c));
}

/* --- publications --- */

static struct dd_command paper(const char *unit, const char *number)
{
    struct dd_command c = {.kind = DD_COMMAND_PUBLISH};
    c.as.publish = (struct dd_publish){.unit = dd_slice_of(unit),
                                       .number = dd_slice_of(number),
                                       .issue = DD_ISSUE_TABLE,
                                       .title = dd_slice_of("Biểu tổng hợp"),
                                       .day = cast_day("2013-02-01"),
                                       .size_bytes = 10,
                                       .capacity = DD_CAPACITY_HEAD};
    return c;
}

static void a_paper_is_issued_by_who_may_sign_for_the_unit(void **state)
{
    (void)state;
    struct dd_command c = paper("a1", "1/BC");
    FORBIDDEN(NO_OFFICE, rules_do(&cast, HEAD_A2, "2013-02-01T09:00", &c));
    OK(rules_do(&cast, HEAD, "2013-02-01T09:00", &c));
    assert_int_equal(cast.event[0].number, 1);
    c = paper("a1", "2/BC");
    c.as.publish.capacity = DD_CAPACITY_FOR_HEAD;
    FORBIDDEN(NO_DELEGATION, rules_do(&cast, rules_deputy(&cast), "2013-02-01T09:00", &c));
    OK(rules_delegate(&cast, "2013-02-01T09:00", "2013-02-01", "2013-02-01", NULL));
    OK(rules_do(&cast, rules_deputy(&cast), "2013-02-01T09:00", &c));
    assert_int_equal(cast.event[0].number, 2);
}

static void a_number_is_given_out_once_in_a_unit(void **state)
{
    (void)state;
    struct dd_command c = paper("a1", "1/BC");
    OK(rules_do(&cast, HEAD, "2013-02-01T09:00", &c));
    NO(EXISTS_ALREADY, rules_do(&cast, HEAD, "2013-02-01T09:01", &c));
    c = paper("a2", "1/BC");
    OK(rules_do(&cast, HEAD_A2, "2013-02-01T09:01", &c));
}

static void a_correction_names_what_it_corrects_and_why(void **state)
{
    (void)state;
    struct dd_command c = paper("a1", "1/BC");
    OK(rules_do(&cast, HEAD, "2013-02-01T09:00", &c));
    c = paper("a1", "2/BC");
    c.as.publish.corrects = dd_slice_of("9/BC");
    c.as.publish.reason = dd_slice_of("sai số");
    NO(NO_SUCH_PUBLICATION, rules_do(&cast, HEAD, "2013-02-01T09:00", &c));
    c.as.publish.corrects = dd_slice_of("1/BC");
    c.as.publish.reason.size = 0;
    NO(REASON_NEEDED, rules_do(&cast, HEAD, "2013-02-01T09:00", &c));
    c.as.publish.reason = dd_slice_of("sai số");
    OK(rules_do(&cast, HEAD, "2013-02-01T09:00", &c));
}

static void a_paper_has_a_day_that_has_come_and_a_cycle_that_is_there(void **state)
{
    (void)state;
    struct dd_command c = paper("a1", "1/BC");
    c.as.publish.day = cast_day("2013-02-02");
    NO(DAY_IN_FUTURE, rules_do(&cast, HEAD, "2013-02-01T23:59", &c));
    c.as.publish.as_of_day = cast_day("2013-02-03");
    NO(DAY_IN_FUTURE, rules_do(&cast, HEAD, "2013-02-02T23:59", &c));
    assert_string_equal(cast.refusal.field, "as_of");
    c.as.publish.as_of_day = cast_day("2013-02-02");
    c.as.publish.cycle = dd_slice_of("rules/2014");
    NO(NO_SUCH_CYCLE, rules_do(&cast, HEAD, "2013-02-02T00:00", &c));
    c.as.publish.cycle = dd_slice_of("rules/2013");
    OK(rules_do(&cast, HEAD, "2013-02-02T00:00", &c));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, begin, end)
        CASE(an_approver_of_the_cycle_extends),
        CASE(a_stage_may_name_who_bends_it),
        CASE(a_bend_names_a_duty_of_the_unit_and_a_reason),
        CASE(an_extension_comes_before_the_bound_and_not_at_it),
        CASE(an_extension_is_bounded_on_both_sides),
        CASE(what_has_ended_is_not_bent),
        CASE(what_silence_ends_is_not_waived_after_its_bound),
        CASE(a_missing_duty_may_still_be_waived),
        CASE(suspended_and_resumed_take_turns),
        CASE(a_duty_without_a_deadline_has_no_time_to_bend),
        CASE(a_day_that_moves_needs_the_calendar_of_its_year),
        CASE(the_head_alone_delegates_and_only_to_the_units_own),
        CASE(a_delegation_is_for_a_time_that_is_not_past_and_not_too_long),
        CASE(a_delegate_holds_the_office_all_that_time),
        CASE(a_delegation_is_taken_back_once),
        CASE(duties_pass_on_from_a_unit_that_is_no_more),
        CASE(a_successor_must_itself_be_there),
        CASE(a_successor_must_leave_somebody_to_approve),
        CASE(the_successors_people_act_for_the_unit_and_its_own_no_more),
        CASE(a_paper_is_issued_by_who_may_sign_for_the_unit),
        CASE(a_number_is_given_out_once_in_a_unit),
        CASE(a_correction_names_what_it_corrects_and_why),
        CASE(a_paper_has_a_day_that_has_come_and_a_cycle_that_is_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
