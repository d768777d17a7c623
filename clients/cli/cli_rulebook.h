/*
 * The commands that ask about the rulebook: matters, duties counted, figures, publications,
 * delegations, cycles, and the review of a dossier. Questions alone: what acts stands elsewhere.
 * Answers stay in cli->answers until the run ends, so pages can be kept side by side.
 */
#ifndef DD_CLIENTS_CLI_RULEBOOK_H
#define DD_CLIENTS_CLI_RULEBOOK_H

#include "clients/cli/cli.h"
#include "clients/cli/cli_json.h"

/* Functions of the table of commands, and their flags, by file. */
extern const struct dd_cli_flag dd_cli_matter_list_flags[]; /* cli_matter_ask.c */
enum dd_exit dd_cli_matter_list(struct dd_cli *cli);
enum dd_exit dd_cli_matter_show(struct dd_cli *cli);
extern const struct dd_cli_flag dd_cli_duty_list_flags[]; /* cli_duty_ask.c */
extern const struct dd_cli_flag dd_cli_duty_count_flags[];
enum dd_exit dd_cli_duty_list(struct dd_cli *cli);
enum dd_exit dd_cli_duty_count(struct dd_cli *cli);
extern const struct dd_cli_flag dd_cli_figures_flags[]; /* cli_figures.c */
enum dd_exit dd_cli_figures(struct dd_cli *cli);
extern const struct dd_cli_flag dd_cli_publication_list_flags[]; /* cli_issue_ask.c */
enum dd_exit dd_cli_publication_list(struct dd_cli *cli);
enum dd_exit dd_cli_publication_check(struct dd_cli *cli);
enum dd_exit dd_cli_delegate_list(struct dd_cli *cli);
enum dd_exit dd_cli_cycle_list(struct dd_cli *cli); /* cli_cycle_ask.c; with dd_cli_cycle_show */
extern const struct dd_cli_flag dd_cli_dossier_review_flags[]; /* cli_review.c */
enum dd_exit dd_cli_dossier_review(struct dd_cli *cli);

/* `dondoc table --deep` (cli_table_deep.c): beside each party's own counts the sums of the open
 * cycles that it hosts under the same programme in the same year. The question is that of the
 * table. */
enum dd_exit dd_cli_table_deep(struct dd_cli *cli, struct dd_question question);

/* --- what they share --- */

/* The cycle; lies in cli->answers. OK, or an exit status with its message written. */
enum dd_exit dd_cli_ask_cycle(struct dd_cli *cli, struct dd_slice code,
                              struct dd_cycle_answer *out);

/* What people call the stage; its key if the cycle has no such stage or gives it no name. */
struct dd_slice dd_cli_stage_name(const struct dd_cli *cli, const struct dd_cycle_answer *cycle,
                                  struct dd_slice key);

/* All cycles, in cli->arena (the texts in cli->answers). OK, or an exit status with its message
 * written. */
enum dd_exit dd_cli_cycles(struct dd_cli *cli, struct dd_cycle_line **cycles, size_t *count);

/* The member "figures" of an object. */
void dd_cli_json_figures(struct dd_json *json, const struct dd_figure_cell *figures, size_t count);

#endif
