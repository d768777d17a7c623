/*
 * Reads a scenario's folder file by file and gives either the scenario or all faults. See
 * clients/cli/scenario.h.
 */
#include "clients/cli/scenario.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "clients/cli/scenario_build.h"
#include "core/calendar.h"
#include "core/text.h"

enum { READ_BYTES = 64 * 1024 };

/* The texts and rows of a scenario live in one arena; how large it may grow is the machine's limit.
 */
struct dd_scenario_memory {
    struct dd_arena arena;
    struct dd_scenario scenario;
};

static const char *const files[] = {
    DD_SCENARIO_YAML,     DD_SCENARIO_UNITS,    DD_SCENARIO_INDICATORS, DD_SCENARIO_REPORTS,
    DD_SCENARIO_CALENDAR, DD_SCENARIO_ACCOUNTS, DD_SCENARIO_ACTS};

/* Reads an open file to its end into malloced memory; NULL with errno set. */
static uint8_t *read_all(FILE *in, size_t *size)
{
    uint8_t *data = NULL;
    size_t room = 0;
    *size = 0;
    for (;;) {
        if (room - *size < READ_BYTES) {
            room = room ? room * 2 : 2 * (size_t)READ_BYTES;
            uint8_t *larger = realloc(data, room);
            if (!larger) {
                free(data);
                errno = ENOMEM;
                return NULL;
            }
            data = larger;
        }
        size_t got = fread(data + *size, 1, READ_BYTES, in);
        *size += got;
        if (got > 0)
            continue;
        if (!ferror(in))
            return data;
        int error = errno;
        free(data);
        errno = error;
        return NULL;
    }
}

enum dd_status dd_scenario_slurp(struct dd_scenario_build *b, const char *file, bool optional,
                                 struct dd_slice *bytes)
{
    enum dd_status status = DD_OK;
    uint8_t *data = NULL;
    FILE *in = NULL;
    size_t size = 0;
    size_t path_bytes = strlen(b->dir) + 1 + strlen(file) + 1;
    char *path = malloc(path_bytes);
    if (!path)
        return DD_NO_MEMORY;
    snprintf(path, path_bytes, "%s/%s", b->dir, file);
    in = fopen(path, "rb");
    if (in)
        data = read_all(in, &size);
    if (!data) {
        status = errno == ENOMEM ? DD_NO_MEMORY : DD_NOT_FOUND;
        if (status == DD_NOT_FOUND && !(optional && errno == ENOENT))
            dd_faults_add(b->faults, file, 1, "file", "cannot be read: %s", strerror(errno));
        goto out;
    }
    uint8_t *copy = dd_arena_take(b->arena, size + 1);
    if (!copy) {
        status = DD_NO_MEMORY;
        goto out;
    }
    memcpy(copy, data, size);
    *bytes = (struct dd_slice){copy, size};
out:
    if (in)
        fclose(in);
    free(data);
    free(path);
    return status;
}

enum dd_status dd_scenario_csv(struct dd_scenario_build *b, const char *file, bool optional,
                               const struct dd_csv_column *columns, size_t count,
                               struct dd_csv *out)
{
    struct dd_slice bytes;
    enum dd_status status = dd_scenario_slurp(b, file, optional, &bytes);
    if (status != DD_OK)
        return status;
    return dd_csv_read(bytes, file, columns, count, b->arena, out, b->faults);
}

static int compare_keys(const void *left, const void *right)
{
    const struct dd_scenario_key *a = left;
    const struct dd_scenario_key *b = right;
    if (a->value != b->value)
        return a->value < b->value ? -1 : 1;
    return (a->row > b->row) - (a->row < b->row);
}

void dd_scenario_doubles(struct dd_scenario_key *keys, size_t count, void *context,
                         void (*found)(void *context, size_t first_row, size_t later_row))
{
    size_t first = 0;
    if (count == 0)
        return;
    qsort(keys, count, sizeof *keys, compare_keys);
    for (size_t i = 1; i < count; i++) {
        if (keys[i].value == keys[first].value)
            found(context, keys[first].row, keys[i].row);
        else
            first = i;
    }
}

/* The kinds of the programme that scenario.yaml names. */
static enum dd_status find_programme(struct dd_scenario_build *b,
                                     const struct dd_scenario_programmes *programmes)
{
    char quoted[DD_FAULT_QUOTE_BYTES];
    const char *code = b->scenario->programme;
    if (!code || !dd_text_code_ok(dd_slice_of(code)))
        return DD_OK; /* listed already, and no name of a file */
    enum dd_status status =
        programmes->find(programmes->self, b->dir, code, &b->scenario->kinds, b->faults);
    b->has_kinds = status == DD_OK;
    if (status == DD_INVALID)
        return DD_OK;
    if (status != DD_NOT_FOUND)
        return status;
    dd_faults_add(b->faults, DD_SCENARIO_YAML, b->programme_line, "programme",
                  "%s is no programme; it is looked up in the scenario's folder, then among those"
                  " that come with dondoc",
                  dd_faults_quote(quoted, code));
    return DD_OK;
}

bool dd_scenario_registers(const struct dd_scenario_build *b)
{
    return !b->has_kinds || b->scenario->kinds.count > 0;
}

bool dd_scenario_names_reports(const struct dd_scenario_build *b)
{
    return !b->has_kinds || !b->scenario->kinds.takes_no_reports;
}

/* Keys that scenario.yaml lacks though the programme needs them. Without a period the table is that
 * of the year. */
static enum dd_status check_needs(struct dd_scenario_build *b)
{
    static const char *const keys[] = {"register", "appraise", "approve", "period", "reports"};
    struct dd_scenario *s = b->scenario;
    for (size_t i = 0; i < DD_SCENARIO_NEEDS; i++) {
        bool needed =
            i == DD_SCENARIO_NEED_REPORTS ? dd_scenario_names_reports(b) : dd_scenario_registers(b);
        if (needed && b->missing_line[i] != 0)
            dd_faults_add(b->faults, DD_SCENARIO_YAML, b->missing_line[i], keys[i],
                          "the key is missing; it is required");
    }
    if (b->missing_line[DD_SCENARIO_NEED_PERIOD] == 0 || !b->has_year)
        return DD_OK;
    char *code = dd_arena_take(b->arena, 12);
    if (!code)
        return DD_NO_MEMORY;
    snprintf(code, 12, "%d", s->year);
    s->period.code = code;
    (void)dd_day_from_civil(s->year, 1, 1, &s->period.from);
    (void)dd_day_from_civil(s->year, 12, 31, &s->period.to);
    return DD_OK;
}

static enum dd_status read_files(struct dd_scenario_build *b,
                                 const struct dd_scenario_programmes *programmes)
{
    enum dd_status status = dd_scenario_read_yaml(b);
    if (status == DD_OK)
        status = find_programme(b, programmes);
    if (status == DD_OK)
        status = check_needs(b);
    if (status == DD_OK)
        status = dd_scenario_read_units(b);
    if (status == DD_OK)
        status = dd_scenario_read_indicators(b);
    if (status == DD_OK)
        status = dd_scenario_read_accounts(b);
    if (status == DD_OK)
        status = dd_scenario_read_reports(b);
    if (status == DD_OK)
        status = dd_scenario_read_calendar(b);
    if (status == DD_OK)
        status = dd_scenario_read_acts(b);
    if (status == DD_OK)
        dd_scenario_check_people(b);
    return status;
}

/* False, with the one fault, if there is no such folder. */
static bool check_folder(const char *dir, struct dd_faults *faults)
{
    struct stat info;
    const char *what = NULL;
    if (stat(dir, &info) != 0)
        what = strerror(errno);
    else if (!S_ISDIR(info.st_mode))
        what = "it is not a folder";
    if (what)
        dd_faults_add(faults, DD_SCENARIO_YAML, 1, "file",
                      "the scenario's folder %s cannot be read: %s", dir, what);
    return what == NULL;
}

enum dd_status dd_scenario_read(const char *dir, const struct dd_scenario_programmes *programmes,
                                struct dd_scenario **out, struct dd_faults *faults)
{
    *out = NULL;
    if (!check_folder(dir, faults))
        return faults->no_memory ? DD_NO_MEMORY : DD_INVALID;
    struct dd_scenario_memory *memory = calloc(1, sizeof *memory);
    if (!memory)
        return DD_NO_MEMORY;
    memory->arena = dd_arena_make(SIZE_MAX / 4);
    memory->scenario.memory = memory;
    struct dd_scenario_build build = {
        .dir = dir, .scenario = &memory->scenario, .arena = &memory->arena, .faults = faults};
    size_t before = faults->count;
    enum dd_status status = read_files(&build, programmes);
    dd_faults_sort(faults, files, sizeof files / sizeof files[0]);
    if (status == DD_OK && faults->no_memory)
        status = DD_NO_MEMORY;
    if (status == DD_OK && faults->count > before)
        status = DD_INVALID;
    if (status == DD_OK)
        *out = &memory->scenario;
    else
        dd_scenario_free(&memory->scenario);
    return status;
}

void dd_scenario_free(struct dd_scenario *scenario)
{
    if (!scenario)
        return;
    struct dd_scenario_memory *memory = scenario->memory;
    dd_arena_free(&memory->arena);
    free(memory);
}
