/*
 * Properties of the core under random commands, valid and not, with time in between: replay gives
 * equal state, a refusal changes only the memory of it, tallies folded = tallies kept, duties add
 * up, the due index holds exactly what is open and armed, a rung comes once, deciding is
 * deterministic (the cast decides everything twice), commands on different dossiers commute, an
 * earlier as-of counts what was counted then. DD_SEED runs one seed alone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/tally.h"
#include "tests/lib/cast.h"

enum {
    SEEDS = 200,
    COMMANDS = 150,
    AGENCIES = 3,
    PARTIES = AGENCIES + 2,
    RUNGS_SEEN_MAX = 4096,
    MARKS_MAX = 16,
    PERIODS = 2
};

static uint64_t seed_now; /* printed when something fails */
static uint64_t random_state;

static uint64_t draw(uint64_t below)
{
    random_state += 0x9e3779b97f4a7c15;
    uint64_t z = random_state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return (z ^ (z >> 31)) % below;
}

static bool chance(unsigned percent)
{
    return draw(100) < percent;
}

#define HOLDS(condition) \
    do { \
        if (!(condition)) \
            fail_msg("seed %llu, entry %llu: %s", (unsigned long long)seed_now, \
                     (unsigned long long)cast.next_seq, #condition); \
    } while (0)

/* What tells a rung from every other: the duty, since when it is owed, until when, which rung. */
struct seen_rung {
    struct dd_duty_key duty;
    int64_t arose_ms;
    int32_t last_day;
    int rung;
};

static struct cast cast;
static int64_t now_ms;
static struct seen_rung seen[RUNGS_SEEN_MAX];
static size_t seen_count;

static const char *const unit_codes[] = {"snv", "vp", "a1", "a2", "a3", "ubnd", "nowhere"};

static struct dd_slice any_unit(void)
{
    return dd_slice_of(unit_codes[chance(95) ? draw(PARTIES) : draw(7)]);
}

static struct dd_slice any_cycle(void)
{
    static const char *const codes[] = {"key-tasks/2013", "key-tasks/next", "key-tasks/never"};
    return dd_slice_of(codes[chance(92) ? 0 : draw(3)]);
}

static int32_t any_day(void)
{
    return cast_day("2013-01-01") + (int32_t)draw(370);
}

/* Mostly somebody who may. */
static uint32_t own_account(struct dd_slice unit)
{
    uint32_t number = dd_number_of(&cast.view, DD_TABLE_UNIT_CODE, unit);
    if (number < CAST_SNV || chance(5))
        return 1 + (uint32_t)draw(CAST_FIRST_HEAD + 2 * PARTIES);
    return chance(70) ? cast_head(number) : cast_officer(number);
}

static uint32_t make_register(struct dd_command *command)
{
    struct dd_register *c = &command->as.register_;
    size_t count = draw(4);
    c->cycle = any_cycle();
    c->unit = any_unit();
    c->task = (uint16_t)(1 + draw(chance(90) ? 3 : 9));
    c->kind = dd_slice_of(c->task % 3 != 2 ? "own" : "common");
    if (chance(5))
        c->kind = dd_slice_of(chance(50) ? "own" : "other");
    c->indicators = cast_take(&cast, (count + 1) * sizeof *c->indicators);
    for (size_t i = 0; i < count; i++) {
        c->indicators[i].number = (uint16_t)(2 * i + 1 + draw(2));
        c->indicators[i].title = dd_slice_of(chance(80) ? "Chỉ tiêu" : "Khác");
        c->indicators[i].due_day = any_day();
    }
    c->indicator_count = count;
    c->removed = cast_take(&cast, sizeof *c->removed);
    c->removed[0] = (uint16_t)(7 + draw(2));
    c->removed_count = 0;
    if (count == 0 || chance(10)) {
        c->removed[0] = (uint16_t)(1 + draw(6));
        c->removed_count = 1;
    }
    command->kind = DD_COMMAND_REGISTER;
    return own_account(c->unit);
}

static uint32_t make_submit(struct dd_command *command)
{
    struct dd_submit *c = &command->as.submit;
    c->cycle = any_cycle();
    c->unit = any_unit();
    c->what = chance(75) ? DD_SUBMISSION_REGISTRATION : DD_SUBMISSION_REPORT;
    c->report = dd_slice_of(chance(50) ? "H1" : chance(90) ? "year" : "Q3");
    c->reason = dd_slice_of(chance(85) ? "điều chỉnh" : "");
    c->capacity = chance(97) ? DD_CAPACITY_HEAD : DD_CAPACITY_FOR_HEAD;
    command->kind = DD_COMMAND_SUBMIT;
    return own_account(c->unit);
}

static uint16_t likely_version(struct dd_slice unit)
{
    struct dd_dossier_row dossier;
    uint32_t number = dd_number_of(&cast.view, DD_TABLE_UNIT_CODE, unit);
    if (chance(5) || !dd_get_dossier(&cast.view, 1, number, &dossier))
        return (uint16_t)draw(4);
    return dossier.pending != 0 ? dossier.pending : dossier.newest;
}

static uint32_t make_withdraw(struct dd_command *command)
{
    struct dd_withdraw *c = &command->as.withdraw;
    c->cycle = any_cycle();
    c->unit = any_unit();
    c->version = likely_version(c->unit);
    command->kind = DD_COMMAND_WITHDRAW;
    return own_account(c->unit);
}

/* A unit whose version waits for a decision, if there is one. */
static struct dd_slice waiting_unit(void)
{
    for (size_t i = 0; i < 2 * PARTIES; i++) {
        struct dd_slice unit = dd_slice_of(unit_codes[draw(PARTIES)]);
        uint32_t number = dd_number_of(&cast.view, DD_TABLE_UNIT_CODE, unit);
        struct dd_dossier_row dossier;
        if (dd_get_dossier(&cast.view, 1, number, &dossier) && dossier.pending != 0)
            return unit;
    }
    return any_unit();
}

static uint32_t make_decide(struct dd_command *command)
{
    static const uint32_t deciders[] = {CAST_CHAIR, CAST_VICE, CAST_APPRAISER,
                                        CAST_OFFICE_APPRAISER};
    struct dd_decide *c = &command->as.decide;
    struct dd_version_row version;
    struct dd_dossier_row dossier;
    c->cycle = any_cycle();
    c->unit = waiting_unit();
    c->version = likely_version(c->unit);
    c->verdict = chance(85) ? DD_VERDICT_AGREE : DD_VERDICT_RETURN;
    c->reason = dd_slice_of(chance(80) ? "lý do" : "");
    uint32_t unit = dd_number_of(&cast.view, DD_TABLE_UNIT_CODE, c->unit);
    if (chance(97) && dd_get_version(&cast.view, 1, unit, c->version, &version))
        memcpy(c->content_hash, version.content_hash, sizeof c->content_hash);
    command->kind = DD_COMMAND_DECIDE;
    if (chance(20) || !dd_get_dossier(&cast.view, 1, unit, &dossier))
        return chance(90) ? deciders[draw(4)] : own_account(c->unit);
    if (dossier.stage == CAST_APPRAISE)
        return unit == CAST_SNV ? CAST_OFFICE_APPRAISER : CAST_APPRAISER;
    return dossier.in_force != 0 ? CAST_CHAIR : dossier.approver;
}

/* An item of the version in force, if there is one. */
static void likely_item(struct dd_progress *c)
{
    struct dd_dossier_row dossier;
    struct dd_version_row version;
    uint32_t unit = dd_number_of(&cast.view, DD_TABLE_UNIT_CODE, c->unit);
    c->task = (uint16_t)(1 + draw(4));
    c->indicator = (uint16_t)(1 + draw(4));
    if (chance(5) || !dd_get_dossier(&cast.view, 1, unit, &dossier) ||
        !dd_get_version(&cast.view, 1, unit, dossier.in_force, &version) ||
        dd_items_count(version.items) == 0)
        return;
    struct dd_item_ref ref = dd_items_at(version.items, draw(dd_items_count(version.items)));
    c->task = ref.task;
    c->indicator = ref.indicator;
}

static uint32_t make_progress(struct dd_command *command)
{
    struct dd_progress *c = &command->as.progress;
    c->cycle = any_cycle();
    c->unit = any_unit();
    likely_item(c);
    c->outcome = (enum dd_outcome)(1 + draw(5));
    c->day = dd_day_at(now_ms, CAST_OFFSET_MIN) - (int32_t)draw(20) + chance(3);
    c->is_correction = chance(10);
    c->corrects_seq = draw(cast.next_seq + 1);
    c->reason = dd_slice_of(chance(80) ? "nhầm" : "");
    command->kind = DD_COMMAND_PROGRESS;
    return own_account(c->unit);
}

/* The next cycle, page by page. */
static uint32_t make_open(struct dd_command *command)
{
    struct dd_open_cycle *c = &command->as.open_cycle;
    *c = cast_cycle(&cast, "key-tasks", "next");
    c->page = (uint16_t)(1 + draw(3));
    c->last = chance(40);
    c->parties += draw(PARTIES);
    c->party_count = 1;
    command->kind = DD_COMMAND_OPEN_CYCLE;
    return CAST_ADMIN;
}

/* One agency more, or an old one under another group. */
static uint32_t make_units(struct dd_command *command)
{
    struct dd_put_units *c = &command->as.put_units;
    static const char *const codes[] = {"a1", "a3", "b1", "b2"};
    c->page = (uint16_t)(1 + draw(3));
    c->last = chance(60);
    c->units = cast_take(&cast, sizeof *c->units);
    c->unit_count = 1;
    c->units[0] = (struct dd_unit_put){.code = dd_slice_of(codes[draw(4)]),
                                       .name = dd_slice_of("Tên"),
                                       .group = dd_slice_of(chance(50) ? "province" : "district"),
                                       .parent = dd_slice_of(chance(90) ? "ubnd" : "a1"),
                                       .from_day = INT32_MIN,
                                       .to_day = INT32_MAX};
    command->kind = DD_COMMAND_PUT_UNITS;
    return chance(95) ? CAST_ADMIN : CAST_CHAIR;
}

static uint32_t make_account(struct dd_command *command)
{
    struct dd_put_account *c = &command->as.put_account;
    static const char *const codes[] = {"head-4", "clerk", "vice", "admin"};
    size_t which = draw(4);
    c->code = dd_slice_of(codes[which]);
    c->link_key[0] = (uint8_t)(which == 3 ? CAST_ADMIN : 100 + draw(3));
    c->to_ms = INT64_MAX;
    c->offices = cast_take(&cast, sizeof *c->offices);
    c->office_count = 1;
    c->offices[0] = (struct dd_office){DD_ROLE_HEAD, dd_slice_of("a1"), INT32_MIN, INT32_MAX};
    if (which == 2)
        c->offices[0] =
            (struct dd_office){DD_ROLE_APPROVER, dd_slice_of("ubnd"), INT32_MIN, INT32_MAX};
    if (which == 3)
        c->offices[0] = (struct dd_office){DD_ROLE_ADMINISTRATOR,
                                           {NULL, 0},
                                           INT32_MIN,
                                           chance(90) ? INT32_MAX : cast_day("2013-01-01")};
    command->kind = DD_COMMAND_PUT_ACCOUNT;
    return CAST_ADMIN;
}

static uint32_t make_administration(struct dd_command *command)
{
    switch (draw(7)) {
    case 0:
    case 1:
        return make_open(command);
    case 2:
        return make_units(command);
    case 3:
        return make_account(command);
    case 4:
        command->kind = DD_COMMAND_PUT_CALENDAR;
        command->as.put_calendar =
            (struct dd_put_calendar){.year = 2013, .offset_min = CAST_OFFSET_MIN};
        return CAST_ADMIN;
    case 5:
        command->kind = DD_COMMAND_PUT_PROGRAMME;
        command->as.put_programme = cast_programme();
        command->as.put_programme.version = (uint16_t)(1 + draw(3));
        return CAST_ADMIN;
    default:
        command->kind = DD_COMMAND_REVOKE;
        command->as.revoke.account = dd_slice_of(chance(50) ? "clerk" : "admin");
        return CAST_ADMIN;
    }
}

static uint32_t make_reminded(struct dd_command *command)
{
    struct dd_reminded *c = &command->as.reminded;
    c->reminders = cast_take(&cast, sizeof *c->reminders);
    c->reminder_count = 1;
    c->reminders[0].seq = draw(cast.next_seq);
    command->kind = DD_COMMAND_REMINDED;
    return CAST_NOTIFIER;
}

static uint32_t make_dossier_command(struct dd_command *command)
{
    uint64_t which = draw(100);
    memset(command, 0, sizeof *command);
    if (which < 25)
        return make_register(command);
    if (which < 45)
        return make_submit(command);
    if (which < 50)
        return make_withdraw(command);
    return which < 75 ? make_decide(command) : make_progress(command);
}

static uint32_t make_command(struct dd_command *command)
{
    memset(command, 0, sizeof *command);
    if (chance(8))
        return make_administration(command);
    if (chance(3))
        return make_reminded(command);
    return make_dossier_command(command);
}

/* --- what must hold --- */

/* A refusal writes nothing but the memory of it. */
static void check_refused(const size_t before[DD_TABLE_END])
{
    for (size_t table = 1; table < DD_TABLE_END; table++)
        HOLDS(cast.rows.writes[table] == before[table] + (table == DD_TABLE_REMEMBERED));
}

static bool counts_equal(const struct dd_counts_row *a, const struct dd_counts_row *b)
{
    return a->registered_year == b->registered_year &&
           a->registered_period == b->registered_period && a->completed == b->completed &&
           a->exceeded == b->exceeded && a->early == b->early && a->unattainable == b->unattainable;
}

static bool tally_equal(const struct dd_tally_row *a, const struct dd_tally_row *b)
{
    return counts_equal(&a->counts, &b->counts) && a->units == b->units &&
           a->none_registered == b->none_registered && a->all_completed == b->all_completed &&
           a->incomplete == b->incomplete;
}

/* Every unit's tally is what its items fold to; the sums are the sums. */
static void check_tallies(const struct dd_process *process)
{
    for (uint8_t period = 0; period < process->cycle.period_count; period++) {
        struct dd_tally_row sum[3] = {{.units = 0}}; /* the whole, then both groups */
        for (uint32_t unit = 1; unit <= CAST_A1 + AGENCIES; unit++) {
            struct dd_dossier_row dossier;
            struct dd_counts_row folded;
            struct dd_tally_row kept;
            if (!dd_get_dossier(&cast.view, process->number, unit, &dossier))
                continue;
            dd_tally_fold(&cast.view, process, unit, period, INT64_MAX, &folded);
            dd_get_tally(&cast.view, process->number, DD_SCOPE_UNIT, unit, period, &kept);
            HOLDS(counts_equal(&folded, &kept.counts));
            HOLDS(dossier.group == 1 || dossier.group == 2);
            dd_tally_sum(&sum[0], &folded);
            dd_tally_sum(&sum[dossier.group], &folded);
        }
        for (uint32_t i = 0; i < 3; i++) {
            struct dd_tally_row kept;
            dd_get_tally(&cast.view, process->number, i == 0 ? DD_SCOPE_ALL : DD_SCOPE_GROUP, i,
                         period, &kept);
            HOLDS(tally_equal(&sum[i], &kept));
            HOLDS(kept.none_registered + kept.all_completed + kept.incomplete == kept.units);
        }
    }
}

/* 1 if silence had ended the decision on the version before it was withdrawn. */
static size_t lapsed(const struct dd_process *process, uint32_t unit, uint16_t version)
{
    struct dd_duty_key key = {process->number, unit, CAST_APPRAISE, version, 0};
    struct dd_duty_row duty;
    return dd_get_duty(&cast.view, &key, &duty) && duty.end == DD_END_LAPSED;
}

/* How many duties the dossiers and versions say are expected, without looking at a duty. */
static size_t expected_duties(const struct dd_process *process)
{
    size_t expected = 0;
    for (uint32_t unit = 1; unit <= CAST_A1 + AGENCIES; unit++) {
        struct dd_dossier_row dossier;
        struct dd_version_row version;
        if (!dd_get_dossier(&cast.view, process->number, unit, &dossier))
            continue;
        expected += 1 + (size_t)process->cycle.report_count;
        for (uint16_t i = 1; i <= dossier.newest; i++) {
            (void)dd_get_version(&cast.view, process->number, unit, i, &version);
            bool twice = !version.adjustment && version.decided &&
                         (version.state == DD_VERSION_APPROVED ||
                          (i == dossier.pending && dossier.stage == CAST_APPROVE));
            struct dd_duty_key approve = {process->number, unit, CAST_APPROVE, i, 0};
            struct dd_duty_row row;
            if (version.state == DD_VERSION_RETURNED && !version.adjustment)
                twice = dd_get_duty(&cast.view, &approve, &row);
            expected +=
                version.state == DD_VERSION_WITHDRAWN ? lapsed(process, unit, i) : 1U + twice;
            if (i == dossier.in_force)
                expected += dd_items_count(version.items);
        }
    }
    return expected;
}

/* on time + late + lapsed + waived + open = expected; the due index is exactly what is armed. */
static void check_duties(const struct dd_process *process, size_t *armed)
{
    struct dd_duty_key key = {process->number, 0, 0, 0, 0};
    struct dd_duty_row duty;
    size_t count = 0;
    for (; dd_duty_next(&cast.view, &key, &duty); dd_duty_step(&key)) {
        struct dd_key due = {
            .table = DD_TABLE_DUE,
            .part = {(uint64_t)duty.next_at_ms, key.cycle, key.unit, key.stage, key.a, key.b}};
        struct dd_slice value;
        bool open = duty.end == DD_END_OPEN;
        HOLDS(open || duty.end == DD_END_ON_TIME || duty.end == DD_END_LATE ||
              duty.end == DD_END_LAPSED || duty.end == DD_END_SUPERSEDED);
        count += duty.end != DD_END_SUPERSEDED;
        HOLDS(open == (duty.ended_ms == 0 && duty.ended_seq == 0));
        if (duty.end == DD_END_ON_TIME)
            HOLDS(duty.ended_ms < duty.bound_ms);
        if (duty.end == DD_END_LATE)
            HOLDS(duty.ended_ms >= duty.bound_ms);
        if (duty.next_at_ms == INT64_MAX)
            continue;
        HOLDS(open && process->cycle.state == DD_CYCLE_OPEN);
        HOLDS(cast.view.get(cast.view.self, &due, &value));
        ++*armed;
    }
    HOLDS(count == expected_duties(process));
}

static void check_state(void)
{
    struct dd_process process;
    size_t armed = 0;
    for (uint32_t cycle = 1; dd_process_get(&cast.view, cycle, &process); cycle++) {
        if (process.cycle.state == DD_CYCLE_STAGED)
            continue;
        check_tallies(&process);
        check_duties(&process, &armed);
    }
    HOLDS(naive_count(&cast.rows, DD_TABLE_DUE) == armed);
}

static void check_replay(void)
{
    struct naive rows = naive_make();
    struct dd_view view = naive_view(&rows);
    uint8_t one[32];
    uint8_t other[32];
    cast_replay(&cast, &view);
    if (!naive_equal(&rows, &cast.rows))
        naive_explain(&cast.rows, &rows);
    HOLDS(naive_equal(&rows, &cast.rows));
    naive_digest(&rows, one);
    naive_digest(&cast.rows, other);
    HOLDS(memcmp(one, other, sizeof one) == 0);
    naive_free(&rows);
}

/* --- time --- */

/* The Tick's events, seen with the duties as they stand before it is applied. */
static void check_rungs(const struct dd_events *events)
{
    for (size_t i = 0; i < events->count; i++) {
        const struct dd_event *event = &events->event[i];
        struct dd_duty_row duty;
        HOLDS(dd_get_duty(&cast.view, &event->duty, &duty));
        HOLDS(duty.end == DD_END_OPEN);
        if (event->kind == DD_EVENT_DUTY_LAPSED) {
            HOLDS(duty.bound_ms <= now_ms);
            continue;
        }
        int64_t at_ms = dd_instant_at(duty.last_day + event->rung, 8 * 60, CAST_OFFSET_MIN);
        HOLDS(event->at_ms == at_ms && at_ms <= now_ms && at_ms >= duty.arose_ms);
        HOLDS(seen_count < RUNGS_SEEN_MAX);
        struct seen_rung now = {event->duty, duty.arose_ms, duty.last_day, event->rung};
        for (size_t k = 0; k < seen_count; k++) {
            const struct seen_rung *old = &seen[k];
            HOLDS(old->duty.cycle != now.duty.cycle || old->duty.unit != now.duty.unit ||
                  old->duty.stage != now.duty.stage || old->duty.a != now.duty.a ||
                  old->duty.b != now.duty.b || old->arose_ms != now.arose_ms ||
                  old->last_day != now.last_day || old->rung != now.rung);
        }
        seen[seen_count++] = now;
    }
}

static void tick(void)
{
    static struct dd_event array[CAST_EVENTS_MAX];
    struct dd_command command = {.kind = DD_COMMAND_TICK};
    struct dd_events events = {array, 0, CAST_EVENTS_MAX};
    do {
        enum dd_status status = cast_judge(&cast, &cast.view, 0, now_ms, &command, &events);
        HOLDS(status == DD_OK);
        check_rungs(&events);
    } while (cast_tick(&cast, now_ms) > 0);
    int64_t next_ms;
    struct dd_duty_key key;
    HOLDS(!dd_next_due(&cast.view, 0, NULL, &next_ms, &key) || next_ms > now_ms);
}

/* What was counted at an instant, once it was over. */
static struct mark {
    int64_t at_ms;
    struct dd_counts_row counts[PARTIES][PERIODS];
} marks[MARKS_MAX];
static size_t mark_count;

static void mark(int64_t at_ms)
{
    if (mark_count == MARKS_MAX || chance(80))
        return;
    struct mark *here = &marks[mark_count++];
    here->at_ms = at_ms;
    for (uint32_t i = 0; i < PARTIES; i++) {
        for (uint8_t period = 0; period < PERIODS; period++)
            here->counts[i][period] = cast_tally(&cast, DD_SCOPE_UNIT, CAST_SNV + i, period).counts;
    }
}

/* Much has happened since; what counted then is still to be had. */
static void check_marks(void)
{
    struct dd_process process;
    HOLDS(dd_process_get(&cast.view, 1, &process));
    for (size_t m = 0; m < mark_count; m++) {
        for (uint32_t i = 0; i < PARTIES; i++) {
            for (uint8_t period = 0; period < PERIODS; period++) {
                struct dd_counts_row then;
                dd_tally_fold(&cast.view, &process, CAST_SNV + i, period, marks[m].at_ms + 1,
                              &then);
                HOLDS(counts_equal(&then, &marks[m].counts[i][period]));
            }
        }
    }
}

/* Nothing, minutes, days, or just to eight o'clock or midnight. */
static void pass_time(void)
{
    int64_t before_ms = now_ms;
    int64_t day_ms = 86400000;
    int32_t today = dd_day_at(now_ms, CAST_OFFSET_MIN);
    uint64_t which = draw(10);
    if (which < 4)
        now_ms += (int64_t)draw(60 * 60 * 1000);
    else if (which < 6)
        now_ms += (int64_t)draw(4) * day_ms;
    else if (which == 6)
        now_ms = dd_instant_at(today + 1, 8 * 60, CAST_OFFSET_MIN) - (int64_t)draw(2);
    else if (which == 7)
        now_ms = dd_instant_at(today + 1, 0, CAST_OFFSET_MIN) - (int64_t)draw(2);
    else if (which == 8 && chance(20))
        now_ms += (int64_t)draw(40) * day_ms;
    if (now_ms > before_ms)
        mark(before_ms);
    if (chance(60))
        tick();
}

/* --- commands on different dossiers --- */

struct trial {
    struct dd_command command;
    uint32_t account;
    uint64_t seq;
};

static enum dd_status try_on(struct naive *rows, const struct trial *trial)
{
    static struct dd_event array[CAST_EVENTS_MAX];
    struct dd_view view = naive_view(rows);
    struct dd_entry entry = {.kind = DD_ENTRY_COMMAND,
                             .seq = trial->seq,
                             .received_ms = now_ms,
                             .account = trial->account,
                             .events = {array, 0, CAST_EVENTS_MAX}};
    enum dd_status status =
        cast_judge(&cast, &view, trial->account, now_ms, &trial->command, &entry.events);
    entry.refusal = cast.refusal;
    if (status == DD_OK || dd_status_class(status) == DD_CLASS_REFUSED)
        cast_apply(&cast, &view, &entry, &trial->command);
    return status;
}

/* Both have the same stamp here and bring their seq along, so both orders must give the same rows.
 */
static void check_commuting(void)
{
    struct trial a = {.seq = cast.next_seq};
    struct trial b = {.seq = cast.next_seq + 1};
    a.account = make_dossier_command(&a.command);
    b.account = make_dossier_command(&b.command);
    a.command.id.byte[0] = 1;
    b.command.id.byte[0] = 2;
    if (dd_slice_equal(dd_command_unit(&a.command), dd_command_unit(&b.command)))
        return;
    struct naive one = naive_make();
    struct naive other = naive_make();
    naive_copy(&cast.rows, &one);
    naive_copy(&cast.rows, &other);
    enum dd_status first = try_on(&one, &a);
    enum dd_status second = try_on(&one, &b);
    HOLDS(try_on(&other, &b) == second);
    HOLDS(try_on(&other, &a) == first);
    if (!naive_equal(&one, &other))
        naive_explain(&one, &other);
    HOLDS(naive_equal(&one, &other));
    naive_free(&one);
    naive_free(&other);
}

/* --- runs --- */

/* Programmes that differ in what silence means, what is late, whose day counts. */
static struct dd_programme any_programme(void)
{
    struct dd_programme programme = cast_programme();
    for (size_t i = 0; i < programme.stage_count; i++) {
        struct dd_stage *stage = &programme.stage[i];
        stage->refuse_after_bound = chance(10);
        stage->silence = chance(20) ? DD_SILENCE_LAPSES : DD_SILENCE_MISSING;
        if (stage->act == DD_ACT_DECIDE && chance(20)) {
            stage->deadline.word = 0;
            stage->deadline.date = dd_slice_of("");
            stage->silence = DD_SILENCE_MISSING; /* what time ends has a bound */
        }
    }
    return programme;
}

static unsigned accepted;
static unsigned refused;

static void run(uint64_t seed)
{
    seed_now = seed;
    random_state = seed;
    seen_count = mark_count = 0;
    struct dd_programme programme = any_programme();
    cast_make(&cast, AGENCIES);
    cast_open_with(&cast, &programme);
    now_ms = cast_at("2013-01-11T08:00");
    for (size_t i = 0; i < COMMANDS; i++) {
        struct dd_command command;
        size_t before[DD_TABLE_END];
        pass_time();
        uint32_t account = make_command(&command);
        memcpy(before, cast.rows.writes, sizeof before);
        enum dd_status status = cast_do(&cast, account, now_ms, &command);
        HOLDS(status == DD_OK || dd_status_class(status) == DD_CLASS_REFUSED);
        if (status != DD_OK)
            check_refused(before);
        accepted += status == DD_OK;
        refused += status != DD_OK;
        if (i % 8 == 0)
            check_state();
        if (i % 16 == 0)
            check_commuting();
    }
    if (chance(50)) {
        struct dd_command command = {.kind = DD_COMMAND_CLOSE_CYCLE};
        command.as.close_cycle.cycle = dd_slice_of("key-tasks/2013");
        (void)cast_do(&cast, CAST_ADMIN, now_ms, &command);
        tick();
    }
    check_state();
    check_marks();
    check_replay();
    cast_free(&cast);
}

static void what_must_hold_holds_under_random_commands(void **state)
{
    const char *given = getenv("DD_SEED");
    uint64_t first = given ? strtoull(given, NULL, 10) : 1;
    uint64_t count = given ? 1 : SEEDS;
    (void)state;
    printf("seeds %llu to %llu, %d commands each\n", (unsigned long long)first,
           (unsigned long long)(first + count - 1), COMMANDS);
    for (uint64_t seed = first; seed < first + count; seed++)
        run(seed);
    printf("%u accepted, %u refused\n", accepted, refused);
    assert_true(accepted > 0 && refused > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_must_hold_holds_under_random_commands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
