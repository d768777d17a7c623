/* Days, instants and worked days, against a counter that only ever adds one day. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/calendar.h"

static int32_t day_of(const char *text)
{
    int32_t day = 0;

    if (!dd_day_parse(dd_slice_of(text), &day))
        fail_msg("not a day: %s", text);
    return day;
}

/* A calendar that knows nothing but how long months are. */
struct counter {
    int year, month, day, weekday;
};

static int days_in_month(int year, int month)
{
    if (month == 2)
        return year % 400 == 0 || (year % 4 == 0 && year % 100 != 0) ? 29 : 28;
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

static void counter_step(struct counter *c)
{
    c->weekday = c->weekday == 7 ? 1 : c->weekday + 1;
    if (++c->day <= days_in_month(c->year, c->month))
        return;
    c->day = 1;
    if (++c->month <= 12)
        return;
    c->month = 1;
    c->year++;
}

static void every_day_of_every_year_comes_back(void **state)
{
    struct counter c = {1970, 1, 1, 4}; /* 1970-01-01 was a Thursday */
    int32_t number = 0;
    (void)state;

    for (; c.year <= DD_YEAR_MAX; number++) {
        int year = 0;
        int month = 0;
        int day = 0;
        int32_t back = -1;
        dd_day_to_civil(number, &year, &month, &day);
        bool same = year == c.year && month == c.month && day == c.day;
        same = same && dd_day_from_civil(c.year, c.month, c.day, &back) && back == number;
        same = same && dd_day_weekday(number) == c.weekday;
        same = same && dd_month_last_day(c.year, c.month) == days_in_month(c.year, c.month);
        if (!same)
            fail_msg("day %d is not %d-%d-%d", (int)number, c.year, c.month, c.day);
        counter_step(&c);
    }
    assert_int_equal(number - 1, DD_DAY_MAX);
}

static void days_read_and_written_are_the_same_from_1970_to_2100(void **state)
{
    (void)state;
    for (int32_t day = DD_DAY_MIN; day <= day_of("2100-12-31"); day++) {
        char text[DD_DAY_TEXT_BYTES];
        dd_day_format(day, text);
        assert_int_equal(day_of(text), day);
    }
}

static void dates_that_do_not_exist_are_refused(void **state)
{
    static const struct {
        int year, month, day;
        bool exists;
    } cases[] = {
        {2013, 2, 28, true},  {2013, 2, 29, false},  {2013, 2, 30, false}, {2012, 2, 29, true},
        {2100, 2, 29, false}, {2000, 2, 29, true},   {2013, 4, 30, true},  {2013, 4, 31, false},
        {2013, 0, 1, false},  {2013, 13, 1, false},  {2013, 1, 0, false},  {2013, 12, 31, true},
        {2013, 1, 32, false}, {1969, 12, 31, false}, {1970, 1, 1, true},   {9999, 12, 31, true},
        {10000, 1, 1, false}, {2013, -1, 5, false},  {2013, 5, -1, false}, {-2013, 5, 1, false},
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int32_t day = -77;
        assert_int_equal(dd_day_from_civil(cases[i].year, cases[i].month, cases[i].day, &day),
                         cases[i].exists);
        assert_int_equal(day == -77, !cases[i].exists);
    }
}

static void day_text_that_is_not_exact_is_refused(void **state)
{
    static const char *const texts[] = {
        "",           "2013-6-25",   "2013-06-5",   "13-06-25",
        "2013/06/25", "2013-06-25 ", " 2013-06-25", "2013-06-251",
        "2013-06",    "20130625",    "2013-02-30",  "2013-00-10",
        "2013-06-00", "25/06/2013",  "+013-06-25",  "2013-06-2x",
        "1969-12-31", "0000-01-01",  "-013-06-25",  "2013-06-25T",
        "2013-13-01", "2013--6-25",
    };
    (void)state;

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        int32_t day = -77;
        if (dd_day_parse(dd_slice_of(texts[i]), &day))
            fail_msg("was taken: '%s'", texts[i]);
        assert_int_equal(day, -77);
    }
}

static void days_known_by_number_are_right(void **state)
{
    static const struct {
        const char *text;
        int32_t day;
        int weekday;
    } cases[] = {
        {"1970-01-01", 0, 4},     {"2000-03-01", 11017, 3}, {"2013-06-25", 15881, 2},
        {"2022-01-01", 18993, 6}, {"2038-01-19", 24855, 2}, {"9999-12-31", DD_DAY_MAX, 5},
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(day_of(cases[i].text), cases[i].day);
        assert_int_equal(dd_day_weekday(cases[i].day), cases[i].weekday);
    }
}

static void days_outside_the_years_have_a_date_but_no_text(void **state)
{
    static const struct {
        int32_t day;
        const char *text;
    } cases[] = {
        {-1, "1969-12-31"},        {DD_DAY_MAX, "9999-12-31"}, {DD_DAY_MAX + 1, "----------"},
        {-719162, "0001-01-01"},   {-719163, "----------"},    {INT32_MIN, "----------"},
        {INT32_MAX, "----------"},
    };
    int year;
    int month;
    int day;
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[DD_DAY_TEXT_BYTES];
        dd_day_format(cases[i].day, text);
        assert_string_equal(text, cases[i].text);
        assert_in_range(dd_day_weekday(cases[i].day), 1, 7);
    }
    dd_day_to_civil(-719468, &year, &month, &day);
    assert_int_equal(year, 0);
    assert_int_equal(month, 3);
    assert_int_equal(day, 1);
    assert_int_equal(dd_day_weekday(-1), 3);
}

static void months_end_where_they_end(void **state)
{
    (void)state;
    assert_int_equal(dd_month_last_day(2013, 2), 28);
    assert_int_equal(dd_month_last_day(2016, 2), 29);
    assert_int_equal(dd_month_last_day(2100, 2), 28);
    assert_int_equal(dd_month_last_day(2013, 0), 0);
    assert_int_equal(dd_month_last_day(2013, 13), 0);
    assert_int_equal(dd_month_last_day(1969, 1), 0);
    assert_int_equal(dd_month_last_day(10000, 1), 0);
}

static void instants_are_read_at_their_offset(void **state)
{
    static const struct {
        const char *text;
        int64_t at_ms;
        int offset_min;
    } cases[] = {
        {"1970-01-01T00:00Z", 0, 0},
        {"1970-01-01T07:00", 0, 420}, /* the default of this test */
        {"1970-01-01T00:00+07:00", -25200000, 420},
        {"1970-01-01T00:00:00.001Z", 1, 0},
        {"2013-06-24T23:59:59.999+07:00", INT64_C(1372093199999), 420},
        {"2013-06-25T00:00:00+07:00", INT64_C(1372093200000), 420},
        {"2013-06-25T00:00", INT64_C(1372093200000), 420},
        {"2013-06-24T17:00Z", INT64_C(1372093200000), 0},
        {"2013-06-24T17:00:00+00:00", INT64_C(1372093200000), 0},
        {"2013-06-24T03:00:00-14:00", INT64_C(1372093200000), -840},
        {"2013-06-25T07:00:00+14:00", INT64_C(1372093200000), 840},
        {"2013-06-24T20:30:00+03:30", INT64_C(1372093200000), 210},
        {"2013-06-24T13:30:00-03:30", INT64_C(1372093200000), -210},
        {"2038-01-19T03:14:08Z", INT64_C(2147483648000), 0},
        {"9999-12-31T23:59:59.999Z", INT64_C(253402300799999), 0},
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t at_ms = -77;
        int offset_min = -77;
        assert_true(dd_instant_parse(dd_slice_of(cases[i].text), 420, &at_ms, &offset_min));
        if (at_ms != cases[i].at_ms || offset_min != cases[i].offset_min)
            fail_msg("%s was read as %lld at %d", cases[i].text, (long long)at_ms, offset_min);
    }
}

static void instant_text_that_is_not_exact_is_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "2013-06-25",
        "2013-06-25T",
        "2013-06-25T10",
        "2013-06-25T10:",
        "2013-06-25T10:0",
        "2013-06-25 10:00",
        "2013-06-25t10:00",
        "2013-06-25T24:00",
        "2013-06-25T24:00:00+07:00",
        "2013-06-25T10:60",
        "2013-06-25T23:59:60",
        "2013-06-25T23:59:60Z",
        "2013-06-25T10:00:",
        "2013-06-25T10:00:0",
        "2013-06-25T10:00:00.",
        "2013-06-25T10:00:00.1",
        "2013-06-25T10:00:00.12",
        "2013-06-25T10:00:00.1234",
        "2013-06-25T10:00.500",
        "2013-06-25T10:00:00,500",
        "2013-06-25T10:00z",
        "2013-06-25T10:00ZZ",
        "2013-06-25T10:00Z+07:00",
        "2013-06-25T10:00+7",
        "2013-06-25T10:00+07",
        "2013-06-25T10:00+0700",
        "2013-06-25T10:00+07:0",
        "2013-06-25T10:00+07:60",
        "2013-06-25T10:00+14:01",
        "2013-06-25T10:00-14:01",
        "2013-06-25T10:00+15:00",
        "2013-06-25T10:00 +07:00",
        "2013-06-25T10:00+07:00 ",
        "2013-06-31T10:00",
        "1969-12-31T23:59Z",
        "2013-06-25T-1:00",
    };
    (void)state;

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        int64_t at_ms = -77;
        int offset_min = -77;
        if (dd_instant_parse(dd_slice_of(texts[i]), 420, &at_ms, &offset_min))
            fail_msg("was taken: '%s'", texts[i]);
        assert_true(at_ms == -77 && offset_min == -77);
    }
}

static void instants_are_read_from_their_own_bytes_only(void **state)
{
    static const char text[] = "2013-06-25T10:00:30.500+07:00";
    (void)state;

    for (size_t size = 0; size < sizeof text; size++) {
        int64_t at_ms;
        int offset_min;
        int32_t day;
        uint8_t *exact = malloc(size + 1); /* one before the text, none behind it */
        assert_non_null(exact);
        memcpy(exact + 1, text, size);
        struct dd_slice slice = {exact + 1, size};
        assert_int_equal(dd_day_parse(slice, &day), size == 10);
        assert_int_equal(dd_instant_parse(slice, 420, &at_ms, &offset_min),
                         size == 16 || size == 19 || size == 23 || size == 29);
        free(exact);
    }
}

static void instants_are_written_with_milliseconds_only_if_there_are_any(void **state)
{
    static const struct {
        int64_t at_ms;
        int offset_min;
        const char *text;
    } cases[] = {
        {INT64_C(1372093200000), 420, "2013-06-25T00:00:00+07:00"},
        {INT64_C(1372093199999), 420, "2013-06-24T23:59:59.999+07:00"},
        {INT64_C(1372093200050), 0, "2013-06-24T17:00:00.050+00:00"},
        {INT64_C(1372093200000), 0, "2013-06-24T17:00:00+00:00"},
        {INT64_C(1372093200000), -210, "2013-06-24T13:30:00-03:30"},
        {INT64_C(1372093200000), 840, "2013-06-25T07:00:00+14:00"},
        {INT64_C(1372093200000), 841, "-"},
        {INT64_C(1372093200000), -841, "-"},
        {-1, 0, "1969-12-31T23:59:59.999+00:00"},
        {INT64_C(253402300799999), 0, "9999-12-31T23:59:59.999+00:00"},
        {INT64_C(253402300800000), 0, "-"},
        {INT64_C(253402300799999), 1, "-"},
        {INT64_C(-62135596800000), 0, "0001-01-01T00:00:00+00:00"},
        {INT64_C(-62135596800001), 0, "-"},
        {INT64_MAX, 840, "-"},
        {INT64_MIN, -840, "-"},
        {0, INT32_MIN, "-"},
        {0, INT32_MAX, "-"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[DD_INSTANT_TEXT_BYTES];
        dd_instant_format(cases[i].at_ms, cases[i].offset_min, text);
        assert_string_equal(text, cases[i].text);
    }
}

static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static void instants_written_and_read_are_the_same(void **state)
{
    uint64_t seed = 3713;
    (void)state;

    for (int i = 0; i < 20000; i++) {
        /* From the second day on, so that the local date is of a year that is read. */
        int64_t at_ms = 86400000 + (int64_t)(next_random(&seed) % UINT64_C(253402200000000));
        int offset = (int)(next_random(&seed) % 1681) - 840;
        char text[DD_INSTANT_TEXT_BYTES];
        int64_t back_ms = 0;
        int back_offset = 0;
        dd_instant_format(at_ms, offset, text);
        assert_true(dd_instant_parse(dd_slice_of(text), 99, &back_ms, &back_offset));
        assert_true(back_ms == at_ms);
        assert_int_equal(back_offset, offset);
    }
}

static void the_local_day_changes_at_local_midnight(void **state)
{
    static const int offsets[] = {0, 420, -840, 840, 345, -210};
    (void)state;

    for (int32_t day = -3; day < 40000; day += 37) {
        for (size_t i = 0; i < sizeof offsets / sizeof offsets[0]; i++) {
            int64_t midnight = dd_instant_at(day, 0, offsets[i]);
            assert_int_equal(dd_day_at(midnight, offsets[i]), day);
            assert_int_equal(dd_day_at(midnight - 1, offsets[i]), day - 1);
            assert_int_equal(dd_day_at(midnight + 86399999, offsets[i]), day);
            assert_true(dd_instant_at(day, 1440, offsets[i]) == midnight + 86400000);
            assert_true(dd_instant_at(day, 480, offsets[i]) == midnight + 8 * 3600000);
        }
    }
    assert_int_equal(dd_day_at(INT64_MAX, 840), INT32_MAX);
    assert_int_equal(dd_day_at(INT64_MIN, -840), INT32_MIN);
}

/* Builds a year from dates: each "YYYY-MM-DD" is off, "+YYYY-MM-DD" is worked. */
static struct dd_calendar_year year_with(int year, const char *const *dates, size_t count)
{
    struct dd_calendar_year made = {.year = year, .offset_min = 420, .count = (uint16_t)count};

    for (size_t i = 0; i < count; i++) {
        made.day[i].works = dates[i][0] == '+';
        made.day[i].day = day_of(dates[i] + (made.day[i].works ? 1 : 0));
    }
    assert_true(dd_calendar_year_ok(&made));
    return made;
}

/* 2023: the Hung Kings' day on Saturday 29/4 and 30/4 on Sunday moved the days off to 2/5 and 3/5.
 */
static struct dd_calendar_year year_2023(void)
{
    static const char *const dates[] = {"2023-05-01", "2023-05-02", "2023-05-03"};

    return year_with(2023, dates, 3);
}

static void without_data_only_weekends_are_off(void **state)
{
    (void)state;
    for (int32_t day = day_of("2013-01-01"); day <= day_of("2013-12-31"); day++)
        assert_int_equal(dd_calendar_works(NULL, 0, day), dd_day_weekday(day) <= 5);
    assert_true(dd_calendar_works(NULL, 0, day_of("2013-09-02"))); /* a holiday is data */
}

static void holidays_and_make_up_days_come_from_the_data_of_their_year(void **state)
{
    static const char *const dates_2024[] = {"2024-04-29", "2024-04-30", "2024-05-01",
                                             "+2024-05-04"};
    struct dd_calendar_year years[2];
    (void)state;

    years[0] = year_with(2024, dates_2024, 4); /* the order of the years does not matter */
    years[1] = year_2023();
    assert_false(dd_calendar_works(years, 2, day_of("2024-04-29")));
    assert_true(dd_calendar_works(years, 2, day_of("2024-05-04"))); /* a Saturday made up */
    assert_false(dd_calendar_works(years, 2, day_of("2024-05-05")));
    assert_true(dd_calendar_works(years, 2, day_of("2024-05-02")));
    assert_false(dd_calendar_works(years, 2, day_of("2023-05-03")));
    assert_true(dd_calendar_works(years, 2, day_of("2023-05-04")));
    assert_true(dd_calendar_works(years, 2, day_of("2025-04-30"))); /* no data for 2025 */
    assert_true(dd_calendar_works(years + 1, 1, day_of("2024-04-29")));
}

static void the_first_worked_day_after_the_holidays_of_2023_is_the_fourth_of_may(void **state)
{
    struct dd_calendar_year year = year_2023();
    (void)state;

    assert_int_equal(dd_calendar_next_working(&year, 1, day_of("2023-04-29")),
                     day_of("2023-05-04"));
    assert_int_equal(dd_calendar_next_working(&year, 1, day_of("2023-04-28")),
                     day_of("2023-04-28"));
    assert_int_equal(dd_calendar_add(&year, 1, day_of("2023-04-28"), 1, true),
                     day_of("2023-05-04"));
    assert_int_equal(dd_calendar_add(&year, 1, day_of("2023-05-04"), -1, true),
                     day_of("2023-04-28"));
}

static void adding_days_counts_what_it_says(void **state)
{
    static const struct {
        const char *from;
        int n;
        bool working;
        const char *to;
    } cases[] = {
        {"2013-06-24", 1, false, "2013-06-25"}, {"2013-06-24", -7, false, "2013-06-17"},
        {"2013-06-24", 0, false, "2013-06-24"}, {"2012-02-28", 1, false, "2012-02-29"},
        {"2013-12-31", 1, false, "2014-01-01"}, {"2013-06-28", 1, true, "2013-07-01"},
        {"2013-06-28", 5, true, "2013-07-05"},  {"2013-06-28", 6, true, "2013-07-08"},
        {"2013-06-24", -1, true, "2013-06-21"}, {"2013-06-24", -5, true, "2013-06-17"},
        {"2013-06-29", 1, true, "2013-07-01"},  {"2013-06-29", -1, true, "2013-06-28"},
        {"2013-06-29", 0, true, "2013-06-29"},  {"1970-01-02", -5, false, "1970-01-01"},
        {"1970-01-05", -9, true, "1970-01-01"}, {"9999-12-30", 5, false, "9999-12-31"},
        {"9999-12-30", 5, true, "9999-12-31"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[DD_DAY_TEXT_BYTES];
        dd_day_format(dd_calendar_add(NULL, 0, day_of(cases[i].from), cases[i].n, cases[i].working),
                      text);
        assert_string_equal(text, cases[i].to);
    }
    assert_int_equal(dd_calendar_add(NULL, 0, 100, INT32_MAX, false), DD_DAY_MAX);
    assert_int_equal(dd_calendar_add(NULL, 0, 100, INT32_MIN, false), DD_DAY_MIN);
    assert_int_equal(dd_calendar_add(NULL, 0, 100, INT32_MIN, true), DD_DAY_MIN);
    assert_int_equal(dd_calendar_add(NULL, 0, INT32_MIN, 0, true), DD_DAY_MIN);
    assert_int_equal(dd_calendar_next_working(NULL, 0, INT32_MAX), DD_DAY_MAX);
}

/* Counts worked days one by one, which dd_calendar_add must agree with. */
static void adding_working_days_agrees_with_counting_them(void **state)
{
    struct dd_calendar_year year = {.year = 2013, .offset_min = 420};
    const int32_t first = day_of("2013-01-01");
    uint64_t seed = 193;
    (void)state;

    for (int32_t i = 0; i < 365; i++) { /* every seventh day or so is not as its weekday says */
        if (next_random(&seed) % 7 == 0)
            year.day[year.count++] =
                (struct dd_calendar_day){first + i, dd_day_weekday(first + i) > 5};
    }
    assert_true(dd_calendar_year_ok(&year));
    for (int trial = 0; trial < 500; trial++) {
        int32_t from = first + 60 + (int32_t)(next_random(&seed) % 200);
        int n = (int)(next_random(&seed) % 30) + 1;
        int32_t to = dd_calendar_add(&year, 1, from, n, true);
        int worked = 0;
        for (int32_t day = from + 1; day <= to; day++)
            worked += dd_calendar_works(&year, 1, day) ? 1 : 0;
        assert_int_equal(worked, n);
        assert_true(dd_calendar_works(&year, 1, to));
        to = dd_calendar_add(&year, 1, from, -n, true);
        worked = 0;
        for (int32_t day = to; day < from; day++)
            worked += dd_calendar_works(&year, 1, day) ? 1 : 0;
        assert_int_equal(worked, n);
        assert_true(dd_calendar_works(&year, 1, to));
    }
}

static void calendar_data_is_looked_at_before_it_is_relied_on(void **state)
{
    struct dd_calendar_year year = {.year = 2013, .offset_min = 840, .count = 0};
    const int32_t first = day_of("2013-01-01");
    (void)state;

    assert_true(dd_calendar_year_ok(&year));
    year.offset_min = 841;
    assert_false(dd_calendar_year_ok(&year));
    year.offset_min = -840;
    assert_true(dd_calendar_year_ok(&year));
    year.offset_min = -841;
    assert_false(dd_calendar_year_ok(&year));
    year.offset_min = 420;

    year.count = 365;
    for (int32_t i = 0; i < 365; i++)
        year.day[i] = (struct dd_calendar_day){first + i, false};
    assert_true(dd_calendar_year_ok(&year));
    year.day[364].day = first + 365; /* 1 January of the next year */
    assert_false(dd_calendar_year_ok(&year));
    year.day[364].day = first + 363; /* twice the same */
    assert_false(dd_calendar_year_ok(&year));
    year.day[364].day = first + 364;
    year.day[0].day = first - 1;
    assert_false(dd_calendar_year_ok(&year));
    year.day[0].day = first + 1;
    year.day[1].day = first;
    assert_false(dd_calendar_year_ok(&year));
    year.count = DD_CALENDAR_DAYS_MAX + 1;
    assert_false(dd_calendar_year_ok(&year));
    year.count = 0;
    year.year = DD_YEAR_MIN;
    assert_true(dd_calendar_year_ok(&year));
    year.year = DD_YEAR_MIN - 1;
    assert_false(dd_calendar_year_ok(&year));
    year.year = DD_YEAR_MAX + 1;
    assert_false(dd_calendar_year_ok(&year));
    year.year = DD_YEAR_MAX;
    assert_true(dd_calendar_year_ok(&year));
}

static void a_year_without_any_worked_day_is_passed_over(void **state)
{
    struct dd_calendar_year year = {.year = 2013, .offset_min = 420, .count = 365};
    (void)state;

    for (int32_t i = 0; i < 365; i++)
        year.day[i] = (struct dd_calendar_day){day_of("2013-01-01") + i, false};
    assert_int_equal(dd_calendar_next_working(&year, 1, day_of("2013-01-01")),
                     day_of("2014-01-01"));
    assert_int_equal(dd_calendar_add(&year, 1, day_of("2013-06-25"), -1, true),
                     day_of("2012-12-31"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_of_every_year_comes_back),
        cmocka_unit_test(days_read_and_written_are_the_same_from_1970_to_2100),
        cmocka_unit_test(dates_that_do_not_exist_are_refused),
        cmocka_unit_test(day_text_that_is_not_exact_is_refused),
        cmocka_unit_test(days_known_by_number_are_right),
        cmocka_unit_test(days_outside_the_years_have_a_date_but_no_text),
        cmocka_unit_test(months_end_where_they_end),
        cmocka_unit_test(instants_are_read_at_their_offset),
        cmocka_unit_test(instant_text_that_is_not_exact_is_refused),
        cmocka_unit_test(instants_are_read_from_their_own_bytes_only),
        cmocka_unit_test(instants_are_written_with_milliseconds_only_if_there_are_any),
        cmocka_unit_test(instants_written_and_read_are_the_same),
        cmocka_unit_test(the_local_day_changes_at_local_midnight),
        cmocka_unit_test(without_data_only_weekends_are_off),
        cmocka_unit_test(holidays_and_make_up_days_come_from_the_data_of_their_year),
        cmocka_unit_test(the_first_worked_day_after_the_holidays_of_2023_is_the_fourth_of_may),
        cmocka_unit_test(adding_days_counts_what_it_says),
        cmocka_unit_test(adding_working_days_agrees_with_counting_them),
        cmocka_unit_test(calendar_data_is_looked_at_before_it_is_relied_on),
        cmocka_unit_test(a_year_without_any_worked_day_is_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
