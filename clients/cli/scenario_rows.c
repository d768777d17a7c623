/*
 * Reads indicators.csv and calendar.csv: rows that belong to units and days. See
 * clients/cli/scenario_build.h.
 */
#include <string.h>

#include "clients/cli/scenario_build.h"
#include "core/calendar.h"

/* What a Register command needs besides its texts: in itself, and for each indicator. */
enum { REGISTER_BYTES = 1024, INDICATOR_BYTES = 48 };

static const struct dd_csv_column indicator_columns[] = {
    {"unit", false},         {"task", false},  {"kind", false},
    {"indicator", false},    {"title", false}, {"unit_of_measure", false},
    {"target", false},       {"due", false},   {"outcome", false},
    {"completed_on", false}, {"code", true},   {"start", true},
    {"partners", true},      {"note", true}};
enum {
    UNIT,
    TASK,
    KIND,
    INDICATOR,
    TITLE,
    UOM,
    TARGET,
    DUE,
    OUTCOME,
    COMPLETED_ON,
    CODE,
    START,
    PARTNERS,
    NOTE,
    INDICATOR_COLUMNS
};
static_assert(INDICATOR_COLUMNS == sizeof indicator_columns / sizeof indicator_columns[0],
              "one name a column");

static const struct dd_csv_column calendar_columns[] = {
    {"date", false}, {"kind", false}, {"name", true}};
enum { DATE, DAY_KIND, DAY_NAME, CALENDAR_COLUMNS };

/* What is known of an indicator's row; a part that is faulty is left out of later checks. */
struct row_state {
    bool has_unit;
    bool has_numbers;
    bool has_kind;
};

static void take_kind(struct dd_scenario_build *b, struct dd_scenario_place place, const char *cell,
                      struct dd_scenario_indicator *row, struct row_state *state)
{
    const struct dd_scenario_kinds *kinds = &b->scenario->kinds;
    char quoted[DD_FAULT_QUOTE_BYTES];
    char listed[DD_ITEM_KINDS_MAX * (DD_CODE_BYTES_MAX + 2) + 1] = "";
    size_t at = 0;
    if (!dd_scenario_filled(place, cell) || !b->has_kinds)
        return;
    for (size_t i = 0; i < kinds->count; i++) {
        if (strcmp(kinds->kind[i].code, cell) == 0) {
            row->kind = i;
            state->has_kind = true;
            return;
        }
        int wrote =
            snprintf(listed + at, sizeof listed - at, "%s%s", i ? ", " : "", kinds->kind[i].code);
        at += wrote > 0 ? (size_t)wrote : 0;
    }
    dd_faults_add(place.faults, place.file, place.line, place.column,
                  "%s is no kind of task; the programme's kinds are %s",
                  dd_faults_quote(quoted, cell), listed);
}

static void take_target(struct dd_scenario_place place, const char *cell,
                        struct dd_scenario_indicator *row)
{
    char quoted[DD_FAULT_QUOTE_BYTES];
    if (!cell || !*cell)
        return;
    row->has_target = dd_figure_parse(dd_slice_of(cell), &row->target);
    if (!row->has_target)
        dd_faults_add(place.faults, place.file, place.line, place.column,
                      "%s is no figure; a target is empty or digits with at most one point and %d"
                      " places, at most %d digits in all",
                      dd_faults_quote(quoted, cell), DD_FIGURE_SCALE_MAX, DD_FIGURE_DIGITS_MAX);
}

/* The word of an outcome; false for an unknown one. "open" is what an empty cell says. */
static bool take_outcome_word(struct dd_scenario_place place, const char *cell,
                              struct dd_scenario_indicator *row)
{
    char quoted[DD_FAULT_QUOTE_BYTES];
    int number = dd_word_number(DD_WORDS_OUTCOME, dd_slice_of(cell));
    if (number != 0 && number != DD_OUTCOME_OPEN) {
        row->outcome = (enum dd_outcome)number;
        return true;
    }
    dd_faults_add(
        place.faults, place.file, place.line, place.column,
        "%s is no outcome; it is completed, exceeded, not_completed, unattainable or empty",
        dd_faults_quote(quoted, cell));
    return false;
}

/* The day of an outcome lies after `approve` and in the cycle. */
static void take_completed_on(struct dd_scenario_build *b, struct dd_scenario_place place,
                              const char *cell, struct dd_scenario_indicator *row)
{
    const struct dd_scenario *s = b->scenario;
    char approve[DD_DAY_TEXT_BYTES];
    int year = b->has_year ? s->year : 0;
    if (!dd_scenario_date_in(place, cell, year, &row->completed_on) || !b->has_approve ||
        row->completed_on > s->approve_day)
        return;
    dd_day_format(s->approve_day, approve);
    dd_faults_add(place.faults, place.file, place.line, place.column,
                  "%s is not after approve, %s; an outcome comes after the approval", cell,
                  approve);
}

static void take_outcome(struct dd_scenario_build *b, struct dd_scenario_place place,
                         const char *outcome, const char *completed_on,
                         struct dd_scenario_indicator *row)
{
    struct dd_scenario_place day_place = dd_scenario_column(place, "completed_on");
    bool has_outcome = outcome && *outcome;
    bool has_day = completed_on && *completed_on;
    place.column = "outcome";
    if (has_outcome)
        take_outcome_word(place, outcome, row);
    if (has_day)
        take_completed_on(b, day_place, completed_on, row);
    if (has_outcome && completed_on && !has_day)
        dd_faults_add(place.faults, place.file, place.line, day_place.column,
                      "is empty, but there is an outcome; an outcome needs its day");
    if (has_day && outcome && !has_outcome)
        dd_faults_add(place.faults, place.file, place.line, place.column,
                      "is empty, but completed_on is %s; a day needs its outcome", completed_on);
}

/* What an item may have besides: a code of its own, a first day, units that co-ordinate. */
static bool take_item(struct dd_scenario_build *b, struct dd_scenario_place place,
                      const char *const *cell, struct dd_scenario_indicator *row)
{
    row->code = "";
    if (cell[CODE] && *cell[CODE] &&
        dd_scenario_code(dd_scenario_column(place, "code"), cell[CODE]))
        row->code = cell[CODE];
    if (cell[START] && *cell[START])
        dd_scenario_date(dd_scenario_column(place, "start"), cell[START], &row->start);
    row->note = cell[NOTE] ? cell[NOTE] : "";
    dd_scenario_text(dd_scenario_column(place, "note"), row->note, DD_REASON_BYTES_MAX, true);
    place.column = "partners";
    row->partners = dd_scenario_split(b, cell[PARTNERS], &row->partner_count);
    if (!row->partners)
        return false;
    if (row->partner_count > DD_PARTNERS_MAX)
        dd_faults_add(place.faults, place.file, place.line, place.column,
                      "there are %zu; at most %d are allowed", row->partner_count, DD_PARTNERS_MAX);
    for (size_t i = 0; i < row->partner_count; i++) {
        size_t unit;
        dd_scenario_find_unit(b, place, row->partners[i], &unit);
    }
    return true;
}

static void take_indicator(struct dd_scenario_build *b, const struct dd_csv_row *csv,
                           struct dd_scenario_indicator *row, struct row_state *state)
{
    struct dd_scenario_place place = {b->faults, DD_SCENARIO_INDICATORS, csv->line, "unit"};
    const char *const *cell = csv->cell;
    uint32_t task = 0;
    uint32_t number = 0;
    row->line = csv->line;
    state->has_unit = dd_scenario_find_unit(b, place, cell[UNIT], &row->unit);
    if (state->has_unit)
        b->scenario->units[row->unit].indicator_count++;
    bool has_task = dd_scenario_whole(dd_scenario_column(place, "task"), cell[TASK], 1,
                                      DD_TASK_NUMBER_MAX, &task);
    take_kind(b, dd_scenario_column(place, "kind"), cell[KIND], row, state);
    bool has_number = dd_scenario_whole(dd_scenario_column(place, "indicator"), cell[INDICATOR], 1,
                                        DD_INDICATOR_NUMBER_MAX, &number);
    row->task = (uint16_t)task;
    row->indicator = (uint16_t)number;
    state->has_numbers = has_task && has_number;
    row->title = cell[TITLE];
    place.column = "title";
    if (dd_scenario_filled(place, row->title))
        dd_scenario_text(place, row->title, DD_TITLE_BYTES_MAX, true);
    row->uom = cell[UOM];
    dd_scenario_text(dd_scenario_column(place, "unit_of_measure"), row->uom, DD_UOM_BYTES_MAX,
                     false);
    take_target(dd_scenario_column(place, "target"), cell[TARGET], row);
    dd_scenario_date_in(dd_scenario_column(place, "due"), cell[DUE],
                        b->has_year ? b->scenario->year : 0, &row->due);
    take_outcome(b, place, cell[OUTCOME], cell[COMPLETED_ON], row);
}

static void fault_item_twice(void *context, size_t first, size_t later)
{
    struct dd_scenario_build *b = context;
    const struct dd_scenario_indicator *rows = b->scenario->indicators;
    dd_faults_add(b->faults, DD_SCENARIO_INDICATORS, rows[later].line, "indicator",
                  "unit %s has indicator %u.%u twice, first on line %lu; each stands once",
                  b->scenario->units[rows[later].unit].code, (unsigned)rows[later].task,
                  (unsigned)rows[later].indicator, (unsigned long)rows[first].line);
}

/* What is counted of a task while its rows are looked at in file order. */
struct tasks {
    struct dd_scenario_build *build;
    const struct row_state *state;
    size_t *first_row; /* for each row: the first row of its task */
    size_t *rows;      /* for each first row: how many rows the task has so far */
    size_t *bytes;     /* for each first row: the texts of the task so far */
};

static void note_first(void *context, size_t first, size_t later)
{
    struct tasks *tasks = context;
    tasks->first_row[later] = first;
}

/* One task has one kind, and what is registered with one command fits it. */
static void check_task_row(struct tasks *tasks, size_t i)
{
    struct dd_scenario_build *b = tasks->build;
    const struct dd_scenario_kinds *kinds = &b->scenario->kinds;
    const struct dd_scenario_indicator *row = &b->scenario->indicators[i];
    size_t first = tasks->first_row[i];
    const struct dd_scenario_indicator *head = &b->scenario->indicators[first];
    if (tasks->state[first].has_kind && tasks->state[i].has_kind && row->kind != head->kind)
        dd_faults_add(b->faults, DD_SCENARIO_INDICATORS, row->line, "kind",
                      "task %u is %s here and %s on line %lu; a task has one kind",
                      (unsigned)row->task, kinds->kind[row->kind].code,
                      kinds->kind[head->kind].code, (unsigned long)head->line);
    size_t before = tasks->bytes[first];
    tasks->bytes[first] +=
        INDICATOR_BYTES + (row->title ? strlen(row->title) : 0) + (row->uom ? strlen(row->uom) : 0);
    size_t most = DD_COMMAND_BYTES_MAX - REGISTER_BYTES;
    if (before <= most && tasks->bytes[first] > most)
        dd_faults_add(b->faults, DD_SCENARIO_INDICATORS, row->line, "title",
                      "the texts of task %u are too long together; %zu bytes of one task are"
                      " registered at once",
                      (unsigned)row->task, most);
    if (++tasks->rows[first] == DD_INDICATORS_PER_COMMAND_MAX + 1)
        dd_faults_add(b->faults, DD_SCENARIO_INDICATORS, row->line, "indicator",
                      "task %u has more than %d indicators; at most %d are allowed",
                      (unsigned)row->task, DD_INDICATORS_PER_COMMAND_MAX,
                      DD_INDICATORS_PER_COMMAND_MAX);
}

/* `count` is how many tasks of that kind the unit has with this one. */
static void check_task_count(struct dd_scenario_build *b, const struct dd_scenario_indicator *row,
                             size_t count)
{
    const struct dd_scenario_kinds *kinds = &b->scenario->kinds;
    unsigned most = kinds->kind[row->kind].max_tasks;
    if (count > most)
        dd_faults_add(b->faults, DD_SCENARIO_INDICATORS, row->line, "task",
                      "task %u is task number %zu of kind %s in unit %s; at most %u are allowed",
                      (unsigned)row->task, count, kinds->kind[row->kind].code,
                      b->scenario->units[row->unit].code, most);
}

/* All rows in file order, each with the first row of its task known. */
static enum dd_status check_task_rows(struct tasks *tasks)
{
    struct dd_scenario_build *b = tasks->build;
    const struct dd_scenario *s = b->scenario;
    size_t *of_kind =
        dd_arena_take(b->arena, (s->unit_count + 1) * DD_ITEM_KINDS_MAX * sizeof *of_kind);
    size_t *of_unit = dd_arena_take(b->arena, (s->unit_count + 1) * sizeof *of_unit);
    if (!of_kind || !of_unit)
        return DD_NO_MEMORY;
    for (size_t i = 0; i < s->indicator_count; i++) {
        const struct dd_scenario_indicator *row = &s->indicators[i];
        if (!tasks->state[i].has_unit)
            continue;
        if (++of_unit[row->unit] == DD_INDICATORS_PER_DOSSIER_MAX + 1)
            dd_faults_add(b->faults, DD_SCENARIO_INDICATORS, row->line, "unit",
                          "unit %s has more than %d indicators; at most %d are allowed",
                          s->units[row->unit].code, DD_INDICATORS_PER_DOSSIER_MAX,
                          DD_INDICATORS_PER_DOSSIER_MAX);
        if (row->task == 0)
            continue;
        check_task_row(tasks, i);
        if (tasks->first_row[i] == i && tasks->state[i].has_kind)
            check_task_count(b, row, ++of_kind[row->unit * DD_ITEM_KINDS_MAX + row->kind]);
    }
    return DD_OK;
}

static enum dd_status check_indicators(struct dd_scenario_build *b, const struct row_state *state)
{
    const struct dd_scenario *s = b->scenario;
    size_t size = s->indicator_count + 1;
    struct dd_scenario_key *keys = dd_arena_take(b->arena, size * sizeof *keys);
    struct tasks tasks = {.build = b,
                          .state = state,
                          .first_row = dd_arena_take(b->arena, size * sizeof(size_t)),
                          .rows = dd_arena_take(b->arena, size * sizeof(size_t)),
                          .bytes = dd_arena_take(b->arena, size * sizeof(size_t))};
    if (!keys || !tasks.first_row || !tasks.rows || !tasks.bytes)
        return DD_NO_MEMORY;

    size_t count = 0;
    for (size_t i = 0; i < s->indicator_count; i++) {
        const struct dd_scenario_indicator *row = &s->indicators[i];
        if (state[i].has_unit && state[i].has_numbers)
            keys[count++] = (struct dd_scenario_key){
                (uint64_t)row->unit << 32 | (uint64_t)row->task << 16 | row->indicator, i};
    }
    dd_scenario_doubles(keys, count, b, fault_item_twice);

    count = 0;
    for (size_t i = 0; i < s->indicator_count; i++) {
        const struct dd_scenario_indicator *row = &s->indicators[i];
        tasks.first_row[i] = i;
        if (state[i].has_unit && row->task != 0)
            keys[count++] = (struct dd_scenario_key){(uint64_t)row->unit << 16 | row->task, i};
    }
    dd_scenario_doubles(keys, count, &tasks, note_first);
    return check_task_rows(&tasks);
}

static enum dd_status take_indicators(struct dd_scenario_build *b, const struct dd_csv *csv)
{
    struct dd_scenario *s = b->scenario;
    struct row_state *state = dd_arena_take(b->arena, (csv->count + 1) * sizeof *state);
    s->indicators = dd_arena_take(b->arena, (csv->count + 1) * sizeof *s->indicators);
    if (!state || !s->indicators)
        return DD_NO_MEMORY;
    s->indicator_count = csv->count;
    for (size_t i = 0; i < csv->count; i++) {
        struct dd_scenario_place place = {b->faults, DD_SCENARIO_INDICATORS, csv->rows[i].line, ""};
        take_indicator(b, &csv->rows[i], &s->indicators[i], &state[i]);
        if (!take_item(b, place, csv->rows[i].cell, &s->indicators[i]))
            return DD_NO_MEMORY;
    }
    return check_indicators(b, state);
}

enum dd_status dd_scenario_read_indicators(struct dd_scenario_build *b)
{
    struct dd_csv csv;
    enum dd_status status = dd_scenario_csv(b, DD_SCENARIO_INDICATORS, !dd_scenario_registers(b),
                                            indicator_columns, INDICATOR_COLUMNS, &csv);
    if (status != DD_OK)
        return status == DD_NOT_FOUND ? DD_OK : status;
    status = take_indicators(b, &csv);
    dd_csv_free(&csv);
    return status;
}

static void take_day(struct dd_scenario_build *b, const struct dd_csv_row *csv,
                     struct dd_scenario_day *row, bool *has_day)
{
    struct dd_scenario_place place = {b->faults, DD_SCENARIO_CALENDAR, csv->line, "date"};
    char quoted[DD_FAULT_QUOTE_BYTES];
    const char *kind = csv->cell[DAY_KIND];
    row->line = csv->line;
    *has_day =
        dd_scenario_date_in(place, csv->cell[DATE], b->has_year ? b->scenario->year : 0, &row->day);
    place.column = "kind";
    if (dd_scenario_filled(place, kind)) {
        row->works = strcmp(kind, "workday") == 0;
        if (!row->works && strcmp(kind, "holiday") != 0)
            dd_faults_add(place.faults, place.file, place.line, place.column,
                          "%s is no kind of day; it is holiday or workday",
                          dd_faults_quote(quoted, kind));
    }
    row->name = csv->cell[DAY_NAME] ? csv->cell[DAY_NAME] : "";
    dd_scenario_text(dd_scenario_column(place, "name"), row->name, DD_NAME_BYTES_MAX, false);
}

static void fault_day_twice(void *context, size_t first, size_t later)
{
    struct dd_scenario_build *b = context;
    char day[DD_DAY_TEXT_BYTES];
    dd_day_format(b->scenario->days[later].day, day);
    dd_faults_add(b->faults, DD_SCENARIO_CALENDAR, b->scenario->days[later].line, "date",
                  "%s stands twice, first on line %lu; each stands once", day,
                  (unsigned long)b->scenario->days[first].line);
}

/* Puts the days in ascending order, as their keys have been sorted. */
static enum dd_status order_days(struct dd_scenario_build *b, const struct dd_scenario_key *keys,
                                 size_t count)
{
    struct dd_scenario *s = b->scenario;
    struct dd_scenario_day *sorted = dd_arena_take(b->arena, (count + 1) * sizeof *sorted);
    if (!sorted)
        return DD_NO_MEMORY;
    for (size_t i = 0; i < count; i++)
        sorted[i] = s->days[keys[i].row];
    s->days = sorted;
    s->day_count = count;
    return DD_OK;
}

static enum dd_status take_calendar(struct dd_scenario_build *b, const struct dd_csv *csv)
{
    struct dd_scenario *s = b->scenario;
    struct dd_scenario_key *keys = dd_arena_take(b->arena, (csv->count + 1) * sizeof *keys);
    size_t count = 0;
    s->days = dd_arena_take(b->arena, (csv->count + 1) * sizeof *s->days);
    if (!keys || !s->days)
        return DD_NO_MEMORY;
    s->has_calendar = true;
    for (size_t i = 0; i < csv->count; i++) {
        bool has_day;
        take_day(b, &csv->rows[i], &s->days[i], &has_day);
        if (has_day)
            keys[count++] = (struct dd_scenario_key){(uint64_t)(uint32_t)s->days[i].day, i};
    }
    dd_scenario_doubles(keys, count, b, fault_day_twice);
    return order_days(b, keys, count);
}

enum dd_status dd_scenario_read_calendar(struct dd_scenario_build *b)
{
    struct dd_csv csv;
    enum dd_status status =
        dd_scenario_csv(b, DD_SCENARIO_CALENDAR, true, calendar_columns, CALENDAR_COLUMNS, &csv);
    if (status != DD_OK)
        return status == DD_NOT_FOUND ? DD_OK : status;
    status = take_calendar(b, &csv);
    dd_csv_free(&csv);
    return status;
}
