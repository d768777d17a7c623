/*
 * Properties of duties that recur and of time bent by people, under random rulebooks, acts and
 * ticks, held against a plain oracle of this file's own that knows nothing of schedules, views or
 * rungs: which duties there are and until when; how each stands; that on time + late + lapsed +
 * waived + pending + missing = expected at every instant; that what is refused is what the oracle
 * refuses; that replay gives equal state. DD_SEED runs one seed alone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/lib/rules_cast.h"

enum { SEEDS = 60, STEPS = 150, AGENCIES = 3, PARTIES = AGENCIES + 2, STAGES_MAX = 5 };
enum { DUTIES_MAX = STAGES_MAX * 60 * PARTIES };

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

/* A duty as the oracle sees it. */
struct model {
    uint32_t unit;
    uint8_t stage;
    char name[DD_DUTY_TEXT_BYTES];
    int32_t last_day; /* while it is suspended: what it was */
    int64_t bound_ms;
    enum dd_end end;
    int extensions;
    bool suspended;
    int32_t left_days;
};

static struct cast cast;
static struct dd_programme programme;
static struct model models[DUTIES_MAX];
static size_t model_count;
static int64_t now_ms;

static const char *const unit_codes[] = {"snv", "vp", "a1", "a2", "a3"};
static const int month_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}; /* of 2013 */

/* --- the rulebook --- */

static void draw_stage(struct dd_stage *stage, size_t index)
{
    static const char *const keys[] = {"one", "two", "three", "four", "five"};
    static const int months[] = {1, 1, 1, 3, 6, 12};
    static const int periods[] = {1, 1, 12, 4, 2, 1};
    struct dd_deadline_rule *rule = &stage->deadline;
    *stage = (struct dd_stage){.key = dd_slice_of(keys[index]),
                               .act = DD_ACT_REPORT,
                               .by = DD_ROLE_HEAD,
                               .silence = (enum dd_silence)(1 + draw(5)),
                               .refuse_after_bound = chance(30),
                               .extensions = (uint8_t)draw(4),
                               .extension_days = (uint16_t)draw(25),
                               .rung_count = 3,
                               .rung = {-5, 0, 4}};
    rule->word = (enum dd_deadline_word)(1 + draw(3));
    rule->roll = chance(30);
    if (chance(15)) {
        rule->date = dd_slice_of("score");
        return;
    }
    rule->every = (enum dd_cadence)(1 + draw(5));
    rule->on.month = (int8_t)(1 + draw((uint64_t)months[rule->every]));
    rule->on.day = (uint8_t)(1 + draw(rule->every == DD_CADENCE_WEEK ? 7 : 31));
    if (periods[rule->every] > 1 && chance(40))
        rule->except = (uint16_t)(1U << (1 + draw((uint64_t)periods[rule->every])));
    if (chance(20)) {
        stage->group_count = 1;
        stage->group[0] = dd_slice_of("district");
    }
}

static void draw_programme(void)
{
    memset(&programme, 0, sizeof programme);
    programme.code = dd_slice_of("rules");
    programme.version = 1;
    programme.name_vi = dd_slice_of("Chế độ báo cáo");
    programme.stage_count = (uint8_t)(1 + draw(STAGES_MAX));
    for (size_t i = 0; i < programme.stage_count; i++)
        draw_stage(&programme.stage[i], i);
}

/* --- what the oracle expects --- */

static int64_t bound_of(int32_t last_day)
{
    return ((int64_t)last_day + 1) * 86400000 - (int64_t)CAST_OFFSET_MIN * 60000;
}

static int32_t today(void)
{
    int64_t local_ms = now_ms + (int64_t)CAST_OFFSET_MIN * 60000;
    return (int32_t)(local_ms / 86400000);
}

/* The named day under its word, rolled over weekends (the cast's calendar has no holidays). */
static int32_t last_day_of(const struct dd_deadline_rule *rule, int32_t day)
{
    int32_t last = day - (rule->word == DD_WORD_BEFORE);
    while (rule->roll && (last + 3) % 7 >= 5) /* 1970-01-01 was a Thursday: Monday is 0 */
        last++;
    return last;
}

static void expect(uint8_t stage, const char *period, int32_t last_day)
{
    static const char *const districts[] = {"a2"}; /* every second agency from it on */
    const struct dd_stage *rule = &programme.stage[stage];
    if (bound_of(last_day) <= cast_at("2013-01-11T08:00"))
        return;
    for (uint32_t i = 0; i < PARTIES; i++) {
        char key[DD_CODE_BYTES_MAX + 1];
        if (rule->group_count > 0 && strcmp(unit_codes[i], districts[0]) != 0)
            continue;
        HOLDS(model_count < DUTIES_MAX);
        struct model *model = &models[model_count++];
        *model = (struct model){.unit = CAST_SNV + i,
                                .stage = stage,
                                .last_day = last_day,
                                .bound_ms = bound_of(last_day),
                                .end = DD_END_OPEN};
        dd_slice_text(rule->key, key, sizeof key);
        snprintf(model->name, sizeof model->name, "%s%s%s", key, period[0] ? "/" : "", period);
    }
}

static void expect_weeks(uint8_t stage)
{
    const struct dd_deadline_rule *rule = &programme.stage[stage].deadline;
    int32_t monday = cast_day("2012-12-31"); /* of week 1 of 2013 */
    for (int week = 2; week <= 52; week++) { /* the others do not lie wholly within 2013 */
        char period[32];
        snprintf(period, sizeof period, "2013-W%02d", week);
        expect(stage, period, last_day_of(rule, monday + 7 * (week - 1) + rule->on.day - 1));
    }
}

static void expect_months(uint8_t stage)
{
    static const int length[] = {0, 0, 1, 3, 6, 12};
    const struct dd_deadline_rule *rule = &programme.stage[stage].deadline;
    for (int n = 1; n * length[rule->every] <= 12; n++) {
        char period[32];
        int month = (n - 1) * length[rule->every] + rule->on.month - 1;
        int day = rule->on.day < month_days[month] ? rule->on.day : month_days[month];
        int32_t first = cast_day("2013-01-01");
        for (int i = 0; i < month; i++)
            first += month_days[i];
        snprintf(period, sizeof period, "2013-%02d", n);
        if (rule->every == DD_CADENCE_QUARTER)
            snprintf(period, sizeof period, "2013-Q%d", n);
        else if (rule->every == DD_CADENCE_HALF)
            snprintf(period, sizeof period, "2013-H%d", n);
        else if (rule->every == DD_CADENCE_YEAR)
            snprintf(period, sizeof period, "2013");
        if ((rule->except >> n & 1) == 0)
            expect(stage, period, last_day_of(rule, first + day - 1));
    }
}

static void expect_all(void)
{
    model_count = 0;
    for (uint8_t i = 0; i < programme.stage_count; i++) {
        const struct dd_deadline_rule *rule = &programme.stage[i].deadline;
        if (rule->every == 0)
            expect(i, "", last_day_of(rule, cast_day("2013-11-30")));
        else if (rule->every == DD_CADENCE_WEEK)
            expect_weeks(i);
        else
            expect_months(i);
    }
}

/* --- what must hold --- */

static bool ends_by_silence(const struct model *model)
{
    return programme.stage[model->stage].silence != DD_SILENCE_MISSING;
}

static enum dd_end standing(const struct model *model)
{
    if (model->end != DD_END_OPEN)
        return model->end;
    return !model->suspended && model->bound_ms <= now_ms ? DD_END_MISSING : DD_END_PENDING;
}

static void check_duties(void)
{
    for (size_t i = 0; i < model_count; i++) {
        const struct model *model = &models[i];
        struct dd_duty_row duty = rules_duty(&cast, model->unit, model->name);
        HOLDS(duty.end == model->end);
        HOLDS(duty.suspended == model->suspended);
        HOLDS(duty.extensions == model->extensions);
        HOLDS(duty.bound_ms == (model->suspended ? INT64_MAX : model->bound_ms));
        HOLDS(duty.left_days == (model->suspended ? model->left_days : 0));
        if (!model->suspended)
            HOLDS(duty.last_day == model->last_day);
        HOLDS(duty.end == DD_END_OPEN || duty.next_at_ms == INT64_MAX);
    }
    HOLDS(naive_count(&cast.rows, DD_TABLE_DUTY) == model_count);
}

/* The listing adds up, and counts what the oracle counts. */
static void check_sum(void)
{
    struct dd_question question = {.kind = DD_QUESTION_DUTIES, .cycle = dd_slice_of("rules/2013")};
    struct dd_answer answer;
    size_t listed[DD_END_MISSING + 1] = {0};
    size_t expected[DD_END_MISSING + 1] = {0};
    enum dd_status status = cast_ask(&cast, &question, now_ms, 1024 * 1024, &answer);
    HOLDS(status == DD_OK && answer.next.size == 0);
    for (size_t i = 0; i < answer.as.duties.duty_count; i++)
        listed[answer.as.duties.duties[i].status]++;
    for (size_t i = 0; i < model_count; i++)
        expected[standing(&models[i])]++;
    HOLDS(memcmp(listed, expected, sizeof listed) == 0);
    HOLDS(listed[DD_END_ON_TIME] + listed[DD_END_LATE] + listed[DD_END_LAPSED] +
              listed[DD_END_WAIVED] + listed[DD_END_PENDING] + listed[DD_END_MISSING] ==
          model_count);
}

/* --- acts --- */

static void pass_time(void)
{
    now_ms += (int64_t)(draw(chance(80) ? 2 * 86400 : 15 * 86400) * 1000 + draw(1000));
    while (cast_tick(&cast, now_ms) > 0)
        ;
    for (size_t i = 0; i < model_count; i++) {
        struct model *model = &models[i];
        if (model->end == DD_END_OPEN && !model->suspended && ends_by_silence(model) &&
            model->bound_ms <= now_ms)
            model->end = DD_END_LAPSED;
    }
}

/* Some duty, mostly one whose bound is near. */
static struct model *draw_duty(void)
{
    struct model *model = &models[draw(model_count)];
    for (int i = 0; i < 20 && chance(90); i++) {
        int64_t away_ms = model->bound_ms - now_ms;
        if (away_ms > -40 * (int64_t)86400000 && away_ms < 20 * (int64_t)86400000)
            break;
        model = &models[draw(model_count)];
    }
    return model;
}

static struct dd_slice period_of(const struct model *model)
{
    const char *slash = strchr(model->name, '/');
    return dd_slice_of(slash ? slash + 1 : "");
}

static void report(struct model *model)
{
    struct dd_command c = {.kind = DD_COMMAND_SUBMIT};
    const struct dd_stage *stage = &programme.stage[model->stage];
    c.as.submit = (struct dd_submit){.cycle = dd_slice_of("rules/2013"),
                                     .unit = dd_slice_of(unit_codes[model->unit - CAST_SNV]),
                                     .what = DD_SUBMISSION_REPORT,
                                     .stage = stage->key,
                                     .report = period_of(model),
                                     .capacity = DD_CAPACITY_HEAD};
    bool passed = !model->suspended && model->bound_ms <= now_ms;
    enum dd_status status = cast_do(&cast, cast_head(model->unit), now_ms, &c);
    HOLDS(status == (stage->refuse_after_bound && passed ? DD_REFUSED : DD_OK));
    if (status == DD_OK && model->end == DD_END_OPEN)
        model->end = passed ? DD_END_LATE : DD_END_ON_TIME;
}

static bool may_extend(const struct model *model, int32_t day)
{
    const struct dd_stage *stage = &programme.stage[model->stage];
    return !model->suspended && now_ms < model->bound_ms && model->extensions < stage->extensions &&
           day > model->last_day && day <= model->last_day + stage->extension_days;
}

static bool may_bend(const struct model *model, enum dd_bend_act act, int32_t day)
{
    if (model->end != DD_END_OPEN)
        return false;
    switch (act) {
    case DD_BEND_EXTEND:
        return may_extend(model, day);
    case DD_BEND_SUSPEND:
        return !model->suspended && now_ms < model->bound_ms;
    case DD_BEND_RESUME:
        return model->suspended;
    case DD_BEND_WAIVE:
        break;
    }
    return true;
}

static void bend_model(struct model *model, enum dd_bend_act act, int32_t day)
{
    if (act == DD_BEND_WAIVE)
        model->end = DD_END_WAIVED;
    if (act == DD_BEND_EXTEND)
        model->extensions++;
    if (act == DD_BEND_EXTEND)
        model->last_day = day;
    if (act == DD_BEND_SUSPEND)
        model->left_days = model->last_day - today();
    if (act == DD_BEND_RESUME)
        model->last_day = today() + model->left_days;
    while (act == DD_BEND_RESUME && programme.stage[model->stage].deadline.roll &&
           (model->last_day + 3) % 7 >= 5)
        model->last_day++;
    if (act == DD_BEND_SUSPEND || act == DD_BEND_RESUME)
        model->suspended = act == DD_BEND_SUSPEND;
    model->bound_ms = bound_of(model->last_day);
}

static void bend(struct model *model)
{
    enum dd_bend_act act = (enum dd_bend_act)(1 + draw(4));
    if (model->suspended && chance(60))
        act = DD_BEND_RESUME;
    int32_t day = model->last_day + (int32_t)draw(28) - 2;
    bool own = chance(5);
    struct dd_command c = rules_bend(unit_codes[model->unit - CAST_SNV], model->name, act, "");
    c.as.bend.day = act == DD_BEND_EXTEND ? day : 0;
    bool may = may_bend(model, act, day);
    enum dd_status status = cast_do(&cast, own ? cast_head(model->unit) : CAST_CHAIR, now_ms, &c);
    HOLDS(status == (own ? DD_FORBIDDEN : may ? DD_OK : DD_REFUSED));
    if (status == DD_OK)
        bend_model(model, act, day);
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

/* Time is bent into the years beside the cycle's: they have no holidays either. */
static void put_calendars(void)
{
    for (uint16_t year = 2012; year <= 2016; year++) {
        struct dd_command c = {.kind = DD_COMMAND_PUT_CALENDAR};
        c.as.put_calendar = (struct dd_put_calendar){.year = year, .offset_min = CAST_OFFSET_MIN};
        HOLDS(cast_do(&cast, CAST_ADMIN, cast_at("2013-01-11T07:50"), &c) == DD_OK);
    }
}

static void run(uint64_t seed)
{
    seed_now = seed;
    random_state = seed;
    draw_programme();
    cast_make(&cast, AGENCIES);
    put_calendars();
    rules_open(&cast, &programme);
    expect_all();
    now_ms = cast_at("2013-01-11T08:00");
    check_duties();
    for (int step = 0; step < STEPS && model_count > 0; step++) {
        if (chance(60))
            pass_time();
        struct model *model = draw_duty();
        if (chance(50))
            report(model);
        else
            bend(model);
        if (step % 10 == 0)
            check_sum();
        if (step % 30 == 0)
            check_duties();
    }
    check_duties();
    check_sum();
    check_replay();
    cast_free(&cast);
}

static void recurring_duties_are_what_a_plain_oracle_says(void **state)
{
    const char *alone = getenv("DD_SEED");
    (void)state;
    if (alone) {
        run(strtoull(alone, NULL, 10));
        return;
    }
    for (uint64_t seed = 1; seed <= SEEDS; seed++)
        run(seed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(recurring_duties_are_what_a_plain_oracle_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
