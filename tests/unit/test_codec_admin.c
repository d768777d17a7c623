/* Commands of administration through the codec: what is taken, and every rule on both sides. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/lib/codec_case.h"

static struct dd_put_calendar *make_calendar(struct dd_calendar_day *days, size_t count)
{
    codec_command.kind = DD_COMMAND_PUT_CALENDAR;
    codec_command.as.put_calendar =
        (struct dd_put_calendar){.year = 2013, .offset_min = 420, .days = days, .day_count = count};
    return &codec_command.as.put_calendar;
}

static struct dd_open_cycle *make_open_cycle(void)
{
    codec_command.kind = DD_COMMAND_OPEN_CYCLE;
    codec_command.as.open_cycle = (struct dd_open_cycle){.programme = dd_slice_of("key"),
                                                         .period = dd_slice_of("2013"),
                                                         .page = 1,
                                                         .host = dd_slice_of("so-nv"),
                                                         .from_day = 15706,
                                                         .to_day = 16070};
    return &codec_command.as.open_cycle;
}

static struct dd_programme *make_programme(void)
{
    codec_command.kind = DD_COMMAND_PUT_PROGRAMME;
    codec_command.as.put_programme = (struct dd_programme){
        .code = dd_slice_of("key"),
        .version = 1,
        .name_vi = dd_slice_of("Nhiệm vụ"),
        .kind_count = 1,
        .kind = {{.code = dd_slice_of("main"), .max_tasks = 5, .counted = true}},
        .stage_count = 1,
        .stage = {{.key = dd_slice_of("register"),
                   .act = DD_ACT_HAND_IN,
                   .by = DD_ROLE_HEAD,
                   .deadline.word = DD_WORD_BEFORE,
                   .deadline.date = dd_slice_of("register"),
                   .silence = DD_SILENCE_MISSING,
                   .rung_count = 2,
                   .rung = {-120, 120}}}};
    return &codec_command.as.put_programme;
}

static struct dd_put_account *make_account(void)
{
    codec_command.kind = DD_COMMAND_PUT_ACCOUNT;
    codec_command.as.put_account =
        (struct dd_put_account){.code = dd_slice_of("so-tc.vt"), .to_ms = INT64_MAX};
    return &codec_command.as.put_account;
}

static void codec_checks_the_days_of_a_calendar(void **state)
{
    struct dd_calendar_day days[3] = {{15706, false}, {15800, true}, {16070, false}};
    struct dd_put_calendar *calendar = make_calendar(days, 3); /* 2013-01-01 .. 2013-12-31 */
    (void)state;
    codec_taken();
    days[1].day = 15706;
    codec_refused(DD_RULE_DUPLICATE, "put_calendar.days[1].day", "2013-01-01", "");
    days[1].day = 15800;
    days[2].day = 15799;
    codec_refused(DD_RULE_DATES_OUT_OF_ORDER, "put_calendar.days[2].day", "", "");
    days[2].day = 16071;
    codec_refused(DD_RULE_BAD_DATE, "put_calendar.days[2].day", "", "");
    days[0].day = 15705;
    codec_refused(DD_RULE_BAD_DATE, "put_calendar.days[0].day", "", "");
    calendar->day_count = 0;
    calendar->offset_min = DD_OFFSET_MIN_MAX;
    codec_taken();
    calendar->offset_min = -DD_OFFSET_MIN_MAX;
    codec_taken();
    calendar->offset_min = DD_OFFSET_MIN_MAX + 1;
    codec_refused(DD_RULE_OUT_OF_RANGE, "put_calendar.offset_min", "-840", "840");
    calendar->offset_min = -DD_OFFSET_MIN_MAX - 1;
    codec_refused(DD_RULE_OUT_OF_RANGE, "put_calendar.offset_min", "-840", "840");
    calendar->offset_min = 0;
    calendar->year = DD_YEAR_MIN;
    codec_taken();
    calendar->year = DD_YEAR_MIN - 1;
    codec_refused(DD_RULE_OUT_OF_RANGE, "put_calendar.year", "1970", "9999");
    calendar->year = DD_YEAR_MAX + 1;
    codec_refused(DD_RULE_OUT_OF_RANGE, "put_calendar.year", "1970", "9999");
}

static void codec_bounds_the_days_of_a_calendar(void **state)
{
    static struct dd_calendar_day days[DD_CALENDAR_DAYS_MAX + 1];
    (void)state;
    for (int32_t i = 0; i <= DD_CALENDAR_DAYS_MAX; i++)
        days[i] = (struct dd_calendar_day){15706 + (i < 365 ? i : 364), false};
    make_calendar(days, 365);
    codec_taken();
    make_calendar(days, DD_CALENDAR_DAYS_MAX); /* enough room for any year, so a day stands twice */
    codec_refused(DD_RULE_DUPLICATE, "put_calendar.days[365].day", "2013-12-31", "");
    make_calendar(days, DD_CALENDAR_DAYS_MAX + 1);
    codec_refused(DD_RULE_TOO_MANY, "put_calendar.days", "400", "");
}

static void codec_counts_pages_from_one(void **state)
{
    struct dd_open_cycle *cycle = make_open_cycle();
    struct dd_party party = {.unit = dd_slice_of("so-tc")};
    (void)state;
    cycle->parties = &party;
    cycle->party_count = 1;
    codec_taken();
    cycle->page = 0;
    codec_refused(DD_RULE_OUT_OF_RANGE, "open_cycle.page", "1", "65535");
    cycle->page = 2; /* what belongs on page 1 is not written */
    cycle->last = true;
    codec_taken();
    codec_command.kind = DD_COMMAND_PUT_UNITS;
    codec_command.as.put_units = (struct dd_put_units){.page = 0};
    codec_refused(DD_RULE_OUT_OF_RANGE, "put_units.page", "1", "65535");
    codec_command.as.put_units.page = UINT16_MAX;
    codec_taken();
}

static void codec_takes_a_cycles_head_on_page_one_only(void **state)
{
    static const uint8_t bytes[] = {0x0a, 16,   1,   2,    3,   4,    5,  6,   7,    8,
                                    9,    10,   11,  12,   13,  14,   15, 16,  0x7a, 19,
                                    0x0a, 3,    'k', 'e',  'y', 0x12, 4,  '2', '0',  '1',
                                    '3',  0x18, 2,   0x2a, 2,   's',  't'};
    struct dd_command out;
    struct dd_refusal refusal;
    (void)state;
    assert_int_equal(dd_codec_command_decode((struct dd_slice){bytes, sizeof bytes - 4},
                                             &codec_arena, &out, &refusal),
                     DD_INVALID); /* cut within the cycle */
    assert_int_equal(refusal.rule, DD_RULE_MALFORMED);
    uint8_t later[sizeof bytes];
    memcpy(later, bytes, sizeof bytes);
    later[19] = 13;
    assert_int_equal(dd_codec_command_decode((struct dd_slice){later, sizeof bytes - 4},
                                             &codec_arena, &out, &refusal),
                     DD_OK);
    later[19] = 17;
    assert_int_equal(dd_codec_command_decode((struct dd_slice){later, sizeof bytes}, &codec_arena,
                                             &out, &refusal),
                     DD_INVALID);
    assert_int_equal(refusal.rule, DD_RULE_TOO_LONG);
    assert_string_equal(refusal.field, "open_cycle.host");
    assert_string_equal(refusal.param[0], "0");
}

static void codec_wants_the_head_of_a_cycle(void **state)
{
    (void)state;
    make_open_cycle()->host = dd_slice_of("");
    codec_refused(DD_RULE_MISSING, "open_cycle.host", "", "");
    make_open_cycle()->from_day = INT32_MIN;
    codec_refused(DD_RULE_MISSING, "open_cycle.from", "", "");
    struct dd_slice approvers[2] = {dd_slice_of("chu-tich"), dd_slice_of("")};
    make_open_cycle()->approvers = approvers;
    codec_command.as.open_cycle.approver_count = 2;
    codec_refused(DD_RULE_MISSING, "open_cycle.approvers[1]", "", "");
    codec_command.as.open_cycle.approver_count = 1;
    codec_taken();
}

static void codec_bounds_the_lists_of_a_cycle(void **state)
{
    static struct dd_slice codes[DD_APPROVERS_MAX + 1];
    static struct dd_party parties[DD_PARTIES_PER_PAGE_MAX + 1];
    struct dd_open_cycle *cycle = make_open_cycle();
    (void)state;
    for (size_t i = 0; i < DD_APPROVERS_MAX + 1; i++)
        codes[i] = dd_slice_of("a");
    for (size_t i = 0; i < DD_PARTIES_PER_PAGE_MAX + 1; i++)
        parties[i].unit = dd_slice_of("u");
    cycle->appraisers = codes;
    cycle->appraiser_count = DD_APPRAISERS_MAX;
    cycle->approvers = codes;
    cycle->approver_count = DD_APPROVERS_MAX;
    cycle->parties = parties;
    cycle->party_count = DD_PARTIES_PER_PAGE_MAX;
    codec_taken();
    cycle->party_count++;
    codec_refused(DD_RULE_TOO_MANY, "open_cycle.parties", "400", "");
    cycle->approver_count++;
    codec_refused(DD_RULE_TOO_MANY, "open_cycle.approvers", "32", "");
    cycle->appraiser_count++;
    codec_refused(DD_RULE_TOO_MANY, "open_cycle.appraisers", "8", "");
}

static void codec_bounds_a_page_of_units(void **state)
{
    static struct dd_unit_put units[DD_UNITS_PER_PAGE_MAX + 1];
    static struct dd_group_put groups[DD_GROUPS_MAX + 1];
    struct dd_put_units *put = &codec_command.as.put_units;
    (void)state;
    for (size_t i = 0; i < DD_UNITS_PER_PAGE_MAX + 1; i++)
        units[i] = (struct dd_unit_put){.code = dd_slice_of("u"),
                                        .name = dd_slice_of("Sở"),
                                        .ordinal = UINT16_MAX,
                                        .from_day = INT32_MIN,
                                        .to_day = INT32_MAX};
    for (size_t i = 0; i < DD_GROUPS_MAX + 1; i++)
        groups[i] = (struct dd_group_put){dd_slice_of("g"), dd_slice_of("Nhóm")};
    codec_command.kind = DD_COMMAND_PUT_UNITS;
    *put = (struct dd_put_units){1, true, groups, DD_GROUPS_MAX, units, DD_UNITS_PER_PAGE_MAX};
    codec_taken();
    units[3].name = codec_x_times(DD_NAME_BYTES_MAX + 1);
    codec_refused(DD_RULE_TOO_LONG, "put_units.units[3].name", "512", "");
    units[3].name = dd_slice_of("");
    codec_refused(DD_RULE_MISSING, "put_units.units[3].name", "", "");
    units[3].name = dd_slice_of("Sở");
    put->unit_count++;
    codec_refused(DD_RULE_TOO_MANY, "put_units.units", "200", "");
    put->group_count++;
    codec_refused(DD_RULE_TOO_MANY, "put_units.groups", "64", "");
}

static void codec_bounds_an_account(void **state)
{
    static struct dd_office offices[DD_OFFICES_PER_ACCOUNT_MAX + 1];
    struct dd_put_account *account = make_account();
    (void)state;
    for (size_t i = 0; i < DD_OFFICES_PER_ACCOUNT_MAX + 1; i++)
        offices[i] = (struct dd_office){DD_ROLE_HEAD, dd_slice_of("u"), INT32_MIN, INT32_MAX};
    account->offices = offices;
    account->office_count = DD_OFFICES_PER_ACCOUNT_MAX;
    account->from_ms = 0;
    codec_taken();
    account->from_ms = -1;
    codec_refused(DD_RULE_OUT_OF_RANGE, "put_account.valid_from_ms", "0", "253402300799999");
    account->from_ms = INT64_C(253402300799999);
    account->to_ms = INT64_C(253402300799999);
    codec_taken();
    account->to_ms++;
    codec_refused(DD_RULE_OUT_OF_RANGE, "put_account.valid_to_ms", "0", "253402300799999");
    account->to_ms = INT64_MAX;
    account->office_count++;
    codec_refused(DD_RULE_TOO_MANY, "put_account.offices", "16", "");
}

static void codec_checks_a_programme_as_the_core_does(void **state)
{
    struct dd_programme *programme = make_programme();
    (void)state;
    codec_taken();
    programme->stage[0].rung[0] = -121;
    codec_refused(DD_RULE_OUT_OF_RANGE, "put_programme.programme.stages[0].rungs[0].days", "-120",
                  "120");
    programme->stage[0].rung[0] = 121;
    codec_refused(DD_RULE_OUT_OF_RANGE, "put_programme.programme.stages[0].rungs[0].days", "-120",
                  "120");
    programme->stage[0].rung[0] = 120; /* not ascending: the core's rule */
    codec_refused(DD_RULE_DATES_OUT_OF_ORDER, "put_programme.programme.stages[0].rungs", "", "");
    programme->stage[0].rung[0] = 0;
    programme->stage[0].act = 0;
    codec_refused(DD_RULE_MISSING, "put_programme.programme.stages[0].act", "", "");
    programme->stage_count = 0;
    codec_refused(DD_RULE_MISSING, "put_programme.programme.stages", "", "");
    make_programme()->version = 0;
    codec_refused(DD_RULE_OUT_OF_RANGE, "put_programme.programme.version", "1", "65535");
    make_programme()->kind[0].max_tasks = 0;
    codec_refused(DD_RULE_OUT_OF_RANGE, "put_programme.programme.kinds[0].max_tasks", "1", "9999");
    make_programme()->name_vi = dd_slice_of("");
    codec_refused(DD_RULE_MISSING, "put_programme.programme.name_vi", "", "");
}

static void codec_bounds_the_lists_of_a_programme(void **state)
{
    static const uint8_t head[] = {0x0a, 16, 1,  2,  3,  4,  5,  6,  7,   8,
                                   9,    10, 11, 12, 13, 14, 15, 16, 0x72};
    static const struct {
        uint8_t tag;
        uint8_t count;
        const char *field;
        const char *param;
    } lists[] = {{0x42, DD_ITEM_KINDS_MAX + 1, "put_programme.programme.kinds", "8"},
                 {0x4a, DD_STAGES_MAX + 1, "put_programme.programme.stages", "24"}};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        uint8_t bytes[128];
        struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
        struct dd_command out;
        struct dd_refusal refusal;
        uint8_t fixed = 3 + 5 + 34 + 2; /* code, name_vi, source_hash, version */
        uint8_t size = (uint8_t)(fixed + 2 * lists[i].count);
        dd_write_raw(&w, head, sizeof head);
        dd_write_u8(&w, (uint8_t)(size + 2));
        dd_write_raw(&w, "\x0a", 1);
        dd_write_u8(&w, size);
        dd_write_raw(&w, "\x0a\x01k\x10\x01\x1a\x03key", 10);
        dd_write_raw(&w, "\x32\x20", 2);
        dd_write_raw(&w, "01234567890123456789012345678901", 32);
        for (uint8_t n = 0; n < lists[i].count; n++) {
            dd_write_u8(&w, lists[i].tag);
            dd_write_u8(&w, 0);
        }
        assert_false(w.overflow);
        assert_int_equal(dd_codec_command_decode(dd_writer_slice(&w), &codec_arena, &out, &refusal),
                         DD_INVALID);
        assert_string_equal(refusal.field, lists[i].field);
        assert_int_equal(refusal.rule, DD_RULE_TOO_MANY);
        assert_string_equal(refusal.param[0], lists[i].param);
    }
}

static void codec_wants_a_genesis_to_be_whole(void **state)
{
    struct dd_put_account account = {.code = dd_slice_of("admin"), .to_ms = INT64_MAX};
    (void)state;
    codec_command.kind = DD_COMMAND_GENESIS;
    codec_command.as.genesis = (struct dd_genesis){.jurisdiction = dd_slice_of("ha-tinh"),
                                                   .origin = dd_slice_of("dondoc.vn/ha-tinh"),
                                                   .accounts = &account,
                                                   .account_count = 1};
    codec_taken();
    codec_command.as.genesis.account_count = 0;
    codec_refused(DD_RULE_MISSING, "genesis.accounts", "", "");
    codec_command.as.genesis.origin = dd_slice_of("");
    codec_refused(DD_RULE_MISSING, "genesis.origin", "", "");
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, codec_begin, codec_end)
    const struct CMUnitTest tests[] = {
        CASE(codec_checks_the_days_of_a_calendar),
        CASE(codec_bounds_the_days_of_a_calendar),
        CASE(codec_counts_pages_from_one),
        CASE(codec_takes_a_cycles_head_on_page_one_only),
        CASE(codec_wants_the_head_of_a_cycle),
        CASE(codec_bounds_the_lists_of_a_cycle),
        CASE(codec_bounds_a_page_of_units),
        CASE(codec_bounds_an_account),
        CASE(codec_checks_a_programme_as_the_core_does),
        CASE(codec_bounds_the_lists_of_a_programme),
        CASE(codec_wants_a_genesis_to_be_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
