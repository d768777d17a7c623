/* What time does: rungs at their instants, once each, skipped where they lie before the duty, never
 * after it was met; silence that ends a duty; what the notifier may say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/lib/matter_cast.h"

static struct cast cast;

#define HEAD cast_head(CAST_A1)
#define OFFICER cast_officer(CAST_A1)
#define OK(call) CAST_OK(&cast, call)
#define NO(rule, call) CAST_NO(&cast, DD_REFUSED, rule, call)

static int open_cast(void **state)
{
    (void)state;
    cast_ready(&cast, 1);
    return 0;
}

static int close_cast(void **state)
{
    (void)state;
    cast_free(&cast);
    return 0;
}

/* Closes what open_cast made and starts again under another programme. */
static void begin_with(void **state, const struct dd_programme *programme)
{
    close_cast(state);
    cast_make(&cast, 1);
    cast_open_with(&cast, programme);
}

/* The departments are of no interest here: they hand in and report at once. */
static void quiet_others(void)
{
    const char *at = "2013-01-11T08:01";
    for (uint32_t unit = CAST_SNV; unit <= CAST_VP; unit++) {
        const char *code = unit == CAST_SNV ? "snv" : "vp";
        OK(cast_register(&cast, cast_head(unit), at, code, 1, "own", 1, "2013-12-31"));
        OK(cast_submit(&cast, cast_head(unit), at, code, ""));
        OK(cast_report(&cast, cast_head(unit), at, code, "H1"));
        OK(cast_report(&cast, cast_head(unit), at, code, "year"));
    }
}

struct rung {
    uint32_t stage;
    int rung;
    const char *at;
};

/* Ticks at the instant just before and at each rung: nothing, then exactly that rung. */
static void expect_rungs(const struct rung *rungs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int64_t at_ms = cast_at(rungs[i].at);
        assert_int_equal(cast_tick(&cast, at_ms - 1), 0);
        assert_int_equal(cast_tick(&cast, at_ms), 1);
        const struct dd_event *event = &cast.event[0];
        assert_int_equal(event->kind, DD_EVENT_RUNG_REACHED);
        assert_int_equal(event->duty.unit, CAST_A1);
        assert_int_equal(event->duty.stage, rungs[i].stage);
        assert_int_equal(event->rung, rungs[i].rung);
        assert_int_equal(event->superior, rungs[i].rung == 5);
        assert_int_equal(event->at_ms, at_ms);
        assert_int_equal(cast_tick(&cast, at_ms), 0);
    }
}

static void rungs_of_registration_and_reports_come_at_eight(void **state)
{
    static const struct rung rungs[] = {
        {CAST_REGISTER, -7, "2013-01-18T08:00"}, {CAST_REGISTER, -3, "2013-01-22T08:00"},
        {CAST_REGISTER, -1, "2013-01-24T08:00"}, {CAST_REGISTER, 0, "2013-01-25T08:00"},
        {CAST_REGISTER, 1, "2013-01-26T08:00"},  {CAST_REGISTER, 3, "2013-01-28T08:00"},
        {CAST_REGISTER, 5, "2013-01-30T08:00"},  {CAST_REPORT, -7, "2013-06-17T08:00"},
        {CAST_REPORT, -3, "2013-06-21T08:00"},   {CAST_REPORT, -1, "2013-06-23T08:00"},
        {CAST_REPORT, 0, "2013-06-24T08:00"},    {CAST_REPORT, 1, "2013-06-25T08:00"},
        {CAST_REPORT, 3, "2013-06-27T08:00"},    {CAST_REPORT, 5, "2013-06-29T08:00"}};
    (void)state;
    quiet_others();
    expect_rungs(rungs, sizeof rungs / sizeof rungs[0]);
    assert_int_equal(cast_time(&cast, "2013-12-01T00:00"), 0);
}

static void a_met_duty_is_not_reminded_of(void **state)
{
    static const struct rung rungs[] = {{CAST_REPORT, -7, "2013-06-17T08:00"},
                                        {CAST_REPORT, -3, "2013-06-21T08:00"}};
    (void)state;
    quiet_others();
    OK(cast_register(&cast, OFFICER, "2013-01-18T07:00", "a1", 1, "own", 1, "2013-12-31"));
    OK(cast_submit(&cast, HEAD, "2013-01-18T07:59", "a1", ""));
    expect_rungs(rungs, 2);
    OK(cast_report(&cast, HEAD, "2013-06-21T09:00", "a1", "H1"));
    assert_int_equal(cast_time(&cast, "2013-12-01T00:00"), 0);
}

static void a_rung_at_the_instant_of_the_act_is_not_reached(void **state)
{
    (void)state;
    quiet_others();
    OK(cast_register(&cast, OFFICER, "2013-01-18T07:00", "a1", 1, "own", 1, "2013-12-31"));
    OK(cast_submit(&cast, HEAD, "2013-01-18T08:00", "a1", ""));
    assert_int_equal(cast_tick(&cast, cast_at("2013-01-18T08:00")), 0);
}

static void a_withdrawn_registration_is_reminded_of_from_then_on(void **state)
{
    static const struct rung before[] = {{CAST_REGISTER, -7, "2013-01-18T08:00"}};
    static const struct rung after[] = {{CAST_REGISTER, 0, "2013-01-25T08:00"},
                                        {CAST_REGISTER, 1, "2013-01-26T08:00"}};
    (void)state;
    quiet_others();
    expect_rungs(before, 1);
    OK(cast_register(&cast, OFFICER, "2013-01-19T07:00", "a1", 1, "own", 1, "2013-12-31"));
    OK(cast_submit(&cast, HEAD, "2013-01-19T08:00", "a1", ""));
    assert_int_equal(cast_time(&cast, "2013-01-24T09:00"), 0);
    OK(cast_withdraw(&cast, HEAD, "2013-01-24T09:00", "a1", 1));
    expect_rungs(after, 2);
}

static void after_a_standstill_each_missed_rung_comes_once_in_order(void **state)
{
    static const int8_t rungs[] = {-7, -3, -1, 0, 1};
    (void)state;
    quiet_others();
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(cast_tick(&cast, cast_at("2013-01-27T12:00")), 1);
        assert_int_equal(cast.event[0].rung, rungs[i]);
        assert_int_equal(cast.event[0].at_ms,
                         cast_at("2013-01-25T08:00") + rungs[i] * INT64_C(86400000));
    }
    assert_int_equal(cast_tick(&cast, cast_at("2013-01-27T12:00")), 0);
    assert_int_equal(cast_tick(&cast, cast_at("2013-01-28T08:00")), 1);
}

static void rungs_before_the_duty_arose_are_skipped(void **state)
{
    static const struct rung rungs[] = {{CAST_REGISTER, -3, "2013-01-12T08:00"},
                                        {CAST_REGISTER, -1, "2013-01-14T08:00"}};
    struct dd_programme programme = cast_programme();
    struct dd_command c = {.kind = DD_COMMAND_OPEN_CYCLE};
    close_cast(state);
    cast_make(&cast, 1);
    struct dd_command put = {.kind = DD_COMMAND_PUT_PROGRAMME};
    put.as.put_programme = programme;
    OK(cast_do(&cast, CAST_ADMIN, cast_at("2013-01-11T07:59"), &put));
    c.as.open_cycle = cast_cycle(&cast, "key-tasks", "2013");
    c.as.open_cycle.dates[0].day = cast_day("2013-01-15"); /* -7 was on the 8th */
    c.as.open_cycle.parties += 2;
    c.as.open_cycle.party_count = 1;
    OK(cast_do(&cast, CAST_ADMIN, cast_at("2013-01-11T08:00"), &c));
    expect_rungs(rungs, 2);
}

static void an_indicator_is_called_on_its_day_unless_it_is_done(void **state)
{
    static const struct rung rungs[] = {{CAST_INDICATOR, 0, "2013-05-31T08:00"}};
    (void)state;
    quiet_others();
    cast_bring_in_force(&cast, CAST_A1, 3, "2013-05-31");
    OK(cast_report(&cast, HEAD, "2013-05-01T08:00", "a1", "H1"));
    OK(cast_progress(&cast, OFFICER, "2013-05-30T17:00", "a1", 1, 1, DD_OUTCOME_COMPLETED,
                     "2013-05-30"));
    OK(cast_progress(&cast, OFFICER, "2013-05-30T17:00", "a1", 1, 3, DD_OUTCOME_EXCEEDED,
                     "2013-05-30"));
    OK(cast_progress(&cast, OFFICER, "2013-05-30T17:00", "a1", 1, 2, DD_OUTCOME_UNATTAINABLE,
                     "2013-05-30"));
    expect_rungs(rungs, 1);
}

static void work_taken_back_is_called_for_again(void **state)
{
    static const struct rung rungs[] = {{CAST_INDICATOR, 0, "2013-05-31T08:00"}};
    (void)state;
    quiet_others();
    cast_bring_in_force(&cast, CAST_A1, 1, "2013-05-31");
    OK(cast_progress(&cast, OFFICER, "2013-05-29T17:00", "a1", 1, 1, DD_OUTCOME_COMPLETED,
                     "2013-05-29"));
    assert_int_equal(cast_duty(&cast, CAST_A1, CAST_INDICATOR, 1, 1).end, DD_END_ON_TIME);
    OK(cast_progress(&cast, OFFICER, "2013-05-30T17:00", "a1", 1, 1, DD_OUTCOME_NOT_COMPLETED,
                     "2013-05-30"));
    assert_int_equal(cast_duty(&cast, CAST_A1, CAST_INDICATOR, 1, 1).end, DD_END_OPEN);
    expect_rungs(rungs, 1);
}

static void a_changed_due_date_is_called_anew(void **state)
{
    static const struct rung first[] = {{CAST_INDICATOR, 0, "2013-05-31T08:00"}};
    static const struct rung second[] = {{CAST_INDICATOR, 0, "2013-09-30T08:00"}};
    (void)state;
    quiet_others();
    cast_bring_in_force(&cast, CAST_A1, 1, "2013-05-31");
    expect_rungs(first, 1);
    OK(cast_register(&cast, OFFICER, "2013-06-01T09:00", "a1", 1, "own", 1, "2013-09-30"));
    OK(cast_submit(&cast, HEAD, "2013-06-01T09:00", "a1", "lùi hạn"));
    OK(cast_agree(&cast, CAST_CHAIR, "2013-06-02T09:00", "a1", 2));
    OK(cast_report(&cast, HEAD, "2013-06-02T09:00", "a1", "H1"));
    expect_rungs(second, 1);
}

static void the_superior_s_rung_says_so(void **state)
{
    (void)state;
    quiet_others();
    (void)cast_time(&cast, "2013-01-30T07:59");
    assert_int_equal(cast_tick(&cast, cast_at("2013-01-30T08:00")), 1);
    assert_true(cast.event[0].superior);
    assert_int_equal(cast.event[0].rung, 5);
    struct dd_reminder_row row;
    assert_true(dd_get_reminder(&cast.view, cast.entry.seq, 0, &row));
    assert_true(row.superior);
    assert_int_equal(row.bound_ms, cast_at("2013-01-26T00:00"));
    assert_int_equal(row.delivered_ms, 0);
}

/* --- how much a Tick carries --- */

static void a_tick_carries_256_and_repeats_until_none_is_left(void **state)
{
    close_cast(state);
    cast_ready(&cast, 300);
    int64_t at_ms = cast_at("2013-01-18T08:00");
    assert_int_equal(cast_tick(&cast, at_ms), DD_TICK_EVENTS_MAX);
    for (uint32_t i = 0; i < DD_TICK_EVENTS_MAX; i++)
        assert_int_equal(cast.event[i].duty.unit, CAST_SNV + i);
    assert_int_equal(cast_tick(&cast, at_ms), 302 - DD_TICK_EVENTS_MAX);
    assert_int_equal(cast.event[0].duty.unit, CAST_SNV + DD_TICK_EVENTS_MAX);
    assert_int_equal(cast_tick(&cast, at_ms), 0);
    assert_int_equal(naive_count(&cast.rows, DD_TABLE_REMINDER), 302);
}

static void the_events_of_a_full_tick_fit_their_bytes(void **state)
{
    static uint8_t bytes[DD_EVENTS_BYTES_MAX];
    struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
    close_cast(state);
    cast_ready(&cast, 300);
    (void)cast_tick(&cast, cast_at("2013-01-18T08:00"));
    dd_events_write(&w, &cast.entry.events);
    assert_false(w.overflow);
}

static void the_earliest_comes_first(void **state)
{
    (void)state;
    cast_bring_in_force(&cast, CAST_A1, 2, "2013-02-10");
    size_t count = cast_tick(&cast, cast_at("2013-07-01T00:00"));
    assert_int_equal(count, 7); /* 2 to register, 3 reports, 2 indicators: the first rung of each */
    for (size_t i = 1; i < count; i++)
        assert_true(cast.event[i - 1].at_ms <= cast.event[i].at_ms);
}

static void an_array_that_is_too_small_is_too_large_a_tick(void **state)
{
    struct dd_command c = {.kind = DD_COMMAND_TICK};
    struct dd_event one;
    struct dd_events events = {&one, 0, 1};
    struct dd_context context = {&cast.view, &cast.scratch, 0, cast_at("2013-01-18T08:00")};
    struct dd_refusal refusal;
    (void)state;
    assert_int_equal(dd_decide(&context, &c, &events, &refusal), DD_TOO_LARGE);
    assert_int_equal(refusal.status, DD_OK);
    assert_int_equal(events.count, 0);
}

/* --- silence --- */

static struct dd_programme lapsing(void)
{
    struct dd_programme programme = cast_programme();
    programme.stage[CAST_APPRAISE].silence = DD_SILENCE_LAPSES;
    programme.stage[CAST_REPORT].silence = DD_SILENCE_LAPSES;
    return programme;
}

static void silence_ends_a_duty_at_its_bound(void **state)
{
    struct dd_programme programme = lapsing();
    begin_with(state, &programme);
    quiet_others();
    OK(cast_register(&cast, OFFICER, "2013-01-20T09:00", "a1", 1, "own", 1, "2013-12-31"));
    OK(cast_submit(&cast, HEAD, "2013-01-20T09:00", "a1", ""));
    (void)cast_time(&cast, "2013-02-01T23:59");
    assert_int_equal(cast_duty(&cast, CAST_A1, CAST_APPRAISE, 1, 0).end, DD_END_OPEN);
    assert_int_equal(cast_time(&cast, "2013-02-02T00:00"), 3); /* snv, vp and a1 wait */
    struct dd_duty_row duty = cast_duty(&cast, CAST_A1, CAST_APPRAISE, 1, 0);
    assert_int_equal(duty.end, DD_END_LAPSED);
    assert_int_equal(duty.ended_ms, cast_at("2013-02-02T00:00"));
    assert_int_equal(duty.next_at_ms, INT64_MAX);
    OK(cast_agree(&cast, CAST_APPRAISER, "2013-02-03T00:00", "a1", 1));
    assert_int_equal(cast.event[0].end, 0);
    assert_int_equal(cast_duty(&cast, CAST_A1, CAST_APPRAISE, 1, 0).end, DD_END_LAPSED);
}

static void rungs_before_the_bound_come_and_none_behind_it(void **state)
{
    static const struct rung rungs[] = {{CAST_REPORT, -7, "2013-06-17T08:00"},
                                        {CAST_REPORT, -3, "2013-06-21T08:00"},
                                        {CAST_REPORT, -1, "2013-06-23T08:00"},
                                        {CAST_REPORT, 0, "2013-06-24T08:00"}};
    struct dd_programme programme = lapsing();
    programme.stage[CAST_APPRAISE].silence = DD_SILENCE_MISSING;
    begin_with(state, &programme);
    quiet_others();
    OK(cast_register(&cast, OFFICER, "2013-01-12T09:00", "a1", 1, "own", 1, "2013-12-31"));
    OK(cast_submit(&cast, HEAD, "2013-01-12T09:00", "a1", ""));
    expect_rungs(rungs, 4);
    assert_int_equal(cast_tick(&cast, cast_at("2013-06-25T00:00") - 1), 0);
    assert_int_equal(cast_tick(&cast, cast_at("2013-06-25T00:00")), 1);
    assert_int_equal(cast.event[0].kind, DD_EVENT_DUTY_LAPSED);
    assert_int_equal(cast_time(&cast, "2013-07-15T00:00"), 0);
}

static void work_taken_back_does_not_open_what_silence_ended(void **state)
{
    struct dd_programme programme = cast_programme();
    programme.stage[CAST_INDICATOR].silence = DD_SILENCE_LAPSES;
    begin_with(state, &programme);
    quiet_others();
    cast_bring_in_force(&cast, CAST_A1, 1, "2013-05-31");
    (void)cast_time(&cast, "2013-06-01T00:00");
    assert_int_equal(cast_duty(&cast, CAST_A1, CAST_INDICATOR, 1, 1).end, DD_END_LAPSED);
    OK(cast_progress(&cast, OFFICER, "2013-06-02T00:00", "a1", 1, 1, DD_OUTCOME_NOT_COMPLETED,
                     "2013-06-01"));
    assert_int_equal(cast_duty(&cast, CAST_A1, CAST_INDICATOR, 1, 1).end, DD_END_LAPSED);
    OK(cast_report(&cast, HEAD, "2013-06-02T00:00", "a1", "H1"));
    assert_int_equal(cast_time(&cast, "2013-06-02T00:00"), 0);
}

static void closing_stops_time(void **state)
{
    (void)state;
    OK(cast_close(&cast, "2013-01-12T08:00"));
    assert_int_equal(naive_count(&cast.rows, DD_TABLE_DUE), 0);
    assert_int_equal(cast_time(&cast, "2014-12-31T00:00"), 0);
    assert_int_equal(cast_duty(&cast, CAST_A1, CAST_REGISTER, 0, 0).end, DD_END_OPEN);
}

/* --- who moves time, and what the notifier says --- */

static void only_the_broker_ticks(void **state)
{
    struct dd_command c = {.kind = DD_COMMAND_TICK};
    (void)state;
    CAST_NO(&cast, DD_FORBIDDEN, NOT_YOURS,
            cast_do(&cast, CAST_ADMIN, cast_at("2013-01-12T08:00"), &c));
    OK(cast_do(&cast, 0, cast_at("2013-01-12T08:00"), &c));
}

static void the_notifier_notes_reminders_that_were_due(void **state)
{
    struct dd_reminder_ref refs[2];
    struct dd_command c = {.kind = DD_COMMAND_REMINDED};
    struct dd_reminder_row row;
    (void)state;
    assert_int_equal(cast_tick(&cast, cast_at("2013-01-18T08:00")), 3);
    refs[0] = refs[1] = (struct dd_reminder_ref){cast.entry.seq, 2};
    refs[1].index = 3;
    c.as.reminded = (struct dd_reminded){refs, 2, dd_slice_of("folder")};
    CAST_NO(&cast, DD_FORBIDDEN, NO_OFFICE, cast_do(&cast, CAST_ADMIN, 1358500000000, &c));
    NO(NO_SUCH_REMINDER, cast_do(&cast, CAST_NOTIFIER, cast_at("2013-01-18T08:01"), &c));
    c.as.reminded.reminder_count = 1;
    OK(cast_do(&cast, CAST_NOTIFIER, cast_at("2013-01-18T08:01"), &c));
    assert_true(dd_get_reminder(&cast.view, refs[0].seq, 2, &row));
    assert_int_equal(row.delivered_ms, cast_at("2013-01-18T08:01"));
    OK(cast_do(&cast, CAST_NOTIFIER, cast_at("2013-01-18T08:02"),
               &c)); /* the first instant stays */
    assert_true(dd_get_reminder(&cast.view, refs[0].seq, 2, &row));
    assert_int_equal(row.delivered_ms, cast_at("2013-01-18T08:01"));
    assert_true(dd_get_reminder(&cast.view, refs[0].seq, 1, &row));
    assert_int_equal(row.delivered_ms, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_cast, close_cast)

/* Working days of a year that nobody has put are not guessed. */
static void terms_in_working_days_need_the_calendars_of_their_years(void **state)
{
    struct cast other;
    struct dd_command put = {.kind = DD_COMMAND_PUT_CALENDAR};
    (void)state;
    matter_ready(&other, 2);
    struct dd_matter_put request = matter_put("request", "a1", NULL);
    uint32_t head = cast_head(CAST_A1);
    /* three working days behind Thursday 26 December are Tuesday the 31st */
    CAST_OK(&other, matter_open(&other, head, "2013-12-26T09:00", "a1", &request));
    CAST_NO(&other, DD_REFUSED, NO_CALENDAR,
            matter_open(&other, head, "2013-12-27T09:00", "a1", &request));
    assert_string_equal(other.refusal.param[0], "2014");
    struct dd_matter_put meeting = matter_asking(&other, "meeting", "a1", NULL, "a2");
    meeting.at_ms = cast_at("2014-03-03T08:00");
    CAST_NO(&other, DD_REFUSED, NO_CALENDAR,
            matter_open(&other, cast_officer(CAST_A1), "2013-12-27T09:00", "a1", &meeting));
    assert_string_equal(other.refusal.field, "matters.at");
    put.as.put_calendar = (struct dd_put_calendar){2014, CAST_OFFSET_MIN, NULL, 0};
    CAST_OK(&other, cast_do(&other, CAST_ADMIN, cast_at("2013-12-27T09:00"), &put));
    CAST_OK(&other, matter_open(&other, head, "2013-12-27T09:00", "a1", &request));
    CAST_OK(&other, matter_open(&other, cast_officer(CAST_A1), "2013-12-27T09:00", "a1", &meeting));
    cast_free(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(terms_in_working_days_need_the_calendars_of_their_years),
        TEST(rungs_of_registration_and_reports_come_at_eight),
        TEST(a_met_duty_is_not_reminded_of),
        TEST(a_rung_at_the_instant_of_the_act_is_not_reached),
        TEST(a_withdrawn_registration_is_reminded_of_from_then_on),
        TEST(after_a_standstill_each_missed_rung_comes_once_in_order),
        TEST(rungs_before_the_duty_arose_are_skipped),
        TEST(an_indicator_is_called_on_its_day_unless_it_is_done),
        TEST(work_taken_back_is_called_for_again),
        TEST(a_changed_due_date_is_called_anew),
        TEST(the_superior_s_rung_says_so),
        TEST(a_tick_carries_256_and_repeats_until_none_is_left),
        TEST(the_events_of_a_full_tick_fit_their_bytes),
        TEST(the_earliest_comes_first),
        TEST(an_array_that_is_too_small_is_too_large_a_tick),
        TEST(silence_ends_a_duty_at_its_bound),
        TEST(rungs_before_the_bound_come_and_none_behind_it),
        TEST(work_taken_back_does_not_open_what_silence_ended),
        TEST(closing_stops_time),
        TEST(only_the_broker_ticks),
        TEST(the_notifier_notes_reminders_that_were_due),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
