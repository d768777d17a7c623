/*
 * A small cast for tests of the core: one province with its chairman, two appraising departments
 * and some agencies, a programme like that of the key tasks, and the cycle of 2013. Commands go the
 * whole way: decided (twice, which must give the same), made an entry, written, read back, applied.
 * Knows no wire: an entry's command bytes name the command, and the struct is kept beside them.
 */
#ifndef DD_TESTS_LIB_CAST_H
#define DD_TESTS_LIB_CAST_H

#include "core/answer.h"
#include "core/decide.h"
#include "core/entry.h"
#include "tests/lib/view_naive.h"

enum { CAST_AGENCIES_MAX = 400, CAST_EVENTS_MAX = 300, CAST_OFFSET_MIN = 7 * 60 };

/* Numbers of accounts; each party has a head and an officer from CAST_FIRST_HEAD on. */
enum {
    CAST_ADMIN = 1,
    CAST_NOTIFIER,
    CAST_CHAIR,
    CAST_VICE,
    CAST_APPRAISER,        /* of snv, which appraises everybody but itself */
    CAST_OFFICE_APPRAISER, /* of vp, which appraises snv */
    CAST_FIRST_HEAD
};

/* Numbers of units: the root, both appraisers, then the agencies a1, a2 ... */
enum { CAST_ROOT = 1, CAST_SNV, CAST_VP, CAST_A1, CAST_A2, CAST_A3 };

/* Stages of the programme, tasks' kinds, periods and reports of the cycle. */
enum { CAST_REGISTER, CAST_APPRAISE, CAST_APPROVE, CAST_REPORT, CAST_INDICATOR, CAST_STAGES };
enum { CAST_OWN, CAST_COMMON };
enum { CAST_H1, CAST_YEAR };

/* One entry as the log keeps it. */
struct cast_logged {
    struct dd_slice bytes;
    struct dd_command command;
};

struct cast {
    struct naive rows;
    struct dd_view view;
    struct dd_arena scratch; /* of one command */
    struct dd_arena keep;    /* until the end: commands, entries */
    unsigned agencies;
    uint64_t next_seq;
    uint64_t next_id;
    struct dd_refusal refusal; /* of the last command */
    struct dd_entry entry;     /* the last one applied, with its events */
    struct dd_event event[CAST_EVENTS_MAX];
    struct cast_logged *log;
    size_t log_count;
    size_t log_capacity;
};

/* Genesis, calendar of 2013, units, accounts. a2 and every second agency after it is of the group
 * district, the others and both appraisers of the group province. */
void cast_make(struct cast *cast, unsigned agencies);

/* The key-tasks programme, and with cast_open_with the cycle of 2013 under some programme: opened
 * at 2013-01-11T08:00, all departments and agencies taking part, a2 decided by the vice-chairman.
 */
struct dd_programme cast_programme(void);
void cast_open_with(struct cast *cast, const struct dd_programme *programme);

/* cast_make, then cast_open_with the key-tasks programme. */
void cast_ready(struct cast *cast, unsigned agencies);
void cast_free(struct cast *cast);

/* What OpenCycle says by default; arrays in the cast's memory, to be changed at will. */
struct dd_open_cycle cast_cycle(struct cast *cast, const char *programme, const char *period);

/* Memory that lives as long as the cast, zeroed. */
void *cast_take(struct cast *cast, size_t size);

/* Judges the command of that account at that instant and, if it is accepted or refused by a rule,
 * logs and applies it. Gives it an id if it has none. Returns the status; the reason is in
 * cast->refusal. */
enum dd_status cast_do(struct cast *cast, uint32_t account, int64_t at_ms,
                       const struct dd_command *command);

/* The same in parts, on any view: judging gives an entry (events at `events`), applying is
 * dd_apply. */
enum dd_status cast_judge(struct cast *cast, const struct dd_view *view, uint32_t account,
                          int64_t at_ms, const struct dd_command *command,
                          struct dd_events *events);
void cast_apply(struct cast *cast, const struct dd_view *view, const struct dd_entry *entry,
                const struct dd_command *command);

/* Applies the whole log, read back from its bytes, to an empty view. */
void cast_replay(struct cast *cast, const struct dd_view *view);

/* "2013-01-20T09:00" at the cast's offset; "2013-01-20". */
int64_t cast_at(const char *text);
int32_t cast_day(const char *text);

/* The accounts of a party's head and officer. */
uint32_t cast_head(uint32_t unit);
uint32_t cast_officer(uint32_t unit);

/* Commands of the cycle of 2013, made, done and answered. Texts are borrowed until cast_free.
 * Registering puts indicators 1..count. A verdict names the version's true hash; cast->refusal says
 * why not. */
enum dd_status cast_register(struct cast *cast, uint32_t account, const char *at, const char *unit,
                             uint16_t task, const char *kind, uint16_t count, const char *due);
enum dd_status cast_remove(struct cast *cast, uint32_t account, const char *at, const char *unit,
                           uint16_t task, const char *kind, uint16_t indicator);
enum dd_status cast_submit(struct cast *cast, uint32_t account, const char *at, const char *unit,
                           const char *reason);
enum dd_status cast_report(struct cast *cast, uint32_t account, const char *at, const char *unit,
                           const char *report);
enum dd_status cast_withdraw(struct cast *cast, uint32_t account, const char *at, const char *unit,
                             uint16_t version);
enum dd_status cast_agree(struct cast *cast, uint32_t account, const char *at, const char *unit,
                          uint16_t version);
enum dd_status cast_return(struct cast *cast, uint32_t account, const char *at, const char *unit,
                           uint16_t version, const char *reason);
enum dd_status cast_progress(struct cast *cast, uint32_t account, const char *at, const char *unit,
                             uint16_t task, uint16_t indicator, enum dd_outcome outcome,
                             const char *day);
enum dd_status cast_close(struct cast *cast, const char *at);

/* One Tick; how many events it gave. cast_time repeats it until none is left; how many in all. */
size_t cast_tick(struct cast *cast, int64_t at_ms);
size_t cast_time(struct cast *cast, const char *at);

/* Asks as the administrator; the answer holds until cast_free. It must have written nothing. */
enum dd_status cast_ask(struct cast *cast, const struct dd_question *question, int64_t now_ms,
                        size_t page_bytes, struct dd_answer *answer);

/* Brings a1 (or another unit of the cast) to its first version in force: own task 1 with `count`
 * indicators due that day; handed in, agreed and approved on 21, 28 January and 4 February at
 * 09:00. */
void cast_bring_in_force(struct cast *cast, uint32_t unit, uint16_t count, const char *due);

/* Rows of the cycle of 2013; a row that is not there stops the test, but for duties: end 0. */
struct dd_dossier_row cast_dossier(struct cast *cast, uint32_t unit);
struct dd_version_row cast_version(struct cast *cast, uint32_t unit, uint16_t version);
struct dd_duty_row cast_duty(struct cast *cast, uint32_t unit, uint8_t stage, uint16_t a,
                             uint16_t b);
struct dd_tally_row cast_tally(struct cast *cast, enum dd_scope scope, uint32_t number,
                               uint8_t period);

/* In a test of cmocka: the call must be accepted, or refused with that status by that rule. */
#define CAST_OK(cast, call) \
    do { \
        enum dd_status status_ = (call); \
        assert_string_equal(dd_rule_key((cast)->refusal.rule), "none"); \
        assert_int_equal(status_, DD_OK); \
    } while (0)
#define CAST_NO(cast, status, broken, call) \
    do { \
        enum dd_status status_ = (call); \
        assert_string_equal(dd_rule_key((cast)->refusal.rule), dd_rule_key(DD_RULE_##broken)); \
        assert_int_equal(status_, status); \
    } while (0)

/* A unit's code by its number, within the cast. */
struct dd_slice cast_code(struct cast *cast, uint32_t unit);

#endif
