/*
 * Commands out of their bytes. See proto/codec.h. One reader a message, in the order of
 * command.proto; each says which texts must be there, how long, and which numbers are in range.
 */
#include "proto/codec.h"

#include <string.h>

#include "core/entry.h"
#include "proto/codec_part.h"

enum {
    SHORT_TEXT_BYTES_MAX = DD_FILE_NAME_BYTES_MAX,
    DUTY_TEXT_BYTES_MAX = 2 * DD_CODE_BYTES_MAX + 32, /* a stage, its period or numbers */
    PUBLICATION_NUMBER_BYTES_MAX = 64                 /* stands in a key of the state */
};

static struct dd_slice reason(struct dd_checker *c, const char *text)
{
    return dd_check_said(c, "reason", text, DD_RULE_REASON_NEEDED);
}

static void account_read(struct dd_checker *c, const Dondoc__V1__PutAccount *in,
                         struct dd_put_account *out)
{
    out->code = dd_check_code(c, "code", in->code);
    dd_check_bytes(c, "link_key", in->link_key, out->link_key, sizeof out->link_key);
    dd_check_bytes(c, "sign_key", in->sign_key, out->sign_key, sizeof out->sign_key);
    out->from_ms = dd_check_i64(c, "valid_from_ms", in->valid_from_ms, 0, DD_CODEC_INSTANT_MAX);
    out->to_ms = dd_check_i64(c, "valid_to_ms", in->valid_to_ms, 0, DD_CODEC_INSTANT_MAX);
    if (out->to_ms == 0)
        out->to_ms = INT64_MAX;
    out->office_count = in->n_offices;
    out->offices =
        dd_offices_read(c, "offices", in->offices, in->n_offices, DD_OFFICES_PER_ACCOUNT_MAX);
}

static DD_CHECK_LIST(accounts_read, Dondoc__V1__PutAccount, struct dd_put_account, account_read);

static void genesis_read(struct dd_checker *c, const Dondoc__V1__Genesis *in,
                         struct dd_genesis *out)
{
    out->jurisdiction = dd_check_code(c, "jurisdiction", in->jurisdiction);
    out->origin = dd_check_needed_line(c, "origin", in->origin, DD_NAME_BYTES_MAX);
    out->rehearsal = in->rehearsal;
    dd_check_bytes(c, "instance", in->instance, out->instance, sizeof out->instance);
    dd_check_present(c, "accounts", in->n_accounts > 0);
    dd_check_i64(c, "entry_format", in->entry_format, 1, DD_ENTRY_VERSION);
    out->account_count = in->n_accounts;
    out->accounts = accounts_read(c, "accounts", in->accounts, in->n_accounts, DD_REPEATED_MAX);
}

static void group_read(struct dd_checker *c, const Dondoc__V1__Group *in, struct dd_group_put *out)
{
    out->code = dd_check_code(c, "code", in->code);
    out->name = dd_check_needed_line(c, "name", in->name, DD_NAME_BYTES_MAX);
}

static void unit_read(struct dd_checker *c, const Dondoc__V1__Unit *in, struct dd_unit_put *out)
{
    out->code = dd_check_code(c, "code", in->code);
    out->name = dd_check_needed_line(c, "name", in->name, DD_NAME_BYTES_MAX);
    out->group = dd_check_code_or_none(c, "group", in->group);
    out->ordinal = dd_check_u16(c, "ordinal", in->ordinal, 0, UINT16_MAX);
    out->parent = dd_check_code_or_none(c, "parent", in->parent);
    out->head_title = dd_check_line(c, "head_title", in->head_title, DD_NAME_BYTES_MAX);
    out->from_day = dd_check_day_or(c, "valid_from", in->valid_from, INT32_MIN);
    out->to_day = dd_check_day_or(c, "valid_to", in->valid_to, INT32_MAX);
    out->successor = dd_check_code_or_none(c, "successor", in->successor);
}

static DD_CHECK_LIST(groups_read, Dondoc__V1__Group, struct dd_group_put, group_read);
static DD_CHECK_LIST(units_read, Dondoc__V1__Unit, struct dd_unit_put, unit_read);

static void put_units_read(struct dd_checker *c, const Dondoc__V1__PutUnits *in,
                           struct dd_put_units *out)
{
    out->page = dd_check_u16(c, "page", in->page, 1, UINT16_MAX);
    out->last = in->last;
    out->group_count = in->n_groups;
    out->groups = groups_read(c, "groups", in->groups, in->n_groups, DD_GROUPS_MAX);
    out->unit_count = in->n_units;
    out->units = units_read(c, "units", in->units, in->n_units, DD_UNITS_PER_PAGE_MAX);
}

static void calendar_day_read(struct dd_checker *c, const Dondoc__V1__CalendarDay *in,
                              struct dd_calendar_day *out)
{
    out->day = dd_check_day(c, "day", in->day);
    out->works = in->works;
}

static DD_CHECK_LIST(calendar_days_read, Dondoc__V1__CalendarDay, struct dd_calendar_day,
                     calendar_day_read);

/* The days are of that year, each once, rising. */
static void calendar_check(struct dd_checker *c, const Dondoc__V1__PutCalendar *in,
                           const struct dd_put_calendar *calendar)
{
    for (size_t i = 0; calendar->days && i < calendar->day_count; i++) {
        int32_t day = calendar->days[i].day;
        int year, month, day_of_month;
        dd_day_to_civil(day, &year, &month, &day_of_month);
        dd_check_enter_element(c, "days", i);
        if (year != calendar->year)
            dd_check_fault(c, DD_RULE_BAD_DATE, "day");
        else if (i > 0 && day == calendar->days[i - 1].day)
            dd_check_fault_text(c, DD_RULE_DUPLICATE, "day", in->days[i]->day);
        else if (i > 0 && day < calendar->days[i - 1].day)
            dd_check_fault(c, DD_RULE_DATES_OUT_OF_ORDER, "day");
        dd_check_leave(c);
    }
}

static void put_calendar_read(struct dd_checker *c, const Dondoc__V1__PutCalendar *in,
                              struct dd_put_calendar *out)
{
    out->year = dd_check_u16(c, "year", in->year, DD_YEAR_MIN, DD_YEAR_MAX);
    out->offset_min = (int16_t)dd_check_i64(c, "offset_min", in->offset_min, -DD_OFFSET_MIN_MAX,
                                            DD_OFFSET_MIN_MAX);
    out->day_count = in->n_days;
    out->days = calendar_days_read(c, "days", in->days, in->n_days, DD_CALENDAR_DAYS_MAX);
    calendar_check(c, in, out);
}

static void put_programme_read(struct dd_checker *c, const Dondoc__V1__PutProgramme *in,
                               struct dd_programme *out)
{
    dd_check_present(c, "programme", in->programme != NULL);
    if (!in->programme)
        return;
    dd_check_enter(c, "programme");
    dd_programme_message_read(c, in->programme, out);
    dd_check_leave(c);
}

static void party_read(struct dd_checker *c, const Dondoc__V1__Party *in, struct dd_party *out)
{
    out->unit = dd_check_code(c, "unit", in->unit);
    out->approver = dd_check_code_or_none(c, "approver", in->approver);
}

static DD_CHECK_LIST(parties_read, Dondoc__V1__Party, struct dd_party, party_read);

static void first_page_read(struct dd_checker *c, const Dondoc__V1__OpenCycle *in,
                            struct dd_open_cycle *out)
{
    out->host = dd_check_code(c, "host", in->host);
    out->from_day = dd_check_day(c, "from", in->from);
    out->to_day = dd_check_day(c, "to", in->to);
    out->date_count = in->n_dates;
    out->dates = dd_dates_read(c, "dates", in->dates, in->n_dates, DD_DATES_MAX);
    out->period_count = in->n_periods;
    out->periods = dd_periods_read(c, "periods", in->periods, in->n_periods, DD_PERIODS_MAX);
    out->report_count = in->n_reports;
    out->reports = dd_reports_read(c, "reports", in->reports, in->n_reports, DD_REPORTS_MAX);
    out->appraiser_count = in->n_appraisers;
    out->appraisers =
        dd_check_codes(c, "appraisers", in->appraisers, in->n_appraisers, DD_APPRAISERS_MAX);
    out->approver_count = in->n_approvers;
    out->approvers =
        dd_check_codes(c, "approvers", in->approvers, in->n_approvers, DD_APPROVERS_MAX);
}

/* What page 1 has said is not said again: nobody would read it. */
static void later_page_check(struct dd_checker *c, const Dondoc__V1__OpenCycle *in)
{
    dd_check_lines(c, "host", in->host, 0);
    dd_check_lines(c, "from", in->from, 0);
    dd_check_lines(c, "to", in->to, 0);
    dd_check_none(c, "dates", in->n_dates);
    dd_check_none(c, "periods", in->n_periods);
    dd_check_none(c, "reports", in->n_reports);
    dd_check_none(c, "appraisers", in->n_appraisers);
    dd_check_none(c, "approvers", in->n_approvers);
}

static void open_cycle_read(struct dd_checker *c, const Dondoc__V1__OpenCycle *in,
                            struct dd_open_cycle *out)
{
    out->programme = dd_check_code(c, "programme", in->programme);
    out->period = dd_check_code(c, "period", in->period);
    out->page = dd_check_u16(c, "page", in->page, 1, UINT16_MAX);
    out->last = in->last;
    if (out->page == 1)
        first_page_read(c, in, out);
    else
        later_page_check(c, in);
    out->party_count = in->n_parties;
    out->parties = parties_read(c, "parties", in->parties, in->n_parties, DD_PARTIES_PER_PAGE_MAX);
}

static void close_cycle_read(struct dd_checker *c, const Dondoc__V1__CloseCycle *in,
                             struct dd_close_cycle *out)
{
    out->cycle = dd_check_cycle(c, "cycle", in->cycle);
    out->reason = reason(c, in->reason);
}

static DD_CHECK_LIST(indicators_read, Dondoc__V1__Indicator, struct dd_indicator_put,
                     dd_indicator_read);

static uint16_t *removed_read(struct dd_checker *c, const Dondoc__V1__Register *in)
{
    uint16_t *out =
        dd_check_array(c, "removed", in->n_removed, DD_INDICATORS_PER_COMMAND_MAX, sizeof *out);

    for (size_t i = 0; out && i < in->n_removed; i++) {
        dd_check_enter_element(c, "removed", i);
        out[i] = dd_check_u16(c, NULL, in->removed[i], 1, DD_INDICATOR_NUMBER_MAX);
        dd_check_leave(c);
    }
    return out;
}

/* Marks a number; false if it was marked before. */
static bool mark(uint8_t *marks, uint16_t number)
{
    uint8_t bit = (uint8_t)(1u << number % 8);
    bool first = !(marks[number / 8] & bit);

    marks[number / 8] |= bit;
    return first;
}

/* No indicator is named twice, be it put or removed: the order within a command means nothing. */
static void register_check(struct dd_checker *c, const struct dd_register *task)
{
    uint8_t marks[DD_INDICATOR_NUMBER_MAX / 8 + 1] = {0};

    for (size_t i = 0; task->indicators && i < task->indicator_count; i++) {
        uint16_t number = task->indicators[i].number;
        dd_check_enter_element(c, "indicators", i);
        if (!mark(marks, number))
            dd_check_fault_number(c, DD_RULE_DUPLICATE, "number", number);
        dd_check_leave(c);
    }
    for (size_t i = 0; task->removed && i < task->removed_count; i++) {
        uint16_t number = task->removed[i];
        dd_check_enter_element(c, "removed", i);
        if (!mark(marks, number))
            dd_check_fault_number(c, DD_RULE_DUPLICATE, NULL, number);
        dd_check_leave(c);
    }
}

static void register_read(struct dd_checker *c, const Dondoc__V1__Register *in,
                          struct dd_register *out)
{
    out->cycle = dd_check_cycle(c, "cycle", in->cycle);
    out->unit = dd_check_code(c, "unit", in->unit);
    out->task = dd_check_u16(c, "task", in->task, 1, DD_TASK_NUMBER_MAX);
    out->kind = dd_check_code(c, "kind", in->kind);
    dd_check_present(c, "indicators", in->n_indicators > 0 || in->n_removed > 0);
    out->indicator_count = in->n_indicators;
    out->indicators = indicators_read(c, "indicators", in->indicators, in->n_indicators,
                                      DD_INDICATORS_PER_COMMAND_MAX);
    out->removed_count = in->n_removed;
    out->removed = removed_read(c, in);
    register_check(c, out);
}

static void attachment_read(struct dd_checker *c, const Dondoc__V1__Attachment *in,
                            struct dd_attachment *out)
{
    dd_check_bytes(c, "sha256", in->sha256, out->sha256, sizeof out->sha256);
    out->size_bytes = in->size_bytes;
    out->type = dd_check_needed_line(c, "type", in->type, SHORT_TEXT_BYTES_MAX);
    out->name = dd_check_needed_line(c, "name", in->name, DD_FILE_NAME_BYTES_MAX);
    out->part = dd_check_code_or_none(c, "part", in->part);
}

static DD_CHECK_LIST(attachments_read, Dondoc__V1__Attachment, struct dd_attachment,
                     attachment_read);

static enum dd_capacity capacity(struct dd_checker *c, Dondoc__V1__Capacity in)
{
    dd_check_present(c, "capacity", in != DONDOC__V1__CAPACITY__CAPACITY_UNSPECIFIED);
    return (enum dd_capacity)in;
}

static void figure_value_read(struct dd_checker *c, const Dondoc__V1__FigureValue *in,
                              struct dd_figure_value *out)
{
    out->key = dd_check_code(c, "key", in->key);
    dd_check_present(c, "value", dd_figure_read(c, "value", in->value, &out->value));
    out->estimate = in->estimate;
}

static DD_CHECK_LIST(figure_values_read, Dondoc__V1__FigureValue, struct dd_figure_value,
                     figure_value_read);

/* No figure is given twice. */
static void figures_check(struct dd_checker *c, const Dondoc__V1__Submit *in,
                          const struct dd_submit *submit)
{
    for (size_t i = 1; submit->figures && i < submit->figure_count; i++) {
        for (size_t k = 0; k < i; k++) {
            if (!dd_slice_equal(submit->figures[i].key, submit->figures[k].key))
                continue;
            dd_check_enter_element(c, "figures", i);
            dd_check_fault_text(c, DD_RULE_DUPLICATE, "key", in->figures[i]->key);
            dd_check_leave(c);
        }
    }
}

/* A report says which, by itself or by its stage; an answer names its matter; a registration
 * neither. */
static void submit_check(struct dd_checker *c, const Dondoc__V1__Submit *in,
                         const struct dd_submit *submit)
{
    bool answer = submit->what == DD_SUBMISSION_ANSWER;

    if (submit->what == DD_SUBMISSION_REPORT)
        dd_check_present(c, "report", submit->report.size > 0 || submit->stage.size > 0);
    else
        dd_check_lines(c, "report", in->report, 0);
    dd_check_u16(c, "matter", in->matter, answer, answer ? DD_MATTERS_PER_CYCLE_MAX : 0);
    if (!answer)
        dd_check_lines(c, "choice", in->choice, 0);
}

static void submit_read(struct dd_checker *c, const Dondoc__V1__Submit *in, struct dd_submit *out)
{
    out->cycle = dd_check_cycle(c, "cycle", in->cycle);
    out->unit = dd_check_code(c, "unit", in->unit);
    dd_check_present(c, "what", in->what != DONDOC__V1__SUBMISSION__SUBMISSION_UNSPECIFIED);
    out->what = (enum dd_submission)in->what;
    out->report = dd_check_line(c, "report", in->report, DD_NAME_BYTES_MAX);
    out->reason = reason(c, in->reason);
    out->capacity = capacity(c, in->capacity);
    out->attachment_count = in->n_attachments;
    out->attachments =
        attachments_read(c, "attachments", in->attachments, in->n_attachments, DD_ATTACHMENTS_MAX);
    out->stage = dd_check_code_or_none(c, "stage", in->stage);
    out->choice = dd_check_code_or_none(c, "choice", in->choice);
    out->figure_count = in->n_figures;
    out->figures = figure_values_read(c, "figures", in->figures, in->n_figures, DD_FIGURES_MAX);
    out->note = dd_check_said(c, "note", in->note, DD_RULE_MISSING);
    submit_check(c, in, out);
    out->matter = (uint16_t)in->matter;
    figures_check(c, in, out);
}

static void withdraw_read(struct dd_checker *c, const Dondoc__V1__Withdraw *in,
                          struct dd_withdraw *out)
{
    out->cycle = dd_check_cycle(c, "cycle", in->cycle);
    out->unit = dd_check_code(c, "unit", in->unit);
    out->version = dd_check_u16(c, "version", in->version, 1, DD_VERSIONS_PER_DOSSIER_MAX);
    out->reason = reason(c, in->reason);
}

static void decide_read(struct dd_checker *c, const Dondoc__V1__Decide *in, struct dd_decide *out)
{
    out->cycle = dd_check_cycle(c, "cycle", in->cycle);
    out->unit = dd_check_code(c, "unit", in->unit);
    out->matter = dd_check_u16(c, "matter", in->matter, 0, DD_MATTERS_PER_CYCLE_MAX);
    if (out->matter == 0) {
        out->version = dd_check_u16(c, "version", in->version, 1, DD_VERSIONS_PER_DOSSIER_MAX);
        dd_check_bytes(c, "content_hash", in->content_hash, out->content_hash,
                       sizeof out->content_hash);
    } else {
        out->version = dd_check_u16(c, "version", in->version, 0, UINT16_MAX);
        dd_check_bytes(c, "content_hash", in->content_hash, out->content_hash, 0);
    }
    dd_check_present(c, "verdict", in->verdict != DONDOC__V1__VERDICT__VERDICT_UNSPECIFIED);
    out->verdict = (enum dd_verdict)in->verdict;
    out->reason = reason(c, in->reason);
}

static void progress_read(struct dd_checker *c, const Dondoc__V1__Progress *in,
                          struct dd_progress *out)
{
    out->cycle = dd_check_cycle(c, "cycle", in->cycle);
    out->unit = dd_check_code(c, "unit", in->unit);
    out->task = dd_check_u16(c, "task", in->task, 1, DD_TASK_NUMBER_MAX);
    out->indicator = dd_check_u16(c, "indicator", in->indicator, 0, DD_INDICATOR_NUMBER_MAX);
    dd_check_present(c, "outcome", in->outcome != DONDOC__V1__OUTCOME__OUTCOME_UNSPECIFIED);
    out->outcome = (enum dd_outcome)in->outcome;
    out->day = dd_check_day(c, "day", in->day);
    out->note = dd_check_said(c, "note", in->note, DD_RULE_MISSING);
    if (!in->correction)
        return;
    dd_check_enter(c, "correction");
    out->is_correction = true;
    out->corrects_seq = in->correction->seq;
    out->reason = reason(c, in->correction->reason);
    dd_check_leave(c);
}

static void revoke_read(struct dd_checker *c, const Dondoc__V1__Revoke *in, struct dd_revoke *out)
{
    out->account = dd_check_code(c, "account", in->account);
    out->reason = reason(c, in->reason);
}

static void matter_read(struct dd_checker *c, const Dondoc__V1__Matter *in,
                        struct dd_matter_put *out)
{
    out->kind = dd_check_code(c, "kind", in->kind);
    out->code = dd_check_line(c, "code", in->code, DD_NAME_BYTES_MAX);
    out->title = dd_check_title(c, "title", in->title);
    out->owner = dd_check_code(c, "owner", in->owner);
    out->all = in->all;
    out->asked_count = in->n_asked;
    out->asked = dd_check_codes(c, "asked", in->asked, in->n_asked, in->all ? 0 : DD_ASKED_MAX);
    out->partner_count = in->n_partners;
    out->partners = dd_check_codes(c, "partners", in->partners, in->n_partners, DD_PARTNERS_MAX);
    out->word = (enum dd_deadline_word)in->word;
    out->due_day = dd_check_day_or(c, "due", in->due, INT32_MAX);
    if (out->word != 0)
        dd_check_present(c, "due", out->due_day != INT32_MAX);
    out->at_ms = dd_check_i64(c, "at_ms", in->at_ms, 0, DD_CODEC_INSTANT_MAX);
    out->approver = dd_check_code_or_none(c, "approver", in->approver);
    out->parent = dd_check_u16(c, "parent", in->parent, 0, DD_MATTERS_PER_CYCLE_MAX);
}

static DD_CHECK_LIST(matters_read, Dondoc__V1__Matter, struct dd_matter_put, matter_read);

/* The units asked are bounded together: each of them gets a duty of each matter. */
static void asked_check(struct dd_checker *c, const struct dd_assign *assign)
{
    size_t asked = 0;

    for (size_t i = 0; assign->matters && i < assign->matter_count; i++) {
        asked += assign->matters[i].asked_count;
        if (asked <= DD_ASKED_MAX)
            continue;
        dd_check_enter_element(c, "matters", i);
        dd_check_fault_number(c, DD_RULE_TOO_MANY, "asked", DD_ASKED_MAX);
        dd_check_leave(c);
    }
}

static void assign_read(struct dd_checker *c, const Dondoc__V1__Assign *in, struct dd_assign *out)
{
    out->cycle = dd_check_cycle(c, "cycle", in->cycle);
    out->unit = dd_check_code(c, "unit", in->unit);
    out->notice = dd_check_line(c, "notice", in->notice, DD_NAME_BYTES_MAX);
    out->capacity = capacity(c, in->capacity);
    dd_check_present(c, "matters", in->n_matters > 0);
    out->matter_count = in->n_matters;
    out->matters =
        matters_read(c, "matters", in->matters, in->n_matters, DD_MATTERS_PER_COMMAND_MAX);
    out->attachment_count = in->n_attachments;
    out->attachments =
        attachments_read(c, "attachments", in->attachments, in->n_attachments, DD_ATTACHMENTS_MAX);
    asked_check(c, out);
}

static void bend_read(struct dd_checker *c, const Dondoc__V1__Bend *in, struct dd_bend *out)
{
    out->cycle = dd_check_cycle(c, "cycle", in->cycle);
    out->unit = dd_check_code(c, "unit", in->unit);
    out->duty = dd_check_needed_line(c, "duty", in->duty, DUTY_TEXT_BYTES_MAX);
    dd_check_present(c, "act", in->act != DONDOC__V1__BEND_ACT__BEND_ACT_UNSPECIFIED);
    out->act = (enum dd_bend_act)in->act;
    if (out->act == DD_BEND_EXTEND)
        out->day = dd_check_day(c, "day", in->day);
    else
        dd_check_lines(c, "day", in->day, 0);
    out->reason = reason(c, in->reason);
}

static void delegate_read(struct dd_checker *c, const Dondoc__V1__Delegate *in,
                          struct dd_delegate *out)
{
    out->unit = dd_check_code(c, "unit", in->unit);
    out->reason = reason(c, in->reason);
    out->ends = dd_check_u16(c, "ends", in->ends, 0, DD_DELEGATIONS_PER_UNIT_MAX);
    if (in->ends != 0) { /* what is ended is known */
        dd_check_lines(c, "account", in->account, 0);
        dd_check_lines(c, "from", in->from, 0);
        dd_check_lines(c, "to", in->to, 0);
        dd_check_none(c, "stages", in->n_stages);
        return;
    }
    out->account = dd_check_code(c, "account", in->account);
    out->from_day = dd_check_day(c, "from", in->from);
    out->to_day = dd_check_day(c, "to", in->to);
    out->stage_count = in->n_stages;
    out->stages = dd_check_codes(c, "stages", in->stages, in->n_stages, DD_STAGES_MAX);
}

static void transfer_read(struct dd_checker *c, const Dondoc__V1__Transfer *in,
                          struct dd_transfer *out)
{
    out->cycle = dd_check_cycle(c, "cycle", in->cycle);
    out->unit = dd_check_code(c, "unit", in->unit);
    out->successor = dd_check_code(c, "successor", in->successor);
    out->reason = reason(c, in->reason);
}

static void publish_read(struct dd_checker *c, const Dondoc__V1__Publish *in,
                         struct dd_publish *out)
{
    out->unit = dd_check_code(c, "unit", in->unit);
    out->number = dd_check_needed_line(c, "number", in->number, PUBLICATION_NUMBER_BYTES_MAX);
    dd_check_present(c, "issue", in->issue != DONDOC__V1__ISSUE__ISSUE_UNSPECIFIED);
    out->issue = (enum dd_issue)in->issue;
    out->title = dd_check_title(c, "title", in->title);
    out->day = dd_check_day(c, "day", in->day);
    out->cycle = dd_check_cycle_or_none(c, "cycle", in->cycle);
    out->period = dd_check_code_or_none(c, "period", in->period);
    out->as_of_day = dd_check_day_or(c, "as_of", in->as_of, 0);
    out->at_seq = in->at_seq;
    dd_check_bytes(c, "sha256", in->sha256, out->sha256, sizeof out->sha256);
    out->size_bytes = in->size_bytes;
    out->type = dd_check_needed_line(c, "type", in->type, SHORT_TEXT_BYTES_MAX);
    out->corrects = dd_check_line(c, "corrects", in->corrects, PUBLICATION_NUMBER_BYTES_MAX);
    out->capacity = capacity(c, in->capacity);
    out->reason = reason(c, in->reason);
}

static void reminder_read(struct dd_checker *c, const Dondoc__V1__ReminderRef *in,
                          struct dd_reminder_ref *out)
{
    out->seq = in->seq;
    out->index = dd_check_u16(c, "index", in->index, 0, UINT16_MAX);
}

static DD_CHECK_LIST(reminders_read, Dondoc__V1__ReminderRef, struct dd_reminder_ref,
                     reminder_read);

static void reminded_read(struct dd_checker *c, const Dondoc__V1__Reminded *in,
                          struct dd_reminded *out)
{
    dd_check_present(c, "reminders", in->n_reminders > 0);
    out->reminder_count = in->n_reminders;
    out->reminders =
        reminders_read(c, "reminders", in->reminders, in->n_reminders, DD_REPEATED_MAX);
    out->channel = dd_check_code(c, "channel", in->channel);
}

/* The kind of each member of Command.body, and the reader of it. */
// clang-format off
#define BODIES(X)                                                          \
    X(GENESIS,       genesis,       genesis,       genesis_read)           \
    X(PUT_UNITS,     put_units,     put_units,     put_units_read)         \
    X(PUT_ACCOUNT,   put_account,   put_account,   account_read)           \
    X(PUT_CALENDAR,  put_calendar,  put_calendar,  put_calendar_read)      \
    X(PUT_PROGRAMME, put_programme, put_programme, put_programme_read)     \
    X(OPEN_CYCLE,    open_cycle,    open_cycle,    open_cycle_read)        \
    X(CLOSE_CYCLE,   close_cycle,   close_cycle,   close_cycle_read)       \
    X(REGISTER,      register,      register_,     register_read)          \
    X(SUBMIT,        submit,        submit,        submit_read)            \
    X(WITHDRAW,      withdraw,      withdraw,      withdraw_read)          \
    X(DECIDE,        decide,        decide,        decide_read)            \
    X(PROGRESS,      progress,      progress,      progress_read)          \
    X(REVOKE,        revoke,        revoke,        revoke_read)            \
    X(ASSIGN,        assign,        assign,        assign_read)            \
    X(BEND,          bend,          bend,          bend_read)              \
    X(DELEGATE,      delegate,      delegate,      delegate_read)          \
    X(TRANSFER,      transfer,      transfer,      transfer_read)          \
    X(PUBLISH,       publish,       publish,       publish_read)           \
    X(REMINDED,      reminded,      reminded,      reminded_read)
// clang-format on

static void body_read(struct dd_checker *c, const Dondoc__V1__Command *in, struct dd_command *out)
{
    switch (in->body_case) {
#define READ(name, field, member, reader) \
    case DONDOC__V1__COMMAND__BODY_##name: \
        out->kind = DD_COMMAND_##name; \
        dd_check_enter(c, #field); \
        reader(c, in->member, &out->as.member); \
        dd_check_leave(c); \
        return;
        BODIES(READ)
#undef READ
    case DONDOC__V1__COMMAND__BODY_TICK:
        out->kind = DD_COMMAND_TICK;
        return;
    case DONDOC__V1__COMMAND__BODY__NOT_SET:
    case _DONDOC__V1__COMMAND__BODY__CASE_IS_INT_SIZE:
        break;
    }
    dd_check_present(c, "body", false);
}

static enum dd_status decode(struct dd_slice bytes, enum dd_scan_mode mode, struct dd_arena *arena,
                             struct dd_command *out, struct dd_refusal *refusal)
{
    struct dd_checker c = dd_checker_make(arena, refusal);
    ProtobufCMessage *message =
        dd_check_unpack(&c, bytes, DD_COMMAND_BYTES_MAX, &dondoc__v1__command__descriptor, mode);

    memset(out, 0, sizeof *out);
    c.logged = mode == DD_SCAN_LOGGED;
    if (message) {
        const Dondoc__V1__Command *in = (const Dondoc__V1__Command *)message;
        dd_check_bytes(&c, "id", in->id, out->id.byte, sizeof out->id.byte);
        body_read(&c, in, out);
    }
    return dd_checker_status(&c);
}

enum dd_status dd_codec_command_decode(struct dd_slice bytes, struct dd_arena *arena,
                                       struct dd_command *out, struct dd_refusal *refusal)
{
    return decode(bytes, DD_SCAN_STRICT, arena, out, refusal);
}

enum dd_status dd_codec_logged_decode(struct dd_slice bytes, struct dd_arena *arena,
                                      struct dd_command *out, struct dd_refusal *refusal)
{
    return decode(bytes, DD_SCAN_LOGGED, arena, out, refusal);
}

bool dd_codec_command_from_client(enum dd_command_kind kind)
{
    return kind != DD_COMMAND_GENESIS && kind != DD_COMMAND_TICK;
}
