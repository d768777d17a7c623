/*
 * The parts of core/answer: one function a question. Private to core/answer*.c.
 */
#ifndef DD_CORE_ANSWER_PARTS_H
#define DD_CORE_ANSWER_PARTS_H

#include "core/answer.h"
#include "core/duty.h"
#include "core/tally.h"

/* A question being answered. */
struct dd_reply_work {
    const struct dd_asking *asking;
    const struct dd_question *question;
    struct dd_answer *answer;
    struct dd_refusal *refusal;
};

enum dd_status dd_answer_table(struct dd_reply_work *work, const struct dd_process *process);
enum dd_status dd_answer_duties(struct dd_reply_work *work, const struct dd_process *process);
enum dd_status dd_answer_dossier(struct dd_reply_work *work, const struct dd_process *process);
enum dd_status dd_answer_reminders(struct dd_reply_work *work);

/* Copies text into the arena; the empty slice when there is no memory. */
struct dd_slice dd_answer_text(struct dd_reply_work *work, const char *text);

/* The first instant that no longer counts: the end of the as-of day, or INT64_MAX for now. */
int64_t dd_as_of_end(const struct dd_question *question, const struct dd_process *process);

/* The code of a unit; empty if there is none. */
struct dd_slice dd_unit_code(const struct dd_view *view, uint32_t unit);

#endif
