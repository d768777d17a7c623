/* Programmes: the bytes that state keeps, and what is found in them. What one must hold:
 * tests/unit/test_programme_check.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/programme.h"
#include "tests/lib/cast.h"

enum { ROW_BYTES = 2 * DD_COMMAND_BYTES_MAX };

static struct dd_programme programme;

static int make(void **state)
{
    (void)state;
    programme = cast_programme();
    return 0;
}

static struct dd_slice text(const char *from)
{
    return dd_slice_of(from);
}

static struct dd_slice written(const struct dd_programme *from, uint8_t *bytes)
{
    struct dd_writer w = dd_writer_make(bytes, ROW_BYTES);
    dd_programme_write(&w, from);
    assert_false(w.overflow);
    return dd_writer_slice(&w);
}

static void expect_text(struct dd_slice found, const char *expected)
{
    assert_true(dd_slice_equal(found, text(expected)));
}

static void a_programme_comes_back_as_it_was(void **state)
{
    static uint8_t first[ROW_BYTES];
    static uint8_t second[ROW_BYTES];
    struct dd_programme read;
    (void)state;
    programme.version = 258;
    programme.name_en = text("Key tasks");
    programme.source = text("193/2011/QĐ-UBND");
    programme.issued_day = -3;
    memset(programme.source_hash, 0x17, sizeof programme.source_hash);
    programme.progress_signed = true;
    programme.form_count = 3;
    programme.forms = text("forms");
    struct dd_slice bytes = written(&programme, first);
    assert_true(dd_programme_read(bytes, &read));
    struct dd_slice again = written(&read, second);
    assert_int_equal(again.size, bytes.size);
    assert_memory_equal(second, first, bytes.size);
    assert_int_equal(read.version, 258);
    assert_int_equal(read.issued_day, -3);
    assert_int_equal(read.source_hash[31], 0x17);
    assert_true(read.progress_signed);
    expect_text(read.name_en, "Key tasks");
    expect_text(read.source, "193/2011/QĐ-UBND");
    assert_int_equal(read.form_count, 3);
    expect_text(read.forms, "forms");
    assert_int_equal(read.stage_count, CAST_STAGES);
    assert_int_equal(read.stage[CAST_REGISTER].rung[0], -7);
    assert_true(read.stage[CAST_REGISTER].superior[6]);
    assert_true(read.stage[CAST_APPROVE].first_approver_adjusts);
    assert_int_equal(read.kind[CAST_OWN].max_tasks, 5);
    assert_false(read.kind[CAST_COMMON].counted);
}

/* Every member has a value of its own. */
static void a_kind_of_matter_comes_back_as_it_was(void **state)
{
    static uint8_t bytes[ROW_BYTES];
    struct dd_programme read;
    struct dd_item_kind *kind = &programme.kind[1];
    (void)state;
    *kind = (struct dd_item_kind){.code = text("meeting"),
                                  .name_vi = text("Cuộc họp"),
                                  .name_en = text("Meeting"),
                                  .max_tasks = 258,
                                  .matter = true,
                                  .opened_by = DD_ROLE_APPROVER,
                                  .opened_in = DD_WHERE_HOST,
                                  .signers = 0x14,
                                  .needs_instant = true};
    assert_true(dd_programme_read(written(&programme, bytes), &read));
    kind = &read.kind[1];
    expect_text(kind->code, "meeting");
    expect_text(kind->name_vi, "Cuộc họp");
    expect_text(kind->name_en, "Meeting");
    assert_int_equal(kind->max_tasks, 258);
    assert_true(kind->matter && kind->needs_instant && !kind->needs_due && !kind->counted);
    assert_int_equal(kind->opened_by, DD_ROLE_APPROVER);
    assert_int_equal(kind->opened_in, DD_WHERE_HOST);
    assert_int_equal(kind->signers, 0x14);
    programme.kind[1].needs_due = true;
    programme.kind[1].needs_instant = false;
    assert_true(dd_programme_read(written(&programme, bytes), &read));
    assert_true(read.kind[1].needs_due && !read.kind[1].needs_instant);
}

static void a_deadline_comes_back_as_it_was(void **state)
{
    static uint8_t bytes[ROW_BYTES];
    struct dd_programme read;
    (void)state;
    programme.stage[0].deadline = (struct dd_deadline_rule){.word = DD_WORD_BEFORE,
                                                            .date = text("day"),
                                                            .every = DD_CADENCE_HALF,
                                                            .on = {-23, 31},
                                                            .except = 0x1040,
                                                            .has_closing = true,
                                                            .closing = {24, 7},
                                                            .anchor = DD_ANCHOR_AT,
                                                            .days = -366,
                                                            .working = true};
    assert_true(dd_programme_read(written(&programme, bytes), &read));
    const struct dd_deadline_rule *rule = &read.stage[0].deadline;
    assert_int_equal(rule->word, DD_WORD_BEFORE);
    expect_text(rule->date, "day");
    assert_int_equal(rule->every, DD_CADENCE_HALF);
    assert_int_equal(rule->on.month, -23);
    assert_int_equal(rule->on.day, 31);
    assert_int_equal(rule->except, 0x1040);
    assert_true(rule->has_closing);
    assert_int_equal(rule->closing.month, 24);
    assert_int_equal(rule->closing.day, 7);
    assert_int_equal(rule->anchor, DD_ANCHOR_AT);
    assert_int_equal(rule->days, -366);
    assert_true(rule->working && !rule->roll);
    programme.stage[0].deadline = (struct dd_deadline_rule){.roll = true};
    assert_true(dd_programme_read(written(&programme, bytes), &read));
    assert_true(read.stage[0].deadline.roll && !read.stage[0].deadline.working);
}

static void an_answer_comes_back_as_it_was(void **state)
{
    static uint8_t bytes[ROW_BYTES];
    struct dd_programme read;
    struct dd_stage *stage = &programme.stage[1];
    (void)state;
    *stage = (struct dd_stage){.key = text("vote"),
                               .name_vi = text("Phiếu"),
                               .name_en = text("Vote"),
                               .act = DD_ACT_ANSWER,
                               .by = DD_ROLE_HEAD,
                               .of = text("ballot"),
                               .who = DD_WHO_OWNER,
                               .signers = 0x3c,
                               .group_count = 2,
                               .group = {text("members"), text("guests")},
                               .silence = DD_SILENCE_NOT_YES,
                               .form = text("slip"),
                               .requires = text("first"),
                               .yields_to = text("second"),
                               .choice_count = 2,
                               .choice = {{text("yes"), text("Đồng ý"), text("Yes")},
                                          {text("no"), text("Không"), text("No")}},
                               .pass_choice = 2,
                               .pass_percent = 50,
                               .pass_of = 99,
                               .bent_by = DD_ROLE_APPROVER,
                               .extensions = 3,
                               .extension_days = 300};
    assert_true(dd_programme_read(written(&programme, bytes), &read));
    stage = &read.stage[1];
    expect_text(stage->name_vi, "Phiếu");
    expect_text(stage->name_en, "Vote");
    expect_text(stage->of, "ballot");
    assert_int_equal(stage->who, DD_WHO_OWNER);
    assert_int_equal(stage->signers, 0x3c);
    assert_int_equal(stage->group_count, 2);
    expect_text(stage->group[1], "guests");
    expect_text(stage->form, "slip");
    expect_text(stage->requires, "first");
    expect_text(stage->yields_to, "second");
    assert_int_equal(stage->choice_count, 2);
    expect_text(stage->choice[1].code, "no");
    expect_text(stage->choice[0].name_vi, "Đồng ý");
    expect_text(stage->choice[1].name_en, "No");
    assert_int_equal(stage->pass_choice, 2);
    assert_int_equal(stage->pass_percent, 50);
    assert_int_equal(stage->pass_of, 99);
    assert_int_equal(stage->bent_by, DD_ROLE_APPROVER);
    assert_int_equal(stage->extensions, 3);
    assert_int_equal(stage->extension_days, 300);
}

/* One switch of a stage at a time, so that none stands for another. */
static void each_switch_of_a_stage_comes_back(void **state)
{
    static uint8_t bytes[ROW_BYTES];
    struct dd_programme read;
    struct dd_stage *stage = &programme.stage[0];
    const struct dd_stage *found = &read.stage[0];
    bool *const set[] = {&stage->refuse_after_bound,
                         &stage->any_time,
                         &stage->reason_when_late,
                         &stage->skipped_by_adjustment,
                         &stage->first_approver_adjusts,
                         &stage->pass_of_cast,
                         &stage->working_days};
    const bool *const got[] = {&found->refuse_after_bound,
                               &found->any_time,
                               &found->reason_when_late,
                               &found->skipped_by_adjustment,
                               &found->first_approver_adjusts,
                               &found->pass_of_cast,
                               &found->working_days};
    (void)state;
    for (size_t i = 0; i < sizeof set / sizeof set[0]; i++) {
        *set[i] = true;
        assert_true(dd_programme_read(written(&programme, bytes), &read));
        for (size_t k = 0; k < sizeof got / sizeof got[0]; k++)
            assert_int_equal(*got[k], k == i);
        *set[i] = false;
    }
}

static void bytes_cut_or_grown_are_no_programme(void **state)
{
    static uint8_t bytes[ROW_BYTES];
    struct dd_programme read;
    (void)state;
    struct dd_slice whole = written(&programme, bytes);
    for (size_t cut = 0; cut < whole.size; cut++)
        assert_false(dd_programme_read((struct dd_slice){bytes, cut}, &read));
    bytes[whole.size] = 0;
    assert_false(dd_programme_read((struct dd_slice){bytes, whole.size + 1}, &read));
    for (uint8_t layout = 0; layout < 4; layout++) {
        bytes[0] = layout;
        assert_int_equal(dd_programme_read(whole, &read), layout == 2);
    }
}

/* So many empty kinds, stages or forms, in exactly the bytes that they take. */
static void counts_beyond_their_limits_are_no_programme(void **state)
{
    static uint8_t bytes[ROW_BYTES];
    static uint8_t one[ROW_BYTES];
    static const size_t most[] = {DD_ITEM_KINDS_MAX, DD_STAGES_MAX, DD_FORMS_MAX};
    const struct dd_programme empty = {.version = 1};
    struct dd_programme read;
    (void)state;
    size_t base = written(&empty, bytes).size;
    uint8_t *counts = bytes + base - 7; /* kinds, stages, forms, and the forms' length */
    const struct dd_programme kind = {.version = 1, .kind_count = 1};
    const struct dd_programme stage = {.version = 1, .stage_count = 1};
    const size_t each[] = {written(&kind, one).size - base, written(&stage, one).size - base, 0};
    for (size_t i = 0; i < 3; i++) {
        memset(counts, 0, 3);
        counts[i] = (uint8_t)most[i];
        assert_true(dd_programme_read((struct dd_slice){bytes, base + most[i] * each[i]}, &read));
        counts[i]++;
        struct dd_slice more = {bytes, base + (most[i] + 1) * each[i]};
        assert_false(dd_programme_read(more, &read));
    }
}

/* More than the largest command can bring. */
static void the_largest_programme_fits_its_row(void **state)
{
    static char code[DD_CODE_BYTES_MAX];
    static char long_text[DD_TITLE_BYTES_MAX];
    static char forms[DD_COMMAND_BYTES_MAX];
    struct dd_slice longest = {(const uint8_t *)code, sizeof code};
    struct cast cast;
    struct dd_programme read;
    (void)state;
    memset(code, 'c', sizeof code);
    programme.code = longest;
    programme.name_vi = programme.name_en =
        (struct dd_slice){(uint8_t *)long_text, DD_NAME_BYTES_MAX};
    programme.source = (struct dd_slice){(uint8_t *)long_text, sizeof long_text};
    programme.forms = (struct dd_slice){(uint8_t *)forms, sizeof forms};
    programme.form_count = DD_FORMS_MAX;
    programme.kind_count = DD_ITEM_KINDS_MAX;
    programme.stage_count = DD_STAGES_MAX;
    for (size_t i = 0; i < DD_ITEM_KINDS_MAX; i++)
        programme.kind[i].code = longest;
    for (size_t i = 0; i < DD_STAGES_MAX; i++) {
        struct dd_stage *stage = &programme.stage[i];
        stage->key = stage->deadline.date = stage->of = stage->form = longest;
        stage->requires = stage->yields_to = longest;
        stage->group_count = DD_STAGE_GROUPS_MAX;
        for (size_t k = 0; k < DD_STAGE_GROUPS_MAX; k++)
            stage->group[k] = longest;
        stage->choice_count = DD_CHOICES_MAX;
        for (size_t k = 0; k < DD_CHOICES_MAX; k++)
            stage->choice[k] = (struct dd_choice){longest, longest, longest};
        stage->rung_count = DD_RUNGS_MAX;
    }
    cast_make(&cast, 0);
    dd_put_programme(&cast.view, 1, &programme);
    assert_true(dd_get_programme(&cast.view, 1, &read));
    assert_int_equal(read.source.size, DD_TITLE_BYTES_MAX);
    assert_int_equal(read.forms.size, sizeof forms);
    assert_int_equal(read.stage[DD_STAGES_MAX - 1].group_count, DD_STAGE_GROUPS_MAX);
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
    assert_int_equal(dd_programme_stage(&programme, DD_ACT_HAND_IN, 255), CAST_STAGES);
    assert_int_equal(dd_programme_stage_of_key(&programme, text("approve")), CAST_APPROVE);
    assert_int_equal(dd_programme_stage_of_key(&programme, text("approv")), CAST_STAGES);
    assert_int_equal(dd_programme_kind(&programme, text("common")), CAST_COMMON);
    assert_int_equal(dd_programme_kind(&programme, text("commo")), 2);
}

static void stages_of_a_matter_are_not_those_of_the_dossier(void **state)
{
    (void)state;
    programme.stage[CAST_APPRAISE].of = text("directive");
    programme.stage[CAST_INDICATOR].of = text("directive");
    assert_int_equal(dd_programme_stage(&programme, DD_ACT_DECIDE, 0), CAST_APPROVE);
    assert_int_equal(dd_programme_stage(&programme, DD_ACT_OUTCOME, 0), CAST_STAGES);
    assert_int_equal(dd_programme_stage_of(&programme, DD_ACT_DECIDE, text("directive"), 0),
                     CAST_APPRAISE);
    assert_int_equal(dd_programme_stage_of(&programme, DD_ACT_DECIDE, text("directive"), 2),
                     CAST_STAGES);
    assert_int_equal(dd_programme_stage_of(&programme, DD_ACT_DECIDE, text("direct"), 0),
                     CAST_STAGES);
}

static void a_stage_is_for_its_groups_or_for_all(void **state)
{
    struct dd_stage *stage = &programme.stage[CAST_REPORT];
    (void)state;
    assert_true(dd_stage_is_for(stage, text("districts")));
    assert_true(dd_stage_is_for(stage, text("")));
    stage->group_count = 2;
    stage->group[0] = text("departments");
    stage->group[1] = text("districts");
    assert_true(dd_stage_is_for(stage, text("districts")));
    assert_false(dd_stage_is_for(stage, text("district")));
    assert_false(dd_stage_is_for(stage, text("")));
}

#define TEST(name) cmocka_unit_test_setup(name, make)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_programme_comes_back_as_it_was),
        TEST(a_kind_of_matter_comes_back_as_it_was),
        TEST(a_deadline_comes_back_as_it_was),
        TEST(an_answer_comes_back_as_it_was),
        TEST(each_switch_of_a_stage_comes_back),
        TEST(bytes_cut_or_grown_are_no_programme),
        TEST(counts_beyond_their_limits_are_no_programme),
        TEST(the_largest_programme_fits_its_row),
        TEST(stages_and_kinds_are_found),
        TEST(stages_of_a_matter_are_not_those_of_the_dossier),
        TEST(a_stage_is_for_its_groups_or_for_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
