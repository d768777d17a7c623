/* Cycles: which there are, and one with its stages and what it owes again and again. See
 * clients/cli/cli_rulebook.h. */
#include <string.h>

#include "clients/cli/cli_json.h"
#include "clients/cli/cli_link.h"
#include "clients/cli/cli_rulebook.h"
#include "clients/cli/people.h"

enum { LINE_COLUMNS = 100 };

static void json_people(struct dd_json *json, const char *key, const struct dd_slice *codes,
                        size_t count)
{
    dd_json_array(json, key);
    for (size_t i = 0; i < count; i++)
        dd_json_text(json, NULL, codes[i]);
    dd_json_array_end(json);
}

static void json_stages(struct dd_json *json, const struct dd_cycle_answer *cycle)
{
    dd_json_array(json, "stages");
    for (size_t i = 0; i < cycle->stage_count; i++) {
        const struct dd_cycle_stage *stage = &cycle->stages[i];
        dd_json_object(json, NULL);
        dd_json_text(json, "stage", stage->key);
        dd_json_text(json, "name_vi", stage->name_vi);
        dd_json_text(json, "name_en", stage->name_en);
        dd_json_string(json, "act", dd_word(DD_WORDS_ACT, (int)stage->act));
        dd_json_string(json, "silence", dd_word(DD_WORDS_SILENCE, (int)stage->silence));
        dd_json_object_end(json);
    }
    dd_json_array_end(json);
    dd_json_array(json, "duties");
    for (size_t i = 0; i < cycle->duty_count; i++) {
        const struct dd_cycle_duty *duty = &cycle->duties[i];
        dd_json_object(json, NULL);
        dd_json_text(json, "stage", duty->stage);
        dd_json_text(json, "period", duty->period);
        dd_json_day(json, "last_day", duty->last_day);
        dd_json_day(json, "closing_day", duty->closing_day);
        dd_json_object_end(json);
    }
    dd_json_array_end(json);
}

static void json_cycle(FILE *out, const struct dd_cycle_answer *cycle)
{
    struct dd_json json = dd_json_make(out, false);
    dd_json_object(&json, NULL);
    dd_json_text(&json, "cycle", cycle->cycle);
    dd_json_text(&json, "programme", cycle->programme);
    dd_json_number(&json, "programme_version", cycle->programme_version);
    dd_json_text(&json, "host", cycle->host);
    dd_json_day(&json, "from", cycle->from_day);
    dd_json_day(&json, "to", cycle->to_day);
    dd_json_number(&json, "offset_min", cycle->offset_min);
    dd_json_switch(&json, "open", cycle->open);
    dd_json_array(&json, "dates");
    for (size_t i = 0; i < cycle->date_count; i++) {
        dd_json_object(&json, NULL);
        dd_json_text(&json, "name", cycle->dates[i].name);
        dd_json_day(&json, "day", cycle->dates[i].day);
        dd_json_object_end(&json);
    }
    dd_json_array_end(&json);
    dd_json_array(&json, "periods");
    for (size_t i = 0; i < cycle->period_count; i++) {
        dd_json_object(&json, NULL);
        dd_json_text(&json, "code", cycle->periods[i].code);
        dd_json_day(&json, "from", cycle->periods[i].from_day);
        dd_json_day(&json, "to", cycle->periods[i].to_day);
        dd_json_object_end(&json);
    }
    dd_json_array_end(&json);
    dd_json_array(&json, "reports");
    for (size_t i = 0; i < cycle->report_count; i++) {
        dd_json_object(&json, NULL);
        dd_json_text(&json, "code", cycle->reports[i].code);
        dd_json_string(&json, "word", dd_word(DD_WORDS_WORD, (int)cycle->reports[i].word));
        dd_json_day(&json, "day", cycle->reports[i].day);
        dd_json_object_end(&json);
    }
    dd_json_array_end(&json);
    json_people(&json, "appraisers", cycle->appraisers, cycle->appraiser_count);
    json_people(&json, "approvers", cycle->approvers, cycle->approver_count);
    dd_json_unsigned(&json, "parties", cycle->party_count);
    json_stages(&json, cycle);
    dd_json_object_end(&json);
}

/* "2014-01 2014-01-18; 2014-02 2014-02-18", lines of LINE_COLUMNS. */
static void put_stage_duties(FILE *out, const struct dd_cycle_answer *cycle, struct dd_slice stage)
{
    size_t column = LINE_COLUMNS;
    for (size_t i = 0; i < cycle->duty_count; i++) {
        const struct dd_cycle_duty *duty = &cycle->duties[i];
        char day[DD_DAY_TEXT_BYTES];
        if (!dd_slice_equal(duty->stage, stage) || duty->last_day == INT32_MAX)
            continue;
        size_t size = duty->period.size + (duty->period.size > 0 ? 1 : 0) + DD_DAY_TEXT_BYTES + 1;
        bool breaks = column + size > LINE_COLUMNS;
        fputs(breaks ? "\n    " : "; ", out);
        column = breaks ? 4 + size : column + size;
        dd_people_put(duty->period, out);
        dd_day_format(duty->last_day, day);
        fprintf(out, "%s%s", duty->period.size > 0 ? " " : "", day);
    }
    fputc('\n', out);
}

static void put_stages(const struct dd_cli *cli, const struct dd_cycle_answer *cycle)
{
    for (size_t i = 0; i < cycle->stage_count; i++) {
        const struct dd_cycle_stage *stage = &cycle->stages[i];
        fputs("stage ", cli->out);
        dd_people_put(stage->key, cli->out);
        fputs(": ", cli->out);
        dd_people_put(dd_cli_stage_name(cli, cycle, stage->key), cli->out);
        fprintf(cli->out, " (%s", dd_people_word(cli->language, DD_WORDS_ACT, (int)stage->act));
        if (dd_silence_ends(stage->silence))
            fprintf(cli->out, "; %s: %s", dd_say(cli->language, "if silent"),
                    dd_people_word(cli->language, DD_WORDS_SILENCE, (int)stage->silence));
        fputc(')', cli->out);
        put_stage_duties(cli->out, cycle, stage->key);
    }
}

static void print_cycle(const struct dd_cli *cli, const struct dd_cycle_answer *cycle)
{
    FILE *out = cli->out;
    char from[DD_DAY_TEXT_BYTES];
    char to[DD_DAY_TEXT_BYTES];
    dd_day_format(cycle->from_day, from);
    dd_day_format(cycle->to_day, to);
    fprintf(out, "cycle %.*s: %s, programme version %u, host %.*s, %s to %s, %lu parties\n",
            (int)cycle->cycle.size, (const char *)cycle->cycle.data,
            cycle->open ? "open" : "closed", cycle->programme_version, (int)cycle->host.size,
            (const char *)cycle->host.data, from, to, (unsigned long)cycle->party_count);
    for (size_t i = 0; i < cycle->date_count; i++) {
        dd_day_format(cycle->dates[i].day, from);
        fprintf(out, "date %.*s %s\n", (int)cycle->dates[i].name.size,
                (const char *)cycle->dates[i].name.data, from);
    }
    for (size_t i = 0; i < cycle->period_count; i++) {
        dd_day_format(cycle->periods[i].from_day, from);
        dd_day_format(cycle->periods[i].to_day, to);
        fprintf(out, "period %.*s %s to %s\n", (int)cycle->periods[i].code.size,
                (const char *)cycle->periods[i].code.data, from, to);
    }
    for (size_t i = 0; i < cycle->report_count; i++) {
        dd_day_format(cycle->reports[i].day, from);
        fprintf(out, "report %.*s %s %s\n", (int)cycle->reports[i].code.size,
                (const char *)cycle->reports[i].code.data,
                dd_word(DD_WORDS_WORD, (int)cycle->reports[i].word), from);
    }
    for (size_t i = 0; i < cycle->appraiser_count; i++)
        fprintf(out, "appraiser %.*s\n", (int)cycle->appraisers[i].size,
                (const char *)cycle->appraisers[i].data);
    for (size_t i = 0; i < cycle->approver_count; i++)
        fprintf(out, "approver %.*s\n", (int)cycle->approvers[i].size,
                (const char *)cycle->approvers[i].data);
    put_stages(cli, cycle);
}

enum dd_exit dd_cli_cycle_show(struct dd_cli *cli)
{
    struct dd_question question = {.kind = DD_QUESTION_CYCLE, .cycle = dd_cli_operand(cli, 0)};
    struct dd_answer answer;
    enum dd_exit result = dd_cli_ask(cli, &question, &answer);
    if (result == DD_EXIT_OK && cli->json)
        json_cycle(cli->out, &answer.as.cycle);
    else if (result == DD_EXIT_OK)
        print_cycle(cli, &answer.as.cycle);
    return result;
}

/* --- all of them --- */

enum dd_exit dd_cli_cycles(struct dd_cli *cli, struct dd_cycle_line **cycles, size_t *count)
{
    struct dd_question question = {.kind = DD_QUESTION_CYCLES};
    struct dd_answer answer = {.seq = 0};
    size_t room = 0;
    *cycles = NULL;
    *count = 0;
    for (bool more = true; more; more = answer.next.size > 0) {
        const struct dd_cycles_answer *page = &answer.as.cycles;
        enum dd_exit result = dd_cli_ask(cli, &question, &answer);
        if (result != DD_EXIT_OK)
            return result;
        if (*count + page->cycle_count > room || !*cycles) {
            room = 2 * (*count + page->cycle_count) + 1;
            struct dd_cycle_line *grown = dd_arena_take(&cli->arena, room * sizeof *grown);
            if (!grown)
                return dd_cli_failed_with(cli, "cycles", DD_NO_MEMORY);
            if (*count > 0)
                memcpy(grown, *cycles, *count * sizeof *grown);
            *cycles = grown;
        }
        if (page->cycle_count > 0)
            memcpy(*cycles + *count, page->cycles, page->cycle_count * sizeof **cycles);
        *count += page->cycle_count;
        question.after = answer.next;
    }
    return DD_EXIT_OK;
}

static void print_line(struct dd_cli *cli, const struct dd_cycle_line *line)
{
    char from[DD_DAY_TEXT_BYTES];
    char to[DD_DAY_TEXT_BYTES];
    if (cli->json) {
        struct dd_json json = dd_json_make(cli->out, true);
        dd_json_object(&json, NULL);
        dd_json_text(&json, "cycle", line->cycle);
        dd_json_text(&json, "programme", line->programme);
        dd_json_text(&json, "host", line->host);
        dd_json_day(&json, "from", line->from_day);
        dd_json_day(&json, "to", line->to_day);
        dd_json_switch(&json, "open", line->open);
        dd_json_unsigned(&json, "parties", line->party_count);
        dd_json_object_end(&json);
        return;
    }
    dd_day_format(line->from_day, from);
    dd_day_format(line->to_day, to);
    dd_people_pad(line->cycle, 28, cli->out);
    dd_people_pad(line->host, 16, cli->out);
    fprintf(cli->out, "%s .. %s  %-6s %6lu parties\n", from, to, line->open ? "open" : "closed",
            (unsigned long)line->party_count);
}

enum dd_exit dd_cli_cycle_list(struct dd_cli *cli)
{
    struct dd_cycle_line *cycles;
    size_t count;
    enum dd_exit result = dd_cli_cycles(cli, &cycles, &count);
    for (size_t i = 0; result == DD_EXIT_OK && i < count; i++)
        print_line(cli, &cycles[i]);
    return result;
}
