/* Kinds of matter and the acts about them. See tests/lib/matter_cast.h. */
#include "tests/lib/matter_cast.h"

#include <string.h>

#include "core/invariant.h"

static struct dd_slice text(const char *words)
{
    return dd_slice_of(words);
}

static struct dd_item_kind matter_kind(const char *code, enum dd_role by, enum dd_where in)
{
    return (struct dd_item_kind){
        .code = text(code), .matter = true, .opened_by = by, .opened_in = in};
}

static struct dd_stage stage(const char *key, const char *of, enum dd_act act, enum dd_role by,
                             enum dd_who who)
{
    return (struct dd_stage){.key = text(key),
                             .of = text(of),
                             .act = act,
                             .by = by,
                             .who = who,
                             .silence = DD_SILENCE_MISSING};
}

static void put_days(struct dd_stage *stage, enum dd_anchor anchor, int16_t days, bool working)
{
    stage->deadline.anchor = anchor;
    stage->deadline.days = days;
    stage->deadline.working = working;
}

static void put_choices(struct dd_stage *stage, const char *first, const char *second,
                        const char *third)
{
    const char *const codes[] = {first, second, third};
    for (size_t i = 0; i < 3 && codes[i]; i++)
        stage->choice[stage->choice_count++].code = text(codes[i]);
}

static void put_kinds(struct dd_item_kind *kind)
{
    kind[MATTER_DIRECTIVE] = matter_kind("directive", DD_ROLE_APPROVER, DD_WHERE_HOST);
    kind[MATTER_DIRECTIVE].counted = true;
    kind[MATTER_OPINION] = matter_kind("opinion", DD_ROLE_HEAD, DD_WHERE_OWNER);
    kind[MATTER_OPINION].needs_due = true;
    kind[MATTER_OPINION].signers = 1 << DD_CAPACITY_FOR_HEAD;
    kind[MATTER_BALLOT] = matter_kind("ballot", DD_ROLE_HEAD, DD_WHERE_OWNER);
    kind[MATTER_BALLOT].needs_due = true;
    kind[MATTER_REQUEST] = matter_kind("request", DD_ROLE_HEAD, DD_WHERE_OWNER);
    kind[MATTER_MEETING] = matter_kind("meeting", DD_ROLE_OFFICER, DD_WHERE_OWNER);
    kind[MATTER_MEETING].needs_instant = true;
    kind[MATTER_CALL] = matter_kind("call", DD_ROLE_APPRAISER, DD_WHERE_OWNER);
    kind[MATTER_CALL].counted = true;
}

static void put_asking_stages(struct dd_stage *s)
{
    s[MATTER_OPINE] = stage("opine", "opinion", DD_ACT_ANSWER, DD_ROLE_HEAD, DD_WHO_EACH);
    s[MATTER_OPINE].deadline.word = DD_WORD_BY;
    s[MATTER_OPINE].silence = DD_SILENCE_AGREES;
    s[MATTER_OPINE].signers = 1 << DD_CAPACITY_FOR_HEAD;
    put_choices(&s[MATTER_OPINE], "agree", "disagree", "amend");
    s[MATTER_VOTE] = stage("vote", "ballot", DD_ACT_ANSWER, DD_ROLE_HEAD, DD_WHO_EACH);
    s[MATTER_VOTE].deadline.word = DD_WORD_BY;
    s[MATTER_VOTE].silence = DD_SILENCE_NOT_YES;
    put_choices(&s[MATTER_VOTE], "yes", "no", NULL);
    s[MATTER_VOTE].pass_choice = 1;
    s[MATTER_VOTE].pass_percent = 50;
    s[MATTER_PAPERS] = stage("papers", "meeting", DD_ACT_ANSWER, DD_ROLE_OFFICER, DD_WHO_OWNER);
    put_days(&s[MATTER_PAPERS], DD_ANCHOR_AT, -1, false);
    s[MATTER_ATTEND] = stage("attend", "meeting", DD_ACT_ANSWER, DD_ROLE_OFFICER, DD_WHO_EACH);
    put_days(&s[MATTER_ATTEND], DD_ANCHOR_AT, -2, true);
    s[MATTER_ATTEND].refuse_after_bound = true;
    put_choices(&s[MATTER_ATTEND], "come", "substitute", NULL);
}

static void put_working_stages(struct dd_stage *s)
{
    s[MATTER_TASK] = stage("task", "directive", DD_ACT_OUTCOME, DD_ROLE_OFFICER, DD_WHO_OWNER);
    s[MATTER_TASK].deadline.word = DD_WORD_BY;
    s[MATTER_TASK].reason_when_late = true;
    s[MATTER_TASK].rung_count = 2;
    s[MATTER_TASK].rung[0] = -3;
    s[MATTER_TASK].rung[1] = 1;
    s[MATTER_CONCLUDE] = stage("conclude", "ballot", DD_ACT_DECIDE, DD_ROLE_APPROVER, 0);
    put_days(&s[MATTER_CONCLUDE], DD_ANCHOR_OPENING, 5, false);
    s[MATTER_CONSENT] = stage("consent", "request", DD_ACT_DECIDE, DD_ROLE_APPROVER, 0);
    put_days(&s[MATTER_CONSENT], DD_ANCHOR_OPENING, 3, true);
    s[MATTER_CARRY_OUT] =
        stage("carry-out", "request", DD_ACT_OUTCOME, DD_ROLE_OFFICER, DD_WHO_OWNER);
    put_days(&s[MATTER_CARRY_OUT], DD_ANCHOR_OPENING, 10, false);
    s[MATTER_DO] = stage("do", "call", DD_ACT_OUTCOME, DD_ROLE_OFFICER, DD_WHO_EACH);
    s[MATTER_DO].deadline.word = DD_WORD_BEFORE;
    s[MATTER_CLOSE] = stage("close", "call", DD_ACT_DECIDE, DD_ROLE_HEAD, 0);
}

struct dd_programme matter_programme(void)
{
    struct dd_programme programme = cast_programme();
    put_kinds(programme.kind);
    put_asking_stages(programme.stage);
    put_working_stages(programme.stage);
    programme.kind_count = MATTER_KINDS;
    programme.stage_count = MATTER_STAGES;
    return programme;
}

void matter_ready(struct cast *cast, unsigned agencies)
{
    struct dd_programme programme = matter_programme();
    cast_make(cast, agencies);
    cast_open_with(cast, &programme);
}

struct dd_matter_put matter_put(const char *kind, const char *owner, const char *due)
{
    return (struct dd_matter_put){.kind = text(kind),
                                  .title = text("Việc được giao"),
                                  .owner = text(owner),
                                  .due_day = due ? cast_day(due) : INT32_MAX};
}

struct dd_matter_put matter_asking(struct cast *cast, const char *kind, const char *owner,
                                   const char *due, const char *asked)
{
    struct dd_matter_put put = matter_put(kind, owner, due);
    size_t size = strlen(asked);
    char *codes = cast_take(cast, size + 1);
    size_t start = 0;
    memcpy(codes, asked, size);
    put.all = strcmp(asked, "*") == 0;
    if (put.all)
        return put;
    put.asked = cast_take(cast, (size + 1) * sizeof *put.asked);
    for (size_t i = 0; i <= size; i++) {
        if (i < size && codes[i] != ' ')
            continue;
        if (i > start)
            put.asked[put.asked_count++] =
                (struct dd_slice){(const uint8_t *)codes + start, i - start};
        start = i + 1;
    }
    return put;
}

enum dd_status matter_open_many(struct cast *cast, uint32_t account, const char *at,
                                const char *unit, const struct dd_matter_put *puts, size_t count)
{
    struct dd_command command = {.kind = DD_COMMAND_ASSIGN};
    struct dd_matter_put *kept = cast_take(cast, (count + 1) * sizeof *kept);
    if (count > 0)
        memcpy(kept, puts, count * sizeof *kept);
    command.as.assign = (struct dd_assign){.cycle = text("key-tasks/2013"),
                                           .unit = text(unit),
                                           .notice = text("12/TB-VP"),
                                           .capacity = DD_CAPACITY_HEAD,
                                           .matters = kept,
                                           .matter_count = count};
    return cast_do(cast, account, cast_at(at), &command);
}

enum dd_status matter_open(struct cast *cast, uint32_t account, const char *at, const char *unit,
                           const struct dd_matter_put *put)
{
    return matter_open_many(cast, account, at, unit, put, 1);
}

enum dd_status matter_answer(struct cast *cast, uint32_t account, const char *at, const char *unit,
                             uint16_t matter, const char *choice)
{
    struct dd_command command = {.kind = DD_COMMAND_SUBMIT};
    command.as.submit = (struct dd_submit){.cycle = text("key-tasks/2013"),
                                           .unit = text(unit),
                                           .what = DD_SUBMISSION_ANSWER,
                                           .capacity = DD_CAPACITY_HEAD,
                                           .matter = matter,
                                           .choice = text(choice)};
    return cast_do(cast, account, cast_at(at), &command);
}

enum dd_status matter_decide(struct cast *cast, uint32_t account, const char *at, const char *owner,
                             uint16_t matter, enum dd_verdict verdict, const char *reason)
{
    struct dd_command command = {.kind = DD_COMMAND_DECIDE};
    struct dd_matter_row row = {.revision = 0};
    (void)dd_get_matter(&cast->view, 1, matter, &row);
    command.as.decide = (struct dd_decide){.cycle = text("key-tasks/2013"),
                                           .unit = text(owner),
                                           .version = row.revision,
                                           .verdict = verdict,
                                           .reason = text(reason),
                                           .matter = matter};
    return cast_do(cast, account, cast_at(at), &command);
}

enum dd_status matter_progress(struct cast *cast, uint32_t account, const char *at,
                               const char *unit, uint16_t matter, enum dd_outcome outcome,
                               const char *day, const char *note)
{
    struct dd_command command = {.kind = DD_COMMAND_PROGRESS};
    command.as.progress = (struct dd_progress){.cycle = text("key-tasks/2013"),
                                               .unit = text(unit),
                                               .task = matter,
                                               .outcome = outcome,
                                               .day = cast_day(day),
                                               .note = text(note)};
    return cast_do(cast, account, cast_at(at), &command);
}

struct dd_matter_row matter_row(struct cast *cast, uint16_t matter)
{
    struct dd_matter_row row;
    bool there = dd_get_matter(&cast->view, 1, matter, &row);
    DD_ASSERT(there);
    return row;
}

struct dd_duty_row matter_duty(struct cast *cast, uint32_t unit, uint8_t stage, uint16_t matter)
{
    return cast_duty(cast, unit, stage, matter, 0);
}

struct dd_process matter_process(struct cast *cast)
{
    struct dd_process process;
    bool there = dd_process_get(&cast->view, 1, &process);
    DD_ASSERT(there);
    return process;
}

struct dd_matter_result matter_result(struct cast *cast, uint16_t matter, uint8_t stage)
{
    struct dd_process process = matter_process(cast);
    struct dd_matter_row row = matter_row(cast, matter);
    struct dd_matter_result result;
    dd_matter_result(&cast->view, &process, matter, &row, stage, &result);
    return result;
}
