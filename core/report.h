/*
 * Reports: which duty of its stage one is for, by what the report is called, and what a party
 * handed in before. Deciding on a report and telling of it ask the same here. Knows no office, no
 * form and no answer.
 *
 * The duties of a stage are told apart by `a` of dd_duty_key: the occurrence's number in the cycle
 * where the stage recurs or has a date of its own, the place among the cycle's named reports where
 * each cycle names them, 0 where reports are taken at any time.
 */
#ifndef DD_CORE_REPORT_H
#define DD_CORE_REPORT_H

#include "core/duty.h"

/* The stage's occurrence in that period (every 0: under no period); false if there is none. */
bool dd_report_occurrence(const struct dd_process *process, uint8_t stage, struct dd_span span,
                          uint16_t *a);

/* Which of the stage's duties a report of that name is for: its period, or its code, or nothing
 * where the stage is owed once. At any time every name fits. False if the stage owes none so
 * called. */
bool dd_report_duty(const struct dd_process *process, uint8_t stage, struct dd_slice name,
                    uint16_t *a);

/* The last report of the duty that was received before before_ms (INT64_MAX: the last of all); its
 * number from 1 on, 0 if there is none and *out is not to be used. Texts are borrowed from the
 * view. */
uint16_t dd_report_last(const struct dd_view *view, const struct dd_process *process, uint32_t unit,
                        uint8_t stage, uint16_t a, int64_t before_ms, struct dd_report_row *out);

/* The figures that were last handed in, likewise, for the period before: those that running figures
 * are checked against. Empty where there is no period before; dd_figures_unknown where nobody
 * handed in figures for it, or the cycle does not know of it. Borrowed from the view. */
struct dd_slice dd_report_figures_before(const struct dd_view *view,
                                         const struct dd_process *process, uint32_t unit,
                                         uint8_t stage, uint16_t a, int64_t before_ms);

#endif
