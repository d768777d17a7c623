/* Rows about the organisation: the jurisdiction, groups, units, accounts, calendars, programmes and
 * cycles, and the numbers behind codes. See core/row.h. */
#include <string.h>

#include "core/invariant.h"
#include "core/row_parts.h"

/* A programme's texts came in one command; what its numbers take beside them is less than that. */
enum { CYCLE_ROW_BYTES = 16384, PROGRAMME_ROW_BYTES = 2 * DD_COMMAND_BYTES_MAX };

static struct dd_key key_of(enum dd_table table, uint64_t a, uint64_t b)
{
    return (struct dd_key){.table = table, .part = {a, b, 0, 0, 0, 0}};
}

bool dd_get_meta(const struct dd_view *view, struct dd_meta_row *out)
{
    struct dd_key key = key_of(DD_TABLE_META, 0, 0);
    struct dd_reader r;
    if (!dd_row_get(view, &key, &r))
        return false;
    out->jurisdiction = dd_read_text8(&r);
    out->origin = dd_read_text16(&r);
    out->rehearsal = dd_read_u8(&r) != 0;
    dd_read_raw(&r, out->instance, sizeof out->instance);
    out->groups = dd_read_u32(&r);
    out->units = dd_read_u32(&r);
    out->accounts = dd_read_u32(&r);
    out->programmes = dd_read_u32(&r);
    out->cycles = dd_read_u32(&r);
    out->publications = dd_read_u32(&r);
    DD_ASSERT(dd_reader_done(&r));
    return true;
}

void dd_put_meta(const struct dd_view *view, const struct dd_meta_row *row)
{
    struct dd_key key = key_of(DD_TABLE_META, 0, 0);
    uint8_t bytes[640];
    struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
    dd_write_text8(&w, row->jurisdiction);
    dd_write_text16(&w, row->origin);
    dd_write_u8(&w, row->rehearsal);
    dd_write_raw(&w, row->instance, sizeof row->instance);
    dd_write_u32(&w, row->groups);
    dd_write_u32(&w, row->units);
    dd_write_u32(&w, row->accounts);
    dd_write_u32(&w, row->programmes);
    dd_write_u32(&w, row->cycles);
    dd_write_u32(&w, row->publications);
    dd_row_put(view, &key, &w);
}

bool dd_get_group(const struct dd_view *view, uint32_t group, struct dd_group_row *out)
{
    struct dd_key key = key_of(DD_TABLE_GROUP, group, 0);
    struct dd_reader r;
    if (!dd_row_get(view, &key, &r))
        return false;
    out->code = dd_read_text8(&r);
    out->name = dd_read_text16(&r);
    DD_ASSERT(dd_reader_done(&r));
    return true;
}

void dd_put_group(const struct dd_view *view, uint32_t group, const struct dd_group_row *row)
{
    struct dd_key key = key_of(DD_TABLE_GROUP, group, 0);
    uint8_t bytes[16 + DD_CODE_BYTES_MAX + DD_NAME_BYTES_MAX];
    struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
    dd_write_text8(&w, row->code);
    dd_write_text16(&w, row->name);
    dd_row_put(view, &key, &w);
}

bool dd_get_unit(const struct dd_view *view, uint32_t unit, struct dd_unit_row *out)
{
    struct dd_key key = key_of(DD_TABLE_UNIT, unit, 0);
    struct dd_reader r;
    if (!dd_row_get(view, &key, &r))
        return false;
    out->group = dd_read_u32(&r);
    out->ordinal = dd_read_u16(&r);
    out->parent = dd_read_u32(&r);
    out->from_day = dd_read_i32(&r);
    out->to_day = dd_read_i32(&r);
    out->successor = dd_read_u32(&r);
    out->code = dd_read_text8(&r);
    out->name = dd_read_text16(&r);
    out->head_title = dd_read_text16(&r);
    DD_ASSERT(dd_reader_done(&r));
    return true;
}

void dd_put_unit(const struct dd_view *view, uint32_t unit, const struct dd_unit_row *row)
{
    struct dd_key key = key_of(DD_TABLE_UNIT, unit, 0);
    uint8_t bytes[64 + DD_CODE_BYTES_MAX + 2 * DD_NAME_BYTES_MAX];
    struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
    dd_write_u32(&w, row->group);
    dd_write_u16(&w, row->ordinal);
    dd_write_u32(&w, row->parent);
    dd_write_i32(&w, row->from_day);
    dd_write_i32(&w, row->to_day);
    dd_write_u32(&w, row->successor);
    dd_write_text8(&w, row->code);
    dd_write_text16(&w, row->name);
    dd_write_text16(&w, row->head_title);
    dd_row_put(view, &key, &w);
}

bool dd_get_staged(const struct dd_view *view, uint32_t account, uint32_t index,
                   struct dd_staged_row *out)
{
    struct dd_key key = key_of(DD_TABLE_UNIT_STAGED, account, index);
    struct dd_reader r;
    if (!dd_row_get(view, &key, &r))
        return false;
    struct dd_unit_put *unit = &out->unit;
    unit->ordinal = dd_read_u16(&r);
    unit->from_day = dd_read_i32(&r);
    unit->to_day = dd_read_i32(&r);
    unit->code = dd_read_text8(&r);
    unit->group = dd_read_text8(&r);
    unit->parent = dd_read_text8(&r);
    unit->successor = dd_read_text8(&r);
    unit->name = dd_read_text16(&r);
    unit->head_title = dd_read_text16(&r);
    DD_ASSERT(dd_reader_done(&r));
    return true;
}

void dd_put_staged(const struct dd_view *view, uint32_t account, uint32_t index,
                   const struct dd_staged_row *row)
{
    struct dd_key key = key_of(DD_TABLE_UNIT_STAGED, account, index);
    const struct dd_unit_put *unit = &row->unit;
    uint8_t bytes[64 + 4 * DD_CODE_BYTES_MAX + 2 * DD_NAME_BYTES_MAX];
    struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
    dd_write_u16(&w, unit->ordinal);
    dd_write_i32(&w, unit->from_day);
    dd_write_i32(&w, unit->to_day);
    dd_write_text8(&w, unit->code);
    dd_write_text8(&w, unit->group);
    dd_write_text8(&w, unit->parent);
    dd_write_text8(&w, unit->successor);
    dd_write_text16(&w, unit->name);
    dd_write_text16(&w, unit->head_title);
    dd_row_put(view, &key, &w);
}

void dd_del_staged(const struct dd_view *view, uint32_t account, uint32_t index)
{
    struct dd_key key = key_of(DD_TABLE_UNIT_STAGED, account, index);
    view->del(view->self, &key);
}

bool dd_get_account(const struct dd_view *view, uint32_t account, struct dd_account_row *out)
{
    struct dd_key key = key_of(DD_TABLE_ACCOUNT, account, 0);
    struct dd_reader r;
    if (!dd_row_get(view, &key, &r))
        return false;
    out->code = dd_read_text8(&r);
    dd_read_raw(&r, out->link_key, sizeof out->link_key);
    dd_read_raw(&r, out->sign_key, sizeof out->sign_key);
    out->from_ms = dd_read_i64(&r);
    out->to_ms = dd_read_i64(&r);
    out->revoked_ms = dd_read_i64(&r);
    out->staged_units = dd_read_u16(&r);
    out->staged_pages = dd_read_u16(&r);
    out->office_count = dd_read_u8(&r);
    DD_ASSERT(out->office_count <= DD_OFFICES_PER_ACCOUNT_MAX);
    for (size_t i = 0; i < out->office_count; i++) {
        out->office[i].role = (enum dd_role)dd_read_u8(&r);
        out->office[i].unit = dd_read_u32(&r);
        out->office[i].from_day = dd_read_i32(&r);
        out->office[i].to_day = dd_read_i32(&r);
    }
    DD_ASSERT(dd_reader_done(&r));
    return true;
}

void dd_put_account(const struct dd_view *view, uint32_t account, const struct dd_account_row *row)
{
    struct dd_key key = key_of(DD_TABLE_ACCOUNT, account, 0);
    uint8_t bytes[160 + DD_CODE_BYTES_MAX + 13 * DD_OFFICES_PER_ACCOUNT_MAX];
    struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
    dd_write_text8(&w, row->code);
    dd_write_raw(&w, row->link_key, sizeof row->link_key);
    dd_write_raw(&w, row->sign_key, sizeof row->sign_key);
    dd_write_i64(&w, row->from_ms);
    dd_write_i64(&w, row->to_ms);
    dd_write_i64(&w, row->revoked_ms);
    dd_write_u16(&w, row->staged_units);
    dd_write_u16(&w, row->staged_pages);
    dd_write_u8(&w, row->office_count);
    for (size_t i = 0; i < row->office_count; i++) {
        dd_write_u8(&w, (uint8_t)row->office[i].role);
        dd_write_u32(&w, row->office[i].unit);
        dd_write_i32(&w, row->office[i].from_day);
        dd_write_i32(&w, row->office[i].to_day);
    }
    dd_row_put(view, &key, &w);
}

bool dd_get_calendar(const struct dd_view *view, int year, struct dd_calendar_year *out)
{
    struct dd_key key = key_of(DD_TABLE_CALENDAR, (uint64_t)year, 0);
    struct dd_reader r;
    if (!dd_row_get(view, &key, &r))
        return false;
    out->year = year;
    out->offset_min = (int16_t)dd_read_u16(&r);
    out->count = dd_read_u16(&r);
    DD_ASSERT(out->count <= DD_CALENDAR_DAYS_MAX);
    for (size_t i = 0; i < out->count; i++) {
        out->day[i].day = dd_read_i32(&r);
        out->day[i].works = dd_read_u8(&r) != 0;
    }
    DD_ASSERT(dd_reader_done(&r));
    return true;
}

void dd_put_calendar(const struct dd_view *view, const struct dd_calendar_year *row)
{
    struct dd_key key = key_of(DD_TABLE_CALENDAR, (uint64_t)row->year, 0);
    uint8_t bytes[16 + 5 * DD_CALENDAR_DAYS_MAX];
    struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
    dd_write_u16(&w, (uint16_t)row->offset_min);
    dd_write_u16(&w, row->count);
    for (size_t i = 0; i < row->count; i++) {
        dd_write_i32(&w, row->day[i].day);
        dd_write_u8(&w, row->day[i].works);
    }
    dd_row_put(view, &key, &w);
}

bool dd_get_programme(const struct dd_view *view, uint32_t programme, struct dd_programme *out)
{
    struct dd_key key = key_of(DD_TABLE_PROGRAMME, programme, 0);
    struct dd_slice value;
    if (!view->get(view->self, &key, &value))
        return false;
    bool read = dd_programme_read(value, out);
    DD_ASSERT(read);
    return true;
}

void dd_put_programme(const struct dd_view *view, uint32_t programme,
                      const struct dd_programme *row)
{
    struct dd_key key = key_of(DD_TABLE_PROGRAMME, programme, 0);
    uint8_t bytes[PROGRAMME_ROW_BYTES];
    struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
    dd_programme_write(&w, row);
    dd_row_put(view, &key, &w);
}

static void read_cycle_lists(struct dd_reader *r, struct dd_cycle_row *out)
{
    out->date_count = dd_read_u8(r);
    DD_ASSERT(out->date_count <= DD_DATES_MAX);
    for (size_t i = 0; i < out->date_count; i++) {
        out->date[i].name = dd_read_text8(r);
        out->date[i].day = dd_read_i32(r);
    }
    out->period_count = dd_read_u8(r);
    DD_ASSERT(out->period_count <= DD_PERIODS_MAX);
    for (size_t i = 0; i < out->period_count; i++) {
        out->period[i].code = dd_read_text8(r);
        out->period[i].from_day = dd_read_i32(r);
        out->period[i].to_day = dd_read_i32(r);
    }
    out->report_count = dd_read_u8(r);
    DD_ASSERT(out->report_count <= DD_REPORTS_MAX);
    for (size_t i = 0; i < out->report_count; i++) {
        out->report[i].code = dd_read_text8(r);
        out->report[i].word = (enum dd_deadline_word)dd_read_u8(r);
        out->report[i].day = dd_read_i32(r);
        out->report_last_day[i] = dd_read_i32(r);
    }
    out->appraiser_count = dd_read_u8(r);
    DD_ASSERT(out->appraiser_count <= DD_APPRAISERS_MAX);
    for (size_t i = 0; i < out->appraiser_count; i++)
        out->appraiser[i] = dd_read_u32(r);
    out->approver_count = dd_read_u8(r);
    DD_ASSERT(out->approver_count <= DD_APPROVERS_MAX);
    for (size_t i = 0; i < out->approver_count; i++)
        out->approver[i] = dd_read_u32(r);
    for (size_t i = 0; i < DD_STAGES_MAX; i++)
        out->stage_last_day[i] = dd_read_i32(r);
    out->occurrences = dd_read_text16(r);
}

bool dd_get_cycle(const struct dd_view *view, uint32_t cycle, struct dd_cycle_row *out)
{
    struct dd_key key = key_of(DD_TABLE_CYCLE, cycle, 0);
    struct dd_reader r;
    if (!dd_row_get(view, &key, &r))
        return false;
    out->code = dd_read_text8(&r);
    out->programme = dd_read_u32(&r);
    out->host = dd_read_u32(&r);
    out->from_day = dd_read_i32(&r);
    out->to_day = dd_read_i32(&r);
    out->offset_min = (int16_t)dd_read_u16(&r);
    out->state = (enum dd_cycle_state)dd_read_u8(&r);
    out->opener = dd_read_u32(&r);
    out->pages = dd_read_u16(&r);
    out->parties = dd_read_u32(&r);
    out->matters = dd_read_u16(&r);
    read_cycle_lists(&r, out);
    DD_ASSERT(dd_reader_done(&r));
    return true;
}

static void write_cycle_lists(struct dd_writer *w, const struct dd_cycle_row *row)
{
    dd_write_u8(w, row->date_count);
    for (size_t i = 0; i < row->date_count; i++) {
        dd_write_text8(w, row->date[i].name);
        dd_write_i32(w, row->date[i].day);
    }
    dd_write_u8(w, row->period_count);
    for (size_t i = 0; i < row->period_count; i++) {
        dd_write_text8(w, row->period[i].code);
        dd_write_i32(w, row->period[i].from_day);
        dd_write_i32(w, row->period[i].to_day);
    }
    dd_write_u8(w, row->report_count);
    for (size_t i = 0; i < row->report_count; i++) {
        dd_write_text8(w, row->report[i].code);
        dd_write_u8(w, (uint8_t)row->report[i].word);
        dd_write_i32(w, row->report[i].day);
        dd_write_i32(w, row->report_last_day[i]);
    }
    dd_write_u8(w, row->appraiser_count);
    for (size_t i = 0; i < row->appraiser_count; i++)
        dd_write_u32(w, row->appraiser[i]);
    dd_write_u8(w, row->approver_count);
    for (size_t i = 0; i < row->approver_count; i++)
        dd_write_u32(w, row->approver[i]);
    for (size_t i = 0; i < DD_STAGES_MAX; i++)
        dd_write_i32(w, row->stage_last_day[i]);
    dd_write_text16(w, row->occurrences);
}

void dd_put_cycle(const struct dd_view *view, uint32_t cycle, const struct dd_cycle_row *row)
{
    struct dd_key key = key_of(DD_TABLE_CYCLE, cycle, 0);
    uint8_t bytes[CYCLE_ROW_BYTES];
    struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
    dd_write_text8(&w, row->code);
    dd_write_u32(&w, row->programme);
    dd_write_u32(&w, row->host);
    dd_write_i32(&w, row->from_day);
    dd_write_i32(&w, row->to_day);
    dd_write_u16(&w, (uint16_t)row->offset_min);
    dd_write_u8(&w, (uint8_t)row->state);
    dd_write_u32(&w, row->opener);
    dd_write_u16(&w, row->pages);
    dd_write_u32(&w, row->parties);
    dd_write_u16(&w, row->matters);
    write_cycle_lists(&w, row);
    dd_row_put(view, &key, &w);
}

uint32_t dd_number_of(const struct dd_view *view, enum dd_table table, struct dd_slice code)
{
    struct dd_key key = {.table = table, .part = {0, 0, 0, 0, 0, 0}, .tail = code};
    struct dd_reader r;
    if (code.size == 0 || !dd_row_get(view, &key, &r))
        return 0;
    uint32_t number = dd_read_u32(&r);
    DD_ASSERT(dd_reader_done(&r) && number > 0);
    return number;
}

void dd_put_number(const struct dd_view *view, enum dd_table table, struct dd_slice code,
                   uint32_t number)
{
    struct dd_key key = {.table = table, .part = {0, 0, 0, 0, 0, 0}, .tail = code};
    uint8_t bytes[4];
    struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
    dd_write_u32(&w, number);
    dd_row_put(view, &key, &w);
}

void dd_del_number(const struct dd_view *view, enum dd_table table, struct dd_slice code)
{
    struct dd_key key = {.table = table, .part = {0, 0, 0, 0, 0, 0}, .tail = code};
    view->del(view->self, &key);
}

uint32_t dd_group_number(const struct dd_view *view, struct dd_slice code)
{
    struct dd_meta_row meta;
    struct dd_group_row row;
    if (!dd_get_meta(view, &meta))
        return 0;
    for (uint32_t i = 1; i <= meta.groups; i++) {
        if (dd_get_group(view, i, &row) && dd_slice_equal(row.code, code))
            return i;
    }
    return 0;
}
