/* The notifier's thread over a real socket and a real folder, against a broker of a few lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/calendar.h"
#include "proto/codec.h"
#include "runtime/clock.h"
#include "runtime/net.h"
#include "runtime/task.h"
#include "tests/lib/fault_folder.h"
#include "workers/notifier_shell.h"

enum { OFFSET_MIN = 420, PATIENCE_MS = 20000 };

struct world {
    struct fault_folder folder;
    struct dd_net *net;
    struct dd_socket *broker;
    struct dd_notifier_shell *shell;
    struct dd_task *thread;
    struct dd_arena arena;
    size_t noted;
};

static struct world world;

static enum dd_status run(void *arg)
{
    return dd_notifier_run(arg);
}

static int make(void **state)
{
    struct dd_notifier_options options = {
        .endpoint = "inproc://broker", .jurisdiction = "bacgiang", .language = DD_LANGUAGE_EN};
    (void)state;
    memset(&world, 0, sizeof world);
    fault_folder_make(&world.folder);
    options.data = world.folder.path;
    world.arena = dd_arena_make(16 * 1024 * 1024);
    assert_int_equal(dd_net_open(&world.net), DD_OK);
    assert_int_equal(dd_net_server(world.net,
                                   &(struct dd_link_options){.endpoint = options.endpoint},
                                   &world.broker),
                     DD_OK);
    assert_int_equal(dd_notifier_open(world.net, &options, &world.shell), DD_OK);
    assert_int_equal(dd_task_open("notifier", &world.thread), DD_OK);
    dd_task_submit(world.thread, run, world.shell);
    return 0;
}

static int end(void **state)
{
    (void)state;
    dd_notifier_stop(world.shell);
    assert_int_equal(dd_task_wait(world.thread), DD_OK);
    dd_task_close(world.thread);
    dd_notifier_close(world.shell);
    dd_net_socket_close(world.broker);
    dd_net_close(world.net);
    dd_arena_free(&world.arena);
    /* DATA/reminders/DAY/FILE is a level deeper than what the folder's removal knows */
    struct fault_folder inner;
    fault_path(&world.folder, "reminders", inner.path);
    if (access(inner.path, F_OK) == 0)
        fault_folder_empty(&inner);
    fault_folder_remove(&world.folder);
    return 0;
}

static void fill_reminders(const struct dd_question *question, struct dd_answer *answer)
{
    static struct dd_reminder_line lines[2];
    struct dd_reader r = dd_reader_make(question->after);
    if (dd_read_u64(&r) >= 7)
        return;
    for (int i = 0; i < 2; i++)
        lines[i] = (struct dd_reminder_line){.seq = 7,
                                             .index = (uint16_t)i,
                                             .cycle = dd_slice_of("plans/2013"),
                                             .unit = dd_slice_of("so-yte"),
                                             .duty = dd_slice_of("register"),
                                             .at_ms = dd_instant_at(15723 + i, 480, OFFSET_MIN),
                                             .bound_ms = dd_instant_at(15731, 0, OFFSET_MIN),
                                             .to_unit = dd_slice_of("so-yte"),
                                             .offset_min = OFFSET_MIN};
    answer->as.reminders.reminders = lines;
    answer->as.reminders.reminder_count = 2;
}

static void answer(const struct dd_message *message)
{
    static struct dd_unit_line unit;
    struct dd_request request;
    struct dd_refusal refusal;
    struct dd_command command;
    struct dd_result result = {0};
    struct dd_slice frames[5];
    dd_arena_reset(&world.arena);
    assert_int_equal(message->frame_count, 5);
    assert_int_equal(dd_codec_request_decode(message->frame[4], &world.arena, &request, &refusal),
                     DD_OK);
    struct dd_reply reply = {.request_id = request.request_id, .has_answer = request.has_question};
    reply.answer.kind = request.question.kind;
    unit = (struct dd_unit_line){.code = dd_slice_of("so-yte"), .name = dd_slice_of("Sở Y tế")};
    if (!request.has_question) {
        assert_int_equal(
            dd_codec_command_decode(request.commands[0].command, &world.arena, &command, &refusal),
            DD_OK);
        world.noted += command.as.reminded.reminder_count;
        result.id = command.id;
        reply.results = &result;
        reply.result_count = 1;
    } else if (request.question.kind == DD_QUESTION_CYCLE) {
        reply.has_answer = false; /* its duties are called by their keys */
        reply.refusal.status = DD_NOT_FOUND;
    } else if (request.question.kind == DD_QUESTION_UNITS) {
        reply.answer.as.units = (struct dd_units_answer){.units = &unit, .unit_count = 1};
    } else {
        fill_reminders(&request.question, &reply.answer);
    }
    memcpy(frames, message->frame, sizeof frames);
    assert_int_equal(dd_codec_reply_encode(&reply, &world.arena, &frames[4]), DD_OK);
    assert_int_equal(dd_net_send(world.broker, frames, 5), DD_OK);
}

/* Plays the broker until so many reminders were noted, or patience ends. */
static void play_until(size_t noted)
{
    int64_t end_ms = dd_clock_mono_ms() + PATIENCE_MS;
    while (world.noted < noted && dd_clock_mono_ms() < end_ms) {
        struct dd_poll_item item = {.socket = world.broker};
        struct dd_message message;
        assert_int_equal(dd_net_poll(&item, 1, 100), DD_OK);
        if (dd_net_receive(world.broker, &message) != DD_OK)
            continue;
        answer(&message);
        dd_message_free(&message);
    }
    assert_int_equal(world.noted, noted);
}

static void shell_delivers_into_the_data_folder_and_reports(void **state)
{
    char path[FAULT_PATH_BYTES];
    char got[1024] = "";
    (void)state;
    play_until(2);
    fault_path(&world.folder, "reminders/2013-01-18/so-yte.txt", path);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_true(fread(got, 1, sizeof got - 1, file) > 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(strncmp(got, "Message-ID: <", 13), 0);
    assert_non_null(strstr(got, "@bacgiang>\nTo: so-yte\nDate: 2013-01-18T08:00:00+07:00\n"
                                "Subject: 1 reminder of 2013-01-18\n\nTo: Sở Y tế\n"));
    assert_non_null(strstr(got, "last day 2013-01-25, 7 days left"));
    fault_path(&world.folder, "reminders/2013-01-19/so-yte.txt", path);
    assert_int_equal(access(path, F_OK), 0);
}

static void shell_stops_while_nobody_answers(void **state)
{
    (void)state; /* what make and end do is the case */
}

static void shell_refuses_a_jurisdiction_that_is_no_code_and_a_link_without_keys(void **state)
{
    struct dd_notifier_shell *shell;
    struct fault_folder folder;
    struct dd_notifier_options options = {.endpoint = "inproc://broker", .jurisdiction = "bắc"};
    (void)state;
    fault_folder_make(&folder);
    options.data = folder.path;
    assert_int_equal(dd_notifier_open(world.net, &options, &shell), DD_INVALID);
    assert_null(shell);
    options.jurisdiction = "bacgiang";
    options.endpoint = "tcp://127.0.0.1:1";
    assert_int_equal(dd_notifier_open(world.net, &options, &shell), DD_INVALID);
    assert_null(shell);
    fault_folder_remove(&folder);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, make, end)
    const struct CMUnitTest tests[] = {
        CASE(shell_delivers_into_the_data_folder_and_reports),
        CASE(shell_stops_while_nobody_answers),
        CASE(shell_refuses_a_jurisdiction_that_is_no_code_and_a_link_without_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
