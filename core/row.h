/*
 * The rows of state: what each table keeps, read and written through a view. Numbers (unit,
 * account, cycle ...) are given out by apply in the order of the log, from 1; 0 is "none". Texts
 * and lists that a row hands out borrow from the view and hold as its values do. Bytes are
 * big-endian and equal on every machine; a row that cannot be read back is a bug or damage, and
 * stops the process.
 */
#ifndef DD_CORE_ROW_H
#define DD_CORE_ROW_H

#include "core/arena.h"
#include "core/command.h"
#include "core/view.h"

struct dd_meta_row {
    struct dd_slice jurisdiction;
    struct dd_slice origin;
    bool rehearsal;
    uint8_t instance[16];
    uint32_t groups; /* numbers given out so far */
    uint32_t units;
    uint32_t accounts;
    uint32_t programmes;
    uint32_t cycles;
    uint32_t publications;
};

struct dd_group_row {
    struct dd_slice code;
    struct dd_slice name;
};

struct dd_unit_row {
    struct dd_slice code;
    struct dd_slice name;
    uint32_t group;
    uint16_t ordinal;
    uint32_t parent;
    struct dd_slice head_title;
    int32_t from_day;
    int32_t to_day;
    uint32_t successor;
};

/* A unit on a page of PutUnits that has not taken effect: as it came, by codes. */
struct dd_staged_row {
    struct dd_unit_put unit;
};

struct dd_office_row {
    enum dd_role role;
    uint32_t unit; /* 0: the jurisdiction */
    int32_t from_day;
    int32_t to_day;
};

struct dd_account_row {
    struct dd_slice code;
    uint8_t link_key[32];
    uint8_t sign_key[32];
    int64_t from_ms;
    int64_t to_ms;
    int64_t revoked_ms;    /* 0: not revoked */
    uint16_t staged_units; /* pages of a PutUnits under way, and */
    uint16_t staged_pages; /* the units on them */
    uint8_t office_count;
    struct dd_office_row office[DD_OFFICES_PER_ACCOUNT_MAX];
};

enum dd_cycle_state { DD_CYCLE_STAGED = 1, DD_CYCLE_OPEN = 2, DD_CYCLE_CLOSED = 3 };

struct dd_cycle_row {
    struct dd_slice code; /* "programme/period" */
    uint32_t programme;
    uint32_t host;
    int32_t from_day;
    int32_t to_day;
    int16_t offset_min;
    enum dd_cycle_state state;
    uint32_t opener; /* the account whose pages these are */
    uint16_t pages;
    uint32_t parties;
    uint8_t date_count;
    struct dd_named_date date[DD_DATES_MAX];
    uint8_t period_count;
    struct dd_period period[DD_PERIODS_MAX];
    uint8_t report_count;
    struct dd_report_due report[DD_REPORTS_MAX];
    int32_t report_last_day[DD_REPORTS_MAX]; /* from opening on */
    uint8_t appraiser_count;
    uint32_t appraiser[DD_APPRAISERS_MAX];
    uint8_t approver_count;
    uint32_t approver[DD_APPROVERS_MAX];
    int32_t stage_last_day[DD_STAGES_MAX]; /* from opening on; INT32_MAX: no bound */
    struct dd_slice occurrences;           /* from opening on: core/schedule.h */
    uint16_t matters;                      /* numbers given out */
};

/* An item in a list: which indicator, in which revision of its content. */
struct dd_item_ref {
    uint16_t task;
    uint16_t indicator;
    uint16_t revision;
};

/* Item refs in the order of (task, indicator), as they lie in a row. */
struct dd_item_list {
    struct dd_slice bytes;
};

enum { DD_ITEM_REF_BYTES = 6 };

struct dd_dossier_row {
    uint32_t approver; /* account */
    uint32_t group;
    enum dd_dossier_state state;
    uint16_t newest;      /* version numbers given out */
    uint16_t pending;     /* the version that waits for a decision, 0: none, */
    uint8_t stage;        /* and the stage that it waits in */
    uint16_t in_force;    /* the version last approved, 0: none */
    uint32_t draft_bytes; /* of the draft's indicators, by dd_content_bytes */
    uint32_t keeper;      /* the unit that answers for it since a reorganisation; 0: itself */
};

struct dd_version_row {
    uint8_t content_hash[32];
    enum dd_version_state state;
    bool adjustment;
    bool decided; /* some stage has agreed to it: it can no longer be withdrawn */
    uint32_t account;
    int64_t submitted_ms;
    uint64_t seq;
    int64_t ended_ms;             /* approved, returned or withdrawn; 0: pending */
    struct dd_slice reason;       /* of an adjustment */
    struct dd_slice ended_reason; /* of a return or a withdrawal */
    struct dd_item_list items;
    enum dd_capacity capacity;
    struct dd_slice figures; /* of core/form.h */
};

struct dd_content_row {
    uint8_t kind;
    struct dd_slice title;
    struct dd_slice unit_of_measure;
    bool has_target;
    struct dd_figure target;
    int32_t due_day;
    struct dd_slice code; /* empty: none */
    int32_t start_day;
    bool has_baseline;
    struct dd_figure baseline;
    enum dd_direction direction;
    struct dd_slice partners; /* unit numbers, 4 bytes each */
};

struct dd_outcome_fact {
    enum dd_outcome outcome;
    int32_t day; /* claimed */
    int64_t received_ms;
    uint64_t seq;
};

enum { DD_OUTCOME_FACT_BYTES = 21 };

struct dd_item_row {
    uint16_t revisions;       /* given out */
    uint16_t in_force;        /* revision in the version in force, 0: not in it */
    struct dd_slice outcomes; /* facts in the order received */
};

struct dd_duty_key {
    uint32_t cycle;
    uint32_t unit;
    uint8_t stage;
    uint16_t a; /* report number, version, or task */
    uint16_t b; /* indicator */
};

struct dd_duty_row {
    int32_t last_day; /* last accepted day; INT32_MAX: no bound */
    int64_t bound_ms; /* first instant that is late; INT64_MAX: none */
    int64_t arose_ms;
    enum dd_end end; /* never PENDING or MISSING */
    int64_t ended_ms;
    uint64_t ended_seq;
    uint8_t next_rung;  /* the rung that time reaches next; rung_count: none left */
    int64_t next_at_ms; /* when time does something to it next; INT64_MAX: never */
    uint8_t extensions; /* how often it was extended */
    bool suspended;     /* then it has no bound, and */
    int32_t left_days;  /* so many days left of its term, in the unit in which it counts */
};

struct dd_tally_row {
    struct dd_counts_row {
        int64_t registered_year;
        int64_t registered_period;
        int64_t completed;
        int64_t exceeded;
        int64_t early;
        int64_t unattainable;
    } counts;
    uint32_t units;           /* of a group or the whole: parties, */
    uint32_t none_registered; /* and how many of them stand so */
    uint32_t all_completed;
    uint32_t incomplete;
};

enum dd_scope { DD_SCOPE_UNIT = 1, DD_SCOPE_GROUP = 2, DD_SCOPE_ALL = 3 };

struct dd_reminder_row {
    struct dd_duty_key duty;
    int8_t rung;
    bool superior;
    int64_t at_ms;
    int64_t bound_ms;
    int64_t delivered_ms; /* 0: not yet */
};

struct dd_report_row {
    int64_t received_ms;
    uint64_t seq;
    uint32_t account;
    enum dd_capacity capacity;
    uint16_t delegation;     /* 0: signed in person */
    struct dd_slice figures; /* of core/form.h */
};

struct dd_remembered_row {
    uint64_t seq;
    uint8_t command_hash[16]; /* the first half of the bytes' SHA-256 */
    struct dd_refusal refusal;
};

/* Every `get` gives false if there is no such row (META always is after the genesis). */
bool dd_get_meta(const struct dd_view *view, struct dd_meta_row *out);
void dd_put_meta(const struct dd_view *view, const struct dd_meta_row *row);
bool dd_get_group(const struct dd_view *view, uint32_t group, struct dd_group_row *out);
void dd_put_group(const struct dd_view *view, uint32_t group, const struct dd_group_row *row);
bool dd_get_unit(const struct dd_view *view, uint32_t unit, struct dd_unit_row *out);
void dd_put_unit(const struct dd_view *view, uint32_t unit, const struct dd_unit_row *row);
bool dd_get_staged(const struct dd_view *view, uint32_t account, uint32_t index,
                   struct dd_staged_row *out);
void dd_put_staged(const struct dd_view *view, uint32_t account, uint32_t index,
                   const struct dd_staged_row *row);
void dd_del_staged(const struct dd_view *view, uint32_t account, uint32_t index);
bool dd_get_account(const struct dd_view *view, uint32_t account, struct dd_account_row *out);
void dd_put_account(const struct dd_view *view, uint32_t account, const struct dd_account_row *row);
bool dd_get_calendar(const struct dd_view *view, int year, struct dd_calendar_year *out);
void dd_put_calendar(const struct dd_view *view, const struct dd_calendar_year *row);
bool dd_get_programme(const struct dd_view *view, uint32_t programme, struct dd_programme *out);
void dd_put_programme(const struct dd_view *view, uint32_t programme,
                      const struct dd_programme *row);
bool dd_get_cycle(const struct dd_view *view, uint32_t cycle, struct dd_cycle_row *out);
void dd_put_cycle(const struct dd_view *view, uint32_t cycle, const struct dd_cycle_row *row);
bool dd_get_dossier(const struct dd_view *view, uint32_t cycle, uint32_t unit,
                    struct dd_dossier_row *out);
void dd_put_dossier(const struct dd_view *view, uint32_t cycle, uint32_t unit,
                    const struct dd_dossier_row *row);
void dd_del_dossier(const struct dd_view *view, uint32_t cycle, uint32_t unit);
/* The draft's items; the empty list if there is no draft. */
struct dd_item_list dd_get_draft(const struct dd_view *view, uint32_t cycle, uint32_t unit);
void dd_put_draft(const struct dd_view *view, uint32_t cycle, uint32_t unit,
                  struct dd_item_list items);
bool dd_get_version(const struct dd_view *view, uint32_t cycle, uint32_t unit, uint16_t version,
                    struct dd_version_row *out);
void dd_put_version(const struct dd_view *view, struct dd_arena *arena, uint32_t cycle,
                    uint32_t unit, uint16_t version, const struct dd_version_row *row);
bool dd_get_content(const struct dd_view *view, uint32_t cycle, uint32_t unit,
                    struct dd_item_ref ref, struct dd_content_row *out);
void dd_put_content(const struct dd_view *view, uint32_t cycle, uint32_t unit,
                    struct dd_item_ref ref, const struct dd_content_row *row);
/* What an indicator takes in an answer, about. */
size_t dd_content_bytes(struct dd_slice title, struct dd_slice unit_of_measure);
/* And what its own code and its partners take beyond that. */
size_t dd_content_more_bytes(struct dd_slice code, size_t partner_count);
/* An item; all zero, and false, if nothing was ever said of it. */
bool dd_get_item(const struct dd_view *view, uint32_t cycle, uint32_t unit, uint16_t task,
                 uint16_t indicator, struct dd_item_row *out);
/* Writes an item; `added` (may be NULL) goes behind its outcomes: at most DD_OUTCOMES_PER_ITEM_MAX
 * together. */
void dd_put_item(const struct dd_view *view, uint32_t cycle, uint32_t unit, uint16_t task,
                 uint16_t indicator, const struct dd_item_row *row,
                 const struct dd_outcome_fact *added);
bool dd_get_duty(const struct dd_view *view, const struct dd_duty_key *key,
                 struct dd_duty_row *out);
void dd_put_duty(const struct dd_view *view, const struct dd_duty_key *key,
                 const struct dd_duty_row *row);
/* What time does next: the first due row at or after `from_ms` and, at that instant, at or after
 * `from` (NULL: the first). False if there is none. */
bool dd_next_due(const struct dd_view *view, int64_t from_ms, const struct dd_duty_key *from,
                 int64_t *at_ms, struct dd_duty_key *key);
void dd_put_due(const struct dd_view *view, int64_t at_ms, const struct dd_duty_key *key);
void dd_del_due(const struct dd_view *view, int64_t at_ms, const struct dd_duty_key *key);
/* A tally; all zero if there is none. */
void dd_get_tally(const struct dd_view *view, uint32_t cycle, enum dd_scope scope, uint32_t number,
                  uint8_t period, struct dd_tally_row *out);
void dd_put_tally(const struct dd_view *view, uint32_t cycle, enum dd_scope scope, uint32_t number,
                  uint8_t period, const struct dd_tally_row *row);
bool dd_get_reminder(const struct dd_view *view, uint64_t seq, uint16_t index,
                     struct dd_reminder_row *out);
void dd_put_reminder(const struct dd_view *view, uint64_t seq, uint16_t index,
                     const struct dd_reminder_row *row);
/* The ordinal-th report handed in for (stage, a), from 1. */
bool dd_get_report(const struct dd_view *view, uint32_t cycle, uint32_t unit, uint8_t stage,
                   uint16_t a, uint16_t ordinal, struct dd_report_row *out);
void dd_put_report(const struct dd_view *view, uint32_t cycle, uint32_t unit, uint8_t stage,
                   uint16_t a, uint16_t ordinal, const struct dd_report_row *row);
/* How many were handed in, and the last of them; 0 and *out untouched if there is none. */
uint16_t dd_last_report(const struct dd_view *view, uint32_t cycle, uint32_t unit, uint8_t stage,
                        uint16_t a, struct dd_report_row *out);
bool dd_get_remembered(const struct dd_view *view, uint32_t account, const struct dd_id *id,
                       struct dd_remembered_row *out);
void dd_put_remembered(const struct dd_view *view, uint32_t account, const struct dd_id *id,
                       const struct dd_remembered_row *row);

/* Numbers behind codes; 0 if there is none. table: UNIT_CODE, ACCOUNT_CODE, PROGRAMME_CODE,
 * CYCLE_CODE or LINK_KEY. */
uint32_t dd_number_of(const struct dd_view *view, enum dd_table table, struct dd_slice code);
void dd_put_number(const struct dd_view *view, enum dd_table table, struct dd_slice code,
                   uint32_t number);
void dd_del_number(const struct dd_view *view, enum dd_table table, struct dd_slice code);

/* The group of that code; 0 if there is none. */
uint32_t dd_group_number(const struct dd_view *view, struct dd_slice code);

/* Lists of item refs. */
size_t dd_items_count(struct dd_item_list list);
struct dd_item_ref dd_items_at(struct dd_item_list list, size_t index);
/* The place of (task, indicator) in the list, or where it would stand; *found says which. */
size_t dd_items_find(struct dd_item_list list, uint16_t task, uint16_t indicator, bool *found);
/* Writes a ref at place `index` of an array that is being made. */
void dd_items_set(uint8_t *bytes, size_t index, struct dd_item_ref ref);

/* Outcomes of an item. */
size_t dd_outcomes_count(const struct dd_item_row *item);
struct dd_outcome_fact dd_outcomes_at(const struct dd_item_row *item, size_t index);
/* The last one received before `before_ms` (INT64_MAX: the last of all); outcome 0 if there is
 * none. */
struct dd_outcome_fact dd_outcome_latest(const struct dd_item_row *item, int64_t before_ms);

/* The bytes of a refusal as rows and entries keep it. */
void dd_refusal_write(struct dd_writer *w, const struct dd_refusal *refusal);
void dd_refusal_read(struct dd_reader *r, struct dd_refusal *out);

#endif
