/* The rulebook of reports for tests. See tests/lib/rules_cast.h. */
#include "tests/lib/rules_cast.h"

#include <string.h>

#include "core/invariant.h"

static struct dd_slice text(const char *words)
{
    return dd_slice_of(words);
}

enum { KT = 1 << DD_CAPACITY_FOR_HEAD, ALL_SIGNERS = 0x3c };

static struct dd_slice sheet(void)
{
    static uint8_t bytes[8192];
    static struct dd_form form;
    static const char *const keys[] = {"a", "b", "total", "est", "ytd"};
    memset(&form, 0, sizeof form);
    form.key = text("sheet");
    form.figure_count = 5;
    for (size_t i = 0; i < 5; i++)
        form.figure[i].key = text(keys[i]);
    form.figure[3].may_estimate = true;
    form.figure[4].optional = true;
    form.check_count = 2;
    form.check[0] = (struct dd_form_check){.check = DD_CHECK_SUM,
                                           .figure = text("total"),
                                           .term_count = 2,
                                           .term = {text("a"), text("b")}};
    form.check[1] = (struct dd_form_check){
        .check = DD_CHECK_RUNNING, .figure = text("ytd"), .term_count = 1, .term = {text("total")}};
    form.part_count = 1;
    form.part[0] = text("text");
    struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
    dd_form_write(&w, &form);
    DD_ASSERT(!w.overflow);
    return dd_writer_slice(&w);
}

static void put_rungs(struct dd_stage *stage)
{
    static const int8_t rungs[] = {-3, 0, 2};
    stage->rung_count = sizeof rungs;
    memcpy(stage->rung, rungs, sizeof rungs);
    stage->superior[2] = true;
}

static void put_recurring(struct dd_stage *stage, enum dd_deadline_word word, enum dd_cadence every,
                          int8_t month, uint8_t day)
{
    stage->deadline.word = word;
    stage->deadline.every = every;
    stage->deadline.on = (struct dd_day_rule){month, day};
}

static void put_reports(struct dd_stage *stage)
{
    put_recurring(&stage[RULES_MONTHLY], DD_WORD_BEFORE, DD_CADENCE_MONTH, 1, 25);
    stage[RULES_MONTHLY].deadline.except = 1 << 6 | 1 << 12;
    stage[RULES_MONTHLY].signers = KT;
    stage[RULES_MONTHLY].form = text("sheet");
    stage[RULES_MONTHLY].extensions = 2;
    stage[RULES_MONTHLY].extension_days = 10;
    put_rungs(&stage[RULES_MONTHLY]);
    put_recurring(&stage[RULES_QUARTERLY], DD_WORD_ON, DD_CADENCE_QUARTER, 3, 20);
    stage[RULES_QUARTERLY].refuse_after_bound = true;
    put_recurring(&stage[RULES_CHECK], DD_WORD_BY, DD_CADENCE_MONTH, 1, 28);
    stage[RULES_CHECK].deadline.except = 1 << 6 | 1 << 12;
    stage[RULES_CHECK].by = DD_ROLE_APPRAISER;
    stage[RULES_CHECK].requires = text("monthly");
    put_recurring(&stage[RULES_DISTRICT], DD_WORD_BEFORE, DD_CADENCE_HALF, 5, 20);
    stage[RULES_DISTRICT].silence = DD_SILENCE_LAPSES;
    stage[RULES_DISTRICT].group_count = 1;
    stage[RULES_DISTRICT].group[0] = text("district");
    stage[RULES_DISTRICT].bent_by = DD_ROLE_APPRAISER;
    stage[RULES_DISTRICT].extensions = 1;
    stage[RULES_DISTRICT].extension_days = 5;
}

struct dd_programme rules_programme(void)
{
    static const char *const keys[] = {"register", "monthly", "quarterly", "check", "self",
                                       "approved", "alert",   "district",  "named", "task"};
    struct dd_programme programme = {.code = text("rules"),
                                     .version = 1,
                                     .name_vi = text("Chế độ báo cáo"),
                                     .kind_count = 1,
                                     .stage_count = RULES_STAGES,
                                     .form_count = 1,
                                     .forms = sheet()};
    struct dd_stage *stage = programme.stage;
    programme.kind[0] = (struct dd_item_kind){.code = text("own"), .max_tasks = 5, .counted = true};
    for (size_t i = 0; i < RULES_STAGES; i++)
        stage[i] = (struct dd_stage){.key = text(keys[i]),
                                     .act = DD_ACT_REPORT,
                                     .by = DD_ROLE_HEAD,
                                     .silence = DD_SILENCE_MISSING};
    put_reports(stage);
    stage[RULES_REGISTER].act = DD_ACT_HAND_IN;
    stage[RULES_REGISTER].deadline.word = DD_WORD_BY;
    stage[RULES_REGISTER].deadline.date = text("register");
    stage[RULES_SELF].deadline.word = DD_WORD_BY;
    stage[RULES_SELF].deadline.date = text("score");
    stage[RULES_SELF].reason_when_late = true;
    stage[RULES_APPROVED].by = DD_ROLE_APPROVER;
    stage[RULES_APPROVED].deadline = stage[RULES_SELF].deadline;
    stage[RULES_APPROVED].signers = 1 << DD_CAPACITY_FOR_COLLECTIVE;
    stage[RULES_ALERT].any_time = true;
    stage[RULES_ALERT].signers = ALL_SIGNERS;
    stage[RULES_TASK].act = DD_ACT_OUTCOME;
    stage[RULES_TASK].by = DD_ROLE_OFFICER;
    stage[RULES_TASK].deadline.word = DD_WORD_ON;
    stage[RULES_TASK].deadline.roll = true;
    return programme;
}

struct dd_open_cycle rules_cycle(struct cast *cast)
{
    struct dd_open_cycle c = cast_cycle(cast, "rules", "2013");
    c.date_count = 2;
    c.dates[1] = (struct dd_named_date){text("score"), cast_day("2013-11-30")};
    return c;
}

static void must(struct cast *cast, const char *at, const struct dd_command *command)
{
    enum dd_status status = cast_do(cast, CAST_ADMIN, cast_at(at), command);
    DD_ASSERT(status == DD_OK);
}

void rules_open(struct cast *cast, const struct dd_programme *programme)
{
    struct dd_command command = {.kind = DD_COMMAND_PUT_PROGRAMME};
    command.as.put_programme = *programme;
    must(cast, "2013-01-11T07:59", &command);
    command = (struct dd_command){.kind = DD_COMMAND_OPEN_CYCLE};
    command.as.open_cycle = rules_cycle(cast);
    must(cast, "2013-01-11T08:00", &command);
}

void rules_ready(struct cast *cast)
{
    struct dd_programme programme = rules_programme();
    struct dd_command command = {.kind = DD_COMMAND_PUT_ACCOUNT};
    static struct dd_office deputy;
    cast_make(cast, 3);
    deputy = (struct dd_office){DD_ROLE_DEPUTY, text("a1"), INT32_MIN, INT32_MAX};
    command.as.put_account = (struct dd_put_account){
        .code = text("deputy"), .to_ms = INT64_MAX, .offices = &deputy, .office_count = 1};
    memset(command.as.put_account.link_key, 0xdd, 32);
    must(cast, "2013-01-11T07:58", &command);
    DD_ASSERT(cast->entry.events.event[0].number == rules_deputy(cast));
    rules_open(cast, &programme);
}

uint32_t rules_deputy(const struct cast *cast)
{
    return cast_head(CAST_A1 + cast->agencies);
}

uint32_t rules_number(struct cast *cast)
{
    return dd_number_of(&cast->view, DD_TABLE_CYCLE_CODE, text("rules/2013"));
}

struct dd_duty_row rules_duty(struct cast *cast, uint32_t unit, const char *name)
{
    struct dd_process process;
    struct dd_duty_key key;
    struct dd_duty_row row;
    bool found = dd_process_get(&cast->view, rules_number(cast), &process);
    DD_ASSERT(found);
    if (!dd_duty_find(&cast->view, &process, unit, text(name), &key, &row))
        return (struct dd_duty_row){.end = 0};
    return row;
}

struct dd_command rules_report(const char *unit, const char *stage, const char *report)
{
    struct dd_command command = {.kind = DD_COMMAND_SUBMIT};
    command.as.submit = (struct dd_submit){.cycle = text("rules/2013"),
                                           .unit = text(unit),
                                           .what = DD_SUBMISSION_REPORT,
                                           .report = text(report),
                                           .stage = text(stage),
                                           .capacity = DD_CAPACITY_HEAD};
    return command;
}

enum dd_status rules_do(struct cast *cast, uint32_t account, const char *at,
                        const struct dd_command *command)
{
    return cast_do(cast, account, cast_at(at), command);
}

void rules_figures(struct cast *cast, struct dd_command *command, int64_t a, int64_t b,
                   int64_t total, int64_t ytd)
{
    struct dd_submit *c = &command->as.submit;
    struct dd_figure_value *figures = cast_take(cast, 5 * sizeof *figures);
    figures[0] = (struct dd_figure_value){text("a"), {a, 0}, false};
    figures[1] = (struct dd_figure_value){text("b"), {b, 0}, false};
    figures[2] = (struct dd_figure_value){text("total"), {total, 0}, false};
    figures[3] = (struct dd_figure_value){text("est"), {5, 1}, true};
    figures[4] = (struct dd_figure_value){text("ytd"), {ytd, 0}, false};
    c->figures = figures;
    c->figure_count = ytd == -1 ? 4 : 5;
    c->attachments = cast_take(cast, sizeof *c->attachments);
    c->attachments[0].part = text("text");
    c->attachment_count = 1;
}

struct dd_command rules_bend(const char *unit, const char *duty, enum dd_bend_act act,
                             const char *day)
{
    struct dd_command command = {.kind = DD_COMMAND_BEND};
    command.as.bend = (struct dd_bend){.cycle = text("rules/2013"),
                                       .unit = text(unit),
                                       .duty = text(duty),
                                       .act = act,
                                       .day = day[0] != '\0' ? cast_day(day) : 0,
                                       .reason = text("lũ lụt")};
    return command;
}

enum dd_status rules_delegate(struct cast *cast, const char *at, const char *from, const char *to,
                              const char *stage)
{
    struct dd_command command = {.kind = DD_COMMAND_DELEGATE};
    struct dd_slice *stages = cast_take(cast, sizeof *stages);
    stages[0] = text(stage ? stage : "");
    command.as.delegate = (struct dd_delegate){.unit = text("a1"),
                                               .account = text("deputy"),
                                               .from_day = cast_day(from),
                                               .to_day = cast_day(to),
                                               .stages = stages,
                                               .stage_count = stage ? 1 : 0};
    return rules_do(cast, cast_head(CAST_A1), at, &command);
}
