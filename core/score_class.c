/* Classes, ceilings, ranks. See core/score_class.h. */
#include "core/score_class.h"

#include <stdlib.h>

enum { HUNDRED = 100 };

static void blame(struct dd_score_verdict *verdict, enum dd_score_why why,
                  const struct dd_score_condition *condition, const struct dd_score_facts *facts)
{
    verdict->why = why;
    verdict->condition = condition;
    verdict->part = dd_score_sum_of(&condition->part, facts);
    verdict->of = dd_score_sum_of(&condition->of, facts);
}

/* True if the party meets what the class asks; else *verdict says what it does not meet. */
static bool meets(const struct dd_score_class *class_, const struct dd_score_facts *facts,
                  const struct dd_score *score, struct dd_score_verdict *verdict)
{
    if (class_->has_min && dd_figure_compare(score->points, class_->min) < 0) {
        verdict->why = DD_SCORE_WHY_POINTS;
        verdict->condition = NULL;
        return false;
    }
    for (size_t i = 0; i < class_->conditions.count; i++) {
        if (!dd_score_holds(&class_->conditions.list[i], facts)) {
            blame(verdict, DD_SCORE_WHY_CONDITION, &class_->conditions.list[i], facts);
            return false;
        }
    }
    return true;
}

static bool not_rated(const struct dd_score_rules *rules, const struct dd_score_facts *facts,
                      const struct dd_score *score, struct dd_score_verdict *verdict)
{
    for (size_t i = 0; i < rules->rated_when.count; i++) {
        if (!dd_score_holds(&rules->rated_when.list[i], facts)) {
            blame(verdict, DD_SCORE_WHY_NOT_RATED, &rules->rated_when.list[i], facts);
            return true;
        }
    }
    verdict->why = DD_SCORE_WHY_NO_POINTS;
    return rules->criterion_count > 0 && !score->has_points;
}

struct dd_score_verdict dd_score_classify(const struct dd_score_rules *rules,
                                          const struct dd_score_facts *facts,
                                          const struct dd_score *score)
{
    int last = (int)rules->class_count - 1;
    struct dd_score_verdict verdict = {
        .index = DD_SCORE_NOT_RATED, .by_condition = DD_SCORE_NOT_RATED, .better = -1};
    if (not_rated(rules, facts, score, &verdict))
        return verdict;
    verdict.why = DD_SCORE_WHY_BEST;
    for (size_t i = 0; i < rules->not_when.count; i++) {
        if (dd_score_holds(&rules->not_when.list[i], facts)) {
            blame(&verdict, DD_SCORE_WHY_FORCED, &rules->not_when.list[i], facts);
            verdict.index = verdict.by_condition = last;
            return verdict;
        }
    }
    int index = 0;
    while (index < last && !meets(&rules->class_[index], facts, score, &verdict))
        verdict.better = index++;
    verdict.index = verdict.by_condition = index;
    return verdict;
}

/* One that a ceiling is about. */
struct candidate {
    struct dd_slice group;
    int64_t points; /* hundredths; 0 for all under rules without points */
    size_t index;
};

/* By group, then the most points; equal ones as they came, so that the order is always the same. */
static int compare_candidates(const void *a, const void *b)
{
    const struct candidate *x = a;
    const struct candidate *y = b;
    int group = dd_slice_compare(x->group, y->group);
    if (group != 0)
        return group;
    if (x->points != y->points)
        return x->points > y->points ? -1 : 1;
    return x->index < y->index ? -1 : 1;
}

static bool rated_in(uint32_t classes, const struct dd_score_party *party)
{
    return party->verdict.index >= 0 && (classes >> party->verdict.index & 1) != 0;
}

/* Who is counted with whom: the group's code, or one for all. */
static struct dd_slice among(const struct dd_score_ceiling *ceiling,
                             const struct dd_score_party *party)
{
    return ceiling->within == DD_SCORE_WITHIN_GROUP ? party->group : (struct dd_slice){NULL, 0};
}

struct cut {
    int64_t allowed; /* by the percentage */
    int64_t base;    /* then */
    size_t kept;     /* allowed, but for those equal at the cut */
    size_t tie_from; /* the equal ones, if any */
    size_t tie_to;
};

/* How many of `count` candidates the percentage lets in. others: members of the base besides them
 * now. Letting fewer in never makes the base smaller than it lets, so counting down ends. */
static void allow(const struct dd_score_ceiling *ceiling, size_t count, int64_t others,
                  struct cut *out)
{
    bool holds_own = (ceiling->of >> ceiling->index & 1) != 0;
    bool holds_next = (ceiling->of >> (ceiling->index + 1) & 1) != 0;
    for (out->allowed = (int64_t)count;; out->allowed--) {
        int64_t fallen = (int64_t)count - out->allowed;
        out->base = others + (holds_own ? out->allowed : 0) + (holds_next ? fallen : 0);
        if (out->allowed == 0 || out->allowed * HUNDRED <= ceiling->percent * out->base)
            return;
    }
}

/* Where the cut goes through equal ones it moves to their end or their beginning. */
static void mind_ties(const struct dd_score_ceiling *ceiling, const struct candidate *list,
                      size_t count, struct cut *cut)
{
    size_t at = (size_t)cut->allowed;
    cut->kept = at;
    cut->tie_from = cut->tie_to = at;
    if (at == 0 || at == count || list[at - 1].points != list[at].points)
        return;
    while (cut->tie_from > 0 && list[cut->tie_from - 1].points == list[at].points)
        cut->tie_from--;
    while (cut->tie_to < count && list[cut->tie_to].points == list[at].points)
        cut->tie_to++;
    cut->kept = ceiling->tie == DD_SCORE_TIE_ALL ? cut->tie_to : cut->tie_from;
}

/* Lets the candidates of one group in, or fall. */
static void cap_group(const struct dd_score_ceiling *ceiling, struct dd_score_party *parties,
                      size_t party_count, const struct candidate *list, size_t count)
{
    struct cut cut;
    int64_t others = 0;
    for (size_t i = 0; i < party_count; i++) {
        bool counts = rated_in(ceiling->of, &parties[i]) &&
                      parties[i].verdict.index != (int)ceiling->index &&
                      dd_slice_equal(among(ceiling, &parties[i]), list->group);
        others += counts ? 1 : 0;
    }
    allow(ceiling, count, others, &cut);
    mind_ties(ceiling, list, count, &cut);
    for (size_t i = 0; i < count; i++) {
        struct dd_score_verdict *verdict = &parties[list[i].index].verdict;
        bool tied = i >= cut.tie_from && i < cut.tie_to;
        verdict->needs_decision = verdict->needs_decision || tied;
        if (i < cut.kept)
            continue;
        verdict->index++;
        verdict->why = tied ? DD_SCORE_WHY_TIE : DD_SCORE_WHY_CEILING;
        verdict->better = (int)ceiling->index;
        verdict->condition = NULL;
        verdict->part = cut.allowed;
        verdict->of = cut.base;
    }
}

enum dd_status dd_score_cap(const struct dd_score_rules *rules, struct dd_score_party *parties,
                            size_t count, struct dd_arena *arena)
{
    struct candidate *list = dd_arena_take(arena, (count + 1) * sizeof *list);
    if (!list)
        return DD_NO_MEMORY;
    for (size_t c = 0; c < rules->ceiling_count; c++) {
        const struct dd_score_ceiling *ceiling = &rules->ceiling[c];
        size_t found = 0;
        for (size_t i = 0; i < count; i++) {
            if (rated_in(UINT32_C(1) << ceiling->index, &parties[i]))
                list[found++] = (struct candidate){
                    among(ceiling, &parties[i]),
                    parties[i].score.has_points ? parties[i].score.points.mantissa : 0, i};
        }
        qsort(list, found, sizeof *list, compare_candidates);
        for (size_t from = 0, to = 0; from < found; from = to) {
            while (to < found && dd_slice_equal(list[to].group, list[from].group))
                to++;
            cap_group(ceiling, parties, count, list + from, to - from);
        }
    }
    return DD_OK;
}

/* What a rank goes by: not rated behind all, more is better. */
static int64_t worth(const struct dd_score_party *party)
{
    if (party->verdict.index < 0)
        return INT64_MIN;
    return party->score.has_points ? party->score.points.mantissa : -party->verdict.index;
}

enum dd_status dd_score_rank(struct dd_score_party *parties, size_t count, struct dd_arena *arena,
                             uint32_t *order)
{
    struct candidate *list = dd_arena_take(arena, (count + 1) * sizeof *list);
    if (!list)
        return DD_NO_MEMORY;
    for (size_t i = 0; i < count; i++)
        list[i] = (struct candidate){{NULL, 0}, worth(&parties[i]), i};
    qsort(list, count, sizeof *list, compare_candidates);
    for (size_t i = 0; i < count; i++) {
        struct dd_score_party *party = &parties[list[i].index];
        bool equal = i > 0 && list[i].points == list[i - 1].points;
        order[i] = (uint32_t)list[i].index;
        party->rank = equal ? parties[list[i - 1].index].rank : (uint32_t)i + 1;
        if (party->verdict.index < 0)
            party->rank = 0;
    }
    return DD_OK;
}

static int64_t most(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* The facts as they would be if all that is open went well. late: what is missing comes late. */
static struct dd_score_facts best_facts(const struct dd_score_facts *now, bool late)
{
    struct dd_score_facts facts = *now;
    int64_t *value = facts.value;
    int64_t outside = value[DD_SCORE_FACT_REGISTERED_YEAR] - value[DD_SCORE_FACT_REGISTERED];
    int64_t lost = most(value[DD_SCORE_FACT_UNATTAINABLE] - most(outside, 0), 0);
    int64_t open = most(value[DD_SCORE_FACT_NOT_COMPLETED] - lost, 0);
    value[DD_SCORE_FACT_COMPLETED] += open;
    value[DD_SCORE_FACT_EXCEEDED] += open;
    value[DD_SCORE_FACT_NOT_COMPLETED] -= open;
    value[DD_SCORE_FACT_ITEMS_ON_TIME] += value[DD_SCORE_FACT_ITEMS_PENDING];
    value[DD_SCORE_FACT_ITEMS_PENDING] = 0;
    value[DD_SCORE_FACT_ON_TIME] += value[DD_SCORE_FACT_PENDING];
    value[DD_SCORE_FACT_PENDING] = 0;
    if (late) {
        value[DD_SCORE_FACT_ITEMS_LATE] += value[DD_SCORE_FACT_ITEMS_MISSING];
        value[DD_SCORE_FACT_ITEMS_MISSING] = 0;
        value[DD_SCORE_FACT_LATE] += value[DD_SCORE_FACT_MISSING];
        value[DD_SCORE_FACT_MISSING] = 0;
    }
    return facts;
}

enum dd_status dd_score_reachable(const struct dd_score_rules *rules,
                                  const struct dd_score_facts *facts,
                                  const struct dd_score_given *given, size_t given_count,
                                  struct dd_arena *arena, int *out)
{
    const struct dd_score_facts futures[] = {*facts, best_facts(facts, false),
                                             best_facts(facts, true)};
    *out = DD_SCORE_NOT_RATED;
    for (size_t i = 0; i < sizeof futures / sizeof futures[0]; i++) {
        struct dd_score score;
        enum dd_status status =
            dd_score_make(rules, &futures[i], given, given_count, i > 0, arena, &score);
        if (status != DD_OK)
            return status;
        int index = dd_score_classify(rules, &futures[i], &score).index;
        if (index >= 0 && (*out < 0 || index < *out))
            *out = index;
    }
    return DD_OK;
}
