/* Tests of core/apply_bend.c: what bent time, delegations, reorganisations and publications leave
 * in state. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/row_matter.h"
#include "tests/lib/rules_cast.h"

static struct cast cast;

enum { HEAD = CAST_FIRST_HEAD + 4, OFFICER, HEAD_A2, OFFICER_A2, HEAD_A3 };

#define OK(call) CAST_OK(&cast, call)
#define FORBIDDEN(broken, call) CAST_NO(&cast, DD_FORBIDDEN, broken, call)

static int begin(void **state)
{
    (void)state;
    rules_ready(&cast);
    return 0;
}

static int end(void **state)
{
    (void)state;
    cast_free(&cast);
    return 0;
}

static void bend(const char *at, const char *duty, enum dd_bend_act act, const char *day)
{
    struct dd_command c = rules_bend("a1", duty, act, day);
    OK(rules_do(&cast, CAST_CHAIR, at, &c));
}

/* How many rungs time reached for that duty of a1 until then. */
static size_t rungs(const char *at, const char *duty)
{
    size_t count = 0;
    while (cast_tick(&cast, cast_at(at)) > 0) {
        for (size_t i = 0; i < cast.entry.events.count; i++) {
            struct dd_process process;
            char text[DD_DUTY_TEXT_BYTES];
            const struct dd_event *event = &cast.event[i];
            assert_true(dd_process_get(&cast.view, event->duty.cycle, &process));
            dd_duty_text(&process, &event->duty, text);
            count += event->kind == DD_EVENT_RUNG_REACHED && event->duty.unit == CAST_A1 &&
                     strcmp(text, duty) == 0;
        }
    }
    return count;
}

static void an_extended_duty_has_a_new_bound_and_its_rungs_anew(void **state)
{
    (void)state;
    const char *duty = "monthly/2013-02";
    assert_int_equal(rungs("2013-02-22T09:00", duty), 1); /* three days before the 24th */
    bend("2013-02-22T10:00", duty, DD_BEND_EXTEND, "2013-02-26");
    struct dd_duty_row row = rules_duty(&cast, CAST_A1, duty);
    assert_int_equal(row.last_day, cast_day("2013-02-26"));
    assert_int_equal(row.bound_ms, cast_at("2013-02-27T00:00"));
    assert_int_equal(row.extensions, 1);
    assert_int_equal(row.end, DD_END_OPEN);
    assert_int_equal(rungs("2013-02-23T07:59", duty), 0);
    assert_int_equal(rungs("2013-02-23T08:00", duty), 1);
    assert_int_equal(rungs("2013-12-31T09:00", duty), 2);
}

static void rungs_that_lie_before_the_extension_are_skipped(void **state)
{
    (void)state;
    const char *duty = "monthly/2013-02";
    rungs("2013-02-24T09:00", duty);
    bend("2013-02-24T10:00", duty, DD_BEND_EXTEND, "2013-02-25");
    assert_int_equal(rungs("2013-12-31T09:00", duty), 2); /* -3 was on the 22nd */
}

static void a_suspended_duty_has_no_bound_and_resumes_with_what_was_left(void **state)
{
    (void)state;
    const char *duty = "monthly/2013-02";
    bend("2013-02-14T23:59", duty, DD_BEND_SUSPEND, "");
    struct dd_duty_row row = rules_duty(&cast, CAST_A1, duty);
    assert_true(row.suspended);
    assert_int_equal(row.left_days, 10);
    assert_int_equal(row.bound_ms, INT64_MAX);
    assert_int_equal(row.next_at_ms, INT64_MAX);
    assert_int_equal(rungs("2013-04-01T09:00", duty), 0);
    bend("2013-04-01T09:00", duty, DD_BEND_RESUME, "");
    row = rules_duty(&cast, CAST_A1, duty);
    assert_false(row.suspended);
    assert_int_equal(row.left_days, 0);
    assert_int_equal(row.last_day, cast_day("2013-04-11"));
    assert_int_equal(row.bound_ms, cast_at("2013-04-12T00:00"));
    assert_int_equal(row.extensions, 0);
    assert_int_equal(rungs("2013-12-31T09:00", duty), 3);
}

static void what_is_handed_in_while_suspended_is_on_time(void **state)
{
    (void)state;
    struct dd_command c = rules_report("a1", "self", "");
    bend("2013-11-30T23:59", "self", DD_BEND_SUSPEND, "");
    assert_int_equal(rules_duty(&cast, CAST_A1, "self").left_days, 0);
    OK(rules_do(&cast, HEAD, "2013-12-20T09:00", &c));
    assert_int_equal(rules_duty(&cast, CAST_A1, "self").end, DD_END_ON_TIME);
}

static void a_waived_duty_is_ended_and_never_reminded_of(void **state)
{
    (void)state;
    const char *duty = "monthly/2013-02";
    bend("2013-02-14T09:00", duty, DD_BEND_WAIVE, "");
    struct dd_duty_row row = rules_duty(&cast, CAST_A1, duty);
    assert_int_equal(row.end, DD_END_WAIVED);
    assert_int_equal(row.ended_ms, cast_at("2013-02-14T09:00"));
    assert_int_equal(row.ended_seq, cast.next_seq - 1);
    assert_int_equal(rungs("2013-12-31T09:00", duty), 0);
}

static void a_report_on_a_waived_duty_is_kept_and_changes_nothing(void **state)
{
    (void)state;
    struct dd_command c = rules_report("a1", "self", "");
    bend("2013-02-14T09:00", "self", DD_BEND_WAIVE, "");
    OK(rules_do(&cast, HEAD, "2013-12-20T09:00", &c));
    assert_int_equal(cast.event[0].end, 0);
    assert_int_equal(rules_duty(&cast, CAST_A1, "self").end, DD_END_WAIVED);
}

/* --- working days --- */

static void what_is_left_counts_as_the_term_counts(void **state)
{
    (void)state;
    struct dd_process process;
    struct dd_duty_row row;
    struct dd_duty_key key = {rules_number(&cast), CAST_A1, RULES_SELF, 0, 0};
    assert_true(dd_process_get(&cast.view, key.cycle, &process));
    process.programme.stage[RULES_SELF].deadline.working = true;
    key.a = 24; /* behind 10 months, 4 quarters and 10 checks */
    dd_duty_arise(&cast.view, &process, &key, cast_day("2013-03-15"), cast_at("2013-03-01T09:00"));
    /* Friday 8 March; Monday to Friday are left */
    dd_duty_suspend(&cast.view, &process, &key, cast_at("2013-03-08T09:00"));
    assert_true(dd_get_duty(&cast.view, &key, &row));
    assert_int_equal(row.left_days, 5);
    dd_duty_resume(&cast.view, &process, &key, cast_at("2013-03-14T09:00"));
    assert_true(dd_get_duty(&cast.view, &key, &row));
    assert_int_equal(row.last_day, cast_day("2013-03-21"));
}

/* --- delegations --- */

static void a_delegation_taken_back_holds_no_longer_that_day(void **state)
{
    (void)state;
    struct dd_delegation_row row;
    struct dd_command c = {.kind = DD_COMMAND_DELEGATE};
    c.as.delegate = (struct dd_delegate){.unit = dd_slice_of("a1"), .ends = 1};
    OK(rules_delegate(&cast, "2013-02-01T09:00", "2013-02-01", "2013-12-31", "alert"));
    assert_int_equal(dd_delegation_live(&cast.view, CAST_A1, rules_deputy(&cast),
                                        dd_slice_of("alert"), cast_day("2013-02-05")),
                     1);
    OK(rules_do(&cast, HEAD, "2013-02-05T09:00", &c));
    assert_int_equal(dd_delegation_live(&cast.view, CAST_A1, rules_deputy(&cast),
                                        dd_slice_of("alert"), cast_day("2013-02-05")),
                     0);
    assert_true(dd_get_delegation(&cast.view, CAST_A1, 1, &row));
    assert_int_equal(row.from, HEAD);
    assert_int_equal(row.to, rules_deputy(&cast));
    assert_int_equal(row.to_day, cast_day("2013-02-04"));
    assert_int_equal(row.stages.size, 6);
    assert_int_equal(dd_delegation_count(&cast.view, CAST_A1), 1);
}

/* --- reorganisation --- */

static void pass_on(void)
{
    static struct dd_unit_put unit;
    struct dd_command c = {.kind = DD_COMMAND_PUT_UNITS};
    unit = (struct dd_unit_put){.code = dd_slice_of("a1"),
                                .name = dd_slice_of("Đã giải thể"),
                                .group = dd_slice_of("province"),
                                .parent = dd_slice_of("ubnd"),
                                .from_day = INT32_MIN,
                                .to_day = cast_day("2013-02-10")};
    c.as.put_units =
        (struct dd_put_units){.page = 1, .last = true, .units = &unit, .unit_count = 1};
    OK(rules_do(&cast, CAST_ADMIN, "2013-02-01T08:00", &c));
    c = (struct dd_command){.kind = DD_COMMAND_TRANSFER};
    c.as.transfer = (struct dd_transfer){.cycle = dd_slice_of("rules/2013"),
                                         .unit = dd_slice_of("a1"),
                                         .successor = dd_slice_of("a3")};
    OK(rules_do(&cast, CAST_ADMIN, "2013-02-11T09:00", &c));
}

static void a_reorganisation_moves_no_row_but_who_answers(void **state)
{
    (void)state;
    static const enum dd_table still[] = {DD_TABLE_DUTY,   DD_TABLE_DUE,     DD_TABLE_TALLY,
                                          DD_TABLE_REPORT, DD_TABLE_VERSION, DD_TABLE_ITEM};
    size_t writes[DD_TABLE_END];
    struct dd_dossier_row dossier;
    memcpy(writes, cast.rows.writes, sizeof writes);
    pass_on();
    assert_true(dd_get_dossier(&cast.view, rules_number(&cast), CAST_A1, &dossier));
    assert_int_equal(dossier.keeper, CAST_A3);
    for (size_t i = 0; i < sizeof still / sizeof still[0]; i++)
        assert_int_equal(cast.rows.writes[still[i]], writes[still[i]]);
}

static void reminders_go_to_who_answers_now(void **state)
{
    (void)state;
    struct dd_question question = {.kind = DD_QUESTION_REMINDERS};
    struct dd_answer answer;
    size_t told = 0;
    pass_on();
    cast_time(&cast, "2013-02-24T09:00");
    OK(cast_ask(&cast, &question, cast_at("2013-02-24T09:00"), 1024 * 1024, &answer));
    for (size_t i = 0; i < answer.as.reminders.reminder_count; i++) {
        const struct dd_reminder_line *line = &answer.as.reminders.reminders[i];
        if (!dd_slice_equal(line->unit, dd_slice_of("a1")))
            continue;
        assert_true(dd_slice_equal(line->to_unit, dd_slice_of(line->superior ? "ubnd" : "a3")));
        told++;
    }
    assert_true(told > 0);
}

/* --- publications --- */

static void publish(const char *number, const char *corrects)
{
    struct dd_command c = {.kind = DD_COMMAND_PUBLISH};
    c.as.publish = (struct dd_publish){.unit = dd_slice_of("a1"),
                                       .number = dd_slice_of(number),
                                       .issue = DD_ISSUE_RANKING,
                                       .title = dd_slice_of("Xếp hạng"),
                                       .day = cast_day("2013-02-01"),
                                       .cycle = dd_slice_of("rules/2013"),
                                       .period = dd_slice_of("H1"),
                                       .as_of_day = cast_day("2013-01-31"),
                                       .at_seq = 7,
                                       .sha256 = {1, 2, 3},
                                       .size_bytes = 4096,
                                       .type = dd_slice_of("text/csv"),
                                       .corrects = dd_slice_of(corrects),
                                       .capacity = DD_CAPACITY_HEAD,
                                       .reason = dd_slice_of("nhầm")};
    OK(rules_do(&cast, HEAD, "2013-02-01T09:00", &c));
}

static void a_publication_stays_as_it_was_and_names_its_correction(void **state)
{
    (void)state;
    struct dd_publication_row first;
    struct dd_publication_row later;
    publish("1/BC", "");
    assert_true(dd_get_publication(&cast.view, 1, &first));
    assert_int_equal(first.corrected_by, 0);
    assert_int_equal(first.seq, cast.next_seq - 1);
    publish("2/BC", "1/BC");
    publish("3/BC", "1/BC");
    assert_true(dd_get_publication(&cast.view, 1, &later));
    assert_int_equal(later.corrected_by, 3);
    assert_int_equal(later.seq, first.seq);
    assert_int_equal(later.size_bytes, 4096);
    assert_memory_equal(later.sha256, first.sha256, 32);
    assert_true(dd_slice_equal(later.title, first.title));
    assert_true(dd_get_publication(&cast.view, 3, &later));
    assert_int_equal(later.corrects, 1);
    assert_int_equal(dd_publication_number(&cast.view, dd_slice_of("a1"), dd_slice_of("2/BC")), 2);
}

static void replay_gives_the_same_rows(void **state)
{
    (void)state;
    struct naive rows = naive_make();
    struct dd_view view = naive_view(&rows);
    bend("2013-02-02T09:00", "monthly/2013-02", DD_BEND_EXTEND, "2013-02-26");
    bend("2013-02-03T09:00", "monthly/2013-03", DD_BEND_SUSPEND, "");
    bend("2013-02-04T09:00", "monthly/2013-03", DD_BEND_RESUME, "");
    bend("2013-02-05T09:00", "monthly/2013-04", DD_BEND_WAIVE, "");
    OK(rules_delegate(&cast, "2013-02-05T09:00", "2013-02-06", "2013-12-31", "alert"));
    publish("1/BC", "");
    pass_on();
    cast_time(&cast, "2013-12-31T09:00");
    cast_replay(&cast, &view);
    assert_true(naive_equal(&rows, &cast.rows));
    naive_free(&rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, begin, end)
        CASE(an_extended_duty_has_a_new_bound_and_its_rungs_anew),
        CASE(rungs_that_lie_before_the_extension_are_skipped),
        CASE(a_suspended_duty_has_no_bound_and_resumes_with_what_was_left),
        CASE(what_is_handed_in_while_suspended_is_on_time),
        CASE(a_waived_duty_is_ended_and_never_reminded_of),
        CASE(a_report_on_a_waived_duty_is_kept_and_changes_nothing),
        CASE(what_is_left_counts_as_the_term_counts),
        CASE(a_delegation_taken_back_holds_no_longer_that_day),
        CASE(a_reorganisation_moves_no_row_but_who_answers),
        CASE(reminders_go_to_who_answers_now),
        CASE(a_publication_stays_as_it_was_and_names_its_correction),
        CASE(replay_gives_the_same_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
