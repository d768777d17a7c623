/* Commands of work through the codec: what is taken, and every rule of what is well-formed on both
 * sides. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <protobuf-c/protobuf-c.h>

#include "tests/lib/codec_case.h"

static struct dd_register *make_register(size_t count)
{
    static struct dd_indicator_put indicators[DD_INDICATORS_PER_COMMAND_MAX + 1];
    codec_command.kind = DD_COMMAND_REGISTER;
    codec_command.as.register_ = (struct dd_register){.cycle = dd_slice_of("key/2013"),
                                                      .unit = dd_slice_of("so-tc"),
                                                      .task = 3,
                                                      .kind = dd_slice_of("main"),
                                                      .indicators = indicators,
                                                      .indicator_count = count};
    for (size_t i = 0; i < count; i++)
        indicators[i] = (struct dd_indicator_put){.number = (uint16_t)(i + 1),
                                                  .title = dd_slice_of("Thu ngân sách"),
                                                  .unit_of_measure = dd_slice_of("tỷ đồng"),
                                                  .due_day = 15000};
    return &codec_command.as.register_;
}

static struct dd_progress *make_progress(void)
{
    codec_command.kind = DD_COMMAND_PROGRESS;
    codec_command.as.progress = (struct dd_progress){.cycle = dd_slice_of("key/2013"),
                                                     .unit = dd_slice_of("so-tc"),
                                                     .task = 3,
                                                     .indicator = 1,
                                                     .outcome = DD_OUTCOME_COMPLETED,
                                                     .day = 15000};
    return &codec_command.as.progress;
}

static struct dd_submit *make_submit(void)
{
    codec_command.kind = DD_COMMAND_SUBMIT;
    codec_command.as.submit = (struct dd_submit){.cycle = dd_slice_of("key/2013"),
                                                 .unit = dd_slice_of("so-tc"),
                                                 .what = DD_SUBMISSION_REGISTRATION,
                                                 .capacity = DD_CAPACITY_HEAD};
    return &codec_command.as.submit;
}

static struct dd_decide *make_decide(void)
{
    codec_command.kind = DD_COMMAND_DECIDE;
    codec_command.as.decide = (struct dd_decide){.cycle = dd_slice_of("key/2013"),
                                                 .unit = dd_slice_of("so-tc"),
                                                 .version = 1,
                                                 .verdict = DD_VERDICT_AGREE};
    return &codec_command.as.decide;
}

static struct dd_open_cycle *make_open_cycle(void)
{
    codec_command.kind = DD_COMMAND_OPEN_CYCLE;
    codec_command.as.open_cycle = (struct dd_open_cycle){.programme = dd_slice_of("key"),
                                                         .period = dd_slice_of("2013"),
                                                         .page = 1,
                                                         .host = dd_slice_of("so-nv"),
                                                         .from_day = 15706,
                                                         .to_day = 16070};
    return &codec_command.as.open_cycle;
}

static struct dd_put_account *make_account(void)
{
    codec_command.kind = DD_COMMAND_PUT_ACCOUNT;
    codec_command.as.put_account =
        (struct dd_put_account){.code = dd_slice_of("so-tc.vt"), .to_ms = INT64_MAX};
    return &codec_command.as.put_account;
}

static void codec_wants_codes_to_be_codes(void **state)
{
    struct dd_register *task = make_register(1);
    (void)state;
    codec_taken();
    task->unit = dd_slice_of("sở");
    codec_refused(DD_RULE_BAD_CODE, "register.unit", "", "");
    task->unit = dd_slice_of("");
    codec_refused(DD_RULE_MISSING, "register.unit", "", "");
    task->unit = codec_x_times(DD_CODE_BYTES_MAX);
    codec_taken();
    task->unit = codec_x_times(DD_CODE_BYTES_MAX + 1);
    codec_refused(DD_RULE_BAD_CODE, "register.unit", "", "");
}

static void codec_wants_a_cycle_to_be_two_codes(void **state)
{
    static const char *const wrong[] = {"key",         "/2013",     "key/",
                                        "key/2013/H1", "key//2013", "a b/c"};
    struct dd_register *task = make_register(1);
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        task->cycle = dd_slice_of(wrong[i]);
        codec_refused(DD_RULE_BAD_CODE, "register.cycle", "", "");
    }
    task->cycle = dd_slice_of("");
    codec_refused(DD_RULE_MISSING, "register.cycle", "", "");
}

static void codec_bounds_numbers_of_tasks_and_indicators(void **state)
{
    struct dd_register *task = make_register(1);
    (void)state;
    task->task = DD_TASK_NUMBER_MAX;
    task->indicators[0].number = DD_INDICATOR_NUMBER_MAX;
    codec_taken();
    task->task = DD_TASK_NUMBER_MAX + 1;
    codec_refused(DD_RULE_OUT_OF_RANGE, "register.task", "1", "9999");
    task->task = 0;
    codec_refused(DD_RULE_OUT_OF_RANGE, "register.task", "1", "9999");
    task->task = 1;
    task->indicators[0].number = 0;
    codec_refused(DD_RULE_OUT_OF_RANGE, "register.indicators[0].number", "1", "9999");
    task->indicators[0].number = DD_INDICATOR_NUMBER_MAX + 1;
    codec_refused(DD_RULE_OUT_OF_RANGE, "register.indicators[0].number", "1", "9999");
}

static void codec_bounds_texts(void **state)
{
    struct dd_register *task = make_register(1);
    (void)state;
    task->indicators[0].title = codec_x_times(DD_TITLE_BYTES_MAX);
    task->indicators[0].unit_of_measure = codec_x_times(DD_UOM_BYTES_MAX);
    codec_taken();
    task->indicators[0].unit_of_measure = codec_x_times(DD_UOM_BYTES_MAX + 1);
    codec_refused(DD_RULE_TOO_LONG, "register.indicators[0].unit_of_measure", "128", "");
    task->indicators[0].unit_of_measure = dd_slice_of("");
    codec_taken();
    task->indicators[0].unit_of_measure = dd_slice_of("tỷ\nđồng"); /* one line */
    codec_refused(DD_RULE_CONTROL_CHARACTER, "register.indicators[0].unit_of_measure", "", "");
    task->indicators[0].unit_of_measure = dd_slice_of("");
    task->indicators[0].title = codec_x_times(DD_TITLE_BYTES_MAX + 1);
    codec_refused(DD_RULE_TOO_LONG, "register.indicators[0].title", "2000", "");
    task->indicators[0].title = dd_slice_of("");
    codec_refused(DD_RULE_MISSING, "register.indicators[0].title", "", "");
    task->indicators[0].title = dd_slice_of(" \n ");
    codec_refused(DD_RULE_MISSING, "register.indicators[0].title", "", "");
    task->indicators[0].title = dd_slice_of("Báo cáo\nkết quả");
    codec_taken();
    struct dd_progress *progress = make_progress();
    progress->note = codec_x_times(DD_REASON_BYTES_MAX);
    codec_taken();
    progress->note = codec_x_times(DD_REASON_BYTES_MAX + 1);
    codec_refused(DD_RULE_TOO_LONG, "progress.note", "4000", "");
}

static void codec_refuses_text_that_is_not_text(void **state)
{
    struct dd_register *task = make_register(3);
    struct dd_slice nul = {(const uint8_t *)"a\0b", 3};
    struct dd_slice bytes;
    (void)state;
    task->indicators[2].title = dd_slice_of("o\xcc\x82");
    codec_refused(DD_RULE_NOT_NFC, "register.indicators[2].title", "", "");
    task->indicators[2].title = dd_slice_of("\xff");
    codec_refused(DD_RULE_NOT_UTF8, "register.indicators[2].title", "", "");
    task->indicators[2].title = dd_slice_of("a\xe2\x81\xa6"
                                            "b");
    codec_refused(DD_RULE_CONTROL_CHARACTER, "register.indicators[2].title", "", "");
    task->indicators[2].title = nul;
    assert_int_equal(dd_codec_command_encode(&codec_command, &codec_arena, &bytes), DD_INVALID);
}

/* Unicode grows: a text that was in normal form when it was taken may not be so by later tables. */
static void codec_reads_a_logged_command_whatever_normal_form_is_today(void **state)
{
    struct dd_register *task = make_register(1);
    struct dd_refusal refusal;
    struct dd_command read;
    struct dd_slice bytes;
    (void)state;
    task->indicators[0].title = dd_slice_of("o\xcc\x82");
    dd_arena_reset(&codec_arena);
    assert_int_equal(dd_codec_command_encode(&codec_command, &codec_arena, &bytes), DD_OK);
    assert_int_equal(dd_codec_command_decode(bytes, &codec_arena, &read, &refusal), DD_INVALID);
    assert_int_equal(dd_codec_logged_decode(bytes, &codec_arena, &read, &refusal), DD_OK);
    assert_true(dd_slice_equal(read.as.register_.indicators[0].title, dd_slice_of("o\xcc\x82")));
    task->task = 0;
    assert_int_equal(dd_codec_command_encode(&codec_command, &codec_arena, &bytes), DD_OK);
    assert_int_equal(dd_codec_logged_decode(bytes, &codec_arena, &read, &refusal), DD_INVALID);
}

static void codec_bounds_figures(void **state)
{
    struct dd_indicator_put *indicator = make_register(1)->indicators;
    const int64_t most = INT64_C(999999999999999999);
    (void)state;
    indicator->has_target = true;
    indicator->target = (struct dd_figure){most, DD_FIGURE_SCALE_MAX};
    codec_taken();
    indicator->target = (struct dd_figure){-most, 0};
    codec_taken();
    indicator->target = (struct dd_figure){0, 0}; /* a target of zero is not "no target" */
    codec_taken();
    indicator->target = (struct dd_figure){most + 1, 0};
    codec_refused(DD_RULE_BAD_FIGURE, "register.indicators[0].target", "", "");
    indicator->target = (struct dd_figure){-most - 1, 0};
    codec_refused(DD_RULE_BAD_FIGURE, "register.indicators[0].target", "", "");
    indicator->target = (struct dd_figure){INT64_MIN, 0};
    codec_refused(DD_RULE_BAD_FIGURE, "register.indicators[0].target", "", "");
    indicator->target = (struct dd_figure){1, DD_FIGURE_SCALE_MAX + 1};
    codec_refused(DD_RULE_BAD_FIGURE, "register.indicators[0].target", "", "");
}

static void codec_bounds_the_indicators_of_a_command(void **state)
{
    struct dd_register *task = make_register(DD_INDICATORS_PER_COMMAND_MAX);
    static uint16_t removed[DD_INDICATORS_PER_COMMAND_MAX + 1];
    (void)state;
    codec_taken();
    make_register(DD_INDICATORS_PER_COMMAND_MAX + 1);
    codec_refused(DD_RULE_TOO_MANY, "register.indicators", "200", "");
    make_register(0);
    codec_refused(DD_RULE_MISSING, "register.indicators", "", "");
    for (uint16_t i = 0; i < DD_INDICATORS_PER_COMMAND_MAX + 1; i++)
        removed[i] = (uint16_t)(i + 1);
    task->removed = removed;
    task->removed_count = DD_INDICATORS_PER_COMMAND_MAX;
    codec_taken();
    task->removed_count++;
    codec_refused(DD_RULE_TOO_MANY, "register.removed", "200", "");
}

static void codec_refuses_an_indicator_named_twice(void **state)
{
    struct dd_register *task = make_register(3);
    uint16_t removed[2] = {4, 3};
    (void)state;
    task->indicators[2].number = 1;
    codec_refused(DD_RULE_DUPLICATE, "register.indicators[2].number", "1", "");
    task->indicators[2].number = 3;
    task->removed = removed;
    task->removed_count = 1;
    codec_taken();
    task->removed_count = 2;
    codec_refused(DD_RULE_DUPLICATE, "register.removed[1]", "3", "");
    removed[1] = 0;
    codec_refused(DD_RULE_OUT_OF_RANGE, "register.removed[1]", "1", "9999");
}

/* Changes a text inside the bytes, of equal length: for what no struct can say. */
static enum dd_status patched(const char *from, const char *to, struct dd_refusal *refusal)
{
    struct dd_slice bytes = {NULL, 0};
    struct dd_command out;
    size_t size = strlen(from);

    assert_int_equal(dd_codec_command_encode(&codec_command, &codec_arena, &bytes), DD_OK);
    uint8_t *copy = dd_arena_take(&codec_arena, bytes.size);
    assert_non_null(copy);
    memcpy(copy, bytes.data, bytes.size);
    size_t at = 0;
    while (at + size <= bytes.size && memcmp(copy + at, from, size) != 0)
        at++;
    assert_true(at + size <= bytes.size);
    memcpy(copy + at, to, size);
    return dd_codec_command_decode((struct dd_slice){copy, bytes.size}, &codec_arena, &out,
                                   refusal);
}

static void codec_refuses_dates_that_do_not_exist(void **state)
{
    struct dd_refusal refusal;
    (void)state;
    make_register(1); /* day 15000 is 2011-01-26 */
    assert_int_equal(patched("2011-01-26", "2012-02-29", &refusal), DD_OK);
    assert_int_equal(patched("2011-01-26", "2011-02-29", &refusal), DD_INVALID);
    assert_int_equal(refusal.rule, DD_RULE_BAD_DATE);
    assert_string_equal(refusal.field, "register.indicators[0].due");
    assert_int_equal(patched("2011-01-26", "26.01.2011", &refusal), DD_INVALID);
    assert_int_equal(refusal.rule, DD_RULE_BAD_DATE);
    codec_command.as.register_.indicators[0].due_day = INT32_MAX; /* written as no date */
    codec_refused(DD_RULE_MISSING, "register.indicators[0].due", "", "");
}

static void codec_wants_words_where_a_word_is_needed(void **state)
{
    (void)state;
    make_progress()->outcome = 0;
    codec_refused(DD_RULE_MISSING, "progress.outcome", "", "");
    make_progress()->outcome = (enum dd_outcome)6;
    codec_refused(DD_RULE_UNKNOWN_WORD, "progress.outcome", "6", "");
    make_decide()->verdict = 0;
    codec_refused(DD_RULE_MISSING, "decide.verdict", "", "");
    make_submit()->what = 0;
    codec_refused(DD_RULE_MISSING, "submit.what", "", "");
    make_submit()->capacity = 0;
    codec_refused(DD_RULE_MISSING, "submit.capacity", "", "");
    struct dd_office office = {.role = 0, .from_day = INT32_MIN, .to_day = INT32_MAX};
    make_account()->offices = &office;
    codec_command.as.put_account.office_count = 1;
    codec_refused(DD_RULE_MISSING, "put_account.offices[0].role", "", "");
    struct dd_report_due report = {.code = dd_slice_of("Q1"), .word = 0, .day = 15000};
    make_open_cycle()->reports = &report;
    codec_command.as.open_cycle.report_count = 1;
    codec_refused(DD_RULE_MISSING, "open_cycle.reports[0].word", "", "");
    report.word = DD_WORD_ON;
    codec_taken();
}

static void codec_wants_a_report_to_name_itself_or_its_stage_and_nothing_else_to(void **state)
{
    struct dd_submit *submit = make_submit();
    (void)state;
    codec_taken();
    submit->report = dd_slice_of("H1");
    codec_refused(DD_RULE_TOO_LONG, "submit.report", "0", "");
    submit->what = DD_SUBMISSION_REPORT;
    codec_taken();
    submit->report = dd_slice_of("12/BC-STC ngày 3/1"); /* a number on paper */
    codec_taken();
    submit->report = codec_x_times(DD_NAME_BYTES_MAX);
    codec_taken();
    submit->report = codec_x_times(DD_NAME_BYTES_MAX + 1);
    codec_refused(DD_RULE_TOO_LONG, "submit.report", "512", "");
    submit->report = dd_slice_of("12\n13");
    codec_refused(DD_RULE_CONTROL_CHARACTER, "submit.report", "", "");
    submit->report = dd_slice_of("");
    codec_refused(DD_RULE_MISSING, "submit.report", "", "");
    submit->stage = dd_slice_of("yearly");
    codec_taken();
}

static void codec_wants_an_answer_to_name_its_matter_and_nothing_else_to(void **state)
{
    struct dd_submit *submit = make_submit();
    (void)state;
    submit->matter = 1;
    codec_refused(DD_RULE_OUT_OF_RANGE, "submit.matter", "0", "0");
    submit->what = DD_SUBMISSION_ANSWER;
    codec_taken();
    submit->matter = DD_MATTERS_PER_CYCLE_MAX;
    submit->choice = dd_slice_of("yes");
    codec_taken();
    submit->matter++;
    codec_refused(DD_RULE_OUT_OF_RANGE, "submit.matter", "1", "9999");
    submit->matter = 0;
    codec_refused(DD_RULE_OUT_OF_RANGE, "submit.matter", "1", "9999");
    submit->matter = 1;
    submit->report = dd_slice_of("H1");
    codec_refused(DD_RULE_TOO_LONG, "submit.report", "0", "");
    submit->what = DD_SUBMISSION_REPORT;
    submit->matter = 0;
    codec_refused(DD_RULE_TOO_LONG, "submit.choice", "0", "");
}

static void codec_bounds_the_figures_of_a_submission(void **state)
{
    static struct dd_figure_value figures[DD_FIGURES_MAX + 1];
    static char keys[DD_FIGURES_MAX + 1][DD_FIGURE_TEXT_BYTES];
    struct dd_submit *submit = make_submit();
    (void)state;
    for (size_t i = 0; i < DD_FIGURES_MAX + 1; i++) {
        dd_figure_format((struct dd_figure){(int64_t)i, 0}, keys[i]);
        figures[i] = (struct dd_figure_value){.key = dd_slice_of(keys[i]), .value = {-5, 1}};
    }
    submit->figures = figures;
    submit->figure_count = DD_FIGURES_MAX;
    submit->note = codec_x_times(DD_REASON_BYTES_MAX);
    codec_taken();
    submit->figure_count++;
    codec_refused(DD_RULE_TOO_MANY, "submit.figures", "64", "");
    submit->figure_count = 3;
    submit->note.size++;
    codec_refused(DD_RULE_TOO_LONG, "submit.note", "4000", "");
    submit->note.size = 0;
    figures[2].key = dd_slice_of("0");
    codec_refused(DD_RULE_DUPLICATE, "submit.figures[2].key", "0", "");
    figures[2].key = dd_slice_of("");
    codec_refused(DD_RULE_MISSING, "submit.figures[2].key", "", "");
    figures[2].key = dd_slice_of("2");
    figures[2].value.scale = DD_FIGURE_SCALE_MAX + 1;
    codec_refused(DD_RULE_BAD_FIGURE, "submit.figures[2].value", "", "");
}

static void codec_bounds_attachments(void **state)
{
    static struct dd_attachment attachments[DD_ATTACHMENTS_MAX + 1];
    struct dd_submit *submit = make_submit();
    (void)state;
    for (size_t i = 0; i < DD_ATTACHMENTS_MAX + 1; i++)
        attachments[i] = (struct dd_attachment){.type = dd_slice_of("text/plain"),
                                                .name = dd_slice_of("báo cáo.txt")};
    submit->attachments = attachments;
    submit->attachment_count = DD_ATTACHMENTS_MAX;
    attachments[0].size_bytes = UINT64_MAX;
    attachments[0].name = codec_x_times(DD_FILE_NAME_BYTES_MAX);
    codec_taken();
    attachments[0].name = codec_x_times(DD_FILE_NAME_BYTES_MAX + 1);
    codec_refused(DD_RULE_TOO_LONG, "submit.attachments[0].name", "255", "");
    attachments[0].name = dd_slice_of("");
    codec_refused(DD_RULE_MISSING, "submit.attachments[0].name", "", "");
    attachments[0].name = dd_slice_of("a");
    attachments[0].part = dd_slice_of("to trinh");
    codec_refused(DD_RULE_BAD_CODE, "submit.attachments[0].part", "", "");
    attachments[0].part = dd_slice_of("to-trinh");
    codec_taken();
    submit->attachment_count++;
    codec_refused(DD_RULE_TOO_MANY, "submit.attachments", "16", "");
}

static void codec_bounds_versions(void **state)
{
    struct dd_decide *decide = make_decide();
    (void)state;
    decide->version = DD_VERSIONS_PER_DOSSIER_MAX;
    codec_taken();
    decide->version = DD_VERSIONS_PER_DOSSIER_MAX + 1;
    codec_refused(DD_RULE_OUT_OF_RANGE, "decide.version", "1", "999");
    decide->version = 0;
    codec_refused(DD_RULE_OUT_OF_RANGE, "decide.version", "1", "999");
}

static void codec_wants_no_hash_of_a_matter(void **state)
{
    struct dd_decide *decide = make_decide();
    struct dd_slice bytes = {NULL, 0};
    struct dd_command out;
    struct dd_refusal refusal;
    (void)state;
    decide->matter = DD_MATTERS_PER_CYCLE_MAX;
    decide->version = 0;
    decide->verdict = DD_VERDICT_IN_PRINCIPLE;
    codec_taken();
    decide->version = UINT16_MAX;
    codec_taken();
    decide->matter++;
    codec_refused(DD_RULE_OUT_OF_RANGE, "decide.matter", "0", "9999");
    decide->matter = 0; /* what is written then has a hash; behind it the matter is put again */
    decide->version = 1;
    assert_int_equal(dd_codec_command_encode(&codec_command, &codec_arena, &bytes), DD_OK);
    uint8_t *longer = dd_arena_take(&codec_arena, bytes.size + 2);
    assert_non_null(longer);
    memcpy(longer, bytes.data, bytes.size);
    longer[20] = (uint8_t)(longer[20] + 2); /* the size of the body */
    memcpy(longer + bytes.size, "\x38\x07", 2);
    assert_int_equal(dd_codec_command_decode((struct dd_slice){longer, bytes.size + 2},
                                             &codec_arena, &out, &refusal),
                     DD_INVALID);
    assert_string_equal(refusal.field, "decide.content_hash");
    assert_int_equal(refusal.rule, DD_RULE_BAD_LENGTH);
    assert_string_equal(refusal.param[0], "0");
}

static void codec_takes_the_progress_of_a_matter(void **state)
{
    struct dd_progress *progress = make_progress();
    (void)state;
    progress->indicator = 0;
    codec_taken();
    progress->indicator = DD_INDICATOR_NUMBER_MAX + 1;
    codec_refused(DD_RULE_OUT_OF_RANGE, "progress.indicator", "0", "9999");
}

static void codec_bounds_what_else_an_indicator_says(void **state)
{
    static struct dd_slice partners[DD_PARTNERS_MAX + 1];
    struct dd_indicator_put *indicator = make_register(1)->indicators;
    (void)state;
    for (size_t i = 0; i < DD_PARTNERS_MAX + 1; i++)
        partners[i] = dd_slice_of("u");
    indicator->code = codec_x_times(DD_CODE_BYTES_MAX);
    indicator->start_day = 14000;
    indicator->has_baseline = true;
    indicator->baseline = (struct dd_figure){-1, DD_FIGURE_SCALE_MAX};
    indicator->direction = DD_DIRECTION_YES_NO;
    indicator->partners = partners;
    indicator->partner_count = DD_PARTNERS_MAX;
    codec_taken();
    indicator->partner_count++;
    codec_refused(DD_RULE_TOO_MANY, "register.indicators[0].partners", "16", "");
    indicator->partner_count = 1;
    partners[0] = dd_slice_of("");
    codec_refused(DD_RULE_MISSING, "register.indicators[0].partners[0]", "", "");
    indicator->direction = (enum dd_direction)4;
    codec_refused(DD_RULE_UNKNOWN_WORD, "register.indicators[0].direction", "4", "");
    indicator->baseline.scale++;
    indicator->direction = 0;
    codec_refused(DD_RULE_BAD_FIGURE, "register.indicators[0].baseline", "", "");
    indicator->code = codec_x_times(DD_CODE_BYTES_MAX + 1);
    codec_refused(DD_RULE_BAD_CODE, "register.indicators[0].code", "", "");
}

static void codec_wants_keys_and_ids_of_their_length(void **state)
{
    /* id of 15 bytes; then an account with a link key of 31 */
    static const uint8_t short_id[] = {0x0a, 15, 1,  2,  3,  4,  5,  6,    7,    8,
                                       9,    10, 11, 12, 13, 14, 15, 0xc2, 0x02, 0};
    struct dd_command out;
    struct dd_refusal refusal;
    (void)state;
    assert_int_equal(dd_codec_command_decode((struct dd_slice){short_id, sizeof short_id},
                                             &codec_arena, &out, &refusal),
                     DD_INVALID);
    assert_int_equal(refusal.rule, DD_RULE_BAD_LENGTH);
    assert_string_equal(refusal.field, "id");
    assert_string_equal(refusal.param[0], "16");
    uint8_t bytes[18 + 2 + 3 + 2 + 31] = {0x0a, 16};
    uint8_t *put = bytes + 18;
    memcpy(put, "\x62\x24\x0a\x01x\x12\x1f", 7);
    assert_int_equal(dd_codec_command_decode((struct dd_slice){bytes, sizeof bytes}, &codec_arena,
                                             &out, &refusal),
                     DD_INVALID);
    assert_int_equal(refusal.rule, DD_RULE_BAD_LENGTH);
    assert_string_equal(refusal.field, "put_account.link_key");
    assert_string_equal(refusal.param[0], "32");
}

static void codec_wants_a_body(void **state)
{
    static const uint8_t bytes[] = {0x0a, 16, 1,  2,  3,  4,  5,  6,  7,
                                    8,    9,  10, 11, 12, 13, 14, 15, 16};
    struct dd_command out;
    struct dd_refusal refusal;
    (void)state;
    assert_int_equal(dd_codec_command_decode((struct dd_slice){bytes, sizeof bytes}, &codec_arena,
                                             &out, &refusal),
                     DD_INVALID);
    assert_int_equal(refusal.rule, DD_RULE_MISSING);
    assert_string_equal(refusal.field, "body");
    assert_int_equal(
        dd_codec_command_decode((struct dd_slice){NULL, 0}, &codec_arena, &out, &refusal),
        DD_INVALID);
}

static void codec_takes_a_correction_and_a_reminder(void **state)
{
    struct dd_progress *progress = make_progress();
    struct dd_reminder_ref refs[2] = {{UINT64_MAX, UINT16_MAX}, {0, 0}};
    (void)state;
    progress->is_correction = true; /* even of entry 0, without a reason: the core's question */
    codec_taken();
    progress->corrects_seq = UINT64_MAX;
    progress->reason = dd_slice_of("Nhập nhầm");
    codec_taken();
    codec_command.kind = DD_COMMAND_REMINDED;
    codec_command.as.reminded = (struct dd_reminded){refs, 2, dd_slice_of("folder")};
    codec_taken();
    codec_command.as.reminded.reminder_count = 0;
    codec_refused(DD_RULE_MISSING, "reminded.reminders", "", "");
}

static void codec_lets_no_client_make_time_or_the_beginning(void **state)
{
    (void)state;
#define KIND(name, number, word, signed_) \
    assert_int_equal(dd_codec_command_from_client(DD_COMMAND_##name), \
                     DD_COMMAND_##name != DD_COMMAND_GENESIS && \
                         DD_COMMAND_##name != DD_COMMAND_TICK);
    DD_COMMAND_TABLE(KIND)
#undef KIND
    codec_command.kind = DD_COMMAND_TICK;
    codec_taken(); /* but a replay reads it */
}

static void codec_bounds_the_bytes_of_a_command(void **state)
{
    struct dd_register *task = make_register(25);
    struct dd_slice bytes = {NULL, 0};
    struct dd_command out;
    struct dd_refusal refusal;
    (void)state;
    for (size_t i = 0; i < 24; i++)
        task->indicators[i].title = codec_x_times(1980);
    struct dd_slice *last = &task->indicators[24].title;
    while (bytes.size < DD_COMMAND_BYTES_MAX && last->size < DD_TITLE_BYTES_MAX) {
        *last = codec_x_times(last->size + 1);
        dd_arena_reset(&codec_arena);
        assert_int_equal(dd_codec_command_encode(&codec_command, &codec_arena, &bytes), DD_OK);
    }
    assert_int_equal(bytes.size, DD_COMMAND_BYTES_MAX);
    assert_int_equal(dd_codec_command_decode(bytes, &codec_arena, &out, &refusal), DD_OK);
    *last = codec_x_times(last->size + 1);
    assert_int_equal(dd_codec_command_encode(&codec_command, &codec_arena, &bytes), DD_TOO_LARGE);
    assert_int_equal(dd_codec_command_decode(codec_x_times(DD_COMMAND_BYTES_MAX + 1), &codec_arena,
                                             &out, &refusal),
                     DD_TOO_LARGE);
    assert_int_equal(refusal.status, DD_TOO_LARGE);
    assert_string_equal(refusal.param[0], "49152");
}

static void codec_says_when_memory_ends_at_whatever_place(void **state)
{
    struct dd_slice bytes = {NULL, 0};
    struct dd_command out;
    struct dd_refusal refusal;
    enum dd_status status = DD_NO_MEMORY;
    (void)state;
    make_register(20)->indicators[3].has_target = true;
    assert_int_equal(dd_codec_command_encode(&codec_command, &codec_arena, &bytes), DD_OK);
    for (size_t limit = 0; status == DD_NO_MEMORY && limit < 65536; limit += 16) {
        struct dd_arena small = dd_arena_make(limit);
        status = dd_codec_command_decode(bytes, &small, &out, &refusal);
        assert_int_equal(refusal.status, DD_OK);
        dd_arena_free(&small);
    }
    assert_int_equal(status, DD_OK);
    status = DD_NO_MEMORY;
    for (size_t limit = 0; status == DD_NO_MEMORY && limit < 65536; limit += 16) {
        struct dd_arena small = dd_arena_make(limit);
        struct dd_slice again;
        status = dd_codec_command_encode(&codec_command, &small, &again);
        dd_arena_free(&small);
    }
    assert_int_equal(status, DD_OK);
}

/* The numbers of a vocabulary are those of the .proto, name for name. */
static void assert_enum(const ProtobufCEnumDescriptor *shape, const char *prefix,
                        const char *const *names, const int *numbers, size_t count)
{
    assert_int_equal(shape->n_values, count + 1); /* and UNSPECIFIED */
    for (size_t i = 0; i < count; i++) {
        char name[64];
        struct dd_writer w = dd_writer_make((uint8_t *)name, sizeof name);
        dd_write_raw(&w, prefix, strlen(prefix));
        dd_write_raw(&w, names[i], strlen(names[i]) + 1);
        const ProtobufCEnumValue *value = protobuf_c_enum_descriptor_get_value(shape, numbers[i]);
        assert_non_null(value);
        assert_string_equal(value->name, name);
    }
}

extern const ProtobufCEnumDescriptor dondoc__v1__role__descriptor;
extern const ProtobufCEnumDescriptor dondoc__v1__outcome__descriptor;
extern const ProtobufCEnumDescriptor dondoc__v1__verdict__descriptor;
extern const ProtobufCEnumDescriptor dondoc__v1__submission__descriptor;
extern const ProtobufCEnumDescriptor dondoc__v1__capacity__descriptor;
extern const ProtobufCEnumDescriptor dondoc__v1__act__descriptor;
extern const ProtobufCEnumDescriptor dondoc__v1__silence__descriptor;
extern const ProtobufCEnumDescriptor dondoc__v1__deadline_word__descriptor;
extern const ProtobufCEnumDescriptor dondoc__v1__cadence__descriptor;
extern const ProtobufCEnumDescriptor dondoc__v1__anchor__descriptor;
extern const ProtobufCEnumDescriptor dondoc__v1__who__descriptor;
extern const ProtobufCEnumDescriptor dondoc__v1__where__descriptor;
extern const ProtobufCEnumDescriptor dondoc__v1__check__descriptor;
extern const ProtobufCEnumDescriptor dondoc__v1__bend_act__descriptor;
extern const ProtobufCEnumDescriptor dondoc__v1__direction__descriptor;
extern const ProtobufCEnumDescriptor dondoc__v1__issue__descriptor;

static void codec_words_have_the_numbers_of_the_core(void **state)
{
    (void)state;
#define NAME(name, number, word) #name,
#define NUMBER(name, number, word) (number),
#define SAME(table, shape, prefix) \
    do { \
        static const char *const names[] = {table(NAME)}; \
        static const int numbers[] = {table(NUMBER)}; \
        assert_enum(&dondoc__v1__##shape##__descriptor, prefix, names, numbers, \
                    sizeof numbers / sizeof numbers[0]); \
    } while (0)
    SAME(DD_ROLE_TABLE, role, "ROLE_");
    SAME(DD_OUTCOME_TABLE, outcome, "OUTCOME_");
    SAME(DD_VERDICT_TABLE, verdict, "VERDICT_");
    SAME(DD_SUBMISSION_TABLE, submission, "SUBMISSION_");
    SAME(DD_CAPACITY_TABLE, capacity, "CAPACITY_");
    SAME(DD_ACT_TABLE, act, "ACT_");
    SAME(DD_SILENCE_TABLE, silence, "SILENCE_");
    SAME(DD_WORD_TABLE, deadline_word, "DEADLINE_WORD_");
    SAME(DD_CADENCE_TABLE, cadence, "CADENCE_");
    SAME(DD_ANCHOR_TABLE, anchor, "ANCHOR_");
    SAME(DD_WHO_TABLE, who, "WHO_");
    SAME(DD_WHERE_TABLE, where, "WHERE_");
    SAME(DD_CHECK_TABLE, check, "CHECK_");
    SAME(DD_BEND_TABLE, bend_act, "BEND_ACT_");
    SAME(DD_DIRECTION_TABLE, direction, "DIRECTION_");
    SAME(DD_ISSUE_TABLE, issue, "ISSUE_");
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, codec_begin, codec_end)
    const struct CMUnitTest tests[] = {
        CASE(codec_wants_codes_to_be_codes),
        CASE(codec_wants_a_cycle_to_be_two_codes),
        CASE(codec_bounds_numbers_of_tasks_and_indicators),
        CASE(codec_bounds_texts),
        CASE(codec_refuses_text_that_is_not_text),
        CASE(codec_reads_a_logged_command_whatever_normal_form_is_today),
        CASE(codec_bounds_figures),
        CASE(codec_bounds_the_indicators_of_a_command),
        CASE(codec_refuses_an_indicator_named_twice),
        CASE(codec_refuses_dates_that_do_not_exist),
        CASE(codec_wants_words_where_a_word_is_needed),
        CASE(codec_wants_a_report_to_name_itself_or_its_stage_and_nothing_else_to),
        CASE(codec_wants_an_answer_to_name_its_matter_and_nothing_else_to),
        CASE(codec_bounds_the_figures_of_a_submission),
        CASE(codec_bounds_attachments),
        CASE(codec_bounds_versions),
        CASE(codec_wants_no_hash_of_a_matter),
        CASE(codec_takes_the_progress_of_a_matter),
        CASE(codec_bounds_what_else_an_indicator_says),
        CASE(codec_wants_keys_and_ids_of_their_length),
        CASE(codec_wants_a_body),
        CASE(codec_takes_a_correction_and_a_reminder),
        CASE(codec_lets_no_client_make_time_or_the_beginning),
        CASE(codec_bounds_the_bytes_of_a_command),
        CASE(codec_says_when_memory_ends_at_whatever_place),
        CASE(codec_words_have_the_numbers_of_the_core),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
