/*
 * Deadlines in the law's own words, and the instants of reminders. The three words are those of one
 * rulebook (Ha Tinh, decision 3713/QD-UBND of 25/11/2013), which uses all of them:
 *
 *   "trước ngày D"          strictly before D: the last accepted day is D - 1
 *   "chậm nhất vào ngày D"  at the latest on D: D is included
 *   "ngày D"                on D: D is included
 *
 * A term ends at the end of its last day, 24:00 local, that is at the first instant of the next
 * (Civil Code 2015, article 148). The same article moves the end of a term that falls on a day off
 * to the next working day; whether that holds for a date fixed by a rulebook is written nowhere, so
 * it is a switch of each rule and off by default. The day on which a term begins is not counted
 * (article 147): "n days from X" is dd_calendar_add(X, n) and then DD_WORD_BY.
 *
 * The bound is the first instant that is refused: an act stamped at the bound is late, one
 * millisecond earlier it is on time. Knows no duty, no programme and no present time.
 */
#ifndef DD_CORE_DEADLINE_H
#define DD_CORE_DEADLINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/calendar.h"

/* The numbers are stored in programmes and never change; 0 is no word. */
enum dd_deadline_word {
    DD_WORD_BEFORE = 1, /* trước ngày D */
    DD_WORD_BY = 2,     /* chậm nhất vào ngày D */
    DD_WORD_ON = 3      /* ngày D */
};

/* Stored as the words are. */
enum dd_deadline_roll {
    DD_ROLL_NONE = 0,
    DD_ROLL_NEXT_WORKING = 1 /* a last day that is off moves to the next working day */
};

enum { DD_RUNG_MINUTE_OF_DAY = 8 * 60 }; /* reminders are due at 08:00 local */

/* True if the number is one of the words, so that it may be cast to the enum. */
bool dd_deadline_word_known(uint32_t number);

/* The last accepted day under the word. A word that is none of the three is a bug. */
int32_t dd_deadline_last_day(enum dd_deadline_word word, int32_t day);

/* The last accepted day after rolling by the calendar (years borrowed, as in dd_calendar_works). */
int32_t dd_deadline_rolled(enum dd_deadline_roll roll, int32_t last_day,
                           const struct dd_calendar_year *years, size_t count);

/* The bound of a last accepted day: the next day, 00:00 at offset_min, in ms UTC. */
int64_t dd_deadline_bound_after(int32_t last_day, int offset_min);

/* The bound without rolling: before D is D 00:00; by and on D are D + 1 00:00. */
int64_t dd_deadline_bound(enum dd_deadline_word word, int32_t day, int offset_min);

/* The instant of reminder rung n: 08:00 local on last_day + n, in calendar or in working days as
 * dd_calendar_add counts them (n = 0 is the last day itself). */
int64_t dd_deadline_rung(int32_t last_day, int n, bool working_days,
                         const struct dd_calendar_year *years, size_t count, int offset_min);

#endif
