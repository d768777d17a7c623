/* Duties: who owes what and how it stands, and how many there are of each end. See
 * clients/cli/cli_rulebook.h. */
#include <string.h>

#include "clients/cli/cli_json.h"
#include "clients/cli/cli_link.h"
#include "clients/cli/cli_rulebook.h"
#include "clients/cli/people.h"
#include "core/text.h"

enum {
    ENDS_MAX = 9,
    END_COLUMNS = 10,
    STAGE_COLUMNS = 32,
    UNIT_COLUMNS = 24,
    DUTY_COLUMNS = 18,
    INSTANT_COLUMNS = 26
};

const struct dd_cli_flag dd_cli_duty_list_flags[] = {
    {"unit", "CODE", "of this unit alone"},
    {"as-of", "DATE", "as they stood at the end of that day"},
    {NULL, NULL, NULL}};
const struct dd_cli_flag dd_cli_duty_count_flags[] = {
    {"unit", "CODE", "of this unit alone"},
    {"as-of", "DATE", "as they stood at the end of that day (default now)"},
    {NULL, NULL, NULL}};

/* --- list --- */

static void json_duty(struct dd_cli *cli, const struct dd_duty_line *duty, int offset_min)
{
    struct dd_json json = dd_json_make(cli->out, true);
    dd_json_object(&json, NULL);
    dd_json_text(&json, "unit", duty->unit);
    dd_json_text(&json, "duty", duty->duty);
    dd_json_instant(&json, "bound", duty->bound_ms, offset_min);
    dd_json_instant(&json, "met", duty->met_ms, offset_min);
    dd_json_string(&json, "status", dd_word(DD_WORDS_END, (int)duty->status));
    dd_json_unsigned(&json, "seq", duty->met_seq);
    dd_json_string(&json, "silence", dd_word(DD_WORDS_SILENCE, (int)duty->silence));
    dd_json_switch(&json, "suspended", duty->suspended);
    dd_json_number(&json, "extensions", duty->extensions);
    dd_json_text(&json, "keeper", duty->keeper);
    dd_json_object_end(&json);
}

static const char *instant(int64_t at_ms, int offset_min, char out[DD_INSTANT_TEXT_BYTES])
{
    if (at_ms == 0)
        memcpy(out, "-", 2);
    else
        dd_instant_format(at_ms, offset_min, out);
    return out;
}

/* What silence means is said of a duty that it has ended, or can still end. */
static void put_remarks(struct dd_cli *cli, const struct dd_duty_line *duty)
{
    bool open = duty->status == DD_END_PENDING || duty->status == DD_END_MISSING;
    const char *means = dd_people_word(cli->language, DD_WORDS_SILENCE, (int)duty->silence);
    if (duty->status == DD_END_LAPSED)
        fprintf(cli->out, ": %s", means);
    else if (open && dd_silence_ends(duty->silence))
        fprintf(cli->out, "; %s: %s", dd_say(cli->language, "if silent"), means);
    if (duty->suspended)
        fprintf(cli->out, "; %s", dd_say(cli->language, "suspended"));
    if (duty->extensions > 0)
        fprintf(cli->out, "; %s %u", dd_say(cli->language, "extensions:"), duty->extensions);
    if (duty->keeper.size > 0) {
        fprintf(cli->out, "; %s ", dd_say(cli->language, "answered for by"));
        dd_people_put(duty->keeper, cli->out);
    }
}

static void print_duty(struct dd_cli *cli, const struct dd_duty_line *duty, int offset_min)
{
    char bound[DD_INSTANT_TEXT_BYTES];
    char met[DD_INSTANT_TEXT_BYTES];
    if (cli->json) {
        json_duty(cli, duty, offset_min);
        return;
    }
    dd_people_pad(duty->unit, UNIT_COLUMNS, cli->out);
    dd_people_pad(duty->duty, DUTY_COLUMNS, cli->out);
    fprintf(cli->out, "%-*s %-*s %s", INSTANT_COLUMNS, instant(duty->bound_ms, offset_min, bound),
            INSTANT_COLUMNS, instant(duty->met_ms, offset_min, met),
            dd_people_word(cli->language, DD_WORDS_END, (int)duty->status));
    put_remarks(cli, duty);
    fputc('\n', cli->out);
}

static void put_heads(struct dd_cli *cli)
{
    if (cli->json)
        return;
    dd_people_pad(dd_slice_of(dd_say(cli->language, DD_SAY("Unit"))), UNIT_COLUMNS, cli->out);
    dd_people_pad(dd_slice_of(dd_say(cli->language, DD_SAY("Duty"))), DUTY_COLUMNS, cli->out);
    dd_people_pad(dd_slice_of(dd_say(cli->language, DD_SAY("Deadline (first instant too late)"))),
                  INSTANT_COLUMNS, cli->out);
    dd_people_pad(dd_slice_of(dd_say(cli->language, DD_SAY("Met"))), INSTANT_COLUMNS, cli->out);
    fprintf(cli->out, "%s\n", dd_say(cli->language, DD_SAY("How it stands")));
}

static bool take_question(struct dd_cli *cli, struct dd_question *out)
{
    *out = (struct dd_question){.kind = DD_QUESTION_DUTIES,
                                .cycle = dd_cli_operand(cli, 0),
                                .unit = dd_cli_value(cli, "unit"),
                                .has_as_of = dd_args_has(&cli->args, "as-of")};
    return dd_cli_day(cli, "as-of", 0, &out->as_of_day);
}

enum dd_exit dd_cli_duty_list(struct dd_cli *cli)
{
    struct dd_question question;
    struct dd_answer answer;
    enum dd_exit result;
    bool headed = false;
    if (!take_question(cli, &question))
        return DD_EXIT_USAGE;
    do {
        result = dd_cli_ask(cli, &question, &answer);
        if (result == DD_EXIT_OK && !headed)
            put_heads(cli);
        headed = true;
        for (size_t i = 0; result == DD_EXIT_OK && i < answer.as.duties.duty_count; i++)
            print_duty(cli, &answer.as.duties.duties[i], answer.as.duties.offset_min);
    } while (result == DD_EXIT_OK && dd_cli_next_page(cli, &answer, &question));
    return result;
}

/* --- count --- */

/* The ends that expected ones have, in the order in which they are told. */
static const enum dd_end ends[] = {DD_END_ON_TIME, DD_END_LATE,    DD_END_LAPSED,
                                   DD_END_WAIVED,  DD_END_PENDING, DD_END_MISSING};

enum { ENDS = sizeof ends / sizeof ends[0] };

struct counted {
    struct dd_slice stage; /* empty: all */
    uint64_t of[ENDS_MAX];
};

struct counts {
    struct counted stage[DD_STAGES_MAX + 1];
    size_t stage_count;
    struct counted whole;
    uint64_t seq;
    bool changed; /* the state moved on between two pages */
};

static struct counted *stage_of(struct counts *counts, const struct dd_cycle_answer *cycle,
                                struct dd_slice duty)
{
    const uint8_t *slash = duty.size > 0 ? memchr(duty.data, '/', duty.size) : NULL;
    struct dd_slice key = {duty.data, slash ? (size_t)(slash - duty.data) : duty.size};
    for (size_t i = 0; i < counts->stage_count; i++) {
        if (dd_slice_equal(counts->stage[i].stage, key))
            return &counts->stage[i];
    }
    for (size_t i = 0; i < cycle->stage_count; i++) {
        struct counted *fresh = &counts->stage[counts->stage_count];
        if (!dd_slice_equal(cycle->stages[i].key, key) || counts->stage_count == DD_STAGES_MAX)
            continue;
        counts->stage_count++;
        fresh->stage = cycle->stages[i].key;
        return fresh;
    }
    return NULL;
}

static void count_page(struct counts *counts, const struct dd_cycle_answer *cycle,
                       const struct dd_answer *answer)
{
    const struct dd_duties_answer *page = &answer->as.duties;
    counts->changed = counts->changed || (counts->seq != 0 && counts->seq != answer->seq);
    counts->seq = answer->seq;
    for (size_t i = 0; i < page->duty_count; i++) {
        struct counted *stage = stage_of(counts, cycle, page->duties[i].duty);
        unsigned end = (unsigned)page->duties[i].status;
        if (end >= ENDS_MAX)
            continue;
        counts->whole.of[end]++;
        if (stage)
            stage->of[end]++;
    }
}

static uint64_t expected(const struct counted *line)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < ENDS; i++)
        sum += line->of[ends[i]];
    return sum;
}

static void json_counted(struct dd_json *json, const char *key, const struct counted *line)
{
    dd_json_object(json, key);
    if (line->stage.size > 0)
        dd_json_text(json, "stage", line->stage);
    dd_json_unsigned(json, "expected", expected(line));
    for (size_t i = 0; i < ENDS; i++)
        dd_json_unsigned(json, dd_word(DD_WORDS_END, (int)ends[i]), line->of[ends[i]]);
    dd_json_object_end(json);
}

static void json_counts(struct dd_cli *cli, const struct counts *counts,
                        const struct dd_question *question)
{
    struct dd_json json = dd_json_make(cli->out, false);
    dd_json_object(&json, NULL);
    dd_json_text(&json, "cycle", question->cycle);
    dd_json_text(&json, "unit", question->unit);
    if (question->has_as_of)
        dd_json_day(&json, "as_of", question->as_of_day);
    dd_json_unsigned(&json, "seq", counts->seq);
    dd_json_array(&json, "stages");
    for (size_t i = 0; i < counts->stage_count; i++)
        json_counted(&json, NULL, &counts->stage[i]);
    dd_json_array_end(&json);
    json_counted(&json, "total", &counts->whole);
    dd_json_object_end(&json);
}

static void put_counted(struct dd_cli *cli, struct dd_slice name, const struct counted *line)
{
    dd_people_pad(name, STAGE_COLUMNS, cli->out);
    fprintf(cli->out, "%*llu", END_COLUMNS, (unsigned long long)expected(line));
    for (size_t i = 0; i < ENDS; i++)
        fprintf(cli->out, " %*llu", END_COLUMNS, (unsigned long long)line->of[ends[i]]);
    fputc('\n', cli->out);
}

static void put_heading(struct dd_cli *cli, const char *text)
{
    size_t width = dd_text_columns(dd_slice_of(text));
    fprintf(cli->out, "%*s%s", width < END_COLUMNS ? (int)(END_COLUMNS - width) : 0, "", text);
}

static void put_counts(struct dd_cli *cli, const struct counts *counts,
                       const struct dd_cycle_answer *cycle)
{
    dd_people_pad(dd_slice_of(dd_say(cli->language, "Stage")), STAGE_COLUMNS, cli->out);
    put_heading(cli, dd_say(cli->language, "expected"));
    for (size_t i = 0; i < ENDS; i++) {
        fputc(' ', cli->out);
        put_heading(cli, dd_people_word(cli->language, DD_WORDS_END, (int)ends[i]));
    }
    fputc('\n', cli->out);
    for (size_t i = 0; i < counts->stage_count; i++)
        put_counted(cli, dd_cli_stage_name(cli, cycle, counts->stage[i].stage), &counts->stage[i]);
    put_counted(cli, dd_slice_of(dd_say(cli->language, "Total")), &counts->whole);
}

enum dd_exit dd_cli_duty_count(struct dd_cli *cli)
{
    struct dd_question question;
    struct dd_answer answer = {.seq = 0};
    struct dd_cycle_answer cycle;
    struct counts counts = {.seq = 0};
    if (!take_question(cli, &question))
        return DD_EXIT_USAGE;
    enum dd_exit result = dd_cli_ask_cycle(cli, question.cycle, &cycle);
    for (bool more = true; more && result == DD_EXIT_OK; more = answer.next.size > 0) {
        result = dd_cli_ask(cli, &question, &answer);
        if (result == DD_EXIT_OK)
            count_page(&counts, &cycle, &answer);
        question.after = answer.next;
    }
    if (result != DD_EXIT_OK)
        return result;
    if (counts.changed)
        fprintf(cli->err, "dondoc: duties changed while they were counted; give --as-of DATE\n");
    if (cli->json)
        json_counts(cli, &counts, &question);
    else
        put_counts(cli, &counts, &cycle);
    return DD_EXIT_OK;
}
