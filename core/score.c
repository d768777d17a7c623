/* Points: words, sums, conditions, and the criteria of a rule set. See core/score.h. */
#include "core/score.h"

#include "core/invariant.h"

enum { HUNDRED = 100, WORDS = 7 };

struct word_table {
    const char *const *word;
    size_t count;
};

#define WORD(name, word) word,
#define FACT_WORD(name, word, source) word,
static const char *const fact_words[] = {DD_SCORE_FACT_TABLE(FACT_WORD)};
static const char *const kind_words[] = {DD_SCORE_KIND_TABLE(WORD)};
static const char *const empty_words[] = {DD_SCORE_EMPTY_TABLE(WORD)};
static const char *const column_words[] = {DD_SCORE_COLUMN_TABLE(WORD)};
static const char *const within_words[] = {DD_SCORE_WITHIN_TABLE(WORD)};
static const char *const tie_words[] = {DD_SCORE_TIE_TABLE(WORD)};
static const char *const compare_words[] = {DD_SCORE_COMPARE_TABLE(WORD)};

#define TABLE(words) \
    { \
        words, sizeof words / sizeof words[0] \
    }
static const struct word_table tables[WORDS] = {
    TABLE(fact_words),   TABLE(kind_words), TABLE(empty_words),  TABLE(column_words),
    TABLE(within_words), TABLE(tie_words),  TABLE(compare_words)};

enum source { LOG, FINDING };
#define FACT_SOURCE(name, word, source) source,
static const enum source fact_sources[] = {DD_SCORE_FACT_TABLE(FACT_SOURCE)};

const char *dd_score_word(enum dd_score_words words, size_t member)
{
    const struct word_table *table = &tables[words];
    return member < table->count ? table->word[member] : NULL;
}

int dd_score_word_member(enum dd_score_words words, struct dd_slice word)
{
    for (size_t i = 0; i < tables[words].count; i++) {
        if (dd_slice_equal(word, dd_slice_of(tables[words].word[i])))
            return (int)i;
    }
    return -1;
}

bool dd_score_fact_found(enum dd_score_fact fact)
{
    return fact_sources[fact] == FINDING;
}

int64_t dd_score_sum_of(const struct dd_score_sum *sum, const struct dd_score_facts *facts)
{
    int64_t total = 0;
    for (size_t i = 0; i < sum->count; i++)
        total += facts->value[sum->fact[i]];
    return total;
}

bool dd_score_holds(const struct dd_score_condition *condition, const struct dd_score_facts *facts)
{
    int64_t left = dd_score_sum_of(&condition->part, facts);
    int64_t right = condition->bound;
    if (condition->of.count > 0) {
        int64_t of = dd_score_sum_of(&condition->of, facts);
        if (of == 0)
            return condition->empty_met;
        left *= HUNDRED;
        right *= of;
    }
    switch (condition->compare) {
    case DD_SCORE_AT_LEAST:
        return left >= right;
    case DD_SCORE_AT_MOST:
        return left <= right;
    case DD_SCORE_MORE_THAN:
        return left > right;
    case DD_SCORE_LESS_THAN:
        return left < right;
    }
    return false;
}

const struct dd_score_criterion *dd_score_find(const struct dd_score_rules *rules,
                                               struct dd_slice key)
{
    for (size_t i = 0; i < rules->criterion_count; i++) {
        if (dd_slice_equal(rules->criterion[i].key, key))
            return &rules->criterion[i];
    }
    return NULL;
}

bool dd_score_given_ok(const struct dd_score_criterion *criterion,
                       const struct dd_score_given *given)
{
    return criterion->kind == DD_SCORE_GIVEN && given->points.scale <= DD_SCORE_SCALE &&
           given->points.mantissa >= 0 && dd_figure_compare(given->points, criterion->max) <= 0 &&
           criterion->survey == (given->column == DD_SCORE_COLUMN_SURVEY);
}

static struct dd_figure points_of(int64_t hundredths)
{
    return (struct dd_figure){hundredths, DD_SCORE_SCALE};
}

/* number / by, both not negative, rounded half up. */
static int64_t divided(int64_t number, int64_t by)
{
    return (2 * number + by) / (2 * by);
}

/* Among 0 to max. */
static int64_t within(int64_t points, int64_t max)
{
    return points < 0 ? 0 : points > max ? max : points;
}

static bool facts_ok(const struct dd_score_facts *facts)
{
    for (size_t i = 0; i < DD_SCORE_FACT_COUNT; i++) {
        if (facts->value[i] < 0 || facts->value[i] > DD_SCORE_FACT_MAX)
            return false;
    }
    return true;
}

/* Puts every handed-in figure on its criterion's line. */
static enum dd_status put_given(const struct dd_score_rules *rules,
                                const struct dd_score_given *given, size_t given_count,
                                struct dd_score *out)
{
    for (size_t i = 0; i < given_count; i++) {
        const struct dd_score_criterion *criterion = dd_score_find(rules, given[i].criterion);
        if (!criterion)
            continue;
        struct dd_score_line *line = &out->line[criterion - rules->criterion];
        struct dd_figure *place = &line->given[given[i].column];
        if (!dd_score_given_ok(criterion, &given[i]) || line->has[given[i].column])
            return DD_INVALID;
        *place = given[i].points;
        for (; place->scale < DD_SCORE_SCALE; place->scale++)
            place->mantissa *= 10;
        line->has[given[i].column] = true;
    }
    return DD_OK;
}

/* The column that counts: the last of self, appraised, approved; or the survey. */
static int column_of(const struct dd_score_line *line)
{
    for (int column = DD_SCORE_COLUMN_COUNT - 1; column >= 0; column--) {
        if (line->has[column])
            return column;
    }
    return -1;
}

static bool all_hold(const struct dd_score_conditions *conditions,
                     const struct dd_score_facts *facts)
{
    for (size_t i = 0; i < conditions->count; i++) {
        if (!dd_score_holds(&conditions->list[i], facts))
            return false;
    }
    return true;
}

/* The points of a criterion with something to count. Nothing overflows: a maximum has at most 10^6
 * hundredths, a sum of facts is below 10^10. */
static int64_t count_points(const struct dd_score_criterion *criterion,
                            const struct dd_score_facts *facts, const struct dd_score_line *line)
{
    int64_t max = criterion->max.mantissa;
    int64_t lost = line->part > line->less ? line->part - line->less : 0;
    switch (criterion->kind) {
    case DD_SCORE_SHARE:
        return within(divided(max * line->part, line->of), max);
    case DD_SCORE_DEDUCT:
        lost = HUNDRED * line->of - criterion->percent * lost;
        return lost <= 0 ? 0 : divided(max * lost, HUNDRED * line->of);
    case DD_SCORE_GIVEN:
        return line->given[line->column].mantissa;
    case DD_SCORE_ALL_OR_PART:
        return all_hold(&criterion->conditions, facts) ? max
                                                       : divided(max * criterion->percent, HUNDRED);
    case DD_SCORE_SUM:
    case DD_SCORE_KIND_COUNT:
        break;
    }
    DD_ASSERT(false);
    return 0;
}

static void count_leaf(const struct dd_score_criterion *criterion,
                       const struct dd_score_facts *facts, bool best, struct dd_score_line *line,
                       struct dd_score *out)
{
    bool given = criterion->kind == DD_SCORE_GIVEN;
    bool divides = criterion->kind == DD_SCORE_SHARE || criterion->kind == DD_SCORE_DEDUCT;
    enum dd_score_empty empty = given && best ? DD_SCORE_EMPTY_FULL : criterion->empty;
    line->part = dd_score_sum_of(&criterion->part, facts);
    line->of = dd_score_sum_of(&criterion->of, facts);
    line->less = dd_score_sum_of(&criterion->less, facts);
    line->column = column_of(line);
    line->max = criterion->max;
    if ((!given || line->column >= 0) && (!divides || line->of > 0)) {
        line->points = points_of(count_points(criterion, facts, line));
        return;
    }
    line->state = empty == DD_SCORE_EMPTY_SKIP ? DD_SCORE_SKIPPED : DD_SCORE_ASSUMED;
    if (empty == DD_SCORE_EMPTY_SKIP)
        line->max = points_of(0);
    if (empty == DD_SCORE_EMPTY_FULL)
        line->points = line->max;
    if (given)
        out->not_given.mantissa += criterion->max.mantissa;
}

/* Adds a line to the sum that it stands under, or to the whole. */
static void add_up(const struct dd_score_criterion *criterion, const struct dd_score_line *line,
                   struct dd_score *out)
{
    struct dd_score_line *sum = criterion->parent >= 0 ? &out->line[criterion->parent] : NULL;
    if (!sum) {
        out->max.mantissa += criterion->max.mantissa;
        out->counted.mantissa += line->max.mantissa;
        out->points.mantissa += line->points.mantissa;
        return;
    }
    sum->max.mantissa += line->max.mantissa;
    sum->points.mantissa += line->points.mantissa;
    for (size_t column = 0; column < DD_SCORE_COLUMN_COUNT; column++) {
        sum->has[column] = sum->has[column] || line->has[column];
        sum->given[column].mantissa += line->given[column].mantissa;
    }
}

static void close_line(const struct dd_score_criterion *criterion, struct dd_score_line *line,
                       struct dd_score *out)
{
    if (criterion->kind == DD_SCORE_SUM) {
        line->state = line->max.mantissa == 0 ? DD_SCORE_SKIPPED : DD_SCORE_COUNTED;
        return;
    }
    if (line->has[DD_SCORE_COLUMN_SELF] && line->has[DD_SCORE_COLUMN_APPRAISED])
        out->overrated.mantissa += line->given[DD_SCORE_COLUMN_SELF].mantissa -
                                   line->given[DD_SCORE_COLUMN_APPRAISED].mantissa;
}

enum dd_status dd_score_make(const struct dd_score_rules *rules, const struct dd_score_facts *facts,
                             const struct dd_score_given *given, size_t given_count, bool best,
                             struct dd_arena *arena, struct dd_score *out)
{
    struct dd_figure zero = points_of(0);
    *out = (struct dd_score){.points = zero,
                             .max = zero,
                             .counted = zero,
                             .not_given = zero,
                             .overrated = zero,
                             .line_count = rules->criterion_count};
    if (!facts_ok(facts))
        return DD_INVALID;
    out->line = dd_arena_take(arena, (rules->criterion_count + 1) * sizeof *out->line);
    if (!out->line)
        return DD_NO_MEMORY;
    for (size_t i = 0; i < out->line_count; i++) {
        out->line[i] = (struct dd_score_line){.max = zero, .points = zero, .column = -1};
        for (size_t column = 0; column < DD_SCORE_COLUMN_COUNT; column++)
            out->line[i].given[column] = zero;
    }
    enum dd_status status = put_given(rules, given, given_count, out);
    if (status != DD_OK)
        return status;
    for (size_t i = out->line_count; i > 0; i--) { /* a sum stands before what it adds up */
        const struct dd_score_criterion *criterion = &rules->criterion[i - 1];
        struct dd_score_line *line = &out->line[i - 1];
        if (criterion->kind != DD_SCORE_SUM)
            count_leaf(criterion, facts, best, line, out);
        close_line(criterion, line, out);
        add_up(criterion, line, out);
    }
    out->has_points = out->counted.mantissa > 0;
    if (out->has_points && out->counted.mantissa != out->max.mantissa)
        out->points.mantissa =
            divided(out->points.mantissa * out->max.mantissa, out->counted.mantissa);
    return DD_OK;
}

struct checking {
    const struct dd_score_rules *rules;
    const struct dd_score_listener *listener;
    enum dd_score_part part;
    size_t index;
    bool faulty;
};

static void fault_if(struct checking *c, bool wrong, const char *what)
{
    if (!wrong)
        return;
    c->faulty = true;
    c->listener->fault(c->listener->self, c->part, c->index, what);
}

static void check_condition(struct checking *c, const struct dd_score_condition *condition)
{
    fault_if(c, condition->part.count == 0, "a condition names at least one fact");
    fault_if(c, condition->bound < 0 || condition->bound > DD_SCORE_FACT_MAX,
             "a bound is from 0 to 1000000000");
    fault_if(c, condition->of.count > 0 && condition->bound > HUNDRED,
             "a percentage is from 0 to 100");
}

static void check_conditions(struct checking *c, const struct dd_score_conditions *conditions)
{
    for (size_t i = 0; i < conditions->count; i++)
        check_condition(c, &conditions->list[i]);
}

/* What stands only with some kinds, and what they need. */
static void check_kind(struct checking *c, const struct dd_score_criterion *criterion)
{
    enum dd_score_kind kind = criterion->kind;
    bool divides = kind == DD_SCORE_SHARE || kind == DD_SCORE_DEDUCT;
    bool part = kind == DD_SCORE_ALL_OR_PART;
    fault_if(c, divides && (criterion->part.count == 0 || criterion->of.count == 0),
             "share and deduct need the facts that they divide: part and of");
    fault_if(c, !divides && (criterion->part.count > 0 || criterion->of.count > 0),
             "part and of are of share and deduct");
    fault_if(c, kind != DD_SCORE_DEDUCT && criterion->less.count > 0, "less is of deduct");
    fault_if(c, kind == DD_SCORE_DEDUCT && (criterion->percent < 1 || criterion->percent > HUNDRED),
             "deduct needs percent, from 1 to 100");
    fault_if(c, part && (criterion->percent < 0 || criterion->percent >= HUNDRED),
             "all_or_part needs percent, from 0 to 99");
    fault_if(c, !part && kind != DD_SCORE_DEDUCT && criterion->percent != 0,
             "percent is of deduct and all_or_part");
    fault_if(c, part == (criterion->conditions.count == 0),
             part ? "all_or_part needs conditions" : "conditions are of all_or_part");
    fault_if(c, criterion->survey && kind != DD_SCORE_GIVEN, "survey is of given");
}

/* Of a leaf its range, of a sum that it is one. */
static void check_max(struct checking *c, const struct dd_score_criterion *criterion)
{
    const struct dd_score_rules *rules = c->rules;
    int64_t max = criterion->max.mantissa;
    int64_t sum = 0;
    DD_ASSERT(criterion->max.scale == DD_SCORE_SCALE);
    if (criterion->kind != DD_SCORE_SUM) {
        fault_if(c, max < 1 || max > (int64_t)HUNDRED * DD_SCORE_POINTS_MAX,
                 "max is from 0.01 to 10000");
        return;
    }
    for (size_t i = c->index + 1; i < rules->criterion_count; i++) {
        if (rules->criterion[i].parent == (int)c->index)
            sum += rules->criterion[i].max.mantissa;
    }
    fault_if(c, sum == 0, "nothing stands under it; a leaf needs its kind");
    fault_if(c, sum != 0 && sum != max, "max is not the sum of what stands under it");
}

static void check_criterion(struct checking *c, size_t index)
{
    const struct dd_score_criterion *criterion = &c->rules->criterion[index];
    int parent = criterion->parent;
    c->part = DD_SCORE_PART_CRITERION;
    c->index = index;
    fault_if(c, dd_score_find(c->rules, criterion->key) != criterion, "the key stands twice");
    fault_if(c,
             parent >= (int)index ||
                 (parent >= 0 && c->rules->criterion[parent].kind != DD_SCORE_SUM),
             "its parent is a sum that stands before it");
    check_kind(c, criterion);
    check_conditions(c, &criterion->conditions);
    check_max(c, criterion);
}

/* The least points needed by a class above this one; the total where none needs any. */
static int64_t min_above(const struct dd_score_rules *rules, size_t index)
{
    int64_t min = 0;
    for (size_t i = 0; i < rules->criterion_count; i++)
        min += rules->criterion[i].parent < 0 ? rules->criterion[i].max.mantissa : 0;
    for (size_t i = 0; i < index; i++)
        min = rules->class_[i].has_min ? rules->class_[i].min.mantissa - 1 : min;
    return min;
}

static void check_class(struct checking *c, size_t index)
{
    const struct dd_score_class *class_ = &c->rules->class_[index];
    bool last = index + 1 == c->rules->class_count;
    c->part = DD_SCORE_PART_CLASS;
    c->index = index;
    for (size_t i = 0; i < index; i++)
        fault_if(c, dd_slice_equal(c->rules->class_[i].code, class_->code),
                 "the code stands twice");
    check_conditions(c, &class_->conditions);
    fault_if(c, last && (class_->has_min || class_->conditions.count > 0),
             "the last class takes the rest: it has neither min nor conditions");
    fault_if(c, !last && !class_->has_min && class_->conditions.count == 0,
             "whoever comes here stays: a class but the last needs min or conditions");
    if (!class_->has_min)
        return;
    DD_ASSERT(class_->min.scale == DD_SCORE_SCALE);
    fault_if(c, c->rules->criterion_count == 0, "min needs criteria that give points");
    fault_if(c,
             class_->min.mantissa < 0 || (c->rules->criterion_count > 0 &&
                                          class_->min.mantissa > min_above(c->rules, index)),
             "min is from 0 to the points of all criteria, and below that of the class above");
}

static void check_ceiling(struct checking *c, size_t index)
{
    const struct dd_score_ceiling *ceiling = &c->rules->ceiling[index];
    c->part = DD_SCORE_PART_CEILING;
    c->index = index;
    fault_if(c, (size_t)ceiling->index + 1 >= c->rules->class_count,
             "there is no class below it that takes the rest");
    fault_if(c, ceiling->percent < 0 || ceiling->percent > HUNDRED,
             "a percentage is from 0 to 100");
    fault_if(c, (ceiling->of & ~(UINT32_C(1) << ceiling->index)) == 0,
             "of names at least one other class");
    fault_if(c, index > 0 && c->rules->ceiling[index - 1].index >= ceiling->index,
             "ceilings stand in the order of their classes, one a class");
}

static void check_sheet(struct checking *c, size_t index)
{
    c->part = DD_SCORE_PART_SHEET;
    c->index = index;
    for (size_t i = 0; i < index; i++)
        fault_if(c, dd_slice_equal(c->rules->sheet[i].stage, c->rules->sheet[index].stage),
                 "the stage stands twice");
}

static void check_subs(struct checking *c)
{
    const struct dd_score_rules *rules = c->rules;
    c->part = DD_SCORE_PART_SUBS;
    c->index = 0;
    fault_if(c, rules->has_subs && rules->sub_good > rules->sub_completed,
             "good is no worse a class than completed");
}

bool dd_score_check(const struct dd_score_rules *rules, const struct dd_score_listener *listener)
{
    struct checking c = {.rules = rules, .listener = listener, .part = DD_SCORE_PART_RULES};
    fault_if(&c, rules->criterion_count > DD_SCORE_CRITERIA_MAX, "at most 256 criteria");
    fault_if(&c, rules->class_count < 2 || rules->class_count > DD_SCORE_CLASSES_MAX,
             "there are 2 to 8 classes");
    for (size_t i = 0; i < rules->criterion_count; i++)
        check_criterion(&c, i);
    for (size_t i = 0; i < rules->class_count; i++)
        check_class(&c, i);
    for (size_t i = 0; i < rules->ceiling_count; i++)
        check_ceiling(&c, i);
    for (size_t i = 0; i < rules->sheet_count; i++)
        check_sheet(&c, i);
    check_subs(&c);
    c.part = DD_SCORE_PART_RATED_WHEN;
    for (c.index = 0; c.index < rules->rated_when.count; c.index++)
        check_condition(&c, &rules->rated_when.list[c.index]);
    c.part = DD_SCORE_PART_NOT_WHEN;
    for (c.index = 0; c.index < rules->not_when.count; c.index++)
        check_condition(&c, &rules->not_when.list[c.index]);
    return !c.faulty;
}
