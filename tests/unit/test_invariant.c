/* A broken invariant ends the process, in release builds too: seen from a parent process. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/deadline.h"
#include "core/figure.h"
#include "core/invariant.h"

static void an_assert_that_fails(void)
{
    volatile int two = 2;
    DD_ASSERT(two + two == 5);
}

static void an_assert_that_holds(void)
{
    volatile int two = 2;
    DD_ASSERT(two + two == 4);
}

static void a_scale_out_of_range(void)
{
    char text[DD_FIGURE_TEXT_BYTES];
    dd_figure_format((struct dd_figure){1, DD_FIGURE_SCALE_MAX + 1}, text);
}

static void a_comparison_with_a_scale_out_of_range(void)
{
    dd_figure_compare((struct dd_figure){1, 0}, (struct dd_figure){1, DD_FIGURE_SCALE_MAX + 1});
}

static void a_word_that_is_none(void)
{
    dd_deadline_last_day((enum dd_deadline_word)0, 100);
}

/* Runs the act in a child and gives how that ended; what it said on stderr goes to *said. */
static int status_of(void (*act)(void), char *said, size_t size)
{
    int pipe_ends[2];
    int status = 0;
    size_t at = 0;

    assert_int_equal(pipe(pipe_ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        signal(SIGABRT, SIG_DFL);
        dup2(pipe_ends[1], STDERR_FILENO);
        close(pipe_ends[0]);
        act();
        _exit(0);
    }
    close(pipe_ends[1]);
    for (;;) {
        ssize_t got = read(pipe_ends[0], said + at, size - 1 - at);
        if (got <= 0)
            break;
        at += (size_t)got;
    }
    said[at] = '\0';
    close(pipe_ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void assert_that_holds_does_nothing(void **state)
{
    char said[4096];
    int status = status_of(an_assert_that_holds, said, sizeof said);
    (void)state;

    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_string_equal(said, "");
}

static void assert_that_fails_aborts_and_names_condition_and_place(void **state)
{
    char said[4096];
    int status = status_of(an_assert_that_fails, said, sizeof said);
    (void)state;

    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGABRT);
    assert_non_null(strstr(said, "two + two == 5"));
    assert_non_null(strstr(said, "test_invariant.c:"));
}

static void bugs_of_callers_stop_the_process(void **state)
{
    static void (*const bugs[])(void) = {
        a_scale_out_of_range, a_comparison_with_a_scale_out_of_range, a_word_that_is_none};
    char said[4096];
    (void)state;

    for (size_t i = 0; i < sizeof bugs / sizeof bugs[0]; i++) {
        int status = status_of(bugs[i], said, sizeof said);
        assert_true(WIFSIGNALED(status));
        assert_int_equal(WTERMSIG(status), SIGABRT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(assert_that_holds_does_nothing),
        cmocka_unit_test(assert_that_fails_aborts_and_names_condition_and_place),
        cmocka_unit_test(bugs_of_callers_stop_the_process),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
