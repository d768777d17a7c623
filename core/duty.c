/* Duties. See core/duty.h. */
#include "core/duty.h"

#include "core/invariant.h"

bool dd_process_get(const struct dd_view *view, uint32_t cycle, struct dd_process *out)
{
    out->number = cycle;
    return dd_get_cycle(view, cycle, &out->cycle) &&
           dd_get_programme(view, out->cycle.programme, &out->programme);
}

bool dd_process_find(const struct dd_view *view, struct dd_slice code, struct dd_process *out)
{
    uint32_t cycle = dd_number_of(view, DD_TABLE_CYCLE_CODE, code);
    return cycle != 0 && dd_process_get(view, cycle, out);
}

static const struct dd_stage *stage_of(const struct dd_process *process,
                                       const struct dd_duty_key *key)
{
    DD_ASSERT(key->stage < process->programme.stage_count);
    return &process->programme.stage[key->stage];
}

/* The calendars round a day, for working days; reads nothing where they do not matter. */
static size_t calendars_round(const struct dd_view *view, bool needed, int32_t day,
                              struct dd_calendar_year years[3])
{
    int year;
    int month;
    int day_of_month;
    size_t count = 0;
    if (!needed)
        return 0;
    dd_day_to_civil(day, &year, &month, &day_of_month);
    for (int y = year - 1; y <= year + 1; y++) {
        if (dd_get_calendar(view, y, &years[count]))
            count++;
    }
    return count;
}

enum { YEARS_FAR = 5 };

/* The calendars that a term of up to DD_RELATIVE_DAYS_MAX working days from the day may need. */
static size_t calendars_far(const struct dd_view *view, bool needed, int32_t day,
                            struct dd_calendar_year years[YEARS_FAR])
{
    int year;
    int month;
    int day_of_month;
    size_t count = 0;
    dd_day_to_civil(day, &year, &month, &day_of_month);
    for (int y = year - YEARS_FAR / 2; needed && y <= year + YEARS_FAR / 2; y++)
        count += y > 0 && dd_get_calendar(view, y, &years[count]);
    return count;
}

uint8_t dd_named_report_stage(const struct dd_programme *programme)
{
    uint8_t i = dd_programme_stage(programme, DD_ACT_REPORT, 0);
    while (i < programme->stage_count &&
           (programme->stage[i].any_time || programme->stage[i].deadline.every != 0 ||
            programme->stage[i].deadline.date.size > 0))
        i = dd_programme_stage(programme, DD_ACT_REPORT, (uint8_t)(i + 1));
    return i;
}

int32_t dd_duty_last_day(const struct dd_view *view, const struct dd_process *process,
                         uint8_t stage, int64_t at_ms)
{
    const struct dd_deadline_rule *rule = &process->programme.stage[stage].deadline;
    struct dd_calendar_year years[YEARS_FAR];
    if (rule->anchor != DD_ANCHOR_OPENING)
        return process->cycle.stage_last_day[stage];
    int32_t day = dd_day_at(at_ms, process->cycle.offset_min);
    size_t count = calendars_far(view, rule->working || rule->roll, day, years);
    return dd_deadline_rule_relative(rule, day, years, count);
}

int32_t dd_outcome_last_day(const struct dd_view *view, const struct dd_stage *stage,
                            int32_t due_day)
{
    struct dd_calendar_year years[3];
    const struct dd_deadline_rule *rule = &stage->deadline;
    if (rule->word == 0)
        return INT32_MAX;
    size_t count = calendars_round(view, rule->roll, due_day, years);
    return dd_deadline_rule_given(rule, rule->word, due_day, years, count);
}

enum dd_before dd_duty_before(const struct dd_process *process, uint8_t stage, uint16_t a,
                              uint16_t *before)
{
    const struct dd_deadline_rule *rule = &process->programme.stage[stage].deadline;
    int32_t from_day;
    int32_t to_day;
    *before = (uint16_t)(a > 0 ? a - 1 : 0);
    if (rule->every == 0)
        return rule->date.size == 0 && a > 0 ? DD_BEFORE_DUTY : DD_BEFORE_NOTHING;
    dd_span_days(dd_occurrence_at(process->cycle.occurrences, a).span, &from_day, &to_day);
    struct dd_span last = dd_span_at(rule->every, from_day - 1);
    dd_span_days(last, &from_day, &to_day);
    if (from_day < process->cycle.from_day)
        return DD_BEFORE_NOTHING;
    struct dd_occurrence earlier = dd_occurrence_at(process->cycle.occurrences, *before);
    bool owed = earlier.stage == stage && earlier.span.year == last.year &&
                earlier.span.index == last.index;
    return owed ? DD_BEFORE_DUTY : DD_BEFORE_UNKNOWN;
}

/* Sets next_rung and next_at to the first rung from next_rung on that is not before from_ms, or to
 * the bound where silence ends the duty first. */
static void arm(const struct dd_view *view, const struct dd_process *process,
                const struct dd_duty_key *key, struct dd_duty_row *duty, int64_t from_ms)
{
    const struct dd_stage *stage = stage_of(process, key);
    struct dd_calendar_year years[3];
    duty->next_at_ms = INT64_MAX;
    if (duty->last_day == INT32_MAX)
        return;
    size_t count = calendars_round(view, stage->working_days, duty->last_day, years);
    for (; duty->next_rung < stage->rung_count; duty->next_rung++) {
        int64_t at_ms =
            dd_deadline_rung(duty->last_day, stage->rung[duty->next_rung], stage->working_days,
                             years, count, process->cycle.offset_min);
        if (at_ms >= from_ms) {
            duty->next_at_ms = at_ms;
            break;
        }
    }
    if (dd_silence_ends(stage->silence) && duty->bound_ms < duty->next_at_ms)
        duty->next_at_ms = duty->bound_ms;
    if (duty->next_at_ms != INT64_MAX)
        dd_put_due(view, duty->next_at_ms, key);
}

static void disarm(const struct dd_view *view, const struct dd_duty_key *key,
                   struct dd_duty_row *duty)
{
    if (duty->next_at_ms != INT64_MAX)
        dd_del_due(view, duty->next_at_ms, key);
    duty->next_at_ms = INT64_MAX;
}

/* The bound that follows from the last day. */
static void set_last_day(const struct dd_process *process, struct dd_duty_row *duty,
                         int32_t last_day)
{
    duty->last_day = last_day;
    duty->bound_ms = INT64_MAX;
    if (last_day != INT32_MAX)
        duty->bound_ms = dd_deadline_bound_after(last_day, process->cycle.offset_min);
    if (duty->bound_ms < 0) /* the due index begins with 1970 */
        duty->bound_ms = 0;
}

void dd_duty_arise(const struct dd_view *view, const struct dd_process *process,
                   const struct dd_duty_key *key, int32_t last_day, int64_t at_ms)
{
    struct dd_duty_row before;
    struct dd_duty_row duty = {.arose_ms = at_ms, .end = DD_END_OPEN, .next_at_ms = INT64_MAX};
    if (dd_get_duty(view, key, &before))
        disarm(view, key, &before);
    set_last_day(process, &duty, last_day);
    arm(view, process, key, &duty, at_ms);
    dd_put_duty(view, key, &duty);
}

/* So many days more or less are left; none rather than less than none. */
static int32_t left_after(int32_t left, int32_t days)
{
    int64_t sum = (int64_t)left + days;
    return sum < 0 ? 0 : sum > DD_DAY_MAX ? DD_DAY_MAX : (int32_t)sum;
}

void dd_duty_redate(const struct dd_view *view, const struct dd_process *process,
                    const struct dd_duty_key *key, int32_t last_day, int32_t days, int64_t at_ms)
{
    struct dd_duty_row duty;
    if (!dd_get_duty(view, key, &duty) || duty.end == DD_END_SUPERSEDED) {
        dd_duty_arise(view, process, key, last_day, at_ms);
        return;
    }
    disarm(view, key, &duty);
    duty.next_rung = 0;
    if (duty.end != DD_END_WAIVED) {
        duty.end = DD_END_OPEN;
        duty.ended_ms = 0;
        duty.ended_seq = 0;
    }
    if (duty.suspended)
        duty.left_days = left_after(duty.left_days, days);
    else
        set_last_day(process, &duty, last_day);
    if (duty.end == DD_END_OPEN && !duty.suspended)
        arm(view, process, key, &duty, at_ms);
    dd_put_duty(view, key, &duty);
}

enum dd_end dd_duty_met(const struct dd_view *view, const struct dd_process *process,
                        const struct dd_duty_key *key, int64_t at_ms)
{
    struct dd_duty_row duty;
    if (!dd_get_duty(view, key, &duty) || duty.end != DD_END_OPEN)
        return 0;
    if (at_ms < duty.bound_ms)
        return DD_END_ON_TIME;
    return dd_silence_ends(stage_of(process, key)->silence) ? 0 : DD_END_LATE;
}

void dd_duty_end(const struct dd_view *view, const struct dd_duty_key *key, enum dd_end end,
                 int64_t at_ms, uint64_t seq)
{
    struct dd_duty_row duty;
    if (!dd_get_duty(view, key, &duty) || duty.end != DD_END_OPEN)
        return;
    disarm(view, key, &duty);
    duty.end = end;
    duty.ended_ms = at_ms;
    duty.ended_seq = seq;
    dd_put_duty(view, key, &duty);
}

void dd_duty_reopen(const struct dd_view *view, const struct dd_process *process,
                    const struct dd_duty_key *key, int64_t at_ms)
{
    struct dd_duty_row duty;
    if (!dd_get_duty(view, key, &duty) || duty.end == DD_END_OPEN)
        return;
    duty.end = DD_END_OPEN;
    duty.ended_ms = 0;
    duty.ended_seq = 0;
    if (process->cycle.state == DD_CYCLE_OPEN)
        arm(view, process, key, &duty, at_ms);
    dd_put_duty(view, key, &duty);
}

void dd_duty_rung_reached(const struct dd_view *view, const struct dd_process *process,
                          const struct dd_duty_key *key)
{
    struct dd_duty_row duty;
    bool found = dd_get_duty(view, key, &duty);
    DD_ASSERT(found && duty.end == DD_END_OPEN);
    int64_t reached_ms = duty.next_at_ms;
    disarm(view, key, &duty);
    duty.next_rung++;
    arm(view, process, key, &duty, reached_ms);
    dd_put_duty(view, key, &duty);
}

void dd_duty_extend(const struct dd_view *view, const struct dd_process *process,
                    const struct dd_duty_key *key, int32_t last_day, int64_t at_ms)
{
    struct dd_duty_row duty;
    bool found = dd_get_duty(view, key, &duty);
    DD_ASSERT(found && duty.end == DD_END_OPEN && !duty.suspended);
    disarm(view, key, &duty);
    duty.extensions++;
    duty.next_rung = 0;
    set_last_day(process, &duty, last_day);
    arm(view, process, key, &duty, at_ms);
    dd_put_duty(view, key, &duty);
}

/* Days behind the first up to the last, or the working ones among them. */
static int32_t days_between(const struct dd_calendar_year *years, size_t count, int32_t first,
                            int32_t last, bool working)
{
    int32_t days = 0;
    for (int32_t day = first + 1; working && day <= last; day++)
        days += dd_calendar_works(years, count, day);
    return working ? days : last - first;
}

void dd_duty_suspend(const struct dd_view *view, const struct dd_process *process,
                     const struct dd_duty_key *key, int64_t at_ms)
{
    struct dd_calendar_year years[YEARS_FAR];
    struct dd_duty_row duty;
    bool working = stage_of(process, key)->deadline.working;
    int32_t today = dd_day_at(at_ms, process->cycle.offset_min);
    bool found = dd_get_duty(view, key, &duty);
    DD_ASSERT(found && duty.end == DD_END_OPEN && !duty.suspended && duty.last_day >= today);
    size_t count = calendars_far(view, working, today, years);
    disarm(view, key, &duty);
    duty.left_days = days_between(years, count, today, duty.last_day, working);
    duty.suspended = true;
    duty.next_rung = 0;
    set_last_day(process, &duty, INT32_MAX);
    dd_put_duty(view, key, &duty);
}

int32_t dd_duty_resumed_day(const struct dd_view *view, const struct dd_process *process,
                            uint8_t stage, int32_t left_days, int64_t at_ms)
{
    struct dd_calendar_year years[YEARS_FAR];
    const struct dd_deadline_rule *rule = &process->programme.stage[stage].deadline;
    int32_t today = dd_day_at(at_ms, process->cycle.offset_min);
    size_t count = calendars_far(view, rule->working || rule->roll, today, years);
    int32_t last_day = dd_calendar_add(years, count, today, left_days, rule->working);
    if (rule->roll && (rule->anchor == 0 || rule->days >= 0))
        last_day = dd_deadline_rolled(DD_ROLL_NEXT_WORKING, last_day, years, count);
    return last_day;
}

void dd_duty_resume(const struct dd_view *view, const struct dd_process *process,
                    const struct dd_duty_key *key, int64_t at_ms)
{
    struct dd_duty_row duty;
    bool found = dd_get_duty(view, key, &duty);
    DD_ASSERT(found && duty.end == DD_END_OPEN && duty.suspended);
    set_last_day(process, &duty,
                 dd_duty_resumed_day(view, process, key->stage, duty.left_days, at_ms));
    duty.suspended = false;
    duty.left_days = 0;
    arm(view, process, key, &duty, at_ms);
    dd_put_duty(view, key, &duty);
}

void dd_duty_stop_all(const struct dd_view *view, uint32_t cycle)
{
    struct dd_duty_key key = {cycle, 0, 0, 0, 0};
    struct dd_duty_row duty;
    for (; dd_duty_next(view, &key, &duty); dd_duty_step(&key)) {
        if (duty.next_at_ms == INT64_MAX)
            continue;
        disarm(view, &key, &duty);
        dd_put_duty(view, &key, &duty);
    }
}

bool dd_duty_lapses_next(const struct dd_process *process, const struct dd_duty_key *key,
                         const struct dd_duty_row *duty)
{
    return dd_silence_ends(stage_of(process, key)->silence) && duty->next_at_ms == duty->bound_ms;
}

/* The code or period of a report; empty for one that is owed once, or at any time. */
static struct dd_slice report_name(const struct dd_process *process, const struct dd_duty_key *key,
                                   char period[DD_SPAN_TEXT_BYTES])
{
    const struct dd_stage *stage = stage_of(process, key);
    const struct dd_cycle_row *cycle = &process->cycle;
    period[0] = '\0';
    if (stage->any_time || stage->deadline.date.size > 0)
        return dd_slice_of(period);
    if (stage->deadline.every != 0) {
        DD_ASSERT(key->a < cycle->occurrences.size / DD_OCCURRENCE_BYTES);
        dd_span_text(dd_occurrence_at(cycle->occurrences, key->a).span, period);
        return dd_slice_of(period);
    }
    DD_ASSERT(key->a < cycle->report_count);
    return cycle->report[key->a].code;
}

void dd_duty_text(const struct dd_process *process, const struct dd_duty_key *key,
                  char out[DD_DUTY_TEXT_BYTES])
{
    const struct dd_stage *stage = stage_of(process, key);
    struct dd_writer w = dd_writer_make((uint8_t *)out, DD_DUTY_TEXT_BYTES - 1);
    char period[DD_SPAN_TEXT_BYTES];
    char digits[21];
    struct dd_slice about = {(const uint8_t *)digits, dd_decimal(key->a, digits)};
    if (stage->act == DD_ACT_REPORT)
        about = report_name(process, key, period);
    if (stage->act == DD_ACT_HAND_IN)
        about.size = 0;
    dd_write_raw(&w, stage->key.data, stage->key.size);
    if (about.size > 0)
        dd_write_u8(&w, '/');
    dd_write_raw(&w, about.data, about.size);
    if (stage->act == DD_ACT_OUTCOME && stage->of.size == 0) {
        dd_write_u8(&w, '.');
        dd_write_raw(&w, digits, dd_decimal(key->b, digits));
    }
    out[dd_writer_slice(&w).size] = '\0';
}

bool dd_duty_find(const struct dd_view *view, const struct dd_process *process, uint32_t unit,
                  struct dd_slice text, struct dd_duty_key *key, struct dd_duty_row *row)
{
    *key = (struct dd_duty_key){process->number, unit, 0, 0, 0};
    for (; dd_duty_next(view, key, row) && key->unit == unit; dd_duty_step(key)) {
        char name[DD_DUTY_TEXT_BYTES];
        dd_duty_text(process, key, name);
        if (dd_slice_equal(dd_slice_of(name), text))
            return true;
    }
    return false;
}

bool dd_duty_next(const struct dd_view *view, struct dd_duty_key *key, struct dd_duty_row *row)
{
    struct dd_key from = {.table = DD_TABLE_DUTY,
                          .part = {key->cycle, key->unit, key->stage, key->a, key->b, 0}};
    struct dd_key found;
    struct dd_slice value;
    if (!view->next(view->self, &from, &found, &value) || found.part[0] != key->cycle)
        return false;
    key->unit = (uint32_t)found.part[1];
    key->stage = (uint8_t)found.part[2];
    key->a = (uint16_t)found.part[3];
    key->b = (uint16_t)found.part[4];
    return dd_get_duty(view, key, row);
}

void dd_duty_step(struct dd_duty_key *key)
{
    if (++key->b == 0 && ++key->a == 0 && ++key->stage == 0)
        key->unit++;
}
