/* Messages made in the arena and packed. See proto/codec_pack.h. */
#include "proto/codec_pack.h"

#include <string.h>

#include "core/calendar.h"

struct dd_packer dd_packer_make(struct dd_arena *arena)
{
    return (struct dd_packer){.arena = arena, .status = DD_OK};
}

void *dd_pack_take(struct dd_packer *p, size_t size)
{
    if (size == 0 || p->status != DD_OK)
        return NULL;
    void *place = dd_arena_take(p->arena, size);
    if (!place)
        p->status = DD_NO_MEMORY;
    return place;
}

void *dd_pack_message(struct dd_packer *p, const ProtobufCMessageDescriptor *shape)
{
    void *message = dd_pack_take(p, shape->sizeof_message);

    if (message)
        protobuf_c_message_init(shape, message);
    return message;
}

/* The generated structs want pointers to what may be changed; packing changes nothing. */
char *dd_pack_static(const char *text)
{
    return (char *)(uintptr_t)text;
}

char *dd_pack_text(struct dd_packer *p, struct dd_slice text)
{
    if (text.size == 0)
        return dd_pack_static("");
    if (memchr(text.data, 0, text.size)) {
        p->status = DD_INVALID;
        return dd_pack_static("");
    }
    char *copy = dd_pack_take(p, text.size + 1);
    if (!copy)
        return dd_pack_static("");
    memcpy(copy, text.data, text.size);
    return copy;
}

char *dd_pack_day(struct dd_packer *p, int32_t day)
{
    char text[DD_DAY_TEXT_BYTES];

    if (day == INT32_MIN || day == INT32_MAX)
        return dd_pack_static("");
    dd_day_format(day, text);
    return dd_pack_text(p, dd_slice_of(text));
}

char *dd_pack_day_said(struct dd_packer *p, int32_t day)
{
    return day == 0 ? dd_pack_static("") : dd_pack_day(p, day);
}

ProtobufCBinaryData dd_pack_bytes(const uint8_t *data, size_t size)
{
    return (ProtobufCBinaryData){.len = size, .data = (uint8_t *)(uintptr_t)data};
}

ProtobufCBinaryData dd_pack_slice(struct dd_slice bytes)
{
    return dd_pack_bytes(bytes.data, bytes.size);
}

char **dd_pack_texts(struct dd_packer *p, const struct dd_slice *texts, size_t count)
{
    char **out = dd_pack_take(p, count * sizeof *out);

    for (size_t i = 0; out && i < count; i++)
        out[i] = dd_pack_text(p, texts[i]);
    return out;
}

enum dd_status dd_pack_finish(struct dd_packer *p, const ProtobufCMessage *message,
                              size_t bytes_max, struct dd_slice *out)
{
    if (p->status != DD_OK)
        return p->status;
    size_t size = protobuf_c_message_get_packed_size(message);
    if (size > bytes_max)
        return DD_TOO_LARGE;
    uint8_t *bytes = dd_pack_take(p, size > 0 ? size : 1);
    if (!bytes)
        return p->status;
    protobuf_c_message_pack(message, bytes);
    *out = (struct dd_slice){.data = bytes, .size = size};
    return DD_OK;
}
