/* Checked values, the first fault kept. See proto/codec_check.h. */
#include "proto/codec_check.h"

#include <string.h>

#include "core/invariant.h"
#include "core/text.h"

struct dd_checker dd_checker_make(struct dd_arena *arena, struct dd_refusal *refusal)
{
    *refusal = (struct dd_refusal){.status = DD_OK};
    return (struct dd_checker){.arena = arena, .refusal = refusal};
}

enum dd_status dd_checker_status(const struct dd_checker *c)
{
    return c->no_memory ? DD_NO_MEMORY : c->refusal->status;
}

static void *allocate(void *self, size_t size)
{
    struct dd_checker *c = self;
    void *place = dd_arena_take(c->arena, size);

    if (!place)
        c->no_memory = true;
    return place;
}

static void release(void *self, void *place)
{
    (void)self; /* the arena takes all back at once */
    (void)place;
}

ProtobufCMessage *dd_check_unpack(struct dd_checker *c, struct dd_slice bytes, size_t bytes_max,
                                  const ProtobufCMessageDescriptor *shape, enum dd_scan_mode mode)
{
    ProtobufCAllocator allocator = {.alloc = allocate, .free = release, .allocator_data = c};

    if (bytes.size > bytes_max) {
        dd_refuse_number(c->refusal, DD_TOO_LARGE, DD_RULE_TOO_LONG, NULL, (int64_t)bytes_max);
        return NULL;
    }
    if (dd_scan(bytes, shape, mode, c->refusal) != DD_OK)
        return NULL;
    ProtobufCMessage *message =
        protobuf_c_message_unpack(shape, &allocator, bytes.size, bytes.data);
    if (!message && !c->no_memory)
        dd_check_fault(c, DD_RULE_MALFORMED, NULL);
    return message;
}

static void push(struct dd_checker *c, struct dd_path_step step)
{
    DD_ASSERT(c->path.depth < DD_NESTING_MAX);
    c->path.step[c->path.depth++] = step;
}

void dd_check_enter(struct dd_checker *c, const char *field)
{
    push(c, (struct dd_path_step){.name = field});
}

void dd_check_enter_element(struct dd_checker *c, const char *field, size_t index)
{
    push(c, (struct dd_path_step){.name = field, .index = index, .repeated = true});
}

void dd_check_leave(struct dd_checker *c)
{
    DD_ASSERT(c->path.depth > 0);
    c->path.depth--;
}

void dd_check_fault(struct dd_checker *c, enum dd_rule rule, const char *field)
{
    if (c->refusal->status != DD_OK)
        return;
    dd_refuse(c->refusal, DD_INVALID, rule, NULL);
    dd_path_text(&c->path, field, c->refusal->field);
}

void dd_check_fault_number(struct dd_checker *c, enum dd_rule rule, const char *field, int64_t n)
{
    if (c->refusal->status != DD_OK)
        return;
    dd_check_fault(c, rule, field);
    dd_decimal(n, c->refusal->param[0]);
}

void dd_check_fault_text(struct dd_checker *c, enum dd_rule rule, const char *field,
                         const char *text)
{
    char path[DD_FIELD_PATH_BYTES_MAX + 1];

    if (c->refusal->status != DD_OK)
        return;
    dd_path_text(&c->path, field, path);
    dd_refuse_text(c->refusal, DD_INVALID, rule, path, dd_slice_of(text));
}

void dd_check_fault_within(struct dd_checker *c, const struct dd_refusal *refusal)
{
    if (c->refusal->status != DD_OK)
        return;
    *c->refusal = *refusal;
    dd_path_text(&c->path, refusal->field, c->refusal->field);
}

static void fault_range(struct dd_checker *c, const char *field, int64_t from, int64_t to)
{
    if (c->refusal->status != DD_OK)
        return;
    dd_check_fault_number(c, DD_RULE_OUT_OF_RANGE, field, from);
    dd_decimal(to, c->refusal->param[1]);
}

void dd_check_present(struct dd_checker *c, const char *field, bool present)
{
    if (!present)
        dd_check_fault(c, DD_RULE_MISSING, field);
}

void dd_check_none(struct dd_checker *c, const char *field, size_t count)
{
    if (count > 0)
        dd_check_fault_number(c, DD_RULE_TOO_MANY, field, 0);
}

struct dd_slice dd_check_any(const char *text)
{
    return dd_slice_of(text);
}

struct dd_slice dd_check_code_or_none(struct dd_checker *c, const char *field, const char *text)
{
    struct dd_slice code = dd_slice_of(text);

    if (code.size > 0 && !dd_text_code_ok(code))
        dd_check_fault(c, DD_RULE_BAD_CODE, field);
    return code;
}

struct dd_slice dd_check_code(struct dd_checker *c, const char *field, const char *text)
{
    struct dd_slice code = dd_check_code_or_none(c, field, text);

    dd_check_present(c, field, code.size > 0);
    return code;
}

struct dd_slice dd_check_cycle_or_none(struct dd_checker *c, const char *field, const char *text)
{
    struct dd_slice cycle = dd_slice_of(text);
    const uint8_t *stroke = cycle.size > 0 ? memchr(cycle.data, '/', cycle.size) : NULL;

    if (cycle.size == 0)
        return cycle;
    size_t before = stroke ? (size_t)(stroke - cycle.data) : 0;
    struct dd_slice programme = {cycle.data, before};
    struct dd_slice period = {cycle.data + before + 1, stroke ? cycle.size - before - 1 : 0};
    if (!stroke || !dd_text_code_ok(programme) || !dd_text_code_ok(period))
        dd_check_fault(c, DD_RULE_BAD_CODE, field);
    return cycle;
}

struct dd_slice dd_check_cycle(struct dd_checker *c, const char *field, const char *text)
{
    struct dd_slice cycle = dd_check_cycle_or_none(c, field, text);

    dd_check_present(c, field, cycle.size > 0);
    return cycle;
}

struct dd_slice dd_check_lines(struct dd_checker *c, const char *field, const char *text,
                               size_t max)
{
    struct dd_slice lines = dd_slice_of(text);

    if (lines.size > max)
        dd_check_fault_number(c, DD_RULE_TOO_LONG, field, (int64_t)max);
    return lines;
}

struct dd_slice dd_check_line(struct dd_checker *c, const char *field, const char *text, size_t max)
{
    struct dd_slice line = dd_check_lines(c, field, text, max);

    if (!dd_text_plain(line))
        dd_check_fault(c, DD_RULE_CONTROL_CHARACTER, field);
    return line;
}

struct dd_slice dd_check_title(struct dd_checker *c, const char *field, const char *text)
{
    struct dd_slice title = c->logged ? dd_check_lines(c, field, text, DD_TITLE_BYTES_MAX)
                                      : dd_check_line(c, field, text, DD_TITLE_BYTES_MAX);

    dd_check_present(c, field, title.size > 0 && (c->logged || !dd_text_blank(title)));
    return title;
}

struct dd_slice dd_check_said(struct dd_checker *c, const char *field, const char *text,
                              enum dd_rule rule)
{
    struct dd_slice said = dd_check_lines(c, field, text, DD_REASON_BYTES_MAX);

    if (!c->logged && said.size > 0 && dd_text_blank(said))
        dd_check_fault(c, rule, field);
    return said;
}

struct dd_slice dd_check_needed_line(struct dd_checker *c, const char *field, const char *text,
                                     size_t max)
{
    struct dd_slice line = dd_check_line(c, field, text, max);

    dd_check_present(c, field, line.size > 0);
    return line;
}

int32_t dd_check_day_or(struct dd_checker *c, const char *field, const char *text, int32_t none)
{
    struct dd_slice day_text = dd_slice_of(text);
    int32_t day = none;

    if (day_text.size > 0 && !dd_day_parse(day_text, &day))
        dd_check_fault(c, DD_RULE_BAD_DATE, field);
    return day;
}

int32_t dd_check_day(struct dd_checker *c, const char *field, const char *text)
{
    dd_check_present(c, field, text && text[0] != '\0');
    return dd_check_day_or(c, field, text, DD_DAY_MIN);
}

uint16_t dd_check_u16(struct dd_checker *c, const char *field, uint32_t value, uint16_t from,
                      uint16_t to)
{
    return (uint16_t)dd_check_i64(c, field, value, from, to);
}

int64_t dd_check_i64(struct dd_checker *c, const char *field, int64_t value, int64_t from,
                     int64_t to)
{
    if (value >= from && value <= to)
        return value;
    fault_range(c, field, from, to);
    return from;
}

void dd_check_bytes(struct dd_checker *c, const char *field, ProtobufCBinaryData bytes,
                    uint8_t *out, size_t size)
{
    if (bytes.len != size)
        dd_check_fault_number(c, DD_RULE_BAD_LENGTH, field, (int64_t)size);
    else if (size > 0)
        memcpy(out, bytes.data, size);
}

void *dd_check_array(struct dd_checker *c, const char *field, size_t count, size_t max, size_t size)
{
    if (count > max)
        dd_check_fault_number(c, DD_RULE_TOO_MANY, field, (int64_t)max);
    if (count == 0 || c->refusal->status != DD_OK)
        return NULL;
    return allocate(c, count * size);
}

struct dd_slice *dd_check_codes(struct dd_checker *c, const char *field, char *const *texts,
                                size_t count, size_t max)
{
    struct dd_slice *out = dd_check_array(c, field, count, max, sizeof *out);

    for (size_t i = 0; out && i < count; i++) {
        dd_check_enter_element(c, field, i);
        out[i] = dd_check_code(c, NULL, texts[i]);
        dd_check_leave(c);
    }
    return out;
}
