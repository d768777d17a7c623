/*
 * Civil days, instants, and which days are worked. A day is a number since 1970-01-01 (day 0) in
 * the Gregorian calendar; an instant is milliseconds of UTC since then, shown at an offset in
 * minutes. Holidays and offsets are data that the caller hands in, year by year: no clock is read
 * here, and no zone file of the system.
 */
#ifndef DD_CORE_CALENDAR_H
#define DD_CORE_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/bytes.h"
#include "core/limits.h"

enum {
    DD_DAY_MIN = 0,             /* 1970-01-01, the first day of DD_YEAR_MIN */
    DD_DAY_MAX = 2932896,       /* 9999-12-31, the last of DD_YEAR_MAX */
    DD_DAY_TEXT_BYTES = 11,     /* "2013-06-25" and the 0 */
    DD_INSTANT_TEXT_BYTES = 32, /* "2013-06-25T00:00:00.000+07:00" and the 0, with room */
    DD_OFFSET_MIN_MAX = 14 * 60 /* an offset lies within -14:00 .. +14:00 */
};

/* The day of a date; false, leaving *out alone, for a date that does not exist (30 February) or a
 * year outside DD_YEAR_MIN..DD_YEAR_MAX. */
bool dd_day_from_civil(int year, int month, int day, int32_t *out);

/* The date of any day number, also outside the years above. Month 1..12, day 1..31. */
void dd_day_to_civil(int32_t day, int *year, int *month, int *day_of_month);

/* Reads YYYY-MM-DD, exactly; false as dd_day_from_civil. */
bool dd_day_parse(struct dd_slice text, int32_t *out);

/* Writes YYYY-MM-DD and a 0; ten hyphens for a day outside the years 1..9999. */
void dd_day_format(int32_t day, char out[DD_DAY_TEXT_BYTES]);

/* 1 = Monday .. 7 = Sunday. */
int dd_day_weekday(int32_t day);

/* The number of the month's last day, 28..31; 0 if there is no such month or year (as above). */
int dd_month_last_day(int year, int month);

/* The instant at which clocks at offset_min show that minute of that day (0 = 00:00; minutes beyond
 * 0..1439 count on into other days). */
int64_t dd_instant_at(int32_t day, int minute_of_day, int offset_min);

/* The day that clocks at offset_min show at the instant; an instant beyond all days gives INT32_MIN
 * or INT32_MAX. */
int32_t dd_day_at(int64_t at_ms, int offset_min);

/* Reads YYYY-MM-DDTHH:MM, then optionally :SS, then optionally .mmm, then optionally Z or +HH:MM or
 * -HH:MM (else default_offset_min holds). 24:00 and second 60 are refused, and offsets beyond
 * 14:00. False, leaving both results alone, for anything else. */
bool dd_instant_parse(struct dd_slice text, int default_offset_min, int64_t *at_ms,
                      int *offset_min);

/* Writes 2013-06-25T00:00:00+07:00 and a 0: milliseconds only if they are not zero, +00:00 for UTC;
 * "-" for an instant outside the years 1..9999 or an offset beyond 14:00. */
void dd_instant_format(int64_t at_ms, int offset_min, char out[DD_INSTANT_TEXT_BYTES]);

/* A day that is not as its weekday says: a holiday, or a make-up working day. */
struct dd_calendar_day {
    int32_t day;
    bool works;
};

/* One year as data: its offset, and its exceptions in rising order, each day once. */
struct dd_calendar_year {
    int year;
    int16_t offset_min;
    uint16_t count;
    struct dd_calendar_day day[DD_CALENDAR_DAYS_MAX];
};

/* True if year, offset and count are within limits and the days are of that year, rising, each
 * once: what the functions below may rely on. */
bool dd_calendar_year_ok(const struct dd_calendar_year *year);

/* True if the day is worked: Monday to Friday, unless the year's data says otherwise. A year
 * without data has its weekends only. The years (borrowed, `count` of them) may come in any order.
 */
bool dd_calendar_works(const struct dd_calendar_year *years, size_t count, int32_t day);

/* The day itself if it is worked, else the next one that is; DD_DAY_MAX if there is none. */
int32_t dd_calendar_next_working(const struct dd_calendar_year *years, size_t count, int32_t day);

/* n days after the day (before it if n < 0). With working_days only worked days are counted, so the
 * result is worked; n = 0 is the day itself, worked or not. A result outside DD_DAY_MIN..DD_DAY_MAX
 * is brought to that end. */
int32_t dd_calendar_add(const struct dd_calendar_year *years, size_t count, int32_t day, int n,
                        bool working_days);

#endif
