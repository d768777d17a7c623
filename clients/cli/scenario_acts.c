/*
 * Reads accounts.csv, further accounts and offices, and acts.csv, what they do in the words of the
 * command line. Splits the words and looks up who acts; what the words mean is not known here. See
 * clients/cli/scenario_build.h.
 */
#include <string.h>

#include "clients/cli/scenario_build.h"
#include "core/calendar.h"
#include "core/rule.h"

static const struct dd_csv_column account_columns[] = {
    {"code", false}, {"unit", false}, {"role", false}, {"from", true}, {"to", true}};
enum { CODE, UNIT, ROLE, FROM, TO, ACCOUNT_COLUMNS };

static const struct dd_csv_column act_columns[] = {
    {"at", false}, {"account", false}, {"act", false}, {"expect", true}};
enum { AT, ACCOUNT, ACT, EXPECT, ACT_COLUMNS };

static const char administrator[] = "administrator";

enum { RULES_TRIED = 1000 }; /* beyond the largest number of a rule or status */

/* ---- words */

const char **dd_scenario_split(const struct dd_scenario_build *b, const char *cell, size_t *count)
{
    size_t size = cell ? strlen(cell) : 0;
    const char **words = dd_arena_take(b->arena, (size / 2 + 2) * sizeof *words);
    char *text = dd_arena_take(b->arena, size + 1);
    *count = 0;
    if (!words || !text)
        return NULL;
    if (size > 0)
        memcpy(text, cell, size);
    for (char *at = text; at < text + size;) {
        size_t blank = strspn(at, " \t\n");
        memset(at, 0, blank);
        at += blank;
        if (at < text + size)
            words[(*count)++] = at;
        at += strcspn(at, " \t\n");
    }
    return words;
}

/* Reads one word as a shell does, quotes and backslashes but no expansion, and writes it to *to.
 * The place behind it; NULL: a quote is not closed, or nothing follows a backslash. */
static const char *take_word(const char *at, char **to)
{
    char quote = 0;
    for (; *at && (quote || !strchr(" \t\n", *at)); at++) {
        if (quote == '\'' && *at != '\'') {
            *(*to)++ = *at;
        } else if (quote && *at == quote) {
            quote = 0;
        } else if (!quote && (*at == '\'' || *at == '"')) {
            quote = *at;
        } else if (*at == '\\' && (!quote || at[1] == '"' || at[1] == '\\')) {
            if (!*++at)
                return NULL;
            *(*to)++ = *at;
        } else {
            *(*to)++ = *at;
        }
    }
    *(*to)++ = '\0';
    return quote ? NULL : at;
}

static enum dd_status take_words(struct dd_scenario_build *b, struct dd_scenario_place place,
                                 struct dd_scenario_act *act)
{
    size_t size = strlen(act->text);
    char *text = dd_arena_take(b->arena, size + 1);
    act->words = dd_arena_take(b->arena, (size / 2 + 2) * sizeof *act->words);
    if (!text || !act->words)
        return DD_NO_MEMORY;
    for (const char *at = act->text + strspn(act->text, " \t\n"); at && *at;) {
        act->words[act->word_count++] = text;
        at = take_word(at, &text);
        if (at)
            at += strspn(at, " \t\n");
        else
            dd_faults_add(place.faults, place.file, place.line, place.column,
                          "a quote is not closed, or nothing follows a backslash");
    }
    if (act->word_count > DD_SCENARIO_ACT_WORDS_MAX)
        dd_faults_add(place.faults, place.file, place.line, place.column,
                      "the act has %zu words; at most %d are allowed", act->word_count,
                      DD_SCENARIO_ACT_WORDS_MAX);
    return DD_OK;
}

/* ---- who */

/* The account of that code as an actor; SIZE_MAX if there is none. */
static size_t actor_of(const struct dd_scenario_build *b, const char *code)
{
    const struct dd_scenario *s = b->scenario;
    size_t unit;
    if (strcmp(code, administrator) == 0)
        return 0;
    if (dd_scenario_knows_unit(b, code, &unit))
        return 1 + unit;
    for (size_t i = 0; i < s->approver_count; i++) {
        if (s->approvers[i].code && strcmp(s->approvers[i].code, code) == 0)
            return 1 + s->unit_count + i;
    }
    for (size_t i = 0; i < s->further_count; i++) {
        if (strcmp(s->further[i].code, code) == 0)
            return 1 + s->unit_count + s->approver_count + i;
    }
    return SIZE_MAX;
}

bool dd_scenario_find_actor(const struct dd_scenario_build *b, struct dd_scenario_place place,
                            const char *code, size_t *actor)
{
    char quoted[DD_FAULT_QUOTE_BYTES];
    if (!dd_scenario_filled(place, code) || !b->has_units)
        return false;
    size_t found = actor_of(b, code);
    if (found != SIZE_MAX)
        *actor = found;
    else
        dd_faults_add(place.faults, place.file, place.line, place.column,
                      "%s is no account; these are administrator, the units, the approvers and"
                      " those of accounts.csv",
                      dd_faults_quote(quoted, code));
    return found != SIZE_MAX;
}

/* ---- accounts.csv */

/* An office stands in a unit, the root's if none is named; an auditor's in none. */
static void take_office_unit(struct dd_scenario_build *b, struct dd_scenario_place place,
                             const char *cell, struct dd_scenario_office *office)
{
    const char *root = b->scenario->root.code;
    size_t unit;
    bool has_cell = cell && *cell;
    office->unit = office->role == DD_ROLE_AUDITOR ? DD_SCENARIO_NOWHERE : DD_SCENARIO_ROOT;
    if (office->role == DD_ROLE_AUDITOR && has_cell)
        dd_faults_add(place.faults, place.file, place.line, place.column,
                      "an auditor is one of the whole; the unit stays empty");
    else if (has_cell && root && strcmp(root, cell) != 0 &&
             dd_scenario_find_unit(b, place, cell, &unit))
        office->unit = (int32_t)unit;
}

static void take_role(struct dd_scenario_place place, const char *cell,
                      struct dd_scenario_office *office)
{
    char quoted[DD_FAULT_QUOTE_BYTES];
    if (!dd_scenario_filled(place, cell))
        return;
    office->role = (enum dd_role)dd_word_number(DD_WORDS_ROLE, dd_slice_of(cell));
    if (office->role == 0 || office->role > DD_ROLE_AUDITOR)
        dd_faults_add(place.faults, place.file, place.line, place.column,
                      "%s is no role; it is head, deputy, officer, appraiser, approver or auditor",
                      dd_faults_quote(quoted, cell));
}

static void take_days(struct dd_scenario_place place, const char *const *cell,
                      struct dd_scenario_office *office)
{
    office->from = INT32_MIN;
    office->to = INT32_MAX;
    if (cell[FROM] && *cell[FROM])
        dd_scenario_date(dd_scenario_column(place, "from"), cell[FROM], &office->from);
    place.column = "to";
    if (cell[TO] && *cell[TO])
        dd_scenario_date(place, cell[TO], &office->to);
    if (office->from > office->to)
        dd_faults_add(place.faults, place.file, place.line, place.column,
                      "the day is before from; an office's last day is not before its first");
}

/* The account that a row means; one that nobody else is, is a further one. */
static void take_account(struct dd_scenario_build *b, struct dd_scenario_place place,
                         const char *code, struct dd_scenario_office *office)
{
    struct dd_scenario *s = b->scenario;
    if (!dd_scenario_code(place, code))
        return;
    size_t actor = actor_of(b, code);
    if (actor == 0 || (s->root.code && strcmp(s->root.code, code) == 0)) {
        dd_faults_add(place.faults, place.file, place.line, place.column,
                      "%s is not a code that an account can have here", code);
        return;
    }
    if (actor == SIZE_MAX) {
        actor = 1 + s->unit_count + s->approver_count + s->further_count;
        s->further[s->further_count++] = (struct dd_scenario_account){code, place.line};
    }
    office->actor = actor;
}

static enum dd_status take_accounts(struct dd_scenario_build *b, const struct dd_csv *csv)
{
    struct dd_scenario *s = b->scenario;
    s->further = dd_arena_take(b->arena, (csv->count + 1) * sizeof *s->further);
    s->offices = dd_arena_take(b->arena, (csv->count + 1) * sizeof *s->offices);
    if (!s->further || !s->offices)
        return DD_NO_MEMORY;
    s->office_count = csv->count;
    for (size_t i = 0; i < csv->count; i++) {
        struct dd_scenario_office *office = &s->offices[i];
        const char *const *cell = csv->rows[i].cell;
        struct dd_scenario_place place = {b->faults, DD_SCENARIO_ACCOUNTS, csv->rows[i].line,
                                          "code"};
        office->line = csv->rows[i].line;
        take_account(b, place, cell[CODE], office);
        take_role(dd_scenario_column(place, "role"), cell[ROLE], office);
        take_office_unit(b, dd_scenario_column(place, "unit"), cell[UNIT], office);
        take_days(place, cell, office);
    }
    return DD_OK;
}

enum dd_status dd_scenario_read_accounts(struct dd_scenario_build *b)
{
    struct dd_csv csv;
    enum dd_status status =
        dd_scenario_csv(b, DD_SCENARIO_ACCOUNTS, true, account_columns, ACCOUNT_COLUMNS, &csv);
    if (status != DD_OK)
        return status == DD_NOT_FOUND ? DD_OK : status;
    status = take_accounts(b, &csv);
    dd_csv_free(&csv);
    return status;
}

/* ---- acts.csv */

/* From the clock's first instant to its last; without an offset at the clock's. */
static void take_at(const struct dd_scenario_build *b, struct dd_scenario_place place,
                    const char *cell, int64_t *at_ms)
{
    const struct dd_scenario *s = b->scenario;
    char quoted[DD_FAULT_QUOTE_BYTES];
    int offset_min;
    int32_t last;
    if (!dd_scenario_filled(place, cell))
        return;
    if (!dd_instant_parse(dd_slice_of(cell), s->offset_min, at_ms, &offset_min)) {
        dd_faults_add(place.faults, place.file, place.line, place.column,
                      "%s is no instant; the form is 2013-06-24T16:05, with an offset if it is not"
                      " the clock's",
                      dd_faults_quote(quoted, cell));
        return;
    }
    if (!b->has_clock || !b->has_year || !dd_day_from_civil(s->year, 12, 31, &last))
        return;
    int64_t end_ms = s->until_ms ? s->until_ms : dd_instant_at(last, 24 * 60, s->offset_min) - 1;
    if (*at_ms < s->clock_ms || *at_ms > end_ms)
        dd_faults_add(place.faults, place.file, place.line, place.column,
                      "%s is before the clock starts or after it ends; acts are played within"
                      " that time",
                      cell);
}

/* The keys of rules, and of what is no rule's refusal. */
static bool is_refusal(const char *key)
{
    for (uint32_t number = 1; number < RULES_TRIED; number++) {
        if (dd_rule_known(number) && strcmp(dd_rule_key((enum dd_rule)number), key) == 0)
            return true;
        if (dd_status_known(number) && strcmp(dd_status_key((enum dd_status)number), key) == 0)
            return true;
    }
    return false;
}

static enum dd_status take_act(struct dd_scenario_build *b, const struct dd_csv_row *row,
                               struct dd_scenario_act *act)
{
    struct dd_scenario_place place = {b->faults, DD_SCENARIO_ACTS, row->line, "at"};
    char quoted[DD_FAULT_QUOTE_BYTES];
    const char *expect = row->cell[EXPECT];
    act->line = row->line;
    act->text = row->cell[ACT];
    act->expect = expect ? expect : "";
    take_at(b, place, row->cell[AT], &act->at_ms);
    dd_scenario_find_actor(b, dd_scenario_column(place, "account"), row->cell[ACCOUNT],
                           &act->actor);
    if (*act->expect && !is_refusal(act->expect))
        dd_faults_add(place.faults, place.file, place.line, "expect",
                      "%s is no rule's key; empty is an act that succeeds",
                      dd_faults_quote(quoted, act->expect));
    place.column = "act";
    return dd_scenario_filled(place, act->text) ? take_words(b, place, act) : DD_OK;
}

enum dd_status dd_scenario_read_acts(struct dd_scenario_build *b)
{
    struct dd_scenario *s = b->scenario;
    struct dd_csv csv;
    enum dd_status status =
        dd_scenario_csv(b, DD_SCENARIO_ACTS, true, act_columns, ACT_COLUMNS, &csv);
    if (status != DD_OK)
        return status == DD_NOT_FOUND ? DD_OK : status;
    s->acts = dd_arena_take(b->arena, (csv.count + 1) * sizeof *s->acts);
    if (!s->acts)
        status = DD_NO_MEMORY;
    for (size_t i = 0; i < csv.count && status == DD_OK; i++)
        status = take_act(b, &csv.rows[i], &s->acts[i]);
    if (status == DD_OK)
        s->act_count = csv.count;
    dd_csv_free(&csv);
    return status;
}
