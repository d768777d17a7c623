/* Decisions about cycles: opening, page by page, and closing. See core/decide_parts.h. */
#include "core/decide_parts.h"
#include "core/programme_schedule.h"

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

/* What the programme's stages need of the cycle: their dates, and somebody who appraises and
 * approves. */
static enum dd_status check_stages(struct dd_judgement *j, const struct dd_open_cycle *c,
                                   const struct dd_programme *programme)
{
    for (size_t i = 0; i < programme->stage_count; i++) {
        const struct dd_stage *stage = &programme->stage[i];
        bool judged = stage->act == DD_ACT_DECIDE || stage->act == DD_ACT_REPORT;
        if (stage->deadline.word != 0 && stage->deadline.date.size > 0 &&
            !has_date(c, stage->deadline.date))
            return dd_no_text(j, DD_RULE_NO_SUCH_DATE, "dates", stage->deadline.date);
        if (judged && stage->by == DD_ROLE_APPROVER && c->approver_count == 0)
            return dd_no(j, DD_RULE_MISSING, "approvers");
        if (judged && stage->by == DD_ROLE_APPRAISER && c->appraiser_count == 0)
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

/* What opening reckons with: the programme, the cycle's own data (from page 1), the calendars. */
struct opening {
    struct dd_programme programme;
    uint32_t number;
    int32_t from_day;
    int32_t to_day;
    int16_t offset_min;
    const struct dd_named_date *dates;
    size_t date_count;
    const struct dd_report_due *reports;
    size_t report_count;
    struct dd_calendar_year *years;
    size_t year_count;
};

enum { YEARS_ROUND = 3 }; /* a deadline lies at most so many years from its period */

static bool rolls(const struct dd_programme *programme)
{
    for (size_t i = 0; i < programme->stage_count; i++) {
        if (programme->stage[i].deadline.roll || programme->stage[i].deadline.working)
            return true;
    }
    return false;
}

/* The calendars that the cycle's deadlines may roll by, where any of them does. */
static enum dd_status read_calendars(struct dd_judgement *j, struct opening *o)
{
    int first;
    int last;
    int month;
    int day;
    struct dd_calendar_year *year = dd_arena_take(j->context->arena, sizeof *year);
    size_t count = 0;
    dd_day_to_civil(o->from_day, &first, &month, &day);
    dd_day_to_civil(o->to_day, &last, &month, &day);
    if (!year)
        return DD_NO_MEMORY;
    if (dd_get_calendar(j->view, first, year))
        o->offset_min = year->offset_min;
    if (!rolls(&o->programme))
        return DD_OK;
    for (int y = first - YEARS_ROUND; y <= last + YEARS_ROUND; y++)
        count += dd_get_calendar(j->view, y, year);
    o->years = dd_arena_take(j->context->arena, (count + 1) * sizeof *o->years);
    if (!o->years)
        return DD_NO_MEMORY;
    for (int y = first - YEARS_ROUND; y <= last + YEARS_ROUND; y++)
        o->year_count += dd_get_calendar(j->view, y, &o->years[o->year_count]);
    return DD_OK;
}

/* The cycle's date for the stage: the one that its rule names; or, over a rule that comes back, one
 * that is called like the stage itself. */
static const struct dd_named_date *date_for(const struct opening *o, const struct dd_stage *stage)
{
    const struct dd_deadline_rule *rule = &stage->deadline;
    struct dd_slice name = rule->every != 0 ? stage->key : rule->date;
    for (size_t i = 0; rule->word != 0 && name.size > 0 && i < o->date_count; i++) {
        if (dd_slice_equal(o->dates[i].name, name))
            return &o->dates[i];
    }
    return NULL;
}

/* The last accepted day of a stage that has one for the whole cycle; INT32_MAX: none. */
static int32_t stage_last_day(struct dd_judgement *j, const struct opening *o,
                              const struct dd_stage *stage)
{
    const struct dd_deadline_rule *rule = &stage->deadline;
    const struct dd_named_date *date = date_for(o, stage);
    bool once = stage->act == DD_ACT_HAND_IN || stage->act == DD_ACT_DECIDE;
    if (date && (once || rule->every == 0))
        return dd_deadline_rule_given(rule, rule->word, date->day, o->years, o->year_count);
    if (rule->every != 0 && once) {
        struct dd_span span = dd_span_at(rule->every, o->from_day);
        return dd_deadline_rule_owes(rule, span)
                   ? dd_deadline_rule_last_day(rule, span, o->years, o->year_count)
                   : INT32_MAX;
    }
    if (rule->anchor == DD_ANCHOR_OPENING && stage->act == DD_ACT_HAND_IN)
        return dd_deadline_rule_relative(rule, dd_day_at(j->context->at_ms, o->offset_min),
                                         o->years, o->year_count);
    return INT32_MAX;
}

static void fill_last_days(struct dd_judgement *j, const struct opening *o, struct dd_event *event)
{
    static const struct dd_stage plain;
    const struct dd_programme *programme = &o->programme;
    uint8_t named = dd_named_report_stage(programme);
    const struct dd_stage *stage =
        named < programme->stage_count ? &programme->stage[named] : &plain;
    event->stage_count = programme->stage_count;
    event->report_count = (uint8_t)o->report_count;
    for (size_t i = 0; i < programme->stage_count; i++)
        event->last_day[i] = stage_last_day(j, o, &programme->stage[i]);
    for (size_t i = 0; i < o->report_count; i++)
        event->last_day[programme->stage_count + i] = dd_deadline_rule_given(
            &stage->deadline, o->reports[i].word, o->reports[i].day, o->years, o->year_count);
}

/* Where the rule counts or rolls by working days: the calendars from the day that it began with to
 * the one that came out. */
static enum dd_status needs_calendars(struct dd_judgement *j, const struct dd_deadline_rule *rule,
                                      const char *field, int32_t from, int32_t last_day)
{
    return (rule->working || rule->roll) && last_day != INT32_MAX
               ? dd_needs_calendars(j, field, from, last_day)
               : DD_OK;
}

/* The same for the day that a stage has for the whole cycle. */
static enum dd_status check_stage_calendars(struct dd_judgement *j, const struct opening *o,
                                            const struct dd_stage *stage, int32_t last_day)
{
    const struct dd_deadline_rule *rule = &stage->deadline;
    const struct dd_named_date *date = date_for(o, stage);
    if (rule->anchor != 0)
        return needs_calendars(j, rule, "programme", dd_day_at(j->context->at_ms, o->offset_min),
                               last_day);
    if (date)
        return needs_calendars(j, rule, "dates", dd_deadline_last_day(rule->word, date->day),
                               last_day);
    if (rule->every == 0)
        return DD_OK;
    return needs_calendars(j, rule, "programme",
                           dd_deadline_rule_named_day(rule, dd_span_at(rule->every, o->from_day)),
                           last_day);
}

/* The calendars behind the days of the opened event. */
static enum dd_status check_calendars(struct dd_judgement *j, const struct opening *o,
                                      const struct dd_event *opened)
{
    const struct dd_programme *programme = &o->programme;
    uint8_t named = dd_named_report_stage(programme);
    enum dd_status status = DD_OK;
    for (size_t i = 0; status == DD_OK && i < programme->stage_count; i++)
        status = check_stage_calendars(j, o, &programme->stage[i], opened->last_day[i]);
    for (size_t i = 0; status == DD_OK && named < programme->stage_count && i < o->report_count;
         i++)
        status = needs_calendars(j, &programme->stage[named].deadline, "reports",
                                 dd_deadline_last_day(o->reports[i].word, o->reports[i].day),
                                 opened->last_day[programme->stage_count + i]);
    return status;
}

/* One that comes back; what the cycle dates itself was checked with its stage. */
static enum dd_status check_occurrence(struct dd_judgement *j, const struct opening *o,
                                       const struct dd_occurrence *occurrence)
{
    const struct dd_deadline_rule *rule = &o->programme.stage[occurrence->stage].deadline;
    if (occurrence->span.every == 0)
        return DD_OK;
    return needs_calendars(j, rule, "programme", dd_deadline_rule_named_day(rule, occurrence->span),
                           occurrence->last_day);
}

/* What the parties owe again and again. A duty whose bound has passed before the cycle opens was
 * never owed: a rule binds nobody before it is there. */
static enum dd_status scheduled(struct dd_judgement *j, const struct opening *o,
                                const struct dd_event *opened)
{
    size_t size = DD_OCCURRENCES_MAX * sizeof(struct dd_occurrence);
    struct dd_occurrence *all = dd_arena_take(j->context->arena, size);
    uint8_t *bytes = dd_arena_take(j->context->arena, DD_OCCURRENCES_MAX * DD_OCCURRENCE_BYTES);
    if (!all || !bytes)
        return DD_NO_MEMORY;
    struct dd_writer w = dd_writer_make(bytes, DD_OCCURRENCES_MAX * DD_OCCURRENCE_BYTES);
    size_t count = dd_programme_expand(&o->programme, o->from_day, o->to_day, o->years,
                                       o->year_count, all, DD_OCCURRENCES_MAX);
    if (count > DD_OCCURRENCES_MAX)
        return dd_no_number(j, DD_RULE_TOO_MANY, "to", DD_OCCURRENCES_MAX);
    for (size_t i = 0; i < count; i++) {
        if (all[i].span.every == 0)
            all[i].last_day = opened->last_day[all[i].stage];
        if (dd_deadline_bound_after(all[i].last_day, o->offset_min) <= j->context->at_ms)
            continue;
        enum dd_status status = check_occurrence(j, o, &all[i]);
        if (status != DD_OK)
            return status;
        dd_occurrence_write(&w, &all[i]);
    }
    if (w.at == 0)
        return DD_OK;
    DD_EVENT_OR_RETURN(event, j, DD_EVENT_CYCLE_SCHEDULED);
    event->number = o->number;
    event->list = dd_writer_slice(&w);
    return DD_OK;
}

static enum dd_status opened(struct dd_judgement *j, const struct dd_open_cycle *c, uint32_t number,
                             const struct dd_cycle_row *staged)
{
    struct opening o = {.number = number,
                        .from_day = c->from_day,
                        .to_day = c->to_day,
                        .dates = c->dates,
                        .date_count = c->date_count,
                        .reports = c->reports,
                        .report_count = c->report_count};
    uint32_t programme = dd_number_of(j->view, DD_TABLE_PROGRAMME_CODE, c->programme);
    if (c->page > 1) {
        programme = staged->programme;
        o.from_day = staged->from_day;
        o.to_day = staged->to_day;
        o.dates = staged->date;
        o.date_count = staged->date_count;
        o.reports = staged->report;
        o.report_count = staged->report_count;
    }
    if (!dd_get_programme(j->view, programme, &o.programme))
        return DD_CORRUPT;
    enum dd_status status = read_calendars(j, &o);
    if (status != DD_OK)
        return status;
    DD_EVENT_OR_RETURN(event, j, DD_EVENT_CYCLE_OPENED);
    event->number = number;
    fill_last_days(j, &o, event);
    status = check_calendars(j, &o, event);
    return status == DD_OK ? scheduled(j, &o, event) : status;
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
