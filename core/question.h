/*
 * What can be asked and what comes back, as plain structs. Questions never change anything. Texts
 * and arrays borrow: a question's from the bytes it was decoded from, an answer's from the state
 * that it was read from or the arena that it was made in.
 */
#ifndef DD_CORE_QUESTION_H
#define DD_CORE_QUESTION_H

#include "core/command.h"

// clang-format off
#define DD_QUESTION_TABLE(X)                                                     \
    X(HELLO, 10, "hello") X(CYCLE, 11, "cycle") X(TABLE, 12, "table")            \
    X(DUTIES, 13, "duties") X(DOSSIER, 14, "dossier") X(REMINDERS, 15, "reminders") \
    X(LOG, 16, "log") X(DIGEST, 17, "digest") X(UNITS, 18, "units")              \
    X(CYCLES, 19, "cycles") X(MATTERS, 20, "matters") X(MATTER, 21, "matter")    \
    X(FIGURES, 22, "figures") X(PUBLICATIONS, 23, "publications")                \
    X(DELEGATIONS, 24, "delegations")
// clang-format on

enum dd_question_kind {
#define DD_QUESTION_ENUM(name, number, word) DD_QUESTION_##name = (number),
    DD_QUESTION_TABLE(DD_QUESTION_ENUM)
#undef DD_QUESTION_ENUM
};

struct dd_question {
    enum dd_question_kind kind;
    uint64_t min_seq;      /* the state must hold at least this entry */
    struct dd_slice after; /* `next` of the page before; empty: from the start */
    struct dd_slice cycle;
    struct dd_slice unit;
    struct dd_slice account;
    struct dd_slice period;
    enum dd_act act; /* 0: any */
    bool has_as_of;
    int32_t as_of_day; /* the whole local day included */
    uint16_t version;
    uint64_t from_seq;
    uint32_t limit;
    int64_t from_ms;
    int64_t to_ms;               /* excluded; 0: none */
    struct dd_slice stage;       /* key; FIGURES */
    struct dd_slice matter_kind; /* MATTERS; empty: all */
    uint16_t matter;
};

struct dd_hello_answer {
    struct dd_slice server;
    struct dd_slice jurisdiction;
    bool rehearsal;
    struct dd_slice account;
    struct dd_office *offices;
    size_t office_count;
};

/* A duty that every party of some groups owes: its stage, its period, until when. */
struct dd_cycle_duty {
    struct dd_slice stage;
    struct dd_slice period; /* empty: none */
    int32_t last_day;       /* INT32_MAX: no bound */
    int32_t closing_day;    /* INT32_MAX: none */
};

/* What people call a stage. */
struct dd_cycle_stage {
    struct dd_slice key;
    struct dd_slice name_vi;
    struct dd_slice name_en;
    enum dd_act act;
    enum dd_silence silence;
    enum dd_role by; /* who owes it; an appraiser or approver owes it about the party */
};

struct dd_cycle_answer {
    struct dd_slice cycle;
    struct dd_slice programme;
    uint16_t programme_version;
    struct dd_slice host;
    int32_t from_day;
    int32_t to_day;
    int16_t offset_min;
    bool open;
    struct dd_named_date *dates;
    size_t date_count;
    struct dd_period *periods;
    size_t period_count;
    struct dd_report_due *reports;
    size_t report_count;
    struct dd_slice *appraisers;
    size_t appraiser_count;
    struct dd_slice *approvers;
    size_t approver_count;
    uint32_t party_count;
    struct dd_cycle_duty *duties; /* the recurring ones of each party, and the others' last days */
    size_t duty_count;
    struct dd_cycle_stage *stages; /* of the programme, in order */
    size_t stage_count;
};

/* The figures of the official table for one party, or a sum of them. */
struct dd_counts {
    int64_t registered_year;
    int64_t registered_period;
    int64_t completed;
    int64_t exceeded;
    int64_t not_completed; /* registered_period - completed */
    int64_t early;
    int64_t unattainable;
};

struct dd_table_row {
    struct dd_slice group;
    uint16_t ordinal;
    struct dd_slice unit;
    struct dd_slice name;
    struct dd_counts counts;
};

struct dd_table_total {
    struct dd_slice group; /* empty: the whole */
    struct dd_slice name;
    uint64_t units;
    struct dd_counts counts;
    uint64_t none_registered;
    uint64_t all_completed;
    uint64_t incomplete;
};

struct dd_table_answer {
    struct dd_slice cycle;
    struct dd_slice period;
    int64_t as_of_ms; /* the first instant that no longer counts */
    struct dd_table_row *rows;
    size_t row_count;
    struct dd_table_total *totals; /* groups in order, then the whole; on the last page */
    size_t total_count;
};

struct dd_duty_line {
    struct dd_slice unit;
    struct dd_slice duty;
    int64_t bound_ms;   /* 0: none */
    int64_t met_ms;     /* 0: not met */
    enum dd_end status; /* never OPEN: PENDING or MISSING */
    uint64_t met_seq;
    enum dd_silence silence; /* what it means if it lapses */
    bool suspended;
    uint8_t extensions;
    struct dd_slice keeper; /* the unit that answers for it now; empty: itself */
};

struct dd_duties_answer {
    int16_t offset_min;
    struct dd_duty_line *duties;
    size_t duty_count;
};

struct dd_dossier_item {
    uint16_t task;
    struct dd_slice kind;
    struct dd_indicator_put indicator;
    enum dd_outcome outcome; /* the latest; 0: none */
    int32_t outcome_day;
};

struct dd_figure_cell {
    struct dd_slice key;
    struct dd_figure value;
    bool estimate;
};

struct dd_dossier_version {
    uint16_t version;
    uint8_t content_hash[32];
    enum dd_version_state state;
    bool adjustment;
    int64_t submitted_ms;
    int64_t ended_ms;       /* 0: not ended */
    struct dd_slice awaits; /* key of the stage it waits in; empty: none */
    struct dd_slice reason;
    enum dd_capacity capacity; /* of who handed it in */
    struct dd_figure_cell *figures;
    size_t figure_count;
};

struct dd_dossier_answer {
    enum dd_dossier_state state;
    uint16_t newest;   /* 0: none */
    uint16_t in_force; /* 0: none */
    struct dd_dossier_version *versions;
    size_t version_count;
    struct dd_dossier_item *items;
    size_t item_count;
};

struct dd_reminder_line {
    uint64_t seq;
    uint16_t index;
    struct dd_slice cycle;
    struct dd_slice unit;
    struct dd_slice duty;
    int8_t rung;
    bool superior;
    int64_t at_ms;
    int64_t bound_ms;
    struct dd_slice to_unit;
    int64_t delivered_ms; /* 0: not yet */
    int16_t offset_min;
};

struct dd_reminders_answer {
    struct dd_reminder_line *reminders;
    size_t reminder_count;
};

struct dd_log_line {
    struct dd_slice entry;   /* its bytes */
    struct dd_slice account; /* code; empty for the broker and the genesis */
};

struct dd_log_answer {
    struct dd_log_line *entries;
    size_t entry_count;
    uint64_t next_seq;
    uint64_t tail_seq;
};

struct dd_digest_answer {
    uint8_t root[32];
    uint8_t digest[32];
    uint32_t state_format;
};

struct dd_unit_line {
    struct dd_slice code;
    struct dd_slice name;
    struct dd_slice group;
    uint16_t ordinal;
    struct dd_slice parent;
    struct dd_slice head_title;
    int32_t from_day;
    int32_t to_day; /* INT32_MAX: no end */
    struct dd_slice successor;
};

struct dd_units_answer {
    struct dd_unit_line *units;
    size_t unit_count;
};

struct dd_cycle_line {
    struct dd_slice cycle;
    struct dd_slice programme;
    struct dd_slice host;
    int32_t from_day;
    int32_t to_day;
    bool open;
    uint32_t party_count;
};

struct dd_cycles_answer {
    struct dd_cycle_line *cycles;
    size_t cycle_count;
};

/* How many chose what. */
struct dd_choice_count {
    struct dd_slice choice;
    struct dd_slice name_vi;
    struct dd_slice name_en;
    uint32_t count;
};

struct dd_matter_line {
    uint16_t matter;
    struct dd_slice kind;
    struct dd_slice code;
    struct dd_slice title;
    struct dd_slice notice;
    struct dd_slice owner;
    int64_t opened_ms;
    int64_t at_ms;    /* 0: none */
    int64_t bound_ms; /* of the latest duty of its first stage; 0: none */
    uint32_t asked;
    uint32_t answered;
    uint32_t lapsed;         /* silent, and time has ended it */
    uint32_t open;           /* duties that wait */
    enum dd_silence silence; /* what a lapse means */
    struct dd_choice_count *choices;
    size_t choice_count;
    bool has_rule;              /* it passes or not: */
    bool passed;                /* more than the share chose what it asks for, */
    bool settled;               /* and no answer to come can change that; */
    uint32_t favour;            /* so many count for it, silence that agrees with them, */
    uint32_t counted;           /* of so many, */
    uint32_t needed;            /* and so many would pass */
    struct dd_slice awaits;     /* key of the stage that waits for a decision; empty: none */
    enum dd_verdict verdict;    /* 0: none yet */
    struct dd_slice decided_by; /* account */
    int64_t decided_ms;
    struct dd_slice reason;
    enum dd_outcome outcome; /* the owner's latest; 0: none */
    int32_t outcome_day;
    uint16_t revision;
    uint16_t parent;
    enum dd_capacity capacity;
};

struct dd_matters_answer {
    int16_t offset_min;
    struct dd_matter_line *matters;
    size_t matter_count;
};

struct dd_answer_line {
    struct dd_slice stage;
    struct dd_slice unit;
    struct dd_slice head_title; /* of the unit: who answers for its silence */
    enum dd_end status;
    int64_t bound_ms;       /* 0: none */
    struct dd_slice choice; /* empty: none */
    struct dd_slice note;
    int64_t received_ms; /* 0: nothing came */
    uint64_t seq;
    struct dd_slice account;
    enum dd_capacity capacity;
    struct dd_slice delegated_by; /* account; empty: signed in person */
    struct dd_figure_cell *figures;
    size_t figure_count;
    bool late; /* it came when silence had spoken: it counts for nothing */
};

struct dd_matter_answer {
    int16_t offset_min;
    struct dd_matter_line matter; /* bound, counts and result on the first page alone */
    struct dd_slice *partners;
    size_t partner_count;
    struct dd_answer_line *answers; /* each stage and unit in turn */
    size_t answer_count;
};

/* A figure of a form, as people read it. */
struct dd_figure_head {
    struct dd_slice key;
    struct dd_slice name_vi;
    struct dd_slice name_en;
    struct dd_slice unit_of_measure;
    bool has_target;
    struct dd_figure target;
};

struct dd_figures_row {
    struct dd_slice group;
    struct dd_slice unit; /* empty: the sum of the group, or of the whole */
    struct dd_slice name;
    enum dd_end status; /* of the duty */
    int64_t received_ms;
    uint64_t seq;
    struct dd_slice account;
    enum dd_capacity capacity;
    struct dd_slice delegated_by;
    uint32_t units; /* of a sum: whose figures are in it */
    struct dd_figure_cell *figures;
    size_t figure_count;
    struct dd_slice notes; /* keys of the figures whose checks are breached, a blank between */
};

struct dd_figures_answer {
    struct dd_slice cycle;
    struct dd_slice stage;
    struct dd_slice period;
    int16_t offset_min;
    struct dd_figure_head *heads;
    size_t head_count;
    struct dd_figures_row *rows; /* units in order; on the last page then groups, then the whole */
    size_t row_count;
};

struct dd_publication_line {
    struct dd_slice unit;
    struct dd_slice number;
    enum dd_issue issue;
    struct dd_slice title;
    int32_t day;
    struct dd_slice cycle;
    struct dd_slice period;
    int32_t as_of_day;
    uint64_t at_seq;
    uint8_t sha256[32];
    uint64_t size_bytes;
    struct dd_slice type;
    struct dd_slice corrects; /* numbers; empty: none */
    struct dd_slice corrected_by;
    uint64_t seq;
    int64_t issued_ms;
    struct dd_slice account;
    enum dd_capacity capacity;
};

struct dd_publications_answer {
    int16_t offset_min;
    struct dd_publication_line *publications;
    size_t publication_count;
};

struct dd_delegation_line {
    struct dd_slice unit;
    uint16_t delegation;
    struct dd_slice from; /* accounts */
    struct dd_slice to;
    int32_t from_day;
    int32_t to_day;
    struct dd_slice stages; /* keys, a blank between; empty: all */
    uint64_t seq;
};

struct dd_delegations_answer {
    struct dd_delegation_line *delegations;
    size_t delegation_count;
};

struct dd_answer {
    enum dd_question_kind kind;
    uint64_t seq;
    struct dd_slice next;
    union {
        struct dd_hello_answer hello;
        struct dd_cycle_answer cycle;
        struct dd_table_answer table;
        struct dd_duties_answer duties;
        struct dd_dossier_answer dossier;
        struct dd_reminders_answer reminders;
        struct dd_log_answer log;
        struct dd_digest_answer digest;
        struct dd_units_answer units;
        struct dd_cycles_answer cycles;
        struct dd_matters_answer matters;
        struct dd_matter_answer matter;
        struct dd_figures_answer figures;
        struct dd_publications_answer publications;
        struct dd_delegations_answer delegations;
    } as;
};

#endif
