/*
 * What other commands read of a file of units. See clients/cli/cli_units.c.
 */
#ifndef DD_CLIENTS_CLI_UNITS_H
#define DD_CLIENTS_CLI_UNITS_H

#include "clients/cli/cli.h"

/* The parties of a cycle from a file of the form of units.csv: its columns code and approver. They
 * lie in cli->arena. OK, or an exit status with its messages written. */
enum dd_exit dd_cli_parties(struct dd_cli *cli, const char *path, struct dd_party **parties,
                            size_t *count);

#endif
