/* Requests and replies through the codec, and the golden bytes of every message both ways. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/codec.h"
#include "proto/wire.h"

static struct dd_arena arena;
static struct dd_refusal refusal;
static uint8_t memory[DD_REPLY_BYTES_MAX + 1];

static int begin(void **state)
{
    (void)state;
    arena = dd_arena_make(256 * 1024 * 1024);
    memset(&refusal, 0, sizeof refusal);
    return 0;
}

static int end(void **state)
{
    (void)state;
    dd_arena_free(&arena);
    return 0;
}

/* The bytes of tests/golden/<name>.hex. */
static struct dd_slice golden(const char *group, const char *name)
{
    static uint8_t bytes[4096];
    char path[512];
    char digits[2 * sizeof bytes];
    size_t count = 0;
    int digit;

    snprintf(path, sizeof path, "%s/tests/golden/%s_%s.hex", DD_SOURCE_DIR, group, name);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while ((digit = fgetc(file)) != EOF && count < sizeof digits) {
        if (digit != '\n')
            digits[count++] = (char)digit;
    }
    fclose(file);
    assert_true(dd_hex_decode((struct dd_slice){(const uint8_t *)digits, count}, bytes, count / 2));
    return (struct dd_slice){bytes, count / 2};
}

static void command_same_bytes(enum dd_command_kind kind, const char *word)
{
    struct dd_command command;
    struct dd_slice bytes = golden("command", word);
    struct dd_slice again = {NULL, 0};

    assert_int_equal(dd_codec_command_decode(bytes, &arena, &command, &refusal), DD_OK);
    assert_int_equal(command.kind, kind);
    assert_int_equal(command.id.byte[15], 16);
    assert_int_equal(dd_codec_command_encode(&command, &arena, &again), DD_OK);
    assert_true(dd_slice_equal(bytes, again));
}

static void golden_commands_are_read_and_written_alike(void **state)
{
    (void)state;
#define KIND(name, number, word, signed_) command_same_bytes(DD_COMMAND_##name, word);
    DD_COMMAND_TABLE(KIND)
#undef KIND
    command_same_bytes(DD_COMMAND_PUT_PROGRAMME, "put-programme-2");
    command_same_bytes(DD_COMMAND_PUT_PROGRAMME, "put-programme-3");
    command_same_bytes(DD_COMMAND_REGISTER, "register-item");
    command_same_bytes(DD_COMMAND_SUBMIT, "submit-answer");
    command_same_bytes(DD_COMMAND_SUBMIT, "submit-alert");
    command_same_bytes(DD_COMMAND_DECIDE, "decide-matter");
    command_same_bytes(DD_COMMAND_PROGRESS, "progress-matter");
    command_same_bytes(DD_COMMAND_BEND, "bend-waive");
    command_same_bytes(DD_COMMAND_DELEGATE, "delegate-end");
}

static void request_same_bytes(const char *name, struct dd_request *out)
{
    struct dd_slice bytes = golden("request", name);
    struct dd_slice again = {NULL, 0};

    assert_int_equal(dd_codec_request_decode(bytes, &arena, out, &refusal), DD_OK);
    assert_int_equal(dd_codec_request_encode(out, &arena, &again), DD_OK);
    assert_true(dd_slice_equal(bytes, again));
}

static void golden_requests_are_read_and_written_alike(void **state)
{
    struct dd_request request;
    (void)state;
#define KIND(name, number, word) \
    request_same_bytes(word, &request); \
    assert_true(request.has_question); \
    assert_int_equal(request.question.kind, DD_QUESTION_##name); \
    assert_true(request.question.min_seq == 17);
    DD_QUESTION_TABLE(KIND)
#undef KIND
    request_same_bytes("figures-2", &request);
    assert_true(request.question.has_as_of);
    assert_int_equal(request.question.as_of_day, 16101); /* 2014-01-31 */
    request_same_bytes("clock", &request);
    assert_true(request.has_clock_advance);
    assert_true(request.clock_to_ms == 1372093200000);
    request_same_bytes("commands", &request);
    assert_int_equal(request.command_count, 2);
    assert_int_equal(request.commands[0].command.size, 20);
    assert_int_equal(request.commands[0].signature.size, 64);
    assert_int_equal(request.commands[1].signature.size, 0);
}

static void reply_same_bytes(const char *name, struct dd_reply *out)
{
    struct dd_slice bytes = golden("reply", name);
    struct dd_slice again = {NULL, 0};

    assert_int_equal(dd_codec_reply_decode(bytes, &arena, out, &refusal), DD_OK);
    assert_int_equal(dd_codec_reply_encode(out, &arena, &again), DD_OK);
    assert_true(dd_slice_equal(bytes, again));
}

static void golden_replies_are_read_and_written_alike(void **state)
{
    struct dd_reply reply;
    (void)state;
#define KIND(name, number, word) \
    reply_same_bytes(word, &reply); \
    assert_true(reply.has_answer); \
    assert_int_equal(reply.answer.kind, DD_QUESTION_##name); \
    assert_true(reply.answer.seq == 1234);
    DD_QUESTION_TABLE(KIND)
#undef KIND
    reply_same_bytes("cycle-2", &reply);
    assert_int_equal(reply.answer.as.cycle.duty_count, 2);
    assert_int_equal(reply.answer.as.cycle.duties[1].last_day, INT32_MAX);
    assert_int_equal(reply.answer.as.cycle.stages[0].by, 0);
    reply_same_bytes("cycle-3", &reply);
    assert_int_equal(reply.answer.as.cycle.stages[1].by, DD_ROLE_APPRAISER);
    reply_same_bytes("duties-2", &reply);
    assert_int_equal(reply.answer.as.duties.duties[0].silence, DD_SILENCE_AGREES);
    assert_true(reply.answer.as.duties.duties[1].suspended);
    reply_same_bytes("units-2", &reply);
    assert_int_equal(reply.answer.as.units.units[0].to_day, 16221); /* 2014-05-31 */
    reply_same_bytes("dossier-2", &reply);
    assert_true(reply.answer.as.dossier.items[0].indicator.has_baseline);
    reply_same_bytes("matter-2", &reply);
    assert_int_equal(reply.answer.as.matter.matter.needed, 3);
    assert_int_equal(reply.answer.as.matter.matter.favour, 4);
    assert_int_equal(reply.answer.as.matter.matter.counted, 5);
    reply_same_bytes("dossier-3", &reply);
    assert_int_equal(reply.answer.as.dossier.versions[0].capacity, DD_CAPACITY_FOR_HEAD);
    assert_int_equal(reply.answer.as.dossier.versions[0].figure_count, 2);
    assert_true(reply.answer.as.dossier.versions[0].figures[1].estimate);
    reply_same_bytes("matter-3", &reply);
    assert_true(reply.answer.as.matter.answers[0].late);
    reply_same_bytes("refusal", &reply);
    assert_int_equal(reply.refusal.status, DD_UNAVAILABLE);
    assert_true(reply.now_ms == -1);
    reply_same_bytes("results", &reply);
    assert_int_equal(reply.result_count, 3);
    assert_int_equal(reply.results[0].refusal.status, DD_OK);
    assert_int_equal(reply.results[1].refusal.rule, DD_RULE_TOO_MANY_TASKS);
    assert_true(reply.results[1].remembered);
    assert_string_equal(reply.results[2].refusal.param[1], "9999");
}

static void assert_text(struct dd_slice text, const char *wanted)
{
    assert_int_equal(text.size, strlen(wanted));
    assert_memory_equal(text.data, wanted, text.size);
}

static void golden_register_says_what_its_text_says(void **state)
{
    struct dd_command command;
    (void)state;
    assert_int_equal(
        dd_codec_command_decode(golden("command", "register"), &arena, &command, &refusal), DD_OK);
    const struct dd_register *task = &command.as.register_;
    assert_text(task->cycle, "nhiem-vu-trong-tam/2013");
    assert_int_equal(task->task, 3);
    assert_int_equal(task->indicator_count, 3);
    assert_text(task->indicators[0].title, "Thu ngân sách đạt kế hoạch");
    assert_text(task->indicators[0].unit_of_measure, "tỷ đồng");
    assert_true(task->indicators[0].target.mantissa == 312550);
    assert_int_equal(task->indicators[0].target.scale, 2);
    assert_int_equal(task->indicators[0].due_day, 16059); /* 2013-12-20 */
    assert_false(task->indicators[1].has_target);
    assert_true(task->indicators[2].target.mantissa == -15);
    assert_int_equal(task->removed_count, 2);
    assert_int_equal(task->removed[1], 300);
}

static void golden_account_and_units_say_what_their_texts_say(void **state)
{
    struct dd_command command;
    (void)state;
    assert_int_equal(
        dd_codec_command_decode(golden("command", "put-account"), &arena, &command, &refusal),
        DD_OK);
    const struct dd_put_account *account = &command.as.put_account;
    assert_int_equal(account->link_key[31], 0x3f);
    assert_true(account->to_ms == 1388509200000);
    assert_int_equal(account->offices[0].role, DD_ROLE_HEAD);
    assert_int_equal(account->offices[0].from_day, 15716); /* 2013-01-11 */
    assert_int_equal(account->offices[1].from_day, INT32_MIN);
    assert_int_equal(account->offices[1].to_day, INT32_MAX);
    assert_int_equal(
        dd_codec_command_decode(golden("command", "genesis"), &arena, &command, &refusal), DD_OK);
    assert_true(command.as.genesis.accounts[0].to_ms == INT64_MAX);
    assert_int_equal(
        dd_codec_command_decode(golden("command", "put-units"), &arena, &command, &refusal), DD_OK);
    assert_text(command.as.put_units.units[1].successor, "so-nv-2025");
    assert_int_equal(command.as.put_units.units[0].to_day, INT32_MAX);
}

/* The old bytes say nothing of what came later: it is as if it had never been asked. */
static void golden_programme_of_an_old_log_has_none_of_the_later_members(void **state)
{
    static const struct dd_stage none;
    struct dd_command command;
    (void)state;
    assert_int_equal(
        dd_codec_command_decode(golden("command", "put-programme"), &arena, &command, &refusal),
        DD_OK);
    const struct dd_programme *programme = &command.as.put_programme;
    assert_int_equal(programme->form_count, 0);
    assert_int_equal(programme->issued_day, 0);
    assert_false(programme->kind[0].matter);
    const struct dd_stage *stage = &programme->stage[1];
    assert_int_equal(stage->deadline.word, DD_WORD_BY);
    assert_text(stage->deadline.date, "appraise");
    assert_true(stage->deadline.roll);
    assert_int_equal(stage->deadline.every, 0);
    assert_int_equal(stage->extensions, 0);
    assert_int_equal(stage->signers, 0);
    assert_memory_equal(&stage->deadline.on, &none.deadline.on, sizeof none.deadline.on);
}

static void golden_programme_says_what_its_text_says(void **state)
{
    struct dd_command command;
    struct dd_form form;
    (void)state;
    assert_int_equal(
        dd_codec_command_decode(golden("command", "put-programme-2"), &arena, &command, &refusal),
        DD_OK);
    const struct dd_programme *programme = &command.as.put_programme;
    assert_int_equal(programme->issued_day, 16034); /* 2013-11-25 */
    assert_int_equal(programme->kind[1].signers,
                     1 << DD_CAPACITY_FOR_HEAD | 1 << DD_CAPACITY_BY_ORDER);
    const struct dd_stage *monthly = &programme->stage[0];
    assert_int_equal(monthly->deadline.every, DD_CADENCE_MONTH);
    assert_int_equal(monthly->deadline.on.day, 25);
    assert_int_equal(monthly->deadline.except, 1 << 6 | 1 << 12);
    assert_true(monthly->deadline.has_closing);
    assert_int_equal(monthly->deadline.closing.day, 20);
    assert_int_equal(monthly->group_count, 2);
    assert_text(monthly->group[1], "huyen");
    assert_text(monthly->yields_to, "quarterly");
    assert_int_equal(programme->stage[3].deadline.on.month, -1);
    assert_int_equal(programme->stage[7].deadline.anchor, DD_ANCHOR_AT);
    assert_int_equal(programme->stage[7].deadline.days, -1);
    assert_true(programme->stage[7].deadline.working);
    assert_int_equal(programme->stage[8].pass_percent, 50);
    assert_text(programme->stage[8].choice[1].code, "no");
    assert_true(dd_form_find(programme->forms, dd_slice_of("thang"), &form));
    assert_true(form.figure[0].has_target);
    assert_true(form.figure[0].target.mantissa == 312550);
    assert_true(form.figure[2].has_max);
    assert_text(form.check[0].term[1], "thu-xnk");
    assert_true(form.check[1].note);
    assert_true(dd_form_find(programme->forms, dd_slice_of("tai-lieu"), &form));
    assert_text(form.part[1], "du-thao");
}

static void golden_work_says_what_its_texts_say(void **state)
{
    struct dd_command command;
    (void)state;
    assert_int_equal(
        dd_codec_command_decode(golden("command", "assign"), &arena, &command, &refusal), DD_OK);
    const struct dd_assign *assign = &command.as.assign;
    assert_text(assign->notice, "105/TB-UBND");
    assert_int_equal(assign->matters[0].due_day, 16149); /* 2014-03-20 */
    assert_text(assign->matters[0].asked[1], "so-nv");
    assert_true(assign->matters[1].all);
    assert_int_equal(assign->matters[1].due_day, INT32_MAX);
    assert_int_equal(assign->matters[1].parent, 7);
    assert_text(assign->attachments[0].part, "du-thao");
    assert_int_equal(
        dd_codec_command_decode(golden("command", "submit-answer"), &arena, &command, &refusal),
        DD_OK);
    assert_int_equal(command.as.submit.matter, 7);
    assert_true(command.as.submit.figures[0].value.mantissa == -150);
    assert_true(command.as.submit.figures[0].estimate);
    assert_int_equal(
        dd_codec_command_decode(golden("command", "bend-waive"), &arena, &command, &refusal),
        DD_OK);
    assert_int_equal(command.as.bend.day, 0);
    assert_int_equal(
        dd_codec_command_decode(golden("command", "publish"), &arena, &command, &refusal), DD_OK);
    assert_int_equal(command.as.publish.as_of_day, 16435); /* 2014-12-31 */
}

static void golden_matter_says_what_its_text_says(void **state)
{
    struct dd_reply reply;
    (void)state;
    assert_int_equal(dd_codec_reply_decode(golden("reply", "matter"), &arena, &reply, &refusal),
                     DD_OK);
    const struct dd_matter_answer *matter = &reply.answer.as.matter;
    assert_int_equal(matter->matter.choices[0].count, 1);
    assert_true(matter->matter.settled);
    assert_int_equal(matter->matter.verdict, DD_VERDICT_RETURN);
    assert_int_equal(matter->matter.outcome_day, 16147); /* 2014-03-18 */
    assert_int_equal(matter->answers[0].status, DD_END_ON_TIME);
    assert_text(matter->answers[0].delegated_by, "so-tc.giam-doc");
    assert_true(matter->answers[0].figures[0].value.mantissa == -150);
    assert_int_equal(matter->answers[1].status, DD_END_LAPSED);
    assert_int_equal(matter->answers[1].capacity, 0); /* silence is nobody's act */
}

static void golden_genesis_of_another_entry_format_is_refused(void **state)
{
    struct dd_command command;
    struct dd_slice bytes = golden("command", "genesis");
    (void)state;
    memcpy(memory, bytes.data, bytes.size);
    memory[bytes.size - 1]++; /* the last field is the format */
    assert_int_equal(
        dd_codec_command_decode((struct dd_slice){memory, bytes.size}, &arena, &command, &refusal),
        DD_INVALID);
    assert_int_equal(refusal.rule, DD_RULE_OUT_OF_RANGE);
    assert_string_equal(refusal.field, "genesis.entry_format");
}

/* 15 accounts of 1,024 empty offices, nearly as many fields as may be: unpacked, then refused. */
static void command_of_most_fields_keeps_within_its_memory(void **state)
{
    static uint8_t account[2 * DD_REPEATED_MAX];
    static uint8_t genesis[DD_COMMAND_BYTES_MAX];
    struct dd_writer w = dd_writer_make(account, sizeof account);
    struct dd_writer g = dd_writer_make(genesis, sizeof genesis);
    struct dd_writer c = dd_writer_make(memory, sizeof memory);
    struct dd_arena limited = dd_arena_make(DD_CODEC_DECODE_BYTES_MAX);
    struct dd_command command;
    (void)state;
    for (size_t i = 0; i < DD_REPEATED_MAX; i++)
        dd_wire_put_element(&w, 6, (struct dd_slice){NULL, 0});
    for (size_t i = 0; i < 15; i++)
        dd_wire_put_element(&g, 5, dd_writer_slice(&w));
    dd_wire_put_element(&c, 10, dd_writer_slice(&g));
    assert_false(w.overflow || g.overflow || c.overflow);
    assert_int_equal(dd_codec_command_decode(dd_writer_slice(&c), &limited, &command, &refusal),
                     DD_INVALID);
    assert_true(limited.used_bytes > 1024 * 1024);
    dd_arena_free(&limited);
}

/* A request of one small command, for the cases below to spoil. */
static struct dd_request whole_request(struct dd_signed_command *command)
{
    *command = (struct dd_signed_command){dd_slice_of("command"), {NULL, 0}};
    return (struct dd_request){
        .protocol = 1, .request_id = dd_slice_of("1"), .commands = command, .command_count = 1};
}

static enum dd_status through(const struct dd_request *request)
{
    struct dd_slice bytes = {NULL, 0};
    struct dd_request out;
    assert_int_equal(dd_codec_request_encode(request, &arena, &bytes), DD_OK);
    return dd_codec_request_decode(bytes, &arena, &out, &refusal);
}

static void assert_refused(const struct dd_request *request, enum dd_rule rule, const char *field,
                           const char *param)
{
    assert_int_equal(through(request), DD_INVALID);
    assert_string_equal(dd_rule_key(refusal.rule), dd_rule_key(rule));
    assert_string_equal(refusal.field, field);
    assert_string_equal(refusal.param[0], param);
}

static void request_holds_exactly_one_body(void **state)
{
    struct dd_signed_command command;
    struct dd_request request = whole_request(&command);
    (void)state;
    assert_int_equal(through(&request), DD_OK);
    request.command_count = 0;
    assert_refused(&request, DD_RULE_MISSING, "commands", "");
    request.command_count = 1;
    request.has_question = true;
    request.question.kind = DD_QUESTION_DIGEST;
    assert_refused(&request, DD_RULE_DUPLICATE, "question", "question");
    request.command_count = 0;
    assert_int_equal(through(&request), DD_OK);
    request.has_clock_advance = true;
    assert_refused(&request, DD_RULE_DUPLICATE, "clock_advance", "clock_advance");
}

static void request_bounds_its_head(void **state)
{
    static const char text[] = "01234567890123456789012345678901234567890123456789012345678901234";
    struct dd_signed_command command;
    struct dd_request request = whole_request(&command);
    (void)state;
    request.request_id = (struct dd_slice){(const uint8_t *)text, DD_REQUEST_ID_BYTES_MAX};
    request.trace_id = (struct dd_slice){(const uint8_t *)text, DD_TRACE_ID_BYTES_MAX};
    assert_int_equal(through(&request), DD_OK);
    request.trace_id.size++;
    assert_refused(&request, DD_RULE_TOO_LONG, "trace_id", "64");
    request.trace_id = dd_slice_of("two\nlines");
    assert_refused(&request, DD_RULE_CONTROL_CHARACTER, "trace_id", "");
    request.trace_id.size = 0;
    request.deadline_ms = -1;
    assert_refused(&request, DD_RULE_OUT_OF_RANGE, "deadline_ms", "0");
    request.deadline_ms = 0;
    request.request_id.size++;
    assert_refused(&request, DD_RULE_TOO_LONG, "request_id", "32");
    request.request_id.size = 0;
    assert_refused(&request, DD_RULE_MISSING, "request_id", "");
}

static void request_wants_signatures_of_64_bytes_or_none(void **state)
{
    static const uint8_t signature[65];
    struct dd_signed_command commands[2];
    struct dd_request request = whole_request(commands);
    (void)state;
    commands[1] = commands[0];
    request.command_count = 2;
    commands[1].signature = (struct dd_slice){signature, 64};
    assert_int_equal(through(&request), DD_OK);
    commands[1].signature.size = 63;
    assert_refused(&request, DD_RULE_BAD_LENGTH, "commands[1].signature", "64");
    commands[1].signature.size = 65;
    assert_refused(&request, DD_RULE_BAD_LENGTH, "commands[1].signature", "64");
}

static void request_bounds_its_commands(void **state)
{
    static struct dd_signed_command commands[DD_COMMANDS_PER_REQUEST_MAX + 1];
    struct dd_request request = whole_request(commands);
    (void)state;
    for (size_t i = 1; i < DD_COMMANDS_PER_REQUEST_MAX + 1; i++)
        commands[i] = commands[0];
    request.commands = commands;
    request.command_count = DD_COMMANDS_PER_REQUEST_MAX;
    assert_int_equal(through(&request), DD_OK);
    request.command_count++;
    assert_refused(&request, DD_RULE_TOO_MANY, "commands", "256");
}

static void request_bounds_its_bytes(void **state)
{
    struct dd_signed_command command;
    struct dd_request request = whole_request(&command);
    struct dd_slice bytes = {NULL, 0};
    (void)state;
    command.command = (struct dd_slice){memory, DD_REQUEST_BYTES_MAX};
    assert_int_equal(dd_codec_request_encode(&request, &arena, &bytes), DD_TOO_LARGE);
    command.command.size -= 13; /* what stands around it */
    assert_int_equal(dd_codec_request_encode(&request, &arena, &bytes), DD_OK);
    assert_int_equal(bytes.size, DD_REQUEST_BYTES_MAX);
    assert_int_equal(dd_codec_request_decode(bytes, &arena, &request, &refusal), DD_OK);
    bytes = (struct dd_slice){memory, DD_REQUEST_BYTES_MAX + 1};
    assert_int_equal(dd_codec_request_decode(bytes, &arena, &request, &refusal), DD_TOO_LARGE);
    assert_int_equal(refusal.status, DD_TOO_LARGE);
    assert_string_equal(refusal.param[0], "262144");
}

static void request_tells_another_protocol_before_anything_else(void **state)
{
    struct dd_writer w = dd_writer_make(memory, sizeof memory);
    struct dd_request request;
    (void)state;
    dd_wire_put_number(&w, 1, 2);
    dd_wire_put_element(&w, 99, dd_slice_of("a field of the next protocol"));
    assert_int_equal(dd_codec_request_decode(dd_writer_slice(&w), &arena, &request, &refusal),
                     DD_VERSION);
    assert_int_equal(refusal.status, DD_VERSION);
    assert_int_equal(refusal.rule, DD_RULE_BAD_PROTOCOL);
    assert_string_equal(refusal.field, "protocol");
    assert_string_equal(refusal.param[0], "1");
    assert_string_equal(refusal.param[1], "1");
    assert_int_equal(
        dd_codec_request_decode((struct dd_slice){NULL, 0}, &arena, &request, &refusal),
        DD_VERSION); /* protocol 0 */
    memory[1] = 1;
    assert_int_equal(dd_codec_request_decode(dd_writer_slice(&w), &arena, &request, &refusal),
                     DD_INVALID);
    assert_int_equal(refusal.rule, DD_RULE_UNKNOWN_FIELD);
    assert_int_equal(
        dd_codec_request_decode((struct dd_slice){memory, 1}, &arena, &request, &refusal),
        DD_INVALID);
    assert_int_equal(refusal.rule, DD_RULE_MALFORMED);
}

static struct dd_request ask(enum dd_question_kind kind)
{
    return (struct dd_request){
        .protocol = 1,
        .request_id = dd_slice_of("1"),
        .has_question = true,
        .question = {.kind = kind, .cycle = dd_slice_of("key/2013"), .unit = dd_slice_of("u")}};
}

static void question_wants_what_it_asks_about(void **state)
{
    struct dd_request request;
    (void)state;
    request = ask(DD_QUESTION_CYCLE);
    request.question.cycle.size = 0;
    assert_refused(&request, DD_RULE_MISSING, "question.cycle.cycle", "");
    request = ask(DD_QUESTION_TABLE);
    request.question.cycle = dd_slice_of("key");
    assert_refused(&request, DD_RULE_BAD_CODE, "question.table.cycle", "");
    request = ask(DD_QUESTION_DOSSIER);
    request.question.unit.size = 0;
    assert_refused(&request, DD_RULE_MISSING, "question.dossier.unit", "");
    request = ask(DD_QUESTION_DUTIES);
    request.question.unit.size = 0; /* all units */
    assert_int_equal(through(&request), DD_OK);
    request.question.act = (enum dd_act)6;
    assert_refused(&request, DD_RULE_UNKNOWN_WORD, "question.duties.act", "6");
    request = ask(DD_QUESTION_REMINDERS);
    request.question.cycle.size = 0; /* all cycles */
    assert_int_equal(through(&request), DD_OK);
    request = ask(DD_QUESTION_MATTERS);
    request.question.unit.size = 0; /* all units, all kinds */
    assert_int_equal(through(&request), DD_OK);
    request.question.matter_kind = dd_slice_of("a b");
    assert_refused(&request, DD_RULE_BAD_CODE, "question.matters.kind", "");
    request = ask(DD_QUESTION_FIGURES);
    assert_refused(&request, DD_RULE_MISSING, "question.figures.stage", "");
    request.question.stage = dd_slice_of("monthly");
    assert_int_equal(through(&request), DD_OK);
    request = ask(DD_QUESTION_PUBLICATIONS);
    request.question.unit = dd_slice_of("a/b");
    assert_refused(&request, DD_RULE_BAD_CODE, "question.publications.unit", "");
    request = ask(DD_QUESTION_DELEGATIONS);
    request.question.unit = dd_slice_of("a/b");
    assert_refused(&request, DD_RULE_BAD_CODE, "question.delegations.unit", "");
    request = ask((enum dd_question_kind)0);
    assert_refused(&request, DD_RULE_MISSING, "question.body", "");
}

static void question_bounds_its_numbers(void **state)
{
    struct dd_request request = ask(DD_QUESTION_DOSSIER);
    (void)state;
    request.question.version = DD_VERSIONS_PER_DOSSIER_MAX;
    assert_int_equal(through(&request), DD_OK);
    request.question.version++;
    assert_refused(&request, DD_RULE_OUT_OF_RANGE, "question.dossier.version", "0");
    request = ask(DD_QUESTION_MATTER);
    assert_refused(&request, DD_RULE_OUT_OF_RANGE, "question.matter.matter", "1");
    request.question.matter = DD_MATTERS_PER_CYCLE_MAX;
    assert_int_equal(through(&request), DD_OK);
    request.question.matter++;
    assert_refused(&request, DD_RULE_OUT_OF_RANGE, "question.matter.matter", "1");
    request = ask(DD_QUESTION_LOG);
    request.question.from_seq = UINT64_MAX;
    request.question.limit = UINT32_MAX;
    assert_int_equal(through(&request), DD_OK);
    request.question.from_ms = -1;
    assert_refused(&request, DD_RULE_OUT_OF_RANGE, "question.log.from_ms", "0");
    request = ask(DD_QUESTION_HELLO);
    request.question.after = (struct dd_slice){memory, DD_KEY_BYTES_MAX};
    assert_int_equal(through(&request), DD_OK);
    request.question.after.size++;
    assert_refused(&request, DD_RULE_TOO_LONG, "question.after", "256");
    request = ask(DD_QUESTION_TABLE);
    request.question.has_as_of = true;
    request.question.as_of_day = -1; /* 1969 */
    assert_refused(&request, DD_RULE_BAD_DATE, "question.table.as_of", "");
    request.question.as_of_day = 0;
    assert_int_equal(through(&request), DD_OK);
}

/* What a later server may say: more fields, more statuses, rules and words. */
static void reply_of_a_later_server_is_read(void **state)
{
    uint8_t inner[256];
    struct dd_writer w = dd_writer_make(memory, sizeof memory);
    struct dd_writer i = dd_writer_make(inner, sizeof inner);
    struct dd_reply reply;
    (void)state;
    dd_wire_put_number(&i, 1, 4000000000u);
    dd_wire_put_bytes(&i, 2, dd_slice_of("a-later-status"));
    dd_wire_put_number(&i, 3, 999);
    dd_wire_put_bytes(&i, 5, dd_slice_of("field"));
    for (int n = 0; n < 3; n++)
        dd_wire_put_bytes(&i, 6, dd_slice_of("param"));
    dd_wire_put_bytes(&i, 17, dd_slice_of("more"));
    dd_wire_put_bytes(&w, 1, dd_slice_of("id"));
    dd_wire_put_bytes(&w, 5, dd_writer_slice(&i));
    dd_wire_put_number(&w, 31, 7);
    assert_int_equal(dd_codec_reply_decode(dd_writer_slice(&w), &arena, &reply, &refusal), DD_OK);
    assert_true((uint32_t)reply.refusal.status == 4000000000u);
    assert_true((uint32_t)reply.refusal.rule == 999);
    assert_string_equal(reply.refusal.field, "field");
    assert_string_equal(reply.refusal.param[1], "param");
    i = dd_writer_make(inner, sizeof inner);
    dd_wire_put_element(&i, 2, dd_slice_of("\x0a\x01u\x2a\x05later")); /* a duty's status */
    uint8_t answer[64];
    struct dd_writer a = dd_writer_make(answer, sizeof answer);
    dd_wire_put_element(&a, 13, dd_writer_slice(&i));
    w = dd_writer_make(memory, sizeof memory);
    dd_wire_put_element(&w, 4, dd_writer_slice(&a));
    assert_int_equal(dd_codec_reply_decode(dd_writer_slice(&w), &arena, &reply, &refusal), DD_OK);
    assert_int_equal(reply.answer.as.duties.duty_count, 1);
    assert_int_equal(reply.answer.as.duties.duties[0].status, 0);
}

static void reply_that_no_struct_can_hold_is_refused(void **state)
{
    struct dd_writer w = dd_writer_make(memory, sizeof memory);
    struct dd_reply reply;
    (void)state;
    dd_wire_put_element(&w, 5,
                        dd_slice_of("")); /* a refusal with status 0 would read as accepted */
    assert_int_equal(dd_codec_reply_decode(dd_writer_slice(&w), &arena, &reply, &refusal),
                     DD_INVALID);
    assert_string_equal(refusal.field, "refusal.status");
    w = dd_writer_make(memory, sizeof memory);
    dd_wire_put_element(&w, 3, dd_slice_of("\x0a\x02id"));
    assert_int_equal(dd_codec_reply_decode(dd_writer_slice(&w), &arena, &reply, &refusal),
                     DD_INVALID);
    assert_string_equal(refusal.field, "results[0].id");
    w = dd_writer_make(memory, sizeof memory);
    dd_wire_put_element(&w, 4, dd_slice_of("\x92\x01\x06\x0a\x04\x20\x80\x80\x04"));
    assert_int_equal(dd_codec_reply_decode(dd_writer_slice(&w), &arena, &reply, &refusal),
                     DD_INVALID);
    assert_string_equal(refusal.field, "answer.units.units[0].ordinal");
    assert_string_equal(refusal.param[1], "65535");
    w = dd_writer_make(memory, sizeof memory);
    dd_wire_put_element(&w, 4, dd_slice_of(""));
    assert_int_equal(dd_codec_reply_decode(dd_writer_slice(&w), &arena, &reply, &refusal),
                     DD_INVALID);
    assert_string_equal(refusal.field, "answer.body");
}

static void reply_takes_more_rows_than_a_request_may_have(void **state)
{
    enum { ROWS = 20000 };
    struct dd_unit_line *units = dd_arena_take(&arena, ROWS * sizeof *units);
    struct dd_reply reply = {.request_id = dd_slice_of("1"), .has_answer = true};
    struct dd_slice bytes = {NULL, 0};
    (void)state;
    assert_non_null(units);
    for (size_t i = 0; i < ROWS; i++)
        units[i] = (struct dd_unit_line){.code = dd_slice_of("u"), .name = dd_slice_of("Sở")};
    reply.answer.kind = DD_QUESTION_UNITS;
    reply.answer.as.units = (struct dd_units_answer){units, ROWS};
    assert_int_equal(dd_codec_reply_encode(&reply, &arena, &bytes), DD_OK);
    assert_int_equal(dd_codec_reply_decode(bytes, &arena, &reply, &refusal), DD_OK);
    assert_int_equal(reply.answer.as.units.unit_count, ROWS);
    assert_text(reply.answer.as.units.units[ROWS - 1].name, "Sở");
}

static void reply_bounds_its_bytes(void **state)
{
    struct dd_log_line line = {.entry = {memory, DD_REPLY_BYTES_MAX}};
    struct dd_reply reply = {.request_id = dd_slice_of("1"), .has_answer = true};
    struct dd_slice bytes = {NULL, 0};
    (void)state;
    reply.answer.kind = DD_QUESTION_LOG;
    reply.answer.as.log = (struct dd_log_answer){.entries = &line, .entry_count = 1};
    assert_int_equal(dd_codec_reply_encode(&reply, &arena, &bytes), DD_TOO_LARGE);
    line.entry.size -= 24; /* what stands around it */
    assert_int_equal(dd_codec_reply_encode(&reply, &arena, &bytes), DD_OK);
    assert_int_equal(bytes.size, DD_REPLY_BYTES_MAX);
    assert_int_equal(dd_codec_reply_decode(bytes, &arena, &reply, &refusal), DD_OK);
    bytes = (struct dd_slice){memory, DD_REPLY_BYTES_MAX + 1};
    assert_int_equal(dd_codec_reply_decode(bytes, &arena, &reply, &refusal), DD_TOO_LARGE);
}

static void reply_of_a_million_empty_rows_ends_at_the_arenas_limit(void **state)
{
    struct dd_arena small = dd_arena_make(16 * 1024 * 1024);
    struct dd_writer w = dd_writer_make(memory, DD_REPLY_BYTES_MAX);
    struct dd_reply reply;
    (void)state;
    for (size_t i = 0; i < 1000000; i++)
        dd_wire_put_element(&w, 3, (struct dd_slice){NULL, 0});
    assert_false(w.overflow);
    assert_int_equal(dd_codec_reply_decode(dd_writer_slice(&w), &small, &reply, &refusal),
                     DD_NO_MEMORY);
    dd_arena_free(&small);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        CASE(golden_commands_are_read_and_written_alike),
        CASE(golden_requests_are_read_and_written_alike),
        CASE(golden_replies_are_read_and_written_alike),
        CASE(golden_register_says_what_its_text_says),
        CASE(golden_account_and_units_say_what_their_texts_say),
        CASE(golden_programme_of_an_old_log_has_none_of_the_later_members),
        CASE(golden_programme_says_what_its_text_says),
        CASE(golden_work_says_what_its_texts_say),
        CASE(golden_matter_says_what_its_text_says),
        CASE(golden_genesis_of_another_entry_format_is_refused),
        CASE(command_of_most_fields_keeps_within_its_memory),
        CASE(request_holds_exactly_one_body),
        CASE(request_bounds_its_head),
        CASE(request_wants_signatures_of_64_bytes_or_none),
        CASE(request_bounds_its_commands),
        CASE(request_bounds_its_bytes),
        CASE(request_tells_another_protocol_before_anything_else),
        CASE(question_wants_what_it_asks_about),
        CASE(question_bounds_its_numbers),
        CASE(reply_of_a_later_server_is_read),
        CASE(reply_that_no_struct_can_hold_is_refused),
        CASE(reply_takes_more_rows_than_a_request_may_have),
        CASE(reply_bounds_its_bytes),
        CASE(reply_of_a_million_empty_rows_ends_at_the_arenas_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
