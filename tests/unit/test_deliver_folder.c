/* Letters in a folder: their names and bytes, and that a failing disk leaves nothing half done. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <errno.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/calendar.h"
#include "tests/lib/fault_calls.h"
#include "tests/lib/fault_folder.h"
#include "workers/deliver_folder.h"

struct world {
    struct fault_folder folder;
    struct dd_deliver_folder *deliver;
};

static struct dd_letter letter_of(const char *unit, const char *day, uint16_t number)
{
    struct dd_letter letter = {.number = number,
                               .to_unit = dd_slice_of(unit),
                               .message_id = dd_slice_of("<ab@bacgiang>"),
                               .date = dd_slice_of("2013-01-18T08:00:00+07:00"),
                               .subject = dd_slice_of("Đôn đốc"),
                               .body = dd_slice_of("- một\n- hai\n")};
    assert_true(dd_day_parse(dd_slice_of(day), &letter.day));
    return letter;
}

/* One letter put and synced: what the caller then knows. */
static enum dd_status deliver(const struct world *world, const struct dd_letter *letter)
{
    enum dd_status put = dd_deliver_folder_put(world->deliver, letter);
    enum dd_status sync = dd_deliver_folder_sync(world->deliver);
    return put != DD_OK ? put : sync;
}

static const char whole[] = "Message-ID: <ab@bacgiang>\n"
                            "To: a\n"
                            "Date: 2013-01-18T08:00:00+07:00\n"
                            "Subject: Đôn đốc\n"
                            "\n"
                            "- một\n- hai\n";

static int make(void **state)
{
    static struct world world;
    fault_folder_make(&world.folder);
    assert_int_equal(dd_deliver_folder_open(world.folder.path, &world.deliver), DD_OK);
    *state = &world;
    return 0;
}

static int end(void **state)
{
    struct world *world = *state;
    dd_deliver_folder_close(world->deliver);
    fault_folder_remove(&world->folder);
    return 0;
}

static void assert_file(const struct world *world, const char *name, const char *expected)
{
    char got[4096] = "";
    char path[FAULT_PATH_BYTES];
    fault_path(&world->folder, name, path);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t size = fread(got, 1, sizeof got - 1, file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(size, strlen(expected));
    assert_string_equal(got, expected);
}

/* How many files lie in the folder of a day, hidden ones included. */
static int files_in(const struct world *world, const char *day)
{
    char path[FAULT_PATH_BYTES];
    int count = 0;
    fault_path(&world->folder, day, path);
    DIR *stream = opendir(path);
    if (!stream)
        return 0;
    for (struct dirent *file = readdir(stream); file; file = readdir(stream))
        count += strcmp(file->d_name, ".") != 0 && strcmp(file->d_name, "..") != 0;
    closedir(stream);
    return count;
}

static void letter_is_a_file_named_by_day_and_unit(void **state)
{
    struct world *world = *state;
    struct dd_letter letter = letter_of("a", "2013-01-18", 1);
    assert_int_equal(deliver(world, &letter), DD_OK);
    assert_file(world, "2013-01-18/a.txt", whole);
    assert_int_equal(files_in(world, "2013-01-18"), 1);
}

static void letter_has_no_name_before_it_is_synced(void **state)
{
    struct world *world = *state;
    struct dd_letter letter = letter_of("a", "2013-01-18", 1);
    char path[FAULT_PATH_BYTES];
    fault_path(&world->folder, "2013-01-18/a.txt", path);
    assert_int_equal(dd_deliver_folder_put(world->deliver, &letter), DD_OK);
    assert_int_not_equal(access(path, F_OK), 0);
    assert_int_equal(dd_deliver_folder_sync(world->deliver), DD_OK);
    assert_int_equal(access(path, F_OK), 0);
}

static void more_letters_than_are_synced_at_once_all_arrive(void **state)
{
    enum { LETTERS = 100 };
    struct world *world = *state;
    for (int i = 0; i < LETTERS; i++) {
        char unit[16];
        (void)snprintf(unit, sizeof unit, "u%d", i);
        struct dd_letter letter = letter_of(unit, "2013-01-18", 1);
        assert_int_equal(dd_deliver_folder_put(world->deliver, &letter), DD_OK);
        assert_int_equal(dd_deliver_folder_put(world->deliver, &letter), DD_OK);
    }
    assert_int_equal(dd_deliver_folder_sync(world->deliver), DD_OK);
    assert_int_equal(files_in(world, "2013-01-18"), LETTERS);
}

static void letters_of_other_days_lie_elsewhere(void **state)
{
    struct world *world = *state;
    struct dd_letter first = letter_of("a", "2013-01-18", 1);
    struct dd_letter next = letter_of("a", "2013-01-19", 1);
    assert_int_equal(dd_deliver_folder_put(world->deliver, &first), DD_OK);
    assert_int_equal(dd_deliver_folder_put(world->deliver, &next), DD_OK);
    assert_int_equal(dd_deliver_folder_put(world->deliver, &first), DD_OK);
    assert_int_equal(dd_deliver_folder_sync(world->deliver), DD_OK);
    assert_int_equal(files_in(world, "2013-01-18"), 1);
    assert_int_equal(files_in(world, "2013-01-19"), 1);
}

static void second_letter_never_has_the_name_of_another_unit(void **state)
{
    struct world *world = *state;
    struct dd_letter second = letter_of("a", "2013-01-18", 2);
    struct dd_letter other = letter_of("a-2", "2013-01-18", 1);
    assert_int_equal(dd_deliver_folder_put(world->deliver, &second), DD_OK);
    assert_int_equal(dd_deliver_folder_put(world->deliver, &other), DD_OK);
    assert_int_equal(dd_deliver_folder_sync(world->deliver), DD_OK);
    assert_file(world, "2013-01-18/a+2.txt", whole);
    assert_int_equal(files_in(world, "2013-01-18"), 2);
}

static void letter_delivered_again_is_the_same_file(void **state)
{
    struct world *world = *state;
    struct dd_letter letter = letter_of("a", "2013-01-18", 1);
    char path[FAULT_PATH_BYTES];
    assert_int_equal(deliver(world, &letter), DD_OK);
    /* what a kill in the middle of a write leaves behind */
    fault_path(&world->folder, "2013-01-18/.a.new", path);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    for (int i = 0; i < 1000; i++)
        assert_true(fputs("longer than the letter\n", file) >= 0);
    assert_int_equal(fclose(file), 0);
    dd_deliver_folder_close(world->deliver);
    assert_int_equal(dd_deliver_folder_open(world->folder.path, &world->deliver), DD_OK);
    assert_int_equal(deliver(world, &letter), DD_OK);
    assert_file(world, "2013-01-18/a.txt", whole);
    assert_int_equal(files_in(world, "2013-01-18"), 1);
}

static void letter_that_hits_the_size_limit_leaves_nothing(void **state)
{
    struct world *world = *state;
    struct dd_letter letter = letter_of("a", "2013-01-18", 1);
    struct rlimit before;
    struct rlimit small;
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = 40;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    enum dd_status status = dd_deliver_folder_put(world->deliver, &letter);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    (void)signal(SIGXFSZ, handler);
    assert_int_equal(status, DD_NO_SPACE);
    assert_int_equal(files_in(world, "2013-01-18"), 0);
    assert_int_equal(deliver(world, &letter), DD_OK);
    assert_file(world, "2013-01-18/a.txt", whole);
}

static void every_failing_call_leaves_the_letter_whole_or_absent(void **state)
{
    static const enum fault_call calls[] = {FAULT_WRITE, FAULT_SYNC, FAULT_RENAME};
    struct world *world = *state;
    struct dd_letter letter = letter_of("a", "2013-01-18", 1);
    int failed = 0;
    for (size_t call = 0; call < sizeof calls / sizeof calls[0]; call++) {
        bool came = true;
        for (unsigned nth = 1; came; nth++) {
            dd_deliver_folder_close(world->deliver);
            fault_folder_empty(&world->folder);
            assert_int_equal(dd_deliver_folder_open(world->folder.path, &world->deliver), DD_OK);
            fault_arm(calls[call], nth, ENOSPC, FAULT_TORN, false);
            enum dd_status status = deliver(world, &letter);
            came = fault_disarm();
            assert_int_equal(status, came ? DD_NO_SPACE : DD_OK);
            if (files_in(world, "2013-01-18") > 0)
                assert_file(world, "2013-01-18/a.txt", whole);
            failed += came;
            assert_int_equal(deliver(world, &letter), DD_OK);
            assert_file(world, "2013-01-18/a.txt", whole);
            assert_int_equal(files_in(world, "2013-01-18"), 1);
        }
    }
    assert_true(failed > 10);
}

static void a_day_whose_names_could_not_be_synced_is_told_by_the_next_sync(void **state)
{
    struct world *world = *state;
    struct dd_letter first = letter_of("a", "2013-01-18", 1);
    struct dd_letter next = letter_of("a", "2013-01-19", 1);
    assert_int_equal(dd_deliver_folder_put(world->deliver, &first), DD_OK);
    fault_arm(FAULT_SYNC, 1, EIO, FAULT_NOTHING, false);
    assert_int_equal(dd_deliver_folder_put(world->deliver, &next), DD_OK);
    assert_true(fault_disarm());
    assert_int_equal(dd_deliver_folder_sync(world->deliver), DD_IO);
    assert_int_equal(dd_deliver_folder_sync(world->deliver), DD_OK);
}

static void folder_in_whose_place_a_file_lies_fails_and_is_tried_again(void **state)
{
    struct world *world = *state;
    struct dd_letter letter = letter_of("a", "2013-01-18", 1);
    char path[FAULT_PATH_BYTES];
    fault_path(&world->folder, "2013-01-18", path);
    int fd = open(path, O_CREAT | O_WRONLY, 0600);
    assert_true(fd >= 0);
    (void)close(fd);
    assert_int_equal(deliver(world, &letter), DD_IO);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(deliver(world, &letter), DD_OK);
    assert_file(world, "2013-01-18/a.txt", whole);
}

static void folder_that_is_removed_under_way_is_made_again(void **state)
{
    struct world *world = *state;
    struct dd_letter letter = letter_of("a", "2013-01-18", 1);
    char path[FAULT_PATH_BYTES];
    assert_int_equal(deliver(world, &letter), DD_OK);
    fault_folder_empty(&world->folder);
    fault_path(&world->folder, "2013-01-18", path);
    assert_int_not_equal(access(path, F_OK), 0);
    assert_int_equal(deliver(world, &letter), DD_IO);
    assert_int_equal(deliver(world, &letter), DD_OK);
    assert_file(world, "2013-01-18/a.txt", whole);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, make, end)
    const struct CMUnitTest tests[] = {
        CASE(letter_is_a_file_named_by_day_and_unit),
        CASE(letter_has_no_name_before_it_is_synced),
        CASE(more_letters_than_are_synced_at_once_all_arrive),
        CASE(letters_of_other_days_lie_elsewhere),
        CASE(second_letter_never_has_the_name_of_another_unit),
        CASE(letter_delivered_again_is_the_same_file),
        CASE(letter_that_hits_the_size_limit_leaves_nothing),
        CASE(every_failing_call_leaves_the_letter_whole_or_absent),
        CASE(a_day_whose_names_could_not_be_synced_is_told_by_the_next_sync),
        CASE(folder_in_whose_place_a_file_lies_fails_and_is_tried_again),
        CASE(folder_that_is_removed_under_way_is_made_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
