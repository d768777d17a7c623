/*
 * The export: pages are put together, and the four files are what the answers say, byte for byte.
 * The answers are made here by a server of a few lines that gives one row a page.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "clients/cli/export.h"
#include "clients/cli/system.h"
#include "core/calendar.h"

enum { OFFSET_MIN = 420, FILE_BYTES = 8192, ROWS_MAX = 4 };

#define TEXT(literal) \
    { \
        (const uint8_t *)(literal), sizeof(literal) - 1 \
    }

static const char summary_head[] =
    "group,ordinal,unit,name,registered_year,registered_period,completed,exceeded,not_completed,"
    "early,unattainable\r\n";
static const char groups_head[] =
    "group,units,registered_year,registered_period,completed,not_completed,early,none_registered,"
    "all_completed,incomplete\r\n";

static char dir[256];
static struct dd_arena arena;
static struct dd_export export;

/* What the made-up server knows, and whom it refuses. */
static struct {
    struct dd_table_row rows[ROWS_MAX];
    size_t row_count;
    struct dd_table_total totals[ROWS_MAX];
    size_t total_count;
    struct dd_duty_line duties[ROWS_MAX];
    size_t duty_count;
    struct dd_reminder_line reminders[ROWS_MAX];
    size_t reminder_count;
    struct dd_cycle_line cycles[ROWS_MAX];
    size_t cycle_count;
    struct dd_matter_line matters[ROWS_MAX];
    size_t matter_count;
    struct dd_report_due reports[2];
    enum dd_question_kind refused;
    bool wrong_kind;
    uint64_t min_seq; /* as last asked */
    size_t asked;
} server;

static int32_t day(const char *text)
{
    int32_t out = 0;
    assert_true(dd_day_parse(dd_slice_of(text), &out));
    return out;
}

static int64_t at(const char *text)
{
    int64_t out = 0;
    int offset_min;
    assert_true(dd_instant_parse(dd_slice_of(text), OFFSET_MIN, &out, &offset_min));
    return out;
}

/* Page number `page` of rows given one a page: which row, and whether another page follows. */
static size_t page_of(const struct dd_question *question, size_t count, struct dd_answer *answer,
                      size_t *rows)
{
    static uint8_t next[ROWS_MAX + 1] = {0, 1, 2, 3, 4};
    size_t page = question->after.size == 1 ? question->after.data[0] : 0;
    *rows = page < count ? 1 : 0;
    if (page + 1 < count)
        answer->next = (struct dd_slice){&next[page + 1], 1};
    return page;
}

static void answer_table(const struct dd_question *question, struct dd_answer *answer)
{
    struct dd_table_answer *table = &answer->as.table;
    assert_int_equal(question->as_of_day, day("2013-06-30"));
    assert_memory_equal(question->period.data, "H1", 2);
    size_t page = page_of(question, server.row_count, answer, &table->row_count);
    table->rows = &server.rows[page];
    table->as_of_ms = at("2013-07-01T00:00");
    if (answer->next.size == 0) {
        table->totals = server.totals;
        table->total_count = server.total_count;
    }
}

static enum dd_status ask(void *self, const struct dd_question *question, struct dd_arena *memory,
                          struct dd_answer *answer, struct dd_refusal *refusal)
{
    size_t page;
    assert_ptr_equal(self, &server);
    assert_ptr_equal(memory, &arena);
    memset(answer, 0, sizeof *answer);
    memset(refusal, 0, sizeof *refusal);
    answer->kind = server.wrong_kind ? DD_QUESTION_HELLO : question->kind;
    server.min_seq = question->min_seq;
    server.asked++;
    if (question->kind == server.refused)
        return dd_refuse(refusal, DD_FORBIDDEN, DD_RULE_NO_OFFICE, NULL);
    if (question->kind == DD_QUESTION_TABLE)
        answer_table(question, answer);
    if (question->kind == DD_QUESTION_CYCLE) {
        answer->as.cycle.offset_min = OFFSET_MIN;
        answer->as.cycle.reports = server.reports;
        answer->as.cycle.report_count = 2;
    }
    if (question->kind == DD_QUESTION_CYCLES) {
        page = page_of(question, server.cycle_count, answer, &answer->as.cycles.cycle_count);
        answer->as.cycles.cycles = &server.cycles[page];
    }
    if (question->kind == DD_QUESTION_MATTERS) {
        page = page_of(question, server.matter_count, answer, &answer->as.matters.matter_count);
        answer->as.matters.matters = &server.matters[page];
    }
    if (question->kind == DD_QUESTION_DUTIES) {
        assert_int_equal(question->act, question->has_as_of ? DD_ACT_REPORT : 0);
        answer->as.duties.offset_min = OFFSET_MIN;
        page = page_of(question, server.duty_count, answer, &answer->as.duties.duty_count);
        answer->as.duties.duties = &server.duties[page];
    }
    if (question->kind == DD_QUESTION_REMINDERS) {
        page =
            page_of(question, server.reminder_count, answer, &answer->as.reminders.reminder_count);
        answer->as.reminders.reminders = &server.reminders[page];
    }
    return DD_OK;
}

static enum dd_status collect(struct dd_refusal *refusal)
{
    const struct dd_exporter exporter = {&server, ask};
    const struct dd_export_wish wish = {TEXT("p/2013"), TEXT("H1"), day("2013-06-30")};
    return dd_export_collect(&exporter, &wish, 77, &arena, &export, refusal);
}

static void put_row(const char *group, uint16_t ordinal, const char *unit, const char *name)
{
    server.rows[server.row_count++] = (struct dd_table_row){.group = dd_slice_of(group),
                                                            .ordinal = ordinal,
                                                            .unit = dd_slice_of(unit),
                                                            .name = dd_slice_of(name),
                                                            .counts = {30, 7, 6, 2, 1, 5, 3}};
}

static void put_total(const char *group, uint64_t count)
{
    server.totals[server.total_count++] = (struct dd_table_total){.group = dd_slice_of(group),
                                                                  .units = count,
                                                                  .counts = {8, 7, 6, 2, 1, 5, 3},
                                                                  .none_registered = 1,
                                                                  .all_completed = 2,
                                                                  .incomplete = 3};
}

static void put_duty(const char *unit, const char *duty, const char *met, enum dd_end status)
{
    server.duties[server.duty_count++] = (struct dd_duty_line){.unit = dd_slice_of(unit),
                                                               .duty = dd_slice_of(duty),
                                                               .bound_ms = at("2013-06-25T00:00"),
                                                               .met_ms = met ? at(met) : 0,
                                                               .status = status};
}

static void put_reminder(const char *unit, const char *duty, int8_t rung, const char *instant)
{
    server.reminders[server.reminder_count++] = (struct dd_reminder_line){.unit = dd_slice_of(unit),
                                                                          .duty = dd_slice_of(duty),
                                                                          .rung = rung,
                                                                          .at_ms = at(instant),
                                                                          .offset_min = OFFSET_MIN};
}

static int set_up(void **state)
{
    const char *base = getenv("TMPDIR");
    (void)state;
    memset(&server, 0, sizeof server);
    memset(&export, 0, sizeof export);
    server.reports[0] = (struct dd_report_due){TEXT("H1"), DD_WORD_BEFORE, day("2013-06-25")};
    server.reports[1] = (struct dd_report_due){TEXT("year"), DD_WORD_BEFORE, day("2013-12-10")};
    arena = dd_arena_make(1024 * 1024);
    snprintf(dir, sizeof dir, "%s/test-export-XXXXXX", base && *base ? base : "/tmp");
    return mkdtemp(dir) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    dd_arena_free(&arena);
    dd_folder_remove(dir);
    return 0;
}

static void assert_file(const char *name, const char *head, const char *rows)
{
    char path[DD_PATH_BYTES];
    char found[FILE_BYTES];
    char wanted[FILE_BYTES];
    assert_true(dd_data_path(dir, name, path));
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t size = fread(found, 1, sizeof found - 1, file);
    fclose(file);
    found[size] = '\0';
    snprintf(wanted, sizeof wanted, "%s%s", head, rows);
    assert_string_equal(found, wanted);
}

static void write_to(const char *folder, enum dd_status wanted)
{
    const struct dd_slice groups[] = {TEXT("province"), TEXT("empty"), TEXT("district")};
    struct dd_refusal refusal;
    struct dd_why why;
    assert_int_equal(collect(&refusal), DD_OK);
    assert_int_equal(dd_export_write(folder, &export, groups, 3, &why), wanted);
    assert_int_equal(why.text[0] != '\0', wanted != DD_OK);
}

static size_t files_in_folder(void)
{
    static const char *const names[] = {
        "summary.csv",      "groups.csv",        "reports.csv",        ".summary.csv.part",
        ".groups.csv.part", ".reports.csv.part", ".reminders.csv.part"};
    char path[DD_PATH_BYTES];
    size_t count = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        count += dd_data_path(dir, names[i], path) && access(path, F_OK) == 0;
    return count;
}

/* ---- collecting */

static void export_puts_all_pages_together(void **state)
{
    struct dd_refusal refusal;
    (void)state;
    put_row("province", 1, "a", "A");
    put_row("province", 2, "b", "B");
    put_row("district", 1, "c", "C");
    put_total("", 3);
    put_duty("a", "report/H1", NULL, DD_END_MISSING);
    put_duty("b", "report/H1", NULL, DD_END_MISSING);
    put_reminder("a", "register", -7, "2013-01-18T08:00");
    put_reminder("b", "register", -7, "2013-01-18T08:00");
    assert_int_equal(collect(&refusal), DD_OK);
    assert_int_equal(export.table.row_count, 3);
    assert_memory_equal(export.table.rows[2].unit.data, "c", 1);
    assert_int_equal(export.table.total_count, 1);
    assert_int_equal(export.reports.duty_count, 2);
    assert_int_equal(export.reminders.reminder_count, 2);
    assert_int_equal(server.asked, 1 + 3 + 2 + 2);
    assert_int_equal(server.min_seq, 77);
    assert_int_equal(export.as_of_ms, at("2013-07-01T00:00"));
}

static void export_passes_a_refusal_on(void **state)
{
    static const enum dd_question_kind kinds[] = {DD_QUESTION_CYCLE, DD_QUESTION_TABLE,
                                                  DD_QUESTION_DUTIES, DD_QUESTION_REMINDERS};
    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct dd_refusal refusal;
        server.refused = kinds[i];
        assert_int_equal(collect(&refusal), DD_FORBIDDEN);
        assert_int_equal(refusal.rule, DD_RULE_NO_OFFICE);
    }
}

static void export_does_not_read_an_answer_of_another_kind(void **state)
{
    struct dd_refusal refusal;
    (void)state;
    server.wrong_kind = true;
    assert_int_equal(collect(&refusal), DD_FORMAT);
}

static void export_says_when_the_memory_does_not_suffice(void **state)
{
    struct dd_refusal refusal;
    (void)state;
    put_row("province", 1, "a", "A");
    arena.limit_bytes = 16;
    assert_int_equal(collect(&refusal), DD_NO_MEMORY);
}

/* ---- the files */

static void export_writes_the_summary_in_the_tables_order(void **state)
{
    (void)state;
    put_row("province", 12, "so-y-te", "Sở Y tế, \"mới\"");
    put_row("district", 3, "yen-the", "Huyện Yên Thế");
    write_to(dir, DD_OK);
    assert_file("summary.csv", summary_head,
                "province,12,so-y-te,\"Sở Y tế, \"\"mới\"\"\",30,7,6,2,1,5,3\r\n"
                "district,3,yen-the,Huyện Yên Thế,30,7,6,2,1,5,3\r\n");
}

static void export_lists_groups_without_units_and_the_total_last(void **state)
{
    (void)state;
    put_total("province", 25);
    put_total("district", 10);
    put_total("", 35);
    write_to(dir, DD_OK);
    assert_file("groups.csv", groups_head,
                "province,25,8,7,6,1,5,1,2,3\r\n"
                "empty,0,0,0,0,0,0,0,0,0\r\n"
                "district,10,8,7,6,1,5,1,2,3\r\n"
                "total,35,8,7,6,1,5,1,2,3\r\n");
}

static void export_has_a_row_for_each_unit_and_report(void **state)
{
    (void)state;
    put_row("province", 1, "b", "B");
    put_row("province", 2, "a", "A");
    put_duty("a", "report/H1", "2013-06-24T23:59:59", DD_END_ON_TIME);
    put_duty("b", "report/year", NULL, DD_END_PENDING);
    put_duty("b", "report/H1", "2013-06-25T00:00", DD_END_LATE);
    write_to(dir, DD_OK);
    assert_file("reports.csv", "unit,report,bound,received_at,status\r\n",
                "b,H1,2013-06-25T00:00:00+07:00,2013-06-25T00:00:00+07:00,late\r\n"
                "b,year,2013-06-25T00:00:00+07:00,,pending\r\n"
                "a,H1,2013-06-25T00:00:00+07:00,2013-06-24T23:59:59+07:00,on_time\r\n"
                "a,year,2013-12-10T00:00:00+07:00,,pending\r\n"); /* not owed yet */
}

static void export_takes_a_report_not_owed_yet_by_its_day(void **state)
{
    (void)state;
    put_row("province", 1, "a", "A");
    server.reports[0].day = day("2013-06-30"); /* bound before the end of as_of */
    server.reports[1].day = day("2013-07-01"); /* bound at it */
    write_to(dir, DD_OK);
    assert_file("reports.csv", "unit,report,bound,received_at,status\r\n",
                "a,H1,2013-06-30T00:00:00+07:00,,missing\r\n"
                "a,year,2013-07-01T00:00:00+07:00,,pending\r\n");
}

static void export_sorts_reminders_by_instant_unit_and_duty(void **state)
{
    (void)state;
    put_reminder("b", "report/H1", 5, "2013-06-29T08:00");
    put_reminder("b", "register", 0, "2013-01-25T08:00");
    put_reminder("a", "report/H1", -7, "2013-01-25T08:00");
    put_reminder("a", "indicator/3.2", 0, "2013-01-25T08:00");
    write_to(dir, DD_OK);
    assert_file("reminders.csv", "unit,duty,rung,at\r\n",
                "a,indicator/3.2,0,2013-01-25T08:00:00+07:00\r\n"
                "a,report/H1,-7,2013-01-25T08:00:00+07:00\r\n"
                "b,register,0,2013-01-25T08:00:00+07:00\r\n"
                "b,report/H1,+5,2013-06-29T08:00:00+07:00\r\n");
}

static void export_of_nothing_has_heads_and_a_total(void **state)
{
    (void)state;
    write_to(dir, DD_OK);
    assert_file("summary.csv", summary_head, "");
    assert_file("reminders.csv", "unit,duty,rung,at\r\n", "");
    assert_file("groups.csv", groups_head,
                "province,0,0,0,0,0,0,0,0,0\r\nempty,0,0,0,0,0,0,0,0,0\r\n"
                "district,0,0,0,0,0,0,0,0,0\r\ntotal,0,0,0,0,0,0,0,0,0\r\n");
}

static void export_leaves_no_file_if_one_cannot_be_written(void **state)
{
    char path[DD_PATH_BYTES];
    (void)state;
    assert_true(dd_data_path(dir, "reminders.csv", path)); /* in the way, the last of the four */
    assert_int_equal(mkdir(path, 0777), 0);
    write_to(dir, DD_IO);
    assert_int_equal(files_in_folder(), 0);
}

static void export_fails_without_its_folder(void **state)
{
    char path[DD_PATH_BYTES];
    (void)state;
    assert_true(dd_data_path(dir, "nowhere", path));
    write_to(path, DD_IO);
}

/* ---- folders */

static void export_lists_duties_and_matters_of_every_cycle(void **state)
{
    const struct dd_exporter exporter = {&server, ask};
    struct dd_export_cycles cycles;
    struct dd_refusal refusal;
    struct dd_why why;
    (void)state;
    server.cycles[0].cycle = dd_slice_of("ballots/2014");
    server.cycles[1].cycle = dd_slice_of("reports/2014");
    server.cycle_count = 2;
    put_duty("so-y-te", "monthly/2014-01", "2013-06-24T09:00", DD_END_ON_TIME);
    put_duty("so-y-te", "opinion/1", NULL, DD_END_LAPSED);
    server.duties[1].silence = DD_SILENCE_AGREES;
    server.duties[1].bound_ms = 0;
    server.matters[0] = (struct dd_matter_line){.matter = 1,
                                                .kind = dd_slice_of("ballot"),
                                                .title = dd_slice_of("Phiếu, số 1"),
                                                .owner = dd_slice_of("ky-anh"),
                                                .asked = 9,
                                                .answered = 4,
                                                .lapsed = 5,
                                                .has_rule = true,
                                                .settled = true};
    server.matters[1] = server.matters[0];
    server.matters[1].passed = true;
    server.matters[1].verdict = DD_VERDICT_IN_PRINCIPLE;
    server.matters[2] = server.matters[0];
    server.matters[2].settled = false;
    server.matters[3] = (struct dd_matter_line){.matter = 4, .outcome = DD_OUTCOME_UNATTAINABLE};
    server.matter_count = 4;
    assert_int_equal(dd_export_cycles(&exporter, 5, &arena, &cycles, &refusal), DD_OK);
    assert_int_equal(cycles.count, 2);
    cycles.count = 1;
    assert_int_equal(dd_export_write_cycles(dir, &cycles, &why), DD_OK);
    assert_file("duties.csv", "cycle,unit,duty,bound,status,met,silence\r\n",
                "ballots/2014,so-y-te,monthly/2014-01,2013-06-25T00:00:00+07:00,on_time,"
                "2013-06-24T09:00:00+07:00,\r\n"
                "ballots/2014,so-y-te,opinion/1,,lapsed,,agrees\r\n");
    assert_file("matters.csv",
                "cycle,matter,kind,title,owner,asked,answered,lapsed,result,verdict\r\n",
                "ballots/2014,1,ballot,\"Phiếu, số 1\",ky-anh,9,4,5,not_passed,\r\n"
                "ballots/2014,1,ballot,\"Phiếu, số 1\",ky-anh,9,4,5,passed,in-principle\r\n"
                "ballots/2014,1,ballot,\"Phiếu, số 1\",ky-anh,9,4,5,open,\r\n"
                "ballots/2014,4,,,,0,0,0,unattainable,\r\n");
    assert_int_equal(dd_export_write_cycles("/nowhere", &cycles, &why), DD_IO);
}

static void folder_is_free_if_it_is_empty_or_not_there(void **state)
{
    char path[DD_PATH_BYTES];
    struct dd_why why;
    (void)state;
    assert_int_equal(dd_folder_free(dir, &why), DD_OK);
    assert_true(dd_data_path(dir, "new", path));
    assert_int_equal(dd_folder_free(path, &why), DD_OK);
    assert_true(dd_data_path(dir, "new/er", path));
    assert_int_equal(dd_folder_free(path, &why), DD_NOT_FOUND);
    assert_int_equal(dd_folder_free("", &why), DD_INVALID);
}

static void folder_with_something_in_it_is_not_free(void **state)
{
    char path[DD_PATH_BYTES];
    struct dd_why why;
    (void)state;
    assert_true(dd_data_path(dir, ".hidden", path));
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fclose(file);
    assert_int_equal(dd_folder_free(dir, &why), DD_EXISTS);
    assert_non_null(strstr(why.text, dir));
    assert_int_equal(dd_folder_free(path, &why), DD_EXISTS); /* no folder at all */
}

static void folder_is_removed_with_what_is_in_it_but_not_behind_links(void **state)
{
    char inner[DD_PATH_BYTES];
    char kept[DD_PATH_BYTES];
    char path[DD_PATH_BYTES];
    (void)state;
    assert_true(dd_data_path(dir, "kept", kept));
    assert_true(dd_data_path(dir, "inner", inner));
    assert_int_equal(mkdir(kept, 0777), 0);
    assert_int_equal(mkdir(inner, 0777), 0);
    assert_true(dd_data_path(inner, "deeper", path));
    assert_int_equal(mkdir(path, 0777), 0);
    assert_true(dd_data_path(inner, "link", path));
    assert_int_equal(symlink(kept, path), 0);
    dd_folder_remove(inner);
    assert_int_not_equal(access(inner, F_OK), 0);
    assert_int_equal(access(kept, F_OK), 0);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(export_puts_all_pages_together),
        CASE(export_passes_a_refusal_on),
        CASE(export_does_not_read_an_answer_of_another_kind),
        CASE(export_says_when_the_memory_does_not_suffice),
        CASE(export_writes_the_summary_in_the_tables_order),
        CASE(export_lists_groups_without_units_and_the_total_last),
        CASE(export_has_a_row_for_each_unit_and_report),
        CASE(export_takes_a_report_not_owed_yet_by_its_day),
        CASE(export_sorts_reminders_by_instant_unit_and_duty),
        CASE(export_of_nothing_has_heads_and_a_total),
        CASE(export_leaves_no_file_if_one_cannot_be_written),
        CASE(export_fails_without_its_folder),
        CASE(export_lists_duties_and_matters_of_every_cycle),
        CASE(folder_is_free_if_it_is_empty_or_not_there),
        CASE(folder_with_something_in_it_is_not_free),
        CASE(folder_is_removed_with_what_is_in_it_but_not_behind_links),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
