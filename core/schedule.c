/*
 * Periods and the days that rules name in them. See core/schedule.h. Months are counted on one
 * line, year * 12 + month - 1, so that a month before or after a period needs no case of its own.
 */
#include "core/schedule.h"

#include "core/invariant.h"

enum {
    WEEK_DAYS = 7,
    THURSDAY = 4,          /* an ISO week belongs to the year of its Thursday */
    DAYS_PER_ERA = 146097, /* 400 years, after which the Gregorian calendar repeats */
    YEARS_PER_ERA = 400,
    ERA_YEAR = 2000 /* the first year of an era that core/calendar.h knows whole */
};

static int floor_divide(int value, int by)
{
    int quotient = value / by;

    return value % by < 0 ? quotient - 1 : quotient;
}

/* The day of a month on the line of months; its last one if it has no such day. Any month: a rule
 * may name one before 1970 or after 9999. */
static int32_t month_day(int month, int day)
{
    int era = floor_divide(month, YEARS_PER_ERA * 12) - ERA_YEAR / YEARS_PER_ERA;
    int within = month - era * YEARS_PER_ERA * 12;
    int last = dd_month_last_day(within / 12, within % 12 + 1);
    int32_t out = 0;
    bool found = dd_day_from_civil(within / 12, within % 12 + 1, day < last ? day : last, &out);

    DD_ASSERT(found);
    return out + era * DAYS_PER_ERA;
}

/* The month that the day lies in, on the line of months. */
static int month_of(int32_t day)
{
    int year;
    int month;
    int day_of_month;

    dd_day_to_civil(day, &year, &month, &day_of_month);
    return year * 12 + month - 1;
}

/* How many months the period has. */
static int months_of(enum dd_cadence every)
{
    switch (every) {
    case DD_CADENCE_MONTH:
        return 1;
    case DD_CADENCE_QUARTER:
        return 3;
    case DD_CADENCE_HALF:
        return 6;
    case DD_CADENCE_YEAR:
        return 12;
    case DD_CADENCE_WEEK:
        break;
    }
    dd_invariant_broken("a period that is not of whole months", __FILE__, __LINE__);
}

static int first_month(struct dd_span span)
{
    return span.year * 12 + (span.index - 1) * months_of(span.every);
}

/* The Monday of the week that holds the day. */
static int32_t monday_of(int32_t day)
{
    return day - (dd_day_weekday(day) - 1);
}

/* The Monday of week 1, the week that holds 4 January. */
static int32_t first_monday(int year)
{
    return monday_of(month_day(year * 12, 4));
}

int dd_span_count(enum dd_cadence every, int year)
{
    if (every == DD_CADENCE_WEEK)
        return (first_monday(year + 1) - first_monday(year)) / WEEK_DAYS;
    return 12 / months_of(every);
}

void dd_span_days(struct dd_span span, int32_t *from_day, int32_t *to_day)
{
    DD_ASSERT(span.index >= 1 && span.index <= dd_span_count(span.every, span.year));
    if (span.every == DD_CADENCE_WEEK) {
        *from_day = first_monday(span.year) + (span.index - 1) * WEEK_DAYS;
        *to_day = *from_day + WEEK_DAYS - 1;
        return;
    }
    *from_day = month_day(first_month(span), 1);
    *to_day = month_day(first_month(span) + months_of(span.every), 1) - 1;
}

struct dd_span dd_span_at(enum dd_cadence every, int32_t day)
{
    bool weekly = every == DD_CADENCE_WEEK;
    int month = month_of(weekly ? monday_of(day) + THURSDAY - 1 : day);
    int year = floor_divide(month, 12);
    int index = weekly ? (monday_of(day) - first_monday(year)) / WEEK_DAYS
                       : (month - year * 12) / months_of(every);

    return (struct dd_span){every, (int16_t)year, (uint8_t)(index + 1)};
}

struct dd_span dd_span_next(struct dd_span span)
{
    if (span.index < dd_span_count(span.every, span.year))
        span.index++;
    else
        span = (struct dd_span){span.every, (int16_t)(span.year + 1), 1};
    return span;
}

/* What stands before a period's number, and how many digits that has; a year has neither. */
static const char *span_mark(enum dd_cadence every, size_t *digits)
{
    *digits = 2;
    switch (every) {
    case DD_CADENCE_WEEK:
        return "-W";
    case DD_CADENCE_MONTH:
        return "-";
    case DD_CADENCE_QUARTER:
        *digits = 1;
        return "-Q";
    case DD_CADENCE_HALF:
        *digits = 1;
        return "-H";
    case DD_CADENCE_YEAR:
        *digits = 0;
        return "";
    }
    dd_invariant_broken("a cadence that is none", __FILE__, __LINE__);
}

static char *write_digits(char *out, int value, size_t width)
{
    for (size_t i = width; i > 0; i--) {
        out[i - 1] = (char)('0' + value % 10);
        value /= 10;
    }
    return out + width;
}

void dd_span_text(struct dd_span span, char out[DD_SPAN_TEXT_BYTES])
{
    size_t digits;
    const char *mark = span_mark(span.every, &digits);

    DD_ASSERT(span.year >= 0 && span.year <= DD_YEAR_MAX && span.index >= 1 && span.index < 100);
    char *at = write_digits(out, span.year, 4);
    while (*mark)
        *at++ = *mark++;
    at = write_digits(at, span.index, digits);
    *at = '\0';
}

/* Reads `width` digits at `at`; -1 if there are not so many. */
static int read_digits(struct dd_slice text, size_t at, size_t width)
{
    int value = 0;

    if (at > text.size || text.size - at < width)
        return -1;
    for (size_t i = 0; i < width; i++) {
        uint8_t c = text.data[at + i];
        if (c < '0' || c > '9')
            return -1;
        value = value * 10 + (c - '0');
    }
    return value;
}

bool dd_span_parse(struct dd_slice text, struct dd_span *out)
{
    int year = read_digits(text, 0, 4);

    if (year < DD_YEAR_MIN)
        return false;
    for (int every = DD_CADENCE_WEEK; every <= DD_CADENCE_YEAR; every++) {
        size_t digits;
        size_t at = 4;
        const char *mark = span_mark((enum dd_cadence)every, &digits);
        while (*mark && at < text.size && text.data[at] == (uint8_t)*mark) {
            at++;
            mark++;
        }
        int index = digits == 0 ? 1 : read_digits(text, at, digits);
        if (*mark || at + digits != text.size || index < 1 ||
            index > dd_span_count((enum dd_cadence)every, year))
            continue;
        *out = (struct dd_span){(enum dd_cadence)every, (int16_t)year, (uint8_t)index};
        return true;
    }
    return false;
}

bool dd_day_rule_ok(struct dd_day_rule rule, enum dd_cadence every)
{
    int last = every == DD_CADENCE_WEEK ? WEEK_DAYS : 31;

    return rule.month >= DD_MONTH_OFFSET_MIN && rule.month <= DD_MONTH_OFFSET_MAX &&
           rule.day >= 1 && rule.day <= last;
}

int32_t dd_day_rule_day(struct dd_day_rule rule, struct dd_span span)
{
    DD_ASSERT(dd_day_rule_ok(rule, span.every));
    if (span.every == DD_CADENCE_WEEK)
        return first_monday(span.year) + (span.index - 1 + rule.month - 1) * WEEK_DAYS + rule.day -
               1;
    return month_day(first_month(span) + rule.month - 1, rule.day);
}

bool dd_deadline_rule_owes(const struct dd_deadline_rule *rule, struct dd_span span)
{
    if (span.year < rule->first_year || (rule->last_year != 0 && span.year > rule->last_year))
        return false;
    return rule->every == DD_CADENCE_WEEK || (rule->except >> span.index & 1) == 0;
}

/* Rolls if the rule rolls: to the next working day, or, where the rule counts back from an instant,
 * to the one before, since the next may lie behind the instant. */
static int32_t rolled(const struct dd_deadline_rule *rule, int32_t day,
                      const struct dd_calendar_year *years, size_t count)
{
    if (!rule->roll)
        return day;
    if (rule->anchor == 0 || rule->days >= 0)
        return dd_deadline_rolled(DD_ROLL_NEXT_WORKING, day, years, count);
    day = dd_calendar_add(years, count, day, 0, false); /* within the range of days */
    return dd_calendar_works(years, count, day) ? day
                                                : dd_calendar_add(years, count, day, -1, true);
}

int32_t dd_deadline_rule_named_day(const struct dd_deadline_rule *rule, struct dd_span span)
{
    DD_ASSERT(rule->every != 0 && rule->every == span.every);
    return dd_deadline_last_day(rule->word, dd_day_rule_day(rule->on, span));
}

int32_t dd_deadline_rule_last_day(const struct dd_deadline_rule *rule, struct dd_span span,
                                  const struct dd_calendar_year *years, size_t count)
{
    return rolled(rule, dd_deadline_rule_named_day(rule, span), years, count);
}

int32_t dd_deadline_rule_relative(const struct dd_deadline_rule *rule, int32_t anchor_day,
                                  const struct dd_calendar_year *years, size_t count)
{
    enum dd_deadline_word word = rule->word == 0 ? DD_WORD_BY : rule->word;

    DD_ASSERT(rule->anchor != 0);
    int32_t day = dd_calendar_add(years, count, anchor_day, rule->days, rule->working);
    return rolled(rule, dd_deadline_last_day(word, day), years, count);
}

int32_t dd_deadline_rule_given(const struct dd_deadline_rule *rule, enum dd_deadline_word word,
                               int32_t day, const struct dd_calendar_year *years, size_t count)
{
    return rolled(rule, dd_deadline_last_day(word, day), years, count);
}

int32_t dd_deadline_rule_closing(const struct dd_deadline_rule *rule, struct dd_span span)
{
    return rule->has_closing ? dd_day_rule_day(rule->closing, span) : INT32_MAX;
}

void dd_occurrence_write(struct dd_writer *w, const struct dd_occurrence *occurrence)
{
    dd_write_u8(w, occurrence->stage);
    dd_write_u8(w, (uint8_t)occurrence->span.every);
    dd_write_u16(w, (uint16_t)occurrence->span.year);
    dd_write_u8(w, occurrence->span.index);
    dd_write_i32(w, occurrence->last_day);
    dd_write_i32(w, occurrence->closing_day);
}

struct dd_occurrence dd_occurrence_at(struct dd_slice bytes, size_t index)
{
    struct dd_occurrence out = {.stage = 0};

    DD_ASSERT(index < bytes.size / DD_OCCURRENCE_BYTES);
    struct dd_reader r = dd_reader_make(
        (struct dd_slice){bytes.data + index * DD_OCCURRENCE_BYTES, DD_OCCURRENCE_BYTES});
    out.stage = dd_read_u8(&r);
    out.span.every = (enum dd_cadence)dd_read_u8(&r);
    out.span.year = (int16_t)dd_read_u16(&r);
    out.span.index = dd_read_u8(&r);
    out.last_day = dd_read_i32(&r);
    out.closing_day = dd_read_i32(&r);
    return out;
}
