/* Normal form C by ICU, with a way around it for what Vietnamese is written in. See proto/nfc.h. */
#include "proto/nfc.h"

#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "core/invariant.h"
#include "core/limits.h"

enum {
    NORMALISED_BYTES_MAX = 16 * 1024 * 1024,
    GROWTH_MAX =
        3 /* of UTF-16 units under composition; Unicode Annex 15, "Maximum Expansion Factor" */
};

static_assert((int)DD_REASON_BYTES_MAX <= (int)DD_NFC_BYTES_MAX,
              "every text of the protocol is looked at");

static const UNormalizer2 *normaliser(void)
{
    UErrorCode error = U_ZERO_ERROR;
    const UNormalizer2 *nfc = unorm2_getNFCInstance(&error);

    DD_ASSERT(U_SUCCESS(error)); /* its tables are inside the library */
    return nfc;
}

static bool follows(uint8_t byte)
{
    return (byte & 0xc0) == 0x80;
}

/* True if every character lies below U+0300 or within U+1E00..1EFF (the Vietnamese letters): none
 * of these combines with what stands before it and each is its own composed form, so the text is
 * NFC. False says nothing. */
static bool plainly_composed(struct dd_slice text)
{
    size_t i = 0;

    while (i < text.size) {
        const uint8_t *at = text.data + i;
        size_t left = text.size - i;
        if (at[0] < 0x80)
            i += 1;
        else if (left >= 2 && at[0] >= 0xc2 && at[0] <= 0xcb && follows(at[1]))
            i += 2;
        else if (left >= 3 && at[0] == 0xe1 && at[1] >= 0xb8 && at[1] <= 0xbb && follows(at[2]))
            i += 3;
        else
            return false;
    }
    return true;
}

bool dd_nfc_ok(struct dd_slice text)
{
    UChar units[DD_NFC_BYTES_MAX]; /* UTF-16 never has more units than UTF-8 has bytes */
    UErrorCode error = U_ZERO_ERROR;
    int32_t count = 0;

    if (text.size > DD_NFC_BYTES_MAX)
        return false;
    if (plainly_composed(text))
        return true;
    u_strFromUTF8(units, DD_NFC_BYTES_MAX, &count, (const char *)text.data, (int32_t)text.size,
                  &error);
    if (U_FAILURE(error))
        return false;
    bool normal = unorm2_isNormalized(normaliser(), units, count, &error);
    return U_SUCCESS(error) && normal;
}

enum dd_status dd_nfc_normalise(struct dd_slice text, struct dd_arena *arena, struct dd_slice *out)
{
    UErrorCode error = U_ZERO_ERROR;
    int32_t count = 0;
    int32_t composed_count;
    int32_t size = 0;

    if (plainly_composed(text)) {
        *out = text;
        return DD_OK;
    }
    if (text.size > NORMALISED_BYTES_MAX)
        return DD_TOO_LARGE;
    UChar *units = dd_arena_take(arena, text.size * sizeof *units);
    int32_t room = (int32_t)text.size * GROWTH_MAX;
    UChar *composed = dd_arena_take(arena, (size_t)room * sizeof *composed);
    char *bytes = dd_arena_take(arena, (size_t)room * GROWTH_MAX);
    if (!units || !composed || !bytes)
        return DD_NO_MEMORY;
    u_strFromUTF8(units, (int32_t)text.size, &count, (const char *)text.data, (int32_t)text.size,
                  &error);
    if (U_FAILURE(error))
        return DD_INVALID;
    composed_count = unorm2_normalize(normaliser(), units, count, composed, room, &error);
    u_strToUTF8(bytes, room * GROWTH_MAX, &size, composed, composed_count, &error);
    DD_ASSERT(U_SUCCESS(error)); /* the room is the largest that any text needs */
    *out = (struct dd_slice){.data = (const uint8_t *)bytes, .size = (size_t)size};
    return DD_OK;
}
