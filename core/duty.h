/*
 * Duties: how they arise, end, open again, and what time does to them next. A duty has at most one
 * row in the due index: its next rung, or the end that silence brings. Rungs that lie before the
 * duty arose are skipped; a rung that was reached is never reached again under the same deadline.
 */
#ifndef DD_CORE_DUTY_H
#define DD_CORE_DUTY_H

#include "core/row.h"

/* A cycle and its programme, read together: what most decisions stand on. */
struct dd_process {
    uint32_t number; /* of the cycle */
    struct dd_cycle_row cycle;
    struct dd_programme programme;
};

/* Reads the cycle of that code and its programme; false if there is none. Slices as core/row.h's.
 */
bool dd_process_find(const struct dd_view *view, struct dd_slice code, struct dd_process *out);

/* The same by the cycle's number. */
bool dd_process_get(const struct dd_view *view, uint32_t cycle, struct dd_process *out);

/* The stage of the dossier that takes the reports that a cycle names: neither recurring, nor dated,
 * nor taken at any time; stage_count if there is none. */
uint8_t dd_named_report_stage(const struct dd_programme *programme);

/* The last accepted day of a duty of that stage that arises at at_ms, where the stage has one for
 * itself: so many days after it arose, or the cycle's. INT32_MAX: no bound. */
int32_t dd_duty_last_day(const struct dd_view *view, const struct dd_process *process,
                         uint8_t stage, int64_t at_ms);

/* The last accepted day of an indicator that is due on that day; INT32_MAX: no bound. */
int32_t dd_outcome_last_day(const struct dd_view *view, const struct dd_stage *stage,
                            int32_t due_day);

/* What a running figure goes on from: nothing, in the first period of the cycle; the duty before;
 * or nobody knows what, because the stage owes no report for the period before. */
enum dd_before { DD_BEFORE_NOTHING = 1, DD_BEFORE_DUTY, DD_BEFORE_UNKNOWN };

/* The report of the stage for the period just before that of its duty `a`; with DD_BEFORE_DUTY its
 * number in *before. */
enum dd_before dd_duty_before(const struct dd_process *process, uint8_t stage, uint16_t a,
                              uint16_t *before);

/* Makes the duty (or makes it anew under another deadline): open from at_ms, until the end of
 * last_day (INT32_MAX: no bound). */
void dd_duty_arise(const struct dd_view *view, const struct dd_process *process,
                   const struct dd_duty_key *key, int32_t last_day, int64_t at_ms);

/* The same for a duty whose last accepted day moves by so many days because the work that it is
 * about falls due on another: one that is there keeps when it arose and how often it was extended;
 * suspended it stays so, with the days left moved as far; waived it stays waived; ended otherwise
 * it is open again. One that the work had left, or that is not there, arises at at_ms. */
void dd_duty_redate(const struct dd_view *view, const struct dd_process *process,
                    const struct dd_duty_key *key, int32_t last_day, int32_t days, int64_t at_ms);

/* How an act at at_ms would end the duty: ON_TIME or LATE; 0 if there is no such open duty, or if
 * silence has ended it at its bound, whether a Tick has come in between or not. */
enum dd_end dd_duty_met(const struct dd_view *view, const struct dd_process *process,
                        const struct dd_duty_key *key, int64_t at_ms);

/* Ends the duty, if it is open, and takes it out of the due index. */
void dd_duty_end(const struct dd_view *view, const struct dd_duty_key *key, enum dd_end end,
                 int64_t at_ms, uint64_t seq);

/* Opens an ended duty again (its act was withdrawn or taken back); rungs before at_ms stay
 * unreached. */
void dd_duty_reopen(const struct dd_view *view, const struct dd_process *process,
                    const struct dd_duty_key *key, int64_t at_ms);

/* Time reached the duty's rung: it waits for the next one. */
void dd_duty_rung_reached(const struct dd_view *view, const struct dd_process *process,
                          const struct dd_duty_key *key);

/* Gives an open duty another last accepted day. Its rungs begin anew; those before at_ms are
 * skipped. */
void dd_duty_extend(const struct dd_view *view, const struct dd_process *process,
                    const struct dd_duty_key *key, int32_t last_day, int64_t at_ms);

/* Stops the clock of an open duty: it keeps the days that are left of its term, counted as the
 * stage counts, and has no bound until dd_duty_resume gives them back from that day on: a last day
 * that is off then moves as those of the stage do. */
void dd_duty_suspend(const struct dd_view *view, const struct dd_process *process,
                     const struct dd_duty_key *key, int64_t at_ms);
void dd_duty_resume(const struct dd_view *view, const struct dd_process *process,
                    const struct dd_duty_key *key, int64_t at_ms);

/* The last accepted day that resuming the suspended duty at at_ms gives it. */
int32_t dd_duty_resumed_day(const struct dd_view *view, const struct dd_process *process,
                            uint8_t stage, int32_t left_days, int64_t at_ms);

/* Takes every duty of the cycle out of the due index: it was closed. */
void dd_duty_stop_all(const struct dd_view *view, uint32_t cycle);

/* True if what time does to the duty next is to end it (silence lapses) and not a rung. */
bool dd_duty_lapses_next(const struct dd_process *process, const struct dd_duty_key *key,
                         const struct dd_duty_row *duty);

/* The duty's name within its unit: "register", "report/H1", "monthly/2014-01", "score" (once by a
 * date of the cycle), "appraise/2", "indicator/3.2"; of matter 7 "opinion/7". 0-ended. */
enum { DD_DUTY_TEXT_BYTES = 2 * DD_CODE_BYTES_MAX + 32 };
void dd_duty_text(const struct dd_process *process, const struct dd_duty_key *key,
                  char out[DD_DUTY_TEXT_BYTES]);

/* The unit's duty of that name, into *key and *row; false if there is none. */
bool dd_duty_find(const struct dd_view *view, const struct dd_process *process, uint32_t unit,
                  struct dd_slice text, struct dd_duty_key *key, struct dd_duty_row *row);

/* The next duty of the cycle at or after *key in the order (unit, stage, a, b), into *key and *row;
 * false if there is none. */
bool dd_duty_next(const struct dd_view *view, struct dd_duty_key *key, struct dd_duty_row *row);

/* Steps the key to the smallest one behind it. */
void dd_duty_step(struct dd_duty_key *key);

#endif
