/* The table: now and earlier, by group and ordinal, whole and in pages, with its sums. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/answer.h"
#include "tests/lib/cast.h"

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

static void fill_cycle(void)
{
    cast_bring_in_force(&cast, CAST_A1, 3, "2013-05-31");
    cast_bring_in_force(&cast, CAST_A2, 1, "2013-05-31");
    OK(cast_progress(&cast, cast_officer(CAST_A1), "2013-05-20T09:00", "a1", 1, 1,
                     DD_OUTCOME_COMPLETED, "2013-05-20"));
    OK(cast_progress(&cast, cast_officer(CAST_A2), "2013-07-10T09:00", "a2", 1, 1,
                     DD_OUTCOME_EXCEEDED, "2013-06-30"));
}

static struct dd_question table(const char *as_of)
{
    struct dd_question q = question(DD_QUESTION_TABLE);
    q.period = dd_slice_of("H1");
    q.has_as_of = as_of != NULL;
    if (as_of)
        q.as_of_day = cast_day(as_of);
    return q;
}

static void the_table_stands_by_group_and_ordinal_with_sums(void **state)
{
    static const char *const units[] = {"snv", "vp", "a1", "a3", "a2"};
    struct dd_question q = table(NULL);
    (void)state;
    fill_cycle();
    assert_int_equal(ask(&q), DD_OK);
    const struct dd_table_answer *t = &answer.as.table;
    assert_int_equal(t->row_count, 5);
    for (size_t i = 0; i < 5; i++) {
        expect_text(t->rows[i].unit, units[i]);
        expect_text(t->rows[i].group, i == 4 ? "district" : "province");
    }
    assert_int_equal(t->rows[2].counts.registered_period, 3);
    assert_int_equal(t->rows[2].counts.completed, 1);
    assert_int_equal(t->rows[2].counts.not_completed, 2);
    assert_int_equal(t->rows[4].counts.exceeded, 1);
    assert_int_equal(t->total_count, 3);
    expect_text(t->totals[0].group, "province");
    expect_text(t->totals[0].name, "Cấp tỉnh");
    assert_int_equal(t->totals[0].units, 4);
    assert_int_equal(t->totals[0].none_registered, 3);
    assert_int_equal(t->totals[0].incomplete, 1);
    assert_int_equal(t->totals[1].all_completed, 1);
    expect_text(t->totals[2].group, "");
    assert_int_equal(t->totals[2].units, 5);
    assert_int_equal(t->totals[2].counts.registered_year, 4);
    assert_int_equal(t->totals[2].counts.completed, 2);
    assert_int_equal(answer.next.size, 0);
}

static void an_earlier_table_is_folded_and_the_day_counts_whole(void **state)
{
    struct dd_question q = table("2013-06-30");
    (void)state;
    fill_cycle();
    assert_int_equal(ask(&q), DD_OK);
    assert_int_equal(answer.as.table.as_of_ms, cast_at("2013-07-01T00:00"));
    assert_int_equal(answer.as.table.rows[4].counts.completed, 0);
    assert_int_equal(answer.as.table.rows[2].counts.completed, 1);
    assert_int_equal(answer.as.table.totals[2].counts.completed, 1);
    assert_int_equal(answer.as.table.totals[2].all_completed, 0);
    assert_int_equal(answer.as.table.totals[2].incomplete, 2);
    q = table("2013-07-09");
    assert_int_equal(ask(&q), DD_OK);
    assert_int_equal(answer.as.table.rows[4].counts.completed, 0);
    q = table("2013-07-10");
    assert_int_equal(ask(&q), DD_OK);
    assert_int_equal(answer.as.table.rows[4].counts.completed, 1);
    q = table("2013-02-03");
    assert_int_equal(ask(&q), DD_OK);
    assert_int_equal(answer.as.table.totals[2].counts.registered_year, 0);
    assert_int_equal(answer.as.table.totals[2].none_registered, 5);
}

static void counting_now_and_folding_give_the_same_table(void **state)
{
    struct dd_question now = table(NULL);
    struct dd_question folded = table("2013-07-14");
    struct dd_table_answer first;
    (void)state;
    fill_cycle();
    assert_int_equal(ask(&now), DD_OK);
    first = answer.as.table;
    assert_int_equal(ask(&folded), DD_OK);
    const struct dd_table_answer *second = &answer.as.table;
    assert_int_equal(second->row_count, first.row_count);
    assert_int_equal(second->total_count, first.total_count);
    for (size_t i = 0; i < first.row_count; i++)
        assert_memory_equal(&second->rows[i].counts, &first.rows[i].counts,
                            sizeof first.rows[i].counts);
    for (size_t i = 0; i < first.total_count; i++) {
        assert_memory_equal(&second->totals[i].counts, &first.totals[i].counts,
                            sizeof first.totals[i].counts);
        assert_int_equal(second->totals[i].incomplete, first.totals[i].incomplete);
        assert_int_equal(second->totals[i].all_completed, first.totals[i].all_completed);
        assert_int_equal(second->totals[i].none_registered, first.totals[i].none_registered);
        assert_int_equal(second->totals[i].units, first.totals[i].units);
    }
}

static void a_table_comes_in_pages_with_its_sums_on_the_last(void **state)
{
    struct dd_question q = table(NULL);
    size_t rows = 0;
    size_t pages = 0;
    (void)state;
    fill_cycle();
    page_bytes = 150; /* two rows */
    do {
        assert_int_equal(ask(&q), DD_OK);
        rows += answer.as.table.row_count;
        pages++;
        assert_int_equal(answer.as.table.total_count, answer.next.size > 0 ? 0 : 3);
        q.after = answer.next;
    } while (q.after.size > 0);
    assert_int_equal(rows, 5);
    assert_int_equal(pages, 3);
    q.after = (struct dd_slice){(const uint8_t *)"\xff\xff\xff\xff", 4};
    assert_int_equal(ask(&q), DD_OK);
    assert_int_equal(answer.as.table.row_count, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_cast, close_cast)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_table_stands_by_group_and_ordinal_with_sums),
        TEST(an_earlier_table_is_folded_and_the_day_counts_whole),
        TEST(counting_now_and_folding_give_the_same_table),
        TEST(a_table_comes_in_pages_with_its_sums_on_the_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
