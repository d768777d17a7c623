/* The draft: tasks and their indicators, from flags or from a file. See clients/cli/cli_act.h. */
#include <string.h>

#include "clients/cli/cli_act.h"
#include "clients/cli/cli_link.h"
#include "clients/cli/cli_yaml.h"
#include "clients/cli/csv.h"

enum { FILE_BYTES_MAX = 16 * 1024 * 1024, COMMAND_BYTES = 40 * 1024, INDICATOR_BYTES = 64 };

const struct dd_cli_flag dd_cli_register_flags[] = {
    {"task", "N", "the task's number"},
    {"kind", "KIND", "its kind, as the programme names it"},
    {"file", "FILE.csv",
     "its indicators: indicator,title,unit_of_measure,target,due; and, where they are used, "
     "code,start,baseline,direction,partners"},
    {"indicator", "N", "or one indicator, with"},
    {"title", "TEXT", "its title"},
    {"unit-of-measure", "TEXT", "what it is measured in"},
    {"target", "NUMBER", "how much"},
    {"due", "DATE", "by when"},
    {"code", "CODE", "the item's own code, under which it also stands in other programmes"},
    {"start", "DATE", "from when"},
    {"baseline", "NUMBER", "how much it is now"},
    {"direction", "more|less|yes-no", "which way the target points"},
    {"partners", "UNIT,...", "the units that co-ordinate"},
    {"remove", "N ...", "takes an indicator out of the task; may be given several times"},
    DD_CLI_DRY_RUN,
    DD_CLI_FLAGS_END};

enum {
    COLUMN_INDICATOR,
    COLUMN_TITLE,
    COLUMN_UNIT_OF_MEASURE,
    COLUMN_TARGET,
    COLUMN_DUE,
    COLUMN_CODE,
    COLUMN_START,
    COLUMN_BASELINE,
    COLUMN_DIRECTION,
    COLUMN_PARTNERS
};

static const struct dd_csv_column indicator_columns[] = {
    {"indicator", false}, {"title", false},  {"unit_of_measure", true}, {"target", true},
    {"due", false},       {"code", true},    {"start", true},           {"baseline", true},
    {"direction", true},  {"partners", true}};

/* What an item may have beside: empty cells and flags that are not given say nothing. Codes are for
 * the codec to judge. The first that is wrong is named in *field. */
static const char *take_beside(struct dd_indicator_put *out, const char *start,
                               const char *baseline, const char *direction)
{
    if (start && *start && !dd_day_parse(dd_slice_of(start), &out->start_day))
        return "start";
    out->has_baseline = baseline && *baseline;
    if (out->has_baseline && !dd_figure_parse(dd_slice_of(baseline), &out->baseline))
        return "baseline";
    if (direction && *direction)
        out->direction =
            (enum dd_direction)dd_word_number(DD_WORDS_DIRECTION, dd_slice_of(direction));
    return direction && *direction && out->direction == 0 ? "direction" : NULL;
}

static void take_indicator(const struct dd_csv_row *row, const char *path,
                           struct dd_indicator_put *out, struct dd_faults *faults)
{
    const char *target = row->cell[COLUMN_TARGET];
    uint64_t number = 0;
    if (!row->cell[COLUMN_INDICATOR] ||
        !dd_parse_whole(row->cell[COLUMN_INDICATOR], 1, DD_INDICATOR_NUMBER_MAX, &number))
        dd_faults_add(faults, path, row->line, "indicator", "must be a whole number from 1 to %d",
                      DD_INDICATOR_NUMBER_MAX);
    out->number = (uint16_t)number;
    out->title = dd_slice_of(row->cell[COLUMN_TITLE]);
    if (out->title.size == 0 || out->title.size > DD_TITLE_BYTES_MAX)
        dd_faults_add(faults, path, row->line, "title", "must have 1 to %d bytes",
                      DD_TITLE_BYTES_MAX);
    out->unit_of_measure = dd_slice_of(row->cell[COLUMN_UNIT_OF_MEASURE]);
    out->has_target = target && *target;
    if (out->has_target && !dd_figure_parse(dd_slice_of(target), &out->target))
        dd_faults_add(faults, path, row->line, "target", "%s", dd_rule_english(DD_RULE_BAD_FIGURE));
    if (!row->cell[COLUMN_DUE] || !dd_day_parse(dd_slice_of(row->cell[COLUMN_DUE]), &out->due_day))
        dd_faults_add(faults, path, row->line, "due", "there is no such date (YYYY-MM-DD)");
    out->code = dd_slice_of(row->cell[COLUMN_CODE]);
    const char *wrong = take_beside(out, row->cell[COLUMN_START], row->cell[COLUMN_BASELINE],
                                    row->cell[COLUMN_DIRECTION]);
    if (wrong)
        dd_faults_add(faults, path, row->line, wrong,
                      "a date (YYYY-MM-DD), a number, or more, less or yes-no is needed there");
}

static enum dd_exit read_indicators(struct dd_cli *cli, const char *path, struct dd_register *put)
{
    struct dd_faults faults = {.list = NULL};
    struct dd_csv csv = {.rows = NULL};
    struct dd_slice bytes;
    enum dd_status status = dd_file_slurp(path, FILE_BYTES_MAX, &cli->arena, &bytes);
    if (status == DD_OK)
        status = dd_csv_read(bytes, path, indicator_columns,
                             sizeof indicator_columns / sizeof indicator_columns[0], &cli->arena,
                             &csv, &faults);
    if (status == DD_OK)
        put->indicators = dd_arena_take(&cli->arena, (csv.count + 1) * sizeof *put->indicators);
    if (status == DD_OK && !put->indicators)
        status = DD_NO_MEMORY;
    enum dd_exit split = DD_EXIT_OK;
    for (size_t i = 0; status == DD_OK && split == DD_EXIT_OK && i < csv.count; i++) {
        struct dd_indicator_put *indicator = &put->indicators[put->indicator_count++];
        take_indicator(&csv.rows[i], path, indicator, &faults);
        split = dd_cli_split(cli, csv.rows[i].cell[COLUMN_PARTNERS], ", ", &indicator->partners,
                             &indicator->partner_count);
    }
    bool good = faults.count == 0 && split == DD_EXIT_OK;
    dd_faults_print(&faults, cli->err);
    dd_faults_free(&faults);
    dd_csv_free(&csv);
    if (status != DD_OK)
        return dd_cli_failed_with(cli, path, status);
    return good ? DD_EXIT_OK : DD_EXIT_FAILED;
}

/* One indicator from flags. */
static enum dd_exit flag_indicator(struct dd_cli *cli, struct dd_register *put)
{
    struct dd_indicator_put *indicator = dd_arena_take(&cli->arena, sizeof *indicator);
    const struct dd_args *args = &cli->args;
    struct dd_slice target = dd_cli_value(cli, "target");
    uint64_t number;
    if (!indicator)
        return dd_cli_failed_with(cli, "register", DD_NO_MEMORY);
    if (!dd_args_has(args, "title") || !dd_args_has(args, "due"))
        return dd_cli_misuse(cli, "--indicator needs --title and --due");
    if (!dd_cli_whole(cli, "indicator", 1, DD_INDICATOR_NUMBER_MAX, 1, &number) ||
        !dd_cli_day(cli, "due", 0, &indicator->due_day))
        return DD_EXIT_USAGE;
    indicator->number = (uint16_t)number;
    indicator->title = dd_cli_value(cli, "title");
    indicator->unit_of_measure = dd_cli_value(cli, "unit-of-measure");
    indicator->has_target = target.size > 0;
    if (indicator->has_target && !dd_figure_parse(target, &indicator->target))
        return dd_cli_misuse(cli, "--target: %s", dd_rule_english(DD_RULE_BAD_FIGURE));
    indicator->code = dd_cli_value(cli, "code");
    const char *wrong =
        take_beside(indicator, dd_args_value(args, "start"), dd_args_value(args, "baseline"),
                    dd_args_value(args, "direction"));
    if (wrong)
        return dd_cli_misuse(cli, "--%s: it is not of the form that --help shows", wrong);
    put->indicators = indicator;
    put->indicator_count = 1;
    return dd_cli_split(cli, dd_args_value(args, "partners"), ", ", &indicator->partners,
                        &indicator->partner_count);
}

static enum dd_exit take_removed(struct dd_cli *cli, struct dd_register *put)
{
    put->removed = dd_arena_take(&cli->arena, DD_INDICATORS_PER_COMMAND_MAX * sizeof(uint16_t));
    if (!put->removed)
        return dd_cli_failed_with(cli, "register", DD_NO_MEMORY);
    for (size_t i = 0;; i++) {
        const char *text = dd_args_each(&cli->args, "remove", i);
        uint64_t number;
        if (!text)
            return DD_EXIT_OK;
        if (put->removed_count == DD_INDICATORS_PER_COMMAND_MAX ||
            !dd_parse_whole(text, 1, DD_INDICATOR_NUMBER_MAX, &number))
            return dd_cli_misuse(cli, "--remove %s: the number of an indicator, at most %d times",
                                 text, DD_INDICATORS_PER_COMMAND_MAX);
        put->removed[put->removed_count++] = (uint16_t)number;
    }
}

/* A long task goes in several commands; what is removed goes with the first. */
static enum dd_exit send_task(struct dd_cli *cli, const struct dd_register *task)
{
    size_t at = 0;
    enum dd_exit result;
    do {
        struct dd_command command = {.kind = DD_COMMAND_REGISTER, .as.register_ = *task};
        struct dd_register *put = &command.as.register_;
        size_t bytes = 0;
        char what[200];
        put->indicators = task->indicators + at;
        put->indicator_count = 0;
        while (at < task->indicator_count && put->indicator_count < DD_INDICATORS_PER_COMMAND_MAX) {
            const struct dd_indicator_put *next = &task->indicators[at];
            bytes += INDICATOR_BYTES + next->title.size + next->unit_of_measure.size +
                     next->code.size + next->partner_count * (DD_CODE_BYTES_MAX + 2);
            if (bytes > COMMAND_BYTES && put->indicator_count > 0)
                break;
            put->indicator_count++;
            at++;
        }
        if (at > put->indicator_count)
            put->removed_count = 0;
        snprintf(what, sizeof what, "register %.97s %.48s task %u", cli->args.operand[0],
                 cli->args.operand[1], task->task);
        result = dd_cli_do(cli, &command, what);
    } while (result == DD_EXIT_OK && at < task->indicator_count);
    return result;
}

enum dd_exit dd_cli_register(struct dd_cli *cli)
{
    const char *path = dd_args_value(&cli->args, "file");
    struct dd_register task = {.cycle = dd_cli_operand(cli, 0),
                               .unit = dd_cli_operand(cli, 1),
                               .kind = dd_cli_value(cli, "kind")};
    uint64_t number;
    enum dd_exit result;
    if (!dd_args_has(&cli->args, "task") || task.kind.size == 0)
        return dd_cli_misuse(cli, "--task N and --kind KIND are needed");
    if (!dd_cli_whole(cli, "task", 1, DD_TASK_NUMBER_MAX, 1, &number))
        return DD_EXIT_USAGE;
    task.task = (uint16_t)number;
    result = take_removed(cli, &task);
    if (result == DD_EXIT_OK && path)
        result = read_indicators(cli, path, &task);
    else if (result == DD_EXIT_OK && dd_args_has(&cli->args, "indicator"))
        result = flag_indicator(cli, &task);
    if (result != DD_EXIT_OK)
        return result;
    if (task.indicator_count == 0 && task.removed_count == 0)
        return dd_cli_misuse(cli, "nothing to register: --file CSV, --indicator N or --remove N");
    return send_task(cli, &task);
}
