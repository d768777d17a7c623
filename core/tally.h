/*
 * Tallies: the figures of the official table, kept per party, group and cycle and changed by each
 * message, so that reading the table scans nothing. The same definition serves the fold for an
 * earlier as-of, so that both ways of counting cannot differ.
 *
 * registered_year: counted indicators in force; registered_period: those due within the period;
 * completed: of those, the latest outcome is completed or exceeded; exceeded: the exceeded ones of
 * them; early: due after the period's last day, but done, and by that day; unattainable: of
 * registered_year, declared so. What a unit is to do in a matter of a counted kind counts as an
 * indicator in force from the instant at which it arose.
 */
#ifndef DD_CORE_TALLY_H
#define DD_CORE_TALLY_H

#include "core/duty.h"
#include "core/question.h"

/* What one message changes for one party, period by period. */
struct dd_tally_delta {
    struct dd_counts_row period[DD_PERIODS_MAX];
};

/* Adds (sign 1) or takes back (sign -1) what one indicator in force counts for, with its latest
 * outcome. An indicator whose kind is not counted changes nothing. */
void dd_tally_add(struct dd_tally_delta *delta, const struct dd_process *process,
                  const struct dd_content_row *content, struct dd_outcome_fact latest, int sign);

/* The party joins the cycle with nothing registered. */
void dd_tally_join(const struct dd_view *view, const struct dd_process *process, uint32_t group);

/* Writes the delta into the tallies of the party, its group and the whole. */
void dd_tally_change(const struct dd_view *view, const struct dd_process *process, uint32_t unit,
                     uint32_t group, const struct dd_tally_delta *delta);

/* Adds one party's counts to a sum that is folded and not kept. */
void dd_tally_sum(struct dd_tally_row *sum, const struct dd_counts_row *party);

/* Counts of a party as of an instant (outcomes and approvals before it), folded from what its items
 * and versions keep. */
void dd_tally_fold(const struct dd_view *view, const struct dd_process *process, uint32_t unit,
                   uint8_t period, int64_t before_ms, struct dd_counts_row *out);

/* The version in force before an instant; 0 if none was approved. */
uint16_t dd_version_in_force(const struct dd_view *view, uint32_t cycle, uint32_t unit,
                             int64_t before_ms);

/* The counts as answers give them. */
struct dd_counts dd_counts_of(const struct dd_counts_row *row);

/* True if the outcome says that the work is done. */
bool dd_outcome_done(enum dd_outcome outcome);

#endif
