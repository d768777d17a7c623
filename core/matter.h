/*
 * Matters: what is opened by an act of its own (a directive, a consultation, a ballot, a meeting, a
 * request for consent), and how it goes from stage to stage. decide asks here where a matter
 * stands; apply tells what happened to one of its duties, and what follows from that arises here.
 * Knows no command, no event and no office.
 *
 * The stages of a kind go in the programme's order. At opening all ANSWER and OUTCOME stages before
 * the first DECIDE stage arise; when every duty that has arisen is ended, however, the DECIDE stage
 * arises; when that has agreed (in principle, or by a silence that agrees, or because it was
 * waived), the stages behind it up to the next DECIDE stage arise. A return ends the flow, and so
 * does a silence that means anything else. An answer that silence would end has no bound if it
 * arises when the day that the matter brings is over (the decision before it came too late); so has
 * one that silence would agree, under any deadline: nobody is deemed to have answered what was
 * never asked in time. A duty's key is (cycle, unit, stage, number of the matter, 0); a decision is
 * owed under the owner's number.
 */
#ifndef DD_CORE_MATTER_H
#define DD_CORE_MATTER_H

#include "core/duty.h"
#include "core/entry.h"
#include "core/row_matter.h"

/* The first stage of the kind of matter at or after `from`; stage_count if there is none. */
uint8_t dd_matter_stage(const struct dd_programme *programme, uint8_t kind, uint8_t from);

/* True if each unit that is asked owes some stage of the kind. */
bool dd_matter_asks(const struct dd_programme *programme, uint8_t kind);

/* True if some DECIDE stage of the kind is by that role. */
bool dd_matter_decided_by(const struct dd_programme *programme, uint8_t kind, enum dd_role role);

/* Who is asked, one after the other: unit numbers; *cursor begins with 0. Those named come in their
 * order; where all are asked, every party of the cycle but the owner. 0: no more. */
uint32_t dd_matter_next_asked(const struct dd_view *view, uint32_t cycle,
                              const struct dd_matter_row *row, uint32_t *cursor);

/* True if the unit is asked: named, or not the owner where all are. */
bool dd_matter_is_asked(const struct dd_matter_row *row, uint32_t unit);

/* True if the party of the cycle, asked or owner, is one of those that the ANSWER or OUTCOME stage
 * is for: it owes it once the stage has arisen. */
bool dd_matter_owes(const struct dd_view *view, const struct dd_process *process,
                    const struct dd_matter_row *row, uint8_t stage, uint32_t unit);

/* The last accepted day of a duty of that stage that arises at at_ms: so many days from it or from
 * the matter's own instant, or the day that the matter brings, under its own word if it has one.
 * INT32_MAX: no bound. */
int32_t dd_matter_last_day(const struct dd_view *view, const struct dd_process *process,
                           const struct dd_matter_row *row, uint8_t stage, int64_t at_ms);

/* What a matter waits for. */
enum dd_matter_wait {
    DD_MATTER_WAITS_FOR_NONE = 1, /* no decision is to come */
    DD_MATTER_WAITS_FOR_OTHERS,   /* duties before the decision are open */
    DD_MATTER_WAITS_FOR_DECISION  /* of row->stage */
};
enum dd_matter_wait dd_matter_waits(const struct dd_view *view, const struct dd_process *process,
                                    uint16_t matter, const struct dd_matter_row *row);

/* True if silence ended the duty at its bound or will when time comes to it: an act at at_ms no
 * longer meets it. Whether a Tick came in between makes no difference. */
bool dd_matter_silent(const struct dd_stage *stage, const struct dd_duty_row *duty, int64_t at_ms);

/* The first duties of a matter that the entry opens arise, and *row (its `open` and `stage` are
 * set) is written. */
void dd_matter_begin(const struct dd_view *view, struct dd_arena *arena,
                     const struct dd_process *process, uint16_t matter, struct dd_matter_row *row,
                     const struct dd_entry *entry);

/* To be called by apply after it ended a duty (met, lapsed, waived) at at_ms: what follows arises.
 * A duty that is not of a matter changes nothing. A decision's verdict must be in the row by then.
 */
void dd_matter_duty_ended(const struct dd_view *view, struct dd_arena *arena,
                          const struct dd_process *process, const struct dd_duty_key *key,
                          const struct dd_entry *entry, int64_t at_ms);

/* The same after it opened an ended duty again. */
void dd_matter_duty_reopened(const struct dd_view *view, struct dd_arena *arena,
                             const struct dd_process *process, const struct dd_duty_key *key);

/* The matter has changed without a duty's end: one more revision. */
void dd_matter_touched(const struct dd_view *view, struct dd_arena *arena, uint32_t cycle,
                       uint16_t matter);

/* The number of the last answer of the unit that counts, and that answer; 0 if none does: one that
 * came when silence had ended the duty is kept and counts for nothing, one after the bound does not
 * replace one before it. */
uint16_t dd_matter_answer(const struct dd_view *view, const struct dd_process *process,
                          uint16_t matter, uint8_t stage, uint32_t unit, struct dd_answer_row *out);

/* How an ANSWER stage stands. Where its silence agrees, those lapsed are in `favour` and, of the
 * votes cast, in `counted`, but never in `count`: nobody has chosen it. */
struct dd_matter_result {
    uint32_t asked;                 /* units that owe it */
    uint32_t answered;              /* of them: answered, */
    uint32_t lapsed;                /* or silent until time ended it, */
    uint32_t open;                  /* or still to answer; the rest are waived */
    uint32_t count[DD_CHOICES_MAX]; /* by choice, choice n at n - 1 */
    bool has_rule;                  /* pass_percent is given: */
    uint32_t favour;                /* for pass_choice, */
    uint32_t counted;               /* of so many, all or those that voted, */
    uint32_t needed;                /* the smallest number for it that passes as things stand */
    bool passed;                    /* at least that many are; exactly the share fails */
    bool settled;                   /* whatever those still to answer do cannot change `passed` */
};
void dd_matter_result(const struct dd_view *view, const struct dd_process *process, uint16_t matter,
                      const struct dd_matter_row *row, uint8_t stage, struct dd_matter_result *out);

#endif
