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

static void cycle_duty_pack(struct dd_packer *p, Dondoc__V1__CycleDuty *out,
                            const struct dd_cycle_duty *in)
{
    out->stage = dd_pack_text(p, in->stage);
    out->period = dd_pack_text(p, in->period);
    out->last_day = dd_pack_day(p, in->last_day);
    out->closing = dd_pack_day(p, in->closing_day);
}

static void cycle_stage_pack(struct dd_packer *p, Dondoc__V1__CycleStage *out,
                             const struct dd_cycle_stage *in)
{
    out->key = dd_pack_text(p, in->key);
    out->name_vi = dd_pack_text(p, in->name_vi);
    out->name_en = dd_pack_text(p, in->name_en);
    out->act = (Dondoc__V1__Act)in->act;
    out->silence = (Dondoc__V1__Silence)in->silence;
    out->by = (Dondoc__V1__Role)in->by;
}

static DD_PACK_LIST(cycle_duties_pack, Dondoc__V1__CycleDuty, dondoc__v1__cycle_duty__descriptor,
                    struct dd_cycle_duty, cycle_duty_pack);
static DD_PACK_LIST(cycle_stages_pack, Dondoc__V1__CycleStage, dondoc__v1__cycle_stage__descriptor,
                    struct dd_cycle_stage, cycle_stage_pack);

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
    out->n_duties = in->duty_count;
    out->duties = cycle_duties_pack(p, in->duties, in->duty_count);
    out->n_stages = in->stage_count;
    out->stages = cycle_stages_pack(p, in->stages, in->stage_count);
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
    out->silence = (Dondoc__V1__Silence)in->silence;
    out->suspended = in->suspended;
    out->extensions = in->extensions;
    out->keeper = dd_pack_text(p, in->keeper);
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

static void cell_pack(struct dd_packer *p, Dondoc__V1__FigureValue *out,
                      const struct dd_figure_cell *in)
{
    out->key = dd_pack_text(p, in->key);
    out->value = dd_figure_pack(p, true, in->value);
    out->estimate = in->estimate;
}

static DD_PACK_LIST(cells_pack, Dondoc__V1__FigureValue, dondoc__v1__figure_value__descriptor,
                    struct dd_figure_cell, cell_pack);

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
    out->capacity = (Dondoc__V1__Capacity)in->capacity;
    out->n_figures = in->figure_count;
    out->figures = cells_pack(p, in->figures, in->figure_count);
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
    out->valid_from = dd_pack_day(p, in->from_day);
    out->valid_to = dd_pack_day(p, in->to_day);
    out->successor = dd_pack_text(p, in->successor);
}

static DD_PACK_LIST(unit_lines_pack, Dondoc__V1__UnitRow, dondoc__v1__unit_row__descriptor,
                    struct dd_unit_line, unit_pack);

static void units_pack(struct dd_packer *p, Dondoc__V1__UnitsAnswer *out,
                       const struct dd_units_answer *in)
{
    out->n_units = in->unit_count;
    out->units = unit_lines_pack(p, in->units, in->unit_count);
}

static void cycle_line_pack(struct dd_packer *p, Dondoc__V1__CycleLine *out,
                            const struct dd_cycle_line *in)
{
    out->cycle = dd_pack_text(p, in->cycle);
    out->programme = dd_pack_text(p, in->programme);
    out->host = dd_pack_text(p, in->host);
    out->from = dd_pack_day(p, in->from_day);
    out->to = dd_pack_day(p, in->to_day);
    out->open = in->open;
    out->party_count = in->party_count;
}

static DD_PACK_LIST(cycle_lines_pack, Dondoc__V1__CycleLine, dondoc__v1__cycle_line__descriptor,
                    struct dd_cycle_line, cycle_line_pack);

static void cycles_pack(struct dd_packer *p, Dondoc__V1__CyclesAnswer *out,
                        const struct dd_cycles_answer *in)
{
    out->n_cycles = in->cycle_count;
    out->cycles = cycle_lines_pack(p, in->cycles, in->cycle_count);
}

static void choice_count_pack(struct dd_packer *p, Dondoc__V1__ChoiceCount *out,
                              const struct dd_choice_count *in)
{
    out->choice = dd_pack_text(p, in->choice);
    out->name_vi = dd_pack_text(p, in->name_vi);
    out->name_en = dd_pack_text(p, in->name_en);
    out->count = in->count;
}

static DD_PACK_LIST(choice_counts_pack, Dondoc__V1__ChoiceCount,
                    dondoc__v1__choice_count__descriptor, struct dd_choice_count,
                    choice_count_pack);

/* How far a matter has got. */
static void matter_state_pack(struct dd_packer *p, Dondoc__V1__MatterLine *out,
                              const struct dd_matter_line *in)
{
    out->asked = in->asked;
    out->answered = in->answered;
    out->lapsed = in->lapsed;
    out->open = in->open;
    out->silence = (Dondoc__V1__Silence)in->silence;
    out->n_choices = in->choice_count;
    out->choices = choice_counts_pack(p, in->choices, in->choice_count);
    out->has_rule = in->has_rule;
    out->passed = in->passed;
    out->settled = in->settled;
    out->needed = in->needed;
    out->favour = in->favour;
    out->counted = in->counted;
    out->awaits = dd_pack_text(p, in->awaits);
    out->verdict = (Dondoc__V1__Verdict)in->verdict;
    out->decided_by = dd_pack_text(p, in->decided_by);
    out->decided_ms = in->decided_ms;
    out->reason = dd_pack_text(p, in->reason);
    out->outcome = (Dondoc__V1__Outcome)in->outcome;
    if (in->outcome != 0)
        out->outcome_day = dd_pack_day(p, in->outcome_day);
    out->revision = in->revision;
}

static void matter_line_pack(struct dd_packer *p, Dondoc__V1__MatterLine *out,
                             const struct dd_matter_line *in)
{
    out->matter = in->matter;
    out->kind = dd_pack_text(p, in->kind);
    out->code = dd_pack_text(p, in->code);
    out->title = dd_pack_text(p, in->title);
    out->notice = dd_pack_text(p, in->notice);
    out->owner = dd_pack_text(p, in->owner);
    out->opened_ms = in->opened_ms;
    out->at_ms = in->at_ms;
    out->bound_ms = in->bound_ms;
    matter_state_pack(p, out, in);
    out->parent = in->parent;
    out->capacity = (Dondoc__V1__Capacity)in->capacity;
}

static DD_PACK_LIST(matter_lines_pack, Dondoc__V1__MatterLine, dondoc__v1__matter_line__descriptor,
                    struct dd_matter_line, matter_line_pack);

static void matters_pack(struct dd_packer *p, Dondoc__V1__MattersAnswer *out,
                         const struct dd_matters_answer *in)
{
    out->offset_min = in->offset_min;
    out->n_matters = in->matter_count;
    out->matters = matter_lines_pack(p, in->matters, in->matter_count);
}

static void reply_line_pack(struct dd_packer *p, Dondoc__V1__MatterReply *out,
                            const struct dd_answer_line *in)
{
    out->stage = dd_pack_text(p, in->stage);
    out->unit = dd_pack_text(p, in->unit);
    out->head_title = dd_pack_text(p, in->head_title);
    out->status = dd_pack_static(dd_word(DD_WORDS_END, (int)in->status));
    out->bound_ms = in->bound_ms;
    out->choice = dd_pack_text(p, in->choice);
    out->note = dd_pack_text(p, in->note);
    out->received_ms = in->received_ms;
    out->seq = in->seq;
    out->account = dd_pack_text(p, in->account);
    out->capacity = (Dondoc__V1__Capacity)in->capacity;
    out->delegated_by = dd_pack_text(p, in->delegated_by);
    out->n_figures = in->figure_count;
    out->figures = cells_pack(p, in->figures, in->figure_count);
    out->late = in->late;
}

static DD_PACK_LIST(reply_lines_pack, Dondoc__V1__MatterReply, dondoc__v1__matter_reply__descriptor,
                    struct dd_answer_line, reply_line_pack);

static void matter_pack(struct dd_packer *p, Dondoc__V1__MatterAnswer *out,
                        const struct dd_matter_answer *in)
{
    out->offset_min = in->offset_min;
    out->matter = dd_pack_message(p, &dondoc__v1__matter_line__descriptor);
    if (out->matter)
        matter_line_pack(p, out->matter, &in->matter);
    out->n_partners = in->partner_count;
    out->partners = dd_pack_texts(p, in->partners, in->partner_count);
    out->n_answers = in->answer_count;
    out->answers = reply_lines_pack(p, in->answers, in->answer_count);
}

static void head_pack(struct dd_packer *p, Dondoc__V1__FigureHead *out,
                      const struct dd_figure_head *in)
{
    out->key = dd_pack_text(p, in->key);
    out->name_vi = dd_pack_text(p, in->name_vi);
    out->name_en = dd_pack_text(p, in->name_en);
    out->unit_of_measure = dd_pack_text(p, in->unit_of_measure);
    out->target = dd_figure_pack(p, in->has_target, in->target);
}

static void figures_row_pack(struct dd_packer *p, Dondoc__V1__FiguresRow *out,
                             const struct dd_figures_row *in)
{
    out->group = dd_pack_text(p, in->group);
    out->unit = dd_pack_text(p, in->unit);
    out->name = dd_pack_text(p, in->name);
    out->status = dd_pack_static(dd_word(DD_WORDS_END, (int)in->status));
    out->received_ms = in->received_ms;
    out->seq = in->seq;
    out->account = dd_pack_text(p, in->account);
    out->capacity = (Dondoc__V1__Capacity)in->capacity;
    out->delegated_by = dd_pack_text(p, in->delegated_by);
    out->units = in->units;
    out->n_figures = in->figure_count;
    out->figures = cells_pack(p, in->figures, in->figure_count);
    out->notes = dd_pack_text(p, in->notes);
}

static DD_PACK_LIST(heads_pack, Dondoc__V1__FigureHead, dondoc__v1__figure_head__descriptor,
                    struct dd_figure_head, head_pack);
static DD_PACK_LIST(figures_rows_pack, Dondoc__V1__FiguresRow, dondoc__v1__figures_row__descriptor,
                    struct dd_figures_row, figures_row_pack);

static void figures_pack(struct dd_packer *p, Dondoc__V1__FiguresAnswer *out,
                         const struct dd_figures_answer *in)
{
    out->cycle = dd_pack_text(p, in->cycle);
    out->stage = dd_pack_text(p, in->stage);
    out->period = dd_pack_text(p, in->period);
    out->offset_min = in->offset_min;
    out->n_heads = in->head_count;
    out->heads = heads_pack(p, in->heads, in->head_count);
    out->n_rows = in->row_count;
    out->rows = figures_rows_pack(p, in->rows, in->row_count);
}

static void publication_pack(struct dd_packer *p, Dondoc__V1__Publication *out,
                             const struct dd_publication_line *in)
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
    out->corrected_by = dd_pack_text(p, in->corrected_by);
    out->seq = in->seq;
    out->issued_ms = in->issued_ms;
    out->account = dd_pack_text(p, in->account);
    out->capacity = (Dondoc__V1__Capacity)in->capacity;
}

static DD_PACK_LIST(publication_lines_pack, Dondoc__V1__Publication,
                    dondoc__v1__publication__descriptor, struct dd_publication_line,
                    publication_pack);

static void publications_pack(struct dd_packer *p, Dondoc__V1__PublicationsAnswer *out,
                              const struct dd_publications_answer *in)
{
    out->offset_min = in->offset_min;
    out->n_publications = in->publication_count;
    out->publications = publication_lines_pack(p, in->publications, in->publication_count);
}

static void delegation_pack(struct dd_packer *p, Dondoc__V1__DelegationLine *out,
                            const struct dd_delegation_line *in)
{
    out->unit = dd_pack_text(p, in->unit);
    out->delegation = in->delegation;
    out->from_account = dd_pack_text(p, in->from);
    out->to_account = dd_pack_text(p, in->to);
    out->from = dd_pack_day(p, in->from_day);
    out->to = dd_pack_day(p, in->to_day);
    out->stages = dd_pack_text(p, in->stages);
    out->seq = in->seq;
}

static DD_PACK_LIST(delegation_lines_pack, Dondoc__V1__DelegationLine,
                    dondoc__v1__delegation_line__descriptor, struct dd_delegation_line,
                    delegation_pack);

static void delegations_pack(struct dd_packer *p, Dondoc__V1__DelegationsAnswer *out,
                             const struct dd_delegations_answer *in)
{
    out->n_delegations = in->delegation_count;
    out->delegations = delegation_lines_pack(p, in->delegations, in->delegation_count);
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
        PACK(CYCLES, cycles)
        PACK(MATTERS, matters)
        PACK(MATTER, matter)
        PACK(FIGURES, figures)
        PACK(PUBLICATIONS, publications)
        PACK(DELEGATIONS, delegations)
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
