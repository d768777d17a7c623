/*
 * The player's list: which steps a scenario gives, in what order, and that each command is one that
 * the wire takes. The scenario is made here, field by field; no file is read and nothing is sent.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "clients/cli/player.h"
#include "core/calendar.h"
#include "proto/codec.h"

enum { UNITS_MAX = 900, INDICATORS_MAX = 700, OFFSET_MIN = 420 };

static struct dd_scenario_group groups[DD_GROUPS_MAX];
static struct dd_scenario_account approvers[3];
static struct dd_scenario_report reports[2];
static struct dd_scenario_unit units[UNITS_MAX];
static struct dd_scenario_indicator indicators[INDICATORS_MAX];
static struct dd_scenario_received received[8];
static char unit_codes[UNITS_MAX][DD_CODE_BYTES_MAX + 1];
static struct dd_scenario scenario;
static struct dd_programme programme;
#define TEXT(literal) \
    { \
        (const uint8_t *)(literal), sizeof(literal) - 1 \
    }

static struct dd_player *player;
static struct dd_arena arena;
static struct dd_arena decoded;

static int32_t day(const char *text)
{
    int32_t out = 0;
    assert_true(dd_day_parse(dd_slice_of(text), &out));
    return out;
}

static int64_t at(const char *text)
{
    int64_t out = 0;
    int offset_min;
    assert_true(dd_instant_parse(dd_slice_of(text), OFFSET_MIN, &out, &offset_min));
    return out;
}

static void put_unit(size_t index, const char *code)
{
    units[index] = (struct dd_scenario_unit){.code = code,
                                             .name = "Sở",
                                             .ordinal = (uint16_t)(index + 1),
                                             .parent = DD_SCENARIO_ROOT,
                                             .head_title = "",
                                             .from = INT32_MIN,
                                             .to = INT32_MAX,
                                             .successor = DD_SCENARIO_NOWHERE,
                                             .line = (uint32_t)index + 2};
}

static struct dd_scenario_indicator *put_indicator(size_t unit, uint16_t task, uint16_t number)
{
    struct dd_scenario_indicator *row = &indicators[scenario.indicator_count];
    *row = (struct dd_scenario_indicator){.unit = unit,
                                          .task = task,
                                          .indicator = number,
                                          .title = "Chỉ tiêu",
                                          .uom = "",
                                          .due = day("2013-06-30"),
                                          .code = "",
                                          .note = "",
                                          .line = (uint32_t)scenario.indicator_count + 2};
    scenario.indicator_count++;
    units[unit].indicator_count++;
    return row;
}

static void put_received(size_t unit, size_t report, const char *instant)
{
    size_t index = scenario.received_count++;
    received[index] = (struct dd_scenario_received){.unit = unit,
                                                    .report = reports[report].code,
                                                    .cycle = "",
                                                    .stage = "",
                                                    .capacity = DD_CAPACITY_HEAD,
                                                    .actor = 1 + unit,
                                                    .at_ms = at(instant),
                                                    .line = (uint32_t)index + 2};
}

static void make_programme(void)
{
    static const struct dd_slice dates[] = {{(const uint8_t *)"register", 8},
                                            {(const uint8_t *)"approve", 7}};
    programme = (struct dd_programme){.code = dd_slice_of("made-up"),
                                      .version = 1,
                                      .name_vi = dd_slice_of("Thử"),
                                      .kind_count = 1,
                                      .stage_count = 2};
    programme.kind[0] =
        (struct dd_item_kind){.code = dd_slice_of("own"), .max_tasks = 5, .counted = true};
    programme.stage[0] = (struct dd_stage){.key = dd_slice_of("register"),
                                           .act = DD_ACT_HAND_IN,
                                           .by = DD_ROLE_HEAD,
                                           .deadline.word = DD_WORD_BY,
                                           .deadline.date = dates[0],
                                           .silence = DD_SILENCE_MISSING};
    programme.stage[1] = (struct dd_stage){.key = dd_slice_of("approve"),
                                           .act = DD_ACT_DECIDE,
                                           .by = DD_ROLE_APPROVER,
                                           .deadline.word = DD_WORD_BY,
                                           .deadline.date = dates[1],
                                           .silence = DD_SILENCE_MISSING};
}

/* Two agencies that appraise, one that does not; nobody has registered anything yet. */
static int set_up(void **state)
{
    (void)state;
    memset(&scenario, 0, sizeof scenario);
    groups[0] = (struct dd_scenario_group){"province", "Cấp tỉnh", true, 4};
    approvers[0] = (struct dd_scenario_account){"chairman", 7};
    approvers[1] = (struct dd_scenario_account){"vice-1", 7};
    reports[0] = (struct dd_scenario_report){"H1", day("2013-06-25"), 17};
    reports[1] = (struct dd_scenario_report){"year", day("2013-12-10"), 18};
    put_unit(0, "noi-vu");
    put_unit(1, "vp-ubnd");
    put_unit(2, "yen-the");
    units[2].approver = 1;
    scenario.jurisdiction = "bacgiang";
    scenario.root.code = "ubnd";
    scenario.root.name = "Ủy ban";
    scenario.groups = groups;
    scenario.group_count = 1;
    scenario.appraisers[0] = 0;
    scenario.appraisers[1] = 1;
    scenario.appraiser_count = 2;
    scenario.approvers = approvers;
    scenario.approver_count = 2;
    scenario.programme = "made-up";
    scenario.kinds.count = 1;
    snprintf(scenario.kinds.kind[0].code, sizeof scenario.kinds.kind[0].code, "own");
    scenario.year = 2013;
    scenario.clock_ms = at("2013-01-11T08:00");
    scenario.offset_min = OFFSET_MIN;
    scenario.register_day = day("2013-01-25");
    scenario.appraise_day = day("2013-02-01");
    scenario.approve_day = day("2013-02-15");
    scenario.period.code = "H1";
    scenario.period.from = day("2013-01-01");
    scenario.period.to = day("2013-06-30");
    scenario.as_of = day("2013-06-30");
    scenario.reports = reports;
    scenario.report_count = 2;
    scenario.units = units;
    scenario.unit_count = 3;
    scenario.indicators = indicators;
    scenario.received = received;
    make_programme();
    arena = dd_arena_make(DD_PLAYER_COMMAND_ARENA_BYTES);
    decoded = dd_arena_make(64 * DD_COMMAND_BYTES_MAX);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    dd_player_free(player);
    player = NULL;
    dd_arena_free(&arena);
    dd_arena_free(&decoded);
    return 0;
}

static void make(void)
{
    assert_int_equal(dd_player_make(&scenario, &programme, &player), DD_OK);
}

static struct dd_command command_of(size_t step)
{
    static const struct dd_seen_version seen = {.version = 3, .content_hash = {7, 7, 7}};
    struct dd_command command;
    dd_arena_reset(&arena);
    assert_int_equal(dd_player_command(player, &player->steps[step], &seen, &arena, &command),
                     DD_OK);
    return command;
}

/* The first step of that rank; the count if there is none. */
static size_t first_of(enum dd_step_rank rank)
{
    size_t i = 0;
    while (i < player->step_count && player->steps[i].rank != rank)
        i++;
    return i;
}

static size_t count_of(enum dd_step_rank rank)
{
    size_t count = 0;
    for (size_t i = 0; i < player->step_count; i++)
        count += player->steps[i].rank == rank;
    return count;
}

static void assert_text(struct dd_slice found, const char *wanted)
{
    char text[DD_NAME_BYTES_MAX + 1];
    dd_slice_text(found, text, sizeof text);
    assert_string_equal(text, wanted);
}

/* Every command of the list is one that the codec reads again, and not too large. */
static void assert_all_on_the_wire(void)
{
    struct dd_arena wire = dd_arena_make(16 * DD_COMMAND_BYTES_MAX);
    for (size_t i = 0; i < player->step_count; i++) {
        struct dd_command command = command_of(i);
        struct dd_command again;
        struct dd_refusal refusal;
        struct dd_slice bytes;
        command.id.byte[0] = 1;
        dd_arena_reset(&wire);
        dd_arena_reset(&decoded);
        assert_int_equal(dd_codec_command_encode(&command, &wire, &bytes), DD_OK);
        enum dd_status status = dd_codec_command_decode(bytes, &decoded, &again, &refusal);
        if (status != DD_OK)
            print_message("step %zu: %s %s\n", i, dd_rule_key(refusal.rule), refusal.field);
        assert_int_equal(status, DD_OK);
        assert_int_equal(again.kind, command.kind);
    }
    dd_arena_free(&wire);
}

static void give_keys(void)
{
    for (size_t i = 1; i < player->account_count; i++) {
        player->accounts[i].link_key[0] = (uint8_t)i;
        player->accounts[i].link_key[1] = (uint8_t)(i >> 8);
        player->accounts[i].sign_key[0] = 1;
    }
}

/* ---- the set-up */

static void player_sets_up_at_the_clock_by_the_administrator(void **state)
{
    static const enum dd_command_kind wanted[] = {
        DD_COMMAND_PUT_CALENDAR, DD_COMMAND_PUT_UNITS,     DD_COMMAND_PUT_ACCOUNT,
        DD_COMMAND_PUT_ACCOUNT,  DD_COMMAND_PUT_ACCOUNT,   DD_COMMAND_PUT_ACCOUNT,
        DD_COMMAND_PUT_ACCOUNT,  DD_COMMAND_PUT_PROGRAMME, DD_COMMAND_OPEN_CYCLE};
    (void)state;
    make();
    assert_int_equal(player->step_count, sizeof wanted / sizeof *wanted);
    for (size_t i = 0; i < player->step_count; i++) {
        assert_int_equal(player->steps[i].at_ms, scenario.clock_ms);
        assert_int_equal(player->steps[i].rank, DD_RANK_SET_UP);
        assert_int_equal(player->steps[i].account, DD_PLAYER_ADMIN);
        assert_int_equal(command_of(i).kind, wanted[i]);
    }
    assert_string_equal(player->cycle, "made-up/2013");
    assert_int_equal(player->last_ms, at("2013-12-31T23:59:59.999"));
}

static void player_gives_the_offices_that_the_scenario_says(void **state)
{
    (void)state;
    make();
    struct dd_put_account first = command_of(2).as.put_account;
    assert_text(first.code, "noi-vu");
    assert_int_equal(first.office_count, 2);
    assert_int_equal(first.offices[0].role, DD_ROLE_HEAD);
    assert_int_equal(first.offices[1].role, DD_ROLE_APPRAISER);
    assert_text(first.offices[1].unit, "noi-vu");
    struct dd_put_account third = command_of(4).as.put_account;
    assert_text(third.code, "yen-the");
    assert_int_equal(third.office_count, 1);
    struct dd_put_account chairman = command_of(5).as.put_account;
    assert_text(chairman.code, "chairman");
    assert_int_equal(chairman.office_count, 1);
    assert_int_equal(chairman.offices[0].role, DD_ROLE_APPROVER);
    assert_text(chairman.offices[0].unit, "ubnd");
    assert_int_equal(chairman.from_ms, scenario.clock_ms);
}

static void player_puts_the_accounts_own_keys(void **state)
{
    (void)state;
    make();
    give_keys();
    struct dd_put_account third = command_of(4).as.put_account;
    assert_int_equal(third.link_key[0], 3);
    assert_int_equal(third.sign_key[0], 1);
}

static void player_opens_the_cycle_with_dates_that_the_programme_uses(void **state)
{
    (void)state;
    make();
    struct dd_open_cycle cycle = command_of(player->step_count - 1).as.open_cycle;
    assert_text(cycle.programme, "made-up");
    assert_text(cycle.period, "2013");
    assert_text(cycle.host, "ubnd");
    assert_int_equal(cycle.from_day, day("2013-01-01"));
    assert_int_equal(cycle.to_day, day("2013-12-31"));
    assert_int_equal(cycle.date_count, 2); /* not "appraise" */
    assert_text(cycle.dates[1].name, "approve");
    assert_int_equal(cycle.dates[1].day, scenario.approve_day);
    assert_int_equal(cycle.report_count, 2);
    assert_int_equal(cycle.reports[0].word, DD_WORD_BEFORE);
    assert_int_equal(cycle.party_count, 3);
    assert_text(cycle.parties[2].approver, "vice-1");
    assert_text(cycle.appraisers[1], "vp-ubnd");
    assert_true(cycle.last);
}

static void player_names_the_host_after_a_lone_appraiser(void **state)
{
    (void)state;
    scenario.appraiser_count = 1;
    make();
    struct dd_open_cycle cycle = command_of(player->step_count - 1).as.open_cycle;
    assert_int_equal(cycle.appraiser_count, 2);
    assert_text(cycle.appraisers[0], "noi-vu");
    assert_text(cycle.appraisers[1], "ubnd");
}

static void player_does_not_take_the_systems_own_account_names(void **state)
{
    (void)state;
    put_unit(0, "admin");
    put_unit(1, "admin-1");
    make();
    assert_string_equal(player->accounts[1].code, "admin-2");
    assert_string_equal(player->accounts[2].code, "admin-1");
    assert_string_equal(player->accounts[1].unit, "admin");
}

/* ---- pages */

static void many_units(size_t count)
{
    for (size_t i = 0; i < count; i++) {
        snprintf(unit_codes[i], sizeof unit_codes[i], "u-%zu", i);
        put_unit(i, unit_codes[i]);
    }
    scenario.unit_count = count;
}

static void assert_unit_pages(size_t unit_count, size_t pages)
{
    size_t found = 0;
    size_t rows = 0;
    many_units(unit_count);
    make();
    for (size_t i = 0; i < player->step_count; i++) {
        struct dd_command command = command_of(i);
        if (command.kind != DD_COMMAND_PUT_UNITS)
            continue;
        assert_int_equal(command.as.put_units.page, ++found);
        assert_int_equal(command.as.put_units.last, found == pages);
        assert_int_equal(command.as.put_units.group_count,
                         found == pages ? scenario.group_count : 0);
        rows += command.as.put_units.unit_count;
    }
    assert_int_equal(found, pages);
    assert_int_equal(rows, unit_count + 1);
    give_keys();
    assert_all_on_the_wire();
}

static void player_puts_200_units_on_a_page(void **state)
{
    (void)state;
    assert_unit_pages(DD_UNITS_PER_PAGE_MAX - 1, 1); /* and the root */
}

static void player_puts_the_201st_unit_on_the_next_page(void **state)
{
    (void)state;
    assert_unit_pages(DD_UNITS_PER_PAGE_MAX, 2);
}

static void player_cuts_pages_by_bytes_too(void **state)
{
    static char name[DD_NAME_BYTES_MAX + 1];
    (void)state;
    memset(name, 'x', DD_NAME_BYTES_MAX);
    many_units(150);
    for (size_t i = 0; i < 150; i++) {
        units[i].name = name;
        units[i].head_title = name;
    }
    make();
    assert_true(count_of(DD_RANK_SET_UP) > 3 + 152 + 3);
    give_keys();
    assert_all_on_the_wire();
}

static void player_puts_groups_that_do_not_fit_on_a_page_of_their_own(void **state)
{
    static char name[DD_NAME_BYTES_MAX + 1];
    static char codes[DD_GROUPS_MAX][8];
    (void)state;
    memset(name, 'y', DD_NAME_BYTES_MAX);
    for (size_t i = 0; i < DD_GROUPS_MAX; i++) {
        snprintf(codes[i], sizeof codes[i], "g%zu", i);
        groups[i] = (struct dd_scenario_group){codes[i], name, true, 1};
    }
    scenario.group_count = DD_GROUPS_MAX;
    assert_unit_pages(120, 2);
}

static void player_opens_a_cycle_of_401_parties_in_two_pages(void **state)
{
    size_t pages = 0;
    size_t parties = 0;
    (void)state;
    many_units(DD_PARTIES_PER_PAGE_MAX + 1);
    make();
    for (size_t i = 0; i < player->step_count; i++) {
        struct dd_command command = command_of(i);
        if (command.kind != DD_COMMAND_OPEN_CYCLE)
            continue;
        assert_int_equal(command.as.open_cycle.page, ++pages);
        parties += command.as.open_cycle.party_count;
        assert_int_equal(command.as.open_cycle.last, parties == scenario.unit_count);
        assert_int_equal(command.as.open_cycle.host.size > 0, pages == 1);
    }
    assert_int_equal(pages, 2);
    assert_int_equal(parties, scenario.unit_count);
    give_keys();
    assert_all_on_the_wire();
}

/* ---- the acts */

static void player_registers_task_by_task_and_hands_in(void **state)
{
    (void)state;
    put_indicator(2, 9, 1);
    put_indicator(0, 2, 1);
    put_indicator(0, 1, 4);
    put_indicator(0, 2, 7);
    make();
    size_t i = first_of(DD_RANK_REGISTER);
    assert_int_equal(count_of(DD_RANK_REGISTER), 5);
    struct dd_register task = command_of(i).as.register_;
    assert_int_equal(task.task, 1);
    assert_int_equal(task.indicator_count, 1);
    assert_int_equal(player->steps[i].line, 4);
    task = command_of(i + 1).as.register_;
    assert_int_equal(task.task, 2);
    assert_int_equal(task.indicator_count, 2);
    assert_int_equal(task.indicators[1].number, 7);
    assert_text(task.kind, "own");
    assert_text(task.unit, "noi-vu");
    struct dd_submit submit = command_of(i + 2).as.submit;
    assert_int_equal(submit.what, DD_SUBMISSION_REGISTRATION);
    assert_text(submit.unit, "noi-vu");
    assert_text(command_of(i + 3).as.register_.unit, "yen-the");
    assert_int_equal(player->steps[i + 3].account, 3);
    assert_int_equal(player->steps[i].at_ms, at("2013-01-25T09:00"));
    assert_string_equal(player->steps[i].file, "indicators.csv");
}

static void player_does_not_register_a_unit_without_rows(void **state)
{
    (void)state;
    put_indicator(1, 1, 1);
    put_received(2, 0, "2013-06-24T16:05");
    make();
    assert_int_equal(count_of(DD_RANK_REGISTER), 2);
    assert_int_equal(count_of(DD_RANK_APPRAISE), 1);
    assert_int_equal(count_of(DD_RANK_APPROVE), 1);
    assert_int_equal(count_of(DD_RANK_REPORT), 1);
}

static void player_has_the_first_appraiser_that_is_not_the_unit_itself(void **state)
{
    (void)state;
    put_indicator(0, 1, 1);
    put_indicator(1, 1, 1);
    put_indicator(2, 1, 1);
    make();
    size_t i = first_of(DD_RANK_APPRAISE);
    assert_int_equal(player->steps[i].account, 2);     /* noi-vu by vp-ubnd */
    assert_int_equal(player->steps[i + 1].account, 1); /* vp-ubnd by noi-vu */
    assert_int_equal(player->steps[i + 2].account, 1);
    i = first_of(DD_RANK_APPROVE);
    assert_int_equal(player->steps[i].account, 4);     /* the chairman */
    assert_int_equal(player->steps[i + 2].account, 5); /* vice-1 */
}

static void player_decides_on_the_version_that_was_seen(void **state)
{
    (void)state;
    put_indicator(0, 1, 1);
    make();
    size_t i = first_of(DD_RANK_APPROVE);
    struct dd_decide decide = command_of(i).as.decide;
    assert_true(player->steps[i].decides);
    assert_int_equal(decide.version, 3);
    assert_int_equal(decide.content_hash[2], 7);
    assert_int_equal(decide.verdict, DD_VERDICT_AGREE);
    assert_text(decide.cycle, "made-up/2013");
    assert_false(player->steps[first_of(DD_RANK_REGISTER)].decides);
}

static void assert_register_commands(size_t rows, size_t commands)
{
    make();
    size_t found = 0;
    size_t sent = 0;
    for (size_t i = 0; i < player->step_count; i++) {
        struct dd_command command = command_of(i);
        if (command.kind != DD_COMMAND_REGISTER)
            continue;
        found++;
        sent += command.as.register_.indicator_count;
    }
    assert_int_equal(found, commands);
    assert_int_equal(sent, rows);
    give_keys();
    assert_all_on_the_wire();
}

static void player_registers_200_indicators_of_a_task_in_one_command(void **state)
{
    (void)state;
    for (uint16_t n = 1; n <= DD_INDICATORS_PER_COMMAND_MAX; n++)
        put_indicator(0, 1, n);
    assert_register_commands(DD_INDICATORS_PER_COMMAND_MAX, 1);
}

static void player_registers_201_indicators_of_a_task_in_two_commands(void **state)
{
    (void)state;
    for (uint16_t n = 1; n <= DD_INDICATORS_PER_COMMAND_MAX + 1; n++)
        put_indicator(0, 1, n);
    assert_register_commands(DD_INDICATORS_PER_COMMAND_MAX + 1, 2);
}

static void player_cuts_a_task_of_long_titles_into_commands_that_fit(void **state)
{
    static char title[DD_TITLE_BYTES_MAX + 1];
    (void)state;
    memset(title, 't', DD_TITLE_BYTES_MAX);
    for (uint16_t n = 1; n <= 50; n++)
        put_indicator(0, 1, n)->title = title;
    assert_register_commands(50, 3); /* 19 of 2,064 bytes fit into 40 KiB */
}

static void player_reports_outcomes_at_17_and_reports_when_they_came(void **state)
{
    (void)state;
    struct dd_scenario_indicator *row = put_indicator(0, 1, 1);
    row->outcome = DD_OUTCOME_EXCEEDED;
    row->completed_on = day("2013-06-24");
    put_indicator(0, 1, 2); /* nothing was ever reported */
    put_received(1, 1, "2013-12-09T23:59:59");
    make();
    size_t i = first_of(DD_RANK_OUTCOME);
    assert_int_equal(count_of(DD_RANK_OUTCOME), 1);
    assert_int_equal(player->steps[i].at_ms, at("2013-06-24T17:00"));
    struct dd_progress progress = command_of(i).as.progress;
    assert_int_equal(progress.outcome, DD_OUTCOME_EXCEEDED);
    assert_int_equal(progress.day, day("2013-06-24"));
    assert_int_equal(progress.indicator, 1);
    i = first_of(DD_RANK_REPORT);
    assert_int_equal(player->steps[i].at_ms, at("2013-12-09T23:59:59"));
    assert_text(command_of(i).as.submit.report, "year");
    assert_int_equal(player->steps[i].line, 2);
    assert_string_equal(player->steps[i].file, "reports.csv");
}

static void player_plays_outcomes_before_reports_of_one_instant_in_file_order(void **state)
{
    (void)state;
    for (uint16_t n = 0; n < 3; n++) {
        struct dd_scenario_indicator *row = put_indicator(2 - n, 1, 1);
        row->outcome = DD_OUTCOME_COMPLETED;
        row->completed_on = day("2013-06-24");
    }
    put_received(2, 0, "2013-06-24T17:00");
    put_received(0, 0, "2013-06-24T17:00");
    put_received(1, 0, "2013-06-24T16:59");
    make();
    size_t i = first_of(DD_RANK_REPORT);
    assert_int_equal(player->steps[i].unit, 1);
    assert_int_equal(player->steps[i + 1].rank, DD_RANK_OUTCOME);
    assert_int_equal(player->steps[i + 1].unit, 2);
    assert_int_equal(player->steps[i + 2].unit, 1);
    assert_int_equal(player->steps[i + 3].unit, 0);
    assert_int_equal(player->steps[i + 4].rank, DD_RANK_REPORT);
    assert_int_equal(player->steps[i + 4].unit, 2);
    assert_int_equal(player->steps[i + 5].unit, 0);
}

static void player_keeps_the_order_of_acts_that_fall_on_one_day(void **state)
{
    (void)state;
    scenario.appraise_day = scenario.register_day;
    scenario.approve_day = scenario.register_day;
    put_indicator(0, 1, 1);
    put_indicator(1, 1, 1);
    put_received(2, 0, "2013-01-25T09:00");
    make();
    size_t i = first_of(DD_RANK_REGISTER);
    static const enum dd_step_rank wanted[] = {DD_RANK_REGISTER, DD_RANK_REGISTER, DD_RANK_REGISTER,
                                               DD_RANK_REGISTER, DD_RANK_APPRAISE, DD_RANK_APPRAISE,
                                               DD_RANK_APPROVE,  DD_RANK_APPROVE,  DD_RANK_REPORT};
    assert_int_equal(player->step_count - i, sizeof wanted / sizeof *wanted);
    for (size_t k = 0; i + k < player->step_count; k++)
        assert_int_equal(player->steps[i + k].rank, wanted[k]);
}

static void player_sets_up_before_what_comes_at_the_clocks_instant(void **state)
{
    (void)state;
    put_received(0, 0, "2013-01-11T08:00");
    make();
    assert_int_equal(player->steps[player->step_count - 1].rank, DD_RANK_REPORT);
    assert_int_equal(player->steps[player->step_count - 1].at_ms, scenario.clock_ms);
}

static void player_gives_further_accounts_their_offices(void **state)
{
    static struct dd_scenario_account further[] = {{"deputy", 2}};
    static struct dd_scenario_office offices[] = {
        {6, 1, DD_ROLE_DEPUTY, 10, 20, 2},
        {4, DD_SCENARIO_ROOT, DD_ROLE_HEAD, INT32_MIN, INT32_MAX, 3},
        {6, DD_SCENARIO_NOWHERE, DD_ROLE_AUDITOR, INT32_MIN, INT32_MAX, 4}};
    (void)state;
    scenario.further = further;
    scenario.further_count = 1;
    scenario.offices = offices;
    scenario.office_count = 3;
    make();
    give_keys();
    assert_all_on_the_wire();
    size_t seen = 0;
    for (size_t i = 0; i < player->step_count; i++) {
        struct dd_command command = command_of(i);
        const struct dd_put_account *put = &command.as.put_account;
        if (command.kind != DD_COMMAND_PUT_ACCOUNT)
            continue;
        if (dd_slice_equal(put->code, dd_slice_of("chairman"))) {
            assert_int_equal(put->office_count, 2);
            assert_int_equal(put->offices[1].role, DD_ROLE_HEAD);
            assert_text(put->offices[1].unit, "ubnd");
            seen++;
        }
        if (dd_slice_equal(put->code, dd_slice_of("deputy"))) {
            assert_int_equal(put->office_count, 2);
            assert_text(put->offices[0].unit, "vp-ubnd");
            assert_int_equal(put->offices[0].to_day, 20);
            assert_int_equal(put->offices[1].unit.size, 0);
            seen++;
        }
    }
    assert_int_equal(seen, 2);
}

static void player_opens_the_cycle_for_the_groups_that_take_part(void **state)
{
    (void)state;
    groups[1] = (struct dd_scenario_group){"district", "Cấp huyện", false, 5};
    scenario.group_count = 2;
    units[1].group = 1;
    make();
    for (size_t i = 0; i < player->step_count; i++) {
        struct dd_command command = command_of(i);
        if (command.kind != DD_COMMAND_OPEN_CYCLE)
            continue;
        assert_int_equal(command.as.open_cycle.party_count, 2);
        assert_text(command.as.open_cycle.parties[1].unit, "yen-the");
        assert_true(command.as.open_cycle.last);
    }
}

static void player_plays_acts_behind_what_comes_at_the_same_instant(void **state)
{
    static struct dd_scenario_act acts[2];
    (void)state;
    acts[0] = (struct dd_scenario_act){.at_ms = at("2013-06-20T09:00"), .actor = 0, .line = 2};
    acts[1] = (struct dd_scenario_act){.at_ms = at("2013-03-20T09:00"), .actor = 5, .line = 3};
    scenario.acts = acts;
    scenario.act_count = 2;
    put_received(2, 0, "2013-06-20T09:00");
    make();
    size_t last = player->step_count - 1;
    assert_int_equal(player->steps[last].rank, DD_RANK_ACT);
    assert_int_equal(player->steps[last].first, 0);
    assert_int_equal(player->steps[last - 1].rank, DD_RANK_REPORT);
    assert_int_equal(player->steps[last - 2].first, 1);
    assert_int_equal(player->steps[last - 2].account, 5);
}

static void player_hands_in_reports_of_other_cycles_with_their_figures(void **state)
{
    static struct dd_figure_value figures[] = {{TEXT("tasks"), {12, 0}, false},
                                               {TEXT("done"), {8, 0}, true}};
    (void)state;
    put_received(2, 0, "2013-06-20T09:00");
    received[0].cycle = "reports/2013";
    received[0].stage = "monthly";
    received[0].report = "2013-05";
    received[0].capacity = DD_CAPACITY_FOR_HEAD;
    received[0].actor = 4;
    received[0].figures = figures;
    received[0].figure_count = 2;
    make();
    size_t last = player->step_count - 1;
    struct dd_command command = command_of(last);
    assert_int_equal(player->steps[last].account, 4);
    assert_text(command.as.submit.cycle, "reports/2013");
    assert_text(command.as.submit.unit, "yen-the");
    assert_text(command.as.submit.stage, "monthly");
    assert_text(command.as.submit.report, "2013-05");
    assert_int_equal(command.as.submit.capacity, DD_CAPACITY_FOR_HEAD);
    assert_int_equal(command.as.submit.figure_count, 2);
    give_keys();
    assert_all_on_the_wire();
}

static void player_gives_a_date_in_place_of_a_stages_own_schedule(void **state)
{
    (void)state;
    programme.stage[0].deadline =
        (struct dd_deadline_rule){.word = DD_WORD_BEFORE, .every = DD_CADENCE_YEAR};
    scenario.appraise_day = DD_SCENARIO_NO_DAY;
    make();
    for (size_t i = 0; i < player->step_count; i++) {
        struct dd_command command = command_of(i);
        const struct dd_open_cycle *open = &command.as.open_cycle;
        if (command.kind != DD_COMMAND_OPEN_CYCLE)
            continue;
        assert_int_equal(open->date_count, 2);
        assert_text(open->dates[0].name, "register");
        assert_int_equal(open->dates[0].day, day("2013-01-26")); /* before: the 25th counts */
        assert_text(open->dates[1].name, "approve");
        assert_int_equal(open->dates[1].day, day("2013-02-15"));
    }
}

static void player_ends_when_the_scenario_says(void **state)
{
    (void)state;
    make();
    assert_int_equal(player->last_ms, at("2014-01-01T00:00") - 1);
    dd_player_free(player);
    scenario.until_ms = at("2014-01-10T17:00");
    make();
    assert_int_equal(player->last_ms, at("2014-01-10T17:00"));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(player_sets_up_at_the_clock_by_the_administrator),
        CASE(player_gives_the_offices_that_the_scenario_says),
        CASE(player_puts_the_accounts_own_keys),
        CASE(player_opens_the_cycle_with_dates_that_the_programme_uses),
        CASE(player_names_the_host_after_a_lone_appraiser),
        CASE(player_does_not_take_the_systems_own_account_names),
        CASE(player_puts_200_units_on_a_page),
        CASE(player_puts_the_201st_unit_on_the_next_page),
        CASE(player_cuts_pages_by_bytes_too),
        CASE(player_puts_groups_that_do_not_fit_on_a_page_of_their_own),
        CASE(player_opens_a_cycle_of_401_parties_in_two_pages),
        CASE(player_registers_task_by_task_and_hands_in),
        CASE(player_does_not_register_a_unit_without_rows),
        CASE(player_has_the_first_appraiser_that_is_not_the_unit_itself),
        CASE(player_decides_on_the_version_that_was_seen),
        CASE(player_registers_200_indicators_of_a_task_in_one_command),
        CASE(player_registers_201_indicators_of_a_task_in_two_commands),
        CASE(player_cuts_a_task_of_long_titles_into_commands_that_fit),
        CASE(player_reports_outcomes_at_17_and_reports_when_they_came),
        CASE(player_plays_outcomes_before_reports_of_one_instant_in_file_order),
        CASE(player_keeps_the_order_of_acts_that_fall_on_one_day),
        CASE(player_sets_up_before_what_comes_at_the_clocks_instant),
        CASE(player_gives_further_accounts_their_offices),
        CASE(player_opens_the_cycle_for_the_groups_that_take_part),
        CASE(player_plays_acts_behind_what_comes_at_the_same_instant),
        CASE(player_hands_in_reports_of_other_cycles_with_their_figures),
        CASE(player_gives_a_date_in_place_of_a_stages_own_schedule),
        CASE(player_ends_when_the_scenario_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
