/*
 * Civil days, instants, worked days. See core/calendar.h. The year is taken as beginning on 1
 * March, so that the day that comes and goes is the last of the year; 400 such years are always
 * 146,097 days.
 */
#include "core/calendar.h"

#include <string.h>

#include "core/invariant.h"

enum {
    DAYS_PER_ERA = 146097,  /* 400 years */
    DAYS_TO_EPOCH = 719468, /* from 0000-03-01 to 1970-01-01 */
    MINUTE_MS = 60 * 1000,
    DAY_MS = 24 * 60 * MINUTE_MS,
    SATURDAY = 6
};

static int64_t floor_divide(int64_t value, int64_t by)
{
    int64_t quotient = value / by;

    return value % by < 0 ? quotient - 1 : quotient;
}

/* 0..by - 1; what floor_divide leaves, without multiplying back, which near INT64_MIN overflows. */
static int64_t floor_remainder(int64_t value, int64_t by)
{
    int64_t remainder = value % by;

    return remainder < 0 ? remainder + by : remainder;
}

int dd_month_last_day(int year, int month)
{
    static const int8_t last[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    if (year < DD_YEAR_MIN || year > DD_YEAR_MAX || month < 1 || month > 12)
        return 0;
    if (month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0))
        return 29;
    return last[month - 1];
}

bool dd_day_from_civil(int year, int month, int day, int32_t *out)
{
    if (day < 1 || day > dd_month_last_day(year, month))
        return false;
    int march_year = month > 2 ? year : year - 1;
    int march_month = month > 2 ? month - 3 : month + 9; /* March is 0 */
    int era = march_year / 400;
    int year_of_era = march_year % 400;
    /* (153 m + 2) / 5 is the number of days before the m-th month from March. */
    int day_of_year = (153 * march_month + 2) / 5 + day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    *out = era * DAYS_PER_ERA + day_of_era - DAYS_TO_EPOCH;
    return true;
}

void dd_day_to_civil(int32_t day, int *year, int *month, int *day_of_month)
{
    int64_t shifted = (int64_t)day + DAYS_TO_EPOCH;
    int64_t era = floor_divide(shifted, DAYS_PER_ERA);
    int day_of_era = (int)floor_remainder(shifted, DAYS_PER_ERA); /* 0..146096 */
    /* Take out the leap days passed so far, then every year has 365 days. */
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int march_month = (5 * day_of_year + 2) / 153;

    *day_of_month = day_of_year - (153 * march_month + 2) / 5 + 1;
    *month = march_month < 10 ? march_month + 3 : march_month - 9;
    *year = (int)(era * 400) + year_of_era + (*month <= 2 ? 1 : 0);
}

int dd_day_weekday(int32_t day)
{
    /* Day 0 was a Thursday, the fourth. */
    int64_t since_monday = (int64_t)day + 3;

    return (int)floor_remainder(since_monday, 7) + 1;
}

/* Reads `width` digits at *at; false if there are not so many. */
static bool read_digits(struct dd_slice text, size_t *at, size_t width, int *value)
{
    if (text.size - *at < width)
        return false;
    *value = 0;
    for (size_t i = 0; i < width; i++) {
        uint8_t c = text.data[*at + i];
        if (c < '0' || c > '9')
            return false;
        *value = *value * 10 + (c - '0');
    }
    *at += width;
    return true;
}

/* Steps over one character if it is `c`. */
static bool read_char(struct dd_slice text, size_t *at, char c)
{
    if (*at >= text.size || text.data[*at] != (uint8_t)c)
        return false;
    *at += 1;
    return true;
}

static bool read_day(struct dd_slice text, size_t *at, int32_t *out)
{
    int year;
    int month;
    int day;

    return read_digits(text, at, 4, &year) && read_char(text, at, '-') &&
           read_digits(text, at, 2, &month) && read_char(text, at, '-') &&
           read_digits(text, at, 2, &day) && dd_day_from_civil(year, month, day, out);
}

bool dd_day_parse(struct dd_slice text, int32_t *out)
{
    size_t at = 0;
    int32_t day;

    if (!read_day(text, &at, &day) || at != text.size)
        return false;
    *out = day;
    return true;
}

/* Writes exactly `width` digits and gives the place behind them. */
static char *write_digits(char *out, int value, size_t width)
{
    for (size_t i = width; i > 0; i--) {
        out[i - 1] = (char)('0' + value % 10);
        value /= 10;
    }
    return out + width;
}

void dd_day_format(int32_t day, char out[DD_DAY_TEXT_BYTES])
{
    int year;
    int month;
    int day_of_month;

    memcpy(out, "----------", DD_DAY_TEXT_BYTES);
    dd_day_to_civil(day, &year, &month, &day_of_month);
    if (year < 1 || year > DD_YEAR_MAX)
        return;
    write_digits(out, year, 4);
    write_digits(out + 5, month, 2);
    write_digits(out + 8, day_of_month, 2);
}

int64_t dd_instant_at(int32_t day, int minute_of_day, int offset_min)
{
    return day * (int64_t)DAY_MS + ((int64_t)minute_of_day - offset_min) * MINUTE_MS;
}

/* Splits an instant into the day and the milliseconds of that day on clocks at offset_min. The day
 * is taken out first: the instant and its offset together may not fit 64 bits. */
static int64_t local_day(int64_t at_ms, int offset_min, int64_t *ms_of_day)
{
    int64_t day = floor_divide(at_ms, DAY_MS);
    int64_t rest = floor_remainder(at_ms, DAY_MS) + (int64_t)offset_min * MINUTE_MS;

    *ms_of_day = floor_remainder(rest, DAY_MS);
    return day + floor_divide(rest, DAY_MS);
}

int32_t dd_day_at(int64_t at_ms, int offset_min)
{
    int64_t ms_of_day;
    int64_t day = local_day(at_ms, offset_min, &ms_of_day);

    if (day < INT32_MIN)
        return INT32_MIN;
    return day > INT32_MAX ? INT32_MAX : (int32_t)day;
}

/* HH:MM, then perhaps :SS, then perhaps .mmm; the milliseconds since midnight. */
static bool read_time(struct dd_slice text, size_t *at, int *ms_of_day)
{
    int hour;
    int minute;
    int second = 0;
    int ms = 0;

    if (!read_digits(text, at, 2, &hour) || !read_char(text, at, ':') ||
        !read_digits(text, at, 2, &minute))
        return false;
    if (read_char(text, at, ':')) {
        if (!read_digits(text, at, 2, &second))
            return false;
        if (read_char(text, at, '.') && !read_digits(text, at, 3, &ms))
            return false;
    }
    if (hour > 23 || minute > 59 || second > 59)
        return false;
    *ms_of_day = (hour * 60 + minute) * MINUTE_MS + second * 1000 + ms;
    return true;
}

/* Z, +HH:MM or -HH:MM; nothing at all leaves *offset_min as it is. */
static bool read_offset(struct dd_slice text, size_t *at, int *offset_min)
{
    int sign = 1;
    int hour;
    int minute;

    if (*at == text.size)
        return true;
    if (read_char(text, at, 'Z')) {
        *offset_min = 0;
        return true;
    }
    if (!read_char(text, at, '+')) {
        if (!read_char(text, at, '-'))
            return false;
        sign = -1;
    }
    if (!read_digits(text, at, 2, &hour) || !read_char(text, at, ':') ||
        !read_digits(text, at, 2, &minute))
        return false;
    if (minute > 59 || hour * 60 + minute > DD_OFFSET_MIN_MAX)
        return false;
    *offset_min = sign * (hour * 60 + minute);
    return true;
}

bool dd_instant_parse(struct dd_slice text, int default_offset_min, int64_t *at_ms, int *offset_min)
{
    size_t at = 0;
    int32_t day;
    int ms_of_day;
    int offset = default_offset_min;

    if (!read_day(text, &at, &day) || !read_char(text, &at, 'T') ||
        !read_time(text, &at, &ms_of_day) || !read_offset(text, &at, &offset) || at != text.size)
        return false;
    *at_ms = dd_instant_at(day, 0, offset) + ms_of_day;
    *offset_min = offset;
    return true;
}

static char *write_clock(char *out, int hour, int minute)
{
    out = write_digits(out, hour, 2);
    *out++ = ':';
    return write_digits(out, minute, 2);
}

void dd_instant_format(int64_t at_ms, int offset_min, char out[DD_INSTANT_TEXT_BYTES])
{
    int64_t ms_of_day;
    int64_t day = local_day(at_ms, offset_min, &ms_of_day);
    int ms = (int)ms_of_day;

    memcpy(out, "-", 2);
    if (offset_min < -DD_OFFSET_MIN_MAX || offset_min > DD_OFFSET_MIN_MAX)
        return;
    if (day < -DAYS_TO_EPOCH + 306 || day > DD_DAY_MAX) /* 306 days on is 0001-01-01 */
        return;
    dd_day_format((int32_t)day, out);
    char *at = out + DD_DAY_TEXT_BYTES - 1;
    *at++ = 'T';
    at = write_clock(at, ms / (60 * MINUTE_MS), ms / MINUTE_MS % 60);
    *at++ = ':';
    at = write_digits(at, ms / 1000 % 60, 2);
    if (ms % 1000 != 0) {
        *at++ = '.';
        at = write_digits(at, ms % 1000, 3);
    }
    int offset = offset_min < 0 ? -offset_min : offset_min;
    *at++ = offset_min < 0 ? '-' : '+';
    at = write_clock(at, offset / 60, offset % 60);
    *at = '\0';
}

static int year_of(int32_t day)
{
    int year;
    int month;
    int day_of_month;

    dd_day_to_civil(day, &year, &month, &day_of_month);
    return year;
}

bool dd_calendar_year_ok(const struct dd_calendar_year *year)
{
    if (year->year < DD_YEAR_MIN || year->year > DD_YEAR_MAX ||
        year->offset_min < -DD_OFFSET_MIN_MAX || year->offset_min > DD_OFFSET_MIN_MAX ||
        year->count > DD_CALENDAR_DAYS_MAX)
        return false;
    for (size_t i = 0; i < year->count; i++) {
        if (year_of(year->day[i].day) != year->year)
            return false;
        if (i > 0 && year->day[i].day <= year->day[i - 1].day)
            return false;
    }
    return true;
}

static const struct dd_calendar_day *exception_of(const struct dd_calendar_year *year, int32_t day)
{
    size_t low = 0;
    size_t high = year->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (year->day[middle].day == day)
            return &year->day[middle];
        if (year->day[middle].day < day)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

bool dd_calendar_works(const struct dd_calendar_year *years, size_t count, int32_t day)
{
    int year = count > 0 ? year_of(day) : 0;

    for (size_t i = 0; i < count; i++) {
        if (years[i].year != year)
            continue;
        const struct dd_calendar_day *exception = exception_of(&years[i], day);
        if (exception)
            return exception->works;
        break;
    }
    return dd_day_weekday(day) < SATURDAY;
}

/* The next worked day after the day (step 1) or the last before it (step -1), within the range. */
static int32_t next_worked(const struct dd_calendar_year *years, size_t count, int32_t day,
                           int32_t step)
{
    int32_t end = step > 0 ? DD_DAY_MAX : DD_DAY_MIN;

    DD_ASSERT(day >= DD_DAY_MIN && day <= DD_DAY_MAX);
    while (day != end) {
        day += step;
        if (dd_calendar_works(years, count, day))
            return day;
    }
    return end;
}

static int32_t within_range(int64_t day)
{
    if (day < DD_DAY_MIN)
        return DD_DAY_MIN;
    return day > DD_DAY_MAX ? DD_DAY_MAX : (int32_t)day;
}

int32_t dd_calendar_next_working(const struct dd_calendar_year *years, size_t count, int32_t day)
{
    day = within_range(day);
    return dd_calendar_works(years, count, day) ? day : next_worked(years, count, day, 1);
}

int32_t dd_calendar_add(const struct dd_calendar_year *years, size_t count, int32_t day, int n,
                        bool working_days)
{
    if (!working_days)
        return within_range((int64_t)day + n);
    day = within_range(day);
    for (int left = n; left != 0; left -= n > 0 ? 1 : -1) {
        int32_t found = next_worked(years, count, day, n > 0 ? 1 : -1);
        if (found == day)
            break; /* at the end of all days */
        day = found;
    }
    return day;
}
