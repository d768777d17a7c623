/*
 * Deadlines as data: the day that a rule names within a period ("trước ngày 25 hàng tháng", "chậm
 * nhất vào ngày 15 của tháng cuối quý", "ngày 20 tháng trước", "trước ngày 15/11 năm trước"), a day
 * that the cycle or the matter brings, or so many days before or after an instant ("chậm nhất 01
 * ngày trước cuộc họp"). The days themselves come from core/deadline.h and core/calendar.h. Knows
 * no unit, no duty and no present time: the same functions make a cycle's duties and print the
 * calendar of a programme file.
 *
 * Periods: week n of a year is that of ISO 8601 (week 1 holds 4 January, weeks begin on Monday);
 * months, quarters, halves and years are those of the calendar. A day's month is counted from the
 * period's first: 1 is the first month of the period, 0 the month before it, 3 a quarter's last;
 * for a year 11 is its November and -1 the November before it. A day that its month does not have
 * is its last one (Civil Code 2015, article 148). In a week `month` counts weeks (1: its own) and
 * `day` is 1 = Monday .. 7.
 */
#ifndef DD_CORE_SCHEDULE_H
#define DD_CORE_SCHEDULE_H

#include "core/deadline.h"
#include "core/words.h"

/* A day within a period. */
struct dd_day_rule {
    int8_t month; /* DD_MONTH_OFFSET_MIN to DD_MONTH_OFFSET_MAX */
    uint8_t day;  /* 1 to 31; in a week 1 to 7 */
};

enum { DD_MONTH_OFFSET_MIN = -23, DD_MONTH_OFFSET_MAX = 24, DD_RELATIVE_DAYS_MAX = 366 };

/* When something is due; all zero: there is no bound. At most one of `date`, `every` and `anchor`
 * is given; with a word alone the duty's own object brings the day (a report of the cycle, an
 * indicator, a matter). */
struct dd_deadline_rule {
    enum dd_deadline_word word;
    struct dd_slice date;  /* a date of the cycle, by name */
    enum dd_cadence every; /* comes back in each such period, */
    struct dd_day_rule on; /* on this day of it, */
    uint16_t except;       /* but not in period n of the year: bit n (not for weeks), */
    uint16_t first_year;   /* and only in periods of the years from this */
    uint16_t last_year;    /* to this one; 0: from the first on, without end */
    bool has_closing;      /* the data it is about close on this day of the period */
    struct dd_day_rule closing;
    enum dd_anchor anchor; /* or so many days after it, before it if negative: the day of the */
    int16_t days;          /* anchor is not counted (Civil Code, article 147) */
    bool working;          /* counted in working days */
    bool roll;             /* a last day that is off moves to the next working day */
};

/* A period: week, month, quarter, half or year. */
struct dd_span {
    enum dd_cadence every;
    int16_t year;
    uint8_t index; /* 1 to 53, 12, 4, 2 or 1 */
};

enum { DD_SPAN_TEXT_BYTES = 12 };

/* True if the rule is one that the functions below take for such periods: month and day within the
 * bounds above. Whoever decodes a rule from outside asks this first. */
bool dd_day_rule_ok(struct dd_day_rule rule, enum dd_cadence every);

/* How many periods of that kind the year has: 52 or 53, 12, 4, 2, 1. */
int dd_span_count(enum dd_cadence every, int year);

/* The period's days, both included. An index that the year does not have is a bug. */
void dd_span_days(struct dd_span span, int32_t *from_day, int32_t *to_day);

/* The period that holds the day. */
struct dd_span dd_span_at(enum dd_cadence every, int32_t day);

/* The period after it. */
struct dd_span dd_span_next(struct dd_span span);

/* "2014-W05", "2014-01", "2014-Q1", "2014-H1", "2014", and a 0. Years 1970 to 9999. */
void dd_span_text(struct dd_span span, char out[DD_SPAN_TEXT_BYTES]);

/* Reads one of these; false, leaving *out alone, for anything else. */
bool dd_span_parse(struct dd_slice text, struct dd_span *out);

/* The day that the rule names in the period, also before 1970 and after 9999. A rule that is not
 * dd_day_rule_ok is a bug. */
int32_t dd_day_rule_day(struct dd_day_rule rule, struct dd_span span);

/* True if the rule owes something in that period: it is neither excepted nor of a year
 * that the rule is not for. */
bool dd_deadline_rule_owes(const struct dd_deadline_rule *rule, struct dd_span span);

/* The last accepted day of a recurring rule in the period by its words alone, never rolled: the
 * same whatever days are off. A rule that does not recur in such periods is a bug. */
int32_t dd_deadline_rule_named_day(const struct dd_deadline_rule *rule, struct dd_span span);

/* The last accepted day of a recurring rule in the period, rolled if it rolls (years borrowed, as
 * in dd_calendar_works). A rule that does not recur is a bug. */
int32_t dd_deadline_rule_last_day(const struct dd_deadline_rule *rule, struct dd_span span,
                                  const struct dd_calendar_year *years, size_t count);

/* The last accepted day of a relative rule whose anchor lies on that local day. Without a word the
 * last day counted is included ("by"). A rule that counts back rolls back, to the working day
 * before: the next one may lie behind the anchor. */
int32_t dd_deadline_rule_relative(const struct dd_deadline_rule *rule, int32_t anchor_day,
                                  const struct dd_calendar_year *years, size_t count);

/* The last accepted day of a day that comes from elsewhere (cycle, report, indicator, matter). */
int32_t dd_deadline_rule_given(const struct dd_deadline_rule *rule, enum dd_deadline_word word,
                               int32_t day, const struct dd_calendar_year *years, size_t count);

/* The day on which the data of that period close; INT32_MAX if the rule says nothing of it. */
int32_t dd_deadline_rule_closing(const struct dd_deadline_rule *rule, struct dd_span span);

/* One time that a recurring duty is owed. */
struct dd_occurrence {
    uint8_t stage;       /* of the programme */
    struct dd_span span; /* every 0: the stage's one date of the cycle, under no period */
    int32_t last_day;
    int32_t closing_day; /* INT32_MAX: none */
};

enum { DD_OCCURRENCE_BYTES = 13 };

/* Occurrences as a cycle keeps them, DD_OCCURRENCE_BYTES each. */
void dd_occurrence_write(struct dd_writer *w, const struct dd_occurrence *occurrence);
/* Number `index` of them, from 0; one that is not there is a bug. */
struct dd_occurrence dd_occurrence_at(struct dd_slice bytes, size_t index);

#endif
