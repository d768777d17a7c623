/* Sentences for people. See clients/cli/sentence.h. */
#include "clients/cli/sentence.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool dd_language_of_tag(const char *tag, enum dd_language *out)
{
    if (!tag || strlen(tag) < 2 || (tag[2] != 0 && !strchr("_.-@", tag[2])))
        return false;
    if (strncmp(tag, "vi", 2) == 0)
        *out = DD_LANGUAGE_VI;
    else if (strncmp(tag, "en", 2) == 0)
        *out = DD_LANGUAGE_EN;
    else
        return false;
    return true;
}

enum dd_language dd_language_default(void)
{
    static const char *const names[] = {"DONDOC_LANG", "LC_ALL", "LANG"};
    enum dd_language language = DD_LANGUAGE_VI;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (dd_language_of_tag(getenv(names[i]), &language))
            break;
    }
    return language;
}

const char *dd_say(enum dd_language language, const char *english)
{
    if (language == DD_LANGUAGE_EN)
        return english;
    for (const struct dd_translation *at = dd_catalogue_vi; at->english; at++) {
        if (strcmp(at->english, english) == 0)
            return at->translated;
    }
    return english;
}

/* Copies a pattern with its parameters; returns where the text ends. */
static size_t fill(const char *pattern, const struct dd_refusal *refusal, char *out,
                   size_t out_size, size_t at)
{
    for (const char *c = pattern; *c && at + 1 < out_size; c++) {
        bool slot = c[0] == '{' && (c[1] == '0' || c[1] == '1') && c[2] == '}';
        if (!slot) {
            out[at++] = *c;
            continue;
        }
        const char *param = refusal->param[c[1] - '0'];
        size_t size = strlen(param);
        if (size > out_size - 1 - at)
            size = out_size - 1 - at;
        memcpy(out + at, param, size);
        at += size;
        c += 2;
    }
    out[at] = 0;
    return at;
}

const char *dd_sentence(enum dd_language language, const struct dd_refusal *refusal, char *out,
                        size_t out_size)
{
    const char *rule = dd_rule_english(refusal->rule);
    const char *status = dd_status_known((uint32_t)refusal->status)
                             ? dd_status_english(refusal->status)
                             : "a rule does not allow it";
    size_t at = fill(dd_say(language, status), refusal, out, out_size, 0);
    if (*rule) {
        at = fill(": ", refusal, out, out_size, at);
        at = fill(dd_say(language, rule), refusal, out, out_size, at);
    }
    if (*refusal->field)
        snprintf(out + at, out_size - at, " (%s: %s)", dd_say(language, "field"), refusal->field);
    return out;
}
