/* Matters: how each stands, and what each unit that owes a stage of one answered. Silence is shown
 * as silence: a lapsed duty has nobody's name, choice or time, but for an answer that came when it
 * no longer counted, which is marked as late. See core/answer_parts.h. */
#include "core/answer_parts.h"
#include "core/invariant.h"
#include "core/matter.h"
#include "core/office.h"

enum {
    MATTER_BYTES = 320, /* of a line beside its texts */
    CHOICE_BYTES = 24,
    ANSWER_BYTES = 160,
    CELL_BYTES = 24,
    UNITS_PER_LOOK = 16, /* looking at a unit reads some rows: a page looks at fewer of them */
    NEXT_BYTES = 5
};

/* A matter being told. */
struct sheet {
    struct dd_reply_work *work;
    const struct dd_view *view;
    const struct dd_process *process;
    uint16_t matter;
    struct dd_matter_row row;
    int64_t before_ms;
    size_t looked; /* at so many units */
    size_t bytes;  /* of what was told so far, about */
};

static bool open_sheet(struct sheet *s, uint16_t matter)
{
    s->matter = matter;
    return dd_get_matter(s->view, s->process->number, matter, &s->row);
}

static struct sheet sheet_of(struct dd_reply_work *work, const struct dd_process *process)
{
    return (struct sheet){.work = work,
                          .view = work->asking->view,
                          .process = process,
                          .before_ms = work->asking->now_ms + 1};
}

static const struct dd_stage *stage_at(const struct sheet *s, uint8_t stage)
{
    return &s->process->programme.stage[stage];
}

/* Who owes the stage, one after the other: unit numbers; *cursor begins with 0. 0: no more. A
 * decision is owed under the owner's number. */
static uint32_t next_owing(struct sheet *s, uint8_t stage, uint32_t *cursor)
{
    bool decides = stage_at(s, stage)->act == DD_ACT_DECIDE;
    uint32_t unit = s->row.owner;
    if (decides || stage_at(s, stage)->who == DD_WHO_OWNER) {
        bool first = *cursor == 0;
        *cursor = 1;
        s->looked++;
        return first && (decides || dd_matter_owes(s->view, s->process, &s->row, stage, unit))
                   ? unit
                   : 0;
    }
    do {
        unit = dd_matter_next_asked(s->view, s->process->number, &s->row, cursor);
        s->looked++;
    } while (unit != 0 && !dd_matter_owes(s->view, s->process, &s->row, stage, unit));
    return unit;
}

static bool get_duty(const struct sheet *s, uint8_t stage, uint32_t unit, struct dd_duty_row *out)
{
    struct dd_duty_key key = {s->process->number, unit, stage, s->matter, 0};
    return dd_get_duty(s->view, &key, out);
}

/* --- how a matter stands --- */

/* The stage that the matter's numbers are about: the one that passes or fails, or else the first
 * that is answered, or else its first. */
static uint8_t counted_stage(const struct dd_programme *programme, uint8_t kind)
{
    uint8_t first = dd_matter_stage(programme, kind, 0);
    uint8_t answered = programme->stage_count;
    for (uint8_t i = first; i < programme->stage_count;
         i = dd_matter_stage(programme, kind, (uint8_t)(i + 1))) {
        if (programme->stage[i].pass_choice > 0)
            return i;
        if (programme->stage[i].act == DD_ACT_ANSWER && answered == programme->stage_count)
            answered = i;
    }
    return answered < programme->stage_count ? answered : first;
}

/* Counts the stage's duties by how they stand; one that was met counts as answered, whatever the
 * act is that meets it. */
static void count_duties(struct sheet *s, uint8_t stage, struct dd_matter_line *line)
{
    struct dd_duty_row duty;
    uint32_t cursor = 0;
    uint32_t unit;
    while ((unit = next_owing(s, stage, &cursor)) != 0) {
        line->asked++;
        if (!get_duty(s, stage, unit, &duty))
            continue;
        line->answered += duty.end == DD_END_ON_TIME || duty.end == DD_END_LATE;
        line->lapsed += duty.end == DD_END_LAPSED;
        line->open += duty.end == DD_END_OPEN;
        if (duty.bound_ms != INT64_MAX && duty.bound_ms > line->bound_ms)
            line->bound_ms = duty.bound_ms;
    }
}

/* The stage's choices; nobody has been counted yet. */
static enum dd_status fill_choices(struct sheet *s, uint8_t stage, struct dd_matter_line *line)
{
    const struct dd_stage *rule = stage_at(s, stage);
    if (rule->act != DD_ACT_ANSWER || rule->choice_count == 0)
        return DD_OK;
    line->choices =
        dd_arena_take(s->work->asking->arena, rule->choice_count * sizeof *line->choices);
    if (!line->choices)
        return DD_NO_MEMORY;
    for (size_t i = 0; i < rule->choice_count; i++) {
        const struct dd_choice *choice = &rule->choice[i];
        line->choices[line->choice_count++] =
            (struct dd_choice_count){choice->code, choice->name_vi, choice->name_en, 0};
        s->bytes += CHOICE_BYTES + choice->code.size + choice->name_vi.size + choice->name_en.size;
    }
    return DD_OK;
}

static void count_result(struct sheet *s, uint8_t stage, struct dd_matter_line *line)
{
    struct dd_matter_result result;
    if (line->choice_count == 0)
        return;
    dd_matter_result(s->view, s->process, s->matter, &s->row, stage, &result);
    line->has_rule = result.has_rule;
    line->passed = result.passed;
    line->settled = result.settled;
    line->favour = result.favour;
    line->counted = result.counted;
    line->needed = result.needed;
    for (size_t i = 0; i < line->choice_count; i++)
        line->choices[i].count = result.count[i];
}

static void fill_texts(struct sheet *s, struct dd_matter_line *line)
{
    const struct dd_matter_row *row = &s->row;
    *line = (struct dd_matter_line){.matter = s->matter,
                                    .kind = s->process->programme.kind[row->kind].code,
                                    .code = row->code,
                                    .title = row->title,
                                    .notice = row->notice,
                                    .owner = dd_unit_code(s->view, row->owner),
                                    .opened_ms = row->opened_ms,
                                    .at_ms = row->at_ms,
                                    .verdict = row->verdict,
                                    .decided_by = dd_account_code(s->view, row->decided_by),
                                    .decided_ms = row->decided_ms,
                                    .reason = row->reason,
                                    .revision = row->revision,
                                    .parent = row->parent,
                                    .capacity = row->capacity};
    s->bytes += MATTER_BYTES + line->kind.size + line->code.size + line->title.size +
                line->notice.size + line->owner.size + line->decided_by.size + line->reason.size;
}

/* With `counts` also what only a look at everybody asked tells. */
static enum dd_status fill_matter(struct sheet *s, bool counts, struct dd_matter_line *line)
{
    const struct dd_programme *programme = &s->process->programme;
    uint8_t stage = counted_stage(programme, s->row.kind);
    struct dd_item_row item;
    fill_texts(s, line);
    if (dd_get_item(s->view, s->process->number, s->row.owner, s->matter, 0, &item)) {
        struct dd_outcome_fact latest = dd_outcome_latest(&item, INT64_MAX);
        line->outcome = latest.outcome;
        line->outcome_day = latest.day;
    }
    if (dd_matter_waits(s->view, s->process, s->matter, &s->row) == DD_MATTER_WAITS_FOR_DECISION)
        line->awaits = stage_at(s, s->row.stage)->key;
    s->bytes += line->awaits.size;
    if (stage == programme->stage_count)
        return DD_OK;
    line->silence = programme->stage[stage].silence;
    enum dd_status status = fill_choices(s, stage, line);
    if (status == DD_OK && counts) {
        count_duties(s, stage, line);
        count_result(s, stage, line);
    }
    return status;
}

/* --- many --- */

/* Owned by the unit, or something of it is asked of the unit. */
static bool concerns(const struct sheet *s, uint32_t unit)
{
    const struct dd_programme *programme = &s->process->programme;
    uint8_t i = dd_matter_stage(programme, s->row.kind, 0);
    if (unit == 0 || unit == s->row.owner || dd_units_hold(s->row.asked, unit))
        return true;
    for (; i < programme->stage_count;
         i = dd_matter_stage(programme, s->row.kind, (uint8_t)(i + 1))) {
        if (programme->stage[i].act != DD_ACT_DECIDE &&
            dd_matter_owes(s->view, s->process, &s->row, i, unit))
            return true;
    }
    return false;
}

/* Pages go by number: `after` is the last one looked at, u32. A page may be empty and yet have a
 * next. */
enum dd_status dd_answer_matters(struct dd_reply_work *work, const struct dd_process *process)
{
    struct dd_matters_answer *out = &work->answer->as.matters;
    const struct dd_question *question = work->question;
    struct sheet s = sheet_of(work, process);
    uint8_t kind = dd_programme_kind(&process->programme, question->matter_kind);
    uint32_t matter = dd_after_number(question);
    uint32_t unit;
    enum dd_status status = dd_question_unit(work, &unit);
    if (status != DD_OK)
        return status;
    if (question->matter_kind.size > 0 && kind == process->programme.kind_count)
        return dd_refuse_text(work->refusal, DD_NOT_FOUND, DD_RULE_NO_SUCH_KIND, "kind",
                              question->matter_kind);
    size_t left = process->cycle.matters > matter ? process->cycle.matters - matter : 0;
    out->offset_min = process->cycle.offset_min;
    out->matters = dd_arena_take(work->asking->arena, (left + 1) * sizeof *out->matters);
    if (!out->matters)
        return DD_NO_MEMORY;
    while (status == DD_OK && matter < process->cycle.matters) {
        if (s.bytes >= work->asking->page_bytes ||
            s.looked * UNITS_PER_LOOK >= dd_looks_of(work) + UNITS_PER_LOOK)
            return dd_next_number(work, matter);
        bool found = open_sheet(&s, (uint16_t)++matter);
        DD_ASSERT(found);
        s.looked++;
        if ((question->matter_kind.size == 0 || s.row.kind == kind) && concerns(&s, unit))
            status = fill_matter(&s, true, &out->matters[out->matter_count++]);
    }
    return status;
}

/* --- one --- */

static enum dd_status fill_cells(struct sheet *s, struct dd_slice figures,
                                 struct dd_answer_line *line)
{
    enum dd_status status = dd_answer_cells(s->work, figures, &line->figures, &line->figure_count);
    for (size_t i = 0; i < line->figure_count; i++)
        s->bytes += CELL_BYTES + line->figures[i].key.size;
    return status;
}

/* What the unit said last, after silence had spoken for it: it counts for nothing. */
static bool find_late(const struct sheet *s, uint8_t stage, uint32_t unit,
                      const struct dd_duty_row *duty, struct dd_answer_row *out)
{
    return dd_last_answer(s->view, s->process->number, s->matter, stage, unit, out) > 0 &&
           duty->bound_ms <= out->received_ms &&
           dd_matter_silent(stage_at(s, stage), duty, out->received_ms);
}

/* What the unit answered, as far as it counts, or else what came too late, without its figures:
 * whoever sums up the lines takes none that do not count. */
static enum dd_status fill_answer(struct sheet *s, uint8_t stage, uint32_t unit,
                                  const struct dd_duty_row *duty, struct dd_answer_line *line)
{
    const struct dd_stage *rule = stage_at(s, stage);
    struct dd_answer_row answer;
    if (dd_matter_answer(s->view, s->process, s->matter, stage, unit, &answer) == 0) {
        line->late = find_late(s, stage, unit, duty, &answer);
        if (!line->late)
            return DD_OK;
    }
    if (answer.choice > 0 && answer.choice <= rule->choice_count)
        line->choice = rule->choice[answer.choice - 1].code;
    line->note = answer.note;
    line->received_ms = answer.received_ms;
    line->seq = answer.seq;
    line->account = dd_account_code(s->view, answer.account);
    line->capacity = answer.capacity;
    line->delegated_by =
        dd_delegated_by(s->view, s->process, unit, answer.account, answer.delegation);
    return line->late ? DD_OK : fill_cells(s, answer.figures, line);
}

/* Who decides is not the unit whose matter it is. Only the last decision's words are kept; of an
 * earlier one its instant and its entry. */
static void fill_decision(struct sheet *s, const struct dd_duty_row *duty,
                          struct dd_answer_line *line)
{
    if (duty->end != DD_END_ON_TIME && duty->end != DD_END_LATE)
        return;
    line->received_ms = duty->ended_ms;
    line->seq = duty->ended_seq;
    if (duty->ended_seq != s->row.decided_seq)
        return;
    line->choice = dd_slice_of(dd_word(DD_WORDS_VERDICT, (int)s->row.verdict));
    line->note = s->row.reason;
    line->account = dd_account_code(s->view, s->row.decided_by);
}

/* What was last said of the work: the outcome's word. The first fact is that it arose. */
static void fill_outcome(struct sheet *s, uint32_t unit, const struct dd_duty_row *duty,
                         struct dd_answer_line *line)
{
    struct dd_item_row item;
    if (duty->end == DD_END_LAPSED ||
        !dd_get_item(s->view, s->process->number, unit, s->matter, 0, &item) ||
        dd_outcomes_count(&item) < 2)
        return;
    struct dd_outcome_fact latest = dd_outcome_latest(&item, INT64_MAX);
    line->choice = dd_slice_of(dd_word(DD_WORDS_OUTCOME, (int)latest.outcome));
    line->received_ms = latest.received_ms;
    line->seq = latest.seq;
}

/* The unit whose act meets the duty: it answers for the silence. */
static uint32_t answering_unit(const struct sheet *s, uint8_t stage, uint32_t unit)
{
    struct dd_dossier_row dossier = {.keeper = 0};
    if (stage_at(s, stage)->act != DD_ACT_DECIDE)
        return unit;
    (void)dd_get_dossier(s->view, s->process->number, unit, &dossier);
    if (stage_at(s, stage)->by == DD_ROLE_APPROVER)
        return s->process->cycle.host;
    if (stage_at(s, stage)->by == DD_ROLE_APPRAISER)
        return dd_appraiser_for(&s->process->cycle, &dossier, unit);
    return dd_keeper_of(&dossier, unit);
}

static enum dd_status fill_line(struct sheet *s, uint8_t stage, uint32_t unit,
                                const struct dd_duty_row *duty, struct dd_answer_line *line)
{
    enum dd_status status = DD_OK;
    struct dd_unit_row row;
    *line = (struct dd_answer_line){.stage = stage_at(s, stage)->key,
                                    .status = dd_duty_stood(duty, s->before_ms),
                                    .bound_ms = duty->bound_ms == INT64_MAX ? 0 : duty->bound_ms};
    if (dd_get_unit(s->view, answering_unit(s, stage, unit), &row)) {
        line->unit = row.code;
        line->head_title = row.head_title;
    }
    switch (stage_at(s, stage)->act) {
    case DD_ACT_ANSWER:
        status = fill_answer(s, stage, unit, duty, line);
        break;
    case DD_ACT_DECIDE:
        fill_decision(s, duty, line);
        break;
    case DD_ACT_OUTCOME:
        fill_outcome(s, unit, duty, line);
        break;
    case DD_ACT_HAND_IN:
    case DD_ACT_REPORT:
        break;
    }
    s->bytes += ANSWER_BYTES + line->stage.size + line->unit.size + line->head_title.size +
                line->choice.size + line->note.size + line->account.size + line->delegated_by.size;
    return status;
}

static enum dd_status put_next(struct sheet *s, uint8_t stage, uint32_t cursor)
{
    uint8_t *next = dd_arena_take(s->work->asking->arena, NEXT_BYTES);
    if (!next)
        return DD_NO_MEMORY;
    struct dd_writer w = dd_writer_make(next, NEXT_BYTES);
    dd_write_u8(&w, stage);
    dd_write_u32(&w, cursor);
    s->work->answer->next = dd_writer_slice(&w);
    return DD_OK;
}

/* The lines of each stage that has arisen and each unit that owes it, from (stage, cursor) on. */
static enum dd_status fill_lines(struct sheet *s, uint8_t stage, uint32_t cursor)
{
    struct dd_matter_answer *out = &s->work->answer->as.matter;
    const struct dd_programme *programme = &s->process->programme;
    stage = dd_matter_stage(programme, s->row.kind, stage);
    for (; stage < programme->stage_count;
         stage = dd_matter_stage(programme, s->row.kind, (uint8_t)(stage + 1)), cursor = 0) {
        for (;;) {
            struct dd_duty_row duty;
            uint32_t here = cursor;
            uint32_t unit = next_owing(s, stage, &cursor);
            if (unit == 0)
                break;
            if (s->bytes >= s->work->asking->page_bytes ||
                out->answer_count == DD_LINES_PER_PAGE_MAX)
                return put_next(s, stage, here);
            if (!get_duty(s, stage, unit, &duty))
                continue;
            enum dd_status status =
                fill_line(s, stage, unit, &duty, &out->answers[out->answer_count++]);
            if (status != DD_OK)
                return status;
        }
    }
    return DD_OK;
}

static enum dd_status fill_partners(struct sheet *s)
{
    struct dd_matter_answer *out = &s->work->answer->as.matter;
    size_t count = dd_units_count(s->row.partners);
    out->partners = dd_arena_take(s->work->asking->arena, (count + 1) * sizeof *out->partners);
    if (!out->partners)
        return DD_NO_MEMORY;
    for (size_t i = 0; i < count; i++)
        out->partners[out->partner_count++] =
            dd_unit_code(s->view, dd_units_at(s->row.partners, i));
    return DD_OK;
}

/* Pages go by stage and unit; `after` is where to go on: u8 stage, u32 cursor of core/matter.h. The
 * matter itself stands on each page, its counts and its result on the first alone: who asks for all
 * pages looks at everybody asked a fixed number of times, however many pages there are. */
enum dd_status dd_answer_matter(struct dd_reply_work *work, const struct dd_process *process)
{
    struct dd_matter_answer *out = &work->answer->as.matter;
    struct sheet s = sheet_of(work, process);
    bool first = work->question->after.size != NEXT_BYTES;
    uint8_t stage = 0;
    uint32_t cursor = 0;
    if (!first) {
        struct dd_reader after = dd_reader_make(work->question->after);
        stage = dd_read_u8(&after);
        cursor = dd_read_u32(&after);
    }
    if (work->question->matter == 0 || !open_sheet(&s, work->question->matter))
        return dd_refuse_number(work->refusal, DD_NOT_FOUND, DD_RULE_NO_SUCH_MATTER, "matter",
                                work->question->matter);
    out->offset_min = process->cycle.offset_min;
    out->answers = dd_arena_take(work->asking->arena, DD_LINES_PER_PAGE_MAX * sizeof *out->answers);
    if (!out->answers)
        return DD_NO_MEMORY;
    enum dd_status status = fill_matter(&s, first, &out->matter);
    if (status == DD_OK)
        status = fill_partners(&s);
    if (status == DD_OK)
        s.bytes = 0; /* a page of lines beside the matter, which comes with each */
    return status == DD_OK ? fill_lines(&s, stage, cursor) : status;
}
