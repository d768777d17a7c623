/* Decisions about time and signatures: a duty's deadline moved, stopped or given up; the right to
 * sign for a head; a unit's duties passed on; a paper issued under a number. Knows no stage by
 * name. See core/decide_parts.h. */
#include "core/decide_parts.h"
#include "core/row_matter.h"

static enum dd_status no_day(struct dd_judgement *j, enum dd_rule rule, const char *field,
                             int32_t day)
{
    char text[DD_DAY_TEXT_BYTES];
    dd_day_format(day, text);
    return dd_no_text(j, rule, field, dd_slice_of(text));
}

/* A duty whose time is to be bent. */
struct bending {
    struct dd_process process;
    struct dd_dossier_row dossier;
    uint32_t unit;
    struct dd_duty_key key;
    struct dd_duty_row duty;
    const struct dd_stage *stage;
    int32_t today;
};

static enum dd_status find_duty(struct dd_judgement *j, const struct dd_bend *c, struct bending *b)
{
    enum dd_status status = dd_needs_cycle(j, c->cycle, &b->process);
    if (status == DD_OK)
        status = dd_needs_party(j, &b->process, c->unit, &b->unit, &b->dossier);
    if (status != DD_OK)
        return status;
    if (!dd_duty_find(j->view, &b->process, b->unit, c->duty, &b->key, &b->duty)) {
        dd_no_text(j, DD_RULE_NO_SUCH_DUTY, "duty", c->unit);
        dd_slice_text(c->duty, j->refusal->param[1], sizeof j->refusal->param[1]);
        return DD_REFUSED;
    }
    b->stage = &b->process.programme.stage[b->key.stage];
    b->today = dd_day_at(j->context->at_ms, b->process.cycle.offset_min);
    return DD_OK;
}

/* The account that is to decide where an approver does; 0 if nobody is named. */
static uint32_t named_approver(const struct dd_judgement *j, const struct bending *b)
{
    struct dd_version_row version = {.adjustment = false};
    struct dd_matter_row matter;
    if (b->stage->of.size > 0)
        return dd_get_matter(j->view, b->process.number, b->key.a, &matter) ? matter.approver : 0;
    (void)dd_get_version(j->view, b->process.number, b->unit, b->key.a, &version);
    return version.adjustment && b->stage->first_approver_adjusts ? b->process.cycle.approver[0]
                                                                  : b->dossier.approver;
}

/* True if the duty, though it stands under the unit, is the account's own to meet: it appraises the
 * unit, or is the approver that decides. Waiving that would be deciding without a word. */
static bool is_own_duty(const struct dd_judgement *j, const struct bending *b)
{
    uint32_t appraiser;
    if (b->stage->act == DD_ACT_DECIDE && b->stage->by == DD_ROLE_APPROVER)
        return named_approver(j, b) == j->context->account;
    if (b->stage->by != DD_ROLE_APPRAISER || b->stage->act == DD_ACT_ANSWER)
        return false;
    appraiser = dd_appraiser_for(&b->process.cycle, &b->dossier, b->unit);
    return appraiser != 0 && dd_office_any(&j->account, appraiser, b->today);
}

/* Whom the programme names, and never the people of the unit itself, nor whoever owes it. */
static enum dd_status check_bender(struct dd_judgement *j, const struct bending *b)
{
    enum dd_role role = b->stage->bent_by;
    uint32_t unit = b->process.cycle.host;
    enum dd_status status = dd_needs_others(j, &b->process, b->unit, &b->dossier);
    if (status == DD_OK && is_own_duty(j, b))
        status = dd_refuse(j->refusal, DD_FORBIDDEN, DD_RULE_FOUR_EYES, NULL);
    if (status != DD_OK)
        return status;
    if (role == 0 || role == DD_ROLE_APPROVER)
        return dd_needs_approver(j, &b->process);
    if (role == DD_ROLE_ADMINISTRATOR)
        return dd_needs_role(j, role);
    if (role == DD_ROLE_APPRAISER)
        unit = dd_appraiser_for(&b->process.cycle, &b->dossier, b->unit);
    if (unit != 0 && dd_office_held(&j->account, role, unit, b->today))
        return DD_OK;
    return dd_forbidden_in(j, role, unit != 0 ? unit : b->process.cycle.host, NULL);
}

/* Only a term that still runs can be made longer or stopped. */
static enum dd_status check_running(struct dd_judgement *j, const struct bending *b)
{
    if (b->duty.suspended)
        return dd_no(j, DD_RULE_SUSPENDED_ALREADY, "duty");
    if (b->duty.last_day == INT32_MAX)
        return dd_no(j, DD_RULE_NO_BOUND, "duty");
    if (j->context->at_ms < b->duty.bound_ms)
        return DD_OK;
    dd_no(j, DD_RULE_EXPIRED, "duty");
    dd_instant_format(b->duty.bound_ms, b->process.cycle.offset_min, j->refusal->param[0]);
    return DD_REFUSED;
}

static enum dd_status check_extension(struct dd_judgement *j, const struct bending *b, int32_t day)
{
    enum dd_status status = check_running(j, b);
    if (status != DD_OK)
        return status;
    if (b->duty.extensions >= b->stage->extensions)
        return dd_no_number(j, DD_RULE_TOO_MANY_EXTENSIONS, "duty", b->stage->extensions);
    if (day <= b->duty.last_day)
        return no_day(j, DD_RULE_NOT_LATER, "day", b->duty.last_day);
    if (day - b->duty.last_day > b->stage->extension_days)
        return no_day(j, DD_RULE_EXTENSION_TOO_LONG, "day",
                      b->duty.last_day + b->stage->extension_days);
    return DD_OK;
}

/* An open duty; one that silence has ended at its bound is ended, whether a Tick said so or not. */
static bool is_open(struct dd_judgement *j, const struct bending *b)
{
    bool silent = dd_silence_ends(b->stage->silence) && j->context->at_ms >= b->duty.bound_ms;
    return b->duty.end == DD_END_OPEN && !silent;
}

static enum dd_status check_bend(struct dd_judgement *j, const struct bending *b,
                                 const struct dd_bend *c)
{
    switch (c->act) {
    case DD_BEND_EXTEND:
        return check_extension(j, b, c->day);
    case DD_BEND_SUSPEND:
        return check_running(j, b);
    case DD_BEND_RESUME:
        return b->duty.suspended ? DD_OK : dd_no(j, DD_RULE_NOT_SUSPENDED, "duty");
    case DD_BEND_WAIVE:
        return is_open(j, b) ? DD_OK : dd_no(j, DD_RULE_DUTY_ENDED, "duty");
    }
    return dd_no(j, DD_RULE_MISSING, "act");
}

/* The calendars that the act reckons with, where the stage counts or rolls by working days. */
static enum dd_status check_calendars(struct dd_judgement *j, const struct bending *b,
                                      const struct dd_bend *c)
{
    const struct dd_deadline_rule *rule = &b->stage->deadline;
    if (!rule->working && !rule->roll)
        return DD_OK;
    switch (c->act) {
    case DD_BEND_EXTEND:
        return dd_needs_calendars(j, "day", c->day, c->day);
    case DD_BEND_SUSPEND:
        return dd_needs_calendars(j, "duty", b->today, b->duty.last_day);
    case DD_BEND_RESUME:
        return dd_needs_calendars(j, "duty", b->today,
                                  dd_duty_resumed_day(j->view, &b->process, b->key.stage,
                                                      b->duty.left_days, j->context->at_ms));
    case DD_BEND_WAIVE:
        break;
    }
    return DD_OK;
}

enum dd_status dd_decide_bend(struct dd_judgement *j, const struct dd_bend *c)
{
    struct bending b;
    enum dd_status status = find_duty(j, c, &b);
    if (status == DD_OK)
        status = check_bender(j, &b);
    if (status != DD_OK)
        return status;
    if (c->reason.size == 0)
        return dd_no(j, DD_RULE_REASON_NEEDED, "reason");
    if (b.duty.end != DD_END_OPEN)
        return dd_no(j, DD_RULE_DUTY_ENDED, "duty");
    status = check_bend(j, &b, c);
    if (status == DD_OK)
        status = check_calendars(j, &b, c);
    if (status != DD_OK)
        return status;
    DD_EVENT_OR_RETURN(event, j, DD_EVENT_DUTY_BENT);
    event->duty = b.key;
    return DD_OK;
}

static enum dd_status check_term(struct dd_judgement *j, const struct dd_delegate *c, int32_t today)
{
    if (c->from_day > c->to_day)
        return dd_no(j, DD_RULE_DATES_OUT_OF_ORDER, "to");
    if (c->to_day < today)
        return dd_no(j, DD_RULE_ALREADY_PAST, "to");
    if ((int64_t)c->to_day - c->from_day < DD_DELEGATION_DAYS_MAX)
        return DD_OK;
    no_day(j, DD_RULE_OUT_OF_RANGE, "to", c->from_day);
    dd_day_format(c->from_day + DD_DELEGATION_DAYS_MAX - 1, j->refusal->param[1]);
    return DD_REFUSED;
}

/* A deputy or an officer of the unit for the whole of that time. */
static bool may_be_delegate(const struct dd_account_row *account, uint32_t unit,
                            const struct dd_delegate *c)
{
    for (size_t i = 0; i < account->office_count; i++) {
        const struct dd_office_row *office = &account->office[i];
        if ((office->role == DD_ROLE_DEPUTY || office->role == DD_ROLE_OFFICER) &&
            office->unit == unit && office->from_day <= c->from_day && c->to_day <= office->to_day)
            return true;
    }
    return false;
}

static enum dd_status check_ending(struct dd_judgement *j, const struct dd_delegate *c,
                                   uint32_t unit, int32_t today)
{
    struct dd_delegation_row row;
    if (!dd_get_delegation(j->view, unit, c->ends, &row))
        return dd_no_number(j, DD_RULE_NO_SUCH_DELEGATION, "ends", c->ends);
    return row.to_day < today ? dd_no(j, DD_RULE_ALREADY_PAST, "ends") : DD_OK;
}

static enum dd_status check_beginning(struct dd_judgement *j, const struct dd_delegate *c,
                                      uint32_t unit, int32_t today)
{
    struct dd_account_row to;
    uint32_t account = dd_number_of(j->view, DD_TABLE_ACCOUNT_CODE, c->account);
    if (account == 0 || !dd_get_account(j->view, account, &to))
        return dd_no_text(j, DD_RULE_NO_SUCH_ACCOUNT, "account", c->account);
    enum dd_status status = check_term(j, c, today);
    if (status != DD_OK)
        return status;
    if (!may_be_delegate(&to, unit, c))
        return dd_no_text(j, DD_RULE_NOT_A_DEPUTY, "account", c->account);
    if (dd_delegation_count(j->view, unit) >= DD_DELEGATIONS_PER_UNIT_MAX)
        return dd_no_number(j, DD_RULE_TOO_MANY, "unit", DD_DELEGATIONS_PER_UNIT_MAX);
    return DD_OK;
}

enum dd_status dd_decide_delegate(struct dd_judgement *j, const struct dd_delegate *c)
{
    int32_t today = dd_local_day(j->view, j->context->at_ms);
    uint32_t unit = dd_number_of(j->view, DD_TABLE_UNIT_CODE, c->unit);
    if (unit == 0)
        return dd_no_text(j, DD_RULE_NO_SUCH_UNIT, "unit", c->unit);
    if (!dd_office_held(&j->account, DD_ROLE_HEAD, unit, today))
        return dd_forbidden(j, DD_ROLE_HEAD, c->unit, "unit");
    enum dd_status status =
        c->ends != 0 ? check_ending(j, c, unit, today) : check_beginning(j, c, unit, today);
    if (status != DD_OK)
        return status;
    DD_EVENT_OR_RETURN(event, j, DD_EVENT_DELEGATED);
    event->number = c->ends != 0 ? c->ends : dd_delegation_count(j->view, unit) + 1U;
    return DD_OK;
}

/* Who answers from now on must be able to have what it hands in appraised and approved by others.
 */
static enum dd_status check_keeper(struct dd_judgement *j, const struct dd_process *process,
                                   const struct dd_transfer *c, uint32_t unit, uint32_t keeper)
{
    const struct dd_cycle_row *cycle = &process->cycle;
    struct dd_dossier_row dossier = {.keeper = keeper};
    if (cycle->approver_count > 0 && keeper == cycle->host)
        return dd_no(j, DD_RULE_FOUR_EYES, "successor");
    if (cycle->appraiser_count > 0 && dd_appraiser_for(cycle, &dossier, unit) == 0)
        return dd_no_text(j, DD_RULE_NO_OTHER_APPRAISER, "successor", c->successor);
    return DD_OK;
}

enum dd_status dd_decide_transfer(struct dd_judgement *j, const struct dd_transfer *c)
{
    struct dd_process process;
    struct dd_dossier_row dossier;
    struct dd_unit_row row;
    uint32_t unit;
    enum dd_status status = dd_needs_role(j, DD_ROLE_ADMINISTRATOR);
    if (status == DD_OK)
        status = dd_needs_cycle(j, c->cycle, &process);
    if (status == DD_OK)
        status = dd_needs_party(j, &process, c->unit, &unit, &dossier);
    if (status != DD_OK)
        return status;
    int32_t today = dd_day_at(j->context->at_ms, process.cycle.offset_min);
    if (!dd_get_unit(j->view, unit, &row))
        return DD_CORRUPT;
    if (row.to_day >= today)
        return dd_no_text(j, DD_RULE_STILL_VALID, "unit", c->unit);
    uint32_t keeper = dd_number_of(j->view, DD_TABLE_UNIT_CODE, c->successor);
    if (keeper == unit)
        return dd_no(j, DD_RULE_SAME_UNIT, "successor");
    if (keeper == 0 || !dd_get_unit(j->view, keeper, &row) || today < row.from_day ||
        row.to_day < today)
        return dd_no_text(j, DD_RULE_NO_SUCH_UNIT, "successor", c->successor);
    status = check_keeper(j, &process, c, unit, keeper);
    if (status != DD_OK)
        return status;
    DD_EVENT_OR_RETURN(event, j, DD_EVENT_TRANSFERRED);
    (void)event;
    return DD_OK;
}

static enum dd_status check_issuer(struct dd_judgement *j, const struct dd_publish *c,
                                   uint32_t unit, int32_t today)
{
    uint16_t delegation;
    struct dd_signing signing = {.by = DD_ROLE_HEAD,
                                 .signers = UINT8_MAX,
                                 .unit = unit,
                                 .code = c->unit,
                                 .capacity = c->capacity,
                                 .today = today};
    return dd_needs_signature(j, &signing, &delegation);
}

static enum dd_status check_paper(struct dd_judgement *j, const struct dd_publish *c, int32_t today)
{
    if (c->cycle.size > 0 && dd_number_of(j->view, DD_TABLE_CYCLE_CODE, c->cycle) == 0)
        return dd_no_text(j, DD_RULE_NO_SUCH_CYCLE, "cycle", c->cycle);
    if (dd_publication_number(j->view, c->unit, c->number) != 0)
        return dd_no_text(j, DD_RULE_EXISTS_ALREADY, "number", c->number);
    if (c->day > today)
        return dd_no(j, DD_RULE_DAY_IN_FUTURE, "day");
    if (c->as_of_day > today)
        return dd_no(j, DD_RULE_DAY_IN_FUTURE, "as_of");
    if (c->corrects.size == 0)
        return DD_OK;
    if (dd_publication_number(j->view, c->unit, c->corrects) == 0)
        return dd_no_text(j, DD_RULE_NO_SUCH_PUBLICATION, "corrects", c->corrects);
    return c->reason.size > 0 ? DD_OK : dd_no(j, DD_RULE_REASON_NEEDED, "reason");
}

enum dd_status dd_decide_publish(struct dd_judgement *j, const struct dd_publish *c)
{
    struct dd_meta_row meta;
    int32_t today = dd_local_day(j->view, j->context->at_ms);
    uint32_t unit = dd_number_of(j->view, DD_TABLE_UNIT_CODE, c->unit);
    if (unit == 0)
        return dd_no_text(j, DD_RULE_NO_SUCH_UNIT, "unit", c->unit);
    enum dd_status status = check_issuer(j, c, unit, today);
    if (status == DD_OK)
        status = check_paper(j, c, today);
    if (status != DD_OK)
        return status;
    if (!dd_get_meta(j->view, &meta))
        return DD_CORRUPT;
    DD_EVENT_OR_RETURN(event, j, DD_EVENT_PUBLISHED);
    event->number = meta.publications + 1;
    return DD_OK;
}
