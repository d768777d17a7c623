/*
 * The protobuf wire format, read by hand: variable-length integers, tags, length-prefixed bytes.
 * Total over any bytes and bounded by them. Knows no message and no field; what a number means is
 * asked elsewhere.
 */
#ifndef DD_PROTO_WIRE_H
#define DD_PROTO_WIRE_H

#include "core/bytes.h"

/* The wire types that are taken. Groups (3 and 4) are never. */
enum dd_wire_type {
    DD_WIRE_VARINT = 0,
    DD_WIRE_FIXED64 = 1,
    DD_WIRE_BYTES = 2,
    DD_WIRE_FIXED32 = 5
};

enum {
    DD_WIRE_VARINT_BYTES_MAX = 10,
    DD_WIRE_NUMBER_MAX = 0x1fffffff /* field numbers have 29 bits */
};

/* A place in borrowed bytes. Every read below returns false where the bytes are not what was asked
 * for, and the place is then not to be used again. */
struct dd_wire {
    const uint8_t *data;
    size_t size;
    size_t at;
};

struct dd_wire dd_wire_make(struct dd_slice bytes);

/* An integer of at most 64 bits, in as few bytes as it needs: a longer form is refused, so that a
 * value has one form. */
bool dd_wire_varint(struct dd_wire *wire, uint64_t *out);

/* A field's number (1 .. DD_WIRE_NUMBER_MAX) and wire type; groups and unknown types are refused.
 */
bool dd_wire_tag(struct dd_wire *wire, uint32_t *number, enum dd_wire_type *type);

/* A length and that many bytes, borrowed. */
bool dd_wire_bytes(struct dd_wire *wire, struct dd_slice *out);

/* Steps over the value of a field of that type. */
bool dd_wire_skip(struct dd_wire *wire, enum dd_wire_type type);

/* Writing, in the same form; overflow is the writer's. Values of zero and empty bytes are left out,
 * as the third version of the format has it. */
void dd_wire_put_varint(struct dd_writer *w, uint64_t value);
void dd_wire_put_number(struct dd_writer *w, uint32_t number, uint64_t value);
void dd_wire_put_bytes(struct dd_writer *w, uint32_t number, struct dd_slice bytes);
/* An element of a repeated field, or a message: written even if empty. */
void dd_wire_put_element(struct dd_writer *w, uint32_t number, struct dd_slice bytes);

#endif
