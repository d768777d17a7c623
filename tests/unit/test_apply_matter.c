/* Tests of core/apply_matter.c: the rows behind matters, their duties, tallies, and replay. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/tally.h"
#include "tests/lib/matter_cast.h"

enum {
    HEAD_SNV = CAST_FIRST_HEAD,
    HEAD_VP = HEAD_SNV + 2,
    OFFICER_VP,
    HEAD_A1,
    OFFICER_A1,
    HEAD_A2,
    OFFICER_A2,
    HEAD_A3
};

static const char morning[] = "2013-02-01T09:00";

static void replays_to_the_same(struct cast *cast)
{
    struct naive rows = naive_make();
    struct dd_view view = naive_view(&rows);
    cast_replay(cast, &view);
    naive_explain(&cast->rows, &rows);
    assert_true(naive_equal(&rows, &cast->rows));
    naive_free(&rows);
}

static void an_opened_matter_keeps_what_its_notice_said(void **state)
{
    struct cast cast;
    struct dd_slice partners[] = {dd_slice_of("ubnd"), dd_slice_of("a3")};
    (void)state;
    matter_ready(&cast, 3);
    struct dd_matter_put put = matter_asking(&cast, "ballot", "a1", "2013-02-15", "a3 a2");
    put.partners = partners;
    put.partner_count = 2;
    put.code = dd_slice_of("05/PYK");
    put.word = DD_WORD_BEFORE;
    put.at_ms = cast_at("2013-02-20T08:00");
    CAST_OK(&cast, matter_open(&cast, HEAD_A1, morning, "a1", &put));
    struct dd_matter_row row = matter_row(&cast, 1);
    assert_int_equal(row.kind, MATTER_BALLOT);
    assert_true(dd_slice_equal(row.code, put.code));
    assert_true(dd_slice_equal(row.title, put.title));
    assert_true(dd_slice_equal(row.notice, dd_slice_of("12/TB-VP")));
    assert_int_equal(row.owner, CAST_A1);
    assert_int_equal(row.opener, HEAD_A1);
    assert_int_equal(row.approver, CAST_CHAIR);
    assert_int_equal(row.capacity, DD_CAPACITY_HEAD);
    assert_int_equal(row.opened_ms, cast_at(morning));
    assert_int_equal(row.seq, cast.entry.seq);
    assert_int_equal(row.word, DD_WORD_BEFORE);
    assert_int_equal(row.due_day, cast_day("2013-02-15"));
    assert_int_equal(row.at_ms, put.at_ms);
    assert_int_equal(row.open, 2);
    assert_int_equal(row.revision, 1);
    assert_int_equal(row.verdict, 0);
    assert_int_equal(dd_units_count(row.asked), 2);
    assert_int_equal(dd_units_at(row.asked, 0), CAST_A3);
    assert_int_equal(dd_units_at(row.asked, 1), CAST_A2);
    assert_int_equal(dd_units_count(row.partners), 2);
    assert_int_equal(dd_units_at(row.partners, 0), CAST_ROOT);
    assert_int_equal(matter_duty(&cast, CAST_A2, MATTER_VOTE, 1).last_day, cast_day("2013-02-14"));
    assert_int_equal(matter_duty(&cast, CAST_A1, MATTER_VOTE, 1).end, 0);
    replays_to_the_same(&cast);
    cast_free(&cast);
}

static void everybody_is_not_a_list(void **state)
{
    struct cast cast;
    (void)state;
    matter_ready(&cast, 30);
    struct dd_matter_put put = matter_asking(&cast, "opinion", "a1", "2013-02-15", "*");
    CAST_OK(&cast, matter_open(&cast, HEAD_A1, morning, "a1", &put));
    assert_int_equal(matter_row(&cast, 1).asked.size, 4);
    assert_int_equal(matter_row(&cast, 1).open, 31);
    assert_int_equal(matter_duty(&cast, CAST_A1 + 29, MATTER_OPINE, 1).end, DD_END_OPEN);
    assert_int_equal(matter_duty(&cast, CAST_A1, MATTER_OPINE, 1).end, 0);
    cast_free(&cast);
}

static void an_answer_keeps_choice_signer_and_words(void **state)
{
    struct cast cast;
    struct dd_answer_row answer;
    struct dd_command command = {.kind = DD_COMMAND_SUBMIT};
    (void)state;
    matter_ready(&cast, 3);
    struct dd_matter_put put = matter_asking(&cast, "opinion", "a1", "2013-02-15", "a2 a3");
    CAST_OK(&cast, matter_open(&cast, HEAD_A1, morning, "a1", &put));
    command.as.submit = (struct dd_submit){.cycle = dd_slice_of("key-tasks/2013"),
                                           .unit = dd_slice_of("a2"),
                                           .what = DD_SUBMISSION_ANSWER,
                                           .capacity = DD_CAPACITY_HEAD,
                                           .matter = 1,
                                           .choice = dd_slice_of("amend"),
                                           .note = dd_slice_of("đề nghị bỏ khoản 2")};
    CAST_OK(&cast, cast_do(&cast, HEAD_A2, cast_at("2013-02-05T09:00"), &command));
    assert_int_equal(dd_last_answer(&cast.view, 1, 1, MATTER_OPINE, CAST_A2, &answer), 1);
    assert_int_equal(answer.choice, 3);
    assert_int_equal(answer.account, HEAD_A2);
    assert_int_equal(answer.capacity, DD_CAPACITY_HEAD);
    assert_int_equal(answer.delegation, 0);
    assert_int_equal(answer.received_ms, cast_at("2013-02-05T09:00"));
    assert_int_equal(answer.seq, cast.entry.seq);
    assert_true(dd_slice_equal(answer.note, command.as.submit.note));
    assert_int_equal(matter_row(&cast, 1).revision, 2);
    assert_int_equal(matter_row(&cast, 1).open, 1);
    assert_int_equal(matter_duty(&cast, CAST_A2, MATTER_OPINE, 1).end, DD_END_ON_TIME);
    replays_to_the_same(&cast);
    cast_free(&cast);
}

static void a_deputy_answers_under_his_delegation(void **state)
{
    struct cast cast;
    struct dd_answer_row answer;
    struct dd_office deputy = {DD_ROLE_DEPUTY, dd_slice_of("a2"), INT32_MIN, INT32_MAX};
    struct dd_command command = {.kind = DD_COMMAND_PUT_ACCOUNT};
    (void)state;
    matter_ready(&cast, 2);
    command.as.put_account = (struct dd_put_account){.code = dd_slice_of("deputy"),
                                                     .link_key = {99},
                                                     .sign_key = {99},
                                                     .to_ms = INT64_MAX,
                                                     .offices = &deputy,
                                                     .office_count = 1};
    CAST_OK(&cast, cast_do(&cast, CAST_ADMIN, cast_at(morning), &command));
    uint32_t account = cast.entry.events.event[0].number;
    struct dd_matter_put put = matter_asking(&cast, "opinion", "a1", "2013-02-15", "a2");
    CAST_OK(&cast, matter_open(&cast, HEAD_A1, morning, "a1", &put));
    command = (struct dd_command){.kind = DD_COMMAND_SUBMIT};
    command.as.submit = (struct dd_submit){.cycle = dd_slice_of("key-tasks/2013"),
                                           .unit = dd_slice_of("a2"),
                                           .what = DD_SUBMISSION_ANSWER,
                                           .capacity = DD_CAPACITY_FOR_HEAD,
                                           .matter = 1,
                                           .choice = dd_slice_of("agree")};
    CAST_NO(&cast, DD_FORBIDDEN, NO_DELEGATION,
            cast_do(&cast, account, cast_at("2013-02-05T09:00"), &command));
    struct dd_delegation_row delegation = {.from = HEAD_A2,
                                           .to = account,
                                           .from_day = cast_day("2013-02-01"),
                                           .to_day = cast_day("2013-02-28")};
    dd_put_delegation(&cast.view, &cast.scratch, CAST_A2, 1, &delegation);
    CAST_OK(&cast, cast_do(&cast, account, cast_at("2013-02-05T09:00"), &command));
    assert_int_equal(dd_last_answer(&cast.view, 1, 1, MATTER_OPINE, CAST_A2, &answer), 1);
    assert_int_equal(answer.delegation, 1);
    assert_int_equal(answer.capacity, DD_CAPACITY_FOR_HEAD);
    cast_free(&cast);
}

static void silence_is_deemed_agreed_and_never_somebodys_answer(void **state)
{
    struct cast cast;
    struct dd_answer_row answer;
    (void)state;
    matter_ready(&cast, 3);
    struct dd_matter_put put = matter_asking(&cast, "opinion", "a1", "2013-02-15", "a2 a3");
    CAST_OK(&cast, matter_open(&cast, HEAD_A1, morning, "a1", &put));
    CAST_OK(&cast, matter_answer(&cast, HEAD_A2, "2013-02-05T09:00", "a2", 1, "disagree"));
    cast_time(&cast, "2013-02-15T23:59");
    assert_int_equal(matter_duty(&cast, CAST_A3, MATTER_OPINE, 1).end, DD_END_OPEN);
    cast_time(&cast, "2013-02-16T00:00");
    struct dd_duty_row duty = matter_duty(&cast, CAST_A3, MATTER_OPINE, 1);
    assert_int_equal(duty.end, DD_END_LAPSED);
    assert_int_equal(duty.ended_ms, cast_at("2013-02-16T00:00"));
    assert_int_equal(dd_last_answer(&cast.view, 1, 1, MATTER_OPINE, CAST_A3, &answer), 0);
    struct dd_matter_result result = matter_result(&cast, 1, MATTER_OPINE);
    assert_int_equal(result.count[0], 0); /* nobody has agreed */
    assert_int_equal(result.count[1], 1);
    assert_int_equal(result.lapsed, 1);
    CAST_OK(&cast, matter_answer(&cast, HEAD_A3, "2013-02-20T09:00", "a3", 1, "disagree"));
    assert_int_equal(matter_duty(&cast, CAST_A3, MATTER_OPINE, 1).end, DD_END_LAPSED);
    assert_int_equal(dd_last_answer(&cast.view, 1, 1, MATTER_OPINE, CAST_A3, &answer), 1);
    result = matter_result(&cast, 1, MATTER_OPINE);
    assert_int_equal(result.count[1], 1); /* it came too late to count */
    assert_int_equal(matter_row(&cast, 1).open, 0);
    replays_to_the_same(&cast);
    cast_free(&cast);
}

static void a_second_answer_leaves_the_duty_as_the_first_ended_it(void **state)
{
    struct cast cast;
    struct dd_answer_row answer;
    (void)state;
    matter_ready(&cast, 3);
    struct dd_matter_put put = matter_asking(&cast, "opinion", "a1", "2013-02-15", "a2 a3");
    CAST_OK(&cast, matter_open(&cast, HEAD_A1, morning, "a1", &put));
    CAST_OK(&cast, matter_answer(&cast, HEAD_A2, "2013-02-05T09:00", "a2", 1, "agree"));
    uint64_t first = cast.entry.seq;
    CAST_OK(&cast, matter_answer(&cast, HEAD_A2, "2013-02-06T09:00", "a2", 1, "disagree"));
    assert_int_equal(cast.entry.events.event[0].end, 0);
    assert_int_equal(matter_duty(&cast, CAST_A2, MATTER_OPINE, 1).ended_seq, first);
    assert_int_equal(dd_last_answer(&cast.view, 1, 1, MATTER_OPINE, CAST_A2, &answer), 2);
    assert_int_equal(answer.choice, 2);
    assert_int_equal(matter_row(&cast, 1).revision, 3);
    assert_int_equal(matter_row(&cast, 1).open, 1);
    assert_int_equal(matter_result(&cast, 1, MATTER_OPINE).count[1], 1);
    assert_int_equal(matter_result(&cast, 1, MATTER_OPINE).count[0], 0);
    cast_free(&cast);
}

static void a_decision_is_kept_with_its_reason(void **state)
{
    struct cast cast;
    (void)state;
    matter_ready(&cast, 2);
    struct dd_matter_put put = matter_put("request", "a1", NULL);
    CAST_OK(&cast, matter_open(&cast, HEAD_A1, morning, "a1", &put));
    CAST_OK(&cast, matter_decide(&cast, CAST_CHAIR, "2013-02-04T09:00", "a1", 1,
                                 DD_VERDICT_IN_PRINCIPLE, "đồng ý về chủ trương"));
    struct dd_matter_row row = matter_row(&cast, 1);
    assert_int_equal(row.verdict, DD_VERDICT_IN_PRINCIPLE);
    assert_int_equal(row.decided_by, CAST_CHAIR);
    assert_int_equal(row.decided_ms, cast_at("2013-02-04T09:00"));
    assert_int_equal(row.decided_seq, cast.entry.seq);
    assert_true(dd_slice_equal(row.reason, dd_slice_of("đồng ý về chủ trương")));
    assert_int_equal(row.revision, 2);
    assert_int_equal(matter_duty(&cast, CAST_A1, MATTER_CONSENT, 1).end, DD_END_ON_TIME);
    replays_to_the_same(&cast);
    cast_free(&cast);
}

static struct dd_item_row item_of(struct cast *cast, uint32_t unit, uint16_t matter)
{
    struct dd_item_row item;
    assert_true(dd_get_item(&cast->view, 1, unit, matter, 0, &item));
    return item;
}

static void work_stands_among_the_owners_items(void **state)
{
    struct cast cast;
    struct dd_content_row content;
    (void)state;
    matter_ready(&cast, 2);
    struct dd_matter_put puts[] = {matter_put("directive", "a1", "2013-03-01"),
                                   matter_put("directive", "a1", NULL),
                                   matter_put("directive", "a2", "2013-03-01")};
    CAST_OK(&cast, matter_open_many(&cast, CAST_CHAIR, morning, "ubnd", puts, 3));
    struct dd_item_row item = item_of(&cast, CAST_A1, 1);
    assert_int_equal(item.in_force, 1);
    assert_int_equal(dd_outcomes_count(&item), 1);
    assert_int_equal(dd_outcome_latest(&item, INT64_MAX).outcome, DD_OUTCOME_OPEN);
    assert_int_equal(dd_outcome_latest(&item, INT64_MAX).seq, cast.entry.seq);
    struct dd_item_ref ref = {1, 0, 1};
    assert_true(dd_get_content(&cast.view, 1, CAST_A1, ref, &content));
    assert_int_equal(content.kind, MATTER_DIRECTIVE);
    assert_int_equal(content.due_day, cast_day("2013-03-01"));
    assert_true(dd_slice_equal(content.title, puts[0].title));
    ref.task = 2;
    assert_true(dd_get_content(&cast.view, 1, CAST_A1, ref, &content));
    assert_int_equal(content.due_day, cast_day("2013-12-31"));
    struct dd_counts_row counts = cast_tally(&cast, DD_SCOPE_UNIT, CAST_A1, CAST_H1).counts;
    assert_int_equal(counts.registered_year, 2);
    assert_int_equal(counts.registered_period, 1);
    assert_int_equal(cast_tally(&cast, DD_SCOPE_ALL, 0, CAST_H1).counts.registered_period, 2);
    cast_free(&cast);
}

static void work_done_counts_and_taken_back_is_open_again(void **state)
{
    struct cast cast;
    (void)state;
    matter_ready(&cast, 2);
    struct dd_matter_put put = matter_put("directive", "a1", "2013-03-01");
    CAST_OK(&cast, matter_open(&cast, CAST_CHAIR, morning, "ubnd", &put));
    CAST_OK(&cast, matter_progress(&cast, HEAD_A1, "2013-02-06T09:00", "a1", 1, DD_OUTCOME_EXCEEDED,
                                   "2013-02-05", ""));
    struct dd_counts_row counts = cast_tally(&cast, DD_SCOPE_UNIT, CAST_A1, CAST_H1).counts;
    assert_int_equal(counts.completed, 1);
    assert_int_equal(counts.exceeded, 1);
    assert_int_equal(matter_duty(&cast, CAST_A1, MATTER_TASK, 1).end, DD_END_ON_TIME);
    assert_int_equal(matter_row(&cast, 1).open, 0);
    CAST_OK(&cast, matter_progress(&cast, HEAD_A1, "2013-02-07T09:00", "a1", 1, DD_OUTCOME_OPEN,
                                   "2013-02-07", ""));
    counts = cast_tally(&cast, DD_SCOPE_UNIT, CAST_A1, CAST_H1).counts;
    assert_int_equal(counts.completed, 0);
    assert_int_equal(matter_duty(&cast, CAST_A1, MATTER_TASK, 1).end, DD_END_OPEN);
    assert_int_equal(matter_row(&cast, 1).open, 1);
    CAST_OK(&cast, matter_progress(&cast, HEAD_A1, "2013-03-02T00:00", "a1", 1,
                                   DD_OUTCOME_COMPLETED, "2013-03-01", "chờ vốn"));
    assert_int_equal(matter_duty(&cast, CAST_A1, MATTER_TASK, 1).end, DD_END_LATE);
    assert_int_equal(matter_row(&cast, 1).revision, 4);
    replays_to_the_same(&cast);
    cast_free(&cast);
}

static void a_call_is_done_by_each_and_then_closed(void **state)
{
    struct cast cast;
    (void)state;
    matter_ready(&cast, 3);
    struct dd_matter_put put = matter_asking(&cast, "call", "snv", "2013-03-01", "a1 a2");
    CAST_OK(&cast, matter_open(&cast, CAST_APPRAISER, morning, "snv", &put));
    CAST_OK(&cast, matter_progress(&cast, HEAD_A1, "2013-02-06T09:00", "a1", 1,
                                   DD_OUTCOME_COMPLETED, "2013-02-05", ""));
    CAST_OK(&cast, matter_progress(&cast, HEAD_A2, "2013-02-06T09:00", "a2", 1,
                                   DD_OUTCOME_COMPLETED, "2013-02-05", ""));
    assert_int_equal(matter_duty(&cast, CAST_SNV, MATTER_CLOSE, 1).end, DD_END_OPEN);
    CAST_OK(&cast, matter_progress(&cast, HEAD_A2, "2013-02-07T09:00", "a2", 1, DD_OUTCOME_OPEN,
                                   "2013-02-07", "")); /* not yet, after all */
    CAST_NO(&cast, DD_REFUSED, MATTER_OPEN,
            matter_decide(&cast, HEAD_SNV, "2013-02-08T09:00", "snv", 1, DD_VERDICT_AGREE, ""));
    CAST_OK(&cast, matter_progress(&cast, HEAD_A2, "2013-02-08T09:00", "a2", 1,
                                   DD_OUTCOME_COMPLETED, "2013-02-08", ""));
    CAST_OK(&cast,
            matter_decide(&cast, HEAD_SNV, "2013-02-08T09:00", "snv", 1, DD_VERDICT_AGREE, ""));
    assert_int_equal(matter_row(&cast, 1).open, 0);
    assert_int_equal(cast_tally(&cast, DD_SCOPE_UNIT, CAST_SNV, CAST_H1).counts.registered_year,
                     0); /* the owner has nothing to do but to close it */
    replays_to_the_same(&cast);
    cast_free(&cast);
}

static void an_earlier_as_of_counts_the_matters_that_were_there(void **state)
{
    struct cast cast;
    struct dd_counts_row counts;
    (void)state;
    matter_ready(&cast, 2);
    cast_bring_in_force(&cast, CAST_A1, 2, "2013-05-01");
    struct dd_matter_put put = matter_put("directive", "a1", "2013-03-01");
    CAST_OK(&cast, matter_open(&cast, CAST_CHAIR, "2013-02-11T09:00", "ubnd", &put));
    CAST_OK(&cast, matter_progress(&cast, HEAD_A1, "2013-02-20T09:00", "a1", 1,
                                   DD_OUTCOME_COMPLETED, "2013-02-19", ""));
    struct dd_process process = matter_process(&cast);
    const struct {
        const char *before;
        int registered;
        int completed;
    } as_of[] = {{"2013-02-04T09:00", 0, 0},
                 {"2013-02-11T09:00", 2, 0},
                 {"2013-02-11T09:01", 3, 0},
                 {"2013-02-20T09:00", 3, 0},
                 {"2013-02-20T09:01", 3, 1}};
    for (size_t i = 0; i < sizeof as_of / sizeof as_of[0]; i++) {
        dd_tally_fold(&cast.view, &process, CAST_A1, CAST_H1, cast_at(as_of[i].before), &counts);
        assert_int_equal(counts.registered_year, as_of[i].registered);
        assert_int_equal(counts.completed, as_of[i].completed);
    }
    dd_tally_fold(&cast.view, &process, CAST_A1, CAST_H1, INT64_MAX, &counts);
    struct dd_counts_row kept = cast_tally(&cast, DD_SCOPE_UNIT, CAST_A1, CAST_H1).counts;
    assert_memory_equal(&counts, &kept, sizeof counts);
    cast_free(&cast);
}

static void work_behind_a_consent_counts_from_the_consent_on(void **state)
{
    struct cast cast;
    struct dd_counts_row counts;
    struct dd_programme programme = matter_programme();
    (void)state;
    programme.kind[MATTER_REQUEST].counted = true;
    cast_make(&cast, 1);
    cast_open_with(&cast, &programme);
    struct dd_matter_put put = matter_put("request", "a1", NULL);
    CAST_OK(&cast, matter_open(&cast, HEAD_A1, morning, "a1", &put));
    assert_int_equal(cast_tally(&cast, DD_SCOPE_UNIT, CAST_A1, CAST_H1).counts.registered_year, 0);
    CAST_OK(&cast,
            matter_decide(&cast, CAST_CHAIR, "2013-02-04T09:00", "a1", 1, DD_VERDICT_AGREE, ""));
    assert_int_equal(cast_tally(&cast, DD_SCOPE_UNIT, CAST_A1, CAST_H1).counts.registered_year, 1);
    struct dd_process process = matter_process(&cast);
    dd_tally_fold(&cast.view, &process, CAST_A1, CAST_H1, cast_at("2013-02-04T09:00"), &counts);
    assert_int_equal(counts.registered_year, 0);
    dd_tally_fold(&cast.view, &process, CAST_A1, CAST_H1, INT64_MAX, &counts);
    assert_int_equal(counts.registered_year, 1);
    struct dd_content_row content;
    struct dd_item_ref ref = {1, 0, 1};
    assert_true(dd_get_content(&cast.view, 1, CAST_A1, ref, &content));
    assert_int_equal(content.due_day, cast_day("2013-02-14")); /* its own deadline */
    cast_free(&cast);
}

static void a_matters_duty_is_reminded_of_as_any_other(void **state)
{
    struct cast cast;
    (void)state;
    matter_ready(&cast, 1);
    cast_time(&cast, "2013-02-11T09:00");
    struct dd_matter_put put = matter_put("directive", "a1", "2013-03-01");
    CAST_OK(&cast, matter_open(&cast, CAST_CHAIR, "2013-02-11T09:00", "ubnd", &put));
    assert_int_equal(matter_duty(&cast, CAST_A1, MATTER_TASK, 1).next_at_ms,
                     cast_at("2013-02-26T08:00"));
    cast_time(&cast, "2013-03-02T08:00");
    assert_int_equal(matter_duty(&cast, CAST_A1, MATTER_TASK, 1).next_rung, 2);
    cast_free(&cast);
}

static void a_matter_that_is_opened_in_the_nick_of_time_lapses_at_the_next_tick(void **state)
{
    struct cast cast;
    struct dd_programme programme = matter_programme();
    (void)state;
    programme.stage[MATTER_ATTEND].silence = DD_SILENCE_LAPSES;
    cast_make(&cast, 2);
    cast_open_with(&cast, &programme);
    struct dd_matter_put put = matter_asking(&cast, "meeting", "a1", NULL, "a2");
    put.at_ms = cast_at("2013-02-01T14:00"); /* this very day: two working days before are over */
    CAST_OK(&cast, matter_open(&cast, OFFICER_A1, morning, "a1", &put));
    assert_int_equal(matter_duty(&cast, CAST_A2, MATTER_ATTEND, 1).end, DD_END_OPEN);
    cast_time(&cast, "2013-02-01T09:01");
    assert_int_equal(matter_duty(&cast, CAST_A2, MATTER_ATTEND, 1).end, DD_END_LAPSED);
    assert_int_equal(matter_duty(&cast, CAST_A1, MATTER_PAPERS, 1).end, DD_END_OPEN); /* missing */
    cast_free(&cast);
}

static enum dd_status bend(struct cast *cast, const char *at, const char *unit, const char *duty,
                           enum dd_bend_act act, const char *day)
{
    struct dd_command command = {.kind = DD_COMMAND_BEND};
    command.as.bend = (struct dd_bend){.cycle = dd_slice_of("key-tasks/2013"),
                                       .unit = dd_slice_of(unit),
                                       .duty = dd_slice_of(duty),
                                       .act = act,
                                       .day = day ? cast_day(day) : 0,
                                       .reason = dd_slice_of("thiên tai")};
    return cast_do(cast, CAST_CHAIR, cast_at(at), &command);
}

static void a_vote_that_is_waived_is_not_waited_for_and_stays_a_members(void **state)
{
    struct cast cast;
    (void)state;
    matter_ready(&cast, 3);
    struct dd_matter_put put = matter_asking(&cast, "ballot", "a1", "2013-02-15", "a2 a3");
    CAST_OK(&cast, matter_open(&cast, HEAD_A1, morning, "a1", &put));
    CAST_OK(&cast, matter_answer(&cast, HEAD_A2, "2013-02-05T09:00", "a2", 1, "yes"));
    CAST_OK(&cast, bend(&cast, "2013-02-06T09:00", "a3", "vote/1", DD_BEND_WAIVE, NULL));
    assert_int_equal(matter_duty(&cast, CAST_A3, MATTER_VOTE, 1).end, DD_END_WAIVED);
    assert_int_equal(matter_duty(&cast, CAST_A1, MATTER_CONCLUDE, 1).end, DD_END_OPEN);
    assert_int_equal(matter_row(&cast, 1).revision, 3);
    struct dd_matter_result result = matter_result(&cast, 1, MATTER_VOTE);
    assert_int_equal(result.asked, 2);
    assert_int_equal(result.open + result.lapsed, 0);
    assert_false(result.passed); /* one of two is half */
    replays_to_the_same(&cast);
    cast_free(&cast);
}

static void an_extension_moves_the_silence_of_one_unit(void **state)
{
    struct cast cast;
    struct dd_programme programme = matter_programme();
    (void)state;
    programme.stage[MATTER_OPINE].extensions = 1;
    programme.stage[MATTER_OPINE].extension_days = 10;
    cast_make(&cast, 3);
    cast_open_with(&cast, &programme);
    struct dd_matter_put put = matter_asking(&cast, "opinion", "a1", "2013-02-15", "a2 a3");
    CAST_OK(&cast, matter_open(&cast, HEAD_A1, morning, "a1", &put));
    CAST_OK(&cast, bend(&cast, "2013-02-06T09:00", "a3", "opine/1", DD_BEND_EXTEND, "2013-02-20"));
    cast_time(&cast, "2013-02-18T09:00");
    assert_int_equal(matter_duty(&cast, CAST_A2, MATTER_OPINE, 1).end, DD_END_LAPSED);
    CAST_OK(&cast, matter_answer(&cast, HEAD_A3, "2013-02-18T09:00", "a3", 1, "disagree"));
    assert_int_equal(matter_duty(&cast, CAST_A3, MATTER_OPINE, 1).end, DD_END_ON_TIME);
    assert_int_equal(matter_result(&cast, 1, MATTER_OPINE).count[1], 1);
    cast_free(&cast);
}

static void the_keeper_answers_for_a_unit_that_is_no_more(void **state)
{
    struct cast cast;
    (void)state;
    matter_ready(&cast, 3);
    struct dd_matter_put put = matter_asking(&cast, "opinion", "a1", "2013-02-15", "a2");
    CAST_OK(&cast, matter_open(&cast, HEAD_A1, morning, "a1", &put));
    struct dd_dossier_row dossier = cast_dossier(&cast, CAST_A2);
    dossier.keeper = CAST_A3;
    dd_put_dossier(&cast.view, 1, CAST_A2, &dossier);
    CAST_NO(&cast, DD_FORBIDDEN, NO_OFFICE,
            matter_answer(&cast, HEAD_A2, "2013-02-05T09:00", "a2", 1, "agree"));
    CAST_OK(&cast, matter_answer(&cast, HEAD_A3, "2013-02-05T09:00", "a2", 1, "agree"));
    assert_int_equal(matter_duty(&cast, CAST_A2, MATTER_OPINE, 1).end, DD_END_ON_TIME);
    cast_free(&cast);
}

/* Unused posts: what was given and what is left make all of them. */
static struct dd_slice posts_form(struct cast *cast)
{
    struct dd_form form = {.key = dd_slice_of("posts"), .figure_count = 3, .check_count = 1};
    const char *const figures[] = {"all", "used", "unused"};
    struct dd_writer w = dd_writer_make(cast_take(cast, 4096), 4096);
    for (size_t i = 0; i < 3; i++)
        form.figure[i].key = dd_slice_of(figures[i]);
    form.check[0] = (struct dd_form_check){.check = DD_CHECK_SUM,
                                           .figure = dd_slice_of("all"),
                                           .term_count = 2,
                                           .term = {dd_slice_of("used"), dd_slice_of("unused")}};
    dd_form_write(&w, &form);
    assert_false(w.overflow);
    return dd_writer_slice(&w);
}

static void the_figures_of_an_answer_are_checked_at_the_door_and_kept(void **state)
{
    struct cast cast;
    struct dd_answer_row answer;
    struct dd_figure_value value;
    struct dd_programme programme = matter_programme();
    struct dd_figure_value figures[] = {{dd_slice_of("all"), {12, 0}, false},
                                        {dd_slice_of("used"), {9, 0}, false},
                                        {dd_slice_of("unused"), {4, 0}, false}};
    struct dd_command command = {.kind = DD_COMMAND_SUBMIT};
    (void)state;
    cast_make(&cast, 2);
    programme.form_count = 1;
    programme.forms = posts_form(&cast);
    programme.stage[MATTER_OPINE].form = dd_slice_of("posts");
    programme.stage[MATTER_OPINE].choice_count = 0;
    cast_open_with(&cast, &programme);
    struct dd_matter_put put = matter_asking(&cast, "opinion", "a1", "2013-02-15", "a2");
    CAST_OK(&cast, matter_open(&cast, HEAD_A1, morning, "a1", &put));
    command.as.submit = (struct dd_submit){.cycle = dd_slice_of("key-tasks/2013"),
                                           .unit = dd_slice_of("a2"),
                                           .what = DD_SUBMISSION_ANSWER,
                                           .matter = 1,
                                           .figures = figures,
                                           .figure_count = 3};
    CAST_NO(&cast, DD_REFUSED, FIGURE_SUM,
            cast_do(&cast, HEAD_A2, cast_at("2013-02-05T09:00"), &command));
    figures[2].value.mantissa = 3;
    CAST_OK(&cast, cast_do(&cast, HEAD_A2, cast_at("2013-02-05T09:00"), &command));
    assert_int_equal(dd_last_answer(&cast.view, 1, 1, MATTER_OPINE, CAST_A2, &answer), 1);
    assert_true(dd_figures_find(answer.figures, dd_slice_of("unused"), &value));
    assert_int_equal(value.value.mantissa, 3);
    assert_int_equal(answer.choice, 0);
    replays_to_the_same(&cast);
    cast_free(&cast);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_opened_matter_keeps_what_its_notice_said),
        cmocka_unit_test(everybody_is_not_a_list),
        cmocka_unit_test(an_answer_keeps_choice_signer_and_words),
        cmocka_unit_test(a_deputy_answers_under_his_delegation),
        cmocka_unit_test(silence_is_deemed_agreed_and_never_somebodys_answer),
        cmocka_unit_test(a_second_answer_leaves_the_duty_as_the_first_ended_it),
        cmocka_unit_test(a_decision_is_kept_with_its_reason),
        cmocka_unit_test(work_stands_among_the_owners_items),
        cmocka_unit_test(work_done_counts_and_taken_back_is_open_again),
        cmocka_unit_test(a_call_is_done_by_each_and_then_closed),
        cmocka_unit_test(an_earlier_as_of_counts_the_matters_that_were_there),
        cmocka_unit_test(work_behind_a_consent_counts_from_the_consent_on),
        cmocka_unit_test(a_matters_duty_is_reminded_of_as_any_other),
        cmocka_unit_test(a_matter_that_is_opened_in_the_nick_of_time_lapses_at_the_next_tick),
        cmocka_unit_test(a_vote_that_is_waived_is_not_waited_for_and_stays_a_members),
        cmocka_unit_test(an_extension_moves_the_silence_of_one_unit),
        cmocka_unit_test(the_keeper_answers_for_a_unit_that_is_no_more),
        cmocka_unit_test(the_figures_of_an_answer_are_checked_at_the_door_and_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
