/*
 * Properties of the ledger under random commands and Ticks, with crashes in between: replay gives
 * equal state, in memory and in LMDB alike; the same id twice has one effect; what is refused
 * changes nothing but memory, what is not taken nothing at all. DD_SEED runs one seed alone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/lib/fault_folder.h"
#include "tests/lib/sim_cast.h"

#if defined(__SANITIZE_ADDRESS__)
enum { SEEDS = 12 };
#else
enum { SEEDS = 40 };
#endif

enum { COMMANDS = 250, AGENCIES = 2, PARTIES = AGENCIES + 2, KEPT_MAX = 64, HOUR_MS = 3600000 };

static struct sim_cast sim;
static struct fault_folder folder;
static uint64_t seed_now;
static uint64_t random_state;

static uint64_t draw(uint64_t below)
{
    random_state += 0x9e3779b97f4a7c15u;
    uint64_t z = random_state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (z ^ (z >> 31)) % below;
}

static bool chance(unsigned percent)
{
    return draw(100) < percent;
}

/* The ledger under test: on LMDB, with what it answered. */
static struct run {
    struct journal_sim journal;
    struct dd_state *state;
    struct dd_ledger *ledger;
    int64_t now_ms;
    struct kept {
        uint32_t account;
        struct dd_signed_command carried;
        struct dd_result result;
    } kept[KEPT_MAX];
    size_t kept_count;
} run;

#define HOLDS(condition) \
    do { \
        if (!(condition)) \
            fail_msg("seed %llu, entry %llu: %s", (unsigned long long)seed_now, \
                     (unsigned long long)dd_ledger_next_seq(run.ledger), #condition); \
    } while (0)

/* --- commands ------------------------------------------------------------------------------ */

static const char *const codes[] = {"snv", "vp", "a1", "a2"};

static struct dd_command deciding(uint32_t unit, uint32_t *account)
{
    struct dd_dossier_row dossier;
    struct dd_version_row version;
    const struct dd_view *view = dd_ledger_view(run.ledger);
    static const uint8_t none[32];
    if (!dd_get_dossier(view, 1, unit, &dossier) ||
        !dd_get_version(view, 1, unit, dossier.pending, &version))
        return sim_decide(codes[unit - CAST_SNV], 1, none, DD_VERDICT_AGREE);
    *account = dossier.approver;
    if (dossier.stage == CAST_APPRAISE)
        *account = unit == CAST_SNV ? CAST_OFFICE_APPRAISER : CAST_APPRAISER;
    else if (version.adjustment)
        *account = CAST_CHAIR;
    return sim_decide(codes[unit - CAST_SNV], dossier.pending, version.content_hash,
                      DD_VERDICT_AGREE);
}

static struct dd_command any_command(uint32_t *account)
{
    uint32_t unit = CAST_SNV + (uint32_t)draw(PARTIES);
    const char *code = codes[unit - CAST_SNV];
    struct dd_command command;
    *account = chance(90) ? cast_head(unit) : 1 + (uint32_t)draw(sim.accounts);
    switch (draw(5)) {
    case 0:
        command = sim_register(&sim, code, (uint16_t)(1 + draw(3)), (uint16_t)(1 + draw(2)),
                               "2013-03-01");
        command.as.register_.indicators[0].due_day += (int32_t)draw(300);
        return command;
    case 1:
        command = sim_submit(code);
        command.as.submit.reason = dd_slice_of("điều chỉnh");
        return command;
    case 2:
        return deciding(unit, account);
    case 3:
        return sim_report(code, chance(50) ? "H1" : "year");
    default:
        return sim_progress(code, (uint16_t)(1 + draw(3)), (uint16_t)(1 + draw(2)),
                            (enum dd_outcome)(1 + draw(5)), "2013-01-11");
    }
}

/* The dossiers, which a refusal must leave alone. */
static void dossiers(struct dd_dossier_row rows[PARTIES])
{
    memset(rows, 0, PARTIES * sizeof *rows);
    for (uint32_t i = 0; i < PARTIES; i++)
        (void)dd_get_dossier(dd_ledger_view(run.ledger), 1, CAST_SNV + i, &rows[i]);
}

static void take_new(void)
{
    struct dd_dossier_row before[PARTIES], after[PARTIES];
    struct dd_result result;
    uint32_t account;
    struct dd_command command = any_command(&account);
    struct dd_signed_command carried = sim_cast_sign(&sim, account, &command);
    uint64_t next = dd_ledger_next_seq(run.ledger);
    if (chance(3))
        carried.signature.size = 0;
    dossiers(before);
    dd_ledger_take(run.ledger, account, run.now_ms, &carried, &result);
    dossiers(after);
    enum dd_status status = result.refusal.status;
    bool logged = status == DD_OK || dd_status_class(status) == DD_CLASS_REFUSED;
    HOLDS(status == DD_OK || memcmp(before, after, sizeof before) == 0);
    HOLDS(dd_ledger_next_seq(run.ledger) == next + logged);
    HOLDS(!logged || result.seq == next);
    HOLDS(!result.remembered);
    if (logged && run.kept_count < KEPT_MAX)
        run.kept[run.kept_count++] = (struct kept){account, carried, result};
}

/* Something that was answered before comes again: the same answer, and nothing else. */
static void take_again(void)
{
    struct dd_result result;
    if (run.kept_count == 0)
        return;
    const struct kept *kept = &run.kept[draw(run.kept_count)];
    uint64_t next = dd_ledger_next_seq(run.ledger);
    dd_ledger_take(run.ledger, kept->account, run.now_ms, &kept->carried, &result);
    HOLDS(result.remembered && result.seq == kept->result.seq);
    HOLDS(memcmp(&result.refusal, &kept->result.refusal, sizeof result.refusal) == 0);
    HOLDS(dd_ledger_next_seq(run.ledger) == next);
}

/* --- crashes ------------------------------------------------------------------------------- */

static void open_run(const char *path)
{
    assert_int_equal(dd_state_open(path, 0, &run.state), DD_OK);
    run.ledger = sim_ledger(&run.journal, &run.state);
}

/* Dies with a batch on its way: some of it is on the disk. What was not durable was never answered.
 */
static void crash(const char *path)
{
    struct dd_batch batch = {.count = 0};
    bool frozen = false;
    if (dd_ledger_dirty(run.ledger))
        dd_ledger_begin_sync(run.ledger, chance(50), &batch, &frozen);
    journal_sim_crash(&run.journal, batch.entries, batch.count, (size_t)draw(batch.count + 1));
    dd_ledger_close(run.ledger);
    dd_state_close(run.state);
    open_run(path);
    for (size_t i = 0; i < run.kept_count;) {
        if (run.kept[i].result.seq < run.journal.count)
            i++;
        else
            run.kept[i] = run.kept[--run.kept_count];
    }
    run.now_ms =
        run.now_ms > dd_ledger_last_ms(run.ledger) ? run.now_ms : dd_ledger_last_ms(run.ledger);
}

/* A sync, and a flush now and then, so that crashes find state behind the journal. */
static void settle(void)
{
    sim_sync(run.ledger, &run.journal);
    if (chance(30) && dd_ledger_freeze(run.ledger)) {
        assert_int_equal(dd_state_flush(run.state), DD_OK);
        assert_int_equal(dd_state_flushed(run.state), DD_OK);
    }
}

/* LMDB as it lies, memory replayed, LMDB replayed from nothing: one digest. */
static void compare_states(const char *path)
{
    uint8_t live[32], memory[32], again[32], root[32];
    sim_sync(run.ledger, &run.journal);
    sim_digest(run.ledger, run.state, live);
    sim_replayed(&run.journal, memory, root);
    HOLDS(memcmp(live, memory, sizeof live) == 0);
    dd_ledger_close(run.ledger);
    dd_state_close(run.state);
    assert_int_equal(dd_state_wipe(path), DD_OK);
    open_run(path);
    assert_true(dd_state_rows_pending(run.state) == 0);
    struct dd_snapshot *snapshot;
    assert_int_equal(dd_snapshot_open(run.state, &snapshot), DD_OK);
    assert_int_equal(dd_snapshot_digest(snapshot, again), DD_OK);
    dd_snapshot_close(snapshot);
    HOLDS(memcmp(live, again, sizeof live) == 0);
}

static void one_run(void)
{
    char path[FAULT_PATH_BYTES];
    fault_folder_empty(&folder);
    fault_path(&folder, "state", path);
    random_state = seed_now;
    dd_arena_reset(&sim.bytes);
    memset(&run, 0, sizeof run);
    journal_sim_make(&run.journal);
    journal_sim_copy(&sim.founding, &run.journal);
    run.now_ms = sim.founded_ms;
    open_run(path);
    for (size_t i = 0; i < COMMANDS; i++) {
        run.now_ms += (int64_t)draw(60) * HOUR_MS;
        uint64_t what = draw(100);
        if (what < 65)
            take_new();
        else if (what < 78)
            take_again();
        else if (what < 88)
            (void)dd_ledger_tick(run.ledger, run.now_ms);
        else if (what < 97)
            settle();
        else
            crash(path);
    }
    compare_states(path);
    dd_ledger_close(run.ledger);
    dd_state_close(run.state);
    journal_sim_free(&run.journal);
}

static void ledgers_come_back_from_any_crash_as_they_were(void **unused)
{
    (void)unused;
    const char *one = getenv("DD_SEED");
    uint64_t first = one ? strtoull(one, NULL, 10) : 1;
    for (uint64_t i = 0; i < (one ? 1U : (uint64_t)SEEDS); i++) {
        seed_now = first + i;
        one_run();
    }
}

static int make_cast(void **unused)
{
    (void)unused;
    sim_cast_make(&sim, AGENCIES);
    fault_folder_make(&folder);
    return 0;
}

static int free_cast(void **unused)
{
    (void)unused;
    fault_folder_remove(&folder);
    sim_cast_free(&sim);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ledgers_come_back_from_any_crash_as_they_were),
    };
    return cmocka_run_group_tests(tests, make_cast, free_cast);
}
