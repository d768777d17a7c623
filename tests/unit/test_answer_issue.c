/* Cycles, publications and delegations as they are told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/answer.h"
#include "core/row_matter.h"
#include "tests/lib/rules_cast.h"

static struct cast cast;
static struct dd_answer answer;
static int64_t now_ms;
static size_t page_bytes;

enum { HEAD = CAST_FIRST_HEAD + 4, HEAD_A2 = HEAD + 2 };

#define OK(call) CAST_OK(&cast, call)

static int open_cast(void **state)
{
    (void)state;
    rules_ready(&cast);
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

static struct dd_question question(enum dd_question_kind kind, const char *unit)
{
    return (struct dd_question){.kind = kind, .unit = dd_slice_of(unit)};
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

static void expect_no_unit(enum dd_question_kind kind)
{
    struct dd_question q = question(kind, "a9");
    assert_int_equal(ask(&q), DD_NOT_FOUND);
    assert_string_equal(dd_rule_key(cast.refusal.rule), "no-such-unit");
}

/* --- cycles --- */

static void cycles_stand_in_the_order_they_came_but_those_half_open(void **state)
{
    struct dd_question q = question(DD_QUESTION_CYCLES, "");
    struct dd_programme programme = cast_programme();
    struct dd_command command = {.kind = DD_COMMAND_OPEN_CYCLE};
    (void)state;
    cast_open_with(&cast, &programme);
    command.as.open_cycle = cast_cycle(&cast, "key-tasks", "2014");
    command.as.open_cycle.last = false;
    OK(cast_do(&cast, CAST_ADMIN, cast_at("2013-01-12T08:00"), &command));
    assert_int_equal(ask(&q), DD_OK);
    const struct dd_cycles_answer *c = &answer.as.cycles;
    assert_int_equal(c->cycle_count, 2);
    expect_text(c->cycles[0].cycle, "rules/2013");
    expect_text(c->cycles[0].programme, "rules");
    expect_text(c->cycles[0].host, "ubnd");
    assert_int_equal(c->cycles[0].from_day, cast_day("2013-01-01"));
    assert_int_equal(c->cycles[0].to_day, cast_day("2013-12-31"));
    assert_int_equal(c->cycles[0].party_count, 5);
    assert_true(c->cycles[0].open);
    expect_text(c->cycles[1].cycle, "key-tasks/2013");
    OK(cast_close(&cast, "2013-02-01T08:00"));
    assert_int_equal(ask(&q), DD_OK);
    assert_true(answer.as.cycles.cycles[0].open);
    assert_false(answer.as.cycles.cycles[1].open);
}

static void cycles_come_in_pages_each_once(void **state)
{
    static const char *const codes[] = {"rules/2013", "key-tasks/2013"};
    struct dd_question q = question(DD_QUESTION_CYCLES, "");
    struct dd_programme programme = cast_programme();
    size_t count = 0;
    (void)state;
    cast_open_with(&cast, &programme);
    page_bytes = 1;
    do {
        assert_int_equal(ask(&q), DD_OK);
        assert_int_equal(answer.as.cycles.cycle_count, 1);
        expect_text(answer.as.cycles.cycles[0].cycle, codes[count++]);
        q.after = answer.next;
    } while (q.after.size > 0);
    assert_int_equal(count, 2);
}

/* --- publications --- */

static void publish(uint32_t account, const char *unit, const char *number, const char *corrects)
{
    struct dd_command c = {.kind = DD_COMMAND_PUBLISH};
    c.as.publish = (struct dd_publish){.unit = dd_slice_of(unit),
                                       .number = dd_slice_of(number),
                                       .issue = DD_ISSUE_RANKING,
                                       .title = dd_slice_of("Bảng xếp hạng"),
                                       .day = cast_day("2013-02-05"),
                                       .cycle = dd_slice_of("rules/2013"),
                                       .period = dd_slice_of("H1"),
                                       .as_of_day = cast_day("2013-02-04"),
                                       .at_seq = 7,
                                       .size_bytes = 1234,
                                       .type = dd_slice_of("text/csv"),
                                       .corrects = dd_slice_of(corrects),
                                       .capacity = DD_CAPACITY_HEAD,
                                       .reason = dd_slice_of(corrects[0] ? "nhầm cột" : "")};
    memset(c.as.publish.sha256, 0xab, 32);
    OK(cast_do(&cast, account, cast_at("2013-02-05T09:00"), &c));
}

static void a_publication_tells_all_that_was_issued(void **state)
{
    struct dd_question q = question(DD_QUESTION_PUBLICATIONS, "");
    (void)state;
    publish(HEAD, "a1", "1/BC", "");
    uint64_t seq = cast.entry.seq;
    publish(HEAD, "a1", "2/BC", "1/BC");
    assert_int_equal(ask(&q), DD_OK);
    const struct dd_publication_line *line = answer.as.publications.publications;
    assert_int_equal(answer.as.publications.publication_count, 2);
    assert_int_equal(answer.as.publications.offset_min, CAST_OFFSET_MIN);
    expect_text(line->unit, "a1");
    expect_text(line->number, "1/BC");
    assert_int_equal(line->issue, DD_ISSUE_RANKING);
    expect_text(line->title, "Bảng xếp hạng");
    assert_int_equal(line->day, cast_day("2013-02-05"));
    expect_text(line->cycle, "rules/2013");
    expect_text(line->period, "H1");
    assert_int_equal(line->as_of_day, cast_day("2013-02-04"));
    assert_int_equal(line->at_seq, 7);
    assert_int_equal(line->sha256[31], 0xab);
    assert_int_equal(line->size_bytes, 1234);
    expect_text(line->type, "text/csv");
    expect_text(line->corrects, "");
    expect_text(line->corrected_by, "2/BC");
    assert_int_equal(line->seq, seq);
    assert_int_equal(line->issued_ms, cast_at("2013-02-05T09:00"));
    expect_text(line->account, "head-4");
    assert_int_equal(line->capacity, DD_CAPACITY_HEAD);
    expect_text(line[1].corrects, "1/BC");
    expect_text(line[1].corrected_by, "");
}

static void publications_are_chosen_by_unit_and_come_in_pages(void **state)
{
    struct dd_question q = question(DD_QUESTION_PUBLICATIONS, "a1");
    static const char *const numbers[] = {"1/BC", "2/BC", "3/BC"};
    size_t count = 0;
    (void)state;
    assert_int_equal(ask(&q), DD_OK);
    assert_int_equal(answer.as.publications.publication_count, 0);
    for (size_t i = 0; i < 3; i++) {
        publish(HEAD_A2, "a2", numbers[i], "");
        publish(HEAD, "a1", numbers[i], "");
    }
    page_bytes = 1;
    do {
        assert_int_equal(ask(&q), DD_OK);
        for (size_t i = 0; i < answer.as.publications.publication_count; i++) {
            expect_text(answer.as.publications.publications[i].unit, "a1");
            expect_text(answer.as.publications.publications[i].number, numbers[count++]);
        }
        q.after = answer.next;
    } while (q.after.size > 0);
    assert_int_equal(count, 3);
    expect_no_unit(DD_QUESTION_PUBLICATIONS);
}

/* --- delegations --- */

static void a_delegation_tells_for_whom_how_long_and_for_what(void **state)
{
    struct dd_question q = question(DD_QUESTION_DELEGATIONS, "a1");
    (void)state;
    OK(rules_delegate(&cast, "2013-02-01T09:00", "2013-02-01", "2013-12-31", NULL));
    OK(rules_delegate(&cast, "2013-02-01T09:01", "2013-03-01", "2013-03-31", "monthly"));
    assert_int_equal(ask(&q), DD_OK);
    const struct dd_delegation_line *line = answer.as.delegations.delegations;
    assert_int_equal(answer.as.delegations.delegation_count, 2);
    expect_text(line[0].unit, "a1");
    assert_int_equal(line[0].delegation, 1);
    expect_text(line[0].from, "head-4");
    expect_text(line[0].to, "deputy");
    expect_text(line[0].stages, "");
    expect_text(line[1].stages, "monthly");
    assert_int_equal(line[1].from_day, cast_day("2013-03-01"));
    assert_int_equal(line[1].to_day, cast_day("2013-03-31"));
    assert_int_equal(line[1].seq, cast.entry.seq);
    q.unit = dd_slice_of("a2");
    assert_int_equal(ask(&q), DD_OK);
    assert_int_equal(answer.as.delegations.delegation_count, 0);
    expect_no_unit(DD_QUESTION_DELEGATIONS);
}

static void several_stages_stand_with_a_blank_between(void **state)
{
    static const uint8_t keys[] = {7,   'm', 'o', 'n', 't', 'h', 'l',
                                   'y', 5,   'a', 'l', 'e', 'r', 't'};
    struct dd_question q = question(DD_QUESTION_DELEGATIONS, "");
    struct dd_delegation_row row = {.from = HEAD, .stages = {keys, sizeof keys}};
    (void)state;
    dd_put_delegation(&cast.view, &cast.keep, CAST_A3, 1, &row);
    assert_int_equal(ask(&q), DD_OK);
    expect_text(answer.as.delegations.delegations[0].stages, "monthly alert");
}

static void delegations_come_in_pages_each_once(void **state)
{
    static const uint32_t units[] = {CAST_SNV, CAST_A1, CAST_A1, CAST_A3};
    struct dd_question q = question(DD_QUESTION_DELEGATIONS, "");
    struct dd_delegation_row row = {.from = HEAD, .to = HEAD_A2};
    size_t count = 0;
    (void)state;
    for (size_t i = 0; i < 4; i++)
        dd_put_delegation(&cast.view, &cast.keep, units[i], (uint16_t)(i + 1), &row);
    page_bytes = 1;
    do {
        assert_int_equal(ask(&q), DD_OK);
        assert_int_equal(answer.as.delegations.delegation_count, 1);
        assert_int_equal(answer.as.delegations.delegations[0].delegation, ++count);
        q.after = answer.next;
    } while (q.after.size > 0);
    assert_int_equal(count, 4);
    q.unit = dd_slice_of("a1");
    q.after = (struct dd_slice){NULL, 0};
    page_bytes = DD_REPLY_PAGE_BYTES;
    assert_int_equal(ask(&q), DD_OK);
    assert_int_equal(answer.as.delegations.delegation_count, 2);
}

static void listings_without_memory_say_so(void **state)
{
    static const enum dd_question_kind kinds[] = {DD_QUESTION_CYCLES, DD_QUESTION_PUBLICATIONS,
                                                  DD_QUESTION_DELEGATIONS};
    (void)state;
    publish(HEAD, "a1", "1/BC", "");
    for (size_t i = 0; i < 3; i++) {
        struct dd_question q = question(kinds[i], "");
        struct dd_arena arena = dd_arena_make(8);
        struct dd_asking asking = {&cast.view, &arena, CAST_ADMIN, now_ms, page_bytes};
        assert_int_equal(dd_answer(&asking, &q, &answer, &cast.refusal), DD_NO_MEMORY);
        dd_arena_free(&arena);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_cast, close_cast)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(cycles_stand_in_the_order_they_came_but_those_half_open),
        TEST(cycles_come_in_pages_each_once),
        TEST(a_publication_tells_all_that_was_issued),
        TEST(publications_are_chosen_by_unit_and_come_in_pages),
        TEST(a_delegation_tells_for_whom_how_long_and_for_what),
        TEST(several_stages_stand_with_a_blank_between),
        TEST(delegations_come_in_pages_each_once),
        TEST(listings_without_memory_say_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
