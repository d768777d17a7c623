/* What the check of programmes finds beyond single keys: each class of fault and of warning, and
 * beside it the nearest file that has none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "clients/cli/programme_file.h"

enum { TEXT_BYTES = 8192 };

static struct dd_arena arena;

static int fresh(void **state)
{
    (void)state;
    arena = dd_arena_make(64 * 1024 * 1024);
    return 0;
}

static int gone(void **state)
{
    (void)state;
    dd_arena_free(&arena);
    return 0;
}

/* Two ways to begin a file. */
#define HEAD "code: a\nversion: 1\nname: {vi: a}\nissued: 2012-01-01\n"
#define DOSSIER \
    HEAD "kinds: [{code: own, max_tasks: 5, counted: true}]\n" \
         "stages:\n" \
         "  - {key: hand, act: hand-in, by: head, word: by, date: d}\n"
#define REPORTS HEAD "stages:\n"
#define ASKING(needs) \
    HEAD "matters: [{code: m, opened_by: head" needs "}]\n" \
         "stages:\n"

/* What is found, as it is printed: faults, then warnings. */
static const char *found_in(const char *text)
{
    static char out[TEXT_BYTES];
    static struct dd_programme programme;
    struct dd_yaml_faults faults = {.list = NULL};
    struct dd_yaml_faults warnings = {.list = NULL};
    memset(out, 0, sizeof out);
    enum dd_status status =
        dd_programme_file_lint(dd_slice_of(text), &arena, &programme, &faults, &warnings);
    FILE *file = fmemopen(out, sizeof out - 1, "w");
    assert_non_null(file);
    assert_int_equal(status, faults.count > 0 ? DD_INVALID : DD_OK);
    assert_true(faults.count == 0 || warnings.count == 0);
    dd_yaml_faults_print(&faults, "p", file);
    dd_yaml_faults_print(&warnings, "p", file);
    fclose(file);
    dd_yaml_faults_free(&faults);
    dd_yaml_faults_free(&warnings);
    dd_arena_reset(&arena);
    return out;
}

/* A file, and the part of a line that must be found in it; "": it must have nothing at all. */
struct row {
    const char *text;
    const char *found;
};

static void judge(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *found = found_in(rows[i].text);
        bool as_told = rows[i].found[0] ? strstr(found, rows[i].found) != NULL : found[0] == '\0';
        if (!as_told)
            fail_msg("row %zu\n%s\ngives\n%s\ninstead of\n%s", i, rows[i].text, found,
                     rows[i].found);
    }
}

#define JUDGE(rows) judge(rows, sizeof rows / sizeof rows[0])

static void a_stage_that_is_never_reached_is_a_fault(void **state)
{
    static const struct row rows[] = {
        {DOSSIER "  - {key: x, act: decide, by: approver}\n", ""},
        {HEAD "stages:\n  - {key: x, act: decide, by: approver}\n",
         "p:6:19: stages[1].act: never reached: decide comes after"},
        {DOSSIER "  - {key: x, act: outcome, by: officer}\n", ""},
        {HEAD "stages:\n  - {key: x, act: outcome, by: officer}\n",
         "p:6:19: stages[1].act: never reached: indicators come from a registration"},
        {HEAD "stages:\n  - {key: x, act: hand-in, by: head, word: by, date: d}\n",
         "p:6:19: stages[1].act: never met: there are no kinds"},
        {REPORTS "  - {key: x, act: report, by: head, for: [so]}\n", ""},
        {REPORTS "  - {key: x, act: report, by: head, for: []}\n",
         "p:6:42: stages[1].for: names no group, so nobody would owe this"},
        {ASKING(", needs: due") "  - {key: x, act: answer, by: head, of: m}\n", ""},
        {ASKING("") "  - {key: x, act: answer, by: head, of: n}\n",
         "p:7:41: stages[1].of: there is no matter n in matters"},
        {ASKING("") "  - {key: x, act: report, by: head}\n",
         "p:5:18: matters[1].code: no stage is of this matter"},
        {HEAD "matters: [{code: m}]\nstages:\n  - {key: x, act: answer, by: head, of: m}\n",
         "p:5:11: matters[1].opened_by: the key is missing"}};
    (void)state;
    JUDGE(rows);
}

#define EVERY_MONTH "deadline: {word: by, every: month, day: 5}"

static void a_stage_that_can_never_be_met_or_owed_is_a_fault(void **state)
{
    static const struct row rows[] = {
        {REPORTS "  - {key: x, act: report, by: head, " EVERY_MONTH "}\n"
                 "  - {key: y, act: report, by: appraiser, requires: x, " EVERY_MONTH "}\n",
         ""},
        {REPORTS "  - {key: y, act: report, by: appraiser, requires: y, " EVERY_MONTH "}\n",
         "stages[1].requires: never met: the stage would wait for itself"},
        {REPORTS "  - {key: y, act: report, by: appraiser, requires: x, " EVERY_MONTH "}\n",
         "p:6:52: stages[1].requires: there is no stage x"},
        {REPORTS "  - {key: y, act: report, by: appraiser, requires: x, " EVERY_MONTH "}\n"
                 "  - {key: x, act: report, by: head, " EVERY_MONTH "}\n",
         "stages[1].requires: the stage that is required stands before"},
        {REPORTS "  - {key: x, act: report, by: head, for: [so], " EVERY_MONTH "}\n"
                 "  - {key: y, act: report, by: appraiser, requires: x, " EVERY_MONTH "}\n",
         "stages[2].requires: never met by all"},
        {REPORTS
         "  - {key: x, act: report, by: head, " EVERY_MONTH "}\n"
         "  - {key: y, act: report, by: head, overlap: {with: x, owed: longer}, " EVERY_MONTH "}\n",
         "stages[2].overlap: never owed: it yields in every one of its periods"},
        {REPORTS
         "  - {key: x, act: report, by: head, for: [so], " EVERY_MONTH "}\n"
         "  - {key: y, act: report, by: head, overlap: {with: x, owed: longer}, " EVERY_MONTH "}\n",
         "stages[2].overlap: longer: some parties of this stage do not owe the other"},
        {REPORTS "  - {key: y, act: report, by: head, overlap: {with: y, owed: both}, " EVERY_MONTH
                 "}\n",
         "a stage does not overlap with itself"},
        {REPORTS "  - {key: y, act: report, by: head, deadline: {word: by, every: half, month: 1,"
                 " day: 5, except: [1, 2]}}\n",
         "stages[1].deadline.except: no period is left"},
        {REPORTS "  - {key: y, act: report, by: head, deadline: {word: by, every: half, month: 1,"
                 " day: 5, only: [3]}}\n",
         "stages[1].deadline.only: the year has no such period 3"},
        {REPORTS "  - {key: y, act: report, by: head, deadline: {word: by, every: half, month: 1,"
                 " day: 5, only: [2], except: [1]}}\n",
         "only and except do not stand together"}};
    (void)state;
    JUDGE(rows);
}

static void a_silence_that_means_something_needs_a_bound(void **state)
{
    static const struct row rows[] = {
        {ASKING(", needs: due") "  - {key: x, act: answer, by: head, of: m, silence: agrees,"
                                " deadline: {word: by}}\n",
         ""},
        {ASKING("") "  - {key: x, act: answer, by: head, of: m, silence: agrees,"
                    " deadline: {word: by}}\n",
         "p:7:53: stages[1].silence: this silence needs a bound: deadline: {days: N"},
        {ASKING("") "  - {key: x, act: answer, by: head, of: m, silence: not-yes,"
                    " deadline: {days: 5, after: opening}}\n",
         ""},
        {ASKING(", needs: due") "  - {key: x, act: answer, by: head, of: m, silence: no-need}\n",
         "stages[1].silence: this silence needs a bound"},
        {REPORTS "  - {key: x, act: report, by: head, silence: lapses, " EVERY_MONTH "}\n", ""},
        {REPORTS "  - {key: x, act: report, by: head, silence: lapses, any_time: true}\n",
         "nobody is silent"},
        {DOSSIER "  - {key: x, act: decide, by: approver, silence: lapses}\n",
         "stages[2].silence: this silence needs a bound: a deadline with a word and a day"}};
    (void)state;
    JUDGE(rows);
}

static void an_office_that_nobody_holds_for_the_act_is_a_fault(void **state)
{
    static const struct row rows[] = {
        {REPORTS "  - {key: x, act: report, by: head, signers: [kt, head], any_time: true}\n", ""},
        {REPORTS "  - {key: x, act: report, by: officer, signers: [kt], any_time: true}\n",
         "p:6:49: stages[1].signers: nobody signs for the officer"},
        {REPORTS "  - {key: x, act: report, by: head, signers: [ky], any_time: true}\n",
         "p:6:47: stages[1].signers[1]: \"ky\" is not known; it is head, kt, tl, tuq or tm"},
        {REPORTS "  - {key: x, act: report, by: auditor, any_time: true}\n",
         "stages[1].by: nobody does this as auditor; report is by head, deputy, officer, appraiser "
         "or approver"},
        {DOSSIER "  - {key: x, act: outcome, by: approver}\n",
         "stages[2].by: nobody does this as approver; outcome is by head, deputy or officer"},
        {REPORTS "  - {key: x, act: report, by: head, bent_by: officer, any_time: true}\n",
         "stages[1].bent_by: a duty's time is bent by head, appraiser or approver"},
        {HEAD "matters: [{code: m, opened_by: auditor}]\nstages:\n"
              "  - {key: x, act: answer, by: head, of: m}\n",
         "matters[1].opened_by: a matter is opened by head, deputy, officer, appraiser "
         "or approver"},
        {HEAD "matters: [{code: m, opened_by: officer, signers: [kt]}]\nstages:\n"
              "  - {key: x, act: answer, by: head, of: m}\n",
         "matters[1].signers: only a head or an approver is signed for"}};
    (void)state;
    JUDGE(rows);
}

#define ANSWER(who) "  - {key: a, act: answer, by: head, of: m, who: " who "}\n"
#define DECIDE(by) "  - {key: d, act: decide, by: " by ", of: m}\n"

static void nobody_judges_themselves(void **state)
{
    static const struct row rows[] = {
        {DOSSIER "  - {key: x, act: decide, by: appraiser}\n", ""},
        {DOSSIER "  - {key: x, act: decide, by: head}\n",
         "p:8:31: stages[2].by: the unit that hands in would decide on its own submission"},
        {HEAD "kinds: [{code: own, max_tasks: 5, counted: true}]\nstages:\n"
              "  - {key: hand, act: hand-in, by: appraiser, word: by, date: d}\n",
         "stages[1].by: nobody does this as appraiser; hand-in is by head, deputy or officer"},
        {ASKING(", needs: due") ANSWER("owner") DECIDE("approver"), ""},
        {ASKING(", needs: due") ANSWER("each") DECIDE("head"), ""},
        {ASKING(", needs: due") ANSWER("owner") DECIDE("head"),
         "p:8:31: stages[2].by: the owner's head would decide on what the owner's own people"},
        {ASKING(", needs: due") DECIDE("head"), "stages[1].by: the owner's head would decide"},
        {HEAD "matters: [{code: m, opened_by: approver, opened_in: host}]\nstages:\n"
              "  - {key: d, act: decide, by: approver, of: m}\n",
         "stages[1].by: who opens the matter would decide on it with nothing in between"},
        {HEAD "matters: [{code: m, opened_by: approver, opened_in: host, needs: due}]\nstages:\n"
              "  - {key: o, act: outcome, by: officer, of: m, who: owner}\n" DECIDE("approver"),
         ""}};
    (void)state;
    JUDGE(rows);
}

#define REPORT(deadline) REPORTS "  - {key: x, act: report, by: head, deadline: {" deadline "}}\n"

static void a_deadline_that_says_too_little_or_too_much_is_a_fault(void **state)
{
    static const struct row rows[] = {
        {REPORT("word: by, every: week"), "stages[1].deadline.weekday: the weekday is needed"},
        {REPORT("word: by, every: week, weekday: friday"), ""},
        {REPORT("word: by, every: week, weekday: friday, day: 5"),
         "p:6:93: stages[1].deadline.day: a week has weekday and week"},
        {REPORT("word: by, every: week, weekday: fri"),
         "\"fri\" is not known; it is monday, tuesday, wednesday, thursday, friday, saturday or "
         "sunday"},
        {REPORT("word: by, every: week, weekday: friday, except: [1]"), "weeks cannot be excepted"},
        {REPORT("every: month, day: 5"), "stages[1].deadline.word: the word is needed"},
        {REPORT("word: by, every: month"),
         "stages[1].deadline.day: the day of the month is needed"},
        {REPORT("word: by, every: month, day: 32"),
         "p:6:77: stages[1].deadline.day: \"32\" is no whole number from 1 to 31"},
        {REPORT("word: by, every: month, day: first"),
         "\"first\" is not known; it is last, or a whole number from 1 to 31"},
        {REPORT("word: by, every: month, day: last"), ""},
        {REPORT("word: by, every: month, day: 5, month: 2"), "the period has 1 month;"},
        {REPORT("word: by, every: quarter, day: 5"),
         "stages[1].deadline.month: the month is needed: first, last, previous, next"},
        {REPORT("word: by, every: quarter, day: 5, month: 3"), ""},
        {REPORT("word: by, every: quarter, day: 5, month: 4"), "the period has 3 months;"},
        {REPORT("word: by, every: half, day: 5, month: 1, year: next"), "belongs to every: year"},
        {REPORT("word: by, every: year, day: 5, month: previous, year: next"),
         "month previous or next says the year already"},
        {REPORT("word: by, every: year, day: 5, month: 1, in: 2013, since: 2012"),
         "in stands for one year"},
        {REPORT("word: by, every: year, day: 5, month: 1, since: 2014, until: 2013"),
         "stages[1].deadline.until: lies before since"},
        {REPORT("word: by, every: year, day: 5, month: 1, since: 2014, until: 2014"), ""},
        {REPORT("word: by, date: d, every: month, day: 5"),
         "one of date, every and days says when"},
        {REPORT("word: by, date: d, day: 5"), "belongs to a deadline with every"},
        {REPORT("word: by, date: d, before: at"), "belongs to a deadline with days"},
        {REPORT("word: by, date: d"), ""},
        {REPORT(""), "stages[1].deadline: says nothing"},
        {REPORT("days: 5, after: opening"),
         "reports and indicators are not counted from an opening"},
        {REPORTS "  - {key: x, act: report, by: head, any_time: true, " EVERY_MONTH "}\n",
         "what is taken at any time has no deadline"},
        {DOSSIER "  - {key: x, act: decide, by: approver, deadline: {days: 5}}\n",
         "stages[2].deadline.days: days need before or after"},
        {DOSSIER "  - {key: x, act: decide, by: approver, deadline: {days: 5, before: opening}}\n",
         "nothing is owed before it has arisen"},
        {DOSSIER "  - {key: x, act: decide, by: approver, deadline: {word: by, days: 5,"
                 " after: opening}}\n",
         "days say the last accepted day; no word stands with them"},
        {ASKING(", needs: due") "  - {key: x, act: answer, by: head, of: m, deadline: {days: 1,"
                                " before: at}}\n",
         "at is the instant of a matter that has needs: at"},
        {ASKING(", needs: at") "  - {key: x, act: answer, by: head, of: m, deadline: {days: 1,"
                               " before: at}}\n",
         ""},
        {ASKING(", needs: due") "  - {key: x, act: answer, by: head, of: m, deadline: {word: by,"
                                " date: d}}\n",
         "an indicator or matter brings its own day"}};
    (void)state;
    JUDGE(rows);
}

#define FORM(rest) \
    REPORTS "  - {key: x, act: report, by: head, form: f, any_time: true}\n" \
            "forms: [{key: f, " rest "}]\n"
#define FIGURES "figures: [{key: a}, {key: b}], "

static void a_form_names_its_own_figures_and_has_what_its_checks_need(void **state)
{
    static const struct row rows[] = {
        {FORM(FIGURES "checks: [{check: sum, figure: a, of: [b]}]"), ""},
        {FORM(FIGURES "checks: [{check: sum, figure: c, of: [b]}]"),
         "forms[1].checks[1].figure: the form has no figure c"},
        {FORM(FIGURES "checks: [{check: sum, figure: a, of: [b, d]}]"),
         "forms[1].checks[1].of[2]: the form has no figure d"},
        {FORM(FIGURES "checks: [{check: sum, figure: a}]"), "sum needs of"},
        {FORM(FIGURES "checks: [{check: at-most, figure: a, bound: 1.5}]"), ""},
        {FORM(FIGURES "checks: [{check: at-most, figure: a, bound: 1.5, of: [b]}]"), "not both"},
        {FORM(FIGURES "checks: [{check: share-at-least, figure: a, of: [b], bound: 20}]"), ""},
        {FORM(FIGURES "checks: [{check: share-at-least, figure: a, of: [b]}]"), "a share needs of"},
        {FORM(FIGURES "checks: [{check: running, figure: a, of: [b], bound: 1}]"), "running needs"},
        {FORM(FIGURES "checks: [{check: at-most, figure: a, bound: 1.1234567}]"),
         "\"1.1234567\" is no figure; a figure has at most 18 digits, 6 of them after the point"},
        {FORM("figures: [{key: a}, {key: a}]"), "forms[1].figures[2].key: the key a stands twice"},
        {FORM("name: {vi: a}"), "forms[1].figures: the form asks for nothing"},
        {FORM("parts: [letter]"), ""},
        {FORM("parts: [letter]}, {key: f, parts: [x]"), "forms[2].key: the key f stands twice"},
        {REPORTS "  - {key: x, act: report, by: head, form: g, any_time: true}\n",
         "stages[1].form: there is no form g in forms"},
        {DOSSIER "  - {key: x, act: decide, by: approver, form: f}\n"
                 "forms: [{key: f, parts: [x]}]\n",
         "stages[2].form: belongs to hand-in, report or answer"}};
    (void)state;
    JUDGE(rows);
}

#define BALLOT(rest) \
    ASKING(", needs: due") \
    "  - {key: v, act: answer, by: head, of: m, answers: [{code: yes}, {code: no}]" rest "}\n"

static void a_vote_passes_by_one_of_its_answers(void **state)
{
    static const struct row rows[] = {
        {BALLOT(", passes: {answer: yes, more_than: 50, of: asked}"), ""},
        {BALLOT(", passes: {answer: maybe, more_than: 50, of: asked}"),
         "stages[1].passes.answer: maybe is none of the answers"},
        {BALLOT(", passes: {answer: yes, more_than: 100, of: asked}"),
         "passes.more_than: \"100\" is no whole number from 1 to 99, and no fraction"},
        {BALLOT(", passes: {answer: yes, more_than: 0, of: asked}"), "\"0\" is no whole number"},
        {BALLOT(", passes: {answer: yes, more_than: 2/3, of: asked}"), ""},
        {BALLOT(", passes: {answer: yes, more_than: \"99/100\", of: answers}"), ""},
        {BALLOT(", passes: {answer: yes, more_than: 2/101, of: asked}"), "no fraction"},
        {BALLOT(", passes: {answer: yes, more_than: 3/3, of: asked}"), "no fraction"},
        {BALLOT(", passes: {answer: yes, more_than: 0/3, of: asked}"), "no fraction"},
        {BALLOT(", passes: {answer: yes, more_than: 2/, of: asked}"), "no fraction"},
        {BALLOT(", passes: {answer: yes, more_than: 50, of: all}"),
         "\"all\" is not known; it is asked or answers"},
        {REPORTS "  - {key: v, act: report, by: head, any_time: true, answers: [{code: yes}]}\n",
         "stages[1].answers: belongs to an answer stage"}};
    (void)state;
    JUDGE(rows);
}

static void a_deadline_before_or_at_the_closing_of_its_data_is_warned_of(void **state)
{
    static const struct row rows[] = {
        {REPORT("word: before, every: half, month: 6, day: 25, closing: {month: 6, day: 30}"),
         "p:6:47: warning: stages[1].deadline: the deadline lies before the closing of its data, "
         "which can only be estimates: in 2013-H1 the last accepted day is 2013-06-24, the data "
         "close on 2013-06-30 (so in 10 of 10 periods from 2013 to 2017)"},
        /* 14 June 2013 is a Friday, of 2014 a Saturday: the Monday after it is the 16th. */
        {REPORT("word: by, every: half, month: 6, day: 17, closing: {month: 6, day: 14}, in: 2013"),
         ""},
        {REPORT("word: by, every: half, month: 6, day: 16, closing: {month: 6, day: 14}, only: [1],"
                " in: 2013"),
         "less than one working day lies between the closing of the data and the deadline (Decree "
         "09/2019/NĐ-CP, article 8.5): in 2013-H1 the last accepted day is 2013-06-16"},
        {REPORT("word: by, every: half, month: 6, day: 16, closing: {month: 6, day: 14}, only: [1],"
                " in: 2014"),
         ""},
        {REPORT("word: by, every: half, month: 6, day: 14, closing: {month: 6, day: 14}, only: [1],"
                " in: 2013"),
         "less than one working day"},
        {REPORTS "  - {key: x, act: report, by: head, form: f, " EVERY_MONTH "}\n"
                 "forms: [{key: f, figures: [{key: a}, {key: b, estimate: true}]}]\n",
         "the report is due before its period ends, no closing day is said, and final figures are "
         "asked for (a): in 2013-01"},
        {REPORTS "  - {key: x, act: report, by: head, form: f, " EVERY_MONTH "}\n"
                 "forms: [{key: f, figures: [{key: b, estimate: true}]}]\n",
         ""},
        {REPORTS "  - {key: x, act: report, by: head, form: f, deadline: {word: by, every: month,"
                 " month: previous, day: 20}}\n"
                 "forms: [{key: f, figures: [{key: a}]}]\n",
         ""}};
    (void)state;
    JUDGE(rows);
}

#define ISSUED(day, deadline) \
    "code: a\nversion: 1\nname: {vi: a}\nissued: " day "\nstages:\n" \
    "  - {key: x, act: report, by: head, deadline: {" deadline "}}\n"

/* The decision of 25 November 2013 came after its own 20 October, 15 and 20 November. */
static void a_rule_dated_after_its_own_deadline_is_warned_of(void **state)
{
    static const struct row rows[] = {
        {ISSUED("2013-11-25", "word: before, every: year, month: 11, day: 20"),
         "p:6:47: warning: stages[1].deadline: the rule is dated 2013-11-25, after its own "
         "deadline of that year (last accepted day 2013-11-19); the first that can be met is "
         "2014-11-19"},
        {ISSUED("2013-11-25", "word: before, every: year, month: 10, day: 20, year: previous"),
         "(last accepted day 2013-10-19); the first that can be met is 2014-10-19"},
        {ISSUED("2013-11-19", "word: before, every: year, month: 11, day: 20"), ""},
        {ISSUED("2013-11-20", "word: before, every: year, month: 11, day: 20"), "dated 2013-11-20"},
        {ISSUED("2013-11-25", "word: by, every: year, month: 11, day: last, in: 2013"), ""},
        {ISSUED("2013-11-25", "word: by, every: quarter, month: last, day: 15"), ""},
        {ISSUED("2013-12-25", "word: by, every: quarter, month: last, day: 15"), ""}};
    (void)state;
    JUDGE(rows);
}

#define MONTHLY "  - {key: m, act: report, by: head, " EVERY_MONTH "%s}\n"
#define QUARTERLY \
    "  - {key: q, act: report, by: head, deadline: {word: by, every: quarter, " \
    "month: last, day: 9}%s}\n"

static void a_month_with_two_duties_is_warned_of_unless_said(void **state)
{
    static const struct {
        const char *of_month;
        const char *of_quarter;
        bool warned;
    } rows[] = {{"", "", true},
                {", overlap: {with: q, owed: both}", "", false},
                {"", ", overlap: {with: m, owed: both}", false},
                {", overlap: [{with: q, owed: longer}]", "", false},
                {", for: [so]", ", for: [huyen]", false},
                {", for: [so, huyen]", ", for: [huyen]", true},
                {", for: [so]", "", true}};
    char text[1024];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        snprintf(text, sizeof text, REPORTS MONTHLY QUARTERLY, rows[i].of_month,
                 rows[i].of_quarter);
        const char *found = found_in(text);
        bool warned = strstr(found, "p:7:47: warning: stages[2].deadline: a month with two duties "
                                    "of the same parties: this one (2013-03-09) and m "
                                    "(2013-03-05), so in 20 months from 2013 to 2017") != NULL;
        if (warned != rows[i].warned || (!warned && found[0] != '\0'))
            fail_msg("row %zu\n%s\ngives\n%s", i, text, found);
    }
}

static void silence_without_a_date_is_warned_of(void **state)
{
    static const struct row rows[] = {
        {REPORTS "  - {key: x, act: report, by: head, silence: no-need, deadline: {word: by,"
                 " date: close}}\n",
         "p:6:46: warning: stages[1].silence: silence without a date: it means no-need from the "
         "day close, which each cycle sets"},
        {REPORTS "  - {key: x, act: report, by: head, silence: no-need}\n",
         "from a day that each cycle sets for each report"},
        {REPORTS "  - {key: x, act: report, by: head, silence: no-need, " EVERY_MONTH "}\n", ""},
        {ASKING("") "  - {key: x, act: answer, by: head, of: m}\n",
         "p:7:19: warning: stages[1].act: silence without a date: where the matter brings no day"},
        {ASKING("") "  - {key: x, act: answer, by: head, of: m, deadline: {days: 9,"
                    " after: opening}}\n",
         ""},
        {ASKING(", needs: due") "  - {key: x, act: decide, by: approver, of: m}\n"
                                "  - {key: y, act: answer, by: head, of: m, silence: agrees,"
                                " word: by}\n",
         "p:8:53: warning: stages[2].silence: silence means agrees from the matter's own day, but "
         "the answer is asked only when the decision before it has agreed"},
        {ASKING(", needs: due") "  - {key: x, act: decide, by: approver, of: m}\n"
                                "  - {key: y, act: answer, by: head, of: m, silence: agrees,"
                                " deadline: {days: 9, after: opening}}\n",
         ""},
        {ASKING(", needs: due") "  - {key: y, act: answer, by: head, of: m, silence: agrees,"
                                " word: by}\n"
                                "  - {key: x, act: decide, by: approver, of: m}\n",
         ""},
        {HEAD "kinds: [{code: own, max_tasks: 5, counted: true}]\nstages:\n"
              "  - {key: x, act: hand-in, by: head}\n",
         "silence without a date: there is no bound"}};
    (void)state;
    JUDGE(rows);
}

static void who_bends_the_time_of_their_own_act_is_warned_of(void **state)
{
#define DECIDED(by, bent_by) \
    DOSSIER "  - {key: x, act: decide, by: " by ", bent_by: " bent_by \
            ", deadline: {days: 9, after: opening}}\n"
    static const struct row rows[] = {
        {DECIDED("approver", "approver"),
         "warning: stages[2].bent_by: the approver bends the time of what the approver decides"},
        {DECIDED("approver", "appraiser"), ""},
        {DECIDED("appraiser", "appraiser"),
         "warning: stages[2].bent_by: the appraiser bends the time of what the appraiser decides"},
        {DECIDED("appraiser", "approver"), ""},
        {REPORTS "  - {key: x, act: report, by: approver, bent_by: approver, " EVERY_MONTH "}\n",
         "the approver bends the time of what the approver owes"},
        {REPORTS "  - {key: x, act: report, by: head, bent_by: head, " EVERY_MONTH "}\n", ""},
        {REPORTS "  - {key: x, act: report, by: head, " EVERY_MONTH "}\n", ""}};
    (void)state;
    JUDGE(rows);
}

static void days_that_not_every_month_has_and_things_without_use_are_warned_of(void **state)
{
    static const struct row rows[] = {
        {REPORT("word: by, every: month, day: 28"), ""},
        {REPORT("word: by, every: month, day: 29"),
         "p:6:77: warning: stages[1].deadline.day: not every month has a day 29 (2014-02"},
        {REPORT("word: by, every: month, day: 29, only: [1]"), ""},
        {REPORT("word: by, every: half, month: last, day: 31"), "a day 31 (2014-06"},
        {REPORT("word: by, every: year, month: last, day: 31"), ""},
        {REPORTS "  - {key: x, act: report, by: head, any_time: true, rungs: [0]}\n",
         "warning: stages[1].rungs: what is taken at any time is owed by nobody"},
        {REPORTS "  - {key: x, act: report, by: head, any_time: true}\n"
                 "forms: [{key: f, parts: [x]}]\n",
         "p:7:9: warning: forms: no stage asks for the form f"}};
    (void)state;
    JUDGE(rows);
}

/* What only the core finds is told at its place in the file, too, in the file's names. */
static void a_fault_of_the_core_is_told_in_the_words_of_the_file(void **state)
{
    static const struct row rows[] = {
        {REPORTS "  - {key: x, act: report, by: head, for: [so, so], any_time: true}\n",
         "p:6:42: stages[1].for: so stands twice\n"},
        {FORM(FIGURES "checks: [{check: sum, figure: a, of: [b, b]}]"),
         "p:7:86: forms[1].checks[1].of: b stands twice\n"},
        {DOSSIER "  - {key: x, act: decide, by: approver, deadline: {word: by}}\n",
         "stages[2].deadline: the word is there and no day"}};
    (void)state;
    JUDGE(rows);
}

static void the_example_has_neither_fault_nor_warning(void **state)
{
    struct dd_slice bytes;
    struct dd_arena file = dd_arena_make(1024 * 1024);
    (void)state;
    assert_int_equal(
        dd_file_slurp(DD_SOURCE_DIR "/programmes/example.yaml", DD_YAML_BYTES_MAX, &file, &bytes),
        DD_OK);
    assert_string_equal(found_in((const char *)bytes.data), "");
    dd_arena_free(&file);
}

/* A decision of a year near either end of what a date can be is looked at without going beyond. */
static void a_decision_of_any_year_is_looked_at(void **state)
{
    static const struct row rows[] = {
        {ISSUED("1970-01-01", "word: by, every: year, month: 1, day: 1, year: previous"), ""},
        {ISSUED("9999-12-31", "word: by, every: year, month: last, day: last, year: next"), ""},
        {ISSUED("1980-06-01", "word: by, every: week, weekday: monday, week: previous"), ""},
        {ISSUED("2013-06-01", "word: by, every: year, month: 5, day: 1, since: 9000"), ""},
        {ISSUED("2013-06-01", "word: by, every: year, month: 5, day: 1, until: 1970"), ""},
        {ISSUED("2013-06-01", "word: by, every: year, month: 5, day: 1, since: 9001"),
         "no whole number from 1970 to 9000"}};
    (void)state;
    JUDGE(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stage_that_is_never_reached_is_a_fault),
        cmocka_unit_test(a_stage_that_can_never_be_met_or_owed_is_a_fault),
        cmocka_unit_test(a_silence_that_means_something_needs_a_bound),
        cmocka_unit_test(an_office_that_nobody_holds_for_the_act_is_a_fault),
        cmocka_unit_test(nobody_judges_themselves),
        cmocka_unit_test(a_deadline_that_says_too_little_or_too_much_is_a_fault),
        cmocka_unit_test(a_form_names_its_own_figures_and_has_what_its_checks_need),
        cmocka_unit_test(a_vote_passes_by_one_of_its_answers),
        cmocka_unit_test(a_deadline_before_or_at_the_closing_of_its_data_is_warned_of),
        cmocka_unit_test(a_rule_dated_after_its_own_deadline_is_warned_of),
        cmocka_unit_test(a_month_with_two_duties_is_warned_of_unless_said),
        cmocka_unit_test(silence_without_a_date_is_warned_of),
        cmocka_unit_test(who_bends_the_time_of_their_own_act_is_warned_of),
        cmocka_unit_test(days_that_not_every_month_has_and_things_without_use_are_warned_of),
        cmocka_unit_test(a_fault_of_the_core_is_told_in_the_words_of_the_file),
        cmocka_unit_test(the_example_has_neither_fault_nor_warning),
        cmocka_unit_test(a_decision_of_any_year_is_looked_at),
    };
    return cmocka_run_group_tests(tests, fresh, gone);
}
