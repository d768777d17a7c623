/* The review of a dossier for an appraiser's eyes: asks for the file, those of the group and last
 * year's table, and prints each figure with its rule. Counts of others are those of the newest
 * version that each has handed in, approved or not, because nothing is in force while the appraiser
 * reads. See clients/cli/cli_rulebook.h and core/review.h. */
#include <string.h>

#include "clients/cli/cli_link.h"
#include "clients/cli/cli_rulebook.h"
#include "clients/cli/people.h"
#include "clients/lib/dondoc.h"
#include "core/review.h"

enum { PEERS_MAX = 1000, CYCLE_BYTES = 2 * DD_CODE_BYTES_MAX + 2 };

const struct dd_cli_flag dd_cli_dossier_review_flags[] = {
    {"last", "CYCLE", "last year's cycle (default: the same programme's, a year earlier)"},
    {"version", "N", "the version to review (default: the newest, or the draft)"},
    {NULL, NULL, NULL}};

/* What is collected: texts lie in cli->arena, so that answers can be given back. */
struct reviewed {
    struct dd_cli *cli;
    struct dd_slice cycle;
    struct dd_slice unit;
    struct dd_slice last;        /* empty: there is none */
    struct dd_slice period;      /* the first of the cycle; empty: none */
    struct dd_slice last_period; /* the same of last year's */
    struct dd_slice group;
    uint16_t version; /* 0: the draft */
    uint64_t unread;  /* peers beyond PEERS_MAX */
    int64_t peers[PEERS_MAX];
    struct dd_counts last_counts;
    struct dd_review_case facts;
};

static bool keep(struct dd_cli *cli, struct dd_slice text, struct dd_slice *out)
{
    uint8_t *copy = dd_arena_take(&cli->arena, text.size + 1);
    if (!copy)
        return false;
    if (text.size > 0)
        memcpy(copy, text.data, text.size);
    *out = (struct dd_slice){copy, text.size};
    return true;
}

static enum dd_exit no_memory(struct dd_cli *cli)
{
    return dd_cli_failed_with(cli, "dossier review", DD_NO_MEMORY);
}

/* --- which cycle --- */

/* Asks for a dossier; one that is not there is no failure: *found is false then. */
static enum dd_exit ask_dossier(struct dd_cli *cli, struct dd_slice cycle, struct dd_slice unit,
                                uint16_t version, struct dd_answer *answer, bool *found)
{
    struct dd_question question = {
        .kind = DD_QUESTION_DOSSIER, .cycle = cycle, .unit = unit, .version = version};
    struct dd_refusal refusal = {.status = DD_OK};
    enum dd_exit result = dd_cli_connect(cli);
    if (result != DD_EXIT_OK)
        return result;
    enum dd_status status =
        dd_client_question(cli->client, &question, &cli->answers, answer, &refusal);
    *found = status == DD_OK;
    if (status == DD_OK || (status == DD_NOT_FOUND && refusal.rule == DD_RULE_NO_SUCH_PARTY))
        return DD_EXIT_OK;
    refusal.status = status;
    return dd_cli_refused(cli, &refusal);
}

static void name_cycle(struct dd_cli *cli, struct dd_slice cycle)
{
    fprintf(cli->err, "dondoc: %.*s\n", (int)cycle.size, (const char *)cycle.data);
}

/* The one open cycle in which the unit has begun a dossier. */
static enum dd_exit find_cycle(struct reviewed *r)
{
    struct dd_cycle_line *cycles;
    size_t count;
    size_t fitting = 0;
    enum dd_exit result = dd_cli_cycles(r->cli, &cycles, &count);
    for (size_t i = 0; result == DD_EXIT_OK && i < count; i++) {
        struct dd_answer answer;
        bool found = false;
        if (!cycles[i].open)
            continue;
        result = ask_dossier(r->cli, cycles[i].cycle, r->unit, 0, &answer, &found);
        if (result != DD_EXIT_OK || !found || answer.as.dossier.state == DD_DOSSIER_EMPTY)
            continue;
        if (fitting == 1)
            name_cycle(r->cli, r->cycle);
        if (fitting++ > 0)
            name_cycle(r->cli, cycles[i].cycle);
        r->cycle = cycles[i].cycle;
    }
    if (result != DD_EXIT_OK || fitting == 1)
        return result;
    if (fitting == 0)
        return dd_cli_fail(r->cli, "%.*s has begun no dossier in an open cycle", (int)r->unit.size,
                           (const char *)r->unit.data);
    return dd_cli_misuse(r->cli,
                         "%.*s has a dossier in %zu open cycles; say which: dondoc dossier "
                         "review CYCLE UNIT",
                         (int)r->unit.size, (const char *)r->unit.data, fitting);
}

/* "key-tasks/2013" into "key-tasks/2012"; false if the period does not begin with a year. */
static bool year_before(struct dd_slice cycle, char out[CYCLE_BYTES])
{
    const uint8_t *slash = memchr(cycle.data, '/', cycle.size);
    size_t at = slash ? (size_t)(slash - cycle.data) + 1 : cycle.size;
    unsigned year = 0;
    char four[16];
    if (cycle.size >= CYCLE_BYTES || at + 4 > cycle.size)
        return false;
    dd_slice_text(cycle, out, CYCLE_BYTES);
    for (size_t i = at; i < at + 4; i++) {
        if (out[i] < '0' || out[i] > '9')
            return false;
        year = year * 10 + (unsigned)(out[i] - '0');
    }
    snprintf(four, sizeof four, "%04u", year > 0 ? year - 1 : 0);
    memcpy(out + at, four, 4);
    return year > 0;
}

static enum dd_exit find_last(struct reviewed *r)
{
    char code[CYCLE_BYTES];
    struct dd_cycle_line *cycles;
    size_t count;
    enum dd_exit result;
    r->last = dd_cli_value(r->cli, "last");
    if (r->last.size > 0 || !year_before(r->cycle, code))
        return DD_EXIT_OK;
    result = dd_cli_cycles(r->cli, &cycles, &count);
    for (size_t i = 0; result == DD_EXIT_OK && i < count; i++) {
        if (dd_slice_equal(cycles[i].cycle, dd_slice_of(code)))
            r->last = cycles[i].cycle;
    }
    return result;
}

/* The cycle's span and its first period. */
static enum dd_exit ask_cycles(struct reviewed *r)
{
    struct dd_cycle_answer cycle;
    enum dd_exit result = dd_cli_ask_cycle(r->cli, r->cycle, &cycle);
    if (result != DD_EXIT_OK)
        return result;
    r->facts.from_day = cycle.from_day;
    r->facts.to_day = cycle.to_day;
    if (cycle.period_count > 0 && !keep(r->cli, cycle.periods[0].code, &r->period))
        return no_memory(r->cli);
    if (r->last.size == 0)
        return DD_EXIT_OK;
    result = dd_cli_ask_cycle(r->cli, r->last, &cycle);
    if (result == DD_EXIT_OK && cycle.period_count > 0 &&
        !keep(r->cli, cycle.periods[0].code, &r->last_period))
        return no_memory(r->cli);
    return result;
}

/* --- the file, its peers, its last year --- */

static enum dd_exit ask_items(struct reviewed *r)
{
    struct dd_answer answer;
    bool found = false;
    uint64_t version;
    if (!dd_cli_whole(r->cli, "version", 1, DD_VERSIONS_PER_DOSSIER_MAX, 0, &version))
        return DD_EXIT_USAGE;
    enum dd_exit result = ask_dossier(r->cli, r->cycle, r->unit, 0, &answer, &found);
    if (result == DD_EXIT_OK && found && version == 0)
        version = answer.as.dossier.newest;
    if (result == DD_EXIT_OK && found && version > 0)
        result = ask_dossier(r->cli, r->cycle, r->unit, (uint16_t)version, &answer, &found);
    if (result == DD_EXIT_OK && !found)
        return dd_cli_fail(r->cli, "%.*s takes no part in %.*s", (int)r->unit.size,
                           (const char *)r->unit.data, (int)r->cycle.size,
                           (const char *)r->cycle.data);
    if (result != DD_EXIT_OK)
        return result;
    r->version = (uint16_t)version;
    r->facts.items = answer.as.dossier.items;
    r->facts.item_count = answer.as.dossier.item_count;
    return DD_EXIT_OK;
}

/* All rows of a table; they lie in cli->arena, their texts in cli->answers. */
static enum dd_exit ask_rows(struct dd_cli *cli, struct dd_slice cycle, struct dd_slice period,
                             struct dd_table_row **rows, size_t *count)
{
    struct dd_question question = {.kind = DD_QUESTION_TABLE, .cycle = cycle, .period = period};
    struct dd_answer answer = {.seq = 0};
    size_t room = 0;
    *rows = NULL;
    *count = 0;
    for (bool more = period.size > 0; more; more = answer.next.size > 0) {
        const struct dd_table_answer *page = &answer.as.table;
        enum dd_exit result = dd_cli_ask(cli, &question, &answer);
        if (result != DD_EXIT_OK)
            return result;
        if (*count + page->row_count > room) {
            room = 2 * (*count + page->row_count);
            struct dd_table_row *grown = dd_arena_take(&cli->arena, room * sizeof *grown);
            if (!grown)
                return no_memory(cli);
            if (*count > 0)
                memcpy(grown, *rows, *count * sizeof *grown);
            *rows = grown;
        }
        if (page->row_count > 0)
            memcpy(*rows + *count, page->rows, page->row_count * sizeof **rows);
        *count += page->row_count;
        question.after = answer.next;
    }
    return DD_EXIT_OK;
}

/* How many indicators stand in the newest version that the unit has handed in. */
static enum dd_exit add_peer(struct reviewed *r, struct dd_slice unit)
{
    struct dd_answer answer;
    bool found = false;
    enum dd_exit result = ask_dossier(r->cli, r->cycle, unit, 0, &answer, &found);
    uint16_t newest = result == DD_EXIT_OK && found ? answer.as.dossier.newest : 0;
    if (newest == 0)
        return result;
    result = ask_dossier(r->cli, r->cycle, unit, newest, &answer, &found);
    if (result == DD_EXIT_OK && found)
        r->peers[r->facts.peer_count++] = (int64_t)answer.as.dossier.item_count;
    return result;
}

static enum dd_exit ask_peers(struct reviewed *r)
{
    struct dd_table_row *rows;
    size_t count;
    enum dd_exit result = ask_rows(r->cli, r->cycle, r->period, &rows, &count);
    r->facts.peers = r->peers;
    for (size_t i = 0; result == DD_EXIT_OK && i < count; i++) {
        if (dd_slice_equal(rows[i].unit, r->unit))
            r->group = rows[i].group;
    }
    for (size_t i = 0; result == DD_EXIT_OK && i < count; i++) {
        if (dd_slice_equal(rows[i].unit, r->unit) || !dd_slice_equal(rows[i].group, r->group))
            continue;
        if (r->facts.peer_count < PEERS_MAX)
            result = add_peer(r, rows[i].unit);
        else
            r->unread++;
    }
    return result;
}

static enum dd_exit ask_last(struct reviewed *r)
{
    struct dd_table_row *rows;
    size_t count;
    enum dd_exit result = ask_rows(r->cli, r->last, r->last_period, &rows, &count);
    for (size_t i = 0; result == DD_EXIT_OK && i < count; i++) {
        if (!dd_slice_equal(rows[i].unit, r->unit))
            continue;
        r->last_counts = rows[i].counts;
        r->facts.last = &r->last_counts;
    }
    return result;
}

/* --- telling --- */

static const char *const rule_texts[] = {
    [DD_REVIEW_NO_NUMBER] = DD_SAY("each indicator has a number, or is a matter of yes or no"),
    [DD_REVIEW_FIRST_HALF] = DD_SAY("something is due in the first half"),
    [DD_REVIEW_LAST_MONTH] = DD_SAY("not more than half is due in the last month"),
    [DD_REVIEW_MEDIAN] = DD_SAY("not less than half of the group's lower median"),
    [DD_REVIEW_EARLY] =
        DD_SAY("less than half of last year's later ones was done early, in its first period"),
};

static const char *const figure_texts[] = {
    [DD_REVIEW_NO_NUMBER] = DD_SAY("indicators without a number"),
    [DD_REVIEW_FIRST_HALF] = DD_SAY("due in the first half, up to"),
    [DD_REVIEW_LAST_MONTH] = DD_SAY("due in the last month, from"),
    [DD_REVIEW_MEDIAN] = DD_SAY("indicators; the group's median"),
    [DD_REVIEW_EARLY] = DD_SAY("last year: done early, of those registered for later"),
};

static void put_figure(const struct reviewed *r, const struct dd_review *review,
                       const struct dd_review_line *line)
{
    enum dd_language language = r->cli->language;
    FILE *out = r->cli->out;
    char day[DD_DAY_TEXT_BYTES];
    fputs(dd_say(language, figure_texts[line->rule]), out);
    if (line->rule == DD_REVIEW_FIRST_HALF || line->rule == DD_REVIEW_LAST_MONTH) {
        dd_day_format(
            line->rule == DD_REVIEW_FIRST_HALF ? review->half_day : review->last_month_day, day);
        fprintf(out, " %s", day);
    }
    if (!line->known) {
        fprintf(out, ": %s\n", dd_say(language, "nothing to judge by"));
        return;
    }
    if (line->rule == DD_REVIEW_MEDIAN) {
        fprintf(out, ": %lld; %lld", (long long)line->part, (long long)line->lower);
        if (line->upper != line->lower)
            fprintf(out, " - %lld", (long long)line->upper);
        fprintf(out, " (%lld %s)\n", (long long)line->of, dd_say(language, "units"));
        return;
    }
    fprintf(out, ": %lld/%lld", (long long)line->part, (long long)line->of);
    if (line->of > 0)
        fprintf(out, " (%lld %%)", (long long)(line->part * 100 / line->of));
    fputc('\n', out);
}

static void put_text(const struct reviewed *r, const struct dd_review *review)
{
    enum dd_language language = r->cli->language;
    FILE *out = r->cli->out;
    dd_people_pad(r->cycle, 0, out);
    dd_people_put(r->unit, out);
    if (r->version > 0)
        fprintf(out, ", %s %u", dd_say(language, "version"), r->version);
    else
        fprintf(out, ", %s", dd_say(language, "draft"));
    fputc('\n', out);
    for (size_t i = 0; i < DD_REVIEW_RULES; i++) {
        const struct dd_review_line *line = &review->line[i];
        fputs(line->warns ? "! " : "  ", out);
        put_figure(r, review, line);
        fprintf(out, "      %s: %s\n", dd_say(language, "rule"),
                dd_say(language, rule_texts[line->rule]));
    }
    if (r->unread > 0)
        fprintf(out, "%s: %llu\n", dd_say(language, "units of the group that were not read"),
                (unsigned long long)r->unread);
    fprintf(out, "!: %s\n", dd_say(language, "a sign to look into, not a verdict"));
}

static void json_line(struct dd_json *json, const struct dd_review_line *line)
{
    dd_json_object(json, NULL);
    dd_json_string(json, "check", dd_review_word(line->rule));
    dd_json_switch(json, "known", line->known);
    dd_json_switch(json, "warns", line->warns);
    dd_json_number(json, "part", line->part);
    dd_json_number(json, "of", line->of);
    if (line->rule == DD_REVIEW_MEDIAN) {
        dd_json_number(json, "lower_median", line->lower);
        dd_json_number(json, "upper_median", line->upper);
    }
    dd_json_string(json, "rule", rule_texts[line->rule]);
    dd_json_object_end(json);
}

static void put_json(const struct reviewed *r, const struct dd_review *review)
{
    struct dd_json json = dd_json_make(r->cli->out, false);
    dd_json_object(&json, NULL);
    dd_json_text(&json, "cycle", r->cycle);
    dd_json_text(&json, "unit", r->unit);
    dd_json_text(&json, "group", r->group);
    dd_json_number(&json, "version", r->version);
    dd_json_text(&json, "last", r->last);
    dd_json_day(&json, "half_day", review->half_day);
    dd_json_day(&json, "last_month_day", review->last_month_day);
    dd_json_unsigned(&json, "peers_not_read", r->unread);
    dd_json_array(&json, "lines");
    for (size_t i = 0; i < DD_REVIEW_RULES; i++)
        json_line(&json, &review->line[i]);
    dd_json_array_end(&json);
    dd_json_object_end(&json);
}

enum dd_exit dd_cli_dossier_review(struct dd_cli *cli)
{
    struct reviewed *r = dd_arena_take(&cli->arena, sizeof *r);
    bool one = cli->args.operand_count == 1;
    struct dd_review review;
    enum dd_exit result = DD_EXIT_OK;
    if (!r)
        return no_memory(cli);
    r->cli = cli;
    r->unit = dd_cli_operand(cli, one ? 0 : 1);
    r->cycle = one ? r->cycle : dd_cli_operand(cli, 0);
    if (one)
        result = find_cycle(r);
    if (result == DD_EXIT_OK)
        result = find_last(r);
    if (result == DD_EXIT_OK)
        result = ask_cycles(r);
    if (result == DD_EXIT_OK)
        result = ask_items(r);
    if (result == DD_EXIT_OK)
        result = ask_peers(r);
    if (result == DD_EXIT_OK)
        result = ask_last(r);
    if (result != DD_EXIT_OK)
        return result;
    if (dd_review_make(&r->facts, &cli->arena, &review) != DD_OK)
        return no_memory(cli);
    if (cli->json)
        put_json(r, &review);
    else
        put_text(r, &review);
    return DD_EXIT_OK;
}
