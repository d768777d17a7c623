/*
 * decide: a command against state gives a refusal or events. Pure: same view, command, account and
 * instant, same result. Changes nothing; core/apply does that.
 */
#ifndef DD_CORE_DECIDE_H
#define DD_CORE_DECIDE_H

#include "core/duty.h"
#include "core/event.h"

/* Under what a command is judged. */
struct dd_context {
    const struct dd_view *view;
    struct dd_arena *arena; /* scratch, for bulk acts */
    uint32_t account;       /* who: its number; 0: the broker itself */
    int64_t at_ms;          /* the broker's receipt stamp */
};

/* Judges the command. DD_OK: *events hold what then is so (for a Tick with nothing due: none). Else
 * the refusal's status, with *refusal saying which rule, field and parameters; DD_NO_MEMORY or
 * DD_TOO_LARGE when the arena or the events' array is too small, with no refusal. That the
 * account's keys count at this instant was checked before (core/office.h). */
enum dd_status dd_decide(const struct dd_context *context, const struct dd_command *command,
                         struct dd_events *events, struct dd_refusal *refusal);

/* The hash that names a version's content: SHA-256 over "dondoc-version-v1\n" and, for each item in
 * order, task, indicator, kind code, due day, target, title and unit of measure, and what else it
 * says of itself, if anything (docs/protocol.md). */
void dd_version_hash(const struct dd_view *view, const struct dd_process *process, uint32_t unit,
                     struct dd_item_list items, uint8_t out[32]);

#endif
