/*
 * The faults found in the files of a scenario: a list that grows without a cap, so that a user sees
 * all of them at once. Knows nothing of what the files mean.
 */
#ifndef DD_CLIENTS_CLI_SCENARIO_FAULTS_H
#define DD_CLIENTS_CLI_SCENARIO_FAULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { DD_FAULT_QUOTE_BYTES = 96 }; /* room for a quoted value, with its 0 */

/* One fault; owned by the list. `line` is the physical line on which the record starts (header =
 * 1); `text` is "column: what is wrong and the rule". */
struct dd_fault {
    char *file; /* such as "units.csv" */
    uint32_t line;
    char *text;
    size_t order; /* the order of finding, which keeps sorting stable */
};

/* All zero is the empty list. */
struct dd_faults {
    struct dd_fault *list;
    size_t count;
    size_t room;
    bool no_memory; /* sticky: a fault could not be kept */
};

/* Adds a fault about `column` at file:line; the rest as printf. All texts are copied. Without
 * memory sets no_memory. */
__attribute__((format(printf, 5, 6))) void dd_faults_add(struct dd_faults *faults, const char *file,
                                                         uint32_t line, const char *column,
                                                         const char *format, ...);

/* Sorts by file in the order of `files` (count names; others last), then line, then order found. */
void dd_faults_sort(struct dd_faults *faults, const char *const *files, size_t count);

/* Writes one line FILE:LINE: TEXT for each fault. */
void dd_faults_print(const struct dd_faults *faults, FILE *out);

/* Gives the memory back; the list is empty again. */
void dd_faults_free(struct dd_faults *faults);

/* Writes `text` for a message: in "double quotes", cut at a character after about 80 bytes, control
 * bytes as a '?'. Returns out. */
const char *dd_faults_quote(char out[DD_FAULT_QUOTE_BYTES], const char *text);

#endif
