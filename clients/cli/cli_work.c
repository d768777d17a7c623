/* The work of the cycle: register, submit, withdraw, decide, progress. See clients/cli/cli.h. */
#include <string.h>

#include "clients/cli/cli_link.h"
#include "clients/cli/cli_yaml.h"
#include "clients/cli/csv.h"
#include "core/text.h"
#include "runtime/clock.h"

enum { FILE_BYTES_MAX = 16 * 1024 * 1024, COMMAND_BYTES = 40 * 1024, INDICATOR_BYTES = 64 };

enum { COLUMN_INDICATOR, COLUMN_TITLE, COLUMN_UNIT_OF_MEASURE, COLUMN_TARGET, COLUMN_DUE };

static const struct dd_csv_column indicator_columns[] = {{"indicator", false},
                                                         {"title", false},
                                                         {"unit_of_measure", true},
                                                         {"target", true},
                                                         {"due", false}};

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
    for (size_t i = 0; status == DD_OK && i < csv.count; i++)
        take_indicator(&csv.rows[i], path, &put->indicators[put->indicator_count++], &faults);
    bool good = faults.count == 0;
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
    struct dd_slice target = dd_cli_value(cli, "target");
    uint64_t number;
    if (!indicator)
        return dd_cli_failed_with(cli, "register", DD_NO_MEMORY);
    if (!dd_args_has(&cli->args, "title") || !dd_args_has(&cli->args, "due"))
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
    put->indicators = indicator;
    put->indicator_count = 1;
    return DD_EXIT_OK;
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
            bytes += INDICATOR_BYTES + task->indicators[at].title.size +
                     task->indicators[at].unit_of_measure.size;
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

static bool take_capacity(struct dd_cli *cli, enum dd_capacity *out)
{
    struct dd_slice text = dd_cli_value(cli, "capacity");
    char words[128];
    *out = text.size == 0 ? DD_CAPACITY_HEAD
                          : (enum dd_capacity)dd_word_number(DD_WORDS_CAPACITY, text);
    if (*out != 0)
        return true;
    dd_words_listed(DD_WORDS_CAPACITY, words, sizeof words);
    dd_cli_misuse(cli, "--capacity: %s", words);
    return false;
}

enum dd_exit dd_cli_submit(struct dd_cli *cli)
{
    struct dd_command command = {.kind = DD_COMMAND_SUBMIT};
    struct dd_submit *put = &command.as.submit;
    char what[200];
    put->cycle = dd_cli_operand(cli, 0);
    put->unit = dd_cli_operand(cli, 1);
    put->report = dd_cli_value(cli, "report");
    put->reason = dd_cli_value(cli, "reason");
    put->what = put->report.size > 0 ? DD_SUBMISSION_REPORT : DD_SUBMISSION_REGISTRATION;
    if (!take_capacity(cli, &put->capacity))
        return DD_EXIT_USAGE;
    snprintf(what, sizeof what, "submit %.97s %.48s %s", cli->args.operand[0], cli->args.operand[1],
             dd_word(DD_WORDS_SUBMISSION, (int)put->what));
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

/* T.I, as in indicator/3.2 */
static bool parse_item(const char *text, struct dd_progress *put)
{
    char task[8];
    uint64_t numbers[2];
    size_t size = strcspn(text, ".");
    if (text[size] != '.' || size >= sizeof task)
        return false;
    memcpy(task, text, size);
    task[size] = 0;
    if (!dd_parse_whole(task, 1, DD_TASK_NUMBER_MAX, &numbers[0]) ||
        !dd_parse_whole(text + size + 1, 1, DD_INDICATOR_NUMBER_MAX, &numbers[1]))
        return false;
    put->task = (uint16_t)numbers[0];
    put->indicator = (uint16_t)numbers[1];
    return true;
}

enum dd_exit dd_cli_progress(struct dd_cli *cli)
{
    struct dd_command command = {.kind = DD_COMMAND_PROGRESS};
    struct dd_progress *put = &command.as.progress;
    char words[160];
    char what[200];
    put->cycle = dd_cli_operand(cli, 0);
    put->unit = dd_cli_operand(cli, 1);
    put->outcome = (enum dd_outcome)dd_word_number(DD_WORDS_OUTCOME, dd_cli_operand(cli, 3));
    put->note = dd_cli_value(cli, "note");
    put->reason = dd_cli_value(cli, "reason");
    put->is_correction = dd_args_has(&cli->args, "corrects");
    if (!parse_item(cli->args.operand[2], put))
        return dd_cli_misuse(cli, "%s is no indicator; write TASK.INDICATOR, as in 3.2",
                             cli->args.operand[2]);
    if (put->outcome == 0) {
        dd_words_listed(DD_WORDS_OUTCOME, words, sizeof words);
        return dd_cli_misuse(cli, "%s is no outcome; it is %s", cli->args.operand[3], words);
    }
    if (!dd_cli_day(cli, "on", dd_day_at(dd_clock_utc_ms(), cli->offset_min), &put->day) ||
        !dd_cli_whole(cli, "corrects", 0, INT64_MAX, 0, &put->corrects_seq))
        return DD_EXIT_USAGE;
    if (put->is_correction && put->reason.size == 0)
        return dd_cli_misuse(cli, "--corrects needs --reason TEXT");
    snprintf(what, sizeof what, "progress %.97s %.48s %u.%u %s", cli->args.operand[0],
             cli->args.operand[1], put->task, put->indicator,
             dd_word(DD_WORDS_OUTCOME, (int)put->outcome));
    return dd_cli_do(cli, &command, what);
}
