/* Scores, drawn. See clients/cli/score_text.h. */
#include "clients/cli/score_text.h"

#include <stdarg.h>
#include <string.h>

#include "clients/cli/cli_json.h"
#include "clients/cli/csv.h"
#include "core/calendar.h"
#include "core/text.h"

enum { NAME_COLUMNS_MIN = 24, NAME_COLUMNS_MAX = 60, WHY_BYTES = 1024, CELLS_MAX = 24 };

// clang-format off
static const char *const fact_labels[DD_SCORE_FACT_COUNT] = {
    [DD_SCORE_FACT_REGISTERED_YEAR] = DD_SAY("registered for the year"),
    [DD_SCORE_FACT_REGISTERED] = DD_SAY("registered in the period"),
    [DD_SCORE_FACT_COMPLETED] = DD_SAY("completed"),
    [DD_SCORE_FACT_EXCEEDED] = DD_SAY("exceeded"),
    [DD_SCORE_FACT_NOT_COMPLETED] = DD_SAY("not completed"),
    [DD_SCORE_FACT_UNATTAINABLE] = DD_SAY("unattainable"),
    [DD_SCORE_FACT_EARLY] = DD_SAY("done early"),
    [DD_SCORE_FACT_ITEMS_ON_TIME] = DD_SAY("indicators on time"),
    [DD_SCORE_FACT_ITEMS_LATE] = DD_SAY("indicators late"),
    [DD_SCORE_FACT_ITEMS_MISSING] = DD_SAY("indicators overdue"),
    [DD_SCORE_FACT_ITEMS_PENDING] = DD_SAY("indicators still to come"),
    [DD_SCORE_FACT_DUTIES_EXPECTED] = DD_SAY("duties"),
    [DD_SCORE_FACT_ON_TIME] = DD_SAY("duties on time"),
    [DD_SCORE_FACT_LATE] = DD_SAY("duties late"),
    [DD_SCORE_FACT_MISSING] = DD_SAY("duties overdue"),
    [DD_SCORE_FACT_PENDING] = DD_SAY("duties still to come"),
    [DD_SCORE_FACT_LAPSED] = DD_SAY("duties lapsed"),
    [DD_SCORE_FACT_WAIVED] = DD_SAY("duties waived"),
    [DD_SCORE_FACT_LATE_CONTENTS] = DD_SAY("contents handed in late"),
    [DD_SCORE_FACT_SUB_UNITS] = DD_SAY("sub-units"),
    [DD_SCORE_FACT_SUB_COMPLETED] = DD_SAY("sub-units that completed"),
    [DD_SCORE_FACT_SUB_GOOD] = DD_SAY("sub-units good or better"),
    [DD_SCORE_FACT_QUALITY_FAILED] = DD_SAY("failed checks of quality"),
    [DD_SCORE_FACT_DELAYS_EXCUSED] = DD_SAY("excused delays"),
    [DD_SCORE_FACT_DISCIPLINE] = DD_SAY("disciplined"),
    [DD_SCORE_FACT_DEGRADATION] = DD_SAY("degradation"),
    [DD_SCORE_FACT_CORRUPTION] = DD_SAY("corruption"),
};

static const char *const column_labels[DD_SCORE_COLUMN_COUNT] = {
    [DD_SCORE_COLUMN_SELF] = DD_SAY("self-scored"),
    [DD_SCORE_COLUMN_APPRAISED] = DD_SAY("appraised"),
    [DD_SCORE_COLUMN_APPROVED] = DD_SAY("approved"),
    [DD_SCORE_COLUMN_SURVEY] = DD_SAY("surveyed"),
};

static const char *const compare_labels[] = {
    [DD_SCORE_AT_LEAST] = DD_SAY("at least"),
    [DD_SCORE_AT_MOST] = DD_SAY("at most"),
    [DD_SCORE_MORE_THAN] = DD_SAY("more than"),
    [DD_SCORE_LESS_THAN] = DD_SAY("less than"),
};
// clang-format on

static const char *const why_words[] = {"best",      "points",    "condition", "forced",
                                        "not-rated", "no-points", "ceiling",   "tie"};

/* A text that is put together piece by piece, cut at its room. */
struct text {
    char *out;
    size_t size;
    size_t at;
};

__attribute__((format(printf, 2, 3))) static void append(struct text *text, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int wrote = vsnprintf(text->out + text->at, text->size - text->at, format, args);
    va_end(args);
    text->at += wrote > 0 ? (size_t)wrote : 0;
    if (text->at >= text->size)
        text->at = text->size - 1;
}

static struct dd_slice class_name(const struct dd_score_rules *rules, int index,
                                  enum dd_language language)
{
    if (index < 0)
        return dd_slice_of(dd_say(language, "not rated"));
    const struct dd_score_class *class_ = &rules->class_[index];
    return language == DD_LANGUAGE_VI ? class_->name_vi : class_->name_en;
}

static struct dd_slice class_code(const struct dd_score_rules *rules, int index)
{
    return index < 0 ? dd_slice_of("") : rules->class_[index].code;
}

static void say_sum(struct text *text, const struct dd_score_sum *sum, int64_t value,
                    enum dd_language language)
{
    for (size_t i = 0; i < sum->count; i++)
        append(text, "%s%s", i ? " + " : "", dd_say(language, fact_labels[sum->fact[i]]));
    append(text, " %lld", (long long)value);
}

/* "completed 2 of registered 3; needed: at least 100 %" */
static void say_condition(struct text *text, const struct dd_score_verdict *verdict,
                          enum dd_language language)
{
    const struct dd_score_condition *condition = verdict->condition;
    say_sum(text, &condition->part, verdict->part, language);
    if (condition->of.count > 0) {
        append(text, " %s ", dd_say(language, "of"));
        say_sum(text, &condition->of, verdict->of, language);
    }
    if (verdict->why == DD_SCORE_WHY_FORCED)
        return;
    append(text, "; %s %s %lld%s", dd_say(language, "needed:"),
           dd_say(language, compare_labels[condition->compare]), (long long)condition->bound,
           condition->of.count > 0 ? " %" : "");
}

static void say_ceiling(struct text *text, const struct dd_score_rules *rules,
                        const struct dd_score_verdict *verdict, enum dd_language language)
{
    for (size_t i = 0; i < rules->ceiling_count; i++) {
        if ((int)rules->ceiling[i].index == verdict->better)
            append(text, "%s %lld (%ld %% %s %lld)", dd_say(language, "the ceiling lets in"),
                   (long long)verdict->part, (long)rules->ceiling[i].percent,
                   dd_say(language, "of"), (long long)verdict->of);
    }
    if (verdict->why == DD_SCORE_WHY_TIE)
        append(text, "; %s", dd_say(language, "equal at the cut, which a person has to decide"));
}

const char *dd_score_why_text(const struct dd_score_rules *rules,
                              const struct dd_score_verdict *verdict,
                              const struct dd_score_party *party, enum dd_language language,
                              char *out, size_t out_size)
{
    struct text text = {out, out_size, 0};
    char points[DD_FIGURE_TEXT_BYTES];
    char needed[DD_FIGURE_TEXT_BYTES];
    struct dd_slice better = class_name(rules, verdict->better, language);
    *out = 0;
    if (verdict->better >= 0)
        append(&text, "%.*s: ", (int)better.size, (const char *)better.data);
    switch (verdict->why) {
    case DD_SCORE_WHY_BEST:
        break;
    case DD_SCORE_WHY_POINTS:
        dd_figure_format(party->score.points, points);
        dd_figure_format(rules->class_[verdict->better].min, needed);
        append(&text, "%s %s; %s %s %s", dd_say(language, "points"), points,
               dd_say(language, "needed:"), dd_say(language, "at least"), needed);
        break;
    case DD_SCORE_WHY_FORCED:
    case DD_SCORE_WHY_CONDITION:
    case DD_SCORE_WHY_NOT_RATED:
        say_condition(&text, verdict, language);
        break;
    case DD_SCORE_WHY_NO_POINTS:
        append(&text, "%s", dd_say(language, "nothing was scored"));
        break;
    case DD_SCORE_WHY_CEILING:
    case DD_SCORE_WHY_TIE:
        say_ceiling(&text, rules, verdict, language);
        break;
    }
    return out;
}

static void put(FILE *out, struct dd_slice text, size_t columns, bool right)
{
    size_t width = dd_text_columns(text);
    int gap = width < columns ? (int)(columns - width) : 0;
    fprintf(out, "%*s", right ? gap : 0, "");
    if (text.size > 0)
        fwrite(text.data, 1, text.size, out);
    fprintf(out, "%*s", right ? 0 : gap, "");
}

static size_t name_columns(const struct dd_score_case *scored)
{
    size_t columns = NAME_COLUMNS_MIN;
    for (size_t i = 0; i < scored->count; i++) {
        size_t width = dd_text_columns(scored->party[i].name);
        columns = width > columns ? width : columns;
    }
    return columns < NAME_COLUMNS_MAX ? columns : NAME_COLUMNS_MAX;
}

static void put_title(const struct dd_score_case *scored, const struct dd_score_rules *rules,
                      enum dd_language language, FILE *out)
{
    struct dd_slice name = language == DD_LANGUAGE_VI ? rules->name_vi : rules->name_en;
    char day[DD_DAY_TEXT_BYTES];
    fprintf(out, "%.*s (%.*s v%u)\n", (int)name.size, (const char *)name.data,
            (int)rules->code.size, (const char *)rules->code.data, rules->version);
    if (scored->from_day < rules->in_force_day) {
        dd_day_format(rules->in_force_day, day);
        fprintf(out, "%s %s\n", dd_say(language, "the period begins before the rules' force:"),
                day);
    }
}

static void put_subtitle(const struct dd_score_case *scored, enum dd_language language, FILE *out)
{
    char day[DD_DAY_TEXT_BYTES];
    fprintf(out, "%.*s, %.*s", (int)scored->cycle.size, (const char *)scored->cycle.data,
            (int)scored->period.size, (const char *)scored->period.data);
    if (scored->has_as_of) {
        dd_day_format(scored->as_of_day, day);
        fprintf(out, ", %s %s", dd_say(language, "as of"), day);
    }
    fprintf(out, "; seq %llu\n\n", (unsigned long long)scored->seq);
}

/* Where points were lost: "Progress -1.75, Quality -3.50". */
static void put_lost(const struct dd_score_rules *rules, const struct dd_score *score,
                     enum dd_language language, FILE *out)
{
    char text[DD_FIGURE_TEXT_BYTES];
    bool first = true;
    for (size_t i = 0; i < score->line_count; i++) {
        const struct dd_score_criterion *criterion = &rules->criterion[i];
        const struct dd_score_line *line = &score->line[i];
        struct dd_figure lost;
        struct dd_slice name = language == DD_LANGUAGE_VI ? criterion->name_vi : criterion->name_en;
        if (criterion->kind == DD_SCORE_SUM || !dd_figure_sub(line->points, line->max, &lost) ||
            lost.mantissa == 0)
            continue;
        dd_figure_format(lost, text);
        fprintf(out, "%s%.*s %s", first ? "" : ", ", (int)name.size, (const char *)name.data, text);
        first = false;
    }
}

static bool loses(const struct dd_score *score)
{
    return score->has_points && dd_figure_compare(score->points, score->max) < 0;
}

/* One criterion of a party: points, maximum, the facts or figures behind them. */
static void put_criterion(const struct dd_score_criterion *criterion,
                          const struct dd_score_line *line, enum dd_language language, FILE *out)
{
    char points[DD_FIGURE_TEXT_BYTES];
    char max[DD_FIGURE_TEXT_BYTES];
    struct dd_slice name = language == DD_LANGUAGE_VI ? criterion->name_vi : criterion->name_en;
    dd_figure_format(line->points, points);
    dd_figure_format(criterion->max, max);
    fprintf(out, "      %s", criterion->parent >= 0 ? "  " : "");
    put(out, name, criterion->parent >= 0 ? 38 : 40, false);
    fprintf(out, " %8s / %s", points, max);
    if (line->state == DD_SCORE_SKIPPED && criterion->kind == DD_SCORE_GIVEN)
        fprintf(out, "  %s", dd_say(language, "nobody has scored it: left out"));
    else if (line->state == DD_SCORE_SKIPPED)
        fprintf(out, "  %s", dd_say(language, "nothing to count: left out"));
    else if (line->state == DD_SCORE_ASSUMED)
        fprintf(out, "  %s", dd_say(language, "nothing to count: as the rules say"));
    else if (line->of > 0)
        fprintf(out, "  %lld %s %lld",
                (long long)(line->part > line->less ? line->part - line->less : 0),
                dd_say(language, "of"), (long long)line->of);
    for (size_t column = 0; column < DD_SCORE_COLUMN_COUNT; column++) {
        if (!line->has[column])
            continue;
        dd_figure_format(line->given[column], points);
        fprintf(out, "  %s %s", dd_say(language, column_labels[column]), points);
    }
    fputc('\n', out);
}

/* What makes a score provisional, or tells of its quality. */
static void put_remarks(const struct dd_score *score, enum dd_language language, FILE *out)
{
    char text[DD_FIGURE_TEXT_BYTES];
    if (score->not_given.mantissa > 0) {
        dd_figure_format(score->not_given, text);
        fprintf(out, "      %s %s\n", dd_say(language, "provisional: nobody has scored"), text);
    }
    if (score->overrated.mantissa != 0) {
        dd_figure_format(score->overrated, text);
        fprintf(out, "      %s %s\n", dd_say(language, "self less appraised:"), text);
    }
}

static void put_points(FILE *out, const struct dd_score_party *party)
{
    char text[DD_FIGURE_TEXT_BYTES] = "-";
    if (party->score.has_points && party->verdict.index >= 0)
        dd_figure_format(party->score.points, text);
    fprintf(out, " %7s  ", text);
}

static void put_class(const struct dd_score_result *result, uint32_t index,
                      enum dd_language language, FILE *out)
{
    const struct dd_score_verdict *verdict = &result->party[index].verdict;
    put(out, class_name(result->rules, verdict->index, language), 0, false);
    if (verdict->needs_decision)
        fprintf(out, " (%s)", dd_say(language, "needs a decision"));
}

/* Where texts go, and how. */
struct page {
    FILE *out;
    enum dd_language language;
    size_t name_columns;
};

static void put_party(const struct dd_score_case *scored, const struct dd_score_result *result,
                      uint32_t index, bool lines, const struct page *page)
{
    FILE *out = page->out;
    enum dd_language language = page->language;
    const struct dd_score_party *party = &result->party[index];
    char why[WHY_BYTES];
    char rank[16] = "-";
    if (party->rank > 0)
        snprintf(rank, sizeof rank, "%u", party->rank);
    fprintf(out, "%4s  ", rank);
    put(out, scored->party[index].name, page->name_columns, false);
    put_points(out, party);
    put_class(result, index, language, out);
    fputc('\n', out);
    dd_score_why_text(result->rules, &party->verdict, party, language, why, sizeof why);
    if (*why)
        fprintf(out, "      %s\n", why);
    if (result->reachable[index] >= 0 && result->reachable[index] != party->verdict.index) {
        struct dd_slice name = class_name(result->rules, result->reachable[index], language);
        fprintf(out, "      %s %.*s\n", dd_say(language, "within reach:"), (int)name.size,
                (const char *)name.data);
    }
    if (party->verdict.index >= 0)
        put_remarks(&party->score, language, out);
    for (size_t i = 0; lines && i < party->score.line_count; i++)
        put_criterion(&result->rules->criterion[i], &party->score.line[i], language, out);
}

/* How many are in each class. */
static void put_counts(const struct dd_score_result *result, enum dd_language language, FILE *out)
{
    for (int index = 0; index <= (int)result->rules->class_count; index++) {
        int wanted = index < (int)result->rules->class_count ? index : DD_SCORE_NOT_RATED;
        struct dd_slice name = class_name(result->rules, wanted, language);
        size_t count = 0;
        for (size_t i = 0; i < result->shown; i++)
            count += result->party[result->order[i]].verdict.index == wanted ? 1 : 0;
        fprintf(out, "%.*s: %zu\n", (int)name.size, (const char *)name.data, count);
    }
}

void dd_score_text(const struct dd_score_case *scored, const struct dd_score_result *result,
                   bool lines, enum dd_language language, FILE *out)
{
    struct page page = {out, language, name_columns(scored)};
    put_title(scored, result->rules, language, out);
    put_subtitle(scored, language, out);
    for (size_t i = 0; i < result->shown; i++)
        put_party(scored, result, result->order[i], lines, &page);
    if (!lines) {
        fputc('\n', out);
        put_counts(result, language, out);
    }
}

/* The cells of a record, filled one after the other. */
struct record {
    char text[CELLS_MAX][WHY_BYTES];
    const char *cell[CELLS_MAX];
    size_t count;
};

static void add_text(struct record *record, struct dd_slice text)
{
    dd_slice_text(text, record->text[record->count], WHY_BYTES);
    record->cell[record->count] = record->text[record->count];
    record->count++;
}

static void add_figure(struct record *record, bool there, struct dd_figure figure)
{
    char text[DD_FIGURE_TEXT_BYTES] = "";
    if (there)
        dd_figure_format(figure, text);
    add_text(record, dd_slice_of(text));
}

static void add_result(struct record *record, const struct dd_score_result *result, uint32_t index)
{
    const struct dd_score_party *party = &result->party[index];
    char text[WHY_BYTES] = "";
    if (party->rank > 0)
        snprintf(text, sizeof text, "%u", party->rank);
    add_text(record, dd_slice_of(text));
    add_figure(record, party->score.has_points, party->score.points);
    add_figure(record, true, party->score.not_given);
    add_text(record, class_code(result->rules, party->verdict.index));
    add_text(record, class_code(result->rules, party->verdict.by_condition));
    add_text(record, class_code(result->rules, result->reachable[index]));
    add_text(record, dd_slice_of(party->verdict.needs_decision ? "yes" : "no"));
    add_text(record, dd_slice_of(why_words[party->verdict.why]));
    add_text(record, dd_slice_of(dd_score_why_text(result->rules, &party->verdict, party,
                                                   DD_LANGUAGE_EN, text, sizeof text)));
}

static void add_party(struct record *record, const struct dd_scored *party)
{
    record->count = 0;
    add_text(record, party->unit);
    add_text(record, party->name);
    add_text(record, party->group);
}

bool dd_score_csv(const struct dd_score_case *scored, const struct dd_score_result *result,
                  FILE *out)
{
    static const char *const header[] = {"unit",      "name",           "group", "rank",
                                         "points",    "not_given",      "class", "by_condition",
                                         "reachable", "needs_decision", "why",   "why_text"};
    struct record record;
    bool good = dd_csv_write(out, header, sizeof header / sizeof header[0]);
    for (size_t i = 0; good && i < result->shown; i++) {
        add_party(&record, &scored->party[result->order[i]]);
        add_result(&record, result, result->order[i]);
        good = dd_csv_write(out, record.cell, record.count);
    }
    return good;
}

static void json_figure(struct dd_json *json, const char *key, bool there, struct dd_figure figure)
{
    char text[DD_FIGURE_TEXT_BYTES];
    if (!there) {
        dd_json_null(json, key);
        return;
    }
    dd_figure_format(figure, text);
    dd_json_string(json, key, text);
}

static void json_lines(struct dd_json *json, const struct dd_score_rules *rules,
                       const struct dd_score *score)
{
    static const char *const states[] = {"counted", "assumed", "skipped"};
    dd_json_array(json, "lines");
    for (size_t i = 0; i < score->line_count; i++) {
        const struct dd_score_line *line = &score->line[i];
        dd_json_object(json, NULL);
        dd_json_text(json, "criterion", rules->criterion[i].key);
        json_figure(json, "points", true, line->points);
        json_figure(json, "max", true, rules->criterion[i].max);
        dd_json_string(json, "state", states[line->state]);
        dd_json_number(json, "part", line->part);
        dd_json_number(json, "of", line->of);
        dd_json_number(json, "less", line->less);
        for (size_t column = 0; column < DD_SCORE_COLUMN_COUNT; column++)
            json_figure(json, dd_score_word(DD_SCORE_WORDS_COLUMN, column), line->has[column],
                        line->given[column]);
        dd_json_object_end(json);
    }
    dd_json_array_end(json);
}

static void json_facts(struct dd_json *json, const struct dd_score_facts *facts)
{
    dd_json_object(json, "facts");
    for (size_t i = 0; i < DD_SCORE_FACT_COUNT; i++)
        dd_json_number(json, dd_score_word(DD_SCORE_WORDS_FACT, i), facts->value[i]);
    dd_json_object_end(json);
}

/* What one rule set says of a party, members of the open object. */
static void json_result(struct dd_json *json, const struct dd_score_result *result, uint32_t index)
{
    const struct dd_score_party *party = &result->party[index];
    const struct dd_score *score = &party->score;
    char why[WHY_BYTES];
    if (party->rank > 0)
        dd_json_unsigned(json, "rank", party->rank);
    else
        dd_json_null(json, "rank");
    json_figure(json, "points", score->has_points, score->points);
    json_figure(json, "max", true, score->max);
    json_figure(json, "counted", true, score->counted);
    json_figure(json, "not_given", true, score->not_given);
    json_figure(json, "self_less_appraised", true, score->overrated);
    dd_json_text(json, "class", class_code(result->rules, party->verdict.index));
    dd_json_text(json, "by_condition", class_code(result->rules, party->verdict.by_condition));
    dd_json_text(json, "reachable", class_code(result->rules, result->reachable[index]));
    dd_json_switch(json, "needs_decision", party->verdict.needs_decision);
    dd_json_string(json, "why", why_words[party->verdict.why]);
    dd_json_string(
        json, "why_text",
        dd_score_why_text(result->rules, &party->verdict, party, DD_LANGUAGE_EN, why, sizeof why));
    json_facts(json, &party->facts);
    json_lines(json, result->rules, score);
}

static void json_head(struct dd_json *json, const struct dd_score_case *scored)
{
    dd_json_text(json, "cycle", scored->cycle);
    dd_json_text(json, "period", scored->period);
    if (scored->has_as_of)
        dd_json_day(json, "as_of", scored->as_of_day);
    else
        dd_json_null(json, "as_of");
    dd_json_unsigned(json, "seq", scored->seq);
}

static void json_rules(struct dd_json *json, const char *key, const struct dd_score_rules *rules)
{
    dd_json_object(json, key);
    dd_json_text(json, "code", rules->code);
    dd_json_number(json, "version", rules->version);
    dd_json_day(json, "in_force", rules->in_force_day);
    dd_json_object_end(json);
}

static void json_party(struct dd_json *json, const struct dd_scored *party)
{
    dd_json_text(json, "unit", party->unit);
    dd_json_text(json, "name", party->name);
    dd_json_text(json, "group", party->group);
}

void dd_score_json(const struct dd_score_case *scored, const struct dd_score_result *result,
                   FILE *out)
{
    struct dd_json json = dd_json_make(out, false);
    dd_json_object(&json, NULL);
    json_head(&json, scored);
    json_rules(&json, "rules", result->rules);
    dd_json_array(&json, "parties");
    for (size_t i = 0; i < result->shown; i++) {
        dd_json_object(&json, NULL);
        json_party(&json, &scored->party[result->order[i]]);
        json_result(&json, result, result->order[i]);
        dd_json_object_end(&json);
    }
    dd_json_array_end(&json);
    dd_json_object_end(&json);
}

static bool changes(const struct dd_score_result results[2], uint32_t index)
{
    return !dd_slice_equal(class_code(results[0].rules, results[0].party[index].verdict.index),
                           class_code(results[1].rules, results[1].party[index].verdict.index));
}

/* How many of the parties have points to come, by the one rule set or the other. */
static size_t count_provisional(const struct dd_score_result results[2])
{
    size_t count = 0;
    for (size_t i = 0; i < results[0].shown; i++) {
        uint32_t index = results[0].order[i];
        if (results[0].party[index].score.not_given.mantissa > 0 ||
            results[1].party[index].score.not_given.mantissa > 0)
            count++;
    }
    return count;
}

static void put_changed(const struct dd_score_result *result, uint32_t index,
                        enum dd_language language, FILE *out)
{
    const struct dd_score_party *party = &result->party[index];
    char why[WHY_BYTES];
    fprintf(out, "    ");
    put(out, result->rules->code, 20, false);
    put_points(out, party);
    put_class(result, index, language, out);
    dd_score_why_text(result->rules, &party->verdict, party, language, why, sizeof why);
    if (*why)
        fprintf(out, "; %s", why);
    if (loses(&party->score)) {
        fprintf(out, "; ");
        put_lost(result->rules, &party->score, language, out);
    }
    fputc('\n', out);
}

void dd_score_compare_text(const struct dd_score_case *scored,
                           const struct dd_score_result results[2], enum dd_language language,
                           FILE *out)
{
    size_t changed = 0;
    size_t columns = name_columns(scored);
    for (size_t r = 0; r < 2; r++)
        put_title(scored, results[r].rules, language, out);
    put_subtitle(scored, language, out);
    for (size_t i = 0; i < results[0].shown; i++) {
        uint32_t index = results[0].order[i];
        bool other = changes(results, index);
        changed += other ? 1 : 0;
        fprintf(out, "%s ", other ? "*" : " ");
        put(out, scored->party[index].name, columns, false);
        put_points(out, &results[0].party[index]);
        put_points(out, &results[1].party[index]);
        put_class(&results[0], index, language, out);
        if (other) {
            fputs(" -> ", out);
            put_class(&results[1], index, language, out);
        }
        fputc('\n', out);
        for (size_t r = 0; r < 2 && other; r++)
            put_changed(&results[r], index, language, out);
    }
    size_t provisional = count_provisional(results);
    fprintf(out, "\n%s %zu %s %zu\n", dd_say(language, "class changed:"), changed,
            dd_say(language, "of"), results[0].shown);
    if (provisional > 0)
        fprintf(out, "%s %zu %s %zu\n",
                dd_say(language, "provisional, for nobody has scored some criteria:"), provisional,
                dd_say(language, "of"), results[0].shown);
}

bool dd_score_compare_csv(const struct dd_score_case *scored,
                          const struct dd_score_result results[2], FILE *out)
{
    static const char *const header[] = {"unit",
                                         "name",
                                         "group",
                                         "changes",
                                         "rank_a",
                                         "points_a",
                                         "not_given_a",
                                         "class_a",
                                         "by_condition_a",
                                         "reachable_a",
                                         "needs_decision_a",
                                         "why_a",
                                         "why_text_a",
                                         "rank_b",
                                         "points_b",
                                         "not_given_b",
                                         "class_b",
                                         "by_condition_b",
                                         "reachable_b",
                                         "needs_decision_b",
                                         "why_b",
                                         "why_text_b"};
    struct record record;
    bool good = dd_csv_write(out, header, sizeof header / sizeof header[0]);
    for (size_t i = 0; good && i < results[0].shown; i++) {
        uint32_t index = results[0].order[i];
        add_party(&record, &scored->party[index]);
        add_text(&record, dd_slice_of(changes(results, index) ? "yes" : "no"));
        add_result(&record, &results[0], index);
        add_result(&record, &results[1], index);
        good = dd_csv_write(out, record.cell, record.count);
    }
    return good;
}

void dd_score_compare_json(const struct dd_score_case *scored,
                           const struct dd_score_result results[2], FILE *out)
{
    struct dd_json json = dd_json_make(out, false);
    size_t changed = 0;
    dd_json_object(&json, NULL);
    json_head(&json, scored);
    json_rules(&json, "a", results[0].rules);
    json_rules(&json, "b", results[1].rules);
    dd_json_array(&json, "parties");
    for (size_t i = 0; i < results[0].shown; i++) {
        uint32_t index = results[0].order[i];
        changed += changes(results, index) ? 1 : 0;
        dd_json_object(&json, NULL);
        json_party(&json, &scored->party[index]);
        dd_json_switch(&json, "changes", changes(results, index));
        dd_json_object(&json, "a");
        json_result(&json, &results[0], index);
        dd_json_object_end(&json);
        dd_json_object(&json, "b");
        json_result(&json, &results[1], index);
        dd_json_object_end(&json);
        dd_json_object_end(&json);
    }
    dd_json_array_end(&json);
    dd_json_unsigned(&json, "changed", changed);
    dd_json_unsigned(&json, "provisional", count_provisional(results));
    dd_json_object_end(&json);
}
