/* The lock of a data folder. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "runtime/lock.h"

static char dir[256];
static char path[300];

static int make_dir(void **state)
{
    const char *base = getenv("TMPDIR");
    (void)state;

    (void)snprintf(dir, sizeof dir, "%s/dd-lock-XXXXXX", base ? base : "/tmp");
    if (!mkdtemp(dir))
        return -1;
    (void)snprintf(path, sizeof path, "%s/lock", dir);
    return 0;
}

static int remove_dir(void **state)
{
    (void)state;
    (void)unlink(path);
    return rmdir(dir);
}

static void lock_is_held_by_one_and_names_the_holder(void **state)
{
    struct dd_lock first;
    struct dd_lock second;
    int64_t holder = 0;
    (void)state;

    assert_int_equal(dd_lock_take(dir, &first, &holder), DD_OK);
    assert_int_equal(dd_lock_take(dir, &second, &holder), DD_LOCKED);
    assert_int_equal(holder, getpid());
    assert_int_equal(dd_lock_take(dir, &second, NULL), DD_LOCKED);
    dd_lock_release(&first);
    assert_int_equal(dd_lock_take(dir, &second, &holder), DD_OK);
    dd_lock_release(&second);
    dd_lock_release(&second);
}

static void lock_of_a_killed_process_is_free(void **state)
{
    struct dd_lock lock;
    int64_t holder = 0;
    int ready[2];
    char byte;
    pid_t child;
    (void)state;

    assert_int_equal(pipe(ready), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        byte = dd_lock_take(dir, &lock, NULL) == DD_OK ? 'y' : 'n';
        (void)!write(ready[1], &byte, 1);
        for (;;)
            (void)pause();
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_int_equal(byte, 'y');
    assert_int_equal(dd_lock_take(dir, &lock, &holder), DD_LOCKED);
    assert_int_equal(holder, child);
    assert_int_equal(kill(child, 9), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(dd_lock_take(dir, &lock, &holder), DD_OK);
    dd_lock_release(&lock);
    (void)close(ready[0]);
    (void)close(ready[1]);
}

static void lock_needs_its_folder(void **state)
{
    static char longest[5000];
    struct dd_lock lock;
    (void)state;

    assert_int_equal(dd_lock_take("/nonexistent/folder", &lock, NULL), DD_NOT_FOUND);
    dd_lock_release(&lock);
    memset(longest, 'x', sizeof longest - 1);
    assert_int_equal(dd_lock_take(longest, &lock, NULL), DD_TOO_LARGE);
}

static void lock_does_not_follow_a_link(void **state)
{
    struct dd_lock lock;
    (void)state;

    (void)unlink(path);
    assert_int_equal(symlink("elsewhere", path), 0);
    assert_int_equal(dd_lock_take(dir, &lock, NULL), DD_IO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lock_is_held_by_one_and_names_the_holder),
        cmocka_unit_test(lock_of_a_killed_process_is_free),
        cmocka_unit_test(lock_needs_its_folder),
        cmocka_unit_test(lock_does_not_follow_a_link),
    };

    return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
