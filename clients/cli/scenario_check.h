/*
 * Checks of single values of a scenario's files: codes, texts, numbers, days. Each check lists what
 * is wrong at the place it is given. Knows neither which file it reads nor how values hang
 * together.
 */
#ifndef DD_CLIENTS_CLI_SCENARIO_CHECK_H
#define DD_CLIENTS_CLI_SCENARIO_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clients/cli/scenario_faults.h"

/* Where a value stands. `file` has static storage, `column` is a column or the path of a key. */
struct dd_scenario_place {
    struct dd_faults *faults;
    const char *file;
    uint32_t line;
    const char *column;
};

/* The same place, another column of its record. */
struct dd_scenario_place dd_scenario_column(struct dd_scenario_place place, const char *column);

/*
 * All checks: NULL is a value that was listed as faulty before and gives false without another
 * fault; a fault gives false; true means the value is good and, where there is one, *out is set.
 */

/* Not empty. */
bool dd_scenario_filled(struct dd_scenario_place place, const char *text);

/* A code: 1 to DD_CODE_BYTES_MAX of a-z A-Z 0-9 . _ -, beginning with a letter or digit. */
bool dd_scenario_code(struct dd_scenario_place place, const char *text);

/* UTF-8 of at most max_bytes without control characters; newline and tab only with `lines`. */
bool dd_scenario_text(struct dd_scenario_place place, const char *text, size_t max_bytes,
                      bool lines);

/* A whole number from..to in digits without sign or leading zero. */
bool dd_scenario_whole(struct dd_scenario_place place, const char *text, uint32_t from, uint32_t to,
                       uint32_t *out);

/* A date YYYY-MM-DD that exists. */
bool dd_scenario_date(struct dd_scenario_place place, const char *text, int32_t *out);

/* A date as above and, if year is not 0, within that year. */
bool dd_scenario_date_in(struct dd_scenario_place place, const char *text, int year, int32_t *out);

#endif
