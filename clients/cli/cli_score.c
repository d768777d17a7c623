/* Scores: rule sets and CSV are read, the server is asked, the core counts. See
 * clients/cli/cli_score.h. */
#include "clients/cli/cli_score.h"

#include <string.h>

#include "clients/cli/cli_link.h"
#include "clients/cli/score_file.h"
#include "clients/cli/score_sheets.h"
#include "clients/cli/score_subs.h"
#include "clients/cli/score_text.h"

enum { CSV_BYTES_MAX = 16 * 1024 * 1024 };

#define SCORE_FLAGS \
    {"cycle", "CYCLE", "the parties of this cycle"}, {"period", "CODE", "over this period of it"}, \
        {"as-of", "DATE", "as it stood at the end of that day (default now)"}, \
        {"findings", "FILE.csv", "what people found: unit,fact,value"}, \
        {"given", "FILE.csv", "points that people gave: unit,criterion,column,points"}, \
        {"sheets", "CYCLE[:STAGE[@PERIOD]=COLUMN,...]", \
         "points from the score sheets of this cycle; what FILE.csv gives wins"}, \
        {"sheets-as-of", "DATE", "the sheets as they stood at the end of that day (default now)"}, \
        {"subs", NULL, "counts sub-units from the cycles that the parties host"}, \
        {"contents", "CYCLE", "another cycle, whose late contents count (late_stage)"}, \
        {"group", "CODE", "ranks the parties of this group alone"}, \
        {"csv", NULL, "a record a party"}, \
    { \
        NULL, NULL, NULL \
    }

const struct dd_cli_flag dd_cli_score_show_flags[] = {
    {"rules", "FILE.yaml", "the rule set"},
    {"unit", "CODE", "this unit alone, with every criterion"},
    SCORE_FLAGS};
const struct dd_cli_flag dd_cli_score_compare_flags[] = {
    {"rules", "FILE.yaml ...", "a rule set; to be given twice"}, SCORE_FLAGS};

/* Reads a rule set; its faults go to `messages`. */
static enum dd_exit read_rules(struct dd_cli *cli, const char *path, struct dd_score_rules *out,
                               FILE *messages)
{
    struct dd_yaml_faults faults = {.list = NULL};
    enum dd_status status = dd_score_file_read(path, &cli->arena, out, &faults);
    if (status == DD_INVALID)
        dd_yaml_faults_print(&faults, path, messages);
    dd_yaml_faults_free(&faults);
    if (status == DD_INVALID)
        return DD_EXIT_FAILED;
    return status == DD_OK ? DD_EXIT_OK : dd_cli_failed_with(cli, path, status);
}

enum dd_exit dd_cli_score_check(struct dd_cli *cli)
{
    enum dd_exit result = DD_EXIT_OK;
    struct dd_score_rules rules;
    for (size_t i = 0; i < cli->args.operand_count; i++) {
        const char *path = cli->args.operand[i];
        if (read_rules(cli, path, &rules, cli->out) != DD_EXIT_OK)
            result = DD_EXIT_FAILED;
        else
            fprintf(cli->out, "%s: %s\n", path, dd_say(cli->language, "no fault"));
    }
    return result;
}

static enum dd_exit read_csv(struct dd_cli *cli, const char *flag,
                             enum dd_status (*take)(struct dd_score_case *out,
                                                    struct dd_slice bytes, const char *file,
                                                    struct dd_arena *arena,
                                                    struct dd_faults *faults),
                             struct dd_score_case *scored)
{
    const char *path = dd_args_value(&cli->args, flag);
    struct dd_faults faults = {.list = NULL};
    struct dd_slice bytes;
    if (!path)
        return DD_EXIT_OK;
    enum dd_status status = dd_file_slurp(path, CSV_BYTES_MAX, &cli->arena, &bytes);
    if (status == DD_OK)
        status = take(scored, bytes, path, &cli->arena, &faults);
    bool faulty = faults.count > 0;
    dd_faults_sort(&faults, &path, 1);
    dd_faults_print(&faults, cli->err);
    dd_faults_free(&faults);
    if (status != DD_OK)
        return dd_cli_failed_with(cli, path, status);
    return faulty ? DD_EXIT_FAILED : DD_EXIT_OK;
}

/* The flags that both commands have, into the case. */
static enum dd_exit read_flags(struct dd_cli *cli, struct dd_score_case *out)
{
    out->cycle = dd_cli_value(cli, "cycle");
    out->period = dd_cli_value(cli, "period");
    out->contents = dd_cli_value(cli, "contents");
    out->has_as_of = dd_args_has(&cli->args, "as-of");
    if (out->cycle.size == 0 || out->period.size == 0)
        return dd_cli_misuse(cli, "--cycle CYCLE and --period CODE are needed");
    if (cli->json && dd_args_has(&cli->args, "csv"))
        return dd_cli_misuse(cli, "--csv and --json exclude each other");
    return dd_cli_day(cli, "as-of", 0, &out->as_of_day) ? DD_EXIT_OK : DD_EXIT_USAGE;
}

/* Ranks the parties that are shown; the ceilings have counted all. */
static enum dd_status rank(struct dd_cli *cli, struct dd_score_result *out, size_t count)
{
    struct dd_slice group = dd_cli_value(cli, "group");
    struct dd_score_party *chosen = dd_arena_take(&cli->arena, (count + 1) * sizeof *chosen);
    uint32_t *from = dd_arena_take(&cli->arena, (count + 1) * sizeof *from);
    out->order = dd_arena_take(&cli->arena, (count + 1) * sizeof *out->order);
    if (!chosen || !from || !out->order)
        return DD_NO_MEMORY;
    out->shown = 0;
    for (size_t i = 0; i < count; i++) {
        if (group.size > 0 && !dd_slice_equal(group, out->party[i].group))
            continue;
        from[out->shown] = (uint32_t)i;
        chosen[out->shown++] = out->party[i];
    }
    enum dd_status status = dd_score_rank(chosen, out->shown, &cli->arena, out->order);
    for (size_t i = 0; status == DD_OK && i < out->shown; i++) {
        out->party[from[out->order[i]]].rank = chosen[out->order[i]].rank;
        out->order[i] = from[out->order[i]];
    }
    return status;
}

static enum dd_exit score(struct dd_cli *cli, const struct dd_score_case *scored, size_t r,
                          struct dd_score_result *out)
{
    size_t count = scored->count;
    out->rules = &scored->rules[r];
    out->party = dd_arena_take(&cli->arena, (count + 1) * sizeof *out->party);
    out->reachable = dd_arena_take(&cli->arena, (count + 1) * sizeof *out->reachable);
    enum dd_status status = out->party && out->reachable ? DD_OK : DD_NO_MEMORY;
    if (status == DD_OK)
        status = dd_score_count(scored, r, &cli->arena, out->party, out->reachable);
    if (status == DD_OK)
        status = rank(cli, out, count);
    return status == DD_OK ? DD_EXIT_OK : dd_cli_failed_with(cli, "score", status);
}

/* Points from score sheets, where --sheets is given. */
static enum dd_exit read_sheets(struct dd_cli *cli, struct dd_score_case *scored)
{
    const char *text = dd_args_value(&cli->args, "sheets");
    bool has_as_of = dd_args_has(&cli->args, "sheets-as-of");
    struct dd_sheets sheets;
    int32_t as_of_day;
    if (!text)
        return has_as_of ? dd_cli_misuse(cli, "--sheets-as-of needs --sheets CYCLE") : DD_EXIT_OK;
    if (!dd_cli_day(cli, "sheets-as-of", 0, &as_of_day))
        return DD_EXIT_USAGE;
    if (!dd_sheets_parse(text, &sheets))
        return dd_cli_misuse(cli, "--sheets: CYCLE[:STAGE[@PERIOD]=COLUMN,...]; a column is self, "
                                  "appraised, approved or survey");
    if (!dd_sheets_settle(scored, &sheets))
        return dd_cli_misuse(cli, "which stage hands in which column is not in the rules, or not "
                                  "the same in both: --sheets CYCLE:STAGE=COLUMN,...");
    return dd_sheets_take(cli, &sheets, has_as_of, as_of_day, scored);
}

/* All that is counted, for `rule_count` rule sets whose files stand behind --rules. */
static enum dd_exit prepare(struct dd_cli *cli, size_t rule_count, struct dd_score_rules *rules,
                            struct dd_score_case *scored, struct dd_score_result *results)
{
    enum dd_exit result = read_flags(cli, scored);
    enum dd_exit read = DD_EXIT_OK;
    scored->rules = rules;
    scored->rule_count = rule_count;
    if (result != DD_EXIT_OK)
        return result;
    for (size_t r = 0; r < rule_count; r++) {
        read = read_rules(cli, dd_args_each(&cli->args, "rules", r), &rules[r], cli->err);
        result = read == DD_EXIT_OK ? result : read;
    }
    if (result == DD_EXIT_OK)
        result = dd_score_gather(cli, scored);
    if (result == DD_EXIT_OK && dd_args_has(&cli->args, "subs"))
        result = dd_score_subs(cli, scored);
    if (result != DD_EXIT_OK)
        return result;
    result = read_csv(cli, "findings", dd_score_findings, scored);
    read = read_csv(cli, "given", dd_score_givens, scored);
    result = result == DD_EXIT_OK ? read : result;
    read = read_sheets(cli, scored);
    result = result == DD_EXIT_OK ? read : result;
    if (scored->changed)
        fprintf(cli->err, "dondoc: the log grew while it was read; give --as-of DATE\n");
    for (size_t r = 0; r < rule_count && result == DD_EXIT_OK; r++)
        result = score(cli, scored, r, &results[r]);
    return result;
}

enum dd_exit dd_cli_score_show(struct dd_cli *cli)
{
    struct dd_score_rules rules;
    struct dd_score_case scored = {.rule_count = 1};
    struct dd_score_result shown;
    struct dd_slice unit = dd_cli_value(cli, "unit");
    if (!dd_args_has(&cli->args, "rules"))
        return dd_cli_misuse(cli, "--rules FILE.yaml is needed");
    enum dd_exit result = prepare(cli, 1, &rules, &scored, &shown);
    if (result != DD_EXIT_OK)
        return result;
    for (size_t i = 0; unit.size > 0 && i < shown.shown; i++) {
        if (dd_slice_equal(unit, shown.party[shown.order[i]].unit)) {
            shown.order[0] = shown.order[i];
            shown.shown = 1;
            unit.size = 0;
        }
    }
    if (unit.size > 0)
        return dd_cli_fail(cli, "%s is no party of the cycle", dd_args_value(&cli->args, "unit"));
    if (cli->json)
        dd_score_json(&scored, &shown, cli->out);
    else if (!dd_args_has(&cli->args, "csv"))
        dd_score_text(&scored, &shown, dd_args_has(&cli->args, "unit"), cli->language, cli->out);
    else if (!dd_score_csv(&scored, &shown, cli->out))
        return dd_cli_failed_with(cli, "score", DD_IO);
    return DD_EXIT_OK;
}

enum dd_exit dd_cli_score_compare(struct dd_cli *cli)
{
    struct dd_score_rules rules[DD_SCORE_RULES_MAX];
    struct dd_score_case scored = {.rule_count = DD_SCORE_RULES_MAX};
    struct dd_score_result results[DD_SCORE_RULES_MAX];
    if (!dd_args_each(&cli->args, "rules", 1) || dd_args_each(&cli->args, "rules", 2))
        return dd_cli_misuse(cli, "--rules FILE.yaml is to be given twice");
    enum dd_exit result = prepare(cli, DD_SCORE_RULES_MAX, rules, &scored, results);
    if (result != DD_EXIT_OK)
        return result;
    if (cli->json)
        dd_score_compare_json(&scored, results, cli->out);
    else if (!dd_args_has(&cli->args, "csv"))
        dd_score_compare_text(&scored, results, cli->language, cli->out);
    else if (!dd_score_compare_csv(&scored, results, cli->out))
        return dd_cli_failed_with(cli, "score", DD_IO);
    return DD_EXIT_OK;
}
