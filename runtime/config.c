/* Configuration over inih. See runtime/config.h. Knows no key by itself. */
#include "runtime/config.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ini.h>

#include "core/invariant.h"

enum { ORIGIN_BYTES = 320, FAULT_BYTES = 1024 };

struct value {
    char text[DD_CONFIG_VALUE_BYTES];
    char origin[ORIGIN_BYTES];
    int line; /* in the file read; 0 when it is from elsewhere */
};

struct dd_config {
    const struct dd_config_key *keys;
    size_t count;
    struct value value[DD_CONFIG_KEYS_MAX];
    char **fault;
    size_t fault_count;
    size_t fault_room;
    bool no_memory; /* a fault could not be kept */
};

/* A file while it is read. inih neither counts lines for us nor finds more than one fault, so lines
 * are handed to it one by one and looked at before. */
struct reading {
    struct dd_config *config;
    FILE *file;
    const char *path;
    int line;
    bool known_section; /* the keys of an unknown section are not reported one by one */
};

enum dd_status dd_config_open(const struct dd_config_key *keys, size_t count,
                              struct dd_config **config)
{
    struct dd_config *made = calloc(1, sizeof *made);

    DD_ASSERT(count <= DD_CONFIG_KEYS_MAX);
    if (!made)
        return DD_NO_MEMORY;
    made->keys = keys;
    made->count = count;
    for (size_t i = 0; i < count; i++) {
        DD_ASSERT(strlen(keys[i].value) < sizeof made->value[i].text);
        memcpy(made->value[i].text, keys[i].value, strlen(keys[i].value) + 1);
        memcpy(made->value[i].origin, "default", sizeof "default");
    }
    *config = made;
    return DD_OK;
}

void dd_config_close(struct dd_config *config)
{
    if (!config)
        return;
    for (size_t i = 0; i < config->fault_count; i++)
        free(config->fault[i]);
    free(config->fault);
    free(config);
}

static bool fault_room(struct dd_config *config)
{
    size_t room = config->fault_room ? config->fault_room * 2 : 16;
    char **grown;

    if (config->fault_count < config->fault_room)
        return true;
    grown = realloc(config->fault, room * sizeof *grown);
    if (!grown)
        return false;
    config->fault = grown;
    config->fault_room = room;
    return true;
}

__attribute__((format(printf, 2, 3))) static void add_fault(struct dd_config *config,
                                                            const char *format, ...)
{
    char text[FAULT_BYTES];
    char *kept;
    va_list arguments;

    if (config->fault_count > DD_CONFIG_FAULTS_MAX)
        return;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (config->fault_count == DD_CONFIG_FAULTS_MAX)
        (void)snprintf(text, sizeof text, "and more faults, which are not listed");
    kept = fault_room(config) ? strdup(text) : NULL;
    if (kept)
        config->fault[config->fault_count++] = kept;
    else
        config->no_memory = true;
}

static bool find(const struct dd_config *config, const char *section, const char *name, size_t *at)
{
    for (size_t i = 0; i < config->count; i++) {
        if (strcmp(config->keys[i].section, section) == 0 &&
            strcmp(config->keys[i].name, name) == 0) {
            *at = i;
            return true;
        }
    }
    return false;
}

static size_t place(const struct dd_config *config, const char *section, const char *name)
{
    size_t at = 0;

    DD_ASSERT(find(config, section, name, &at));
    return at;
}

static bool section_known(const struct dd_config *config, const char *section)
{
    for (size_t i = 0; i < config->count; i++) {
        if (strcmp(config->keys[i].section, section) == 0)
            return true;
    }
    return false;
}

/* Called by inih for each pair. */
static int on_pair(void *user, const char *section, const char *name, const char *text)
{
    struct reading *reading = user;
    struct dd_config *config = reading->config;
    struct value *value;
    size_t at;

    if (!reading->known_section)
        return 1;
    if (!find(config, section, name, &at)) {
        add_fault(config, "%s:%d: unknown key %s in section [%s]", reading->path, reading->line,
                  name, section);
        return 1;
    }
    value = &config->value[at];
    if (value->line > 0) {
        add_fault(config, "%s:%d: %s is set already in line %d", reading->path, reading->line, name,
                  value->line);
        return 1;
    }
    DD_ASSERT(strlen(text) < sizeof value->text); /* a line is shorter */
    memcpy(value->text, text, strlen(text) + 1);
    (void)snprintf(value->origin, sizeof value->origin, "%s:%d", reading->path, reading->line);
    value->line = reading->line;
    return 1;
}

/* Looks at a section's line ("[name]", trimmed at its start). False: faulty. */
static bool check_section(struct reading *reading, const char *text)
{
    const char *end = strchr(text, ']');
    char name[DD_CONFIG_LINE_BYTES_MAX + 1];

    reading->known_section = false;
    if (!end) {
        add_fault(reading->config, "%s:%d: the section has no ]", reading->path, reading->line);
        return false;
    }
    memcpy(name, text + 1, (size_t)(end - text) - 1);
    name[end - text - 1] = '\0';
    if (!section_known(reading->config, name)) {
        add_fault(reading->config, "%s:%d: unknown section [%s]", reading->path, reading->line,
                  name);
        return false;
    }
    reading->known_section = true;
    return true;
}

/* Looks at a line trimmed at its start. False: it was found faulty, inih need not see it. */
static bool check_line(struct reading *reading, const char *text)
{
    if (text[0] == '\0' || text[0] == '#' || text[0] == ';')
        return true;
    if (text[0] == '[')
        return check_section(reading, text);
    if (!strpbrk(text, "=:")) {
        add_fault(reading->config, "%s:%d: neither [section] nor name = value", reading->path,
                  reading->line);
        return false;
    }
    return true;
}

/* Reads a line of any length, keeping DD_CONFIG_LINE_BYTES_MAX; *size is its whole length. False at
 * the end of the file. */
static bool read_line(FILE *file, char kept[DD_CONFIG_LINE_BYTES_MAX + 1], size_t *size,
                      bool *zeros)
{
    int c = getc(file);

    *size = 0;
    *zeros = false;
    if (c == EOF)
        return false;
    for (; c != EOF && c != '\n'; c = getc(file)) {
        *zeros = *zeros || c == '\0';
        if (*size < DD_CONFIG_LINE_BYTES_MAX)
            kept[*size] = (char)c;
        (*size)++;
    }
    kept[*size < DD_CONFIG_LINE_BYTES_MAX ? *size : DD_CONFIG_LINE_BYTES_MAX] = '\0';
    return true;
}

/* Called by inih for each line, as fgets. Lines are handed on without indentation, since inih would
 * take an indented one for the rest of the value before it. */
static char *on_line(char *out, int out_size, void *user)
{
    struct reading *reading = user;
    char kept[DD_CONFIG_LINE_BYTES_MAX + 1];
    const char *text = kept;
    size_t size;
    bool zeros;

    DD_ASSERT(out_size > DD_CONFIG_LINE_BYTES_MAX + 1);
    if (!read_line(reading->file, kept, &size, &zeros))
        return NULL;
    reading->line++;
    if (reading->line == 1 && size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        text += 3;
    text += strspn(text, " \t\r");
    if (size > DD_CONFIG_LINE_BYTES_MAX || zeros) {
        add_fault(reading->config, "%s:%d: %s", reading->path, reading->line,
                  zeros ? "the line holds a 0 byte" : "the line is longer than 197 bytes");
        text = "";
    } else if (!check_line(reading, text)) {
        text = "";
    }
    memcpy(out, text, strlen(text));
    memcpy(out + strlen(text), "\n", 2);
    return out;
}

enum dd_status dd_config_read(struct dd_config *config, const char *path)
{
    struct reading reading = {.config = config, .path = path};
    size_t faults_before = config->fault_count;
    int refused;
    bool broken;

    reading.file = fopen(path, "re");
    if (!reading.file)
        return errno == ENOENT || errno == ENOTDIR ? DD_NOT_FOUND : DD_IO;
    reading.known_section = section_known(config, "");
    for (size_t i = 0; i < config->count; i++)
        config->value[i].line = 0;
    refused = ini_parse_stream(on_line, &reading, on_pair, &reading);
    broken = ferror(reading.file) != 0;
    (void)fclose(reading.file);
    if (broken)
        return DD_IO;
    if (refused < 0 || config->no_memory)
        return DD_NO_MEMORY;
    if (refused > 0 && config->fault_count == faults_before)
        add_fault(config, "%s:%d: neither [section] nor name = value", path, refused);
    return config->fault_count > faults_before ? DD_INVALID : DD_OK;
}

enum dd_status dd_config_override(struct dd_config *config, const char *section, const char *name,
                                  const char *value, const char *origin)
{
    struct value *kept;
    size_t at;

    if (!find(config, section, name, &at))
        return DD_NOT_FOUND;
    kept = &config->value[at];
    if (strlen(value) >= sizeof kept->text)
        return DD_TOO_LARGE;
    memcpy(kept->text, value, strlen(value) + 1);
    (void)snprintf(kept->origin, sizeof kept->origin, "%s", origin);
    kept->line = 0;
    return DD_OK;
}

const char *dd_config_text(const struct dd_config *config, const char *section, const char *name)
{
    return config->value[place(config, section, name)].text;
}

const char *dd_config_origin(const struct dd_config *config, const char *section, const char *name)
{
    return config->value[place(config, section, name)].origin;
}

enum dd_status dd_config_number(struct dd_config *config, const char *section, const char *name,
                                int64_t min, int64_t max, int64_t *out)
{
    const char *text = dd_config_text(config, section, name);
    char what[96];
    char *end;
    long long number;

    errno = 0;
    number = strtoll(text, &end, 10);
    if (errno == 0 && strspn(text, "-0123456789") == strlen(text) && end != text && *end == '\0' &&
        number >= min && number <= max) {
        *out = number;
        return DD_OK;
    }
    (void)snprintf(what, sizeof what, "not a whole number from %" PRId64 " to %" PRId64, min, max);
    (void)dd_config_refuse(config, section, name, what);
    return config->no_memory ? DD_NO_MEMORY : DD_INVALID;
}

enum dd_status dd_config_refuse(struct dd_config *config, const char *section, const char *name,
                                const char *what)
{
    const struct value *value = &config->value[place(config, section, name)];

    add_fault(config, "%s: %s = %s: %s", value->origin, name, value->text, what);
    return config->no_memory ? DD_NO_MEMORY : DD_OK;
}

size_t dd_config_fault_count(const struct dd_config *config)
{
    return config->fault_count;
}

const char *dd_config_fault(const struct dd_config *config, size_t index)
{
    DD_ASSERT(index < config->fault_count);
    return config->fault[index];
}
