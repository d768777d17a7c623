/* The ledger. See ledger/ledger.h. */
#include "ledger/ledger.h"

#include <stdlib.h>
#include <string.h>

#include "core/apply.h"
#include "core/decide.h"
#include "core/hash.h"
#include "core/invariant.h"
#include "core/office.h"
#include "runtime/keys.h"

enum { SCRATCH_BYTES = 64 * 1024 * 1024 };

/* Entries of one batch: their bytes one behind the other, and where each lies. */
struct batch {
    uint8_t *bytes;
    size_t used;
    struct dd_slice *entries;
    size_t count;
    uint64_t first_seq;
};

struct dd_ledger {
    struct dd_state *state;
    struct dd_replay *replay;
    struct dd_view view;
    struct dd_arena arena;
    struct dd_event events[DD_TICK_EVENTS_MAX];
    struct batch batch[2];
    size_t filling;
    bool syncing;
    bool read_only;
    uint64_t durable;
    uint64_t keys_version;
    struct dd_slice jurisdiction;
    char jurisdiction_text[DD_CODE_BYTES_MAX + 1];
    enum dd_status error;
};

static void read_jurisdiction(struct dd_ledger *ledger)
{
    struct dd_meta_row meta;
    if (!dd_get_meta(&ledger->view, &meta))
        return;
    dd_slice_text(meta.jurisdiction, ledger->jurisdiction_text, sizeof ledger->jurisdiction_text);
    ledger->jurisdiction = dd_slice_of(ledger->jurisdiction_text);
}

static enum dd_status make_batches(struct dd_ledger *ledger)
{
    for (size_t i = 0; i < 2; i++) {
        ledger->batch[i].bytes = malloc(DD_BATCH_BYTES_MAX);
        ledger->batch[i].entries = malloc(DD_BATCH_ENTRIES_MAX * sizeof(struct dd_slice));
        if (!ledger->batch[i].bytes || !ledger->batch[i].entries)
            return DD_NO_MEMORY;
    }
    return DD_OK;
}

/* State is a copy of what the journal says: the last entry that it holds must be the journal's.
 * Found here is a state of another log, or a journal put in the place of the one it was made of. */
static enum dd_status check_state(struct dd_ledger *ledger, struct dd_journal_reader *journal)
{
    const struct dd_cursor *cursor = dd_replay_cursor(ledger->replay);
    struct dd_entry entry = {.events = {ledger->events, 0, DD_TICK_EVENTS_MAX}};
    struct dd_remembered_row memory;
    struct dd_command command;
    struct dd_refusal refusal;
    struct dd_slice bytes;
    uint8_t hash[DD_SHA256_BYTES];
    if (cursor->next_seq == 0)
        return DD_OK;
    enum dd_status status = dd_journal_read(journal, cursor->next_seq - 1, &bytes);
    if (status == DD_OK)
        status = dd_entry_read(bytes, &entry);
    if (status != DD_OK)
        return status;
    if (entry.received_ms != cursor->last_received_at_ms)
        return DD_CORRUPT;
    if (entry.kind != DD_ENTRY_COMMAND)
        return DD_OK;
    status = dd_codec_logged_decode(entry.command, &ledger->arena, &command, &refusal);
    if (status != DD_OK)
        return status == DD_NO_MEMORY ? DD_NO_MEMORY : DD_FORMAT;
    dd_sha256(entry.command, hash);
    bool same = dd_get_remembered(&ledger->view, entry.account, &command.id, &memory) &&
                memory.seq == entry.seq &&
                memcmp(memory.command_hash, hash, sizeof memory.command_hash) == 0;
    return same ? DD_OK : DD_CORRUPT;
}

enum dd_status dd_ledger_open(struct dd_state *state, struct dd_journal_reader *journal,
                              uint64_t tail, struct dd_ledger **out)
{
    struct dd_ledger *ledger = calloc(1, sizeof *ledger);
    enum dd_status status = ledger ? make_batches(ledger) : DD_NO_MEMORY;
    *out = NULL;
    if (status != DD_OK)
        goto out;
    ledger->state = state;
    ledger->view = dd_state_view(state);
    ledger->arena = dd_arena_make(SCRATCH_BYTES);
    ledger->keys_version = 1;
    status = dd_replay_open(state, &ledger->replay);
    if (status != DD_OK)
        goto out;
    status = dd_replay_cursor(ledger->replay)->next_seq > tail ? DD_CORRUPT
                                                               : check_state(ledger, journal);
    if (status == DD_OK && dd_replay_cursor(ledger->replay)->next_seq < tail)
        status = dd_replay_journal(ledger->replay, journal, tail, NULL);
    if (status == DD_NOT_FOUND)
        status = DD_CORRUPT;
    ledger->durable = tail;
    read_jurisdiction(ledger);
out:
    if (status == DD_OK)
        *out = ledger;
    else
        dd_ledger_close(ledger);
    return status;
}

void dd_ledger_close(struct dd_ledger *ledger)
{
    if (!ledger)
        return;
    for (size_t i = 0; i < 2; i++) {
        free(ledger->batch[i].bytes);
        free(ledger->batch[i].entries);
    }
    dd_replay_close(ledger->replay);
    dd_arena_free(&ledger->arena);
    free(ledger);
}

bool dd_ledger_room(const struct dd_ledger *ledger, size_t commands, size_t bytes)
{
    const struct batch *batch = &ledger->batch[ledger->filling];
    return batch->count + commands <= DD_BATCH_ENTRIES_MAX &&
           batch->used + bytes + commands * DD_ENTRY_OVERHEAD_BYTES <= DD_BATCH_BYTES_MAX;
}

static uint64_t next_seq(const struct dd_ledger *ledger)
{
    return dd_replay_cursor(ledger->replay)->next_seq;
}

/* Writes the entry behind the batch's others; false if it is larger than an entry may be. */
static bool add_entry(struct dd_ledger *ledger, const struct dd_entry *entry)
{
    struct batch *batch = &ledger->batch[ledger->filling];
    size_t left = DD_BATCH_BYTES_MAX - batch->used;
    struct dd_writer w = dd_writer_make(batch->bytes + batch->used,
                                        left < DD_ENTRY_BYTES_MAX ? left : DD_ENTRY_BYTES_MAX);
    DD_ASSERT(batch->count < DD_BATCH_ENTRIES_MAX);
    dd_entry_write(&w, entry);
    if (w.overflow)
        return false;
    if (batch->count == 0)
        batch->first_seq = entry->seq;
    batch->entries[batch->count++] = dd_writer_slice(&w);
    batch->used += w.at;
    return true;
}

static void keep_error(struct dd_ledger *ledger, enum dd_status status)
{
    if (ledger->error == DD_OK)
        ledger->error = status;
}

/* Adds the entry, applies it and moves the cursor on. */
static enum dd_status record(struct dd_ledger *ledger, const struct dd_entry *entry,
                             const struct dd_command *command, const uint8_t hash[32])
{
    struct batch *batch = &ledger->batch[ledger->filling];
    if (!add_entry(ledger, entry))
        return DD_TOO_LARGE;
    dd_apply(&ledger->view, &ledger->arena, entry, command, hash);
    dd_replay_note(ledger->replay, batch->entries[batch->count - 1], entry->received_ms);
    for (size_t i = 0; i < entry->events.count; i++) {
        enum dd_event_kind kind = entry->events.event[i].kind;
        if (kind == DD_EVENT_ACCOUNT_PUT || kind == DD_EVENT_ACCOUNT_REVOKED)
            ledger->keys_version++;
    }
    keep_error(ledger, dd_state_error(ledger->state));
    return DD_OK;
}

enum dd_status dd_ledger_found(struct dd_ledger *ledger, struct dd_slice genesis, int64_t at_ms)
{
    struct dd_entry entry = {.kind = DD_ENTRY_GENESIS,
                             .received_ms = at_ms,
                             .command = genesis,
                             .events = {ledger->events, 0, DD_TICK_EVENTS_MAX}};
    struct dd_context context = {&ledger->view, &ledger->arena, 0, at_ms};
    struct dd_command command;
    struct dd_refusal refusal;
    uint8_t hash[DD_SHA256_BYTES];
    if (next_seq(ledger) != 0)
        return DD_EXISTS;
    dd_arena_reset(&ledger->arena);
    enum dd_status status = dd_codec_command_decode(genesis, &ledger->arena, &command, &refusal);
    if (status == DD_OK && command.kind != DD_COMMAND_GENESIS)
        status = DD_INVALID;
    if (status == DD_OK)
        status = dd_decide(&context, &command, &entry.events, &refusal);
    if (status != DD_OK)
        return status;
    dd_sha256(genesis, hash);
    status = record(ledger, &entry, &command, hash);
    read_jurisdiction(ledger);
    return status;
}

/* Progress is signed only where its programme says so; every other command of a client always is
 * but what the notifier reports. */
static bool needs_signature(const struct dd_ledger *ledger, const struct dd_command *command)
{
    struct dd_process process;
    if (command->kind != DD_COMMAND_PROGRESS)
        return dd_command_signed(command->kind);
    return dd_process_find(&ledger->view, command->as.progress.cycle, &process) &&
           process.programme.progress_signed;
}

static enum dd_status check_signature(const struct dd_ledger *ledger,
                                      const struct dd_account_row *account,
                                      const struct dd_command *command,
                                      const struct dd_signed_command *signed_command,
                                      struct dd_refusal *refusal)
{
    if (signed_command->signature.size == 0)
        return needs_signature(ledger, command)
                   ? dd_refuse(refusal, DD_BAD_SIGNATURE, DD_RULE_NOT_SIGNED, NULL)
                   : DD_OK;
    if (signed_command->signature.size != DD_SIGNATURE_BYTES ||
        dd_keys_verify_command(account->sign_key, ledger->jurisdiction, signed_command->command,
                               signed_command->signature.data) != DD_OK)
        return dd_refuse(refusal, DD_BAD_SIGNATURE, DD_RULE_NONE, NULL);
    return DD_OK;
}

/* What can be said without judging: malformed, not this key's, answered before. *known: it was
 * answered before, and *result is that answer. */
static enum dd_status admit(struct dd_ledger *ledger, uint32_t account, int64_t at_ms,
                            const struct dd_signed_command *signed_command, const uint8_t hash[32],
                            struct dd_command *command, struct dd_result *result, bool *known)
{
    struct dd_account_row row;
    struct dd_remembered_row memory;
    *known = false;
    enum dd_status status =
        dd_codec_command_decode(signed_command->command, &ledger->arena, command, &result->refusal);
    if (status == DD_NO_MEMORY)
        return dd_refuse(&result->refusal, DD_BUSY, DD_RULE_NONE, NULL);
    if (status != DD_OK)
        return status;
    result->id = command->id;
    if (!dd_codec_command_from_client(command->kind))
        return dd_refuse(&result->refusal, DD_INVALID, DD_RULE_NOT_YOURS, NULL);
    if (!dd_get_account(&ledger->view, account, &row))
        return dd_refuse(&result->refusal, DD_KEY_UNKNOWN, DD_RULE_NONE, NULL);
    status = dd_account_status(&row, at_ms);
    if (status != DD_OK)
        return dd_refuse(&result->refusal, status, DD_RULE_NONE, NULL);
    if (dd_get_remembered(&ledger->view, account, &command->id, &memory)) {
        if (memcmp(memory.command_hash, hash, sizeof memory.command_hash) != 0)
            return dd_refuse(&result->refusal, DD_ID_CONFLICT, DD_RULE_NONE, "id");
        *known = true;
        result->seq = memory.seq;
        result->refusal = memory.refusal;
        result->remembered = true;
        return DD_OK;
    }
    return check_signature(ledger, &row, command, signed_command, &result->refusal);
}

static void judge(struct dd_ledger *ledger, uint32_t account, int64_t at_ms,
                  const struct dd_signed_command *signed_command, const struct dd_command *command,
                  const uint8_t hash[32], struct dd_result *result)
{
    struct dd_context context = {&ledger->view, &ledger->arena, account, at_ms};
    struct dd_entry entry = {.kind = DD_ENTRY_COMMAND,
                             .seq = next_seq(ledger),
                             .received_ms = at_ms,
                             .account = account,
                             .signature = signed_command->signature,
                             .command = signed_command->command,
                             .events = {ledger->events, 0, DD_TICK_EVENTS_MAX}};
    enum dd_status status = dd_decide(&context, command, &entry.events, &entry.refusal);
    if (status != DD_OK && dd_status_class(status) != DD_CLASS_REFUSED) {
        if (dd_status_class(status) == DD_CLASS_WORLD && status != DD_NO_MEMORY)
            keep_error(ledger, status);
        dd_refuse(&result->refusal, status == DD_TOO_LARGE ? DD_TOO_LARGE : DD_BUSY, DD_RULE_NONE,
                  NULL);
        return;
    }
    if (record(ledger, &entry, command, hash) != DD_OK) {
        dd_refuse(&result->refusal, DD_TOO_LARGE, DD_RULE_NONE, NULL);
        return;
    }
    result->seq = entry.seq;
    result->refusal = entry.refusal;
}

void dd_ledger_take(struct dd_ledger *ledger, uint32_t account, int64_t at_ms,
                    const struct dd_signed_command *signed_command, struct dd_result *result)
{
    struct dd_command command;
    uint8_t hash[DD_SHA256_BYTES];
    bool known;
    memset(result, 0, sizeof *result);
    DD_ASSERT(at_ms >= dd_replay_cursor(ledger->replay)->last_received_at_ms);
    dd_arena_reset(&ledger->arena);
    dd_sha256(signed_command->command, hash);
    enum dd_status status =
        admit(ledger, account, at_ms, signed_command, hash, &command, result, &known);
    if (status != DD_OK || known)
        return;
    if (ledger->error != DD_OK) /* what is read now is not to be trusted: nothing more is decided */
        dd_refuse(&result->refusal, DD_UNAVAILABLE, DD_RULE_NONE, NULL);
    else if (ledger->read_only)
        dd_refuse(&result->refusal, DD_READ_ONLY, DD_RULE_NONE, NULL);
    else
        judge(ledger, account, at_ms, signed_command, &command, hash, result);
}

/* The bytes of a Tick are always the same: a Command with an id of zeros (field 1) and an empty
 * Tick (field 40). */
static const uint8_t tick_bytes[] = {0x0A, 0x10, 0, 0, 0, 0, 0, 0,    0,    0,   0,
                                     0,    0,    0, 0, 0, 0, 0, 0xC2, 0x02, 0x00};

bool dd_ledger_tick(struct dd_ledger *ledger, int64_t at_ms)
{
    struct dd_entry entry = {.kind = DD_ENTRY_TICK,
                             .seq = next_seq(ledger),
                             .received_ms = at_ms,
                             .command = {tick_bytes, sizeof tick_bytes},
                             .events = {ledger->events, 0, DD_TICK_EVENTS_MAX}};
    struct dd_context context = {&ledger->view, &ledger->arena, 0, at_ms};
    struct dd_command command = {.kind = DD_COMMAND_TICK};
    uint8_t hash[DD_SHA256_BYTES];
    if (ledger->read_only || ledger->error != DD_OK)
        return true;
    dd_arena_reset(&ledger->arena);
    enum dd_status status = dd_decide(&context, &command, &entry.events, &entry.refusal);
    if (status != DD_OK)
        keep_error(ledger, status);
    if (status != DD_OK || entry.events.count == 0)
        return true;
    dd_sha256(entry.command, hash);
    status = record(ledger, &entry, &command, hash);
    DD_ASSERT(status == DD_OK);
    return false;
}

void dd_ledger_set_read_only(struct dd_ledger *ledger, bool read_only)
{
    ledger->read_only = read_only;
}

bool dd_ledger_dirty(const struct dd_ledger *ledger)
{
    return ledger->batch[ledger->filling].count > 0;
}

void dd_ledger_begin_sync(struct dd_ledger *ledger, bool freeze, struct dd_batch *batch,
                          bool *frozen)
{
    struct batch *full = &ledger->batch[ledger->filling];
    DD_ASSERT(!ledger->syncing && full->count > 0);
    batch->first_seq = full->first_seq;
    batch->entries = full->entries;
    batch->count = full->count;
    ledger->syncing = true;
    ledger->filling = 1 - ledger->filling;
    ledger->batch[ledger->filling].count = 0;
    ledger->batch[ledger->filling].used = 0;
    *frozen = freeze && dd_state_freeze(ledger->state, dd_replay_cursor(ledger->replay));
    dd_state_settle(ledger->state);
    keep_error(ledger, dd_state_error(ledger->state));
}

void dd_ledger_end_sync(struct dd_ledger *ledger)
{
    const struct batch *done = &ledger->batch[1 - ledger->filling];
    DD_ASSERT(ledger->syncing);
    ledger->syncing = false;
    ledger->durable = done->first_seq + done->count;
}

bool dd_ledger_freeze(struct dd_ledger *ledger)
{
    if (ledger->syncing || dd_ledger_dirty(ledger))
        return false;
    bool frozen = dd_state_freeze(ledger->state, dd_replay_cursor(ledger->replay));
    keep_error(ledger, dd_state_error(ledger->state));
    return frozen;
}

uint64_t dd_ledger_durable(const struct dd_ledger *ledger)
{
    return ledger->durable;
}

uint64_t dd_ledger_next_seq(const struct dd_ledger *ledger)
{
    return next_seq(ledger);
}

int64_t dd_ledger_last_ms(const struct dd_ledger *ledger)
{
    return dd_replay_cursor(ledger->replay)->last_received_at_ms;
}

uint64_t dd_ledger_keys_version(const struct dd_ledger *ledger)
{
    return ledger->keys_version;
}

const struct dd_view *dd_ledger_view(const struct dd_ledger *ledger)
{
    return &ledger->view;
}

enum dd_status dd_ledger_error(const struct dd_ledger *ledger)
{
    return ledger->error;
}
