/* The work of the cycle: submit, withdraw, decide, progress. See clients/cli/cli.h. */
#include <string.h>

#include "clients/cli/cli_act.h"
#include "clients/cli/cli_link.h"
#include "clients/cli/cli_rulebook.h"
#include "core/text.h"
#include "runtime/clock.h"

enum dd_exit dd_cli_submit(struct dd_cli *cli)
{
    struct dd_command command = {.kind = DD_COMMAND_SUBMIT};
    struct dd_submit *put = &command.as.submit;
    char what[256];
    put->cycle = dd_cli_operand(cli, 0);
    put->stage = dd_cli_value(cli, "stage");
    put->report = dd_cli_value(cli, "report");
    put->reason = dd_cli_value(cli, "reason");
    put->note = dd_cli_value(cli, "note");
    put->what = put->report.size > 0 || put->stage.size > 0 ? DD_SUBMISSION_REPORT
                                                            : DD_SUBMISSION_REGISTRATION;
    if (!dd_cli_capacity(cli, &put->capacity))
        return DD_EXIT_USAGE;
    enum dd_exit result = dd_cli_figure_values(cli, &put->figures, &put->figure_count);
    if (result == DD_EXIT_OK)
        result = dd_cli_attachments(cli, &put->attachments, &put->attachment_count);
    if (result == DD_EXIT_OK)
        result = dd_cli_unit_at(cli, 1, &put->unit);
    if (result != DD_EXIT_OK)
        return result;
    snprintf(what, sizeof what, "submit %.97s %.*s %s%s%.*s", cli->args.operand[0],
             (int)put->unit.size, (const char *)put->unit.data,
             dd_word(DD_WORDS_SUBMISSION, (int)put->what), put->stage.size ? " " : "",
             (int)put->stage.size, (const char *)put->stage.data);
    return dd_cli_do(cli, &command, what);
}

/* The dossier as it stands, for its newest version. */
static enum dd_exit ask_dossier(struct dd_cli *cli, uint16_t version, struct dd_answer *answer)
{
    struct dd_question question = {.kind = DD_QUESTION_DOSSIER,
                                   .cycle = dd_cli_operand(cli, 0),
                                   .unit = dd_cli_operand(cli, 1),
                                   .version = version};
    return dd_cli_ask(cli, &question, answer);
}

enum dd_exit dd_cli_withdraw(struct dd_cli *cli)
{
    struct dd_command command = {.kind = DD_COMMAND_WITHDRAW};
    struct dd_withdraw *put = &command.as.withdraw;
    struct dd_answer answer;
    uint64_t version;
    char what[200];
    if (!dd_cli_whole(cli, "version", 1, DD_VERSIONS_PER_DOSSIER_MAX, 0, &version))
        return DD_EXIT_USAGE;
    put->cycle = dd_cli_operand(cli, 0);
    put->unit = dd_cli_operand(cli, 1);
    put->reason = dd_cli_value(cli, "reason");
    if (version == 0 && cli->dry_run)
        return dd_cli_misuse(cli, "--dry-run asks nobody: give --version N");
    if (version == 0) {
        enum dd_exit result = ask_dossier(cli, 0, &answer);
        if (result != DD_EXIT_OK)
            return result;
        version = answer.as.dossier.newest;
    }
    put->version = (uint16_t)version;
    snprintf(what, sizeof what, "withdraw %.97s %.48s version %u", cli->args.operand[0],
             cli->args.operand[1], put->version);
    return dd_cli_do(cli, &command, what);
}

/* The content hash of the version, from --hash or from the dossier. */
static enum dd_exit take_hash(struct dd_cli *cli, struct dd_decide *put)
{
    const char *text = dd_args_value(&cli->args, "hash");
    struct dd_answer answer;
    if (text) {
        if (dd_hex_decode(dd_slice_of(text), put->content_hash, sizeof put->content_hash))
            return DD_EXIT_OK;
        return dd_cli_misuse(cli, "--hash: 64 hex digits");
    }
    if (cli->dry_run)
        return dd_cli_misuse(cli, "--dry-run asks nobody: give --hash HEX");
    enum dd_exit result = ask_dossier(cli, put->version, &answer);
    if (result != DD_EXIT_OK)
        return result;
    for (size_t i = 0; i < answer.as.dossier.version_count; i++) {
        const struct dd_dossier_version *version = &answer.as.dossier.versions[i];
        if (version->version != put->version)
            continue;
        memcpy(put->content_hash, version->content_hash, sizeof put->content_hash);
        return DD_EXIT_OK;
    }
    struct dd_refusal refusal;
    dd_refuse_number(&refusal, DD_NOT_FOUND, DD_RULE_NO_SUCH_VERSION, "version", put->version);
    return dd_cli_refused(cli, &refusal);
}

enum dd_exit dd_cli_decide(struct dd_cli *cli)
{
    struct dd_command command = {.kind = DD_COMMAND_DECIDE};
    struct dd_decide *put = &command.as.decide;
    bool agree = dd_args_has(&cli->args, "agree");
    uint64_t version;
    char what[200];
    put->cycle = dd_cli_operand(cli, 0);
    put->unit = dd_cli_operand(cli, 1);
    put->verdict = agree ? DD_VERDICT_AGREE : DD_VERDICT_RETURN;
    put->reason = dd_cli_value(cli, "reason");
    if (agree == dd_args_has(&cli->args, "return"))
        return dd_cli_misuse(cli, "either --agree or --return is needed");
    if (!agree && put->reason.size == 0)
        return dd_cli_misuse(cli, "--return needs --reason TEXT");
    if (!dd_args_has(&cli->args, "version"))
        return dd_cli_misuse(cli, "--version N is needed: the version that you have read");
    if (!dd_cli_whole(cli, "version", 1, DD_VERSIONS_PER_DOSSIER_MAX, 0, &version))
        return DD_EXIT_USAGE;
    put->version = (uint16_t)version;
    enum dd_exit result = take_hash(cli, put);
    if (result != DD_EXIT_OK)
        return result;
    snprintf(what, sizeof what, "%s %.97s %.48s version %u", agree ? "agree to" : "return",
             cli->args.operand[0], cli->args.operand[1], put->version);
    return dd_cli_do(cli, &command, what);
}

/* T.I, as in indicator/3.2; N alone: a matter, as in task/7. */
static bool parse_item(const char *text, struct dd_progress *put)
{
    char task[8];
    uint64_t numbers[2] = {0, 0};
    size_t size = strcspn(text, ".");
    if (size >= sizeof task)
        return false;
    memcpy(task, text, size);
    task[size] = 0;
    if (!dd_parse_whole(task, 1, DD_TASK_NUMBER_MAX, &numbers[0]))
        return false;
    if (text[size] == '.' &&
        !dd_parse_whole(text + size + 1, 1, DD_INDICATOR_NUMBER_MAX, &numbers[1]))
        return false;
    put->task = (uint16_t)numbers[0];
    put->indicator = (uint16_t)numbers[1];
    return true;
}

/* The last two operands, and the unit where one stands before them. */
static enum dd_exit take_progress(struct dd_cli *cli, struct dd_progress *put)
{
    size_t item = cli->args.operand_count - 2;
    char words[160];
    put->cycle = dd_cli_operand(cli, 0);
    put->outcome = (enum dd_outcome)dd_word_number(DD_WORDS_OUTCOME, dd_cli_operand(cli, item + 1));
    if (!parse_item(cli->args.operand[item], put))
        return dd_cli_misuse(cli,
                             "%s is neither an indicator, TASK.INDICATOR as in 3.2, nor the number "
                             "of a matter",
                             cli->args.operand[item]);
    if (put->outcome == 0) {
        dd_words_listed(DD_WORDS_OUTCOME, words, sizeof words);
        return dd_cli_misuse(cli, "%s is no outcome; it is %s", cli->args.operand[item + 1], words);
    }
    if (item == 1)
        return dd_cli_own_unit(cli, &put->unit);
    put->unit = dd_cli_operand(cli, 1);
    return DD_EXIT_OK;
}

/* The day claimed: that of --on, or else the server's present day in the cycle, for a rehearsal
 * keeps another time and a machine's date may be wrong. What goes nowhere (--dry-run), or is played
 * by a host, has the clock at hand. */
static enum dd_exit take_day(struct dd_cli *cli, struct dd_slice cycle, int32_t *day)
{
    struct dd_cycle_answer answer;
    if (!dd_cli_day(cli, "on", dd_day_at(dd_cli_now(cli), cli->offset_min), day))
        return DD_EXIT_USAGE;
    if (dd_args_has(&cli->args, "on") || cli->dry_run || cli->host)
        return DD_EXIT_OK;
    enum dd_exit result = dd_cli_ask_cycle(cli, cycle, &answer);
    if (result == DD_EXIT_OK)
        *day = dd_day_at(dd_cli_now(cli), answer.offset_min);
    return result;
}

enum dd_exit dd_cli_progress(struct dd_cli *cli)
{
    struct dd_command command = {.kind = DD_COMMAND_PROGRESS};
    struct dd_progress *put = &command.as.progress;
    char item[24];
    char what[256];
    put->note = dd_cli_value(cli, "note");
    put->reason = dd_cli_value(cli, "reason");
    put->is_correction = dd_args_has(&cli->args, "corrects");
    if (!dd_cli_whole(cli, "corrects", 0, INT64_MAX, 0, &put->corrects_seq))
        return DD_EXIT_USAGE;
    if (put->is_correction && put->reason.size == 0)
        return dd_cli_misuse(cli, "--corrects needs --reason TEXT");
    enum dd_exit result = take_progress(cli, put);
    if (result == DD_EXIT_OK)
        result = take_day(cli, put->cycle, &put->day);
    if (result != DD_EXIT_OK)
        return result;
    if (put->indicator != 0)
        snprintf(item, sizeof item, "%u.%u", put->task, put->indicator);
    else
        snprintf(item, sizeof item, "matter %u", put->task);
    snprintf(what, sizeof what, "progress %.97s %.*s %s %s", cli->args.operand[0],
             (int)put->unit.size, (const char *)put->unit.data, item,
             dd_word(DD_WORDS_OUTCOME, (int)put->outcome));
    return dd_cli_do(cli, &command, what);
}
