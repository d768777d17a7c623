/* Flags, operands and settings. See clients/cli/cli_args.h. */
#include "clients/cli/cli_args.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "core/calendar.h"
#include "core/text.h"

enum { NEAR_BYTES_MAX = 64, FIRST_FLAG = 256 };

const struct dd_cli_flag dd_common_flags[] = {
    {"server", "tcp://HOST:PORT", "the broker"},
    {"server-key", "FILE.pub|Z85", "the broker's public key"},
    {"key", "FILE", "your key file"},
    {"jurisdiction", "CODE", "whose log it is"},
    {"data", "DIR", "on the server's own machine: takes the four above from this data folder"},
    {"config", "FILE", "takes settings from section [client] of an INI file"},
    {"timeout", "SECONDS", "how long to wait for an answer (default 10)"},
    {"lang", "vi|en", "the language of messages (default: DONDOC_LANG, LC_ALL, LANG, else vi)"},
    {"offset", "+HH:MM", "the offset at which instants are shown and read (default +07:00)"},
    {"json", NULL, "output for machines"},
    {"help", NULL, "this help"},
    {NULL, NULL, NULL},
};

/* Edit distance of two short words; beyond NEAR_BYTES_MAX they are far apart. */
static size_t distance(const char *a, const char *b)
{
    size_t row[NEAR_BYTES_MAX + 1];
    size_t width = strlen(b);
    if (width > NEAR_BYTES_MAX || strlen(a) > NEAR_BYTES_MAX)
        return NEAR_BYTES_MAX;
    for (size_t k = 0; k <= width; k++)
        row[k] = k;
    for (size_t i = 0; a[i]; i++) {
        size_t diagonal = row[0];
        row[0] = i + 1;
        for (size_t k = 0; k < width; k++) {
            size_t best = diagonal + (a[i] == b[k] ? 0 : 1);
            diagonal = row[k + 1];
            if (row[k] + 1 < best)
                best = row[k] + 1;
            if (diagonal + 1 < best)
                best = diagonal + 1;
            row[k + 1] = best;
        }
    }
    return row[width];
}

const char *dd_nearest(const char *word, const char *const *names, size_t count)
{
    const char *found = NULL;
    size_t best = strlen(word) / 3 + 2;
    for (size_t i = 0; i < count; i++) {
        size_t now = distance(word, names[i]);
        size_t size = strlen(word);
        if (size >= 3 && strncmp(names[i], word, size) == 0)
            now = 0;
        if (now < best) {
            best = now;
            found = names[i];
        }
    }
    return found;
}

static void complain(const struct dd_cli_flag *const *all, size_t count, const char *word,
                     FILE *messages)
{
    const char *names[DD_ARGS_FLAGS_MAX];
    char bare[NEAR_BYTES_MAX];
    for (size_t i = 0; i < count; i++)
        names[i] = all[i]->name;
    snprintf(bare, sizeof bare, "%s", word + strspn(word, "-"));
    bare[strcspn(bare, "=")] = 0;
    const char *near = dd_nearest(bare, names, count);
    if (near)
        fprintf(messages, "dondoc: unknown flag %s; did you mean --%s?\n", word, near);
    else
        fprintf(messages, "dondoc: unknown flag %s\n", word);
}

static size_t gather(const struct dd_cli_flag *flags, const struct dd_cli_flag **all, size_t count)
{
    for (; flags && flags->name && count < DD_ARGS_FLAGS_MAX; flags++)
        all[count++] = flags;
    return count;
}

/* True for a flag whose help shows that it may stand several times. */
static bool may_repeat(const struct dd_cli_flag *flag)
{
    size_t size = flag->value ? strlen(flag->value) : 0;
    return size >= 4 && strcmp(flag->value + size - 4, " ...") == 0;
}

static bool keep(struct dd_args *args, const struct dd_cli_flag *flag, const char *value,
                 FILE *messages)
{
    if (!may_repeat(flag) && dd_args_has(args, flag->name)) {
        fprintf(messages, "dondoc: --%s is given twice\n", flag->name);
        return false;
    }
    if (args->given_count == DD_ARGS_VALUES_MAX) {
        fprintf(messages, "dondoc: more than %d flags\n", DD_ARGS_VALUES_MAX);
        return false;
    }
    args->given[args->given_count++] = (struct dd_given){flag, flag->value ? value : NULL};
    return true;
}

bool dd_args_parse(struct dd_args *args, const struct dd_cli_flag *flags, int argc, char **argv,
                   FILE *messages)
{
    const struct dd_cli_flag *all[DD_ARGS_FLAGS_MAX];
    struct option options[DD_ARGS_FLAGS_MAX + 1];
    size_t count = gather(flags, all, gather(dd_common_flags, all, 0));
    int found;
    memset(args, 0, sizeof *args);
    memset(options, 0, sizeof options);
    for (size_t i = 0; i < count; i++)
        options[i] = (struct option){all[i]->name, all[i]->value ? required_argument : no_argument,
                                     NULL, FIRST_FLAG + (int)i};
    opterr = 0;
    optind = 0; /* glibc: start over */
    while ((found = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
        if (found == 'h') {
            for (size_t i = 0; i < count; i++) {
                if (strcmp(all[i]->name, "help") == 0 && !keep(args, all[i], NULL, messages))
                    return false;
            }
        } else if (found == ':') {
            fprintf(messages, "dondoc: %s needs a value\n", argv[optind - 1]);
            return false;
        } else if (found == '?') {
            complain(all, count, argv[optind - 1], messages);
            return false;
        } else if (!keep(args, all[found - FIRST_FLAG], optarg, messages)) {
            return false;
        }
    }
    args->operand = argv + optind;
    args->operand_count = (size_t)(argc - optind);
    return true;
}

const char *dd_args_each(const struct dd_args *args, const char *name, size_t index)
{
    for (size_t i = 0; i < args->given_count; i++) {
        if (strcmp(args->given[i].flag->name, name) == 0 && index-- == 0)
            return args->given[i].value ? args->given[i].value : "";
    }
    return NULL;
}

const char *dd_args_value(const struct dd_args *args, const char *name)
{
    const char *value = NULL;
    for (size_t i = 0; i < args->given_count; i++) {
        if (strcmp(args->given[i].flag->name, name) == 0)
            value = args->given[i].value ? args->given[i].value : "";
    }
    return value;
}

bool dd_args_has(const struct dd_args *args, const char *name)
{
    return dd_args_value(args, name) != NULL;
}

void dd_flags_print(const struct dd_cli_flag *flags, FILE *out)
{
    for (; flags && flags->name; flags++) {
        char left[NEAR_BYTES_MAX];
        snprintf(left, sizeof left, "--%s%s%s", flags->name, flags->value ? " " : "",
                 flags->value ? flags->value : "");
        fprintf(out, "  %-28s %s\n", left, flags->help);
    }
}

bool dd_parse_whole(const char *text, uint64_t min, uint64_t max, uint64_t *out)
{
    uint64_t value = 0;
    if (!*text || strlen(text) > 19)
        return false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9')
            return false;
        value = value * 10 + (uint64_t)(*text - '0');
    }
    if (value < min || value > max)
        return false;
    *out = value;
    return true;
}

bool dd_parse_offset(const char *text, int *offset_min)
{
    char instant[64];
    int64_t at_ms;
    if (strlen(text) > 6 || (*text != '+' && *text != '-' && *text != 'Z'))
        return false;
    snprintf(instant, sizeof instant, "2000-01-01T00:00%s", text);
    return dd_instant_parse(dd_slice_of(instant), 0, &at_ms, offset_min);
}
