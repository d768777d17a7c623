/*
 * Playing a player's list against a running system: each step through the client of its account, in
 * the list's order, the clock moved between instants. What follows one another of one account is
 * sent together, everything else waits for the step before, so that the list's order is the log's.
 * Knows no file and starts nothing.
 */
#ifndef DD_CLIENTS_CLI_PLAYER_RUN_H
#define DD_CLIENTS_CLI_PLAYER_RUN_H

#include <signal.h>

#include "clients/cli/player.h"
#include "clients/cli/player_links.h"

/* All borrowed during the run. */
struct dd_run_options {
    const struct dd_player *player;
    struct dd_links *links;
    const volatile sig_atomic_t *stop; /* not 0: give up before the next step */
    void *self;
    /* Called after steps were played, and with the clock; may be NULL. */
    void (*progress)(void *self, int64_t at_ms, size_t steps_done, uint64_t seq);
    /* Plays an act of the scenario through the client of its account; needed where there are acts.
     * What comes of it is its own business: a failure ends the run. */
    enum dd_status (*act)(void *self, const struct dd_scenario_act *act, struct dd_client *client);
};

/* How it went. */
struct dd_run_result {
    uint64_t seq;               /* the highest position in the log that an answer named */
    const struct dd_step *step; /* the one that failed; NULL: none, or the clock */
    struct dd_refusal refusal;  /* why, if not DD_OK was returned */
};

/* Plays all steps, then moves the clock to the cycle's last instant. DD_OK; DD_UNAVAILABLE if it
 * was stopped; else the status with which the first failing step, or the clock, was answered. */
enum dd_status dd_player_run(const struct dd_run_options *options, struct dd_run_result *result);

#endif
