/* Programmes: put into the log, and checked as files. See clients/cli/cli.h; the form of the file
 * is in programmes/README.md. */
#include <string.h>

#include "clients/cli/cli_json.h"
#include "clients/cli/cli_link.h"
#include "clients/cli/programme_file.h"

enum { PATH_SHOWN_BYTES = 160 };

static const char warning_mark[] = "warning: ";

enum dd_exit dd_cli_programme_put(struct dd_cli *cli)
{
    struct dd_command command = {.kind = DD_COMMAND_PUT_PROGRAMME};
    const struct dd_programme *programme = &command.as.put_programme;
    const char *path = cli->args.operand[0];
    struct dd_yaml_faults faults = {.list = NULL};
    char what[128];
    enum dd_status status =
        dd_programme_file_read(path, &cli->arena, &command.as.put_programme, &faults);
    dd_yaml_faults_print(&faults, path, cli->err);
    dd_yaml_faults_free(&faults);
    if (status == DD_INVALID)
        return DD_EXIT_FAILED;
    if (status != DD_OK)
        return dd_cli_failed_with(cli, path, status);
    snprintf(what, sizeof what, "programme %.*s version %u", (int)programme->code.size,
             (const char *)programme->code.data, programme->version);
    return dd_cli_do(cli, &command, what);
}

/* One file of a check. */
struct checked {
    const char *file;
    enum dd_status status;
    struct dd_programme programme;
    struct dd_yaml_faults faults;
    struct dd_yaml_faults warnings;
};

static void check_file(struct dd_cli *cli, const char *file, struct checked *out)
{
    struct dd_slice bytes;
    *out = (struct checked){.file = file};
    out->status = dd_file_slurp(file, DD_YAML_BYTES_MAX, &cli->arena, &bytes);
    if (out->status != DD_OK)
        return;
    out->status =
        dd_programme_file_lint(bytes, &cli->arena, &out->programme, &out->faults, &out->warnings);
    dd_yaml_faults_sort(&out->faults);
    dd_yaml_faults_sort(&out->warnings);
}

static void put_found(struct dd_json *json, const struct checked *checked,
                      const struct dd_yaml_faults *found, const char *severity)
{
    for (size_t i = 0; i < found->count; i++) {
        const struct dd_yaml_fault *fault = &found->list[i];
        const char *text = fault->text;
        char path[PATH_SHOWN_BYTES] = "";
        if (strncmp(text, warning_mark, sizeof warning_mark - 1) == 0)
            text += sizeof warning_mark - 1;
        const char *end = strstr(text, ": ");
        if (end)
            snprintf(path, sizeof path, "%.*s", (int)(end - text), text);
        dd_json_object(json, NULL);
        dd_json_string(json, "file", checked->file);
        dd_json_unsigned(json, "line", fault->mark.line);
        dd_json_unsigned(json, "column", fault->mark.column);
        dd_json_string(json, "severity", severity);
        dd_json_string(json, "path", path);
        dd_json_string(json, "text", end ? end + 2 : text);
        dd_json_object_end(json);
    }
}

static void tell(struct dd_cli *cli, struct checked *checked)
{
    const struct dd_programme *programme = &checked->programme;
    size_t warnings = checked->warnings.count;
    dd_yaml_faults_print(&checked->faults, checked->file, cli->out);
    dd_yaml_faults_print(&checked->warnings, checked->file, cli->out);
    if (checked->status != DD_OK)
        return;
    fprintf(cli->out, "%s: %.*s version %u, %u stages: no faults", checked->file,
            (int)programme->code.size, (const char *)programme->code.data, programme->version,
            programme->stage_count);
    if (warnings > 0)
        fprintf(cli->out, ", %zu warning%s", warnings, warnings == 1 ? "" : "s");
    fputc('\n', cli->out);
}

enum dd_exit dd_cli_programme_check(struct dd_cli *cli)
{
    bool strict = dd_args_has(&cli->args, "strict");
    struct dd_json json = dd_json_make(cli->out, false);
    struct checked *checked = dd_arena_take(&cli->arena, sizeof *checked);
    enum dd_exit result = DD_EXIT_OK;
    if (!checked)
        return dd_cli_failed_with(cli, cli->args.operand[0], DD_NO_MEMORY);
    if (cli->json)
        dd_json_array(&json, NULL);
    for (size_t i = 0; i < cli->args.operand_count; i++) {
        check_file(cli, cli->args.operand[i], checked);
        if (cli->json) {
            put_found(&json, checked, &checked->faults, "fault");
            put_found(&json, checked, &checked->warnings, "warning");
        } else {
            tell(cli, checked);
        }
        if (checked->status != DD_OK && checked->status != DD_INVALID)
            result = dd_cli_failed_with(cli, checked->file, checked->status);
        else if (checked->status == DD_INVALID || (strict && checked->warnings.count > 0))
            result = DD_EXIT_FAILED;
        dd_yaml_faults_free(&checked->faults);
        dd_yaml_faults_free(&checked->warnings);
    }
    if (cli->json)
        dd_json_array_end(&json);
    return result;
}
