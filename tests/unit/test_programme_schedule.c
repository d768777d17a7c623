/* What a programme owes again and again: the reporting regime of decision 3713/QD-UBND with its
 * months that have two duties, under both readings, and what a cycle takes up of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/programme_schedule.h"

enum { FOUND_MAX = 300, LIST_BYTES = 2048 };

enum stage_index { WEEKLY, MONTHLY, QUARTERLY, HALF, YEARLY, STAGES };

static struct dd_slice text(const char *literal)
{
    return dd_slice_of(literal);
}

static int32_t day_of(const char *literal)
{
    int32_t day = 0;

    assert_true(dd_day_parse(text(literal), &day));
    return day;
}

static struct dd_span span_of(const char *literal)
{
    struct dd_span span = {.every = 0};

    assert_true(dd_span_parse(text(literal), &span));
    return span;
}

static struct dd_stage report(const char *key, enum dd_cadence every, enum dd_deadline_word word,
                              int8_t month, uint8_t day)
{
    return (struct dd_stage){.key = text(key),
                             .act = DD_ACT_REPORT,
                             .by = DD_ROLE_HEAD,
                             .deadline = {.word = word, .every = every, .on = {month, day}}};
}

/* Friday's, before the 25th, on the 20th of the quarter's last month, before 20/5, before 20/11. */
static struct dd_programme regime(void)
{
    struct dd_programme programme = {.stage_count = STAGES};

    programme.stage[WEEKLY] = report("weekly", DD_CADENCE_WEEK, DD_WORD_BY, 1, 5);
    programme.stage[MONTHLY] = report("monthly", DD_CADENCE_MONTH, DD_WORD_BEFORE, 1, 25);
    programme.stage[MONTHLY].deadline.except = 1 << 6 | 1 << 12;
    programme.stage[QUARTERLY] = report("quarterly", DD_CADENCE_QUARTER, DD_WORD_ON, 3, 20);
    programme.stage[HALF] = report("half", DD_CADENCE_HALF, DD_WORD_BEFORE, 5, 20);
    programme.stage[HALF].deadline.except = 1 << 2;
    programme.stage[YEARLY] = report("yearly", DD_CADENCE_YEAR, DD_WORD_BEFORE, 11, 20);
    return programme;
}

/* The periods of 2014 that the stage owes, in `every`, separated by spaces. */
static const char *owed(const struct dd_programme *programme, uint8_t stage, char out[LIST_BYTES])
{
    struct dd_span span = {programme->stage[stage].deadline.every, 2014, 1};
    size_t at = 0;

    out[0] = '\0';
    for (; span.year == 2014; span = dd_span_next(span)) {
        char one[DD_SPAN_TEXT_BYTES];
        dd_span_text(span, one);
        if (dd_programme_owes(programme, stage, span))
            at += (size_t)snprintf(out + at, LIST_BYTES - at, "%s%s", at > 0 ? " " : "", one);
    }
    return out;
}

static void without_the_switch_march_and_september_owe_both(void **state)
{
    struct dd_programme programme = regime();
    char list[LIST_BYTES];
    (void)state;

    assert_string_equal(owed(&programme, MONTHLY, list),
                        "2014-01 2014-02 2014-03 2014-04 2014-05 2014-07 2014-08 2014-09 2014-10 "
                        "2014-11");
    assert_string_equal(owed(&programme, QUARTERLY, list), "2014-Q1 2014-Q2 2014-Q3 2014-Q4");
    assert_string_equal(owed(&programme, HALF, list), "2014-H1");
    assert_string_equal(owed(&programme, YEARLY, list), "2014");
}

static void with_the_switch_the_longer_one_alone_is_owed(void **state)
{
    struct dd_programme programme = regime();
    char list[LIST_BYTES];
    (void)state;

    programme.stage[MONTHLY].yields_to = text("quarterly");
    assert_string_equal(owed(&programme, MONTHLY, list),
                        "2014-01 2014-02 2014-04 2014-05 2014-07 2014-08 2014-10 2014-11");
    programme.stage[MONTHLY].yields_to = text("half");
    assert_string_equal(owed(&programme, MONTHLY, list),
                        "2014-01 2014-02 2014-03 2014-04 2014-07 2014-08 2014-09 2014-10 2014-11");
    programme.stage[MONTHLY].yields_to = text("yearly");
    assert_string_equal(owed(&programme, MONTHLY, list),
                        "2014-01 2014-02 2014-03 2014-04 2014-05 2014-07 2014-08 2014-09 2014-10");
    programme.stage[QUARTERLY].yields_to = text("monthly");
    assert_string_equal(owed(&programme, QUARTERLY, list), "2014-Q2 2014-Q4");
}

static void an_excepted_period_of_the_longer_one_takes_nothing_away(void **state)
{
    struct dd_programme programme = regime();
    char list[LIST_BYTES];
    (void)state;

    programme.stage[MONTHLY].deadline.except = 0;
    programme.stage[QUARTERLY].deadline.except = 1 << 2 | 1 << 4;
    programme.stage[MONTHLY].yields_to = text("quarterly");
    assert_string_equal(owed(&programme, MONTHLY, list),
                        "2014-01 2014-02 2014-04 2014-05 2014-06 2014-07 2014-08 2014-10 2014-11 "
                        "2014-12");
}

static void the_month_is_that_of_the_last_accepted_day(void **state)
{
    struct dd_programme programme = regime();
    char list[LIST_BYTES];
    (void)state;

    /* before 1/7: the last day is 30/6, and so June yields and July does not */
    programme.stage[MONTHLY].deadline.except = 0;
    programme.stage[HALF].deadline.on = (struct dd_day_rule){7, 1};
    programme.stage[MONTHLY].yields_to = text("half");
    assert_string_equal(owed(&programme, MONTHLY, list),
                        "2014-01 2014-02 2014-03 2014-04 2014-05 2014-07 2014-08 2014-09 2014-10 "
                        "2014-11 2014-12");
    /* a day of the year before, and of the year after */
    programme.stage[YEARLY].deadline.on = (struct dd_day_rule){-1, 15};
    programme.stage[MONTHLY].yields_to = text("yearly");
    assert_false(dd_programme_owes(&programme, MONTHLY, span_of("2014-11")));
    programme.stage[YEARLY].deadline.on = (struct dd_day_rule){14, 15};
    assert_false(dd_programme_owes(&programme, MONTHLY, span_of("2014-02")));
    assert_true(dd_programme_owes(&programme, MONTHLY, span_of("2014-11")));
}

static void a_month_yields_to_weeks_and_weeks_to_a_month(void **state)
{
    struct dd_programme programme = regime();
    char list[LIST_BYTES];
    (void)state;

    programme.stage[MONTHLY].yields_to = text("weekly");
    assert_string_equal(owed(&programme, MONTHLY, list), "");
    programme.stage[MONTHLY].yields_to = text("");
    programme.stage[WEEKLY].yields_to = text("monthly");
    assert_string_equal(owed(&programme, WEEKLY, list),
                        "2014-W23 2014-W24 2014-W25 2014-W26 2014-W49 2014-W50 2014-W51 2014-W52");
}

static void a_roll_changes_no_duty(void **state)
{
    struct dd_programme programme = regime();
    (void)state;

    /* by 31/8/2014, a Sunday: rolled it is 1/9, but August keeps one duty alone */
    programme.stage[QUARTERLY].deadline =
        (struct dd_deadline_rule){DD_WORD_BY, {NULL, 0}, DD_CADENCE_QUARTER, {2, 31}, .roll = true};
    programme.stage[MONTHLY].yields_to = text("quarterly");
    assert_false(dd_programme_owes(&programme, MONTHLY, span_of("2014-08")));
    assert_true(dd_programme_owes(&programme, MONTHLY, span_of("2014-09")));
}

static void a_stage_yields_to_none_that_is_not_for_all_its_parties(void **state)
{
    struct dd_programme programme = regime();
    struct dd_stage *monthly = &programme.stage[MONTHLY];
    struct dd_stage *quarterly = &programme.stage[QUARTERLY];
    struct dd_span march = span_of("2014-03");
    (void)state;

    monthly->yields_to = text("quarterly");
    quarterly->group_count = 1;
    quarterly->group[0] = text("department");
    assert_true(dd_programme_owes(&programme, MONTHLY, march));
    monthly->group_count = 1;
    monthly->group[0] = text("district");
    assert_true(dd_programme_owes(&programme, MONTHLY, march));
    monthly->group[0] = text("department");
    assert_false(dd_programme_owes(&programme, MONTHLY, march));
    quarterly->group_count = 0;
    assert_false(dd_programme_owes(&programme, MONTHLY, march));
}

static void yielding_to_what_never_comes_back_takes_nothing_away(void **state)
{
    struct dd_programme programme = regime();
    (void)state;

    programme.stage[MONTHLY].yields_to = text("nobody");
    assert_true(dd_programme_owes(&programme, MONTHLY, span_of("2014-03")));
    programme.stage[MONTHLY].yields_to = text("monthly");
    assert_true(dd_programme_owes(&programme, MONTHLY, span_of("2014-03")));
    programme.stage[MONTHLY].yields_to = text("quarterly");
    programme.stage[QUARTERLY].deadline = (struct dd_deadline_rule){.word = DD_WORD_BY};
    assert_true(dd_programme_owes(&programme, MONTHLY, span_of("2014-03")));
}

/* "stage/period last" of each occurrence, separated by spaces. */
static const char *expanded(const struct dd_programme *programme, const char *from, const char *to,
                            char out[LIST_BYTES])
{
    static struct dd_occurrence found[FOUND_MAX];
    size_t count =
        dd_programme_expand(programme, day_of(from), day_of(to), NULL, 0, found, FOUND_MAX);
    size_t at = 0;

    out[0] = '\0';
    assert_true(count <= FOUND_MAX);
    for (size_t i = 0; i < count; i++) {
        char span[DD_SPAN_TEXT_BYTES] = "-";
        char day[DD_DAY_TEXT_BYTES] = "-";
        if (found[i].span.every != 0)
            dd_span_text(found[i].span, span);
        if (found[i].last_day != INT32_MAX)
            dd_day_format(found[i].last_day, day);
        at += (size_t)snprintf(out + at, LIST_BYTES - at, "%s%u/%s %s", i > 0 ? " " : "",
                               found[i].stage, span, day);
        assert_true(at < LIST_BYTES);
    }
    return out;
}

static void a_cycle_takes_up_the_periods_that_lie_wholly_within_it(void **state)
{
    struct dd_programme programme = regime();
    char list[LIST_BYTES];
    (void)state;

    programme.stage[WEEKLY].any_time = true;
    assert_string_equal(expanded(&programme, "2014-01-02", "2014-06-29", list),
                        "1/2014-02 2014-02-24 1/2014-03 2014-03-24 1/2014-04 2014-04-24 "
                        "1/2014-05 2014-05-24");
    assert_string_equal(expanded(&programme, "2014-05-01", "2014-12-31", list),
                        "1/2014-05 2014-05-24 1/2014-07 2014-07-24 1/2014-08 2014-08-24 "
                        "1/2014-09 2014-09-24 1/2014-10 2014-10-24 1/2014-11 2014-11-24 "
                        "2/2014-Q3 2014-09-20 2/2014-Q4 2014-12-20");
    assert_string_equal(expanded(&programme, "2014-06-01", "2014-06-30", list), "");
    programme.stage[WEEKLY].any_time = false;
    assert_string_equal(expanded(&programme, "2013-12-30", "2014-01-12", list),
                        "0/2014-W01 2014-01-03 0/2014-W02 2014-01-10");
    assert_string_equal(expanded(&programme, "2013-12-31", "2014-01-11", list), "");
}

static void a_whole_year_has_what_the_rulebook_counts(void **state)
{
    static struct dd_occurrence found[FOUND_MAX];
    struct dd_programme programme = regime();
    (void)state;

    /* 52 weeks, of which the first begins in 2013; 10 months, 4 quarters, a half and a year */
    assert_int_equal(dd_programme_expand(&programme, day_of("2014-01-01"), day_of("2014-12-31"),
                                         NULL, 0, found, FOUND_MAX),
                     51 + 10 + 4 + 1 + 1);
    assert_int_equal(found[51].closing_day, INT32_MAX);
    programme.stage[MONTHLY].yields_to = text("quarterly");
    programme.stage[MONTHLY].deadline.has_closing = true;
    programme.stage[MONTHLY].deadline.closing = (struct dd_day_rule){1, 14};
    assert_int_equal(dd_programme_expand(&programme, day_of("2014-01-01"), day_of("2014-12-31"),
                                         NULL, 0, found, FOUND_MAX),
                     51 + 8 + 4 + 1 + 1);
    assert_int_equal(found[51].closing_day, day_of("2014-01-14"));
}

static void reports_under_a_date_of_the_cycle_come_once_and_others_not_at_all(void **state)
{
    struct dd_programme programme = regime();
    char list[LIST_BYTES];
    (void)state;

    programme.stage[WEEKLY].deadline =
        (struct dd_deadline_rule){.word = DD_WORD_BY, .date = text("plan")};
    programme.stage[MONTHLY].of = text("directive"); /* of a matter, not of the dossier */
    programme.stage[QUARTERLY].act = DD_ACT_OUTCOME;
    programme.stage[HALF].deadline =
        (struct dd_deadline_rule){.word = 0}; /* the cycle names them */
    assert_string_equal(expanded(&programme, "2014-01-01", "2014-12-31", list),
                        "0/- - 4/2014 2014-11-19");
}

static void counting_stops_where_there_is_no_room(void **state)
{
    struct dd_programme programme = regime();
    struct dd_occurrence found[4] = {{.stage = 99}, {.stage = 99}, {.stage = 99}, {.stage = 99}};
    (void)state;

    programme.stage[0] = programme.stage[QUARTERLY];
    programme.stage_count = 1;
    assert_int_equal(dd_programme_expand(&programme, day_of("2014-01-01"), day_of("2014-12-31"),
                                         NULL, 0, found, 4),
                     4);
    assert_int_equal(found[3].span.index, 4);
    found[3].stage = 99;
    assert_int_equal(dd_programme_expand(&programme, day_of("2014-01-01"), day_of("2014-12-31"),
                                         NULL, 0, found, 3),
                     4);
    assert_int_equal(found[3].stage, 99);
    assert_int_equal(dd_programme_expand(&programme, DD_DAY_MIN, DD_DAY_MAX, NULL, 0, found, 3), 4);
    assert_int_equal(dd_programme_expand(&programme, day_of("2014-01-01"), day_of("2014-12-31"),
                                         NULL, 0, NULL, 0),
                     1);
    assert_int_equal(dd_programme_expand(&programme, day_of("2014-12-31"), day_of("2014-01-01"),
                                         NULL, 0, NULL, 0),
                     0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_the_switch_march_and_september_owe_both),
        cmocka_unit_test(with_the_switch_the_longer_one_alone_is_owed),
        cmocka_unit_test(an_excepted_period_of_the_longer_one_takes_nothing_away),
        cmocka_unit_test(the_month_is_that_of_the_last_accepted_day),
        cmocka_unit_test(a_month_yields_to_weeks_and_weeks_to_a_month),
        cmocka_unit_test(a_roll_changes_no_duty),
        cmocka_unit_test(a_stage_yields_to_none_that_is_not_for_all_its_parties),
        cmocka_unit_test(yielding_to_what_never_comes_back_takes_nothing_away),
        cmocka_unit_test(a_cycle_takes_up_the_periods_that_lie_wholly_within_it),
        cmocka_unit_test(a_whole_year_has_what_the_rulebook_counts),
        cmocka_unit_test(reports_under_a_date_of_the_cycle_come_once_and_others_not_at_all),
        cmocka_unit_test(counting_stops_where_there_is_no_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
