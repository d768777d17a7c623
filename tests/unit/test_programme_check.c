/* What a programme must hold: every fault that the check finds beside its nearest sound neighbour.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/programme.h"
#include "tests/lib/cast.h"
#include "tests/lib/rulebook.h"

static struct dd_programme programme;

static struct dd_slice text(const char *from)
{
    return dd_slice_of(from);
}

static int make(void **state)
{
    (void)state;
    programme = cast_programme();
    return 0;
}

static void expect_sound(void)
{
    struct dd_refusal refusal;
    enum dd_status status = dd_programme_check(&programme, &refusal);
    assert_string_equal(refusal.field, "");
    assert_int_equal(status, DD_OK);
}

static void expect_fault(enum dd_rule rule, const char *field)
{
    struct dd_refusal refusal;
    assert_int_equal(dd_programme_check(&programme, &refusal), DD_INVALID);
    assert_int_equal(refusal.status, DD_INVALID);
    assert_string_equal(dd_rule_key(refusal.rule), dd_rule_key(rule));
    assert_string_equal(refusal.field, field);
}

static void the_key_tasks_are_sound(void **state)
{
    (void)state;
    expect_sound();
}

static void a_programme_has_a_code_a_version_and_stages(void **state)
{
    (void)state;
    programme.code = text("no code");
    expect_fault(DD_RULE_BAD_CODE, "code");
    make(state);
    programme.version = 0;
    expect_fault(DD_RULE_MISSING, "version");
    make(state);
    programme.stage_count = 0;
    expect_fault(DD_RULE_MISSING, "stages");
    programme.stage_count = 1;
    expect_sound();
}

static void counts_have_their_limits(void **state)
{
    static char keys[DD_STAGES_MAX][2];
    (void)state;
    for (size_t i = 0; i < DD_STAGES_MAX; i++) {
        keys[i][0] = (char)('a' + i);
        programme.stage[i] = programme.stage[i == 0 ? CAST_REGISTER : CAST_APPRAISE];
        programme.stage[i].key = text(keys[i]);
    }
    programme.stage_count = DD_STAGES_MAX;
    for (size_t i = 0; i < DD_ITEM_KINDS_MAX; i++)
        programme.kind[i] = (struct dd_item_kind){.code = text(keys[i]), .max_tasks = 1};
    programme.kind_count = DD_ITEM_KINDS_MAX;
    expect_sound();
    programme.form_count = DD_FORMS_MAX + 1;
    expect_fault(DD_RULE_TOO_MANY, "forms");
    programme.kind_count++;
    expect_fault(DD_RULE_TOO_MANY, "kinds");
    programme.stage_count++;
    expect_fault(DD_RULE_TOO_MANY, "stages");
}

static void kinds_have_codes_and_room_for_a_task(void **state)
{
    (void)state;
    programme.kind[1].code = text("");
    expect_fault(DD_RULE_BAD_CODE, "kinds[1].code");
    programme.kind[1].code = programme.kind[0].code;
    expect_fault(DD_RULE_DUPLICATE, "kinds[1].code");
    programme.kind[1].code = text("common");
    programme.kind[1].max_tasks = 0;
    expect_fault(DD_RULE_MISSING, "kinds[1].max_tasks");
    programme.kind[1].max_tasks = 1;
    expect_sound();
    programme.kind_count = 0;
    expect_sound();
}

static void a_stage_says_what_it_is(void **state)
{
    struct dd_stage *stage = &programme.stage[CAST_APPRAISE];
    (void)state;
    stage->key = text("-x");
    expect_fault(DD_RULE_BAD_CODE, "stages[1].key");
    stage->key = text("register");
    expect_fault(DD_RULE_DUPLICATE, "stages[1].key");
    make(state);
    stage->act = 0;
    expect_fault(DD_RULE_MISSING, "stages[1].act");
    make(state);
    stage->by = 0;
    expect_fault(DD_RULE_MISSING, "stages[1].by");
    make(state);
    stage->silence = 0;
    expect_fault(DD_RULE_MISSING, "stages[1].silence");
    stage->silence = DD_SILENCE_AGREES; /* of a version, nobody's silence does */
    expect_fault(DD_RULE_NOT_NEEDED, "stages[1].silence");
}

static void a_stage_uses_known_words(void **state)
{
    struct dd_stage *stage = &programme.stage[CAST_REPORT];
    (void)state;
    stage->act = (enum dd_act)6;
    expect_fault(DD_RULE_UNKNOWN_WORD, "stages[3].act");
    make(state);
    stage->by = (enum dd_role)9;
    expect_fault(DD_RULE_UNKNOWN_WORD, "stages[3].by");
    make(state);
    stage->silence = (enum dd_silence)6;
    expect_fault(DD_RULE_UNKNOWN_WORD, "stages[3].silence");
    make(state);
    stage->deadline.word = (enum dd_deadline_word)4;
    expect_fault(DD_RULE_UNKNOWN_WORD, "stages[3].deadline.word");
    stage->deadline.word = DD_WORD_ON;
    expect_sound();
}

static void a_stage_with_a_deadline_names_its_date(void **state)
{
    struct dd_stage *stage = &programme.stage[CAST_APPROVE];
    (void)state;
    stage->deadline.date = text("");
    expect_fault(DD_RULE_MISSING, "stages[2].deadline.date");
    stage->deadline.word = 0;
    expect_sound();
    programme.stage[CAST_REGISTER].deadline.date = text("");
    expect_fault(DD_RULE_MISSING, "stages[0].deadline.date");
}

static void handing_in_reporting_and_outcomes_stand_once(void **state)
{
    static const size_t twice[] = {CAST_REGISTER, CAST_REPORT, CAST_INDICATOR};
    for (size_t i = 0; i < 3; i++) {
        make(state);
        programme.stage[CAST_STAGES] = programme.stage[twice[i]];
        programme.stage[CAST_STAGES].key = text("again");
        programme.stage_count++;
        expect_fault(DD_RULE_DUPLICATE, "stages[5].act");
    }
    programme.stage[CAST_STAGES] = programme.stage[CAST_APPROVE];
    programme.stage[CAST_STAGES].key = text("again");
    expect_sound();
}

static void deciding_comes_after_handing_in_and_by_who_decides(void **state)
{
    struct dd_stage hand_in = programme.stage[CAST_REGISTER];
    (void)state;
    programme.stage[CAST_REGISTER] = programme.stage[CAST_APPRAISE];
    programme.stage[CAST_APPRAISE] = hand_in;
    expect_fault(DD_RULE_DATES_OUT_OF_ORDER, "stages[0].act");
    make(state);
    programme.stage[CAST_APPRAISE].by = DD_ROLE_HEAD;
    expect_fault(DD_RULE_UNKNOWN_WORD, "stages[1].by");
    programme.stage[CAST_APPRAISE].by = DD_ROLE_APPROVER;
    expect_sound();
}

static void rungs_rise_within_120_days(void **state)
{
    struct dd_stage *stage = &programme.stage[CAST_REGISTER];
    (void)state;
    stage->rung[0] = -120;
    stage->rung[6] = 120;
    expect_sound();
    stage->rung[0] = -121;
    expect_fault(DD_RULE_OUT_OF_RANGE, "stages[0].rungs");
    stage->rung[0] = -120;
    stage->rung[6] = 121;
    expect_fault(DD_RULE_OUT_OF_RANGE, "stages[0].rungs");
    stage->rung[6] = stage->rung[5];
    expect_fault(DD_RULE_DATES_OUT_OF_ORDER, "stages[0].rungs");
    make(state);
    for (int8_t i = 0; i < DD_RUNGS_MAX; i++)
        stage->rung[i] = i;
    stage->rung_count = DD_RUNGS_MAX;
    expect_sound();
    stage->rung_count++;
    expect_fault(DD_RULE_TOO_MANY, "stages[0].rungs");
}

/* --- one stage of every sort --- */

static int make_rich(void **state)
{
    (void)state;
    programme = rulebook_programme();
    return 0;
}

static void one_stage_of_every_sort_is_sound(void **state)
{
    (void)state;
    expect_sound();
}

/* --- kinds --- */

static void a_kind_of_task_has_nothing_of_a_matter(void **state)
{
    struct dd_item_kind *kind = &programme.kind[RULEBOOK_TASK];
    (void)state;
    kind->opened_by = DD_ROLE_HEAD;
    expect_fault(DD_RULE_NOT_NEEDED, "kinds[0].opened_by");
    make_rich(state);
    kind->opened_in = DD_WHERE_OWNER;
    expect_fault(DD_RULE_NOT_NEEDED, "kinds[0].opened_in");
    make_rich(state);
    kind->signers = 1 << DD_CAPACITY_FOR_HEAD;
    expect_fault(DD_RULE_NOT_NEEDED, "kinds[0].signers");
    make_rich(state);
    kind->needs_due = true;
    expect_fault(DD_RULE_NOT_NEEDED, "kinds[0].needs_due");
    make_rich(state);
    kind->needs_instant = true;
    expect_fault(DD_RULE_NOT_NEEDED, "kinds[0].needs_instant");
}

static void a_kind_of_matter_says_who_opens_it_and_where(void **state)
{
    struct dd_item_kind *kind = &programme.kind[RULEBOOK_CONSULT];
    (void)state;
    kind->max_tasks = 1;
    expect_fault(DD_RULE_NOT_NEEDED, "kinds[1].max_tasks");
    kind->max_tasks = 0;
    kind->opened_by = 0;
    expect_fault(DD_RULE_MISSING, "kinds[1].opened_by");
    kind->opened_by = (enum dd_role)9;
    expect_fault(DD_RULE_UNKNOWN_WORD, "kinds[1].opened_by");
    kind->opened_by = DD_ROLE_AUDITOR;
    expect_fault(DD_RULE_UNKNOWN_WORD, "kinds[1].opened_by");
    kind->opened_by = DD_ROLE_APPROVER;
    kind->opened_in = 0;
    expect_fault(DD_RULE_MISSING, "kinds[1].opened_in");
    kind->opened_in = (enum dd_where)3;
    expect_fault(DD_RULE_UNKNOWN_WORD, "kinds[1].opened_in");
    kind->opened_in = DD_WHERE_HOST;
    expect_sound();
}

static void a_kind_of_matter_has_a_stage(void **state)
{
    (void)state;
    programme.stage[RULEBOOK_PAPERS].of = text("consult");
    programme.stage[RULEBOOK_PAPERS].deadline = (struct dd_deadline_rule){.word = DD_WORD_BY};
    expect_fault(DD_RULE_NO_SUCH_STAGE, "kinds[2].code");
    programme.kind_count--;
    expect_sound();
}

static void signers_are_those_beside_the_head(void **state)
{
    (void)state;
    programme.kind[RULEBOOK_CONSULT].signers = 1 << DD_CAPACITY_HEAD;
    expect_fault(DD_RULE_UNKNOWN_WORD, "kinds[1].signers");
    programme.kind[RULEBOOK_CONSULT].signers = 1 << 6;
    expect_fault(DD_RULE_UNKNOWN_WORD, "kinds[1].signers");
    make_rich(state);
    programme.kind[RULEBOOK_MEETING].signers = 1 << DD_CAPACITY_FOR_HEAD;
    expect_fault(DD_RULE_NOT_NEEDED, "kinds[2].signers");
    make_rich(state);
    programme.stage[RULEBOOK_MONTHLY].signers = 0x3c;
    expect_sound();
    programme.stage[RULEBOOK_MONTHLY].signers = 0x3e;
    expect_fault(DD_RULE_UNKNOWN_WORD, "stages[2].signers");
    programme.stage[RULEBOOK_MONTHLY].signers = 0x40;
    expect_fault(DD_RULE_UNKNOWN_WORD, "stages[2].signers");
    programme.stage[RULEBOOK_MONTHLY].signers = 0x3c;
    programme.stage[RULEBOOK_MONTHLY].by = DD_ROLE_APPROVER;
    expect_sound();
    programme.stage[RULEBOOK_MONTHLY].by = DD_ROLE_OFFICER;
    expect_fault(DD_RULE_NOT_NEEDED, "stages[2].signers");
    programme.stage[RULEBOOK_MONTHLY].signers = 0;
    expect_sound();
}

/* --- stages --- */

static void each_act_has_its_place(void **state)
{
    struct dd_stage *stage = programme.stage;
    (void)state;
    stage[RULEBOOK_MONTHLY].of = text("consult");
    expect_fault(DD_RULE_NOT_NEEDED, "stages[2].of");
    make_rich(state);
    stage[RULEBOOK_PLAN].of = text("consult");
    expect_fault(DD_RULE_NOT_NEEDED, "stages[0].of");
    make_rich(state);
    stage[RULEBOOK_OPINION].of = text("");
    expect_fault(DD_RULE_MISSING, "stages[10].of");
    stage[RULEBOOK_OPINION].of = text("task");
    expect_fault(DD_RULE_NO_SUCH_KIND, "stages[10].of");
    stage[RULEBOOK_OPINION].of = text("consul");
    expect_fault(DD_RULE_NO_SUCH_KIND, "stages[10].of");
    make_rich(state);
    stage[RULEBOOK_OPINION].who = 0;
    expect_fault(DD_RULE_MISSING, "stages[10].who");
    stage[RULEBOOK_OPINION].who = (enum dd_who)3;
    expect_fault(DD_RULE_UNKNOWN_WORD, "stages[10].who");
    stage[RULEBOOK_OPINION].who = DD_WHO_OWNER;
    stage[RULEBOOK_SETTLE].who = 0;
    expect_sound();
    stage[RULEBOOK_DONE].who = 0;
    expect_fault(DD_RULE_MISSING, "stages[13].who");
}

static void each_act_is_by_those_who_can(void **state)
{
    static const unsigned own = 1 << DD_ROLE_HEAD | 1 << DD_ROLE_DEPUTY | 1 << DD_ROLE_OFFICER;
    static const unsigned deciders = 1 << DD_ROLE_APPRAISER | 1 << DD_ROLE_APPROVER;
    const struct {
        size_t stage;
        unsigned roles;
    } by[] = {{RULEBOOK_PLAN, own},
              {RULEBOOK_AGREE, deciders},
              {RULEBOOK_WEEKLY, own | deciders},
              {RULEBOOK_INDICATOR, own},
              {RULEBOOK_OPINION, own | deciders},
              {RULEBOOK_SETTLE, deciders | 1 << DD_ROLE_HEAD},
              {RULEBOOK_DONE, own}};
    struct dd_refusal refusal;
    for (size_t i = 0; i < sizeof by / sizeof by[0]; i++) {
        make_rich(state);
        for (int role = DD_ROLE_HEAD; role <= DD_ROLE_NOTIFIER; role++) {
            programme.stage[by[i].stage].by = (enum dd_role)role;
            bool sound = dd_programme_check(&programme, &refusal) == DD_OK;
            assert_int_equal(sound, (by[i].roles >> role & 1) != 0);
        }
    }
}

static void outcomes_stand_once_for_each_thing(void **state)
{
    struct dd_stage *stage = programme.stage;
    (void)state;
    stage[RULEBOOK_STAGES] = stage[RULEBOOK_DONE];
    stage[RULEBOOK_STAGES].key = text("done-too");
    programme.stage_count++;
    expect_fault(DD_RULE_DUPLICATE, "stages[14].act");
    stage[RULEBOOK_STAGES].of = text("meeting");
    expect_sound();
    stage[RULEBOOK_STAGES] = stage[RULEBOOK_OPINION];
    stage[RULEBOOK_STAGES].key = text("opinion-too");
    expect_sound();
}

static void reports_that_the_cycle_names_have_one_stage(void **state)
{
    struct dd_stage *stage = programme.stage;
    (void)state;
    stage[RULEBOOK_ALERT].any_time = false;
    expect_fault(DD_RULE_DUPLICATE, "stages[8].act");
    make_rich(state);
    stage[RULEBOOK_STAGES] = stage[RULEBOOK_ALERT];
    stage[RULEBOOK_STAGES].key = text("alert-too");
    programme.stage_count++;
    expect_sound();
}

static void an_outcome_of_the_dossier_needs_a_hand_in(void **state)
{
    (void)state;
    programme.stage[RULEBOOK_PLAN] = programme.stage[RULEBOOK_WEEKLY];
    programme.stage[RULEBOOK_PLAN].key = text("plan");
    programme.stage[RULEBOOK_AGREE] = programme.stage[RULEBOOK_WEEKLY];
    programme.stage[RULEBOOK_AGREE].key = text("agree");
    expect_fault(DD_RULE_DATES_OUT_OF_ORDER, "stages[9].act");
    programme.stage[RULEBOOK_INDICATOR].of = text("meeting");
    programme.stage[RULEBOOK_INDICATOR].who = DD_WHO_OWNER;
    expect_sound();
}

/* --- what a stage brings, and hangs on --- */

static void groups_stand_once(void **state)
{
    static const char *const codes[] = {"a", "b", "c", "d", "e", "f", "g", "h"};
    struct dd_stage *stage = &programme.stage[RULEBOOK_MONTHLY];
    (void)state;
    for (size_t i = 0; i < DD_STAGE_GROUPS_MAX; i++)
        stage->group[i] = text(codes[i]);
    stage->group_count = DD_STAGE_GROUPS_MAX;
    expect_sound();
    stage->group_count++;
    expect_fault(DD_RULE_TOO_MANY, "stages[2].groups");
    stage->group_count = 2;
    stage->group[1] = text("a");
    expect_fault(DD_RULE_DUPLICATE, "stages[2].groups");
    stage->group[1] = text("");
    expect_fault(DD_RULE_BAD_CODE, "stages[2].groups");
}

static void choices_are_for_answers_and_stand_once(void **state)
{
    static const char *const codes[] = {"a", "b", "c", "d", "e", "f"};
    struct dd_stage *stage = &programme.stage[RULEBOOK_OPINION];
    (void)state;
    for (size_t i = 0; i < DD_CHOICES_MAX; i++)
        stage->choice[i].code = text(codes[i]);
    stage->choice_count = DD_CHOICES_MAX;
    expect_sound();
    stage->choice_count++;
    expect_fault(DD_RULE_TOO_MANY, "stages[10].choices");
    stage->choice_count = 2;
    stage->choice[1].code = text("a");
    expect_fault(DD_RULE_DUPLICATE, "stages[10].choices");
    stage->choice[1].code = text("a b");
    expect_fault(DD_RULE_BAD_CODE, "stages[10].choices");
    make_rich(state);
    programme.stage[RULEBOOK_MONTHLY].choice_count = 1;
    programme.stage[RULEBOOK_MONTHLY].choice[0].code = text("a");
    expect_fault(DD_RULE_NOT_NEEDED, "stages[2].choices");
}

static void a_ballot_passes_by_one_of_its_choices(void **state)
{
    struct dd_stage *stage = &programme.stage[RULEBOOK_OPINION];
    (void)state;
    stage->pass_choice = 2;
    stage->pass_percent = 99;
    stage->pass_of_cast = true;
    expect_sound();
    stage->pass_percent = 100;
    expect_fault(DD_RULE_OUT_OF_RANGE, "stages[10].pass_percent");
    stage->pass_percent = 0;
    expect_fault(DD_RULE_OUT_OF_RANGE, "stages[10].pass_percent");
    stage->pass_percent = 1;
    expect_sound();
    stage->pass_of = 1;
    expect_fault(DD_RULE_OUT_OF_RANGE, "stages[10].pass_of");
    stage->pass_of = 101;
    expect_fault(DD_RULE_OUT_OF_RANGE, "stages[10].pass_of");
    stage->pass_of = 2;
    expect_sound();
    stage->pass_percent = 2;
    expect_fault(DD_RULE_OUT_OF_RANGE, "stages[10].pass_percent");
    stage->pass_of = 100;
    expect_sound();
    stage->pass_percent = 1;
    stage->pass_choice = 3;
    expect_fault(DD_RULE_OUT_OF_RANGE, "stages[10].pass_choice");
    stage->pass_choice = 0;
    expect_fault(DD_RULE_NOT_NEEDED, "stages[10].pass_percent");
    stage->pass_percent = 0;
    expect_fault(DD_RULE_NOT_NEEDED, "stages[10].pass_of");
    stage->pass_of = 0;
    expect_fault(DD_RULE_NOT_NEEDED, "stages[10].pass_of_cast");
    stage->pass_of_cast = false;
    expect_sound();
}

static void a_form_that_is_named_exists(void **state)
{
    struct dd_stage *stage = programme.stage;
    (void)state;
    stage[RULEBOOK_MONTHLY].form = text("stuff");
    expect_fault(DD_RULE_NO_SUCH_FORM, "stages[2].form");
    stage[RULEBOOK_MONTHLY].form = stage[RULEBOOK_PLAN].form = stage[RULEBOOK_OPINION].form =
        text("votes");
    expect_sound();
    stage[RULEBOOK_AGREE].form = text("votes");
    expect_fault(DD_RULE_NOT_NEEDED, "stages[1].form");
    stage[RULEBOOK_AGREE].form = text("");
    stage[RULEBOOK_DONE].form = text("votes");
    expect_fault(DD_RULE_NOT_NEEDED, "stages[13].form");
}

static void forms_are_sound_and_stand_once(void **state)
{
    static uint8_t bytes[1024];
    struct dd_form form = {.key = text("staff"), .figure_count = 1};
    struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
    (void)state;
    dd_form_write(&w, &(struct dd_form){.key = text("staff"), .part_count = 1, .part = {form.key}});
    size_t first = dd_writer_slice(&w).size;
    dd_form_write(&w, &form);
    programme.forms = dd_writer_slice(&w);
    expect_fault(DD_RULE_BAD_CODE, "forms[1].figures[0].key");
    w.at = first;
    form.figure[0].key = text("persons");
    dd_form_write(&w, &form);
    programme.forms = dd_writer_slice(&w);
    expect_fault(DD_RULE_DUPLICATE, "forms[1].key");
    programme.form_count = 1;
    expect_fault(DD_RULE_MALFORMED, "forms");
    programme.forms.size = first;
    expect_sound();
    programme.form_count = 2;
    expect_fault(DD_RULE_MALFORMED, "forms");
}

static void a_report_requires_an_earlier_one_of_its_periods(void **state)
{
    struct dd_stage *stage = programme.stage;
    (void)state;
    stage[RULEBOOK_APPRAISED].requires = text("selv");
    expect_fault(DD_RULE_NO_SUCH_STAGE, "stages[6].requires");
    stage[RULEBOOK_APPRAISED].requires = text("appraised");
    expect_fault(DD_RULE_DATES_OUT_OF_ORDER, "stages[6].requires");
    stage[RULEBOOK_APPRAISED].requires = text("plan");
    expect_fault(DD_RULE_BAD_DEADLINE, "stages[6].requires");
    stage[RULEBOOK_APPRAISED].requires = text("quarterly");
    expect_fault(DD_RULE_BAD_DEADLINE, "stages[6].requires");
    make_rich(state);
    stage[RULEBOOK_SELF].requires = text("appraised");
    expect_fault(DD_RULE_DATES_OUT_OF_ORDER, "stages[5].requires");
    make_rich(state);
    stage[RULEBOOK_WEEKLY].requires = text("quarterly");
    expect_fault(DD_RULE_BAD_DEADLINE, "stages[4].requires");
    stage[RULEBOOK_WEEKLY].deadline = stage[RULEBOOK_QUARTERLY].deadline;
    expect_sound();
    stage[RULEBOOK_NAMED].requires = text("self");
    expect_fault(DD_RULE_NOT_NEEDED, "stages[8].requires");
    make_rich(state);
    stage[RULEBOOK_ALERT].requires = text("self");
    expect_fault(DD_RULE_NOT_NEEDED, "stages[7].requires");
    make_rich(state);
    stage[RULEBOOK_OPINION].requires = text("self");
    expect_fault(DD_RULE_NOT_NEEDED, "stages[10].requires");
}

static void a_report_yields_to_another_without_a_loop(void **state)
{
    struct dd_stage *stage = programme.stage;
    (void)state;
    stage[RULEBOOK_SELF].yields_to = text("quarterly");
    expect_fault(DD_RULE_NOT_NEEDED, "stages[5].yields_to");
    make_rich(state);
    stage[RULEBOOK_MONTHLY].yields_to = text("self");
    expect_fault(DD_RULE_NO_SUCH_STAGE, "stages[2].yields_to");
    stage[RULEBOOK_MONTHLY].yields_to = text("quarter");
    expect_fault(DD_RULE_NO_SUCH_STAGE, "stages[2].yields_to");
    stage[RULEBOOK_MONTHLY].yields_to = text("monthly");
    expect_fault(DD_RULE_LOOP, "stages[2].yields_to");
    make_rich(state);
    stage[RULEBOOK_QUARTERLY].yields_to = text("weekly");
    expect_sound();
    stage[RULEBOOK_WEEKLY].yields_to = text("quarterly");
    expect_fault(DD_RULE_LOOP, "stages[2].yields_to");
    stage[RULEBOOK_WEEKLY].yields_to = text("monthly");
    expect_fault(DD_RULE_LOOP, "stages[2].yields_to");
}

#define TEST(name) cmocka_unit_test_setup(name, make)
#define RICH(name) cmocka_unit_test_setup(name, make_rich)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_key_tasks_are_sound),
        TEST(a_programme_has_a_code_a_version_and_stages),
        TEST(counts_have_their_limits),
        TEST(kinds_have_codes_and_room_for_a_task),
        TEST(a_stage_says_what_it_is),
        TEST(a_stage_uses_known_words),
        TEST(a_stage_with_a_deadline_names_its_date),
        TEST(handing_in_reporting_and_outcomes_stand_once),
        TEST(deciding_comes_after_handing_in_and_by_who_decides),
        TEST(rungs_rise_within_120_days),
        RICH(one_stage_of_every_sort_is_sound),
        RICH(a_kind_of_task_has_nothing_of_a_matter),
        RICH(a_kind_of_matter_says_who_opens_it_and_where),
        RICH(a_kind_of_matter_has_a_stage),
        RICH(signers_are_those_beside_the_head),
        RICH(each_act_has_its_place),
        RICH(each_act_is_by_those_who_can),
        RICH(outcomes_stand_once_for_each_thing),
        RICH(reports_that_the_cycle_names_have_one_stage),
        RICH(an_outcome_of_the_dossier_needs_a_hand_in),
        RICH(groups_stand_once),
        RICH(choices_are_for_answers_and_stand_once),
        RICH(a_ballot_passes_by_one_of_its_choices),
        RICH(a_form_that_is_named_exists),
        RICH(forms_are_sound_and_stand_once),
        RICH(a_report_requires_an_earlier_one_of_its_periods),
        RICH(a_report_yields_to_another_without_a_loop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
