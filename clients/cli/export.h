/*
 * What is exported of a cycle: the table, the reports and the reminders, collected page by page
 * through questions and written as CSV files (RFC 4180, UTF-8 without BOM, ISO 8601 with offset).
 * Knows nothing of how the questions travel.
 */
#ifndef DD_CLIENTS_CLI_EXPORT_H
#define DD_CLIENTS_CLI_EXPORT_H

#include "core/arena.h"
#include "core/question.h"
#include "ledger/data.h"

/* Answers a question into the arena, like dd_client_question. */
struct dd_exporter {
    void *self;
    enum dd_status (*ask)(void *self, const struct dd_question *question, struct dd_arena *arena,
                          struct dd_answer *answer, struct dd_refusal *refusal);
};

/* What to export; texts are borrowed during the call. */
struct dd_export_wish {
    struct dd_slice cycle;
    struct dd_slice period;
    int32_t as_of; /* the whole local day included */
};

/* All pages of each answer, one behind the other. Lies in the arena, and all that it points to. */
struct dd_export {
    int64_t as_of_ms; /* the first instant that no longer counts */
    int16_t offset_min;
    struct dd_cycle_answer cycle;
    struct dd_table_answer table;
    struct dd_duties_answer reports;      /* the duties to report, as of the same day */
    struct dd_reminders_answer reminders; /* of the whole run */
};

/* A cycle, every duty and every matter of it, as they stand when they are asked for. */
struct dd_export_cycle {
    struct dd_slice cycle;
    int16_t offset_min;
    struct dd_duty_line *duties;
    size_t duty_count;
    struct dd_matter_line *matters;
    size_t matter_count;
};

struct dd_export_cycles {
    struct dd_export_cycle *cycles;
    size_t count;
};

/* Asks for everything; min_seq is what the state must hold at least. DD_OK; else the status and
 * refusal of the question that failed, DD_NO_MEMORY. */
enum dd_status dd_export_collect(const struct dd_exporter *exporter,
                                 const struct dd_export_wish *wish, uint64_t min_seq,
                                 struct dd_arena *arena, struct dd_export *out,
                                 struct dd_refusal *refusal);

/* All reminders of the cycle alone. Failures as above. */
enum dd_status dd_export_reminders(const struct dd_exporter *exporter, struct dd_slice cycle,
                                   uint64_t min_seq, struct dd_arena *arena,
                                   struct dd_reminders_answer *out, struct dd_refusal *refusal);

/* Every cycle of the jurisdiction. Failures as above. */
enum dd_status dd_export_cycles(const struct dd_exporter *exporter, uint64_t min_seq,
                                struct dd_arena *arena, struct dd_export_cycles *out,
                                struct dd_refusal *refusal);

/* Writes duties.csv and matters.csv into the folder. Failures as of dd_export_write. */
enum dd_status dd_export_write_cycles(const char *dir, const struct dd_export_cycles *cycles,
                                      struct dd_why *why);

/*
 * Writes summary.csv, groups.csv, reports.csv and reminders.csv into the folder `dir`, which is
 * there: all four whole, or none. `groups` are the codes that groups.csv lists, in order, those
 * without units too. Sorts the reminders of *export. DD_OK; DD_IO, DD_NO_SPACE, DD_NO_MEMORY,
 * DD_TOO_LARGE (path), with *why.
 */
enum dd_status dd_export_write(const char *dir, struct dd_export *export,
                               const struct dd_slice *groups, size_t group_count,
                               struct dd_why *why);

#endif
