/* Classes, ceilings, ranks and what is within reach, against small cycles counted by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/score_class.h"

enum { PARTIES = 12, EXCELLENT = 0, GOOD, FAIR, POOR };

#define POINTS(hundredths) ((struct dd_figure){hundredths, 2})
#define SUM1(a) ((struct dd_score_sum){1, {DD_SCORE_FACT_##a}})

static struct dd_arena arena;
static struct dd_score_facts facts;
static struct dd_score score;
static struct dd_score_party parties[PARTIES];

/* 335/2025 in short: 90, 70, 50 of one criterion of 100 points. */
static const struct dd_score_criterion hundred[] = {
    {.parent = -1, .kind = DD_SCORE_GIVEN, .max = {10000, 2}}};
static const struct dd_score_class by_points[] = {{.has_min = true, .min = {9000, 2}},
                                                  {.has_min = true, .min = {7000, 2}},
                                                  {.has_min = true, .min = {5000, 2}},
                                                  {.has_min = false, .min = {0, 2}}};

/* 90/2020 in short: all completed and half exceeded; all completed; more than 70 %. */
static const struct dd_score_condition all_completed = {
    .part = {1, {DD_SCORE_FACT_COMPLETED}}, .bound = 100, .of = {1, {DD_SCORE_FACT_REGISTERED}}};
static const struct dd_score_condition half_exceeded[] = {
    {.part = {1, {DD_SCORE_FACT_COMPLETED}}, .bound = 100, .of = {1, {DD_SCORE_FACT_REGISTERED}}},
    {.part = {1, {DD_SCORE_FACT_EXCEEDED}}, .bound = 50, .of = {1, {DD_SCORE_FACT_REGISTERED}}}};
static const struct dd_score_condition most_completed = {.part = {1, {DD_SCORE_FACT_COMPLETED}},
                                                         .compare = DD_SCORE_MORE_THAN,
                                                         .bound = 70,
                                                         .of = {1, {DD_SCORE_FACT_REGISTERED}}};
static const struct dd_score_class by_conditions[] = {{.conditions = {half_exceeded, 2}},
                                                      {.conditions = {&all_completed, 1}},
                                                      {.conditions = {&most_completed, 1}},
                                                      {.has_min = false}};
static const struct dd_score_condition disciplined = {.part = {1, {DD_SCORE_FACT_DISCIPLINE}},
                                                      .bound = 1};
static const struct dd_score_condition something = {.part = {1, {DD_SCORE_FACT_REGISTERED}},
                                                    .bound = 1};

static struct dd_score_ceiling ceiling;
static struct dd_score_rules points_rules;
static struct dd_score_rules conditions_rules;

static int fresh(void **state)
{
    (void)state;
    arena = dd_arena_make(1024 * 1024);
    memset(&facts, 0, sizeof facts);
    memset(parties, 0, sizeof parties);
    ceiling = (struct dd_score_ceiling){.percent = 20, .of = 1U << GOOD};
    points_rules = (struct dd_score_rules){.criterion = hundred,
                                           .criterion_count = 1,
                                           .class_ = by_points,
                                           .class_count = 4,
                                           .ceiling = &ceiling,
                                           .ceiling_count = 1,
                                           .not_when = {&disciplined, 1}};
    conditions_rules = (struct dd_score_rules){.class_ = by_conditions,
                                               .class_count = 4,
                                               .ceiling = &ceiling,
                                               .ceiling_count = 1,
                                               .rated_when = {&something, 1},
                                               .not_when = {&disciplined, 1}};
    score = (struct dd_score){.has_points = true, .points = POINTS(0)};
    return 0;
}

static int gone(void **state)
{
    (void)state;
    dd_arena_free(&arena);
    return 0;
}

static struct dd_score_verdict of_points(int64_t hundredths)
{
    score.points = POINTS(hundredths);
    return dd_score_classify(&points_rules, &facts, &score);
}

static void classes_by_points_begin_at_their_minimum(void **state)
{
    (void)state;
    assert_int_equal(of_points(10000).index, EXCELLENT);
    assert_int_equal(of_points(9000).index, EXCELLENT);
    assert_int_equal(of_points(9000).why, DD_SCORE_WHY_BEST);
    assert_int_equal(of_points(8999).index, GOOD);
    assert_int_equal(of_points(8999).why, DD_SCORE_WHY_POINTS);
    assert_int_equal(of_points(8999).better, EXCELLENT);
    assert_int_equal(of_points(7000).index, GOOD);
    assert_int_equal(of_points(6999).index, FAIR);
    assert_int_equal(of_points(5000).index, FAIR);
    assert_int_equal(of_points(4999).index, POOR);
    assert_int_equal(of_points(4999).better, FAIR);
    assert_int_equal(of_points(0).index, POOR);
}

static void a_finding_puts_the_best_into_the_last_class(void **state)
{
    (void)state;
    facts.value[DD_SCORE_FACT_DISCIPLINE] = 1;
    struct dd_score_verdict verdict = of_points(10000);
    assert_int_equal(verdict.index, POOR);
    assert_int_equal(verdict.why, DD_SCORE_WHY_FORCED);
    assert_ptr_equal(verdict.condition, &disciplined);
    assert_int_equal(verdict.part, 1);
}

/* The facts of an agency: registered in the period, completed, exceeded. */
static struct dd_score_verdict of_counts(int64_t registered, int64_t completed, int64_t exceeded)
{
    struct dd_score none = {.has_points = false};
    facts.value[DD_SCORE_FACT_REGISTERED_YEAR] = registered;
    facts.value[DD_SCORE_FACT_REGISTERED] = registered;
    facts.value[DD_SCORE_FACT_COMPLETED] = completed;
    facts.value[DD_SCORE_FACT_NOT_COMPLETED] = registered - completed;
    facts.value[DD_SCORE_FACT_EXCEEDED] = exceeded;
    return dd_score_classify(&conditions_rules, &facts, &none);
}

/* Figures of the first half of 2013 of the province. */
static void of_the_agencies_of_2013_tan_yen_alone_reaches_the_bar(void **state)
{
    static const struct {
        int64_t registered, completed, exceeded;
        int index;
    } agencies[] = {
        {3, 3, 2, EXCELLENT}, /* Tân Yên: 67 % exceeded */
        {6, 6, 2, GOOD},      /* CĐ nghề Bắc Giang: 33 % */
        {13, 11, 2, FAIR},    /* Yên Thế: two are not completed */
        {14, 14, 0, GOOD},    /* Sở Nội vụ */
        {7, 5, 0, FAIR},      /* Sở Công Thương: 71 % */
        {12, 8, 0, POOR},     /* Sở Ngoại vụ: 67 % */
    };
    (void)state;
    for (size_t i = 0; i < sizeof agencies / sizeof agencies[0]; i++)
        assert_int_equal(
            of_counts(agencies[i].registered, agencies[i].completed, agencies[i].exceeded).index,
            agencies[i].index);
}

static void the_reason_is_the_first_condition_of_the_next_better_class_that_fails(void **state)
{
    (void)state;
    struct dd_score_verdict verdict = of_counts(6, 6, 2);
    assert_int_equal(verdict.why, DD_SCORE_WHY_CONDITION);
    assert_int_equal(verdict.better, EXCELLENT);
    assert_ptr_equal(verdict.condition, &half_exceeded[1]);
    assert_int_equal(verdict.part, 2);
    assert_int_equal(verdict.of, 6);
    verdict = of_counts(13, 11, 2);
    assert_int_equal(verdict.better, GOOD);
    assert_ptr_equal(verdict.condition, &all_completed);
    assert_int_equal(verdict.part, 11);
}

static void whoever_has_nothing_to_rate_is_in_no_class(void **state)
{
    (void)state;
    struct dd_score_verdict verdict = of_counts(0, 0, 0);
    assert_int_equal(verdict.index, DD_SCORE_NOT_RATED);
    assert_int_equal(verdict.why, DD_SCORE_WHY_NOT_RATED);
    assert_ptr_equal(verdict.condition, &something);
    score.has_points = false;
    verdict = dd_score_classify(&points_rules, &facts, &score);
    assert_int_equal(verdict.index, DD_SCORE_NOT_RATED);
    assert_int_equal(verdict.why, DD_SCORE_WHY_NO_POINTS);
}

/* Parties by whole points; the last of the list is negative. */
static size_t cast(const int *points)
{
    size_t count = 0;
    for (; points[count] >= 0; count++) {
        score.points = POINTS(100 * points[count]);
        parties[count].score = score;
        parties[count].verdict = dd_score_classify(&points_rules, &facts, &score);
    }
    return count;
}

static void cap(const int *points, const char *classes)
{
    static const char letters[] = "EGFP";
    size_t count = cast(points);
    assert_int_equal(dd_score_cap(&points_rules, parties, count, &arena), DD_OK);
    for (size_t i = 0; i < count; i++) {
        int index = parties[i].verdict.index;
        assert_int_equal(index < 0 ? '-' : letters[index], classes[i]);
    }
}

static void a_ceiling_holds_for_the_result(void **state)
{
    (void)state;
    /* one of four would be 25 %, one of five is 20 % */
    cap((int[]){95, 80, 80, 80, 80, -1}, "GGGGG");
    assert_int_equal(parties[0].verdict.why, DD_SCORE_WHY_CEILING);
    assert_int_equal(parties[0].verdict.by_condition, EXCELLENT);
    assert_int_equal(parties[0].verdict.part, 0);
    assert_int_equal(parties[0].verdict.of, 5);
    assert_false(parties[0].verdict.needs_decision);
    cap((int[]){95, 80, 80, 80, 80, 80, -1}, "EGGGGG");
    /* those who fall are good then, and count: one of five */
    cap((int[]){95, 96, 97, 80, 80, 80, -1}, "GGEGGG");
    /* fair ones do not count */
    cap((int[]){95, 80, 80, 80, 80, 60, 60, -1}, "GGGGGFF");
}

static void a_ceiling_of_the_class_and_the_next_counts_both(void **state)
{
    (void)state;
    ceiling.of = 1U << EXCELLENT | 1U << GOOD;
    cap((int[]){95, 80, 80, 80, 80, -1}, "EGGGG"); /* 1 of 5 */
    cap((int[]){95, 96, 80, 80, 80, -1}, "GEGGG");
    ceiling.percent = 0;
    cap((int[]){95, 80, 80, 80, 80, -1}, "GGGGG");
    ceiling.percent = 100;
    cap((int[]){95, 96, -1}, "EE");
}

static void equal_ones_at_the_cut_all_fall_and_wait_for_a_decision(void **state)
{
    (void)state;
    ceiling.of = 1U << EXCELLENT | 1U << GOOD;
    ceiling.percent = 50;
    /* three of six are let in: 99 and two of the three with 95 */
    cap((int[]){95, 99, 95, 95, 80, 80, -1}, "GEGGGG");
    assert_int_equal(parties[0].verdict.why, DD_SCORE_WHY_TIE);
    assert_int_equal(parties[0].verdict.part, 3);
    assert_true(parties[0].verdict.needs_decision && parties[2].verdict.needs_decision &&
                parties[3].verdict.needs_decision);
    assert_false(parties[1].verdict.needs_decision || parties[4].verdict.needs_decision);
}

static void or_all_stay_if_the_rules_say_so_and_wait_as_well(void **state)
{
    (void)state;
    ceiling.of = 1U << EXCELLENT | 1U << GOOD;
    ceiling.percent = 50;
    ceiling.tie = DD_SCORE_TIE_ALL;
    cap((int[]){95, 99, 95, 95, 90, 80, -1}, "EEEEGG");
    assert_true(parties[0].verdict.needs_decision && parties[3].verdict.needs_decision);
    assert_false(parties[1].verdict.needs_decision);
    assert_int_equal(parties[4].verdict.why, DD_SCORE_WHY_CEILING);
}

static void equal_ones_on_one_side_of_the_cut_are_no_tie(void **state)
{
    (void)state;
    ceiling.of = 1U << EXCELLENT | 1U << GOOD;
    ceiling.percent = 50;
    cap((int[]){99, 99, 95, 95, -1}, "EEGG");
    for (size_t i = 0; i < 4; i++)
        assert_false(parties[i].verdict.needs_decision);
}

static void groups_are_counted_apart_if_the_rules_say_so(void **state)
{
    static const int points[] = {95, 80, 80, 80, 80, 95, 80, 80, 80, 80, 80, -1};
    (void)state;
    for (size_t i = 0; i < 11; i++)
        parties[i].group = dd_slice_of(i < 5 ? "a" : "b");
    ceiling.within = DD_SCORE_WITHIN_GROUP;
    cap(points, "GGGGGEGGGGG"); /* 1 of 4, 1 of 5 */
    ceiling.within = DD_SCORE_WITHIN_ALL;
    ceiling.percent = 12;
    cap((int[]){96, 80, 80, 80, 80, 95, 80, 80, 80, 80, 80, -1}, "EGGGGGGGGGG"); /* 1 of 10 */
}

static void without_points_all_are_equal_at_the_cut(void **state)
{
    struct dd_score none = {.has_points = false};
    (void)state;
    ceiling.of = 1U << EXCELLENT | 1U << GOOD;
    ceiling.percent = 50;
    for (size_t i = 0; i < 4; i++) {
        parties[i].score = none;
        parties[i].verdict = of_counts(3, 3, i < 3 ? 2 : 0);
    }
    assert_int_equal(dd_score_cap(&conditions_rules, parties, 4, &arena), DD_OK);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(parties[i].verdict.index, GOOD);
        assert_int_equal(parties[i].verdict.why, DD_SCORE_WHY_TIE);
    }
    parties[0].verdict = of_counts(3, 3, 2);
    parties[1].verdict = parties[2].verdict = of_counts(3, 3, 0);
    assert_int_equal(dd_score_cap(&conditions_rules, parties, 4, &arena), DD_OK);
    assert_int_equal(parties[0].verdict.index, EXCELLENT);
}

static void ceilings_follow_one_another_from_the_best(void **state)
{
    struct dd_score_ceiling two[] = {
        {.index = EXCELLENT, .percent = 50, .of = 1U << EXCELLENT | 1U << GOOD},
        {.index = GOOD, .percent = 50, .of = 1U << EXCELLENT | 1U << GOOD | 1U << FAIR}};
    (void)state;
    points_rules.ceiling = two;
    points_rules.ceiling_count = 2;
    /* two of four stay excellent; of the good (97, 96) one more than half of four stays */
    cap((int[]){99, 98, 97, 96, -1}, "EEGG");
    two[1].percent = 25;
    cap((int[]){99, 98, 97, 96, -1}, "EEGF");
}

static void equal_points_share_a_rank_and_the_next_is_left_out(void **state)
{
    uint32_t order[PARTIES];
    size_t count = cast((int[]){80, 95, 60, 80, 10, -1});
    (void)state;
    parties[4].verdict.index = DD_SCORE_NOT_RATED;
    assert_int_equal(dd_score_rank(parties, count, &arena, order), DD_OK);
    const uint32_t ranks[] = {2, 1, 4, 2, 0};
    const uint32_t orders[] = {1, 0, 3, 2, 4};
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(parties[i].rank, ranks[i]);
        assert_int_equal(order[i], orders[i]);
    }
}

static void without_points_ranks_go_by_class(void **state)
{
    uint32_t order[PARTIES];
    (void)state;
    parties[0].verdict = of_counts(6, 6, 2);
    parties[1].verdict = of_counts(3, 3, 2);
    parties[2].verdict = of_counts(14, 14, 0);
    parties[3].verdict = of_counts(12, 8, 0);
    parties[4].verdict = of_counts(0, 0, 0);
    assert_int_equal(dd_score_rank(parties, 5, &arena, order), DD_OK);
    assert_int_equal(parties[0].rank, 2);
    assert_int_equal(parties[1].rank, 1);
    assert_int_equal(parties[2].rank, 2);
    assert_int_equal(parties[3].rank, 4);
    assert_int_equal(parties[4].rank, 0);
}

static int reach(const struct dd_score_rules *rules)
{
    int index = 9;
    assert_int_equal(dd_score_reachable(rules, &facts, NULL, 0, &arena, &index), DD_OK);
    return index;
}

static void open_work_may_still_be_done_and_exceeded(void **state)
{
    (void)state;
    (void)of_counts(4, 0, 0);
    assert_int_equal(reach(&conditions_rules), EXCELLENT);
    (void)of_counts(4, 3, 0); /* one of four may still be exceeded: 25 % */
    assert_int_equal(reach(&conditions_rules), GOOD);
    (void)of_counts(4, 3, 1);
    assert_int_equal(reach(&conditions_rules), EXCELLENT);
}

static void work_that_is_lost_is_not_done_any_more(void **state)
{
    (void)state;
    (void)of_counts(4, 2, 2);
    facts.value[DD_SCORE_FACT_UNATTAINABLE] = 1;
    assert_int_equal(reach(&conditions_rules), FAIR); /* 3 of 4 */
    facts.value[DD_SCORE_FACT_UNATTAINABLE] = 2;
    assert_int_equal(reach(&conditions_rules), POOR);
    facts.value[DD_SCORE_FACT_REGISTERED_YEAR] = 6; /* both may be of the other half-year */
    assert_int_equal(reach(&conditions_rules), EXCELLENT);
    facts.value[DD_SCORE_FACT_DISCIPLINE] = 1;
    assert_int_equal(reach(&conditions_rules), POOR);
}

static void what_is_overdue_may_come_late_or_stay_whichever_is_better(void **state)
{
    static const struct dd_score_condition no_late = {
        .part = {1, {DD_SCORE_FACT_LATE}}, .compare = DD_SCORE_AT_MOST, .bound = 0};
    static const struct dd_score_condition no_missing = {
        .part = {1, {DD_SCORE_FACT_MISSING}}, .compare = DD_SCORE_AT_MOST, .bound = 0};
    static const struct dd_score_condition all_on_time = {
        .part = {1, {DD_SCORE_FACT_ON_TIME}},
        .bound = 100,
        .of = {1, {DD_SCORE_FACT_DUTIES_EXPECTED}}};
    struct dd_score_class classes[2] = {{.conditions = {&no_late, 1}}, {.has_min = false}};
    struct dd_score_rules rules = {.class_ = classes, .class_count = 2};
    (void)state;
    facts.value[DD_SCORE_FACT_DUTIES_EXPECTED] = 3;
    facts.value[DD_SCORE_FACT_MISSING] = 1;
    facts.value[DD_SCORE_FACT_PENDING] = 2;
    assert_int_equal(reach(&rules), 0);
    classes[0].conditions.list = &no_missing;
    assert_int_equal(reach(&rules), 0);
    classes[0].conditions.list = &all_on_time;
    assert_int_equal(reach(&rules), 1);
    facts.value[DD_SCORE_FACT_MISSING] = 0;
    facts.value[DD_SCORE_FACT_PENDING] = 3;
    assert_int_equal(reach(&rules), 0);
}

static void what_nobody_scored_yet_may_be_scored_in_full(void **state)
{
    (void)state;
    assert_int_equal(reach(&points_rules), EXCELLENT);
    struct dd_score_given given = {{NULL, 0}, DD_SCORE_COLUMN_SELF, {6999, 2}};
    int index;
    assert_int_equal(dd_score_reachable(&points_rules, &facts, &given, 1, &arena, &index), DD_OK);
    assert_int_equal(index, FAIR);
}

static void without_memory_they_say_so(void **state)
{
    struct dd_arena none = dd_arena_make(0);
    uint32_t order[PARTIES];
    int index;
    (void)state;
    assert_int_equal(dd_score_cap(&points_rules, parties, 1, &none), DD_NO_MEMORY);
    assert_int_equal(dd_score_rank(parties, 1, &none, order), DD_NO_MEMORY);
    assert_int_equal(dd_score_reachable(&points_rules, &facts, NULL, 0, &none, &index),
                     DD_NO_MEMORY);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, fresh, gone)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(classes_by_points_begin_at_their_minimum),
        CASE(a_finding_puts_the_best_into_the_last_class),
        CASE(of_the_agencies_of_2013_tan_yen_alone_reaches_the_bar),
        CASE(the_reason_is_the_first_condition_of_the_next_better_class_that_fails),
        CASE(whoever_has_nothing_to_rate_is_in_no_class),
        CASE(a_ceiling_holds_for_the_result),
        CASE(a_ceiling_of_the_class_and_the_next_counts_both),
        CASE(equal_ones_at_the_cut_all_fall_and_wait_for_a_decision),
        CASE(or_all_stay_if_the_rules_say_so_and_wait_as_well),
        CASE(equal_ones_on_one_side_of_the_cut_are_no_tie),
        CASE(groups_are_counted_apart_if_the_rules_say_so),
        CASE(without_points_all_are_equal_at_the_cut),
        CASE(ceilings_follow_one_another_from_the_best),
        CASE(equal_points_share_a_rank_and_the_next_is_left_out),
        CASE(without_points_ranks_go_by_class),
        CASE(open_work_may_still_be_done_and_exceeded),
        CASE(work_that_is_lost_is_not_done_any_more),
        CASE(what_is_overdue_may_come_late_or_stay_whichever_is_better),
        CASE(what_nobody_scored_yet_may_be_scored_in_full),
        CASE(without_memory_they_say_so),
    };
    return cmocka_run_group_tests_name("score classes", tests, NULL, NULL);
}
