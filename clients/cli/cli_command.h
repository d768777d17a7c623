/*
 * Commands for people and for machines: one line that says what a command does, and all of it as
 * JSON, with the words of core/words.h. Used by the log and by --dry-run.
 */
#ifndef DD_CLIENTS_CLI_COMMAND_H
#define DD_CLIENTS_CLI_COMMAND_H

#include "clients/cli/cli_json.h"
#include "core/command.h"

/* All of the command as an object; key as everywhere in cli_json.h. Instants are shown at the
 * offset.
 */
void dd_command_json(struct dd_json *json, const char *key, const struct dd_command *command,
                     int offset_min);

/* "decide agree key/2013 so-noi-vu version 1" into out, 0-ended, cut at out_size. Returns out. */
const char *dd_command_summary(const struct dd_command *command, char *out, size_t out_size);

#endif
