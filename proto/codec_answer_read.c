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
    (void)c;
    out->unit = dd_check_any(in->unit);
    out->duty = dd_check_any(in->duty);
    out->bound_ms = in->bound_ms;
    out->met_ms = in->met_ms;
    out->status = (enum dd_end)dd_word_number(DD_WORDS_END, dd_check_any(in->status));
    out->met_seq = in->met_seq;
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
}

static DD_CHECK_LIST(unit_lines_read, Dondoc__V1__UnitRow, struct dd_unit_line, unit_read);

static void units_read(struct dd_checker *c, const Dondoc__V1__UnitsAnswer *in,
                       struct dd_units_answer *out)
{
    out->unit_count = in->n_units;
    out->units = unit_lines_read(c, "units", in->units, in->n_units, ANY);
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
