/*
 * What a programme owes again and again: the times that its recurring stages fall due, with the
 * switch "both or the longer one" for months in which two are due. Opening a cycle and printing the
 * calendar of a programme's file ask here, so that both say the same. Knows no unit and no present
 * time.
 *
 * A stage that yields to another owes nothing in a period whose last accepted day lies in a month
 * in which the other's last accepted day lies, too. Both days are those of the words, before any
 * roll: which duties there are does not hang on a calendar of holidays. What the other itself
 * yields to is not asked: where a monthly report yields to the quarterly one, and that to the
 * yearly one, a month with all three has the yearly one alone. A stage yields only to one that is
 * for every group it is for itself; else some group would owe neither.
 */
#ifndef DD_CORE_PROGRAMME_SCHEDULE_H
#define DD_CORE_PROGRAMME_SCHEDULE_H

#include "core/programme.h"

/* True if the stage, which recurs in such periods, owes something in that one: it is neither
 * excepted nor does it yield. A stage that does not recur in such periods is a bug. */
bool dd_programme_owes(const struct dd_programme *programme, uint8_t stage, struct dd_span span);

/* What the dossier's REPORT stages owe between two days, both included: each recurring one in every
 * period that lies wholly within them, and each with a date of the cycle once, with span.every 0
 * and last_day INT32_MAX for the caller to fill in. In the order of stages, then of periods. Stages
 * that are taken at any time owe nothing, nor do those whose reports the cycle names. Years as in
 * dd_calendar_works. Writes at most `capacity` and returns how many there are; if that is more than
 * capacity it stops counting at capacity + 1. */
size_t dd_programme_expand(const struct dd_programme *programme, int32_t from_day, int32_t to_day,
                           const struct dd_calendar_year *years, size_t count,
                           struct dd_occurrence *out, size_t capacity);

#endif
