/* The table of an upper level beside those of the cycles that its parties host: each party's own
 * counts, and under them the sums of what it approved below it. Nothing is added up across levels,
 * because a sub-unit's work is no work of its superior's. See clients/cli/cli_rulebook.h. */
#include <string.h>

#include "clients/cli/cli_link.h"
#include "clients/cli/cli_rulebook.h"
#include "clients/cli/csv.h"
#include "clients/cli/people.h"
#include "core/text.h"

enum { COUNTS = 7, COUNT_COLUMNS = 9, NAME_COLUMNS = 44, NUMBER_BYTES = 24 };

static const char *const count_keys[COUNTS] = {"registered_year", "registered_period", "completed",
                                               "exceeded",        "not_completed",     "early",
                                               "unattainable"};

/* What stands below one party: a cycle that it hosts. */
struct below {
    struct dd_slice cycle;
    struct dd_slice host;
    bool has_period; /* the cycle has the period that the table is about */
    struct dd_table_total whole;
};

struct deep {
    struct dd_cli *cli;
    struct dd_question question;
    int64_t as_of_ms;
    struct dd_table_row *rows;
    size_t row_count;
    size_t row_room;
    struct below *below;
    size_t below_count;
};

static void counts_of(const struct dd_counts *counts, int64_t out[COUNTS])
{
    const int64_t all[COUNTS] = {counts->registered_year, counts->registered_period,
                                 counts->completed,       counts->exceeded,
                                 counts->not_completed,   counts->early,
                                 counts->unattainable};
    memcpy(out, all, sizeof all);
}

/* --- asking --- */

static bool keep_rows(struct deep *deep, const struct dd_table_answer *page)
{
    if (deep->row_count + page->row_count > deep->row_room) {
        deep->row_room = 2 * (deep->row_count + page->row_count);
        struct dd_table_row *grown =
            dd_arena_take(&deep->cli->arena, deep->row_room * sizeof *grown);
        if (!grown)
            return false;
        if (deep->row_count > 0)
            memcpy(grown, deep->rows, deep->row_count * sizeof *grown);
        deep->rows = grown;
    }
    if (page->row_count > 0)
        memcpy(deep->rows + deep->row_count, page->rows, page->row_count * sizeof *page->rows);
    deep->row_count += page->row_count;
    return true;
}

static enum dd_exit ask_own(struct deep *deep)
{
    struct dd_question question = deep->question;
    struct dd_answer answer = {.seq = 0};
    for (bool more = true; more; more = answer.next.size > 0) {
        enum dd_exit result = dd_cli_ask(deep->cli, &question, &answer);
        if (result != DD_EXIT_OK)
            return result;
        deep->as_of_ms = answer.as.table.as_of_ms;
        if (!keep_rows(deep, &answer.as.table))
            return dd_cli_failed_with(deep->cli, "table", DD_NO_MEMORY);
        question.after = answer.next;
    }
    return DD_EXIT_OK;
}

/* The sum of the whole cycle; it comes with the last page. */
static enum dd_exit ask_below(struct deep *deep, struct below *below)
{
    struct dd_question question = deep->question;
    struct dd_cycle_answer cycle;
    struct dd_answer answer = {.seq = 0};
    enum dd_exit result = dd_cli_ask_cycle(deep->cli, below->cycle, &cycle);
    if (result != DD_EXIT_OK)
        return result;
    for (size_t i = 0; i < cycle.period_count; i++)
        below->has_period =
            below->has_period || dd_slice_equal(cycle.periods[i].code, question.period);
    question.cycle = below->cycle;
    for (bool more = below->has_period; more; more = answer.next.size > 0) {
        const struct dd_table_answer *page = &answer.as.table;
        result = dd_cli_ask(deep->cli, &question, &answer);
        if (result != DD_EXIT_OK)
            return result;
        if (page->total_count > 0)
            below->whole = page->totals[page->total_count - 1];
        question.after = answer.next;
    }
    return DD_EXIT_OK;
}

static int year_of(int32_t day)
{
    int year;
    int month;
    int of_month;
    dd_day_to_civil(day, &year, &month, &of_month);
    return year;
}

static bool is_party(const struct deep *deep, struct dd_slice unit)
{
    for (size_t i = 0; i < deep->row_count; i++) {
        if (dd_slice_equal(deep->rows[i].unit, unit))
            return true;
    }
    return false;
}

static enum dd_exit find_below(struct deep *deep)
{
    struct dd_cycle_line *cycles;
    const struct dd_cycle_line *own = NULL;
    size_t count;
    enum dd_exit result = dd_cli_cycles(deep->cli, &cycles, &count);
    if (result != DD_EXIT_OK)
        return result;
    for (size_t i = 0; i < count; i++)
        own = dd_slice_equal(cycles[i].cycle, deep->question.cycle) ? &cycles[i] : own;
    deep->below = dd_arena_take(&deep->cli->arena, (count + 1) * sizeof *deep->below);
    if (!deep->below)
        return dd_cli_failed_with(deep->cli, "table", DD_NO_MEMORY);
    for (size_t i = 0; own && i < count && result == DD_EXIT_OK; i++) {
        const struct dd_cycle_line *line = &cycles[i];
        struct below *below = &deep->below[deep->below_count];
        if (line == own || !line->open || !dd_slice_equal(line->programme, own->programme) ||
            year_of(line->from_day) != year_of(own->from_day) || !is_party(deep, line->host))
            continue;
        *below = (struct below){.cycle = line->cycle, .host = line->host};
        deep->below_count++;
        result = ask_below(deep, below);
    }
    return result;
}

/* --- drawing --- */

static void put_counts(const struct dd_counts *counts, FILE *out)
{
    int64_t values[COUNTS];
    counts_of(counts, values);
    for (size_t i = 0; i < COUNTS; i++)
        fprintf(out, " %*lld", COUNT_COLUMNS, (long long)values[i]);
    fputc('\n', out);
}

static void put_below(const struct deep *deep, const struct below *below)
{
    char label[DD_CODE_BYTES_MAX * 2 + 64];
    enum dd_language language = deep->cli->language;
    snprintf(label, sizeof label, "  > %.*s (%llu %s)", (int)below->cycle.size,
             (const char *)below->cycle.data, (unsigned long long)below->whole.units,
             dd_say(language, "units"));
    dd_people_pad(dd_slice_of(label), NAME_COLUMNS, deep->cli->out);
    if (below->has_period)
        put_counts(&below->whole.counts, deep->cli->out);
    else
        fprintf(deep->cli->out, " %s\n", dd_say(language, "has no such period"));
}

static void put_text(const struct deep *deep)
{
    enum dd_language language = deep->cli->language;
    static const char *const headings[COUNTS] = {DD_SAY("Registered for the year"),
                                                 DD_SAY("Registered in the period"),
                                                 DD_SAY("Completed"),
                                                 DD_SAY("Exceeded"),
                                                 DD_SAY("Not completed"),
                                                 DD_SAY("Done early"),
                                                 DD_SAY("Unattainable")};
    FILE *out = deep->cli->out;
    dd_people_pad(dd_slice_of(dd_say(language, "Unit")), NAME_COLUMNS, out);
    for (size_t i = 0; i < COUNTS; i++)
        fprintf(out, " %*s(%zu)", COUNT_COLUMNS - 3, "", i + 1);
    fputc('\n', out);
    for (size_t i = 0; i < deep->row_count; i++) {
        dd_people_pad(deep->rows[i].name, NAME_COLUMNS, out);
        put_counts(&deep->rows[i].counts, out);
        for (size_t k = 0; k < deep->below_count; k++) {
            if (dd_slice_equal(deep->below[k].host, deep->rows[i].unit))
                put_below(deep, &deep->below[k]);
        }
    }
    fputc('\n', out);
    for (size_t i = 0; i < COUNTS; i++)
        fprintf(out, "(%zu) %s\n", i + 1, dd_say(language, headings[i]));
}

/* A row of the CSV form; below NULL: the party's own. */
static bool csv_row(const struct dd_table_row *row, const struct below *below, FILE *out)
{
    char unit[DD_CODE_BYTES_MAX + 1];
    char cycle[2 * DD_CODE_BYTES_MAX + 2] = "";
    char units[NUMBER_BYTES] = "";
    char number[COUNTS][NUMBER_BYTES];
    const char *cells[3 + COUNTS] = {unit, cycle, units};
    int64_t values[COUNTS];
    counts_of(below ? &below->whole.counts : &row->counts, values);
    dd_slice_text(row->unit, unit, sizeof unit);
    if (below) {
        dd_slice_text(below->cycle, cycle, sizeof cycle);
        snprintf(units, sizeof units, "%llu", (unsigned long long)below->whole.units);
    }
    for (size_t i = 0; i < COUNTS; i++) {
        snprintf(number[i], sizeof number[i], "%lld", (long long)values[i]);
        cells[3 + i] = below && !below->has_period ? "" : number[i];
    }
    return dd_csv_write(out, cells, 3 + COUNTS);
}

static bool put_csv(const struct deep *deep)
{
    const char *header[3 + COUNTS] = {"unit", "sub_cycle", "sub_units"};
    memcpy(header + 3, count_keys, sizeof count_keys);
    bool good = dd_csv_write(deep->cli->out, header, 3 + COUNTS);
    for (size_t i = 0; good && i < deep->row_count; i++) {
        good = csv_row(&deep->rows[i], NULL, deep->cli->out);
        for (size_t k = 0; good && k < deep->below_count; k++) {
            if (dd_slice_equal(deep->below[k].host, deep->rows[i].unit))
                good = csv_row(&deep->rows[i], &deep->below[k], deep->cli->out);
        }
    }
    return good;
}

static void json_counts(struct dd_json *json, const struct dd_counts *counts)
{
    int64_t values[COUNTS];
    counts_of(counts, values);
    for (size_t i = 0; i < COUNTS; i++)
        dd_json_number(json, count_keys[i], values[i]);
}

static void json_row(struct dd_json *json, const struct deep *deep, const struct dd_table_row *row)
{
    dd_json_object(json, NULL);
    dd_json_text(json, "unit", row->unit);
    dd_json_text(json, "name", row->name);
    json_counts(json, &row->counts);
    dd_json_array(json, "below");
    for (size_t k = 0; k < deep->below_count; k++) {
        const struct below *below = &deep->below[k];
        if (!dd_slice_equal(below->host, row->unit))
            continue;
        dd_json_object(json, NULL);
        dd_json_text(json, "cycle", below->cycle);
        dd_json_switch(json, "has_period", below->has_period);
        dd_json_unsigned(json, "units", below->whole.units);
        json_counts(json, &below->whole.counts);
        dd_json_object_end(json);
    }
    dd_json_array_end(json);
    dd_json_object_end(json);
}

static void put_json(const struct deep *deep)
{
    struct dd_json json = dd_json_make(deep->cli->out, false);
    dd_json_object(&json, NULL);
    dd_json_text(&json, "cycle", deep->question.cycle);
    dd_json_text(&json, "period", deep->question.period);
    dd_json_instant(&json, "as_of_end", deep->as_of_ms, deep->cli->offset_min);
    dd_json_array(&json, "rows");
    for (size_t i = 0; i < deep->row_count; i++)
        json_row(&json, deep, &deep->rows[i]);
    dd_json_array_end(&json);
    dd_json_object_end(&json);
}

enum dd_exit dd_cli_table_deep(struct dd_cli *cli, struct dd_question question)
{
    struct deep deep = {.cli = cli, .question = question};
    enum dd_exit result = ask_own(&deep);
    if (result == DD_EXIT_OK)
        result = find_below(&deep);
    if (result != DD_EXIT_OK)
        return result;
    if (cli->json)
        put_json(&deep);
    else if (!dd_args_has(&cli->args, "csv"))
        put_text(&deep);
    else if (!put_csv(&deep))
        return dd_cli_failed_with(cli, "table", DD_IO);
    return DD_EXIT_OK;
}
