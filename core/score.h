/*
 * Scores: what a rule set says a party is worth, counted from facts of the log and from points that
 * people handed in. A rule set is data (scores/README.md); the kinds of criterion are a closed
 * table. Points are hundredths in whole numbers: where something is divided, the result is rounded
 * half up to the second place, once a criterion and once for a scaled total. Knows no decree, no
 * programme, no file and no clock. Classes and ceilings stand in core/score_class.h.
 */
#ifndef DD_CORE_SCORE_H
#define DD_CORE_SCORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/figure.h"
#include "core/status.h"

enum {
    DD_SCORE_CRITERIA_MAX = 256,
    DD_SCORE_CLASSES_MAX = 8,
    DD_SCORE_CONDITIONS_MAX = 16, /* of one list of them */
    DD_SCORE_SUM_MAX = 6,         /* facts added up in one place */
    DD_SCORE_SHEETS_MAX = 8,
    DD_SCORE_POINTS_MAX = 10000, /* whole points of one criterion */
    DD_SCORE_FACT_MAX = 1000000000,
    DD_SCORE_SCALE = 2 /* every figure of points has this scale, but for those handed in */
};

// clang-format off
/* What can be known of a party, counts all: name, word, who says it. The log's own are counted by
 * whoever asks the log; the others are findings that people hand in, with where they come from.
 * items_*: the duties of its indicators; the plain ones: its own other duties (registration,
 * reports, answers), of which on_time + late + missing + pending + lapsed + waived are all. */
#define DD_SCORE_FACT_TABLE(X)                           \
    X(REGISTERED_YEAR,  "registered_year",  LOG)         \
    X(REGISTERED,       "registered",       LOG) /* due within the period */ \
    X(COMPLETED,        "completed",        LOG) /* exceeded included */ \
    X(EXCEEDED,         "exceeded",         LOG)         \
    X(NOT_COMPLETED,    "not_completed",    LOG)         \
    X(UNATTAINABLE,     "unattainable",     LOG) /* of registered_year */ \
    X(EARLY,            "early",            LOG)         \
    X(ITEMS_ON_TIME,    "items_on_time",    LOG)         \
    X(ITEMS_LATE,       "items_late",       LOG)         \
    X(ITEMS_MISSING,    "items_missing",    LOG)         \
    X(ITEMS_PENDING,    "items_pending",    LOG)         \
    X(DUTIES_EXPECTED,  "duties_expected",  LOG)         \
    X(ON_TIME,          "on_time",          LOG)         \
    X(LATE,             "late",             LOG)         \
    X(MISSING,          "missing",          LOG)         \
    X(PENDING,          "pending",          LOG)         \
    X(LAPSED,           "lapsed",           LOG)         \
    X(WAIVED,           "waived",           LOG)         \
    X(LATE_CONTENTS,    "late_contents",    FINDING)     \
    X(SUB_UNITS,        "sub_units",        FINDING)     \
    X(SUB_COMPLETED,    "sub_completed",    FINDING) /* classed completed or better */ \
    X(SUB_GOOD,         "sub_good",         FINDING) /* classed good or excellent */ \
    X(QUALITY_FAILED,   "quality_failed",   FINDING)     \
    X(DELAYS_EXCUSED,   "delays_excused",   FINDING) /* by whoever is competent to */ \
    X(DISCIPLINE,       "discipline",       FINDING)     \
    X(DEGRADATION,      "degradation",      FINDING)     \
    X(CORRUPTION,       "corruption",       FINDING)

/* What a criterion is: the sum of those below it; max * part / of; max less `percent` of it for each
 * of `part` (less those of `less`) among `of`; points handed in; all of it if every condition holds,
 * else `percent` of it. */
#define DD_SCORE_KIND_TABLE(X) \
    X(SUM, "sum") X(SHARE, "share") X(DEDUCT, "deduct") X(GIVEN, "given") X(ALL_OR_PART, "all_or_part")

/* What a criterion gives where there is nothing to count (0 of 0) or nothing was handed in: its
 * maximum is taken out of the total, which is scaled; or it counts in full; or it counts nothing. */
#define DD_SCORE_EMPTY_TABLE(X) X(SKIP, "skip") X(FULL, "full") X(NONE, "none")

/* Who hands points in; of the first three the last one there counts. */
#define DD_SCORE_COLUMN_TABLE(X) \
    X(SELF, "self") X(APPRAISED, "appraised") X(APPROVED, "approved") X(SURVEY, "survey")

/* Among whom a ceiling holds. */
#define DD_SCORE_WITHIN_TABLE(X) X(ALL, "all") X(GROUP, "group")

/* What becomes of those who are equal at the cut of a ceiling: none of them stays above it, or all. */
#define DD_SCORE_TIE_TABLE(X) X(NONE, "none") X(ALL, "all")

/* How a count is compared with a bound. */
#define DD_SCORE_COMPARE_TABLE(X) \
    X(AT_LEAST, "at_least") X(AT_MOST, "at_most") X(MORE_THAN, "more_than") X(LESS_THAN, "less_than")
// clang-format on

#define DD_SCORE_FACT_ENUM(name, word, source) DD_SCORE_FACT_##name,
enum dd_score_fact { DD_SCORE_FACT_TABLE(DD_SCORE_FACT_ENUM) DD_SCORE_FACT_COUNT };
#undef DD_SCORE_FACT_ENUM
#define DD_SCORE_KIND_ENUM(name, word) DD_SCORE_##name,
enum dd_score_kind { DD_SCORE_KIND_TABLE(DD_SCORE_KIND_ENUM) DD_SCORE_KIND_COUNT };
#undef DD_SCORE_KIND_ENUM
#define DD_SCORE_EMPTY_ENUM(name, word) DD_SCORE_EMPTY_##name,
enum dd_score_empty { DD_SCORE_EMPTY_TABLE(DD_SCORE_EMPTY_ENUM) };
#undef DD_SCORE_EMPTY_ENUM
#define DD_SCORE_COLUMN_ENUM(name, word) DD_SCORE_COLUMN_##name,
enum dd_score_column { DD_SCORE_COLUMN_TABLE(DD_SCORE_COLUMN_ENUM) DD_SCORE_COLUMN_COUNT };
#undef DD_SCORE_COLUMN_ENUM
#define DD_SCORE_WITHIN_ENUM(name, word) DD_SCORE_WITHIN_##name,
enum dd_score_within { DD_SCORE_WITHIN_TABLE(DD_SCORE_WITHIN_ENUM) };
#undef DD_SCORE_WITHIN_ENUM
#define DD_SCORE_TIE_ENUM(name, word) DD_SCORE_TIE_##name,
enum dd_score_tie { DD_SCORE_TIE_TABLE(DD_SCORE_TIE_ENUM) };
#undef DD_SCORE_TIE_ENUM
#define DD_SCORE_COMPARE_ENUM(name, word) DD_SCORE_##name,
enum dd_score_compare { DD_SCORE_COMPARE_TABLE(DD_SCORE_COMPARE_ENUM) };
#undef DD_SCORE_COMPARE_ENUM

/* Which of the tables above a word belongs to. */
enum dd_score_words {
    DD_SCORE_WORDS_FACT,
    DD_SCORE_WORDS_KIND,
    DD_SCORE_WORDS_EMPTY,
    DD_SCORE_WORDS_COLUMN,
    DD_SCORE_WORDS_WITHIN,
    DD_SCORE_WORDS_TIE,
    DD_SCORE_WORDS_COMPARE
};

/* The word of a member; NULL beyond the last of its table. Static. */
const char *dd_score_word(enum dd_score_words words, size_t member);

/* The member of a word; -1 if it is none. */
int dd_score_word_member(enum dd_score_words words, struct dd_slice word);

/* True for a fact that people hand in. */
bool dd_score_fact_found(enum dd_score_fact fact);

/* The facts of one party, each from 0 to DD_SCORE_FACT_MAX. */
struct dd_score_facts {
    int64_t value[DD_SCORE_FACT_COUNT];
};

/* Some facts, added up. */
struct dd_score_sum {
    uint8_t count;
    enum dd_score_fact fact[DD_SCORE_SUM_MAX];
};

/* `part` against a bound; with `of` the bound is a percentage of that. */
struct dd_score_condition {
    struct dd_score_sum part;
    enum dd_score_compare compare;
    int64_t bound;
    struct dd_score_sum of; /* count 0: the bound is a count */
    bool empty_met;         /* whether it holds where `of` is 0 */
};

struct dd_score_conditions {
    const struct dd_score_condition *list;
    size_t count;
};

struct dd_score_criterion {
    struct dd_slice key;
    struct dd_slice name_vi;
    struct dd_slice name_en;
    int parent; /* index of a SUM that stands before it; -1: none */
    enum dd_score_kind kind;
    struct dd_figure max; /* of a SUM: of all below it */
    struct dd_score_sum part;
    struct dd_score_sum of;
    struct dd_score_sum less;
    int32_t percent;
    struct dd_score_conditions conditions;
    enum dd_score_empty empty;
    bool survey; /* GIVEN: by a survey, and by nobody else */
};

struct dd_score_class {
    struct dd_slice code;
    struct dd_slice name_vi;
    struct dd_slice name_en;
    bool has_min;
    struct dd_figure min; /* points needed */
    struct dd_score_conditions conditions;
};

/* At most `percent` of the members of the classes `of` are in class `index`. */
struct dd_score_ceiling {
    uint8_t index;
    int32_t percent;
    uint32_t of; /* a bit a class */
    enum dd_score_within within;
    enum dd_score_tie tie;
};

/* Points of a column stand in the reports of this stage, a figure a criterion of the same key. */
struct dd_score_sheet {
    struct dd_slice stage;
    enum dd_score_column column;
};

/* A rule set; borrows. */
struct dd_score_rules {
    struct dd_slice code;
    uint16_t version;
    struct dd_slice name_vi;
    struct dd_slice name_en;
    struct dd_slice source;
    int32_t in_force_day;
    struct dd_slice late_stage; /* the stage whose duties are contents; empty: none */
    const struct dd_score_criterion *criterion;
    size_t criterion_count;              /* 0: classes by conditions alone */
    const struct dd_score_class *class_; /* best first; the last takes the rest */
    size_t class_count;
    const struct dd_score_ceiling *ceiling; /* in the order of their classes */
    size_t ceiling_count;
    const struct dd_score_sheet *sheet;
    size_t sheet_count;
    bool has_subs;                         /* a sub-unit that is classed is one of SUB_UNITS, */
    uint8_t sub_completed;                 /* in this class or a better one of SUB_COMPLETED, */
    uint8_t sub_good;                      /* in this class or a better one of SUB_GOOD, too */
    struct dd_score_conditions rated_when; /* whoever fails one is not rated */
    struct dd_score_conditions not_when;   /* whoever meets one is in the last class */
};

/* What a fault of a rule set is about; index counts within it from 0. */
enum dd_score_part {
    DD_SCORE_PART_RULES,
    DD_SCORE_PART_CRITERION,
    DD_SCORE_PART_CLASS,
    DD_SCORE_PART_CEILING,
    DD_SCORE_PART_RATED_WHEN,
    DD_SCORE_PART_NOT_WHEN,
    DD_SCORE_PART_SHEET,
    DD_SCORE_PART_SUBS
};

/* Who is told of the faults; `what` is a static English sentence. */
struct dd_score_listener {
    void *self;
    void (*fault)(void *self, enum dd_score_part part, size_t index, const char *what);
};

/* Tells every fault between the parts of a rule set; true if there is none. Every other function
 * here takes only a rule set without faults. */
bool dd_score_check(const struct dd_score_rules *rules, const struct dd_score_listener *listener);

/* Points that somebody handed in for a criterion, at most 2 places. */
struct dd_score_given {
    struct dd_slice criterion;
    enum dd_score_column column;
    struct dd_figure points;
};

/* Whether the points are some that the criterion can take: 2 places, from 0 to its maximum, in a
 * column that it has. */
bool dd_score_given_ok(const struct dd_score_criterion *criterion,
                       const struct dd_score_given *given);

/* The criterion of that key; NULL if there is none. */
const struct dd_score_criterion *dd_score_find(const struct dd_score_rules *rules,
                                               struct dd_slice key);

enum dd_score_state {
    DD_SCORE_COUNTED,
    DD_SCORE_ASSUMED, /* there was nothing to count, and the rules say full or none */
    DD_SCORE_SKIPPED  /* there was nothing to count: neither points nor maximum count */
};

/* A criterion of one party, and why its points are what they are. */
struct dd_score_line {
    struct dd_figure max;    /* what counts of it */
    struct dd_figure points; /* 0 to max */
    enum dd_score_state state;
    int64_t part; /* the facts, added up */
    int64_t of;
    int64_t less;
    bool has[DD_SCORE_COLUMN_COUNT];
    struct dd_figure given[DD_SCORE_COLUMN_COUNT]; /* of a SUM: of those below it that have it */
    int column;                                    /* which of them counts; -1: none */
};

struct dd_score {
    struct dd_score_line *line; /* one a criterion, in their order */
    size_t line_count;
    bool has_points;            /* false: no criterion counts */
    struct dd_figure points;    /* out of max */
    struct dd_figure max;       /* of all criteria */
    struct dd_figure counted;   /* of those that count: less than max if some were skipped */
    struct dd_figure not_given; /* maxima of what nobody handed in: the score is provisional */
    struct dd_figure overrated; /* self - appraised, where there are both; may be negative */
};

/*
 * Counts. Points of `given` for criteria that the rules do not have are passed over. best: what
 * nobody handed in counts in full. Lines lie in the arena. If some criteria are skipped the points
 * of the others are scaled to max: points * max / counted. DD_OK; DD_INVALID for facts or points
 * out of range, or two points for one criterion and column; DD_NO_MEMORY.
 */
enum dd_status dd_score_make(const struct dd_score_rules *rules, const struct dd_score_facts *facts,
                             const struct dd_score_given *given, size_t given_count, bool best,
                             struct dd_arena *arena, struct dd_score *out);

/* Adds the facts of a sum up. */
int64_t dd_score_sum_of(const struct dd_score_sum *sum, const struct dd_score_facts *facts);

/* True if the condition holds for these facts. */
bool dd_score_holds(const struct dd_score_condition *condition, const struct dd_score_facts *facts);

#endif
