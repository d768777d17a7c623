/* Programmes from YAML: the table of keys, what becomes of it, and where files are found. See
 * clients/cli/programme_file.h. */
#include "clients/cli/programme_file.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clients/cli/programme_file_parts.h"
#include "clients/cli/sentence.h"
#include "core/duty.h"
#include "core/hash.h"
#include "core/text.h"

enum { PATH_SHOWN_BYTES = 160, TEXT_BYTES = 400, ARENA_BYTES = 8 * 1024 * 1024, PERIODS_MAX = 12 };

#define INSTALLED_PROGRAMMES "/usr/share/dondoc/programmes"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define OPTIONS(name) \
    { \
        name##_words, COUNT(name##_words), 0 \
    }

/* The words of options; their order is that of the enums in programme_file_parts.h. */
static const struct dd_yaml_field needs_words[] = {{.name = "due"}, {.name = "at"}};
static const struct dd_yaml_field which_words[] = {{.name = "previous"}, {.name = "next"}};
static const struct dd_yaml_field month_words[] = {
    {.name = "previous"}, {.name = "next"}, {.name = "first"}, {.name = "last"}};
static const struct dd_yaml_field last_words[] = {{.name = "last"}};
static const struct dd_yaml_field owed_words[] = {{.name = "both"}, {.name = "longer"}};
static const struct dd_yaml_field base_words[] = {{.name = "asked"}, {.name = "answers"}};
static const struct dd_yaml_field weekday_words[] = {
    {.name = "monday"}, {.name = "tuesday"},  {.name = "wednesday"}, {.name = "thursday"},
    {.name = "friday"}, {.name = "saturday"}, {.name = "sunday"}};
static const struct dd_yaml_form needs_options = OPTIONS(needs);
static const struct dd_yaml_form which_options = OPTIONS(which);
static const struct dd_yaml_form month_options = OPTIONS(month);
static const struct dd_yaml_form owed_options = OPTIONS(owed);
static const struct dd_yaml_form base_options = OPTIONS(base);
static const struct dd_yaml_form weekday_options = OPTIONS(weekday);
static const struct dd_yaml_form day_options = OPTIONS(last);

/* A key of struct dd_file_OF; then its bounds, its vocabulary, its form. */
#define FIELD(of, name, type, required, member, min, max, vocabulary, form) \
    { \
        name, type, required, offsetof(struct dd_file_##of, member), min, max, vocabulary, form \
    }
#define CODE(of, name, required, member) \
    FIELD(of, name, DD_YAML_CODE, required, member, 0, 0, 0, NULL)
#define TEXT(of, name, required, member, max) \
    FIELD(of, name, DD_YAML_TEXT, required, member, 0, max, 0, NULL)
#define SWITCH(of, name, member) FIELD(of, name, DD_YAML_SWITCH, false, member, 0, 0, 0, NULL)
#define WORD(of, name, required, member, vocabulary) \
    FIELD(of, name, DD_YAML_WORD, required, member, 0, 0, vocabulary, NULL)
#define NAMES(of, member) FIELD(of, "name", DD_YAML_MAP, false, member, 0, 0, 0, &names_form)
#define OPTION(of, name, member, max, options) \
    FIELD(of, name, DD_YAML_OPTION, false, member, 1, max, 0, options)
#define MAPS(of, name, member, max, form) \
    FIELD(of, name, DD_YAML_MAPS, false, member, 0, max, 0, form)
#define FORM(of) \
    { \
        of##_fields, COUNT(of##_fields), sizeof(struct dd_file_##of) \
    }

static const struct dd_yaml_field names_fields[] = {
    TEXT(names, "vi", true, vi, DD_NAME_BYTES_MAX),
    TEXT(names, "en", false, en, DD_NAME_BYTES_MAX)};
static const struct dd_yaml_form names_form = FORM(names);

static const struct dd_yaml_field kind_fields[] = {
    CODE(kind, "code", true, code), NAMES(kind, name),
    FIELD(kind, "max_tasks", DD_YAML_WHOLE, true, max_tasks, 1, DD_TASK_NUMBER_MAX, 0, NULL),
    FIELD(kind, "counted", DD_YAML_SWITCH, true, counted, 0, 0, 0, NULL)};
static const struct dd_yaml_form kind_form = FORM(kind);

static const struct dd_yaml_field matter_fields[] = {
    CODE(matter, "code", true, code),
    NAMES(matter, name),
    WORD(matter, "opened_by", true, opened_by, DD_WORDS_ROLE),
    WORD(matter, "opened_in", false, opened_in, DD_WORDS_WHERE),
    FIELD(matter, "signers", DD_YAML_WORDS, false, signers, 0, 0, DD_WORDS_CAPACITY, NULL),
    SWITCH(matter, "counted", counted),
    OPTION(matter, "needs", needs, 0, &needs_options)};
static const struct dd_yaml_form matter_form = FORM(matter);

#define DAY_FIELDS(of, base) \
    OPTION(of, "day", base day, 31, &day_options), \
        OPTION(of, "weekday", base weekday, 0, &weekday_options), \
        OPTION(of, "month", base month, PERIODS_MAX, &month_options), \
        OPTION(of, "year", base year, 0, &which_options), \
        OPTION(of, "week", base week, 0, &which_options)

static const struct dd_yaml_field day_fields[] = {DAY_FIELDS(day, )};
static const struct dd_yaml_form day_form = FORM(day);

#define YEAR(name, member) \
    FIELD(deadline, name, DD_YAML_OPTION, false, member, DD_YEAR_MIN, DD_FILE_YEAR_MAX, 0, NULL)

static const struct dd_yaml_field deadline_fields[] = {
    WORD(deadline, "word", false, word, DD_WORDS_WORD),
    CODE(deadline, "date", false, date),
    WORD(deadline, "every", false, every, DD_WORDS_CADENCE),
    DAY_FIELDS(deadline, on.),
    FIELD(deadline, "except", DD_YAML_WHOLES, false, except, 1, PERIODS_MAX, 0, NULL),
    FIELD(deadline, "only", DD_YAML_WHOLES, false, only, 1, PERIODS_MAX, 0, NULL),
    YEAR("in", in),
    YEAR("since", since),
    YEAR("until", until),
    FIELD(deadline, "closing", DD_YAML_MAP, false, closing, 0, 0, 0, &day_form),
    FIELD(deadline, "days", DD_YAML_OPTION, false, days, 0, DD_RELATIVE_DAYS_MAX, 0, NULL),
    WORD(deadline, "before", false, before, DD_WORDS_ANCHOR),
    WORD(deadline, "after", false, after, DD_WORDS_ANCHOR),
    SWITCH(deadline, "working", working),
    SWITCH(deadline, "roll", roll)};
static const struct dd_yaml_form deadline_form = FORM(deadline);

static const struct dd_yaml_field overlap_fields[] = {
    CODE(overlap, "with", true, with),
    FIELD(overlap, "owed", DD_YAML_OPTION, true, owed, 0, 0, 0, &owed_options)};
static const struct dd_yaml_form overlap_form = FORM(overlap);

static const struct dd_yaml_field answer_fields[] = {CODE(answer, "code", true, code),
                                                     NAMES(answer, name)};
static const struct dd_yaml_form answer_form = FORM(answer);

static const struct dd_yaml_field passes_fields[] = {
    CODE(passes, "answer", true, answer), TEXT(passes, "more_than", true, more_than, 8),
    FIELD(passes, "of", DD_YAML_OPTION, true, of, 0, 0, 0, &base_options)};
static const struct dd_yaml_form passes_form = FORM(passes);

#define RUNGS(name, member) \
    FIELD(stage, name, DD_YAML_WHOLES, false, member, -DD_FILE_RUNG_DAYS_MAX, \
          DD_FILE_RUNG_DAYS_MAX, 0, NULL)

static const struct dd_yaml_field stage_fields[] = {
    CODE(stage, "key", true, key),
    NAMES(stage, name),
    WORD(stage, "act", true, act, DD_WORDS_ACT),
    WORD(stage, "by", true, by, DD_WORDS_ROLE),
    CODE(stage, "of", false, of),
    WORD(stage, "who", false, who, DD_WORDS_WHO),
    FIELD(stage, "for", DD_YAML_CODES, false, groups, 0, DD_STAGE_GROUPS_MAX, 0, NULL),
    FIELD(stage, "signers", DD_YAML_WORDS, false, signers, 0, 0, DD_WORDS_CAPACITY, NULL),
    FIELD(stage, "deadline", DD_YAML_MAP, false, deadline, 0, 0, 0, &deadline_form),
    WORD(stage, "word", false, word, DD_WORDS_WORD),
    CODE(stage, "date", false, date),
    SWITCH(stage, "roll", roll),
    WORD(stage, "silence", false, silence, DD_WORDS_SILENCE),
    SWITCH(stage, "refuse_after_bound", refuse_after_bound),
    SWITCH(stage, "any_time", any_time),
    SWITCH(stage, "reason_when_late", reason_when_late),
    SWITCH(stage, "skipped_by_adjustment", skipped_by_adjustment),
    SWITCH(stage, "first_approver_adjusts", first_approver_adjusts),
    CODE(stage, "form", false, form),
    CODE(stage, "requires", false, needed),
    FIELD(stage, "overlap", DD_YAML_MAPS, false, overlap, 1, DD_STAGES_MAX, 0, &overlap_form),
    MAPS(stage, "answers", answers, DD_CHOICES_MAX, &answer_form),
    FIELD(stage, "passes", DD_YAML_MAP, false, passes, 0, 0, 0, &passes_form),
    WORD(stage, "bent_by", false, bent_by, DD_WORDS_ROLE),
    FIELD(stage, "extensions", DD_YAML_OPTION, false, extensions, 0, 9, 0, NULL),
    FIELD(stage, "extension_days", DD_YAML_OPTION, false, extension_days, 1, DD_EXTENSION_DAYS_MAX,
          0, NULL),
    SWITCH(stage, "working_days", working_days),
    RUNGS("rungs", rungs),
    RUNGS("superior", superior)};
static const struct dd_yaml_form stage_form = FORM(stage);

static const struct dd_yaml_field figure_fields[] = {
    CODE(figure, "key", true, key),
    NAMES(figure, name),
    TEXT(figure, "unit", false, unit, DD_UOM_BYTES_MAX),
    SWITCH(figure, "optional", optional),
    SWITCH(figure, "estimate", estimate),
    FIELD(figure, "max", DD_YAML_FIGURE, false, max, 0, 0, 0, NULL),
    FIELD(figure, "target", DD_YAML_FIGURE, false, target, 0, 0, 0, NULL)};
static const struct dd_yaml_form figure_form = FORM(figure);

static const struct dd_yaml_field check_fields[] = {
    WORD(check, "check", true, check, DD_WORDS_CHECK), CODE(check, "figure", true, figure),
    FIELD(check, "of", DD_YAML_CODES, false, of, 0, DD_TERMS_MAX, 0, NULL),
    FIELD(check, "bound", DD_YAML_FIGURE, false, bound, 0, 0, 0, NULL),
    SWITCH(check, "note", note)};
static const struct dd_yaml_form check_form = FORM(check);

static const struct dd_yaml_field form_fields[] = {
    CODE(form, "key", true, key), NAMES(form, name),
    MAPS(form, "figures", figures, DD_FIGURES_MAX, &figure_form),
    MAPS(form, "checks", checks, DD_CHECKS_MAX, &check_form),
    FIELD(form, "parts", DD_YAML_CODES, false, parts, 0, DD_PARTS_MAX, 0, NULL)};
static const struct dd_yaml_form form_form = FORM(form);

#define TOP(name, type, required, member, min, max, form) \
    { \
        name, type, required, offsetof(struct dd_file, member), min, max, 0, form \
    }
static const struct dd_yaml_field file_fields[] = {
    TOP("code", DD_YAML_CODE, true, code, 0, 0, NULL),
    TOP("version", DD_YAML_WHOLE, true, version, 1, UINT16_MAX, NULL),
    TOP("name", DD_YAML_MAP, true, name, 0, 0, &names_form),
    TOP("source", DD_YAML_TEXT, false, source, 0, DD_NAME_BYTES_MAX, NULL),
    TOP("issued", DD_YAML_DAY, false, issued_day, 0, 0, NULL),
    TOP("progress_signed", DD_YAML_SWITCH, false, progress_signed, 0, 0, NULL),
    TOP("kinds", DD_YAML_MAPS, false, kinds, 0, DD_ITEM_KINDS_MAX, &kind_form),
    TOP("matters", DD_YAML_MAPS, false, matters, 0, DD_ITEM_KINDS_MAX, &matter_form),
    TOP("stages", DD_YAML_MAPS, true, stages, 0, DD_STAGES_MAX, &stage_form),
    TOP("forms", DD_YAML_MAPS, false, forms, 0, DD_FORMS_MAX, &form_form)};
static const struct dd_yaml_form file_form = {file_fields, COUNT(file_fields),
                                              sizeof(struct dd_file)};

void dd_compile_fault(struct dd_compile *c, const char *list, size_t index, const char *key,
                      const char *format, ...)
{
    char path[DD_FILE_PATH_BYTES];
    char text[TEXT_BYTES];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    snprintf(path, sizeof path, "%s[%zu].%s", list, index + 1, key);
    dd_yaml_fault_add(c->faults, dd_yaml_mark_at(c->faults, path), path, "%s", text);
}

static void put_kinds(struct dd_compile *c)
{
    const struct dd_file_kind *kinds = c->file->kinds.items;
    const struct dd_file_matter *matters = c->file->matters.items;
    struct dd_programme *out = c->out;
    for (size_t i = 0; i < c->file->kinds.count; i++)
        out->kind[out->kind_count++] =
            (struct dd_item_kind){.code = kinds[i].code,
                                  .name_vi = kinds[i].name.vi,
                                  .name_en = kinds[i].name.en,
                                  .max_tasks = (uint16_t)kinds[i].max_tasks,
                                  .counted = kinds[i].counted};
    for (size_t i = 0; i < c->file->matters.count; i++) {
        if (out->kind_count == DD_ITEM_KINDS_MAX) {
            dd_yaml_fault_add(c->faults, matters[i].mark, "matters",
                              "kinds and matters are at most %d together", DD_ITEM_KINDS_MAX);
            return;
        }
        out->kind[out->kind_count++] = (struct dd_item_kind){
            .code = matters[i].code,
            .name_vi = matters[i].name.vi,
            .name_en = matters[i].name.en,
            .counted = matters[i].counted,
            .matter = true,
            .opened_by = (enum dd_role)matters[i].opened_by,
            .opened_in =
                matters[i].opened_in ? (enum dd_where)matters[i].opened_in : DD_WHERE_OWNER,
            .signers = dd_compile_signers(&matters[i].signers),
            .needs_due = matters[i].needs.word == DD_FILE_NEEDS_DUE,
            .needs_instant = matters[i].needs.word == DD_FILE_NEEDS_AT};
    }
}

static void put_programme(struct dd_compile *c)
{
    const struct dd_file *file = c->file;
    struct dd_programme *out = c->out;
    memset(out, 0, sizeof *out);
    out->code = file->code;
    out->version = (uint16_t)file->version;
    out->name_vi = file->name.vi;
    out->name_en = file->name.en;
    out->source = file->source;
    out->issued_day = file->issued_day;
    out->progress_signed = file->progress_signed;
    put_kinds(c);
    dd_compile_stages(c);
    dd_compile_forms(c);
}

/* Gives the last part of the path the name that it has in a file. */
static void rename_key(char path[DD_FILE_PATH_BYTES])
{
    static const char *const names[][2] = {{"groups", "for"},         {"choices", "answers"},
                                           {"pass_choice", "passes"}, {"yields_to", "overlap"},
                                           {"terms", "of"},           {"unit_of_measure", "unit"}};
    char *last = strrchr(path, '.');
    for (size_t i = 0; last && i < COUNT(names); i++) {
        if (strcmp(last + 1, names[i][0]) != 0)
            continue;
        snprintf(last + 1, DD_FILE_PATH_BYTES - (size_t)(last + 1 - path), "%s", names[i][1]);
        return;
    }
}

/* The file's path of a field that the core names: it counts from 0, and has matters among the
 * kinds. */
static void path_of_field(const struct dd_file *file, const char *field,
                          char out[DD_FILE_PATH_BYTES])
{
    size_t at = 0;
    while (*field && at + 24 < DD_FILE_PATH_BYTES) {
        char *end = NULL;
        out[at++] = *field;
        if (*field++ != '[')
            continue;
        size_t index = strtoul(field, &end, 10);
        if (end == field)
            continue;
        if (at == sizeof "kinds[" - 1 && strncmp(out, "kinds[", at) == 0 &&
            index >= file->kinds.count) {
            index -= file->kinds.count;
            at = (size_t)snprintf(out, DD_FILE_PATH_BYTES, "matters[");
        }
        at += (size_t)snprintf(out + at, DD_FILE_PATH_BYTES - at, "%zu", index + 1);
        field = end;
    }
    out[at] = '\0';
    rename_key(out);
}

/* The core has the last word: what it refuses is never sent. */
static void check_by_core(struct dd_compile *c)
{
    struct dd_refusal refusal;
    char path[DD_FILE_PATH_BYTES];
    char text[TEXT_BYTES];
    if (c->faults->count > 0 || dd_programme_check(c->out, &refusal) == DD_OK)
        return;
    path_of_field(c->file, refusal.field, path);
    refusal.field[0] = '\0';
    dd_sentence(DD_LANGUAGE_EN, &refusal, text, sizeof text);
    const char *rule = strstr(text, ": "); /* what became of a message says nothing of a file */
    dd_yaml_fault_add(c->faults, dd_yaml_mark_at(c->faults, path), path, "%s",
                      rule ? rule + 2 : text);
}

enum dd_status dd_programme_file_lint(struct dd_slice bytes, struct dd_arena *arena,
                                      struct dd_programme *out, struct dd_yaml_faults *faults,
                                      struct dd_yaml_faults *warnings)
{
    struct dd_file *file = dd_arena_take(arena, sizeof *file);
    struct dd_compile c = {file, out, arena, faults, false};
    size_t before = faults->count;
    if (!file)
        return DD_NO_MEMORY;
    enum dd_status status = dd_yaml_read(bytes, &file_form, arena, file, faults);
    if (status == DD_NO_MEMORY)
        return status;
    put_programme(&c);
    dd_sha256(bytes, out->source_hash);
    dd_compile_check(&c);
    check_by_core(&c);
    if (faults->count == before)
        dd_compile_check_periods(&c);
    if (warnings && faults->count == before)
        dd_compile_warn(&c, warnings);
    if (c.no_memory || faults->no_memory || (warnings && warnings->no_memory))
        return DD_NO_MEMORY;
    return faults->count == before ? DD_OK : DD_INVALID;
}

enum dd_status dd_programme_file_parse(struct dd_slice bytes, struct dd_arena *arena,
                                       struct dd_programme *out, struct dd_yaml_faults *faults)
{
    return dd_programme_file_lint(bytes, arena, out, faults, NULL);
}

enum dd_status dd_programme_file_read(const char *path, struct dd_arena *arena,
                                      struct dd_programme *out, struct dd_yaml_faults *faults)
{
    struct dd_slice bytes;
    enum dd_status status = dd_file_slurp(path, DD_YAML_BYTES_MAX, arena, &bytes);
    return status == DD_OK ? dd_programme_file_parse(bytes, arena, out, faults) : status;
}

/* DIR/CODE.yaml if it can be read. */
static bool is_in(const char *dir, const char *code, char path[DD_PATH_BYTES])
{
    char name[DD_CODE_BYTES_MAX + 8];
    snprintf(name, sizeof name, "%.48s.yaml", code);
    return dd_data_path(dir, name, path) && access(path, R_OK) == 0;
}

static bool is_beside_program(const char *code, char path[DD_PATH_BYTES])
{
    char program[DD_PATH_BYTES];
    char dir[DD_PATH_BYTES];
    ssize_t size = readlink("/proc/self/exe", program, sizeof program - 1);
    if (size <= 0)
        return false;
    program[size] = 0;
    char *slash = strrchr(program, '/');
    if (!slash)
        return false;
    *slash = 0;
    return dd_data_path(program, "../programmes", dir) && is_in(dir, code, path);
}

enum dd_status dd_programme_file_find(const char *dir, const char *code, char path[DD_PATH_BYTES])
{
    const char *named = getenv("DONDOC_PROGRAMMES");
    if (!dd_text_code_ok(dd_slice_of(code)))
        return DD_INVALID;
    if (dir && is_in(dir, code, path))
        return DD_OK;
    if (named && *named && is_in(named, code, path))
        return DD_OK;
    if (is_beside_program(code, path) || is_in(INSTALLED_PROGRAMMES, code, path))
        return DD_OK;
    return DD_NOT_FOUND;
}

/* In the form of a scenario's faults: the key's path stands where a table has its column. */
static void list_faults(const struct dd_yaml_faults *found, const char *file,
                        struct dd_faults *faults)
{
    for (size_t i = 0; i < found->count; i++) {
        const struct dd_yaml_fault *fault = &found->list[i];
        const char *end = strstr(fault->text, ": ");
        char path[PATH_SHOWN_BYTES] = "file";
        if (end && end > fault->text)
            snprintf(path, sizeof path, "%.*s", (int)(end - fault->text), fault->text);
        dd_faults_add(faults, file, fault->mark.line, path, "%s", end ? end + 2 : fault->text);
    }
}

static enum dd_status find_kinds(void *self, const char *dir, const char *code,
                                 struct dd_scenario_kinds *kinds, struct dd_faults *faults)
{
    char path[DD_PATH_BYTES];
    char file[DD_CODE_BYTES_MAX + sizeof ".yaml"];
    struct dd_arena arena = dd_arena_make(ARENA_BYTES);
    struct dd_yaml_faults found = {.list = NULL};
    struct dd_programme programme;
    (void)self;
    enum dd_status status = dd_programme_file_find(dir, code, path);
    if (status != DD_OK)
        return DD_NOT_FOUND;
    status = dd_programme_file_read(path, &arena, &programme, &found);
    snprintf(file, sizeof file, "%s.yaml", code);
    if (status == DD_INVALID)
        list_faults(&found, file, faults);
    if (status == DD_OK && !dd_slice_equal(programme.code, dd_slice_of(code))) {
        dd_faults_add(faults, file, 1, "code", "is %.*s; the programme of this file is called %s",
                      (int)programme.code.size, (const char *)programme.code.data, code);
        status = DD_INVALID;
    }
    kinds->count = 0;
    for (size_t i = 0; status == DD_OK && i < programme.kind_count; i++) {
        if (programme.kind[i].matter)
            continue; /* no task is registered under it */
        dd_slice_text(programme.kind[i].code, kinds->kind[kinds->count].code,
                      sizeof kinds->kind[kinds->count].code);
        kinds->kind[kinds->count].max_tasks = programme.kind[i].max_tasks;
        kinds->count++;
    }
    kinds->takes_no_reports =
        status == DD_OK && dd_named_report_stage(&programme) == programme.stage_count;
    dd_yaml_faults_free(&found);
    dd_arena_free(&arena);
    return status;
}

struct dd_scenario_programmes dd_programme_file_finder(void)
{
    return (struct dd_scenario_programmes){NULL, find_kinds};
}
