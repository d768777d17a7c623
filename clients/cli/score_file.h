/*
 * A rule set for scores as a YAML file (scores/README.md): reads it, puts words in the place of
 * numbers, and lists every fault with its line. Knows no decree and asks no server.
 */
#ifndef DD_CLIENTS_CLI_SCORE_FILE_H
#define DD_CLIENTS_CLI_SCORE_FILE_H

#include "clients/cli/cli_yaml.h"
#include "core/score.h"

/* Reads a rule set; texts and lists lie in the arena. DD_OK; DD_INVALID: faults were added, and
 * *out is not to be used; DD_NO_MEMORY. */
enum dd_status dd_score_file_parse(struct dd_slice bytes, struct dd_arena *arena,
                                   struct dd_score_rules *out, struct dd_yaml_faults *faults);

/* The same from a file; also DD_NOT_FOUND, DD_TOO_LARGE, DD_IO. */
enum dd_status dd_score_file_read(const char *path, struct dd_arena *arena,
                                  struct dd_score_rules *out, struct dd_yaml_faults *faults);

#endif
