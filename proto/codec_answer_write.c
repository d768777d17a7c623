/* Answers into their bytes. See proto/codec_part.h. */
#include "proto/codec_part.h"
#include "proto/envelope.h"

static void hello_pack(struct dd_packer *p, Dondoc__V1__HelloAnswer *out,
                       const struct dd_hello_answer *in)
{
    out->server = dd_pack_text(p, in->server);
    out->protocol_min = DD_PROTOCOL_MIN;
    out->protocol_max = DD_PROTOCOL_MAX;
    out->jurisdiction = dd_pack_text(p, in->jurisdiction);
    out->rehearsal = in->rehearsal;
    out->account = dd_pack_text(p, in->account);
    out->n_offices = in->office_count;
    out->offices = dd_offices_pack(p, in->offices, in->office_count);
    out->request_bytes_max = DD_REQUEST_BYTES_MAX;
    out->commands_max = DD_COMMANDS_PER_REQUEST_MAX;
    out->command_bytes_max = DD_COMMAND_BYTES_MAX;
}

static void cycle_pack(struct dd_packer *p, Dondoc__V1__CycleAnswer *out,
                       const struct dd_cycle_answer *in)
{
    out->cycle = dd_pack_text(p, in->cycle);
    out->programme = dd_pack_text(p, in->programme);
    out->programme_version = in->programme_version;
    out->host = dd_pack_text(p, in->host);
    out->from = dd_pack_day(p, in->from_day);
    out->to = dd_pack_day(p, in->to_day);
    out->offset_min = in->offset_min;
    out->open = in->open;
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
    out->party_count = in->party_count;
}

static Dondoc__V1__Counts *counts_pack(struct dd_packer *p, const struct dd_counts *in)
{
    Dondoc__V1__Counts *out = dd_pack_message(p, &dondoc__v1__counts__descriptor);

    if (!out)
        return NULL;
    out->registered_year = in->registered_year;
    out->registered_period = in->registered_period;
    out->completed = in->completed;
    out->exceeded = in->exceeded;
    out->not_completed = in->not_completed;
    out->early = in->early;
    out->unattainable = in->unattainable;
    return out;
}

static void row_pack(struct dd_packer *p, Dondoc__V1__TableRow *out, const struct dd_table_row *in)
{
    out->group = dd_pack_text(p, in->group);
    out->ordinal = in->ordinal;
    out->unit = dd_pack_text(p, in->unit);
    out->name = dd_pack_text(p, in->name);
    out->counts = counts_pack(p, &in->counts);
}

static void total_pack(struct dd_packer *p, Dondoc__V1__TableTotal *out,
                       const struct dd_table_total *in)
{
    out->group = dd_pack_text(p, in->group);
    out->name = dd_pack_text(p, in->name);
    out->units = in->units;
    out->counts = counts_pack(p, &in->counts);
    out->none_registered = in->none_registered;
    out->all_completed = in->all_completed;
    out->incomplete = in->incomplete;
}

static DD_PACK_LIST(rows_pack, Dondoc__V1__TableRow, dondoc__v1__table_row__descriptor,
                    struct dd_table_row, row_pack);
static DD_PACK_LIST(totals_pack, Dondoc__V1__TableTotal, dondoc__v1__table_total__descriptor,
                    struct dd_table_total, total_pack);

static void table_pack(struct dd_packer *p, Dondoc__V1__TableAnswer *out,
                       const struct dd_table_answer *in)
{
    out->cycle = dd_pack_text(p, in->cycle);
    out->period = dd_pack_text(p, in->period);
    out->as_of_ms = in->as_of_ms;
    out->n_rows = in->row_count;
    out->rows = rows_pack(p, in->rows, in->row_count);
    out->n_totals = in->total_count;
    out->totals = totals_pack(p, in->totals, in->total_count);
}

static void duty_pack(struct dd_packer *p, Dondoc__V1__Duty *out, const struct dd_duty_line *in)
{
    out->unit = dd_pack_text(p, in->unit);
    out->duty = dd_pack_text(p, in->duty);
    out->bound_ms = in->bound_ms;
    out->met_ms = in->met_ms;
    out->status = dd_pack_static(dd_word(DD_WORDS_END, (int)in->status));
    out->met_seq = in->met_seq;
}

static DD_PACK_LIST(duty_lines_pack, Dondoc__V1__Duty, dondoc__v1__duty__descriptor,
                    struct dd_duty_line, duty_pack);

static void duties_pack(struct dd_packer *p, Dondoc__V1__DutiesAnswer *out,
                        const struct dd_duties_answer *in)
{
    out->offset_min = in->offset_min;
    out->n_duties = in->duty_count;
    out->duties = duty_lines_pack(p, in->duties, in->duty_count);
}

static void item_pack(struct dd_packer *p, Dondoc__V1__DossierItem *out,
                      const struct dd_dossier_item *in)
{
    out->task = in->task;
    out->kind = dd_pack_text(p, in->kind);
    out->indicator = dd_pack_message(p, &dondoc__v1__indicator__descriptor);
    if (out->indicator)
        dd_indicator_pack(p, out->indicator, &in->indicator);
    out->outcome = (Dondoc__V1__Outcome)in->outcome;
    if (in->outcome != 0)
        out->outcome_day = dd_pack_day(p, in->outcome_day);
}

static void version_pack(struct dd_packer *p, Dondoc__V1__DossierVersion *out,
                         const struct dd_dossier_version *in)
{
    out->version = in->version;
    out->content_hash = dd_pack_bytes(in->content_hash, sizeof in->content_hash);
    out->state = dd_pack_static(dd_word(DD_WORDS_VERSION_STATE, (int)in->state));
    out->adjustment = in->adjustment;
    out->submitted_ms = in->submitted_ms;
    out->ended_ms = in->ended_ms;
    out->awaits = dd_pack_text(p, in->awaits);
    out->reason = dd_pack_text(p, in->reason);
}

static DD_PACK_LIST(items_pack, Dondoc__V1__DossierItem, dondoc__v1__dossier_item__descriptor,
                    struct dd_dossier_item, item_pack);
static DD_PACK_LIST(versions_pack, Dondoc__V1__DossierVersion,
                    dondoc__v1__dossier_version__descriptor, struct dd_dossier_version,
                    version_pack);

static void dossier_pack(struct dd_packer *p, Dondoc__V1__DossierAnswer *out,
                         const struct dd_dossier_answer *in)
{
    out->state = dd_pack_static(dd_word(DD_WORDS_DOSSIER_STATE, (int)in->state));
    out->newest = in->newest;
    out->in_force = in->in_force;
    out->n_versions = in->version_count;
    out->versions = versions_pack(p, in->versions, in->version_count);
    out->n_items = in->item_count;
    out->items = items_pack(p, in->items, in->item_count);
}

static void reminder_pack(struct dd_packer *p, Dondoc__V1__Reminder *out,
                          const struct dd_reminder_line *in)
{
    out->seq = in->seq;
    out->index = in->index;
    out->cycle = dd_pack_text(p, in->cycle);
    out->unit = dd_pack_text(p, in->unit);
    out->duty = dd_pack_text(p, in->duty);
    out->rung = in->rung;
    out->superior = in->superior;
    out->at_ms = in->at_ms;
    out->bound_ms = in->bound_ms;
    out->to_unit = dd_pack_text(p, in->to_unit);
    out->delivered_ms = in->delivered_ms;
    out->offset_min = in->offset_min;
}

static DD_PACK_LIST(reminder_lines_pack, Dondoc__V1__Reminder, dondoc__v1__reminder__descriptor,
                    struct dd_reminder_line, reminder_pack);

static void reminders_pack(struct dd_packer *p, Dondoc__V1__RemindersAnswer *out,
                           const struct dd_reminders_answer *in)
{
    out->n_reminders = in->reminder_count;
    out->reminders = reminder_lines_pack(p, in->reminders, in->reminder_count);
}

static void entry_pack(struct dd_packer *p, Dondoc__V1__LogEntry *out, const struct dd_log_line *in)
{
    out->entry = dd_pack_slice(in->entry);
    out->account = dd_pack_text(p, in->account);
}

static DD_PACK_LIST(entries_pack, Dondoc__V1__LogEntry, dondoc__v1__log_entry__descriptor,
                    struct dd_log_line, entry_pack);

static void log_pack(struct dd_packer *p, Dondoc__V1__LogAnswer *out,
                     const struct dd_log_answer *in)
{
    out->n_entries = in->entry_count;
    out->entries = entries_pack(p, in->entries, in->entry_count);
    out->next_seq = in->next_seq;
    out->tail_seq = in->tail_seq;
}

static void digest_pack(struct dd_packer *p, Dondoc__V1__DigestAnswer *out,
                        const struct dd_digest_answer *in)
{
    (void)p;
    out->root = dd_pack_bytes(in->root, sizeof in->root);
    out->digest = dd_pack_bytes(in->digest, sizeof in->digest);
    out->state_format = in->state_format;
}

static void unit_pack(struct dd_packer *p, Dondoc__V1__UnitRow *out, const struct dd_unit_line *in)
{
    out->code = dd_pack_text(p, in->code);
    out->name = dd_pack_text(p, in->name);
    out->group = dd_pack_text(p, in->group);
    out->ordinal = in->ordinal;
    out->parent = dd_pack_text(p, in->parent);
    out->head_title = dd_pack_text(p, in->head_title);
}

static DD_PACK_LIST(unit_lines_pack, Dondoc__V1__UnitRow, dondoc__v1__unit_row__descriptor,
                    struct dd_unit_line, unit_pack);

static void units_pack(struct dd_packer *p, Dondoc__V1__UnitsAnswer *out,
                       const struct dd_units_answer *in)
{
    out->n_units = in->unit_count;
    out->units = unit_lines_pack(p, in->units, in->unit_count);
}

static void body_pack(struct dd_packer *p, Dondoc__V1__Answer *out, const struct dd_answer *in)
{
    switch (in->kind) {
#define PACK(name, member) \
    case DD_QUESTION_##name: \
        out->body_case = DONDOC__V1__ANSWER__BODY_##name; \
        out->member = dd_pack_message(p, &dondoc__v1__##member##_answer__descriptor); \
        if (out->member) \
            member##_pack(p, out->member, &in->as.member); \
        return;
        PACK(HELLO, hello)
        PACK(CYCLE, cycle)
        PACK(TABLE, table)
        PACK(DUTIES, duties)
        PACK(DOSSIER, dossier)
        PACK(REMINDERS, reminders)
        PACK(LOG, log)
        PACK(DIGEST, digest)
        PACK(UNITS, units)
#undef PACK
    }
}

Dondoc__V1__Answer *dd_answer_pack(struct dd_packer *p, const struct dd_answer *in)
{
    Dondoc__V1__Answer *out = dd_pack_message(p, &dondoc__v1__answer__descriptor);

    if (!out)
        return NULL;
    out->seq = in->seq;
    out->next = dd_pack_slice(in->next);
    body_pack(p, out, in);
    return out;
}
