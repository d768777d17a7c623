/*
 * core/schedule.h against implementations that share nothing with it: recurring rules against
 * libical (RFC 5545 rules, its own calendar), the names of weeks against strftime, days off and
 * make-up days against a loop over an unsorted list. Thousands of random rules over random years.
 * DD_SEED runs one seed alone.
 */
#define _XOPEN_SOURCE 700 /* strftime's %G and %V */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>
#include <libical/ical.h>

#include "core/schedule.h"

enum {
    SEEDS = 4000,
    YEARS = 4, /* of each rule */
    YEAR_FIRST = 1975,
    YEAR_LAST = 2190,
    YEAR_OF_MONDAY = 1973, /* 1 January was a Monday */
    RULE_BYTES = 256,
    OFF_MAX = 40, /* days off and made up, of all years of a case */
    RELATIVE_DAYS = 60,
    DAY_SECONDS = 24 * 60 * 60
};

static uint64_t seed_now; /* printed when something fails */
static uint64_t random_state;

static uint64_t draw(uint64_t below)
{
    random_state += 0x9e3779b97f4a7c15;
    uint64_t z = random_state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return (z ^ (z >> 31)) % below;
}

static int draw_from(int first, int last)
{
    return first + (int)draw((uint64_t)(last - first + 1));
}

#define HOLDS(condition, ...) \
    do { \
        if (!(condition)) { \
            print_message("seed %llu: ", (unsigned long long)seed_now); \
            print_message(__VA_ARGS__); \
            fail_msg("%s", #condition); \
        } \
    } while (0)

/* Days since 1970 of libical's dates, and back. */
static int32_t day_of(struct icaltimetype at)
{
    return (int32_t)(icaltime_as_timet(at) / DAY_SECONDS);
}

static struct icaltimetype date_of(int32_t day)
{
    return icaltime_from_timet_with_zone((time_t)day * DAY_SECONDS, 1, NULL);
}

static struct icaltimetype date(int year, int month, int day)
{
    char text[16];

    snprintf(text, sizeof text, "%04u%02u%02u", (unsigned)year % 10000, (unsigned)month % 100,
             (unsigned)day % 100);
    return icaltime_from_string(text);
}

/* The first day of an RFC 5545 rule. */
static icalrecur_iterator *days_of_rule(const char *rule, struct icaltimetype from)
{
    icalrecur_iterator *days = icalrecur_iterator_new(icalrecurrencetype_from_string(rule), from);

    HOLDS(days != NULL, "libical does not take %s\n", rule);
    return days;
}

/* The Monday of a year's week 1. All of them are asked for at once, from one that is 1 January:
 * from another day of a year libical 3.0 errs about the first. */
static int32_t first_monday(int year)
{
    static int32_t mondays[YEAR_LAST + 2 - YEAR_OF_MONDAY];
    static int known;

    if (known == 0) {
        icalrecur_iterator *days =
            days_of_rule("FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO;WKST=MO", date(YEAR_OF_MONDAY, 1, 1));
        while (known < (int)(sizeof mondays / sizeof mondays[0]))
            mondays[known++] = day_of(icalrecur_iterator_next(days));
        icalrecur_iterator_free(days);
    }
    assert_true(year >= YEAR_OF_MONDAY && year - YEAR_OF_MONDAY < known);
    return mondays[year - YEAR_OF_MONDAY];
}

static struct dd_deadline_rule draw_rule(void)
{
    struct dd_deadline_rule rule = {.every = (enum dd_cadence)draw_from(1, 5)};
    bool weekly = rule.every == DD_CADENCE_WEEK;

    rule.word = (enum dd_deadline_word)draw_from(1, 3);
    rule.on.month =
        (int8_t)(draw(2) ? draw_from(DD_MONTH_OFFSET_MIN, DD_MONTH_OFFSET_MAX) : draw_from(0, 3));
    rule.on.day = (uint8_t)(draw(3) == 0 ? draw_from(weekly ? 1 : 28, weekly ? 7 : 31)
                                         : draw_from(1, weekly ? 7 : 31));
    if (draw(2))
        rule.except = (uint16_t)(draw(1 << 13) & draw(1 << 13));
    return rule;
}

static int periods_of(enum dd_cadence every)
{
    static const int periods[] = {0, 0, 12, 4, 2, 1}; /* of a year, by the cadence's number */

    return periods[every];
}

/* The month, 1 to 12, in which the rule's day lies for period `index` of a year, and how many years
 * that is away. */
static int target_month(const struct dd_deadline_rule *rule, int index, int *years)
{
    int month = (index - 1) * (12 / periods_of(rule->every)) + rule->on.month - 1;

    *years = 0;
    for (; month < 0; month += 12)
        *years -= 1;
    for (; month > 11; month -= 12)
        *years += 1;
    return month + 1;
}

/* The rule in the words of RFC 5545; false if it owes nothing at all. The last of the days 28 to D
 * that the month has is the day D, or the month's last. */
static bool rfc_rule(const struct dd_deadline_rule *rule, char out[RULE_BYTES])
{
    static const char *const weekdays[] = {"", "MO", "TU", "WE", "TH", "FR", "SA", "SU"};
    const char *comma = "";
    int years;

    if (rule->every == DD_CADENCE_WEEK) {
        snprintf(out, RULE_BYTES, "FREQ=WEEKLY;WKST=MO;BYDAY=%s", weekdays[rule->on.day]);
        return true;
    }
    int at = snprintf(out, RULE_BYTES, "FREQ=MONTHLY;BYMONTH=");
    for (int i = 1; i <= periods_of(rule->every); i++) {
        if (rule->except & 1 << i)
            continue;
        at += snprintf(out + at, RULE_BYTES - (size_t)at, "%s%d", comma,
                       target_month(rule, i, &years));
        comma = ",";
    }
    at += snprintf(out + at, RULE_BYTES - (size_t)at, ";BYMONTHDAY=");
    for (int day = rule->on.day < 28 ? rule->on.day : 28; day < rule->on.day; day++)
        at += snprintf(out + at, RULE_BYTES - (size_t)at, "%d,", day);
    snprintf(out + at, RULE_BYTES - (size_t)at, "%d;BYSETPOS=-1", rule->on.day);
    return *comma != '\0';
}

/* The first day of the first month, or week, in which the rule's day can lie. */
static struct icaltimetype start_of(const struct dd_deadline_rule *rule, int year)
{
    int years;

    if (rule->every == DD_CADENCE_WEEK)
        return date_of(first_monday(year) + (rule->on.month - 1) * 7);
    int month = target_month(rule, 1, &years);
    return date(year + years, month, 1);
}

/* Instants of bounds, reckoned by libical: midnight before D, or that after it, at UTC+7. */
static void check_bound(const struct dd_deadline_rule *rule, int32_t last, struct icaltimetype day)
{
    int64_t bound = dd_deadline_bound_after(last, 7 * 60);

    if (rule->word != DD_WORD_BEFORE)
        icaltime_adjust(&day, 1, 0, 0, 0);
    HOLDS(bound == ((int64_t)icaltime_as_timet(day) - 7 * 60 * 60) * 1000, "a bound of %s\n",
          icaltime_as_ical_string(day));
}

static void check_rule(int *checked)
{
    const struct dd_deadline_rule rule = draw_rule();
    int year = draw_from(YEAR_FIRST, YEAR_LAST);
    char text[RULE_BYTES];
    bool owes = rfc_rule(&rule, text);
    icalrecur_iterator *days = owes ? days_of_rule(text, start_of(&rule, year)) : NULL;
    struct dd_span span = {rule.every, (int16_t)year, 1};

    for (; span.year < year + YEARS; span = dd_span_next(span)) {
        if (!dd_deadline_rule_owes(&rule, span))
            continue;
        HOLDS(owes, "a rule that excepts every period owes one\n");
        struct icaltimetype expected = icalrecur_iterator_next(days);
        int32_t last = dd_deadline_rule_last_day(&rule, span, NULL, 0);
        HOLDS(dd_day_rule_day(rule.on, span) == day_of(expected),
              "%s, month %d: period %u of %d: libical has %s\n", text, rule.on.month, span.index,
              span.year, icaltime_as_ical_string(expected));
        HOLDS(last == day_of(expected) - (rule.word == DD_WORD_BEFORE), "%s: last day\n", text);
        check_bound(&rule, last, expected);
        *checked += 1;
    }
    if (days)
        icalrecur_iterator_free(days);
}

static void recurring_rules_name_the_days_that_libical_names(void **state)
{
    const char *given = getenv("DD_SEED");
    uint64_t first = given ? strtoull(given, NULL, 10) : 1;
    uint64_t count = given ? 1 : SEEDS;
    int checked = 0;
    (void)state;

    print_message("seeds %llu to %llu, a rule over %d years each\n", (unsigned long long)first,
                  (unsigned long long)(first + count - 1), YEARS);
    for (seed_now = first; seed_now < first + count; seed_now++) {
        random_state = seed_now;
        check_rule(&checked);
    }
    print_message("%d periods checked\n", checked);
    assert_true(given || checked > SEEDS);
}

/* What libc calls the week of a day. */
static void week_text(int32_t day, char out[DD_SPAN_TEXT_BYTES])
{
    time_t at = (time_t)day * DAY_SECONDS;
    struct tm tm;

    assert_non_null(gmtime_r(&at, &tm));
    assert_int_equal(strftime(out, DD_SPAN_TEXT_BYTES, "%G-W%V", &tm), 8);
}

static void weeks_are_those_of_libical_and_of_libc(void **state)
{
    (void)state;
    for (int year = YEAR_FIRST; year <= YEAR_LAST; year++) {
        int32_t start = first_monday(year);
        int32_t end = first_monday(year + 1);
        seed_now = (uint64_t)year;
        HOLDS(dd_span_count(DD_CADENCE_WEEK, year) == (end - start) / 7, "weeks of the year\n");
        for (int32_t day = start; day < end; day++) {
            struct dd_span span = dd_span_at(DD_CADENCE_WEEK, day);
            char ours[DD_SPAN_TEXT_BYTES];
            char theirs[DD_SPAN_TEXT_BYTES];
            int32_t from;
            int32_t to;
            dd_span_text(span, ours);
            week_text(day, theirs);
            HOLDS(strcmp(ours, theirs) == 0, "%s is %s\n", ours, theirs);
            dd_span_days(span, &from, &to);
            HOLDS(from == start + (span.index - 1) * 7 && to == from + 6, "days of %s\n", ours);
        }
    }
}

/* Days off and made up, in any order, and the same as years for the core. */
struct days_off {
    struct dd_calendar_day day[OFF_MAX];
    int count;
    struct dd_calendar_year years[2];
};

static bool works(const struct days_off *off, int32_t day)
{
    int weekday = icaltime_day_of_week(date_of(day)); /* 1 Sunday, 7 Saturday */

    for (int i = 0; i < off->count; i++) {
        if (off->day[i].day == day)
            return off->day[i].works;
    }
    return weekday != 1 && weekday != 7;
}

static void put_day(struct dd_calendar_year *year, struct dd_calendar_day day)
{
    size_t at = year->count;

    while (at > 0 && year->day[at - 1].day > day.day) {
        year->day[at] = year->day[at - 1];
        at--;
    }
    year->day[at] = day;
    year->count++;
}

/* Runs of days, some worked, some not, over two years; each day once. */
static void draw_days_off(struct days_off *off, int year)
{
    int32_t start = day_of(date(year, 1, 1));

    memset(off, 0, sizeof *off);
    off->years[0].year = year + 1; /* years may come in any order */
    off->years[1].year = year;
    while (off->count < OFF_MAX - 10) {
        int32_t day = start + (int32_t)draw(2 * 365 - 10);
        bool worked = draw(3) == 0;
        for (int run = draw_from(1, 9); run > 0; run--, day++) {
            bool known = false;
            for (int i = 0; i < off->count; i++)
                known = known || off->day[i].day == day;
            if (known)
                continue;
            off->day[off->count] = (struct dd_calendar_day){day, worked};
            put_day(&off->years[date_of(day).year == year ? 1 : 0], off->day[off->count]);
            off->count++;
        }
    }
}

static int32_t rolled(const struct days_off *off, int32_t day, int step)
{
    while (!works(off, day))
        day += step;
    return day;
}

static void check_recurring_roll(const struct days_off *off, int year)
{
    struct dd_deadline_rule rule = draw_rule();
    struct dd_span span = {rule.every, (int16_t)year, 1};

    rule.roll = true;
    rule.on.month = (int8_t)draw_from(1, rule.every == DD_CADENCE_WEEK ? 1 : 12);
    for (; span.year == year; span = dd_span_next(span)) {
        int32_t named = dd_deadline_rule_named_day(&rule, span);
        int32_t last = dd_deadline_rule_last_day(&rule, span, off->years, 2);
        HOLDS(last == rolled(off, named, 1), "%d rolls to %d\n", named, last);
    }
}

static int32_t counted(const struct days_off *off, int32_t day, int n, bool working)
{
    int step = n < 0 ? -1 : 1;

    while (n != 0) {
        day += step;
        if (!working || works(off, day))
            n -= step;
    }
    return day;
}

static void check_relative(const struct days_off *off, int year)
{
    struct dd_deadline_rule rule = {.anchor = DD_ANCHOR_AT,
                                    .days = (int16_t)draw_from(-RELATIVE_DAYS, RELATIVE_DAYS),
                                    .working = draw(2) == 0,
                                    .roll = draw(2) == 0};
    int32_t anchor = day_of(date(year, 1, 1)) + (int32_t)draw(2 * 365);
    int32_t expected = counted(off, anchor, rule.days, rule.working);

    if (rule.roll)
        expected = rolled(off, expected, rule.days < 0 ? -1 : 1);
    int32_t last = dd_deadline_rule_relative(&rule, anchor, off->years, 2);
    HOLDS(last == expected, "%d days from %d: %d, not %d\n", rule.days, anchor, last, expected);
}

static void days_off_and_made_up_move_deadlines_as_counted_by_hand(void **state)
{
    static struct days_off off;
    const char *given = getenv("DD_SEED");
    uint64_t first = given ? strtoull(given, NULL, 10) : 1;
    uint64_t count = given ? 1 : SEEDS;
    (void)state;

    for (seed_now = first; seed_now < first + count; seed_now++) {
        random_state = seed_now;
        int year = draw_from(YEAR_FIRST, YEAR_LAST);
        draw_days_off(&off, year);
        HOLDS(dd_calendar_year_ok(&off.years[0]) && dd_calendar_year_ok(&off.years[1]), "years\n");
        check_recurring_roll(&off, year);
        check_relative(&off, year);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(recurring_rules_name_the_days_that_libical_names),
        cmocka_unit_test(weeks_are_those_of_libical_and_of_libc),
        cmocka_unit_test(days_off_and_made_up_move_deadlines_as_counted_by_hand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
