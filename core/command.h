/*
 * Everything that can come in: one closed list. Plain structs; texts and arrays borrow from the
 * bytes or the arena they were decoded into. What is well-formed in itself (ranges, UTF-8, NFC,
 * codes) was checked by the codec before a command is made; what depends on state is checked by
 * core/decide.
 */
#ifndef DD_CORE_COMMAND_H
#define DD_CORE_COMMAND_H

#include "core/calendar.h"
#include "core/figure.h"
#include "core/ids.h"
#include "core/programme.h"
#include "core/words.h"

// clang-format off
/*        name           number  word              signed */
#define DD_COMMAND_TABLE(X)                                  \
    X(GENESIS,        1, "genesis",        false)            \
    X(PUT_UNITS,     10, "put-units",      true)             \
    X(PUT_ACCOUNT,   11, "put-account",    true)             \
    X(PUT_CALENDAR,  12, "put-calendar",   true)             \
    X(PUT_PROGRAMME, 13, "put-programme",  true)             \
    X(OPEN_CYCLE,    14, "open-cycle",     true)             \
    X(CLOSE_CYCLE,   15, "close-cycle",    true)             \
    X(REGISTER,      20, "register",       true)             \
    X(SUBMIT,        21, "submit",         true)             \
    X(WITHDRAW,      22, "withdraw",       true)             \
    X(DECIDE,        23, "decide",         true)             \
    X(PROGRESS,      24, "progress",       false)            \
    X(REVOKE,        25, "revoke",         true)             \
    X(ASSIGN,        26, "assign",         true)             \
    X(BEND,          27, "bend",           true)             \
    X(DELEGATE,      28, "delegate",       true)             \
    X(TRANSFER,      29, "transfer",       true)             \
    X(PUBLISH,       30, "publish",        true)             \
    X(TICK,          40, "tick",           false)            \
    X(REMINDED,      41, "reminded",       false)
// clang-format on

enum dd_command_kind {
#define DD_COMMAND_ENUM(name, number, word, signed_) DD_COMMAND_##name = (number),
    DD_COMMAND_TABLE(DD_COMMAND_ENUM)
#undef DD_COMMAND_ENUM
};

struct dd_office {
    enum dd_role role;
    struct dd_slice unit; /* empty: the jurisdiction itself (administrator, auditor, notifier) */
    int32_t from_day;     /* first day, local */
    int32_t to_day;       /* last day; INT32_MAX: no end */
};

struct dd_put_account {
    struct dd_slice code;
    uint8_t link_key[32]; /* CURVE, public */
    uint8_t sign_key[32]; /* Ed25519, public */
    int64_t from_ms;      /* valid from (included) */
    int64_t to_ms;        /* to (excluded); INT64_MAX: no end */
    struct dd_office *offices;
    size_t office_count;
};

struct dd_genesis {
    struct dd_slice jurisdiction;
    struct dd_slice origin; /* the log's name, as in its future checkpoints */
    bool rehearsal;
    uint8_t instance[16];            /* random; tells two logs of one jurisdiction apart */
    struct dd_put_account *accounts; /* the administrator and the notifier */
    size_t account_count;
};

struct dd_group_put {
    struct dd_slice code;
    struct dd_slice name;
};

struct dd_unit_put {
    struct dd_slice code;
    struct dd_slice name;
    struct dd_slice group; /* empty: in no group (the root) */
    uint16_t ordinal;
    struct dd_slice parent; /* empty: a root */
    struct dd_slice head_title;
    int32_t from_day;
    int32_t to_day;            /* INT32_MAX: no end */
    struct dd_slice successor; /* empty: none */
};

/* One page of a bulk act: pages count from 1 and take effect with the last. */
struct dd_put_units {
    uint16_t page;
    bool last;
    struct dd_group_put *groups; /* on the last page; known codes keep their place, new name */
    size_t group_count;
    struct dd_unit_put *units;
    size_t unit_count;
};

struct dd_put_calendar {
    uint16_t year;
    int16_t offset_min;           /* local time minus UTC */
    struct dd_calendar_day *days; /* holidays and make-up working days, ascending */
    size_t day_count;
};

struct dd_named_date {
    struct dd_slice name;
    int32_t day;
};

struct dd_period {
    struct dd_slice code;
    int32_t from_day;
    int32_t to_day; /* included */
};

struct dd_report_due {
    struct dd_slice code;
    enum dd_deadline_word word;
    int32_t day;
};

struct dd_party {
    struct dd_slice unit;
    struct dd_slice approver; /* account; empty: the first of the approvers */
};

struct dd_open_cycle {
    struct dd_slice programme;
    struct dd_slice period; /* "2013": the cycle is called programme/period */
    uint16_t page;
    bool last;
    /* on page 1 only */
    struct dd_slice host; /* unit */
    int32_t from_day;
    int32_t to_day; /* included */
    struct dd_named_date *dates;
    size_t date_count;
    struct dd_period *periods;
    size_t period_count;
    struct dd_report_due *reports;
    size_t report_count;
    struct dd_slice *appraisers; /* units; the first that is not the party appraises it */
    size_t appraiser_count;
    struct dd_slice *approvers; /* accounts */
    size_t approver_count;
    /* on every page */
    struct dd_party *parties;
    size_t party_count;
};

struct dd_close_cycle {
    struct dd_slice cycle;
    struct dd_slice reason;
};

struct dd_indicator_put {
    uint16_t number;
    struct dd_slice title;
    struct dd_slice unit_of_measure;
    bool has_target;
    struct dd_figure target;
    int32_t due_day;
    struct dd_slice code; /* the item's own, under which it also stands in other programmes; empty:
                             none */
    int32_t start_day;    /* 0: not said */
    bool has_baseline;
    struct dd_figure baseline;
    enum dd_direction direction; /* 0: not said */
    struct dd_slice *partners;   /* units that co-ordinate */
    size_t partner_count;
};

/* One task of a draft: its indicators are put (new ones added, known ones replaced) or removed. */
struct dd_register {
    struct dd_slice cycle;
    struct dd_slice unit;
    uint16_t task;
    struct dd_slice kind;
    struct dd_indicator_put *indicators;
    size_t indicator_count;
    uint16_t *removed;
    size_t removed_count;
};

struct dd_attachment {
    uint8_t sha256[32];
    uint64_t size_bytes;
    struct dd_slice type; /* media type */
    struct dd_slice name;
    struct dd_slice part; /* which part of the form it is; empty: none */
};

struct dd_submit {
    struct dd_slice cycle;
    struct dd_slice unit;
    enum dd_submission what;
    struct dd_slice report; /* a report's code or period ("H1", "2014-01"); of one at any time: its
                               number on paper */
    struct dd_slice
        reason; /* needed for an adjustment, and for what the programme wants explained */
    enum dd_capacity capacity;
    struct dd_attachment *attachments;
    size_t attachment_count;
    struct dd_slice stage;  /* key; may be empty where the programme has only one that fits */
    uint16_t matter;        /* for an answer */
    struct dd_slice choice; /* for an answer where the stage offers choices */
    struct dd_figure_value *figures;
    size_t figure_count;
    struct dd_slice note;
};

struct dd_withdraw {
    struct dd_slice cycle;
    struct dd_slice unit;
    uint16_t version;
    struct dd_slice reason;
};

struct dd_decide {
    struct dd_slice cycle;
    struct dd_slice unit;
    uint16_t version;
    uint8_t content_hash[32];
    enum dd_verdict verdict;
    struct dd_slice reason; /* needed for a return */
    uint16_t matter; /* 0: the unit's dossier; else a matter of the cycle, where `unit` is its
                        owner, version its revision and the hash is all zero */
};

struct dd_progress {
    struct dd_slice cycle;
    struct dd_slice unit;
    uint16_t task;      /* of the dossier, or the number of a matter, */
    uint16_t indicator; /* then 0 */
    enum dd_outcome outcome;
    int32_t day; /* the day claimed */
    struct dd_slice note;
    bool is_correction;
    uint64_t corrects_seq; /* then the entry that it corrects, and */
    struct dd_slice reason;
};

/* One matter to be opened: something asked of units, or a task given to one. */
struct dd_matter_put {
    struct dd_slice kind;
    struct dd_slice code; /* its number on paper; may be empty */
    struct dd_slice title;
    struct dd_slice owner;  /* unit */
    bool all;               /* every party of the cycle is asked, */
    struct dd_slice *asked; /* or these units */
    size_t asked_count;
    struct dd_slice *partners;
    size_t partner_count;
    enum dd_deadline_word word; /* of the day below; 0: that of the programme's stage */
    int32_t due_day;            /* INT32_MAX: none */
    int64_t at_ms;              /* its instant (a meeting); 0: none */
    struct dd_slice approver;   /* account that decides; empty: the owner's, or the first */
    uint16_t parent;            /* the matter that it belongs to; 0: none */
};

/* Opens matters: one notice, many tasks. */
struct dd_assign {
    struct dd_slice cycle;
    struct dd_slice unit;   /* on whose behalf: the host, or the owner of each */
    struct dd_slice notice; /* number of the document; may be empty */
    enum dd_capacity capacity;
    struct dd_matter_put *matters;
    size_t matter_count;
    struct dd_attachment *attachments;
    size_t attachment_count;
};

/* Bends the time of one duty. */
struct dd_bend {
    struct dd_slice cycle;
    struct dd_slice unit;
    struct dd_slice duty; /* as it is shown: "monthly/2014-01", "opinion/7", "indicator/3.2" */
    enum dd_bend_act act;
    int32_t day; /* extend: the new last accepted day; else 0 */
    struct dd_slice reason;
};

/* A time-boxed right to sign for a head, or the end of one. */
struct dd_delegate {
    struct dd_slice unit;
    struct dd_slice account; /* who may sign: a deputy or officer of the unit */
    int32_t from_day;
    int32_t to_day;          /* included */
    struct dd_slice *stages; /* keys; none: everything that may be delegated */
    size_t stage_count;
    struct dd_slice reason;
    uint16_t ends; /* 0, or the delegation that this act ends today; then the rest is empty */
};

/* The duties of a unit that is no more pass to another. */
struct dd_transfer {
    struct dd_slice cycle;
    struct dd_slice unit;
    struct dd_slice successor;
    struct dd_slice reason;
};

/* What is issued under a number and never changes. */
struct dd_publish {
    struct dd_slice unit;   /* that issues it */
    struct dd_slice number; /* "12/BC-SNV" */
    enum dd_issue issue;
    struct dd_slice title;
    int32_t day;           /* of the document */
    struct dd_slice cycle; /* what it is about; may be empty */
    struct dd_slice period;
    int32_t as_of_day; /* 0: none */
    uint64_t at_seq;   /* the log's last entry that it was made from */
    uint8_t sha256[32];
    uint64_t size_bytes;
    struct dd_slice type;     /* media type */
    struct dd_slice corrects; /* number of the earlier one of the same unit; empty: none */
    enum dd_capacity capacity;
    struct dd_slice reason; /* needed for a correction */
};

struct dd_revoke {
    struct dd_slice account;
    struct dd_slice reason;
};

struct dd_reminder_ref {
    uint64_t seq;   /* the entry whose event asked for it */
    uint16_t index; /* and that event's place in it */
};

struct dd_reminded {
    struct dd_reminder_ref *reminders;
    size_t reminder_count;
    struct dd_slice channel; /* how they were told: "folder" */
};

struct dd_command {
    struct dd_id id;
    enum dd_command_kind kind;
    union {
        struct dd_genesis genesis;
        struct dd_put_units put_units;
        struct dd_put_account put_account;
        struct dd_put_calendar put_calendar;
        struct dd_programme put_programme;
        struct dd_open_cycle open_cycle;
        struct dd_close_cycle close_cycle;
        struct dd_register register_;
        struct dd_submit submit;
        struct dd_withdraw withdraw;
        struct dd_decide decide;
        struct dd_progress progress;
        struct dd_revoke revoke;
        struct dd_assign assign;
        struct dd_bend bend;
        struct dd_delegate delegate;
        struct dd_transfer transfer;
        struct dd_publish publish;
        struct dd_reminded reminded;
    } as;
};

/* The kind's word ("put-units"), "" for a number that is none. Static. */
const char *dd_command_word(enum dd_command_kind kind);

/* True if the kind needs its author's signature wherever the programme does not say otherwise. */
bool dd_command_signed(enum dd_command_kind kind);

/* The cycle ("key/2013") and the unit that a command names; empty where it names none. */
struct dd_slice dd_command_cycle(const struct dd_command *command);
struct dd_slice dd_command_unit(const struct dd_command *command);

#endif
