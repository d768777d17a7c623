/* Units: put from CSV, listed. See clients/cli/cli.h. */
#include <stdlib.h>
#include <string.h>

#include "clients/cli/cli_json.h"
#include "clients/cli/cli_link.h"
#include "clients/cli/cli_units.h"
#include "clients/cli/cli_yaml.h"
#include "clients/cli/csv.h"
#include "clients/lib/dondoc.h"
#include "core/text.h"

enum { FILE_BYTES_MAX = 64 * 1024 * 1024, PAGE_BYTES = 40 * 1024, UNIT_BYTES = 64 };

enum {
    COLUMN_CODE,
    COLUMN_NAME,
    COLUMN_GROUP,
    COLUMN_ORDINAL,
    COLUMN_PARENT,
    COLUMN_HEAD_TITLE,
    COLUMN_VALID_FROM,
    COLUMN_VALID_TO,
    COLUMN_SUCCESSOR,
    COLUMN_APPROVER, /* of a scenario's file; belongs to the cycle, passed over */
    COLUMN_COUNT
};

static const struct dd_csv_column unit_columns[COLUMN_COUNT] = {
    {"code", false},     {"name", false},      {"group", true},      {"ordinal", false},
    {"parent", true},    {"head_title", true}, {"valid_from", true}, {"valid_to", true},
    {"successor", true}, {"approver", true}};

/* What a file is read into. */
struct reading {
    struct dd_cli *cli;
    const char *path;
    struct dd_faults faults;
    struct dd_group_put *groups;
    size_t group_count;
    struct dd_unit_put *units;
    size_t unit_count;
};

static bool code_cell(struct reading *r, const struct dd_csv_row *row, int column, bool needed,
                      struct dd_slice *out)
{
    *out = dd_slice_of(row->cell[column]);
    if (out->size == 0 && !needed)
        return true;
    if (dd_text_code_ok(*out))
        return true;
    dd_faults_add(&r->faults, r->path, row->line, unit_columns[column].name, "%s",
                  dd_rule_english(DD_RULE_BAD_CODE));
    return false;
}

static void day_cell(struct reading *r, const struct dd_csv_row *row, int column, int32_t otherwise,
                     int32_t *out)
{
    const char *text = row->cell[column];
    *out = otherwise;
    if (text && *text && !dd_day_parse(dd_slice_of(text), out))
        dd_faults_add(&r->faults, r->path, row->line, unit_columns[column].name,
                      "there is no such date (YYYY-MM-DD)");
}

static void take_unit(struct reading *r, const struct dd_csv_row *row, struct dd_slice root)
{
    struct dd_unit_put *unit = &r->units[r->unit_count++];
    const char *ordinal = row->cell[COLUMN_ORDINAL];
    uint64_t number = 0;
    code_cell(r, row, COLUMN_CODE, true, &unit->code);
    code_cell(r, row, COLUMN_GROUP, false, &unit->group);
    code_cell(r, row, COLUMN_PARENT, false, &unit->parent);
    code_cell(r, row, COLUMN_SUCCESSOR, false, &unit->successor);
    day_cell(r, row, COLUMN_VALID_FROM, INT32_MIN, &unit->from_day);
    day_cell(r, row, COLUMN_VALID_TO, INT32_MAX, &unit->to_day);
    unit->name = dd_slice_of(row->cell[COLUMN_NAME]);
    unit->head_title = dd_slice_of(row->cell[COLUMN_HEAD_TITLE]);
    if (unit->parent.size == 0 && !dd_slice_equal(unit->code, root))
        unit->parent = root;
    if (unit->name.size == 0 || unit->name.size > DD_NAME_BYTES_MAX || !dd_text_plain(unit->name))
        dd_faults_add(&r->faults, r->path, row->line, "name", "must be one line of 1 to %d bytes",
                      DD_NAME_BYTES_MAX);
    if (!ordinal || !dd_parse_whole(ordinal, 0, UINT16_MAX, &number))
        dd_faults_add(&r->faults, r->path, row->line, "ordinal", "must be a whole number to %d",
                      UINT16_MAX);
    unit->ordinal = (uint16_t)number;
}

static enum dd_exit read_units(struct reading *r)
{
    struct dd_csv csv = {.rows = NULL};
    struct dd_slice bytes;
    struct dd_slice root = dd_cli_value(r->cli, "root");
    enum dd_status status = dd_file_slurp(r->path, FILE_BYTES_MAX, &r->cli->arena, &bytes);
    if (status == DD_OK)
        status = dd_csv_read(bytes, r->path, unit_columns, COLUMN_COUNT, &r->cli->arena, &csv,
                             &r->faults);
    if (status == DD_OK)
        r->units = dd_arena_take(&r->cli->arena, (csv.count + 1) * sizeof *r->units);
    if (status == DD_OK && !r->units)
        status = DD_NO_MEMORY;
    for (size_t i = 0; status == DD_OK && i < csv.count; i++)
        take_unit(r, &csv.rows[i], root);
    dd_csv_free(&csv);
    return status == DD_OK ? DD_EXIT_OK : dd_cli_failed_with(r->cli, r->path, status);
}

static bool add_group(struct reading *r, struct dd_slice code, struct dd_slice name)
{
    if (r->group_count == DD_GROUPS_MAX || !dd_text_code_ok(code) || name.size == 0)
        return false;
    r->groups[r->group_count++] = (struct dd_group_put){code, name};
    return true;
}

static enum dd_exit read_group_file(struct reading *r, const char *path)
{
    static const struct dd_csv_column columns[] = {{"code", false}, {"name", false}};
    struct dd_csv csv = {.rows = NULL};
    struct dd_slice bytes;
    enum dd_status status = dd_file_slurp(path, FILE_BYTES_MAX, &r->cli->arena, &bytes);
    if (status == DD_OK)
        status = dd_csv_read(bytes, path, columns, 2, &r->cli->arena, &csv, &r->faults);
    for (size_t i = 0; status == DD_OK && i < csv.count; i++) {
        if (!add_group(r, dd_slice_of(csv.rows[i].cell[0]), dd_slice_of(csv.rows[i].cell[1])))
            dd_faults_add(&r->faults, path, csv.rows[i].line, "code",
                          "must be a code with a name, at most %d of them", DD_GROUPS_MAX);
    }
    dd_csv_free(&csv);
    return status == DD_OK ? DD_EXIT_OK : dd_cli_failed_with(r->cli, path, status);
}

/* --groups CODE=NAME,... or FILE.csv; may be given several times. */
static enum dd_exit read_groups(struct reading *r)
{
    r->groups = dd_arena_take(&r->cli->arena, DD_GROUPS_MAX * sizeof *r->groups);
    if (!r->groups)
        return dd_cli_failed_with(r->cli, "unit put", DD_NO_MEMORY);
    for (size_t i = 0;; i++) {
        const char *text = dd_args_each(&r->cli->args, "groups", i);
        if (!text)
            return DD_EXIT_OK;
        size_t size = strlen(text);
        if (size > 4 && !strchr(text, '=') && strcmp(text + size - 4, ".csv") == 0) {
            enum dd_exit result = read_group_file(r, text);
            if (result != DD_EXIT_OK)
                return result;
            continue;
        }
        while (*text) {
            size_t end = strcspn(text, ",");
            size_t equals = strcspn(text, "=,");
            if (equals >= end ||
                !add_group(r, (struct dd_slice){(const uint8_t *)text, equals},
                           (struct dd_slice){(const uint8_t *)text + equals + 1, end - equals - 1}))
                return dd_cli_misuse(r->cli, "--groups %s: write CODE=NAME,CODE=NAME or FILE.csv",
                                     text);
            text += text[end] ? end + 1 : end;
        }
    }
}

/* How many units from `first` on fit a page. */
static size_t page_size(const struct reading *r, size_t first, bool with_groups)
{
    size_t bytes = 0;
    size_t count = 0;
    for (size_t i = 0; with_groups && i < r->group_count; i++)
        bytes += 16 + r->groups[i].code.size + r->groups[i].name.size;
    while (first + count < r->unit_count && count < DD_UNITS_PER_PAGE_MAX) {
        const struct dd_unit_put *unit = &r->units[first + count];
        bytes += UNIT_BYTES + unit->code.size + unit->name.size + unit->group.size +
                 unit->parent.size + unit->head_title.size + unit->successor.size;
        if (bytes > PAGE_BYTES && count > 0)
            break;
        count++;
    }
    return count;
}

static enum dd_exit send_pages(struct reading *r)
{
    size_t at = 0;
    uint16_t page = 1;
    enum dd_exit result = DD_EXIT_OK;
    do {
        struct dd_command command = {.kind = DD_COMMAND_PUT_UNITS};
        size_t count = page_size(r, at, false);
        bool last = at + count == r->unit_count;
        if (last) { /* groups stand on the last page, which has to hold them too */
            count = page_size(r, at, true);
            last = at + count == r->unit_count;
        }
        char what[96];
        command.as.put_units = (struct dd_put_units){.page = page,
                                                     .last = last,
                                                     .groups = last ? r->groups : NULL,
                                                     .group_count = last ? r->group_count : 0,
                                                     .units = r->units + at,
                                                     .unit_count = count};
        snprintf(what, sizeof what, "units %zu to %zu of %zu", count ? at + 1 : 0, at + count,
                 r->unit_count);
        result = dd_cli_do(r->cli, &command, what);
        at += count;
        page++;
    } while (at < r->unit_count && result == DD_EXIT_OK);
    return result;
}

enum dd_exit dd_cli_unit_put(struct dd_cli *cli)
{
    struct reading r = {.cli = cli, .path = cli->args.operand[0]};
    enum dd_exit result = read_units(&r);
    if (result == DD_EXIT_OK)
        result = read_groups(&r);
    if (result == DD_EXIT_OK && r.faults.count > 0) {
        dd_faults_print(&r.faults, cli->err);
        result = DD_EXIT_FAILED;
    }
    dd_faults_free(&r.faults);
    return result == DD_EXIT_OK ? send_pages(&r) : result;
}

enum dd_exit dd_cli_parties(struct dd_cli *cli, const char *path, struct dd_party **parties,
                            size_t *count)
{
    struct dd_faults faults = {.list = NULL};
    struct dd_csv csv = {.rows = NULL};
    struct dd_slice bytes;
    enum dd_status status = dd_file_slurp(path, FILE_BYTES_MAX, &cli->arena, &bytes);
    if (status == DD_OK)
        status = dd_csv_read(bytes, path, unit_columns, COLUMN_COUNT, &cli->arena, &csv, &faults);
    *count = status == DD_OK ? csv.count : 0;
    *parties = dd_arena_take(&cli->arena, (*count + 1) * sizeof **parties);
    if (status == DD_OK && !*parties)
        status = DD_NO_MEMORY;
    for (size_t i = 0; status == DD_OK && i < csv.count; i++)
        (*parties)[i] = (struct dd_party){dd_slice_of(csv.rows[i].cell[COLUMN_CODE]),
                                          dd_slice_of(csv.rows[i].cell[COLUMN_APPROVER])};
    bool good = faults.count == 0;
    dd_faults_print(&faults, cli->err);
    dd_faults_free(&faults);
    dd_csv_free(&csv);
    if (status != DD_OK)
        return dd_cli_failed_with(cli, path, status);
    return good ? DD_EXIT_OK : DD_EXIT_FAILED;
}

/* " (2014-07-01 .. 2015-06-30 -> SUCCESSOR)", as far as it is bounded. */
static void put_validity(struct dd_cli *cli, const struct dd_unit_line *unit)
{
    char from[DD_DAY_TEXT_BYTES] = "";
    char to[DD_DAY_TEXT_BYTES] = "";
    bool begins = unit->from_day > DD_DAY_MIN;
    bool ends = unit->to_day < DD_DAY_MAX;
    if (begins)
        dd_day_format(unit->from_day, from);
    if (ends)
        dd_day_format(unit->to_day, to);
    if (begins || ends)
        fprintf(cli->out, " (%s%s..%s%s", from, begins ? " " : "", ends ? " " : "", to);
    if (unit->successor.size > 0)
        fprintf(cli->out, "%s -> %.*s", begins || ends ? "" : " (", (int)unit->successor.size,
                (const char *)unit->successor.data);
    if (begins || ends || unit->successor.size > 0)
        fputc(')', cli->out);
}

static void print_unit(struct dd_cli *cli, struct dd_json *json, const struct dd_unit_line *unit)
{
    if (!cli->json) {
        fprintf(cli->out, "%-20.*s %-12.*s %5u  %.*s", (int)unit->code.size,
                (const char *)unit->code.data, (int)unit->group.size,
                (const char *)unit->group.data, unit->ordinal, (int)unit->name.size,
                (const char *)unit->name.data);
        put_validity(cli, unit);
        fputc('\n', cli->out);
        return;
    }
    dd_json_object(json, NULL);
    dd_json_text(json, "code", unit->code);
    dd_json_text(json, "name", unit->name);
    dd_json_text(json, "group", unit->group);
    dd_json_number(json, "ordinal", unit->ordinal);
    dd_json_text(json, "parent", unit->parent);
    dd_json_text(json, "head_title", unit->head_title);
    if (unit->from_day > DD_DAY_MIN)
        dd_json_day(json, "from", unit->from_day);
    if (unit->to_day < DD_DAY_MAX)
        dd_json_day(json, "to", unit->to_day);
    if (unit->successor.size > 0)
        dd_json_text(json, "successor", unit->successor);
    dd_json_object_end(json);
}

enum dd_exit dd_cli_unit_list(struct dd_cli *cli)
{
    struct dd_question question = {.kind = DD_QUESTION_UNITS};
    struct dd_json json = dd_json_make(cli->out, false);
    struct dd_answer answer;
    enum dd_exit result;
    if (cli->json)
        dd_json_array(&json, NULL);
    do {
        result = dd_cli_ask(cli, &question, &answer);
        for (size_t i = 0; result == DD_EXIT_OK && i < answer.as.units.unit_count; i++)
            print_unit(cli, &json, &answer.as.units.units[i]);
    } while (result == DD_EXIT_OK && dd_cli_next_page(cli, &answer, &question));
    if (cli->json)
        dd_json_array_end(&json);
    return result;
}
