/* Matters as they stand: a list, and one with what each unit answered. Silence is printed as
 * silence, never as an answer. See clients/cli/cli_rulebook.h. */
#include <string.h>

#include "clients/cli/cli_json.h"
#include "clients/cli/cli_link.h"
#include "clients/cli/cli_rulebook.h"
#include "clients/cli/people.h"

const struct dd_cli_flag dd_cli_matter_list_flags[] = {
    {"unit", "CODE", "owned by this unit, or asked of it"},
    {"kind", "KIND", "of this kind alone"},
    {NULL, NULL, NULL}};

/* What the units that answered a stage with figures come to. */
struct total {
    struct dd_slice stage;
    uint32_t units;
    struct dd_figure_cell cell[DD_FIGURES_MAX];
    bool beyond[DD_FIGURES_MAX]; /* that sum does not fit */
    size_t count;
};

/* What is printed with: the answers lie in cli->answers for the whole run. */
struct sheet {
    struct dd_cli *cli;
    int16_t offset_min;
    struct dd_cycle_answer cycle;
    struct total *total[DD_STAGES_MAX]; /* in the stages' order, in cli->answers too */
    size_t total_count;
};

static const char *say(const struct sheet *s, const char *english)
{
    return dd_say(s->cli->language, english);
}

static const char *word(const struct sheet *s, enum dd_vocabulary vocabulary, int number)
{
    return dd_people_word(s->cli->language, vocabulary, number);
}

static void put_instant(const struct sheet *s, const char *label, int64_t at_ms)
{
    char text[DD_INSTANT_TEXT_BYTES];
    if (at_ms == 0)
        return;
    dd_instant_format(at_ms, s->offset_min, text);
    fprintf(s->cli->out, ", %s %s", label, text);
}

struct dd_slice dd_cli_stage_name(const struct dd_cli *cli, const struct dd_cycle_answer *cycle,
                                  struct dd_slice key)
{
    for (size_t i = 0; i < cycle->stage_count; i++) {
        const struct dd_cycle_stage *stage = &cycle->stages[i];
        if (dd_slice_equal(stage->key, key))
            return dd_people_name(cli->language, stage->name_vi, stage->name_en, key);
    }
    return key;
}

/* --- sums --- */

static void add_cell(struct total *total, const struct dd_figure_cell *cell)
{
    size_t i = 0;
    while (i < total->count && !dd_slice_equal(total->cell[i].key, cell->key))
        i++;
    if (i == total->count) {
        if (total->count < DD_FIGURES_MAX)
            total->cell[total->count++] = *cell;
        return;
    }
    struct dd_figure *sum = &total->cell[i].value;
    total->beyond[i] = total->beyond[i] || !dd_figure_add(*sum, cell->value, sum);
    total->cell[i].estimate = total->cell[i].estimate || cell->estimate;
}

/* Adds the line's figures to its stage's sums; the lines of a stage stand together. */
static enum dd_status add_line(struct sheet *s, const struct dd_answer_line *line)
{
    struct total *total = s->total_count > 0 ? s->total[s->total_count - 1] : NULL;
    if (line->figure_count == 0)
        return DD_OK;
    if (!total || !dd_slice_equal(total->stage, line->stage)) {
        total = dd_arena_take(&s->cli->answers, sizeof *total);
        if (!total || s->total_count == DD_STAGES_MAX)
            return DD_NO_MEMORY;
        *total = (struct total){.stage = line->stage};
        s->total[s->total_count++] = total;
    }
    total->units++;
    for (size_t i = 0; i < line->figure_count; i++)
        add_cell(total, &line->figures[i]);
    return DD_OK;
}

/* Leaves out what does not fit, as the tables of figures do. */
static void drop_beyond(struct total *total)
{
    size_t kept = 0;
    for (size_t i = 0; i < total->count; i++) {
        if (!total->beyond[i])
            total->cell[kept++] = total->cell[i];
    }
    total->count = kept;
}

/* --- JSON --- */

static void json_choices(struct dd_json *json, const struct dd_matter_line *matter)
{
    dd_json_array(json, "choices");
    for (size_t i = 0; i < matter->choice_count; i++) {
        dd_json_object(json, NULL);
        dd_json_text(json, "choice", matter->choices[i].choice);
        dd_json_unsigned(json, "count", matter->choices[i].count);
        dd_json_object_end(json);
    }
    dd_json_array_end(json);
}

static const char *result_word(const struct dd_matter_line *matter)
{
    if (!matter->has_rule)
        return "";
    return !matter->settled ? "open" : matter->passed ? "passed" : "not-passed";
}

static void json_decision(struct dd_json *json, const struct dd_matter_line *matter, int offset_min)
{
    dd_json_text(json, "awaits", matter->awaits);
    dd_json_string(json, "verdict", dd_word(DD_WORDS_VERDICT, (int)matter->verdict));
    dd_json_text(json, "decided_by", matter->decided_by);
    dd_json_instant(json, "decided", matter->decided_ms, offset_min);
    dd_json_text(json, "reason", matter->reason);
    dd_json_string(json, "outcome", dd_word(DD_WORDS_OUTCOME, (int)matter->outcome));
    if (matter->outcome != 0)
        dd_json_day(json, "outcome_day", matter->outcome_day);
}

static void json_matter(struct dd_json *json, const struct dd_matter_line *matter, int offset_min)
{
    dd_json_number(json, "matter", matter->matter);
    dd_json_text(json, "kind", matter->kind);
    dd_json_text(json, "code", matter->code);
    dd_json_text(json, "title", matter->title);
    dd_json_text(json, "notice", matter->notice);
    dd_json_text(json, "owner", matter->owner);
    dd_json_string(json, "capacity", dd_word(DD_WORDS_CAPACITY, (int)matter->capacity));
    dd_json_instant(json, "opened", matter->opened_ms, offset_min);
    dd_json_instant(json, "at", matter->at_ms, offset_min);
    dd_json_instant(json, "bound", matter->bound_ms, offset_min);
    dd_json_unsigned(json, "asked", matter->asked);
    dd_json_unsigned(json, "answered", matter->answered);
    dd_json_unsigned(json, "lapsed", matter->lapsed);
    dd_json_unsigned(json, "open", matter->open);
    dd_json_string(json, "silence", dd_word(DD_WORDS_SILENCE, (int)matter->silence));
    json_choices(json, matter);
    dd_json_string(json, "result", result_word(matter));
    if (matter->has_rule) {
        dd_json_unsigned(json, "favour", matter->favour);
        dd_json_unsigned(json, "counted", matter->counted);
        dd_json_unsigned(json, "needed", matter->needed);
    }
    json_decision(json, matter, offset_min);
    dd_json_number(json, "revision", matter->revision);
    dd_json_number(json, "parent", matter->parent);
}

void dd_cli_json_figures(struct dd_json *json, const struct dd_figure_cell *figures, size_t count)
{
    dd_json_array(json, "figures");
    for (size_t i = 0; i < count; i++) {
        char value[DD_FIGURE_TEXT_BYTES];
        dd_figure_format(figures[i].value, value);
        dd_json_object(json, NULL);
        dd_json_text(json, "figure", figures[i].key);
        dd_json_string(json, "value", value);
        dd_json_switch(json, "estimate", figures[i].estimate);
        dd_json_object_end(json);
    }
    dd_json_array_end(json);
}

static void json_answer(struct dd_json *json, const struct dd_answer_line *line, int offset_min)
{
    bool silent = line->status == DD_END_LAPSED && (line->received_ms == 0 || line->late);
    dd_json_object(json, NULL);
    dd_json_text(json, "stage", line->stage);
    dd_json_text(json, "unit", line->unit);
    dd_json_string(json, "status", dd_word(DD_WORDS_END, (int)line->status));
    dd_json_instant(json, "bound", line->bound_ms, offset_min);
    dd_json_switch(json, "silent", silent);
    if (silent)
        dd_json_text(json, "responsible", line->head_title);
    dd_json_switch(json, "late", line->late);
    dd_json_text(json, "choice", line->choice);
    dd_json_text(json, "note", line->note);
    dd_json_instant(json, "received", line->received_ms, offset_min);
    dd_json_unsigned(json, "seq", line->seq);
    dd_json_text(json, "account", line->account);
    dd_json_string(json, "capacity", dd_word(DD_WORDS_CAPACITY, (int)line->capacity));
    dd_json_text(json, "delegated_by", line->delegated_by);
    dd_cli_json_figures(json, line->figures, line->figure_count);
    dd_json_object_end(json);
}

/* --- text --- */

static void put_result(const struct sheet *s, const struct dd_matter_line *matter)
{
    FILE *out = s->cli->out;
    for (size_t i = 0; i < matter->choice_count; i++) {
        const struct dd_choice_count *choice = &matter->choices[i];
        fputs(i == 0 ? "; " : ", ", out);
        dd_people_put(
            dd_people_name(s->cli->language, choice->name_vi, choice->name_en, choice->choice),
            out);
        fprintf(out, " %lu", (unsigned long)choice->count);
    }
    if (matter->has_rule)
        fprintf(out, "; %lu %s %lu, %s %lu: %s", (unsigned long)matter->favour, say(s, "of"),
                (unsigned long)matter->counted, say(s, "needed"), (unsigned long)matter->needed,
                !matter->settled ? say(s, "result still open")
                : matter->passed ? say(s, "passed")
                                 : say(s, "not passed"));
}

static void put_decision(const struct sheet *s, const struct dd_matter_line *matter)
{
    FILE *out = s->cli->out;
    char day[DD_DAY_TEXT_BYTES];
    if (matter->verdict != 0) {
        fprintf(out, "; %s", word(s, DD_WORDS_VERDICT, (int)matter->verdict));
        dd_people_signed(s->cli->language, 0, matter->decided_by, (struct dd_slice){NULL, 0}, out);
    }
    if (matter->awaits.size > 0) {
        fprintf(out, "; %s: ", say(s, "waits for"));
        dd_people_put(dd_cli_stage_name(s->cli, &s->cycle, matter->awaits), out);
    }
    if (matter->outcome != 0) {
        dd_day_format(matter->outcome_day, day);
        fprintf(out, "; %s %s", word(s, DD_WORDS_OUTCOME, (int)matter->outcome), day);
    }
}

static void put_counts(const struct sheet *s, const struct dd_matter_line *matter)
{
    FILE *out = s->cli->out;
    fprintf(out, "    %s %lu: %s %lu, %s %lu, %s %lu", say(s, "asked"),
            (unsigned long)matter->asked, say(s, "answered"), (unsigned long)matter->answered,
            say(s, "silent"), (unsigned long)matter->lapsed, say(s, "waiting"),
            (unsigned long)matter->open);
    if (matter->lapsed > 0)
        fprintf(out, " (%s: %s)", say(s, "silence"),
                word(s, DD_WORDS_SILENCE, (int)matter->silence));
    put_result(s, matter);
    put_decision(s, matter);
    fputc('\n', out);
}

static void put_matter(const struct sheet *s, const struct dd_matter_line *matter)
{
    FILE *out = s->cli->out;
    fprintf(out, "%u. ", matter->matter);
    dd_people_lines(matter->title, out);
    fputs(" [", out);
    dd_people_put(matter->kind, out);
    if (matter->code.size > 0)
        fputs(" ", out);
    dd_people_put(matter->code, out);
    fputs("]\n    ", out);
    dd_people_put(matter->owner, out);
    put_instant(s, say(s, "at"), matter->at_ms);
    put_instant(s, say(s, "bound"), matter->bound_ms);
    if (matter->parent != 0)
        fprintf(out, ", %s %u", say(s, "part of"), matter->parent);
    fputc('\n', out);
    put_counts(s, matter);
}

/* What only `matter show` says. */
static void put_more(const struct sheet *s, const struct dd_matter_answer *answer)
{
    const struct dd_matter_line *matter = &answer->matter;
    FILE *out = s->cli->out;
    char text[DD_INSTANT_TEXT_BYTES];
    const char *capacity = word(s, DD_WORDS_CAPACITY, (int)matter->capacity);
    dd_instant_format(matter->opened_ms, s->offset_min, text);
    fprintf(out, "    %s %s", say(s, "opened"), text);
    if (*capacity)
        fprintf(out, " (%s)", capacity);
    if (matter->notice.size > 0)
        fprintf(out, ", %s ", say(s, "notice"));
    dd_people_put(matter->notice, out);
    put_instant(s, say(s, "decided"), matter->decided_ms);
    if (matter->reason.size > 0)
        fprintf(out, ", %s: ", say(s, "reason"));
    dd_people_lines(matter->reason, out);
    if (answer->partner_count > 0)
        fprintf(out, "\n    %s:", say(s, "partners"));
    for (size_t i = 0; i < answer->partner_count; i++) {
        fputs(i > 0 ? ", " : " ", out);
        dd_people_put(answer->partners[i], out);
    }
    fputc('\n', out);
}

/* The choice as the programme calls it, a verdict or an outcome as people do. */
static struct dd_slice choice_name(const struct sheet *s, const struct dd_matter_line *matter,
                                   struct dd_slice choice)
{
    int verdict = dd_word_number(DD_WORDS_VERDICT, choice);
    int outcome = dd_word_number(DD_WORDS_OUTCOME, choice);
    for (size_t i = 0; i < matter->choice_count; i++) {
        const struct dd_choice_count *known = &matter->choices[i];
        if (dd_slice_equal(known->choice, choice))
            return dd_people_name(s->cli->language, known->name_vi, known->name_en, choice);
    }
    if (verdict != 0)
        return dd_slice_of(word(s, DD_WORDS_VERDICT, verdict));
    return outcome != 0 ? dd_slice_of(word(s, DD_WORDS_OUTCOME, outcome)) : choice;
}

static void put_figures(const struct sheet *s, const struct dd_figure_cell *figures, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char value[DD_FIGURE_TEXT_BYTES];
        dd_figure_format(figures[i].value, value);
        fputs(i == 0 ? "        " : ", ", s->cli->out);
        dd_people_put(figures[i].key, s->cli->out);
        fprintf(s->cli->out, " = %s%s", value, figures[i].estimate ? say(s, "(est.)") : "");
    }
    if (count > 0)
        fputc('\n', s->cli->out);
}

/* Behind the lines of a stage: what they come to, if there is something to add up. */
static void put_total(const struct sheet *s, struct dd_slice stage)
{
    struct total *total = s->total_count > 0 ? s->total[s->total_count - 1] : NULL;
    if (!total || !dd_slice_equal(total->stage, stage) || total->units < 2)
        return;
    fprintf(s->cli->out, "    %s (%lu %s)\n", say(s, "Total"), (unsigned long)total->units,
            say(s, "units"));
    drop_beyond(total);
    put_figures(s, total->cell, total->count);
}

/* What came when silence had spoken already. */
static void put_late(const struct sheet *s, const struct dd_matter_line *matter,
                     const struct dd_answer_line *line)
{
    FILE *out = s->cli->out;
    fprintf(out, "; %s", say(s, "late answer, not counted"));
    if (line->choice.size > 0)
        fputs(": ", out);
    dd_people_put(choice_name(s, matter, line->choice), out);
    if (line->account.size > 0)
        fprintf(out, ", %s", say(s, "signed"));
    dd_people_signed(s->cli->language, line->capacity, line->account, line->delegated_by, out);
    fprintf(out, " (seq %llu)", (unsigned long long)line->seq);
    if (line->note.size > 0) {
        fputs("\n        ", out);
        dd_people_put(line->note, out);
    }
}

static void put_answer(const struct sheet *s, const struct dd_matter_line *matter,
                       enum dd_silence silence, const struct dd_answer_line *line)
{
    FILE *out = s->cli->out;
    char at[DD_INSTANT_TEXT_BYTES];
    fputs("    ", out);
    dd_people_pad(line->unit, 20, out);
    if (line->late || (line->received_ms == 0 && line->status == DD_END_LAPSED)) {
        dd_people_silence(s->cli->language, silence, line->head_title, line->unit, out);
        if (line->late)
            put_late(s, matter, line);
        fputc('\n', out);
        return;
    }
    fputs(word(s, DD_WORDS_END, (int)line->status), out);
    if (line->received_ms == 0) {
        put_instant(s, say(s, "bound"), line->bound_ms);
        fputc('\n', out);
        return;
    }
    dd_instant_format(line->received_ms, s->offset_min, at);
    fprintf(out, " %s", at);
    if (line->choice.size > 0)
        fputs(": ", out);
    dd_people_put(choice_name(s, matter, line->choice), out);
    if (line->account.size > 0)
        fprintf(out, ", %s", say(s, "signed"));
    dd_people_signed(s->cli->language, line->capacity, line->account, line->delegated_by, out);
    fprintf(out, " (seq %llu)\n", (unsigned long long)line->seq);
    if (line->note.size > 0) {
        fputs("        ", out);
        dd_people_lines(line->note, out);
        fputc('\n', out);
    }
    put_figures(s, line->figures, line->figure_count);
}

/* What silence means in the stage, and, where another stage begins, its name and before it what the
 * one before came to. */
static enum dd_silence put_stage(const struct sheet *s, struct dd_slice before, struct dd_slice key)
{
    if (!dd_slice_equal(before, key)) {
        put_total(s, before);
        fputs("  ", s->cli->out);
        dd_people_put(dd_cli_stage_name(s->cli, &s->cycle, key), s->cli->out);
        fputc('\n', s->cli->out);
    }
    for (size_t i = 0; i < s->cycle.stage_count; i++) {
        if (dd_slice_equal(s->cycle.stages[i].key, key))
            return s->cycle.stages[i].silence;
    }
    return DD_SILENCE_LAPSES;
}

/* --- the commands --- */

enum dd_exit dd_cli_ask_cycle(struct dd_cli *cli, struct dd_slice code, struct dd_cycle_answer *out)
{
    struct dd_question question = {.kind = DD_QUESTION_CYCLE, .cycle = code};
    struct dd_answer answer;
    enum dd_exit result = dd_cli_ask(cli, &question, &answer);
    if (result == DD_EXIT_OK)
        *out = answer.as.cycle;
    return result;
}

enum dd_exit dd_cli_matter_list(struct dd_cli *cli)
{
    struct dd_question question = {.kind = DD_QUESTION_MATTERS,
                                   .cycle = dd_cli_operand(cli, 0),
                                   .unit = dd_cli_value(cli, "unit"),
                                   .matter_kind = dd_cli_value(cli, "kind")};
    struct dd_answer answer = {.seq = 0};
    struct sheet s = {.cli = cli};
    enum dd_exit result = dd_cli_ask_cycle(cli, question.cycle, &s.cycle);
    s.offset_min = s.cycle.offset_min;
    for (bool more = true; more && result == DD_EXIT_OK; more = answer.next.size > 0) {
        const struct dd_matters_answer *page = &answer.as.matters;
        result = dd_cli_ask(cli, &question, &answer);
        for (size_t i = 0; result == DD_EXIT_OK && i < page->matter_count; i++) {
            struct dd_json json = dd_json_make(cli->out, true);
            if (!cli->json) {
                put_matter(&s, &page->matters[i]);
                continue;
            }
            dd_json_object(&json, NULL);
            json_matter(&json, &page->matters[i], s.offset_min);
            dd_json_object_end(&json);
        }
        question.after = answer.next;
    }
    return result;
}

static void json_head(struct dd_json *json, const struct dd_matter_answer *answer, int offset_min)
{
    dd_json_object(json, NULL);
    json_matter(json, &answer->matter, offset_min);
    dd_json_array(json, "partners");
    for (size_t i = 0; i < answer->partner_count; i++)
        dd_json_text(json, NULL, answer->partners[i]);
    dd_json_array_end(json);
    dd_json_array(json, "answers");
}

static void json_tail(struct dd_json *json, const struct sheet *s)
{
    dd_json_array_end(json);
    dd_json_array(json, "totals");
    for (size_t i = 0; i < s->total_count; i++) {
        drop_beyond(s->total[i]);
        dd_json_object(json, NULL);
        dd_json_text(json, "stage", s->total[i]->stage);
        dd_json_unsigned(json, "units", s->total[i]->units);
        dd_cli_json_figures(json, s->total[i]->cell, s->total[i]->count);
        dd_json_object_end(json);
    }
    dd_json_array_end(json);
    dd_json_object_end(json);
}

/* The lines of a page; *stage is that of the line before. */
static enum dd_status put_lines(struct sheet *s, const struct dd_matter_answer *page,
                                struct dd_json *json, struct dd_slice *stage)
{
    for (size_t i = 0; i < page->answer_count; i++) {
        const struct dd_answer_line *line = &page->answers[i];
        if (s->cli->json)
            json_answer(json, line, s->offset_min);
        else
            put_answer(s, &page->matter, put_stage(s, *stage, line->stage), line);
        *stage = line->stage;
        enum dd_status status = add_line(s, line);
        if (status != DD_OK)
            return status;
    }
    return DD_OK;
}

enum dd_exit dd_cli_matter_show(struct dd_cli *cli)
{
    struct dd_question question = {.kind = DD_QUESTION_MATTER, .cycle = dd_cli_operand(cli, 0)};
    struct dd_answer answer = {.seq = 0};
    const struct dd_matter_answer *page = &answer.as.matter;
    struct dd_json json = dd_json_make(cli->out, false);
    struct dd_slice stage = {NULL, 0};
    struct sheet s = {.cli = cli};
    uint64_t number;
    if (!dd_parse_whole(cli->args.operand[1], 1, DD_MATTERS_PER_CYCLE_MAX, &number))
        return dd_cli_misuse(cli, "%s is no number of a matter", cli->args.operand[1]);
    question.matter = (uint16_t)number;
    enum dd_exit result = dd_cli_ask_cycle(cli, question.cycle, &s.cycle);
    s.offset_min = s.cycle.offset_min;
    for (bool first = true; result == DD_EXIT_OK; first = false) {
        result = dd_cli_ask(cli, &question, &answer);
        if (result != DD_EXIT_OK)
            return result;
        if (first && cli->json) {
            json_head(&json, page, s.offset_min);
        } else if (first) {
            put_matter(&s, &page->matter);
            put_more(&s, page);
        }
        if (put_lines(&s, page, &json, &stage) != DD_OK)
            return dd_cli_failed_with(cli, "matter", DD_NO_MEMORY);
        question.after = answer.next;
        if (answer.next.size == 0)
            break;
    }
    if (result == DD_EXIT_OK && cli->json)
        json_tail(&json, &s);
    else if (result == DD_EXIT_OK)
        put_total(&s, stage);
    return result;
}
