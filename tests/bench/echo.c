/*
 * What the links can do at most: a ROUTER in a process of its own that answers every message at
 * once, over tcp and CURVE, through the same runtime/net. Requests and replies are those that the
 * client library and the registrar would send for so many Progress commands, byte counts and frames
 * alike; nothing is read, decided or stored. Prints "NAME VALUE" lines for tests/bench/run.
 *
 * usage: bench_echo SECONDS NAME:CLIENTS:MESSAGES:COMMANDS...
 *   MESSAGES of a client on their way, COMMANDS in each
 */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "proto/codec.h"
#include "runtime/clock.h"
#include "runtime/random.h"
#include "tests/bench/latency.h"
#include "tests/bench/world.h"

enum {
    NAME_BYTES = 24,
    MESSAGES_MAX = 64, /* what a link queues */
    WARM_UP_MS = 1000,
    BLOCK_MS = 50,
    LINK_LOOK_MS = 1,
    FRAMES = 4,
    DRAIN_MAX = 256,
    ZAP_FRAMES = 6,
    ARENA_BYTES = 16 * 1024 * 1024,
    SEQ = 1000000 /* the numbers in a reply have this many digits */
};

struct run_case {
    char name[NAME_BYTES];
    uint32_t clients;
    uint32_t messages;
    uint32_t commands;
};

enum phase { WARM_UP, MEASURE, END };

/* The two bodies of a case, in an arena. */
struct bodies {
    struct dd_slice request;
    struct dd_slice reply;
};

struct line {
    pthread_t thread;
    struct dd_key_pair keys;
    struct dd_socket *socket;
    uint32_t messages;
    struct dd_slice request;
    uint64_t sent;
    uint64_t received;
    int64_t sent_us[MESSAGES_MAX];
    struct bench_latency latency;
};

static struct dd_key_pair server_keys;
static char endpoint[DD_ENDPOINT_BYTES];
static atomic_int phase;

/* --- what is sent -------------------------------------------------------------------------- */

static void make_bodies(uint32_t count, struct dd_arena *arena, struct bodies *out)
{
    static struct dd_signed_command commands[DD_COMMANDS_PER_REQUEST_MAX];
    static struct dd_result results[DD_COMMANDS_PER_REQUEST_MAX];
    static struct bench_world world = {.task_count = 1, .agency[0].code = "agency-001"};
    struct dd_slice id = dd_slice_of("0123456789abcdef0123");
    world.today = dd_day_at(dd_clock_utc_ms(), 0);
    for (uint32_t i = 0; i < count; i++) {
        struct dd_command command = bench_world_progress(&world, 0, i);
        dd_random_bytes(command.id.byte, sizeof command.id.byte);
        if (dd_codec_command_encode(&command, arena, &commands[i].command) != DD_OK)
            bench_die("command", "cannot be encoded");
        results[i] = (struct dd_result){.id = command.id, .seq = SEQ + i};
    }
    struct dd_request request = {.protocol = DD_PROTOCOL_MAX,
                                 .request_id = id,
                                 .commands = commands,
                                 .command_count = count};
    struct dd_reply reply = {.request_id = id,
                             .credit = DD_CLIENT_CREDIT,
                             .results = results,
                             .result_count = count,
                             .now_ms = dd_clock_utc_ms()};
    if (dd_codec_request_encode(&request, arena, &out->request) != DD_OK ||
        dd_codec_reply_encode(&reply, arena, &out->reply) != DD_OK)
        bench_die("request", "cannot be encoded");
}

/* --- the echo ------------------------------------------------------------------------------ */

static void let_in(struct dd_socket *zap)
{
    struct dd_message message;
    while (dd_net_receive(zap, &message) == DD_OK) {
        const struct dd_slice answer[ZAP_FRAMES] = {message.frame[0],     message.frame[1],
                                                    dd_slice_of("200"),   dd_slice_of("OK"),
                                                    dd_slice_of("bench"), dd_slice_of("")};
        (void)dd_net_send(zap, answer, ZAP_FRAMES);
        dd_message_free(&message);
    }
}

static void answer_some(struct dd_socket *router, struct dd_slice reply)
{
    struct dd_message message;
    for (int i = 0; i < DRAIN_MAX && dd_net_receive(router, &message) == DD_OK; i++) {
        message.frame[message.kept_count - 1] = reply;
        (void)dd_net_send(router, message.frame, message.kept_count);
        dd_message_free(&message);
    }
}

/* The process that answers, until it is killed. Tells its endpoint through the pipe. */
static _Noreturn void serve(int out, struct dd_slice reply)
{
    const struct dd_link_options link = {.endpoint = "tcp://127.0.0.1:*",
                                         .curve_secret = server_keys.curve_secret};
    struct dd_net *net;
    struct dd_poll_item items[2] = {{0}};
    if (dd_net_open(&net) != DD_OK || dd_net_zap(net, &items[0].socket) != DD_OK ||
        dd_net_server(net, &link, &items[1].socket) != DD_OK)
        bench_die("echo", dd_net_error());
    const char *bound = dd_net_endpoint(items[1].socket);
    if (write(out, bound, strlen(bound) + 1) < 0)
        bench_die("echo", "nobody waits");
    close(out);
    while (dd_net_poll(items, 2, -1) == DD_OK) {
        if (items[0].ready)
            let_in(items[0].socket);
        if (items[1].ready)
            answer_some(items[1].socket, reply);
    }
    bench_die("echo", dd_net_error());
}

static pid_t start_echo(struct dd_slice reply)
{
    int ends[2];
    pid_t parent = getpid();
    fflush(stdout); /* not to be written twice */
    pid_t pid = pipe(ends) == 0 ? fork() : -1;
    if (pid < 0)
        bench_die("echo", "cannot be started");
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        close(ends[0]);
        if (getppid() == parent)
            serve(ends[1], reply);
        _exit(1);
    }
    close(ends[1]);
    if (read(ends[0], endpoint, sizeof endpoint) <= 0)
        bench_die("echo", "does not start");
    close(ends[0]);
    return pid;
}

/* --- the clients --------------------------------------------------------------------------- */

/* Sends until as many as wanted are on their way; false: the link takes nothing now. */
static bool send_some(struct line *line)
{
    const struct dd_slice frames[FRAMES] = {dd_slice_of(""), dd_slice_of("MDPC01"),
                                            dd_slice_of("dondoc.bench"), line->request};
    while (line->sent - line->received < line->messages) {
        line->sent_us[line->sent % MESSAGES_MAX] = dd_clock_mono_us();
        if (dd_net_send(line->socket, frames, FRAMES) != DD_OK)
            return false;
        line->sent++;
    }
    return true;
}

/* Replies come in the order of the requests. */
static void take_some(struct line *line)
{
    struct dd_message message;
    while (dd_net_receive(line->socket, &message) == DD_OK) {
        int64_t took_us = dd_clock_mono_us() - line->sent_us[line->received++ % MESSAGES_MAX];
        if (atomic_load_explicit(&phase, memory_order_relaxed) == MEASURE)
            bench_latency_add(&line->latency, took_us);
        dd_message_free(&message);
    }
}

static void *drive(void *arg)
{
    struct line *line = arg;
    struct dd_poll_item item = {.socket = line->socket};
    while (atomic_load_explicit(&phase, memory_order_relaxed) != END) {
        bool sent = send_some(line);
        (void)dd_net_poll(&item, 1, sent ? BLOCK_MS : LINK_LOOK_MS);
        take_some(line);
    }
    return NULL;
}

static void line_open(struct line *line, struct dd_net *net, const struct run_case *c,
                      struct dd_slice request)
{
    memset(line, 0, sizeof *line);
    dd_keys_generate(&line->keys);
    const struct dd_link_options link = {.endpoint = endpoint,
                                         .curve_secret = line->keys.curve_secret,
                                         .curve_public = line->keys.curve_public,
                                         .curve_server = server_keys.curve_public};
    if (dd_net_client(net, &link, &line->socket) != DD_OK)
        bench_die("client", dd_net_error());
    line->messages = c->messages;
    line->request = request;
    if (pthread_create(&line->thread, NULL, drive, line) != 0)
        bench_die("thread", "cannot be started");
}

static void pause_ms(int64_t ms)
{
    const struct timespec time = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&time, NULL);
}

static void tell(const struct run_case *c, const struct bench_latency *all, int64_t took_us,
                 const struct bodies *bodies)
{
    printf("echo_%s.per_s %.3f\n", c->name,
           (double)all->count * c->commands * 1e6 / (double)took_us);
    printf("echo_%s.p50_us %lld\n", c->name, (long long)bench_latency_within_us(all, 500));
    printf("echo_%s.p99_us %lld\n", c->name, (long long)bench_latency_within_us(all, 990));
    printf("echo_%s.request_bytes %zu\n", c->name, bodies->request.size);
    printf("echo_%s.reply_bytes %zu\n", c->name, bodies->reply.size);
}

static void run(const struct run_case *c, uint32_t seconds)
{
    static struct line lines[BENCH_AGENCIES_MAX];
    static struct bench_latency all;
    struct dd_arena arena = dd_arena_make(ARENA_BYTES);
    struct bodies bodies;
    struct dd_net *net;
    make_bodies(c->commands, &arena, &bodies);
    pid_t server = start_echo(bodies.reply);
    if (dd_net_open(&net) != DD_OK)
        bench_die("sockets", dd_net_error());
    atomic_store(&phase, WARM_UP);
    for (uint32_t i = 0; i < c->clients; i++)
        line_open(&lines[i], net, c, bodies.request);
    pause_ms(WARM_UP_MS);
    int64_t from_us = dd_clock_mono_us();
    atomic_store(&phase, MEASURE);
    pause_ms((int64_t)seconds * 1000);
    atomic_store(&phase, END);
    int64_t took_us = dd_clock_mono_us() - from_us;
    memset(&all, 0, sizeof all);
    for (uint32_t i = 0; i < c->clients; i++) {
        pthread_join(lines[i].thread, NULL);
        bench_latency_merge(&all, &lines[i].latency);
        dd_net_socket_close(lines[i].socket);
    }
    dd_net_close(net);
    kill(server, SIGKILL);
    waitpid(server, NULL, 0);
    tell(c, &all, took_us, &bodies);
    dd_arena_free(&arena);
}

static struct run_case read_case(const char *text)
{
    struct run_case c = {{0}, 0, 0, 0};
    char part[4][NAME_BYTES] = {{0}};
    if (sscanf(text, "%23[^:]:%23[^:]:%23[^:]:%23[^:]", part[0], part[1], part[2], part[3]) != 4)
        bench_die(text, "is no NAME:CLIENTS:MESSAGES:COMMANDS");
    memcpy(c.name, part[0], NAME_BYTES);
    c.clients = bench_number(part[1], BENCH_AGENCIES_MAX);
    c.messages = bench_number(part[2], MESSAGES_MAX);
    c.commands = bench_number(part[3], DD_COMMANDS_PER_REQUEST_MAX);
    return c;
}

int main(int argc, char **argv)
{
    enum { SECONDS = 1, CASES };
    if (argc <= CASES)
        bench_die("usage", "bench_echo SECONDS NAME:CLIENTS:MESSAGES:COMMANDS...");
    dd_keys_generate(&server_keys);
    for (int i = CASES; i < argc; i++) {
        struct run_case c = read_case(argv[i]);
        run(&c, bench_number(argv[SECONDS], 3600));
    }
    return 0;
}
