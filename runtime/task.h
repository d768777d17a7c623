/*
 * A thread that runs one job at a time for the thread that owns it: a sync of the journal, a flush
 * of state, a reader's answer. Completion is an eventfd to poll on. Knows nothing of the jobs.
 */
#ifndef DD_RUNTIME_TASK_H
#define DD_RUNTIME_TASK_H

#include <stdbool.h>

#include "core/status.h"

struct dd_task;

/* Starts the thread; `name` (up to 15 bytes) shows in ps and top. Signals are blocked in it.
 * DD_NO_MEMORY or DD_IO. */
enum dd_status dd_task_open(const char *name, struct dd_task **task);

/* Waits for the job that runs, throws its result away and joins the thread. NULL is fine. */
void dd_task_close(struct dd_task *task);

/* Readable while a result waits to be fetched. Owned by the task. */
int dd_task_fd(const struct dd_task *task);

/* True from submit until the result is fetched. Owner's thread only. */
bool dd_task_busy(const struct dd_task *task);

/* Hands a job to the thread; `arg` is lent to it until the result is fetched. Submitting while busy
 * is a bug. */
void dd_task_submit(struct dd_task *task, enum dd_status (*job)(void *arg), void *arg);

/* Fetches the result of a finished job: true and *result, *arg (may be NULL); false if none is
 * ready. */
bool dd_task_fetch(struct dd_task *task, enum dd_status *result, void **arg);

/* Waits for the job that was submitted and fetches its result. Waiting for none is a bug. */
enum dd_status dd_task_wait(struct dd_task *task);

#endif
