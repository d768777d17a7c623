/* What must hold at the end of a run. See tests/lib/sim_check.h. */
#include "tests/lib/sim_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/answer.h"
#include "core/invariant.h"

enum { ANSWER_BYTES = 64 * 1024 * 1024, LINES_MAX = 8192 };

/* --- answers and the log ------------------------------------------------------------------- */

/* A logged command: by whom, under which id. */
struct logged {
    uint32_t account;
    struct dd_id id;
    uint64_t seq;
};

static int compare_logged(const void *a, const void *b)
{
    const struct logged *x = a;
    const struct logged *y = b;
    if (x->account != y->account)
        return x->account < y->account ? -1 : 1;
    return dd_id_compare(x->id, y->id);
}

static struct dd_entry read_entry(struct world *w, uint64_t seq)
{
    static struct dd_event events[DD_TICK_EVENTS_MAX];
    struct dd_entry entry = {.events = {events, 0, DD_TICK_EVENTS_MAX}};
    if (seq >= w->journal.count || dd_entry_read(w->journal.entry[seq], &entry) != DD_OK)
        sim_world_fail(w, "entry %llu cannot be read", (unsigned long long)seq);
    return entry;
}

static struct dd_id id_of(struct world *w, const struct dd_entry *entry)
{
    struct dd_arena arena = dd_arena_make(ANSWER_BYTES);
    struct dd_command command;
    struct dd_refusal refusal;
    if (dd_codec_command_decode(entry->command, &arena, &command, &refusal) != DD_OK)
        sim_world_fail(w, "the command of entry %llu cannot be read",
                       (unsigned long long)entry->seq);
    dd_arena_free(&arena);
    return command.id;
}

static struct logged *list_log(struct world *w, size_t *count)
{
    struct logged *list = calloc(w->journal.count + 1, sizeof *list);
    DD_ASSERT(list);
    *count = 0;
    for (uint64_t seq = 0; seq < w->journal.count; seq++) {
        struct dd_entry entry = read_entry(w, seq);
        if (entry.account != 0)
            list[(*count)++] = (struct logged){entry.account, id_of(w, &entry), seq};
    }
    qsort(list, *count, sizeof *list, compare_logged);
    for (size_t i = 1; i < *count; i++) {
        if (compare_logged(&list[i - 1], &list[i]) == 0)
            sim_world_fail(w, "entries %llu and %llu are one command, twice",
                           (unsigned long long)list[i - 1].seq, (unsigned long long)list[i].seq);
    }
    return list;
}

static void check_logged_act(struct world *w, const struct work_act *act)
{
    struct dd_entry entry = read_entry(w, act->seq);
    if (entry.account != act->client->account || entry.refusal.status != act->status ||
        entry.refusal.rule != act->refusal.rule ||
        strcmp(entry.refusal.field, act->refusal.field) != 0 ||
        !dd_slice_equal(entry.command, act->carried.command) ||
        !dd_slice_equal(entry.signature, act->carried.signature))
        sim_world_fail(w, "entry %llu is not what %s of account %u was answered",
                       (unsigned long long)act->seq, act->what, act->client->account);
}

static void check_act(struct world *w, const struct work_act *act, const struct logged *list,
                      size_t count)
{
    struct logged key = {act->client->account, act->id, 0};
    const struct logged *found = bsearch(&key, list, count, sizeof *list, compare_logged);
    if (!act->done)
        sim_world_fail(w, "%s of account %u was never answered", act->what, act->client->account);
    if (act->status == DD_OK || dd_status_class(act->status) == DD_CLASS_REFUSED) {
        check_logged_act(w, act);
        return;
    }
    if (act->status == DD_KEY_EXPIRED) /* revoked since: it may have been logged before */
        return;
    bool same = found && dd_slice_equal(read_entry(w, found->seq).command, act->carried.command);
    if (act->status == DD_ID_CONFLICT ? !found || same : same)
        sim_world_fail(w, "%s of account %u was answered %s, and entry %lld is there", act->what,
                       act->client->account, dd_status_key(act->status),
                       found ? (long long)found->seq : -1LL);
}

static void check_acts(struct work *k)
{
    size_t count;
    struct logged *list = list_log(k->world, &count);
    for (size_t i = 0; i < k->acts; i++)
        check_act(k->world, &k->act[i], list, count);
    free(list);
}

/* --- replay -------------------------------------------------------------------------------- */

static void replay_to(struct world *w, uint64_t end_seq, uint8_t digest[32], uint8_t root[32])
{
    struct journal_sim part = {
        .entry = w->journal.entry, .count = (size_t)end_seq, .damaged = UINT64_MAX};
    sim_replayed(&part, digest, root);
}

static void check_replay(struct work *k)
{
    struct world *w = k->world;
    uint8_t live[32], digest[32], root[32], tree[32];
    struct dd_snapshot *snapshot;
    struct dd_cursor cursor;
    enum dd_status status = dd_snapshot_open(w->registrar.state, &snapshot);
    if (status == DD_OK)
        status = dd_snapshot_digest(snapshot, live);
    DD_ASSERT(status == DD_OK);
    dd_snapshot_close(snapshot);
    dd_state_cursor(w->registrar.state, &cursor);
    dd_merkle_root(&cursor.log, tree);
    replay_to(w, w->journal.count, digest, root);
    if (cursor.next_seq != w->journal.count || memcmp(live, digest, 32) != 0 ||
        memcmp(tree, root, 32) != 0)
        sim_world_fail(w, "replay gives another state");
    for (size_t i = 0; i < k->digests; i++) {
        replay_to(w, k->digest[i].seq + 1, digest, root);
        if (memcmp(k->digest[i].digest, digest, 32) != 0 ||
            memcmp(k->digest[i].root, root, 32) != 0)
            sim_world_fail(w, "replay up to %llu gives another state than was answered",
                           (unsigned long long)k->digest[i].seq);
    }
}

/* --- the oracle ---------------------------------------------------------------------------- */

static void add(struct oracle_counts *sum, const struct oracle_counts *part)
{
    sum->year += part->year;
    sum->period += part->period;
    sum->completed += part->completed;
    sum->exceeded += part->exceeded;
    sum->early += part->early;
    sum->unattainable += part->unattainable;
}

static bool equal(const struct oracle_counts *a, const struct dd_counts *b)
{
    return a->year == b->registered_year && a->period == b->registered_period &&
           a->completed == b->completed && a->exceeded == b->exceeded && a->early == b->early &&
           a->unattainable == b->unattainable && a->period - a->completed == b->not_completed;
}

static void check_table(struct world *w, const struct oracle *o, const struct work_table *table,
                        const char *which)
{
    struct oracle_counts sum = {0};
    uint64_t sets[3] = {0, 0, 0};
    for (int i = 0; i < o->units; i++) {
        struct oracle_counts counts = oracle_counts(o, i, table->period);
        if (!equal(&counts, &table->row[i]))
            sim_world_fail(
                w, "%s at %llu: the row of %s is not the oracle's (%lld of %lld, not %lld)", which,
                (unsigned long long)table->seq, o->unit[i].code, (long long)table->row[i].completed,
                (long long)table->row[i].registered_period, (long long)counts.completed);
        add(&sum, &counts);
        sets[counts.period == 0 ? 0 : counts.completed == counts.period ? 1 : 2]++;
    }
    if (table->rows != (size_t)o->units || !equal(&sum, &table->whole) ||
        table->none_registered != sets[0] || table->all_completed != sets[1] ||
        table->incomplete != sets[2])
        sim_world_fail(w, "%s at %llu: the sums are not the oracle's", which,
                       (unsigned long long)table->seq);
}

static int compare_tables(const void *a, const void *b)
{
    const struct work_table *x = a;
    const struct work_table *y = b;
    return x->seq < y->seq ? -1 : x->seq > y->seq;
}

/* Tells the oracle the whole log; on the way, holds the tables that clients were given against it.
 */
static void tell_oracle(struct work *k, struct oracle *o)
{
    struct world *w = k->world;
    size_t table = 0;
    oracle_make(o, k->agencies);
    qsort(k->table, k->tables, sizeof k->table[0], compare_tables);
    for (uint64_t seq = 0; seq < w->journal.count; seq++) {
        oracle_entry(o, w->journal.entry[seq]);
        if (o->fault[0])
            sim_world_fail(w, "the oracle: %s", o->fault);
        for (; table < k->tables && k->table[table].seq == seq; table++)
            check_table(w, o, &k->table[table], "a table");
    }
    if (table != k->tables)
        sim_world_fail(w, "a table shows an entry that is not there");
}

/* --- the last state ------------------------------------------------------------------------ */

/* The broker's clock, which does not go back where that of the machine does. */
static int64_t clock_of(const struct world *w)
{
    int64_t stamp_ms = dd_route_stamp_ms(w->route);
    return stamp_ms > sim_world_utc(w) ? stamp_ms : sim_world_utc(w);
}

static struct dd_answer ask(struct world *w, struct dd_arena *arena,
                            const struct dd_question *question)
{
    struct dd_asking asking = {dd_ledger_view(w->registrar.ledger), arena, CAST_ADMIN, clock_of(w),
                               DD_REPLY_PAGE_BYTES};
    struct dd_answer answer;
    struct dd_refusal refusal;
    if (dd_answer(&asking, question, &answer, &refusal) != DD_OK)
        sim_world_fail(w, "the last state answers %s", dd_status_key(refusal.status));
    return answer;
}

static struct dd_question about(enum dd_question_kind kind)
{
    return (struct dd_question){.kind = kind, .cycle = dd_slice_of("key-tasks/2013")};
}

static void fill_table(struct world *w, const struct oracle *o, const struct dd_answer *answer,
                       struct work_table *table)
{
    const struct dd_table_answer *from = &answer->as.table;
    const struct dd_table_total *whole = &from->totals[from->total_count - 1];
    *table = (struct work_table){.seq = w->journal.count - 1,
                                 .rows = from->row_count,
                                 .whole = whole->counts,
                                 .none_registered = whole->none_registered,
                                 .all_completed = whole->all_completed,
                                 .incomplete = whole->incomplete};
    for (size_t i = 0; i < from->row_count; i++) {
        for (int unit = 0; unit < o->units; unit++) {
            if (dd_slice_equal(from->rows[i].unit, dd_slice_of(o->unit[unit].code)))
                table->row[unit] = from->rows[i].counts;
        }
    }
}

/* The table of now, and as of an earlier day, for which the oracle is told the log up to then. */
static void check_tables(struct work *k, const struct oracle *o, struct dd_arena *arena)
{
    static struct oracle earlier;
    struct world *w = k->world;
    struct work_table table;
    int32_t first_day = oracle_day(2013, 1, 10);
    int32_t tomorrow = dd_day_at(clock_of(w), CAST_OFFSET_MIN) + 1;
    for (int period = ORACLE_H1; period <= ORACLE_YEAR; period++) {
        struct dd_question question = about(DD_QUESTION_TABLE);
        question.period = dd_slice_of(period == ORACLE_H1 ? "H1" : "year");
        struct dd_answer answer = ask(w, arena, &question);
        fill_table(w, o, &answer, &table);
        table.period = period;
        check_table(w, o, &table, "the table");
        question.has_as_of = true;
        question.as_of_day =
            first_day + (int32_t)sim_world_draw(w, (uint64_t)(tomorrow - first_day));
        answer = ask(w, arena, &question);
        oracle_make(&earlier, k->agencies);
        for (size_t i = 0; i < w->journal.count; i++) {
            if (read_entry(w, i).received_ms < oracle_midnight(question.as_of_day + 1))
                oracle_entry(&earlier, w->journal.entry[i]);
        }
        fill_table(w, o, &answer, &table);
        table.period = period;
        check_table(w, &earlier, &table, "the table of an earlier day");
    }
}

static const struct dd_duty_line *find_line(const struct dd_duties_answer *duties, const char *unit,
                                            const char *duty)
{
    for (size_t i = 0; i < duties->duty_count; i++) {
        if (dd_slice_equal(duties->duties[i].unit, dd_slice_of(unit)) &&
            dd_slice_equal(duties->duties[i].duty, dd_slice_of(duty)))
            return &duties->duties[i];
    }
    return NULL;
}

static void check_duties(struct work *k, const struct oracle *o, struct dd_arena *arena)
{
    struct world *w = k->world;
    struct dd_question question = about(DD_QUESTION_DUTIES);
    struct dd_answer answer = ask(w, arena, &question);
    char text[40];
    for (size_t i = 0; i < o->duties; i++) {
        const struct oracle_duty *duty = &o->duty[i];
        const char *unit = o->unit[duty->unit].code;
        oracle_duty_text(duty, text);
        const struct dd_duty_line *line = find_line(&answer.as.duties, unit, text);
        enum dd_end end = oracle_stands(duty, clock_of(w));
        enum dd_end shown = line ? line->status : DD_END_SUPERSEDED;
        if (shown != end)
            sim_world_fail(w, "%s of %s is %s, and the oracle says %s", text, unit,
                           dd_word(DD_WORDS_END, (int)shown), dd_word(DD_WORDS_END, (int)end));
        if (line && line->bound_ms != oracle_midnight(duty->last_day + 1))
            sim_world_fail(w, "%s of %s has another bound", text, unit);
        if (line && (end == DD_END_ON_TIME || end == DD_END_LATE) &&
            (line->met_ms != duty->ended_ms || line->met_seq != duty->ended_seq))
            sim_world_fail(w, "%s of %s was met by another entry", text, unit);
    }
}

static void check_reminders(struct work *k, const struct oracle *o, struct dd_arena *arena)
{
    struct world *w = k->world;
    struct dd_question question = about(DD_QUESTION_REMINDERS);
    struct dd_answer answer = ask(w, arena, &question);
    const struct dd_reminders_answer *from = &answer.as.reminders;
    char text[40];
    if (from->reminder_count != o->reminders || from->reminder_count >= LINES_MAX)
        sim_world_fail(w, "%zu reminders, and the oracle has %zu", from->reminder_count,
                       o->reminders);
    for (size_t i = 0; i < o->reminders; i++) {
        const struct oracle_reminder *r = &o->reminder[i];
        const struct dd_reminder_line *line = &from->reminders[i];
        const struct oracle_duty *duty = &o->duty[r->duty];
        oracle_duty_text(duty, text);
        if (line->seq != r->seq || line->index != r->index || line->rung != r->rung ||
            line->at_ms != r->at_ms || line->superior != (r->rung == 5) ||
            !dd_slice_equal(line->duty, dd_slice_of(text)) ||
            !dd_slice_equal(line->unit, dd_slice_of(o->unit[duty->unit].code)))
            sim_world_fail(w, "reminder %zu is not the oracle's", i);
        if (!r->told || line->delivered_ms == 0)
            sim_world_fail(w, "reminder %zu (%s of %s, rung %d) was never told", i, text,
                           o->unit[duty->unit].code, r->rung);
    }
    if (oracle_due(o, clock_of(w) - 2 * DD_ROUTE_TICK_MS) > 0)
        sim_world_fail(w, "reminders are due and did not come");
}

/* --- letters ------------------------------------------------------------------------------- */

static void check_letters(struct work *k, const struct oracle *o)
{
    struct world *w = k->world;
    for (size_t i = 0; i < o->reminders; i++) {
        size_t count = 0;
        for (size_t n = 0; n < w->notifier.letters; n++) {
            const struct world_letter *letter = &w->notifier.letter[n];
            for (size_t r = 0; r < letter->count && letter->put; r++)
                count += letter->refs[r].seq == o->reminder[i].seq &&
                         letter->refs[r].index == o->reminder[i].index;
        }
        if (count != 1)
            sim_world_fail(w, "reminder %llu/%u stands in %zu letters",
                           (unsigned long long)o->reminder[i].seq, o->reminder[i].index, count);
    }
    for (size_t n = 0; n < w->notifier.letters; n++) {
        if (!w->notifier.letter[n].was_delivered)
            sim_world_fail(w, "a letter is not delivered");
    }
}

void sim_check(struct work *k, struct oracle *o)
{
    struct dd_arena arena = dd_arena_make(ANSWER_BYTES);
    check_acts(k);
    check_replay(k);
    tell_oracle(k, o);
    check_tables(k, o, &arena);
    check_duties(k, o, &arena);
    check_reminders(k, o, &arena);
    check_letters(k, o);
    dd_arena_free(&arena);
}
