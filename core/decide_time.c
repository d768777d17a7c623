/* What time does, and what the notifier says it did. See core/decide_parts.h. */
#include "core/decide_parts.h"
#include "core/invariant.h"

static bool add_due(struct dd_judgement *j, const struct dd_duty_key *key, int64_t at_ms)
{
    struct dd_process process;
    struct dd_duty_row duty;
    bool found = dd_process_get(j->view, key->cycle, &process) && dd_get_duty(j->view, key, &duty);
    DD_ASSERT(found && duty.end == DD_END_OPEN && duty.next_at_ms == at_ms);
    bool lapses = dd_duty_lapses_next(&process, key, &duty);
    struct dd_event *event =
        dd_events_add(j->events, lapses ? DD_EVENT_DUTY_LAPSED : DD_EVENT_RUNG_REACHED);
    if (!event)
        return false;
    event->duty = *key;
    if (lapses)
        return true;
    const struct dd_stage *stage = &process.programme.stage[key->stage];
    DD_ASSERT(duty.next_rung < stage->rung_count);
    event->rung = stage->rung[duty.next_rung];
    event->superior = stage->superior[duty.next_rung];
    event->at_ms = at_ms;
    return true;
}

/* At most DD_TICK_EVENTS_MAX at once, the earliest first; the same instant comes again until a Tick
 * finds nothing. A duty's next rung is due only when this one was reached, so each gives one event.
 */
enum dd_status dd_decide_tick(struct dd_judgement *j)
{
    struct dd_duty_key key;
    int64_t at_ms;
    bool found = dd_next_due(j->view, 0, NULL, &at_ms, &key);
    while (found && at_ms <= j->context->at_ms && j->events->count < DD_TICK_EVENTS_MAX) {
        if (!add_due(j, &key, at_ms))
            return DD_TOO_LARGE;
        dd_duty_step(&key);
        if (key.unit == 0)
            key.cycle++;
        found = dd_next_due(j->view, at_ms, &key, &at_ms, &key);
    }
    return DD_OK;
}

enum dd_status dd_decide_reminded(struct dd_judgement *j, const struct dd_reminded *c)
{
    enum dd_status status = dd_needs_role(j, DD_ROLE_NOTIFIER);
    if (status != DD_OK)
        return status;
    for (size_t i = 0; i < c->reminder_count; i++) {
        struct dd_reminder_row row;
        if (!dd_get_reminder(j->view, c->reminders[i].seq, c->reminders[i].index, &row))
            return dd_no_number(j, DD_RULE_NO_SUCH_REMINDER, "reminders.seq",
                                (int64_t)c->reminders[i].seq);
    }
    DD_EVENT_OR_RETURN(event, j, DD_EVENT_REMINDER_NOTED);
    (void)event;
    return DD_OK;
}

enum dd_status dd_needs_calendars(struct dd_judgement *j, const char *field, int32_t a, int32_t b)
{
    struct dd_calendar_year calendar;
    int first;
    int last;
    int month;
    int day;
    dd_day_to_civil(a < b ? a : b, &first, &month, &day);
    dd_day_to_civil(a < b ? b : a, &last, &month, &day);
    for (int year = first; year <= last; year++) {
        if (year < DD_YEAR_MIN || !dd_get_calendar(j->view, year, &calendar))
            return dd_no_number(j, DD_RULE_NO_CALENDAR, field, year);
    }
    return DD_OK;
}
