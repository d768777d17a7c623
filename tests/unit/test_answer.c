/* Answers from state: a cycle, units, what there is not, and who may ask. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/answer.h"
#include "tests/lib/rules_cast.h"

static struct cast cast;
static struct dd_answer answer;
static int64_t now_ms;
static size_t page_bytes;

#define OK(call) CAST_OK(&cast, call)

static int open_cast(void **state)
{
    (void)state;
    cast_ready(&cast, 3);
    now_ms = cast_at("2013-07-15T09:00");
    page_bytes = DD_REPLY_PAGE_BYTES;
    return 0;
}

static int close_cast(void **state)
{
    (void)state;
    cast_free(&cast);
    return 0;
}

static struct dd_question question(enum dd_question_kind kind)
{
    return (struct dd_question){.kind = kind, .cycle = dd_slice_of("key-tasks/2013")};
}

static enum dd_status ask(const struct dd_question *q)
{
    return cast_ask(&cast, q, now_ms, page_bytes, &answer);
}

static void expect_text(struct dd_slice text, const char *expected)
{
    char copy[DD_NAME_BYTES_MAX + 1];
    dd_slice_text(text, copy, sizeof copy);
    assert_string_equal(copy, expected);
}

static void expect_unknown(const struct dd_question *q, enum dd_rule rule)
{
    assert_int_equal(ask(q), DD_NOT_FOUND);
    assert_string_equal(dd_rule_key(cast.refusal.rule), dd_rule_key(rule));
}

/* --- the cycle, units --- */

static void units_come_in_pages(void **state)
{
    static const char *const codes[] = {"ubnd", "snv", "vp", "a1", "a2", "a3"};
    struct dd_question q = question(DD_QUESTION_UNITS);
    size_t count = 0;
    (void)state;
    page_bytes = 1;
    do {
        assert_int_equal(ask(&q), DD_OK);
        assert_int_equal(answer.as.units.unit_count, 1);
        const struct dd_unit_line *line = &answer.as.units.units[0];
        expect_text(line->code, codes[count]);
        expect_text(line->parent, count == 0 ? "" : "ubnd");
        expect_text(line->group, count == 0 ? "" : count == 4 ? "district" : "province");
        expect_text(line->head_title, "Giám đốc");
        count++;
        q.after = answer.next;
    } while (q.after.size > 0);
    assert_int_equal(count, 6);
}

static void a_cycle_tells_what_it_was_opened_with(void **state)
{
    struct dd_question q = question(DD_QUESTION_CYCLE);
    (void)state;
    assert_int_equal(ask(&q), DD_OK);
    const struct dd_cycle_answer *c = &answer.as.cycle;
    expect_text(c->cycle, "key-tasks/2013");
    expect_text(c->programme, "key-tasks");
    assert_int_equal(c->programme_version, 1);
    expect_text(c->host, "ubnd");
    assert_int_equal(c->from_day, cast_day("2013-01-01"));
    assert_int_equal(c->to_day, cast_day("2013-12-31"));
    assert_int_equal(c->offset_min, CAST_OFFSET_MIN);
    assert_true(c->open);
    assert_int_equal(c->date_count, 3);
    expect_text(c->dates[1].name, "appraise");
    assert_int_equal(c->period_count, 2);
    assert_int_equal(c->report_count, 2);
    assert_int_equal(c->reports[0].word, DD_WORD_BEFORE);
    assert_int_equal(c->appraiser_count, 2);
    expect_text(c->appraisers[1], "vp");
    assert_int_equal(c->approver_count, 2);
    expect_text(c->approvers[1], "vice");
    assert_int_equal(c->party_count, 5);
    OK(cast_close(&cast, "2013-07-14T00:00"));
    assert_int_equal(ask(&q), DD_OK);
    assert_false(answer.as.cycle.open);
}

static void expect_cycle_duty(size_t i, const char *stage, const char *period, const char *last_day)
{
    const struct dd_cycle_duty *duty = &answer.as.cycle.duties[i];
    assert_true(i < answer.as.cycle.duty_count);
    expect_text(duty->stage, stage);
    expect_text(duty->period, period);
    assert_int_equal(duty->last_day, cast_day(last_day));
    assert_int_equal(duty->closing_day, INT32_MAX);
}

static void a_cycle_tells_what_is_owed_when_and_what_stages_are_called(void **state)
{
    struct dd_question q = question(DD_QUESTION_CYCLE);
    (void)state;
    assert_int_equal(ask(&q), DD_OK);
    assert_int_equal(answer.as.cycle.duty_count, 3);
    expect_cycle_duty(0, "register", "", "2013-01-25");
    expect_cycle_duty(2, "approve", "", "2013-02-15");
    assert_int_equal(answer.as.cycle.stage_count, CAST_STAGES);
    cast_free(&cast);
    cast_make(&cast, 3);
    struct dd_programme programme = rules_programme();
    programme.stage[RULES_DISTRICT].name_vi = dd_slice_of("Báo cáo huyện");
    programme.stage[RULES_DISTRICT].name_en = dd_slice_of("District report");
    programme.stage[RULES_QUARTERLY].deadline.has_closing = true;
    programme.stage[RULES_QUARTERLY].deadline.closing = (struct dd_day_rule){3, 14};
    rules_open(&cast, &programme);
    q.cycle = dd_slice_of("rules/2013");
    assert_int_equal(ask(&q), DD_OK);
    /* 10 months, 4 quarters, 10 months, two once, 2 halves; then the last day of handing in */
    assert_int_equal(answer.as.cycle.duty_count, 10 + 4 + 10 + 2 + 2 + 1);
    expect_cycle_duty(0, "monthly", "2013-01", "2013-01-24");
    expect_text(answer.as.cycle.duties[10].period, "2013-Q1");
    assert_int_equal(answer.as.cycle.duties[10].closing_day, cast_day("2013-03-14"));
    expect_cycle_duty(24, "self", "", "2013-11-30");
    expect_cycle_duty(27, "district", "2013-H2", "2013-11-19");
    expect_cycle_duty(28, "register", "", "2013-01-25");
    const struct dd_cycle_stage *stage = &answer.as.cycle.stages[RULES_DISTRICT];
    expect_text(stage->key, "district");
    expect_text(stage->name_vi, "Báo cáo huyện");
    expect_text(stage->name_en, "District report");
    assert_int_equal(stage->act, DD_ACT_REPORT);
    assert_int_equal(stage->silence, DD_SILENCE_LAPSES);
    assert_int_equal(stage->by, DD_ROLE_HEAD);
    expect_text(answer.as.cycle.stages[RULES_SELF].name_vi, "");
}

static void a_unit_tells_its_days_and_its_successor(void **state)
{
    struct dd_question q = question(DD_QUESTION_UNITS);
    struct dd_unit_row row;
    (void)state;
    assert_true(dd_get_unit(&cast.view, CAST_A2, &row));
    row.from_day = cast_day("2010-01-01");
    row.to_day = cast_day("2013-06-30");
    row.successor = CAST_A3;
    dd_put_unit(&cast.view, CAST_A2, &row);
    assert_int_equal(ask(&q), DD_OK);
    const struct dd_unit_line *line = &answer.as.units.units[CAST_A2 - 1];
    assert_int_equal(line->from_day, cast_day("2010-01-01"));
    assert_int_equal(line->to_day, cast_day("2013-06-30"));
    expect_text(line->successor, "a3");
    expect_text(answer.as.units.units[CAST_A3 - 1].successor, "");
    assert_int_equal(answer.as.units.units[CAST_A3 - 1].to_day, INT32_MAX);
}

static void what_there_is_not_is_said(void **state)
{
    static const enum dd_question_kind kinds[] = {
        DD_QUESTION_CYCLE,   DD_QUESTION_TABLE,  DD_QUESTION_DUTIES, DD_QUESTION_DOSSIER,
        DD_QUESTION_MATTERS, DD_QUESTION_MATTER, DD_QUESTION_FIGURES};
    static const enum dd_question_kind others[] = {DD_QUESTION_HELLO, DD_QUESTION_LOG,
                                                   DD_QUESTION_DIGEST};
    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        struct dd_question q = question(kinds[i]);
        q.cycle = dd_slice_of("key-tasks/2014");
        expect_unknown(&q, DD_RULE_NO_SUCH_CYCLE);
    }
    struct dd_question q = question(DD_QUESTION_TABLE);
    q.period = dd_slice_of("Q1");
    expect_unknown(&q, DD_RULE_NO_SUCH_PERIOD);
    for (size_t i = 0; i < 3; i++) {
        q = question(others[i]);
        assert_int_equal(ask(&q), DD_INVALID);
    }
}

static void an_answer_without_memory_says_so(void **state)
{
    static const enum dd_question_kind kinds[] = {DD_QUESTION_CYCLE,     DD_QUESTION_TABLE,
                                                  DD_QUESTION_DUTIES,    DD_QUESTION_DOSSIER,
                                                  DD_QUESTION_REMINDERS, DD_QUESTION_UNITS};
    (void)state;
    struct dd_arena arena = dd_arena_make(64);
    struct dd_asking asking = {&cast.view, &arena, CAST_ADMIN, now_ms, page_bytes};
    for (size_t i = 0; i < 6; i++) {
        struct dd_question q = question(kinds[i]);
        q.period = dd_slice_of("H1");
        q.unit = dd_slice_of("a1");
        assert_int_equal(dd_answer(&asking, &q, &answer, &cast.refusal), DD_NO_MEMORY);
    }
    dd_arena_free(&arena);
}

/* --- who may ask --- */

static enum dd_status may(uint32_t account, enum dd_question_kind kind)
{
    struct dd_asking asking = {&cast.view, &cast.keep, account, now_ms, page_bytes};
    struct dd_question q = question(kind);
    return dd_may_ask(&asking, &q, &cast.refusal);
}

static void any_office_asks_about_cycles_and_few_about_the_log(void **state)
{
    static const enum dd_question_kind kinds[] = {
        DD_QUESTION_TABLE,  DD_QUESTION_DOSSIER, DD_QUESTION_CYCLES,       DD_QUESTION_MATTERS,
        DD_QUESTION_MATTER, DD_QUESTION_FIGURES, DD_QUESTION_PUBLICATIONS, DD_QUESTION_DELEGATIONS};
    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        assert_int_equal(may(cast_officer(CAST_A1), kinds[i]), DD_OK);
        assert_int_equal(may(999, kinds[i]), DD_FORBIDDEN);
    }
    assert_int_equal(may(cast_officer(CAST_A1), DD_QUESTION_LOG), DD_FORBIDDEN);
    assert_int_equal(may(cast_officer(CAST_A1), DD_QUESTION_DIGEST), DD_FORBIDDEN);
    assert_int_equal(may(CAST_CHAIR, DD_QUESTION_LOG), DD_FORBIDDEN);
    assert_int_equal(may(CAST_ADMIN, DD_QUESTION_LOG), DD_OK);
    assert_int_equal(may(CAST_NOTIFIER, DD_QUESTION_LOG), DD_OK);
    assert_int_equal(may(999, DD_QUESTION_HELLO), DD_FORBIDDEN);
}

static void an_account_whose_offices_are_over_may_only_say_hello(void **state)
{
    struct dd_office office = {DD_ROLE_AUDITOR, {NULL, 0}, INT32_MIN, cast_day("2013-07-15")};
    struct dd_command c = {.kind = DD_COMMAND_PUT_ACCOUNT};
    (void)state;
    c.as.put_account = (struct dd_put_account){.code = dd_slice_of("auditor"),
                                               .link_key = {200},
                                               .to_ms = INT64_MAX,
                                               .offices = &office,
                                               .office_count = 1};
    OK(cast_do(&cast, CAST_ADMIN, cast_at("2013-07-01T00:00"), &c));
    uint32_t auditor = cast.entry.events.event[0].number;
    now_ms = cast_at("2013-07-15T23:59");
    assert_int_equal(may(auditor, DD_QUESTION_TABLE), DD_OK);
    assert_int_equal(may(auditor, DD_QUESTION_DIGEST), DD_OK);
    now_ms = cast_at("2013-07-16T00:00");
    assert_int_equal(may(auditor, DD_QUESTION_TABLE), DD_FORBIDDEN);
    assert_int_equal(may(auditor, DD_QUESTION_DIGEST), DD_FORBIDDEN);
    assert_int_equal(may(auditor, DD_QUESTION_HELLO), DD_OK);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_cast, close_cast)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(units_come_in_pages),
        TEST(a_cycle_tells_what_it_was_opened_with),
        TEST(a_cycle_tells_what_is_owed_when_and_what_stages_are_called),
        TEST(a_unit_tells_its_days_and_its_successor),
        TEST(what_there_is_not_is_said),
        TEST(an_answer_without_memory_says_so),
        TEST(any_office_asks_about_cycles_and_few_about_the_log),
        TEST(an_account_whose_offices_are_over_may_only_say_hello),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
