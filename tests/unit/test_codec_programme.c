/* A programme through the codec: every count, length and range on both sides, and what of the
 * core's rules is asked when. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/wire.h"
#include "tests/lib/codec_case.h"

#define P "put_programme.programme."

static uint8_t form_bytes[3 * DD_COMMAND_BYTES_MAX];
static struct dd_form form;

/* A monthly report, and answers of a matter. */
static struct dd_programme *make_programme(void)
{
    struct dd_programme *programme = &codec_command.as.put_programme;
    codec_command.kind = DD_COMMAND_PUT_PROGRAMME;
    *programme = (struct dd_programme){
        .code = dd_slice_of("key"),
        .version = 1,
        .name_vi = dd_slice_of("Báo cáo"),
        .kind_count = 1,
        .kind = {{.code = dd_slice_of("paper"),
                  .matter = true,
                  .opened_by = DD_ROLE_HEAD,
                  .opened_in = DD_WHERE_HOST,
                  .needs_due = true}},
        .stage_count = 2,
        .stage = {{.key = dd_slice_of("monthly"),
                   .act = DD_ACT_REPORT,
                   .by = DD_ROLE_HEAD,
                   .deadline = {.word = DD_WORD_BY, .every = DD_CADENCE_MONTH, .on = {1, 20}},
                   .silence = DD_SILENCE_MISSING},
                  {.key = dd_slice_of("opinion"),
                   .act = DD_ACT_ANSWER,
                   .by = DD_ROLE_HEAD,
                   .of = dd_slice_of("paper"),
                   .who = DD_WHO_EACH,
                   .deadline = {.word = DD_WORD_BY},
                   .silence = DD_SILENCE_AGREES}}};
    return programme;
}

/* As make_programme, with the one form above. */
static struct dd_programme *make_form(void)
{
    struct dd_writer w = dd_writer_make(form_bytes, sizeof form_bytes);
    struct dd_programme *programme = make_programme();
    dd_form_write(&w, &form);
    assert_false(w.overflow);
    programme->form_count = 1;
    programme->forms = dd_writer_slice(&w);
    return programme;
}

static int begin(void **state)
{
    static char keys[DD_FIGURES_MAX][DD_FIGURE_TEXT_BYTES];
    memset(&form, 0, sizeof form);
    form.key = dd_slice_of("form");
    form.figure_count = 3;
    for (size_t i = 0; i < DD_FIGURES_MAX; i++) {
        dd_figure_format((struct dd_figure){(int64_t)i, 0}, keys[i]);
        form.figure[i].key = dd_slice_of(keys[i]);
    }
    return codec_begin(state);
}

static void a_programme_of_the_rulebook_is_taken(void **state)
{
    struct dd_programme *programme = make_programme();
    (void)state;
    codec_taken();
    programme->issued_day = 16034;
    programme->kind[0].signers = 1 << DD_CAPACITY_FOR_HEAD | 1 << DD_CAPACITY_FOR_COLLECTIVE;
    programme->stage[0].signers = 1 << DD_CAPACITY_BY_ORDER;
    programme->stage[0].name_vi = codec_x_times(DD_NAME_BYTES_MAX);
    programme->stage[0].bent_by = DD_ROLE_APPROVER;
    programme->stage[0].extensions = 9;
    programme->stage[0].extension_days = DD_EXTENSION_DAYS_MAX;
    codec_taken();
    programme->stage[0].extension_days++;
    codec_refused(DD_RULE_OUT_OF_RANGE, P "stages[0].extension_days", "0", "366");
    programme->stage[0].name_vi = codec_x_times(DD_NAME_BYTES_MAX + 1);
    codec_refused(DD_RULE_TOO_LONG, P "stages[0].name_vi", "512", "");
    programme->kind[0].name_en = codec_x_times(DD_NAME_BYTES_MAX + 1);
    codec_refused(DD_RULE_TOO_LONG, P "kinds[0].name_en", "512", "");
}

static void days_of_a_deadline_lie_within_their_ranges(void **state)
{
    struct dd_deadline_rule *rule = &make_programme()->stage[0].deadline;
    (void)state;
    rule->on = (struct dd_day_rule){DD_MONTH_OFFSET_MIN, 1};
    rule->has_closing = true;
    rule->closing = (struct dd_day_rule){DD_MONTH_OFFSET_MAX, 31};
    codec_taken();
    rule->closing.day = 32;
    codec_refused(DD_RULE_OUT_OF_RANGE, P "stages[0].deadline.closing.day", "1", "31");
    rule->closing.day = 0; /* the closing day is there, and says nothing */
    codec_refused(DD_RULE_OUT_OF_RANGE, P "stages[0].deadline.closing.day", "1", "31");
    rule->closing.month++;
    codec_refused(DD_RULE_OUT_OF_RANGE, P "stages[0].deadline.closing.month", "-23", "24");
    rule->on.month--;
    codec_refused(DD_RULE_OUT_OF_RANGE, P "stages[0].deadline.on.month", "-23", "24");
}

static void relative_days_lie_within_a_year(void **state)
{
    struct dd_deadline_rule *rule = &make_programme()->stage[1].deadline;
    (void)state;
    codec_command.as.put_programme.kind[0].needs_instant = true;
    *rule = (struct dd_deadline_rule){
        .anchor = DD_ANCHOR_AT, .days = -DD_RELATIVE_DAYS_MAX, .working = true};
    codec_taken();
    rule->days = DD_RELATIVE_DAYS_MAX;
    codec_taken();
    rule->days++;
    codec_refused(DD_RULE_OUT_OF_RANGE, P "stages[1].deadline.days", "-366", "366");
    rule->days = -DD_RELATIVE_DAYS_MAX - 1;
    codec_refused(DD_RULE_OUT_OF_RANGE, P "stages[1].deadline.days", "-366", "366");
}

static void exceptions_are_periods_of_a_year_each_once(void **state)
{
    struct dd_deadline_rule *rule = &make_programme()->stage[0].deadline;
    (void)state;
    rule->except = 1 << 1 | 1 << 12;
    codec_taken();
    rule->except = 1 << 13;
    codec_refused(DD_RULE_OUT_OF_RANGE, P "stages[0].deadline.except[0]", "1", "12");
    rule->except = 1 << 6 | 1;
    codec_refused(DD_RULE_OUT_OF_RANGE, P "stages[0].deadline.except[0]", "1", "12");
}

/* The number of a choice and a share are ranges of the wire; whether they fit is the core's. */
static void a_share_is_at_most_a_hundred(void **state)
{
    struct dd_stage *stage = &make_programme()->stage[1];
    (void)state;
    for (size_t i = 0; i < DD_CHOICES_MAX; i++)
        stage->choice[i].code = codec_x_times(i + 1);
    stage->choice_count = DD_CHOICES_MAX;
    stage->pass_choice = DD_CHOICES_MAX;
    stage->pass_percent = 99;
    codec_taken();
    stage->pass_percent = 100;
    codec_refused(DD_RULE_OUT_OF_RANGE, P "stages[1].pass_percent", "1", "99");
    stage->pass_percent = 101;
    codec_refused(DD_RULE_OUT_OF_RANGE, P "stages[1].pass_percent", "0", "100");
    stage->pass_percent = 2;
    stage->pass_of = 3;
    codec_taken();
    stage->pass_of = 101;
    codec_refused(DD_RULE_OUT_OF_RANGE, P "stages[1].pass_of", "0", "100");
    stage->pass_of = 0;
    stage->pass_choice++;
    codec_refused(DD_RULE_OUT_OF_RANGE, P "stages[1].pass_choice", "0", "6");
    stage->choice[1].code = dd_slice_of("");
    codec_refused(DD_RULE_MISSING, P "stages[1].choices[1].code", "", "");
}

static void a_kind_of_matter_has_no_tasks_and_any_other_has(void **state)
{
    struct dd_item_kind *kind = make_programme()->kind;
    (void)state;
    kind->max_tasks = 1;
    codec_refused(DD_RULE_NOT_NEEDED, P "kinds[0].max_tasks", "", "");
    kind->max_tasks = DD_TASK_NUMBER_MAX + 1;
    codec_refused(DD_RULE_OUT_OF_RANGE, P "kinds[0].max_tasks", "0", "9999");
    kind->matter = false;
    kind->max_tasks = 0;
    codec_refused(DD_RULE_OUT_OF_RANGE, P "kinds[0].max_tasks", "1", "9999");
}

static void a_form_of_most_figures_checks_and_parts_is_taken(void **state)
{
    static struct dd_slice parts[DD_PARTS_MAX];
    (void)state;
    form.figure_count = DD_FIGURES_MAX;
    form.check_count = DD_CHECKS_MAX;
    for (size_t i = 0; i < DD_CHECKS_MAX; i++) {
        form.check[i] = (struct dd_form_check){
            .check = DD_CHECK_SUM, .figure = form.figure[0].key, .term_count = DD_TERMS_MAX};
        for (size_t k = 0; k < DD_TERMS_MAX; k++)
            form.check[i].term[k] = form.figure[k + 1].key;
    }
    for (size_t i = 0; i < DD_PARTS_MAX; i++)
        form.part[i] = parts[i] = codec_x_times(i + 1);
    form.part_count = DD_PARTS_MAX;
    form.figure[5].has_max = true;
    form.figure[5].max = (struct dd_figure){INT64_C(999999999999999999), DD_FIGURE_SCALE_MAX};
    form.figure[6].has_target = true;
    form.figure[6].unit_of_measure = codec_x_times(DD_UOM_BYTES_MAX);
    form.name_vi = codec_x_times(DD_NAME_BYTES_MAX);
    make_form();
    codec_taken();
}

static void texts_of_a_form_are_bounded(void **state)
{
    (void)state;
    form.figure[2].unit_of_measure = codec_x_times(DD_UOM_BYTES_MAX + 1);
    make_form();
    codec_refused(DD_RULE_TOO_LONG, P "forms[0].figures[2].unit_of_measure", "128", "");
    form.figure[2].unit_of_measure.size = 0;
    form.figure[1].name_vi = codec_x_times(DD_NAME_BYTES_MAX + 1);
    make_form();
    codec_refused(DD_RULE_TOO_LONG, P "forms[0].figures[1].name_vi", "512", "");
    form.figure[1].name_vi = dd_slice_of("hai\ndòng");
    make_form();
    codec_refused(DD_RULE_CONTROL_CHARACTER, P "forms[0].figures[1].name_vi", "", "");
    form.figure[1].key = dd_slice_of("");
    make_form();
    codec_refused(DD_RULE_MISSING, P "forms[0].figures[1].key", "", "");
    form.figure[0].has_max = true;
    form.figure[0].max.mantissa = INT64_C(1000000000000000000);
    make_form();
    codec_refused(DD_RULE_BAD_FIGURE, P "forms[0].figures[0].max", "", "");
}

static void what_holds_between_figures_is_the_cores_question(void **state)
{
    (void)state;
    form.check_count = 1;
    form.check[0] =
        (struct dd_form_check){.check = DD_CHECK_SUM, .figure = dd_slice_of("0"), .term_count = 1};
    form.check[0].term[0] = dd_slice_of("none");
    make_form();
    codec_refused(DD_RULE_NO_SUCH_FIGURE, P "forms[0].checks[0].terms", "none", "");
}

/* A programme that has that element in that field and nothing else is refused: for what no struct
 * can say. */
static void element_refused(uint32_t number, struct dd_slice element, enum dd_rule rule,
                            const char *field, const char *param)
{
    static uint8_t inner[DD_COMMAND_BYTES_MAX];
    static uint8_t outer[DD_COMMAND_BYTES_MAX];
    struct dd_writer w = dd_writer_make(inner, sizeof inner);
    struct dd_command out;
    struct dd_refusal refusal;

    dd_wire_put_bytes(&w, 1, dd_slice_of("key"));
    dd_wire_put_number(&w, 2, 1);
    dd_wire_put_bytes(&w, 3, dd_slice_of("Báo cáo"));
    dd_wire_put_bytes(&w, 6, codec_x_times(32));
    dd_wire_put_element(&w, number, element);
    struct dd_writer put = dd_writer_make(outer, sizeof outer);
    dd_wire_put_element(&put, 1, dd_writer_slice(&w));
    struct dd_writer whole = dd_writer_make(inner, sizeof inner);
    dd_wire_put_bytes(&whole, 1, codec_x_times(16));
    dd_wire_put_element(&whole, 14, dd_writer_slice(&put));
    assert_false(w.overflow || put.overflow || whole.overflow);
    assert_int_equal(dd_codec_command_decode(dd_writer_slice(&whole), &codec_arena, &out, &refusal),
                     DD_INVALID);
    assert_string_equal(refusal.field, field);
    assert_string_equal(dd_rule_key(refusal.rule), dd_rule_key(rule));
    assert_string_equal(refusal.param[0], param);
}

/* A message with a code in its first field and `count` times the same element in another. */
static struct dd_slice with_elements(uint32_t number, const char *element, size_t count)
{
    static uint8_t bytes[2048];
    struct dd_writer w = dd_writer_make(bytes, sizeof bytes);

    dd_wire_put_bytes(&w, 1, dd_slice_of("one"));
    for (size_t i = 0; i < count; i++)
        dd_wire_put_element(&w, number, dd_slice_of(element));
    assert_false(w.overflow);
    return dd_writer_slice(&w);
}

/* One more than fits its array in the struct is refused before anything is written there. */
static void counts_beyond_a_struct_never_reach_it(void **state)
{
    static const struct {
        uint32_t member; /* of the programme: 9 a stage, 11 a form */
        uint32_t number;
        const char *element;
        size_t max;
        const char *field;
        const char *param;
    } lists[] = {{9, 12, "", DD_RUNGS_MAX, P "stages[0].rungs", "12"},
                 {9, 18, "a", DD_STAGE_GROUPS_MAX, P "stages[0].groups", "8"},
                 {9, 25, "\x0a\x01y", DD_CHOICES_MAX, P "stages[0].choices", "6"},
                 {11, 4, "\x0a\x01y", DD_FIGURES_MAX, P "forms[0].figures", "64"},
                 {11, 5, "\x12\x01y", DD_CHECKS_MAX, P "forms[0].checks", "24"},
                 {11, 6, "a", DD_PARTS_MAX, P "forms[0].parts", "8"}};
    (void)state;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        element_refused(lists[i].member,
                        with_elements(lists[i].number, lists[i].element, lists[i].max + 1),
                        DD_RULE_TOO_MANY, lists[i].field, lists[i].param);
}

static void terms_beyond_a_check_never_reach_it(void **state)
{
    uint8_t check[128];
    uint8_t bytes[256];
    struct dd_writer c = dd_writer_make(check, sizeof check);
    struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
    (void)state;
    dd_wire_put_bytes(&c, 2, dd_slice_of("sum"));
    for (size_t i = 0; i < DD_TERMS_MAX + 1; i++)
        dd_wire_put_element(&c, 3, dd_slice_of("a"));
    dd_wire_put_bytes(&w, 1, dd_slice_of("form"));
    dd_wire_put_element(&w, 5, dd_writer_slice(&c));
    assert_false(c.overflow || w.overflow);
    element_refused(11, dd_writer_slice(&w), DD_RULE_TOO_MANY, P "forms[0].checks[0].terms", "12");
}

static void forms_are_bounded(void **state)
{
    struct dd_programme *programme = make_programme();
    struct dd_writer w = dd_writer_make(form_bytes, sizeof form_bytes);
    (void)state;
    for (size_t i = 0; i < DD_FORMS_MAX + 1; i++) {
        form.key = codec_x_times(i + 1);
        dd_form_write(&w, &form);
        if (i + 1 == DD_FORMS_MAX) {
            programme->form_count = DD_FORMS_MAX;
            programme->forms = dd_writer_slice(&w);
            codec_taken();
        }
    }
    programme->form_count = DD_FORMS_MAX + 1;
    programme->forms = dd_writer_slice(&w);
    codec_refused(DD_RULE_TOO_MANY, P "forms", "12", "");
}

/* 15 forms of 1,024 empty figures, nearly as many fields as may be: unpacked, then refused. */
static void forms_of_most_fields_keep_within_their_memory(void **state)
{
    static uint8_t figures[2 * DD_REPEATED_MAX];
    static uint8_t forms[DD_COMMAND_BYTES_MAX];
    static uint8_t put[DD_COMMAND_BYTES_MAX];
    struct dd_arena limited = dd_arena_make(DD_CODEC_DECODE_BYTES_MAX);
    struct dd_writer w = dd_writer_make(figures, sizeof figures);
    struct dd_writer f = dd_writer_make(forms, sizeof forms);
    struct dd_command out;
    struct dd_refusal refusal;
    (void)state;
    for (size_t i = 0; i < DD_REPEATED_MAX; i++)
        dd_wire_put_element(&w, 4, (struct dd_slice){NULL, 0});
    for (size_t i = 0; i < 15; i++)
        dd_wire_put_element(&f, 11, dd_writer_slice(&w));
    struct dd_writer p = dd_writer_make(put, sizeof put);
    dd_wire_put_element(&p, 1, dd_writer_slice(&f));
    struct dd_writer whole = dd_writer_make(forms, sizeof forms);
    dd_wire_put_element(&whole, 14, dd_writer_slice(&p));
    assert_false(w.overflow || f.overflow || p.overflow || whole.overflow);
    assert_int_equal(dd_codec_command_decode(dd_writer_slice(&whole), &limited, &out, &refusal),
                     DD_INVALID);
    assert_true(limited.used_bytes > 1024 * 1024);
    dd_arena_free(&limited);
}

/* Sets of the struct are lists on the wire: nothing stands in one twice, and nothing is unsaid. */
static void capacities_and_exceptions_stand_once(void **state)
{
    (void)state;
    element_refused(9, dd_slice_of("\x0a\x01y\x8a\x01\x02\x02\x02"), DD_RULE_DUPLICATE,
                    P "stages[0].signers[1]", "kt");
    element_refused(9, (struct dd_slice){(const uint8_t *)"\x0a\x01y\x8a\x01\x01\0", 7},
                    DD_RULE_MISSING, P "stages[0].signers[0]", "");
    element_refused(9, dd_slice_of("\x0a\x01y\x8a\x01\x01\x06"), DD_RULE_UNKNOWN_WORD,
                    P "stages[0].signers", "6");
    element_refused(8, dd_slice_of("\x0a\x01k\x10\x01\x4a\x02\x02\x02"), DD_RULE_DUPLICATE,
                    P "kinds[0].signers[1]", "kt");
    element_refused(9, dd_slice_of("\x0a\x01y\x9a\x01\x04\x1a\x02\x06\x06"), DD_RULE_DUPLICATE,
                    P "stages[0].deadline.except[1]", "6");
}

/* What was taken by the rules of its day replays by them. */
static void a_logged_programme_is_not_judged_by_later_rules(void **state)
{
    struct dd_programme *programme = make_programme();
    struct dd_slice bytes = {NULL, 0};
    struct dd_command out;
    struct dd_refusal refusal;
    (void)state;
    programme->kind_count = 0;
    programme->stage_count = 1;
    programme->stage[0].deadline = (struct dd_deadline_rule){.date = dd_slice_of("day")};
    programme->stage[0].silence = DD_SILENCE_LAPSES; /* at no bound */
    codec_refused(DD_RULE_MISSING, P "stages[0].deadline.word", "", "");
    assert_int_equal(dd_codec_command_encode(&codec_command, &codec_arena, &bytes), DD_OK);
    assert_int_equal(dd_codec_logged_decode(bytes, &codec_arena, &out, &refusal), DD_OK);
    assert_int_equal(out.as.put_programme.stage[0].silence, DD_SILENCE_LAPSES);
}

static void decoding_forms_says_when_memory_ends(void **state)
{
    struct dd_slice bytes = {NULL, 0};
    struct dd_command out;
    struct dd_refusal refusal;
    enum dd_status status = DD_NO_MEMORY;
    size_t limit = 0;
    (void)state;
    make_form();
    assert_int_equal(dd_codec_command_encode(&codec_command, &codec_arena, &bytes), DD_OK);
    for (; status == DD_NO_MEMORY && limit < DD_CODEC_DECODE_BYTES_MAX; limit += 1024) {
        struct dd_arena small = dd_arena_make(limit);
        status = dd_codec_command_decode(bytes, &small, &out, &refusal);
        assert_int_equal(refusal.status, DD_OK);
        dd_arena_free(&small);
    }
    assert_int_equal(status, DD_OK);
    assert_true(limit > 1024);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, begin, codec_end)
    const struct CMUnitTest tests[] = {
        CASE(a_programme_of_the_rulebook_is_taken),
        CASE(days_of_a_deadline_lie_within_their_ranges),
        CASE(relative_days_lie_within_a_year),
        CASE(exceptions_are_periods_of_a_year_each_once),
        CASE(a_share_is_at_most_a_hundred),
        CASE(a_kind_of_matter_has_no_tasks_and_any_other_has),
        CASE(a_form_of_most_figures_checks_and_parts_is_taken),
        CASE(texts_of_a_form_are_bounded),
        CASE(what_holds_between_figures_is_the_cores_question),
        CASE(counts_beyond_a_struct_never_reach_it),
        CASE(terms_beyond_a_check_never_reach_it),
        CASE(forms_are_bounded),
        CASE(forms_of_most_fields_keep_within_their_memory),
        CASE(capacities_and_exceptions_stand_once),
        CASE(a_logged_programme_is_not_judged_by_later_rules),
        CASE(decoding_forms_says_when_memory_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
