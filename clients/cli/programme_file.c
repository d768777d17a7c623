/* Programmes from YAML: one table of keys, then the checks between them. See
 * clients/cli/programme_file.h. */
#include "clients/cli/programme_file.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/hash.h"
#include "core/text.h"

enum { RUNG_DAYS_MAX = 120, PATH_SHOWN_BYTES = 160, ARENA_BYTES = 8 * 1024 * 1024 };

#define INSTALLED_PROGRAMMES "/usr/share/dondoc/programmes"

struct names {
    struct dd_yaml_mark mark;
    struct dd_slice vi;
    struct dd_slice en;
};

struct kind {
    struct dd_yaml_mark mark;
    struct dd_slice code;
    int32_t max_tasks;
    bool counted;
};

struct stage {
    struct dd_yaml_mark mark;
    struct dd_slice key;
    int act;
    int by;
    int word;
    struct dd_slice date;
    bool roll;
    int silence;
    bool refuse_after_bound;
    bool skipped_by_adjustment;
    bool first_approver_adjusts;
    bool working_days;
    struct dd_yaml_list rungs;    /* of int32_t */
    struct dd_yaml_list superior; /* of int32_t */
};

struct file {
    struct dd_yaml_mark mark;
    struct dd_slice code;
    int32_t version;
    struct names name;
    struct dd_slice source;
    bool progress_signed;
    struct dd_yaml_list kinds;  /* of struct kind */
    struct dd_yaml_list stages; /* of struct stage */
};

static const struct dd_yaml_field name_fields[] = {
    {"vi", DD_YAML_TEXT, true, offsetof(struct names, vi), 0, DD_NAME_BYTES_MAX, 0, NULL},
    {"en", DD_YAML_TEXT, false, offsetof(struct names, en), 0, DD_NAME_BYTES_MAX, 0, NULL},
};
static const struct dd_yaml_form name_form = {name_fields, 2, sizeof(struct names)};

static const struct dd_yaml_field kind_fields[] = {
    {"code", DD_YAML_CODE, true, offsetof(struct kind, code), 0, 0, 0, NULL},
    {"max_tasks", DD_YAML_WHOLE, true, offsetof(struct kind, max_tasks), 1, DD_TASK_NUMBER_MAX, 0,
     NULL},
    {"counted", DD_YAML_SWITCH, true, offsetof(struct kind, counted), 0, 0, 0, NULL},
};
static const struct dd_yaml_form kind_form = {kind_fields, 3, sizeof(struct kind)};

#define STAGE(name, type, required, member, vocabulary) \
    { \
        name, type, required, offsetof(struct stage, member), -RUNG_DAYS_MAX, RUNG_DAYS_MAX, \
            vocabulary, NULL \
    }
static const struct dd_yaml_field stage_fields[] = {
    STAGE("key", DD_YAML_CODE, true, key, 0),
    STAGE("act", DD_YAML_WORD, true, act, DD_WORDS_ACT),
    STAGE("by", DD_YAML_WORD, true, by, DD_WORDS_ROLE),
    STAGE("word", DD_YAML_WORD, false, word, DD_WORDS_WORD),
    STAGE("date", DD_YAML_CODE, false, date, 0),
    STAGE("roll", DD_YAML_SWITCH, false, roll, 0),
    STAGE("silence", DD_YAML_WORD, false, silence, DD_WORDS_SILENCE),
    STAGE("refuse_after_bound", DD_YAML_SWITCH, false, refuse_after_bound, 0),
    STAGE("skipped_by_adjustment", DD_YAML_SWITCH, false, skipped_by_adjustment, 0),
    STAGE("first_approver_adjusts", DD_YAML_SWITCH, false, first_approver_adjusts, 0),
    STAGE("working_days", DD_YAML_SWITCH, false, working_days, 0),
    STAGE("rungs", DD_YAML_WHOLES, false, rungs, 0),
    STAGE("superior", DD_YAML_WHOLES, false, superior, 0),
};
static const struct dd_yaml_form stage_form = {
    stage_fields, sizeof stage_fields / sizeof stage_fields[0], sizeof(struct stage)};

static const struct dd_yaml_field file_fields[] = {
    {"code", DD_YAML_CODE, true, offsetof(struct file, code), 0, 0, 0, NULL},
    {"version", DD_YAML_WHOLE, true, offsetof(struct file, version), 1, UINT16_MAX, 0, NULL},
    {"name", DD_YAML_MAP, true, offsetof(struct file, name), 0, 0, 0, &name_form},
    {"source", DD_YAML_TEXT, false, offsetof(struct file, source), 0, DD_NAME_BYTES_MAX, 0, NULL},
    {"progress_signed", DD_YAML_SWITCH, false, offsetof(struct file, progress_signed), 0, 0, 0,
     NULL},
    {"kinds", DD_YAML_MAPS, false, offsetof(struct file, kinds), 0, DD_ITEM_KINDS_MAX, 0,
     &kind_form},
    {"stages", DD_YAML_MAPS, true, offsetof(struct file, stages), 0, DD_STAGES_MAX, 0, &stage_form},
};
static const struct dd_yaml_form file_form = {
    file_fields, sizeof file_fields / sizeof file_fields[0], sizeof(struct file)};

struct checking {
    const struct file *file;
    struct dd_yaml_faults *faults;
};

static void check_kinds(struct checking *c)
{
    const struct kind *kinds = c->file->kinds.items;
    for (size_t i = 0; i < c->file->kinds.count; i++) {
        for (size_t k = 0; k < i; k++) {
            if (kinds[i].code.size > 0 && dd_slice_equal(kinds[i].code, kinds[k].code)) {
                dd_yaml_fault_add(c->faults, kinds[i].mark, "kinds", "the code %.48s stands twice",
                                  (const char *)kinds[i].code.data);
                break;
            }
        }
    }
}

/* The key under which a stage is named in a fault. */
static const char *stage_path(size_t index, const char *key, char out[48])
{
    snprintf(out, 48, "stages[%zu].%s", index + 1, key);
    return out;
}

static void check_stage_order(struct checking *c, size_t index)
{
    const struct stage *stages = c->file->stages.items;
    const struct stage *stage = &stages[index];
    char path[48];
    bool handed_in = false;
    for (size_t k = 0; k < index; k++) {
        if (stage->key.size > 0 && dd_slice_equal(stages[k].key, stage->key))
            dd_yaml_fault_add(c->faults, stage->mark, stage_path(index, "key", path),
                              "the key %.48s stands twice", (const char *)stage->key.data);
        if (stage->act != 0 && stage->act != DD_ACT_DECIDE && stages[k].act == stage->act)
            dd_yaml_fault_add(c->faults, stage->mark, stage_path(index, "act", path),
                              "only decide may stand in several stages");
        handed_in = handed_in || stages[k].act == DD_ACT_HAND_IN;
    }
    if (stage->act == DD_ACT_DECIDE && !handed_in)
        dd_yaml_fault_add(c->faults, stage->mark, stage_path(index, "act", path),
                          "decide comes after the stage that hands in");
}

static void check_stage(struct checking *c, size_t index)
{
    const struct stage *stage = &((const struct stage *)c->file->stages.items)[index];
    char path[48];
    bool decides = stage->act == DD_ACT_DECIDE;
    bool dated = decides || stage->act == DD_ACT_HAND_IN;
    check_stage_order(c, index);
    if (dated && (stage->word != 0) != (stage->date.size > 0))
        dd_yaml_fault_add(c->faults, stage->mark, stage_path(index, "date", path),
                          "word and date stand together, or neither does");
    if (!dated && stage->act != 0 && stage->date.size > 0)
        dd_yaml_fault_add(c->faults, stage->mark, stage_path(index, "date", path),
                          "reports and indicators bring their own dates");
    if (decides && stage->by != 0 && stage->by != DD_ROLE_APPRAISER &&
        stage->by != DD_ROLE_APPROVER)
        dd_yaml_fault_add(c->faults, stage->mark, stage_path(index, "by", path),
                          "an appraiser or approver decides");
    if (!decides && (stage->skipped_by_adjustment || stage->first_approver_adjusts))
        dd_yaml_fault_add(c->faults, stage->mark, stage_path(index, "act", path),
                          "skipped_by_adjustment and first_approver_adjusts are of decide");
    if (stage->rungs.count + stage->superior.count > DD_RUNGS_MAX)
        dd_yaml_fault_add(c->faults, stage->rungs.mark, stage_path(index, "rungs", path),
                          "a stage has at most %d rungs, those of the superior included",
                          DD_RUNGS_MAX);
}

/* Puts the rungs of one list among those of the stage, in rising order. */
static void put_rungs(struct checking *c, size_t index, const struct dd_yaml_list *list,
                      bool superior, struct dd_stage *out)
{
    const int32_t *days = list->items;
    char path[48];
    for (size_t i = 0; i < list->count; i++) {
        size_t at = out->rung_count;
        if (at == DD_RUNGS_MAX)
            return; /* listed already */
        while (at > 0 && out->rung[at - 1] > days[i])
            at--;
        if (at > 0 && out->rung[at - 1] == days[i]) {
            dd_yaml_fault_add(
                c->faults, list->mark, stage_path(index, superior ? "superior" : "rungs", path),
                "rung %ld stands twice; a rung goes to the unit or to the superior", (long)days[i]);
            continue;
        }
        size_t behind = out->rung_count - at;
        memmove(&out->rung[at + 1], &out->rung[at], behind * sizeof out->rung[0]);
        memmove(&out->superior[at + 1], &out->superior[at], behind * sizeof out->superior[0]);
        out->rung[at] = (int8_t)days[i];
        out->superior[at] = superior;
        out->rung_count++;
    }
}

static void put_stage(struct checking *c, size_t index, struct dd_stage *out)
{
    const struct stage *stage = &((const struct stage *)c->file->stages.items)[index];
    *out = (struct dd_stage){.key = stage->key,
                             .act = (enum dd_act)stage->act,
                             .by = (enum dd_role)stage->by,
                             .word = (enum dd_deadline_word)stage->word,
                             .date = stage->date,
                             .roll = stage->roll,
                             .silence = stage->silence == 0 ? DD_SILENCE_MISSING
                                                            : (enum dd_silence)stage->silence,
                             .refuse_after_bound = stage->refuse_after_bound,
                             .skipped_by_adjustment = stage->skipped_by_adjustment,
                             .first_approver_adjusts = stage->first_approver_adjusts,
                             .working_days = stage->working_days};
    put_rungs(c, index, &stage->rungs, false, out);
    put_rungs(c, index, &stage->superior, true, out);
}

static void put_programme(struct checking *c, struct dd_programme *out)
{
    const struct file *file = c->file;
    const struct kind *kinds = file->kinds.items;
    memset(out, 0, sizeof *out);
    out->code = file->code;
    out->version = (uint16_t)file->version;
    out->name_vi = file->name.vi;
    out->name_en = file->name.en;
    out->source = file->source;
    out->progress_signed = file->progress_signed;
    out->kind_count = (uint8_t)file->kinds.count;
    for (size_t i = 0; i < file->kinds.count; i++)
        out->kind[i] = (struct dd_item_kind){.code = kinds[i].code,
                                             .max_tasks = (uint16_t)kinds[i].max_tasks,
                                             .counted = kinds[i].counted};
    out->stage_count = (uint8_t)file->stages.count;
    for (size_t i = 0; i < file->stages.count; i++)
        put_stage(c, i, &out->stage[i]);
}

enum dd_status dd_programme_file_parse(struct dd_slice bytes, struct dd_arena *arena,
                                       struct dd_programme *out, struct dd_yaml_faults *faults)
{
    struct file file = {.version = 0};
    struct checking c = {&file, faults};
    struct dd_refusal refusal;
    enum dd_status status = dd_yaml_read(bytes, &file_form, arena, &file, faults);
    if (status == DD_NO_MEMORY)
        return status;
    check_kinds(&c);
    for (size_t i = 0; i < file.stages.count; i++)
        check_stage(&c, i);
    put_programme(&c, out);
    dd_sha256(bytes, out->source_hash);
    /* The core has the last word: what it refuses is never sent. */
    if (faults->count == 0 && dd_programme_check(out, &refusal) != DD_OK)
        dd_yaml_fault_add(faults, file.mark, refusal.field, "%s", dd_rule_english(refusal.rule));
    if (faults->no_memory)
        return DD_NO_MEMORY;
    return faults->count == 0 ? DD_OK : DD_INVALID;
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
        dd_slice_text(programme.kind[i].code, kinds->kind[i].code, sizeof kinds->kind[i].code);
        kinds->kind[i].max_tasks = programme.kind[i].max_tasks;
        kinds->count++;
    }
    dd_yaml_faults_free(&found);
    dd_arena_free(&arena);
    return status;
}

struct dd_scenario_programmes dd_programme_file_finder(void)
{
    return (struct dd_scenario_programmes){NULL, find_kinds};
}
