/*
 * The simulation: many runs of a whole system in one thread, each from a seed, with faults; see
 * tests/lib/sim_world.h for what is simulated and tests/lib/sim_check.h for what must hold.
 *
 *     sim_main [--seed N] [--seeds N] [--steps N] [--trace]
 *
 * --seed (or DD_SEED) runs one seed alone, --trace prints all that happens. A step is some days of
 * the year 2013 and a burst of messages. Exit status 1, with the seed and the last events, if a run
 * fails.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lib/sim_check.h"

#if defined(__SANITIZE_ADDRESS__)
#define SLOW_BUILD 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SLOW_BUILD 1
#endif
#endif
#ifndef SLOW_BUILD
#define SLOW_BUILD 0
#endif

enum {
    SEEDS = SLOW_BUILD ? 30 : 200,
    STEPS = 60,
    AGENCIES = 3,
    REST_MS = 500,
    CALM = 24,            /* rests in a row: longer than the notifier waits after a failure */
    REST_MS_MAX = 120000, /* after the last fault everything is answered and told within this */
    DAY_MS = 86400000
};

struct options {
    uint64_t seed;
    uint64_t seeds;
    unsigned steps;
    bool loud;
};

struct sums {
    uint64_t entries, acts, reminders, letters, crashes, breaks, tables;
};

static struct work work;
static struct oracle oracle;

/* How long until it is that hour in the province (UTC+7). */
static int64_t until(const struct world *w, int hour)
{
    int64_t local_ms = sim_world_utc(w) + (int64_t)(7 - hour) * (DAY_MS / 24);
    return DAY_MS - local_ms % DAY_MS;
}

/* Some days pass: the wall clock jumps, and the next Tick finds what became due. */
static void pass_days(struct world *w, unsigned steps)
{
    int64_t days = 2 * 353 / (int64_t)steps + 1;
    int64_t jump_ms = (int64_t)sim_world_draw(w, (uint64_t)(days * DAY_MS));
    if (sim_world_chance(w, 30))
        jump_ms = 0;
    w->skew_ms += jump_ms;
    if (sim_world_chance(
            w, 25)) /* just before a day begins, or its reminders: bounds are hit exactly */
        w->skew_ms += until(w, sim_world_chance(w, 50) ? 0 : 8) - (int64_t)sim_world_draw(w, 10);
}

static void rest(struct world *w)
{
    int64_t end_ms = w->now_ms + REST_MS_MAX;
    int64_t calm = 0;
    sim_world_note(w, "no more faults");
    sim_world_heal(w);
    while (calm < CALM) {
        sim_world_run(w, w->now_ms + REST_MS);
        calm = work_is_done(&work) && sim_world_is_quiet(w) ? calm + 1 : 0;
        if (w->now_ms > end_ms)
            sim_world_fail(w, "no rest: %zu commands and %zu questions wait, notifier %s",
                           work.waiting, work.asking,
                           dd_notifier_machine_idle(w->notifier.machine) ? "idle" : "busy");
    }
}

static void run_seed(struct sim_cast *cast, uint64_t seed, const struct options *options,
                     struct sums *sums)
{
    dd_arena_reset(&cast->bytes);
    cast->next_id = 1000000;
    struct world *w = sim_world_make(seed, cast, cast->founded_ms + 1000);
    w->loud = options->loud;
    work_make(&work, w, AGENCIES);
    bool closes = sim_world_chance(w, 30);
    for (unsigned step = 0; step < options->steps; step++) {
        if (closes && step + 5 == options->steps)
            work_close_cycle(&work);
        work_burst(&work);
        sim_world_run(w, w->now_ms + 100 + (int64_t)sim_world_draw(w, 3000));
        pass_days(w, options->steps);
    }
    rest(w);
    sim_check(&work, &oracle);
    sums->entries += w->journal.count;
    sums->acts += work.acts;
    sums->reminders += oracle.reminders;
    sums->letters += w->notifier.letters;
    sums->crashes += w->crashes;
    sums->breaks += w->breaks;
    sums->tables += work.tables;
    work.over = true;
    sim_world_free(w);
}

static bool read_number(const char *text, uint64_t *out)
{
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0')
        return false;
    *out = value;
    return true;
}

static bool read_options(int count, char **words, struct options *options)
{
    const char *seed = getenv("DD_SEED");
    uint64_t steps = STEPS;
    *options = (struct options){.seed = 1, .seeds = SEEDS};
    if (seed) {
        options->seeds = 1;
        if (!read_number(seed, &options->seed))
            return false;
    }
    for (int i = 1; i < count; i++) {
        bool more = i + 1 < count;
        if (strcmp(words[i], "--trace") == 0) {
            options->loud = true;
        } else if (strcmp(words[i], "--seed") == 0 && more &&
                   read_number(words[i + 1], &options->seed)) {
            options->seeds = 1;
            i++;
        } else if (strcmp(words[i], "--seeds") == 0 && more &&
                   read_number(words[i + 1], &options->seeds)) {
            i++;
        } else if (strcmp(words[i], "--steps") == 0 && more && read_number(words[i + 1], &steps) &&
                   steps >= 6 && steps <= 2000) {
            i++;
        } else {
            return false;
        }
    }
    options->steps = (unsigned)steps;
    return true;
}

int main(int argc, char **argv)
{
    static struct sim_cast cast;
    struct options options;
    struct sums sums = {0};
    if (!read_options(argc, argv, &options)) {
        fprintf(stderr, "usage: sim_main [--seed N] [--seeds N] [--steps 6..2000] [--trace]\n");
        return 2;
    }
    sim_cast_make(&cast, AGENCIES);
    for (uint64_t i = 0; i < options.seeds; i++)
        run_seed(&cast, options.seed + i, &options, &sums);
    sim_cast_free(&cast);
    printf("%" PRIu64 " seeds from %" PRIu64 ": %" PRIu64 " entries, %" PRIu64 " commands, %" PRIu64
           " tables, %" PRIu64 " reminders in %" PRIu64 " letters, %" PRIu64 " crashes, %" PRIu64
           " broken links\n",
           options.seeds, options.seed, sums.entries, sums.acts, sums.tables, sums.reminders,
           sums.letters, sums.crashes, sums.breaks);
    return 0;
}
