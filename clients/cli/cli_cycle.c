/* Cycles. See clients/cli/cli.h; the form of a cycle's file is in
 * programmes/README.md. */
#include <string.h>

#include "clients/cli/cli_link.h"
#include "clients/cli/cli_units.h"
#include "clients/cli/cli_yaml.h"

enum { PAGE_BYTES = 40 * 1024, PARTY_BYTES = 24 };

struct date {
    struct dd_yaml_mark mark;
    struct dd_slice name;
    int32_t day;
};

struct period {
    struct dd_yaml_mark mark;
    struct dd_slice code;
    int32_t from;
    int32_t to;
};

struct report {
    struct dd_yaml_mark mark;
    struct dd_slice code;
    int32_t before;
    int32_t by;
    int32_t on;
};

struct party {
    struct dd_yaml_mark mark;
    struct dd_slice unit;
    struct dd_slice approver;
};

struct file {
    struct dd_yaml_mark mark;
    struct dd_slice programme;
    struct dd_slice period;
    struct dd_slice host;
    int32_t from;
    int32_t to;
    struct dd_yaml_list dates;
    struct dd_yaml_list periods;
    struct dd_yaml_list reports;
    struct dd_yaml_list appraisers;
    struct dd_yaml_list approvers;
    struct dd_yaml_list parties;
};

#define FIELD(form, name, type, required, max, inner) \
    { \
#name, type, required, offsetof(struct form, name), 0, max, 0, inner \
    }

static const struct dd_yaml_field date_fields[] = {FIELD(date, name, DD_YAML_CODE, true, 0, NULL),
                                                   FIELD(date, day, DD_YAML_DAY, true, 0, NULL)};
static const struct dd_yaml_form date_form = {date_fields, 2, sizeof(struct date)};

static const struct dd_yaml_field period_fields[] = {
    FIELD(period, code, DD_YAML_CODE, true, 0, NULL),
    FIELD(period, from, DD_YAML_DAY, true, 0, NULL), FIELD(period, to, DD_YAML_DAY, true, 0, NULL)};
static const struct dd_yaml_form period_form = {period_fields, 3, sizeof(struct period)};

static const struct dd_yaml_field report_fields[] = {
    FIELD(report, code, DD_YAML_CODE, true, 0, NULL),
    FIELD(report, before, DD_YAML_DAY, false, 0, NULL),
    FIELD(report, by, DD_YAML_DAY, false, 0, NULL), FIELD(report, on, DD_YAML_DAY, false, 0, NULL)};
static const struct dd_yaml_form report_form = {report_fields, 4, sizeof(struct report)};

static const struct dd_yaml_field party_fields[] = {
    FIELD(party, unit, DD_YAML_CODE, true, 0, NULL),
    FIELD(party, approver, DD_YAML_CODE, false, 0, NULL)};
static const struct dd_yaml_form party_form = {party_fields, 2, sizeof(struct party)};

static const struct dd_yaml_field file_fields[] = {
    FIELD(file, programme, DD_YAML_CODE, true, 0, NULL),
    FIELD(file, period, DD_YAML_CODE, true, 0, NULL),
    FIELD(file, host, DD_YAML_CODE, true, 0, NULL),
    FIELD(file, from, DD_YAML_DAY, true, 0, NULL),
    FIELD(file, to, DD_YAML_DAY, true, 0, NULL),
    FIELD(file, dates, DD_YAML_MAPS, false, DD_DATES_MAX, &date_form),
    FIELD(file, periods, DD_YAML_MAPS, false, DD_PERIODS_MAX, &period_form),
    FIELD(file, reports, DD_YAML_MAPS, false, DD_REPORTS_MAX, &report_form),
    FIELD(file, appraisers, DD_YAML_CODES, false, DD_APPRAISERS_MAX, NULL),
    FIELD(file, approvers, DD_YAML_CODES, false, DD_APPROVERS_MAX, NULL),
    FIELD(file, parties, DD_YAML_MAPS, false, 100000, &party_form)};
static const struct dd_yaml_form file_form = {
    file_fields, sizeof file_fields / sizeof file_fields[0], sizeof(struct file)};

static void take_report(const struct report *report, struct dd_report_due *out,
                        struct dd_yaml_faults *faults)
{
    int given = (report->before != 0) + (report->by != 0) + (report->on != 0);
    out->code = report->code;
    out->word = report->before ? DD_WORD_BEFORE : report->by ? DD_WORD_BY : DD_WORD_ON;
    out->day = report->before ? report->before : report->by ? report->by : report->on;
    if (given != 1)
        dd_yaml_fault_add(faults, report->mark, "reports",
                          "exactly one of before, by and on is needed");
}

static bool take_lists(struct dd_cli *cli, const struct file *file, struct dd_open_cycle *out,
                       struct dd_yaml_faults *faults)
{
    const struct date *dates = file->dates.items;
    const struct period *periods = file->periods.items;
    const struct report *reports = file->reports.items;
    const struct party *parties = file->parties.items;
    out->dates = dd_arena_take(&cli->arena, (file->dates.count + 1) * sizeof *out->dates);
    out->periods = dd_arena_take(&cli->arena, (file->periods.count + 1) * sizeof *out->periods);
    out->reports = dd_arena_take(&cli->arena, (file->reports.count + 1) * sizeof *out->reports);
    out->parties = dd_arena_take(&cli->arena, (file->parties.count + 1) * sizeof *out->parties);
    if (!out->dates || !out->periods || !out->reports || !out->parties)
        return false;
    for (; out->date_count < file->dates.count; out->date_count++)
        out->dates[out->date_count] =
            (struct dd_named_date){dates[out->date_count].name, dates[out->date_count].day};
    for (; out->period_count < file->periods.count; out->period_count++)
        out->periods[out->period_count] =
            (struct dd_period){periods[out->period_count].code, periods[out->period_count].from,
                               periods[out->period_count].to};
    for (; out->report_count < file->reports.count; out->report_count++)
        take_report(&reports[out->report_count], &out->reports[out->report_count], faults);
    for (; out->party_count < file->parties.count; out->party_count++)
        out->parties[out->party_count] =
            (struct dd_party){parties[out->party_count].unit, parties[out->party_count].approver};
    return true;
}

static enum dd_exit read_cycle(struct dd_cli *cli, const char *path, struct dd_open_cycle *out)
{
    struct dd_yaml_faults faults = {.list = NULL};
    struct file file = {.from = 0};
    struct dd_slice bytes;
    enum dd_status status = dd_file_slurp(path, DD_YAML_BYTES_MAX, &cli->arena, &bytes);
    if (status == DD_OK)
        status = dd_yaml_read(bytes, &file_form, &cli->arena, &file, &faults);
    *out = (struct dd_open_cycle){.programme = file.programme,
                                  .period = file.period,
                                  .host = file.host,
                                  .from_day = file.from,
                                  .to_day = file.to,
                                  .appraisers = file.appraisers.items,
                                  .appraiser_count = file.appraisers.count,
                                  .approvers = file.approvers.items,
                                  .approver_count = file.approvers.count};
    if ((status == DD_OK || status == DD_INVALID) && !take_lists(cli, &file, out, &faults))
        status = DD_NO_MEMORY;
    bool good = faults.count == 0;
    dd_yaml_faults_print(&faults, path, cli->err);
    dd_yaml_faults_free(&faults);
    if (status != DD_OK && status != DD_INVALID)
        return dd_cli_failed_with(cli, path, status);
    return good ? DD_EXIT_OK : DD_EXIT_FAILED;
}

/* How many parties from `first` on fit a page. */
static size_t page_size(const struct dd_open_cycle *cycle, size_t first)
{
    size_t bytes = first == 0 ? 8 * 1024 : 0; /* dates, periods, reports and people */
    size_t count = 0;
    while (first + count < cycle->party_count && count < DD_PARTIES_PER_PAGE_MAX) {
        const struct dd_party *party = &cycle->parties[first + count];
        bytes += PARTY_BYTES + party->unit.size + party->approver.size;
        if (bytes > PAGE_BYTES && count > 0)
            break;
        count++;
    }
    return count;
}

static enum dd_exit send_cycle(struct dd_cli *cli, const struct dd_open_cycle *whole)
{
    size_t at = 0;
    uint16_t page = 1;
    enum dd_exit result;
    do {
        struct dd_command command = {.kind = DD_COMMAND_OPEN_CYCLE};
        struct dd_open_cycle *put = &command.as.open_cycle;
        char what[192];
        if (page == 1)
            *put = *whole;
        put->programme = whole->programme;
        put->period = whole->period;
        put->parties = whole->parties + at;
        put->party_count = page_size(whole, at);
        put->page = page++;
        put->last = at + put->party_count == whole->party_count;
        snprintf(what, sizeof what, "cycle %.*s/%.*s: parties %zu to %zu of %zu",
                 (int)put->programme.size, (const char *)put->programme.data, (int)put->period.size,
                 (const char *)put->period.data, put->party_count ? at + 1 : 0,
                 at + put->party_count, whole->party_count);
        at += put->party_count;
        result = dd_cli_do(cli, &command, what);
    } while (result == DD_EXIT_OK && at < whole->party_count);
    return result;
}

enum dd_exit dd_cli_cycle_open(struct dd_cli *cli)
{
    const char *parties = dd_args_value(&cli->args, "parties");
    struct dd_open_cycle cycle;
    enum dd_exit result = read_cycle(cli, cli->args.operand[0], &cycle);
    if (result == DD_EXIT_OK && parties && cycle.party_count > 0)
        return dd_cli_misuse(cli, "the file names parties already; leave out --parties");
    if (result == DD_EXIT_OK && parties)
        result = dd_cli_parties(cli, parties, &cycle.parties, &cycle.party_count);
    if (result == DD_EXIT_OK && cycle.party_count == 0)
        return dd_cli_misuse(cli, "the cycle has no parties: name them in the file, or "
                                  "--parties FILE.csv");
    return result == DD_EXIT_OK ? send_cycle(cli, &cycle) : result;
}

enum dd_exit dd_cli_cycle_close(struct dd_cli *cli)
{
    struct dd_command command = {.kind = DD_COMMAND_CLOSE_CYCLE};
    char what[160];
    command.as.close_cycle.cycle = dd_cli_operand(cli, 0);
    command.as.close_cycle.reason = dd_cli_value(cli, "reason");
    if (command.as.close_cycle.reason.size == 0)
        return dd_cli_misuse(cli, "--reason TEXT is needed");
    snprintf(what, sizeof what, "close cycle %.97s", cli->args.operand[0]);
    return dd_cli_do(cli, &command, what);
}
