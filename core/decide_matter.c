/* Decisions about matters: opening them, answering, deciding, saying how far the work got. Where a
 * matter stands core/matter knows. See core/decide_parts.h. */
#include <string.h>

#include "core/decide_parts.h"
#include "core/invariant.h"
#include "core/matter.h"
#include "core/tally.h"

static int32_t today_of(const struct dd_judgement *j, const struct dd_process *process)
{
    return dd_day_at(j->context->at_ms, process->cycle.offset_min);
}

static enum dd_status no_such_matter(struct dd_judgement *j, const char *field, uint16_t matter)
{
    return dd_no_number(j, DD_RULE_NO_SUCH_MATTER, field, matter);
}

static struct dd_slice unit_code(const struct dd_judgement *j, uint32_t unit)
{
    struct dd_unit_row row;
    return dd_get_unit(j->view, unit, &row) ? row.code : dd_slice_of("");
}

/* The people of that unit sign for what is asked of it, or of the unit whose keeper it is. */
static enum dd_status check_signer(struct dd_judgement *j, const struct dd_process *process,
                                   struct dd_signing signing, uint32_t unit,
                                   enum dd_capacity capacity, uint16_t *delegation)
{
    signing.unit = unit;
    signing.code = unit_code(j, unit);
    signing.capacity = capacity;
    signing.today = today_of(j, process);
    return dd_needs_signature(j, &signing, delegation);
}

/* --- opening --- */

/* One matter that is to be opened. */
struct opening {
    const struct dd_process *process;
    const struct dd_assign *c;
    const struct dd_matter_put *put;
    const struct dd_item_kind *rule;
    uint8_t kind;
    uint32_t owner;
    bool is_party;                 /* the owner, with */
    struct dd_dossier_row dossier; /* its dossier */
};

static bool is_appraiser(const struct dd_judgement *j, const struct dd_process *process,
                         uint32_t *unit)
{
    for (size_t i = 0; i < process->cycle.appraiser_count; i++) {
        *unit = process->cycle.appraiser[i];
        if (dd_office_held(&j->account, DD_ROLE_APPRAISER, *unit, today_of(j, process)))
            return true;
    }
    return false;
}

static enum dd_status check_opener(struct dd_judgement *j, const struct opening *o)
{
    const struct dd_cycle_row *cycle = &o->process->cycle;
    struct dd_signing signing = {.by = o->rule->opened_by, .signers = o->rule->signers};
    uint32_t behalf = o->rule->opened_in == DD_WHERE_HOST ? cycle->host : o->owner;
    uint32_t unit = behalf == o->owner ? dd_keeper_of(&o->dossier, behalf) : behalf;
    uint16_t delegation;
    if (dd_number_of(j->view, DD_TABLE_UNIT_CODE, o->c->unit) != behalf)
        return dd_no_text(j, DD_RULE_OPENED_FOR, "unit", unit_code(j, behalf));
    if (o->rule->opened_by == DD_ROLE_APPROVER) {
        enum dd_status status = dd_needs_approver(j, o->process);
        if (status != DD_OK)
            return status;
        unit = cycle->host;
    }
    if (o->rule->opened_by == DD_ROLE_APPRAISER && !is_appraiser(j, o->process, &unit))
        return dd_forbidden_in(j, DD_ROLE_APPRAISER,
                               cycle->appraiser_count > 0 ? cycle->appraiser[0] : cycle->host,
                               "unit");
    return check_signer(j, o->process, signing, unit, o->c->capacity, &delegation);
}

/* True if the owner owes a stage: it must then be a party. */
static bool owner_owes(const struct opening *o)
{
    const struct dd_programme *programme = &o->process->programme;
    uint8_t i = dd_matter_stage(programme, o->kind, 0);
    for (; i < programme->stage_count; i = dd_matter_stage(programme, o->kind, (uint8_t)(i + 1))) {
        if (programme->stage[i].act != DD_ACT_DECIDE && programme->stage[i].who == DD_WHO_OWNER)
            return true;
    }
    return false;
}

/* Somebody must be there who may decide on it: never the owner's own people. */
static enum dd_status check_deciders(struct dd_judgement *j, const struct opening *o)
{
    const struct dd_cycle_row *cycle = &o->process->cycle;
    const struct dd_programme *programme = &o->process->programme;
    bool by_approver = dd_matter_decided_by(programme, o->kind, DD_ROLE_APPROVER);
    struct dd_account_row default_approver;
    uint32_t approver =
        o->is_party && o->dossier.approver != 0 ? o->dossier.approver : cycle->approver[0];
    if (by_approver &&
        (o->owner == cycle->host || dd_keeper_of(&o->dossier, o->owner) == cycle->host))
        return dd_no(j, DD_RULE_FOUR_EYES, "matters.owner");
    if (dd_matter_decided_by(programme, o->kind, DD_ROLE_APPRAISER) &&
        dd_appraiser_for(cycle, &o->dossier, o->owner) == 0)
        return dd_no_text(j, DD_RULE_NO_OTHER_APPRAISER, "matters.owner", o->put->owner);
    if (o->put->approver.size == 0)
        return DD_OK;
    if (!by_approver)
        return dd_no(j, DD_RULE_NOT_NEEDED, "matters.approver");
    uint32_t named = dd_number_of(j->view, DD_TABLE_ACCOUNT_CODE, o->put->approver);
    if (named == 0)
        return dd_no_text(j, DD_RULE_NO_SUCH_ACCOUNT, "matters.approver", o->put->approver);
    for (size_t i = 0; i < cycle->approver_count; i++) {
        if (cycle->approver[i] == named)
            return DD_OK;
    }
    if (!dd_get_account(j->view, approver, &default_approver))
        return DD_CORRUPT;
    return dd_no_text(j, DD_RULE_NOT_THE_APPROVER, "matters.approver", default_approver.code);
}

/* Which kind of matter, whose. */
static enum dd_status find_owner(struct dd_judgement *j, struct opening *o)
{
    const struct dd_programme *programme = &o->process->programme;
    o->kind = dd_programme_kind(programme, o->put->kind);
    if (o->kind == programme->kind_count || !programme->kind[o->kind].matter)
        return dd_no_text(j, DD_RULE_NO_SUCH_KIND, "matters.kind", o->put->kind);
    o->rule = &programme->kind[o->kind];
    o->owner = dd_number_of(j->view, DD_TABLE_UNIT_CODE, o->put->owner);
    if (o->owner == 0)
        return dd_no_text(j, DD_RULE_NO_SUCH_UNIT, "matters.owner", o->put->owner);
    o->is_party = dd_get_dossier(j->view, o->process->number, o->owner, &o->dossier);
    if (!o->is_party && (o->owner != o->process->cycle.host || owner_owes(o)))
        return dd_no_text(j, DD_RULE_NO_SUCH_PARTY, "matters.owner", o->put->owner);
    return DD_OK;
}

static bool stands_before(const struct dd_slice *codes, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (dd_slice_equal(codes[i], codes[index]))
            return true;
    }
    return false;
}

/* The matter as far as it tells who owes what until when. */
static struct dd_matter_row row_of(const struct opening *o)
{
    return (struct dd_matter_row){.kind = o->kind,
                                  .owner = o->owner,
                                  .word = o->put->word,
                                  .due_day = o->put->due_day,
                                  .at_ms = o->put->at_ms};
}

/* True if the unit owes a stage of those who are asked: its group may have none. */
static bool unit_owes(const struct dd_judgement *j, const struct opening *o, uint32_t unit)
{
    const struct dd_programme *programme = &o->process->programme;
    struct dd_matter_row row = row_of(o);
    uint8_t number[4];
    struct dd_writer w = dd_writer_make(number, sizeof number);
    dd_write_u32(&w, unit);
    row.asked = dd_writer_slice(&w);
    uint8_t i = dd_matter_stage(programme, o->kind, 0);
    for (; i < programme->stage_count; i = dd_matter_stage(programme, o->kind, (uint8_t)(i + 1))) {
        if (programme->stage[i].act != DD_ACT_DECIDE && programme->stage[i].who != DD_WHO_OWNER &&
            dd_matter_owes(j->view, o->process, &row, i, unit))
            return true;
    }
    return false;
}

/* All means somebody: a cycle with the owner alone has nobody to ask. */
static enum dd_status check_all(struct dd_judgement *j, const struct opening *o)
{
    struct dd_matter_row row = row_of(o);
    static const uint8_t everybody[4] = {0, 0, 0, 0};
    uint32_t cursor = 0;
    uint32_t unit;
    row.asked = (struct dd_slice){everybody, sizeof everybody};
    while ((unit = dd_matter_next_asked(j->view, o->process->number, &row, &cursor)) != 0) {
        if (unit_owes(j, o, unit))
            return DD_OK;
    }
    return dd_no(j, DD_RULE_MISSING, "matters.asked");
}

static enum dd_status check_asked(struct dd_judgement *j, const struct opening *o)
{
    const struct dd_matter_put *put = o->put;
    struct dd_dossier_row dossier;
    if (!dd_matter_asks(&o->process->programme, o->kind))
        return !put->all && put->asked_count == 0 ? DD_OK
                                                  : dd_no(j, DD_RULE_NOT_NEEDED, "matters.asked");
    if (put->all)
        return put->asked_count == 0 ? check_all(j, o)
                                     : dd_no(j, DD_RULE_NOT_NEEDED, "matters.asked");
    if (put->asked_count == 0)
        return dd_no(j, DD_RULE_MISSING, "matters.asked");
    for (size_t i = 0; i < put->asked_count; i++) {
        uint32_t unit = dd_number_of(j->view, DD_TABLE_UNIT_CODE, put->asked[i]);
        if (unit == 0)
            return dd_no_text(j, DD_RULE_NO_SUCH_UNIT, "matters.asked", put->asked[i]);
        if (!dd_get_dossier(j->view, o->process->number, unit, &dossier))
            return dd_no_text(j, DD_RULE_NO_SUCH_PARTY, "matters.asked", put->asked[i]);
        if (stands_before(put->asked, i))
            return dd_no_text(j, DD_RULE_DUPLICATE, "matters.asked", put->asked[i]);
        if (!unit_owes(j, o, unit))
            return dd_no(j, DD_RULE_NOT_NEEDED, "matters.asked");
    }
    return DD_OK;
}

static enum dd_status check_partners(struct dd_judgement *j, const struct opening *o)
{
    const struct dd_matter_put *put = o->put;
    for (size_t i = 0; i < put->partner_count; i++) {
        if (dd_number_of(j->view, DD_TABLE_UNIT_CODE, put->partners[i]) == 0)
            return dd_no_text(j, DD_RULE_NO_SUCH_UNIT, "matters.partners", put->partners[i]);
        if (stands_before(put->partners, i))
            return dd_no_text(j, DD_RULE_DUPLICATE, "matters.partners", put->partners[i]);
    }
    return DD_OK;
}

/* True if the stage takes the day that the matter brings, or counts from its instant and takes
 * silence for consent, and the last day accepted is over: nobody can be deemed to agree to what was
 * never asked in time. */
static bool over(const struct dd_judgement *j, const struct opening *o, uint8_t stage)
{
    const struct dd_stage *owed = &o->process->programme.stage[stage];
    const struct dd_deadline_rule *rule = &owed->deadline;
    struct dd_matter_row row = row_of(o);
    bool brought = rule->anchor == 0 && rule->word != 0 && row.due_day != INT32_MAX;
    bool deemed = rule->anchor == DD_ANCHOR_AT && owed->silence == DD_SILENCE_AGREES;
    return (brought || deemed) && dd_matter_last_day(j->view, o->process, &row, stage,
                                                     j->context->at_ms) < today_of(j, o->process);
}

static enum dd_status check_time(struct dd_judgement *j, const struct opening *o)
{
    const struct dd_programme *programme = &o->process->programme;
    const struct dd_matter_put *put = o->put;
    bool has_day = put->due_day != INT32_MAX;
    if (!has_day && (o->rule->needs_due || put->word != 0))
        return dd_no(j, DD_RULE_DUE_NEEDED, "matters.due");
    if (put->at_ms == 0 && o->rule->needs_instant)
        return dd_no(j, DD_RULE_INSTANT_NEEDED, "matters.at");
    if (put->at_ms != 0 && put->at_ms < j->context->at_ms)
        return dd_no(j, DD_RULE_ALREADY_PAST, "matters.at");
    if (has_day && put->due_day < today_of(j, o->process))
        return dd_no(j, DD_RULE_ALREADY_PAST, "matters.due");
    uint8_t i = dd_matter_stage(programme, o->kind, 0);
    for (; i < programme->stage_count; i = dd_matter_stage(programme, o->kind, (uint8_t)(i + 1))) {
        if (over(j, o, i))
            return dd_no(j, DD_RULE_ALREADY_PAST,
                         programme->stage[i].deadline.anchor == 0 ? "matters.due" : "matters.at");
    }
    return DD_OK;
}

/* The calendars that the stage's deadline is reckoned with. One that counts from when it will arise
 * behind a decision (`later`) needs this year's at least. */
static enum dd_status check_calendars(struct dd_judgement *j, const struct opening *o,
                                      uint8_t stage, bool later)
{
    const struct dd_deadline_rule *rule = &o->process->programme.stage[stage].deadline;
    struct dd_matter_row row = row_of(o);
    int32_t today = today_of(j, o->process);
    int32_t last_day = dd_matter_last_day(j->view, o->process, &row, stage, j->context->at_ms);
    if ((!rule->working && !rule->roll) || last_day == INT32_MAX)
        return DD_OK;
    if (rule->anchor == 0) {
        enum dd_deadline_word word = row.word != 0 ? row.word : rule->word;
        return dd_needs_calendars(j, "matters.due", dd_deadline_last_day(word, row.due_day),
                                  last_day);
    }
    if (rule->anchor == DD_ANCHOR_AT)
        return dd_needs_calendars(j, "matters.at",
                                  dd_day_at(row.at_ms, o->process->cycle.offset_min), last_day);
    return dd_needs_calendars(j, "matters", today, later ? today : last_day);
}

static enum dd_status check_all_calendars(struct dd_judgement *j, const struct opening *o)
{
    const struct dd_programme *programme = &o->process->programme;
    uint8_t i = dd_matter_stage(programme, o->kind, 0);
    uint8_t first = i;
    bool decided = false;
    for (; i < programme->stage_count; i = dd_matter_stage(programme, o->kind, (uint8_t)(i + 1))) {
        bool decides = programme->stage[i].act == DD_ACT_DECIDE;
        enum dd_status status = check_calendars(j, o, i, decided || (decides && i != first));
        if (status != DD_OK)
            return status;
        decided = decided || decides;
    }
    return DD_OK;
}

static enum dd_status check_opening(struct dd_judgement *j, struct opening *o)
{
    enum dd_status status = find_owner(j, o);
    if (status == DD_OK)
        status = check_opener(j, o);
    if (status == DD_OK)
        status = check_deciders(j, o);
    if (status == DD_OK)
        status = check_asked(j, o);
    if (status == DD_OK)
        status = check_partners(j, o);
    if (status == DD_OK)
        status = check_time(j, o);
    if (status == DD_OK)
        status = check_all_calendars(j, o);
    if (status == DD_OK && o->put->parent > o->process->cycle.matters)
        status = no_such_matter(j, "matters.parent", o->put->parent);
    return status;
}

/* Numbers for all of them, and no more duties than one act may make; one matter may ask everybody,
 * however many they are. */
static enum dd_status check_size(struct dd_judgement *j, const struct dd_process *process,
                                 const struct dd_assign *c)
{
    uint64_t asked = 0;
    if (c->matter_count == 0)
        return dd_no(j, DD_RULE_MISSING, "matters");
    if (process->cycle.matters + c->matter_count > DD_MATTERS_PER_CYCLE_MAX)
        return dd_no_number(j, DD_RULE_TOO_MANY_MATTERS, "matters", DD_MATTERS_PER_CYCLE_MAX);
    for (size_t i = 0; i < c->matter_count; i++)
        asked += c->matters[i].all ? process->cycle.parties : c->matters[i].asked_count;
    return c->matter_count == 1 || asked <= DD_ASKED_PER_COMMAND_MAX
               ? DD_OK
               : dd_no_number(j, DD_RULE_TOO_MANY, "matters.asked", DD_ASKED_PER_COMMAND_MAX);
}

enum dd_status dd_decide_assign(struct dd_judgement *j, const struct dd_assign *c)
{
    struct dd_process process;
    enum dd_status status = dd_needs_cycle(j, c->cycle, &process);
    if (status != DD_OK)
        return status;
    if (dd_number_of(j->view, DD_TABLE_UNIT_CODE, c->unit) == 0)
        return dd_no_text(j, DD_RULE_NO_SUCH_UNIT, "unit", c->unit);
    status = check_size(j, &process, c);
    for (size_t i = 0; status == DD_OK && i < c->matter_count; i++) {
        struct opening o = {.process = &process, .c = c, .put = &c->matters[i]};
        status = check_opening(j, &o);
    }
    if (status != DD_OK)
        return status;
    for (size_t i = 0; i < c->matter_count; i++) {
        DD_EVENT_OR_RETURN(event, j, DD_EVENT_MATTER_OPENED);
        event->number = (uint32_t)(process.cycle.matters + i + 1);
    }
    return DD_OK;
}

/* --- answering --- */

/* A matter of the cycle, looked at for one unit. */
struct view_of_matter {
    const struct dd_process *process;
    uint32_t unit;
    struct dd_slice code; /* of the unit */
    uint16_t matter;
    struct dd_matter_row row;
    uint8_t stage;
    struct dd_duty_row duty; /* of the unit in that stage */
};

static const struct dd_stage *stage_of(const struct view_of_matter *m)
{
    return &m->process->programme.stage[m->stage];
}

static struct dd_duty_key key_of(const struct view_of_matter *m)
{
    return (struct dd_duty_key){m->process->number, m->unit, m->stage, m->matter, 0};
}

static enum dd_status find_matter(struct dd_judgement *j, struct view_of_matter *m,
                                  const char *field)
{
    return m->matter != 0 && dd_get_matter(j->view, m->process->number, m->matter, &m->row)
               ? DD_OK
               : no_such_matter(j, field, m->matter);
}

/* The unit owes that stage, and it has arisen. */
static enum dd_status needs_duty(struct dd_judgement *j, struct view_of_matter *m)
{
    struct dd_duty_key key = key_of(m);
    if (!dd_matter_owes(j->view, m->process, &m->row, m->stage, m->unit))
        return dd_no_text(j, DD_RULE_NOT_ASKED, "unit", m->code);
    if (dd_get_duty(j->view, &key, &m->duty))
        return DD_OK;
    dd_no_text(j, DD_RULE_NO_SUCH_DUTY, "unit", m->code);
    dd_slice_text(stage_of(m)->key, j->refusal->param[1], sizeof j->refusal->param[1]);
    return DD_REFUSED;
}

/* The only ANSWER stage that the unit owes and that is open; or else that it owes at all. */
static enum dd_status only_stage(struct dd_judgement *j, struct view_of_matter *m)
{
    const struct dd_programme *programme = &m->process->programme;
    uint8_t found[2] = {0, 0};
    size_t count[2] = {0, 0};
    m->stage = dd_matter_stage(programme, m->row.kind, 0);
    for (; m->stage < programme->stage_count;
         m->stage = dd_matter_stage(programme, m->row.kind, (uint8_t)(m->stage + 1))) {
        struct dd_duty_key key = key_of(m);
        if (stage_of(m)->act != DD_ACT_ANSWER || !dd_get_duty(j->view, &key, &m->duty))
            continue;
        bool closed = m->duty.end != DD_END_OPEN;
        found[closed] = m->stage;
        count[closed]++;
    }
    if (count[0] > 1 || (count[0] == 0 && count[1] > 1))
        return dd_no(j, DD_RULE_MISSING, "stage");
    if (count[0] + count[1] == 0)
        return dd_no_text(j, DD_RULE_NOT_ASKED, "unit", m->code);
    m->stage = found[count[0] == 0];
    return DD_OK;
}

static enum dd_status find_stage(struct dd_judgement *j, struct view_of_matter *m,
                                 struct dd_slice key)
{
    const struct dd_programme *programme = &m->process->programme;
    if (key.size == 0)
        return only_stage(j, m);
    m->stage = dd_programme_stage_of_key(programme, key);
    if (m->stage == programme->stage_count || stage_of(m)->act != DD_ACT_ANSWER ||
        !dd_slice_equal(stage_of(m)->of, programme->kind[m->row.kind].code))
        return dd_no(j, DD_RULE_NO_SUCH_STAGE, "stage");
    return DD_OK;
}

static enum dd_status check_choice(struct dd_judgement *j, const struct dd_stage *stage,
                                   struct dd_slice choice)
{
    char list[DD_PARAM_BYTES_MAX + 1];
    struct dd_writer w = dd_writer_make((uint8_t *)list, sizeof list);
    if (stage->choice_count == 0)
        return choice.size == 0 ? DD_OK : dd_no(j, DD_RULE_NOT_NEEDED, "choice");
    for (size_t i = 0; i < stage->choice_count; i++) {
        if (dd_slice_equal(stage->choice[i].code, choice))
            return DD_OK;
        if (i > 0)
            dd_write_raw(&w, ", ", 2);
        dd_write_raw(&w, stage->choice[i].code.data, stage->choice[i].code.size);
    }
    return dd_no_text(j, DD_RULE_NO_SUCH_CHOICE, "choice", dd_writer_slice(&w));
}

/* An answer that was decided on stays as it is. */
static bool decided_since(const struct view_of_matter *m)
{
    const struct dd_programme *programme = &m->process->programme;
    uint8_t i = m->stage;
    do {
        i = dd_matter_stage(programme, m->row.kind, (uint8_t)(i + 1));
    } while (i < programme->stage_count && programme->stage[i].act != DD_ACT_DECIDE);
    return i < programme->stage_count && m->row.stage > i &&
           (m->duty.end == DD_END_ON_TIME || m->duty.end == DD_END_LATE);
}

/* How an act now ends the duty: not at all if it has ended, or silence has ended it. */
static enum dd_end end_of(const struct dd_judgement *j, const struct view_of_matter *m)
{
    struct dd_duty_key key = key_of(m);
    return dd_duty_met(j->view, m->process, &key, j->context->at_ms);
}

static enum dd_status check_answer(struct dd_judgement *j, const struct view_of_matter *m,
                                   const struct dd_submit *c)
{
    static const struct dd_slice nothing = {NULL, 0};
    struct dd_duty_key key = key_of(m);
    enum dd_status status = dd_check_bound(j, m->process, stage_of(m), &key);
    if (status == DD_OK && decided_since(m))
        status = dd_no(j, DD_RULE_ANSWERS_CLOSED, "matter");
    if (status == DD_OK)
        status = check_choice(j, stage_of(m), c->choice);
    if (status == DD_OK && stage_of(m)->reason_when_late && c->reason.size == 0 &&
        j->context->at_ms >= m->duty.bound_ms)
        status = dd_no(j, DD_RULE_REASON_NEEDED, "reason");
    if (status == DD_OK)
        status = dd_check_form(j, m->process, stage_of(m), c, nothing);
    return status;
}

enum dd_status dd_submit_answer(struct dd_judgement *j, const struct dd_process *process,
                                uint32_t unit, const struct dd_dossier_row *dossier,
                                const struct dd_submit *c)
{
    struct view_of_matter m = {
        .process = process, .unit = unit, .code = c->unit, .matter = c->matter};
    struct dd_answer_row last;
    uint16_t delegation;
    enum dd_status status = find_matter(j, &m, "matter");
    if (status == DD_OK)
        status = find_stage(j, &m, c->stage);
    if (status == DD_OK)
        status = needs_duty(j, &m);
    if (status != DD_OK)
        return status;
    const struct dd_stage *stage = stage_of(&m);
    struct dd_signing signing = {.by = stage->by, .signers = stage->signers, .key = stage->key};
    status =
        check_signer(j, process, signing, dd_keeper_of(dossier, unit), c->capacity, &delegation);
    if (status == DD_OK)
        status = check_answer(j, &m, c);
    if (status != DD_OK)
        return status;
    uint16_t count = dd_last_answer(j->view, process->number, m.matter, m.stage, unit, &last);
    if (count >= DD_ANSWERS_PER_UNIT_MAX)
        return dd_no_number(j, DD_RULE_TOO_MANY_REPORTS, "matter", DD_ANSWERS_PER_UNIT_MAX);
    DD_EVENT_OR_RETURN(event, j, DD_EVENT_ANSWER_TAKEN);
    event->stage = m.stage;
    event->version = (uint16_t)(count + 1);
    event->end = end_of(j, &m);
    event->delegation = delegation;
    return DD_OK;
}

/* --- deciding --- */

/* True if the account itself brought the matter in for its owner, or said something of it for the
 * owner, whatever office it holds by now. */
static bool is_own_work(const struct dd_judgement *j, const struct view_of_matter *m)
{
    const struct dd_programme *programme = &m->process->programme;
    const struct dd_item_kind *kind = &programme->kind[m->row.kind];
    bool brought_in = kind->opened_in == DD_WHERE_OWNER && kind->opened_by != DD_ROLE_APPROVER &&
                      kind->opened_by != DD_ROLE_APPRAISER;
    uint8_t i = dd_matter_stage(programme, m->row.kind, 0);
    if (brought_in && m->row.opener == j->context->account)
        return true;
    for (; i < programme->stage_count;
         i = dd_matter_stage(programme, m->row.kind, (uint8_t)(i + 1))) {
        struct dd_answer_row answer;
        if (programme->stage[i].act == DD_ACT_ANSWER && programme->stage[i].who == DD_WHO_OWNER &&
            dd_last_answer(j->view, m->process->number, m->matter, i, m->unit, &answer) > 0 &&
            answer.account == j->context->account)
            return true;
    }
    return false;
}

static enum dd_status check_decider(struct dd_judgement *j, const struct view_of_matter *m)
{
    const struct dd_stage *stage = stage_of(m);
    struct dd_dossier_row dossier = {.keeper = 0};
    struct dd_account_row approver;
    uint32_t unit = m->process->cycle.host;
    (void)dd_get_dossier(j->view, m->process->number, m->unit, &dossier);
    enum dd_status status = DD_OK;
    if (stage->by == DD_ROLE_HEAD)
        unit = dd_keeper_of(&dossier, m->unit);
    else
        status = dd_needs_others(j, m->process, m->unit, &dossier);
    if (status == DD_OK && stage->by != DD_ROLE_HEAD && is_own_work(j, m))
        status = dd_refuse(j->refusal, DD_FORBIDDEN, DD_RULE_FOUR_EYES, NULL);
    if (status != DD_OK)
        return status;
    if (stage->by == DD_ROLE_APPRAISER)
        unit = dd_appraiser_for(&m->process->cycle, &dossier, m->unit);
    if (stage->by != DD_ROLE_APPROVER)
        return dd_needs_office(j, m->process, stage->by, unit, unit_code(j, unit));
    status = dd_needs_approver(j, m->process);
    if (status != DD_OK || m->row.approver == j->context->account)
        return status;
    if (!dd_get_account(j->view, m->row.approver, &approver))
        return DD_CORRUPT;
    return dd_refuse_text(j->refusal, DD_FORBIDDEN, DD_RULE_NOT_THE_APPROVER, NULL, approver.code);
}

/* The decision for which the matter waits. */
static enum dd_status needs_decision(struct dd_judgement *j, struct view_of_matter *m)
{
    struct dd_duty_key key;
    switch (dd_matter_waits(j->view, m->process, m->matter, &m->row)) {
    case DD_MATTER_WAITS_FOR_NONE:
        return dd_no(j, DD_RULE_MATTER_DECIDED, "matter");
    case DD_MATTER_WAITS_FOR_OTHERS:
        return dd_no(j, DD_RULE_MATTER_OPEN, "matter");
    case DD_MATTER_WAITS_FOR_DECISION:
        break;
    }
    m->stage = m->row.stage;
    key = key_of(m);
    if (!dd_get_duty(j->view, &key, &m->duty))
        return DD_CORRUPT;
    return dd_matter_silent(stage_of(m), &m->duty, j->context->at_ms)
               ? dd_no(j, DD_RULE_MATTER_DECIDED, "matter")
               : DD_OK;
}

enum dd_status dd_decide_matter(struct dd_judgement *j, const struct dd_process *process,
                                uint32_t unit, const struct dd_decide *c)
{
    struct view_of_matter m = {
        .process = process, .unit = unit, .code = c->unit, .matter = c->matter};
    enum dd_status status = find_matter(j, &m, "matter");
    if (status == DD_OK && m.row.owner != unit)
        status = no_such_matter(j, "matter", c->matter);
    if (status == DD_OK)
        status = needs_decision(j, &m);
    if (status == DD_OK)
        status = check_decider(j, &m);
    if (status != DD_OK)
        return status;
    if (c->version != m.row.revision)
        return dd_refuse_number(j->refusal, DD_STALE, DD_RULE_NEWER_ANSWER, "version",
                                m.row.revision);
    struct dd_duty_key key = key_of(&m);
    status = dd_check_bound(j, process, stage_of(&m), &key);
    if (status != DD_OK)
        return status;
    if (c->verdict == DD_VERDICT_RETURN && c->reason.size == 0)
        return dd_no(j, DD_RULE_REASON_NEEDED, "reason");
    DD_EVENT_OR_RETURN(event, j, DD_EVENT_MATTER_DECIDED);
    event->stage = m.stage;
    event->end = end_of(j, &m);
    return DD_OK;
}

/* --- how far it got --- */

/* The first of an item's facts says that it arose; nobody reported it. */
static enum dd_status check_correction(struct dd_judgement *j, const struct dd_progress *c,
                                       const struct dd_item_row *item)
{
    if (!c->is_correction)
        return DD_OK;
    if (c->reason.size == 0)
        return dd_no(j, DD_RULE_REASON_NEEDED, "correction.reason");
    for (size_t i = 1; i < dd_outcomes_count(item); i++) {
        if (dd_outcomes_at(item, i).seq == c->corrects_seq)
            return DD_OK;
    }
    return dd_no_number(j, DD_RULE_BAD_CORRECTION, "correction.seq", (int64_t)c->corrects_seq);
}

/* Late work and work that will not be done are explained, where the programme says so. */
static bool needs_note(const struct dd_judgement *j, const struct view_of_matter *m,
                       enum dd_outcome outcome)
{
    if (!stage_of(m)->reason_when_late)
        return false;
    switch (outcome) {
    case DD_OUTCOME_COMPLETED:
    case DD_OUTCOME_EXCEEDED:
        return (m->duty.end == DD_END_OPEN || m->duty.end == DD_END_LAPSED) &&
               j->context->at_ms >= m->duty.bound_ms;
    case DD_OUTCOME_NOT_COMPLETED:
    case DD_OUTCOME_UNATTAINABLE:
        return true;
    case DD_OUTCOME_OPEN:
        break;
    }
    return false;
}

/* The day lies in the cycle or, where it is not closed at its end, behind it; never in the future.
 */
static enum dd_status check_day(struct dd_judgement *j, const struct dd_process *process,
                                int32_t day)
{
    if (day > today_of(j, process))
        return dd_no(j, DD_RULE_DAY_IN_FUTURE, "day");
    if (day >= process->cycle.from_day)
        return DD_OK;
    dd_no(j, DD_RULE_OUTSIDE_CYCLE, "day");
    dd_day_format(process->cycle.from_day, j->refusal->param[0]);
    dd_day_format(process->cycle.to_day, j->refusal->param[1]);
    return DD_REFUSED;
}

static enum dd_status find_work(struct dd_judgement *j, struct view_of_matter *m,
                                const struct dd_dossier_row *dossier)
{
    const struct dd_programme *programme = &m->process->programme;
    uint32_t keeper = dd_keeper_of(dossier, m->unit);
    enum dd_status status = find_matter(j, m, "task");
    if (status != DD_OK)
        return status;
    if (!dd_office_of_unit(&j->account, keeper, today_of(j, m->process)))
        return dd_forbidden_in(j, DD_ROLE_OFFICER, keeper, "unit");
    m->stage =
        dd_programme_stage_of(programme, DD_ACT_OUTCOME, programme->kind[m->row.kind].code, 0);
    if (m->stage == programme->stage_count)
        return dd_no(j, DD_RULE_NO_SUCH_STAGE, "task");
    return needs_duty(j, m);
}

enum dd_status dd_progress_matter(struct dd_judgement *j, const struct dd_process *process,
                                  uint32_t unit, const struct dd_dossier_row *dossier,
                                  const struct dd_progress *c)
{
    struct view_of_matter m = {
        .process = process, .unit = unit, .code = c->unit, .matter = c->task};
    struct dd_item_row item;
    enum dd_status status = find_work(j, &m, dossier);
    if (status == DD_OK)
        status = check_day(j, process, c->day);
    if (status != DD_OK)
        return status;
    struct dd_duty_key key = key_of(&m);
    (void)dd_get_item(j->view, process->number, unit, c->task, 0, &item);
    if (dd_outcomes_count(&item) >= DD_OUTCOMES_PER_ITEM_MAX)
        return dd_no_number(j, DD_RULE_TOO_MANY_OUTCOMES, NULL, DD_OUTCOMES_PER_ITEM_MAX);
    status = check_correction(j, c, &item);
    if (status == DD_OK)
        status = dd_check_bound(j, process, stage_of(&m), &key);
    if (status == DD_OK && c->note.size == 0 && needs_note(j, &m, c->outcome))
        status = dd_no(j, DD_RULE_REASON_NEEDED, "note");
    if (status != DD_OK)
        return status;
    DD_EVENT_OR_RETURN(event, j, DD_EVENT_MATTER_PROGRESSED);
    event->stage = m.stage;
    event->end = dd_outcome_done(c->outcome) ? end_of(j, &m) : 0;
    return DD_OK;
}
