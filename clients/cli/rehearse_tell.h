/*
 * How a rehearsal tells that it gets on, on standard error: one line that is written over on a
 * terminal, a few plain lines elsewhere. Knows no message and no system.
 */
#ifndef DD_CLIENTS_CLI_REHEARSE_TELL_H
#define DD_CLIENTS_CLI_REHEARSE_TELL_H

#include <stdbool.h>

#include "clients/cli/player.h"

/* All zero before dd_tell_start: then nothing is told. */
struct dd_tell {
    const struct dd_player *player; /* borrowed */
    bool terminal;
    bool line_open; /* a line that is written over stands there */
    bool played;
    int64_t started_ms; /* monotonic, as all here */
    int64_t shown_ms;
};

/* From now on time is counted. */
void dd_tell_start(struct dd_tell *tell, const struct dd_player *player);

/* Steps were played; at_ms is the rehearsal's clock. For dd_run_options: self is the tell. */
void dd_tell_step(void *self, int64_t at_ms, size_t steps_done, uint64_t seq);

/* So many reminders of so many are delivered. */
void dd_tell_reminders(struct dd_tell *tell, size_t delivered, size_t total);

/* Ends the line that is written over, so that something else can be said. */
void dd_tell_end_line(struct dd_tell *tell);

/* The summary: entries up to seq, seconds, and where the data is (NULL: nowhere any more). */
void dd_tell_done(struct dd_tell *tell, uint64_t seq, const char *keep);

#endif
