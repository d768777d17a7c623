/* A task: one job at a time on another thread, completion on a descriptor. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>

#include <cmocka.h>

#include "runtime/task.h"

struct job {
    sem_t go;
    pthread_t ran_on;
    int runs;
    enum dd_status result;
};

static enum dd_status run_job(void *arg)
{
    struct job *job = arg;

    while (sem_wait(&job->go) != 0)
        ;
    job->ran_on = pthread_self();
    job->runs++;
    return job->result;
}

static bool readable(const struct dd_task *task, int timeout_ms)
{
    struct pollfd waited = {.fd = dd_task_fd(task), .events = POLLIN};

    return poll(&waited, 1, timeout_ms) == 1;
}

static void task_runs_a_job_elsewhere_and_tells_when_it_is_done(void **state)
{
    struct job job = {.result = DD_NO_SPACE};
    struct dd_task *task = NULL;
    enum dd_status result = DD_OK;
    void *arg = NULL;
    (void)state;

    assert_int_equal(sem_init(&job.go, 0, 0), 0);
    assert_int_equal(dd_task_open("tester", &task), DD_OK);
    assert_false(dd_task_busy(task));
    assert_false(dd_task_fetch(task, &result, &arg));
    dd_task_submit(task, run_job, &job);
    assert_true(dd_task_busy(task));
    assert_false(readable(task, 0)); /* the job still waits for us */
    assert_false(dd_task_fetch(task, &result, &arg));
    assert_int_equal(sem_post(&job.go), 0);
    assert_true(readable(task, 20000));
    assert_true(dd_task_busy(task));
    assert_true(dd_task_fetch(task, &result, &arg));
    assert_int_equal(result, DD_NO_SPACE);
    assert_ptr_equal(arg, &job);
    assert_false(pthread_equal(job.ran_on, pthread_self()));
    assert_false(dd_task_busy(task));
    assert_false(readable(task, 0));
    dd_task_close(task);
}

static void task_runs_many_jobs_one_after_the_other(void **state)
{
    struct job job = {.result = DD_OK};
    struct dd_task *task = NULL;
    (void)state;

    assert_int_equal(sem_init(&job.go, 0, 1000), 0);
    assert_int_equal(dd_task_open("tester", &task), DD_OK);
    for (int i = 0; i < 1000; i++) {
        dd_task_submit(task, run_job, &job);
        assert_int_equal(dd_task_wait(task), DD_OK);
        assert_int_equal(job.runs, i + 1);
    }
    dd_task_close(task);
}

static void task_close_waits_for_the_job_that_was_submitted(void **state)
{
    struct job job = {.result = DD_OK};
    struct dd_task *task = NULL;
    (void)state;

    assert_int_equal(sem_init(&job.go, 0, 1), 0);
    assert_int_equal(dd_task_open("tester", &task), DD_OK);
    dd_task_submit(task, run_job, &job);
    dd_task_close(task);
    assert_int_equal(job.runs, 1);
}

static void task_that_never_worked_may_be_closed(void **state)
{
    struct dd_task *task = NULL;
    (void)state;

    assert_int_equal(dd_task_open("fifteen-letters", &task), DD_OK);
    dd_task_close(task);
    dd_task_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(task_runs_a_job_elsewhere_and_tells_when_it_is_done),
        cmocka_unit_test(task_runs_many_jobs_one_after_the_other),
        cmocka_unit_test(task_close_waits_for_the_job_that_was_submitted),
        cmocka_unit_test(task_that_never_worked_may_be_closed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
