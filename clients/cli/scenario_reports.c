/*
 * Reads reports.csv: who handed in which report when, in what capacity, with what figures. See
 * clients/cli/scenario_build.h.
 */
#include <string.h>

#include "clients/cli/scenario_build.h"
#include "core/calendar.h"
#include "core/words.h"

static const struct dd_csv_column columns[] = {
    {"unit", false}, {"report", false},  {"received_at", false}, {"cycle", true},
    {"stage", true}, {"capacity", true}, {"account", true},      {"figures", true}};
enum { UNIT, REPORT, RECEIVED_AT, CYCLE, STAGE, CAPACITY, ACCOUNT, FIGURES, COLUMN_COUNT };
static_assert(COLUMN_COUNT == sizeof columns / sizeof columns[0], "one name a column");

static bool filled(const char *cell)
{
    return cell && *cell;
}

/* A report that scenario.yaml names. */
static bool find_report(struct dd_scenario_build *b, struct dd_scenario_place place,
                        const char *code, size_t *report)
{
    const struct dd_scenario *s = b->scenario;
    char quoted[DD_FAULT_QUOTE_BYTES];
    if (!dd_scenario_filled(place, code) || (!b->has_reports && dd_scenario_names_reports(b)))
        return false;
    for (size_t i = 0; i < s->report_count; i++) {
        if (s->reports[i].code && strcmp(s->reports[i].code, code) == 0) {
            *report = i;
            return true;
        }
    }
    dd_faults_add(place.faults, place.file, place.line, place.column,
                  "%s is no report; the reports are those of scenario.yaml",
                  dd_faults_quote(quoted, code));
    return false;
}

/* From the clock's instant to the last of the cycle's year, at the clock's offset. */
static void take_received_at(struct dd_scenario_build *b, struct dd_scenario_place place,
                             const char *cell, int64_t *at_ms)
{
    const struct dd_scenario *s = b->scenario;
    char quoted[DD_FAULT_QUOTE_BYTES];
    int offset_min;
    int32_t last;
    if (!dd_scenario_filled(place, cell))
        return;
    if (!dd_instant_parse(dd_slice_of(cell), s->offset_min, at_ms, &offset_min)) {
        dd_faults_add(place.faults, place.file, place.line, place.column,
                      "%s is no instant; the form is 2013-06-24T16:05, with an offset if it is not"
                      " the clock's",
                      dd_faults_quote(quoted, cell));
        return;
    }
    if (!b->has_clock)
        return;
    if (*at_ms < s->clock_ms)
        dd_faults_add(place.faults, place.file, place.line, place.column,
                      "%s is before the clock starts; reports come within the cycle", cell);
    if (!b->has_year || !dd_day_from_civil(s->year, 12, 31, &last))
        return;
    if (*at_ms >= dd_instant_at(last, 24 * 60, s->offset_min))
        dd_faults_add(place.faults, place.file, place.line, place.column,
                      "%s is after the cycle %d; reports come within the cycle", cell, s->year);
}

static void fault_report_twice(void *context, size_t first, size_t later)
{
    struct dd_scenario_build *b = context;
    const struct dd_scenario_received *rows = b->scenario->received;
    dd_faults_add(b->faults, DD_SCENARIO_REPORTS, rows[later].line, "report",
                  "unit %s has report %s twice, first on line %lu; each stands once",
                  b->scenario->units[rows[later].unit].code, rows[later].report,
                  (unsigned long)rows[first].line);
}

/* KEY=NUMBER; of an estimate KEY~=NUMBER, as on the command line, or KEY=NUMBER~. */
static bool take_figure(const char *word, struct dd_figure_value *out)
{
    const char *equals = strchr(word, '=');
    if (!equals || equals == word)
        return false;
    size_t size = strlen(equals + 1);
    bool before = equals[-1] == '~';
    bool behind = size > 0 && equals[size] == '~';
    out->estimate = before || behind;
    out->key = (struct dd_slice){(const uint8_t *)word, (size_t)(equals - word) - before};
    return out->key.size > 0 &&
           dd_figure_parse((struct dd_slice){(const uint8_t *)equals + 1, size - behind},
                           &out->value);
}

static enum dd_status take_figures(struct dd_scenario_build *b, struct dd_scenario_place place,
                                   const char *cell, struct dd_scenario_received *row)
{
    char quoted[DD_FAULT_QUOTE_BYTES];
    const char **words = dd_scenario_split(b, cell, &row->figure_count);
    if (!words)
        return DD_NO_MEMORY;
    row->figures = dd_arena_take(b->arena, (row->figure_count + 1) * sizeof *row->figures);
    if (!row->figures)
        return DD_NO_MEMORY;
    for (size_t i = 0; i < row->figure_count; i++) {
        if (!take_figure(words[i], &row->figures[i]))
            dd_faults_add(place.faults, place.file, place.line, place.column,
                          "%s is no figure; the form is KEY=NUMBER, KEY~=NUMBER for an estimate",
                          dd_faults_quote(quoted, words[i]));
    }
    return DD_OK;
}

static void take_capacity(struct dd_scenario_place place, const char *cell,
                          struct dd_scenario_received *row)
{
    char quoted[DD_FAULT_QUOTE_BYTES];
    int number = filled(cell) ? dd_word_number(DD_WORDS_CAPACITY, dd_slice_of(cell)) : 0;
    row->capacity = number != 0 ? (enum dd_capacity)number : DD_CAPACITY_HEAD;
    if (filled(cell) && number == 0)
        dd_faults_add(place.faults, place.file, place.line, place.column,
                      "%s is no capacity; it is head, kt, tl, tuq or tm",
                      dd_faults_quote(quoted, cell));
}

/* The columns that not every file has. */
static enum dd_status take_more(struct dd_scenario_build *b, struct dd_scenario_place place,
                                const char *const *cell, struct dd_scenario_received *row)
{
    row->cycle = filled(cell[CYCLE]) ? cell[CYCLE] : "";
    row->stage = "";
    if (filled(cell[STAGE]) && dd_scenario_code(dd_scenario_column(place, "stage"), cell[STAGE]))
        row->stage = cell[STAGE];
    take_capacity(dd_scenario_column(place, "capacity"), cell[CAPACITY], row);
    row->actor = 1 + row->unit;
    if (filled(cell[ACCOUNT]))
        dd_scenario_find_actor(b, dd_scenario_column(place, "account"), cell[ACCOUNT], &row->actor);
    return take_figures(b, dd_scenario_column(place, "figures"), cell[FIGURES], row);
}

static enum dd_status take_rows(struct dd_scenario_build *b, const struct dd_csv *csv)
{
    struct dd_scenario *s = b->scenario;
    enum dd_status status = DD_OK;
    size_t count = 0;
    struct dd_scenario_key *keys = dd_arena_take(b->arena, (csv->count + 1) * sizeof *keys);
    s->received = dd_arena_take(b->arena, (csv->count + 1) * sizeof *s->received);
    if (!keys || !s->received)
        return DD_NO_MEMORY;
    s->received_count = csv->count;
    for (size_t i = 0; i < csv->count && status == DD_OK; i++) {
        struct dd_scenario_received *row = &s->received[i];
        const char *const *cell = csv->rows[i].cell;
        struct dd_scenario_place place = {b->faults, DD_SCENARIO_REPORTS, csv->rows[i].line,
                                          "unit"};
        size_t report;
        bool named = !filled(cell[CYCLE]) && !filled(cell[STAGE]);
        row->line = csv->rows[i].line;
        bool has_unit = dd_scenario_find_unit(b, place, cell[UNIT], &row->unit);
        place.column = "report";
        row->report = cell[REPORT] ? cell[REPORT] : "";
        if (named && find_report(b, place, cell[REPORT], &report) && has_unit)
            keys[count++] = (struct dd_scenario_key){(uint64_t)row->unit << 32 | report, i};
        place.column = "received_at";
        take_received_at(b, place, cell[RECEIVED_AT], &row->at_ms);
        status = take_more(b, place, cell, row);
    }
    dd_scenario_doubles(keys, count, b, fault_report_twice);
    return status;
}

enum dd_status dd_scenario_read_reports(struct dd_scenario_build *b)
{
    struct dd_csv csv;
    enum dd_status status = dd_scenario_csv(b, DD_SCENARIO_REPORTS, !dd_scenario_names_reports(b),
                                            columns, COLUMN_COUNT, &csv);
    if (status != DD_OK)
        return status == DD_NOT_FOUND ? DD_OK : status;
    status = take_rows(b, &csv);
    dd_csv_free(&csv);
    return status;
}
