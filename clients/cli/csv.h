/*
 * CSV as RFC 4180 has it: reading a file's bytes into records whose columns are found by name, and
 * writing records. Lists every fault with the physical line on which its record starts. Knows no
 * column's meaning and opens no file.
 */
#ifndef DD_CLIENTS_CLI_CSV_H
#define DD_CLIENTS_CLI_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "clients/cli/scenario_faults.h"
#include "core/arena.h"
#include "core/bytes.h"
#include "core/status.h"

/* A column that a file may have. */
struct dd_csv_column {
    const char *name;
    bool optional; /* its absence is no fault */
};

/* One record: a cell for each column asked for, in that order, 0-ended UTF-8 without NUL. A cell is
 * NULL if its column is absent or if it is faulty and was listed as such. */
struct dd_csv_row {
    uint32_t line; /* physical line on which the record starts; the header is on 1 or below */
    const char **cell;
};

struct dd_csv {
    struct dd_csv_row *rows;
    size_t count;
    size_t room;
};

/*
 * Reads `bytes`: UTF-8 with or without BOM, LF or CRLF, columns in any order, blank lines skipped.
 * A CRLF within quotes is read as LF. Faults are added under the name `file`: not UTF-8, a header
 * that is missing, has unknown, doubled or lacks required columns, records with too few or too many
 * fields, quotes out of place or never closed; a record with the wrong number of fields is kept
 * with the fields that it has, one with quotes out of place is dropped. Rows are freed with
 * dd_csv_free, their cells live in `arena`. DD_OK also where there are faults; DD_NO_MEMORY, with
 * nothing to free.
 */
enum dd_status dd_csv_read(struct dd_slice bytes, const char *file,
                           const struct dd_csv_column *columns, size_t column_count,
                           struct dd_arena *arena, struct dd_csv *out, struct dd_faults *faults);

/* Gives the rows back (not the cells). An all-zero struct is fine. */
void dd_csv_free(struct dd_csv *csv);

/* Writes one record of `count` 0-ended cells with CRLF, quoting the cells that need it. False if
 * writing failed. */
bool dd_csv_write(FILE *out, const char *const *cells, size_t count);

#endif
