/* The commands that open matters, bend time, delegate, transfer and publish, through the codec:
 * every rule of what is well-formed on both sides. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/lib/codec_case.h"

static struct dd_matter_put matters[DD_MATTERS_PER_COMMAND_MAX + 1];
static struct dd_slice units[DD_ASKED_MAX + 1];

static struct dd_assign *make_assign(size_t count)
{
    for (size_t i = 0; i < DD_ASKED_MAX + 1; i++)
        units[i] = dd_slice_of("u");
    for (size_t i = 0; i < DD_MATTERS_PER_COMMAND_MAX + 1; i++)
        matters[i] = (struct dd_matter_put){.kind = dd_slice_of("paper"),
                                            .title = dd_slice_of("Dự thảo"),
                                            .owner = dd_slice_of("so-tp"),
                                            .due_day = INT32_MAX};
    codec_command.kind = DD_COMMAND_ASSIGN;
    codec_command.as.assign = (struct dd_assign){.cycle = dd_slice_of("key/2013"),
                                                 .unit = dd_slice_of("so-tc"),
                                                 .capacity = DD_CAPACITY_HEAD,
                                                 .matters = matters,
                                                 .matter_count = count};
    return &codec_command.as.assign;
}

static struct dd_bend *make_bend(enum dd_bend_act act)
{
    codec_command.kind = DD_COMMAND_BEND;
    codec_command.as.bend = (struct dd_bend){.cycle = dd_slice_of("key/2013"),
                                             .unit = dd_slice_of("so-tc"),
                                             .duty = dd_slice_of("opinion/7"),
                                             .act = act,
                                             .day = act == DD_BEND_EXTEND ? 16000 : 0};
    return &codec_command.as.bend;
}

static struct dd_delegate *make_delegate(void)
{
    codec_command.kind = DD_COMMAND_DELEGATE;
    codec_command.as.delegate = (struct dd_delegate){.unit = dd_slice_of("so-tc"),
                                                     .account = dd_slice_of("so-tc.pgd"),
                                                     .from_day = 16000,
                                                     .to_day = 16030};
    return &codec_command.as.delegate;
}

static struct dd_publish *make_publish(void)
{
    codec_command.kind = DD_COMMAND_PUBLISH;
    codec_command.as.publish = (struct dd_publish){.unit = dd_slice_of("so-nv"),
                                                   .number = dd_slice_of("12/BC-SNV"),
                                                   .issue = DD_ISSUE_TABLE,
                                                   .title = dd_slice_of("Bảng tổng hợp"),
                                                   .day = 16000,
                                                   .type = dd_slice_of("text/csv"),
                                                   .capacity = DD_CAPACITY_HEAD};
    return &codec_command.as.publish;
}

static void a_command_opens_one_to_64_matters(void **state)
{
    struct dd_assign *assign = make_assign(DD_MATTERS_PER_COMMAND_MAX);
    (void)state;
    codec_taken();
    assign->matter_count++;
    codec_refused(DD_RULE_TOO_MANY, "assign.matters", "64", "");
    assign->matter_count = 0;
    codec_refused(DD_RULE_MISSING, "assign.matters", "", "");
    assign->capacity = 0;
    codec_refused(DD_RULE_MISSING, "assign.capacity", "", "");
}

static void units_asked_are_bounded_over_the_whole_command(void **state)
{
    struct dd_assign *assign = make_assign(3);
    (void)state;
    matters[0].asked = matters[2].asked = units;
    matters[0].asked_count = DD_ASKED_MAX;
    codec_taken();
    matters[2].asked_count = 1;
    codec_refused(DD_RULE_TOO_MANY, "assign.matters[2].asked", "400", "");
    matters[0].asked_count = DD_ASKED_MAX - 1;
    codec_taken();
    assign->matter_count = 1;
    matters[0].asked_count = DD_ASKED_MAX + 1;
    codec_refused(DD_RULE_TOO_MANY, "assign.matters[0].asked", "400", "");
    matters[0].asked_count = 1;
    matters[0].all = true; /* all, or these: not both */
    codec_refused(DD_RULE_TOO_MANY, "assign.matters[0].asked", "0", "");
    matters[0].asked_count = 0;
    codec_taken();
}

static void partners_of_a_matter_are_bounded(void **state)
{
    make_assign(1);
    (void)state;
    matters[0].partners = units;
    matters[0].partner_count = DD_PARTNERS_MAX;
    codec_taken();
    matters[0].partner_count++;
    codec_refused(DD_RULE_TOO_MANY, "assign.matters[0].partners", "16", "");
}

static void texts_of_a_matter_are_bounded(void **state)
{
    struct dd_assign *assign = make_assign(2);
    (void)state;
    assign->notice = codec_x_times(DD_NAME_BYTES_MAX);
    matters[1].code = codec_x_times(DD_NAME_BYTES_MAX);
    matters[1].title = codec_x_times(DD_TITLE_BYTES_MAX);
    codec_taken();
    matters[1].title = codec_x_times(DD_TITLE_BYTES_MAX + 1);
    codec_refused(DD_RULE_TOO_LONG, "assign.matters[1].title", "2000", "");
    matters[1].title = dd_slice_of("");
    codec_refused(DD_RULE_MISSING, "assign.matters[1].title", "", "");
    matters[1].code = codec_x_times(DD_NAME_BYTES_MAX + 1);
    codec_refused(DD_RULE_TOO_LONG, "assign.matters[1].code", "512", "");
    matters[1].code = dd_slice_of("12\n13");
    codec_refused(DD_RULE_CONTROL_CHARACTER, "assign.matters[1].code", "", "");
    matters[1].kind = dd_slice_of("");
    codec_refused(DD_RULE_MISSING, "assign.matters[1].kind", "", "");
    assign->notice = codec_x_times(DD_NAME_BYTES_MAX + 1);
    codec_refused(DD_RULE_TOO_LONG, "assign.notice", "512", "");
}

static void a_matters_word_wants_its_day_and_a_day_no_word(void **state)
{
    make_assign(1);
    (void)state;
    matters[0].due_day = 16000;
    codec_taken();
    matters[0].word = DD_WORD_BEFORE;
    codec_taken();
    matters[0].due_day = INT32_MAX;
    codec_refused(DD_RULE_MISSING, "assign.matters[0].due", "", "");
    matters[0].word = (enum dd_deadline_word)4;
    codec_refused(DD_RULE_UNKNOWN_WORD, "assign.matters[0].word", "4", "");
}

static void numbers_of_a_matter_lie_within_their_ranges(void **state)
{
    make_assign(1);
    (void)state;
    matters[0].parent = DD_MATTERS_PER_CYCLE_MAX;
    matters[0].at_ms = INT64_C(253402300799999);
    codec_taken();
    matters[0].parent++;
    codec_refused(DD_RULE_OUT_OF_RANGE, "assign.matters[0].parent", "0", "9999");
    matters[0].at_ms++;
    codec_refused(DD_RULE_OUT_OF_RANGE, "assign.matters[0].at_ms", "0", "253402300799999");
    matters[0].at_ms = -1;
    codec_refused(DD_RULE_OUT_OF_RANGE, "assign.matters[0].at_ms", "0", "253402300799999");
    matters[0].owner = dd_slice_of("");
    codec_refused(DD_RULE_MISSING, "assign.matters[0].owner", "", "");
}

static void attachments_of_a_notice_are_bounded(void **state)
{
    static struct dd_attachment attachments[DD_ATTACHMENTS_MAX + 1];
    struct dd_assign *assign = make_assign(1);
    (void)state;
    for (size_t i = 0; i < DD_ATTACHMENTS_MAX + 1; i++)
        attachments[i] =
            (struct dd_attachment){.type = dd_slice_of("a/b"), .name = dd_slice_of("a")};
    assign->attachments = attachments;
    assign->attachment_count = DD_ATTACHMENTS_MAX;
    codec_taken();
    assign->attachment_count++;
    codec_refused(DD_RULE_TOO_MANY, "assign.attachments", "16", "");
}

/* Only an extension names a day; that a reason is needed is the core's rule. */
static void an_extension_names_its_day_and_nothing_else_does(void **state)
{
    static const char day[] = "2013-10-22"; /* day 16000 */
    struct dd_slice bytes = {NULL, 0};
    struct dd_command out;
    struct dd_refusal refusal;
    (void)state;
    make_bend(DD_BEND_SUSPEND);
    codec_taken();
    make_bend(DD_BEND_RESUME);
    codec_taken();
    make_bend(DD_BEND_WAIVE);
    codec_taken();
    make_bend(DD_BEND_EXTEND)->day = INT32_MAX; /* written as no day */
    codec_refused(DD_RULE_MISSING, "bend.day", "", "");
    make_bend(DD_BEND_EXTEND);
    codec_taken();
    assert_int_equal(dd_codec_command_encode(&codec_command, &codec_arena, &bytes), DD_OK);
    uint8_t *copy = dd_arena_take(&codec_arena, bytes.size);
    assert_non_null(copy);
    memcpy(copy, bytes.data, bytes.size);
    size_t at = bytes.size - (sizeof day - 1);
    assert_memory_equal(copy + at, day, sizeof day - 1); /* before it its tag and size, the act */
    copy[at - 3] = DD_BEND_WAIVE;
    assert_int_equal(
        dd_codec_command_decode((struct dd_slice){copy, bytes.size}, &codec_arena, &out, &refusal),
        DD_INVALID);
    assert_string_equal(refusal.field, "bend.day");
    assert_int_equal(refusal.rule, DD_RULE_TOO_LONG);
    make_bend((enum dd_bend_act)0)->day = 0;
    codec_refused(DD_RULE_MISSING, "bend.act", "", "");
}

static void the_text_of_a_duty_is_bounded(void **state)
{
    struct dd_bend *bend = make_bend(DD_BEND_WAIVE);
    (void)state;
    bend->duty = codec_x_times(2 * DD_CODE_BYTES_MAX + 32);
    bend->reason = codec_x_times(DD_REASON_BYTES_MAX);
    codec_taken();
    bend->reason.size++;
    codec_refused(DD_RULE_TOO_LONG, "bend.reason", "4000", "");
    bend->reason.size = 0;
    bend->duty.size++;
    codec_refused(DD_RULE_TOO_LONG, "bend.duty", "128", "");
    bend->duty.size = 0;
    codec_refused(DD_RULE_MISSING, "bend.duty", "", "");
}

static void a_delegation_names_whom_and_when(void **state)
{
    struct dd_delegate *delegate = make_delegate();
    (void)state;
    codec_taken();
    for (size_t i = 0; i < DD_STAGES_MAX + 1; i++)
        units[i] = dd_slice_of("u");
    delegate->stages = units;
    delegate->stage_count = DD_STAGES_MAX;
    codec_taken();
    delegate->stage_count++;
    codec_refused(DD_RULE_TOO_MANY, "delegate.stages", "24", "");
    delegate->to_day = INT32_MAX;
    codec_refused(DD_RULE_MISSING, "delegate.to", "", "");
    delegate->from_day = INT32_MIN;
    codec_refused(DD_RULE_MISSING, "delegate.from", "", "");
    delegate->account = dd_slice_of("");
    codec_refused(DD_RULE_MISSING, "delegate.account", "", "");
}

static void the_end_of_a_delegation_says_no_more_than_which(void **state)
{
    static const uint8_t bytes[] = {0x0a, 16,   1,  2,   3,    4,  5,   6,    7,    8,
                                    9,    10,   11, 12,  13,   14, 15,  16,   0xe2, 0x01,
                                    8,    0x0a, 1,  'u', 0x12, 1,  'a', 0x38, 3};
    struct dd_command out;
    struct dd_refusal refusal;
    struct dd_delegate *delegate = make_delegate();
    (void)state;
    delegate->ends = DD_DELEGATIONS_PER_UNIT_MAX;
    delegate->reason = dd_slice_of("Về sớm");
    codec_taken();
    delegate->ends++;
    codec_refused(DD_RULE_OUT_OF_RANGE, "delegate.ends", "0", "9999");
    assert_int_equal(dd_codec_command_decode((struct dd_slice){bytes, sizeof bytes}, &codec_arena,
                                             &out, &refusal),
                     DD_INVALID);
    assert_string_equal(refusal.field, "delegate.account");
    assert_int_equal(refusal.rule, DD_RULE_TOO_LONG);
}

static void a_transfer_names_two_units(void **state)
{
    struct dd_transfer *transfer = &codec_command.as.transfer;
    (void)state;
    codec_command.kind = DD_COMMAND_TRANSFER;
    *transfer = (struct dd_transfer){.cycle = dd_slice_of("key/2013"),
                                     .unit = dd_slice_of("so-tm"),
                                     .successor = dd_slice_of("so-ct")};
    codec_taken();
    transfer->successor = dd_slice_of("");
    codec_refused(DD_RULE_MISSING, "transfer.successor", "", "");
    transfer->unit = dd_slice_of("");
    codec_refused(DD_RULE_MISSING, "transfer.unit", "", "");
    transfer->cycle = dd_slice_of("key");
    codec_refused(DD_RULE_BAD_CODE, "transfer.cycle", "", "");
}

static void a_publication_has_a_number_of_64_bytes_at_most(void **state)
{
    struct dd_publish *publish = make_publish();
    (void)state;
    publish->number = codec_x_times(64);
    publish->corrects = codec_x_times(64);
    publish->title = codec_x_times(DD_TITLE_BYTES_MAX);
    publish->at_seq = UINT64_MAX;
    publish->size_bytes = UINT64_MAX;
    codec_taken();
    publish->corrects.size++;
    codec_refused(DD_RULE_TOO_LONG, "publish.corrects", "64", "");
    publish->title.size++;
    codec_refused(DD_RULE_TOO_LONG, "publish.title", "2000", "");
    publish->number.size++;
    codec_refused(DD_RULE_TOO_LONG, "publish.number", "64", "");
    publish->number = dd_slice_of("12\n");
    codec_refused(DD_RULE_CONTROL_CHARACTER, "publish.number", "", "");
    publish->number = dd_slice_of("");
    codec_refused(DD_RULE_MISSING, "publish.number", "", "");
}

static void a_publication_says_what_when_and_by_whom(void **state)
{
    struct dd_publish *publish = make_publish();
    (void)state;
    publish->cycle = dd_slice_of("key/2013");
    publish->period = dd_slice_of("2013-H1");
    publish->as_of_day = 15900;
    publish->reason = codec_x_times(DD_REASON_BYTES_MAX);
    codec_taken();
    publish->reason.size++;
    codec_refused(DD_RULE_TOO_LONG, "publish.reason", "4000", "");
    publish->reason.size = 0;
    publish->capacity = 0;
    codec_refused(DD_RULE_MISSING, "publish.capacity", "", "");
    publish->type = dd_slice_of("");
    codec_refused(DD_RULE_MISSING, "publish.type", "", "");
    publish->period = dd_slice_of("2013/H1");
    codec_refused(DD_RULE_BAD_CODE, "publish.period", "", "");
    publish->cycle = dd_slice_of("key");
    codec_refused(DD_RULE_BAD_CODE, "publish.cycle", "", "");
    publish->day = INT32_MAX;
    codec_refused(DD_RULE_MISSING, "publish.day", "", "");
    publish->title = dd_slice_of("");
    codec_refused(DD_RULE_MISSING, "publish.title", "", "");
    publish->issue = 0;
    codec_refused(DD_RULE_MISSING, "publish.issue", "", "");
    publish->issue = (enum dd_issue)6;
    codec_refused(DD_RULE_UNKNOWN_WORD, "publish.issue", "6", "");
}

/* Through the reader of entries once taken. */
static void taken_once_stays_taken(void)
{
    struct dd_command decoded;
    struct dd_refusal refusal;
    struct dd_slice bytes;
    assert_int_equal(dd_codec_command_encode(&codec_command, &codec_arena, &bytes), DD_OK);
    assert_int_equal(dd_codec_logged_decode(bytes, &codec_arena, &decoded, &refusal), DD_OK);
}

static void a_title_is_one_line_with_something_to_read_in_it(void **state)
{
    struct dd_publish *publish = make_publish();
    (void)state;
    publish->title = dd_slice_of("Bảng\ntổng hợp");
    codec_refused(DD_RULE_CONTROL_CHARACTER, "publish.title", "", "");
    taken_once_stays_taken();
    publish->title = dd_slice_of(" \xC2\xA0\xE2\x80\x8B");
    codec_refused(DD_RULE_MISSING, "publish.title", "", "");
    taken_once_stays_taken();
    make_assign(2);
    matters[1].title = dd_slice_of("Dự thảo\t2");
    codec_refused(DD_RULE_CONTROL_CHARACTER, "assign.matters[1].title", "", "");
    taken_once_stays_taken();
    matters[1].title = dd_slice_of("  ");
    codec_refused(DD_RULE_MISSING, "assign.matters[1].title", "", "");
    matters[1].title = dd_slice_of(" . ");
    codec_taken();
}

static void a_reason_of_blanks_alone_is_none(void **state)
{
    struct dd_bend *bend = make_bend(DD_BEND_WAIVE);
    (void)state;
    bend->reason = dd_slice_of("");
    codec_taken(); /* whether one is needed is asked elsewhere */
    bend->reason = dd_slice_of("dòng 1\ndòng 2\n");
    codec_taken();
    bend->reason = dd_slice_of(" \n\t ");
    codec_refused(DD_RULE_REASON_NEEDED, "bend.reason", "", "");
    taken_once_stays_taken();
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, codec_begin, codec_end)
    const struct CMUnitTest tests[] = {
        CASE(a_command_opens_one_to_64_matters),
        CASE(units_asked_are_bounded_over_the_whole_command),
        CASE(partners_of_a_matter_are_bounded),
        CASE(texts_of_a_matter_are_bounded),
        CASE(a_matters_word_wants_its_day_and_a_day_no_word),
        CASE(numbers_of_a_matter_lie_within_their_ranges),
        CASE(attachments_of_a_notice_are_bounded),
        CASE(an_extension_names_its_day_and_nothing_else_does),
        CASE(the_text_of_a_duty_is_bounded),
        CASE(a_delegation_names_whom_and_when),
        CASE(the_end_of_a_delegation_says_no_more_than_which),
        CASE(a_transfer_names_two_units),
        CASE(a_publication_has_a_number_of_64_bytes_at_most),
        CASE(a_publication_says_what_when_and_by_whom),
        CASE(a_title_is_one_line_with_something_to_read_in_it),
        CASE(a_reason_of_blanks_alone_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
