/* The table: asks for the cycle, the rows page by page and the reports, then draws. See
 * clients/cli/cli.h. */
#include "clients/cli/cli_table.h"

#include <string.h>

#include "clients/cli/cli_link.h"
#include "clients/cli/cli_rulebook.h"
#include "clients/cli/table_text.h"

enum { TRIES_MAX = 5 };

/* Everything that was answered; lies in cli->answers. */
struct collected {
    struct dd_cycle_answer cycle;
    struct dd_table_answer table;
    struct dd_duties_answer reports;
    size_t row_room;
    size_t duty_room;
    uint64_t seq; /* of the rows */
    bool changed; /* they went on changing while they were read */
};

/* Makes an array of `count` behind which `more` go: doubles its room in the arena. */
static bool grow(struct dd_cli *cli, void *array, size_t item_bytes, size_t count, size_t more,
                 size_t *room)
{
    void *old;
    void *grown;
    memcpy(&old, array, sizeof old);
    if (count + more <= *room)
        return true;
    *room = 2 * (count + more);
    grown = dd_arena_take(&cli->answers, *room * item_bytes);
    if (!grown)
        return false;
    if (count > 0)
        memcpy(grown, old, count * item_bytes);
    memcpy(array, &grown, sizeof grown);
    return true;
}

/* All pages of the table. *changed: the state moved on between two pages. */
static enum dd_exit ask_table(struct dd_cli *cli, struct dd_question question,
                              struct collected *out, bool *changed)
{
    struct dd_answer answer;
    uint64_t seq = 0;
    *changed = false;
    memset(&out->table, 0, sizeof out->table);
    out->row_room = 0;
    do {
        const struct dd_table_answer *page = &answer.as.table;
        enum dd_exit result = dd_cli_ask(cli, &question, &answer);
        if (result != DD_EXIT_OK)
            return result;
        *changed = *changed || (seq != 0 && answer.seq != seq);
        seq = answer.seq;
        out->seq = seq;
        if (!grow(cli, &out->table.rows, sizeof *page->rows, out->table.row_count, page->row_count,
                  &out->row_room))
            return dd_cli_failed_with(cli, "table", DD_NO_MEMORY);
        if (page->row_count > 0)
            memcpy(out->table.rows + out->table.row_count, page->rows,
                   page->row_count * sizeof *page->rows);
        out->table.row_count += page->row_count;
        out->table.cycle = page->cycle;
        out->table.period = page->period;
        out->table.as_of_ms = page->as_of_ms;
        out->table.totals = page->totals;
        out->table.total_count = page->total_count;
        question.after = answer.next;
    } while (answer.next.size > 0);
    return DD_EXIT_OK;
}

static enum dd_exit ask_reports(struct dd_cli *cli, struct dd_question question,
                                struct collected *out)
{
    struct dd_answer answer;
    question.kind = DD_QUESTION_DUTIES;
    question.act = DD_ACT_REPORT;
    question.after = (struct dd_slice){NULL, 0};
    memset(&out->reports, 0, sizeof out->reports);
    out->duty_room = 0;
    do {
        const struct dd_duties_answer *page = &answer.as.duties;
        enum dd_exit result = dd_cli_ask(cli, &question, &answer);
        if (result != DD_EXIT_OK)
            return result;
        if (!grow(cli, &out->reports.duties, sizeof *page->duties, out->reports.duty_count,
                  page->duty_count, &out->duty_room))
            return dd_cli_failed_with(cli, "table", DD_NO_MEMORY);
        if (page->duty_count > 0)
            memcpy(out->reports.duties + out->reports.duty_count, page->duties,
                   page->duty_count * sizeof *page->duties);
        out->reports.duty_count += page->duty_count;
        out->reports.offset_min = page->offset_min;
        question.after = answer.next;
    } while (answer.next.size > 0);
    return DD_EXIT_OK;
}

static enum dd_exit collect(struct dd_cli *cli, struct dd_question question, struct collected *out)
{
    struct dd_answer answer;
    bool changed = true;
    struct dd_question cycle = question;
    cycle.kind = DD_QUESTION_CYCLE;
    enum dd_exit result = dd_cli_ask(cli, &cycle, &answer);
    if (result != DD_EXIT_OK)
        return result;
    out->cycle = answer.as.cycle;
    for (int i = 0; i < TRIES_MAX && changed && result == DD_EXIT_OK; i++)
        result = ask_table(cli, question, out, &changed);
    out->changed = changed;
    if (result == DD_EXIT_OK && changed)
        fprintf(cli->err, "dondoc: the table changed while it was read; give --as-of DATE\n");
    return result == DD_EXIT_OK ? ask_reports(cli, question, out) : result;
}

enum dd_exit dd_cli_table(struct dd_cli *cli)
{
    struct dd_question question = {.kind = DD_QUESTION_TABLE,
                                   .cycle = dd_cli_operand(cli, 0),
                                   .period = dd_cli_value(cli, "period")};
    struct collected found;
    question.has_as_of = dd_args_has(&cli->args, "as-of");
    if (question.period.size == 0)
        return dd_cli_misuse(cli, "--period CODE is needed");
    if (cli->json && dd_args_has(&cli->args, "csv"))
        return dd_cli_misuse(cli, "--csv and --json exclude each other");
    if (!dd_cli_day(cli, "as-of", 0, &question.as_of_day))
        return DD_EXIT_USAGE;
    if (dd_args_has(&cli->args, "deep"))
        return dd_cli_table_deep(cli, question);
    enum dd_exit result = collect(cli, question, &found);
    if (result != DD_EXIT_OK)
        return result;
    struct dd_official_table official = {&found.cycle, &found.table, &found.reports};
    if (cli->json)
        dd_table_json(&official, cli->out);
    else if (!dd_args_has(&cli->args, "csv"))
        dd_table_text(&official, cli->language, cli->out);
    else if (!dd_table_csv(&official, cli->out))
        return dd_cli_failed_with(cli, "table", DD_IO);
    return DD_EXIT_OK;
}

enum dd_exit dd_cli_table_csv(struct dd_cli *cli, struct dd_question question, FILE *out,
                              uint64_t *seq)
{
    struct collected found;
    enum dd_exit result = collect(cli, question, &found);
    if (result != DD_EXIT_OK)
        return result;
    if (found.changed)
        return DD_EXIT_FAILED;
    struct dd_official_table official = {&found.cycle, &found.table, &found.reports};
    *seq = found.seq;
    return dd_table_csv(&official, out) ? DD_EXIT_OK : dd_cli_failed_with(cli, "table", DD_IO);
}
