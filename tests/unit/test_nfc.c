/* Normal form C: what is in it, what is not, and that the way around ICU says what ICU says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <unicode/uchar.h>
#include <unicode/unorm2.h>

#include "proto/nfc.h"

static bool ok(const char *text)
{
    return dd_nfc_ok(dd_slice_of(text));
}

static void nfc_takes_ascii_and_composed_vietnamese(void **state)
{
    (void)state;
    assert_true(ok(""));
    assert_true(ok("Key tasks 2013"));
    assert_true(ok("Nghị quyết của Ủy ban nhân dân tỉnh, đôn đốc thực hiện"));
    assert_true(ok("東京 – “kế hoạch”")); /* by ICU: not on the short way */
}

static void nfc_refuses_decomposed_text(void **state)
{
    (void)state;
    assert_false(ok("o\xcc\x82"));        /* o + circumflex */
    assert_false(ok("\xc3\xb4\xcc\xa3")); /* ô + dot below */
    assert_true(ok("\xe1\xbb\x99"));      /* ộ */
    assert_false(ok("\xe2\x84\xab"));     /* the angstrom sign is a singleton */
    assert_false(ok("K\xe1\xba\xbf ho\xcc\xa3"
                    "ch"));
    assert_true(ok("x\xcc\xa3")); /* no composed form exists */
}

static void nfc_refuses_what_is_not_utf8(void **state)
{
    (void)state;
    assert_false(ok("\xff"));
    assert_false(ok("a\xc3"));
    assert_false(ok("\xe1\xbb"));
    assert_false(ok("\xc1\xa1"));
    assert_false(ok("\xed\xa0\x80"));
}

static void nfc_looks_at_texts_up_to_its_limit(void **state)
{
    static char text[DD_NFC_BYTES_MAX + 2];
    (void)state;
    memset(text, 'a', sizeof text - 1);
    assert_false(dd_nfc_ok((struct dd_slice){(const uint8_t *)text, DD_NFC_BYTES_MAX + 1}));
    assert_true(dd_nfc_ok((struct dd_slice){(const uint8_t *)text, DD_NFC_BYTES_MAX}));
    memcpy(text + DD_NFC_BYTES_MAX - 3, "o\xcc\x82", 3); /* the last character is looked at */
    assert_false(dd_nfc_ok((struct dd_slice){(const uint8_t *)text, DD_NFC_BYTES_MAX}));
}

static size_t utf8_of(UChar32 code, char *out)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xc0 | code >> 6);
        out[1] = (char)(0x80 | (code & 0x3f));
        return 2;
    }
    out[0] = (char)(0xe0 | code >> 12);
    out[1] = (char)(0x80 | (code >> 6 & 0x3f));
    out[2] = (char)(0x80 | (code & 0x3f));
    return 3;
}

/* Every character of the short way, and enough around it, alone and after a letter: as ICU says. */
static void nfc_short_way_agrees_with_icu(void **state)
{
    UErrorCode error = U_ZERO_ERROR;
    const UNormalizer2 *nfc = unorm2_getNFCInstance(&error);
    (void)state;
    assert_true(U_SUCCESS(error));
    for (UChar32 code = 1; code < 0x2200; code++) {
        UChar units[2] = {'a', (UChar)code};
        char text[4] = {'a'};
        size_t size = utf8_of(code, text + 1) + 1;
        UErrorCode fault = U_ZERO_ERROR;
        bool wanted = unorm2_isNormalized(nfc, units, 2, &fault);
        assert_true(U_SUCCESS(fault));
        assert_int_equal(dd_nfc_ok((struct dd_slice){(const uint8_t *)text, size}), wanted);
        bool short_way = code < 0x300 || (code >= 0x1e00 && code < 0x1f00);
        if (short_way) { /* never joins what stands before it */
            assert_true(unorm2_hasBoundaryBefore(nfc, code));
            assert_int_equal(unorm2_getCombiningClass(nfc, code), 0);
        }
    }
}

static void normalise_composes_and_leaves_composed_text_where_it_is(void **state)
{
    struct dd_arena arena = dd_arena_make(1024 * 1024);
    struct dd_slice text = dd_slice_of("Sở Nội vụ");
    struct dd_slice out;
    (void)state;
    assert_int_equal(dd_nfc_normalise(text, &arena, &out), DD_OK);
    assert_ptr_equal(out.data, text.data);
    text = dd_slice_of("So\xcc\x9b\xcc\x89 No\xcc\xa3\xcc\x82i");
    assert_int_equal(dd_nfc_normalise(text, &arena, &out), DD_OK);
    assert_true(dd_slice_equal(out, dd_slice_of("Sở Nội")));
    assert_true(dd_nfc_ok(out));
    dd_arena_free(&arena);
}

static void normalise_grows_where_composition_is_longer(void **state)
{
    struct dd_arena arena = dd_arena_make(1024 * 1024);
    struct dd_slice out;
    (void)state;
    /* U+1D160 is excluded from composition: one character becomes three of four bytes each */
    struct dd_slice text = dd_slice_of("\xf0\x9d\x85\xa0");
    assert_int_equal(dd_nfc_normalise(text, &arena, &out), DD_OK);
    assert_int_equal(out.size, 12);
    assert_int_equal(dd_nfc_normalise(dd_slice_of("\xef\xac\xac"), &arena, &out),
                     DD_OK); /* U+FB2C */
    assert_int_equal(out.size, 6);
    dd_arena_free(&arena);
}

static void normalise_says_when_it_cannot(void **state)
{
    struct dd_arena arena = dd_arena_make(16);
    struct dd_slice out;
    (void)state;
    assert_int_equal(dd_nfc_normalise(dd_slice_of("o\xcc\x82 o\xcc\x82 o\xcc\x82"), &arena, &out),
                     DD_NO_MEMORY);
    dd_arena_free(&arena);
    arena = dd_arena_make(4096);
    assert_int_equal(dd_nfc_normalise(dd_slice_of("\xff"), &arena, &out), DD_INVALID);
    dd_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nfc_takes_ascii_and_composed_vietnamese),
        cmocka_unit_test(nfc_refuses_decomposed_text),
        cmocka_unit_test(nfc_refuses_what_is_not_utf8),
        cmocka_unit_test(nfc_looks_at_texts_up_to_its_limit),
        cmocka_unit_test(nfc_short_way_agrees_with_icu),
        cmocka_unit_test(normalise_composes_and_leaves_composed_text_where_it_is),
        cmocka_unit_test(normalise_grows_where_composition_is_longer),
        cmocka_unit_test(normalise_says_when_it_cannot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
