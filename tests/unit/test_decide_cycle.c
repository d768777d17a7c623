/* Decisions about cycles: what opening needs, page by page, the days that it finds out, closing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/lib/rules_cast.h"

static struct cast cast;

#define OK(call) CAST_OK(&cast, call)
#define NO(rule, call) CAST_NO(&cast, DD_REFUSED, rule, call)
#define FORBIDDEN(rule, call) CAST_NO(&cast, DD_FORBIDDEN, rule, call)

static struct dd_open_cycle cycle;

static enum dd_status put_programme(const struct dd_programme *programme)
{
    struct dd_command c = {.kind = DD_COMMAND_PUT_PROGRAMME};
    c.as.put_programme = *programme;
    return cast_do(&cast, CAST_ADMIN, cast_at("2013-01-11T07:00"), &c);
}

static int open_cast(void **state)
{
    struct dd_programme programme = cast_programme();
    (void)state;
    cast_make(&cast, 3);
    OK(put_programme(&programme));
    cycle = cast_cycle(&cast, "key-tasks", "2013");
    return 0;
}

static int close_cast(void **state)
{
    (void)state;
    cast_free(&cast);
    return 0;
}

static enum dd_status open_by(uint32_t account)
{
    struct dd_command c = {.kind = DD_COMMAND_OPEN_CYCLE};
    c.as.open_cycle = cycle;
    return cast_do(&cast, account, cast_at("2013-01-11T08:00"), &c);
}

static enum dd_status open_cycle(void)
{
    return open_by(CAST_ADMIN);
}

static struct dd_cycle_row row(void)
{
    struct dd_cycle_row out;
    assert_true(dd_get_cycle(&cast.view, 1, &out));
    return out;
}

static void only_an_administrator_opens_and_closes(void **state)
{
    struct dd_command c = {.kind = DD_COMMAND_CLOSE_CYCLE};
    (void)state;
    FORBIDDEN(NO_OFFICE, open_by(CAST_CHAIR));
    OK(open_cycle());
    c.as.close_cycle.cycle = dd_slice_of("key-tasks/2013");
    FORBIDDEN(NO_OFFICE, cast_do(&cast, CAST_CHAIR, cast_at("2013-01-12T08:00"), &c));
    OK(cast_close(&cast, "2013-01-12T08:00"));
}

static void a_cycle_needs_its_programme_and_the_calendar_of_its_year(void **state)
{
    (void)state;
    cycle.programme = dd_slice_of("other");
    NO(NO_SUCH_PROGRAMME, open_cycle());
    cycle.programme = dd_slice_of("key-tasks");
    cycle.from_day = cast_day("2012-12-31");
    NO(NO_CALENDAR, open_cycle());
    assert_string_equal(cast.refusal.param[0], "2012");
    cycle.from_day = cast_day("2013-01-01");
    OK(open_cycle());
    assert_int_equal(row().offset_min, CAST_OFFSET_MIN);
}

static void the_dates_of_a_cycle_are_in_order(void **state)
{
    (void)state;
    cycle.to_day = cycle.from_day - 1;
    NO(DATES_OUT_OF_ORDER, open_cycle());
    cycle.to_day = cast_day("2013-12-31");
    cycle.periods[0].to_day = cycle.periods[0].from_day - 1;
    NO(DATES_OUT_OF_ORDER, open_cycle());
    cycle.periods[0].to_day++;
    cycle.periods[1].from_day = cycle.from_day - 1;
    NO(DATES_OUT_OF_ORDER, open_cycle());
    cycle.periods[1].from_day++;
    cycle.periods[1].to_day = cycle.to_day + 1;
    NO(DATES_OUT_OF_ORDER, open_cycle());
    cycle.periods[1].to_day--;
    OK(open_cycle());
}

static void names_within_a_cycle_stand_once(void **state)
{
    (void)state;
    cycle.dates[2].name = cycle.dates[0].name;
    NO(DUPLICATE, open_cycle());
    cycle.dates[2].name = dd_slice_of("approve");
    cycle.periods[1].code = cycle.periods[0].code;
    NO(DUPLICATE, open_cycle());
    cycle.periods[1].code = dd_slice_of("year");
    cycle.reports[1].code = cycle.reports[0].code;
    NO(DUPLICATE, open_cycle());
    cycle.reports[1].code = dd_slice_of("year");
    cycle.parties[1].unit = cycle.parties[0].unit;
    NO(DUPLICATE, open_cycle());
    cycle.parties[1].unit = dd_slice_of("vp");
    OK(open_cycle());
}

static void who_hosts_appraises_and_approves_must_be_known(void **state)
{
    (void)state;
    cycle.host = dd_slice_of("nowhere");
    NO(NO_SUCH_UNIT, open_cycle());
    cycle.host = dd_slice_of("ubnd");
    cycle.appraisers[1] = dd_slice_of("nowhere");
    NO(NO_SUCH_UNIT, open_cycle());
    cycle.appraisers[1] = dd_slice_of("vp");
    cycle.approvers[1] = dd_slice_of("nobody");
    NO(NO_SUCH_ACCOUNT, open_cycle());
    cycle.approvers[1] = dd_slice_of("vice");
    cycle.approver_count = 0;
    NO(MISSING, open_cycle());
    assert_string_equal(cast.refusal.field, "approvers");
    cycle.approver_count = 2;
    cycle.appraiser_count = 0;
    NO(MISSING, open_cycle());
    assert_string_equal(cast.refusal.field, "appraisers");
    cycle.appraiser_count = 2;
    OK(open_cycle());
}

static void every_dated_stage_needs_its_date(void **state)
{
    struct dd_programme programme = cast_programme();
    (void)state;
    cycle.dates[1].name = dd_slice_of("appraised");
    NO(NO_SUCH_DATE, open_cycle());
    assert_string_equal(cast.refusal.param[0], "appraise");
    programme.version = 2;
    programme.stage[CAST_APPRAISE].deadline = (struct dd_deadline_rule){.word = 0};
    OK(put_programme(&programme));
    OK(open_cycle());
    assert_int_equal(row().stage_last_day[CAST_APPRAISE], INT32_MAX);
}

static void parties_must_be_known_units_with_a_known_approver(void **state)
{
    (void)state;
    cycle.parties[2].unit = dd_slice_of("nowhere");
    NO(NO_SUCH_UNIT, open_cycle());
    cycle.parties[2].unit = dd_slice_of("a1");
    cycle.parties[2].approver = dd_slice_of("nobody");
    NO(NO_SUCH_ACCOUNT, open_cycle());
    cycle.parties[2].approver = dd_slice_of("admin"); /* known, but no approver here */
    NO(NO_SUCH_ACCOUNT, open_cycle());
    cycle.parties[2].approver = dd_slice_of("vice");
    OK(open_cycle());
    assert_int_equal(cast_dossier(&cast, CAST_A1).approver, CAST_VICE);
    assert_int_equal(cast_dossier(&cast, CAST_A3).approver, CAST_CHAIR);
}

static void a_cycle_has_parties(void **state)
{
    (void)state;
    size_t count = cycle.party_count;
    cycle.party_count = 0;
    NO(MISSING, open_cycle());
    cycle.last = false;
    OK(open_cycle());
    cycle.page = 2;
    cycle.last = true;
    NO(MISSING, open_cycle());
    cycle.party_count = count;
    OK(open_cycle());
    assert_int_equal(row().parties, count);
}

static void an_appraiser_needs_another_appraiser(void **state)
{
    (void)state;
    cycle.appraiser_count = 1;
    NO(NO_OTHER_APPRAISER, open_cycle());
    cycle.parties++; /* without snv itself */
    cycle.party_count--;
    OK(open_cycle());
}

/* The approvers' office is in the host: nobody could ever approve what it hands in. */
static void the_host_is_no_party_where_approvers_decide(void **state)
{
    (void)state;
    cycle.host = dd_slice_of("a1");
    NO(FOUR_EYES, open_cycle());
    assert_string_equal(cast.refusal.field, "parties.unit");
    cycle.host = dd_slice_of("ubnd");
    OK(open_cycle());
}

static void pages_of_a_cycle_come_in_order_and_open_with_the_last(void **state)
{
    (void)state;
    struct dd_party *all = cycle.parties;
    size_t count = cycle.party_count;
    cycle.page = 2;
    NO(PAGE_OUT_OF_ORDER, open_cycle());
    assert_string_equal(cast.refusal.param[0], "1");
    cycle.page = 1;
    cycle.last = false;
    cycle.party_count = 2;
    OK(open_cycle());
    assert_int_equal(row().state, DD_CYCLE_STAGED);
    assert_int_equal(naive_count(&cast.rows, DD_TABLE_DUTY), 0);
    assert_int_equal(naive_count(&cast.rows, DD_TABLE_TALLY), 0);
    NO(NOT_OPEN_YET, cast_report(&cast, cast_head(CAST_SNV), "2013-01-11T09:00", "snv", "H1"));
    NO(NOT_OPEN_YET, cast_close(&cast, "2013-01-11T09:00"));
    cycle.page = 3;
    NO(PAGE_OUT_OF_ORDER, open_cycle());
    assert_string_equal(cast.refusal.param[0], "2");
    cycle.page = 2;
    NO(DUPLICATE, open_cycle()); /* the same two parties */
    cycle = (struct dd_open_cycle){.programme = cycle.programme,
                                   .period = cycle.period,
                                   .page = 2,
                                   .last = true,
                                   .parties = all + 2,
                                   .party_count = count - 2};
    OK(open_cycle());
    assert_int_equal(row().state, DD_CYCLE_OPEN);
    assert_int_equal(row().parties, 5);
    assert_int_equal(naive_count(&cast.rows, DD_TABLE_DUTY), 15);
    assert_int_equal(cast_tally(&cast, DD_SCOPE_ALL, 0, CAST_H1).units, 5);
    OK(cast_report(&cast, cast_head(CAST_SNV), "2013-01-11T09:00", "snv", "H1"));
    cycle.page = 3;
    NO(EXISTS_ALREADY, open_cycle());
}

static void page_one_begins_a_cycle_anew_until_the_last_page_is_there(void **state)
{
    struct dd_open_cycle wrong = cycle;
    struct dd_open_cycle right = cycle;
    struct dd_dossier_row dossier;
    (void)state;
    wrong.last = false;
    wrong.to_day = cast_day("2013-12-30");
    wrong.periods = NULL;
    wrong.period_count = 0;
    wrong.party_count = 2;
    cycle = wrong;
    OK(open_cycle());
    assert_true(dd_get_dossier(&cast.view, 1, CAST_SNV, &dossier));
    cycle = right;
    cycle.last = false;
    cycle.parties = right.parties + 2;
    cycle.party_count = 1;
    OK(open_cycle());
    assert_int_equal(row().to_day, right.to_day);
    assert_int_equal(row().parties, 1);
    assert_false(dd_get_dossier(&cast.view, 1, CAST_SNV, &dossier));
    cycle = right;
    OK(open_cycle());
    assert_int_equal(row().state, DD_CYCLE_OPEN);
    assert_int_equal(row().parties, right.party_count);
    assert_int_equal(cast_tally(&cast, DD_SCOPE_ALL, 0, CAST_H1).units, right.party_count);
    NO(EXISTS_ALREADY, open_cycle());
}

static void pages_of_two_administrators_do_not_mix(void **state)
{
    struct dd_office office = {DD_ROLE_ADMINISTRATOR, dd_slice_of(""), INT32_MIN, INT32_MAX};
    struct dd_command put = {.kind = DD_COMMAND_PUT_ACCOUNT};
    struct dd_open_cycle all = cycle;
    uint32_t second = cast_officer(CAST_A3) + 1;
    (void)state;
    put.as.put_account = (struct dd_put_account){
        .code = dd_slice_of("second"), .to_ms = INT64_MAX, .offices = &office, .office_count = 1};
    put.as.put_account.link_key[0] = 200;
    OK(cast_do(&cast, CAST_ADMIN, cast_at("2013-01-11T07:00"), &put));
    assert_int_equal(cast.entry.events.event[0].number, second);
    cycle.last = false;
    cycle.party_count = 1;
    OK(open_cycle());
    cycle = (struct dd_open_cycle){.programme = all.programme,
                                   .period = all.period,
                                   .page = 2,
                                   .last = true,
                                   .parties = all.parties + 1,
                                   .party_count = 1};
    NO(PAGE_OUT_OF_ORDER, open_by(second));
    assert_string_equal(cast.refusal.param[0], "1");
    struct dd_open_cycle page_two = cycle;
    cycle = all;
    cycle.last = false;
    cycle.party_count = 1;
    OK(open_by(second)); /* begins anew: now the pages are theirs */
    cycle = page_two;
    NO(PAGE_OUT_OF_ORDER, open_cycle());
    OK(open_by(second));
    assert_int_equal(row().parties, 2);
    assert_int_equal(row().opener, second);
}

static void a_later_page_checks_parties_by_what_page_one_said(void **state)
{
    (void)state;
    struct dd_party *all = cycle.parties;
    cycle.last = false;
    cycle.appraiser_count = 1;
    cycle.parties = all + 1;
    cycle.party_count = 1;
    OK(open_cycle());
    cycle = (struct dd_open_cycle){.programme = cycle.programme,
                                   .period = cycle.period,
                                   .page = 2,
                                   .last = true,
                                   .parties = all,
                                   .party_count = 1};
    NO(NO_OTHER_APPRAISER, open_cycle());
    cycle.parties = all + 3; /* a2, of the vice-chairman */
    OK(open_cycle());
    assert_int_equal(cast_dossier(&cast, CAST_A2).approver, CAST_VICE);
}

static void a_period_is_opened_once(void **state)
{
    (void)state;
    OK(open_cycle());
    NO(EXISTS_ALREADY, open_cycle());
    assert_string_equal(cast.refusal.param[0], "key-tasks/2013");
    cycle.period = dd_slice_of("2013b");
    OK(open_cycle());
    assert_int_equal(cast.entry.events.event[0].number, 2);
    OK(cast_close(&cast, "2013-01-12T08:00"));
    cycle.period = dd_slice_of("2013");
    NO(EXISTS_ALREADY, open_cycle());
}

static void a_cycle_keeps_the_version_of_the_programme_that_it_was_opened_under(void **state)
{
    struct dd_programme programme = cast_programme();
    (void)state;
    OK(open_cycle());
    programme.version = 2;
    programme.kind[CAST_OWN].max_tasks = 1;
    OK(put_programme(&programme));
    for (uint16_t task = 1; task <= 2; task++)
        OK(cast_register(&cast, cast_head(CAST_A1), "2013-01-12T08:00", "a1", task, "own", 1,
                         "2013-05-31"));
    cycle.period = dd_slice_of("2013b");
    OK(open_cycle());
    struct dd_cycle_row second;
    assert_true(dd_get_cycle(&cast.view, 2, &second));
    assert_int_equal(second.programme, 2);
    assert_int_equal(row().programme, 1);
}

static void the_last_days_follow_the_words(void **state)
{
    (void)state;
    cycle.reports[1].word = DD_WORD_BY;
    OK(open_cycle());
    const struct dd_event *event = &cast.entry.events.event[0];
    assert_int_equal(event->stage_count, CAST_STAGES);
    assert_int_equal(event->report_count, 2);
    assert_int_equal(row().stage_last_day[CAST_REGISTER], cast_day("2013-01-25"));
    assert_int_equal(row().stage_last_day[CAST_APPROVE], cast_day("2013-02-15"));
    assert_int_equal(row().stage_last_day[CAST_REPORT], INT32_MAX);
    assert_int_equal(row().stage_last_day[CAST_INDICATOR], INT32_MAX);
    assert_int_equal(row().report_last_day[0], cast_day("2013-06-24"));
    assert_int_equal(row().report_last_day[1], cast_day("2013-12-10"));
}

static void a_bound_on_a_day_off_moves_where_the_stage_says_so(void **state)
{
    static struct dd_calendar_day days[] = {{0, false}};
    struct dd_command c = {.kind = DD_COMMAND_PUT_CALENDAR};
    struct dd_programme programme = cast_programme();
    (void)state;
    days[0].day = cast_day("2013-06-24"); /* a Monday, made a holiday */
    c.as.put_calendar = (struct dd_put_calendar){2013, CAST_OFFSET_MIN, days, 1};
    OK(cast_do(&cast, CAST_ADMIN, cast_at("2013-01-11T07:00"), &c));
    programme.version = 2;
    programme.stage[CAST_REPORT].deadline.roll = true;
    programme.stage[CAST_APPROVE].deadline.roll = true;
    OK(put_programme(&programme));
    cycle.reports[0].day = cast_day("2013-06-23"); /* before a Sunday: Saturday the 22nd */
    cycle.dates[1].day = cycle.dates[2].day = cast_day("2013-02-16");
    OK(open_cycle());
    assert_int_equal(row().report_last_day[0], cast_day("2013-06-25"));
    assert_int_equal(row().stage_last_day[CAST_APPRAISE], cast_day("2013-02-16"));
    assert_int_equal(row().stage_last_day[CAST_APPROVE], cast_day("2013-02-18"));
}

/* Working days of a year that nobody has put are not guessed. */
static void a_bound_that_moves_needs_the_calendar_of_its_year(void **state)
{
    struct dd_command c = {.kind = DD_COMMAND_PUT_CALENDAR};
    struct dd_programme programme = cast_programme();
    (void)state;
    cycle.to_day = cast_day("2014-01-31");
    cycle.reports[0].day = cast_day("2014-01-05"); /* before that: a Saturday */
    programme.version = 2;
    programme.stage[CAST_REPORT].deadline.roll = true;
    OK(put_programme(&programme));
    NO(NO_CALENDAR, open_cycle());
    assert_string_equal(cast.refusal.param[0], "2014");
    cycle.reports[0].day = cast_day("2013-06-25");
    cycle.dates[2].day = cast_day("2014-01-05"); /* of a stage that does not move */
    c.as.put_calendar = (struct dd_put_calendar){2014, CAST_OFFSET_MIN, NULL, 0};
    OK(open_cycle());
    programme.version = 3;
    programme.stage[CAST_APPROVE].deadline.roll = true;
    OK(put_programme(&programme));
    cycle.period = dd_slice_of("2013-again");
    NO(NO_CALENDAR, open_cycle());
    OK(cast_do(&cast, CAST_ADMIN, cast_at("2013-01-11T07:00"), &c));
    OK(open_cycle());
}

static void closing_names_an_open_cycle(void **state)
{
    (void)state;
    NO(NO_SUCH_CYCLE, cast_close(&cast, "2013-01-12T08:00"));
    OK(open_cycle());
    OK(cast_close(&cast, "2013-01-12T08:00"));
    NO(CLOSED, cast_close(&cast, "2013-01-12T08:00"));
}

/* --- what recurs --- */

static enum dd_status open_rules(struct cast *rules, const struct dd_programme *programme,
                                 const struct dd_open_cycle *c, const char *at)
{
    struct dd_command command = {.kind = DD_COMMAND_PUT_PROGRAMME};
    command.as.put_programme = *programme;
    enum dd_status status = rules_do(rules, CAST_ADMIN, "2013-01-01T09:00", &command);
    command = (struct dd_command){.kind = DD_COMMAND_OPEN_CYCLE};
    command.as.open_cycle = *c;
    return status == DD_OK ? rules_do(rules, CAST_ADMIN, at, &command) : status;
}

static void what_recurs_and_moves_needs_the_calendars_of_its_years(void **state)
{
    struct cast rules;
    struct dd_programme programme = rules_programme();
    struct dd_command put = {.kind = DD_COMMAND_PUT_CALENDAR};
    (void)state;
    cast_make(&rules, 3);
    struct dd_open_cycle c = rules_cycle(&rules);
    programme.stage[RULES_MONTHLY].deadline.roll = true;
    CAST_OK(&rules, open_rules(&rules, &programme, &c, "2013-01-11T08:00")); /* all of 2013 */
    programme.version = 2;
    programme.stage[RULES_MONTHLY].deadline.on.month = 2; /* November's in December, */
    programme.stage[RULES_MONTHLY].deadline.except = 0;   /* December's in January */
    c.period = dd_slice_of("2013-b");
    CAST_NO(&rules, DD_REFUSED, NO_CALENDAR,
            open_rules(&rules, &programme, &c, "2013-01-11T08:00"));
    assert_string_equal(rules.refusal.param[0], "2014");
    put.as.put_calendar = (struct dd_put_calendar){2014, CAST_OFFSET_MIN, NULL, 0};
    CAST_OK(&rules, rules_do(&rules, CAST_ADMIN, "2013-01-11T08:00", &put));
    programme.version = 3;
    CAST_OK(&rules, open_rules(&rules, &programme, &c, "2013-01-11T08:00"));
    cast_free(&rules);
}

static void what_recurs_in_the_cycle_is_scheduled_at_its_opening(void **state)
{
    static const struct {
        const char *name;
        const char *last_day;
    } some[] = {{"monthly/2013-01", "2013-01-24"},
                {"monthly/2013-11", "2013-11-24"},
                {"quarterly/2013-Q3", "2013-09-20"},
                {"check/2013-02", "2013-02-28"},
                {"self", "2013-11-30"},
                {"district/2013-H1", "2013-05-19"},
                {"district/2013-H2", "2013-11-19"},
                {"named/H1", "2013-06-24"},
                {"register", "2013-01-25"}};
    struct cast rules;
    struct dd_cycle_row opened;
    (void)state;
    rules_ready(&rules);
    assert_int_equal(rules.entry.events.count, 2);
    assert_int_equal(rules.event[0].kind, DD_EVENT_CYCLE_OPENED);
    assert_int_equal(rules.event[1].kind, DD_EVENT_CYCLE_SCHEDULED);
    assert_true(dd_get_cycle(&rules.view, rules_number(&rules), &opened));
    assert_int_equal(opened.occurrences.size, (10 + 4 + 10 + 1 + 1 + 2) * DD_OCCURRENCE_BYTES);
    for (size_t i = 0; i < sizeof some / sizeof some[0]; i++)
        assert_int_equal(rules_duty(&rules, CAST_A2, some[i].name).last_day,
                         cast_day(some[i].last_day));
    assert_int_equal(rules_duty(&rules, CAST_A2, "monthly/2013-06").end, 0);
    assert_int_equal(rules_duty(&rules, CAST_A2, "alert").end, 0);
    assert_int_equal(rules_duty(&rules, CAST_A1, "district/2013-H1").end, 0); /* no district */
    assert_int_equal(naive_count(&rules.rows, DD_TABLE_DUTY), 5 * (1 + 26 + 2) + 2);
    cast_free(&rules);
}

static void a_duty_whose_bound_is_past_when_the_cycle_opens_does_not_arise(void **state)
{
    struct cast rules;
    struct dd_programme programme = rules_programme();
    (void)state;
    for (int later = 0; later < 2; later++) {
        cast_make(&rules, 3);
        struct dd_open_cycle c = rules_cycle(&rules);
        CAST_OK(&rules, open_rules(&rules, &programme, &c,
                                   later ? "2013-01-25T00:00" : "2013-01-24T23:59:59.999"));
        assert_int_equal(rules_duty(&rules, CAST_A1, "monthly/2013-01").end,
                         later ? 0 : DD_END_OPEN);
        assert_int_equal(rules_duty(&rules, CAST_A1, "monthly/2013-02").end, DD_END_OPEN);
        cast_free(&rules);
    }
}

static void a_cycle_page_by_page_is_scheduled_from_page_one(void **state)
{
    struct cast rules;
    struct dd_programme programme = rules_programme();
    (void)state;
    cast_make(&rules, 3);
    struct dd_open_cycle c = rules_cycle(&rules);
    c.last = false;
    c.party_count = 3;
    CAST_OK(&rules, open_rules(&rules, &programme, &c, "2013-01-11T08:00"));
    assert_int_equal(rules_duty(&rules, CAST_A1, "self").end, 0);
    c.page = 2;
    c.last = true;
    c.parties += 3;
    c.party_count = 2;
    c.date_count = c.report_count = c.period_count = 0;
    c.from_day = c.to_day = 0;
    programme.version++; /* a newer one; the cycle keeps that of page 1 */
    CAST_OK(&rules, open_rules(&rules, &programme, &c, "2013-01-11T08:00"));
    assert_int_equal(rules_duty(&rules, CAST_A1, "self").last_day, cast_day("2013-11-30"));
    assert_int_equal(rules_duty(&rules, CAST_A3, "monthly/2013-03").last_day,
                     cast_day("2013-03-24"));
    cast_free(&rules);
}

static void a_dated_report_and_its_appraisers_are_needed(void **state)
{
    struct cast rules;
    struct dd_programme programme = rules_programme();
    (void)state;
    cast_make(&rules, 3);
    struct dd_open_cycle c = rules_cycle(&rules);
    c.date_count = 1;
    CAST_NO(&rules, DD_REFUSED, NO_SUCH_DATE,
            open_rules(&rules, &programme, &c, "2013-01-11T08:00"));
    assert_string_equal(rules.refusal.param[0], "score");
    c.date_count = 2;
    c.appraiser_count = 0;
    programme.version++;
    CAST_NO(&rules, DD_REFUSED, MISSING, open_rules(&rules, &programme, &c, "2013-01-11T08:00"));
    assert_string_equal(rules.refusal.field, "appraisers");
    c.appraiser_count = 2;
    c.approver_count = 0;
    programme.version++;
    CAST_NO(&rules, DD_REFUSED, MISSING, open_rules(&rules, &programme, &c, "2013-01-11T08:00"));
    assert_string_equal(rules.refusal.field, "approvers");
    cast_free(&rules);
}

static void a_party_has_at_most_so_many_duties_that_recur(void **state)
{
    struct cast rules;
    struct dd_programme programme = {.code = dd_slice_of("rules"), .version = 1, .stage_count = 1};
    (void)state;
    programme.stage[0] =
        (struct dd_stage){.key = dd_slice_of("weekly"),
                          .act = DD_ACT_REPORT,
                          .by = DD_ROLE_HEAD,
                          .silence = DD_SILENCE_MISSING,
                          .deadline = {.word = DD_WORD_ON, .every = DD_CADENCE_WEEK, .on = {1, 5}}};
    for (int weeks = DD_OCCURRENCES_MAX; weeks <= DD_OCCURRENCES_MAX + 1; weeks++) {
        cast_make(&rules, 3);
        struct dd_open_cycle c = rules_cycle(&rules);
        c.from_day = cast_day("2013-01-14"); /* a Monday */
        c.to_day = c.from_day + 7 * weeks - 1;
        c.period_count = 0;
        enum dd_status status = open_rules(&rules, &programme, &c, "2013-01-11T08:00");
        assert_int_equal(status, weeks == DD_OCCURRENCES_MAX ? DD_OK : DD_REFUSED);
        if (status != DD_OK)
            assert_int_equal(rules.refusal.rule, DD_RULE_TOO_MANY);
        cast_free(&rules);
    }
}

/* "trước ngày 15/11 năm trước", of a cycle that says nothing else, or names a day itself. */
static int32_t due_before_the_year(const char *own_day)
{
    struct cast rules;
    struct dd_programme programme = rules_programme();
    struct dd_named_date date = {dd_slice_of("hand-over"), 0};
    programme.stage[RULES_REGISTER].key = dd_slice_of("hand-over");
    programme.stage[RULES_REGISTER].deadline =
        (struct dd_deadline_rule){.word = DD_WORD_BEFORE, .every = DD_CADENCE_YEAR, .on = {-1, 15}};
    cast_make(&rules, 3);
    struct dd_open_cycle c = rules_cycle(&rules);
    struct dd_named_date dates[DD_DATES_MAX];
    memcpy(dates, c.dates, c.date_count * sizeof dates[0]);
    if (own_day) {
        date.day = cast_day(own_day);
        dates[c.date_count++] = date;
    }
    c.dates = dates;
    CAST_OK(&rules, open_rules(&rules, &programme, &c, "2013-01-11T08:00"));
    int32_t last_day = rules_duty(&rules, CAST_A1, "hand-over").last_day;
    cast_free(&rules);
    return last_day;
}

static void handing_in_once_may_be_due_in_the_period_that_the_cycle_begins_in(void **state)
{
    (void)state;
    assert_int_equal(due_before_the_year(NULL), cast_day("2012-11-14"));
}

static void a_date_of_the_cycle_called_like_the_stage_goes_before_its_rule(void **state)
{
    (void)state;
    assert_int_equal(due_before_the_year("2013-02-01"), cast_day("2013-01-31"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_cast, close_cast)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(only_an_administrator_opens_and_closes),
        TEST(a_cycle_needs_its_programme_and_the_calendar_of_its_year),
        TEST(the_dates_of_a_cycle_are_in_order),
        TEST(names_within_a_cycle_stand_once),
        TEST(who_hosts_appraises_and_approves_must_be_known),
        TEST(every_dated_stage_needs_its_date),
        TEST(parties_must_be_known_units_with_a_known_approver),
        TEST(a_cycle_has_parties),
        TEST(an_appraiser_needs_another_appraiser),
        TEST(the_host_is_no_party_where_approvers_decide),
        TEST(pages_of_a_cycle_come_in_order_and_open_with_the_last),
        TEST(page_one_begins_a_cycle_anew_until_the_last_page_is_there),
        TEST(pages_of_two_administrators_do_not_mix),
        TEST(a_later_page_checks_parties_by_what_page_one_said),
        TEST(a_period_is_opened_once),
        TEST(a_cycle_keeps_the_version_of_the_programme_that_it_was_opened_under),
        TEST(the_last_days_follow_the_words),
        TEST(a_bound_on_a_day_off_moves_where_the_stage_says_so),
        TEST(a_bound_that_moves_needs_the_calendar_of_its_year),
        TEST(what_recurs_and_moves_needs_the_calendars_of_its_years),
        TEST(closing_names_an_open_cycle),
        cmocka_unit_test(what_recurs_in_the_cycle_is_scheduled_at_its_opening),
        cmocka_unit_test(a_duty_whose_bound_is_past_when_the_cycle_opens_does_not_arise),
        cmocka_unit_test(a_cycle_page_by_page_is_scheduled_from_page_one),
        cmocka_unit_test(a_dated_report_and_its_appraisers_are_needed),
        cmocka_unit_test(a_party_has_at_most_so_many_duties_that_recur),
        cmocka_unit_test(handing_in_once_may_be_due_in_the_period_that_the_cycle_begins_in),
        cmocka_unit_test(a_date_of_the_cycle_called_like_the_stage_goes_before_its_rule),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
