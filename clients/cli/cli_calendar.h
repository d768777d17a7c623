/*
 * Calendars on the command line: what a programme's file makes due in a year, without a server; and
 * days off and make-up working days as people write them in a file (date,kind and perhaps a name),
 * the same form for `dondoc calendar put`.
 */
#ifndef DD_CLIENTS_CLI_CALENDAR_H
#define DD_CLIENTS_CLI_CALENDAR_H

#include "clients/cli/cli.h"

/* `dondoc duty calendar FILE --year YEAR`, and its flags. */
extern const struct dd_cli_flag dd_cli_duty_calendar_flags[];
enum dd_exit dd_cli_duty_calendar(struct dd_cli *cli);

/* Reads a file's days, of any years, in rising order into memory of cli->arena; a day that stands
 * twice is kept twice. OK, or an exit status with its message written. */
enum dd_exit dd_cli_days_read(struct dd_cli *cli, const char *path, struct dd_calendar_day **days,
                              size_t *count);

#endif
