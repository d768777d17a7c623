/* Decisions about dossiers: drafting, handing in, withdrawing, deciding, progress. See
 * core/decide_parts.h. */
#include <string.h>

#include "core/decide_parts.h"
#include "core/invariant.h"
#include "core/row_matter.h"

enum { REVISIONS_MAX = 60000 };

/* A dossier command under way: the open cycle, the party, its dossier. */
struct desk {
    struct dd_process process;
    uint32_t unit;
    struct dd_dossier_row dossier;
};

static enum dd_status find_desk(struct dd_judgement *j, struct dd_slice cycle, struct dd_slice unit,
                                struct desk *desk)
{
    enum dd_status status = dd_needs_cycle(j, cycle, &desk->process);
    if (status != DD_OK)
        return status;
    return dd_needs_party(j, &desk->process, unit, &desk->unit, &desk->dossier);
}

/* Any of the unit's own people may prepare; only some may sign. */
static enum dd_status needs_own_people(struct dd_judgement *j, const struct desk *desk,
                                       struct dd_slice unit)
{
    int32_t today = dd_day_at(j->context->at_ms, desk->process.cycle.offset_min);
    uint32_t keeper = dd_keeper_of(&desk->dossier, desk->unit);
    if (dd_office_of_unit(&j->account, keeper, today))
        return DD_OK;
    return keeper == desk->unit ? dd_forbidden(j, DD_ROLE_OFFICER, unit, "unit")
                                : dd_forbidden_in(j, DD_ROLE_OFFICER, keeper, "unit");
}

static bool removed_by(const struct dd_register *c, uint16_t indicator)
{
    for (size_t i = 0; i < c->removed_count; i++) {
        if (c->removed[i] == indicator)
            return true;
    }
    return false;
}

static struct dd_content_row content_of(struct dd_judgement *j, const struct desk *desk,
                                        struct dd_item_list draft, size_t place)
{
    struct dd_content_row content;
    bool found = dd_get_content(j->view, desk->process.number, desk->unit,
                                dd_items_at(draft, place), &content);
    DD_ASSERT(found);
    return content;
}

/* The indicator's bytes in the draft, 0 if it is not in it; counts those that are. */
static size_t bytes_in_draft(struct dd_judgement *j, const struct desk *desk,
                             struct dd_item_list draft, uint16_t task, uint16_t indicator,
                             size_t *known)
{
    bool found;
    size_t place = dd_items_find(draft, task, indicator, &found);
    if (!found)
        return 0;
    struct dd_content_row content = content_of(j, desk, draft, place);
    ++*known;
    return dd_content_bytes(content.title, content.unit_of_measure) +
           dd_content_more_bytes(content.code, dd_units_count(content.partners));
}

/* How many indicators the draft will have, and how many bytes. Whoever decides on the dossier must
 * be able to read it in one answer. */
static enum dd_status check_size(struct dd_judgement *j, const struct desk *desk,
                                 const struct dd_register *c, struct dd_item_list draft,
                                 size_t *replaced)
{
    size_t bytes = desk->dossier.draft_bytes;
    *replaced = 0;
    for (size_t i = 0; i < c->removed_count; i++)
        bytes -= bytes_in_draft(j, desk, draft, c->task, c->removed[i], replaced);
    for (size_t i = 0; i < c->indicator_count; i++) {
        const struct dd_indicator_put *put = &c->indicators[i];
        bytes -= bytes_in_draft(j, desk, draft, c->task, put->number, replaced);
        bytes += dd_content_bytes(put->title, put->unit_of_measure) +
                 dd_content_more_bytes(put->code, put->partner_count);
    }
    if (dd_items_count(draft) - *replaced + c->indicator_count > DD_INDICATORS_PER_DOSSIER_MAX)
        return dd_no_number(j, DD_RULE_TOO_MANY_INDICATORS, "indicators",
                            DD_INDICATORS_PER_DOSSIER_MAX);
    if (bytes > DD_DOSSIER_BYTES_MAX)
        return dd_no_number(j, DD_RULE_TOO_LONG, "indicators", DD_DOSSIER_BYTES_MAX);
    return DD_OK;
}

/* What the draft will look like: another kind in the task, tasks of the kind. A task's indicators
 * are of one kind, so its first one tells: a long draft is not read as a whole for each command. */
static enum dd_status check_draft(struct dd_judgement *j, const struct desk *desk,
                                  const struct dd_register *c, uint8_t kind)
{
    struct dd_item_list draft = dd_get_draft(j->view, desk->process.number, desk->unit);
    const struct dd_item_kind *rule = &desk->process.programme.kind[kind];
    size_t tasks = c->indicator_count > 0;
    size_t replaced;
    size_t end;
    bool found;
    enum dd_status status = check_size(j, desk, c, draft, &replaced);
    if (status != DD_OK)
        return status;
    for (size_t place = 0; place < dd_items_count(draft); place = end) {
        uint16_t task = dd_items_at(draft, place).task;
        bool of_kind = content_of(j, desk, draft, place).kind == kind;
        end = dd_items_find(draft, (uint16_t)(task + 1), 0, &found);
        if (task != c->task)
            tasks += of_kind;
        else if (!of_kind && end - place > replaced)
            return dd_no_number(j, DD_RULE_TASK_KIND, "kind", c->task);
    }
    if (c->indicator_count > 0 && tasks > rule->max_tasks)
        return dd_no_number(j, DD_RULE_TOO_MANY_TASKS, "task", rule->max_tasks);
    return DD_OK;
}

static enum dd_status outside_cycle(struct dd_judgement *j, const struct desk *desk,
                                    const char *field)
{
    dd_refuse(j->refusal, DD_REFUSED, DD_RULE_OUTSIDE_CYCLE, field);
    dd_day_format(desk->process.cycle.from_day, j->refusal->param[0]);
    dd_day_format(desk->process.cycle.to_day, j->refusal->param[1]);
    return DD_REFUSED;
}

static enum dd_status check_partners(struct dd_judgement *j, const struct dd_indicator_put *put)
{
    for (size_t i = 0; i < put->partner_count; i++) {
        if (dd_number_of(j->view, DD_TABLE_UNIT_CODE, put->partners[i]) == 0)
            return dd_no_text(j, DD_RULE_NO_SUCH_UNIT, "indicators.partners", put->partners[i]);
    }
    return DD_OK;
}

/* An item that stands in open programmes already is this unit's, and there is room for one more
 * place. */
static enum dd_status check_places(struct dd_judgement *j, const struct desk *desk, uint16_t task,
                                   const struct dd_indicator_put *put)
{
    struct dd_place places[DD_PLACES_PER_ITEM_MAX];
    size_t count = dd_get_places(j->view, put->code, places);
    size_t others = 0;
    for (size_t i = 0; i < count; i++) {
        struct dd_cycle_row cycle;
        bool open = dd_get_cycle(j->view, places[i].cycle, &cycle) && cycle.state == DD_CYCLE_OPEN;
        if (open && places[i].unit != desk->unit)
            return dd_no_text(j, DD_RULE_ITEM_ELSEWHERE, "indicators.code", put->code);
        others += open && (places[i].cycle != desk->process.number || places[i].task != task ||
                           places[i].indicator != put->number);
    }
    if (others >= DD_PLACES_PER_ITEM_MAX)
        return dd_no_number(j, DD_RULE_TOO_MANY_PLACES, "indicators.code", DD_PLACES_PER_ITEM_MAX);
    return DD_OK;
}

static enum dd_status check_indicators(struct dd_judgement *j, const struct desk *desk,
                                       const struct dd_register *c)
{
    struct dd_item_list draft = dd_get_draft(j->view, desk->process.number, desk->unit);
    for (size_t i = 0; i < c->indicator_count; i++) {
        const struct dd_indicator_put *put = &c->indicators[i];
        struct dd_item_row item;
        if (put->due_day < desk->process.cycle.from_day ||
            put->due_day > desk->process.cycle.to_day)
            return outside_cycle(j, desk, "indicators.due");
        enum dd_status status = check_partners(j, put);
        if (status == DD_OK && put->code.size > 0)
            status = check_places(j, desk, c->task, put);
        if (status != DD_OK)
            return status;
        if (removed_by(c, put->number))
            return dd_no_number(j, DD_RULE_DUPLICATE, "removed", put->number);
        if (dd_get_item(j->view, desk->process.number, desk->unit, c->task, put->number, &item) &&
            item.revisions >= REVISIONS_MAX)
            return dd_no_number(j, DD_RULE_TOO_MANY_VERSIONS, "indicators", REVISIONS_MAX);
    }
    for (size_t i = 0; i < c->removed_count; i++) {
        bool found;
        (void)dd_items_find(draft, c->task, c->removed[i], &found);
        if (!found)
            return dd_no_number(j, DD_RULE_NO_SUCH_ITEM, "removed", c->removed[i]);
    }
    return DD_OK;
}

enum dd_status dd_decide_register(struct dd_judgement *j, const struct dd_register *c)
{
    struct desk desk;
    enum dd_status status = find_desk(j, c->cycle, c->unit, &desk);
    if (status == DD_OK)
        status = needs_own_people(j, &desk, c->unit);
    if (status != DD_OK)
        return status;
    uint8_t kind = dd_programme_kind(&desk.process.programme, c->kind);
    if (kind == desk.process.programme.kind_count)
        return dd_no_text(j, DD_RULE_NO_SUCH_KIND, "kind", c->kind);
    status = check_indicators(j, &desk, c);
    if (status == DD_OK)
        status = check_draft(j, &desk, c, kind);
    if (status != DD_OK)
        return status;
    DD_EVENT_OR_RETURN(event, j, DD_EVENT_TASK_DRAFTED);
    (void)event;
    return DD_OK;
}

/* Who signs the registration, and takes it back. */
static enum dd_status check_signer(struct dd_judgement *j, const struct desk *desk,
                                   const struct dd_stage *stage, enum dd_capacity capacity)
{
    struct dd_unit_row unit;
    uint16_t delegation;
    struct dd_signing signing = {.by = stage->by,
                                 .signers = stage->signers,
                                 .key = stage->key,
                                 .unit = dd_keeper_of(&desk->dossier, desk->unit),
                                 .capacity = capacity,
                                 .today =
                                     dd_day_at(j->context->at_ms, desk->process.cycle.offset_min)};
    if (!dd_get_unit(j->view, signing.unit, &unit))
        return DD_CORRUPT;
    signing.code = unit.code;
    return dd_needs_signature(j, &signing, &delegation);
}

static enum dd_status check_draft_ready(struct dd_judgement *j, const struct desk *desk,
                                        const struct dd_submit *c, struct dd_item_list draft)
{
    struct dd_version_row in_force;
    uint8_t hash[32];
    const struct dd_dossier_row *dossier = &desk->dossier;
    if (dossier->pending != 0)
        return dd_no_number(j, DD_RULE_VERSION_PENDING, NULL, dossier->pending);
    if (dd_items_count(draft) == 0)
        return dd_no(j, DD_RULE_EMPTY_DRAFT, NULL);
    if (dossier->newest >= DD_VERSIONS_PER_DOSSIER_MAX)
        return dd_no_number(j, DD_RULE_TOO_MANY_VERSIONS, NULL, DD_VERSIONS_PER_DOSSIER_MAX);
    if (dossier->in_force == 0)
        return DD_OK;
    if (c->reason.size == 0)
        return dd_no(j, DD_RULE_REASON_NEEDED, "reason");
    dd_version_hash(j->view, &desk->process, desk->unit, draft, hash);
    if (dd_get_version(j->view, desk->process.number, desk->unit, dossier->in_force, &in_force) &&
        memcmp(in_force.content_hash, hash, sizeof hash) == 0)
        return dd_no_number(j, DD_RULE_NOTHING_CHANGED, NULL, dossier->in_force);
    return DD_OK;
}

/* What comes with the registration, and why it comes late, where the programme asks. */
static enum dd_status check_hand_in(struct dd_judgement *j, const struct desk *desk,
                                    const struct dd_stage *stage, const struct dd_submit *c)
{
    static const struct dd_slice none = {NULL, 0};
    uint8_t index = (uint8_t)(stage - desk->process.programme.stage);
    struct dd_duty_key key = {desk->process.number, desk->unit, index, 0, 0};
    bool late = dd_duty_met(j->view, &desk->process, &key, j->context->at_ms) == DD_END_LATE;
    if (stage->reason_when_late && late && c->reason.size == 0)
        return dd_no(j, DD_RULE_REASON_NEEDED, "reason");
    return dd_check_form(j, &desk->process, stage, c, none);
}

static enum dd_status submit_registration(struct dd_judgement *j, struct desk *desk,
                                          const struct dd_submit *c)
{
    const struct dd_programme *programme = &desk->process.programme;
    uint8_t stage = dd_programme_stage(programme, DD_ACT_HAND_IN, 0);
    struct dd_duty_key key = {desk->process.number, desk->unit, stage, 0, 0};
    struct dd_item_list draft = dd_get_draft(j->view, desk->process.number, desk->unit);
    if (stage == programme->stage_count)
        return dd_no(j, DD_RULE_NO_SUCH_STAGE, "what");
    enum dd_status status = dd_check_group(j, &programme->stage[stage], &desk->dossier, c->unit);
    if (status == DD_OK)
        status = check_signer(j, desk, &programme->stage[stage], c->capacity);
    if (status == DD_OK)
        status = check_draft_ready(j, desk, c, draft);
    if (status == DD_OK && desk->dossier.in_force == 0) /* an adjustment has no deadline */
        status = dd_check_bound(j, &desk->process, &programme->stage[stage], &key);
    if (status == DD_OK)
        status = check_hand_in(j, desk, &programme->stage[stage], c);
    if (status != DD_OK)
        return status;
    DD_EVENT_OR_RETURN(event, j, DD_EVENT_VERSION_SUBMITTED);
    event->version = (uint16_t)(desk->dossier.newest + 1);
    event->adjustment = desk->dossier.in_force != 0;
    event->stage = dd_next_decision(programme, event->adjustment, 0);
    event->end = dd_duty_met(j->view, &desk->process, &key, j->context->at_ms);
    dd_version_hash(j->view, &desk->process, desk->unit, draft, event->content_hash);
    if (event->stage < programme->stage_count)
        return DD_OK;
    DD_EVENT_OR_RETURN(approved, j, DD_EVENT_VERSION_APPROVED);
    approved->stage = programme->stage_count;
    return DD_OK;
}

enum dd_status dd_decide_submit(struct dd_judgement *j, const struct dd_submit *c)
{
    struct desk desk;
    enum dd_status status = find_desk(j, c->cycle, c->unit, &desk);
    if (status != DD_OK)
        return status;
    switch (c->what) {
    case DD_SUBMISSION_REGISTRATION:
        return submit_registration(j, &desk, c);
    case DD_SUBMISSION_REPORT:
        return dd_submit_report(j, &desk.process, desk.unit, &desk.dossier, c);
    case DD_SUBMISSION_ANSWER:
        return dd_submit_answer(j, &desk.process, desk.unit, &desk.dossier, c);
    }
    return dd_no(j, DD_RULE_MISSING, "what");
}

/* The version that waits for a decision must be the one named; else say why it is not. */
static enum dd_status needs_pending(struct dd_judgement *j, const struct desk *desk,
                                    uint16_t version)
{
    const struct dd_dossier_row *dossier = &desk->dossier;
    if (version == 0 || version > dossier->newest)
        return dd_no_number(j, DD_RULE_NO_SUCH_VERSION, "version", version);
    if (dossier->pending == version)
        return DD_OK;
    if (dossier->newest > version)
        return dd_refuse_number(j->refusal, DD_STALE, DD_RULE_NEWER_VERSION, "version",
                                dossier->newest);
    return dd_no(j, DD_RULE_NOTHING_PENDING, "version");
}

enum dd_status dd_decide_withdraw(struct dd_judgement *j, const struct dd_withdraw *c)
{
    struct desk desk;
    struct dd_version_row version;
    enum dd_status status = find_desk(j, c->cycle, c->unit, &desk);
    if (status != DD_OK)
        return status;
    uint8_t stage = dd_programme_stage(&desk.process.programme, DD_ACT_HAND_IN, 0);
    if (stage == desk.process.programme.stage_count)
        return dd_no(j, DD_RULE_NO_SUCH_STAGE, NULL);
    status = check_signer(j, &desk, &desk.process.programme.stage[stage], 0);
    if (status == DD_OK)
        status = needs_pending(j, &desk, c->version);
    if (status != DD_OK)
        return status;
    if (!dd_get_version(j->view, desk.process.number, desk.unit, c->version, &version))
        return DD_CORRUPT;
    if (version.decided)
        return dd_no(j, DD_RULE_ALREADY_DECIDED, "version");
    DD_EVENT_OR_RETURN(event, j, DD_EVENT_VERSION_WITHDRAWN);
    (void)event;
    return DD_OK;
}

/* Nobody appraises or approves their own: neither who handed it in, nor anyone with an office in
 * that unit, whichever it is. */
static enum dd_status check_four_eyes(struct dd_judgement *j, const struct desk *desk,
                                      const struct dd_version_row *version)
{
    if (j->context->account == version->account)
        return dd_refuse(j->refusal, DD_FORBIDDEN, DD_RULE_FOUR_EYES, NULL);
    return dd_needs_others(j, &desk->process, desk->unit, &desk->dossier);
}

static enum dd_status check_approver(struct dd_judgement *j, const struct desk *desk,
                                     const struct dd_stage *stage, bool adjustment)
{
    struct dd_account_row approver;
    struct dd_unit_row host;
    uint32_t account = desk->dossier.approver;
    if (adjustment && stage->first_approver_adjusts)
        account = desk->process.cycle.approver[0];
    if (!dd_get_account(j->view, account, &approver) ||
        !dd_get_unit(j->view, desk->process.cycle.host, &host))
        return DD_CORRUPT;
    enum dd_status status =
        dd_needs_office(j, &desk->process, DD_ROLE_APPROVER, desk->process.cycle.host, host.code);
    if (status != DD_OK)
        return status;
    if (account != j->context->account)
        return dd_refuse_text(j->refusal, DD_FORBIDDEN, DD_RULE_NOT_THE_APPROVER, NULL,
                              approver.code);
    return DD_OK;
}

static enum dd_status check_decider(struct dd_judgement *j, const struct desk *desk,
                                    const struct dd_version_row *version)
{
    const struct dd_stage *stage = &desk->process.programme.stage[desk->dossier.stage];
    struct dd_unit_row appraiser;
    enum dd_status status = check_four_eyes(j, desk, version);
    if (status != DD_OK)
        return status;
    if (stage->by == DD_ROLE_APPROVER)
        return check_approver(j, desk, stage, version->adjustment);
    uint32_t unit = dd_appraiser_for(&desk->process.cycle, &desk->dossier, desk->unit);
    if (!dd_get_unit(j->view, unit, &appraiser))
        return DD_CORRUPT;
    return dd_needs_office(j, &desk->process, stage->by, unit, appraiser.code);
}

static enum dd_status decided(struct dd_judgement *j, const struct desk *desk,
                              const struct dd_decide *c, const struct dd_version_row *version)
{
    const struct dd_programme *programme = &desk->process.programme;
    struct dd_duty_key key = {desk->process.number, desk->unit, desk->dossier.stage, c->version, 0};
    uint8_t next =
        dd_next_decision(programme, version->adjustment, (uint8_t)(desk->dossier.stage + 1));
    enum dd_event_kind kind =
        next < programme->stage_count ? DD_EVENT_VERSION_AGREED : DD_EVENT_VERSION_APPROVED;
    if (c->verdict == DD_VERDICT_RETURN)
        kind = DD_EVENT_VERSION_RETURNED;
    DD_EVENT_OR_RETURN(event, j, kind);
    event->stage = desk->dossier.stage;
    event->next_stage = next;
    event->end = dd_duty_met(j->view, &desk->process, &key, j->context->at_ms);
    return DD_OK;
}

/* The owner of a matter may be the host, which is no party. */
static enum dd_status decide_on_matter(struct dd_judgement *j, const struct dd_decide *c)
{
    struct dd_process process;
    enum dd_status status = dd_needs_cycle(j, c->cycle, &process);
    if (status != DD_OK)
        return status;
    uint32_t unit = dd_number_of(j->view, DD_TABLE_UNIT_CODE, c->unit);
    if (unit == 0)
        return dd_no_text(j, DD_RULE_NO_SUCH_UNIT, "unit", c->unit);
    return dd_decide_matter(j, &process, unit, c);
}

enum dd_status dd_decide_decide(struct dd_judgement *j, const struct dd_decide *c)
{
    struct desk desk;
    struct dd_version_row version;
    if (c->matter != 0)
        return decide_on_matter(j, c);
    enum dd_status status = find_desk(j, c->cycle, c->unit, &desk);
    if (status == DD_OK)
        status = needs_pending(j, &desk, c->version);
    if (status != DD_OK)
        return status;
    if (!dd_get_version(j->view, desk.process.number, desk.unit, c->version, &version))
        return DD_CORRUPT;
    status = check_decider(j, &desk, &version);
    if (status != DD_OK)
        return status;
    if (memcmp(version.content_hash, c->content_hash, sizeof version.content_hash) != 0)
        return dd_refuse_number(j->refusal, DD_STALE, DD_RULE_VERSION_HASH, "content_hash",
                                c->version);
    struct dd_duty_key key = {desk.process.number, desk.unit, desk.dossier.stage, c->version, 0};
    status =
        dd_check_bound(j, &desk.process, &desk.process.programme.stage[desk.dossier.stage], &key);
    if (status != DD_OK)
        return status;
    if (c->verdict == DD_VERDICT_IN_PRINCIPLE) /* a registration is agreed to or it is not */
        return dd_no(j, DD_RULE_NOT_NEEDED, "verdict");
    if (c->verdict == DD_VERDICT_RETURN && c->reason.size == 0)
        return dd_no(j, DD_RULE_REASON_NEEDED, "reason");
    return decided(j, &desk, c, &version);
}

static enum dd_status no_such_item(struct dd_judgement *j, const struct dd_progress *c)
{
    char text[2 * 21];
    size_t size = dd_decimal(c->task, text);
    text[size++] = '.';
    dd_decimal(c->indicator, text + size);
    return dd_no_text(j, DD_RULE_NO_SUCH_ITEM, "indicator", dd_slice_of(text));
}

static enum dd_status check_correction(struct dd_judgement *j, const struct dd_progress *c,
                                       const struct dd_item_row *item)
{
    if (!c->is_correction)
        return DD_OK;
    if (c->reason.size == 0)
        return dd_no(j, DD_RULE_REASON_NEEDED, "correction.reason");
    for (size_t i = 0; i < dd_outcomes_count(item); i++) {
        if (dd_outcomes_at(item, i).seq == c->corrects_seq)
            return DD_OK;
    }
    return dd_no_number(j, DD_RULE_BAD_CORRECTION, "correction.seq", (int64_t)c->corrects_seq);
}

/* Room for one more outcome, here and wherever else the item stands. */
static enum dd_status check_outcomes(struct dd_judgement *j, const struct desk *desk,
                                     const struct dd_progress *c, const struct dd_item_row *item)
{
    struct dd_place places[DD_PLACES_PER_ITEM_MAX];
    struct dd_content_row content;
    struct dd_item_ref ref = {c->task, c->indicator, item->in_force};
    size_t count = 0;
    size_t most = dd_outcomes_count(item);
    if (dd_get_content(j->view, desk->process.number, desk->unit, ref, &content))
        count = dd_get_places(j->view, content.code, places);
    for (size_t i = 0; i < count; i++) {
        struct dd_cycle_row cycle;
        struct dd_item_row other;
        if (!dd_get_cycle(j->view, places[i].cycle, &cycle) || cycle.state != DD_CYCLE_OPEN)
            continue;
        (void)dd_get_item(j->view, places[i].cycle, places[i].unit, places[i].task,
                          places[i].indicator, &other);
        if (places[i].unit == desk->unit && dd_outcomes_count(&other) > most)
            most = dd_outcomes_count(&other);
    }
    if (most >= DD_OUTCOMES_PER_ITEM_MAX)
        return dd_no_number(j, DD_RULE_TOO_MANY_OUTCOMES, NULL, DD_OUTCOMES_PER_ITEM_MAX);
    return DD_OK;
}

/* Where the programme asks why: what is done late, not done, or cannot be done. */
static enum dd_status check_excuse(struct dd_judgement *j, const struct desk *desk,
                                   const struct dd_progress *c)
{
    const struct dd_programme *programme = &desk->process.programme;
    uint8_t stage = dd_programme_stage(programme, DD_ACT_OUTCOME, 0);
    struct dd_duty_key key = {desk->process.number, desk->unit, stage, c->task, c->indicator};
    bool done = c->outcome == DD_OUTCOME_COMPLETED || c->outcome == DD_OUTCOME_EXCEEDED;
    if (stage == programme->stage_count || !programme->stage[stage].reason_when_late ||
        c->note.size > 0 || c->outcome == DD_OUTCOME_OPEN)
        return DD_OK;
    bool late = dd_duty_met(j->view, &desk->process, &key, j->context->at_ms) == DD_END_LATE;
    return done && !late ? DD_OK : dd_no(j, DD_RULE_REASON_NEEDED, "note");
}

enum dd_status dd_decide_progress(struct dd_judgement *j, const struct dd_progress *c)
{
    struct desk desk;
    struct dd_item_row item;
    enum dd_status status = find_desk(j, c->cycle, c->unit, &desk);
    if (status == DD_OK && c->indicator == 0)
        return dd_progress_matter(j, &desk.process, desk.unit, &desk.dossier, c);
    if (status == DD_OK)
        status = needs_own_people(j, &desk, c->unit);
    if (status != DD_OK)
        return status;
    if (desk.dossier.in_force == 0)
        return dd_no(j, DD_RULE_NOT_IN_FORCE, NULL);
    (void)dd_get_item(j->view, desk.process.number, desk.unit, c->task, c->indicator, &item);
    if (item.in_force == 0)
        return no_such_item(j, c);
    if (c->day < desk.process.cycle.from_day || c->day > desk.process.cycle.to_day)
        return outside_cycle(j, &desk, "day");
    if (c->day > dd_day_at(j->context->at_ms, desk.process.cycle.offset_min))
        return dd_no(j, DD_RULE_DAY_IN_FUTURE, "day");
    status = check_outcomes(j, &desk, c, &item);
    if (status == DD_OK)
        status = check_correction(j, c, &item);
    if (status == DD_OK)
        status = check_excuse(j, &desk, c);
    if (status != DD_OK)
        return status;
    DD_EVENT_OR_RETURN(event, j, DD_EVENT_OUTCOME_RECORDED);
    (void)event;
    return DD_OK;
}
