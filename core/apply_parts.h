/*
 * The parts of core/apply: one function an event. Private to core/apply*.c.
 */
#ifndef DD_CORE_APPLY_PARTS_H
#define DD_CORE_APPLY_PARTS_H

#include "core/apply.h"

/* An entry being applied, at one of its events. */
struct dd_change {
    const struct dd_view *view;
    struct dd_arena *arena;
    const struct dd_entry *entry;
    const struct dd_command *command;
    uint16_t index; /* of the event in its entry */
};

/* The figures that the Submit at hand brings, as rows keep them; they lie in the arena. */
struct dd_slice dd_submitted_figures(const struct dd_change *change);

void dd_apply_founded(const struct dd_change *change, const struct dd_event *event);
void dd_apply_units(const struct dd_change *change, const struct dd_event *event);
void dd_apply_account_put(const struct dd_change *change, const struct dd_event *event);
void dd_apply_account_revoked(const struct dd_change *change, const struct dd_event *event);
void dd_apply_calendar_put(const struct dd_change *change, const struct dd_event *event);
void dd_apply_programme_put(const struct dd_change *change, const struct dd_event *event);
void dd_apply_cycle_staged(const struct dd_change *change, const struct dd_event *event);
void dd_apply_cycle_opened(const struct dd_change *change, const struct dd_event *event);
void dd_apply_cycle_closed(const struct dd_change *change, const struct dd_event *event);
void dd_apply_task_drafted(const struct dd_change *change, const struct dd_event *event);
void dd_apply_version_submitted(const struct dd_change *change, const struct dd_event *event);
void dd_apply_version_withdrawn(const struct dd_change *change, const struct dd_event *event);
void dd_apply_version_returned(const struct dd_change *change, const struct dd_event *event);
void dd_apply_version_agreed(const struct dd_change *change, const struct dd_event *event);
void dd_apply_version_approved(const struct dd_change *change, const struct dd_event *event);
void dd_apply_report_received(const struct dd_change *change, const struct dd_event *event);
void dd_apply_outcome_recorded(const struct dd_change *change, const struct dd_event *event);
void dd_apply_cycle_scheduled(const struct dd_change *change, const struct dd_event *event);
void dd_apply_report_taken(const struct dd_change *change, const struct dd_event *event);
void dd_apply_matter_opened(const struct dd_change *change, const struct dd_event *event);
void dd_apply_answer_taken(const struct dd_change *change, const struct dd_event *event);
void dd_apply_matter_decided(const struct dd_change *change, const struct dd_event *event);
void dd_apply_matter_progressed(const struct dd_change *change, const struct dd_event *event);
void dd_apply_duty_bent(const struct dd_change *change, const struct dd_event *event);
void dd_apply_delegated(const struct dd_change *change, const struct dd_event *event);
void dd_apply_transferred(const struct dd_change *change, const struct dd_event *event);
void dd_apply_published(const struct dd_change *change, const struct dd_event *event);
void dd_apply_duty_lapsed(const struct dd_change *change, const struct dd_event *event);
void dd_apply_rung_reached(const struct dd_change *change, const struct dd_event *event);
void dd_apply_reminder_noted(const struct dd_change *change, const struct dd_event *event);

#endif
