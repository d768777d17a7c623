/*
 * Properties of matters under random kinds, acts and time, held against a second telling of the
 * same rules that keeps no counters: from the history of a matter alone it says which duties are
 * owed, how each ended and what a vote comes to. Every duty is as told and there is no other; on
 * time + late + lapsed + open are all of them; silence writes no answer; what may be decided can
 * be, and nothing else; tallies folded = tallies kept, also of earlier instants; replay gives equal
 * state. DD_SEED runs one seed alone.
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
#include "tests/lib/matter_cast.h"

enum {
    SEEDS = 120,
    STEPS = 120,
    AGENCIES = 3,
    PARTIES = AGENCIES + 2,
    MATTERS_MAX = 24,
    ACTS_MAX = STEPS,
    OWED_MAX = 4 * PARTIES + 4,
    MARKS_MAX = 12,
    FIRST_KIND = CAST_COMMON + 1,
    KINDS_MOST = 4,
    STAGES_MOST = 4, /* of a kind */
    DAY_MS = 86400000
};

static uint64_t seed_now;
static uint64_t random_state;
static struct cast cast;
static int64_t now_ms;
static struct dd_programme programme;

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

/* --- any kinds --- */

static const char *const keys[] = {"s0", "s1", "s2",  "s3",  "s4",  "s5",  "s6",  "s7",
                                   "s8", "s9", "s10", "s11", "s12", "s13", "s14", "s15"};
static const char *const kind_codes[] = {"k0", "k1", "k2", "k3"};
static const char *const choices[] = {"yes", "no", "other"};

static void any_time(struct dd_stage *stage)
{
    uint64_t which = draw(5);
    if (which == 0)
        return;
    if (which < 3) {
        stage->deadline.word = DD_WORD_BY;
    } else {
        stage->deadline.anchor = DD_ANCHOR_OPENING;
        stage->deadline.days = (int16_t)draw(16);
    }
    if (chance(60))
        stage->silence = (enum dd_silence)(DD_SILENCE_LAPSES + draw(4));
    stage->refuse_after_bound = chance(10);
    stage->rung_count = 1;
    stage->rung[0] = (int8_t)(draw(7) - 3);
}

static void any_vote(struct dd_stage *stage)
{
    static const uint8_t percents[] = {33, 50, 66, 75};
    stage->choice_count = (uint8_t)(2 + draw(2));
    for (size_t i = 0; i < stage->choice_count; i++)
        stage->choice[i].code = dd_slice_of(choices[i]);
    if (chance(30))
        return;
    stage->pass_choice = (uint8_t)(1 + draw(stage->choice_count));
    stage->pass_percent = percents[draw(4)];
    stage->pass_of_cast = chance(40);
}

static void any_stage(struct dd_stage *stage, size_t index, size_t kind, bool *has_outcome)
{
    static const enum dd_act acts[] = {DD_ACT_ANSWER, DD_ACT_ANSWER, DD_ACT_DECIDE, DD_ACT_OUTCOME};
    static const enum dd_role by[] = {[DD_ACT_ANSWER] = DD_ROLE_HEAD,
                                      [DD_ACT_DECIDE] = DD_ROLE_APPROVER,
                                      [DD_ACT_OUTCOME] = DD_ROLE_OFFICER};
    *stage = (struct dd_stage){.key = dd_slice_of(keys[index]),
                               .of = dd_slice_of(kind_codes[kind]),
                               .silence = DD_SILENCE_MISSING};
    stage->act = acts[draw(4)];
    if (stage->act == DD_ACT_OUTCOME && *has_outcome)
        stage->act = DD_ACT_ANSWER;
    *has_outcome = *has_outcome || stage->act == DD_ACT_OUTCOME;
    stage->by = by[stage->act];
    if (stage->act != DD_ACT_DECIDE)
        stage->who = chance(70) ? DD_WHO_EACH : DD_WHO_OWNER;
    if (stage->act == DD_ACT_ANSWER)
        any_vote(stage);
    any_time(stage);
}

static void any_programme(void)
{
    size_t kinds = 1 + draw(KINDS_MOST);
    programme = cast_programme();
    for (size_t k = 0; k < kinds; k++) {
        size_t stages = 1 + draw(STAGES_MOST);
        bool has_outcome = false;
        programme.kind[FIRST_KIND + k] = (struct dd_item_kind){.code = dd_slice_of(kind_codes[k]),
                                                               .matter = true,
                                                               .counted = chance(70),
                                                               .opened_by = DD_ROLE_HEAD,
                                                               .opened_in = DD_WHERE_OWNER,
                                                               .needs_due = true};
        for (size_t i = 0; i < stages; i++, programme.stage_count++)
            any_stage(&programme.stage[programme.stage_count],
                      (size_t)(programme.stage_count - CAST_STAGES), k, &has_outcome);
    }
    programme.kind_count = (uint8_t)(FIRST_KIND + kinds);
}

/* --- the second telling --- */

struct act {
    int64_t at_ms;
    enum dd_act what;
    uint32_t unit;
    uint8_t stage;
    uint8_t choice;
    bool done;
    bool returns;
};

/* A matter as its opener knows it, and what came about it. */
struct subject {
    size_t kind; /* 0 for k0 */
    uint32_t owner;
    uint32_t asked[PARTIES];
    size_t asked_count;
    int32_t due_day;
    int64_t at_ms;
    struct act act[ACTS_MAX];
    size_t act_count;
};

struct owed {
    uint8_t stage;
    uint32_t unit;
    int32_t last_day;
    int64_t bound_ms;
    int64_t arose_ms;
    enum dd_end end;
    int64_t ended_ms;
    bool returned;
};

struct story {
    const struct subject *of;
    struct owed owed[OWED_MAX];
    size_t count;
};

static struct subject subjects[MATTERS_MAX];
static uint16_t subject_count;

static const struct dd_stage *rule_of(const struct owed *owed)
{
    return &programme.stage[owed->stage];
}

static struct owed *find_owed(struct story *story, uint8_t stage, uint32_t unit)
{
    for (size_t i = 0; i < story->count; i++) {
        if (story->owed[i].stage == stage && (unit == 0 || story->owed[i].unit == unit))
            return &story->owed[i];
    }
    return NULL;
}

static void owe(struct story *story, uint8_t stage, uint32_t unit, int64_t at_ms)
{
    const struct dd_deadline_rule *rule = &programme.stage[stage].deadline;
    struct owed owed = {stage, unit, INT32_MAX, INT64_MAX, at_ms, DD_END_OPEN, 0, false};
    if (rule->word != 0)
        owed.last_day = story->of->due_day;
    if (rule->anchor != 0)
        owed.last_day = (int32_t)((at_ms + CAST_OFFSET_MIN * 60000LL) / DAY_MS) + rule->days;
    if (owed.last_day != INT32_MAX)
        owed.bound_ms = (owed.last_day + 1LL) * DAY_MS - CAST_OFFSET_MIN * 60000LL;
    if (programme.stage[stage].act == DD_ACT_ANSWER && rule->word != 0 &&
        programme.stage[stage].silence != DD_SILENCE_MISSING && owed.bound_ms <= at_ms) {
        owed.last_day = INT32_MAX; /* asked when its day was over */
        owed.bound_ms = INT64_MAX;
    }
    HOLDS(story->count < OWED_MAX);
    story->owed[story->count++] = owed;
}

static bool nothing_open(const struct story *story)
{
    for (size_t i = 0; i < story->count; i++) {
        if (story->owed[i].end == DD_END_OPEN)
            return false;
    }
    return true;
}

static bool agreed(const struct owed *decision)
{
    if (decision->end == DD_END_LAPSED)
        return rule_of(decision)->silence == DD_SILENCE_AGREES;
    return decision->end != DD_END_OPEN && !decision->returned;
}

/* Whatever can arise arises: the stages are walked from the first each time. */
static void tell_on(struct story *story, int64_t at_ms)
{
    for (uint8_t i = CAST_STAGES; i < programme.stage_count; i++) {
        const struct dd_stage *stage = &programme.stage[i];
        if (!dd_slice_equal(stage->of, dd_slice_of(kind_codes[story->of->kind])))
            continue;
        const struct owed *known = find_owed(story, i, 0);
        if (stage->act == DD_ACT_DECIDE) {
            if (!known && nothing_open(story))
                owe(story, i, story->of->owner, at_ms);
            if (!known || !agreed(known))
                return;
        } else if (!known && stage->who == DD_WHO_OWNER) {
            owe(story, i, story->of->owner, at_ms);
        } else if (!known) {
            for (size_t k = 0; k < story->of->asked_count; k++)
                owe(story, i, story->of->asked[k], at_ms);
        }
    }
}

static bool silence_ends(const struct owed *owed)
{
    return rule_of(owed)->silence != DD_SILENCE_MISSING;
}

/* Silence ends what it ends, the earliest first. */
static void let_time_pass(struct story *story, int64_t until_ms)
{
    for (;;) {
        struct owed *next = NULL;
        for (size_t i = 0; i < story->count; i++) {
            struct owed *owed = &story->owed[i];
            if (owed->end == DD_END_OPEN && silence_ends(owed) && owed->bound_ms <= until_ms &&
                (!next || owed->bound_ms < next->bound_ms))
                next = owed;
        }
        if (!next)
            return;
        next->end = DD_END_LAPSED;
        next->ended_ms = next->bound_ms;
        tell_on(story, next->bound_ms > next->arose_ms ? next->bound_ms : next->arose_ms);
    }
}

static void tell_act(struct story *story, const struct act *act)
{
    struct owed *owed = find_owed(story, act->stage, act->unit);
    HOLDS(owed != NULL);
    if (act->what == DD_ACT_OUTCOME && !act->done) {
        if (owed->end == DD_END_ON_TIME || owed->end == DD_END_LATE) {
            owed->end = DD_END_OPEN;
            owed->ended_ms = 0;
        }
        return;
    }
    if (owed->end != DD_END_OPEN)
        return;
    owed->end = act->at_ms < owed->bound_ms ? DD_END_ON_TIME : DD_END_LATE;
    owed->ended_ms = act->at_ms;
    owed->returned = act->returns;
    tell_on(story, act->at_ms);
}

static void tell(const struct subject *subject, int64_t until_ms, struct story *story)
{
    memset(story, 0, sizeof *story);
    story->of = subject;
    tell_on(story, subject->at_ms);
    for (size_t i = 0; i < subject->act_count; i++) {
        let_time_pass(story, subject->act[i].at_ms);
        tell_act(story, &subject->act[i]);
    }
    let_time_pass(story, until_ms);
}

/* The decision that may be taken now: the only thing that is open. */
static const struct owed *decision_of(const struct story *story)
{
    const struct owed *only = NULL;
    for (size_t i = 0; i < story->count; i++) {
        if (story->owed[i].end != DD_END_OPEN)
            continue;
        if (only)
            return NULL;
        only = &story->owed[i];
    }
    return only && rule_of(only)->act == DD_ACT_DECIDE ? only : NULL;
}

/* The choice that counts of those that the unit made: the last in time, if it was met in time. */
static uint8_t choice_of(const struct subject *subject, const struct owed *owed)
{
    uint8_t choice = 0;
    if (owed->end != DD_END_ON_TIME && owed->end != DD_END_LATE)
        return 0;
    for (size_t i = 0; i < subject->act_count; i++) {
        const struct act *act = &subject->act[i];
        if (act->what == DD_ACT_ANSWER && act->stage == owed->stage && act->unit == owed->unit &&
            (owed->end == DD_END_LATE || act->at_ms < owed->bound_ms))
            choice = act->choice;
    }
    return choice;
}

static bool more_than(const struct dd_stage *rule, uint32_t chose, uint32_t answered,
                      uint32_t lapsed, uint32_t asked)
{
    uint32_t deemed = rule->silence == DD_SILENCE_AGREES ? lapsed : 0;
    return (chose + deemed) * 100 >
           rule->pass_percent * (rule->pass_of_cast ? answered + deemed : asked);
}

/* Tries all that those still open may do: so many choose it, so many something else, the rest keep
 * silent. */
static bool is_settled(const struct dd_stage *rule, const struct dd_matter_result *r)
{
    uint32_t chose = r->count[rule->pass_choice - 1];
    for (uint32_t for_it = 0; for_it <= r->open; for_it++) {
        for (uint32_t other = 0; for_it + other <= r->open; other++) {
            uint32_t silent = r->open - for_it - other;
            if (more_than(rule, chose + for_it, r->answered + for_it + other, r->lapsed + silent,
                          r->asked) != r->passed)
                return false;
        }
    }
    return true;
}

static void check_result(uint16_t matter, const struct story *story, uint8_t stage)
{
    const struct dd_stage *rule = &programme.stage[stage];
    struct dd_matter_result told = {.has_rule = rule->pass_choice > 0};
    struct dd_matter_result got = matter_result(&cast, matter, stage);
    for (size_t i = 0; i < story->count; i++) {
        const struct owed *owed = &story->owed[i];
        if (owed->stage != stage)
            continue;
        told.asked++;
        told.lapsed += owed->end == DD_END_LAPSED;
        told.open += owed->end == DD_END_OPEN;
        uint8_t choice = choice_of(story->of, owed);
        told.answered += choice != 0;
        if (choice != 0)
            told.count[choice - 1]++;
    }
    HOLDS(told.asked == told.answered + told.lapsed + told.open);
    HOLDS(got.asked == told.asked && got.answered == told.answered);
    HOLDS(got.lapsed == told.lapsed && got.open == told.open);
    HOLDS(memcmp(got.count, told.count, sizeof told.count) == 0);
    HOLDS(got.has_rule == told.has_rule);
    if (!told.has_rule)
        return;
    HOLDS(got.passed == (got.favour >= got.needed) && got.favour <= got.counted);
    told.passed =
        more_than(rule, told.count[rule->pass_choice - 1], told.answered, told.lapsed, told.asked);
    HOLDS(got.passed == told.passed);
    HOLDS(got.settled == is_settled(rule, &told));
}

/* --- what must hold --- */

/* Time as the broker offers it: until it has nothing more to do. */
static void tick(void)
{
    while (cast_tick(&cast, now_ms) > 0)
        continue;
}

static size_t check_matter(uint16_t matter, size_t *answers)
{
    const struct subject *subject = &subjects[matter - 1];
    struct story story;
    uint32_t open = 0;
    tell(subject, now_ms, &story);
    for (size_t i = 0; i < story.count; i++) {
        const struct owed *owed = &story.owed[i];
        struct dd_duty_row duty = matter_duty(&cast, owed->unit, owed->stage, matter);
        HOLDS(duty.end == owed->end);
        HOLDS(duty.last_day == owed->last_day && duty.bound_ms == owed->bound_ms);
        HOLDS(duty.arose_ms == owed->arose_ms && duty.ended_ms == owed->ended_ms);
        open += owed->end == DD_END_OPEN;
        if (rule_of(owed)->act == DD_ACT_ANSWER)
            check_result(matter, &story, owed->stage);
    }
    HOLDS(matter_row(&cast, matter).open == open);
    for (size_t i = 0; i < subject->act_count; i++)
        *answers += subject->act[i].what == DD_ACT_ANSWER;
    return story.count;
}

/* Every duty of a matter is one that is told; silence has left no answer behind. */
static void check_matters(void)
{
    struct dd_duty_key key = {1, 0, 0, 0, 0};
    struct dd_duty_row duty;
    size_t told = 0;
    size_t answers = 0;
    tick(); /* what arose only now may be over already */
    for (uint16_t matter = 1; matter <= subject_count; matter++)
        told += check_matter(matter, &answers);
    for (; dd_duty_next(&cast.view, &key, &duty); dd_duty_step(&key)) {
        if (key.stage < CAST_STAGES)
            continue;
        HOLDS(told > 0);
        told--;
        HOLDS(duty.end == DD_END_OPEN || duty.end == DD_END_ON_TIME || duty.end == DD_END_LATE ||
              duty.end == DD_END_LAPSED);
        HOLDS(duty.end != DD_END_LAPSED || dd_silence_ends(programme.stage[key.stage].silence));
    }
    HOLDS(told == 0);
    HOLDS(naive_count(&cast.rows, DD_TABLE_ANSWER) == answers);
    HOLDS(naive_count(&cast.rows, DD_TABLE_MATTER) == subject_count);
}

static bool counts_equal(const struct dd_counts_row *a, const struct dd_counts_row *b)
{
    return a->registered_year == b->registered_year &&
           a->registered_period == b->registered_period && a->completed == b->completed &&
           a->exceeded == b->exceeded && a->early == b->early && a->unattainable == b->unattainable;
}

static struct mark {
    int64_t at_ms;
    struct dd_counts_row counts[PARTIES];
} marks[MARKS_MAX];
static size_t mark_count;

static void mark(void)
{
    if (mark_count == MARKS_MAX)
        return;
    marks[mark_count].at_ms = now_ms;
    for (uint32_t i = 0; i < PARTIES; i++)
        marks[mark_count].counts[i] =
            cast_tally(&cast, DD_SCOPE_UNIT, CAST_SNV + i, CAST_H1).counts;
    mark_count++;
}

static void check_tallies(void)
{
    struct dd_process process = matter_process(&cast);
    struct dd_counts_row folded;
    for (uint32_t i = 0; i < PARTIES; i++) {
        struct dd_counts_row kept = cast_tally(&cast, DD_SCOPE_UNIT, CAST_SNV + i, CAST_H1).counts;
        dd_tally_fold(&cast.view, &process, CAST_SNV + i, CAST_H1, INT64_MAX, &folded);
        HOLDS(counts_equal(&folded, &kept));
        for (size_t m = 0; m < mark_count; m++) {
            dd_tally_fold(&cast.view, &process, CAST_SNV + i, CAST_H1, marks[m].at_ms + 1, &folded);
            HOLDS(counts_equal(&folded, &marks[m].counts[i]));
        }
    }
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

/* --- acts --- */

static struct dd_slice code_of(uint32_t unit)
{
    return cast_code(&cast, unit);
}

static void open_matter(void)
{
    struct dd_command command = {.kind = DD_COMMAND_ASSIGN};
    struct subject *subject = &subjects[subject_count];
    struct dd_matter_put *put = cast_take(&cast, sizeof *put);
    if (subject_count == MATTERS_MAX)
        return;
    memset(subject, 0, sizeof *subject);
    subject->kind = draw((uint64_t)programme.kind_count - FIRST_KIND);
    subject->owner = CAST_SNV + (uint32_t)draw(PARTIES);
    subject->at_ms = now_ms;
    subject->due_day = dd_day_at(now_ms, CAST_OFFSET_MIN) + (int32_t)draw(25);
    *put = matter_put(kind_codes[subject->kind], "", NULL);
    put->owner = code_of(subject->owner);
    put->due_day = subject->due_day;
    put->asked = cast_take(&cast, PARTIES * sizeof *put->asked);
    bool asks = dd_matter_asks(&programme, (uint8_t)(FIRST_KIND + subject->kind));
    put->all = asks && chance(20);
    for (uint32_t i = 0; asks && i < PARTIES; i++) {
        if (put->all ? CAST_SNV + i == subject->owner : !chance(60))
            continue;
        subject->asked[subject->asked_count++] = CAST_SNV + i;
        put->asked[put->asked_count++] = code_of(CAST_SNV + i);
    }
    if (put->all)
        put->asked_count = 0;
    command.as.assign = (struct dd_assign){.cycle = dd_slice_of("key-tasks/2013"),
                                           .unit = put->owner,
                                           .matters = put,
                                           .matter_count = 1};
    enum dd_status status = cast_do(&cast, cast_head(subject->owner), now_ms, &command);
    HOLDS((status == DD_OK) == (!asks || subject->asked_count > 0));
    if (status == DD_OK)
        subject_count++;
}

static void keep_act(struct subject *subject, const struct act *act)
{
    HOLDS(subject->act_count < ACTS_MAX);
    subject->act[subject->act_count++] = *act;
}

/* True if a decision behind the stage has been taken, so that answers before it stay. */
static bool decided_behind(struct story *story, uint8_t stage)
{
    for (uint8_t i = (uint8_t)(stage + 1); i < programme.stage_count; i++) {
        if (programme.stage[i].act != DD_ACT_DECIDE ||
            !dd_slice_equal(programme.stage[i].of, programme.stage[stage].of))
            continue;
        const struct owed *decision = find_owed(story, i, 0);
        return decision && decision->end != DD_END_OPEN;
    }
    return false;
}

static bool refused_late(const struct owed *owed)
{
    return rule_of(owed)->refuse_after_bound && now_ms >= owed->bound_ms;
}

static void answer(uint16_t matter, struct story *story, const struct owed *owed)
{
    struct subject *subject = &subjects[matter - 1];
    const struct dd_stage *rule = rule_of(owed);
    struct act act = {now_ms, DD_ACT_ANSWER, owed->unit, owed->stage, 0, false, false};
    struct dd_command command = {.kind = DD_COMMAND_SUBMIT};
    act.choice = (uint8_t)(1 + draw(rule->choice_count));
    command.as.submit = (struct dd_submit){.cycle = dd_slice_of("key-tasks/2013"),
                                           .unit = code_of(owed->unit),
                                           .what = DD_SUBMISSION_ANSWER,
                                           .stage = rule->key,
                                           .matter = matter,
                                           .choice = dd_slice_of(choices[act.choice - 1])};
    bool met = owed->end == DD_END_ON_TIME || owed->end == DD_END_LATE;
    bool taken = !refused_late(owed) && !(met && decided_behind(story, owed->stage));
    enum dd_status status = cast_do(&cast, cast_head(owed->unit), now_ms, &command);
    HOLDS((status == DD_OK) == taken);
    if (status == DD_OK)
        keep_act(subject, &act);
}

static void progress(uint16_t matter, const struct owed *owed)
{
    struct act act = {now_ms, DD_ACT_OUTCOME, owed->unit, owed->stage, 0, chance(60), false};
    struct dd_command command = {.kind = DD_COMMAND_PROGRESS};
    command.as.progress = (struct dd_progress){
        .cycle = dd_slice_of("key-tasks/2013"),
        .unit = code_of(owed->unit),
        .task = matter,
        .outcome = act.done ? (chance(50) ? DD_OUTCOME_COMPLETED : DD_OUTCOME_EXCEEDED)
                            : (chance(50) ? DD_OUTCOME_OPEN : DD_OUTCOME_UNATTAINABLE),
        .day = dd_day_at(now_ms, CAST_OFFSET_MIN)};
    enum dd_status status = cast_do(&cast, cast_officer(owed->unit), now_ms, &command);
    HOLDS((status == DD_OK) == !refused_late(owed));
    if (status == DD_OK)
        keep_act(&subjects[matter - 1], &act);
}

/* By the right one, or now and then somebody else; of the matter as it stands, or as it stood. */
static void decide(uint16_t matter, const struct story *story)
{
    struct subject *subject = &subjects[matter - 1];
    const struct owed *owed = decision_of(story);
    struct dd_matter_row row = matter_row(&cast, matter);
    struct dd_command command = {.kind = DD_COMMAND_DECIDE};
    bool returns = chance(20);
    bool stale = chance(10);
    uint32_t account = chance(90) ? row.approver : cast_head(subject->owner);
    command.as.decide =
        (struct dd_decide){.cycle = dd_slice_of("key-tasks/2013"),
                           .unit = code_of(subject->owner),
                           .version = (uint16_t)(row.revision - stale),
                           .verdict = chance(70) ? DD_VERDICT_AGREE : DD_VERDICT_IN_PRINCIPLE,
                           .matter = matter};
    if (returns) {
        command.as.decide.verdict = DD_VERDICT_RETURN;
        command.as.decide.reason = dd_slice_of("chưa đạt");
    }
    if (account == 0)
        account = CAST_CHAIR;
    enum dd_status status = cast_do(&cast, account, now_ms, &command);
    HOLDS((status == DD_OK) == (owed && !stale && account == row.approver && !refused_late(owed)));
    struct act act = {now_ms, DD_ACT_DECIDE, subject->owner, 0, 0, false, returns};
    if (status != DD_OK)
        return;
    act.stage = owed->stage;
    keep_act(subject, &act);
}

static void act_on(uint16_t matter)
{
    struct story story;
    tell(&subjects[matter - 1], now_ms, &story);
    if (story.count == 0 || chance(25)) {
        decide(matter, &story);
        return;
    }
    const struct owed *owed = &story.owed[draw(story.count)];
    switch (rule_of(owed)->act) {
    case DD_ACT_ANSWER:
        answer(matter, &story, owed);
        break;
    case DD_ACT_OUTCOME:
        progress(matter, owed);
        break;
    case DD_ACT_DECIDE:
    case DD_ACT_HAND_IN:
    case DD_ACT_REPORT:
        decide(matter, &story);
        break;
    }
}

/* Nothing, minutes, days, or just to midnight; then the Ticks, as the broker offers them. */
static void pass_time(void)
{
    uint64_t which = draw(10);
    int32_t today = dd_day_at(now_ms, CAST_OFFSET_MIN);
    if (which < 4)
        now_ms += (int64_t)draw(60 * 60 * 1000);
    else if (which < 6)
        now_ms += (int64_t)draw(6) * DAY_MS;
    else if (which < 8)
        now_ms = dd_instant_at(today + 1, 0, CAST_OFFSET_MIN) - (int64_t)draw(2);
    if (which < 8)
        now_ms++;
    tick();
}

static void run(uint64_t seed)
{
    seed_now = random_state = seed;
    subject_count = 0;
    mark_count = 0;
    any_programme();
    cast_make(&cast, AGENCIES);
    cast_open_with(&cast, &programme);
    now_ms = cast_at("2013-01-14T08:00");
    for (size_t i = 0; i < STEPS; i++) {
        if (chance(10))
            mark(); /* what has come until now: later entries bear later stamps */
        pass_time();
        if (mark_count > 0 && marks[mark_count - 1].at_ms == now_ms)
            mark_count--;
        if (subject_count == 0 || chance(15))
            open_matter();
        else
            act_on((uint16_t)(1 + draw(subject_count)));
        if (i % 4 == 0)
            check_matters();
    }
    check_matters();
    check_tallies();
    check_replay();
    cast_free(&cast);
}

static void matters_go_as_their_history_tells(void **state)
{
    const char *given = getenv("DD_SEED");
    uint64_t first = given ? strtoull(given, NULL, 10) : 1;
    uint64_t count = given ? 1 : SEEDS;
    (void)state;
    printf("seeds %llu to %llu, %d steps each\n", (unsigned long long)first,
           (unsigned long long)(first + count - 1), STEPS);
    for (uint64_t seed = first; seed < first + count; seed++)
        run(seed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matters_go_as_their_history_tells),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
