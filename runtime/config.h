/*
 * Configuration: an INI file against a table of known keys, which the caller gives. Finds all
 * faults at once, each with FILE:LINE, and remembers where each value came from. Knows no key by
 * itself.
 */
#ifndef DD_RUNTIME_CONFIG_H
#define DD_RUNTIME_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"

enum {
    DD_CONFIG_KEYS_MAX = 64,
    DD_CONFIG_LINE_BYTES_MAX = 197, /* of the file, without the line end: what inih reads whole */
    DD_CONFIG_VALUE_BYTES = 512,    /* with the ending 0 */
    DD_CONFIG_FAULTS_MAX = 1000     /* then one line says that there are more */
};

/* A key that the program knows; static text of the caller. */
struct dd_config_key {
    const char *section;
    const char *name;
    const char *value; /* the default; "" when there is none */
    const char *help;  /* one line */
};

struct dd_config;

/* A configuration with the defaults of `keys` (borrowed until close, at most DD_CONFIG_KEYS_MAX).
 * DD_NO_MEMORY. */
enum dd_status dd_config_open(const struct dd_config_key *keys, size_t count,
                              struct dd_config **config);
void dd_config_close(struct dd_config *config);

/* Reads a file over the defaults. DD_INVALID: it has faults (all listed, see below); DD_NOT_FOUND;
 * DD_IO; DD_NO_MEMORY. */
enum dd_status dd_config_read(struct dd_config *config, const char *path);

/* Sets a key from elsewhere (a flag, the environment), named by `origin`, which is copied.
 * DD_NOT_FOUND: no such key; DD_TOO_LARGE: the value. */
enum dd_status dd_config_override(struct dd_config *config, const char *section, const char *name,
                                  const char *value, const char *origin);

/* The value and where it came from: "default", "FILE:LINE", or what the override said. Borrowed. A
 * key that is not in the table is a bug. */
const char *dd_config_text(const struct dd_config *config, const char *section, const char *name);
const char *dd_config_origin(const struct dd_config *config, const char *section, const char *name);

/* The value as a whole number within min..max. If it is none: adds a fault, gives DD_INVALID and
 * leaves *out alone. DD_NO_MEMORY. */
enum dd_status dd_config_number(struct dd_config *config, const char *section, const char *name,
                                int64_t min, int64_t max, int64_t *out);

/* Adds a fault of the caller's at the place where the key's value came from. DD_NO_MEMORY. */
enum dd_status dd_config_refuse(struct dd_config *config, const char *section, const char *name,
                                const char *what);

/* The faults so far, in order of finding: "FILE:LINE: what is wrong". Borrowed. */
size_t dd_config_fault_count(const struct dd_config *config);
const char *dd_config_fault(const struct dd_config *config, size_t index);

#endif
