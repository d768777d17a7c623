/* The review of a registration: what is counted, where each sign begins, and what is not known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/calendar.h"
#include "core/review.h"

enum { ITEMS_MAX = 8 };

static struct dd_arena arena;

static int32_t day_of(int year, int month, int day)
{
    int32_t out;
    assert_true(dd_day_from_civil(year, month, day, &out));
    return out;
}

/* A registration for 2013, of indicators with a number that are due on these days. */
static struct dd_review_case year_2013(struct dd_dossier_item *items, size_t count,
                                       const int32_t *due)
{
    memset(items, 0, count * sizeof *items);
    for (size_t i = 0; i < count; i++) {
        items[i].indicator.has_target = true;
        items[i].indicator.due_day = due[i];
    }
    return (struct dd_review_case){.from_day = day_of(2013, 1, 1),
                                   .to_day = day_of(2013, 12, 31),
                                   .items = items,
                                   .item_count = count};
}

static struct dd_review_line line_of(const struct dd_review_case *reviewed,
                                     enum dd_review_rule rule)
{
    struct dd_review review;
    assert_int_equal(dd_review_make(reviewed, &arena, &review), DD_OK);
    assert_int_equal(review.line[rule].rule, rule);
    return review.line[rule];
}

static void half_a_year_ends_with_june(void **state)
{
    (void)state;
    assert_int_equal(dd_review_half_day(day_of(2013, 1, 1), day_of(2013, 12, 31)),
                     day_of(2013, 6, 30));
    assert_int_equal(dd_review_half_day(day_of(2012, 1, 1), day_of(2012, 12, 31)),
                     day_of(2012, 6, 30));
    assert_int_equal(dd_review_half_day(day_of(2013, 9, 1), day_of(2014, 4, 30)),
                     day_of(2013, 12, 31));
    assert_int_equal(dd_review_half_day(day_of(2013, 1, 1), day_of(2014, 12, 31)),
                     day_of(2013, 12, 31));
}

static void other_spans_are_halved_by_days(void **state)
{
    (void)state;
    /* 90 days of a quarter, 11 days, 1 day */
    assert_int_equal(dd_review_half_day(day_of(2013, 1, 1), day_of(2013, 3, 31)),
                     day_of(2013, 2, 14));
    assert_int_equal(dd_review_half_day(day_of(2013, 1, 11), day_of(2013, 1, 21)),
                     day_of(2013, 1, 15));
    assert_int_equal(dd_review_half_day(day_of(2013, 1, 11), day_of(2013, 1, 11)),
                     day_of(2013, 1, 10));
}

static void an_indicator_without_a_number_is_a_sign_unless_it_is_yes_or_no(void **state)
{
    struct dd_dossier_item items[ITEMS_MAX];
    const int32_t due[] = {day_of(2013, 3, 1), day_of(2013, 4, 1), day_of(2013, 5, 1)};
    struct dd_review_case reviewed = year_2013(items, 3, due);
    (void)state;
    assert_false(line_of(&reviewed, DD_REVIEW_NO_NUMBER).warns);
    items[1].indicator.has_target = false;
    items[1].indicator.direction = DD_DIRECTION_YES_NO;
    assert_int_equal(line_of(&reviewed, DD_REVIEW_NO_NUMBER).part, 0);
    items[2].indicator.has_target = false;
    items[2].indicator.direction = DD_DIRECTION_MORE;
    struct dd_review_line line = line_of(&reviewed, DD_REVIEW_NO_NUMBER);
    assert_int_equal(line.part, 1);
    assert_int_equal(line.of, 3);
    assert_true(line.warns);
}

static void nothing_due_in_the_first_half_is_a_sign(void **state)
{
    struct dd_dossier_item items[ITEMS_MAX];
    const int32_t late[] = {day_of(2013, 7, 1), day_of(2013, 9, 1)};
    const int32_t early[] = {day_of(2013, 6, 30), day_of(2013, 9, 1)};
    struct dd_review_case reviewed = year_2013(items, 2, late);
    (void)state;
    assert_true(line_of(&reviewed, DD_REVIEW_FIRST_HALF).warns);
    assert_int_equal(line_of(&reviewed, DD_REVIEW_FIRST_HALF).part, 0);
    reviewed = year_2013(items, 2, early);
    assert_false(line_of(&reviewed, DD_REVIEW_FIRST_HALF).warns);
    assert_int_equal(line_of(&reviewed, DD_REVIEW_FIRST_HALF).part, 1);
}

static void more_than_half_in_the_last_month_is_a_sign_and_half_is_none(void **state)
{
    struct dd_dossier_item items[ITEMS_MAX];
    const int32_t due[] = {day_of(2013, 11, 30), day_of(2013, 12, 1), day_of(2014, 1, 5)};
    struct dd_review_case reviewed = year_2013(items, 2, due);
    (void)state;
    assert_int_equal(line_of(&reviewed, DD_REVIEW_LAST_MONTH).part, 1);
    assert_false(line_of(&reviewed, DD_REVIEW_LAST_MONTH).warns);
    reviewed = year_2013(items, 3, due);
    assert_int_equal(line_of(&reviewed, DD_REVIEW_LAST_MONTH).part, 2);
    assert_true(line_of(&reviewed, DD_REVIEW_LAST_MONTH).warns);
}

static void the_median_of_an_even_number_has_a_lower_and_an_upper_one(void **state)
{
    struct dd_dossier_item items[ITEMS_MAX];
    const int32_t due[] = {day_of(2013, 3, 1), day_of(2013, 4, 1), day_of(2013, 5, 1)};
    const int64_t peers[] = {40, 6, 9, 7};
    struct dd_review_case reviewed = year_2013(items, 3, due);
    (void)state;
    reviewed.peers = peers;
    reviewed.peer_count = 4;
    struct dd_review_line line = line_of(&reviewed, DD_REVIEW_MEDIAN);
    assert_int_equal(line.lower, 7);
    assert_int_equal(line.upper, 9);
    assert_true(line.warns); /* 3 of 7 */
    reviewed.peer_count = 3;
    line = line_of(&reviewed, DD_REVIEW_MEDIAN);
    assert_int_equal(line.lower, 9);
    assert_int_equal(line.upper, 9);
    reviewed.peers = peers + 1;
    reviewed.peer_count = 1;
    line = line_of(&reviewed, DD_REVIEW_MEDIAN);
    assert_int_equal(line.lower, 6);
    assert_int_equal(line.part, 3);
    assert_false(line.warns); /* exactly half of it */
}

static void half_of_last_years_later_ones_done_early_is_a_sign(void **state)
{
    struct dd_dossier_item items[ITEMS_MAX];
    const int32_t due[] = {day_of(2013, 3, 1)};
    struct dd_review_case reviewed = year_2013(items, 1, due);
    struct dd_counts last = {.registered_year = 17, .registered_period = 7, .early = 4};
    (void)state;
    reviewed.last = &last;
    struct dd_review_line line = line_of(&reviewed, DD_REVIEW_EARLY);
    assert_int_equal(line.part, 4);
    assert_int_equal(line.of, 10);
    assert_false(line.warns);
    last.early = 5;
    assert_true(line_of(&reviewed, DD_REVIEW_EARLY).warns);
}

static void what_there_is_nothing_to_judge_by_is_no_sign(void **state)
{
    struct dd_counts last = {.registered_year = 7, .registered_period = 7};
    struct dd_review_case reviewed = {.from_day = day_of(2013, 1, 1),
                                      .to_day = day_of(2013, 12, 31)};
    struct dd_review review;
    (void)state;
    assert_int_equal(dd_review_make(&reviewed, &arena, &review), DD_OK);
    for (size_t i = 0; i < DD_REVIEW_RULES; i++) {
        assert_false(review.line[i].known);
        assert_false(review.line[i].warns);
    }
    reviewed.last = &last;
    assert_false(line_of(&reviewed, DD_REVIEW_EARLY).known);
}

static void a_full_arena_is_no_memory(void **state)
{
    struct dd_arena small = dd_arena_make(8);
    const int64_t peers[] = {1, 2, 3};
    struct dd_review_case reviewed = {.from_day = day_of(2013, 1, 1),
                                      .to_day = day_of(2013, 12, 31),
                                      .peers = peers,
                                      .peer_count = 3};
    struct dd_review review;
    (void)state;
    assert_int_equal(dd_review_make(&reviewed, &small, &review), DD_NO_MEMORY);
    dd_arena_free(&small);
}

static void rules_have_words(void **state)
{
    (void)state;
    assert_string_equal(dd_review_word(DD_REVIEW_NO_NUMBER), "no_number");
    assert_string_equal(dd_review_word(DD_REVIEW_EARLY), "early");
    assert_string_equal(dd_review_word(DD_REVIEW_RULES), "");
}

static int begin(void **state)
{
    (void)state;
    arena = dd_arena_make(1024 * 1024);
    return 0;
}

static int end(void **state)
{
    (void)state;
    dd_arena_free(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(half_a_year_ends_with_june),
        cmocka_unit_test(other_spans_are_halved_by_days),
        cmocka_unit_test(an_indicator_without_a_number_is_a_sign_unless_it_is_yes_or_no),
        cmocka_unit_test(nothing_due_in_the_first_half_is_a_sign),
        cmocka_unit_test(more_than_half_in_the_last_month_is_a_sign_and_half_is_none),
        cmocka_unit_test(the_median_of_an_even_number_has_a_lower_and_an_upper_one),
        cmocka_unit_test(half_of_last_years_later_ones_done_early_is_a_sign),
        cmocka_unit_test(what_there_is_nothing_to_judge_by_is_no_sign),
        cmocka_unit_test(a_full_arena_is_no_memory),
        cmocka_unit_test(rules_have_words),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
