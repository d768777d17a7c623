/*
 * The reader: a question, answered from a snapshot of state and from the journal, as a Reply's
 * bytes. Runs on a thread of its own beside the registrar; changes nothing. No read transaction
 * outlives an answer.
 */
#ifndef DD_WORKERS_READER_H
#define DD_WORKERS_READER_H

#include "proto/codec.h"
#include "storage/journal.h"
#include "storage/state.h"

struct dd_reader_desk;

/* A reader over the state and a journal reader, both borrowed. DD_NO_MEMORY or as dd_snapshot_open.
 */
enum dd_status dd_reader_open(struct dd_state *state, struct dd_journal_reader *journal,
                              struct dd_reader_desk **out);
void dd_reader_close(struct dd_reader_desk *reader);

/* A question on its way through the reader. Who makes it owns it. */
struct dd_reading {
    uint64_t ref; /* of the broker's request */
    uint32_t account;
    int64_t at_ms;        /* the request's receipt stamp */
    uint64_t durable_end; /* entries below this may be shown */
    struct dd_slice request_id;
    const struct dd_question *question;
    struct dd_slice reply; /* out: borrowed from the reader until its next answer */
};

/* Answers: *reading->reply is an encoded Reply in every case but DD_NO_MEMORY, DD_IO and
 * DD_CORRUPT. */
enum dd_status dd_reader_answer(struct dd_reader_desk *reader, struct dd_reading *reading);

#endif
