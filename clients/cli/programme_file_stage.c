/* The stages of a programme's file with their deadlines, compiled. See
 * clients/cli/programme_file_parts.h. */
#include <string.h>

#include "clients/cli/cli_args.h"
#include "clients/cli/programme_file_parts.h"

enum { MONTH_DAYS_MAX = 31 }; /* stands for the last day of any month */

/* The stage that is being compiled. */
struct place {
    struct dd_compile *c;
    size_t index;
    const struct dd_file_stage *stage;
};

static void fault(const struct place *at, const char *key, const char *text)
{
    dd_compile_fault(at->c, "stages", at->index, key, "%s", text);
}

/* As fault, about a key within `map`. */
static void fault_in(const struct place *at, const char *map, const char *key, const char *text)
{
    char path[DD_FILE_PATH_BYTES];
    snprintf(path, sizeof path, "%s.%s", map, key);
    fault(at, path, text);
}

/* True if the stage has that key, whatever its value. */
static bool is_given(const struct place *at, const char *key)
{
    char path[DD_FILE_PATH_BYTES];
    snprintf(path, sizeof path, "stages[%zu].%.64s", at->index + 1, key);
    return dd_yaml_is_given(at->c->faults, path);
}

static bool is_given_in(const struct place *at, const char *map, const char *key)
{
    char path[DD_FILE_PATH_BYTES];
    snprintf(path, sizeof path, "%s.%s", map, key);
    return is_given(at, path);
}

/* How many months the period has, 0 for a week. */
static int months_of(enum dd_cadence every)
{
    switch (every) {
    case DD_CADENCE_WEEK:
        return 0;
    case DD_CADENCE_MONTH:
        return 1;
    case DD_CADENCE_QUARTER:
        return 3;
    case DD_CADENCE_HALF:
        return 6;
    case DD_CADENCE_YEAR:
        return 12;
    }
    return 0;
}

static struct dd_day_rule week_day(const struct place *at, const struct dd_file_day *day,
                                   const char *map)
{
    struct dd_day_rule rule = {1, (uint8_t)day->weekday.word};
    if (!is_given_in(at, map, "weekday"))
        fault_in(at, map, "weekday",
                 "the weekday is needed; where the source names none, say in a comment that this "
                 "one is chosen");
    if (day->day.given || day->month.given || day->year.given)
        fault_in(at, map,
                 day->day.given     ? "day"
                 : day->month.given ? "month"
                                    : "year",
                 "a week has weekday and week (previous or next), no day, month or year");
    if (day->week.given)
        rule.month = day->week.word == DD_FILE_PREVIOUS ? 0 : 2;
    return rule;
}

/* The month's number counted from the period's first. */
static int month_offset(const struct place *at, const struct dd_file_day *day, int months,
                        const char *map)
{
    char text[120];
    if (!day->month.given) {
        if (months > 1 && !is_given_in(at, map, "month"))
            fault_in(at, map, "month",
                     "the month is needed: first, last, previous, next or its number within the "
                     "period");
        return 1;
    }
    switch (day->month.word) {
    case DD_FILE_PREVIOUS:
        return 0;
    case DD_FILE_NEXT:
        return months + 1;
    case DD_FILE_FIRST:
        return 1;
    case DD_FILE_LAST:
        return months;
    default:
        break;
    }
    if (day->month.number > months) {
        snprintf(text, sizeof text, "the period has %d month%s; a number counts within it", months,
                 months == 1 ? "" : "s");
        fault_in(at, map, "month", text);
        return 1;
    }
    return day->month.number;
}

static struct dd_day_rule month_day(const struct place *at, const struct dd_file_day *day,
                                    enum dd_cadence every, const char *map)
{
    int months = months_of(every);
    int month = month_offset(at, day, months, map);
    if (!is_given_in(at, map, "day"))
        fault_in(at, map, "day", "the day of the month is needed, 1 to 31 or last");
    if (day->weekday.given || day->week.given)
        fault_in(at, map, day->weekday.given ? "weekday" : "week", "belongs to every: week");
    if (day->year.given && every != DD_CADENCE_YEAR)
        fault_in(at, map, "year", "belongs to every: year");
    else if (day->year.given && (month < 1 || month > months))
        fault_in(at, map, "year", "month previous or next says the year already");
    else if (day->year.given)
        month += day->year.word == DD_FILE_PREVIOUS ? -months : months;
    int number = day->day.word != 0 ? MONTH_DAYS_MAX : day->day.number;
    return (struct dd_day_rule){(int8_t)month, (uint8_t)number};
}

static struct dd_day_rule day_of(const struct place *at, const struct dd_file_day *day,
                                 enum dd_cadence every, const char *map)
{
    return every == DD_CADENCE_WEEK ? week_day(at, day, map) : month_day(at, day, every, map);
}

/* Bits of the periods that are excepted, or of all but the only ones. */
static uint16_t excepted(const struct place *at, const struct dd_file_deadline *deadline)
{
    bool only = deadline->only.mark.line != 0;
    const struct dd_yaml_list *list = only ? &deadline->only : &deadline->except;
    const char *key = only ? "deadline.only" : "deadline.except";
    uint16_t bits = 0;
    if (list->mark.line == 0)
        return 0;
    if (only && deadline->except.mark.line != 0)
        fault(at, key, "only and except do not stand together");
    if (deadline->every == DD_CADENCE_WEEK) {
        fault(at, key, "weeks cannot be excepted");
        return 0;
    }
    int count = 12 / months_of((enum dd_cadence)deadline->every);
    for (size_t i = 0; i < list->count; i++) {
        int32_t number = ((const int32_t *)list->items)[i];
        if (number > count)
            dd_compile_fault(at->c, "stages", at->index, key, "the year has no such period %ld",
                             (long)number);
        else
            bits = (uint16_t)(bits | 1u << number);
    }
    uint16_t all = (uint16_t)((2u << count) - 2u);
    bits = only ? (uint16_t)(all & ~bits) : bits;
    if (bits == all)
        fault(at, key, "no period is left: the stage would never be owed");
    return bits;
}

static void put_years(const struct place *at, const struct dd_file_deadline *deadline,
                      struct dd_deadline_rule *out)
{
    const struct dd_yaml_option *first = deadline->in.given ? &deadline->in : &deadline->since;
    const struct dd_yaml_option *last = deadline->in.given ? &deadline->in : &deadline->until;
    if (deadline->in.given && (deadline->since.given || deadline->until.given))
        fault(at, "deadline.in", "in stands for one year; since and until do not stand beside it");
    if (first->given && last->given && first->number > last->number)
        fault(at, "deadline.until", "lies before since");
    out->first_year = (uint16_t)first->number;
    out->last_year = (uint16_t)last->number;
}

static void put_recurring(const struct place *at, struct dd_deadline_rule *out)
{
    const struct dd_file_deadline *deadline = &at->stage->deadline;
    enum dd_cadence every = (enum dd_cadence)deadline->every;
    out->every = every;
    out->on = day_of(at, &deadline->on, every, "deadline");
    out->except = excepted(at, deadline);
    put_years(at, deadline, out);
    out->has_closing = deadline->closing.mark.line != 0;
    if (out->has_closing)
        out->closing = day_of(at, &deadline->closing, every, "deadline.closing");
}

static void put_relative(const struct place *at, struct dd_deadline_rule *out)
{
    const struct dd_file_deadline *deadline = &at->stage->deadline;
    if ((deadline->before != 0) == (deadline->after != 0)) {
        fault(at, "deadline.days", "days need before or after, one of both: opening or at");
        return;
    }
    bool before = deadline->before != 0;
    out->anchor = (enum dd_anchor)(before ? deadline->before : deadline->after);
    out->days = (int16_t)(before ? -deadline->days.number : deadline->days.number);
    out->working = deadline->working;
    if (before && out->anchor == DD_ANCHOR_OPENING && out->days != 0)
        fault(at, "deadline.before",
              "nothing is owed before it has arisen; count from the opening with after");
}

/* Keys that stand without the one they belong to. */
static void check_strays(const struct place *at)
{
    const struct dd_file_deadline *deadline = &at->stage->deadline;
    bool comes_back = is_given(at, "deadline.every");
    bool relative = is_given(at, "deadline.days");
    const struct {
        bool stray;
        const char *key;
        const char *home;
    } keys[] = {{!comes_back && deadline->on.day.given, "day", "every"},
                {!comes_back && deadline->on.weekday.given, "weekday", "every"},
                {!comes_back && deadline->on.month.given, "month", "every"},
                {!comes_back && deadline->on.year.given, "year", "every"},
                {!comes_back && deadline->on.week.given, "week", "every"},
                {!comes_back && deadline->except.mark.line != 0, "except", "every"},
                {!comes_back && deadline->only.mark.line != 0, "only", "every"},
                {!comes_back && deadline->in.given, "in", "every"},
                {!comes_back && deadline->since.given, "since", "every"},
                {!comes_back && deadline->until.given, "until", "every"},
                {!comes_back && deadline->closing.mark.line != 0, "closing", "every"},
                {!relative && deadline->before != 0, "before", "days"},
                {!relative && deadline->after != 0, "after", "days"},
                {!relative && deadline->working, "working", "days"}};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        char path[DD_FILE_PATH_BYTES];
        char text[DD_FILE_PATH_BYTES];
        if (!keys[i].stray)
            continue;
        snprintf(path, sizeof path, "deadline.%s", keys[i].key);
        snprintf(text, sizeof text, "belongs to a deadline with %s", keys[i].home);
        fault(at, path, text);
    }
}

static void put_deadline(const struct place *at, struct dd_deadline_rule *out)
{
    const struct dd_file_deadline *deadline = &at->stage->deadline;
    int kinds = (deadline->date.size > 0) + (deadline->every != 0) + deadline->days.given;
    out->word = (enum dd_deadline_word)deadline->word;
    out->date = deadline->date;
    out->roll = deadline->roll;
    check_strays(at);
    if (kinds > 1) {
        fault(at, "deadline", "one of date, every and days says when; not several");
        return;
    }
    if (kinds == 0 && deadline->word == 0 && !deadline->roll)
        fault(at, "deadline", "says nothing; leave it out where there is no bound");
    if ((deadline->every || deadline->date.size > 0) && deadline->word == 0)
        fault(at, "deadline.word", "the word is needed: before, by or on, as the source has it");
    if (deadline->every)
        put_recurring(at, out);
    if (deadline->days.given)
        put_relative(at, out);
}

/* word, date and roll of the stage itself are the short form of a deadline. */
static void put_when(const struct place *at, struct dd_deadline_rule *out)
{
    const struct dd_file_stage *stage = at->stage;
    bool is_short = stage->word != 0 || stage->date.size > 0 || stage->roll;
    *out = (struct dd_deadline_rule){
        .word = (enum dd_deadline_word)stage->word, .date = stage->date, .roll = stage->roll};
    if (stage->deadline.on.mark.line == 0) {
        if (stage->date.size > 0 && stage->word == 0)
            fault(at, "date", "the word is needed: before, by or on, as the source has it");
        return;
    }
    if (is_short)
        fault(at,
              stage->word   ? "word"
              : stage->roll ? "roll"
                            : "date",
              "stands in the deadline or beside it, not in both places");
    put_deadline(at, out);
}

/* "50", of a hundred, or "2/3". */
static bool parse_share(struct dd_slice text, uint8_t *part, uint8_t *of)
{
    enum { TEXT_BYTES = 16, HUNDRED = 100 };
    char copy[TEXT_BYTES];
    uint64_t numerator;
    uint64_t denominator = HUNDRED;
    dd_slice_text(text, copy, sizeof copy);
    char *slash = strchr(copy, '/');
    if (slash)
        *slash++ = 0;
    if (slash && !dd_parse_whole(slash, 2, HUNDRED, &denominator))
        return false;
    if (!dd_parse_whole(copy, 1, denominator - 1, &numerator))
        return false;
    *part = (uint8_t)numerator;
    *of = slash ? (uint8_t)denominator : 0;
    return true;
}

static void put_answers(const struct place *at, struct dd_stage *out)
{
    const struct dd_file_answer *answers = at->stage->answers.items;
    const struct dd_file_passes *passes = &at->stage->passes;
    out->choice_count = (uint8_t)at->stage->answers.count;
    for (size_t i = 0; i < at->stage->answers.count; i++) {
        out->choice[i] =
            (struct dd_choice){answers[i].code, answers[i].name.vi, answers[i].name.en};
        if (dd_slice_equal(answers[i].code, passes->answer))
            out->pass_choice = (uint8_t)(i + 1);
        for (size_t k = 0; k < i; k++) {
            if (answers[k].code.size > 0 && dd_slice_equal(answers[i].code, answers[k].code))
                dd_compile_fault(at->c, "stages", at->index, "answers",
                                 "the code %.48s stands twice", (const char *)answers[i].code.data);
        }
    }
    if (passes->mark.line == 0)
        return;
    if (passes->more_than.size > 0 &&
        !parse_share(passes->more_than, &out->pass_percent, &out->pass_of)) {
        out->pass_percent = 1; /* the fault is told here, and not once more by the core */
        dd_compile_fault(at->c, "stages", at->index, "passes.more_than",
                         "\"%.*s\" is no whole number from 1 to 99, and no fraction like 2/3 (at "
                         "most .../100)",
                         (int)passes->more_than.size, (const char *)passes->more_than.data);
    }
    out->pass_of_cast = passes->of.word == DD_FILE_ANSWERS;
    if (passes->answer.size > 0 && out->pass_choice == 0)
        dd_compile_fault(at->c, "stages", at->index, "passes.answer",
                         "%.48s is none of the answers of this stage",
                         (const char *)passes->answer.data);
}

static void put_overlap(const struct place *at, struct dd_stage *out)
{
    const struct dd_file_overlap *overlaps = at->stage->overlap.items;
    for (size_t i = 0; i < at->stage->overlap.count; i++) {
        if (overlaps[i].owed.word != DD_FILE_LONGER)
            continue;
        if (out->yields_to.size > 0)
            fault(at, "overlap", "a stage yields to one other only; longer stands once");
        out->yields_to = overlaps[i].with;
    }
}

static void put_groups(const struct place *at, struct dd_stage *out)
{
    const struct dd_yaml_list *groups = &at->stage->groups;
    out->group_count = (uint8_t)groups->count;
    for (size_t i = 0; i < groups->count; i++)
        out->group[i] = ((const struct dd_slice *)groups->items)[i];
    if (groups->mark.line != 0 && groups->count == 0)
        fault(at, "for", "names no group, so nobody would owe this; leave it out for all parties");
}

/* Puts the rungs of one list among those of the stage, in rising order. */
static void put_rungs(const struct place *at, const struct dd_yaml_list *list, bool superior,
                      struct dd_stage *out)
{
    const int32_t *days = list->items;
    const char *key = superior ? "superior" : "rungs";
    for (size_t i = 0; i < list->count; i++) {
        size_t to = out->rung_count;
        if (to == DD_RUNGS_MAX) {
            dd_compile_fault(at->c, "stages", at->index, key,
                             "a stage has at most %d rungs, those of the superior included",
                             DD_RUNGS_MAX);
            return;
        }
        while (to > 0 && out->rung[to - 1] > days[i])
            to--;
        if (to > 0 && out->rung[to - 1] == days[i]) {
            dd_compile_fault(at->c, "stages", at->index, key,
                             "rung %ld stands twice; a rung goes to the unit or to the superior",
                             (long)days[i]);
            continue;
        }
        size_t behind = out->rung_count - to;
        memmove(&out->rung[to + 1], &out->rung[to], behind * sizeof out->rung[0]);
        memmove(&out->superior[to + 1], &out->superior[to], behind * sizeof out->superior[0]);
        out->rung[to] = (int8_t)days[i];
        out->superior[to] = superior;
        out->rung_count++;
    }
}

uint8_t dd_compile_signers(const struct dd_yaml_list *words)
{
    uint8_t bits = 0;
    for (size_t i = 0; i < words->count; i++) {
        int capacity = ((const int *)words->items)[i];
        if (capacity != DD_CAPACITY_HEAD)
            bits = (uint8_t)(bits | 1u << capacity);
    }
    return bits;
}

static void put_stage(const struct place *at, struct dd_stage *out)
{
    const struct dd_file_stage *stage = at->stage;
    *out = (struct dd_stage){.key = stage->key,
                             .name_vi = stage->name.vi,
                             .name_en = stage->name.en,
                             .act = (enum dd_act)stage->act,
                             .by = (enum dd_role)stage->by,
                             .of = stage->of,
                             .who = (enum dd_who)stage->who,
                             .signers = dd_compile_signers(&stage->signers),
                             .silence = stage->silence == 0 ? DD_SILENCE_MISSING
                                                            : (enum dd_silence)stage->silence,
                             .refuse_after_bound = stage->refuse_after_bound,
                             .any_time = stage->any_time,
                             .reason_when_late = stage->reason_when_late,
                             .skipped_by_adjustment = stage->skipped_by_adjustment,
                             .first_approver_adjusts = stage->first_approver_adjusts,
                             .form = stage->form,
                             .requires = stage->needed,
                             .bent_by = (enum dd_role)stage->bent_by,
                             .extensions = DD_EXTENSIONS_DEFAULT,
                             .extension_days = DD_EXTENSION_DAYS_DEFAULT,
                             .working_days = stage->working_days};
    if (stage->extensions.given)
        out->extensions = (uint8_t)stage->extensions.number;
    if (stage->extension_days.given)
        out->extension_days = (uint16_t)stage->extension_days.number;
    if (stage->of.size > 0 && stage->who == 0)
        out->who = DD_WHO_EACH;
    put_when(at, &out->deadline);
    put_groups(at, out);
    put_answers(at, out);
    put_overlap(at, out);
    put_rungs(at, &stage->rungs, false, out);
    put_rungs(at, &stage->superior, true, out);
}

void dd_compile_stages(struct dd_compile *c)
{
    const struct dd_file_stage *stages = c->file->stages.items;
    c->out->stage_count = (uint8_t)c->file->stages.count;
    for (size_t i = 0; i < c->file->stages.count; i++) {
        struct place at = {c, i, &stages[i]};
        put_stage(&at, &c->out->stage[i]);
    }
}
