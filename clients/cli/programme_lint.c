/* Warnings about a programme: rules that can be carried out and have gone wrong elsewhere. Days are
 * reckoned with weekends only, for a file has no calendar of holidays. See
 * clients/cli/programme_file_parts.h. */
#include <stdarg.h>

#include "clients/cli/programme_file_parts.h"
#include "core/programme_schedule.h"

enum {
    YEAR_FROM = 2014, /* the years looked at if the day of the decision is not said, */
    YEAR_TO = 2030,
    YEARS_AHEAD = 5,    /* and so many after it if it is, */
    ISSUED_FROM = 1980, /* in a year with room for them on both sides */
    ISSUED_TO = 9000,
    MONTHS = (YEAR_TO - YEAR_FROM + 3) * 12,
    TEXT_BYTES = 480,
    LISTED_BYTES = 160,
    OWN_PEOPLE = 1 << DD_ROLE_HEAD | 1 << DD_ROLE_DEPUTY | 1 << DD_ROLE_OFFICER
};

struct lint {
    struct dd_compile *c;
    struct dd_yaml_faults *warnings;
    int year_from;
    int year_to;
};

__attribute__((format(printf, 4, 5))) static void warn(struct lint *lint, size_t index,
                                                       const char *key, const char *format, ...)
{
    static const char mark[] = "warning: ";
    char path[DD_FILE_PATH_BYTES + sizeof mark];
    char text[TEXT_BYTES];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    snprintf(path, sizeof path, "%sstages[%zu].%s", mark, index + 1, key);
    dd_yaml_fault_add(lint->warnings, dd_yaml_mark_at(lint->c->faults, path + sizeof mark - 1),
                      path, "%s", text);
}

static const struct dd_stage *stage_at(const struct lint *lint, size_t index)
{
    return &lint->c->out->stage[index];
}

static int year_of(int32_t day)
{
    int year;
    int month;
    int day_of_month;
    dd_day_to_civil(day, &year, &month, &day_of_month);
    return year;
}

/* --- the closing of the data --- */

/* How the periods of a stage fare. */
struct periods {
    size_t count;
    size_t bad;
    struct dd_span first; /* of the bad ones */
    int year_from;
    int year_to;
};

/* The years to look at for one rule: those of the lint, or its own if it ends before them. */
static struct dd_span first_span(const struct lint *lint, const struct dd_deadline_rule *rule,
                                 int *year_to)
{
    bool ended = rule->last_year != 0 && rule->last_year < lint->year_from;
    int from = !ended ? lint->year_from : rule->first_year ? rule->first_year : rule->last_year;
    *year_to = ended ? rule->last_year : lint->year_to;
    if (*year_to > from + YEAR_TO - YEAR_FROM)
        *year_to = from + YEAR_TO - YEAR_FROM;
    return (struct dd_span){rule->every, (int16_t)from, 1};
}

/* Counts the periods whose last accepted day lies before the day that `least` makes of the closing
 * day. */
static struct periods count_early(const struct lint *lint, uint8_t index,
                                  int32_t (*least)(const struct dd_deadline_rule *, struct dd_span))
{
    const struct dd_deadline_rule *rule = &stage_at(lint, index)->deadline;
    struct periods found = {.count = 0};
    struct dd_span span = first_span(lint, rule, &found.year_to);
    found.year_from = span.year;
    for (; span.year <= found.year_to; span = dd_span_next(span)) {
        if (!dd_programme_owes(lint->c->out, index, span))
            continue;
        found.count++;
        if (dd_deadline_rule_last_day(rule, span, NULL, 0) >= least(rule, span))
            continue;
        if (found.bad++ == 0)
            found.first = span;
    }
    return found;
}

static int32_t closing_day(const struct dd_deadline_rule *rule, struct dd_span span)
{
    return dd_deadline_rule_closing(rule, span);
}

static int32_t one_working_day_later(const struct dd_deadline_rule *rule, struct dd_span span)
{
    return dd_calendar_add(NULL, 0, dd_deadline_rule_closing(rule, span), 1, true);
}

/* The end of a period within which the report is due; what is due before it begins is a plan and
 * has no data to close. */
static int32_t end_of_period(const struct dd_deadline_rule *rule, struct dd_span span)
{
    int32_t from;
    int32_t to;
    dd_span_days(span, &from, &to);
    return dd_deadline_rule_last_day(rule, span, NULL, 0) < from ? INT32_MIN : to;
}

/* The keys of the figures of the stage's form that are not estimates; false if there are none. */
static bool list_final_figures(const struct lint *lint, const struct dd_stage *stage,
                               char out[LISTED_BYTES])
{
    struct dd_form form;
    size_t at = 0;
    out[0] = '\0';
    if (stage->form.size == 0 || !dd_form_find(lint->c->out->forms, stage->form, &form))
        return false;
    for (size_t i = 0; i < form.figure_count && at < LISTED_BYTES; i++) {
        if (form.figure[i].may_estimate)
            continue;
        int wrote = snprintf(out + at, LISTED_BYTES - at, "%s%.*s", at ? ", " : "",
                             (int)form.figure[i].key.size, (const char *)form.figure[i].key.data);
        at += wrote > 0 ? (size_t)wrote : 0;
    }
    return at > 0;
}

static void warn_of_early(struct lint *lint, uint8_t index, const struct periods *found,
                          int32_t closing, const char *what)
{
    const struct dd_deadline_rule *rule = &stage_at(lint, index)->deadline;
    char span[DD_SPAN_TEXT_BYTES];
    char last[DD_DAY_TEXT_BYTES];
    char closes[DD_DAY_TEXT_BYTES];
    int32_t last_day = dd_deadline_rule_last_day(rule, found->first, NULL, 0);
    dd_span_text(found->first, span);
    dd_day_format(last_day, last);
    dd_day_format(closing, closes);
    warn(lint, index, "deadline",
         "%s: in %s the last accepted day is %s, the data close on %s (so in %zu of %zu periods "
         "from %d to %d)",
         what, span, last, closes, found->bad, found->count, found->year_from, found->year_to);
}

static void warn_of_closing(struct lint *lint, uint8_t index)
{
    const struct dd_stage *stage = stage_at(lint, index);
    const struct dd_deadline_rule *rule = &stage->deadline;
    char finals[LISTED_BYTES];
    char text[TEXT_BYTES];
    if (!rule->has_closing) {
        struct periods open = count_early(lint, index, end_of_period);
        if (open.bad == 0 || !list_final_figures(lint, stage, finals))
            return;
        snprintf(text, sizeof text,
                 "the report is due before its period ends, no closing day is said, and final "
                 "figures are asked for (%s)",
                 finals);
        warn_of_early(lint, index, &open, end_of_period(rule, open.first), text);
        return;
    }
    struct periods before = count_early(lint, index, closing_day);
    struct periods tight = count_early(lint, index, one_working_day_later);
    if (before.bad > 0)
        warn_of_early(lint, index, &before, closing_day(rule, before.first),
                      "the deadline lies before the closing of its data, which can only be "
                      "estimates");
    else if (tight.bad > 0)
        warn_of_early(lint, index, &tight, closing_day(rule, tight.first),
                      "less than one working day lies between the closing of the data and the "
                      "deadline (Decree 09/2019/NĐ-CP, article 8.5)");
}

/* --- the day of the decision --- */

/* Warns if a deadline that comes once a year lies before the rule in the year of its issue. */
static void warn_of_issue(struct lint *lint, uint8_t index)
{
    const struct dd_programme *programme = lint->c->out;
    const struct dd_deadline_rule *rule = &stage_at(lint, index)->deadline;
    int year = year_of(programme->issued_day);
    int32_t missed = 0;
    int times = 0;
    int32_t next = 0;
    char issued[DD_DAY_TEXT_BYTES];
    char texts[2][DD_DAY_TEXT_BYTES];
    struct dd_span span = {rule->every, (int16_t)(year - 2), 1};
    for (; span.year <= year + 3; span = dd_span_next(span)) {
        int32_t last = dd_deadline_rule_last_day(rule, span, NULL, 0);
        if (!dd_programme_owes(programme, index, span))
            continue;
        if (year_of(last) == year && last < programme->issued_day)
            missed = times++ == 0 ? last : missed;
        if (last >= programme->issued_day && (next == 0 || last < next))
            next = last;
    }
    if (times != 1 || (next != 0 && year_of(next) == year))
        return;
    dd_day_format(programme->issued_day, issued);
    dd_day_format(missed, texts[0]);
    dd_day_format(next, texts[1]);
    warn(lint, index, "deadline",
         "the rule is dated %s, after its own deadline of that year (last accepted day %s); the "
         "first that can be met is %s",
         issued, texts[0], next ? texts[1] : "none");
}

/* --- two duties in a month --- */

struct months {
    int32_t last_day[MONTHS]; /* the stage's last accepted day in that month; 0: none */
};

static void gather_months(const struct lint *lint, uint8_t index, struct months *out)
{
    const struct dd_deadline_rule *rule = &stage_at(lint, index)->deadline;
    struct dd_span span = {rule->every, (int16_t)(lint->year_from - 2), 1};
    *out = (struct months){{0}};
    for (; span.year <= lint->year_to + 2; span = dd_span_next(span)) {
        int year;
        int month;
        int day;
        int32_t last = dd_deadline_rule_named_day(rule, span);
        dd_day_to_civil(last, &year, &month, &day);
        int at = (year - lint->year_from) * 12 + month - 1;
        if (at >= 0 && at < MONTHS && year <= lint->year_to &&
            dd_programme_owes(lint->c->out, index, span))
            out->last_day[at] = last;
    }
}

/* True if some party owes both. */
static bool share_parties(const struct dd_stage *a, const struct dd_stage *b)
{
    for (size_t i = 0; i < a->group_count; i++) {
        if (dd_stage_is_for(b, a->group[i]))
            return true;
    }
    return a->group_count == 0;
}

/* True if stage `a` says what holds in a month with both: by overlap, or because it requires the
 * other. */
static bool is_said(const struct lint *lint, size_t a, size_t b)
{
    const struct dd_file_stage *stages = lint->c->file->stages.items;
    const struct dd_file_overlap *overlaps = stages[a].overlap.items;
    for (size_t i = 0; i < stages[a].overlap.count; i++) {
        if (dd_slice_equal(overlaps[i].with, stages[b].key))
            return true;
    }
    return dd_slice_equal(stage_at(lint, a)->requires, stages[b].key);
}

/* A report that a unit's own people owe again and again, though not every week. */
static bool recurs_by_month(const struct dd_stage *stage)
{
    return stage->act == DD_ACT_REPORT && stage->deadline.every > DD_CADENCE_WEEK &&
           (OWN_PEOPLE >> stage->by & 1) != 0;
}

static void warn_of_pair(struct lint *lint, uint8_t a, uint8_t b, const struct months *of_a,
                         const struct months *of_b)
{
    const struct dd_stage *other = stage_at(lint, a);
    size_t count = 0;
    size_t first = 0;
    char days[2][DD_DAY_TEXT_BYTES];
    for (size_t i = 0; i < MONTHS; i++) {
        if (of_a->last_day[i] == 0 || of_b->last_day[i] == 0)
            continue;
        first = count++ == 0 ? i : first;
    }
    if (count == 0)
        return;
    dd_day_format(of_b->last_day[first], days[0]);
    dd_day_format(of_a->last_day[first], days[1]);
    warn(lint, b, "deadline",
         "a month with two duties of the same parties: this one (%s) and %.*s (%s), so in %zu "
         "months from %d to %d; say with overlap whether both are owed or the longer one",
         days[0], (int)other->key.size, (const char *)other->key.data, days[1], count,
         lint->year_from, lint->year_to);
}

static void warn_of_months(struct lint *lint)
{
    const struct dd_programme *programme = lint->c->out;
    struct months *months = dd_arena_take(lint->c->arena, DD_STAGES_MAX * sizeof *months);
    if (!months) {
        lint->c->no_memory = true;
        return;
    }
    for (uint8_t b = 0; b < programme->stage_count; b++) {
        if (!recurs_by_month(stage_at(lint, b)))
            continue;
        gather_months(lint, b, &months[b]);
        for (uint8_t a = 0; a < b; a++) {
            if (recurs_by_month(stage_at(lint, a)) &&
                share_parties(stage_at(lint, a), stage_at(lint, b)) && !is_said(lint, a, b) &&
                !is_said(lint, b, a))
                warn_of_pair(lint, a, b, &months[a], &months[b]);
        }
    }
}

/* --- one stage --- */

static void warn_of_day(struct lint *lint, size_t index)
{
    static const uint8_t longest[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const struct dd_file_stage *stages = lint->c->file->stages.items;
    const struct dd_deadline_rule *rule = &stage_at(lint, index)->deadline;
    struct dd_span span = {rule->every, YEAR_FROM, 1};
    bool is_last = stages[index].deadline.on.day.word != 0;
    if (rule->every <= DD_CADENCE_WEEK || rule->on.day <= 28 || is_last)
        return;
    for (; span.year == YEAR_FROM; span = dd_span_next(span)) {
        int year;
        int month;
        int day;
        dd_day_to_civil(dd_day_rule_day(rule->on, span), &year, &month, &day);
        if (rule->on.day <= longest[month - 1] && month != 2)
            continue;
        if (!dd_deadline_rule_owes(rule, span))
            continue;
        warn(lint, index, "deadline.day",
             "not every month has a day %u (%04d-%02d has not, or not each year); there the last "
             "day of the month holds (Civil Code 2015, article 148); if that is meant, say "
             "day: last",
             rule->on.day, year, month);
        return;
    }
}

static void warn_of_silence(struct lint *lint, size_t index)
{
    const struct dd_stage *stage = stage_at(lint, index);
    const struct dd_deadline_rule *rule = &stage->deadline;
    const char *silence = dd_word(DD_WORDS_SILENCE, (int)stage->silence);
    bool named =
        stage->act == DD_ACT_REPORT && rule->every == 0 && rule->date.size == 0 && !stage->any_time;
    bool none = rule->every == 0 && rule->date.size == 0 && rule->anchor == 0;
    if (dd_silence_ends(stage->silence) && rule->date.size > 0)
        warn(lint, index, "silence",
             "silence without a date: it means %s from the day %.*s, which each cycle sets; the "
             "rule itself gives none",
             silence, (int)rule->date.size, (const char *)rule->date.data);
    else if (dd_silence_ends(stage->silence) && named)
        warn(lint, index, "silence",
             "silence without a date: it means %s from a day that each cycle sets for each report",
             silence);
    else if (stage->of.size > 0 && none && stage->act != DD_ACT_DECIDE) {
        uint8_t kind = dd_programme_kind(lint->c->out, stage->of);
        if (!lint->c->out->kind[kind].needs_due)
            warn(lint, index, "act",
                 "silence without a date: where the matter brings no day nobody is ever late; "
                 "needs: due in the matter, or a deadline, would end that");
    } else if (stage->act == DD_ACT_HAND_IN && none)
        warn(lint, index, "act", "silence without a date: there is no bound, so nobody is late");
}

/* Behind a decision an answer arises when that has agreed, which may be after the matter's day. */
static void warn_of_decided_late(struct lint *lint, size_t index)
{
    const struct dd_stage *stage = stage_at(lint, index);
    const struct dd_deadline_rule *rule = &stage->deadline;
    bool decided = false;
    for (size_t i = 0; i < index; i++)
        decided = decided || (stage_at(lint, i)->act == DD_ACT_DECIDE &&
                              dd_slice_equal(stage_at(lint, i)->of, stage->of));
    if (stage->act != DD_ACT_ANSWER || !decided || !dd_silence_ends(stage->silence) ||
        rule->anchor != 0 || rule->word == 0)
        return;
    warn(lint, index, "silence",
         "silence means %s from the matter's own day, but the answer is asked only when the "
         "decision before it has agreed, which may be later: it then has no bound; count the days "
         "from the opening instead (after: opening)",
         dd_word(DD_WORDS_SILENCE, (int)stage->silence));
}

static void warn_of_rungs(struct lint *lint, size_t index)
{
    const struct dd_stage *stage = stage_at(lint, index);
    if (stage->any_time && stage->rung_count > 0)
        warn(lint, index, "rungs",
             "what is taken at any time is owed by nobody, so no reminder is ever due");
}

/* The people of the unit that owes the act never bend its time, whatever their office: a head who
 * bends is the host's. An appraiser or an approver would bend a term of their own, which nobody
 * may: where there is no second one, nobody can bend it at all. */
static void warn_of_bending(struct lint *lint, size_t index)
{
    const struct dd_stage *stage = stage_at(lint, index);
    const char *role = dd_word(DD_WORDS_ROLE, (int)stage->by);
    if (stage->bent_by == 0 || stage->bent_by != stage->by || (OWN_PEOPLE >> stage->by & 1) != 0)
        return;
    warn(lint, index, "bent_by",
         "the %s bends the time of what the %s %s, and nobody bends a term of their own; name "
         "another office",
         role, role, stage->act == DD_ACT_DECIDE ? "decides" : "owes");
}

static void warn_of_forms(struct lint *lint)
{
    const struct dd_file_form *forms = lint->c->file->forms.items;
    const struct dd_programme *programme = lint->c->out;
    for (size_t i = 0; i < lint->c->file->forms.count; i++) {
        bool used = false;
        for (size_t k = 0; k < programme->stage_count; k++)
            used = used || dd_slice_equal(programme->stage[k].form, forms[i].key);
        if (!used)
            dd_yaml_fault_add(lint->warnings, forms[i].mark, "warning: forms",
                              "no stage asks for the form %.48s", (const char *)forms[i].key.data);
    }
}

void dd_compile_warn(struct dd_compile *c, struct dd_yaml_faults *warnings)
{
    int year = c->out->issued_day == 0 ? 0 : year_of(c->out->issued_day);
    bool issued = year >= ISSUED_FROM && year <= ISSUED_TO;
    struct lint lint = {c, warnings, YEAR_FROM, YEAR_TO};
    if (issued) {
        lint.year_from = year + 1;
        lint.year_to = year + YEARS_AHEAD;
    }
    for (uint8_t i = 0; i < c->out->stage_count; i++) {
        if (c->out->stage[i].deadline.every != 0) {
            warn_of_closing(&lint, i);
            warn_of_day(&lint, i);
        }
        if (c->out->stage[i].deadline.every > DD_CADENCE_WEEK && issued)
            warn_of_issue(&lint, i);
        warn_of_silence(&lint, i);
        warn_of_decided_late(&lint, i);
        warn_of_rungs(&lint, i);
        warn_of_bending(&lint, i);
    }
    warn_of_months(&lint);
    warn_of_forms(&lint);
}
