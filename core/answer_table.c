/* The official table: rows by group and ordinal, sums by group and in all. Now comes from the
 * tallies, an earlier as-of from what items and versions keep. See core/answer_parts.h. */
#include <stdlib.h>
#include <string.h>

#include "core/answer_parts.h"
#include "core/office.h"

static int compare_parties(const void *a, const void *b)
{
    const struct dd_table_party *x = a;
    const struct dd_table_party *y = b;
    if (x->group != y->group)
        return x->group < y->group ? -1 : 1;
    if (x->ordinal != y->ordinal)
        return x->ordinal < y->ordinal ? -1 : 1;
    return dd_slice_compare(x->code, y->code);
}

enum dd_status dd_answer_parties(struct dd_reply_work *work, const struct dd_process *process,
                                 struct dd_table_party **out, size_t *count)
{
    const struct dd_view *view = work->asking->view;
    struct dd_key from = {.table = DD_TABLE_DOSSIER, .part = {process->number, 0, 0, 0, 0, 0}};
    struct dd_key found;
    struct dd_slice value;
    struct dd_table_party *parties =
        dd_arena_take(work->asking->arena, (process->cycle.parties + 1) * sizeof *parties);
    if (!parties)
        return DD_NO_MEMORY;
    *count = 0;
    while (*count < process->cycle.parties && view->next(view->self, &from, &found, &value) &&
           found.part[0] == process->number) {
        struct dd_table_party *party = &parties[*count];
        struct dd_unit_row unit;
        struct dd_dossier_row dossier;
        party->unit = (uint32_t)found.part[1];
        from.part[1] = found.part[1] + 1;
        if (!dd_get_unit(view, party->unit, &unit) ||
            !dd_get_dossier(view, process->number, party->unit, &dossier))
            continue;
        party->group = dossier.group;
        party->ordinal = unit.ordinal;
        party->code = unit.code;
        party->name = unit.name;
        ++*count;
    }
    qsort(parties, *count, sizeof *parties, compare_parties);
    *out = parties;
    return DD_OK;
}

static void counts_of(struct dd_reply_work *work, const struct dd_process *process, uint32_t unit,
                      uint8_t period, bool now, int64_t before_ms, struct dd_counts_row *out)
{
    struct dd_tally_row tally;
    if (!now) {
        dd_tally_fold(work->asking->view, process, unit, period, before_ms, out);
        return;
    }
    dd_get_tally(work->asking->view, process->number, DD_SCOPE_UNIT, unit, period, &tally);
    *out = tally.counts;
}

static void put_total(struct dd_table_total *out, struct dd_slice group, struct dd_slice name,
                      const struct dd_tally_row *sum)
{
    *out = (struct dd_table_total){.group = group,
                                   .name = name,
                                   .units = sum->units,
                                   .counts = dd_counts_of(&sum->counts),
                                   .none_registered = sum->none_registered,
                                   .all_completed = sum->all_completed,
                                   .incomplete = sum->incomplete};
}

/* Sums by group in the groups' order, then the whole. Groups of which nobody takes part are left
 * out. */
static enum dd_status totals(struct dd_reply_work *work, const struct dd_process *process,
                             const struct dd_table_party *parties, size_t count, uint8_t period,
                             bool now, int64_t before_ms)
{
    struct dd_table_answer *out = &work->answer->as.table;
    const struct dd_view *view = work->asking->view;
    struct dd_tally_row whole = {.units = 0};
    static const struct dd_slice none = {NULL, 0};
    out->totals = dd_arena_take(work->asking->arena, (DD_GROUPS_MAX + 2) * sizeof *out->totals);
    if (!out->totals)
        return DD_NO_MEMORY;
    for (size_t i = 0; i < count;) {
        uint32_t group = parties[i].group;
        struct dd_tally_row sum = {.units = 0};
        struct dd_group_row row = {none, none};
        if (now)
            dd_get_tally(view, process->number, DD_SCOPE_GROUP, group, period, &sum);
        for (; i < count && parties[i].group == group; i++) {
            struct dd_counts_row counts;
            if (now)
                continue;
            counts_of(work, process, parties[i].unit, period, now, before_ms, &counts);
            dd_tally_sum(&sum, &counts);
            dd_tally_sum(&whole, &counts);
        }
        (void)dd_get_group(view, group, &row);
        if (out->total_count < DD_GROUPS_MAX + 1)
            put_total(&out->totals[out->total_count++], row.code, row.name, &sum);
    }
    if (now)
        dd_get_tally(view, process->number, DD_SCOPE_ALL, 0, period, &whole);
    put_total(&out->totals[out->total_count++], none, none, &whole);
    return DD_OK;
}

static enum dd_status rows(struct dd_reply_work *work, const struct dd_process *process,
                           const struct dd_table_party *parties, size_t count, uint8_t period,
                           bool now, int64_t before_ms, size_t *at)
{
    struct dd_table_answer *out = &work->answer->as.table;
    size_t bytes = 0;
    out->rows = dd_arena_take(work->asking->arena, (count - *at + 1) * sizeof *out->rows);
    if (!out->rows)
        return DD_NO_MEMORY;
    for (; *at < count && bytes < work->asking->page_bytes; ++*at) {
        const struct dd_table_party *party = &parties[*at];
        struct dd_group_row group;
        struct dd_counts_row counts;
        struct dd_table_row *row = &out->rows[out->row_count++];
        counts_of(work, process, party->unit, period, now, before_ms, &counts);
        row->ordinal = party->ordinal;
        row->unit = party->code;
        row->name = party->name;
        row->counts = dd_counts_of(&counts);
        if (dd_get_group(work->asking->view, party->group, &group))
            row->group = group.code;
        bytes += 96 + row->group.size + row->unit.size + row->name.size;
    }
    return DD_OK;
}

/* Pages go by place in the table: `after` is the number of rows given so far, u32. */
enum dd_status dd_answer_table(struct dd_reply_work *work, const struct dd_process *process)
{
    struct dd_table_answer *out = &work->answer->as.table;
    const struct dd_question *question = work->question;
    struct dd_table_party *parties;
    size_t count;
    uint8_t period = 0;
    while (period < process->cycle.period_count &&
           !dd_slice_equal(process->cycle.period[period].code, question->period))
        period++;
    if (period == process->cycle.period_count)
        return dd_refuse_text(work->refusal, DD_NOT_FOUND, DD_RULE_NO_SUCH_PERIOD, "period",
                              question->period);
    enum dd_status status = dd_answer_parties(work, process, &parties, &count);
    if (status != DD_OK)
        return status;
    int64_t before_ms = dd_as_of_end(question, process);
    bool now = before_ms > work->asking->now_ms;
    size_t at = dd_after_number(question);
    at = at > count ? count : at;
    out->cycle = process->cycle.code;
    out->period = process->cycle.period[period].code;
    out->as_of_ms = now && !question->has_as_of ? work->asking->now_ms + 1 : before_ms;
    status = rows(work, process, parties, count, period, now, before_ms, &at);
    if (status != DD_OK || at == count)
        return status == DD_OK ? totals(work, process, parties, count, period, now, before_ms)
                               : status;
    return dd_next_number(work, (uint32_t)at);
}
