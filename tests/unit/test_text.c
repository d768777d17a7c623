/* Text: UTF-8 at its edges, what is refused, codes, and columns of Vietnamese. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/text.h"

#define BYTES(literal) ((struct dd_slice){(const uint8_t *)(literal), sizeof(literal) - 1})

/* The UTF-8 of a code point, by the book; also of those that may not be. */
static struct dd_slice encode(uint32_t code, uint8_t out[4])
{
    if (code < 0x80) {
        out[0] = (uint8_t)code;
        return (struct dd_slice){out, 1};
    }
    if (code < 0x800) {
        out[0] = (uint8_t)(0xC0 | code >> 6);
        out[1] = (uint8_t)(0x80 | (code & 0x3F));
        return (struct dd_slice){out, 2};
    }
    if (code < 0x10000) {
        out[0] = (uint8_t)(0xE0 | code >> 12);
        out[1] = (uint8_t)(0x80 | (code >> 6 & 0x3F));
        out[2] = (uint8_t)(0x80 | (code & 0x3F));
        return (struct dd_slice){out, 3};
    }
    out[0] = (uint8_t)(0xF0 | code >> 18);
    out[1] = (uint8_t)(0x80 | (code >> 12 & 0x3F));
    out[2] = (uint8_t)(0x80 | (code >> 6 & 0x3F));
    out[3] = (uint8_t)(0x80 | (code & 0x3F));
    return (struct dd_slice){out, 4};
}

static void utf8_takes_every_code_point_but_surrogates(void **state)
{
    (void)state;
    for (uint32_t code = 0; code < 0x120000; code++) {
        uint8_t bytes[4];
        bool expected = code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
        if (dd_text_utf8_ok(encode(code, bytes)) != expected)
            fail_msg("U+%04X", (unsigned)code);
    }
}

static void utf8_refuses_bytes_that_are_not(void **state)
{
    const struct dd_slice texts[] = {
        BYTES("\x80"),         /* goes on without beginning */
        BYTES("\xc3"),         /* cut */
        BYTES("\xe1\xba"),     /* cut */
        BYTES("\xf0\x9f\x98"), /* cut */
        BYTES("\xc3\x28"),     /* does not go on */
        BYTES("\xe1\x28\xa1"),
        BYTES("\xe1\xba\x28"),
        BYTES("\xf0\x9f\x98\x28"),
        BYTES("\xc0\x80"), /* overlong 0 */
        BYTES("\xc0\xaf"), /* overlong / */
        BYTES("\xc1\xbf"),
        BYTES("\xe0\x80\xaf"),
        BYTES("\xe0\x9f\xbf"), /* overlong U+07FF */
        BYTES("\xf0\x80\x80\xaf"),
        BYTES("\xf0\x8f\xbf\xbf"), /* overlong U+FFFF */
        BYTES("\xed\xa0\x80"),     /* surrogate */
        BYTES("\xf4\x90\x80\x80"), /* U+110000 */
        BYTES("\xf5\x80\x80\x80"),
        BYTES("\xf8\x88\x80\x80\x80"),
        BYTES("\xfe"),
        BYTES("\xff"),
        BYTES("t\xe1\xbb\x87p\xff"),
    };
    (void)state;

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_false(dd_text_utf8_ok(texts[i]));
        assert_false(dd_text_plain(texts[i]));
        assert_false(dd_text_plain_lines(texts[i]));
    }
    assert_true(dd_text_utf8_ok(BYTES("")));
    assert_true(dd_text_utf8_ok((struct dd_slice){NULL, 0}));
    assert_true(dd_text_utf8_ok(BYTES("a\0b"))); /* NUL is UTF-8, though not plain */
}

static bool is_refused(uint32_t code)
{
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x061C || code == 0x200E ||
           code == 0x200F || (code >= 0x202A && code <= 0x202E) ||
           (code >= 0x2066 && code <= 0x2069) || code == 0xFEFF;
}

static void plain_refuses_exactly_the_controls_and_hidden_marks(void **state)
{
    (void)state;
    for (uint32_t code = 0; code <= 0x10FFFF; code++) {
        uint8_t bytes[4];
        if (code >= 0xD800 && code <= 0xDFFF)
            continue;
        struct dd_slice text = encode(code, bytes);
        bool line = code == '\n' || code == '\t';
        if (dd_text_plain(text) != !is_refused(code) ||
            dd_text_plain_lines(text) != (line || !is_refused(code)))
            fail_msg("U+%04X", (unsigned)code);
    }
}

static void plain_looks_at_the_whole_text(void **state)
{
    (void)state;
    assert_true(dd_text_plain(BYTES("Sở Nội vụ: 12,5 % “đúng hạn” – 100 m²")));
    assert_false(dd_text_plain(BYTES("Sở Nội vụ\0")));
    assert_false(dd_text_plain(BYTES("Sở\nNội vụ")));
    assert_true(dd_text_plain_lines(BYTES("Sở\n\tNội vụ")));
    assert_false(dd_text_plain_lines(BYTES("Sở\r\nNội vụ")));
    assert_false(dd_text_plain(BYTES("t\xe1\xbb\x87p\xe2\x80\xae"
                                     "fdp.exe"))); /* reordered name */
    assert_true(dd_text_plain(BYTES("")));
}

static void codes_are_short_plain_words(void **state)
{
    static const struct {
        const char *text;
        bool ok;
    } cases[] = {
        {"zZ9-", true}, {"Z", true},    {"9aA0", true},    {"so-noi-vu", true}, {"H1", true},
        {"2013", true}, {"a", true},    {"A.b_c-9", true}, {"0-", true},        {"", false},
        {"-a", false},  {".a", false},  {"_a", false},     {"a b", false},      {"a/b", false},
        {"sở", false},  {"a\n", false}, {"a:b", false},    {"a@b", false},      {"a`", false},
        {"a[", false},  {"a{", false},
    };
    char text[DD_CODE_BYTES_MAX + 2];
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(dd_text_code_ok(dd_slice_of(cases[i].text)), cases[i].ok);
    assert_false(dd_text_code_ok(BYTES("a\0")));
    memset(text, 'x', sizeof text);
    assert_true(dd_text_code_ok((struct dd_slice){(uint8_t *)text, DD_CODE_BYTES_MAX}));
    assert_false(dd_text_code_ok((struct dd_slice){(uint8_t *)text, DD_CODE_BYTES_MAX + 1}));
}

static void columns_are_those_of_the_screen(void **state)
{
    const struct {
        struct dd_slice text;
        size_t columns;
    } cases[] = {
        {BYTES(""), 0},
        {BYTES("abc"), 3},
        {BYTES("Sở Nội vụ"), 9},          /* composed */
        {BYTES("So\xcc\x9b\xcc\x89"), 2}, /* decomposed: S, o, horn, hook */
        {BYTES("e\xcc\x82\xcc\xa3"), 1},  /* ệ in three */
        {BYTES("đôn đốc"), 7},
        {BYTES("漢字"), 4},
        {BYTES("한"), 2},
        {BYTES("ａ"), 2},           /* fullwidth */
        {BYTES("\xe2\x80\x8b"), 0}, /* zero width space */
        {BYTES("😀"), 2},
        {BYTES("–“”…²"), 5},
        {BYTES("a\xff"
               "b"),
         3}, /* a byte that is no text still takes a place */
        {BYTES("\xe1\xbb"), 2},
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(dd_text_columns(cases[i].text), cases[i].columns);
}

static void white_space_alone_is_blank(void **state)
{
    static const struct {
        const char *text;
        bool blank;
    } cases[] = {{"", true},      {" \t\n", true}, {"\xc2\xa0\xe3\x80\x80\xe2\x80\x8b", true},
                 {" a ", false},  {".", false},    {"\xe1\xbb\x9f", false},
                 {" \xff", false}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(dd_text_blank(dd_slice_of(cases[i].text)), cases[i].blank);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(utf8_takes_every_code_point_but_surrogates),
        cmocka_unit_test(utf8_refuses_bytes_that_are_not),
        cmocka_unit_test(plain_refuses_exactly_the_controls_and_hidden_marks),
        cmocka_unit_test(plain_looks_at_the_whole_text),
        cmocka_unit_test(codes_are_short_plain_words),
        cmocka_unit_test(columns_are_those_of_the_screen),
        cmocka_unit_test(white_space_alone_is_blank),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
