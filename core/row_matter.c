/* Rows about matters, answers, delegations, publications and places, and lists of unit numbers.
 * Says nothing of who may open, answer or sign. See core/row_matter.h. */
#include "core/row_matter.h"

#include "core/invariant.h"
#include "core/row_parts.h"

enum { UNIT_BYTES = 4, PLACE_BYTES = 12 };

static struct dd_writer writer_in(struct dd_arena *arena, size_t size)
{
    uint8_t *bytes = dd_arena_take(arena, size);
    DD_ASSERT(bytes != NULL);
    return dd_writer_make(bytes, size);
}

static struct dd_key key_of(enum dd_table table, uint64_t a, uint64_t b)
{
    return (struct dd_key){.table = table, .part = {a, b, 0, 0, 0, 0}};
}

static struct dd_key key_of_text(enum dd_table table, struct dd_slice text)
{
    return (struct dd_key){.table = table, .part = {0, 0, 0, 0, 0, 0}, .tail = text};
}

static void read_matter_parts(struct dd_reader *r, struct dd_matter_row *out)
{
    out->kind = dd_read_u8(r);
    out->owner = dd_read_u32(r);
    out->opener = dd_read_u32(r);
    out->approver = dd_read_u32(r);
    out->capacity = (enum dd_capacity)dd_read_u8(r);
    out->opened_ms = dd_read_i64(r);
    out->seq = dd_read_u64(r);
    out->word = (enum dd_deadline_word)dd_read_u8(r);
    out->due_day = dd_read_i32(r);
    out->at_ms = dd_read_i64(r);
    out->parent = dd_read_u16(r);
    out->open = dd_read_u32(r);
    out->stage = dd_read_u8(r);
    out->revision = dd_read_u16(r);
    out->verdict = (enum dd_verdict)dd_read_u8(r);
    out->decided_by = dd_read_u32(r);
    out->decided_ms = dd_read_i64(r);
    out->decided_seq = dd_read_u64(r);
}

bool dd_get_matter(const struct dd_view *view, uint32_t cycle, uint16_t matter,
                   struct dd_matter_row *out)
{
    struct dd_key key = key_of(DD_TABLE_MATTER, cycle, matter);
    struct dd_reader r;
    if (!dd_row_get(view, &key, &r))
        return false;
    read_matter_parts(&r, out);
    out->code = dd_read_text16(&r);
    out->title = dd_read_text16(&r);
    out->notice = dd_read_text16(&r);
    out->reason = dd_read_text16(&r);
    out->asked = dd_read_bytes32(&r);
    out->partners = dd_read_bytes32(&r);
    DD_ASSERT(dd_reader_done(&r));
    return true;
}

static void write_matter_parts(struct dd_writer *w, const struct dd_matter_row *row)
{
    dd_write_u8(w, row->kind);
    dd_write_u32(w, row->owner);
    dd_write_u32(w, row->opener);
    dd_write_u32(w, row->approver);
    dd_write_u8(w, (uint8_t)row->capacity);
    dd_write_i64(w, row->opened_ms);
    dd_write_u64(w, row->seq);
    dd_write_u8(w, (uint8_t)row->word);
    dd_write_i32(w, row->due_day);
    dd_write_i64(w, row->at_ms);
    dd_write_u16(w, row->parent);
    dd_write_u32(w, row->open);
    dd_write_u8(w, row->stage);
    dd_write_u16(w, row->revision);
    dd_write_u8(w, (uint8_t)row->verdict);
    dd_write_u32(w, row->decided_by);
    dd_write_i64(w, row->decided_ms);
    dd_write_u64(w, row->decided_seq);
}

void dd_put_matter(const struct dd_view *view, struct dd_arena *arena, uint32_t cycle,
                   uint16_t matter, const struct dd_matter_row *row)
{
    struct dd_key key = key_of(DD_TABLE_MATTER, cycle, matter);
    struct dd_writer w =
        writer_in(arena, 128 + row->code.size + row->title.size + row->notice.size +
                             row->reason.size + row->asked.size + row->partners.size);
    DD_ASSERT(row->asked.size % UNIT_BYTES == 0 && row->partners.size % UNIT_BYTES == 0);
    write_matter_parts(&w, row);
    dd_write_text16(&w, row->code);
    dd_write_text16(&w, row->title);
    dd_write_text16(&w, row->notice);
    dd_write_text16(&w, row->reason);
    dd_write_bytes32(&w, row->asked);
    dd_write_bytes32(&w, row->partners);
    dd_row_put(view, &key, &w);
}

static struct dd_key answer_key(uint32_t cycle, uint16_t matter, uint8_t stage, uint32_t unit,
                                uint16_t ordinal)
{
    return (struct dd_key){.table = DD_TABLE_ANSWER,
                           .part = {cycle, matter, stage, unit, ordinal, 0}};
}

bool dd_get_answer(const struct dd_view *view, uint32_t cycle, uint16_t matter, uint8_t stage,
                   uint32_t unit, uint16_t ordinal, struct dd_answer_row *out)
{
    struct dd_key key = answer_key(cycle, matter, stage, unit, ordinal);
    struct dd_reader r;
    if (!dd_row_get(view, &key, &r))
        return false;
    out->choice = dd_read_u8(&r);
    out->received_ms = dd_read_i64(&r);
    out->seq = dd_read_u64(&r);
    out->account = dd_read_u32(&r);
    out->capacity = (enum dd_capacity)dd_read_u8(&r);
    out->delegation = dd_read_u16(&r);
    out->figures = dd_read_text16(&r);
    out->note = dd_read_text16(&r);
    DD_ASSERT(dd_reader_done(&r));
    return true;
}

void dd_put_answer(const struct dd_view *view, struct dd_arena *arena, uint32_t cycle,
                   uint16_t matter, uint8_t stage, uint32_t unit, uint16_t ordinal,
                   const struct dd_answer_row *row)
{
    struct dd_key key = answer_key(cycle, matter, stage, unit, ordinal);
    struct dd_writer w = writer_in(arena, 64 + row->figures.size + row->note.size);
    dd_write_u8(&w, row->choice);
    dd_write_i64(&w, row->received_ms);
    dd_write_u64(&w, row->seq);
    dd_write_u32(&w, row->account);
    dd_write_u8(&w, (uint8_t)row->capacity);
    dd_write_u16(&w, row->delegation);
    dd_write_text16(&w, row->figures);
    dd_write_text16(&w, row->note);
    dd_row_put(view, &key, &w);
}

uint16_t dd_last_answer(const struct dd_view *view, uint32_t cycle, uint16_t matter, uint8_t stage,
                        uint32_t unit, struct dd_answer_row *out)
{
    uint16_t count = dd_row_count(view, answer_key(cycle, matter, stage, unit, 0), 4);
    if (count > 0 && !dd_get_answer(view, cycle, matter, stage, unit, count, out))
        return 0;
    return count;
}

bool dd_get_delegation(const struct dd_view *view, uint32_t unit, uint16_t delegation,
                       struct dd_delegation_row *out)
{
    struct dd_key key = key_of(DD_TABLE_DELEGATION, unit, delegation);
    struct dd_reader r;
    if (!dd_row_get(view, &key, &r))
        return false;
    out->from = dd_read_u32(&r);
    out->to = dd_read_u32(&r);
    out->from_day = dd_read_i32(&r);
    out->to_day = dd_read_i32(&r);
    out->seq = dd_read_u64(&r);
    out->stages = dd_read_text16(&r);
    DD_ASSERT(dd_reader_done(&r));
    return true;
}

void dd_put_delegation(const struct dd_view *view, struct dd_arena *arena, uint32_t unit,
                       uint16_t delegation, const struct dd_delegation_row *row)
{
    struct dd_key key = key_of(DD_TABLE_DELEGATION, unit, delegation);
    struct dd_writer w = writer_in(arena, 32 + row->stages.size);
    dd_write_u32(&w, row->from);
    dd_write_u32(&w, row->to);
    dd_write_i32(&w, row->from_day);
    dd_write_i32(&w, row->to_day);
    dd_write_u64(&w, row->seq);
    dd_write_text16(&w, row->stages);
    dd_row_put(view, &key, &w);
}

uint16_t dd_delegation_count(const struct dd_view *view, uint32_t unit)
{
    return dd_row_count(view, key_of(DD_TABLE_DELEGATION, unit, 0), 1);
}

/* True if the list of keys is empty (all) or names the stage. */
static bool covers(struct dd_slice stages, struct dd_slice stage)
{
    struct dd_reader r = dd_reader_make(stages);
    if (stages.size == 0)
        return true;
    while (!r.broken && !dd_reader_done(&r)) {
        struct dd_slice key = dd_read_text8(&r);
        if (!r.broken && dd_slice_equal(key, stage))
            return true;
    }
    return false;
}

uint16_t dd_delegation_live(const struct dd_view *view, uint32_t unit, uint32_t account,
                            struct dd_slice stage, int32_t day)
{
    return dd_delegation_before(view, unit, account, stage, day, UINT16_MAX);
}

uint16_t dd_delegation_before(const struct dd_view *view, uint32_t unit, uint32_t account,
                              struct dd_slice stage, int32_t day, uint16_t below)
{
    struct dd_delegation_row row;
    uint16_t count = dd_delegation_count(view, unit);
    for (uint16_t i = count < below ? count : (uint16_t)(below - 1); i > 0; i--) {
        if (dd_get_delegation(view, unit, i, &row) && row.to == account && day >= row.from_day &&
            day <= row.to_day && covers(row.stages, stage))
            return i;
    }
    return 0;
}

bool dd_get_publication(const struct dd_view *view, uint32_t publication,
                        struct dd_publication_row *out)
{
    struct dd_key key = key_of(DD_TABLE_PUBLICATION, publication, 0);
    struct dd_reader r;
    if (!dd_row_get(view, &key, &r))
        return false;
    out->unit = dd_read_u32(&r);
    out->issue = (enum dd_issue)dd_read_u8(&r);
    out->day = dd_read_i32(&r);
    out->as_of_day = dd_read_i32(&r);
    out->at_seq = dd_read_u64(&r);
    dd_read_raw(&r, out->sha256, sizeof out->sha256);
    out->size_bytes = dd_read_u64(&r);
    out->corrects = dd_read_u32(&r);
    out->corrected_by = dd_read_u32(&r);
    out->seq = dd_read_u64(&r);
    out->issued_ms = dd_read_i64(&r);
    out->account = dd_read_u32(&r);
    out->capacity = (enum dd_capacity)dd_read_u8(&r);
    out->number = dd_read_text16(&r);
    out->title = dd_read_text16(&r);
    out->cycle = dd_read_text16(&r);
    out->period = dd_read_text16(&r);
    out->type = dd_read_text16(&r);
    DD_ASSERT(dd_reader_done(&r));
    return true;
}

void dd_put_publication(const struct dd_view *view, struct dd_arena *arena, uint32_t publication,
                        const struct dd_publication_row *row)
{
    struct dd_key key = key_of(DD_TABLE_PUBLICATION, publication, 0);
    struct dd_writer w = writer_in(arena, 128 + row->number.size + row->title.size +
                                              row->cycle.size + row->period.size + row->type.size);
    dd_write_u32(&w, row->unit);
    dd_write_u8(&w, (uint8_t)row->issue);
    dd_write_i32(&w, row->day);
    dd_write_i32(&w, row->as_of_day);
    dd_write_u64(&w, row->at_seq);
    dd_write_raw(&w, row->sha256, sizeof row->sha256);
    dd_write_u64(&w, row->size_bytes);
    dd_write_u32(&w, row->corrects);
    dd_write_u32(&w, row->corrected_by);
    dd_write_u64(&w, row->seq);
    dd_write_i64(&w, row->issued_ms);
    dd_write_u32(&w, row->account);
    dd_write_u8(&w, (uint8_t)row->capacity);
    dd_write_text16(&w, row->number);
    dd_write_text16(&w, row->title);
    dd_write_text16(&w, row->cycle);
    dd_write_text16(&w, row->period);
    dd_write_text16(&w, row->type);
    dd_row_put(view, &key, &w);
}

/* "unit/number" into out; it overflows if no key is so long. */
static struct dd_writer publication_code(uint8_t out[DD_KEY_BYTES_MAX - 1], struct dd_slice unit,
                                         struct dd_slice number)
{
    struct dd_writer w = dd_writer_make(out, DD_KEY_BYTES_MAX - 1);
    dd_write_raw(&w, unit.data, unit.size);
    dd_write_u8(&w, '/');
    dd_write_raw(&w, number.data, number.size);
    return w;
}

uint32_t dd_publication_number(const struct dd_view *view, struct dd_slice unit,
                               struct dd_slice number)
{
    uint8_t code[DD_KEY_BYTES_MAX - 1];
    struct dd_writer w = publication_code(code, unit, number);
    if (w.overflow)
        return 0;
    return dd_number_of(view, DD_TABLE_PUBLICATION_CODE, dd_writer_slice(&w));
}

void dd_put_publication_number(const struct dd_view *view, struct dd_slice unit,
                               struct dd_slice number, uint32_t publication)
{
    uint8_t code[DD_KEY_BYTES_MAX - 1];
    struct dd_writer w = publication_code(code, unit, number);
    DD_ASSERT(!w.overflow);
    dd_put_number(view, DD_TABLE_PUBLICATION_CODE, dd_writer_slice(&w), publication);
}

size_t dd_get_places(const struct dd_view *view, struct dd_slice code,
                     struct dd_place out[DD_PLACES_PER_ITEM_MAX])
{
    struct dd_key key = key_of_text(DD_TABLE_PLACES, code);
    struct dd_reader r;
    if (code.size == 0 || !dd_row_get(view, &key, &r))
        return 0;
    size_t count = r.bytes.size / PLACE_BYTES;
    DD_ASSERT(count <= DD_PLACES_PER_ITEM_MAX);
    for (size_t i = 0; i < count; i++) {
        out[i].cycle = dd_read_u32(&r);
        out[i].unit = dd_read_u32(&r);
        out[i].task = dd_read_u16(&r);
        out[i].indicator = dd_read_u16(&r);
    }
    DD_ASSERT(dd_reader_done(&r));
    return count;
}

void dd_put_places(const struct dd_view *view, struct dd_slice code, const struct dd_place *places,
                   size_t count)
{
    struct dd_key key = key_of_text(DD_TABLE_PLACES, code);
    uint8_t bytes[PLACE_BYTES * DD_PLACES_PER_ITEM_MAX];
    struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
    DD_ASSERT(code.size > 0 && count <= DD_PLACES_PER_ITEM_MAX);
    if (count == 0) {
        view->del(view->self, &key);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        dd_write_u32(&w, places[i].cycle);
        dd_write_u32(&w, places[i].unit);
        dd_write_u16(&w, places[i].task);
        dd_write_u16(&w, places[i].indicator);
    }
    dd_row_put(view, &key, &w);
}

size_t dd_units_count(struct dd_slice units)
{
    return units.size / UNIT_BYTES;
}

uint32_t dd_units_at(struct dd_slice units, size_t index)
{
    DD_ASSERT(index < dd_units_count(units));
    const uint8_t *at = units.data + index * UNIT_BYTES;
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

bool dd_units_hold(struct dd_slice units, uint32_t unit)
{
    for (size_t i = 0; i < dd_units_count(units); i++) {
        if (dd_units_at(units, i) == unit)
            return true;
    }
    return false;
}
