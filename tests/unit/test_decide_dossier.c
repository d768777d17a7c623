/* Decisions about dossiers: every command in every state, every rule that core/decide_dossier.c
 * raises, with the nearest accepted case beside it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/lib/cast.h"

static struct cast cast;

#define HEAD cast_head(CAST_A1)
#define OFFICER cast_officer(CAST_A1)
#define OK(call) CAST_OK(&cast, call)
#define NO(rule, call) CAST_NO(&cast, DD_REFUSED, rule, call)
#define FORBIDDEN(rule, call) CAST_NO(&cast, DD_FORBIDDEN, rule, call)
#define STALE(rule, call) CAST_NO(&cast, DD_STALE, rule, call)

static int open_cast(void **state)
{
    (void)state;
    cast_ready(&cast, 3);
    return 0;
}

static int close_cast(void **state)
{
    (void)state;
    cast_free(&cast);
    return 0;
}

static enum dd_status draft(uint16_t task, uint16_t count)
{
    return cast_register(&cast, OFFICER, "2013-01-20T09:00", "a1", task, "own", count,
                         "2013-05-31");
}

static enum dd_status hand_in(const char *at)
{
    return cast_submit(&cast, HEAD, at, "a1", "lý do");
}

/* --- the table of transitions --- */

enum stand {
    NOTHING_YET,
    DRAFTED,
    PENDING,
    AGREED,
    RETURNED,
    WITHDRAWN,
    IN_FORCE,
    CHANGED,
    ADJUSTING,
    ADJUSTMENT_RETURNED,
    CLOSED,
    STANDS
};

static void bring_to(enum stand stand)
{
    if (stand >= IN_FORCE && stand <= ADJUSTMENT_RETURNED)
        cast_bring_in_force(&cast, CAST_A1, 2, "2013-05-31");
    else if (stand != NOTHING_YET && stand != CLOSED)
        OK(draft(1, 2));
    if (stand >= PENDING && stand <= WITHDRAWN)
        OK(hand_in("2013-01-21T09:00"));
    if (stand == AGREED)
        OK(cast_agree(&cast, CAST_APPRAISER, "2013-01-28T09:00", "a1", 1));
    if (stand == RETURNED)
        OK(cast_return(&cast, CAST_APPRAISER, "2013-01-28T09:00", "a1", 1, "thiếu chỉ tiêu"));
    if (stand == WITHDRAWN)
        OK(cast_withdraw(&cast, HEAD, "2013-01-22T09:00", "a1", 1));
    if (stand >= CHANGED && stand <= ADJUSTMENT_RETURNED)
        OK(cast_register(&cast, OFFICER, "2013-03-01T09:00", "a1", 2, "own", 1, "2013-09-30"));
    if (stand == ADJUSTING || stand == ADJUSTMENT_RETURNED)
        OK(hand_in("2013-03-02T09:00"));
    if (stand == ADJUSTMENT_RETURNED)
        OK(cast_return(&cast, CAST_CHAIR, "2013-03-03T09:00", "a1", 2, "chưa đủ lý do"));
    if (stand == CLOSED)
        OK(cast_close(&cast, "2013-03-03T09:00"));
}

enum act { REGISTER, SUBMIT, REPORT, WITHDRAW, APPRAISE, APPROVE, RETURN, PROGRESS, ACTS };

static enum dd_status act(enum act what)
{
    static const char at[] = "2013-03-04T09:00";
    struct dd_dossier_row dossier = cast_dossier(&cast, CAST_A1);
    switch (what) {
    case REGISTER:
        return cast_register(&cast, OFFICER, at, "a1", 3, "own", 1, "2013-06-30");
    case SUBMIT:
        return cast_submit(&cast, HEAD, at, "a1", "lý do");
    case REPORT:
        return cast_report(&cast, HEAD, at, "a1", "H1");
    case WITHDRAW:
        return cast_withdraw(&cast, HEAD, at, "a1", dossier.newest);
    case APPRAISE:
        return cast_agree(&cast, CAST_APPRAISER, at, "a1", dossier.newest);
    case APPROVE:
        return cast_agree(&cast, CAST_CHAIR, at, "a1", dossier.newest);
    case RETURN:
        return cast_return(&cast, CAST_CHAIR, at, "a1", dossier.newest, "lý do");
    case PROGRESS:
        return cast_progress(&cast, OFFICER, at, "a1", 1, 1, DD_OUTCOME_COMPLETED, "2013-03-01");
    case ACTS:
        break;
    }
    return DD_INVALID;
}

#define YES \
    { \
        DD_OK, DD_RULE_NONE \
    }
#define RULE(rule) \
    { \
        DD_REFUSED, DD_RULE_##rule \
    }
#define OFFICE \
    { \
        DD_FORBIDDEN, DD_RULE_NO_OFFICE \
    }

static const struct answer {
    enum dd_status status;
    enum dd_rule rule;
} transitions[STANDS][ACTS] = {
    /*               register submit report withdraw appraise approve return progress */
    [NOTHING_YET] = {YES, RULE(EMPTY_DRAFT), YES, RULE(NO_SUCH_VERSION), RULE(NO_SUCH_VERSION),
                     RULE(NO_SUCH_VERSION), RULE(NO_SUCH_VERSION), RULE(NOT_IN_FORCE)},
    [DRAFTED] = {YES, YES, YES, RULE(NO_SUCH_VERSION), RULE(NO_SUCH_VERSION), RULE(NO_SUCH_VERSION),
                 RULE(NO_SUCH_VERSION), RULE(NOT_IN_FORCE)},
    [PENDING] = {YES, RULE(VERSION_PENDING), YES, YES, YES, OFFICE, OFFICE, RULE(NOT_IN_FORCE)},
    [AGREED] = {YES, RULE(VERSION_PENDING), YES, RULE(ALREADY_DECIDED), OFFICE, YES, YES,
                RULE(NOT_IN_FORCE)},
    [RETURNED] = {YES, YES, YES, RULE(NOTHING_PENDING), RULE(NOTHING_PENDING),
                  RULE(NOTHING_PENDING), RULE(NOTHING_PENDING), RULE(NOT_IN_FORCE)},
    [WITHDRAWN] = {YES, YES, YES, RULE(NOTHING_PENDING), RULE(NOTHING_PENDING),
                   RULE(NOTHING_PENDING), RULE(NOTHING_PENDING), RULE(NOT_IN_FORCE)},
    [IN_FORCE] = {YES, RULE(NOTHING_CHANGED), YES, RULE(NOTHING_PENDING), RULE(NOTHING_PENDING),
                  RULE(NOTHING_PENDING), RULE(NOTHING_PENDING), YES},
    [CHANGED] = {YES, YES, YES, RULE(NOTHING_PENDING), RULE(NOTHING_PENDING), RULE(NOTHING_PENDING),
                 RULE(NOTHING_PENDING), YES},
    [ADJUSTING] = {YES, RULE(VERSION_PENDING), YES, YES, OFFICE, YES, YES, YES},
    [ADJUSTMENT_RETURNED] = {YES, YES, YES, RULE(NOTHING_PENDING), RULE(NOTHING_PENDING),
                             RULE(NOTHING_PENDING), RULE(NOTHING_PENDING), YES},
    [CLOSED] = {RULE(CLOSED), RULE(CLOSED), RULE(CLOSED), RULE(CLOSED), RULE(CLOSED), RULE(CLOSED),
                RULE(CLOSED), RULE(CLOSED)},
};

static void every_command_in_every_state_has_its_answer(void **state)
{
    for (size_t stand = 0; stand < STANDS; stand++) {
        for (size_t what = 0; what < ACTS; what++) {
            open_cast(state);
            bring_to((enum stand)stand);
            const struct answer *expected = &transitions[stand][what];
            enum dd_status status = act((enum act)what);
            if (status != expected->status || cast.refusal.rule != expected->rule)
                fail_msg("state %zu, command %zu: %s by %s", stand, what, dd_status_key(status),
                         dd_rule_key(cast.refusal.rule));
            close_cast(state);
        }
    }
}

/* --- who may --- */

static void dossier_commands_need_an_office_of_the_unit(void **state)
{
    (void)state;
    const char *at = "2013-01-20T09:00";
    FORBIDDEN(NO_OFFICE,
              cast_register(&cast, cast_head(CAST_A2), at, "a1", 1, "own", 1, "2013-05-31"));
    assert_string_equal(cast.refusal.param[0], "officer");
    assert_string_equal(cast.refusal.param[1], "a1");
    OK(cast_register(&cast, OFFICER, at, "a1", 1, "own", 1, "2013-05-31"));
    FORBIDDEN(NO_OFFICE, cast_submit(&cast, OFFICER, at, "a1", ""));
    FORBIDDEN(NO_OFFICE, cast_report(&cast, OFFICER, at, "a1", "H1"));
    FORBIDDEN(NO_OFFICE, cast_submit(&cast, cast_head(CAST_A2), at, "a1", ""));
    OK(cast_submit(&cast, HEAD, at, "a1", ""));
    FORBIDDEN(NO_OFFICE, cast_withdraw(&cast, OFFICER, at, "a1", 1));
    OK(cast_withdraw(&cast, HEAD, at, "a1", 1));
    cast_bring_in_force(&cast, CAST_A2, 1, "2013-05-31");
    FORBIDDEN(NO_OFFICE, cast_progress(&cast, OFFICER, "2013-03-01T09:00", "a2", 1, 1,
                                       DD_OUTCOME_OPEN, "2013-03-01"));
    OK(cast_progress(&cast, cast_officer(CAST_A2), "2013-03-01T09:00", "a2", 1, 1, DD_OUTCOME_OPEN,
                     "2013-03-01"));
}

static void dossier_commands_name_a_known_cycle_unit_and_party(void **state)
{
    (void)state;
    struct dd_command c = {.kind = DD_COMMAND_SUBMIT};
    c.as.submit = (struct dd_submit){.cycle = dd_slice_of("key-tasks/2012"),
                                     .unit = dd_slice_of("a1"),
                                     .what = DD_SUBMISSION_REPORT,
                                     .report = dd_slice_of("H1")};
    int64_t at = cast_at("2013-03-01T09:00");
    NO(NO_SUCH_CYCLE, cast_do(&cast, HEAD, at, &c));
    c.as.submit.cycle = dd_slice_of("key-tasks/2013");
    c.as.submit.unit = dd_slice_of("a9");
    NO(NO_SUCH_UNIT, cast_do(&cast, HEAD, at, &c));
    c.as.submit.unit = dd_slice_of("ubnd");
    NO(NO_SUCH_PARTY, cast_do(&cast, HEAD, at, &c));
    c.as.submit.unit = dd_slice_of("a1");
    c.as.submit.report = dd_slice_of("Q1");
    NO(NO_SUCH_REPORT, cast_do(&cast, HEAD, at, &c));
    c.as.submit.report = dd_slice_of("H1");
    c.as.submit.what = 0;
    NO(MISSING, cast_do(&cast, HEAD, at, &c));
    c.as.submit.what = DD_SUBMISSION_REPORT;
    OK(cast_do(&cast, HEAD, at, &c));
}

static void submit_is_signed_by_the_head_in_person(void **state)
{
    (void)state;
    struct dd_command c = {.kind = DD_COMMAND_SUBMIT};
    c.as.submit = (struct dd_submit){.cycle = dd_slice_of("key-tasks/2013"),
                                     .unit = dd_slice_of("a1"),
                                     .what = DD_SUBMISSION_REPORT,
                                     .report = dd_slice_of("H1")};
    for (int capacity = DD_CAPACITY_FOR_HEAD; capacity <= DD_CAPACITY_FOR_COLLECTIVE; capacity++) {
        c.as.submit.capacity = (enum dd_capacity)capacity;
        FORBIDDEN(CAPACITY, cast_do(&cast, HEAD, cast_at("2013-03-01T09:00"), &c));
        assert_string_equal(cast.refusal.param[0], "head");
    }
    c.as.submit.capacity = DD_CAPACITY_HEAD;
    OK(cast_do(&cast, HEAD, cast_at("2013-03-01T09:00"), &c));
}

static void put_office(const char *code, uint32_t number, struct dd_office *offices, size_t count)
{
    struct dd_command c = {.kind = DD_COMMAND_PUT_ACCOUNT};
    c.as.put_account = (struct dd_put_account){
        .code = dd_slice_of(code), .to_ms = INT64_MAX, .offices = offices, .office_count = count};
    c.as.put_account.link_key[0] = (uint8_t)number;
    OK(cast_do(&cast, CAST_ADMIN, cast_at("2013-01-12T08:00"), &c));
}

static void nobody_decides_on_what_their_own_unit_handed_in(void **state)
{
    (void)state;
    struct dd_office both[] = {
        {DD_ROLE_APPRAISER, dd_slice_of("snv"), INT32_MIN, INT32_MAX},
        {DD_ROLE_OFFICER, dd_slice_of("a1"), INT32_MIN, cast_day("2013-01-27")}};
    put_office("appraiser", CAST_APPRAISER, both, 2);
    OK(draft(1, 1));
    OK(hand_in("2013-01-21T09:00"));
    FORBIDDEN(FOUR_EYES, cast_agree(&cast, CAST_APPRAISER, "2013-01-27T23:59", "a1", 1));
    OK(cast_agree(&cast, CAST_APPRAISER, "2013-01-28T00:00", "a1", 1));
}

/* An appraiser's office in the unit makes it one's own as much as a head's. */
static void nobody_decides_on_a_unit_in_which_they_appraise(void **state)
{
    (void)state;
    struct dd_office both[] = {{DD_ROLE_APPRAISER, dd_slice_of("snv"), INT32_MIN, INT32_MAX},
                               {DD_ROLE_APPRAISER, dd_slice_of("vp"), INT32_MIN, INT32_MAX}};
    put_office("office-appraiser", CAST_OFFICE_APPRAISER, both, 2);
    OK(cast_register(&cast, cast_officer(CAST_SNV), "2013-01-20T09:00", "snv", 1, "own", 1,
                     "2013-05-31"));
    OK(cast_submit(&cast, cast_head(CAST_SNV), "2013-01-21T09:00", "snv", ""));
    FORBIDDEN(FOUR_EYES, cast_agree(&cast, CAST_OFFICE_APPRAISER, "2013-01-28T09:00", "snv", 1));
    both[0].to_day = cast_day("2013-01-28");
    put_office("office-appraiser", CAST_OFFICE_APPRAISER, both, 2);
    FORBIDDEN(FOUR_EYES, cast_agree(&cast, CAST_OFFICE_APPRAISER, "2013-01-28T23:59", "snv", 1));
    OK(cast_agree(&cast, CAST_OFFICE_APPRAISER, "2013-01-29T00:00", "snv", 1));
}

static void nobody_decides_on_what_they_handed_in_themselves(void **state)
{
    (void)state;
    struct dd_office head[] = {{DD_ROLE_HEAD, dd_slice_of("a1"), INT32_MIN, cast_day("2013-01-21")},
                               {DD_ROLE_APPRAISER, dd_slice_of("snv"), INT32_MIN, INT32_MAX}};
    put_office("head-4", cast_head(CAST_A1), head, 2);
    OK(draft(1, 1));
    OK(hand_in("2013-01-21T09:00"));
    FORBIDDEN(FOUR_EYES, cast_agree(&cast, HEAD, "2013-01-28T09:00", "a1", 1));
    OK(cast_agree(&cast, CAST_APPRAISER, "2013-01-28T09:00", "a1", 1));
}

static void the_first_appraiser_is_appraised_by_the_second(void **state)
{
    (void)state;
    uint32_t head = cast_head(CAST_SNV);
    OK(cast_register(&cast, head, "2013-01-20T09:00", "snv", 1, "own", 1, "2013-05-31"));
    OK(cast_submit(&cast, head, "2013-01-21T09:00", "snv", ""));
    FORBIDDEN(FOUR_EYES, cast_agree(&cast, CAST_APPRAISER, "2013-01-28T09:00", "snv", 1));
    FORBIDDEN(NO_OFFICE, cast_agree(&cast, CAST_CHAIR, "2013-01-28T09:00", "snv", 1));
    assert_string_equal(cast.refusal.param[1], "vp");
    OK(cast_agree(&cast, CAST_OFFICE_APPRAISER, "2013-01-28T09:00", "snv", 1));
    head = cast_head(CAST_VP);
    OK(cast_register(&cast, head, "2013-01-28T09:00", "vp", 1, "own", 1, "2013-05-31"));
    OK(cast_submit(&cast, head, "2013-01-28T09:00", "vp", ""));
    FORBIDDEN(FOUR_EYES, cast_agree(&cast, CAST_OFFICE_APPRAISER, "2013-01-28T09:00", "vp", 1));
    OK(cast_agree(&cast, CAST_APPRAISER, "2013-01-28T09:00", "vp", 1));
}

static void the_approver_in_charge_decides_and_no_other(void **state)
{
    (void)state;
    uint32_t head = cast_head(CAST_A2);
    OK(cast_register(&cast, head, "2013-01-20T09:00", "a2", 1, "own", 1, "2013-05-31"));
    OK(cast_submit(&cast, head, "2013-01-21T09:00", "a2", ""));
    OK(cast_agree(&cast, CAST_APPRAISER, "2013-01-28T09:00", "a2", 1));
    FORBIDDEN(NOT_THE_APPROVER, cast_agree(&cast, CAST_CHAIR, "2013-02-04T09:00", "a2", 1));
    assert_string_equal(cast.refusal.param[0], "vice");
    FORBIDDEN(NO_OFFICE, cast_agree(&cast, CAST_APPRAISER, "2013-02-04T09:00", "a2", 1));
    OK(cast_agree(&cast, CAST_VICE, "2013-02-04T09:00", "a2", 1));
    OK(cast_register(&cast, head, "2013-03-01T09:00", "a2", 1, "own", 2, "2013-05-31"));
    OK(cast_submit(&cast, head, "2013-03-01T09:00", "a2", "điều chỉnh"));
    FORBIDDEN(NOT_THE_APPROVER, cast_agree(&cast, CAST_VICE, "2013-03-04T09:00", "a2", 2));
    assert_string_equal(cast.refusal.param[0], "chair");
    FORBIDDEN(NO_OFFICE, cast_agree(&cast, CAST_APPRAISER, "2013-03-04T09:00", "a2", 2));
    OK(cast_agree(&cast, CAST_CHAIR, "2013-03-04T09:00", "a2", 2));
}

static void an_office_counts_only_within_its_days(void **state)
{
    (void)state;
    struct dd_office office = {DD_ROLE_HEAD, dd_slice_of("a1"), cast_day("2013-02-01"),
                               cast_day("2013-02-28")};
    put_office("head-4", cast_head(CAST_A1), &office, 1);
    FORBIDDEN(NO_OFFICE, cast_report(&cast, HEAD, "2013-01-31T23:59", "a1", "H1"));
    OK(cast_report(&cast, HEAD, "2013-02-01T00:00", "a1", "H1"));
    OK(cast_report(&cast, HEAD, "2013-02-28T23:59", "a1", "H1"));
    FORBIDDEN(NO_OFFICE, cast_report(&cast, HEAD, "2013-03-01T00:00", "a1", "H1"));
}

/* --- drafts --- */

static void a_kind_takes_five_tasks_and_not_six(void **state)
{
    (void)state;
    for (uint16_t task = 1; task <= 5; task++)
        OK(draft((uint16_t)(task * 10), 1));
    NO(TOO_MANY_TASKS, draft(60, 1));
    assert_string_equal(cast.refusal.param[0], "5");
    OK(draft(50, 3));
    OK(cast_register(&cast, OFFICER, "2013-01-20T09:00", "a1", 60, "common", 1, "2013-05-31"));
    OK(cast_remove(&cast, OFFICER, "2013-01-20T09:00", "a1", 10, "own", 1));
    OK(draft(5, 1));
    NO(TOO_MANY_TASKS, draft(70, 1));
}

static void a_task_is_of_one_kind(void **state)
{
    (void)state;
    OK(draft(1, 2));
    NO(TASK_KIND,
       cast_register(&cast, OFFICER, "2013-01-20T09:00", "a1", 1, "common", 1, "2013-05-31"));
    OK(cast_register(&cast, OFFICER, "2013-01-20T09:00", "a1", 1, "common", 2, "2013-05-31"));
    NO(NO_SUCH_KIND,
       cast_register(&cast, OFFICER, "2013-01-20T09:00", "a1", 2, "other", 1, "2013-05-31"));
}

static void an_indicator_is_due_within_the_cycle(void **state)
{
    (void)state;
    const char *at = "2013-01-20T09:00";
    NO(OUTSIDE_CYCLE, cast_register(&cast, OFFICER, at, "a1", 1, "own", 1, "2012-12-31"));
    assert_string_equal(cast.refusal.param[0], "2013-01-01");
    assert_string_equal(cast.refusal.param[1], "2013-12-31");
    OK(cast_register(&cast, OFFICER, at, "a1", 1, "own", 1, "2013-01-01"));
    OK(cast_register(&cast, OFFICER, at, "a1", 1, "own", 1, "2013-12-31"));
    NO(OUTSIDE_CYCLE, cast_register(&cast, OFFICER, at, "a1", 1, "own", 1, "2014-01-01"));
}

static void only_what_is_drafted_is_removed(void **state)
{
    (void)state;
    const char *at = "2013-01-20T09:00";
    OK(draft(1, 2));
    NO(NO_SUCH_ITEM, cast_remove(&cast, OFFICER, at, "a1", 1, "own", 3));
    NO(NO_SUCH_ITEM, cast_remove(&cast, OFFICER, at, "a1", 2, "own", 1));
    OK(cast_remove(&cast, OFFICER, at, "a1", 1, "own", 2));
    NO(NO_SUCH_ITEM, cast_remove(&cast, OFFICER, at, "a1", 1, "own", 2));
    OK(cast_remove(&cast, OFFICER, at, "a1", 1, "own", 1));
    NO(EMPTY_DRAFT, hand_in("2013-01-21T09:00"));
}

static void an_indicator_is_not_put_and_removed_at_once(void **state)
{
    (void)state;
    struct dd_indicator_put put = {.number = 1, .due_day = cast_day("2013-05-31")};
    uint16_t removed = 1;
    struct dd_command c = {.kind = DD_COMMAND_REGISTER};
    c.as.register_ = (struct dd_register){.cycle = dd_slice_of("key-tasks/2013"),
                                          .unit = dd_slice_of("a1"),
                                          .task = 1,
                                          .kind = dd_slice_of("own"),
                                          .indicators = &put,
                                          .indicator_count = 1,
                                          .removed = &removed,
                                          .removed_count = 1};
    OK(draft(1, 2));
    NO(DUPLICATE, cast_do(&cast, OFFICER, cast_at("2013-01-20T09:00"), &c));
    removed = 2;
    OK(cast_do(&cast, OFFICER, cast_at("2013-01-20T09:00"), &c));
    assert_int_equal(dd_items_count(dd_get_draft(&cast.view, 1, CAST_A1)), 1);
}

static void a_draft_takes_4000_indicators_and_no_more(void **state)
{
    (void)state;
    struct dd_indicator_put put[DD_INDICATORS_PER_COMMAND_MAX];
    struct dd_command c = {.kind = DD_COMMAND_REGISTER};
    c.as.register_ = (struct dd_register){.cycle = dd_slice_of("key-tasks/2013"),
                                          .unit = dd_slice_of("a1"),
                                          .task = 1,
                                          .kind = dd_slice_of("own"),
                                          .indicators = put,
                                          .indicator_count = DD_INDICATORS_PER_COMMAND_MAX};
    for (uint16_t page = 0; page < DD_INDICATORS_PER_DOSSIER_MAX / DD_INDICATORS_PER_COMMAND_MAX;
         page++) {
        for (uint16_t i = 0; i < DD_INDICATORS_PER_COMMAND_MAX; i++)
            put[i] = (struct dd_indicator_put){
                .number = (uint16_t)(page * DD_INDICATORS_PER_COMMAND_MAX + i + 1),
                .due_day = cast_day("2013-05-31")};
        OK(cast_do(&cast, OFFICER, cast_at("2013-01-20T09:00"), &c));
    }
    OK(draft(1, 1));
    NO(TOO_MANY_INDICATORS, draft(2, 1));
    OK(hand_in("2013-01-21T09:00"));
}

/* Whoever decides must be able to read it: a dossier fits one reply. */
static void a_dossier_s_texts_have_a_bound(void **state)
{
    (void)state;
    static uint8_t letters[DD_TITLE_BYTES_MAX];
    struct dd_indicator_put put[DD_INDICATORS_PER_COMMAND_MAX];
    struct dd_command c = {.kind = DD_COMMAND_REGISTER};
    size_t each = DD_DOSSIER_BYTES_MAX / 2048; /* titles of 1984 bytes, 64 more for each */
    memset(letters, 'x', sizeof letters);
    c.as.register_ = (struct dd_register){.cycle = dd_slice_of("key-tasks/2013"),
                                          .unit = dd_slice_of("a1"),
                                          .task = 1,
                                          .kind = dd_slice_of("own"),
                                          .indicators = put};
    for (size_t at = 0; at < each; at += c.as.register_.indicator_count) {
        size_t count = each - at < 200 ? each - at : 200;
        for (size_t i = 0; i < count; i++)
            put[i] = (struct dd_indicator_put){.number = (uint16_t)(at + i + 1),
                                               .title = {letters, 1984},
                                               .due_day = cast_day("2013-05-31")};
        c.as.register_.indicator_count = count;
        c.id.byte[0]++;
        OK(cast_do(&cast, OFFICER, cast_at("2013-01-20T09:00"), &c));
    }
    c.as.register_.indicator_count = 1;
    put[0] = (struct dd_indicator_put){
        .number = 1, .title = {letters, 1985}, .due_day = cast_day("2013-05-31")};
    c.id.byte[0]++;
    NO(TOO_LONG, cast_do(&cast, OFFICER, cast_at("2013-01-20T09:00"), &c));
    OK(hand_in("2013-01-21T09:00"));
}

static void an_indicator_has_a_bounded_number_of_revisions(void **state)
{
    (void)state;
    struct dd_item_row item = {.revisions = 59999};
    OK(draft(1, 1));
    dd_put_item(&cast.view, 1, CAST_A1, 2, 1, &item, NULL);
    OK(draft(2, 1));
    NO(TOO_MANY_VERSIONS, draft(2, 1));
}

/* --- handing in --- */

static void an_adjustment_needs_a_reason_and_a_change(void **state)
{
    (void)state;
    cast_bring_in_force(&cast, CAST_A1, 2, "2013-05-31");
    NO(REASON_NEEDED, cast_submit(&cast, HEAD, "2013-03-01T09:00", "a1", ""));
    NO(NOTHING_CHANGED, cast_submit(&cast, HEAD, "2013-03-01T09:00", "a1", "lý do"));
    OK(cast_register(&cast, OFFICER, "2013-03-01T09:00", "a1", 1, "own", 2, "2013-06-30"));
    NO(REASON_NEEDED, cast_submit(&cast, HEAD, "2013-03-01T09:00", "a1", ""));
    OK(cast_submit(&cast, HEAD, "2013-03-01T09:00", "a1", "lý do"));
}

static void a_draft_changed_there_and_back_has_not_changed(void **state)
{
    (void)state;
    cast_bring_in_force(&cast, CAST_A1, 2, "2013-05-31");
    OK(cast_register(&cast, OFFICER, "2013-03-01T09:00", "a1", 1, "own", 2, "2013-06-30"));
    OK(cast_register(&cast, OFFICER, "2013-03-01T09:00", "a1", 1, "own", 2, "2013-05-31"));
    NO(NOTHING_CHANGED, cast_submit(&cast, HEAD, "2013-03-01T09:00", "a1", "lý do"));
}

static void a_dossier_has_999_versions_and_no_more(void **state)
{
    (void)state;
    OK(draft(1, 1));
    struct dd_dossier_row dossier = cast_dossier(&cast, CAST_A1);
    dossier.newest = DD_VERSIONS_PER_DOSSIER_MAX;
    dd_put_dossier(&cast.view, 1, CAST_A1, &dossier);
    NO(TOO_MANY_VERSIONS, hand_in("2013-01-21T09:00"));
    dossier.newest = DD_VERSIONS_PER_DOSSIER_MAX - 1;
    dd_put_dossier(&cast.view, 1, CAST_A1, &dossier);
    OK(hand_in("2013-01-21T09:00"));
}

static void a_report_is_taken_999_times_and_no_more(void **state)
{
    (void)state;
    struct dd_report_row row = {.received_ms = 1};
    for (uint16_t i = 1; i <= 998; i++)
        dd_put_report(&cast.view, 1, CAST_A1, CAST_REPORT, 0, i, &row);
    OK(cast_report(&cast, HEAD, "2013-06-24T09:00", "a1", "H1"));
    assert_int_equal(cast.entry.events.event[0].version, 999);
    NO(TOO_MANY_REPORTS, cast_report(&cast, HEAD, "2013-06-24T09:00", "a1", "H1"));
    OK(cast_report(&cast, HEAD, "2013-06-24T09:00", "a1", "year"));
}

static void a_programme_without_the_stage_takes_no_such_submission(void **state)
{
    struct dd_programme programme = cast_programme();
    programme.stage[0] = programme.stage[CAST_REPORT];
    programme.stage_count = 1;
    close_cast(state);
    cast_make(&cast, 1);
    cast_open_with(&cast, &programme);
    OK(draft(1, 1));
    NO(NO_SUCH_STAGE, hand_in("2013-01-21T09:00"));
    NO(NO_SUCH_STAGE, cast_withdraw(&cast, HEAD, "2013-01-21T09:00", "a1", 1));
    OK(cast_report(&cast, HEAD, "2013-01-21T09:00", "a1", "H1"));
    close_cast(state);
    programme = cast_programme();
    programme.stage_count = CAST_REPORT;
    cast_make(&cast, 1);
    cast_open_with(&cast, &programme);
    NO(NO_SUCH_STAGE, cast_report(&cast, HEAD, "2013-01-21T09:00", "a1", "H1"));
    OK(draft(1, 1));
    OK(hand_in("2013-01-21T09:00"));
}

static void open_refusing_late_acts(void **state, size_t stage)
{
    struct dd_programme programme = cast_programme();
    programme.stage[stage].refuse_after_bound = true;
    close_cast(state);
    cast_make(&cast, 1);
    cast_open_with(&cast, &programme);
}

static void a_programme_may_refuse_what_comes_after_the_bound(void **state)
{
    open_refusing_late_acts(state, CAST_REGISTER);
    OK(draft(1, 1));
    NO(AFTER_BOUND, hand_in("2013-01-26T00:00"));
    assert_string_equal(cast.refusal.param[0], "2013-01-26T00:00:00+07:00");
    OK(hand_in("2013-01-25T23:59"));
    open_refusing_late_acts(state, CAST_REPORT);
    NO(AFTER_BOUND, cast_report(&cast, HEAD, "2013-06-25T00:00", "a1", "H1"));
    OK(cast_report(&cast, HEAD, "2013-06-24T23:59", "a1", "H1"));
    OK(cast_report(&cast, HEAD, "2013-06-25T00:00", "a1", "year"));
    open_refusing_late_acts(state, CAST_APPRAISE);
    OK(draft(1, 1));
    OK(hand_in("2013-01-25T23:59"));
    NO(AFTER_BOUND, cast_agree(&cast, CAST_APPRAISER, "2013-02-02T00:00", "a1", 1));
    OK(cast_agree(&cast, CAST_APPRAISER, "2013-02-01T23:59", "a1", 1));
}

static void an_adjustment_is_not_bound_by_the_registration_s_deadline(void **state)
{
    open_refusing_late_acts(state, CAST_REGISTER);
    cast_bring_in_force(&cast, CAST_A1, 1, "2013-05-31");
    OK(cast_register(&cast, OFFICER, "2013-03-01T09:00", "a1", 1, "own", 2, "2013-05-31"));
    OK(hand_in("2013-03-01T09:00"));
}

/* --- deciding --- */

static void a_decision_names_the_version_that_waits(void **state)
{
    (void)state;
    OK(draft(1, 1));
    OK(hand_in("2013-01-21T09:00"));
    NO(NO_SUCH_VERSION, cast_agree(&cast, CAST_APPRAISER, "2013-01-28T09:00", "a1", 0));
    NO(NO_SUCH_VERSION, cast_agree(&cast, CAST_APPRAISER, "2013-01-28T09:00", "a1", 2));
    OK(cast_withdraw(&cast, HEAD, "2013-01-22T09:00", "a1", 1));
    OK(hand_in("2013-01-22T09:00"));
    STALE(NEWER_VERSION, cast_agree(&cast, CAST_APPRAISER, "2013-01-28T09:00", "a1", 1));
    assert_string_equal(cast.refusal.param[0], "2");
    STALE(NEWER_VERSION, cast_withdraw(&cast, HEAD, "2013-01-28T09:00", "a1", 1));
    OK(cast_agree(&cast, CAST_APPRAISER, "2013-01-28T09:00", "a1", 2));
}

static void a_decision_names_the_content_that_it_is_about(void **state)
{
    (void)state;
    struct dd_command c = {.kind = DD_COMMAND_DECIDE};
    OK(draft(1, 1));
    OK(hand_in("2013-01-21T09:00"));
    c.as.decide = (struct dd_decide){.cycle = dd_slice_of("key-tasks/2013"),
                                     .unit = dd_slice_of("a1"),
                                     .version = 1,
                                     .verdict = DD_VERDICT_AGREE};
    struct dd_version_row version = cast_version(&cast, CAST_A1, 1);
    memcpy(c.as.decide.content_hash, version.content_hash, sizeof version.content_hash);
    c.as.decide.content_hash[31] ^= 1;
    STALE(VERSION_HASH, cast_do(&cast, CAST_APPRAISER, cast_at("2013-01-28T09:00"), &c));
    c.as.decide.content_hash[31] ^= 1;
    OK(cast_do(&cast, CAST_APPRAISER, cast_at("2013-01-28T09:00"), &c));
}

static void a_return_needs_a_reason(void **state)
{
    (void)state;
    OK(draft(1, 1));
    OK(hand_in("2013-01-21T09:00"));
    NO(REASON_NEEDED, cast_return(&cast, CAST_APPRAISER, "2013-01-28T09:00", "a1", 1, ""));
    OK(cast_return(&cast, CAST_APPRAISER, "2013-01-28T09:00", "a1", 1, "thiếu"));
}

/* --- progress --- */

static enum dd_status progress(const char *at, uint16_t task, uint16_t indicator, const char *day)
{
    return cast_progress(&cast, OFFICER, at, "a1", task, indicator, DD_OUTCOME_COMPLETED, day);
}

static void progress_is_of_an_indicator_in_force(void **state)
{
    (void)state;
    cast_bring_in_force(&cast, CAST_A1, 2, "2013-05-31");
    OK(cast_register(&cast, OFFICER, "2013-03-01T09:00", "a1", 2, "own", 1, "2013-06-30"));
    NO(NO_SUCH_ITEM, progress("2013-03-01T09:00", 2, 1, "2013-03-01"));
    assert_string_equal(cast.refusal.param[0], "2.1");
    NO(NO_SUCH_ITEM, progress("2013-03-01T09:00", 1, 3, "2013-03-01"));
    OK(progress("2013-03-01T09:00", 1, 2, "2013-03-01"));
}

static void progress_claims_a_day_of_the_cycle_that_is_not_to_come(void **state)
{
    (void)state;
    cast_bring_in_force(&cast, CAST_A1, 1, "2013-05-31");
    NO(OUTSIDE_CYCLE, progress("2013-03-01T09:00", 1, 1, "2012-12-31"));
    OK(progress("2013-03-01T09:00", 1, 1, "2013-01-01"));
    NO(DAY_IN_FUTURE, progress("2013-03-01T23:59", 1, 1, "2013-03-02"));
    OK(progress("2013-03-02T00:00", 1, 1, "2013-03-02"));
    OK(progress("2014-01-05T00:00", 1, 1, "2013-12-31"));
    NO(OUTSIDE_CYCLE, progress("2014-01-05T00:00", 1, 1, "2014-01-01"));
}

static void an_indicator_keeps_1000_outcomes_and_no_more(void **state)
{
    (void)state;
    cast_bring_in_force(&cast, CAST_A1, 2, "2013-05-31");
    for (int i = 0; i < DD_OUTCOMES_PER_ITEM_MAX; i++)
        OK(progress("2013-03-01T09:00", 1, 1, "2013-03-01"));
    NO(TOO_MANY_OUTCOMES, progress("2013-03-01T09:00", 1, 1, "2013-03-01"));
    OK(progress("2013-03-01T09:00", 1, 2, "2013-03-01"));
}

static void a_correction_names_an_outcome_of_the_indicator_and_a_reason(void **state)
{
    (void)state;
    struct dd_command c = {.kind = DD_COMMAND_PROGRESS};
    cast_bring_in_force(&cast, CAST_A1, 2, "2013-05-31");
    OK(progress("2013-03-01T09:00", 1, 1, "2013-03-01"));
    c.as.progress = (struct dd_progress){.cycle = dd_slice_of("key-tasks/2013"),
                                         .unit = dd_slice_of("a1"),
                                         .task = 1,
                                         .indicator = 1,
                                         .outcome = DD_OUTCOME_NOT_COMPLETED,
                                         .day = cast_day("2013-03-01"),
                                         .is_correction = true,
                                         .corrects_seq = cast.entry.seq};
    int64_t at = cast_at("2013-03-02T09:00");
    NO(REASON_NEEDED, cast_do(&cast, OFFICER, at, &c));
    c.as.progress.reason = dd_slice_of("nhầm");
    c.as.progress.indicator = 2;
    NO(BAD_CORRECTION, cast_do(&cast, OFFICER, at, &c));
    c.as.progress.indicator = 1;
    c.as.progress.corrects_seq--;
    NO(BAD_CORRECTION, cast_do(&cast, OFFICER, at, &c));
    c.as.progress.corrects_seq++;
    OK(cast_do(&cast, OFFICER, at, &c));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_cast, close_cast)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_command_in_every_state_has_its_answer),
        TEST(dossier_commands_need_an_office_of_the_unit),
        TEST(dossier_commands_name_a_known_cycle_unit_and_party),
        TEST(submit_is_signed_by_the_head_in_person),
        TEST(nobody_decides_on_what_their_own_unit_handed_in),
        TEST(nobody_decides_on_a_unit_in_which_they_appraise),
        TEST(nobody_decides_on_what_they_handed_in_themselves),
        TEST(the_first_appraiser_is_appraised_by_the_second),
        TEST(the_approver_in_charge_decides_and_no_other),
        TEST(an_office_counts_only_within_its_days),
        TEST(a_kind_takes_five_tasks_and_not_six),
        TEST(a_task_is_of_one_kind),
        TEST(an_indicator_is_due_within_the_cycle),
        TEST(only_what_is_drafted_is_removed),
        TEST(an_indicator_is_not_put_and_removed_at_once),
        TEST(a_draft_takes_4000_indicators_and_no_more),
        TEST(a_dossier_s_texts_have_a_bound),
        TEST(an_indicator_has_a_bounded_number_of_revisions),
        TEST(an_adjustment_needs_a_reason_and_a_change),
        TEST(a_draft_changed_there_and_back_has_not_changed),
        TEST(a_dossier_has_999_versions_and_no_more),
        TEST(a_report_is_taken_999_times_and_no_more),
        TEST(a_programme_without_the_stage_takes_no_such_submission),
        TEST(a_programme_may_refuse_what_comes_after_the_bound),
        TEST(an_adjustment_is_not_bound_by_the_registration_s_deadline),
        TEST(a_decision_names_the_version_that_waits),
        TEST(a_decision_names_the_content_that_it_is_about),
        TEST(a_return_needs_a_reason),
        TEST(progress_is_of_an_indicator_in_force),
        TEST(progress_claims_a_day_of_the_cycle_that_is_not_to_come),
        TEST(an_indicator_keeps_1000_outcomes_and_no_more),
        TEST(a_correction_names_an_outcome_of_the_indicator_and_a_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
