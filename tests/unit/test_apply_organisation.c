/* What the organisation looks like after its commands: numbers, keys, pages put away, cycles opened
 * and closed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/office.h"
#include "tests/lib/cast.h"

static struct cast cast;

#define OK(call) CAST_OK(&cast, call)

static int open_cast(void **state)
{
    (void)state;
    cast_ready(&cast, 3);
    return 0;
}

static int close_cast(void **state)
{
    (void)state;
    cast_free(&cast);
    return 0;
}

static enum dd_status by_admin(const struct dd_command *command)
{
    return cast_do(&cast, CAST_ADMIN, cast_at("2013-02-01T08:00"), command);
}

static void the_genesis_names_the_jurisdiction_and_its_first_accounts(void **state)
{
    struct dd_meta_row meta;
    struct dd_account_row account;
    (void)state;
    assert_true(dd_get_meta(&cast.view, &meta));
    assert_true(dd_slice_equal(meta.jurisdiction, dd_slice_of("bacgiang")));
    assert_true(dd_slice_equal(meta.origin, dd_slice_of("dondoc/bacgiang")));
    assert_true(meta.rehearsal);
    assert_int_equal(meta.units, 6);
    assert_int_equal(meta.groups, 2);
    assert_int_equal(meta.accounts, 6 + 2 * 5);
    assert_int_equal(meta.programmes, 1);
    assert_int_equal(meta.cycles, 1);
    assert_true(dd_get_account(&cast.view, CAST_NOTIFIER, &account));
    assert_true(dd_slice_equal(account.code, dd_slice_of("notifier")));
    assert_true(dd_office_held(&account, DD_ROLE_NOTIFIER, 0, 0));
}

static void a_unit_put_again_keeps_its_number(void **state)
{
    struct dd_unit_put put = {.code = dd_slice_of("a1"),
                              .name = dd_slice_of("Tên mới"),
                              .group = dd_slice_of("district"),
                              .ordinal = 9,
                              .parent = dd_slice_of("snv"),
                              .head_title = dd_slice_of("Trưởng"),
                              .from_day = 1,
                              .to_day = 2,
                              .successor = dd_slice_of("a2")};
    struct dd_command c = {.kind = DD_COMMAND_PUT_UNITS};
    struct dd_unit_row row;
    (void)state;
    c.as.put_units = (struct dd_put_units){1, true, NULL, 0, &put, 1};
    OK(by_admin(&c));
    assert_int_equal(dd_number_of(&cast.view, DD_TABLE_UNIT_CODE, put.code), CAST_A1);
    assert_true(dd_get_unit(&cast.view, CAST_A1, &row));
    assert_true(dd_slice_equal(row.name, put.name));
    assert_true(dd_slice_equal(row.head_title, put.head_title));
    assert_int_equal(row.group, 2);
    assert_int_equal(row.ordinal, 9);
    assert_int_equal(row.parent, CAST_SNV);
    assert_int_equal(row.from_day, 1);
    assert_int_equal(row.to_day, 2);
    assert_int_equal(row.successor, CAST_A2);
    assert_int_equal(cast_dossier(&cast, CAST_A1).group, 1); /* as it was when the cycle opened */
}

static uint32_t by_key(uint8_t first)
{
    const uint8_t key[32] = {first};
    return dd_number_of(&cast.view, DD_TABLE_LINK_KEY, (struct dd_slice){key, sizeof key});
}

static void an_account_put_again_changes_its_key(void **state)
{
    struct dd_office office = {DD_ROLE_OFFICER, dd_slice_of("a1"), 10, 20};
    struct dd_command c = {.kind = DD_COMMAND_PUT_ACCOUNT};
    struct dd_account_row row;
    (void)state;
    c.as.put_account = (struct dd_put_account){.code = dd_slice_of("vice"),
                                               .link_key = {200},
                                               .sign_key = {201},
                                               .from_ms = 3,
                                               .to_ms = 4,
                                               .offices = &office,
                                               .office_count = 1};
    assert_int_equal(by_key(CAST_VICE), CAST_VICE);
    OK(by_admin(&c));
    assert_int_equal(by_key(CAST_VICE), 0);
    assert_int_equal(by_key(200), CAST_VICE);
    assert_true(dd_get_account(&cast.view, CAST_VICE, &row));
    assert_int_equal(row.sign_key[0], 201);
    assert_int_equal(row.from_ms, 3);
    assert_int_equal(row.to_ms, 4);
    assert_int_equal(row.office_count, 1);
    assert_int_equal(row.office[0].unit, CAST_A1);
    assert_int_equal(row.office[0].from_day, 10);
    assert_int_equal(row.office[0].to_day, 20);
}

static void a_revoked_account_s_keys_no_longer_count(void **state)
{
    struct dd_command c = {.kind = DD_COMMAND_REVOKE};
    struct dd_account_row row;
    (void)state;
    c.as.revoke.account = dd_slice_of("vice");
    OK(by_admin(&c));
    assert_true(dd_get_account(&cast.view, CAST_VICE, &row));
    assert_int_equal(row.revoked_ms, cast_at("2013-02-01T08:00"));
    assert_int_equal(dd_account_status(&row, cast_at("2013-02-02T08:00")), DD_KEY_EXPIRED);
    assert_int_equal(by_key(CAST_VICE), CAST_VICE); /* nobody else may take it */
}

static void a_calendar_put_again_replaces_the_year(void **state)
{
    static struct dd_calendar_day days[] = {{15706, false}, {15707, true}};
    struct dd_command c = {.kind = DD_COMMAND_PUT_CALENDAR};
    struct dd_calendar_year row;
    (void)state;
    c.as.put_calendar = (struct dd_put_calendar){2013, -90, days, 2};
    OK(by_admin(&c));
    assert_true(dd_get_calendar(&cast.view, 2013, &row));
    assert_int_equal(row.year, 2013);
    assert_int_equal(row.offset_min, -90);
    assert_int_equal(row.count, 2);
    assert_int_equal(row.day[1].day, 15707);
    assert_true(row.day[1].works);
    c.as.put_calendar.day_count = 0;
    OK(by_admin(&c));
    assert_true(dd_get_calendar(&cast.view, 2013, &row));
    assert_int_equal(row.count, 0);
    assert_false(dd_get_calendar(&cast.view, 2014, &row));
}

static void opening_freezes_the_parties_and_lets_their_duties_arise(void **state)
{
    struct dd_cycle_row row;
    (void)state;
    assert_true(dd_get_cycle(&cast.view, 1, &row));
    assert_true(dd_slice_equal(row.code, dd_slice_of("key-tasks/2013")));
    assert_int_equal(row.state, DD_CYCLE_OPEN);
    assert_int_equal(row.parties, 5);
    assert_int_equal(row.host, CAST_ROOT);
    assert_int_equal(row.appraiser[0], CAST_SNV);
    assert_int_equal(row.approver[1], CAST_VICE);
    assert_int_equal(naive_count(&cast.rows, DD_TABLE_DOSSIER), 5);
    assert_int_equal(naive_count(&cast.rows, DD_TABLE_DUTY), 15);
    assert_int_equal(naive_count(&cast.rows, DD_TABLE_DUE), 15);
    assert_int_equal(cast_dossier(&cast, CAST_A1).approver, CAST_CHAIR);
    assert_int_equal(cast_dossier(&cast, CAST_A2).approver, CAST_VICE);
    assert_int_equal(cast_dossier(&cast, CAST_A2).group, 2);
    struct dd_duty_row duty = cast_duty(&cast, CAST_A1, CAST_REGISTER, 0, 0);
    assert_int_equal(duty.arose_ms, cast_at("2013-01-11T08:00"));
    assert_int_equal(duty.bound_ms, cast_at("2013-01-26T00:00"));
    assert_int_equal(duty.next_at_ms, cast_at("2013-01-18T08:00"));
    duty = cast_duty(&cast, CAST_A1, CAST_REPORT, 0, 0);
    assert_int_equal(duty.bound_ms, cast_at("2013-06-25T00:00"));
    duty = cast_duty(&cast, CAST_A1, CAST_REPORT, 1, 0);
    assert_int_equal(duty.bound_ms, cast_at("2013-12-10T00:00"));
    assert_int_equal(cast_tally(&cast, DD_SCOPE_ALL, 0, CAST_YEAR).none_registered, 5);
}

static void closing_leaves_everything_but_time(void **state)
{
    struct dd_cycle_row row;
    (void)state;
    cast_bring_in_force(&cast, CAST_A1, 2, "2013-05-31");
    size_t duties = naive_count(&cast.rows, DD_TABLE_DUTY);
    OK(cast_close(&cast, "2013-03-01T08:00"));
    assert_true(dd_get_cycle(&cast.view, 1, &row));
    assert_int_equal(row.state, DD_CYCLE_CLOSED);
    assert_int_equal(naive_count(&cast.rows, DD_TABLE_DUE), 0);
    assert_int_equal(naive_count(&cast.rows, DD_TABLE_DUTY), duties);
    assert_int_equal(cast_tally(&cast, DD_SCOPE_UNIT, CAST_A1, CAST_H1).counts.registered_year, 2);
    assert_int_equal(cast_dossier(&cast, CAST_A1).in_force, 1);
}

static void staging_takes_no_memory_for_what_is_staged_already(void **state)
{
    struct dd_unit_put put = {.code = dd_slice_of("b1"), .to_day = INT32_MAX};
    struct dd_command c = {.kind = DD_COMMAND_PUT_UNITS};
    struct dd_account_row row;
    (void)state;
    c.as.put_units = (struct dd_put_units){1, false, NULL, 0, &put, 1};
    OK(by_admin(&c));
    assert_true(dd_get_account(&cast.view, CAST_ADMIN, &row));
    row.staged_units = UINT16_MAX - 1; /* as if so many had come */
    dd_put_account(&cast.view, CAST_ADMIN, &row);
    dd_arena_free(&cast.scratch);
    cast.scratch = dd_arena_make(64 * 1024);
    c.as.put_units.page = 2;
    OK(by_admin(&c));
    assert_true(dd_get_account(&cast.view, CAST_ADMIN, &row));
    assert_int_equal(row.staged_units, UINT16_MAX);
    assert_int_equal(row.staged_pages, 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_cast, close_cast)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_genesis_names_the_jurisdiction_and_its_first_accounts),
        TEST(a_unit_put_again_keeps_its_number),
        TEST(an_account_put_again_changes_its_key),
        TEST(a_revoked_account_s_keys_no_longer_count),
        TEST(a_calendar_put_again_replaces_the_year),
        TEST(opening_freezes_the_parties_and_lets_their_duties_arise),
        TEST(closing_leaves_everything_but_time),
        TEST(staging_takes_no_memory_for_what_is_staged_already),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
