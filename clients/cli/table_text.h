/*
 * The official table (Biểu tổng hợp) for people: rows by group, totals, then the sets that are
 * counted with the names of who is in them; also as summary.csv and as JSON. Takes what was
 * collected; asks nobody.
 */
#ifndef DD_CLIENTS_CLI_TABLE_TEXT_H
#define DD_CLIENTS_CLI_TABLE_TEXT_H

#include <stdio.h>

#include "clients/cli/sentence.h"
#include "core/question.h"

/* All pages of each answer, one behind the other; borrowed. */
struct dd_official_table {
    const struct dd_cycle_answer *cycle;
    const struct dd_table_answer *table;
    const struct dd_duties_answer *reports; /* the duties to report, as of the same instant */
};

/* Plain text without boxes: the column of names is as wide as the widest of them, at most 60
 * columns, and the whole then at most 135 wide. */
void dd_table_text(const struct dd_official_table *official, enum dd_language language, FILE *out);

/* The form of summary.csv. False if writing failed. */
bool dd_table_csv(const struct dd_official_table *official, FILE *out);

/* Everything, one object. */
void dd_table_json(const struct dd_official_table *official, FILE *out);

#endif
