/* Facts from the server and from CSV. See clients/cli/score_facts.h. */
#include "clients/cli/score_facts.h"

#include <stdlib.h>
#include <string.h>

#include "clients/cli/cli_link.h"
#include "clients/cli/csv.h"
#include "core/calendar.h"

bool dd_score_keep(struct dd_cli *cli, struct dd_slice text, struct dd_slice *out)
{
    uint8_t *copy = dd_arena_take(&cli->arena, text.size + 1);
    if (!copy)
        return false;
    if (text.size > 0)
        memcpy(copy, text.data, text.size);
    *out = (struct dd_slice){copy, text.size};
    return true;
}

struct by_unit {
    struct dd_slice unit;
    uint32_t index;
};

static int compare_units(const void *a, const void *b)
{
    const struct by_unit *x = a;
    const struct by_unit *y = b;
    int order = dd_slice_compare(x->unit, y->unit);
    return order != 0 ? order : (x->index > y->index) - (x->index < y->index);
}

bool dd_score_index(struct dd_score_case *out, struct dd_arena *arena)
{
    struct by_unit *list = dd_arena_take(arena, (out->count + 1) * sizeof *list);
    out->by_unit = dd_arena_take(arena, (out->count + 1) * sizeof *out->by_unit);
    if (!list || !out->by_unit)
        return false;
    for (size_t i = 0; i < out->count; i++)
        list[i] = (struct by_unit){out->party[i].unit, (uint32_t)i};
    qsort(list, out->count, sizeof *list, compare_units);
    for (size_t i = 0; i < out->count; i++)
        out->by_unit[i] = list[i].index;
    return true;
}

struct dd_scored *dd_score_party_find(const struct dd_score_case *scored, struct dd_slice unit)
{
    size_t low = 0;
    size_t high = scored->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        struct dd_scored *party = &scored->party[scored->by_unit[middle]];
        int order = dd_slice_compare(unit, party->unit);
        if (order == 0)
            return party;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

void dd_score_note_seq(struct dd_score_case *out, uint64_t seq)
{
    out->changed = out->changed || (out->seq != 0 && out->seq != seq);
    out->seq = seq;
}

/* Keeps the stages whose duties are others': what is owed about a party is not owed by it. */
static enum dd_exit keep_others(struct dd_cli *cli, const struct dd_cycle_answer *cycle,
                                struct dd_score_case *out)
{
    out->others = dd_arena_take(&cli->arena, (cycle->stage_count + 1) * sizeof *out->others);
    out->other_count = 0;
    if (!out->others)
        return dd_cli_failed_with(cli, "score", DD_NO_MEMORY);
    for (size_t i = 0; i < cycle->stage_count; i++) {
        const struct dd_cycle_stage *stage = &cycle->stages[i];
        if (stage->by != DD_ROLE_APPRAISER && stage->by != DD_ROLE_APPROVER)
            continue;
        if (!dd_score_keep(cli, stage->key, &out->others[out->other_count++]))
            return dd_cli_failed_with(cli, "score", DD_NO_MEMORY);
    }
    return DD_EXIT_OK;
}

static bool is_others(const struct dd_score_case *scored, struct dd_slice stage)
{
    for (size_t i = 0; i < scored->other_count; i++) {
        if (dd_slice_equal(scored->others[i], stage))
            return true;
    }
    return false;
}

static enum dd_exit ask_cycle(struct dd_cli *cli, struct dd_score_case *out)
{
    struct dd_question question = {.kind = DD_QUESTION_CYCLE, .cycle = out->cycle};
    struct dd_answer answer;
    const struct dd_cycle_answer *cycle = &answer.as.cycle;
    enum dd_exit result = dd_cli_ask(cli, &question, &answer);
    if (result != DD_EXIT_OK)
        return result;
    dd_score_note_seq(out, answer.seq);
    for (size_t i = 0; i < cycle->period_count; i++) {
        if (!dd_slice_equal(cycle->periods[i].code, out->period))
            continue;
        out->from_day = cycle->periods[i].from_day;
        out->to_day = cycle->periods[i].to_day;
        return keep_others(cli, cycle, out);
    }
    return dd_cli_fail(cli, "the cycle %.*s has no period %.*s", (int)out->cycle.size,
                       (const char *)out->cycle.data, (int)out->period.size,
                       (const char *)out->period.data);
}

static bool put_row(struct dd_cli *cli, struct dd_score_case *out, const struct dd_table_row *row)
{
    struct dd_scored *party = &out->party[out->count];
    if (!dd_score_keep(cli, row->unit, &party->unit) ||
        !dd_score_keep(cli, row->name, &party->name) ||
        !dd_score_keep(cli, row->group, &party->group))
        return false;
    for (size_t r = 0; r < out->rule_count; r++) {
        int64_t *value = party->facts[r].value;
        value[DD_SCORE_FACT_REGISTERED_YEAR] = row->counts.registered_year;
        value[DD_SCORE_FACT_REGISTERED] = row->counts.registered_period;
        value[DD_SCORE_FACT_COMPLETED] = row->counts.completed;
        value[DD_SCORE_FACT_EXCEEDED] = row->counts.exceeded;
        value[DD_SCORE_FACT_NOT_COMPLETED] = row->counts.not_completed;
        value[DD_SCORE_FACT_UNATTAINABLE] = row->counts.unattainable;
        value[DD_SCORE_FACT_EARLY] = row->counts.early;
    }
    out->count++;
    return true;
}

static enum dd_exit ask_table(struct dd_cli *cli, struct dd_score_case *out)
{
    struct dd_question question = {.kind = DD_QUESTION_TABLE,
                                   .cycle = out->cycle,
                                   .period = out->period,
                                   .has_as_of = out->has_as_of,
                                   .as_of_day = out->as_of_day};
    struct dd_answer answer;
    enum dd_exit result;
    size_t room = 0;
    do {
        const struct dd_table_answer *table = &answer.as.table;
        result = dd_cli_ask(cli, &question, &answer);
        if (result != DD_EXIT_OK)
            return result;
        dd_score_note_seq(out, answer.seq);
        if (out->count + table->row_count > room) {
            room = 2 * (out->count + table->row_count);
            struct dd_scored *grown = dd_arena_take(&cli->arena, room * sizeof *grown);
            if (!grown)
                return dd_cli_failed_with(cli, "score", DD_NO_MEMORY);
            if (out->count > 0)
                memcpy(grown, out->party, out->count * sizeof *grown);
            out->party = grown;
        }
        for (size_t i = 0; i < table->row_count; i++) {
            if (!put_row(cli, out, &table->rows[i]))
                return dd_cli_failed_with(cli, "score", DD_NO_MEMORY);
        }
    } while (dd_cli_next_page(cli, &answer, &question));
    return DD_EXIT_OK;
}

/* The fact that a duty adds one to; DD_SCORE_FACT_COUNT for none. */
static enum dd_score_fact fact_of(enum dd_end status, bool item)
{
    switch ((int)status) {
    case DD_END_ON_TIME:
        return item ? DD_SCORE_FACT_ITEMS_ON_TIME : DD_SCORE_FACT_ON_TIME;
    case DD_END_LATE:
        return item ? DD_SCORE_FACT_ITEMS_LATE : DD_SCORE_FACT_LATE;
    case DD_END_MISSING:
        return item ? DD_SCORE_FACT_ITEMS_MISSING : DD_SCORE_FACT_MISSING;
    case DD_END_PENDING:
        return item ? DD_SCORE_FACT_ITEMS_PENDING : DD_SCORE_FACT_PENDING;
    case DD_END_LAPSED:
        return item ? DD_SCORE_FACT_COUNT : DD_SCORE_FACT_LAPSED;
    case DD_END_WAIVED:
        return item ? DD_SCORE_FACT_COUNT : DD_SCORE_FACT_WAIVED;
    default:
        return DD_SCORE_FACT_COUNT;
    }
}

/* A duty of the stage that the rules call contents counts there alone; all other duties of the
 * party count unless contents alone are asked for. */
static void count_duty(struct dd_score_case *out, const struct dd_duty_line *line, bool item,
                       bool contents)
{
    const uint8_t *slash = memchr(line->duty.data, '/', line->duty.size);
    struct dd_slice stage = {line->duty.data,
                             slash ? (size_t)(slash - line->duty.data) : line->duty.size};
    struct dd_scored *party = dd_score_party_find(out, line->unit);
    enum dd_score_fact fact = fact_of(line->status, item);
    bool others = is_others(out, stage);
    if (!party || fact == DD_SCORE_FACT_COUNT)
        return;
    for (size_t r = 0; r < out->rule_count; r++) {
        int64_t *value = party->facts[r].value;
        struct dd_slice late_stage = out->rules[r].late_stage;
        bool is_content = late_stage.size > 0 && dd_slice_equal(stage, late_stage);
        if (is_content && (line->status == DD_END_LATE || line->status == DD_END_MISSING))
            value[DD_SCORE_FACT_LATE_CONTENTS]++;
        if (is_content || contents || others)
            continue;
        value[fact]++;
        if (!item)
            value[DD_SCORE_FACT_DUTIES_EXPECTED]++;
    }
}

/* Asks for the duties of that act; of another cycle than the one that is scored, the contents. */
static enum dd_exit ask_duties(struct dd_cli *cli, struct dd_score_case *out, enum dd_act act,
                               bool contents)
{
    struct dd_question question = {.kind = DD_QUESTION_DUTIES,
                                   .cycle = contents ? out->contents : out->cycle,
                                   .act = act,
                                   .has_as_of = out->has_as_of,
                                   .as_of_day = out->as_of_day};
    struct dd_answer answer;
    const struct dd_duties_answer *page = &answer.as.duties;
    do {
        enum dd_exit result = dd_cli_ask(cli, &question, &answer);
        if (result != DD_EXIT_OK)
            return result;
        dd_score_note_seq(out, answer.seq);
        for (size_t i = 0; i < page->duty_count; i++) {
            const struct dd_duty_line *line = &page->duties[i];
            int32_t last_day = dd_day_at(line->bound_ms - 1, page->offset_min);
            if (line->bound_ms != 0 && last_day >= out->from_day && last_day <= out->to_day)
                count_duty(out, line, act == DD_ACT_OUTCOME, contents);
        }
    } while (dd_cli_next_page(cli, &answer, &question));
    return DD_EXIT_OK;
}

enum dd_exit dd_score_gather(struct dd_cli *cli, struct dd_score_case *out)
{
    enum dd_exit result = ask_cycle(cli, out);
    if (result == DD_EXIT_OK)
        result = ask_table(cli, out);
    if (result == DD_EXIT_OK && !dd_score_index(out, &cli->arena))
        return dd_cli_failed_with(cli, "score", DD_NO_MEMORY);
    for (int act = 1; result == DD_EXIT_OK && *dd_word(DD_WORDS_ACT, act); act++) {
        if (act == DD_ACT_DECIDE) /* owed by who appraises or approves, whose file it is not */
            continue;
        result = ask_duties(cli, out, (enum dd_act)act, false);
        if (result == DD_EXIT_OK && out->contents.size > 0)
            result = ask_duties(cli, out, (enum dd_act)act, true);
    }
    return result;
}

/* The party of a cell, or NULL with a fault if the cell is there. */
static struct dd_scored *party_of(const struct dd_score_case *scored, const char *cell,
                                  const char *file, uint32_t line, struct dd_faults *faults)
{
    char quoted[DD_FAULT_QUOTE_BYTES];
    struct dd_scored *party = cell ? dd_score_party_find(scored, dd_slice_of(cell)) : NULL;
    if (cell && !party)
        dd_faults_add(faults, file, line, "unit", "%s is no party of the cycle",
                      dd_faults_quote(quoted, cell));
    return party;
}

static bool is_of_subs(int fact)
{
    return fact == DD_SCORE_FACT_SUB_UNITS || fact == DD_SCORE_FACT_SUB_COMPLETED ||
           fact == DD_SCORE_FACT_SUB_GOOD;
}

/* Before the first finding about its sub-units: what was counted of them no longer counts. */
static void forget_subs(struct dd_score_case *out, struct dd_scored *party)
{
    if (party->found[DD_SCORE_FACT_SUB_UNITS] || party->found[DD_SCORE_FACT_SUB_COMPLETED] ||
        party->found[DD_SCORE_FACT_SUB_GOOD])
        return;
    for (size_t r = 0; r < out->rule_count; r++) {
        party->facts[r].value[DD_SCORE_FACT_SUB_UNITS] = 0;
        party->facts[r].value[DD_SCORE_FACT_SUB_COMPLETED] = 0;
        party->facts[r].value[DD_SCORE_FACT_SUB_GOOD] = 0;
    }
}

static void take_finding(struct dd_score_case *out, const struct dd_csv_row *row, const char *file,
                         struct dd_faults *faults)
{
    char quoted[DD_FAULT_QUOTE_BYTES];
    struct dd_scored *party = party_of(out, row->cell[0], file, row->line, faults);
    uint64_t value = 0;
    int fact =
        row->cell[1] ? dd_score_word_member(DD_SCORE_WORDS_FACT, dd_slice_of(row->cell[1])) : -1;
    if (row->cell[1] && fact < 0)
        dd_faults_add(faults, file, row->line, "fact", "%s is no fact; scores/README.md lists them",
                      dd_faults_quote(quoted, row->cell[1]));
    if (fact >= 0 && !dd_score_fact_found((enum dd_score_fact)fact)) {
        dd_faults_add(faults, file, row->line, "fact",
                      "%s is counted from the log and not handed in", row->cell[1]);
        fact = -1;
    }
    bool valued = row->cell[2] && dd_parse_whole(row->cell[2], 0, DD_SCORE_FACT_MAX, &value);
    if (row->cell[2] && !valued)
        dd_faults_add(faults, file, row->line, "value", "%s is no whole number from 0 to %d",
                      dd_faults_quote(quoted, row->cell[2]), DD_SCORE_FACT_MAX);
    if (!party || fact < 0 || !valued)
        return;
    if (party->found[fact])
        dd_faults_add(faults, file, row->line, "fact", "%s of %s stands twice", row->cell[1],
                      row->cell[0]);
    if (is_of_subs(fact))
        forget_subs(out, party);
    for (size_t r = 0; r < out->rule_count && !party->found[fact]; r++)
        party->facts[r].value[fact] += (int64_t)value;
    party->found[fact] = true;
}

enum dd_status dd_score_findings(struct dd_score_case *out, struct dd_slice bytes, const char *file,
                                 struct dd_arena *arena, struct dd_faults *faults)
{
    static const struct dd_csv_column columns[] = {
        {"unit", false}, {"fact", false}, {"value", false}};
    struct dd_csv csv = {.count = 0};
    enum dd_status status = dd_csv_read(bytes, file, columns, 3, arena, &csv, faults);
    for (size_t i = 0; status == DD_OK && i < csv.count; i++)
        take_finding(out, &csv.rows[i], file, faults);
    dd_csv_free(&csv);
    return faults->no_memory ? DD_NO_MEMORY : status;
}

/* Whether at least one rule set has the criterion, and all that do can take the points. */
static bool check_given(const struct dd_score_case *scored, const struct dd_score_given *given,
                        const struct dd_csv_row *row, const char *file, struct dd_faults *faults)
{
    char quoted[DD_FAULT_QUOTE_BYTES];
    char max[DD_FIGURE_TEXT_BYTES];
    bool known = false;
    for (size_t r = 0; r < scored->rule_count; r++) {
        const struct dd_score_criterion *criterion =
            dd_score_find(&scored->rules[r], given->criterion);
        known = known || criterion;
        if (!criterion || dd_score_given_ok(criterion, given))
            continue;
        dd_figure_format(criterion->max, max);
        if (criterion->kind != DD_SCORE_GIVEN)
            dd_faults_add(faults, file, row->line, "criterion",
                          "%s is counted from facts; nobody hands points in for it", row->cell[1]);
        else if (criterion->survey != (given->column == DD_SCORE_COLUMN_SURVEY))
            dd_faults_add(faults, file, row->line, "column", "%s is scored by %s", row->cell[1],
                          criterion->survey ? "survey alone" : "self, appraised and approved");
        else
            dd_faults_add(faults, file, row->line, "points",
                          "%s is not from 0 to %s with at most 2 places", row->cell[3], max);
        return false;
    }
    if (!known)
        dd_faults_add(faults, file, row->line, "criterion", "there is no criterion %s",
                      dd_faults_quote(quoted, row->cell[1]));
    return known;
}

/* A row as points; false with its faults. */
static bool read_given(const struct dd_score_case *scored, const struct dd_csv_row *row,
                       const char *file, struct dd_score_given *out, struct dd_faults *faults)
{
    char quoted[DD_FAULT_QUOTE_BYTES];
    int column =
        row->cell[2] ? dd_score_word_member(DD_SCORE_WORDS_COLUMN, dd_slice_of(row->cell[2])) : -1;
    bool points = row->cell[3] && dd_figure_parse(dd_slice_of(row->cell[3]), &out->points);
    if (row->cell[2] && column < 0)
        dd_faults_add(faults, file, row->line, "column",
                      "%s is not known; it is self, appraised, approved or survey",
                      dd_faults_quote(quoted, row->cell[2]));
    if (row->cell[3] && !points)
        dd_faults_add(faults, file, row->line, "points", "%s is no number",
                      dd_faults_quote(quoted, row->cell[3]));
    if (!row->cell[1] || column < 0 || !points)
        return false;
    out->criterion = dd_slice_of(row->cell[1]);
    out->column = (enum dd_score_column)column;
    return check_given(scored, out, row, file, faults);
}

bool dd_score_is_given(const struct dd_scored *party, struct dd_slice criterion,
                       enum dd_score_column column)
{
    for (size_t i = 0; i < party->given_count; i++) {
        if (party->given[i].column == column &&
            dd_slice_equal(party->given[i].criterion, criterion))
            return true;
    }
    return false;
}

/* The room doubles at each power of two. */
bool dd_score_give(struct dd_scored *party, const struct dd_score_given *given,
                   struct dd_arena *arena)
{
    size_t count = party->given_count;
    if ((count & (count - 1)) == 0) {
        struct dd_score_given *grown = dd_arena_take(arena, 2 * (count + 1) * sizeof *grown);
        if (!grown)
            return false;
        if (count > 0)
            memcpy(grown, party->given, count * sizeof *grown);
        party->given = grown;
    }
    party->given[party->given_count++] = *given;
    return true;
}

static enum dd_status put_given(struct dd_scored *party, const struct dd_score_given *given,
                                const struct dd_csv_row *row, const char *file,
                                struct dd_arena *arena, struct dd_faults *faults)
{
    if (dd_score_is_given(party, given->criterion, given->column)) {
        dd_faults_add(faults, file, row->line, "criterion", "%s %s of %s stands twice",
                      row->cell[1], row->cell[2], row->cell[0]);
        return DD_OK;
    }
    return dd_score_give(party, given, arena) ? DD_OK : DD_NO_MEMORY;
}

enum dd_status dd_score_givens(struct dd_score_case *out, struct dd_slice bytes, const char *file,
                               struct dd_arena *arena, struct dd_faults *faults)
{
    static const struct dd_csv_column columns[] = {
        {"unit", false}, {"criterion", false}, {"column", false}, {"points", false}};
    struct dd_csv csv = {.count = 0};
    enum dd_status status = dd_csv_read(bytes, file, columns, 4, arena, &csv, faults);
    for (size_t i = 0; status == DD_OK && i < csv.count; i++) {
        const struct dd_csv_row *row = &csv.rows[i];
        struct dd_score_given given = {.column = DD_SCORE_COLUMN_SELF};
        struct dd_scored *party = party_of(out, row->cell[0], file, row->line, faults);
        bool read = read_given(out, row, file, &given, faults);
        if (party && read)
            status = put_given(party, &given, row, file, arena, faults);
    }
    dd_csv_free(&csv);
    return faults->no_memory ? DD_NO_MEMORY : status;
}
