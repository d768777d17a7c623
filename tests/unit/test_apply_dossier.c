/* What accepted commands leave in a dossier: versions and drafts, duties met and opened again,
 * decisions, adjustments, outcomes, reports. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/lib/cast.h"

static struct cast cast;

#define HEAD cast_head(CAST_A1)
#define OFFICER cast_officer(CAST_A1)
#define OK(call) CAST_OK(&cast, call)

static int open_cast(void **state)
{
    (void)state;
    cast_ready(&cast, 2);
    return 0;
}

static int close_cast(void **state)
{
    (void)state;
    cast_free(&cast);
    return 0;
}

static void expect_duty(uint8_t stage, uint16_t a, uint16_t b, enum dd_end end, const char *bound)
{
    struct dd_duty_row duty = cast_duty(&cast, CAST_A1, stage, a, b);
    assert_string_equal(dd_word(DD_WORDS_END, (int)duty.end), dd_word(DD_WORDS_END, (int)end));
    assert_int_equal(duty.bound_ms, bound ? cast_at(bound) : INT64_MAX);
}

static void draft(const char *at, uint16_t count)
{
    OK(cast_register(&cast, OFFICER, at, "a1", 1, "own", count, "2013-05-31"));
}

/* --- drafts --- */

static size_t draft_count(void)
{
    return dd_items_count(dd_get_draft(&cast.view, 1, CAST_A1));
}

static void a_draft_holds_tasks_in_their_order(void **state)
{
    (void)state;
    assert_int_equal(cast_dossier(&cast, CAST_A1).state, DD_DOSSIER_EMPTY);
    OK(cast_register(&cast, OFFICER, "2013-01-20T09:00", "a1", 3, "own", 2, "2013-05-31"));
    OK(cast_register(&cast, OFFICER, "2013-01-20T09:00", "a1", 1, "common", 1, "2013-05-31"));
    OK(cast_register(&cast, OFFICER, "2013-01-20T09:00", "a1", 2, "own", 1, "2013-05-31"));
    assert_int_equal(cast_dossier(&cast, CAST_A1).state, DD_DOSSIER_DRAFT);
    static const struct dd_item_ref expected[] = {{1, 1, 1}, {2, 1, 1}, {3, 1, 1}, {3, 2, 1}};
    struct dd_item_list list = dd_get_draft(&cast.view, 1, CAST_A1);
    assert_int_equal(dd_items_count(list), 4);
    for (size_t i = 0; i < 4; i++) {
        struct dd_item_ref ref = dd_items_at(list, i);
        assert_memory_equal(&ref, &expected[i], sizeof ref);
    }
}

static void a_task_s_kind_is_kept_with_its_content(void **state)
{
    struct dd_content_row content;
    (void)state;
    OK(cast_register(&cast, OFFICER, "2013-01-20T09:00", "a1", 1, "common", 1, "2013-05-31"));
    assert_true(dd_get_content(&cast.view, 1, CAST_A1, (struct dd_item_ref){1, 1, 1}, &content));
    assert_int_equal(content.kind, CAST_COMMON);
    assert_int_equal(content.target.mantissa, 1250);
    assert_int_equal(content.due_day, cast_day("2013-05-31"));
}

/* Titles and units of measure of the cast are short: what counts here is that the sum follows. */
static void a_draft_knows_the_bytes_of_its_indicators(void **state)
{
    struct dd_item_ref ref;
    struct dd_content_row content;
    size_t bytes = 0;
    (void)state;
    OK(cast_register(&cast, OFFICER, "2013-01-20T09:00", "a1", 1, "own", 4, "2013-05-31"));
    OK(cast_register(&cast, OFFICER, "2013-01-20T09:00", "a1", 2, "own", 2, "2013-05-31"));
    OK(cast_register(&cast, OFFICER, "2013-01-20T09:00", "a1", 1, "own", 2, "2013-06-30"));
    OK(cast_remove(&cast, OFFICER, "2013-01-20T09:00", "a1", 1, "own", 3));
    struct dd_item_list draft = dd_get_draft(&cast.view, 1, CAST_A1);
    assert_int_equal(dd_items_count(draft), 5);
    for (size_t i = 0; i < dd_items_count(draft); i++) {
        ref = dd_items_at(draft, i);
        assert_true(dd_get_content(&cast.view, 1, CAST_A1, ref, &content));
        bytes += dd_content_bytes(content.title, content.unit_of_measure);
    }
    assert_int_equal(cast_dossier(&cast, CAST_A1).draft_bytes, bytes);
}

static void content_that_did_not_change_keeps_its_revision(void **state)
{
    (void)state;
    draft("2013-01-20T09:00", 2);
    draft("2013-01-20T09:01", 2);
    assert_int_equal(dd_items_at(dd_get_draft(&cast.view, 1, CAST_A1), 0).revision, 1);
    OK(cast_register(&cast, OFFICER, "2013-01-20T09:02", "a1", 1, "own", 1, "2013-06-30"));
    assert_int_equal(dd_items_at(dd_get_draft(&cast.view, 1, CAST_A1), 0).revision, 2);
    assert_int_equal(dd_items_at(dd_get_draft(&cast.view, 1, CAST_A1), 1).revision, 1);
    OK(cast_remove(&cast, OFFICER, "2013-01-20T09:03", "a1", 1, "own", 1));
    assert_int_equal(draft_count(), 1);
    draft("2013-01-20T09:04", 1);
    assert_int_equal(draft_count(), 2);
    assert_int_equal(dd_items_at(dd_get_draft(&cast.view, 1, CAST_A1), 0).revision, 3);
}

/* --- handing in and out --- */

static void a_version_is_what_was_drafted_when_it_was_handed_in(void **state)
{
    (void)state;
    draft("2013-01-20T09:00", 2);
    OK(cast_submit(&cast, HEAD, "2013-01-21T09:00", "a1", ""));
    draft("2013-01-22T09:00", 3);
    struct dd_version_row version = cast_version(&cast, CAST_A1, 1);
    assert_int_equal(version.state, DD_VERSION_PENDING);
    assert_int_equal(version.account, HEAD);
    assert_int_equal(version.submitted_ms, cast_at("2013-01-21T09:00"));
    assert_false(version.adjustment);
    assert_false(version.decided);
    assert_int_equal(dd_items_count(version.items), 2);
    assert_int_equal(draft_count(), 3);
    struct dd_dossier_row dossier = cast_dossier(&cast, CAST_A1);
    assert_int_equal(dossier.state, DD_DOSSIER_PENDING);
    assert_int_equal(dossier.newest, 1);
    assert_int_equal(dossier.pending, 1);
    assert_int_equal(dossier.stage, CAST_APPRAISE);
    assert_int_equal(dossier.in_force, 0);
}

static void handing_in_meets_the_duty_and_late_is_late(void **state)
{
    (void)state;
    draft("2013-01-20T09:00", 1);
    expect_duty(CAST_REGISTER, 0, 0, DD_END_OPEN, "2013-01-26T00:00");
    OK(cast_submit(&cast, HEAD, "2013-01-25T23:59", "a1", ""));
    expect_duty(CAST_REGISTER, 0, 0, DD_END_ON_TIME, "2013-01-26T00:00");
    expect_duty(CAST_APPRAISE, 1, 0, DD_END_OPEN, "2013-02-02T00:00");
    uint32_t head = cast_head(CAST_A2);
    OK(cast_register(&cast, head, "2013-01-26T00:00", "a2", 1, "own", 1, "2013-05-31"));
    OK(cast_submit(&cast, head, "2013-01-26T00:00", "a2", ""));
    assert_int_equal(cast_duty(&cast, CAST_A2, CAST_REGISTER, 0, 0).end, DD_END_LATE);
}

static void withdrawing_opens_the_duty_again(void **state)
{
    (void)state;
    draft("2013-01-20T09:00", 1);
    OK(cast_submit(&cast, HEAD, "2013-01-21T09:00", "a1", ""));
    OK(cast_withdraw(&cast, HEAD, "2013-01-22T09:00", "a1", 1));
    expect_duty(CAST_REGISTER, 0, 0, DD_END_OPEN, "2013-01-26T00:00");
    expect_duty(CAST_APPRAISE, 1, 0, DD_END_SUPERSEDED, "2013-02-02T00:00");
    assert_int_equal(cast_dossier(&cast, CAST_A1).state, DD_DOSSIER_DRAFT);
    assert_int_equal(cast_dossier(&cast, CAST_A1).pending, 0);
    struct dd_version_row version = cast_version(&cast, CAST_A1, 1);
    assert_int_equal(version.state, DD_VERSION_WITHDRAWN);
    assert_true(dd_slice_equal(version.ended_reason, dd_slice_of("sai sót")));
    OK(cast_submit(&cast, HEAD, "2013-01-26T09:00", "a1", ""));
    expect_duty(CAST_REGISTER, 0, 0, DD_END_LATE, "2013-01-26T00:00");
    assert_int_equal(cast_dossier(&cast, CAST_A1).newest, 2);
}

static void a_returned_version_is_followed_by_a_resubmission(void **state)
{
    (void)state;
    draft("2013-01-20T09:00", 1);
    OK(cast_submit(&cast, HEAD, "2013-01-21T09:00", "a1", ""));
    OK(cast_return(&cast, CAST_APPRAISER, "2013-02-02T00:00", "a1", 1, "thiếu"));
    expect_duty(CAST_REGISTER, 0, 0, DD_END_ON_TIME, "2013-01-26T00:00");
    expect_duty(CAST_APPRAISE, 1, 0, DD_END_LATE, "2013-02-02T00:00");
    struct dd_version_row version = cast_version(&cast, CAST_A1, 1);
    assert_int_equal(version.state, DD_VERSION_RETURNED);
    assert_true(dd_slice_equal(version.ended_reason, dd_slice_of("thiếu")));
    assert_int_equal(cast_dossier(&cast, CAST_A1).state, DD_DOSSIER_RETURNED);
    draft("2013-02-03T09:00", 2);
    assert_int_equal(cast_dossier(&cast, CAST_A1).state, DD_DOSSIER_RETURNED);
    OK(cast_submit(&cast, HEAD, "2013-02-03T09:00", "a1", ""));
    expect_duty(CAST_REGISTER, 0, 0, DD_END_ON_TIME, "2013-01-26T00:00");
    expect_duty(CAST_APPRAISE, 2, 0, DD_END_OPEN, "2013-02-02T00:00");
    OK(cast_withdraw(&cast, HEAD, "2013-02-03T10:00", "a1", 2));
    expect_duty(CAST_REGISTER, 0, 0, DD_END_ON_TIME, "2013-01-26T00:00"); /* version 1 met it */
}

static void agreeing_hands_the_version_on_and_approving_puts_it_in_force(void **state)
{
    struct dd_item_row item;
    (void)state;
    draft("2013-01-20T09:00", 1);
    OK(cast_submit(&cast, HEAD, "2013-01-21T09:00", "a1", ""));
    OK(cast_agree(&cast, CAST_APPRAISER, "2013-01-28T09:00", "a1", 1));
    expect_duty(CAST_APPRAISE, 1, 0, DD_END_ON_TIME, "2013-02-02T00:00");
    expect_duty(CAST_APPROVE, 1, 0, DD_END_OPEN, "2013-02-16T00:00");
    assert_int_equal(cast_dossier(&cast, CAST_A1).stage, CAST_APPROVE);
    assert_int_equal(cast_dossier(&cast, CAST_A1).state, DD_DOSSIER_PENDING);
    assert_true(cast_version(&cast, CAST_A1, 1).decided);
    OK(cast_agree(&cast, CAST_CHAIR, "2013-02-16T00:00", "a1", 1));
    expect_duty(CAST_APPROVE, 1, 0, DD_END_LATE, "2013-02-16T00:00");
    expect_duty(CAST_INDICATOR, 1, 1, DD_END_OPEN, "2013-06-01T00:00");
    struct dd_dossier_row dossier = cast_dossier(&cast, CAST_A1);
    assert_int_equal(dossier.state, DD_DOSSIER_IN_FORCE);
    assert_int_equal(dossier.in_force, 1);
    assert_int_equal(dossier.pending, 0);
    assert_int_equal(cast_version(&cast, CAST_A1, 1).state, DD_VERSION_APPROVED);
    assert_true(dd_get_item(&cast.view, 1, CAST_A1, 1, 1, &item));
    assert_int_equal(item.in_force, 1);
}

/* --- adjustments --- */

static void adjust(const char *at, uint16_t count, const char *due)
{
    OK(cast_register(&cast, OFFICER, at, "a1", 1, "own", count, due));
    OK(cast_submit(&cast, HEAD, at, "a1", "điều chỉnh"));
}

static void an_adjustment_goes_straight_to_the_first_approver(void **state)
{
    (void)state;
    cast_bring_in_force(&cast, CAST_A1, 2, "2013-05-31");
    adjust("2013-03-01T09:00", 3, "2013-05-31");
    struct dd_dossier_row dossier = cast_dossier(&cast, CAST_A1);
    assert_int_equal(dossier.stage, CAST_APPROVE);
    assert_int_equal(dossier.in_force, 1); /* until it is approved */
    assert_true(cast_version(&cast, CAST_A1, 2).adjustment);
    expect_duty(CAST_APPROVE, 2, 0, DD_END_OPEN, NULL);
    assert_int_equal(cast_duty(&cast, CAST_A1, CAST_APPRAISE, 2, 0).end, 0);
    OK(cast_agree(&cast, CAST_CHAIR, "2013-03-05T09:00", "a1", 2));
    expect_duty(CAST_APPROVE, 2, 0, DD_END_ON_TIME, NULL);
    assert_int_equal(cast_dossier(&cast, CAST_A1).in_force, 2);
    assert_int_equal(cast_version(&cast, CAST_A1, 1).state, DD_VERSION_APPROVED);
    assert_int_equal(dd_items_count(cast_version(&cast, CAST_A1, 1).items), 2);
    assert_int_equal(dd_items_count(cast_version(&cast, CAST_A1, 2).items), 3);
    expect_duty(CAST_INDICATOR, 1, 3, DD_END_OPEN, "2013-06-01T00:00");
}

static void a_returned_or_withdrawn_adjustment_leaves_the_old_version_in_force(void **state)
{
    (void)state;
    cast_bring_in_force(&cast, CAST_A1, 2, "2013-05-31");
    adjust("2013-03-01T09:00", 3, "2013-05-31");
    OK(cast_withdraw(&cast, HEAD, "2013-03-02T09:00", "a1", 2));
    assert_int_equal(cast_dossier(&cast, CAST_A1).state, DD_DOSSIER_IN_FORCE);
    expect_duty(CAST_APPROVE, 2, 0, DD_END_SUPERSEDED, NULL);
    expect_duty(CAST_REGISTER, 0, 0, DD_END_ON_TIME, "2013-01-26T00:00");
    OK(cast_submit(&cast, HEAD, "2013-03-02T10:00", "a1", "điều chỉnh"));
    OK(cast_return(&cast, CAST_CHAIR, "2013-03-03T09:00", "a1", 3, "không"));
    assert_int_equal(cast_dossier(&cast, CAST_A1).state, DD_DOSSIER_RETURNED);
    assert_int_equal(cast_dossier(&cast, CAST_A1).in_force, 1);
    OK(cast_progress(&cast, OFFICER, "2013-03-04T09:00", "a1", 1, 2, DD_OUTCOME_COMPLETED,
                     "2013-03-04"));
}

static void an_indicator_that_goes_out_is_no_longer_owed(void **state)
{
    struct dd_item_row item;
    (void)state;
    cast_bring_in_force(&cast, CAST_A1, 3, "2013-05-31");
    OK(cast_progress(&cast, OFFICER, "2013-02-20T09:00", "a1", 1, 2, DD_OUTCOME_COMPLETED,
                     "2013-02-20"));
    OK(cast_remove(&cast, OFFICER, "2013-03-01T09:00", "a1", 1, "own", 1));
    OK(cast_remove(&cast, OFFICER, "2013-03-01T09:00", "a1", 1, "own", 2));
    OK(cast_submit(&cast, HEAD, "2013-03-01T09:00", "a1", "bỏ"));
    OK(cast_agree(&cast, CAST_CHAIR, "2013-03-05T09:00", "a1", 2));
    expect_duty(CAST_INDICATOR, 1, 1, DD_END_SUPERSEDED, "2013-06-01T00:00");
    expect_duty(CAST_INDICATOR, 1, 2, DD_END_SUPERSEDED, "2013-06-01T00:00");
    expect_duty(CAST_INDICATOR, 1, 3, DD_END_OPEN, "2013-06-01T00:00");
    (void)dd_get_item(&cast.view, 1, CAST_A1, 1, 2, &item);
    assert_int_equal(item.in_force, 0);
    assert_int_equal(dd_outcomes_count(&item), 1); /* kept */
    adjust("2013-03-06T09:00", 2, "2013-05-31");
    OK(cast_agree(&cast, CAST_CHAIR, "2013-03-07T09:00", "a1", 3));
    expect_duty(CAST_INDICATOR, 1, 1, DD_END_OPEN, "2013-06-01T00:00");
    expect_duty(CAST_INDICATOR, 1, 2, DD_END_ON_TIME, "2013-06-01T00:00"); /* it was done */
}

static void a_changed_due_date_judges_what_was_done_anew(void **state)
{
    (void)state;
    cast_bring_in_force(&cast, CAST_A1, 1, "2013-05-31");
    OK(cast_progress(&cast, OFFICER, "2013-05-20T09:00", "a1", 1, 1, DD_OUTCOME_COMPLETED,
                     "2013-05-20"));
    expect_duty(CAST_INDICATOR, 1, 1, DD_END_ON_TIME, "2013-06-01T00:00");
    adjust("2013-05-21T09:00", 1, "2013-05-10");
    OK(cast_agree(&cast, CAST_CHAIR, "2013-05-22T09:00", "a1", 2));
    expect_duty(CAST_INDICATOR, 1, 1, DD_END_LATE, "2013-05-11T00:00");
    assert_int_equal(cast_duty(&cast, CAST_A1, CAST_INDICATOR, 1, 1).ended_ms,
                     cast_at("2013-05-20T09:00"));
    assert_int_equal(cast_duty(&cast, CAST_A1, CAST_INDICATOR, 1, 1).next_at_ms, INT64_MAX);
}

static void open_with(void **state, const struct dd_programme *programme)
{
    close_cast(state);
    cast_make(&cast, 2);
    cast_open_with(&cast, programme);
}

static void bend(const char *at, enum dd_bend_act act, const char *day)
{
    struct dd_command c = {.kind = DD_COMMAND_BEND};
    c.as.bend = (struct dd_bend){.cycle = dd_slice_of("key-tasks/2013"),
                                 .unit = dd_slice_of("a1"),
                                 .duty = dd_slice_of("indicator/1.1"),
                                 .act = act,
                                 .day = day ? cast_day(day) : 0,
                                 .reason = dd_slice_of("lý do")};
    OK(cast_do(&cast, CAST_CHAIR, cast_at(at), &c));
}

static void move_to(const char *at, const char *due)
{
    adjust(at, 1, due);
    OK(cast_agree(&cast, CAST_CHAIR, at, "a1", 2));
}

static void an_adjusted_indicator_arose_when_it_did_and_keeps_its_extensions(void **state)
{
    (void)state;
    struct dd_programme programme = cast_programme();
    programme.stage[CAST_INDICATOR].extensions = 1;
    programme.stage[CAST_INDICATOR].extension_days = 90;
    open_with(state, &programme);
    cast_bring_in_force(&cast, CAST_A1, 1, "2013-05-31");
    int64_t arose_ms = cast_duty(&cast, CAST_A1, CAST_INDICATOR, 1, 1).arose_ms;
    bend("2013-03-01T09:00", DD_BEND_EXTEND, "2013-06-10");
    move_to("2013-03-05T09:00", "2013-07-31");
    struct dd_duty_row duty = cast_duty(&cast, CAST_A1, CAST_INDICATOR, 1, 1);
    assert_int_equal(duty.arose_ms, arose_ms);
    assert_int_equal(duty.extensions, 1);
    expect_duty(CAST_INDICATOR, 1, 1, DD_END_OPEN, "2013-08-01T00:00");
    assert_true(duty.next_at_ms > cast_at("2013-03-05T09:00"));
}

static void an_adjustment_lifts_no_waiver(void **state)
{
    (void)state;
    cast_bring_in_force(&cast, CAST_A1, 1, "2013-05-31");
    bend("2013-03-01T09:00", DD_BEND_WAIVE, NULL);
    move_to("2013-03-05T09:00", "2013-07-31");
    expect_duty(CAST_INDICATOR, 1, 1, DD_END_WAIVED, "2013-08-01T00:00");
    struct dd_duty_row duty = cast_duty(&cast, CAST_A1, CAST_INDICATOR, 1, 1);
    assert_int_equal(duty.ended_ms, cast_at("2013-03-01T09:00"));
    assert_int_equal(duty.next_at_ms, INT64_MAX);
}

static void a_suspended_indicator_stays_suspended_and_its_days_left_move(void **state)
{
    (void)state;
    cast_bring_in_force(&cast, CAST_A1, 1, "2013-05-31");
    bend("2013-05-21T09:00", DD_BEND_SUSPEND, NULL);
    assert_int_equal(cast_duty(&cast, CAST_A1, CAST_INDICATOR, 1, 1).left_days, 10);
    move_to("2013-05-22T09:00", "2013-06-03");
    struct dd_duty_row duty = cast_duty(&cast, CAST_A1, CAST_INDICATOR, 1, 1);
    assert_true(duty.suspended);
    assert_int_equal(duty.left_days, 13);
    expect_duty(CAST_INDICATOR, 1, 1, DD_END_OPEN, NULL);
    assert_int_equal(duty.next_at_ms, INT64_MAX);
    bend("2013-06-20T09:00", DD_BEND_RESUME, NULL);
    expect_duty(CAST_INDICATOR, 1, 1, DD_END_OPEN, "2013-07-04T00:00");
}

static void without_deciding_stages_a_version_is_in_force_at_once(void **state)
{
    struct dd_programme programme = cast_programme();
    programme.stage[1] = programme.stage[CAST_REPORT];
    programme.stage[2] = programme.stage[CAST_INDICATOR];
    programme.stage_count = 3;
    open_with(state, &programme);
    draft("2013-01-20T09:00", 1);
    OK(cast_submit(&cast, HEAD, "2013-01-21T09:00", "a1", ""));
    assert_int_equal(cast.entry.events.count, 2);
    assert_int_equal(cast_dossier(&cast, CAST_A1).in_force, 1);
    assert_int_equal(cast_version(&cast, CAST_A1, 1).state, DD_VERSION_APPROVED);
    expect_duty(CAST_REGISTER, 0, 0, DD_END_ON_TIME, "2013-01-26T00:00");
    expect_duty(2, 1, 1, DD_END_OPEN, "2013-06-01T00:00");
}

static void an_adjustment_that_every_stage_skips_is_in_force_at_once(void **state)
{
    struct dd_programme programme = cast_programme();
    programme.stage[CAST_APPROVE].skipped_by_adjustment = true;
    open_with(state, &programme);
    cast_bring_in_force(&cast, CAST_A1, 1, "2013-05-31");
    adjust("2013-03-01T09:00", 2, "2013-05-31");
    assert_int_equal(cast_dossier(&cast, CAST_A1).in_force, 2);
}

static void indicators_may_have_no_bound(void **state)
{
    struct dd_programme programme = cast_programme();
    programme.stage[CAST_INDICATOR].deadline.word = 0;
    open_with(state, &programme);
    cast_bring_in_force(&cast, CAST_A1, 1, "2013-05-31");
    expect_duty(CAST_INDICATOR, 1, 1, DD_END_OPEN, NULL);
    OK(cast_progress(&cast, OFFICER, "2013-12-01T09:00", "a1", 1, 1, DD_OUTCOME_COMPLETED,
                     "2013-12-01"));
    expect_duty(CAST_INDICATOR, 1, 1, DD_END_ON_TIME, NULL);
}

static void an_adjustment_may_be_decided_where_working_days_count(void **state)
{
    struct dd_programme programme = cast_programme();
    programme.stage[CAST_APPROVE].working_days = true;
    open_with(state, &programme);
    cast_bring_in_force(&cast, CAST_A1, 1, "2013-05-31");
    adjust("2013-03-01T09:00", 2, "2013-05-31");
    OK(cast_agree(&cast, CAST_CHAIR, "2013-03-05T09:00", "a1", 2));
}

/* --- outcomes and reports --- */

static void an_item_keeps_every_outcome_with_its_receipt(void **state)
{
    struct dd_item_row item;
    (void)state;
    cast_bring_in_force(&cast, CAST_A1, 1, "2013-05-31");
    OK(cast_progress(&cast, OFFICER, "2013-03-01T09:00", "a1", 1, 1, DD_OUTCOME_OPEN,
                     "2013-02-28"));
    OK(cast_progress(&cast, OFFICER, "2013-06-01T00:00", "a1", 1, 1, DD_OUTCOME_EXCEEDED,
                     "2013-05-31"));
    (void)dd_get_item(&cast.view, 1, CAST_A1, 1, 1, &item);
    assert_int_equal(dd_outcomes_count(&item), 2);
    struct dd_outcome_fact fact = dd_outcomes_at(&item, 1);
    assert_int_equal(fact.outcome, DD_OUTCOME_EXCEEDED);
    assert_int_equal(fact.day, cast_day("2013-05-31"));
    assert_int_equal(fact.received_ms, cast_at("2013-06-01T00:00"));
    assert_int_equal(fact.seq, cast.entry.seq);
    expect_duty(CAST_INDICATOR, 1, 1, DD_END_LATE, "2013-06-01T00:00"); /* the stamp alone counts */
}

/* An approval writes every item of the version, whatever its history: together they are no matter
 * for the arena of one command. */
static void a_version_of_long_histories_is_put_in_force(void **state)
{
    enum { ITEMS = 60 };
    static uint8_t facts[DD_OUTCOMES_PER_ITEM_MAX * DD_OUTCOME_FACT_BYTES];
    struct dd_item_row item;
    (void)state;
    cast_bring_in_force(&cast, CAST_A1, ITEMS, "2013-05-31");
    for (uint16_t i = 1; i <= ITEMS; i++) {
        assert_true(dd_get_item(&cast.view, 1, CAST_A1, 1, i, &item));
        item.outcomes = (struct dd_slice){facts, sizeof facts};
        dd_put_item(&cast.view, 1, CAST_A1, 1, i, &item, NULL);
    }
    cast.scratch.limit_bytes = 1024 * 1024;
    OK(cast_register(&cast, OFFICER, "2013-03-01T09:00", "a1", 1, "own", ITEMS, "2013-06-30"));
    OK(cast_submit(&cast, HEAD, "2013-03-01T09:00", "a1", "reason"));
    OK(cast_agree(&cast, CAST_CHAIR, "2013-03-01T10:00", "a1", 2));
    assert_true(dd_get_item(&cast.view, 1, CAST_A1, 1, ITEMS, &item));
    assert_int_equal(item.in_force, 2);
    assert_int_equal(dd_outcomes_count(&item), DD_OUTCOMES_PER_ITEM_MAX);
}

static void a_second_outcome_does_not_move_the_first_end(void **state)
{
    (void)state;
    cast_bring_in_force(&cast, CAST_A1, 1, "2013-05-31");
    OK(cast_progress(&cast, OFFICER, "2013-05-31T09:00", "a1", 1, 1, DD_OUTCOME_COMPLETED,
                     "2013-05-31"));
    OK(cast_progress(&cast, OFFICER, "2013-06-02T09:00", "a1", 1, 1, DD_OUTCOME_EXCEEDED,
                     "2013-05-31"));
    expect_duty(CAST_INDICATOR, 1, 1, DD_END_ON_TIME, "2013-06-01T00:00");
    OK(cast_progress(&cast, OFFICER, "2013-06-03T09:00", "a1", 1, 1, DD_OUTCOME_OPEN,
                     "2013-05-31"));
    expect_duty(CAST_INDICATOR, 1, 1, DD_END_OPEN, "2013-06-01T00:00");
    OK(cast_progress(&cast, OFFICER, "2013-06-04T09:00", "a1", 1, 1, DD_OUTCOME_COMPLETED,
                     "2013-05-31"));
    expect_duty(CAST_INDICATOR, 1, 1, DD_END_LATE, "2013-06-01T00:00");
}

static void the_first_report_meets_the_duty_and_all_are_kept(void **state)
{
    struct dd_report_row row;
    (void)state;
    expect_duty(CAST_REPORT, 0, 0, DD_END_OPEN, "2013-06-25T00:00");
    OK(cast_report(&cast, HEAD, "2013-06-24T23:59", "a1", "H1"));
    expect_duty(CAST_REPORT, 0, 0, DD_END_ON_TIME, "2013-06-25T00:00");
    OK(cast_report(&cast, HEAD, "2013-06-25T00:00", "a1", "H1"));
    expect_duty(CAST_REPORT, 0, 0, DD_END_ON_TIME, "2013-06-25T00:00");
    assert_true(dd_get_report(&cast.view, 1, CAST_A1, CAST_REPORT, 0, 2, &row));
    assert_int_equal(row.received_ms, cast_at("2013-06-25T00:00"));
    assert_int_equal(row.account, HEAD);
    assert_int_equal(row.capacity, DD_CAPACITY_HEAD);
    assert_false(dd_get_report(&cast.view, 1, CAST_A1, CAST_REPORT, 0, 3, &row));
    OK(cast_report(&cast, HEAD, "2013-12-10T00:00", "a1", "year"));
    expect_duty(CAST_REPORT, 1, 0, DD_END_LATE, "2013-12-10T00:00");
}

static void a_report_of_who_registered_nothing_is_taken(void **state)
{
    (void)state;
    OK(cast_report(&cast, HEAD, "2013-06-24T09:00", "a1", "H1"));
    assert_int_equal(cast_dossier(&cast, CAST_A1).state, DD_DOSSIER_EMPTY);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_cast, close_cast)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_draft_holds_tasks_in_their_order),
        TEST(a_task_s_kind_is_kept_with_its_content),
        TEST(a_draft_knows_the_bytes_of_its_indicators),
        TEST(content_that_did_not_change_keeps_its_revision),
        TEST(a_version_is_what_was_drafted_when_it_was_handed_in),
        TEST(handing_in_meets_the_duty_and_late_is_late),
        TEST(withdrawing_opens_the_duty_again),
        TEST(a_returned_version_is_followed_by_a_resubmission),
        TEST(agreeing_hands_the_version_on_and_approving_puts_it_in_force),
        TEST(an_adjustment_goes_straight_to_the_first_approver),
        TEST(a_returned_or_withdrawn_adjustment_leaves_the_old_version_in_force),
        TEST(an_indicator_that_goes_out_is_no_longer_owed),
        TEST(a_changed_due_date_judges_what_was_done_anew),
        TEST(without_deciding_stages_a_version_is_in_force_at_once),
        TEST(an_adjustment_that_every_stage_skips_is_in_force_at_once),
        TEST(an_adjusted_indicator_arose_when_it_did_and_keeps_its_extensions),
        TEST(an_adjustment_lifts_no_waiver),
        TEST(a_suspended_indicator_stays_suspended_and_its_days_left_move),
        TEST(indicators_may_have_no_bound),
        TEST(an_adjustment_may_be_decided_where_working_days_count),
        TEST(an_item_keeps_every_outcome_with_its_receipt),
        TEST(a_version_of_long_histories_is_put_in_force),
        TEST(a_second_outcome_does_not_move_the_first_end),
        TEST(the_first_report_meets_the_duty_and_all_are_kept),
        TEST(a_report_of_who_registered_nothing_is_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
