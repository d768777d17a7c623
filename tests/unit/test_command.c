/* The list of commands: words, who signs, what a command names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/command.h"

static void known_kinds_have_a_word(void **state)
{
    size_t count = 0;
    (void)state;
    for (int kind = 0; kind < 100; kind++)
        count += dd_command_word((enum dd_command_kind)kind)[0] != '\0';
    assert_int_equal(count, 20);
    assert_string_equal(dd_command_word(DD_COMMAND_PUT_UNITS), "put-units");
    assert_string_equal(dd_command_word(DD_COMMAND_REMINDED), "reminded");
    assert_string_equal(dd_command_word((enum dd_command_kind)99), "");
}

static void all_but_progress_tick_and_reminded_are_signed(void **state)
{
    (void)state;
    for (int kind = 0; kind < 100; kind++) {
        bool unsigned_ = kind == DD_COMMAND_GENESIS || kind == DD_COMMAND_PROGRESS ||
                         kind == DD_COMMAND_TICK || kind == DD_COMMAND_REMINDED;
        assert_int_equal(dd_command_signed((enum dd_command_kind)kind), !unsigned_);
    }
}

static void expect_named(const struct dd_command *command, const char *cycle, const char *unit)
{
    assert_true(dd_slice_equal(dd_command_cycle(command), dd_slice_of(cycle)));
    assert_true(dd_slice_equal(dd_command_unit(command), dd_slice_of(unit)));
}

static void a_command_of_a_dossier_names_its_cycle_and_unit(void **state)
{
    struct dd_command c = {.kind = DD_COMMAND_REGISTER};
    struct dd_slice cycle = dd_slice_of("p/1");
    struct dd_slice unit = dd_slice_of("u");
    (void)state;
    c.as.register_ = (struct dd_register){.cycle = cycle, .unit = unit};
    expect_named(&c, "p/1", "u");
    c = (struct dd_command){.kind = DD_COMMAND_SUBMIT};
    c.as.submit = (struct dd_submit){.cycle = cycle, .unit = unit};
    expect_named(&c, "p/1", "u");
    c = (struct dd_command){.kind = DD_COMMAND_WITHDRAW};
    c.as.withdraw = (struct dd_withdraw){.cycle = cycle, .unit = unit};
    expect_named(&c, "p/1", "u");
    c = (struct dd_command){.kind = DD_COMMAND_DECIDE};
    c.as.decide = (struct dd_decide){.cycle = cycle, .unit = unit};
    expect_named(&c, "p/1", "u");
    c = (struct dd_command){.kind = DD_COMMAND_PROGRESS};
    c.as.progress = (struct dd_progress){.cycle = cycle, .unit = unit};
    expect_named(&c, "p/1", "u");
    c = (struct dd_command){.kind = DD_COMMAND_ASSIGN};
    c.as.assign = (struct dd_assign){.cycle = cycle, .unit = unit};
    expect_named(&c, "p/1", "u");
    c = (struct dd_command){.kind = DD_COMMAND_BEND};
    c.as.bend = (struct dd_bend){.cycle = cycle, .unit = unit};
    expect_named(&c, "p/1", "u");
    c = (struct dd_command){.kind = DD_COMMAND_TRANSFER};
    c.as.transfer = (struct dd_transfer){.cycle = cycle, .unit = unit};
    expect_named(&c, "p/1", "u");
    c = (struct dd_command){.kind = DD_COMMAND_PUBLISH};
    c.as.publish = (struct dd_publish){.cycle = cycle, .unit = unit};
    expect_named(&c, "p/1", "u");
    c = (struct dd_command){.kind = DD_COMMAND_DELEGATE};
    c.as.delegate = (struct dd_delegate){.unit = unit};
    expect_named(&c, "", "u");
    c = (struct dd_command){.kind = DD_COMMAND_CLOSE_CYCLE};
    c.as.close_cycle.cycle = cycle;
    expect_named(&c, "p/1", "");
}

static void other_commands_name_neither(void **state)
{
    static const enum dd_command_kind kinds[] = {
        DD_COMMAND_GENESIS,      DD_COMMAND_PUT_UNITS,     DD_COMMAND_PUT_ACCOUNT,
        DD_COMMAND_PUT_CALENDAR, DD_COMMAND_PUT_PROGRAMME, DD_COMMAND_OPEN_CYCLE,
        DD_COMMAND_REVOKE,       DD_COMMAND_TICK,          DD_COMMAND_REMINDED};
    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        struct dd_command c;
        memset(&c, 0xa5, sizeof c);
        c.kind = kinds[i];
        expect_named(&c, "", "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_kinds_have_a_word),
        cmocka_unit_test(all_but_progress_tick_and_reminded_are_signed),
        cmocka_unit_test(a_command_of_a_dossier_names_its_cycle_and_unit),
        cmocka_unit_test(other_commands_name_neither),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
