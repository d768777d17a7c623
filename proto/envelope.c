/* The envelope, by hand. See proto/envelope.h; the field numbers are those of service.proto. */
#include "proto/envelope.h"

#include "core/text.h"
#include "proto/wire.h"

enum {
    REQUEST_PROTOCOL = 1,
    REQUEST_ID = 2,
    REQUEST_DEADLINE = 3,
    REQUEST_TRACE = 4,
    REQUEST_COMMANDS = 5,
    REQUEST_QUESTION = 6,
    REQUEST_CLOCK = 7,
    CLOCK_TO = 1,
    REPLY_ID = 1,
    REPLY_CREDIT = 2,
    REPLY_REFUSAL = 5,
    REPLY_NOW = 6,
    REFUSAL_STATUS = 1,
    REFUSAL_KEY = 2,
    REFUSAL_RULE = 3,
    REFUSAL_RULE_KEY = 4,
    REFUSAL_FIELD = 5,
    REFUSAL_PARAMS = 6,
    REFUSAL_BYTES_MAX = 640
};

/* Notes a field of a request; *seen has a bit for each that came before. */
static void note_field(uint32_t number, enum dd_wire_type type, uint32_t *seen,
                       struct dd_envelope *out)
{
    bool is_number = number == REQUEST_PROTOCOL || number == REQUEST_DEADLINE;

    if (number > REQUEST_CLOCK || type != (is_number ? DD_WIRE_VARINT : DD_WIRE_BYTES)) {
        out->strange = true;
        return;
    }
    if (number != REQUEST_COMMANDS && *seen >> number & 1)
        out->strange = true;
    *seen |= UINT32_C(1) << number;
}

static bool peek_clock(struct dd_slice message, struct dd_envelope *out)
{
    struct dd_wire wire = dd_wire_make(message);
    enum dd_wire_type type;
    uint32_t number;
    uint64_t value;
    bool told = false;

    out->has_clock_advance = true;
    while (wire.at < wire.size) {
        if (!dd_wire_tag(&wire, &number, &type))
            return false;
        if (number == CLOCK_TO && type == DD_WIRE_VARINT) {
            if (!dd_wire_varint(&wire, &value))
                return false;
            out->clock_to_ms = (int64_t)value;
            out->strange = out->strange || told;
            told = true;
        } else {
            out->strange = true;
            if (!dd_wire_skip(&wire, type))
                return false;
        }
    }
    return true;
}

static void peek_number(uint32_t number, uint64_t value, struct dd_envelope *out)
{
    if (number == REQUEST_PROTOCOL)
        out->protocol = value > UINT32_MAX ? UINT32_MAX : (uint32_t)value;
    else if (number == REQUEST_DEADLINE)
        out->deadline_ms = (int64_t)value;
}

static bool peek_bytes(uint32_t number, struct dd_slice value, struct dd_envelope *out)
{
    switch (number) {
    case REQUEST_ID:
        if (value.size <= DD_REQUEST_ID_BYTES_MAX)
            out->request_id = value;
        return true;
    case REQUEST_TRACE:
        if (value.size <= DD_TRACE_ID_BYTES_MAX && dd_text_plain(value))
            out->trace_id = value;
        return true;
    case REQUEST_COMMANDS:
        out->command_count++;
        return true;
    case REQUEST_QUESTION:
        out->has_question = true;
        return true;
    case REQUEST_CLOCK:
        return peek_clock(value, out);
    default:
        return true;
    }
}

static bool peek_field(struct dd_wire *wire, uint32_t *seen, struct dd_envelope *out)
{
    enum dd_wire_type type;
    uint32_t number;
    uint64_t value;
    struct dd_slice bytes;

    if (!dd_wire_tag(wire, &number, &type))
        return false;
    note_field(number, type, seen, out);
    if (type == DD_WIRE_VARINT) {
        if (!dd_wire_varint(wire, &value))
            return false;
        peek_number(number, value, out);
        return true;
    }
    if (type == DD_WIRE_BYTES)
        return dd_wire_bytes(wire, &bytes) && peek_bytes(number, bytes, out);
    return dd_wire_skip(wire, type);
}

bool dd_envelope_peek(struct dd_slice body, struct dd_envelope *out)
{
    struct dd_wire wire = dd_wire_make(body);
    uint32_t seen = 0;

    *out = (struct dd_envelope){0};
    while (wire.at < wire.size) {
        if (!peek_field(&wire, &seen, out)) {
            *out = (struct dd_envelope){0};
            return false;
        }
    }
    return true;
}

static void make_plain(char *text)
{
    if (dd_text_plain(dd_slice_of(text)))
        return;
    for (char *at = text; *at; at++) {
        if (*at < ' ' || *at > '~')
            *at = '?';
    }
}

void dd_envelope_refusal(const struct dd_refusal *refusal, struct dd_refusal *out)
{
    *out = *refusal;
    make_plain(out->field);
    make_plain(out->param[0]);
    make_plain(out->param[1]);
}

static void put_refusal(struct dd_writer *w, const struct dd_refusal *refusal)
{
    size_t params = refusal->param[1][0] ? 2 : refusal->param[0][0] ? 1 : 0;

    dd_wire_put_number(w, REFUSAL_STATUS, (uint64_t)refusal->status);
    dd_wire_put_bytes(w, REFUSAL_KEY, dd_slice_of(dd_status_key(refusal->status)));
    dd_wire_put_number(w, REFUSAL_RULE, (uint64_t)refusal->rule);
    if (refusal->rule != DD_RULE_NONE)
        dd_wire_put_bytes(w, REFUSAL_RULE_KEY, dd_slice_of(dd_rule_key(refusal->rule)));
    dd_wire_put_bytes(w, REFUSAL_FIELD, dd_slice_of(refusal->field));
    for (size_t i = 0; i < params; i++)
        dd_wire_put_element(w, REFUSAL_PARAMS, dd_slice_of(refusal->param[i]));
}

void dd_envelope_reply(struct dd_writer *w, struct dd_slice request_id, uint32_t credit,
                       const struct dd_refusal *refusal, int64_t now_ms)
{
    dd_wire_put_bytes(w, REPLY_ID, request_id);
    dd_wire_put_number(w, REPLY_CREDIT, credit);
    if (refusal) {
        uint8_t bytes[REFUSAL_BYTES_MAX];
        struct dd_writer inner = dd_writer_make(bytes, sizeof bytes);
        struct dd_refusal clean;
        dd_envelope_refusal(refusal, &clean);
        put_refusal(&inner, &clean);
        dd_wire_put_element(w, REPLY_REFUSAL, dd_writer_slice(&inner));
    }
    dd_wire_put_number(w, REPLY_NOW, (uint64_t)now_ms);
}
