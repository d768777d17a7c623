/* The scan before unpacking, with a stack of its own. See proto/scan.h. */
#include "proto/scan.h"

#include <string.h>

#include "core/invariant.h"
#include "core/text.h"
#include "proto/nfc.h"
#include "proto/wire.h"

enum { FIELDS_OF_A_MESSAGE_MAX = 64 }; /* of one descriptor: the bits of `seen` */

struct level {
    const ProtobufCMessageDescriptor *shape;
    size_t end;                              /* where its bytes end */
    uint64_t seen;                           /* a bit for each field of the descriptor */
    uint32_t count[FIELDS_OF_A_MESSAGE_MAX]; /* elements of repeated fields */
};

struct scan {
    struct dd_wire wire; /* its size is the end of the innermost message */
    enum dd_scan_mode mode;
    struct dd_refusal *refusal;
    size_t fields;
    struct dd_path path; /* one step less than levels */
    struct level level[DD_NESTING_MAX];
    size_t depth;
};

void dd_path_text(const struct dd_path *path, const char *last,
                  char out[DD_FIELD_PATH_BYTES_MAX + 1])
{
    struct dd_writer w = dd_writer_make((uint8_t *)out, DD_FIELD_PATH_BYTES_MAX);

    for (size_t i = 0; i <= path->depth; i++) {
        bool inner = i < path->depth;
        const char *name = inner ? path->step[i].name : last;
        if (!name || !name[0])
            break;
        if (i > 0)
            dd_write_u8(&w, '.');
        dd_write_raw(&w, name, strlen(name));
        if (inner && path->step[i].repeated) {
            char digits[24];
            size_t size = dd_decimal((int64_t)path->step[i].index, digits);
            dd_write_u8(&w, '[');
            dd_write_raw(&w, digits, size);
            dd_write_u8(&w, ']');
        }
    }
    out[dd_writer_slice(&w).size] = 0;
}

static enum dd_status fault(struct scan *s, enum dd_rule rule, const char *field)
{
    dd_refuse(s->refusal, DD_INVALID, rule, NULL);
    dd_path_text(&s->path, field, s->refusal->field);
    return DD_INVALID;
}

static enum dd_status fault_number(struct scan *s, enum dd_rule rule, const char *field, int64_t n)
{
    fault(s, rule, field);
    dd_decimal(n, s->refusal->param[0]);
    return DD_INVALID;
}

static enum dd_status fault_range(struct scan *s, const char *field, int64_t from, int64_t to)
{
    fault_number(s, DD_RULE_OUT_OF_RANGE, field, from);
    dd_decimal(to, s->refusal->param[1]);
    return DD_INVALID;
}

static enum dd_status enter(struct scan *s, const ProtobufCMessageDescriptor *shape, size_t size)
{
    if (s->depth == DD_NESTING_MAX)
        return fault_number(s, DD_RULE_TOO_DEEP, NULL, DD_NESTING_MAX);
    DD_ASSERT(shape->n_fields <= FIELDS_OF_A_MESSAGE_MAX);
    struct level *level = &s->level[s->depth++];
    level->shape = shape;
    level->end = s->wire.at + size;
    level->seen = 0;
    memset(level->count, 0, shape->n_fields * sizeof level->count[0]);
    s->wire.size = level->end;
    return DD_OK;
}

static void leave(struct scan *s)
{
    s->depth--;
    if (s->depth > 0) {
        s->wire.size = s->level[s->depth - 1].end;
        s->path.depth--;
    }
}

static bool oneof_taken(const struct level *level, const ProtobufCFieldDescriptor *field)
{
    if (!(field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF))
        return false;
    for (unsigned i = 0; i < level->shape->n_fields; i++) {
        const ProtobufCFieldDescriptor *other = &level->shape->fields[i];
        if (level->seen >> i & 1 && other->flags & PROTOBUF_C_FIELD_FLAG_ONEOF &&
            other->quantifier_offset == field->quantifier_offset)
            return true;
    }
    return false;
}

/* Counts a field that has come: a singular one once, one member of a oneof, elements to their
 * limit. */
static enum dd_status note(struct scan *s, const ProtobufCFieldDescriptor *field, size_t elements)
{
    struct level *level = &s->level[s->depth - 1];
    size_t index = (size_t)(field - level->shape->fields);
    uint64_t bit = (uint64_t)1 << index;

    if (field->label != PROTOBUF_C_LABEL_REPEATED) {
        if (level->seen & bit || oneof_taken(level, field))
            return fault(s, DD_RULE_DUPLICATE_FIELD, field->name);
        level->seen |= bit;
        return DD_OK;
    }
    level->count[index] += (uint32_t)elements;
    if (s->mode != DD_SCAN_TOLERANT && level->count[index] > DD_REPEATED_MAX)
        return fault_number(s, DD_RULE_TOO_MANY, field->name, DD_REPEATED_MAX);
    return DD_OK;
}

/* Counts against the limit of the whole message. */
static enum dd_status spend(struct scan *s)
{
    s->fields++;
    if (s->mode != DD_SCAN_TOLERANT && s->fields > DD_FIELDS_MAX)
        return fault_number(s, DD_RULE_TOO_MANY, NULL, DD_FIELDS_MAX);
    return DD_OK;
}

static enum dd_status check_enum(struct scan *s, const ProtobufCFieldDescriptor *field,
                                 uint64_t value)
{
    if ((int64_t)value < INT32_MIN || (int64_t)value > INT32_MAX)
        return fault_range(s, field->name, INT32_MIN, INT32_MAX);
    if (s->mode == DD_SCAN_TOLERANT)
        return DD_OK;
    if (!protobuf_c_enum_descriptor_get_value(field->descriptor, (int)(int64_t)value))
        return fault_number(s, DD_RULE_UNKNOWN_WORD, field->name, (int64_t)value);
    return DD_OK;
}

/* A number must fit its type: unpacking would cut it. */
static enum dd_status check_varint(struct scan *s, const ProtobufCFieldDescriptor *field,
                                   uint64_t value)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_BOOL:
        return value <= 1 ? DD_OK : fault_range(s, field->name, 0, 1);
    case PROTOBUF_C_TYPE_UINT32:
        return value <= UINT32_MAX ? DD_OK : fault_range(s, field->name, 0, UINT32_MAX);
    case PROTOBUF_C_TYPE_SINT32:
        return value <= UINT32_MAX ? DD_OK : fault_range(s, field->name, INT32_MIN, INT32_MAX);
    case PROTOBUF_C_TYPE_INT32:
        if ((int64_t)value < INT32_MIN || (int64_t)value > INT32_MAX)
            return fault_range(s, field->name, INT32_MIN, INT32_MAX);
        return DD_OK;
    case PROTOBUF_C_TYPE_ENUM:
        return check_enum(s, field, value);
    default: /* 64 bits: any value fits */
        return DD_OK;
    }
}

/* Most texts are codes and dates, for which this settles every question at once. */
static bool printable_ascii(struct dd_slice text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] < ' ' || text.data[i] > '~')
            return false;
    }
    return true;
}

static enum dd_status check_text(struct scan *s, const char *field, struct dd_slice text)
{
    if (text.size > DD_REASON_BYTES_MAX)
        return fault_number(s, DD_RULE_TOO_LONG, field, DD_REASON_BYTES_MAX);
    if (printable_ascii(text))
        return DD_OK;
    if (!dd_text_plain_lines(text))
        return fault(s, dd_text_utf8_ok(text) ? DD_RULE_CONTROL_CHARACTER : DD_RULE_NOT_UTF8,
                     field);
    if (s->mode == DD_SCAN_STRICT && !dd_nfc_ok(text))
        return fault(s, DD_RULE_NOT_NFC, field);
    return DD_OK;
}

/* The wire type that a field's values have. */
static enum dd_wire_type type_of(const ProtobufCFieldDescriptor *field)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_BYTES:
    case PROTOBUF_C_TYPE_MESSAGE:
        return DD_WIRE_BYTES;
    case PROTOBUF_C_TYPE_FIXED32:
    case PROTOBUF_C_TYPE_SFIXED32:
    case PROTOBUF_C_TYPE_FLOAT:
        return DD_WIRE_FIXED32;
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_DOUBLE:
        return DD_WIRE_FIXED64;
    default:
        return DD_WIRE_VARINT;
    }
}

static enum dd_status scan_scalar(struct scan *s, const ProtobufCFieldDescriptor *field)
{
    uint64_t value;

    if (type_of(field) != DD_WIRE_VARINT)
        return dd_wire_skip(&s->wire, type_of(field)) ? DD_OK
                                                      : fault(s, DD_RULE_MALFORMED, field->name);
    if (!dd_wire_varint(&s->wire, &value))
        return fault(s, DD_RULE_MALFORMED, field->name);
    return check_varint(s, field, value);
}

/* Elements of a repeated number in one run of bytes. */
static enum dd_status scan_packed(struct scan *s, const ProtobufCFieldDescriptor *field)
{
    size_t outer_end = s->wire.size;
    struct dd_slice run;
    enum dd_status status = DD_OK;

    if (!dd_wire_bytes(&s->wire, &run))
        return fault(s, DD_RULE_MALFORMED, field->name);
    s->wire.size = s->wire.at;
    s->wire.at -= run.size;
    while (status == DD_OK && s->wire.at < s->wire.size) {
        status = spend(s);
        if (status == DD_OK)
            status = note(s, field, 1);
        if (status == DD_OK)
            status = scan_scalar(s, field);
    }
    s->wire.size = outer_end;
    return status;
}

static enum dd_status scan_bytes(struct scan *s, const ProtobufCFieldDescriptor *field)
{
    const struct level *level = &s->level[s->depth - 1];
    struct dd_slice bytes;

    if (!dd_wire_bytes(&s->wire, &bytes))
        return fault(s, DD_RULE_MALFORMED, field->name);
    if (field->type == PROTOBUF_C_TYPE_STRING)
        return check_text(s, field->name, bytes);
    if (field->type == PROTOBUF_C_TYPE_BYTES)
        return DD_OK;
    bool repeated = field->label == PROTOBUF_C_LABEL_REPEATED;
    size_t count = level->count[field - level->shape->fields];
    if (s->path.depth < DD_NESTING_MAX)
        s->path.step[s->path.depth++] = (struct dd_path_step){
            .name = field->name, .index = count > 0 ? count - 1 : 0, .repeated = repeated};
    s->wire.at -= bytes.size;
    return enter(s, field->descriptor, bytes.size);
}

static enum dd_status scan_field(struct scan *s)
{
    const struct level *level = &s->level[s->depth - 1];
    enum dd_wire_type type;
    uint32_t number;

    if (!dd_wire_tag(&s->wire, &number, &type))
        return fault(s, DD_RULE_MALFORMED, NULL);
    enum dd_status status = spend(s);
    if (status != DD_OK)
        return status;
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field(level->shape, number);
    if (!field && s->mode != DD_SCAN_TOLERANT)
        return fault_number(s, DD_RULE_UNKNOWN_FIELD, NULL, number);
    if (!field)
        return dd_wire_skip(&s->wire, type) ? DD_OK : fault(s, DD_RULE_MALFORMED, NULL);
    enum dd_wire_type wanted = type_of(field);
    if (type == DD_WIRE_BYTES && wanted != DD_WIRE_BYTES &&
        field->label == PROTOBUF_C_LABEL_REPEATED)
        return scan_packed(s, field);
    if (type != wanted)
        return fault(s, DD_RULE_MALFORMED, field->name);
    status = note(s, field, 1);
    if (status != DD_OK)
        return status;
    return wanted == DD_WIRE_BYTES ? scan_bytes(s, field) : scan_scalar(s, field);
}

enum dd_status dd_scan(struct dd_slice bytes, const ProtobufCMessageDescriptor *shape,
                       enum dd_scan_mode mode, struct dd_refusal *refusal)
{
    struct scan s; /* levels are made as they are entered: zeroing all costs more than a scan */

    s.wire = dd_wire_make(bytes);
    s.mode = mode;
    s.refusal = refusal;
    s.fields = 0;
    s.path.depth = 0;
    s.depth = 0;
    enum dd_status status = enter(&s, shape, bytes.size);
    while (status == DD_OK && s.depth > 0) {
        if (s.wire.at == s.level[s.depth - 1].end)
            leave(&s);
        else
            status = scan_field(&s);
    }
    return status;
}
