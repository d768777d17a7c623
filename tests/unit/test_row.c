/* Rows about dossiers, items, duties and tallies: written and read back with every field at its
 * ends, lists of items and outcomes, the order of the due index. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/row.h"
#include "tests/lib/view_naive.h"

static struct naive rows;
static struct dd_view view;
static struct dd_arena arena;

static int make(void **state)
{
    (void)state;
    rows = naive_make();
    view = naive_view(&rows);
    arena = dd_arena_make(1024 * 1024);
    return 0;
}

static int unmake(void **state)
{
    (void)state;
    naive_free(&rows);
    dd_arena_free(&arena);
    return 0;
}

static void what_is_not_there_is_not_found(void **state)
{
    struct dd_dossier_row dossier;
    struct dd_version_row version;
    struct dd_content_row content;
    struct dd_item_row item;
    struct dd_duty_row duty;
    struct dd_tally_row tally;
    struct dd_tally_row zero;
    struct dd_reminder_row reminder;
    struct dd_report_row report;
    struct dd_remembered_row remembered;
    struct dd_duty_key key = {1, 1, 0, 0, 0};
    struct dd_id id = {{0}};
    int64_t at_ms;
    (void)state;
    memset(&zero, 0, sizeof zero);
    memset(&tally, 0xa5, sizeof tally);
    assert_false(dd_get_dossier(&view, 1, 1, &dossier));
    assert_int_equal(dd_items_count(dd_get_draft(&view, 1, 1)), 0);
    assert_false(dd_get_version(&view, 1, 1, 1, &version));
    assert_false(dd_get_content(&view, 1, 1, (struct dd_item_ref){1, 1, 1}, &content));
    assert_false(dd_get_item(&view, 1, 1, 1, 1, &item));
    assert_int_equal(item.revisions, 0);
    assert_int_equal(item.in_force, 0);
    assert_int_equal(dd_outcomes_count(&item), 0);
    assert_false(dd_get_duty(&view, &key, &duty));
    assert_false(dd_next_due(&view, 0, NULL, &at_ms, &key));
    dd_get_tally(&view, 1, DD_SCOPE_ALL, 0, 0, &tally);
    assert_memory_equal(&tally, &zero, sizeof tally);
    assert_false(dd_get_reminder(&view, 1, 1, &reminder));
    assert_false(dd_get_report(&view, 1, 1, 1, 1, 1, &report));
    assert_int_equal(dd_last_report(&view, 1, 1, 1, 1, &report), 0);
    assert_false(dd_get_remembered(&view, 1, &id, &remembered));
}

static void a_dossier_comes_back(void **state)
{
    const struct dd_dossier_row row = {UINT32_MAX, 7,   DD_DOSSIER_IN_FORCE, 999, 998, 11,
                                       997,        996, UINT32_MAX - 1};
    struct dd_dossier_row read;
    (void)state;
    dd_put_dossier(&view, 1, UINT32_MAX, &row);
    assert_true(dd_get_dossier(&view, 1, UINT32_MAX, &read));
    assert_int_equal(read.approver, row.approver);
    assert_int_equal(read.group, 7);
    assert_int_equal(read.state, DD_DOSSIER_IN_FORCE);
    assert_int_equal(read.newest, 999);
    assert_int_equal(read.pending, 998);
    assert_int_equal(read.stage, 11);
    assert_int_equal(read.in_force, 997);
    assert_int_equal(read.draft_bytes, 996);
    assert_int_equal(read.keeper, UINT32_MAX - 1);
    assert_false(dd_get_dossier(&view, 2, UINT32_MAX, &read));
}

static void a_version_comes_back_with_its_reasons_and_items(void **state)
{
    static uint8_t reason[DD_REASON_BYTES_MAX];
    static uint8_t items[DD_INDICATORS_PER_DOSSIER_MAX * DD_ITEM_REF_BYTES];
    static uint8_t figures[DD_FIGURES_MAX * (10 + DD_CODE_BYTES_MAX)];
    struct dd_version_row row = {.state = DD_VERSION_APPROVED,
                                 .adjustment = true,
                                 .decided = true,
                                 .account = 3,
                                 .submitted_ms = INT64_MAX,
                                 .seq = UINT64_MAX,
                                 .ended_ms = 5,
                                 .reason = {reason, sizeof reason},
                                 .ended_reason = {reason, sizeof reason},
                                 .items = {{items, sizeof items}},
                                 .capacity = DD_CAPACITY_BY_AUTHORITY,
                                 .figures = {figures, sizeof figures}};
    struct dd_version_row read;
    (void)state;
    memset(row.content_hash, 9, sizeof row.content_hash);
    memset(reason, 'r', sizeof reason);
    dd_put_version(&view, &arena, 1, 2, 999, &row);
    assert_true(dd_get_version(&view, 1, 2, 999, &read));
    assert_memory_equal(read.content_hash, row.content_hash, sizeof row.content_hash);
    assert_int_equal(read.state, DD_VERSION_APPROVED);
    assert_true(read.adjustment && read.decided);
    assert_int_equal(read.account, 3);
    assert_int_equal(read.submitted_ms, INT64_MAX);
    assert_int_equal(read.seq, UINT64_MAX);
    assert_int_equal(read.ended_ms, 5);
    assert_true(dd_slice_equal(read.reason, row.reason));
    assert_true(dd_slice_equal(read.ended_reason, row.ended_reason));
    assert_true(dd_slice_equal(read.items.bytes, row.items.bytes));
    assert_int_equal(read.capacity, DD_CAPACITY_BY_AUTHORITY);
    assert_true(dd_slice_equal(read.figures, row.figures));
}

static void content_comes_back_with_all_it_says(void **state)
{
    static uint8_t text[DD_TITLE_BYTES_MAX];
    const struct dd_content_row row = {.kind = 7,
                                       .title = {text, sizeof text},
                                       .unit_of_measure = {text, DD_UOM_BYTES_MAX},
                                       .has_target = true,
                                       .target = {INT64_MIN, 6},
                                       .due_day = -1,
                                       .code = {text, DD_CODE_BYTES_MAX},
                                       .start_day = INT32_MIN,
                                       .has_baseline = true,
                                       .baseline = {INT64_MAX, 5},
                                       .direction = DD_DIRECTION_YES_NO,
                                       .partners = {text, 4 * DD_PARTNERS_MAX}};
    struct dd_content_row read;
    const struct dd_item_ref ref = {9999, 9999, 60000};
    (void)state;
    memset(text, 't', sizeof text);
    dd_put_content(&view, 1, 2, ref, &row);
    assert_true(dd_get_content(&view, 1, 2, ref, &read));
    assert_int_equal(read.kind, 7);
    assert_true(dd_slice_equal(read.title, row.title));
    assert_true(dd_slice_equal(read.unit_of_measure, row.unit_of_measure));
    assert_true(read.has_target && read.has_baseline);
    assert_int_equal(read.target.mantissa, INT64_MIN);
    assert_int_equal(read.target.scale, 6);
    assert_int_equal(read.due_day, -1);
    assert_true(dd_slice_equal(read.code, row.code));
    assert_int_equal(read.start_day, INT32_MIN);
    assert_int_equal(read.baseline.mantissa, INT64_MAX);
    assert_int_equal(read.baseline.scale, 5);
    assert_int_equal(read.direction, DD_DIRECTION_YES_NO);
    assert_true(dd_slice_equal(read.partners, row.partners));
}

static void a_target_or_baseline_that_is_missing_is_no_number(void **state)
{
    const struct dd_item_ref ref = {1, 1, 1};
    struct dd_content_row row = {.kind = 1, .target = {5, 1}, .baseline = {6, 2}};
    struct dd_content_row read;
    (void)state;
    row.has_baseline = true;
    dd_put_content(&view, 1, 2, ref, &row);
    assert_true(dd_get_content(&view, 1, 2, ref, &read));
    assert_false(read.has_target);
    assert_int_equal(read.target.mantissa, 0);
    assert_int_equal(read.target.scale, 0);
    assert_int_equal(read.baseline.mantissa, 6);
    row.has_target = true;
    row.has_baseline = false;
    dd_put_content(&view, 1, 2, ref, &row);
    assert_true(dd_get_content(&view, 1, 2, ref, &read));
    assert_int_equal(read.target.mantissa, 5);
    assert_false(read.has_baseline);
    assert_int_equal(read.baseline.mantissa, 0);
    assert_int_equal(read.baseline.scale, 0);
    assert_int_equal(read.partners.size, 0);
}

static void an_item_gathers_its_outcomes_in_order(void **state)
{
    struct dd_item_row item = {.revisions = 3, .in_force = 2};
    (void)state;
    for (unsigned i = 0; i < 1000; i++) {
        const struct dd_outcome_fact fact = {(enum dd_outcome)(1 + i % 5), -(int32_t)i, 100 + 2 * i,
                                             i};
        dd_arena_reset(&arena);
        dd_put_item(&view, 1, 2, 3, 4, &item, &fact);
        assert_true(dd_get_item(&view, 1, 2, 3, 4, &item));
    }
    assert_int_equal(dd_outcomes_count(&item), 1000);
    assert_int_equal(item.revisions, 3);
    assert_int_equal(item.in_force, 2);
    struct dd_outcome_fact fact = dd_outcomes_at(&item, 999);
    assert_int_equal(fact.outcome, 5);
    assert_int_equal(fact.day, -999);
    assert_int_equal(fact.received_ms, 2098);
    assert_int_equal(fact.seq, 999);
    assert_int_equal(dd_outcome_latest(&item, INT64_MAX).seq, 999);
    assert_int_equal(dd_outcome_latest(&item, 2098).seq, 998);
    assert_int_equal(dd_outcome_latest(&item, 2099).seq, 999);
    assert_int_equal(dd_outcome_latest(&item, 101).seq, 0);
    assert_int_equal(dd_outcome_latest(&item, 101).outcome, 1);
    assert_int_equal(dd_outcome_latest(&item, 100).outcome, 0);
}

static void a_duty_comes_back(void **state)
{
    const struct dd_duty_key key = {1, 2, 3, 4, 5};
    const struct dd_duty_row row = {INT32_MAX, INT64_MAX, 1,         DD_END_LAPSED, 2,        3,
                                    12,        INT64_MAX, UINT8_MAX, true,          INT32_MIN};
    struct dd_duty_row read;
    (void)state;
    dd_put_duty(&view, &key, &row);
    assert_true(dd_get_duty(&view, &key, &read));
    assert_int_equal(read.last_day, INT32_MAX);
    assert_int_equal(read.bound_ms, INT64_MAX);
    assert_int_equal(read.arose_ms, 1);
    assert_int_equal(read.end, DD_END_LAPSED);
    assert_int_equal(read.ended_ms, 2);
    assert_int_equal(read.ended_seq, 3);
    assert_int_equal(read.next_rung, 12);
    assert_int_equal(read.next_at_ms, INT64_MAX);
    assert_int_equal(read.extensions, UINT8_MAX);
    assert_true(read.suspended);
    assert_int_equal(read.left_days, INT32_MIN);
}

static void what_is_due_comes_by_instant_then_by_duty(void **state)
{
    static const struct dd_duty_key keys[] = {
        {1, 1, 0, 0, 1}, {1, 1, 0, 1, 0}, {1, 1, 1, 0, 0}, {1, 2, 0, 0, 0}, {2, 1, 0, 0, 0}};
    struct dd_duty_key key;
    int64_t at_ms;
    (void)state;
    for (size_t i = 0; i < 5; i++)
        dd_put_due(&view, 200, &keys[4 - i]);
    dd_put_due(&view, 199, &keys[4]);
    assert_true(dd_next_due(&view, 0, NULL, &at_ms, &key));
    assert_int_equal(at_ms, 199);
    for (size_t i = 0; i < 5; i++) {
        assert_true(dd_next_due(&view, 200, i == 0 ? NULL : &keys[i], &at_ms, &key));
        assert_int_equal(at_ms, 200);
        assert_int_equal(key.cycle, keys[i].cycle);
        assert_int_equal(key.unit, keys[i].unit);
        assert_int_equal(key.stage, keys[i].stage);
        assert_int_equal(key.a, keys[i].a);
        assert_int_equal(key.b, keys[i].b);
    }
    dd_del_due(&view, 200, &keys[4]);
    assert_false(dd_next_due(&view, 200, &keys[4], &at_ms, &key));
    dd_del_due(&view, 200, &keys[4]); /* removing none is fine */
    assert_int_equal(naive_count(&rows, DD_TABLE_DUE), 5);
}

static void tallies_and_reminders_come_back(void **state)
{
    const struct dd_tally_row tally = {{1, -2, INT64_MAX, INT64_MIN, 5, 6}, 7, 8, 9, UINT32_MAX};
    const struct dd_reminder_row reminder = {{1, 2, 3, 4, 5}, -120, true, 6, INT64_MAX, 8};
    struct dd_tally_row tally_read;
    struct dd_reminder_row reminder_read;
    (void)state;
    dd_put_tally(&view, 1, DD_SCOPE_GROUP, 64, 15, &tally);
    dd_get_tally(&view, 1, DD_SCOPE_GROUP, 64, 15, &tally_read);
    assert_memory_equal(&tally_read, &tally, sizeof tally);
    dd_get_tally(&view, 1, DD_SCOPE_UNIT, 64, 15, &tally_read);
    assert_int_equal(tally_read.units, 0);
    dd_put_reminder(&view, UINT64_MAX, 255, &reminder);
    assert_true(dd_get_reminder(&view, UINT64_MAX, 255, &reminder_read));
    assert_int_equal(reminder_read.duty.b, 5);
    assert_int_equal(reminder_read.rung, -120);
    assert_true(reminder_read.superior);
    assert_int_equal(reminder_read.bound_ms, INT64_MAX);
    assert_int_equal(reminder_read.delivered_ms, 8);
}

static void a_report_comes_back_with_a_full_form_of_figures(void **state)
{
    static uint8_t figures[DD_FIGURES_MAX * (DD_CODE_BYTES_MAX + 16)];
    const struct dd_report_row row = {.received_ms = 1,
                                      .seq = UINT64_MAX,
                                      .account = 3,
                                      .capacity = DD_CAPACITY_FOR_COLLECTIVE,
                                      .delegation = DD_DELEGATIONS_PER_UNIT_MAX,
                                      .figures = {figures, sizeof figures}};
    struct dd_report_row read;
    (void)state;
    memset(figures, 'f', sizeof figures);
    dd_put_report(&view, 1, 2, 23, UINT16_MAX, 999, &row);
    assert_true(dd_get_report(&view, 1, 2, 23, UINT16_MAX, 999, &read));
    assert_int_equal(read.received_ms, 1);
    assert_int_equal(read.seq, UINT64_MAX);
    assert_int_equal(read.account, 3);
    assert_int_equal(read.capacity, DD_CAPACITY_FOR_COLLECTIVE);
    assert_int_equal(read.delegation, DD_DELEGATIONS_PER_UNIT_MAX);
    assert_true(dd_slice_equal(read.figures, row.figures));
    assert_false(dd_get_report(&view, 1, 2, 22, UINT16_MAX, 999, &read));
    assert_false(dd_get_report(&view, 1, 2, 23, UINT16_MAX - 1, 999, &read));
}

static void the_last_report_is_found_whatever_their_number(void **state)
{
    struct dd_report_row row = {.received_ms = 0};
    struct dd_report_row read = {.seq = 77};
    (void)state;
    dd_put_report(&view, 1, 2, 4, 5, 1, &row); /* of the stages and periods beside it */
    dd_put_report(&view, 1, 2, 3, 6, 1, &row);
    assert_int_equal(dd_last_report(&view, 1, 2, 3, 5, &read), 0);
    assert_int_equal(read.seq, 77);
    for (uint16_t i = 1; i <= 999; i++) {
        row.seq = i;
        dd_put_report(&view, 1, 2, 3, 5, i, &row);
        assert_int_equal(dd_last_report(&view, 1, 2, 3, 5, &read), i);
        assert_int_equal(read.seq, i);
    }
}

static void an_item_is_found_or_its_place_is(void **state)
{
    uint8_t bytes[3 * DD_ITEM_REF_BYTES];
    struct dd_item_list list = {{bytes, sizeof bytes}};
    bool found;
    (void)state;
    dd_items_set(bytes, 0, (struct dd_item_ref){1, 2, 9});
    dd_items_set(bytes, 1, (struct dd_item_ref){1, 300, 9});
    dd_items_set(bytes, 2, (struct dd_item_ref){9999, 1, 60000});
    assert_int_equal(dd_items_find(list, 1, 1, &found), 0);
    assert_false(found);
    assert_int_equal(dd_items_find(list, 1, 2, &found), 0);
    assert_true(found);
    assert_int_equal(dd_items_find(list, 1, 3, &found), 1);
    assert_false(found);
    assert_int_equal(dd_items_find(list, 1, 300, &found), 1);
    assert_true(found);
    assert_int_equal(dd_items_find(list, 2, 1, &found), 2);
    assert_false(found);
    assert_int_equal(dd_items_find(list, 9999, 1, &found), 2);
    assert_true(found);
    assert_int_equal(dd_items_find(list, 9999, 2, &found), 3);
    assert_false(found);
    assert_int_equal(dd_items_at(list, 2).revision, 60000);
    list.bytes.size = 0;
    assert_int_equal(dd_items_find(list, 1, 1, &found), 0);
    assert_false(found);
}

static void a_draft_may_be_empty(void **state)
{
    uint8_t bytes[DD_ITEM_REF_BYTES];
    struct dd_item_list list = {{bytes, sizeof bytes}};
    (void)state;
    dd_items_set(bytes, 0, (struct dd_item_ref){1, 2, 3});
    dd_put_draft(&view, 1, 2, list);
    assert_int_equal(dd_items_count(dd_get_draft(&view, 1, 2)), 1);
    list.bytes.size = 0;
    dd_put_draft(&view, 1, 2, list);
    assert_int_equal(dd_items_count(dd_get_draft(&view, 1, 2)), 0);
}

static void an_acceptance_takes_two_bytes_and_a_refusal_all_it_says(void **state)
{
    uint8_t bytes[512];
    struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
    struct dd_refusal refusal = {.status = DD_OK};
    struct dd_refusal read;
    (void)state;
    dd_refusal_write(&w, &refusal);
    assert_int_equal(w.at, 2);
    struct dd_reader r = dd_reader_make(dd_writer_slice(&w));
    dd_refusal_read(&r, &read);
    assert_true(dd_reader_done(&r));
    assert_memory_equal(&read, &refusal, sizeof read);
    w = dd_writer_make(bytes, sizeof bytes);
    dd_refuse_text(&refusal, DD_REFUSED, DD_RULE_NO_SUCH_UNIT, "unit", dd_slice_of("ở đâu"));
    dd_refusal_write(&w, &refusal);
    r = dd_reader_make(dd_writer_slice(&w));
    dd_refusal_read(&r, &read);
    assert_true(dd_reader_done(&r));
    assert_memory_equal(&read, &refusal, sizeof read);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, unmake)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_not_there_is_not_found),
        TEST(a_dossier_comes_back),
        TEST(a_version_comes_back_with_its_reasons_and_items),
        TEST(content_comes_back_with_all_it_says),
        TEST(a_target_or_baseline_that_is_missing_is_no_number),
        TEST(an_item_gathers_its_outcomes_in_order),
        TEST(a_duty_comes_back),
        TEST(what_is_due_comes_by_instant_then_by_duty),
        TEST(tallies_and_reminders_come_back),
        TEST(a_report_comes_back_with_a_full_form_of_figures),
        TEST(the_last_report_is_found_whatever_their_number),
        TEST(an_item_is_found_or_its_place_is),
        TEST(a_draft_may_be_empty),
        TEST(an_acceptance_takes_two_bytes_and_a_refusal_all_it_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
