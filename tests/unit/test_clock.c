/* The clocks: their units and that time does not go back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "runtime/clock.h"

static void clock_utc_is_in_milliseconds_of_the_epoch(void **state)
{
    int64_t before_ms = (int64_t)time(NULL) * 1000;
    int64_t now_ms = dd_clock_utc_ms();
    (void)state;

    assert_true(now_ms >= before_ms - 1000);
    assert_true(now_ms < before_ms + 60000);
}

static void clock_mono_grows_and_agrees_in_both_units(void **state)
{
    int64_t last_us = dd_clock_mono_us();
    (void)state;

    for (int i = 0; i < 10000; i++) {
        int64_t now_us = dd_clock_mono_us();
        assert_true(now_us >= last_us);
        last_us = now_us;
    }
    assert_true(dd_clock_mono_ms() >= last_us / 1000);
    assert_true(dd_clock_mono_ms() < last_us / 1000 + 60000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clock_utc_is_in_milliseconds_of_the_epoch),
        cmocka_unit_test(clock_mono_grows_and_agrees_in_both_units),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
