/*
 * Every limit of dondoc, on one page. A limit that is not here does not exist; each one is tested
 * on both sides. Sizes are in bytes, times in milliseconds unless the name says otherwise.
 */
#ifndef DD_CORE_LIMITS_H
#define DD_CORE_LIMITS_H

#include <assert.h>

enum {
    /* The wire */
    DD_REQUEST_BYTES_MAX = 256 * 1024,    /* one request body, checked by client and broker */
    DD_REPLY_BYTES_MAX = 4 * 1024 * 1024, /* a longer answer pages by key */
    DD_REPLY_PAGE_BYTES = 1024 * 1024,    /* where a paged answer stops adding rows */
    DD_FRAMES_MAX = 8,                    /* frames of a message from a client */
    DD_COMMANDS_PER_REQUEST_MAX = 256,
    DD_CLIENT_CREDIT = 64,             /* requests a client may have in flight */
    DD_COALESCE_BYTES_MAX = 64 * 1024, /* the client library packs waiting commands up to this */
    DD_NESTING_MAX = 8,                /* depth of protobuf messages */
    DD_REPEATED_MAX = 1024,            /* elements of one repeated field */
    DD_FIELDS_MAX = 16384,             /* fields of one message, all levels together */
    DD_QUEUE_REQUESTS_MAX = 4096,      /* requests waiting for the registrar, all clients */
    DD_QUEUE_BYTES_MAX = 32 * 1024 * 1024, /* and their bytes */

    /* A command, its events, its entry */
    DD_COMMAND_BYTES_MAX = 48 * 1024,
    DD_EVENTS_BYTES_MAX = 14 * 1024,
    DD_ENTRY_BYTES_MAX = 65535,
    DD_TICK_EVENTS_MAX = 256, /* ends and rungs of one Tick together */

    /* Texts, in bytes of UTF-8 (NFC) */
    DD_CODE_BYTES_MAX = 48, /* unit, account, programme, period, report ... */
    DD_NAME_BYTES_MAX = 512,
    DD_TITLE_BYTES_MAX = 2000,
    DD_UOM_BYTES_MAX = 128,
    DD_REASON_BYTES_MAX = 4000,
    DD_FILE_NAME_BYTES_MAX = 255,
    DD_FIELD_PATH_BYTES_MAX = 95, /* the path of the field that an error names */
    DD_PARAM_BYTES_MAX = 95,      /* a parameter of an error */

    /* Nouns */
    DD_ACCOUNTS_MAX = 65536, /* of a jurisdiction: their keys go to the broker in one frame */
    DD_OFFICES_PER_ACCOUNT_MAX = 16,
    DD_UNITS_PER_PAGE_MAX = 200,
    DD_PARTIES_PER_PAGE_MAX = 400,
    DD_GROUPS_MAX = 64,
    DD_STAGES_MAX = 24,
    DD_STAGE_GROUPS_MAX = 8, /* groups of parties that a stage is for */
    DD_CHOICES_MAX = 6,      /* answers that a stage offers */
    DD_FORMS_MAX = 12,
    DD_FIGURES_MAX = 64, /* figures of a form */
    DD_CHECKS_MAX = 24,  /* checks of a form */
    DD_TERMS_MAX = 12,   /* figures that one check reads */
    DD_PARTS_MAX = 8,    /* attachments that a form asks for */
    DD_OCCURRENCES_MAX = 256, /* recurring duties of a party in one cycle */
    DD_MATTERS_PER_COMMAND_MAX = 64,
    DD_MATTERS_PER_CYCLE_MAX = 9999,
    DD_ASKED_MAX = 400, /* units that a matter names; all parties of the cycle is no list */
    DD_ASKED_PER_COMMAND_MAX = 20000, /* of all matters that one command opens together */
    DD_PARTNERS_MAX = 16,
    DD_ANSWERS_PER_UNIT_MAX = 99, /* of one unit to one stage of a matter */
    DD_DELEGATIONS_PER_UNIT_MAX = 9999,
    DD_DELEGATION_DAYS_MAX = 366,
    DD_PLACES_PER_ITEM_MAX = 8, /* cycles that one item stands in at once */
    DD_EXTENSION_DAYS_MAX = 366,
    DD_ITEM_KINDS_MAX = 8,
    DD_RUNGS_MAX = 12,
    DD_PERIODS_MAX = 16,
    DD_REPORTS_MAX = 64,
    DD_DATES_MAX = 16,
    DD_APPRAISERS_MAX = 8,
    DD_APPROVERS_MAX = 32,
    DD_TASK_NUMBER_MAX = 9999,
    DD_INDICATOR_NUMBER_MAX = 9999,
    DD_INDICATORS_PER_COMMAND_MAX = 200,
    DD_INDICATORS_PER_DOSSIER_MAX = 4000,
    DD_DOSSIER_BYTES_MAX = 2560 * 1024, /* texts of its indicators, 64 bytes more for each */
    DD_OUTCOMES_PER_ITEM_MAX = 1000,
    DD_VERSIONS_PER_DOSSIER_MAX = 999,
    DD_ATTACHMENTS_MAX = 16,
    DD_CALENDAR_DAYS_MAX = 400, /* holidays and make-up days of a year */
    DD_FIGURE_SCALE_MAX = 6,
    DD_YEAR_MIN = 1970,
    DD_YEAR_MAX = 9999,

    /* The registrar */
    DD_BATCH_BYTES_MAX = 4 * 1024 * 1024, /* entries of one sync */
    DD_BATCH_ENTRIES_MAX = 4096,
    DD_SEGMENT_BYTES = 64 * 1024 * 1024,     /* a pre-allocated journal segment */
    DD_FLUSH_ENTRIES_MAX = 200000,           /* state may be this far behind the journal, */
    DD_FLUSH_LAG_MS_MAX = 1000,              /* or this long */
    DD_FLUSH_BYTES_MAX = 1024 * 1024 * 1024, /* rows in memory, beyond which commands wait for it */
    DD_FLUSH_FORCED_MS_MIN = 20, /* waiting questions force at most one flush per this */

    /* Links */
    DD_HANDSHAKE_MS = 5000,
    DD_HEARTBEAT_MS = 10000,
    DD_LINK_SEND_QUEUE = 64,
    DD_LINK_RECEIVE_QUEUE = 64,
    DD_CONNECTIONS_KEPT = 64, /* by the player of a rehearsal */

    DD_KEY_BYTES_MAX = 256, /* a key of the state, LMDB allows 511 */
    DD_VALUE_BYTES_MAX = 256 * 1024
};

static_assert(DD_COMMAND_BYTES_MAX + DD_EVENTS_BYTES_MAX + 1024 <= DD_ENTRY_BYTES_MAX,
              "the largest command and its events fit an entry");
static_assert(DD_COMMAND_BYTES_MAX + 1024 <= DD_REQUEST_BYTES_MAX, "a command fits a request");
static_assert(DD_ENTRY_BYTES_MAX < DD_BATCH_BYTES_MAX, "an entry fits a batch");
static_assert(DD_BATCH_BYTES_MAX < DD_SEGMENT_BYTES, "a batch fits a segment");
static_assert(DD_DOSSIER_BYTES_MAX + DD_REPLY_PAGE_BYTES + DD_VERSIONS_PER_DOSSIER_MAX * 256 <
                  DD_REPLY_BYTES_MAX,
              "a dossier and a page of the reasons of its versions fit a reply");
static_assert(DD_TICK_EVENTS_MAX * 40 <= DD_EVENTS_BYTES_MAX, "the events of a full Tick fit");

#endif
