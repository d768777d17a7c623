/* What changes a dossier: drafts, versions, reports, outcomes. See core/apply_parts.h. */
#include <string.h>

#include "core/apply_parts.h"
#include "core/invariant.h"
#include "core/row_matter.h"
#include "core/tally.h"

/* The dossier that a command names. */
struct desk {
    struct dd_process process;
    uint32_t unit;
    struct dd_dossier_row dossier;
};

static void find_desk(const struct dd_change *change, struct desk *desk)
{
    struct dd_slice unit = dd_command_unit(change->command);
    bool found = dd_process_find(change->view, dd_command_cycle(change->command), &desk->process);
    DD_ASSERT(found);
    desk->unit = dd_number_of(change->view, DD_TABLE_UNIT_CODE, unit);
    found = dd_get_dossier(change->view, desk->process.number, desk->unit, &desk->dossier);
    DD_ASSERT(found);
}

static void put_dossier(const struct dd_change *change, const struct desk *desk)
{
    dd_put_dossier(change->view, desk->process.number, desk->unit, &desk->dossier);
}

static bool content_equal(const struct dd_content_row *a, const struct dd_content_row *b)
{
    return a->kind == b->kind && a->due_day == b->due_day && a->has_target == b->has_target &&
           (!a->has_target ||
            (a->target.mantissa == b->target.mantissa && a->target.scale == b->target.scale)) &&
           dd_slice_equal(a->title, b->title) &&
           dd_slice_equal(a->unit_of_measure, b->unit_of_measure) &&
           dd_slice_equal(a->code, b->code) && a->start_day == b->start_day &&
           a->has_baseline == b->has_baseline && a->baseline.mantissa == b->baseline.mantissa &&
           a->baseline.scale == b->baseline.scale && a->direction == b->direction &&
           dd_slice_equal(a->partners, b->partners);
}

/* The numbers of the units that co-ordinate. */
static struct dd_slice partners_of(const struct dd_change *change,
                                   const struct dd_indicator_put *put)
{
    uint8_t *bytes = dd_arena_take(change->arena, 4 * put->partner_count + 1);
    DD_ASSERT(bytes != NULL);
    struct dd_writer w = dd_writer_make(bytes, 4 * put->partner_count);
    for (size_t i = 0; i < put->partner_count; i++)
        dd_write_u32(&w, dd_number_of(change->view, DD_TABLE_UNIT_CODE, put->partners[i]));
    DD_ASSERT(!w.overflow);
    return dd_writer_slice(&w);
}

/* The revision under which the draft will hold this content: the one it has, if nothing changed. */
static uint16_t put_revision(const struct dd_change *change, const struct desk *desk,
                             struct dd_item_list draft, uint16_t task,
                             const struct dd_indicator_put *put, uint8_t kind)
{
    struct dd_content_row content = {.kind = kind,
                                     .title = put->title,
                                     .unit_of_measure = put->unit_of_measure,
                                     .has_target = put->has_target,
                                     .target = put->target,
                                     .due_day = put->due_day,
                                     .code = put->code,
                                     .start_day = put->start_day,
                                     .has_baseline = put->has_baseline,
                                     .baseline = put->baseline,
                                     .direction = put->direction,
                                     .partners = partners_of(change, put)};
    struct dd_content_row before;
    struct dd_item_row item;
    bool found;
    size_t place = dd_items_find(draft, task, put->number, &found);
    if (found) {
        struct dd_item_ref ref = dd_items_at(draft, place);
        if (dd_get_content(change->view, desk->process.number, desk->unit, ref, &before) &&
            content_equal(&before, &content))
            return ref.revision;
    }
    (void)dd_get_item(change->view, desk->process.number, desk->unit, task, put->number, &item);
    item.revisions++;
    struct dd_item_ref ref = {task, put->number, item.revisions};
    dd_put_content(change->view, desk->process.number, desk->unit, ref, &content);
    dd_put_item(change->view, desk->process.number, desk->unit, task, put->number, &item, NULL);
    return ref.revision;
}

static bool in_removed(const struct dd_register *c, struct dd_item_ref ref)
{
    for (size_t i = 0; i < c->removed_count; i++) {
        if (ref.task == c->task && ref.indicator == c->removed[i])
            return true;
    }
    return false;
}

/* Puts a ref into the array at its place, over the one of the same indicator if there is one. */
static size_t insert_ref(uint8_t *bytes, size_t count, struct dd_item_ref ref)
{
    struct dd_item_list list = {{bytes, count * DD_ITEM_REF_BYTES}};
    bool found;
    size_t place = dd_items_find(list, ref.task, ref.indicator, &found);
    if (!found) {
        memmove(bytes + (place + 1) * DD_ITEM_REF_BYTES, bytes + place * DD_ITEM_REF_BYTES,
                (count - place) * DD_ITEM_REF_BYTES);
        count++;
    }
    dd_items_set(bytes, place, ref);
    return count;
}

/* The bytes of what the command takes out of the draft, or puts something else in the place of. */
static uint32_t bytes_out(const struct dd_change *change, const struct desk *desk,
                          struct dd_item_list draft, uint16_t task, uint16_t indicator)
{
    struct dd_content_row content;
    bool found;
    size_t place = dd_items_find(draft, task, indicator, &found);
    if (!found || !dd_get_content(change->view, desk->process.number, desk->unit,
                                  dd_items_at(draft, place), &content))
        return 0;
    return (uint32_t)(dd_content_bytes(content.title, content.unit_of_measure) +
                      dd_content_more_bytes(content.code, dd_units_count(content.partners)));
}

static void count_bytes(const struct dd_change *change, struct desk *desk,
                        struct dd_item_list draft, const struct dd_register *c)
{
    uint32_t *bytes = &desk->dossier.draft_bytes;
    for (size_t i = 0; i < c->removed_count; i++)
        *bytes -= bytes_out(change, desk, draft, c->task, c->removed[i]);
    for (size_t i = 0; i < c->indicator_count; i++) {
        const struct dd_indicator_put *put = &c->indicators[i];
        *bytes -= bytes_out(change, desk, draft, c->task, put->number);
        *bytes += (uint32_t)(dd_content_bytes(put->title, put->unit_of_measure) +
                             dd_content_more_bytes(put->code, put->partner_count));
    }
}

void dd_apply_task_drafted(const struct dd_change *change, const struct dd_event *event)
{
    (void)event;
    const struct dd_register *c = &change->command->as.register_;
    struct desk desk;
    find_desk(change, &desk);
    uint8_t kind = dd_programme_kind(&desk.process.programme, c->kind);
    struct dd_item_list draft = dd_get_draft(change->view, desk.process.number, desk.unit);
    size_t most = dd_items_count(draft) + c->indicator_count;
    uint8_t *bytes = dd_arena_take(change->arena, (most + 1) * DD_ITEM_REF_BYTES);
    size_t count = 0;
    DD_ASSERT(bytes != NULL);
    count_bytes(change, &desk, draft, c);
    for (size_t i = 0; i < dd_items_count(draft); i++) {
        struct dd_item_ref ref = dd_items_at(draft, i);
        if (!in_removed(c, ref))
            dd_items_set(bytes, count++, ref);
    }
    for (size_t i = 0; i < c->indicator_count; i++) {
        struct dd_item_ref ref = {
            c->task, c->indicators[i].number,
            put_revision(change, &desk, draft, c->task, &c->indicators[i], kind)};
        count = insert_ref(bytes, count, ref);
    }
    struct dd_item_list list = {{bytes, count * DD_ITEM_REF_BYTES}};
    dd_put_draft(change->view, desk.process.number, desk.unit, list);
    if (desk.dossier.state == DD_DOSSIER_EMPTY)
        desk.dossier.state = DD_DOSSIER_DRAFT;
    put_dossier(change, &desk);
}

/* An adjustment comes when it comes: only a deadline that counts from then holds for it. */
static void decision_arises(const struct dd_change *change, const struct desk *desk, uint8_t stage,
                            uint16_t version, bool adjustment)
{
    const struct dd_process *process = &desk->process;
    int64_t now_ms = change->entry->received_ms;
    struct dd_duty_key key = {process->number, desk->unit, stage, version, 0};
    bool counts =
        !adjustment || process->programme.stage[stage].deadline.anchor == DD_ANCHOR_OPENING;
    dd_duty_arise(change->view, process, &key,
                  counts ? dd_duty_last_day(change->view, process, stage, now_ms) : INT32_MAX,
                  now_ms);
}

void dd_apply_version_submitted(const struct dd_change *change, const struct dd_event *event)
{
    struct desk desk;
    find_desk(change, &desk);
    const struct dd_programme *programme = &desk.process.programme;
    uint32_t cycle = desk.process.number;
    struct dd_version_row version = {.state = DD_VERSION_PENDING,
                                     .adjustment = event->adjustment,
                                     .account = change->entry->account,
                                     .submitted_ms = change->entry->received_ms,
                                     .seq = change->entry->seq,
                                     .reason = change->command->as.submit.reason,
                                     .capacity = change->command->as.submit.capacity,
                                     .figures = dd_submitted_figures(change),
                                     .items = dd_get_draft(change->view, cycle, desk.unit)};
    memcpy(version.content_hash, event->content_hash, sizeof version.content_hash);
    dd_put_version(change->view, change->arena, cycle, desk.unit, event->version, &version);
    desk.dossier.newest = event->version;
    desk.dossier.pending = event->version;
    desk.dossier.stage = event->stage;
    desk.dossier.state = DD_DOSSIER_PENDING;
    put_dossier(change, &desk);
    struct dd_duty_key key = {cycle, desk.unit, dd_programme_stage(programme, DD_ACT_HAND_IN, 0), 0,
                              0};
    if (event->end != 0)
        dd_duty_end(change->view, &key, event->end, change->entry->received_ms, change->entry->seq);
    if (event->stage == programme->stage_count)
        return;
    decision_arises(change, &desk, event->stage, event->version, event->adjustment);
}

/* Ends the pending version: returned, withdrawn or approved. */
static void end_version(const struct dd_change *change, struct desk *desk,
                        enum dd_version_state state, struct dd_slice reason)
{
    struct dd_version_row version;
    bool found = dd_get_version(change->view, desk->process.number, desk->unit,
                                desk->dossier.pending, &version);
    DD_ASSERT(found);
    version.state = state;
    version.ended_ms = change->entry->received_ms;
    version.ended_reason = reason;
    version.decided = state != DD_VERSION_WITHDRAWN;
    dd_put_version(change->view, change->arena, desk->process.number, desk->unit,
                   desk->dossier.pending, &version);
}

static void end_decision(const struct dd_change *change, const struct desk *desk,
                         const struct dd_event *event)
{
    struct dd_duty_key key = {desk->process.number, desk->unit, event->stage, desk->dossier.pending,
                              0};
    if (event->end != 0)
        dd_duty_end(change->view, &key, event->end, change->entry->received_ms, change->entry->seq);
}

void dd_apply_version_withdrawn(const struct dd_change *change, const struct dd_event *event)
{
    (void)event;
    struct desk desk;
    struct dd_version_row version;
    struct dd_duty_row duty;
    find_desk(change, &desk);
    uint32_t cycle = desk.process.number;
    bool found = dd_get_version(change->view, cycle, desk.unit, desk.dossier.pending, &version);
    DD_ASSERT(found);
    struct dd_duty_key decision = {cycle, desk.unit, desk.dossier.stage, desk.dossier.pending, 0};
    dd_duty_end(change->view, &decision, DD_END_SUPERSEDED, change->entry->received_ms,
                change->entry->seq);
    struct dd_duty_key hand_in = {
        cycle, desk.unit, dd_programme_stage(&desk.process.programme, DD_ACT_HAND_IN, 0), 0, 0};
    if (dd_get_duty(change->view, &hand_in, &duty) && duty.ended_seq == version.seq)
        dd_duty_reopen(change->view, &desk.process, &hand_in, change->entry->received_ms);
    end_version(change, &desk, DD_VERSION_WITHDRAWN, change->command->as.withdraw.reason);
    desk.dossier.pending = 0;
    desk.dossier.state = desk.dossier.in_force ? DD_DOSSIER_IN_FORCE : DD_DOSSIER_DRAFT;
    put_dossier(change, &desk);
}

void dd_apply_version_returned(const struct dd_change *change, const struct dd_event *event)
{
    struct desk desk;
    find_desk(change, &desk);
    end_decision(change, &desk, event);
    end_version(change, &desk, DD_VERSION_RETURNED, change->command->as.decide.reason);
    desk.dossier.pending = 0;
    desk.dossier.state = DD_DOSSIER_RETURNED;
    put_dossier(change, &desk);
}

void dd_apply_version_agreed(const struct dd_change *change, const struct dd_event *event)
{
    struct desk desk;
    struct dd_version_row version;
    find_desk(change, &desk);
    uint32_t cycle = desk.process.number;
    end_decision(change, &desk, event);
    bool found = dd_get_version(change->view, cycle, desk.unit, desk.dossier.pending, &version);
    DD_ASSERT(found);
    version.decided = true;
    dd_put_version(change->view, change->arena, cycle, desk.unit, desk.dossier.pending, &version);
    desk.dossier.stage = event->next_stage;
    put_dossier(change, &desk);
    decision_arises(change, &desk, event->next_stage, desk.dossier.pending, version.adjustment);
}

static bool same_place(const struct dd_place *a, const struct dd_place *b)
{
    return a->cycle == b->cycle && a->unit == b->unit && a->task == b->task &&
           a->indicator == b->indicator;
}

/* The places of an item but for one, and but for those in cycles that are closed. */
static size_t places_but(const struct dd_change *change, struct dd_slice code,
                         const struct dd_place *but, struct dd_place out[DD_PLACES_PER_ITEM_MAX])
{
    struct dd_place places[DD_PLACES_PER_ITEM_MAX];
    size_t count = dd_get_places(change->view, code, places);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        struct dd_cycle_row cycle;
        if (!same_place(&places[i], but) && dd_get_cycle(change->view, places[i].cycle, &cycle) &&
            cycle.state == DD_CYCLE_OPEN)
            out[kept++] = places[i];
    }
    return kept;
}

static void leave_place(const struct dd_change *change, struct dd_slice code,
                        const struct dd_place *place)
{
    struct dd_place places[DD_PLACES_PER_ITEM_MAX];
    size_t count = places_but(change, code, place, places);
    dd_put_places(change->view, code, places, count);
}

/* An item that became another unit's, or full, while this version waited stays without the place:
 * what is recorded elsewhere then does not reach it. */
static void enter_place(const struct dd_change *change, struct dd_slice code,
                        const struct dd_place *place)
{
    struct dd_place places[DD_PLACES_PER_ITEM_MAX];
    size_t count = places_but(change, code, place, places);
    if (count < DD_PLACES_PER_ITEM_MAX && (count == 0 || places[0].unit == place->unit))
        places[count++] = *place;
    dd_put_places(change->view, code, places, count);
}

static void change_places(const struct dd_change *change, const struct desk *desk,
                          const struct dd_item_ref *ref, struct dd_slice before,
                          struct dd_slice after)
{
    struct dd_place place = {desk->process.number, desk->unit, ref->task, ref->indicator};
    if (dd_slice_equal(before, after))
        return;
    if (before.size > 0)
        leave_place(change, before, &place);
    if (after.size > 0)
        enter_place(change, after, &place);
}

/* The indicator's duty under another due day; INT32_MIN before: it comes in. */
static void owe_anew(const struct dd_change *change, const struct dd_process *process,
                     const struct dd_duty_key *key, int32_t before, int32_t after)
{
    const struct dd_stage *stage = &process->programme.stage[key->stage];
    int32_t last_day = dd_outcome_last_day(change->view, stage, after);
    int32_t days = 0;
    if (before != INT32_MIN && last_day != INT32_MAX)
        days = last_day - dd_outcome_last_day(change->view, stage, before);
    dd_duty_redate(change->view, process, key, last_day, days, change->entry->received_ms);
}

/* One indicator's passage from the version in force to the next: NULL before: it comes in; NULL
 * after: it goes out. */
static void change_item(const struct dd_change *change, const struct desk *desk,
                        const struct dd_item_ref *before, const struct dd_item_ref *after,
                        struct dd_tally_delta *delta)
{
    const struct dd_process *process = &desk->process;
    const struct dd_item_ref *ref = after ? after : before;
    uint8_t stage = dd_programme_stage(&process->programme, DD_ACT_OUTCOME, 0);
    struct dd_duty_key key = {process->number, desk->unit, stage, ref->task, ref->indicator};
    struct dd_content_row old_content = {.due_day = INT32_MIN};
    struct dd_content_row new_content = {.due_day = INT32_MIN};
    struct dd_item_row item;
    (void)dd_get_item(change->view, process->number, desk->unit, ref->task, ref->indicator, &item);
    struct dd_outcome_fact latest = dd_outcome_latest(&item, INT64_MAX);
    if (before && dd_get_content(change->view, process->number, desk->unit, *before, &old_content))
        dd_tally_add(delta, process, &old_content, latest, -1);
    if (after && dd_get_content(change->view, process->number, desk->unit, *after, &new_content))
        dd_tally_add(delta, process, &new_content, latest, 1);
    item.in_force = after ? after->revision : 0;
    dd_put_item(change->view, process->number, desk->unit, ref->task, ref->indicator, &item, NULL);
    change_places(change, desk, ref, old_content.code, new_content.code);
    if (stage == process->programme.stage_count || old_content.due_day == new_content.due_day)
        return;
    if (!after) {
        struct dd_duty_row duty;
        if (dd_get_duty(change->view, &key, &duty) && duty.end != DD_END_OPEN)
            dd_duty_reopen(change->view, process, &key, change->entry->received_ms);
        dd_duty_end(change->view, &key, DD_END_SUPERSEDED, change->entry->received_ms,
                    change->entry->seq);
        return;
    }
    owe_anew(change, process, &key, old_content.due_day, new_content.due_day);
    enum dd_end end = dd_outcome_done(latest.outcome)
                          ? dd_duty_met(change->view, process, &key, latest.received_ms)
                          : 0;
    if (end != 0)
        dd_duty_end(change->view, &key, end, latest.received_ms, latest.seq);
}

/* Walks both lists, which are in the same order, side by side. */
static void change_items(const struct dd_change *change, const struct desk *desk,
                         struct dd_item_list before, struct dd_item_list after)
{
    struct dd_tally_delta delta;
    size_t i = 0;
    size_t k = 0;
    memset(&delta, 0, sizeof delta);
    while (i < dd_items_count(before) || k < dd_items_count(after)) {
        struct dd_item_ref old_ref = {UINT16_MAX, UINT16_MAX, 0};
        struct dd_item_ref new_ref = {UINT16_MAX, UINT16_MAX, 0};
        if (i < dd_items_count(before))
            old_ref = dd_items_at(before, i);
        if (k < dd_items_count(after))
            new_ref = dd_items_at(after, k);
        uint32_t old_place = (uint32_t)old_ref.task << 16 | old_ref.indicator;
        uint32_t new_place = (uint32_t)new_ref.task << 16 | new_ref.indicator;
        change_item(change, desk, old_place <= new_place ? &old_ref : NULL,
                    new_place <= old_place ? &new_ref : NULL, &delta);
        i += old_place <= new_place;
        k += new_place <= old_place;
    }
    dd_tally_change(change->view, &desk->process, desk->unit, desk->dossier.group, &delta);
}

void dd_apply_version_approved(const struct dd_change *change, const struct dd_event *event)
{
    static const struct dd_slice none = {NULL, 0};
    struct desk desk;
    struct dd_version_row in_force = {.items = {{NULL, 0}}};
    struct dd_version_row approved;
    find_desk(change, &desk);
    uint32_t cycle = desk.process.number;
    uint16_t version = desk.dossier.pending;
    if (event->stage < desk.process.programme.stage_count)
        end_decision(change, &desk, event);
    if (desk.dossier.in_force != 0)
        (void)dd_get_version(change->view, cycle, desk.unit, desk.dossier.in_force, &in_force);
    end_version(change, &desk, DD_VERSION_APPROVED, none);
    desk.dossier.pending = 0;
    desk.dossier.in_force = version;
    desk.dossier.state = DD_DOSSIER_IN_FORCE;
    put_dossier(change, &desk);
    bool found = dd_get_version(change->view, cycle, desk.unit, version, &approved);
    DD_ASSERT(found);
    change_items(change, &desk, in_force.items, approved.items);
}

/* The indicator's duty is met by work that is done, and open again if that is taken back. */
static void outcome_duty(const struct dd_change *change, const struct dd_process *process,
                         const struct dd_place *place, const struct dd_outcome_fact *fact)
{
    uint8_t stage = dd_programme_stage(&process->programme, DD_ACT_OUTCOME, 0);
    struct dd_duty_key key = {place->cycle, place->unit, stage, place->task, place->indicator};
    struct dd_duty_row duty;
    if (stage == process->programme.stage_count)
        return;
    if (!dd_outcome_done(fact->outcome)) {
        if (dd_get_duty(change->view, &key, &duty) &&
            (duty.end == DD_END_ON_TIME || duty.end == DD_END_LATE))
            dd_duty_reopen(change->view, process, &key, fact->received_ms);
        return;
    }
    enum dd_end end = dd_duty_met(change->view, process, &key, fact->received_ms);
    if (end != 0)
        dd_duty_end(change->view, &key, end, fact->received_ms, fact->seq);
}

/* The content in force of the item at that place; false if it is in no version in force. */
static bool in_force_at(const struct dd_change *change, const struct dd_place *place,
                        struct dd_item_row *item, struct dd_content_row *content)
{
    (void)dd_get_item(change->view, place->cycle, place->unit, place->task, place->indicator, item);
    struct dd_item_ref ref = {place->task, place->indicator, item->in_force};
    return item->in_force != 0 &&
           dd_get_content(change->view, place->cycle, place->unit, ref, content);
}

/* Keeps the outcome where the item stands in that place, and counts it there. */
static void record_at(const struct dd_change *change, const struct dd_process *process,
                      const struct dd_place *place, const struct dd_outcome_fact *fact)
{
    struct dd_dossier_row dossier;
    struct dd_content_row content;
    struct dd_item_row item;
    struct dd_tally_delta delta;
    bool found = in_force_at(change, place, &item, &content) &&
                 dd_get_dossier(change->view, place->cycle, place->unit, &dossier);
    DD_ASSERT(found);
    memset(&delta, 0, sizeof delta);
    dd_tally_add(&delta, process, &content, dd_outcome_latest(&item, INT64_MAX), -1);
    dd_tally_add(&delta, process, &content, *fact, 1);
    dd_put_item(change->view, place->cycle, place->unit, place->task, place->indicator, &item,
                fact);
    dd_tally_change(change->view, process, place->unit, dossier.group, &delta);
    outcome_duty(change, process, place, fact);
}

/* What is recorded of an item in one programme is so in every open one in which the unit has it. */
static void record_elsewhere(const struct dd_change *change, const struct dd_place *here,
                             struct dd_slice code, const struct dd_outcome_fact *fact)
{
    struct dd_place places[DD_PLACES_PER_ITEM_MAX];
    size_t count = dd_get_places(change->view, code, places);
    for (size_t i = 0; i < count; i++) {
        struct dd_process process;
        struct dd_content_row content;
        struct dd_item_row item;
        if (places[i].unit == here->unit && !same_place(&places[i], here) &&
            dd_process_get(change->view, places[i].cycle, &process) &&
            process.cycle.state == DD_CYCLE_OPEN &&
            in_force_at(change, &places[i], &item, &content))
            record_at(change, &process, &places[i], fact);
    }
}

void dd_apply_outcome_recorded(const struct dd_change *change, const struct dd_event *event)
{
    (void)event;
    const struct dd_progress *c = &change->command->as.progress;
    struct desk desk;
    struct dd_item_row item;
    struct dd_content_row content;
    find_desk(change, &desk);
    struct dd_place here = {desk.process.number, desk.unit, c->task, c->indicator};
    struct dd_outcome_fact fact = {c->outcome, c->day, change->entry->received_ms,
                                   change->entry->seq};
    bool found = in_force_at(change, &here, &item, &content);
    DD_ASSERT(found);
    record_at(change, &desk.process, &here, &fact);
    if (content.code.size > 0)
        record_elsewhere(change, &here, content.code, &fact);
}
