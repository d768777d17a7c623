/* Matters, from stage to stage. See core/matter.h. */
#include "core/matter.h"

#include <string.h>

#include "core/invariant.h"
#include "core/tally.h"

enum { YEARS_ROUND = 2, REVISION_MAX = UINT16_MAX };

uint8_t dd_matter_stage(const struct dd_programme *programme, uint8_t kind, uint8_t from)
{
    uint8_t i = from;
    DD_ASSERT(kind < programme->kind_count);
    while (i < programme->stage_count &&
           !dd_slice_equal(programme->stage[i].of, programme->kind[kind].code))
        i++;
    return i;
}

bool dd_matter_asks(const struct dd_programme *programme, uint8_t kind)
{
    uint8_t i = dd_matter_stage(programme, kind, 0);
    for (; i < programme->stage_count; i = dd_matter_stage(programme, kind, (uint8_t)(i + 1))) {
        if (programme->stage[i].act != DD_ACT_DECIDE && programme->stage[i].who == DD_WHO_EACH)
            return true;
    }
    return false;
}

bool dd_matter_decided_by(const struct dd_programme *programme, uint8_t kind, enum dd_role role)
{
    uint8_t i = dd_matter_stage(programme, kind, 0);
    for (; i < programme->stage_count; i = dd_matter_stage(programme, kind, (uint8_t)(i + 1))) {
        if (programme->stage[i].act == DD_ACT_DECIDE && programme->stage[i].by == role)
            return true;
    }
    return false;
}

/* --- who --- */

static bool asks_all(const struct dd_matter_row *row)
{
    return dd_units_count(row->asked) == 1 && dd_units_at(row->asked, 0) == 0;
}

/* The party of the cycle with the smallest number above `above`; 0 if there is none. */
static uint32_t next_party(const struct dd_view *view, uint32_t cycle, uint32_t above)
{
    struct dd_key from = {.table = DD_TABLE_DOSSIER, .part = {cycle, above + 1ULL, 0, 0, 0, 0}};
    struct dd_key found;
    struct dd_slice value;
    if (above == UINT32_MAX || !view->next(view->self, &from, &found, &value) ||
        found.part[0] != cycle)
        return 0;
    return (uint32_t)found.part[1];
}

uint32_t dd_matter_next_asked(const struct dd_view *view, uint32_t cycle,
                              const struct dd_matter_row *row, uint32_t *cursor)
{
    if (!asks_all(row))
        return *cursor < dd_units_count(row->asked) ? dd_units_at(row->asked, (*cursor)++) : 0;
    *cursor = next_party(view, cycle, *cursor);
    if (*cursor != 0 && *cursor == row->owner)
        *cursor = next_party(view, cycle, *cursor);
    if (*cursor != 0)
        return *cursor;
    *cursor = UINT32_MAX;
    return 0;
}

bool dd_matter_is_asked(const struct dd_matter_row *row, uint32_t unit)
{
    return asks_all(row) ? unit != row->owner : dd_units_hold(row->asked, unit);
}

bool dd_matter_owes(const struct dd_view *view, const struct dd_process *process,
                    const struct dd_matter_row *row, uint8_t stage, uint32_t unit)
{
    const struct dd_stage *rule = &process->programme.stage[stage];
    struct dd_dossier_row dossier;
    struct dd_group_row group;
    if (rule->who == DD_WHO_OWNER ? unit != row->owner : !dd_matter_is_asked(row, unit))
        return false;
    if (!dd_get_dossier(view, process->number, unit, &dossier))
        return false;
    if (!dd_get_group(view, dossier.group, &group))
        group.code = dd_slice_of("");
    return dd_stage_is_for(rule, group.code);
}

/* --- until when --- */

/* The calendars of the years round a day, where days off matter. */
static size_t calendars_round(const struct dd_view *view, const struct dd_deadline_rule *rule,
                              int32_t day, struct dd_calendar_year years[2 * YEARS_ROUND + 1])
{
    int year;
    int month;
    int day_of_month;
    size_t count = 0;
    if (!rule->working && !rule->roll)
        return 0;
    dd_day_to_civil(day, &year, &month, &day_of_month);
    for (int y = year - YEARS_ROUND; y <= year + YEARS_ROUND; y++)
        count += dd_get_calendar(view, y, &years[count]);
    return count;
}

int32_t dd_matter_last_day(const struct dd_view *view, const struct dd_process *process,
                           const struct dd_matter_row *row, uint8_t stage, int64_t at_ms)
{
    const struct dd_deadline_rule *rule = &process->programme.stage[stage].deadline;
    struct dd_calendar_year years[2 * YEARS_ROUND + 1];
    int64_t anchor_ms = rule->anchor == DD_ANCHOR_AT ? row->at_ms : at_ms;
    bool own_day = rule->anchor == 0 && rule->word != 0 && row->due_day != INT32_MAX;
    int32_t day = own_day ? row->due_day : dd_day_at(anchor_ms, process->cycle.offset_min);
    DD_ASSERT(rule->every == 0 && rule->date.size == 0);
    if (!own_day && (rule->anchor == 0 || anchor_ms == 0))
        return INT32_MAX;
    size_t count = calendars_round(view, rule, day, years);
    return own_day ? dd_deadline_rule_given(rule, row->word != 0 ? row->word : rule->word, day,
                                            years, count)
                   : dd_deadline_rule_relative(rule, day, years, count);
}

/* --- where it stands --- */

enum dd_matter_wait dd_matter_waits(const struct dd_view *view, const struct dd_process *process,
                                    uint16_t matter, const struct dd_matter_row *row)
{
    struct dd_duty_key key = {process->number, row->owner, row->stage, matter, 0};
    struct dd_duty_row duty;
    if (row->stage >= process->programme.stage_count)
        return DD_MATTER_WAITS_FOR_NONE;
    return row->open == 1 && dd_get_duty(view, &key, &duty) && duty.end == DD_END_OPEN
               ? DD_MATTER_WAITS_FOR_DECISION
               : DD_MATTER_WAITS_FOR_OTHERS;
}

bool dd_matter_silent(const struct dd_stage *stage, const struct dd_duty_row *duty, int64_t at_ms)
{
    return duty->end == DD_END_LAPSED ||
           (duty->end == DD_END_OPEN && at_ms >= duty->bound_ms && dd_silence_ends(stage->silence));
}

/* --- the flow --- */

/* One matter that moves on, by which entry. */
struct move {
    const struct dd_view *view;
    const struct dd_process *process;
    const struct dd_entry *entry;
    uint16_t matter;
    struct dd_matter_row *row;
    int64_t at_ms; /* what arises arises then */
};

/* What is to be done stands among the unit's items from now on, and is counted with them. */
static void put_item(const struct move *move, uint32_t unit, int32_t last_day)
{
    const struct dd_cycle_row *cycle = &move->process->cycle;
    uint32_t number = move->process->number;
    struct dd_item_ref ref = {move->matter, 0, 1};
    struct dd_item_row item = {.revisions = 1, .in_force = 1};
    struct dd_content_row content = {.kind = move->row->kind, .title = move->row->title};
    struct dd_outcome_fact arose = {DD_OUTCOME_OPEN,
                                    dd_day_at(move->entry->received_ms, cycle->offset_min),
                                    move->entry->received_ms, move->entry->seq};
    struct dd_dossier_row dossier;
    struct dd_tally_delta delta;
    content.due_day = move->row->due_day;
    if (content.due_day == INT32_MAX)
        content.due_day = last_day != INT32_MAX ? last_day : cycle->to_day;
    dd_put_content(move->view, number, unit, ref, &content);
    dd_put_item(move->view, number, unit, ref.task, ref.indicator, &item, &arose);
    if (!dd_get_dossier(move->view, number, unit, &dossier))
        return;
    memset(&delta, 0, sizeof delta);
    dd_tally_add(&delta, move->process, &content, arose, 1);
    dd_tally_change(move->view, move->process, unit, dossier.group, &delta);
}

static void arise_for(const struct move *move, uint8_t stage, uint32_t unit, int32_t last_day)
{
    struct dd_duty_key key = {move->process->number, unit, stage, move->matter, 0};
    dd_duty_arise(move->view, move->process, &key, last_day, move->at_ms);
    move->row->open++;
    if (move->process->programme.stage[stage].act == DD_ACT_OUTCOME)
        put_item(move, unit, last_day);
}

/* The last day under which the stage arises: none for an answer that silence would end at once,
 * by the day that the matter brings or as an answer that was agreed. */
static int32_t arising_last_day(const struct move *move, uint8_t stage)
{
    const struct dd_stage *rule = &move->process->programme.stage[stage];
    int32_t day = dd_matter_last_day(move->view, move->process, move->row, stage, move->at_ms);
    bool told = dd_silence_ends(rule->silence) &&
                (rule->deadline.anchor == 0 || rule->silence == DD_SILENCE_AGREES);
    bool over = day < dd_day_at(move->at_ms, move->process->cycle.offset_min);
    return rule->act == DD_ACT_ANSWER && told && over ? INT32_MAX : day;
}

static void arise_stage(const struct move *move, uint8_t stage)
{
    int32_t last_day = arising_last_day(move, stage);
    uint32_t unit = move->row->owner;
    uint32_t cursor = 0;
    if (move->process->programme.stage[stage].act == DD_ACT_DECIDE) {
        arise_for(move, stage, unit, last_day);
        return;
    }
    if (move->process->programme.stage[stage].who != DD_WHO_OWNER)
        unit = dd_matter_next_asked(move->view, move->process->number, move->row, &cursor);
    while (unit != 0) {
        if (dd_matter_owes(move->view, move->process, move->row, stage, unit))
            arise_for(move, stage, unit, last_day);
        if (move->process->programme.stage[stage].who == DD_WHO_OWNER)
            return;
        unit = dd_matter_next_asked(move->view, move->process->number, move->row, &cursor);
    }
}

/* When nothing is open any more, the decision is next. */
static void step(const struct move *move)
{
    if (move->row->open == 0 && move->row->stage < move->process->programme.stage_count)
        arise_stage(move, move->row->stage);
}

/* All stages from there up to the next decision arise, and that decision if there is none of them.
 */
static void arise_from(const struct move *move, uint8_t from)
{
    const struct dd_programme *programme = &move->process->programme;
    uint8_t stage = dd_matter_stage(programme, move->row->kind, from);
    while (stage < programme->stage_count && programme->stage[stage].act != DD_ACT_DECIDE) {
        arise_stage(move, stage);
        stage = dd_matter_stage(programme, move->row->kind, (uint8_t)(stage + 1));
    }
    move->row->stage = stage;
    step(move);
}

static void next_revision(struct dd_matter_row *row)
{
    row->revision = row->revision == REVISION_MAX ? 1 : (uint16_t)(row->revision + 1);
}

void dd_matter_begin(const struct dd_view *view, struct dd_arena *arena,
                     const struct dd_process *process, uint16_t matter, struct dd_matter_row *row,
                     const struct dd_entry *entry)
{
    struct move move = {view, process, entry, matter, row, entry->received_ms};
    row->open = 0;
    row->revision = 1;
    arise_from(&move, 0);
    dd_put_matter(view, arena, process->number, matter, row);
}

/* Whether what stands behind the decision that has ended is to come. */
static bool goes_on(const struct dd_stage *stage, const struct dd_duty_row *duty,
                    const struct dd_matter_row *row)
{
    switch (duty->end) {
    case DD_END_ON_TIME:
    case DD_END_LATE:
        return row->verdict != DD_VERDICT_RETURN;
    case DD_END_LAPSED:
        return stage->silence == DD_SILENCE_AGREES;
    case DD_END_WAIVED:
        return true;
    case DD_END_OPEN:
    case DD_END_SUPERSEDED:
    case DD_END_PENDING:
    case DD_END_MISSING:
        break;
    }
    return false;
}

void dd_matter_duty_ended(const struct dd_view *view, struct dd_arena *arena,
                          const struct dd_process *process, const struct dd_duty_key *key,
                          const struct dd_entry *entry, int64_t at_ms)
{
    const struct dd_stage *stage = &process->programme.stage[key->stage];
    struct dd_matter_row row;
    struct dd_duty_row duty;
    struct move move = {view, process, entry, key->a, &row, at_ms};
    if (stage->of.size == 0)
        return;
    bool found = dd_get_matter(view, key->cycle, key->a, &row) && dd_get_duty(view, key, &duty);
    DD_ASSERT(found && row.open > 0);
    row.open--;
    next_revision(&row);
    if (stage->act != DD_ACT_DECIDE)
        step(&move);
    else if (goes_on(stage, &duty, &row))
        arise_from(&move, (uint8_t)(key->stage + 1));
    else
        row.stage = process->programme.stage_count;
    dd_put_matter(view, arena, key->cycle, key->a, &row);
}

void dd_matter_duty_reopened(const struct dd_view *view, struct dd_arena *arena,
                             const struct dd_process *process, const struct dd_duty_key *key)
{
    struct dd_matter_row row;
    if (process->programme.stage[key->stage].of.size == 0)
        return;
    bool found = dd_get_matter(view, key->cycle, key->a, &row);
    DD_ASSERT(found);
    row.open++;
    next_revision(&row);
    dd_put_matter(view, arena, key->cycle, key->a, &row);
}

void dd_matter_touched(const struct dd_view *view, struct dd_arena *arena, uint32_t cycle,
                       uint16_t matter)
{
    struct dd_matter_row row;
    bool found = dd_get_matter(view, cycle, matter, &row);
    DD_ASSERT(found);
    next_revision(&row);
    dd_put_matter(view, arena, cycle, matter, &row);
}

/* --- what was answered --- */

uint16_t dd_matter_answer(const struct dd_view *view, const struct dd_process *process,
                          uint16_t matter, uint8_t stage, uint32_t unit, struct dd_answer_row *out)
{
    struct dd_duty_key key = {process->number, unit, stage, matter, 0};
    struct dd_duty_row duty;
    if (!dd_get_duty(view, &key, &duty) || (duty.end != DD_END_ON_TIME && duty.end != DD_END_LATE))
        return 0;
    uint16_t ordinal = dd_last_answer(view, process->number, matter, stage, unit, out);
    while (duty.end == DD_END_ON_TIME && ordinal > 0 && out->received_ms >= duty.bound_ms) {
        ordinal--;
        if (ordinal > 0 && !dd_get_answer(view, process->number, matter, stage, unit, ordinal, out))
            return 0;
    }
    return ordinal;
}

static void count_unit(const struct dd_view *view, const struct dd_process *process,
                       const struct dd_duty_key *key, struct dd_matter_result *out)
{
    struct dd_duty_row duty = {.end = DD_END_OPEN};
    struct dd_answer_row answer = {.choice = 0};
    (void)dd_get_duty(view, key, &duty);
    out->asked++;
    out->open += duty.end == DD_END_OPEN;
    out->lapsed += duty.end == DD_END_LAPSED;
    if (dd_matter_answer(view, process, key->a, key->stage, key->unit, &answer) == 0)
        return;
    out->answered++;
    if (answer.choice > 0 && answer.choice <= DD_CHOICES_MAX)
        out->count[answer.choice - 1]++;
}

static uint64_t share_of(const struct dd_stage *stage)
{
    enum { HUNDRED = 100 };
    return stage->pass_of != 0 ? stage->pass_of : HUNDRED;
}

/* More than the share, in whole numbers: exactly the share is not more. */
static bool passes(const struct dd_stage *stage, uint64_t chose, uint64_t cast, uint64_t asked)
{
    return chose * share_of(stage) > stage->pass_percent * (stage->pass_of_cast ? cast : asked);
}

/* Of those still to answer none or all may choose it; between these ends lies all that can come. */
static void judge_result(const struct dd_stage *stage, struct dd_matter_result *out)
{
    DD_ASSERT(stage->pass_choice <= DD_CHOICES_MAX);
    uint64_t deemed = stage->silence == DD_SILENCE_AGREES ? out->lapsed : 0;
    uint64_t chose = out->count[stage->pass_choice - 1] + deemed;
    uint64_t cast = out->answered + deemed;
    out->has_rule = true;
    out->favour = (uint32_t)chose;
    out->counted = (uint32_t)(stage->pass_of_cast ? cast : out->asked);
    out->needed = (uint32_t)((uint64_t)out->counted * stage->pass_percent / share_of(stage) + 1);
    out->passed = passes(stage, chose, cast, out->asked);
    out->settled = passes(stage, chose, cast + out->open, out->asked) == out->passed &&
                   passes(stage, chose + out->open, cast + out->open, out->asked) == out->passed;
}

void dd_matter_result(const struct dd_view *view, const struct dd_process *process, uint16_t matter,
                      const struct dd_matter_row *row, uint8_t stage, struct dd_matter_result *out)
{
    const struct dd_stage *rule = &process->programme.stage[stage];
    struct dd_duty_key key = {process->number, row->owner, stage, matter, 0};
    uint32_t cursor = 0;
    memset(out, 0, sizeof *out);
    if (rule->who == DD_WHO_OWNER) {
        if (dd_matter_owes(view, process, row, stage, key.unit))
            count_unit(view, process, &key, out);
    } else {
        while ((key.unit = dd_matter_next_asked(view, key.cycle, row, &cursor)) != 0) {
            if (dd_matter_owes(view, process, row, stage, key.unit))
                count_unit(view, process, &key, out);
        }
    }
    if (rule->pass_choice > 0 && rule->pass_percent > 0)
        judge_result(rule, out);
}
