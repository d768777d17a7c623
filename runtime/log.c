/* Log lines. See runtime/log.h. Knows nothing of who logs what. */
#include "runtime/log.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/invariant.h"
#include "runtime/clock.h"

enum { WINDOW_MS = 60000, CUT_BYTES = 16 /* room for "\" cut=true\n" */ };

static enum dd_log_level level_min = DD_LOG_INFO;
static int log_fd = 2;

struct line {
    char text[DD_LOG_LINE_BYTES_MAX];
    size_t size;
    bool cut;
};

static void put(struct line *line, const char *bytes, size_t size)
{
    if (line->cut || line->size + size > sizeof line->text - CUT_BYTES) {
        line->cut = true;
        return;
    }
    memcpy(line->text + line->size, bytes, size);
    line->size += size;
}

static bool is_plain(const char *value)
{
    if (*value == '\0')
        return false;
    for (; *value; value++) {
        if (*value <= ' ' || *value > '~' || *value == '"' || *value == '=' || *value == '\\')
            return false;
    }
    return true;
}

/* Everything but printable ASCII is written as an escape: no byte of a value reaches the terminal.
 */
static void put_quoted(struct line *line, const char *value)
{
    bool cut_before = line->cut;

    put(line, "\"", 1);
    for (; *value; value++) {
        char escape[5];

        if (*value == '"' || *value == '\\') {
            put(line, (const char[]){'\\', *value}, 2);
        } else if (*value == '\n') {
            put(line, "\\n", 2);
        } else if (*value >= ' ' && *value <= '~') {
            put(line, value, 1);
        } else {
            (void)snprintf(escape, sizeof escape, "\\x%02x", (unsigned)(unsigned char)*value);
            put(line, escape, 4);
        }
    }
    if (line->cut && !cut_before)
        line->text[line->size++] = '"'; /* room was kept */
    else
        put(line, "\"", 1);
}

static void put_pair(struct line *line, const char *key, const char *value)
{
    if (!value)
        value = "";
    put(line, " ", 1);
    put(line, key, strlen(key));
    put(line, "=", 1);
    if (is_plain(value))
        put(line, value, strlen(value));
    else
        put_quoted(line, value);
}

static void put_time(struct line *line, int64_t at_ms)
{
    time_t seconds = (time_t)(at_ms / 1000);
    struct tm utc;
    char text[64];
    int size;

    DD_ASSERT(gmtime_r(&seconds, &utc) != NULL);
    size = snprintf(text, sizeof text, "ts=%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", utc.tm_year + 1900,
                    utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec,
                    (int)(at_ms % 1000));
    put(line, text, (size_t)size);
}

static const char *level_name(enum dd_log_level level)
{
    switch (level) {
    case DD_LOG_DEBUG:
        return "debug";
    case DD_LOG_INFO:
        return "info";
    case DD_LOG_WARN:
        return "warn";
    case DD_LOG_ERROR:
        return "error";
    case DD_LOG_SECURITY:
        return "security";
    }
    return "error";
}

static void line_begin(struct line *line, enum dd_log_level level, const char *message)
{
    line->size = 0;
    line->cut = false;
    put_time(line, dd_clock_utc_ms());
    put_pair(line, "level", level_name(level));
    put_pair(line, "msg", message);
}

static void line_pairs(struct line *line, va_list pairs)
{
    for (const char *key = va_arg(pairs, const char *); key; key = va_arg(pairs, const char *))
        put_pair(line, key, va_arg(pairs, const char *));
}

/* One write, so that lines of several threads do not mix. A log that cannot be written is nobody's
 * reason to stop. */
static void line_end(struct line *line)
{
    static const char cut[] = " cut=true";
    ssize_t written;

    if (line->cut) {
        memcpy(line->text + line->size, cut, sizeof cut - 1);
        line->size += sizeof cut - 1;
    }
    line->text[line->size++] = '\n';
    written = write(log_fd, line->text, line->size);
    (void)written;
}

void dd_log_set_level(enum dd_log_level level)
{
    level_min = level;
}

void dd_log_set_fd(int fd)
{
    log_fd = fd;
}

void dd_log(enum dd_log_level level, const char *message, ...)
{
    struct line line;
    va_list pairs;

    if (level < level_min)
        return;
    line_begin(&line, level, message);
    va_start(pairs, message);
    line_pairs(&line, pairs);
    va_end(pairs);
    line_end(&line);
}

bool dd_log_limit_pass(struct dd_log_limit *limit, int64_t now_ms, uint32_t per_minute,
                       uint64_t *suppressed)
{
    if ((limit->passed == 0 && limit->suppressed == 0) || now_ms - limit->window_ms >= WINDOW_MS) {
        limit->window_ms = now_ms;
        limit->passed = 0;
    }
    if (limit->passed >= per_minute) {
        limit->suppressed++;
        return false;
    }
    limit->passed++;
    *suppressed = limit->suppressed;
    limit->suppressed = 0;
    return true;
}

/* Sites are literals, so a pointer that was seen is a site that was seen; two literals of the same
 * words are the same site. */
static struct dd_log_limit *limit_of(const char *site)
{
    static struct {
        const char *site;
        struct dd_log_limit limit;
    } sites[DD_LOG_SECURITY_KEYS_MAX];

    for (size_t i = 0; i + 1 < DD_LOG_SECURITY_KEYS_MAX; i++) {
        if (!sites[i].site)
            sites[i].site = site;
        if (strcmp(sites[i].site, site) == 0)
            return &sites[i].limit;
    }
    return &sites[DD_LOG_SECURITY_KEYS_MAX - 1].limit;
}

void dd_log_security(const char *site, const char *message, ...)
{
    static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    struct line line;
    uint64_t suppressed = 0;
    va_list pairs;
    bool pass;

    DD_ASSERT(pthread_mutex_lock(&mutex) == 0);
    pass = dd_log_limit_pass(limit_of(site), dd_clock_mono_ms(), DD_LOG_SECURITY_PER_MINUTE,
                             &suppressed);
    DD_ASSERT(pthread_mutex_unlock(&mutex) == 0);
    if (!pass)
        return;
    line_begin(&line, DD_LOG_SECURITY, message);
    put_pair(&line, "site", site);
    va_start(pairs, message);
    line_pairs(&line, pairs);
    va_end(pairs);
    if (suppressed > 0)
        put_pair(&line, "suppressed", dd_log_number((int64_t)suppressed).text);
    line_end(&line);
}

struct dd_log_number dd_log_number(int64_t value)
{
    struct dd_log_number number;

    (void)snprintf(number.text, sizeof number.text, "%" PRId64, value);
    return number;
}
