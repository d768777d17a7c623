/*
 * The official table for other commands. See clients/cli/cli_table.c.
 */
#ifndef DD_CLIENTS_CLI_TABLE_H
#define DD_CLIENTS_CLI_TABLE_H

#include "clients/cli/cli.h"

/* Writes the table that the question (kind TABLE) asks for as CSV; *seq gets the last entry that it
 * was made from. OK, or an exit status with its message written; FAILED also if the table went on
 * changing while it was read. */
enum dd_exit dd_cli_table_csv(struct dd_cli *cli, struct dd_question question, FILE *out,
                              uint64_t *seq);

#endif
