/*
 * The closed vocabularies: enum, number (wire, log and state; never changes) and the word that
 * people write in files and on the command line. One table each; 0 is "not given" everywhere.
 */
#ifndef DD_CORE_WORDS_H
#define DD_CORE_WORDS_H

#include "core/bytes.h"

// clang-format off
/* What an account may be in a unit. NOTIFIER is the notifier's own office. */
#define DD_ROLE_TABLE(X) \
    X(HEAD, 1, "head") X(DEPUTY, 2, "deputy") X(OFFICER, 3, "officer") X(APPRAISER, 4, "appraiser") \
    X(APPROVER, 5, "approver") X(AUDITOR, 6, "auditor") X(ADMINISTRATOR, 7, "administrator")        \
    X(NOTIFIER, 8, "notifier")

/* What is said of an indicator. */
#define DD_OUTCOME_TABLE(X) \
    X(OPEN, 1, "open") X(COMPLETED, 2, "completed") X(EXCEEDED, 3, "exceeded") \
    X(NOT_COMPLETED, 4, "not_completed") X(UNATTAINABLE, 5, "unattainable")

/* What a decision says of a version or a matter; in principle: the idea is agreed to, the thing itself is
 * still to be handed in. */
#define DD_VERDICT_TABLE(X) \
    X(AGREE, 1, "agree") X(RETURN, 2, "return") X(IN_PRINCIPLE, 3, "in-principle")

/* What is handed in. */
#define DD_SUBMISSION_TABLE(X) \
    X(REGISTRATION, 1, "registration") X(REPORT, 2, "report") X(ANSWER, 3, "answer")

/* In what capacity it is signed (Decree 30/2020 Art. 13): the head, KT., TL., TUQ., TM. */
#define DD_CAPACITY_TABLE(X) \
    X(HEAD, 1, "head") X(FOR_HEAD, 2, "kt") X(BY_ORDER, 3, "tl") X(BY_AUTHORITY, 4, "tuq") \
    X(FOR_COLLECTIVE, 5, "tm")

/* What meets a stage's duty. */
#define DD_ACT_TABLE(X) \
    X(HAND_IN, 1, "hand-in") X(DECIDE, 2, "decide") X(REPORT, 3, "report") X(OUTCOME, 4, "outcome") \
    X(ANSWER, 5, "answer")

/* What silence until the bound means: the duty stays open and is missing; or time ends it, and then it is
 * nothing, a deemed agreement, no need, or not a yes. It is never shown as somebody's act. */
#define DD_SILENCE_TABLE(X) \
    X(MISSING, 1, "missing") X(LAPSES, 2, "lapses") X(AGREES, 3, "agrees") X(NO_NEED, 4, "no-need") \
    X(NOT_YES, 5, "not-yes")

/* How often a duty comes back. */
#define DD_CADENCE_TABLE(X) \
    X(WEEK, 1, "week") X(MONTH, 2, "month") X(QUARTER, 3, "quarter") X(HALF, 4, "half") X(YEAR, 5, "year")

/* What a relative deadline counts from: the instant at which the duty arose, or the matter's own. */
#define DD_ANCHOR_TABLE(X) X(OPENING, 1, "opening") X(AT, 2, "at")

/* Who of a matter owes a stage: each unit that was asked, or its owner. */
#define DD_WHO_TABLE(X) X(EACH, 1, "each") X(OWNER, 2, "owner")

/* In which unit the office that opens a matter is held: its owner, or the cycle's host. */
#define DD_WHERE_TABLE(X) X(OWNER, 1, "owner") X(HOST, 2, "host")

/* What is checked between the figures of a form (core/form.h). */
#define DD_CHECK_TABLE(X) \
    X(SUM, 1, "sum") X(AT_MOST, 2, "at-most") X(AT_LEAST, 3, "at-least") X(RUNNING, 4, "running") \
    X(SHARE_AT_MOST, 5, "share-at-most") X(SHARE_AT_LEAST, 6, "share-at-least")

/* What is done to the time of a duty. */
#define DD_BEND_TABLE(X) \
    X(EXTEND, 1, "extend") X(SUSPEND, 2, "suspend") X(RESUME, 3, "resume") X(WAIVE, 4, "waive")

/* Which way a target points. */
#define DD_DIRECTION_TABLE(X) X(MORE, 1, "more") X(LESS, 2, "less") X(YES_NO, 3, "yes-no")

/* What is issued. */
#define DD_ISSUE_TABLE(X) \
    X(TABLE, 1, "table") X(RANKING, 2, "ranking") X(LIST, 3, "list") X(PAPER, 4, "paper") \
    X(CONCLUSION, 5, "conclusion")

/* The law's words for a deadline (core/deadline.h). */
#define DD_WORD_TABLE(X) X(BEFORE, 1, "before") X(BY, 2, "by") X(ON, 3, "on")

/* How a duty stands. PENDING and MISSING are the open ones before and from their bound: derived when
 * read, never stored. SUPERSEDED ones are no longer expected. */
#define DD_END_TABLE(X) \
    X(OPEN, 1, "open") X(ON_TIME, 2, "on_time") X(LATE, 3, "late") X(LAPSED, 4, "lapsed") \
    X(WAIVED, 5, "waived") X(SUPERSEDED, 6, "superseded") X(PENDING, 7, "pending") X(MISSING, 8, "missing")

/* Where a dossier stands. */
#define DD_DOSSIER_STATE_TABLE(X) \
    X(EMPTY, 1, "empty") X(DRAFT, 2, "draft") X(PENDING, 3, "pending") X(RETURNED, 4, "returned") \
    X(IN_FORCE, 5, "in_force")

/* Where a version stands. */
#define DD_VERSION_STATE_TABLE(X) \
    X(PENDING, 1, "pending") X(RETURNED, 2, "returned") X(WITHDRAWN, 3, "withdrawn") \
    X(APPROVED, 4, "approved")

/* The languages that texts for people are made in. */
#define DD_LANGUAGE_TABLE(X) X(VI, 1, "vi") X(EN, 2, "en")
// clang-format on

#define DD_WORD_MEMBER(prefix, name, number) DD_##prefix##_##name = (number),
#define DD_ROLE_MEMBER(name, number, word) DD_WORD_MEMBER(ROLE, name, number)
#define DD_OUTCOME_MEMBER(name, number, word) DD_WORD_MEMBER(OUTCOME, name, number)
#define DD_VERDICT_MEMBER(name, number, word) DD_WORD_MEMBER(VERDICT, name, number)
#define DD_SUBMISSION_MEMBER(name, number, word) DD_WORD_MEMBER(SUBMISSION, name, number)
#define DD_CAPACITY_MEMBER(name, number, word) DD_WORD_MEMBER(CAPACITY, name, number)
#define DD_ACT_MEMBER(name, number, word) DD_WORD_MEMBER(ACT, name, number)
#define DD_SILENCE_MEMBER(name, number, word) DD_WORD_MEMBER(SILENCE, name, number)
#define DD_DOSSIER_STATE_MEMBER(name, number, word) DD_WORD_MEMBER(DOSSIER, name, number)
#define DD_VERSION_STATE_MEMBER(name, number, word) DD_WORD_MEMBER(VERSION, name, number)
#define DD_CADENCE_MEMBER(name, number, word) DD_WORD_MEMBER(CADENCE, name, number)
#define DD_ANCHOR_MEMBER(name, number, word) DD_WORD_MEMBER(ANCHOR, name, number)
#define DD_WHO_MEMBER(name, number, word) DD_WORD_MEMBER(WHO, name, number)
#define DD_WHERE_MEMBER(name, number, word) DD_WORD_MEMBER(WHERE, name, number)
#define DD_CHECK_MEMBER(name, number, word) DD_WORD_MEMBER(CHECK, name, number)
#define DD_BEND_MEMBER(name, number, word) DD_WORD_MEMBER(BEND, name, number)
#define DD_DIRECTION_MEMBER(name, number, word) DD_WORD_MEMBER(DIRECTION, name, number)
#define DD_ISSUE_MEMBER(name, number, word) DD_WORD_MEMBER(ISSUE, name, number)
#define DD_LANGUAGE_MEMBER(name, number, word) DD_WORD_MEMBER(LANGUAGE, name, number)
#define DD_END_MEMBER(name, number, word) DD_WORD_MEMBER(END, name, number)

enum dd_role { DD_ROLE_TABLE(DD_ROLE_MEMBER) };
enum dd_outcome { DD_OUTCOME_TABLE(DD_OUTCOME_MEMBER) };
enum dd_verdict { DD_VERDICT_TABLE(DD_VERDICT_MEMBER) };
enum dd_submission { DD_SUBMISSION_TABLE(DD_SUBMISSION_MEMBER) };
enum dd_capacity { DD_CAPACITY_TABLE(DD_CAPACITY_MEMBER) };
enum dd_act { DD_ACT_TABLE(DD_ACT_MEMBER) };
enum dd_silence { DD_SILENCE_TABLE(DD_SILENCE_MEMBER) };
enum dd_dossier_state { DD_DOSSIER_STATE_TABLE(DD_DOSSIER_STATE_MEMBER) };
enum dd_version_state { DD_VERSION_STATE_TABLE(DD_VERSION_STATE_MEMBER) };
enum dd_end { DD_END_TABLE(DD_END_MEMBER) };
enum dd_cadence { DD_CADENCE_TABLE(DD_CADENCE_MEMBER) };
enum dd_anchor { DD_ANCHOR_TABLE(DD_ANCHOR_MEMBER) };
enum dd_who { DD_WHO_TABLE(DD_WHO_MEMBER) };
enum dd_where { DD_WHERE_TABLE(DD_WHERE_MEMBER) };
enum dd_check { DD_CHECK_TABLE(DD_CHECK_MEMBER) };
enum dd_bend_act { DD_BEND_TABLE(DD_BEND_MEMBER) };
enum dd_direction { DD_DIRECTION_TABLE(DD_DIRECTION_MEMBER) };
enum dd_issue { DD_ISSUE_TABLE(DD_ISSUE_MEMBER) };
enum dd_language { DD_LANGUAGE_TABLE(DD_LANGUAGE_MEMBER) };

/* Which vocabulary a word belongs to. */
enum dd_vocabulary {
    DD_WORDS_ROLE,
    DD_WORDS_OUTCOME,
    DD_WORDS_VERDICT,
    DD_WORDS_SUBMISSION,
    DD_WORDS_CAPACITY,
    DD_WORDS_ACT,
    DD_WORDS_SILENCE,
    DD_WORDS_WORD,
    DD_WORDS_END,
    DD_WORDS_DOSSIER_STATE,
    DD_WORDS_VERSION_STATE,
    DD_WORDS_LANGUAGE,
    DD_WORDS_CADENCE,
    DD_WORDS_ANCHOR,
    DD_WORDS_WHO,
    DD_WORDS_WHERE,
    DD_WORDS_CHECK,
    DD_WORDS_BEND,
    DD_WORDS_DIRECTION,
    DD_WORDS_ISSUE
};

/* The word of a number; "" for 0 or a number outside the vocabulary. Static. */
const char *dd_word(enum dd_vocabulary vocabulary, int number);

/* True if time ends the duty at its bound instead of leaving it missing. */
bool dd_silence_ends(enum dd_silence silence);

/* The number of a word, compared byte for byte; 0 if it is none of them. */
int dd_word_number(enum dd_vocabulary vocabulary, struct dd_slice word);

/* All words of a vocabulary, in the order of their numbers, into out ("a, b or c"), 0-ended, cut at
 * out_size; for messages. */
void dd_words_listed(enum dd_vocabulary vocabulary, char *out, size_t out_size);

#endif
