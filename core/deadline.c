/* Deadlines in the law's words. See core/deadline.h, which names the sources. */
#include "core/deadline.h"

#include "core/invariant.h"

bool dd_deadline_word_known(uint32_t number)
{
    return number >= DD_WORD_BEFORE && number <= DD_WORD_ON;
}

int32_t dd_deadline_last_day(enum dd_deadline_word word, int32_t day)
{
    switch (word) {
    case DD_WORD_BEFORE:
        DD_ASSERT(day > INT32_MIN);
        return day - 1;
    case DD_WORD_BY:
    case DD_WORD_ON:
        return day;
    }
    dd_invariant_broken("a deadline word that is none of the three", __FILE__, __LINE__);
}

int32_t dd_deadline_rolled(enum dd_deadline_roll roll, int32_t last_day,
                           const struct dd_calendar_year *years, size_t count)
{
    switch (roll) {
    case DD_ROLL_NONE:
        return last_day;
    case DD_ROLL_NEXT_WORKING:
        return dd_calendar_next_working(years, count, last_day);
    }
    dd_invariant_broken("a roll that is neither none nor next working day", __FILE__, __LINE__);
}

int64_t dd_deadline_bound_after(int32_t last_day, int offset_min)
{
    return dd_instant_at(last_day, 24 * 60, offset_min);
}

int64_t dd_deadline_bound(enum dd_deadline_word word, int32_t day, int offset_min)
{
    return dd_deadline_bound_after(dd_deadline_last_day(word, day), offset_min);
}

int64_t dd_deadline_rung(int32_t last_day, int n, bool working_days,
                         const struct dd_calendar_year *years, size_t count, int offset_min)
{
    int32_t day = dd_calendar_add(years, count, last_day, n, working_days);

    return dd_instant_at(day, DD_RUNG_MINUTE_OF_DAY, offset_min);
}
