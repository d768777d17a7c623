/* apply: the dispatch, the memory of answers, and what time does. See core/apply.h. */
#include "core/apply.h"

#include <string.h>

#include "core/apply_parts.h"
#include "core/invariant.h"
#include "core/matter.h"

void dd_apply_duty_lapsed(const struct dd_change *change, const struct dd_event *event)
{
    struct dd_process process;
    struct dd_duty_row duty;
    bool found = dd_process_get(change->view, event->duty.cycle, &process) &&
                 dd_get_duty(change->view, &event->duty, &duty);
    DD_ASSERT(found);
    dd_duty_end(change->view, &event->duty, DD_END_LAPSED, duty.bound_ms, change->entry->seq);
    /* what follows arises at the bound, or with a duty whose bound was over when it arose */
    dd_matter_duty_ended(change->view, change->arena, &process, &event->duty, change->entry,
                         duty.bound_ms > duty.arose_ms ? duty.bound_ms : duty.arose_ms);
}

void dd_apply_rung_reached(const struct dd_change *change, const struct dd_event *event)
{
    struct dd_process process;
    struct dd_duty_row duty;
    bool found = dd_process_get(change->view, event->duty.cycle, &process) &&
                 dd_get_duty(change->view, &event->duty, &duty);
    DD_ASSERT(found);
    struct dd_reminder_row row = {.duty = event->duty,
                                  .rung = event->rung,
                                  .superior = event->superior,
                                  .at_ms = event->at_ms,
                                  .bound_ms = duty.bound_ms};
    dd_put_reminder(change->view, change->entry->seq, change->index, &row);
    dd_duty_rung_reached(change->view, &process, &event->duty);
}

void dd_apply_reminder_noted(const struct dd_change *change, const struct dd_event *event)
{
    (void)event;
    const struct dd_reminded *c = &change->command->as.reminded;
    for (size_t i = 0; i < c->reminder_count; i++) {
        struct dd_reminder_row row;
        bool found =
            dd_get_reminder(change->view, c->reminders[i].seq, c->reminders[i].index, &row);
        DD_ASSERT(found);
        if (row.delivered_ms != 0)
            continue;
        row.delivered_ms = change->entry->received_ms;
        dd_put_reminder(change->view, c->reminders[i].seq, c->reminders[i].index, &row);
    }
}

/* What each kind of event changes; decoding lets no other kind through. */
static void (*const appliers[])(const struct dd_change *change, const struct dd_event *event) = {
    [DD_EVENT_FOUNDED] = dd_apply_founded,
    [DD_EVENT_UNITS_STAGED] = dd_apply_units,
    [DD_EVENT_UNITS_PUT] = dd_apply_units,
    [DD_EVENT_ACCOUNT_PUT] = dd_apply_account_put,
    [DD_EVENT_CALENDAR_PUT] = dd_apply_calendar_put,
    [DD_EVENT_PROGRAMME_PUT] = dd_apply_programme_put,
    [DD_EVENT_CYCLE_STAGED] = dd_apply_cycle_staged,
    [DD_EVENT_CYCLE_OPENED] = dd_apply_cycle_opened,
    [DD_EVENT_CYCLE_CLOSED] = dd_apply_cycle_closed,
    [DD_EVENT_TASK_DRAFTED] = dd_apply_task_drafted,
    [DD_EVENT_VERSION_SUBMITTED] = dd_apply_version_submitted,
    [DD_EVENT_REPORT_RECEIVED] = dd_apply_report_received,
    [DD_EVENT_VERSION_WITHDRAWN] = dd_apply_version_withdrawn,
    [DD_EVENT_VERSION_RETURNED] = dd_apply_version_returned,
    [DD_EVENT_VERSION_AGREED] = dd_apply_version_agreed,
    [DD_EVENT_VERSION_APPROVED] = dd_apply_version_approved,
    [DD_EVENT_OUTCOME_RECORDED] = dd_apply_outcome_recorded,
    [DD_EVENT_ACCOUNT_REVOKED] = dd_apply_account_revoked,
    [DD_EVENT_DUTY_LAPSED] = dd_apply_duty_lapsed,
    [DD_EVENT_RUNG_REACHED] = dd_apply_rung_reached,
    [DD_EVENT_REMINDER_NOTED] = dd_apply_reminder_noted,
    [DD_EVENT_CYCLE_SCHEDULED] = dd_apply_cycle_scheduled,
    [DD_EVENT_REPORT_TAKEN] = dd_apply_report_taken,
    [DD_EVENT_MATTER_OPENED] = dd_apply_matter_opened,
    [DD_EVENT_ANSWER_TAKEN] = dd_apply_answer_taken,
    [DD_EVENT_MATTER_DECIDED] = dd_apply_matter_decided,
    [DD_EVENT_MATTER_PROGRESSED] = dd_apply_matter_progressed,
    [DD_EVENT_DUTY_BENT] = dd_apply_duty_bent,
    [DD_EVENT_DELEGATED] = dd_apply_delegated,
    [DD_EVENT_TRANSFERRED] = dd_apply_transferred,
    [DD_EVENT_PUBLISHED] = dd_apply_published,
};

static void remember(const struct dd_view *view, const struct dd_entry *entry,
                     const struct dd_command *command, const uint8_t command_hash[32])
{
    struct dd_remembered_row row = {.seq = entry->seq, .refusal = entry->refusal};
    memcpy(row.command_hash, command_hash, sizeof row.command_hash);
    dd_put_remembered(view, entry->account, &command->id, &row);
}

void dd_apply(const struct dd_view *view, struct dd_arena *arena, const struct dd_entry *entry,
              const struct dd_command *command, const uint8_t command_hash[32])
{
    struct dd_change change = {view, arena, entry, command, 0};
    DD_ASSERT(entry->refusal.status == DD_OK || entry->events.count == 0);
    for (size_t i = 0; i < entry->events.count; i++) {
        const struct dd_event *event = &entry->events.event[i];
        DD_ASSERT(event->kind < sizeof appliers / sizeof appliers[0] && appliers[event->kind]);
        change.index = (uint16_t)i;
        appliers[event->kind](&change, event);
    }
    if (entry->account != 0)
        remember(view, entry, command, command_hash);
}
