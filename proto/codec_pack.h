/*
 * Values into a message to be packed. Running out of memory, or a text that cannot be sent, is kept
 * until the end, so that the writers of messages need no branches. Internal to the codec; knows no
 * message.
 */
#ifndef DD_PROTO_CODEC_PACK_H
#define DD_PROTO_CODEC_PACK_H

#include <protobuf-c/protobuf-c.h>

#include "core/arena.h"
#include "core/bytes.h"
#include "core/status.h"

struct dd_packer {
    struct dd_arena *arena;
    enum dd_status status; /* DD_OK, DD_NO_MEMORY, or DD_INVALID for a text with a NUL */
};

struct dd_packer dd_packer_make(struct dd_arena *arena);

/* Zeroed memory of the arena, or NULL with the status kept; NULL for a size of 0 too. */
void *dd_pack_take(struct dd_packer *p, size_t size);

/* A message of that shape with every field unset, or NULL with the status kept. */
void *dd_pack_message(struct dd_packer *p, const ProtobufCMessageDescriptor *shape);

/* A 0-ended copy. */
char *dd_pack_text(struct dd_packer *p, struct dd_slice text);

/* A 0-ended text that outlives the packing, borrowed. */
char *dd_pack_static(const char *text);

/* YYYY-MM-DD, or the empty text for INT32_MIN and INT32_MAX (no such end). */
char *dd_pack_day(struct dd_packer *p, int32_t day);

/* The same, and the empty text for 0: not said. */
char *dd_pack_day_said(struct dd_packer *p, int32_t day);

/* Borrowed bytes. */
ProtobufCBinaryData dd_pack_bytes(const uint8_t *data, size_t size);
ProtobufCBinaryData dd_pack_slice(struct dd_slice bytes);

char **dd_pack_texts(struct dd_packer *p, const struct dd_slice *texts, size_t count);

/* The message's bytes, in the arena. DD_OK, what was kept, or DD_TOO_LARGE above bytes_max. */
enum dd_status dd_pack_finish(struct dd_packer *p, const ProtobufCMessage *message,
                              size_t bytes_max, struct dd_slice *out);

/* Defines a writer of a repeated message: name(p, in, count) gives an array of pointers to
 * messages, each filled by one(p, out[i], &in[i]). */
#define DD_PACK_LIST(name, wire_type, shape, core_type, one) \
    wire_type **name(struct dd_packer *p, const core_type *in, size_t count) \
    { \
        wire_type **out = dd_pack_take(p, count * sizeof *out); \
        for (size_t i = 0; out && i < count; i++) { \
            out[i] = dd_pack_message(p, &shape); \
            if (!out[i]) \
                return NULL; \
            one(p, out[i], &in[i]); \
        } \
        return out; \
    } \
    static_assert(true, "a semicolon follows")

#endif
