/*
 * What a member of a command is called on the command line, where the two differ: a refusal names
 * the protocol's field, and people gave a flag. Knows no command of the program and no sentence.
 */
#ifndef DD_CLIENTS_CLI_FIELD_H
#define DD_CLIENTS_CLI_FIELD_H

#include "core/command.h"

/* The flag's name without dashes for the field path of a refusal ("assign.matters[0].asked[2]"
 * gives "to"); NULL where the field has the flag's name, or there is no flag. Static. */
const char *dd_cli_flag_of_field(enum dd_command_kind kind, const char *field);

#endif
