/* decide: the dispatch, and what the decisions share. See core/decide.h. */
#include "core/decide.h"

#include <string.h>

#include "core/decide_parts.h"
#include "core/hash.h"
#include "core/invariant.h"
#include "core/row_matter.h"

enum dd_status dd_no(struct dd_judgement *j, enum dd_rule rule, const char *field)
{
    return dd_refuse(j->refusal, DD_REFUSED, rule, field);
}

enum dd_status dd_no_text(struct dd_judgement *j, enum dd_rule rule, const char *field,
                          struct dd_slice param)
{
    return dd_refuse_text(j->refusal, DD_REFUSED, rule, field, param);
}

enum dd_status dd_no_number(struct dd_judgement *j, enum dd_rule rule, const char *field,
                            int64_t param)
{
    return dd_refuse_number(j->refusal, DD_REFUSED, rule, field, param);
}

enum dd_status dd_forbidden(struct dd_judgement *j, enum dd_role role, struct dd_slice unit,
                            const char *field)
{
    dd_refuse_text(j->refusal, DD_FORBIDDEN, DD_RULE_NO_OFFICE, field,
                   dd_slice_of(dd_word(DD_WORDS_ROLE, (int)role)));
    dd_slice_text(unit, j->refusal->param[1], sizeof j->refusal->param[1]);
    return DD_FORBIDDEN;
}

enum dd_status dd_needs_role(struct dd_judgement *j, enum dd_role role)
{
    struct dd_meta_row meta;
    int32_t today = dd_local_day(j->view, j->context->at_ms);
    if (dd_office_held(&j->account, role, 0, today))
        return DD_OK;
    if (!dd_get_meta(j->view, &meta))
        meta.jurisdiction = dd_slice_of("");
    return dd_forbidden(j, role, meta.jurisdiction, NULL);
}

enum dd_status dd_needs_cycle(struct dd_judgement *j, struct dd_slice code,
                              struct dd_process *process)
{
    if (!dd_process_find(j->view, code, process))
        return dd_no_text(j, DD_RULE_NO_SUCH_CYCLE, "cycle", code);
    if (process->cycle.state == DD_CYCLE_STAGED)
        return dd_no(j, DD_RULE_NOT_OPEN_YET, "cycle");
    if (process->cycle.state == DD_CYCLE_CLOSED)
        return dd_no(j, DD_RULE_CLOSED, "cycle");
    return DD_OK;
}

enum dd_status dd_needs_party(struct dd_judgement *j, const struct dd_process *process,
                              struct dd_slice code, uint32_t *unit, struct dd_dossier_row *dossier)
{
    *unit = dd_number_of(j->view, DD_TABLE_UNIT_CODE, code);
    if (*unit == 0)
        return dd_no_text(j, DD_RULE_NO_SUCH_UNIT, "unit", code);
    if (!dd_get_dossier(j->view, process->number, *unit, dossier))
        return dd_no_text(j, DD_RULE_NO_SUCH_PARTY, "unit", code);
    return DD_OK;
}

enum dd_status dd_needs_office(struct dd_judgement *j, const struct dd_process *process,
                               enum dd_role role, uint32_t unit, struct dd_slice code)
{
    int32_t today = dd_day_at(j->context->at_ms, process->cycle.offset_min);
    return dd_office_held(&j->account, role, unit, today) ? DD_OK
                                                          : dd_forbidden(j, role, code, "unit");
}

enum dd_status dd_check_bound(struct dd_judgement *j, const struct dd_process *process,
                              const struct dd_stage *stage, const struct dd_duty_key *key)
{
    struct dd_duty_row duty;
    if (!stage->refuse_after_bound || !dd_get_duty(j->view, key, &duty) ||
        j->context->at_ms < duty.bound_ms)
        return DD_OK;
    dd_refuse(j->refusal, DD_REFUSED, DD_RULE_AFTER_BOUND, NULL);
    dd_instant_format(duty.bound_ms, process->cycle.offset_min, j->refusal->param[0]);
    return DD_REFUSED;
}

bool dd_party_owes(struct dd_judgement *j, const struct dd_stage *stage,
                   const struct dd_dossier_row *dossier)
{
    struct dd_group_row group;
    if (!dd_get_group(j->view, dossier->group, &group))
        group.code = dd_slice_of("");
    return dd_stage_is_for(stage, group.code);
}

enum dd_status dd_check_group(struct dd_judgement *j, const struct dd_stage *stage,
                              const struct dd_dossier_row *dossier, struct dd_slice unit)
{
    if (dd_party_owes(j, stage, dossier))
        return DD_OK;
    dd_no_text(j, DD_RULE_NO_SUCH_DUTY, "unit", unit);
    dd_slice_text(stage->key, j->refusal->param[1], sizeof j->refusal->param[1]);
    return DD_REFUSED;
}

uint8_t dd_next_decision(const struct dd_programme *programme, bool adjustment, uint8_t from)
{
    uint8_t stage = dd_programme_stage(programme, DD_ACT_DECIDE, from);
    while (adjustment && stage < programme->stage_count &&
           programme->stage[stage].skipped_by_adjustment)
        stage = dd_programme_stage(programme, DD_ACT_DECIDE, (uint8_t)(stage + 1));
    return stage;
}

static enum dd_status dispatch(struct dd_judgement *j, const struct dd_command *command)
{
    switch (command->kind) {
    case DD_COMMAND_GENESIS:
        return dd_decide_genesis(j, &command->as.genesis);
    case DD_COMMAND_PUT_UNITS:
        return dd_decide_put_units(j, &command->as.put_units);
    case DD_COMMAND_PUT_ACCOUNT:
        return dd_decide_put_account(j, &command->as.put_account);
    case DD_COMMAND_PUT_CALENDAR:
        return dd_decide_put_calendar(j, &command->as.put_calendar);
    case DD_COMMAND_PUT_PROGRAMME:
        return dd_decide_put_programme(j, &command->as.put_programme);
    case DD_COMMAND_OPEN_CYCLE:
        return dd_decide_open_cycle(j, &command->as.open_cycle);
    case DD_COMMAND_CLOSE_CYCLE:
        return dd_decide_close_cycle(j, &command->as.close_cycle);
    case DD_COMMAND_REGISTER:
        return dd_decide_register(j, &command->as.register_);
    case DD_COMMAND_SUBMIT:
        return dd_decide_submit(j, &command->as.submit);
    case DD_COMMAND_WITHDRAW:
        return dd_decide_withdraw(j, &command->as.withdraw);
    case DD_COMMAND_DECIDE:
        return dd_decide_decide(j, &command->as.decide);
    case DD_COMMAND_PROGRESS:
        return dd_decide_progress(j, &command->as.progress);
    case DD_COMMAND_REVOKE:
        return dd_decide_revoke(j, &command->as.revoke);
    case DD_COMMAND_ASSIGN:
        return dd_decide_assign(j, &command->as.assign);
    case DD_COMMAND_BEND:
        return dd_decide_bend(j, &command->as.bend);
    case DD_COMMAND_DELEGATE:
        return dd_decide_delegate(j, &command->as.delegate);
    case DD_COMMAND_TRANSFER:
        return dd_decide_transfer(j, &command->as.transfer);
    case DD_COMMAND_PUBLISH:
        return dd_decide_publish(j, &command->as.publish);
    case DD_COMMAND_TICK:
        return dd_decide_tick(j);
    case DD_COMMAND_REMINDED:
        return dd_decide_reminded(j, &command->as.reminded);
    }
    return dd_no(j, DD_RULE_MALFORMED, NULL);
}

enum dd_status dd_decide(const struct dd_context *context, const struct dd_command *command,
                         struct dd_events *events, struct dd_refusal *refusal)
{
    struct dd_judgement j = {
        .context = context, .view = context->view, .events = events, .refusal = refusal};
    events->count = 0;
    memset(refusal, 0, sizeof *refusal);
    bool by_server = command->kind == DD_COMMAND_GENESIS || command->kind == DD_COMMAND_TICK;
    if (by_server != (context->account == 0))
        return dd_refuse(refusal, DD_FORBIDDEN, DD_RULE_NOT_YOURS, NULL);
    if (context->account != 0 && !dd_get_account(context->view, context->account, &j.account))
        return dd_refuse(refusal, DD_FORBIDDEN, DD_RULE_NO_SUCH_ACCOUNT, NULL);
    enum dd_status status = dispatch(&j, command);
    if (status != DD_OK)
        events->count = 0;
    return status;
}

enum {
    MORE_FOLLOWS = 0xffff, /* no task has this number */
    MORE_BYTES_MAX = (DD_PARTNERS_MAX + 1) * (DD_CODE_BYTES_MAX + 1)
};

/* What an item may say beyond what every item says; an item that says nothing of it has the bytes
 * that it always had. */
static void write_more(struct dd_writer *w, const struct dd_view *view,
                       const struct dd_content_row *content)
{
    size_t partners = dd_units_count(content->partners);
    if (content->code.size == 0 && content->start_day == 0 && !content->has_baseline &&
        content->direction == 0 && partners == 0)
        return;
    dd_write_u16(w, MORE_FOLLOWS);
    dd_write_text8(w, content->code);
    dd_write_i32(w, content->start_day);
    dd_write_u8(w, content->has_baseline);
    dd_write_i64(w, content->baseline.mantissa);
    dd_write_u8(w, content->baseline.scale);
    dd_write_u8(w, (uint8_t)content->direction);
    dd_write_u8(w, (uint8_t)partners);
    for (size_t i = 0; i < partners; i++) {
        struct dd_unit_row unit;
        bool found = dd_get_unit(view, dd_units_at(content->partners, i), &unit);
        DD_ASSERT(found);
        dd_write_text8(w, unit.code);
    }
}

/* The content of one item as its hash sees it: fields only, no numbers that state gave out. */
static void hash_item(struct dd_sha256_stream *stream, const struct dd_view *view,
                      const struct dd_process *process, struct dd_item_ref ref,
                      const struct dd_content_row *content)
{
    uint8_t bytes[128 + DD_CODE_BYTES_MAX + DD_TITLE_BYTES_MAX + DD_UOM_BYTES_MAX + MORE_BYTES_MAX];
    struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
    DD_ASSERT(content->kind < process->programme.kind_count);
    dd_write_u16(&w, ref.task);
    dd_write_u16(&w, ref.indicator);
    dd_write_text8(&w, process->programme.kind[content->kind].code);
    dd_write_i32(&w, content->due_day);
    dd_write_u8(&w, content->has_target);
    dd_write_i64(&w, content->target.mantissa);
    dd_write_u8(&w, content->target.scale);
    dd_write_text16(&w, content->title);
    dd_write_text8(&w, content->unit_of_measure);
    write_more(&w, view, content);
    DD_ASSERT(!w.overflow);
    dd_sha256_add(stream, dd_writer_slice(&w));
}

void dd_version_hash(const struct dd_view *view, const struct dd_process *process, uint32_t unit,
                     struct dd_item_list items, uint8_t out[32])
{
    struct dd_sha256_stream stream;
    dd_sha256_begin(&stream);
    dd_sha256_add(&stream, dd_slice_of("dondoc-version-v1\n"));
    for (size_t i = 0; i < dd_items_count(items); i++) {
        struct dd_item_ref ref = dd_items_at(items, i);
        struct dd_content_row content;
        bool found = dd_get_content(view, process->number, unit, ref, &content);
        DD_ASSERT(found);
        hash_item(&stream, view, process, ref, &content);
    }
    dd_sha256_end(&stream, out);
}
