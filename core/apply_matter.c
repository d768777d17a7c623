/* What changes a matter: opened, answered, decided, done. What follows from a duty's end is
 * core/matter's. See core/apply_parts.h. */
#include <string.h>

#include "core/apply_parts.h"
#include "core/invariant.h"
#include "core/matter.h"
#include "core/tally.h"

/* The cycle and the unit that the command names. */
struct desk {
    struct dd_process process;
    uint32_t unit;
};

static void find_desk(const struct dd_change *change, struct desk *desk)
{
    bool found = dd_process_find(change->view, dd_command_cycle(change->command), &desk->process);
    DD_ASSERT(found);
    desk->unit = dd_number_of(change->view, DD_TABLE_UNIT_CODE, dd_command_unit(change->command));
}

static void *take(const struct dd_change *change, size_t size)
{
    void *place = dd_arena_take(change->arena, size);
    DD_ASSERT(place != NULL);
    return place;
}

/* Codes of units as a row keeps their numbers. */
static struct dd_slice numbers_of(const struct dd_change *change, const struct dd_slice *codes,
                                  size_t count)
{
    size_t size = count * sizeof(uint32_t);
    struct dd_writer w = dd_writer_make(take(change, size + 1), size);
    for (size_t i = 0; i < count; i++)
        dd_write_u32(&w, dd_number_of(change->view, DD_TABLE_UNIT_CODE, codes[i]));
    return dd_writer_slice(&w);
}

static struct dd_slice everybody(const struct dd_change *change)
{
    struct dd_writer w = dd_writer_make(take(change, sizeof(uint32_t)), sizeof(uint32_t));
    dd_write_u32(&w, 0);
    return dd_writer_slice(&w);
}

/* Which approver decides on it, if one does: the one named, or the owner's, or the first. */
static uint32_t approver_of(const struct dd_change *change, const struct dd_process *process,
                            const struct dd_matter_put *put, uint32_t owner)
{
    struct dd_dossier_row dossier;
    uint8_t kind = dd_programme_kind(&process->programme, put->kind);
    if (!dd_matter_decided_by(&process->programme, kind, DD_ROLE_APPROVER))
        return 0;
    if (put->approver.size > 0)
        return dd_number_of(change->view, DD_TABLE_ACCOUNT_CODE, put->approver);
    if (dd_get_dossier(change->view, process->number, owner, &dossier) && dossier.approver != 0)
        return dossier.approver;
    return process->cycle.approver_count > 0 ? process->cycle.approver[0] : 0;
}

static struct dd_matter_row opened_row(const struct dd_change *change,
                                       const struct dd_process *process,
                                       const struct dd_matter_put *put)
{
    const struct dd_assign *c = &change->command->as.assign;
    uint32_t owner = dd_number_of(change->view, DD_TABLE_UNIT_CODE, put->owner);
    return (struct dd_matter_row){
        .kind = dd_programme_kind(&process->programme, put->kind),
        .code = put->code,
        .title = put->title,
        .notice = c->notice,
        .owner = owner,
        .opener = change->entry->account,
        .approver = approver_of(change, process, put, owner),
        .capacity = c->capacity,
        .opened_ms = change->entry->received_ms,
        .seq = change->entry->seq,
        .word = put->word,
        .due_day = put->due_day,
        .at_ms = put->at_ms,
        .parent = put->parent,
        .asked = put->all ? everybody(change) : numbers_of(change, put->asked, put->asked_count),
        .partners = numbers_of(change, put->partners, put->partner_count)};
}

void dd_apply_matter_opened(const struct dd_change *change, const struct dd_event *event)
{
    const struct dd_assign *c = &change->command->as.assign;
    struct desk desk;
    DD_ASSERT(change->index < c->matter_count);
    find_desk(change, &desk);
    struct dd_matter_row row = opened_row(change, &desk.process, &c->matters[change->index]);
    desk.process.cycle.matters = (uint16_t)event->number;
    dd_put_cycle(change->view, desk.process.number, &desk.process.cycle);
    dd_matter_begin(change->view, change->arena, &desk.process, (uint16_t)event->number, &row,
                    change->entry);
}

/* The act ended the duty as the event says, or met none: then the matter has only changed. */
static void met(const struct dd_change *change, const struct dd_process *process,
                const struct dd_duty_key *key, enum dd_end end)
{
    int64_t at_ms = change->entry->received_ms;
    if (end == 0) {
        dd_matter_touched(change->view, change->arena, key->cycle, key->a);
        return;
    }
    dd_duty_end(change->view, key, end, at_ms, change->entry->seq);
    dd_matter_duty_ended(change->view, change->arena, process, key, change->entry, at_ms);
}

static uint8_t choice_of(const struct dd_stage *stage, struct dd_slice code)
{
    for (uint8_t i = 0; i < stage->choice_count; i++) {
        if (dd_slice_equal(stage->choice[i].code, code))
            return (uint8_t)(i + 1);
    }
    return 0;
}

void dd_apply_answer_taken(const struct dd_change *change, const struct dd_event *event)
{
    const struct dd_submit *c = &change->command->as.submit;
    struct desk desk;
    find_desk(change, &desk);
    struct dd_duty_key key = {desk.process.number, desk.unit, event->stage, c->matter, 0};
    struct dd_answer_row row = {
        .choice = choice_of(&desk.process.programme.stage[event->stage], c->choice),
        .received_ms = change->entry->received_ms,
        .seq = change->entry->seq,
        .account = change->entry->account,
        .capacity = c->capacity,
        .delegation = event->delegation,
        .figures = dd_submitted_figures(change),
        .note = c->note};
    dd_put_answer(change->view, change->arena, desk.process.number, c->matter, event->stage,
                  desk.unit, event->version, &row);
    met(change, &desk.process, &key, event->end);
}

void dd_apply_matter_decided(const struct dd_change *change, const struct dd_event *event)
{
    const struct dd_decide *c = &change->command->as.decide;
    struct desk desk;
    struct dd_matter_row row;
    find_desk(change, &desk);
    bool found = dd_get_matter(change->view, desk.process.number, c->matter, &row);
    DD_ASSERT(found);
    row.verdict = c->verdict;
    row.decided_by = change->entry->account;
    row.decided_ms = change->entry->received_ms;
    row.decided_seq = change->entry->seq;
    row.reason = c->reason;
    dd_put_matter(change->view, change->arena, desk.process.number, c->matter, &row);
    struct dd_duty_key key = {desk.process.number, row.owner, event->stage, c->matter, 0};
    met(change, &desk.process, &key, event->end);
}

static void count_outcome(const struct dd_change *change, const struct desk *desk,
                          const struct dd_progress *c)
{
    struct dd_item_ref ref = {c->task, 0, 1};
    struct dd_item_row item;
    struct dd_content_row content;
    struct dd_dossier_row dossier;
    struct dd_tally_delta delta;
    uint32_t cycle = desk->process.number;
    bool found = dd_get_item(change->view, cycle, desk->unit, c->task, 0, &item) &&
                 dd_get_content(change->view, cycle, desk->unit, ref, &content) &&
                 dd_get_dossier(change->view, cycle, desk->unit, &dossier);
    DD_ASSERT(found);
    struct dd_outcome_fact fact = {c->outcome, c->day, change->entry->received_ms,
                                   change->entry->seq};
    memset(&delta, 0, sizeof delta);
    dd_tally_add(&delta, &desk->process, &content, dd_outcome_latest(&item, INT64_MAX), -1);
    dd_tally_add(&delta, &desk->process, &content, fact, 1);
    dd_put_item(change->view, cycle, desk->unit, c->task, 0, &item, &fact);
    dd_tally_change(change->view, &desk->process, desk->unit, dossier.group, &delta);
}

/* Done meets the duty; taken back opens it again. */
void dd_apply_matter_progressed(const struct dd_change *change, const struct dd_event *event)
{
    const struct dd_progress *c = &change->command->as.progress;
    struct desk desk;
    struct dd_duty_row duty;
    find_desk(change, &desk);
    struct dd_duty_key key = {desk.process.number, desk.unit, event->stage, c->task, 0};
    count_outcome(change, &desk, c);
    if (!dd_outcome_done(c->outcome) && dd_get_duty(change->view, &key, &duty) &&
        (duty.end == DD_END_ON_TIME || duty.end == DD_END_LATE)) {
        dd_duty_reopen(change->view, &desk.process, &key, change->entry->received_ms);
        dd_matter_duty_reopened(change->view, change->arena, &desk.process, &key);
        return;
    }
    met(change, &desk.process, &key, event->end);
}
