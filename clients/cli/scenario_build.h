/*
 * What the readers of a scenario's files share while a scenario is being built. Private to
 * clients/cli/scenario*.c.
 */
#ifndef DD_CLIENTS_CLI_SCENARIO_BUILD_H
#define DD_CLIENTS_CLI_SCENARIO_BUILD_H

#include "clients/cli/csv.h"
#include "clients/cli/scenario.h"
#include "clients/cli/scenario_check.h"
#include "core/arena.h"

/* The files' names, in the order in which faults are listed. */
#define DD_SCENARIO_YAML "scenario.yaml"
#define DD_SCENARIO_UNITS "units.csv"
#define DD_SCENARIO_INDICATORS "indicators.csv"
#define DD_SCENARIO_REPORTS "reports.csv"
#define DD_SCENARIO_CALENDAR "calendar.csv"
#define DD_SCENARIO_ACCOUNTS "accounts.csv"
#define DD_SCENARIO_ACTS "acts.csv"

/* A text of scenario.yaml that is looked up after units.csv was read. */
struct dd_scenario_named {
    const char *code; /* NULL: faulty, listed already */
    uint32_t line;
};

/* A key of scenario.yaml that is not there; whether it is needed, the programme says. */
enum dd_scenario_need {
    DD_SCENARIO_NEED_REGISTER,
    DD_SCENARIO_NEED_APPRAISE,
    DD_SCENARIO_NEED_APPROVE,
    DD_SCENARIO_NEED_PERIOD,
    DD_SCENARIO_NEED_REPORTS,
    DD_SCENARIO_NEEDS
};

/* A unit's code and where it is; sorted by code, then index. */
struct dd_scenario_unit_code {
    const char *code;
    size_t index;
};

struct dd_scenario_build {
    const char *dir;
    struct dd_scenario *scenario;
    struct dd_arena *arena;
    struct dd_faults *faults;
    bool has_year; /* these were read without a fault */
    bool has_clock;
    bool has_register;
    bool has_appraise;
    bool has_approve;
    bool has_groups;
    bool has_approvers;
    bool has_reports;
    bool has_kinds;
    uint32_t programme_line;
    uint32_t missing_line[DD_SCENARIO_NEEDS]; /* 0: the key is there */
    struct dd_scenario_named appraisers[DD_APPRAISERS_MAX];
    size_t appraiser_count;
    struct dd_scenario_unit_code *by_code;
    size_t by_code_count;
    bool has_units; /* units.csv could be read, so an unknown code is a fault */
};

/* The bytes of a file of the folder, in arena memory, with a 0 behind them. DD_OK; DD_NOT_FOUND if
 * it is missing or cannot be read, which is a fault unless it is missing and `optional`;
 * DD_NO_MEMORY. */
enum dd_status dd_scenario_slurp(struct dd_scenario_build *build, const char *file, bool optional,
                                 struct dd_slice *bytes);

/* Reads a CSV file of the folder. As dd_scenario_slurp; *out is freed with dd_csv_free. */
enum dd_status dd_scenario_csv(struct dd_scenario_build *build, const char *file, bool optional,
                               const struct dd_csv_column *columns, size_t count,
                               struct dd_csv *out);

/* The readers, in the order in which they are called. DD_OK also where faults were listed;
 * DD_NO_MEMORY. */
enum dd_status dd_scenario_read_yaml(struct dd_scenario_build *build);
enum dd_status dd_scenario_read_units(struct dd_scenario_build *build);
enum dd_status dd_scenario_read_indicators(struct dd_scenario_build *build);
enum dd_status dd_scenario_read_reports(struct dd_scenario_build *build);
enum dd_status dd_scenario_read_calendar(struct dd_scenario_build *build);
enum dd_status dd_scenario_read_accounts(struct dd_scenario_build *build);
enum dd_status dd_scenario_read_acts(struct dd_scenario_build *build);

/* False if the programme is known and registers nothing (has no reports that a cycle names). */
bool dd_scenario_registers(const struct dd_scenario_build *build);
bool dd_scenario_names_reports(const struct dd_scenario_build *build);

/* Looks up the appraisers and checks the accounts against the units' codes; after the units and the
 * indicators. */
void dd_scenario_check_people(struct dd_scenario_build *build);

/* The unit of that code into *unit; a fault at `place` if there is none. False as the checks. */
bool dd_scenario_find_unit(const struct dd_scenario_build *build, struct dd_scenario_place place,
                           const char *code, size_t *unit);

/* As dd_scenario_find_unit, but what is no unit is no fault. */
bool dd_scenario_knows_unit(const struct dd_scenario_build *build, const char *code, size_t *unit);

/* The account of that code as an actor; a fault at `place` if there is none, for which accounts.csv
 * must have been read. The administrator is called so. False as the checks. */
bool dd_scenario_find_actor(const struct dd_scenario_build *build, struct dd_scenario_place place,
                            const char *code, size_t *actor);

/* The words of a cell that blanks divide, in arena memory; NULL without memory. */
const char **dd_scenario_split(const struct dd_scenario_build *build, const char *cell,
                               size_t *count);

/* A key of a row, by which doubles are found. */
struct dd_scenario_key {
    uint64_t value;
    size_t row;
};

/* Sorts the keys by value, then row, and tells each row whose value an earlier row has, with the
 * first row of that value. */
void dd_scenario_doubles(struct dd_scenario_key *keys, size_t count, void *context,
                         void (*found)(void *context, size_t first_row, size_t later_row));

#endif
