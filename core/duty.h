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

/* Makes the duty (or makes it anew under another deadline): open from at_ms, until the end of
 * last_day (INT32_MAX: no bound). */
void dd_duty_arise(const struct dd_view *view, const struct dd_process *process,
                   const struct dd_duty_key *key, int32_t last_day, int64_t at_ms);

/* How an act at at_ms would end the duty: ON_TIME or LATE; 0 if there is no such open duty. */
enum dd_end dd_duty_met(const struct dd_view *view, const struct dd_duty_key *key, int64_t at_ms);

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

/* Takes every duty of the cycle out of the due index: it was closed. */
void dd_duty_stop_all(const struct dd_view *view, uint32_t cycle);

/* True if what time does to the duty next is to end it (silence lapses) and not a rung. */
bool dd_duty_lapses_next(const struct dd_process *process, const struct dd_duty_key *key,
                         const struct dd_duty_row *duty);

/* The duty's name within its unit: "register", "report/H1", "appraise/2", "indicator/3.2". 0-ended.
 */
enum { DD_DUTY_TEXT_BYTES = 2 * DD_CODE_BYTES_MAX + 32 };
void dd_duty_text(const struct dd_process *process, const struct dd_duty_key *key,
                  char out[DD_DUTY_TEXT_BYTES]);

/* The next duty of the cycle at or after *key in the order (unit, stage, a, b), into *key and *row;
 * false if there is none. */
bool dd_duty_next(const struct dd_view *view, struct dd_duty_key *key, struct dd_duty_row *row);

/* Steps the key to the smallest one behind it. */
void dd_duty_step(struct dd_duty_key *key);

#endif
