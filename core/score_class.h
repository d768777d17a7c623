/*
 * Classes: which one a party is in by the conditions of a rule set and why not in a better one,
 * what a ceiling leaves of it, the ranks, and the best class that is still within reach. What is
 * equal is never ordered: two equal at the cut of a ceiling wait for a person's decision. Knows no
 * decree and no file.
 */
#ifndef DD_CORE_SCORE_CLASS_H
#define DD_CORE_SCORE_CLASS_H

#include "core/score.h"

enum { DD_SCORE_NOT_RATED = -1 };

/* Why a party is not in the next better class (or is in no class). */
enum dd_score_why {
    DD_SCORE_WHY_BEST,      /* there is none better */
    DD_SCORE_WHY_POINTS,    /* too few points for it */
    DD_SCORE_WHY_CONDITION, /* `condition` of it does not hold */
    DD_SCORE_WHY_FORCED,    /* `condition` holds and puts it into the last class */
    DD_SCORE_WHY_NOT_RATED, /* `condition` does not hold, without which nobody is rated */
    DD_SCORE_WHY_NO_POINTS, /* no criterion counts, so there is no score: not rated */
    DD_SCORE_WHY_CEILING,   /* it had the class, and too many had it */
    DD_SCORE_WHY_TIE        /* likewise, and it is equal to another one at the cut */
};

struct dd_score_verdict {
    int index;        /* of the class; DD_SCORE_NOT_RATED */
    int by_condition; /* of the class before ceilings */
    enum dd_score_why why;
    int better; /* the class that `why` is about; -1: none */
    const struct dd_score_condition *condition;
    int64_t part;        /* of the condition; of a ceiling how many it lets in */
    int64_t of;          /* of the condition's base; of a ceiling's */
    bool needs_decision; /* equal to another one at the cut of a ceiling */
};

/* The class by min and conditions alone; the first of the better class's that does not hold is the
 * why. The score is that of dd_score_make under the same rules and facts. */
struct dd_score_verdict dd_score_classify(const struct dd_score_rules *rules,
                                          const struct dd_score_facts *facts,
                                          const struct dd_score *score);

/* One of those that are classed together; texts are borrowed. */
struct dd_score_party {
    struct dd_slice unit;
    struct dd_slice group;
    struct dd_score_facts facts;
    struct dd_score score;
    struct dd_score_verdict verdict;
    uint32_t rank; /* from 1, equal ones share it and the next is left out; 0: not rated */
};

/*
 * Applies the ceilings, best class first. As many stay as make, once the others have fallen to the
 * next class, at most the percentage of the base; those with the most points. Without points all
 * are equal. Changes the verdicts. DD_OK or DD_NO_MEMORY.
 */
enum dd_status dd_score_cap(const struct dd_score_rules *rules, struct dd_score_party *parties,
                            size_t count, struct dd_arena *arena);

/* Ranks by points, or by class under rules without points, and writes the indices of the parties in
 * that order, equal ones as they came, into order (count of them). DD_OK or DD_NO_MEMORY. */
enum dd_status dd_score_rank(struct dd_score_party *parties, size_t count, struct dd_arena *arena,
                             uint32_t *order);

/*
 * The best class that nothing known rules out, ceilings aside: open work is taken to be done and
 * exceeded, pending duties to end on time, missing ones late or as they are, whichever is better;
 * what nobody handed in counts in full. Findings stand. Work declared unattainable counts as lost,
 * but first for what is due outside the period. DD_SCORE_NOT_RATED: none. Statuses as
 * dd_score_make; *out is the class's index.
 */
enum dd_status dd_score_reachable(const struct dd_score_rules *rules,
                                  const struct dd_score_facts *facts,
                                  const struct dd_score_given *given, size_t given_count,
                                  struct dd_arena *arena, int *out);

#endif
