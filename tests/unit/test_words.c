/* The vocabularies: there and back, what is no word, the list for messages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/deadline.h"
#include "core/words.h"

/* How many words each vocabulary has; numbers run from 1 without gaps. */
static const struct {
    enum dd_vocabulary vocabulary;
    int count;
} sizes[] = {{DD_WORDS_ROLE, 8},          {DD_WORDS_OUTCOME, 5},       {DD_WORDS_VERDICT, 3},
             {DD_WORDS_SUBMISSION, 3},    {DD_WORDS_CAPACITY, 5},      {DD_WORDS_ACT, 5},
             {DD_WORDS_SILENCE, 5},       {DD_WORDS_WORD, 3},          {DD_WORDS_END, 8},
             {DD_WORDS_DOSSIER_STATE, 5}, {DD_WORDS_VERSION_STATE, 4}, {DD_WORDS_LANGUAGE, 2},
             {DD_WORDS_CADENCE, 5},       {DD_WORDS_ANCHOR, 2},        {DD_WORDS_WHO, 2},
             {DD_WORDS_WHERE, 2},         {DD_WORDS_CHECK, 6},         {DD_WORDS_BEND, 4},
             {DD_WORDS_DIRECTION, 3},     {DD_WORDS_ISSUE, 5}};

enum { VOCABULARIES = sizeof sizes / sizeof sizes[0] };

static void every_number_has_a_word_that_leads_back_to_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < VOCABULARIES; i++) {
        for (int number = 1; number <= sizes[i].count; number++) {
            const char *word = dd_word(sizes[i].vocabulary, number);
            assert_true(word[0] != '\0');
            assert_int_equal(dd_word_number(sizes[i].vocabulary, dd_slice_of(word)), number);
        }
    }
}

static void other_numbers_have_no_word(void **state)
{
    (void)state;
    for (size_t i = 0; i < VOCABULARIES; i++) {
        assert_string_equal(dd_word(sizes[i].vocabulary, 0), "");
        assert_string_equal(dd_word(sizes[i].vocabulary, -1), "");
        assert_string_equal(dd_word(sizes[i].vocabulary, sizes[i].count + 1), "");
    }
    assert_string_equal(dd_word((enum dd_vocabulary)99, 1), "");
}

static void a_word_belongs_to_its_vocabulary_letter_by_letter(void **state)
{
    (void)state;
    assert_int_equal(dd_word_number(DD_WORDS_ROLE, dd_slice_of("head")), DD_ROLE_HEAD);
    assert_int_equal(dd_word_number(DD_WORDS_ROLE, dd_slice_of("Head")), 0);
    assert_int_equal(dd_word_number(DD_WORDS_ROLE, dd_slice_of("hea")), 0);
    assert_int_equal(dd_word_number(DD_WORDS_ROLE, dd_slice_of("heads")), 0);
    assert_int_equal(dd_word_number(DD_WORDS_ROLE, dd_slice_of("")), 0);
    assert_int_equal(dd_word_number(DD_WORDS_ROLE, dd_slice_of("completed")), 0);
    assert_int_equal(dd_word_number(DD_WORDS_OUTCOME, dd_slice_of("completed")),
                     DD_OUTCOME_COMPLETED);
}

/* They stand in logs: a change here is a change of format. */
static void numbers_that_logs_keep_never_change(void **state)
{
    (void)state;
    assert_string_equal(dd_word(DD_WORDS_OUTCOME, 5), "unattainable");
    assert_string_equal(dd_word(DD_WORDS_ROLE, 8), "notifier");
    assert_string_equal(dd_word(DD_WORDS_END, 3), "late");
    assert_string_equal(dd_word(DD_WORDS_WORD, DD_WORD_BEFORE), "before");
    assert_string_equal(dd_word(DD_WORDS_WORD, DD_WORD_BY), "by");
    assert_string_equal(dd_word(DD_WORDS_WORD, DD_WORD_ON), "on");
    assert_string_equal(dd_word(DD_WORDS_DOSSIER_STATE, 5), "in_force");
    assert_string_equal(dd_word(DD_WORDS_SUBMISSION, 3), "answer");
    assert_string_equal(dd_word(DD_WORDS_SILENCE, 2), "lapses");
    assert_string_equal(dd_word(DD_WORDS_SILENCE, 5), "not-yes");
    assert_string_equal(dd_word(DD_WORDS_CADENCE, 4), "half");
    assert_string_equal(dd_word(DD_WORDS_ANCHOR, 2), "at");
    assert_string_equal(dd_word(DD_WORDS_WHO, 2), "owner");
    assert_string_equal(dd_word(DD_WORDS_WHERE, 2), "host");
    assert_string_equal(dd_word(DD_WORDS_CHECK, 6), "share-at-least");
    assert_string_equal(dd_word(DD_WORDS_BEND, 4), "waive");
    assert_string_equal(dd_word(DD_WORDS_DIRECTION, 3), "yes-no");
    assert_string_equal(dd_word(DD_WORDS_ISSUE, 5), "conclusion");
}

/* Silence that leaves a duty open is the one that nobody has to say. */
static void every_silence_but_missing_ends_a_duty(void **state)
{
    (void)state;
    assert_false(dd_silence_ends((enum dd_silence)0));
    assert_false(dd_silence_ends(DD_SILENCE_MISSING));
    assert_true(dd_silence_ends(DD_SILENCE_LAPSES));
    assert_true(dd_silence_ends(DD_SILENCE_AGREES));
    assert_true(dd_silence_ends(DD_SILENCE_NO_NEED));
    assert_true(dd_silence_ends(DD_SILENCE_NOT_YES));
}

static void a_vocabulary_is_listed_as_people_say_it(void **state)
{
    char text[128];
    (void)state;
    dd_words_listed(DD_WORDS_WORD, text, sizeof text);
    assert_string_equal(text, "before, by or on");
    dd_words_listed(DD_WORDS_VERDICT, text, sizeof text);
    assert_string_equal(text, "agree, return or in-principle");
}

static void a_list_is_cut_at_its_room(void **state)
{
    char text[17];
    (void)state;
    memset(text, '#', sizeof text);
    dd_words_listed(DD_WORDS_WORD, text, 8);
    assert_string_equal(text, "before,");
    assert_int_equal(text[8], '#');
    dd_words_listed(DD_WORDS_WORD, text, 1);
    assert_string_equal(text, "");
    dd_words_listed(DD_WORDS_WORD, text, 17);
    assert_string_equal(text, "before, by or on");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_number_has_a_word_that_leads_back_to_it),
        cmocka_unit_test(other_numbers_have_no_word),
        cmocka_unit_test(a_word_belongs_to_its_vocabulary_letter_by_letter),
        cmocka_unit_test(numbers_that_logs_keep_never_change),
        cmocka_unit_test(every_silence_but_missing_ends_a_duty),
        cmocka_unit_test(a_vocabulary_is_listed_as_people_say_it),
        cmocka_unit_test(a_list_is_cut_at_its_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
