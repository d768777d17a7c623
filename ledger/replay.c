/* Replay. See ledger/replay.h. */
#include "ledger/replay.h"

#include <stdlib.h>

#include "core/apply.h"
#include "core/hash.h"
#include "proto/codec.h"

enum {
    REPLAY_ARENA_BYTES = 64 * 1024 * 1024,
    EVENTS_MAX = DD_TICK_EVENTS_MAX,
    SETTLE_EVERY = 1024
};

struct dd_replay {
    struct dd_state *state;
    struct dd_view view;
    struct dd_cursor cursor;
    struct dd_arena arena;
    struct dd_event events[EVENTS_MAX];
};

enum dd_status dd_replay_open(struct dd_state *state, struct dd_replay **out)
{
    struct dd_replay *replay = calloc(1, sizeof *replay);
    *out = replay;
    if (!replay)
        return DD_NO_MEMORY;
    replay->state = state;
    replay->view = dd_state_view(state);
    replay->arena = dd_arena_make(REPLAY_ARENA_BYTES);
    dd_state_cursor(state, &replay->cursor);
    return DD_OK;
}

void dd_replay_close(struct dd_replay *replay)
{
    if (!replay)
        return;
    dd_arena_free(&replay->arena);
    free(replay);
}

const struct dd_cursor *dd_replay_cursor(const struct dd_replay *replay)
{
    return &replay->cursor;
}

void dd_replay_note(struct dd_replay *replay, struct dd_slice bytes, int64_t received_ms)
{
    dd_merkle_append(&replay->cursor.log, bytes);
    replay->cursor.next_seq++;
    replay->cursor.last_received_at_ms = received_ms;
}

/* The kind of command that an event belongs to; apply reads that part of the command. */
static enum dd_command_kind maker_of(enum dd_event_kind kind)
{
    static const enum dd_command_kind maker[] = {[DD_EVENT_FOUNDED] = DD_COMMAND_GENESIS,
                                                 [DD_EVENT_UNITS_STAGED] = DD_COMMAND_PUT_UNITS,
                                                 [DD_EVENT_UNITS_PUT] = DD_COMMAND_PUT_UNITS,
                                                 [DD_EVENT_ACCOUNT_PUT] = DD_COMMAND_PUT_ACCOUNT,
                                                 [DD_EVENT_CALENDAR_PUT] = DD_COMMAND_PUT_CALENDAR,
                                                 [DD_EVENT_PROGRAMME_PUT] =
                                                     DD_COMMAND_PUT_PROGRAMME,
                                                 [DD_EVENT_CYCLE_STAGED] = DD_COMMAND_OPEN_CYCLE,
                                                 [DD_EVENT_CYCLE_OPENED] = DD_COMMAND_OPEN_CYCLE,
                                                 [DD_EVENT_CYCLE_CLOSED] = DD_COMMAND_CLOSE_CYCLE,
                                                 [DD_EVENT_TASK_DRAFTED] = DD_COMMAND_REGISTER,
                                                 [DD_EVENT_VERSION_SUBMITTED] = DD_COMMAND_SUBMIT,
                                                 [DD_EVENT_REPORT_RECEIVED] = DD_COMMAND_SUBMIT,
                                                 [DD_EVENT_VERSION_WITHDRAWN] = DD_COMMAND_WITHDRAW,
                                                 [DD_EVENT_VERSION_RETURNED] = DD_COMMAND_DECIDE,
                                                 [DD_EVENT_VERSION_AGREED] = DD_COMMAND_DECIDE,
                                                 [DD_EVENT_VERSION_APPROVED] = DD_COMMAND_DECIDE,
                                                 [DD_EVENT_OUTCOME_RECORDED] = DD_COMMAND_PROGRESS,
                                                 [DD_EVENT_ACCOUNT_REVOKED] = DD_COMMAND_REVOKE,
                                                 [DD_EVENT_DUTY_LAPSED] = DD_COMMAND_TICK,
                                                 [DD_EVENT_RUNG_REACHED] = DD_COMMAND_TICK,
                                                 [DD_EVENT_REMINDER_NOTED] = DD_COMMAND_REMINDED,
                                                 [DD_EVENT_CYCLE_SCHEDULED] = DD_COMMAND_OPEN_CYCLE,
                                                 [DD_EVENT_REPORT_TAKEN] = DD_COMMAND_SUBMIT,
                                                 [DD_EVENT_MATTER_OPENED] = DD_COMMAND_ASSIGN,
                                                 [DD_EVENT_ANSWER_TAKEN] = DD_COMMAND_SUBMIT,
                                                 [DD_EVENT_MATTER_DECIDED] = DD_COMMAND_DECIDE,
                                                 [DD_EVENT_MATTER_PROGRESSED] = DD_COMMAND_PROGRESS,
                                                 [DD_EVENT_DUTY_BENT] = DD_COMMAND_BEND,
                                                 [DD_EVENT_DELEGATED] = DD_COMMAND_DELEGATE,
                                                 [DD_EVENT_TRANSFERRED] = DD_COMMAND_TRANSFER,
                                                 [DD_EVENT_PUBLISHED] = DD_COMMAND_PUBLISH};
    return maker[kind];
}

/* Whether entry, command and events belong together: an entry made by hand must not have apply read
 * a command as what it is not. */
static bool fits(const struct dd_entry *entry, const struct dd_command *command)
{
    static const enum dd_entry_kind kinds[] = {
        [DD_COMMAND_GENESIS] = DD_ENTRY_GENESIS, [DD_COMMAND_TICK] = DD_ENTRY_TICK};
    bool by_server = command->kind == DD_COMMAND_GENESIS || command->kind == DD_COMMAND_TICK;
    if (entry->kind != (by_server ? kinds[command->kind] : DD_ENTRY_COMMAND) ||
        by_server != (entry->account == 0) ||
        (entry->refusal.status != DD_OK && entry->events.count > 0))
        return false;
    for (size_t i = 0; i < entry->events.count; i++) {
        enum dd_event_kind event = entry->events.event[i].kind;
        bool of_submit = event == DD_EVENT_VERSION_APPROVED && command->kind == DD_COMMAND_SUBMIT;
        if (maker_of(event) != command->kind && !of_submit)
            return false;
    }
    return true;
}

enum dd_status dd_replay_entry(struct dd_replay *replay, struct dd_slice bytes)
{
    struct dd_entry entry = {.events = {replay->events, 0, EVENTS_MAX}};
    struct dd_command command;
    struct dd_refusal refusal;
    uint8_t hash[DD_SHA256_BYTES];
    dd_arena_reset(&replay->arena);
    enum dd_status status = dd_entry_read(bytes, &entry);
    if (status != DD_OK)
        return status;
    if (entry.seq != replay->cursor.next_seq ||
        entry.received_ms < replay->cursor.last_received_at_ms ||
        (entry.kind == DD_ENTRY_GENESIS) != (entry.seq == 0))
        return DD_CORRUPT;
    status = dd_codec_logged_decode(entry.command, &replay->arena, &command, &refusal);
    if (status != DD_OK)
        return status == DD_NO_MEMORY ? DD_NO_MEMORY : DD_FORMAT;
    if (!fits(&entry, &command))
        return DD_CORRUPT;
    dd_sha256(entry.command, hash);
    dd_apply(&replay->view, &replay->arena, &entry, &command, hash);
    dd_replay_note(replay, bytes, entry.received_ms);
    return dd_state_error(replay->state);
}

enum dd_status dd_replay_flush(struct dd_replay *replay)
{
    if (!dd_state_freeze(replay->state, &replay->cursor))
        return dd_state_error(replay->state) == DD_OK ? DD_IO : dd_state_error(replay->state);
    enum dd_status status = dd_state_flush(replay->state);
    return status == DD_OK ? dd_state_flushed(replay->state) : status;
}

enum dd_status dd_replay_journal(struct dd_replay *replay, struct dd_journal_reader *journal,
                                 uint64_t end_seq, const struct dd_replay_progress *progress)
{
    while (replay->cursor.next_seq < end_seq) {
        struct dd_slice bytes;
        uint64_t seq = replay->cursor.next_seq;
        enum dd_status status = dd_journal_read(journal, seq, &bytes);
        if (status == DD_OK)
            status = dd_replay_entry(replay, bytes);
        if (status != DD_OK)
            return status;
        if (seq % SETTLE_EVERY == 0)
            dd_state_settle(replay->state);
        if (dd_state_rows_pending(replay->state) >= DD_FLUSH_ENTRIES_MAX)
            status = dd_replay_flush(replay);
        if (status != DD_OK)
            return status;
        if (progress && seq % SETTLE_EVERY == 0)
            progress->at(progress->self, seq);
    }
    return dd_replay_flush(replay);
}
