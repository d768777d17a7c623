/*
 * Commands into their bytes. See proto/codec.h. One writer a message, in the order of
 * command.proto; what is not given is left out, so that a command has one form.
 */
#include "proto/codec.h"

#include "core/entry.h"
#include "proto/codec_part.h"

static void account_pack(struct dd_packer *p, Dondoc__V1__PutAccount *out,
                         const struct dd_put_account *in)
{
    out->code = dd_pack_text(p, in->code);
    out->link_key = dd_pack_bytes(in->link_key, sizeof in->link_key);
    out->sign_key = dd_pack_bytes(in->sign_key, sizeof in->sign_key);
    out->valid_from_ms = in->from_ms;
    out->valid_to_ms = in->to_ms == INT64_MAX ? 0 : in->to_ms;
    out->n_offices = in->office_count;
    out->offices = dd_offices_pack(p, in->offices, in->office_count);
}

static DD_PACK_LIST(accounts_pack, Dondoc__V1__PutAccount, dondoc__v1__put_account__descriptor,
                    struct dd_put_account, account_pack);

/* The format is that of the program that begins the log. State has one of its own, which may change
 * under the same log. */
static void genesis_pack(struct dd_packer *p, Dondoc__V1__Genesis *out, const struct dd_genesis *in)
{
    out->jurisdiction = dd_pack_text(p, in->jurisdiction);
    out->origin = dd_pack_text(p, in->origin);
    out->rehearsal = in->rehearsal;
    out->instance = dd_pack_bytes(in->instance, sizeof in->instance);
    out->n_accounts = in->account_count;
    out->accounts = accounts_pack(p, in->accounts, in->account_count);
    out->entry_format = DD_ENTRY_VERSION;
}

static void group_pack(struct dd_packer *p, Dondoc__V1__Group *out, const struct dd_group_put *in)
{
    out->code = dd_pack_text(p, in->code);
    out->name = dd_pack_text(p, in->name);
}

static void unit_pack(struct dd_packer *p, Dondoc__V1__Unit *out, const struct dd_unit_put *in)
{
    out->code = dd_pack_text(p, in->code);
    out->name = dd_pack_text(p, in->name);
    out->group = dd_pack_text(p, in->group);
    out->ordinal = in->ordinal;
    out->parent = dd_pack_text(p, in->parent);
    out->head_title = dd_pack_text(p, in->head_title);
    out->valid_from = dd_pack_day(p, in->from_day);
    out->valid_to = dd_pack_day(p, in->to_day);
    out->successor = dd_pack_text(p, in->successor);
}

static DD_PACK_LIST(groups_pack, Dondoc__V1__Group, dondoc__v1__group__descriptor,
                    struct dd_group_put, group_pack);
static DD_PACK_LIST(units_pack, Dondoc__V1__Unit, dondoc__v1__unit__descriptor, struct dd_unit_put,
                    unit_pack);

static void put_units_pack(struct dd_packer *p, Dondoc__V1__PutUnits *out,
                           const struct dd_put_units *in)
{
    out->page = in->page;
    out->last = in->last;
    out->n_groups = in->group_count;
    out->groups = groups_pack(p, in->groups, in->group_count);
    out->n_units = in->unit_count;
    out->units = units_pack(p, in->units, in->unit_count);
}

static void calendar_day_pack(struct dd_packer *p, Dondoc__V1__CalendarDay *out,
                              const struct dd_calendar_day *in)
{
    out->day = dd_pack_day(p, in->day);
    out->works = in->works;
}

static DD_PACK_LIST(calendar_days_pack, Dondoc__V1__CalendarDay,
                    dondoc__v1__calendar_day__descriptor, struct dd_calendar_day,
                    calendar_day_pack);

static void put_calendar_pack(struct dd_packer *p, Dondoc__V1__PutCalendar *out,
                              const struct dd_put_calendar *in)
{
    out->year = in->year;
    out->offset_min = in->offset_min;
    out->n_days = in->day_count;
    out->days = calendar_days_pack(p, in->days, in->day_count);
}

static void put_programme_pack(struct dd_packer *p, Dondoc__V1__PutProgramme *out,
                               const struct dd_programme *in)
{
    out->programme = dd_programme_message_pack(p, in);
}

static void party_pack(struct dd_packer *p, Dondoc__V1__Party *out, const struct dd_party *in)
{
    out->unit = dd_pack_text(p, in->unit);
    out->approver = dd_pack_text(p, in->approver);
}

static DD_PACK_LIST(parties_pack, Dondoc__V1__Party, dondoc__v1__party__descriptor, struct dd_party,
                    party_pack);

static void first_page_pack(struct dd_packer *p, Dondoc__V1__OpenCycle *out,
                            const struct dd_open_cycle *in)
{
    out->host = dd_pack_text(p, in->host);
    out->from = dd_pack_day(p, in->from_day);
    out->to = dd_pack_day(p, in->to_day);
    out->n_dates = in->date_count;
    out->dates = dd_dates_pack(p, in->dates, in->date_count);
    out->n_periods = in->period_count;
    out->periods = dd_periods_pack(p, in->periods, in->period_count);
    out->n_reports = in->report_count;
    out->reports = dd_reports_pack(p, in->reports, in->report_count);
    out->n_appraisers = in->appraiser_count;
    out->appraisers = dd_pack_texts(p, in->appraisers, in->appraiser_count);
    out->n_approvers = in->approver_count;
    out->approvers = dd_pack_texts(p, in->approvers, in->approver_count);
}

static void open_cycle_pack(struct dd_packer *p, Dondoc__V1__OpenCycle *out,
                            const struct dd_open_cycle *in)
{
    out->programme = dd_pack_text(p, in->programme);
    out->period = dd_pack_text(p, in->period);
    out->page = in->page;
    out->last = in->last;
    if (in->page == 1)
        first_page_pack(p, out, in);
    out->n_parties = in->party_count;
    out->parties = parties_pack(p, in->parties, in->party_count);
}

static void close_cycle_pack(struct dd_packer *p, Dondoc__V1__CloseCycle *out,
                             const struct dd_close_cycle *in)
{
    out->cycle = dd_pack_text(p, in->cycle);
    out->reason = dd_pack_text(p, in->reason);
}

static DD_PACK_LIST(indicators_pack, Dondoc__V1__Indicator, dondoc__v1__indicator__descriptor,
                    struct dd_indicator_put, dd_indicator_pack);

static void register_pack(struct dd_packer *p, Dondoc__V1__Register *out,
                          const struct dd_register *in)
{
    out->cycle = dd_pack_text(p, in->cycle);
    out->unit = dd_pack_text(p, in->unit);
    out->task = in->task;
    out->kind = dd_pack_text(p, in->kind);
    out->n_indicators = in->indicator_count;
    out->indicators = indicators_pack(p, in->indicators, in->indicator_count);
    out->n_removed = in->removed_count;
    out->removed = dd_pack_take(p, in->removed_count * sizeof *out->removed);
    for (size_t i = 0; out->removed && i < in->removed_count; i++)
        out->removed[i] = in->removed[i];
}

static void attachment_pack(struct dd_packer *p, Dondoc__V1__Attachment *out,
                            const struct dd_attachment *in)
{
    out->sha256 = dd_pack_bytes(in->sha256, sizeof in->sha256);
    out->size_bytes = in->size_bytes;
    out->type = dd_pack_text(p, in->type);
    out->name = dd_pack_text(p, in->name);
    out->part = dd_pack_text(p, in->part);
}

static DD_PACK_LIST(attachments_pack, Dondoc__V1__Attachment, dondoc__v1__attachment__descriptor,
                    struct dd_attachment, attachment_pack);

static void figure_value_pack(struct dd_packer *p, Dondoc__V1__FigureValue *out,
                              const struct dd_figure_value *in)
{
    out->key = dd_pack_text(p, in->key);
    out->value = dd_figure_pack(p, true, in->value);
    out->estimate = in->estimate;
}

static DD_PACK_LIST(figure_values_pack, Dondoc__V1__FigureValue,
                    dondoc__v1__figure_value__descriptor, struct dd_figure_value,
                    figure_value_pack);

static void submit_pack(struct dd_packer *p, Dondoc__V1__Submit *out, const struct dd_submit *in)
{
    out->cycle = dd_pack_text(p, in->cycle);
    out->unit = dd_pack_text(p, in->unit);
    out->what = (Dondoc__V1__Submission)in->what;
    out->report = dd_pack_text(p, in->report);
    out->reason = dd_pack_text(p, in->reason);
    out->capacity = (Dondoc__V1__Capacity)in->capacity;
    out->n_attachments = in->attachment_count;
    out->attachments = attachments_pack(p, in->attachments, in->attachment_count);
    out->stage = dd_pack_text(p, in->stage);
    out->matter = in->matter;
    out->choice = dd_pack_text(p, in->choice);
    out->n_figures = in->figure_count;
    out->figures = figure_values_pack(p, in->figures, in->figure_count);
    out->note = dd_pack_text(p, in->note);
}

static void withdraw_pack(struct dd_packer *p, Dondoc__V1__Withdraw *out,
                          const struct dd_withdraw *in)
{
    out->cycle = dd_pack_text(p, in->cycle);
    out->unit = dd_pack_text(p, in->unit);
    out->version = in->version;
    out->reason = dd_pack_text(p, in->reason);
}

static void decide_pack(struct dd_packer *p, Dondoc__V1__Decide *out, const struct dd_decide *in)
{
    out->cycle = dd_pack_text(p, in->cycle);
    out->unit = dd_pack_text(p, in->unit);
    out->version = in->version;
    if (in->matter == 0)
        out->content_hash = dd_pack_bytes(in->content_hash, sizeof in->content_hash);
    out->matter = in->matter;
    out->verdict = (Dondoc__V1__Verdict)in->verdict;
    out->reason = dd_pack_text(p, in->reason);
}

static void progress_pack(struct dd_packer *p, Dondoc__V1__Progress *out,
                          const struct dd_progress *in)
{
    out->cycle = dd_pack_text(p, in->cycle);
    out->unit = dd_pack_text(p, in->unit);
    out->task = in->task;
    out->indicator = in->indicator;
    out->outcome = (Dondoc__V1__Outcome)in->outcome;
    out->day = dd_pack_day(p, in->day);
    out->note = dd_pack_text(p, in->note);
    if (!in->is_correction)
        return;
    out->correction = dd_pack_message(p, &dondoc__v1__correction__descriptor);
    if (out->correction) {
        out->correction->seq = in->corrects_seq;
        out->correction->reason = dd_pack_text(p, in->reason);
    }
}

static void revoke_pack(struct dd_packer *p, Dondoc__V1__Revoke *out, const struct dd_revoke *in)
{
    out->account = dd_pack_text(p, in->account);
    out->reason = dd_pack_text(p, in->reason);
}

static void matter_pack(struct dd_packer *p, Dondoc__V1__Matter *out,
                        const struct dd_matter_put *in)
{
    out->kind = dd_pack_text(p, in->kind);
    out->code = dd_pack_text(p, in->code);
    out->title = dd_pack_text(p, in->title);
    out->owner = dd_pack_text(p, in->owner);
    out->all = in->all;
    out->n_asked = in->asked_count;
    out->asked = dd_pack_texts(p, in->asked, in->asked_count);
    out->n_partners = in->partner_count;
    out->partners = dd_pack_texts(p, in->partners, in->partner_count);
    out->word = (Dondoc__V1__DeadlineWord)in->word;
    out->due = dd_pack_day(p, in->due_day);
    out->at_ms = in->at_ms;
    out->approver = dd_pack_text(p, in->approver);
    out->parent = in->parent;
}

static DD_PACK_LIST(matters_pack, Dondoc__V1__Matter, dondoc__v1__matter__descriptor,
                    struct dd_matter_put, matter_pack);

static void assign_pack(struct dd_packer *p, Dondoc__V1__Assign *out, const struct dd_assign *in)
{
    out->cycle = dd_pack_text(p, in->cycle);
    out->unit = dd_pack_text(p, in->unit);
    out->notice = dd_pack_text(p, in->notice);
    out->capacity = (Dondoc__V1__Capacity)in->capacity;
    out->n_matters = in->matter_count;
    out->matters = matters_pack(p, in->matters, in->matter_count);
    out->n_attachments = in->attachment_count;
    out->attachments = attachments_pack(p, in->attachments, in->attachment_count);
}

static void bend_pack(struct dd_packer *p, Dondoc__V1__Bend *out, const struct dd_bend *in)
{
    out->cycle = dd_pack_text(p, in->cycle);
    out->unit = dd_pack_text(p, in->unit);
    out->duty = dd_pack_text(p, in->duty);
    out->act = (Dondoc__V1__BendAct)in->act;
    if (in->act == DD_BEND_EXTEND)
        out->day = dd_pack_day(p, in->day);
    out->reason = dd_pack_text(p, in->reason);
}

static void delegate_pack(struct dd_packer *p, Dondoc__V1__Delegate *out,
                          const struct dd_delegate *in)
{
    out->unit = dd_pack_text(p, in->unit);
    out->reason = dd_pack_text(p, in->reason);
    out->ends = in->ends;
    if (in->ends != 0)
        return;
    out->account = dd_pack_text(p, in->account);
    out->from = dd_pack_day(p, in->from_day);
    out->to = dd_pack_day(p, in->to_day);
    out->n_stages = in->stage_count;
    out->stages = dd_pack_texts(p, in->stages, in->stage_count);
}

static void transfer_pack(struct dd_packer *p, Dondoc__V1__Transfer *out,
                          const struct dd_transfer *in)
{
    out->cycle = dd_pack_text(p, in->cycle);
    out->unit = dd_pack_text(p, in->unit);
    out->successor = dd_pack_text(p, in->successor);
    out->reason = dd_pack_text(p, in->reason);
}

static void publish_pack(struct dd_packer *p, Dondoc__V1__Publish *out, const struct dd_publish *in)
{
    out->unit = dd_pack_text(p, in->unit);
    out->number = dd_pack_text(p, in->number);
    out->issue = (Dondoc__V1__Issue)in->issue;
    out->title = dd_pack_text(p, in->title);
    out->day = dd_pack_day(p, in->day);
    out->cycle = dd_pack_text(p, in->cycle);
    out->period = dd_pack_text(p, in->period);
    out->as_of = dd_pack_day_said(p, in->as_of_day);
    out->at_seq = in->at_seq;
    out->sha256 = dd_pack_bytes(in->sha256, sizeof in->sha256);
    out->size_bytes = in->size_bytes;
    out->type = dd_pack_text(p, in->type);
    out->corrects = dd_pack_text(p, in->corrects);
    out->capacity = (Dondoc__V1__Capacity)in->capacity;
    out->reason = dd_pack_text(p, in->reason);
}

static void reminder_pack(struct dd_packer *p, Dondoc__V1__ReminderRef *out,
                          const struct dd_reminder_ref *in)
{
    (void)p;
    out->seq = in->seq;
    out->index = in->index;
}

static DD_PACK_LIST(reminders_pack, Dondoc__V1__ReminderRef, dondoc__v1__reminder_ref__descriptor,
                    struct dd_reminder_ref, reminder_pack);

static void reminded_pack(struct dd_packer *p, Dondoc__V1__Reminded *out,
                          const struct dd_reminded *in)
{
    out->n_reminders = in->reminder_count;
    out->reminders = reminders_pack(p, in->reminders, in->reminder_count);
    out->channel = dd_pack_text(p, in->channel);
}

// clang-format off
#define BODIES(X)                                                          \
    X(GENESIS,       genesis,       genesis,       genesis_pack)           \
    X(PUT_UNITS,     put_units,     put_units,     put_units_pack)         \
    X(PUT_ACCOUNT,   put_account,   put_account,   account_pack)           \
    X(PUT_CALENDAR,  put_calendar,  put_calendar,  put_calendar_pack)      \
    X(PUT_PROGRAMME, put_programme, put_programme, put_programme_pack)     \
    X(OPEN_CYCLE,    open_cycle,    open_cycle,    open_cycle_pack)        \
    X(CLOSE_CYCLE,   close_cycle,   close_cycle,   close_cycle_pack)       \
    X(REGISTER,      register,      register_,     register_pack)          \
    X(SUBMIT,        submit,        submit,        submit_pack)            \
    X(WITHDRAW,      withdraw,      withdraw,      withdraw_pack)          \
    X(DECIDE,        decide,        decide,        decide_pack)            \
    X(PROGRESS,      progress,      progress,      progress_pack)          \
    X(REVOKE,        revoke,        revoke,        revoke_pack)            \
    X(ASSIGN,        assign,        assign,        assign_pack)            \
    X(BEND,          bend,          bend,          bend_pack)              \
    X(DELEGATE,      delegate,      delegate,      delegate_pack)          \
    X(TRANSFER,      transfer,      transfer,      transfer_pack)          \
    X(PUBLISH,       publish,       publish,       publish_pack)           \
    X(REMINDED,      reminded,      reminded,      reminded_pack)
// clang-format on

static void body_pack(struct dd_packer *p, Dondoc__V1__Command *out, const struct dd_command *in)
{
    switch (in->kind) {
#define PACK(name, shape, member, writer) \
    case DD_COMMAND_##name: \
        out->body_case = DONDOC__V1__COMMAND__BODY_##name; \
        out->member = dd_pack_message(p, &dondoc__v1__##shape##__descriptor); \
        if (out->member) \
            writer(p, out->member, &in->as.member); \
        return;
        BODIES(PACK)
#undef PACK
    case DD_COMMAND_TICK:
        out->body_case = DONDOC__V1__COMMAND__BODY_TICK;
        out->tick = dd_pack_message(p, &dondoc__v1__tick__descriptor);
        return;
    }
}

enum dd_status dd_codec_command_encode(const struct dd_command *command, struct dd_arena *arena,
                                       struct dd_slice *out)
{
    struct dd_packer p = dd_packer_make(arena);
    Dondoc__V1__Command message;

    dondoc__v1__command__init(&message);
    message.id = dd_pack_bytes(command->id.byte, sizeof command->id.byte);
    body_pack(&p, &message, command);
    return dd_pack_finish(&p, &message.base, DD_COMMAND_BYTES_MAX, out);
}
