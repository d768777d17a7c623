/* What a report changes: its row, and the duty that it meets. See core/apply_parts.h. */
#include "core/apply_parts.h"
#include "core/invariant.h"

/* The party that the command names, and the cycle. */
static void find_party(const struct dd_change *change, struct dd_process *process, uint32_t *unit)
{
    bool found = dd_process_find(change->view, dd_command_cycle(change->command), process);
    DD_ASSERT(found);
    *unit = dd_number_of(change->view, DD_TABLE_UNIT_CODE, dd_command_unit(change->command));
}

struct dd_slice dd_submitted_figures(const struct dd_change *change)
{
    const struct dd_submit *c = &change->command->as.submit;
    size_t size = dd_figures_bytes(c->figures, c->figure_count);
    uint8_t *bytes = dd_arena_take(change->arena, size + 1);
    DD_ASSERT(bytes != NULL);
    struct dd_writer w = dd_writer_make(bytes, size + 1);
    dd_figures_write(&w, c->figures, c->figure_count);
    DD_ASSERT(!w.overflow);
    return dd_writer_slice(&w);
}

/* Logs from before programmes had several report stages do not say which one. */
static uint8_t stage_of(const struct dd_process *process, const struct dd_event *event)
{
    return event->kind == DD_EVENT_REPORT_TAKEN
               ? event->stage
               : dd_programme_stage(&process->programme, DD_ACT_REPORT, 0);
}

static void take(const struct dd_change *change, const struct dd_event *event)
{
    const struct dd_submit *c = &change->command->as.submit;
    const struct dd_entry *entry = change->entry;
    struct dd_process process;
    uint32_t unit;
    find_party(change, &process, &unit);
    uint8_t stage = stage_of(&process, event);
    struct dd_duty_key key = {process.number, unit, stage, (uint16_t)event->number, 0};
    struct dd_report_row row = {.received_ms = entry->received_ms,
                                .seq = entry->seq,
                                .account = entry->account,
                                .capacity = c->capacity,
                                .delegation = event->delegation,
                                .figures = dd_submitted_figures(change)};
    dd_put_report(change->view, process.number, unit, stage, key.a, event->version, &row);
    if (event->end != 0)
        dd_duty_end(change->view, &key, event->end, entry->received_ms, entry->seq);
}

void dd_apply_report_received(const struct dd_change *change, const struct dd_event *event)
{
    take(change, event);
}

void dd_apply_report_taken(const struct dd_change *change, const struct dd_event *event)
{
    take(change, event);
}
