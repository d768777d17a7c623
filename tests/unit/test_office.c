/* Offices by date, keys by instant, local days, who appraises whom. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/office.h"
#include "tests/lib/cast.h"

static struct dd_account_row holder(enum dd_role role, uint32_t unit, int32_t from, int32_t to)
{
    struct dd_account_row row = {.to_ms = INT64_MAX, .office_count = 1};
    row.office[0] = (struct dd_office_row){role, unit, from, to};
    return row;
}

static void an_office_is_held_on_its_days_in_its_unit(void **state)
{
    struct dd_account_row row = holder(DD_ROLE_HEAD, 4, 100, 200);
    (void)state;
    assert_false(dd_office_held(&row, DD_ROLE_HEAD, 4, 99));
    assert_true(dd_office_held(&row, DD_ROLE_HEAD, 4, 100));
    assert_true(dd_office_held(&row, DD_ROLE_HEAD, 4, 200));
    assert_false(dd_office_held(&row, DD_ROLE_HEAD, 4, 201));
    assert_false(dd_office_held(&row, DD_ROLE_HEAD, 5, 150));
    assert_false(dd_office_held(&row, DD_ROLE_HEAD, 0, 150));
    assert_false(dd_office_held(&row, DD_ROLE_DEPUTY, 4, 150));
    row.office_count = 0;
    assert_false(dd_office_held(&row, DD_ROLE_HEAD, 4, 150));
}

static void every_office_of_an_account_counts(void **state)
{
    struct dd_account_row row = holder(DD_ROLE_HEAD, 4, 100, 200);
    (void)state;
    row.office_count = DD_OFFICES_PER_ACCOUNT_MAX;
    row.office[DD_OFFICES_PER_ACCOUNT_MAX - 1] =
        (struct dd_office_row){DD_ROLE_AUDITOR, 0, INT32_MIN, INT32_MAX};
    assert_true(dd_office_held(&row, DD_ROLE_AUDITOR, 0, 5));
    row.office_count--;
    assert_false(dd_office_held(&row, DD_ROLE_AUDITOR, 0, 5));
}

static void heads_deputies_and_officers_are_the_unit_s_own(void **state)
{
    (void)state;
    for (int role = DD_ROLE_HEAD; role <= DD_ROLE_NOTIFIER; role++) {
        struct dd_account_row row = holder((enum dd_role)role, 4, 100, 200);
        assert_int_equal(dd_office_of_unit(&row, 4, 150), role <= DD_ROLE_OFFICER);
        assert_false(dd_office_of_unit(&row, 4, 201));
        assert_false(dd_office_of_unit(&row, 3, 150));
    }
}

static void any_office_in_a_unit_is_an_office_there(void **state)
{
    (void)state;
    for (int role = DD_ROLE_HEAD; role <= DD_ROLE_NOTIFIER; role++) {
        struct dd_account_row row = holder((enum dd_role)role, 4, 100, 200);
        assert_true(dd_office_any(&row, 4, 100));
        assert_true(dd_office_any(&row, 4, 200));
        assert_false(dd_office_any(&row, 4, 201));
        assert_false(dd_office_any(&row, 3, 150));
    }
}

static void keys_count_from_and_to_an_instant_and_not_when_revoked(void **state)
{
    struct dd_account_row row = {.from_ms = 100, .to_ms = 200};
    (void)state;
    assert_int_equal(dd_account_status(&row, 99), DD_KEY_NOT_YET_VALID);
    assert_int_equal(dd_account_status(&row, 100), DD_OK);
    assert_int_equal(dd_account_status(&row, 199), DD_OK);
    assert_int_equal(dd_account_status(&row, 200), DD_KEY_EXPIRED);
    row.revoked_ms = 150;
    assert_int_equal(dd_account_status(&row, 160), DD_KEY_EXPIRED);
    assert_int_equal(dd_account_status(&row, 99), DD_KEY_EXPIRED);
}

static void the_local_day_follows_the_calendar_of_the_year(void **state)
{
    struct cast cast;
    (void)state;
    cast_make(&cast, 0);
    assert_int_equal(dd_local_day(&cast.view, cast_at("2013-05-31T00:00")), cast_day("2013-05-31"));
    assert_int_equal(dd_local_day(&cast.view, cast_at("2013-05-31T00:00") - 1),
                     cast_day("2013-05-30"));
    assert_int_equal(dd_local_day(&cast.view, cast_at("2015-05-31T06:59")), cast_day("2015-05-30"));
    assert_int_equal(dd_local_day(&cast.view, cast_at("2015-05-31T07:00")), cast_day("2015-05-31"));
    cast_free(&cast);
}

static void the_first_other_appraiser_appraises(void **state)
{
    struct dd_cycle_row cycle = {.appraiser_count = 2, .appraiser = {2, 3}};
    (void)state;
    assert_int_equal(dd_appraiser_of(&cycle, 9), 2);
    assert_int_equal(dd_appraiser_of(&cycle, 2), 3);
    assert_int_equal(dd_appraiser_of(&cycle, 3), 2);
    cycle.appraiser_count = 1;
    assert_int_equal(dd_appraiser_of(&cycle, 2), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_office_is_held_on_its_days_in_its_unit),
        cmocka_unit_test(every_office_of_an_account_counts),
        cmocka_unit_test(heads_deputies_and_officers_are_the_unit_s_own),
        cmocka_unit_test(any_office_in_a_unit_is_an_office_there),
        cmocka_unit_test(keys_count_from_and_to_an_instant_and_not_when_revoked),
        cmocka_unit_test(the_local_day_follows_the_calendar_of_the_year),
        cmocka_unit_test(the_first_other_appraiser_appraises),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
