/*
 * The reader of scenarios. Most cases are rows of a table: a good scenario in which one text of one
 * file is replaced, and the faults (FILE:LINE: column:) that must come of it, no more and no fewer.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "clients/cli/scenario.h"
#include "core/calendar.h"

enum { FILE_BYTES = 64 * 1024, WANTED_MAX = 6 };

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

static const char good_calendar[] = "date,kind,name\n"
                                    "2013-09-02,holiday,Quốc khánh\n"
                                    "2013-02-11,holiday,\n"
                                    "2013-02-23,workday,Làm bù\n";

enum file { YAML, UNITS, INDICATORS, REPORTS, CALENDAR, FILE_COUNT };
static const char *const names[FILE_COUNT] = {"scenario.yaml", "units.csv", "indicators.csv",
                                              "reports.csv", "calendar.csv"};
static const char *const good[FILE_COUNT] = {good_yaml, good_units, good_indicators, good_reports,
                                             good_calendar};

/* The folder of the test that runs, and what reading it gave. */
static char dir[256];
static struct dd_faults faults;
static struct dd_scenario *scenario;

static enum dd_status find_programme(void *self, const char *folder, const char *code,
                                     struct dd_scenario_kinds *kinds, struct dd_faults *list)
{
    (void)self;
    assert_string_equal(folder, dir);
    if (strcmp(code, "broken") == 0) {
        dd_faults_add(list, "broken.yaml", 3, "stages", "has a fault of its own");
        return DD_INVALID;
    }
    if (strcmp(code, "two-kinds") != 0)
        return strcmp(code, "no-disk") == 0 ? DD_IO : DD_NOT_FOUND;
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

static void scenario_gives_what_the_yaml_says(void **state)
{
    (void)state;
    assert_int_equal(read_again(), DD_OK);
    assert_string_equal(scenario->jurisdiction, "bacgiang");
    assert_string_equal(scenario->root.code, "ubnd");
    assert_string_equal(scenario->root.name, "Ủy ban nhân dân tỉnh");
    assert_int_equal(scenario->group_count, 2);
    assert_string_equal(scenario->groups[1].code, "district");
    assert_string_equal(scenario->groups[1].name, "Cấp huyện");
    assert_int_equal(scenario->appraiser_count, 2);
    assert_int_equal(scenario->appraisers[0], 0);
    assert_int_equal(scenario->appraisers[1], 1);
    assert_int_equal(scenario->approver_count, 2);
    assert_string_equal(scenario->approvers[1].code, "vice-1");
    assert_string_equal(scenario->programme, "two-kinds");
    assert_int_equal(scenario->kinds.count, 2);
    assert_int_equal(scenario->year, 2013);
    assert_int_equal(scenario->offset_min, 7 * 60);
    assert_true(scenario->clock_ms == dd_instant_at(day("2013-01-11"), 8 * 60, 7 * 60));
    assert_int_equal(scenario->register_day, day("2013-01-25"));
    assert_int_equal(scenario->appraise_day, day("2013-02-01"));
    assert_int_equal(scenario->approve_day, day("2013-02-15"));
    assert_string_equal(scenario->period.code, "H1");
    assert_int_equal(scenario->period.from, day("2013-01-01"));
    assert_int_equal(scenario->period.to, day("2013-06-30"));
    assert_int_equal(scenario->as_of, day("2013-06-30"));
    assert_int_equal(scenario->report_count, 2);
    assert_string_equal(scenario->reports[1].code, "year");
    assert_int_equal(scenario->reports[1].before, day("2013-12-10"));
}

static void scenario_gives_units_and_indicators_in_file_order(void **state)
{
    (void)state;
    assert_int_equal(read_again(), DD_OK);
    assert_int_equal(scenario->unit_count, 3);
    const struct dd_scenario_unit *office = &scenario->units[1];
    assert_string_equal(office->code, "vp-ubnd");
    assert_string_equal(office->name, "Văn phòng");
    assert_int_equal(office->group, 0);
    assert_int_equal(office->ordinal, 1);
    assert_int_equal(office->parent, 0);
    assert_string_equal(office->head_title, "Chánh Văn phòng");
    assert_int_equal(office->approver, 1);
    assert_int_equal(office->indicator_count, 2);
    assert_int_equal(office->line, 3);
    assert_int_equal(scenario->units[0].parent, DD_SCENARIO_ROOT);
    assert_int_equal(scenario->units[0].approver, 0);
    assert_int_equal(scenario->units[2].indicator_count, 0);

    assert_int_equal(scenario->indicator_count, 5);
    const struct dd_scenario_indicator *first = &scenario->indicators[0];
    assert_int_equal(first->unit, 0);
    assert_int_equal(first->task, 1);
    assert_int_equal(first->indicator, 1);
    assert_int_equal(first->kind, 0);
    assert_string_equal(first->title, "Một");
    assert_string_equal(first->uom, "văn bản");
    assert_true(first->has_target);
    assert_true(first->target.mantissa == 1250 && first->target.scale == 2);
    assert_int_equal(first->due, day("2013-06-30"));
    assert_int_equal(first->outcome, DD_OUTCOME_COMPLETED);
    assert_int_equal(first->completed_on, day("2013-02-16"));
    assert_int_equal(scenario->indicators[1].outcome, 0);
    assert_true(scenario->indicators[1].target.mantissa == -5);
    assert_int_equal(scenario->indicators[2].kind, 1);
    assert_string_equal(scenario->indicators[2].title, "Nhiều\ndòng");
    assert_false(scenario->indicators[2].has_target);
    assert_int_equal(scenario->indicators[3].line, 6); /* the one before takes two lines */
}

static void scenario_gives_reports_and_days(void **state)
{
    (void)state;
    assert_int_equal(read_again(), DD_OK);
    assert_int_equal(scenario->received_count, 2);
    assert_int_equal(scenario->received[0].unit, 2);
    assert_string_equal(scenario->received[0].report, "H1");
    assert_true(scenario->received[0].at_ms ==
                dd_instant_at(day("2013-06-24"), 16 * 60 + 5, 7 * 60));
    assert_true(scenario->received[1].at_ms == dd_instant_at(day("2013-12-09"), 24 * 60, 0) - 1000);
    assert_true(scenario->has_calendar);
    assert_int_equal(scenario->day_count, 3);
    assert_int_equal(scenario->days[0].day, day("2013-02-11"));
    assert_int_equal(scenario->days[1].day, day("2013-02-23"));
    assert_true(scenario->days[1].works);
    assert_string_equal(scenario->days[1].name, "Làm bù");
    assert_false(scenario->days[2].works);

    remove_file(CALENDAR);
    assert_int_equal(read_again(), DD_OK);
    assert_false(scenario->has_calendar);
    assert_int_equal(scenario->day_count, 0);
}

static void scenario_reads_bom_crlf_and_columns_in_any_order(void **state)
{
    (void)state;
    char text[4096] = "\xEF\xBB\xBF";
    size_t at = 3;
    for (const char *c = good_yaml; *c; c++) {
        if (*c == '\n')
            text[at++] = '\r';
        text[at++] = *c;
    }
    write_bytes(YAML, text, at);
    write_text(UNITS, "\xEF\xBB\xBF"
                      "head_title,parent,ordinal,group,name,code\r\n"
                      "Giám đốc,,3,province,Sở Nội vụ,so-noi-vu\r\n\r\n"
                      ",ubnd,1,province,Văn phòng,vp-ubnd\r\n"
                      ",,9,district,Yên Thế,yen-the");
    assert_int_equal(read_again(), DD_OK);
    assert_string_equal(scenario->units[0].name, "Sở Nội vụ");
    assert_int_equal(scenario->units[1].line, 4);
    assert_int_equal(scenario->units[1].parent, DD_SCENARIO_ROOT); /* the root by its code */
    assert_int_equal(scenario->units[2].approver, 0);              /* no such column */
    assert_int_equal(scenario->reports[0].before, day("2013-06-25"));
}

// clang-format off
static const struct row yaml_rows[] = {
    {YAML, "cycle: 2013\n", "cycle: 2013\ncolour: red\n", {"scenario.yaml:10: colour: unknown key"}},
    {YAML, "as_of: 2013-06-30\n", "", {"scenario.yaml:1: as_of: the key is missing"}},
    {YAML, "cycle: 2013\n", "cycle: 2013\ncycle: 2013\n", {"scenario.yaml:10: cycle: the key stands twice, first with line 9"}},
    {YAML, "{code: ubnd, name: Ủy ban nhân dân tỉnh}", "{code: ubnd, title: x}",
     {"scenario.yaml:2: root.title: unknown key", "scenario.yaml:2: root.name: the key is missing"}},
    {YAML, "{code: ubnd, name: Ủy ban nhân dân tỉnh}", "ubnd", {"scenario.yaml:2: root: must be a mapping"}},
    {YAML, "[chairman, vice-1]", "chairman", {"scenario.yaml:7: approvers: must be a list"}},
    {YAML, "programme: two-kinds", "programme: [two-kinds]", {"scenario.yaml:8: programme: must be a single value"}},
    {YAML, "programme: two-kinds", "programme: other", {"scenario.yaml:8: programme: \"other\" is no programme"}},
    {YAML, "programme: two-kinds", "programme: ../x", {"scenario.yaml:8: programme: \"../x\" is no code"}},
    {YAML, "programme: two-kinds", "programme: broken", {"broken.yaml:3: stages: has a fault"}},
    {YAML, "programme: two-kinds", "programme:", {"scenario.yaml:8: programme: is empty"}},
    {YAML, "programme: two-kinds", "programme: ~", {"scenario.yaml:8: programme: is empty"}},
    {YAML, "jurisdiction: bacgiang", "jurisdiction: bắc giang", {"scenario.yaml:1: jurisdiction: \"bắc giang\" is no code"}},
    {YAML, "cycle: 2013", "cycle: two", {"scenario.yaml:9: cycle: \"two\" is not a whole number from 1970 to 9999"}},
    {YAML, "name: Cấp huyện", "name: \"a\\u0007b\"", {"scenario.yaml:5: groups[2].name: the text holds a control"}},
    {YAML, "name: Cấp huyện", "name: \"a\\0b\"", {"scenario.yaml:5: groups[2].name: the text holds a NUL"}},
    {YAML, "code: district", "code: province",
     {"scenario.yaml:5: groups[2].code: group province stands twice, first on line 4", "units.csv:4: group: \"district\" is no group"}},
    {YAML, "[so-noi-vu, vp-ubnd]", "[so-noi-vu, so-noi-vu]", {"scenario.yaml:6: appraisers[2]: appraiser so-noi-vu stands twice"}},
    {YAML, "[so-noi-vu, vp-ubnd]", "[so-noi-vu, so-xay-dung]", {"scenario.yaml:6: appraisers[2]: \"so-xay-dung\" is no unit"}},
    {YAML, "[so-noi-vu, vp-ubnd]", "[so-noi-vu]", {"scenario.yaml:6: appraisers: so-noi-vu registers itself and is the only"}},
    {YAML, "[so-noi-vu, vp-ubnd]", "[yen-the]", {NULL}}, /* registers nothing itself */
    {YAML, "[so-noi-vu, vp-ubnd]", "[]", {"scenario.yaml:6: appraisers: the list has 0 elements; 1 to 8"}},
    {YAML, "[chairman, vice-1]", "[chairman, vice-1, chairman]", {"scenario.yaml:7: approvers[3]: approver chairman stands twice"}},
    {YAML, "[chairman, vice-1]", "[chairman, vice-1, vp-ubnd]", {"scenario.yaml:7: approvers[3]: vp-ubnd is the code of a unit"}},
    {YAML, "[chairman, vice-1]", "[chairman, vice-1, ubnd]", {"scenario.yaml:7: approvers[3]: ubnd is the code of a unit"}},
    {YAML, "code: year", "code: H1",
     {"scenario.yaml:18: reports[2].code: report H1 stands twice, first on line 17", "reports.csv:3: report: \"year\" is no report"}},
    {YAML, "jurisdiction: bacgiang\n", "jurisdiction: {\n", {"scenario.yaml:3: file: is not YAML"}},
    {YAML, "code: year, before: 2013-12-10}\n", "code: year, before: 2013-12-10}\n---\nx: 1\n", {"scenario.yaml:20: file: a second document"}},
};

static const struct row date_rows[] = {
    {YAML, "clock: 2013-01-11T08:00+07:00", "clock: 2013-01-11T08:00", {"scenario.yaml:10: clock: \"2013-01-11T08:00\" is no instant with offset"}},
    {YAML, "clock: 2013-01-11T08:00+07:00", "clock: 2013-02-30T08:00+07:00", {"scenario.yaml:10: clock: \"2013-02-30"}},
    {YAML, "clock: 2013-01-11T08:00+07:00", "clock: 2012-12-31T23:59+07:00", {"scenario.yaml:10: clock: the clock starts outside"}},
    {YAML, "clock: 2013-01-11T08:00+07:00", "clock: 2013-01-01T00:00+07:00", {NULL}},
    {YAML, "clock: 2013-01-11T08:00+07:00", "clock: 2013-01-25T09:00+07:00", {NULL}},
    {YAML, "clock: 2013-01-11T08:00+07:00", "clock: 2013-01-25T09:01+07:00", {"scenario.yaml:11: register: 9:00 of the day"}},
    {YAML, "register: 2013-01-25", "register: 2013-02-01", {NULL}},
    {YAML, "register: 2013-01-25", "register: 2013-02-02", {"scenario.yaml:12: appraise: the day is before register"}},
    {YAML, "appraise: 2013-02-01", "appraise: 2013-02-15", {NULL}},
    {YAML, "appraise: 2013-02-01", "appraise: 2013-02-16", {"scenario.yaml:13: approve: the day is before appraise"}},
    {YAML, "appraise: 2013-02-01", "appraise: 2013-02-29", {"scenario.yaml:12: appraise: \"2013-02-29\" is no date"}},
    {YAML, "register: 2013-01-25", "register: 2014-01-01", {"scenario.yaml:11: register: 2014-01-01 is outside the cycle's year 2013"}},
    {YAML, "from: 2013-01-01", "from: 2013-06-30", {NULL}},
    {YAML, "from: 2013-01-01", "from: 2013-07-01", {"scenario.yaml:14: period.to: the day is before period.from"}},
    {YAML, "from: 2013-01-01", "from: 2012-12-31", {"scenario.yaml:14: period.from: 2012-12-31 is outside"}},
    {YAML, "to: 2013-06-30", "to: 2014-01-01", {"scenario.yaml:14: period.to: 2014-01-01 is outside"}},
    {YAML, "as_of: 2013-06-30", "as_of: 2013-12-31", {NULL}},
    {YAML, "as_of: 2013-06-30", "as_of: 2014-01-01", {"scenario.yaml:15: as_of: 2014-01-01 is outside"}},
    {YAML, "before: 2013-12-10", "before: 2014-01-01", {NULL}},
    {YAML, "before: 2013-12-10", "before: 2014-01-02", {"scenario.yaml:18: reports[2].before: the day is outside"}},
    {YAML, "before: 2013-12-10", "before: 2013-01-01", {NULL}},
    {YAML, "before: 2013-12-10", "before: 2012-12-31", {"scenario.yaml:18: reports[2].before: the day is outside"}},
    {YAML, "before: 2013-12-10", "before: 10/12/2013", {"scenario.yaml:18: reports[2].before: \"10/12/2013\" is no date"}},
};

static const struct row unit_rows[] = {
    {UNITS, "yen-the,Huyện Yên Thế", "Yen the,Huyện Yên Thế",
     {"units.csv:4: code: \"Yen the\" is no code", "reports.csv:2: unit: \"yen-the\" is no unit"}},
    {UNITS, "yen-the,Huyện Yên Thế", ",Huyện Yên Thế", {"units.csv:4: code: is empty", "reports.csv:2: unit: \"yen-the\" is no unit"}},
    {UNITS, "chairman\n", "chairman\nvp-ubnd,Hai,district,1,,,\n", {"units.csv:5: code: unit \"vp-ubnd\" stands twice, first on line 3"}},
    {UNITS, "chairman\n", "chairman\nubnd,Hai,district,1,,,\n", {"units.csv:5: code: ubnd is the code of the root"}},
    {UNITS, "chairman\n", "chairman\nhai,Hai,district,9,,,\n", {"units.csv:5: ordinal: group district has ordinal 9 twice, first on line 4"}},
    {UNITS, "chairman\n", "chairman\nhai,Hai,province,9,,,\n", {NULL}},
    {UNITS, "Huyện Yên Thế", "", {"units.csv:4: name: is empty"}},
    {UNITS, "Huyện Yên Thế", "\"a\nb\"", {"units.csv:4: name: the text holds a control or direction character or a line"}},
    {UNITS, "district,9", "xa,9", {"units.csv:4: group: \"xa\" is no group"}},
    {UNITS, "district,9", ",9", {"units.csv:4: group: is empty"}},
    {UNITS, "district,9", "district,0", {"units.csv:4: ordinal: \"0\" is not a whole number from 1 to 65535"}},
    {UNITS, "district,9", "district,09", {"units.csv:4: ordinal: \"09\""}},
    {UNITS, "district,9", "district,65535", {NULL}},
    {UNITS, "district,9", "district,65536", {"units.csv:4: ordinal: \"65536\""}},
    {UNITS, "district,9", "district,4294967297", {"units.csv:4: ordinal: \"4294967297\""}},
    {UNITS, "district,9,,", "district,9,bo,", {"units.csv:4: parent: \"bo\" is no unit"}},
    {UNITS, "district,9,,", "district,9,yen-the,", {"units.csv:4: parent: unit yen-the is on a loop"}},
    {UNITS, "province,3,,", "province,3,vp-ubnd,",
     {"units.csv:2: parent: unit so-noi-vu is on a loop", "units.csv:3: parent: unit vp-ubnd is on a loop"}},
    {UNITS, "province,3,,", "province,3,yen-the,", {NULL}},
    {UNITS, "chairman\n", "secretary\n", {"units.csv:4: approver: \"secretary\" is no approver"}},
    {UNITS, "chairman\n", "\n", {NULL}},
    {UNITS, ",approver", ",colour", {"units.csv:1: colour: unknown column"}},
    {UNITS, "code,name", "code,colour", {"units.csv:1: colour: unknown column", "units.csv:1: name: the column is missing"}},
    {UNITS, "code,name", "code,code", {"units.csv:1: code: the column stands twice", "units.csv:1: name: the column is missing"}},
    {UNITS, "Huyện Yên Thế,", "Huyện, Yên Thế,",
     {"units.csv:4: record: the record has 8 fields", "units.csv:4: group: \" Yên Thế\" is no group", "units.csv:4: ordinal: \"district\"", "units.csv:4: parent: \"9\" is no unit"}},
    {UNITS, "Huyện Yên Thế", "Huyện\xC3", {"units.csv:4: name: the text is not UTF-8"}},
    {UNITS, "Huyện Yên Thế", "\"Huyện\" Thế", {"units.csv:4: name: a quote stands out of place", "reports.csv:2: unit: \"yen-the\" is no unit"}},
    {UNITS, "Huyện Yên Thế", "\"Huyện", {"units.csv:4: name: a quote is opened and never closed", "reports.csv:2: unit: \"yen-the\" is no unit"}},
};

static const struct row indicator_rows[] = {
    {INDICATORS, "vp-ubnd,2", "bo,2", {"indicators.csv:7: unit: \"bo\" is no unit"}},
    {INDICATORS, "vp-ubnd,2", ",2", {"indicators.csv:7: unit: is empty"}},
    {INDICATORS, "vp-ubnd,2", "vp-ubnd,9999", {NULL}},
    {INDICATORS, "vp-ubnd,2", "vp-ubnd,10000", {"indicators.csv:7: task: \"10000\" is not a whole number from 1 to 9999"}},
    {INDICATORS, "vp-ubnd,2", "vp-ubnd,0", {"indicators.csv:7: task: \"0\""}},
    {INDICATORS, "vp-ubnd,2,own,1,", "vp-ubnd,2,own,1.5,", {"indicators.csv:7: indicator: \"1.5\""}},
    {INDICATORS, "vp-ubnd,2,own,", "vp-ubnd,2,riêng,", {"indicators.csv:7: kind: \"riêng\" is no kind of task; the programme's kinds are own, common"}},
    {INDICATORS, "vp-ubnd,2,own,1,", "vp-ubnd,1,own,1,", {"indicators.csv:7: indicator: unit vp-ubnd has indicator 1.1 twice, first on line 6"}},
    {INDICATORS, "vp-ubnd,2,own,1,", "vp-ubnd,1,common,2,", {"indicators.csv:7: kind: task 1 is common here and own on line 6"}},
    {INDICATORS, "vp-ubnd,2,own,1,", "vp-ubnd,1,own,2,", {NULL}},
    {INDICATORS, "Năm", "", {"indicators.csv:7: title: is empty"}},
    {INDICATORS, "Năm", "N\x07m", {"indicators.csv:7: title: the text holds a control"}},
    {INDICATORS, "Năm", "N\xE2\x80\xAEm", {"indicators.csv:7: title: the text holds a control or direction"}},
    {INDICATORS, "Năm,,,", "Năm,,1.123456,", {NULL}},
    {INDICATORS, "Năm,,,", "Năm,,1.1234567,", {"indicators.csv:7: target: \"1.1234567\" is no figure"}},
    {INDICATORS, "Năm,,,", "Năm,,\"1,5\",", {"indicators.csv:7: target: \"1,5\" is no figure"}},
    {INDICATORS, "Năm,,,", "Năm,,1e3,", {"indicators.csv:7: target: \"1e3\" is no figure"}},
    {INDICATORS, "Năm,,,2013-03-31", "Năm,,,", {"indicators.csv:7: due: is empty"}},
    {INDICATORS, "Năm,,,2013-03-31", "Năm,,,2013-02-30", {"indicators.csv:7: due: \"2013-02-30\" is no date"}},
    {INDICATORS, "Năm,,,2013-03-31", "Năm,,,2014-01-01", {"indicators.csv:7: due: 2014-01-01 is outside the cycle's year 2013"}},
    {INDICATORS, "Năm,,,2013-03-31", "Năm,,,2012-12-31", {"indicators.csv:7: due: 2012-12-31 is outside"}},
    {INDICATORS, "exceeded,2013-06-24", "done,2013-06-24", {"indicators.csv:7: outcome: \"done\" is no outcome"}},
    {INDICATORS, "exceeded,2013-06-24", "open,2013-06-24", {"indicators.csv:7: outcome: \"open\" is no outcome"}},
    {INDICATORS, "exceeded,2013-06-24", "exceeded,", {"indicators.csv:7: completed_on: is empty, but there is an outcome"}},
    {INDICATORS, "exceeded,2013-06-24", ",2013-06-24", {"indicators.csv:7: outcome: is empty, but completed_on is"}},
    {INDICATORS, "exceeded,2013-06-24", "exceeded,2013-02-16", {NULL}},
    {INDICATORS, "exceeded,2013-06-24", "exceeded,2013-02-15", {"indicators.csv:7: completed_on: 2013-02-15 is not after approve, 2013-02-15"}},
    {INDICATORS, "exceeded,2013-06-24", "exceeded,2013-12-31", {NULL}},
    {INDICATORS, "exceeded,2013-06-24", "exceeded,2014-01-01", {"indicators.csv:7: completed_on: 2014-01-01 is outside"}},
    {INDICATORS, "exceeded,2013-06-24", "exceeded,24/6/2013", {"indicators.csv:7: completed_on: \"24/6/2013\" is no date"}},
};

static const struct row report_rows[] = {
    {REPORTS, "yen-the,H1", "bo,H1", {"reports.csv:2: unit: \"bo\" is no unit"}},
    {REPORTS, "yen-the,H1", "yen-the,H2", {"reports.csv:2: report: \"H2\" is no report"}},
    {REPORTS, "yen-the,H1", "yen-the,h1", {"reports.csv:2: report: \"h1\" is no report"}},
    {REPORTS, "vp-ubnd,year", "yen-the,H1", {"reports.csv:3: report: unit yen-the has report H1 twice, first on line 2"}},
    {REPORTS, "vp-ubnd,year", "yen-the,year", {NULL}},
    {REPORTS, "2013-06-24T16:05", "2013-06-24T16:05:30", {NULL}},
    {REPORTS, "2013-06-24T16:05", "2013-06-24", {"reports.csv:2: received_at: \"2013-06-24\" is no instant"}},
    {REPORTS, "2013-06-24T16:05", "", {"reports.csv:2: received_at: is empty"}},
    {REPORTS, "2013-06-24T16:05", "2013-06-31T16:05", {"reports.csv:2: received_at: \"2013-06-31T16:05\" is no instant"}},
    {REPORTS, "2013-06-24T16:05", "2013-01-11T08:00", {NULL}},
    {REPORTS, "2013-06-24T16:05", "2013-01-11T07:59:59", {"reports.csv:2: received_at: 2013-01-11T07:59:59 is before the clock"}},
    {REPORTS, "2013-06-24T16:05", "2013-01-11T00:59Z", {"reports.csv:2: received_at: 2013-01-11T00:59Z is before the clock"}},
    {REPORTS, "2013-06-24T16:05", "2013-12-31T23:59:59", {NULL}},
    {REPORTS, "2013-06-24T16:05", "2014-01-01T00:00", {"reports.csv:2: received_at: 2014-01-01T00:00 is after the cycle"}},
    {REPORTS, "2013-06-24T16:05", "2013-12-31T17:00Z", {"reports.csv:2: received_at: 2013-12-31T17:00Z is after the cycle"}},
};

static const struct row calendar_rows[] = {
    {CALENDAR, "2013-02-11", "2013-02-30", {"calendar.csv:3: date: \"2013-02-30\" is no date"}},
    {CALENDAR, "2013-02-11", "2014-02-11", {"calendar.csv:3: date: 2014-02-11 is outside"}},
    {CALENDAR, "2013-02-23", "2013-09-02", {"calendar.csv:4: date: 2013-09-02 stands twice, first on line 2"}},
    {CALENDAR, "workday", "work", {"calendar.csv:4: kind: \"work\" is no kind of day"}},
    {CALENDAR, "workday", "", {"calendar.csv:4: kind: is empty"}},
    {CALENDAR, "date,kind,name", "date,kind,note", {"calendar.csv:1: note: unknown column"}},
};
// clang-format on

static void scenario_lists_faults_of_keys_and_values(void **state)
{
    (void)state;
    CHECK_ROWS(yaml_rows);
}

static void scenario_lists_dates_out_of_order(void **state)
{
    (void)state;
    CHECK_ROWS(date_rows);
}

static void scenario_lists_faults_of_units(void **state)
{
    (void)state;
    CHECK_ROWS(unit_rows);
}

static void scenario_lists_faults_of_indicators(void **state)
{
    (void)state;
    CHECK_ROWS(indicator_rows);
}

static void scenario_lists_all_faults_of_one_row(void **state)
{
    (void)state;
    write_changed(INDICATORS, "vp-ubnd,2,own,1,Năm,,,2013-03-31,exceeded,2013-06-24",
                  "bo,x,y,z,,,1.,2013-13-01,done,");
    assert_int_equal(read_again(), DD_INVALID);
    static const char *const columns[] = {"unit",   "task", "kind",    "indicator",   "title",
                                          "target", "due",  "outcome", "completed_on"};
    assert_int_equal(faults.count, sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < faults.count; i++) {
        assert_int_equal(faults.list[i].line, 7);
        assert_int_equal(strncmp(faults.list[i].text, columns[i], strlen(columns[i])), 0);
    }
}

static void scenario_lists_faults_of_reports(void **state)
{
    (void)state;
    CHECK_ROWS(report_rows);
}

static void scenario_lists_faults_of_the_calendar(void **state)
{
    (void)state;
    CHECK_ROWS(calendar_rows);
}

static void scenario_lists_all_faults_of_all_files_in_order(void **state)
{
    (void)state;
    static const char *const wanted[WANTED_MAX] = {
        "scenario.yaml:15: as_of", "units.csv:4: ordinal", "indicators.csv:7: outcome",
        "reports.csv:2: report",   "calendar.csv:4: kind", NULL};
    write_changed(CALENDAR, "workday", "work");
    write_changed(REPORTS, "yen-the,H1", "yen-the,H2");
    write_changed(INDICATORS, "exceeded", "done");
    write_changed(UNITS, "district,9", "district,x");
    write_changed(YAML, "as_of: 2013-06-30", "as_of: 2014-06-30");
    assert_int_equal(read_again(), DD_INVALID);
    assert_faults("all files", wanted);
}

static void scenario_has_no_cap_on_faults(void **state)
{
    (void)state;
    enum { ROWS = 5000 };
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    fprintf(out, "unit,report,received_at\n");
    for (int i = 0; i < ROWS; i++)
        fprintf(out, "u%d,,\n", i);
    fclose(out);
    write_text(REPORTS, text);
    free(text);
    assert_int_equal(read_again(), DD_INVALID);
    assert_int_equal(faults.count, 3 * ROWS);
    assert_int_equal(faults.list[3 * ROWS - 1].line, ROWS + 1);
}

static void scenario_without_its_files_names_each(void **state)
{
    (void)state;
    static const char *const wanted[WANTED_MAX] = {
        "scenario.yaml:1: file: cannot be read", "units.csv:1: file: cannot be read",
        "indicators.csv:1: file: cannot be read", "reports.csv:1: file: cannot be read", NULL};
    for (int i = 0; i < FILE_COUNT; i++)
        remove_file((enum file)i);
    assert_int_equal(read_again(), DD_INVALID);
    assert_faults("no files", wanted);
}

static void scenario_without_its_folder_is_one_fault(void **state)
{
    (void)state;
    static const struct dd_scenario_programmes programmes = {NULL, find_programme};
    static const char *const wanted[WANTED_MAX] = {"scenario.yaml:1: file: the scenario's folder",
                                                   NULL};
    char path[512];
    path_of(path, "nowhere");
    assert_int_equal(dd_scenario_read(path, &programmes, &scenario, &faults), DD_INVALID);
    assert_faults("no folder", wanted);
    assert_null(scenario);
    dd_faults_free(&faults);
    path_of(path, "units.csv");
    assert_int_equal(dd_scenario_read(path, &programmes, &scenario, &faults), DD_INVALID);
    assert_faults("a file", wanted);
}

static void scenario_passes_up_what_the_world_does(void **state)
{
    (void)state;
    write_changed(YAML, "programme: two-kinds", "programme: no-disk");
    assert_int_equal(read_again(), DD_IO);
    assert_null(scenario);
}

static void repeat(char *out, char c, size_t count)
{
    memset(out, c, count);
    out[count] = '\0';
}

static void scenario_yaml_that_cannot_be_parsed_is_one_fault(void **state)
{
    (void)state;
    static const char *const wanted[WANTED_MAX] = {"scenario.yaml:2: file: the line is not UTF-8",
                                                   NULL};
    write_changed(YAML, "Ủy ban", "\xFFy ban");
    assert_int_equal(read_again(), DD_INVALID);
    assert_faults("not UTF-8", wanted);
    static const char *const deep[WANTED_MAX] = {"scenario.yaml:1: file: is nested", NULL};
    char *brackets = malloc(100001);
    assert_non_null(brackets);
    repeat(brackets, '[', 100000);
    write_text(YAML, brackets);
    free(brackets);
    assert_int_equal(read_again(), DD_INVALID);
    assert_faults("deep", deep);
    static const char *const empty[WANTED_MAX] = {"scenario.yaml:1: file: is empty", NULL};
    write_text(YAML, "");
    assert_int_equal(read_again(), DD_INVALID);
    assert_faults("empty", empty);
}

static void scenario_takes_texts_up_to_their_limits(void **state)
{
    (void)state;
    static const struct {
        enum file file;
        const char *from;
        size_t limit;
        const char *fault;
    } texts[] = {
        {UNITS, "Huyện Yên Thế", DD_NAME_BYTES_MAX, "units.csv:4: name: the text has 513 bytes"},
        {UNITS, "Chánh Văn phòng", DD_NAME_BYTES_MAX, "units.csv:3: head_title: the text has 513"},
        {INDICATORS, "Năm", DD_TITLE_BYTES_MAX, "indicators.csv:7: title: the text has 2001"},
        {INDICATORS, "văn bản", DD_UOM_BYTES_MAX,
         "indicators.csv:2: unit_of_measure: the text has 129"},
        {YAML, "bacgiang", DD_CODE_BYTES_MAX, "scenario.yaml:1: jurisdiction: \"xxx"},
        {YAML, "Cấp huyện", DD_NAME_BYTES_MAX,
         "scenario.yaml:5: groups[2].name: the text has 513"}};
    char text[DD_TITLE_BYTES_MAX + 2];
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        const char *wanted[WANTED_MAX] = {texts[i].fault, NULL};
        const char *none[WANTED_MAX] = {NULL};
        repeat(text, 'x', texts[i].limit);
        write_changed(texts[i].file, texts[i].from, text);
        read_again();
        assert_faults(texts[i].fault, none);
        repeat(text, 'x', texts[i].limit + 1);
        write_changed(texts[i].file, texts[i].from, text);
        read_again();
        assert_faults(texts[i].fault, wanted);
        write_text(texts[i].file, good[texts[i].file]);
    }
}

/* indicators.csv for yen-the: `count` rows with the task and indicator that `number` gives. */
static void write_many(size_t count, size_t title_bytes, void (*number)(size_t i, unsigned out[2]))
{
    char *text = NULL;
    size_t size = 0;
    char *title = malloc(title_bytes + 1);
    FILE *out = open_memstream(&text, &size);
    assert_non_null(title);
    assert_non_null(out);
    repeat(title, 't', title_bytes);
    fprintf(out,
            "unit,task,kind,indicator,title,unit_of_measure,target,due,outcome,completed_on\n");
    for (size_t i = 0; i < count; i++) {
        unsigned numbers[2];
        number(i, numbers);
        fprintf(out, "yen-the,%u,%s,%u,%s,,,2013-06-30,,\n", numbers[0],
                numbers[0] % 10 == 0 ? "common" : "own", numbers[1], title);
    }
    fclose(out);
    write_text(INDICATORS, text);
    free(title);
    free(text);
}

static void one_task(size_t i, unsigned out[2])
{
    out[0] = 1;
    out[1] = (unsigned)i + 1;
}

/* Five own tasks 1..5, five common ones 10..50, round and round; then own task 7. */
static void ten_tasks(size_t i, unsigned out[2])
{
    unsigned task = (unsigned)(i % 10);
    out[0] = i == 20 ? 7 : task < 5 ? task + 1 : (task - 4) * 10;
    out[1] = (unsigned)(i / 10) + 1;
}

static void scenario_takes_five_tasks_of_a_kind_and_not_six(void **state)
{
    (void)state;
    static const char *const none[WANTED_MAX] = {NULL};
    static const char *const wanted[WANTED_MAX] = {
        "indicators.csv:22: task: task 7 is task number 6 of kind own in unit yen-the", NULL};
    write_many(20, 3, ten_tasks);
    read_again();
    assert_faults("ten tasks", none);
    write_many(21, 3, ten_tasks);
    read_again();
    assert_faults("six own tasks", wanted);
}

static void scenario_takes_what_one_registration_of_a_task_holds(void **state)
{
    (void)state;
    static const char *const none[WANTED_MAX] = {NULL};
    static const char *const many[WANTED_MAX] = {
        "indicators.csv:202: indicator: task 1 has more than 200 indicators", NULL};
    static const char *const large[WANTED_MAX] = {
        "indicators.csv:25: title: the texts of task 1 are too long together", NULL};
    write_many(DD_INDICATORS_PER_COMMAND_MAX, 3, one_task);
    read_again();
    assert_faults("200 indicators", none);
    write_many(DD_INDICATORS_PER_COMMAND_MAX + 1, 3, one_task);
    read_again();
    assert_faults("201 indicators", many);
    write_many(23, 2000, one_task); /* 23 * 2048 = 47104, the room of 48 KiB - 1 KiB is 48128 */
    read_again();
    assert_faults("23 long titles", none);
    write_many(24, 2000, one_task);
    read_again();
    assert_faults("24 long titles", large);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        CASE(scenario_gives_what_the_yaml_says),
        CASE(scenario_gives_units_and_indicators_in_file_order),
        CASE(scenario_gives_reports_and_days),
        CASE(scenario_reads_bom_crlf_and_columns_in_any_order),
        CASE(scenario_lists_faults_of_keys_and_values),
        CASE(scenario_lists_dates_out_of_order),
        CASE(scenario_lists_faults_of_units),
        CASE(scenario_lists_faults_of_indicators),
        CASE(scenario_lists_all_faults_of_one_row),
        CASE(scenario_lists_faults_of_reports),
        CASE(scenario_lists_faults_of_the_calendar),
        CASE(scenario_lists_all_faults_of_all_files_in_order),
        CASE(scenario_has_no_cap_on_faults),
        CASE(scenario_without_its_files_names_each),
        CASE(scenario_without_its_folder_is_one_fault),
        CASE(scenario_passes_up_what_the_world_does),
        CASE(scenario_yaml_that_cannot_be_parsed_is_one_fault),
        CASE(scenario_takes_texts_up_to_their_limits),
        CASE(scenario_takes_five_tasks_of_a_kind_and_not_six),
        CASE(scenario_takes_what_one_registration_of_a_task_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
