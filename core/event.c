/* Events to bytes and back. See core/event.h. */
#include "core/event.h"

#include <string.h>

#include "core/invariant.h"
#include "core/schedule.h"

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

static void write_last_days(struct dd_writer *w, const struct dd_event *event)
{
    dd_write_u8(w, event->stage_count);
    dd_write_u8(w, event->report_count);
    for (size_t i = 0; i < (size_t)event->stage_count + event->report_count; i++)
        dd_write_i32(w, event->last_day[i]);
}

static void read_last_days(struct dd_reader *r, struct dd_event *event)
{
    event->stage_count = dd_read_u8(r);
    event->report_count = dd_read_u8(r);
    if (event->stage_count > DD_STAGES_MAX || event->report_count > DD_REPORTS_MAX)
        r->broken = true;
    for (size_t i = 0; !r->broken && i < (size_t)event->stage_count + event->report_count; i++)
        event->last_day[i] = dd_read_i32(r);
}

/* A list that deciding made too long is a bug; one that is read so is a broken log. */
static void write_occurrences(struct dd_writer *w, struct dd_slice list)
{
    size_t count = list.size / DD_OCCURRENCE_BYTES;
    DD_ASSERT(list.size % DD_OCCURRENCE_BYTES == 0 && count <= DD_OCCURRENCES_MAX);
    dd_write_u16(w, (uint16_t)count);
    dd_write_raw(w, list.data, list.size);
}

static struct dd_slice read_occurrences(struct dd_reader *r)
{
    uint16_t count = dd_read_u16(r);
    if (count > DD_OCCURRENCES_MAX)
        r->broken = true;
    return dd_read_slice(r, (size_t)count * DD_OCCURRENCE_BYTES);
}

/* What an event's bytes consist of, in their order. */
enum field {
    NO_MORE,
    NUMBER_8,
    NUMBER_16,
    NUMBER_32,
    VERSION,
    HASH,
    ADJUSTMENT,
    STAGE,
    NEXT_STAGE,
    ENDED,
    DUTY,
    RUNG,
    SUPERIOR,
    INSTANT,
    LAST_DAYS,
    DELEGATION,
    OCCURRENCES,
    UNKNOWN
};

struct layout {
    enum field field[6]; /* up to NO_MORE */
};

/* The layout of each kind: it never changes. */
static struct layout layout_of(enum dd_event_kind kind)
{
    switch (kind) {
    case DD_EVENT_ACCOUNT_PUT:
    case DD_EVENT_PROGRAMME_PUT:
    case DD_EVENT_CYCLE_STAGED:
    case DD_EVENT_ACCOUNT_REVOKED:
    case DD_EVENT_PUBLISHED:
        return (struct layout){{NUMBER_32}};
    case DD_EVENT_MATTER_OPENED:
    case DD_EVENT_DELEGATED:
        return (struct layout){{NUMBER_16}};
    case DD_EVENT_CYCLE_OPENED:
        return (struct layout){{NUMBER_32, LAST_DAYS}};
    case DD_EVENT_CYCLE_SCHEDULED:
        return (struct layout){{NUMBER_32, OCCURRENCES}};
    case DD_EVENT_VERSION_SUBMITTED:
        return (struct layout){{VERSION, HASH, ADJUSTMENT, STAGE, ENDED}};
    case DD_EVENT_REPORT_RECEIVED:
        return (struct layout){{NUMBER_8, VERSION, ENDED}};
    case DD_EVENT_REPORT_TAKEN:
        return (struct layout){{STAGE, NUMBER_16, VERSION, ENDED, DELEGATION}};
    case DD_EVENT_ANSWER_TAKEN:
        return (struct layout){{STAGE, VERSION, ENDED, DELEGATION}};
    case DD_EVENT_VERSION_RETURNED:
    case DD_EVENT_VERSION_AGREED:
    case DD_EVENT_VERSION_APPROVED:
        return (struct layout){{STAGE, NEXT_STAGE, ENDED}};
    case DD_EVENT_MATTER_DECIDED:
    case DD_EVENT_MATTER_PROGRESSED:
        return (struct layout){{STAGE, ENDED}};
    case DD_EVENT_DUTY_LAPSED:
    case DD_EVENT_DUTY_BENT:
        return (struct layout){{DUTY}};
    case DD_EVENT_RUNG_REACHED:
        return (struct layout){{DUTY, RUNG, SUPERIOR, INSTANT}};
    case DD_EVENT_FOUNDED:
    case DD_EVENT_UNITS_STAGED:
    case DD_EVENT_UNITS_PUT:
    case DD_EVENT_CALENDAR_PUT:
    case DD_EVENT_CYCLE_CLOSED:
    case DD_EVENT_TASK_DRAFTED:
    case DD_EVENT_VERSION_WITHDRAWN:
    case DD_EVENT_OUTCOME_RECORDED:
    case DD_EVENT_REMINDER_NOTED:
    case DD_EVENT_TRANSFERRED:
        return (struct layout){{NO_MORE}};
    }
    return (struct layout){{UNKNOWN}};
}

static void write_field(struct dd_writer *w, enum field field, const struct dd_event *event)
{
    switch (field) {
    case NUMBER_8:
        dd_write_u8(w, (uint8_t)event->number);
        return;
    case NUMBER_16:
        dd_write_u16(w, (uint16_t)event->number);
        return;
    case NUMBER_32:
        dd_write_u32(w, event->number);
        return;
    case VERSION:
        dd_write_u16(w, event->version);
        return;
    case HASH:
        dd_write_raw(w, event->content_hash, sizeof event->content_hash);
        return;
    case ADJUSTMENT:
        dd_write_u8(w, event->adjustment);
        return;
    case STAGE:
        dd_write_u8(w, event->stage);
        return;
    case NEXT_STAGE:
        dd_write_u8(w, event->next_stage);
        return;
    case ENDED:
        dd_write_u8(w, (uint8_t)event->end);
        return;
    case DUTY:
        write_duty(w, &event->duty);
        return;
    case RUNG:
        dd_write_u8(w, (uint8_t)event->rung);
        return;
    case SUPERIOR:
        dd_write_u8(w, event->superior);
        return;
    case INSTANT:
        dd_write_i64(w, event->at_ms);
        return;
    case LAST_DAYS:
        write_last_days(w, event);
        return;
    case DELEGATION:
        dd_write_u16(w, event->delegation);
        return;
    case OCCURRENCES:
        write_occurrences(w, event->list);
        return;
    case NO_MORE:
    case UNKNOWN:
        return;
    }
}

static void read_field(struct dd_reader *r, enum field field, struct dd_event *event)
{
    switch (field) {
    case NUMBER_8:
        event->number = dd_read_u8(r);
        return;
    case NUMBER_16:
        event->number = dd_read_u16(r);
        return;
    case NUMBER_32:
        event->number = dd_read_u32(r);
        return;
    case VERSION:
        event->version = dd_read_u16(r);
        return;
    case HASH:
        dd_read_raw(r, event->content_hash, sizeof event->content_hash);
        return;
    case ADJUSTMENT:
        event->adjustment = dd_read_u8(r) != 0;
        return;
    case STAGE:
        event->stage = dd_read_u8(r);
        return;
    case NEXT_STAGE:
        event->next_stage = dd_read_u8(r);
        return;
    case ENDED:
        event->end = (enum dd_end)dd_read_u8(r);
        return;
    case DUTY:
        read_duty(r, &event->duty);
        return;
    case RUNG:
        event->rung = (int8_t)dd_read_u8(r);
        return;
    case SUPERIOR:
        event->superior = dd_read_u8(r) != 0;
        return;
    case INSTANT:
        event->at_ms = dd_read_i64(r);
        return;
    case LAST_DAYS:
        read_last_days(r, event);
        return;
    case DELEGATION:
        event->delegation = dd_read_u16(r);
        return;
    case OCCURRENCES:
        event->list = read_occurrences(r);
        return;
    case NO_MORE:
        return;
    case UNKNOWN: /* a kind that this program does not know is never skipped */
        r->broken = true;
        return;
    }
}

static void write_fields(struct dd_writer *w, const struct dd_event *event)
{
    struct layout layout = layout_of(event->kind);
    for (size_t i = 0; layout.field[i] != NO_MORE; i++)
        write_field(w, layout.field[i], event);
}

static void read_fields(struct dd_reader *r, struct dd_event *event)
{
    struct layout layout = layout_of(event->kind);
    for (size_t i = 0; layout.field[i] != NO_MORE; i++)
        read_field(r, layout.field[i], event);
}

void dd_events_write(struct dd_writer *w, const struct dd_events *events)
{
    dd_write_u16(w, (uint16_t)events->count);
    for (size_t i = 0; i < events->count; i++) {
        dd_write_u8(w, (uint8_t)events->event[i].kind);
        size_t at = w->at;
        dd_write_u16(w, 0); /* the size, known when the fields are written */
        write_fields(w, &events->event[i]);
        if (w->overflow)
            return;
        struct dd_writer size = dd_writer_make(w->data + at, 2);
        dd_write_u16(&size, (uint16_t)(w->at - at - 2));
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
        if (!event)
            return false;
        read_fields(&fields, event);
        if (!dd_reader_done(&fields))
            return false;
    }
    return !r->broken;
}
