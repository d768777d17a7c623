/* Rows about dossiers, items, duties and tallies, and the lists in them. Rows about the
 * organisation are in core/row_organisation.c. See core/row.h. */
#include "core/row.h"

#include <string.h>

#include "core/invariant.h"
#include "core/row_parts.h"

static const struct dd_slice nothing = {NULL, 0};

bool dd_row_get(const struct dd_view *view, const struct dd_key *key, struct dd_reader *r)
{
    struct dd_slice value;
    if (!view->get(view->self, key, &value))
        return false;
    *r = dd_reader_make(value);
    return true;
}

void dd_row_put(const struct dd_view *view, const struct dd_key *key, const struct dd_writer *w)
{
    DD_ASSERT(!w->overflow);
    view->put(view->self, key, dd_writer_slice(w));
}

static bool row_exists(const struct dd_view *view, struct dd_key key, size_t part, uint32_t ordinal)
{
    struct dd_slice value;
    key.part[part] = ordinal;
    return view->get(view->self, &key, &value);
}

uint16_t dd_row_count(const struct dd_view *view, struct dd_key key, size_t part)
{
    uint32_t there = 0;
    uint32_t missing = 1;
    while (missing <= UINT16_MAX && row_exists(view, key, part, missing)) {
        there = missing;
        missing *= 2;
    }
    if (missing > UINT16_MAX)
        missing = UINT16_MAX + 1;
    while (missing - there > 1) {
        uint32_t middle = there + (missing - there) / 2;
        if (row_exists(view, key, part, middle))
            there = middle;
        else
            missing = middle;
    }
    return (uint16_t)there;
}

static void write_figure(struct dd_writer *w, bool given, struct dd_figure figure)
{
    dd_write_u8(w, given);
    dd_write_i64(w, given ? figure.mantissa : 0);
    dd_write_u8(w, given ? figure.scale : 0);
}

static bool read_figure(struct dd_reader *r, struct dd_figure *out)
{
    bool given = dd_read_u8(r) != 0;
    out->mantissa = dd_read_i64(r);
    out->scale = dd_read_u8(r);
    return given;
}

static struct dd_key key_of(enum dd_table table, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
    return (struct dd_key){.table = table, .part = {a, b, c, d, 0, 0}};
}

bool dd_get_dossier(const struct dd_view *view, uint32_t cycle, uint32_t unit,
                    struct dd_dossier_row *out)
{
    struct dd_key key = key_of(DD_TABLE_DOSSIER, cycle, unit, 0, 0);
    struct dd_reader r;
    if (!dd_row_get(view, &key, &r))
        return false;
    out->approver = dd_read_u32(&r);
    out->group = dd_read_u32(&r);
    out->state = (enum dd_dossier_state)dd_read_u8(&r);
    out->newest = dd_read_u16(&r);
    out->pending = dd_read_u16(&r);
    out->stage = dd_read_u8(&r);
    out->in_force = dd_read_u16(&r);
    out->draft_bytes = dd_read_u32(&r);
    out->keeper = dd_read_u32(&r);
    DD_ASSERT(dd_reader_done(&r));
    return true;
}

void dd_put_dossier(const struct dd_view *view, uint32_t cycle, uint32_t unit,
                    const struct dd_dossier_row *row)
{
    struct dd_key key = key_of(DD_TABLE_DOSSIER, cycle, unit, 0, 0);
    uint8_t bytes[32];
    struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
    dd_write_u32(&w, row->approver);
    dd_write_u32(&w, row->group);
    dd_write_u8(&w, (uint8_t)row->state);
    dd_write_u16(&w, row->newest);
    dd_write_u16(&w, row->pending);
    dd_write_u8(&w, row->stage);
    dd_write_u16(&w, row->in_force);
    dd_write_u32(&w, row->draft_bytes);
    dd_write_u32(&w, row->keeper);
    dd_row_put(view, &key, &w);
}

void dd_del_dossier(const struct dd_view *view, uint32_t cycle, uint32_t unit)
{
    struct dd_key key = key_of(DD_TABLE_DOSSIER, cycle, unit, 0, 0);
    view->del(view->self, &key);
}

struct dd_item_list dd_get_draft(const struct dd_view *view, uint32_t cycle, uint32_t unit)
{
    struct dd_key key = key_of(DD_TABLE_DRAFT, cycle, unit, 0, 0);
    struct dd_item_list list = {nothing};
    (void)view->get(view->self, &key, &list.bytes);
    DD_ASSERT(list.bytes.size % DD_ITEM_REF_BYTES == 0);
    return list;
}

void dd_put_draft(const struct dd_view *view, uint32_t cycle, uint32_t unit,
                  struct dd_item_list items)
{
    struct dd_key key = key_of(DD_TABLE_DRAFT, cycle, unit, 0, 0);
    view->put(view->self, &key, items.bytes);
}

bool dd_get_version(const struct dd_view *view, uint32_t cycle, uint32_t unit, uint16_t version,
                    struct dd_version_row *out)
{
    struct dd_key key = key_of(DD_TABLE_VERSION, cycle, unit, version, 0);
    struct dd_reader r;
    if (!dd_row_get(view, &key, &r))
        return false;
    dd_read_raw(&r, out->content_hash, sizeof out->content_hash);
    out->state = (enum dd_version_state)dd_read_u8(&r);
    out->adjustment = dd_read_u8(&r) != 0;
    out->decided = dd_read_u8(&r) != 0;
    out->account = dd_read_u32(&r);
    out->submitted_ms = dd_read_i64(&r);
    out->seq = dd_read_u64(&r);
    out->ended_ms = dd_read_i64(&r);
    out->reason = dd_read_text16(&r);
    out->ended_reason = dd_read_text16(&r);
    out->items.bytes = dd_read_bytes32(&r);
    out->capacity = (enum dd_capacity)dd_read_u8(&r);
    out->figures = dd_read_text16(&r);
    DD_ASSERT(dd_reader_done(&r));
    return true;
}

void dd_put_version(const struct dd_view *view, struct dd_arena *arena, uint32_t cycle,
                    uint32_t unit, uint16_t version, const struct dd_version_row *row)
{
    struct dd_key key = key_of(DD_TABLE_VERSION, cycle, unit, version, 0);
    size_t size =
        128 + row->reason.size + row->ended_reason.size + row->items.bytes.size + row->figures.size;
    uint8_t *bytes = dd_arena_take(arena, size);
    DD_ASSERT(bytes != NULL);
    struct dd_writer w = dd_writer_make(bytes, size);
    dd_write_raw(&w, row->content_hash, sizeof row->content_hash);
    dd_write_u8(&w, (uint8_t)row->state);
    dd_write_u8(&w, row->adjustment);
    dd_write_u8(&w, row->decided);
    dd_write_u32(&w, row->account);
    dd_write_i64(&w, row->submitted_ms);
    dd_write_u64(&w, row->seq);
    dd_write_i64(&w, row->ended_ms);
    dd_write_text16(&w, row->reason);
    dd_write_text16(&w, row->ended_reason);
    dd_write_bytes32(&w, row->items.bytes);
    dd_write_u8(&w, (uint8_t)row->capacity);
    dd_write_text16(&w, row->figures);
    dd_row_put(view, &key, &w);
}

static struct dd_key content_key(uint32_t cycle, uint32_t unit, struct dd_item_ref ref)
{
    return (struct dd_key){.table = DD_TABLE_CONTENT,
                           .part = {cycle, unit, ref.task, ref.indicator, ref.revision, 0}};
}

bool dd_get_content(const struct dd_view *view, uint32_t cycle, uint32_t unit,
                    struct dd_item_ref ref, struct dd_content_row *out)
{
    struct dd_key key = content_key(cycle, unit, ref);
    struct dd_reader r;
    if (!dd_row_get(view, &key, &r))
        return false;
    out->kind = dd_read_u8(&r);
    out->due_day = dd_read_i32(&r);
    out->start_day = dd_read_i32(&r);
    out->has_target = read_figure(&r, &out->target);
    out->has_baseline = read_figure(&r, &out->baseline);
    out->direction = (enum dd_direction)dd_read_u8(&r);
    out->title = dd_read_text16(&r);
    out->unit_of_measure = dd_read_text8(&r);
    out->code = dd_read_text8(&r);
    out->partners = dd_read_text8(&r);
    DD_ASSERT(dd_reader_done(&r));
    return true;
}

void dd_put_content(const struct dd_view *view, uint32_t cycle, uint32_t unit,
                    struct dd_item_ref ref, const struct dd_content_row *row)
{
    struct dd_key key = content_key(cycle, unit, ref);
    uint8_t
        bytes[64 + DD_TITLE_BYTES_MAX + DD_UOM_BYTES_MAX + DD_CODE_BYTES_MAX + 4 * DD_PARTNERS_MAX];
    struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
    dd_write_u8(&w, row->kind);
    dd_write_i32(&w, row->due_day);
    dd_write_i32(&w, row->start_day);
    write_figure(&w, row->has_target, row->target);
    write_figure(&w, row->has_baseline, row->baseline);
    dd_write_u8(&w, (uint8_t)row->direction);
    dd_write_text16(&w, row->title);
    dd_write_text8(&w, row->unit_of_measure);
    dd_write_text8(&w, row->code);
    dd_write_text8(&w, row->partners);
    dd_row_put(view, &key, &w);
}

size_t dd_content_bytes(struct dd_slice title, struct dd_slice unit_of_measure)
{
    enum { BESIDE_TEXTS = 64 };
    return BESIDE_TEXTS + title.size + unit_of_measure.size;
}

size_t dd_content_more_bytes(struct dd_slice code, size_t partner_count)
{
    return code.size + partner_count * (DD_CODE_BYTES_MAX + 2);
}

bool dd_get_item(const struct dd_view *view, uint32_t cycle, uint32_t unit, uint16_t task,
                 uint16_t indicator, struct dd_item_row *out)
{
    struct dd_key key = key_of(DD_TABLE_ITEM, cycle, unit, task, indicator);
    struct dd_reader r;
    *out = (struct dd_item_row){0, 0, nothing};
    if (!dd_row_get(view, &key, &r))
        return false;
    out->revisions = dd_read_u16(&r);
    out->in_force = dd_read_u16(&r);
    out->outcomes = dd_read_slice(&r, r.bytes.size - r.at);
    DD_ASSERT(dd_reader_done(&r) && out->outcomes.size % DD_OUTCOME_FACT_BYTES == 0);
    return true;
}

static void write_fact(struct dd_writer *w, const struct dd_outcome_fact *fact)
{
    dd_write_u8(w, (uint8_t)fact->outcome);
    dd_write_i32(w, fact->day);
    dd_write_i64(w, fact->received_ms);
    dd_write_u64(w, fact->seq);
}

/* On the stack, not in a batch's arena: one approval may write thousands of items, and their
 * histories together are larger than any arena. */
void dd_put_item(const struct dd_view *view, uint32_t cycle, uint32_t unit, uint16_t task,
                 uint16_t indicator, const struct dd_item_row *row,
                 const struct dd_outcome_fact *added)
{
    struct dd_key key = key_of(DD_TABLE_ITEM, cycle, unit, task, indicator);
    uint8_t bytes[4 + DD_OUTCOMES_PER_ITEM_MAX * DD_OUTCOME_FACT_BYTES];
    struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
    dd_write_u16(&w, row->revisions);
    dd_write_u16(&w, row->in_force);
    dd_write_raw(&w, row->outcomes.data, row->outcomes.size);
    if (added)
        write_fact(&w, added);
    dd_row_put(view, &key, &w);
}

static struct dd_key duty_key(const struct dd_duty_key *duty)
{
    return (struct dd_key){.table = DD_TABLE_DUTY,
                           .part = {duty->cycle, duty->unit, duty->stage, duty->a, duty->b, 0}};
}

bool dd_get_duty(const struct dd_view *view, const struct dd_duty_key *duty,
                 struct dd_duty_row *out)
{
    struct dd_key key = duty_key(duty);
    struct dd_reader r;
    if (!dd_row_get(view, &key, &r))
        return false;
    out->last_day = dd_read_i32(&r);
    out->bound_ms = dd_read_i64(&r);
    out->arose_ms = dd_read_i64(&r);
    out->end = (enum dd_end)dd_read_u8(&r);
    out->ended_ms = dd_read_i64(&r);
    out->ended_seq = dd_read_u64(&r);
    out->next_rung = dd_read_u8(&r);
    out->next_at_ms = dd_read_i64(&r);
    out->extensions = dd_read_u8(&r);
    out->suspended = dd_read_u8(&r) != 0;
    out->left_days = dd_read_i32(&r);
    DD_ASSERT(dd_reader_done(&r));
    return true;
}

void dd_put_duty(const struct dd_view *view, const struct dd_duty_key *duty,
                 const struct dd_duty_row *row)
{
    struct dd_key key = duty_key(duty);
    uint8_t bytes[64];
    struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
    dd_write_i32(&w, row->last_day);
    dd_write_i64(&w, row->bound_ms);
    dd_write_i64(&w, row->arose_ms);
    dd_write_u8(&w, (uint8_t)row->end);
    dd_write_i64(&w, row->ended_ms);
    dd_write_u64(&w, row->ended_seq);
    dd_write_u8(&w, row->next_rung);
    dd_write_i64(&w, row->next_at_ms);
    dd_write_u8(&w, row->extensions);
    dd_write_u8(&w, row->suspended);
    dd_write_i32(&w, row->left_days);
    dd_row_put(view, &key, &w);
}

/* Instants before 1970 never come up (DD_YEAR_MIN), so the unsigned key keeps their order. */
static struct dd_key due_key(int64_t at_ms, const struct dd_duty_key *duty)
{
    DD_ASSERT(at_ms >= 0);
    return (struct dd_key){
        .table = DD_TABLE_DUE,
        .part = {(uint64_t)at_ms, duty->cycle, duty->unit, duty->stage, duty->a, duty->b}};
}

bool dd_next_due(const struct dd_view *view, int64_t from_ms, const struct dd_duty_key *from,
                 int64_t *at_ms, struct dd_duty_key *key)
{
    struct dd_duty_key first = {0, 0, 0, 0, 0};
    struct dd_key start = due_key(from_ms, from ? from : &first);
    struct dd_key found;
    struct dd_slice value;
    if (!view->next(view->self, &start, &found, &value))
        return false;
    *at_ms = (int64_t)found.part[0];
    key->cycle = (uint32_t)found.part[1];
    key->unit = (uint32_t)found.part[2];
    key->stage = (uint8_t)found.part[3];
    key->a = (uint16_t)found.part[4];
    key->b = (uint16_t)found.part[5];
    return true;
}

void dd_put_due(const struct dd_view *view, int64_t at_ms, const struct dd_duty_key *duty)
{
    struct dd_key key = due_key(at_ms, duty);
    view->put(view->self, &key, nothing);
}

void dd_del_due(const struct dd_view *view, int64_t at_ms, const struct dd_duty_key *duty)
{
    struct dd_key key = due_key(at_ms, duty);
    view->del(view->self, &key);
}

void dd_get_tally(const struct dd_view *view, uint32_t cycle, enum dd_scope scope, uint32_t number,
                  uint8_t period, struct dd_tally_row *out)
{
    struct dd_key key = key_of(DD_TABLE_TALLY, cycle, (uint64_t)scope, number, period);
    struct dd_reader r;
    memset(out, 0, sizeof *out);
    if (!dd_row_get(view, &key, &r))
        return;
    out->counts.registered_year = dd_read_i64(&r);
    out->counts.registered_period = dd_read_i64(&r);
    out->counts.completed = dd_read_i64(&r);
    out->counts.exceeded = dd_read_i64(&r);
    out->counts.early = dd_read_i64(&r);
    out->counts.unattainable = dd_read_i64(&r);
    out->units = dd_read_u32(&r);
    out->none_registered = dd_read_u32(&r);
    out->all_completed = dd_read_u32(&r);
    out->incomplete = dd_read_u32(&r);
    DD_ASSERT(dd_reader_done(&r));
}

void dd_put_tally(const struct dd_view *view, uint32_t cycle, enum dd_scope scope, uint32_t number,
                  uint8_t period, const struct dd_tally_row *row)
{
    struct dd_key key = key_of(DD_TABLE_TALLY, cycle, (uint64_t)scope, number, period);
    uint8_t bytes[96];
    struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
    dd_write_i64(&w, row->counts.registered_year);
    dd_write_i64(&w, row->counts.registered_period);
    dd_write_i64(&w, row->counts.completed);
    dd_write_i64(&w, row->counts.exceeded);
    dd_write_i64(&w, row->counts.early);
    dd_write_i64(&w, row->counts.unattainable);
    dd_write_u32(&w, row->units);
    dd_write_u32(&w, row->none_registered);
    dd_write_u32(&w, row->all_completed);
    dd_write_u32(&w, row->incomplete);
    dd_row_put(view, &key, &w);
}

bool dd_get_reminder(const struct dd_view *view, uint64_t seq, uint16_t index,
                     struct dd_reminder_row *out)
{
    struct dd_key key = key_of(DD_TABLE_REMINDER, seq, index, 0, 0);
    struct dd_reader r;
    if (!dd_row_get(view, &key, &r))
        return false;
    out->duty.cycle = dd_read_u32(&r);
    out->duty.unit = dd_read_u32(&r);
    out->duty.stage = dd_read_u8(&r);
    out->duty.a = dd_read_u16(&r);
    out->duty.b = dd_read_u16(&r);
    out->rung = (int8_t)dd_read_u8(&r);
    out->superior = dd_read_u8(&r) != 0;
    out->at_ms = dd_read_i64(&r);
    out->bound_ms = dd_read_i64(&r);
    out->delivered_ms = dd_read_i64(&r);
    DD_ASSERT(dd_reader_done(&r));
    return true;
}

void dd_put_reminder(const struct dd_view *view, uint64_t seq, uint16_t index,
                     const struct dd_reminder_row *row)
{
    struct dd_key key = key_of(DD_TABLE_REMINDER, seq, index, 0, 0);
    uint8_t bytes[64];
    struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
    dd_write_u32(&w, row->duty.cycle);
    dd_write_u32(&w, row->duty.unit);
    dd_write_u8(&w, row->duty.stage);
    dd_write_u16(&w, row->duty.a);
    dd_write_u16(&w, row->duty.b);
    dd_write_u8(&w, (uint8_t)row->rung);
    dd_write_u8(&w, row->superior);
    dd_write_i64(&w, row->at_ms);
    dd_write_i64(&w, row->bound_ms);
    dd_write_i64(&w, row->delivered_ms);
    dd_row_put(view, &key, &w);
}

static struct dd_key report_key(uint32_t cycle, uint32_t unit, uint8_t stage, uint16_t a,
                                uint16_t ordinal)
{
    return (struct dd_key){.table = DD_TABLE_REPORT, .part = {cycle, unit, stage, a, ordinal, 0}};
}

bool dd_get_report(const struct dd_view *view, uint32_t cycle, uint32_t unit, uint8_t stage,
                   uint16_t a, uint16_t ordinal, struct dd_report_row *out)
{
    struct dd_key key = report_key(cycle, unit, stage, a, ordinal);
    struct dd_reader r;
    if (!dd_row_get(view, &key, &r))
        return false;
    out->received_ms = dd_read_i64(&r);
    out->seq = dd_read_u64(&r);
    out->account = dd_read_u32(&r);
    out->capacity = (enum dd_capacity)dd_read_u8(&r);
    out->delegation = dd_read_u16(&r);
    out->figures = dd_read_text16(&r);
    DD_ASSERT(dd_reader_done(&r));
    return true;
}

void dd_put_report(const struct dd_view *view, uint32_t cycle, uint32_t unit, uint8_t stage,
                   uint16_t a, uint16_t ordinal, const struct dd_report_row *row)
{
    enum { FIGURE_BYTES_MAX = 16 + DD_CODE_BYTES_MAX };
    struct dd_key key = report_key(cycle, unit, stage, a, ordinal);
    uint8_t bytes[64 + DD_FIGURES_MAX * FIGURE_BYTES_MAX];
    struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
    dd_write_i64(&w, row->received_ms);
    dd_write_u64(&w, row->seq);
    dd_write_u32(&w, row->account);
    dd_write_u8(&w, (uint8_t)row->capacity);
    dd_write_u16(&w, row->delegation);
    dd_write_text16(&w, row->figures);
    dd_row_put(view, &key, &w);
}

uint16_t dd_last_report(const struct dd_view *view, uint32_t cycle, uint32_t unit, uint8_t stage,
                        uint16_t a, struct dd_report_row *out)
{
    uint16_t count = dd_row_count(view, report_key(cycle, unit, stage, a, 0), 4);
    if (count > 0 && !dd_get_report(view, cycle, unit, stage, a, count, out))
        return 0;
    return count;
}

bool dd_get_remembered(const struct dd_view *view, uint32_t account, const struct dd_id *id,
                       struct dd_remembered_row *out)
{
    struct dd_key key = {.table = DD_TABLE_REMEMBERED,
                         .part = {account, 0, 0, 0, 0, 0},
                         .tail = {id->byte, sizeof id->byte}};
    struct dd_reader r;
    if (!dd_row_get(view, &key, &r))
        return false;
    out->seq = dd_read_u64(&r);
    dd_read_raw(&r, out->command_hash, sizeof out->command_hash);
    dd_refusal_read(&r, &out->refusal);
    DD_ASSERT(dd_reader_done(&r));
    return true;
}

void dd_put_remembered(const struct dd_view *view, uint32_t account, const struct dd_id *id,
                       const struct dd_remembered_row *row)
{
    struct dd_key key = {.table = DD_TABLE_REMEMBERED,
                         .part = {account, 0, 0, 0, 0, 0},
                         .tail = {id->byte, sizeof id->byte}};
    uint8_t bytes[512];
    struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
    dd_write_u64(&w, row->seq);
    dd_write_raw(&w, row->command_hash, sizeof row->command_hash);
    dd_refusal_write(&w, &row->refusal);
    dd_row_put(view, &key, &w);
}

size_t dd_items_count(struct dd_item_list list)
{
    return list.bytes.size / DD_ITEM_REF_BYTES;
}

struct dd_item_ref dd_items_at(struct dd_item_list list, size_t index)
{
    DD_ASSERT(index < dd_items_count(list));
    const uint8_t *at = list.bytes.data + index * DD_ITEM_REF_BYTES;
    return (struct dd_item_ref){(uint16_t)(at[0] << 8 | at[1]), (uint16_t)(at[2] << 8 | at[3]),
                                (uint16_t)(at[4] << 8 | at[5])};
}

size_t dd_items_find(struct dd_item_list list, uint16_t task, uint16_t indicator, bool *found)
{
    size_t low = 0;
    size_t high = dd_items_count(list);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        struct dd_item_ref at = dd_items_at(list, middle);
        if (at.task < task || (at.task == task && at.indicator < indicator))
            low = middle + 1;
        else
            high = middle;
    }
    *found = false;
    if (low < dd_items_count(list)) {
        struct dd_item_ref at = dd_items_at(list, low);
        *found = at.task == task && at.indicator == indicator;
    }
    return low;
}

void dd_items_set(uint8_t *bytes, size_t index, struct dd_item_ref ref)
{
    struct dd_writer w = dd_writer_make(bytes + index * DD_ITEM_REF_BYTES, DD_ITEM_REF_BYTES);
    dd_write_u16(&w, ref.task);
    dd_write_u16(&w, ref.indicator);
    dd_write_u16(&w, ref.revision);
}

size_t dd_outcomes_count(const struct dd_item_row *item)
{
    return item->outcomes.size / DD_OUTCOME_FACT_BYTES;
}

struct dd_outcome_fact dd_outcomes_at(const struct dd_item_row *item, size_t index)
{
    DD_ASSERT(index < dd_outcomes_count(item));
    struct dd_slice bytes = {item->outcomes.data + index * DD_OUTCOME_FACT_BYTES,
                             DD_OUTCOME_FACT_BYTES};
    struct dd_reader r = dd_reader_make(bytes);
    struct dd_outcome_fact fact;
    fact.outcome = (enum dd_outcome)dd_read_u8(&r);
    fact.day = dd_read_i32(&r);
    fact.received_ms = dd_read_i64(&r);
    fact.seq = dd_read_u64(&r);
    return fact;
}

struct dd_outcome_fact dd_outcome_latest(const struct dd_item_row *item, int64_t before_ms)
{
    for (size_t i = dd_outcomes_count(item); i > 0; i--) {
        struct dd_outcome_fact fact = dd_outcomes_at(item, i - 1);
        if (fact.received_ms < before_ms)
            return fact;
    }
    return (struct dd_outcome_fact){0, 0, 0, 0};
}

void dd_refusal_write(struct dd_writer *w, const struct dd_refusal *refusal)
{
    dd_write_u16(w, (uint16_t)refusal->status);
    if (refusal->status == DD_OK)
        return;
    dd_write_u16(w, (uint16_t)refusal->rule);
    dd_write_text8(w, dd_slice_of(refusal->field));
    dd_write_text8(w, dd_slice_of(refusal->param[0]));
    dd_write_text8(w, dd_slice_of(refusal->param[1]));
}

void dd_refusal_read(struct dd_reader *r, struct dd_refusal *out)
{
    memset(out, 0, sizeof *out);
    out->status = (enum dd_status)dd_read_u16(r);
    if (out->status == DD_OK)
        return;
    out->rule = (enum dd_rule)dd_read_u16(r);
    dd_slice_text(dd_read_text8(r), out->field, sizeof out->field);
    dd_slice_text(dd_read_text8(r), out->param[0], sizeof out->param[0]);
    dd_slice_text(dd_read_text8(r), out->param[1], sizeof out->param[1]);
}
