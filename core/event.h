/*
 * What then is so: one closed list. An event says what deciding found out and the command does not
 * say (numbers given out, which side of a bound, a hash); apply reads both. Replay applies events
 * and never decides again, so an event's meaning never changes: a new meaning is a new kind.
 */
#ifndef DD_CORE_EVENT_H
#define DD_CORE_EVENT_H

#include "core/row.h"

// clang-format off
#define DD_EVENT_TABLE(X)                                                                    \
    X(FOUNDED,            1, "founded")                                                      \
    X(UNITS_STAGED,       2, "units-staged")       /* a page came; more to come          */ \
    X(UNITS_PUT,          3, "units-put")          /* the last page came                  */ \
    X(ACCOUNT_PUT,        4, "account-put")        /* number                              */ \
    X(CALENDAR_PUT,       5, "calendar-put")                                                 \
    X(PROGRAMME_PUT,      6, "programme-put")      /* number                              */ \
    X(CYCLE_STAGED,       7, "cycle-staged")       /* number                              */ \
    X(CYCLE_OPENED,       8, "cycle-opened")       /* number, last days of stages, reports */ \
    X(CYCLE_CLOSED,       9, "cycle-closed")                                                 \
    X(TASK_DRAFTED,      10, "task-drafted")                                                 \
    X(VERSION_SUBMITTED, 11, "version-submitted")  /* version, hash, adjustment, stage, end */ \
    X(REPORT_RECEIVED,   12, "report-received")    /* number (report), version (ordinal), end */ \
    X(VERSION_WITHDRAWN, 13, "version-withdrawn")                                            \
    X(VERSION_RETURNED,  14, "version-returned")   /* stage, end                          */ \
    X(VERSION_AGREED,    15, "version-agreed")     /* stage, end, next_stage              */ \
    X(VERSION_APPROVED,  16, "version-approved")   /* stage, end                          */ \
    X(OUTCOME_RECORDED,  17, "outcome-recorded")                                             \
    X(ACCOUNT_REVOKED,   18, "account-revoked")    /* number                              */ \
    X(DUTY_LAPSED,       19, "duty-lapsed")        /* duty                                */ \
    X(RUNG_REACHED,      20, "rung-reached")       /* duty, rung, superior, at            */ \
    X(REMINDER_NOTED,    21, "reminder-noted")                                               \
    X(CYCLE_SCHEDULED,   22, "cycle-scheduled")    /* number, list: occurrences           */ \
    X(REPORT_TAKEN,      23, "report-taken")       /* stage, number (a), version (ordinal), end, delegation */ \
    X(MATTER_OPENED,     24, "matter-opened")      /* number; one for each matter         */ \
    X(ANSWER_TAKEN,      25, "answer-taken")       /* stage, version (ordinal), end, delegation */ \
    X(MATTER_DECIDED,    26, "matter-decided")     /* stage, end                          */ \
    X(MATTER_PROGRESSED, 27, "matter-progressed")  /* stage, end                          */ \
    X(DUTY_BENT,         28, "duty-bent")          /* duty                                */ \
    X(DELEGATED,         29, "delegated")          /* number                              */ \
    X(TRANSFERRED,       30, "transferred")                                                  \
    X(PUBLISHED,         31, "published")          /* number                              */
// clang-format on

enum dd_event_kind {
#define DD_EVENT_ENUM(name, number, word) DD_EVENT_##name = (number),
    DD_EVENT_TABLE(DD_EVENT_ENUM)
#undef DD_EVENT_ENUM
};

enum { DD_LAST_DAYS_MAX = DD_STAGES_MAX + DD_REPORTS_MAX };

/* One event; which fields mean something is said in the table, the rest are zero. */
struct dd_event {
    enum dd_event_kind kind;
    uint32_t number;
    uint16_t version;
    uint8_t content_hash[32];
    bool adjustment;
    uint8_t stage;
    uint8_t next_stage;
    enum dd_end end; /* how the duty that it met ended: on time or late; 0: it met none */
    struct dd_duty_key duty;
    int8_t rung;
    bool superior;
    int64_t at_ms;
    uint8_t stage_count; /* last accepted days; INT32_MAX: no bound */
    uint8_t report_count;
    int32_t last_day[DD_LAST_DAYS_MAX]; /* stages, then reports */
    uint16_t delegation;                /* under which it was signed; 0: in person */
    struct dd_slice list;               /* borrowed: of the arena, or of the entry that was read */
};

/* Events of one entry: an array of the caller's. */
struct dd_events {
    struct dd_event *event;
    size_t count;
    size_t capacity;
};

/* Adds a zeroed event of that kind; NULL when the array is full. */
struct dd_event *dd_events_add(struct dd_events *events, enum dd_event_kind kind);

/* The kind's word ("rung-reached"), "" if it is none. Static. */
const char *dd_event_word(enum dd_event_kind kind);

/* The bytes of the events as an entry keeps them: u16 count, then of each u8 kind, u16 size,
 * fields. */
void dd_events_write(struct dd_writer *w, const struct dd_events *events);

/* Reads what dd_events_write wrote into events->event (up to its capacity). False if the bytes are
 * broken, a kind is unknown or there are more than fit: the reader must then refuse the log. */
bool dd_events_read(struct dd_reader *r, struct dd_events *events);

#endif
