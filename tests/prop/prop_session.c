/* Over any network and server, every command of a session completes exactly once and truly. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "clients/lib/session.h"
#include "proto/codec.h"
#include "tests/lib/session_script.h"

enum {
    WORLD_COMMANDS = 400,
    WORLD_MESSAGES = 64,
    WORLD_STEP_MS = 7,
    WORLD_SEEDS = 30,
    WORLD_BYTES = 24000 /* of a command, at most: few fit a request */
};

/* A server and a network that lose, double, delay and put off. */
struct world {
    struct session_script *f;
    uint64_t chance;
    uint64_t loss;  /* one in so many is lost, and as many doubled or put off */
    uint64_t delay; /* in steps, about */
    bool doubles_requests;
    size_t asked;                           /* of f->sent, by the network */
    struct dd_request *way[WORLD_MESSAGES]; /* on their way to the server; NULL: a free place */
    struct dd_reply back[WORLD_MESSAGES];   /* on their way to the client; no id: a free place */
    uint64_t taken[WORLD_COMMANDS];         /* by the server: the seq; 0: never */
    uint64_t last_seq;
    size_t twice;
};

static uint64_t chance_below(struct world *w, uint64_t bound)
{
    w->chance ^= w->chance << 13;
    w->chance ^= w->chance >> 7;
    w->chance ^= w->chance << 17;
    return w->chance % bound;
}

static void put_on_way(struct world *w, struct dd_request *request)
{
    for (size_t i = 0; i < WORLD_MESSAGES; i++) {
        if (!w->way[i]) {
            w->way[i] = request;
            return;
        }
    }
}

static void put_back(struct world *w, const struct dd_reply *reply)
{
    for (size_t i = 0; i < WORLD_MESSAGES; i++) {
        if (w->back[i].request_id.size == 0) {
            w->back[i] = *reply;
            return;
        }
    }
}

static void serve_command(struct world *w, size_t number, struct dd_result *result)
{
    static const enum dd_status later[] = {DD_BUSY, DD_READ_ONLY, DD_UNAVAILABLE, DD_TIMEOUT};

    result->remembered = w->taken[number] != 0;
    if (!result->remembered && chance_below(w, 2 * w->loss) == 0) {
        result->seq = 0;
        result->refusal.status = later[chance_below(w, 4)];
        return;
    }
    if (!result->remembered)
        w->taken[number] = ++w->last_seq;
    result->seq = w->taken[number];
}

static void serve(struct world *w, struct dd_request *request)
{
    size_t at = (size_t)(request - w->f->sent);
    struct dd_reply reply = script_reply_to(w->f, at, (uint32_t)chance_below(w, 6), DD_OK);

    if (chance_below(w, w->loss) == 0) {
        reply.result_count = 0;
        reply.refusal.status = chance_below(w, 2) == 0 ? DD_BUSY : DD_UNAVAILABLE;
    }
    for (size_t i = 0; i < reply.result_count; i++)
        serve_command(w, script_number_in(request, i), &reply.results[i]);
    put_back(w, &reply);
    if (chance_below(w, w->loss) == 0)
        put_back(w, &reply);
}

static void world_step(struct world *w, int64_t now_ms)
{
    for (; w->asked < w->f->sent_count; w->asked++) {
        if (chance_below(w, w->loss) != 0)
            put_on_way(w, &w->f->sent[w->asked]);
        if (w->doubles_requests && chance_below(w, w->loss) == 0)
            put_on_way(w, &w->f->sent[w->asked]);
    }
    for (size_t i = 0; i < WORLD_MESSAGES; i++) {
        if (w->way[i] && chance_below(w, w->delay) == 0) {
            serve(w, w->way[i]);
            w->way[i] = NULL;
        }
        if (w->back[i].request_id.size > 0 && chance_below(w, w->delay) == 0) {
            struct dd_reply reply = w->back[i];
            w->back[i].request_id.size = 0;
            if (chance_below(w, w->loss) != 0)
                script_deliver(w->f, now_ms, &reply);
        }
    }
    if (chance_below(w, 40 * w->loss) == 0)
        dd_session_link_lost(w->f->session, now_ms);
    w->f->blocked = chance_below(w, 5) == 0;
}

static void world_check(const struct world *w, uint64_t seed)
{
    bool good = true;

    for (size_t i = 0; i < WORLD_COMMANDS; i++) {
        const struct script_seen *seen = &w->f->seen[i];
        bool surely_not = seen->outcome.status == DD_BUSY || seen->outcome.status == DD_READ_ONLY ||
                          seen->outcome.status == DD_UNAVAILABLE;
        good = good && seen->count == 1;
        good = good && (seen->outcome.status != DD_OK || seen->outcome.seq == w->taken[i]);
        good = good && (seen->outcome.status != DD_OK || w->taken[i] != 0);
        good = good && (!surely_not || w->doubles_requests || w->taken[i] == 0);
        good = good &&
               (surely_not || seen->outcome.status == DD_OK || seen->outcome.status == DD_TIMEOUT);
        if (!good) {
            print_error("seed %llu: command %zu: %zu outcomes, status %s, taken as %llu\n",
                        (unsigned long long)seed, i, seen->count,
                        dd_status_key(seen->outcome.status), (unsigned long long)w->taken[i]);
            fail();
        }
    }
}

static void run_world(struct session_script *f, uint64_t seed)
{
    struct dd_session_options options = script_options();
    struct world w = {.f = f,
                      .chance = seed * 2 + 1,
                      .loss = 5 + 40 * (seed % 3),
                      .delay = 2 + 6 * (seed % 4),
                      .doubles_requests = seed % 2 == 0};
    int64_t now_ms = 0;

    options.jitter_seed = seed;
    options.timeout_ms = 3000;
    options.attempt_ms = 200;
    script_reopen(f, &options);
    while (f->command_count < WORLD_COMMANDS || dd_session_pending(f->session) > 0) {
        if (f->command_count < WORLD_COMMANDS && chance_below(&w, 3) == 0)
            assert_int_equal(script_submit_sized(f, now_ms, 2 + chance_below(&w, WORLD_BYTES)),
                             DD_OK);
        dd_session_tick(f->session, now_ms);
        world_step(&w, now_ms);
        now_ms += WORLD_STEP_MS;
        if (now_ms > 120000)
            break; /* the check says what is missing */
    }
    world_check(&w, seed);
}

static void session_completes_every_command_exactly_once_whatever_the_network_does(void **state)
{
    struct session_script *f = *state;
    const char *given = getenv("DD_SEED");
    uint64_t seed = given ? strtoull(given, NULL, 10) : (uint64_t)time(NULL) * 1000;

    print_message("seed %llu (DD_SEED)\n", (unsigned long long)seed);
    for (uint64_t i = 0; i < WORLD_SEEDS; i++)
        run_world(f, seed + i);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, script_open, script_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(session_completes_every_command_exactly_once_whatever_the_network_does),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
