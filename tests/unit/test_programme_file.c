/* Programmes from YAML: those that come with dondoc, every kind of fault with its place, and where
 * programmes are looked for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "clients/cli/programme_file.h"
#include "core/calendar.h"

enum { TEXT_BYTES = 64 * 1024 };

static struct dd_arena arena;
static struct dd_programme programme;

static int fresh(void **state)
{
    (void)state;
    arena = dd_arena_make(16 * 1024 * 1024);
    return 0;
}

static int gone(void **state)
{
    (void)state;
    dd_arena_free(&arena);
    return 0;
}

static const char good[] = "code: yearly\n"
                           "version: 3\n"
                           "name: {vi: Năm, en: Year}\n"
                           "kinds:\n"
                           "  - {code: own, max_tasks: 5, counted: true}\n"
                           "stages:\n"
                           "  - key: hand\n"
                           "    act: hand-in\n"
                           "    by: head\n"
                           "    word: by\n"
                           "    date: hand\n"
                           "    rungs: [-7, 0, 3]\n"
                           "    superior: [1]\n"
                           "  - {key: check, act: decide, by: appraiser}\n"
                           "  - {key: report, act: report, by: head, silence: lapses}\n";

/* The faults of the text, line by line, as they are printed. */
static enum dd_status faults_of(const char *text, char *out, size_t out_size)
{
    struct dd_yaml_faults faults = {.list = NULL};
    enum dd_status status = dd_programme_file_parse(dd_slice_of(text), &arena, &programme, &faults);
    FILE *file = fmemopen(out, out_size, "w");
    assert_non_null(file);
    dd_yaml_faults_print(&faults, "p", file);
    assert_int_equal(status == DD_INVALID, faults.count > 0);
    fclose(file);
    dd_yaml_faults_free(&faults);
    return status;
}

static void a_programme_is_read_whole(void **state)
{
    char faults[1024] = "";
    (void)state;
    assert_int_equal(faults_of(good, faults, sizeof faults), DD_OK);
    assert_true(dd_slice_equal(programme.code, dd_slice_of("yearly")));
    assert_int_equal(programme.version, 3);
    assert_true(dd_slice_equal(programme.name_vi, dd_slice_of("Năm")));
    assert_int_equal(programme.kind_count, 1);
    assert_int_equal(programme.kind[0].max_tasks, 5);
    assert_true(programme.kind[0].counted);
    assert_int_equal(programme.stage_count, 3);
    const struct dd_stage *stage = &programme.stage[0];
    assert_int_equal(stage->act, DD_ACT_HAND_IN);
    assert_int_equal(stage->deadline.word, DD_WORD_BY);
    assert_int_equal(stage->silence, DD_SILENCE_MISSING);
    assert_int_equal(stage->rung_count, 4);
    static const int8_t rungs[] = {-7, 0, 1, 3};
    assert_memory_equal(stage->rung, rungs, sizeof rungs);
    assert_true(stage->superior[2]);
    assert_false(stage->superior[3]);
    assert_int_equal(programme.stage[2].silence, DD_SILENCE_LAPSES);
}

/* One text of the good programme is replaced; the faults that must come of it. */
struct bad {
    const char *old;
    const char *new;
    const char *faults;
};

static const struct bad bads[] = {
    {"version: 3\n", "", "p:1:1: version: the key is missing; it is required\n"},
    {"version: 3", "version: 0", "p:2:10: version: \"0\" is no whole number from 1 to 65535\n"},
    {"version: 3", "version: 65536",
     "p:2:10: version: \"65536\" is no whole number from 1 to 65535\n"},
    {"version: 3", "version: 3\nversion: 4", "p:3:1: version: the key stands twice\n"},
    {"version: 3", "version: [3]",
     "p:2:10: version: must be a single value, not a list or mapping\n"},
    {"code: yearly", "code: 'a b'",
     "p:1:7: code: \"a b\" is no code; a code is 1 to 48 of a-z A-Z 0-9 . _ - and begins with a "
     "letter or digit\n"},
    {"{vi: Năm, en: Year}", "{vi: '', en: Year}", "p:3:12: name.vi: is empty\n"},
    {"{vi: Năm, en: Year}", "text", "p:3:7: name: must be a mapping of keys to values\n"},
    {"counted: true", "counted: yes", "p:5:40: kinds[1].counted: must be true or false\n"},
    {"  - {code: own, max_tasks: 5, counted: true}",
     "  - {code: own, max_tasks: 5, counted: true}\n  - {code: own, max_tasks: 1, counted: true}",
     "p:6:12: kinds[2].code: the code own stands twice\n"},
    {"act: hand-in", "act: hand",
     "p:8:10: stages[1].act: \"hand\" is not known; it is hand-in, decide, report, outcome or "
     "answer\n"
     "p:14:23: stages[2].act: never reached: decide comes after the stage that hands in what is "
     "decided on\n"},
    {"    date: hand\n", "",
     "p:7:5: stages[1].deadline: the word is there and no day: date, or every, says which day it "
     "is about\n"},
    {"    word: by\n", "",
     "p:10:11: stages[1].date: the word is needed: before, by or on, as the source has it\n"},
    {"key: check", "key: hand", "p:14:11: stages[2].key: the key hand stands twice\n"},
    {"by: appraiser", "by: head",
     "p:14:35: stages[2].by: the unit that hands in would decide on its own submission; an "
     "appraiser or approver decides\n"},
    {"silence: lapses", "date: x",
     "p:15:48: stages[3].date: the word is needed: before, by or on, as the source has it\n"},
    {"silence: lapses", "first_approver_adjusts: true",
     "p:15:66: stages[3].first_approver_adjusts: belongs to a decide stage of the dossier\n"},
    {"silence: lapses}", "silence: lapses}\n  - {key: two, act: report, by: head}",
     "p:16:21: stages[4].act: only one stage takes the reports that the cycle names; give the "
     "others a deadline with every or date, or any_time\n"},
    {"superior: [1]", "superior: [0]",
     "p:13:15: stages[1].superior: rung 0 stands twice; a rung goes to the unit or to the "
     "superior\n"},
    {"[-7, 0, 3]", "[-121, 0, 3]",
     "p:12:13: stages[1].rungs[1]: \"-121\" is no whole number from -120 to 120\n"},
    {"[-7, 0, 3]", "[-7, +0, 3]", NULL},
    {"[-7, 0, 3]", "{a: 1}", "p:12:12: stages[1].rungs: must be a list\n"},
    {"stages:", "stage:",
     "p:6:1: file: unknown key \"stage\"; did you mean stages? the keys are code, version, name, "
     "source, issued, progress_signed, kinds, matters, stages, forms\n"},
    {"stages:", "steps:", NULL},
    {"version: 3", "version: 3\nissued: 2013-02-30",
     "p:3:9: issued: \"2013-02-30\" is no date; dates are YYYY-MM-DD\n"},
    {"stages:", "stages: [}", NULL},
};

static void every_fault_is_listed_with_line_and_column(void **state)
{
    static char text[TEXT_BYTES];
    char faults[4096];
    (void)state;
    for (size_t i = 0; i < sizeof bads / sizeof bads[0]; i++) {
        const char *at = strstr(good, bads[i].old);
        assert_non_null(at);
        snprintf(text, sizeof text, "%.*s%s%s", (int)(at - good), good, bads[i].new,
                 at + strlen(bads[i].old));
        memset(faults, 0, sizeof faults);
        if (faults_of(text, faults, sizeof faults) != DD_INVALID)
            fail_msg("taken: %s", bads[i].new);
        if (bads[i].faults && !strstr(faults, bads[i].faults))
            fail_msg("case %zu gives\n%sinstead of\n%s", i, faults, bads[i].faults);
    }
}

static void several_faults_come_together_in_the_order_of_the_file(void **state)
{
    char faults[2048] = "";
    (void)state;
    assert_int_equal(faults_of("stages: 5\nversion: x\nbogus: 1\n", faults, sizeof faults),
                     DD_INVALID);
    assert_string_equal(
        faults, "p:1:1: code: the key is missing; it is required\n"
                "p:1:1: name: the key is missing; it is required\n"
                "p:1:9: stages: must be a list\n"
                "p:2:10: version: \"x\" is no whole number from 1 to 65535\n"
                "p:3:1: file: unknown key \"bogus\"; the keys are code, version, name, source, "
                "issued, progress_signed, kinds, matters, stages, forms\n");
}

static void rungs_stop_at_the_limit(void **state)
{
    char faults[1024] = "";
    (void)state;
    static const char twelve[] =
        "code: a\nversion: 1\nname: {vi: a}\nstages:\n"
        "  - {key: r, act: report, by: head, rungs: [0,1,2,3,4,5,6,7,8,9,10], superior: [11]}\n";
    static const char thirteen[] =
        "code: a\nversion: 1\nname: {vi: a}\nstages:\n"
        "  - {key: r, act: report, by: head, rungs: [0,1,2,3,4,5,6,7,8,9,10,12], superior: [11]}\n";
    assert_int_equal(faults_of(twelve, faults, sizeof faults), DD_OK);
    assert_int_equal(programme.stage[0].rung_count, DD_RUNGS_MAX);
    assert_int_equal(faults_of(thirteen, faults, sizeof faults), DD_INVALID);
    assert_non_null(strstr(faults, "at most 12 rungs"));
}

static void what_is_no_text_no_yaml_or_too_deep_is_a_fault(void **state)
{
    static char deep[TEXT_BYTES];
    char faults[1024] = "";
    (void)state;
    assert_int_equal(faults_of("", faults, sizeof faults), DD_INVALID);
    assert_non_null(strstr(faults, "p:1:1: file: is empty"));
    assert_int_equal(faults_of("code: \xff\n", faults, sizeof faults), DD_INVALID);
    assert_non_null(strstr(faults, "is not text in UTF-8"));
    assert_int_equal(faults_of("a: b\n---\nc: d\n", faults, sizeof faults), DD_INVALID);
    assert_non_null(strstr(faults, "there is a second document"));
    memset(deep, '[', sizeof deep - 1);
    assert_int_equal(faults_of(deep, faults, sizeof faults), DD_INVALID);
    assert_non_null(strstr(faults, "p:1:66: file: brackets are nested more than 64 deep"));
}

static void read_good(const char *path)
{
    struct dd_yaml_faults faults = {.list = NULL};
    enum dd_status status = dd_programme_file_read(path, &arena, &programme, &faults);
    dd_yaml_faults_print(&faults, path, stderr);
    dd_yaml_faults_free(&faults);
    assert_int_equal(status, DD_OK);
}

static void the_key_tasks_programme_has_its_stages_and_rungs(void **state)
{
    static const int8_t rungs[] = {-7, -3, -1, 0, 1, 3, 5};
    (void)state;
    read_good(DD_SOURCE_DIR "/programmes/key-tasks.yaml");
    assert_true(dd_slice_equal(programme.code, dd_slice_of("key-tasks")));
    assert_int_equal(programme.kind_count, 2);
    assert_true(programme.kind[0].counted && !programme.kind[1].counted);
    assert_int_equal(programme.kind[1].max_tasks, 5);
    assert_int_equal(programme.stage_count, 5);
    const struct dd_stage *stage = programme.stage;
    static const enum dd_act acts[] = {DD_ACT_HAND_IN, DD_ACT_DECIDE, DD_ACT_DECIDE, DD_ACT_REPORT,
                                       DD_ACT_OUTCOME};
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(stage[i].act, acts[i]);
    for (size_t i = 0; i < 5; i += 3) {
        assert_int_equal(stage[i].rung_count, sizeof rungs);
        assert_memory_equal(stage[i].rung, rungs, sizeof rungs);
        for (size_t k = 0; k < sizeof rungs; k++)
            assert_int_equal(stage[i].superior[k], rungs[k] == 5);
    }
    assert_int_equal(stage[1].rung_count + stage[2].rung_count, 0);
    assert_true(stage[1].skipped_by_adjustment && stage[2].first_approver_adjusts);
    assert_int_equal(stage[4].rung_count, 1);
    assert_int_equal(stage[4].rung[0], 0);
    assert_int_equal(stage[4].deadline.word, DD_WORD_ON);
}

static void the_example_in_the_readme_is_a_programme(void **state)
{
    struct dd_slice readme;
    char faults[1024] = "";
    static char example[TEXT_BYTES];
    (void)state;
    assert_int_equal(
        dd_file_slurp(DD_SOURCE_DIR "/programmes/README.md", TEXT_BYTES, &arena, &readme), DD_OK);
    const char *start = strstr((const char *)readme.data, "```yaml\n");
    assert_non_null(start);
    start += 8;
    const char *end = strstr(start, "```");
    assert_non_null(end);
    snprintf(example, sizeof example, "%.*s", (int)(end - start), start);
    assert_int_equal(faults_of(example, faults, sizeof faults), DD_OK);
    assert_string_equal(faults, "");
    assert_int_equal(programme.stage_count, 4);
}

/* The stage of that key in the programme that was read last. */
static const struct dd_stage *stage_of(const char *key)
{
    uint8_t i = dd_programme_stage_of_key(&programme, dd_slice_of(key));
    assert_true(i < programme.stage_count);
    return &programme.stage[i];
}

static void assert_day(struct dd_day_rule rule, int month, int day)
{
    assert_int_equal(rule.month, month);
    assert_int_equal(rule.day, day);
}

static void the_example_has_every_kind_of_deadline(void **state)
{
    (void)state;
    read_good(DD_SOURCE_DIR "/programmes/example.yaml");
    const struct dd_deadline_rule *rule = &stage_of("register")->deadline;
    assert_int_equal(rule->word, DD_WORD_BEFORE);
    assert_int_equal(rule->every, DD_CADENCE_YEAR);
    assert_day(rule->on, 11 - 12, 15);
    rule = &stage_of("appraise")->deadline;
    assert_true(dd_slice_equal(rule->date, dd_slice_of("appraise")) && rule->roll);
    rule = &stage_of("approve")->deadline;
    assert_int_equal(rule->anchor, DD_ANCHOR_OPENING);
    assert_int_equal(rule->days, 10);
    assert_true(rule->working && rule->word == 0);
    rule = &stage_of("weekly")->deadline;
    assert_day(rule->on, 2, 5);
    assert_day(rule->closing, 2, 4);
    rule = &stage_of("monthly")->deadline;
    assert_day(rule->on, 1, 25);
    assert_day(rule->closing, 1, 14);
    assert_int_equal(rule->except, 1 << 6 | 1 << 12);
    assert_true(rule->first_year == 2013 && rule->last_year == 2030);
    rule = &stage_of("quarterly")->deadline;
    assert_day(rule->on, 3, 20);
    assert_int_equal(rule->word, DD_WORD_ON);
    rule = &stage_of("half-year")->deadline;
    assert_day(rule->on, 7, 20);
    assert_day(rule->closing, 6, 31);
    assert_int_equal(rule->except, 1 << 2);
    rule = &stage_of("rules")->deadline;
    assert_day(rule->on, 12, 31);
    assert_true(rule->first_year == 2013 && rule->last_year == 2013);
    rule = &stage_of("accounts")->deadline;
    assert_day(rule->on, 2 + 12, 20);
    assert_day(rule->closing, 1 + 12, 31);
    rule = &stage_of("paper")->deadline;
    assert_int_equal(rule->anchor, DD_ANCHOR_AT);
    assert_int_equal(rule->days, -1);
    assert_int_equal(stage_of("conclusion")->deadline.days, 3);
}

static void the_example_has_every_key_of_a_stage_and_a_matter(void **state)
{
    (void)state;
    read_good(DD_SOURCE_DIR "/programmes/example.yaml");
    int32_t issued;
    assert_true(dd_day_parse(dd_slice_of("2013-01-02"), &issued));
    assert_true(programme.progress_signed && programme.issued_day == issued);
    assert_int_equal(programme.kind_count, 5);
    const struct dd_item_kind *kind = &programme.kind[2];
    assert_true(kind->matter && kind->needs_due && !kind->needs_instant && !kind->counted);
    assert_int_equal(kind->opened_by, DD_ROLE_HEAD);
    assert_int_equal(kind->opened_in, DD_WHERE_OWNER);
    assert_int_equal(kind->signers, 1 << DD_CAPACITY_FOR_HEAD | 1 << DD_CAPACITY_BY_ORDER);
    assert_int_equal(programme.kind[3].opened_in, DD_WHERE_HOST);
    assert_true(programme.kind[3].counted && programme.kind[4].needs_instant);
    const struct dd_stage *stage = stage_of("appraise");
    assert_int_equal(stage->bent_by, DD_ROLE_APPROVER);
    assert_true(stage->extensions == 2 && stage->extension_days == 30);
    stage = stage_of("monthly");
    assert_int_equal(stage->group_count, 2);
    assert_int_equal(stage->signers, 1 << DD_CAPACITY_FOR_HEAD);
    assert_true(dd_slice_equal(stage->yields_to, dd_slice_of("quarterly")));
    assert_true(dd_slice_equal(stage->form, dd_slice_of("desk")) && stage->reason_when_late);
    assert_true(stage->extensions == DD_EXTENSIONS_DEFAULT &&
                stage->extension_days == DD_EXTENSION_DAYS_DEFAULT);
    stage = stage_of("half-year");
    assert_true(stage->yields_to.size == 0 && stage->refuse_after_bound);
    assert_int_equal(stage_of("quarterly")->signers, 0);
    assert_true(stage_of("alert")->any_time);
    assert_true(dd_slice_equal(stage_of("appraised-score")->requires, dd_slice_of("self-score")));
    stage = stage_of("opinion");
    assert_int_equal(stage->silence, DD_SILENCE_AGREES);
    assert_int_equal(stage->who, DD_WHO_EACH);
    assert_true(stage->choice_count == 2 && stage->pass_choice == 1 && stage->pass_percent == 50);
    assert_false(stage->pass_of_cast);
    assert_int_equal(stage_of("carry-out")->who, DD_WHO_OWNER);
    assert_int_equal(stage_of("paper")->who, DD_WHO_EACH);
}

static void the_example_has_every_key_of_a_form(void **state)
{
    struct dd_form form;
    struct dd_figure figure;
    (void)state;
    read_good(DD_SOURCE_DIR "/programmes/example.yaml");
    assert_int_equal(programme.form_count, 3);
    assert_true(dd_form_find(programme.forms, dd_slice_of("desk"), &form));
    assert_int_equal(form.figure_count, 5);
    assert_true(!form.figure[0].may_estimate && form.figure[1].may_estimate);
    const struct dd_form_figure *rate = &form.figure[4];
    assert_true(rate->optional && rate->has_max && rate->has_target);
    assert_true(dd_figure_parse(dd_slice_of("98.50"), &figure));
    assert_int_equal(rate->target.mantissa, figure.mantissa);
    assert_int_equal(rate->target.scale, 2);
    assert_int_equal(form.check_count, 3);
    assert_int_equal(form.check[0].check, DD_CHECK_RUNNING);
    assert_true(form.check[2].note && form.check[2].has_bound);
    assert_true(dd_form_find(programme.forms, dd_slice_of("papers"), &form));
    assert_int_equal(form.part_count, 2);
    assert_true(dd_slice_equal(form.part[1], dd_slice_of("draft")));
}

static void load(const char *path, struct dd_slice *out)
{
    assert_int_equal(dd_file_slurp(path, TEXT_BYTES, &arena, out), DD_OK);
}

/* The key stands in the example as one, and in the document's tables. */
static void assert_explained(const char *key, size_t size, struct dd_slice example,
                             struct dd_slice readme)
{
    char text[64];
    snprintf(text, sizeof text, "%.*s:", (int)size, key);
    if (!strstr((const char *)example.data, text))
        fail_msg("the example has no %s", text);
    snprintf(text, sizeof text, "`%.*s`", (int)size, key);
    bool plain = strstr((const char *)readme.data, text) != NULL;
    text[0] = '.';
    if (!plain && !strstr((const char *)readme.data, text))
        fail_msg("the document has no %s", text + 1);
}

/* A key that is not known has all known ones listed: so no key is forgotten here. */
static void the_example_uses_and_the_document_explains_every_key(void **state)
{
    static const char text[] =
        "qqqqqqqqqq: 1\nname: {qqqqqqqqqq: 1}\n"
        "kinds: [{qqqqqqqqqq: 1}]\nmatters: [{qqqqqqqqqq: 1}]\n"
        "stages: [{qqqqqqqqqq: 1, deadline: {qqqqqqqqqq: 1, closing: {qqqqqqqqqq: 1}},\n"
        "  overlap: {qqqqqqqqqq: 1}, answers: [{qqqqqqqqqq: 1}], passes: {qqqqqqqqqq: 1}}]\n"
        "forms: [{qqqqqqqqqq: 1, figures: [{qqqqqqqqqq: 1}], checks: [{qqqqqqqqqq: 1}]}]\n";
    static const char mark[] = "the keys are ";
    static char faults[TEXT_BYTES];
    struct dd_slice example;
    struct dd_slice readme;
    size_t mappings = 0;
    (void)state;
    load(DD_SOURCE_DIR "/programmes/example.yaml", &example);
    load(DD_SOURCE_DIR "/programmes/README.md", &readme);
    assert_int_equal(faults_of(text, faults, sizeof faults), DD_INVALID);
    for (const char *at = strstr(faults, mark); at; at = strstr(at, mark)) {
        at += sizeof mark - 1;
        mappings++;
        while (*at != '\n') {
            size_t size = strcspn(at, ",\n");
            assert_explained(at, size, example, readme);
            at += size;
            at += strspn(at, ", ");
        }
    }
    assert_int_equal(mappings, 13);
}

static void a_deadline_alone_and_its_short_form_are_the_same(void **state)
{
    static const char text[] = "code: a\nversion: 1\nname: {vi: a}\n"
                               "kinds: [{code: own, max_tasks: 1, counted: true}]\n"
                               "stages:\n"
                               "  - {key: a, act: hand-in, by: head, %s}\n";
    static const char *const forms[] = {"word: by, date: d, roll: true",
                                        "deadline: {word: by, date: d, roll: true}"};
    struct dd_deadline_rule rule[2];
    char whole[512];
    char faults[512] = "";
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        snprintf(whole, sizeof whole, text, forms[i]);
        assert_int_equal(faults_of(whole, faults, sizeof faults), DD_OK);
        rule[i] = programme.stage[0].deadline;
    }
    assert_true(dd_slice_equal(rule[0].date, rule[1].date));
    assert_true(rule[0].word == rule[1].word && rule[0].roll && rule[1].roll);
    snprintf(whole, sizeof whole, text, "word: by, deadline: {word: by, date: d}");
    assert_int_equal(faults_of(whole, faults, sizeof faults), DD_INVALID);
    assert_non_null(strstr(faults, "stages[1].word: stands in the deadline or beside it"));
}

static void a_programme_is_found_in_the_folder_first_and_then_where_the_environment_says(
    void **state)
{
    char path[DD_PATH_BYTES];
    (void)state;
    unsetenv("DONDOC_PROGRAMMES");
    assert_int_equal(dd_programme_file_find(DD_SOURCE_DIR "/programmes", "key-tasks", path), DD_OK);
    assert_string_equal(path, DD_SOURCE_DIR "/programmes/key-tasks.yaml");
    setenv("DONDOC_PROGRAMMES", DD_SOURCE_DIR "/programmes", 1);
    assert_int_equal(dd_programme_file_find("/nowhere", "key-tasks", path), DD_OK);
    assert_int_equal(dd_programme_file_find(NULL, "no-such-programme", path), DD_NOT_FOUND);
    assert_int_equal(dd_programme_file_find(NULL, "../programmes/key-tasks", path), DD_INVALID);
}

static void the_finder_gives_kinds_and_lists_faults(void **state)
{
    struct dd_scenario_programmes finder = dd_programme_file_finder();
    struct dd_scenario_kinds kinds = {.count = 0};
    struct dd_faults faults = {.list = NULL};
    char dir[] = "/tmp/dd-programme-XXXXXX";
    char path[64];
    (void)state;
    unsetenv("DONDOC_PROGRAMMES");
    assert_int_equal(
        finder.find(finder.self, DD_SOURCE_DIR "/programmes", "key-tasks", &kinds, &faults), DD_OK);
    assert_int_equal(kinds.count, 2);
    assert_string_equal(kinds.kind[0].code, "own");
    assert_int_equal(finder.find(finder.self, "/nowhere", "no-such", &kinds, &faults),
                     DD_NOT_FOUND);
    assert_int_equal(faults.count, 0);
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/x.yaml", dir);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("code: x\nversion: 1\nname: {vi: x}\nstages: no\n", file);
    fclose(file);
    assert_int_equal(finder.find(finder.self, dir, "x", &kinds, &faults), DD_INVALID);
    assert_int_equal(faults.count, 1);
    assert_int_equal(faults.list[0].line, 4);
    dd_faults_free(&faults);
    unlink(path);
    rmdir(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_programme_is_read_whole),
        cmocka_unit_test(every_fault_is_listed_with_line_and_column),
        cmocka_unit_test(several_faults_come_together_in_the_order_of_the_file),
        cmocka_unit_test(rungs_stop_at_the_limit),
        cmocka_unit_test(what_is_no_text_no_yaml_or_too_deep_is_a_fault),
        cmocka_unit_test(the_key_tasks_programme_has_its_stages_and_rungs),
        cmocka_unit_test(the_example_in_the_readme_is_a_programme),
        cmocka_unit_test(the_example_has_every_kind_of_deadline),
        cmocka_unit_test(the_example_has_every_key_of_a_stage_and_a_matter),
        cmocka_unit_test(the_example_has_every_key_of_a_form),
        cmocka_unit_test(the_example_uses_and_the_document_explains_every_key),
        cmocka_unit_test(a_deadline_alone_and_its_short_form_are_the_same),
        cmocka_unit_test(
            a_programme_is_found_in_the_folder_first_and_then_where_the_environment_says),
        cmocka_unit_test(the_finder_gives_kinds_and_lists_faults),
    };
    return cmocka_run_group_tests(tests, fresh, gone);
}
