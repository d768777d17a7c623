/* Rule sets from YAML: those that come with dondoc and the example of their README, every kind of
 * fault with its line, and what people hand in as CSV. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "clients/cli/programme_file.h"
#include "clients/cli/score_facts.h"
#include "clients/cli/score_file.h"
#include "clients/cli/score_sheets.h"
#include "core/form.h"

enum { TEXT_BYTES = 64 * 1024, FAULTS_BYTES = 8192 };

static struct dd_arena arena;
static struct dd_score_rules rules;
static char faults_text[FAULTS_BYTES];

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

/* Reads a rule set; its faults, as they are printed, are in faults_text. */
static enum dd_status parse(struct dd_slice bytes)
{
    struct dd_yaml_faults faults = {.list = NULL};
    enum dd_status status = dd_score_file_parse(bytes, &arena, &rules, &faults);
    memset(faults_text, 0, sizeof faults_text);
    FILE *file = fmemopen(faults_text, sizeof faults_text - 1, "w");
    assert_non_null(file);
    dd_yaml_faults_print(&faults, "r", file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(status == DD_INVALID, faults.count > 0);
    dd_yaml_faults_free(&faults);
    return status;
}

static void has(const char *part)
{
    if (!strstr(faults_text, part))
        fail_msg("\"%s\" is not in:\n%s", part, faults_text);
}

static size_t lines(void)
{
    size_t count = 0;
    for (const char *c = faults_text; *c; c++)
        count += *c == '\n' ? 1 : 0;
    return count;
}

static void load(const char *name)
{
    char path[512];
    struct dd_slice bytes;
    snprintf(path, sizeof path, DD_SOURCE_DIR "/scores/%s", name);
    assert_int_equal(dd_file_slurp(path, TEXT_BYTES, &arena, &bytes), DD_OK);
    if (parse(bytes) != DD_OK)
        fail_msg("%s", faults_text);
}

static void is(struct dd_figure figure, int64_t hundredths)
{
    assert_int_equal(figure.scale, 2);
    assert_int_equal(figure.mantissa, hundredths);
}

static void decree_90_has_its_bars(void **state)
{
    (void)state;
    load("decree-90-2020.yaml");
    assert_int_equal(rules.criterion_count, 0);
    assert_int_equal(rules.class_count, 4);
    const struct dd_score_condition *excellent = rules.class_[0].conditions.list;
    assert_int_equal(rules.class_[0].conditions.count, 5);
    assert_int_equal(excellent[1].part.fact[0], DD_SCORE_FACT_EXCEEDED);
    assert_int_equal(excellent[1].compare, DD_SCORE_AT_LEAST);
    assert_int_equal(excellent[1].bound, 50);
    assert_int_equal(excellent[1].of.fact[0], DD_SCORE_FACT_REGISTERED);
    assert_false(excellent[1].empty_met);
    assert_int_equal(excellent[2].part.count, 2);
    assert_int_equal(excellent[2].compare, DD_SCORE_AT_MOST);
    assert_int_equal(excellent[2].bound, 0);
    assert_int_equal(excellent[4].bound, 70);
    assert_true(excellent[4].empty_met);
    assert_int_equal(rules.class_[1].conditions.list[1].bound, 80);
    assert_int_equal(rules.class_[2].conditions.list[0].compare, DD_SCORE_MORE_THAN);
    assert_int_equal(rules.not_when.count, 3);
    assert_int_equal(rules.rated_when.count, 1);
    assert_int_equal(rules.ceiling[0].percent, 20);
    assert_int_equal(rules.ceiling[0].of, 1U << 1);
    assert_int_equal(rules.ceiling[0].within, DD_SCORE_WITHIN_GROUP);
    assert_int_equal(rules.ceiling[0].tie, DD_SCORE_TIE_NONE);
}

static void decree_335_has_thirty_and_seventy_points(void **state)
{
    struct dd_score score;
    struct dd_score_facts facts = {.value = {[DD_SCORE_FACT_REGISTERED] = 12,
                                             [DD_SCORE_FACT_COMPLETED] = 8,
                                             [DD_SCORE_FACT_ITEMS_ON_TIME] = 8,
                                             [DD_SCORE_FACT_ITEMS_MISSING] = 2}};
    struct dd_score_given given = {dd_slice_of("general"), DD_SCORE_COLUMN_APPROVED, {275, 1}};
    (void)state;
    load("decree-335-2025.yaml");
    const struct dd_score_criterion *general = dd_score_find(&rules, dd_slice_of("general"));
    const struct dd_score_criterion *results = dd_score_find(&rules, dd_slice_of("results"));
    const struct dd_score_criterion *progress = dd_score_find(&rules, dd_slice_of("progress"));
    is(general->max, 3000);
    is(results->max, 7000);
    assert_int_equal(progress->percent, 25);
    is(rules.class_[0].min, 9000);
    is(rules.class_[1].min, 7000);
    is(rules.class_[2].min, 5000);
    assert_int_equal(rules.ceiling[0].percent, 20);
    /* 27.50 + 14 * 8/12 + 14 + 14 * (1 - 2/10 * 25 %) + 14 + 7 */
    assert_int_equal(dd_score_make(&rules, &facts, &given, 1, false, &arena, &score), DD_OK);
    is(score.points, 2750 + 933 + 1400 + 1330 + 1400 + 700);
}

static void the_index_has_a_hundred_points_of_which_32_by_survey(void **state)
{
    (void)state;
    load("par-index.yaml");
    int64_t survey = 0;
    int64_t all = 0;
    for (size_t i = 0; i < rules.criterion_count; i++) {
        bool leaf = rules.criterion[i].kind != DD_SCORE_SUM;
        all += leaf ? rules.criterion[i].max.mantissa : 0;
        survey += leaf && rules.criterion[i].survey ? rules.criterion[i].max.mantissa : 0;
    }
    assert_int_equal(all, 10000);
    assert_int_equal(survey, 3200);
}

static void the_example_of_the_readme_is_a_rule_set(void **state)
{
    static const char begin[] = "```yaml\n";
    struct dd_slice bytes;
    (void)state;
    assert_int_equal(dd_file_slurp(DD_SOURCE_DIR "/scores/README.md", TEXT_BYTES, &arena, &bytes),
                     DD_OK);
    const char *from = strstr((const char *)bytes.data, begin);
    assert_non_null(from);
    from += strlen(begin);
    const char *end = strstr(from, "```");
    assert_non_null(end);
    assert_int_equal(parse((struct dd_slice){(const uint8_t *)from, (size_t)(end - from)}), DD_OK);
    assert_int_equal(rules.criterion_count, 3);
    is(dd_score_find(&rules, dd_slice_of("reports"))->max, 2000); /* that of its part */
    assert_int_equal(rules.ceiling[0].tie, DD_SCORE_TIE_ALL);
}

static void every_fact_stands_in_the_readme(void **state)
{
    struct dd_slice bytes;
    const char *word;
    (void)state;
    assert_int_equal(dd_file_slurp(DD_SOURCE_DIR "/scores/README.md", TEXT_BYTES, &arena, &bytes),
                     DD_OK);
    for (size_t i = 0; (word = dd_score_word(DD_SCORE_WORDS_FACT, i)) != NULL; i++) {
        char quoted[64];
        snprintf(quoted, sizeof quoted, "`%s`", word);
        if (!strstr((const char *)bytes.data, quoted))
            fail_msg("%s is not explained", quoted);
    }
}

/* A good file: line 5 has the criterion, 7 and 8 the classes, 10 the ceiling. */
#define GOOD_BEGIN "code: c\nversion: 1\nname: {vi: N}\nin_force: 2026-01-01\n"
#define GOOD_CRITERION \
    "criteria: [{key: k, name: {vi: N}, kind: share, max: 10, part: [completed], " \
    "of: [registered]}]\n"
#define GOOD_CLASSES \
    "classes:\n  - {code: a, name: {vi: A}, min: 5}\n  - {code: b, name: {vi: B}}\n"
#define GOOD_CEILING "ceilings:\n  - {class: a, percent: 20, of: [b], by: all, tie: none}\n"

static const struct {
    const char *file;
    const char *fault; /* NULL: none */
} file_cases[] = {
    {GOOD_BEGIN GOOD_CRITERION GOOD_CLASSES GOOD_CEILING, NULL},
    {GOOD_BEGIN GOOD_CRITERION "colour: red\n" GOOD_CLASSES, "r:6:1: file: unknown key"},
    {GOOD_BEGIN GOOD_CRITERION, "r:1:1: classes: the key is missing; it is required"},
    {GOOD_BEGIN "criteria:\n  - {key: k, name: {vi: N}, kind: gift, max: 10}\n" GOOD_CLASSES,
     "r:6:35: criteria[1].kind: \"gift\" is not known; it is sum, share, deduct, given, "},
    {GOOD_BEGIN "criteria:\n  - {key: k, name: {vi: N}, kind: given, max: 10.001}\n" GOOD_CLASSES,
     "r:6:47: criteria[1].max: points are a number of at most 2 places"},
    {GOOD_BEGIN "criteria:\n  - {key: k, name: {vi: N}, kind: given, max: -1}\n" GOOD_CLASSES,
     "r:6:47: criteria[1].max: points are"},
    {GOOD_BEGIN "criteria:\n  - {key: k, name: {vi: N}, kind: given}\n" GOOD_CLASSES,
     "r:6:5: criteria[1]: max is from 0.01 to 10000"},
    {GOOD_BEGIN
     "criteria:\n  - {key: k, name: {vi: N}, parent: j, kind: given, max: 10}\n" GOOD_CLASSES,
     "r:6:37: criteria[1].parent: there is no criterion of that key before this one"},
    {GOOD_BEGIN "criteria:\n  - {key: k, name: {vi: N}, kind: share, max: 10, "
                "part: [complete], of: [registered]}\n" GOOD_CLASSES,
     "r:6:57: criteria[1].part: \"complete\" is not known; it is registered_year, registered, "},
    {GOOD_BEGIN
     "criteria:\n  - {key: k, name: {vi: N}, kind: given, max: 10, empty: half}\n" GOOD_CLASSES,
     "r:6:58: criteria[1].empty: \"half\" is not known; it is skip, full, none"},
    {GOOD_BEGIN GOOD_CRITERION "classes:\n  - {code: a, name: {vi: A}, min: 11}\n"
                               "  - {code: b, name: {vi: B}}\n",
     "r:7:5: classes[1]: min is from 0 to the points of all criteria"},
    {GOOD_BEGIN GOOD_CRITERION GOOD_CLASSES
     "ceilings:\n  - {class: c, percent: 20, of: [b], by: all, tie: none}\n",
     "r:10:13: ceilings[1].class: there is no class of that code"},
    {GOOD_BEGIN GOOD_CRITERION GOOD_CLASSES
     "ceilings:\n  - {class: a, percent: 101, of: [b], by: all, tie: none}\n",
     "r:10:25: ceilings[1].percent: \"101\" is no whole number from 0 to 100"},
    {GOOD_BEGIN GOOD_CRITERION GOOD_CLASSES
     "ceilings:\n  - {class: b, percent: 20, of: [a], by: unit, tie: some}\n",
     "r:10:42: ceilings[1].by: \"unit\" is not known; it is all, group"},
    {GOOD_BEGIN GOOD_CRITERION GOOD_CLASSES
     "ceilings:\n  - {class: b, percent: 20, of: [a], by: all, tie: none}\n",
     "r:10:5: ceilings[1]: there is no class below it that takes the rest"},
    {GOOD_BEGIN GOOD_CRITERION GOOD_CLASSES "not_when:\n  - {fact: [late]}\n",
     "r:10:5: not_when[1]: one of at_least, at_most, more_than and less_than is needed"},
    {GOOD_BEGIN GOOD_CRITERION GOOD_CLASSES
     "not_when:\n  - {fact: [late], at_least: 1, at_most: 2}\n",
     "r:10:5: not_when[1]: one of at_least"},
    {GOOD_BEGIN GOOD_CRITERION GOOD_CLASSES "not_when:\n  - {fact: [late], at_least: 1.5}\n",
     "r:10:30: not_when[1].at_least: a bound is a whole number from 0 to 1000000000"},
    {GOOD_BEGIN GOOD_CRITERION GOOD_CLASSES "rated_when:\n  - {fact: [late], at_least: 1}\n"
                                            "  - {fact: [], at_least: 1}\n",
     "r:11:5: rated_when[2]: a condition names at least one fact"},
    {GOOD_BEGIN GOOD_CRITERION GOOD_CLASSES
     "rated_when:\n  - {fact: [late], at_least: 101, percent_of: [on_time], empty: met}\n",
     "r:10:5: rated_when[1]: a percentage is from 0 to 100"},
    {GOOD_BEGIN GOOD_CRITERION GOOD_CLASSES
     "rated_when:\n  - {fact: [late], at_least: 1, empty: met}\n",
     "r:10:40: rated_when[1].empty: stands with percent_of only"},
    {GOOD_BEGIN GOOD_CRITERION GOOD_CLASSES
     "rated_when:\n  - {fact: [late], at_least: 1, percent_of: [on_time], empty: yes}\n",
     "r:10:63: rated_when[1].empty: is met or failed"},
};

static void a_good_file_has_no_fault_and_a_bad_one_has_it_on_its_line(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof file_cases / sizeof file_cases[0]; i++) {
        enum dd_status status = parse(dd_slice_of(file_cases[i].file));
        if (file_cases[i].fault)
            has(file_cases[i].fault);
        else if (status != DD_OK)
            fail_msg("%s", faults_text);
    }
}

static void all_faults_are_listed_at_once_and_each_one_once(void **state)
{
    (void)state;
    parse(dd_slice_of(GOOD_BEGIN "criteria:\n"
                                 "  - {key: k, name: {vi: N}, kind: gift, max: 10}\n"
                                 "  - {key: l, name: {vi: N}, kind: given, max: 0}\n"
                                 "  - {key: l, name: {vi: N}, kind: given, max: 1}\n"
                                 "classes:\n"
                                 "  - {code: a, name: {vi: A}}\n"
                                 "  - {code: b, name: {vi: B}, min: 1}\n"
                                 "ceilings:\n"
                                 "  - {class: x, percent: 20, of: [b], by: all, tie: none}\n"));
    has("r:6:35: criteria[1].kind:");
    has("r:7:5: criteria[2]: max is");
    has("r:8:5: criteria[3]: the key stands twice");
    has("r:10:5: classes[1]: whoever comes here stays");
    has("r:11:5: classes[2]: the last class takes the rest");
    has("r:13:13: ceilings[1].class:");
    assert_int_equal(lines(), 6);
}

static void hostile_lists_are_refused_and_nothing_breaks(void **state)
{
    char *text = malloc(TEXT_BYTES);
    size_t at = 0;
    (void)state;
    assert_non_null(text);
    at += (size_t)snprintf(text, TEXT_BYTES, GOOD_BEGIN "criteria:\n");
    for (int i = 0; i < DD_SCORE_CRITERIA_MAX + 1; i++)
        at += (size_t)snprintf(text + at, TEXT_BYTES - at,
                               "  - {key: k%d, name: {vi: N}, kind: given, max: 1}\n", i);
    snprintf(text + at, TEXT_BYTES - at, GOOD_CLASSES);
    assert_int_equal(parse(dd_slice_of(text)), DD_INVALID);
    has("has 257 elements; at most 256 are allowed");
    free(text);
    assert_int_equal(parse(dd_slice_of("")), DD_INVALID);
    assert_int_equal(parse(dd_slice_of("[]")), DD_INVALID);
    assert_int_equal(parse(dd_slice_of("classes: {}\ncriteria: 5\nceilings: []\n")), DD_INVALID);
    assert_int_equal(parse(dd_slice_of(GOOD_BEGIN "classes: []\n")), DD_INVALID);
    has("there are 2 to 8 classes");
}

static struct dd_scored parties[2];
static struct dd_score_case scored;

static void cast(void)
{
    memset(parties, 0, sizeof parties);
    parties[0].unit = dd_slice_of("so-y-te");
    parties[1].unit = dd_slice_of("ban-dan-toc");
    load("decree-335-2025.yaml");
    scored = (struct dd_score_case){.rules = &rules, .rule_count = 1, .party = parties, .count = 2};
    assert_true(dd_score_index(&scored, &arena));
}

/* Reads a CSV by the function; its faults are in faults_text. */
static void read_csv(const char *text,
                     enum dd_status (*take)(struct dd_score_case *out, struct dd_slice bytes,
                                            const char *file, struct dd_arena *where,
                                            struct dd_faults *faults))
{
    struct dd_faults faults = {.list = NULL};
    assert_int_equal(take(&scored, dd_slice_of(text), "f", &arena, &faults), DD_OK);
    memset(faults_text, 0, sizeof faults_text);
    FILE *file = fmemopen(faults_text, sizeof faults_text - 1, "w");
    assert_non_null(file);
    dd_faults_print(&faults, file);
    assert_int_equal(fclose(file), 0);
    dd_faults_free(&faults);
}

static void findings_become_facts_of_their_party(void **state)
{
    (void)state;
    cast();
    parties[0].facts[0].value[DD_SCORE_FACT_LATE_CONTENTS] = 2; /* of the log */
    read_csv("unit,fact,value\nso-y-te,late_contents,1\nban-dan-toc,discipline,1\n",
             dd_score_findings);
    assert_string_equal(faults_text, "");
    assert_int_equal(parties[0].facts[0].value[DD_SCORE_FACT_LATE_CONTENTS], 3);
    assert_int_equal(parties[1].facts[0].value[DD_SCORE_FACT_DISCIPLINE], 1);
    assert_int_equal(parties[0].facts[0].value[DD_SCORE_FACT_DISCIPLINE], 0);
}

static void all_faults_of_findings_are_listed_with_their_lines(void **state)
{
    (void)state;
    cast();
    read_csv("unit,fact,value\n"
             "so-y-te,discipline,1\n"
             "so-y-te,discipline,1\n"
             "nobody,discipline,1\n"
             "so-y-te,completed,1\n"
             "so-y-te,nonsense,1\n"
             "so-y-te,corruption,-1\n"
             "so-y-te,corruption,1000000001\n"
             "so-y-te,sub_units,1000000000\n",
             dd_score_findings);
    has("f:3: fact: discipline of so-y-te stands twice");
    has("f:4: unit: \"nobody\" is no party of the cycle");
    has("f:5: fact: completed is counted from the log and not handed in");
    has("f:6: fact: \"nonsense\" is no fact");
    has("f:7: value: \"-1\" is no whole number from 0 to 1000000000");
    has("f:8: value: \"1000000001\"");
    assert_int_equal(lines(), 6);
    assert_int_equal(parties[0].facts[0].value[DD_SCORE_FACT_DISCIPLINE], 1);
}

static void points_go_to_their_party(void **state)
{
    (void)state;
    cast();
    read_csv("unit,criterion,column,points\n"
             "so-y-te,general,self,30\n"
             "so-y-te,general,appraised,27.25\n"
             "so-y-te,general,approved,0\n"
             "ban-dan-toc,general,self,29.5\n",
             dd_score_givens);
    assert_string_equal(faults_text, "");
    assert_int_equal(parties[0].given_count, 3);
    assert_int_equal(parties[0].given[1].column, DD_SCORE_COLUMN_APPRAISED);
    assert_int_equal(parties[0].given[1].points.mantissa, 2725);
    assert_int_equal(parties[1].given_count, 1);
}

static void all_faults_of_points_are_listed_with_their_lines(void **state)
{
    (void)state;
    cast();
    read_csv("unit,criterion,column,points\n"
             "so-y-te,general,self,30\n"
             "so-y-te,general,self,29\n"
             "nobody,general,self,30\n"
             "so-y-te,nonsense,self,30\n"
             "so-y-te,quantity,self,14\n"
             "so-y-te,general,survey,14\n"
             "so-y-te,general,boss,14\n"
             "so-y-te,general,appraised,30.01\n"
             "so-y-te,general,appraised,1.001\n"
             "so-y-te,general,appraised,many\n",
             dd_score_givens);
    has("f:3: criterion: general self of so-y-te stands twice");
    has("f:4: unit: \"nobody\" is no party of the cycle");
    has("f:5: criterion: there is no criterion \"nonsense\"");
    has("f:6: criterion: quantity is counted from facts");
    has("f:7: column: general is scored by self, appraised and approved");
    has("f:8: column: \"boss\" is not known");
    has("f:9: points: 30.01 is not from 0 to 30.00 with at most 2 places");
    has("f:10: points: 1.001 is not from 0 to 30.00");
    has("f:11: points: \"many\" is no number");
    assert_int_equal(lines(), 9);
}

static void a_finding_about_sub_units_wins_over_all_three_counts(void **state)
{
    (void)state;
    cast();
    for (size_t i = 0; i < 2; i++) {
        parties[i].facts[0].value[DD_SCORE_FACT_SUB_UNITS] = 5; /* of the log */
        parties[i].facts[0].value[DD_SCORE_FACT_SUB_COMPLETED] = 4;
        parties[i].facts[0].value[DD_SCORE_FACT_SUB_GOOD] = 3;
    }
    read_csv("unit,fact,value\nso-y-te,sub_good,1\nso-y-te,sub_units,2\n", dd_score_findings);
    assert_string_equal(faults_text, "");
    assert_int_equal(parties[0].facts[0].value[DD_SCORE_FACT_SUB_UNITS], 2);
    assert_int_equal(parties[0].facts[0].value[DD_SCORE_FACT_SUB_COMPLETED], 0);
    assert_int_equal(parties[0].facts[0].value[DD_SCORE_FACT_SUB_GOOD], 1);
    assert_int_equal(parties[1].facts[0].value[DD_SCORE_FACT_SUB_UNITS], 5);
}

static void rule_sets_say_where_points_stand_and_which_sub_units_count(void **state)
{
    (void)state;
    load("decree-335-2025.yaml");
    assert_int_equal(rules.sheet_count, 3);
    assert_true(dd_slice_equal(rules.sheet[1].stage, dd_slice_of("appraised-score")));
    assert_int_equal(rules.sheet[1].column, DD_SCORE_COLUMN_APPRAISED);
    assert_true(rules.has_subs);
    assert_int_equal(rules.sub_completed, 2);
    assert_int_equal(rules.sub_good, 1);
    load("par-index.yaml");
    assert_int_equal(rules.sheet_count, 4);
    assert_false(rules.has_subs);
}

/* The points of the rules' criterion are a figure of the same key and maximum in a sheet of the
 * programme. */
static void stands_in_a_sheet(const struct dd_programme *programme,
                              const struct dd_score_criterion *criterion)
{
    bool found = false;
    for (size_t i = 0; i < rules.sheet_count; i++) {
        struct dd_form form;
        uint8_t stage = dd_programme_stage_of_key(programme, rules.sheet[i].stage);
        assert_true(stage < programme->stage_count);
        assert_true(dd_form_find(programme->forms, programme->stage[stage].form, &form));
        for (size_t k = 0; k < form.figure_count; k++)
            found = found ||
                    (dd_slice_equal(form.figure[k].key, criterion->key) && form.figure[k].has_max &&
                     dd_figure_equal(form.figure[k].max, criterion->max) &&
                     criterion->survey == (rules.sheet[i].column == DD_SCORE_COLUMN_SURVEY));
    }
    if (!found)
        fail_msg("%.*s stands in no sheet", (int)criterion->key.size,
                 (const char *)criterion->key.data);
}

static void the_sheets_that_come_with_dondoc_fit_the_rules_that_name_them(void **state)
{
    static const char *const pairs[][2] = {{"decree-335-2025.yaml", "key-tasks-scoring.yaml"},
                                           {"par-index.yaml", "par-index.yaml"}};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct dd_yaml_faults faults = {.list = NULL};
        struct dd_programme programme;
        size_t given = 0;
        char path[512];
        load(pairs[i][0]);
        snprintf(path, sizeof path, "%s/programmes/%s", DD_SOURCE_DIR, pairs[i][1]);
        assert_int_equal(dd_programme_file_read(path, &arena, &programme, &faults), DD_OK);
        for (size_t k = 0; k < rules.criterion_count; k++) {
            if (rules.criterion[k].kind != DD_SCORE_GIVEN)
                continue;
            given++;
            stands_in_a_sheet(&programme, &rules.criterion[k]);
        }
        assert_int_equal(given, i == 0 ? 1 : 5);
        dd_yaml_faults_free(&faults);
    }
}

static void faults_of_sheets_and_subs_have_their_lines(void **state)
{
    (void)state;
    assert_int_equal(
        DD_INVALID, parse(dd_slice_of(
                        GOOD_BEGIN "sheets:\n"
                                   "  - {stage: a, column: self}\n"
                                   "  - {stage: a, column: boss}\n"
                                   "subs: {completed: x, good: x}\n" GOOD_CRITERION GOOD_CLASSES)));
    has("sheets[2].column: \"boss\" is not known; it is self, appraised, approved, survey");
    has("subs.completed: there is no class of that code");
    has("subs.good: there is no class of that code");
    assert_int_equal(lines(), 3);
}

static void the_flag_of_sheets_names_a_cycle_and_may_name_stages(void **state)
{
    struct dd_sheets sheets;
    (void)state;
    assert_true(dd_sheets_parse("scoring/2026", &sheets));
    assert_true(dd_slice_equal(sheets.cycle, dd_slice_of("scoring/2026")));
    assert_int_equal(sheets.count, 0);
    assert_true(dd_sheets_parse("scoring/2026:self=self,final@2026-H1=approved", &sheets));
    assert_true(dd_slice_equal(sheets.cycle, dd_slice_of("scoring/2026")));
    assert_int_equal(sheets.count, 2);
    assert_int_equal(sheets.list[0].period.size, 0);
    assert_true(dd_slice_equal(sheets.list[1].stage, dd_slice_of("final")));
    assert_true(dd_slice_equal(sheets.list[1].period, dd_slice_of("2026-H1")));
    assert_int_equal(sheets.list[1].column, DD_SCORE_COLUMN_APPROVED);
    static const char *const bad[] = {
        "",          ":a=self",
        "c:",        "c:a",
        "c:a=boss",  "c:=self",
        "c:a=self,", "c:a=self,b=self,c=self,d=self,e=self,f=self,g=self,h=self,i=self"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(dd_sheets_parse(bad[i], &sheets));
}

static void stages_of_sheets_come_from_the_rules_unless_the_flag_names_them(void **state)
{
    struct dd_score_rules both[2];
    struct dd_score_case compared = {.rules = both, .rule_count = 2};
    struct dd_score_sheet other = {dd_slice_of("appraised-score"), DD_SCORE_COLUMN_SELF};
    struct dd_sheets sheets;
    (void)state;
    load("decree-90-2020.yaml");
    both[0] = rules;
    load("decree-335-2025.yaml");
    both[1] = rules;
    assert_true(dd_sheets_parse("c", &sheets));
    assert_true(dd_sheets_settle(&compared, &sheets));
    assert_int_equal(sheets.count, 3);
    both[0].sheet = &other; /* another column for the same stage */
    both[0].sheet_count = 1;
    assert_true(dd_sheets_parse("c", &sheets));
    assert_false(dd_sheets_settle(&compared, &sheets));
    assert_true(dd_sheets_parse("c:x=self", &sheets));
    assert_true(dd_sheets_settle(&compared, &sheets));
    assert_int_equal(sheets.count, 1);
    both[0].sheet_count = both[1].sheet_count = 0;
    assert_true(dd_sheets_parse("c", &sheets));
    assert_false(dd_sheets_settle(&compared, &sheets));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, fresh, gone)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(decree_90_has_its_bars),
        CASE(decree_335_has_thirty_and_seventy_points),
        CASE(the_index_has_a_hundred_points_of_which_32_by_survey),
        CASE(the_example_of_the_readme_is_a_rule_set),
        CASE(every_fact_stands_in_the_readme),
        CASE(a_good_file_has_no_fault_and_a_bad_one_has_it_on_its_line),
        CASE(all_faults_are_listed_at_once_and_each_one_once),
        CASE(hostile_lists_are_refused_and_nothing_breaks),
        CASE(findings_become_facts_of_their_party),
        CASE(all_faults_of_findings_are_listed_with_their_lines),
        CASE(points_go_to_their_party),
        CASE(all_faults_of_points_are_listed_with_their_lines),
        CASE(a_finding_about_sub_units_wins_over_all_three_counts),
        CASE(rule_sets_say_where_points_stand_and_which_sub_units_count),
        CASE(the_sheets_that_come_with_dondoc_fit_the_rules_that_name_them),
        CASE(faults_of_sheets_and_subs_have_their_lines),
        CASE(the_flag_of_sheets_names_a_cycle_and_may_name_stages),
        CASE(stages_of_sheets_come_from_the_rules_unless_the_flag_names_them),
    };
    return cmocka_run_group_tests_name("score file", tests, NULL, NULL);
}
