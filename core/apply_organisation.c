/* What changes the organisation: genesis, units, accounts, calendars, programmes, cycles. See
 * core/apply_parts.h. */
#include <string.h>

#include "core/apply_parts.h"
#include "core/invariant.h"
#include "core/tally.h"

static void get_meta(const struct dd_view *view, struct dd_meta_row *meta)
{
    bool found = dd_get_meta(view, meta);
    DD_ASSERT(found);
}

static void put_account(const struct dd_change *change, const struct dd_put_account *put,
                        uint32_t number);

void dd_apply_founded(const struct dd_change *change, const struct dd_event *event)
{
    (void)event;
    const struct dd_genesis *c = &change->command->as.genesis;
    struct dd_meta_row meta = {
        .jurisdiction = c->jurisdiction, .origin = c->origin, .rehearsal = c->rehearsal};
    memcpy(meta.instance, c->instance, sizeof meta.instance);
    dd_put_meta(change->view, &meta);
    for (size_t i = 0; i < c->account_count; i++)
        put_account(change, &c->accounts[i], (uint32_t)(i + 1));
}

static void put_account(const struct dd_change *change, const struct dd_put_account *put,
                        uint32_t number)
{
    struct dd_account_row before = {.staged_units = 0};
    struct dd_meta_row meta;
    get_meta(change->view, &meta);
    if (number > meta.accounts) {
        meta.accounts = number;
        dd_put_meta(change->view, &meta);
    } else if (dd_get_account(change->view, number, &before)) {
        dd_del_number(change->view, DD_TABLE_LINK_KEY,
                      (struct dd_slice){before.link_key, sizeof before.link_key});
    }
    struct dd_account_row row = {.code = put->code,
                                 .from_ms = put->from_ms,
                                 .to_ms = put->to_ms,
                                 .staged_units = before.staged_units,
                                 .staged_pages = before.staged_pages,
                                 .office_count = (uint8_t)put->office_count};
    memcpy(row.link_key, put->link_key, sizeof row.link_key);
    memcpy(row.sign_key, put->sign_key, sizeof row.sign_key);
    for (size_t i = 0; i < put->office_count; i++) {
        row.office[i].role = put->offices[i].role;
        row.office[i].unit = dd_number_of(change->view, DD_TABLE_UNIT_CODE, put->offices[i].unit);
        row.office[i].from_day = put->offices[i].from_day;
        row.office[i].to_day = put->offices[i].to_day;
    }
    dd_put_account(change->view, number, &row);
    dd_put_number(change->view, DD_TABLE_ACCOUNT_CODE, put->code, number);
    dd_put_number(change->view, DD_TABLE_LINK_KEY,
                  (struct dd_slice){put->link_key, sizeof put->link_key}, number);
}

void dd_apply_account_put(const struct dd_change *change, const struct dd_event *event)
{
    put_account(change, &change->command->as.put_account, event->number);
}

void dd_apply_account_revoked(const struct dd_change *change, const struct dd_event *event)
{
    struct dd_account_row row;
    bool found = dd_get_account(change->view, event->number, &row);
    DD_ASSERT(found);
    row.revoked_ms = change->entry->received_ms;
    dd_put_account(change->view, event->number, &row);
}

void dd_apply_calendar_put(const struct dd_change *change, const struct dd_event *event)
{
    (void)event;
    const struct dd_put_calendar *c = &change->command->as.put_calendar;
    struct dd_calendar_year row = {
        .year = c->year, .offset_min = c->offset_min, .count = (uint16_t)c->day_count};
    for (size_t i = 0; i < c->day_count; i++)
        row.day[i] = c->days[i];
    dd_put_calendar(change->view, &row);
}

void dd_apply_programme_put(const struct dd_change *change, const struct dd_event *event)
{
    const struct dd_programme *c = &change->command->as.put_programme;
    struct dd_meta_row meta;
    get_meta(change->view, &meta);
    meta.programmes = event->number;
    dd_put_meta(change->view, &meta);
    dd_put_programme(change->view, event->number, c);
    dd_put_number(change->view, DD_TABLE_PROGRAMME_CODE, c->code, event->number);
}

static void put_groups(const struct dd_change *change, const struct dd_put_units *c)
{
    for (size_t i = 0; i < c->group_count; i++) {
        struct dd_group_row row = {c->groups[i].code, c->groups[i].name};
        uint32_t number = dd_group_number(change->view, row.code);
        if (number == 0) {
            struct dd_meta_row meta;
            get_meta(change->view, &meta);
            number = ++meta.groups;
            dd_put_meta(change->view, &meta);
        }
        dd_put_group(change->view, number, &row);
    }
}

/* First the numbers of all, so that parents and successors may come later in the same act. */
static void number_units(const struct dd_change *change, const struct dd_unit_put *units,
                         size_t count)
{
    struct dd_meta_row meta;
    get_meta(change->view, &meta);
    for (size_t i = 0; i < count; i++) {
        if (dd_number_of(change->view, DD_TABLE_UNIT_CODE, units[i].code) == 0)
            dd_put_number(change->view, DD_TABLE_UNIT_CODE, units[i].code, ++meta.units);
    }
    dd_put_meta(change->view, &meta);
}

static void put_units(const struct dd_change *change, const struct dd_unit_put *units, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct dd_unit_put *put = &units[i];
        struct dd_unit_row row = {
            .code = put->code,
            .name = put->name,
            .group = put->group.size > 0 ? dd_group_number(change->view, put->group) : 0,
            .ordinal = put->ordinal,
            .parent = dd_number_of(change->view, DD_TABLE_UNIT_CODE, put->parent),
            .head_title = put->head_title,
            .from_day = put->from_day,
            .to_day = put->to_day,
            .successor = dd_number_of(change->view, DD_TABLE_UNIT_CODE, put->successor)};
        dd_put_unit(change->view, dd_number_of(change->view, DD_TABLE_UNIT_CODE, put->code), &row);
    }
}

/* Takes a page in; page 1 puts away what is left of pages before. */
static void stage_units(const struct dd_change *change, struct dd_account_row *row)
{
    const struct dd_put_units *c = &change->command->as.put_units;
    uint32_t account = change->entry->account;
    for (uint32_t i = 0; c->page == 1 && i < row->staged_units; i++)
        dd_del_staged(change->view, account, i);
    uint32_t staged = c->page == 1 ? 0 : row->staged_units;
    for (size_t i = 0; i < c->unit_count; i++) {
        struct dd_staged_row stage = {c->units[i]};
        dd_put_staged(change->view, account, staged + (uint32_t)i, &stage);
    }
    row->staged_units = (uint16_t)(staged + c->unit_count);
    row->staged_pages = c->page;
}

/* The units of all pages, the last among them; puts the pages away. */
static struct dd_unit_put *gather_units(const struct dd_change *change, struct dd_account_row *row,
                                        size_t *count)
{
    const struct dd_put_units *c = &change->command->as.put_units;
    uint32_t account = change->entry->account;
    size_t staged = c->page > 1 ? row->staged_units : 0;
    struct dd_unit_put *units =
        dd_arena_take(change->arena, (staged + c->unit_count + 1) * sizeof *units);
    DD_ASSERT(units != NULL);
    for (uint32_t i = 0; i < row->staged_units; i++) {
        struct dd_staged_row stage;
        if (i < staged && dd_get_staged(change->view, account, i, &stage))
            units[i] = stage.unit;
        dd_del_staged(change->view, account, i);
    }
    for (size_t i = 0; i < c->unit_count; i++)
        units[staged + i] = c->units[i];
    row->staged_units = 0;
    row->staged_pages = 0;
    *count = staged + c->unit_count;
    return units;
}

void dd_apply_units(const struct dd_change *change, const struct dd_event *event)
{
    bool last = event->kind == DD_EVENT_UNITS_PUT;
    struct dd_account_row row;
    struct dd_unit_put *units = NULL;
    size_t count = 0;
    bool found = dd_get_account(change->view, change->entry->account, &row);
    DD_ASSERT(found);
    if (last)
        units = gather_units(change, &row, &count);
    else
        stage_units(change, &row);
    dd_put_account(change->view, change->entry->account, &row);
    if (!last)
        return;
    put_groups(change, &change->command->as.put_units);
    number_units(change, units, count);
    put_units(change, units, count);
}

static void fill_cycle(const struct dd_change *change, const struct dd_open_cycle *c,
                       struct dd_cycle_row *row)
{
    struct dd_calendar_year calendar;
    int year;
    int month;
    int day;
    row->programme = dd_number_of(change->view, DD_TABLE_PROGRAMME_CODE, c->programme);
    row->host = dd_number_of(change->view, DD_TABLE_UNIT_CODE, c->host);
    row->from_day = c->from_day;
    row->to_day = c->to_day;
    dd_day_to_civil(c->from_day, &year, &month, &day);
    bool found = dd_get_calendar(change->view, year, &calendar);
    DD_ASSERT(found);
    row->offset_min = calendar.offset_min;
    row->date_count = (uint8_t)c->date_count;
    row->period_count = (uint8_t)c->period_count;
    row->report_count = (uint8_t)c->report_count;
    row->appraiser_count = (uint8_t)c->appraiser_count;
    row->approver_count = (uint8_t)c->approver_count;
    for (size_t i = 0; i < c->date_count; i++)
        row->date[i] = c->dates[i];
    for (size_t i = 0; i < c->period_count; i++)
        row->period[i] = c->periods[i];
    for (size_t i = 0; i < c->report_count; i++)
        row->report[i] = c->reports[i];
    for (size_t i = 0; i < c->appraiser_count; i++)
        row->appraiser[i] = dd_number_of(change->view, DD_TABLE_UNIT_CODE, c->appraisers[i]);
    for (size_t i = 0; i < c->approver_count; i++)
        row->approver[i] = dd_number_of(change->view, DD_TABLE_ACCOUNT_CODE, c->approvers[i]);
}

/* Puts away the parties of pages before, for a cycle that begins anew. */
static void drop_parties(const struct dd_change *change, uint32_t cycle)
{
    struct dd_key from = {.table = DD_TABLE_DOSSIER, .part = {cycle, 0, 0, 0, 0, 0}};
    struct dd_key found;
    struct dd_slice value;
    while (change->view->next(change->view->self, &from, &found, &value) &&
           found.part[0] == cycle) {
        dd_del_dossier(change->view, cycle, (uint32_t)found.part[1]);
        from.part[1] = found.part[1] + 1;
    }
}

static void first_page(const struct dd_change *change, const struct dd_open_cycle *c,
                       uint32_t number, struct dd_cycle_row *row)
{
    uint8_t *code = dd_arena_take(change->arena, 2 * DD_CODE_BYTES_MAX + 1);
    struct dd_meta_row meta;
    DD_ASSERT(code != NULL);
    struct dd_writer w = dd_writer_make(code, 2 * DD_CODE_BYTES_MAX + 1);
    dd_write_raw(&w, c->programme.data, c->programme.size);
    dd_write_u8(&w, '/');
    dd_write_raw(&w, c->period.data, c->period.size);
    memset(row, 0, sizeof *row);
    row->code = dd_writer_slice(&w);
    row->state = DD_CYCLE_STAGED;
    row->opener = change->entry->account;
    fill_cycle(change, c, row);
    drop_parties(change, number);
    get_meta(change->view, &meta);
    if (number > meta.cycles)
        meta.cycles = number;
    dd_put_meta(change->view, &meta);
    dd_put_number(change->view, DD_TABLE_CYCLE_CODE, row->code, number);
}

void dd_apply_cycle_staged(const struct dd_change *change, const struct dd_event *event)
{
    const struct dd_open_cycle *c = &change->command->as.open_cycle;
    struct dd_cycle_row row;
    if (c->page == 1) {
        first_page(change, c, event->number, &row);
    } else {
        bool found = dd_get_cycle(change->view, event->number, &row);
        DD_ASSERT(found);
    }
    for (size_t i = 0; i < c->party_count; i++) {
        const struct dd_party *party = &c->parties[i];
        struct dd_dossier_row dossier = {.state = DD_DOSSIER_EMPTY};
        struct dd_unit_row unit;
        uint32_t number = dd_number_of(change->view, DD_TABLE_UNIT_CODE, party->unit);
        bool found = dd_get_unit(change->view, number, &unit);
        DD_ASSERT(found);
        dossier.group = unit.group;
        dossier.approver = dd_number_of(change->view, DD_TABLE_ACCOUNT_CODE, party->approver);
        if (dossier.approver == 0 && row.approver_count > 0)
            dossier.approver = row.approver[0];
        dd_put_dossier(change->view, event->number, number, &dossier);
    }
    row.parties += (uint32_t)c->party_count;
    row.pages = c->page;
    dd_put_cycle(change->view, event->number, &row);
}

/* The code of a party's group, by which stages are for it or not; empty: in none. */
static struct dd_slice group_of(const struct dd_change *change, const struct dd_process *process,
                                uint32_t unit)
{
    struct dd_dossier_row dossier;
    struct dd_group_row group;
    bool found = dd_get_dossier(change->view, process->number, unit, &dossier);
    DD_ASSERT(found);
    return dd_get_group(change->view, dossier.group, &group) ? group.code : dd_slice_of("");
}

static bool owes(const struct dd_process *process, uint8_t stage, struct dd_slice group)
{
    return stage < process->programme.stage_count &&
           dd_stage_is_for(&process->programme.stage[stage], group);
}

/* What a party owes from the first day: to hand in, and each report that the cycle names. */
static void party_duties(const struct dd_change *change, const struct dd_process *process,
                         uint32_t unit)
{
    const struct dd_programme *programme = &process->programme;
    uint8_t hand_in = dd_programme_stage(programme, DD_ACT_HAND_IN, 0);
    uint8_t report = dd_named_report_stage(programme);
    struct dd_slice group = group_of(change, process, unit);
    int64_t now_ms = change->entry->received_ms;
    if (owes(process, hand_in, group)) {
        struct dd_duty_key key = {process->number, unit, hand_in, 0, 0};
        dd_duty_arise(change->view, process, &key, process->cycle.stage_last_day[hand_in], now_ms);
    }
    for (uint16_t i = 0; owes(process, report, group) && i < process->cycle.report_count; i++) {
        struct dd_duty_key key = {process->number, unit, report, i, 0};
        dd_duty_arise(change->view, process, &key, process->cycle.report_last_day[i], now_ms);
    }
}

/* What it owes again and again. */
static void scheduled_duties(const struct dd_change *change, const struct dd_process *process,
                             uint32_t unit)
{
    struct dd_slice all = process->cycle.occurrences;
    struct dd_slice group = group_of(change, process, unit);
    for (size_t i = 0; i < all.size / DD_OCCURRENCE_BYTES; i++) {
        struct dd_occurrence occurrence = dd_occurrence_at(all, i);
        struct dd_duty_key key = {process->number, unit, occurrence.stage, (uint16_t)i, 0};
        if (owes(process, occurrence.stage, group))
            dd_duty_arise(change->view, process, &key, occurrence.last_day,
                          change->entry->received_ms);
    }
}

void dd_apply_cycle_scheduled(const struct dd_change *change, const struct dd_event *event)
{
    struct dd_process process;
    struct dd_key from = {.table = DD_TABLE_DOSSIER, .part = {event->number, 0, 0, 0, 0, 0}};
    struct dd_key found;
    struct dd_slice value;
    bool known = dd_process_get(change->view, event->number, &process);
    DD_ASSERT(known && process.cycle.state == DD_CYCLE_OPEN);
    process.cycle.occurrences = event->list;
    dd_put_cycle(change->view, event->number, &process.cycle);
    while (change->view->next(change->view->self, &from, &found, &value) &&
           found.part[0] == event->number) {
        scheduled_duties(change, &process, (uint32_t)found.part[1]);
        from.part[1] = found.part[1] + 1;
    }
}

void dd_apply_cycle_opened(const struct dd_change *change, const struct dd_event *event)
{
    struct dd_process process;
    struct dd_key from = {.table = DD_TABLE_DOSSIER, .part = {event->number, 0, 0, 0, 0, 0}};
    struct dd_key found;
    struct dd_slice value;
    dd_apply_cycle_staged(change, event); /* the last page's own parties */
    bool known = dd_process_get(change->view, event->number, &process);
    DD_ASSERT(known && event->stage_count == process.programme.stage_count &&
              event->report_count == process.cycle.report_count);
    process.cycle.state = DD_CYCLE_OPEN;
    for (size_t i = 0; i < event->stage_count; i++)
        process.cycle.stage_last_day[i] = event->last_day[i];
    for (size_t i = 0; i < event->report_count; i++)
        process.cycle.report_last_day[i] = event->last_day[event->stage_count + i];
    dd_put_cycle(change->view, event->number, &process.cycle);
    while (change->view->next(change->view->self, &from, &found, &value) &&
           found.part[0] == event->number) {
        struct dd_dossier_row dossier;
        uint32_t unit = (uint32_t)found.part[1];
        if (dd_get_dossier(change->view, event->number, unit, &dossier))
            dd_tally_join(change->view, &process, dossier.group);
        party_duties(change, &process, unit);
        from.part[1] = found.part[1] + 1;
    }
}

void dd_apply_cycle_closed(const struct dd_change *change, const struct dd_event *event)
{
    (void)event;
    struct dd_cycle_row row;
    uint32_t number =
        dd_number_of(change->view, DD_TABLE_CYCLE_CODE, change->command->as.close_cycle.cycle);
    bool found = dd_get_cycle(change->view, number, &row);
    DD_ASSERT(found);
    row.state = DD_CYCLE_CLOSED;
    dd_put_cycle(change->view, number, &row);
    dd_duty_stop_all(change->view, number);
}
