/* Tests of core/decide_sign.c: who may sign, in which capacity, under what. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/row_matter.h"
#include "tests/lib/rules_cast.h"

static struct cast cast;

enum { HEAD = CAST_FIRST_HEAD + 4, OFFICER };

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

static enum dd_status monthly(uint32_t account, const char *at, enum dd_capacity capacity)
{
    struct dd_command c = rules_report("a1", "monthly", "2013-02");
    rules_figures(&cast, &c, 1, 2, 3, -1);
    c.as.submit.capacity = capacity;
    return rules_do(&cast, account, at, &c);
}

static enum dd_status alert(uint32_t account, const char *at, enum dd_capacity capacity)
{
    struct dd_command c = rules_report("a1", "alert", "khẩn 01");
    c.as.submit.capacity = capacity;
    return rules_do(&cast, account, at, &c);
}

static void the_head_signs_in_person_with_or_without_saying_so(void **state)
{
    (void)state;
    OK(monthly(HEAD, "2013-02-01T09:00", 0));
    OK(monthly(HEAD, "2013-02-01T09:01", DD_CAPACITY_HEAD));
    assert_int_equal(cast.entry.events.event[0].delegation, 0);
}

static void a_head_only_stage_is_signed_by_nobody_for_the_head(void **state)
{
    (void)state;
    struct dd_command c = rules_report("a1", "quarterly", "2013-Q1");
    OK(rules_delegate(&cast, "2013-02-01T08:00", "2013-02-01", "2013-12-31", NULL));
    c.as.submit.capacity = DD_CAPACITY_FOR_HEAD;
    FORBIDDEN(CAPACITY, rules_do(&cast, rules_deputy(&cast), "2013-03-01T09:00", &c));
    assert_string_equal(cast.refusal.param[0], "head");
    c.as.submit.capacity = DD_CAPACITY_HEAD;
    FORBIDDEN(NO_OFFICE, rules_do(&cast, rules_deputy(&cast), "2013-03-01T09:00", &c));
    OK(rules_do(&cast, HEAD, "2013-03-01T09:00", &c));
}

static void a_deputy_signs_for_the_head_only_under_a_delegation(void **state)
{
    (void)state;
    uint32_t deputy = rules_deputy(&cast);
    FORBIDDEN(NO_DELEGATION, monthly(deputy, "2013-02-01T09:00", DD_CAPACITY_FOR_HEAD));
    assert_string_equal(cast.refusal.param[0], "head");
    assert_string_equal(cast.refusal.param[1], "a1");
    OK(rules_delegate(&cast, "2013-02-01T10:00", "2013-02-02", "2013-02-03", NULL));
    FORBIDDEN(NO_DELEGATION, monthly(deputy, "2013-02-01T23:59", DD_CAPACITY_FOR_HEAD));
    OK(monthly(deputy, "2013-02-02T00:00", DD_CAPACITY_FOR_HEAD));
    assert_int_equal(cast.entry.events.event[0].delegation, 1);
    OK(monthly(deputy, "2013-02-03T23:59", DD_CAPACITY_FOR_HEAD));
    FORBIDDEN(NO_DELEGATION, monthly(deputy, "2013-02-04T00:00", DD_CAPACITY_FOR_HEAD));
}

static void a_delegation_holds_for_its_stages_alone(void **state)
{
    (void)state;
    uint32_t deputy = rules_deputy(&cast);
    OK(rules_delegate(&cast, "2013-02-01T08:00", "2013-02-01", "2013-12-31", "alert"));
    FORBIDDEN(NO_DELEGATION, monthly(deputy, "2013-02-01T09:00", DD_CAPACITY_FOR_HEAD));
    OK(alert(deputy, "2013-02-01T09:00", DD_CAPACITY_FOR_HEAD));
}

static void a_delegation_ends_with_the_office_of_who_gave_it(void **state)
{
    (void)state;
    struct dd_office left = {DD_ROLE_HEAD, dd_slice_of("a1"), INT32_MIN, cast_day("2013-02-09")};
    struct dd_command c = {.kind = DD_COMMAND_PUT_ACCOUNT};
    struct dd_account_row row;
    OK(rules_delegate(&cast, "2013-02-01T08:00", "2013-02-01", "2013-12-31", NULL));
    assert_true(dd_get_account(&cast.view, HEAD, &row));
    c.as.put_account = (struct dd_put_account){
        .code = row.code, .to_ms = INT64_MAX, .offices = &left, .office_count = 1};
    c.as.put_account.link_key[0] = 0xaa;
    OK(rules_do(&cast, CAST_ADMIN, "2013-02-01T09:00", &c));
    OK(monthly(rules_deputy(&cast), "2013-02-09T23:59", DD_CAPACITY_FOR_HEAD));
    FORBIDDEN(NO_DELEGATION,
              monthly(rules_deputy(&cast), "2013-02-10T00:00", DD_CAPACITY_FOR_HEAD));
}

static void put_office(const char *at, uint32_t account, enum dd_role role, const char *to)
{
    struct dd_office held = {role, dd_slice_of("a1"), INT32_MIN, cast_day(to)};
    struct dd_command c = {.kind = DD_COMMAND_PUT_ACCOUNT};
    struct dd_account_row row;
    assert_true(dd_get_account(&cast.view, account, &row));
    c.as.put_account = (struct dd_put_account){
        .code = row.code, .to_ms = INT64_MAX, .offices = &held, .office_count = 1};
    c.as.put_account.link_key[0] = (uint8_t)(0xaa + account);
    OK(rules_do(&cast, CAST_ADMIN, at, &c));
}

static void a_delegation_by_a_former_head_hides_no_other(void **state)
{
    (void)state;
    struct dd_command c = {.kind = DD_COMMAND_DELEGATE};
    OK(rules_delegate(&cast, "2013-02-01T08:00", "2013-02-01", "2013-12-31", NULL));
    put_office("2013-02-01T09:00", OFFICER, DD_ROLE_HEAD, "2013-02-09"); /* for some days */
    c.as.delegate = (struct dd_delegate){.unit = dd_slice_of("a1"),
                                         .account = dd_slice_of("deputy"),
                                         .from_day = cast_day("2013-02-01"),
                                         .to_day = cast_day("2013-12-31")};
    OK(rules_do(&cast, OFFICER, "2013-02-01T10:00", &c));
    OK(monthly(rules_deputy(&cast), "2013-02-09T23:59", DD_CAPACITY_FOR_HEAD));
    assert_int_equal(cast.event[0].delegation, 2);
    OK(monthly(rules_deputy(&cast), "2013-02-10T00:00", DD_CAPACITY_FOR_HEAD));
    assert_int_equal(cast.event[0].delegation, 1);
}

static void a_delegation_by_a_revoked_key_is_none(void **state)
{
    (void)state;
    struct dd_command c = {.kind = DD_COMMAND_REVOKE};
    struct dd_account_row row;
    OK(rules_delegate(&cast, "2013-02-01T08:00", "2013-02-01", "2013-12-31", NULL));
    assert_true(dd_get_account(&cast.view, HEAD, &row));
    c.as.revoke.account = row.code;
    put_office("2013-02-01T08:30", rules_deputy(&cast), DD_ROLE_DEPUTY, "2013-12-31");
    OK(monthly(rules_deputy(&cast), "2013-02-01T09:00", DD_CAPACITY_FOR_HEAD));
    enum dd_status status = rules_do(&cast, CAST_ADMIN, "2013-02-01T09:01", &c);
    assert_int_equal(status, DD_OK);
    FORBIDDEN(NO_DELEGATION,
              monthly(rules_deputy(&cast), "2013-02-01T09:02", DD_CAPACITY_FOR_HEAD));
}

static void an_officer_of_the_host_signs_by_order_for_the_host_alone(void **state)
{
    (void)state;
    struct dd_office held = {DD_ROLE_OFFICER, dd_slice_of("ubnd"), INT32_MIN, INT32_MAX};
    struct dd_command c = {.kind = DD_COMMAND_PUT_ACCOUNT};
    c.as.put_account = (struct dd_put_account){
        .code = dd_slice_of("clerk"), .to_ms = INT64_MAX, .offices = &held, .office_count = 1};
    c.as.put_account.link_key[0] = 0xac;
    OK(rules_do(&cast, CAST_ADMIN, "2013-02-01T08:00", &c));
    uint32_t clerk = cast.event[0].number;
    FORBIDDEN(NO_OFFICE, alert(clerk, "2013-02-01T09:00", DD_CAPACITY_BY_ORDER));
    c = (struct dd_command){.kind = DD_COMMAND_PUBLISH};
    c.as.publish = (struct dd_publish){.unit = dd_slice_of("a1"),
                                       .number = dd_slice_of("1/BC"),
                                       .issue = DD_ISSUE_PAPER,
                                       .day = cast_day("2013-02-01"),
                                       .cycle = dd_slice_of("rules/2013"),
                                       .capacity = DD_CAPACITY_BY_ORDER};
    FORBIDDEN(NO_OFFICE, rules_do(&cast, clerk, "2013-02-01T09:00", &c));
    c.as.publish.unit = dd_slice_of("ubnd");
    OK(rules_do(&cast, clerk, "2013-02-01T09:00", &c));
}

static void only_a_deputy_signs_in_place_of_the_head(void **state)
{
    (void)state;
    FORBIDDEN(NO_OFFICE, alert(OFFICER, "2013-02-01T09:00", DD_CAPACITY_FOR_HEAD));
    assert_string_equal(cast.refusal.param[0], "deputy");
    FORBIDDEN(NO_OFFICE, alert(HEAD, "2013-02-01T09:00", DD_CAPACITY_FOR_HEAD));
}

static void an_officer_signs_by_order_but_by_authority_only_when_delegated(void **state)
{
    (void)state;
    OK(alert(OFFICER, "2013-02-01T09:00", DD_CAPACITY_BY_ORDER));
    FORBIDDEN(NO_OFFICE, alert(rules_deputy(&cast), "2013-02-01T09:00", DD_CAPACITY_BY_ORDER));
    FORBIDDEN(NO_OFFICE, alert(cast_officer(CAST_A2), "2013-02-01T09:00", DD_CAPACITY_BY_ORDER));
    FORBIDDEN(NO_DELEGATION, alert(OFFICER, "2013-02-01T09:00", DD_CAPACITY_BY_AUTHORITY));
    FORBIDDEN(CAPACITY, monthly(OFFICER, "2013-02-01T09:00", DD_CAPACITY_BY_ORDER));
}

static void the_head_alone_signs_for_the_collective(void **state)
{
    (void)state;
    OK(alert(HEAD, "2013-02-01T09:00", DD_CAPACITY_FOR_COLLECTIVE));
    FORBIDDEN(NO_OFFICE,
              alert(rules_deputy(&cast), "2013-02-01T09:00", DD_CAPACITY_FOR_COLLECTIVE));
    FORBIDDEN(CAPACITY, monthly(HEAD, "2013-02-01T09:00", DD_CAPACITY_FOR_COLLECTIVE));
}

static void capacity_and_delegation_are_kept(void **state)
{
    (void)state;
    struct dd_report_row row;
    OK(rules_delegate(&cast, "2013-02-01T08:00", "2013-02-01", "2013-12-31", NULL));
    OK(monthly(rules_deputy(&cast), "2013-02-01T09:00", DD_CAPACITY_FOR_HEAD));
    struct dd_event *event = &cast.event[0];
    assert_int_equal(dd_last_report(&cast.view, rules_number(&cast), CAST_A1, event->stage,
                                    (uint16_t)event->number, &row),
                     1);
    assert_int_equal(row.capacity, DD_CAPACITY_FOR_HEAD);
    assert_int_equal(row.delegation, 1);
    assert_int_equal(row.account, rules_deputy(&cast));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, begin, end)
        CASE(the_head_signs_in_person_with_or_without_saying_so),
        CASE(a_head_only_stage_is_signed_by_nobody_for_the_head),
        CASE(a_deputy_signs_for_the_head_only_under_a_delegation),
        CASE(a_delegation_holds_for_its_stages_alone),
        CASE(a_delegation_ends_with_the_office_of_who_gave_it),
        CASE(a_delegation_by_a_former_head_hides_no_other),
        CASE(a_delegation_by_a_revoked_key_is_none),
        CASE(an_officer_of_the_host_signs_by_order_for_the_host_alone),
        CASE(only_a_deputy_signs_in_place_of_the_head),
        CASE(an_officer_signs_by_order_but_by_authority_only_when_delegated),
        CASE(the_head_alone_signs_for_the_collective),
        CASE(capacity_and_delegation_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
