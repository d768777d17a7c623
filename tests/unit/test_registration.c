/* Tests of what a programme may ask of a registration and of progress besides
 * (core/decide_dossier.c): forms, reasons, groups, verdicts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/lib/rules_cast.h"

enum { HEAD = CAST_FIRST_HEAD + 4 };

static void in_principle_is_no_verdict_on_a_registration(void **state)
{
    (void)state;
    struct cast cast;
    struct dd_command c = {.kind = DD_COMMAND_DECIDE};
    cast_ready(&cast, 1);
    CAST_OK(&cast, cast_register(&cast, HEAD, "2013-01-20T09:00", "a1", 1, "own", 1, "2013-05-31"));
    CAST_OK(&cast, cast_submit(&cast, HEAD, "2013-01-21T09:00", "a1", ""));
    c.as.decide = (struct dd_decide){.cycle = dd_slice_of("key-tasks/2013"),
                                     .unit = dd_slice_of("a1"),
                                     .version = 1,
                                     .verdict = DD_VERDICT_IN_PRINCIPLE};
    memcpy(c.as.decide.content_hash, cast_version(&cast, CAST_A1, 1).content_hash, 32);
    CAST_NO(&cast, DD_REFUSED, NOT_NEEDED,
            cast_do(&cast, CAST_APPRAISER, cast_at("2013-01-22T09:00"), &c));
    c.as.decide.verdict = DD_VERDICT_AGREE;
    CAST_OK(&cast, cast_do(&cast, CAST_APPRAISER, cast_at("2013-01-22T09:00"), &c));
    cast_free(&cast);
}

/* A cast of its own under a changed rulebook, with one task of a1 drafted. */
static void open_changed(struct cast *rules, const struct dd_programme *programme)
{
    static struct dd_indicator_put indicator;
    struct dd_command c = {.kind = DD_COMMAND_REGISTER};
    cast_make(rules, 3);
    rules_open(rules, programme);
    indicator = (struct dd_indicator_put){
        .number = 1, .title = dd_slice_of("Chỉ tiêu"), .due_day = cast_day("2013-03-29")};
    c.as.register_ = (struct dd_register){.cycle = dd_slice_of("rules/2013"),
                                          .unit = dd_slice_of("a1"),
                                          .task = 1,
                                          .kind = dd_slice_of("own"),
                                          .indicators = &indicator,
                                          .indicator_count = 1};
    CAST_OK(rules, rules_do(rules, cast_head(CAST_A1), "2013-01-15T09:00", &c));
}

static struct dd_command registration(void)
{
    struct dd_command c = rules_report("a1", "", "");
    c.as.submit.what = DD_SUBMISSION_REGISTRATION;
    return c;
}

static void a_registration_brings_what_its_stage_asks_for(void **state)
{
    (void)state;
    struct cast rules;
    struct dd_programme programme = rules_programme();
    struct dd_command c = registration();
    programme.stage[RULES_REGISTER].form = dd_slice_of("sheet");
    programme.stage[RULES_REGISTER].reason_when_late = true;
    open_changed(&rules, &programme);
    CAST_NO(&rules, DD_REFUSED, FIGURE_MISSING, rules_do(&rules, HEAD, "2013-01-25T23:59", &c));
    rules_figures(&rules, &c, 1, 2, 3, -1);
    CAST_NO(&rules, DD_REFUSED, REASON_NEEDED, rules_do(&rules, HEAD, "2013-01-26T00:00", &c));
    c.as.submit.reason = dd_slice_of("lũ lụt");
    CAST_OK(&rules, rules_do(&rules, HEAD, "2013-01-26T00:00", &c));
    cast_free(&rules);
}

static void a_registration_is_of_parties_that_owe_one(void **state)
{
    (void)state;
    struct cast rules;
    struct dd_programme programme = rules_programme();
    struct dd_command c = registration();
    programme.stage[RULES_REGISTER].group_count = 1;
    programme.stage[RULES_REGISTER].group[0] = dd_slice_of("district");
    open_changed(&rules, &programme);
    CAST_NO(&rules, DD_REFUSED, NO_SUCH_DUTY, rules_do(&rules, HEAD, "2013-01-20T09:00", &c));
    cast_free(&rules);
}

static void what_is_late_or_not_done_says_why_where_the_stage_asks(void **state)
{
    (void)state;
    static const struct {
        const char *at;
        enum dd_outcome outcome;
        bool needed;
    } some[] = {{"2013-02-01T09:00", DD_OUTCOME_OPEN, false},
                {"2013-02-01T09:00", DD_OUTCOME_NOT_COMPLETED, true},
                {"2013-02-01T09:00", DD_OUTCOME_UNATTAINABLE, true},
                {"2013-03-30T00:00", DD_OUTCOME_COMPLETED, true},
                {"2013-03-29T23:59:59.999", DD_OUTCOME_COMPLETED, false}};
    struct cast rules;
    struct dd_programme programme = rules_programme();
    struct dd_command c = registration();
    programme.stage[RULES_TASK].reason_when_late = true;
    open_changed(&rules, &programme);
    CAST_OK(&rules, rules_do(&rules, HEAD, "2013-01-20T09:00", &c));
    for (size_t i = 0; i < sizeof some / sizeof some[0]; i++) {
        c = (struct dd_command){.kind = DD_COMMAND_PROGRESS};
        c.as.progress = (struct dd_progress){.cycle = dd_slice_of("rules/2013"),
                                             .unit = dd_slice_of("a1"),
                                             .task = 1,
                                             .indicator = 1,
                                             .outcome = some[i].outcome,
                                             .day = cast_day("2013-02-01")};
        if (some[i].needed) {
            CAST_NO(&rules, DD_REFUSED, REASON_NEEDED, rules_do(&rules, HEAD, some[i].at, &c));
            assert_string_equal(rules.refusal.field, "note");
            continue;
        }
        CAST_OK(&rules, rules_do(&rules, HEAD, some[i].at, &c));
    }
    cast_free(&rules);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_principle_is_no_verdict_on_a_registration),
        cmocka_unit_test(a_registration_brings_what_its_stage_asks_for),
        cmocka_unit_test(a_registration_is_of_parties_that_owe_one),
        cmocka_unit_test(what_is_late_or_not_done_says_why_where_the_stage_asks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
