/*
 * The notifier's jobs, done: the outbox's transactions, and the delivery of digests through
 * whatever means is given. The only part of the notifier that waits for a disk. Knows no message,
 * no thread and no clock.
 */
#ifndef DD_WORKERS_NOTIFIER_JOB_H
#define DD_WORKERS_NOTIFIER_JOB_H

#include "workers/digest_text.h"
#include "workers/notifier.h"

enum { DD_NOTIFIER_DIGESTS_AT_ONCE = 32 };

/* A means of delivery. put takes one letter (borrowed), sync says whether all that were put since
 * the last sync are safe; both DD_OK or why not. A letter may come again, under the same
 * message_id. */
struct dd_delivery {
    void *self;
    enum dd_status (*put)(void *self, const struct dd_letter *letter);
    enum dd_status (*sync)(void *self);
};

/* What jobs are done with; borrowed. */
struct dd_notifier_desk {
    struct dd_outbox *outbox;
    struct dd_delivery delivery;
    enum dd_language language;
    struct dd_slice jurisdiction;
};

/* Does the job and fills in its results. */
void dd_notifier_job_do(struct dd_notifier_job *job, const struct dd_notifier_desk *desk);

#endif
