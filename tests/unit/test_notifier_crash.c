/* The notifier killed at each of its steps, and at random: nothing is lost and nothing doubled. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "tests/lib/notifier_world.h"

static void script(void)
{
    world.page = 3;
    for (uint16_t i = 0; i < 8; i++)
        world_remind(10, i, i % 3, 100);
    world_remind(20, 0, 0, 101);
    world_remind(21, 2, 1, 101);
}

static void notifier_crashed_at_any_step_neither_loses_nor_doubles(void **state)
{
    unsigned crash_at = 1;
    bool came = true;
    for (; came; crash_at++) {
        assert_true(crash_at < 1000);
        if (crash_at > 1) {
            (void)world_end(state);
            (void)world_make(state);
        }
        world.crash_at = crash_at;
        script();
        world_run_for(10000);
        world_remind(22, 0, 1, 101);
        world_run_for(30000);
        came = world.points >= crash_at;
        world_each_told_once();
    }
    assert_true(crash_at > 30);
}

static uint64_t random_state;

static uint32_t below(uint32_t bound)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((random_state >> 33) % bound);
}

/* A run in which anything may fail at any time; in the end nothing does. */
static void random_run(void)
{
    uint64_t seq = 1;
    int32_t day = 100;
    world.page = 1 + below(40);
    for (int round = 0; round < 30; round++) {
        size_t count = below(20);
        uint16_t index = (uint16_t)below(3);
        for (size_t i = 0; i < count; i++, index = (uint16_t)(index + 1 + below(2)))
            world_remind(seq, index, below(WORLD_UNITS), day);
        seq += 1 + below(5);
        day += (int32_t)below(2);
        world.silent = below(6) == 0;
        world.question_status = below(8) == 0 ? DD_BUSY : DD_OK;
        world.put_status = below(6) == 0 ? DD_NO_SPACE : DD_OK;
        world.crash_at = world.points + 1 + below(12);
        world_run_for(below(4000));
    }
    world.silent = false;
    world.question_status = DD_OK;
    world.put_status = DD_OK;
    world_run_for(60000);
}

static void notifier_crashed_at_random_neither_loses_nor_doubles(void **state)
{
    enum { RUNS = 60 };
    random_state = (uint64_t)time(NULL);
    const char *given = getenv("DONDOC_SEED");
    if (given)
        random_state = strtoull(given, NULL, 10);
    print_message("seed %llu\n", (unsigned long long)random_state);
    for (int run = 0; run < RUNS; run++) {
        (void)world_end(state);
        (void)world_make(state);
        if (run % 20 == 0) {
            dd_outbox_close(world.outbox);
            fault_folder_make(&world.folder);
            fault_path(&world.folder, "outbox", world.path);
            assert_int_equal(dd_outbox_open(world.path, &world.outbox), DD_OK);
            world.on_disk = true;
        }
        random_run();
        world_each_told_once();
    }
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, world_make, world_end)
    const struct CMUnitTest tests[] = {
        CASE(notifier_crashed_at_any_step_neither_loses_nor_doubles),
        CASE(notifier_crashed_at_random_neither_loses_nor_doubles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
