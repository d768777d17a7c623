/* The second opinion. See tests/lib/sim_oracle.h. */
#include "tests/lib/sim_oracle.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/entry.h"
#include "core/invariant.h"
#include "proto/codec.h"

enum { FIRST_UNIT = 2, DAY_MS = 86400000, HOUR_MS = 3600000, ARENA_BYTES = 8 * 1024 * 1024 };

/* Stages of the cast's programme, by number. */
enum { STAGE_REGISTER = 0, STAGE_REPORT = 3, STAGE_INDICATOR = 4 };

static const int rungs_of_all[] = {-7, -3, -1, 0, 1, 3, 5};
static const int rungs_of_indicators[] = {0};

static void fault(struct oracle *o, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void fault(struct oracle *o, const char *format, ...)
{
    va_list arguments;
    if (o->fault[0])
        return;
    int used =
        snprintf(o->fault, sizeof o->fault, "entry %llu: ", (unsigned long long)(o->entries - 1));
    va_start(arguments, format);
    vsnprintf(o->fault + used, sizeof o->fault - (size_t)used, format, arguments);
    va_end(arguments);
}

/* --- days ---------------------------------------------------------------------------------- */

static bool leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int32_t oracle_day(int year, int month, int day)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int32_t days = day - 1;
    for (int y = 1970; y < year; y++)
        days += leap(y) ? 366 : 365;
    for (int m = 1; m < month; m++)
        days += lengths[m - 1] + (m == 2 && leap(year));
    return days;
}

int64_t oracle_midnight(int32_t day)
{
    return (int64_t)day * DAY_MS - (int64_t)7 * HOUR_MS;
}

/* --- making -------------------------------------------------------------------------------- */

void oracle_make(struct oracle *o, unsigned agencies)
{
    memset(o, 0, sizeof *o);
    o->units = 2 + (int)agencies;
    DD_ASSERT(o->units <= ORACLE_UNITS_MAX);
    snprintf(o->unit[0].code, sizeof o->unit[0].code, "snv");
    snprintf(o->unit[1].code, sizeof o->unit[1].code, "vp");
    for (unsigned i = 0; i < agencies; i++)
        snprintf(o->unit[2 + i].code, sizeof o->unit[2 + i].code, "a%u", i + 1);
}

static int unit_of(const struct oracle *o, struct dd_slice code)
{
    for (int i = 0; i < o->units; i++) {
        if (dd_slice_equal(code, dd_slice_of(o->unit[i].code)))
            return i;
    }
    return -1;
}

static struct oracle_duty *find_duty(struct oracle *o, int unit, char kind, int a, int b)
{
    for (size_t i = 0; i < o->duties; i++) {
        struct oracle_duty *d = &o->duty[i];
        if (d->unit == unit && d->kind == kind && d->a == a && d->b == b)
            return d;
    }
    return NULL;
}

static struct oracle_duty *arise(struct oracle *o, int unit, char kind, int a, int b,
                                 int32_t last_day, int64_t at_ms)
{
    struct oracle_duty *d = find_duty(o, unit, kind, a, b);
    if (!d) {
        DD_ASSERT(o->duties < ORACLE_DUTIES_MAX);
        d = &o->duty[o->duties++];
    }
    *d = (struct oracle_duty){.unit = unit,
                              .kind = kind,
                              .a = a,
                              .b = b,
                              .last_day = last_day,
                              .open = true,
                              .armed_ms = at_ms};
    return d;
}

static void end_duty(struct oracle_duty *d, int64_t at_ms, uint64_t seq)
{
    if (!d || !d->open)
        return;
    d->open = false;
    d->ended_ms = at_ms;
    d->ended_seq = seq;
}

static void reopen_duty(struct oracle_duty *d, int64_t at_ms)
{
    d->open = true;
    d->armed_ms = at_ms;
}

static void opened(struct oracle *o, int64_t at_ms)
{
    o->open = true;
    for (int i = 0; i < o->units; i++) {
        arise(o, i, 'g', 0, 0, oracle_day(2013, 1, 25), at_ms);
        arise(o, i, 'r', ORACLE_H1, 0, oracle_day(2013, 6, 24), at_ms);
        arise(o, i, 'r', ORACLE_YEAR, 0, oracle_day(2013, 12, 9), at_ms);
    }
}

/* --- dossiers ------------------------------------------------------------------------------ */

static struct oracle_item *find_item(struct oracle_list *list, int task, int number)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->item[i].task == task && list->item[i].number == number)
            return &list->item[i];
    }
    return NULL;
}

static void registered(struct oracle *o, const struct dd_register *c)
{
    struct oracle_unit *unit = &o->unit[unit_of(o, c->unit)];
    for (size_t i = 0; i < c->removed_count; i++) {
        struct oracle_item *item = find_item(&unit->draft, c->task, c->removed[i]);
        if (item)
            *item = unit->draft.item[--unit->draft.count];
    }
    for (size_t i = 0; i < c->indicator_count; i++) {
        struct oracle_item *item = find_item(&unit->draft, c->task, c->indicators[i].number);
        if (!item) {
            DD_ASSERT(unit->draft.count < ORACLE_ITEMS_MAX);
            item = &unit->draft.item[unit->draft.count++];
        }
        *item = (struct oracle_item){c->task, c->indicators[i].number,
                                     dd_slice_equal(c->kind, dd_slice_of("own")),
                                     c->indicators[i].due_day};
    }
}

static void submitted(struct oracle *o, const struct dd_submit *c, const struct dd_entry *entry)
{
    int number = unit_of(o, c->unit);
    struct oracle_unit *unit = &o->unit[number];
    if (c->what == DD_SUBMISSION_REPORT) {
        int report = dd_slice_equal(c->report, dd_slice_of("H1")) ? ORACLE_H1 : ORACLE_YEAR;
        end_duty(find_duty(o, number, 'r', report, 0), entry->received_ms, entry->seq);
        return;
    }
    if (unit->pending)
        fault(o, "a version is handed in while one waits");
    DD_ASSERT(unit->newest + 1 < ORACLE_VERSIONS_MAX);
    unit->pending = ++unit->newest;
    unit->version[unit->pending] = (struct oracle_version){
        .list = unit->draft, .adjustment = unit->in_force != 0, .seq = entry->seq};
    end_duty(find_duty(o, number, 'g', 0, 0), entry->received_ms, entry->seq);
}

static void withdrawn(struct oracle *o, const struct dd_withdraw *c, const struct dd_entry *entry)
{
    int number = unit_of(o, c->unit);
    struct oracle_unit *unit = &o->unit[number];
    struct oracle_duty *duty = find_duty(o, number, 'g', 0, 0);
    if (unit->pending != c->version || unit->version[unit->pending].appraised) {
        fault(o, "version %u is withdrawn", c->version);
        return;
    }
    if (!duty->open && duty->ended_seq == unit->version[unit->pending].seq)
        reopen_duty(duty, entry->received_ms);
    unit->pending = 0;
}

static const struct oracle_outcome *latest(const struct oracle *o, int unit, int task, int number)
{
    for (size_t i = o->outcomes; i-- > 0;) {
        const struct oracle_outcome *seen = &o->outcome[i];
        if (seen->unit == unit && seen->task == task && seen->number == number)
            return seen;
    }
    return NULL;
}

static bool done(const struct oracle_outcome *outcome)
{
    return outcome &&
           (outcome->outcome == DD_OUTCOME_COMPLETED || outcome->outcome == DD_OUTCOME_EXCEEDED);
}

/* The indicators of the version that comes into force against those of the one before. */
static void approved(struct oracle *o, int number, const struct dd_entry *entry)
{
    struct oracle_unit *unit = &o->unit[number];
    struct oracle_list *old = &unit->version[unit->in_force].list; /* 0 is empty */
    struct oracle_list *new = &unit->version[unit->pending].list;
    for (size_t i = 0; i < old->count; i++) {
        struct oracle_duty *duty =
            find_duty(o, number, 'i', old->item[i].task, old->item[i].number);
        if (!find_item(new, old->item[i].task, old->item[i].number)) {
            duty->open = false;
            duty->gone = true;
        }
    }
    for (size_t i = 0; i < new->count; i++) {
        const struct oracle_item *item = &new->item[i];
        const struct oracle_item *before = find_item(old, item->task, item->number);
        const struct oracle_outcome *outcome = latest(o, number, item->task, item->number);
        if (before && before->due == item->due)
            continue;
        struct oracle_duty *duty =
            arise(o, number, 'i', item->task, item->number, item->due, entry->received_ms);
        if (done(outcome))
            end_duty(duty, outcome->received_ms, outcome->seq);
    }
    unit->in_force = unit->pending;
    unit->pending = 0;
}

static void decided(struct oracle *o, const struct dd_decide *c, const struct dd_entry *entry)
{
    int number = unit_of(o, c->unit);
    struct oracle_unit *unit = &o->unit[number];
    struct oracle_version *version = &unit->version[unit->pending];
    if (unit->pending == 0 || unit->pending != c->version)
        fault(o, "version %u is decided, %zu waits", c->version, unit->pending);
    else if (c->verdict == DD_VERDICT_RETURN)
        unit->pending = 0;
    else if (version->adjustment || version->appraised)
        approved(o, number, entry);
    else
        version->appraised = true;
}

static void progressed(struct oracle *o, const struct dd_progress *c, const struct dd_entry *entry)
{
    int number = unit_of(o, c->unit);
    struct oracle_unit *unit = &o->unit[number];
    struct oracle_duty *duty = find_duty(o, number, 'i', c->task, c->indicator);
    if (!find_item(&unit->version[unit->in_force].list, c->task, c->indicator) || !duty) {
        fault(o, "an outcome of %d.%d, which is not in force", c->task, c->indicator);
        return;
    }
    DD_ASSERT(o->outcomes < ORACLE_OUTCOMES_MAX);
    struct oracle_outcome *outcome = &o->outcome[o->outcomes++];
    *outcome = (struct oracle_outcome){
        number, c->task, c->indicator, c->outcome, c->day, entry->received_ms, entry->seq};
    if (done(outcome))
        end_duty(duty, entry->received_ms, entry->seq);
    else if (!duty->open && !duty->gone)
        reopen_duty(duty, entry->received_ms);
}

/* --- time ---------------------------------------------------------------------------------- */

/* The duty's next rung: which, and when; false if none is left. */
static bool next_rung(const struct oracle_duty *d, size_t *rung, int *days, int64_t *at_ms)
{
    const int *rungs = d->kind == 'i' ? rungs_of_indicators : rungs_of_all;
    size_t count = d->kind == 'i' ? 1 : sizeof rungs_of_all / sizeof rungs_of_all[0];
    for (*rung = d->next_rung; d->open && *rung < count; ++*rung) {
        *days = rungs[*rung];
        *at_ms = oracle_midnight(d->last_day + *days) + 8 * HOUR_MS;
        if (*at_ms >= d->armed_ms)
            return true;
    }
    return false;
}

size_t oracle_due(const struct oracle *o, int64_t now_ms)
{
    size_t count = 0;
    for (size_t i = 0; i < o->duties && o->open; i++) {
        size_t rung;
        int days;
        int64_t at_ms;
        if (next_rung(&o->duty[i], &rung, &days, &at_ms) && at_ms <= now_ms)
            count++;
    }
    return count;
}

static struct oracle_duty *duty_of(struct oracle *o, const struct dd_duty_key *key)
{
    int unit = (int)key->unit - FIRST_UNIT;
    if (key->stage == STAGE_REGISTER)
        return find_duty(o, unit, 'g', 0, 0);
    if (key->stage == STAGE_REPORT)
        return find_duty(o, unit, 'r', key->a, 0);
    return key->stage == STAGE_INDICATOR ? find_duty(o, unit, 'i', key->a, key->b) : NULL;
}

static void reached(struct oracle *o, const struct dd_entry *entry, uint16_t index)
{
    const struct dd_event *event = &entry->events.event[index];
    struct oracle_duty *duty = duty_of(o, &event->duty);
    size_t rung;
    int days;
    int64_t at_ms;
    if (event->kind != DD_EVENT_RUNG_REACHED || !duty || !next_rung(duty, &rung, &days, &at_ms) ||
        at_ms > entry->received_ms) {
        fault(o, "event %u is a reminder that is not due", index);
        return;
    }
    if (event->rung != days || event->at_ms != at_ms || event->superior != (days == 5))
        fault(o, "event %u is rung %d, and %d was due", index, event->rung, days);
    duty->next_rung = rung + 1;
    duty->armed_ms = at_ms;
    DD_ASSERT(o->reminders < ORACLE_REMINDERS_MAX);
    o->reminder[o->reminders++] =
        (struct oracle_reminder){entry->seq, index, (size_t)(duty - o->duty), days, at_ms, false};
}

/* Each duty whose rung has come gives one event of a Tick; a further rung comes with the next Tick.
 */
static void ticked(struct oracle *o, const struct dd_entry *entry)
{
    size_t due = oracle_due(o, entry->received_ms);
    if (entry->events.count == 0 || entry->events.count != due)
        fault(o, "a Tick brings %zu events, and %zu were due", entry->events.count, due);
    for (size_t i = 0; i < entry->events.count; i++)
        reached(o, entry, (uint16_t)i);
}

static void reminded(struct oracle *o, const struct dd_reminded *c)
{
    for (size_t i = 0; i < c->reminder_count; i++) {
        bool found = false;
        for (size_t k = 0; k < o->reminders; k++) {
            struct oracle_reminder *r = &o->reminder[k];
            if (r->seq != c->reminders[i].seq || r->index != c->reminders[i].index)
                continue;
            if (r->told)
                fault(o, "reminder %llu is told twice", (unsigned long long)r->seq);
            r->told = found = true;
        }
        if (!found)
            fault(o, "a reminder is told that is none");
    }
}

/* --- entries ------------------------------------------------------------------------------- */

static void accepted(struct oracle *o, const struct dd_entry *entry, const struct dd_command *c)
{
    if (c->kind == DD_COMMAND_OPEN_CYCLE)
        opened(o, entry->received_ms);
    else if (c->kind == DD_COMMAND_CLOSE_CYCLE)
        o->open = false;
    else if (c->kind == DD_COMMAND_REGISTER)
        registered(o, &c->as.register_);
    else if (c->kind == DD_COMMAND_SUBMIT)
        submitted(o, &c->as.submit, entry);
    else if (c->kind == DD_COMMAND_WITHDRAW)
        withdrawn(o, &c->as.withdraw, entry);
    else if (c->kind == DD_COMMAND_DECIDE)
        decided(o, &c->as.decide, entry);
    else if (c->kind == DD_COMMAND_PROGRESS)
        progressed(o, &c->as.progress, entry);
    else if (c->kind == DD_COMMAND_TICK)
        ticked(o, entry);
    else if (c->kind == DD_COMMAND_REMINDED)
        reminded(o, &c->as.reminded);
}

void oracle_entry(struct oracle *o, struct dd_slice bytes)
{
    static struct dd_event events[DD_TICK_EVENTS_MAX];
    struct dd_entry entry = {.events = {events, 0, DD_TICK_EVENTS_MAX}};
    struct dd_arena arena = dd_arena_make(ARENA_BYTES);
    struct dd_command command;
    struct dd_refusal refusal;
    bool was_open = o->open;
    o->entries++;
    if (dd_entry_read(bytes, &entry) != DD_OK ||
        dd_codec_command_decode(entry.command, &arena, &command, &refusal) != DD_OK)
        fault(o, "it cannot be read");
    else if (entry.seq != o->entries - 1 || entry.received_ms < o->last_ms)
        fault(o, "it is out of order");
    else if (entry.refusal.status == DD_OK)
        accepted(o, &entry, &command);
    if (!was_open && !o->open && entry.refusal.status == DD_OK && o->duties > 0 &&
        command.kind >= DD_COMMAND_REGISTER && command.kind <= DD_COMMAND_PROGRESS)
        fault(o, "it was accepted after the end of the cycle");
    o->last_ms = entry.received_ms;
    dd_arena_free(&arena);
}

/* --- what then is so ----------------------------------------------------------------------- */

struct oracle_counts oracle_counts(const struct oracle *o, int number, int period)
{
    const struct oracle_unit *unit = &o->unit[number];
    const struct oracle_list *list = &unit->version[unit->in_force].list;
    int32_t from = oracle_day(2013, 1, 1);
    int32_t to = period == ORACLE_H1 ? oracle_day(2013, 6, 30) : oracle_day(2013, 12, 31);
    struct oracle_counts sum = {0};
    for (size_t i = 0; i < list->count; i++) {
        const struct oracle_item *item = &list->item[i];
        const struct oracle_outcome *outcome = latest(o, number, item->task, item->number);
        bool within = from <= item->due && item->due <= to;
        if (!item->own)
            continue;
        sum.year++;
        sum.period += within;
        sum.completed += within && done(outcome);
        sum.exceeded += within && outcome && outcome->outcome == DD_OUTCOME_EXCEEDED;
        sum.early += item->due > to && done(outcome) && outcome->day <= to;
        sum.unattainable += outcome && outcome->outcome == DD_OUTCOME_UNATTAINABLE;
    }
    return sum;
}

enum dd_end oracle_stands(const struct oracle_duty *d, int64_t now_ms)
{
    int64_t bound_ms = oracle_midnight(d->last_day + 1);
    if (d->gone)
        return DD_END_SUPERSEDED;
    if (d->open)
        return now_ms >= bound_ms ? DD_END_MISSING : DD_END_PENDING;
    return d->ended_ms < bound_ms ? DD_END_ON_TIME : DD_END_LATE;
}

void oracle_duty_text(const struct oracle_duty *d, char out[40])
{
    if (d->kind == 'g')
        snprintf(out, 40, "register");
    else if (d->kind == 'r')
        snprintf(out, 40, "report/%s", d->a == ORACLE_H1 ? "H1" : "year");
    else
        snprintf(out, 40, "indicator/%d.%d", d->a, d->b);
}
