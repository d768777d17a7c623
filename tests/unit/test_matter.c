/* Tests of core/matter.h: who is asked, until when, from stage to stage, what was answered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/lib/matter_cast.h"

enum { HEAD_A1 = CAST_FIRST_HEAD + 4, HEAD_A2 = HEAD_A1 + 2, HEAD_A3 = HEAD_A1 + 4 };

static void the_stages_of_a_kind_are_its_own(void **state)
{
    struct dd_programme programme = matter_programme();
    (void)state;
    assert_int_equal(dd_matter_stage(&programme, MATTER_BALLOT, 0), MATTER_VOTE);
    assert_int_equal(dd_matter_stage(&programme, MATTER_BALLOT, MATTER_VOTE + 1), MATTER_CONCLUDE);
    assert_int_equal(dd_matter_stage(&programme, MATTER_BALLOT, MATTER_CONCLUDE + 1),
                     MATTER_STAGES);
    assert_true(dd_matter_asks(&programme, MATTER_BALLOT));
    assert_true(dd_matter_asks(&programme, MATTER_CALL));
    assert_false(dd_matter_asks(&programme, MATTER_DIRECTIVE));
    assert_true(dd_matter_decided_by(&programme, MATTER_BALLOT, DD_ROLE_APPROVER));
    assert_false(dd_matter_decided_by(&programme, MATTER_BALLOT, DD_ROLE_HEAD));
    assert_true(dd_matter_decided_by(&programme, MATTER_CALL, DD_ROLE_HEAD));
    assert_false(dd_matter_decided_by(&programme, MATTER_OPINION, DD_ROLE_APPROVER));
}

static void those_named_come_in_their_order_and_all_are_all_but_the_owner(void **state)
{
    struct cast cast;
    static const uint8_t named[8] = {0, 0, 0, CAST_A3, 0, 0, 0, CAST_A1};
    static const uint8_t all[4] = {0, 0, 0, 0};
    struct dd_matter_row row = {.owner = CAST_A1, .asked = {named, sizeof named}};
    uint32_t cursor = 0;
    (void)state;
    matter_ready(&cast, 3);
    assert_int_equal(dd_matter_next_asked(&cast.view, 1, &row, &cursor), CAST_A3);
    assert_int_equal(dd_matter_next_asked(&cast.view, 1, &row, &cursor), CAST_A1);
    assert_int_equal(dd_matter_next_asked(&cast.view, 1, &row, &cursor), 0);
    assert_int_equal(dd_matter_next_asked(&cast.view, 1, &row, &cursor), 0);
    row.asked = (struct dd_slice){all, sizeof all};
    cursor = 0;
    assert_int_equal(dd_matter_next_asked(&cast.view, 1, &row, &cursor), CAST_SNV);
    assert_int_equal(dd_matter_next_asked(&cast.view, 1, &row, &cursor), CAST_VP);
    assert_int_equal(dd_matter_next_asked(&cast.view, 1, &row, &cursor), CAST_A2);
    assert_int_equal(dd_matter_next_asked(&cast.view, 1, &row, &cursor), CAST_A3);
    assert_int_equal(dd_matter_next_asked(&cast.view, 1, &row, &cursor), 0);
    assert_int_equal(dd_matter_next_asked(&cast.view, 1, &row, &cursor), 0);
    cast_free(&cast);
}

static void only_those_asked_and_the_owner_owe(void **state)
{
    struct cast cast;
    static const uint8_t named[8] = {0, 0, 0, CAST_A3, 0, 0, 0, CAST_A2};
    static const struct dd_slice all = {(const uint8_t *)"\0\0\0\0", 4};
    struct dd_matter_row row = {.owner = CAST_A1, .asked = {named, sizeof named}};
    (void)state;
    matter_ready(&cast, 3);
    struct dd_process process = matter_process(&cast);
    assert_true(dd_matter_owes(&cast.view, &process, &row, MATTER_ATTEND, CAST_A2));
    assert_false(dd_matter_owes(&cast.view, &process, &row, MATTER_ATTEND, CAST_A1));
    assert_false(dd_matter_owes(&cast.view, &process, &row, MATTER_ATTEND, CAST_VP));
    assert_true(dd_matter_owes(&cast.view, &process, &row, MATTER_PAPERS, CAST_A1));
    assert_false(dd_matter_owes(&cast.view, &process, &row, MATTER_PAPERS, CAST_A2));
    row.asked = all;
    assert_true(dd_matter_owes(&cast.view, &process, &row, MATTER_ATTEND, CAST_VP));
    assert_false(dd_matter_owes(&cast.view, &process, &row, MATTER_ATTEND, CAST_A1));
    assert_false(dd_matter_owes(&cast.view, &process, &row, MATTER_ATTEND, CAST_ROOT));
    process.programme.stage[MATTER_ATTEND].group_count = 1; /* a2 alone is a district */
    process.programme.stage[MATTER_ATTEND].group[0] = dd_slice_of("district");
    assert_true(dd_matter_owes(&cast.view, &process, &row, MATTER_ATTEND, CAST_A2));
    assert_false(dd_matter_owes(&cast.view, &process, &row, MATTER_ATTEND, CAST_A3));
    cast_free(&cast);
}

static int32_t last_day(struct cast *cast, const struct dd_matter_row *row, uint8_t stage,
                        const char *at)
{
    struct dd_process process = matter_process(cast);
    return dd_matter_last_day(&cast->view, &process, row, stage, cast_at(at));
}

static void a_deadline_counts_from_the_matters_instant_or_from_when_it_arose(void **state)
{
    struct cast cast;
    struct dd_matter_row row = {.due_day = INT32_MAX, .at_ms = cast_at("2013-03-11T09:00")};
    (void)state;
    matter_ready(&cast, 1);
    assert_int_equal(last_day(&cast, &row, MATTER_PAPERS, "2013-02-01T08:00"),
                     cast_day("2013-03-10"));
    assert_int_equal(last_day(&cast, &row, MATTER_ATTEND, "2013-02-01T08:00"),
                     cast_day("2013-03-07")); /* the meeting is on a Monday */
    assert_int_equal(last_day(&cast, &row, MATTER_CONSENT, "2013-02-01T23:59"),
                     cast_day("2013-02-06")); /* from a Friday */
    assert_int_equal(last_day(&cast, &row, MATTER_CONSENT, "2013-02-02T00:00"),
                     cast_day("2013-02-06")); /* Saturday: Monday is the first day counted */
    assert_int_equal(last_day(&cast, &row, MATTER_CARRY_OUT, "2013-02-01T08:00"),
                     cast_day("2013-02-11"));
    row.at_ms = 0;
    assert_int_equal(last_day(&cast, &row, MATTER_PAPERS, "2013-02-01T08:00"), INT32_MAX);
    cast_free(&cast);
}

static void the_day_that_a_matter_brings_stands_under_its_own_word_or_the_stages(void **state)
{
    struct cast cast;
    struct dd_matter_row row = {.due_day = cast_day("2013-03-15")};
    (void)state;
    matter_ready(&cast, 1);
    assert_int_equal(last_day(&cast, &row, MATTER_TASK, "2013-02-01T08:00"),
                     cast_day("2013-03-15"));
    assert_int_equal(last_day(&cast, &row, MATTER_DO, "2013-02-01T08:00"), cast_day("2013-03-14"));
    row.word = DD_WORD_BEFORE;
    assert_int_equal(last_day(&cast, &row, MATTER_TASK, "2013-02-01T08:00"),
                     cast_day("2013-03-14"));
    assert_int_equal(last_day(&cast, &row, MATTER_CLOSE, "2013-02-01T08:00"), INT32_MAX);
    row.due_day = INT32_MAX;
    assert_int_equal(last_day(&cast, &row, MATTER_TASK, "2013-02-01T08:00"), INT32_MAX);
    cast_free(&cast);
}

static void silence_ends_a_duty_whether_or_not_time_has_come_to_it(void **state)
{
    struct dd_programme programme = matter_programme();
    struct dd_duty_row duty = {.end = DD_END_OPEN, .bound_ms = 1000};
    (void)state;
    assert_false(dd_matter_silent(&programme.stage[MATTER_VOTE], &duty, 999));
    assert_true(dd_matter_silent(&programme.stage[MATTER_VOTE], &duty, 1000));
    assert_false(dd_matter_silent(&programme.stage[MATTER_TASK], &duty, 1000));
    duty.end = DD_END_LAPSED;
    assert_true(dd_matter_silent(&programme.stage[MATTER_VOTE], &duty, 0));
    duty.end = DD_END_ON_TIME;
    assert_false(dd_matter_silent(&programme.stage[MATTER_VOTE], &duty, 2000));
}

static enum dd_matter_wait waits(struct cast *cast, uint16_t matter)
{
    struct dd_process process = matter_process(cast);
    struct dd_matter_row row = matter_row(cast, matter);
    return dd_matter_waits(&cast->view, &process, matter, &row);
}

static void the_decision_comes_when_the_last_has_answered(void **state)
{
    struct cast cast;
    (void)state;
    matter_ready(&cast, 3);
    struct dd_matter_put put = matter_asking(&cast, "ballot", "a1", "2013-02-15", "a2 a3");
    CAST_OK(&cast, matter_open(&cast, HEAD_A1, "2013-02-01T09:00", "a1", &put));
    assert_int_equal(matter_row(&cast, 1).stage, MATTER_CONCLUDE);
    assert_int_equal(waits(&cast, 1), DD_MATTER_WAITS_FOR_OTHERS);
    CAST_OK(&cast, matter_answer(&cast, HEAD_A2, "2013-02-04T09:00", "a2", 1, "yes"));
    assert_int_equal(waits(&cast, 1), DD_MATTER_WAITS_FOR_OTHERS);
    assert_int_equal(matter_duty(&cast, CAST_A1, MATTER_CONCLUDE, 1).end, 0);
    CAST_OK(&cast, matter_answer(&cast, HEAD_A3, "2013-02-05T09:00", "a3", 1, "no"));
    assert_int_equal(waits(&cast, 1), DD_MATTER_WAITS_FOR_DECISION);
    assert_int_equal(matter_duty(&cast, CAST_A1, MATTER_CONCLUDE, 1).last_day,
                     cast_day("2013-02-10"));
    CAST_OK(&cast,
            matter_decide(&cast, CAST_CHAIR, "2013-02-06T09:00", "a1", 1, DD_VERDICT_AGREE, ""));
    assert_int_equal(waits(&cast, 1), DD_MATTER_WAITS_FOR_NONE);
    assert_int_equal(matter_row(&cast, 1).open, 0);
    cast_free(&cast);
}

static void the_decision_arises_at_the_bound_that_silence_reached(void **state)
{
    struct cast cast;
    (void)state;
    matter_ready(&cast, 3);
    struct dd_matter_put put = matter_asking(&cast, "ballot", "a1", "2013-02-15", "a2 a3");
    CAST_OK(&cast, matter_open(&cast, HEAD_A1, "2013-02-01T09:00", "a1", &put));
    cast_time(&cast, "2013-04-01T08:00"); /* the clock was long away */
    assert_int_equal(waits(&cast, 1), DD_MATTER_WAITS_FOR_DECISION);
    struct dd_duty_row duty = matter_duty(&cast, CAST_A1, MATTER_CONCLUDE, 1);
    assert_int_equal(duty.arose_ms, cast_at("2013-02-16T00:00"));
    assert_int_equal(duty.last_day, cast_day("2013-02-21"));
    cast_free(&cast);
}

static void a_matter_that_only_asks_consent_waits_for_it_at_once(void **state)
{
    struct cast cast;
    (void)state;
    matter_ready(&cast, 2);
    struct dd_matter_put put = matter_put("request", "a1", NULL);
    CAST_OK(&cast, matter_open(&cast, HEAD_A1, "2013-02-01T09:00", "a1", &put));
    assert_int_equal(waits(&cast, 1), DD_MATTER_WAITS_FOR_DECISION);
    assert_int_equal(matter_duty(&cast, CAST_A1, MATTER_CARRY_OUT, 1).end, 0);
    CAST_OK(&cast, matter_decide(&cast, CAST_CHAIR, "2013-02-05T10:00", "a1", 1,
                                 DD_VERDICT_IN_PRINCIPLE, ""));
    assert_int_equal(matter_duty(&cast, CAST_A1, MATTER_CARRY_OUT, 1).end, DD_END_OPEN);
    assert_int_equal(matter_duty(&cast, CAST_A1, MATTER_CARRY_OUT, 1).last_day,
                     cast_day("2013-02-15"));
    assert_int_equal(waits(&cast, 1), DD_MATTER_WAITS_FOR_NONE);
    cast_free(&cast);
}

static void a_return_ends_the_flow(void **state)
{
    struct cast cast;
    (void)state;
    matter_ready(&cast, 2);
    struct dd_matter_put put = matter_put("request", "a1", NULL);
    CAST_OK(&cast, matter_open(&cast, HEAD_A1, "2013-02-01T09:00", "a1", &put));
    CAST_OK(&cast, matter_decide(&cast, CAST_CHAIR, "2013-02-05T10:00", "a1", 1, DD_VERDICT_RETURN,
                                 "chưa đủ căn cứ"));
    assert_int_equal(waits(&cast, 1), DD_MATTER_WAITS_FOR_NONE);
    assert_int_equal(matter_duty(&cast, CAST_A1, MATTER_CARRY_OUT, 1).end, 0);
    assert_int_equal(matter_duty(&cast, CAST_A1, MATTER_CONSENT, 1).end, DD_END_ON_TIME);
    cast_free(&cast);
}

/* A request whose decider keeps silent, under this meaning of it; the end of time's work is how the
 * work behind it stands. */
static enum dd_end behind_silence(enum dd_silence silence)
{
    struct cast cast;
    struct dd_programme programme = matter_programme();
    programme.stage[MATTER_CONSENT].silence = silence;
    cast_make(&cast, 1);
    cast_open_with(&cast, &programme);
    struct dd_matter_put put = matter_put("request", "a1", NULL);
    CAST_OK(&cast, matter_open(&cast, HEAD_A1, "2013-02-01T09:00", "a1", &put));
    cast_time(&cast, "2013-02-07T00:00");
    enum dd_end end = matter_duty(&cast, CAST_A1, MATTER_CARRY_OUT, 1).end;
    enum dd_end consent = matter_duty(&cast, CAST_A1, MATTER_CONSENT, 1).end;
    assert_int_equal(consent, silence == DD_SILENCE_MISSING ? DD_END_OPEN : DD_END_LAPSED);
    assert_int_equal(matter_row(&cast, 1).verdict, 0); /* nobody has decided */
    cast_free(&cast);
    return end;
}

static void a_decision_that_lapses_lets_the_rest_arise_only_where_silence_agrees(void **state)
{
    (void)state;
    assert_int_equal(behind_silence(DD_SILENCE_AGREES), DD_END_OPEN);
    assert_int_equal(behind_silence(DD_SILENCE_LAPSES), 0);
    assert_int_equal(behind_silence(DD_SILENCE_NO_NEED), 0);
    assert_int_equal(behind_silence(DD_SILENCE_NOT_YES), 0);
    assert_int_equal(behind_silence(DD_SILENCE_MISSING), 0);
}

/* An answer by the matter's day that only a consent asks for, given on that day; its duty. */
static struct dd_duty_row asked_behind_consent(const char *consent_at, enum dd_silence silence)
{
    struct cast cast;
    struct dd_programme programme = matter_programme();
    struct dd_stage *stage = &programme.stage[MATTER_CARRY_OUT];
    *stage = programme.stage[MATTER_OPINE];
    stage->key = dd_slice_of("carry-out");
    stage->of = dd_slice_of("request");
    stage->silence = silence;
    programme.kind[MATTER_REQUEST].needs_due = true;
    cast_make(&cast, 2);
    cast_open_with(&cast, &programme);
    struct dd_matter_put put = matter_asking(&cast, "request", "a1", "2013-02-05", "a2");
    CAST_OK(&cast, matter_open(&cast, HEAD_A1, "2013-02-01T09:00", "a1", &put));
    CAST_OK(&cast, matter_decide(&cast, CAST_CHAIR, consent_at, "a1", 1, DD_VERDICT_AGREE, ""));
    cast_time(&cast, "2013-03-01T00:00");
    struct dd_duty_row duty = matter_duty(&cast, CAST_A2, MATTER_CARRY_OUT, 1);
    cast_free(&cast);
    return duty;
}

static void nobody_is_deemed_to_answer_what_was_asked_when_its_day_was_over(void **state)
{
    (void)state;
    struct dd_duty_row duty = asked_behind_consent("2013-02-05T23:59", DD_SILENCE_AGREES);
    assert_int_equal(duty.end, DD_END_LAPSED);
    assert_int_equal(duty.ended_ms, cast_at("2013-02-06T00:00"));
    duty = asked_behind_consent("2013-02-06T00:00", DD_SILENCE_AGREES);
    assert_int_equal(duty.end, DD_END_OPEN);
    assert_int_equal(duty.last_day, INT32_MAX);
    duty = asked_behind_consent("2013-02-06T00:00", DD_SILENCE_NOT_YES);
    assert_int_equal(duty.end, DD_END_OPEN);
    duty = asked_behind_consent("2013-02-06T00:00", DD_SILENCE_MISSING); /* late, as any work */
    assert_int_equal(duty.last_day, cast_day("2013-02-05"));
}

static void a_waived_decision_stands_in_nobodys_way(void **state)
{
    struct cast cast;
    struct dd_duty_key key = {1, CAST_A1, MATTER_CONSENT, 1, 0};
    (void)state;
    matter_ready(&cast, 1);
    struct dd_matter_put put = matter_put("request", "a1", NULL);
    CAST_OK(&cast, matter_open(&cast, HEAD_A1, "2013-02-01T09:00", "a1", &put));
    struct dd_process process = matter_process(&cast);
    struct dd_entry entry = {.received_ms = cast_at("2013-02-04T08:00"), .seq = cast.next_seq};
    dd_duty_end(&cast.view, &key, DD_END_WAIVED, entry.received_ms, entry.seq);
    dd_matter_duty_ended(&cast.view, &cast.scratch, &process, &key, &entry, entry.received_ms);
    assert_int_equal(matter_duty(&cast, CAST_A1, MATTER_CARRY_OUT, 1).end, DD_END_OPEN);
    assert_int_equal(matter_duty(&cast, CAST_A1, MATTER_CARRY_OUT, 1).last_day,
                     cast_day("2013-02-14"));
    cast_free(&cast);
}

static void a_duty_of_a_dossier_is_no_matters(void **state)
{
    struct cast cast;
    struct dd_duty_key key = {1, CAST_A1, CAST_REGISTER, 0, 0};
    struct dd_entry entry = {.received_ms = cast_at("2013-02-04T08:00")};
    (void)state;
    matter_ready(&cast, 1);
    struct dd_process process = matter_process(&cast);
    size_t writes = naive_writes(&cast.rows);
    dd_matter_duty_ended(&cast.view, &cast.scratch, &process, &key, &entry, entry.received_ms);
    dd_matter_duty_reopened(&cast.view, &cast.scratch, &process, &key);
    assert_int_equal(naive_writes(&cast.rows), writes);
    cast_free(&cast);
}

static void the_revision_never_becomes_none(void **state)
{
    struct cast cast;
    (void)state;
    matter_ready(&cast, 1);
    struct dd_matter_put put = matter_put("request", "a1", NULL);
    CAST_OK(&cast, matter_open(&cast, HEAD_A1, "2013-02-01T09:00", "a1", &put));
    struct dd_matter_row row = matter_row(&cast, 1);
    assert_int_equal(row.revision, 1);
    row.revision = UINT16_MAX - 1;
    dd_put_matter(&cast.view, &cast.scratch, 1, 1, &row);
    dd_matter_touched(&cast.view, &cast.scratch, 1, 1);
    assert_int_equal(matter_row(&cast, 1).revision, UINT16_MAX);
    dd_matter_touched(&cast.view, &cast.scratch, 1, 1);
    assert_int_equal(matter_row(&cast, 1).revision, 1);
    cast_free(&cast);
}

/* Of the units snv, vp, a1 ... the first `yes` say yes, the next `no` say no, the others nothing;
 * the owner is the agency behind them. Before time has ended it. */
static struct dd_matter_result ballot_of(struct cast *cast, unsigned members, unsigned yes,
                                         unsigned no)
{
    uint8_t asked[256] = {0};
    struct dd_writer w = dd_writer_make(asked, sizeof asked - 1);
    char owner[DD_CODE_BYTES_MAX + 1];
    matter_ready(cast, members);
    for (uint32_t i = 0; i < members; i++) {
        struct dd_slice code = cast_code(cast, CAST_SNV + i);
        dd_write_raw(&w, code.data, code.size);
        dd_write_u8(&w, ' ');
    }
    dd_slice_text(cast_code(cast, CAST_SNV + members), owner, sizeof owner);
    struct dd_matter_put put =
        matter_asking(cast, "ballot", owner, "2013-02-15", (const char *)asked);
    CAST_OK(cast,
            matter_open(cast, cast_head(CAST_SNV + members), "2013-02-01T09:00", owner, &put));
    for (uint32_t i = 0; i < yes + no; i++) {
        char unit[DD_CODE_BYTES_MAX + 1];
        dd_slice_text(cast_code(cast, CAST_SNV + i), unit, sizeof unit);
        CAST_OK(cast, matter_answer(cast, cast_head(CAST_SNV + i), "2013-02-05T09:00", unit, 1,
                                    i < yes ? "yes" : "no"));
    }
    return matter_result(cast, 1, MATTER_VOTE);
}

static void a_ballot_passes_with_more_than_half_of_all_members(void **state)
{
    (void)state;
    for (unsigned members = 1; members <= 12; members++) {
        for (unsigned yes = 0; yes <= members; yes++) {
            struct cast cast;
            unsigned no = (members - yes) / 2;
            unsigned silent = members - yes - no;
            struct dd_matter_result result = ballot_of(&cast, members, yes, no);
            bool more = 2 * yes > members; /* exactly half fails */
            assert_int_equal(result.passed, more);
            assert_int_equal(result.needed, members / 2 + 1);
            assert_int_equal(result.settled, more || 2 * (yes + silent) <= members);
            assert_int_equal(result.open, silent);
            cast_time(&cast, "2013-02-16T00:00");
            result = matter_result(&cast, 1, MATTER_VOTE);
            assert_true(result.has_rule && result.settled);
            assert_int_equal(result.passed, more);
            assert_int_equal(result.asked, members);
            assert_int_equal(result.answered, yes + no);
            assert_int_equal(result.lapsed, silent);
            assert_int_equal(result.open, 0);
            assert_int_equal(result.count[0], yes);
            assert_int_equal(result.count[1], no);
            cast_free(&cast);
        }
    }
}

static void four_of_nine_with_five_silent_is_no_majority(void **state)
{
    struct cast cast;
    (void)state;
    (void)ballot_of(&cast, 9, 4, 0);
    cast_time(&cast, "2013-02-16T00:00");
    struct dd_matter_result result = matter_result(&cast, 1, MATTER_VOTE);
    assert_false(result.passed);
    assert_int_equal(result.favour, 4);
    assert_int_equal(result.counted, 9);
    assert_int_equal(result.needed, 5);
    cast_free(&cast);
}

static void a_share_of_the_votes_cast_counts_no_silence(void **state)
{
    struct cast cast;
    (void)state;
    (void)ballot_of(&cast, 9, 4, 3);
    struct dd_process process = matter_process(&cast);
    struct dd_matter_row row = matter_row(&cast, 1);
    struct dd_matter_result result;
    process.programme.stage[MATTER_VOTE].pass_of_cast = true;
    dd_matter_result(&cast.view, &process, 1, &row, MATTER_VOTE, &result);
    assert_true(result.passed);
    assert_false(result.settled); /* two noes to come would undo it */
    assert_int_equal(result.counted, 7);
    assert_int_equal(result.needed, 4);
    process.programme.stage[MATTER_VOTE].pass_percent = 67;
    dd_matter_result(&cast.view, &process, 1, &row, MATTER_VOTE, &result);
    assert_false(result.passed); /* 4 of 7 */
    assert_int_equal(result.favour, 4);
    assert_int_equal(result.needed, 5);
    assert_true(result.settled); /* 6 of 9 are not more than 67 % either */
    process.programme.stage[MATTER_VOTE].pass_percent = 66;
    dd_matter_result(&cast.view, &process, 1, &row, MATTER_VOTE, &result);
    assert_false(result.passed || result.settled);
    cast_free(&cast);
}

static void a_share_may_be_a_fraction_and_exactly_it_fails(void **state)
{
    struct cast cast;
    (void)state;
    (void)ballot_of(&cast, 9, 6, 3);
    struct dd_process process = matter_process(&cast);
    struct dd_matter_row row = matter_row(&cast, 1);
    struct dd_matter_result result;
    process.programme.stage[MATTER_VOTE].pass_percent = 2;
    process.programme.stage[MATTER_VOTE].pass_of = 3;
    dd_matter_result(&cast.view, &process, 1, &row, MATTER_VOTE, &result);
    assert_int_equal(result.needed, 7);
    assert_false(result.passed); /* 6 of 9 are two thirds, not more */
    assert_true(result.settled);
    process.programme.stage[MATTER_VOTE].pass_percent = 66;
    process.programme.stage[MATTER_VOTE].pass_of = 0;
    dd_matter_result(&cast.view, &process, 1, &row, MATTER_VOTE, &result);
    assert_int_equal(result.needed, 6);
    assert_true(result.passed);
    process.programme.stage[MATTER_VOTE].pass_percent = 1;
    process.programme.stage[MATTER_VOTE].pass_of = 2;
    dd_matter_result(&cast.view, &process, 1, &row, MATTER_VOTE, &result);
    assert_int_equal(result.needed, 5);
    cast_free(&cast);
}

static void silence_that_agrees_counts_when_the_share_is_reckoned_and_never_as_a_choice(
    void **state)
{
    struct cast cast;
    (void)state;
    (void)ballot_of(&cast, 4, 1, 1);
    cast_time(&cast, "2013-02-16T00:00");
    struct dd_process process = matter_process(&cast);
    struct dd_matter_row row = matter_row(&cast, 1);
    struct dd_matter_result result;
    process.programme.stage[MATTER_VOTE].silence = DD_SILENCE_AGREES;
    dd_matter_result(&cast.view, &process, 1, &row, MATTER_VOTE, &result);
    assert_true(result.passed);
    assert_int_equal(result.count[0], 1);
    assert_int_equal(result.lapsed, 2);
    assert_int_equal(result.favour, 3);
    assert_int_equal(result.needed, 3);
    cast_free(&cast);
}

static void the_last_answer_before_the_bound_counts(void **state)
{
    struct cast cast;
    struct dd_answer_row answer;
    (void)state;
    matter_ready(&cast, 3);
    struct dd_matter_put put = matter_asking(&cast, "ballot", "a1", "2013-02-15", "a2 a3");
    CAST_OK(&cast, matter_open(&cast, HEAD_A1, "2013-02-01T09:00", "a1", &put));
    CAST_OK(&cast, matter_answer(&cast, HEAD_A2, "2013-02-04T09:00", "a2", 1, "yes"));
    CAST_OK(&cast, matter_answer(&cast, HEAD_A2, "2013-02-15T23:59", "a2", 1, "no"));
    CAST_OK(&cast, matter_answer(&cast, HEAD_A2, "2013-02-16T00:00", "a2", 1, "yes"));
    CAST_OK(&cast, matter_answer(&cast, HEAD_A3, "2013-02-16T00:00", "a3", 1, "yes"));
    struct dd_process process = matter_process(&cast);
    assert_int_equal(dd_matter_answer(&cast.view, &process, 1, MATTER_VOTE, CAST_A2, &answer), 2);
    assert_int_equal(answer.choice, 2);
    assert_int_equal(dd_matter_answer(&cast.view, &process, 1, MATTER_VOTE, CAST_A3, &answer), 0);
    cast_time(&cast, "2013-02-16T00:00");
    assert_int_equal(matter_duty(&cast, CAST_A3, MATTER_VOTE, 1).end, DD_END_LAPSED);
    assert_int_equal(dd_matter_answer(&cast.view, &process, 1, MATTER_VOTE, CAST_A3, &answer), 0);
    cast_free(&cast);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_stages_of_a_kind_are_its_own),
        cmocka_unit_test(those_named_come_in_their_order_and_all_are_all_but_the_owner),
        cmocka_unit_test(only_those_asked_and_the_owner_owe),
        cmocka_unit_test(a_deadline_counts_from_the_matters_instant_or_from_when_it_arose),
        cmocka_unit_test(the_day_that_a_matter_brings_stands_under_its_own_word_or_the_stages),
        cmocka_unit_test(silence_ends_a_duty_whether_or_not_time_has_come_to_it),
        cmocka_unit_test(the_decision_comes_when_the_last_has_answered),
        cmocka_unit_test(the_decision_arises_at_the_bound_that_silence_reached),
        cmocka_unit_test(a_matter_that_only_asks_consent_waits_for_it_at_once),
        cmocka_unit_test(a_return_ends_the_flow),
        cmocka_unit_test(a_decision_that_lapses_lets_the_rest_arise_only_where_silence_agrees),
        cmocka_unit_test(nobody_is_deemed_to_answer_what_was_asked_when_its_day_was_over),
        cmocka_unit_test(a_waived_decision_stands_in_nobodys_way),
        cmocka_unit_test(a_duty_of_a_dossier_is_no_matters),
        cmocka_unit_test(the_revision_never_becomes_none),
        cmocka_unit_test(a_ballot_passes_with_more_than_half_of_all_members),
        cmocka_unit_test(four_of_nine_with_five_silent_is_no_majority),
        cmocka_unit_test(a_share_of_the_votes_cast_counts_no_silence),
        cmocka_unit_test(a_share_may_be_a_fraction_and_exactly_it_fails),
        cmocka_unit_test(
            silence_that_agrees_counts_when_the_share_is_reckoned_and_never_as_a_choice),
        cmocka_unit_test(the_last_answer_before_the_bound_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
