/* Sentences: every sentence of the core's tables in both languages, parameters, languages' tags. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "clients/cli/sentence.h"
#include "proto/nfc.h"

static const char *const rule_sentences[] = {
#define RULE_SENTENCE(name, number, key, english) english,
    DD_RULE_TABLE(RULE_SENTENCE)
#undef RULE_SENTENCE
};

static const char *const status_sentences[] = {
#define STATUS_SENTENCE(name, number, key, class_, english) english,
    DD_STATUS_TABLE(STATUS_SENTENCE)
#undef STATUS_SENTENCE
};

static size_t count_of(const char *text, const char *part)
{
    size_t count = 0;
    for (const char *at = strstr(text, part); at; at = strstr(at + 1, part))
        count++;
    return count;
}

static void check_sentences(const char *const *sentences, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *vietnamese = dd_say(DD_LANGUAGE_VI, sentences[i]);
        if (!*sentences[i])
            continue;
        if (strcmp(vietnamese, sentences[i]) == 0)
            fail_msg("not translated: %s", sentences[i]);
        for (int slot = 0; slot < 3; slot++) {
            char part[4] = {'{', (char)('0' + slot), '}', 0};
            if (count_of(sentences[i], part) != count_of(vietnamese, part))
                fail_msg("%s differs: %s", part, sentences[i]);
        }
        assert_string_equal(dd_say(DD_LANGUAGE_EN, sentences[i]), sentences[i]);
    }
}

static void every_sentence_of_the_core_is_translated_with_its_parameters(void **state)
{
    (void)state;
    check_sentences(rule_sentences, sizeof rule_sentences / sizeof rule_sentences[0]);
    check_sentences(status_sentences, sizeof status_sentences / sizeof status_sentences[0]);
}

static void the_catalogue_is_in_normal_form_and_has_no_sentence_twice(void **state)
{
    (void)state;
    size_t count = 0;
    for (const struct dd_translation *at = dd_catalogue_vi; at->english; at++, count++) {
        assert_true(dd_nfc_ok(dd_slice_of(at->translated)));
        assert_true(*at->translated);
        for (const struct dd_translation *k = dd_catalogue_vi; k < at; k++)
            assert_string_not_equal(k->english, at->english);
    }
    assert_true(count > 100);
}

static void a_text_without_translation_stays_english(void **state)
{
    (void)state;
    assert_string_equal(dd_say(DD_LANGUAGE_VI, "nobody ever said this"), "nobody ever said this");
}

static void a_refusal_becomes_a_sentence_with_parameters_and_field(void **state)
{
    struct dd_refusal refusal;
    char out[256];
    (void)state;
    dd_refuse_text(&refusal, DD_FORBIDDEN, DD_RULE_NO_OFFICE, "unit", dd_slice_of("head"));
    memcpy(refusal.param[1], "so-y-te", 8);
    assert_string_equal(dd_sentence(DD_LANGUAGE_EN, &refusal, out, sizeof out),
                        "the offices that this key holds do not allow it: this key holds no office "
                        "as head of so-y-te today (field: unit)");
    assert_string_equal(dd_sentence(DD_LANGUAGE_VI, &refusal, out, sizeof out),
                        "các chức vụ của khóa này không cho phép: hôm nay khóa này không giữ chức "
                        "vụ người đứng đầu của so-y-te (trường: unit)");
    memset(refusal.param[1], 0, sizeof refusal.param[1]);
    assert_string_equal(dd_sentence(DD_LANGUAGE_EN, &refusal, out, sizeof out),
                        "the offices that this key holds do not allow it: this key holds no office "
                        "as head of the jurisdiction today (field: unit)");
}

static void a_code_that_is_like_a_word_is_never_translated(void **state)
{
    struct dd_refusal refusal;
    char out[256];
    (void)state;
    dd_refuse_text(&refusal, DD_REFUSED, DD_RULE_NO_SUCH_UNIT, NULL, dd_slice_of("head"));
    assert_string_equal(dd_sentence(DD_LANGUAGE_VI, &refusal, out, sizeof out),
                        "quy định không cho phép: không có đơn vị head");
}

static void a_hint_says_what_to_do_and_is_translated(void **state)
{
    struct dd_refusal refusal;
    const char *hint;
    (void)state;
    dd_refuse_text(&refusal, DD_REFUSED, DD_RULE_NO_SUCH_GROUP, NULL, dd_slice_of("g"));
    hint = dd_hint(&refusal);
    assert_string_equal(hint, "name it with --groups CODE=NAME");
    for (uint32_t rule = 0; rule < 200; rule++) {
        refusal = (struct dd_refusal){.status = DD_REFUSED, .rule = (enum dd_rule)rule};
        hint = dd_hint(&refusal);
        if (hint)
            assert_string_not_equal(dd_say(DD_LANGUAGE_VI, hint), hint);
    }
    dd_refuse_text(&refusal, DD_INVALID, DD_RULE_BAD_CODE, "question.cycle.cycle", dd_slice_of(""));
    assert_non_null(strstr(dd_hint(&refusal), "PROGRAMME/PERIOD"));
    dd_refuse_text(&refusal, DD_INVALID, DD_RULE_BAD_CODE, "unit", dd_slice_of(""));
    assert_null(dd_hint(&refusal));
    refusal = (struct dd_refusal){.status = DD_KEY_UNKNOWN};
    assert_non_null(strstr(dd_hint(&refusal), "dondoc account put"));
}

static void a_status_without_rule_is_its_own_sentence(void **state)
{
    struct dd_refusal refusal = {.status = DD_UNAVAILABLE};
    char out[256];
    (void)state;
    assert_string_equal(dd_sentence(DD_LANGUAGE_EN, &refusal, out, sizeof out),
                        "the registrar cannot be reached now");
}

static void an_unknown_status_and_rule_still_give_a_sentence(void **state)
{
    struct dd_refusal refusal = {.status = (enum dd_status)9999, .rule = (enum dd_rule)9999};
    char out[64];
    (void)state;
    assert_string_equal(dd_sentence(DD_LANGUAGE_EN, &refusal, out, sizeof out),
                        "a rule does not allow it");
}

static void a_sentence_is_cut_at_the_callers_room(void **state)
{
    struct dd_refusal refusal;
    char out[300];
    (void)state;
    dd_refuse_text(&refusal, DD_NOT_FOUND, DD_RULE_NO_SUCH_UNIT, "unit", dd_slice_of("abc"));
    const char *whole = "there is no such thing: there is no unit abc (field: unit)";
    for (size_t size = 1; size <= strlen(whole) + 1; size++) {
        memset(out, 'x', sizeof out);
        dd_sentence(DD_LANGUAGE_EN, &refusal, out, size);
        assert_int_equal(strlen(out), size - 1);
        assert_memory_equal(out, whole, size - 1);
        assert_int_equal(out[size], 'x');
    }
}

static void languages_are_read_from_their_tags(void **state)
{
    enum dd_language language = DD_LANGUAGE_EN;
    (void)state;
    assert_true(dd_language_of_tag("vi_VN.UTF-8", &language));
    assert_int_equal(language, DD_LANGUAGE_VI);
    assert_true(dd_language_of_tag("en", &language));
    assert_int_equal(language, DD_LANGUAGE_EN);
    assert_false(dd_language_of_tag("C.UTF-8", &language));
    assert_false(dd_language_of_tag("vietnamese", &language));
    assert_false(dd_language_of_tag("", &language));
    assert_false(dd_language_of_tag(NULL, &language));
    assert_int_equal(language, DD_LANGUAGE_EN);
}

static void the_environment_gives_the_language_and_vietnamese_is_the_rest(void **state)
{
    (void)state;
    setenv("DONDOC_LANG", "", 1);
    setenv("LC_ALL", "C", 1);
    setenv("LANG", "en_GB.UTF-8", 1);
    assert_int_equal(dd_language_default(), DD_LANGUAGE_EN);
    setenv("LANG", "C.UTF-8", 1);
    assert_int_equal(dd_language_default(), DD_LANGUAGE_VI);
    setenv("DONDOC_LANG", "en", 1);
    setenv("LANG", "vi_VN", 1);
    assert_int_equal(dd_language_default(), DD_LANGUAGE_EN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_sentence_of_the_core_is_translated_with_its_parameters),
        cmocka_unit_test(the_catalogue_is_in_normal_form_and_has_no_sentence_twice),
        cmocka_unit_test(a_text_without_translation_stays_english),
        cmocka_unit_test(a_refusal_becomes_a_sentence_with_parameters_and_field),
        cmocka_unit_test(a_code_that_is_like_a_word_is_never_translated),
        cmocka_unit_test(a_hint_says_what_to_do_and_is_translated),
        cmocka_unit_test(a_status_without_rule_is_its_own_sentence),
        cmocka_unit_test(an_unknown_status_and_rule_still_give_a_sentence),
        cmocka_unit_test(a_sentence_is_cut_at_the_callers_room),
        cmocka_unit_test(languages_are_read_from_their_tags),
        cmocka_unit_test(the_environment_gives_the_language_and_vietnamese_is_the_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
