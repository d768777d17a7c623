/*
 * A programme as JSON, whole: kinds, stages with their deadlines, forms. Part of what
 * cli_command.h writes; knows no command.
 */
#ifndef DD_CLIENTS_CLI_COMMAND_PROGRAMME_H
#define DD_CLIENTS_CLI_COMMAND_PROGRAMME_H

#include "clients/cli/cli_json.h"
#include "core/programme.h"

/* Writes the programme's members into the open object. What is not said is left out. */
void dd_command_programme_json(struct dd_json *json, const struct dd_programme *programme);

#endif
