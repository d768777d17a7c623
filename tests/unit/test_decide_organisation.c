/* Decisions about the organisation: genesis, units in pages, accounts, revoking, calendars,
 * programmes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/lib/cast.h"

static struct cast cast;

#define OK(call) CAST_OK(&cast, call)
#define NO(rule, call) CAST_NO(&cast, DD_REFUSED, rule, call)
#define FORBIDDEN(rule, call) CAST_NO(&cast, DD_FORBIDDEN, rule, call)

static int open_cast(void **state)
{
    (void)state;
    cast_make(&cast, 2);
    return 0;
}

static int close_cast(void **state)
{
    (void)state;
    cast_free(&cast);
    return 0;
}

static enum dd_status by(uint32_t account, const struct dd_command *command)
{
    return cast_do(&cast, account, cast_at("2013-01-10T08:00"), command);
}

static enum dd_status by_admin(const struct dd_command *command)
{
    return by(CAST_ADMIN, command);
}

/* --- genesis --- */

static void genesis_comes_once_and_names_accounts(void **state)
{
    struct dd_command c = {.kind = DD_COMMAND_GENESIS};
    struct dd_put_account admin = {.code = dd_slice_of("admin")};
    struct cast empty;
    (void)state;
    memset(&empty, 0, sizeof empty);
    empty.rows = naive_make();
    empty.view = naive_view(&empty.rows);
    empty.scratch = dd_arena_make(1024 * 1024);
    empty.keep = dd_arena_make(1024 * 1024);
    CAST_NO(&empty, DD_REFUSED, MISSING, cast_do(&empty, 0, 1, &c));
    c.as.genesis.accounts = &admin;
    c.as.genesis.account_count = 1;
    CAST_OK(&empty, cast_do(&empty, 0, 1, &c));
    CAST_NO(&empty, DD_REFUSED, GENESIS_ONLY, cast_do(&empty, 0, 1, &c));
    cast_free(&empty);
}

/* --- units --- */

static struct dd_unit_put unit(const char *code, const char *parent)
{
    return (struct dd_unit_put){.code = dd_slice_of(code),
                                .name = dd_slice_of("Tên"),
                                .parent = dd_slice_of(parent),
                                .from_day = INT32_MIN,
                                .to_day = INT32_MAX};
}

static enum dd_status put_units(uint16_t page, bool last, struct dd_unit_put *units, size_t count)
{
    struct dd_command c = {.kind = DD_COMMAND_PUT_UNITS};
    c.as.put_units = (struct dd_put_units){page, last, NULL, 0, units, count};
    return by_admin(&c);
}

static uint32_t number(const char *code)
{
    return dd_number_of(&cast.view, DD_TABLE_UNIT_CODE, dd_slice_of(code));
}

static void only_an_administrator_puts_units(void **state)
{
    struct dd_unit_put units[] = {unit("b1", "ubnd")};
    struct dd_command c = {.kind = DD_COMMAND_PUT_UNITS};
    (void)state;
    c.as.put_units = (struct dd_put_units){1, true, NULL, 0, units, 1};
    FORBIDDEN(NO_OFFICE, by(CAST_CHAIR, &c));
    assert_string_equal(cast.refusal.param[0], "administrator");
    assert_string_equal(cast.refusal.param[1], "bacgiang");
    OK(by_admin(&c));
}

static void pages_of_units_come_in_order_and_count_with_the_last(void **state)
{
    struct dd_unit_put one = unit("b1", "b3"); /* its parent comes later */
    struct dd_unit_put two = unit("b2", "ubnd");
    struct dd_unit_put three = unit("b3", "ubnd");
    (void)state;
    NO(PAGE_OUT_OF_ORDER, put_units(2, true, &two, 1));
    assert_string_equal(cast.refusal.param[0], "1");
    OK(put_units(1, false, &one, 1));
    assert_int_equal(number("b1"), 0);
    NO(PAGE_OUT_OF_ORDER, put_units(3, true, &three, 1));
    OK(put_units(2, false, &two, 1));
    NO(PAGE_OUT_OF_ORDER, put_units(2, true, &two, 1));
    assert_string_equal(cast.refusal.param[0], "3");
    OK(put_units(3, true, &three, 1));
    assert_int_equal(number("b1"), 6);
    assert_int_equal(number("b2"), 7);
    assert_int_equal(number("b3"), 8);
    struct dd_unit_row row;
    assert_true(dd_get_unit(&cast.view, 6, &row));
    assert_int_equal(row.parent, 8);
    assert_int_equal(naive_count(&cast.rows, DD_TABLE_UNIT_STAGED), 0);
}

static void page_one_begins_anew(void **state)
{
    struct dd_unit_put one = unit("b1", "ubnd");
    struct dd_unit_put other = unit("b2", "ubnd");
    (void)state;
    OK(put_units(1, false, &one, 1));
    OK(put_units(2, false, &other, 1));
    OK(put_units(1, false, &other, 1));
    OK(put_units(2, true, NULL, 0));
    assert_int_equal(number("b1"), 0);
    assert_int_equal(number("b2"), 6);
    OK(put_units(1, false, &one, 1));
    OK(put_units(1, true, &other, 1));
    assert_int_equal(number("b1"), 0);
    assert_int_equal(naive_count(&cast.rows, DD_TABLE_UNIT_STAGED), 0);
}

static void pages_under_way_are_each_administrator_s_own(void **state)
{
    struct dd_unit_put one = unit("b1", "ubnd");
    struct dd_office office = {DD_ROLE_ADMINISTRATOR, {NULL, 0}, INT32_MIN, INT32_MAX};
    struct dd_command c = {.kind = DD_COMMAND_PUT_ACCOUNT};
    (void)state;
    c.as.put_account = (struct dd_put_account){.code = dd_slice_of("second"),
                                               .link_key = {200},
                                               .to_ms = INT64_MAX,
                                               .offices = &office,
                                               .office_count = 1};
    OK(by_admin(&c));
    uint32_t second = cast.entry.events.event[0].number;
    OK(put_units(1, false, &one, 1));
    c = (struct dd_command){.kind = DD_COMMAND_PUT_UNITS};
    c.as.put_units = (struct dd_put_units){2, true, NULL, 0, NULL, 0};
    NO(PAGE_OUT_OF_ORDER, by(second, &c));
    OK(by_admin(&c));
}

static void a_unit_stands_once_over_all_pages(void **state)
{
    struct dd_unit_put two[] = {unit("b1", "ubnd"), unit("b1", "ubnd")};
    (void)state;
    NO(DUPLICATE, put_units(1, true, two, 2));
    assert_string_equal(cast.refusal.param[0], "b1");
    OK(put_units(1, false, two, 1));
    NO(DUPLICATE, put_units(2, true, two, 1));
    two[1] = unit("b2", "ubnd");
    OK(put_units(2, true, two + 1, 1));
}

static void parents_successors_and_groups_must_be_known(void **state)
{
    struct dd_unit_put put = unit("b1", "nowhere");
    (void)state;
    NO(NO_SUCH_UNIT, put_units(1, true, &put, 1));
    put = unit("b1", "ubnd");
    put.successor = dd_slice_of("nowhere");
    NO(NO_SUCH_UNIT, put_units(1, true, &put, 1));
    put.successor = dd_slice_of("a1");
    put.group = dd_slice_of("nowhere");
    NO(NO_SUCH_GROUP, put_units(1, true, &put, 1));
    put.group = dd_slice_of("district");
    put.to_day = cast_day("2013-01-01");
    put.from_day = put.to_day + 1;
    NO(DATES_OUT_OF_ORDER, put_units(1, true, &put, 1));
    put.from_day--;
    OK(put_units(1, true, &put, 1));
}

static void parents_form_no_loop(void **state)
{
    struct dd_unit_put self = unit("b1", "b1");
    struct dd_unit_put ring[] = {unit("b1", "b2"), unit("b2", "b3"), unit("b3", "b1")};
    struct dd_unit_put root = unit("ubnd", "a1");
    (void)state;
    NO(LOOP, put_units(1, true, &self, 1));
    NO(LOOP, put_units(1, true, ring, 3));
    NO(LOOP, put_units(1, true, &root, 1));
    assert_string_equal(cast.refusal.param[0], "ubnd");
    ring[2] = unit("b3", "ubnd");
    OK(put_units(1, true, ring, 3));
    struct dd_unit_put back = unit("b3", "b1");
    NO(LOOP, put_units(1, true, &back, 1));
}

static void the_tree_is_64_deep_and_no_deeper(void **state)
{
    static char code[66][8];
    struct dd_unit_put chain[65];
    (void)state;
    for (int i = 0; i < 65; i++) {
        snprintf(code[i], sizeof code[i], "d%02d", i);
        chain[i] = unit(code[i], i == 0 ? "" : code[i - 1]);
    }
    OK(put_units(1, true, chain, 65));
    struct dd_unit_put deeper = unit("d65", code[64]);
    NO(LOOP, put_units(1, true, &deeper, 1));
    deeper = unit("d65", code[63]);
    OK(put_units(1, true, &deeper, 1));
}

static enum dd_status put_groups(struct dd_group_put *groups, size_t count, bool last)
{
    struct dd_command c = {.kind = DD_COMMAND_PUT_UNITS};
    c.as.put_units = (struct dd_put_units){1, last, groups, count, NULL, 0};
    return by_admin(&c);
}

static void groups_stand_on_the_last_page_each_once(void **state)
{
    struct dd_group_put groups[] = {{dd_slice_of("g"), dd_slice_of("Một")},
                                    {dd_slice_of("g"), dd_slice_of("Hai")}};
    (void)state;
    NO(LAST_PAGE_ONLY, put_groups(groups, 1, false));
    NO(DUPLICATE, put_groups(groups, 2, true));
    OK(put_groups(groups, 1, true));
    OK(put_groups(groups + 1, 1, true));
    struct dd_group_row row;
    assert_true(dd_get_group(&cast.view, 3, &row));
    assert_true(dd_slice_equal(row.name, dd_slice_of("Hai")));
}

static void there_are_64_groups_and_no_more(void **state)
{
    static char code[DD_GROUPS_MAX][8];
    struct dd_group_put groups[DD_GROUPS_MAX];
    (void)state;
    for (int i = 0; i < DD_GROUPS_MAX; i++) {
        snprintf(code[i], sizeof code[i], "g%d", i);
        groups[i] = (struct dd_group_put){dd_slice_of(code[i]), dd_slice_of("Nhóm")};
    }
    NO(TOO_MANY, put_groups(groups, DD_GROUPS_MAX - 1, true));
    OK(put_groups(groups, DD_GROUPS_MAX - 2, true));
    NO(TOO_MANY, put_groups(groups + DD_GROUPS_MAX - 1, 1, true));
    OK(put_groups(groups, 3, true)); /* known ones may come again */
}

static void staged_units_are_counted_and_page_one_forgets_them(void **state)
{
    struct dd_unit_put units[] = {unit("b1", "ubnd"), unit("b2", "ubnd")};
    struct dd_account_row row;
    (void)state;
    OK(put_units(1, false, units, 1));
    assert_true(dd_get_account(&cast.view, CAST_ADMIN, &row));
    row.staged_units = UINT16_MAX - 1; /* as if so many had come */
    dd_put_account(&cast.view, CAST_ADMIN, &row);
    NO(TOO_MANY, put_units(2, false, units, 2));
    OK(put_units(2, false, units + 1, 1));
    NO(TOO_MANY, put_units(3, false, units + 1, 1));
    OK(put_units(1, true, units, 2));
    assert_int_equal(number("b2"), 7);
}

/* --- accounts --- */

static struct dd_office offices[2];

static struct dd_command account(const char *code, uint8_t key)
{
    struct dd_command c = {.kind = DD_COMMAND_PUT_ACCOUNT};
    offices[0] = (struct dd_office){DD_ROLE_HEAD, dd_slice_of("a1"), INT32_MIN, INT32_MAX};
    c.as.put_account = (struct dd_put_account){.code = dd_slice_of(code),
                                               .link_key = {key},
                                               .to_ms = INT64_MAX,
                                               .offices = offices,
                                               .office_count = 1};
    return c;
}

static void only_an_administrator_puts_and_revokes_accounts(void **state)
{
    struct dd_command c = account("new", 200);
    struct dd_command revoke = {.kind = DD_COMMAND_REVOKE};
    (void)state;
    FORBIDDEN(NO_OFFICE, by(CAST_CHAIR, &c));
    OK(by_admin(&c));
    revoke.as.revoke.account = dd_slice_of("new");
    FORBIDDEN(NO_OFFICE, by(CAST_CHAIR, &revoke));
    OK(by_admin(&revoke));
}

static void an_account_s_offices_and_days_must_make_sense(void **state)
{
    struct dd_command c = account("new", 200);
    (void)state;
    offices[0].unit = dd_slice_of("nowhere");
    NO(NO_SUCH_UNIT, by_admin(&c));
    offices[0].unit = dd_slice_of("a1");
    offices[0].from_day = 11;
    offices[0].to_day = 10;
    NO(DATES_OUT_OF_ORDER, by_admin(&c));
    offices[0].to_day = 11;
    c.as.put_account.from_ms = c.as.put_account.to_ms = 5;
    NO(DATES_OUT_OF_ORDER, by_admin(&c));
    c.as.put_account.to_ms = 6;
    OK(by_admin(&c));
}

static void a_link_key_belongs_to_one_account(void **state)
{
    struct dd_command c = account("new", CAST_CHAIR);
    (void)state;
    NO(KEY_IN_USE, by_admin(&c));
    assert_string_equal(cast.refusal.param[0], "chair");
    c = account("new", 200);
    OK(by_admin(&c));
    OK(by_admin(&c)); /* its own key again */
    c = account("new", 201);
    OK(by_admin(&c));
    c = account("other", 201);
    NO(KEY_IN_USE, by_admin(&c));
    c = account("other", 200); /* given up */
    OK(by_admin(&c));
}

static void numbers_of_accounts_follow_the_log(void **state)
{
    struct dd_command c = account("new", 200);
    struct dd_meta_row meta;
    (void)state;
    assert_true(dd_get_meta(&cast.view, &meta));
    OK(by_admin(&c));
    assert_int_equal(cast.entry.events.event[0].number, meta.accounts + 1);
    OK(by_admin(&c));
    assert_int_equal(cast.entry.events.event[0].number, meta.accounts + 1);
    c = account("newer", 201);
    OK(by_admin(&c));
    assert_int_equal(cast.entry.events.event[0].number, meta.accounts + 2);
}

static void a_jurisdiction_has_a_bounded_number_of_accounts(void **state)
{
    struct dd_command c = account("new", 200);
    struct dd_meta_row meta;
    (void)state;
    assert_true(dd_get_meta(&cast.view, &meta));
    meta.accounts = DD_ACCOUNTS_MAX - 1;
    dd_put_meta(&cast.view, &meta);
    OK(by_admin(&c));
    assert_int_equal(cast.entry.events.event[0].number, DD_ACCOUNTS_MAX);
    OK(by_admin(&c)); /* put again */
    c = account("newer", 201);
    NO(TOO_MANY, by_admin(&c));
}

static struct dd_command administrator(const char *code, uint8_t key)
{
    struct dd_command c = account(code, key);
    offices[0] = (struct dd_office){DD_ROLE_ADMINISTRATOR, {NULL, 0}, INT32_MIN, INT32_MAX};
    return c;
}

static void the_last_administrator_stays(void **state)
{
    struct dd_command c = account("admin", CAST_ADMIN);
    struct dd_command revoke = {.kind = DD_COMMAND_REVOKE};
    (void)state;
    NO(LAST_ADMINISTRATOR, by_admin(&c)); /* would become a head */
    c = administrator("admin", CAST_ADMIN);
    offices[0].to_day = cast_day("2013-01-09");
    NO(LAST_ADMINISTRATOR, by_admin(&c));
    offices[0].to_day = cast_day("2013-01-10");
    c.as.put_account.to_ms = cast_at("2013-01-10T08:00");
    NO(LAST_ADMINISTRATOR, by_admin(&c));
    c.as.put_account.to_ms++;
    OK(by_admin(&c));
    c = administrator("admin", CAST_ADMIN);
    OK(by_admin(&c));
    revoke.as.revoke.account = dd_slice_of("admin");
    NO(LAST_ADMINISTRATOR, by_admin(&revoke));
    c = administrator("second", 200);
    OK(by_admin(&c));
    OK(by_admin(&revoke));
}

static void revoking_names_an_account_that_is_not_revoked(void **state)
{
    struct dd_command revoke = {.kind = DD_COMMAND_REVOKE};
    (void)state;
    revoke.as.revoke.account = dd_slice_of("nobody");
    NO(NO_SUCH_ACCOUNT, by_admin(&revoke));
    revoke.as.revoke.account = dd_slice_of("vice");
    OK(by_admin(&revoke));
    NO(REVOKED_ALREADY, by_admin(&revoke));
}

/* --- calendars and programmes --- */

static void only_an_administrator_puts_calendars_and_programmes(void **state)
{
    struct dd_command c = {.kind = DD_COMMAND_PUT_CALENDAR};
    (void)state;
    c.as.put_calendar.year = 2014;
    FORBIDDEN(NO_OFFICE, by(CAST_CHAIR, &c));
    OK(by_admin(&c));
    c = (struct dd_command){.kind = DD_COMMAND_PUT_PROGRAMME};
    c.as.put_programme = cast_programme();
    FORBIDDEN(NO_OFFICE, by(CAST_CHAIR, &c));
    OK(by_admin(&c));
}

static void a_programme_s_versions_rise(void **state)
{
    struct dd_command c = {.kind = DD_COMMAND_PUT_PROGRAMME};
    (void)state;
    c.as.put_programme = cast_programme();
    c.as.put_programme.version = 2;
    OK(by_admin(&c));
    NO(EXISTS_ALREADY, by_admin(&c));
    assert_string_equal(cast.refusal.param[0], "2");
    c.as.put_programme.version = 1;
    NO(EXISTS_ALREADY, by_admin(&c));
    c.as.put_programme.version = 3;
    OK(by_admin(&c));
    assert_int_equal(cast.entry.events.event[0].number, 2);
}

static void a_programme_with_a_fault_is_refused(void **state)
{
    struct dd_command c = {.kind = DD_COMMAND_PUT_PROGRAMME};
    (void)state;
    c.as.put_programme = cast_programme();
    c.as.put_programme.stage_count = 0;
    NO(MISSING, by_admin(&c));
    assert_string_equal(cast.refusal.field, "stages");
    assert_int_equal(cast.entry.refusal.status, DD_REFUSED);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_cast, close_cast)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(genesis_comes_once_and_names_accounts),
        TEST(only_an_administrator_puts_units),
        TEST(pages_of_units_come_in_order_and_count_with_the_last),
        TEST(page_one_begins_anew),
        TEST(pages_under_way_are_each_administrator_s_own),
        TEST(a_unit_stands_once_over_all_pages),
        TEST(parents_successors_and_groups_must_be_known),
        TEST(parents_form_no_loop),
        TEST(the_tree_is_64_deep_and_no_deeper),
        TEST(groups_stand_on_the_last_page_each_once),
        TEST(there_are_64_groups_and_no_more),
        TEST(staged_units_are_counted_and_page_one_forgets_them),
        TEST(only_an_administrator_puts_and_revokes_accounts),
        TEST(an_account_s_offices_and_days_must_make_sense),
        TEST(a_link_key_belongs_to_one_account),
        TEST(numbers_of_accounts_follow_the_log),
        TEST(a_jurisdiction_has_a_bounded_number_of_accounts),
        TEST(the_last_administrator_stays),
        TEST(revoking_names_an_account_that_is_not_revoked),
        TEST(only_an_administrator_puts_calendars_and_programmes),
        TEST(a_programme_s_versions_rise),
        TEST(a_programme_with_a_fault_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
