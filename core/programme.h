/*
 * A programme: one process as data. Who takes part, which tasks are registered, the stages through
 * which a dossier goes, what each owes by when, what silence means, when to remind. The client
 * compiles it from YAML; the core reads nothing but this struct. Knows no process by name.
 */
#ifndef DD_CORE_PROGRAMME_H
#define DD_CORE_PROGRAMME_H

#include <stdbool.h>

#include "core/bytes.h"
#include "core/form.h"
#include "core/schedule.h"
#include "core/words.h"

/* A kind of item: a task that a party registers in its dossier, or a matter that is opened by an
 * act of its own (a directive, a scheme, a consultation, a ballot, a meeting). */
struct dd_item_kind {
    struct dd_slice code;
    struct dd_slice name_vi;
    struct dd_slice name_en;
    uint16_t max_tasks; /* of a dossier; 0: a matter */
    bool counted;       /* its indicators count in tallies and tables */
    bool matter;
    enum dd_role opened_by;  /* a matter's: who opens it, */
    enum dd_where opened_in; /* and where that office is */
    uint8_t signers;         /* as a stage's */
    bool needs_due;          /* must bring a day, */
    bool needs_instant;      /* or an instant (a meeting) */
};

/* An answer that a stage offers. */
struct dd_choice {
    struct dd_slice code;
    struct dd_slice name_vi;
    struct dd_slice name_en;
};

/* One stage: what is owed, by whom, until when.
 *
 * Of a dossier (`of` is empty): a HAND_IN stage arises for every party when the cycle opens; a
 * DECIDE stage for a version, when the stage before it has agreed; a REPORT stage for every party
 * at opening, as often as its deadline says in the cycle (every month ...; once, by a date of the
 * cycle; or for each report that the cycle names); an OUTCOME stage for every indicator in force.
 *
 * Of a matter (`of` names its kind): ANSWER and OUTCOME stages arise when it is opened, DECIDE
 * stages when all that stands before them has ended, ANSWER and OUTCOME stages behind a DECIDE
 * stage when that has agreed. */
struct dd_stage {
    struct dd_slice key;     /* names the duty: "register", "report", ... */
    struct dd_slice name_vi; /* empty: the key */
    struct dd_slice name_en;
    enum dd_act act;
    enum dd_role by;     /* whose act meets it */
    struct dd_slice of;  /* the kind of matter; empty: of the dossier */
    enum dd_who who;     /* of a matter: each unit asked, or its owner */
    uint8_t signers;     /* bit n: capacity n may sign as well as the head in person */
    uint8_t group_count; /* 0: all parties; else those of these groups */
    struct dd_slice group[DD_STAGE_GROUPS_MAX];
    struct dd_deadline_rule deadline;
    enum dd_silence silence;
    bool refuse_after_bound;
    bool any_time;               /* REPORT: taken at any time, owed by nobody */
    bool reason_when_late;       /* late, not completed or unattainable needs a reason */
    bool skipped_by_adjustment;  /* DECIDE: a later version does not pass here */
    bool first_approver_adjusts; /* DECIDE: the first of the approvers decides on a later one */
    struct dd_slice form;        /* what it must bring; empty: nothing */
    struct dd_slice requires;    /* stage that the unit must have met for the same period */
    struct dd_slice yields_to;   /* owes nothing in a month in which that stage is due */
    uint8_t choice_count;        /* ANSWER: what can be answered; 0: no choice */
    struct dd_choice choice[DD_CHOICES_MAX];
    uint8_t pass_choice;  /* ANSWER: passed if more than pass_percent in pass_of (0: in a */
    uint8_t pass_percent; /* hundred) of those asked (or of the answers: pass_of_cast) chose */
    uint8_t pass_of;      /* number n; 0: none */
    bool pass_of_cast;
    enum dd_role bent_by;    /* who extends, suspends, waives; 0: an approver of the cycle */
    uint8_t extensions;      /* how often it may be extended, */
    uint16_t extension_days; /* and by how much each time */
    bool working_days;       /* rungs count working days */
    uint8_t rung_count;
    int8_t rung[DD_RUNGS_MAX];   /* days from the last accepted day, ascending */
    bool superior[DD_RUNGS_MAX]; /* this rung goes to the superior */
};

enum { DD_EXTENSIONS_DEFAULT = 1, DD_EXTENSION_DAYS_DEFAULT = 90 };

struct dd_programme {
    struct dd_slice code;
    uint16_t version;
    struct dd_slice name_vi;
    struct dd_slice name_en;
    struct dd_slice source;  /* the decision it comes from */
    int32_t issued_day;      /* of that decision; 0: not said */
    uint8_t source_hash[32]; /* SHA-256 of the YAML's bytes */
    bool progress_signed;
    uint8_t kind_count;
    struct dd_item_kind kind[DD_ITEM_KINDS_MAX];
    uint8_t stage_count;
    struct dd_stage stage[DD_STAGES_MAX];
    uint8_t form_count;
    struct dd_slice forms; /* of core/form.h, one behind the other */
};

/* Checks what a programme must hold. Beside codes, known words, counts and things that must not
 * stand twice:
 *
 * Kinds. A kind of task has room for a task and nothing of a matter; a kind of matter has no tasks,
 * says who opens it (own people, appraiser or approver) and where, and has at least one stage.
 *
 * Stages. HAND_IN and REPORT are of the dossier, ANSWER of a matter; ANSWER and OUTCOME of a matter
 * say who. HAND_IN and OUTCOME are by a unit's own people (head, deputy, officer), DECIDE by
 * appraiser or approver, of a matter also by a head; others by any of these. Of the dossier: one
 * HAND_IN at most, DECIDE stages after it, OUTCOME only if there is one, and one REPORT stage at
 * most that takes the reports which the cycle names (neither `every` nor `date` nor any_time). One
 * OUTCOME stage at most of the dossier and of each kind. Signers are of the four capacities beside
 * the head's, where a head or an approver signs.
 *
 * Deadlines. At most one of date, every and anchor. A date or a recurring day (HAND_IN, DECIDE and
 * REPORT of the dossier) has a word; HAND_IN and DECIDE of the dossier have no word without one. An
 * anchor has no word; it is OPENING with 0 days or more (HAND_IN and DECIDE of the dossier, any
 * stage of a matter), or AT where the kind needs an instant. Days lie in their period, exceptions
 * leave a period (weeks have none), and nothing stands in a deadline that another kind of deadline
 * has. any_time is for REPORT, without any deadline. A silence that ends has a bound: an anchor, or
 * a word (of a matter, only where its kind needs a day), or it is a report that the cycle names. No
 * silence agrees in a DECIDE stage of the dossier.
 *
 * Links. A form (HAND_IN, REPORT, ANSWER) exists; every form holds what core/form.h asks.
 * `requires` names an earlier REPORT stage that is owed as often: in the same periods, or both once
 * by a date. `yields_to` names a recurring REPORT stage, from one that recurs, without a loop.
 * Choices are for ANSWER; pass_choice is one of them and has a percentage of 1 to 99.
 *
 * DD_OK, or DD_INVALID with *refusal naming the first fault and its field ("stages[2].rungs",
 * "stages[2].deadline.day", "forms[0].checks[1].terms"). */
enum dd_status dd_programme_check(const struct dd_programme *programme, struct dd_refusal *refusal);

/* The bytes that state keeps (its own layout, not the wire's). */
void dd_programme_write(struct dd_writer *w, const struct dd_programme *programme);

/* Reads what dd_programme_write wrote; slices borrow from `bytes`. False if it is something else.
 */
bool dd_programme_read(struct dd_slice bytes, struct dd_programme *out);

/* The stage of that key; stage_count if there is none. */
uint8_t dd_programme_stage_of_key(const struct dd_programme *programme, struct dd_slice key);

/* The first stage of that act at or after `from` that belongs to the kind of matter (empty: to the
 * dossier); stage_count if there is none. */
uint8_t dd_programme_stage_of(const struct dd_programme *programme, enum dd_act act,
                              struct dd_slice kind, uint8_t from);

/* The same for the dossier. */
uint8_t dd_programme_stage(const struct dd_programme *programme, enum dd_act act, uint8_t from);

/* True if the stage is for parties of that group. */
bool dd_stage_is_for(const struct dd_stage *stage, struct dd_slice group);

/* The kind of that code; kind_count if there is none. */
uint8_t dd_programme_kind(const struct dd_programme *programme, struct dd_slice code);

#endif
