/*
 * `dondoc duty calendar`: what a programme's file makes due in a year, and when. Asks no server and
 * needs no key: the rules alone say it. See clients/cli/cli.h and clients/cli/cli_calendar.h.
 */
#include "clients/cli/cli_calendar.h"

#include <stdlib.h>
#include <string.h>

#include "clients/cli/cli_json.h"
#include "clients/cli/cli_link.h"
#include "clients/cli/csv.h"
#include "clients/cli/programme_file.h"
#include "core/programme_schedule.h"
#include "core/text.h"

enum {
    FILE_BYTES_MAX = 16 * 1024 * 1024,
    YEARS_AROUND = 2, /* a rule names a day at most 24 months off its period */
    SPANS_MAX = (2 * YEARS_AROUND + 1) * 53,
    COLUMNS = 6
};

const struct dd_cli_flag dd_cli_duty_calendar_flags[] = {
    {"year", "YEAR", "duties whose bound (first refused instant) lies in this year"},
    {"csv", NULL, "programme,duty,period,bound; the bound is the first refused instant"},
    {"calendar", "FILE.csv",
     "days off and make-up days (date,kind: holiday or workday), any years"},
    {NULL, NULL, NULL}};

static bool take_day(const struct dd_csv_row *row, const char *path, struct dd_calendar_day *out,
                     struct dd_faults *faults)
{
    bool works = row->cell[1] && strcmp(row->cell[1], "workday") == 0;
    if (!row->cell[0] || !dd_day_parse(dd_slice_of(row->cell[0]), &out->day)) {
        dd_faults_add(faults, path, row->line, "date", "there is no such date (YYYY-MM-DD)");
        return false;
    }
    if (!works && (!row->cell[1] || strcmp(row->cell[1], "holiday") != 0)) {
        dd_faults_add(faults, path, row->line, "kind", "must be holiday or workday");
        return false;
    }
    out->works = works;
    return true;
}

static int compare_days(const void *a, const void *b)
{
    const struct dd_calendar_day *left = a;
    const struct dd_calendar_day *right = b;
    return (left->day > right->day) - (left->day < right->day);
}

enum dd_exit dd_cli_days_read(struct dd_cli *cli, const char *path, struct dd_calendar_day **days,
                              size_t *count)
{
    static const struct dd_csv_column columns[] = {
        {"date", false}, {"kind", false}, {"name", true}};
    struct dd_faults faults = {.list = NULL};
    struct dd_csv csv = {.rows = NULL};
    struct dd_slice bytes;
    enum dd_status status = dd_file_slurp(path, FILE_BYTES_MAX, &cli->arena, &bytes);
    if (status == DD_OK)
        status = dd_csv_read(bytes, path, columns, 3, &cli->arena, &csv, &faults);
    *count = 0;
    *days = status == DD_OK ? dd_arena_take(&cli->arena, (csv.count + 1) * sizeof **days) : NULL;
    if (status == DD_OK && !*days)
        status = DD_NO_MEMORY;
    for (size_t i = 0; status == DD_OK && i < csv.count; i++) {
        if (take_day(&csv.rows[i], path, &(*days)[*count], &faults))
            *count += 1;
    }
    if (status == DD_OK)
        qsort(*days, *count, sizeof **days, compare_days);
    bool good = faults.count == 0;
    dd_faults_print(&faults, cli->err);
    dd_faults_free(&faults);
    dd_csv_free(&csv);
    if (status != DD_OK)
        return dd_cli_failed_with(cli, path, status);
    return good ? DD_EXIT_OK : DD_EXIT_FAILED;
}

/* What is printed: the programme, its lines in order, days off by year. */
struct calendar {
    struct dd_cli *cli;
    struct dd_programme programme;
    int year;
    struct dd_calendar_year *years;
    size_t year_count;
    struct dd_occurrence *lines; /* first those with a bound; span.every 0: without one */
    size_t count;
};

static int year_of(int32_t day)
{
    int year;
    int month;
    int day_of_month;
    dd_day_to_civil(day, &year, &month, &day_of_month);
    return year;
}

/* The days, rising, into years. */
static enum dd_exit read_years(struct calendar *c, const char *path)
{
    struct dd_calendar_day *days;
    size_t count;
    char text[DD_DAY_TEXT_BYTES];
    enum dd_exit result = dd_cli_days_read(c->cli, path, &days, &count);
    size_t room = result == DD_EXIT_OK && count > 0
                      ? (size_t)(year_of(days[count - 1].day) - year_of(days[0].day) + 1)
                      : 1;
    c->years = dd_arena_take(&c->cli->arena, room * sizeof *c->years);
    if (!c->years)
        return dd_cli_failed_with(c->cli, path, DD_NO_MEMORY);
    for (size_t i = 0; result == DD_EXIT_OK && i < count; i++) {
        int year = year_of(days[i].day);
        dd_day_format(days[i].day, text);
        if (i > 0 && days[i].day == days[i - 1].day)
            return dd_cli_fail(c->cli, "%s: %s stands twice", path, text);
        if (c->year_count == 0 || c->years[c->year_count - 1].year != year)
            c->years[c->year_count++].year = year;
        struct dd_calendar_year *last = &c->years[c->year_count - 1];
        last->day[last->count++] = days[i]; /* each once: 366 at most, less than there is room */
    }
    return result;
}

static void add_dated(struct calendar *c, uint8_t stage)
{
    const struct dd_deadline_rule *rule = &c->programme.stage[stage].deadline;
    struct dd_span span = {rule->every, (int16_t)(c->year - YEARS_AROUND), 1};
    for (; span.year <= c->year + YEARS_AROUND; span = dd_span_next(span)) {
        int32_t last = dd_deadline_rule_last_day(rule, span, c->years, c->year_count);
        /* the bound is the first instant of the day after the last accepted one */
        if (year_of(last + 1) == c->year && dd_programme_owes(&c->programme, stage, span))
            c->lines[c->count++] =
                (struct dd_occurrence){stage, span, last, dd_deadline_rule_closing(rule, span)};
    }
}

/* By bound, then in the order of the file, then by period. */
static int compare_lines(const void *a, const void *b)
{
    const struct dd_occurrence *left = a;
    const struct dd_occurrence *right = b;
    if (left->last_day != right->last_day)
        return left->last_day < right->last_day ? -1 : 1;
    if (left->stage != right->stage)
        return left->stage < right->stage ? -1 : 1;
    if (left->span.year != right->span.year)
        return left->span.year < right->span.year ? -1 : 1;
    return (left->span.index > right->span.index) - (left->span.index < right->span.index);
}

static bool collect(struct calendar *c)
{
    c->lines = dd_arena_take(&c->cli->arena, DD_STAGES_MAX * (size_t)SPANS_MAX * sizeof *c->lines);
    if (!c->lines)
        return false;
    for (uint8_t i = 0; i < c->programme.stage_count; i++) {
        if (c->programme.stage[i].deadline.every != 0)
            add_dated(c, i);
    }
    qsort(c->lines, c->count, sizeof *c->lines, compare_lines);
    for (uint8_t i = 0; i < c->programme.stage_count; i++) {
        if (c->programme.stage[i].deadline.every == 0)
            c->lines[c->count++] = (struct dd_occurrence){i, {.every = 0}, INT32_MAX, INT32_MAX};
    }
    return true;
}

/* The texts of a line; empty where there is nothing. */
struct line_text {
    char duty[DD_CODE_BYTES_MAX + 1];
    char period[DD_SPAN_TEXT_BYTES];
    char last[DD_DAY_TEXT_BYTES];
    char bound[DD_INSTANT_TEXT_BYTES];
    char closing[DD_DAY_TEXT_BYTES];
};

static void text_of(const struct calendar *c, const struct dd_occurrence *line,
                    struct line_text *out)
{
    memset(out, 0, sizeof *out);
    dd_slice_text(c->programme.stage[line->stage].key, out->duty, sizeof out->duty);
    if (line->span.every == 0)
        return;
    dd_span_text(line->span, out->period);
    dd_day_format(line->last_day, out->last);
    dd_instant_format(dd_deadline_bound_after(line->last_day, c->cli->offset_min),
                      c->cli->offset_min, out->bound);
    if (line->closing_day != INT32_MAX)
        dd_day_format(line->closing_day, out->closing);
}

static struct dd_slice name_of(const struct calendar *c, const struct dd_stage *stage)
{
    bool english = c->cli->language == DD_LANGUAGE_EN;
    struct dd_slice name = english && stage->name_en.size > 0 ? stage->name_en : stage->name_vi;
    return name.size > 0 ? name : stage->key;
}

static bool print_csv(const struct calendar *c)
{
    static const char *const header[] = {"programme", "duty", "period", "bound"};
    char code[DD_CODE_BYTES_MAX + 1];
    struct line_text text;
    dd_slice_text(c->programme.code, code, sizeof code);
    bool written = dd_csv_write(c->cli->out, header, 4);
    for (size_t i = 0; written && i < c->count; i++) {
        text_of(c, &c->lines[i], &text);
        written = dd_csv_write(c->cli->out,
                               (const char *[]){code, text.duty, text.period, text.bound}, 4);
    }
    return written;
}

static void json_or_null(struct dd_json *json, const char *key, const char *text)
{
    if (*text)
        dd_json_string(json, key, text);
    else
        dd_json_null(json, key);
}

static void print_json(const struct calendar *c)
{
    struct dd_json json = dd_json_make(c->cli->out, false);
    struct line_text text;
    dd_json_object(&json, NULL);
    dd_json_text(&json, "programme", c->programme.code);
    dd_json_number(&json, "version", c->programme.version);
    dd_json_number(&json, "year", c->year);
    dd_json_array(&json, "duties");
    for (size_t i = 0; i < c->count; i++) {
        text_of(c, &c->lines[i], &text);
        dd_json_object(&json, NULL);
        dd_json_string(&json, "duty", text.duty);
        dd_json_text(&json, "name", name_of(c, &c->programme.stage[c->lines[i].stage]));
        json_or_null(&json, "period", text.period);
        json_or_null(&json, "last_day", text.last);
        json_or_null(&json, "bound", text.bound);
        json_or_null(&json, "closing", text.closing);
        dd_json_object_end(&json);
    }
    dd_json_array_end(&json);
    dd_json_object_end(&json);
}

static void put_cell(const struct calendar *c, struct dd_slice text, size_t columns)
{
    size_t width = dd_text_columns(text);
    if (text.size > 0)
        fwrite(text.data, 1, text.size, c->cli->out);
    fprintf(c->cli->out, "%*s", width < columns ? (int)(columns - width) + 2 : 2, "");
}

static void widen(size_t *columns, struct dd_slice text)
{
    size_t width = dd_text_columns(text);
    *columns = width > *columns ? width : *columns;
}

/* The cells of a row; of the heading if line is NULL. */
static void cells_of(const struct calendar *c, const struct dd_occurrence *line,
                     struct line_text *text, struct dd_slice cell[COLUMNS])
{
    static const char *const headings[COLUMNS] = {DD_SAY("Duty"),   DD_SAY("Name"),
                                                  DD_SAY("Period"), DD_SAY("Last day"),
                                                  DD_SAY("Bound"),  DD_SAY("Data close")};
    if (!line) {
        for (size_t i = 0; i < COLUMNS; i++)
            cell[i] = dd_slice_of(dd_say(c->cli->language, headings[i]));
        return;
    }
    text_of(c, line, text);
    cell[0] = dd_slice_of(text->duty);
    cell[1] = name_of(c, &c->programme.stage[line->stage]);
    cell[2] = dd_slice_of(*text->period ? text->period : "-");
    cell[3] = dd_slice_of(*text->last ? text->last : "-");
    cell[4] = dd_slice_of(*text->bound ? text->bound : "-");
    cell[5] = dd_slice_of(*text->closing ? text->closing : "-");
}

static void print_table(const struct calendar *c)
{
    bool english = c->cli->language == DD_LANGUAGE_EN && c->programme.name_en.size > 0;
    struct dd_slice name = english ? c->programme.name_en : c->programme.name_vi;
    struct dd_slice cell[COLUMNS];
    struct line_text text;
    size_t columns[COLUMNS] = {0};
    for (size_t row = 0; row <= c->count; row++) {
        cells_of(c, row == 0 ? NULL : &c->lines[row - 1], &text, cell);
        for (size_t i = 0; i < COLUMNS; i++)
            widen(&columns[i], cell[i]);
    }
    fprintf(c->cli->out, "%.*s (%.*s, %u), %d\n\n", (int)name.size, (const char *)name.data,
            (int)c->programme.code.size, (const char *)c->programme.code.data, c->programme.version,
            c->year);
    for (size_t row = 0; row <= c->count; row++) {
        cells_of(c, row == 0 ? NULL : &c->lines[row - 1], &text, cell);
        for (size_t i = 0; i + 1 < COLUMNS; i++)
            put_cell(c, cell[i], columns[i]);
        fprintf(c->cli->out, "%.*s\n", (int)cell[COLUMNS - 1].size,
                (const char *)cell[COLUMNS - 1].data);
    }
}

static enum dd_exit read_file(struct calendar *c, const char *path)
{
    struct dd_yaml_faults faults = {.list = NULL};
    enum dd_status status = dd_programme_file_read(path, &c->cli->arena, &c->programme, &faults);
    dd_yaml_faults_print(&faults, path, c->cli->err);
    dd_yaml_faults_free(&faults);
    if (status == DD_OK)
        return DD_EXIT_OK;
    return status == DD_INVALID ? DD_EXIT_FAILED : dd_cli_failed_with(c->cli, path, status);
}

/* Deadlines that move with days off need to know them. */
static void warn_of_rolls(const struct calendar *c)
{
    bool rolls = false;
    bool known = false;
    for (uint8_t i = 0; i < c->programme.stage_count; i++)
        rolls = rolls ||
                (c->programme.stage[i].deadline.every != 0 && c->programme.stage[i].deadline.roll);
    for (size_t i = 0; i < c->year_count; i++)
        known = known || c->years[i].year == c->year;
    if (rolls && !known)
        fprintf(
            c->cli->err,
            "dondoc: days off of %d are not given (--calendar FILE): weekends alone are known\n",
            c->year);
}

enum dd_exit dd_cli_duty_calendar(struct dd_cli *cli)
{
    struct calendar c = {.cli = cli};
    uint64_t year;
    const char *days = dd_args_value(&cli->args, "calendar");
    bool csv = dd_args_has(&cli->args, "csv");
    if (!dd_args_has(&cli->args, "year"))
        return dd_cli_misuse(cli, "--year YEAR is needed");
    if (cli->json && csv)
        return dd_cli_misuse(cli, "--csv and --json exclude each other");
    /* the period of a day in the last years may lie behind all years */
    if (!dd_cli_whole(cli, "year", DD_YEAR_MIN, DD_YEAR_MAX - YEARS_AROUND, 0, &year))
        return DD_EXIT_USAGE;
    c.year = (int)year;
    enum dd_exit result = read_file(&c, cli->args.operand[0]);
    if (result == DD_EXIT_OK && days)
        result = read_years(&c, days);
    if (result != DD_EXIT_OK)
        return result;
    if (!collect(&c))
        return dd_cli_failed_with(cli, "duty calendar", DD_NO_MEMORY);
    warn_of_rolls(&c);
    if (cli->json)
        print_json(&c);
    else if (!csv)
        print_table(&c);
    else if (!print_csv(&c))
        return dd_cli_failed_with(cli, "duty calendar", DD_IO);
    return DD_EXIT_OK;
}
