/* Forms: every fault of a form beside its nearest sound neighbour, its bytes, and figures judged by
 * it. At random: tests/prop/prop_form.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/form.h"

enum { FORM_BYTES = 256 * 1024, VALUE_BYTES_ALL = 8192 };

static struct dd_form form;
static struct dd_figure_value value[DD_FIGURES_MAX + 1];
static size_t value_count;
static struct dd_figure_value earlier[DD_FIGURES_MAX];
static size_t earlier_count;

static struct dd_slice text(const char *from)
{
    return dd_slice_of(from);
}

static struct dd_figure figure(const char *from)
{
    struct dd_figure out;
    assert_true(dd_figure_parse(text(from), &out));
    return out;
}

/* Rotation of staff: all = moved + stayed, of which moved is at most 20 % ... */
static int make(void **state)
{
    (void)state;
    form = (struct dd_form){.key = text("rotation"),
                            .name_vi = text("Luân chuyển"),
                            .figure_count = 4,
                            .check_count = 1,
                            .part_count = 2,
                            .part = {{(const uint8_t *)"list", 4}, {(const uint8_t *)"report", 6}}};
    form.figure[0].key = text("all");
    form.figure[1].key = text("moved");
    form.figure[2].key = text("stayed");
    form.figure[3].key = text("note");
    form.figure[3].optional = true;
    form.check[0] = (struct dd_form_check){.check = DD_CHECK_SUM,
                                           .figure = text("all"),
                                           .term_count = 2,
                                           .term = {text("moved"), text("stayed")}};
    value[0] = (struct dd_figure_value){.key = text("all"), .value = {41051, 0}};
    value[1] = (struct dd_figure_value){.key = text("moved"), .value = {2001, 0}};
    value[2] = (struct dd_figure_value){.key = text("stayed"), .value = {39050, 0}};
    value_count = 3;
    earlier_count = 0;
    return 0;
}

/* --- the form itself --- */

static void expect_sound(void)
{
    struct dd_refusal refusal = {.status = DD_OK};
    enum dd_status status = dd_form_validate(&form, "forms[2].", &refusal);
    assert_string_equal(refusal.field, "");
    assert_int_equal(status, DD_OK);
}

static void expect_fault(enum dd_rule rule, const char *field)
{
    struct dd_refusal refusal = {.status = DD_OK};
    assert_int_equal(dd_form_validate(&form, "forms[2].", &refusal), DD_INVALID);
    assert_int_equal(refusal.status, DD_INVALID);
    assert_string_equal(dd_rule_key(refusal.rule), dd_rule_key(rule));
    assert_string_equal(refusal.field, field);
}

static void a_form_has_a_key_and_asks_for_something(void **state)
{
    (void)state;
    expect_sound();
    form.key = text("no key");
    expect_fault(DD_RULE_BAD_CODE, "forms[2].key");
    make(state);
    form.figure_count = form.check_count = 0;
    expect_sound();
    form.part_count = 0;
    expect_fault(DD_RULE_MISSING, "forms[2].figures");
    make(state);
    form.part_count = 0;
    expect_sound();
}

static void figures_have_keys_of_their_own(void **state)
{
    (void)state;
    form.figure[2].key = text("all");
    expect_fault(DD_RULE_DUPLICATE, "forms[2].figures[2].key");
    form.figure[2].key = text("");
    expect_fault(DD_RULE_BAD_CODE, "forms[2].figures[2].key");
    form.figure[2].key = text("stayed");
    expect_sound();
}

static void a_most_is_a_figure_of_0_or_more(void **state)
{
    (void)state;
    form.figure[1].has_max = true;
    form.figure[1].max = (struct dd_figure){0, 6};
    expect_sound();
    form.figure[1].max = (struct dd_figure){-1, 6};
    expect_fault(DD_RULE_BAD_FIGURE, "forms[2].figures[1].max");
    form.figure[1].max = (struct dd_figure){1, 7};
    expect_fault(DD_RULE_BAD_FIGURE, "forms[2].figures[1].max");
    make(state);
    form.figure[1].has_target = true;
    form.figure[1].target = (struct dd_figure){-1, 6};
    expect_sound();
    form.figure[1].target.scale = 7;
    expect_fault(DD_RULE_BAD_FIGURE, "forms[2].figures[1].target");
}

static void checks_name_figures_of_the_form(void **state)
{
    (void)state;
    form.check[0].check = 0;
    expect_fault(DD_RULE_MISSING, "forms[2].checks[0].check");
    form.check[0].check = (enum dd_check)7;
    expect_fault(DD_RULE_UNKNOWN_WORD, "forms[2].checks[0].check");
    make(state);
    form.check[0].figure = text("gone");
    expect_fault(DD_RULE_NO_SUCH_FIGURE, "forms[2].checks[0].figure");
    make(state);
    form.check[0].term[1] = text("gone");
    expect_fault(DD_RULE_NO_SUCH_FIGURE, "forms[2].checks[0].terms");
    form.check[0].term[1] = text("moved");
    expect_fault(DD_RULE_DUPLICATE, "forms[2].checks[0].terms");
    form.check[0].term[1] = text("all");
    expect_fault(DD_RULE_DUPLICATE, "forms[2].checks[0].terms");
    form.check[0].term[1] = text("note");
    expect_sound();
}

/* For each kind of check: may it stand with so many terms, with or without a bound? */
static void each_check_has_what_its_kind_needs(void **state)
{
    static const struct {
        enum dd_check check;
        bool sound[3][2]; /* 0, 1, 2 terms; without and with a bound */
    } shapes[] = {
        {DD_CHECK_SUM, {{false, false}, {true, false}, {true, false}}},
        {DD_CHECK_AT_MOST, {{false, true}, {true, false}, {false, false}}},
        {DD_CHECK_AT_LEAST, {{false, true}, {true, false}, {false, false}}},
        {DD_CHECK_RUNNING, {{false, false}, {true, false}, {false, false}}},
        {DD_CHECK_SHARE_AT_MOST, {{false, false}, {false, true}, {false, false}}},
        {DD_CHECK_SHARE_AT_LEAST, {{false, false}, {false, true}, {false, false}}},
    };
    struct dd_refusal refusal;
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        for (uint8_t terms = 0; terms < 3; terms++) {
            for (int bound = 0; bound < 2; bound++) {
                make(state);
                form.check[0].check = shapes[i].check;
                form.check[0].term_count = terms;
                form.check[0].has_bound = bound == 1;
                form.check[0].bound = figure("20.5");
                enum dd_status status = dd_form_validate(&form, "", &refusal);
                assert_int_equal(status == DD_OK, shapes[i].sound[terms][bound]);
            }
        }
    }
}

static void a_bound_is_a_figure_and_a_share_not_negative(void **state)
{
    (void)state;
    form.check[0].check = DD_CHECK_SHARE_AT_MOST;
    form.check[0].term_count = 1;
    form.check[0].has_bound = true;
    expect_sound();
    form.check[0].bound.mantissa = -1;
    expect_fault(DD_RULE_BAD_FIGURE, "forms[2].checks[0].bound");
    form.check[0].check = DD_CHECK_AT_LEAST;
    form.check[0].term_count = 0;
    expect_sound();
    form.check[0].bound.scale = 7;
    expect_fault(DD_RULE_BAD_FIGURE, "forms[2].checks[0].bound");
}

static void parts_have_codes_of_their_own(void **state)
{
    (void)state;
    form.part[1] = text("list");
    expect_fault(DD_RULE_DUPLICATE, "forms[2].parts[1]");
    form.part[1] = text("a list");
    expect_fault(DD_RULE_BAD_CODE, "forms[2].parts[1]");
}

/* The fullest form, with keys of one or two letters. */
static void fill(void)
{
    static char key[DD_FIGURES_MAX][3];
    form.figure_count = DD_FIGURES_MAX;
    form.check_count = DD_CHECKS_MAX;
    form.part_count = DD_PARTS_MAX;
    for (size_t i = 0; i < DD_FIGURES_MAX; i++) {
        key[i][0] = (char)('a' + i / 26);
        key[i][1] = (char)('a' + i % 26);
        form.figure[i].key = text(key[i]);
    }
    for (size_t i = 0; i < DD_CHECKS_MAX; i++) {
        form.check[i] = (struct dd_form_check){
            .check = DD_CHECK_SUM, .figure = text(key[20]), .term_count = DD_TERMS_MAX};
        for (size_t k = 0; k < DD_TERMS_MAX; k++)
            form.check[i].term[k] = text(key[k]);
    }
    for (size_t i = 0; i < DD_PARTS_MAX; i++)
        form.part[i] = text(key[i]);
}

static void counts_have_their_limits(void **state)
{
    fill();
    expect_sound();
    form.figure_count++;
    expect_fault(DD_RULE_TOO_MANY, "forms[2].figures");
    form.figure_count--;
    form.check[3].term_count++;
    expect_fault(DD_RULE_TOO_MANY, "forms[2].checks[3].terms");
    form.check[3].term_count--;
    form.check_count++;
    expect_fault(DD_RULE_TOO_MANY, "forms[2].checks");
    form.check_count--;
    form.part_count++;
    expect_fault(DD_RULE_TOO_MANY, "forms[2].parts");
    make(state);
}

/* --- bytes --- */

static struct dd_slice written(const struct dd_form *from, uint8_t *bytes)
{
    struct dd_writer w = dd_writer_make(bytes, FORM_BYTES);
    dd_form_write(&w, from);
    assert_false(w.overflow);
    return dd_writer_slice(&w);
}

static bool same_figure(struct dd_figure a, struct dd_figure b)
{
    return a.mantissa == b.mantissa && a.scale == b.scale;
}

static void bytes_cut_or_spoilt_are_no_form(void **state)
{
    static uint8_t bytes[FORM_BYTES];
    static uint8_t second[FORM_BYTES];
    struct dd_form read;
    (void)state;
    form.figure[0].has_max = true;
    form.figure[0].max = figure("100.0");
    form.check[0].has_bound = true;
    struct dd_slice whole = written(&form, bytes);
    for (size_t cut = 0; cut < whole.size; cut++) {
        struct dd_reader r = dd_reader_make((struct dd_slice){bytes, cut});
        assert_false(dd_form_read(&r, &read));
        assert_true(r.broken);
    }
    struct dd_reader r = dd_reader_make(whole);
    assert_true(dd_form_read(&r, &read));
    assert_true(dd_reader_done(&r));
    struct dd_slice again = written(&read, second);
    assert_int_equal(again.size, whole.size);
    assert_memory_equal(second, bytes, whole.size);
}

/* A form of nothing but its key, then one count that is one too many. */
static void counts_beyond_their_limits_are_no_form(void **state)
{
    static const uint8_t most[] = {DD_FIGURES_MAX, DD_CHECKS_MAX, DD_PARTS_MAX};
    static uint8_t bytes[1024];
    struct dd_form read;
    (void)state;
    for (size_t list = 0; list < 3; list++) {
        memset(bytes, 0, sizeof bytes);
        struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
        dd_write_text8(&w, text("k"));
        dd_write_u32(&w, 0); /* no names */
        bytes[w.at + list] = (uint8_t)(most[list] + 1);
        struct dd_reader r = dd_reader_make((struct dd_slice){bytes, sizeof bytes});
        assert_false(dd_form_read(&r, &read));
        bytes[w.at + list] = most[list]; /* enough zero bytes follow for the limit itself */
        r = dd_reader_make((struct dd_slice){bytes, sizeof bytes});
        assert_true(dd_form_read(&r, &read));
    }
}

static void a_form_is_found_by_its_key(void **state)
{
    static uint8_t bytes[FORM_BYTES];
    struct dd_form found;
    struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
    (void)state;
    dd_form_write(&w, &form);
    form.key = text("quota");
    form.figure_count = 1;
    form.check_count = 0;
    dd_form_write(&w, &form);
    struct dd_slice forms = dd_writer_slice(&w);
    assert_true(dd_form_find(forms, text("rotation"), &found));
    assert_int_equal(found.figure_count, 4);
    assert_true(dd_form_find(forms, text("quota"), &found));
    assert_int_equal(found.figure_count, 1);
    assert_false(dd_form_find(forms, text("quot"), &found));
    assert_false(dd_form_find((struct dd_slice){NULL, 0}, text("quota"), &found));
    forms.size--;
    assert_false(dd_form_find(forms, text("quota"), &found));
}

/* --- figures that were handed in --- */

static struct dd_slice packed(const struct dd_figure_value *from, size_t count, uint8_t *bytes)
{
    struct dd_writer w = dd_writer_make(bytes, VALUE_BYTES_ALL);
    dd_figures_write(&w, from, count);
    assert_false(w.overflow);
    assert_int_equal(dd_writer_slice(&w).size, dd_figures_bytes(from, count));
    return dd_writer_slice(&w);
}

static void figures_come_back_in_their_order_and_by_key(void **state)
{
    uint8_t bytes[VALUE_BYTES_ALL];
    struct dd_figure_value read = {.key = {NULL, 0}};
    (void)state;
    value[1].estimate = true;
    value[1].value = (struct dd_figure){INT64_MIN, 6};
    struct dd_slice kept = packed(value, value_count, bytes);
    for (size_t i = 0; i < value_count; i++) {
        assert_true(dd_figures_at(kept, i, &read));
        assert_true(dd_slice_equal(read.key, value[i].key));
        assert_true(same_figure(read.value, value[i].value));
        assert_int_equal(read.estimate, i == 1);
    }
    assert_false(dd_figures_at(kept, value_count, &read));
    assert_true(dd_figures_find(kept, text("moved"), &read));
    assert_true(read.value.mantissa == INT64_MIN);
    assert_false(dd_figures_find(kept, text("move"), &read));
    assert_int_equal(packed(NULL, 0, bytes).size, 0);
    assert_false(dd_figures_at((struct dd_slice){NULL, 0}, 0, &read));
}

static void spoilt_figures_are_not_there(void **state)
{
    uint8_t bytes[VALUE_BYTES_ALL];
    struct dd_figure_value read;
    (void)state;
    struct dd_slice kept = packed(value, 1, bytes);
    bytes[4] = 7; /* behind a length and "all": the scale */
    assert_false(dd_figures_at(kept, 0, &read));
    bytes[4] = 6;
    assert_true(dd_figures_at(kept, 0, &read));
    kept.size--;
    assert_false(dd_figures_at(kept, 0, &read));
}

/* --- judged --- */

static enum dd_status judge(struct dd_refusal *refusal)
{
    static uint8_t now[VALUE_BYTES_ALL];
    static uint8_t then[VALUE_BYTES_ALL];
    return dd_form_judge(&form, packed(value, value_count, now),
                         packed(earlier, earlier_count, then), refusal);
}

static void expect_taken(void)
{
    struct dd_refusal refusal;
    enum dd_status status = judge(&refusal);
    assert_string_equal(refusal.param[1], "");
    assert_int_equal(status, DD_OK);
}

static void expect_refused(enum dd_rule rule, const char *key, const char *right)
{
    struct dd_refusal refusal;
    assert_int_equal(judge(&refusal), DD_REFUSED);
    assert_string_equal(dd_rule_key(refusal.rule), dd_rule_key(rule));
    assert_memory_equal(refusal.field, "figures.", 8);
    assert_string_equal(refusal.field + 8, key);
    assert_string_equal(refusal.param[0], key);
    assert_string_equal(refusal.param[1], right);
}

static bool noted(size_t check)
{
    static uint8_t now[VALUE_BYTES_ALL];
    static uint8_t then[VALUE_BYTES_ALL];
    return dd_form_noted(&form, check, packed(value, value_count, now),
                         packed(earlier, earlier_count, then));
}

static void a_sum_is_exact(void **state)
{
    (void)state;
    expect_taken();
    value[0].value = figure("41052");
    expect_refused(DD_RULE_FIGURE_SUM, "all", "41051");
    value[0].value = figure("41051.000000");
    expect_taken();
    value[2].value = figure("39050.5");
    expect_refused(DD_RULE_FIGURE_SUM, "all", "41051.5");
}

/* The table of persons of a province's departments and districts. */
static void the_persons_of_2015_add_up(void **state)
{
    static const char *const rows[][4] = {{"41051", "2001", "4938", "34112"},
                                          {"-3479", "-316", "-348", "-2815"}};
    (void)state;
    form.figure[3].optional = false;
    form.check[0].term_count = 3;
    form.check[0].term[2] = text("note");
    value[3].key = text("note");
    value_count = 4;
    for (size_t row = 0; row < 2; row++) {
        for (size_t i = 0; i < 4; i++)
            value[i].value = figure(rows[row][i]);
        expect_taken();
    }
}

static void what_is_asked_for_must_be_there(void **state)
{
    (void)state;
    value_count = 2;
    expect_refused(DD_RULE_FIGURE_MISSING, "stayed", "");
    value_count = 3;
    expect_taken();
    value[3] = (struct dd_figure_value){.key = text("other"), .value = {1, 0}};
    value_count = 4;
    expect_refused(DD_RULE_NO_SUCH_FIGURE, "other", "");
    value[3].key = text("moved");
    expect_refused(DD_RULE_DUPLICATE, "moved", "");
    value[3].key = text("note");
    expect_taken();
}

static void an_estimate_is_taken_only_where_it_may_be_one(void **state)
{
    (void)state;
    value[1].estimate = true;
    expect_refused(DD_RULE_NO_ESTIMATE, "moved", "");
    form.figure[1].may_estimate = true;
    expect_taken();
}

static void points_lie_between_0_and_their_most(void **state)
{
    (void)state;
    form.check_count = 0;
    form.figure[1].has_max = true;
    form.figure[1].max = figure("2001.0");
    expect_taken();
    value[1].value = figure("2001.000001");
    expect_refused(DD_RULE_FIGURE_AT_MOST, "moved", "2001.0");
    value[1].value = figure("-0.000001");
    expect_refused(DD_RULE_FIGURE_AT_LEAST, "moved", "0");
    value[1].value = figure("0");
    expect_taken();
    form.figure[1].has_target = true;
    form.figure[1].target = figure("5");
    expect_taken();
}

static void a_limit_is_another_figure_or_a_bound(void **state)
{
    (void)state;
    form.check[0] = (struct dd_form_check){.check = DD_CHECK_AT_MOST,
                                           .figure = text("moved"),
                                           .term_count = 1,
                                           .term = {text("stayed")}};
    expect_taken();
    value[1].value = figure("39050");
    expect_taken();
    value[1].value = figure("39050.1");
    expect_refused(DD_RULE_FIGURE_AT_MOST, "moved", "39050");
    form.check[0].check = DD_CHECK_AT_LEAST;
    expect_taken();
    value[1].value = figure("39049");
    expect_refused(DD_RULE_FIGURE_AT_LEAST, "moved", "39050");
    form.check[0].term_count = 0;
    form.check[0].has_bound = true;
    form.check[0].bound = figure("39049.0");
    expect_taken();
    form.check[0].bound = figure("39049.1");
    expect_refused(DD_RULE_FIGURE_AT_LEAST, "moved", "39049.1");
    form.check[0].check = DD_CHECK_AT_MOST;
    expect_taken();
}

static void a_running_figure_goes_on_from_the_period_before(void **state)
{
    (void)state;
    form.check[0] = (struct dd_form_check){
        .check = DD_CHECK_RUNNING, .figure = text("all"), .term_count = 1, .term = {text("moved")}};
    expect_refused(DD_RULE_FIGURE_RUNNING, "all", "2001");
    value[0].value = figure("2001");
    expect_taken();
    earlier[0] = (struct dd_figure_value){.key = text("all"), .value = {100, 1}};
    earlier_count = 1;
    expect_refused(DD_RULE_FIGURE_RUNNING, "all", "2011.0");
    value[0].value = figure("2011");
    expect_taken();
    earlier[0].key = text("moved"); /* an optional one that was not given then */
    expect_taken();
}

static void a_share_is_a_percentage_of_the_whole(void **state)
{
    (void)state;
    form.check[0] = (struct dd_form_check){.check = DD_CHECK_SHARE_AT_MOST,
                                           .figure = text("moved"),
                                           .term_count = 1,
                                           .term = {text("all")},
                                           .has_bound = true,
                                           .bound = figure("20")};
    value[0].value = figure("14");
    value[1].value = figure("2.8");
    expect_taken();
    value[1].value = figure("3");
    expect_refused(DD_RULE_FIGURE_AT_MOST, "moved", "2.8");
    form.check[0].check = DD_CHECK_SHARE_AT_LEAST;
    expect_taken();
    value[1].value = figure("2.79");
    expect_refused(DD_RULE_FIGURE_AT_LEAST, "moved", "2.8");
    value[0].value = figure("0");
    expect_taken();
}

/* What lies between two figures of six places is cut towards the side on which the limit holds. */
static void the_limit_of_a_share_is_cut_to_six_places(void **state)
{
    (void)state;
    form.check[0] = (struct dd_form_check){.check = DD_CHECK_SHARE_AT_MOST,
                                           .figure = text("moved"),
                                           .term_count = 1,
                                           .term = {text("all")},
                                           .has_bound = true,
                                           .bound = figure("33.333333")};
    value[0].value = figure("0.1");
    value[1].value = figure("0.033333");
    expect_taken();
    value[1].value = figure("0.033334");
    expect_refused(DD_RULE_FIGURE_AT_MOST, "moved", "0.033333");
    form.check[0].check = DD_CHECK_SHARE_AT_LEAST;
    expect_taken();
    value[1].value = figure("0.033333");
    expect_refused(DD_RULE_FIGURE_AT_LEAST, "moved", "0.033334");
    value[0].value = figure("-0.1");
    value[1].value = figure("-0.033333");
    expect_taken();
    value[1].value = figure("-0.033334");
    expect_refused(DD_RULE_FIGURE_AT_LEAST, "moved", "-0.033333");
    form.check[0].check = DD_CHECK_SHARE_AT_MOST;
    expect_taken();
    value[1].value = figure("-0.033333");
    expect_refused(DD_RULE_FIGURE_AT_MOST, "moved", "-0.033334");
}

static void what_does_not_fit_is_refused_and_not_wrapped(void **state)
{
    (void)state;
    value[1].value = (struct dd_figure){INT64_MAX, 0};
    value[2].value = (struct dd_figure){0, 0};
    value[0].value = (struct dd_figure){INT64_MAX, 0};
    expect_taken();
    value[2].value = (struct dd_figure){1, 0};
    value[0].value = (struct dd_figure){INT64_MIN, 0};
    expect_refused(DD_RULE_FIGURE_TOO_LARGE, "all", "");
    value[2].value = (struct dd_figure){0, 1};
    expect_refused(DD_RULE_FIGURE_TOO_LARGE, "all", "");
    form.check[0] = (struct dd_form_check){.check = DD_CHECK_RUNNING,
                                           .figure = text("all"),
                                           .term_count = 1,
                                           .term = {text("stayed")}};
    earlier[0] = (struct dd_figure_value){.key = text("all"), .value = {INT64_MAX, 0}};
    earlier_count = 1;
    value[2].value = (struct dd_figure){1, 0};
    expect_refused(DD_RULE_FIGURE_TOO_LARGE, "all", "");
    form.check[0].check = DD_CHECK_SHARE_AT_MOST;
    form.check[0].has_bound = true;
    form.check[0].bound = figure("100");
    form.check[0].term[0] = text("moved");
    expect_taken(); /* 100 % of the largest is the largest */
    form.check[0].bound = figure("99");
    expect_refused(DD_RULE_FIGURE_TOO_LARGE, "all", "");
}

static void a_note_is_shown_and_not_refused(void **state)
{
    (void)state;
    value[0].value = figure("5");
    expect_refused(DD_RULE_FIGURE_SUM, "all", "41051");
    assert_false(noted(0));
    form.check[0].note = true;
    expect_taken();
    assert_true(noted(0));
    value[0].value = figure("41051");
    assert_false(noted(0));
    value[0].value = value[1].value = (struct dd_figure){INT64_MAX, 0};
    expect_taken();
    assert_true(noted(0));
}

static void a_check_of_an_optional_figure_not_given_holds(void **state)
{
    (void)state;
    form.check[0].term[1] = text("note");
    expect_taken();
    form.check[0].figure = text("note");
    form.check[0].term[1] = text("stayed");
    expect_taken();
    value[3] = (struct dd_figure_value){.key = text("note"), .value = {1, 0}};
    value_count = 4;
    expect_refused(DD_RULE_FIGURE_SUM, "note", "41051");
}

#define TEST(name) cmocka_unit_test_setup(name, make)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_form_has_a_key_and_asks_for_something),
        TEST(figures_have_keys_of_their_own),
        TEST(a_most_is_a_figure_of_0_or_more),
        TEST(checks_name_figures_of_the_form),
        TEST(each_check_has_what_its_kind_needs),
        TEST(a_bound_is_a_figure_and_a_share_not_negative),
        TEST(parts_have_codes_of_their_own),
        TEST(counts_have_their_limits),
        TEST(bytes_cut_or_spoilt_are_no_form),
        TEST(counts_beyond_their_limits_are_no_form),
        TEST(a_form_is_found_by_its_key),
        TEST(figures_come_back_in_their_order_and_by_key),
        TEST(spoilt_figures_are_not_there),
        TEST(a_sum_is_exact),
        TEST(the_persons_of_2015_add_up),
        TEST(what_is_asked_for_must_be_there),
        TEST(an_estimate_is_taken_only_where_it_may_be_one),
        TEST(points_lie_between_0_and_their_most),
        TEST(a_limit_is_another_figure_or_a_bound),
        TEST(a_running_figure_goes_on_from_the_period_before),
        TEST(a_share_is_a_percentage_of_the_whole),
        TEST(the_limit_of_a_share_is_cut_to_six_places),
        TEST(what_does_not_fit_is_refused_and_not_wrapped),
        TEST(a_note_is_shown_and_not_refused),
        TEST(a_check_of_an_optional_figure_not_given_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
