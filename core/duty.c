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
    if (stage->silence == DD_SILENCE_LAPSES && duty->bound_ms < duty->next_at_ms)
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

void dd_duty_arise(const struct dd_view *view, const struct dd_process *process,
                   const struct dd_duty_key *key, int32_t last_day, int64_t at_ms)
{
    struct dd_duty_row before;
    struct dd_duty_row duty = {.last_day = last_day,
                               .bound_ms = INT64_MAX,
                               .arose_ms = at_ms,
                               .end = DD_END_OPEN,
                               .next_at_ms = INT64_MAX};
    if (dd_get_duty(view, key, &before))
        disarm(view, key, &before);
    if (last_day != INT32_MAX)
        duty.bound_ms = dd_deadline_bound_after(last_day, process->cycle.offset_min);
    if (duty.bound_ms < 0) /* the due index begins with 1970 */
        duty.bound_ms = 0;
    arm(view, process, key, &duty, at_ms);
    dd_put_duty(view, key, &duty);
}

enum dd_end dd_duty_met(const struct dd_view *view, const struct dd_duty_key *key, int64_t at_ms)
{
    struct dd_duty_row duty;
    if (!dd_get_duty(view, key, &duty) || duty.end != DD_END_OPEN)
        return 0;
    return at_ms < duty.bound_ms ? DD_END_ON_TIME : DD_END_LATE;
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
    return stage_of(process, key)->silence == DD_SILENCE_LAPSES &&
           duty->next_at_ms == duty->bound_ms;
}

void dd_duty_text(const struct dd_process *process, const struct dd_duty_key *key,
                  char out[DD_DUTY_TEXT_BYTES])
{
    const struct dd_stage *stage = stage_of(process, key);
    struct dd_writer w = dd_writer_make((uint8_t *)out, DD_DUTY_TEXT_BYTES - 1);
    char digits[21];
    dd_write_raw(&w, stage->key.data, stage->key.size);
    if (stage->act != DD_ACT_HAND_IN)
        dd_write_u8(&w, '/');
    if (stage->act == DD_ACT_REPORT) {
        DD_ASSERT(key->a < process->cycle.report_count);
        struct dd_slice code = process->cycle.report[key->a].code;
        dd_write_raw(&w, code.data, code.size);
    } else if (stage->act != DD_ACT_HAND_IN) {
        dd_write_raw(&w, digits, dd_decimal(key->a, digits));
    }
    if (stage->act == DD_ACT_OUTCOME) {
        dd_write_u8(&w, '.');
        dd_write_raw(&w, digits, dd_decimal(key->b, digits));
    }
    out[dd_writer_slice(&w).size] = '\0';
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
