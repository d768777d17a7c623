/*
 * Errands: what was asked of the client and has not completed, in the order of asking: commands as
 * signed bytes, questions, acts on the clock. A bounded list that owns copies. Knows nothing of
 * sending.
 */
#ifndef DD_CLIENTS_LIB_ERRAND_H
#define DD_CLIENTS_LIB_ERRAND_H

#include "clients/lib/dondoc.h"

enum dd_errand_kind { DD_ERRAND_COMMAND, DD_ERRAND_QUESTION, DD_ERRAND_CLOCK };

struct dd_errand {
    struct dd_errand *earlier;
    struct dd_errand *later;
    enum dd_errand_kind kind;
    int64_t deadline_ms;

    /* How it stands with the server; the session's to change. */
    bool in_flight;
    uint64_t request;      /* the request that it is in, or was last in; 0: never sent */
    size_t place;          /* a command's: among those of the request */
    uint32_t attempts;     /* a question's: sent so often */
    int64_t retry_ms;      /* a question's: not before */
    bool unknown;          /* sent, and nothing said that it was not taken */
    enum dd_status putoff; /* the server's last word on why not now; DD_OK: none */

    void (*command_done)(void *arg, const struct dd_command_outcome *outcome);
    void (*question_done)(void *arg, const struct dd_question_outcome *outcome);
    void *arg;

    struct dd_id id;           /* of a command */
    struct dd_slice command;   /* borrowed from bytes[] */
    struct dd_slice signature; /* the same */
    struct dd_question question;
    int64_t clock_to_ms;
    size_t size_bytes;
    uint8_t bytes[];
};

struct dd_errands {
    struct dd_errand *first;
    struct dd_errand *last;
    size_t count;
    size_t bytes;
    size_t count_max;
    size_t bytes_max;
};

/* Each puts a copy at the end. DD_OK and *errand, which the list owns, with callbacks and deadline
 * for the caller to fill; DD_BUSY: the list is full; DD_NO_MEMORY. */
enum dd_status dd_errands_add_command(struct dd_errands *list, struct dd_id id,
                                      struct dd_slice command, struct dd_slice signature,
                                      struct dd_errand **errand);
enum dd_status dd_errands_add_question(struct dd_errands *list, const struct dd_question *question,
                                       struct dd_errand **errand);
enum dd_status dd_errands_add_clock(struct dd_errands *list, int64_t to_ms,
                                    struct dd_errand **errand);

/* Takes an errand out of the list for the caller, who frees it. */
void dd_errands_take(struct dd_errands *list, struct dd_errand *errand);
void dd_errand_free(struct dd_errand *errand);

#endif
