/* Figures: what the parties handed in for one period of a reporting stage, in the table's order,
 * and their sums by group and in all. Sums are exact; one that does not fit is left out. Knows no
 * figure by name. See core/answer_parts.h. */
#include "core/answer_parts.h"
#include "core/invariant.h"
#include "core/report.h"

enum { ROW_BYTES = 160, CELL_BYTES = 24 };

/* One table of figures being made. */
struct sheet {
    struct dd_reply_work *work;
    const struct dd_view *view;
    const struct dd_process *process;
    uint8_t stage;
    uint16_t a; /* which of the stage's duties */
    int64_t before_ms;
    struct dd_form form; /* without figures if the stage asks for none */
};

/* What one party owes there, and the last that it handed in. */
struct paper {
    struct dd_duty_key key;
    enum dd_end status; /* 0: it owes nothing, but handed something in */
    bool reported;
    struct dd_report_row report;
};

static enum dd_act act_of(const struct sheet *s)
{
    return s->process->programme.stage[s->stage].act;
}

/* Which of the stage's duties the period is; what is taken at any time has none. */
static bool find_duty(const struct sheet *s, struct dd_slice period, uint16_t *a)
{
    bool any_time = s->process->programme.stage[s->stage].any_time;
    if (act_of(s) == DD_ACT_HAND_IN) {
        *a = 0;
        return period.size == 0;
    }
    return !(any_time && period.size > 0) && dd_report_duty(s->process, s->stage, period, a);
}

static enum dd_status open_sheet(struct sheet *s)
{
    const struct dd_programme *programme = &s->process->programme;
    const struct dd_question *question = s->work->question;
    s->stage = dd_programme_stage_of_key(programme, question->stage);
    if (s->stage == programme->stage_count ||
        (act_of(s) != DD_ACT_REPORT && act_of(s) != DD_ACT_HAND_IN))
        return dd_refuse(s->work->refusal, DD_NOT_FOUND, DD_RULE_NO_SUCH_STAGE, "stage");
    if (!find_duty(s, question->period, &s->a))
        return dd_refuse_text(s->work->refusal, DD_NOT_FOUND, DD_RULE_NO_SUCH_REPORT, "period",
                              question->period);
    if (programme->stage[s->stage].form.size > 0) {
        bool found = dd_form_find(programme->forms, programme->stage[s->stage].form, &s->form);
        DD_ASSERT(found);
    }
    return DD_OK;
}

/* --- a party's paper --- */

/* The newest version that came before then and was not taken back, as a report. */
static bool find_version(const struct sheet *s, uint32_t unit, struct dd_report_row *out)
{
    struct dd_dossier_row dossier;
    struct dd_version_row row;
    if (!dd_get_dossier(s->view, s->process->number, unit, &dossier))
        return false;
    for (uint16_t i = dossier.newest; i > 0; i--) {
        if (!dd_get_version(s->view, s->process->number, unit, i, &row) ||
            row.submitted_ms >= s->before_ms ||
            (row.state == DD_VERSION_WITHDRAWN && row.ended_ms < s->before_ms))
            continue;
        *out = (struct dd_report_row){.received_ms = row.submitted_ms,
                                      .seq = row.seq,
                                      .account = row.account,
                                      .capacity = row.capacity,
                                      .figures = row.figures};
        return true;
    }
    return false;
}

/* False if the party neither owes it nor handed it in. */
static bool find_paper(const struct sheet *s, uint32_t unit, struct paper *out)
{
    struct dd_duty_row duty;
    *out = (struct paper){.key = {s->process->number, unit, s->stage, s->a, 0}};
    if (act_of(s) == DD_ACT_HAND_IN)
        out->reported = find_version(s, unit, &out->report);
    else
        out->reported = dd_report_last(s->view, s->process, unit, s->stage, s->a, s->before_ms,
                                       &out->report) > 0;
    if (dd_get_duty(s->view, &out->key, &duty) && duty.arose_ms < s->before_ms)
        out->status = dd_duty_stood(&duty, s->before_ms);
    return out->status != 0 || out->reported;
}

static bool noted_before(const struct sheet *s, size_t check, const bool *noted)
{
    for (size_t i = 0; i < check; i++) {
        if (noted[i] && dd_slice_equal(s->form.check[i].figure, s->form.check[check].figure))
            return true;
    }
    return false;
}

/* Keys of the figures of which a note is breached, each once. */
static enum dd_status fill_notes(const struct sheet *s, const struct paper *paper,
                                 struct dd_figures_row *row)
{
    struct dd_slice before = dd_report_figures_before(s->view, s->process, paper->key.unit,
                                                      s->stage, s->a, s->before_ms);
    bool noted[DD_CHECKS_MAX] = {false};
    size_t size = DD_CHECKS_MAX * (DD_CODE_BYTES_MAX + 1);
    uint8_t *bytes = s->form.check_count > 0 ? dd_arena_take(s->work->asking->arena, size) : NULL;
    if (s->form.check_count == 0)
        return DD_OK;
    if (!bytes)
        return DD_NO_MEMORY;
    struct dd_writer w = dd_writer_make(bytes, size);
    for (size_t i = 0; i < s->form.check_count; i++) {
        struct dd_slice key = s->form.check[i].figure;
        noted[i] = dd_form_noted(&s->form, i, paper->report.figures, before);
        if (!noted[i] || noted_before(s, i, noted))
            continue;
        if (w.at > 0)
            dd_write_u8(&w, ' ');
        dd_write_raw(&w, key.data, key.size);
    }
    row->notes = dd_writer_slice(&w);
    return DD_OK;
}

static enum dd_status take_cells(const struct sheet *s, struct dd_figures_row *row)
{
    row->figures = dd_arena_take(s->work->asking->arena, DD_FIGURES_MAX * sizeof *row->figures);
    return row->figures ? DD_OK : DD_NO_MEMORY;
}

static enum dd_status fill_reported(const struct sheet *s, const struct paper *paper,
                                    struct dd_figures_row *row)
{
    const struct dd_report_row *report = &paper->report;
    enum dd_status status = take_cells(s, row);
    if (status != DD_OK)
        return status;
    row->received_ms = report->received_ms;
    row->seq = report->seq;
    row->account = dd_account_code(s->view, report->account);
    row->capacity = report->capacity;
    row->delegated_by =
        dd_delegated_by(s->view, s->process, paper->key.unit, report->account, report->delegation);
    for (size_t i = 0; i < s->form.figure_count; i++) {
        struct dd_figure_value value;
        if (dd_figures_find(report->figures, s->form.figure[i].key, &value))
            row->figures[row->figure_count++] =
                (struct dd_figure_cell){s->form.figure[i].key, value.value, value.estimate};
    }
    return fill_notes(s, paper, row);
}

static enum dd_status fill_row(const struct sheet *s, const struct dd_table_party *party,
                               const struct paper *paper, struct dd_figures_row *row)
{
    struct dd_group_row group;
    *row =
        (struct dd_figures_row){.unit = party->code, .name = party->name, .status = paper->status};
    if (dd_get_group(s->view, party->group, &group))
        row->group = group.code;
    return paper->reported ? fill_reported(s, paper, row) : DD_OK;
}

static size_t bytes_of(const struct dd_figures_row *row)
{
    size_t bytes = ROW_BYTES + row->group.size + row->unit.size + row->name.size +
                   row->account.size + row->delegated_by.size + row->notes.size;
    for (size_t i = 0; i < row->figure_count; i++)
        bytes += CELL_BYTES + row->figures[i].key.size;
    return bytes;
}

/* --- sums --- */

struct sum {
    uint32_t units;
    struct {
        struct dd_figure value;
        bool given;
        bool estimate; /* one of its terms is */
        bool beyond;   /* it does not fit */
    } figure[DD_FIGURES_MAX];
};

static void add(const struct sheet *s, struct sum *sum, struct dd_slice figures)
{
    sum->units++;
    for (size_t i = 0; i < s->form.figure_count; i++) {
        struct dd_figure_value value;
        if (!dd_figures_find(figures, s->form.figure[i].key, &value))
            continue;
        sum->figure[i].beyond =
            sum->figure[i].beyond ||
            !dd_figure_add(sum->figure[i].value, value.value, &sum->figure[i].value);
        sum->figure[i].given = true;
        sum->figure[i].estimate = sum->figure[i].estimate || value.estimate;
    }
}

static enum dd_status put_sum(const struct sheet *s, uint32_t group, const struct sum *sum)
{
    struct dd_figures_answer *out = &s->work->answer->as.figures;
    struct dd_figures_row *row = &out->rows[out->row_count++];
    struct dd_group_row named;
    *row = (struct dd_figures_row){.units = sum->units};
    if (group != 0 && dd_get_group(s->view, group, &named)) {
        row->group = named.code;
        row->name = named.name;
    }
    enum dd_status status = take_cells(s, row);
    for (size_t i = 0; status == DD_OK && i < s->form.figure_count; i++) {
        if (sum->figure[i].given && !sum->figure[i].beyond)
            row->figures[row->figure_count++] = (struct dd_figure_cell){
                s->form.figure[i].key, sum->figure[i].value, sum->figure[i].estimate};
    }
    return status;
}

/* By group in the groups' order, then the whole. Groups of which nobody owes the stage are left
 * out. */
static enum dd_status put_sums(const struct sheet *s, const struct dd_table_party *parties,
                               size_t count)
{
    struct sum whole = {.units = 0};
    enum dd_status status = DD_OK;
    for (size_t i = 0; status == DD_OK && i < count;) {
        struct sum part = {.units = 0};
        uint32_t group = parties[i].group;
        bool owed = false;
        for (; i < count && parties[i].group == group; i++) {
            struct paper paper;
            if (!find_paper(s, parties[i].unit, &paper))
                continue;
            owed = true;
            if (!paper.reported)
                continue;
            add(s, &part, paper.report.figures);
            add(s, &whole, paper.report.figures);
        }
        if (owed && group != 0)
            status = put_sum(s, group, &part);
    }
    return status == DD_OK ? put_sum(s, 0, &whole) : status;
}

/* --- the table --- */

static enum dd_status fill_heads(const struct sheet *s)
{
    struct dd_figures_answer *out = &s->work->answer->as.figures;
    out->heads =
        dd_arena_take(s->work->asking->arena, (s->form.figure_count + 1U) * sizeof *out->heads);
    if (!out->heads)
        return DD_NO_MEMORY;
    for (size_t i = 0; i < s->form.figure_count; i++) {
        const struct dd_form_figure *figure = &s->form.figure[i];
        out->heads[out->head_count++] =
            (struct dd_figure_head){.key = figure->key,
                                    .name_vi = figure->name_vi,
                                    .name_en = figure->name_en,
                                    .unit_of_measure = figure->unit_of_measure,
                                    .has_target = figure->has_target,
                                    .target = figure->target};
    }
    out->cycle = s->process->cycle.code;
    out->stage = s->process->programme.stage[s->stage].key;
    out->period = s->work->question->period;
    out->offset_min = s->process->cycle.offset_min;
    return DD_OK;
}

/* The rows from `at` on as far as a page goes. Sums come with the last. */
static enum dd_status fill_rows(const struct sheet *s, const struct dd_table_party *parties,
                                size_t count, size_t at)
{
    struct dd_figures_answer *out = &s->work->answer->as.figures;
    size_t looked = 0;
    size_t bytes = 0;
    out->rows =
        dd_arena_take(s->work->asking->arena, (count - at + DD_GROUPS_MAX + 1) * sizeof *out->rows);
    if (!out->rows)
        return DD_NO_MEMORY;
    for (; at < count; at++) {
        struct paper paper;
        if (bytes >= s->work->asking->page_bytes || looked++ > dd_looks_of(s->work))
            return dd_next_number(s->work, (uint32_t)at);
        if (!find_paper(s, parties[at].unit, &paper))
            continue;
        enum dd_status status = fill_row(s, &parties[at], &paper, &out->rows[out->row_count]);
        if (status != DD_OK)
            return status;
        bytes += bytes_of(&out->rows[out->row_count++]);
    }
    return put_sums(s, parties, count);
}

/* Pages go by place in the table: `after` is the number of parties gone through so far, u32. */
enum dd_status dd_answer_figures(struct dd_reply_work *work, const struct dd_process *process)
{
    struct sheet s = {.work = work, .view = work->asking->view, .process = process};
    struct dd_table_party *parties;
    size_t count;
    s.before_ms = work->asking->now_ms + 1;
    if (dd_as_of_end(work->question, process) < s.before_ms)
        s.before_ms = dd_as_of_end(work->question, process);
    enum dd_status status = open_sheet(&s);
    if (status == DD_OK)
        status = fill_heads(&s);
    if (status == DD_OK)
        status = dd_answer_parties(work, process, &parties, &count);
    if (status != DD_OK)
        return status;
    size_t at = dd_after_number(work->question);
    return fill_rows(&s, parties, count, at > count ? count : at);
}
