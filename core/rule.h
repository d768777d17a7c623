/*
 * The rules that refuse, one table: id, key, English sentence (also the gettext msgid). An answer
 * and the log carry the id, the field and parameters; the sentence is made where it is read. {0}
 * and {1} stand for the parameters. Numbers never change.
 */
#ifndef DD_CORE_RULE_H
#define DD_CORE_RULE_H

#include <stdint.h>

#include "core/bytes.h"
#include "core/limits.h"
#include "core/status.h"

// clang-format off
/*        name                 number key                       English */
#define DD_RULE_TABLE(X)                                                                                   \
    X(NONE,                   0, "none",                    "")                                            \
    /* how a message is made */                                                                            \
    X(MALFORMED,              1, "malformed",               "the bytes are not a message of this protocol") \
    X(UNKNOWN_FIELD,          2, "unknown-field",           "field number {0} is not known here")          \
    X(DUPLICATE_FIELD,        3, "duplicate-field",         "the field stands twice")                      \
    X(TOO_DEEP,               4, "too-deep",                "messages are nested more than {0} deep")      \
    X(TOO_MANY,               5, "too-many",                "at most {0} are allowed")                     \
    X(TOO_LONG,               6, "too-long",                "at most {0} bytes are allowed")               \
    X(MISSING,                7, "missing",                 "the field is missing or empty")               \
    X(NOT_UTF8,               8, "not-utf8",                "the text is not UTF-8")                       \
    X(NOT_NFC,                9, "not-nfc",                 "the text is not in Unicode normal form C")    \
    X(CONTROL_CHARACTER,     10, "control-character",       "the text holds a control, NUL or direction character") \
    X(UNKNOWN_WORD,          11, "unknown-word",            "{0} is not one of the known values")          \
    X(BAD_CODE,              12, "bad-code",                "a code is 1 to 48 of a-z A-Z 0-9 . _ - and begins with a letter or digit") \
    X(OUT_OF_RANGE,          13, "out-of-range",            "the value must be from {0} to {1}")           \
    X(BAD_FIGURE,            14, "bad-figure",              "a figure has at most 18 digits, 6 of them after the point") \
    X(BAD_DATE,              15, "bad-date",                "there is no such date")                       \
    X(BAD_LENGTH,            16, "bad-length",              "exactly {0} bytes are needed")                \
    X(NOT_YOURS,             17, "not-yours",               "only the server makes this command")          \
    X(BAD_PROTOCOL,          18, "bad-protocol",            "this server speaks versions {0} to {1}")      \
    X(NOT_SIGNED,            19, "not-signed",              "this command needs its author's signature")   \
    /* who may */                                                                                          \
    X(NO_OFFICE,             30, "no-office",               "this key holds no office as {0} of {1} today") \
    X(FOUR_EYES,             31, "four-eyes",               "nobody decides on the submission of their own unit or on their own") \
    X(NOT_THE_APPROVER,      32, "not-the-approver",        "{0} decides on this dossier")                 \
    /* what exists */                                                                                      \
    X(NO_SUCH_UNIT,          40, "no-such-unit",            "there is no unit {0}")                        \
    X(NO_SUCH_GROUP,         41, "no-such-group",           "there is no group {0}")                       \
    X(NO_SUCH_ACCOUNT,       42, "no-such-account",         "there is no account {0}")                     \
    X(NO_SUCH_PROGRAMME,     43, "no-such-programme",       "there is no programme {0}")                   \
    X(NO_SUCH_CYCLE,         44, "no-such-cycle",           "there is no cycle {0}")                       \
    X(NO_SUCH_PARTY,         45, "no-such-party",           "unit {0} takes no part in this cycle")        \
    X(NO_SUCH_VERSION,       46, "no-such-version",         "the dossier has no version {0}")              \
    X(NO_SUCH_ITEM,          47, "no-such-item",            "indicator {0} is not in the version in force") \
    X(NO_SUCH_REPORT,        48, "no-such-report",          "the cycle owes no report {0}")                \
    X(NO_SUCH_KIND,          49, "no-such-kind",            "the programme has no task kind {0}")          \
    X(NO_SUCH_DATE,          50, "no-such-date",            "the cycle gives no date called {0}")          \
    X(NO_SUCH_PERIOD,        51, "no-such-period",          "the cycle has no period {0}")                 \
    X(NO_SUCH_STAGE,         52, "no-such-stage",           "the programme has no such stage")             \
    X(NO_SUCH_ENTRY,         53, "no-such-entry",           "there is no such entry")                      \
    X(NO_CALENDAR,           54, "no-calendar",             "there is no calendar for {0}; put one first") \
    X(NO_SUCH_REMINDER,      55, "no-such-reminder",        "no reminder was due under this number")       \
    X(EXISTS_ALREADY,        56, "exists-already",          "{0} exists already")                          \
    X(KEY_IN_USE,            57, "key-in-use",              "this key belongs to account {0}")             \
    X(LOOP,                  58, "loop",                    "the parents of {0} form a loop")              \
    X(DUPLICATE,             59, "duplicate",               "{0} stands twice")                            \
    X(PAGE_OUT_OF_ORDER,     60, "page-out-of-order",       "page {0} is expected next")                   \
    X(NO_OTHER_APPRAISER,    61, "no-other-appraiser",      "{0} would appraise itself; name a second appraiser") \
    X(DATES_OUT_OF_ORDER,    62, "dates-out-of-order",      "the dates are not in their order")            \
    X(NOT_OPEN_YET,          63, "not-open-yet",            "the cycle is not open")                       \
    X(CLOSED,                64, "closed",                  "the cycle is closed")                         \
    /* order of steps */                                                                                   \
    X(EMPTY_DRAFT,           70, "empty-draft",             "the draft has no indicator; register tasks first") \
    X(VERSION_PENDING,       71, "version-pending",         "version {0} waits for a decision; withdraw it first") \
    X(NOTHING_PENDING,       72, "nothing-pending",         "no version of this dossier waits for a decision") \
    X(NOT_IN_FORCE,          73, "not-in-force",            "no version of this registration is approved yet") \
    X(ALREADY_DECIDED,       74, "already-decided",         "somebody has decided on it already; it cannot be withdrawn") \
    X(REASON_NEEDED,         75, "reason-needed",           "a reason is needed")                          \
    X(NOTHING_CHANGED,       76, "nothing-changed",         "the draft is the same as version {0}")        \
    X(TASK_KIND,             77, "task-kind",               "task {0} is of another kind already")         \
    X(TOO_MANY_TASKS,        78, "too-many-tasks",          "at most {0} tasks of this kind are registered") \
    X(TOO_MANY_INDICATORS,   79, "too-many-indicators",     "a dossier has at most {0} indicators")        \
    X(TOO_MANY_OUTCOMES,     80, "too-many-outcomes",       "an indicator keeps at most {0} outcomes")     \
    X(OUTSIDE_CYCLE,         81, "outside-cycle",           "the day lies outside the cycle ({0} to {1})") \
    X(DAY_IN_FUTURE,         82, "day-in-future",           "the day lies in the future") \
    X(BAD_CORRECTION,        83, "bad-correction",          "entry {0} reported no outcome of this indicator") \
    X(AFTER_BOUND,           84, "after-bound",             "the deadline {0} has passed and this programme takes nothing later") \
    X(VERSION_HASH,          85, "version-hash",            "the content is not that of version {0}")      \
    X(NEWER_VERSION,         86, "newer-version",           "version {0} has come since")                  \
    X(LAST_ADMINISTRATOR,    87, "last-administrator",      "the last administrator cannot be revoked")    \
    X(REVOKED_ALREADY,       88, "revoked-already",         "account {0} is revoked already")              \
    X(TOO_MANY_VERSIONS,     89, "too-many-versions",       "a dossier has at most {0} versions")          \
    X(NOT_A_REHEARSAL,       90, "not-a-rehearsal",         "only a rehearsal's clock can be moved")       \
    X(CLOCK_BACKWARDS,       91, "clock-backwards",         "the clock stands at {0} and does not go back") \
    X(TOO_MANY_REPORTS,      92, "too-many-reports",        "a report is handed in at most {0} times")     \
    X(GENESIS_ONLY,          93, "genesis-only",            "only the first entry does this")              \
    X(LAST_PAGE_ONLY,        94, "last-page-only",          "this stands on the last page only")           \
    X(CAPACITY,              95, "capacity",                "this is signed by the {0} in person")         \
    /* forms, matters, time */                                                                              \
    X(BAD_DEADLINE,           96, "bad-deadline",           "a deadline has a word with a day, or days before or after an instant, and only one of both") \
    X(NO_SUCH_FORM,           97, "no-such-form",           "the programme has no form {0}") \
    X(NO_SUCH_FIGURE,         98, "no-such-figure",         "the form has no figure {0}") \
    X(FIGURE_MISSING,         99, "figure-missing",         "the figure {0} is missing") \
    X(FIGURE_SUM,            100, "figure-sum",             "{0} must be {1}, the sum of its parts") \
    X(FIGURE_AT_MOST,        101, "figure-at-most",         "{0} must be at most {1}") \
    X(FIGURE_AT_LEAST,       102, "figure-at-least",        "{0} must be at least {1}") \
    X(FIGURE_RUNNING,        103, "figure-running",         "{0} must be {1}: the figure of the period before and what this period adds") \
    X(FIGURE_TOO_LARGE,      104, "figure-too-large",       "the figures round {0} are too large to be reckoned with") \
    X(NO_ESTIMATE,           105, "no-estimate",            "{0} is a final figure here, not an estimate") \
    X(PART_MISSING,          106, "part-missing",           "the attachment {0} is missing") \
    X(NO_SUCH_CHOICE,        107, "no-such-choice",         "the answer must be one of: {0}") \
    X(NO_SUCH_MATTER,        108, "no-such-matter",         "the cycle has no matter {0}") \
    X(NOT_ASKED,             109, "not-asked",              "unit {0} was not asked in this matter") \
    X(NO_DELEGATION,         110, "no-delegation",          "this key signs for the {0} of {1} only under a delegation that is in force today") \
    X(REQUIRES,              111, "requires",               "{0} of the same period comes first") \
    X(DUE_NEEDED,            112, "due-needed",             "this kind of matter needs a day by which it is due") \
    X(INSTANT_NEEDED,        113, "instant-needed",         "this kind of matter needs its instant (date and time)") \
    X(ALREADY_PAST,          114, "already-past",           "the day lies in the past") \
    X(NO_SUCH_DUTY,          115, "no-such-duty",           "unit {0} has no duty {1} in this cycle") \
    X(DUTY_ENDED,            116, "duty-ended",             "the duty has ended already") \
    X(EXPIRED,               117, "expired",                "the deadline {0} has passed; what has expired is not extended or suspended") \
    X(TOO_MANY_EXTENSIONS,   118, "too-many-extensions",    "this duty is extended at most {0} times") \
    X(EXTENSION_TOO_LONG,    119, "extension-too-long",     "an extension reaches at most to {0}") \
    X(NOT_LATER,             120, "not-later",              "the new day must lie after {0}") \
    X(NO_BOUND,              121, "no-bound",               "this duty has no deadline") \
    X(SUSPENDED_ALREADY,     122, "suspended-already",      "the duty is suspended already") \
    X(NOT_SUSPENDED,         123, "not-suspended",          "the duty is not suspended") \
    X(MATTER_OPEN,           124, "matter-open",            "the matter still waits for others; it is decided when they have answered") \
    X(MATTER_DECIDED,        125, "matter-decided",         "nothing of this matter waits for a decision") \
    X(NEWER_ANSWER,          126, "newer-answer",           "the matter stands at {0} by now; read it again") \
    X(ITEM_ELSEWHERE,        127, "item-elsewhere",         "the item {0} belongs to another unit") \
    X(TOO_MANY_PLACES,       128, "too-many-places",        "an item stands in at most {0} programmes at once") \
    X(NO_SUCH_PUBLICATION,   129, "no-such-publication",    "there is no publication {0}") \
    X(NO_SUCH_DELEGATION,    130, "no-such-delegation",     "there is no delegation {0} in this unit") \
    X(NOT_A_DEPUTY,          131, "not-a-deputy",           "{0} holds no office as deputy or officer of the unit") \
    X(TOO_MANY_MATTERS,      132, "too-many-matters",       "a cycle has at most {0} matters") \
    X(STILL_VALID,           133, "still-valid",            "unit {0} still exists; end its validity first") \
    X(SAME_UNIT,             134, "same-unit",              "a unit does not succeed itself") \
    X(NOT_NEEDED,            135, "not-needed",             "this programme asks for no such thing here") \
    X(OPENED_FOR,            136, "opened-for",             "this kind of matter is opened on behalf of unit {0}") \
    X(ANSWERS_CLOSED,        137, "answers-closed",         "somebody has decided on this matter since; the answer can no longer be changed")
// clang-format on

enum dd_rule {
#define DD_RULE_ENUM(name, number, key, english) DD_RULE_##name = (number),
    DD_RULE_TABLE(DD_RULE_ENUM)
#undef DD_RULE_ENUM
};

/* A "no" with its reason: which rule, on which field, with which parameters. Plain data, copied
 * freely; texts are 0-ended. status DD_OK means there is no refusal. */
struct dd_refusal {
    enum dd_status status;
    enum dd_rule rule;
    char field[DD_FIELD_PATH_BYTES_MAX + 1];
    char param[2][DD_PARAM_BYTES_MAX + 1];
};

/* The key ("four-eyes"); "unknown" for a number that is not in the table. Static. */
const char *dd_rule_key(enum dd_rule rule);

/* The English sentence with {0} and {1}; "" for NONE or unknown. Static. */
const char *dd_rule_english(enum dd_rule rule);

/* True if the number is in the table. */
bool dd_rule_known(uint32_t number);

/* Fills *out; field may be NULL. Returns status, so that `return dd_refuse(...)` reads well. */
enum dd_status dd_refuse(struct dd_refusal *out, enum dd_status status, enum dd_rule rule,
                         const char *field);

/* As dd_refuse, with a text parameter {0} (cut at its limit on a character's boundary). */
enum dd_status dd_refuse_text(struct dd_refusal *out, enum dd_status status, enum dd_rule rule,
                              const char *field, struct dd_slice param);

/* As dd_refuse, with a number as {0}. */
enum dd_status dd_refuse_number(struct dd_refusal *out, enum dd_status status, enum dd_rule rule,
                                const char *field, int64_t param);

/* Writes a number in decimal, 0-ended; out holds at least 21 bytes. Returns its length. */
size_t dd_decimal(int64_t value, char *out);

#endif
