/*
 * A scenario: a folder of files that says which agencies there are, what they registered, how it
 * went, what they handed in and what else they did, read into plain structs. Either the whole
 * folder is well-formed, or every fault of every file is listed. Knows no programme and no command
 * by name and plays nothing.
 */
#ifndef DD_CLIENTS_CLI_SCENARIO_H
#define DD_CLIENTS_CLI_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clients/cli/scenario_faults.h"
#include "core/figure.h"
#include "core/form.h"
#include "core/limits.h"
#include "core/status.h"
#include "core/words.h"

enum {
    DD_SCENARIO_ROOT = -1,    /* a unit's parent, an office's unit, that is the root unit */
    DD_SCENARIO_NOWHERE = -2, /* an office of no unit */
    DD_SCENARIO_NO_DAY = INT32_MAX,
    DD_SCENARIO_ACT_WORDS_MAX = 256,
    DD_SCENARIO_ACT_HOUR = 9,  /* register, appraise, approve: local hour of their day */
    DD_SCENARIO_DONE_HOUR = 17 /* outcomes: local hour of completed_on */
};

/* All texts are 0-ended UTF-8 owned by the scenario. Days are local days since 1970-01-01. */

struct dd_scenario_group {
    const char *code;
    const char *name;
    bool takes_part; /* its units are parties of the scenario's own cycle */
    uint32_t line;
};

struct dd_scenario_account {
    const char *code;
    uint32_t line;
};

/* Who acts is one number, an actor: 0 is the administrator, then come the units (their heads), the
 * approvers, the further accounts of accounts.csv, each in order. */

/* A row of accounts.csv: an office that an account holds besides. */
struct dd_scenario_office {
    size_t actor;
    int32_t unit; /* index into units, DD_SCENARIO_ROOT or DD_SCENARIO_NOWHERE */
    enum dd_role role;
    int32_t from;
    int32_t to; /* included */
    uint32_t line;
};

/* A row of acts.csv: what somebody types after `dondoc`. */
struct dd_scenario_act {
    int64_t at_ms;
    size_t actor;
    const char *text;   /* as it stands in the file */
    const char **words; /* and split */
    size_t word_count;
    const char
        *expect; /* the key of the rule, or of the status, that refuses it; "": it succeeds */
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
    int32_t from;           /* valid from this day, */
    int32_t to;             /* to this one */
    int32_t successor;      /* index into units, or DD_SCENARIO_NOWHERE */
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
    const char *code;      /* the item's own; may be empty */
    int32_t start;         /* 0: not said */
    const char **partners; /* codes of units */
    size_t partner_count;
    enum dd_outcome outcome; /* 0: nothing was ever reported */
    int32_t completed_on;    /* only with an outcome */
    const char *note;        /* on it; may be empty */
    uint32_t line;
};

struct dd_scenario_received {
    size_t unit;        /* index into units */
    const char *report; /* a report's code; of a recurring one its period */
    const char *cycle;  /* "PROGRAMME/PERIOD"; empty: the scenario's own */
    const char *stage;  /* key; may be empty */
    enum dd_capacity capacity;
    size_t actor; /* who hands it in */
    struct dd_figure_value *figures;
    size_t figure_count;
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
    bool takes_no_reports; /* that a cycle names */
    size_t count;          /* 0: nothing is registered */
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
    int32_t register_day; /* these three: DD_SCENARIO_NO_DAY: not given, nothing is registered */
    int32_t appraise_day;
    int32_t approve_day;
    struct {
        const char *code;
        int32_t from;
        int32_t to; /* included */
    } period;
    int32_t as_of;                      /* the whole day included */
    int64_t until_ms;                   /* the clock's last instant; 0: that of the year */
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
    struct dd_scenario_account *further; /* accounts that only accounts.csv names */
    size_t further_count;
    struct dd_scenario_office *offices;
    size_t office_count;
    struct dd_scenario_act *acts; /* in file order */
    size_t act_count;
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
 * Reads the scenario in `dir`: scenario.yaml, units.csv, indicators.csv, reports.csv and, if they
 * are there, calendar.csv, accounts.csv and acts.csv. Where the programme registers nothing, or has
 * no reports that a cycle names, the files and keys about these may be missing. DD_OK: *out is the
 * scenario, freed by the caller with dd_scenario_free. DD_INVALID: *faults has every fault of every
 * file, sorted in the order of the files named here and then by line; *out is NULL. DD_NO_MEMORY
 * and what `find` gives of the world: *out is NULL. `faults` is the caller's, all zero or in use,
 * and is freed by the caller.
 */
enum dd_status dd_scenario_read(const char *dir, const struct dd_scenario_programmes *programmes,
                                struct dd_scenario **out, struct dd_faults *faults);

/* Gives everything back. NULL is fine. */
void dd_scenario_free(struct dd_scenario *scenario);

#endif
