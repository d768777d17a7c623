/* The official table as text: what stands in which column, names of every width, the sets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "clients/cli/table_text.h"
#include "core/calendar.h"
#include "core/text.h"

#define LONG_NAME "Trung tâm Hỗ trợ đào tạo và Cung ứng nguồn nhân lực tỉnh"
#define WORDS "Nghiệp Nghiệp Nghiệp Nghiệp Nghiệp Nghiệp Nghiệp Nghiệp" /* 55 columns */

static struct dd_slice s(const char *text)
{
    return (struct dd_slice){(const uint8_t *)text, strlen(text)};
}

/* Two units in one group, as of the end of 30 June 2013 at +07:00; all borrowed from statics. */
static struct dd_official_table table_of(const char *first_name, const char *second_name)
{
    static struct dd_cycle_answer cycle;
    static struct dd_table_answer table;
    static struct dd_duties_answer reports;
    static struct dd_table_row rows[2];
    static struct dd_table_total totals[2];
    static struct dd_duty_line duties[4];
    int32_t end;
    int32_t bound;
    assert_true(dd_day_from_civil(2013, 7, 1, &end));
    assert_true(dd_day_from_civil(2013, 6, 25, &bound));
    int64_t as_of_ms = dd_instant_at(end, 0, 420);
    int64_t bound_ms = dd_instant_at(bound, 0, 420);
    struct dd_counts done = {.registered_year = 30, .registered_period = 3, .completed = 3};
    struct dd_counts open = {.registered_year = 1234, .registered_period = 8, .not_completed = 8};
    rows[0] = (struct dd_table_row){s("g"), 1, s("a"), s(first_name), done};
    rows[1] = (struct dd_table_row){s("g"), 7, s("b"), s(second_name), open};
    totals[0] = (struct dd_table_total){.group = s("g"), .name = s("Cấp tỉnh"), .units = 2};
    totals[1] = (struct dd_table_total){.units = 2};
    duties[0] = (struct dd_duty_line){.unit = s("a"),
                                      .duty = s("report/H1"),
                                      .bound_ms = bound_ms,
                                      .met_ms = bound_ms,
                                      .status = DD_END_LATE,
                                      .met_seq = 1};
    duties[1] = (struct dd_duty_line){.unit = s("b"),
                                      .duty = s("report/H1"),
                                      .bound_ms = bound_ms,
                                      .met_ms = 0,
                                      .status = DD_END_MISSING,
                                      .met_seq = 0};
    duties[2] = (struct dd_duty_line){.unit = s("a"),
                                      .duty = s("report/end"),
                                      .bound_ms = as_of_ms,
                                      .met_ms = 0,
                                      .status = DD_END_PENDING,
                                      .met_seq = 0};
    duties[3] = (struct dd_duty_line){.unit = s("a"),
                                      .duty = s("report/year"),
                                      .bound_ms = as_of_ms + 1,
                                      .met_ms = 0,
                                      .status = DD_END_PENDING,
                                      .met_seq = 0};
    cycle = (struct dd_cycle_answer){.offset_min = 420};
    table = (struct dd_table_answer){s("key-tasks/2013"), s("H1"), as_of_ms, rows, 2, totals, 2};
    reports = (struct dd_duties_answer){420, duties, 4};
    return (struct dd_official_table){&cycle, &table, &reports};
}

/* The text in English, owned by the caller. */
static char *draw(const struct dd_official_table *official)
{
    enum { ROOM = 64 * 1024 };
    char *text = calloc(1, ROOM);
    FILE *out = tmpfile();
    assert_true(text != NULL && out != NULL);
    dd_table_text(official, DD_LANGUAGE_EN, out);
    rewind(out);
    assert_true(fread(text, 1, ROOM - 1, out) < ROOM - 1);
    assert_int_equal(fclose(out), 0);
    return text;
}

/* The line that has `part`, without its line feed. */
static struct dd_slice line_with(const char *text, const char *part)
{
    const char *at = strstr(text, part);
    assert_non_null(at);
    while (at > text && at[-1] != '\n')
        at--;
    return (struct dd_slice){(const uint8_t *)at, strcspn(at, "\n")};
}

static void text_gives_lines_of_one_width_to_names_of_any_width(void **state)
{
    static const char *const names[] = {"Sở", "Sở Nội vụ", LONG_NAME};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct dd_official_table official = table_of(names[i], "Ban Dân tộc");
        char *text = draw(&official);
        size_t width = dd_text_columns(line_with(text, "-----"));
        assert_int_equal(dd_text_columns(line_with(text, names[i])), width);
        assert_int_equal(dd_text_columns(line_with(text, "Ban Dân tộc")), width);
        assert_int_equal(dd_text_columns(line_with(text, "(2 units)")), width);
        free(text);
    }
}

static void text_keeps_a_name_of_sixty_columns_in_one_line_and_breaks_a_longer_one(void **state)
{
    static const char name[] = WORDS " dài,";
    (void)state;
    assert_int_equal(dd_text_columns(s(name)), 60);
    struct dd_official_table official = table_of(name, "b");
    char *text = draw(&official);
    assert_int_equal(dd_text_columns(line_with(text, name)), 5 + 60 + 7 * 10);
    free(text);

    official = table_of(WORDS " dài,x", "b");
    text = draw(&official);
    struct dd_slice first = line_with(text, "   1 ");
    assert_int_equal(dd_text_columns(first), 5 + 60 + 7 * 10);
    assert_memory_equal(first.data + first.size, "\n     dài,x\n", strlen("\n     dài,x\n"));
    free(text);
}

static void text_counts_each_unit_in_one_set_and_names_it(void **state)
{
    struct dd_official_table official = table_of("Sở Nội vụ", "Ban Dân tộc");
    char *text = draw(&official);
    (void)state;
    assert_non_null(strstr(text, ": 0 units\n"));
    assert_non_null(strstr(text, ": 1 units\n    Sở Nội vụ\n"));
    assert_non_null(strstr(text, ": 1 units\n    Ban Dân tộc\n"));
    free(text);
}

static void text_names_late_and_missing_reports_only_after_their_bound(void **state)
{
    struct dd_official_table official = table_of("Sở Nội vụ", "Ban Dân tộc");
    char *text = draw(&official);
    (void)state;
    assert_non_null(strstr(text, " (H1, last day 24/06/2013): 1 units\n    Sở Nội vụ\n"));
    assert_non_null(strstr(text, " (H1, last day 24/06/2013): 1 units\n    Ban Dân tộc\n"));
    assert_null(strstr(text, "(end"));
    assert_null(strstr(text, "(year"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_gives_lines_of_one_width_to_names_of_any_width),
        cmocka_unit_test(text_keeps_a_name_of_sixty_columns_in_one_line_and_breaks_a_longer_one),
        cmocka_unit_test(text_counts_each_unit_in_one_set_and_names_it),
        cmocka_unit_test(text_names_late_and_missing_reports_only_after_their_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
