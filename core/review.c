/* The review of a registration. See core/review.h. */
#include "core/review.h"

#include <stdlib.h>
#include <string.h>

#include "core/calendar.h"
#include "core/invariant.h"

const char *dd_review_word(enum dd_review_rule rule)
{
    static const char *const words[] = {
#define DD_REVIEW_WORD(name, word) word,
        DD_REVIEW_TABLE(DD_REVIEW_WORD)
#undef DD_REVIEW_WORD
    };
    return rule < DD_REVIEW_RULES ? words[rule] : "";
}

static int32_t month_first_day(int32_t day)
{
    int year;
    int month;
    int of_month;
    dd_day_to_civil(day, &year, &month, &of_month);
    return day - (of_month - 1);
}

int32_t dd_review_half_day(int32_t from_day, int32_t to_day)
{
    int from[3];
    int to[3];
    int32_t middle;
    dd_day_to_civil(from_day, &from[0], &from[1], &from[2]);
    dd_day_to_civil(to_day, &to[0], &to[1], &to[2]);
    int months = (to[0] - from[0]) * 12 + to[1] - from[1] + 1;
    bool whole = from[2] == 1 && to[2] == dd_month_last_day(to[0], to[1]);
    int second = from[1] - 1 + months / 2; /* the second half's first month, from 0 */
    if (whole && months % 2 == 0 &&
        dd_day_from_civil(from[0] + second / 12, second % 12 + 1, 1, &middle))
        return middle - 1;
    return from_day + (to_day - from_day + 1) / 2 - 1;
}

/* True if part is more than that share of the whole. */
static bool beyond(int64_t part, int64_t of, int64_t percent)
{
    return part * 100 > of * percent;
}

static void count_items(const struct dd_review_case *reviewed, struct dd_review *out)
{
    struct dd_review_line *no_number = &out->line[DD_REVIEW_NO_NUMBER];
    struct dd_review_line *first_half = &out->line[DD_REVIEW_FIRST_HALF];
    struct dd_review_line *last_month = &out->line[DD_REVIEW_LAST_MONTH];
    for (size_t i = 0; i < reviewed->item_count; i++) {
        const struct dd_indicator_put *put = &reviewed->items[i].indicator;
        no_number->part += !put->has_target && put->direction != DD_DIRECTION_YES_NO;
        first_half->part += put->due_day <= out->half_day;
        last_month->part += put->due_day >= out->last_month_day;
    }
    no_number->of = first_half->of = last_month->of = (int64_t)reviewed->item_count;
    no_number->known = first_half->known = last_month->known = reviewed->item_count > 0;
    no_number->warns = no_number->part > 0;
    first_half->warns = first_half->known && first_half->part == 0;
    last_month->warns = beyond(last_month->part, last_month->of, DD_REVIEW_LAST_MONTH_PERCENT);
}

static int compare_counts(const void *a, const void *b)
{
    int64_t x;
    int64_t y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

/* Of an even number there are two in the middle: the lower and the upper median. */
static enum dd_status compare_peers(const struct dd_review_case *reviewed, struct dd_arena *arena,
                                    struct dd_review_line *line)
{
    size_t count = reviewed->peer_count;
    line->part = (int64_t)reviewed->item_count;
    line->of = (int64_t)count;
    if (count == 0)
        return DD_OK;
    int64_t *sorted = dd_arena_take(arena, count * sizeof *sorted);
    if (!sorted)
        return DD_NO_MEMORY;
    memcpy(sorted, reviewed->peers, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, compare_counts);
    line->known = true;
    line->lower = sorted[(count - 1) / 2];
    line->upper = sorted[count / 2];
    line->warns = line->part * 100 < line->lower * DD_REVIEW_BELOW_MEDIAN_PERCENT;
    return DD_OK;
}

/* Work registered for later and done early was registered later than it had to be. */
static void look_back(const struct dd_review_case *reviewed, struct dd_review_line *line)
{
    if (!reviewed->last)
        return;
    line->part = reviewed->last->early;
    line->of = reviewed->last->registered_year - reviewed->last->registered_period;
    line->known = line->of > 0;
    line->warns = line->known && line->part * 100 >= line->of * DD_REVIEW_EARLY_PERCENT;
}

enum dd_status dd_review_make(const struct dd_review_case *reviewed, struct dd_arena *arena,
                              struct dd_review *out)
{
    DD_ASSERT(reviewed->from_day <= reviewed->to_day);
    memset(out, 0, sizeof *out);
    for (int i = 0; i < DD_REVIEW_RULES; i++)
        out->line[i].rule = (enum dd_review_rule)i;
    out->half_day = dd_review_half_day(reviewed->from_day, reviewed->to_day);
    out->last_month_day = month_first_day(reviewed->to_day);
    count_items(reviewed, out);
    look_back(reviewed, &out->line[DD_REVIEW_EARLY]);
    return compare_peers(reviewed, arena, &out->line[DD_REVIEW_MEDIAN]);
}
