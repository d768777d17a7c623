/* The notifier's jobs. See workers/notifier_job.h. */
#include "workers/notifier_job.h"

enum { DIGESTS_ARENA_BYTES = 128 * 1024 * 1024, LETTER_ARENA_BYTES = 16 * 1024 * 1024 };

static enum dd_status deliver_one(const struct dd_notifier_desk *desk,
                                  const struct dd_digest *digest)
{
    struct dd_arena arena = dd_arena_make(LETTER_ARENA_BYTES);
    struct dd_letter letter;
    enum dd_status status =
        dd_digest_letter(digest, desk->language, desk->jurisdiction, &arena, &letter);
    if (status == DD_OK)
        status = desk->delivery.put(desk->delivery.self, &letter);
    dd_arena_free(&arena);
    return status;
}

/* A digest that cannot be delivered holds up none of the others. */
static void deliver(struct dd_notifier_job *job, const struct dd_notifier_desk *desk,
                    struct dd_arena *arena)
{
    struct dd_digest digests[DD_NOTIFIER_DIGESTS_AT_ONCE];
    size_t count;
    job->status =
        dd_outbox_queued(desk->outbox, arena, DD_NOTIFIER_DIGESTS_AT_ONCE, digests, &count);
    if (job->status != DD_OK)
        return;
    for (size_t i = 0; i < count; i++) {
        enum dd_status status = deliver_one(desk, &digests[i]);
        if (status == DD_OK)
            digests[job->delivered++] = digests[i];
        else if (job->delivery_status == DD_OK)
            job->delivery_status = status;
    }
    enum dd_status synced = desk->delivery.sync(desk->delivery.self);
    if (synced != DD_OK) {
        job->delivery_status = synced;
        job->delivered = 0;
    }
    if (job->delivered > 0)
        job->status = dd_outbox_delivered(desk->outbox, digests, job->delivered);
}

void dd_notifier_job_do(struct dd_notifier_job *job, const struct dd_notifier_desk *desk)
{
    struct dd_arena arena = dd_arena_make(DIGESTS_ARENA_BYTES);
    job->status = DD_OK;
    job->delivery_status = DD_OK;
    job->delivered = 0;
    switch (job->kind) {
    case DD_NOTIFIER_GATHER:
        job->status =
            dd_outbox_gather(desk->outbox, job->lines, job->line_count, job->next, job->seal_all);
        break;
    case DD_NOTIFIER_DELIVER:
        deliver(job, desk, &arena);
        break;
    case DD_NOTIFIER_REPORT:
        job->status = dd_outbox_report(desk->outbox, job->how, &job->batch);
        break;
    }
    dd_outbox_stands(desk->outbox, &job->standing);
    dd_arena_free(&arena);
}
