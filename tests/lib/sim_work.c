/* The workload. See tests/lib/sim_work.h. */
#include "tests/lib/sim_work.h"

#include <string.h>

#include "core/invariant.h"

enum { AGAIN_PERCENT = 8, REUSE_PERCENT = 4, BURST_MAX = 9 };

static const char cycle[] = "key-tasks/2013";
static const char *const codes[] = {"snv", "vp", "a1", "a2", "a3", "a4", "a5", "a6"};

static uint64_t draw(struct work *k, uint64_t below)
{
    return sim_world_draw(k->world, below);
}

static bool chance(struct work *k, unsigned percent)
{
    return sim_world_chance(k->world, percent);
}

/* --- sending and being answered ------------------------------------------------------------ */

static void reuse_id(struct work *k, const struct work_act *first);

static void check_same(const struct work_act *act, const struct dd_command_outcome *outcome)
{
    bool logged = outcome->status == DD_OK || dd_status_class(outcome->status) == DD_CLASS_REFUSED;
    if (act->status != outcome->status || act->seq != outcome->seq ||
        (logged && !outcome->remembered))
        sim_world_fail(act->work->world, "%s was answered %s (%llu), and then %s (%llu)", act->what,
                       dd_status_key(act->status), (unsigned long long)act->seq,
                       dd_status_key(outcome->status), (unsigned long long)outcome->seq);
}

/* What is answered must be on the disk by then. */
static void check_durable(const struct work_act *act, const struct dd_command_outcome *outcome)
{
    struct world *w = act->work->world;
    bool logged = outcome->status == DD_OK || dd_status_class(outcome->status) == DD_CLASS_REFUSED;
    if (logged && outcome->seq >= w->journal.count)
        sim_world_fail(w, "%s was answered as entry %llu, and the disk has %zu", act->what,
                       (unsigned long long)outcome->seq, w->journal.count);
}

static void act_again(struct work_act *act, int64_t delay_ms)
{
    act->waiting = true;
    act->work->waiting++;
    sim_world_later(act->work->world, delay_ms, (uint64_t)(act - act->work->act));
}

static void on_outcome(void *arg, const struct dd_command_outcome *outcome)
{
    struct work_act *act = arg;
    struct work *k = act->work;
    if (k->over)
        return;
    act->waiting = false;
    k->waiting--;
    if (dd_status_class(outcome->status) == DD_CLASS_RETRY) {
        act_again(act, 100 + (int64_t)draw(k, 2000));
        return;
    }
    sim_world_note(k->world, "%s of account %u: %s %s (%llu)%s", act->what, act->client->account,
                   dd_status_key(outcome->status), dd_rule_key(outcome->refusal.rule),
                   (unsigned long long)outcome->seq, outcome->remembered ? " again" : "");
    check_durable(act, outcome);
    if (outcome->seq > k->known_seq)
        k->known_seq = outcome->seq;
    if (act->done && outcome->status != DD_KEY_EXPIRED)
        check_same(act, outcome);
    if (!act->done) {
        act->status = outcome->status;
        act->refusal = outcome->refusal;
        act->seq = outcome->seq;
        act->done = true;
    }
    act->answers++;
    if (k->world->faulty && act->answers < 3 && chance(k, AGAIN_PERCENT))
        act_again(act, (int64_t)draw(k, 5000));
    else if (k->world->faulty && !act->reused && chance(k, REUSE_PERCENT)) {
        act->reused = true;
        reuse_id(k, act);
    }
}

static void send_act(struct work_act *act)
{
    enum dd_status status =
        dd_session_submit(act->client->session, act->work->world->now_ms, act->id,
                          act->carried.command, act->carried.signature, on_outcome, act);
    if (status != DD_OK)
        sim_world_fail(act->work->world, "%s is not queued: %s", act->what, dd_status_key(status));
    sim_world_wake(act->client);
}

static struct work_act *new_act(struct work *k, uint32_t account, const char *what)
{
    DD_ASSERT(k->acts < WORK_ACTS_MAX && k->client[account]);
    struct work_act *act = &k->act[k->acts++];
    *act =
        (struct work_act){.work = k, .client = k->client[account], .what = what, .waiting = true};
    k->waiting++;
    return act;
}

static struct work_act *act_now(struct work *k, uint32_t account, struct dd_command *command)
{
    struct work_act *act = new_act(k, account, dd_command_word(command->kind));
    act->carried = sim_cast_sign(k->world->cast, account, command);
    act->id = command->id;
    send_act(act);
    return act;
}

/* The same id with other bytes: a conflict, if the first act was logged. It comes from another
 * machine with the same keys, since a session tells answers apart by the command's id. */
static void reuse_id(struct work *k, const struct work_act *first)
{
    uint32_t account = first->client->account;
    struct dd_command command = sim_progress("a1", 9, 9, DD_OUTCOME_OPEN, "2013-02-02");
    command.id = first->id;
    struct work_act *act = new_act(k, account, "id used twice");
    if (!k->other[account])
        k->other[account] = sim_world_add_client(k->world, account);
    act->client = k->other[account];
    act->reused = true;
    act->carried = sim_cast_sign(k->world->cast, account, &command);
    act->id = first->id;
    act->waiting = false;
    k->waiting--;
    act_again(act, (int64_t)draw(k, 500));
}

static void on_time(void *self, uint64_t what)
{
    struct work *k = self;
    k->act[what].waiting = false;
    k->waiting--;
    if (k->over)
        return;
    k->act[what].waiting = true;
    k->waiting++;
    send_act(&k->act[what]);
}

/* --- what is sent -------------------------------------------------------------------------- */

static uint32_t any_unit(struct work *k)
{
    return CAST_SNV + (uint32_t)draw(k, 2 + k->agencies);
}

static const char *code_of(uint32_t unit)
{
    return codes[unit - CAST_SNV];
}

static uint32_t somebody_of(struct work *k, uint32_t unit)
{
    if (chance(k, 4))
        unit = any_unit(k);
    return chance(k, 70) ? cast_head(unit) : cast_officer(unit);
}

static int32_t today(const struct work *k)
{
    return (int32_t)((sim_world_utc(k->world) + 7 * 3600000) / 86400000);
}

static void draw_register(struct work *k)
{
    uint32_t unit = any_unit(k);
    uint16_t task = (uint16_t)(1 + draw(k, 4));
    uint16_t number = (uint16_t)(1 + draw(k, 2));
    struct dd_command command =
        sim_register(k->world->cast, code_of(unit), task, number, "2013-01-01");
    struct dd_register *c = &command.as.register_;
    bool own = (task <= 2) != chance(k, 2);
    c->kind = dd_slice_of(own ? "own" : "common");
    c->indicators[0].due_day += (int32_t)draw(k, chance(k, 2) ? 400 : 365);
    if (chance(k, 12)) {
        uint16_t *removed = dd_arena_take(&k->world->memory, sizeof *removed);
        DD_ASSERT(removed);
        *removed = number;
        c->removed = removed;
        c->removed_count = 1;
        c->indicator_count = 0;
    }
    act_now(k, somebody_of(k, unit), &command);
}

static void draw_submit(struct work *k)
{
    uint32_t unit = any_unit(k);
    struct dd_command command = sim_submit(code_of(unit));
    if (chance(k, 90))
        command.as.submit.reason = dd_slice_of("điều chỉnh");
    if (chance(k, 25))
        command = sim_report(code_of(unit), chance(k, 60) ? "H1" : "year");
    act_now(k, chance(k, 90) ? cast_head(unit) : somebody_of(k, unit), &command);
}

/* What a client would have asked for: the version that waits, and in which stage. */
static bool peek(struct work *k, uint32_t unit, struct dd_dossier_row *dossier,
                 struct dd_version_row *version)
{
    if (!k->world->registrar.up)
        return false;
    const struct dd_view *view = dd_ledger_view(k->world->registrar.ledger);
    return dd_get_dossier(view, 1, unit, dossier) && dossier->newest > 0 &&
           dd_get_version(view, 1, unit, dossier->pending ? dossier->pending : dossier->newest,
                          version);
}

static uint32_t decider(struct work *k, uint32_t unit, const struct dd_dossier_row *dossier,
                        const struct dd_version_row *version)
{
    if (chance(k, 5))
        return 1 + (uint32_t)draw(k, CAST_OFFICE_APPRAISER);
    if (dossier->stage == CAST_APPRAISE)
        return unit == CAST_SNV ? CAST_OFFICE_APPRAISER : CAST_APPRAISER;
    return version->adjustment ? CAST_CHAIR : dossier->approver;
}

static void draw_decide(struct work *k)
{
    uint32_t unit = any_unit(k);
    struct dd_dossier_row dossier;
    struct dd_version_row version;
    for (int tries = 0; tries < 8; tries++) {
        unit = any_unit(k);
        if (!peek(k, unit, &dossier, &version))
            return;
        if (dossier.pending)
            break;
    }
    uint16_t number = dossier.pending ? dossier.pending : dossier.newest;
    bool back = chance(k, 15);
    struct dd_command command = sim_decide(code_of(unit), number, version.content_hash,
                                           back ? DD_VERDICT_RETURN : DD_VERDICT_AGREE);
    if (chance(k, 4))
        command.as.decide.content_hash[3] ^= 1;
    if (back && chance(k, 90))
        command.as.decide.reason = dd_slice_of("chưa rõ chỉ tiêu");
    uint32_t account = decider(k, unit, &dossier, &version);
    act_now(k, account == CAST_NOTIFIER ? CAST_CHAIR : account, &command);
}

static void draw_progress(struct work *k)
{
    uint32_t unit = any_unit(k);
    struct dd_command command =
        sim_progress(code_of(unit), (uint16_t)(1 + draw(k, 4)), (uint16_t)(1 + draw(k, 2)),
                     (enum dd_outcome)(1 + draw(k, 5)), "2013-01-01");
    command.as.progress.day = today(k) - (int32_t)draw(k, chance(k, 50) ? 2 : 20);
    if (chance(k, 3))
        command.as.progress.day += 30;
    act_now(k, somebody_of(k, unit), &command);
}

static void draw_withdraw(struct work *k)
{
    uint32_t unit = any_unit(k);
    struct dd_dossier_row dossier;
    struct dd_version_row version;
    struct dd_command command = {.kind = DD_COMMAND_WITHDRAW};
    if (!peek(k, unit, &dossier, &version))
        return;
    command.as.withdraw = (struct dd_withdraw){.cycle = dd_slice_of(cycle),
                                               .unit = dd_slice_of(code_of(unit)),
                                               .version = dossier.newest,
                                               .reason = dd_slice_of("sai sót")};
    act_now(k, cast_head(unit), &command);
}

/* Bytes that are no command, a signature that is not the author's, a command that is not a
 * client's. */
static void draw_nonsense(struct work *k)
{
    uint32_t unit = any_unit(k);
    uint32_t account = cast_head(unit);
    struct dd_command command = sim_submit(code_of(unit));
    struct work_act *act = new_act(k, account, "nonsense");
    switch (draw(k, 3)) {
    case 0:
        act->carried = sim_cast_sign(k->world->cast, cast_officer(unit), &command);
        break;
    case 1:
        act->carried.command = sim_cast_encode(k->world->cast, &command);
        act->carried.command.size -= 3;
        break;
    default:
        command = (struct dd_command){.kind = DD_COMMAND_TICK};
        act->carried.command = sim_cast_encode(k->world->cast, &command);
        break;
    }
    act->id = command.id;
    send_act(act);
}

static void draw_account(struct work *k)
{
    static struct dd_office office = {DD_ROLE_AUDITOR, {NULL, 0}, INT32_MIN, INT32_MAX};
    const struct dd_key_pair *key = &k->world->cast->key[SIM_ACCOUNTS_MAX - 1];
    struct dd_command command = {.kind = DD_COMMAND_PUT_ACCOUNT};
    if (!k->added) {
        command.as.put_account = (struct dd_put_account){.code = dd_slice_of("auditor"),
                                                         .to_ms = INT64_MAX,
                                                         .offices = &office,
                                                         .office_count = 1};
        memcpy(command.as.put_account.link_key, key->curve_public, 32);
        memcpy(command.as.put_account.sign_key, key->sign_public, 32);
        k->added = true;
        act_now(k, CAST_ADMIN, &command);
    } else if (!k->revoked) {
        command.kind = DD_COMMAND_REVOKE;
        command.as.revoke = (struct dd_revoke){.account = dd_slice_of("officer-3"),
                                               .reason = dd_slice_of("nghỉ hưu")};
        k->revoked = true;
        act_now(k, CAST_ADMIN, &command);
    }
}

/* --- questions ----------------------------------------------------------------------------- */

static int oracle_unit(struct dd_slice code)
{
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if (dd_slice_equal(code, dd_slice_of(codes[i])))
            return (int)i;
    }
    return -1;
}

static void keep_table(struct work *k, const struct dd_answer *answer)
{
    const struct dd_table_answer *from = &answer->as.table;
    if (k->tables == WORK_TABLES_MAX)
        return;
    struct work_table *table = &k->table[k->tables++];
    const struct dd_table_total *whole = &from->totals[from->total_count - 1];
    table->seq = answer->seq;
    table->period = dd_slice_equal(from->period, dd_slice_of("H1")) ? ORACLE_H1 : ORACLE_YEAR;
    table->rows = from->row_count;
    for (size_t i = 0; i < from->row_count; i++) {
        int unit = oracle_unit(from->rows[i].unit);
        if (unit < 0)
            sim_world_fail(k->world, "a row of the table is nobody's");
        table->row[unit] = from->rows[i].counts;
    }
    table->whole = whole->counts;
    table->none_registered = whole->none_registered;
    table->all_completed = whole->all_completed;
    table->incomplete = whole->incomplete;
}

static void on_answer(void *arg, const struct dd_question_outcome *outcome)
{
    const struct work_ask *asked = arg;
    struct work *k = asked->work;
    if (k->over)
        return;
    k->asking--;
    if (outcome->status != DD_OK) {
        if (dd_status_class(outcome->status) != DD_CLASS_RETRY)
            sim_world_fail(k->world, "a question is answered %s", dd_status_key(outcome->status));
        return;
    }
    if (outcome->answer->seq >= k->world->journal.count)
        sim_world_fail(k->world, "an answer shows entry %llu, and the disk has %zu",
                       (unsigned long long)outcome->answer->seq, k->world->journal.count);
    if (outcome->answer->seq < asked->known_seq && !asked->full_then &&
        asked->flushes_full == k->world->registrar.flushes_full)
        sim_world_fail(k->world, "an answer shows entry %llu, and %llu was known when it was asked",
                       (unsigned long long)outcome->answer->seq,
                       (unsigned long long)asked->known_seq);
    if (outcome->answer->kind == DD_QUESTION_TABLE) {
        keep_table(k, outcome->answer);
    } else if (k->digests < WORK_DIGESTS_MAX) {
        struct work_digest *digest = &k->digest[k->digests++];
        digest->seq = outcome->answer->seq;
        memcpy(digest->root, outcome->answer->as.digest.root, 32);
        memcpy(digest->digest, outcome->answer->as.digest.digest, 32);
    }
}

static void draw_question(struct work *k)
{
    struct dd_question question = {.kind = DD_QUESTION_TABLE,
                                   .cycle = dd_slice_of(cycle),
                                   .period = dd_slice_of(chance(k, 50) ? "H1" : "year")};
    uint32_t account = chance(k, 50) ? CAST_CHAIR : cast_head(any_unit(k));
    if (chance(k, 10)) {
        question = (struct dd_question){.kind = DD_QUESTION_DIGEST};
        account = CAST_ADMIN;
    }
    struct world_client *client = k->client[account];
    DD_ASSERT(k->asks < WORK_ASKS_MAX);
    struct work_ask *ask = &k->ask[k->asks++];
    const struct world_registrar *r = &k->world->registrar;
    *ask = (struct work_ask){k, k->known_seq, r->flushes_full, r->flush_full};
    enum dd_status status =
        dd_session_ask(client->session, k->world->now_ms, &question, on_answer, ask);
    if (status != DD_OK)
        sim_world_fail(k->world, "a question is not queued: %s", dd_status_key(status));
    k->asking++;
    sim_world_wake(client);
}

/* --- bursts -------------------------------------------------------------------------------- */

static void draw_something(struct work *k)
{
    uint64_t what = draw(k, 100);
    if (what < 28)
        draw_register(k);
    else if (what < 44)
        draw_submit(k);
    else if (what < 62)
        draw_decide(k);
    else if (what < 84)
        draw_progress(k);
    else if (what < 87)
        draw_withdraw(k);
    else if (what < 91)
        draw_nonsense(k);
    else if (what < 92)
        draw_account(k);
    else
        draw_question(k);
}

void work_burst(struct work *k)
{
    uint64_t count = draw(k, BURST_MAX);
    for (uint64_t i = 0; i < count && k->acts + 8 < WORK_ACTS_MAX / 2; i++)
        draw_something(k);
}

void work_close_cycle(struct work *k)
{
    struct dd_command command = {.kind = DD_COMMAND_CLOSE_CYCLE};
    command.as.close_cycle = (struct dd_close_cycle){.cycle = dd_slice_of(cycle)};
    act_now(k, CAST_ADMIN, &command);
}

bool work_is_done(const struct work *k)
{
    return k->waiting == 0 && k->asking == 0;
}

void work_make(struct work *k, struct world *world, unsigned agencies)
{
    memset(k, 0, sizeof *k);
    k->world = world;
    k->agencies = agencies;
    DD_ASSERT(2 + agencies <= sizeof codes / sizeof codes[0]);
    world->on_time = on_time;
    world->on_time_self = k;
    for (uint32_t account = 1; account <= world->cast->accounts; account++) {
        if (account != CAST_NOTIFIER)
            k->client[account] = sim_world_add_client(world, account);
    }
}
