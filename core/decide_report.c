/* Decisions about reports: which duty one is for, who signs it, whether its figures and attachments
 * are what the form asks for. Knows no report by name. See core/decide_parts.h. */
#include "core/decide_parts.h"
#include "core/report.h"

enum { REPORTS_PER_DUTY_MAX = 999 };

/* A report under way. */
struct paper {
    const struct dd_process *process;
    const struct dd_submit *c;
    const struct dd_dossier_row *dossier;
    uint32_t unit;
    uint8_t stage;
    uint16_t a; /* which of the stage's duties */
};

static const struct dd_stage *stage_of(const struct paper *p)
{
    return &p->process->programme.stage[p->stage];
}

static bool is_report(const struct dd_stage *stage)
{
    return stage->act == DD_ACT_REPORT && stage->of.size == 0;
}

/* Without a stage's key: the only report stage for the party that knows what the report is called.
 * One that takes any text fits only where there is no other, or a slip of the pen would pass for a
 * report. */
static enum dd_status find_stage(struct dd_judgement *j, struct paper *p)
{
    const struct dd_programme *programme = &p->process->programme;
    size_t stages = 0;
    size_t fitting = 0;
    for (uint8_t i = 0; i < programme->stage_count; i++)
        stages += is_report(&programme->stage[i]);
    for (uint8_t i = 0; i < programme->stage_count; i++) {
        const struct dd_stage *stage = &programme->stage[i];
        uint16_t a;
        if (!is_report(stage) || (stage->any_time && stages > 1) ||
            !dd_party_owes(j, stage, p->dossier) ||
            !dd_report_duty(p->process, i, p->c->report, &a))
            continue;
        fitting++;
        p->stage = i;
        p->a = a;
    }
    if (stages == 0)
        return dd_no(j, DD_RULE_NO_SUCH_STAGE, "what");
    if (fitting == 0)
        return dd_no_text(j, DD_RULE_NO_SUCH_REPORT, "report", p->c->report);
    return fitting == 1 ? DD_OK : dd_no(j, DD_RULE_MISSING, "stage");
}

static enum dd_status find_paper(struct dd_judgement *j, struct paper *p)
{
    const struct dd_programme *programme = &p->process->programme;
    if (p->c->stage.size == 0)
        return find_stage(j, p);
    p->stage = dd_programme_stage_of_key(programme, p->c->stage);
    if (p->stage == programme->stage_count || !is_report(stage_of(p)))
        return dd_no(j, DD_RULE_NO_SUCH_STAGE, "stage");
    if (!dd_report_duty(p->process, p->stage, p->c->report, &p->a))
        return dd_no_text(j, DD_RULE_NO_SUCH_REPORT, "report", p->c->report);
    return DD_OK;
}

/* In which unit the office is that hands the report in: the party answers for its own; what others
 * say of it is said by its appraiser or by the host. */
static uint32_t signing_unit(const struct paper *p)
{
    switch (stage_of(p)->by) {
    case DD_ROLE_APPRAISER:
        return dd_appraiser_for(&p->process->cycle, p->dossier, p->unit);
    case DD_ROLE_APPROVER:
        return p->process->cycle.host;
    case DD_ROLE_HEAD:
    case DD_ROLE_DEPUTY:
    case DD_ROLE_OFFICER:
    case DD_ROLE_AUDITOR:
    case DD_ROLE_ADMINISTRATOR:
    case DD_ROLE_NOTIFIER:
        break;
    }
    return dd_keeper_of(p->dossier, p->unit);
}

static enum dd_status check_signer(struct dd_judgement *j, const struct paper *p,
                                   uint16_t *delegation)
{
    const struct dd_stage *stage = stage_of(p);
    bool by_others = stage->by == DD_ROLE_APPRAISER || stage->by == DD_ROLE_APPROVER;
    enum dd_status status = DD_OK;
    struct dd_unit_row unit;
    struct dd_signing signing = {.by = stage->by,
                                 .signers = stage->signers,
                                 .key = stage->key,
                                 .unit = signing_unit(p),
                                 .capacity = p->c->capacity,
                                 .today =
                                     dd_day_at(j->context->at_ms, p->process->cycle.offset_min)};
    if (signing.unit == 0)
        return dd_no_text(j, DD_RULE_NO_OTHER_APPRAISER, "unit", p->c->unit);
    if (!dd_get_unit(j->view, signing.unit, &unit))
        return DD_CORRUPT;
    signing.code = unit.code;
    if (by_others)
        status = dd_needs_others(j, p->process, p->unit, p->dossier);
    if (status == DD_OK && stage->by == DD_ROLE_APPROVER)
        status = dd_needs_approver(j, p->process);
    return status == DD_OK ? dd_needs_signature(j, &signing, delegation) : status;
}

/* What the stage requires first must have been handed in, or waived, for the same period, and by
 * somebody else where others say something of it; where the party does not owe it, nothing is
 * required. */
static enum dd_status check_required(struct dd_judgement *j, const struct paper *p)
{
    const struct dd_process *process = p->process;
    const struct dd_stage *stage = stage_of(p);
    uint8_t required = dd_programme_stage_of_key(&process->programme, stage->requires);
    struct dd_duty_key key = {process->number, p->unit, required, p->a, 0};
    bool by_others = stage->by == DD_ROLE_APPRAISER || stage->by == DD_ROLE_APPROVER;
    struct dd_report_row report;
    struct dd_duty_row duty;
    if (stage->requires.size == 0 || required == process->programme.stage_count)
        return DD_OK;
    if (stage->deadline.every != 0 || stage->deadline.date.size > 0) {
        struct dd_occurrence occurrence = dd_occurrence_at(process->cycle.occurrences, p->a);
        if (!dd_report_occurrence(process, required, occurrence.span, &key.a))
            return DD_OK;
    }
    bool reported = dd_last_report(j->view, process->number, p->unit, required, key.a, &report) > 0;
    if (by_others && reported && report.account == j->context->account)
        return dd_refuse(j->refusal, DD_FORBIDDEN, DD_RULE_FOUR_EYES, NULL);
    if (!dd_get_duty(j->view, &key, &duty) || duty.end == DD_END_WAIVED || reported)
        return DD_OK;
    return dd_no_text(j, DD_RULE_REQUIRES, "stage", stage->requires);
}

static bool has_part(const struct dd_submit *c, struct dd_slice part)
{
    for (size_t i = 0; i < c->attachment_count; i++) {
        if (dd_slice_equal(c->attachments[i].part, part))
            return true;
    }
    return false;
}

enum dd_status dd_check_form(struct dd_judgement *j, const struct dd_process *process,
                             const struct dd_stage *stage, const struct dd_submit *c,
                             struct dd_slice before)
{
    struct dd_form form;
    if (stage->form.size == 0)
        return c->figure_count == 0 ? DD_OK : dd_no(j, DD_RULE_NOT_NEEDED, "figures");
    if (!dd_form_find(process->programme.forms, stage->form, &form))
        return DD_CORRUPT;
    size_t size = dd_figures_bytes(c->figures, c->figure_count);
    uint8_t *bytes = dd_arena_take(j->context->arena, size + 1);
    if (!bytes)
        return DD_NO_MEMORY;
    struct dd_writer w = dd_writer_make(bytes, size + 1);
    dd_figures_write(&w, c->figures, c->figure_count);
    enum dd_status status = dd_form_judge(&form, dd_writer_slice(&w), before, j->refusal);
    for (size_t i = 0; status == DD_OK && i < form.part_count; i++) {
        if (!has_part(c, form.part[i]))
            status = dd_no_text(j, DD_RULE_PART_MISSING, "attachments", form.part[i]);
    }
    return status;
}

static enum dd_status taken(struct dd_judgement *j, const struct paper *p, enum dd_end end,
                            uint16_t delegation)
{
    struct dd_report_row last;
    uint16_t count = dd_last_report(j->view, p->process->number, p->unit, p->stage, p->a, &last);
    if (count >= REPORTS_PER_DUTY_MAX)
        return dd_no_number(j, DD_RULE_TOO_MANY_REPORTS, "report", REPORTS_PER_DUTY_MAX);
    DD_EVENT_OR_RETURN(event, j, DD_EVENT_REPORT_TAKEN);
    event->stage = p->stage;
    event->number = p->a;
    event->version = (uint16_t)(count + 1);
    event->end = end;
    event->delegation = delegation;
    return DD_OK;
}

enum dd_status dd_submit_report(struct dd_judgement *j, const struct dd_process *process,
                                uint32_t unit, const struct dd_dossier_row *dossier,
                                const struct dd_submit *c)
{
    struct paper p = {.process = process, .c = c, .dossier = dossier, .unit = unit};
    uint16_t delegation = 0;
    enum dd_status status = find_paper(j, &p);
    if (status != DD_OK)
        return status;
    const struct dd_stage *stage = stage_of(&p);
    struct dd_duty_key key = {process->number, unit, p.stage, p.a, 0};
    status = dd_check_group(j, stage, dossier, c->unit);
    if (status == DD_OK)
        status = check_signer(j, &p, &delegation);
    if (status == DD_OK)
        status = check_required(j, &p);
    if (status == DD_OK)
        status = dd_check_bound(j, process, stage, &key);
    if (status != DD_OK)
        return status;
    enum dd_end end = dd_duty_met(j->view, process, &key, j->context->at_ms);
    if (stage->reason_when_late && end == DD_END_LATE && c->reason.size == 0)
        return dd_no(j, DD_RULE_REASON_NEEDED, "reason");
    status =
        dd_check_form(j, process, stage, c,
                      dd_report_figures_before(j->view, process, unit, p.stage, p.a, INT64_MAX));
    return status == DD_OK ? taken(j, &p, end, delegation) : status;
}
