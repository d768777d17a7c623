/* Tests of core/decide_matter.c: who may open, answer, decide and report, and every refusal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/lib/matter_cast.h"

enum {
    HEAD_SNV = CAST_FIRST_HEAD,
    HEAD_VP = HEAD_SNV + 2,
    OFFICER_VP,
    HEAD_A1,
    OFFICER_A1,
    HEAD_A2,
    OFFICER_A2,
    HEAD_A3,
    OFFICER_A3
};

static const char morning[] = "2013-02-01T09:00"; /* a Friday */

/* One field of a good matter made bad: the rule that must refuse it. */
#define REFUSED(cast, status, broken, account, unit, put) \
    CAST_NO(cast, status, broken, matter_open(cast, account, morning, unit, put))

static void who_opens_is_said_by_the_kind(void **state)
{
    struct cast cast;
    (void)state;
    matter_ready(&cast, 3);
    struct dd_matter_put directive = matter_put("directive", "a1", "2013-03-01");
    struct dd_matter_put opinion = matter_asking(&cast, "opinion", "a1", "2013-03-01", "a2");
    struct dd_matter_put meeting = matter_asking(&cast, "meeting", "a1", NULL, "a2");
    struct dd_matter_put call = matter_asking(&cast, "call", "snv", "2013-03-01", "a2");
    meeting.at_ms = cast_at("2013-03-01T08:00");
    REFUSED(&cast, DD_FORBIDDEN, NO_OFFICE, HEAD_A1, "ubnd", &directive);
    REFUSED(&cast, DD_REFUSED, OPENED_FOR, CAST_CHAIR, "a1", &directive);
    assert_string_equal(cast.refusal.param[0], "ubnd");
    CAST_OK(&cast, matter_open(&cast, CAST_VICE, morning, "ubnd", &directive));
    REFUSED(&cast, DD_FORBIDDEN, NO_OFFICE, HEAD_A2, "a1", &opinion);
    REFUSED(&cast, DD_FORBIDDEN, NO_OFFICE, OFFICER_A1, "a1", &opinion);
    REFUSED(&cast, DD_REFUSED, OPENED_FOR, HEAD_A2, "a2", &opinion);
    assert_string_equal(cast.refusal.param[0], "a1");
    CAST_OK(&cast, matter_open(&cast, HEAD_A1, morning, "a1", &opinion));
    REFUSED(&cast, DD_FORBIDDEN, NO_OFFICE, HEAD_A1, "a1", &meeting);
    CAST_OK(&cast, matter_open(&cast, OFFICER_A1, morning, "a1", &meeting));
    REFUSED(&cast, DD_FORBIDDEN, NO_OFFICE, HEAD_SNV, "snv", &call);
    CAST_OK(&cast, matter_open(&cast, CAST_APPRAISER, morning, "snv", &call));
    CAST_OK(&cast, matter_open(&cast, CAST_OFFICE_APPRAISER, morning, "snv", &call));
    assert_int_equal(matter_process(&cast).cycle.matters, 5);
    cast_free(&cast);
}

static void a_deputy_opens_only_under_a_delegation_and_where_the_kind_lets_him(void **state)
{
    struct cast cast;
    struct dd_command command = {.kind = DD_COMMAND_ASSIGN};
    (void)state;
    matter_ready(&cast, 2);
    struct dd_matter_put put = matter_asking(&cast, "opinion", "a1", "2013-03-01", "a2");
    struct dd_matter_put request = matter_put("request", "a1", NULL);
    command.as.assign = (struct dd_assign){.cycle = dd_slice_of("key-tasks/2013"),
                                           .unit = dd_slice_of("a1"),
                                           .capacity = DD_CAPACITY_FOR_HEAD,
                                           .matters = &put,
                                           .matter_count = 1};
    CAST_NO(&cast, DD_FORBIDDEN, NO_OFFICE, cast_do(&cast, OFFICER_A1, cast_at(morning), &command));
    command.as.assign.matters = &request;
    CAST_NO(&cast, DD_FORBIDDEN, CAPACITY, cast_do(&cast, HEAD_A1, cast_at(morning), &command));
    cast_free(&cast);
}

static void a_matter_names_what_exists(void **state)
{
    struct cast cast;
    (void)state;
    matter_ready(&cast, 3);
    struct dd_matter_put put = matter_asking(&cast, "opinion", "a1", "2013-03-01", "a2");
    struct dd_matter_put bad = put;
    bad.kind = dd_slice_of("wish");
    REFUSED(&cast, DD_REFUSED, NO_SUCH_KIND, HEAD_A1, "a1", &bad);
    bad.kind = dd_slice_of("own"); /* a task of a dossier */
    REFUSED(&cast, DD_REFUSED, NO_SUCH_KIND, HEAD_A1, "a1", &bad);
    bad = put;
    bad.owner = dd_slice_of("nowhere");
    REFUSED(&cast, DD_REFUSED, NO_SUCH_UNIT, HEAD_A1, "a1", &bad);
    REFUSED(&cast, DD_REFUSED, NO_SUCH_UNIT, HEAD_A1, "nowhere", &put);
    bad = put;
    bad.parent = 1;
    REFUSED(&cast, DD_REFUSED, NO_SUCH_MATTER, HEAD_A1, "a1", &bad);
    CAST_OK(&cast, matter_open(&cast, HEAD_A1, morning, "a1", &put));
    CAST_OK(&cast, matter_open(&cast, HEAD_A1, morning, "a1", &bad));
    assert_int_equal(matter_row(&cast, 2).parent, 1);
    struct dd_slice partners[] = {dd_slice_of("a3"), dd_slice_of("a3")};
    bad = put;
    bad.partners = partners;
    bad.partner_count = 2;
    REFUSED(&cast, DD_REFUSED, DUPLICATE, HEAD_A1, "a1", &bad);
    partners[1] = dd_slice_of("nowhere");
    REFUSED(&cast, DD_REFUSED, NO_SUCH_UNIT, HEAD_A1, "a1", &bad);
    partners[1] = dd_slice_of("ubnd");
    CAST_OK(&cast, matter_open(&cast, HEAD_A1, morning, "a1", &bad));
    CAST_NO(&cast, DD_REFUSED, MISSING, matter_open_many(&cast, HEAD_A1, morning, "a1", NULL, 0));
    cast_free(&cast);
}

static void those_asked_are_parties_each_once(void **state)
{
    struct cast cast;
    (void)state;
    matter_ready(&cast, 3);
    struct dd_matter_put put = matter_asking(&cast, "opinion", "a1", "2013-03-01", "a2 a2");
    REFUSED(&cast, DD_REFUSED, DUPLICATE, HEAD_A1, "a1", &put);
    put = matter_asking(&cast, "opinion", "a1", "2013-03-01", "a2 ubnd");
    REFUSED(&cast, DD_REFUSED, NO_SUCH_PARTY, HEAD_A1, "a1", &put);
    put = matter_asking(&cast, "opinion", "a1", "2013-03-01", "nowhere");
    REFUSED(&cast, DD_REFUSED, NO_SUCH_UNIT, HEAD_A1, "a1", &put);
    put = matter_put("opinion", "a1", "2013-03-01");
    REFUSED(&cast, DD_REFUSED, MISSING, HEAD_A1, "a1", &put);
    assert_string_equal(cast.refusal.field, "matters.asked");
    put = matter_asking(&cast, "directive", "a1", "2013-03-01", "a2");
    REFUSED(&cast, DD_REFUSED, NOT_NEEDED, CAST_CHAIR, "ubnd", &put);
    put = matter_asking(&cast, "directive", "a1", "2013-03-01", "*");
    REFUSED(&cast, DD_REFUSED, NOT_NEEDED, CAST_CHAIR, "ubnd", &put);
    put = matter_asking(&cast, "opinion", "a1", "2013-03-01", "a2");
    put.all = true;
    REFUSED(&cast, DD_REFUSED, NOT_NEEDED, HEAD_A1, "a1", &put);
    cast_free(&cast);
}

static void whoever_owes_nothing_is_not_asked(void **state)
{
    struct cast cast;
    struct dd_programme programme = matter_programme();
    (void)state;
    programme.stage[MATTER_OPINE].group_count = 1; /* a2 alone is a district */
    programme.stage[MATTER_OPINE].group[0] = dd_slice_of("district");
    cast_make(&cast, 3);
    cast_open_with(&cast, &programme);
    struct dd_matter_put put = matter_asking(&cast, "opinion", "a1", "2013-03-01", "a2 a3");
    REFUSED(&cast, DD_REFUSED, NOT_NEEDED, HEAD_A1, "a1", &put);
    put = matter_asking(&cast, "opinion", "a1", "2013-03-01", "*");
    CAST_OK(&cast, matter_open(&cast, HEAD_A1, morning, "a1", &put));
    assert_int_equal(matter_row(&cast, 1).open, 1);
    put = matter_asking(&cast, "opinion", "a2", "2013-03-01", "*"); /* nobody is left */
    REFUSED(&cast, DD_REFUSED, MISSING, HEAD_A2, "a2", &put);
    cast_free(&cast);
}

static void a_kind_may_need_a_day_or_an_instant_to_come(void **state)
{
    struct cast cast;
    (void)state;
    matter_ready(&cast, 3);
    struct dd_matter_put put = matter_asking(&cast, "opinion", "a1", NULL, "a2");
    REFUSED(&cast, DD_REFUSED, DUE_NEEDED, HEAD_A1, "a1", &put);
    put.due_day = cast_day("2013-01-31");
    REFUSED(&cast, DD_REFUSED, ALREADY_PAST, HEAD_A1, "a1", &put);
    put.due_day = cast_day("2013-02-01");
    put.word = DD_WORD_BEFORE; /* today would have been too late */
    REFUSED(&cast, DD_REFUSED, ALREADY_PAST, HEAD_A1, "a1", &put);
    put.word = DD_WORD_BY;
    CAST_OK(&cast, matter_open(&cast, HEAD_A1, morning, "a1", &put));
    put = matter_asking(&cast, "call", "snv", "2013-02-01", "a2"); /* the stage says before */
    REFUSED(&cast, DD_REFUSED, ALREADY_PAST, CAST_APPRAISER, "snv", &put);
    put = matter_asking(&cast, "meeting", "a1", NULL, "a2");
    REFUSED(&cast, DD_REFUSED, INSTANT_NEEDED, OFFICER_A1, "a1", &put);
    put.at_ms = cast_at(morning) - 1;
    REFUSED(&cast, DD_REFUSED, ALREADY_PAST, OFFICER_A1, "a1", &put);
    put.at_ms = cast_at(morning);
    CAST_OK(&cast, matter_open(&cast, OFFICER_A1, morning, "a1", &put));
    put = matter_put("directive", "a1", NULL);
    put.word = DD_WORD_BY;
    REFUSED(&cast, DD_REFUSED, DUE_NEEDED, CAST_CHAIR, "ubnd", &put);
    put.word = 0;
    CAST_OK(&cast, matter_open(&cast, CAST_CHAIR, morning, "ubnd", &put));
    assert_int_equal(matter_duty(&cast, CAST_A1, MATTER_TASK, 3).bound_ms, INT64_MAX);
    cast_free(&cast);
}

static void the_host_owns_only_what_others_owe_and_decide(void **state)
{
    struct cast cast;
    struct dd_programme programme = matter_programme();
    (void)state;
    programme.kind[MATTER_OPINION].opened_in = DD_WHERE_HOST;
    programme.kind[MATTER_OPINION].opened_by = DD_ROLE_APPROVER;
    programme.kind[MATTER_BALLOT].opened_in = DD_WHERE_HOST;
    programme.kind[MATTER_BALLOT].opened_by = DD_ROLE_APPROVER;
    cast_make(&cast, 2);
    cast_open_with(&cast, &programme);
    struct dd_matter_put put = matter_asking(&cast, "opinion", "ubnd", "2013-03-01", "*");
    CAST_OK(&cast, matter_open(&cast, CAST_CHAIR, morning, "ubnd", &put));
    assert_int_equal(matter_row(&cast, 1).open, 4); /* both departments, both agencies */
    put = matter_put("directive", "ubnd", "2013-03-01");
    REFUSED(&cast, DD_REFUSED, NO_SUCH_PARTY, CAST_CHAIR, "ubnd", &put);
    put = matter_asking(&cast, "ballot", "ubnd", "2013-03-01", "*"); /* its own would decide */
    REFUSED(&cast, DD_REFUSED, FOUR_EYES, CAST_CHAIR, "ubnd", &put);
    cast_free(&cast);
}

static void the_approver_named_is_one_of_the_cycle(void **state)
{
    struct cast cast;
    (void)state;
    matter_ready(&cast, 2);
    struct dd_matter_put put = matter_put("request", "a1", NULL);
    put.approver = dd_slice_of("nobody");
    REFUSED(&cast, DD_REFUSED, NO_SUCH_ACCOUNT, HEAD_A1, "a1", &put);
    put.approver = dd_slice_of("appraiser");
    REFUSED(&cast, DD_REFUSED, NOT_THE_APPROVER, HEAD_A1, "a1", &put);
    assert_string_equal(cast.refusal.param[0], "chair");
    put.approver = dd_slice_of("vice");
    CAST_OK(&cast, matter_open(&cast, HEAD_A1, morning, "a1", &put));
    assert_int_equal(matter_row(&cast, 1).approver, CAST_VICE);
    put.approver = dd_slice_of("");
    put.owner = dd_slice_of("a2"); /* whose dossier the vice-chairman decides on */
    CAST_OK(&cast, matter_open(&cast, HEAD_A2, morning, "a2", &put));
    assert_int_equal(matter_row(&cast, 2).approver, CAST_VICE);
    put = matter_put("directive", "a1", NULL);
    put.approver = dd_slice_of("vice");
    REFUSED(&cast, DD_REFUSED, NOT_NEEDED, CAST_CHAIR, "ubnd", &put);
    cast_free(&cast);
}

static void a_cycle_has_numbers_for_so_many_matters(void **state)
{
    struct cast cast;
    struct dd_cycle_row cycle;
    (void)state;
    matter_ready(&cast, 2);
    struct dd_matter_put put = matter_put("directive", "a1", "2013-03-01");
    const struct dd_matter_put two[] = {put, put};
    assert_true(dd_get_cycle(&cast.view, 1, &cycle));
    cycle.matters = DD_MATTERS_PER_CYCLE_MAX - 1;
    dd_put_cycle(&cast.view, 1, &cycle);
    CAST_NO(&cast, DD_REFUSED, TOO_MANY_MATTERS,
            matter_open_many(&cast, CAST_CHAIR, morning, "ubnd", two, 2));
    CAST_OK(&cast, matter_open(&cast, CAST_CHAIR, morning, "ubnd", &put));
    assert_int_equal(cast.entry.events.event[0].number, DD_MATTERS_PER_CYCLE_MAX);
    CAST_NO(&cast, DD_REFUSED, TOO_MANY_MATTERS,
            matter_open(&cast, CAST_CHAIR, morning, "ubnd", &put));
    cast_free(&cast);
}

static void one_command_opens_no_more_duties_than_it_may(void **state)
{
    struct cast cast;
    struct dd_matter_put puts[DD_MATTERS_PER_COMMAND_MAX];
    (void)state;
    matter_ready(&cast, 400); /* with both departments 402 parties */
    for (size_t i = 0; i < DD_MATTERS_PER_COMMAND_MAX; i++)
        puts[i] = matter_asking(&cast, "opinion", "a1", "2013-03-01", "*");
    size_t most = DD_ASKED_PER_COMMAND_MAX / 402;
    CAST_NO(&cast, DD_REFUSED, TOO_MANY,
            matter_open_many(&cast, HEAD_A1, morning, "a1", puts, most + 1));
    CAST_OK(&cast, matter_open_many(&cast, HEAD_A1, morning, "a1", puts, most));
    cast_free(&cast);
}

static void one_notice_opens_all_of_its_tasks_or_none(void **state)
{
    struct cast cast;
    (void)state;
    matter_ready(&cast, 3);
    struct dd_matter_put puts[] = {matter_put("directive", "a1", "2013-03-01"),
                                   matter_put("directive", "a2", "2013-04-01"),
                                   matter_put("directive", "nowhere", "2013-05-01")};
    CAST_NO(&cast, DD_REFUSED, NO_SUCH_UNIT,
            matter_open_many(&cast, CAST_CHAIR, morning, "ubnd", puts, 3));
    assert_int_equal(naive_count(&cast.rows, DD_TABLE_MATTER), 0);
    puts[2].owner = dd_slice_of("a3");
    CAST_OK(&cast, matter_open_many(&cast, CAST_CHAIR, morning, "ubnd", puts, 3));
    assert_int_equal(cast.entry.events.count, 3);
    assert_int_equal(cast.entry.events.event[2].number, 3);
    assert_int_equal(matter_row(&cast, 3).owner, CAST_A3);
    cast_free(&cast);
}

/* --- answering --- */

static void open_opinion(struct cast *cast)
{
    matter_ready(cast, 3);
    struct dd_matter_put put = matter_asking(cast, "opinion", "a1", "2013-02-15", "a2 a3");
    CAST_OK(cast, matter_open(cast, HEAD_A1, morning, "a1", &put));
}

static void only_those_asked_answer_and_their_head_signs(void **state)
{
    struct cast cast;
    const char *at = "2013-02-05T09:00";
    (void)state;
    open_opinion(&cast);
    CAST_NO(&cast, DD_REFUSED, NO_SUCH_MATTER, matter_answer(&cast, HEAD_A2, at, "a2", 2, "agree"));
    CAST_NO(&cast, DD_REFUSED, NO_SUCH_MATTER, matter_answer(&cast, HEAD_A2, at, "a2", 0, "agree"));
    CAST_NO(&cast, DD_REFUSED, NOT_ASKED, matter_answer(&cast, HEAD_A1, at, "a1", 1, "agree"));
    CAST_NO(&cast, DD_REFUSED, NOT_ASKED, matter_answer(&cast, HEAD_VP, at, "vp", 1, "agree"));
    CAST_NO(&cast, DD_FORBIDDEN, NO_OFFICE, matter_answer(&cast, OFFICER_A2, at, "a2", 1, "agree"));
    CAST_NO(&cast, DD_FORBIDDEN, NO_OFFICE, matter_answer(&cast, HEAD_A3, at, "a2", 1, "agree"));
    CAST_OK(&cast, matter_answer(&cast, HEAD_A2, at, "a2", 1, "agree"));
    assert_int_equal(cast.entry.events.event[0].end, DD_END_ON_TIME);
    cast_free(&cast);
}

static void a_choice_is_one_of_the_stages(void **state)
{
    struct cast cast;
    const char *at = "2013-02-05T09:00";
    (void)state;
    open_opinion(&cast);
    CAST_NO(&cast, DD_REFUSED, NO_SUCH_CHOICE, matter_answer(&cast, HEAD_A2, at, "a2", 1, "maybe"));
    assert_string_equal(cast.refusal.param[0], "agree, disagree, amend");
    CAST_NO(&cast, DD_REFUSED, NO_SUCH_CHOICE, matter_answer(&cast, HEAD_A2, at, "a2", 1, ""));
    struct dd_matter_put put = matter_asking(&cast, "meeting", "a1", NULL, "a2");
    put.at_ms = cast_at("2013-03-11T09:00");
    CAST_OK(&cast, matter_open(&cast, OFFICER_A1, morning, "a1", &put));
    CAST_NO(&cast, DD_REFUSED, NOT_NEEDED,
            matter_answer(&cast, OFFICER_A1, at, "a1", 2, "come")); /* papers */
    CAST_OK(&cast, matter_answer(&cast, OFFICER_A1, at, "a1", 2, ""));
    assert_int_equal(cast.entry.events.event[0].stage, MATTER_PAPERS);
    CAST_OK(&cast, matter_answer(&cast, OFFICER_A2, at, "a2", 2, "substitute"));
    assert_int_equal(cast.entry.events.event[0].stage, MATTER_ATTEND);
    cast_free(&cast);
}

static enum dd_status answer_stage(struct cast *cast, uint32_t account, const char *unit,
                                   uint16_t matter, const char *stage, const char *choice)
{
    struct dd_command command = {.kind = DD_COMMAND_SUBMIT};
    command.as.submit = (struct dd_submit){.cycle = dd_slice_of("key-tasks/2013"),
                                           .unit = dd_slice_of(unit),
                                           .what = DD_SUBMISSION_ANSWER,
                                           .stage = dd_slice_of(stage),
                                           .matter = matter,
                                           .choice = dd_slice_of(choice)};
    return cast_do(cast, account, cast_at("2013-02-05T09:00"), &command);
}

static void a_stage_that_is_named_is_one_of_the_matters_answers(void **state)
{
    struct cast cast;
    struct dd_programme programme = matter_programme();
    (void)state;
    programme.stage[MATTER_CARRY_OUT].act = DD_ACT_ANSWER; /* behind the consent */
    programme.stage[MATTER_CARRY_OUT].by = DD_ROLE_OFFICER;
    cast_make(&cast, 2);
    cast_open_with(&cast, &programme);
    struct dd_matter_put put = matter_asking(&cast, "ballot", "a1", "2013-02-15", "a1 a2");
    CAST_OK(&cast, matter_open(&cast, HEAD_A1, morning, "a1", &put));
    put = matter_put("request", "a1", NULL);
    CAST_OK(&cast, matter_open(&cast, HEAD_A1, morning, "a1", &put));
    CAST_NO(&cast, DD_REFUSED, NO_SUCH_STAGE,
            answer_stage(&cast, HEAD_A2, "a2", 1, "conclude", "yes"));
    CAST_NO(&cast, DD_REFUSED, NO_SUCH_STAGE,
            answer_stage(&cast, HEAD_A2, "a2", 1, "opine", "yes"));
    CAST_NO(&cast, DD_REFUSED, NO_SUCH_STAGE, answer_stage(&cast, HEAD_A2, "a2", 1, "x", "yes"));
    CAST_OK(&cast, answer_stage(&cast, HEAD_A2, "a2", 1, "vote", "yes"));
    CAST_NO(&cast, DD_REFUSED, NO_SUCH_DUTY,
            answer_stage(&cast, OFFICER_A1, "a1", 2, "carry-out", ""));
    assert_string_equal(cast.refusal.param[1], "carry-out");
    CAST_OK(&cast,
            matter_decide(&cast, CAST_CHAIR, "2013-02-04T09:00", "a1", 2, DD_VERDICT_AGREE, ""));
    CAST_OK(&cast, answer_stage(&cast, OFFICER_A1, "a1", 2, "carry-out", ""));
    cast_free(&cast);
}

static void without_a_stage_there_must_be_only_one(void **state)
{
    struct cast cast;
    (void)state;
    matter_ready(&cast, 2);
    struct dd_matter_put put = matter_asking(&cast, "meeting", "a1", NULL, "a1 a2");
    put.at_ms = cast_at("2013-03-11T09:00");
    CAST_OK(&cast, matter_open(&cast, OFFICER_A1, morning, "a1", &put));
    CAST_NO(&cast, DD_REFUSED, MISSING, answer_stage(&cast, OFFICER_A1, "a1", 1, "", "come"));
    CAST_OK(&cast, answer_stage(&cast, OFFICER_A1, "a1", 1, "papers", ""));
    CAST_OK(&cast, answer_stage(&cast, OFFICER_A1, "a1", 1, "", "come")); /* the open one */
    CAST_NO(&cast, DD_REFUSED, MISSING, answer_stage(&cast, OFFICER_A1, "a1", 1, "", "come"));
    cast_free(&cast);
}

static void what_comes_after_the_bound_is_kept_or_refused_as_the_stage_says(void **state)
{
    struct cast cast;
    (void)state;
    open_opinion(&cast);
    struct dd_matter_put put = matter_asking(&cast, "meeting", "a1", NULL, "a2 a3");
    put.at_ms = cast_at("2013-03-11T09:00"); /* attendance is said by Thursday the 7th */
    CAST_OK(&cast, matter_open(&cast, OFFICER_A1, morning, "a1", &put));
    CAST_OK(&cast, matter_answer(&cast, HEAD_A2, "2013-02-15T23:59", "a2", 1, "agree"));
    assert_int_equal(cast.entry.events.event[0].end, DD_END_ON_TIME);
    CAST_OK(&cast, matter_answer(&cast, HEAD_A3, "2013-02-16T00:00", "a3", 1, "disagree"));
    assert_int_equal(cast.entry.events.event[0].end, 0); /* silence had ended it */
    CAST_OK(&cast, matter_answer(&cast, OFFICER_A2, "2013-03-07T23:59", "a2", 2, "come"));
    CAST_NO(&cast, DD_REFUSED, AFTER_BOUND,
            matter_answer(&cast, OFFICER_A3, "2013-03-08T00:00", "a3", 2, "come"));
    CAST_OK(&cast, matter_answer(&cast, OFFICER_A1, "2013-03-11T00:00", "a1", 2, ""));
    assert_int_equal(cast.entry.events.event[0].end, DD_END_LATE); /* papers */
    cast_free(&cast);
}

static void a_late_answer_is_explained_where_the_stage_says_so(void **state)
{
    struct cast cast;
    struct dd_command command = {.kind = DD_COMMAND_SUBMIT};
    struct dd_programme programme = matter_programme();
    (void)state;
    programme.stage[MATTER_PAPERS].reason_when_late = true;
    cast_make(&cast, 2);
    cast_open_with(&cast, &programme);
    struct dd_matter_put put = matter_asking(&cast, "meeting", "a1", NULL, "a2");
    put.at_ms = cast_at("2013-03-11T09:00");
    CAST_OK(&cast, matter_open(&cast, OFFICER_A1, morning, "a1", &put));
    command.as.submit = (struct dd_submit){.cycle = dd_slice_of("key-tasks/2013"),
                                           .unit = dd_slice_of("a1"),
                                           .what = DD_SUBMISSION_ANSWER,
                                           .matter = 1};
    CAST_NO(&cast, DD_REFUSED, REASON_NEEDED,
            cast_do(&cast, OFFICER_A1, cast_at("2013-03-11T00:00"), &command));
    command.as.submit.reason = dd_slice_of("tài liệu chờ ý kiến");
    CAST_OK(&cast, cast_do(&cast, OFFICER_A1, cast_at("2013-03-11T00:00"), &command));
    cast_free(&cast);
}

static void a_unit_answers_only_so_often(void **state)
{
    struct cast cast;
    (void)state;
    open_opinion(&cast);
    for (int i = 0; i < DD_ANSWERS_PER_UNIT_MAX; i++)
        CAST_OK(&cast, matter_answer(&cast, HEAD_A2, "2013-02-05T09:00", "a2", 1, "agree"));
    assert_int_equal(cast.entry.events.event[0].version, DD_ANSWERS_PER_UNIT_MAX);
    CAST_NO(&cast, DD_REFUSED, TOO_MANY_REPORTS,
            matter_answer(&cast, HEAD_A2, "2013-02-05T09:00", "a2", 1, "agree"));
    cast_free(&cast);
}

static void an_answer_that_was_decided_on_stays(void **state)
{
    struct cast cast;
    (void)state;
    matter_ready(&cast, 3);
    struct dd_matter_put put = matter_asking(&cast, "ballot", "a1", "2013-02-15", "a2 a3");
    CAST_OK(&cast, matter_open(&cast, HEAD_A1, morning, "a1", &put));
    CAST_OK(&cast, matter_answer(&cast, HEAD_A2, "2013-02-04T09:00", "a2", 1, "yes"));
    cast_time(&cast, "2013-02-16T00:00"); /* a3 keeps silent */
    CAST_OK(&cast, matter_decide(&cast, CAST_CHAIR, "2013-02-18T09:00", "a1", 1, DD_VERDICT_RETURN,
                                 "không quá nửa"));
    CAST_NO(&cast, DD_REFUSED, ANSWERS_CLOSED,
            matter_answer(&cast, HEAD_A2, "2013-02-19T09:00", "a2", 1, "no"));
    CAST_OK(&cast, matter_answer(&cast, HEAD_A3, "2013-02-19T09:00", "a3", 1, "yes"));
    assert_int_equal(cast.entry.events.event[0].end, 0); /* late, and ends nothing */
    cast_free(&cast);
}

/* --- deciding --- */

static enum dd_status decide_at(struct cast *cast, uint32_t account, uint16_t version)
{
    struct dd_command command = {.kind = DD_COMMAND_DECIDE};
    command.as.decide = (struct dd_decide){.cycle = dd_slice_of("key-tasks/2013"),
                                           .unit = dd_slice_of("a1"),
                                           .version = version,
                                           .verdict = DD_VERDICT_AGREE,
                                           .matter = 1};
    return cast_do(cast, account, cast_at("2013-02-06T09:00"), &command);
}

static void a_matter_is_decided_when_all_have_answered_and_once(void **state)
{
    struct cast cast;
    (void)state;
    matter_ready(&cast, 3);
    struct dd_matter_put put = matter_asking(&cast, "ballot", "a1", "2013-02-15", "a2 a3");
    CAST_OK(&cast, matter_open(&cast, HEAD_A1, morning, "a1", &put));
    CAST_NO(&cast, DD_REFUSED, MATTER_OPEN, decide_at(&cast, CAST_CHAIR, 1));
    CAST_OK(&cast, matter_answer(&cast, HEAD_A2, "2013-02-04T09:00", "a2", 1, "yes"));
    CAST_NO(&cast, DD_REFUSED, MATTER_OPEN, decide_at(&cast, CAST_CHAIR, 2));
    CAST_OK(&cast, matter_answer(&cast, HEAD_A3, "2013-02-04T09:00", "a3", 1, "yes"));
    CAST_OK(&cast, decide_at(&cast, CAST_CHAIR, 3));
    CAST_NO(&cast, DD_REFUSED, MATTER_DECIDED, decide_at(&cast, CAST_CHAIR, 4));
    cast_free(&cast);
}

static void who_decides_names_the_matter_as_it_stands(void **state)
{
    struct cast cast;
    (void)state;
    matter_ready(&cast, 3);
    struct dd_matter_put put = matter_asking(&cast, "ballot", "a1", "2013-02-15", "a2 a3");
    CAST_OK(&cast, matter_open(&cast, HEAD_A1, morning, "a1", &put));
    CAST_OK(&cast, matter_answer(&cast, HEAD_A2, "2013-02-04T09:00", "a2", 1, "yes"));
    CAST_OK(&cast, matter_answer(&cast, HEAD_A3, "2013-02-04T09:00", "a3", 1, "yes"));
    CAST_OK(&cast, matter_answer(&cast, HEAD_A3, "2013-02-05T09:00", "a3", 1, "no"));
    CAST_NO(&cast, DD_STALE, NEWER_ANSWER, decide_at(&cast, CAST_CHAIR, 3));
    assert_string_equal(cast.refusal.param[0], "4");
    CAST_OK(&cast, decide_at(&cast, CAST_CHAIR, 4));
    cast_free(&cast);
}

static void nobody_decides_for_their_own_unit(void **state)
{
    struct cast cast;
    const char *at = "2013-02-06T09:00";
    struct dd_command command = {.kind = DD_COMMAND_PUT_ACCOUNT};
    struct dd_office both[] = {{DD_ROLE_APPROVER, dd_slice_of("ubnd"), INT32_MIN, INT32_MAX},
                               {DD_ROLE_OFFICER, dd_slice_of("a1"), INT32_MIN, INT32_MAX}};
    (void)state;
    matter_ready(&cast, 3);
    struct dd_matter_put put = matter_put("request", "a1", NULL);
    CAST_OK(&cast, matter_open(&cast, HEAD_A1, morning, "a1", &put));
    CAST_NO(&cast, DD_FORBIDDEN, FOUR_EYES,
            matter_decide(&cast, HEAD_A1, at, "a1", 1, DD_VERDICT_AGREE, ""));
    CAST_NO(&cast, DD_FORBIDDEN, NO_OFFICE,
            matter_decide(&cast, HEAD_A2, at, "a1", 1, DD_VERDICT_AGREE, ""));
    CAST_NO(&cast, DD_FORBIDDEN, NOT_THE_APPROVER,
            matter_decide(&cast, CAST_VICE, at, "a1", 1, DD_VERDICT_AGREE, ""));
    assert_string_equal(cast.refusal.param[0], "chair");
    CAST_NO(&cast, DD_REFUSED, NO_SUCH_MATTER,
            matter_decide(&cast, CAST_CHAIR, at, "a2", 1, DD_VERDICT_AGREE, ""));
    CAST_NO(&cast, DD_REFUSED, NO_SUCH_MATTER,
            matter_decide(&cast, CAST_CHAIR, at, "a1", 2, DD_VERDICT_AGREE, ""));
    CAST_NO(&cast, DD_REFUSED, NO_SUCH_UNIT,
            matter_decide(&cast, CAST_CHAIR, at, "nowhere", 1, DD_VERDICT_AGREE, ""));
    CAST_NO(&cast, DD_REFUSED, REASON_NEEDED,
            matter_decide(&cast, CAST_CHAIR, at, "a1", 1, DD_VERDICT_RETURN, ""));
    command.as.put_account = (struct dd_put_account){.code = dd_slice_of("chair"),
                                                     .link_key = {99},
                                                     .sign_key = {99},
                                                     .to_ms = INT64_MAX,
                                                     .offices = both,
                                                     .office_count = 2};
    CAST_OK(&cast, cast_do(&cast, CAST_ADMIN, cast_at(at), &command));
    CAST_NO(&cast, DD_FORBIDDEN, FOUR_EYES,
            matter_decide(&cast, CAST_CHAIR, at, "a1", 1, DD_VERDICT_AGREE, ""));
    command.as.put_account.office_count = 1;
    CAST_OK(&cast, cast_do(&cast, CAST_ADMIN, cast_at(at), &command));
    CAST_OK(&cast, matter_decide(&cast, CAST_CHAIR, at, "a1", 1, DD_VERDICT_AGREE, ""));
    cast_free(&cast);
}

static void the_one_who_asked_decides_where_the_stage_says_so(void **state)
{
    struct cast cast;
    const char *at = "2013-02-06T09:00";
    (void)state;
    matter_ready(&cast, 2);
    struct dd_matter_put put = matter_asking(&cast, "call", "snv", "2013-03-01", "a1");
    CAST_OK(&cast, matter_open(&cast, CAST_APPRAISER, morning, "snv", &put));
    CAST_OK(&cast,
            matter_progress(&cast, HEAD_A1, at, "a1", 1, DD_OUTCOME_COMPLETED, "2013-02-05", ""));
    CAST_NO(&cast, DD_FORBIDDEN, NO_OFFICE,
            matter_decide(&cast, CAST_CHAIR, at, "snv", 1, DD_VERDICT_AGREE, ""));
    CAST_OK(&cast, matter_decide(&cast, HEAD_SNV, at, "snv", 1, DD_VERDICT_AGREE, ""));
    cast_free(&cast);
}

static void an_appraiser_decides_on_others_and_another_on_its_own(void **state)
{
    struct cast cast;
    const char *at = "2013-02-04T09:00";
    struct dd_programme programme = matter_programme();
    (void)state;
    programme.stage[MATTER_CONSENT].by = DD_ROLE_APPRAISER;
    cast_make(&cast, 2);
    cast_open_with(&cast, &programme);
    struct dd_matter_put put = matter_put("request", "a1", NULL);
    CAST_OK(&cast, matter_open(&cast, HEAD_A1, morning, "a1", &put));
    put.owner = dd_slice_of("snv");
    CAST_OK(&cast, matter_open(&cast, HEAD_SNV, morning, "snv", &put));
    CAST_NO(&cast, DD_FORBIDDEN, NO_OFFICE,
            matter_decide(&cast, CAST_OFFICE_APPRAISER, at, "a1", 1, DD_VERDICT_AGREE, ""));
    CAST_OK(&cast, matter_decide(&cast, CAST_APPRAISER, at, "a1", 1, DD_VERDICT_AGREE, ""));
    CAST_NO(&cast, DD_FORBIDDEN, FOUR_EYES,
            matter_decide(&cast, CAST_APPRAISER, at, "snv", 2, DD_VERDICT_AGREE, ""));
    CAST_OK(&cast, matter_decide(&cast, CAST_OFFICE_APPRAISER, at, "snv", 2, DD_VERDICT_AGREE, ""));
    cast_free(&cast);
}

static void a_late_decision_is_late_refused_or_too_late_as_the_stage_says(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        struct cast cast;
        const char *at = "2013-02-07T00:00"; /* three working days after a Friday are over */
        struct dd_programme programme = matter_programme();
        programme.stage[MATTER_CONSENT].refuse_after_bound = i == 1;
        if (i == 2)
            programme.stage[MATTER_CONSENT].silence = DD_SILENCE_AGREES;
        cast_make(&cast, 2);
        cast_open_with(&cast, &programme);
        struct dd_matter_put put = matter_put("request", "a1", NULL);
        CAST_OK(&cast, matter_open(&cast, HEAD_A1, morning, "a1", &put));
        enum dd_status status = matter_decide(&cast, CAST_CHAIR, at, "a1", 1, DD_VERDICT_AGREE, "");
        const enum dd_rule rules[] = {DD_RULE_NONE, DD_RULE_AFTER_BOUND, DD_RULE_MATTER_DECIDED};
        assert_int_equal(cast.refusal.rule, rules[i]);
        assert_int_equal(status, i == 0 ? DD_OK : DD_REFUSED);
        if (i == 0)
            assert_int_equal(cast.entry.events.event[0].end, DD_END_LATE);
        cast_free(&cast);
    }
}

/* --- how far it got --- */

static void open_directive(struct cast *cast)
{
    matter_ready(cast, 2);
    struct dd_matter_put put = matter_put("directive", "a1", "2013-03-01");
    CAST_OK(cast, matter_open(cast, CAST_CHAIR, morning, "ubnd", &put));
}

static void the_owners_people_say_how_far_it_got(void **state)
{
    struct cast cast;
    const char *at = "2013-02-06T09:00";
    (void)state;
    open_directive(&cast);
    CAST_NO(&cast, DD_REFUSED, NO_SUCH_MATTER,
            matter_progress(&cast, HEAD_A1, at, "a1", 2, DD_OUTCOME_COMPLETED, "2013-02-05", ""));
    CAST_NO(&cast, DD_FORBIDDEN, NO_OFFICE,
            matter_progress(&cast, HEAD_A2, at, "a1", 1, DD_OUTCOME_COMPLETED, "2013-02-05", ""));
    CAST_NO(&cast, DD_REFUSED, NOT_ASKED,
            matter_progress(&cast, HEAD_A2, at, "a2", 1, DD_OUTCOME_COMPLETED, "2013-02-05", ""));
    CAST_NO(&cast, DD_REFUSED, DAY_IN_FUTURE,
            matter_progress(&cast, HEAD_A1, at, "a1", 1, DD_OUTCOME_COMPLETED, "2013-02-07", ""));
    CAST_NO(&cast, DD_REFUSED, OUTSIDE_CYCLE,
            matter_progress(&cast, HEAD_A1, at, "a1", 1, DD_OUTCOME_COMPLETED, "2012-12-31", ""));
    CAST_OK(&cast, matter_progress(&cast, OFFICER_A1, at, "a1", 1, DD_OUTCOME_COMPLETED,
                                   "2013-02-06", ""));
    assert_int_equal(cast.entry.events.event[0].kind, DD_EVENT_MATTER_PROGRESSED);
    assert_int_equal(cast.entry.events.event[0].stage, MATTER_TASK);
    assert_int_equal(cast.entry.events.event[0].end, DD_END_ON_TIME);
    cast_free(&cast);
}

static void work_that_is_only_to_be_decided_on_has_no_outcome_yet(void **state)
{
    struct cast cast;
    const char *at = "2013-02-04T09:00";
    (void)state;
    matter_ready(&cast, 2);
    struct dd_matter_put put = matter_put("request", "a1", NULL);
    CAST_OK(&cast, matter_open(&cast, HEAD_A1, morning, "a1", &put));
    put = matter_asking(&cast, "ballot", "a1", "2013-03-01", "a2");
    CAST_OK(&cast, matter_open(&cast, HEAD_A1, morning, "a1", &put));
    CAST_NO(&cast, DD_REFUSED, NO_SUCH_DUTY,
            matter_progress(&cast, HEAD_A1, at, "a1", 1, DD_OUTCOME_COMPLETED, "2013-02-04", ""));
    CAST_NO(&cast, DD_REFUSED, NO_SUCH_STAGE,
            matter_progress(&cast, HEAD_A1, at, "a1", 2, DD_OUTCOME_COMPLETED, "2013-02-04", ""));
    cast_free(&cast);
}

static void late_or_impossible_work_is_explained(void **state)
{
    struct cast cast;
    const char *late = "2013-03-02T00:00";
    (void)state;
    open_directive(&cast);
    CAST_NO(&cast, DD_REFUSED, REASON_NEEDED,
            matter_progress(&cast, HEAD_A1, "2013-02-06T09:00", "a1", 1, DD_OUTCOME_UNATTAINABLE,
                            "2013-02-06", ""));
    assert_string_equal(cast.refusal.field, "note");
    CAST_NO(&cast, DD_REFUSED, REASON_NEEDED,
            matter_progress(&cast, HEAD_A1, "2013-02-06T09:00", "a1", 1, DD_OUTCOME_NOT_COMPLETED,
                            "2013-02-06", ""));
    CAST_OK(&cast, matter_progress(&cast, HEAD_A1, "2013-02-06T09:00", "a1", 1,
                                   DD_OUTCOME_UNATTAINABLE, "2013-02-06", "trái quy định"));
    CAST_NO(&cast, DD_REFUSED, REASON_NEEDED,
            matter_progress(&cast, HEAD_A1, late, "a1", 1, DD_OUTCOME_COMPLETED, "2013-03-01", ""));
    CAST_OK(&cast, matter_progress(&cast, HEAD_A1, late, "a1", 1, DD_OUTCOME_COMPLETED,
                                   "2013-03-01", "chờ vốn"));
    assert_int_equal(cast.entry.events.event[0].end, DD_END_LATE);
    CAST_OK(&cast, matter_progress(&cast, HEAD_A1, late, "a1", 1, DD_OUTCOME_EXCEEDED, "2013-03-01",
                                   "")); /* met already: not late once more */
    cast_free(&cast);
}

static enum dd_status correct(struct cast *cast, uint64_t seq, const char *reason)
{
    struct dd_command command = {.kind = DD_COMMAND_PROGRESS};
    command.as.progress = (struct dd_progress){.cycle = dd_slice_of("key-tasks/2013"),
                                               .unit = dd_slice_of("a1"),
                                               .task = 1,
                                               .outcome = DD_OUTCOME_EXCEEDED,
                                               .day = cast_day("2013-02-06"),
                                               .is_correction = true,
                                               .corrects_seq = seq,
                                               .reason = dd_slice_of(reason)};
    return cast_do(cast, HEAD_A1, cast_at("2013-02-07T09:00"), &command);
}

static void a_correction_names_what_was_reported_and_why(void **state)
{
    struct cast cast;
    (void)state;
    open_directive(&cast);
    uint64_t opened = cast.entry.seq;
    CAST_OK(&cast, matter_progress(&cast, HEAD_A1, "2013-02-06T09:00", "a1", 1,
                                   DD_OUTCOME_COMPLETED, "2013-02-06", ""));
    uint64_t reported = cast.entry.seq;
    CAST_NO(&cast, DD_REFUSED, REASON_NEEDED, correct(&cast, reported, ""));
    CAST_NO(&cast, DD_REFUSED, BAD_CORRECTION, correct(&cast, opened, "nhầm"));
    CAST_OK(&cast, correct(&cast, reported, "nhầm"));
    cast_free(&cast);
}

static void an_item_keeps_so_many_outcomes(void **state)
{
    struct cast cast;
    (void)state;
    open_directive(&cast);
    for (int i = 1; i < DD_OUTCOMES_PER_ITEM_MAX; i++) /* the first says that it arose */
        CAST_OK(&cast, matter_progress(&cast, HEAD_A1, "2013-02-06T09:00", "a1", 1, DD_OUTCOME_OPEN,
                                       "2013-02-06", ""));
    CAST_NO(&cast, DD_REFUSED, TOO_MANY_OUTCOMES,
            matter_progress(&cast, HEAD_A1, "2013-02-06T09:00", "a1", 1, DD_OUTCOME_OPEN,
                            "2013-02-06", ""));
    cast_free(&cast);
}

static void a_closed_cycle_takes_nothing_more_of_a_matter(void **state)
{
    struct cast cast;
    (void)state;
    open_opinion(&cast);
    struct dd_matter_put put = matter_put("directive", "a1", "2013-03-01");
    CAST_OK(&cast, cast_close(&cast, "2013-02-05T09:00"));
    CAST_NO(&cast, DD_REFUSED, CLOSED,
            matter_open(&cast, CAST_CHAIR, "2013-02-06T09:00", "ubnd", &put));
    CAST_NO(&cast, DD_REFUSED, CLOSED,
            matter_answer(&cast, HEAD_A2, "2013-02-06T09:00", "a2", 1, "agree"));
    CAST_NO(&cast, DD_REFUSED, CLOSED,
            matter_decide(&cast, CAST_CHAIR, "2013-02-06T09:00", "a1", 1, DD_VERDICT_AGREE, ""));
    CAST_NO(&cast, DD_REFUSED, CLOSED,
            matter_progress(&cast, HEAD_A1, "2013-02-06T09:00", "a1", 1, DD_OUTCOME_OPEN,
                            "2013-02-06", ""));
    cast_free(&cast);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_opens_is_said_by_the_kind),
        cmocka_unit_test(a_deputy_opens_only_under_a_delegation_and_where_the_kind_lets_him),
        cmocka_unit_test(a_matter_names_what_exists),
        cmocka_unit_test(those_asked_are_parties_each_once),
        cmocka_unit_test(whoever_owes_nothing_is_not_asked),
        cmocka_unit_test(a_kind_may_need_a_day_or_an_instant_to_come),
        cmocka_unit_test(the_host_owns_only_what_others_owe_and_decide),
        cmocka_unit_test(the_approver_named_is_one_of_the_cycle),
        cmocka_unit_test(a_cycle_has_numbers_for_so_many_matters),
        cmocka_unit_test(one_command_opens_no_more_duties_than_it_may),
        cmocka_unit_test(one_notice_opens_all_of_its_tasks_or_none),
        cmocka_unit_test(only_those_asked_answer_and_their_head_signs),
        cmocka_unit_test(a_choice_is_one_of_the_stages),
        cmocka_unit_test(a_stage_that_is_named_is_one_of_the_matters_answers),
        cmocka_unit_test(without_a_stage_there_must_be_only_one),
        cmocka_unit_test(what_comes_after_the_bound_is_kept_or_refused_as_the_stage_says),
        cmocka_unit_test(a_late_answer_is_explained_where_the_stage_says_so),
        cmocka_unit_test(a_unit_answers_only_so_often),
        cmocka_unit_test(an_answer_that_was_decided_on_stays),
        cmocka_unit_test(a_matter_is_decided_when_all_have_answered_and_once),
        cmocka_unit_test(who_decides_names_the_matter_as_it_stands),
        cmocka_unit_test(nobody_decides_for_their_own_unit),
        cmocka_unit_test(the_one_who_asked_decides_where_the_stage_says_so),
        cmocka_unit_test(an_appraiser_decides_on_others_and_another_on_its_own),
        cmocka_unit_test(a_late_decision_is_late_refused_or_too_late_as_the_stage_says),
        cmocka_unit_test(the_owners_people_say_how_far_it_got),
        cmocka_unit_test(work_that_is_only_to_be_decided_on_has_no_outcome_yet),
        cmocka_unit_test(late_or_impossible_work_is_explained),
        cmocka_unit_test(a_correction_names_what_was_reported_and_why),
        cmocka_unit_test(an_item_keeps_so_many_outcomes),
        cmocka_unit_test(a_closed_cycle_takes_nothing_more_of_a_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
