/* Tests of one item in several programmes (core/decide_dossier.c, core/apply_dossier.c): where it
 * stands, whose it is, and that an outcome recorded at one place is so at every other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/row_matter.h"
#include "core/tally.h"
#include "tests/lib/rules_cast.h"

static struct cast cast;

enum { HEAD = CAST_FIRST_HEAD + 4, HEAD_A2 = HEAD + 2 };

#define OK(call) CAST_OK(&cast, call)
#define NO(broken, call) CAST_NO(&cast, DD_REFUSED, broken, call)

static void open_cycle(const char *period)
{
    struct dd_command c = {.kind = DD_COMMAND_OPEN_CYCLE};
    c.as.open_cycle = rules_cycle(&cast);
    c.as.open_cycle.period = dd_slice_of(period);
    OK(rules_do(&cast, CAST_ADMIN, "2013-01-11T09:00", &c));
}

/* Besides rules/2013 there is rules/plan; an item of a1 in both, in the one as 1.1, in the other as
 * 2.3. */
static int begin(void **state)
{
    (void)state;
    rules_ready(&cast);
    open_cycle("plan");
    return 0;
}

static int end(void **state)
{
    (void)state;
    cast_free(&cast);
    return 0;
}

static enum dd_status put(uint32_t account, const char *cycle, const char *unit, uint16_t task,
                          const struct dd_indicator_put *indicator)
{
    struct dd_command c = {.kind = DD_COMMAND_REGISTER};
    struct dd_indicator_put *kept = cast_take(&cast, sizeof *kept);
    *kept = *indicator;
    c.as.register_ = (struct dd_register){.cycle = dd_slice_of(cycle),
                                          .unit = dd_slice_of(unit),
                                          .task = task,
                                          .kind = dd_slice_of("own"),
                                          .indicators = kept,
                                          .indicator_count = 1};
    return rules_do(&cast, account, "2013-01-15T09:00", &c);
}

static enum dd_status add(uint32_t account, const char *cycle, const char *unit, uint16_t task,
                          uint16_t number, const char *code)
{
    struct dd_indicator_put indicator = {.number = number,
                                         .title = dd_slice_of("Đề án"),
                                         .due_day = cast_day("2013-05-31"),
                                         .code = dd_slice_of(code)};
    return put(account, cycle, unit, task, &indicator);
}

static void hand_in(uint32_t account, const char *cycle, const char *unit)
{
    struct dd_command c = {.kind = DD_COMMAND_SUBMIT};
    c.as.submit = (struct dd_submit){.cycle = dd_slice_of(cycle),
                                     .unit = dd_slice_of(unit),
                                     .what = DD_SUBMISSION_REGISTRATION,
                                     .reason = dd_slice_of("điều chỉnh"),
                                     .capacity = DD_CAPACITY_HEAD};
    OK(rules_do(&cast, account, "2013-01-16T09:00", &c));
}

static void in_both(void)
{
    OK(add(HEAD, "rules/2013", "a1", 1, 1, "DA-1"));
    OK(add(HEAD, "rules/plan", "a1", 2, 3, "DA-1"));
    hand_in(HEAD, "rules/2013", "a1");
    hand_in(HEAD, "rules/plan", "a1");
}

static enum dd_status progress(const char *cycle, uint16_t task, uint16_t indicator,
                               enum dd_outcome outcome, const char *at)
{
    struct dd_command c = {.kind = DD_COMMAND_PROGRESS};
    c.as.progress = (struct dd_progress){.cycle = dd_slice_of(cycle),
                                         .unit = dd_slice_of("a1"),
                                         .task = task,
                                         .indicator = indicator,
                                         .outcome = outcome,
                                         .day = dd_day_at(cast_at(at), CAST_OFFSET_MIN)};
    return rules_do(&cast, HEAD, at, &c);
}

static int64_t completed(const char *cycle)
{
    struct dd_tally_row row;
    uint32_t number = dd_number_of(&cast.view, DD_TABLE_CYCLE_CODE, dd_slice_of(cycle));
    dd_get_tally(&cast.view, number, DD_SCOPE_UNIT, CAST_A1, CAST_YEAR, &row);
    return row.counts.completed;
}

static size_t outcomes(const char *cycle, uint16_t task, uint16_t indicator)
{
    struct dd_item_row item;
    uint32_t number = dd_number_of(&cast.view, DD_TABLE_CYCLE_CODE, dd_slice_of(cycle));
    (void)dd_get_item(&cast.view, number, CAST_A1, task, indicator, &item);
    return dd_outcomes_count(&item);
}

static enum dd_end duty_end(const char *cycle, uint16_t task, uint16_t indicator)
{
    struct dd_duty_row duty;
    struct dd_duty_key key = {dd_number_of(&cast.view, DD_TABLE_CYCLE_CODE, dd_slice_of(cycle)),
                              CAST_A1, RULES_TASK, task, indicator};
    assert_true(dd_get_duty(&cast.view, &key, &duty));
    return duty.end;
}

static void an_outcome_at_one_place_is_one_at_every_other(void **state)
{
    (void)state;
    in_both();
    OK(progress("rules/plan", 2, 3, DD_OUTCOME_COMPLETED, "2013-03-01T09:00"));
    assert_int_equal(completed("rules/plan"), 1);
    assert_int_equal(completed("rules/2013"), 1);
    assert_int_equal(outcomes("rules/2013", 1, 1), 1);
    assert_int_equal(duty_end("rules/2013", 1, 1), DD_END_ON_TIME);
    assert_int_equal(duty_end("rules/plan", 2, 3), DD_END_ON_TIME);
    OK(progress("rules/2013", 1, 1, DD_OUTCOME_OPEN, "2013-03-02T09:00")); /* taken back */
    assert_int_equal(completed("rules/plan"), 0);
    assert_int_equal(duty_end("rules/plan", 2, 3), DD_END_OPEN);
    assert_int_equal(outcomes("rules/plan", 2, 3), 2);
}

static void kept_tallies_are_what_the_items_fold_to(void **state)
{
    (void)state;
    in_both();
    OK(progress("rules/plan", 2, 3, DD_OUTCOME_EXCEEDED, "2013-03-01T09:00"));
    for (uint32_t cycle = 1; cycle <= 2; cycle++) {
        struct dd_process process;
        struct dd_counts_row folded;
        struct dd_tally_row kept;
        assert_true(dd_process_get(&cast.view, cycle, &process));
        dd_tally_fold(&cast.view, &process, CAST_A1, CAST_H1, INT64_MAX, &folded);
        dd_get_tally(&cast.view, cycle, DD_SCOPE_UNIT, CAST_A1, CAST_H1, &kept);
        assert_memory_equal(&folded, &kept.counts, sizeof folded);
        assert_int_equal(folded.exceeded, 1);
    }
}

static void an_item_without_a_code_stands_alone(void **state)
{
    (void)state;
    OK(add(HEAD, "rules/2013", "a1", 1, 1, ""));
    OK(add(HEAD, "rules/plan", "a1", 1, 1, ""));
    hand_in(HEAD, "rules/2013", "a1");
    hand_in(HEAD, "rules/plan", "a1");
    OK(progress("rules/plan", 1, 1, DD_OUTCOME_COMPLETED, "2013-03-01T09:00"));
    assert_int_equal(completed("rules/2013"), 0);
    assert_int_equal(naive_count(&cast.rows, DD_TABLE_PLACES), 0);
}

static void a_draft_is_no_place_yet(void **state)
{
    struct dd_place places[DD_PLACES_PER_ITEM_MAX];
    (void)state;
    OK(add(HEAD, "rules/2013", "a1", 1, 1, "DA-1"));
    assert_int_equal(dd_get_places(&cast.view, dd_slice_of("DA-1"), places), 0);
    hand_in(HEAD, "rules/2013", "a1");
    assert_int_equal(dd_get_places(&cast.view, dd_slice_of("DA-1"), places), 1);
    assert_int_equal(places[0].unit, CAST_A1);
    assert_int_equal(places[0].task, 1);
}

static void an_item_that_is_called_otherwise_or_removed_leaves_its_place(void **state)
{
    struct dd_place places[DD_PLACES_PER_ITEM_MAX];
    (void)state;
    in_both();
    OK(add(HEAD, "rules/2013", "a1", 1, 1, "DA-2"));
    hand_in(HEAD, "rules/2013", "a1");
    assert_int_equal(dd_get_places(&cast.view, dd_slice_of("DA-1"), places), 1);
    assert_int_equal(places[0].task, 2);
    assert_int_equal(dd_get_places(&cast.view, dd_slice_of("DA-2"), places), 1);
    OK(progress("rules/plan", 2, 3, DD_OUTCOME_COMPLETED, "2013-03-01T09:00"));
    assert_int_equal(completed("rules/2013"), 0);
    struct dd_command c = {.kind = DD_COMMAND_REGISTER};
    static uint16_t removed = 3;
    OK(add(HEAD, "rules/plan", "a1", 1, 1, ""));
    c.as.register_ = (struct dd_register){.cycle = dd_slice_of("rules/plan"),
                                          .unit = dd_slice_of("a1"),
                                          .task = 2,
                                          .kind = dd_slice_of("own"),
                                          .removed = &removed,
                                          .removed_count = 1};
    OK(rules_do(&cast, HEAD, "2013-03-02T09:00", &c));
    hand_in(HEAD, "rules/plan", "a1");
    assert_int_equal(dd_get_places(&cast.view, dd_slice_of("DA-1"), places), 0);
}

static void an_item_belongs_to_one_unit(void **state)
{
    (void)state;
    in_both();
    NO(ITEM_ELSEWHERE, add(HEAD_A2, "rules/plan", "a2", 1, 1, "DA-1"));
    assert_string_equal(cast.refusal.field, "indicators.code");
    assert_string_equal(cast.refusal.param[0], "DA-1");
    OK(add(HEAD_A2, "rules/plan", "a2", 1, 1, "DA-9"));
}

static void of_two_units_that_draft_the_same_item_the_first_in_force_has_it(void **state)
{
    struct dd_place places[DD_PLACES_PER_ITEM_MAX];
    (void)state;
    OK(add(HEAD_A2, "rules/plan", "a2", 1, 1, "DA-1"));
    in_both();
    hand_in(HEAD_A2, "rules/plan", "a2");
    assert_int_equal(dd_get_places(&cast.view, dd_slice_of("DA-1"), places), 2);
    assert_int_equal(places[0].unit, CAST_A1);
    assert_int_equal(places[1].unit, CAST_A1);
    struct dd_command c = {.kind = DD_COMMAND_PROGRESS};
    c.as.progress = (struct dd_progress){.cycle = dd_slice_of("rules/plan"),
                                         .unit = dd_slice_of("a2"),
                                         .task = 1,
                                         .indicator = 1,
                                         .outcome = DD_OUTCOME_COMPLETED,
                                         .day = cast_day("2013-03-01")};
    OK(rules_do(&cast, HEAD_A2, "2013-03-01T09:00", &c));
    assert_int_equal(completed("rules/2013"), 0); /* what is another's is not touched */
    assert_int_equal(completed("rules/plan"), 0);
}

static void a_closed_cycle_takes_no_outcome_and_no_place(void **state)
{
    struct dd_place places[DD_PLACES_PER_ITEM_MAX];
    struct dd_command c = {.kind = DD_COMMAND_CLOSE_CYCLE};
    (void)state;
    in_both();
    c.as.close_cycle.cycle = dd_slice_of("rules/2013");
    OK(rules_do(&cast, CAST_ADMIN, "2013-02-01T09:00", &c));
    OK(progress("rules/plan", 2, 3, DD_OUTCOME_COMPLETED, "2013-03-01T09:00"));
    assert_int_equal(completed("rules/2013"), 0);
    assert_int_equal(outcomes("rules/2013", 1, 1), 0);
    OK(add(HEAD, "rules/plan", "a1", 3, 1, "DA-1"));
    hand_in(HEAD, "rules/plan", "a1");
    assert_int_equal(dd_get_places(&cast.view, dd_slice_of("DA-1"), places), 2);
    assert_int_equal(places[0].cycle, 2);
    assert_int_equal(places[1].cycle, 2);
}

static void an_item_stands_in_so_many_places_and_no_more(void **state)
{
    (void)state;
    in_both();
    for (uint16_t task = 3; task < DD_PLACES_PER_ITEM_MAX + 1; task++)
        OK(add(HEAD, "rules/2013", "a1", (uint16_t)(1 + task % 2), task, "DA-1"));
    hand_in(HEAD, "rules/2013", "a1");
    NO(TOO_MANY_PLACES, add(HEAD, "rules/2013", "a1", 1, 99, "DA-1"));
    OK(add(HEAD, "rules/2013", "a1", 1, 1, "DA-1")); /* the place that it has already */
    OK(progress("rules/plan", 2, 3, DD_OUTCOME_COMPLETED, "2013-03-01T09:00"));
    assert_int_equal(completed("rules/2013"), 7);
}

static void what_an_item_says_beyond_is_kept(void **state)
{
    static struct dd_slice partners[2];
    struct dd_content_row content;
    struct dd_indicator_put indicator = {.number = 1,
                                         .title = dd_slice_of("Đề án"),
                                         .due_day = cast_day("2013-05-31"),
                                         .code = dd_slice_of("DA-1"),
                                         .start_day = cast_day("2013-02-01"),
                                         .has_baseline = true,
                                         .baseline = {125, 1},
                                         .direction = DD_DIRECTION_LESS,
                                         .partners = partners,
                                         .partner_count = 2};
    (void)state;
    partners[0] = dd_slice_of("a2");
    partners[1] = dd_slice_of("nowhere");
    NO(NO_SUCH_UNIT, put(HEAD, "rules/2013", "a1", 1, &indicator));
    assert_string_equal(cast.refusal.field, "indicators.partners");
    partners[1] = dd_slice_of("vp");
    OK(put(HEAD, "rules/2013", "a1", 1, &indicator));
    OK(put(HEAD, "rules/2013", "a1", 1, &indicator)); /* nothing new: the same revision */
    assert_true(dd_get_content(&cast.view, 1, CAST_A1, (struct dd_item_ref){1, 1, 1}, &content));
    assert_false(dd_get_content(&cast.view, 1, CAST_A1, (struct dd_item_ref){1, 1, 2}, &content));
    assert_true(dd_slice_equal(content.code, dd_slice_of("DA-1")));
    assert_int_equal(content.start_day, cast_day("2013-02-01"));
    assert_true(content.has_baseline);
    assert_int_equal(content.baseline.mantissa, 125);
    assert_int_equal(content.direction, DD_DIRECTION_LESS);
    assert_int_equal(dd_units_count(content.partners), 2);
    assert_int_equal(dd_units_at(content.partners, 1), CAST_VP);
    struct dd_dossier_row dossier;
    assert_true(dd_get_dossier(&cast.view, 1, CAST_A1, &dossier));
    assert_int_equal(dossier.draft_bytes,
                     dd_content_bytes(indicator.title, indicator.unit_of_measure) + 4 + 2 * 50);
    indicator.direction = DD_DIRECTION_MORE;
    OK(put(HEAD, "rules/2013", "a1", 1, &indicator));
    assert_true(dd_get_content(&cast.view, 1, CAST_A1, (struct dd_item_ref){1, 1, 2}, &content));
}

static void an_outcome_is_corrected_at_whichever_place(void **state)
{
    struct dd_command c = {.kind = DD_COMMAND_PROGRESS};
    (void)state;
    in_both();
    OK(progress("rules/plan", 2, 3, DD_OUTCOME_COMPLETED, "2013-03-01T09:00"));
    c.as.progress = (struct dd_progress){.cycle = dd_slice_of("rules/2013"),
                                         .unit = dd_slice_of("a1"),
                                         .task = 1,
                                         .indicator = 1,
                                         .outcome = DD_OUTCOME_OPEN,
                                         .day = cast_day("2013-03-02"),
                                         .is_correction = true,
                                         .corrects_seq = cast.next_seq - 1,
                                         .reason = dd_slice_of("nhầm")};
    OK(rules_do(&cast, HEAD, "2013-03-02T09:00", &c));
    assert_int_equal(completed("rules/plan"), 0);
}

/* Outcomes put straight into the row of one place, as if they had come before it had the code. */
static void fill_with_outcomes(uint32_t cycle, uint16_t task, uint16_t indicator, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct dd_outcome_fact fact = {DD_OUTCOME_OPEN, cast_day("2013-02-01"), 1, i};
        struct dd_item_row item;
        (void)dd_get_item(&cast.view, cycle, CAST_A1, task, indicator, &item);
        dd_put_item(&cast.view, cycle, CAST_A1, task, indicator, &item, &fact);
    }
}

static void an_outcome_needs_room_at_every_place(void **state)
{
    (void)state;
    in_both();
    fill_with_outcomes(2, 2, 3, DD_OUTCOMES_PER_ITEM_MAX - 1);
    OK(progress("rules/2013", 1, 1, DD_OUTCOME_OPEN, "2013-03-01T09:00"));
    NO(TOO_MANY_OUTCOMES, progress("rules/2013", 1, 1, DD_OUTCOME_OPEN, "2013-03-01T09:00"));
    struct dd_command c = {.kind = DD_COMMAND_CLOSE_CYCLE};
    c.as.close_cycle.cycle = dd_slice_of("rules/plan");
    OK(rules_do(&cast, CAST_ADMIN, "2013-03-02T09:00", &c));
    OK(progress("rules/2013", 1, 1, DD_OUTCOME_OPEN, "2013-03-03T09:00"));
}

static void replay_gives_the_same_rows(void **state)
{
    struct naive rows = naive_make();
    struct dd_view view = naive_view(&rows);
    (void)state;
    in_both();
    OK(progress("rules/plan", 2, 3, DD_OUTCOME_COMPLETED, "2013-03-01T09:00"));
    cast_replay(&cast, &view);
    assert_true(naive_equal(&rows, &cast.rows));
    naive_free(&rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, begin, end)
        CASE(an_outcome_at_one_place_is_one_at_every_other),
        CASE(kept_tallies_are_what_the_items_fold_to),
        CASE(an_item_without_a_code_stands_alone),
        CASE(a_draft_is_no_place_yet),
        CASE(an_item_that_is_called_otherwise_or_removed_leaves_its_place),
        CASE(an_item_belongs_to_one_unit),
        CASE(of_two_units_that_draft_the_same_item_the_first_in_force_has_it),
        CASE(a_closed_cycle_takes_no_outcome_and_no_place),
        CASE(an_item_stands_in_so_many_places_and_no_more),
        CASE(what_an_item_says_beyond_is_kept),
        CASE(an_outcome_is_corrected_at_whichever_place),
        CASE(an_outcome_needs_room_at_every_place),
        CASE(replay_gives_the_same_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
