/* Tests of what nobody may do in their own cause, however they came to hold the office for it:
 * decide on what they brought in, bend what they owe themselves, be asked too late to refuse. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/lib/matter_cast.h"

enum { HEAD_A1 = CAST_FIRST_HEAD + 4, HEAD_A2 = HEAD_A1 + 2, OFFICER_A2 };

static struct cast cast;

#define OK(call) CAST_OK(&cast, call)
#define FORBIDDEN(call) CAST_NO(&cast, DD_FORBIDDEN, FOUR_EYES, call)

static int begin(void **state)
{
    (void)state;
    matter_ready(&cast, 3);
    return 0;
}

static int end(void **state)
{
    (void)state;
    cast_free(&cast);
    return 0;
}

static enum dd_status waive(uint32_t account, const char *at, const char *unit, const char *duty)
{
    struct dd_command c = {.kind = DD_COMMAND_BEND};
    c.as.bend = (struct dd_bend){.cycle = dd_slice_of("key-tasks/2013"),
                                 .unit = dd_slice_of(unit),
                                 .duty = dd_slice_of(duty),
                                 .act = DD_BEND_WAIVE,
                                 .reason = dd_slice_of("bận")};
    return cast_do(&cast, account, cast_at(at), &c);
}

static void move_to(uint32_t account, enum dd_role role, const char *unit)
{
    struct dd_office office = {role, dd_slice_of(unit), INT32_MIN, INT32_MAX};
    struct dd_command c = {.kind = DD_COMMAND_PUT_ACCOUNT};
    struct dd_account_row row;
    assert_true(dd_get_account(&cast.view, account, &row));
    c.as.put_account = (struct dd_put_account){
        .code = row.code, .to_ms = INT64_MAX, .offices = &office, .office_count = 1};
    c.as.put_account.link_key[0] = (uint8_t)(0xa0 + account);
    OK(cast_do(&cast, CAST_ADMIN, cast_at("2013-02-04T08:00"), &c));
}

static void who_decides_on_a_matter_does_not_bend_that(void **state)
{
    (void)state;
    struct dd_matter_put put = matter_put("request", "a1", NULL);
    OK(matter_open(&cast, HEAD_A1, "2013-02-01T09:00", "a1", &put));
    assert_int_equal(matter_row(&cast, 1).approver, CAST_CHAIR);
    FORBIDDEN(waive(CAST_CHAIR, "2013-02-02T09:00", "a1", "consent/1"));
    OK(waive(CAST_VICE, "2013-02-02T09:00", "a1", "consent/1"));
}

static void who_decides_on_a_version_does_not_bend_that(void **state)
{
    (void)state;
    OK(cast_register(&cast, HEAD_A2, "2013-01-20T09:00", "a2", 1, "own", 2, "2013-05-01"));
    OK(cast_submit(&cast, HEAD_A2, "2013-01-21T09:00", "a2", ""));
    FORBIDDEN(waive(HEAD_A2, "2013-01-22T09:00", "a2", "appraise/1"));
    OK(cast_agree(&cast, CAST_APPRAISER, "2013-01-22T09:00", "a2", 1));
    FORBIDDEN(waive(CAST_VICE, "2013-01-23T09:00", "a2", "approve/1")); /* a2 is the vice's */
    OK(waive(CAST_CHAIR, "2013-01-23T09:00", "a2", "approve/1"));
}

static void who_appraises_does_not_bend_that(void **state)
{
    (void)state;
    struct cast other;
    struct dd_programme programme = cast_programme();
    struct dd_command c = {.kind = DD_COMMAND_BEND};
    programme.stage[CAST_APPRAISE].bent_by = DD_ROLE_APPRAISER;
    cast_make(&other, 3);
    cast_open_with(&other, &programme);
    CAST_OK(&other,
            cast_register(&other, HEAD_A1, "2013-01-20T09:00", "a1", 1, "own", 2, "2013-05-01"));
    CAST_OK(&other, cast_submit(&other, HEAD_A1, "2013-01-21T09:00", "a1", ""));
    c.as.bend = (struct dd_bend){.cycle = dd_slice_of("key-tasks/2013"),
                                 .unit = dd_slice_of("a1"),
                                 .duty = dd_slice_of("appraise/1"),
                                 .act = DD_BEND_WAIVE,
                                 .reason = dd_slice_of("bận")};
    CAST_NO(&other, DD_FORBIDDEN, FOUR_EYES,
            cast_do(&other, CAST_APPRAISER, cast_at("2013-01-22T09:00"), &c));
    cast_free(&other);
}

/* The head of a1 asks, then becomes the one who approves. */
static void nobody_decides_on_what_they_brought_in_before_they_moved(void **state)
{
    (void)state;
    struct dd_matter_put put = matter_put("request", "a1", NULL);
    OK(matter_open(&cast, HEAD_A1, "2013-02-01T09:00", "a1", &put));
    move_to(HEAD_A1, DD_ROLE_APPROVER, "ubnd");
    FORBIDDEN(matter_decide(&cast, HEAD_A1, "2013-02-04T09:00", "a1", 1, DD_VERDICT_AGREE, ""));
    OK(matter_decide(&cast, CAST_CHAIR, "2013-02-04T09:00", "a1", 1, DD_VERDICT_AGREE, ""));
}

static void without_appraisers_nobody_opens_what_an_appraiser_opens(void **state)
{
    (void)state;
    struct cast other;
    struct dd_programme programme = {
        .code = dd_slice_of("calls"), .version = 1, .kind_count = 1, .stage_count = 1};
    struct dd_command c = {.kind = DD_COMMAND_PUT_PROGRAMME};
    struct dd_matter_put put = matter_put("call", "a1", NULL);
    programme.kind[0] = (struct dd_item_kind){.code = dd_slice_of("call"),
                                              .matter = true,
                                              .opened_by = DD_ROLE_APPRAISER,
                                              .opened_in = DD_WHERE_HOST};
    programme.stage[0] = (struct dd_stage){.key = dd_slice_of("do"),
                                           .act = DD_ACT_OUTCOME,
                                           .by = DD_ROLE_OFFICER,
                                           .of = dd_slice_of("call"),
                                           .who = DD_WHO_OWNER,
                                           .silence = DD_SILENCE_MISSING};
    cast_make(&other, 3);
    c.as.put_programme = programme;
    CAST_OK(&other, cast_do(&other, CAST_ADMIN, cast_at("2013-01-11T07:59"), &c));
    c = (struct dd_command){.kind = DD_COMMAND_OPEN_CYCLE};
    c.as.open_cycle = cast_cycle(&other, "calls", "2013");
    c.as.open_cycle.appraiser_count = 0;
    CAST_OK(&other, cast_do(&other, CAST_ADMIN, cast_at("2013-01-11T08:00"), &c));
    c = (struct dd_command){.kind = DD_COMMAND_ASSIGN};
    c.as.assign = (struct dd_assign){.cycle = dd_slice_of("calls/2013"),
                                     .unit = dd_slice_of("ubnd"),
                                     .matters = &put,
                                     .matter_count = 1};
    CAST_NO(&other, DD_FORBIDDEN, NO_OFFICE,
            cast_do(&other, CAST_APPRAISER, cast_at("2013-02-01T09:00"), &c));
    cast_free(&other);
}

static void nobody_is_deemed_to_agree_to_what_was_asked_when_it_was_over(void **state)
{
    (void)state;
    struct cast other;
    struct dd_programme programme = matter_programme();
    programme.stage[MATTER_ATTEND].silence = DD_SILENCE_AGREES; /* two working days before */
    cast_make(&other, 3);
    cast_open_with(&other, &programme);
    struct dd_matter_put put = matter_asking(&other, "meeting", "a1", NULL, "a2");
    put.at_ms = cast_at("2013-02-07T08:00"); /* a Thursday */
    CAST_NO(&other, DD_REFUSED, ALREADY_PAST,
            matter_open(&other, HEAD_A1 + 1, "2013-02-06T09:00", "a1", &put));
    assert_string_equal(other.refusal.field, "matters.at");
    CAST_OK(&other, matter_open(&other, HEAD_A1 + 1, "2013-02-05T23:59", "a1", &put));
    cast_free(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, begin, end)
        CASE(who_decides_on_a_matter_does_not_bend_that),
        CASE(who_decides_on_a_version_does_not_bend_that),
        CASE(who_appraises_does_not_bend_that),
        CASE(nobody_decides_on_what_they_brought_in_before_they_moved),
        CASE(without_appraisers_nobody_opens_what_an_appraiser_opens),
        CASE(nobody_is_deemed_to_agree_to_what_was_asked_when_it_was_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
