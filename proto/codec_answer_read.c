/*
 * Answers out of their bytes, as a client takes them: what a struct cannot hold (a number too large
 * for its field, a date that is none) is a fault, everything else is taken as it stands. See
 * proto/codec_part.h.
 */
#include "proto/codec_part.h"

#define ANY SIZE_MAX /* as the limit of a count: the bytes have bounded it already */

static uint16_t small(struct dd_checker *c, const char *field, uint32_t value)
{
    return dd_check_u16(c, field, value, 0, UINT16_MAX);
}

static int16_t offset(struct dd_checker *c, int32_t value)
{
    return (int16_t)dd_check_i64(c, "offset_min", value, -DD_OFFSET_MIN_MAX, DD_OFFSET_MIN_MAX);
}

static void hello_read(struct dd_checker *c, const Dondoc__V1__HelloAnswer *in,
                       struct dd_hello_answer *out)
{
    out->server = dd_check_any(in->server);
    out->jurisdiction = dd_check_any(in->jurisdiction);
    out->rehearsal = in->rehearsal;
    out->account = dd_check_any(in->account);
    out->office_count = in->n_offices;
    out->offices = dd_offices_read(c, "offices", in->offices, in->n_offices, ANY);
}

static void cycle_duty_read(struct dd_checker *c, const Dondoc__V1__CycleDuty *in,
                            struct dd_cycle_duty *out)
{
    out->stage = dd_check_any(in->stage);
    out->period = dd_check_any(in->period);
    out->last_day = dd_check_day_or(c, "last_day", in->last_day, INT32_MAX);
    out->closing_day = dd_check_day_or(c, "closing", in->closing, INT32_MAX);
}

static void cycle_stage_read(struct dd_checker *c, const Dondoc__V1__CycleStage *in,
                             struct dd_cycle_stage *out)
{
    (void)c;
    out->key = dd_check_any(in->key);
    out->name_vi = dd_check_any(in->name_vi);
    out->name_en = dd_check_any(in->name_en);
    out->act = (enum dd_act)in->act;
    out->silence = (enum dd_silence)in->silence;
    out->by = (enum dd_role)in->by;
}

static DD_CHECK_LIST(cycle_duties_read, Dondoc__V1__CycleDuty, struct dd_cycle_duty,
                     cycle_duty_read);
static DD_CHECK_LIST(cycle_stages_read, Dondoc__V1__CycleStage, struct dd_cycle_stage,
                     cycle_stage_read);

static void cycle_read(struct dd_checker *c, const Dondoc__V1__CycleAnswer *in,
                       struct dd_cycle_answer *out)
{
    out->cycle = dd_check_any(in->cycle);
    out->programme = dd_check_any(in->programme);
    out->programme_version = small(c, "programme_version", in->programme_version);
    out->host = dd_check_any(in->host);
    out->from_day = dd_check_day(c, "from", in->from);
    out->to_day = dd_check_day(c, "to", in->to);
    out->offset_min = offset(c, in->offset_min);
    out->open = in->open;
    out->date_count = in->n_dates;
    out->dates = dd_dates_read(c, "dates", in->dates, in->n_dates, ANY);
    out->period_count = in->n_periods;
    out->periods = dd_periods_read(c, "periods", in->periods, in->n_periods, ANY);
    out->report_count = in->n_reports;
    out->reports = dd_reports_read(c, "reports", in->reports, in->n_reports, ANY);
    out->appraiser_count = in->n_appraisers;
    out->appraisers = dd_check_codes(c, "appraisers", in->appraisers, in->n_appraisers, ANY);
    out->approver_count = in->n_approvers;
    out->approvers = dd_check_codes(c, "approvers", in->approvers, in->n_approvers, ANY);
    out->party_count = in->party_count;
    out->duty_count = in->n_duties;
    out->duties = cycle_duties_read(c, "duties", in->duties, in->n_duties, ANY);
    out->stage_count = in->n_stages;
    out->stages = cycle_stages_read(c, "stages", in->stages, in->n_stages, ANY);
}

/* Absent counts are zero ones. */
static void counts_read(const Dondoc__V1__Counts *in, struct dd_counts *out)
{
    if (!in)
        return;
    out->registered_year = in->registered_year;
    out->registered_period = in->registered_period;
    out->completed = in->completed;
    out->exceeded = in->exceeded;
    out->not_completed = in->not_completed;
    out->early = in->early;
    out->unattainable = in->unattainable;
}

static void row_read(struct dd_checker *c, const Dondoc__V1__TableRow *in, struct dd_table_row *out)
{
    out->group = dd_check_any(in->group);
    out->ordinal = small(c, "ordinal", in->ordinal);
    out->unit = dd_check_any(in->unit);
    out->name = dd_check_any(in->name);
    counts_read(in->counts, &out->counts);
}

static void total_read(struct dd_checker *c, const Dondoc__V1__TableTotal *in,
                       struct dd_table_total *out)
{
    (void)c;
    out->group = dd_check_any(in->group);
    out->name = dd_check_any(in->name);
    out->units = in->units;
    counts_read(in->counts, &out->counts);
    out->none_registered = in->none_registered;
    out->all_completed = in->all_completed;
    out->incomplete = in->incomplete;
}

static DD_CHECK_LIST(rows_read, Dondoc__V1__TableRow, struct dd_table_row, row_read);
static DD_CHECK_LIST(totals_read, Dondoc__V1__TableTotal, struct dd_table_total, total_read);

static void table_read(struct dd_checker *c, const Dondoc__V1__TableAnswer *in,
                       struct dd_table_answer *out)
{
    out->cycle = dd_check_any(in->cycle);
    out->period = dd_check_any(in->period);
    out->as_of_ms = in->as_of_ms;
    out->row_count = in->n_rows;
    out->rows = rows_read(c, "rows", in->rows, in->n_rows, ANY);
    out->total_count = in->n_totals;
    out->totals = totals_read(c, "totals", in->totals, in->n_totals, ANY);
}

static void duty_read(struct dd_checker *c, const Dondoc__V1__Duty *in, struct dd_duty_line *out)
{
    out->unit = dd_check_any(in->unit);
    out->duty = dd_check_any(in->duty);
    out->bound_ms = in->bound_ms;
    out->met_ms = in->met_ms;
    out->status = (enum dd_end)dd_word_number(DD_WORDS_END, dd_check_any(in->status));
    out->met_seq = in->met_seq;
    out->silence = (enum dd_silence)in->silence;
    out->suspended = in->suspended;
    out->extensions = (uint8_t)dd_check_u16(c, "extensions", in->extensions, 0, UINT8_MAX);
    out->keeper = dd_check_any(in->keeper);
}

static DD_CHECK_LIST(duty_lines_read, Dondoc__V1__Duty, struct dd_duty_line, duty_read);

static void duties_read(struct dd_checker *c, const Dondoc__V1__DutiesAnswer *in,
                        struct dd_duties_answer *out)
{
    out->offset_min = offset(c, in->offset_min);
    out->duty_count = in->n_duties;
    out->duties = duty_lines_read(c, "duties", in->duties, in->n_duties, ANY);
}

static void item_read(struct dd_checker *c, const Dondoc__V1__DossierItem *in,
                      struct dd_dossier_item *out)
{
    out->task = small(c, "task", in->task);
    out->kind = dd_check_any(in->kind);
    dd_check_present(c, "indicator", in->indicator != NULL);
    if (in->indicator) {
        dd_check_enter(c, "indicator");
        dd_indicator_read(c, in->indicator, &out->indicator);
        dd_check_leave(c);
    }
    out->outcome = (enum dd_outcome)in->outcome;
    out->outcome_day = dd_check_day_or(c, "outcome_day", in->outcome_day, 0);
}

static void cell_read(struct dd_checker *c, const Dondoc__V1__FigureValue *in,
                      struct dd_figure_cell *out)
{
    out->key = dd_check_any(in->key);
    dd_check_present(c, "value", dd_figure_read(c, "value", in->value, &out->value));
    out->estimate = in->estimate;
}

static DD_CHECK_LIST(cells_read, Dondoc__V1__FigureValue, struct dd_figure_cell, cell_read);

static void version_read(struct dd_checker *c, const Dondoc__V1__DossierVersion *in,
                         struct dd_dossier_version *out)
{
    struct dd_slice state = dd_check_any(in->state);

    out->version = small(c, "version", in->version);
    dd_check_bytes(c, "content_hash", in->content_hash, out->content_hash,
                   sizeof out->content_hash);
    out->state = (enum dd_version_state)dd_word_number(DD_WORDS_VERSION_STATE, state);
    out->adjustment = in->adjustment;
    out->submitted_ms = in->submitted_ms;
    out->ended_ms = in->ended_ms;
    out->awaits = dd_check_any(in->awaits);
    out->reason = dd_check_any(in->reason);
    out->capacity = (enum dd_capacity)in->capacity;
    out->figure_count = in->n_figures;
    out->figures = cells_read(c, "figures", in->figures, in->n_figures, ANY);
}

static DD_CHECK_LIST(items_read, Dondoc__V1__DossierItem, struct dd_dossier_item, item_read);
static DD_CHECK_LIST(versions_read, Dondoc__V1__DossierVersion, struct dd_dossier_version,
                     version_read);

static void dossier_read(struct dd_checker *c, const Dondoc__V1__DossierAnswer *in,
                         struct dd_dossier_answer *out)
{
    struct dd_slice state = dd_check_any(in->state);

    out->state = (enum dd_dossier_state)dd_word_number(DD_WORDS_DOSSIER_STATE, state);
    out->newest = small(c, "newest", in->newest);
    out->in_force = small(c, "in_force", in->in_force);
    out->version_count = in->n_versions;
    out->versions = versions_read(c, "versions", in->versions, in->n_versions, ANY);
    out->item_count = in->n_items;
    out->items = items_read(c, "items", in->items, in->n_items, ANY);
}

static void reminder_read(struct dd_checker *c, const Dondoc__V1__Reminder *in,
                          struct dd_reminder_line *out)
{
    out->seq = in->seq;
    out->index = small(c, "index", in->index);
    out->cycle = dd_check_any(in->cycle);
    out->unit = dd_check_any(in->unit);
    out->duty = dd_check_any(in->duty);
    out->rung = (int8_t)dd_check_i64(c, "rung", in->rung, INT8_MIN, INT8_MAX);
    out->superior = in->superior;
    out->at_ms = in->at_ms;
    out->bound_ms = in->bound_ms;
    out->to_unit = dd_check_any(in->to_unit);
    out->delivered_ms = in->delivered_ms;
    out->offset_min = offset(c, in->offset_min);
}

static DD_CHECK_LIST(reminder_lines_read, Dondoc__V1__Reminder, struct dd_reminder_line,
                     reminder_read);

static void reminders_read(struct dd_checker *c, const Dondoc__V1__RemindersAnswer *in,
                           struct dd_reminders_answer *out)
{
    out->reminder_count = in->n_reminders;
    out->reminders = reminder_lines_read(c, "reminders", in->reminders, in->n_reminders, ANY);
}

static void entry_read(struct dd_checker *c, const Dondoc__V1__LogEntry *in,
                       struct dd_log_line *out)
{
    (void)c;
    out->entry = (struct dd_slice){in->entry.data, in->entry.len};
    out->account = dd_check_any(in->account);
}

static DD_CHECK_LIST(entries_read, Dondoc__V1__LogEntry, struct dd_log_line, entry_read);

static void log_read(struct dd_checker *c, const Dondoc__V1__LogAnswer *in,
                     struct dd_log_answer *out)
{
    out->entry_count = in->n_entries;
    out->entries = entries_read(c, "entries", in->entries, in->n_entries, ANY);
    out->next_seq = in->next_seq;
    out->tail_seq = in->tail_seq;
}

static void digest_read(struct dd_checker *c, const Dondoc__V1__DigestAnswer *in,
                        struct dd_digest_answer *out)
{
    dd_check_bytes(c, "root", in->root, out->root, sizeof out->root);
    dd_check_bytes(c, "digest", in->digest, out->digest, sizeof out->digest);
    out->state_format = in->state_format;
}

static void unit_read(struct dd_checker *c, const Dondoc__V1__UnitRow *in, struct dd_unit_line *out)
{
    out->code = dd_check_any(in->code);
    out->name = dd_check_any(in->name);
    out->group = dd_check_any(in->group);
    out->ordinal = small(c, "ordinal", in->ordinal);
    out->parent = dd_check_any(in->parent);
    out->head_title = dd_check_any(in->head_title);
    out->from_day = dd_check_day_or(c, "valid_from", in->valid_from, INT32_MIN);
    out->to_day = dd_check_day_or(c, "valid_to", in->valid_to, INT32_MAX);
    out->successor = dd_check_any(in->successor);
}

static DD_CHECK_LIST(unit_lines_read, Dondoc__V1__UnitRow, struct dd_unit_line, unit_read);

static void units_read(struct dd_checker *c, const Dondoc__V1__UnitsAnswer *in,
                       struct dd_units_answer *out)
{
    out->unit_count = in->n_units;
    out->units = unit_lines_read(c, "units", in->units, in->n_units, ANY);
}

static void cycle_line_read(struct dd_checker *c, const Dondoc__V1__CycleLine *in,
                            struct dd_cycle_line *out)
{
    out->cycle = dd_check_any(in->cycle);
    out->programme = dd_check_any(in->programme);
    out->host = dd_check_any(in->host);
    out->from_day = dd_check_day(c, "from", in->from);
    out->to_day = dd_check_day(c, "to", in->to);
    out->open = in->open;
    out->party_count = in->party_count;
}

static DD_CHECK_LIST(cycle_lines_read, Dondoc__V1__CycleLine, struct dd_cycle_line,
                     cycle_line_read);

static void cycles_read(struct dd_checker *c, const Dondoc__V1__CyclesAnswer *in,
                        struct dd_cycles_answer *out)
{
    out->cycle_count = in->n_cycles;
    out->cycles = cycle_lines_read(c, "cycles", in->cycles, in->n_cycles, ANY);
}

static void choice_count_read(struct dd_checker *c, const Dondoc__V1__ChoiceCount *in,
                              struct dd_choice_count *out)
{
    (void)c;
    out->choice = dd_check_any(in->choice);
    out->name_vi = dd_check_any(in->name_vi);
    out->name_en = dd_check_any(in->name_en);
    out->count = in->count;
}

static DD_CHECK_LIST(choice_counts_read, Dondoc__V1__ChoiceCount, struct dd_choice_count,
                     choice_count_read);

/* How far a matter has got. */
static void matter_state_read(struct dd_checker *c, const Dondoc__V1__MatterLine *in,
                              struct dd_matter_line *out)
{
    out->asked = in->asked;
    out->answered = in->answered;
    out->lapsed = in->lapsed;
    out->open = in->open;
    out->silence = (enum dd_silence)in->silence;
    out->choice_count = in->n_choices;
    out->choices = choice_counts_read(c, "choices", in->choices, in->n_choices, ANY);
    out->has_rule = in->has_rule;
    out->passed = in->passed;
    out->settled = in->settled;
    out->needed = in->needed;
    out->favour = in->favour;
    out->counted = in->counted;
    out->awaits = dd_check_any(in->awaits);
    out->verdict = (enum dd_verdict)in->verdict;
    out->decided_by = dd_check_any(in->decided_by);
    out->decided_ms = in->decided_ms;
    out->reason = dd_check_any(in->reason);
    out->outcome = (enum dd_outcome)in->outcome;
    out->outcome_day = dd_check_day_or(c, "outcome_day", in->outcome_day, 0);
    out->revision = small(c, "revision", in->revision);
}

static void matter_line_read(struct dd_checker *c, const Dondoc__V1__MatterLine *in,
                             struct dd_matter_line *out)
{
    out->matter = small(c, "matter", in->matter);
    out->kind = dd_check_any(in->kind);
    out->code = dd_check_any(in->code);
    out->title = dd_check_any(in->title);
    out->notice = dd_check_any(in->notice);
    out->owner = dd_check_any(in->owner);
    out->opened_ms = in->opened_ms;
    out->at_ms = in->at_ms;
    out->bound_ms = in->bound_ms;
    matter_state_read(c, in, out);
    out->parent = small(c, "parent", in->parent);
    out->capacity = (enum dd_capacity)in->capacity;
}

static DD_CHECK_LIST(matter_lines_read, Dondoc__V1__MatterLine, struct dd_matter_line,
                     matter_line_read);

static void matters_read(struct dd_checker *c, const Dondoc__V1__MattersAnswer *in,
                         struct dd_matters_answer *out)
{
    out->offset_min = offset(c, in->offset_min);
    out->matter_count = in->n_matters;
    out->matters = matter_lines_read(c, "matters", in->matters, in->n_matters, ANY);
}

static void reply_line_read(struct dd_checker *c, const Dondoc__V1__MatterReply *in,
                            struct dd_answer_line *out)
{
    struct dd_slice status = dd_check_any(in->status);

    out->stage = dd_check_any(in->stage);
    out->unit = dd_check_any(in->unit);
    out->head_title = dd_check_any(in->head_title);
    out->status = (enum dd_end)dd_word_number(DD_WORDS_END, status);
    out->bound_ms = in->bound_ms;
    out->choice = dd_check_any(in->choice);
    out->note = dd_check_any(in->note);
    out->received_ms = in->received_ms;
    out->seq = in->seq;
    out->account = dd_check_any(in->account);
    out->capacity = (enum dd_capacity)in->capacity;
    out->delegated_by = dd_check_any(in->delegated_by);
    out->figure_count = in->n_figures;
    out->figures = cells_read(c, "figures", in->figures, in->n_figures, ANY);
    out->late = in->late;
}

static DD_CHECK_LIST(reply_lines_read, Dondoc__V1__MatterReply, struct dd_answer_line,
                     reply_line_read);

static void matter_read(struct dd_checker *c, const Dondoc__V1__MatterAnswer *in,
                        struct dd_matter_answer *out)
{
    out->offset_min = offset(c, in->offset_min);
    dd_check_present(c, "matter", in->matter != NULL);
    if (in->matter) {
        dd_check_enter(c, "matter");
        matter_line_read(c, in->matter, &out->matter);
        dd_check_leave(c);
    }
    out->partner_count = in->n_partners;
    out->partners = dd_check_codes(c, "partners", in->partners, in->n_partners, ANY);
    out->answer_count = in->n_answers;
    out->answers = reply_lines_read(c, "answers", in->answers, in->n_answers, ANY);
}

static void head_read(struct dd_checker *c, const Dondoc__V1__FigureHead *in,
                      struct dd_figure_head *out)
{
    out->key = dd_check_any(in->key);
    out->name_vi = dd_check_any(in->name_vi);
    out->name_en = dd_check_any(in->name_en);
    out->unit_of_measure = dd_check_any(in->unit_of_measure);
    out->has_target = dd_figure_read(c, "target", in->target, &out->target);
}

/* A sum has no status of its own. */
static void figures_row_read(struct dd_checker *c, const Dondoc__V1__FiguresRow *in,
                             struct dd_figures_row *out)
{
    struct dd_slice status = dd_check_any(in->status);

    out->group = dd_check_any(in->group);
    out->unit = dd_check_any(in->unit);
    out->name = dd_check_any(in->name);
    out->status = (enum dd_end)dd_word_number(DD_WORDS_END, status);
    out->received_ms = in->received_ms;
    out->seq = in->seq;
    out->account = dd_check_any(in->account);
    out->capacity = (enum dd_capacity)in->capacity;
    out->delegated_by = dd_check_any(in->delegated_by);
    out->units = in->units;
    out->figure_count = in->n_figures;
    out->figures = cells_read(c, "figures", in->figures, in->n_figures, ANY);
    out->notes = dd_check_any(in->notes);
}

static DD_CHECK_LIST(heads_read, Dondoc__V1__FigureHead, struct dd_figure_head, head_read);
static DD_CHECK_LIST(figures_rows_read, Dondoc__V1__FiguresRow, struct dd_figures_row,
                     figures_row_read);

static void figures_read(struct dd_checker *c, const Dondoc__V1__FiguresAnswer *in,
                         struct dd_figures_answer *out)
{
    out->cycle = dd_check_any(in->cycle);
    out->stage = dd_check_any(in->stage);
    out->period = dd_check_any(in->period);
    out->offset_min = offset(c, in->offset_min);
    out->head_count = in->n_heads;
    out->heads = heads_read(c, "heads", in->heads, in->n_heads, ANY);
    out->row_count = in->n_rows;
    out->rows = figures_rows_read(c, "rows", in->rows, in->n_rows, ANY);
}

static void publication_read(struct dd_checker *c, const Dondoc__V1__Publication *in,
                             struct dd_publication_line *out)
{
    out->unit = dd_check_any(in->unit);
    out->number = dd_check_any(in->number);
    out->issue = (enum dd_issue)in->issue;
    out->title = dd_check_any(in->title);
    out->day = dd_check_day(c, "day", in->day);
    out->cycle = dd_check_any(in->cycle);
    out->period = dd_check_any(in->period);
    out->as_of_day = dd_check_day_or(c, "as_of", in->as_of, 0);
    out->at_seq = in->at_seq;
    dd_check_bytes(c, "sha256", in->sha256, out->sha256, sizeof out->sha256);
    out->size_bytes = in->size_bytes;
    out->type = dd_check_any(in->type);
    out->corrects = dd_check_any(in->corrects);
    out->corrected_by = dd_check_any(in->corrected_by);
    out->seq = in->seq;
    out->issued_ms = in->issued_ms;
    out->account = dd_check_any(in->account);
    out->capacity = (enum dd_capacity)in->capacity;
}

static DD_CHECK_LIST(publication_lines_read, Dondoc__V1__Publication, struct dd_publication_line,
                     publication_read);

static void publications_read(struct dd_checker *c, const Dondoc__V1__PublicationsAnswer *in,
                              struct dd_publications_answer *out)
{
    out->offset_min = offset(c, in->offset_min);
    out->publication_count = in->n_publications;
    out->publications =
        publication_lines_read(c, "publications", in->publications, in->n_publications, ANY);
}

static void delegation_read(struct dd_checker *c, const Dondoc__V1__DelegationLine *in,
                            struct dd_delegation_line *out)
{
    out->unit = dd_check_any(in->unit);
    out->delegation = small(c, "delegation", in->delegation);
    out->from = dd_check_any(in->from_account);
    out->to = dd_check_any(in->to_account);
    out->from_day = dd_check_day(c, "from", in->from);
    out->to_day = dd_check_day(c, "to", in->to);
    out->stages = dd_check_any(in->stages);
    out->seq = in->seq;
}

static DD_CHECK_LIST(delegation_lines_read, Dondoc__V1__DelegationLine, struct dd_delegation_line,
                     delegation_read);

static void delegations_read(struct dd_checker *c, const Dondoc__V1__DelegationsAnswer *in,
                             struct dd_delegations_answer *out)
{
    out->delegation_count = in->n_delegations;
    out->delegations =
        delegation_lines_read(c, "delegations", in->delegations, in->n_delegations, ANY);
}

static void body_read(struct dd_checker *c, const Dondoc__V1__Answer *in, struct dd_answer *out)
{
    switch (out->kind) {
#define READ(name, member) \
    case DD_QUESTION_##name: \
        dd_check_enter(c, #member); \
        member##_read(c, in->member, &out->as.member); \
        dd_check_leave(c); \
        return;
        READ(HELLO, hello)
        READ(CYCLE, cycle)
        READ(TABLE, table)
        READ(DUTIES, duties)
        READ(DOSSIER, dossier)
        READ(REMINDERS, reminders)
        READ(LOG, log)
        READ(DIGEST, digest)
        READ(UNITS, units)
        READ(CYCLES, cycles)
        READ(MATTERS, matters)
        READ(MATTER, matter)
        READ(FIGURES, figures)
        READ(PUBLICATIONS, publications)
        READ(DELEGATIONS, delegations)
#undef READ
    }
}

void dd_answer_read(struct dd_checker *c, const Dondoc__V1__Answer *in, struct dd_answer *out)
{
    out->seq = in->seq;
    out->next = (struct dd_slice){in->next.data, in->next.len};
    dd_check_present(c, "body", in->body_case != DONDOC__V1__ANSWER__BODY__NOT_SET);
    if (in->body_case == DONDOC__V1__ANSWER__BODY__NOT_SET)
        return;
    out->kind = (enum dd_question_kind)in->body_case;
    body_read(c, in, out);
}
