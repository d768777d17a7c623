/* Matters as they are told: counts and results, who answered, and whose silence it was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "core/answer.h"
#include "tests/lib/matter_cast.h"

static struct cast cast;
static struct dd_answer answer;
static int64_t now_ms;
static size_t page_bytes;

#define OK(call) CAST_OK(&cast, call)

static int open_cast(void **state)
{
    (void)state;
    matter_ready(&cast, 3);
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

static struct dd_question matters(const char *unit, const char *kind)
{
    return (struct dd_question){.kind = DD_QUESTION_MATTERS,
                                .cycle = dd_slice_of("key-tasks/2013"),
                                .unit = dd_slice_of(unit),
                                .matter_kind = dd_slice_of(kind)};
}

static struct dd_question one(uint16_t matter)
{
    return (struct dd_question){
        .kind = DD_QUESTION_MATTER, .cycle = dd_slice_of("key-tasks/2013"), .matter = matter};
}

static const struct dd_matter_line *the_matter(uint16_t matter)
{
    struct dd_question q = one(matter);
    assert_int_equal(ask(&q), DD_OK);
    return &answer.as.matter.matter;
}

/* The line of that stage and unit on the page last asked for. */
static const struct dd_answer_line *line_of(const char *stage, const char *unit)
{
    const struct dd_matter_answer *m = &answer.as.matter;
    for (size_t i = 0; i < m->answer_count; i++) {
        if (dd_slice_equal(m->answers[i].stage, dd_slice_of(stage)) &&
            dd_slice_equal(m->answers[i].unit, dd_slice_of(unit)))
            return &m->answers[i];
    }
    fail_msg("no line of %s, %s", stage, unit);
    return NULL;
}

static void expect_silence(const struct dd_answer_line *line, enum dd_end status)
{
    assert_int_equal(line->status, status);
    expect_text(line->choice, "");
    expect_text(line->account, "");
    expect_text(line->note, "");
    assert_int_equal(line->received_ms, 0);
    assert_int_equal(line->seq, 0);
    assert_int_equal(line->capacity, 0);
    expect_text(line->head_title, "Giám đốc");
}

static void open_matter(const char *at, uint32_t owner, const char *kind, const char *due,
                        const char *asked)
{
    char code[16];
    dd_slice_text(cast_code(&cast, owner), code, sizeof code);
    struct dd_matter_put put = matter_asking(&cast, kind, cast_take(&cast, 16), due, asked);
    put.owner = cast_code(&cast, owner);
    char *kept = cast_take(&cast, 16);
    memcpy(kept, code, sizeof code);
    OK(matter_open(&cast, cast_head(owner), at, kept, &put));
}

static void a_ballot_tells_its_votes_and_that_exactly_half_fails(void **state)
{
    (void)state;
    open_matter("2013-02-01T09:00", CAST_A1, "ballot", "2013-02-10", "snv vp a2 a3");
    OK(matter_answer(&cast, cast_head(CAST_SNV), "2013-02-05T09:00", "snv", 1, "yes"));
    OK(matter_answer(&cast, cast_head(CAST_A3), "2013-02-05T09:01", "a3", 1, "yes"));
    const struct dd_matter_line *m = the_matter(1);
    expect_text(m->kind, "ballot");
    expect_text(m->title, "Việc được giao");
    expect_text(m->notice, "12/TB-VP");
    expect_text(m->owner, "a1");
    assert_int_equal(m->opened_ms, cast_at("2013-02-01T09:00"));
    assert_int_equal(m->bound_ms, cast_at("2013-02-11T00:00"));
    assert_int_equal(m->asked, 4);
    assert_int_equal(m->answered, 2);
    assert_int_equal(m->open, 2);
    assert_int_equal(m->lapsed, 0);
    assert_int_equal(m->choice_count, 2);
    expect_text(m->choices[0].choice, "yes");
    assert_int_equal(m->choices[0].count, 2);
    assert_int_equal(m->choices[1].count, 0);
    assert_true(m->has_rule);
    assert_false(m->passed);
    assert_false(m->settled);
    assert_int_equal(m->favour, 2);
    assert_int_equal(m->counted, 4);
    assert_int_equal(m->needed, 3);
    expect_text(m->awaits, "");
    cast_time(&cast, "2013-02-12T00:00");
    m = the_matter(1);
    assert_int_equal(m->silence, DD_SILENCE_NOT_YES);
    assert_int_equal(m->lapsed, 2);
    assert_int_equal(m->open, 0);
    assert_true(m->settled);
    assert_false(m->passed);
    expect_text(m->awaits, "conclude");
    assert_int_equal(answer.as.matter.answer_count, 5);
    assert_int_equal(answer.as.matter.offset_min, CAST_OFFSET_MIN);
    expect_silence(line_of("vote", "vp"), DD_END_LAPSED);
    expect_silence(line_of("vote", "a2"), DD_END_LAPSED);
}

static void an_answer_tells_who_gave_it_and_when(void **state)
{
    (void)state;
    open_matter("2013-02-01T09:00", CAST_A1, "opinion", "2013-02-10", "a2 a3");
    OK(matter_answer(&cast, cast_head(CAST_A3), "2013-02-05T09:01", "a3", 1, "disagree"));
    uint64_t seq = cast.entry.seq;
    (void)the_matter(1);
    const struct dd_answer_line *line = line_of("opine", "a3");
    assert_int_equal(line->status, DD_END_ON_TIME);
    expect_text(line->choice, "disagree");
    expect_text(line->account, "head-6");
    assert_int_equal(line->received_ms, cast_at("2013-02-05T09:01"));
    assert_int_equal(line->seq, seq);
    assert_int_equal(line->capacity, DD_CAPACITY_HEAD);
    expect_text(line->delegated_by, "");
    assert_int_equal(line->bound_ms, cast_at("2013-02-11T00:00"));
    now_ms = cast_at("2013-02-11T00:00") - 1;
    (void)the_matter(1);
    expect_silence(line_of("opine", "a2"), DD_END_PENDING);
}

static void silence_that_agrees_is_counted_apart_and_chosen_by_nobody(void **state)
{
    (void)state;
    open_matter("2013-02-01T09:00", CAST_A1, "opinion", "2013-02-10", "a2 a3");
    OK(matter_answer(&cast, cast_head(CAST_A3), "2013-02-05T09:01", "a3", 1, "amend"));
    cast_time(&cast, "2013-02-11T00:00");
    const struct dd_matter_line *m = the_matter(1);
    assert_int_equal(m->silence, DD_SILENCE_AGREES);
    assert_int_equal(m->lapsed, 1);
    assert_int_equal(m->answered, 1);
    assert_int_equal(m->choices[0].count, 0); /* nobody said "agree" */
    assert_int_equal(m->choices[2].count, 1);
    expect_silence(line_of("opine", "a2"), DD_END_LAPSED);
    OK(matter_answer(&cast, cast_head(CAST_A2), "2013-02-12T09:00", "a2", 1, "disagree"));
    m = the_matter(1); /* told, and counts for nothing */
    const struct dd_answer_line *line = line_of("opine", "a2");
    assert_true(line->late);
    assert_int_equal(line->status, DD_END_LAPSED);
    expect_text(line->choice, "disagree");
    expect_text(line->account, "head-5");
    assert_int_equal(line->received_ms, cast_at("2013-02-12T09:00"));
    assert_int_equal(line->seq, cast.entry.seq);
    assert_int_equal(line->figure_count, 0);
    assert_int_equal(m->choices[1].count, 0);
    assert_int_equal(m->answered, 1);
    assert_false(line_of("opine", "a3")->late);
}

static void a_decision_stands_under_who_decides(void **state)
{
    (void)state;
    open_matter("2013-02-01T09:00", CAST_A1, "request", NULL, "");
    const struct dd_matter_line *m = the_matter(1);
    expect_text(m->awaits, "consent");
    assert_int_equal(m->verdict, 0);
    const struct dd_answer_line *line = line_of("consent", "ubnd");
    now_ms = cast_at("2013-02-01T09:30");
    (void)the_matter(1);
    line = line_of("consent", "ubnd");
    expect_silence(line, DD_END_PENDING);
    OK(matter_decide(&cast, CAST_CHAIR, "2013-02-04T09:00", "a1", 1, DD_VERDICT_IN_PRINCIPLE, ""));
    now_ms = cast_at("2013-07-15T09:00");
    m = the_matter(1);
    expect_text(m->awaits, "");
    assert_int_equal(m->verdict, DD_VERDICT_IN_PRINCIPLE);
    expect_text(m->decided_by, "chair");
    assert_int_equal(m->decided_ms, cast_at("2013-02-04T09:00"));
    line = line_of("consent", "ubnd");
    expect_text(line->choice, "in-principle");
    expect_text(line->account, "chair");
    assert_int_equal(line->status, DD_END_ON_TIME);
    expect_silence(line_of("carry-out", "a1"), DD_END_MISSING);
}

static void work_on_a_matter_tells_its_outcome(void **state)
{
    (void)state;
    struct dd_matter_put put = matter_put("directive", "a1", "2013-03-15");
    OK(matter_open(&cast, CAST_CHAIR, "2013-02-01T09:00", "ubnd", &put));
    assert_int_equal(the_matter(1)->outcome, DD_OUTCOME_OPEN);
    expect_silence(line_of("task", "a1"), DD_END_MISSING);
    OK(matter_progress(&cast, cast_officer(CAST_A1), "2013-03-10T09:00", "a1", 1,
                       DD_OUTCOME_COMPLETED, "2013-03-09", ""));
    const struct dd_matter_line *m = the_matter(1);
    assert_int_equal(m->outcome, DD_OUTCOME_COMPLETED);
    assert_int_equal(m->outcome_day, cast_day("2013-03-09"));
    assert_int_equal(m->answered, 1);
    assert_int_equal(m->asked, 1);
    assert_false(m->has_rule);
    assert_int_equal(m->choice_count, 0);
    const struct dd_answer_line *line = line_of("task", "a1");
    expect_text(line->choice, "completed");
    assert_int_equal(line->status, DD_END_ON_TIME);
    assert_int_equal(line->received_ms, cast_at("2013-03-10T09:00"));
}

static void matters_are_chosen_by_unit_and_kind(void **state)
{
    (void)state;
    open_matter("2013-02-01T09:00", CAST_A1, "opinion", "2013-02-10", "a2 a3");
    open_matter("2013-02-01T09:01", CAST_A2, "ballot", "2013-02-10", "*");
    open_matter("2013-02-01T09:02", CAST_A3, "request", NULL, "");
    static const struct {
        const char *unit;
        const char *kind;
        size_t count;
    } cases[] = {{"", "", 3},          {"a1", "", 2},   {"a2", "", 2},     {"a3", "", 3},
                 {"snv", "", 1},       {"ubnd", "", 0}, {"", "ballot", 1}, {"a1", "ballot", 1},
                 {"a1", "request", 0}, {"", "call", 0}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct dd_question q = matters(cases[i].unit, cases[i].kind);
        assert_int_equal(ask(&q), DD_OK);
        assert_int_equal(answer.as.matters.matter_count, cases[i].count);
        assert_int_equal(answer.next.size, 0);
    }
    struct dd_question q = matters("", "");
    assert_int_equal(ask(&q), DD_OK);
    assert_int_equal(answer.as.matters.matters[1].matter, 2);
    assert_int_equal(answer.as.matters.matters[1].asked, 4); /* all but the owner */
}

static void expect_unknown(const struct dd_question *q, enum dd_rule rule, const char *field)
{
    assert_int_equal(ask(q), DD_NOT_FOUND);
    assert_string_equal(dd_rule_key(cast.refusal.rule), dd_rule_key(rule));
    assert_string_equal(cast.refusal.field, field);
}

static void what_there_is_not_is_said(void **state)
{
    struct dd_question q = matters("a9", "");
    (void)state;
    expect_unknown(&q, DD_RULE_NO_SUCH_UNIT, "unit");
    q = matters("", "feast");
    expect_unknown(&q, DD_RULE_NO_SUCH_KIND, "kind");
    q = one(1);
    expect_unknown(&q, DD_RULE_NO_SUCH_MATTER, "matter");
    q = one(0);
    expect_unknown(&q, DD_RULE_NO_SUCH_MATTER, "matter");
    q.cycle = dd_slice_of("key-tasks/2014");
    expect_unknown(&q, DD_RULE_NO_SUCH_CYCLE, "cycle");
}

static void matters_come_in_pages_each_once(void **state)
{
    struct dd_question q = matters("a3", "");
    uint16_t expected = 1;
    size_t pages = 0;
    (void)state;
    for (size_t i = 0; i < 5; i++)
        open_matter("2013-02-01T09:00", i % 2 ? CAST_A2 : CAST_A1, "opinion", "2013-02-10", "a3");
    page_bytes = 1;
    do {
        assert_int_equal(ask(&q), DD_OK);
        for (size_t i = 0; i < answer.as.matters.matter_count; i++)
            assert_int_equal(answer.as.matters.matters[i].matter, expected++);
        q.after = answer.next;
        pages++;
    } while (q.after.size > 0);
    assert_int_equal(expected, 6);
    assert_int_equal(pages, 5);
}

static void expect_lines(uint16_t matter, const char *const *units, size_t count)
{
    struct dd_question q = one(matter);
    size_t seen = 0;
    do {
        assert_int_equal(ask(&q), DD_OK);
        assert_int_equal(answer.as.matter.matter.matter, matter); /* on each page */
        assert_int_equal(answer.as.matter.answer_count, 1);
        assert_true(seen < count);
        expect_text(answer.as.matter.answers[0].unit, units[seen++]);
        q.after = answer.next;
    } while (q.after.size > 0);
    assert_int_equal(seen, count);
}

static void the_lines_of_a_matter_come_in_pages_each_once(void **state)
{
    static const char *const all[] = {"snv", "vp", "a2", "a3", "ubnd"};
    static const char *const named[] = {"a3", "snv", "a2", "ubnd"};
    (void)state;
    open_matter("2013-02-01T09:00", CAST_A1, "ballot", "2013-02-10", "*");
    open_matter("2013-02-01T09:00", CAST_A1, "ballot", "2013-02-10", "a3 snv a2");
    cast_time(&cast, "2013-02-12T00:00"); /* the decision waits behind them */
    page_bytes = 1;
    expect_lines(1, all, 5);
    expect_lines(2, named, 4);
}

/* --- ten thousand --- */

enum { MANY = 10000, MANY_FIRST = 1000, MANY_PAGE_BYTES = 16 * 1024 };

/* Parties beside those of the cast, put into state as they would stand there. */
static void add_parties(void)
{
    struct dd_process process = matter_process(&cast);
    struct dd_unit_row unit = {.head_title = dd_slice_of("Giám đốc"),
                               .group = cast_dossier(&cast, CAST_A1).group,
                               .from_day = INT32_MIN,
                               .to_day = INT32_MAX};
    struct dd_dossier_row dossier = cast_dossier(&cast, CAST_A1);
    for (uint32_t i = 0; i < MANY; i++) {
        char code[16];
        snprintf(code, sizeof code, "b%u", (unsigned)i);
        unit.code = unit.name = dd_slice_of(code);
        dd_put_unit(&cast.view, MANY_FIRST + i, &unit);
        dd_put_dossier(&cast.view, 1, MANY_FIRST + i, &dossier);
    }
    process.cycle.parties += MANY;
    dd_put_cycle(&cast.view, 1, &process.cycle);
}

/* Asks for every page of matter 1 in memory that each page has to itself; how many lines came. */
static size_t lines_of_all_pages(size_t lapsed, size_t *pages)
{
    struct dd_arena arena = dd_arena_make(DD_REPLY_BYTES_MAX);
    struct dd_question q = one(1);
    uint8_t after[16];
    size_t lines = 0;
    *pages = 0;
    do {
        struct dd_asking asking = {&cast.view, &arena, CAST_ADMIN, now_ms, page_bytes};
        dd_arena_reset(&arena);
        assert_int_equal(dd_answer(&asking, &q, &answer, &cast.refusal), DD_OK);
        const struct dd_matter_answer *m = &answer.as.matter;
        bool first = (*pages)++ == 0;
        assert_int_equal(m->matter.asked, first ? MANY + 4 : 0); /* counted once */
        assert_int_equal(m->matter.lapsed, first ? lapsed : 0);
        assert_int_equal(m->matter.matter, 1);
        expect_text(m->matter.choices[0].choice, "yes"); /* names on each page */
        lines += m->answer_count;
        assert_true(answer.next.size <= sizeof after);
        if (answer.next.size > 0)
            memcpy(after, answer.next.data, answer.next.size);
        q.after = (struct dd_slice){after, answer.next.size};
    } while (q.after.size > 0);
    dd_arena_free(&arena);
    return lines;
}

static void ten_thousand_are_asked_lapse_and_are_told_in_time(void **state)
{
    size_t pages;
    size_t ticks = 0;
    (void)state;
    add_parties();
    open_matter("2013-02-01T09:00", CAST_A1, "ballot", "2013-02-10", "*");
    assert_int_equal(matter_row(&cast, 1).open, MANY + 4);
    page_bytes = MANY_PAGE_BYTES;
    clock_t began = clock();
    assert_int_equal(lines_of_all_pages(0, &pages), MANY + 4);
    assert_true(clock() - began < CLOCKS_PER_SEC);
    assert_true(pages > MANY * 160 / MANY_PAGE_BYTES);
    cast_time(&cast, "2013-02-10T23:59"); /* what the cast owes beside it */
    assert_int_equal(matter_row(&cast, 1).open, MANY + 4);
    for (size_t left = MANY + 4; left > 0; ticks++) {
        size_t ended = cast_tick(&cast, cast_at("2013-02-11T00:00"));
        assert_int_equal(ended, left < DD_TICK_EVENTS_MAX ? left : DD_TICK_EVENTS_MAX);
        left -= ended;
    }
    assert_int_equal(ticks, (MANY + 4 + DD_TICK_EVENTS_MAX - 1) / DD_TICK_EVENTS_MAX);
    assert_int_equal(matter_row(&cast, 1).open, 1); /* the decision */
    page_bytes = DD_REPLY_PAGE_BYTES;
    assert_int_equal(lines_of_all_pages(MANY + 4, &pages), MANY + 5);
    assert_true(pages > 1);
}

static void matters_without_memory_say_so(void **state)
{
    struct dd_question questions[] = {matters("", ""), one(1)};
    (void)state;
    open_matter("2013-02-01T09:00", CAST_A1, "ballot", "2013-02-10", "a2 a3");
    for (size_t i = 0; i < 2; i++) {
        struct dd_arena arena = dd_arena_make(64);
        struct dd_asking asking = {&cast.view, &arena, CAST_ADMIN, now_ms, page_bytes};
        assert_int_equal(dd_answer(&asking, &questions[i], &answer, &cast.refusal), DD_NO_MEMORY);
        dd_arena_free(&arena);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_cast, close_cast)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_ballot_tells_its_votes_and_that_exactly_half_fails),
        TEST(an_answer_tells_who_gave_it_and_when),
        TEST(silence_that_agrees_is_counted_apart_and_chosen_by_nobody),
        TEST(a_decision_stands_under_who_decides),
        TEST(work_on_a_matter_tells_its_outcome),
        TEST(matters_are_chosen_by_unit_and_kind),
        TEST(what_there_is_not_is_said),
        TEST(matters_come_in_pages_each_once),
        TEST(the_lines_of_a_matter_come_in_pages_each_once),
        TEST(ten_thousand_are_asked_lapse_and_are_told_in_time),
        TEST(matters_without_memory_say_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
