/*
 * Programmes as people write them: a YAML file (programmes/README.md describes every key) compiled
 * to struct dd_programme. Either the file is well-formed or every fault of it is listed. Knows no
 * programme by name.
 */
#ifndef DD_CLIENTS_CLI_PROGRAMME_FILE_H
#define DD_CLIENTS_CLI_PROGRAMME_FILE_H

#include "clients/cli/cli_yaml.h"
#include "clients/cli/scenario.h"
#include "core/programme.h"
#include "ledger/data.h"

/* Compiles the YAML's bytes. Texts of *out lie in the arena; out->source_hash is that of the bytes.
 * DD_OK; DD_INVALID: faults were added; DD_NO_MEMORY. */
enum dd_status dd_programme_file_parse(struct dd_slice bytes, struct dd_arena *arena,
                                       struct dd_programme *out, struct dd_yaml_faults *faults);

/* The same, and where there is no fault adds to `warnings` (may be NULL) what is allowed and yet
 * has gone wrong elsewhere: deadlines before their data close, silence without a date ... */
enum dd_status dd_programme_file_lint(struct dd_slice bytes, struct dd_arena *arena,
                                      struct dd_programme *out, struct dd_yaml_faults *faults,
                                      struct dd_yaml_faults *warnings);

/* As dd_programme_file_parse for a file. DD_NOT_FOUND, DD_IO, DD_TOO_LARGE besides. */
enum dd_status dd_programme_file_read(const char *path, struct dd_arena *arena,
                                      struct dd_programme *out, struct dd_yaml_faults *faults);

/* Finds the file CODE.yaml: in `dir` (NULL: nowhere), in the folder that DONDOC_PROGRAMMES names,
 * beside the running program (../programmes from its folder), in /usr/share/dondoc/programmes.
 * DD_OK with the path, DD_NOT_FOUND, DD_INVALID: no code. */
enum dd_status dd_programme_file_find(const char *dir, const char *code, char path[DD_PATH_BYTES]);

/* What the reader of scenarios asks for a programme's kinds; needs no memory of its own. Faults are
 * listed under the file name "programme", with path, line and column in their text. */
struct dd_scenario_programmes dd_programme_file_finder(void);

#endif
