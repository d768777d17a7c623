/* A thread for one job at a time. See runtime/task.h. */
#include "runtime/task.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "core/invariant.h"

enum stage { STAGE_IDLE, STAGE_SUBMITTED, STAGE_DONE };

struct dd_task {
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    int done_fd;
    char name[16];
    /* under the mutex */
    enum stage stage;
    bool closing;
    enum dd_status (*job)(void *arg);
    void *arg;
    enum dd_status result;
};

/* Waits for a job; false when the task is closing. */
static bool next_job(struct dd_task *task)
{
    bool got;

    DD_ASSERT(pthread_mutex_lock(&task->mutex) == 0);
    while (task->stage != STAGE_SUBMITTED && !task->closing)
        DD_ASSERT(pthread_cond_wait(&task->wake, &task->mutex) == 0);
    got = task->stage == STAGE_SUBMITTED;
    DD_ASSERT(pthread_mutex_unlock(&task->mutex) == 0);
    return got;
}

static void *run(void *self)
{
    struct dd_task *task = self;
    const uint64_t one = 1;

    (void)prctl(PR_SET_NAME, task->name, 0, 0, 0);
    while (next_job(task)) {
        enum dd_status result = task->job(task->arg);

        DD_ASSERT(pthread_mutex_lock(&task->mutex) == 0);
        task->result = result;
        task->stage = STAGE_DONE;
        DD_ASSERT(pthread_mutex_unlock(&task->mutex) == 0);
        DD_ASSERT(write(task->done_fd, &one, sizeof one) == (ssize_t)sizeof one);
    }
    return NULL;
}

/* Starts the thread with all signals blocked, so that they go to the thread that waits for them. */
static bool start(struct dd_task *task)
{
    sigset_t all;
    sigset_t before;
    bool started;

    DD_ASSERT(sigfillset(&all) == 0);
    DD_ASSERT(pthread_sigmask(SIG_BLOCK, &all, &before) == 0);
    started = pthread_create(&task->thread, NULL, run, task) == 0;
    DD_ASSERT(pthread_sigmask(SIG_SETMASK, &before, NULL) == 0);
    return started;
}

enum dd_status dd_task_open(const char *name, struct dd_task **task)
{
    struct dd_task *made = calloc(1, sizeof *made);

    if (!made)
        return DD_NO_MEMORY;
    DD_ASSERT(strlen(name) < sizeof made->name);
    memcpy(made->name, name, strlen(name) + 1);
    DD_ASSERT(pthread_mutex_init(&made->mutex, NULL) == 0);
    DD_ASSERT(pthread_cond_init(&made->wake, NULL) == 0);
    made->done_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (made->done_fd >= 0 && start(made)) {
        *task = made;
        return DD_OK;
    }
    if (made->done_fd >= 0)
        (void)close(made->done_fd);
    (void)pthread_cond_destroy(&made->wake);
    (void)pthread_mutex_destroy(&made->mutex);
    free(made);
    return DD_IO;
}

void dd_task_close(struct dd_task *task)
{
    if (!task)
        return;
    DD_ASSERT(pthread_mutex_lock(&task->mutex) == 0);
    task->closing = true;
    DD_ASSERT(pthread_cond_signal(&task->wake) == 0);
    DD_ASSERT(pthread_mutex_unlock(&task->mutex) == 0);
    DD_ASSERT(pthread_join(task->thread, NULL) == 0);
    (void)close(task->done_fd);
    (void)pthread_cond_destroy(&task->wake);
    (void)pthread_mutex_destroy(&task->mutex);
    free(task);
}

int dd_task_fd(const struct dd_task *task)
{
    return task->done_fd;
}

bool dd_task_busy(const struct dd_task *task)
{
    /* Only the owner's thread takes a task from idle and back to it. */
    return task->job != NULL;
}

void dd_task_submit(struct dd_task *task, enum dd_status (*job)(void *arg), void *arg)
{
    DD_ASSERT(job != NULL && !dd_task_busy(task));
    DD_ASSERT(pthread_mutex_lock(&task->mutex) == 0);
    task->job = job;
    task->arg = arg;
    task->stage = STAGE_SUBMITTED;
    DD_ASSERT(pthread_cond_signal(&task->wake) == 0);
    DD_ASSERT(pthread_mutex_unlock(&task->mutex) == 0);
}

bool dd_task_fetch(struct dd_task *task, enum dd_status *result, void **arg)
{
    uint64_t count;

    if (!dd_task_busy(task) || read(task->done_fd, &count, sizeof count) != (ssize_t)sizeof count)
        return false;
    DD_ASSERT(pthread_mutex_lock(&task->mutex) == 0);
    DD_ASSERT(task->stage == STAGE_DONE);
    *result = task->result;
    if (arg)
        *arg = task->arg;
    task->job = NULL;
    task->arg = NULL;
    task->stage = STAGE_IDLE;
    DD_ASSERT(pthread_mutex_unlock(&task->mutex) == 0);
    return true;
}

enum dd_status dd_task_wait(struct dd_task *task)
{
    struct pollfd waited = {.fd = task->done_fd, .events = POLLIN};
    enum dd_status result = DD_OK;

    DD_ASSERT(dd_task_busy(task));
    while (!dd_task_fetch(task, &result, NULL)) {
        int found = poll(&waited, 1, -1);
        DD_ASSERT(found >= 0 || errno == EINTR);
    }
    return result;
}
