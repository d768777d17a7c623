/* Points counted by hand: every kind of criterion at both ends, rounding, what is left out and
 * scaled, who of several counts, and every fault of a rule set. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/score.h"

#define POINTS(hundredths) ((struct dd_figure){hundredths, 2})
#define SUM1(a) ((struct dd_score_sum){1, {DD_SCORE_FACT_##a}})
#define SUM2(a, b) ((struct dd_score_sum){2, {DD_SCORE_FACT_##a, DD_SCORE_FACT_##b}})

static struct dd_arena arena;
static struct dd_score_facts facts;
static struct dd_score_criterion criteria[8];
static struct dd_score_class classes[3];
static struct dd_score_ceiling ceilings[2];
static struct dd_score_rules rules;
static struct dd_score score;

static struct dd_slice text(const char *word)
{
    return dd_slice_of(word);
}

static int fresh(void **state)
{
    (void)state;
    arena = dd_arena_make(1024 * 1024);
    memset(&facts, 0, sizeof facts);
    memset(criteria, 0, sizeof criteria);
    memset(classes, 0, sizeof classes);
    memset(ceilings, 0, sizeof ceilings);
    for (size_t i = 0; i < 8; i++)
        criteria[i].parent = -1;
    classes[0] = (struct dd_score_class){.code = text("good"), .has_min = true, .min = POINTS(50)};
    classes[1] = (struct dd_score_class){.code = text("rest"), .min = POINTS(0)};
    rules = (struct dd_score_rules){
        .criterion = criteria, .class_ = classes, .class_count = 2, .ceiling = ceilings};
    return 0;
}

static int gone(void **state)
{
    (void)state;
    dd_arena_free(&arena);
    return 0;
}

static void set(enum dd_score_fact fact, int64_t value)
{
    facts.value[fact] = value;
}

/* Adds a criterion of its own; the caller sets the rest. */
static struct dd_score_criterion *add(const char *key, enum dd_score_kind kind, int64_t max)
{
    struct dd_score_criterion *criterion = &criteria[rules.criterion_count++];
    criterion->key = text(key);
    criterion->kind = kind;
    criterion->max = POINTS(max);
    return criterion;
}

static void make(const struct dd_score_given *given, size_t count)
{
    assert_int_equal(dd_score_make(&rules, &facts, given, count, false, &arena, &score), DD_OK);
}

static void is(struct dd_figure points, int64_t hundredths)
{
    assert_int_equal(points.scale, 2);
    assert_int_equal(points.mantissa, hundredths);
}

static void words_go_both_ways(void **state)
{
    (void)state;
    for (int words = DD_SCORE_WORDS_FACT; words <= DD_SCORE_WORDS_COMPARE; words++) {
        const char *word;
        for (size_t i = 0; (word = dd_score_word((enum dd_score_words)words, i)) != NULL; i++)
            assert_int_equal(dd_score_word_member((enum dd_score_words)words, text(word)), i);
        assert_int_equal(dd_score_word_member((enum dd_score_words)words, text("nonsense")), -1);
    }
    assert_null(dd_score_word(DD_SCORE_WORDS_FACT, DD_SCORE_FACT_COUNT));
    assert_false(dd_score_fact_found(DD_SCORE_FACT_WAIVED));
    assert_true(dd_score_fact_found(DD_SCORE_FACT_LATE_CONTENTS));
}

static void conditions_hold_on_the_right_side_of_their_bound(void **state)
{
    static const bool holds[4][3] = {/* at 69, 70, 71 of 100 */
                                     [DD_SCORE_AT_LEAST] = {false, true, true},
                                     [DD_SCORE_AT_MOST] = {true, true, false},
                                     [DD_SCORE_MORE_THAN] = {false, false, true},
                                     [DD_SCORE_LESS_THAN] = {true, false, false}};
    (void)state;
    set(DD_SCORE_FACT_REGISTERED, 100);
    for (int compare = 0; compare < 4; compare++) {
        struct dd_score_condition percent = {.part = SUM1(COMPLETED),
                                             .compare = (enum dd_score_compare)compare,
                                             .bound = 70,
                                             .of = SUM1(REGISTERED)};
        struct dd_score_condition count = percent;
        count.of.count = 0;
        for (int i = 0; i < 3; i++) {
            set(DD_SCORE_FACT_COMPLETED, 69 + i);
            assert_int_equal(dd_score_holds(&percent, &facts), holds[compare][i]);
            assert_int_equal(dd_score_holds(&count, &facts), holds[compare][i]);
        }
    }
}

static void two_of_three_reach_a_bar_of_half_and_two_of_six_do_not(void **state)
{
    struct dd_score_condition half = {.part = SUM1(EXCEEDED), .bound = 50, .of = SUM1(REGISTERED)};
    (void)state;
    set(DD_SCORE_FACT_EXCEEDED, 2);
    set(DD_SCORE_FACT_REGISTERED, 3);
    assert_true(dd_score_holds(&half, &facts));
    set(DD_SCORE_FACT_REGISTERED, 4);
    assert_true(dd_score_holds(&half, &facts));
    set(DD_SCORE_FACT_REGISTERED, 5);
    assert_false(dd_score_holds(&half, &facts));
    set(DD_SCORE_FACT_REGISTERED, 6);
    assert_false(dd_score_holds(&half, &facts));
}

static void a_percentage_of_nothing_is_what_the_condition_says(void **state)
{
    struct dd_score_condition all = {.part = SUM1(SUB_GOOD), .bound = 70, .of = SUM1(SUB_UNITS)};
    (void)state;
    assert_false(dd_score_holds(&all, &facts));
    all.empty_met = true;
    assert_true(dd_score_holds(&all, &facts));
}

static void a_share_is_rounded_half_up_and_never_above_its_maximum(void **state)
{
    struct dd_score_criterion *share = add("share", DD_SCORE_SHARE, 1400);
    (void)state;
    share->part = SUM1(COMPLETED);
    share->of = SUM1(REGISTERED);
    set(DD_SCORE_FACT_REGISTERED, 3);
    set(DD_SCORE_FACT_COMPLETED, 2);
    make(NULL, 0);
    is(score.points, 933); /* 14 * 2 / 3 = 9.333 */
    set(DD_SCORE_FACT_COMPLETED, 1);
    make(NULL, 0);
    is(score.points, 467); /* 4.667 */
    set(DD_SCORE_FACT_COMPLETED, 4);
    make(NULL, 0);
    is(score.points, 1400);
    set(DD_SCORE_FACT_COMPLETED, 1);
    set(DD_SCORE_FACT_REGISTERED, 8);
    share->max = POINTS(100);
    make(NULL, 0);
    is(score.points, 13); /* 0.125 */
    assert_int_equal(score.line[0].part, 1);
    assert_int_equal(score.line[0].of, 8);
}

static void each_delay_takes_a_quarter_of_that_products_points(void **state)
{
    struct dd_score_criterion *progress = add("progress", DD_SCORE_DEDUCT, 1400);
    (void)state;
    progress->percent = 25;
    progress->part = SUM2(ITEMS_LATE, ITEMS_MISSING);
    progress->less = SUM1(DELAYS_EXCUSED);
    progress->of = SUM1(REGISTERED);
    set(DD_SCORE_FACT_REGISTERED, 10);
    make(NULL, 0);
    is(score.points, 1400);
    set(DD_SCORE_FACT_ITEMS_LATE, 1);
    set(DD_SCORE_FACT_ITEMS_MISSING, 1);
    make(NULL, 0);
    is(score.points, 1330); /* 14 - 2 * 1.40 * 0.25 */
    set(DD_SCORE_FACT_DELAYS_EXCUSED, 1);
    make(NULL, 0);
    is(score.points, 1365);
    set(DD_SCORE_FACT_DELAYS_EXCUSED, 3); /* more than there are give nothing back */
    make(NULL, 0);
    is(score.points, 1400);
    set(DD_SCORE_FACT_DELAYS_EXCUSED, 0);
    set(DD_SCORE_FACT_ITEMS_LATE, 38);
    make(NULL, 0);
    is(score.points, 35); /* 39 delays of 10: 2.5 % are left */
    set(DD_SCORE_FACT_ITEMS_LATE, 40);
    make(NULL, 0);
    is(score.points, 0);
}

static void all_or_part_looks_at_every_condition(void **state)
{
    struct dd_score_condition both[2] = {
        {.part = SUM1(SUB_COMPLETED), .bound = 100, .of = SUM1(SUB_UNITS), .empty_met = true},
        {.part = SUM1(LATE), .compare = DD_SCORE_AT_MOST, .bound = 0}};
    struct dd_score_criterion *operation = add("operation", DD_SCORE_ALL_OR_PART, 1401);
    (void)state;
    operation->percent = 50;
    operation->conditions = (struct dd_score_conditions){both, 2};
    make(NULL, 0);
    is(score.points, 1401);
    set(DD_SCORE_FACT_SUB_UNITS, 22);
    set(DD_SCORE_FACT_SUB_COMPLETED, 21);
    make(NULL, 0);
    is(score.points, 701); /* 7.005 */
    set(DD_SCORE_FACT_SUB_COMPLETED, 22);
    set(DD_SCORE_FACT_LATE, 1);
    make(NULL, 0);
    is(score.points, 701);
}

static void of_the_points_given_the_last_of_self_appraised_approved_counts(void **state)
{
    struct dd_score_given given[] = {
        {text("general"), DD_SCORE_COLUMN_SELF, {295, 1}},
        {text("other"), DD_SCORE_COLUMN_SELF, {99, 0}}, /* another rule set's */
        {text("general"), DD_SCORE_COLUMN_APPRAISED, {27, 0}},
        {text("general"), DD_SCORE_COLUMN_APPROVED, {2650, 2}},
    };
    (void)state;
    add("general", DD_SCORE_GIVEN, 3000);
    make(given, 1);
    is(score.points, 2950);
    is(score.overrated, 0);
    make(given, 3);
    is(score.points, 2700);
    is(score.overrated, 250); /* 29.5 - 27 */
    make(given, 4);
    is(score.points, 2650);
    assert_int_equal(score.line[0].column, DD_SCORE_COLUMN_APPROVED);
    is(score.line[0].given[DD_SCORE_COLUMN_SELF], 2950);
}

static void points_given_are_refused_beyond_what_the_criterion_takes(void **state)
{
    static const struct {
        const char *criterion;
        enum dd_score_column column;
        struct dd_figure points;
        bool ok;
    } cases[] = {{"general", DD_SCORE_COLUMN_SELF, {3000, 2}, true},
                 {"general", DD_SCORE_COLUMN_SELF, {3001, 2}, false},
                 {"general", DD_SCORE_COLUMN_SELF, {0, 0}, true},
                 {"general", DD_SCORE_COLUMN_SELF, {-1, 2}, false},
                 {"general", DD_SCORE_COLUMN_SELF, {10000, 3}, false},
                 {"general", DD_SCORE_COLUMN_SURVEY, {1, 0}, false},
                 {"survey", DD_SCORE_COLUMN_SURVEY, {32, 0}, true},
                 {"survey", DD_SCORE_COLUMN_APPROVED, {32, 0}, false},
                 {"counted", DD_SCORE_COLUMN_SELF, {1, 0}, false}};
    (void)state;
    add("general", DD_SCORE_GIVEN, 3000);
    add("survey", DD_SCORE_GIVEN, 3200)->survey = true;
    add("counted", DD_SCORE_ALL_OR_PART, 100);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct dd_score_given given = {text(cases[i].criterion), cases[i].column, cases[i].points};
        assert_int_equal(dd_score_make(&rules, &facts, &given, 1, false, &arena, &score),
                         cases[i].ok ? DD_OK : DD_INVALID);
    }
    struct dd_score_given twice[] = {{text("general"), DD_SCORE_COLUMN_SELF, {1, 0}},
                                     {text("general"), DD_SCORE_COLUMN_SELF, {1, 0}}};
    assert_int_equal(dd_score_make(&rules, &facts, twice, 2, false, &arena, &score), DD_INVALID);
}

/* 68 by the files and 32 by a survey, of which the survey is still to come. */
static void what_is_not_given_is_left_out_and_the_rest_is_scaled(void **state)
{
    struct dd_score_given given = {text("files"), DD_SCORE_COLUMN_APPRAISED, {61, 0}};
    (void)state;
    add("files", DD_SCORE_GIVEN, 6800);
    struct dd_score_criterion *survey = add("survey", DD_SCORE_GIVEN, 3200);
    survey->survey = true;
    make(&given, 1);
    is(score.points, 8971); /* 61 * 100 / 68 = 89.7058 */
    is(score.max, 10000);
    is(score.counted, 6800);
    is(score.not_given, 3200);
    assert_int_equal(score.line[1].state, DD_SCORE_SKIPPED);
    survey->empty = DD_SCORE_EMPTY_NONE;
    make(&given, 1);
    is(score.points, 6100);
    is(score.not_given, 3200);
    survey->empty = DD_SCORE_EMPTY_FULL;
    make(&given, 1);
    is(score.points, 9300);
    assert_int_equal(score.line[1].state, DD_SCORE_ASSUMED);
    survey->empty = DD_SCORE_EMPTY_SKIP;
    assert_int_equal(dd_score_make(&rules, &facts, &given, 1, true, &arena, &score), DD_OK);
    is(score.points, 9300);
    make(NULL, 0);
    assert_false(score.has_points);
    is(score.points, 0);
}

static void nothing_of_nothing_follows_the_criterion(void **state)
{
    struct dd_score_criterion *share = add("share", DD_SCORE_SHARE, 4000);
    struct dd_score_criterion *half = add("half", DD_SCORE_ALL_OR_PART, 1000);
    struct dd_score_condition never = {.part = SUM1(LATE), .bound = 1};
    (void)state;
    share->part = SUM1(COMPLETED);
    share->of = SUM1(REGISTERED);
    half->percent = 50;
    half->conditions = (struct dd_score_conditions){&never, 1};
    make(NULL, 0);
    is(score.points, 2500); /* 5 of 10, as of 50 */
    is(score.not_given, 0);
    share->empty = DD_SCORE_EMPTY_FULL;
    make(NULL, 0);
    is(score.points, 4500);
    share->empty = DD_SCORE_EMPTY_NONE;
    make(NULL, 0);
    is(score.points, 500);
}

static void a_tree_adds_its_leaves_up_and_their_columns_too(void **state)
{
    struct dd_score_given given[] = {{text("b1"), DD_SCORE_COLUMN_SELF, {10, 0}},
                                     {text("b1"), DD_SCORE_COLUMN_APPRAISED, {8, 0}},
                                     {text("b2"), DD_SCORE_COLUMN_SELF, {75, 1}},
                                     {text("b2"), DD_SCORE_COLUMN_APPRAISED, {8, 0}}};
    (void)state;
    add("a", DD_SCORE_SUM, 3000);
    add("b", DD_SCORE_SUM, 2000)->parent = 0;
    add("b1", DD_SCORE_GIVEN, 1000)->parent = 1;
    add("b2", DD_SCORE_GIVEN, 1000)->parent = 1;
    add("c", DD_SCORE_GIVEN, 1000)->parent = 0;
    make(given, 4);
    is(score.line[1].points, 1600);
    is(score.line[1].max, 2000);
    is(score.line[1].given[DD_SCORE_COLUMN_SELF], 1750);
    is(score.line[0].points, 1600);
    is(score.line[0].max, 2000); /* c is left out */
    is(score.max, 3000);
    is(score.points, 2400);   /* 16 of 20, as of 30 */
    is(score.overrated, 150); /* 2 - 0.5 */
}

static void facts_beyond_their_range_are_refused(void **state)
{
    (void)state;
    add("general", DD_SCORE_GIVEN, 100);
    set(DD_SCORE_FACT_LATE, DD_SCORE_FACT_MAX);
    make(NULL, 0);
    set(DD_SCORE_FACT_LATE, DD_SCORE_FACT_MAX + 1);
    assert_int_equal(dd_score_make(&rules, &facts, NULL, 0, false, &arena, &score), DD_INVALID);
    set(DD_SCORE_FACT_LATE, -1);
    assert_int_equal(dd_score_make(&rules, &facts, NULL, 0, false, &arena, &score), DD_INVALID);
}

static void the_largest_facts_and_maxima_do_not_overflow(void **state)
{
    struct dd_score_criterion *deduct = add("deduct", DD_SCORE_DEDUCT, 100 * DD_SCORE_POINTS_MAX);
    struct dd_score_criterion *share = add("share", DD_SCORE_SHARE, 100 * DD_SCORE_POINTS_MAX);
    (void)state;
    for (size_t i = 0; i < DD_SCORE_FACT_COUNT; i++)
        facts.value[i] = DD_SCORE_FACT_MAX;
    deduct->percent = 1;
    deduct->part = SUM1(LATE);
    deduct->of.count = share->of.count = share->part.count = DD_SCORE_SUM_MAX;
    make(NULL, 0);
    is(score.line[0].points, 998333); /* 1 - 1/600 of 10000 */
    is(score.line[1].points, 1000000);
}

static void without_memory_it_says_so(void **state)
{
    struct dd_arena none = dd_arena_make(0);
    (void)state;
    add("general", DD_SCORE_GIVEN, 100);
    assert_int_equal(dd_score_make(&rules, &facts, NULL, 0, false, &none, &score), DD_NO_MEMORY);
}

struct heard {
    enum dd_score_part part;
    size_t index;
    const char *what;
    size_t count;
};

static void on_fault(void *self, enum dd_score_part part, size_t index, const char *what)
{
    struct heard *heard = self;
    if (heard->count++ == 0)
        *heard = (struct heard){part, index, what, 1};
}

/* The first fault has to be this one; NULL: there is none. */
static void faulty(enum dd_score_part part, size_t index, const char *what)
{
    struct heard heard = {.count = 0};
    struct dd_score_listener listener = {&heard, on_fault};
    assert_int_equal(dd_score_check(&rules, &listener), what == NULL);
    if (!what) {
        assert_int_equal(heard.count, 0);
        return;
    }
    assert_string_equal(heard.what, what);
    assert_int_equal(heard.part, part);
    assert_int_equal(heard.index, index);
}

static void criteria_are_checked_on_both_sides(void **state)
{
    struct dd_score_condition condition = {.part = SUM1(LATE), .bound = 1};
    (void)state;
    add("sum", DD_SCORE_SUM, 3000);
    struct dd_score_criterion *leaf = add("leaf", DD_SCORE_DEDUCT, 3000);
    leaf->parent = 0;
    leaf->part = SUM1(LATE);
    leaf->of = SUM1(ON_TIME);
    leaf->percent = 100;
    faulty(0, 0, NULL);
    leaf->percent = 0;
    faulty(DD_SCORE_PART_CRITERION, 1, "deduct needs percent, from 1 to 100");
    leaf->percent = 101;
    faulty(DD_SCORE_PART_CRITERION, 1, "deduct needs percent, from 1 to 100");
    leaf->percent = 1;
    leaf->of.count = 0;
    faulty(DD_SCORE_PART_CRITERION, 1,
           "share and deduct need the facts that they divide: part and of");
    leaf->of.count = 1;
    leaf->max = POINTS(2999);
    faulty(DD_SCORE_PART_CRITERION, 0, "max is not the sum of what stands under it");
    leaf->max = POINTS(0);
    faulty(DD_SCORE_PART_CRITERION, 0, "nothing stands under it; a leaf needs its kind");
    leaf->max = criteria[0].max = POINTS(1000000);
    faulty(0, 0, NULL);
    leaf->max = criteria[0].max = POINTS(1000001);
    faulty(DD_SCORE_PART_CRITERION, 1, "max is from 0.01 to 10000");
    leaf->max = criteria[0].max = POINTS(3000);
    leaf->key = text("sum");
    faulty(DD_SCORE_PART_CRITERION, 1, "the key stands twice");
    leaf->key = text("leaf");
    leaf->survey = true;
    faulty(DD_SCORE_PART_CRITERION, 1, "survey is of given");
    leaf->survey = false;
    leaf->conditions = (struct dd_score_conditions){&condition, 1};
    faulty(DD_SCORE_PART_CRITERION, 1, "conditions are of all_or_part");
    *leaf = (struct dd_score_criterion){.key = text("leaf"),
                                        .parent = 0,
                                        .kind = DD_SCORE_ALL_OR_PART,
                                        .max = POINTS(3000),
                                        .percent = 99,
                                        .conditions = {&condition, 1}};
    faulty(0, 0, NULL);
    leaf->percent = 100;
    faulty(DD_SCORE_PART_CRITERION, 1, "all_or_part needs percent, from 0 to 99");
    leaf->percent = 0;
    leaf->conditions.count = 0;
    faulty(DD_SCORE_PART_CRITERION, 1, "all_or_part needs conditions");
    leaf->conditions.count = 1;
    leaf->part = SUM1(LATE);
    faulty(DD_SCORE_PART_CRITERION, 1, "part and of are of share and deduct");
    leaf->part.count = 0;
    leaf->less = SUM1(LATE);
    faulty(DD_SCORE_PART_CRITERION, 1, "less is of deduct");
    leaf->less.count = 0;
    condition.part.count = 0;
    faulty(DD_SCORE_PART_CRITERION, 1, "a condition names at least one fact");
}

static void a_parent_is_a_sum_before_its_parts(void **state)
{
    (void)state;
    add("given", DD_SCORE_GIVEN, 100);
    add("part", DD_SCORE_GIVEN, 100)->parent = 0;
    faulty(DD_SCORE_PART_CRITERION, 1, "its parent is a sum that stands before it");
    criteria[1].parent = 1;
    faulty(DD_SCORE_PART_CRITERION, 1, "its parent is a sum that stands before it");
    criteria[1].parent = -1;
    faulty(0, 0, NULL);
}

static void classes_are_checked_on_both_sides(void **state)
{
    struct dd_score_condition condition = {.part = SUM1(LATE), .bound = 1};
    (void)state;
    add("given", DD_SCORE_GIVEN, 10000);
    rules.class_count = 3;
    classes[0].min = POINTS(10000);
    classes[1] = (struct dd_score_class){text("fair"), .has_min = true, .min = POINTS(9999)};
    classes[2] = (struct dd_score_class){.code = text("rest"), .min = POINTS(0)};
    faulty(0, 0, NULL);
    classes[0].min = POINTS(10001);
    faulty(DD_SCORE_PART_CLASS, 0,
           "min is from 0 to the points of all criteria, and below that of the class above");
    classes[0].min = POINTS(9999);
    faulty(DD_SCORE_PART_CLASS, 1,
           "min is from 0 to the points of all criteria, and below that of the class above");
    classes[1].has_min = false;
    faulty(DD_SCORE_PART_CLASS, 1,
           "whoever comes here stays: a class but the last needs min or conditions");
    classes[1].conditions = (struct dd_score_conditions){&condition, 1};
    faulty(0, 0, NULL);
    classes[1].code = text("good");
    faulty(DD_SCORE_PART_CLASS, 1, "the code stands twice");
    classes[1].code = text("fair");
    classes[2].conditions = classes[1].conditions;
    faulty(DD_SCORE_PART_CLASS, 2,
           "the last class takes the rest: it has neither min nor conditions");
    classes[2].conditions.count = 0;
    rules.criterion_count = 0;
    faulty(DD_SCORE_PART_CLASS, 0, "min needs criteria that give points");
    rules.criterion_count = 1;
    rules.class_count = 1;
    classes[0].has_min = false;
    faulty(DD_SCORE_PART_RULES, 0, "there are 2 to 8 classes");
}

static void ceilings_and_conditions_are_checked(void **state)
{
    struct dd_score_condition condition = {.part = SUM1(LATE), .bound = 100, .of = SUM1(ON_TIME)};
    (void)state;
    add("given", DD_SCORE_GIVEN, 10000);
    rules.ceiling_count = 1;
    ceilings[0] = (struct dd_score_ceiling){.index = 0, .percent = 20, .of = 1U << 1};
    faulty(0, 0, NULL);
    ceilings[0].percent = 101;
    faulty(DD_SCORE_PART_CEILING, 0, "a percentage is from 0 to 100");
    ceilings[0].percent = 100;
    ceilings[0].of = 1;
    faulty(DD_SCORE_PART_CEILING, 0, "of names at least one other class");
    ceilings[0] = (struct dd_score_ceiling){.index = 1, .percent = 20, .of = 1};
    faulty(DD_SCORE_PART_CEILING, 0, "there is no class below it that takes the rest");
    ceilings[0] = ceilings[1] = (struct dd_score_ceiling){.percent = 20, .of = 1U << 1};
    rules.ceiling_count = 2;
    faulty(DD_SCORE_PART_CEILING, 1, "ceilings stand in the order of their classes, one a class");
    rules.ceiling_count = 1;
    rules.not_when = rules.rated_when = (struct dd_score_conditions){&condition, 1};
    faulty(0, 0, NULL);
    condition.bound = 101;
    faulty(DD_SCORE_PART_RATED_WHEN, 0, "a percentage is from 0 to 100");
    rules.rated_when.count = 0;
    faulty(DD_SCORE_PART_NOT_WHEN, 0, "a percentage is from 0 to 100");
    condition.of.count = 0;
    faulty(0, 0, NULL);
    condition.bound = -1;
    faulty(DD_SCORE_PART_NOT_WHEN, 0, "a bound is from 0 to 1000000000");
}

static void a_stage_of_sheets_stands_once_and_good_is_no_worse_than_completed(void **state)
{
    struct dd_score_sheet sheets[2] = {{dd_slice_of("self-score"), DD_SCORE_COLUMN_SELF},
                                       {dd_slice_of("survey"), DD_SCORE_COLUMN_SELF}};
    (void)state;
    add("given", DD_SCORE_GIVEN, 10000);
    rules.sheet = sheets;
    rules.sheet_count = 2;
    rules.has_subs = true;
    rules.sub_completed = rules.sub_good = 1;
    faulty(0, 0, NULL);
    sheets[1].stage = sheets[0].stage;
    faulty(DD_SCORE_PART_SHEET, 1, "the stage stands twice");
    rules.sheet_count = 1;
    rules.sub_completed = 0;
    faulty(DD_SCORE_PART_SUBS, 0, "good is no worse a class than completed");
    rules.has_subs = false;
    faulty(0, 0, NULL);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, fresh, gone)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(words_go_both_ways),
        CASE(conditions_hold_on_the_right_side_of_their_bound),
        CASE(two_of_three_reach_a_bar_of_half_and_two_of_six_do_not),
        CASE(a_percentage_of_nothing_is_what_the_condition_says),
        CASE(a_share_is_rounded_half_up_and_never_above_its_maximum),
        CASE(each_delay_takes_a_quarter_of_that_products_points),
        CASE(all_or_part_looks_at_every_condition),
        CASE(of_the_points_given_the_last_of_self_appraised_approved_counts),
        CASE(points_given_are_refused_beyond_what_the_criterion_takes),
        CASE(what_is_not_given_is_left_out_and_the_rest_is_scaled),
        CASE(nothing_of_nothing_follows_the_criterion),
        CASE(a_tree_adds_its_leaves_up_and_their_columns_too),
        CASE(facts_beyond_their_range_are_refused),
        CASE(the_largest_facts_and_maxima_do_not_overflow),
        CASE(without_memory_it_says_so),
        CASE(criteria_are_checked_on_both_sides),
        CASE(a_parent_is_a_sum_before_its_parts),
        CASE(classes_are_checked_on_both_sides),
        CASE(ceilings_and_conditions_are_checked),
        CASE(a_stage_of_sheets_stands_once_and_good_is_no_worse_than_completed),
    };
    return cmocka_run_group_tests_name("score", tests, NULL, NULL);
}
