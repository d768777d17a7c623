/* Events to bytes and back. See core/event.h. */
#include "core/event.h"

#include <string.h>

struct event_row {
    enum dd_event_kind kind;
    const char *word;
};

static const struct event_row rows[] = {
#define ROW(name, number, word) {DD_EVENT_##name, word},
    DD_EVENT_TABLE(ROW)
#undef ROW
};

const char *dd_event_word(enum dd_event_kind kind)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].kind == kind)
            return rows[i].word;
    }
    return "";
}

struct dd_event *dd_events_add(struct dd_events *events, enum dd_event_kind kind)
{
    if (events->count == events->capacity)
        return NULL;
    struct dd_event *event = &events->event[events->count++];
    memset(event, 0, sizeof *event);
    event->kind = kind;
    return event;
}

static void write_duty(struct dd_writer *w, const struct dd_duty_key *duty)
{
    dd_write_u32(w, duty->cycle);
    dd_write_u32(w, duty->unit);
    dd_write_u8(w, duty->stage);
    dd_write_u16(w, duty->a);
    dd_write_u16(w, duty->b);
}

static void read_duty(struct dd_reader *r, struct dd_duty_key *duty)
{
    duty->cycle = dd_read_u32(r);
    duty->unit = dd_read_u32(r);
    duty->stage = dd_read_u8(r);
    duty->a = dd_read_u16(r);
    duty->b = dd_read_u16(r);
}

static void write_opened(struct dd_writer *w, const struct dd_event *event)
{
    dd_write_u32(w, event->number);
    dd_write_u8(w, event->stage_count);
    dd_write_u8(w, event->report_count);
    for (size_t i = 0; i < (size_t)event->stage_count + event->report_count; i++)
        dd_write_i32(w, event->last_day[i]);
}

static void read_opened(struct dd_reader *r, struct dd_event *event)
{
    event->number = dd_read_u32(r);
    event->stage_count = dd_read_u8(r);
    event->report_count = dd_read_u8(r);
    if (event->stage_count > DD_STAGES_MAX || event->report_count > DD_REPORTS_MAX)
        r->broken = true;
    for (size_t i = 0; !r->broken && i < (size_t)event->stage_count + event->report_count; i++)
        event->last_day[i] = dd_read_i32(r);
}

static void write_submitted(struct dd_writer *w, const struct dd_event *event)
{
    dd_write_u16(w, event->version);
    dd_write_raw(w, event->content_hash, sizeof event->content_hash);
    dd_write_u8(w, event->adjustment);
    dd_write_u8(w, event->stage);
    dd_write_u8(w, (uint8_t)event->end);
}

static void read_submitted(struct dd_reader *r, struct dd_event *event)
{
    event->version = dd_read_u16(r);
    dd_read_raw(r, event->content_hash, sizeof event->content_hash);
    event->adjustment = dd_read_u8(r) != 0;
    event->stage = dd_read_u8(r);
    event->end = (enum dd_end)dd_read_u8(r);
}

static void write_fields(struct dd_writer *w, const struct dd_event *event)
{
    switch (event->kind) {
    case DD_EVENT_ACCOUNT_PUT:
    case DD_EVENT_PROGRAMME_PUT:
    case DD_EVENT_CYCLE_STAGED:
    case DD_EVENT_ACCOUNT_REVOKED:
        dd_write_u32(w, event->number);
        return;
    case DD_EVENT_CYCLE_OPENED:
        write_opened(w, event);
        return;
    case DD_EVENT_VERSION_SUBMITTED:
        write_submitted(w, event);
        return;
    case DD_EVENT_REPORT_RECEIVED:
        dd_write_u8(w, (uint8_t)event->number);
        dd_write_u16(w, event->version);
        dd_write_u8(w, (uint8_t)event->end);
        return;
    case DD_EVENT_VERSION_RETURNED:
    case DD_EVENT_VERSION_AGREED:
    case DD_EVENT_VERSION_APPROVED:
        dd_write_u8(w, event->stage);
        dd_write_u8(w, event->next_stage);
        dd_write_u8(w, (uint8_t)event->end);
        return;
    case DD_EVENT_DUTY_LAPSED:
        write_duty(w, &event->duty);
        return;
    case DD_EVENT_RUNG_REACHED:
        write_duty(w, &event->duty);
        dd_write_u8(w, (uint8_t)event->rung);
        dd_write_u8(w, event->superior);
        dd_write_i64(w, event->at_ms);
        return;
    case DD_EVENT_FOUNDED:
    case DD_EVENT_UNITS_STAGED:
    case DD_EVENT_UNITS_PUT:
    case DD_EVENT_CALENDAR_PUT:
    case DD_EVENT_CYCLE_CLOSED:
    case DD_EVENT_TASK_DRAFTED:
    case DD_EVENT_VERSION_WITHDRAWN:
    case DD_EVENT_OUTCOME_RECORDED:
    case DD_EVENT_REMINDER_NOTED:
        return;
    }
}

/* False for a kind that this program does not know: never skipped. */
static bool read_fields(struct dd_reader *r, struct dd_event *event)
{
    switch (event->kind) {
    case DD_EVENT_ACCOUNT_PUT:
    case DD_EVENT_PROGRAMME_PUT:
    case DD_EVENT_CYCLE_STAGED:
    case DD_EVENT_ACCOUNT_REVOKED:
        event->number = dd_read_u32(r);
        return true;
    case DD_EVENT_CYCLE_OPENED:
        read_opened(r, event);
        return true;
    case DD_EVENT_VERSION_SUBMITTED:
        read_submitted(r, event);
        return true;
    case DD_EVENT_REPORT_RECEIVED:
        event->number = dd_read_u8(r);
        event->version = dd_read_u16(r);
        event->end = (enum dd_end)dd_read_u8(r);
        return true;
    case DD_EVENT_VERSION_RETURNED:
    case DD_EVENT_VERSION_AGREED:
    case DD_EVENT_VERSION_APPROVED:
        event->stage = dd_read_u8(r);
        event->next_stage = dd_read_u8(r);
        event->end = (enum dd_end)dd_read_u8(r);
        return true;
    case DD_EVENT_DUTY_LAPSED:
        read_duty(r, &event->duty);
        return true;
    case DD_EVENT_RUNG_REACHED:
        read_duty(r, &event->duty);
        event->rung = (int8_t)dd_read_u8(r);
        event->superior = dd_read_u8(r) != 0;
        event->at_ms = dd_read_i64(r);
        return true;
    case DD_EVENT_FOUNDED:
    case DD_EVENT_UNITS_STAGED:
    case DD_EVENT_UNITS_PUT:
    case DD_EVENT_CALENDAR_PUT:
    case DD_EVENT_CYCLE_CLOSED:
    case DD_EVENT_TASK_DRAFTED:
    case DD_EVENT_VERSION_WITHDRAWN:
    case DD_EVENT_OUTCOME_RECORDED:
    case DD_EVENT_REMINDER_NOTED:
        return true;
    }
    return false;
}

void dd_events_write(struct dd_writer *w, const struct dd_events *events)
{
    dd_write_u16(w, (uint16_t)events->count);
    for (size_t i = 0; i < events->count; i++) {
        uint8_t fields[8 + 4 * DD_LAST_DAYS_MAX];
        struct dd_writer field = dd_writer_make(fields, sizeof fields);
        write_fields(&field, &events->event[i]);
        dd_write_u8(w, (uint8_t)events->event[i].kind);
        dd_write_text16(w, dd_writer_slice(&field));
    }
}

bool dd_events_read(struct dd_reader *r, struct dd_events *events)
{
    uint16_t count = dd_read_u16(r);
    events->count = 0;
    for (uint16_t i = 0; i < count; i++) {
        enum dd_event_kind kind = (enum dd_event_kind)dd_read_u8(r);
        struct dd_reader fields = dd_reader_make(dd_read_text16(r));
        struct dd_event *event = r->broken ? NULL : dd_events_add(events, kind);
        if (!event || !read_fields(&fields, event) || !dd_reader_done(&fields))
            return false;
    }
    return !r->broken;
}
