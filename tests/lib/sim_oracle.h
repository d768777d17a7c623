/*
 * A second opinion: the key-tasks cycle of 2013 told once more from its log alone, in the plainest
 * way (arrays, linear search, dates by counting), sharing nothing with core's decide, apply, duty
 * and tally. It takes for granted what was accepted and says what then must be so: the figures of
 * the table, how the reports stand, which reminders were due at which Tick.
 */
#ifndef DD_TESTS_LIB_SIM_ORACLE_H
#define DD_TESTS_LIB_SIM_ORACLE_H

#include "core/bytes.h"
#include "core/status.h"
#include "core/words.h"

enum {
    ORACLE_UNITS_MAX = 14,
    ORACLE_ITEMS_MAX = 40,
    ORACLE_VERSIONS_MAX = 400,
    ORACLE_DUTIES_MAX = 1024,
    ORACLE_OUTCOMES_MAX = 4096,
    ORACLE_REMINDERS_MAX = 8192,
    ORACLE_FAULT_BYTES = 240
};

enum { ORACLE_H1, ORACLE_YEAR }; /* periods, and reports */

struct oracle_item {
    int task;
    int number;
    bool own;
    int32_t due;
};

struct oracle_list {
    struct oracle_item item[ORACLE_ITEMS_MAX];
    size_t count;
};

struct oracle_version {
    struct oracle_list list;
    bool adjustment;
    bool appraised;
    uint64_t seq;
};

struct oracle_unit {
    char code[16];
    struct oracle_list draft;
    struct oracle_version version[ORACLE_VERSIONS_MAX]; /* from 1 */
    size_t newest;
    size_t pending;
    size_t in_force;
};

struct oracle_duty {
    int unit;
    char kind; /* 'g': registration, 'r': report, 'i': indicator */
    int a;
    int b;
    int32_t last_day;
    bool open;
    bool gone; /* superseded */
    int64_t ended_ms;
    uint64_t ended_seq;
    size_t next_rung;
    int64_t armed_ms; /* rungs before this are skipped */
};

struct oracle_outcome {
    int unit;
    int task;
    int number;
    enum dd_outcome outcome;
    int32_t day;
    int64_t received_ms;
    uint64_t seq;
};

struct oracle_reminder {
    uint64_t seq;
    uint16_t index;
    size_t duty;
    int rung;
    int64_t at_ms;
    bool told;
};

struct oracle_counts {
    int64_t year, period, completed, exceeded, early, unattainable;
};

struct oracle {
    struct oracle_unit unit[ORACLE_UNITS_MAX];
    int units;
    struct oracle_duty duty[ORACLE_DUTIES_MAX];
    size_t duties;
    struct oracle_outcome outcome[ORACLE_OUTCOMES_MAX];
    size_t outcomes;
    struct oracle_reminder reminder[ORACLE_REMINDERS_MAX];
    size_t reminders;
    bool open;
    uint64_t entries;
    int64_t last_ms;
    char fault[ORACLE_FAULT_BYTES]; /* the first thing that cannot be; "" so far */
};

/* The cast's parties (two departments and the agencies), nothing happened yet. */
void oracle_make(struct oracle *oracle, unsigned agencies);

/* Takes the next entry's bytes. */
void oracle_entry(struct oracle *oracle, struct dd_slice bytes);

/* The figures of a party in a period. */
struct oracle_counts oracle_counts(const struct oracle *oracle, int unit, int period);

/* How the duty stands at the instant. */
enum dd_end oracle_stands(const struct oracle_duty *duty, int64_t now_ms);

/* Reminders that a Tick at the instant would still have to bring. */
size_t oracle_due(const struct oracle *oracle, int64_t now_ms);

/* The duty's name: "register", "report/H1", "indicator/3.2". */
void oracle_duty_text(const struct oracle_duty *duty, char out[40]);

/* Days since 1970-01-01, and the first instant of a day in the province (UTC+7). */
int32_t oracle_day(int year, int month, int day);
int64_t oracle_midnight(int32_t day);

#endif
