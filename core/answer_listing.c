/* Listings: duties with how they stand as of an instant, a dossier, reminders. See
 * core/answer_parts.h. */
#include <string.h>

#include "core/answer_parts.h"
#include "core/invariant.h"
#include "core/row_matter.h"
#include "core/office.h"

enum dd_end dd_duty_stood(const struct dd_duty_row *duty, int64_t before_ms)
{
    if (duty->end != DD_END_OPEN && duty->ended_ms < before_ms)
        return duty->end;
    return duty->bound_ms < before_ms ? DD_END_MISSING : DD_END_PENDING;
}

static void fill_duty(const struct dd_stage *stage, const struct dd_duty_row *duty,
                      int64_t before_ms, struct dd_duty_line *line)
{
    line->status = dd_duty_stood(duty, before_ms);
    line->bound_ms = duty->bound_ms == INT64_MAX ? 0 : duty->bound_ms;
    line->silence = stage->silence;
    line->extensions = duty->extensions;
    if (line->status == DD_END_PENDING || line->status == DD_END_MISSING) {
        line->suspended = duty->suspended;
        return;
    }
    if (line->status == DD_END_ON_TIME || line->status == DD_END_LATE)
        line->met_ms = duty->ended_ms;
    line->met_seq = duty->ended_seq;
}

/* The unit that answers for the party now, read once for all its duties, which come together. */
struct keeping {
    uint32_t unit;
    struct dd_slice unit_code;
    struct dd_slice keeper_code;
};

static void find_keeper(const struct dd_view *view, uint32_t cycle, uint32_t unit,
                        struct keeping *out)
{
    struct dd_dossier_row dossier;
    if (out->unit == unit)
        return;
    *out = (struct keeping){.unit = unit, .unit_code = dd_unit_code(view, unit)};
    if (dd_get_dossier(view, cycle, unit, &dossier))
        out->keeper_code = dd_unit_code(view, dossier.keeper);
}

static bool wanted(const struct dd_question *question, const struct dd_process *process,
                   const struct dd_duty_key *key, const struct dd_duty_row *duty, uint32_t unit,
                   int64_t before_ms)
{
    DD_ASSERT(key->stage < process->programme.stage_count);
    bool superseded = duty->end == DD_END_SUPERSEDED && duty->ended_ms < before_ms;
    bool act = question->act == 0 || process->programme.stage[key->stage].act == question->act;
    return act && !superseded && duty->arose_ms < before_ms && (unit == 0 || key->unit == unit);
}

static enum dd_status put_next_duty(struct dd_reply_work *work, const struct dd_duty_key *key)
{
    uint8_t *next = dd_arena_take(work->asking->arena, 9);
    if (!next)
        return DD_NO_MEMORY;
    struct dd_writer w = dd_writer_make(next, 9);
    dd_write_u32(&w, key->unit);
    dd_write_u8(&w, key->stage);
    dd_write_u16(&w, key->a);
    dd_write_u16(&w, key->b);
    work->answer->next = dd_writer_slice(&w);
    return DD_OK;
}

/* Pages go by the duties' own order; `after` is where to go on: unit, stage, a, b. A page may be
 * empty and yet have a next. */
enum dd_status dd_answer_duties(struct dd_reply_work *work, const struct dd_process *process)
{
    struct dd_duties_answer *out = &work->answer->as.duties;
    const struct dd_question *question = work->question;
    const struct dd_view *view = work->asking->view;
    struct dd_duty_key key = {process->number, 0, 0, 0, 0};
    struct dd_duty_row duty;
    struct keeping keeping = {.unit = 0};
    uint32_t unit;
    int64_t before_ms = work->asking->now_ms + 1; /* what is to come does not count yet */
    if (question->has_as_of && dd_as_of_end(question, process) < before_ms)
        before_ms = dd_as_of_end(question, process);
    enum dd_status status = dd_question_unit(work, &unit);
    if (status != DD_OK)
        return status;
    key.unit = unit;
    if (question->after.size == 9) {
        struct dd_reader after = dd_reader_make(question->after);
        key.unit = dd_read_u32(&after);
        key.stage = dd_read_u8(&after);
        key.a = dd_read_u16(&after);
        key.b = dd_read_u16(&after);
    }
    out->offset_min = process->cycle.offset_min;
    out->duties = dd_arena_take(work->asking->arena, DD_LINES_PER_PAGE_MAX * sizeof *out->duties);
    if (!out->duties)
        return DD_NO_MEMORY;
    for (size_t looked = 0; dd_duty_next(view, &key, &duty); dd_duty_step(&key)) {
        char text[DD_DUTY_TEXT_BYTES];
        if (unit != 0 && key.unit != unit)
            break;
        if (looked++ == dd_looks_of(work))
            return put_next_duty(work, &key);
        if (!wanted(question, process, &key, &duty, unit, before_ms))
            continue;
        if (out->duty_count == DD_LINES_PER_PAGE_MAX)
            return put_next_duty(work, &key);
        struct dd_duty_line *line = &out->duties[out->duty_count++];
        dd_duty_text(process, &key, text);
        find_keeper(view, process->number, key.unit, &keeping);
        line->unit = keeping.unit_code;
        line->keeper = keeping.keeper_code;
        line->duty = dd_answer_text(work, text);
        fill_duty(&process->programme.stage[key.stage], &duty, before_ms, line);
    }
    return DD_OK;
}

static void fill_version(const struct dd_process *process, const struct dd_dossier_row *dossier,
                         uint16_t number, const struct dd_version_row *row,
                         struct dd_dossier_version *out)
{
    out->version = number;
    memcpy(out->content_hash, row->content_hash, sizeof out->content_hash);
    out->state = row->state;
    out->adjustment = row->adjustment;
    out->submitted_ms = row->submitted_ms;
    out->ended_ms = row->ended_ms;
    out->reason = row->ended_reason.size > 0 ? row->ended_reason : row->reason;
    if (dossier->pending == number && dossier->stage < process->programme.stage_count)
        out->awaits = process->programme.stage[dossier->stage].key;
    out->capacity = row->capacity;
}

/* The reasons and the figures of the newest versions, as far as a page goes: a reply has to hold
 * the items, too, and older ones stand in the log. */
static enum dd_status fill_texts(struct dd_reply_work *work, uint32_t cycle, uint32_t unit,
                                 struct dd_dossier_answer *out)
{
    size_t bytes = 0;
    enum dd_status status = DD_OK;
    for (size_t i = out->version_count; status == DD_OK && i > 0; i--) {
        struct dd_dossier_version *version = &out->versions[i - 1];
        struct dd_version_row row;
        bool found = dd_get_version(work->asking->view, cycle, unit, version->version, &row);
        DD_ASSERT(found);
        bytes += version->reason.size + 2 * row.figures.size;
        if (bytes > work->asking->page_bytes)
            version->reason = (struct dd_slice){NULL, 0};
        else
            status = dd_answer_cells(work, row.figures, &version->figures, &version->figure_count);
    }
    return status;
}

static enum dd_status fill_partners(struct dd_reply_work *work, struct dd_slice numbers,
                                    struct dd_indicator_put *out)
{
    size_t count = dd_units_count(numbers);
    out->partners = dd_arena_take(work->asking->arena, (count + 1) * sizeof *out->partners);
    if (!out->partners)
        return DD_NO_MEMORY;
    for (size_t i = 0; i < count; i++)
        out->partners[out->partner_count++] =
            dd_unit_code(work->asking->view, dd_units_at(numbers, i));
    return DD_OK;
}

static struct dd_indicator_put indicator_of(uint16_t number, const struct dd_content_row *content)
{
    return (struct dd_indicator_put){.number = number,
                                     .title = content->title,
                                     .unit_of_measure = content->unit_of_measure,
                                     .has_target = content->has_target,
                                     .target = content->target,
                                     .due_day = content->due_day,
                                     .code = content->code,
                                     .start_day = content->start_day,
                                     .has_baseline = content->has_baseline,
                                     .baseline = content->baseline,
                                     .direction = content->direction};
}

static enum dd_status fill_items(struct dd_reply_work *work, const struct dd_process *process,
                                 uint32_t unit, struct dd_item_list items)
{
    struct dd_dossier_answer *out = &work->answer->as.dossier;
    const struct dd_view *view = work->asking->view;
    size_t count = dd_items_count(items);
    enum dd_status status = DD_OK;
    out->items = dd_arena_take(work->asking->arena, (count + 1) * sizeof *out->items);
    if (!out->items)
        return DD_NO_MEMORY;
    for (size_t i = 0; status == DD_OK && i < count; i++) {
        struct dd_item_ref ref = dd_items_at(items, i);
        struct dd_dossier_item *line = &out->items[out->item_count++];
        struct dd_content_row content;
        struct dd_item_row item;
        bool found = dd_get_content(view, process->number, unit, ref, &content);
        DD_ASSERT(found);
        (void)dd_get_item(view, process->number, unit, ref.task, ref.indicator, &item);
        struct dd_outcome_fact latest = dd_outcome_latest(&item, INT64_MAX);
        *line = (struct dd_dossier_item){.task = ref.task,
                                         .kind = process->programme.kind[content.kind].code,
                                         .indicator = indicator_of(ref.indicator, &content),
                                         .outcome = latest.outcome,
                                         .outcome_day = latest.day};
        status = fill_partners(work, content.partners, &line->indicator);
    }
    return status;
}

enum dd_status dd_answer_dossier(struct dd_reply_work *work, const struct dd_process *process)
{
    struct dd_dossier_answer *out = &work->answer->as.dossier;
    const struct dd_question *question = work->question;
    const struct dd_view *view = work->asking->view;
    struct dd_dossier_row dossier;
    struct dd_version_row row;
    uint32_t unit = dd_number_of(view, DD_TABLE_UNIT_CODE, question->unit);
    if (unit == 0)
        return dd_refuse_text(work->refusal, DD_NOT_FOUND, DD_RULE_NO_SUCH_UNIT, "unit",
                              question->unit);
    if (!dd_get_dossier(view, process->number, unit, &dossier))
        return dd_refuse_text(work->refusal, DD_NOT_FOUND, DD_RULE_NO_SUCH_PARTY, "unit",
                              question->unit);
    if (question->version > dossier.newest)
        return dd_refuse_number(work->refusal, DD_NOT_FOUND, DD_RULE_NO_SUCH_VERSION, "version",
                                question->version);
    out->state = dossier.state;
    out->newest = dossier.newest;
    out->in_force = dossier.in_force;
    out->versions =
        dd_arena_take(work->asking->arena, ((size_t)dossier.newest + 1) * sizeof *out->versions);
    if (!out->versions)
        return DD_NO_MEMORY;
    for (uint16_t i = 1; i <= dossier.newest; i++) {
        if (dd_get_version(view, process->number, unit, i, &row))
            fill_version(process, &dossier, i, &row, &out->versions[out->version_count++]);
    }
    enum dd_status status = fill_texts(work, process->number, unit, out);
    if (status != DD_OK)
        return status;
    struct dd_item_list items = dd_get_draft(view, process->number, unit);
    if (question->version != 0 &&
        dd_get_version(view, process->number, unit, question->version, &row))
        items = row.items;
    return fill_items(work, process, unit, items);
}

static bool fill_reminder(struct dd_reply_work *work, const struct dd_reminder_row *row,
                          struct dd_reminder_line *line)
{
    const struct dd_view *view = work->asking->view;
    char text[DD_DUTY_TEXT_BYTES];
    struct dd_process process;
    struct dd_dossier_row dossier;
    struct dd_unit_row keeper;
    uint32_t answers = row->duty.unit;
    if (dd_get_dossier(view, row->duty.cycle, answers, &dossier))
        answers = dd_keeper_of(&dossier, answers);
    bool found =
        dd_process_get(view, row->duty.cycle, &process) && dd_get_unit(view, answers, &keeper);
    DD_ASSERT(found);
    if (work->question->cycle.size > 0 &&
        !dd_slice_equal(work->question->cycle, process.cycle.code))
        return false;
    dd_duty_text(&process, &row->duty, text);
    line->cycle = process.cycle.code;
    line->unit = dd_unit_code(view, row->duty.unit);
    line->duty = dd_answer_text(work, text);
    line->rung = row->rung;
    line->superior = row->superior;
    line->at_ms = row->at_ms;
    line->bound_ms = row->bound_ms == INT64_MAX ? 0 : row->bound_ms;
    line->to_unit =
        row->superior ? dd_unit_code(view, keeper.parent != 0 ? keeper.parent : process.cycle.host)
                      : keeper.code;
    line->delivered_ms = row->delivered_ms;
    line->offset_min = process.cycle.offset_min;
    return true;
}

/* Pages go by (seq, index); `after` is where to go on. */
enum dd_status dd_answer_reminders(struct dd_reply_work *work)
{
    struct dd_reminders_answer *out = &work->answer->as.reminders;
    const struct dd_view *view = work->asking->view;
    struct dd_key from = {.table = DD_TABLE_REMINDER, .part = {0, 0, 0, 0, 0, 0}};
    struct dd_key found;
    struct dd_slice value;
    if (work->question->after.size == 10) {
        struct dd_reader after = dd_reader_make(work->question->after);
        from.part[0] = dd_read_u64(&after);
        from.part[1] = dd_read_u16(&after);
    }
    out->reminders =
        dd_arena_take(work->asking->arena, DD_LINES_PER_PAGE_MAX * sizeof *out->reminders);
    uint8_t *next = dd_arena_take(work->asking->arena, 10);
    if (!out->reminders || !next)
        return DD_NO_MEMORY;
    for (size_t looked = 0; view->next(view->self, &from, &found, &value); looked++) {
        struct dd_reminder_row row;
        struct dd_reminder_line *line = &out->reminders[out->reminder_count];
        struct dd_writer w = dd_writer_make(next, 10);
        if (looked == dd_looks_of(work) || out->reminder_count == DD_LINES_PER_PAGE_MAX) {
            dd_write_u64(&w, found.part[0]);
            dd_write_u16(&w, (uint16_t)found.part[1]);
            work->answer->next = dd_writer_slice(&w);
            return DD_OK;
        }
        if (!dd_get_reminder(view, found.part[0], (uint16_t)found.part[1], &row))
            return DD_CORRUPT;
        *line = (struct dd_reminder_line){.seq = found.part[0], .index = (uint16_t)found.part[1]};
        out->reminder_count += fill_reminder(work, &row, line);
        from.part[0] = found.part[0];
        from.part[1] = found.part[1] + 1;
    }
    return DD_OK;
}
