/* Rows about the organisation, written and read back with their texts and lists at their longest.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/row.h"
#include "core/schedule.h"
#include "tests/lib/view_naive.h"

static struct naive rows;
static struct dd_view view;
static uint8_t letters[DD_TITLE_BYTES_MAX];
static uint8_t occurrences[DD_OCCURRENCES_MAX * DD_OCCURRENCE_BYTES];

#define CODE ((struct dd_slice){letters, DD_CODE_BYTES_MAX})
#define NAME ((struct dd_slice){letters, DD_NAME_BYTES_MAX})

static int make(void **state)
{
    (void)state;
    rows = naive_make();
    view = naive_view(&rows);
    memset(letters, 'x', sizeof letters);
    memset(occurrences, 'o', sizeof occurrences);
    return 0;
}

static int unmake(void **state)
{
    (void)state;
    naive_free(&rows);
    return 0;
}

static void expect_text(struct dd_slice read, struct dd_slice written)
{
    assert_int_equal(read.size, written.size);
    assert_memory_equal(read.data, written.data, written.size);
}

static void what_is_not_there_is_not_found(void **state)
{
    static struct dd_cycle_row cycle;
    struct dd_meta_row meta;
    struct dd_group_row group;
    struct dd_unit_row unit;
    struct dd_staged_row staged;
    struct dd_account_row account;
    struct dd_calendar_year calendar;
    struct dd_programme programme;
    (void)state;
    assert_false(dd_get_meta(&view, &meta));
    assert_false(dd_get_group(&view, 1, &group));
    assert_false(dd_get_unit(&view, 1, &unit));
    assert_false(dd_get_staged(&view, 1, 0, &staged));
    assert_false(dd_get_account(&view, 1, &account));
    assert_false(dd_get_calendar(&view, 2013, &calendar));
    assert_false(dd_get_programme(&view, 1, &programme));
    assert_false(dd_get_cycle(&view, 1, &cycle));
    assert_int_equal(dd_number_of(&view, DD_TABLE_UNIT_CODE, dd_slice_of("a")), 0);
    assert_int_equal(dd_number_of(&view, DD_TABLE_UNIT_CODE, dd_slice_of("")), 0);
}

static void the_jurisdiction_comes_back(void **state)
{
    struct dd_meta_row row = {CODE, {letters, 255}, true,          {1}, 2, 3, 4,
                              5,    UINT32_MAX,     UINT32_MAX - 1};
    struct dd_meta_row read;
    (void)state;
    dd_put_meta(&view, &row);
    assert_true(dd_get_meta(&view, &read));
    expect_text(read.jurisdiction, row.jurisdiction);
    expect_text(read.origin, row.origin);
    assert_true(read.rehearsal);
    assert_int_equal(read.instance[0], 1);
    assert_int_equal(read.groups, 2);
    assert_int_equal(read.units, 3);
    assert_int_equal(read.accounts, 4);
    assert_int_equal(read.programmes, 5);
    assert_int_equal(read.cycles, UINT32_MAX);
    assert_int_equal(read.publications, UINT32_MAX - 1);
}

static void the_longest_origin_fits(void **state)
{
    struct dd_meta_row row = {.jurisdiction = CODE, .origin = NAME};
    struct dd_meta_row read;
    (void)state;
    dd_put_meta(&view, &row);
    assert_true(dd_get_meta(&view, &read));
    expect_text(read.origin, row.origin);
}

static void a_group_and_a_unit_come_back(void **state)
{
    const struct dd_group_row group = {CODE, NAME};
    const struct dd_unit_row unit = {CODE, NAME, 64, UINT16_MAX, 5, NAME, INT32_MIN, INT32_MAX, 6};
    struct dd_group_row group_read;
    struct dd_unit_row read;
    (void)state;
    dd_put_group(&view, 64, &group);
    assert_true(dd_get_group(&view, 64, &group_read));
    expect_text(group_read.code, group.code);
    expect_text(group_read.name, group.name);
    dd_put_unit(&view, 7, &unit);
    assert_true(dd_get_unit(&view, 7, &read));
    expect_text(read.code, unit.code);
    expect_text(read.name, unit.name);
    expect_text(read.head_title, unit.head_title);
    assert_int_equal(read.group, 64);
    assert_int_equal(read.ordinal, UINT16_MAX);
    assert_int_equal(read.parent, 5);
    assert_int_equal(read.from_day, INT32_MIN);
    assert_int_equal(read.to_day, INT32_MAX);
    assert_int_equal(read.successor, 6);
}

static void a_staged_unit_comes_back_and_goes(void **state)
{
    const struct dd_staged_row row = {{CODE, NAME, CODE, 9, CODE, NAME, 1, 2, CODE}};
    struct dd_staged_row read;
    (void)state;
    dd_put_staged(&view, 1, 65534, &row);
    assert_true(dd_get_staged(&view, 1, 65534, &read));
    expect_text(read.unit.code, CODE);
    expect_text(read.unit.name, NAME);
    expect_text(read.unit.group, CODE);
    expect_text(read.unit.parent, CODE);
    expect_text(read.unit.head_title, NAME);
    expect_text(read.unit.successor, CODE);
    assert_int_equal(read.unit.ordinal, 9);
    assert_int_equal(read.unit.from_day, 1);
    assert_int_equal(read.unit.to_day, 2);
    dd_del_staged(&view, 1, 65534);
    assert_false(dd_get_staged(&view, 1, 65534, &read));
}

static void an_account_comes_back_with_sixteen_offices(void **state)
{
    struct dd_account_row row = {.code = CODE,
                                 .link_key = {1},
                                 .sign_key = {2},
                                 .from_ms = 3,
                                 .to_ms = INT64_MAX,
                                 .revoked_ms = 4,
                                 .staged_units = UINT16_MAX,
                                 .staged_pages = 5,
                                 .office_count = DD_OFFICES_PER_ACCOUNT_MAX};
    struct dd_account_row read;
    (void)state;
    for (uint32_t i = 0; i < DD_OFFICES_PER_ACCOUNT_MAX; i++)
        row.office[i] = (struct dd_office_row){DD_ROLE_AUDITOR, i, INT32_MIN, INT32_MAX};
    dd_put_account(&view, 1, &row);
    assert_true(dd_get_account(&view, 1, &read));
    expect_text(read.code, CODE);
    assert_memory_equal(read.link_key, row.link_key, sizeof row.link_key);
    assert_memory_equal(read.sign_key, row.sign_key, sizeof row.sign_key);
    assert_int_equal(read.from_ms, 3);
    assert_int_equal(read.to_ms, INT64_MAX);
    assert_int_equal(read.revoked_ms, 4);
    assert_int_equal(read.staged_units, UINT16_MAX);
    assert_int_equal(read.staged_pages, 5);
    assert_int_equal(read.office_count, DD_OFFICES_PER_ACCOUNT_MAX);
    assert_int_equal(read.office[15].unit, 15);
    assert_int_equal(read.office[15].role, DD_ROLE_AUDITOR);
    assert_int_equal(read.office[15].from_day, INT32_MIN);
    assert_int_equal(read.office[15].to_day, INT32_MAX);
}

static void a_full_calendar_comes_back(void **state)
{
    static struct dd_calendar_year row = {
        .year = DD_YEAR_MAX, .offset_min = -840, .count = DD_CALENDAR_DAYS_MAX};
    static struct dd_calendar_year read;
    (void)state;
    for (int32_t i = 0; i < DD_CALENDAR_DAYS_MAX; i++)
        row.day[i] = (struct dd_calendar_day){1000 + i, i % 2 == 0};
    dd_put_calendar(&view, &row);
    assert_true(dd_get_calendar(&view, DD_YEAR_MAX, &read));
    assert_int_equal(read.year, DD_YEAR_MAX);
    assert_int_equal(read.offset_min, -840);
    assert_int_equal(read.count, DD_CALENDAR_DAYS_MAX);
    assert_int_equal(read.day[399].day, 1399);
    assert_false(read.day[399].works);
    assert_true(read.day[398].works);
}

static void a_programme_with_the_texts_of_a_whole_command_comes_back(void **state)
{
    static uint8_t source[DD_COMMAND_BYTES_MAX];
    static struct dd_programme row;
    static struct dd_programme read;
    (void)state;
    memset(source, 's', sizeof source);
    row.code = CODE;
    row.version = 1;
    row.source = (struct dd_slice){source, sizeof source};
    row.kind_count = DD_ITEM_KINDS_MAX;
    for (size_t i = 0; i < DD_ITEM_KINDS_MAX; i++)
        row.kind[i].code = CODE;
    row.stage_count = DD_STAGES_MAX;
    for (size_t i = 0; i < DD_STAGES_MAX; i++) {
        row.stage[i].key = CODE;
        row.stage[i].rung_count = DD_RUNGS_MAX;
    }
    dd_put_programme(&view, UINT32_MAX, &row);
    assert_true(dd_get_programme(&view, UINT32_MAX, &read));
    expect_text(read.source, row.source);
    assert_int_equal(read.stage_count, DD_STAGES_MAX);
    expect_text(read.stage[DD_STAGES_MAX - 1].key, CODE);
}

static void fill_cycle(struct dd_cycle_row *row)
{
    *row = (struct dd_cycle_row){.code = {letters, 2 * DD_CODE_BYTES_MAX + 1},
                                 .programme = 1,
                                 .host = 2,
                                 .from_day = 3,
                                 .to_day = 4,
                                 .offset_min = -420,
                                 .state = DD_CYCLE_CLOSED,
                                 .opener = 7,
                                 .pages = 5,
                                 .parties = 6,
                                 .date_count = DD_DATES_MAX,
                                 .period_count = DD_PERIODS_MAX,
                                 .report_count = DD_REPORTS_MAX,
                                 .appraiser_count = DD_APPRAISERS_MAX,
                                 .approver_count = DD_APPROVERS_MAX};
    for (int32_t i = 0; i < DD_DATES_MAX; i++)
        row->date[i] = (struct dd_named_date){CODE, i};
    for (int32_t i = 0; i < DD_PERIODS_MAX; i++)
        row->period[i] = (struct dd_period){CODE, i, -i};
    for (int32_t i = 0; i < DD_REPORTS_MAX; i++) {
        row->report[i] = (struct dd_report_due){CODE, DD_WORD_ON, i};
        row->report_last_day[i] = INT32_MAX - i;
    }
    for (uint32_t i = 0; i < DD_APPRAISERS_MAX; i++)
        row->appraiser[i] = 100 + i;
    for (uint32_t i = 0; i < DD_APPROVERS_MAX; i++)
        row->approver[i] = 200 + i;
    for (int32_t i = 0; i < DD_STAGES_MAX; i++)
        row->stage_last_day[i] = 300 + i;
    row->occurrences = (struct dd_slice){occurrences, sizeof occurrences};
    row->matters = DD_MATTERS_PER_CYCLE_MAX;
}

static void the_largest_cycle_comes_back(void **state)
{
    static struct dd_cycle_row row;
    static struct dd_cycle_row read;
    (void)state;
    fill_cycle(&row);
    dd_put_cycle(&view, 1, &row);
    assert_true(dd_get_cycle(&view, 1, &read));
    expect_text(read.code, row.code);
    assert_int_equal(read.programme, 1);
    assert_int_equal(read.host, 2);
    assert_int_equal(read.from_day, 3);
    assert_int_equal(read.to_day, 4);
    assert_int_equal(read.offset_min, -420);
    assert_int_equal(read.state, DD_CYCLE_CLOSED);
    assert_int_equal(read.opener, 7);
    assert_int_equal(read.pages, 5);
    assert_int_equal(read.parties, 6);
    assert_int_equal(read.date[15].day, 15);
    expect_text(read.date[15].name, CODE);
    assert_int_equal(read.period[15].from_day, 15);
    assert_int_equal(read.period[15].to_day, -15);
    assert_int_equal(read.report[63].word, DD_WORD_ON);
    assert_int_equal(read.report[63].day, 63);
    assert_int_equal(read.report_last_day[63], INT32_MAX - 63);
    assert_int_equal(read.appraiser[7], 107);
    assert_int_equal(read.approver[31], 231);
    assert_int_equal(read.stage_last_day[DD_STAGES_MAX - 1], 300 + DD_STAGES_MAX - 1);
    expect_text(read.occurrences, row.occurrences);
    assert_int_equal(read.matters, DD_MATTERS_PER_CYCLE_MAX);
}

static void numbers_stand_behind_codes_of_their_table(void **state)
{
    (void)state;
    dd_put_number(&view, DD_TABLE_UNIT_CODE, dd_slice_of("a"), 5);
    dd_put_number(&view, DD_TABLE_ACCOUNT_CODE, dd_slice_of("a"), UINT32_MAX);
    assert_int_equal(dd_number_of(&view, DD_TABLE_UNIT_CODE, dd_slice_of("a")), 5);
    assert_int_equal(dd_number_of(&view, DD_TABLE_ACCOUNT_CODE, dd_slice_of("a")), UINT32_MAX);
    assert_int_equal(dd_number_of(&view, DD_TABLE_UNIT_CODE, dd_slice_of("aa")), 0);
    dd_del_number(&view, DD_TABLE_UNIT_CODE, dd_slice_of("a"));
    assert_int_equal(dd_number_of(&view, DD_TABLE_UNIT_CODE, dd_slice_of("a")), 0);
    assert_int_equal(dd_number_of(&view, DD_TABLE_ACCOUNT_CODE, dd_slice_of("a")), UINT32_MAX);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, unmake)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_not_there_is_not_found),
        TEST(the_jurisdiction_comes_back),
        TEST(the_longest_origin_fits),
        TEST(a_group_and_a_unit_come_back),
        TEST(a_staged_unit_comes_back_and_goes),
        TEST(an_account_comes_back_with_sixteen_offices),
        TEST(a_full_calendar_comes_back),
        TEST(a_programme_with_the_texts_of_a_whole_command_comes_back),
        TEST(the_largest_cycle_comes_back),
        TEST(numbers_stand_behind_codes_of_their_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
