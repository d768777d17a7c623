/* Decisions about cycles: opening, page by page, and closing. See core/decide_parts.h. */
#include "core/decide_parts.h"

static enum dd_status check_dates(struct dd_judgement *j, const struct dd_open_cycle *c)
{
    if (c->from_day > c->to_day)
        return dd_no(j, DD_RULE_DATES_OUT_OF_ORDER, "to");
    for (size_t i = 0; i < c->date_count; i++) {
        for (size_t k = 0; k < i; k++) {
            if (dd_slice_equal(c->dates[k].name, c->dates[i].name))
                return dd_no_text(j, DD_RULE_DUPLICATE, "dates.name", c->dates[i].name);
        }
    }
    for (size_t i = 0; i < c->period_count; i++) {
        const struct dd_period *period = &c->periods[i];
        if (period->from_day > period->to_day || period->from_day < c->from_day ||
            period->to_day > c->to_day)
            return dd_no_text(j, DD_RULE_DATES_OUT_OF_ORDER, "periods", period->code);
        for (size_t k = 0; k < i; k++) {
            if (dd_slice_equal(c->periods[k].code, period->code))
                return dd_no_text(j, DD_RULE_DUPLICATE, "periods.code", period->code);
        }
    }
    for (size_t i = 0; i < c->report_count; i++) {
        for (size_t k = 0; k < i; k++) {
            if (dd_slice_equal(c->reports[k].code, c->reports[i].code))
                return dd_no_text(j, DD_RULE_DUPLICATE, "reports.code", c->reports[i].code);
        }
    }
    return DD_OK;
}

static bool has_date(const struct dd_open_cycle *c, struct dd_slice name)
{
    for (size_t i = 0; i < c->date_count; i++) {
        if (dd_slice_equal(c->dates[i].name, name))
            return true;
    }
    return false;
}

static enum dd_status check_stages(struct dd_judgement *j, const struct dd_open_cycle *c,
                                   const struct dd_programme *programme)
{
    for (size_t i = 0; i < programme->stage_count; i++) {
        const struct dd_stage *stage = &programme->stage[i];
        bool dated = stage->act == DD_ACT_HAND_IN || stage->act == DD_ACT_DECIDE;
        if (dated && stage->word != 0 && !has_date(c, stage->date))
            return dd_no_text(j, DD_RULE_NO_SUCH_DATE, "dates", stage->date);
        if (stage->act == DD_ACT_DECIDE && stage->by == DD_ROLE_APPROVER && c->approver_count == 0)
            return dd_no(j, DD_RULE_MISSING, "approvers");
        if (stage->act == DD_ACT_DECIDE && stage->by == DD_ROLE_APPRAISER &&
            c->appraiser_count == 0)
            return dd_no(j, DD_RULE_MISSING, "appraisers");
    }
    return DD_OK;
}

static enum dd_status check_people(struct dd_judgement *j, const struct dd_open_cycle *c)
{
    if (dd_number_of(j->view, DD_TABLE_UNIT_CODE, c->host) == 0)
        return dd_no_text(j, DD_RULE_NO_SUCH_UNIT, "host", c->host);
    for (size_t i = 0; i < c->appraiser_count; i++) {
        if (dd_number_of(j->view, DD_TABLE_UNIT_CODE, c->appraisers[i]) == 0)
            return dd_no_text(j, DD_RULE_NO_SUCH_UNIT, "appraisers", c->appraisers[i]);
    }
    for (size_t i = 0; i < c->approver_count; i++) {
        if (dd_number_of(j->view, DD_TABLE_ACCOUNT_CODE, c->approvers[i]) == 0)
            return dd_no_text(j, DD_RULE_NO_SUCH_ACCOUNT, "approvers", c->approvers[i]);
    }
    return DD_OK;
}

static enum dd_status check_first_page(struct dd_judgement *j, const struct dd_open_cycle *c)
{
    struct dd_programme programme;
    struct dd_calendar_year calendar;
    int year;
    int month;
    int day;
    uint32_t number = dd_number_of(j->view, DD_TABLE_PROGRAMME_CODE, c->programme);
    if (number == 0 || !dd_get_programme(j->view, number, &programme))
        return dd_no_text(j, DD_RULE_NO_SUCH_PROGRAMME, "programme", c->programme);
    dd_day_to_civil(c->from_day, &year, &month, &day);
    if (!dd_get_calendar(j->view, year, &calendar))
        return dd_no_number(j, DD_RULE_NO_CALENDAR, "from", year);
    enum dd_status status = check_dates(j, c);
    if (status == DD_OK)
        status = check_people(j, c);
    return status == DD_OK ? check_stages(j, c, &programme) : status;
}

/* The appraisers and approvers that hold for this page: its own, or those of page 1. The approvers'
 * office is in the host. */
struct deciders {
    uint32_t host;
    uint32_t appraiser[DD_APPRAISERS_MAX];
    size_t appraiser_count;
    uint32_t approver[DD_APPROVERS_MAX];
    size_t approver_count;
};

static void find_deciders(struct dd_judgement *j, const struct dd_open_cycle *c,
                          const struct dd_cycle_row *staged, struct deciders *out)
{
    if (c->page > 1) {
        out->host = staged->host;
        out->appraiser_count = staged->appraiser_count;
        out->approver_count = staged->approver_count;
        for (size_t i = 0; i < staged->appraiser_count; i++)
            out->appraiser[i] = staged->appraiser[i];
        for (size_t i = 0; i < staged->approver_count; i++)
            out->approver[i] = staged->approver[i];
        return;
    }
    out->host = dd_number_of(j->view, DD_TABLE_UNIT_CODE, c->host);
    out->appraiser_count = c->appraiser_count;
    out->approver_count = c->approver_count;
    for (size_t i = 0; i < c->appraiser_count; i++)
        out->appraiser[i] = dd_number_of(j->view, DD_TABLE_UNIT_CODE, c->appraisers[i]);
    for (size_t i = 0; i < c->approver_count; i++)
        out->approver[i] = dd_number_of(j->view, DD_TABLE_ACCOUNT_CODE, c->approvers[i]);
}

static enum dd_status check_party(struct dd_judgement *j, const struct dd_open_cycle *c,
                                  uint32_t cycle, const struct deciders *deciders, size_t index)
{
    const struct dd_party *party = &c->parties[index];
    struct dd_dossier_row dossier;
    uint32_t unit = dd_number_of(j->view, DD_TABLE_UNIT_CODE, party->unit);
    bool known = party->approver.size == 0;
    bool appraised = deciders->appraiser_count == 0;
    if (unit == 0)
        return dd_no_text(j, DD_RULE_NO_SUCH_UNIT, "parties.unit", party->unit);
    if (c->page > 1 && dd_get_dossier(j->view, cycle, unit, &dossier))
        return dd_no_text(j, DD_RULE_DUPLICATE, "parties.unit", party->unit);
    for (size_t i = 0; i < index; i++) {
        if (dd_slice_equal(c->parties[i].unit, party->unit))
            return dd_no_text(j, DD_RULE_DUPLICATE, "parties.unit", party->unit);
    }
    if (deciders->approver_count > 0 && unit == deciders->host) /* nobody could ever approve it */
        return dd_no(j, DD_RULE_FOUR_EYES, "parties.unit");
    uint32_t approver = dd_number_of(j->view, DD_TABLE_ACCOUNT_CODE, party->approver);
    for (size_t i = 0; i < deciders->approver_count; i++)
        known = known || deciders->approver[i] == approver;
    if (!known)
        return dd_no_text(j, DD_RULE_NO_SUCH_ACCOUNT, "parties.approver", party->approver);
    for (size_t i = 0; i < deciders->appraiser_count; i++)
        appraised = appraised || deciders->appraiser[i] != unit;
    if (!appraised)
        return dd_no_text(j, DD_RULE_NO_OTHER_APPRAISER, "parties.unit", party->unit);
    return DD_OK;
}

/* The last accepted day of a stage's date, moved off days off where the stage says so. */
static int32_t stage_last_day(struct dd_judgement *j, const struct dd_stage *stage,
                              enum dd_deadline_word word, int32_t day)
{
    struct dd_calendar_year years[2];
    size_t count = 0;
    int year;
    int month;
    int day_of_month;
    int32_t last_day = dd_deadline_last_day(word, day);
    if (!stage->roll)
        return last_day;
    dd_day_to_civil(last_day, &year, &month, &day_of_month);
    for (int y = year; y <= year + 1; y++)
        count += dd_get_calendar(j->view, y, &years[count]);
    return dd_deadline_rolled(DD_ROLL_NEXT_WORKING, last_day, years, count);
}

static void fill_last_days(struct dd_judgement *j, const struct dd_programme *programme,
                           const struct dd_named_date *dates, size_t date_count,
                           const struct dd_report_due *reports, size_t report_count,
                           struct dd_event *event)
{
    uint8_t report_stage = dd_programme_stage(programme, DD_ACT_REPORT, 0);
    event->stage_count = programme->stage_count;
    event->report_count = (uint8_t)report_count;
    for (size_t i = 0; i < programme->stage_count; i++) {
        const struct dd_stage *stage = &programme->stage[i];
        event->last_day[i] = INT32_MAX;
        if (stage->word == 0 || stage->date.size == 0)
            continue;
        for (size_t k = 0; k < date_count; k++) {
            if (dd_slice_equal(dates[k].name, stage->date))
                event->last_day[i] = stage_last_day(j, stage, stage->word, dates[k].day);
        }
    }
    for (size_t i = 0; i < report_count; i++) {
        static const struct dd_stage plain;
        const struct dd_stage *stage =
            report_stage < programme->stage_count ? &programme->stage[report_stage] : &plain;
        event->last_day[programme->stage_count + i] =
            stage_last_day(j, stage, reports[i].word, reports[i].day);
    }
}

static enum dd_status opened(struct dd_judgement *j, const struct dd_open_cycle *c, uint32_t number,
                             const struct dd_cycle_row *staged)
{
    struct dd_programme programme;
    DD_EVENT_OR_RETURN(event, j, DD_EVENT_CYCLE_OPENED);
    event->number = number;
    uint32_t programme_number = c->page > 1
                                    ? staged->programme
                                    : dd_number_of(j->view, DD_TABLE_PROGRAMME_CODE, c->programme);
    if (!dd_get_programme(j->view, programme_number, &programme))
        return DD_CORRUPT;
    if (c->page > 1)
        fill_last_days(j, &programme, staged->date, staged->date_count, staged->report,
                       staged->report_count, event);
    else
        fill_last_days(j, &programme, c->dates, c->date_count, c->reports, c->report_count, event);
    return DD_OK;
}

/* Where the cycle that this page belongs to stands: *number is 0 if there is none yet. Until the
 * last page is there page 1 begins anew, and whoever sent it sends the others: pages of two
 * administrators do not mix. */
static enum dd_status find_staged(struct dd_judgement *j, const struct dd_open_cycle *c,
                                  uint32_t *number, struct dd_cycle_row *staged)
{
    uint8_t text[2 * DD_CODE_BYTES_MAX + 1];
    struct dd_writer w = dd_writer_make(text, sizeof text);
    dd_write_raw(&w, c->programme.data, c->programme.size);
    dd_write_u8(&w, '/');
    dd_write_raw(&w, c->period.data, c->period.size);
    *number = dd_number_of(j->view, DD_TABLE_CYCLE_CODE, dd_writer_slice(&w));
    if (*number != 0 && dd_get_cycle(j->view, *number, staged)) {
        if (staged->state != DD_CYCLE_STAGED)
            return dd_no_text(j, DD_RULE_EXISTS_ALREADY, "period", dd_writer_slice(&w));
        int next = staged->opener == j->context->account ? staged->pages + 1 : 1;
        if (c->page != 1)
            return c->page == next ? DD_OK
                                   : dd_no_number(j, DD_RULE_PAGE_OUT_OF_ORDER, "page", next);
    }
    staged->parties = 0;
    return c->page == 1 ? DD_OK : dd_no_number(j, DD_RULE_PAGE_OUT_OF_ORDER, "page", 1);
}

enum dd_status dd_decide_open_cycle(struct dd_judgement *j, const struct dd_open_cycle *c)
{
    struct dd_cycle_row staged;
    struct deciders deciders;
    struct dd_meta_row meta;
    uint32_t number;
    enum dd_status status = dd_needs_role(j, DD_ROLE_ADMINISTRATOR);
    if (status == DD_OK)
        status = find_staged(j, c, &number, &staged);
    if (status == DD_OK && c->page == 1)
        status = check_first_page(j, c);
    if (status != DD_OK)
        return status;
    find_deciders(j, c, &staged, &deciders);
    for (size_t i = 0; i < c->party_count && status == DD_OK; i++)
        status = check_party(j, c, number, &deciders, i);
    if (status != DD_OK)
        return status;
    if (c->last && staged.parties + c->party_count == 0)
        return dd_no(j, DD_RULE_MISSING, "parties");
    if (number == 0 && dd_get_meta(j->view, &meta))
        number = meta.cycles + 1;
    if (c->last)
        return opened(j, c, number, &staged);
    DD_EVENT_OR_RETURN(event, j, DD_EVENT_CYCLE_STAGED);
    event->number = number;
    return DD_OK;
}

enum dd_status dd_decide_close_cycle(struct dd_judgement *j, const struct dd_close_cycle *c)
{
    struct dd_process process;
    enum dd_status status = dd_needs_role(j, DD_ROLE_ADMINISTRATOR);
    if (status == DD_OK)
        status = dd_needs_cycle(j, c->cycle, &process);
    if (status != DD_OK)
        return status;
    DD_EVENT_OR_RETURN(event, j, DD_EVENT_CYCLE_CLOSED);
    (void)event;
    return DD_OK;
}
