/*
 * What an appraiser should look at in a registration: targets that cannot be measured, that come
 * late in the year, that are few beside the group's, and whether last year's late ones were done
 * early. Figures and signs, never a verdict: whoever appraises decides. A pure fold of what
 * questions answer; knows no programme and no cycle by name.
 */
#ifndef DD_CORE_REVIEW_H
#define DD_CORE_REVIEW_H

#include "core/arena.h"
#include "core/question.h"

enum {
    DD_REVIEW_LAST_MONTH_PERCENT = 50,   /* more of them due in the last month is a sign */
    DD_REVIEW_BELOW_MEDIAN_PERCENT = 50, /* less of the group's lower median is a sign */
    DD_REVIEW_EARLY_PERCENT = 50         /* so much of last year's, or more, is a sign */
};

// clang-format off
/* The rules, in the order in which they are told; and the words of JSON. */
#define DD_REVIEW_TABLE(X)          \
    X(NO_NUMBER,  "no_number")      \
    X(FIRST_HALF, "first_half")     \
    X(LAST_MONTH, "last_month")     \
    X(MEDIAN,     "median")         \
    X(EARLY,      "early")
// clang-format on

enum dd_review_rule {
#define DD_REVIEW_ENUM(name, word) DD_REVIEW_##name,
    DD_REVIEW_TABLE(DD_REVIEW_ENUM)
#undef DD_REVIEW_ENUM
        DD_REVIEW_RULES
};

/* What is reviewed; all borrowed. */
struct dd_review_case {
    int32_t from_day; /* of the cycle */
    int32_t to_day;   /* included */
    const struct dd_dossier_item *items;
    size_t item_count;
    const int64_t *peers; /* how many indicators each other unit of the group registered */
    size_t peer_count;
    const struct dd_counts *last; /* its counts of last year's first period; NULL: none */
};

/*
 * One rule's figures. NO_NUMBER: `part` of the `of` indicators have no target and are no matter of
 * yes or no. FIRST_HALF: `part` of them are due in the cycle's first half. LAST_MONTH: `part` of
 * them are due in its last calendar month, or after it. MEDIAN: `part` indicators beside the lower
 * and the upper median of `of` peers. EARLY: of the `of` that were registered for after last
 * year's first period, `part` were done within it.
 */
struct dd_review_line {
    enum dd_review_rule rule;
    bool known; /* there was something to judge by */
    bool warns;
    int64_t part;
    int64_t of;
    int64_t lower; /* MEDIAN alone */
    int64_t upper;
};

struct dd_review {
    int32_t half_day;       /* the last day of the first half */
    int32_t last_month_day; /* the first day of the last month */
    struct dd_review_line line[DD_REVIEW_RULES];
};

/* The last day of the first half: after half of its calendar months where the cycle is an even
 * number of whole ones, or else after half of its days, the odd one to the second half. */
int32_t dd_review_half_day(int32_t from_day, int32_t to_day);

/* Reviews. The arena serves to sort. DD_OK, or DD_NO_MEMORY. */
enum dd_status dd_review_make(const struct dd_review_case *reviewed, struct dd_arena *arena,
                              struct dd_review *out);

/* The rule's word. Static. */
const char *dd_review_word(enum dd_review_rule rule);

#endif
