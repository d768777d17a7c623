/* The vocabularies, read. See core/words.h. */
#include "core/words.h"

#include <string.h>

struct word_row {
    enum dd_vocabulary vocabulary;
    int number;
    const char *word;
};

#define AS_ROLE(name, number, word) {DD_WORDS_ROLE, number, word},
#define AS_OUTCOME(name, number, word) {DD_WORDS_OUTCOME, number, word},
#define AS_VERDICT(name, number, word) {DD_WORDS_VERDICT, number, word},
#define AS_SUBMISSION(name, number, word) {DD_WORDS_SUBMISSION, number, word},
#define AS_CAPACITY(name, number, word) {DD_WORDS_CAPACITY, number, word},
#define AS_ACT(name, number, word) {DD_WORDS_ACT, number, word},
#define AS_SILENCE(name, number, word) {DD_WORDS_SILENCE, number, word},
#define AS_WORD(name, number, word) {DD_WORDS_WORD, number, word},
#define AS_END(name, number, word) {DD_WORDS_END, number, word},
#define AS_DOSSIER(name, number, word) {DD_WORDS_DOSSIER_STATE, number, word},
#define AS_LANGUAGE(name, number, word) {DD_WORDS_LANGUAGE, number, word},
#define AS_VERSION(name, number, word) {DD_WORDS_VERSION_STATE, number, word},
#define AS_CADENCE(name, number, word) {DD_WORDS_CADENCE, number, word},
#define AS_ANCHOR(name, number, word) {DD_WORDS_ANCHOR, number, word},
#define AS_WHO(name, number, word) {DD_WORDS_WHO, number, word},
#define AS_WHERE(name, number, word) {DD_WORDS_WHERE, number, word},
#define AS_CHECK(name, number, word) {DD_WORDS_CHECK, number, word},
#define AS_BEND(name, number, word) {DD_WORDS_BEND, number, word},
#define AS_DIRECTION(name, number, word) {DD_WORDS_DIRECTION, number, word},
#define AS_ISSUE(name, number, word) {DD_WORDS_ISSUE, number, word},

// clang-format off
static const struct word_row rows[] = {
    DD_ROLE_TABLE(AS_ROLE)
    DD_OUTCOME_TABLE(AS_OUTCOME)
    DD_VERDICT_TABLE(AS_VERDICT)
    DD_SUBMISSION_TABLE(AS_SUBMISSION)
    DD_CAPACITY_TABLE(AS_CAPACITY)
    DD_ACT_TABLE(AS_ACT)
    DD_SILENCE_TABLE(AS_SILENCE)
    DD_WORD_TABLE(AS_WORD)
    DD_END_TABLE(AS_END)
    DD_DOSSIER_STATE_TABLE(AS_DOSSIER)
    DD_VERSION_STATE_TABLE(AS_VERSION)
    DD_LANGUAGE_TABLE(AS_LANGUAGE)
    DD_CADENCE_TABLE(AS_CADENCE)
    DD_ANCHOR_TABLE(AS_ANCHOR)
    DD_WHO_TABLE(AS_WHO)
    DD_WHERE_TABLE(AS_WHERE)
    DD_CHECK_TABLE(AS_CHECK)
    DD_BEND_TABLE(AS_BEND)
    DD_DIRECTION_TABLE(AS_DIRECTION)
    DD_ISSUE_TABLE(AS_ISSUE)
};
// clang-format on

enum { ROWS = sizeof rows / sizeof rows[0] };

const char *dd_word(enum dd_vocabulary vocabulary, int number)
{
    for (size_t i = 0; i < ROWS; i++) {
        if (rows[i].vocabulary == vocabulary && rows[i].number == number)
            return rows[i].word;
    }
    return "";
}

bool dd_silence_ends(enum dd_silence silence)
{
    switch (silence) {
    case DD_SILENCE_MISSING:
        return false;
    case DD_SILENCE_LAPSES:
    case DD_SILENCE_AGREES:
    case DD_SILENCE_NO_NEED:
    case DD_SILENCE_NOT_YES:
        return true;
    }
    return false;
}

int dd_word_number(enum dd_vocabulary vocabulary, struct dd_slice word)
{
    for (size_t i = 0; i < ROWS; i++) {
        if (rows[i].vocabulary == vocabulary && dd_slice_equal(dd_slice_of(rows[i].word), word))
            return rows[i].number;
    }
    return 0;
}

static size_t append(char *out, size_t out_size, size_t at, const char *text)
{
    size_t size = strlen(text);
    if (at + size >= out_size)
        size = out_size - 1 - at;
    memcpy(out + at, text, size);
    out[at + size] = '\0';
    return at + size;
}

void dd_words_listed(enum dd_vocabulary vocabulary, char *out, size_t out_size)
{
    size_t at = 0;
    size_t first = ROWS;
    size_t last = ROWS;
    for (size_t i = 0; i < ROWS; i++) {
        if (rows[i].vocabulary != vocabulary)
            continue;
        first = first == ROWS ? i : first;
        last = i;
    }
    out[0] = '\0';
    for (size_t i = first; i < ROWS && i <= last; i++) {
        if (i > first)
            at = append(out, out_size, at, i == last ? " or " : ", ");
        at = append(out, out_size, at, rows[i].word);
    }
}
