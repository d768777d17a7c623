/*
 * A scenario: a folder of files that says which agencies there are, what they registered, how it
 * went and what they handed in, read into plain structs. Either the whole folder is well-formed, or
 * every fault of every file is listed. Knows no programme by name and plays nothing.
 */
#ifndef DD_CLIENTS_CLI_SCENARIO_H
#define DD_CLIENTS_CLI_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clients/cli/scenario_faults.h"
#include "core/figure.h"
#include "core/limits.h"
#include "core/status.h"
#include "core/words.h"

enum {
    DD_SCENARIO_ROOT = -1,     /* a unit's parent that is the root unit */
    DD_SCENARIO_ACT_HOUR = 9,  /* register, appraise, approve: local hour of their day */
    DD_SCENARIO_DONE_HOUR = 17 /* outcomes: local hour of completed_on */
};

/* All texts are 0-ended UTF-8 owned by the scenario. Days are local days since 1970-01-01. */

struct dd_scenario_group {
    const char *code;
    const char *name;
    uint32_t line;
};

struct dd_scenario_account {
    const char *code;
    uint32_t line;
};

struct dd_scenario_report {
    const char *code;
    int32_t before; /* the first refused day */
    uint32_t line;
};

struct dd_scenario_unit {
    const char *code;
    const char *name;
    size_t group; /* index into groups */
    uint16_t ordinal;
    int32_t parent;         /* index into units, or DD_SCENARIO_ROOT */
    const char *head_title; /* may be empty */
    size_t approver;        /* index into approvers */
    size_t indicator_count; /* rows in indicators.csv; 0: the unit does not register */
    uint32_t line;
};

struct dd_scenario_indicator {
    size_t unit; /* index into units */
    uint16_t task;
    uint16_t indicator;
    size_t kind; /* index into kinds */
    const char *title;
    const char *uom; /* may be empty */
    bool has_target;
    struct dd_figure target;
    int32_t due;
    enum dd_outcome outcome; /* 0: nothing was ever reported */
    int32_t completed_on;    /* only with an outcome */
    uint32_t line;
};

struct dd_scenario_received {
    size_t unit;   /* index into units */
    size_t report; /* index into reports */
    int64_t at_ms;
    uint32_t line;
};

struct dd_scenario_day {
    int32_t day;
    bool works;       /* a make-up working day; else a holiday */
    const char *name; /* may be empty */
    uint32_t line;
};

/* The kinds of task that the programme knows. */
struct dd_scenario_kinds {
    size_t count;
    struct {
        char code[DD_CODE_BYTES_MAX + 1];
        uint16_t max_tasks;
    } kind[DD_ITEM_KINDS_MAX];
};

struct dd_scenario {
    const char *jurisdiction;
    struct {
        const char *code;
        const char *name;
    } root;
    struct dd_scenario_group *groups; /* in the table's order */
    size_t group_count;
    size_t appraisers[DD_APPRAISERS_MAX]; /* indices into units */
    size_t appraiser_count;
    struct dd_scenario_account *approvers; /* accounts of the root; the first decides adjustments */
    size_t approver_count;
    const char *programme;
    struct dd_scenario_kinds kinds;
    int year;
    int64_t clock_ms;
    int offset_min;
    int32_t register_day;
    int32_t appraise_day;
    int32_t approve_day;
    struct {
        const char *code;
        int32_t from;
        int32_t to; /* included */
    } period;
    int32_t as_of;                      /* the whole day included */
    struct dd_scenario_report *reports; /* in the order of scenario.yaml */
    size_t report_count;
    struct dd_scenario_unit *units; /* these, too: in file order */
    size_t unit_count;
    struct dd_scenario_indicator *indicators;
    size_t indicator_count;
    struct dd_scenario_received *received;
    size_t received_count;
    bool has_calendar;            /* calendar.csv is there */
    struct dd_scenario_day *days; /* ascending */
    size_t day_count;
    struct dd_scenario_memory *memory;
};

/*
 * Finds the programme that scenario.yaml names: first in `dir`, then among those that come with
 * dondoc. DD_OK with its kinds; DD_NOT_FOUND if there is none (which the reader lists as a fault);
 * DD_INVALID if its file is faulty, having added its faults; else a status of the world.
 */
struct dd_scenario_programmes {
    void *self;
    enum dd_status (*find)(void *self, const char *dir, const char *code,
                           struct dd_scenario_kinds *kinds, struct dd_faults *faults);
};

/*
 * Reads the scenario in `dir`: scenario.yaml, units.csv, indicators.csv, reports.csv and, if it is
 * there, calendar.csv. DD_OK: *out is the scenario, freed by the caller with dd_scenario_free.
 * DD_INVALID: *faults has every fault of every file, sorted in the order of the files named here
 * and then by line; *out is NULL. DD_NO_MEMORY and what `find` gives of the world: *out is NULL.
 * `faults` is the caller's, all zero or in use, and is freed by the caller.
 */
enum dd_status dd_scenario_read(const char *dir, const struct dd_scenario_programmes *programmes,
                                struct dd_scenario **out, struct dd_faults *faults);

/* Gives everything back. NULL is fine. */
void dd_scenario_free(struct dd_scenario *scenario);

#endif
