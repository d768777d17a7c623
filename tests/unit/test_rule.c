/* The table of rules, and refusals: texts cut at their limits, numbers written out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/rule.h"
#include "core/text.h"

static void known_rules_have_a_key_and_a_sentence(void **state)
{
    size_t count = 0;
    (void)state;
    for (uint32_t number = 0; number < 1000; number++) {
        enum dd_rule rule = (enum dd_rule)number;
        if (!dd_rule_known(number)) {
            assert_string_equal(dd_rule_key(rule), "unknown");
            assert_string_equal(dd_rule_english(rule), "");
            continue;
        }
        count++;
        assert_true(dd_rule_key(rule)[0] != '\0');
        assert_int_equal(dd_rule_english(rule)[0] != '\0', number != DD_RULE_NONE);
    }
#define ONE(name, number, key, english) +1
    assert_int_equal(count, DD_RULE_TABLE(ONE));
#undef ONE
}

static void keys_stand_once(void **state)
{
    (void)state;
    for (uint32_t a = 0; a < 200; a++) {
        for (uint32_t b = a + 1; b < 200; b++) {
            if (dd_rule_known(a) && dd_rule_known(b))
                assert_string_not_equal(dd_rule_key((enum dd_rule)a), dd_rule_key((enum dd_rule)b));
        }
    }
}

static void a_refusal_says_what_it_was_given(void **state)
{
    struct dd_refusal refusal;
    (void)state;
    memset(&refusal, 0xa5, sizeof refusal);
    assert_int_equal(dd_refuse(&refusal, DD_FORBIDDEN, DD_RULE_FOUR_EYES, NULL), DD_FORBIDDEN);
    assert_int_equal(refusal.status, DD_FORBIDDEN);
    assert_int_equal(refusal.rule, DD_RULE_FOUR_EYES);
    assert_string_equal(refusal.field, "");
    assert_string_equal(refusal.param[0], "");
    assert_string_equal(refusal.param[1], "");
    assert_int_equal(
        dd_refuse_text(&refusal, DD_REFUSED, DD_RULE_NO_SUCH_UNIT, "unit", dd_slice_of("a1")),
        DD_REFUSED);
    assert_string_equal(refusal.field, "unit");
    assert_string_equal(refusal.param[0], "a1");
    assert_int_equal(dd_refuse_number(&refusal, DD_STALE, DD_RULE_NEWER_VERSION, "version", -7),
                     DD_STALE);
    assert_string_equal(refusal.param[0], "-7");
}

static void texts_are_cut_at_their_limits(void **state)
{
    char text[DD_PARAM_BYTES_MAX + 2];
    struct dd_refusal refusal;
    (void)state;
    memset(text, 'x', sizeof text);
    struct dd_slice whole = {(const uint8_t *)text, DD_PARAM_BYTES_MAX};
    dd_refuse_text(&refusal, DD_REFUSED, DD_RULE_NO_SUCH_UNIT, NULL, whole);
    assert_int_equal(strlen(refusal.param[0]), DD_PARAM_BYTES_MAX);
    whole.size++;
    dd_refuse_text(&refusal, DD_REFUSED, DD_RULE_NO_SUCH_UNIT, NULL, whole);
    assert_int_equal(strlen(refusal.param[0]), DD_PARAM_BYTES_MAX);
    text[DD_FIELD_PATH_BYTES_MAX + 1] = '\0';
    dd_refuse(&refusal, DD_REFUSED, DD_RULE_MISSING, text);
    assert_int_equal(strlen(refusal.field), DD_FIELD_PATH_BYTES_MAX);
}

static void a_cut_text_ends_on_a_whole_character(void **state)
{
    static const char letter[] = "\xe1\xbb\x89"; /* three bytes */
    struct dd_refusal refusal;
    (void)state;
    for (size_t lead = 0; lead < 4; lead++) {
        char text[DD_PARAM_BYTES_MAX + 8];
        size_t size = lead;
        memset(text, 'x', sizeof text);
        for (; size + 3 <= sizeof text; size += 3)
            memcpy(text + size, letter, 3);
        dd_refuse_text(&refusal, DD_REFUSED, DD_RULE_NO_SUCH_UNIT, NULL,
                       (struct dd_slice){(const uint8_t *)text, size});
        assert_true(dd_text_utf8_ok(dd_slice_of(refusal.param[0])));
        assert_true(strlen(refusal.param[0]) > DD_PARAM_BYTES_MAX - 3);
    }
}

static void expect_decimal(int64_t value, const char *expected)
{
    char text[21];
    assert_int_equal(dd_decimal(value, text), strlen(expected));
    assert_string_equal(text, expected);
}

static void numbers_are_written_in_decimal(void **state)
{
    (void)state;
    expect_decimal(0, "0");
    expect_decimal(9, "9");
    expect_decimal(10, "10");
    expect_decimal(-1, "-1");
    expect_decimal(INT64_MAX, "9223372036854775807");
    expect_decimal(INT64_MIN, "-9223372036854775808");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_rules_have_a_key_and_a_sentence),
        cmocka_unit_test(keys_stand_once),
        cmocka_unit_test(a_refusal_says_what_it_was_given),
        cmocka_unit_test(texts_are_cut_at_their_limits),
        cmocka_unit_test(a_cut_text_ends_on_a_whole_character),
        cmocka_unit_test(numbers_are_written_in_decimal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
