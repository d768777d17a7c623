/* Configuration: values, where they came from, and every fault with its line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "runtime/config.h"

static const struct dd_config_key keys[] = {
    {"broker", "endpoint", "tcp://*:5570", "where clients connect"},
    {"broker", "threads", "2", "network threads"},
    {"registrar", "data", "", "the data folder"},
    {"registrar", "endpoint", "inproc://registrar", "where the broker is"},
};

static char path[256];
static struct dd_config *config;

static int open_config(void **state)
{
    const char *base = getenv("TMPDIR");
    int fd;
    (void)state;

    (void)snprintf(path, sizeof path, "%s/dd-conf-XXXXXX", base ? base : "/tmp");
    fd = mkstemp(path);
    if (fd < 0)
        return -1;
    (void)close(fd);
    return dd_config_open(keys, sizeof keys / sizeof keys[0], &config) == DD_OK ? 0 : -1;
}

static int close_config(void **state)
{
    (void)state;
    dd_config_close(config);
    return unlink(path);
}

static enum dd_status read_bytes(const char *text, size_t size)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
    return dd_config_read(config, path);
}

static enum dd_status read_text(const char *text)
{
    return read_bytes(text, strlen(text));
}

/* The n-th fault without the path before its line. */
static const char *fault(size_t index)
{
    const char *text = dd_config_fault(config, index);

    assert_int_equal(strncmp(text, path, strlen(path)), 0);
    return text + strlen(path);
}

static void config_without_a_file_has_its_defaults(void **state)
{
    int64_t threads = 0;
    (void)state;

    assert_string_equal(dd_config_text(config, "broker", "endpoint"), "tcp://*:5570");
    assert_string_equal(dd_config_text(config, "registrar", "endpoint"), "inproc://registrar");
    assert_string_equal(dd_config_origin(config, "broker", "endpoint"), "default");
    assert_int_equal(dd_config_number(config, "broker", "threads", 1, 8, &threads), DD_OK);
    assert_int_equal(threads, 2);
    assert_int_equal(dd_config_read(config, "/nonexistent/dondoc.conf"), DD_NOT_FOUND);
    assert_int_equal(dd_config_fault_count(config), 0);
}

static void config_reads_values_and_remembers_their_lines(void **state)
{
    char origin[300];
    (void)state;

    assert_int_equal(
        read_text("\xef\xbb\xbf# comment\n\n[broker]\n  endpoint = tcp://[::1]:1 ; why\r\n"
                  "  threads: 4\n[registrar]\ndata=/var/lib/dondoc = x"),
        DD_OK);
    assert_string_equal(dd_config_text(config, "broker", "endpoint"), "tcp://[::1]:1");
    assert_string_equal(dd_config_text(config, "broker", "threads"), "4");
    assert_string_equal(dd_config_text(config, "registrar", "data"), "/var/lib/dondoc = x");
    assert_string_equal(dd_config_origin(config, "registrar", "endpoint"), "default");
    (void)snprintf(origin, sizeof origin, "%s:4", path);
    assert_string_equal(dd_config_origin(config, "broker", "endpoint"), origin);
    (void)snprintf(origin, sizeof origin, "%s:7", path);
    assert_string_equal(dd_config_origin(config, "registrar", "data"), origin);
}

static void config_lists_all_faults_with_their_lines(void **state)
{
    (void)state;

    assert_int_equal(read_text("loose = 1\n[broker]\nendpoint = a\nendpont = b\nendpoint = c\n"
                               "just words\n[unknown]\nx = 1\n[broker\n[registrar]\nthreads = 2\n"),
                     DD_INVALID);
    assert_int_equal(dd_config_fault_count(config), 6);
    assert_string_equal(fault(0), ":4: unknown key endpont in section [broker]");
    assert_string_equal(fault(1), ":5: endpoint is set already in line 3");
    assert_string_equal(fault(2), ":6: neither [section] nor name = value");
    assert_string_equal(fault(3), ":7: unknown section [unknown]");
    assert_string_equal(fault(4), ":9: the section has no ]");
    assert_string_equal(fault(5), ":11: unknown key threads in section [registrar]");
    assert_string_equal(dd_config_text(config, "broker", "endpoint"), "a");
}

static void config_line_length_has_two_sides(void **state)
{
    char text[DD_CONFIG_LINE_BYTES_MAX + 64];
    size_t head = strlen("[broker]\nendpoint=");
    size_t line = strlen("endpoint=");
    (void)state;

    memset(text, 'x', sizeof text);
    memcpy(text, "[broker]\nendpoint=", head);
    text[head - line + DD_CONFIG_LINE_BYTES_MAX] = '\0';
    assert_int_equal(read_text(text), DD_OK);
    assert_int_equal(strlen(dd_config_text(config, "broker", "endpoint")),
                     DD_CONFIG_LINE_BYTES_MAX - line);
    text[head - line + DD_CONFIG_LINE_BYTES_MAX] = 'x';
    text[head - line + DD_CONFIG_LINE_BYTES_MAX + 1] = '\0';
    assert_int_equal(read_text(text), DD_INVALID);
    assert_string_equal(fault(0), ":2: the line is longer than 197 bytes");
}

static void config_with_a_zero_byte_is_refused(void **state)
{
    static const char text[] = "[broker]\nendpoint = a\0b\nthreads = 3\n";
    (void)state;

    assert_int_equal(read_bytes(text, sizeof text - 1), DD_INVALID);
    assert_string_equal(fault(0), ":2: the line holds a 0 byte");
    assert_string_equal(dd_config_text(config, "broker", "threads"), "3");
}

static void config_override_wins_over_the_file_and_names_its_origin(void **state)
{
    static char value[DD_CONFIG_VALUE_BYTES + 1];
    (void)state;

    assert_int_equal(read_text("[broker]\nendpoint = a\n"), DD_OK);
    assert_int_equal(dd_config_override(config, "broker", "endpoint", "b", "--endpoint"), DD_OK);
    assert_string_equal(dd_config_text(config, "broker", "endpoint"), "b");
    assert_string_equal(dd_config_origin(config, "broker", "endpoint"), "--endpoint");
    assert_int_equal(dd_config_override(config, "broker", "other", "b", "--x"), DD_NOT_FOUND);
    memset(value, 'x', sizeof value - 1);
    assert_int_equal(dd_config_override(config, "broker", "endpoint", value, "--x"), DD_TOO_LARGE);
    value[DD_CONFIG_VALUE_BYTES - 1] = '\0';
    assert_int_equal(dd_config_override(config, "broker", "endpoint", value, "--x"), DD_OK);
}

static void config_number_is_checked_with_its_line(void **state)
{
    static const char *const bad[] = {
        "0", "9", "x", "", "2x", "0x2", " ", "2.5", "--2", "-", "99999999999999999999", "+2"};
    int64_t number = 77;
    (void)state;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(dd_config_override(config, "broker", "threads", bad[i], "--threads"),
                         DD_OK);
        assert_int_equal(dd_config_number(config, "broker", "threads", 1, 8, &number), DD_INVALID);
        assert_int_equal(dd_config_fault_count(config), i + 1);
    }
    assert_int_equal(number, 77);
    assert_string_equal(dd_config_fault(config, 2),
                        "--threads: threads = x: not a whole number from 1 to 8");
    assert_int_equal(dd_config_override(config, "broker", "threads", "8", "--threads"), DD_OK);
    assert_int_equal(dd_config_number(config, "broker", "threads", 1, 8, &number), DD_OK);
    assert_int_equal(number, 8);
    assert_int_equal(dd_config_override(config, "broker", "threads", "-5", "--threads"), DD_OK);
    assert_int_equal(dd_config_number(config, "broker", "threads", -5, 8, &number), DD_OK);
    assert_int_equal(number, -5);
}

static void config_of_faults_only_is_bounded(void **state)
{
    static char text[5 * (DD_CONFIG_FAULTS_MAX + 100)];
    (void)state;

    for (size_t i = 0; i < sizeof text; i += 5)
        memcpy(text + i, "word\n", 5);
    assert_int_equal(read_bytes(text, sizeof text), DD_INVALID);
    assert_int_equal(dd_config_fault_count(config), DD_CONFIG_FAULTS_MAX + 1);
    assert_non_null(strstr(dd_config_fault(config, DD_CONFIG_FAULTS_MAX), "more faults"));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, open_config, close_config)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(config_without_a_file_has_its_defaults),
        CASE(config_reads_values_and_remembers_their_lines),
        CASE(config_lists_all_faults_with_their_lines),
        CASE(config_line_length_has_two_sides),
        CASE(config_with_a_zero_byte_is_refused),
        CASE(config_override_wins_over_the_file_and_names_its_origin),
        CASE(config_number_is_checked_with_its_line),
        CASE(config_of_faults_only_is_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
