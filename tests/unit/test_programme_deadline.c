/* What the deadlines of a programme must hold: every fault beside its nearest sound neighbour. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/lib/rulebook.h"

static struct dd_programme programme;

static struct dd_slice text(const char *from)
{
    return dd_slice_of(from);
}

static int make_rich(void **state)
{
    (void)state;
    programme = rulebook_programme();
    return 0;
}

static void expect_sound(void)
{
    struct dd_refusal refusal;
    enum dd_status status = dd_programme_check(&programme, &refusal);
    assert_string_equal(refusal.field, "");
    assert_int_equal(status, DD_OK);
}

static void expect_fault(enum dd_rule rule, const char *field)
{
    struct dd_refusal refusal;
    assert_int_equal(dd_programme_check(&programme, &refusal), DD_INVALID);
    assert_int_equal(refusal.status, DD_INVALID);
    assert_string_equal(dd_rule_key(refusal.rule), dd_rule_key(rule));
    assert_string_equal(refusal.field, field);
}

static void a_deadline_is_of_one_sort(void **state)
{
    struct dd_deadline_rule *rule = &programme.stage[RULEBOOK_MONTHLY].deadline;
    (void)state;
    rule->date = text("day");
    expect_fault(DD_RULE_BAD_DEADLINE, "stages[2].deadline");
    make_rich(state);
    rule->anchor = DD_ANCHOR_OPENING;
    expect_fault(DD_RULE_BAD_DEADLINE, "stages[2].deadline");
    make_rich(state);
    programme.stage[RULEBOOK_PLAN].deadline.anchor = DD_ANCHOR_OPENING;
    expect_fault(DD_RULE_BAD_DEADLINE, "stages[0].deadline");
}

static void a_day_has_a_word(void **state)
{
    struct dd_stage *stage = programme.stage;
    (void)state;
    stage[RULEBOOK_MONTHLY].deadline.word = 0;
    expect_fault(DD_RULE_MISSING, "stages[2].deadline.word");
    make_rich(state);
    stage[RULEBOOK_SELF].deadline.word = 0;
    expect_fault(DD_RULE_MISSING, "stages[5].deadline.word");
    make_rich(state);
    stage[RULEBOOK_SELF].deadline.date = text("no code");
    expect_fault(DD_RULE_BAD_CODE, "stages[5].deadline.date");
    make_rich(state);
    stage[RULEBOOK_AGREE].deadline.word = DD_WORD_BY;
    expect_fault(DD_RULE_BAD_DEADLINE, "stages[1].deadline.word");
    make_rich(state);
    stage[RULEBOOK_NAMED].deadline.word = DD_WORD_BY;
    stage[RULEBOOK_SETTLE].deadline.word = DD_WORD_BY;
    expect_sound();
}

static void words_of_a_deadline_are_known_ones(void **state)
{
    struct dd_stage *stage = programme.stage;
    (void)state;
    stage[RULEBOOK_MONTHLY].deadline.every = (enum dd_cadence)6;
    expect_fault(DD_RULE_UNKNOWN_WORD, "stages[2].deadline.every");
    make_rich(state);
    stage[RULEBOOK_AGREE].deadline.anchor = (enum dd_anchor)3;
    expect_fault(DD_RULE_UNKNOWN_WORD, "stages[1].deadline.anchor");
    make_rich(state);
    stage[RULEBOOK_AGREE].bent_by = (enum dd_role)9;
    expect_fault(DD_RULE_UNKNOWN_WORD, "stages[1].bent_by");
    stage[RULEBOOK_AGREE].bent_by = DD_ROLE_APPROVER;
    expect_sound();
}

static void a_day_lies_in_its_month_or_week(void **state)
{
    struct dd_deadline_rule *rule = &programme.stage[RULEBOOK_MONTHLY].deadline;
    struct dd_deadline_rule *week = &programme.stage[RULEBOOK_WEEKLY].deadline;
    (void)state;
    rule->on.day = 31;
    expect_sound();
    rule->on.day = 32;
    expect_fault(DD_RULE_OUT_OF_RANGE, "stages[2].deadline.day");
    rule->on.day = 0;
    expect_fault(DD_RULE_OUT_OF_RANGE, "stages[2].deadline.day");
    rule->on = (struct dd_day_rule){DD_MONTH_OFFSET_MIN, 1};
    week->on.month = DD_MONTH_OFFSET_MAX;
    expect_sound();
    rule->on.month = DD_MONTH_OFFSET_MIN - 1;
    expect_fault(DD_RULE_OUT_OF_RANGE, "stages[2].deadline.month");
    rule->on.month = 1;
    week->on.month = DD_MONTH_OFFSET_MAX + 1;
    expect_fault(DD_RULE_OUT_OF_RANGE, "stages[4].deadline.month");
    week->on = (struct dd_day_rule){1, 8};
    expect_fault(DD_RULE_OUT_OF_RANGE, "stages[4].deadline.day");
}

static void the_closing_day_is_a_day_as_well(void **state)
{
    struct dd_deadline_rule *rule = &programme.stage[RULEBOOK_QUARTERLY].deadline;
    (void)state;
    rule->closing.day = 32;
    expect_fault(DD_RULE_OUT_OF_RANGE, "stages[3].deadline.closing.day");
    rule->closing = (struct dd_day_rule){25, 1};
    expect_fault(DD_RULE_OUT_OF_RANGE, "stages[3].deadline.closing.month");
    rule->closing.month = 24;
    expect_sound();
}

static void exceptions_leave_a_period(void **state)
{
    struct dd_deadline_rule *rule = &programme.stage[RULEBOOK_MONTHLY].deadline;
    struct dd_deadline_rule *quarter = &programme.stage[RULEBOOK_QUARTERLY].deadline;
    (void)state;
    rule->except = 0x1ffe;
    expect_fault(DD_RULE_BAD_DEADLINE, "stages[2].deadline.except");
    rule->except = 0x1ffc;
    expect_sound();
    rule->except = 0x2000;
    expect_fault(DD_RULE_OUT_OF_RANGE, "stages[2].deadline.except");
    rule->except = 1;
    expect_fault(DD_RULE_OUT_OF_RANGE, "stages[2].deadline.except");
    rule->except = 0;
    quarter->except = 0x10;
    expect_sound();
    quarter->except = 0x20;
    expect_fault(DD_RULE_OUT_OF_RANGE, "stages[3].deadline.except");
    quarter->every = DD_CADENCE_HALF;
    quarter->except = 6;
    expect_fault(DD_RULE_BAD_DEADLINE, "stages[3].deadline.except");
    quarter->every = DD_CADENCE_YEAR;
    quarter->except = 2;
    expect_fault(DD_RULE_BAD_DEADLINE, "stages[3].deadline.except");
    quarter->except = 0;
    programme.stage[RULEBOOK_WEEKLY].deadline.except = 2;
    expect_fault(DD_RULE_BAD_DEADLINE, "stages[4].deadline.except");
}

static void nothing_is_left_over_of_another_sort_of_deadline(void **state)
{
    struct dd_deadline_rule *rule = &programme.stage[RULEBOOK_SELF].deadline;
    const struct dd_deadline_rule sound = *rule;
    (void)state;
    rule->on.day = 1;
    expect_fault(DD_RULE_BAD_DEADLINE, "stages[5].deadline.day");
    *rule = sound;
    rule->on.month = 1;
    expect_fault(DD_RULE_BAD_DEADLINE, "stages[5].deadline.month");
    *rule = sound;
    rule->except = 2;
    expect_fault(DD_RULE_BAD_DEADLINE, "stages[5].deadline.except");
    *rule = sound;
    rule->has_closing = true;
    expect_fault(DD_RULE_BAD_DEADLINE, "stages[5].deadline.closing");
    *rule = sound;
    rule->days = 1;
    expect_fault(DD_RULE_BAD_DEADLINE, "stages[5].deadline.days");
    *rule = sound;
    rule->roll = true;
    expect_sound();
}

static void only_what_is_handed_in_decided_or_reported_recurs(void **state)
{
    static const size_t others[] = {RULEBOOK_INDICATOR, RULEBOOK_OPINION, RULEBOOK_SETTLE,
                                    RULEBOOK_DONE};
    char field[64];
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        make_rich(state);
        programme.stage[others[i]].deadline = programme.stage[RULEBOOK_QUARTERLY].deadline;
        snprintf(field, sizeof field, "stages[%zu].deadline.every", others[i]);
        expect_fault(DD_RULE_BAD_DEADLINE, field);
        programme.stage[others[i]].deadline = programme.stage[RULEBOOK_SELF].deadline;
        snprintf(field, sizeof field, "stages[%zu].deadline.date", others[i]);
        expect_fault(DD_RULE_BAD_DEADLINE, field);
    }
    make_rich(state);
    programme.stage[RULEBOOK_PLAN].deadline = programme.stage[RULEBOOK_QUARTERLY].deadline;
    programme.stage[RULEBOOK_AGREE].deadline = programme.stage[RULEBOOK_QUARTERLY].deadline;
    expect_sound();
}

static void days_count_from_an_instant_that_the_stage_has(void **state)
{
    struct dd_stage *stage = programme.stage;
    (void)state;
    stage[RULEBOOK_AGREE].deadline.anchor = DD_ANCHOR_AT;
    expect_fault(DD_RULE_BAD_DEADLINE, "stages[1].deadline.anchor");
    make_rich(state);
    stage[RULEBOOK_SELF].deadline = stage[RULEBOOK_AGREE].deadline;
    expect_fault(DD_RULE_BAD_DEADLINE, "stages[5].deadline.anchor");
    make_rich(state);
    stage[RULEBOOK_INDICATOR].deadline = stage[RULEBOOK_AGREE].deadline;
    expect_fault(DD_RULE_BAD_DEADLINE, "stages[9].deadline.anchor");
    make_rich(state);
    stage[RULEBOOK_OPINION].deadline = stage[RULEBOOK_PAPERS].deadline;
    expect_fault(DD_RULE_INSTANT_NEEDED, "stages[10].deadline.anchor");
    stage[RULEBOOK_OPINION].deadline = stage[RULEBOOK_AGREE].deadline;
    expect_sound();
    programme.kind[RULEBOOK_MEETING].needs_instant = false;
    expect_fault(DD_RULE_INSTANT_NEEDED, "stages[12].deadline.anchor");
}

static void relative_days_have_their_limits(void **state)
{
    struct dd_deadline_rule *from_opening = &programme.stage[RULEBOOK_AGREE].deadline;
    struct dd_deadline_rule *from_instant = &programme.stage[RULEBOOK_PAPERS].deadline;
    (void)state;
    from_opening->days = 0;
    from_instant->days = -366;
    expect_sound();
    from_opening->days = -1;
    expect_fault(DD_RULE_OUT_OF_RANGE, "stages[1].deadline.days");
    from_opening->days = 366;
    from_instant->days = 366;
    expect_sound();
    from_instant->days = -367;
    expect_fault(DD_RULE_OUT_OF_RANGE, "stages[12].deadline.days");
    from_opening->days = 367;
    expect_fault(DD_RULE_OUT_OF_RANGE, "stages[1].deadline.days");
}

static void what_comes_at_any_time_is_a_report_without_deadline(void **state)
{
    struct dd_stage *stage = programme.stage;
    (void)state;
    stage[RULEBOOK_MONTHLY].any_time = true;
    expect_fault(DD_RULE_BAD_DEADLINE, "stages[2].deadline");
    make_rich(state);
    stage[RULEBOOK_ALERT].deadline.word = DD_WORD_BY;
    expect_fault(DD_RULE_BAD_DEADLINE, "stages[7].deadline");
    make_rich(state);
    stage[RULEBOOK_DONE].any_time = true;
    expect_fault(DD_RULE_NOT_NEEDED, "stages[13].any_time");
}

static void silence_that_ends_has_a_bound(void **state)
{
    struct dd_stage *stage = programme.stage;
    for (size_t i = 0; i < RULEBOOK_STAGES; i++) {
        make_rich(state);
        bool bound = i != RULEBOOK_ALERT && i != RULEBOOK_SETTLE && i != RULEBOOK_DONE;
        struct dd_refusal refusal;
        for (int silence = DD_SILENCE_LAPSES; silence <= DD_SILENCE_NOT_YES; silence++) {
            bool agreed = i == RULEBOOK_AGREE && silence == DD_SILENCE_AGREES;
            stage[i].silence = (enum dd_silence)silence;
            assert_int_equal(dd_programme_check(&programme, &refusal) == DD_OK, bound && !agreed);
            assert_true(bound || refusal.rule == DD_RULE_NO_BOUND);
        }
    }
    make_rich(state);
    programme.kind[RULEBOOK_CONSULT].needs_due = false;
    expect_fault(DD_RULE_NO_BOUND, "stages[10].silence");
    make_rich(state);
    stage[RULEBOOK_OPINION].deadline.word = 0;
    expect_fault(DD_RULE_NO_BOUND, "stages[10].silence");
    stage[RULEBOOK_OPINION].silence = DD_SILENCE_MISSING;
    expect_sound();
}

static void extensions_have_their_limits(void **state)
{
    struct dd_stage *stage = &programme.stage[RULEBOOK_MONTHLY];
    (void)state;
    stage->extensions = 9;
    stage->extension_days = DD_EXTENSION_DAYS_MAX;
    expect_sound();
    stage->extensions = 10;
    expect_fault(DD_RULE_OUT_OF_RANGE, "stages[2].extensions");
    stage->extensions = 0;
    stage->extension_days++;
    expect_fault(DD_RULE_OUT_OF_RANGE, "stages[2].extension_days");
}

#define RICH(name) cmocka_unit_test_setup(name, make_rich)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RICH(a_deadline_is_of_one_sort),
        RICH(a_day_has_a_word),
        RICH(words_of_a_deadline_are_known_ones),
        RICH(a_day_lies_in_its_month_or_week),
        RICH(the_closing_day_is_a_day_as_well),
        RICH(exceptions_leave_a_period),
        RICH(nothing_is_left_over_of_another_sort_of_deadline),
        RICH(only_what_is_handed_in_decided_or_reported_recurs),
        RICH(days_count_from_an_instant_that_the_stage_has),
        RICH(relative_days_have_their_limits),
        RICH(what_comes_at_any_time_is_a_report_without_deadline),
        RICH(silence_that_ends_has_a_bound),
        RICH(extensions_have_their_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
