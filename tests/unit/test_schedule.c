/* Deadlines as data, on the rulebook's own examples (Ha Tinh, decision 3713/QD-UBND of 25/11/2013),
 * on the ends of months, years and weeks, and at every limit. tests/prop/prop_schedule.c checks the
 * same functions against another implementation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/schedule.h"

enum { HANOI_MIN = 7 * 60 };

static int32_t day_of(const char *text)
{
    int32_t day = 0;

    assert_true(dd_day_parse(dd_slice_of(text), &day));
    return day;
}

static struct dd_span span_of(const char *text)
{
    struct dd_span span = {.every = 0};

    assert_true(dd_span_parse(dd_slice_of(text), &span));
    return span;
}

static void assert_day(int32_t day, const char *expected)
{
    char text[DD_DAY_TEXT_BYTES];

    dd_day_format(day, text);
    assert_string_equal(text, expected);
}

static void periods_have_the_days_that_people_expect(void **state)
{
    static const struct {
        const char *text;
        const char *from;
        const char *to;
    } cases[] = {
        {"2014", "2014-01-01", "2014-12-31"},     {"2014-H1", "2014-01-01", "2014-06-30"},
        {"2014-H2", "2014-07-01", "2014-12-31"},  {"2014-Q1", "2014-01-01", "2014-03-31"},
        {"2014-Q4", "2014-10-01", "2014-12-31"},  {"2014-01", "2014-01-01", "2014-01-31"},
        {"2016-02", "2016-02-01", "2016-02-29"},  {"2100-02", "2100-02-01", "2100-02-28"},
        {"2014-12", "2014-12-01", "2014-12-31"},  {"2014-W05", "2014-01-27", "2014-02-02"},
        {"2014-W01", "2013-12-30", "2014-01-05"}, {"2015-W53", "2015-12-28", "2016-01-03"},
        {"2016-W01", "2016-01-04", "2016-01-10"}, {"2020-W53", "2020-12-28", "2021-01-03"},
        {"9999-12", "9999-12-01", "9999-12-31"},  {"1970", "1970-01-01", "1970-12-31"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct dd_span span = span_of(cases[i].text);
        char text[DD_SPAN_TEXT_BYTES];
        int32_t from;
        int32_t to;
        dd_span_days(span, &from, &to);
        assert_day(from, cases[i].from);
        assert_day(to, cases[i].to);
        dd_span_text(span, text);
        assert_string_equal(text, cases[i].text);
    }
}

static void only_years_with_a_long_week_have_a_week_53(void **state)
{
    static const int16_t longs[] = {2004, 2009, 2015, 2020, 2026, 2032};
    (void)state;

    for (int year = 2004; year <= 2032; year++) {
        bool is_long = false;
        for (size_t i = 0; i < sizeof longs / sizeof longs[0]; i++)
            is_long = is_long || longs[i] == year;
        assert_int_equal(dd_span_count(DD_CADENCE_WEEK, year), is_long ? 53 : 52);
    }
    assert_int_equal(dd_span_count(DD_CADENCE_MONTH, 2014), 12);
    assert_int_equal(dd_span_count(DD_CADENCE_QUARTER, 2014), 4);
    assert_int_equal(dd_span_count(DD_CADENCE_HALF, 2014), 2);
    assert_int_equal(dd_span_count(DD_CADENCE_YEAR, 2014), 1);
}

static void what_is_no_period_is_not_read(void **state)
{
    static const char *const wrong[] = {
        "",         "2014-",    "2014-00", "2014-13",  "2014-1",    "2014-Q0",  "2014-Q5",
        "2014-H0",  "2014-H3",  "2014-Q",  "2014-W00", "2014-W53",  "2014-W5",  "2014-W054",
        "2014-001", "2014-Q01", "1969",    "1969-12",  "20014",     "2014-q1",  "2014Q1",
        "2014 ",    " 2014",    "201",     "2014-H1 ", "2014-W5 5", "2016-W53", "2014-0x",
    };
    (void)state;

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct dd_span span = {DD_CADENCE_HALF, 1999, 2};
        assert_false(dd_span_parse(dd_slice_of(wrong[i]), &span));
        assert_int_equal(span.year, 1999);
        assert_int_equal(span.every, DD_CADENCE_HALF);
        assert_int_equal(span.index, 2);
    }
}

static void each_day_lies_in_one_period_and_periods_follow_each_other(void **state)
{
    (void)state;
    for (int every = DD_CADENCE_WEEK; every <= DD_CADENCE_YEAR; every++) {
        int32_t day = day_of("2011-12-20");
        struct dd_span span = dd_span_at((enum dd_cadence)every, day);
        int32_t from;
        int32_t to;
        for (dd_span_days(span, &from, &to); day < day_of("2017-01-20"); day++) {
            if (day > to) {
                int32_t before = to;
                span = dd_span_next(span);
                dd_span_days(span, &from, &to);
                assert_int_equal(from, before + 1);
            }
            assert_true(day >= from && day <= to);
            struct dd_span at = dd_span_at((enum dd_cadence)every, day);
            assert_int_equal(at.year, span.year);
            assert_int_equal(at.index, span.index);
            assert_int_equal((int)at.every, every);
        }
    }
}

static void the_first_and_the_last_days_of_all_have_periods(void **state)
{
    int32_t from;
    int32_t to;
    (void)state;

    dd_span_days(dd_span_at(DD_CADENCE_WEEK, DD_DAY_MIN), &from, &to);
    assert_int_equal(from, -3); /* 1 January 1970 was a Thursday */
    dd_span_days(dd_span_at(DD_CADENCE_WEEK, DD_DAY_MAX), &from, &to);
    assert_int_equal(to, DD_DAY_MAX + 2);
    struct dd_span after = dd_span_next(dd_span_at(DD_CADENCE_YEAR, DD_DAY_MAX));
    dd_span_days(after, &from, &to);
    assert_int_equal(from, DD_DAY_MAX + 1);
    assert_int_equal(to, DD_DAY_MAX + 366); /* the year 10000 leaps */
    assert_int_equal(dd_day_rule_day((struct dd_day_rule){DD_MONTH_OFFSET_MIN, 1}, span_of("1970")),
                     -731); /* 1 January 1968 */
}

/* The wordings of the rulebook. */
static const struct {
    enum dd_deadline_word word;
    struct dd_day_rule on;
    const char *span;
    const char *last;
    const char *bound;
} wordings[] = {
    /* trước ngày 15/11 hằng năm: chương trình năm sau */
    {DD_WORD_BEFORE, {-1, 15}, "2015", "2014-11-14", "2014-11-15T00:00:00+07:00"},
    /* trước ngày 20/10 năm trước: danh mục nghị quyết của HĐND */
    {DD_WORD_BEFORE, {-2, 20}, "2015", "2014-10-19", "2014-10-20T00:00:00+07:00"},
    /* chậm nhất vào ngày 15 của tháng cuối quý: chương trình quý sau */
    {DD_WORD_BY, {0, 15}, "2014-Q2", "2014-03-15", "2014-03-16T00:00:00+07:00"},
    {DD_WORD_BY, {0, 15}, "2014-Q1", "2013-12-15", "2013-12-16T00:00:00+07:00"},
    /* chậm nhất vào ngày 20 tháng trước: chương trình tháng */
    {DD_WORD_BY, {0, 20}, "2014-02", "2014-01-20", "2014-01-21T00:00:00+07:00"},
    {DD_WORD_BY, {0, 20}, "2014-01", "2013-12-20", "2013-12-21T00:00:00+07:00"},
    /* trước ngày 25 hằng tháng */
    {DD_WORD_BEFORE, {1, 25}, "2014-01", "2014-01-24", "2014-01-25T00:00:00+07:00"},
    /* ngày 20 của tháng cuối quý */
    {DD_WORD_ON, {3, 20}, "2014-Q3", "2014-09-20", "2014-09-21T00:00:00+07:00"},
    /* trước ngày 20/5: báo cáo 6 tháng; trước ngày 20/11: báo cáo năm */
    {DD_WORD_BEFORE, {5, 20}, "2014-H1", "2014-05-19", "2014-05-20T00:00:00+07:00"},
    {DD_WORD_BEFORE, {11, 20}, "2014", "2014-11-19", "2014-11-20T00:00:00+07:00"},
    /* trước ngày 25 của tháng trước: mời họp */
    {DD_WORD_BEFORE, {0, 25}, "2014-03", "2014-02-24", "2014-02-25T00:00:00+07:00"},
    /* trong tháng 11 năm 2013; trong năm 2013 */
    {DD_WORD_BY, {11, 31}, "2013", "2013-11-30", "2013-12-01T00:00:00+07:00"},
    {DD_WORD_BY, {12, 31}, "2013", "2013-12-31", "2014-01-01T00:00:00+07:00"},
    /* Friday of each week; Monday of the next */
    {DD_WORD_BY, {1, 5}, "2014-W01", "2014-01-03", "2014-01-04T00:00:00+07:00"},
    {DD_WORD_BEFORE, {2, 1}, "2015-W53", "2016-01-03", "2016-01-04T00:00:00+07:00"},
    /* before the first of a month, of a year */
    {DD_WORD_BEFORE, {1, 1}, "2014-03", "2014-02-28", "2014-03-01T00:00:00+07:00"},
    {DD_WORD_BEFORE, {1, 1}, "2014", "2013-12-31", "2014-01-01T00:00:00+07:00"},
};

static void every_wording_of_the_rulebook_comes_out(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof wordings / sizeof wordings[0]; i++) {
        struct dd_span span = span_of(wordings[i].span);
        struct dd_deadline_rule rule = {
            .word = wordings[i].word, .every = span.every, .on = wordings[i].on};
        char bound[DD_INSTANT_TEXT_BYTES];
        int32_t last = dd_deadline_rule_last_day(&rule, span, NULL, 0);
        assert_day(last, wordings[i].last);
        assert_int_equal(dd_deadline_rule_named_day(&rule, span), last);
        dd_instant_format(dd_deadline_bound_after(last, HANOI_MIN), HANOI_MIN, bound);
        assert_string_equal(bound, wordings[i].bound);
    }
}

static void a_day_that_its_month_does_not_have_is_its_last_one(void **state)
{
    (void)state;
    assert_day(dd_day_rule_day((struct dd_day_rule){1, 31}, span_of("2014-02")), "2014-02-28");
    assert_day(dd_day_rule_day((struct dd_day_rule){1, 30}, span_of("2016-02")), "2016-02-29");
    assert_day(dd_day_rule_day((struct dd_day_rule){1, 29}, span_of("2016-02")), "2016-02-29");
    assert_day(dd_day_rule_day((struct dd_day_rule){1, 29}, span_of("2100-02")), "2100-02-28");
    assert_day(dd_day_rule_day((struct dd_day_rule){1, 31}, span_of("2014-04")), "2014-04-30");
    assert_day(dd_day_rule_day((struct dd_day_rule){1, 31}, span_of("2014-05")), "2014-05-31");
}

static void months_are_counted_over_the_ends_of_years(void **state)
{
    (void)state;
    assert_day(dd_day_rule_day((struct dd_day_rule){0, 31}, span_of("2014")), "2013-12-31");
    assert_day(dd_day_rule_day((struct dd_day_rule){-23, 1}, span_of("2014")), "2012-01-01");
    assert_day(dd_day_rule_day((struct dd_day_rule){24, 31}, span_of("2014")), "2015-12-31");
    assert_day(dd_day_rule_day((struct dd_day_rule){13, 15}, span_of("2014")), "2015-01-15");
    assert_day(dd_day_rule_day((struct dd_day_rule){4, 5}, span_of("2014-Q4")), "2015-01-05");
    assert_day(dd_day_rule_day((struct dd_day_rule){7, 5}, span_of("2014-H2")), "2015-01-05");
    assert_day(dd_day_rule_day((struct dd_day_rule){0, 3}, span_of("2016-W01")), "2015-12-30");
    assert_day(dd_day_rule_day((struct dd_day_rule){2, 7}, span_of("2015-W53")), "2016-01-10");
}

static void a_rule_is_good_within_its_bounds_alone(void **state)
{
    static const struct {
        struct dd_day_rule rule;
        enum dd_cadence every;
        bool ok;
    } cases[] = {
        {{1, 1}, DD_CADENCE_MONTH, true},
        {{1, 31}, DD_CADENCE_MONTH, true},
        {{1, 0}, DD_CADENCE_MONTH, false},
        {{1, 32}, DD_CADENCE_MONTH, false},
        {{1, 7}, DD_CADENCE_WEEK, true},
        {{1, 8}, DD_CADENCE_WEEK, false},
        {{1, 0}, DD_CADENCE_WEEK, false},
        {{DD_MONTH_OFFSET_MIN, 1}, DD_CADENCE_YEAR, true},
        {{DD_MONTH_OFFSET_MIN - 1, 1}, DD_CADENCE_YEAR, false},
        {{DD_MONTH_OFFSET_MAX, 1}, DD_CADENCE_YEAR, true},
        {{DD_MONTH_OFFSET_MAX + 1, 1}, DD_CADENCE_YEAR, false},
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(dd_day_rule_ok(cases[i].rule, cases[i].every), cases[i].ok);
}

static void june_and_december_are_excepted_and_no_other_month(void **state)
{
    struct dd_deadline_rule rule = {
        .word = DD_WORD_BEFORE, .every = DD_CADENCE_MONTH, .on = {1, 25}};
    (void)state;

    rule.except = 1 << 6 | 1 << 12;
    for (uint8_t month = 1; month <= 12; month++) {
        struct dd_span span = {DD_CADENCE_MONTH, 2014, month};
        assert_int_equal(dd_deadline_rule_owes(&rule, span), month != 6 && month != 12);
    }
    rule.every = DD_CADENCE_WEEK; /* weeks have no exceptions, whatever the number says */
    assert_true(dd_deadline_rule_owes(&rule, span_of("2014-W06")));
    assert_true(dd_deadline_rule_owes(&rule, span_of("2015-W53")));
}

static void a_rule_of_certain_years_owes_nothing_in_others(void **state)
{
    /* "trong tháng 11 năm 2013": once, and never again */
    struct dd_deadline_rule rule = {.word = DD_WORD_BY,
                                    .every = DD_CADENCE_MONTH,
                                    .on = {1, 31},
                                    .first_year = 2013,
                                    .last_year = 2013};
    (void)state;

    rule.except = 0x1ffe & ~(1 << 11);
    assert_true(dd_deadline_rule_owes(&rule, span_of("2013-11")));
    assert_false(dd_deadline_rule_owes(&rule, span_of("2013-12")));
    assert_false(dd_deadline_rule_owes(&rule, span_of("2012-11")));
    assert_false(dd_deadline_rule_owes(&rule, span_of("2014-11")));
    assert_day(dd_deadline_rule_last_day(&rule, span_of("2013-11"), NULL, 0), "2013-11-30");
    rule = (struct dd_deadline_rule){
        .word = DD_WORD_BY, .every = DD_CADENCE_WEEK, .on = {1, 5}, .last_year = 2015};
    assert_true(dd_deadline_rule_owes(&rule, span_of("1970-W01")));
    assert_true(dd_deadline_rule_owes(&rule, span_of("2015-W53")));
    assert_false(dd_deadline_rule_owes(&rule, span_of("2016-W01")));
    rule.first_year = 2016;
    rule.last_year = 0;
    assert_false(dd_deadline_rule_owes(&rule, span_of("2015-W53")));
    assert_true(dd_deadline_rule_owes(&rule, span_of("2016-W01")));
    assert_true(dd_deadline_rule_owes(&rule, span_of("9999-W01")));
}

/* Holidays 29/4 to 3/5/2023, a make-up Saturday on 6/5. */
static struct dd_calendar_year year_2023(void)
{
    struct dd_calendar_year year = {.year = 2023, .offset_min = HANOI_MIN, .count = 4};

    for (int32_t i = 0; i < 3; i++)
        year.day[i] = (struct dd_calendar_day){day_of("2023-05-01") + i, false};
    year.day[3] = (struct dd_calendar_day){day_of("2023-05-06"), true};
    return year;
}

static void a_rule_rolls_over_holidays_only_if_it_says_so(void **state)
{
    const struct dd_calendar_year year = year_2023();
    struct dd_deadline_rule rule = {
        .word = DD_WORD_BEFORE, .every = DD_CADENCE_MONTH, .on = {1, 30}};
    (void)state;

    struct dd_span april = span_of("2023-04");
    assert_day(dd_deadline_rule_last_day(&rule, april, &year, 1), "2023-04-29");
    rule.roll = true;
    assert_day(dd_deadline_rule_last_day(&rule, april, &year, 1), "2023-05-04");
    assert_day(dd_deadline_rule_last_day(&rule, april, NULL, 0), "2023-05-01");
    assert_day(dd_deadline_rule_named_day(&rule, april), "2023-04-29");
    rule = (struct dd_deadline_rule){
        .word = DD_WORD_BY, .every = DD_CADENCE_MONTH, .on = {1, 6}, .roll = true};
    assert_day(dd_deadline_rule_last_day(&rule, span_of("2023-05"), &year, 1), "2023-05-06");
    assert_day(dd_deadline_rule_last_day(&rule, span_of("2023-05"), NULL, 0), "2023-05-08");
}

static void relative_days_do_not_count_the_day_they_start_from(void **state)
{
    const struct dd_calendar_year year = year_2023();
    struct dd_deadline_rule rule = {.word = DD_WORD_BY, .anchor = DD_ANCHOR_OPENING, .days = 5};
    const int32_t friday = day_of("2023-04-28");
    (void)state;

    assert_day(dd_deadline_rule_relative(&rule, friday, &year, 1), "2023-05-03");
    rule.roll = true;
    assert_day(dd_deadline_rule_relative(&rule, friday, &year, 1), "2023-05-04");
    rule.working = true; /* 4, 5, 6 (make-up), 8, 9 May */
    assert_day(dd_deadline_rule_relative(&rule, friday, &year, 1), "2023-05-09");
    rule.word = 0;
    assert_day(dd_deadline_rule_relative(&rule, friday, &year, 1), "2023-05-09");
    rule.roll = false;
    rule.word = DD_WORD_BEFORE;
    assert_day(dd_deadline_rule_relative(&rule, friday, &year, 1), "2023-05-08");
    rule = (struct dd_deadline_rule){.word = DD_WORD_BY, .anchor = DD_ANCHOR_AT, .days = 0};
    assert_day(dd_deadline_rule_relative(&rule, friday, &year, 1), "2023-04-28");
}

static void papers_a_day_before_the_meeting_never_roll_behind_it(void **state)
{
    const struct dd_calendar_year year = year_2023();
    struct dd_deadline_rule rule = {.word = DD_WORD_BY, .anchor = DD_ANCHOR_AT, .days = -1};
    (void)state;

    /* the meeting is on Thursday 4 May, behind five days off */
    assert_day(dd_deadline_rule_relative(&rule, day_of("2023-05-04"), &year, 1), "2023-05-03");
    rule.roll = true;
    assert_day(dd_deadline_rule_relative(&rule, day_of("2023-05-04"), &year, 1), "2023-04-28");
    assert_day(dd_deadline_rule_relative(&rule, day_of("2023-05-05"), &year, 1), "2023-05-04");
    rule.roll = false;
    rule.working = true;
    assert_day(dd_deadline_rule_relative(&rule, day_of("2023-05-04"), &year, 1), "2023-04-28");
    rule = (struct dd_deadline_rule){.anchor = DD_ANCHOR_AT, .days = -1, .roll = true};
    assert_int_equal(dd_deadline_rule_relative(&rule, DD_DAY_MIN, NULL, 0), DD_DAY_MIN);
}

static void a_given_day_keeps_its_own_word_and_the_rules_roll(void **state)
{
    const struct dd_calendar_year year = year_2023();
    struct dd_deadline_rule rule = {.roll = false};
    const int32_t sunday = day_of("2023-04-30");
    (void)state;

    assert_day(dd_deadline_rule_given(&rule, DD_WORD_BEFORE, sunday, &year, 1), "2023-04-29");
    assert_day(dd_deadline_rule_given(&rule, DD_WORD_BY, sunday, &year, 1), "2023-04-30");
    rule.roll = true;
    assert_day(dd_deadline_rule_given(&rule, DD_WORD_ON, sunday, &year, 1), "2023-05-04");
}

static void data_close_on_the_day_that_the_rule_names(void **state)
{
    struct dd_deadline_rule rule = {.word = DD_WORD_BEFORE,
                                    .every = DD_CADENCE_MONTH,
                                    .on = {1, 25},
                                    .has_closing = true,
                                    .closing = {1, 14}};
    (void)state;

    assert_day(dd_deadline_rule_closing(&rule, span_of("2014-02")), "2014-02-14");
    rule.has_closing = false;
    assert_int_equal(dd_deadline_rule_closing(&rule, span_of("2014-02")), INT32_MAX);
}

static void occurrences_read_back_as_they_were_written(void **state)
{
    static const struct dd_occurrence written[] = {
        {23, {DD_CADENCE_WEEK, 2015, 53}, 16803, 16799},
        {0, {DD_CADENCE_MONTH, 9999, 12}, DD_DAY_MAX, INT32_MAX},
        {7, {0, 0, 0}, -3, INT32_MAX},
    };
    uint8_t bytes[3 * DD_OCCURRENCE_BYTES];
    struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
    (void)state;

    for (size_t i = 0; i < 3; i++)
        dd_occurrence_write(&w, &written[i]);
    assert_false(w.overflow);
    assert_int_equal(w.at, sizeof bytes);
    for (size_t i = 0; i < 3; i++) {
        struct dd_occurrence read = dd_occurrence_at(dd_writer_slice(&w), i);
        assert_int_equal(read.stage, written[i].stage);
        assert_int_equal(read.span.every, written[i].span.every);
        assert_int_equal(read.span.year, written[i].span.year);
        assert_int_equal(read.span.index, written[i].span.index);
        assert_int_equal(read.last_day, written[i].last_day);
        assert_int_equal(read.closing_day, written[i].closing_day);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(periods_have_the_days_that_people_expect),
        cmocka_unit_test(only_years_with_a_long_week_have_a_week_53),
        cmocka_unit_test(what_is_no_period_is_not_read),
        cmocka_unit_test(each_day_lies_in_one_period_and_periods_follow_each_other),
        cmocka_unit_test(the_first_and_the_last_days_of_all_have_periods),
        cmocka_unit_test(every_wording_of_the_rulebook_comes_out),
        cmocka_unit_test(a_day_that_its_month_does_not_have_is_its_last_one),
        cmocka_unit_test(months_are_counted_over_the_ends_of_years),
        cmocka_unit_test(a_rule_is_good_within_its_bounds_alone),
        cmocka_unit_test(june_and_december_are_excepted_and_no_other_month),
        cmocka_unit_test(a_rule_of_certain_years_owes_nothing_in_others),
        cmocka_unit_test(a_rule_rolls_over_holidays_only_if_it_says_so),
        cmocka_unit_test(relative_days_do_not_count_the_day_they_start_from),
        cmocka_unit_test(papers_a_day_before_the_meeting_never_roll_behind_it),
        cmocka_unit_test(a_given_day_keeps_its_own_word_and_the_rules_roll),
        cmocka_unit_test(data_close_on_the_day_that_the_rule_names),
        cmocka_unit_test(occurrences_read_back_as_they_were_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
