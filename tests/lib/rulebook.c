/* See tests/lib/rulebook.h. */
#include "tests/lib/rulebook.h"

static struct dd_slice text(const char *from)
{
    return dd_slice_of(from);
}

static struct dd_stage of_matter(const char *key, enum dd_act act, const char *kind)
{
    return (struct dd_stage){.key = text(key),
                             .act = act,
                             .by = DD_ROLE_HEAD,
                             .of = text(kind),
                             .who = DD_WHO_EACH,
                             .silence = DD_SILENCE_MISSING};
}

static struct dd_stage recurring(const char *key, enum dd_cadence every, int8_t month, uint8_t day)
{
    return (struct dd_stage){
        .key = text(key),
        .act = DD_ACT_REPORT,
        .by = DD_ROLE_HEAD,
        .deadline = {.word = DD_WORD_BEFORE, .every = every, .on = {month, day}},
        .silence = DD_SILENCE_MISSING};
}

static struct dd_stage by_date(const char *key, enum dd_act act, enum dd_role by)
{
    return (struct dd_stage){.key = text(key),
                             .act = act,
                             .by = by,
                             .deadline = {.word = DD_WORD_BY, .date = text(key)},
                             .silence = DD_SILENCE_MISSING};
}

static void put_forms(struct dd_programme *programme)
{
    static uint8_t bytes[1024];
    struct dd_form form = {.key = text("staff"), .figure_count = 1};
    struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
    form.figure[0].key = text("persons");
    dd_form_write(&w, &form);
    form.key = text("votes");
    dd_form_write(&w, &form);
    programme->form_count = 2;
    programme->forms = dd_writer_slice(&w);
}

static void put_dossier_stages(struct dd_stage *stage)
{
    stage[RULEBOOK_PLAN] = by_date("plan", DD_ACT_HAND_IN, DD_ROLE_HEAD);
    stage[RULEBOOK_AGREE] = (struct dd_stage){.key = text("agree"),
                                              .act = DD_ACT_DECIDE,
                                              .by = DD_ROLE_APPRAISER,
                                              .deadline = {.anchor = DD_ANCHOR_OPENING, .days = 5},
                                              .silence = DD_SILENCE_LAPSES};
    stage[RULEBOOK_MONTHLY] = recurring("monthly", DD_CADENCE_MONTH, 1, 25);
    stage[RULEBOOK_MONTHLY].deadline.except = 1 << 6 | 1 << 12;
    stage[RULEBOOK_MONTHLY].signers = 1 << DD_CAPACITY_FOR_HEAD;
    stage[RULEBOOK_MONTHLY].form = text("staff");
    stage[RULEBOOK_MONTHLY].yields_to = text("quarterly");
    stage[RULEBOOK_QUARTERLY] = recurring("quarterly", DD_CADENCE_QUARTER, 3, 20);
    stage[RULEBOOK_QUARTERLY].deadline.has_closing = true;
    stage[RULEBOOK_QUARTERLY].deadline.closing = (struct dd_day_rule){3, 14};
    stage[RULEBOOK_WEEKLY] = recurring("weekly", DD_CADENCE_WEEK, 1, 7);
    stage[RULEBOOK_SELF] = by_date("self", DD_ACT_REPORT, DD_ROLE_HEAD);
    stage[RULEBOOK_APPRAISED] = by_date("appraised", DD_ACT_REPORT, DD_ROLE_APPRAISER);
    stage[RULEBOOK_APPRAISED].requires = text("self");
    stage[RULEBOOK_ALERT] = (struct dd_stage){.key = text("alert"),
                                              .act = DD_ACT_REPORT,
                                              .by = DD_ROLE_HEAD,
                                              .silence = DD_SILENCE_MISSING,
                                              .any_time = true};
    stage[RULEBOOK_NAMED] = stage[RULEBOOK_ALERT];
    stage[RULEBOOK_NAMED].key = text("named");
    stage[RULEBOOK_NAMED].any_time = false;
    stage[RULEBOOK_INDICATOR] = stage[RULEBOOK_NAMED];
    stage[RULEBOOK_INDICATOR].key = text("indicator");
    stage[RULEBOOK_INDICATOR].act = DD_ACT_OUTCOME;
    stage[RULEBOOK_INDICATOR].deadline.word = DD_WORD_ON;
}

struct dd_programme rulebook_programme(void)
{
    struct dd_programme programme = {.code = text("rulebook"),
                                     .version = 1,
                                     .kind_count = RULEBOOK_KINDS,
                                     .stage_count = RULEBOOK_STAGES};
    struct dd_stage *stage = programme.stage;
    programme.kind[RULEBOOK_TASK] = (struct dd_item_kind){.code = text("task"), .max_tasks = 5};
    programme.kind[RULEBOOK_CONSULT] = (struct dd_item_kind){.code = text("consult"),
                                                             .matter = true,
                                                             .opened_by = DD_ROLE_HEAD,
                                                             .opened_in = DD_WHERE_OWNER,
                                                             .signers = 0x3c,
                                                             .needs_due = true};
    programme.kind[RULEBOOK_MEETING] = (struct dd_item_kind){.code = text("meeting"),
                                                             .matter = true,
                                                             .opened_by = DD_ROLE_OFFICER,
                                                             .opened_in = DD_WHERE_HOST,
                                                             .needs_instant = true};
    put_forms(&programme);
    put_dossier_stages(stage);
    stage[RULEBOOK_OPINION] = of_matter("opinion", DD_ACT_ANSWER, "consult");
    stage[RULEBOOK_OPINION].deadline.word = DD_WORD_BY;
    stage[RULEBOOK_OPINION].silence = DD_SILENCE_AGREES;
    stage[RULEBOOK_OPINION].choice_count = 2;
    stage[RULEBOOK_OPINION].choice[0].code = text("agree");
    stage[RULEBOOK_OPINION].choice[1].code = text("differ");
    stage[RULEBOOK_OPINION].pass_choice = 1;
    stage[RULEBOOK_OPINION].pass_percent = 50;
    stage[RULEBOOK_SETTLE] = of_matter("settle", DD_ACT_DECIDE, "consult");
    stage[RULEBOOK_PAPERS] = of_matter("papers", DD_ACT_ANSWER, "meeting");
    stage[RULEBOOK_PAPERS].deadline =
        (struct dd_deadline_rule){.anchor = DD_ANCHOR_AT, .days = -1, .working = true};
    stage[RULEBOOK_DONE] = of_matter("done", DD_ACT_OUTCOME, "consult");
    return programme;
}
