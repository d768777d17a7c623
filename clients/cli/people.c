/* Words for people. See clients/cli/people.h. */
#include "clients/cli/people.h"

#include "core/text.h"

struct spoken {
    enum dd_vocabulary vocabulary;
    int number;
    const char *english;
};

// clang-format off
static const struct spoken spoken[] = {
    {DD_WORDS_END, DD_END_OPEN, DD_SAY("open")},
    {DD_WORDS_END, DD_END_ON_TIME, DD_SAY("on time")},
    {DD_WORDS_END, DD_END_LATE, DD_SAY("late")},
    {DD_WORDS_END, DD_END_LAPSED, DD_SAY("lapsed")},
    {DD_WORDS_END, DD_END_WAIVED, DD_SAY("waived")},
    {DD_WORDS_END, DD_END_SUPERSEDED, DD_SAY("superseded")},
    {DD_WORDS_END, DD_END_PENDING, DD_SAY("pending")},
    {DD_WORDS_END, DD_END_MISSING, DD_SAY("missing")},
    {DD_WORDS_SILENCE, DD_SILENCE_MISSING, DD_SAY("still owed")},
    {DD_WORDS_SILENCE, DD_SILENCE_LAPSES, DD_SAY("ended by time")},
    {DD_WORDS_SILENCE, DD_SILENCE_AGREES, DD_SAY("deemed agreed")},
    {DD_WORDS_SILENCE, DD_SILENCE_NO_NEED, DD_SAY("deemed no need")},
    {DD_WORDS_SILENCE, DD_SILENCE_NOT_YES, DD_SAY("not a yes")},
    {DD_WORDS_VERDICT, DD_VERDICT_AGREE, DD_SAY("agreed")},
    {DD_WORDS_VERDICT, DD_VERDICT_RETURN, DD_SAY("returned")},
    {DD_WORDS_VERDICT, DD_VERDICT_IN_PRINCIPLE, DD_SAY("agreed in principle")},
    {DD_WORDS_OUTCOME, DD_OUTCOME_OPEN, DD_SAY("in progress")},
    {DD_WORDS_OUTCOME, DD_OUTCOME_COMPLETED, DD_SAY("completed")},
    {DD_WORDS_OUTCOME, DD_OUTCOME_EXCEEDED, DD_SAY("exceeded")},
    {DD_WORDS_OUTCOME, DD_OUTCOME_NOT_COMPLETED, DD_SAY("not completed")},
    {DD_WORDS_OUTCOME, DD_OUTCOME_UNATTAINABLE, DD_SAY("unattainable")},
    {DD_WORDS_CAPACITY, DD_CAPACITY_HEAD, ""},
    {DD_WORDS_CAPACITY, DD_CAPACITY_FOR_HEAD, "KT."},
    {DD_WORDS_CAPACITY, DD_CAPACITY_BY_ORDER, "TL."},
    {DD_WORDS_CAPACITY, DD_CAPACITY_BY_AUTHORITY, "TUQ."},
    {DD_WORDS_CAPACITY, DD_CAPACITY_FOR_COLLECTIVE, "TM."},
    {DD_WORDS_ISSUE, DD_ISSUE_TABLE, DD_SAY("table")},
    {DD_WORDS_ISSUE, DD_ISSUE_RANKING, DD_SAY("ranking")},
    {DD_WORDS_ISSUE, DD_ISSUE_LIST, DD_SAY("list")},
    {DD_WORDS_ISSUE, DD_ISSUE_PAPER, DD_SAY("paper")},
    {DD_WORDS_ISSUE, DD_ISSUE_CONCLUSION, DD_SAY("conclusion")},
    {DD_WORDS_ACT, DD_ACT_HAND_IN, DD_SAY("hands in")},
    {DD_WORDS_ACT, DD_ACT_DECIDE, DD_SAY("decides")},
    {DD_WORDS_ACT, DD_ACT_REPORT, DD_SAY("reports")},
    {DD_WORDS_ACT, DD_ACT_OUTCOME, DD_SAY("does it")},
    {DD_WORDS_ACT, DD_ACT_ANSWER, DD_SAY("answers")},
};
// clang-format on

const char *dd_people_word(enum dd_language language, enum dd_vocabulary vocabulary, int number)
{
    for (size_t i = 0; i < sizeof spoken / sizeof spoken[0]; i++) {
        if (spoken[i].vocabulary == vocabulary && spoken[i].number == number)
            return *spoken[i].english ? dd_say(language, spoken[i].english) : "";
    }
    return dd_word(vocabulary, number);
}

struct dd_slice dd_people_name(enum dd_language language, struct dd_slice name_vi,
                               struct dd_slice name_en, struct dd_slice code)
{
    struct dd_slice first = language == DD_LANGUAGE_EN ? name_en : name_vi;
    struct dd_slice second = language == DD_LANGUAGE_EN ? name_vi : name_en;
    return first.size > 0 ? first : second.size > 0 ? second : code;
}

void dd_people_put(struct dd_slice text, FILE *out)
{
    if (text.size > 0)
        fwrite(text.data, 1, text.size, out);
}

void dd_people_lines(struct dd_slice text, FILE *out)
{
    for (size_t i = 0; i < text.size; i++) {
        fputc(text.data[i], out);
        if (text.data[i] == '\n')
            fputs("    | ", out);
    }
}

void dd_people_pad(struct dd_slice text, size_t columns, FILE *out)
{
    dd_people_put(text, out);
    for (size_t width = dd_text_columns(text); width < columns; width++)
        fputc(' ', out);
    fputc(' ', out);
}

void dd_people_silence(enum dd_language language, enum dd_silence silence,
                       struct dd_slice head_title, struct dd_slice unit, FILE *out)
{
    fprintf(out, "%s (%s: ", dd_people_word(language, DD_WORDS_SILENCE, (int)silence),
            dd_say(language, "silent; responsible"));
    dd_people_put(head_title.size > 0 ? head_title : unit, out);
    fputc(')', out);
}

void dd_people_signed(enum dd_language language, enum dd_capacity capacity, struct dd_slice account,
                      struct dd_slice delegated_by, FILE *out)
{
    const char *before = dd_people_word(language, DD_WORDS_CAPACITY, (int)capacity);
    if (account.size == 0)
        return;
    fprintf(out, " %s%s", before, *before ? " " : "");
    dd_people_put(account, out);
    if (delegated_by.size == 0)
        return;
    fprintf(out, " (%s ", dd_say(language, "delegated by"));
    dd_people_put(delegated_by, out);
    fputc(')', out);
}
