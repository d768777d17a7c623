/* The client library over real CURVE links, against a small server in a thread of the test. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <pthread.h>

#include "broker/zap.h"
#include "clients/lib/dondoc.h"
#include "proto/codec.h"
#include "runtime/clock.h"
#include "runtime/keys.h"
#include "runtime/net.h"

enum {
    TAKEN_MAX = 4096,
    PATIENCE_MS = 20000,
    SERVER_POLL_MS = 10,
    CREDIT = 4,
    ARENA_BYTES = 64 * 1024 * 1024,
    NOTE_BYTES = 64
};

/* A command as the server got it. */
struct taken {
    struct dd_id id;
    size_t times;
    bool is_signed;
    bool signature_good;
    char reason[NOTE_BYTES];
};

struct server {
    struct dd_net *net;
    struct dd_socket *zap;
    struct dd_socket *socket;
    struct dd_link_table *table;
    struct dd_key_pair keys;
    struct dd_key_pair author; /* of the one account that is let in */
    pthread_t thread;
    bool running;
    atomic_bool stop;
    atomic_uint swallow; /* requests that still get no answer */
    atomic_uint requests;
    atomic_llong clock_ms;
    atomic_ullong min_seq; /* of the last question */
    size_t taken_count;
    struct taken taken[TAKEN_MAX];
};

/* ---- the server's thread; an assert that fails there would not be seen, so it counts ---- */

static struct taken *taken_of(struct server *s, struct dd_id id)
{
    for (size_t i = 0; i < s->taken_count; i++) {
        if (dd_id_equal(s->taken[i].id, id))
            return &s->taken[i];
    }
    if (s->taken_count == TAKEN_MAX)
        return NULL;
    s->taken[s->taken_count].id = id;
    return &s->taken[s->taken_count++];
}

static void take_command(struct server *s, const struct dd_signed_command *in,
                         struct dd_arena *arena, struct dd_result *result)
{
    struct dd_command command;
    struct taken *taken;

    if (dd_codec_command_decode(in->command, arena, &command, &result->refusal) != DD_OK)
        return;
    result->id = command.id;
    taken = taken_of(s, command.id);
    if (!taken)
        return;
    result->remembered = taken->times++ > 0;
    result->seq = (uint64_t)(taken - s->taken) + 1;
    taken->is_signed = in->signature.size > 0;
    taken->signature_good = in->signature.size == DD_SIGNATURE_BYTES &&
                            dd_keys_verify_command(s->author.sign_public, dd_slice_of("bacgiang"),
                                                   in->command, in->signature.data) == DD_OK;
    if (command.kind == DD_COMMAND_WITHDRAW)
        dd_slice_text(command.as.withdraw.reason, taken->reason, sizeof taken->reason);
}

/* Units come in two pages, one unit each. */
static void answer_question(struct server *s, const struct dd_question *question,
                            struct dd_arena *arena, struct dd_reply *reply)
{
    bool second = question->after.size > 0;
    struct dd_answer *answer = &reply->answer;

    atomic_store(&s->min_seq, question->min_seq);
    if (question->kind != DD_QUESTION_UNITS) {
        reply->refusal.status = DD_FORBIDDEN;
        reply->refusal.rule = DD_RULE_NO_OFFICE;
        return;
    }
    reply->has_answer = true;
    answer->kind = DD_QUESTION_UNITS;
    answer->seq = s->taken_count;
    answer->next = dd_slice_of(second ? "" : "page 2");
    answer->as.units.units = dd_arena_take(arena, sizeof *answer->as.units.units);
    answer->as.units.unit_count = 1;
    answer->as.units.units[0].code = dd_slice_of(second ? "so-y-te" : "so-noi-vu");
    answer->as.units.units[0].name = dd_slice_of(second ? "Sở Y tế" : "Sở Nội vụ");
}

static void make_reply(struct server *s, const struct dd_request *request, struct dd_arena *arena,
                       struct dd_reply *reply)
{
    *reply = (struct dd_reply){
        .request_id = request->request_id, .credit = CREDIT, .now_ms = 1357866000000};
    if (request->has_clock_advance)
        atomic_store(&s->clock_ms, request->clock_to_ms);
    if (request->has_question)
        answer_question(s, &request->question, arena, reply);
    reply->result_count = request->command_count;
    reply->results = dd_arena_take(arena, request->command_count * sizeof *reply->results);
    for (size_t i = 0; reply->results && i < request->command_count; i++)
        take_command(s, &request->commands[i], arena, &reply->results[i]);
}

static void serve_one(struct server *s, const struct dd_message *message)
{
    struct dd_arena arena = dd_arena_make(ARENA_BYTES);
    struct dd_request request;
    struct dd_reply reply;
    struct dd_refusal refusal;
    struct dd_slice frames[5];

    if (message->frame_count != 5 ||
        dd_codec_request_decode(message->frame[4], &arena, &request, &refusal) != DD_OK)
        goto out;
    atomic_fetch_add(&s->requests, 1);
    make_reply(s, &request, &arena, &reply);
    if (atomic_load(&s->swallow) > 0) {
        atomic_fetch_sub(&s->swallow, 1);
        goto out;
    }
    memcpy(frames, message->frame, sizeof frames);
    if (dd_codec_reply_encode(&reply, &arena, &frames[4]) == DD_OK)
        (void)dd_net_send(s->socket, frames, 5);
out:
    dd_arena_free(&arena);
}

static void serve(struct server *s)
{
    struct dd_poll_item items[2] = {{.socket = s->zap}, {.socket = s->socket}};
    struct dd_message message;
    struct dd_zap_reply reply;

    (void)dd_net_poll(items, 2, SERVER_POLL_MS);
    if (dd_net_receive(s->zap, &message) == DD_OK) {
        dd_zap_answer(&message, s->table, &reply);
        (void)dd_net_send(s->zap, reply.frame, DD_ZAP_REPLY_FRAMES);
        dd_message_free(&message);
    }
    while (dd_net_receive(s->socket, &message) == DD_OK) {
        serve_one(s, &message);
        dd_message_free(&message);
    }
}

static void *serve_until_stopped(void *arg)
{
    struct server *s = arg;

    while (!atomic_load(&s->stop))
        serve(s);
    return NULL;
}

/* ---- the fixture ---- */

static void server_start(struct server *s, const char *endpoint)
{
    const struct dd_link_options options = {.endpoint = endpoint,
                                            .curve_secret = s->keys.curve_secret};

    assert_int_equal(dd_net_open(&s->net), DD_OK);
    assert_int_equal(dd_net_zap(s->net, &s->zap), DD_OK);
    assert_int_equal(dd_net_server(s->net, &options, &s->socket), DD_OK);
    atomic_store(&s->stop, false);
    assert_int_equal(pthread_create(&s->thread, NULL, serve_until_stopped, s), 0);
    s->running = true;
}

/* After this the test may read what the thread wrote. */
static void server_stop(struct server *s)
{
    if (!s->running)
        return;
    atomic_store(&s->stop, true);
    assert_int_equal(pthread_join(s->thread, NULL), 0);
    dd_net_socket_close(s->socket);
    dd_net_socket_close(s->zap);
    dd_net_close(s->net);
    s->running = false;
}

static int set_up(void **state)
{
    struct server *s = calloc(1, sizeof *s);
    struct dd_link_key row = {.account = 7, .valid_to_ms = INT64_MAX};

    assert_non_null(s);
    dd_keys_generate(&s->keys);
    dd_keys_generate(&s->author);
    memcpy(row.curve_public, s->author.curve_public, sizeof row.curve_public);
    assert_int_equal(dd_link_table_make(&row, 1, &s->table), DD_OK);
    server_start(s, "tcp://127.0.0.1:*");
    *state = s;
    return 0;
}

static int tear_down(void **state)
{
    struct server *s = *state;

    server_stop(s);
    dd_link_table_free(s->table);
    free(s);
    return 0;
}

static struct dd_client_options options_of(const struct server *s)
{
    return (struct dd_client_options){.endpoint = dd_net_endpoint(s->socket),
                                      .jurisdiction = "bacgiang",
                                      .server_public = s->keys.curve_public,
                                      .keys = &s->author,
                                      .timeout_ms = PATIENCE_MS};
}

static struct dd_client *client_of(const struct dd_client_options *options)
{
    struct dd_client *client = NULL;

    assert_int_equal(dd_client_open(options, &client), DD_OK);
    return client;
}

static struct dd_command withdraw(const char *reason)
{
    return (struct dd_command){.kind = DD_COMMAND_WITHDRAW,
                               .as.withdraw = {.cycle = dd_slice_of("key-tasks/2013"),
                                               .unit = dd_slice_of("so-noi-vu"),
                                               .version = 1,
                                               .reason = dd_slice_of(reason)}};
}

static struct dd_command progress(void)
{
    return (struct dd_command){.kind = DD_COMMAND_PROGRESS,
                               .as.progress = {.cycle = dd_slice_of("key-tasks/2013"),
                                               .unit = dd_slice_of("so-noi-vu"),
                                               .task = 1,
                                               .indicator = 1,
                                               .outcome = DD_OUTCOME_COMPLETED,
                                               .day = 15000}};
}

/* ---- commands ---- */

static void client_does_a_command_over_a_curve_link(void **state)
{
    struct server *s = *state;
    const struct dd_client_options options = options_of(s);
    struct dd_client *client = client_of(&options);
    struct dd_command command = withdraw("a reason");
    struct dd_command_outcome outcome;

    assert_int_equal(dd_client_do(client, &command, &outcome), DD_OK);
    assert_int_equal(outcome.status, DD_OK);
    assert_int_equal(outcome.seq, 1);
    assert_false(outcome.remembered);
    assert_int_equal(outcome.now_ms, 1357866000000);
    assert_false(dd_id_is_zero(command.id)); /* given one, and told */
    assert_int_equal(command.id.byte[6] >> 4, 7);
    assert_true(dd_id_equal(outcome.id, command.id));
    assert_int_equal(dd_client_last_seq(client), 1);
    assert_true(dd_client_now_ms(client) == 1357866000000);
    assert_int_equal(dd_client_link(client), DD_OK);
    dd_client_close(client);
    server_stop(s);
    assert_int_equal(s->taken_count, 1);
    assert_true(dd_id_equal(s->taken[0].id, command.id));
    assert_true(s->taken[0].signature_good);
}

static void client_keeps_the_id_of_a_command_that_has_one(void **state)
{
    struct server *s = *state;
    const struct dd_client_options options = options_of(s);
    struct dd_client *client = client_of(&options);
    struct dd_command command = withdraw("again");
    struct dd_command_outcome outcome;
    struct dd_id id;

    assert_int_equal(dd_client_do(client, &command, &outcome), DD_OK);
    id = command.id;
    assert_int_equal(dd_client_do(client, &command, &outcome), DD_OK);
    assert_true(dd_id_equal(command.id, id));
    assert_true(outcome.remembered);
    assert_int_equal(outcome.seq, 1);
    dd_client_close(client);
}

static void client_normalises_texts_before_it_signs(void **state)
{
    struct server *s = *state;
    const struct dd_client_options options = options_of(s);
    struct dd_client *client = client_of(&options);
    const char *decomposed = "so\xcc\x9b\xcc\x89 no\xcc\xa3\xcc\x82i"; /* sở nội */
    struct dd_command command = withdraw(decomposed);
    struct dd_command_outcome outcome;

    assert_int_equal(dd_client_do(client, &command, &outcome), DD_OK);
    assert_ptr_equal(command.as.withdraw.reason.data, decomposed);
    dd_client_close(client);
    server_stop(s);
    assert_string_equal(s->taken[0].reason, "s\xe1\xbb\x9f n\xe1\xbb\x99i");
    assert_true(s->taken[0].signature_good);
}

static void client_signs_progress_only_when_told_to(void **state)
{
    struct server *s = *state;
    struct dd_client_options options = options_of(s);
    struct dd_client *client;
    struct dd_command_outcome outcome;

    for (int i = 0; i < 2; i++) {
        struct dd_command command = progress();
        options.sign_progress = i == 1;
        client = client_of(&options);
        assert_int_equal(dd_client_do(client, &command, &outcome), DD_OK);
        dd_client_close(client);
    }
    server_stop(s);
    assert_false(s->taken[0].is_signed);
    assert_true(s->taken[1].signature_good);
}

static void client_sends_again_with_the_same_id_when_the_reply_is_lost(void **state)
{
    struct server *s = *state;
    struct dd_client_options options = options_of(s);
    struct dd_command command = withdraw("lost");
    struct dd_command_outcome outcome;
    struct dd_client *client;

    atomic_store(&s->swallow, 1);
    options.attempt_ms = 100;
    client = client_of(&options);
    assert_int_equal(dd_client_do(client, &command, &outcome), DD_OK);
    assert_true(outcome.remembered);
    dd_client_close(client);
    server_stop(s);
    assert_int_equal(s->taken_count, 1); /* no other id came */
    assert_true(s->taken[0].times >= 2);
}

static void client_says_that_the_outcome_is_unknown_when_no_reply_comes(void **state)
{
    struct server *s = *state;
    struct dd_client_options options = options_of(s);
    struct dd_command command = withdraw("silence");
    struct dd_command_outcome outcome;
    struct dd_client *client;

    atomic_store(&s->swallow, 1000000);
    options.attempt_ms = 50;
    options.timeout_ms = 3000; /* the handshake must fit in */
    client = client_of(&options);
    assert_int_equal(dd_client_do(client, &command, &outcome), DD_TIMEOUT);
    dd_client_close(client);
}

static void client_says_unavailable_when_there_is_no_server(void **state)
{
    struct server *s = *state;
    struct dd_client_options options = options_of(s);
    char endpoint[DD_ENDPOINT_BYTES];
    struct dd_command command = withdraw("nobody");
    struct dd_command_outcome outcome;
    struct dd_client *client;

    (void)snprintf(endpoint, sizeof endpoint, "%s", dd_net_endpoint(s->socket));
    server_stop(s);
    options.endpoint = endpoint;
    options.timeout_ms = 200;
    client = client_of(&options);
    assert_int_equal(dd_client_do(client, &command, &outcome), DD_UNAVAILABLE);
    assert_int_equal(outcome.refusal.status, DD_UNAVAILABLE);
    assert_int_equal(dd_client_link(client), DD_UNAVAILABLE);
    dd_client_close(client);
}

static void client_goes_on_when_the_server_is_restarted(void **state)
{
    struct server *s = *state;
    struct dd_client_options options = options_of(s);
    char endpoint[DD_ENDPOINT_BYTES];
    struct dd_command first = withdraw("before");
    struct dd_command second = withdraw("after");
    struct dd_command_outcome outcome;
    struct dd_client *client;

    (void)snprintf(endpoint, sizeof endpoint, "%s", dd_net_endpoint(s->socket));
    options.endpoint = endpoint;
    client = client_of(&options);
    assert_int_equal(dd_client_do(client, &first, &outcome), DD_OK);
    server_stop(s);
    server_start(s, endpoint);
    assert_int_equal(dd_client_do(client, &second, &outcome), DD_OK);
    assert_int_equal(outcome.seq, 2);
    dd_client_close(client);
}

static void client_with_an_unknown_key_is_told_at_once(void **state)
{
    struct server *s = *state;
    struct dd_client_options options = options_of(s);
    struct dd_key_pair stranger;
    struct dd_command command = withdraw("stranger");
    struct dd_command_outcome outcome;
    struct dd_refusal refusal;
    struct dd_client *client;
    int64_t start_ms = dd_clock_mono_ms();

    dd_keys_generate(&stranger);
    options.keys = &stranger;
    client = client_of(&options);
    assert_int_equal(dd_client_do(client, &command, &outcome), DD_KEY_UNKNOWN);
    assert_int_equal(outcome.refusal.status, DD_KEY_UNKNOWN);
    assert_true(dd_clock_mono_ms() - start_ms < PATIENCE_MS / 2);
    assert_int_equal(dd_client_link(client), DD_KEY_UNKNOWN);
    assert_int_equal(dd_client_submit(client, &command, NULL, NULL), DD_KEY_UNKNOWN);
    assert_int_equal(dd_client_run(client, -1), DD_KEY_UNKNOWN);
    assert_int_equal(dd_client_clock_advance(client, 1, &refusal), DD_KEY_UNKNOWN);
    assert_int_equal(refusal.status, DD_KEY_UNKNOWN);
    dd_client_close(client);
    assert_int_equal(atomic_load(&s->requests), 0);
}

struct tally {
    size_t accepted;
    size_t others;
};

static void count_outcome(void *arg, const struct dd_command_outcome *outcome)
{
    struct tally *tally = arg;

    if (outcome->status == DD_OK)
        tally->accepted++;
    else
        tally->others++;
}

static void client_packs_many_commands_into_few_messages(void **state)
{
    struct server *s = *state;
    const struct dd_client_options options = options_of(s);
    struct dd_client *client = client_of(&options);
    struct tally tally = {0};

    for (size_t i = 0; i < 2000; i++) {
        struct dd_command command = progress();
        assert_int_equal(dd_client_submit(client, &command, count_outcome, &tally), DD_OK);
    }
    assert_int_equal(dd_client_pending(client), 2000);
    assert_int_equal(dd_client_flush(client), DD_OK);
    assert_int_equal(dd_client_pending(client), 0);
    assert_int_equal(tally.accepted, 2000);
    assert_int_equal(atomic_load(&s->requests), 8); /* 256 each */
    dd_client_close(client);
    server_stop(s);
    assert_int_equal(s->taken_count, 2000);
}

static void client_is_busy_when_its_queue_is_full(void **state)
{
    struct server *s = *state;
    struct dd_client_options options = options_of(s);
    struct dd_command command = withdraw("one");
    struct dd_client *client;

    options.queue_max = 1;
    client = client_of(&options);
    assert_int_equal(dd_client_submit(client, &command, NULL, NULL), DD_OK);
    assert_int_equal(dd_client_submit(client, &command, NULL, NULL), DD_BUSY);
    assert_int_equal(dd_client_flush(client), DD_OK);
    assert_int_equal(dd_client_submit(client, &command, NULL, NULL), DD_OK);
    dd_client_close(client);
}

static void client_refuses_what_cannot_be_sent(void **state)
{
    struct server *s = *state;
    const struct dd_client_options options = options_of(s);
    struct dd_client *client = client_of(&options);
    struct dd_command command = withdraw("\xff");
    struct dd_command_outcome outcome;
    static char large[DD_COMMAND_BYTES_MAX];
    static char beyond[4 * DD_COMMAND_BYTES_MAX + 2];

    assert_int_equal(dd_client_do(client, &command, &outcome), DD_INVALID);
    assert_int_equal(outcome.status, DD_INVALID);
    memset(large, 'a', sizeof large - 1);
    command = withdraw(large);
    assert_int_equal(dd_client_do(client, &command, &outcome), DD_TOO_LARGE);
    memset(beyond, 'a', sizeof beyond - 1);
    command = withdraw(beyond);
    assert_int_equal(dd_client_do(client, &command, &outcome), DD_TOO_LARGE);
    command = (struct dd_command){.kind = DD_COMMAND_TICK};
    assert_int_equal(dd_client_do(client, &command, &outcome), DD_INVALID);
    dd_client_close(client);
    assert_int_equal(atomic_load(&s->requests), 0);
}

static void client_completes_what_is_outstanding_when_it_is_closed(void **state)
{
    struct server *s = *state;
    const struct dd_client_options options = options_of(s);
    struct dd_client *client = client_of(&options);
    struct dd_command command = withdraw("never sent");
    struct tally tally = {0};

    assert_int_equal(dd_client_submit(client, &command, count_outcome, &tally), DD_OK);
    dd_client_close(client);
    assert_int_equal(tally.others, 1);
}

static void client_looks_once_when_it_may_not_wait(void **state)
{
    struct server *s = *state;
    const struct dd_client_options options = options_of(s);
    struct dd_client *client = client_of(&options);
    struct dd_command command = withdraw("wait");

    assert_int_equal(dd_client_run(client, 0), DD_OK); /* nothing is outstanding */
    atomic_store(&s->swallow, 1000000);
    assert_int_equal(dd_client_submit(client, &command, NULL, NULL), DD_OK);
    assert_int_equal(dd_client_run(client, 0), DD_TIMEOUT);
    assert_int_equal(dd_client_run(client, 30), DD_TIMEOUT);
    dd_client_close(client);
}

/* ---- questions and the clock ---- */

static void client_reads_an_answer_page_by_page(void **state)
{
    struct server *s = *state;
    const struct dd_client_options options = options_of(s);
    struct dd_client *client = client_of(&options);
    struct dd_arena arena = dd_arena_make(DD_CLIENT_ANSWER_ARENA_BYTES);
    struct dd_question question = {.kind = DD_QUESTION_UNITS};
    struct dd_answer first;
    struct dd_answer second;
    struct dd_refusal refusal;

    assert_int_equal(dd_client_question(client, &question, &arena, &first, &refusal), DD_OK);
    assert_int_equal(refusal.status, DD_OK);
    assert_true(dd_client_next_page(&first, &question));
    assert_int_equal(dd_client_question(client, &question, &arena, &second, &refusal), DD_OK);
    assert_false(dd_client_next_page(&second, &question));
    dd_client_close(client); /* the answers are the caller's */
    assert_true(dd_slice_equal(first.as.units.units[0].code, dd_slice_of("so-noi-vu")));
    assert_true(dd_slice_equal(second.as.units.units[0].name, dd_slice_of("Sở Y tế")));
    dd_arena_free(&arena);
}

static void client_reads_what_it_wrote(void **state)
{
    struct server *s = *state;
    const struct dd_client_options options = options_of(s);
    struct dd_client *client = client_of(&options);
    struct dd_arena arena = dd_arena_make(DD_CLIENT_ANSWER_ARENA_BYTES);
    struct dd_question question = {.kind = DD_QUESTION_UNITS};
    struct dd_command_outcome outcome;
    struct dd_answer answer;
    struct dd_refusal refusal;

    for (int i = 0; i < 3; i++) {
        struct dd_command command = progress();
        assert_int_equal(dd_client_do(client, &command, &outcome), DD_OK);
    }
    assert_int_equal(dd_client_question(client, &question, &arena, &answer, &refusal), DD_OK);
    assert_int_equal(atomic_load(&s->min_seq), 3);
    assert_int_equal(question.min_seq, 0); /* the caller's question is not touched */
    dd_client_close(client);
    dd_arena_free(&arena);
}

static void client_tells_why_a_question_is_refused(void **state)
{
    struct server *s = *state;
    const struct dd_client_options options = options_of(s);
    struct dd_client *client = client_of(&options);
    struct dd_arena arena = dd_arena_make(DD_CLIENT_ANSWER_ARENA_BYTES);
    struct dd_arena tiny = dd_arena_make(64);
    struct dd_question question = {.kind = DD_QUESTION_DIGEST};
    struct dd_answer answer;
    struct dd_refusal refusal;

    assert_int_equal(dd_client_question(client, &question, &arena, &answer, &refusal),
                     DD_FORBIDDEN);
    assert_int_equal(refusal.status, DD_FORBIDDEN);
    assert_int_equal(refusal.rule, DD_RULE_NO_OFFICE);
    question.kind = DD_QUESTION_UNITS;
    assert_int_equal(dd_client_question(client, &question, &tiny, &answer, &refusal), DD_NO_MEMORY);
    assert_int_equal(refusal.status, DD_NO_MEMORY);
    dd_client_close(client);
    dd_arena_free(&arena);
    dd_arena_free(&tiny);
}

static void client_moves_the_clock_of_a_rehearsal(void **state)
{
    struct server *s = *state;
    const struct dd_client_options options = options_of(s);
    struct dd_client *client = client_of(&options);
    struct dd_refusal refusal;

    assert_int_equal(dd_client_clock_advance(client, 1357952400000, &refusal), DD_OK);
    assert_int_equal(refusal.status, DD_OK);
    assert_int_equal(atomic_load(&s->clock_ms), 1357952400000);
    dd_client_close(client);
}

/* ---- opening ---- */

static void client_names_what_is_wrong_with_its_options(void **state)
{
    struct server *s = *state;
    struct dd_client_options options = options_of(s);
    struct dd_key_pair public_only = s->author;
    struct dd_client *client = NULL;
    char why[200];

    options.why = why;
    options.why_size = sizeof why;
    options.endpoint = NULL;
    assert_int_equal(dd_client_open(&options, &client), DD_INVALID);
    assert_non_null(strstr(why, "endpoint"));
    options.endpoint = "nonsense";
    assert_int_equal(dd_client_open(&options, &client), DD_INVALID);
    assert_non_null(strstr(why, "nonsense"));
    options = options_of(s);
    options.why = why;
    options.why_size = sizeof why;
    options.jurisdiction = "Bắc Giang";
    assert_int_equal(dd_client_open(&options, &client), DD_INVALID);
    assert_non_null(strstr(why, "Bắc Giang"));
    options.jurisdiction = "bacgiang";
    options.server_public = NULL;
    assert_int_equal(dd_client_open(&options, &client), DD_INVALID);
    assert_non_null(strstr(why, "server"));
    options.server_key_file = "no-such-file.pub";
    assert_int_equal(dd_client_open(&options, &client), DD_NOT_FOUND);
    assert_non_null(strstr(why, "no-such-file.pub"));
    public_only.has_secret = false;
    options.keys = &public_only;
    assert_int_equal(dd_client_open(&options, &client), DD_INVALID);
    assert_non_null(strstr(why, "secret"));
    options.keys = NULL;
    assert_int_equal(dd_client_open(&options, &client), DD_INVALID);
    assert_null(client);
}

static void client_reads_its_keys_from_files(void **state)
{
    struct server *s = *state;
    struct dd_client_options options = options_of(s);
    const char *tmp = getenv("TMPDIR");
    struct dd_command command = withdraw("from files");
    struct dd_command_outcome outcome;
    struct dd_keys_why why;
    struct dd_client *client;
    char folder[256];
    char path[4][300];

    (void)snprintf(folder, sizeof folder, "%s/dondoc-client-XXXXXX", tmp ? tmp : "/tmp");
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path[0], sizeof path[0], "%s/account", folder);
    (void)snprintf(path[1], sizeof path[1], "%s/account.pub", folder);
    (void)snprintf(path[2], sizeof path[2], "%s/server", folder);
    (void)snprintf(path[3], sizeof path[3], "%s/server.pub", folder);
    assert_int_equal(dd_keys_save(&s->author, path[0], &why), DD_OK);
    assert_int_equal(dd_keys_save(&s->keys, path[2], &why), DD_OK);
    options.keys = NULL;
    options.key_file = path[0];
    options.server_public = NULL;
    options.server_key_file = path[3];
    client = client_of(&options);
    assert_int_equal(dd_client_do(client, &command, &outcome), DD_OK);
    dd_client_close(client);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(unlink(path[i]), 0);
    assert_int_equal(rmdir(folder), 0);
}

static void clients_share_one_context(void **state)
{
    struct server *s = *state;
    struct dd_client_options options = options_of(s);
    struct dd_client *client[20];
    struct tally tally = {0};

    assert_int_equal(dd_net_open(&options.net), DD_OK);
    for (size_t i = 0; i < 20; i++) {
        struct dd_command command = progress();
        client[i] = client_of(&options);
        assert_int_equal(dd_client_submit(client[i], &command, count_outcome, &tally), DD_OK);
    }
    for (size_t i = 20; i-- > 0;)
        assert_int_equal(dd_client_flush(client[i]), DD_OK);
    for (size_t i = 0; i < 20; i++)
        dd_client_close(client[i]);
    dd_net_close(options.net);
    assert_int_equal(tally.accepted, 20);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(client_does_a_command_over_a_curve_link),
        TEST(client_keeps_the_id_of_a_command_that_has_one),
        TEST(client_normalises_texts_before_it_signs),
        TEST(client_signs_progress_only_when_told_to),
        TEST(client_sends_again_with_the_same_id_when_the_reply_is_lost),
        TEST(client_says_that_the_outcome_is_unknown_when_no_reply_comes),
        TEST(client_says_unavailable_when_there_is_no_server),
        TEST(client_goes_on_when_the_server_is_restarted),
        TEST(client_with_an_unknown_key_is_told_at_once),
        TEST(client_packs_many_commands_into_few_messages),
        TEST(client_is_busy_when_its_queue_is_full),
        TEST(client_refuses_what_cannot_be_sent),
        TEST(client_completes_what_is_outstanding_when_it_is_closed),
        TEST(client_looks_once_when_it_may_not_wait),
        TEST(client_reads_an_answer_page_by_page),
        TEST(client_reads_what_it_wrote),
        TEST(client_tells_why_a_question_is_refused),
        TEST(client_moves_the_clock_of_a_rehearsal),
        TEST(client_names_what_is_wrong_with_its_options),
        TEST(client_reads_its_keys_from_files),
        TEST(clients_share_one_context),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
