/*
 * The client library over a socket: keys, ids, the clock, and the link around the session. See
 * clients/lib/dondoc.h. Knows nothing of retries and order: that is clients/lib/session.
 */
#include "clients/lib/dondoc.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/lib/normalise.h"
#include "clients/lib/session.h"
#include "core/invariant.h"
#include "proto/codec.h"
#include "runtime/clock.h"
#include "runtime/keys.h"
#include "runtime/net.h"
#include "runtime/random.h"

enum {
    ENCODE_ARENA_BYTES = 16 * 1024 * 1024,
    DRAIN_MAX = 256,   /* messages taken in before the session may send again */
    LINK_LOOK_MS = 20, /* how often a link that is not up is looked at */
    LINGER_MS = 1000
};

struct dd_client {
    struct dd_net *net;
    bool net_is_ours;
    struct dd_socket *socket;
    struct dd_session *session;
    struct dd_key_pair keys;
    struct dd_uuid_maker ids;
    struct dd_arena arena; /* of the command being encoded */
    enum dd_status link;
    bool given_up; /* the link is of no use any more */
    bool sign_progress;
    bool running;
    char jurisdiction[DD_CODE_BYTES_MAX + 1];
};

/* ---- opening and closing ---- */

static void say_why(const struct dd_client_options *options, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void say_why(const struct dd_client_options *options, const char *format, ...)
{
    va_list arguments;

    if (!options->why || options->why_size == 0)
        return;
    va_start(arguments, format);
    (void)vsnprintf(options->why, options->why_size, format, arguments);
    va_end(arguments);
}

static enum dd_status load(const struct dd_client_options *options, const char *path,
                           struct dd_key_pair *keys)
{
    struct dd_keys_why why = {{0}};
    enum dd_status status = dd_keys_load(keys, path, &why);

    if (status != DD_OK)
        say_why(options, "%s", why.text);
    return status;
}

static enum dd_status take_keys(struct dd_client *client, const struct dd_client_options *options)
{
    enum dd_status status = DD_OK;

    if (options->keys)
        client->keys = *options->keys;
    else if (options->key_file)
        status = load(options, options->key_file, &client->keys);
    if (status != DD_OK)
        return status;
    if (!client->keys.has_secret) {
        say_why(options, "%s: the secret keys of the account are needed",
                options->key_file ? options->key_file : "keys");
        return DD_INVALID;
    }
    return DD_OK;
}

static enum dd_status take_server_key(const struct dd_client_options *options,
                                      uint8_t server_public[DD_CURVE_KEY_BYTES])
{
    struct dd_key_pair server;
    enum dd_status status;

    if (options->server_public) {
        memcpy(server_public, options->server_public, DD_CURVE_KEY_BYTES);
        return DD_OK;
    }
    if (!options->server_key_file) {
        say_why(options, "the server's public key is needed");
        return DD_INVALID;
    }
    status = load(options, options->server_key_file, &server);
    memcpy(server_public, server.curve_public, DD_CURVE_KEY_BYTES);
    dd_keys_wipe(&server);
    return status;
}

static enum dd_status open_link(struct dd_client *client, const struct dd_client_options *options)
{
    uint8_t server_public[DD_CURVE_KEY_BYTES];
    const struct dd_link_options link = {.endpoint = options->endpoint,
                                         .curve_secret = client->keys.curve_secret,
                                         .curve_public = client->keys.curve_public,
                                         .curve_server = server_public,
                                         .linger_ms = LINGER_MS};
    enum dd_status status = take_server_key(options, server_public);

    if (status != DD_OK)
        return status;
    client->net = options->net;
    if (!client->net) {
        status = dd_net_open(&client->net);
        client->net_is_ours = status == DD_OK;
    }
    if (status == DD_OK)
        status = dd_net_client(client->net, &link, &client->socket);
    if (status != DD_OK)
        say_why(options, "%s: %s", options->endpoint, dd_net_error());
    return status;
}

static enum dd_status send_frames(void *self, const struct dd_slice *frames, size_t count)
{
    struct dd_client *client = self;

    return dd_net_send(client->socket, frames, count);
}

static enum dd_status open_session(struct dd_client *client,
                                   const struct dd_client_options *options)
{
    const struct dd_session_link link = {.self = client, .send = send_frames};
    struct dd_session_options session = {
        .jurisdiction = dd_slice_of(options->jurisdiction),
        .timeout_ms = options->timeout_ms > 0 ? options->timeout_ms : DD_CLIENT_TIMEOUT_MS,
        .attempt_ms = options->attempt_ms > 0 ? options->attempt_ms : DD_CLIENT_ATTEMPT_MS,
        .queue_max = options->queue_max > 0 ? options->queue_max : DD_CLIENT_QUEUE_MAX,
        .queue_bytes_max =
            options->queue_bytes_max > 0 ? options->queue_bytes_max : DD_CLIENT_QUEUE_BYTES_MAX,
        .requests_in_flight_max = options->requests_in_flight_max};
    enum dd_status status;

    if (session.requests_in_flight_max == 0 || session.requests_in_flight_max > DD_CLIENT_CREDIT)
        session.requests_in_flight_max = DD_CLIENT_CREDIT;
    dd_random_bytes(&session.nonce, sizeof session.nonce);
    dd_random_bytes(&session.jitter_seed, sizeof session.jitter_seed);
    status = dd_session_open(&session, &link, &client->session);
    if (status == DD_INVALID)
        say_why(options, "jurisdiction: '%s' is no code", options->jurisdiction);
    if (status == DD_OK)
        dd_slice_text(session.jurisdiction, client->jurisdiction, sizeof client->jurisdiction);
    return status;
}

enum dd_status dd_client_open(const struct dd_client_options *options, struct dd_client **client)
{
    struct dd_client *made;
    enum dd_status status;

    say_why(options, "%s", "");
    if (!options->endpoint || !options->jurisdiction) {
        say_why(options, "endpoint and jurisdiction are needed");
        return DD_INVALID;
    }
    made = calloc(1, sizeof *made);
    if (!made)
        return DD_NO_MEMORY;
    made->link = DD_UNAVAILABLE;
    made->sign_progress = options->sign_progress;
    made->arena = dd_arena_make(ENCODE_ARENA_BYTES);
    status = take_keys(made, options);
    if (status == DD_OK)
        status = open_session(made, options);
    if (status == DD_OK)
        status = open_link(made, options);
    if (status == DD_OK)
        *client = made;
    else
        dd_client_close(made);
    return status;
}

void dd_client_close(struct dd_client *client)
{
    if (!client)
        return;
    DD_ASSERT(!client->running);
    client->given_up = true; /* callbacks find that nothing is taken any more */
    dd_session_close(client->session);
    dd_net_socket_close(client->socket);
    if (client->net_is_ours)
        dd_net_close(client->net);
    dd_arena_free(&client->arena);
    dd_keys_wipe(&client->keys);
    free(client);
}

/* ---- queueing ---- */

/* What calls get once the link is of no use. */
static enum dd_status end_of(const struct dd_client *client)
{
    return client->link == DD_KEY_UNKNOWN || client->link == DD_IO ? client->link : DD_UNAVAILABLE;
}

/* The command's bytes and its signature, in the client's arena. */
static enum dd_status encode(struct dd_client *client, const struct dd_command *command,
                             struct dd_slice *bytes, struct dd_slice *signature)
{
    struct dd_command normal;
    enum dd_status status = dd_normalise_command(command, &client->arena, &normal);

    *signature = (struct dd_slice){0};
    if (status == DD_OK)
        status = dd_codec_command_encode(&normal, &client->arena, bytes);
    if (status != DD_OK)
        return status;
    if (!dd_command_signed(command->kind) &&
        !(client->sign_progress && command->kind == DD_COMMAND_PROGRESS))
        return DD_OK;
    uint8_t *room = dd_arena_take(&client->arena, DD_SIGNATURE_BYTES);
    if (!room)
        return DD_NO_MEMORY;
    *signature = (struct dd_slice){room, DD_SIGNATURE_BYTES};
    return dd_keys_sign_command(&client->keys, dd_slice_of(client->jurisdiction), *bytes, room);
}

enum dd_status dd_client_submit(struct dd_client *client, struct dd_command *command,
                                void (*done)(void *arg, const struct dd_command_outcome *outcome),
                                void *arg)
{
    struct dd_slice bytes = {0};
    struct dd_slice signature;
    enum dd_status status;

    if (client->given_up)
        return end_of(client);
    if (!dd_codec_command_from_client(command->kind))
        return DD_INVALID;
    if (dd_id_is_zero(command->id))
        dd_uuid_make(&client->ids, dd_clock_utc_ms(), command->id.byte);
    status = encode(client, command, &bytes, &signature);
    if (status == DD_OK)
        status = dd_session_submit(client->session, dd_clock_mono_ms(), command->id, bytes,
                                   signature, done, arg);
    dd_arena_reset(&client->arena);
    return status;
}

enum dd_status dd_client_ask(struct dd_client *client, const struct dd_question *question,
                             void (*done)(void *arg, const struct dd_question_outcome *outcome),
                             void *arg)
{
    if (client->given_up)
        return end_of(client);
    return dd_session_ask(client->session, dd_clock_mono_ms(), question, done, arg);
}

/* ---- running ---- */

static enum dd_status give_up(struct dd_client *client, enum dd_status status)
{
    client->link = status;
    client->given_up = true;
    dd_session_fail(client->session, status);
    return status;
}

/* Follows the link: one that went takes what was on its way with it. */
static void watch_link(struct dd_client *client)
{
    enum dd_status link = dd_net_client_status(client->socket);

    if (link == DD_UNAVAILABLE && client->link == DD_OK)
        dd_session_link_lost(client->session, dd_clock_mono_ms());
    client->link = link;
}

static enum dd_status take_in(struct dd_client *client)
{
    for (int i = 0; i < DRAIN_MAX; i++) {
        struct dd_message message;
        enum dd_status status = dd_net_receive(client->socket, &message);

        if (status == DD_NOT_FOUND)
            return DD_OK;
        if (status == DD_NO_MEMORY)
            continue; /* that reply is lost; its request is sent again */
        if (status != DD_OK)
            return status;
        if (message.kept_count == message.frame_count)
            dd_session_receive(client->session, dd_clock_mono_ms(), message.frame,
                               message.kept_count);
        dd_message_free(&message);
    }
    return DD_OK;
}

/* How long to wait for messages, at most left_ms (-1: no limit). */
static int64_t wait_ms(const struct dd_client *client, int64_t next_ms, int64_t left_ms)
{
    int64_t wait = -1;

    if (next_ms != DD_SESSION_NEVER_MS)
        wait = next_ms > dd_clock_mono_ms() ? next_ms - dd_clock_mono_ms() : 0;
    if (client->link != DD_OK && (wait < 0 || wait > LINK_LOOK_MS))
        wait = LINK_LOOK_MS;
    if (left_ms >= 0 && (wait < 0 || wait > left_ms))
        wait = left_ms;
    return wait;
}

/* One round: messages in, messages out. *next_ms: when the session wants the next. */
static enum dd_status look(struct dd_client *client, int64_t *next_ms)
{
    enum dd_status status = take_in(client);

    if (status == DD_OK) {
        watch_link(client);
        if (client->link == DD_KEY_UNKNOWN)
            return give_up(client, DD_KEY_UNKNOWN);
        *next_ms = dd_session_tick(client->session, dd_clock_mono_ms());
        return DD_OK;
    }
    return give_up(client, DD_IO);
}

static enum dd_status run(struct dd_client *client, int64_t timeout_ms)
{
    int64_t end_ms = timeout_ms < 0 ? INT64_MAX : dd_clock_mono_ms() + timeout_ms;
    uint64_t before = dd_session_counters(client->session)->completed;
    struct dd_poll_item item = {.socket = client->socket};

    for (;;) {
        int64_t next_ms = DD_SESSION_NEVER_MS;
        enum dd_status status = look(client, &next_ms);
        if (status != DD_OK)
            return status;
        if (dd_session_counters(client->session)->completed != before ||
            dd_session_pending(client->session) == 0)
            return DD_OK;
        int64_t left_ms = timeout_ms < 0 ? -1 : end_ms - dd_clock_mono_ms();
        if (timeout_ms >= 0 && left_ms <= 0)
            return DD_TIMEOUT;
        if (dd_net_poll(&item, 1, wait_ms(client, next_ms, left_ms)) != DD_OK)
            return give_up(client, DD_IO);
    }
}

enum dd_status dd_client_run(struct dd_client *client, int64_t timeout_ms)
{
    enum dd_status status;

    DD_ASSERT(!client->running); /* a callback may not wait */
    if (client->given_up)
        return end_of(client);
    client->running = true;
    status = run(client, timeout_ms);
    client->running = false;
    return status;
}

enum dd_status dd_client_flush(struct dd_client *client)
{
    enum dd_status status = DD_OK;

    while (status == DD_OK && dd_session_pending(client->session) > 0)
        status = dd_client_run(client, -1);
    return status;
}

/* ---- waiting for one ---- */

struct command_wait {
    bool done;
    struct dd_command_outcome *outcome;
};

static void command_came(void *arg, const struct dd_command_outcome *outcome)
{
    struct command_wait *wait = arg;

    *wait->outcome = *outcome;
    wait->done = true;
}

enum dd_status dd_client_do(struct dd_client *client, struct dd_command *command,
                            struct dd_command_outcome *outcome)
{
    struct command_wait wait = {.outcome = outcome};
    enum dd_status status;

    *outcome = (struct dd_command_outcome){0};
    status = dd_client_submit(client, command, command_came, &wait);
    while (status == DD_OK && !wait.done)
        (void)dd_client_run(client, -1); /* where it fails, it completes everything */
    if (!wait.done) {
        outcome->id = command->id;
        outcome->status = outcome->refusal.status = status;
    }
    return outcome->status;
}

struct question_wait {
    bool done;
    enum dd_status status;
    struct dd_refusal *refusal;
    struct dd_arena *arena; /* NULL: no answer is wanted */
    struct dd_answer *answer;
};

static void question_came(void *arg, const struct dd_question_outcome *outcome)
{
    struct question_wait *wait = arg;
    struct dd_reply reply;

    wait->done = true;
    wait->status = outcome->status;
    *wait->refusal = outcome->refusal;
    if (wait->status != DD_OK || !wait->arena)
        return;
    /* Decoded once more, so that all of it lies in the memory of whoever asked. */
    wait->status = dd_codec_reply_decode(outcome->reply, wait->arena, &reply, wait->refusal);
    wait->refusal->status = wait->status;
    if (wait->status == DD_OK)
        *wait->answer = reply.answer;
}

/* Waits until what was queued with `status` has come. */
static enum dd_status wait_for(struct dd_client *client, enum dd_status status,
                               struct question_wait *wait)
{
    while (status == DD_OK && !wait->done)
        (void)dd_client_run(client, -1); /* where it fails, it completes everything */
    if (!wait->done) {
        wait->status = status;
        *wait->refusal = (struct dd_refusal){.status = status};
    }
    return wait->status;
}

enum dd_status dd_client_question(struct dd_client *client, const struct dd_question *question,
                                  struct dd_arena *arena, struct dd_answer *answer,
                                  struct dd_refusal *refusal)
{
    struct question_wait wait = {.refusal = refusal, .arena = arena, .answer = answer};

    return wait_for(client, dd_client_ask(client, question, question_came, &wait), &wait);
}

bool dd_client_next_page(const struct dd_answer *answer, struct dd_question *question)
{
    if (answer->next.size == 0)
        return false;
    question->after = answer->next;
    return true;
}

enum dd_status dd_client_clock_advance(struct dd_client *client, int64_t to_ms,
                                       struct dd_refusal *refusal)
{
    struct question_wait wait = {.refusal = refusal};
    enum dd_status status = client->given_up ? end_of(client) : DD_OK;

    if (status == DD_OK)
        status = dd_session_clock_advance(client->session, dd_clock_mono_ms(), to_ms, question_came,
                                          &wait);
    return wait_for(client, status, &wait);
}

size_t dd_client_pending(const struct dd_client *client)
{
    return dd_session_pending(client->session);
}

uint64_t dd_client_last_seq(const struct dd_client *client)
{
    return dd_session_last_seq(client->session);
}

int64_t dd_client_now_ms(const struct dd_client *client)
{
    return dd_session_server_ms(client->session);
}

enum dd_status dd_client_link(const struct dd_client *client)
{
    return client->link;
}
