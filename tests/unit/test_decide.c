/* The dispatch of decisions and what they share: who may send what at all, purity, the hash that
 * names a version's content. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/decide_parts.h"
#include "core/hash.h"
#include "tests/lib/cast.h"

static struct cast cast;

static int open_cast(void **state)
{
    (void)state;
    cast_ready(&cast, 2);
    return 0;
}

static int close_cast(void **state)
{
    (void)state;
    cast_free(&cast);
    return 0;
}

static enum dd_status judge(uint32_t account, const struct dd_command *command,
                            struct dd_events *events, struct dd_refusal *refusal)
{
    struct dd_context context = {&cast.view, &cast.scratch, account, cast_at("2013-01-17T09:00")};
    return dd_decide(&context, command, events, refusal);
}

static void only_the_server_founds_and_ticks(void **state)
{
    static const enum dd_command_kind kinds[] = {
        DD_COMMAND_PUT_UNITS,     DD_COMMAND_PUT_ACCOUNT, DD_COMMAND_PUT_CALENDAR,
        DD_COMMAND_PUT_PROGRAMME, DD_COMMAND_OPEN_CYCLE,  DD_COMMAND_CLOSE_CYCLE,
        DD_COMMAND_REGISTER,      DD_COMMAND_SUBMIT,      DD_COMMAND_WITHDRAW,
        DD_COMMAND_DECIDE,        DD_COMMAND_PROGRESS,    DD_COMMAND_REVOKE,
        DD_COMMAND_REMINDED};
    struct dd_event event[4];
    struct dd_events events = {event, 0, 4};
    struct dd_refusal refusal;
    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        struct dd_command command = {.kind = kinds[i]};
        assert_int_equal(judge(0, &command, &events, &refusal), DD_FORBIDDEN);
        assert_int_equal(refusal.rule, DD_RULE_NOT_YOURS);
    }
    struct dd_command genesis = {.kind = DD_COMMAND_GENESIS};
    assert_int_equal(judge(CAST_ADMIN, &genesis, &events, &refusal), DD_FORBIDDEN);
    assert_int_equal(refusal.rule, DD_RULE_NOT_YOURS);
    assert_int_equal(judge(0, &genesis, &events, &refusal), DD_REFUSED);
    assert_int_equal(refusal.rule, DD_RULE_GENESIS_ONLY);
}

static void an_unknown_account_may_nothing(void **state)
{
    struct dd_command command = {.kind = DD_COMMAND_REGISTER};
    struct dd_event event[1];
    struct dd_events events = {event, 0, 1};
    struct dd_refusal refusal;
    (void)state;
    assert_int_equal(judge(999, &command, &events, &refusal), DD_FORBIDDEN);
    assert_int_equal(refusal.rule, DD_RULE_NO_SUCH_ACCOUNT);
}

static void a_command_of_no_kind_is_refused(void **state)
{
    struct dd_command command = {.kind = (enum dd_command_kind)99};
    struct dd_event event[1];
    struct dd_events events = {event, 0, 1};
    struct dd_refusal refusal;
    (void)state;
    assert_int_equal(judge(CAST_ADMIN, &command, &events, &refusal), DD_REFUSED);
    assert_int_equal(refusal.rule, DD_RULE_MALFORMED);
}

static void an_old_refusal_and_old_events_do_not_show_through(void **state)
{
    struct dd_command command = {.kind = DD_COMMAND_TICK};
    struct dd_event event[1];
    struct dd_events events = {event, 1, 1};
    struct dd_refusal refusal;
    (void)state;
    memset(&refusal, 0xa5, sizeof refusal);
    assert_int_equal(judge(0, &command, &events, &refusal), DD_OK);
    assert_int_equal(events.count, 0);
    assert_int_equal(refusal.status, DD_OK);
    assert_int_equal(refusal.rule, DD_RULE_NONE);
}

static void deciding_writes_nothing(void **state)
{
    struct dd_command command = {.kind = DD_COMMAND_CLOSE_CYCLE};
    struct dd_event event[1];
    struct dd_events events = {event, 0, 1};
    struct dd_refusal refusal;
    (void)state;
    command.as.close_cycle.cycle = dd_slice_of("key-tasks/2013");
    size_t writes = naive_writes(&cast.rows);
    assert_int_equal(judge(CAST_ADMIN, &command, &events, &refusal), DD_OK);
    assert_int_equal(events.count, 1);
    assert_int_equal(naive_writes(&cast.rows), writes);
}

static void an_adjustment_passes_over_the_stages_that_say_so(void **state)
{
    struct dd_programme programme = cast_programme();
    (void)state;
    assert_int_equal(dd_next_decision(&programme, false, 0), CAST_APPRAISE);
    assert_int_equal(dd_next_decision(&programme, true, 0), CAST_APPROVE);
    assert_int_equal(dd_next_decision(&programme, false, CAST_APPRAISE + 1), CAST_APPROVE);
    assert_int_equal(dd_next_decision(&programme, false, CAST_APPROVE + 1), CAST_STAGES);
    programme.stage[CAST_APPROVE].skipped_by_adjustment = true;
    assert_int_equal(dd_next_decision(&programme, true, 0), CAST_STAGES);
    assert_int_equal(dd_next_decision(&programme, false, 0), CAST_APPRAISE);
}

static void hash_of(uint32_t unit, uint8_t out[32])
{
    struct dd_process process;
    assert_true(dd_process_get(&cast.view, 1, &process));
    dd_version_hash(&cast.view, &process, unit, dd_get_draft(&cast.view, 1, unit), out);
}

static void put(const char *unit, const struct dd_indicator_put *indicator, const char *kind)
{
    struct dd_indicator_put *kept = cast_take(&cast, sizeof *kept);
    struct dd_command c = {.kind = DD_COMMAND_REGISTER};
    *kept = *indicator;
    c.as.register_ = (struct dd_register){.cycle = dd_slice_of("key-tasks/2013"),
                                          .unit = dd_slice_of(unit),
                                          .task = 1,
                                          .kind = dd_slice_of(kind),
                                          .indicators = kept,
                                          .indicator_count = 1};
    uint32_t number = dd_number_of(&cast.view, DD_TABLE_UNIT_CODE, c.as.register_.unit);
    CAST_OK(&cast, cast_do(&cast, cast_head(number), cast_at("2013-01-20T09:00"), &c));
}

static struct dd_indicator_put sample(void)
{
    return (struct dd_indicator_put){.number = 1,
                                     .title = dd_slice_of("Chỉ tiêu"),
                                     .unit_of_measure = dd_slice_of("%"),
                                     .has_target = true,
                                     .target = {1250, 2},
                                     .due_day = cast_day("2013-05-31")};
}

/* docs/protocol.md gives this as a test vector: it never changes. */
static void the_hash_of_a_version_is_as_written_down(void **state)
{
    static const uint8_t content[] = "dondoc-version-v1\n"
                                     "\x00\x01\x00\x01\x03own\x00\x00\x3d\xf0\x01"
                                     "\x00\x00\x00\x00\x00\x00\x04\xe2\x02"
                                     "\x00\x0b"
                                     "Ch\xe1\xbb\x89 ti\xc3\xaau"
                                     "\x01%";
    struct dd_indicator_put indicator = sample();
    uint8_t expected[32];
    uint8_t hash[32];
    (void)state;
    dd_sha256((struct dd_slice){content, sizeof content - 1}, expected);
    put("a1", &indicator, "own");
    hash_of(CAST_A1, hash);
    assert_memory_equal(hash, expected, sizeof hash);
}

/* What an item may say beyond that follows it, and only where it says it. */
static void what_an_item_says_beyond_is_appended_to_its_hash(void **state)
{
    static const uint8_t content[] = "dondoc-version-v1\n"
                                     "\x00\x01\x00\x01\x03own\x00\x00\x3d\xf0\x01"
                                     "\x00\x00\x00\x00\x00\x00\x04\xe2\x02"
                                     "\x00\x0b"
                                     "Ch\xe1\xbb\x89 ti\xc3\xaau"
                                     "\x01%"
                                     "\xff\xff\x04"
                                     "DA-1"
                                     "\x00\x00\x3d\x69\x01"
                                     "\x00\x00\x00\x00\x00\x00\x00\x07\x01"
                                     "\x02\x02\x02"
                                     "a2\x02vp";
    static struct dd_slice partners[2];
    struct dd_indicator_put indicator = sample();
    uint8_t expected[32];
    uint8_t hash[32];
    (void)state;
    partners[0] = dd_slice_of("a2");
    partners[1] = dd_slice_of("vp");
    indicator.code = dd_slice_of("DA-1");
    indicator.start_day = cast_day("2013-01-16");
    indicator.has_baseline = true;
    indicator.baseline = (struct dd_figure){7, 1};
    indicator.direction = DD_DIRECTION_LESS;
    indicator.partners = partners;
    indicator.partner_count = 2;
    dd_sha256((struct dd_slice){content, sizeof content - 1}, expected);
    put("a1", &indicator, "own");
    hash_of(CAST_A1, hash);
    assert_memory_equal(hash, expected, sizeof hash);
}

static void the_hash_depends_on_content_alone(void **state)
{
    struct dd_indicator_put indicator = sample();
    uint8_t one[32];
    uint8_t other[32];
    (void)state;
    put("a1", &indicator, "own");
    hash_of(CAST_A1, one);
    indicator.due_day++;
    put("a2", &indicator, "own"); /* a revision more than a1 has */
    hash_of(CAST_A2, other);
    assert_memory_not_equal(one, other, sizeof one);
    indicator.due_day--;
    put("a2", &indicator, "own");
    hash_of(CAST_A2, other);
    assert_memory_equal(one, other, sizeof one);
}

static void every_field_of_the_content_is_in_the_hash(void **state)
{
    struct dd_indicator_put changed[6];
    uint8_t first[32];
    uint8_t hash[32];
    (void)state;
    for (size_t i = 0; i < 6; i++)
        changed[i] = sample();
    changed[0].title = dd_slice_of("Chỉ tiêu ");
    changed[1].unit_of_measure = dd_slice_of("");
    changed[2].has_target = false;
    changed[3].target.mantissa = 1251;
    changed[4].target.scale = 3;
    changed[5].due_day++;
    struct dd_indicator_put indicator = sample();
    put("a1", &indicator, "own");
    hash_of(CAST_A1, first);
    for (size_t i = 0; i < 6; i++) {
        put("a1", &changed[i], "own");
        hash_of(CAST_A1, hash);
        assert_memory_not_equal(hash, first, sizeof hash);
    }
    put("a1", &indicator, "common");
    hash_of(CAST_A1, hash);
    assert_memory_not_equal(hash, first, sizeof hash);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_cast, close_cast)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(only_the_server_founds_and_ticks),
        TEST(an_unknown_account_may_nothing),
        TEST(a_command_of_no_kind_is_refused),
        TEST(an_old_refusal_and_old_events_do_not_show_through),
        TEST(deciding_writes_nothing),
        TEST(an_adjustment_passes_over_the_stages_that_say_so),
        TEST(the_hash_of_a_version_is_as_written_down),
        TEST(what_an_item_says_beyond_is_appended_to_its_hash),
        TEST(the_hash_depends_on_content_alone),
        TEST(every_field_of_the_content_is_in_the_hash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
