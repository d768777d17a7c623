/*
 * The notifier's own rows: how far it followed the log, the lines that wait to be told, the digests
 * that are ready for delivery, and what was told but is not yet in the log. Every call below that
 * changes something is one synced transaction, so that a kill between any two of them neither loses
 * nor doubles a digest. Knows no message, no text and no way of delivery. Nobody but the notifier
 * opens it.
 *
 * A line is gathered into the open digest of its recipient and local day; sealing makes that digest
 * queued, which it stays until it is delivered; its lines are then told, and go in batches into the
 * command Reminded. What comes for a sealed digest's unit and day opens the next number.
 *
 * One thread at a time.
 */
#ifndef DD_WORKERS_OUTBOX_H
#define DD_WORKERS_OUTBOX_H

#include "core/arena.h"
#include "core/command.h"
#include "core/ids.h"
#include "core/status.h"

enum {
    DD_OUTBOX_FORMAT = 2,              /* 1 had lines without names of stages, and is read */
    DD_OUTBOX_DIGEST_LINES_MAX = 1000, /* further lines go into the next number */
    DD_OUTBOX_REFS_MAX = 256           /* of one report */
};

/* One reminder, as the recipient is told. */
struct dd_digest_line {
    struct dd_reminder_ref ref;
    struct dd_slice cycle;
    struct dd_slice unit;
    struct dd_slice unit_name;
    struct dd_slice duty;
    struct dd_slice stage_vi; /* what the duty's stage is called; empty: it has no name */
    struct dd_slice stage_en;
    struct dd_slice to_unit; /* who is told: a code (dd_text_code_ok) */
    struct dd_slice to_name;
    int8_t rung;
    bool superior;
    int64_t at_ms;
    int64_t bound_ms; /* 0: none */
    int16_t offset_min;
};

/* A sealed digest: what one recipient is told of one local day. It never changes. */
struct dd_digest {
    struct dd_id id; /* of its content: the same after a crash */
    int32_t day;
    uint16_t number; /* 1, or more if lines came after the first was sealed */
    struct dd_slice to_unit;
    struct dd_slice to_name;
    struct dd_digest_line *lines; /* at least one, in the order of the log */
    size_t line_count;
};

/* Where the outbox stands, after the last call that changed it. */
struct dd_outbox_standing {
    struct dd_reminder_ref next; /* the reminder to follow from */
    bool gathering;              /* there are open digests */
    bool queued;                 /* there are digests to deliver */
    bool to_report;              /* there are lines that were told and are not in the log */
};

/* Lines that were told, as one command Reminded says it. The same until it is settled. */
struct dd_outbox_batch {
    uint32_t attempt; /* how often a command for these lines was refused */
    size_t count;     /* 0: nothing to report */
    struct dd_reminder_ref refs[DD_OUTBOX_REFS_MAX];
};

enum dd_outbox_report {
    DD_OUTBOX_REPORT_NEXT,     /* the batch that is being reported, or else the next */
    DD_OUTBOX_REPORT_ACCEPTED, /* that batch is in the log: forget it, then as NEXT */
    DD_OUTBOX_REPORT_AGAIN     /* that batch's command was refused for good: it needs another */
};

struct dd_outbox;

/* Opens the LMDB environment in the folder, making it if it is not there; path NULL: rows in memory
 * that live as long as the outbox. *out belongs to the caller until close; NULL after a failure:
 * DD_FORMAT (another format), DD_CORRUPT, DD_IO, DD_NO_SPACE, DD_NO_MEMORY. */
enum dd_status dd_outbox_open(const char *path, struct dd_outbox **out);

/* NULL is fine. */
void dd_outbox_close(struct dd_outbox *outbox);

void dd_outbox_stands(const struct dd_outbox *outbox, struct dd_outbox_standing *out);

/*
 * Gathers lines (ascending; those before the cursor are passed over) and moves the cursor to
 * `next`. Seals the open digests of days before the newest of these lines', or with seal_all every
 * one. Lines are borrowed during the call.
 *
 * This and the calls below give DD_OK; DD_NO_SPACE or DD_NO_MEMORY: nothing changed, may be tried
 * again; anything else (DD_IO, DD_CORRUPT): the outcome is unknown and the process is to stop.
 */
enum dd_status dd_outbox_gather(struct dd_outbox *outbox, const struct dd_digest_line *lines,
                                size_t count, struct dd_reminder_ref next, bool seal_all);

/* Reads up to `max` queued digests, the oldest day first, into the arena; changes nothing. */
enum dd_status dd_outbox_queued(struct dd_outbox *outbox, struct dd_arena *arena, size_t max,
                                struct dd_digest *digests, size_t *count);

/* These digests, as dd_outbox_queued gave them, are delivered: their lines are told. */
enum dd_status dd_outbox_delivered(struct dd_outbox *outbox, const struct dd_digest *digests,
                                   size_t count);

/* Settles the batch that is being reported as `how` says, and gives the one to report now. */
enum dd_status dd_outbox_report(struct dd_outbox *outbox, enum dd_outbox_report how,
                                struct dd_outbox_batch *out);

#endif
