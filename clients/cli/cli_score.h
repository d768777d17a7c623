/*
 * The commands `dondoc score`: the points and classes of a cycle's parties under a rule set, or
 * under two, and the check of rule sets. Nothing that they say is kept: a class counts once it is
 * published.
 */
#ifndef DD_CLIENTS_CLI_SCORE_H
#define DD_CLIENTS_CLI_SCORE_H

#include "clients/cli/cli.h"

extern const struct dd_cli_flag dd_cli_score_show_flags[];
extern const struct dd_cli_flag dd_cli_score_compare_flags[];

/* Functions of the table of commands. */
enum dd_exit dd_cli_score_show(struct dd_cli *cli);
enum dd_exit dd_cli_score_compare(struct dd_cli *cli);
enum dd_exit dd_cli_score_check(struct dd_cli *cli);

#endif
