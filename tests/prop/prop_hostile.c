/*
 * Hostile input of the rulebook: sound programmes bent at random, and random commands about them
 * that pass the codec, by people who hold offices on both sides. Nothing of it may stop the process
 * or be called damage; and of what is accepted, nobody judges or bends their own, silence is
 * nobody's act, a matter counts its open duties, time's index holds what it must and no more,
 * questions are answered on pages that end, and replay gives equal state. DD_SEED runs one seed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/matter.h"
#include "core/office.h"
#include "proto/codec.h"
#include "tests/lib/cast.h"
#include "tests/lib/rulebook.h"

enum {
    SEEDS = 40,
    STEPS = 150,
    AGENCIES = 3,
    BENDS_MAX = 40,
    DAY_MS = 86400000,
    PAGES_MAX = 60,
    ACCOUNTS_MORE = 4
};

static uint64_t seed_now; /* printed when something fails */
static uint64_t random_state;
static struct cast cast;
static struct dd_programme programme;
static int64_t now_ms;
static uint32_t account_count;

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

#define ANY(list) dd_slice_of((list)[draw(sizeof(list) / sizeof(list)[0])])

static const char *const unit_codes[] = {"a1", "a1", "a1",  "a2", "a2",   "a2",
                                         "a3", "a3", "snv", "vp", "ubnd", "none"};
static const char cycle_code[] = "rulebook/2013";

/* --- a programme that is sound and that nobody would write --- */

static struct dd_deadline_rule any_deadline(void)
{
    struct dd_deadline_rule rule = {
        .word = (enum dd_deadline_word)draw(4), .roll = chance(40), .working = chance(30)};
    switch (draw(4)) {
    case 0:
        rule.every = (enum dd_cadence)(1 + draw(5));
        rule.on = (struct dd_day_rule){(int8_t)((int)draw(16) - 3), (uint8_t)(1 + draw(31))};
        rule.except = (uint16_t)(chance(30) ? 1U << (1 + draw(12)) : 0U);
        break;
    case 1:
        rule.anchor = (enum dd_anchor)(1 + draw(2));
        rule.days = (int16_t)((int)draw(60) - 20);
        rule.word = 0;
        break;
    case 2:
        rule.date = dd_slice_of("plan");
        break;
    default:
        break;
    }
    return rule;
}

static void bend_stage(struct dd_programme *p, struct dd_stage *stage)
{
    switch (draw(14)) {
    case 0:
        stage->silence = (enum dd_silence)(1 + draw(5));
        break;
    case 1:
        stage->by = (enum dd_role)(1 + draw(5));
        break;
    case 2:
    case 3:
        stage->deadline = any_deadline();
        break;
    case 4:
        stage->act = (enum dd_act)(1 + draw(5));
        break;
    case 5:
        stage->who = (enum dd_who)(1 + draw(2));
        break;
    case 6:
        stage->refuse_after_bound = chance(30);
        stage->reason_when_late = chance(30);
        break;
    case 7:
        stage->bent_by = (enum dd_role)draw(8);
        stage->extensions = (uint8_t)draw(10);
        stage->extension_days = (uint16_t)draw(367);
        break;
    case 8:
        stage->group_count = (uint8_t)draw(2);
        stage->group[0] = dd_slice_of(chance(50) ? "district" : "nobody");
        break;
    case 9:
        stage->rung_count = 2;
        stage->rung[0] = (int8_t)((int)draw(100) - 100);
        stage->rung[1] = (int8_t)draw(50);
        stage->working_days = chance(50);
        break;
    case 10:
        stage->signers = (uint8_t)(draw(16) << 2);
        break;
    case 11:
        stage->requires
        = p->stage[draw(p->stage_count)].key;
        break;
    case 12:
        stage->of = chance(50) ? p->kind[draw(p->kind_count)].code : dd_slice_of("");
        break;
    default:
        stage->form = dd_slice_of(chance(50) ? "staff" : "");
        stage->choice_count = stage->act == DD_ACT_ANSWER ? stage->choice_count : 0;
        stage->pass_of_cast = stage->pass_choice > 0 && chance(50);
        break;
    }
}

static void bend_kind(struct dd_item_kind *kind)
{
    kind->counted = chance(60);
    if (!kind->matter)
        return;
    kind->opened_by = (enum dd_role)(1 + draw(5));
    kind->opened_in = (enum dd_where)(1 + draw(2));
    kind->needs_due = chance(50);
    kind->needs_instant = chance(50);
    kind->signers = chance(50) ? 0x3c : 0;
}

/* Two stages change places: the order of a flow is another one. */
static void swap_stages(struct dd_programme *p)
{
    size_t a = draw(p->stage_count);
    size_t b = draw(p->stage_count);
    struct dd_stage kept = p->stage[a];
    p->stage[a] = p->stage[b];
    p->stage[b] = kept;
}

static void any_programme(void)
{
    struct dd_refusal refusal;
    programme = rulebook_programme();
    for (size_t i = 0; i < BENDS_MAX; i++) {
        struct dd_programme bent = programme;
        uint64_t which = draw(10);
        if (which == 0)
            bend_kind(&bent.kind[draw(bent.kind_count)]);
        else if (which == 1)
            swap_stages(&bent);
        else
            bend_stage(&bent, &bent.stage[draw(bent.stage_count)]);
        if (dd_programme_check(&bent, &refusal) == DD_OK)
            programme = bent;
    }
}

/* --- commands that pass the codec --- */

static int32_t any_day(void)
{
    int32_t today = dd_day_at(now_ms, CAST_OFFSET_MIN);
    uint64_t which = draw(20);
    if (which == 0)
        return DD_DAY_MAX;
    if (which == 1)
        return DD_DAY_MIN;
    return which == 2 ? today : today + (int32_t)draw(60) - 20;
}

static struct dd_slice any_stage(void)
{
    return chance(15) ? dd_slice_of("") : programme.stage[draw(programme.stage_count)].key;
}

/* Most likely one of that act. */
static struct dd_slice stage_for(enum dd_act act)
{
    size_t at = draw(programme.stage_count);
    for (size_t i = 0; i < programme.stage_count; i++) {
        const struct dd_stage *stage = &programme.stage[(at + i) % programme.stage_count];
        if (stage->act == act)
            return chance(90) ? stage->key : any_stage();
    }
    return any_stage();
}

static struct dd_slice any_account(void)
{
    struct dd_account_row row;
    bool found = dd_get_account(&cast.view, (uint32_t)(1 + draw(account_count)), &row);
    return found && chance(95) ? row.code : dd_slice_of("nobody");
}

static struct dd_slice any_reason(void)
{
    return dd_slice_of(chance(85) ? "bão" : "");
}

static uint16_t any_matter(void)
{
    struct dd_process process;
    bool found = dd_process_get(&cast.view, 1, &process);
    HOLDS(found);
    return (uint16_t)(1 + draw(process.cycle.matters +
                               (process.cycle.matters == 0 || chance(5) ? 1U : 0U)));
}

static enum dd_capacity any_capacity(void)
{
    return (enum dd_capacity)(chance(70) ? 1 : 1 + draw(5));
}

static void any_figures(struct dd_submit *c)
{
    static const int64_t values[] = {0, 1, -1, 999999999999999999, -999999999999999999, 7};
    c->figure_count = draw(5) < 4 ? 1 : draw(3);
    c->figures = cast_take(&cast, 2 * sizeof *c->figures);
    for (size_t i = 0; i < c->figure_count; i++)
        c->figures[i] = (struct dd_figure_value){dd_slice_of(i == 0 ? "persons" : "votes"),
                                                 {values[draw(6)], (uint8_t)draw(7)},
                                                 chance(20)};
}

static void any_submit(struct dd_submit *c)
{
    static const char *const reports[] = {"2013-01", "2013-02", "2013-05", "2013-Q1", "2013-W09",
                                          "2013-H1", "2013",    "H1",      "year",    "7/BC"};
    static const char *const picks[] = {"agree", "differ", ""};
    *c = (struct dd_submit){.cycle = dd_slice_of(cycle_code),
                            .unit = ANY(unit_codes),
                            .what = (enum dd_submission)(1 + draw(3)),
                            .capacity = any_capacity(),
                            .stage = any_stage(),
                            .reason = any_reason()};
    if (c->what == DD_SUBMISSION_REPORT) {
        c->stage = stage_for(DD_ACT_REPORT);
        c->report = chance(80) ? ANY(reports) : dd_slice_of("");
    }
    if (c->what == DD_SUBMISSION_ANSWER) {
        c->stage = chance(50) ? dd_slice_of("") : stage_for(DD_ACT_ANSWER);
        c->matter = any_matter();
        c->choice = ANY(picks);
    }
    if (chance(60))
        any_figures(c);
}

static void any_assign(struct dd_assign *c)
{
    size_t count = chance(70) ? 1 : 1 + draw(3);
    *c = (struct dd_assign){.cycle = dd_slice_of(cycle_code),
                            .unit = ANY(unit_codes),
                            .capacity = any_capacity(),
                            .matters = cast_take(&cast, count * sizeof *c->matters),
                            .matter_count = count};
    for (size_t i = 0; i < count; i++) {
        struct dd_matter_put *put = &c->matters[i];
        const struct dd_item_kind *kind = &programme.kind[draw(programme.kind_count)];
        if (i > 0 && chance(90))
            kind = &programme.kind[dd_programme_kind(&programme, c->matters[0].kind)];
        if (i == 0 && chance(90))
            kind = &programme.kind[1 + draw(2)];
        *put = (struct dd_matter_put){.kind = kind->code,
                                      .title = dd_slice_of("Việc"),
                                      .owner = chance(70) ? c->unit : ANY(unit_codes),
                                      .all = chance(30),
                                      .due_day = chance(80) ? any_day() : INT32_MAX,
                                      .at_ms = chance(50) ? now_ms + (int64_t)draw(40) * DAY_MS : 0,
                                      .parent = chance(20) ? any_matter() : 0};
        if (i == 0 && kind->opened_in == DD_WHERE_HOST && chance(95))
            c->unit = dd_slice_of("ubnd");
        put->word = put->due_day != INT32_MAX ? (enum dd_deadline_word)draw(4) : 0;
        put->approver = chance(20) ? any_account() : dd_slice_of("");
        put->asked = cast_take(&cast, 3 * sizeof *put->asked);
        put->asked_count = put->all ? 0 : chance(80) ? 1 : draw(4);
        for (size_t k = 0; k < put->asked_count; k++)
            put->asked[k] = ANY(unit_codes);
        put->partners = put->asked;
        put->partner_count = draw(put->asked_count + 1);
    }
}

/* The name of some duty that there is, and whose. */
static void any_duty(struct dd_slice *unit, struct dd_slice *name)
{
    struct dd_duty_key key = {1, 0, 0, 0, 0};
    struct dd_duty_row row;
    struct dd_process process;
    char *text = cast_take(&cast, DD_DUTY_TEXT_BYTES);
    size_t pick = draw(500);
    bool found = dd_process_get(&cast.view, 1, &process);
    HOLDS(found);
    *unit = ANY(unit_codes);
    *name = dd_slice_of("plan");
    for (; dd_duty_next(&cast.view, &key, &row); dd_duty_step(&key)) {
        if (pick-- > 0 &&
            !(key.a > 0 && process.programme.stage[key.stage].of.size > 0 && chance(20)))
            continue;
        dd_duty_text(&process, &key, text);
        *unit = dd_slice_of("");
        *unit = cast_code(&cast, key.unit);
        *name = dd_slice_of(text);
        return;
    }
}

static void any_bend(struct dd_bend *c)
{
    *c = (struct dd_bend){.cycle = dd_slice_of(cycle_code),
                          .act = (enum dd_bend_act)(1 + draw(4)),
                          .reason = any_reason()};
    any_duty(&c->unit, &c->duty);
    if (c->act == DD_BEND_EXTEND)
        c->day = any_day();
}

static void any_delegate(struct dd_delegate *c)
{
    *c = (struct dd_delegate){.unit = ANY(unit_codes), .reason = any_reason()};
    if (chance(20)) {
        c->ends = (uint16_t)(1 + draw(4));
        return;
    }
    c->account = any_account();
    c->from_day = any_day();
    c->to_day = c->from_day + (int32_t)draw(90);
    c->stages = cast_take(&cast, sizeof *c->stages);
    c->stages[0] = programme.stage[draw(programme.stage_count)].key;
    c->stage_count = draw(2);
}

static void any_register(struct dd_register *c)
{
    static const char *const codes[] = {"", "", "de-an-1", "de-an-2"};
    size_t count = 1 + draw(3);
    bool task = chance(90);
    int32_t day = chance(80) ? cast_day("2013-01-20") + (int32_t)draw(300) : any_day();
    *c = (struct dd_register){.cycle = dd_slice_of(cycle_code),
                              .unit = ANY(unit_codes),
                              .task = (uint16_t)(1 + draw(4)),
                              .kind = programme.kind[task ? 0 : draw(programme.kind_count)].code,
                              .indicators = cast_take(&cast, count * sizeof *c->indicators),
                              .indicator_count = count};
    for (size_t i = 0; i < count; i++)
        c->indicators[i] = (struct dd_indicator_put){.number = (uint16_t)(i + 1),
                                                     .title = dd_slice_of("Chỉ tiêu"),
                                                     .has_target = true,
                                                     .target = {(int64_t)draw(9), 0},
                                                     .due_day = day,
                                                     .code = ANY(codes)};
}

static void any_decide(struct dd_decide *c)
{
    struct dd_version_row version;
    struct dd_matter_row matter;
    *c = (struct dd_decide){.cycle = dd_slice_of(cycle_code),
                            .unit = ANY(unit_codes),
                            .verdict = (enum dd_verdict)(1 + draw(3)),
                            .reason = any_reason()};
    uint32_t unit = dd_number_of(&cast.view, DD_TABLE_UNIT_CODE, c->unit);
    c->version = (uint16_t)(1 + draw(3));
    if (chance(40)) {
        if (dd_get_version(&cast.view, 1, unit, c->version, &version))
            memcpy(c->content_hash, version.content_hash, sizeof c->content_hash);
        return;
    }
    c->matter = any_matter();
    if (dd_get_matter(&cast.view, 1, c->matter, &matter) && chance(90)) {
        c->version = matter.revision;
        c->unit = cast_code(&cast, matter.owner);
    }
}

static void any_progress(struct dd_progress *c)
{
    bool matter = chance(50);
    *c = (struct dd_progress){.cycle = dd_slice_of(cycle_code),
                              .unit = ANY(unit_codes),
                              .task = matter ? any_matter() : (uint16_t)(1 + draw(4)),
                              .indicator = matter ? 0 : (uint16_t)(1 + draw(3)),
                              .outcome = (enum dd_outcome)(1 + draw(5)),
                              .day = any_day(),
                              .note = any_reason()};
    if (chance(80))
        c->day = dd_day_at(now_ms, CAST_OFFSET_MIN);
    c->is_correction = chance(10);
    if (c->is_correction)
        c->corrects_seq = draw(cast.next_seq);
}

static void any_publish(struct dd_publish *c)
{
    static const char *const numbers[] = {"1/BC", "2/BC", "3/BC"};
    *c = (struct dd_publish){.unit = ANY(unit_codes),
                             .number = ANY(numbers),
                             .issue = (enum dd_issue)(1 + draw(5)),
                             .title = dd_slice_of("Biểu"),
                             .day = any_day(),
                             .cycle = dd_slice_of(chance(50) ? cycle_code : ""),
                             .at_seq = draw(cast.next_seq + 5),
                             .type = dd_slice_of("text/csv"),
                             .corrects = chance(30) ? ANY(numbers) : dd_slice_of(""),
                             .capacity = any_capacity(),
                             .reason = any_reason()};
}

static void any_command(struct dd_command *c)
{
    memset(c, 0, sizeof *c);
    uint64_t which = draw(100);
    c->kind = which < 20   ? DD_COMMAND_SUBMIT
              : which < 38 ? DD_COMMAND_ASSIGN
              : which < 53 ? DD_COMMAND_BEND
              : which < 68 ? DD_COMMAND_DECIDE
              : which < 78 ? DD_COMMAND_PROGRESS
              : which < 86 ? DD_COMMAND_REGISTER
              : which < 90 ? DD_COMMAND_DELEGATE
              : which < 94 ? DD_COMMAND_PUBLISH
              : which < 97 ? DD_COMMAND_TRANSFER
                           : DD_COMMAND_WITHDRAW;
    switch ((unsigned)c->kind) {
    case DD_COMMAND_SUBMIT:
        any_submit(&c->as.submit);
        break;
    case DD_COMMAND_ASSIGN:
        any_assign(&c->as.assign);
        break;
    case DD_COMMAND_BEND:
        any_bend(&c->as.bend);
        break;
    case DD_COMMAND_DECIDE:
        any_decide(&c->as.decide);
        break;
    case DD_COMMAND_PROGRESS:
        any_progress(&c->as.progress);
        break;
    case DD_COMMAND_REGISTER:
        any_register(&c->as.register_);
        break;
    case DD_COMMAND_DELEGATE:
        any_delegate(&c->as.delegate);
        break;
    case DD_COMMAND_PUBLISH:
        any_publish(&c->as.publish);
        break;
    case DD_COMMAND_TRANSFER:
        c->as.transfer = (struct dd_transfer){dd_slice_of(cycle_code), ANY(unit_codes),
                                              ANY(unit_codes), any_reason()};
        break;
    default:
        c->as.withdraw = (struct dd_withdraw){dd_slice_of(cycle_code), ANY(unit_codes),
                                              (uint16_t)(1 + draw(3)), any_reason()};
        break;
    }
}

/* --- what must hold of what was accepted --- */

static bool has_office_in(uint32_t account, uint32_t unit)
{
    struct dd_account_row row;
    struct dd_dossier_row dossier;
    int32_t today = dd_day_at(now_ms, CAST_OFFSET_MIN);
    bool found = dd_get_account(&cast.view, account, &row);
    HOLDS(found);
    if (dd_office_any(&row, unit, today))
        return true;
    return dd_get_dossier(&cast.view, 1, unit, &dossier) && dossier.keeper != 0 &&
           dd_office_any(&row, dossier.keeper, today);
}

static void check_accepted(const struct dd_command *c, uint32_t account)
{
    const struct dd_event *event = &cast.event[0];
    uint32_t unit = dd_number_of(&cast.view, DD_TABLE_UNIT_CODE, dd_command_unit(c));
    if (c->kind == DD_COMMAND_BEND) {
        const struct dd_stage *stage = &programme.stage[event->duty.stage];
        HOLDS(!has_office_in(account, event->duty.unit));
        HOLDS(c->as.bend.reason.size > 0);
        if (stage->act == DD_ACT_DECIDE && stage->by == DD_ROLE_APPROVER && stage->of.size > 0) {
            struct dd_matter_row matter;
            bool found = dd_get_matter(&cast.view, 1, event->duty.a, &matter);
            HOLDS(found && matter.approver != account);
        }
    }
    if (c->kind == DD_COMMAND_DECIDE && programme.stage[event->stage].by != DD_ROLE_HEAD)
        HOLDS(!has_office_in(account, unit));
    if (event->end == DD_END_LATE &&
        (event->kind == DD_EVENT_REPORT_TAKEN || event->kind == DD_EVENT_ANSWER_TAKEN ||
         event->kind == DD_EVENT_MATTER_PROGRESSED))
        HOLDS(!dd_silence_ends(programme.stage[event->stage].silence));
}

static void check_duty(const struct dd_duty_key *key, const struct dd_duty_row *duty,
                       uint32_t open[])
{
    const struct dd_stage *stage = &programme.stage[key->stage];
    struct dd_duty_key due;
    int64_t at_ms;
    HOLDS(duty->end != DD_END_ON_TIME || duty->ended_ms < duty->bound_ms);
    HOLDS(duty->end != DD_END_LATE || duty->ended_ms >= duty->bound_ms);
    HOLDS(duty->end != DD_END_LATE || !dd_silence_ends(stage->silence));
    HOLDS(duty->end != DD_END_LAPSED ||
          (dd_silence_ends(stage->silence) && duty->ended_ms == duty->bound_ms));
    HOLDS(!duty->suspended || duty->last_day == INT32_MAX);
    HOLDS(duty->end == DD_END_OPEN || duty->next_at_ms == INT64_MAX);
    HOLDS(duty->extensions <= stage->extensions);
    if (duty->next_at_ms != INT64_MAX)
        HOLDS(dd_next_due(&cast.view, duty->next_at_ms, key, &at_ms, &due) &&
              at_ms == duty->next_at_ms && due.unit == key->unit && due.stage == key->stage &&
              due.a == key->a && due.b == key->b);
    if (stage->of.size > 0 && duty->end == DD_END_OPEN)
        open[key->a]++;
}

static void check_state(void)
{
    static uint32_t open[DD_MATTERS_PER_CYCLE_MAX + 1];
    struct dd_duty_key key = {1, 0, 0, 0, 0};
    struct dd_duty_row duty;
    struct dd_matter_row matter;
    size_t due = 0;
    memset(open, 0, sizeof open);
    for (; dd_duty_next(&cast.view, &key, &duty); dd_duty_step(&key)) {
        check_duty(&key, &duty, open);
        due += duty.next_at_ms != INT64_MAX;
    }
    HOLDS(due == naive_count(&cast.rows, DD_TABLE_DUE));
    for (uint16_t i = 1; dd_get_matter(&cast.view, 1, i, &matter); i++)
        HOLDS(matter.open == open[i]);
}

/* --- questions --- */

static void ask(void)
{
    static const enum dd_question_kind kinds[] = {
        DD_QUESTION_MATTERS,      DD_QUESTION_MATTER,    DD_QUESTION_FIGURES,
        DD_QUESTION_DUTIES,       DD_QUESTION_CYCLE,     DD_QUESTION_TABLE,
        DD_QUESTION_PUBLICATIONS, DD_QUESTION_REMINDERS, DD_QUESTION_DELEGATIONS,
        DD_QUESTION_DOSSIER,      DD_QUESTION_UNITS,     DD_QUESTION_CYCLES};
    static const char *const periods[] = {"", "2013-02", "2013-Q1", "H1", "year"};
    static const uint8_t forged[] = {0xff, 0x80, 0, 1, 0x7f, 0xff, 0xff, 0xff, 0, 0};
    struct dd_question q = {.kind = kinds[draw(sizeof kinds / sizeof kinds[0])],
                            .cycle = dd_slice_of(cycle_code),
                            .period = ANY(periods),
                            .stage = any_stage(),
                            .matter = any_matter(),
                            .has_as_of = chance(30),
                            .as_of_day = any_day()};
    size_t page = chance(50) ? 64 : 100000;
    if (chance(50))
        q.unit = ANY(unit_codes);
    if (chance(10))
        q.after = (struct dd_slice){forged, draw(sizeof forged + 1)};
    for (size_t i = 0; i < PAGES_MAX; i++) {
        struct dd_answer answer;
        struct dd_arena arena = dd_arena_make(16 * 1024 * 1024);
        struct dd_asking asking = {&cast.view, &arena, CAST_ADMIN, now_ms, page};
        struct dd_refusal refusal;
        uint8_t *next = cast_take(&cast, 16);
        enum dd_status status = dd_answer(&asking, &q, &answer, &refusal);
        HOLDS(status == DD_OK || status == DD_NOT_FOUND || status == DD_INVALID);
        bool more = status == DD_OK && answer.next.size > 0;
        HOLDS(!more || answer.next.size <= 16);
        if (more)
            memcpy(next, answer.next.data, answer.next.size);
        q.after = (struct dd_slice){next, more ? answer.next.size : 0};
        dd_arena_free(&arena);
        if (!more)
            return;
    }
    HOLDS(page == 64); /* tiny pages may be many */
}

/* --- the run --- */

static void put_account(const char *code, struct dd_office a, struct dd_office b)
{
    static uint8_t number = 200;
    struct dd_command command = {.kind = DD_COMMAND_PUT_ACCOUNT};
    struct dd_office *offices = cast_take(&cast, 2 * sizeof *offices);
    offices[0] = a;
    offices[1] = b;
    command.as.put_account = (struct dd_put_account){
        .code = dd_slice_of(code), .to_ms = INT64_MAX, .offices = offices, .office_count = 2};
    memset(command.as.put_account.link_key, ++number, 32);
    memset(command.as.put_account.sign_key, number, 32);
    CAST_OK(&cast, cast_do(&cast, CAST_ADMIN, cast_at("2013-01-11T07:00"), &command));
}

static struct dd_office in(enum dd_role role, const char *unit)
{
    return (struct dd_office){role, dd_slice_of(unit), INT32_MIN, INT32_MAX};
}

static bool open_cycle(void)
{
    struct dd_command command = {.kind = DD_COMMAND_PUT_PROGRAMME};
    struct dd_open_cycle *c = &command.as.open_cycle;
    static const char *const names[] = {"plan", "self", "appraised"};
    command.as.put_programme = programme;
    CAST_OK(&cast, cast_do(&cast, CAST_ADMIN, cast_at("2013-01-11T07:59"), &command));
    command = (struct dd_command){.kind = DD_COMMAND_OPEN_CYCLE};
    *c = cast_cycle(&cast, "rulebook", "2013");
    for (size_t i = 0; i < 3; i++)
        c->dates[i] = (struct dd_named_date){dd_slice_of(names[i]), cast_day("2013-02-15")};
    if (chance(15))
        c->appraiser_count = 0;
    if (chance(15)) {
        c->approver_count = 0;
        for (size_t i = 0; i < c->party_count; i++)
            c->parties[i].approver.size = 0;
    }
    return cast_do(&cast, CAST_ADMIN, cast_at("2013-01-11T08:00"), &command) == DD_OK;
}

/* a3 is dissolved in March, so that it may have a successor. */
static void dissolve(void)
{
    static struct dd_unit_put unit;
    struct dd_command command = {.kind = DD_COMMAND_PUT_UNITS};
    unit = (struct dd_unit_put){.code = dd_slice_of("a3"),
                                .name = dd_slice_of("Chi cục"),
                                .group = dd_slice_of("province"),
                                .parent = dd_slice_of("ubnd"),
                                .from_day = INT32_MIN,
                                .to_day = cast_day("2013-02-20")};
    command.as.put_units =
        (struct dd_put_units){.page = 1, .last = true, .units = &unit, .unit_count = 1};
    CAST_OK(&cast, cast_do(&cast, CAST_ADMIN, cast_at("2013-01-11T07:30"), &command));
}

static size_t accepted;

static void step(void)
{
    struct dd_command c;
    struct dd_command decoded;
    struct dd_refusal refusal;
    struct dd_slice bytes;
    any_command(&c);
    c.id.byte[0] = 1;
    dd_arena_reset(&cast.scratch);
    enum dd_status status = dd_codec_command_encode(&c, &cast.keep, &bytes);
    HOLDS(status == DD_OK || status == DD_INVALID);
    if (status != DD_OK)
        return;
    status = dd_codec_command_decode(bytes, &cast.keep, &decoded, &refusal);
    if (status != DD_OK)
        return;
    /* by whoever may, if anybody */
    for (uint32_t i = 0, first = (uint32_t)draw(account_count); i < account_count; i++) {
        uint32_t account = 1 + (first + i) % account_count;
        memset(decoded.id.byte, 0, sizeof decoded.id.byte);
        status = cast_do(&cast, account, now_ms, &decoded);
        HOLDS(status != DD_CORRUPT && status != DD_NO_MEMORY && status != DD_TOO_LARGE);
        if (status == DD_OK) {
            accepted++;
            check_accepted(&decoded, account);
            return;
        }
    }
}

static void pass_time(void)
{
    uint64_t which = draw(10);
    int32_t today = dd_day_at(now_ms, CAST_OFFSET_MIN);
    if (which < 4)
        now_ms += (int64_t)draw(3600000);
    else if (which < 6)
        now_ms += (int64_t)draw(5) * DAY_MS;
    else if (which < 8)
        now_ms = dd_instant_at(today + 1, 0, CAST_OFFSET_MIN) - (int64_t)draw(2);
    if (chance(60))
        while (cast_tick(&cast, now_ms) > 0)
            continue;
}

static void check_replay(void)
{
    struct naive rows = naive_make();
    struct dd_view view = naive_view(&rows);
    cast_replay(&cast, &view);
    if (!naive_equal(&rows, &cast.rows))
        naive_explain(&cast.rows, &rows);
    HOLDS(naive_equal(&rows, &cast.rows));
    naive_free(&rows);
}

static void run(uint64_t seed)
{
    seed_now = random_state = seed;
    any_programme();
    cast_make(&cast, AGENCIES);
    put_account("deputy", in(DD_ROLE_DEPUTY, "a1"), in(DD_ROLE_OFFICER, "a2"));
    put_account("both", in(DD_ROLE_HEAD, "a1"), in(DD_ROLE_APPRAISER, "snv"));
    put_account("hostess", in(DD_ROLE_HEAD, "ubnd"), in(DD_ROLE_OFFICER, "ubnd"));
    put_account("third", in(DD_ROLE_APPROVER, "ubnd"), in(DD_ROLE_HEAD, "a2"));
    dissolve();
    account_count = cast_head(CAST_A1 + AGENCIES) + ACCOUNTS_MORE - 1;
    if (open_cycle()) {
        now_ms = cast_at("2013-01-14T08:00");
        for (size_t i = 0; i < STEPS; i++) {
            pass_time();
            step();
            if (i % 8 == 0)
                check_state();
            if (chance(25))
                ask();
        }
        check_state();
        check_replay();
    }
    cast_free(&cast);
}

static void hostile_input_breaks_nothing(void **state)
{
    const char *given = getenv("DD_SEED");
    uint64_t first = given ? strtoull(given, NULL, 10) : 1;
    uint64_t count = given ? 1 : SEEDS;
    (void)state;
    printf("seeds %llu to %llu, %d steps each\n", (unsigned long long)first,
           (unsigned long long)(first + count - 1), STEPS);
    for (uint64_t seed = first; seed < first + count; seed++)
        run(seed);
    printf("%zu commands accepted\n", accepted);
    assert_true(given || accepted > 5 * count);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_input_breaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
