/* Publications issued: a file, or the official table written as one. See clients/cli/cli_act.h. */
#include <string.h>

#include "clients/cli/cli_act.h"
#include "clients/cli/cli_link.h"
#include "clients/cli/cli_table.h"

const struct dd_cli_flag dd_cli_publication_issue_flags[] = {
    {"kind", "KIND", "table, ranking, list, paper or conclusion"},
    {"title", "TEXT", "its title"},
    {"date", "DATE", "of the document"},
    {"file", "FILE", "what is issued; the log keeps its hash and its size, or"},
    {"table", NULL, "the table of --cycle and --period, made from the log and written to"},
    {"out", "FILE.csv", "where it is written; must not be there"},
    {"cycle", "CYCLE", "what it is about"},
    {"period", "CODE", "of that cycle"},
    {"as-of", "DATE", "as it stood at the end of that day"},
    {"at-seq", "SEQ", "the log's last entry that the file was made from (default: the newest)"},
    {"corrects", "NUMBER", "the earlier publication of the unit that it corrects, with"},
    {"reason", "TEXT", "why"},
    {"capacity", "head|kt|tl|tuq|tm", "in what capacity it is signed (default head)"},
    DD_CLI_DRY_RUN,
    DD_CLI_FLAGS_END};

/* What is said on the command line alone. */
static enum dd_exit take_flags(struct dd_cli *cli, struct dd_publish *put)
{
    const struct dd_args *args = &cli->args;
    bool table = dd_args_has(args, "table");
    struct dd_slice kind =
        dd_args_has(args, "kind") ? dd_cli_value(cli, "kind") : dd_slice_of(table ? "table" : "");
    char words[128];
    *put = (struct dd_publish){.unit = dd_cli_operand(cli, 0),
                               .number = dd_cli_operand(cli, 1),
                               .issue = (enum dd_issue)dd_word_number(DD_WORDS_ISSUE, kind),
                               .title = dd_cli_value(cli, "title"),
                               .cycle = dd_cli_value(cli, "cycle"),
                               .period = dd_cli_value(cli, "period"),
                               .corrects = dd_cli_value(cli, "corrects"),
                               .reason = dd_cli_value(cli, "reason")};
    dd_words_listed(DD_WORDS_ISSUE, words, sizeof words);
    if (put->issue == 0)
        return dd_cli_misuse(cli, "--kind is needed: %s", words);
    if (put->title.size == 0 || !dd_args_has(args, "date"))
        return dd_cli_misuse(cli, "--title TEXT and --date DATE are needed");
    if (table == dd_args_has(args, "file"))
        return dd_cli_misuse(cli, "either --file FILE or --table is needed");
    if (table && (put->cycle.size == 0 || put->period.size == 0 || !dd_args_has(args, "out")))
        return dd_cli_misuse(cli, "--table needs --cycle, --period and --out FILE.csv");
    if (table && dd_args_has(args, "at-seq"))
        return dd_cli_misuse(cli, "--at-seq goes with --file: the table says it itself");
    if (put->corrects.size > 0 && put->reason.size == 0)
        return dd_cli_misuse(cli, "--corrects needs --reason TEXT");
    return dd_cli_day(cli, "date", 0, &put->day) && dd_cli_day(cli, "as-of", 0, &put->as_of_day) &&
                   dd_cli_whole(cli, "at-seq", 0, INT64_MAX, 0, &put->at_seq) &&
                   dd_cli_capacity(cli, &put->capacity)
               ? DD_EXIT_OK
               : DD_EXIT_USAGE;
}

/* Makes the table's file, a new one: what was published stays as it is. */
static enum dd_exit write_table(struct dd_cli *cli, struct dd_publish *put, const char *path)
{
    struct dd_question question = {.kind = DD_QUESTION_TABLE,
                                   .cycle = put->cycle,
                                   .period = put->period,
                                   .has_as_of = dd_args_has(&cli->args, "as-of"),
                                   .as_of_day = put->as_of_day};
    if (cli->dry_run)
        return dd_cli_misuse(cli, "--dry-run asks nobody: it goes with --file alone");
    FILE *file = fopen(path, "wbx");
    if (!file)
        return dd_cli_fail(cli, "%s cannot be made, or is there already", path);
    enum dd_exit result = dd_cli_table_csv(cli, question, file, &put->at_seq);
    bool written = fclose(file) == 0;
    if (result == DD_EXIT_OK && !written)
        result = dd_cli_failed_with(cli, path, DD_IO);
    if (result != DD_EXIT_OK)
        remove(path);
    return result;
}

/* The newest entry of the log. */
static enum dd_exit ask_seq(struct dd_cli *cli, uint64_t *seq)
{
    struct dd_question question = {.kind = DD_QUESTION_HELLO};
    struct dd_answer answer;
    enum dd_exit result = dd_cli_ask(cli, &question, &answer);
    if (result == DD_EXIT_OK)
        *seq = answer.seq;
    return result;
}

enum dd_exit dd_cli_publication_issue(struct dd_cli *cli)
{
    struct dd_command command = {.kind = DD_COMMAND_PUBLISH};
    struct dd_publish *put = &command.as.publish;
    bool table = dd_args_has(&cli->args, "table");
    const char *path = dd_args_value(&cli->args, table ? "out" : "file");
    struct dd_attachment facts;
    char what[192];
    enum dd_exit result = take_flags(cli, put);
    if (result == DD_EXIT_OK && table)
        result = write_table(cli, put, path);
    if (result != DD_EXIT_OK)
        return result;
    result = dd_cli_file_facts(cli, path, &facts);
    if (result == DD_EXIT_OK && !table && !cli->dry_run && !dd_args_has(&cli->args, "at-seq"))
        result = ask_seq(cli, &put->at_seq);
    if (result != DD_EXIT_OK)
        return result;
    memcpy(put->sha256, facts.sha256, sizeof put->sha256);
    put->size_bytes = facts.size_bytes;
    put->type = facts.type;
    snprintf(what, sizeof what, "publish %.48s %.97s", cli->args.operand[0], cli->args.operand[1]);
    result = dd_cli_do(cli, &command, what);
    if (table && result == DD_EXIT_FAILED) /* refused: it is no publication */
        remove(path);
    return result;
}
