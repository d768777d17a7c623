/* Applying in general: the memory of answers, what a refusal leaves, replay, the marks of the
 * notifier. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/hash.h"
#include "tests/lib/cast.h"

static struct cast cast;

#define OK(call) CAST_OK(&cast, call)

static int open_cast(void **state)
{
    (void)state;
    cast_ready(&cast, 2);
    return 0;
}

static int close_cast(void **state)
{
    (void)state;
    cast_free(&cast);
    return 0;
}

static const struct dd_id id = {{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}};

static struct dd_command report(const char *unit)
{
    struct dd_command c = {.id = id, .kind = DD_COMMAND_SUBMIT};
    c.as.submit = (struct dd_submit){.cycle = dd_slice_of("key-tasks/2013"),
                                     .unit = dd_slice_of(unit),
                                     .what = DD_SUBMISSION_REPORT,
                                     .report = dd_slice_of("H1")};
    return c;
}

static void an_accepted_command_is_remembered_under_its_account_and_id(void **state)
{
    struct dd_command c = report("a1");
    struct dd_remembered_row row;
    uint8_t hash[32];
    (void)state;
    assert_false(dd_get_remembered(&cast.view, cast_head(CAST_A1), &id, &row));
    OK(cast_do(&cast, cast_head(CAST_A1), cast_at("2013-06-24T09:00"), &c));
    assert_true(dd_get_remembered(&cast.view, cast_head(CAST_A1), &id, &row));
    assert_int_equal(row.seq, cast.entry.seq);
    assert_int_equal(row.refusal.status, DD_OK);
    dd_sha256(cast.entry.command, hash);
    assert_memory_equal(row.command_hash, hash, sizeof row.command_hash);
    assert_false(dd_get_remembered(&cast.view, cast_head(CAST_A2), &id, &row));
}

static void a_refusal_changes_nothing_but_the_memory_and_keeps_its_reason(void **state)
{
    struct dd_command c = report("a9");
    struct dd_remembered_row row;
    size_t before[DD_TABLE_END];
    (void)state;
    memcpy(before, cast.rows.writes, sizeof before);
    CAST_NO(&cast, DD_REFUSED, NO_SUCH_UNIT,
            cast_do(&cast, cast_head(CAST_A1), cast_at("2013-06-24T09:00"), &c));
    for (size_t table = 1; table < DD_TABLE_END; table++)
        assert_int_equal(cast.rows.writes[table], before[table] + (table == DD_TABLE_REMEMBERED));
    assert_true(dd_get_remembered(&cast.view, cast_head(CAST_A1), &id, &row));
    assert_memory_equal(&row.refusal, &cast.refusal, sizeof row.refusal);
    assert_string_equal(row.refusal.param[0], "a9");
    assert_string_equal(row.refusal.field, "unit");
}

static void the_longest_refusal_is_remembered_whole(void **state)
{
    struct dd_remembered_row row = {.seq = UINT64_MAX};
    struct dd_remembered_row read;
    (void)state;
    dd_refuse(&row.refusal, DD_FORBIDDEN, DD_RULE_NO_OFFICE, NULL);
    memset(row.refusal.field, 'f', DD_FIELD_PATH_BYTES_MAX);
    memset(row.refusal.param[0], 'p', DD_PARAM_BYTES_MAX);
    memset(row.refusal.param[1], 'q', DD_PARAM_BYTES_MAX);
    dd_put_remembered(&cast.view, 5, &id, &row);
    assert_true(dd_get_remembered(&cast.view, 5, &id, &read));
    assert_memory_equal(&read.refusal, &row.refusal, sizeof read.refusal);
}

static void the_broker_s_ticks_are_not_remembered(void **state)
{
    size_t before = naive_count(&cast.rows, DD_TABLE_REMEMBERED);
    (void)state;
    assert_true(cast_tick(&cast, cast_at("2013-01-18T08:00")) > 0);
    assert_int_equal(naive_count(&cast.rows, DD_TABLE_REMEMBERED), before);
}

static void a_replayed_log_gives_equal_rows_at_every_entry(void **state)
{
    struct naive rows = naive_make();
    struct dd_view view = naive_view(&rows);
    uint8_t digest[32];
    uint8_t again[32];
    (void)state;
    cast_bring_in_force(&cast, CAST_A1, 3, "2013-05-31");
    OK(cast_register(&cast, cast_head(CAST_A1), "2013-03-01T09:00", "a1", 2, "common", 2,
                     "2013-09-30"));
    OK(cast_submit(&cast, cast_head(CAST_A1), "2013-03-01T09:00", "a1", "điều chỉnh"));
    OK(cast_agree(&cast, CAST_CHAIR, "2013-03-05T09:00", "a1", 2));
    OK(cast_progress(&cast, cast_head(CAST_A1), "2013-05-05T09:00", "a1", 2, 1,
                     DD_OUTCOME_COMPLETED, "2013-05-01"));
    (void)cast_time(&cast, "2013-07-01T00:00");
    OK(cast_close(&cast, "2013-12-31T17:00"));
    cast_replay(&cast, &view);
    if (!naive_equal(&rows, &cast.rows))
        naive_explain(&cast.rows, &rows);
    assert_true(naive_equal(&rows, &cast.rows));
    naive_digest(&rows, digest);
    naive_digest(&cast.rows, again);
    assert_memory_equal(digest, again, sizeof digest);
    struct dd_meta_row meta;
    assert_true(dd_get_meta(&view, &meta));
    meta.units++;
    dd_put_meta(&view, &meta);
    naive_digest(&rows, again);
    assert_memory_not_equal(digest, again, sizeof digest);
    naive_free(&rows);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_cast, close_cast)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_accepted_command_is_remembered_under_its_account_and_id),
        TEST(a_refusal_changes_nothing_but_the_memory_and_keeps_its_reason),
        TEST(the_longest_refusal_is_remembered_whole),
        TEST(the_broker_s_ticks_are_not_remembered),
        TEST(a_replayed_log_gives_equal_rows_at_every_entry),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
