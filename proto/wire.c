/* The protobuf wire format by hand. See proto/wire.h. */
#include "proto/wire.h"

enum { TYPE_BITS = 3, TYPE_MASK = 7, TOP_BIT = 0x80 };

struct dd_wire dd_wire_make(struct dd_slice bytes)
{
    return (struct dd_wire){.data = bytes.data, .size = bytes.size, .at = 0};
}

bool dd_wire_varint(struct dd_wire *wire, uint64_t *out)
{
    uint64_t value = 0;

    for (unsigned i = 0; i < DD_WIRE_VARINT_BYTES_MAX; i++) {
        if (wire->at >= wire->size)
            return false;
        uint8_t byte = wire->data[wire->at++];
        if (i == DD_WIRE_VARINT_BYTES_MAX - 1 && byte > 1)
            return false; /* more than 64 bits */
        value |= (uint64_t)(byte & (TOP_BIT - 1)) << (7 * i);
        if (!(byte & TOP_BIT)) {
            if (byte == 0 && i > 0)
                return false; /* longer than needed */
            *out = value;
            return true;
        }
    }
    return false;
}

bool dd_wire_tag(struct dd_wire *wire, uint32_t *number, enum dd_wire_type *type)
{
    uint64_t tag;

    if (!dd_wire_varint(wire, &tag) || tag > UINT32_MAX || tag >> TYPE_BITS == 0)
        return false;
    *number = (uint32_t)(tag >> TYPE_BITS);
    switch (tag & TYPE_MASK) {
    case DD_WIRE_VARINT:
    case DD_WIRE_FIXED64:
    case DD_WIRE_BYTES:
    case DD_WIRE_FIXED32:
        *type = (enum dd_wire_type)(tag & TYPE_MASK);
        return true;
    default: /* groups, and two numbers without a meaning */
        return false;
    }
}

static bool step(struct dd_wire *wire, uint64_t size)
{
    if (size > wire->size - wire->at)
        return false;
    wire->at += (size_t)size;
    return true;
}

bool dd_wire_bytes(struct dd_wire *wire, struct dd_slice *out)
{
    uint64_t size;

    if (!dd_wire_varint(wire, &size))
        return false;
    size_t start = wire->at;
    if (!step(wire, size))
        return false;
    *out = (struct dd_slice){.data = wire->data + start, .size = (size_t)size};
    return true;
}

bool dd_wire_skip(struct dd_wire *wire, enum dd_wire_type type)
{
    struct dd_slice bytes;
    uint64_t value;

    switch (type) {
    case DD_WIRE_VARINT:
        return dd_wire_varint(wire, &value);
    case DD_WIRE_FIXED64:
        return step(wire, 8);
    case DD_WIRE_BYTES:
        return dd_wire_bytes(wire, &bytes);
    case DD_WIRE_FIXED32:
        return step(wire, 4);
    }
    return false;
}

void dd_wire_put_varint(struct dd_writer *w, uint64_t value)
{
    while (value >= TOP_BIT) {
        dd_write_u8(w, (uint8_t)(value | TOP_BIT));
        value >>= 7;
    }
    dd_write_u8(w, (uint8_t)value);
}

void dd_wire_put_number(struct dd_writer *w, uint32_t number, uint64_t value)
{
    if (value == 0)
        return;
    dd_wire_put_varint(w, (uint64_t)number << TYPE_BITS | DD_WIRE_VARINT);
    dd_wire_put_varint(w, value);
}

void dd_wire_put_element(struct dd_writer *w, uint32_t number, struct dd_slice bytes)
{
    dd_wire_put_varint(w, (uint64_t)number << TYPE_BITS | DD_WIRE_BYTES);
    dd_wire_put_varint(w, bytes.size);
    if (bytes.size > 0)
        dd_write_raw(w, bytes.data, bytes.size);
}

void dd_wire_put_bytes(struct dd_writer *w, uint32_t number, struct dd_slice bytes)
{
    if (bytes.size > 0)
        dd_wire_put_element(w, number, bytes);
}
