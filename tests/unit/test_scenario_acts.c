/*
 * The files of a scenario that need not be there: further accounts and offices, acts in the words
 * of the command line; and the columns and keys that may be missing. What every scenario has is
 * tested in test_scenario.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "clients/cli/scenario.h"
#include "core/calendar.h"

enum { FILE_BYTES = 8192, WANTED_MAX = 6 };

static const char good_yaml[] = "jurisdiction: bacgiang\n"
                                "root: {code: ubnd, name: Ủy ban nhân dân tỉnh}\n"
                                "groups:\n"
                                "  - {code: province, name: Cấp tỉnh}\n"
                                "  - {code: district, name: Cấp huyện}\n"
                                "appraisers: [so-noi-vu, vp-ubnd]\n"
                                "approvers: [chairman, vice-1]\n"
                                "programme: two-kinds\n"
                                "cycle: 2013\n"
                                "clock: 2013-01-11T08:00+07:00\n"
                                "register: 2013-01-25\n"
                                "appraise: 2013-02-01\n"
                                "approve: 2013-02-15\n"
                                "period: {code: H1, from: 2013-01-01, to: 2013-06-30}\n"
                                "as_of: 2013-06-30\n"
                                "reports:\n"
                                "  - {code: H1, before: 2013-06-25}\n"
                                "  - {code: year, before: 2013-12-10}\n";

static const char good_units[] = "code,name,group,ordinal,parent,head_title,approver\n"
                                 "so-noi-vu,Sở Nội vụ,province,3,,Giám đốc Sở,\n"
                                 "vp-ubnd,Văn phòng,province,1,so-noi-vu,Chánh Văn phòng,vice-1\n"
                                 "yen-the,Huyện Yên Thế,district,9,,,chairman\n";

static const char good_indicators[] =
    "unit,task,kind,indicator,title,unit_of_measure,target,due,outcome,completed_on\n"
    "so-noi-vu,1,own,1,Một,văn bản,12.50,2013-06-30,completed,2013-02-16\n"
    "so-noi-vu,1,own,3,Ba,%,-0.5,2013-12-31,,\n"
    "so-noi-vu,7,common,1,\"Nhiều\ndòng\",,,2013-01-01,unattainable,2013-12-31\n"
    "vp-ubnd,1,own,1,Bốn,,1000000,2013-03-31,not_completed,2013-06-24\n"
    "vp-ubnd,2,own,1,Năm,,,2013-03-31,exceeded,2013-06-24\n";

static const char good_reports[] = "unit,report,received_at\n"
                                   "yen-the,H1,2013-06-24T16:05\n"
                                   "vp-ubnd,year,2013-12-09T23:59:59Z\n";

static const char good_accounts[] = "code,unit,role,from,to\n"
                                    "deputy,so-noi-vu,deputy,,\n"
                                    "deputy,vp-ubnd,officer,2013-02-01,2013-03-31\n"
                                    "chairman,ubnd,head,,\n"
                                    "auditor,,auditor,,\n";

static const char good_acts[] =
    "at,account,act,expect\n"
    "2013-01-12T09:00,administrator,programme put 'a b'.yaml,\n"
    "2013-06-30T09:00,deputy,\"submit made/2013 --note \"\"a \\\"\"b\\\"\""
    " $c\"\" ''\",no-delegation\n"
    "2013-03-01T09:00,yen-the,hello,forbidden\n";

enum file { YAML, UNITS, INDICATORS, REPORTS, ACCOUNTS, ACTS, FILE_COUNT };
static const char *const names[FILE_COUNT] = {"scenario.yaml", "units.csv",    "indicators.csv",
                                              "reports.csv",   "accounts.csv", "acts.csv"};
static const char *const good[FILE_COUNT] = {good_yaml,    good_units,    good_indicators,
                                             good_reports, good_accounts, good_acts};

/* The folder of the test that runs, and what reading it gave. */
static char dir[256];
static struct dd_faults faults;
static struct dd_scenario *scenario;

static enum dd_status find_programme(void *self, const char *folder, const char *code,
                                     struct dd_scenario_kinds *kinds, struct dd_faults *list)
{
    (void)self;
    (void)list;
    assert_string_equal(folder, dir);
    if (strcmp(code, "no-kinds") == 0) {
        *kinds = (struct dd_scenario_kinds){.takes_no_reports = true};
        return DD_OK;
    }
    *kinds = (struct dd_scenario_kinds){.count = 2, .kind = {{"own", 5}, {"common", 5}}};
    return DD_OK;
}

static void path_of(char out[512], const char *name)
{
    snprintf(out, 512, "%s/%s", dir, name);
}

static void write_bytes(enum file file, const char *bytes, size_t size)
{
    char path[512];
    path_of(path, names[file]);
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    assert_int_equal(fwrite(bytes, 1, size, out), size);
    assert_int_equal(fclose(out), 0);
}

static void write_text(enum file file, const char *text)
{
    write_bytes(file, text, strlen(text));
}

static void remove_file(enum file file)
{
    char path[512];
    path_of(path, names[file]);
    unlink(path);
}

static enum dd_status read_again(void)
{
    static const struct dd_scenario_programmes programmes = {NULL, find_programme};
    dd_scenario_free(scenario);
    dd_faults_free(&faults);
    return dd_scenario_read(dir, &programmes, &scenario, &faults);
}

static int set_up(void **state)
{
    (void)state;
    const char *base = getenv("TMPDIR");
    snprintf(dir, sizeof dir, "%s/dd-scenario-XXXXXX", base && *base ? base : "/tmp");
    assert_non_null(mkdtemp(dir));
    for (int i = 0; i < FILE_COUNT; i++)
        write_text((enum file)i, good[i]);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    dd_scenario_free(scenario);
    scenario = NULL;
    dd_faults_free(&faults);
    for (int i = 0; i < FILE_COUNT; i++)
        remove_file((enum file)i);
    return rmdir(dir);
}

static void print_faults(void)
{
    dd_faults_print(&faults, stderr);
}

/* The faults are exactly those, in order; each begins "FILE:LINE: column: " or a part of it. */
static void assert_faults(const char *about, const char *const *wanted)
{
    char line[1024];
    size_t count = 0;
    while (count < WANTED_MAX && wanted[count])
        count++;
    if (faults.count != count) {
        print_faults();
        fail_msg("%s: %zu faults, not %zu", about, faults.count, count);
    }
    for (size_t i = 0; i < count; i++) {
        const struct dd_fault *fault = &faults.list[i];
        snprintf(line, sizeof line, "%s:%lu: %s", fault->file, (unsigned long)fault->line,
                 fault->text);
        if (strncmp(line, wanted[i], strlen(wanted[i])) != 0)
            fail_msg("%s: \"%s\" does not begin with \"%s\"", about, line, wanted[i]);
    }
}

/* Writes the good text of the file with the first `from` replaced. */
static void write_changed(enum file file, const char *from, const char *to)
{
    char *text = malloc(FILE_BYTES);
    assert_non_null(text);
    const char *at = strstr(good[file], from);
    if (!at)
        fail_msg("\"%s\" is not in %s", from, names[file]);
    snprintf(text, FILE_BYTES, "%.*s%s%s", (int)(at - good[file]), good[file], to,
             at + strlen(from));
    write_text(file, text);
    free(text);
}

struct row {
    enum file file;
    const char *from;
    const char *to;
    const char *wanted[WANTED_MAX]; /* none: the scenario is good */
};

static void check_rows(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        write_changed(rows[i].file, rows[i].from, rows[i].to);
        enum dd_status status = read_again();
        assert_faults(rows[i].to, rows[i].wanted);
        assert_int_equal(status, rows[i].wanted[0] ? DD_INVALID : DD_OK);
        assert_true((scenario != NULL) == (status == DD_OK));
        write_text(rows[i].file, good[rows[i].file]);
    }
}

#define CHECK_ROWS(rows) check_rows(rows, sizeof(rows) / sizeof(rows)[0])

static int32_t day(const char *text)
{
    int32_t out;
    assert_true(dd_day_parse(dd_slice_of(text), &out));
    return out;
}

static void scenario_gives_further_accounts_and_offices(void **state)
{
    (void)state;
    assert_int_equal(read_again(), DD_OK);
    assert_int_equal(scenario->further_count, 2);
    assert_string_equal(scenario->further[0].code, "deputy");
    assert_string_equal(scenario->further[1].code, "auditor");
    assert_int_equal(scenario->office_count, 4);
    assert_int_equal(scenario->offices[0].actor, 6); /* administrator, 3 units, 2 approvers */
    assert_int_equal(scenario->offices[0].unit, 0);
    assert_int_equal(scenario->offices[0].role, DD_ROLE_DEPUTY);
    assert_int_equal(scenario->offices[0].from, INT32_MIN);
    assert_int_equal(scenario->offices[1].actor, 6);
    assert_int_equal(scenario->offices[1].from, day("2013-02-01"));
    assert_int_equal(scenario->offices[1].to, day("2013-03-31"));
    assert_int_equal(scenario->offices[2].actor, 4);
    assert_int_equal(scenario->offices[2].unit, DD_SCENARIO_ROOT);
    assert_int_equal(scenario->offices[3].actor, 7);
    assert_int_equal(scenario->offices[3].unit, DD_SCENARIO_NOWHERE);
}

static void scenario_splits_acts_as_a_shell_does_without_expansion(void **state)
{
    (void)state;
    assert_int_equal(read_again(), DD_OK);
    assert_int_equal(scenario->act_count, 3);
    const struct dd_scenario_act *act = &scenario->acts[0];
    assert_int_equal(act->actor, 0);
    assert_int_equal(act->word_count, 3);
    assert_string_equal(act->words[2], "a b.yaml");
    assert_string_equal(act->expect, "");
    act = &scenario->acts[1];
    assert_int_equal(act->actor, 6);
    assert_true(act->at_ms == dd_instant_at(day("2013-06-30"), 9 * 60, 7 * 60));
    assert_int_equal(act->word_count, 5);
    assert_string_equal(act->words[3], "a \"b\" $c");
    assert_string_equal(act->words[4], "");
    assert_string_equal(act->expect, "no-delegation");
    assert_int_equal(scenario->acts[2].actor, 3);
    remove_file(ACTS);
    remove_file(ACCOUNTS);
    assert_int_equal(read_again(), DD_OK);
    assert_int_equal(scenario->act_count + scenario->office_count, 0);
}

static void scenario_reads_optional_columns(void **state)
{
    (void)state;
    write_text(UNITS, "code,name,group,ordinal,parent,head_title,valid_from,valid_to,successor\n"
                      "so-noi-vu,Sở,province,3,,,,2013-06-30,vp-ubnd\n"
                      "vp-ubnd,Văn phòng,province,1,,,2013-02-01,,\n"
                      "yen-the,Yên Thế,district,9,,,,,\n");
    write_text(INDICATORS,
               "unit,task,kind,indicator,title,unit_of_measure,target,due,outcome,"
               "completed_on,code,start,partners,note\n"
               "so-noi-vu,1,own,1,Một,,,2013-06-30,,,DA-01,2013-02-01,vp-ubnd  yen-the,Lũ\n"
               "vp-ubnd,1,own,1,Hai,,,2013-06-30,,,,,,\n");
    write_text(REPORTS, "unit,report,received_at,cycle,stage,capacity,account,figures\n"
                        "yen-the,H1,2013-06-24T16:05,,,,,\n"
                        "so-noi-vu,2013-01,2013-02-24T16:05,reports/2013,monthly,kt,deputy,"
                        "a=12.5 b~=3 c=4~\n");
    assert_int_equal(read_again(), DD_OK);
    assert_int_equal(scenario->units[0].to, day("2013-06-30"));
    assert_int_equal(scenario->units[0].successor, 1);
    assert_int_equal(scenario->units[1].from, day("2013-02-01"));
    assert_int_equal(scenario->units[1].to, INT32_MAX);
    assert_int_equal(scenario->units[1].successor, DD_SCENARIO_NOWHERE);
    assert_string_equal(scenario->indicators[0].code, "DA-01");
    assert_int_equal(scenario->indicators[0].start, day("2013-02-01"));
    assert_int_equal(scenario->indicators[0].partner_count, 2);
    assert_string_equal(scenario->indicators[0].partners[1], "yen-the");
    assert_string_equal(scenario->indicators[0].note, "Lũ");
    assert_int_equal(scenario->indicators[1].partner_count, 0);
    assert_int_equal(scenario->received[0].actor, 3);
    assert_int_equal(scenario->received[0].capacity, DD_CAPACITY_HEAD);
    const struct dd_scenario_received *row = &scenario->received[1];
    assert_string_equal(row->report, "2013-01");
    assert_string_equal(row->cycle, "reports/2013");
    assert_string_equal(row->stage, "monthly");
    assert_int_equal(row->capacity, DD_CAPACITY_FOR_HEAD);
    assert_int_equal(row->actor, 6);
    assert_int_equal(row->figure_count, 3);
    assert_false(row->figures[0].estimate);
    assert_true(row->figures[0].value.mantissa == 125 && row->figures[0].value.scale == 1);
    assert_true(row->figures[1].estimate && row->figures[1].key.size == 1);
    assert_true(row->figures[2].estimate && row->figures[2].value.mantissa == 4);
}

static void scenario_needs_only_what_its_programme_does(void **state)
{
    (void)state;
    write_text(YAML, "jurisdiction: bacgiang\n"
                     "root: {code: ubnd, name: Ủy ban}\n"
                     "groups:\n"
                     "  - {code: province, name: Cấp tỉnh}\n"
                     "  - {code: district, name: Cấp huyện}\n"
                     "appraisers: [so-noi-vu, vp-ubnd]\n"
                     "approvers: [chairman, vice-1]\n"
                     "programme: no-kinds\n"
                     "cycle: 2013\n"
                     "parties: [district]\n"
                     "clock: 2013-01-11T08:00+07:00\n"
                     "until: 2014-01-10T17:00+07:00\n"
                     "as_of: 2013-12-31\n");
    remove_file(INDICATORS);
    remove_file(REPORTS);
    assert_int_equal(read_again(), DD_OK);
    assert_int_equal(scenario->register_day, DD_SCENARIO_NO_DAY);
    assert_string_equal(scenario->period.code, "2013");
    assert_int_equal(scenario->period.to, day("2013-12-31"));
    assert_true(scenario->until_ms == dd_instant_at(day("2014-01-10"), 17 * 60, 7 * 60));
    assert_false(scenario->groups[0].takes_part);
    assert_true(scenario->groups[1].takes_part);
}

// clang-format off
static const struct row act_rows[] = {
    {YAML, "as_of: 2013-06-30\n", "as_of: 2013-06-30\nparties: [province, city]\n", {"scenario.yaml:16: parties: \"city\" is no group"}},
    {YAML, "as_of: 2013-06-30\n", "as_of: 2013-06-30\nuntil: 2013-01-01T00:00+07:00\n",
     {"scenario.yaml:16: until: the instant is before the clock", "acts.csv:2: at:", "acts.csv:3: at:", "acts.csv:4: at:"}},
    {YAML, "as_of: 2013-06-30\n", "as_of: 2013-06-30\nuntil: 2013-03-01T09:00+07:00\n", {"acts.csv:3: at: 2013-06-30T09:00 is before the clock starts or after it ends"}},
    {ACCOUNTS, "deputy,so-noi-vu,deputy", "administrator,so-noi-vu,deputy",
     {"accounts.csv:2: code: administrator is not a code"}},
    {ACCOUNTS, "deputy,so-noi-vu,deputy", "deputy,so-y-te,deputy", {"accounts.csv:2: unit: \"so-y-te\" is no unit"}},
    {ACCOUNTS, "deputy,so-noi-vu,deputy", "deputy,so-noi-vu,notifier", {"accounts.csv:2: role: \"notifier\" is no role"}},
    {ACCOUNTS, "auditor,,auditor", "auditor,ubnd,auditor", {"accounts.csv:5: unit: an auditor is one of the whole"}},
    {ACCOUNTS, "2013-02-01,2013-03-31", "2013-04-01,2013-03-31", {"accounts.csv:3: to: the day is before from"}},
    {ACTS, "administrator", "nobody", {"acts.csv:2: account: \"nobody\" is no account"}},
    {ACTS, "'a b'", "'a b", {"acts.csv:2: act: a quote is not closed"}},
    {ACTS, "'a b'.yaml", "a.yaml\\", {"acts.csv:2: act: a quote is not closed, or nothing follows a backslash"}},
    {ACTS, "programme put 'a b'.yaml", "", {"acts.csv:2: act: is empty"}},
    {ACTS, "no-delegation", "no-such-rule", {"acts.csv:3: expect: \"no-such-rule\" is no rule's key"}},
    {ACTS, "2013-01-12T09:00", "2013-01-11T07:59", {"acts.csv:2: at: 2013-01-11T07:59 is before the clock"}},
    {ACTS, "2013-06-30T09:00", "2013-12-31T23:59:59", {NULL}},
    {ACTS, "2013-06-30T09:00", "2014-01-01T00:00", {"acts.csv:3: at: 2014-01-01T00:00 is before the clock starts or after it ends"}},
};
// clang-format on

static void scenario_lists_faults_of_accounts_and_acts(void **state)
{
    (void)state;
    CHECK_ROWS(act_rows);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        CASE(scenario_gives_further_accounts_and_offices),
        CASE(scenario_splits_acts_as_a_shell_does_without_expansion),
        CASE(scenario_reads_optional_columns),
        CASE(scenario_needs_only_what_its_programme_does),
        CASE(scenario_lists_faults_of_accounts_and_acts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
