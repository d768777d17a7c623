/* The player's list: accounts, the acts of the cycle, their order. See clients/cli/player.h. */
#include "clients/cli/player.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/calendar.h"
#include "core/invariant.h"

enum {
    FIRST_ROOM = 256,
    INDICATOR_BYTES = 64, /* of a command, beside the indicator's texts, */
    PARTNER_BYTES = 4,    /* and beside a partner's */
    TEXTS_BYTES_MAX = 256 * 1024 * 1024
};

struct dd_step *dd_player_add(struct dd_player *player)
{
    if (player->step_count == player->step_room) {
        size_t room = player->step_room ? 2 * player->step_room : FIRST_ROOM;
        struct dd_step *steps = realloc(player->steps, room * sizeof *steps);
        if (!steps)
            return NULL;
        player->steps = steps;
        player->step_room = room;
    }
    struct dd_step *step = &player->steps[player->step_count];
    *step = (struct dd_step){.order = player->step_count++};
    return step;
}

/* ---- accounts */

/* Codes that the system's own accounts and key files have. */
static bool reserved(const char *code)
{
    static const char *const codes[] = {"admin", "notifier", "server", "registrar", "log"};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        if (strcmp(code, codes[i]) == 0)
            return true;
    }
    return false;
}

static bool used(const struct dd_scenario *s, const char *code)
{
    for (size_t i = 0; i < s->unit_count; i++) {
        if (strcmp(s->units[i].code, code) == 0)
            return true;
    }
    for (size_t i = 0; i < s->approver_count; i++) {
        if (strcmp(s->approvers[i].code, code) == 0)
            return true;
    }
    for (size_t i = 0; i < s->further_count; i++) {
        if (strcmp(s->further[i].code, code) == 0)
            return true;
    }
    return false;
}

/* The account of a unit or approver is called as it is, unless the system has an account of that
 * name. */
static const char *account_code(struct dd_player *player, const char *code)
{
    const struct dd_scenario *s = player->scenario;
    if (!reserved(code))
        return code;
    char *text = dd_arena_take(&player->texts, DD_CODE_BYTES_MAX + 1);
    if (!text)
        return NULL;
    for (unsigned number = 1; number == 1 || used(s, text); number++)
        snprintf(text, DD_CODE_BYTES_MAX + 1, "%s-%u", code, number);
    return text;
}

/* The offices of accounts.csv, each account's own together. */
static enum dd_status fill_offices(struct dd_player *player)
{
    const struct dd_scenario *s = player->scenario;
    for (size_t i = 0; i < s->office_count; i++)
        player->accounts[s->offices[i].actor].more_count++;
    for (size_t i = 0; i < player->account_count; i++) {
        struct dd_player_account *account = &player->accounts[i];
        account->more =
            dd_arena_take(&player->texts, (account->more_count + 1) * sizeof *account->more);
        account->more_count = 0;
        if (!account->more)
            return DD_NO_MEMORY;
    }
    for (size_t i = 0; i < s->office_count; i++) {
        const struct dd_scenario_office *row = &s->offices[i];
        struct dd_player_account *account = &player->accounts[row->actor];
        const char *unit = row->unit == DD_SCENARIO_NOWHERE ? ""
                           : row->unit == DD_SCENARIO_ROOT  ? s->root.code
                                                            : s->units[row->unit].code;
        account->more[account->more_count++] = (struct dd_office){
            .role = row->role, .unit = dd_slice_of(unit), .from_day = row->from, .to_day = row->to};
    }
    return DD_OK;
}

static enum dd_status fill_accounts(struct dd_player *player)
{
    const struct dd_scenario *s = player->scenario;
    player->account_count = 1 + s->unit_count + s->approver_count + s->further_count;
    player->accounts = calloc(player->account_count, sizeof *player->accounts);
    if (!player->accounts)
        return DD_NO_MEMORY;
    struct dd_player_account *account = player->accounts;
    *account++ = (struct dd_player_account){.code = "admin", .file = "scenario.yaml"};
    for (size_t i = 0; i < s->unit_count; i++)
        *account++ = (struct dd_player_account){.code = account_code(player, s->units[i].code),
                                                .unit = s->units[i].code,
                                                .heads = true,
                                                .file = "units.csv",
                                                .line = s->units[i].line};
    for (size_t i = 0; i < s->approver_count; i++)
        *account++ = (struct dd_player_account){.code = account_code(player, s->approvers[i].code),
                                                .unit = s->root.code,
                                                .approves = true,
                                                .file = "scenario.yaml",
                                                .line = s->approvers[i].line};
    for (size_t i = 0; i < s->further_count; i++)
        *account++ = (struct dd_player_account){.code = account_code(player, s->further[i].code),
                                                .file = "accounts.csv",
                                                .line = s->further[i].line};
    for (size_t i = 0; i < s->appraiser_count; i++)
        player->accounts[1 + s->appraisers[i]].appraises = true;
    for (size_t i = 0; i < player->account_count; i++) {
        if (!player->accounts[i].code)
            return DD_NO_MEMORY;
    }
    return fill_offices(player);
}

static enum dd_status fill_parties(struct dd_player *player)
{
    const struct dd_scenario *s = player->scenario;
    player->parties = malloc((s->unit_count + 1) * sizeof *player->parties);
    if (!player->parties)
        return DD_NO_MEMORY;
    for (size_t i = 0; i < s->unit_count; i++) {
        if (s->groups[s->units[i].group].takes_part)
            player->parties[player->party_count++] = i;
    }
    return DD_OK;
}

static size_t account_of_unit(size_t unit)
{
    return 1 + unit;
}

/* The first of the appraisers that is not the unit itself. */
static size_t appraiser_of(const struct dd_scenario *s, size_t unit)
{
    for (size_t i = 0; i < s->appraiser_count; i++) {
        if (s->appraisers[i] != unit)
            return account_of_unit(s->appraisers[i]);
    }
    return account_of_unit(unit); /* nobody else: the server will refuse, naming the rule */
}

/* ---- makers */

static struct dd_slice cycle_of(const struct dd_player *player)
{
    return dd_slice_of(player->cycle);
}

static struct dd_slice unit_of(const struct dd_player *player, const struct dd_step *step)
{
    return dd_slice_of(player->scenario->units[step->unit].code);
}

static enum dd_status make_register(const struct dd_player *player, const struct dd_step *step,
                                    const struct dd_seen_version *seen, struct dd_arena *arena,
                                    struct dd_command *out)
{
    const struct dd_scenario *s = player->scenario;
    const size_t *rows = &player->by_task[step->first];
    const struct dd_scenario_indicator *head = &s->indicators[rows[0]];
    struct dd_indicator_put *puts = dd_arena_take(arena, step->count * sizeof *puts);
    (void)seen;
    if (!puts)
        return DD_NO_MEMORY;
    for (size_t i = 0; i < step->count; i++) {
        const struct dd_scenario_indicator *row = &s->indicators[rows[i]];
        struct dd_slice *partners =
            dd_arena_take(arena, (row->partner_count + 1) * sizeof *partners);
        if (!partners)
            return DD_NO_MEMORY;
        for (size_t k = 0; k < row->partner_count; k++)
            partners[k] = dd_slice_of(row->partners[k]);
        puts[i] = (struct dd_indicator_put){.number = row->indicator,
                                            .title = dd_slice_of(row->title),
                                            .unit_of_measure = dd_slice_of(row->uom),
                                            .has_target = row->has_target,
                                            .target = row->target,
                                            .due_day = row->due,
                                            .code = dd_slice_of(row->code),
                                            .start_day = row->start,
                                            .partners = partners,
                                            .partner_count = row->partner_count};
    }
    out->kind = DD_COMMAND_REGISTER;
    out->as.register_ = (struct dd_register){.cycle = cycle_of(player),
                                             .unit = unit_of(player, step),
                                             .task = head->task,
                                             .kind = dd_slice_of(s->kinds.kind[head->kind].code),
                                             .indicators = puts,
                                             .indicator_count = step->count};
    return DD_OK;
}

static enum dd_status make_submit(const struct dd_player *player, const struct dd_step *step,
                                  const struct dd_seen_version *seen, struct dd_arena *arena,
                                  struct dd_command *out)
{
    (void)seen;
    (void)arena;
    out->kind = DD_COMMAND_SUBMIT;
    out->as.submit = (struct dd_submit){.cycle = cycle_of(player),
                                        .unit = unit_of(player, step),
                                        .what = DD_SUBMISSION_REGISTRATION,
                                        .capacity = DD_CAPACITY_HEAD};
    return DD_OK;
}

static enum dd_status make_decide(const struct dd_player *player, const struct dd_step *step,
                                  const struct dd_seen_version *seen, struct dd_arena *arena,
                                  struct dd_command *out)
{
    (void)arena;
    DD_ASSERT(seen);
    out->kind = DD_COMMAND_DECIDE;
    out->as.decide = (struct dd_decide){.cycle = cycle_of(player),
                                        .unit = unit_of(player, step),
                                        .version = seen->version,
                                        .verdict = DD_VERDICT_AGREE};
    memcpy(out->as.decide.content_hash, seen->content_hash, sizeof seen->content_hash);
    return DD_OK;
}

static enum dd_status make_progress(const struct dd_player *player, const struct dd_step *step,
                                    const struct dd_seen_version *seen, struct dd_arena *arena,
                                    struct dd_command *out)
{
    const struct dd_scenario_indicator *row = &player->scenario->indicators[step->first];
    (void)seen;
    (void)arena;
    out->kind = DD_COMMAND_PROGRESS;
    out->as.progress = (struct dd_progress){.cycle = cycle_of(player),
                                            .unit = unit_of(player, step),
                                            .task = row->task,
                                            .indicator = row->indicator,
                                            .outcome = row->outcome,
                                            .day = row->completed_on,
                                            .note = dd_slice_of(row->note)};
    return DD_OK;
}

/* ---- the acts of the cycle */

struct task_key {
    size_t unit;
    uint16_t task;
    size_t indicator;
};

static int compare_tasks(const void *a, const void *b)
{
    const struct task_key *x = a;
    const struct task_key *y = b;
    if (x->unit != y->unit)
        return x->unit < y->unit ? -1 : 1;
    if (x->task != y->task)
        return x->task < y->task ? -1 : 1;
    return (x->indicator > y->indicator) - (x->indicator < y->indicator);
}

static enum dd_status sort_by_task(struct dd_player *player)
{
    const struct dd_scenario *s = player->scenario;
    size_t count = s->indicator_count;
    struct task_key *keys = malloc((count + 1) * sizeof *keys);
    player->by_task = malloc((count + 1) * sizeof *player->by_task);
    if (!keys || !player->by_task) {
        free(keys);
        return DD_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++)
        keys[i] = (struct task_key){s->indicators[i].unit, s->indicators[i].task, i};
    qsort(keys, count, sizeof *keys, compare_tasks);
    for (size_t i = 0; i < count; i++)
        player->by_task[i] = keys[i].indicator;
    free(keys);
    return DD_OK;
}

static const struct dd_scenario_indicator *by_task(const struct dd_player *player, size_t i)
{
    return &player->scenario->indicators[player->by_task[i]];
}

/* How many rows from `first` on go into one command: of one task, and no more than fit. */
static size_t rows_of_command(const struct dd_player *player, size_t first)
{
    const struct dd_scenario_indicator *head = by_task(player, first);
    size_t bytes = 0;
    size_t count = 0;
    while (count < DD_INDICATORS_PER_COMMAND_MAX &&
           first + count < player->scenario->indicator_count) {
        const struct dd_scenario_indicator *row = by_task(player, first + count);
        bytes += INDICATOR_BYTES + strlen(row->title) + strlen(row->uom) + strlen(row->code);
        for (size_t i = 0; i < row->partner_count; i++)
            bytes += PARTNER_BYTES + strlen(row->partners[i]);
        bool fits = count == 0 || bytes <= DD_PLAYER_COMMAND_BYTES;
        if (row->unit != head->unit || row->task != head->task || !fits)
            break;
        count++;
    }
    return count;
}

static struct dd_step *add_act(struct dd_player *player, enum dd_step_rank rank, int64_t at_ms,
                               size_t unit, dd_step_maker *make)
{
    struct dd_step *step = dd_player_add(player);
    if (!step)
        return NULL;
    step->rank = rank;
    step->at_ms = at_ms;
    step->unit = unit;
    step->account = account_of_unit(unit);
    step->make = make;
    step->file = "units.csv";
    step->line = player->scenario->units[unit].line;
    return step;
}

/* The unit's tasks from by_task[*at] on, then the dossier is handed in. */
static enum dd_status add_registration(struct dd_player *player, size_t unit, size_t *at)
{
    const struct dd_scenario *s = player->scenario;
    int64_t at_ms = dd_instant_at(s->register_day, DD_SCENARIO_ACT_HOUR * 60, s->offset_min);
    while (*at < s->indicator_count && by_task(player, *at)->unit == unit) {
        struct dd_step *step = add_act(player, DD_RANK_REGISTER, at_ms, unit, make_register);
        if (!step)
            return DD_NO_MEMORY;
        step->first = *at;
        step->count = rows_of_command(player, *at);
        step->file = "indicators.csv";
        step->line = by_task(player, *at)->line;
        *at += step->count;
    }
    return add_act(player, DD_RANK_REGISTER, at_ms, unit, make_submit) ? DD_OK : DD_NO_MEMORY;
}

static enum dd_status add_decision(struct dd_player *player, enum dd_step_rank rank, int32_t day,
                                   size_t unit, size_t account)
{
    int64_t at_ms = dd_instant_at(day, DD_SCENARIO_ACT_HOUR * 60, player->scenario->offset_min);
    struct dd_step *step = add_act(player, rank, at_ms, unit, make_decide);
    if (!step)
        return DD_NO_MEMORY;
    step->account = account;
    step->decides = true;
    return DD_OK;
}

static enum dd_status add_registrations(struct dd_player *player)
{
    const struct dd_scenario *s = player->scenario;
    enum dd_status status = DD_OK;
    size_t at = 0;
    for (size_t unit = 0; unit < s->unit_count && status == DD_OK; unit++) {
        if (at == s->indicator_count || by_task(player, at)->unit != unit)
            continue;
        status = add_registration(player, unit, &at);
        if (status == DD_OK)
            status = add_decision(player, DD_RANK_APPRAISE, s->appraise_day, unit,
                                  appraiser_of(s, unit));
        if (status == DD_OK)
            status = add_decision(player, DD_RANK_APPROVE, s->approve_day, unit,
                                  1 + s->unit_count + s->units[unit].approver);
    }
    return status;
}

static enum dd_status add_outcomes(struct dd_player *player)
{
    const struct dd_scenario *s = player->scenario;
    for (size_t i = 0; i < s->indicator_count; i++) {
        const struct dd_scenario_indicator *row = &s->indicators[i];
        if (row->outcome == 0)
            continue;
        int64_t at_ms = dd_instant_at(row->completed_on, DD_SCENARIO_DONE_HOUR * 60, s->offset_min);
        struct dd_step *step = add_act(player, DD_RANK_OUTCOME, at_ms, row->unit, make_progress);
        if (!step)
            return DD_NO_MEMORY;
        step->first = i;
        step->file = "indicators.csv";
        step->line = row->line;
    }
    return DD_OK;
}

/* ---- the whole */

static int compare_steps(const void *a, const void *b)
{
    const struct dd_step *x = a;
    const struct dd_step *y = b;
    if (x->at_ms != y->at_ms)
        return x->at_ms < y->at_ms ? -1 : 1;
    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

static enum dd_status fill(struct dd_player *player)
{
    enum dd_status status = fill_accounts(player);
    if (status == DD_OK)
        status = fill_parties(player);
    if (status == DD_OK)
        status = sort_by_task(player);
    if (status == DD_OK)
        status = dd_player_set_up(player);
    if (status == DD_OK)
        status = add_registrations(player);
    if (status == DD_OK)
        status = add_outcomes(player);
    if (status == DD_OK)
        status = dd_player_reports(player);
    if (status == DD_OK)
        status = dd_player_acts(player);
    if (status == DD_OK)
        qsort(player->steps, player->step_count, sizeof *player->steps, compare_steps);
    return status;
}

enum dd_status dd_player_make(const struct dd_scenario *scenario,
                              const struct dd_programme *programme, struct dd_player **out)
{
    char code[DD_CODE_BYTES_MAX + 1];
    int32_t last_day = 0;
    struct dd_player *player = calloc(1, sizeof *player);
    *out = NULL;
    if (!player)
        return DD_NO_MEMORY;
    player->scenario = scenario;
    player->programme = programme;
    player->texts = dd_arena_make(TEXTS_BYTES_MAX);
    dd_slice_text(programme->code, code, sizeof code);
    snprintf(player->period, sizeof player->period, "%d", scenario->year);
    snprintf(player->cycle, sizeof player->cycle, "%s/%s", code, player->period);
    bool known = dd_day_from_civil(scenario->year, 12, 31, &last_day);
    DD_ASSERT(known);
    player->last_ms = scenario->until_ms ? scenario->until_ms
                                         : dd_instant_at(last_day + 1, 0, scenario->offset_min) - 1;
    enum dd_status status = fill(player);
    if (status != DD_OK) {
        dd_player_free(player);
        return status;
    }
    *out = player;
    return DD_OK;
}

void dd_player_free(struct dd_player *player)
{
    if (!player)
        return;
    free(player->accounts);
    free(player->parties);
    free(player->by_task);
    free(player->steps);
    dd_arena_free(&player->texts);
    free(player);
}

enum dd_status dd_player_command(const struct dd_player *player, const struct dd_step *step,
                                 const struct dd_seen_version *seen, struct dd_arena *arena,
                                 struct dd_command *out)
{
    memset(out, 0, sizeof *out);
    return step->make(player, step, seen, arena, out);
}
