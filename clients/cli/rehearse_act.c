/* Acts through the command line. See clients/cli/rehearse_act.h. */
#include "clients/cli/rehearse_act.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clients/cli/cli.h"
#include "core/calendar.h"
#include "core/rule.h"

enum { WORDS_MAX = DD_SCENARIO_ACT_WORDS_MAX + 2, CLOSED = -1 };

/* The words of an act as a program gets them; their order may be changed, their text not. */
static int words_of(const struct dd_scenario_act *act, char *argv[WORDS_MAX])
{
    static char program[] = "dondoc";
    int argc = 0;
    argv[argc++] = program;
    for (size_t i = 0; i < act->word_count; i++)
        argv[argc++] = (char *)(uintptr_t)act->words[i];
    argv[argc] = NULL;
    return argc;
}

/* ---- before */

/* A fault stands with its line, like any other of the scenario's. */
static bool check_act(const struct dd_scenario_act *act)
{
    char *argv[WORDS_MAX];
    char *text = NULL;
    size_t size = 0;
    FILE *err = open_memstream(&text, &size);
    if (!err)
        return false;
    enum dd_exit result = dd_cli_plays(words_of(act, argv), argv, err);
    fclose(err);
    if (result != DD_EXIT_OK)
        fprintf(stderr, "acts.csv:%lu: act: %.*s\n", (unsigned long)act->line,
                (int)strcspn(text, "\n"), text);
    free(text);
    return result == DD_EXIT_OK;
}

bool dd_acts_open(struct dd_acts *acts, const char *dir, const struct dd_scenario *scenario,
                  enum dd_language language)
{
    bool good = true;
    *acts = (struct dd_acts){
        .scenario = scenario, .language = language, .home = CLOSED, .folder = CLOSED};
    if (scenario->act_count == 0)
        return true;
    for (size_t i = 0; i < scenario->act_count; i++)
        good = check_act(&scenario->acts[i]) && good;
    acts->home = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    acts->folder = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    acts->log = open_memstream(&acts->text, &acts->text_bytes);
    if (acts->home >= 0 && acts->folder >= 0 && acts->log)
        return good;
    fprintf(stderr, "dondoc rehearse: %s: %s\n", dir, strerror(errno));
    return false;
}

/* ---- one act */

/* By what it was refused: the rule's key; the status's where there is no rule. */
static const char *key_of(const struct dd_refusal *refusal)
{
    return refusal->rule != DD_RULE_NONE ? dd_rule_key(refusal->rule)
                                         : dd_status_key(refusal->status);
}

static bool as_expected(const struct dd_scenario_act *act, enum dd_exit result,
                        const struct dd_refusal *refusal)
{
    if (!*act->expect)
        return result == DD_EXIT_OK;
    return result != DD_EXIT_OK && refusal->status != DD_OK &&
           strcmp(key_of(refusal), act->expect) == 0;
}

static void note(struct dd_acts *acts, const struct dd_scenario_act *act, const char *printed)
{
    char instant[DD_INSTANT_TEXT_BYTES];
    dd_instant_format(act->at_ms, acts->scenario->offset_min, instant);
    fprintf(acts->log, "acts.csv:%lu %s dondoc %s\n", (unsigned long)act->line, instant, act->text);
    if (*act->expect)
        fprintf(acts->log, "expected: %s\n", act->expect);
    fputs(printed, acts->log);
}

static void tell_unexpected(struct dd_acts *acts, const struct dd_scenario_act *act,
                            const char *printed)
{
    acts->unexpected++;
    fprintf(stderr, "acts.csv:%lu: expected %s: dondoc %s\n%s", (unsigned long)act->line,
            *act->expect ? act->expect : "success", act->text, printed);
}

enum dd_status dd_acts_play(struct dd_acts *acts, const struct dd_scenario_act *act,
                            struct dd_client *client)
{
    char *argv[WORDS_MAX];
    char *printed = NULL;
    size_t size = 0;
    struct dd_refusal refusal = {.status = DD_OK};
    const struct dd_cli_host host = {.client = client,
                                     .language = acts->language,
                                     .offset_min = acts->scenario->offset_min,
                                     .now_ms = act->at_ms,
                                     .refusal = &refusal};
    FILE *out = open_memstream(&printed, &size);
    if (!out)
        return DD_NO_MEMORY;
    if (fchdir(acts->folder) != 0) {
        fclose(out);
        free(printed);
        return DD_IO;
    }
    enum dd_exit result = dd_cli_play(&host, words_of(act, argv), argv, out, out);
    bool back = fchdir(acts->home) == 0;
    bool closed = fclose(out) == 0;
    if (closed)
        note(acts, act, printed);
    if (closed && !as_expected(act, result, &refusal))
        tell_unexpected(acts, act, printed);
    free(printed);
    return !closed ? DD_NO_MEMORY : back ? DD_OK : DD_IO;
}

/* ---- after */

bool dd_acts_went(const struct dd_acts *acts)
{
    if (acts->unexpected > 0)
        fprintf(stderr, "dondoc rehearse: %zu of %zu acts ended otherwise than expected\n",
                acts->unexpected, acts->scenario->act_count);
    return acts->unexpected == 0;
}

enum dd_status dd_acts_write(struct dd_acts *acts, const char *dir, struct dd_why *why)
{
    char path[DD_PATH_BYTES];
    if (!acts->log)
        return DD_OK;
    if (!dd_data_path(dir, "acts.log", path)) {
        snprintf(why->text, sizeof why->text, "%.400s: the path is too long", dir);
        return DD_TOO_LARGE;
    }
    FILE *out = fflush(acts->log) == 0 ? fopen(path, "wbe") : NULL;
    bool written = out && fwrite(acts->text, 1, acts->text_bytes, out) == acts->text_bytes;
    int error = errno;
    if (out && fclose(out) != 0 && written) {
        error = errno;
        written = false;
    }
    if (written)
        return DD_OK;
    snprintf(why->text, sizeof why->text, "%.400s: %.100s", path, strerror(error));
    return error == ENOSPC || error == EDQUOT ? DD_NO_SPACE : DD_IO;
}

void dd_acts_close(struct dd_acts *acts)
{
    if (!acts->scenario)
        return;
    if (acts->log)
        fclose(acts->log);
    free(acts->text);
    if (acts->home >= 0)
        close(acts->home);
    if (acts->folder >= 0)
        close(acts->folder);
    *acts = (struct dd_acts){.scenario = NULL};
}
