/* Rows about matters and what is signed round them: written and read back with every field at its
 * ends, which delegation is live, which publication a number names, where an item stands. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/row_matter.h"
#include "tests/lib/view_naive.h"

static struct naive rows;
static struct dd_view view;
static struct dd_arena arena;
static uint8_t letters[DD_REASON_BYTES_MAX];

#define LETTERS(size) ((struct dd_slice){letters, (size)})

static int make(void **state)
{
    (void)state;
    rows = naive_make();
    view = naive_view(&rows);
    arena = dd_arena_make(4 * 1024 * 1024);
    memset(letters, 'x', sizeof letters);
    return 0;
}

static int unmake(void **state)
{
    (void)state;
    naive_free(&rows);
    dd_arena_free(&arena);
    return 0;
}

static void expect_text(struct dd_slice read, struct dd_slice written)
{
    assert_true(dd_slice_equal(read, written));
}

static void what_is_not_there_is_not_found(void **state)
{
    struct dd_matter_row matter;
    struct dd_answer_row answer = {.seq = 77};
    struct dd_delegation_row delegation;
    struct dd_publication_row publication;
    struct dd_place places[DD_PLACES_PER_ITEM_MAX];
    const struct dd_slice a = dd_slice_of("a");
    (void)state;
    assert_false(dd_get_matter(&view, 1, 1, &matter));
    assert_false(dd_get_answer(&view, 1, 1, 0, 1, 1, &answer));
    assert_int_equal(dd_last_answer(&view, 1, 1, 0, 1, &answer), 0);
    assert_int_equal(answer.seq, 77);
    assert_false(dd_get_delegation(&view, 1, 1, &delegation));
    assert_int_equal(dd_delegation_count(&view, 1), 0);
    assert_int_equal(dd_delegation_live(&view, 1, 1, a, 0), 0);
    assert_false(dd_get_publication(&view, 1, &publication));
    assert_int_equal(dd_publication_number(&view, a, a), 0);
    assert_int_equal(dd_get_places(&view, a, places), 0);
    assert_int_equal(dd_get_places(&view, dd_slice_of(""), places), 0);
}

static void expect_matter(const struct dd_matter_row *read, const struct dd_matter_row *row)
{
    assert_int_equal(read->kind, row->kind);
    expect_text(read->code, row->code);
    expect_text(read->title, row->title);
    expect_text(read->notice, row->notice);
    assert_int_equal(read->owner, row->owner);
    assert_int_equal(read->opener, row->opener);
    assert_int_equal(read->approver, row->approver);
    assert_int_equal(read->capacity, row->capacity);
    assert_int_equal(read->opened_ms, row->opened_ms);
    assert_int_equal(read->seq, row->seq);
    assert_int_equal(read->word, row->word);
    assert_int_equal(read->due_day, row->due_day);
    assert_int_equal(read->at_ms, row->at_ms);
    assert_int_equal(read->parent, row->parent);
    assert_int_equal(read->open, row->open);
    assert_int_equal(read->stage, row->stage);
    assert_int_equal(read->revision, row->revision);
    assert_int_equal(read->verdict, row->verdict);
    assert_int_equal(read->decided_by, row->decided_by);
    assert_int_equal(read->decided_ms, row->decided_ms);
    assert_int_equal(read->decided_seq, row->decided_seq);
    expect_text(read->reason, row->reason);
    expect_text(read->asked, row->asked);
    expect_text(read->partners, row->partners);
}

static void the_largest_matter_comes_back(void **state)
{
    static uint8_t asked[4 * 10000]; /* every party of a country */
    const struct dd_matter_row row = {.kind = 7,
                                      .code = LETTERS(DD_CODE_BYTES_MAX),
                                      .title = LETTERS(DD_TITLE_BYTES_MAX),
                                      .notice = LETTERS(DD_NAME_BYTES_MAX),
                                      .owner = UINT32_MAX,
                                      .opener = UINT32_MAX - 1,
                                      .approver = UINT32_MAX - 2,
                                      .capacity = DD_CAPACITY_FOR_COLLECTIVE,
                                      .opened_ms = INT64_MAX,
                                      .seq = UINT64_MAX,
                                      .word = DD_WORD_ON,
                                      .due_day = INT32_MAX,
                                      .at_ms = INT64_MIN,
                                      .parent = 9998,
                                      .open = UINT32_MAX - 3,
                                      .stage = 23,
                                      .revision = UINT16_MAX,
                                      .verdict = DD_VERDICT_IN_PRINCIPLE,
                                      .decided_by = UINT32_MAX - 4,
                                      .decided_ms = INT64_MAX - 1,
                                      .decided_seq = UINT64_MAX - 1,
                                      .reason = LETTERS(DD_REASON_BYTES_MAX),
                                      .asked = {asked, sizeof asked},
                                      .partners = LETTERS(4 * DD_PARTNERS_MAX)};
    struct dd_matter_row read;
    (void)state;
    memset(asked, 'a', sizeof asked);
    dd_put_matter(&view, &arena, 3, DD_MATTERS_PER_CYCLE_MAX, &row);
    assert_true(dd_get_matter(&view, 3, DD_MATTERS_PER_CYCLE_MAX, &read));
    expect_matter(&read, &row);
    assert_false(dd_get_matter(&view, 3, DD_MATTERS_PER_CYCLE_MAX - 1, &read));
    assert_false(dd_get_matter(&view, 2, DD_MATTERS_PER_CYCLE_MAX, &read));
}

static void a_matter_that_says_little_comes_back(void **state)
{
    const struct dd_matter_row row = {.kind = 1, .owner = 2, .due_day = INT32_MAX};
    struct dd_matter_row read;
    (void)state;
    memset(&read, 0xa5, sizeof read);
    dd_put_matter(&view, &arena, 1, 1, &row);
    assert_true(dd_get_matter(&view, 1, 1, &read));
    expect_matter(&read, &row);
}

static void an_answer_comes_back(void **state)
{
    const struct dd_answer_row row = {.choice = DD_CHOICES_MAX,
                                      .received_ms = INT64_MAX,
                                      .seq = UINT64_MAX,
                                      .account = UINT32_MAX,
                                      .capacity = DD_CAPACITY_BY_AUTHORITY,
                                      .delegation = DD_DELEGATIONS_PER_UNIT_MAX,
                                      .figures = LETTERS(DD_REASON_BYTES_MAX),
                                      .note = LETTERS(DD_REASON_BYTES_MAX - 1)};
    struct dd_answer_row read;
    (void)state;
    dd_put_answer(&view, &arena, 1, 9999, 23, UINT32_MAX, DD_ANSWERS_PER_UNIT_MAX, &row);
    assert_true(dd_get_answer(&view, 1, 9999, 23, UINT32_MAX, DD_ANSWERS_PER_UNIT_MAX, &read));
    assert_int_equal(read.choice, DD_CHOICES_MAX);
    assert_int_equal(read.received_ms, INT64_MAX);
    assert_int_equal(read.seq, UINT64_MAX);
    assert_int_equal(read.account, UINT32_MAX);
    assert_int_equal(read.capacity, DD_CAPACITY_BY_AUTHORITY);
    assert_int_equal(read.delegation, DD_DELEGATIONS_PER_UNIT_MAX);
    expect_text(read.figures, row.figures);
    expect_text(read.note, row.note);
    assert_false(dd_get_answer(&view, 1, 9999, 22, UINT32_MAX, DD_ANSWERS_PER_UNIT_MAX, &read));
}

static void the_last_answer_is_that_of_the_unit_and_the_stage(void **state)
{
    struct dd_answer_row row = {.choice = 1};
    struct dd_answer_row read;
    (void)state;
    dd_put_answer(&view, &arena, 1, 2, 3, 5, 1, &row);
    dd_put_answer(&view, &arena, 1, 2, 4, 4, 1, &row);
    dd_put_answer(&view, &arena, 1, 3, 3, 4, 1, &row);
    assert_int_equal(dd_last_answer(&view, 1, 2, 3, 4, &read), 0);
    for (uint16_t i = 1; i <= DD_ANSWERS_PER_UNIT_MAX; i++) {
        row.seq = i;
        dd_put_answer(&view, &arena, 1, 2, 3, 4, i, &row);
        assert_int_equal(dd_last_answer(&view, 1, 2, 3, 4, &read), i);
        assert_int_equal(read.seq, i);
    }
}

enum { UNIT = 6, HEAD = 1, DEPUTY = 2, OFFICER = 3 };

static void delegate(uint16_t number, uint32_t to, int32_t from_day, int32_t to_day,
                     const char *stages)
{
    const struct dd_delegation_row row = {HEAD,   to,          from_day,
                                          to_day, 70 + number, dd_slice_of(stages)};
    dd_put_delegation(&view, &arena, UNIT, number, &row);
}

static uint16_t live(uint32_t account, const char *stage, int32_t day)
{
    return dd_delegation_live(&view, UNIT, account, dd_slice_of(stage), day);
}

static void a_delegation_comes_back(void **state)
{
    struct dd_delegation_row row = {.from = UINT32_MAX,
                                    .to = UINT32_MAX - 1,
                                    .from_day = INT32_MIN,
                                    .to_day = INT32_MAX,
                                    .seq = UINT64_MAX,
                                    .stages = LETTERS(DD_STAGES_MAX * (1 + DD_CODE_BYTES_MAX))};
    struct dd_delegation_row read;
    (void)state;
    dd_put_delegation(&view, &arena, UINT32_MAX, DD_DELEGATIONS_PER_UNIT_MAX, &row);
    assert_true(dd_get_delegation(&view, UINT32_MAX, DD_DELEGATIONS_PER_UNIT_MAX, &read));
    assert_int_equal(read.from, UINT32_MAX);
    assert_int_equal(read.to, UINT32_MAX - 1);
    assert_int_equal(read.from_day, INT32_MIN);
    assert_int_equal(read.to_day, INT32_MAX);
    assert_int_equal(read.seq, UINT64_MAX);
    expect_text(read.stages, row.stages);
}

static void a_delegation_lives_from_its_first_to_its_last_day(void **state)
{
    (void)state;
    delegate(1, DEPUTY, 100, 110, "");
    assert_int_equal(live(DEPUTY, "monthly", 99), 0);
    assert_int_equal(live(DEPUTY, "monthly", 100), 1);
    assert_int_equal(live(DEPUTY, "monthly", 110), 1);
    assert_int_equal(live(DEPUTY, "monthly", 111), 0);
    assert_int_equal(live(OFFICER, "monthly", 105), 0);
    assert_int_equal(live(HEAD, "monthly", 105), 0);
    assert_int_equal(dd_delegation_live(&view, UNIT + 1, DEPUTY, dd_slice_of("monthly"), 105), 0);
    delegate(1, DEPUTY, 100, 99, ""); /* ended on its first day */
    assert_int_equal(live(DEPUTY, "monthly", 99), 0);
    assert_int_equal(live(DEPUTY, "monthly", 100), 0);
}

static void a_delegation_is_for_the_stages_that_it_names(void **state)
{
    (void)state;
    delegate(1, DEPUTY, 100, 110, "\7monthly\7opinion");
    assert_int_equal(live(DEPUTY, "monthly", 100), 1);
    assert_int_equal(live(DEPUTY, "opinion", 100), 1);
    assert_int_equal(live(DEPUTY, "month", 100), 0);
    assert_int_equal(live(DEPUTY, "opinions", 100), 0);
    assert_int_equal(live(DEPUTY, "", 100), 0);
    delegate(1, DEPUTY, 100, 110, "\7month"); /* cut bytes name no stage */
    assert_int_equal(live(DEPUTY, "month", 100), 0);
    assert_int_equal(live(DEPUTY, "", 100), 0);
}

static void of_several_delegations_the_newest_that_fits_is_taken(void **state)
{
    (void)state;
    delegate(1, DEPUTY, 100, 200, "");
    delegate(2, OFFICER, 100, 200, "");
    delegate(3, DEPUTY, 150, 160, "\7opinion");
    assert_int_equal(dd_delegation_count(&view, UNIT), 3);
    assert_int_equal(live(DEPUTY, "opinion", 149), 1);
    assert_int_equal(live(DEPUTY, "opinion", 150), 3);
    assert_int_equal(live(DEPUTY, "monthly", 150), 1);
    assert_int_equal(live(OFFICER, "opinion", 150), 2);
    delegate(4, DEPUTY, 100, 200, "");
    assert_int_equal(live(DEPUTY, "opinion", 150), 4);
}

static void a_publication_comes_back(void **state)
{
    struct dd_publication_row row = {.unit = UINT32_MAX,
                                     .number = LETTERS(DD_NAME_BYTES_MAX),
                                     .issue = DD_ISSUE_CONCLUSION,
                                     .title = LETTERS(DD_TITLE_BYTES_MAX),
                                     .day = INT32_MIN,
                                     .cycle = LETTERS(2 * DD_CODE_BYTES_MAX + 1),
                                     .period = LETTERS(DD_CODE_BYTES_MAX),
                                     .as_of_day = INT32_MAX,
                                     .at_seq = UINT64_MAX,
                                     .size_bytes = UINT64_MAX - 1,
                                     .type = LETTERS(DD_UOM_BYTES_MAX),
                                     .corrects = UINT32_MAX - 1,
                                     .corrected_by = UINT32_MAX - 2,
                                     .seq = UINT64_MAX - 2,
                                     .issued_ms = INT64_MIN,
                                     .account = UINT32_MAX - 3,
                                     .capacity = DD_CAPACITY_FOR_HEAD};
    struct dd_publication_row read;
    (void)state;
    memset(row.sha256, 0x5a, sizeof row.sha256);
    dd_put_publication(&view, &arena, UINT32_MAX, &row);
    assert_true(dd_get_publication(&view, UINT32_MAX, &read));
    assert_int_equal(read.unit, row.unit);
    expect_text(read.number, row.number);
    assert_int_equal(read.issue, DD_ISSUE_CONCLUSION);
    expect_text(read.title, row.title);
    assert_int_equal(read.day, INT32_MIN);
    expect_text(read.cycle, row.cycle);
    expect_text(read.period, row.period);
    assert_int_equal(read.as_of_day, INT32_MAX);
    assert_int_equal(read.at_seq, UINT64_MAX);
    assert_memory_equal(read.sha256, row.sha256, sizeof row.sha256);
    assert_int_equal(read.size_bytes, row.size_bytes);
    expect_text(read.type, row.type);
    assert_int_equal(read.corrects, row.corrects);
    assert_int_equal(read.corrected_by, row.corrected_by);
    assert_int_equal(read.seq, row.seq);
    assert_int_equal(read.issued_ms, INT64_MIN);
    assert_int_equal(read.account, row.account);
    assert_int_equal(read.capacity, DD_CAPACITY_FOR_HEAD);
}

static void a_publication_is_known_by_unit_and_number(void **state)
{
    const struct dd_slice snv = dd_slice_of("so-noi-vu");
    const struct dd_slice number = dd_slice_of("12/BC-SNV");
    (void)state;
    dd_put_publication_number(&view, snv, number, 7);
    assert_int_equal(dd_publication_number(&view, snv, number), 7);
    assert_int_equal(dd_publication_number(&view, snv, dd_slice_of("12/BC")), 0);
    assert_int_equal(dd_publication_number(&view, dd_slice_of("so-noi"), number), 0);
}

static void a_number_of_a_publication_fits_up_to_the_longest_key_and_not_beyond(void **state)
{
    const size_t longest = DD_KEY_BYTES_MAX - 1 - DD_CODE_BYTES_MAX - 1;
    (void)state;
    dd_put_publication_number(&view, LETTERS(DD_CODE_BYTES_MAX), LETTERS(longest), 7);
    assert_int_equal(dd_publication_number(&view, LETTERS(DD_CODE_BYTES_MAX), LETTERS(longest)), 7);
    assert_int_equal(dd_publication_number(&view, LETTERS(DD_CODE_BYTES_MAX), LETTERS(longest + 1)),
                     0);
}

static void an_item_stands_in_as_many_places_as_a_row_holds(void **state)
{
    struct dd_place written[DD_PLACES_PER_ITEM_MAX];
    struct dd_place read[DD_PLACES_PER_ITEM_MAX];
    const struct dd_slice code = dd_slice_of("de-an.7");
    (void)state;
    for (uint32_t i = 0; i < DD_PLACES_PER_ITEM_MAX; i++)
        written[i] = (struct dd_place){UINT32_MAX - i, i, (uint16_t)(9999 - i), (uint16_t)i};
    for (size_t count = 1; count <= DD_PLACES_PER_ITEM_MAX; count++) {
        dd_put_places(&view, code, written, count);
        assert_int_equal(dd_get_places(&view, code, read), count);
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(read[i].cycle, written[i].cycle);
            assert_int_equal(read[i].unit, written[i].unit);
            assert_int_equal(read[i].task, written[i].task);
            assert_int_equal(read[i].indicator, written[i].indicator);
        }
    }
    assert_int_equal(dd_get_places(&view, dd_slice_of("de-an.70"), read), 0);
    dd_put_places(&view, code, written, 0);
    assert_int_equal(dd_get_places(&view, code, read), 0);
    assert_int_equal(naive_count(&rows, DD_TABLE_PLACES), 0);
}

static void a_list_of_units_is_big_endian_numbers(void **state)
{
    const uint8_t bytes[] = {0, 0, 0, 1, 0xff, 0xfe, 0xfd, 0xfc, 0, 0, 1, 0};
    const struct dd_slice units = {bytes, sizeof bytes};
    const struct dd_slice none = {NULL, 0};
    (void)state;
    assert_int_equal(dd_units_count(units), 3);
    assert_int_equal(dd_units_at(units, 0), 1);
    assert_int_equal(dd_units_at(units, 1), 0xfffefdfc);
    assert_int_equal(dd_units_at(units, 2), 256);
    assert_true(dd_units_hold(units, 1));
    assert_true(dd_units_hold(units, 256));
    assert_false(dd_units_hold(units, 0));
    assert_false(dd_units_hold(units, 0x1ff));
    assert_int_equal(dd_units_count(none), 0);
    assert_false(dd_units_hold(none, 0));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, unmake)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_not_there_is_not_found),
        TEST(the_largest_matter_comes_back),
        TEST(a_matter_that_says_little_comes_back),
        TEST(an_answer_comes_back),
        TEST(the_last_answer_is_that_of_the_unit_and_the_stage),
        TEST(a_delegation_comes_back),
        TEST(a_delegation_lives_from_its_first_to_its_last_day),
        TEST(a_delegation_is_for_the_stages_that_it_names),
        TEST(of_several_delegations_the_newest_that_fits_is_taken),
        TEST(a_publication_comes_back),
        TEST(a_publication_is_known_by_unit_and_number),
        TEST(a_number_of_a_publication_fits_up_to_the_longest_key_and_not_beyond),
        TEST(an_item_stands_in_as_many_places_as_a_row_holds),
        TEST(a_list_of_units_is_big_endian_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
