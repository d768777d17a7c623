/* Collecting an export through questions. See clients/cli/export.h; writing is in export_write.c.
 */
#include "clients/cli/export.h"

#include <string.h>

enum { PAGES_MAX = 1000000 }; /* more is a server that never comes to an end */

/* An array in the arena that grows page by page. */
struct heap {
    struct dd_arena *arena;
    size_t item_bytes;
    void *items;
    size_t count;
    size_t room;
};

static bool append(struct heap *heap, const void *items, size_t count)
{
    if (heap->count + count > heap->room) {
        size_t room = 2 * heap->room > heap->count + count ? 2 * heap->room : heap->count + count;
        void *grown = dd_arena_take(heap->arena, (room + 1) * heap->item_bytes);
        if (!grown)
            return false;
        if (heap->count > 0)
            memcpy(grown, heap->items, heap->count * heap->item_bytes);
        heap->items = grown;
        heap->room = room;
    }
    if (count > 0)
        memcpy((char *)heap->items + heap->count * heap->item_bytes, items,
               count * heap->item_bytes);
    heap->count += count;
    return true;
}

/* Adds the rows of a page. */
static bool take_page(struct heap *heap, const struct dd_answer *answer)
{
    switch (answer->kind) {
    case DD_QUESTION_TABLE:
        return append(heap, answer->as.table.rows, answer->as.table.row_count);
    case DD_QUESTION_DUTIES:
        return append(heap, answer->as.duties.duties, answer->as.duties.duty_count);
    case DD_QUESTION_REMINDERS:
        return append(heap, answer->as.reminders.reminders, answer->as.reminders.reminder_count);
    case DD_QUESTION_CYCLES:
        return append(heap, answer->as.cycles.cycles, answer->as.cycles.cycle_count);
    case DD_QUESTION_MATTERS:
        return append(heap, answer->as.matters.matters, answer->as.matters.matter_count);
    case DD_QUESTION_HELLO:
    case DD_QUESTION_CYCLE:
    case DD_QUESTION_DOSSIER:
    case DD_QUESTION_LOG:
    case DD_QUESTION_DIGEST:
    case DD_QUESTION_UNITS:
    case DD_QUESTION_MATTER:
    case DD_QUESTION_FIGURES:
    case DD_QUESTION_PUBLICATIONS:
    case DD_QUESTION_DELEGATIONS:
        break;
    }
    return true;
}

/* Asks for all pages; *answer is the last one. */
static enum dd_status ask_all(const struct dd_exporter *exporter, struct dd_question question,
                              struct heap *heap, struct dd_answer *answer,
                              struct dd_refusal *refusal)
{
    for (size_t page = 0; page < PAGES_MAX; page++) {
        enum dd_status status =
            exporter->ask(exporter->self, &question, heap->arena, answer, refusal);
        if (status != DD_OK)
            return status;
        if (answer->kind != question.kind)
            break;
        if (!take_page(heap, answer))
            return DD_NO_MEMORY;
        if (answer->next.size == 0)
            return DD_OK;
        question.after = answer->next;
    }
    return dd_refuse(refusal, DD_FORMAT, DD_RULE_MALFORMED, "next");
}

static enum dd_status collect_table(const struct dd_exporter *exporter,
                                    const struct dd_question *question, struct dd_arena *arena,
                                    struct dd_export *out, struct dd_refusal *refusal)
{
    struct heap heap = {.arena = arena, .item_bytes = sizeof *out->table.rows};
    struct dd_answer answer;
    enum dd_status status = ask_all(exporter, *question, &heap, &answer, refusal);
    if (status != DD_OK)
        return status;
    out->table = answer.as.table;
    out->table.rows = heap.items;
    out->table.row_count = heap.count;
    return DD_OK;
}

static enum dd_status collect_reports(const struct dd_exporter *exporter,
                                      const struct dd_question *question, struct dd_arena *arena,
                                      struct dd_export *out, struct dd_refusal *refusal)
{
    struct heap heap = {.arena = arena, .item_bytes = sizeof *out->reports.duties};
    struct dd_answer answer;
    enum dd_status status = ask_all(exporter, *question, &heap, &answer, refusal);
    if (status != DD_OK)
        return status;
    out->reports = answer.as.duties;
    out->reports.duties = heap.items;
    out->reports.duty_count = heap.count;
    return DD_OK;
}

enum dd_status dd_export_reminders(const struct dd_exporter *exporter, struct dd_slice cycle,
                                   uint64_t min_seq, struct dd_arena *arena,
                                   struct dd_reminders_answer *out, struct dd_refusal *refusal)
{
    struct dd_question question = {
        .kind = DD_QUESTION_REMINDERS, .min_seq = min_seq, .cycle = cycle};
    struct heap heap = {.arena = arena, .item_bytes = sizeof *out->reminders};
    struct dd_answer answer;
    enum dd_status status = ask_all(exporter, question, &heap, &answer, refusal);
    if (status != DD_OK)
        return status;
    out->reminders = heap.items;
    out->reminder_count = heap.count;
    return DD_OK;
}

enum dd_status dd_export_collect(const struct dd_exporter *exporter,
                                 const struct dd_export_wish *wish, uint64_t min_seq,
                                 struct dd_arena *arena, struct dd_export *out,
                                 struct dd_refusal *refusal)
{
    struct dd_question question = {.kind = DD_QUESTION_CYCLE,
                                   .min_seq = min_seq,
                                   .cycle = wish->cycle,
                                   .has_as_of = true,
                                   .as_of_day = wish->as_of};
    struct heap nothing = {.arena = arena, .item_bytes = 1};
    struct dd_answer answer;
    memset(out, 0, sizeof *out);
    memset(refusal, 0, sizeof *refusal);
    enum dd_status status = ask_all(exporter, question, &nothing, &answer, refusal);
    if (status != DD_OK)
        return status;
    out->cycle = answer.as.cycle;
    out->offset_min = answer.as.cycle.offset_min;
    question.kind = DD_QUESTION_DUTIES;
    question.act = DD_ACT_REPORT;
    status = collect_reports(exporter, &question, arena, out, refusal);
    if (status == DD_INVALID && refusal->rule == DD_RULE_DAY_IN_FUTURE) {
        /* A rehearsal's clock stands where its last act was: all there is, is there by that day. */
        question.has_as_of = false;
        memset(refusal, 0, sizeof *refusal);
        status = collect_reports(exporter, &question, arena, out, refusal);
    }
    if (status != DD_OK)
        return status;
    question.kind = DD_QUESTION_TABLE;
    question.act = 0;
    question.period = wish->period;
    status = collect_table(exporter, &question, arena, out, refusal);
    if (status != DD_OK)
        return status;
    out->as_of_ms = dd_instant_at(wish->as_of + 1, 0, out->offset_min);
    return dd_export_reminders(exporter, wish->cycle, min_seq, arena, &out->reminders, refusal);
}

static enum dd_status collect_cycle(const struct dd_exporter *exporter, struct dd_slice cycle,
                                    uint64_t min_seq, struct dd_arena *arena,
                                    struct dd_export_cycle *out, struct dd_refusal *refusal)
{
    struct dd_question question = {.kind = DD_QUESTION_DUTIES, .min_seq = min_seq, .cycle = cycle};
    struct heap duties = {.arena = arena, .item_bytes = sizeof *out->duties};
    struct heap matters = {.arena = arena, .item_bytes = sizeof *out->matters};
    struct dd_answer answer;
    out->cycle = cycle;
    enum dd_status status = ask_all(exporter, question, &duties, &answer, refusal);
    if (status != DD_OK)
        return status;
    out->offset_min = answer.as.duties.offset_min;
    question.kind = DD_QUESTION_MATTERS;
    status = ask_all(exporter, question, &matters, &answer, refusal);
    out->duties = duties.items;
    out->duty_count = duties.count;
    out->matters = matters.items;
    out->matter_count = matters.count;
    return status;
}

enum dd_status dd_export_cycles(const struct dd_exporter *exporter, uint64_t min_seq,
                                struct dd_arena *arena, struct dd_export_cycles *out,
                                struct dd_refusal *refusal)
{
    struct dd_question question = {.kind = DD_QUESTION_CYCLES, .min_seq = min_seq};
    struct heap lines = {.arena = arena, .item_bytes = sizeof(struct dd_cycle_line)};
    struct dd_answer answer;
    memset(refusal, 0, sizeof *refusal);
    *out = (struct dd_export_cycles){.cycles = NULL};
    enum dd_status status = ask_all(exporter, question, &lines, &answer, refusal);
    if (status != DD_OK)
        return status;
    const struct dd_cycle_line *cycles = lines.items;
    out->cycles = dd_arena_take(arena, (lines.count + 1) * sizeof *out->cycles);
    if (!out->cycles)
        return DD_NO_MEMORY;
    for (; out->count < lines.count && status == DD_OK; out->count++)
        status = collect_cycle(exporter, cycles[out->count].cycle, min_seq, arena,
                               &out->cycles[out->count], refusal);
    return status;
}
