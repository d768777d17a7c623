/* What changes time and signatures: bent duties, delegations, duties passed on, publications. See
 * core/apply_parts.h. */
#include <string.h>

#include "core/apply_parts.h"
#include "core/invariant.h"
#include "core/matter.h"
#include "core/office.h"

void dd_apply_duty_bent(const struct dd_change *change, const struct dd_event *event)
{
    const struct dd_bend *c = &change->command->as.bend;
    const struct dd_entry *entry = change->entry;
    struct dd_process process;
    bool found = dd_process_get(change->view, event->duty.cycle, &process);
    DD_ASSERT(found);
    switch (c->act) {
    case DD_BEND_EXTEND:
        dd_duty_extend(change->view, &process, &event->duty, c->day, entry->received_ms);
        return;
    case DD_BEND_SUSPEND:
        dd_duty_suspend(change->view, &process, &event->duty, entry->received_ms);
        return;
    case DD_BEND_RESUME:
        dd_duty_resume(change->view, &process, &event->duty, entry->received_ms);
        return;
    case DD_BEND_WAIVE:
        dd_duty_end(change->view, &event->duty, DD_END_WAIVED, entry->received_ms, entry->seq);
        dd_matter_duty_ended(change->view, change->arena, &process, &event->duty, entry,
                             entry->received_ms);
        return;
    }
}

/* The keys of the stages that may be signed for, each with its length before it. */
static struct dd_slice stage_keys(const struct dd_change *change, const struct dd_delegate *c)
{
    size_t size = c->stage_count * (DD_CODE_BYTES_MAX + 1);
    uint8_t *bytes = dd_arena_take(change->arena, size + 1);
    DD_ASSERT(bytes != NULL);
    struct dd_writer w = dd_writer_make(bytes, size + 1);
    for (size_t i = 0; i < c->stage_count; i++)
        dd_write_text8(&w, c->stages[i]);
    DD_ASSERT(!w.overflow);
    return dd_writer_slice(&w);
}

/* One that is ended holds until the day before: the head takes it back at once. */
void dd_apply_delegated(const struct dd_change *change, const struct dd_event *event)
{
    const struct dd_delegate *c = &change->command->as.delegate;
    const struct dd_entry *entry = change->entry;
    uint32_t unit = dd_number_of(change->view, DD_TABLE_UNIT_CODE, c->unit);
    struct dd_delegation_row row = {
        .from = entry->account,
        .to = dd_number_of(change->view, DD_TABLE_ACCOUNT_CODE, c->account),
        .from_day = c->from_day,
        .to_day = c->to_day,
        .seq = entry->seq};
    if (c->ends != 0) {
        bool found = dd_get_delegation(change->view, unit, c->ends, &row);
        DD_ASSERT(found);
        row.to_day = dd_local_day(change->view, entry->received_ms) - 1;
    } else {
        row.stages = stage_keys(change, c);
    }
    dd_put_delegation(change->view, change->arena, unit, (uint16_t)event->number, &row);
}

/* Nothing moves: the figures stay the unit's own, another unit's people act for it. */
void dd_apply_transferred(const struct dd_change *change, const struct dd_event *event)
{
    (void)event;
    const struct dd_transfer *c = &change->command->as.transfer;
    struct dd_dossier_row dossier;
    uint32_t cycle = dd_number_of(change->view, DD_TABLE_CYCLE_CODE, c->cycle);
    uint32_t unit = dd_number_of(change->view, DD_TABLE_UNIT_CODE, c->unit);
    bool found = dd_get_dossier(change->view, cycle, unit, &dossier);
    DD_ASSERT(found);
    dossier.keeper = dd_number_of(change->view, DD_TABLE_UNIT_CODE, c->successor);
    dd_put_dossier(change->view, cycle, unit, &dossier);
}

/* The only thing that ever changes in a publication: which later one corrects it. */
static void mark_corrected(const struct dd_change *change, uint32_t publication, uint32_t by)
{
    struct dd_publication_row row;
    if (publication == 0)
        return;
    bool found = dd_get_publication(change->view, publication, &row);
    DD_ASSERT(found);
    row.corrected_by = by;
    dd_put_publication(change->view, change->arena, publication, &row);
}

void dd_apply_published(const struct dd_change *change, const struct dd_event *event)
{
    const struct dd_publish *c = &change->command->as.publish;
    struct dd_meta_row meta;
    struct dd_publication_row row = {
        .unit = dd_number_of(change->view, DD_TABLE_UNIT_CODE, c->unit),
        .number = c->number,
        .issue = c->issue,
        .title = c->title,
        .day = c->day,
        .cycle = c->cycle,
        .period = c->period,
        .as_of_day = c->as_of_day,
        .at_seq = c->at_seq,
        .size_bytes = c->size_bytes,
        .type = c->type,
        .corrects = dd_publication_number(change->view, c->unit, c->corrects),
        .seq = change->entry->seq,
        .issued_ms = change->entry->received_ms,
        .account = change->entry->account,
        .capacity = c->capacity};
    memcpy(row.sha256, c->sha256, sizeof row.sha256);
    bool found = dd_get_meta(change->view, &meta);
    DD_ASSERT(found);
    meta.publications = event->number;
    dd_put_meta(change->view, &meta);
    dd_put_publication(change->view, change->arena, event->number, &row);
    dd_put_publication_number(change->view, c->unit, c->number, event->number);
    mark_corrected(change, row.corrects, event->number);
}
