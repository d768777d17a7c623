/*
 * What the operator reads: logfmt lines (ts=... level=... msg=... key=value) on standard error, one
 * write a line, any thread. Values are quoted and escaped, so that nothing a peer sends can break a
 * line or a terminal. Never carries keys, secrets or names of persons; that is the caller's duty.
 */
#ifndef DD_RUNTIME_LOG_H
#define DD_RUNTIME_LOG_H

#include <stdbool.h>
#include <stdint.h>

enum dd_log_level {
    DD_LOG_DEBUG,
    DD_LOG_INFO,
    DD_LOG_WARN,
    DD_LOG_ERROR,
    DD_LOG_SECURITY /* always written */
};

enum {
    DD_LOG_LINE_BYTES_MAX = 4096,    /* longer lines are cut, with cut=true at their end */
    DD_LOG_SECURITY_PER_MINUTE = 30, /* lines of one key */
    DD_LOG_SECURITY_KEYS_MAX = 64    /* keys told apart; further ones share the last */
};

/* Lines below this level are not written; DD_LOG_INFO at first. Set before threads start. */
void dd_log_set_level(enum dd_log_level level);

/* Writes to this descriptor instead of 2. Set before threads start. The caller keeps it. */
void dd_log_set_fd(int fd);

/* Writes a line: what happened, then pairs of key (a plain word) and value (0-ended text, NULL is
 * written as nothing), then NULL. */
void dd_log(enum dd_log_level level, const char *message, ...) __attribute__((sentinel));

/* As dd_log at the security level, but no more than DD_LOG_SECURITY_PER_MINUTE lines a minute for
 * each `site` (a literal that names the call site); the next line tells how many were suppressed.
 */
void dd_log_security(const char *site, const char *message, ...) __attribute__((sentinel));

/* A number as text, for use inside one call: dd_log(..., "count", dd_log_number(n).text, NULL). */
struct dd_log_number {
    char text[24];
};
struct dd_log_number dd_log_number(int64_t value);

/* A rate limit: at most `per_minute` passes in a window of a minute that starts with the first. */
struct dd_log_limit {
    int64_t window_ms;
    uint32_t passed;
    uint64_t suppressed;
};

/* True if one more may pass at now_ms (monotonic); *suppressed is then how many could not since the
 * last that passed. */
bool dd_log_limit_pass(struct dd_log_limit *limit, int64_t now_ms, uint32_t per_minute,
                       uint64_t *suppressed);

#endif
