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

/* A parameter as people read it: words of the closed vocabularies are translated, codes never. */
static const char *parameter(enum dd_language language, const struct dd_refusal *refusal, int slot)
{
    static const char *const roles[] = {
        DD_SAY("head"),          DD_SAY("deputy"),   DD_SAY("officer"),
        DD_SAY("appraiser"),     DD_SAY("approver"), DD_SAY("auditor"),
        DD_SAY("administrator"), DD_SAY("notifier"), DD_SAY("anybody")};
    const char *text = refusal->param[slot];
    if (refusal->rule != DD_RULE_NO_OFFICE && refusal->rule != DD_RULE_CAPACITY)
        return text;
    if (slot == 1)
        return *text ? text : dd_say(language, DD_SAY("the jurisdiction"));
    for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++) {
        if (strcmp(text, roles[i]) == 0)
            return dd_say(language, roles[i]);
    }
    return text;
}

/* Copies a pattern with its parameters; returns where the text ends. */
static size_t fill(const char *pattern, enum dd_language language, const struct dd_refusal *refusal,
                   char *out, size_t out_size, size_t at)
{
    for (const char *c = pattern; *c && at + 1 < out_size; c++) {
        bool slot = c[0] == '{' && (c[1] == '0' || c[1] == '1') && c[2] == '}';
        if (!slot) {
            out[at++] = *c;
            continue;
        }
        const char *param = parameter(language, refusal, c[1] - '0');
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

/* The rules after which the next step is not obvious. */
static const struct {
    enum dd_rule rule;
    const char *english;
} hints[] = {
    {DD_RULE_NO_SUCH_UNIT, DD_SAY("dondoc unit list shows the units")},
    {DD_RULE_NO_SUCH_GROUP, DD_SAY("name it with --groups CODE=NAME")},
    {DD_RULE_NO_SUCH_PROGRAMME, DD_SAY("put it first: dondoc programme put FILE.yaml")},
    {DD_RULE_NO_SUCH_CYCLE, DD_SAY("an administrator opens it: dondoc cycle open FILE.yaml")},
    {DD_RULE_NO_CALENDAR, DD_SAY("dondoc calendar put YEAR --offset +07:00")},
    {DD_RULE_NO_SUCH_PERIOD, DD_SAY("dondoc cycle show CYCLE lists what there is")},
    {DD_RULE_NO_SUCH_REPORT, DD_SAY("dondoc cycle show CYCLE lists what there is")},
    {DD_RULE_NO_SUCH_ITEM, DD_SAY("dondoc dossier CYCLE UNIT lists what there is")},
    {DD_RULE_EXISTS_ALREADY,
     DD_SAY("what is in the log is never changed: take another number or period")},
};

const char *dd_hint(const struct dd_refusal *refusal)
{
    size_t size = strlen(refusal->field);
    if (refusal->status == DD_KEY_UNKNOWN)
        return DD_SAY("an administrator puts it: dondoc account put CODE --pub FILE.pub "
                      "--office ROLE@UNIT");
    if (refusal->rule == DD_RULE_BAD_CODE && size >= 5 &&
        strcmp(refusal->field + size - 5, "cycle") == 0)
        return DD_SAY("a cycle is written PROGRAMME/PERIOD, as in key-tasks/2026");
    for (size_t i = 0; i < sizeof hints / sizeof hints[0]; i++) {
        if (hints[i].rule == refusal->rule)
            return hints[i].english;
    }
    return NULL;
}

const char *dd_sentence(enum dd_language language, const struct dd_refusal *refusal, char *out,
                        size_t out_size)
{
    const char *rule = dd_rule_english(refusal->rule);
    const char *status = dd_status_known((uint32_t)refusal->status)
                             ? dd_status_english(refusal->status)
                             : "a rule does not allow it";
    size_t at = fill(dd_say(language, status), language, refusal, out, out_size, 0);
    if (*rule) {
        at = fill(": ", language, refusal, out, out_size, at);
        at = fill(dd_say(language, rule), language, refusal, out, out_size, at);
    }
    if (*refusal->field)
        snprintf(out + at, out_size - at, " (%s: %s)", dd_say(language, "field"), refusal->field);
    return out;
}
