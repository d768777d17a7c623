/* Playing a list. See clients/cli/player_run.h. */
#include "clients/cli/player_run.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
    TOGETHER_MAX = 1024, /* steps that are outstanding at once */
    AHEAD = 12,          /* links opened before they are needed */
    CLOCK_ATTEMPTS = 6   /* each of DD_CLIENT_TIMEOUT_MS */
};
static_assert((int)AHEAD < (int)DD_CONNECTIONS_KEPT,
              "the link in use is not pushed out by those ahead");

struct run;

/* Where the outcome of a step comes in. */
struct landing {
    struct run *run;
    size_t step;
};

struct run {
    const struct dd_run_options *options;
    const struct dd_player *player;
    struct dd_run_result *result;
    struct dd_seen_version *seen; /* one a step, filled for those that decide */
    struct landing *landings;     /* TOGETHER_MAX */
    struct dd_arena arena;
    int64_t clock_ms;
    enum dd_status status; /* the first failure; sticky */
};

static void fail(struct run *run, const struct dd_step *step, enum dd_status status,
                 const struct dd_refusal *refusal)
{
    if (run->status != DD_OK || status == DD_OK)
        return;
    run->status = status;
    run->result->step = step;
    run->result->refusal = (struct dd_refusal){.status = status};
    if (refusal && refusal->status != DD_OK)
        run->result->refusal = *refusal;
}

static void note_seq(struct run *run, uint64_t seq)
{
    if (seq > run->result->seq)
        run->result->seq = seq;
}

static void told(struct run *run, size_t steps_done)
{
    if (run->options->progress)
        run->options->progress(run->options->self, run->clock_ms, steps_done, run->result->seq);
}

/* ---- the clock */

static void advance(struct run *run, int64_t to_ms)
{
    struct dd_client *admin;
    struct dd_refusal refusal = {.status = DD_OK};
    enum dd_status status = dd_links_get(run->options->links, DD_PLAYER_ADMIN, &admin);
    if (status == DD_OK) {
        status = DD_TIMEOUT;
        for (int i = 0; i < CLOCK_ATTEMPTS && status == DD_TIMEOUT && !*run->options->stop; i++)
            status = dd_client_clock_advance(admin, to_ms, &refusal);
        note_seq(run, dd_client_last_seq(admin));
    }
    if (status == DD_OK)
        run->clock_ms = to_ms;
    fail(run, NULL, status, &refusal);
}

/* ---- what decisions are made on */

static void take_dossier(void *arg, const struct dd_question_outcome *outcome)
{
    const struct landing *landing = arg;
    struct run *run = landing->run;
    struct dd_seen_version *seen = &run->seen[landing->step];
    if (outcome->status == DD_OK) {
        const struct dd_dossier_answer *dossier = &outcome->answer->as.dossier;
        for (size_t i = 0; i < dossier->version_count; i++) {
            const struct dd_dossier_version *version = &dossier->versions[i];
            if (version->version != dossier->newest)
                continue;
            seen->version = version->version;
            memcpy(seen->content_hash, version->content_hash, sizeof seen->content_hash);
            return;
        }
    }
    struct dd_refusal none;
    dd_refuse(&none, DD_REFUSED, DD_RULE_NOTHING_PENDING, NULL);
    fail(run, &run->player->steps[landing->step],
         outcome->status == DD_OK ? DD_REFUSED : outcome->status,
         outcome->status == DD_OK ? &none : &outcome->refusal);
}

static enum dd_status ask_dossier(struct run *run, struct dd_client *client, size_t step,
                                  struct landing *landing)
{
    const struct dd_player *player = run->player;
    const char *unit = player->scenario->units[player->steps[step].unit].code;
    struct dd_question question = {.kind = DD_QUESTION_DOSSIER,
                                   .min_seq = run->result->seq,
                                   .cycle = dd_slice_of(player->cycle),
                                   .unit = dd_slice_of(unit)};
    *landing = (struct landing){run, step};
    return dd_client_ask(client, &question, take_dossier, landing);
}

static void take_outcome(void *arg, const struct dd_command_outcome *outcome)
{
    const struct landing *landing = arg;
    note_seq(landing->run, outcome->seq);
    fail(landing->run, &landing->run->player->steps[landing->step], outcome->status,
         &outcome->refusal);
}

static enum dd_status submit(struct run *run, struct dd_client *client, size_t step,
                             struct landing *landing)
{
    struct dd_command command;
    dd_arena_reset(&run->arena);
    enum dd_status status = dd_player_command(run->player, &run->player->steps[step],
                                              &run->seen[step], &run->arena, &command);
    *landing = (struct landing){run, step};
    if (status == DD_OK)
        status = dd_client_submit(client, &command, take_outcome, landing);
    return status;
}

/* ---- steps that go together */

typedef enum dd_status sender(struct run *run, struct dd_client *client, size_t step,
                              struct landing *landing);

/* How many steps from `first` to `end` are of one account. */
static size_t together(const struct run *run, size_t first, size_t end)
{
    const struct dd_step *steps = run->player->steps;
    size_t count = 1;
    while (first + count < end && count < TOGETHER_MAX &&
           steps[first + count].account == steps[first].account)
        count++;
    return count;
}

/* Links that the next steps will need connect while this one waits for its answer. Not during the
 * set-up: the server does not know their keys yet and would refuse them for good. */
static void look_ahead(struct run *run, size_t next)
{
    if (run->player->steps[next - 1].rank == DD_RANK_SET_UP)
        return;
    size_t end = next + AHEAD < run->player->step_count ? next + AHEAD : run->player->step_count;
    for (size_t i = next; i < end; i++) {
        struct dd_client *client; /* a failure comes again when the link is needed */
        (void)dd_links_get(run->options->links, run->player->steps[i].account, &client);
    }
}

/* Sends steps of one account and waits for all answers. */
static void send_together(struct run *run, size_t first, size_t count, sender *send)
{
    const struct dd_step *steps = &run->player->steps[first];
    struct dd_client *client;
    enum dd_status status = dd_links_get(run->options->links, steps->account, &client);
    if (status != DD_OK) {
        fail(run, steps, status, NULL);
        return;
    }
    look_ahead(run, first + count);
    for (size_t i = 0; i < count && run->status == DD_OK; i++) {
        status = send(run, client, first + i, &run->landings[i]);
        if (status == DD_BUSY) { /* the client's queue is full: empty it */
            fail(run, &steps[i], dd_client_flush(client), NULL);
            status = send(run, client, first + i, &run->landings[i]);
        }
        fail(run, &steps[i], status, NULL);
    }
    fail(run, steps, dd_client_flush(client), NULL);
}

static void send_group(struct run *run, size_t first, size_t end, sender *send)
{
    while (first < end && run->status == DD_OK && !*run->options->stop) {
        size_t count = together(run, first, end);
        send_together(run, first, count, send);
        first += count;
        if (send == submit)
            told(run, first);
    }
}

/* ---- acts: one after the other, through the command line */

static void play_act(struct run *run, size_t index)
{
    const struct dd_step *step = &run->player->steps[index];
    struct dd_client *client;
    enum dd_status status = dd_links_get(run->options->links, step->account, &client);
    look_ahead(run, index + 1);
    if (status == DD_OK) {
        status = run->options->act(run->options->self, &run->player->scenario->acts[step->first],
                                   client);
        note_seq(run, dd_client_last_seq(client));
    }
    fail(run, step, status, NULL);
    told(run, index + 1);
}

/* Steps of one instant and rank: first what they decide on is read, then they are played. */
static void play_group(struct run *run, size_t first, size_t end)
{
    const struct dd_step *step = &run->player->steps[first];
    bool acts = step->rank == DD_RANK_ACT;
    if (step->rank != DD_RANK_SET_UP && run->clock_ms < step->at_ms) {
        advance(run, step->at_ms);
        told(run, first);
    }
    for (size_t i = first; acts && i < end && run->status == DD_OK && !*run->options->stop; i++)
        play_act(run, i);
    if (acts)
        return;
    if (step->decides)
        send_group(run, first, end, ask_dossier);
    send_group(run, first, end, submit);
}

static size_t group_end(const struct dd_player *player, size_t first)
{
    const struct dd_step *step = &player->steps[first];
    size_t end = first + 1;
    while (end < player->step_count && player->steps[end].at_ms == step->at_ms &&
           player->steps[end].rank == step->rank)
        end++;
    return end;
}

enum dd_status dd_player_run(const struct dd_run_options *options, struct dd_run_result *result)
{
    const struct dd_player *player = options->player;
    struct run run = {.options = options,
                      .player = player,
                      .result = result,
                      .seen = calloc(player->step_count + 1, sizeof *run.seen),
                      .landings = calloc(TOGETHER_MAX, sizeof *run.landings),
                      .arena = dd_arena_make(DD_PLAYER_COMMAND_ARENA_BYTES),
                      .clock_ms = INT64_MIN,
                      .status = DD_OK};
    *result = (struct dd_run_result){.seq = 0};
    if (!run.seen || !run.landings)
        fail(&run, NULL, DD_NO_MEMORY, NULL);
    for (size_t i = 0; i < player->step_count && run.status == DD_OK && !*options->stop;) {
        size_t end = group_end(player, i);
        play_group(&run, i, end);
        i = end;
    }
    if (run.status == DD_OK && !*options->stop) {
        if (run.clock_ms < player->last_ms)
            advance(&run, player->last_ms);
        told(&run, player->step_count);
    }
    if (*options->stop)
        fail(&run, NULL, DD_UNAVAILABLE, NULL);
    dd_arena_free(&run.arena);
    free(run.seen);
    free(run.landings);
    return run.status;
}
