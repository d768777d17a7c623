/* Log lines: their form, that nothing breaks out of them, and the rate of the security log. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "runtime/log.h"

static int pipe_fd[2];
static char got[65536];

static int open_pipe(void **state)
{
    (void)state;
    dd_log_set_level(DD_LOG_INFO);
    if (pipe(pipe_fd) != 0)
        return -1;
    dd_log_set_fd(pipe_fd[1]);
    return 0;
}

static int close_pipe(void **state)
{
    (void)state;
    dd_log_set_fd(2);
    (void)close(pipe_fd[0]);
    (void)close(pipe_fd[1]);
    return 0;
}

/* What was logged since the last call, or "" (a mark is written behind it, so that nothing blocks).
 */
static const char *logged(void)
{
    ssize_t size;

    assert_int_equal(write(pipe_fd[1], "#", 1), 1);
    size = read(pipe_fd[0], got, sizeof got - 1);
    assert_true(size >= 1);
    got[size - 1] = '\0';
    return got;
}

static int count_lines(const char *text)
{
    int lines = 0;

    for (; *text; text++)
        lines += *text == '\n';
    return lines;
}

static void log_line_is_logfmt_with_time_and_level(void **state)
{
    const char *line;
    int numbers[7];
    (void)state;

    dd_log(DD_LOG_WARN, "flush lags", "entries", dd_log_number(-12).text, "unit", "so-noi-vu",
           NULL);
    line = logged();
    assert_int_equal(sscanf(line, "ts=%4d-%2d-%2dT%2d:%2d:%2d.%3dZ ", &numbers[0], &numbers[1],
                            &numbers[2], &numbers[3], &numbers[4], &numbers[5], &numbers[6]),
                     7);
    assert_string_equal(strchr(line, ' '),
                        " level=warn msg=\"flush lags\" entries=-12 unit=so-noi-vu\n");
}

static void log_values_cannot_break_a_line_or_a_terminal(void **state)
{
    (void)state;

    dd_log(DD_LOG_INFO, "m", "a", "x\ny=1 level=error", "b", "\x1b[31m\r", "c", "say \"no\" \\",
           "d", "", "e", (const char *)NULL, "f", "\xc3\xa9\xff", "g", "a=b", NULL);
    assert_string_equal(strstr(logged(), " a="),
                        " a=\"x\\ny=1 level=error\" b=\"\\x1b[31m\\x0d\" c=\"say \\\"no\\\" \\\\\""
                        " d=\"\" e=\"\" f=\"\\xc3\\xa9\\xff\" g=\"a=b\"\n");
}

static void log_below_its_level_is_silent(void **state)
{
    (void)state;

    dd_log(DD_LOG_DEBUG, "detail", NULL);
    assert_string_equal(logged(), "");
    dd_log_set_level(DD_LOG_DEBUG);
    dd_log(DD_LOG_DEBUG, "detail", NULL);
    assert_int_equal(count_lines(logged()), 1);
    dd_log_set_level(DD_LOG_ERROR);
    dd_log(DD_LOG_WARN, "warning", NULL);
    assert_string_equal(logged(), "");
    dd_log_security("test-level", "always", NULL);
    assert_int_equal(count_lines(logged()), 1);
}

static void log_line_that_is_too_long_is_cut_and_says_so(void **state)
{
    static char value[2 * DD_LOG_LINE_BYTES_MAX];
    const char *line;
    (void)state;

    memset(value, 'x', sizeof value - 1);
    dd_log(DD_LOG_INFO, "long", "first", "kept", "value", value, "after", "lost", NULL);
    line = logged();
    assert_true(strlen(line) <= DD_LOG_LINE_BYTES_MAX);
    assert_int_equal(count_lines(line), 1);
    assert_non_null(strstr(line, "first=kept"));
    assert_null(strstr(line, "after="));
    assert_string_equal(line + strlen(line) - 10, " cut=true\n");
    memset(value, '\n', sizeof value - 1);
    dd_log(DD_LOG_INFO, "long", "value", value, NULL);
    line = logged();
    assert_true(strlen(line) <= DD_LOG_LINE_BYTES_MAX);
    assert_int_equal(count_lines(line), 1);
    assert_string_equal(line + strlen(line) - 13, "\\n\" cut=true\n");
}

static void log_security_is_limited_for_each_site(void **state)
{
    const char *lines;
    (void)state;

    for (int i = 0; i < DD_LOG_SECURITY_PER_MINUTE + 20; i++)
        dd_log_security("test-flood", "unknown key", "peer", "127.0.0.1", NULL);
    dd_log_security("test-other", "bad signature", NULL);
    lines = logged();
    assert_int_equal(count_lines(lines), DD_LOG_SECURITY_PER_MINUTE + 1);
    assert_non_null(strstr(lines, " level=security msg=\"unknown key\" site=test-flood "
                                  "peer=127.0.0.1\n"));
    assert_non_null(strstr(lines, "site=test-other"));
}

static void log_security_bounds_what_it_remembers_of_sites(void **state)
{
    static char site[DD_LOG_SECURITY_KEYS_MAX + 40][16];
    (void)state;

    for (int i = 0; i < DD_LOG_SECURITY_KEYS_MAX + 40; i++) {
        (void)snprintf(site[i], sizeof site[i], "site-%d", i);
        dd_log_security(site[i], "x", NULL);
    }
    assert_true(count_lines(logged()) < DD_LOG_SECURITY_KEYS_MAX + 40);
}

static void log_limit_passes_again_after_a_minute_and_tells_what_it_held_back(void **state)
{
    struct dd_log_limit limit = {0};
    uint64_t suppressed = 99;
    (void)state;

    assert_true(dd_log_limit_pass(&limit, 5000, 2, &suppressed));
    assert_int_equal(suppressed, 0);
    assert_true(dd_log_limit_pass(&limit, 64999, 2, &suppressed));
    assert_false(dd_log_limit_pass(&limit, 64999, 2, &suppressed));
    assert_false(dd_log_limit_pass(&limit, 64999, 2, &suppressed));
    assert_true(dd_log_limit_pass(&limit, 65000, 2, &suppressed));
    assert_int_equal(suppressed, 2);
    assert_true(dd_log_limit_pass(&limit, 65000, 2, &suppressed));
    assert_int_equal(suppressed, 0);
    assert_false(dd_log_limit_pass(&limit, 65000, 2, &suppressed));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, open_pipe, close_pipe)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(log_line_is_logfmt_with_time_and_level),
        CASE(log_values_cannot_break_a_line_or_a_terminal),
        CASE(log_below_its_level_is_silent),
        CASE(log_line_that_is_too_long_is_cut_and_says_so),
        CASE(log_security_is_limited_for_each_site),
        CASE(log_security_bounds_what_it_remembers_of_sites),
        CASE(log_limit_passes_again_after_a_minute_and_tells_what_it_held_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
