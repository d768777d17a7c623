/*
 * The counting itself, of a case whose facts are gathered, and the sub-units: the cycles that a
 * case's parties host, classed by the same rules and counted as facts of their hosts. One level
 * down and no further. Prints nothing but messages; see clients/cli/score_facts.h for the facts.
 */
#ifndef DD_CLIENTS_CLI_SCORE_SUBS_H
#define DD_CLIENTS_CLI_SCORE_SUBS_H

#include "clients/cli/score_facts.h"
#include "core/score_class.h"

/*
 * Points and class of every party under rule set r of the case, ceilings included, into `party` (as
 * many as the case has); without ranks. reachable: what is within the reach of each, or NULL.
 * Scores lie in the arena. Statuses as dd_score_make.
 */
enum dd_status dd_score_count(const struct dd_score_case *scored, size_t r, struct dd_arena *arena,
                              struct dd_score_party *party, int *reachable);

/*
 * Sets sub_units, sub_completed and sub_good of each party from the cycles that it hosts under the
 * programme of the case's cycle in the same year, open or closed, as far as a rule set says what is
 * completed and what is good. Who is not rated is no sub-unit. A cycle without the case's period is
 * told and left out. OK, or an exit status with its message.
 */
enum dd_exit dd_score_subs(struct dd_cli *cli, struct dd_score_case *scored);

#endif
