/* The status table: numbers that never change, keys of their own, classes that fit the ranges. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/status.h"

static const enum dd_status all[] = {
#define ONE(name, number, key, class_, english) DD_##name,
    DD_STATUS_TABLE(ONE)
#undef ONE
};

enum { COUNT = sizeof all / sizeof all[0] };

static void status_numbers_and_keys_are_unique(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT; i++) {
        for (size_t j = i + 1; j < COUNT; j++) {
            assert_int_not_equal(all[i], all[j]);
            assert_string_not_equal(dd_status_key(all[i]), dd_status_key(all[j]));
            assert_string_not_equal(dd_status_english(all[i]), dd_status_english(all[j]));
        }
    }
}

static void status_keys_are_lower_case_words(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT; i++) {
        const char *key = dd_status_key(all[i]);
        assert_true(strlen(key) > 0);
        assert_int_equal(strspn(key, "abcdefghijklmnopqrstuvwxyz-"), strlen(key));
        assert_true(strlen(dd_status_english(all[i])) > 0);
    }
}

/* The wire and every log ever written hold these numbers: a change here is a bug, not a new test.
 */
static void status_numbers_are_those_of_the_wire(void **state)
{
    static const struct {
        uint32_t number;
        const char *key;
        enum dd_status_class class_;
    } wire[] = {
        {0, "ok", DD_CLASS_DONE},
        {10, "forbidden", DD_CLASS_REFUSED},
        {11, "stale", DD_CLASS_REFUSED},
        {12, "refused", DD_CLASS_REFUSED},
        {20, "invalid", DD_CLASS_NOT_TAKEN},
        {21, "bad-envelope", DD_CLASS_NOT_TAKEN},
        {22, "version", DD_CLASS_NOT_TAKEN},
        {23, "too-large", DD_CLASS_NOT_TAKEN},
        {24, "bad-signature", DD_CLASS_NOT_TAKEN},
        {25, "key-unknown", DD_CLASS_NOT_TAKEN},
        {26, "key-expired", DD_CLASS_NOT_TAKEN},
        {27, "key-not-yet-valid", DD_CLASS_NOT_TAKEN},
        {28, "id-conflict", DD_CLASS_NOT_TAKEN},
        {29, "not-found", DD_CLASS_NOT_TAKEN},
        {30, "no-service", DD_CLASS_NOT_TAKEN},
        {40, "busy", DD_CLASS_RETRY},
        {41, "read-only", DD_CLASS_RETRY},
        {42, "unavailable", DD_CLASS_RETRY},
        {43, "timeout", DD_CLASS_RETRY},
    };
    (void)state;

    for (size_t i = 0; i < sizeof wire / sizeof wire[0]; i++) {
        assert_true(dd_status_known(wire[i].number));
        assert_string_equal(dd_status_key((enum dd_status)wire[i].number), wire[i].key);
        assert_int_equal(dd_status_class((enum dd_status)wire[i].number), wire[i].class_);
    }
}

static void status_of_the_world_stays_inside(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT; i++)
        assert_int_equal(dd_status_class(all[i]) == DD_CLASS_WORLD, all[i] >= 60);
}

static void status_number_outside_the_table_is_unknown_and_not_taken(void **state)
{
    static const uint32_t numbers[] = {1, 9, 13, 31, 44, 1000, UINT32_MAX};
    (void)state;

    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        assert_false(dd_status_known(numbers[i]));
    assert_string_equal(dd_status_key((enum dd_status)1), "unknown");
    assert_true(strlen(dd_status_english((enum dd_status)1)) > 0);
    assert_int_equal(dd_status_class((enum dd_status)1), DD_CLASS_NOT_TAKEN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(status_numbers_and_keys_are_unique),
        cmocka_unit_test(status_keys_are_lower_case_words),
        cmocka_unit_test(status_numbers_are_those_of_the_wire),
        cmocka_unit_test(status_of_the_world_stays_inside),
        cmocka_unit_test(status_number_outside_the_table_is_unknown_and_not_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
