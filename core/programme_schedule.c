/* What a programme owes again and again. See core/programme_schedule.h. */
#include "core/programme_schedule.h"

#include "core/invariant.h"

enum { WEEK_DAYS = 7, MONTH_DAYS_MAX = 31 };

/* The first day of the month that the day lies in. */
static int32_t month_start(int32_t day)
{
    int year;
    int month;
    int day_of_month;

    dd_day_to_civil(day, &year, &month, &day_of_month);
    return day - (day_of_month - 1);
}

/* True if the rule owes something in the period that holds the day, and its last accepted day there
 * lies from..to. */
static bool owes_within(const struct dd_deadline_rule *rule, int32_t at_day, int32_t from_day,
                        int32_t to_day)
{
    struct dd_span span = dd_span_at(rule->every, at_day);
    int32_t last = dd_deadline_rule_named_day(rule, span);

    return last >= from_day && last <= to_day && dd_deadline_rule_owes(rule, span);
}

/* The first day of the month `months` before the one that begins on the day. */
static int32_t months_back(int32_t day, int months)
{
    while (months > 0) {
        day = month_start(day - 1);
        months--;
    }
    while (months < 0) {
        day = month_start(day + MONTH_DAYS_MAX);
        months++;
    }
    return day;
}

/* True if the rule has an owed last accepted day in the month that holds the day. The named day is
 * that one or the one after it, so the periods to ask are found by counting back from this month
 * and the first day of the next. */
static bool is_due_in_month(const struct dd_deadline_rule *rule, int32_t day)
{
    int32_t from = month_start(day);
    int32_t next = month_start(from + MONTH_DAYS_MAX);
    int back = rule->on.month - 1;

    if (rule->every == DD_CADENCE_WEEK) {
        for (int32_t at = from; at < next + WEEK_DAYS; at += WEEK_DAYS) {
            if (owes_within(rule, at - back * WEEK_DAYS, from, next - 1))
                return true;
        }
        return false;
    }
    return owes_within(rule, months_back(from, back), from, next - 1) ||
           owes_within(rule, months_back(next, back), from, next - 1);
}

/* True if every party that the stage is for is one that the other is for. */
static bool covers(const struct dd_stage *other, const struct dd_stage *stage)
{
    if (other->group_count == 0)
        return true;
    for (uint8_t i = 0; i < stage->group_count; i++) {
        if (!dd_stage_is_for(other, stage->group[i]))
            return false;
    }
    return stage->group_count > 0;
}

bool dd_programme_owes(const struct dd_programme *programme, uint8_t stage, struct dd_span span)
{
    DD_ASSERT(stage < programme->stage_count);
    const struct dd_stage *self = &programme->stage[stage];

    if (!dd_deadline_rule_owes(&self->deadline, span))
        return false;
    if (self->yields_to.size == 0)
        return true;
    uint8_t index = dd_programme_stage_of_key(programme, self->yields_to);
    if (index == programme->stage_count || index == stage)
        return true;
    const struct dd_stage *other = &programme->stage[index];
    if (other->deadline.every == 0 || !covers(other, self))
        return true;
    return !is_due_in_month(&other->deadline, dd_deadline_rule_named_day(&self->deadline, span));
}

struct expansion {
    const struct dd_programme *programme;
    const struct dd_calendar_year *years;
    size_t year_count;
    struct dd_occurrence *out;
    size_t capacity;
    size_t found;
};

/* Keeps one more; false if there was no room for it. */
static bool add(struct expansion *e, struct dd_occurrence occurrence)
{
    e->found++;
    if (e->found > e->capacity)
        return false;
    e->out[e->found - 1] = occurrence;
    return true;
}

static bool expand_stage(struct expansion *e, uint8_t stage, int32_t from_day, int32_t to_day)
{
    const struct dd_deadline_rule *rule = &e->programme->stage[stage].deadline;
    struct dd_span span = dd_span_at(rule->every, from_day);
    int32_t from;
    int32_t to;

    dd_span_days(span, &from, &to);
    if (from < from_day)
        span = dd_span_next(span);
    for (dd_span_days(span, &from, &to); to <= to_day; dd_span_days(span, &from, &to)) {
        struct dd_occurrence occurrence = {
            stage, span, dd_deadline_rule_last_day(rule, span, e->years, e->year_count),
            dd_deadline_rule_closing(rule, span)};
        if (dd_programme_owes(e->programme, stage, span) && !add(e, occurrence))
            return false;
        span = dd_span_next(span);
    }
    return true;
}

size_t dd_programme_expand(const struct dd_programme *programme, int32_t from_day, int32_t to_day,
                           const struct dd_calendar_year *years, size_t count,
                           struct dd_occurrence *out, size_t capacity)
{
    struct expansion e = {programme, years, count, out, capacity, 0};
    bool room = true;

    for (uint8_t i = 0; room && i < programme->stage_count; i++) {
        const struct dd_stage *stage = &programme->stage[i];
        if (stage->act != DD_ACT_REPORT || stage->of.size > 0 || stage->any_time)
            continue;
        if (stage->deadline.every != 0)
            room = expand_stage(&e, i, from_day, to_day);
        else if (stage->deadline.date.size > 0)
            room = add(&e, (struct dd_occurrence){i, {.every = 0}, INT32_MAX, INT32_MAX});
    }
    return e.found;
}
