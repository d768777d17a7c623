/*
 * The steps that set a jurisdiction up: calendar, units, accounts, programme, cycle. Bulk acts are
 * cut into pages here. See clients/cli/player.h.
 */
#include <string.h>

#include "clients/cli/player.h"
#include "core/calendar.h"
#include "core/invariant.h"

enum { ROW_BYTES = 40 }; /* of a command, beside the row's texts */

static struct dd_step *add(struct dd_player *player, dd_step_maker *make, const char *file,
                           uint32_t line)
{
    struct dd_step *step = dd_player_add(player);
    if (!step)
        return NULL;
    step->at_ms = player->scenario->clock_ms;
    step->rank = DD_RANK_SET_UP;
    step->account = DD_PLAYER_ADMIN;
    step->make = make;
    step->file = file;
    step->line = line;
    return step;
}

/* ---- calendar and programme */

static enum dd_status make_calendar(const struct dd_player *player, const struct dd_step *step,
                                    const struct dd_seen_version *seen, struct dd_arena *arena,
                                    struct dd_command *out)
{
    const struct dd_scenario *s = player->scenario;
    struct dd_calendar_day *days = dd_arena_take(arena, (s->day_count + 1) * sizeof *days);
    (void)step;
    (void)seen;
    if (!days)
        return DD_NO_MEMORY;
    for (size_t i = 0; i < s->day_count; i++)
        days[i] = (struct dd_calendar_day){s->days[i].day, s->days[i].works};
    out->kind = DD_COMMAND_PUT_CALENDAR;
    out->as.put_calendar = (struct dd_put_calendar){.year = (uint16_t)s->year,
                                                    .offset_min = (int16_t)s->offset_min,
                                                    .days = days,
                                                    .day_count = s->day_count};
    return DD_OK;
}

static enum dd_status make_programme(const struct dd_player *player, const struct dd_step *step,
                                     const struct dd_seen_version *seen, struct dd_arena *arena,
                                     struct dd_command *out)
{
    (void)step;
    (void)seen;
    (void)arena;
    out->kind = DD_COMMAND_PUT_PROGRAMME;
    out->as.put_programme = *player->programme;
    return DD_OK;
}

/* ---- units: row 0 is the root, row i the unit i - 1 */

static struct dd_unit_put unit_row(const struct dd_scenario *s, size_t row)
{
    if (row == 0)
        return (struct dd_unit_put){.code = dd_slice_of(s->root.code),
                                    .name = dd_slice_of(s->root.name),
                                    .from_day = INT32_MIN,
                                    .to_day = INT32_MAX};
    const struct dd_scenario_unit *unit = &s->units[row - 1];
    const char *parent =
        unit->parent == DD_SCENARIO_ROOT ? s->root.code : s->units[unit->parent].code;
    const char *successor =
        unit->successor == DD_SCENARIO_NOWHERE ? "" : s->units[unit->successor].code;
    return (struct dd_unit_put){.code = dd_slice_of(unit->code),
                                .name = dd_slice_of(unit->name),
                                .group = dd_slice_of(s->groups[unit->group].code),
                                .ordinal = unit->ordinal,
                                .parent = dd_slice_of(parent),
                                .head_title = dd_slice_of(unit->head_title),
                                .from_day = unit->from,
                                .to_day = unit->to,
                                .successor = dd_slice_of(successor)};
}

static size_t unit_bytes(const struct dd_scenario *s, size_t row)
{
    struct dd_unit_put unit = unit_row(s, row);
    return ROW_BYTES + unit.code.size + unit.name.size + unit.group.size + unit.parent.size +
           unit.head_title.size + unit.successor.size;
}

static size_t group_bytes(const struct dd_scenario *s)
{
    size_t bytes = 0;
    for (size_t i = 0; i < s->group_count; i++)
        bytes += ROW_BYTES + strlen(s->groups[i].code) + strlen(s->groups[i].name);
    return bytes;
}

/* The groups stand on the last page: there the whole is judged. */
static enum dd_status fill_groups(const struct dd_scenario *s, struct dd_arena *arena,
                                  struct dd_put_units *out)
{
    struct dd_group_put *groups = dd_arena_take(arena, (s->group_count + 1) * sizeof *groups);
    if (!groups)
        return DD_NO_MEMORY;
    for (size_t i = 0; i < s->group_count; i++)
        groups[i] = (struct dd_group_put){.code = dd_slice_of(s->groups[i].code),
                                          .name = dd_slice_of(s->groups[i].name)};
    out->groups = groups;
    out->group_count = s->group_count;
    return DD_OK;
}

static enum dd_status make_units(const struct dd_player *player, const struct dd_step *step,
                                 const struct dd_seen_version *seen, struct dd_arena *arena,
                                 struct dd_command *out)
{
    const struct dd_scenario *s = player->scenario;
    struct dd_unit_put *units = dd_arena_take(arena, (step->count + 1) * sizeof *units);
    (void)seen;
    if (!units)
        return DD_NO_MEMORY;
    for (size_t i = 0; i < step->count; i++)
        units[i] = unit_row(s, step->first + i);
    out->kind = DD_COMMAND_PUT_UNITS;
    out->as.put_units = (struct dd_put_units){
        .page = step->page, .last = step->last, .units = units, .unit_count = step->count};
    return step->last ? fill_groups(s, arena, &out->as.put_units) : DD_OK;
}

static uint32_t unit_line(const struct dd_scenario *s, size_t row)
{
    return row > 0 && row <= s->unit_count ? s->units[row - 1].line : 1;
}

static enum dd_status add_units(struct dd_player *player)
{
    const struct dd_scenario *s = player->scenario;
    size_t rows = s->unit_count + 1;
    size_t row = 0;
    uint16_t page = 0;
    bool last = false;
    while (!last) {
        struct dd_step *step = add(player, make_units, "units.csv", unit_line(s, row));
        size_t bytes = 0;
        if (!step)
            return DD_NO_MEMORY;
        step->page = ++page;
        step->first = row;
        for (; row < rows && step->count < DD_UNITS_PER_PAGE_MAX; row++, step->count++) {
            bytes += unit_bytes(s, row);
            if (step->count > 0 && bytes > DD_PLAYER_COMMAND_BYTES)
                break;
        }
        last =
            row == rows && (step->count == 0 || bytes + group_bytes(s) <= DD_PLAYER_COMMAND_BYTES);
        step->last = last;
    }
    return DD_OK;
}

/* ---- accounts */

static enum dd_status make_account(const struct dd_player *player, const struct dd_step *step,
                                   const struct dd_seen_version *seen, struct dd_arena *arena,
                                   struct dd_command *out)
{
    const struct dd_player_account *account = &player->accounts[step->first];
    const struct {
        bool held;
        enum dd_role role;
    } roles[] = {{account->heads, DD_ROLE_HEAD},
                 {account->appraises, DD_ROLE_APPRAISER},
                 {account->approves, DD_ROLE_APPROVER}};
    struct dd_office *offices = dd_arena_take(
        arena, (sizeof roles / sizeof *roles + account->more_count) * sizeof *offices);
    size_t count = 0;
    (void)seen;
    if (!offices)
        return DD_NO_MEMORY;
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) {
        if (roles[i].held)
            offices[count++] = (struct dd_office){.role = roles[i].role,
                                                  .unit = dd_slice_of(account->unit),
                                                  .from_day = INT32_MIN,
                                                  .to_day = INT32_MAX};
    }
    for (size_t i = 0; i < account->more_count; i++)
        offices[count++] = account->more[i];
    out->kind = DD_COMMAND_PUT_ACCOUNT;
    out->as.put_account = (struct dd_put_account){.code = dd_slice_of(account->code),
                                                  .from_ms = player->scenario->clock_ms,
                                                  .to_ms = INT64_MAX,
                                                  .offices = offices,
                                                  .office_count = count};
    memcpy(out->as.put_account.link_key, account->link_key, sizeof account->link_key);
    memcpy(out->as.put_account.sign_key, account->sign_key, sizeof account->sign_key);
    return DD_OK;
}

static enum dd_status add_accounts(struct dd_player *player)
{
    for (size_t i = 1; i < player->account_count; i++) {
        const struct dd_player_account *account = &player->accounts[i];
        struct dd_step *step = add(player, make_account, account->file, account->line);
        if (!step)
            return DD_NO_MEMORY;
        step->first = i;
    }
    return DD_OK;
}

/* ---- the cycle */

static bool uses_date(const struct dd_programme *programme, struct dd_slice name)
{
    for (size_t i = 0; i < programme->stage_count; i++) {
        if (dd_slice_equal(programme->stage[i].deadline.date, name))
            return true;
    }
    return false;
}

/* The stage of that name has a schedule of its own, for which a cycle's date of that name stands.
 */
static const struct dd_stage *scheduled(const struct dd_programme *programme, struct dd_slice name)
{
    uint8_t i = dd_programme_stage_of_key(programme, name);
    return i < programme->stage_count && programme->stage[i].deadline.every != 0
               ? &programme->stage[i]
               : NULL;
}

/* The days that a scenario gives, by name; only those of which the programme speaks. */
static enum dd_status fill_dates(const struct dd_player *player, struct dd_arena *arena,
                                 struct dd_open_cycle *out)
{
    const struct dd_scenario *s = player->scenario;
    const struct dd_named_date given[] = {{dd_slice_of("register"), s->register_day},
                                          {dd_slice_of("appraise"), s->appraise_day},
                                          {dd_slice_of("approve"), s->approve_day}};
    out->dates = dd_arena_take(arena, sizeof given);
    if (!out->dates)
        return DD_NO_MEMORY;
    for (size_t i = 0; i < sizeof given / sizeof *given; i++) {
        const struct dd_stage *stage = scheduled(player->programme, given[i].name);
        if (given[i].day == DD_SCENARIO_NO_DAY ||
            (!stage && !uses_date(player->programme, given[i].name)))
            continue;
        struct dd_named_date *date = &out->dates[out->date_count++];
        *date = given[i];
        if (stage && stage->deadline.word == DD_WORD_BEFORE)
            date->day++; /* a scenario gives the last accepted day */
    }
    return DD_OK;
}

static enum dd_status fill_reports(const struct dd_player *player, struct dd_arena *arena,
                                   struct dd_open_cycle *out)
{
    const struct dd_scenario *s = player->scenario;
    out->periods = dd_arena_take(arena, sizeof *out->periods);
    out->reports = dd_arena_take(arena, (s->report_count + 1) * sizeof *out->reports);
    if (!out->periods || !out->reports)
        return DD_NO_MEMORY;
    out->periods[out->period_count++] =
        (struct dd_period){dd_slice_of(s->period.code), s->period.from, s->period.to};
    for (size_t i = 0; i < s->report_count; i++)
        out->reports[out->report_count++] = (struct dd_report_due){
            dd_slice_of(s->reports[i].code), DD_WORD_BEFORE, s->reports[i].before};
    return DD_OK;
}

static struct dd_slice approver_code(const struct dd_player *player, size_t approver)
{
    return dd_slice_of(player->accounts[1 + player->scenario->unit_count + approver].code);
}

static enum dd_status fill_deciders(const struct dd_player *player, struct dd_arena *arena,
                                    struct dd_open_cycle *out)
{
    const struct dd_scenario *s = player->scenario;
    out->appraisers = dd_arena_take(arena, (s->appraiser_count + 1) * sizeof *out->appraisers);
    out->approvers = dd_arena_take(arena, (s->approver_count + 1) * sizeof *out->approvers);
    if (!out->appraisers || !out->approvers)
        return DD_NO_MEMORY;
    for (size_t i = 0; i < s->appraiser_count; i++)
        out->appraisers[out->appraiser_count++] = dd_slice_of(s->units[s->appraisers[i]].code);
    /* A lone appraiser does not register (the reader sees to that), but a cycle opens only if
     * somebody could appraise it: the host. */
    if (s->appraiser_count == 1)
        out->appraisers[out->appraiser_count++] = dd_slice_of(s->root.code);
    for (size_t i = 0; i < s->approver_count; i++)
        out->approvers[out->approver_count++] = approver_code(player, i);
    return DD_OK;
}

static enum dd_status fill_first_page(const struct dd_player *player, struct dd_arena *arena,
                                      struct dd_open_cycle *out)
{
    const struct dd_scenario *s = player->scenario;
    bool known = dd_day_from_civil(s->year, 1, 1, &out->from_day) &&
                 dd_day_from_civil(s->year, 12, 31, &out->to_day);
    DD_ASSERT(known);
    out->host = dd_slice_of(s->root.code);
    enum dd_status status = fill_dates(player, arena, out);
    if (status == DD_OK)
        status = fill_reports(player, arena, out);
    return status == DD_OK ? fill_deciders(player, arena, out) : status;
}

static enum dd_status make_cycle(const struct dd_player *player, const struct dd_step *step,
                                 const struct dd_seen_version *seen, struct dd_arena *arena,
                                 struct dd_command *out)
{
    const struct dd_scenario *s = player->scenario;
    struct dd_party *parties = dd_arena_take(arena, (step->count + 1) * sizeof *parties);
    (void)seen;
    if (!parties)
        return DD_NO_MEMORY;
    for (size_t i = 0; i < step->count; i++) {
        const struct dd_scenario_unit *unit = &s->units[player->parties[step->first + i]];
        parties[i] =
            (struct dd_party){dd_slice_of(unit->code), approver_code(player, unit->approver)};
    }
    out->kind = DD_COMMAND_OPEN_CYCLE;
    out->as.open_cycle = (struct dd_open_cycle){.programme = player->programme->code,
                                                .period = dd_slice_of(player->period),
                                                .page = step->page,
                                                .last = step->last,
                                                .parties = parties,
                                                .party_count = step->count};
    return step->page == 1 ? fill_first_page(player, arena, &out->as.open_cycle) : DD_OK;
}

/* What page 1 says beside its parties, at most. */
static size_t first_page_bytes(const struct dd_scenario *s)
{
    size_t rows = 8 + s->report_count + s->appraiser_count + s->approver_count;
    return rows * (ROW_BYTES + DD_CODE_BYTES_MAX);
}

static enum dd_status add_cycle(struct dd_player *player)
{
    const struct dd_scenario *s = player->scenario;
    size_t party = 0;
    uint16_t page = 0;
    do {
        struct dd_step *step = add(player, make_cycle, "scenario.yaml", 1);
        size_t bytes = page == 0 ? first_page_bytes(s) : 0;
        if (!step)
            return DD_NO_MEMORY;
        step->page = ++page;
        step->first = party;
        for (; party < player->party_count && step->count < DD_PARTIES_PER_PAGE_MAX;
             party++, step->count++) {
            bytes += ROW_BYTES + strlen(s->units[player->parties[party]].code) + DD_CODE_BYTES_MAX;
            if (step->count > 0 && bytes > DD_PLAYER_COMMAND_BYTES)
                break;
        }
        step->last = party == player->party_count;
    } while (party < player->party_count);
    return DD_OK;
}

/* The calendar comes first: whose day it is depends on it. */
enum dd_status dd_player_set_up(struct dd_player *player)
{
    if (!add(player, make_calendar, "scenario.yaml", 1))
        return DD_NO_MEMORY;
    enum dd_status status = add_units(player);
    if (status == DD_OK)
        status = add_accounts(player);
    if (status != DD_OK)
        return status;
    if (!add(player, make_programme, "scenario.yaml", 1))
        return DD_NO_MEMORY;
    return add_cycle(player);
}
