/*
 * Rows about matters and what is signed round them: matters, answers, delegations, publications,
 * and the places in which one item stands. As core/row.h.
 */
#ifndef DD_CORE_ROW_MATTER_H
#define DD_CORE_ROW_MATTER_H

#include "core/row.h"

struct dd_matter_row {
    uint8_t kind; /* of the programme */
    struct dd_slice code;
    struct dd_slice title;
    struct dd_slice notice;
    uint32_t owner;    /* unit */
    uint32_t opener;   /* account */
    uint32_t approver; /* account that decides; 0: none */
    enum dd_capacity capacity;
    int64_t opened_ms;
    uint64_t seq;
    enum dd_deadline_word word; /* of the day that it brings; 0: that of the stage */
    int32_t due_day;            /* INT32_MAX: none */
    int64_t at_ms;              /* 0: none */
    uint16_t parent;
    uint32_t open; /* duties of the stages that have arisen and not ended */
    uint8_t stage; /* the DECIDE stage that it waits in; or else the first that has not arisen */
    uint16_t revision;       /* one more with each answer, progress, lapse and decision */
    enum dd_verdict verdict; /* the last decision; 0: none yet */
    uint32_t decided_by;
    int64_t decided_ms;
    uint64_t decided_seq;
    struct dd_slice reason;   /* of that decision */
    struct dd_slice asked;    /* unit numbers, 4 bytes each, in the order given; the number 0 alone:
                                 every party but the owner (read by core/matter.h) */
    struct dd_slice partners; /* unit numbers */
};

struct dd_answer_row {
    uint8_t choice; /* of the stage, from 1; 0: none */
    int64_t received_ms;
    uint64_t seq;
    uint32_t account;
    enum dd_capacity capacity;
    uint16_t delegation;
    struct dd_slice figures; /* of core/form.h */
    struct dd_slice note;
};

struct dd_delegation_row {
    uint32_t from; /* the account that delegated: the head's */
    uint32_t to;
    int32_t from_day;
    int32_t to_day; /* included; earlier than first given when it was ended */
    uint64_t seq;
    struct dd_slice stages; /* keys, each with its length before it; empty: all */
};

struct dd_publication_row {
    uint32_t unit;
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
    uint32_t corrects;     /* publication; 0: none */
    uint32_t corrected_by; /* the latest that names it; 0: none */
    uint64_t seq;
    int64_t issued_ms;
    uint32_t account;
    enum dd_capacity capacity;
};

/* Where an item stands. */
struct dd_place {
    uint32_t cycle;
    uint32_t unit;
    uint16_t task;
    uint16_t indicator;
};

bool dd_get_matter(const struct dd_view *view, uint32_t cycle, uint16_t matter,
                   struct dd_matter_row *out);
void dd_put_matter(const struct dd_view *view, struct dd_arena *arena, uint32_t cycle,
                   uint16_t matter, const struct dd_matter_row *row);
bool dd_get_answer(const struct dd_view *view, uint32_t cycle, uint16_t matter, uint8_t stage,
                   uint32_t unit, uint16_t ordinal, struct dd_answer_row *out);
void dd_put_answer(const struct dd_view *view, struct dd_arena *arena, uint32_t cycle,
                   uint16_t matter, uint8_t stage, uint32_t unit, uint16_t ordinal,
                   const struct dd_answer_row *row);
/* How many answers the unit gave in the stage, and the last of them. */
uint16_t dd_last_answer(const struct dd_view *view, uint32_t cycle, uint16_t matter, uint8_t stage,
                        uint32_t unit, struct dd_answer_row *out);
bool dd_get_delegation(const struct dd_view *view, uint32_t unit, uint16_t delegation,
                       struct dd_delegation_row *out);
void dd_put_delegation(const struct dd_view *view, struct dd_arena *arena, uint32_t unit,
                       uint16_t delegation, const struct dd_delegation_row *row);
/* The number of delegations that the unit ever had: they are 1 to that. */
uint16_t dd_delegation_count(const struct dd_view *view, uint32_t unit);
/* The delegation under which the account may sign for the unit's head on that day in the stage of
 * that key; 0 if there is none. */
uint16_t dd_delegation_live(const struct dd_view *view, uint32_t unit, uint32_t account,
                            struct dd_slice stage, int32_t day);
/* The same among those with a number below `below`. */
uint16_t dd_delegation_before(const struct dd_view *view, uint32_t unit, uint32_t account,
                              struct dd_slice stage, int32_t day, uint16_t below);
bool dd_get_publication(const struct dd_view *view, uint32_t publication,
                        struct dd_publication_row *out);
void dd_put_publication(const struct dd_view *view, struct dd_arena *arena, uint32_t publication,
                        const struct dd_publication_row *row);
/* The publication of that unit code and number; 0 if there is none. */
uint32_t dd_publication_number(const struct dd_view *view, struct dd_slice unit,
                               struct dd_slice number);
void dd_put_publication_number(const struct dd_view *view, struct dd_slice unit,
                               struct dd_slice number, uint32_t publication);
/* The places of the item of that code, at most DD_PLACES_PER_ITEM_MAX, into out; how many. */
size_t dd_get_places(const struct dd_view *view, struct dd_slice code,
                     struct dd_place out[DD_PLACES_PER_ITEM_MAX]);
void dd_put_places(const struct dd_view *view, struct dd_slice code, const struct dd_place *places,
                   size_t count);

/* Lists of unit numbers, as rows keep them. */
size_t dd_units_count(struct dd_slice units);
uint32_t dd_units_at(struct dd_slice units, size_t index);
bool dd_units_hold(struct dd_slice units, uint32_t unit);

#endif
