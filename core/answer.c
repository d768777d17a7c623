/* Questions answered from state: who may ask, the small answers, the dispatch. See core/answer.h.
 */
#include "core/answer.h"

#include <string.h>

#include "core/answer_parts.h"
#include "core/invariant.h"
#include "core/office.h"
#include "core/row_matter.h"

enum { LOOKED_AT_BYTES = 8 };

size_t dd_looks_of(const struct dd_reply_work *work)
{
    return work->asking->page_bytes / LOOKED_AT_BYTES;
}

uint32_t dd_after_number(const struct dd_question *question)
{
    struct dd_reader after = dd_reader_make(question->after);
    return question->after.size == 4 ? dd_read_u32(&after) : 0;
}

enum dd_status dd_next_number(struct dd_reply_work *work, uint32_t number)
{
    uint8_t *next = dd_arena_take(work->asking->arena, 4);
    if (!next)
        return DD_NO_MEMORY;
    struct dd_writer w = dd_writer_make(next, 4);
    dd_write_u32(&w, number);
    work->answer->next = dd_writer_slice(&w);
    return DD_OK;
}

enum dd_status dd_question_unit(struct dd_reply_work *work, uint32_t *unit)
{
    const struct dd_question *question = work->question;
    *unit = dd_number_of(work->asking->view, DD_TABLE_UNIT_CODE, question->unit);
    if (question->unit.size > 0 && *unit == 0)
        return dd_refuse_text(work->refusal, DD_NOT_FOUND, DD_RULE_NO_SUCH_UNIT, "unit",
                              question->unit);
    return DD_OK;
}

struct dd_slice dd_answer_text(struct dd_reply_work *work, const char *text)
{
    struct dd_slice from = dd_slice_of(text);
    uint8_t *bytes = dd_arena_take(work->asking->arena, from.size + 1);
    if (!bytes)
        return (struct dd_slice){NULL, 0};
    memcpy(bytes, text, from.size);
    return (struct dd_slice){bytes, from.size};
}

int64_t dd_as_of_end(const struct dd_question *question, const struct dd_process *process)
{
    if (!question->has_as_of)
        return INT64_MAX;
    return dd_instant_at(question->as_of_day + 1, 0, process->cycle.offset_min);
}

enum dd_status dd_answer_cells(struct dd_reply_work *work, struct dd_slice figures,
                               struct dd_figure_cell **out, size_t *count)
{
    struct dd_figure_value value;
    size_t given = 0;
    *count = 0;
    while (dd_figures_at(figures, given, &value))
        given++;
    *out = dd_arena_take(work->asking->arena, (given + 1) * sizeof **out);
    if (!*out)
        return DD_NO_MEMORY;
    for (; *count < given; ++*count) {
        (void)dd_figures_at(figures, *count, &value);
        (*out)[*count] = (struct dd_figure_cell){value.key, value.value, value.estimate};
    }
    return DD_OK;
}

struct dd_slice dd_unit_code(const struct dd_view *view, uint32_t unit)
{
    struct dd_unit_row row;
    if (unit != 0 && dd_get_unit(view, unit, &row))
        return row.code;
    return (struct dd_slice){NULL, 0};
}

int16_t dd_offset_now(const struct dd_reply_work *work)
{
    struct dd_calendar_year calendar;
    int year;
    int month;
    int day;
    dd_day_to_civil(dd_day_at(work->asking->now_ms, 0), &year, &month, &day);
    return dd_get_calendar(work->asking->view, year, &calendar) ? (int16_t)calendar.offset_min : 0;
}

struct dd_slice dd_account_code(const struct dd_view *view, uint32_t account)
{
    struct dd_account_row row;
    if (account != 0 && dd_get_account(view, account, &row))
        return row.code;
    return (struct dd_slice){NULL, 0};
}

/* Delegations are numbered in the unit that signs: the party itself, its keeper, or for reports
 * about it the host. Whom it was given to tells which. */
struct dd_slice dd_delegated_by(const struct dd_view *view, const struct dd_process *process,
                                uint32_t unit, uint32_t account, uint16_t delegation)
{
    struct dd_dossier_row dossier;
    uint32_t signing[] = {unit, 0, process->cycle.host};
    if (dd_get_dossier(view, process->number, unit, &dossier))
        signing[1] = dossier.keeper;
    for (size_t i = 0; delegation != 0 && i < sizeof signing / sizeof signing[0]; i++) {
        struct dd_delegation_row row;
        if (signing[i] != 0 && dd_get_delegation(view, signing[i], delegation, &row) &&
            row.to == account)
            return dd_account_code(view, row.from);
    }
    return (struct dd_slice){NULL, 0};
}

enum dd_status dd_may_ask(const struct dd_asking *asking, const struct dd_question *question,
                          struct dd_refusal *refusal)
{
    struct dd_account_row account;
    int32_t today = dd_local_day(asking->view, asking->now_ms);
    bool any = false;
    bool all = false;
    if (!dd_get_account(asking->view, asking->account, &account))
        return dd_refuse(refusal, DD_FORBIDDEN, DD_RULE_NO_SUCH_ACCOUNT, NULL);
    for (size_t i = 0; i < account.office_count; i++) {
        const struct dd_office_row *office = &account.office[i];
        bool held = office->from_day <= today && today <= office->to_day;
        any = any || held;
        all = all || (held && office->unit == 0 &&
                      (office->role == DD_ROLE_AUDITOR || office->role == DD_ROLE_ADMINISTRATOR ||
                       office->role == DD_ROLE_NOTIFIER));
    }
    bool of_log = question->kind == DD_QUESTION_LOG || question->kind == DD_QUESTION_DIGEST;
    if (question->kind == DD_QUESTION_HELLO || (of_log ? all : any))
        return DD_OK;
    return dd_refuse_text(refusal, DD_FORBIDDEN, DD_RULE_NO_OFFICE, NULL,
                          dd_slice_of(of_log ? "auditor" : "anybody"));
}

/* What is owed again and again, then the last days of the other stages that have one for the whole
 * cycle. Reports are among the former. */
static enum dd_status cycle_duties(struct dd_reply_work *work, const struct dd_process *process)
{
    struct dd_cycle_answer *out = &work->answer->as.cycle;
    const struct dd_programme *programme = &process->programme;
    struct dd_slice occurrences = process->cycle.occurrences;
    size_t count = occurrences.size / DD_OCCURRENCE_BYTES;
    out->duties = dd_arena_take(work->asking->arena, (count + DD_STAGES_MAX) * sizeof *out->duties);
    if (!out->duties)
        return DD_NO_MEMORY;
    for (size_t i = 0; i < count; i++) {
        struct dd_occurrence occurrence = dd_occurrence_at(occurrences, i);
        struct dd_cycle_duty *duty = &out->duties[out->duty_count++];
        char period[DD_SPAN_TEXT_BYTES] = "";
        DD_ASSERT(occurrence.stage < programme->stage_count);
        if (occurrence.span.every != 0)
            dd_span_text(occurrence.span, period);
        *duty = (struct dd_cycle_duty){.stage = programme->stage[occurrence.stage].key,
                                       .period = dd_answer_text(work, period),
                                       .last_day = occurrence.last_day,
                                       .closing_day = occurrence.closing_day};
    }
    for (size_t i = 0; i < programme->stage_count; i++) {
        int32_t last_day = process->cycle.stage_last_day[i];
        if (programme->stage[i].act == DD_ACT_REPORT || last_day == INT32_MAX)
            continue;
        out->duties[out->duty_count++] = (struct dd_cycle_duty){
            .stage = programme->stage[i].key, .last_day = last_day, .closing_day = INT32_MAX};
    }
    return DD_OK;
}

static enum dd_status cycle_stages(struct dd_reply_work *work, const struct dd_process *process)
{
    struct dd_cycle_answer *out = &work->answer->as.cycle;
    const struct dd_programme *programme = &process->programme;
    out->stages = dd_arena_take(work->asking->arena, DD_STAGES_MAX * sizeof *out->stages);
    if (!out->stages)
        return DD_NO_MEMORY;
    for (size_t i = 0; i < programme->stage_count; i++) {
        const struct dd_stage *stage = &programme->stage[i];
        out->stages[out->stage_count++] = (struct dd_cycle_stage){.key = stage->key,
                                                                  .name_vi = stage->name_vi,
                                                                  .name_en = stage->name_en,
                                                                  .act = stage->act,
                                                                  .silence = stage->silence,
                                                                  .by = stage->by};
    }
    return DD_OK;
}

static enum dd_status answer_cycle(struct dd_reply_work *work, const struct dd_process *process)
{
    struct dd_cycle_answer *out = &work->answer->as.cycle;
    const struct dd_view *view = work->asking->view;
    struct dd_arena *arena = work->asking->arena;
    struct dd_cycle_row *row = dd_arena_take(arena, sizeof *row);
    out->appraisers = dd_arena_take(arena, sizeof *out->appraisers * DD_APPRAISERS_MAX);
    out->approvers = dd_arena_take(arena, sizeof *out->approvers * DD_APPROVERS_MAX);
    if (!row || !out->appraisers || !out->approvers)
        return DD_NO_MEMORY;
    *row = process->cycle;
    out->cycle = row->code;
    out->programme = process->programme.code;
    out->programme_version = process->programme.version;
    out->host = dd_unit_code(view, row->host);
    out->from_day = row->from_day;
    out->to_day = row->to_day;
    out->offset_min = row->offset_min;
    out->open = row->state == DD_CYCLE_OPEN;
    out->dates = row->date;
    out->date_count = row->date_count;
    out->periods = row->period;
    out->period_count = row->period_count;
    out->reports = row->report;
    out->report_count = row->report_count;
    out->party_count = row->parties;
    for (size_t i = 0; i < row->appraiser_count; i++)
        out->appraisers[out->appraiser_count++] = dd_unit_code(view, row->appraiser[i]);
    for (size_t i = 0; i < row->approver_count; i++) {
        struct dd_account_row approver;
        if (dd_get_account(view, row->approver[i], &approver))
            out->approvers[out->approver_count++] = approver.code;
    }
    enum dd_status status = cycle_stages(work, process);
    if (status == DD_OK && row->state != DD_CYCLE_STAGED)
        status = cycle_duties(work, process);
    return status;
}

/* Pages of units go by number: `after` is the last one given, u32. */
static enum dd_status answer_units(struct dd_reply_work *work)
{
    struct dd_units_answer *out = &work->answer->as.units;
    const struct dd_view *view = work->asking->view;
    struct dd_meta_row meta;
    size_t bytes = 0;
    uint32_t unit = dd_after_number(work->question);
    if (!dd_get_meta(view, &meta))
        return DD_OK;
    uint32_t left = meta.units > unit ? meta.units - unit : 0;
    out->units = dd_arena_take(work->asking->arena, (left + 1) * sizeof *out->units);
    if (!out->units)
        return DD_NO_MEMORY;
    while (unit < meta.units && bytes < work->asking->page_bytes) {
        struct dd_unit_row row;
        struct dd_group_row group;
        if (!dd_get_unit(view, ++unit, &row))
            continue;
        struct dd_unit_line *line = &out->units[out->unit_count++];
        *line = (struct dd_unit_line){.code = row.code,
                                      .name = row.name,
                                      .ordinal = row.ordinal,
                                      .parent = dd_unit_code(view, row.parent),
                                      .head_title = row.head_title,
                                      .from_day = row.from_day,
                                      .to_day = row.to_day,
                                      .successor = dd_unit_code(view, row.successor)};
        if (row.group != 0 && dd_get_group(view, row.group, &group))
            line->group = group.code;
        bytes += 128 + row.code.size + row.name.size + row.head_title.size + line->group.size +
                 line->parent.size + line->successor.size;
    }
    return unit < meta.units ? dd_next_number(work, unit) : DD_OK;
}

/* True if the question is about one cycle, which then must be there. */
static bool of_cycle(enum dd_question_kind kind)
{
    switch (kind) {
    case DD_QUESTION_CYCLE:
    case DD_QUESTION_TABLE:
    case DD_QUESTION_DUTIES:
    case DD_QUESTION_DOSSIER:
    case DD_QUESTION_MATTERS:
    case DD_QUESTION_MATTER:
    case DD_QUESTION_FIGURES:
        return true;
    case DD_QUESTION_HELLO:
    case DD_QUESTION_REMINDERS:
    case DD_QUESTION_LOG:
    case DD_QUESTION_DIGEST:
    case DD_QUESTION_UNITS:
    case DD_QUESTION_CYCLES:
    case DD_QUESTION_PUBLICATIONS:
    case DD_QUESTION_DELEGATIONS:
        break;
    }
    return false;
}

static enum dd_status answer_any(struct dd_reply_work *work, const struct dd_process *process)
{
    switch (work->question->kind) {
    case DD_QUESTION_CYCLE:
        return answer_cycle(work, process);
    case DD_QUESTION_TABLE:
        return dd_answer_table(work, process);
    case DD_QUESTION_DUTIES:
        return dd_answer_duties(work, process);
    case DD_QUESTION_DOSSIER:
        return dd_answer_dossier(work, process);
    case DD_QUESTION_MATTERS:
        return dd_answer_matters(work, process);
    case DD_QUESTION_MATTER:
        return dd_answer_matter(work, process);
    case DD_QUESTION_FIGURES:
        return dd_answer_figures(work, process);
    case DD_QUESTION_REMINDERS:
        return dd_answer_reminders(work);
    case DD_QUESTION_UNITS:
        return answer_units(work);
    case DD_QUESTION_CYCLES:
        return dd_answer_cycles(work);
    case DD_QUESTION_PUBLICATIONS:
        return dd_answer_publications(work);
    case DD_QUESTION_DELEGATIONS:
        return dd_answer_delegations(work);
    case DD_QUESTION_HELLO:
    case DD_QUESTION_LOG:
    case DD_QUESTION_DIGEST:
        break;
    }
    return dd_refuse(work->refusal, DD_INVALID, DD_RULE_MALFORMED, NULL);
}

/* True if the as-of day has not begun where the cycle is: nobody knows how things will stand. */
static bool as_of_is_to_come(const struct dd_reply_work *work, const struct dd_process *process)
{
    const struct dd_question *question = work->question;
    return of_cycle(question->kind) && question->has_as_of &&
           question->as_of_day > dd_day_at(work->asking->now_ms, process->cycle.offset_min);
}

enum dd_status dd_answer(const struct dd_asking *asking, const struct dd_question *question,
                         struct dd_answer *answer, struct dd_refusal *refusal)
{
    struct dd_reply_work work = {asking, question, answer, refusal};
    struct dd_process process;
    memset(answer, 0, sizeof *answer);
    memset(refusal, 0, sizeof *refusal);
    answer->kind = question->kind;
    if (of_cycle(question->kind) && !dd_process_find(asking->view, question->cycle, &process))
        return dd_refuse_text(refusal, DD_NOT_FOUND, DD_RULE_NO_SUCH_CYCLE, "cycle",
                              question->cycle);
    if (as_of_is_to_come(&work, &process))
        return dd_refuse(refusal, DD_INVALID, DD_RULE_DAY_IN_FUTURE, "as_of");
    return answer_any(&work, &process);
}
