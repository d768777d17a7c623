/* Ids and hexadecimal text. See core/ids.h. */
#include "core/ids.h"

#include <string.h>

enum { GROUPS = 5 };

/* Bytes of the five groups of a UUID's text. */
static const uint8_t group_bytes[GROUPS] = {4, 2, 2, 2, 6};

bool dd_id_equal(struct dd_id a, struct dd_id b)
{
    return dd_id_compare(a, b) == 0;
}

int dd_id_compare(struct dd_id a, struct dd_id b)
{
    return memcmp(a.byte, b.byte, DD_ID_BYTES);
}

bool dd_id_is_zero(struct dd_id id)
{
    return dd_id_equal(id, (struct dd_id){{0}});
}

struct dd_slice dd_id_slice(const struct dd_id *id)
{
    return (struct dd_slice){id->byte, DD_ID_BYTES};
}

bool dd_id_from_slice(struct dd_slice bytes, struct dd_id *out)
{
    if (bytes.size != DD_ID_BYTES)
        return false;
    memcpy(out->byte, bytes.data, DD_ID_BYTES);
    return true;
}

bool dd_id_parse(struct dd_slice text, struct dd_id *out)
{
    struct dd_id id;

    if (text.size == 2 * DD_ID_BYTES) {
        if (!dd_hex_decode(text, id.byte, DD_ID_BYTES))
            return false;
        *out = id;
        return true;
    }
    if (text.size != DD_ID_TEXT_BYTES - 1)
        return false;
    const uint8_t *at = text.data;
    uint8_t *byte = id.byte;
    for (size_t i = 0; i < GROUPS; i++) {
        if (i > 0 && *at++ != '-')
            return false;
        if (!dd_hex_decode((struct dd_slice){at, 2u * group_bytes[i]}, byte, group_bytes[i]))
            return false;
        at += 2 * group_bytes[i];
        byte += group_bytes[i];
    }
    *out = id;
    return true;
}

void dd_id_format(struct dd_id id, char out[DD_ID_TEXT_BYTES])
{
    const uint8_t *byte = id.byte;

    for (size_t i = 0; i < GROUPS; i++) {
        if (i > 0)
            *out++ = '-';
        dd_hex_encode((struct dd_slice){byte, group_bytes[i]}, out);
        out += 2 * group_bytes[i];
        byte += group_bytes[i];
    }
}

void dd_hex_encode(struct dd_slice bytes, char *out)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < bytes.size; i++) {
        *out++ = digits[bytes.data[i] >> 4];
        *out++ = digits[bytes.data[i] & 15];
    }
    *out = '\0';
}

/* 0..15, or -1 for what is no digit. */
static int hex_value(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool dd_hex_decode(struct dd_slice text, uint8_t *out, size_t size)
{
    if (text.size % 2 != 0 || text.size / 2 != size)
        return false;
    for (size_t i = 0; i < size; i++) {
        int high = hex_value(text.data[2 * i]);
        int low = hex_value(text.data[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        out[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}
