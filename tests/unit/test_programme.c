/* Programmes: every fault that the check finds beside its nearest sound neighbour, and the bytes
 * that state keeps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/programme.h"
#include "tests/lib/cast.h"

static struct dd_programme programme;

static int make(void **state)
{
    (void)state;
    programme = cast_programme();
    return 0;
}

static void expect_sound(void)
{
    struct dd_refusal refusal;
    enum dd_status status = dd_programme_check(&programme, &refusal);
    assert_string_equal(refusal.field, "");
    assert_int_equal(status, DD_OK);
}

static void expect_fault(enum dd_rule rule, const char *field)
{
    struct dd_refusal refusal;
    assert_int_equal(dd_programme_check(&programme, &refusal), DD_INVALID);
    assert_int_equal(refusal.status, DD_INVALID);
    assert_string_equal(dd_rule_key(refusal.rule), dd_rule_key(rule));
    assert_string_equal(refusal.field, field);
}

static void the_key_tasks_are_sound(void **state)
{
    (void)state;
    expect_sound();
}

static void a_programme_has_a_code_a_version_and_stages(void **state)
{
    (void)state;
    programme.code = dd_slice_of("no code");
    expect_fault(DD_RULE_BAD_CODE, "code");
    make(state);
    programme.version = 0;
    expect_fault(DD_RULE_MISSING, "version");
    make(state);
    programme.stage_count = 0;
    expect_fault(DD_RULE_MISSING, "stages");
    programme.stage_count = 1;
    expect_sound();
}

static void counts_have_their_limits(void **state)
{
    static const struct dd_slice keys[DD_STAGES_MAX] = {
        {(const uint8_t *)"a", 1}, {(const uint8_t *)"b", 1}, {(const uint8_t *)"c", 1},
        {(const uint8_t *)"d", 1}, {(const uint8_t *)"e", 1}, {(const uint8_t *)"f", 1},
        {(const uint8_t *)"g", 1}, {(const uint8_t *)"h", 1}, {(const uint8_t *)"i", 1},
        {(const uint8_t *)"j", 1}, {(const uint8_t *)"k", 1}, {(const uint8_t *)"l", 1}};
    (void)state;
    for (size_t i = 0; i < DD_STAGES_MAX; i++) {
        programme.stage[i] = programme.stage[i == 0 ? CAST_REGISTER : CAST_APPRAISE];
        programme.stage[i].key = keys[i];
    }
    programme.stage_count = DD_STAGES_MAX;
    for (size_t i = 0; i < DD_ITEM_KINDS_MAX; i++)
        programme.kind[i] = (struct dd_item_kind){keys[i], 1, true};
    programme.kind_count = DD_ITEM_KINDS_MAX;
    expect_sound();
    programme.kind_count++;
    expect_fault(DD_RULE_TOO_MANY, "kinds");
    programme.stage_count++;
    expect_fault(DD_RULE_TOO_MANY, "stages");
}

static void kinds_have_codes_and_room_for_a_task(void **state)
{
    (void)state;
    programme.kind[1].code = dd_slice_of("");
    expect_fault(DD_RULE_BAD_CODE, "kinds[1].code");
    programme.kind[1].code = programme.kind[0].code;
    expect_fault(DD_RULE_DUPLICATE, "kinds[1].code");
    programme.kind[1].code = dd_slice_of("common");
    programme.kind[1].max_tasks = 0;
    expect_fault(DD_RULE_MISSING, "kinds[1].max_tasks");
    programme.kind[1].max_tasks = 1;
    expect_sound();
    programme.kind_count = 0;
    expect_sound();
}

static void a_stage_says_what_it_is(void **state)
{
    struct dd_stage *stage = &programme.stage[CAST_APPRAISE];
    (void)state;
    stage->key = dd_slice_of("-x");
    expect_fault(DD_RULE_BAD_CODE, "stages[1].key");
    stage->key = dd_slice_of("register");
    expect_fault(DD_RULE_DUPLICATE, "stages[1].key");
    make(state);
    stage->act = 0;
    expect_fault(DD_RULE_MISSING, "stages[1].act");
    make(state);
    stage->by = 0;
    expect_fault(DD_RULE_MISSING, "stages[1].by");
    make(state);
    stage->silence = 0;
    expect_fault(DD_RULE_MISSING, "stages[1].silence");
}

static void a_stage_uses_known_words(void **state)
{
    struct dd_stage *stage = &programme.stage[CAST_REPORT];
    (void)state;
    stage->act = (enum dd_act)5;
    expect_fault(DD_RULE_UNKNOWN_WORD, "stages[3].act");
    make(state);
    stage->by = (enum dd_role)9;
    expect_fault(DD_RULE_UNKNOWN_WORD, "stages[3].by");
    make(state);
    stage->silence = (enum dd_silence)3;
    expect_fault(DD_RULE_UNKNOWN_WORD, "stages[3].silence");
    make(state);
    stage->word = (enum dd_deadline_word)4;
    expect_fault(DD_RULE_UNKNOWN_WORD, "stages[3].word");
    stage->word = DD_WORD_ON;
    expect_sound();
}

static void a_stage_with_a_deadline_names_its_date(void **state)
{
    struct dd_stage *stage = &programme.stage[CAST_APPROVE];
    (void)state;
    stage->date = dd_slice_of("");
    expect_fault(DD_RULE_MISSING, "stages[2].date");
    stage->word = 0;
    expect_sound();
    programme.stage[CAST_REGISTER].date = dd_slice_of("");
    expect_fault(DD_RULE_MISSING, "stages[0].date");
}

static void handing_in_reporting_and_outcomes_stand_once(void **state)
{
    static const size_t twice[] = {CAST_REGISTER, CAST_REPORT, CAST_INDICATOR};
    for (size_t i = 0; i < 3; i++) {
        make(state);
        programme.stage[CAST_STAGES] = programme.stage[twice[i]];
        programme.stage[CAST_STAGES].key = dd_slice_of("again");
        programme.stage_count++;
        expect_fault(DD_RULE_DUPLICATE, "stages[5].act");
    }
    programme.stage[CAST_STAGES] = programme.stage[CAST_APPROVE];
    programme.stage[CAST_STAGES].key = dd_slice_of("again");
    expect_sound();
}

static void deciding_comes_after_handing_in_and_by_who_decides(void **state)
{
    struct dd_stage hand_in = programme.stage[CAST_REGISTER];
    (void)state;
    programme.stage[CAST_REGISTER] = programme.stage[CAST_APPRAISE];
    programme.stage[CAST_APPRAISE] = hand_in;
    expect_fault(DD_RULE_DATES_OUT_OF_ORDER, "stages[0].act");
    make(state);
    programme.stage[CAST_APPRAISE].by = DD_ROLE_HEAD;
    expect_fault(DD_RULE_UNKNOWN_WORD, "stages[1].by");
    programme.stage[CAST_APPRAISE].by = DD_ROLE_APPROVER;
    expect_sound();
}

static void rungs_rise_within_120_days(void **state)
{
    struct dd_stage *stage = &programme.stage[CAST_REGISTER];
    (void)state;
    stage->rung[0] = -120;
    stage->rung[6] = 120;
    expect_sound();
    stage->rung[0] = -121;
    expect_fault(DD_RULE_OUT_OF_RANGE, "stages[0].rungs");
    stage->rung[0] = -120;
    stage->rung[6] = 121;
    expect_fault(DD_RULE_OUT_OF_RANGE, "stages[0].rungs");
    stage->rung[6] = stage->rung[5];
    expect_fault(DD_RULE_DATES_OUT_OF_ORDER, "stages[0].rungs");
    make(state);
    for (int8_t i = 0; i < DD_RUNGS_MAX; i++)
        stage->rung[i] = i;
    stage->rung_count = DD_RUNGS_MAX;
    expect_sound();
    stage->rung_count++;
    expect_fault(DD_RULE_TOO_MANY, "stages[0].rungs");
}

/* --- bytes --- */

static struct dd_slice written(const struct dd_programme *from)
{
    static uint8_t bytes[8192];
    struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
    dd_programme_write(&w, from);
    assert_false(w.overflow);
    return dd_writer_slice(&w);
}

static void a_programme_comes_back_as_it_was(void **state)
{
    struct dd_programme read;
    (void)state;
    programme.version = 258;
    programme.name_en = dd_slice_of("Key tasks");
    programme.source = dd_slice_of("193/2011/QĐ-UBND");
    memset(programme.source_hash, 0x17, sizeof programme.source_hash);
    programme.progress_signed = true;
    programme.stage[CAST_REPORT].refuse_after_bound = true;
    programme.stage[CAST_REPORT].roll = true;
    programme.stage[CAST_REPORT].working_days = true;
    struct dd_slice bytes = written(&programme);
    uint8_t first[8192];
    memcpy(first, bytes.data, bytes.size);
    assert_true(dd_programme_read((struct dd_slice){first, bytes.size}, &read));
    struct dd_slice again = written(&read);
    assert_int_equal(again.size, bytes.size);
    assert_memory_equal(again.data, first, bytes.size);
    assert_int_equal(read.version, 258);
    assert_true(read.progress_signed);
    assert_true(dd_slice_equal(read.source, programme.source));
    assert_int_equal(read.stage_count, CAST_STAGES);
    assert_int_equal(read.stage[CAST_REGISTER].rung[0], -7);
    assert_true(read.stage[CAST_REGISTER].superior[6]);
    assert_true(read.stage[CAST_REPORT].refuse_after_bound);
    assert_true(read.stage[CAST_APPROVE].first_approver_adjusts);
    assert_int_equal(read.kind[CAST_OWN].max_tasks, 5);
    assert_false(read.kind[CAST_COMMON].counted);
}

static void bytes_cut_or_grown_are_no_programme(void **state)
{
    struct dd_programme read;
    uint8_t bytes[8192];
    (void)state;
    struct dd_slice whole = written(&programme);
    memcpy(bytes, whole.data, whole.size);
    for (size_t cut = 0; cut < whole.size; cut++)
        assert_false(dd_programme_read((struct dd_slice){bytes, cut}, &read));
    bytes[whole.size] = 0;
    assert_false(dd_programme_read((struct dd_slice){bytes, whole.size + 1}, &read));
    bytes[0]++;
    assert_false(dd_programme_read((struct dd_slice){bytes, whole.size}, &read));
}

static void the_largest_programme_fits_its_row(void **state)
{
    static char code[DD_CODE_BYTES_MAX];
    static char text[DD_TITLE_BYTES_MAX];
    struct dd_slice longest = {(const uint8_t *)code, sizeof code};
    struct cast cast;
    struct dd_programme read;
    (void)state;
    memset(code, 'c', sizeof code);
    programme.code = longest;
    programme.name_vi = programme.name_en = (struct dd_slice){(uint8_t *)text, DD_NAME_BYTES_MAX};
    programme.source = (struct dd_slice){(uint8_t *)text, sizeof text};
    programme.kind_count = DD_ITEM_KINDS_MAX;
    programme.stage_count = DD_STAGES_MAX;
    for (size_t i = 0; i < DD_ITEM_KINDS_MAX; i++)
        programme.kind[i].code = longest;
    for (size_t i = 0; i < DD_STAGES_MAX; i++) {
        programme.stage[i].key = programme.stage[i].date = longest;
        programme.stage[i].rung_count = DD_RUNGS_MAX;
    }
    cast_make(&cast, 0);
    dd_put_programme(&cast.view, 1, &programme);
    assert_true(dd_get_programme(&cast.view, 1, &read));
    assert_int_equal(read.source.size, DD_TITLE_BYTES_MAX);
    cast_free(&cast);
}

static void stages_and_kinds_are_found(void **state)
{
    (void)state;
    assert_int_equal(dd_programme_stage(&programme, DD_ACT_HAND_IN, 0), CAST_REGISTER);
    assert_int_equal(dd_programme_stage(&programme, DD_ACT_DECIDE, 0), CAST_APPRAISE);
    assert_int_equal(dd_programme_stage(&programme, DD_ACT_DECIDE, CAST_APPROVE), CAST_APPROVE);
    assert_int_equal(dd_programme_stage(&programme, DD_ACT_DECIDE, CAST_REPORT), CAST_STAGES);
    assert_int_equal(dd_programme_stage(&programme, DD_ACT_HAND_IN, 1), CAST_STAGES);
    assert_int_equal(dd_programme_kind(&programme, dd_slice_of("common")), CAST_COMMON);
    assert_int_equal(dd_programme_kind(&programme, dd_slice_of("commo")), 2);
}

#define TEST(name) cmocka_unit_test_setup(name, make)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_key_tasks_are_sound),
        TEST(a_programme_has_a_code_a_version_and_stages),
        TEST(counts_have_their_limits),
        TEST(kinds_have_codes_and_room_for_a_task),
        TEST(a_stage_says_what_it_is),
        TEST(a_stage_uses_known_words),
        TEST(a_stage_with_a_deadline_names_its_date),
        TEST(handing_in_reporting_and_outcomes_stand_once),
        TEST(deciding_comes_after_handing_in_and_by_who_decides),
        TEST(rungs_rise_within_120_days),
        TEST(a_programme_comes_back_as_it_was),
        TEST(bytes_cut_or_grown_are_no_programme),
        TEST(the_largest_programme_fits_its_row),
        TEST(stages_and_kinds_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
