/* Listings: duties as they stood, a dossier, reminders. */
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

#define OK(call) CAST_OK(&cast, call)

static int open_cast(void **state)
{
    (void)state;
    cast_ready(&cast, 3);
    now_ms = cast_at("2013-07-15T09:00");
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
    return cast_ask(&cast, q, now_ms, DD_REPLY_PAGE_BYTES, &answer);
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

static void fill_cycle(void)
{
    cast_bring_in_force(&cast, CAST_A1, 3, "2013-05-31");
    cast_bring_in_force(&cast, CAST_A2, 1, "2013-05-31");
    OK(cast_progress(&cast, cast_officer(CAST_A1), "2013-05-20T09:00", "a1", 1, 1,
                     DD_OUTCOME_COMPLETED, "2013-05-20"));
    OK(cast_progress(&cast, cast_officer(CAST_A2), "2013-07-10T09:00", "a2", 1, 1,
                     DD_OUTCOME_EXCEEDED, "2013-06-30"));
}

/* --- duties --- */

static struct dd_question duties(const char *unit, const char *as_of)
{
    struct dd_question q = question(DD_QUESTION_DUTIES);
    q.unit = dd_slice_of(unit);
    q.has_as_of = as_of != NULL;
    if (as_of)
        q.as_of_day = cast_day(as_of);
    return q;
}

static void expect_duty(size_t i, const char *duty, enum dd_end status, const char *bound,
                        const char *met)
{
    const struct dd_duty_line *line = &answer.as.duties.duties[i];
    assert_true(i < answer.as.duties.duty_count);
    expect_text(line->duty, duty);
    assert_string_equal(dd_word(DD_WORDS_END, (int)line->status),
                        dd_word(DD_WORDS_END, (int)status));
    assert_int_equal(line->bound_ms, bound ? cast_at(bound) : 0);
    assert_int_equal(line->met_ms, met ? cast_at(met) : 0);
}

static void duties_tell_how_they_stood(void **state)
{
    struct dd_question q = duties("a1", "2013-06-24");
    (void)state;
    fill_cycle();
    OK(cast_report(&cast, cast_head(CAST_A1), "2013-06-26T10:00", "a1", "H1"));
    assert_int_equal(ask(&q), DD_OK);
    assert_int_equal(answer.as.duties.duty_count, 8);
    assert_int_equal(answer.as.duties.offset_min, CAST_OFFSET_MIN);
    expect_duty(0, "register", DD_END_ON_TIME, "2013-01-26T00:00", "2013-01-21T09:00");
    expect_duty(1, "appraise/1", DD_END_ON_TIME, "2013-02-02T00:00", "2013-01-28T09:00");
    expect_duty(2, "approve/1", DD_END_ON_TIME, "2013-02-16T00:00", "2013-02-04T09:00");
    expect_duty(3, "report/H1", DD_END_PENDING, "2013-06-25T00:00", NULL);
    expect_duty(4, "report/year", DD_END_PENDING, "2013-12-10T00:00", NULL);
    expect_duty(5, "indicator/1.1", DD_END_ON_TIME, "2013-06-01T00:00", "2013-05-20T09:00");
    expect_duty(6, "indicator/1.2", DD_END_MISSING, "2013-06-01T00:00", NULL);
    q = duties("a1", "2013-06-25");
    assert_int_equal(ask(&q), DD_OK);
    expect_duty(3, "report/H1", DD_END_MISSING, "2013-06-25T00:00", NULL);
    q = duties("a1", NULL);
    assert_int_equal(ask(&q), DD_OK);
    expect_duty(3, "report/H1", DD_END_LATE, "2013-06-25T00:00", "2013-06-26T10:00");
    assert_int_equal(answer.as.duties.duties[3].met_seq, cast.entry.seq);
}

static void a_duty_is_pending_until_its_bound_and_missing_from_it(void **state)
{
    struct dd_question q = duties("a1", NULL);
    (void)state;
    now_ms = cast_at("2013-06-25T00:00") - 1;
    assert_int_equal(ask(&q), DD_OK);
    expect_duty(1, "report/H1", DD_END_PENDING, "2013-06-25T00:00", NULL);
    now_ms++;
    assert_int_equal(ask(&q), DD_OK);
    expect_duty(1, "report/H1", DD_END_MISSING, "2013-06-25T00:00", NULL);
}

static void duties_are_chosen_by_act_and_unit_and_by_when_they_arose(void **state)
{
    struct dd_question q = duties("", "2013-06-24");
    (void)state;
    fill_cycle();
    q.act = DD_ACT_REPORT;
    assert_int_equal(ask(&q), DD_OK);
    assert_int_equal(answer.as.duties.duty_count, 10);
    q.act = DD_ACT_OUTCOME;
    assert_int_equal(ask(&q), DD_OK);
    assert_int_equal(answer.as.duties.duty_count, 4);
    q = duties("", "2013-02-03");
    q.act = DD_ACT_OUTCOME;
    assert_int_equal(ask(&q), DD_OK);
    assert_int_equal(answer.as.duties.duty_count, 0);
    q = duties("", "2013-01-10");
    assert_int_equal(ask(&q), DD_OK);
    assert_int_equal(answer.as.duties.duty_count, 0);
    q = duties("a3", NULL);
    assert_int_equal(ask(&q), DD_OK);
    assert_int_equal(answer.as.duties.duty_count, 3);
    q = duties("nowhere", NULL);
    expect_unknown(&q, DD_RULE_NO_SUCH_UNIT);
}

/* The rulebook's cast in place of the other. */
static void open_rules(void)
{
    cast_free(&cast);
    rules_ready(&cast);
}

static const struct dd_duty_line *rules_line(const char *unit, const char *duty, const char *as_of)
{
    struct dd_question q = duties(unit, as_of);
    q.cycle = dd_slice_of("rules/2013");
    assert_int_equal(ask(&q), DD_OK);
    for (size_t i = 0; i < answer.as.duties.duty_count; i++) {
        if (dd_slice_equal(answer.as.duties.duties[i].duty, dd_slice_of(duty)))
            return &answer.as.duties.duties[i];
    }
    fail_msg("no duty %s", duty);
    return NULL;
}

static void bend(const char *unit, const char *at, const char *duty, enum dd_bend_act act,
                 const char *day)
{
    struct dd_command c = rules_bend(unit, duty, act, day);
    OK(rules_do(&cast, CAST_CHAIR, at, &c));
}

static void duties_tell_how_time_was_bent(void **state)
{
    (void)state;
    open_rules();
    bend("a1", "2013-02-20T09:00", "monthly/2013-02", DD_BEND_EXTEND, "2013-03-01");
    bend("a1", "2013-02-20T09:00", "monthly/2013-03", DD_BEND_SUSPEND, "");
    bend("a1", "2013-02-20T09:00", "monthly/2013-04", DD_BEND_WAIVE, "");
    const struct dd_duty_line *line = rules_line("a1", "monthly/2013-02", "2013-03-01");
    assert_int_equal(line->extensions, 1);
    assert_int_equal(line->bound_ms, cast_at("2013-03-02T00:00"));
    assert_int_equal(line->status, DD_END_PENDING);
    assert_int_equal(rules_line("a1", "monthly/2013-02", "2013-03-02")->status, DD_END_MISSING);
    line = rules_line("a1", "monthly/2013-03", NULL);
    assert_true(line->suspended);
    assert_int_equal(line->status, DD_END_PENDING); /* it has no bound, and is not late */
    assert_int_equal(line->bound_ms, 0);
    line = rules_line("a1", "monthly/2013-04", NULL);
    assert_int_equal(line->status, DD_END_WAIVED);
    assert_int_equal(line->met_ms, 0);
    assert_int_equal(line->met_seq, cast.entry.seq);
    assert_int_equal(rules_line("a1", "monthly/2013-04", "2013-02-19")->status, DD_END_PENDING);
    assert_int_equal(rules_line("a2", "district/2013-H1", NULL)->silence, DD_SILENCE_LAPSES);
    assert_int_equal(line->extensions, 0);
}

static void a_waived_duty_that_was_suspended_is_not_suspended_any_more(void **state)
{
    (void)state;
    open_rules();
    bend("a1", "2013-02-20T09:00", "monthly/2013-03", DD_BEND_SUSPEND, "");
    bend("a1", "2013-02-21T09:00", "monthly/2013-03", DD_BEND_WAIVE, "");
    const struct dd_duty_line *line = rules_line("a1", "monthly/2013-03", NULL);
    assert_int_equal(line->status, DD_END_WAIVED);
    assert_false(line->suspended);
}

/* How many duties of all parties stood in each way. */
static size_t count_ends(const char *as_of, size_t ends[DD_END_MISSING + 1])
{
    struct dd_question q = duties("", as_of);
    q.cycle = dd_slice_of("rules/2013");
    memset(ends, 0, (DD_END_MISSING + 1) * sizeof *ends);
    assert_int_equal(ask(&q), DD_OK);
    for (size_t i = 0; i < answer.as.duties.duty_count; i++)
        ends[answer.as.duties.duties[i].status]++;
    return answer.as.duties.duty_count;
}

static void every_duty_stands_in_one_of_six_ways_at_every_instant(void **state)
{
    static const char *const days[] = {"2013-01-11", "2013-01-24", "2013-01-25", "2013-02-19",
                                       "2013-02-20", "2013-02-25", "2013-02-26", "2013-05-19",
                                       "2013-05-20", "2013-07-14"};
    static const size_t waived[] = {0, 0, 0, 0, 2, 2, 2, 2, 2, 2};
    static const size_t lapsed[] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1};
    size_t ends[DD_END_MISSING + 1];
    (void)state;
    open_rules();
    struct dd_command c = rules_report("a1", "self", "");
    OK(rules_do(&cast, cast_head(CAST_A1), "2013-02-25T09:00", &c));
    bend("a3", "2013-02-20T08:00", "monthly/2013-01", DD_BEND_WAIVE, ""); /* missing till then */
    bend("a1", "2013-02-20T09:00", "monthly/2013-02", DD_BEND_EXTEND, "2013-03-01");
    bend("a1", "2013-02-20T09:00", "monthly/2013-03", DD_BEND_SUSPEND, "");
    bend("a1", "2013-02-20T09:00", "monthly/2013-04", DD_BEND_WAIVE, "");
    cast_time(&cast, "2013-07-01T08:00");
    size_t expected = count_ends(NULL, ends);
    assert_int_equal(expected, 5 * (10 + 4 + 10 + 2 + 2 + 1) + 2);
    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++) {
        assert_int_equal(count_ends(days[i], ends), expected);
        assert_int_equal(ends[DD_END_WAIVED], waived[i]);
        assert_int_equal(ends[DD_END_LAPSED], lapsed[i]);
        assert_int_equal(ends[DD_END_ON_TIME], i >= 5);
        assert_int_equal(ends[DD_END_ON_TIME] + ends[DD_END_LATE] + ends[DD_END_LAPSED] +
                             ends[DD_END_WAIVED] + ends[DD_END_PENDING] + ends[DD_END_MISSING],
                         expected);
    }
}

static void duties_of_a_unit_that_is_no_more_name_their_keeper(void **state)
{
    struct dd_question q = duties("", NULL);
    struct dd_dossier_row dossier = cast_dossier(&cast, CAST_A2);
    (void)state;
    dossier.keeper = CAST_A3;
    dd_put_dossier(&cast.view, 1, CAST_A2, &dossier);
    assert_int_equal(ask(&q), DD_OK);
    for (size_t i = 0; i < answer.as.duties.duty_count; i++) {
        const struct dd_duty_line *line = &answer.as.duties.duties[i];
        bool kept = dd_slice_equal(line->unit, dd_slice_of("a2"));
        expect_text(line->keeper, kept ? "a3" : "");
    }
}

static void duties_that_fell_away_are_not_told(void **state)
{
    struct dd_question q = duties("a1", NULL);
    uint32_t head = cast_head(CAST_A1);
    (void)state;
    OK(cast_register(&cast, head, "2013-01-20T09:00", "a1", 1, "own", 1, "2013-05-31"));
    OK(cast_submit(&cast, head, "2013-01-21T09:00", "a1", ""));
    OK(cast_withdraw(&cast, head, "2013-01-22T09:00", "a1", 1));
    assert_int_equal(ask(&q), DD_OK);
    assert_int_equal(answer.as.duties.duty_count, 3);
    q = duties("a1", "2013-01-21");
    assert_int_equal(ask(&q), DD_OK);
    assert_int_equal(answer.as.duties.duty_count, 4);
    expect_duty(1, "appraise/1", DD_END_PENDING, "2013-02-02T00:00", NULL);
}

/* Every row looked at counts, wanted or not: a page may be empty and yet lead on. */
static void a_page_looks_at_a_bounded_number_of_duties(void **state)
{
    enum { PAGE_BYTES = 80 };
    struct dd_question q = question(DD_QUESTION_DUTIES);
    size_t wanted = 0;
    size_t pages = 0;
    (void)state;
    fill_cycle();
    assert_int_equal(ask(&q), DD_OK);
    size_t all = answer.as.duties.duty_count;
    q.act = DD_ACT_DECIDE;
    assert_int_equal(ask(&q), DD_OK);
    size_t of_act = answer.as.duties.duty_count;
    assert_true(all > 20 && of_act > 0 && of_act < all);
    do {
        assert_int_equal(cast_ask(&cast, &q, now_ms, PAGE_BYTES, &answer), DD_OK);
        assert_true(answer.as.duties.duty_count <= PAGE_BYTES / 8);
        wanted += answer.as.duties.duty_count;
        q.after = answer.next;
        pages++;
    } while (answer.next.size > 0 && pages < 100);
    assert_int_equal(wanted, of_act);
    assert_true(pages > 2 && pages < 100);
}

/* --- a dossier --- */

static void a_dossier_keeps_the_newest_reasons_that_fit(void **state)
{
    struct dd_question q = question(DD_QUESTION_DOSSIER);
    uint32_t head = cast_head(CAST_A1);
    (void)state;
    fill_cycle();
    OK(cast_register(&cast, head, "2013-06-01T09:00", "a1", 2, "common", 1, "2013-09-30"));
    OK(cast_submit(&cast, head, "2013-06-02T09:00", "a1", "first"));
    OK(cast_return(&cast, CAST_CHAIR, "2013-06-02T10:00", "a1", 2, "not so"));
    OK(cast_submit(&cast, head, "2013-06-03T09:00", "a1", "second"));
    q.unit = dd_slice_of("a1");
    assert_int_equal(cast_ask(&cast, &q, now_ms, 12, &answer), DD_OK);
    expect_text(answer.as.dossier.versions[1].reason, "not so");
    expect_text(answer.as.dossier.versions[2].reason, "second");
    assert_int_equal(cast_ask(&cast, &q, now_ms, 11, &answer), DD_OK);
    expect_text(answer.as.dossier.versions[1].reason, "");
    expect_text(answer.as.dossier.versions[2].reason, "second");
    assert_int_equal(answer.as.dossier.item_count, 4);
}

static void a_dossier_shows_its_draft_or_a_version(void **state)
{
    struct dd_question q = question(DD_QUESTION_DOSSIER);
    uint32_t head = cast_head(CAST_A1);
    (void)state;
    fill_cycle();
    OK(cast_register(&cast, head, "2013-06-01T09:00", "a1", 2, "common", 1, "2013-09-30"));
    OK(cast_submit(&cast, head, "2013-06-02T09:00", "a1", "điều chỉnh"));
    q.unit = dd_slice_of("a1");
    assert_int_equal(ask(&q), DD_OK);
    const struct dd_dossier_answer *d = &answer.as.dossier;
    assert_int_equal(d->state, DD_DOSSIER_PENDING);
    assert_int_equal(d->newest, 2);
    assert_int_equal(d->in_force, 1);
    assert_int_equal(d->version_count, 2);
    assert_int_equal(d->versions[0].state, DD_VERSION_APPROVED);
    expect_text(d->versions[0].awaits, "");
    assert_true(d->versions[1].adjustment);
    expect_text(d->versions[1].awaits, "approve");
    expect_text(d->versions[1].reason, "điều chỉnh");
    assert_memory_equal(d->versions[1].content_hash, cast_version(&cast, CAST_A1, 2).content_hash,
                        32);
    assert_int_equal(d->item_count, 4);
    assert_int_equal(d->items[0].outcome, DD_OUTCOME_COMPLETED);
    assert_int_equal(d->items[0].outcome_day, cast_day("2013-05-20"));
    assert_int_equal(d->items[1].outcome, 0);
    expect_text(d->items[3].kind, "common");
    assert_int_equal(d->items[3].indicator.due_day, cast_day("2013-09-30"));
    q.version = 1;
    assert_int_equal(ask(&q), DD_OK);
    assert_int_equal(d->item_count, 3);
    q.version = 3;
    expect_unknown(&q, DD_RULE_NO_SUCH_VERSION);
    q.version = 0;
    q.unit = dd_slice_of("ubnd");
    expect_unknown(&q, DD_RULE_NO_SUCH_PARTY);
    q.unit = dd_slice_of("");
    expect_unknown(&q, DD_RULE_NO_SUCH_UNIT);
}

/* --- reminders --- */

static void a_dossier_tells_what_an_item_brings_beside_its_title(void **state)
{
    struct dd_question q = question(DD_QUESTION_DOSSIER);
    struct dd_command c = {.kind = DD_COMMAND_REGISTER};
    struct dd_slice partners[] = {dd_slice_of("a3"), dd_slice_of("snv")};
    struct dd_indicator_put put = {.number = 1,
                                   .title = dd_slice_of("Đề án"),
                                   .due_day = cast_day("2013-05-31"),
                                   .code = dd_slice_of("da-12"),
                                   .start_day = cast_day("2013-02-01"),
                                   .has_baseline = true,
                                   .baseline = {125, 1},
                                   .direction = DD_DIRECTION_LESS,
                                   .partners = partners,
                                   .partner_count = 2};
    (void)state;
    c.as.register_ = (struct dd_register){.cycle = q.cycle,
                                          .unit = dd_slice_of("a1"),
                                          .task = 1,
                                          .kind = dd_slice_of("own"),
                                          .indicators = &put,
                                          .indicator_count = 1};
    OK(cast_do(&cast, cast_head(CAST_A1), cast_at("2013-01-21T09:00"), &c));
    q.unit = dd_slice_of("a1");
    assert_int_equal(ask(&q), DD_OK);
    assert_int_equal(answer.as.dossier.item_count, 1);
    const struct dd_indicator_put *told = &answer.as.dossier.items[0].indicator;
    expect_text(told->code, "da-12");
    assert_int_equal(told->start_day, put.start_day);
    assert_true(told->has_baseline);
    assert_int_equal(told->baseline.mantissa, 125);
    assert_int_equal(told->direction, DD_DIRECTION_LESS);
    assert_int_equal(told->partner_count, 2);
    expect_text(told->partners[0], "a3");
    expect_text(told->partners[1], "snv");
}

static void reminders_go_to_the_keeper_and_what_stands_above_it(void **state)
{
    struct dd_question q = question(DD_QUESTION_REMINDERS);
    struct dd_reminder_row row = {.duty = {1, CAST_A2, CAST_REGISTER, 0, 0}};
    struct dd_dossier_row dossier = cast_dossier(&cast, CAST_A2);
    struct dd_unit_row unit;
    (void)state;
    dossier.keeper = CAST_A3;
    dd_put_dossier(&cast.view, 1, CAST_A2, &dossier);
    assert_true(dd_get_unit(&cast.view, CAST_A3, &unit));
    unit.parent = CAST_VP;
    dd_put_unit(&cast.view, CAST_A3, &unit);
    dd_put_reminder(&cast.view, 5000, 0, &row);
    row.superior = true;
    dd_put_reminder(&cast.view, 5000, 1, &row);
    assert_int_equal(ask(&q), DD_OK);
    assert_int_equal(answer.as.reminders.reminder_count, 2);
    expect_text(answer.as.reminders.reminders[0].unit, "a2");
    expect_text(answer.as.reminders.reminders[0].to_unit, "a3");
    expect_text(answer.as.reminders.reminders[1].to_unit, "vp");
}

static void reminders_tell_whom_and_whether_they_went_out(void **state)
{
    struct dd_question q = question(DD_QUESTION_REMINDERS);
    struct dd_reminder_ref ref;
    struct dd_command c = {.kind = DD_COMMAND_REMINDED};
    (void)state;
    assert_int_equal(cast_time(&cast, "2013-01-30T08:00"), 7 * 5);
    ref = (struct dd_reminder_ref){cast.entry.seq - 1, 2}; /* the last Tick gave none */
    c.as.reminded = (struct dd_reminded){&ref, 1, dd_slice_of("folder")};
    OK(cast_do(&cast, CAST_NOTIFIER, cast_at("2013-01-30T08:01"), &c));
    assert_int_equal(ask(&q), DD_OK);
    assert_int_equal(answer.as.reminders.reminder_count, 35);
    const struct dd_reminder_line *first = &answer.as.reminders.reminders[0];
    expect_text(first->cycle, "key-tasks/2013");
    expect_text(first->unit, "snv");
    expect_text(first->to_unit, "snv");
    expect_text(first->duty, "register");
    assert_int_equal(first->rung, -7);
    assert_int_equal(first->at_ms, cast_at("2013-01-18T08:00"));
    assert_int_equal(first->bound_ms, cast_at("2013-01-26T00:00"));
    assert_int_equal(first->delivered_ms, 0);
    const struct dd_reminder_line *last = &answer.as.reminders.reminders[32];
    assert_int_equal(last->seq, ref.seq);
    assert_int_equal(last->index, ref.index);
    assert_true(last->superior);
    expect_text(last->unit, "a1");
    expect_text(last->to_unit, "ubnd");
    assert_int_equal(last->delivered_ms, cast_at("2013-01-30T08:01"));
    q.cycle = dd_slice_of("key-tasks/2014");
    assert_int_equal(ask(&q), DD_OK);
    assert_int_equal(answer.as.reminders.reminder_count, 0);
    q.cycle = dd_slice_of("");
    assert_int_equal(ask(&q), DD_OK);
    assert_int_equal(answer.as.reminders.reminder_count, 35);
}

/* --- pages --- */

enum { PAGE_LINES = 8192 };

static void duties_come_in_pages_each_once(void **state)
{
    struct dd_question q = duties("a1", NULL);
    const struct dd_duty_row row = {
        .bound_ms = INT64_MAX, .last_day = INT32_MAX, .end = DD_END_OPEN, .next_at_ms = INT64_MAX};
    size_t count = 0;
    size_t pages = 0;
    (void)state;
    for (uint16_t i = 0; i < PAGE_LINES; i++) {
        struct dd_duty_key key = {1, CAST_A1, CAST_INDICATOR, (uint16_t)(1 + i / 100),
                                  (uint16_t)(1 + i % 100)};
        dd_put_duty(&cast.view, &key, &row);
    }
    do {
        assert_int_equal(ask(&q), DD_OK);
        if (pages == 1)
            expect_duty(0, "indicator/82.90", DD_END_PENDING, NULL, NULL);
        count += answer.as.duties.duty_count;
        pages++;
        q.after = answer.next;
    } while (q.after.size > 0);
    assert_int_equal(count, PAGE_LINES + 3);
    assert_int_equal(pages, 2);
}

static void reminders_come_in_pages_each_once(void **state)
{
    struct dd_question q = question(DD_QUESTION_REMINDERS);
    struct dd_reminder_row row = {.duty = {1, CAST_A1, CAST_REGISTER, 0, 0}};
    (void)state;
    for (uint64_t i = 0; i < PAGE_LINES; i++)
        dd_put_reminder(&cast.view, 1000 + i / 256, (uint16_t)(i % 256), &row);
    assert_int_equal(ask(&q), DD_OK);
    assert_int_equal(answer.as.reminders.reminder_count, PAGE_LINES);
    assert_int_equal(answer.next.size, 0);
    dd_put_reminder(&cast.view, 5000, 7, &row);
    assert_int_equal(ask(&q), DD_OK);
    assert_int_equal(answer.as.reminders.reminder_count, PAGE_LINES);
    q.after = answer.next;
    assert_int_equal(ask(&q), DD_OK);
    assert_int_equal(answer.as.reminders.reminder_count, 1);
    assert_int_equal(answer.as.reminders.reminders[0].seq, 5000);
    assert_int_equal(answer.as.reminders.reminders[0].index, 7);
    assert_int_equal(answer.next.size, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_cast, close_cast)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(duties_tell_how_they_stood),
        TEST(a_duty_is_pending_until_its_bound_and_missing_from_it),
        TEST(duties_are_chosen_by_act_and_unit_and_by_when_they_arose),
        TEST(duties_tell_how_time_was_bent),
        TEST(a_waived_duty_that_was_suspended_is_not_suspended_any_more),
        TEST(every_duty_stands_in_one_of_six_ways_at_every_instant),
        TEST(duties_of_a_unit_that_is_no_more_name_their_keeper),
        TEST(duties_that_fell_away_are_not_told),
        TEST(a_page_looks_at_a_bounded_number_of_duties),
        TEST(a_dossier_keeps_the_newest_reasons_that_fit),
        TEST(a_dossier_shows_its_draft_or_a_version),
        TEST(a_dossier_tells_what_an_item_brings_beside_its_title),
        TEST(reminders_go_to_the_keeper_and_what_stands_above_it),
        TEST(reminders_tell_whom_and_whether_they_went_out),
        TEST(duties_come_in_pages_each_once),
        TEST(reminders_come_in_pages_each_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
