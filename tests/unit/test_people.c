/* Words for people: every state has one in both languages, silence is nobody's act, and a capacity
 * stands before the signature. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "clients/cli/people.h"

static const struct dd_slice none = {NULL, 0};

static void every_state_has_a_word_in_both_languages(void **state)
{
    static const struct {
        enum dd_vocabulary vocabulary;
        int last;
    } all[] = {{DD_WORDS_END, DD_END_MISSING},
               {DD_WORDS_SILENCE, DD_SILENCE_NOT_YES},
               {DD_WORDS_VERDICT, DD_VERDICT_IN_PRINCIPLE},
               {DD_WORDS_OUTCOME, DD_OUTCOME_UNATTAINABLE},
               {DD_WORDS_ISSUE, DD_ISSUE_CONCLUSION},
               {DD_WORDS_ACT, DD_ACT_ANSWER}};
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        for (int number = 1; number <= all[i].last; number++) {
            const char *vi = dd_people_word(DD_LANGUAGE_VI, all[i].vocabulary, number);
            const char *en = dd_people_word(DD_LANGUAGE_EN, all[i].vocabulary, number);
            assert_true(*vi && *en);
            assert_string_not_equal(vi, en);
            assert_null(strchr(en, '_'));
        }
        assert_string_equal(dd_people_word(DD_LANGUAGE_VI, all[i].vocabulary, 0), "");
        assert_string_equal(dd_word(all[i].vocabulary, all[i].last + 1), "");
    }
    assert_string_equal(dd_people_word(DD_LANGUAGE_VI, DD_WORDS_VERDICT, DD_VERDICT_IN_PRINCIPLE),
                        "đồng ý về chủ trương");
}

static void what_has_no_word_of_its_own_keeps_that_of_the_core(void **state)
{
    (void)state;
    assert_string_equal(dd_people_word(DD_LANGUAGE_VI, DD_WORDS_BEND, DD_BEND_EXTEND), "extend");
}

static void a_name_is_taken_in_the_readers_language_where_there_is_one(void **state)
{
    struct dd_slice vi = dd_slice_of("Báo cáo");
    struct dd_slice en = dd_slice_of("Report");
    struct dd_slice key = dd_slice_of("report");
    (void)state;
    assert_true(dd_slice_equal(dd_people_name(DD_LANGUAGE_VI, vi, en, key), vi));
    assert_true(dd_slice_equal(dd_people_name(DD_LANGUAGE_EN, vi, en, key), en));
    assert_true(dd_slice_equal(dd_people_name(DD_LANGUAGE_EN, vi, none, key), vi));
    assert_true(dd_slice_equal(dd_people_name(DD_LANGUAGE_VI, none, none, key), key));
}

static void check_silence(enum dd_language language, const char *title, const char *expected)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    assert_non_null(file);
    dd_people_silence(language, DD_SILENCE_AGREES, dd_slice_of(title), dd_slice_of("so-y-te"),
                      file);
    fclose(file);
    assert_string_equal(text, expected);
    free(text);
}

static void a_silence_names_a_title_and_nobody(void **state)
{
    (void)state;
    check_silence(DD_LANGUAGE_VI, "Giám đốc", "coi như đồng ý (im lặng; trách nhiệm: Giám đốc)");
    check_silence(DD_LANGUAGE_EN, "Giám đốc", "deemed agreed (silent; responsible: Giám đốc)");
    check_silence(DD_LANGUAGE_EN, "", "deemed agreed (silent; responsible: so-y-te)");
}

static void check_signed(enum dd_capacity capacity, const char *account, const char *by,
                         const char *expected)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    assert_non_null(file);
    dd_people_signed(DD_LANGUAGE_VI, capacity, dd_slice_of(account), dd_slice_of(by), file);
    fclose(file);
    assert_string_equal(text, expected);
    free(text);
}

static void a_capacity_stands_before_the_signature(void **state)
{
    (void)state;
    check_signed(DD_CAPACITY_HEAD, "gd", "", " gd");
    check_signed(DD_CAPACITY_FOR_HEAD, "pgd", "gd", " KT. pgd (theo ủy quyền của gd)");
    check_signed(DD_CAPACITY_BY_ORDER, "cvp", "", " TL. cvp");
    check_signed(DD_CAPACITY_BY_AUTHORITY, "pgd", "", " TUQ. pgd");
    check_signed(DD_CAPACITY_FOR_COLLECTIVE, "ct", "", " TM. ct");
    check_signed(DD_CAPACITY_FOR_HEAD, "", "", "");
}

static void padding_counts_columns_and_not_bytes(void **state)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    (void)state;
    assert_non_null(file);
    dd_people_pad(dd_slice_of("Sở"), 4, file);
    dd_people_pad(dd_slice_of("longer"), 4, file);
    dd_people_put(none, file);
    fclose(file);
    assert_string_equal(text, "Sở   longer ");
    free(text);
}

static void a_remark_of_several_lines_cannot_pass_for_a_line_of_ours(void **state)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    (void)state;
    assert_non_null(file);
    dd_people_lines(dd_slice_of("one\n2. two\n"), file);
    dd_people_lines(none, file);
    fclose(file);
    assert_string_equal(text, "one\n    | 2. two\n    | ");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_state_has_a_word_in_both_languages),
        cmocka_unit_test(what_has_no_word_of_its_own_keeps_that_of_the_core),
        cmocka_unit_test(a_name_is_taken_in_the_readers_language_where_there_is_one),
        cmocka_unit_test(a_silence_names_a_title_and_nobody),
        cmocka_unit_test(a_capacity_stands_before_the_signature),
        cmocka_unit_test(padding_counts_columns_and_not_bytes),
        cmocka_unit_test(a_remark_of_several_lines_cannot_pass_for_a_line_of_ours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
