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
    assert_int_equal(stage->word, DD_WORD_BY);
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
     "p:6:5: kinds: the code own stands twice\n"},
    {"act: hand-in", "act: hand",
     "p:8:10: stages[1].act: \"hand\" is not known; it is hand-in, decide, report or outcome\n"
     "p:14:5: stages[2].act: decide comes after the stage that hands in\n"},
    {"    date: hand\n", "",
     "p:7:5: stages[1].date: word and date stand together, or neither "
     "does\n"},
    {"key: check", "key: hand", "p:14:5: stages[2].key: the key hand stands twice\n"},
    {"by: appraiser", "by: head", "p:14:5: stages[2].by: an appraiser or approver decides\n"},
    {"silence: lapses", "date: x",
     "p:15:5: stages[3].date: reports and indicators bring their own "
     "dates\n"},
    {"silence: lapses", "first_approver_adjusts: true",
     "p:15:5: stages[3].act: skipped_by_adjustment and first_approver_adjusts are of decide\n"},
    {"silence: lapses}", "silence: lapses}\n  - {key: two, act: report, by: head}",
     "p:16:5: stages[4].act: only decide may stand in several stages\n"},
    {"superior: [1]", "superior: [0]",
     "p:13:15: stages[1].superior: rung 0 stands twice; a rung goes to the unit or to the "
     "superior\n"},
    {"[-7, 0, 3]", "[-121, 0, 3]",
     "p:12:13: stages[1].rungs[1]: \"-121\" is no whole number from -120 to 120\n"},
    {"[-7, 0, 3]", "[-7, +0, 3]", NULL},
    {"[-7, 0, 3]", "{a: 1}", "p:12:12: stages[1].rungs: must be a list\n"},
    {"stages:", "steps:", NULL},
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
                "progress_signed, kinds, stages\n");
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
    assert_int_equal(stage[4].word, DD_WORD_ON);
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
        cmocka_unit_test(
            a_programme_is_found_in_the_folder_first_and_then_where_the_environment_says),
        cmocka_unit_test(the_finder_gives_kinds_and_lists_faults),
    };
    return cmocka_run_group_tests(tests, fresh, gone);
}
