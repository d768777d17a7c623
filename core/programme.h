/*
 * A programme: one process as data. Who takes part, which tasks are registered, the stages through
 * which a dossier goes, what each owes by when, what silence means, when to remind. The client
 * compiles it from YAML; the core reads nothing but this struct. Knows no process by name.
 */
#ifndef DD_CORE_PROGRAMME_H
#define DD_CORE_PROGRAMME_H

#include <stdbool.h>

#include "core/bytes.h"
#include "core/deadline.h"
#include "core/limits.h"
#include "core/rule.h"
#include "core/words.h"

/* A kind of task that a party registers. */
struct dd_item_kind {
    struct dd_slice code;
    uint16_t max_tasks;
    bool counted; /* its indicators count in tallies and tables */
};

/* One stage: what is owed, by whom, until when. A HAND_IN stage arises for every party when the
 * cycle opens; a DECIDE stage for a version, when the stage before it has agreed; a REPORT stage
 * for every party and report of the cycle, at opening; an OUTCOME stage for every indicator in
 * force. */
struct dd_stage {
    struct dd_slice key; /* names the duty: "register", "report", ... */
    enum dd_act act;
    enum dd_role by;            /* whose act meets it */
    enum dd_deadline_word word; /* 0: no bound */
    struct dd_slice date;       /* of the cycle, by name; empty: REPORT and OUTCOME bring theirs */
    bool roll;                  /* a bound on a day off moves to the next working day */
    enum dd_silence silence;
    bool refuse_after_bound;
    bool skipped_by_adjustment;  /* DECIDE: a later version does not pass here */
    bool first_approver_adjusts; /* DECIDE: the first of the approvers decides on a later one */
    bool working_days;           /* rungs count working days */
    uint8_t rung_count;
    int8_t rung[DD_RUNGS_MAX];   /* days from the last accepted day, ascending */
    bool superior[DD_RUNGS_MAX]; /* this rung goes to the superior */
};

struct dd_programme {
    struct dd_slice code;
    uint16_t version;
    struct dd_slice name_vi;
    struct dd_slice name_en;
    struct dd_slice source;  /* the decision it comes from */
    uint8_t source_hash[32]; /* SHA-256 of the YAML's bytes */
    bool progress_signed;
    uint8_t kind_count;
    struct dd_item_kind kind[DD_ITEM_KINDS_MAX];
    uint8_t stage_count;
    struct dd_stage stage[DD_STAGES_MAX];
};

/* Checks what a programme must hold: codes, known words, at least one stage, one HAND_IN at most
 * and DECIDE stages after it, rungs ascending, a date for HAND_IN and DECIDE stages that have a
 * word. DD_OK or DD_INVALID with *refusal naming the field ("stage[2].rungs"). */
enum dd_status dd_programme_check(const struct dd_programme *programme, struct dd_refusal *refusal);

/* The bytes that state keeps (its own layout, not the wire's). */
void dd_programme_write(struct dd_writer *w, const struct dd_programme *programme);

/* Reads what dd_programme_write wrote; slices borrow from `bytes`. False if it is something else.
 */
bool dd_programme_read(struct dd_slice bytes, struct dd_programme *out);

/* The first stage of that act at or after `from`; stage_count if there is none. */
uint8_t dd_programme_stage(const struct dd_programme *programme, enum dd_act act, uint8_t from);

/* The kind of that code; kind_count if there is none. */
uint8_t dd_programme_kind(const struct dd_programme *programme, struct dd_slice code);

#endif
