/*
 * Questions answered from state: cycles and their tables, duties, dossiers, matters, figures,
 * reminders, units, publications, delegations. Changes nothing and scans no log. What needs more
 * than state (hello, log, digest) is answered by the reader.
 */
#ifndef DD_CORE_ANSWER_H
#define DD_CORE_ANSWER_H

#include "core/question.h"
#include "core/view.h"
#include "core/arena.h"

/* Who asks, when, and how much an answer may hold. */
struct dd_asking {
    const struct dd_view *view;
    struct dd_arena *arena; /* the answer is made here; it borrows from the view, too */
    uint32_t account;
    int64_t now_ms;
    size_t page_bytes; /* stop adding rows at about this size and say where to go on */
};

/* DD_OK if the account may ask this today: any office lets ask about the cycles; the log and the
 * digest need auditor, administrator or notifier. Else DD_FORBIDDEN with *refusal. */
enum dd_status dd_may_ask(const struct dd_asking *asking, const struct dd_question *question,
                          struct dd_refusal *refusal);

/* Answers every question but HELLO, LOG and DIGEST. DD_OK with *answer (but its seq,
 * which the caller knows); DD_NOT_FOUND or DD_INVALID with *refusal; DD_NO_MEMORY. */
enum dd_status dd_answer(const struct dd_asking *asking, const struct dd_question *question,
                         struct dd_answer *answer, struct dd_refusal *refusal);

#endif
