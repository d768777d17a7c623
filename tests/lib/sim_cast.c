/* The cast on the wire. See tests/lib/sim_cast.h. */
#include "tests/lib/sim_cast.h"

#include <string.h>

#include <sodium.h>

#include "core/hash.h"
#include "core/invariant.h"

enum { BYTES_MAX = 512 * 1024 * 1024 };

static const char cycle[] = "key-tasks/2013";

void sim_cast_key(uint32_t account, struct dd_key_pair *key)
{
    uint8_t seed[DD_SHA256_BYTES];
    uint8_t number[4] = {(uint8_t)(account >> 24), (uint8_t)(account >> 16),
                         (uint8_t)(account >> 8), (uint8_t)account};
    memset(key, 0, sizeof *key);
    key->has_secret = true;
    dd_sha256((struct dd_slice){number, sizeof number}, seed);
    memcpy(key->curve_public, seed, sizeof key->curve_public);
    int failed = crypto_sign_seed_keypair(key->sign_public, key->sign_secret, seed);
    DD_ASSERT(failed == 0);
}

struct dd_slice sim_cast_encode(struct sim_cast *sim, struct dd_command *command)
{
    struct dd_slice bytes;
    if (dd_id_is_zero(command->id)) {
        struct dd_writer w = dd_writer_make(command->id.byte, sizeof command->id.byte);
        dd_write_u64(&w, 0x51);
        dd_write_u64(&w, ++sim->next_id);
    }
    enum dd_status status = dd_codec_command_encode(command, &sim->bytes, &bytes);
    DD_ASSERT(status == DD_OK);
    return bytes;
}

struct dd_signed_command sim_cast_sign(struct sim_cast *sim, uint32_t account,
                                       struct dd_command *command)
{
    struct dd_signed_command made = {.command = sim_cast_encode(sim, command)};
    if (!dd_command_signed(command->kind))
        return made;
    uint8_t *signature = dd_arena_take(&sim->bytes, DD_SIGNATURE_BYTES);
    DD_ASSERT(signature && account < SIM_ACCOUNTS_MAX);
    enum dd_status status =
        dd_keys_sign_command(&sim->key[account], dd_slice_of("bacgiang"), made.command, signature);
    DD_ASSERT(status == DD_OK);
    made.signature = (struct dd_slice){signature, DD_SIGNATURE_BYTES};
    return made;
}

/* --- the founding -------------------------------------------------------------------------- */

/* The cast's keys are made up; these are real. */
static void put_keys(struct dd_put_account *account, uint32_t number)
{
    struct dd_key_pair key;
    sim_cast_key(number, &key);
    memcpy(account->link_key, key.curve_public, sizeof account->link_key);
    memcpy(account->sign_key, key.sign_public, sizeof account->sign_key);
}

struct dd_slice sim_cast_genesis(struct sim_cast *sim)
{
    struct dd_command command = sim->cast.log[0].command;
    struct dd_put_account accounts[2];
    DD_ASSERT(command.kind == DD_COMMAND_GENESIS && command.as.genesis.account_count == 2);
    for (uint32_t i = 0; i < 2; i++) {
        accounts[i] = command.as.genesis.accounts[i];
        put_keys(&accounts[i], i + 1);
    }
    command.as.genesis.accounts = accounts;
    return sim_cast_encode(sim, &command);
}

static void play(struct sim_cast *sim, struct dd_ledger *ledger)
{
    uint32_t accounts = 2;
    for (size_t i = 1; i < sim->cast.log_count; i++) {
        struct dd_command command = sim->cast.log[i].command;
        struct dd_event events[CAST_EVENTS_MAX];
        struct dd_entry entry = {.events = {events, 0, CAST_EVENTS_MAX}};
        struct dd_result result;
        enum dd_status status = dd_entry_read(sim->cast.log[i].bytes, &entry);
        DD_ASSERT(status == DD_OK);
        if (command.kind == DD_COMMAND_PUT_ACCOUNT)
            put_keys(&command.as.put_account, ++accounts);
        struct dd_signed_command carried = sim_cast_sign(sim, entry.account, &command);
        dd_ledger_take(ledger, entry.account, entry.received_ms, &carried, &result);
        DD_ASSERT(result.refusal.status == DD_OK && result.seq == i);
        sim->founded_ms = entry.received_ms;
    }
    sim->accounts = accounts;
}

void sim_cast_make(struct sim_cast *sim, unsigned agencies)
{
    struct dd_state *state = NULL;
    memset(sim, 0, sizeof *sim);
    int failed = sodium_init();
    DD_ASSERT(failed >= 0 && agencies <= 12);
    cast_ready(&sim->cast, agencies);
    sim->bytes = dd_arena_make(BYTES_MAX);
    for (uint32_t i = 0; i < SIM_ACCOUNTS_MAX; i++)
        sim_cast_key(i, &sim->key[i]);
    journal_sim_make(&sim->founding);
    struct dd_ledger *ledger = sim_ledger(&sim->founding, &state);
    enum dd_status status =
        dd_ledger_found(ledger, sim_cast_genesis(sim), cast_at("2013-01-01T08:00"));
    DD_ASSERT(status == DD_OK);
    play(sim, ledger);
    sim_sync(ledger, &sim->founding);
    dd_ledger_close(ledger);
    dd_state_close(state);
}

void sim_cast_free(struct sim_cast *sim)
{
    cast_free(&sim->cast);
    dd_arena_free(&sim->bytes);
    journal_sim_free(&sim->founding);
}

/* --- commands ------------------------------------------------------------------------------ */

struct dd_command sim_register(struct sim_cast *sim, const char *unit, uint16_t task,
                               uint16_t indicator, const char *due)
{
    struct dd_indicator_put *put = dd_arena_take(&sim->bytes, sizeof *put);
    struct dd_command command = {.kind = DD_COMMAND_REGISTER};
    DD_ASSERT(put);
    *put = (struct dd_indicator_put){.number = indicator,
                                     .title = dd_slice_of("Chỉ tiêu"),
                                     .unit_of_measure = dd_slice_of("%"),
                                     .due_day = cast_day(due)};
    command.as.register_ = (struct dd_register){.cycle = dd_slice_of(cycle),
                                                .unit = dd_slice_of(unit),
                                                .task = task,
                                                .kind = dd_slice_of("own"),
                                                .indicators = put,
                                                .indicator_count = 1};
    return command;
}

struct dd_command sim_submit(const char *unit)
{
    struct dd_command command = {.kind = DD_COMMAND_SUBMIT};
    command.as.submit = (struct dd_submit){.cycle = dd_slice_of(cycle),
                                           .unit = dd_slice_of(unit),
                                           .what = DD_SUBMISSION_REGISTRATION,
                                           .capacity = DD_CAPACITY_HEAD};
    return command;
}

struct dd_command sim_report(const char *unit, const char *report)
{
    struct dd_command command = sim_submit(unit);
    command.as.submit.what = DD_SUBMISSION_REPORT;
    command.as.submit.report = dd_slice_of(report);
    return command;
}

struct dd_command sim_progress(const char *unit, uint16_t task, uint16_t indicator,
                               enum dd_outcome outcome, const char *day)
{
    struct dd_command command = {.kind = DD_COMMAND_PROGRESS};
    command.as.progress = (struct dd_progress){.cycle = dd_slice_of(cycle),
                                               .unit = dd_slice_of(unit),
                                               .task = task,
                                               .indicator = indicator,
                                               .outcome = outcome,
                                               .day = cast_day(day)};
    return command;
}

struct dd_command sim_decide(const char *unit, uint16_t version, const uint8_t hash[32],
                             enum dd_verdict verdict)
{
    struct dd_command command = {.kind = DD_COMMAND_DECIDE};
    command.as.decide = (struct dd_decide){.cycle = dd_slice_of(cycle),
                                           .unit = dd_slice_of(unit),
                                           .version = version,
                                           .verdict = verdict};
    memcpy(command.as.decide.content_hash, hash, sizeof command.as.decide.content_hash);
    return command;
}

/* --- ledgers ------------------------------------------------------------------------------- */

struct dd_ledger *sim_ledger(struct journal_sim *journal, struct dd_state **state)
{
    struct dd_journal handle = journal_sim_open(journal);
    struct dd_journal_reader reader;
    struct dd_ledger *ledger;
    enum dd_status status = DD_OK;
    if (!*state)
        status = dd_state_open(NULL, 0, state);
    DD_ASSERT(status == DD_OK);
    status = dd_journal_reader(&handle, &reader);
    DD_ASSERT(status == DD_OK);
    status = dd_ledger_open(*state, &reader, dd_journal_tail(&handle), &ledger);
    DD_ASSERT(status == DD_OK);
    dd_journal_reader_close(&reader);
    return ledger;
}

void sim_sync(struct dd_ledger *ledger, struct journal_sim *journal)
{
    struct dd_journal handle = journal_sim_open(journal);
    struct dd_batch batch;
    bool frozen;
    if (!dd_ledger_dirty(ledger))
        return;
    dd_ledger_begin_sync(ledger, false, &batch, &frozen);
    enum dd_status status = dd_journal_reserve(&handle, DD_BATCH_ENTRIES_MAX, DD_BATCH_BYTES_MAX);
    DD_ASSERT(status == DD_OK && !frozen);
    status = dd_journal_append(&handle, batch.first_seq, batch.entries, batch.count);
    DD_ASSERT(status == DD_OK);
    dd_ledger_end_sync(ledger);
}

static void digest_of(struct dd_state *state, uint8_t digest[32])
{
    struct dd_snapshot *snapshot;
    enum dd_status status = dd_snapshot_open(state, &snapshot);
    DD_ASSERT(status == DD_OK);
    status = dd_snapshot_digest(snapshot, digest);
    DD_ASSERT(status == DD_OK);
    dd_snapshot_close(snapshot);
}

void sim_digest(struct dd_ledger *ledger, struct dd_state *state, uint8_t digest[32])
{
    bool frozen = dd_ledger_freeze(ledger);
    DD_ASSERT(frozen);
    enum dd_status status = dd_state_flush(state);
    if (status == DD_OK)
        status = dd_state_flushed(state);
    DD_ASSERT(status == DD_OK);
    digest_of(state, digest);
}

void sim_replayed(struct journal_sim *journal, uint8_t digest[32], uint8_t root[32])
{
    struct dd_state *state = NULL;
    struct dd_cursor cursor;
    struct dd_ledger *ledger = sim_ledger(journal, &state);
    digest_of(state, digest);
    dd_state_cursor(state, &cursor);
    DD_ASSERT(cursor.next_seq == journal->count);
    dd_merkle_root(&cursor.log, root);
    dd_ledger_close(ledger);
    dd_state_close(state);
}
