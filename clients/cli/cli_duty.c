/* Time bent by people: a duty extended, suspended, resumed, waived; a unit's duties passed on. See
 * clients/cli/cli_act.h. */
#include "clients/cli/cli_act.h"
#include "clients/cli/cli_link.h"

const struct dd_cli_flag dd_cli_duty_extend_flags[] = {{"to", "DATE", "the new last accepted day"},
                                                       {"reason", "TEXT", "why; always needed"},
                                                       DD_CLI_DRY_RUN,
                                                       DD_CLI_FLAGS_END};
const struct dd_cli_flag dd_cli_duty_bend_flags[] = {
    {"reason", "TEXT", "why; always needed"}, DD_CLI_DRY_RUN, DD_CLI_FLAGS_END};
const struct dd_cli_flag dd_cli_transfer_flags[] = {
    {"reason", "TEXT", "why; always needed"}, DD_CLI_DRY_RUN, DD_CLI_FLAGS_END};

static enum dd_exit bend(struct dd_cli *cli, enum dd_bend_act act, int32_t day)
{
    struct dd_command command = {.kind = DD_COMMAND_BEND};
    struct dd_bend *put = &command.as.bend;
    char what[256];
    *put = (struct dd_bend){.cycle = dd_cli_operand(cli, 0),
                            .unit = dd_cli_operand(cli, 1),
                            .duty = dd_cli_operand(cli, 2),
                            .act = act,
                            .day = day,
                            .reason = dd_cli_value(cli, "reason")};
    if (put->reason.size == 0)
        return dd_cli_misuse(cli, "--reason TEXT is needed");
    snprintf(what, sizeof what, "%s %.97s %.48s %.64s", dd_word(DD_WORDS_BEND, (int)act),
             cli->args.operand[0], cli->args.operand[1], cli->args.operand[2]);
    return dd_cli_do(cli, &command, what);
}

enum dd_exit dd_cli_duty_extend(struct dd_cli *cli)
{
    int32_t day;
    if (!dd_args_has(&cli->args, "to"))
        return dd_cli_misuse(cli, "--to DATE is needed: the new last accepted day");
    if (!dd_cli_day(cli, "to", 0, &day))
        return DD_EXIT_USAGE;
    return bend(cli, DD_BEND_EXTEND, day);
}

enum dd_exit dd_cli_duty_suspend(struct dd_cli *cli)
{
    return bend(cli, DD_BEND_SUSPEND, 0);
}

enum dd_exit dd_cli_duty_resume(struct dd_cli *cli)
{
    return bend(cli, DD_BEND_RESUME, 0);
}

enum dd_exit dd_cli_duty_waive(struct dd_cli *cli)
{
    return bend(cli, DD_BEND_WAIVE, 0);
}

enum dd_exit dd_cli_transfer(struct dd_cli *cli)
{
    struct dd_command command = {.kind = DD_COMMAND_TRANSFER};
    struct dd_transfer *put = &command.as.transfer;
    char what[256];
    *put = (struct dd_transfer){.cycle = dd_cli_operand(cli, 0),
                                .unit = dd_cli_operand(cli, 1),
                                .successor = dd_cli_operand(cli, 2),
                                .reason = dd_cli_value(cli, "reason")};
    if (put->reason.size == 0)
        return dd_cli_misuse(cli, "--reason TEXT is needed");
    snprintf(what, sizeof what, "transfer %.97s %.48s to %.48s", cli->args.operand[0],
             cli->args.operand[1], cli->args.operand[2]);
    return dd_cli_do(cli, &command, what);
}
