/* Tallies: a small cycle counted by hand, as it stands and as of earlier instants; what counts
 * where. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/tally.h"
#include "tests/lib/cast.h"

static struct cast cast;

#define OK(call) CAST_OK(&cast, call)
#define OFFICER cast_officer(CAST_A1)

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

static void done(const char *at, uint16_t task, uint16_t indicator, enum dd_outcome outcome,
                 const char *day)
{
    OK(cast_progress(&cast, OFFICER, at, "a1", task, indicator, outcome, day));
}

/* a1: own task 1 with four indicators due in May, task 2 with three due in September, a common task
 * 3 with two due in May; all in force on 4 February. */
static void bring_in_force(void)
{
    uint32_t head = cast_head(CAST_A1);
    const char *at = "2013-01-20T09:00";
    OK(cast_register(&cast, head, at, "a1", 1, "own", 4, "2013-05-31"));
    OK(cast_register(&cast, head, at, "a1", 2, "own", 3, "2013-09-30"));
    OK(cast_register(&cast, head, at, "a1", 3, "common", 2, "2013-05-31"));
    OK(cast_submit(&cast, head, "2013-01-21T09:00", "a1", ""));
    OK(cast_agree(&cast, CAST_APPRAISER, "2013-01-28T09:00", "a1", 1));
    OK(cast_agree(&cast, CAST_CHAIR, "2013-02-04T09:00", "a1", 1));
}

static void expect(const struct dd_counts_row *counts, int64_t year, int64_t period,
                   int64_t completed, int64_t exceeded, int64_t early, int64_t unattainable)
{
    assert_int_equal(counts->registered_year, year);
    assert_int_equal(counts->registered_period, period);
    assert_int_equal(counts->completed, completed);
    assert_int_equal(counts->exceeded, exceeded);
    assert_int_equal(counts->early, early);
    assert_int_equal(counts->unattainable, unattainable);
}

static struct dd_counts_row kept(uint8_t period)
{
    return cast_tally(&cast, DD_SCOPE_UNIT, CAST_A1, period).counts;
}

static struct dd_counts_row folded(uint8_t period, const char *before)
{
    struct dd_process process;
    struct dd_counts_row out;
    assert_true(dd_process_get(&cast.view, 1, &process));
    dd_tally_fold(&cast.view, &process, CAST_A1, period, cast_at(before), &out);
    return out;
}

static void a_small_cycle_is_counted_as_by_hand(void **state)
{
    (void)state;
    struct dd_counts_row counts = kept(CAST_H1);
    expect(&counts, 0, 0, 0, 0, 0, 0);
    bring_in_force();
    counts = kept(CAST_H1);
    expect(&counts, 7, 4, 0, 0, 0, 0);
    counts = kept(CAST_YEAR);
    expect(&counts, 7, 7, 0, 0, 0, 0);
    done("2013-05-20T17:00", 1, 1, DD_OUTCOME_COMPLETED, "2013-05-20");
    done("2013-05-20T17:00", 1, 2, DD_OUTCOME_EXCEEDED, "2013-05-20");
    done("2013-05-20T17:00", 1, 3, DD_OUTCOME_UNATTAINABLE, "2013-05-20");
    done("2013-05-20T17:00", 1, 4, DD_OUTCOME_NOT_COMPLETED, "2013-05-20");
    done("2013-05-20T17:00", 2, 1, DD_OUTCOME_COMPLETED, "2013-05-20"); /* early */
    done("2013-07-05T17:00", 2, 2, DD_OUTCOME_COMPLETED, "2013-07-01"); /* not by 30 June */
    done("2013-07-05T17:00", 2, 3, DD_OUTCOME_UNATTAINABLE, "2013-07-01");
    done("2013-05-20T17:00", 3, 1, DD_OUTCOME_COMPLETED, "2013-05-20"); /* common: nowhere */
    counts = kept(CAST_H1);
    expect(&counts, 7, 4, 2, 1, 1, 2);
    counts = kept(CAST_YEAR);
    expect(&counts, 7, 7, 4, 1, 0, 2);
    struct dd_counts answer = dd_counts_of(&counts);
    assert_int_equal(answer.not_completed, 3);
}

static void an_earlier_as_of_counts_what_had_come_by_then(void **state)
{
    struct dd_counts_row counts;
    (void)state;
    bring_in_force();
    done("2013-05-20T17:00", 1, 1, DD_OUTCOME_COMPLETED, "2013-05-20");
    done("2013-06-30T23:59", 1, 2, DD_OUTCOME_EXCEEDED, "2013-06-30");
    done("2013-07-01T00:00", 1, 3, DD_OUTCOME_COMPLETED, "2013-06-30");
    done("2013-07-02T00:00", 1, 1, DD_OUTCOME_NOT_COMPLETED, "2013-07-01"); /* taken back */
    counts = folded(CAST_H1, "2013-02-04T09:00");
    expect(&counts, 0, 0, 0, 0, 0, 0); /* approved at that very instant */
    counts = folded(CAST_H1, "2013-02-04T09:01");
    expect(&counts, 7, 4, 0, 0, 0, 0);
    counts = folded(CAST_H1, "2013-05-20T17:00");
    expect(&counts, 7, 4, 0, 0, 0, 0);
    counts = folded(CAST_H1, "2013-05-20T17:01");
    expect(&counts, 7, 4, 1, 0, 0, 0);
    counts = folded(CAST_H1, "2013-07-01T00:00");
    expect(&counts, 7, 4, 2, 1, 0, 0);
    counts = folded(CAST_H1, "2013-07-01T00:01");
    expect(&counts, 7, 4, 3, 1, 0, 0);
    counts = folded(CAST_H1, "2013-07-03T00:00");
    expect(&counts, 7, 4, 2, 1, 0, 0);
    struct dd_counts_row now = kept(CAST_H1);
    assert_memory_equal(&now, &counts, sizeof now);
}

static void an_earlier_as_of_counts_the_version_that_was_in_force(void **state)
{
    struct dd_counts_row counts;
    (void)state;
    bring_in_force();
    uint32_t head = cast_head(CAST_A1);
    OK(cast_register(&cast, head, "2013-03-01T09:00", "a1", 1, "own", 3, "2013-08-31"));
    OK(cast_remove(&cast, head, "2013-03-01T09:00", "a1", 2, "own", 1));
    OK(cast_submit(&cast, head, "2013-03-01T09:00", "a1", "điều chỉnh"));
    assert_int_equal(kept(CAST_H1).registered_period, 4);
    OK(cast_agree(&cast, CAST_CHAIR, "2013-03-05T09:00", "a1", 2));
    counts = kept(CAST_H1);
    expect(&counts, 6, 1, 0, 0, 0, 0); /* indicator 1.4 alone is still due in May */
    counts = folded(CAST_H1, "2013-03-05T09:00");
    expect(&counts, 7, 4, 0, 0, 0, 0);
    counts = folded(CAST_H1, "2013-03-05T09:01");
    expect(&counts, 6, 1, 0, 0, 0, 0);
    assert_int_equal(dd_version_in_force(&cast.view, 1, CAST_A1, INT64_MAX), 2);
    assert_int_equal(dd_version_in_force(&cast.view, 1, CAST_A1, cast_at("2013-03-05T09:00")), 1);
    assert_int_equal(dd_version_in_force(&cast.view, 1, CAST_A1, cast_at("2013-02-04T09:00")), 0);
    assert_int_equal(dd_version_in_force(&cast.view, 1, CAST_A2, INT64_MAX), 0);
    assert_int_equal(dd_version_in_force(&cast.view, 1, 99, INT64_MAX), 0);
}

static void expect_sets(enum dd_scope scope, uint32_t number, uint32_t units, uint32_t none,
                        uint32_t all, uint32_t incomplete)
{
    struct dd_tally_row row = cast_tally(&cast, scope, number, CAST_H1);
    assert_int_equal(row.units, units);
    assert_int_equal(row.none_registered, none);
    assert_int_equal(row.all_completed, all);
    assert_int_equal(row.incomplete, incomplete);
}

static void every_party_stands_in_one_of_three_sets(void **state)
{
    (void)state;
    expect_sets(DD_SCOPE_ALL, 0, 5, 5, 0, 0);
    expect_sets(DD_SCOPE_GROUP, 1, 4, 4, 0, 0);
    expect_sets(DD_SCOPE_GROUP, 2, 1, 1, 0, 0);
    cast_bring_in_force(&cast, CAST_A1, 1, "2013-06-30");
    cast_bring_in_force(&cast, CAST_A2, 1, "2013-07-01");
    expect_sets(DD_SCOPE_ALL, 0, 5, 4, 0, 1);
    done("2013-05-20T17:00", 1, 1, DD_OUTCOME_COMPLETED, "2013-05-20");
    expect_sets(DD_SCOPE_ALL, 0, 5, 4, 1, 0);
    expect_sets(DD_SCOPE_GROUP, 1, 4, 3, 1, 0);
    expect_sets(DD_SCOPE_GROUP, 2, 1, 1, 0, 0);
    done("2013-05-21T17:00", 1, 1, DD_OUTCOME_OPEN, "2013-05-21");
    expect_sets(DD_SCOPE_ALL, 0, 5, 4, 0, 1);
}

static void both_days_of_a_period_belong_to_it(void **state)
{
    (void)state;
    cast_bring_in_force(&cast, CAST_A1, 1, "2013-01-01");
    cast_bring_in_force(&cast, CAST_A2, 1, "2013-06-30");
    cast_bring_in_force(&cast, CAST_A3, 1, "2013-07-01");
    assert_int_equal(cast_tally(&cast, DD_SCOPE_UNIT, CAST_A1, CAST_H1).counts.registered_period,
                     1);
    assert_int_equal(cast_tally(&cast, DD_SCOPE_UNIT, CAST_A2, CAST_H1).counts.registered_period,
                     1);
    assert_int_equal(cast_tally(&cast, DD_SCOPE_UNIT, CAST_A3, CAST_H1).counts.registered_period,
                     0);
    OK(cast_progress(&cast, cast_officer(CAST_A3), "2013-07-02T09:00", "a3", 1, 1,
                     DD_OUTCOME_EXCEEDED, "2013-06-30"));
    assert_int_equal(cast_tally(&cast, DD_SCOPE_UNIT, CAST_A3, CAST_H1).counts.early, 1);
    assert_int_equal(cast_tally(&cast, DD_SCOPE_UNIT, CAST_A3, CAST_H1).counts.exceeded, 0);
    assert_int_equal(cast_tally(&cast, DD_SCOPE_UNIT, CAST_A3, CAST_YEAR).counts.exceeded, 1);
}

static void adding_and_taking_back_leaves_nothing(void **state)
{
    struct dd_process process;
    struct dd_tally_delta delta;
    struct dd_tally_delta none;
    (void)state;
    assert_true(dd_process_get(&cast.view, 1, &process));
    memset(&delta, 0, sizeof delta);
    memset(&none, 0, sizeof none);
    for (int outcome = 0; outcome <= DD_OUTCOME_UNATTAINABLE; outcome++) {
        struct dd_content_row content = {.kind = CAST_OWN, .due_day = cast_day("2013-05-31")};
        struct dd_outcome_fact fact = {(enum dd_outcome)outcome, content.due_day, 1, 1};
        dd_tally_add(&delta, &process, &content, fact, 1);
        assert_memory_not_equal(&delta, &none, sizeof delta);
        dd_tally_add(&delta, &process, &content, fact, -1);
        assert_memory_equal(&delta, &none, sizeof delta);
        content.kind = CAST_COMMON;
        dd_tally_add(&delta, &process, &content, fact, 1);
        assert_memory_equal(&delta, &none, sizeof delta);
    }
}

static void only_completed_and_exceeded_are_done(void **state)
{
    (void)state;
    for (int outcome = 0; outcome <= DD_OUTCOME_UNATTAINABLE; outcome++)
        assert_int_equal(dd_outcome_done((enum dd_outcome)outcome),
                         outcome == DD_OUTCOME_COMPLETED || outcome == DD_OUTCOME_EXCEEDED);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_cast, close_cast)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_small_cycle_is_counted_as_by_hand),
        TEST(an_earlier_as_of_counts_what_had_come_by_then),
        TEST(an_earlier_as_of_counts_the_version_that_was_in_force),
        TEST(every_party_stands_in_one_of_three_sets),
        TEST(both_days_of_a_period_belong_to_it),
        TEST(adding_and_taking_back_leaves_nothing),
        TEST(only_completed_and_exceeded_are_done),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
