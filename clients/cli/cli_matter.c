/* Answers to matters and decisions on them. See clients/cli/cli_act.h. */
#include <string.h>

#include "clients/cli/cli_act.h"
#include "clients/cli/cli_link.h"

const struct dd_cli_flag dd_cli_matter_answer_flags[] = {
    {"stage", "KEY", "which stage (default: the only one that waits for you)"},
    {"choice", "CODE", "what you answer, where the stage offers answers"},
    {"figure", "KEY=NUMBER ...",
     "a figure, KEY~=NUMBER for an estimate; may be given several times"},
    {"figures", "FILE.csv", "figures: figure,value,estimate (yes, no or empty)"},
    {"attach", "[PART=]FILE ...", "a file, as this part of the form; may be given several times"},
    {"note", "TEXT", "what you say"},
    {"reason", "TEXT", "why it comes late, where that is asked"},
    {"capacity", "head|kt|tl|tuq|tm", "in what capacity it is signed (default head)"},
    DD_CLI_DRY_RUN,
    DD_CLI_FLAGS_END};
const struct dd_cli_flag dd_cli_matter_decide_flags[] = {
    {"agree", NULL, "agrees"},
    {"in-principle", NULL, "agrees to the idea; the thing itself is still to come"},
    {"return", NULL, "returns it, with"},
    {"reason", "TEXT", "why"},
    {"revision", "N", "insists on what you have read (default: what the matter says now)"},
    {"owner", "UNIT", "whose matter it is, for --dry-run, which asks nobody"},
    DD_CLI_DRY_RUN,
    DD_CLI_FLAGS_END};

/* Operand 1. */
static bool take_matter(struct dd_cli *cli, uint16_t *out)
{
    uint64_t number = 0;
    if (!dd_parse_whole(cli->args.operand[1], 1, DD_MATTERS_PER_CYCLE_MAX, &number))
        dd_cli_misuse(cli, "%s is no matter's number; dondoc matter list %s shows them",
                      cli->args.operand[1], cli->args.operand[0]);
    *out = (uint16_t)number;
    return number != 0;
}

/* The unit's newest answer to the matter came when silence had spoken: says so. Whoever may not ask
 * is not told. */
static void warn_if_late(struct dd_cli *cli, const struct dd_submit *put)
{
    struct dd_question question = {
        .kind = DD_QUESTION_MATTER, .cycle = put->cycle, .matter = put->matter};
    struct dd_answer answer;
    uint64_t newest = 0;
    bool late = false;
    do {
        if (dd_cli_ask(cli, &question, &answer) != DD_EXIT_OK)
            return;
        for (size_t i = 0; i < answer.as.matter.answer_count; i++) {
            const struct dd_answer_line *line = &answer.as.matter.answers[i];
            if (!dd_slice_equal(line->unit, put->unit) || line->seq < newest)
                continue;
            newest = line->seq;
            late = line->late;
        }
    } while (dd_cli_next_page(cli, &answer, &question));
    if (late)
        fprintf(cli->err, "dondoc: %s\n",
                dd_say(cli->language, "too late: this answer no longer counts"));
}

enum dd_exit dd_cli_matter_answer(struct dd_cli *cli)
{
    struct dd_command command = {.kind = DD_COMMAND_SUBMIT};
    struct dd_submit *put = &command.as.submit;
    char what[256];
    *put = (struct dd_submit){.cycle = dd_cli_operand(cli, 0),
                              .what = DD_SUBMISSION_ANSWER,
                              .stage = dd_cli_value(cli, "stage"),
                              .choice = dd_cli_value(cli, "choice"),
                              .note = dd_cli_value(cli, "note"),
                              .reason = dd_cli_value(cli, "reason")};
    if (!take_matter(cli, &put->matter) || !dd_cli_capacity(cli, &put->capacity))
        return DD_EXIT_USAGE;
    enum dd_exit result = dd_cli_figure_values(cli, &put->figures, &put->figure_count);
    if (result == DD_EXIT_OK)
        result = dd_cli_attachments(cli, &put->attachments, &put->attachment_count);
    if (result == DD_EXIT_OK)
        result = dd_cli_unit_at(cli, 2, &put->unit);
    if (result != DD_EXIT_OK)
        return result;
    snprintf(what, sizeof what, "answer %.97s matter %u %.*s%s%.*s", cli->args.operand[0],
             put->matter, (int)put->unit.size, (const char *)put->unit.data,
             put->choice.size ? ": " : "", (int)put->choice.size, (const char *)put->choice.data);
    result = dd_cli_do(cli, &command, what);
    if (result == DD_EXIT_OK && !cli->dry_run)
        warn_if_late(cli, put);
    return result;
}

/* Whose matter it is, and how far it has come. */
static enum dd_exit ask_matter(struct dd_cli *cli, struct dd_decide *put, bool with_revision)
{
    struct dd_question question = {
        .kind = DD_QUESTION_MATTER, .cycle = put->cycle, .matter = put->matter};
    struct dd_answer answer;
    enum dd_exit result = dd_cli_ask(cli, &question, &answer);
    if (result != DD_EXIT_OK)
        return result;
    struct dd_slice owner = answer.as.matter.matter.owner;
    uint8_t *copy = dd_arena_take(&cli->arena, owner.size + 1); /* answers are soon given back */
    if (!copy)
        return dd_cli_failed_with(cli, "matter", DD_NO_MEMORY);
    memcpy(copy, owner.data, owner.size);
    put->unit = (struct dd_slice){copy, owner.size};
    if (with_revision)
        put->version = answer.as.matter.matter.revision;
    return DD_EXIT_OK;
}

static enum dd_exit find_matter(struct dd_cli *cli, struct dd_decide *put)
{
    bool has_revision = dd_args_has(&cli->args, "revision");
    uint64_t revision;
    if (!dd_cli_whole(cli, "revision", 0, UINT16_MAX, 0, &revision))
        return DD_EXIT_USAGE;
    put->version = (uint16_t)revision;
    put->unit = dd_cli_value(cli, "owner");
    if (has_revision && put->unit.size > 0)
        return DD_EXIT_OK;
    if (cli->dry_run)
        return dd_cli_misuse(cli, "--dry-run asks nobody: give --revision N and --owner UNIT");
    return ask_matter(cli, put, !has_revision);
}

/* Exactly one of the three flags. */
static bool take_verdict(struct dd_cli *cli, enum dd_verdict *out)
{
    bool agree = dd_args_has(&cli->args, "agree");
    bool principle = dd_args_has(&cli->args, "in-principle");
    *out = agree ? DD_VERDICT_AGREE : principle ? DD_VERDICT_IN_PRINCIPLE : DD_VERDICT_RETURN;
    if (agree + principle + dd_args_has(&cli->args, "return") == 1)
        return true;
    dd_cli_misuse(cli, "either --agree, --in-principle or --return is needed");
    return false;
}

enum dd_exit dd_cli_matter_decide(struct dd_cli *cli)
{
    struct dd_command command = {.kind = DD_COMMAND_DECIDE};
    struct dd_decide *put = &command.as.decide;
    char what[192];
    put->cycle = dd_cli_operand(cli, 0);
    put->reason = dd_cli_value(cli, "reason");
    if (!take_matter(cli, &put->matter) || !take_verdict(cli, &put->verdict))
        return DD_EXIT_USAGE;
    if (put->verdict == DD_VERDICT_RETURN && put->reason.size == 0)
        return dd_cli_misuse(cli, "--return needs --reason TEXT");
    enum dd_exit result = find_matter(cli, put);
    if (result != DD_EXIT_OK)
        return result;
    snprintf(what, sizeof what, "%s %.97s matter %u", dd_word(DD_WORDS_VERDICT, (int)put->verdict),
             cli->args.operand[0], put->matter);
    return dd_cli_do(cli, &command, what);
}
