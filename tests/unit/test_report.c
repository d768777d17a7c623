/* Tests of core/report.c: which duty a report is for, which one was the last, and what it goes on
 * from. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/form.h"
#include "core/report.h"
#include "tests/lib/rules_cast.h"

static struct cast cast;
static struct dd_process process;

enum { HEAD = CAST_FIRST_HEAD + 4, NO_DUTY = UINT16_MAX };

static int begin(void **state)
{
    (void)state;
    rules_ready(&cast);
    return dd_process_get(&cast.view, rules_number(&cast), &process) ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    cast_free(&cast);
    return 0;
}

static uint16_t duty(uint8_t stage, const char *name)
{
    uint16_t a;
    return dd_report_duty(&process, stage, dd_slice_of(name), &a) ? a : (uint16_t)NO_DUTY;
}

/* a1 hands in the month's figures, of which the total tells them apart. */
static void hand_in(const char *at, const char *month, int64_t total)
{
    struct dd_command c = rules_report("a1", "monthly", month);
    rules_figures(&cast, &c, 1, total - 1, total, -1);
    CAST_OK(&cast, rules_do(&cast, HEAD, at, &c));
}

static uint16_t last(const char *month, int64_t before_ms, struct dd_report_row *out)
{
    return dd_report_last(&cast.view, &process, CAST_A1, RULES_MONTHLY, duty(RULES_MONTHLY, month),
                          before_ms, out);
}

static struct dd_slice before(uint8_t stage, const char *period, int64_t before_ms)
{
    return dd_report_figures_before(&cast.view, &process, CAST_A1, stage, duty(stage, period),
                                    before_ms);
}

static int64_t total_of(struct dd_slice figures)
{
    struct dd_figure_value value = {.value = {-1, 0}};
    (void)dd_figures_find(figures, dd_slice_of("total"), &value);
    return value.value.mantissa;
}

static bool unknown(struct dd_slice figures)
{
    return figures.size > 0 && dd_slice_equal(figures, dd_figures_unknown());
}

static void a_period_is_looked_for_in_its_own_stage(void **state)
{
    (void)state;
    assert_int_equal(duty(RULES_MONTHLY, "2013-01"), 0);
    assert_int_equal(duty(RULES_MONTHLY, "2013-11"), 9); /* June is left out */
    assert_int_equal(duty(RULES_QUARTERLY, "2013-Q1"), 10);
    static const char *const none[] = {"2013-06", "2013-12", "2012-12", "2013-Q1",
                                       "2013",    "",        "H1"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        assert_int_equal(duty(RULES_MONTHLY, none[i]), NO_DUTY);
    assert_int_equal(duty(RULES_QUARTERLY, "2013-01"), NO_DUTY);
}

static void what_is_owed_once_has_no_period(void **state)
{
    uint16_t a;
    (void)state;
    assert_int_not_equal(duty(RULES_SELF, ""), NO_DUTY);
    assert_int_equal(duty(RULES_SELF, "2013"), NO_DUTY);
    assert_true(dd_report_occurrence(&process, RULES_SELF, (struct dd_span){0, 0, 0}, &a));
    assert_int_equal(a, duty(RULES_SELF, ""));
    assert_false(dd_report_occurrence(&process, RULES_NAMED, (struct dd_span){0, 0, 0}, &a));
}

static void a_named_report_is_the_cycles_own(void **state)
{
    (void)state;
    assert_int_equal(duty(RULES_NAMED, "H1"), 0);
    assert_int_equal(duty(RULES_NAMED, "year"), 1);
    assert_int_equal(duty(RULES_NAMED, "H3"), NO_DUTY);
    assert_int_equal(duty(RULES_NAMED, ""), NO_DUTY);
}

static void at_any_time_every_name_fits(void **state)
{
    (void)state;
    assert_int_equal(duty(RULES_ALERT, "07/BC"), 0);
    assert_int_equal(duty(RULES_ALERT, ""), 0);
}

static void the_last_report_is_the_one_in_before_the_instant(void **state)
{
    struct dd_report_row row;
    int64_t first = cast_at("2013-01-20T09:00");
    int64_t second = cast_at("2013-01-21T09:00");
    (void)state;
    assert_int_equal(last("2013-01", INT64_MAX, &row), 0);
    hand_in("2013-01-20T09:00", "2013-01", 3);
    hand_in("2013-01-21T09:00", "2013-01", 4);
    assert_int_equal(last("2013-01", first, &row), 0);
    assert_int_equal(last("2013-01", first + 1, &row), 1);
    assert_int_equal(total_of(row.figures), 3);
    assert_int_equal(last("2013-01", second, &row), 1);
    assert_int_equal(last("2013-01", second + 1, &row), 2);
    assert_int_equal(total_of(row.figures), 4);
    assert_int_equal(last("2013-01", INT64_MAX, &row), 2);
    assert_int_equal(last("2013-02", INT64_MAX, &row), 0);
}

static void figures_go_on_from_those_of_the_period_before(void **state)
{
    (void)state;
    assert_int_equal(before(RULES_MONTHLY, "2013-01", INT64_MAX).size, 0); /* the first */
    assert_true(unknown(before(RULES_MONTHLY, "2013-02", INT64_MAX)));
    hand_in("2013-01-20T09:00", "2013-01", 3);
    assert_int_equal(total_of(before(RULES_MONTHLY, "2013-02", INT64_MAX)), 3);
    assert_true(unknown(before(RULES_MONTHLY, "2013-02", cast_at("2013-01-20T09:00"))));
    assert_true(unknown(before(RULES_MONTHLY, "2013-03", INT64_MAX))); /* not from January's */
    assert_true(unknown(before(RULES_MONTHLY, "2013-07", INT64_MAX))); /* nobody owes June's */
    assert_int_equal(before(RULES_QUARTERLY, "2013-Q1", INT64_MAX).size, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    static const struct CMUnitTest tests[] = {
        TEST(a_period_is_looked_for_in_its_own_stage),
        TEST(what_is_owed_once_has_no_period),
        TEST(a_named_report_is_the_cycles_own),
        TEST(at_any_time_every_name_fits),
        TEST(the_last_report_is_the_one_in_before_the_instant),
        TEST(figures_go_on_from_those_of_the_period_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
