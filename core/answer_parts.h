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
enum dd_status dd_answer_matters(struct dd_reply_work *work, const struct dd_process *process);
enum dd_status dd_answer_matter(struct dd_reply_work *work, const struct dd_process *process);
enum dd_status dd_answer_figures(struct dd_reply_work *work, const struct dd_process *process);
enum dd_status dd_answer_reminders(struct dd_reply_work *work);
enum dd_status dd_answer_cycles(struct dd_reply_work *work);
enum dd_status dd_answer_publications(struct dd_reply_work *work);
enum dd_status dd_answer_delegations(struct dd_reply_work *work);

enum { DD_LINES_PER_PAGE_MAX = 8192 };

/* How many rows one page may look at, wanted or not: who asks for what is nowhere keeps no other
 * reader waiting for long. */
size_t dd_looks_of(const struct dd_reply_work *work);

/* Pages that go by a number: the last one given (0: from the start), and the `next` that says it.
 * DD_NO_MEMORY. */
uint32_t dd_after_number(const struct dd_question *question);
enum dd_status dd_next_number(struct dd_reply_work *work, uint32_t number);

/* The unit that the question names, 0 if it names none; DD_NOT_FOUND with the refusal if there is
 * no such unit. */
enum dd_status dd_question_unit(struct dd_reply_work *work, uint32_t *unit);

/* Copies text into the arena; the empty slice when there is no memory. */
struct dd_slice dd_answer_text(struct dd_reply_work *work, const char *text);

/* How the duty stood just before an instant: what happened later does not count. Never OPEN. Of its
 * deadlines the present one serves, also for an earlier instant: a duty that was extended after its
 * bound's first day is pending until the new one, whenever one asks. */
enum dd_end dd_duty_stood(const struct dd_duty_row *duty, int64_t before_ms);

/* A party on its way into a table. */
struct dd_table_party {
    uint32_t unit;
    uint32_t group;
    uint16_t ordinal;
    struct dd_slice code;
    struct dd_slice name;
};

/* All parties of the cycle, in the table's order: by group, ordinal, code. DD_NO_MEMORY. */
enum dd_status dd_answer_parties(struct dd_reply_work *work, const struct dd_process *process,
                                 struct dd_table_party **out, size_t *count);

/* The offset from UTC that holds now, by the year's calendar; 0 where there is none. */
int16_t dd_offset_now(const struct dd_reply_work *work);

/* The account's code; empty if there is none. */
struct dd_slice dd_account_code(const struct dd_view *view, uint32_t account);

/* The account whose right to sign that one used for the party, by the delegation's number in the
 * unit that signed; empty if it signed in person (number 0). */
struct dd_slice dd_delegated_by(const struct dd_view *view, const struct dd_process *process,
                                uint32_t unit, uint32_t account, uint16_t delegation);

/* The first instant that no longer counts: the end of the as-of day, or INT64_MAX for now. */
int64_t dd_as_of_end(const struct dd_question *question, const struct dd_process *process);

/* The figures of a row (core/form.h) as an answer tells them, in the arena; keys borrow from the
 * row. DD_NO_MEMORY. */
enum dd_status dd_answer_cells(struct dd_reply_work *work, struct dd_slice figures,
                               struct dd_figure_cell **out, size_t *count);

/* The code of a unit; empty if there is none. */
struct dd_slice dd_unit_code(const struct dd_view *view, uint32_t unit);

#endif
