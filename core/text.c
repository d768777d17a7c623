/* Text that may come in, and its width. See core/text.h. */
#include "core/text.h"

/* Code points first..last. */
struct range {
    uint32_t first;
    uint32_t last;
};

/* Controls, and marks that reorder or hide: none of them in text. */
static const struct range refused[] = {
    {0x0000, 0x001F}, {0x007F, 0x009F}, {0x061C, 0x061C}, {0x200E, 0x200F},
    {0x202A, 0x202E}, {0x2066, 0x2069}, {0xFEFF, 0xFEFF},
};

/* Marks that stand on the letter before them, and what cannot be seen. */
static const struct range zero_wide[] = {
    {0x0300, 0x036F}, {0x0483, 0x0489}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF},
    {0x200B, 0x200F}, {0x202A, 0x202E}, {0x2060, 0x2064}, {0x2066, 0x206F},
    {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}, {0xFEFF, 0xFEFF},
};

/* East Asian wide and fullwidth, and the pictures shown as wide. */
static const struct range twice_wide[] = {
    {0x1100, 0x115F},   {0x2E80, 0x303E},   {0x3041, 0x33FF},   {0x3400, 0x4DBF},
    {0x4E00, 0x9FFF},   {0xA000, 0xA4CF},   {0xA960, 0xA97F},   {0xAC00, 0xD7A3},
    {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF01, 0xFF60},   {0xFFE0, 0xFFE6},
    {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF}, {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD},
};

/* White space, as Unicode has it, and the zero width space. */
static const struct range blank[] = {
    {0x0009, 0x000D}, {0x0020, 0x0020}, {0x0085, 0x0085}, {0x00A0, 0x00A0}, {0x1680, 0x1680},
    {0x2000, 0x200B}, {0x2028, 0x2029}, {0x202F, 0x202F}, {0x205F, 0x205F}, {0x3000, 0x3000},
};

#define IN_ANY(ranges, code) in_any((ranges), sizeof(ranges) / sizeof((ranges)[0]), (code))

/* The ranges rise, so the search ends at the first that lies beyond the code. */
static bool in_any(const struct range *ranges, size_t count, uint32_t code)
{
    for (size_t i = 0; i < count && ranges[i].first <= code; i++) {
        if (code <= ranges[i].last)
            return true;
    }
    return false;
}

/* How many bytes a first byte announces, and what it gives to the code; 0 if it cannot be first. */
static size_t first_byte(uint8_t byte, uint32_t *code)
{
    if (byte < 0x80) {
        *code = byte;
        return 1;
    }
    if (byte >= 0xC2 && byte <= 0xDF) { /* 0xC0 and 0xC1 would only begin overlong forms */
        *code = byte & 0x1Fu;
        return 2;
    }
    if (byte >= 0xE0 && byte <= 0xEF) {
        *code = byte & 0x0Fu;
        return 3;
    }
    if (byte >= 0xF0 && byte <= 0xF4) {
        *code = byte & 0x07u;
        return 4;
    }
    return 0;
}

/* Reads the code point at *at and steps over it; false, *at unmoved, if the bytes there are none.
 */
static bool next_code(struct dd_slice text, size_t *at, uint32_t *code)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000}; /* by length: less is overlong */
    size_t size = first_byte(text.data[*at], code);

    if (size == 0 || size > text.size - *at)
        return false;
    for (size_t i = 1; i < size; i++) {
        uint8_t byte = text.data[*at + i];
        if ((byte & 0xC0) != 0x80)
            return false;
        *code = *code << 6 | (byte & 0x3Fu);
    }
    if (*code < least[size] || *code > 0x10FFFF || (*code >= 0xD800 && *code <= 0xDFFF))
        return false;
    *at += size;
    return true;
}

bool dd_text_utf8_ok(struct dd_slice text)
{
    uint32_t code;

    for (size_t at = 0; at < text.size;) {
        if (!next_code(text, &at, &code))
            return false;
    }
    return true;
}

static bool plain(struct dd_slice text, bool lines)
{
    uint32_t code;

    for (size_t at = 0; at < text.size;) {
        if (!next_code(text, &at, &code))
            return false;
        if (lines && (code == '\n' || code == '\t'))
            continue;
        if (IN_ANY(refused, code))
            return false;
    }
    return true;
}

bool dd_text_plain(struct dd_slice text)
{
    return plain(text, false);
}

bool dd_text_plain_lines(struct dd_slice text)
{
    return plain(text, true);
}

static bool letter_or_digit(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool dd_text_blank(struct dd_slice text)
{
    uint32_t code;

    for (size_t at = 0; at < text.size;) {
        if (!next_code(text, &at, &code) || !IN_ANY(blank, code))
            return false;
    }
    return true;
}

bool dd_text_code_ok(struct dd_slice text)
{
    if (text.size < 1 || text.size > DD_CODE_BYTES_MAX || !letter_or_digit(text.data[0]))
        return false;
    for (size_t i = 1; i < text.size; i++) {
        uint8_t c = text.data[i];
        if (!letter_or_digit(c) && c != '.' && c != '_' && c != '-')
            return false;
    }
    return true;
}

size_t dd_text_columns(struct dd_slice text)
{
    size_t columns = 0;

    for (size_t at = 0; at < text.size;) {
        uint32_t code;
        if (!next_code(text, &at, &code)) {
            at++;
            columns++;
        } else if (IN_ANY(twice_wide, code)) {
            columns += 2;
        } else if (!IN_ANY(zero_wide, code)) {
            columns++;
        }
    }
    return columns;
}
