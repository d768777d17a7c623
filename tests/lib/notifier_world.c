/* The notifier's world. See tests/lib/notifier_world.h. */
#include "tests/lib/notifier_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/calendar.h"

struct notifier_world world;
static const char *const unit_codes[WORLD_UNITS] = {"u00", "u01", "u02", "u03", "u04", "u05",
                                                    "u06", "u07", "u08", "u09", "u10", "u11"};

/* ---- letters ---- */

static enum dd_status put_letter(void *self, const struct dd_letter *letter)
{
    char unit[DD_CODE_BYTES_MAX + 1];
    char id[96];
    (void)self;
    if (world.put_status != DD_OK)
        return world.put_status;
    dd_slice_text(letter->to_unit, unit, sizeof unit);
    dd_slice_text(letter->message_id, id, sizeof id);
    char *body = malloc(letter->body.size + 1);
    assert_non_null(body);
    dd_slice_text(letter->body, body, letter->body.size + 1);
    for (size_t i = 0; i < world.letters; i++) {
        const struct world_letter *old = &world.letter[i];
        if (old->day != letter->day || old->number != letter->number || strcmp(old->unit, unit))
            continue;
        /* a copy is fine, another letter under the same name is not */
        assert_string_equal(old->id, id);
        assert_string_equal(old->body, body);
        free(body);
        return DD_OK;
    }
    assert_true(world.letters < WORLD_LETTERS_MAX);
    struct world_letter *kept = &world.letter[world.letters++];
    *kept = (struct world_letter){.day = letter->day, .number = letter->number, .body = body};
    memcpy(kept->unit, unit, sizeof unit);
    memcpy(kept->id, id, sizeof id);
    return DD_OK;
}

static enum dd_status sync_letters(void *self)
{
    (void)self;
    for (size_t i = 0; world.sync_status == DD_OK && i < world.letters; i++)
        world.letter[i].synced = true;
    return world.sync_status;
}

/* A power loss: what was not synced is gone. */
static void lose_letters(void)
{
    size_t kept = 0;
    for (size_t i = 0; i < world.letters; i++) {
        if (world.letter[i].synced)
            world.letter[kept++] = world.letter[i];
        else
            free(world.letter[i].body);
    }
    world.letters = kept;
}

/* ---- the registrar ---- */

void world_remind(uint64_t seq, uint16_t index, size_t unit, int32_t day)
{
    assert_true(world.reminders < WORLD_REMINDERS_MAX);
    struct world_reminder *made = &world.reminder[world.reminders++];
    memset(made, 0, sizeof *made);
    (void)snprintf(made->duty, sizeof made->duty, "indicator/<%llu.%u>", (unsigned long long)seq,
                   (unsigned)index);
    made->line = (struct dd_reminder_line){.seq = seq,
                                           .index = index,
                                           .cycle = dd_slice_of("plans/2013"),
                                           .unit = dd_slice_of(unit_codes[unit]),
                                           .duty = dd_slice_of(made->duty),
                                           .rung = -7,
                                           .at_ms = dd_instant_at(day, 480, WORLD_OFFSET_MIN),
                                           .bound_ms = dd_instant_at(day + 8, 0, WORLD_OFFSET_MIN),
                                           .to_unit = dd_slice_of(unit_codes[unit]),
                                           .offset_min = WORLD_OFFSET_MIN};
}

static void answer_reminders(const struct dd_question *question, struct dd_answer *answer)
{
    static struct dd_reminder_line lines[WORLD_REMINDERS_MAX];
    static uint8_t next[10];
    struct dd_reader r = dd_reader_make(question->after);
    uint64_t seq = dd_read_u64(&r);
    uint16_t index = dd_read_u16(&r);
    struct dd_reminders_answer *out = &answer->as.reminders;
    assert_true(dd_reader_done(&r));
    world.asked_reminders++;
    world.last_seq_asked = seq;
    out->reminders = lines;
    for (size_t i = 0; i < world.reminders; i++) {
        const struct dd_reminder_line *line = &world.reminder[i].line;
        if (line->seq < seq || (line->seq == seq && line->index < index))
            continue;
        if (out->reminder_count == world.page) {
            struct dd_writer w = dd_writer_make(next, sizeof next);
            dd_write_u64(&w, line->seq);
            dd_write_u16(&w, line->index);
            answer->next = dd_writer_slice(&w);
            return;
        }
        lines[out->reminder_count++] = *line;
    }
}

static void answer_units(const struct dd_question *question, struct dd_answer *answer)
{
    static struct dd_unit_line units[WORLD_UNITS];
    static uint8_t next[4];
    struct dd_reader r = dd_reader_make(question->after);
    size_t from = question->after.size == 4 ? dd_read_u32(&r) : 0;
    world.asked_units++;
    answer->as.units.units = units;
    for (size_t i = from; i < world.units && i < from + 5; i++)
        units[answer->as.units.unit_count++] = (struct dd_unit_line){
            .code = dd_slice_of(unit_codes[i]), .name = dd_slice_of("Sở Y tế")};
    if (from + 5 < world.units) {
        struct dd_writer w = dd_writer_make(next, sizeof next);
        dd_write_u32(&w, (uint32_t)(from + 5));
        answer->next = dd_writer_slice(&w);
    }
}

static void answer_cycle(const struct dd_question *question, struct dd_answer *answer)
{
    static struct dd_cycle_stage stage;
    world.asked_cycles++;
    stage = (struct dd_cycle_stage){.key = dd_slice_of("indicator"),
                                    .name_vi = dd_slice_of("Chỉ tiêu"),
                                    .name_en = dd_slice_of("Indicator"),
                                    .act = DD_ACT_OUTCOME,
                                    .silence = world.silence};
    answer->as.cycle = (struct dd_cycle_answer){.cycle = question->cycle,
                                                .programme = dd_slice_of("plans"),
                                                .programme_version = 1,
                                                .host = dd_slice_of("ubnd"),
                                                .stages = &stage,
                                                .stage_count = 1};
}

static void answer_question(const struct dd_question *question, struct dd_reply *reply)
{
    bool of_cycle = question->kind == DD_QUESTION_CYCLE;
    if (of_cycle && world.cycle_unknown) {
        world.asked_cycles++;
        reply->refusal.status = DD_NOT_FOUND;
        return;
    }
    reply->has_answer = true;
    reply->answer.kind = question->kind;
    if (question->kind == DD_QUESTION_REMINDERS)
        answer_reminders(question, &reply->answer);
    else if (of_cycle)
        answer_cycle(question, &reply->answer);
    else
        answer_units(question, &reply->answer);
}

static void note(const struct dd_reminder_ref *ref)
{
    for (size_t i = 0; i < world.reminders; i++) {
        if (world.reminder[i].line.seq != ref->seq || world.reminder[i].line.index != ref->index)
            continue;
        world.reminder[i].noted++;
        world.reminder[i].line.delivered_ms = 1;
        return;
    }
    fail_msg("a report of a reminder that is none");
}

static bool remembered(struct dd_id id)
{
    for (unsigned i = 0; i < world.commands; i++) {
        if (dd_id_equal(world.command_id[i], id))
            return true;
    }
    return false;
}

/* A command of the same id has one effect. */
static void judge(struct dd_slice bytes, struct dd_result *result)
{
    struct dd_command command;
    struct dd_refusal refusal;
    assert_int_equal(dd_codec_command_decode(bytes, &world.arena, &command, &refusal), DD_OK);
    assert_int_equal(command.kind, DD_COMMAND_REMINDED);
    assert_true(dd_slice_equal(command.as.reminded.channel, dd_slice_of("folder")));
    *result = (struct dd_result){.id = command.id, .refusal = {.status = world.command_status}};
    bool again = remembered(command.id);
    assert_true(world.commands < WORLD_COMMANDS_MAX);
    if (!again) {
        world.command_refs[world.commands] = command.as.reminded.reminder_count;
        world.command_id[world.commands++] = command.id;
    }
    if (world.command_status != DD_OK || again)
        return;
    for (size_t i = 0; i < command.as.reminded.reminder_count; i++)
        note(&command.as.reminded.reminders[i]);
}

/* The registrar's answer to the machine's frames, in the world's arena. */
struct dd_slice world_answer(const struct dd_notifier_output *out)
{
    struct dd_request request;
    struct dd_refusal refusal;
    struct dd_result result;
    struct dd_slice body;
    assert_int_equal(out->frame_count, 4);
    assert_int_equal(out->frame[0].size, 0);
    assert_true(dd_slice_equal(out->frame[1], dd_slice_of("MDPC01")));
    assert_true(dd_slice_equal(out->frame[2], dd_slice_of("dondoc.bacgiang")));
    dd_arena_reset(&world.arena);
    assert_int_equal(dd_codec_request_decode(out->frame[3], &world.arena, &request, &refusal),
                     DD_OK);
    assert_memory_not_equal(request.request_id.data, world.last_request_id,
                            request.request_id.size);
    memcpy(world.last_request_id, request.request_id.data, request.request_id.size);
    struct dd_reply reply = {.request_id = request.request_id, .credit = 1};
    if (request.has_question && world.question_status != DD_OK) {
        reply.refusal.status = world.question_status;
    } else if (request.has_question) {
        answer_question(&request.question, &reply);
    } else {
        assert_int_equal(request.command_count, 1);
        judge(request.commands[0].command, &result);
        reply.results = &result;
        reply.result_count = 1;
    }
    assert_int_equal(dd_codec_reply_encode(&reply, &world.arena, &body), DD_OK);
    return body;
}

/* ---- the machine in its world ---- */

static void make_machine(void)
{
    struct dd_outbox_standing standing;
    dd_outbox_stands(world.outbox, &standing);
    assert_int_equal(
        dd_notifier_machine_make(dd_slice_of("bacgiang"), ++world.seed, &standing, &world.machine),
        DD_OK);
}

void world_crash(void)
{
    dd_notifier_machine_free(world.machine);
    lose_letters();
    if (world.on_disk) {
        dd_outbox_close(world.outbox);
        assert_int_equal(dd_outbox_open(world.path, &world.outbox), DD_OK);
    }
    make_machine();
}

static bool crashes_here(void)
{
    if (++world.points != world.crash_at)
        return false;
    world_crash();
    return true;
}

void world_receive(struct dd_slice body)
{
    struct dd_slice frames[] = {
        {NULL, 0}, dd_slice_of("MDPC01"), dd_slice_of("dondoc.bacgiang"), body};
    dd_notifier_machine_receive(world.machine, frames, 4, world.now_ms);
}

void world_do_job(struct dd_notifier_job *job)
{
    struct dd_notifier_desk desk = {.outbox = world.outbox,
                                    .delivery = {.put = put_letter, .sync = sync_letters},
                                    .language = DD_LANGUAGE_VI,
                                    .jurisdiction = dd_slice_of("bacgiang")};
    dd_notifier_job_do(job, &desk);
}

/* One tick and what it asks for; false if it asked for nothing: *wake_ms says until when. */
bool world_step(int64_t *wake_ms)
{
    struct dd_notifier_output out;
    dd_notifier_machine_tick(world.machine, world.now_ms, &out);
    *wake_ms = out.wake_ms;
    world.failed = out.failed;
    if (out.refused.status != DD_OK)
        world.refused = out.refused;
    assert_false(out.frame_count > 0 && out.job);
    if (out.frame_count > 0) {
        if (crashes_here())
            return true;
        struct dd_slice body = world_answer(&out);
        if (!crashes_here() && !world.silent)
            world_receive(body);
        return true;
    }
    if (!out.job)
        return false;
    if (crashes_here())
        return true;
    if (out.job->kind == DD_NOTIFIER_DELIVER && world.points + 1 == world.crash_at)
        world.sync_status = DD_IO; /* the crash comes between the letters and the outbox */
    world_do_job(out.job);
    world.sync_status = DD_OK;
    if (!crashes_here())
        dd_notifier_machine_done(world.machine, world.now_ms);
    return true;
}

/* Runs for so many milliseconds; returns how many things it asked for. */
int world_run_for(int64_t ms)
{
    int64_t end_ms = world.now_ms + ms;
    int steps = 0;
    for (;;) {
        int64_t wake_ms;
        while (world_step(&wake_ms))
            assert_true(++steps < 100000);
        if (world.failed != DD_OK || wake_ms > end_ms)
            break;
        assert_true(wake_ms > world.now_ms);
        world.now_ms = wake_ms;
    }
    world.now_ms = end_ms;
    return steps;
}

int world_make(void **state)
{
    (void)state;
    memset(&world, 0, sizeof world);
    world.now_ms = 1000;
    world.page = 100;
    world.units = WORLD_UNITS;
    world.silence = DD_SILENCE_MISSING;
    world.arena = dd_arena_make(64 * 1024 * 1024);
    assert_int_equal(dd_outbox_open(NULL, &world.outbox), DD_OK);
    make_machine();
    return 0;
}

int world_end(void **state)
{
    (void)state;
    dd_notifier_machine_free(world.machine);
    dd_outbox_close(world.outbox);
    dd_arena_free(&world.arena);
    for (size_t i = 0; i < world.letters; i++)
        free(world.letter[i].body);
    if (world.on_disk)
        fault_folder_remove(&world.folder);
    return 0;
}

/* ---- what must be so in the end ---- */

static int times_told(const char *duty)
{
    int times = 0;
    for (size_t i = 0; i < world.letters; i++) {
        const char *word = strchr(duty, '<');
        for (const char *at = strstr(world.letter[i].body, word); at; at = strstr(at + 1, word))
            times++;
    }
    return times;
}

void world_each_told_once(void)
{
    for (size_t i = 0; i < world.reminders; i++) {
        assert_int_equal(times_told(world.reminder[i].duty), 1);
        assert_int_equal(world.reminder[i].noted, 1);
    }
    assert_true(dd_notifier_machine_idle(world.machine));
}

const struct world_letter *world_letter_to(const char *unit, int32_t day, uint16_t number)
{
    for (size_t i = 0; i < world.letters; i++) {
        const struct world_letter *letter = &world.letter[i];
        if (letter->day == day && letter->number == number && strcmp(letter->unit, unit) == 0)
            return letter;
    }
    return NULL;
}
