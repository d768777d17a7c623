/*
 * Points from score sheets: reports with figures, each stage of them a column, each figure the
 * points of the criterion that has its key. Asks for them as for any figures; knows no stage by
 * name.
 */
#ifndef DD_CLIENTS_CLI_SCORE_SHEETS_H
#define DD_CLIENTS_CLI_SCORE_SHEETS_H

#include "clients/cli/score_facts.h"

/* A stage whose sheets are a column, and which of its reports. */
struct dd_sheet {
    struct dd_slice stage;
    struct dd_slice period; /* empty: the stage is owed once */
    enum dd_score_column column;
};

/* Which cycle the sheets are of, and what --sheets says of its stages. Borrows from the flag. */
struct dd_sheets {
    struct dd_slice cycle;
    struct dd_sheet list[DD_SCORE_SHEETS_MAX];
    size_t count;
};

/* Reads CYCLE[:STAGE[@PERIOD]=COLUMN,...]; false where it is none. */
bool dd_sheets_parse(const char *text, struct dd_sheets *out);

/* Takes the stages from the rule sets where the flag names none. False if they name none either, or
 * two of them name other columns for a stage. */
bool dd_sheets_settle(const struct dd_score_case *scored, struct dd_sheets *sheets);

/*
 * Gives every party the points of its sheets as they stand at the end of as_of_day (has_as_of), or
 * now. What was given before stays: it wins. Figures that are no criterion that is handed in in
 * that column are passed over, and so are sheets about units that are no parties. OK, or an exit
 * status with its messages: points beyond the criterion's maximum are all told, with their entries.
 */
enum dd_exit dd_sheets_take(struct dd_cli *cli, const struct dd_sheets *sheets, bool has_as_of,
                            int32_t as_of_day, struct dd_score_case *scored);

#endif
