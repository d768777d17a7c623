/*
 * The words of a command line against a command's flags: getopt_long fed from tables, and settings
 * that may also come from the environment, a configuration file or a data folder. Knows no command
 * by name.
 */
#ifndef DD_CLIENTS_CLI_ARGS_H
#define DD_CLIENTS_CLI_ARGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "core/bytes.h"

enum { DD_ARGS_FLAGS_MAX = 40, DD_ARGS_VALUES_MAX = 512 };

struct dd_cli_flag {
    const char *name;  /* without the dashes; NULL ends a table */
    const char *value; /* what stands behind it in the help; NULL: a switch; "X ...": may be given
                          several times */
    const char *help;  /* one line */
};

/* The flags that every command takes. */
extern const struct dd_cli_flag dd_common_flags[];

struct dd_given {
    const struct dd_cli_flag *flag;
    const char *value; /* NULL of a switch */
};

/* A parsed command line; borrows from argv. */
struct dd_args {
    struct dd_given given[DD_ARGS_VALUES_MAX];
    size_t given_count;
    char **operand;
    size_t operand_count;
};

/* Parses argv[1..argc) against the common flags and `flags` (may be NULL). On a fault writes one
 * line to `messages` ("unknown flag --x; did you mean --y?") and gives false; a flag given twice
 * that may not be is a fault, so that nobody's first word is lost. */
bool dd_args_parse(struct dd_args *args, const struct dd_cli_flag *flags, int argc, char **argv,
                   FILE *messages);

/* The value of a flag, the last of several, "" of a switch; NULL if it was not given. */
const char *dd_args_value(const struct dd_args *args, const char *name);
bool dd_args_has(const struct dd_args *args, const char *name);

/* The value of its occurrence number `index`, from 0; NULL beyond the last. */
const char *dd_args_each(const struct dd_args *args, const char *name, size_t index);

/* The name in the list (count of them) that `word` was probably meant to be; NULL if none is near.
 */
const char *dd_nearest(const char *word, const char *const *names, size_t count);

/* Prints a table of flags for the help. */
void dd_flags_print(const struct dd_cli_flag *flags, FILE *out);

/* A whole number min..max in digits; false for anything else. */
bool dd_parse_whole(const char *text, uint64_t min, uint64_t max, uint64_t *out);

/* An offset such as +07:00, -03:30 or Z, in minutes. */
bool dd_parse_offset(const char *text, int *offset_min);

#endif
