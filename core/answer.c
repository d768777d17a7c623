/* Questions answered from state: who may ask, the small answers, the dispatch. See core/answer.h.
 */
#include "core/answer.h"

#include <string.h>

#include "core/answer_parts.h"
#include "core/office.h"

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

struct dd_slice dd_unit_code(const struct dd_view *view, uint32_t unit)
{
    struct dd_unit_row row;
    if (unit != 0 && dd_get_unit(view, unit, &row))
        return row.code;
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
    return DD_OK;
}

/* Pages of units go by number: `after` is the last one given, u32. */
static enum dd_status answer_units(struct dd_reply_work *work)
{
    struct dd_units_answer *out = &work->answer->as.units;
    const struct dd_view *view = work->asking->view;
    struct dd_reader after = dd_reader_make(work->question->after);
    struct dd_meta_row meta;
    size_t bytes = 0;
    uint32_t unit = work->question->after.size == 4 ? dd_read_u32(&after) : 0;
    if (!dd_get_meta(view, &meta))
        return DD_OK;
    uint32_t left = meta.units > unit ? meta.units - unit : 0;
    out->units = dd_arena_take(work->asking->arena, (left + 1) * sizeof *out->units);
    uint8_t *next = dd_arena_take(work->asking->arena, 4);
    if (!out->units || !next)
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
                                      .head_title = row.head_title};
        if (row.group != 0 && dd_get_group(view, row.group, &group))
            line->group = group.code;
        bytes += 64 + row.code.size + row.name.size + row.head_title.size;
    }
    struct dd_writer w = dd_writer_make(next, 4);
    dd_write_u32(&w, unit);
    if (unit < meta.units)
        work->answer->next = dd_writer_slice(&w);
    return DD_OK;
}

enum dd_status dd_answer(const struct dd_asking *asking, const struct dd_question *question,
                         struct dd_answer *answer, struct dd_refusal *refusal)
{
    struct dd_reply_work work = {asking, question, answer, refusal};
    struct dd_process process;
    memset(answer, 0, sizeof *answer);
    memset(refusal, 0, sizeof *refusal);
    answer->kind = question->kind;
    bool of_cycle = question->kind == DD_QUESTION_CYCLE || question->kind == DD_QUESTION_TABLE ||
                    question->kind == DD_QUESTION_DUTIES || question->kind == DD_QUESTION_DOSSIER;
    if (of_cycle && !dd_process_find(asking->view, question->cycle, &process))
        return dd_refuse_text(refusal, DD_NOT_FOUND, DD_RULE_NO_SUCH_CYCLE, "cycle",
                              question->cycle);
    switch (question->kind) {
    case DD_QUESTION_CYCLE:
        return answer_cycle(&work, &process);
    case DD_QUESTION_TABLE:
        return dd_answer_table(&work, &process);
    case DD_QUESTION_DUTIES:
        return dd_answer_duties(&work, &process);
    case DD_QUESTION_DOSSIER:
        return dd_answer_dossier(&work, &process);
    case DD_QUESTION_REMINDERS:
        return dd_answer_reminders(&work);
    case DD_QUESTION_UNITS:
        return answer_units(&work);
    case DD_QUESTION_HELLO:
    case DD_QUESTION_LOG:
    case DD_QUESTION_DIGEST:
        break;
    }
    return dd_refuse(refusal, DD_INVALID, DD_RULE_MALFORMED, NULL);
}
