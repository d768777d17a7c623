/* The right to sign for a head, given for a time and ended. See clients/cli/cli_act.h. */
#include "clients/cli/cli_act.h"
#include "clients/cli/cli_link.h"
#include "clients/cli/cli_rulebook.h"

const struct dd_cli_flag dd_cli_delegate_flags[] = {
    {"to", "ACCOUNT", "who may sign: a deputy or an officer of the unit"},
    {"from", "DATE", "from that day on"},
    {"until", "DATE", "up to and with that day"},
    {"stages", "KEY,...", "only what meets these stages (default: whatever may be delegated)"},
    {"reason", "TEXT", "why"},
    DD_CLI_DRY_RUN,
    DD_CLI_FLAGS_END};
const struct dd_cli_flag dd_cli_delegate_end_flags[] = {
    {"reason", "TEXT", "why"}, DD_CLI_DRY_RUN, DD_CLI_FLAGS_END};

static bool has_stage(const struct dd_cycle_answer *cycle, struct dd_slice key)
{
    for (size_t i = 0; i < cycle->stage_count; i++) {
        if (dd_slice_equal(cycle->stages[i].key, key))
            return true;
    }
    return false;
}

/* A delegation is of a unit, so the server does not ask of which programme a stage's key is: what
 * is in no open cycle is probably a slip. It is given all the same; a cycle may still open. */
static void warn_of_stages(struct dd_cli *cli, const struct dd_delegate *put)
{
    struct dd_cycle_line *cycles;
    size_t count;
    bool *known = dd_arena_take(&cli->arena, put->stage_count * sizeof *known);
    if (!known || dd_cli_cycles(cli, &cycles, &count) != DD_EXIT_OK)
        return;
    for (size_t c = 0; c < count; c++) {
        struct dd_cycle_answer cycle;
        if (!cycles[c].open || dd_cli_ask_cycle(cli, cycles[c].cycle, &cycle) != DD_EXIT_OK)
            continue;
        for (size_t i = 0; i < put->stage_count; i++)
            known[i] = known[i] || has_stage(&cycle, put->stages[i]);
    }
    for (size_t i = 0; i < put->stage_count; i++) {
        if (!known[i])
            fprintf(cli->err, "dondoc: %.*s: %s\n", (int)put->stages[i].size,
                    (const char *)put->stages[i].data,
                    dd_say(cli->language, DD_SAY("no open cycle has a stage of this key; nothing "
                                                 "can be signed under it")));
    }
}

enum dd_exit dd_cli_delegate(struct dd_cli *cli)
{
    struct dd_command command = {.kind = DD_COMMAND_DELEGATE};
    struct dd_delegate *put = &command.as.delegate;
    char what[192];
    put->unit = dd_cli_operand(cli, 0);
    put->account = dd_cli_value(cli, "to");
    put->reason = dd_cli_value(cli, "reason");
    if (put->account.size == 0 || !dd_args_has(&cli->args, "from") ||
        !dd_args_has(&cli->args, "until"))
        return dd_cli_misuse(cli, "--to ACCOUNT, --from DATE and --until DATE are needed");
    if (!dd_cli_day(cli, "from", 0, &put->from_day) || !dd_cli_day(cli, "until", 0, &put->to_day))
        return DD_EXIT_USAGE;
    enum dd_exit result = dd_cli_split(cli, dd_args_value(&cli->args, "stages"), ", ", &put->stages,
                                       &put->stage_count);
    if (result != DD_EXIT_OK)
        return result;
    snprintf(what, sizeof what, "delegate %.48s to %.48s", cli->args.operand[0],
             dd_args_value(&cli->args, "to"));
    result = dd_cli_do(cli, &command, what);
    if (result == DD_EXIT_OK && put->stage_count > 0 && !cli->dry_run && !cli->host)
        warn_of_stages(cli, put);
    return result;
}

enum dd_exit dd_cli_delegate_end(struct dd_cli *cli)
{
    struct dd_command command = {.kind = DD_COMMAND_DELEGATE};
    struct dd_delegate *put = &command.as.delegate;
    uint64_t number;
    char what[128];
    if (!dd_parse_whole(cli->args.operand[1], 1, DD_DELEGATIONS_PER_UNIT_MAX, &number))
        return dd_cli_misuse(cli,
                             "%s is no delegation; dondoc delegate list %s shows their numbers",
                             cli->args.operand[1], cli->args.operand[0]);
    put->unit = dd_cli_operand(cli, 0);
    put->ends = (uint16_t)number;
    put->reason = dd_cli_value(cli, "reason");
    snprintf(what, sizeof what, "end delegation %u of %.48s", put->ends, cli->args.operand[0]);
    return dd_cli_do(cli, &command, what);
}
