/* Tables of figures: whose report counts, who signed, what the sums are and what does not fit. */
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

enum { HEAD = CAST_FIRST_HEAD + 4, HEAD_A2 = HEAD + 2, HEAD_A3 = HEAD + 4 };

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

static struct dd_question figures(const char *stage, const char *period)
{
    return (struct dd_question){.kind = DD_QUESTION_FIGURES,
                                .cycle = dd_slice_of("rules/2013"),
                                .stage = dd_slice_of(stage),
                                .period = dd_slice_of(period)};
}

static enum dd_status ask(const struct dd_question *q)
{
    return cast_ask(&cast, q, now_ms, page_bytes, &answer);
}

static const struct dd_figures_answer *told(const char *stage, const char *period)
{
    struct dd_question q = figures(stage, period);
    assert_int_equal(ask(&q), DD_OK);
    assert_int_equal(answer.next.size, 0);
    return &answer.as.figures;
}

static void expect_text(struct dd_slice text, const char *expected)
{
    char copy[DD_NAME_BYTES_MAX + 1];
    dd_slice_text(text, copy, sizeof copy);
    assert_string_equal(copy, expected);
}

static void monthly(uint32_t account, const char *at, const char *unit, const char *month,
                    int64_t a, int64_t b)
{
    struct dd_command c = rules_report(unit, "monthly", month);
    rules_figures(&cast, &c, a, b, a + b, -1);
    OK(rules_do(&cast, account, at, &c));
}

static const struct dd_figure_cell *cell_of(const struct dd_figures_row *row, const char *key)
{
    for (size_t i = 0; i < row->figure_count; i++) {
        if (dd_slice_equal(row->figures[i].key, dd_slice_of(key)))
            return &row->figures[i];
    }
    return NULL;
}

static void expect_cell(const struct dd_figures_row *row, const char *key, const char *expected,
                        bool estimate)
{
    char text[DD_FIGURE_TEXT_BYTES];
    const struct dd_figure_cell *cell = cell_of(row, key);
    assert_non_null(cell);
    dd_figure_format(cell->value, text);
    assert_string_equal(text, expected);
    assert_int_equal(cell->estimate, estimate);
}

static void rows_stand_as_in_the_table_with_status_and_signer(void **state)
{
    static const char *const units[] = {"snv", "vp", "a1", "a3", "a2"};
    (void)state;
    OK(rules_delegate(&cast, "2013-02-01T09:00", "2013-02-01", "2013-12-31", "monthly"));
    struct dd_command c = rules_report("a1", "monthly", "2013-02");
    rules_figures(&cast, &c, 3, 4, 7, -1);
    c.as.submit.capacity = DD_CAPACITY_FOR_HEAD;
    OK(rules_do(&cast, rules_deputy(&cast), "2013-02-20T09:00", &c));
    uint64_t seq = cast.entry.seq;
    monthly(HEAD_A2, "2013-02-25T09:00", "a2", "2013-02", 10, 0);
    const struct dd_figures_answer *f = told("monthly", "2013-02");
    expect_text(f->cycle, "rules/2013");
    expect_text(f->stage, "monthly");
    expect_text(f->period, "2013-02");
    assert_int_equal(f->offset_min, CAST_OFFSET_MIN);
    assert_int_equal(f->head_count, 5);
    expect_text(f->heads[3].key, "est");
    assert_int_equal(f->row_count, 5 + 2 + 1);
    for (size_t i = 0; i < 5; i++)
        expect_text(f->rows[i].unit, units[i]);
    const struct dd_figures_row *row = &f->rows[2];
    assert_int_equal(row->status, DD_END_ON_TIME);
    expect_text(row->group, "province");
    expect_text(row->account, "deputy");
    expect_text(row->delegated_by, "head-4");
    assert_int_equal(row->capacity, DD_CAPACITY_FOR_HEAD);
    assert_int_equal(row->received_ms, cast_at("2013-02-20T09:00"));
    assert_int_equal(row->seq, seq);
    expect_cell(row, "total", "7", false);
    expect_cell(row, "est", "0.5", true);
    assert_null(cell_of(row, "ytd"));
    assert_int_equal(f->rows[4].status, DD_END_LATE);
    expect_text(f->rows[4].delegated_by, "");
    assert_int_equal(f->rows[0].status, DD_END_MISSING);
    assert_int_equal(f->rows[0].figure_count, 0);
    expect_text(f->rows[0].account, "");
}

static void sums_are_by_group_and_in_all_and_estimates_stay_estimates(void **state)
{
    (void)state;
    monthly(HEAD, "2013-02-20T09:00", "a1", "2013-02", 3, 4);
    monthly(HEAD_A3, "2013-02-20T09:00", "a3", "2013-02", 30, -40);
    monthly(HEAD_A2, "2013-02-20T09:00", "a2", "2013-02", 100, 200);
    const struct dd_figures_answer *f = told("monthly", "2013-02");
    const struct dd_figures_row *sum = &f->rows[5];
    assert_int_equal(f->row_count, 8);
    expect_text(sum[0].group, "province");
    expect_text(sum[0].name, "Cấp tỉnh");
    expect_text(sum[0].unit, "");
    assert_int_equal(sum[0].units, 2);
    expect_cell(&sum[0], "a", "33", false);
    expect_cell(&sum[0], "total", "-3", false);
    expect_cell(&sum[0], "est", "1.0", true);
    assert_null(cell_of(&sum[0], "ytd")); /* nobody gave it: that is not zero */
    expect_text(sum[1].group, "district");
    assert_int_equal(sum[1].units, 1);
    expect_cell(&sum[1], "total", "300", false);
    expect_text(sum[2].group, "");
    assert_int_equal(sum[2].units, 3);
    expect_cell(&sum[2], "total", "297", false);
    expect_cell(&sum[2], "est", "1.5", true);
    assert_int_equal(sum[2].status, 0);
}

static void report_est(uint32_t account, const char *unit, int64_t est)
{
    struct dd_command c = rules_report(unit, "monthly", "2013-02");
    rules_figures(&cast, &c, 1, 1, 2, -1);
    c.as.submit.figures[3].value = (struct dd_figure){est, 0};
    c.as.submit.figures[3].estimate = false;
    OK(rules_do(&cast, account, "2013-02-20T09:00", &c));
}

static void a_sum_that_does_not_fit_is_left_out_and_the_rest_stays(void **state)
{
    (void)state;
    report_est(HEAD, "a1", INT64_MAX - 1);
    report_est(HEAD_A3, "a3", 1);
    const struct dd_figures_answer *f = told("monthly", "2013-02");
    expect_cell(&f->rows[5], "est", "9223372036854775807", false);
    report_est(HEAD_A2, "a2", 1);
    f = told("monthly", "2013-02");
    expect_cell(&f->rows[5], "est", "9223372036854775807", false);
    expect_cell(&f->rows[6], "est", "1", false);
    assert_null(cell_of(&f->rows[7], "est"));
    expect_cell(&f->rows[7], "total", "6", false);
    assert_int_equal(f->rows[7].units, 3);
}

static void the_last_report_counts_and_an_earlier_day_has_the_earlier_one(void **state)
{
    (void)state;
    monthly(HEAD, "2013-02-20T09:00", "a1", "2013-02", 3, 4);
    monthly(HEAD, "2013-02-21T09:00", "a1", "2013-02", 5, 5);
    expect_cell(&told("monthly", "2013-02")->rows[2], "total", "10", false);
    struct dd_question q = figures("monthly", "2013-02");
    q.has_as_of = true;
    q.as_of_day = cast_day("2013-02-20");
    assert_int_equal(ask(&q), DD_OK);
    expect_cell(&answer.as.figures.rows[2], "total", "7", false);
    q.as_of_day = cast_day("2013-02-19");
    assert_int_equal(ask(&q), DD_OK);
    assert_int_equal(answer.as.figures.rows[2].figure_count, 0);
    assert_int_equal(answer.as.figures.rows[2].status, DD_END_PENDING);
    assert_int_equal(answer.as.figures.rows[7].units, 0);
}

/* The programme with a form that the registration must bring. */
static void open_registering_cast(void)
{
    struct dd_programme programme = rules_programme();
    programme.stage[RULES_REGISTER].form = dd_slice_of("sheet");
    cast_free(&cast);
    cast_make(&cast, 3);
    rules_open(&cast, &programme);
}

static void register_task(const char *at, uint16_t task)
{
    struct dd_indicator_put put = {
        .number = 1, .title = dd_slice_of("Đề án"), .due_day = cast_day("2013-06-28")};
    struct dd_command c = {.kind = DD_COMMAND_REGISTER};
    c.as.register_ = (struct dd_register){.cycle = dd_slice_of("rules/2013"),
                                          .unit = dd_slice_of("a1"),
                                          .task = task,
                                          .kind = dd_slice_of("own"),
                                          .indicators = &put,
                                          .indicator_count = 1};
    OK(rules_do(&cast, HEAD, at, &c));
}

static void hand_in(const char *at, int64_t a, int64_t b)
{
    struct dd_command c = rules_report("a1", "", "");
    c.as.submit.what = DD_SUBMISSION_REGISTRATION;
    c.as.submit.reason = dd_slice_of("điều chỉnh");
    rules_figures(&cast, &c, a, b, a + b, -1);
    OK(rules_do(&cast, HEAD, at, &c));
}

static void what_is_handed_in_with_a_form_is_told_by_its_newest_version(void **state)
{
    (void)state;
    open_registering_cast();
    register_task("2013-01-20T09:00", 1);
    hand_in("2013-01-21T09:00", 3, 4);
    const struct dd_figures_answer *f = told("register", "");
    assert_int_equal(f->head_count, 5);
    expect_text(f->rows[2].unit, "a1");
    expect_text(f->rows[2].account, "head-4");
    assert_int_equal(f->rows[2].capacity, DD_CAPACITY_HEAD);
    assert_int_equal(f->rows[2].status, DD_END_ON_TIME);
    expect_cell(&f->rows[2], "total", "7", false);
    expect_cell(&f->rows[2], "est", "0.5", true);
    assert_int_equal(f->rows[0].figure_count, 0);
    assert_int_equal(f->rows[7].units, 1);
    register_task("2013-02-20T09:00", 2);
    hand_in("2013-02-21T09:00", 5, 6);
    expect_cell(&told("register", "")->rows[7], "total", "11", false);
    struct dd_question q = figures("register", "");
    q.has_as_of = true;
    q.as_of_day = cast_day("2013-02-20");
    assert_int_equal(ask(&q), DD_OK);
    expect_cell(&answer.as.figures.rows[2], "total", "7", false);
    q.as_of_day = cast_day("2013-01-20");
    assert_int_equal(ask(&q), DD_OK);
    assert_int_equal(answer.as.figures.rows[2].figure_count, 0);
    q = (struct dd_question){
        .kind = DD_QUESTION_DOSSIER, .cycle = dd_slice_of("rules/2013"), .unit = dd_slice_of("a1")};
    assert_int_equal(ask(&q), DD_OK);
    const struct dd_dossier_answer *d = &answer.as.dossier;
    assert_int_equal(d->versions[0].capacity, DD_CAPACITY_HEAD);
    assert_int_equal(d->versions[0].figure_count, 4);
    assert_int_equal(d->versions[0].figures[2].value.mantissa, 7);
    assert_int_equal(d->versions[1].figures[2].value.mantissa, 11);
    assert_true(d->versions[1].figures[3].estimate);
    page_bytes = 2 * DD_REASON_BYTES_MAX;
    assert_int_equal(ask(&q), DD_OK);
    assert_int_equal(answer.as.dossier.versions[0].figure_count, 4);
    page_bytes = 1;
    assert_int_equal(ask(&q), DD_OK);
    assert_int_equal(answer.as.dossier.versions[1].figure_count, 0);
}

static void only_who_owes_a_stage_stands_in_its_table(void **state)
{
    (void)state;
    const struct dd_figures_answer *f = told("district", "2013-H1");
    assert_int_equal(f->row_count, 3);
    expect_text(f->rows[0].unit, "a2");
    assert_int_equal(f->head_count, 0);
    expect_text(f->rows[1].group, "district");
    expect_text(f->rows[2].group, "");
    cast_time(&cast, "2013-05-21T00:00");
    f = told("district", "2013-H1");
    assert_int_equal(f->rows[0].status, DD_END_LAPSED);
    expect_text(f->rows[0].account, "");
    assert_int_equal(f->rows[0].received_ms, 0);
}

static void at_any_time_those_stand_who_reported(void **state)
{
    (void)state;
    assert_int_equal(told("alert", "")->row_count, 1); /* the sum of nobody */
    struct dd_command c = rules_report("a3", "alert", "07/BC");
    OK(rules_do(&cast, HEAD_A3, "2013-03-01T09:00", &c));
    const struct dd_figures_answer *f = told("alert", "");
    assert_int_equal(f->row_count, 3);
    expect_text(f->rows[0].unit, "a3");
    assert_int_equal(f->rows[0].status, 0);
    assert_int_equal(f->rows[2].units, 1);
}

static void reports_of_others_stand_with_who_handed_them_in(void **state)
{
    (void)state;
    monthly(HEAD, "2013-02-20T09:00", "a1", "2013-02", 3, 4);
    struct dd_command c = rules_report("a1", "check", "2013-02");
    OK(rules_do(&cast, CAST_APPRAISER, "2013-02-21T09:00", &c));
    const struct dd_figures_answer *f = told("check", "2013-02");
    expect_text(f->rows[2].unit, "a1");
    expect_text(f->rows[2].account, "appraiser");
}

static void a_day_that_has_not_begun_is_refused_wherever_a_day_is_asked_for(void **state)
{
    static const enum dd_question_kind kinds[] = {DD_QUESTION_FIGURES, DD_QUESTION_TABLE,
                                                  DD_QUESTION_DUTIES};
    (void)state;
    now_ms = cast_at("2013-02-20T00:00") - 1; /* the offset's day, not that of UTC */
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        struct dd_question q = figures("monthly", "2013-02");
        q.kind = kinds[i];
        if (q.kind == DD_QUESTION_TABLE)
            q.period = dd_slice_of("H1");
        q.has_as_of = true;
        q.as_of_day = cast_day("2013-02-19");
        assert_int_equal(ask(&q), DD_OK);
        q.as_of_day = cast_day("2013-02-20");
        assert_int_equal(ask(&q), DD_INVALID);
        assert_string_equal(dd_rule_key(cast.refusal.rule), "day-in-future");
        assert_string_equal(cast.refusal.field, "as_of");
    }
}

static void what_is_not_owed_is_said(void **state)
{
    static const struct {
        const char *stage;
        const char *period;
        const char *field;
        enum dd_rule rule;
    } cases[] = {{"nothing", "2013-02", "stage", DD_RULE_NO_SUCH_STAGE},
                 {"", "2013-02", "stage", DD_RULE_NO_SUCH_STAGE},
                 {"task", "", "stage", DD_RULE_NO_SUCH_STAGE},
                 {"register", "2013", "period", DD_RULE_NO_SUCH_REPORT},
                 {"monthly", "", "period", DD_RULE_NO_SUCH_REPORT},
                 {"monthly", "2013-06", "period", DD_RULE_NO_SUCH_REPORT},
                 {"monthly", "2013-Q1", "period", DD_RULE_NO_SUCH_REPORT},
                 {"self", "2013", "period", DD_RULE_NO_SUCH_REPORT},
                 {"alert", "x", "period", DD_RULE_NO_SUCH_REPORT},
                 {"named", "H3", "period", DD_RULE_NO_SUCH_REPORT}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct dd_question q = figures(cases[i].stage, cases[i].period);
        assert_int_equal(ask(&q), DD_NOT_FOUND);
        assert_string_equal(dd_rule_key(cast.refusal.rule), dd_rule_key(cases[i].rule));
        assert_string_equal(cast.refusal.field, cases[i].field);
    }
    assert_int_equal(told("self", "")->row_count, 8);
    assert_int_equal(told("named", "H1")->row_count, 8);
}

/* The programme, whose form may be breached in two ways that are only noted: b at most 5, and ytd
 * not what the month before and this one make. */
static void open_noting_cast(void)
{
    static uint8_t bytes[8192];
    struct dd_programme programme = rules_programme();
    struct dd_form form;
    struct dd_reader r = dd_reader_make(programme.forms);
    assert_true(dd_form_read(&r, &form));
    form.check[1].note = true;
    form.check[2] = (struct dd_form_check){.check = DD_CHECK_AT_MOST,
                                           .figure = dd_slice_of("b"),
                                           .has_bound = true,
                                           .bound = {5, 0},
                                           .note = true};
    form.check[3] = form.check[2];
    form.check[3].bound.mantissa = 6;
    form.check_count = 4;
    struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
    dd_form_write(&w, &form);
    programme.forms = dd_writer_slice(&w);
    cast_make(&cast, 3);
    rules_open(&cast, &programme);
}

static void running(const char *month, int64_t b, int64_t ytd)
{
    struct dd_command c = rules_report("a1", "monthly", month);
    rules_figures(&cast, &c, 1, b, 1 + b, ytd);
    OK(rules_do(&cast, HEAD, "2013-04-20T09:00", &c));
}

static void notes_name_the_figures_whose_checks_are_breached_each_once(void **state)
{
    (void)state;
    cast_free(&cast);
    open_noting_cast();
    running("2013-02", 5, 6);
    running("2013-03", 6, 13);
    running("2013-04", 7, 99);
    expect_text(told("monthly", "2013-02")->rows[2].notes, "");
    expect_text(told("monthly", "2013-03")->rows[2].notes, "b");
    expect_text(told("monthly", "2013-04")->rows[2].notes, "ytd b");
    expect_text(answer.as.figures.rows[0].notes, "");
}

static void a_table_comes_in_pages_with_its_sums_on_the_last(void **state)
{
    static const char *const units[] = {"snv", "vp", "a1", "a3", "a2"};
    struct dd_question q = figures("monthly", "2013-02");
    size_t rows = 0;
    (void)state;
    monthly(HEAD, "2013-02-20T09:00", "a1", "2013-02", 3, 4);
    page_bytes = 1;
    do {
        assert_int_equal(ask(&q), DD_OK);
        bool last = answer.next.size == 0;
        assert_int_equal(answer.as.figures.head_count, 5);
        assert_int_equal(answer.as.figures.row_count, last ? 4 : 1);
        expect_text(answer.as.figures.rows[0].unit, units[rows++]);
        if (last)
            expect_cell(&answer.as.figures.rows[3], "total", "7", false);
        q.after = answer.next;
    } while (q.after.size > 0);
    assert_int_equal(rows, 5);
    q.after = (struct dd_slice){(const uint8_t *)"\xff\xff\xff\xff", 4};
    assert_int_equal(ask(&q), DD_OK);
    assert_int_equal(answer.as.figures.row_count, 3);
}

static void figures_without_memory_say_so(void **state)
{
    struct dd_question q = figures("monthly", "2013-02");
    (void)state;
    monthly(HEAD, "2013-02-20T09:00", "a1", "2013-02", 3, 4);
    for (size_t bytes = 64; bytes <= 2048; bytes *= 2) {
        struct dd_arena arena = dd_arena_make(bytes);
        struct dd_asking asking = {&cast.view, &arena, CAST_ADMIN, now_ms, page_bytes};
        assert_int_equal(dd_answer(&asking, &q, &answer, &cast.refusal), DD_NO_MEMORY);
        dd_arena_free(&arena);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_cast, close_cast)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(rows_stand_as_in_the_table_with_status_and_signer),
        TEST(sums_are_by_group_and_in_all_and_estimates_stay_estimates),
        TEST(a_sum_that_does_not_fit_is_left_out_and_the_rest_stays),
        TEST(the_last_report_counts_and_an_earlier_day_has_the_earlier_one),
        TEST(what_is_handed_in_with_a_form_is_told_by_its_newest_version),
        TEST(only_who_owes_a_stage_stands_in_its_table),
        TEST(at_any_time_those_stand_who_reported),
        TEST(reports_of_others_stand_with_who_handed_them_in),
        TEST(a_day_that_has_not_begun_is_refused_wherever_a_day_is_asked_for),
        TEST(what_is_not_owed_is_said),
        TEST(notes_name_the_figures_whose_checks_are_breached_each_once),
        TEST(a_table_comes_in_pages_with_its_sums_on_the_last),
        TEST(figures_without_memory_say_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
