/*
 * The acts of a scenario, played through the command line: each with its account's link, in the
 * scenario's folder, and held against what the scenario expects of it. Knows no command by name.
 */
#ifndef DD_CLIENTS_CLI_REHEARSE_ACT_H
#define DD_CLIENTS_CLI_REHEARSE_ACT_H

#include <stdio.h>

#include "clients/cli/scenario.h"
#include "clients/cli/sentence.h"
#include "clients/lib/dondoc.h"
#include "ledger/data.h"

/* All zero: nothing to close. */
struct dd_acts {
    const struct dd_scenario *scenario; /* borrowed */
    enum dd_language language;
    int home;   /* the folder to come back to, */
    int folder; /* and the scenario's; -1: there are no acts */
    FILE *log;
    char *text; /* of the log */
    size_t text_bytes;
    size_t unexpected;
};

/* Looks at every act's command and opens the log. False, with all messages on standard error, if
 * one of them is no act towards the server, or the folder or memory fails. */
bool dd_acts_open(struct dd_acts *acts, const char *dir, const struct dd_scenario *scenario,
                  enum dd_language language);

/* Plays one act through the client of its account. DD_OK also where it ended otherwise than the
 * scenario expects, which is said on standard error and counted; DD_NO_MEMORY, DD_IO. */
enum dd_status dd_acts_play(struct dd_acts *acts, const struct dd_scenario_act *act,
                            struct dd_client *client);

/* True if every act ended as expected; else says how many did not. */
bool dd_acts_went(const struct dd_acts *acts);

/* Writes acts.log into the folder: each act's line and what it printed. DD_OK; DD_IO, DD_NO_SPACE,
 * DD_TOO_LARGE (path), with *why. */
enum dd_status dd_acts_write(struct dd_acts *acts, const char *dir, struct dd_why *why);

void dd_acts_close(struct dd_acts *acts);

#endif
