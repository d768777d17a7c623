/* Figures: units by figures for one period of a reporting stage, with their sums; estimates, late
 * papers, breached notes and capacities are marked. See clients/cli/cli_rulebook.h. */
#include <string.h>

#include "clients/cli/cli_link.h"
#include "clients/cli/cli_rulebook.h"
#include "clients/cli/csv.h"
#include "clients/cli/people.h"
#include "clients/lib/dondoc.h"
#include "core/text.h"

enum {
    NAME_COLUMNS_MIN = 24,
    NAME_COLUMNS_MAX = 60,
    CELL_COLUMNS_MIN = 8,
    CELL_BYTES = 64,
    LABEL_BYTES = DD_NAME_BYTES_MAX + 64,
    FIXED_CELLS = 11,
    CELLS_MAX = FIXED_CELLS + DD_FIGURES_MAX
};

const struct dd_cli_flag dd_cli_figures_flags[] = {
    {"as-of", "DATE", "as it stood at the end of that day (default now)"},
    {"csv", NULL, "a row for each unit and each sum"},
    {NULL, NULL, NULL}};

/* All pages, one behind the other; lies in cli->answers. */
struct sheet {
    struct dd_cli *cli;
    struct dd_figures_answer all;
    size_t room;
    uint64_t seq;
    bool changed;
};

static bool add_page(struct sheet *s, const struct dd_answer *answer)
{
    const struct dd_figures_answer *page = &answer->as.figures;
    struct dd_figures_row *rows = s->all.rows;
    size_t count = s->all.row_count;
    s->changed = s->changed || (s->seq != 0 && s->seq != answer->seq);
    s->seq = answer->seq;
    if (count + page->row_count > s->room) {
        s->room = 2 * (count + page->row_count);
        rows = dd_arena_take(&s->cli->answers, s->room * sizeof *rows);
        if (!rows)
            return false;
        if (count > 0)
            memcpy(rows, s->all.rows, count * sizeof *rows);
    }
    if (page->row_count > 0)
        memcpy(rows + count, page->rows, page->row_count * sizeof *rows);
    s->all = *page;
    s->all.rows = rows;
    s->all.row_count += count;
    return true;
}

static enum dd_exit collect(struct sheet *s, struct dd_question question)
{
    struct dd_answer answer = {.seq = 0};
    enum dd_exit result = DD_EXIT_OK;
    for (bool more = true; more && result == DD_EXIT_OK; more = answer.next.size > 0) {
        result = dd_cli_ask(s->cli, &question, &answer);
        if (result == DD_EXIT_OK && !add_page(s, &answer))
            result = dd_cli_failed_with(s->cli, "figures", DD_NO_MEMORY);
        question.after = answer.next;
    }
    return result;
}

static const struct dd_figure_cell *cell_of(const struct dd_figures_row *row, struct dd_slice key)
{
    for (size_t i = 0; i < row->figure_count; i++) {
        if (dd_slice_equal(row->figures[i].key, key))
            return &row->figures[i];
    }
    return NULL;
}

/* True if the blank-separated list has that word. */
static bool listed(struct dd_slice list, struct dd_slice word)
{
    size_t from = 0;
    for (size_t at = 0; at <= list.size; at++) {
        if (at < list.size && list.data[at] != ' ')
            continue;
        struct dd_slice one = {list.data + from, at - from};
        if (one.size > 0 && dd_slice_equal(one, word))
            return true;
        from = at + 1;
    }
    return false;
}

/* --- text --- */

static void cell_text(const struct sheet *s, const struct dd_figures_row *row, struct dd_slice key,
                      char out[CELL_BYTES])
{
    const struct dd_figure_cell *cell = cell_of(row, key);
    char value[DD_FIGURE_TEXT_BYTES] = "-";
    if (cell)
        dd_figure_format(cell->value, value);
    snprintf(out, CELL_BYTES, "%s%s%s", value,
             cell && cell->estimate ? dd_say(s->cli->language, "(est.)") : "",
             listed(row->notes, key) ? "!" : "");
}

static size_t cell_columns(const struct sheet *s, struct dd_slice key)
{
    size_t columns = dd_text_columns(key);
    char text[CELL_BYTES];
    if (columns < CELL_COLUMNS_MIN)
        columns = CELL_COLUMNS_MIN;
    for (size_t i = 0; i < s->all.row_count; i++) {
        cell_text(s, &s->all.rows[i], key, text);
        size_t width = dd_text_columns(dd_slice_of(text));
        columns = width > columns ? width : columns;
    }
    return columns;
}

/* What the row is called: the unit's name, or that it is a sum, and of what. */
static struct dd_slice row_name(const struct sheet *s, const struct dd_figures_row *row,
                                char label[LABEL_BYTES])
{
    if (row->unit.size > 0)
        return row->name;
    snprintf(label, LABEL_BYTES, "%s%s%.*s (%lu %s)", dd_say(s->cli->language, "Total"),
             row->name.size > 0 ? " " : "", (int)row->name.size,
             row->name.size > 0 ? (const char *)row->name.data : "", (unsigned long)row->units,
             dd_say(s->cli->language, "units"));
    return dd_slice_of(label);
}

static size_t name_columns(const struct sheet *s)
{
    size_t columns = NAME_COLUMNS_MIN;
    for (size_t i = 0; i < s->all.row_count; i++) {
        char label[LABEL_BYTES];
        size_t width = dd_text_columns(row_name(s, &s->all.rows[i], label));
        columns = width > columns ? width : columns;
    }
    return columns < NAME_COLUMNS_MAX ? columns : NAME_COLUMNS_MAX;
}

static void put_right(struct dd_slice text, size_t columns, FILE *out)
{
    fputc(' ', out);
    for (size_t width = dd_text_columns(text); width < columns; width++)
        fputc(' ', out);
    dd_people_put(text, out);
}

static void put_row(const struct sheet *s, const struct dd_figures_row *row, size_t columns,
                    const size_t *widths)
{
    enum dd_language language = s->cli->language;
    char label[LABEL_BYTES];
    dd_people_pad(row_name(s, row, label), columns, s->cli->out);
    for (size_t k = 0; k < s->all.head_count; k++) {
        char text[CELL_BYTES];
        cell_text(s, row, s->all.heads[k].key, text);
        put_right(dd_slice_of(text), widths[k], s->cli->out);
    }
    if (row->unit.size > 0) {
        fprintf(s->cli->out, "  %s%s", dd_people_word(language, DD_WORDS_END, (int)row->status),
                row->account.size > 0 ? "," : "");
        dd_people_signed(language, row->capacity, row->account, row->delegated_by, s->cli->out);
    }
    fputc('\n', s->cli->out);
}

static void put_legend(const struct sheet *s)
{
    FILE *out = s->cli->out;
    fputc('\n', out);
    for (size_t k = 0; k < s->all.head_count; k++) {
        const struct dd_figure_head *head = &s->all.heads[k];
        char target[DD_FIGURE_TEXT_BYTES];
        dd_people_put(head->key, out);
        fputs(": ", out);
        dd_people_put(dd_people_name(s->cli->language, head->name_vi, head->name_en, head->key),
                      out);
        if (head->unit_of_measure.size > 0)
            fputs(", ", out);
        dd_people_put(head->unit_of_measure, out);
        if (head->has_target) {
            dd_figure_format(head->target, target);
            fprintf(out, "; %s %s", dd_say(s->cli->language, "target"), target);
        }
        fputc('\n', out);
    }
    fprintf(out, "%s: %s. !: %s.\n", dd_say(s->cli->language, "(est.)"),
            dd_say(s->cli->language, "an estimate, not final"),
            dd_say(s->cli->language, "a note of the programme is breached"));
}

static void put_text(const struct sheet *s)
{
    size_t widths[DD_FIGURES_MAX];
    size_t columns = name_columns(s);
    FILE *out = s->cli->out;
    dd_people_pad(s->all.cycle, 0, out);
    dd_people_pad(s->all.stage, 0, out);
    dd_people_put(s->all.period, out);
    fputs("\n\n", out);
    dd_people_pad(dd_slice_of(dd_say(s->cli->language, "Unit")), columns, out);
    for (size_t k = 0; k < s->all.head_count; k++) {
        widths[k] = cell_columns(s, s->all.heads[k].key);
        put_right(s->all.heads[k].key, widths[k], out);
    }
    fputc('\n', out);
    for (size_t i = 0; i < s->all.row_count; i++)
        put_row(s, &s->all.rows[i], columns, widths);
    put_legend(s);
}

/* --- CSV --- */

static const char *kept(struct dd_cli *cli, struct dd_slice text)
{
    char *copy = dd_arena_take(&cli->answers, text.size + 1);
    if (copy && text.size > 0)
        memcpy(copy, text.data, text.size);
    return copy ? copy : "";
}

/* Keys of the figures that are estimates, a blank between. */
static const char *estimates(struct dd_cli *cli, const struct dd_figures_row *row)
{
    size_t size = row->figure_count * (DD_CODE_BYTES_MAX + 1) + 1;
    char *text = dd_arena_take(&cli->answers, size);
    size_t at = 0;
    for (size_t i = 0; text && i < row->figure_count; i++) {
        struct dd_slice key = row->figures[i].key;
        if (!row->figures[i].estimate || at + key.size + 2 > size)
            continue;
        if (at > 0)
            text[at++] = ' ';
        memcpy(text + at, key.data, key.size);
        at += key.size;
    }
    return text ? text : "";
}

static bool csv_row(const struct sheet *s, const struct dd_figures_row *row)
{
    struct dd_cli *cli = s->cli;
    const char *cells[CELLS_MAX];
    char value[DD_FIGURES_MAX][DD_FIGURE_TEXT_BYTES];
    char received[DD_INSTANT_TEXT_BYTES] = "";
    char units[16] = "";
    size_t count = 0;
    if (row->received_ms != 0)
        dd_instant_format(row->received_ms, s->all.offset_min, received);
    if (row->unit.size == 0)
        snprintf(units, sizeof units, "%lu", (unsigned long)row->units);
    cells[count++] = kept(cli, row->group);
    cells[count++] = kept(cli, row->unit);
    cells[count++] = kept(cli, row->name);
    cells[count++] = units;
    cells[count++] = dd_word(DD_WORDS_END, (int)row->status);
    cells[count++] = received;
    cells[count++] = kept(cli, row->account);
    cells[count++] = dd_word(DD_WORDS_CAPACITY, (int)row->capacity);
    cells[count++] = kept(cli, row->delegated_by);
    for (size_t k = 0; k < s->all.head_count && k < DD_FIGURES_MAX; k++) {
        const struct dd_figure_cell *cell = cell_of(row, s->all.heads[k].key);
        value[k][0] = 0;
        if (cell)
            dd_figure_format(cell->value, value[k]);
        cells[count++] = value[k];
    }
    cells[count++] = estimates(cli, row);
    cells[count++] = kept(cli, row->notes);
    return dd_csv_write(cli->out, cells, count);
}

static bool put_csv(const struct sheet *s)
{
    static const char *const before[] = {"group",    "unit",    "name",     "units",       "status",
                                         "received", "account", "capacity", "delegated_by"};
    const char *cells[CELLS_MAX];
    size_t count = 0;
    for (; count < sizeof before / sizeof before[0]; count++)
        cells[count] = before[count];
    for (size_t k = 0; k < s->all.head_count && k < DD_FIGURES_MAX; k++)
        cells[count++] = kept(s->cli, s->all.heads[k].key);
    cells[count++] = "estimates";
    cells[count++] = "notes";
    bool good = dd_csv_write(s->cli->out, cells, count);
    for (size_t i = 0; good && i < s->all.row_count; i++)
        good = csv_row(s, &s->all.rows[i]);
    return good;
}

/* --- JSON --- */

static void json_heads(struct dd_json *json, const struct dd_figures_answer *figures)
{
    dd_json_array(json, "heads");
    for (size_t k = 0; k < figures->head_count; k++) {
        const struct dd_figure_head *head = &figures->heads[k];
        char target[DD_FIGURE_TEXT_BYTES];
        dd_json_object(json, NULL);
        dd_json_text(json, "figure", head->key);
        dd_json_text(json, "name_vi", head->name_vi);
        dd_json_text(json, "name_en", head->name_en);
        dd_json_text(json, "unit_of_measure", head->unit_of_measure);
        if (head->has_target) {
            dd_figure_format(head->target, target);
            dd_json_string(json, "target", target);
        }
        dd_json_object_end(json);
    }
    dd_json_array_end(json);
}

static void json_row(struct dd_json *json, const struct dd_figures_row *row, int offset_min)
{
    dd_json_object(json, NULL);
    dd_json_text(json, "group", row->group);
    dd_json_text(json, "unit", row->unit);
    dd_json_text(json, "name", row->name);
    if (row->unit.size == 0)
        dd_json_unsigned(json, "units", row->units);
    dd_json_string(json, "status", dd_word(DD_WORDS_END, (int)row->status));
    dd_json_instant(json, "received", row->received_ms, offset_min);
    dd_json_unsigned(json, "seq", row->seq);
    dd_json_text(json, "account", row->account);
    dd_json_string(json, "capacity", dd_word(DD_WORDS_CAPACITY, (int)row->capacity));
    dd_json_text(json, "delegated_by", row->delegated_by);
    dd_cli_json_figures(json, row->figures, row->figure_count);
    dd_json_text(json, "notes", row->notes);
    dd_json_object_end(json);
}

static void put_json(const struct sheet *s)
{
    struct dd_json json = dd_json_make(s->cli->out, false);
    dd_json_object(&json, NULL);
    dd_json_text(&json, "cycle", s->all.cycle);
    dd_json_text(&json, "stage", s->all.stage);
    dd_json_text(&json, "period", s->all.period);
    dd_json_unsigned(&json, "seq", s->seq);
    json_heads(&json, &s->all);
    dd_json_array(&json, "rows");
    for (size_t i = 0; i < s->all.row_count; i++)
        json_row(&json, &s->all.rows[i], s->all.offset_min);
    dd_json_array_end(&json);
    dd_json_object_end(&json);
}

static void list_next(FILE *out, size_t *told, struct dd_slice word)
{
    fputs((*told)++ > 0 ? ", " : ": ", out);
    dd_people_put(word, out);
}

/* There is none of the key that was asked for. */
static void tell_stages(struct dd_cli *cli, const struct dd_cycle_answer *cycle,
                        struct dd_slice asked)
{
    size_t told = 0;
    fprintf(cli->err, "dondoc: %s ", dd_say(cli->language, DD_SAY("there is no stage")));
    dd_people_put(asked, cli->err);
    fprintf(cli->err, "; %s", dd_say(cli->language, DD_SAY("its stages")));
    for (size_t i = 0; i < cycle->stage_count; i++)
        list_next(cli->err, &told, cycle->stages[i].key);
    fputc('\n', cli->err);
}

static void tell_periods(struct dd_cli *cli, const struct dd_cycle_answer *cycle,
                         struct dd_slice stage)
{
    size_t told = 0;
    for (size_t i = 0; i < cycle->duty_count; i++) {
        const struct dd_cycle_duty *duty = &cycle->duties[i];
        if (!dd_slice_equal(duty->stage, stage) || duty->period.size == 0)
            continue;
        if (told == 0)
            fprintf(cli->err, "dondoc: %s",
                    dd_say(cli->language, DD_SAY("periods that can be asked")));
        list_next(cli->err, &told, duty->period);
    }
    if (told > 0)
        fputc('\n', cli->err);
}

/* It was not the period that was refused. */
static bool has_period(const struct dd_cycle_answer *cycle, const struct dd_question *asked)
{
    for (size_t i = 0; i < cycle->duty_count; i++) {
        if (dd_slice_equal(cycle->duties[i].stage, asked->stage) &&
            dd_slice_equal(cycle->duties[i].period, asked->period))
            return true;
    }
    return false;
}

/* After a refusal: the stages of the programme if there is none of that key, else its periods. */
static void tell_what_there_is(struct dd_cli *cli, const struct dd_question *asked)
{
    struct dd_question question = {.kind = DD_QUESTION_CYCLE, .cycle = asked->cycle};
    struct dd_answer answer;
    struct dd_refusal refusal;
    const struct dd_cycle_answer *cycle = &answer.as.cycle;
    if (dd_client_question(cli->client, &question, &cli->answers, &answer, &refusal) != DD_OK)
        return;
    for (size_t i = 0; i < cycle->stage_count; i++) {
        if (dd_slice_equal(cycle->stages[i].key, asked->stage)) {
            if (!has_period(cycle, asked))
                tell_periods(cli, cycle, asked->stage);
            return;
        }
    }
    tell_stages(cli, cycle, asked->stage);
}

enum dd_exit dd_cli_figures(struct dd_cli *cli)
{
    struct dd_question question = {.kind = DD_QUESTION_FIGURES,
                                   .cycle = dd_cli_operand(cli, 0),
                                   .stage = dd_cli_operand(cli, 1),
                                   .period = dd_cli_operand(cli, 2),
                                   .has_as_of = dd_args_has(&cli->args, "as-of")};
    bool csv = dd_args_has(&cli->args, "csv");
    struct sheet s = {.cli = cli};
    if (cli->json && csv)
        return dd_cli_misuse(cli, "--csv and --json exclude each other");
    if (!dd_cli_day(cli, "as-of", 0, &question.as_of_day))
        return DD_EXIT_USAGE;
    enum dd_exit result = collect(&s, question);
    if (result == DD_EXIT_FAILED && cli->client)
        tell_what_there_is(cli, &question);
    if (result != DD_EXIT_OK)
        return result;
    if (s.changed)
        fprintf(cli->err, "dondoc: figures changed while they were read; ask again\n");
    if (cli->json)
        put_json(&s);
    else if (!csv)
        put_text(&s);
    else if (!put_csv(&s))
        return dd_cli_failed_with(cli, "figures", DD_IO);
    return DD_EXIT_OK;
}
