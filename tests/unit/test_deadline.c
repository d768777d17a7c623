/* The words of the law on its own examples: the dates of decisions 193 and 3713. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/deadline.h"

enum { HANOI_MIN = 7 * 60 };

static int32_t day_of(const char *text)
{
    int32_t day = 0;

    assert_true(dd_day_parse(dd_slice_of(text), &day));
    return day;
}

static int64_t instant_of(const char *text)
{
    int64_t at_ms = 0;
    int offset_min;

    assert_true(dd_instant_parse(dd_slice_of(text), HANOI_MIN, &at_ms, &offset_min));
    return at_ms;
}

static const struct {
    enum dd_deadline_word word;
    const char *day;
    const char *last;  /* the last accepted day */
    const char *bound; /* the first refused instant */
} examples[] = {
    /* the half-year report: trước ngày 25/6/2013 */
    {DD_WORD_BEFORE, "2013-06-25", "2013-06-24", "2013-06-25T00:00+07:00"},
    /* the annual programme: trước ngày 15/11; the council's list: trước ngày 20/10 */
    {DD_WORD_BEFORE, "2013-11-15", "2013-11-14", "2013-11-15T00:00+07:00"},
    {DD_WORD_BEFORE, "2013-10-20", "2013-10-19", "2013-10-20T00:00+07:00"},
    /* the quarterly programme: chậm nhất vào ngày 15; the monthly one: chậm nhất vào ngày 20 */
    {DD_WORD_BY, "2014-03-15", "2014-03-15", "2014-03-16T00:00+07:00"},
    {DD_WORD_BY, "2014-01-20", "2014-01-20", "2014-01-21T00:00+07:00"},
    /* the monthly report: trước ngày 25; the quarterly one: ngày 20 */
    {DD_WORD_BEFORE, "2014-01-25", "2014-01-24", "2014-01-25T00:00+07:00"},
    {DD_WORD_ON, "2014-03-20", "2014-03-20", "2014-03-21T00:00+07:00"},
    /* the half-year and annual reports: trước ngày 20/5, trước ngày 20/11 */
    {DD_WORD_BEFORE, "2014-05-20", "2014-05-19", "2014-05-20T00:00+07:00"},
    {DD_WORD_BEFORE, "2014-11-20", "2014-11-19", "2014-11-20T00:00+07:00"},
    /* ends of months and years */
    {DD_WORD_BEFORE, "2012-03-01", "2012-02-29", "2012-03-01T00:00+07:00"},
    {DD_WORD_BEFORE, "2014-01-01", "2013-12-31", "2014-01-01T00:00+07:00"},
    {DD_WORD_BY, "2013-12-31", "2013-12-31", "2014-01-01T00:00+07:00"},
    {DD_WORD_ON, "2012-02-29", "2012-02-29", "2012-03-01T00:00+07:00"},
};

static void each_word_accepts_what_its_example_accepts(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++) {
        int32_t day = day_of(examples[i].day);
        char last[DD_DAY_TEXT_BYTES];
        dd_day_format(dd_deadline_last_day(examples[i].word, day), last);
        assert_string_equal(last, examples[i].last);
        assert_true(dd_deadline_bound(examples[i].word, day, HANOI_MIN) ==
                    instant_of(examples[i].bound));
    }
}

static void the_bound_is_the_first_instant_after_the_last_accepted_day(void **state)
{
    static const int offsets[] = {0, HANOI_MIN, -840, 840, -210};
    (void)state;

    for (size_t i = 0; i < sizeof offsets / sizeof offsets[0]; i++) {
        for (uint32_t word = DD_WORD_BEFORE; word <= DD_WORD_ON; word++) {
            for (int32_t day = day_of("2011-12-25"); day < day_of("2013-01-05"); day++) {
                int64_t bound = dd_deadline_bound((enum dd_deadline_word)word, day, offsets[i]);
                int32_t last = dd_deadline_last_day((enum dd_deadline_word)word, day);
                assert_int_equal(dd_day_at(bound - 1, offsets[i]), last);
                assert_int_equal(dd_day_at(bound, offsets[i]), last + 1);
                assert_true(bound == dd_deadline_bound_after(last, offsets[i]));
            }
        }
    }
}

static void the_last_minute_of_the_last_day_is_on_time(void **state)
{
    int64_t bound = dd_deadline_bound(DD_WORD_BEFORE, day_of("2013-06-25"), HANOI_MIN);
    (void)state;

    assert_true(instant_of("2013-06-24T23:59:59.999+07:00") < bound);
    assert_false(instant_of("2013-06-25T00:00:00.000+07:00") < bound);
    assert_false(instant_of("2013-06-24T17:00:00.000Z") < bound);
}

static void only_the_three_words_are_known(void **state)
{
    (void)state;
    assert_false(dd_deadline_word_known(0));
    assert_true(dd_deadline_word_known(DD_WORD_BEFORE));
    assert_true(dd_deadline_word_known(DD_WORD_BY));
    assert_true(dd_deadline_word_known(DD_WORD_ON));
    assert_false(dd_deadline_word_known(DD_WORD_ON + 1));
    assert_false(dd_deadline_word_known(UINT32_MAX));
}

static struct dd_calendar_year holidays_2023(void)
{
    struct dd_calendar_year year = {.year = 2023, .offset_min = HANOI_MIN, .count = 3};

    for (int32_t i = 0; i < 3; i++)
        year.day[i] = (struct dd_calendar_day){day_of("2023-05-01") + i, false};
    return year;
}

static void a_last_day_that_is_off_rolls_only_where_the_rule_says_so(void **state)
{
    struct dd_calendar_year year = holidays_2023();
    const int32_t saturday = day_of("2023-04-29");
    const int32_t friday = day_of("2023-04-28");
    (void)state;

    assert_int_equal(dd_deadline_rolled(DD_ROLL_NONE, saturday, &year, 1), saturday);
    assert_int_equal(dd_deadline_rolled(DD_ROLL_NEXT_WORKING, saturday, &year, 1),
                     day_of("2023-05-04"));
    assert_int_equal(dd_deadline_rolled(DD_ROLL_NEXT_WORKING, saturday, NULL, 0),
                     day_of("2023-05-01"));
    assert_int_equal(dd_deadline_rolled(DD_ROLL_NEXT_WORKING, friday, &year, 1), friday);
    /* trước ngày 30/4: the last day is Saturday 29/4, so the rolled bound is the end of 4/5. */
    int32_t last = dd_deadline_last_day(DD_WORD_BEFORE, day_of("2023-04-30"));
    last = dd_deadline_rolled(DD_ROLL_NEXT_WORKING, last, &year, 1);
    assert_true(dd_deadline_bound_after(last, HANOI_MIN) == instant_of("2023-05-05T00:00+07:00"));
}

static void rungs_are_at_eight_in_the_morning_local(void **state)
{
    static const struct {
        int n;
        bool working_days;
        const char *at;
    } cases[] = {
        /* the last day of "trước ngày 25/6/2013" is Monday 24/6 */
        {-7, false, "2013-06-17T08:00+07:00"}, {-3, false, "2013-06-21T08:00+07:00"},
        {-1, false, "2013-06-23T08:00+07:00"}, {0, false, "2013-06-24T08:00+07:00"},
        {1, false, "2013-06-25T08:00+07:00"},  {3, false, "2013-06-27T08:00+07:00"},
        {5, false, "2013-06-29T08:00+07:00"},  {-7, true, "2013-06-13T08:00+07:00"},
        {-1, true, "2013-06-21T08:00+07:00"},  {0, true, "2013-06-24T08:00+07:00"},
        {5, true, "2013-07-01T08:00+07:00"},
    };
    const int32_t last = dd_deadline_last_day(DD_WORD_BEFORE, day_of("2013-06-25"));
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t at = dd_deadline_rung(last, cases[i].n, cases[i].working_days, NULL, 0, HANOI_MIN);
        assert_true(at == instant_of(cases[i].at));
    }
    assert_true(dd_deadline_rung(last, 0, false, NULL, 0, 0) == instant_of("2013-06-24T08:00Z"));
}

static void rungs_in_working_days_step_over_holidays(void **state)
{
    struct dd_calendar_year year = holidays_2023();
    const int32_t friday = day_of("2023-04-28");
    (void)state;

    assert_true(dd_deadline_rung(friday, 1, true, &year, 1, HANOI_MIN) ==
                instant_of("2023-05-04T08:00+07:00"));
    assert_true(dd_deadline_rung(friday, 1, false, &year, 1, HANOI_MIN) ==
                instant_of("2023-04-29T08:00+07:00"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_word_accepts_what_its_example_accepts),
        cmocka_unit_test(the_bound_is_the_first_instant_after_the_last_accepted_day),
        cmocka_unit_test(the_last_minute_of_the_last_day_is_on_time),
        cmocka_unit_test(only_the_three_words_are_known),
        cmocka_unit_test(a_last_day_that_is_off_rolls_only_where_the_rule_says_so),
        cmocka_unit_test(rungs_are_at_eight_in_the_morning_local),
        cmocka_unit_test(rungs_in_working_days_step_over_holidays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
