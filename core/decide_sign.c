/* Who signs: the head in person, others for the head in the capacities that a stage allows (Decree
 * 30/2020, article 13), approvers and appraisers in their own offices. Knows no stage by name and
 * nothing of what is signed. See core/decide_parts.h. */
#include "core/decide_parts.h"
#include "core/row_matter.h"

enum dd_status dd_forbidden_in(struct dd_judgement *j, enum dd_role role, uint32_t unit,
                               const char *field)
{
    struct dd_unit_row row;
    if (!dd_get_unit(j->view, unit, &row))
        return DD_CORRUPT;
    return dd_forbidden(j, role, row.code, field);
}

static enum dd_status needs_role_in(struct dd_judgement *j, const struct dd_signing *signing,
                                    enum dd_role role)
{
    return dd_office_held(&j->account, role, signing->unit, signing->today)
               ? DD_OK
               : dd_forbidden(j, role, signing->code, "unit");
}

/* True while the one who gave the delegation is the head, with a key that was not revoked: whoever
 * had a stolen key may have given it. */
static bool giver_holds(const struct dd_judgement *j, const struct dd_signing *signing,
                        uint16_t delegation)
{
    struct dd_delegation_row row;
    struct dd_account_row from;
    return dd_get_delegation(j->view, signing->unit, delegation, &row) &&
           dd_get_account(j->view, row.from, &from) && from.revoked_ms == 0 &&
           dd_office_held(&from, DD_ROLE_HEAD, signing->unit, signing->today);
}

/* The newest delegation under which the account signs: one by a former head hides no other. */
static enum dd_status needs_delegation(struct dd_judgement *j, const struct dd_signing *signing,
                                       uint16_t *delegation)
{
    *delegation = UINT16_MAX;
    do {
        *delegation = dd_delegation_before(j->view, signing->unit, j->context->account,
                                           signing->key, signing->today, *delegation);
        if (*delegation != 0 && giver_holds(j, signing, *delegation))
            return DD_OK;
    } while (*delegation != 0);
    dd_refuse_text(j->refusal, DD_FORBIDDEN, DD_RULE_NO_DELEGATION, "capacity",
                   dd_slice_of(dd_word(DD_WORDS_ROLE, DD_ROLE_HEAD)));
    dd_slice_text(signing->code, j->refusal->param[1], sizeof j->refusal->param[1]);
    return DD_FORBIDDEN;
}

static enum dd_status for_head(struct dd_judgement *j, const struct dd_signing *signing,
                               enum dd_role role, uint16_t *delegation)
{
    enum dd_status status = needs_role_in(j, signing, role);
    return status == DD_OK ? needs_delegation(j, signing, delegation) : status;
}

enum dd_status dd_needs_signature(struct dd_judgement *j, const struct dd_signing *signing,
                                  uint16_t *delegation)
{
    *delegation = 0;
    if (signing->capacity <= DD_CAPACITY_HEAD)
        return needs_role_in(j, signing, signing->by);
    if ((signing->signers >> signing->capacity & 1) == 0)
        return dd_refuse_text(j->refusal, DD_FORBIDDEN, DD_RULE_CAPACITY, "capacity",
                              dd_slice_of(dd_word(DD_WORDS_ROLE, (int)signing->by)));
    if (signing->by != DD_ROLE_HEAD) /* the capacity is written down, the office is its own */
        return needs_role_in(j, signing, signing->by);
    switch (signing->capacity) {
    case DD_CAPACITY_HEAD:
    case DD_CAPACITY_FOR_COLLECTIVE:
        break;
    case DD_CAPACITY_FOR_HEAD:
        return for_head(j, signing, DD_ROLE_DEPUTY, delegation);
    case DD_CAPACITY_BY_AUTHORITY:
        return for_head(j, signing, DD_ROLE_OFFICER, delegation);
    case DD_CAPACITY_BY_ORDER:
        return needs_role_in(j, signing, DD_ROLE_OFFICER);
    }
    return needs_role_in(j, signing, DD_ROLE_HEAD);
}

enum dd_status dd_needs_approver(struct dd_judgement *j, const struct dd_process *process)
{
    const struct dd_cycle_row *cycle = &process->cycle;
    int32_t today = dd_day_at(j->context->at_ms, cycle->offset_min);
    for (size_t i = 0; i < cycle->approver_count; i++) {
        if (cycle->approver[i] == j->context->account &&
            dd_office_held(&j->account, DD_ROLE_APPROVER, cycle->host, today))
            return DD_OK;
    }
    return dd_forbidden_in(j, DD_ROLE_APPROVER, cycle->host, "unit");
}

enum dd_status dd_needs_others(struct dd_judgement *j, const struct dd_process *process,
                               uint32_t unit, const struct dd_dossier_row *dossier)
{
    int32_t today = dd_day_at(j->context->at_ms, process->cycle.offset_min);
    if (dd_office_any(&j->account, unit, today) ||
        dd_office_any(&j->account, dd_keeper_of(dossier, unit), today))
        return dd_refuse(j->refusal, DD_FORBIDDEN, DD_RULE_FOUR_EYES, NULL);
    return DD_OK;
}
