/* What several acts take from flags and files. See clients/cli/cli_act.h. */
#include "clients/cli/cli_act.h"

#include <errno.h>
#include <string.h>

#include "clients/cli/cli_link.h"
#include "clients/cli/cli_yaml.h"
#include "clients/cli/csv.h"
#include "core/hash.h"
#include "core/text.h"

enum { FILE_BYTES_MAX = 16 * 1024 * 1024, READ_BYTES = 64 * 1024 };

bool dd_cli_capacity(struct dd_cli *cli, enum dd_capacity *out)
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

/* KEY=NUMBER, or KEY~=NUMBER. NULL, or what is wrong with it. */
static const char *take_figure(const char *text, struct dd_figure_value *out)
{
    const char *equals = strchr(text, '=');
    if (!equals || equals == text || strncmp(text, "~=", 2) == 0)
        return DD_SAY("KEY=NUMBER, or KEY~=NUMBER for an estimate");
    out->estimate = equals > text && equals[-1] == '~';
    out->key =
        (struct dd_slice){(const uint8_t *)text, (size_t)(equals - text) - (out->estimate ? 1 : 0)};
    if (!dd_text_code_ok(out->key))
        return dd_rule_english(DD_RULE_BAD_CODE);
    return dd_figure_parse(dd_slice_of(equals + 1), &out->value)
               ? NULL
               : DD_SAY("a number has a decimal point, no other marks, and at most 18 digits, 6 of "
                        "them after the point");
}

enum { COLUMN_FIGURE, COLUMN_VALUE, COLUMN_ESTIMATE };

static const struct dd_csv_column figure_columns[] = {
    {"figure", false}, {"value", false}, {"estimate", true}};

static void take_figure_row(const struct dd_csv_row *row, const char *path,
                            struct dd_figure_value *out, struct dd_faults *faults)
{
    const char *estimate = row->cell[COLUMN_ESTIMATE];
    out->key = dd_slice_of(row->cell[COLUMN_FIGURE]);
    out->estimate = estimate && strcmp(estimate, "yes") == 0;
    if (!dd_text_code_ok(out->key))
        dd_faults_add(faults, path, row->line, "figure", "%s", dd_rule_english(DD_RULE_BAD_CODE));
    if (!row->cell[COLUMN_VALUE] ||
        !dd_figure_parse(dd_slice_of(row->cell[COLUMN_VALUE]), &out->value))
        dd_faults_add(faults, path, row->line, "value", "%s", dd_rule_english(DD_RULE_BAD_FIGURE));
    if (estimate && *estimate && !out->estimate && strcmp(estimate, "no") != 0)
        dd_faults_add(faults, path, row->line, "estimate", "must be yes, no or empty");
}

/* Adds the figures of a file behind those that are there. */
static enum dd_exit read_figures(struct dd_cli *cli, const char *path,
                                 struct dd_figure_value **figures, size_t *count)
{
    struct dd_faults faults = {.list = NULL};
    struct dd_csv csv = {.rows = NULL};
    struct dd_figure_value *all = NULL;
    struct dd_slice bytes;
    enum dd_status status = dd_file_slurp(path, FILE_BYTES_MAX, &cli->arena, &bytes);
    if (status == DD_OK)
        status = dd_csv_read(bytes, path, figure_columns, 3, &cli->arena, &csv, &faults);
    if (status == DD_OK)
        all = dd_arena_take(&cli->arena, (*count + csv.count + 1) * sizeof *all);
    if (status == DD_OK && !all)
        status = DD_NO_MEMORY;
    if (status == DD_OK && *count > 0)
        memcpy(all, *figures, *count * sizeof *all);
    for (size_t i = 0; status == DD_OK && i < csv.count; i++)
        take_figure_row(&csv.rows[i], path, &all[(*count)++], &faults);
    *figures = all;
    bool good = faults.count == 0;
    dd_faults_print(&faults, cli->err);
    dd_faults_free(&faults);
    dd_csv_free(&csv);
    if (status != DD_OK)
        return dd_cli_failed_with(cli, path, status);
    return good ? DD_EXIT_OK : DD_EXIT_FAILED;
}

enum dd_exit dd_cli_figure_values(struct dd_cli *cli, struct dd_figure_value **figures,
                                  size_t *count)
{
    const char *path = dd_args_value(&cli->args, "figures");
    const char *text;
    *count = 0;
    *figures = dd_arena_take(&cli->arena, (cli->args.given_count + 1) * sizeof **figures);
    if (!*figures)
        return dd_cli_failed_with(cli, "--figure", DD_NO_MEMORY);
    while ((text = dd_args_each(&cli->args, "figure", *count)) != NULL) {
        const char *wrong = take_figure(text, &(*figures)[(*count)++]);
        if (wrong)
            return dd_cli_misuse(cli, "--figure %s: %s", text, dd_say(cli->language, wrong));
    }
    return path ? read_figures(cli, path, figures, count) : DD_EXIT_OK;
}

/* By the end of a file's name. */
static const char *media_type(const char *name)
{
    static const char *const types[][2] = {
        {".pdf", "application/pdf"},
        {".csv", "text/csv"},
        {".txt", "text/plain"},
        {".xml", "application/xml"},
        {".json", "application/json"},
        {".zip", "application/zip"},
        {".doc", "application/msword"},
        {".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
        {".xls", "application/vnd.ms-excel"},
        {".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
        {".odt", "application/vnd.oasis.opendocument.text"},
        {".ods", "application/vnd.oasis.opendocument.spreadsheet"},
        {".jpg", "image/jpeg"},
        {".png", "image/png"}};
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; dot && i < sizeof types / sizeof types[0]; i++) {
        if (strcmp(dot, types[i][0]) == 0)
            return types[i][1];
    }
    return "application/octet-stream";
}

/* Reads the file to its end; false if that failed. */
static bool hash_file(FILE *file, uint8_t *buffer, struct dd_attachment *out)
{
    struct dd_sha256_stream stream;
    size_t size;
    dd_sha256_begin(&stream);
    while ((size = fread(buffer, 1, READ_BYTES, file)) > 0) {
        dd_sha256_add(&stream, (struct dd_slice){buffer, size});
        out->size_bytes += size;
    }
    dd_sha256_end(&stream, out->sha256);
    return !ferror(file);
}

enum dd_exit dd_cli_file_facts(struct dd_cli *cli, const char *path, struct dd_attachment *out)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    uint8_t *buffer = dd_arena_take(&cli->arena, READ_BYTES);
    FILE *file;
    if (!buffer)
        return dd_cli_failed_with(cli, path, DD_NO_MEMORY);
    file = fopen(path, "rb");
    if (!file)
        return dd_cli_failed_with(cli, path, errno == ENOENT ? DD_NOT_FOUND : DD_IO);
    *out = (struct dd_attachment){.type = dd_slice_of(media_type(name)), .name = dd_slice_of(name)};
    bool read = hash_file(file, buffer, out);
    fclose(file);
    return read ? DD_EXIT_OK : dd_cli_failed_with(cli, path, DD_IO);
}

/* What stands before the first = is the part if it is a code; a file so called goes as ./FILE. */
static enum dd_exit take_attachment(struct dd_cli *cli, const char *text, struct dd_attachment *out)
{
    struct dd_slice part = {(const uint8_t *)text, strcspn(text, "=")};
    bool has_part = text[part.size] == '=' && dd_text_code_ok(part);
    enum dd_exit result = dd_cli_file_facts(cli, has_part ? text + part.size + 1 : text, out);
    if (result == DD_EXIT_OK && has_part)
        out->part = part;
    return result;
}

enum dd_exit dd_cli_attachments(struct dd_cli *cli, struct dd_attachment **files, size_t *count)
{
    enum dd_exit result = DD_EXIT_OK;
    const char *text;
    *count = 0;
    *files = dd_arena_take(&cli->arena, (cli->args.given_count + 1) * sizeof **files);
    if (!*files)
        return dd_cli_failed_with(cli, "--attach", DD_NO_MEMORY);
    while (result == DD_EXIT_OK && (text = dd_args_each(&cli->args, "attach", *count)) != NULL)
        result = take_attachment(cli, text, &(*files)[(*count)++]);
    return result;
}

enum dd_exit dd_cli_split(struct dd_cli *cli, const char *list, const char *separators,
                          struct dd_slice **codes, size_t *count)
{
    size_t room = 1;
    *count = 0;
    *codes = NULL;
    if (!list)
        return DD_EXIT_OK;
    for (const char *c = list; *c; c++)
        room += strchr(separators, *c) != NULL;
    *codes = dd_arena_take(&cli->arena, room * sizeof **codes);
    if (!*codes)
        return dd_cli_failed_with(cli, list, DD_NO_MEMORY);
    while (*(list += strspn(list, separators))) {
        size_t size = strcspn(list, separators);
        (*codes)[(*count)++] = (struct dd_slice){(const uint8_t *)list, size};
        list += size;
    }
    return DD_EXIT_OK;
}

static bool is_own(enum dd_role role)
{
    return role == DD_ROLE_HEAD || role == DD_ROLE_DEPUTY || role == DD_ROLE_OFFICER;
}

/* The units of the offices of one kind: the first of them, and whether there is another. */
static bool find_unit(const struct dd_hello_answer *hello, bool own, struct dd_slice *unit,
                      bool *several)
{
    *unit = (struct dd_slice){NULL, 0};
    for (size_t i = 0; i < hello->office_count; i++) {
        struct dd_slice at = hello->offices[i].unit;
        if (at.size == 0 || is_own(hello->offices[i].role) != own)
            continue;
        *several = *several || (unit->size > 0 && !dd_slice_equal(*unit, at));
        if (unit->size == 0)
            *unit = at;
    }
    return unit->size > 0;
}

enum dd_exit dd_cli_own_unit(struct dd_cli *cli, struct dd_slice *out)
{
    struct dd_question question = {.kind = DD_QUESTION_HELLO};
    struct dd_answer answer;
    struct dd_slice unit;
    bool several = false;
    if (cli->dry_run)
        return dd_cli_misuse(cli, "--dry-run asks nobody: name the unit");
    enum dd_exit result = dd_cli_ask(cli, &question, &answer);
    if (result != DD_EXIT_OK)
        return result;
    if (!find_unit(&answer.as.hello, true, &unit, &several) &&
        !find_unit(&answer.as.hello, false, &unit, &several))
        return dd_cli_misuse(cli, "you hold no office in a unit: name the unit");
    if (several)
        return dd_cli_misuse(cli, "you hold offices in several units: name the unit");
    uint8_t *copy = dd_arena_take(&cli->arena, unit.size);
    if (!copy)
        return dd_cli_failed_with(cli, "hello", DD_NO_MEMORY);
    memcpy(copy, unit.data, unit.size);
    *out = (struct dd_slice){copy, unit.size};
    return DD_EXIT_OK;
}

enum dd_exit dd_cli_unit_at(struct dd_cli *cli, size_t index, struct dd_slice *out)
{
    if (index >= cli->args.operand_count)
        return dd_cli_own_unit(cli, out);
    *out = dd_cli_operand(cli, index);
    return DD_EXIT_OK;
}
