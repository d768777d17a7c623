/* Tallies. See core/tally.h. */
#include "core/tally.h"

#include "core/invariant.h"

bool dd_outcome_done(enum dd_outcome outcome)
{
    return outcome == DD_OUTCOME_COMPLETED || outcome == DD_OUTCOME_EXCEEDED;
}

static void count(struct dd_counts_row *counts, const struct dd_period *period, int32_t due_day,
                  struct dd_outcome_fact latest, int sign)
{
    bool done = dd_outcome_done(latest.outcome);
    bool due_within = period->from_day <= due_day && due_day <= period->to_day;
    counts->registered_year += sign;
    if (due_within)
        counts->registered_period += sign;
    if (due_within && done)
        counts->completed += sign;
    if (due_within && latest.outcome == DD_OUTCOME_EXCEEDED)
        counts->exceeded += sign;
    if (due_day > period->to_day && done && latest.day <= period->to_day)
        counts->early += sign;
    if (latest.outcome == DD_OUTCOME_UNATTAINABLE)
        counts->unattainable += sign;
}

void dd_tally_add(struct dd_tally_delta *delta, const struct dd_process *process,
                  const struct dd_content_row *content, struct dd_outcome_fact latest, int sign)
{
    DD_ASSERT(content->kind < process->programme.kind_count);
    if (!process->programme.kind[content->kind].counted)
        return;
    for (size_t i = 0; i < process->cycle.period_count; i++)
        count(&delta->period[i], &process->cycle.period[i], content->due_day, latest, sign);
}

static void add_counts(struct dd_counts_row *sum, const struct dd_counts_row *added)
{
    sum->registered_year += added->registered_year;
    sum->registered_period += added->registered_period;
    sum->completed += added->completed;
    sum->exceeded += added->exceeded;
    sum->early += added->early;
    sum->unattainable += added->unattainable;
}

static bool counts_zero(const struct dd_counts_row *c)
{
    return c->registered_year == 0 && c->registered_period == 0 && c->completed == 0 &&
           c->exceeded == 0 && c->early == 0 && c->unattainable == 0;
}

/* Which of the three sets the party stands in; they sum to all parties. */
static uint32_t *set_of(struct dd_tally_row *sum, const struct dd_counts_row *party)
{
    if (party->registered_period == 0)
        return &sum->none_registered;
    return party->completed == party->registered_period ? &sum->all_completed : &sum->incomplete;
}

void dd_tally_sum(struct dd_tally_row *sum, const struct dd_counts_row *party)
{
    add_counts(&sum->counts, party);
    sum->units++;
    ++*set_of(sum, party);
}

void dd_tally_join(const struct dd_view *view, const struct dd_process *process, uint32_t group)
{
    static const struct dd_counts_row none;
    for (uint8_t i = 0; i < process->cycle.period_count; i++) {
        struct dd_tally_row row;
        dd_get_tally(view, process->number, DD_SCOPE_GROUP, group, i, &row);
        dd_tally_sum(&row, &none);
        dd_put_tally(view, process->number, DD_SCOPE_GROUP, group, i, &row);
        dd_get_tally(view, process->number, DD_SCOPE_ALL, 0, i, &row);
        dd_tally_sum(&row, &none);
        dd_put_tally(view, process->number, DD_SCOPE_ALL, 0, i, &row);
    }
}

static void change_sum(const struct dd_view *view, uint32_t cycle, enum dd_scope scope,
                       uint32_t number, uint8_t period, const struct dd_counts_row *before,
                       const struct dd_counts_row *after, const struct dd_counts_row *delta)
{
    struct dd_tally_row row;
    dd_get_tally(view, cycle, scope, number, period, &row);
    add_counts(&row.counts, delta);
    --*set_of(&row, before);
    ++*set_of(&row, after);
    dd_put_tally(view, cycle, scope, number, period, &row);
}

void dd_tally_change(const struct dd_view *view, const struct dd_process *process, uint32_t unit,
                     uint32_t group, const struct dd_tally_delta *delta)
{
    for (uint8_t i = 0; i < process->cycle.period_count; i++) {
        struct dd_tally_row before;
        struct dd_tally_row after;
        if (counts_zero(&delta->period[i]))
            continue;
        dd_get_tally(view, process->number, DD_SCOPE_UNIT, unit, i, &before);
        after = before;
        add_counts(&after.counts, &delta->period[i]);
        dd_put_tally(view, process->number, DD_SCOPE_UNIT, unit, i, &after);
        change_sum(view, process->number, DD_SCOPE_GROUP, group, i, &before.counts, &after.counts,
                   &delta->period[i]);
        change_sum(view, process->number, DD_SCOPE_ALL, 0, i, &before.counts, &after.counts,
                   &delta->period[i]);
    }
}

/* Approvals come in the order of their versions' numbers, so the highest approved one is the last.
 */
uint16_t dd_version_in_force(const struct dd_view *view, uint32_t cycle, uint32_t unit,
                             int64_t before_ms)
{
    struct dd_dossier_row dossier;
    struct dd_version_row version;
    if (!dd_get_dossier(view, cycle, unit, &dossier))
        return 0;
    for (uint16_t number = dossier.in_force; number > 0; number--) {
        if (dd_get_version(view, cycle, unit, number, &version) &&
            version.state == DD_VERSION_APPROVED && version.ended_ms < before_ms)
            return number;
    }
    return 0;
}

/* What the item counts for as of the instant; nothing if it is of a kind that is not counted. */
static void fold_item(const struct dd_view *view, const struct dd_process *process, uint32_t unit,
                      uint8_t period, struct dd_item_ref ref, int64_t before_ms,
                      struct dd_counts_row *out)
{
    struct dd_content_row content;
    struct dd_item_row item;
    bool found = dd_get_content(view, process->number, unit, ref, &content);
    DD_ASSERT(found);
    if (!process->programme.kind[content.kind].counted)
        return;
    (void)dd_get_item(view, process->number, unit, ref.task, ref.indicator, &item);
    count(out, &process->cycle.period[period], content.due_day, dd_outcome_latest(&item, before_ms),
          1);
}

/* What the unit is to do in matters: items without an indicator's number (core/matter.h). Their
 * first outcome says since when they count. */
static void fold_matters(const struct dd_view *view, const struct dd_process *process,
                         uint32_t unit, uint8_t period, int64_t before_ms,
                         struct dd_counts_row *out)
{
    struct dd_key from = {.table = DD_TABLE_ITEM, .part = {process->number, unit, 0, 0, 0, 0}};
    struct dd_key found;
    struct dd_slice value;
    while (view->next(view->self, &from, &found, &value) && found.part[0] == process->number &&
           found.part[1] == unit) {
        struct dd_item_row item;
        struct dd_item_ref ref = {(uint16_t)found.part[2], 0, 1};
        from.part[2] = found.part[2] + 1U;
        if (found.part[3] == 0 && dd_get_item(view, process->number, unit, ref.task, 0, &item) &&
            dd_outcome_latest(&item, before_ms).outcome != 0)
            fold_item(view, process, unit, period, ref, before_ms, out);
    }
}

void dd_tally_fold(const struct dd_view *view, const struct dd_process *process, uint32_t unit,
                   uint8_t period, int64_t before_ms, struct dd_counts_row *out)
{
    struct dd_version_row version;
    uint16_t number = dd_version_in_force(view, process->number, unit, before_ms);
    *out = (struct dd_counts_row){0, 0, 0, 0, 0, 0};
    if (process->cycle.matters > 0)
        fold_matters(view, process, unit, period, before_ms, out);
    if (number == 0 || !dd_get_version(view, process->number, unit, number, &version))
        return;
    for (size_t i = 0; i < dd_items_count(version.items); i++)
        fold_item(view, process, unit, period, dd_items_at(version.items, i), before_ms, out);
}

struct dd_counts dd_counts_of(const struct dd_counts_row *row)
{
    return (struct dd_counts){row->registered_year,
                              row->registered_period,
                              row->completed,
                              row->exceeded,
                              row->registered_period - row->completed,
                              row->early,
                              row->unattainable};
}
